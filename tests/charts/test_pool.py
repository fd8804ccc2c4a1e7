"""Charts of the pool: values, read through .to_dict(), with and without people."""

from collections import Counter
from datetime import date

import pytest

from core.charts import pool
from core.charts.bars import ROW_HEIGHT
from core.charts.dress import palette
from core.domain.pool import NEVER, Became, Now
from core.queries.pool import BEFORE, NO_RHYTHM, NO_WORD, NOWHERE, Alive, Choice, Figure, Health, Known

TODAY = date(2026, 3, 2)


def somebody(name="Noor", met_on=date(2022, 3, 2), last_word_on=date(2025, 3, 2)):
    return Known(1, name, None, met_on, last_word_on, Became.KNOWN, "", None, None, None)


def test_every_cell_up_to_the_longest_known_has_its_number_the_longest_first():
    frame = pool.cells_frame({("2", "0"): 3, ("0", "24"): 1200}).to_pandas()
    assert list(dict.fromkeys(frame["known"])) == ["2–3", "1–2", "under 1"]
    assert list(dict.fromkeys(frame["silent"])) == ["0", "1–2", "3–5", "6–11", "12–23", "24+"]
    assert frame.loc[(frame["one"] == "0") & (frame["other"] == "24"), "says"].item() == "1,200"
    assert "no word" in set(pool.cells_frame({("0", NO_WORD): 1})["silent"].to_pylist())


def test_a_chosen_cell_is_outlined_and_the_others_pale_but_in_its_own_chart_alone():
    numbers = {("0", "0"): 3, ("0", "1"): 1}
    frame = pool.cells_frame(numbers, Choice(Figure.SILENCE, "0", "1")).to_pandas()
    assert frame.loc[frame["is_chosen"], "number"].tolist() == [1]
    assert frame["lit"].sum() == 1
    assert all(pool.cells_frame(numbers, Choice(Figure.MET, "2026"))["lit"].to_pylist())


def test_a_point_is_a_person_and_who_never_had_a_word_stands_apart():
    frame = pool.points_frame([somebody(), somebody("Ida", last_word_on=NEVER)], TODAY).to_pandas()
    assert frame["name"].tolist() == ["Noor", "Ida"]
    assert frame["years"].round(1).tolist() == [4.0, 4.0]
    assert frame["silence"].tolist() == ["12 months", "no word yet"]
    assert frame["months"].iloc[1] == pytest.approx(frame["months"].iloc[0] + 1)
    assert list(zip(frame["one"], frame["other"], strict=True)) == [("3", "12"), ("3", NO_WORD)]
    assert len(pool.points_frame([somebody()] * 300, TODAY)) == 200


def test_a_cohort_is_a_share_of_its_year_unless_it_is_too_small():
    numbers = Counter({("2025", Alive.YES): 3, ("2025", Alive.NO): 1, ("2020", Alive.YES): 6, ("2020", Alive.NO): 2})
    numbers[BEFORE, Alive.NO] = 5
    bars = list(pool.cohorts(numbers, TODAY))
    assert [(bar.label, bar.number, bar.whole, bar.says) for bar in bars] == [
        ("2025", 0, 0, "too few to say (4)"),
        ("2020", 75, 100, "75% of 8"),
        ("before 2017", 0, 100, "0% of 5"),
    ]


def test_who_goes_silent_is_told_by_the_month_from_which():
    bars = list(pool.coming({"2": 4}, TODAY))
    assert [(bar.label, bar.says) for bar in bars] == [("from April", "0"), ("from May", "4"), ("from June", "0")]


def test_rhythms_are_shares_the_shortest_first_and_without_one_last():
    numbers = Counter({("6-months", Health.PAST): 1, ("6-months", Health.ON_TIME): 3, ("6-weeks", Health.SOON): 1})
    numbers[NO_RHYTHM, Health.NONE] = 7
    frame = pool.rhythms_frame(numbers).to_pandas()
    assert frame["row"].tolist() == ["6 weeks", "6 months", "6 months", "no rhythm"]
    assert frame[["part", "begin", "end", "says"]].iloc[1:3].values.tolist() == [
        ["in rhythm", 0.0, 0.75, ""],
        ["past its date", 0.75, 1.0, "4"],
    ]


def test_the_sources_most_came_from_have_a_row_and_so_has_the_one_chosen():
    numbers = Counter({(f"Source {n}", Now.ALIVE): 20 - n for n in range(12)})
    assert len(pool.sources_frame(numbers)["row"].unique()) == pool.SOURCES
    rare = Choice(Figure.SOURCE, "Source 11")
    assert pool.sources_frame(numbers, rare)["row"].to_pylist()[-1] == "Source 11"
    assert pool.sources_frame(Counter({(NOWHERE, Now.PLACED): 1}))["row"].to_pylist() == ["not noted"]


@pytest.mark.parametrize("appearance", ["light", "dark"])
@pytest.mark.parametrize(
    ("chart", "frame", "empty"),
    [
        (pool.cells_chart, pool.cells_frame({("0", "0"): 1}), pool.cells_frame({})),
        (pool.points_chart, pool.points_frame([somebody()], TODAY), pool.points_frame([], TODAY)),
        (pool.rhythms_chart, pool.rhythms_frame({("6-weeks", Health.SOON): 1}), pool.rhythms_frame({})),
        (pool.sources_chart, pool.sources_frame({("Fair", Now.ALIVE): 1}), pool.sources_frame({})),
    ],
)
def test_a_chart_is_a_function_of_its_frame_and_works_on_an_empty_one(chart, frame, empty, appearance):
    for each in (frame, empty):
        made = chart(each, palette(appearance)).to_dict()
        assert [param["name"] for param in made["params"]] == ["chosen"]
        assert made["height"] >= ROW_HEIGHT


def test_colours_mean_the_same_as_everywhere_and_the_legend_names_only_what_there_is():
    c = palette("light")
    made = pool.rhythms_chart(pool.rhythms_frame({("6-weeks", Health.PAST): 1}), c).to_dict()
    colour = made["layer"][0]["encoding"]["color"]
    assert dict(zip(colour["scale"]["domain"], colour["scale"]["range"], strict=True))["past its date"] == c.overdue
    assert colour["legend"]["values"] == ["past its date"]
    assert "width" in colour["legend"]["columns"]["expr"], "as many as there is room for"


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (Choice(Figure.SILENCE, "3", "12"), "known 3–5 years, silent 12–23 months"),
        (Choice(Figure.SILENCE, "0", NO_WORD), "known under 1 year, no word yet"),
        (Choice(Figure.SILENCE, "", "24"), "silent 24 months or longer"),
        (Choice(Figure.SILENCE, "", "0"), "a word this month"),
        (Choice(Figure.MET, "2021", Alive.YES), "met in 2021, still alive"),
        (Choice(Figure.MET, BEFORE), "met before 2017"),
        (Choice(Figure.RHYTHM, "6-weeks", Health.PAST), "every 6 weeks, past its date"),
        (Choice(Figure.RHYTHM, "1-months"), "every 1 month"),
        (Choice(Figure.RHYTHM, NO_RHYTHM), "without a rhythm"),
        (Choice(Figure.SOURCE, "Fair", Now.PLACED), "from Fair, placed"),
        (Choice(Figure.SOURCE, NOWHERE, Now.SILENT), "whose source is not noted, silent"),
        (Choice(Figure.COMING, "1"), "silent from April on, unless there is a word"),
    ],
)
def test_a_choice_is_said_in_words(choice, words):
    assert pool.said(choice, TODAY) == words
