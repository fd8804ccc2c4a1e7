"""The made-up team, its clients and openings, and the time in which everybody lives."""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from core.demo.days import Days
from core.demo.happenings import Beside, Happening
from core.domain.calendar import Calendar
from core.domain.facts import OpeningStatus
from core.domain.policy import Policy

HOUR = 60
LATELY = 45
"""Working days."""


@dataclass(slots=True, eq=False)
class Colleague:
    id: int
    name: str
    left_at: datetime | None = None
    cover: int | None = None


@dataclass(slots=True, eq=False)
class Vacancy:
    """An opening, the working days between which people come into it, and those on which it was held and resumed."""

    opens: int
    closes: int
    owner: int
    held: int | None = None
    resumed: int | None = None
    how: OpeningStatus = OpeningStatus.FILLED
    """How it ends."""
    ends_at: datetime | None = None
    """None: it has not ended yet."""
    id: int = 0
    end_id: int | None = None
    title: str = ""
    client: str = ""
    pace: str = "usual"
    """How soon the client answers."""
    answer: int = 3
    """How soon it should, in working days."""
    stages: tuple[str, ...] = ()
    is_board: bool = False
    """Open now and for long, and one of the cast's."""

    @property
    def interviews(self) -> list[str]:
        """The stages in which people are met."""
        return [stage for stage in self.stages if "nterview" in stage]


@dataclass(slots=True)
class World:
    calendar: Calendar
    days: Days
    now: datetime
    colleagues: dict[int, Colleague]
    recruiters: list[int]
    vacancies: list[Vacancy]
    quiet: float
    """The share of people with whom it stays at the first words."""
    policy: Policy
    boards: list[Vacancy] = field(default_factory=list)
    """Open now and for long, one for each of the cast: most of those who came lately are in one of them."""
    happenings: list[Happening] = field(default_factory=list)
    beside: list[Beside] = field(default_factory=list)
    closings: dict[int, list[Happening]] = field(default_factory=lambda: defaultdict(list))
    """By the person's number: what those who recommended them hear of."""
    booked: dict[int, set[datetime]] = field(default_factory=lambda: defaultdict(set))
    """Hours at which a member hosts a meeting."""

    @property
    def until(self) -> datetime:
        """Lives are told up to here: an action takes some minutes, and none may end after now."""
        return self.now - timedelta(minutes=45)

    @property
    def today(self) -> int:
        return self.days.index(self.now)

    def acting(self, member: int, at: datetime) -> int:
        """The member, or who stands in for one who has left."""
        colleague = self.colleagues[member]
        if colleague.left_at is not None and colleague.cover is not None and at >= colleague.left_at:
            return colleague.cover
        return member

    def vacancy(self, rng: Random, day: int) -> Vacancy | None:
        """One that is open on that day, and not held."""
        last = bisect_right(self.vacancies, day, key=lambda v: v.opens)
        open_ = [v for v in self.vacancies[max(last - 40, 0) : last] if v.closes > day and not is_held(v, day)]
        if self.boards and day > self.today - LATELY and rng.random() < 0.6:
            return rng.choice(self.boards)
        return rng.choice(open_) if open_ else None

    def free_hour(self, rng: Random, host: int, day: int) -> datetime | None:
        """An hour between 10 and 15 o'clock on which the host has no meeting, on that day or one of the next."""
        for later in range(10):
            hours = [self.days.at(day + later, HOUR * hour) for hour in range(1, 6)]
            rng.shuffle(hours)
            for hour in hours:
                if hour not in self.booked[host]:
                    self.booked[host].add(hour)
                    return hour
        return None


def is_held(vacancy: Vacancy, day: int) -> bool:
    return vacancy.held is not None and vacancy.held <= day and (vacancy.resumed is None or day < vacancy.resumed)


def day_later(day: date, days: int) -> date:
    return day + timedelta(days=days)
