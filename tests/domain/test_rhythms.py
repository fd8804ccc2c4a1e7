"""Which rhythm is suggested, and why: the first of what is known that says something."""

from datetime import date

import pytest

from core.domain.facts import Result, Rhythm, Unit
from core.domain.growth import Beginner
from core.domain.rhythms import USUAL, Ended, Signs, suggested

TODAY = date(2026, 3, 2)
QUARTER, HALF_YEAR, YEAR = Rhythm(3, Unit.MONTHS), Rhythm(6, Unit.MONTHS), Rhythm(12, Unit.MONTHS)


def ended(**how) -> Ended:
    """At the third stage of four, a year ago."""
    usual = {"at": "Zenit", "on": date(2025, 3, 3), "result": Result.REJECTED, "stage": "Interview"}
    return Ended(**{**usual, "place": 2, "stages": 4, **how})


@pytest.mark.parametrize(
    ("signs", "rhythm", "because"),
    [
        (Signs(ended=[ended()]), QUARTER, "reached Interview for Zenit, Mar 2025"),
        (Signs(ended=[ended(result=Result.NOT_NOW)]), QUARTER, "reached Interview for Zenit, Mar 2025"),
        (Signs(ended=[ended(stage="Offer", place=3)]), QUARTER, "reached Offer for Zenit, Mar 2025"),
        (Signs(ended=[ended(place=1), ended(at="Orbis")]), QUARTER, "reached Interview for Orbis, Mar 2025"),
        (Signs(works_at="Orbis", ended=[ended()]), HALF_YEAR, "works at Orbis through us"),
        (Signs(works_at=""), HALF_YEAR, "works through us"),
        (Signs(begins_as=Beginner.CAREER_CHANGER), QUARTER, "is changing careers"),
        (Signs(begins_as=Beginner.INTERN), HALF_YEAR, "is at the beginning of a career"),
        (Signs(title="Junior tester"), HALF_YEAR, "is at the beginning of a career"),
        (Signs(title="Młodsza programistka"), HALF_YEAR, "is at the beginning of a career"),
        (Signs(has_said=True), YEAR, "has answered us before"),
    ],
)
def test_a_rhythm_is_suggested_with_its_reason(signs, rhythm, because):
    assert suggested(signs, TODAY) == (rhythm, because)
    assert rhythm in USUAL


@pytest.mark.parametrize(
    "signs",
    [
        Signs(),
        Signs(may_contact=False, has_said=True, ended=[ended()]),
        Signs(is_in_process=True, ended=[ended()]),
        Signs(title="Internal auditor"),
        Signs(ended=[ended(place=1)]),
        Signs(ended=[ended(place=None)]),
        Signs(ended=[ended(place=0, stages=1)]),
        Signs(ended=[ended(result=Result.WITHDRAWN)]),
        Signs(ended=[ended(result=Result.HIRED)]),
        Signs(ended=[ended(on=date(2024, 3, 2))]),
    ],
)
def test_nothing_is_suggested_where_nothing_is_known_or_no_word_is_wanted(signs):
    assert suggested(signs, TODAY) is None
