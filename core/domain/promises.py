"""What we owe one candidate: every rule of shared/promises.md, as plain functions over the facts.

A rule says what opens a promise, when it is due, what keeps it and what ends it; `settled` then lives its life.
`owed` lists all the rules: reading it is reading what Perennial believes.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from core.domain.calendar import ONE_DAY, Calendar
from core.domain.facts import (
    Absent,
    Answer,
    Arrival,
    Closed,
    ConsentGiven,
    ConsentWithdrawn,
    Contact,
    Fact,
    Facts,
    GrowthNoted,
    HandedOver,
    MeetingKind,
    MeetingResult,
    Placed,
    PlacementEnded,
    Process,
    QuietSet,
    Referred,
    Reopened,
    Rhythm,
    RhythmSet,
    Snoozed,
    Span,
    Waived,
    Way,
)
from core.domain.order import END, EVER, NEVER, Mark, Order, just_after, just_before
from core.domain.policy import Policies, Policy


class Kind(StrEnum):
    REPLY = "reply"
    UPDATE = "update"
    DELAY = "delay"
    CHASE = "chase"
    OUTCOME = "outcome"
    DEBRIEF = "debrief"
    AMENDS = "amends"
    FEEDBACK = "feedback"
    FOLLOW_UP = "follow_up"
    KEEP_IN_TOUCH = "keep_in_touch"
    REVISIT = "revisit"
    CHECK_IN = "check_in"
    THANKS = "thanks"
    INTRODUCE = "introduce"
    CONSENT = "consent"


NOT_TO_THE_CANDIDATE = frozenset({Kind.CHASE, Kind.OUTCOME, Kind.CONSENT})
"""Kinds that no word to the candidate keeps, so that do-not-contact does not end them."""

OPEN_DESPITE_SILENCE = NOT_TO_THE_CANDIDATE | {Kind.REPLY, Kind.FOLLOW_UP}
"""Kinds that open while do-not-contact stands: it stops what we start, not the answer to someone who writes."""


class Status(StrEnum):
    """What is stored; which of the open ones are overdue only the clock says."""

    OPEN = "open"
    KEPT_ON_TIME = "kept on time"
    KEPT_LATE = "kept late"
    WAIVED = "waived"
    VOID = "void"
    HISTORY = "history"


class State(StrEnum):
    UPCOMING = "upcoming"
    DUE = "due"
    OVERDUE = "overdue"
    KEPT_ON_TIME = "kept on time"
    KEPT_LATE = "kept late"
    WAIVED = "waived"
    VOID = "void"
    HISTORY = "history"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    kind: Kind
    key: str
    """Kind, what it is about, and the opening fact where one thing opens several; no two share one."""
    about: int
    """The fact that opened it."""
    process: int | None
    owner: int | None
    opened_at: datetime
    due_at: datetime
    rule_due_at: datetime
    """As the rule says; differs from `due_at` where a snooze stands."""
    is_snoozed: bool
    status: Status
    settled_at: datetime | None = None
    settled_by: int | None = None


def state(status: Status, due_at: datetime, *, now: datetime, calendar: Calendar) -> State:
    """Settled is settled; upcoming, due and overdue are only the clock's. At the minute of due it is not overdue."""
    if status is not Status.OPEN:
        return State(status.value)
    if to_the_minute(now) > due_at:
        return State.OVERDUE
    return State.DUE if calendar.day(due_at) == calendar.day(now) else State.UPCOMING


def to_the_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


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


def owed(facts: Facts, policy: Policies, calendar: Calendar) -> list[Promise]:
    """All promises to one candidate, open and past, and those still asleep (opened at a moment to come)."""
    book = Book(facts, policy, calendar)
    rules: tuple[Callable[[Book], Iterator[Promise | None]], ...] = (
        replies,
        updates,
        delays,
        chases,
        outcomes,
        debriefs,
        amends,
        feedback,
        follow_ups,
        keeping_in_touch,
        revisits,
        check_ins,
        thanks,
        introductions,
        consents,
    )
    return [promise for rule in rules for promise in rule(book) if promise is not None]


# the rules


def replies(book: "Book") -> Iterator[Promise | None]:
    """Every word from the candidate is owed an answer, unless it needs none.

    Being unable to help is an answer too; silence is the only thing that is not.
    """
    for said in book.facts.words_from:
        if said.needs_answer:
            process = book.process_of(said)
            yield book.settled(
                Ground(
                    kind=Kind.REPLY,
                    key=f"reply:{said.id}",
                    about=said.id,
                    opens=said.order,
                    due=book.working_days_after(said.happened, lambda p: p.reply),
                    owner=book.owner_about(process),
                    kept_by=marks(words_after(said.order, book.facts.personal_words)),
                    process=process,
                )
            )


