"""Reasons to write to somebody today: what is worth saying, from what is on record, the most timely first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from dateutil.relativedelta import relativedelta

from core.domain.words import excerpt, listed

MOST = 3
AROUND = timedelta(days=30)
"""So near an anniversary is worth a word, before it and after."""


class About(StrEnum):
    OPENING = "opening"
    ANNIVERSARY = "anniversary"
    QUIET_OVER = "quiet over"
    ADVICE = "advice"
    WISH = "wish"


@dataclass(frozen=True, slots=True)
class Fitting:
    """An opening that is open, which they were never in."""

    id: int
    title: str
    client: str
    knows: Sequence[str]
    """Of the skills it needs those that they know, themselves or by what implies them."""
    lacks: Sequence[str] = ()

    @property
    def fits(self) -> bool:
        """Two thirds of what it needs, at the least."""
        return 3 * len(self.knows) >= 2 * (len(self.knows) + len(self.lacks)) > 0


@dataclass(frozen=True, slots=True)
class Job:
    """Where they work through us."""

    at: str
    starts_on: date


@dataclass(frozen=True, slots=True)
class Grown:
    """A growth note."""

    on: date
    wants: str
    advice: str
    is_told: bool
    """What came of it is on record."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is on record of somebody that may be worth a word."""

    openings: Sequence[Fitting] = ()
    """The newest first."""
    job: Job | None = None
    quiet_until: date | None = None
    last_word_on: date | None = None
    """Ours."""
    growth: Sequence[Grown] = ()
    """The newest first."""


@dataclass(frozen=True, slots=True)
class Reason:
    about: About
    said: str
    """In words, for whoever writes."""
    fields: tuple[tuple[str, Any], ...]
    """What a draft may say of it, by field."""
    opening_id: int | None = None


def reasons(known: Known, today: date) -> tuple[Reason, ...]:
    """The first three there are; none where nothing is on record but the time that has passed."""
    found = [*_opening(known), *_anniversary(known, today), *_quiet_over(known, today), *_growth(known)]
    return tuple(found[:MOST])


def _opening(known: Known) -> Iterator[Reason]:
    """Of those that fit, the one of whose needs they know most; the newest of several."""
    fitting = [opening for opening in known.openings if opening.fits]
    if best := max(fitting, key=lambda opening: len(opening.knows) - len(opening.lacks), default=None):
        at = f", {best.client}" if best.client else ""
        lacks = f", not {listed(best.lacks)} as far as we know" if best.lacks else ""
        said = f"An opening that fits: {best.title}{at} (knows {listed(best.knows)}{lacks})"
        yield Reason(About.OPENING, said, (("fitting", best.title),), best.id)


def _anniversary(known: Known, today: date) -> Iterator[Reason]:
    if known.job is None:
        return
    job = known.job
    for years in range(1, today.year - job.starts_on.year + 2):
        on = job.starts_on + relativedelta(years=years)
        if abs(on - today) <= AROUND:
            at = f" at {job.at}" if job.at else " in the job we found"
            long = "A year" if years == 1 else f"{years} years"
            fields = (("years", years), ("anniversary", on), ("workplace", job.at))
            yield Reason(About.ANNIVERSARY, f"{long}{at}, on {_day(on)}", fields)


def _quiet_over(known: Known, today: date) -> Iterator[Reason]:
    """A quiet time that has run out, unless we have said something since."""
    until, last = known.quiet_until, known.last_word_on
    if until is not None and until <= today and (last is None or last < until):
        yield Reason(About.QUIET_OVER, f"The quiet until {_day(until)} is over", (("quiet_until", until),))


def _growth(known: Known) -> Iterator[Reason]:
    """Advice that nobody has asked after, and what they want: the latest of each."""
    advice = next((note for note in known.growth if note.advice), None)
    if advice is not None and not advice.is_told:
        said = f"Advised in {advice.on:%b %Y}, “{excerpt(_plain(advice.advice), 120)}”: what came of it?"
        yield Reason(About.ADVICE, said, (("advice", _plain(advice.advice)),))
    if wish := next((note for note in known.growth if note.wants), None):
        said = f"What they want, as of {wish.on:%b %Y}: “{excerpt(_plain(wish.wants), 120)}”"
        yield Reason(About.WISH, said, (("wants", _plain(wish.wants)),))


def _plain(text: str) -> str:
    """On one line and without the full stop, to stand in a sentence."""
    return " ".join(text.split()).rstrip(".")


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
