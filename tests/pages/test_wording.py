"""Dates, counts and lateness in the words a person would use, and text that stays text."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.domain.calendar import Calendar
from pages.parts import wording

CALENDAR = Calendar()
NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)  # Tuesday, 10:00 in Warsaw


def test_a_label_that_is_read_aloud_has_no_sign_in_it_and_no_escape():
    assert wording.aloud("E-mail ") == "E mail"
    assert wording.aloud("Noor ![x](https://x.example) O'Neil") == "Noor x https x example O Neil"


def test_a_day_has_its_year_only_if_it_is_another():
    assert wording.day(date(2026, 3, 3), date(2026, 3, 3)) == "Tue 3 Mar"
    assert wording.day(date(2025, 12, 31), date(2026, 3, 3)) == "Wed 31 Dec 2025"


def test_since_and_due_give_the_hour_only_today():
    assert wording.since(NOW - timedelta(hours=1), NOW, CALENDAR) == "since 09:00"
    assert wording.since(NOW - timedelta(days=5), NOW, CALENDAR) == "since Thu 26 Feb"
    assert wording.due(NOW + timedelta(hours=7), NOW, CALENDAR) == "by 17:00"
    assert wording.due(NOW + timedelta(days=2), NOW, CALENDAR) == "by Thu 5 Mar"
    assert wording.moment(NOW, NOW, CALENDAR) == "today 10:00"
    assert wording.moment(NOW - timedelta(days=1), NOW, CALENDAR) == "Mon 2 Mar, 10:00"


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (CALENDAR.closing_of(date(2026, 3, 2)), "1 working day late"),
        (CALENDAR.closing_of(date(2026, 2, 27)), "2 working days late"),
        (NOW - timedelta(hours=2), "late since 08:00"),
    ],
)
def test_lateness_is_in_working_days(due: datetime, words: str):
    assert wording.lateness(due, NOW, CALENDAR) == words


def test_what_fell_due_on_a_day_off_is_late_since_that_day():
    sunday = datetime(2026, 3, 8, 9, tzinfo=UTC)
    assert wording.lateness(sunday - timedelta(days=1), sunday, CALENDAR) == "late since Sat 7 Mar"


def test_numbers():
    assert wording.plural(1, "word") == "1 word"
    assert wording.plural(1336, "person", "people") == "1,336 people"
    assert [wording.spelled(number, "person is", "people are") for number in (0, 1, 1336)] == [
        "no people are",
        "one person is",
        "1,336 people are",
    ]
    assert [wording.spelled(number, "opening") for number in (1, 2)] == ["one opening", "two openings"]
    assert [wording.spelled(number) for number in (0, 3, 12, 13, 1336)] == ["no", "three", "twelve", "13", "1,336"]
    assert (wording.share(94, 100), wording.share(2, 3)) == ("94%", "too few to say (3)")


def test_typed_text_stays_text():
    assert wording.md("![x](https://evil.example) :red-badge[y]\n# z") == (
        "\\!\\[x\\]\\(https\\:\u2060\\/\\/evil\\.example\\) \\:red\\-badge\\[y\\] \\# z"
    )
    assert "http\\:\u2060" in wording.md("see http://evil.example")  # nor is a bare address a link
    assert "www\u2060" in wording.md("see www.evil.example")
    assert wording.quote("a " * 100).endswith("…”")
    assert wording.quote("short") == "“short”"