def updates(book: "Book") -> Iterator[Promise | None]:
    """No active candidate goes longer than the stage's cadence without a word, news or none."""
    for process in book.facts.processes:
        words = book.facts.words_for(process)

        def due(policy: Policy, moment: Order, opener: Mark, process: Process = process) -> datetime:
            held = process.is_held(moment)
            cadence = policy.update_on_hold if held else policy.cadence(process.stage(moment))
            since = max(opener.at, process.resumed(moment) or opener.at)
            return book.calendar.after(since, cadence)

        for span in book.allowed(process.active):
            yield from book.chain(Kind.UPDATE, process.id, span, words, due, book.owner_about(process), process)


def delays(book: "Book") -> Iterator[Promise | None]:
    """Waiting is bearable when one is told of it: the role on hold, or the client past its answer time."""
    for process in book.facts.processes:
        about_it = [word for word in book.facts.words_to if word.process == process.id]
        closings = [span.end for span in process.active if span.end is not None]

        def delay(
            fact: Mark,
            opens: Order,
            ends: list[Mark],
            process: Process = process,
            about_it: list[Contact] = about_it,
            closings: list[Mark] = closings,
        ) -> Promise | None:
            return book.settled(
                Ground(
                    kind=Kind.DELAY,
                    key=f"delay:{process.id}:{fact.fact_id}",
                    about=fact.fact_id,
                    opens=opens,
                    due=book.working_days_after(opens[0], lambda p: p.delay),
                    owner=book.owner_about(process),
                    kept_by=marks(about_it),
                    soft_ends=sorted(ends + closings),
                    process=process,
                )
            )

        for hold in process.held:
            if process.is_active(hold.start.order):
                yield delay(hold.start, hold.start.order, [hold.end] if hold.end else [])
        for wait in process.waits:
            start, end = wait.span.start, wait.span.end
            answer_time = book.policy.at(start.order).answer_time(process.started.client)
            passed = book.calendar.after(start.at, answer_time)
            if end is None or passed < end.at:
                yield delay(start, just_before(passed), [end] if end else [])


def chases(book: "Book") -> Iterator[Promise | None]:
    """A silent client is chased; only the client's own word ends that in the ordinary way."""
    for process in book.facts.processes:
        said = [f for f in process.facts if isinstance(f, Contact) and f.way in (Way.CLIENT_TO, Way.CLIENT_FROM)]

        def due(policy: Policy, moment: Order, opener: Mark, client: str | None = process.started.client) -> datetime:
            return book.calendar.after(opener.at, policy.answer_time(client))

        for wait in process.waits:
            yield from book.chain(
                Kind.CHASE,
                process.id,
                wait.span,
                said,
                due,
                book.owner_about(process),
                process,
                answer=wait.span.end if wait.is_answered else None,
            )


def outcomes(book: "Book") -> Iterator[Promise | None]:
    """A meeting that is over has an outcome, and it says who was there."""
    for meeting in book.facts.meetings:
        noted = meeting.outcome
        if noted is not None and to_the_minute(noted.entered) <= meeting.ends:
            continue
        yield book.settled(
            Ground(
                kind=Kind.OUTCOME,
                key=f"outcome:{meeting.planned.id}",
                about=meeting.planned.id,
                opens=just_before(meeting.ends),
                due=book.same_day(meeting.ends, lambda p: p.outcome),
                owner=book.owner_personal(meeting.planned.host, meeting.planned, meeting.ends),
                kept_by=[Mark((noted.entered, noted.id), noted.id)] if noted else [],
                process=book.process_of(meeting.planned),
            )
        )


def debriefs(book: "Book") -> Iterator[Promise | None]:
    """Whoever gave an interview hears how it went."""
    for meeting in book.facts.meetings:
        noted = meeting.outcome
        if meeting.planned.kind is MeetingKind.INTERVIEW and noted is not None and noted.result is MeetingResult.HELD:
            process = book.process_of(meeting.planned)
            words = book.facts.personal_words
            yield book.settled(
                Ground(
                    kind=Kind.DEBRIEF,
                    key=f"debrief:{meeting.planned.id}",
                    about=noted.id,
                    opens=(meeting.ends, noted.id),
                    due=book.working_days_after(meeting.ends, lambda p: p.debrief),
                    owner=book.owner_about(process),
                    kept_by=marks(w for w in words if process is None or w.process == process.id),
                    process=process,
                )
            )


