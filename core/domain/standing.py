"""How things stand with a candidate now, as the facts tell it: what lists and filters are made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from core.domain.facts import (
    Answer,
    Closed,
    ClosingReason,
    Contact,
    GrowthNoted,
    QuietSet,
    Reopened,
    Result,
    Rhythm,
    StageMoved,
    Turn,
    TurnSet,
    Way,
)
from core.domain.life import Facts, Process
from core.domain.order import END
from core.domain.rules import tells
from core.domain.warmth import Answers, answers_of, meetings_of


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
    reason: ClosingReason | None
    answer: Answer | None
    since: datetime
    """When it came to its stage, or was last started there."""
    heard_at: datetime | None
    """Our last word that counts for it; None where there was none since it (last) started."""
    told_days: int | None
    """Working days from its closing to the word that told; 0 where that was said before. None: not told, or active."""


@dataclass(frozen=True, slots=True)
class WaitStanding:
    """A stretch of waiting on the client, by the fact that began it."""

    id: int
    client: int | None
    """Whom we wait on; None where the opening names none."""
    ended_at: datetime | None
    is_answered: bool
    days: int | None
    """Working days from the first moment to the client's answer; None without one."""


@dataclass(frozen=True, slots=True)
class Standing:
    owner: int | None
    covered_for: int | None
    """The member who left and whom the owner stands in for; None where they are the owner's own."""
    rhythm: Rhythm | None
    quiet_until: date | None
    do_not_contact: bool
    last_word_to: int | None
    last_word_to_at: datetime | None
    last_word_from: int | None
    last_word_from_at: datetime | None
    active_processes: int
    answers: Answers
    meetings_held: int
    growth: int | None
    """The last growth note."""
    processes: tuple[ProcessStanding, ...]
    waits: tuple[WaitStanding, ...]


def standing(facts: Facts) -> Standing:
    to, from_ = facts.last_word_to, facts.last_word_from
    processes = tuple(_process(facts, process.id) for process in facts.processes)
    quiet, growth = facts.of(QuietSet), facts.of(GrowthNoted)
    owner, own_owner = facts.owner(END), facts.own_owner(END)
    return Standing(
        owner=owner,
        covered_for=own_owner if own_owner != owner else None,
        rhythm=facts.rhythms[-1][1] if facts.rhythms else None,
        quiet_until=quiet[-1].until if quiet else None,
        do_not_contact=bool(facts.forbidden) and facts.forbidden[-1].end is None,
        last_word_to=to.id if to else None,
        last_word_to_at=to.happened if to else None,
        last_word_from=from_.id if from_ else None,
        last_word_from_at=from_.happened if from_ else None,
        active_processes=sum(process.is_active for process in processes),
        answers=answers_of(facts),
        meetings_held=meetings_of(facts),
        growth=growth[-1].id if growth else None,
        processes=processes,
        waits=tuple(_waits(facts)),
    )


def _waits(facts: Facts) -> Iterator[WaitStanding]:
    for process in facts.processes:
        for wait in process.waits:
            begun, ended = wait.span.start, wait.span.end
            days = facts.then(ended.order).working_days_late(begun.at, ended.at) if ended and wait.is_answered else None
            yield WaitStanding(
                begun.fact_id, process.started.client_id, ended.at if ended else None, wait.is_answered, days
            )


def _process(facts: Facts, process_id: int) -> ProcessStanding:
    process = facts.process_by_id[process_id]
    active, closings = process.is_active(END), [f for f in process.facts if isinstance(f, Closed)]
    waits = bool(process.waits) and process.waits[-1].span.end is None
    return ProcessStanding(
        id=process.id,
        owner=facts.process_owner(process, END),
        stage=process.stage(END),
        turn=Turn.CLIENT if waits else _turn_without_waiting(facts, process),
        is_active=active,
        is_held=process.is_held(END),
        closed_at=closings[-1].happened if closings and not active else None,
        result=closings[-1].result if closings and not active else None,
        reason=closings[-1].reason if closings and not active else None,
        answer=closings[-1].answer if closings and not active else None,
        since=_since(process),
        heard_at=_heard_at(facts, process),
        told_days=_told_days(facts, process, closings[-1]) if closings and not active else None,
    )


def _since(process: Process) -> datetime:
    """Moving to the stage one is in moves nobody."""
    stage, since = process.started.stage, process.started.happened
    for fact in process.facts:
        if isinstance(fact, StageMoved) and fact.stage != stage:
            stage, since = fact.stage, fact.happened
        elif isinstance(fact, Reopened):
            since = fact.happened
    return since


def _heard_at(facts: Facts, process: Process) -> datetime | None:
    begun = process.last_started(END)
    said = [word for word in facts.words_for(process) if word.order > begun]
    return said[-1].happened if said else None


def _told_days(facts: Facts, process: Process, closing: Closed) -> int | None:
    since = process.last_started(closing.order)
    told = next((w for w in facts.personal_words if tells(w, process) and w.order > since), None)
    if told is None:
        return None
    when = max(told.order, closing.order)
    return facts.then(when).working_days_late(closing.happened, when[0])


def _turn_without_waiting(facts: Facts, process: Process) -> Turn:
    """What was set last; once the client has answered, or the candidate has, or the role is held, it is ours again."""
    last = next((f for f in reversed(process.facts) if isinstance(f, TurnSet)), None)
    if last is None or last.turn is not Turn.CANDIDATE:
        return Turn.OURS
    theirs = (c for c in facts.of(Contact) if c.way in (Way.FROM, Way.TALKED) and c.process in (None, process.id))
    return Turn.OURS if any(word.order > last.order for word in theirs) else Turn.CANDIDATE
