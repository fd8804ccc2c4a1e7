"""Warmth: how alive a relationship is, from 0 to 100, as a plain sum of parts that anybody can reckon again.

It says whom to write to. It hides nobody, and decides nothing.
"""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from core.domain.calendar import Calendar
from core.domain.facts import MeetingResult, Way
from core.domain.life import Facts
from core.domain.words import plural

SOON, AT_ALL = timedelta(days=3), timedelta(days=30)
"""Of an answer: later than that, it was none."""
FADES = 365
"""Days after which a last word counts for nothing."""
THEIRS, OURS, ANSWERS, MEETINGS, YEARS = 40, 20, 20, 12, 8
"""The most of each part; together a hundred."""
EACH_MEETING, EACH_YEAR = 4, 2
WARM, COOLING = 60, 41
"""The least of each. What is left after a year without a word is 40 at most: that is cold."""

FORMULA = (
    f"Warmth is a sum. Up to {THEIRS} for their last word and up to {OURS} for ours: all of it today, less every day,"
    f" nothing after a year. Up to {ANSWERS} for answers: all of it where half of our words were answered within"
    f" {SOON.days} days; an answer within {AT_ALL.days} days counts half."
    f" {EACH_MEETING} for each meeting held, up to {MEETINGS}. {EACH_YEAR} for each year known, up to {YEARS}."
    f" From {WARM} on it is warm, from {COOLING} on cooling, below that cold."
    " It says whom to write to; it hides nobody."
)


class Grade(StrEnum):
    WARM = "warm"
    COOLING = "cooling"
    COLD = "cold"


@dataclass(frozen=True, slots=True)
class Answers:
    """Of our personal words to somebody: how many there were, how many were answered, and how many of those soon."""

    words: int = 0
    answered: int = 0
    soon: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """All that warmth is reckoned from; none of it depends on the day."""

    met_on: date | None
    """None of whoever was erased."""
    last_to_at: datetime | None
    last_from_at: datetime | None
    answers: Answers
    meetings: int


@dataclass(frozen=True, slots=True)
class Part:
    points: int
    most: int
    why: str
    """“their last word, 12 days ago”."""


@dataclass(frozen=True, slots=True)
class Warmth:
    parts: tuple[Part, ...]

    @property
    def points(self) -> int:
        return sum(part.points for part in self.parts)

    @property
    def grade(self) -> Grade:
        if self.points >= WARM:
            return Grade.WARM
        return Grade.COOLING if self.points >= COOLING else Grade.COLD


def warmth(ties: Ties, now: datetime, calendar: Calendar) -> Warmth | None:
    """None where not a word was said yet, either way: there is nothing that could be warm."""
    if ties.last_to_at is None and ties.last_from_at is None:
        return None
    today = calendar.day(now)
    theirs, ours = (calendar.day(at) if at else None for at in (ties.last_from_at, ties.last_to_at))
    return Warmth(
        (
            _clock("their last word", "no word from them yet", theirs, THEIRS, today),
            _clock("our last word", "no word from us yet", ours, OURS, today),
            _answers(ties.answers),
            _meetings(ties.meetings),
            _years(ties.met_on or today, today),
        )
    )


def answers_of(facts: Facts) -> Answers:
    """What was talked answers itself. One word of theirs answers all of ours that it follows in time."""
    live = [word.happened for word in facts.words_to if word.way is Way.TALKED]
    theirs = sorted([*live, *(word.happened for word in facts.words_from)])
    waits = []
    for word in facts.personal_words:
        place = bisect_left(theirs, word.happened)
        if place < len(theirs):
            waits.append(theirs[place] - word.happened)
    answered = [wait for wait in waits if wait <= AT_ALL]
    return Answers(len(facts.personal_words), len(answered), sum(wait <= SOON for wait in answered))


def meetings_of(facts: Facts) -> int:
    """How many were held."""
    outcomes = (meeting.outcome for meeting in facts.meetings)
    return sum(outcome is not None and outcome.result is MeetingResult.HELD for outcome in outcomes)


def _clock(said: str, unsaid: str, last: date | None, most: int, today: date) -> Part:
    if last is None:
        return Part(0, most, unsaid)
    days = max((today - last).days, 0)
    ago = "today" if days == 0 else f"{plural(days, 'day')} ago"
    return Part(round(most * max(FADES - days, 0) / FADES), most, f"{said}, {ago}")


def _answers(answers: Answers) -> Part:
    if not answers.words:
        return Part(0, ANSWERS, "no word of ours to answer yet")
    counted = (answers.soon + answers.answered) / 2
    share = min(2 * counted / answers.words, 1)
    soon = f", {answers.soon:,} of them within {SOON.days} days" if answers.answered else ""
    return Part(
        round(ANSWERS * share),
        ANSWERS,
        f"{answers.answered:,} of {plural(answers.words, 'word')} of ours answered{soon}",
    )


def _meetings(number: int) -> Part:
    return Part(min(EACH_MEETING * number, MEETINGS), MEETINGS, f"{plural(number, 'meeting')} held")


def _years(since: date, today: date) -> Part:
    years = today.year - since.year - ((today.month, today.day) < (since.month, since.day))
    known = f"known for {plural(years, 'year')}" if years > 0 else "known for less than a year"
    return Part(min(EACH_YEAR * max(years, 0), YEARS), YEARS, known)
