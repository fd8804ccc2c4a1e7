"""The book of one candidate: what the rules ask of the facts, and how a promise lives once a rule has opened it."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.domain.calendar import ONE_DAY, Calendar
from core.domain.facts import (
    Contact,
    ContactForbidden,
    Fact,
    Placed,
    PlacementEnded,
    QuietSet,
    Rhythm,
    Snoozed,
    Waived,
)
from core.domain.life import Facts, Process, Span
from core.domain.order import END, EVER, NEVER, Mark, Order, just_after, just_before
from core.domain.policy import Policies, Policy
from core.domain.promises import (
    COUNTED,
    KEPT,
    NOT_TO_THE_CANDIDATE,
    OPEN_DESPITE_SILENCE,
    Kind,
    Promise,
    Status,
    to_the_minute,
)

Due = Callable[[Policy, Order], datetime]
Owner = Callable[[Order], int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a rule says of one promise, before its life is lived."""

    kind: Kind
    key: str
    about: int
    """The fact that opens it."""
    opens: Order
    """Only facts after it settle the promise; its moment is when the promise opens."""
    due: Due
    """By the policy and the state of things just before a place in the order."""
    owner: Owner
    kept_by: Iterable[Mark] = ()
    """In order."""
    soft_ends: Sequence[Mark] = ()
    hard_ends: Sequence[Mark] = ()
    process: Process | None = None
    exists: Callable[[Policy], bool] | None = None
    """Whether a policy knows it at all."""


