"""Rules of the figures: how late and how soon is counted, and working hours between two moments."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from core.domain.calendar import Calendar
from core.domain.figures import counted_days, counted_hours

CALENDAR = Calendar()


@pytest.mark.parametrize(
    ("days", "counted"), [(0, 0), (1, 1), (20, 20), (24, 20), (25, 25), (59, 55), (60, 60), (900, 60)]
)
def test_days_are_counted_one_by_one_then_by_fives(days, counted):
    assert counted_days(days) == counted


@pytest.mark.parametrize(("hours", "counted"), [(0, 0), (24, 24), (31, 24), (32, 32), (79, 72), (80, 80), (500, 80)])
def test_hours_are_counted_one_by_one_then_by_eights(hours, counted):
    assert counted_hours(hours) == counted


@pytest.mark.parametrize(
    ("begin", "end", "hours"),
    [
        ("2026-03-02 10:00", "2026-03-02 12:00", 2),
        ("2026-03-02 10:00", "2026-03-02 10:59", 0),
        ("2026-03-02 10:00", "2026-03-03 12:00", 10),
        ("2026-03-02 07:00", "2026-03-02 20:00", 8),
        ("2026-03-06 16:00", "2026-03-09 10:00", 2),  # over a weekend
        ("2026-03-07 12:00", "2026-03-08 12:00", 0),  # within one
        ("2026-03-27 16:00", "2026-03-30 10:00", 2),  # the clocks change between
        ("2026-04-03 16:00", "2026-04-07 10:00", 2),  # Easter Monday
    ],
)
def test_working_hours_are_those_the_team_works(begin, end, hours):
    zone = ZoneInfo("Europe/Warsaw")
    moments = [datetime.fromisoformat(moment).replace(tzinfo=zone) for moment in (begin, end)]
    assert CALENDAR.working_hours(*moments) == hours
