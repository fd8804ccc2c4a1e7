"""How alive a relationship is: counted in calendar months, each rule at its edge."""

from datetime import date

import pytest

from core.domain.pool import KNOWN, NEVER, SILENT, Became, Now, first_of, is_alive, month_of, stands

MARCH = month_of(date(2026, 3, 2))


@pytest.mark.parametrize(
    ("last", "alive"),
    [
        (date(2026, 3, 31), True),
        (date(2025, 4, 1), True),
        (date(2025, 3, 31), False),
        (NEVER, False),
    ],
)
def test_alive_is_a_word_within_twelve_calendar_months(last, alive):
    assert is_alive(month_of(last), MARCH) is alive


def test_a_month_is_a_number_and_back():
    assert first_of(month_of(date(2026, 2, 28))) == date(2026, 2, 1)
    assert month_of(date(2026, 1, 1)) - month_of(date(2025, 12, 31)) == 1
    assert first_of(month_of(NEVER)) == NEVER


@pytest.mark.parametrize("bins", [KNOWN, SILENT])
def test_every_number_of_months_is_in_one_stretch_and_its_days_say_the_same(bins):
    for months in range(200):
        (mine,) = [one for one in bins if one.holds(months)]
        begin, end = mine.days(MARCH)
        first, last = first_of(MARCH - months), first_of(MARCH - months + 1)
        assert begin <= first < last <= end


@pytest.mark.parametrize("became", [Became.NO_CONTACT, Became.IN_PROCESS, Became.PLACED])
def test_what_became_of_somebody_is_told_before_how_alive_it_is(became):
    assert stands(became, MARCH, MARCH).value == became.value


def test_who_is_merely_known_is_alive_or_silent():
    assert stands(Became.KNOWN, MARCH - 11, MARCH) is Now.ALIVE
    assert stands(Became.KNOWN, MARCH - 12, MARCH) is Now.SILENT
