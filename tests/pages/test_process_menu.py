"""What is done with a process from the person's page."""

from collections.abc import Callable
from typing import Any

import pytest

from core.commands.contacts import hear_client, log_contact
from core.commands.openings import add_opening, arrange_stages
from core.commands.processes import close_process, move_to_stage, start_process, wait_on_client
from core.commands.promises import keep_promise
from core.domain.facts import Answer, Result, Turn, Way
from core.domain.promises import Kind, Status
from core.domain.refusal import Refused
from core.persistence.store import Store
from core.persistence.tables import Contact, Process, Promise
from core.persistence.tables.team import Role
from core.persistence.work import Viewer
from pages.parts import state
from tests.make import FixedClock, a_candidate, a_client, act, promise_of, saved
from tests.pages.test_candidate import menu, plain, words

Open = Callable[..., Any]


@pytest.fixture
def noor(store: Store, ben: Viewer) -> int:
    return saved(store, a_candidate(owner_id=ben.id, pronoun="she"))


@pytest.fixture
def process(store: Store, ben: Viewer, noor: int) -> int:
    opening = act(store, ben, add_opening, "Python developer", client_id=saved(store, a_client("Nordbank")))
    act(store, ben, arrange_stages, opening, ["Screening", "Interview"], version=1)
    return act(store, ben, start_process, noor, opening)


def processes_of(page_of: Open, viewer: Viewer, person: int) -> Any:
    page = page_of("candidate.py", viewer, id=str(person)).run()
    page.session_state[f"tabs-{person}"] = "Processes"
    return page.run()


def stored(store: Store, process_id: int) -> Process:
    with store.reading() as session:
        return session.get_one(Process, process_id)


def button(page: Any, label: str) -> Any:
    return next(button for button in page.button if button.label == label)


def test_each_process_says_its_stage_how_long_whose_turn_and_what_is_due(
    page_of: Open, store: Store, ben: Viewer, noor: int, process: int, clock: FixedClock
):
    clock.forward(days=2)
    page = processes_of(page_of, ben, noor)
    assert "**Python developer, Nordbank** :violet-badge[our turn] :gray-badge[a word by Thu 5 Mar]" in words(page)
    assert "Screening, 2 working days · with Ben" in words(page)


def test_a_move_is_one_command_and_taken_back(page_of: Open, store: Store, ben: Viewer, noor: int, process: int):
    page = menu(processes_of(page_of, ben, noor), f"more-of-process-{process}", "Move to…")
    assert page.radio(key="move-to").options == ["Interview"]
    page.radio(key="move-to").set_value("Interview").run()
    page.button(key="move-it").click().run()
    assert stored(store, process).stage == "Interview"
    button(page, "Undo").click().run()
    assert stored(store, process).stage == "Screening"


@pytest.mark.parametrize(
    ("option", "turn"),
    [("Waiting on the client", Turn.CLIENT), ("Candidate’s turn", Turn.CANDIDATE), ("Our turn", Turn.OURS)],
)
def test_whose_turn_it_is_can_be_said(
    page_of: Open, store: Store, ben: Viewer, noor: int, process: int, option: str, turn: Turn
):
    page = menu(processes_of(page_of, ben, noor), f"more-of-process-{process}", option)
    assert stored(store, process).turn is turn
    assert plain(page.toast[0].value) == f"{option}: Noor Haddad"
    button(page, "Undo").click().run()
    assert stored(store, process).turn is Turn.OURS


@pytest.mark.parametrize(("longer", "turn"), [(False, Turn.OURS), (True, Turn.CLIENT)])
def test_what_the_client_answered_is_noted_and_ends_the_wait_unless_it_needs_longer(
    page_of: Open, store: Store, ben: Viewer, noor: int, process: int, longer: bool, turn: Turn
):
    act(store, ben, wait_on_client, process)
    page = menu(processes_of(page_of, ben, noor), f"more-of-process-{process}", "The client answered…")
    page.button(key="log-heard").click().run()
    assert "Write down what the client said." in plain(page.error[0].value)
    next(area for area in page.text_area if area.label == "What the client said").set_value("We like her.")
    next(box for box in page.checkbox if box.label.startswith("They need longer")).set_value(longer)
    page.button(key="log-heard").click().run()
    assert plain(page.toast[0].value) == "Answered: Nordbank about Noor Haddad"
    assert stored(store, process).turn is turn
    with store.reading() as session:
        said = session.query(Contact).filter_by(way=Way.CLIENT_FROM).one()
    assert (said.process_id, said.text, said.channel) == (process, "We like her.", "e-mail")
    page.session_state[f"tabs-{noor}"] = "History"
    assert ("The client, e-mail, needs longer" in words(page.run())) is longer
    button(page, "Undo").click().run()
    assert stored(store, process).turn is Turn.CLIENT