def amends(book: "Book") -> Iterator[Promise | None]:
    """Not turning up is made good the same day, whether it was us or the client."""
    for meeting in book.facts.meetings:
        noted = meeting.outcome
        if noted is None or noted.result is not MeetingResult.MISSED or noted.absent is Absent.CANDIDATE:
            continue
        process = book.process_of(meeting.planned)
        absent = noted.absent_member or meeting.planned.host
        ours = noted.absent is not Absent.CLIENT
        words = book.facts.personal_words
        yield book.settled(
            Ground(
                kind=Kind.AMENDS,
                key=f"amends:{meeting.planned.id}",
                about=noted.id,
                opens=(meeting.starts, noted.id),
                due=book.same_day(meeting.starts, lambda p: p.amends),
                owner=book.owner_personal(absent, noted, meeting.starts) if ours else book.owner_about(process),
                kept_by=marks(w for w in words if process is None or w.process in (None, process.id)),
                process=process,
            )
        )


def feedback(book: "Book") -> Iterator[Promise | None]:
    """No process ends in silence: told, or owed from then on. Undoing the word that told makes it owed."""
    for process in book.facts.processes:
        telling = [w for w in book.facts.personal_words if tells(w, process)]
        reopenings = [f.mark for f in process.facts if isinstance(f, Reopened)]
        for closing in (f for f in process.facts if isinstance(f, Closed)):
            since = process.last_started(closing.order)
            said_before = [w for w in telling if since < w.order < closing.order]
            if closing.answer not in (Answer.TOLD, Answer.OWED) or (closing.answer is Answer.TOLD and said_before):
                continue
            already = [Mark((closing.happened, closing.id + 1), w.id) for w in said_before[:1]]
            yield book.settled(
                Ground(
                    kind=Kind.FEEDBACK,
                    key=f"feedback:{process.id}:{closing.id}",
                    about=closing.id,
                    opens=closing.order,
                    due=book.working_days_after(closing.happened, lambda p: p.feedback),
                    owner=book.owner_about(process),
                    kept_by=already or marks(w for w in telling if w.order > closing.order),
                    soft_ends=reopenings,
                    process=process,
                )
            )


def follow_ups(book: "Book") -> Iterator[Promise | None]:
    """“I'll come back to you on Friday” is due on Friday, weekend or not."""
    for said in book.facts.of(Contact):
        if said.next_due is None:
            continue
        what = same_text(said.next_what)

        def keeps(word: Contact, said: Contact = said, what: str = what) -> bool:
            return said.id in word.keeps or (bool(what) and same_text(word.about) == what)

        next_due = said.next_due
        yield book.settled(
            Ground(
                kind=Kind.FOLLOW_UP,
                key=f"follow_up:{said.id}",
                about=said.id,
                opens=said.order,
                due=lambda policy, moment, next_due=next_due: next_due,  # type: ignore[misc]
                owner=book.owner_personal(said.by, said, said.happened),
                kept_by=marks(w for w in book.facts.personal_words if keeps(w)),
                process=book.process_of(said),
            )
        )


def keeping_in_touch(book: "Book") -> Iterator[Promise | None]:
    """A relationship has a rhythm, which a process, a new job or the wish for silence pauses."""
    facts, calendar = book.facts, book.calendar
    first_dates = {arrival.id: arrival.first_on for arrival in facts.of(Arrival)}
    for span in book.grounds_to_keep_in_touch():
        first = span.start
        before = [word.mark for word in facts.personal_words if word.order < first.order]
        counted_from = before[-1] if before else first

        def due(
            policy: Policy, moment: Order, opener: Mark, first: Mark = first, counted_from: Mark = counted_from
        ) -> datetime:
            if opener == first and (first_on := first_dates.get(first.fact_id)) is not None:
                return calendar.on(first_on)
            counted = calendar.day((counted_from if opener == first else opener).at)
            dues = [calendar.on(book.rhythm(moment).after(counted))]
            if opener == first:
                dues.append(calendar.after(first.at, policy.catch_up))
            if (changed := book.rhythm_changed(after=opener.order, before=moment)) is not None:
                dues.append(calendar.after(changed, policy.catch_up))
            if (quiet := book.quiet_until(moment)) is not None:
                dues.append(calendar.on(quiet))
            return max(dues)

        yield from book.chain(
            Kind.KEEP_IN_TOUCH,
            facts.candidate,
            span,
            facts.personal_words,
            due,
            facts.owner,
            None,
            counted_from=counted_from,
        )


