"""Handing over: some of a member's people are offered, and each is the receiver's once they accept.

An offer moves nobody. Accepting makes the fact, `hand_over`, with all that follows from it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, insert, literal, select, update

from core.commands.candidates import hand_over_people
from core.commands.locks import active_member, hold_people, people_to_change
from core.commands.meetings import change_host, clash_of
from core.commands.undo import undo_fact
from core.domain.refusal import Refused, Stale
from core.persistence.facts import merged_records
from core.persistence.handovers import Whom, gives_away, is_still_with, meant, open_again
from core.persistence.ledger import settled_together
from core.persistence.tables import (
    Candidate,
    Fact,
    HandoverOffer,
    Meeting,
    MeetingMove,
    OfferedPerson,
    OfferState,
)
from core.persistence.tables.team import Role
from core.persistence.work import Work

AT_A_TIME = 100
"""So many people are accepted, or taken back, in one unit of work: others save in between."""
LONGEST = 2_000
OPEN = OfferedPerson.state == OfferState.OPEN


@dataclass(frozen=True, slots=True)
class Share:
    """Some people, and who is to have them; several share them out evenly, those in process as those who are not."""

    whom: Whom
    to: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What one step of a long offer did."""

    facts: tuple[int, ...]
    """By which it is taken back."""
    people: int
    clashes: tuple[str, ...]
    """Why some stay offered: whoever accepts has another meeting then."""
    last_id: int | None
    """The last person looked at; None once there is nobody more."""


def offer_people(work: Work, of_id: int | None, shares: Sequence[Share]) -> int:
    """Returns the offer. Whoever fits several shares is in the first; whoever is offered already is passed over."""
    _may_give_away(work, of_id)
    offer = HandoverOffer(of_id=of_id, offered_at=work.now, offered_by_id=work.actor.id)
    work.session.add(offer)
    work.session.flush()
    for share in shares:
        if share.whom.of_id != of_id:
            raise Refused("These are somebody else’s people.")
        _offer(work, offer, share.whom, [_receiver(work, of_id, id_) for id_ in dict.fromkeys(share.to)])
    number = work.session.scalar(select(func.count()).where(OfferedPerson.offer_id == offer.id)) or 0
    if not number:
        raise Refused("There is nobody to offer: they are offered already, or nobody fits.")
    work.record("people offered", offer, of=of_id, number=number)
    return offer.id


def note_for_receiver(work: Work, offer_id: int, candidate_id: int, note: str, *, seen: str = "") -> None:
    """What whoever takes over should know of this person; `seen` is the note it was drawn from."""
    offer = _offer_to_change(work, offer_id)
    _may_give_away(work, offer.of_id)
    if len(note) > LONGEST:
        raise Refused(f"The note is too long: {len(note)} characters, {LONGEST} fit.")
    person = work.session.get(OfferedPerson, (offer_id, candidate_id), with_for_update=True)
    if person is None or person.state is not OfferState.OPEN:
        raise Stale("They are offered no more. Write it into the notes of the person.", {"note": ""})
    if person.note != seen:
        theirs = {"note": person.note}
        sentence = "Somebody changed this note while you were writing. Nothing was overwritten."
        raise Stale(sentence, theirs, person.note)
    person.note = note.strip()
    work.record("note for a receiver", offer, candidate=candidate_id)


def withdraw_offer(work: Work, offer_id: int) -> tuple[int, datetime]:
    """Whoever has not been accepted stays where they are. Returns what `offer_again` takes."""
    offer = _offer_to_change(work, offer_id)
    _may_give_away(work, offer.of_id)
    _answer(work, OfferState.WITHDRAWN, OfferedPerson.offer_id == offer.id)
    work.record("offer withdrawn", offer)
    return offer.id, work.now


def offer_again(work: Work, withdrawn: tuple[int, datetime]) -> None:
    """Offer again exactly the people of that withdrawal, and nobody who was withdrawn before or after it."""
    offer_id, at = withdrawn
    offer = _offer_to_change(work, offer_id)
    _may_give_away(work, offer.of_id)
    then = (OfferedPerson.state == OfferState.WITHDRAWN, OfferedPerson.answered_at == at)
    open_again(work.session, OfferedPerson.offer_id == offer.id, *then, OfferedPerson.handover_id.is_(None))
    work.record("offered again", offer)