@pytest.mark.parametrize("way", ["the row's menu", "its key", "the person's page"])
def test_what_the_client_answered_is_noted_where_it_was_to_be_asked(
    page_of: Open, store: Store, ben: Viewer, noor: int, process: int, clock: FixedClock, way: str
):
    act(store, ben, wait_on_client, process)
    clock.forward(days=7)
    with store.reading() as session:
        chase = session.query(Promise).filter_by(kind=Kind.CHASE).one().id
    page = page_of("candidate.py", ben, id=str(noor)) if way == "the person's page" else page_of("today.py", ben)
    page.run()
    if way == "its key":
        page.session_state[state.OPEN_ROW] = chase
        page.run().button(key="H-open").click().run()
    else:
        menu(page, f"more-{chase}", "The client answered…")
    next(area for area in page.text_area if area.label == "What the client said").set_value("We like her.")
    page.button(key="log-heard").click().run()
    assert not page.exception
    with store.reading() as session:
        assert session.get_one(Promise, chase).status is Status.KEPT_LATE
    assert stored(store, process).turn is Turn.OURS


def test_whoever_asks_the_client_after_a_colleague_noted_its_answer_is_told_so(
    store: Store, ben: Viewer, ana: Viewer, noor: int, process: int, clock: FixedClock
):
    act(store, ben, wait_on_client, process)
    clock.forward(minutes=1)
    act(store, ana, hear_client, process, "Yes, gladly.")
    with store.reading() as session:
        chase = session.query(Promise).filter_by(kind=Kind.CHASE).one().id
    with pytest.raises(Refused, match=r"^Ana noted the client’s answer a moment ago: “Yes, gladly\."):
        act(store, ben, keep_promise, chase, log_contact, noor, way=Way.CLIENT_TO, process_id=process)


def test_one_that_ended_is_reopened(page_of: Open, store: Store, ben: Viewer, noor: int, process: int):
    act(store, ben, close_process, process, result=Result.WITHDRAWN, answer=Answer.OWED)
    page = menu(processes_of(page_of, ben, noor), f"more-of-process-{process}", "Reopen")
    assert stored(store, process).is_active
    button(page, "Undo").click().run()
    assert not stored(store, process).is_active


def test_somebody_comes_into_an_opening(page_of: Open, store: Store, ben: Viewer, noor: int):
    opening = act(store, ben, add_opening, "Tester")
    act(store, ben, add_opening, "Architect")
    page = processes_of(page_of, ben, noor)
    page.button(key="add-to-opening-of").click().run()
    page.text_input(key="opening-typed").set_value("test").run()
    box = next(box for box in page.selectbox if box.label == "Opening")
    assert box.options == ["Tester"]
    box.select_index(0).run()
    page.button(key="add-to-opening").click().run()
    assert "In for Tester" in plain(page.toast[0].value)
    with store.reading() as session:
        assert session.query(Process).one().opening_id == opening


def test_who_leads_it_is_said_where_it_begins(page_of: Open, store: Store, ben: Viewer, ana: Viewer, noor: int):
    act(store, ben, add_opening, "Tester")
    page = processes_of(page_of, ben, noor)
    page.button(key="add-to-opening-of").click().run()
    next(box for box in page.selectbox if box.label == "Opening").select_index(0).run()
    assert page.selectbox(key="opening-led-by").value == ben.id
    page.selectbox(key="opening-led-by").set_value(ana.id).run()
    page.button(key="add-to-opening").click().run()
    assert "with Ana" in words(page)
    with store.reading() as session:
        assert session.query(Process).one().owner_id == ana.id
    assert promise_of(store, noor, Kind.UPDATE).owner_id == ana.id


def test_vera_is_offered_nothing(page_of: Open, store: Store, vera: Viewer, noor: int, process: int):
    page = processes_of(page_of, vera, noor)
    assert "Python developer" in words(page)
    assert all("more-of-process" not in element.key for element in page.get("menu_button"))
    assert all(button.key != "add-to-opening-of" for button in page.button)


@pytest.mark.browser
def test_a_move_that_somebody_else_has_just_made_is_refused_with_a_sentence(app_server: Any, signed_in_page: Open):
    store, ben = app_server.store, app_server.members[Role.RECRUITER]
    noor = saved(store, a_candidate(owner_id=ben.id))
    opening = act(store, ben, add_opening, "Python developer")
    act(store, ben, arrange_stages, opening, ["Screening", "Interview"], version=1)
    process = act(store, ben, start_process, noor, opening)
    page = signed_in_page(Role.RECRUITER, f"/candidate?id={noor}")
    page.get_by_role("tab", name="Processes").click()
    page.locator(f".st-key-more-of-process-{process} button").click()
    page.get_by_role("menuitem", name="Move to…").click()
    page.get_by_text("Interview", exact=True).click()
    act(store, app_server.members[Role.ADMIN], move_to_stage, process, "Interview")
    page.locator(".st-key-move-it button").click()
    page.get_by_text("Ana has just moved Noor Haddad to “Interview”.").wait_for()
