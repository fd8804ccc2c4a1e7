"""The pool: since when people are known, how long it has been silent, and what became of them.

All of it is counted in calendar months, so that it can be added up by month once and read at any later day: whoever was
last spoken with in March has been silent for one month from the first of April on. A relationship is alive when there
was a word, from them or a personal one to them, within the last twelve of these months.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.domain.facts import Arrival, Placed, PlacementEnded
from core.domain.life import Facts

NEVER = date.min
"""The day of the last word where there was none yet: the longest silence there is."""
ALIVE_FOR = 12
"""Months of silence from which on a relationship is no longer alive."""
AHEAD = 3
"""Months looked ahead to whoever goes silent."""


class Became(StrEnum):
    """What became of somebody, the first of these that holds; whether who is left is alive is the clock's."""

    NO_CONTACT = "no_contact"
    IN_PROCESS = "in_process"
    PLACED = "placed"
    """Where we placed them, and not ended."""
    KNOWN = "known"


class Now(StrEnum):
    """The same at a moment."""

    IN_PROCESS = "in_process"
    PLACED = "placed"
    ALIVE = "alive"
    SILENT = "silent"
    NO_CONTACT = "no_contact"


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """How we know somebody, as the facts tell it."""

    met_on: date
    last_word_on: date
    """NEVER, where there was none."""
    became: Became


def acquaintance(
    facts: Facts, *, known_since: date | None, added_on: date, is_active: bool, no_contact: bool
) -> Acquaintance | None:
    """None of whoever was erased. Known since the earliest of the day noted, the first word and arrival."""
    if facts.erased is not None:
        return None
    day = facts.calendar.day
    words = [*facts.personal_words, *facts.words_from]
    said = [day(word.happened) for word in words]
    came = [day(arrival.happened) for arrival in facts.of(Arrival)]
    ended = {end.placement for end in facts.of(PlacementEnded)}
    became = Became.KNOWN
    if no_contact:
        became = Became.NO_CONTACT
    elif is_active:
        became = Became.IN_PROCESS
    elif any(placed.id not in ended for placed in facts.of(Placed)):
        became = Became.PLACED
    met_on = min(added_on, known_since or added_on, *said, *came)
    return Acquaintance(met_on, max(said, default=NEVER), became)


def month_of(day: date) -> int:
    """Months counted through: the difference of two is how many calendar months lie between."""
    return 12 * day.year + day.month - 1


def first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1) if month >= 12 else NEVER


def is_alive(last_month: int, this_month: int) -> bool:
    return this_month - last_month < ALIVE_FOR


def stands(became: Became, last_month: int, this_month: int) -> Now:
    if became is not Became.KNOWN:
        return Now(became.value)
    return Now.ALIVE if is_alive(last_month, this_month) else Now.SILENT


@dataclass(frozen=True, slots=True)
class Bin:
    """A stretch of months, counted back from this one."""

    key: str
    label: str
    least: int
    below: int | None = None

    def holds(self, months: int) -> bool:
        return self.least <= months and (self.below is None or months < self.below)

    def days(self, this_month: int) -> tuple[date, date]:
        """The first day that is in it, and the first after it; whoever never was spoken with is in none of these."""
        begin = first_of(this_month - self.below + 1) if self.below is not None else date(1, 1, 2)
        return begin, first_of(this_month - self.least + 1)


KNOWN = (
    Bin("0", "under 1", 0, 12),
    Bin("1", "1–2", 12, 24),
    Bin("2", "2–3", 24, 36),
    Bin("3", "3–5", 36, 60),
    Bin("5", "5–8", 60, 96),
    Bin("8", "over 8", 96),
)
"""Years known."""
SILENT = (
    Bin("0", "0", 0, 1),
    Bin("1", "1–2", 1, 3),
    Bin("3", "3–5", 3, 6),
    Bin("6", "6–11", 6, 12),
    Bin("12", "12–23", 12, 24),
    Bin("24", "24+", 24),
)
"""Months since the last word either way; who never had one is apart."""
