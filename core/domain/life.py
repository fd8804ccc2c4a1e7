"""The life of one candidate as the rules read it: the facts in order, and what they amount to."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from core.domain.calendar import Calendar
from core.domain.facts import (
    Answer,
    Arrival,
    Closed,
    Contact,
    ContactAllowed,
    ContactForbidden,
    Erased,
    Fact,
    HandedOver,
    Held,
    HostChanged,
    MeetingKind,
    MeetingResult,
    Moved,
    OutcomeNoted,
    Planned,
    Reopened,
    Resumed,
    Rhythm,
    RhythmSet,
    StageMoved,
    Started,
    Turn,
    TurnSet,
    Way,
)
from core.domain.order import Mark, Order
from core.domain.team import Team


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch in which something stood, from the mark that began it to the one that ended it, if any."""

    start: Mark
    end: Mark | None
    is_hard: bool = False
    """Its end voids what stood on it, even what is overdue."""

    def covers(self, moment: Order) -> bool:
        return self.start.order <= moment and (self.end is None or moment < self.end.order)


@dataclass(frozen=True, slots=True)
class Wait:
    """We waited on the client: from what noted it to what ended it."""

    span: Span
    is_answered: bool
    """It ended with the client's word, not for another reason."""


@dataclass(slots=True)
class Process:
    """One candidate in one opening, as the facts tell it."""

    started: Started
    facts: list[Fact]
    active: list[Span]
    waits: list[Wait]
    held: list[Span]
    stages: list[tuple[Order, str | None]]

    @property
    def id(self) -> int:
        return self.started.id

    def is_active(self, moment: Order) -> bool:
        return any(span.covers(moment) for span in self.active)

    def is_held(self, moment: Order) -> bool:
        return any(span.covers(moment) for span in self.held)

    def stage(self, moment: Order) -> str | None:
        """The stage just before this place in the order."""
        return self.stages[max(bisect_left(self.stages, moment, key=lambda s: s[0]) - 1, 0)][1]

    def resumed(self, moment: Order) -> datetime | None:
        """When the opening was last taken up again before this place in the order."""
        ends = [span.end.at for span in self.held if span.end is not None and span.end.order < moment]
        return max(ends, default=None)

    def last_started(self, moment: Order) -> Order:
        """When it started, or was last reopened, before this place in the order."""
        return max((s.start.order for s in self.active if s.start.order < moment), default=self.started.order)


@dataclass(slots=True)
class Meeting:
    """A planned meeting as last moved, and how it ended."""

    planned: Planned
    hosting: Planned | HostChanged
    """What made its host the host."""
    starts: datetime
    ends: datetime
    outcome: OutcomeNoted | None
    upset: datetime | None
    """When it was last missed, cancelled or moved to another time; None: never."""

    @property
    def host(self) -> int | None:
        return self.hosting.host


F = TypeVar("F", bound=Fact)


