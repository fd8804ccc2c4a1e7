"""A made-up candidate's life with the team, told day by day: what was said, promised, kept and kept late.

The team of these stories knows its promises: each thing that opens one notes here by when a word is owed, a moment is
chosen to say it (nearly always in time), and what is said then settles whatever it fits. The rules themselves decide
afterwards what was kept; nothing here writes a promise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any

from core.demo.happenings import Beside, Happening, KeyOf, Person
from core.demo.words import said
from core.demo.world import Vacancy, World, day_later, is_held
from core.domain.bases import ConsentBasis, Purpose
from core.domain.facts import (
    ASKED_FIRST,
    Absent,
    Answer,
    ClosingReason,
    MeetingKind,
    MeetingResult,
    OpeningStatus,
    Result,
    Rhythm,
    Turn,
    Unit,
    Way,
)
from core.persistence.tables import Claim, ClaimSource, FactKind, Question, Recommendation, Table

RHYTHMS = (
    (Rhythm(6, Unit.WEEKS), 6),
    (Rhythm(3, Unit.MONTHS), 24),
    (Rhythm(6, Unit.MONTHS), 45),
    (Rhythm(12, Unit.MONTHS), 25),
)
IN_TIME = 0.84
"""How often the team means to be in time; a word said for another reason often keeps the rest."""
CHECK_IN_DAYS = (0, 7, 30, 90, 180, 365)
SPECIAL = frozenset({"follow_up", "thanks", "check_in", "revisit", "feedback"})
"""What only a word of its own settles."""
OF_THE_PROCESS = frozenset({"update", "delay", "hold", "debrief"})
BY_PHONE = frozenset({"reply", "update", "debrief", "touch", "check_in", "amends", "revisit"})
ANSWERS = {
    "quick": ((1, 2, 3, 4), (45, 35, 15, 5)),
    "usual": ((1, 2, 3, 4, 5, 7, 10, 14), (16, 22, 22, 13, 10, 8, 6, 3)),
    "slow": ((3, 4, 5, 7, 9, 12, 16, 22), (8, 12, 18, 20, 16, 12, 8, 6)),
}
"""A client's pace → working days to an answer, and how often it takes them."""
SILENT = {"quick": 0.0, "usual": 0.01, "slow": 0.06}
"""How often a client never answers."""
MOVES = {"quick": 0.05, "usual": 0.12, "slow": 0.3}
"""How often a meeting is moved."""
MISSES = {"quick": 0.005, "usual": 0.02, "slow": 0.09}
"""How often the client does not turn up."""
WHO_ASKED = {"quick": (5, 3, 2), "usual": (4, 2, 4), "slow": (2, 2, 8)}
"""Who has a meeting moved or cancelled: the candidate, us, the client."""
REASONS: dict[Result, tuple[tuple[ClosingReason, int], ...]] = {
    Result.HIRED: (),
    Result.REJECTED: (
        (ClosingReason.SKILLS, 30),
        (ClosingReason.EXPERIENCE, 24),
        (ClosingReason.SOMEBODY_ELSE, 20),
        (ClosingReason.LANGUAGE, 7),
        (ClosingReason.TERMS, 6),
        (ClosingReason.THIN_CV, 2),
        (ClosingReason.DEGREE, 2),
        (ClosingReason.GAP, 1),
    ),
    Result.WITHDRAWN: (
        (ClosingReason.OTHER_OFFER, 45),
        (ClosingReason.TOO_SLOW, 18),
        (ClosingReason.PRIVATE, 14),
        (ClosingReason.TERMS, 14),
        (ClosingReason.LOCATION, 9),
    ),
    Result.NOT_NOW: ((ClosingReason.EXPERIENCE, 60), (ClosingReason.SKILLS, 25), (ClosingReason.LANGUAGE, 15)),
    Result.OPENING_CLOSED: ((ClosingReason.BUDGET, 60), (ClosingReason.ROLE_CHANGED, 40)),
}
"""Why processes end like this, and how often."""
TOPICS = ((ClosingReason.THIN_CV, 3), (ClosingReason.GAP, 2), (ClosingReason.DEGREE, 2), (ClosingReason.BACKGROUND, 2))
"""What is asked before somebody is judged by it."""
SOURCES = ((ClaimSource.CV, 4), (ClaimSource.SAID, 4), (ClaimSource.TESTED, 2), (ClaimSource.REFERENCE, 1))
NOTES = dict.fromkeys(ASKED_FIRST, "note_background")
ANSWERED = {
    "outreach": ("answer_yes", 0.55, 0.8),
    "update": ("answer_short", 0.12, 0.05),
    "invite": ("answer_short", 0.75, 0.05),
    "delay": ("answer_short", 0.2, 0.1),
    "touch": ("touch_back", 0.5, 0.55),
    "check_in": ("check_in_back", 0.6, 0.3),
    "revisit": ("touch_back", 0.6, 0.6),
    "feedback": ("answer_short", 0.4, 0.05),
    "introduce": ("answer_short", 0.4, 0.1),
    "amends": ("answer_short", 0.6, 0.1),
    "debrief": ("question", 0.15, 1.0),
    "reply": ("answer_short", 0.2, 0.0),
}
"""Style → what they answer, how often they do, and how often that asks for an answer in turn."""


@dataclass(slots=True, eq=False)
class Owed:
    """A word the team knows it owes."""

    style: str
    act_at: datetime
    due: datetime
    about: Happening | None = None
    not_before: date | None = None
    what: str = ""


