"""How long something is, said in one way wherever it stands."""

from datetime import date

import pytest

from core.domain.words import span

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("begin", "words"),
    [
        (date(2026, 11, 26), "0 days"),
        (date(2026, 11, 25), "1 day"),
        (date(2026, 10, 16), "41 days"),
        (date(2026, 10, 15), "6 weeks"),
        (date(2026, 7, 27), "17 weeks"),
        (date(2026, 7, 26), "4 months"),
        (date(2025, 9, 12), "14 months"),  # and a half
        (date(2024, 11, 27), "23 months"),
        (date(2024, 11, 26), "2 years"),
        (date(2022, 1, 20), "4 years"),  # and ten months
    ],
)
def test_a_span_is_said_in_whole_units_that_are_over(begin: date, words: str):
    assert span(begin, TODAY) == words
