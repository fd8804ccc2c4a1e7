"""Charts of all openings: values, read through .to_dict(), with and without people."""

from collections import Counter

import pytest

from core.charts import openings
from core.charts.bars import ROW_HEIGHT, Bar, bars_chart, bars_frame
from core.charts.dress import palette, spec
from core.domain.facts import Turn
from core.queries.openings import Age, Cell, Silence, Step

STAGES = ["Screening", "Interview"]
CELLS = [
    Cell("Screening", Turn.OURS, Age.UNDER_1, Silence.IN_TIME, 3, 0),
    Cell("Screening", Turn.CLIENT, Age.UNDER_1, Silence.OVER_5, 2, 1),
    Cell("Interview", Turn.CLIENT, Age.OVER_8, Silence.TO_2, 1, 1),
]


def test_the_funnel_is_a_bar_of_whom_is_there_on_a_track_of_all_who_came():
    steps = [Step("Screening", 9), Step("Interview", 4)]
    bars = list(openings.steps(steps, Counter({"Screening": 2})))
    assert [(bar.label, bar.number, bar.whole, bar.says) for bar in bars] == [
        ("Screening", 2, 9, "2 of 9"),
        ("Interview", 0, 4, "0 of 4"),
    ]


def test_every_turn_and_every_silence_has_a_bar_with_nobody_too():
    assert [(bar.label, bar.number, bar.meaning) for bar in openings.turns(Counter({Turn.CLIENT: 3}))] == [
        ("ours", 0, "ours"),
        ("the client’s", 3, "clients"),
        ("the candidate’s", 0, "candidates"),
    ]
    silences = list(openings.silences(Counter({Silence.TO_5: 2})))
    assert [bar.number for bar in silences] == [0, 0, 2, 0]
    assert [bar.meaning for bar in silences] == ["kept", "overdue", "overdue", "overdue"], "red is past the cadence"


@pytest.mark.parametrize("appearance", ["light", "dark"])
@pytest.mark.parametrize("bars", [[Bar("a", "A", 2, "2", "ours", whole=4), Bar("b", "B", 1, "1", "clients")], []])
def test_bars_are_a_function_of_their_frame(appearance, bars):
    frame = bars_frame(bars, "a")
    made = bars_chart(frame, palette(appearance)).to_dict()
    assert frame["lit"].to_pylist() == [bar.key == "a" for bar in bars]
    assert made["height"] == max(len(bars), 1) * ROW_HEIGHT
    assert [param["name"] for param in made["params"]] == ["chosen"]
    colour = made["layer"][1]["encoding"]["color"]["scale"]
    assert colour["range"][colour["domain"].index("ours")] == palette(appearance).ours
    assert "data" not in spec(bars_chart(frame, palette(appearance)))


def test_where_nothing_is_chosen_every_bar_is_lit():
    both = bars_frame([Bar("a", "A", 2, "2", "ours"), Bar("b", "B", 1, "1", "ours")])
    assert both["lit"].to_pylist() == [True, True]


def test_every_stage_has_a_cell_for_every_age_in_order():
    frame = openings.ages_frame(CELLS, STAGES)
    assert len(frame) == len(STAGES) * len(Age)
    assert frame["stage"].unique().to_pylist() == STAGES
    assert frame["weeks"].unique().to_pylist() == ["under 1", "1–2", "2–4", "4–8", "over 8"]
    assert [row["says"] for row in frame.to_pylist() if row["number"] > 0] == ["5", "1"]
    assert not any(frame["is_chosen"].to_pylist())


def test_a_stage_that_is_chosen_lights_its_row_and_a_cell_that_is_chosen_is_framed():
    frame = openings.ages_frame(CELLS, STAGES, stage="Interview")
    assert {row["stage"] for row in frame.to_pylist() if row["lit"]} == {"Interview"}
    framed = openings.ages_frame(CELLS, STAGES, stage="Interview", age=Age.OVER_8)
    assert [row["says"] for row in framed.to_pylist() if row["is_chosen"]] == ["1"]


@pytest.mark.parametrize("appearance", ["light", "dark"])
@pytest.mark.parametrize("cells", [CELLS, []])
def test_ages_are_a_function_of_their_frame(appearance, cells):
    frame = openings.ages_frame(cells, STAGES if cells else [])
    made = openings.ages_chart(frame, palette(appearance)).to_dict()
    assert made["layer"][0]["encoding"]["color"]["condition"]["scale"]["range"] == list(palette(appearance).cells)
    assert [param["select"]["fields"] for param in made["params"]] == [["stage", "age"]]


def test_what_is_chosen_of_people_is_a_question_to_each_cell():
    from core.queries.openings import OpeningFilters

    asked = OpeningFilters(stage="Screening", turn=Turn.CLIENT)
    assert [cell.number for cell in CELLS if cell.is_meant(asked)] == [2]
    assert [cell.number for cell in CELLS if cell.is_meant(asked, "turn")] == [3, 2]
    assert [cell.number for cell in CELLS if cell.is_meant(asked, "stage", "turn")] == [3, 2, 1]
