"""Meetings: planned without clashes, moved in time, and never without an outcome."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select

from core.commands.locks import (
    active_member,
    candidate_to_change,
    hold_people,
    last_saved,
    meeting_to_change,
    name_of,
    process_of,
    records_of,
)
from core.domain.facts import Absent, MeetingKind, MeetingResult
from core.domain.refusal import Refused, Stale
from core.persistence.ledger import settle, settled_together
from core.persistence.tables import Candidate, Meeting, MeetingMove, MeetingOutcome, Member
from core.persistence.work import Work

MOST_CLASHES = 3
"""So many are shown."""
LONGEST_PLACE = 300
CHANGED = "Somebody changed this meeting while you were writing. Nothing was overwritten."
EDITED = "meeting edited"


def plan_meeting(
    work: Work,
    candidate_id: int,
    *,
    kind: MeetingKind,
    starts_at: datetime,
    ends_at: datetime,
    process_id: int | None = None,
    host_id: int | None = None,
    place: str = "",
    note: str = "",
    at: datetime | None = None,
) -> int:
    """Returns the meeting's id, which is the fact's. Without a host it is the process's owner, else the candidate's."""
    candidate = candidate_to_change(work, candidate_id)
    host = active_member(work, host_id).id if host_id is not None else candidate.owner_id
    if process_id is not None:
        led_by = process_of(work, candidate, process_id).owner_id
        host = host if host_id is not None else led_by
    _refuse_clash(work, candidate, host, starts_at, ends_at)
    meeting = work.enter(
        Meeting(
            candidate_id=candidate.id,
            process_id=process_id,
            meeting_kind=kind,
            host_id=host,
            place=_place(place),
            note=note.strip(),
            planned_starts_at=starts_at,
            planned_ends_at=ends_at,
            starts_at=starts_at,
            ends_at=ends_at,
        ),
        happened_at=at,
    )
    settle(work, candidate.id)
    work.record("meeting planned", meeting, candidate=candidate.id)
    return meeting.id


def record_meeting(
    work: Work,
    candidate_id: int,
    *,
    kind: MeetingKind,
    starts_at: datetime,
    ends_at: datetime,
    result: MeetingResult,
    process_id: int | None = None,
    host_id: int | None = None,
    place: str = "",
    note: str = "",
    absent: Absent | None = None,
    absent_member_id: int | None = None,
    asked_by: Absent | None = None,
) -> int:
    """One that nobody planned here, with how it went. Returns the meeting's id."""
    meeting_id = plan_meeting(
        work,
        candidate_id,
        kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        process_id=process_id,
        host_id=host_id,
        place=place,
        note=note,
    )
    if ends_at > work.now:
        raise Refused("It is not over yet. Plan it, and say afterwards how it went.")
    note_outcome(work, meeting_id, result, absent=absent, absent_member_id=absent_member_id, asked_by=asked_by)
    return meeting_id


def move_meeting(
    work: Work,
    meeting_id: int,
    *,
    starts_at: datetime,
    ends_at: datetime,
    asked_by: Absent | None = None,
    at: datetime | None = None,
) -> int:
    """`asked_by`: who wanted it moved. What lies between now and its beginning is the notice that was given."""
    meeting, candidate = meeting_to_change(work, meeting_id)
    _refuse_over(work, meeting)
    _refuse_clash(work, candidate, meeting.host_id, starts_at, ends_at, but=meeting_id)
    was = meeting.starts_at
    if (starts_at, ends_at) == (was, meeting.ends_at):
        raise Refused("It is at that time already.")
    move = work.enter(
        MeetingMove(
            candidate_id=meeting.candidate_id,
            process_id=meeting.process_id,
            meeting_id=meeting_id,
            to_starts_at=starts_at,
            to_ends_at=ends_at,
            from_starts_at=was,
            asked_by=asked_by,
        ),
        happened_at=at,
    )
    settle(work, candidate.id)
    work.record("meeting moved", meeting, fact=move.id, starts_at=[was.isoformat(), starts_at.isoformat()])
    return move.id


def edit_meeting(
    work: Work, meeting_id: int, *, version: int, place: str, note: str, host_id: int | None = None
) -> None:
    """Where it is, what to bring up, and who of us hosts it: None leaves that. A stale form is refused."""
    meeting, _ = meeting_to_change(work, meeting_id)
    _refuse_over(work, meeting)
    if meeting.version != version:
        theirs = {
            "who of us": name_of(work, Member, meeting.host_id),
            "where": meeting.place,
            "what to bring up": meeting.note,
        }
        raise Stale(CHANGED, theirs, meeting.version, last_saved(work, meeting, EDITED))
    meeting.place, meeting.note = _place(place), note.strip()
    meeting.version += 1  # where only the host is another, too
    work.record(EDITED, meeting)
    if host_id is not None:
        change_host(work, meeting_id, host_id)


def change_host(work: Work, meeting_id: int, host_id: int) -> int | None:
    """Somebody else of us hosts it, at the time it has. Returns the fact; None where they host it already."""
    meeting, candidate = meeting_to_change(work, meeting_id)
    host = active_member(work, host_id)
    _refuse_over(work, meeting)
    if meeting.host_id == host.id:
        return None
    _refuse_clash(work, candidate, host.id, meeting.starts_at, meeting.ends_at, but=meeting_id)
    was = meeting.host_id
    change = work.enter(
        MeetingMove(
            candidate_id=meeting.candidate_id,
            process_id=meeting.process_id,
            meeting_id=meeting_id,
            to_starts_at=meeting.starts_at,
            to_ends_at=meeting.ends_at,
            to_host_id=host.id,
        )
    )
    settle(work, candidate.id)
    work.record("meeting has another host", meeting, fact=change.id, host=[was, host.id])
    return change.id


