"""First dates for people who come in together: an import makes nobody overdue (shared/promises.md, "Import")."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from core.domain.facts import Rhythm


@dataclass(frozen=True, slots=True)
class Newcomer:
    """One person of an import: how often to keep in touch, and the day of our last personal word to them."""

    rhythm: Rhythm | None
    last_word_on: date | None


def first_dates(newcomers: Sequence[Newcomer], on: date) -> list[date | None]:
    """A date for each, in their order; None for those without a rhythm, or whose own date is still to come.

    Of those who share a rhythm, the i-th of n gets the i-th of n equal steps through its length.
    """
    spread = [n.rhythm if n.rhythm is not None and _is_past(n, n.rhythm, on) else None for n in newcomers]
    sizes, seen = Counter(spread), Counter[Rhythm | None]()
    dates: list[date | None] = []
    for rhythm in spread:
        seen[rhythm] += 1
        dates.append(None if rhythm is None else on + _step(rhythm, seen[rhythm], sizes[rhythm], on))
    return dates


def _is_past(newcomer: Newcomer, rhythm: Rhythm, on: date) -> bool:
    return newcomer.last_word_on is None or rhythm.after(newcomer.last_word_on) <= on


def _step(rhythm: Rhythm, place: int, number: int, on: date) -> timedelta:
    length = (rhythm.after(on) - on).days
    return timedelta(days=ceil(place * length / number))
