"""How things stand with a candidate now, as the facts tell it: what lists and filters are made of."""

from dataclasses import dataclass
from datetime import date, datetime

from core.domain.facts import Closed, Fact, QuietSet, Result, Rhythm, Turn, TurnSet
from core.domain.life import Facts
from core.domain.order import END


@dataclass(frozen=True, slots=True)
class ProcessStanding:
    id: int
    owner: int | None
    stage: str | None
    turn: Turn
    is_active: bool
    is_held: bool
    closed_at: datetime | None
    result: Result | None


@dataclass(frozen=True, slots=True)
class Standing:
    owner: int | None
    rhythm: Rhythm | None
    quiet_until: date | None
    do_not_contact: bool
    last_word_to: int | None
    last_word_to_at: datetime | None
    last_word_from: int | None
    last_word_from_at: datetime | None
    active_processes: int
    processes: tuple[ProcessStanding, ...]


def standing(facts: Facts) -> Standing:
    to, from_ = facts.last_word_to, facts.last_word_from
    processes = tuple(_process(facts, process.id) for process in facts.processes)
    quiet = facts.of(QuietSet)
    return Standing(
        owner=facts.owner(END),
        rhythm=facts.rhythms[-1][1] if facts.rhythms else None,
        quiet_until=quiet[-1].until if quiet else None,
        do_not_contact=bool(facts.forbidden) and facts.forbidden[-1].end is None,
        last_word_to=to.id if to else None,
        last_word_to_at=to.happened if to else None,
        last_word_from=from_.id if from_ else None,
        last_word_from_at=from_.happened if from_ else None,
        active_processes=sum(process.is_active for process in processes),
        processes=processes,
    )


def _process(facts: Facts, process_id: int) -> ProcessStanding:
    process = facts.process_by_id[process_id]
    active, closings = process.is_active(END), [f for f in process.facts if isinstance(f, Closed)]
    waits = bool(process.waits) and process.waits[-1].span.end is None
    return ProcessStanding(
        id=process.id,
        owner=facts.process_owner(process, END),
        stage=process.stage(END),
        turn=Turn.CLIENT if waits else _turn_without_waiting(process.facts),
        is_active=active,
        is_held=process.is_held(END),
        closed_at=closings[-1].happened if closings and not active else None,
        result=closings[-1].result if closings and not active else None,
    )


def _turn_without_waiting(facts: list[Fact]) -> Turn:
    """What was set last; once the client has answered, or the role is held, it is ours again."""
    last = next((f for f in reversed(facts) if isinstance(f, TurnSet)), None)
    return last.turn if last is not None and last.turn is not Turn.CLIENT else Turn.OURS