class Life:
    def __init__(self, world: World, person: Person, rng: Random) -> None:
        self.world, self.person, self.rng = world, person, rng
        self.calendar, self.days = world.calendar, world.days
        self.t = person.added_at
        self.owner = person.owner
        self.owed: list[Owed] = []
        self.agenda: list[tuple[datetime, int, Callable[..., Any], tuple[Any, ...]]] = []
        self.turns = count()
        self.last_word: datetime | None = None
        self.rhythm: Rhythm | None = None
        self.ground: datetime = self.t
        """Since when nothing stands in the way of keeping in touch."""
        self.quiet: date | None = None
        self.process: Happening | None = None
        self.vacancy: Vacancy | None = None
        self.waiting: Happening | None = None
        self.meeting: Happening | None = None
        self.recommendation: Beside | None = None
        """What the client was sent, and has not answered."""
        self.heard: Happening | None = None
        """Their last word."""
        self.is_held = False
        self.resumed: datetime | None = None
        self.interviews = 0
        self.is_placed = False
        self.is_banned = False
        self.is_mute = False
        """Does not answer, or must not for the story's sake."""
        self.said: dict[str, str] = {}
        self.former = self.owner
        self.friend: Person | None = None
        """Who comes into a story: a colleague who had them before, somebody to recommend."""

    # telling it

    def tell(self, until: datetime) -> None:
        """Live on to that moment: what was planned happens, what is owed is said."""
        while True:
            next_word = min(self.owed, key=lambda o: o.act_at, default=None)
            if self.agenda and (next_word is None or self.agenda[0][0] <= next_word.act_at):
                if self.agenda[0][0] >= until:
                    return
                at, _, event, arguments = heappop(self.agenda)
                self.t = max(self.t, at)
                event(*arguments)
            elif next_word is not None:
                if next_word.act_at >= until:
                    return
                self.t = max(self.t, next_word.act_at)
                self.keep(next_word)
            else:
                return

    def later(self, at: datetime, event: Callable[..., Any], *arguments: Any) -> None:
        heappush(self.agenda, (max(at, self.t), next(self.turns), event, arguments))

    def on_day(self, days: int, event: Callable[..., Any], *arguments: Any) -> None:
        """So many working days on, at some hour."""
        at = self.days.at(self.days.index(self.t) + days, self.rng.uniform(20, self.days.minutes - 90))
        self.later(at, event, *arguments)

    def pass_minutes(self, least: float, most: float) -> None:
        self.t += timedelta(minutes=round(self.rng.uniform(least, most)), seconds=self.rng.randrange(60))

    def record(self, kind: FactKind, *, by: int | None = None, at: datetime | None = None, **values: Any) -> Happening:
        """Enter a fact: mostly within minutes of its happening, now and then at the end of the day."""
        process = values.pop("process", None)
        at = at or self.t
        late = self.rng.random()
        delay = timedelta(minutes=self.rng.randrange(1, 12) if late < 0.9 else self.rng.randrange(30, 180))
        if kind in (FactKind.MEETING_OUTCOME, FactKind.WAIVER, FactKind.SNOOZE):
            delay = timedelta(seconds=1)
        happening = Happening(
            kind, self.person, at, min(at + delay, self.world.now), by or self.acting(), process, values
        )
        self.world.happenings.append(happening)
        return happening

    def beside(self, table: type[Table], **values: Any) -> Beside:
        row = Beside(table, values)
        self.world.beside.append(row)
        return row

    def acting(self) -> int:
        return self.world.acting(self.owner, self.t)

    # what is owed, and when somebody finds the time

    def owe(
        self,
        style: str,
        due: datetime,
        *,
        lead: int = 1,
        about: Happening | None = None,
        not_before: date | None = None,
        what: str = "",
    ) -> None:
        """A word is owed by then: plan to say it within so many working days before, or be late."""
        first, last = self.days.index(self.t), self.days.index(due)
        if not_before is not None:
            first = max(first, self.days.index_of(day_later(not_before, -1)) + 1)
        if self.rng.random() < IN_TIME:
            day = max(first, last - self.rng.randint(0, lead), 0)
            act = self.days.at(day, self.rng.uniform(15, self.days.minutes - 75))
            if act <= self.t:
                act = self.t + timedelta(minutes=self.rng.randrange(10, 120))
            if act > due:
                act = max(due - timedelta(minutes=self.rng.randrange(5, 50)), self.t + timedelta(minutes=2))
        else:
            late = 1 if self.rng.random() < 0.7 else self.rng.randint(2, 6)
            act = max(self.days.at(last + late, self.rng.uniform(10, 300)), self.t + timedelta(minutes=20))
            if act >= self.world.until > due and self.rng.random() < 0.6:  # few of those wait this very morning
                act = max(due, self.t) + (self.world.until - max(due, self.t)) * self.rng.uniform(0.3, 0.95)
        self.owed.append(Owed(style, act, due, about, not_before, what))

    def keep(self, owed: Owed) -> None:
        """The moment has come: say it, or for once put it off or let it go."""
        luck = self.rng.random()
        if owed.about is not None and owed.style in ("follow_up", "reply", "check_in") and owed in self.owed:
            alone = sum(other.style == owed.style for other in self.owed) == 1
            if luck < 0.02 and (alone or owed.style != "reply") and not self.is_mute:
                self.owed.remove(owed)
                self.record(FactKind.WAIVER, promise_key=self.key(owed), reason=self.words("waive"))
                return
            if luck > 0.97 and owed.style != "reply" and self.t < owed.due:
                self.put_off(owed)
                return
        if owed.style in ("touch", "check_in") and luck > 0.93:
            tomorrow = self.days.at(self.days.index(self.t) + 1, self.rng.uniform(30, 300))
            if tomorrow < owed.due:
                self.record_contact(Way.ATTEMPT, self.words("unreachable"), channel="phone")
                owed.act_at = tomorrow
                return
        self.say(owed.style, owed=owed)

    def put_off(self, owed: Owed) -> None:
        until = self.days.at(self.days.index(owed.due) + self.rng.randint(2, 6), self.days.minutes)
        self.record(FactKind.SNOOZE, promise_key=self.key(owed), until_at=until, reason=self.words("snooze"))
        owed.due = until
        owed.act_at = self.days.at(self.days.index(until), self.rng.uniform(30, 300))

    def key(self, owed: Owed) -> KeyOf:
        assert owed.about is not None
        return KeyOf(owed.style, owed.about, owed.what if owed.style == "check_in" else "")

    # words

    def words(self, style: str, **more: str) -> str:
        """One way to say it, and not the one of last time."""
        world, person = self.world, self.person
        names = {
            "first": person.first,
            "company": person.company or {"pl": "firmie"}.get(person.language, "work"),
            "title": person.title,
            "me": world.colleagues[self.acting()].name,
            "client": self.vacancy.client if self.vacancy else "the client",
            "role": self.vacancy.title if self.vacancy else "the role",
            "what": "",
            **more,
        }
        text = said(self.rng, style, person.language, **names)
        if text == self.said.get(style):
            text = said(self.rng, style, person.language, **names)
        self.said[style] = text
        return text

    def record_contact(self, way: Way, text: str, *, by: int | None = None, **values: Any) -> Happening:
        """A contact with all its columns."""
        process = values.pop("process", None)
        contact = self.record(
            FactKind.CONTACT,
            by=by,
            process=process,
            **{
                "way": way,
                "channel": "e-mail",
                "about": None,
                "text": text,
                "has_text": bool(text),
                "is_feedback": False,
                "is_thanks": False,
                "is_check_in": False,
                "is_group": False,
                "needs_answer": True,
                "still_waiting": False,
                "keeps": None,
                "next_what": None,
                "next_due_at": None,
                **values,
            },
        )
        if way in (Way.FROM, Way.TALKED):
            self.heard = contact
        return contact

    def say(
        self,
        style: str,
        *,
        owed: Owed | None = None,
        process: Happening | None = None,
        text_style: str = "",
        question: str = "",
    ) -> Happening:
        """A word to them, and all that it settles."""
        today = self.calendar.day(self.t)
        if style == "feedback" and owed is not None and owed.about is not None:
            process = owed.about.process
            text_style = text_style or f"feedback_{owed.what}"
        process = process or self.process
        kept = [o for o in self.owed if o.style == "follow_up" and (o is owed or o.act_at.date() <= today)]
        thanks = style == "thanks"
        check_in = style == "check_in"
        text = self.words(text_style or style, what=owed.what if owed else question)
        way, channel = Way.TO, self.rng.choices(("e-mail", "LinkedIn", "text message"), (6, 3, 1))[0]
        if style in BY_PHONE and not self.is_mute and self.rng.random() < 0.14:
            way, channel, text = Way.TALKED, "phone", self.words("talked")
        asks = style in ("reply", "update", "outreach", "touch") and self.rng.random() < 0.09 and not self.is_mute
        what, due = (self.words("next"), self.promised()) if asks else (None, None)
        by = self.acting()
        if self.rng.random() < 0.05 and not any(o.style == "introduce" for o in self.owed):
            by = self.world.acting(self.rng.choice(self.world.recruiters), self.t)
        word = self.record_contact(
            way,
            text,
            by=by,
            process=process,
            channel=channel,
            is_feedback=style == "feedback",
            is_thanks=thanks,
            is_check_in=check_in,
            keeps=[o.about for o in kept] or None,
            next_what=what,
            next_due_at=due,
        )
        self.owed = [
            o
            for o in self.owed
            if not (
                o.style not in SPECIAL
                or o in kept
                or (o.style == "thanks" and thanks)
                or (o.style == "check_in" and check_in and o.not_before is not None and today >= o.not_before)
                or (o.style == "revisit" and o.not_before is not None and today >= o.not_before)
                or (o.style == "feedback" and style == "feedback")
            )
        ]
        self.last_word = self.t
        if due is not None:
            self.owe("follow_up", due, about=word, what=what or "")
        self.go_on()
        self.maybe_answered(style, way)
        return word

    def promised(self) -> datetime:
        return self.days.at(
            self.days.index(self.t) + self.rng.randint(2, 6), self.rng.choice((60, 180, self.days.minutes))
        )

    def maybe_answered(self, style: str, way: Way) -> None:
        answer, chance, asks = ANSWERED.get(style, ("answer_short", 0.0, 0.0))
        if self.is_mute or way is Way.TALKED or self.rng.random() >= chance:
            return
        wait = self.rng.choice((0.5, 1, 2, 3, 5, 20, 26, 44, 70))
        self.later(
            self.t + timedelta(hours=wait * self.rng.uniform(0.7, 1.3)), self.hear, answer, self.rng.random() < asks
        )

    def hear(self, style: str, needs_answer: bool = True) -> Happening | None:
        """A word from them."""
        if self.is_mute or (self.is_banned and style != "no_more"):
            return None
        if not 7 <= self.t.astimezone(self.calendar.zone).hour < 23:
            self.later(self.t + timedelta(hours=9), self.hear, style, needs_answer)  # people sleep
            return None
        word = self.record_contact(
            Way.FROM,
            self.words(style),
            process=self.process,
            needs_answer=needs_answer,
            channel=self.rng.choices(("e-mail", "LinkedIn", "text message"), (6, 3, 1))[0],
        )
        if needs_answer:
            self.owe("reply", self.calendar.after(self.t, 1), about=word)
        return word

    def go_on(self) -> None:
        """From the last word on: by when the next is owed, in a process or to keep in touch."""
        self.owed = [o for o in self.owed if o.style not in ("update", "touch")]
        if self.is_banned:
            return
        if self.process is not None:
            since = max(filter(None, (self.last_word, self.process.at, self.resumed)))
            if self.last_word is None or self.last_word < self.process.at:
                since = max(self.process.at, self.resumed or self.process.at)
            policy = self.world.policy
            cadence = policy.update_on_hold if self.is_held else policy.cadence(self.process.values["stage"])
            self.owe("update", self.calendar.after(since, cadence), lead=1)
        elif self.rhythm is not None and not self.is_placed:
            counted = max(self.last_word or self.ground, self.person.added_at)
            dues = [self.calendar.on(self.rhythm.after(self.calendar.day(counted)))]
            if self.last_word is None or self.last_word <= self.ground:
                dues.append(self.calendar.after(self.ground, 5))
            if self.quiet is not None:
                dues.append(self.calendar.on(self.quiet))
            self.owe("touch", max(dues), lead=8)

    # a life

    def begin(self) -> None:
        """They come in; what may happen to them over the years is laid out."""
        person, rng = self.person, self.rng
        self.record(
            FactKind.ARRIVAL, at=self.t, owner_id=person.owner, rhythm_count=None, rhythm_unit=None, first_on=None
        )
        self.pass_minutes(2, 10)
        if person.source in ("Application", "Career page"):
            self.hear("applied")
        else:
            self.say("outreach")
        if rng.random() < self.world.quiet:
            return
        years = max((self.world.now - self.t).days / 365, 0)
        if rng.random() < (0.9 if person.source == "Referral" else 0.55):
            self.on_day(rng.randint(2, 12), self.start_process)
        for year in range(int(years) + 1):
            within = timedelta(days=365 * year + rng.randint(60, 360))
            if rng.random() < 0.15:
                self.later(self.t + within, self.start_process)
            if rng.random() < 0.1:
                self.later(self.t + within * rng.uniform(0.5, 1), self.hear_of_them)
            if rng.random() < (0.6 if person.begins_as else 0.05):
                self.later(self.t + within, self.note_growth)
            if rng.random() < 0.03:
                self.later(self.t + within, self.hand_over)
            if rng.random() < 0.02:
                self.later(self.t + within, self.keep_quiet)
            if rng.random() < 0.006:
                self.later(self.t + within, self.ban)
        if person.begins_as:
            self.on_day(rng.randint(5, 40), self.note_growth)
        if rng.random() < 0.75:
            self.on_day(rng.randint(3, 20), self.set_rhythm)
        if rng.random() < 0.4:
            self.on_day(rng.randint(0, 6), self.give_consent)
        if rng.random() < 0.15:
            self.on_day(rng.randint(1, 200), self.note)

    def set_rhythm(self) -> None:
        if self.is_banned or self.rhythm is not None:
            return
        rhythm = self.rng.choices([r for r, _ in RHYTHMS], [weight for _, weight in RHYTHMS])[0]
        self.record(FactKind.RHYTHM_CHANGE, rhythm_count=rhythm.count, rhythm_unit=rhythm.unit)
        self.rhythm = rhythm
        self.ground = self.t
        if self.process is None:
            self.go_on()

    def hear_of_them(self) -> None:
        if self.process is None:
            self.hear("pool_question")

    def note(self) -> None:
        self.record_contact(Way.NOTE, self.words("note"), channel="")

    def note_growth(self) -> None:
        """What they want to become and what we advised; sometimes with a date to come back to it."""
        if self.is_banned:
            return
        begins_as = self.person.begins_as
        wants, advice, came_of_it = self.words(f"growth {begins_as}" if begins_as else "growth").split(" | ")
        is_set = self.rng.random() < (0.8 if begins_as else 0.5)
        revisit = day_later(self.calendar.day(self.t), self.rng.randint(60, 200)) if is_set else None
        heard = self.t + timedelta(days=self.rng.randint(70, 300))
        is_heard = heard < self.world.until and self.rng.random() < 0.6
        note = self.record(
            FactKind.GROWTH_NOTE,
            wants=wants,
            advice=advice if self.rng.random() < 0.85 else "",
            revisit_on=revisit,
            came_of_it=came_of_it if is_heard else None,
            came_of_it_at=heard if is_heard else None,
        )
        if revisit is not None:
            self.owe("revisit", self.calendar.on(revisit), lead=0, about=note, not_before=revisit)

    def keep_quiet(self) -> None:
        if self.process is not None or self.rhythm is None or self.is_banned:
            return
        self.quiet = day_later(self.calendar.day(self.t), self.rng.randint(60, 150))
        self.record(FactKind.QUIET_PERIOD, until_on=self.quiet)
        self.go_on()

    def hand_over(self) -> None:
        """To another recruiter, who introduces themselves where something is under way."""
        others = [m for m in self.world.recruiters if m != self.acting() and self.world.acting(m, self.t) == m]
        if not others or self.is_banned:
            return
        self.owner = self.rng.choice(others)
        handover = self.record(FactKind.HANDOVER, to_id=self.owner)
        self.owed = [o for o in self.owed if o.style != "introduce"]
        if self.process is not None:
            self.owe("introduce", self.calendar.after(self.t, 5), lead=3, about=handover)

    def give_consent(self, years: int = 0) -> None:
        if self.is_banned and not years:
            return
        until = day_later(self.calendar.day(self.t), 365 * (years or self.rng.choice((1, 2, 2, 3))))
        self.consent(until)
        due = self.days.index(self.calendar.by(until))
        in_time = self.rng.random() < 0.96
        day = due - self.rng.randint(1, 16) if in_time else due + self.rng.randint(1, 5)
        renewed = self.days.at(day, self.rng.uniform(20, 400))
        if self.rng.random() < 0.88:
            self.later(renewed, self.give_consent, self.rng.choice((1, 2)))
        else:
            self.later(renewed, self.record, FactKind.CONSENT_WITHDRAWAL)

    def consent(self, until: date) -> None:
        """To be thought of, as they were asked."""
        self.record(
            FactKind.CONSENT,
            until_on=until,
            purpose=Purpose.FUTURE,
            basis=ConsentBasis.CONSENT,
            source=self.words("consent"),
            evidence=f"“I agree that you keep my data until {until:%d.%m.%Y}, to think of me for future openings.”",
        )

    def refer(self, other: Person) -> None:
        """They recommend somebody: thanks are owed now, and word of what came of it later."""
        if self.is_banned or self.is_mute:
            return
        self.hear("refer", needs_answer=False)
        self.pass_minutes(5, 15)
        referral = self.record(FactKind.REFERRAL, referred_id=other)
        self.owe("thanks", self.calendar.after(self.t, 2), lead=2, about=referral)
        after = [c.at for c in self.world.closings[other.number] if c.at > self.t]
        if after:
            self.later(min(after), self.thank_again, referral)

    def thank_again(self, referral: Happening) -> None:
        if not self.is_banned:
            self.owe("thanks", self.calendar.after(self.t, 2), lead=1, about=referral)

    def ban(self) -> None:
        """They want to hear no more: they get that one answer, and are left alone."""
        if self.is_banned or self.process is not None or self.is_placed:
            return
        self.hear("no_more")
        self.pass_minutes(9, 15)
        self.say("reply")
        self.pass_minutes(2, 9)
        self.record(FactKind.CONTACT_BAN)
        self.is_banned = True
        self.owed.clear()
        if self.rng.random() < 0.35:
            self.later(self.t + timedelta(days=self.rng.randint(150, 400)), self.lift_ban)

    def lift_ban(self) -> None:
        self.record(FactKind.CONTACT_ALLOWANCE)
        self.is_banned, self.ground = False, self.t
        self.go_on()

    # a process

    def start_process(self, vacancy: Vacancy | None = None) -> None:
        vacancy = vacancy or self.world.vacancy(self.rng, self.days.index(self.t))
        if vacancy is None or self.process is not None or self.is_banned or self.is_placed:
            return
        self.vacancy, self.interviews, self.is_held, self.resumed = vacancy, 0, False, None
        self.recommendation = None
        owner = self.acting()
        process = self.record(
            FactKind.PROCESS,
            opening_id=vacancy.id,
            first_stage=vacancy.stages[0],
            first_owner_id=owner,
            owner_id=owner,
            stage=vacancy.stages[0],
            turn=Turn.OURS,
            is_active=True,
            closed_at=None,
            result=None,
            since=self.t,
            heard_at=None,
            next_due_at=None,
        )
        self.process = process
        if vacancy.ends_at is not None:
            self.later(vacancy.ends_at, self.opening_ends, process)
        self.pass_minutes(3, 15)
        self.say("process_start")
        if self.is_mute:
            return
        for day, event in ((vacancy.held, self.hold), (vacancy.resumed, self.resume)):
            if day is not None and self.days.at(day, 60) > self.t:
                self.later(self.days.at(day, 60), event, process)
        self.on_day(self.rng.randint(1, 4), self.screened, process)

    def screened(self, process: Happening) -> None:
        if not self.goes_on(process, self.screened):
            return
        luck = self.rng.random()
        if luck < 0.15:
            self.ask(process, self.rng.choices([t for t, _ in TOPICS], [weight for _, weight in TOPICS])[0])
        elif luck < 0.25:
            self.ask(process, ClosingReason.OTHER)
        else:
            self.judge(process)

    def ask(self, process: Happening, topic: ClosingReason) -> None:
        """Before they are judged: what the CV does not say is asked, and their answer kept."""
        text = self.words(f"question_{topic.value}")
        question = self.beside(
            Question,
            candidate_id=self.person,
            process_id=process,
            text=text,
            noted_at=self.t,
            noted_by_id=self.acting(),
            asked_at=None,
            answer=None,
            answered_at=None,
        )
        self.pass_minutes(3, 20)
        question.values["asked_at"] = self.say("ask", question=text).at
        self.pass_minutes(1, 2)
        self.turn(Turn.CANDIDATE)
        if self.rng.random() < 0.88:
            self.on_day(self.rng.choice((0, 1, 1, 2, 3)), self.answer, process, topic, question)
        else:
            self.on_day(4, self.judge, process, topic)

    def answer(self, process: Happening, topic: ClosingReason, question: Beside) -> None:
        if self.process is not process:
            return
        if (word := self.hear(f"answer_{topic.value}", needs_answer=False)) is not None:
            question.values |= {"answer": word.values["text"], "answered_at": word.at}
        self.pass_minutes(20, 60)
        self.judge(process, topic, word is not None)

    def judge(self, process: Happening, topic: ClosingReason | None = None, was_asked: bool = False) -> None:
        """Whether they go to the client; a doubt that was asked about counts less than one that was not."""
        if self.process is not process:
            return
        if self.is_held:
            self.on_day(4, self.judge, process, topic, was_asked)
            return
        doubt = topic in ASKED_FIRST
        luck = self.rng.random()
        if doubt and luck < 0.4:
            self.close(Result.REJECTED, topic, was_asked=was_asked)
        elif luck < 0.13:
            self.close(Result.REJECTED)
        elif luck < 0.19:
            self.is_mute = True
            for later in range(3):
                self.on_day(1 + 2 * later, self.try_in_vain, process, later == 2)
        elif luck < 0.25:
            self.hear("withdraw", needs_answer=False)
            self.close(Result.WITHDRAWN)
        elif self.vacancy is not None and "Coding task" in self.vacancy.stages:
            self.move_to("Coding task")
            self.turn(Turn.CANDIDATE)
            self.on_day(self.rng.randint(2, 7), self.task_is_back, process)
        else:
            self.to_the_client(process)

    def task_is_back(self, process: Happening) -> None:
        if not self.goes_on(process, self.task_is_back):
            return
        self.hear("answer_short", needs_answer=False)
        self.pass_minutes(60, 90)
        if self.rng.random() < 0.2:
            self.close(Result.REJECTED, ClosingReason.SKILLS)
        else:
            self.to_the_client(process)

    def to_the_client(self, process: Happening) -> None:
        """What we say of them has its sources; now and then it goes without being written down."""
        self.move_to("With client")
        self.pass_minutes(5, 20)
        text = self.words("to_client")
        if self.rng.random() < 0.85:
            text = self.recommend(process)
            self.pass_minutes(3, 9)
        sent = self.record_contact(Way.CLIENT_TO, text, process=process)
        if self.recommendation is not None:
            self.recommendation.values["sent_id"] = sent
        self.wait()

    def recommend(self, process: Happening) -> str:
        summary = self.words("summary")
        self.recommendation = self.beside(
            Recommendation,
            candidate_id=self.person,
            process_id=process,
            summary=summary,
            made_at=self.t,
            made_by_id=self.acting(),
            sent_id=None,
            answer_id=None,
        )
        sources = [source for source, _ in SOURCES]
        chosen = self.rng.choices(sources, [weight for _, weight in SOURCES], k=self.rng.randint(2, 4))
        if self.rng.random() < 0.3:
            chosen.append(ClaimSource.NONE)
        said: set[str] = set()
        for source in chosen:
            text = self.words(f"claim_{source.value}")
            if text in said:
                continue
            is_said = source is ClaimSource.SAID and self.heard is not None
            self.beside(
                Claim,
                recommendation_id=self.recommendation,
                position=len(said),
                text=text,
                source=source,
                source_fact_id=self.heard if is_said else None,
                source_note="" if is_said or source is ClaimSource.NONE else self.words("claim_note"),
                confirmed_at=self.t if self.rng.random() < 0.4 else None,
            )
            said.add(text)
        return summary

    def try_in_vain(self, process: Happening, is_last: bool) -> None:
        if self.process is not process:
            return
        self.record_contact(Way.ATTEMPT, self.words("unreachable"), process=process, channel="phone")
        if is_last:
            self.pass_minutes(3, 9)
            self.end(Result.WITHDRAWN, Answer.UNREACHABLE)
            self.is_mute = False

    def wait(self) -> None:
        """It is the client's move: they answer, sooner or later, and are asked when they don't."""
        assert self.process is not None
        assert self.vacancy is not None
        self.pass_minutes(1, 4)
        self.waiting = self.turn(Turn.CLIENT)
        if self.rng.random() < SILENT[self.vacancy.pace]:
            self.on_day(self.rng.randint(15, 24), self.give_up, self.process, self.waiting)
        else:
            days, weights = ANSWERS[self.vacancy.pace]
            self.on_day(self.rng.choices(days, weights)[0], self.client_answers, self.process, self.waiting)
        self.plan_chase(self.waiting)
        passed = self.calendar.after(self.t, self.vacancy.answer)
        self.later(passed + timedelta(minutes=1), self.client_is_late, self.waiting, passed)

    def turn(self, whose: Turn) -> Happening:
        assert self.process is not None
        opening_id = self.process.values["opening_id"]
        return self.record(FactKind.TURN_CHANGE, process=self.process, to_turn=whose, opening_id=opening_id)

    def give_up(self, process: Happening, waiting: Happening) -> None:
        """Nobody waits for ever on a client that does not answer."""
        if self.process is process and self.waiting is waiting:
            self.close(Result.OPENING_CLOSED, ClosingReason.CLIENT_SILENT)

    def plan_chase(self, waiting: Happening) -> None:
        assert self.vacancy is not None
        late = 0 if self.rng.random() < IN_TIME else self.rng.randint(1, 2)
        day = self.days.index(self.t) + self.vacancy.answer + late
        self.later(self.days.at(day, self.rng.uniform(20, self.days.minutes - 60)), self.chase, waiting)

    def chase(self, waiting: Happening) -> None:
        if self.waiting is waiting:
            self.record_contact(Way.CLIENT_TO, self.words("to_client"), process=self.process)
            self.plan_chase(waiting)

    def client_is_late(self, waiting: Happening, passed: datetime) -> None:
        if self.waiting is waiting:
            self.owe("delay", self.calendar.after(passed, 1), lead=0)

    def client_answers(self, process: Happening, waiting: Happening) -> None:
        if self.process is not process or self.waiting is not waiting:
            return
        luck = self.rng.random()
        if luck < 0.08:
            self.record_contact(Way.CLIENT_FROM, self.words("client_longer"), process=process, still_waiting=True)
            self.on_day(self.rng.randint(1, 4), self.client_answers, process, waiting)
            return
        is_no = luck < (0.36 if self.interviews == 0 else 0.5)
        said = self.record_contact(Way.CLIENT_FROM, self.words("client_no" if is_no else "client_yes"), process=process)
        if self.recommendation is not None:
            self.recommendation.values["answer_id"], self.recommendation = said, None
        self.waiting = None
        self.owed = [o for o in self.owed if o.style != "delay" or o.due < self.t]
        self.pass_minutes(5, 25)
        if is_no:
            outcome = self.rng.choices(
                (Result.REJECTED, Result.NOT_NOW, Result.OPENING_CLOSED, Result.WITHDRAWN), (70, 14, 10, 6)
            )
            self.close(outcome[0])
        elif self.interviews < self.rounds() or (self.interviews == 1 and self.rng.random() < 0.4):
            self.plan_interview(process)
        else:
            self.move_to("Offer")
            self.on_day(self.rng.randint(2, 5), self.decided, process)

    def rounds(self) -> int:
        return len(self.vacancy.interviews) if self.vacancy else 1

    def decided(self, process: Happening) -> None:
        if not self.goes_on(process, self.decided):
            return
        self.hear("answer_short", needs_answer=False)
        self.pass_minutes(9, 15)
        may = self.vacancy is not None and (self.vacancy.ends_at is None or self.vacancy.how is OpeningStatus.FILLED)
        self.close(Result.HIRED if may and self.rng.random() < 0.8 else Result.WITHDRAWN)

    def plan_interview(self, process: Happening) -> None:
        if not self.goes_on(process, self.plan_interview) or self.meeting is not None:
            return
        stages = self.vacancy.interviews if self.vacancy else ["Interview"]
        self.move_to(stages[min(self.interviews, len(stages) - 1)])
        host = self.acting()
        starts = self.world.free_hour(self.rng, host, self.days.index(self.t) + self.rng.randint(2, 6))
        if starts is None:
            self.on_day(3, self.plan_interview, process)
            return
        self.meet(process, starts, host)
        self.say("invite")

    def meet(self, process: Happening, starts: datetime, host: int) -> Happening:
        ends = starts + timedelta(hours=1)
        self.meeting = meeting = self.record(
            FactKind.MEETING,
            process=process,
            meeting_kind=MeetingKind.INTERVIEW,
            host_id=host,
            place=self.words("place"),
            note=self.words("meeting_note"),
            planned_starts_at=starts,
            planned_ends_at=ends,
            starts_at=starts,
            ends_at=ends,
            result=None,
        )
        if self.rng.random() < MOVES[self.pace()] and not self.is_mute:
            before = self.rng.choice((0, 1, 1, 2))  # that very morning, or with some notice
            self.later(self.days.at(self.days.index(starts) - before, 15), self.move_meeting, meeting)
        self.later(ends - timedelta(seconds=1), self.meeting_over, meeting)
        return meeting

    def move_meeting(self, meeting: Happening) -> None:
        if self.meeting is not meeting or self.t >= meeting.values["starts_at"]:
            return
        host = meeting.values["host_id"]
        starts = self.world.free_hour(self.rng, host, self.days.index(meeting.values["starts_at"]) + 1)
        if starts is None:
            return
        ends = starts + timedelta(hours=1)
        self.record(
            FactKind.MEETING_MOVE,
            process=meeting.process,
            meeting_id=meeting,
            to_starts_at=starts,
            to_ends_at=ends,
            from_starts_at=meeting.values["starts_at"],
            asked_by=self.who_asked(),
        )
        meeting.values |= {"starts_at": starts, "ends_at": ends}
        self.later(ends - timedelta(seconds=1), self.meeting_over, meeting)

    def meeting_over(self, meeting: Happening) -> None:
        """The outcome is noted soon, or tomorrow morning."""
        ends = meeting.values["ends_at"]
        if self.meeting is not meeting or ends > self.t + timedelta(seconds=2):
            return
        soon = ends + timedelta(minutes=self.rng.randint(2, 55))
        tomorrow = self.days.at(self.days.index(ends) + 1, self.rng.uniform(5, 60))
        self.later(soon if self.rng.random() < IN_TIME + 0.08 else tomorrow, self.note_outcome, meeting)

    def note_outcome(self, meeting: Happening) -> None:
        process = self.process
        if self.meeting is not meeting or process is None:
            return
        self.meeting = None
        luck = self.rng.random()
        if luck < 0.04:
            self.outcome(meeting, MeetingResult.CANCELLED, asked_by=self.who_asked())
        elif luck < 0.08:
            self.outcome(meeting, MeetingResult.MISSED, Absent.CANDIDATE)
        elif luck < 0.1 + MISSES[self.pace()]:
            absent = Absent.US if luck < 0.1 else Absent.CLIENT
            self.outcome(meeting, MeetingResult.MISSED, absent)
            due = self.calendar.same_day(meeting.values["starts_at"], 4)
            self.owe("amends", max(due, self.t), lead=0, about=meeting)
        else:
            self.outcome(meeting, MeetingResult.HELD)
            self.interviews += 1
            self.owe("debrief", self.calendar.after(meeting.values["ends_at"], 2), lead=1, about=meeting)
            if not self.is_held:
                self.wait()
            return
        self.on_day(self.rng.randint(1, 2), self.plan_interview, process)

    def pace(self) -> str:
        return self.vacancy.pace if self.vacancy else "usual"

    def who_asked(self) -> Absent:
        return self.rng.choices(list(Absent), WHO_ASKED[self.pace()])[0]

    def outcome(
        self,
        meeting: Happening,
        result: MeetingResult,
        absent: Absent | None = None,
        *,
        asked_by: Absent | None = None,
    ) -> Happening:
        meeting.values["result"] = result
        return self.record(
            FactKind.MEETING_OUTCOME,
            process=meeting.process,
            meeting_id=meeting,
            outcome=result,
            absent=absent,
            absent_member_id=meeting.values["host_id"] if absent is Absent.US else None,
            asked_by=asked_by,
        )

    def move_to(self, stage: str) -> None:
        """A stage with another cadence has another day for the next word."""
        assert self.process is not None
        was = self.process.values["stage"]
        if was == stage:
            return
        self.process.values["stage"] = stage
        self.record(FactKind.STAGE_MOVE, process=self.process, to_stage=stage)
        if self.world.policy.cadence(was) != self.world.policy.cadence(stage):
            self.go_on()

    def goes_on(self, process: Happening, event: Callable[..., Any]) -> bool:
        """Whether this is still the process; while the role is held, things wait."""
        if self.process is process and self.is_held:
            self.on_day(4, event, process)
        return self.process is process and not self.is_held

    def hold(self, process: Happening) -> None:
        if self.process is process:
            self.is_held, self.waiting = True, None
            self.go_on()
            self.owe("hold", self.calendar.after(self.t, 1), lead=1)

    def resume(self, process: Happening) -> None:
        if self.process is process:
            self.is_held, self.resumed = False, self.t
            self.owed = [o for o in self.owed if o.style != "hold" or o.due < self.t]
            self.go_on()
            if self.process.values["stage"] not in ("Screening", "Coding task") and self.meeting is None:
                self.wait()

    def close(self, result: Result, reason: ClosingReason | None = None, *, was_asked: bool | None = None) -> None:
        """No process ends in silence: they are told first, or a word is owed from then on."""
        process = self.process
        assert process is not None
        style = f"feedback_{result.value}"
        if result is Result.HIRED or self.rng.random() < 0.8:
            self.say("feedback", process=process, text_style=style)
            self.pass_minutes(3, 12)
            self.end(result, Answer.TOLD, reason, was_asked=was_asked)
        else:
            closing = self.end(result, Answer.OWED, reason, was_asked=was_asked)
            due = self.calendar.after(self.t, 2)
            self.owe("feedback", due, lead=2, about=closing, what=result.value)
        if result is Result.HIRED:
            self.place(process)
        elif result is Result.REJECTED and self.rng.random() < 0.03 and not self.is_mute:
            self.on_day(self.rng.randint(4, 10), self.reopen, process, self.vacancy)

    def opening_ends(self, process: Happening) -> None:
        """Filled or cancelled, and everybody in it with it: told in the same stroke, or owed a word from then on."""
        vacancy = self.vacancy
        if self.process is not process or vacancy is None or vacancy.ends_at is None:
            return
        at, is_filled = vacancy.ends_at, vacancy.how is OpeningStatus.FILLED
        by = self.world.acting(vacancy.owner, at)
        result, reason = (Result.REJECTED, ClosingReason.SOMEBODY_ELSE) if is_filled else (Result.OPENING_CLOSED, None)
        style, told = "filled" if is_filled else "opening_closed", self.rng.random() < 0.85
        if told:
            word = self.record_contact(
                Way.TO, self.words(f"feedback_{style}"), process=process, by=by, at=at, is_feedback=True
            )
            word.entered = self.last_word = at
            self.owed = [o for o in self.owed if o.style in SPECIAL - {"feedback"}]
        self.is_mute = False
        closing = self.end(result, Answer.TOLD if told else Answer.OWED, reason, opening_end_id=vacancy.end_id)
        closing.at = closing.entered = at
        closing.by = by
        if not told:
            self.owe("feedback", self.calendar.after(at, 2), lead=2, about=closing, what=style)

    def end(
        self,
        result: Result,
        answer: Answer,
        reason: ClosingReason | None = None,
        *,
        was_asked: bool | None = None,
        opening_end_id: int | None = None,
    ) -> Happening:
        process = self.process
        assert process is not None
        if self.meeting is not None:
            asked_by = Absent.CANDIDATE if result is Result.WITHDRAWN else Absent.CLIENT
            self.outcome(self.meeting, MeetingResult.CANCELLED, asked_by=asked_by)
            self.meeting = None
            self.pass_minutes(1, 4)
        today = self.calendar.day(self.t)
        revisit = day_later(today, self.rng.randint(90, 240)) if result is Result.NOT_NOW else None
        if reason is None and REASONS[result] and answer is not Answer.UNREACHABLE:
            reason = self.rng.choices([r for r, _ in REASONS[result]], [weight for _, weight in REASONS[result]])[0]
        if result is Result.REJECTED and reason in ASKED_FIRST and was_asked is None:
            was_asked = False  # the client insists; it is counted
        closing = self.record(
            FactKind.CLOSING,
            process=process,
            outcome=result,
            answer=answer,
            revisit_on=revisit,
            reason=reason,
            note=self.words(NOTES.get(reason, f"note_{reason.value}")) if reason and self.rng.random() < 0.7 else "",
            was_asked=was_asked if result is Result.REJECTED and reason in ASKED_FIRST else None,
            opening_end_id=opening_end_id,
        )
        process.values |= {"is_active": False, "closed_at": self.t, "result": result}
        self.world.closings[self.person.number].append(closing)
        self.process, self.waiting, self.is_held, self.recommendation = None, None, False, None
        ended = OF_THE_PROCESS if answer is Answer.UNREACHABLE else {"update"}
        self.owed = [
            o
            for o in self.owed
            if o.style not in ended and not (o.style in OF_THE_PROCESS and o.due > self.t and o.style != "debrief")
        ]
        if revisit is not None:
            self.owe("revisit", self.calendar.on(revisit), lead=0, about=closing, not_before=revisit)
        self.ground = self.t
        self.go_on()
        return closing

    def reopen(self, process: Happening, vacancy: Vacancy | None) -> None:
        day = self.days.index(self.t)
        if self.process is not None or self.is_banned or self.is_placed or vacancy is None:
            return
        if vacancy.closes <= day or is_held(vacancy, day):
            return
        self.record(FactKind.REOPENING, process=process)
        process.values |= {"is_active": True, "closed_at": None, "result": None}
        self.process, self.vacancy = process, vacancy
        self.owed = [o for o in self.owed if o.style not in ("feedback", "revisit") or o.due < self.t]
        self.pass_minutes(3, 9)
        self.say("update")
        self.on_day(1, self.plan_interview, process)

    def place(self, process: Happening) -> None:
        """They start somewhere, and are asked how it goes for a year."""
        starts = self.days.day(self.days.index(self.t) + self.rng.randint(8, 30))
        placement = self.record(FactKind.PLACEMENT, process=process, starts_on=starts)
        self.is_placed = True
        self.owed = [o for o in self.owed if o.style != "touch"]
        for days in CHECK_IN_DAYS:
            on = day_later(starts, days)
            self.owe(
                "check_in",
                self.calendar.on(on),
                lead=1,
                about=placement,
                not_before=day_later(on, -2),
                what=str(days),
            )
        self.later(self.calendar.start_of(day_later(starts, CHECK_IN_DAYS[-1] + 1)), self.settled_in, placement)
        if self.rng.random() < 0.2:
            ends = self.days.index_of(starts) + self.rng.randint(30, 200)
            self.later(self.days.at(ends, 200), self.end_placement, placement)

    def end_placement(self, placement: Happening) -> None:
        if self.is_placed:
            self.record(
                FactKind.PLACEMENT_END,
                process=placement.process,
                placement_id=placement,
                reason=self.words("placement_end"),
            )
            self.owed = [o for o in self.owed if o.style != "check_in" or o.due < self.t]
            self.settled_in(placement)

    def settled_in(self, _: Happening) -> None:
        if self.is_placed:
            self.is_placed, self.ground = False, self.t
            self.go_on()