def note_outcome(
    work: Work,
    meeting_id: int,
    result: MeetingResult,
    *,
    absent: Absent | None = None,
    absent_member_id: int | None = None,
    asked_by: Absent | None = None,
    at: datetime | None = None,
) -> int:
    """How it ended; a missed one names who was absent, a cancelled one may say who cancelled it."""
    meeting, candidate = meeting_to_change(work, meeting_id)
    if meeting.result is not None:
        raise Refused("The outcome is on record already. Undo it first, if it is wrong.")
    if (result is MeetingResult.MISSED) != (absent is not None):
        raise Refused("A missed meeting names who was absent; no other does.")
    outcome = work.enter(
        MeetingOutcome(
            candidate_id=meeting.candidate_id,
            process_id=meeting.process_id,
            meeting_id=meeting_id,
            outcome=result,
            absent=absent,
            absent_member_id=absent_member_id,
            asked_by=asked_by if result is MeetingResult.CANCELLED else None,
        ),
        happened_at=at,
    )
    settle(work, candidate.id)
    work.record("meeting outcome noted", meeting, fact=outcome.id, result=result.value)
    return outcome.id


def cancel_meetings(work: Work, meeting_ids: Sequence[int]) -> list[int]:
    """All of them, or none. Returns the facts, for `undo_facts`."""
    work.require_editor()
    whose = work.session.scalars(select(Meeting.candidate_id).where(Meeting.id.in_(meeting_ids)))
    hold_people(work, [id_ for id_ in whose if id_ is not None])
    with settled_together(work):
        return [note_outcome(work, id_, MeetingResult.CANCELLED) for id_ in meeting_ids]


def refuse_clash_again(work: Work, meeting_id: int) -> None:
    """A move or an outcome was taken back: where the meeting stands again, something else may stand by now."""
    meeting, candidate = meeting_to_change(work, meeting_id)
    if meeting.result is None and meeting.ends_at > work.now:
        _refuse_clash(work, candidate, meeting.host_id, meeting.starts_at, meeting.ends_at, but=meeting_id)


def _refuse_over(work: Work, meeting: Meeting) -> None:
    if meeting.ends_at < work.now or meeting.result is not None:
        raise Refused("This meeting is over. Note its outcome, and plan another one.")


def _place(place: str) -> str:
    place = place.strip()
    if len(place) > LONGEST_PLACE:
        raise Refused(f"The place is too long: {len(place)} characters, {LONGEST_PLACE} fit.")
    return place


def clash_of(work: Work, meeting_id: int, host_id: int) -> str:
    """What stands in the way of this member's hosting the meeting; "" where nothing does."""
    meeting, candidate = meeting_to_change(work, meeting_id)
    return _clash(work, candidate, host_id, meeting.starts_at, meeting.ends_at, but=meeting_id)


def _refuse_clash(
    work: Work, candidate: Candidate, host_id: int | None, starts_at: datetime, ends_at: datetime, but: int = 0
) -> None:
    if ends_at <= starts_at:
        raise Refused("A meeting ends after it starts.")
    if clash := _clash(work, candidate, host_id, starts_at, ends_at, but=but):
        raise Refused(clash)


def _clash(
    work: Work, candidate: Candidate, host_id: int | None, starts_at: datetime, ends_at: datetime, but: int
) -> str:
    """Nobody is in two meetings at once; touching ends are no clash."""
    if host_id is not None:
        # Two people planning for one host wait here; nobody waits for a list that the host brings in.
        work.session.get(Member, host_id, with_for_update={"key_share": True})
    records = records_of(work.session, candidate)
    theirs = Meeting.candidate_id.in_(records)
    clashes = work.session.execute(
        select(Meeting, Candidate.name, Member.name)
        .join(Candidate, Candidate.id == Meeting.candidate_id)
        .outerjoin(Member, Member.id == Meeting.host_id)
        .where(or_(theirs, Meeting.host_id == host_id) if host_id is not None else theirs)
        .where(Meeting.starts_at < ends_at, Meeting.ends_at > starts_at)
        .where(Meeting.result.is_(None), Meeting.undone_at.is_(None), Meeting.id != but)
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(MOST_CLASHES)
    ).all()
    return " ".join(_said(work, clash, name, host, records) for clash, name, host in clashes)


def _said(work: Work, clash: Meeting, name: str, host: str | None, records: list[int]) -> str:
    """“Noor Haddad has a meeting then, with Ben: Tue 3 Mar, 10:00 to 11:00.”"""
    zone = work.calendar.zone
    whose, whom = (name, host) if clash.candidate_id in records else (host, name)
    start, end = clash.starts_at.astimezone(zone), clash.ends_at.astimezone(zone)
    beside = f", with {whom}" if whom else ""
    when = f"{start:%a} {start.day} {start:%b}, {start:%H:%M} to {end:%H:%M}"
    return f"{whose or 'They'} {'has' if whose else 'have'} a meeting then{beside}: {when}."
