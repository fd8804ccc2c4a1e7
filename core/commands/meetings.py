"""Meetings: planned without clashes, moved in time, and never without an outcome."""

from datetime import datetime

from sqlalchemy import or_, select

from core.commands.locks import candidate_to_change, meeting_to_change, process_to_change, records_of
from core.domain.facts import Absent, MeetingKind, MeetingResult
from core.domain.refusal import Refused
from core.persistence.ledger import settle
from core.persistence.tables import Candidate, Meeting, MeetingMove, MeetingOutcome, Member
from core.persistence.work import Work


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
    host = host_id or candidate.owner_id
    if process_id is not None and host_id is None:
        host = process_to_change(work, process_id)[0].owner_id
    _refuse_clash(work, candidate, host, starts_at, ends_at)
    meeting = work.enter(
        Meeting(
            candidate_id=candidate.id,
            process_id=process_id,
            meeting_kind=kind,
            host_id=host,
            place=place.strip()[:300],
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
    if meeting.ends_at < work.now or meeting.result is not None:
        raise Refused("This meeting is over. Note its outcome, and plan another one.")
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


def _refuse_clash(
    work: Work, candidate: Candidate, host_id: int | None, starts_at: datetime, ends_at: datetime, but: int = 0
) -> None:
    """Nobody is in two meetings at once; touching ends are no clash."""
    if ends_at <= starts_at:
        raise Refused("A meeting ends after it starts.")
    if host_id is not None:
        work.session.get(Member, host_id, with_for_update=True)  # two people planning for one host wait here
    theirs = Meeting.candidate_id.in_(records_of(work.session, candidate))
    clash = work.session.scalar(
        select(Meeting)
        .where(or_(theirs, Meeting.host_id == host_id) if host_id is not None else theirs)
        .where(Meeting.starts_at < ends_at, Meeting.ends_at > starts_at)
        .where(Meeting.result.is_(None), Meeting.undone_at.is_(None), Meeting.id != but)
        .limit(1)
    )
    if clash is not None:
        zone = work.calendar.zone
        whose = "They have" if clash.candidate_id in records_of(work.session, candidate) else "The host has"
        start, end = clash.starts_at.astimezone(zone), clash.ends_at.astimezone(zone)
        raise Refused(f"{whose} a meeting then: {start:%a} {start.day} {start:%b}, {start:%H:%M} to {end:%H:%M}.")