def accept_people(
    work: Work, offer_id: int, candidate_ids: Iterable[int] = (), *, after_id: int = 0, with_meetings: bool = True
) -> Step:
    """The next of those offered to the actor, or these of them, are theirs; with the meetings to come that go along.

    Who can't be met at the time of a meeting stays offered. Who is somebody else's by now is passed over.
    """
    offer = _offer_to_change(work, offer_id)
    query = select(OfferedPerson.candidate_id).where(OfferedPerson.offer_id == offer.id, OPEN, _mine(work))
    if ids := list(candidate_ids):
        query = query.where(OfferedPerson.candidate_id.in_(ids))
    next_ids = query.where(OfferedPerson.candidate_id > after_id).order_by(OfferedPerson.candidate_id).limit(AT_A_TIME)
    people = list(work.session.scalars(next_ids))
    candidates = people_to_change(work, people)
    elsewhere = [id_ for id_ in people if not is_still_with(candidates[id_], offer.of_id)]
    _answer(work, OfferState.WITHDRAWN, OfferedPerson.candidate_id.in_(elsewhere))
    accepted = dict.fromkeys(candidates[id_].id for id_ in people if id_ not in elsewhere)
    meetings = _meetings_to_come(work, accepted, offer.of_id) if with_meetings else {}
    clashes: list[str] = []
    for id_, theirs in meetings.items():
        if in_the_way := [said for meeting in theirs if (said := clash_of(work, meeting, _actor(work)))]:
            name = work.session.get_one(Candidate, id_).name or "Somebody"
            clashes.append(f"{name} stays offered. {' '.join(in_the_way)}")
            del accepted[id_]
    with settled_together(work):
        facts = hand_over_people(work, list(accepted), _actor(work))
        moved = [change_host(work, meeting, _actor(work)) for id_ in accepted for meeting in meetings.get(id_, ())]
    work.record("offer accepted", offer, number=len(accepted))
    facts += [fact for fact in moved if fact is not None]
    return Step(tuple(facts), len(accepted), tuple(clashes), people[-1] if len(people) == AT_A_TIME else None)


def accept(work: Work, offer_id: int, candidate_id: int, *, with_meetings: bool = True) -> list[int]:
    """One of those offered. Returns the facts by which it is taken back; refuses where a meeting stands in the way."""
    step = accept_people(work, offer_id, [candidate_id], with_meetings=with_meetings)
    if step.clashes:
        raise Refused(f"{step.clashes[0]} Accept them without the meeting, or move one of the two.")
    return list(step.facts)


def decline_people(work: Work, offer_id: int, reason: str, candidate_ids: Iterable[int] = ()) -> tuple[int, datetime]:
    """All that is offered to the actor, or these of them; says why. Returns what `undo_declining` takes."""
    offer = _offer_to_change(work, offer_id)
    if not (reason := reason.strip()):
        raise Refused("Say in a sentence why, so that whoever offers them can find somebody else.")
    if len(reason) > LONGEST:
        raise Refused(f"The reason is too long: {len(reason)} characters, {LONGEST} fit.")
    ids = list(candidate_ids)
    which = [OfferedPerson.offer_id == offer.id, _mine(work)]
    _answer(work, OfferState.DECLINED, *which, *([OfferedPerson.candidate_id.in_(ids)] if ids else []), reason=reason)
    work.record("offer declined", offer, people=len(ids) or None)
    return offer.id, work.now


def undo_declining(work: Work, declined: tuple[int, datetime]) -> None:
    """Offer again exactly the people who were declined then, and nobody who was declined before or after."""
    offer_id, at = declined
    offer = _offer_to_change(work, offer_id)
    then = (OfferedPerson.state == OfferState.DECLINED, OfferedPerson.answered_at == at)
    open_again(work.session, OfferedPerson.offer_id == offer.id, _mine(work), *then)
    work.record("declining undone", offer)


