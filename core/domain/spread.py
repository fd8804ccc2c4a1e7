"""First dates for people who come in together: an import makes nobody overdue (shared/promises.md, "Import")."""

from collections import Counter
from collections.abc import Iterator, Sequence
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
    steps = {rhythm: _steps(rhythm, number, on) for rhythm, number in Counter(spread).items() if rhythm is not None}
    return [None if rhythm is None else next(steps[rhythm]) for rhythm in spread]


def _is_past(newcomer: Newcomer, rhythm: Rhythm, on: date) -> bool:
    return newcomer.last_word_on is None or rhythm.after(newcomer.last_word_on) <= on


def _steps(rhythm: Rhythm, number: int, on: date) -> Iterator[date]:
    length = (rhythm.after(on) - on).days
    return (on + timedelta(days=ceil(place * length / number)) for place in range(1, number + 1))
