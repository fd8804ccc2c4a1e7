"""How often to keep in touch: the team's usual lengths, which of them is suggested and why, and how one is said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from core.domain.facts import Result, Rhythm, Unit
from core.domain.growth import Beginner
from core.domain.names import folded

USUAL = (Rhythm(6, Unit.WEEKS), Rhythm(3, Unit.MONTHS), Rhythm(6, Unit.MONTHS), Rhythm(12, Unit.MONTHS))
QUARTER, HALF_YEAR, YEAR = USUAL[1:]
LENGTHS = (
    *(Rhythm(count, Unit.WEEKS) for count in (1, 2, 3, 4, 6, 8, 10)),
    *(Rhythm(count, Unit.MONTHS) for count in (1, 2, 3, 4, 5, 6, 9, 12, 18, 24, 36)),
)
"""Those a team chooses its own from."""
LATELY = relativedelta(years=2)
"""A process that ended longer ago suggests nothing."""
LAST_STAGES = 2
TURNED_DOWN = (Result.REJECTED, Result.OPENING_CLOSED, Result.NOT_NOW)
"""Whoever withdrew went another way."""
BEGINNERS = frozenset(
    "junior intern trainee apprentice graduate student".split()
    + "stazysta stazystka praktykant praktykantka mlodszy mlodsza".split()
)
"""Words of a title, folded, that say who is at the beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A process that ended: where and how, and in which of the opening's stages."""

    at: str
    """“Zenit”; where there is no client, the opening."""
    on: date
    result: Result | None
    stage: str
    place: int | None
    """Of the stage among those of the opening, from 0; None where it is among them no more."""
    stages: int

    @property
    def came_far(self) -> bool:
        """One of the last stages, and not the first."""
        return self.place is not None and self.place > 0 and self.stages - self.place <= LAST_STAGES


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What is known of somebody that says how often a word is welcome."""

    may_contact: bool = True
    is_in_process: bool = False
    works_at: str | None = None
    """Where they work through us; empty where that is not on record, None where they do not."""
    ended: Sequence[Ended] = ()
    """The newest first."""
    begins_as: Beginner | None = None
    title: str = ""
    has_said: bool = False
    """They have ever said a word."""


class Suggestion(NamedTuple):
    rhythm: Rhythm
    because: str
    """“reached Interview for Zenit, Mar 2025”."""


def suggested(signs: Signs, today: date) -> Suggestion | None:
    """None where no contact is wanted, while a process says how often, or where nothing is known to go by."""
    if not signs.may_contact or signs.is_in_process:
        return None
    if signs.works_at is not None:
        return Suggestion(HALF_YEAR, f"works at {signs.works_at} through us" if signs.works_at else "works through us")
    if (close := next((ended for ended in signs.ended if _is_runner_up(ended, today)), None)) is not None:
        return Suggestion(QUARTER, f"reached {close.stage} for {close.at}, {close.on:%b %Y}")
    if signs.begins_as is Beginner.CAREER_CHANGER:
        return Suggestion(QUARTER, "is changing careers")
    if signs.begins_as or BEGINNERS & set(folded(signs.title).replace("-", " ").split()):
        return Suggestion(HALF_YEAR, "is at the beginning of a career")
    return Suggestion(YEAR, "has answered us before") if signs.has_said else None


def rhythm_words(rhythm: Rhythm) -> str:
    """“every 3 months”, “every month”."""
    unit = "week" if rhythm.unit is Unit.WEEKS else "month"
    return f"every {unit}" if rhythm.count == 1 else f"every {rhythm.count} {unit}s"


def rhythm_key(rhythm: Rhythm) -> str:
    """“3-months”, as it stands in an address and in a chart."""
    return f"{rhythm.count}-{rhythm.unit.value}"


def rhythm_of(key: str) -> Rhythm | None:
    """What `rhythm_key` made a key of; None where that was no rhythm."""
    count, _, unit = key.partition("-")
    is_one = count.isascii() and count.isdigit() and len(count) < 4 and unit in set(Unit)
    return Rhythm(int(count), Unit(unit)) if is_one else None


def _is_runner_up(ended: Ended, today: date) -> bool:
    return ended.result in TURNED_DOWN and ended.came_far and ended.on + LATELY > today
