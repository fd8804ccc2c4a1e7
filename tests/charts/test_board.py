"""Charts of one opening, read through .to_dict(), on frames with and without rows."""

import pytest

from core.charts.board import (
    CAME,
    HERE,
    MOST_DAYS,
    came_chart,
    came_frame,
    finding_of_came,
    finding_of_here,
    here_chart,
    here_frame,
)
from core.charts.dress import palette, spec
from core.domain.facts import Turn

CAME_SO_FAR = [("First talk", 42), ("Offer", 6)]
PEOPLE = [
    ("First talk", Turn.OURS, 2),
    ("First talk", Turn.OURS, 2),
    ("Offer", Turn.CLIENT, 400),
    ("First talk", Turn.CANDIDATE, 0),
]
STAGES = ["First talk", "CV with client", "Offer"]


@pytest.mark.parametrize("appearance", ["light", "dark"])
@pytest.mark.parametrize("came", [CAME_SO_FAR, [("First talk", 0)], []])
def test_how_far_people_came_is_a_function_of_its_frame(appearance, came):
    frame = came_frame(came)
    made = came_chart(frame, palette(appearance)).to_dict()
    assert [param["name"] for param in made["params"]] == [CAME]
    assert made["layer"][0]["mark"]["color"] == palette(appearance).to
    assert made["background"] == "transparent"
    assert frame["number"].to_pylist() == ([42, 6] if came == CAME_SO_FAR else [])
    assert "data" not in spec(came_chart(frame, palette(appearance)))


@pytest.mark.parametrize("people", [PEOPLE, []])
def test_days_in_the_stage_are_dots_by_whose_turn_it_is(people):
    frame = here_frame(people, STAGES)
    made = here_chart(frame, palette("light")).to_dict()
    assert [param["name"] for param in made["params"]] == [HERE]
    assert made["encoding"]["color"]["scale"]["range"][0] == palette("light").ours
    rows = [tuple(row[name] for name in ("stage", "turn", "days", "number")) for row in frame.to_pylist()]
    assert rows == (
        [
            ("First talk", "ours", 2, 2),
            ("First talk", "the candidate’s", 0, 1),
            ("CV with client", "ours", 0, 0),
            ("Offer", "the client’s", MOST_DAYS, 1),
        ]
        if people
        else []
    )


def test_what_there_is_to_see_is_said_in_a_sentence():
    assert finding_of_came(CAME_SO_FAR, 45) == "45 people were ever in it; 6 came to Offer."
    assert finding_of_came([("First talk", 0)], 0) == "Nobody was ever in it."
    assert finding_of_here(PEOPLE).startswith(
        "Of 4, it is our turn with 2; the longest in one stage is 400 working days"
    )
    assert finding_of_here([]) == "Nobody is in it."
