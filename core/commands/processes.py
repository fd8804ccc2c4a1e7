"""One candidate in one opening: started, moved, waited for, ended, and never in silence."""

from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import Select, select

from core.commands.contacts import log_contact
from core.commands.locks import (
    active_member,
    candidate_to_change,
    life_of,
    opening_to_change,
    process_to_change,
    records_of,
)
from core.commands.placements import record_placement
from core.domain.facts import ASKED_FIRST, Answer, ClosingReason, Result, Turn, Way
from core.domain.gate import why_not_close, why_not_for
from core.domain.order import END
from core.domain.refusal import Refused, Stale
from core.persistence.ledger import settle, settle_with_referrers
from core.persistence.tables import (
    Candidate,
    Closing,
    Contact,
    Fact,
    Member,
    Opening,
    Placement,
    Process,
    Question,
    Reopening,
    Stage,
    StageMove,
    TurnChange,
)
from core.persistence.work import Work

F = TypeVar("F", bound=Fact)
LIVE = frozenset({"phone", "in person"})
"""Channels over which people talk: what is told so is heard, and answered, at once."""


def start_process(
    work: Work,
    candidate_id: int,
    opening_id: int,
    *,
    stage: str | None = None,
    owner_id: int | None = None,
    at: datetime | None = None,
) -> int:
    """Returns the process's id, which is the fact's. Without an owner it is whoever starts it.

    Without a stage it is the opening's first.
    """
    refuse_ended(opening_to_change(work, opening_id))  # before the candidate, as whoever holds or resumes it does
    candidate = candidate_to_change(work, candidate_id)
    refuse_twice(work, candidate, opening_id)
    stage = stage or _first_stage(work, opening_id)
    chosen = active_member(work, owner_id).id if owner_id is not None else None
    owner = chosen or work.actor.id or candidate.owner_id
    process = work.enter(
        Process(
            candidate_id=candidate.id,
            opening_id=opening_id,
            first_stage=stage,
            first_owner_id=owner,
            stage=stage,
            owner_id=owner,
            since=at or work.now,
        ),
        happened_at=at,
    )
    settle(work, candidate.id)
    work.record("process started", process, candidate=candidate.id, opening=opening_id, stage=stage)
    return process.id


def move_to_stage(
    work: Work, process_id: int, to_stage: str, *, seen_in: str | None = None, at: datetime | None = None
) -> int:
    """`seen_in`: the stage it was drawn in, "" for none; somebody else's move meanwhile is not undone unseen."""
    process, candidate = _active(work, process_id)
    was = process.stage
    if seen_in is not None and (was or "") != seen_in:
        raise Stale(f"{_who_moved(work, process_id)} has just moved {candidate.name} to “{was}”.", {})
    move = work.enter(
        StageMove(candidate_id=process.candidate_id, process_id=process_id, to_stage=to_stage), happened_at=at
    )
    id_ = move.id  # settling forgets what was read of it
    settle(work, candidate.id)
    work.record("stage moved", process, fact=id_, stage=[was, to_stage])
    return id_


def undo_move(work: Work, move_id: int) -> None:
    """Back to the stage before, unless it was moved on since. Safe to repeat."""
    work.require_editor()
    move = work.session.get(StageMove, move_id)
    if move is None or move.process_id is None:
        raise Refused("There is nothing to undo any more.")
    process, candidate = process_to_change(work, move.process_id)
    work.session.refresh(move)
    if move.undone_at is not None:
        return
    last = work.session.scalar(_moves_of(process.id).limit(1))
    if last is not None and last.id != move.id:
        raise Refused(f"{_who_moved(work, process.id)} has moved {candidate.name} on since, to “{last.to_stage}”.")
    move.undone_at = work.now
    work.session.flush()
    settle(work, candidate.id)
    work.record("move taken back", process, fact=move.id)


def wait_on_client(work: Work, process_id: int, *, at: datetime | None = None) -> int:
    """From now on it is the client's move; a silent client is chased."""
    return _turn(work, process_id, Turn.CLIENT, at)