def revisits(book: "Book") -> Iterator[Promise | None]:
    """“Not now” has a date."""

    def revisit(about: Fact, on: date, process: Process | None, ends: list[Mark]) -> Promise | None:
        def keeps(word: Contact) -> bool:
            return book.calendar.day(word.happened) >= on or about.id in word.keeps

        return book.settled(
            Ground(
                kind=Kind.REVISIT,
                key=f"revisit:{about.id}",
                about=about.id,
                opens=about.order,
                due=lambda policy, moment: book.calendar.on(on),
                owner=book.owner_about(process),
                kept_by=marks(w for w in book.facts.personal_words if keeps(w)),
                soft_ends=ends,
                process=process,
            )
        )

    for closing in book.facts.of(Closed):
        process = book.process_of(closing)
        if closing.revisit_on is not None and process is not None:
            yield revisit(
                closing, closing.revisit_on, process, [f.mark for f in process.facts if isinstance(f, Reopened)]
            )
    for note in book.facts.of(GrowthNoted):
        if note.revisit_on is not None:
            yield revisit(note, note.revisit_on, None, [])


def check_ins(book: "Book") -> Iterator[Promise | None]:
    """People we placed are asked how it goes, until the job ends."""
    asked = [word for word in book.facts.personal_words if word.is_check_in]
    for placement in book.facts.of(Placed):
        ends = [f.mark for f in book.facts.of(PlacementEnded) if f.placement == placement.id]
        for days in sorted({days for policy in book.policy.ever for days in policy.check_in}):
            on = placement.starts_on + timedelta(days=days)

            def in_time(word: Contact, on: date = on) -> bool:
                early = timedelta(days=book.policy.at(word.order).check_in_early)
                return book.calendar.day(word.happened) >= on - early

            yield book.settled(
                Ground(
                    kind=Kind.CHECK_IN,
                    key=f"check_in:{placement.id}:{days}",
                    about=placement.id,
                    opens=placement.order,
                    due=lambda policy, moment, on=on: book.calendar.on(on),  # type: ignore[misc]
                    owner=book.facts.owner,
                    kept_by=marks(w for w in asked if in_time(w)),
                    soft_ends=ends,
                    exists=lambda policy, days=days: days in policy.check_in,  # type: ignore[misc]
                )
            )


def thanks(book: "Book") -> Iterator[Promise | None]:
    """Who recommends somebody is thanked, and hears what came of it."""
    thanked = [word for word in book.facts.personal_words if word.is_thanks]

    def thank(referral: Referred, what: str, opened: Mark) -> Promise | None:
        return book.settled(
            Ground(
                kind=Kind.THANKS,
                key=f"thanks:{referral.id}:{what}",
                about=referral.id,
                opens=opened.order,
                due=book.working_days_after(opened.at, lambda p: p.thanks),
                owner=book.facts.owner,
                kept_by=marks(thanked),
            )
        )

    for referral in book.facts.of(Referred):
        yield thank(referral, "recorded", referral.mark)
        if referral.outcome is not None:
            yield thank(referral, "outcome", referral.outcome)


def introductions(book: "Book") -> Iterator[Promise | None]:
    """Who takes over somebody in a process introduces themselves."""
    handovers = book.facts.of(HandedOver)
    for handover in handovers:
        if not any(process.is_active(handover.order) for process in book.facts.processes):
            continue

        def owner(moment: Order, to: int = handover.to) -> int | None:
            return book.facts.team.stands_in(to, moment)

        yield book.settled(
            Ground(
                kind=Kind.INTRODUCE,
                key=f"introduce:{handover.id}",
                about=handover.id,
                opens=handover.order,
                due=book.working_days_after(handover.happened, lambda p: p.introduce),
                owner=owner,
                kept_by=marks(w for w in book.facts.personal_words if w.by is not None and w.by == owner(w.order)),
                hard_ends=[later.mark for later in handovers if later.order > handover.order],
            )
        )


def consents(book: "Book") -> Iterator[Promise | None]:
    """A consent is renewed, or let go, before it lapses; do-not-contact does not change that."""
    answers = sorted([f.mark for f in (*book.facts.of(ConsentGiven), *book.facts.of(ConsentWithdrawn))])
    if book.facts.erased is not None:
        answers = sorted([*answers, book.facts.erased])
    for consent in book.facts.of(ConsentGiven):
        answer = next((mark for mark in answers if mark.order > consent.order), None)
        policy = book.policy.at(answer.order if answer else END)
        asked = book.calendar.start_of(consent.until - timedelta(days=policy.consent_before))
        opens = consent.order if asked <= consent.happened else just_before(asked)
        if answer is not None and answer.order < opens:
            continue
        yield book.settled(
            Ground(
                kind=Kind.CONSENT,
                key=f"consent:{consent.id}",
                about=consent.id,
                opens=opens,
                due=lambda policy, moment, until=consent.until: book.calendar.by(until),  # type: ignore[misc]
                owner=book.facts.owner,
                kept_by=[answer] if answer else [],
            )
        )


