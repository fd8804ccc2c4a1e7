"""Working time: the team's zone, days, hours and public holidays, and the due times that follow from them.

Rules of shared/promises.md, section 1. Moments go in and come out in UTC; days are the team's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from holidays.registry import COUNTRIES

ONE_DAY = timedelta(days=1)
MOST_DAYS_OFF = 400


class NoSuchTime(ValueError):
    """A wall-clock time that the change of clocks skips."""


@dataclass(frozen=True)
class Calendar:
    zone_name: str = "Europe/Warsaw"
    country: str = "PL"
    days: frozenset[int] = frozenset(range(5))
    """Weekdays worked, Monday is 0."""
    opens: time = time(9)
    closes: time = time(17)
    days_off: tuple[date, ...] = ()
    """Days besides the public holidays on which nobody works, in order."""

    def __hash__(self) -> int:
        """Of the zone alone, since it is asked with each moment that is counted, and a text keeps its hash."""
        return hash(self.zone_name)

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Calendar":
        """What `as_values` made of one: the same calendar for the same values, so that what it knows is kept.

        Raises ValueError, with a sentence, for what is no working time.
        """
        try:
            opens, closes = time.fromisoformat(values["opens"]), time.fromisoformat(values["closes"])
            days_off = tuple(sorted({date.fromisoformat(day) for day in values.get("days_off", ())}))
            days = frozenset(int(day) for day in values["days"])
        except (KeyError, TypeError, ValueError) as wrong:
            raise ValueError("Working time has a zone, a country, days, and hours such as 09:00.") from wrong
        if not opens < closes:
            raise ValueError("The day has to open before it closes.")
        if not days or not days <= set(range(7)):
            raise ValueError("At least one day of the week has to be worked.")
        if len(days_off) > MOST_DAYS_OFF:
            raise ValueError(f"There can be {MOST_DAYS_OFF} extra days off at most.")
        return _known(str(values["zone"]), str(values["country"]), days, opens, closes, days_off)

    def as_values(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "zone": self.zone_name,
            "country": self.country,
            "days": sorted(self.days),
            "opens": f"{self.opens:%H:%M}",
            "closes": f"{self.closes:%H:%M}",
            "days_off": [day.isoformat() for day in self.days_off],
        }

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)

    @cached_property
    def public_holidays(self) -> holidays.HolidayBase:
        return holidays.country_holidays(self.country)

    @cached_property
    def _off(self) -> frozenset[date]:
        return frozenset(self.days_off)

    def day(self, moment: datetime) -> date:
        """The team's calendar day on which the moment falls."""
        return moment.astimezone(self.zone).date()

    def at(self, day: date, clock: time) -> datetime:
        """A wall-clock time as a moment; of an hour that exists twice, the first.

        Raises NoSuchTime for one that does not exist.
        """
        local = datetime.combine(day, clock, tzinfo=self.zone)
        moment = local.astimezone(UTC)
        if moment.astimezone(self.zone).replace(tzinfo=None) != local.replace(tzinfo=None):
            raise NoSuchTime(f"{day:%a %d %b %Y} has no {clock:%H:%M}: the clocks go forward then.")
        return moment

    def start_of(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=self.zone).astimezone(UTC)

    def opening_of(self, day: date) -> datetime:
        return _wall_clock(self, day, self.opens)

    def closing_of(self, day: date) -> datetime:
        return _wall_clock(self, day, self.closes)

    def is_working(self, day: date) -> bool:
        return day.weekday() in self.days and day not in self.public_holidays and day not in self._off

    def working_on_or_after(self, day: date) -> date:
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def working_on_or_before(self, day: date) -> date:
        while not self.is_working(day):
            day -= ONE_DAY
        return day

    def after(self, moment: datetime, working_days: int) -> datetime:
        """Closing time of the nth working day after the day of the moment; the hour never matters."""
        return _closing_after(self, self.day(moment), working_days)

    def begun_before(self, moment: datetime, working_days: int) -> datetime:
        """Whatever began before this had its n working days, and they were over at the moment."""
        day = self.day(moment)
        while _closing_after(self, day, working_days) >= moment:
            day -= ONE_DAY
        return self.start_of(day + ONE_DAY)

    def same_day(self, moment: datetime, hours: float) -> datetime:
        """Closing time of the same working day, but never less than so many working hours away."""
        today = self.day(moment)
        if not (self.is_working(today) and moment < self.closing_of(today)):
            today = self.working_on_or_after(today + ONE_DAY)
        return max(self.closing_of(today), self.hours_after(moment, hours))

    def hours_after(self, moment: datetime, hours: float) -> datetime:
        """The moment at which so many hours of working time have run."""
        left = timedelta(hours=hours)
        day = self.working_on_or_after(self.day(moment))
        while True:
            start, end = max(moment, self.opening_of(day)), self.closing_of(day)
            if start < end and start + left <= end:
                return start + left
            left -= max(end - start, timedelta())
            day = self.working_on_or_after(day + ONE_DAY)

    def on(self, day: date) -> datetime:
        """When a word given for a date is due: closing time of it, or of the next working day."""
        return self.closing_of(self.working_on_or_after(day))

    def by(self, day: date) -> datetime:
        """When a thing is due that must be settled before a date has passed."""
        return self.closing_of(self.working_on_or_before(day))

    def working_days_late(self, due: datetime, moment: datetime) -> int:
        """Working days begun between the day something was due and a later moment."""
        return _working_days(self, self.day(due), self.day(moment))

    def working_hours(self, begin: datetime, end: datetime) -> int:
        """Whole hours of working time between two moments."""
        first, last = self.day(begin), self.day(end)
        worked = self._until_closing(first, begin) - self._until_closing(last, end)
        if first < last:
            a_day = self.closing_of(last) - self.opening_of(last)
            worked += a_day * _working_days(self, first, last)
        return int(worked // timedelta(hours=1))

    def _until_closing(self, day: date, moment: datetime) -> timedelta:
        """Working time that is left of the day at a moment of it."""
        if not self.is_working(day):
            return timedelta()
        return max(self.closing_of(day) - max(moment, self.opening_of(day)), timedelta())


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """Those whose public holidays are known: two letters, and the name."""
    known = {code: re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name) for name, code, *_ in COUNTRIES.values()}
    return dict(sorted(known.items(), key=lambda one: one[1]))


