"""Charts are values: read through .to_dict(), on frames with and without rows."""

from datetime import date

import pytest

from core.charts.dress import MEANINGS, palette, spec
from core.charts.promises import FAMILIES, FAMILY_OF, due_chart, due_frame, finding, weeks_ahead
from core.domain.calendar import Calendar
from core.domain.promises import Kind

MONDAY = date(2026, 3, 2)
COMING = {
    (date(2026, 3, 2), Kind.REPLY): 2,
    (date(2026, 3, 5), Kind.REPLY): 1,
    (date(2026, 3, 5), Kind.KEEP_IN_TOUCH): 3,
    (date(2026, 3, 7), Kind.FOLLOW_UP): 1,  # a Saturday, as said
}


def test_every_kind_has_a_family_and_every_family_a_colour():
    assert set(FAMILY_OF) == set(Kind)
    assert sum(len(kinds) for kinds in FAMILIES.values()) == len(Kind)


def test_every_working_day_is_there_and_a_day_off_only_with_a_word_due():
    frame = due_frame(COMING, MONDAY, Calendar())
    days = list(dict.fromkeys(frame["day"].to_pylist()))
    assert days[:7] == [
        "2026-03-02",
        "2026-03-03",
        "2026-03-04",
        "2026-03-05",
        "2026-03-06",
        "2026-03-07",
        "2026-03-09",
    ]
    assert days[-1] == "2026-03-30"
    assert sum(frame["number"].to_pylist()) == 7
    assert set(frame["family"].to_pylist()) == {"answers", "relationships"}


@pytest.mark.parametrize("appearance", ["light", "dark"])
@pytest.mark.parametrize("coming", [COMING, {}])
def test_the_chart_is_a_function_of_its_frame(appearance, coming):
    frame = due_frame(coming, MONDAY, Calendar())
    made = due_chart(frame, palette(appearance)).to_dict()
    assert made["encoding"]["x"]["field"] == "day"
    assert made["encoding"]["color"]["legend"]["values"] == (["answers", "relationships"] if coming else [])
    assert made["encoding"]["color"]["scale"]["range"][0] == palette(appearance).from_them
    assert {param["name"] for param in made["params"]} == {"bar", "family"}
    assert made["background"] == "transparent"
    assert "data" not in spec(due_chart(frame, palette(appearance)))


def test_the_finding_is_a_sentence():
    assert finding(COMING) == "7 words are due in the coming four weeks, most on Thu 5 Mar: 4."
    assert finding({(MONDAY, Kind.REPLY): 1}).startswith("1 word is due")
    assert finding({}) == "Nothing is due in the coming four weeks."


def test_weeks_have_names():
    assert weeks_ahead(date(2026, 3, 4))[:3] == [
        ("this week", date(2026, 3, 4), date(2026, 3, 8)),
        ("next week", date(2026, 3, 9), date(2026, 3, 15)),
        ("16 Mar", date(2026, 3, 16), date(2026, 3, 22)),
    ]


def test_the_theme_gives_each_meaning_a_colour_of_its_own():
    for appearance in ("light", "dark"):
        colours = [getattr(palette(appearance), meaning) for meaning in MEANINGS]
        assert len(set(colours)) == len(colours)
