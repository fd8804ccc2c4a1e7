"""Taking back: an undone fact counts as never entered, so what it opened is gone and what it kept is open again."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from core.commands.locks import (
    candidate_to_change,
    hold_people,
    opening_to_change,
    process_to_change,
    refuse_to_give_away,
)
from core.commands.meetings import refuse_clash_again
from core.commands.members import undo_departure
from core.commands.openings import everybody_ever_in, settle_opening
from core.commands.policy import undo_policy
from core.commands.processes import opening_of, refuse_ended, refuse_twice, take_back
from core.domain.refusal import Refused
from core.persistence.handovers import gives_away, open_again
from core.persistence.ledger import count_no_more, settle_with_referrers, settled_together
from core.persistence.tables import (
    Closing,
    Departure,
    Fact,
    FactKind,
    Handover,
    HandoverOffer,
    Meeting,
    MeetingMove,
    MeetingOutcome,
    OfferedPerson,
    Opening,
    OpeningEnd,
    OpeningHold,
    OpeningResumption,
    Placement,
    PlacementEnd,
    PolicyChange,
    Process,
    Referral,
    TurnChange,
)
from core.persistence.work import Work

NOT_UNDONE_HERE = {
    FactKind.ERASURE: "What was erased is gone. It can't be brought back.",
    FactKind.ARRIVAL: "A person can't be undone. Erase them, or undo the import that brought them.",
}


def undo_fact(work: Work, fact_id: int) -> None:
    """Count a fact as never entered. Safe to repeat."""
    work.require_editor()
    fact = work.session.get(Fact, fact_id)
    if fact is None:
        raise Refused("There is nothing to undo any more.")
    if sentence := NOT_UNDONE_HERE.get(fact.kind):
        raise Refused(sentence)
    opening = _opening_first(work, fact)
    if isinstance(fact, Process | Meeting | Placement) and fact.candidate_id is not None:
        hold_people(work, [fact.candidate_id])  # or what is noted of it in this moment would outlive it
        work.session.refresh(fact)
    if fact.undone_at is not None:
        return
    if isinstance(fact, Process) and _has_more(work, fact):
        raise Refused("More happened in this process since. Close it instead.")
    if isinstance(fact, Handover):
        _refuse_others(work, fact)
    if isinstance(fact, Closing) and fact.process_id is not None:
        process, candidate = process_to_change(work, fact.process_id)
        refuse_twice(work, candidate, process.opening_id, but=process.id)
    fact.undone_at = work.now
    closed = _empty(work, fact, opening)
    work.session.flush()
    _settle_without(work, fact, opening, closed)
    work.record("undone", fact, kind=fact.kind.value, candidate=fact.candidate_id)


def _empty(work: Work, fact: Fact, opening: Opening | None) -> list[int]:
    """Nothing that was settled stands in its row any more. Whose processes are open again, where an end closed them."""
    closed: list[int] = []
    if isinstance(fact, Process):
        fact.is_active, fact.next_due_at = False, None
    elif isinstance(fact, Meeting):
        _go_along(work, MeetingMove, MeetingMove.meeting_id == fact.id)
        _go_along(work, MeetingOutcome, MeetingOutcome.meeting_id == fact.id)
    elif isinstance(fact, Placement):
        _go_along(work, PlacementEnd, PlacementEnd.placement_id == fact.id)
    elif isinstance(fact, Referral):
        fact.referrer_id = fact.referred_on = fact.brought_id = fact.came_to = None
    elif isinstance(fact, OpeningEnd):
        assert opening is not None
        hold_people(work, everybody_ever_in(work, opening))
        for closing in work.session.scalars(select(Closing).where(Closing.opening_end_id == fact.id)).all():
            take_back(work, closing)
            closed += [closing.candidate_id] if closing.candidate_id else []
    return closed


def _go_along(work: Work, kind: type[Fact], of_it: ColumnElement[bool]) -> None:
    """What was noted of something that never was is taken back with it."""
    for fact in work.session.scalars(select(kind).where(of_it, kind.undone_at.is_(None))):
        fact.undone_at = work.now


def _settle_without(work: Work, fact: Fact, opening: Opening | None, closed: Sequence[int]) -> None:
    """What follows now that it does not count; refused where that can't be, as others have gone on from it."""
    if isinstance(fact, PolicyChange):
        undo_policy(work, fact)
    elif isinstance(fact, Departure):
        undo_departure(work, fact)
    elif isinstance(fact, OpeningHold | OpeningResumption | OpeningEnd):
        assert opening is not None
        settle_opening(work, opening)
        with settled_together(work):
            for id_ in closed:
                settle_with_referrers(work, id_)
    elif fact.candidate_id is not None:
        candidate = candidate_to_change(work, fact.candidate_id)
        if isinstance(fact, Meeting | TurnChange):
            work.session.refresh(fact)  # as whoever held the candidate before left it
            count_no_more(work.session, fact, work.calendar)
        settle_with_referrers(work, candidate.id)
        if opening is not None and work.session.get_one(Process, fact.process_id).is_active:
            refuse_ended(opening)
        if isinstance(fact, MeetingMove | MeetingOutcome):
            refuse_clash_again(work, fact.meeting_id)
        elif isinstance(fact, Handover):
            open_again(work.session, OfferedPerson.handover_id == fact.id)


def take_back_fact(work: Work, fact_id: int) -> None:
    """The same, of what was shown as standing: whoever comes second is told so."""
    work.require_editor()
    fact = work.session.get(Fact, fact_id)
    if fact is not None and fact.undone_at is not None:
        raise Refused("It is taken back already.")
    undo_fact(work, fact_id)


def undo_facts(work: Work, fact_ids: Sequence[int]) -> None:
    """All that was put on record in one stroke, or nothing of it. Safe to repeat."""
    work.require_editor()
    concerned = work.session.scalars(select(Fact.candidate_id).where(Fact.id.in_(fact_ids)))
    hold_people(work, [id_ for id_ in concerned if id_ is not None])
    for id_ in fact_ids:
        undo_fact(work, id_)


def _refuse_others(work: Work, handover: Handover) -> None:
    """Taken back by whoever gave them or has them by now, or by an admin: by nobody else."""
    offered = select(HandoverOffer).join(OfferedPerson).where(OfferedPerson.handover_id == handover.id)
    offer = work.session.scalar(offered.limit(1))
    gave = handover.by_id == work.actor.id or (offer is not None and gives_away(work.team, work.actor, offer.of_id))
    if handover.candidate_id is not None and not gave:
        refuse_to_give_away(work, [candidate_to_change(work, handover.candidate_id)])


def _opening_first(work: Work, fact: Fact) -> Opening | None:
    """Lock the opening that the fact concerns, if any, before anything else; then read the fact again."""
    opening = None
    if isinstance(fact, OpeningHold | OpeningResumption | OpeningEnd):
        opening = opening_to_change(work, fact.opening_id)
    elif isinstance(fact, Closing) and fact.process_id is not None:
        opening = opening_of(work, fact.process_id)
    if opening is not None:
        work.session.refresh(fact)
    return opening


def _has_more(work: Work, process: Process) -> bool:
    later = select(Fact.id).where(Fact.process_id == process.id, Fact.undone_at.is_(None)).limit(1)
    return work.session.scalar(later) is not None
