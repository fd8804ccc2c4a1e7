"""One candidate in one opening: started, moved, waited for, ended, and never in silence."""

from datetime import date, datetime

from core.commands.locks import candidate_to_change, life_of, opening_to_change, process_to_change
from core.domain.facts import Answer, Result, Turn
from core.domain.gate import why_not_close
from core.domain.refusal import Refused
from core.persistence.ledger import settle, settle_with_referrers
from core.persistence.tables import Candidate, Closing, Process, Reopening, StageMove, TurnChange
from core.persistence.work import Work


def start_process(
    work: Work,
    candidate_id: int,
    opening_id: int,
    *,
    stage: str | None = None,
    owner_id: int | None = None,
    at: datetime | None = None,
) -> int:
    """Returns the process's id, which is the fact's. Without an owner it is whoever starts it."""
    opening_to_change(work, opening_id)  # before the candidate, as whoever holds or resumes it does
    candidate = candidate_to_change(work, candidate_id)
    owner = owner_id or work.actor.id or candidate.owner_id
    process = work.enter(
        Process(
            candidate_id=candidate.id,
            opening_id=opening_id,
            first_stage=stage,
            first_owner_id=owner,
            stage=stage,
            owner_id=owner,
        ),
        happened_at=at,
    )
    settle(work, candidate.id)
    work.record("process started", process, candidate=candidate.id, opening=opening_id, stage=stage)
    return process.id


def move_to_stage(work: Work, process_id: int, to_stage: str, *, at: datetime | None = None) -> int:
    process, candidate = _active(work, process_id)
    was = process.stage
    move = work.enter(
        StageMove(candidate_id=process.candidate_id, process_id=process_id, to_stage=to_stage), happened_at=at
    )
    settle(work, candidate.id)
    work.record("stage moved", process, fact=move.id, stage=[was, to_stage])
    return move.id


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
    at: datetime | None = None,
) -> int:
    """End it, once the candidate was told or the exception is one that counts; see `core.domain.gate`."""
    process, candidate = _active(work, process_id)
    facts = life_of(work, candidate)
    if sentence := why_not_close(facts, facts.process_by_id[process_id], answer, at or work.now):
        raise Refused(sentence)
    closing = work.enter(
        Closing(
            candidate_id=process.candidate_id,
            process_id=process_id,
            outcome=result,
            answer=answer,
            revisit_on=revisit_on,
        ),
        happened_at=at,
    )
    settle_with_referrers(work, candidate.id)
    work.record("process closed", process, fact=closing.id, result=result.value, answer=answer.value)
    return closing.id


def reopen_process(work: Work, process_id: int, *, at: datetime | None = None) -> int:
    process, candidate = process_to_change(work, process_id)
    if process.is_active:
        raise Refused("This process is open already.")
    reopening = work.enter(Reopening(candidate_id=process.candidate_id, process_id=process_id), happened_at=at)
    settle_with_referrers(work, candidate.id)
    work.record("process reopened", process, fact=reopening.id)
    return reopening.id


def _turn(work: Work, process_id: int, turn: Turn, at: datetime | None) -> int:
    process, candidate = _active(work, process_id)
    change = work.enter(
        TurnChange(candidate_id=process.candidate_id, process_id=process_id, to_turn=turn), happened_at=at
    )
    settle(work, candidate.id)
    work.record("turn set", process, fact=change.id, turn=turn.value)
    return change.id


def _active(work: Work, process_id: int) -> tuple[Process, Candidate]:
    process, candidate = process_to_change(work, process_id)
    if not process.is_active:
        raise Refused("This process has ended. Reopen it first.")
    return process, candidate