@lru_cache(maxsize=256)
def _known(
    zone: str, country: str, days: frozenset[int], opens: time, closes: time, days_off: tuple[date, ...]
) -> Calendar:
    calendar = Calendar(zone, country, days, opens, closes, days_off)
    try:
        _ = calendar.zone
    except (KeyError, ValueError, OSError) as unknown:  # a zone that is not there is a KeyError
        raise ValueError(f"There is no time zone “{zone}”. One is Europe/Warsaw.") from unknown
    try:
        _ = calendar.public_holidays
    except NotImplementedError as unknown:
        raise ValueError(f"No public holidays are known of “{country}”. Poland is PL, Germany DE.") from unknown
    return calendar


@lru_cache(maxsize=65536)
def _wall_clock(calendar: Calendar, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=calendar.zone).astimezone(UTC)


@lru_cache(maxsize=65536)
def _working_days(calendar: Calendar, day: date, last: date) -> int:
    """After the one day, up to the other."""
    number = 0
    if (last - day).days > 1000:
        return round((last - day).days * len(calendar.days) / 7)
    while day < last:
        day += ONE_DAY
        number += calendar.is_working(day)
    return number


@lru_cache(maxsize=65536)
def _closing_after(calendar: Calendar, day: date, working_days: int) -> datetime:
    for _ in range(working_days):
        day = calendar.working_on_or_after(day + ONE_DAY)
    return calendar.closing_of(day)