# what the rules share


def marks(facts: Iterable[Fact]) -> Iterator[Mark]:
    return (fact.mark for fact in facts)


def words_after(moment: Order, words: Sequence[Contact]) -> Sequence[Contact]:
    """The words said after a place in the order, of words in order."""
    return words[bisect_right(words, moment, key=lambda word: word.order) :]


def same_text(text: str | None) -> str:
    return (text or "").strip().casefold()


def tells(word: Contact, process: Process) -> bool:
    """Whether a word is feedback on a process: marked so, with text, and about it."""
    return word.is_feedback and word.has_text and word.process == process.id


class Book:
    """The facts with the policy and the calendar, and what several rules ask of them."""

    def __init__(self, facts: Facts, policy: Policies, calendar: Calendar) -> None:
        self.facts, self.policy, self.calendar = facts, policy, calendar
        self.imported = {fact.id: fact.entered for fact in facts.all if fact.imported}
        self.waivers: dict[str, list[Mark]] = {}
        for waiver in facts.of(Waived):
            self.waivers.setdefault(waiver.key, []).append(waiver.mark)
        self.snoozes: dict[str, list[Snoozed]] = {}
        for snooze in facts.of(Snoozed):
            self.snoozes.setdefault(snooze.key, []).append(snooze)
        rhythms = [*((f.mark, f.rhythm) for f in facts.of(RhythmSet)), *arrival_rhythms(facts)]
        self.rhythms: list[tuple[Mark, Rhythm | None]] = sorted(rhythms, key=lambda r: r[0])

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
            yield from (span.start for span in self.facts.forbidden)
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
        return Promise(
            kind=ground.kind,
            key=ground.key,
            about=ground.about,
            process=ground.process.id if ground.process else None,
            owner=ground.owner(moment),
            opened_at=ground.opens[0],
            due_at=due,
            rule_due_at=rule_due,
            is_snoozed=is_snoozed,
            status=status,
            settled_at=mark.at if mark else None,
            settled_by=mark.fact_id if mark else None,
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
            same_day = self.calendar.day(counted_from.at)
            later = words_after(opener.order, words)
            keepers = (w.mark for w in later if w.mark == answer or self.calendar.day(w.happened) != same_day)
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

    def owner_personal(self, member: int | None, fact: Fact, opened_at: datetime) -> Owner:
        """Whoever took it on, and whoever took it over from them."""
        if member is None:
            return self.owner_about(self.process_of(fact))
        return lambda moment: self.facts.personal_owner(member, fact.candidate, moment, since=opened_at)

    def working_days_after(self, moment: datetime, days: Callable[[Policy], int]) -> Due:
        return lambda policy, _: self.calendar.after(moment, days(policy))

    def same_day(self, moment: datetime, hours: Callable[[Policy], float]) -> Due:
        return lambda policy, _: self.calendar.same_day(moment, hours(policy))

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
        if not self.rhythms:
            return
        busy = [span for process in self.facts.processes for span in process.active]
        busy += self.placements_in_check_in_time()
        silent = list(self.facts.forbidden)
        if self.facts.erased is not None:
            silent.append(Span(self.facts.erased, None))
        turns = {mark for mark, _ in self.rhythms}
        turns |= {mark for span in busy + silent for mark in (span.start, span.end) if mark is not None}
        since: Mark | None = None
        for turn in sorted(turns):
            is_silent = any(span.covers(turn.order) for span in silent)
            rhythm = [rhythm for mark, rhythm in self.rhythms if mark <= turn][-1:]
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
                over = self.calendar.start_of(placement.starts_on + timedelta(days=last) + ONE_DAY)
            if (over := max(over, since)) < until:
                break
        return over

    def rhythm(self, moment: Order) -> Rhythm:
        """The rhythm just before a place in the order; where there is none any more, the last there was."""
        before = [rhythm for mark, rhythm in self.rhythms if mark.order < moment and rhythm is not None]
        return before[-1] if before else next(rhythm for _, rhythm in self.rhythms if rhythm is not None)

    def rhythm_changed(self, *, after: Order, before: Order) -> datetime | None:
        """When the rhythm was last changed to another length in between."""
        changed, length = None, None
        for mark, rhythm in self.rhythms:
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


def arrival_rhythms(facts: Facts) -> Iterator[tuple[Mark, Rhythm | None]]:
    return ((arrival.mark, arrival.rhythm) for arrival in facts.of(Arrival) if arrival.rhythm is not None)
