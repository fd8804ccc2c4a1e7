"""Who brought whom, as a picture."""

from datetime import date

import pytest

from core.charts.dress import palette
from core.charts.referrals import (
    CAME,
    FIRST,
    finding,
    height,
    is_dense,
    network_chart,
    network_frame,
    states_in,
    trees_of,
)
from core.domain.network import Link
from core.domain.referrals import CameTo
from core.queries.referrals import Network, Person

TODAY = date(2026, 3, 2)


def a_network(*links: tuple[int, int, date], **came_to: CameTo) -> Network:
    ids = {id_ for referrer, brought, _ in links for id_ in (referrer, brought)}
    people = {
        id_: Person(id=id_, name=f"Person {id_}", title="", met_on=date(2024, 1, 8), is_erased=id_ == 9) for id_ in ids
    }
    came = {brought: came_to.get(f"p{brought}", CameTo.NOTHING) for _, brought, _ in links}
    return Network([Link(*link) for link in links], came, people, is_cut=False)


TWO_TREES = a_network(
    (1, 2, date(2024, 6, 3)),
    (1, 3, date(2025, 2, 3)),
    (2, 4, date(2025, 9, 1)),
    (5, 9, date(2025, 1, 6)),
    (5, 3, date(2025, 3, 3)),
    p3=CameTo.HIRED,
)


def pictured(network, *asked):
    return network_frame(network, trees_of(network), TODAY, *asked)


def of(frame, what):
    return [row for row in frame.to_pandas().itertuples() if row.what == what]


def test_everybody_is_one_mark_and_says_how_they_came():
    frame = pictured(TWO_TREES)
    tips = {row.person: (row.tip, row.state) for row in of(frame, "person")}
    assert tips == {
        1: ("Person 1: known since Jan 2024, brought 2 people", FIRST),
        2: ("Person 2: came through Person 1 in Jun 2024, no process yet, brought 1 person", "no process yet"),
        3: ("Person 3: came through Person 1 in Feb 2025, hired", "hired"),
        4: ("Person 4: came through Person 2 in Sep 2025, no process yet", "no process yet"),
        5: ("Person 5: known since Jan 2024, brought 1 person", FIRST),
        9: ("somebody erased: came through Person 5 in Jan 2025, no process yet", "no process yet"),
    }
    assert [row.name for row in of(frame, "name")] == ["Person 1", "Person 5"]
    assert len(of(frame, "along")) == 4
    assert len(of(frame, "down")) == 1
    assert len(of(frame, "beside")) == 1
    assert states_in(frame) == (FIRST, CAME[CameTo.NOTHING], CAME[CameTo.HIRED])


def test_the_tree_of_whoever_is_chosen_is_lit_and_so_is_whoever_came_so_far():
    chosen = pictured(TWO_TREES, 4)
    assert {row.person for row in of(chosen, "person") if row.lit} == {1, 2, 3, 4}
    assert [row.person for row in of(chosen, "person") if row.chosen] == [4]
    hired = pictured(TWO_TREES, None, CameTo.HIRED)
    assert {row.person for row in of(hired, "person") if row.lit} == {3}


@pytest.mark.parametrize("appearance", ["light", "dark"])
@pytest.mark.parametrize("network", [TWO_TREES, a_network()])
def test_the_chart_is_a_function_of_its_frame(appearance, network):
    frame = pictured(network)
    assert bool(len(frame)) == (network is TWO_TREES)
    made = network_chart(height(frame), states_in(frame), is_dense=is_dense(frame))(
        frame, palette(appearance)
    ).to_dict()
    fills = made["layer"][3]["encoding"]["fill"]["scale"]
    assert fills["domain"][-1] == "hired"
    assert fills["range"][-1] == palette(appearance).kept


def test_the_picture_is_said_in_a_sentence_and_five_hundred_people_fit_on_a_page():
    assert finding(TWO_TREES, trees_of(TWO_TREES)) == (
        "2 trees of people who recommended each other; the largest holds 4 people and begins with Person 1."
        " 1 of those brought was hired."
    )
    assert finding(a_network(), []) == "Nobody has recommended anybody yet."
    links = [(number // 4 * 3, number, date(2022 + number % 4, 1 + number % 12, 3)) for number in range(1, 500)]
    five_hundred = pictured(a_network(*links))
    assert len(of(five_hundred, "person")) == 500
    assert is_dense(five_hundred)
    assert height(five_hundred) < 3_000
