"""Pipelines: all openings, narrowed by charts, pills and the address; new ones with their client and their stages."""

import pytest
from sqlalchemy import select

from core.commands.openings import add_opening
from core.commands.processes import move_to_stage, start_process, wait_on_client
from core.persistence.tables import Opening, StageTemplate
from core.persistence.tables.team import Role
from core.persistence.team import policy_now
from tests.make import a_candidate, a_client, act, saved
from tests.pages.conftest import acted, labelled


@pytest.fixture
def team(store, ana, ben):
    """Ben's opening has two people, one with the client and one interviewed; Ana's has nobody."""
    role = act(store, ben, add_opening, "Python developer", new_client="Nordbank")
    other = act(store, ana, add_opening, "Tester")
    noor, ida = (act(store, ben, start_process, saved(store, a_candidate(name)), role) for name in ("Noor", "Ida"))
    act(store, ben, move_to_stage, noor, "Interview")
    act(store, ben, wait_on_client, ida)
    return {"role": role, "other": other}


def titles(page):
    return list(page.dataframe[0].value["title"])


def test_the_title_says_how_many_openings_there_are_and_who_waits_too_long(page_of, store, clock, ben, team):
    page = page_of("pipelines.py", ben).run()
    assert page.title[0].value == "Two openings, nobody is waiting too long"
    clock.forward(days=7)
    page = page_of("pipelines.py", ben).run()
    assert page.title[0].value == "Two openings, two people are waiting too long"
    assert titles(page) == ["Python developer", "Tester"]
    row = page.dataframe[0].value.iloc[0]
    assert (row["number"], row["overdue"], row["turn"]) == (2, 2, "ours 1, client’s 1")
    assert row["stages"] == "Screening 1 · Interview 1"
    assert row["silent"] == "5 working days"


def test_the_list_is_narrowed_by_owner_title_and_status(page_of, ben, team):
    page = page_of("pipelines.py", ben).run()
    labelled(page.segmented_control, "Whose").set_value("Mine").run()
    assert titles(page) == ["Python developer"]
    labelled(page.segmented_control, "Whose").set_value("Team").run()
    labelled(page.text_input, "Search").set_value("test").run()
    assert titles(page) == ["Tester"]
    labelled(page.text_input, "Search").set_value("nothing like it").run()
    assert page.title[0].value == "No opening found"


def test_what_an_address_chooses_of_people_narrows_the_list(page_of, ben, team):
    page = page_of("pipelines.py", ben, turn="client").run()
    assert [heading.value for heading in page.subheader][-1] == "1 person in 1 opening: client’s turn"
    assert titles(page) == ["Python developer"]


def test_pills_narrow_the_list_without_a_chart(page_of, ben, team):
    page = page_of("pipelines.py", ben).run()
    choose_stage(page, "Interview")
    assert page.query_params["stage"] in ("Interview", ["Interview"])


def test_show_all_widens_what_the_address_chose(page_of, ben, team):
    page = page_of("pipelines.py", ben, turn="client").run()
    assert page.subheader[-1].value == "1 person in 1 opening: client’s turn"
    page.button(key="show-all").click().run()
    assert page.subheader[-1].value == "2 openings"
    assert titles(page) == ["Python developer", "Tester"]
    assert "turn" not in page.query_params


def test_what_was_chosen_is_forgotten_where_the_address_no_longer_says_it(page_of, ben, team):
    page = page_of("pipelines.py", ben).run()
    choose_stage(page, "Interview")
    page.query_params.pop("stage")
    page.run()
    assert page.subheader[-1].value == "2 openings"
    page.query_params["turn"] = "client"
    page.run()
    assert page.subheader[-1].value == "1 person in 1 opening: client’s turn"


def test_a_stage_chosen_among_openings_narrows_no_board(page_of, ben, team):
    page = page_of("pipelines.py", ben).run()
    choose_stage(page, "Interview")
    page.switch_page("opening.py")
    page.query_params.clear()
    page.query_params["id"] = str(team["role"])
    page.query_params["view"] = "table"
    page.run()
    assert sorted(page.dataframe[0].value["Person"]) == ["Ida", "Noor"]
    page.switch_page("pipelines.py")
    page.query_params.clear()
    page.run()
    assert page.subheader[-1].value == "2 openings"


def choose_stage(page, stage):
    page.session_state["openings-filter"] = True
    page.run()
    (stages,) = (pills for pills in page.pills if pills.label == "Stage")
    stages.set_value(stage).run()
    assert page.subheader[-1].value == f"1 person in 1 opening: {stage}"


