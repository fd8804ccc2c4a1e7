"""What we owe one candidate: every rule of shared/promises.md, as plain functions over the facts.

A rule says what opens a promise, when it is due, what keeps it and what ends it; `Book.settled` then lives its life.
`owed` lists all the rules: reading it is reading what Perennial believes.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta

from core.domain.book import Book, Ground, words_after
from core.domain.calendar import Calendar
from core.domain.facts import (
    Absent,
    Answer,
    Arrival,
    Closed,
    ConsentGiven,
    ConsentWithdrawn,
    Contact,
    Fact,
    GrowthNoted,
    HandedOver,
    MeetingKind,
    MeetingResult,
    Placed,
    PlacementEnded,
    Referred,
    Reopened,
    Way,
)
from core.domain.life import Facts, Process
from core.domain.order import END, Mark, Order, just_before
from core.domain.policy import Policies, Policy
from core.domain.promises import Kind, Promise, to_the_minute


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
            return book.time(policy).after(since, cadence)

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
            policy = book.policy.at(start.order)
            passed = book.time(policy).after(start.at, policy.answer_time(process.started.client))
            if end is None or passed < end.at:
                yield delay(start, just_before(passed), [end] if end else [])


def chases(book: "Book") -> Iterator[Promise | None]:
    """A silent client is chased; only the client's own word ends that in the ordinary way."""
    for process in book.facts.processes:
        said = [f for f in process.facts if isinstance(f, Contact) and f.way in (Way.CLIENT_TO, Way.CLIENT_FROM)]

        def due(policy: Policy, moment: Order, opener: Mark, client: str | None = process.started.client) -> datetime:
            return book.time(policy).after(opener.at, policy.answer_time(client))

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
                owner=book.owner_personal(meeting.host, meeting.hosting, just_before(meeting.ends)),
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
                    kept_by=marks(w for w in words if meeting.planned.process in (None, w.process)),
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
        absent = noted.absent_member or meeting.host
        ours = noted.absent is not Absent.CLIENT
        opens = (meeting.starts, noted.id)
        words = book.facts.personal_words
        yield book.settled(
            Ground(
                kind=Kind.AMENDS,
                key=f"amends:{meeting.planned.id}",
                about=noted.id,
                opens=opens,
                due=book.same_day(meeting.starts, lambda p: p.amends),
                owner=book.owner_personal(absent, noted, opens) if ours else book.owner_about(process),
                kept_by=marks(
                    w
                    for w in words
                    if None in (meeting.planned.process, w.process) or w.process == meeting.planned.process
                ),
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
            told = [w for w in telling if since < w.order and w.id < closing.id]  # on record when it was closed
            if closing.answer not in (Answer.TOLD, Answer.OWED) or (closing.answer is Answer.TOLD and told):
                continue
            said_before = [w for w in telling if since < w.order < closing.order]
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
                owner=book.owner_personal(said.by, said, said.order),
                kept_by=marks(w for w in book.facts.personal_words if keeps(w)),
                process=book.process_of(said),
            )
        )


def keeping_in_touch(book: "Book") -> Iterator[Promise | None]:
    """A relationship has a rhythm, which a process, a new job or the wish for silence pauses."""
    facts = book.facts
    arrivals = sorted(facts.of(Arrival), key=lambda arrival: arrival.candidate == facts.candidate)
    first_dates = {arrival.happened: arrival.first_on for arrival in arrivals if arrival.first_on is not None}
    brought = {arrival.id for arrival in arrivals}
    for span in book.grounds_to_keep_in_touch():
        first = span.start
        before = [word.mark for word in facts.personal_words if word.order < first.order]
        counted_from = before[-1] if before else first

        def due(
            policy: Policy, moment: Order, opener: Mark, first: Mark = first, counted_from: Mark = counted_from
        ) -> datetime:
            calendar = book.time(policy)
            if opener == first and first.fact_id in brought and first.at in first_dates:
                return calendar.on(first_dates[first.at])
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
            return book.then(word.order).day(word.happened) >= on or about.id in word.keeps

        return book.settled(
            Ground(
                kind=Kind.REVISIT,
                key=f"revisit:{about.id}",
                about=about.id,
                opens=about.order,
                due=lambda policy, moment: book.time(policy).on(on),
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
                policy = book.policy.at(word.order)
                return book.time(policy).day(word.happened) >= on - timedelta(days=policy.check_in_early)

            yield book.settled(
                Ground(
                    kind=Kind.CHECK_IN,
                    key=f"check_in:{placement.id}:{days}",
                    about=placement.id,
                    opens=placement.order,
                    due=lambda policy, moment, on=on: book.time(policy).on(on),  # type: ignore[misc]
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
        asked = book.time(policy).start_of(consent.until - timedelta(days=policy.consent_before))
        opens = consent.order if asked <= consent.happened else just_before(asked)
        if answer is not None and answer.order < opens:
            continue
        yield book.settled(
            Ground(
                kind=Kind.CONSENT,
                key=f"consent:{consent.id}",
                about=consent.id,
                opens=opens,
                due=lambda policy, moment, until=consent.until: book.time(policy).by(until),  # type: ignore[misc]
                owner=book.facts.owner,
                kept_by=[answer] if answer else [],
            )
        )


# what the rules share


def marks(facts: Iterable[Fact]) -> Iterator[Mark]:
    return (fact.mark for fact in facts)


def same_text(text: str | None) -> str:
    return (text or "").strip().casefold()


def tells(word: Contact, process: Process) -> bool:
    """Whether a word is feedback on a process: marked so, with text, and about it."""
    return word.is_feedback and word.has_text and word.process == process.id
