"""How soon a client answers, as a chart."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from core.charts.clients import answers_chart, answers_frame, closures, finding
from core.charts.dress import palette
from core.domain.calendar import Calendar
from core.domain.facts import ClosingReason, Result

MONTHS = [
    (datetime(2025, 12, 31, 23, tzinfo=UTC), Counter({1: 3, 2: 2, 9: 1})),
    (datetime(2026, 1, 31, 23, tzinfo=UTC), Counter()),
    (datetime(2026, 2, 28, 23, tzinfo=UTC), Counter({3: 1, 4: 2})),
]


def test_a_month_with_enough_answers_has_a_median_one_with_few_has_each_and_one_without_its_place():
    frame = answers_frame(MONTHS, 3, Calendar())
    rows = [tuple(row[name] for name in ("month", "what", "days", "upto", "times")) for row in frame.to_pylist()]
    assert rows == [
        ("2026-01", "median", 1.5, 9, 6),
        ("2026-02", "", 0.0, 0, 0),
        ("2026-03", "single", 3.0, 3, 1),
        ("2026-03", "single", 4.0, 4, 2),
    ]
    assert frame["says"].to_pylist()[0] == "Jan 2026: median 1.5, 90th percentile 9, of 6 answers"
    assert set(frame["limit"].to_pylist()) == {3}


@pytest.mark.parametrize("appearance", ["light", "dark"])
@pytest.mark.parametrize("months", [MONTHS, MONTHS[1:2]])
def test_the_chart_is_a_function_of_its_frame(appearance, months):
    frame = answers_frame(months, 3, Calendar())
    assert (not len(frame)) == (months == MONTHS[1:2])
    made = answers_chart(frame, palette(appearance)).to_dict()
    assert made["layer"][3]["mark"]["color"] == palette(appearance).clients
    assert made["layer"][0]["encoding"]["y"]["field"] == "limit"


def test_the_finding_is_a_sentence_and_tells_nothing_of_few():
    assert finding(MONTHS) == "Half of 9 answers came within 2 working days, nine in ten within 9."
    assert finding(MONTHS[2:]) == "Too few answers to say (3)."


def test_the_rarest_ends_stand_together():
    bars = closures(
        [(Result.REJECTED, ClosingReason.SKILLS, 4), (Result.HIRED, None, 3), (Result.WITHDRAWN, None, 1)], 2
    )
    assert [(bar.label, bar.number) for bar in bars] == [("rejected: skills", 4), ("placed", 3), ("others", 1)]