class Book:
    """The facts with the policy, and what several rules ask of them. The calendar is for a policy that has none."""

    def __init__(self, facts: Facts, policy: Policies, calendar: Calendar) -> None:
        self.facts, self.policy, self.calendar = facts, policy, calendar
        self.imported = {fact.id: fact.entered for fact in facts.all if fact.imported}
        self.waivers: dict[str, list[Mark]] = {}
        for waiver in facts.of(Waived):
            self.waivers.setdefault(waiver.key, []).append(waiver.mark)
        self.snoozes: dict[str, list[Snoozed]] = {}
        for snooze in facts.of(Snoozed):
            self.snoozes.setdefault(snooze.key, []).append(snooze)

    # working time

    def time(self, policy: Policy) -> Calendar:
        """The working time of a policy."""
        return policy.working_time or self.calendar

    def then(self, moment: Order) -> Calendar:
        """The working time in force just before a place in the order."""
        return self.time(self.policy.at(moment))

    # a promise's life

    def settled(self, ground: Ground) -> Promise | None:
        """The promise as its life has left it; None where it never opened."""
        return self.lived(ground, self.ending(ground))

    def lived(self, ground: Ground, ending: tuple[Mark, Status] | None) -> Promise | None:
        if not self.opens(ground):
            return None
        if (imported_at := self.imported.get(ground.about)) is not None:
            then = just_after(imported_at)
            if (ending is None or ending[0].at > imported_at) and self.due(ground, then)[0] <= imported_at:
                return self.promise(ground, then, Status.HISTORY)
        if ending is None:
            return self.promise(ground, END, Status.OPEN) if self.knows(ground, END) else None
        mark, status = ending
        return self.promise(ground, mark.order, status, mark)

    def opens(self, ground: Ground) -> bool:
        if self.facts.is_erased(ground.opens):
            return False
        return ground.kind in OPEN_DESPITE_SILENCE or self.facts.may_contact(ground.opens)

    def ending(self, ground: Ground) -> tuple[Mark, Status] | None:
        """The first fact that settles it, and how; one fact that both keeps and ends it keeps it."""
        kept = next((mark for mark in ground.kept_by if mark.order > ground.opens), None)
        events = [(mark.order, 2, mark) for mark in ground.soft_ends]
        events += [(mark.order, 3, mark) for mark in self.hard_ends(ground)]
        events += [(mark.order, 1, mark) for mark in self.waivers.get(ground.key, ())]
        if kept is not None:
            events.append((kept.order, 0, kept))
        for order, rank, mark in sorted(events):
            if order <= ground.opens or not self.knows(ground, order):
                continue
            if rank == 1:
                return mark, Status.WAIVED
            if rank == 3:
                return mark, Status.VOID
            is_late = to_the_minute(mark.at) > self.due(ground, order)[0]
            if rank == 0:
                return mark, Status.KEPT_LATE if is_late else Status.KEPT_ON_TIME
            if not is_late:
                return mark, Status.VOID
        return None

    def hard_ends(self, ground: Ground) -> Iterator[Mark]:
        yield from ground.hard_ends
        if self.facts.erased is not None:
            yield self.facts.erased
        if ground.kind not in NOT_TO_THE_CANDIDATE:
            yield from (forbidden.mark for forbidden in self.facts.of(ContactForbidden))
        if ground.process is not None and ground.kind is not Kind.OUTCOME:
            yield from (span.end for span in ground.process.active if span.is_hard and span.end is not None)

    def due(self, ground: Ground, moment: Order) -> tuple[datetime, datetime, bool]:
        """Due, due by the rule alone, and whether a snooze stands, just before a place in the order."""
        rule_due = ground.due(self.policy.at(moment), moment)
        snoozed = [s.until for s in self.snoozes.get(ground.key, ()) if s.order < moment]
        return max([rule_due, *snoozed]), rule_due, bool(snoozed)

    def knows(self, ground: Ground, moment: Order) -> bool:
        return ground.exists is None or ground.exists(self.policy.at(moment))

    def promise(self, ground: Ground, moment: Order, status: Status, mark: Mark | None = None) -> Promise:
        due, rule_due, is_snoozed = self.due(ground, moment)
        late = hours = None
        if status in COUNTED:
            late = self.then(moment).working_days_late(due, mark.at) if mark and status is Status.KEPT_LATE else 0
        if mark and ground.kind is Kind.REPLY and status in KEPT:
            hours = self.then(moment).working_hours(ground.opens[0], mark.at)
        return Promise(
            kind=ground.kind,
            key=ground.key,
            about=ground.about,
            process=ground.process.id if ground.process else None,
            client=ground.process.started.client_id if ground.process else None,
            owner=ground.owner(moment),
            opened_at=ground.opens[0],
            due_at=due,
            rule_due_at=rule_due,
            is_snoozed=is_snoozed,
            status=status,
            settled_at=mark.at if mark else None,
            settled_by=mark.fact_id if mark else None,
            late=late,
            hours=hours,
        )

    def chain(
        self,
        kind: Kind,
        ground_id: int,
        span: Span,
        words: Sequence[Contact],
        due: Callable[[Policy, Order, Mark], datetime],
        owner: Owner,
        process: Process | None,
        *,
        counted_from: Mark | None = None,
        answer: Mark | None = None,
    ) -> Iterator[Promise]:
        """One promise after the other while the ground stands: what keeps one, or waives it, opens the next.

        A word on the same day as the one counted from changes nothing, unless it is the client's answer.
        """
        ends = [span.end] if span.end is not None else []
        opener, counted_from = span.start, counted_from or span.start
        while True:
            day = self.then(counted_from.order).day
            same_day = day(counted_from.at)
            later = words_after(opener.order, words)
            keepers = (w.mark for w in later if w.mark == answer or day(w.happened) != same_day)
            ground = Ground(
                kind=kind,
                key=f"{kind}:{ground_id}:{opener.fact_id}",
                about=opener.fact_id,
                opens=opener.order,
                due=lambda policy, moment, opener=opener: due(policy, moment, opener),  # type: ignore[misc]
                owner=owner,
                kept_by=keepers,
                soft_ends=() if span.is_hard else ends,
                hard_ends=ends if span.is_hard else (),
                process=process,
            )
            ending = self.ending(ground)
            promise = self.lived(ground, ending)
            if promise is None:
                return
            yield promise
            if ending is None or ending[1] is Status.VOID or (span.end and ending[0].order >= span.end.order):
                return
            opener = counted_from = ending[0]

    # whose it is, and by when

    def process_of(self, fact: Fact) -> Process | None:
        return self.facts.process_by_id.get(fact.process) if fact.process is not None else None

    def owner_about(self, process: Process | None) -> Owner:
        """About a process: its owner; else the candidate's."""
        if process is None:
            return self.facts.owner
        return lambda moment: self.facts.process_owner(process, moment)

    def owner_personal(self, member: int | None, fact: Fact, opens: Order) -> Owner:
        """The owner of something a member took on in person: that member, then whoever took it over from them."""
        if member is None:
            return self.owner_about(self.process_of(fact))
        return lambda moment: self.facts.personal_owner(member, fact.candidate, moment, since=opens)

    def working_days_after(self, moment: datetime, days: Callable[[Policy], int]) -> Due:
        return lambda policy, _: self.time(policy).after(moment, days(policy))

    def same_day(self, moment: datetime, hours: Callable[[Policy], float]) -> Due:
        return lambda policy, _: self.time(policy).same_day(moment, hours(policy))

    # keeping in touch

    def allowed(self, spans: Iterable[Span]) -> Iterator[Span]:
        """The parts of these stretches in which contact was allowed."""
        for span in spans:
            start: Mark | None = span.start
            for silence in self.facts.forbidden:
                if start is None or (span.end is not None and silence.start.order >= span.end.order):
                    break
                if silence.end is not None and silence.end.order <= start.order:
                    continue
                if silence.start.order > start.order:
                    yield Span(start, silence.start, is_hard=True)
                inside = silence.end is not None and (span.end is None or silence.end.order < span.end.order)
                start = silence.end if inside else None
            if start is not None:
                yield Span(start, span.end, is_hard=span.is_hard)

    def grounds_to_keep_in_touch(self) -> Iterator[Span]:
        """A rhythm set, no process active, no placement in its check-in time, contact allowed."""
        if not self.facts.rhythms:
            return
        busy = [span for process in self.facts.processes for span in process.active]
        busy += self.placements_in_check_in_time()
        silent = list(self.facts.forbidden)
        if self.facts.erased is not None:
            silent.append(Span(self.facts.erased, None))
        turns = {mark for mark, _ in self.facts.rhythms}
        turns |= {mark for span in busy + silent for mark in (span.start, span.end) if mark is not None}
        since: Mark | None = None
        for turn in sorted(turns):
            is_silent = any(span.covers(turn.order) for span in silent)
            rhythm = [rhythm for mark, rhythm in self.facts.rhythms if mark <= turn][-1:]
            whole = not is_silent and rhythm not in ([], [None]) and not any(s.covers(turn.order) for s in busy)
            if whole and since is None:
                since = turn
            elif not whole and since is not None:
                yield Span(since, turn, is_hard=is_silent)
                since = None
        if since is not None:
            yield Span(since, None)

    def placements_in_check_in_time(self) -> Iterator[Span]:
        for placement in self.facts.of(Placed):
            ends = [f.mark for f in self.facts.of(PlacementEnded) if f.placement == placement.id]
            ends.append(Mark(just_before(self.check_in_time_over(placement)), placement.id))
            if (end := min(ends)) > placement.mark:
                yield Span(placement.mark, end)

    def check_in_time_over(self, placement: Placed) -> datetime:
        """The start of the day after the last check-in's date, by the policy in force then."""
        begins = [NEVER, *(order[0] for order, _ in self.policy.changes)]
        over = placement.happened
        for policy, since, until in zip(self.policy.ever, begins, [*begins[1:], EVER], strict=True):
            last = max(policy.check_in, default=None)
            over = placement.happened
            if last is not None:
                over = self.time(policy).start_of(placement.starts_on + timedelta(days=last) + ONE_DAY)
            if (over := max(over, since)) < until:
                break
        return over

    def rhythm(self, moment: Order) -> Rhythm:
        """The rhythm just before a place in the order; where there is none any more, the last there was."""
        before = [rhythm for mark, rhythm in self.facts.rhythms if mark.order < moment and rhythm is not None]
        return before[-1] if before else next(rhythm for _, rhythm in self.facts.rhythms if rhythm is not None)

    def rhythm_changed(self, *, after: Order, before: Order) -> datetime | None:
        """When the rhythm was last changed to another length in between."""
        changed, length = None, None
        for mark, rhythm in self.facts.rhythms:
            if mark.order >= before:
                break
            if rhythm is None:
                continue
            if length is not None and rhythm != length and mark.order > after:
                changed = mark.at
            length = rhythm
        return changed

    def quiet_until(self, moment: Order) -> date | None:
        return next((q.until for q in reversed(self.facts.of(QuietSet)) if q.order < moment), None)


def words_after(moment: Order, words: Sequence[Contact]) -> Sequence[Contact]:
    """The words said after a place in the order, of words in order."""
    return words[bisect_right(words, moment, key=lambda word: word.order) :]
