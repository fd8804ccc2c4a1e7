"""Charts of figures over months."""

from collections import Counter

import pytest

from core.charts.bars import bars_chart, bars_frame
from core.charts.dress import palette
from core.charts.insights import (
    A_LETTER,
    GAP,
    Column,
    Piece,
    columns_chart,
    columns_frame,
    percent,
    shares,
    spread,
    spread_chart,
    spread_frame,
)
from core.queries.insights import Words

COLUMNS = [
    Column("month/2026-01", "2026-01", [Piece("on-time", "kept", 9), Piece("late", "late", 1)], "90%", "Jan: 9 of 10"),
    Column("month/2026-02", "2026-02", (), "(3)", "Feb: too few to say (3)"),
]
NUMBERS = [
    ("late/2026-01", "2026-01", "Jan 2026", Counter({1: 3, 2: 2, 9: 1})),
    ("late/2026-02", "2026-02", "Feb 2026", Counter({4: 3})),
    ("late/2026-03", "2026-03", "Mar 2026", Counter()),
]


def test_a_column_of_too_few_has_no_bar_and_says_of_how_many():
    frame = columns_frame(COLUMNS, "month/2026-01")
    rows = [(row.when, row.part, row.number, row.top, row.label, row.lit) for row in frame.to_pandas().itertuples()]
    assert rows == [
        ("2026-01", "on-time", 9, 10, "90%", True),
        ("2026-01", "late", 1, 10, "", True),
        ("2026-02", "", 0, 0, "(3)", False),
    ]


def test_what_is_said_above_columns_is_told_how_much_room_the_longest_takes():
    frame = columns_frame(COLUMNS)
    assert set(frame["wide"].to_pylist()) == {len("90%") * A_LETTER + GAP}
    assert frame["behind"].to_pylist() == [1, 1, 0], "the last is always said"


def test_a_month_of_too_few_has_no_median_and_one_of_none_its_place():
    frame = spread_frame(NUMBERS, "working days")
    rows = [(row.when, row.n, row.middle, row.upto, row.label) for row in frame.to_pandas().itertuples()]
    assert rows == [("2026-01", 6, 1.5, 9, ""), ("2026-02", 3, 0.0, 0, "(3)"), ("2026-03", 0, 0.0, 0, "")]
    assert frame["says"][0].as_py() == "Jan 2026: median 1.5, 90th percentile 9 working days, of 6"
    assert spread(Counter({4: 3}), "working days") == "too few to say (3)"


def test_shares_come_the_fewest_first_and_those_of_too_few_last():
    found = [
        ("a", "Ana", Words(on_time=9, late=Counter({1: 3, 2: 1, 7: 1}), overdue=1)),
        ("b", "Ben", Words(on_time=1, overdue=9)),
        ("c", "Cora", Words(on_time=3)),
        ("d", "Vera", Words()),
    ]
    bars = shares(found)
    assert [(bar.key, bar.number, bar.whole, bar.says, bar.aside) for bar in bars] == [
        ("b", 10, 100, "10% of 10", ""),
        ("a", 60, 100, "60% of 15", ", late by 1 · 7"),
        ("c", 0, 0, "too few to say (3)", ""),
    ]
    assert [bar.key for bar in shares(found, 1)] == ["b"]


def test_a_share_is_never_rounded_to_all_or_to_none():
    assert percent(Words(on_time=999, overdue=1)) == "over 99%"
    assert percent(Words(on_time=1, overdue=999)) == "under 1%"
    assert percent(Words(on_time=5)) == "100%"
    assert percent(Words(overdue=5)) == "0%"


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_the_charts_are_functions_of_their_frames(appearance):
    c = palette(appearance)
    bars, words = columns_chart(columns_frame(COLUMNS), c).to_dict()["layer"]
    assert bars["encoding"]["color"]["legend"]["values"] == ["kept", "late"]
    assert c.kept in bars["encoding"]["color"]["scale"]["range"]
    assert words["mark"]["text"]["expr"].endswith("? '' : datum.label")
    assert columns_chart(columns_frame([]), c).to_dict()["layer"][0]["encoding"]["color"]["legend"] is None
    place, reach, dot, *_ = spread_chart(spread_frame(NUMBERS, "hours"), c).to_dict()["layer"]
    assert place["mark"]["opacity"] == 0
    assert reach["encoding"]["y2"]["field"] == "upto"
    assert dot["mark"]["color"] == c.ours
    assert (
        bars_chart(bars_frame(shares([])), c)
        .to_dict()["layer"][2]["mark"]["text"]["expr"]
        .endswith("datum.aside : '')")
    )