class Facts:
    """The life of one candidate, and of those merged into them, as the rules read it."""

    def __init__(self, candidate: int, facts: Iterable[Fact], *, team: Team, calendar: Calendar) -> None:
        self.candidate = candidate
        self.team = team
        self.calendar = calendar
        self.all = sorted(facts, key=lambda fact: fact.order)
        self._by_type: dict[type[Fact], list[Fact]] = {}
        for fact in self.all:
            self._by_type.setdefault(type(fact), []).append(fact)

    def then(self, moment: Order) -> Calendar:
        """The working time in force just before a place in the order."""
        return self.team.policies.at(moment).working_time or self.calendar

    def of(self, kind: type[F]) -> list[F]:
        return self._by_type.get(kind, [])  # type: ignore[return-value]

    # what was said

    @cached_property
    def words_to(self) -> list[Contact]:
        """Words that reached the candidate, group messages too, in order; a held talk counts at its end."""
        said = [c for c in self.of(Contact) if c.way in (Way.TO, Way.TALKED)]
        held = [_as_word(m) for m in self.meetings if _is_held(m, MeetingKind.TALK)]
        return sorted(said + held, key=lambda word: word.order) if held else said

    @cached_property
    def personal_words(self) -> list[Contact]:
        return [word for word in self.words_to if not word.is_group]

    @cached_property
    def words_from(self) -> list[Contact]:
        """Words from the candidate that ask for an answer or not; what was talked live is not among them."""
        return [c for c in self.of(Contact) if c.way is Way.FROM]

    @cached_property
    def attempts(self) -> list[Contact]:
        return [c for c in self.of(Contact) if c.way is Way.ATTEMPT]

    @cached_property
    def last_word_to(self) -> Contact | None:
        return self.personal_words[-1] if self.personal_words else None

    @cached_property
    def last_word_from(self) -> Contact | None:
        """Written, or spoken live: what was talked counts both ways."""
        live = [word for word in self.words_to if word.way is Way.TALKED]
        return max(self.words_from + live, key=lambda word: word.order, default=None)

    def words_for(self, process: Process) -> list[Contact]:
        """Words that count for the process: about it, or about none in particular."""
        return [
            word for word in self.words_to if word.process == process.id or (word.process is None and not word.is_group)
        ]

    # what happened

    @cached_property
    def processes(self) -> list[Process]:
        by_process: dict[int, list[Fact]] = {}
        for fact in self.all:
            if fact.process is not None:
                by_process.setdefault(fact.process, []).append(fact)
        return [self._process(started, by_process.get(started.id, [])) for started in self.of(Started)]

    @cached_property
    def process_by_id(self) -> Mapping[int, Process]:
        return {process.id: process for process in self.processes}

    @cached_property
    def meetings(self) -> list[Meeting]:
        moved: dict[int, Moved] = {move.meeting: move for move in self.of(Moved)}
        hosts: dict[int, HostChanged] = {change.meeting: change for change in self.of(HostChanged)}
        outcomes: dict[int, OutcomeNoted] = {}
        upset = {move.meeting: move.happened for move in self.of(Moved)}
        for outcome in self.of(OutcomeNoted):
            outcomes.setdefault(outcome.meeting, outcome)
            if outcome.result in (MeetingResult.MISSED, MeetingResult.CANCELLED):
                upset[outcome.meeting] = max(outcome.happened, upset.get(outcome.meeting, outcome.happened))
        return [
            Meeting(plan, hosts.get(plan.id, plan), last.starts, last.ends, outcomes.get(plan.id), upset.get(plan.id))
            for plan in self.of(Planned)
            for last in (moved.get(plan.id, plan),)
        ]

    @cached_property
    def forbidden(self) -> list[Span]:
        """The stretches of do-not-contact."""
        return _between(self.all, ContactForbidden, ContactAllowed)

    @cached_property
    def rhythms(self) -> list[tuple[Mark, Rhythm | None]]:
        """Every rhythm set, in order; None where it was ended. An arrival sets one only where it brings one."""
        brought = [(arrival.mark, arrival.rhythm) for arrival in self.of(Arrival) if arrival.rhythm is not None]
        return sorted([*((f.mark, f.rhythm) for f in self.of(RhythmSet)), *brought], key=lambda change: change[0])

    @cached_property
    def erased(self) -> Mark | None:
        return self.of(Erased)[0].mark if self.of(Erased) else None

    def may_contact(self, moment: Order) -> bool:
        return not self.is_erased(moment) and not any(span.covers(moment) for span in self.forbidden)

    def is_erased(self, moment: Order) -> bool:
        return self.erased is not None and self.erased.order <= moment

    # whose it is

    def owner(self, moment: Order) -> int | None:
        """The member the candidate is with, just before this place in the order."""
        return self.team.stands_in(self.own_owner(moment), moment)

    def own_owner(self, moment: Order) -> int | None:
        """The same, covers aside."""
        return self._own_owner(self.candidate, moment)

    def process_owner(self, process: Process, moment: Order) -> int | None:
        start = process.started
        owner = self._handed_on(start.owner, moment, since=start.order, record=start.candidate)
        return self.team.stands_in(owner, moment)

    def personal_owner(self, member: int, record: int, moment: Order, *, since: Order) -> int | None:
        """Who owes what this member took on, in a promise that opened then."""
        return self.team.stands_in(self._handed_on(member, moment, since=since, record=record), moment)

    def _own_owner(self, record: int, moment: Order) -> int | None:
        """The owner of one record, covers aside."""
        owner = next((arrival.owner for arrival in self.of(Arrival) if arrival.candidate == record), None)
        for handover in self.of(HandedOver):
            if handover.candidate == record and handover.order < moment:
                owner = handover.to
        return owner

    def _handed_on(self, owner: int | None, moment: Order, *, since: Order, record: int) -> int | None:
        """Who has what `owner` had, after the candidate was handed over, perhaps several times, between the two
        moments.
        """
        for handover in self.of(HandedOver):
            concerns = handover.candidate in (self.candidate, record)
            if not (concerns and since < handover.order < moment):
                continue
            if owner == self._own_owner(handover.candidate, handover.order):
                owner = handover.to
        return owner

    def _process(self, started: Started, facts: list[Fact]) -> Process:
        holds = [f for f in self.all if isinstance(f, Held | Resumed) and f.opening == started.opening]
        told = sorted([*facts, *holds], key=lambda fact: fact.order) if holds else facts
        return Process(
            started=started,
            facts=told,
            active=_active(started, told, self.erased),
            waits=_waits(told, self.erased),
            held=_between(holds, Held, Resumed),
            stages=[(started.order, started.stage), *((f.order, f.stage) for f in told if isinstance(f, StageMoved))],
        )