def set_turn(work: Work, process_id: int, turn: Turn, *, at: datetime | None = None) -> int:
    """Ours or the candidate's: we wait on the client no longer."""
    return _turn(work, process_id, turn, at)


def close_process(
    work: Work,
    process_id: int,
    *,
    result: Result,
    answer: Answer,
    revisit_on: date | None = None,
    reason: ClosingReason | None = None,
    note: str = "",
    told: str = "",
    channel: str = "",
    was_asked: bool | None = None,
    starts_on: date | None = None,
    at: datetime | None = None,
) -> int:
    """End it, once the candidate was told or the exception is one that counts; see `core.domain.gate`.

    `told`: the words with which they are told now, kept as feedback. Whoever is rejected for their background is asked
    first; `was_asked=False` says that nobody will, and is counted. `starts_on`: the first day of whoever is hired.
    Returns the closing's id.
    """
    process, candidate = _active(work, process_id)
    if sentence := why_not_for(result, reason):
        raise Refused(sentence)
    if starts_on is not None and result is not Result.HIRED:
        raise Refused("Only whoever is hired has a first day.")
    if result is Result.REJECTED and reason in ASKED_FIRST and was_asked is None:
        was_asked = _was_asked(work, process, candidate)
        if not was_asked:
            raise Refused("Ask first: a degree, a thin CV or a gap says little. Ask, or say that you will not.")
    if told.strip() and answer is Answer.TOLD:
        log_contact(
            work,
            candidate.id,
            way=Way.TALKED if channel in LIVE else Way.TO,
            text=told,
            channel=channel,
            process_id=process_id,
            is_feedback=True,
            at=at,
        )
    facts = life_of(work, candidate)
    life = facts.process_by_id[process_id]
    if at is not None and at < life.last_started(END)[0]:
        raise Refused("It was started after that. Say a later time.")
    if sentence := why_not_close(facts, life, answer, at or work.now):
        raise Refused(sentence)
    closing = work.enter(
        Closing(
            candidate_id=process.candidate_id,
            process_id=process_id,
            outcome=result,
            answer=answer,
            revisit_on=revisit_on,
            reason=reason,
            note=note.strip(),
            was_asked=was_asked,
        ),
        happened_at=at,
    )
    if starts_on is not None:
        record_placement(work, candidate.id, starts_on, process_id=process_id, at=at)
    settle_with_referrers(work, candidate.id)
    why = {"reason": reason.value} if reason is not None else {}
    work.record("process closed", process, fact=closing.id, result=result.value, answer=answer.value, **why)
    return closing.id


def undo_closing(work: Work, closing_id: int) -> None:
    """Take back a closing, with the words and the placement that came in the same stroke. Safe to repeat."""
    work.require_editor()
    closing = work.session.get(Closing, closing_id)
    if closing is None or closing.process_id is None:
        raise Refused("There is nothing to undo any more.")
    opening = opening_of(work, closing.process_id)
    process, candidate = process_to_change(work, closing.process_id)
    work.session.refresh(closing)
    if closing.undone_at is not None:
        return
    take_back(work, closing)
    settle_with_referrers(work, candidate.id)
    if process.is_active:
        refuse_ended(opening)
    work.record("closing taken back", process, fact=closing.id)


def take_back(work: Work, closing: Closing) -> None:
    """Mark it undone, and the word that told it and the placement that came with it; whoever calls settles.

    Refused where they have come into the opening a second time since: nobody is in it twice.
    """
    assert closing.process_id is not None
    process, candidate = process_to_change(work, closing.process_id)
    refuse_twice(work, candidate, process.opening_id, but=process.id)
    closing.undone_at = work.now
    told = in_the_same_stroke(Contact, closing).where(Contact.is_feedback)
    for fact in (*work.session.scalars(told), *work.session.scalars(in_the_same_stroke(Placement, closing))):
        fact.undone_at = work.now
    work.session.flush()


