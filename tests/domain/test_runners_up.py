"""Whom to think of first: a plain sum of what speaks for somebody."""

from dataclasses import replace
from datetime import date

import pytest

from core.domain.facts import ClosingReason, Result
from core.domain.runners_up import Acquaintance, Before, ended_well, for_them, furthest, total

TODAY = date(2026, 3, 2)
NOBODY = Acquaintance(needs=4, known=0, implied=0)


def before(**columns):
    usual = {
        "place": "Developer, Nordbank",
        "stage": "Interview",
        "reached": 0.75,
        "closed_on": date(2024, 3, 1),
        "result": Result.REJECTED,
        "reason": ClosingReason.SKILLS,
    }
    return Before(**{**usual, **columns})


def test_all_there_is_to_say_makes_a_hundred():
    best = Acquaintance(
        needs=2,
        known=2,
        implied=0,
        before=(before(reached=1.0, result=Result.OPENING_CLOSED, reason=None),),
        was_recommended=True,
        meetings=3,
        heard_on=TODAY,
        consent_until=TODAY,
    )
    assert total(best, TODAY) == 100
    assert total(NOBODY, TODAY) == 0


def test_what_follows_from_another_skill_counts_somewhat_less_than_having_it():
    points = [total(replace(NOBODY, known=k, implied=i), TODAY) for k, i in ((2, 0), (1, 1), (0, 2), (0, 1))]
    assert points == sorted(points, reverse=True)
    assert len(set(points)) == 4


@pytest.mark.parametrize(
    ("result", "reason", "would"),
    [
        (Result.OPENING_CLOSED, None, True),
        (Result.NOT_NOW, None, True),
        (Result.REJECTED, ClosingReason.SOMEBODY_ELSE, True),
        (Result.REJECTED, ClosingReason.BUDGET, True),
        (Result.REJECTED, ClosingReason.SKILLS, False),
        (Result.REJECTED, None, False),
        (Result.WITHDRAWN, ClosingReason.OTHER_OFFER, False),
        (Result.HIRED, None, False),
    ],
)
def test_who_was_turned_down_for_no_reason_of_their_own_would_be_presented_again(result, reason, would):
    assert (ended_well((before(result=result, reason=reason),)) is not None) is would


@pytest.mark.parametrize(
    ("heard_on", "points"),
    [
        (date(2025, 3, 2), 10),
        (date(2025, 3, 1), 5),
        (date(2023, 3, 2), 5),
        (date(2023, 3, 1), 0),
        (None, 0),
    ],
)
def test_a_word_from_them_counts_less_as_years_go_by(heard_on, points):
    assert total(replace(NOBODY, heard_on=heard_on), TODAY) == points


def test_a_consent_counts_until_its_last_day():
    assert [what for what, _ in for_them(replace(NOBODY, consent_until=TODAY), TODAY) if "consent" in what]
    assert total(replace(NOBODY, consent_until=date(2026, 3, 1)), TODAY) == 0


def test_where_they_came_farthest_is_said_and_of_two_as_far_the_later():
    early, late, short = before(), before(closed_on=date(2025, 1, 1)), before(reached=0.25, closed_on=TODAY)
    assert furthest((early, late, short)) is late
    assert furthest(()) is None
