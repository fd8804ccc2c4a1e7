"""Working time to the minute: the rules of shared/promises.md, section 1, at their edges."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.domain.calendar import Calendar, NoSuchTime
from core.domain.facts import Rhythm, Unit

WARSAW = Calendar()


def at(text: str, zone: str = "Europe/Warsaw") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    "said",
    ["2026-03-06 09:00", "2026-03-06 16:59", "2026-03-06 20:00", "2026-03-07 12:00", "2026-03-08 23:58"],
)
def test_a_day_after_friday_saturday_or_sunday_is_monday_at_closing(said):
    assert WARSAW.after(at(said), 1) == at("2026-03-09 17:00")


def test_two_minutes_past_midnight_is_the_next_day():
    assert WARSAW.after(at("2026-03-09 00:02"), 1) == at("2026-03-10 17:00")


def test_public_holidays_count_for_nothing():
    assert WARSAW.after(at("2026-04-03 10:00"), 1) == at("2026-04-07 17:00")  # Easter Monday between


@pytest.mark.parametrize(
    ("moment", "hours", "due"),
    [
        ("2026-03-03 11:00", 4, "2026-03-03 17:00"),
        ("2026-03-03 13:00", 4, "2026-03-03 17:00"),
        ("2026-03-03 15:00", 4, "2026-03-04 11:00"),
        ("2026-03-07 12:00", 4, "2026-03-09 17:00"),
        ("2026-03-03 17:00", 1, "2026-03-04 17:00"),
        ("2026-03-03 08:00", 4, "2026-03-03 17:00"),
        ("2026-03-05 16:30", 1, "2026-03-06 09:30"),
        ("2026-03-06 16:30", 1, "2026-03-09 09:30"),
    ],
)
def test_the_same_working_day_leaves_so_many_working_hours_at_least(moment, hours, due):
    assert WARSAW.same_day(at(moment), hours) == at(due)


def test_closing_time_stays_on_the_wall_when_the_clocks_change():
    friday = at("2026-03-27 10:00")  # the clocks go forward on Sunday
    assert WARSAW.after(friday, 1) == datetime(2026, 3, 30, 15, tzinfo=UTC)
    assert WARSAW.after(at("2026-03-26 10:00"), 1) == datetime(2026, 3, 27, 16, tzinfo=UTC)


def test_working_hours_are_real_hours_when_the_clocks_change_within_them():
    nights = Calendar(days=frozenset(range(7)), opens=time(1), closes=time(5))
    assert nights.hours_after(at("2026-03-29 01:00"), 2) == at("2026-03-29 04:00")


def test_an_hour_that_exists_twice_is_the_first_and_one_that_does_not_exist_is_refused():
    assert WARSAW.at(date(2026, 10, 25), time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    with pytest.raises(NoSuchTime, match="has no 02:30"):
        WARSAW.at(date(2026, 3, 29), time(2, 30))


@pytest.mark.parametrize(
    ("day", "due"),
    [("2026-05-01", "2026-05-04 17:00"), ("2026-05-05", "2026-05-05 17:00"), ("2026-12-25", "2026-12-28 17:00")],
)
def test_a_date_is_due_at_closing_of_it_or_of_the_next_working_day(day, due):
    assert WARSAW.on(date.fromisoformat(day)) == at(due)


def test_what_must_be_settled_before_a_date_is_due_on_the_last_working_day_up_to_it():
    assert WARSAW.by(date(2026, 5, 3)) == at("2026-04-30 17:00")


@pytest.mark.parametrize(
    ("rhythm", "day", "then"),
    [
        (Rhythm(1, Unit.MONTHS), date(2026, 1, 31), date(2026, 2, 28)),
        (Rhythm(1, Unit.MONTHS), date(2028, 1, 31), date(2028, 2, 29)),
        (Rhythm(6, Unit.WEEKS), date(2026, 1, 12), date(2026, 2, 23)),
        (Rhythm(12, Unit.MONTHS), date(2028, 2, 29), date(2029, 2, 28)),
    ],
)
def test_a_month_later_is_the_same_day_of_the_month_or_its_last(rhythm, day, then):
    assert rhythm.after(day) == then


def test_lateness_is_counted_in_working_days():
    due = at("2026-03-06 17:00")
    assert WARSAW.working_days_late(due, at("2026-03-08 12:00")) == 0
    assert WARSAW.working_days_late(due, at("2026-03-10 08:00")) == 2


@pytest.mark.parametrize("days", [1, 3, 10])
@pytest.mark.parametrize("now", ["2026-03-02 09:00", "2026-03-06 17:00", "2026-03-08 12:00", "2026-04-07 16:59"])
def test_what_began_before_that_moment_had_its_working_days_and_what_began_then_has_not(now, days):
    cut = WARSAW.begun_before(at(now), days)
    assert WARSAW.after(cut - timedelta(seconds=1), days) < at(now) <= WARSAW.after(cut, days)
