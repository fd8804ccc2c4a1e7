"""The team's working days, by number: to plan a life in them quickly."""

from bisect import bisect_right
from datetime import date, datetime, timedelta

from core.domain.calendar import ONE_DAY, Calendar


class Days:
    def __init__(self, calendar: Calendar, first: date, last: date) -> None:
        self.calendar = calendar
        self.days: list[date] = []
        day = first
        while day <= last:
            if calendar.is_working(day):
                self.days.append(day)
            day += ONE_DAY
        opens, closes = calendar.opens, calendar.closes
        self.minutes = (closes.hour - opens.hour) * 60 + closes.minute - opens.minute

    def index(self, moment: datetime) -> int:
        """The number of the moment's day; on a free day that of the working day before it."""
        return self.index_of(self.calendar.day(moment))

    def index_of(self, day: date) -> int:
        return max(bisect_right(self.days, day) - 1, 0)

    def day(self, index: int) -> date:
        return self.days[min(max(index, 0), len(self.days) - 1)]

    def at(self, index: int, minutes: float) -> datetime:
        """So many minutes after opening of that day."""
        return self.calendar.opening_of(self.day(index)) + timedelta(minutes=round(minutes))
