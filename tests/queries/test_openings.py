"""All openings at a glance: counted in the database, on both, and the same as counted one by one."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from core.commands.contacts import log_contact
from core.commands.openings import (
    add_opening,
    arrange_stages,
    end_opening,
    hold_opening,
    save_stage_template,
    take_back_opening,
)
from core.commands.policy import set_cadence
from core.commands.processes import close_process, move_to_stage, set_turn, start_process, wait_on_client
from core.commands.undo import undo_fact
from core.domain.facts import Answer, OpeningStatus, Result, Turn, Way
from core.domain.refusal import Refused
from core.persistence.team import policy_now
from core.queries import openings
from core.queries.openings import Age, OpeningFilters, Order, Shown, Silence, Step
from core.queries.page import Page
from tests.make import a_candidate, act, saved

EVERYTHING, FIRST = OpeningFilters(), Page(1, 20)


def glance(store, filters=EVERYTHING, page=FIRST):
    with store.reading() as session:
        gone = openings.gone(session, filters)
        return openings.glance(session, filters, gone, now=store.now(), calendar=store.calendar, page=page)


@pytest.fixture
def role(store, ben):
    return act(store, ben, add_opening, "Python developer", new_client="Nordbank")


@pytest.fixture
def people(store, ben, role):
    """Four, in the order they came: Noor was moved on, Ida is with the client, Ole was told no, Kim has just begun."""
    ids = [saved(store, a_candidate(name)) for name in ("Noor", "Ida", "Ole")]
    noor, ida, ole = (act(store, ben, start_process, id_, role) for id_ in ids)
    act(store, ben, move_to_stage, noor, "Interview")
    act(store, ben, wait_on_client, ida)
    act(store, ben, move_to_stage, ole, "With client")
    act(store, ben, close_process, ole, result=Result.REJECTED, answer=Answer.OWED)
    return {"noor": noor, "ida": ida, "ole": ole}


def test_a_row_says_who_is_where_whose_turn_it_is_and_how_many_wait_too_long(store, clock, ben, role, people):
    clock.forward(days=7)
    (row,) = glance(store).rows
    assert (row.title, row.client, row.owner, row.status) == ("Python developer", "Nordbank", "Ben", OpeningStatus.OPEN)
    assert (row.number, row.overdue, row.turns) == (2, 2, (1, 1, 0))
    assert row.stages == (("Screening", 1), ("With client", 0), ("Interview", 1), ("Offer", 0))
    assert row.silent_since == clock.now - timedelta(days=7)


def test_our_last_word_is_what_silence_is_counted_from(store, clock, ben, role, people):
    spoken = clock.forward(days=2)
    for person in (people["noor"], people["ida"]):
        act(store, ben, log_contact, candidate_of(store, person), way=Way.TO, text="News", process_id=person)
    clock.forward(days=1)
    (row,) = glance(store).rows
    assert (row.silent_since, row.overdue) == (spoken, 0)


def candidate_of(store, process):
    from core.persistence.tables import Process

    with store.reading() as session:
        return session.get_one(Process, process).candidate_id


def test_everybody_is_in_one_cell_by_stage_turn_age_and_silence(store, clock, ben, role, people):
    clock.forward(days=8)  # a Tuesday: the word was due on Thursday, three working days before
    cells = glance(store).cells
    assert {(c.stage, c.turn, c.age, c.silence, c.number, c.overdue) for c in cells} == {
        ("Interview", Turn.OURS, Age.TO_2, Silence.TO_5, 1, 1),
        ("Screening", Turn.CLIENT, Age.TO_2, Silence.TO_5, 1, 1),
    }


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (3, Silence.IN_TIME),
        (4, Silence.TO_2),
        (7, Silence.TO_2),
        (8, Silence.TO_5),
        (10, Silence.TO_5),
        (13, Silence.OVER_5),
    ],
)
def test_silence_is_measured_in_working_days_past_the_cadence(store, clock, ben, role, days, expected):
    """From Monday at nine: the third working day after it is Thursday, and a day late is Friday."""
    act(store, ben, start_process, saved(store, a_candidate()), role)
    clock.forward(days=days)
    assert [cell.silence for cell in glance(store).cells] == [expected]


def test_each_stage_has_its_own_cadence_and_what_is_on_hold_another(store, clock, ben, role, people):
    act(store, ben, set_cadence, "Interview", 9)
    clock.forward(days=8)
    of_stage = {cell.stage: cell.silence for cell in glance(store).cells}
    assert of_stage == {"Interview": Silence.IN_TIME, "Screening": Silence.TO_5}
    act(store, ben, hold_opening, role)
    assert {cell.silence for cell in glance(store).cells} == {Silence.IN_TIME}


def test_the_funnel_says_who_is_in_a_stage_and_who_came_as_far(store, ben, role, people):
    assert glance(store).steps == [
        Step("Screening", 3),
        Step("With client", 2),
        Step("Interview", 1),
        Step("Offer", 0),
    ]


def test_whatever_changes_who_is_gone_or_the_stages_changes_their_mark(store, ben, role, people):
    marks = [mark_of_gone(store)]
    closing = act(store, ben, close_process, people["ida"], result=Result.REJECTED, answer=Answer.OWED)
    marks.append(mark_of_gone(store))
    act(store, ben, undo_fact, closing)
    assert mark_of_gone(store) == marks[0]
    stages = ["Screening", "With client", "Talk", "Offer"]
    act(store, ben, arrange_stages, role, stages, version=1, renamed={"Interview": "Talk"})
    marks.append(mark_of_gone(store))
    act(store, ben, add_opening, "Tester")
    marks.append(mark_of_gone(store))
    assert len(set(marks)) == 4


def mark_of_gone(store):
    with store.reading() as session:
        return openings.mark_of_gone(session, EVERYTHING)


def test_a_start_taken_back_is_counted_nowhere(store, ben, role):
    act(store, ben, undo_fact, act(store, ben, start_process, saved(store, a_candidate()), role))
    seen = glance(store)
    assert (seen.cells, [step.came for step in seen.steps], seen.rows[0].number) == ([], [0, 0, 0, 0], 0)


def test_what_is_chosen_of_people_leaves_openings_with_some_of_them(store, ana, ben, role, people):
    other = act(store, ana, add_opening, "Tester")
    assert {row.id for row in glance(store).rows} == {role, other}
    chosen = glance(store, OpeningFilters(turn=Turn.CLIENT))
    assert [(row.id, row.number) for row in chosen.rows] == [(role, 1)]
    assert sum(cell.number for cell in chosen.cells) == 2, "charts keep what could be chosen instead"
    assert glance(store, OpeningFilters(turn=Turn.CLIENT, stage="Interview")).rows == []
    assert glance(store, OpeningFilters(age=Age.UNDER_1, silence=Silence.IN_TIME)).rows[0].number == 2


def test_openings_are_narrowed_by_owner_client_title_and_status(store, ana, ben, role):
    hers = act(store, ana, add_opening, "Tester 100%")
    held, ended = (act(store, ana, add_opening, title) for title in ("Designer", "Writer"))
    act(store, ana, hold_opening, held)
    act(store, ana, end_opening, ended, OpeningStatus.CANCELLED, {})

    def ids(**chosen):
        return {row.id for row in glance(store, OpeningFilters(**chosen)).rows}

    client = glance(store, OpeningFilters(owner_id=ben.id)).rows[0].client_id
    assert ids() == {role, hers, held}
    assert ids(owner_id=ana.id) == {hers, held}
    assert ids(client_id=client) == {role}
    assert ids(text="100%") == {hers}
    assert (ids(status=Shown.OPEN), ids(status=Shown.HELD), ids(status=Shown.ENDED)) == ({role, hers}, {held}, {ended})
    assert glance(store).by_status == {Shown.OPEN: 2, Shown.HELD: 1, Shown.ENDED: 1}


@pytest.mark.parametrize("order", Order)
def test_pages_in_any_order_hold_every_opening_once(store, ben, clock, order):
    made = [act(store, ben, add_opening, f"Role {n}", new_client="" if n % 2 else f"Client {n}") for n in range(7)]
    for number, opening in enumerate(made[:3]):
        for _ in range(number):
            act(store, ben, start_process, saved(store, a_candidate()), opening)
            clock.forward(hours=1)
    clock.forward(days=6)
    pages = [glance(store, OpeningFilters(order=order), Page(n, 3)) for n in (1, 2, 3)]
    assert Counter(row.id for page in pages for row in page.rows) == Counter(made)
    assert {page.number for page in pages} == {7}


def test_whoever_waits_too_long_comes_first_then_the_longest_silence(store, ben, clock, role):
    quiet, early = act(store, ben, add_opening, "Nobody is in"), act(store, ben, add_opening, "Two in time")
    act(store, ben, start_process, saved(store, a_candidate()), role)
    clock.forward(days=7)
    for _ in range(2):
        act(store, ben, start_process, saved(store, a_candidate()), early)
    assert [row.id for row in glance(store).rows] == [role, early, quiet]
    by_people = glance(store, replace(EVERYTHING, order=Order.PEOPLE)).rows
    assert [row.id for row in by_people] == [early, role, quiet]


def test_a_stage_that_is_among_the_openings_no_more_still_shows_its_people(store, ben, role):
    act(store, ben, start_process, saved(store, a_candidate()), role, stage="Home task")
    assert glance(store).rows[0].stages[0] == ("Home task", 1)


def test_a_new_opening_brings_its_client_and_the_cadences_of_its_stages(store, ben):
    made = act(
        store, ben, add_opening, "Tester", new_client="Acme", stages=["Talk", "Task"], cadences={"Talk": 1, "Task": 5}
    )
    again = act(store, ben, add_opening, "Tester II", new_client="Acme")
    rows = {row.id: row for row in glance(store).rows}
    assert (rows[made].client, [name for name, _ in rows[made].stages]) == ("Acme", ["Talk", "Task"])
    assert rows[again].client_id == rows[made].client_id
    with store.reading() as session:
        policy = policy_now(session)
    assert (policy.cadence("Talk"), policy.cadence("Task"), policy.cadence("Screening")) == (1, 5, 3)


def test_an_opening_is_taken_back_until_somebody_is_in_it(store, ben, role):
    empty = act(store, ben, add_opening, "By mistake")
    act(store, ben, take_back_opening, empty)
    act(store, ben, take_back_opening, empty)
    act(store, ben, start_process, saved(store, a_candidate()), role)
    with pytest.raises(Refused, match="Fill or cancel it instead"):
        act(store, ben, take_back_opening, role)
    assert [row.id for row in glance(store).rows] == [role]


def test_a_template_says_how_often_people_in_its_stages_hear_from_us(store, ben):
    act(store, ben, save_stage_template, "Short", ["Talk", "Offer"], cadences={"Talk": 2, "Offer": 1})
    with store.reading() as session:
        found = {template.name: template.stages for template in openings.templates(session)}
        assert found["Short"] == ("Talk", "Offer")
        assert policy_now(session).cadence("Offer") == 1


def test_whose_turn_it_is_counts_all_three(store, ben, role, people):
    act(store, ben, set_turn, people["noor"], Turn.CANDIDATE)
    assert glance(store).rows[0].turns == (0, 1, 1)