def _as_word(meeting: Meeting) -> Contact:
    """A held talk as the word it was: said at its end, on record under its outcome."""
    outcome = meeting.outcome
    assert outcome is not None
    return Contact(
        id=outcome.id,
        candidate=outcome.candidate,
        happened=meeting.ends,
        entered=outcome.entered,
        by=meeting.host,
        process=meeting.planned.process,
        way=Way.TALKED,
        needs_answer=False,
    )


def _is_held(meeting: Meeting, kind: MeetingKind) -> bool:
    return meeting.planned.kind is kind and meeting.outcome is not None and meeting.outcome.result is MeetingResult.HELD


def _active(started: Started, facts: list[Fact], erased: Mark | None) -> list[Span]:
    """Started or reopened, until closed; how it was answered for says whether the end is hard."""
    spans: list[Span] = []
    since: Mark | None = started.mark
    for fact in facts:
        if isinstance(fact, Closed) and since is not None:
            spans.append(Span(since, fact.mark, is_hard=fact.answer in (Answer.UNREACHABLE, Answer.DO_NOT_CONTACT)))
            since = None
        elif isinstance(fact, Reopened) and since is None:
            since = fact.mark
    if since is not None:
        spans.append(_until_erased(since, erased))
    return spans


def _between(facts: Sequence[Fact], begins: type[Fact], ends: type[Fact]) -> list[Span]:
    """The stretches from each fact of the one kind to the next of the other; what repeats either changes nothing."""
    spans: list[Span] = []
    since: Mark | None = None
    for fact in facts:
        if isinstance(fact, begins) and since is None:
            since = fact.mark
        elif isinstance(fact, ends) and since is not None:
            spans.append(Span(since, fact.mark))
            since = None
    return spans if since is None else [*spans, Span(since, None)]


def _until_erased(since: Mark, erased: Mark | None) -> Span:
    """A stretch that nothing has ended yet, but erasure."""
    ended = erased if erased is not None and erased.order > since.order else None
    return Span(since, ended, is_hard=ended is not None)


def _waits(facts: list[Fact], erased: Mark | None) -> list[Wait]:
    """Waiting noted while waiting changes nothing; a word from the client ends it, unless we still wait.

    Nobody is waited for while the opening is on hold: after resuming, waiting must be noted anew.
    """
    waits: list[Wait] = []
    since: Mark | None = None
    is_active, is_held = True, False
    for fact in facts:
        is_active = (is_active and not isinstance(fact, Closed)) or isinstance(fact, Reopened)
        is_held = (is_held and not isinstance(fact, Resumed)) or isinstance(fact, Held)
        if isinstance(fact, TurnSet) and fact.turn is Turn.CLIENT:
            since = fact.mark if since is None and is_active and not is_held else since
            continue
        if since is None:
            continue
        answered = isinstance(fact, Contact) and fact.way is Way.CLIENT_FROM and not fact.still_waiting
        if answered or isinstance(fact, TurnSet | Held | Closed):
            waits.append(Wait(Span(since, fact.mark, is_hard=not answered), is_answered=answered))
            since = None
    if since is not None:
        waits.append(Wait(_until_erased(since, erased), is_answered=False))
    return waits