def test_an_address_past_the_end_of_the_list_shows_its_end(page_of, store, ben, team):
    page = page_of("pipelines.py", ben, **{"pipelines-page": "99"}).run()
    assert titles(page) == ["Python developer", "Tester"]
    assert not set(page.query_params)
    for number in range(30):
        saved(store, a_client(f"Acme {number:02}"))
    page = page_of("clients.py", ben, **{"clients-page": "99"}).run()
    assert list(page.dataframe[0].value["name"]) == ["Nordbank"]
    assert page.query_params["clients-page"] == "2"


def test_the_page_the_order_and_the_words_of_openings_are_not_those_of_clients(page_of, store, ben, team):
    for number in range(31):
        act(store, ben, add_opening, f"Driver {number}", new_client=f"Client {number}")
    page = page_of(
        "pipelines.py", ben, **{"pipelines-page": "2", "pipelines-order": "Newest", "pipelines-q": "driver"}
    ).run()
    assert len(titles(page)) == 11
    page.switch_page("clients.py")
    page.query_params.clear()
    page.run()
    assert labelled(page.selectbox, "Order").value == ""  # the usual one
    assert labelled(page.text_input, "Search").value == ""
    assert len(page.dataframe[0].value) == 30
    assert not set(page.query_params)
    page.switch_page("pipelines.py").run()
    assert labelled(page.text_input, "Search").value == ""


def test_what_an_address_makes_up_is_nobody(page_of, ben, team):
    page = page_of("pipelines.py", ben, turn="nobody's", stage="Moon", client="12345", status="x").run()
    assert not page.exception
    assert "No opening found. Fewer words, or fewer filters, find more." in page.markdown[-1].value


def test_no_opening_yet_says_what_to_do(page_of, ben):
    page = page_of("pipelines.py", ben).run()
    assert page.title[0].value == "No opening yet"
    assert "Add the first one" in page.markdown[-1].value


def asking(page, button):
    page.button(key=button).click().run()
    return page


def test_a_refused_opening_says_why_in_the_dialog_and_nothing_is_kept(page_of, store, ben):
    page = asking(page_of("pipelines.py", ben).run(), "new-opening")
    page.button(key="add-opening").click().run()
    assert "An opening needs a title" in page.error[0].value
    with store.reading() as session:
        assert session.scalars(select(Opening.id)).all() == []


def test_a_template_is_changed_with_its_cadences_and_undone(page_of, store, ben):
    page = asking(page_of("pipelines.py", ben).run(), "templates")
    with store.reading() as session:
        template = session.scalars(select(StageTemplate)).one()
    key = f"template-{template.id}-stages"
    page.session_state[key] = {"edited_rows": {0: {"place": 9, "days": 1}}, "added_rows": [], "deleted_rows": []}
    page.button(key="save-template").click().run()
    assert not page.error
    assert stored(store) == (["With client", "Interview", "Offer", "Screening"], 1)
    next(button for button in page.button if button.label == "Undo").click().run()
    assert stored(store) == (["Screening", "With client", "Interview", "Offer"], 3)


def stored(store):
    with store.reading() as session:
        cadence = policy_now(session).cadence("Screening")
        return session.scalars(select(StageTemplate)).one().stages, cadence


def test_vera_sees_all_of_it_and_has_nothing_to_press(page_of, vera, team):
    page = page_of("pipelines.py", vera).run()
    assert titles(page) == ["Python developer", "Tester"]
    assert {button.key for button in page.button} <= {"show-all"}


# in a browser


@pytest.mark.browser
def test_a_click_in_a_chart_narrows_the_list_and_a_second_one_widens_it(app_server, signed_in_page):
    ben = app_server.members[Role.RECRUITER]
    role = act(app_server.store, ben, add_opening, "Go developer", new_client="Nordbank")
    act(app_server.store, ben, add_opening, "Nobody is in")
    for name in ("Noor", "Ida"):
        process = act(app_server.store, ben, start_process, saved(app_server.store, a_candidate(name)), role)
    act(app_server.store, ben, wait_on_client, process)
    page = signed_in_page(Role.RECRUITER, "/pipelines")

    def click_turn(row):
        chart = page.locator("[class*='st-key-turns-chart'] svg.marks")
        chart.wait_for()
        page.wait_for_timeout(500)
        box = chart.bounding_box()
        acted(page, lambda: page.mouse.click(box["x"] + 200, box["y"] + 4 + 27 * row + 13))

    click_turn(1)
    page.get_by_role("heading", name="1 person in 1 opening: client’s turn").wait_for()
    assert "turn=client" in page.url
    click_turn(1)
    page.get_by_role("heading", name="2 openings").wait_for()
    assert "turn=" not in page.url