def in_the_same_stroke(kind: type[F], fact: Fact) -> Select[F]:
    """Facts of this kind that the same member entered in the same moment about the same process, and that stand."""
    assert fact.process_id is not None
    return select(kind).where(
        kind.process_id == fact.process_id,
        kind.entered_at == fact.entered_at,
        kind.by_id == fact.by_id,
        kind.undone_at.is_(None),
    )


def reopen_process(work: Work, process_id: int, *, at: datetime | None = None) -> int:
    opening = opening_of(work, process_id)
    process, candidate = process_to_change(work, process_id)
    if process.is_active:
        raise Refused("This process is open already.")
    refuse_ended(opening)
    refuse_twice(work, candidate, process.opening_id, but=process.id)
    reopening = work.enter(Reopening(candidate_id=process.candidate_id, process_id=process_id), happened_at=at)
    settle_with_referrers(work, candidate.id)
    if not work.session.get_one(Process, process_id).is_active:
        raise Refused("It ended after that. Say a later time.")
    work.record("process reopened", process, fact=reopening.id)
    return reopening.id


def opening_of(work: Work, process_id: int) -> Opening:
    """Held before the candidate, as whoever ends the opening does."""
    work.require_editor()
    process = work.session.get(Process, process_id)
    if process is None:
        raise Refused("There is no such process.")
    return opening_to_change(work, process.opening_id)


def refuse_ended(opening: Opening) -> None:
    """Nobody is active in an opening that has ended."""
    if opening.status.has_ended:
        raise Refused(f"This opening was {opening.status.value}. Reopen it before anybody comes in.")


def refuse_twice(work: Work, candidate: Candidate, opening_id: int, *, but: int = 0) -> None:
    """Nobody is in an opening twice at once. `but`: the process that begins again."""
    active = select(Process.id).where(
        Process.candidate_id.in_(records_of(work.session, candidate)),
        Process.opening_id == opening_id,
        Process.id != but,
        Process.is_active,
        Process.undone_at.is_(None),
    )
    if work.session.scalar(active.limit(1)) is not None:
        raise Refused(f"{candidate.name} is in this opening already.")


def _turn(work: Work, process_id: int, turn: Turn, at: datetime | None) -> int:
    process, candidate = _active(work, process_id)
    was = process.turn
    change = work.enter(
        TurnChange(
            candidate_id=process.candidate_id, process_id=process_id, to_turn=turn, opening_id=process.opening_id
        ),
        happened_at=at,
    )
    settle(work, candidate.id)
    work.record("turn set", process, fact=change.id, turn=[was.value, turn.value])
    return change.id


def _active(work: Work, process_id: int) -> tuple[Process, Candidate]:
    process, candidate = process_to_change(work, process_id)
    if not process.is_active:
        raise Refused("This process has ended. Reopen it first.")
    return process, candidate


def _first_stage(work: Work, opening_id: int) -> str | None:
    stages = select(Stage.name).where(Stage.opening_id == opening_id).order_by(Stage.position)
    return work.session.scalar(stages.limit(1))


def _who_moved(work: Work, process_id: int) -> str:
    last = work.session.scalar(_moves_of(process_id).limit(1))
    by = work.session.get(Member, last.by_id) if last is not None and last.by_id is not None else None
    if by is None:
        return "Somebody"
    return "You, in another window," if by.id == work.actor.id else by.name


def _moves_of(process_id: int) -> Select[StageMove]:
    """The latest first."""
    moves = select(StageMove).where(StageMove.process_id == process_id, StageMove.undone_at.is_(None))
    return moves.order_by(StageMove.entered_at.desc(), StageMove.id.desc())


def _was_asked(work: Work, process: Process, candidate: Candidate) -> bool:
    """Whether they answered anything we asked since the process began."""
    answered = select(Question.id).where(
        Question.candidate_id.in_(records_of(work.session, candidate)), Question.answered_at >= process.happened_at
    )
    return work.session.scalar(answered.limit(1)) is not None