def take_back_people(work: Work, offer_id: int) -> int:
    """The next of those who were accepted are whose they were, and offered again; how many there were.

    Whoever gave them may do it, and whoever accepted them.
    """
    offer = _offer_to_change(work, offer_id)
    accepted = (OfferedPerson.offer_id == offer.id, OfferedPerson.state == OfferState.ACCEPTED)
    query = select(OfferedPerson).where(*accepted).order_by(OfferedPerson.candidate_id).limit(AT_A_TIME)
    if not gives_away(work.team, work.actor, offer.of_id):
        query = query.where(_mine(work))
    people = work.session.scalars(query).all()
    hold_people(work, [person.candidate_id for person in people])
    for fact in [fact for person in people for fact in _changes_of_host(work, person)]:
        undo_fact(work, fact)
    with settled_together(work):
        for handover in [person.handover_id for person in people if person.handover_id is not None]:
            undo_fact(work, handover)
    work.record("acceptance taken back", offer, number=len(people))
    return len(people)


# who may, and what is meant


def _may_give_away(work: Work, of_id: int | None) -> None:
    work.require_editor()
    if not gives_away(work.team, work.actor, of_id):
        raise Refused("Only they themselves hand over their people, or an admin for them.")


def _receiver(work: Work, of_id: int | None, id_: int) -> int:
    member = active_member(work, id_)
    if member.role is Role.VIEWER:
        raise Refused(f"{member.name} may look, not change, and so can’t take over anybody.")
    if member.id == of_id:
        raise Refused("They are theirs already. Choose somebody else.")
    return member.id


def _offer(work: Work, offer: HandoverOffer, whom: Whom, to: list[int]) -> None:
    if not to:
        raise Refused("Choose who is to take over.")
    in_turn = func.row_number().over(
        order_by=(case((Candidate.active_processes > 0, 0), else_=1), Candidate.sort_name, Candidate.id)
    )
    is_offered = select(literal(1)).where(
        OfferedPerson.candidate_id == Candidate.id, OPEN | (OfferedPerson.offer_id == offer.id)
    )
    people = (
        select(Candidate.id, ((in_turn - 1) % len(to)).label("turn"))
        .where(*meant(work.session, whom), ~is_offered.exists())
        .subquery()
    )
    receiver = case(dict(enumerate(to)), value=people.c.turn) if len(to) > 1 else literal(to[0])
    values = (literal(offer.id), people.c.id, receiver, literal(OfferState.OPEN.value), literal(""), literal(""))
    columns = ["offer_id", "candidate_id", "to_id", "state", "note", "reason"]
    work.session.execute(insert(OfferedPerson.__table__).from_select(columns, select(*values)))


def _offer_to_change(work: Work, offer_id: int) -> HandoverOffer:
    work.require_editor()
    offer = work.session.get(HandoverOffer, offer_id, with_for_update=True)
    if offer is None:
        raise Refused("There is no such offer.")
    return offer


def _actor(work: Work) -> int:
    if work.actor.id is None:
        raise Refused("Only a member takes over people.")
    return work.actor.id


def _mine(work: Work) -> Any:
    return OfferedPerson.to_id == _actor(work)


def _answer(work: Work, state: OfferState, *which: Any, reason: str = "") -> None:
    answered = update(OfferedPerson).where(OPEN, *which).values(state=state, answered_at=work.now, reason=reason)
    work.session.execute(answered.execution_options(synchronize_session=False))
    work.session.expire_all()


def _meetings_to_come(work: Work, candidate_ids: Iterable[int], host_id: int | None) -> dict[int, list[int]]:
    """The meetings this host has yet to hold with these people, by person."""
    records = merged_records(work.session, candidate_ids)
    query = select(Meeting.candidate_id, Meeting.id).where(
        Meeting.candidate_id.in_(records),
        Meeting.host_id == host_id,
        Meeting.starts_at > work.now,
        Meeting.result.is_(None),
        Meeting.undone_at.is_(None),
    )
    meetings: dict[int, list[int]] = {}
    for record, id_ in work.session.execute(query.order_by(Meeting.starts_at, Meeting.id)):
        if record is not None:
            meetings.setdefault(records[record], []).append(id_)
    return meetings


def _changes_of_host(work: Work, person: OfferedPerson) -> list[int]:
    """The changes of host that were made by accepting this person."""
    if person.handover_id is None:
        return []
    handover = work.session.get_one(Fact, person.handover_id)
    hosts = select(MeetingMove.id).where(
        MeetingMove.candidate_id.in_(list(merged_records(work.session, [person.candidate_id]))),
        MeetingMove.to_host_id == person.to_id,
        MeetingMove.entered_at == handover.entered_at,
        MeetingMove.undone_at.is_(None),
    )
    return list(work.session.scalars(hosts))
