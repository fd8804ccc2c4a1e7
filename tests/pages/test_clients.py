"""Clients and one client: the mirror, its rows, what is edited there, and the sheet for paper."""

import re
from datetime import timedelta

import pytest

from core.commands.clients import Person, add_client, edit_client, set_people
from core.commands.openings import add_opening
from core.commands.processes import start_process, wait_on_client
from core.persistence.tables import Client
from core.persistence.tables.team import Role
from core.queries import clients
from pages.parts import state
from tests.make import a_candidate, a_member, act, saved, viewer_of
from tests.pages.conftest import labelled, settled, starting


@pytest.fixture
def nordbank(store, ben):
    """Silent about Noor."""
    client = act(store, ben, add_client, "Nordbank", owner_id=ben.id)
    role = act(store, ben, add_opening, "Python developer", client_id=client)
    act(store, ben, wait_on_client, act(store, ben, start_process, saved(store, a_candidate("Noor")), role))
    return client


def get(store, id_):
    with store.reading() as session:
        return session.get(Client, id_)


def mirror(store, id_):
    with store.reading() as session:
        return clients.mirror(session, id_, now=store.now(), calendar=store.calendar)


def test_the_list_says_who_is_silent_and_of_whom_there_is_too_little_to_say(page_of, clock, ben, nordbank):
    page = page_of("clients.py", ben).run()
    assert page.title[0].value == "No client is silent"
    clock.forward(days=7)
    page = page_of("clients.py", ben).run()
    assert page.title[0].value == "One client leaves one person without an answer"
    row = page.dataframe[0].value.iloc[0]
    assert (row["name"], row["answers"], row["silent"]) == ("Nordbank", "too few to say (0)", 1)
    assert row["longest"] == "Mon 2 Mar"


def test_clients_are_found_by_name(page_of, store, ben, nordbank):
    act(store, ben, add_client, "Acme")
    page = page_of("clients.py", ben).run()
    labelled(page.text_input, "Search").set_value("acm").run()
    assert list(page.dataframe[0].value["name"]) == ["Acme"]
    labelled(page.text_input, "Search").set_value("zzz").run()
    assert "No client found" in page.markdown[-1].value


def test_a_client_is_added_and_taken_back_but_never_twice(page_of, store, ben, nordbank):
    page = page_of("clients.py", ben).run()
    page.button(key="add-client").click().run()
    starting(page.text_input, "client-name").set_value("Nordbank")
    page.button(key="add-it").click().run()
    assert "There is a client “Nordbank” already" in page.error[0].value
    starting(page.text_input, "client-name").set_value("Acme")
    page.button(key="add-it").click().run()
    assert list(page.dataframe[0].value["name"]) == ["Acme", "Nordbank"]
    next(button for button in page.button if button.label == "Undo").click().run()
    assert list(page.dataframe[0].value["name"]) == ["Nordbank"]


def test_one_client_shows_each_figure_with_what_it_is_a_part_of(page_of, clock, ben, nordbank):
    clock.forward(days=7)
    page = page_of("client.py", ben, id=str(nordbank)).run()
    assert page.title[0].value == "Nordbank"
    assert {metric.label: (metric.value, metric.delta) for metric in page.metric} == {
        "Days to answer": ("too few", "to say (0)"),
        "Silent now": ("1 person", "of 1 we wait to hear of"),
        "Interviews missed": ("0", "by the client, of 0"),
        "Promises broken": ("1", "because it kept silent"),
    }
    assert list(page.dataframe[0].value["name"]) == ["Noor"]


def test_silences_are_those_past_the_answer_time_and_the_others_are_a_number(page_of, store, clock, ben, nordbank):
    clock.forward(days=7)
    with store.reading() as session:
        (opening,) = (one.id for one in clients.of_client(session, nordbank, clock.now))
    act(store, ben, wait_on_client, act(store, ben, start_process, saved(store, a_candidate("Ida")), opening))
    page = page_of("client.py", ben, id=str(nordbank)).run()
    assert next(tab.label for tab in page.tabs) == "Silences 1"
    assert list(page.dataframe[0].value["name"]) == ["Noor"]
    said = "longer than the client’s answer time, 3 working days; as of now. We wait to hear of 1 other, not longer"
    assert said in page.tabs[0].markdown[0].value
    page.button(key="for-paper").click().run()
    sheet = " ".join(piece.value for piece in page.get("html"))
    for words in ("Silent now: 1 of 2 we wait to hear of", said, "Noor"):
        assert words in sheet
    assert "Ida" not in sheet


def test_only_the_tab_that_is_open_is_drawn(page_of, ben, nordbank):
    page = page_of("client.py", ben, id=str(nordbank)).run()
    assert [bool(tab.children) for tab in page.tabs] == [True, False, False, False, False]
    openings = page.tabs[-1].label
    page.session_state[f"tabs-{nordbank}"] = openings
    page.run()
    assert [bool(tab.children) for tab in page.tabs] == [False, False, False, False, True]
    assert list(page.tabs[-1].dataframe[0].value["title"]) == ["Python developer"]


def test_the_tab_that_is_open_stands_in_the_address_whatever_it_counts(page_of, store, ben, nordbank):
    page = page_of("client.py", ben, id=str(nordbank), tab="openings").run()
    assert [bool(tab.children) for tab in page.tabs] == [False, False, False, False, True]
    assert page.tabs[-1].label == "Openings 1"
    act(store, ben, add_opening, "Go developer", client_id=nordbank)
    page.run()
    assert page.tabs[-1].label == "Openings 2"
    assert [bool(tab.children) for tab in page.tabs] == [False, False, False, False, True]
    page.session_state[f"tabs-{nordbank}"] = page.tabs[1].label
    page.run()
    assert page.query_params["tab"] == "interviews"
    del page.query_params["tab"]  # Back
    page.run()
    assert [bool(tab.children) for tab in page.tabs] == [True, False, False, False, False]


def test_a_client_there_is_not_says_so(page_of, ben):
    page = page_of("client.py", ben, id="4711").run()
    assert not page.title
    assert "There is no such client here" in page.markdown[-1].value


def test_name_and_answer_time_are_edited_together_and_undone(page_of, store, ben, nordbank):
    page = page_of("client.py", ben, id=str(nordbank)).run()
    page.button(key="edit-client").click().run()
    page.text_input(key=f"client-name-{nordbank}").set_value("Nordbank AB")
    page.number_input(key=f"client-answer-time-{nordbank}").set_value(5)
    page.button(key="save-client").click().run()
    seen = mirror(store, nordbank).profile
    assert (seen.name, seen.answer_time) == ("Nordbank AB", 5)
    next(button for button in page.button if button.label == "Undo").click().run()
    seen = mirror(store, nordbank).profile
    assert (seen.name, seen.answer_time) == ("Nordbank", 3)


def test_a_stale_form_shows_both_and_saving_over_it_is_a_choice(page_of, store, ana, ben, nordbank, clock):
    page = page_of("client.py", ben, id=str(nordbank)).run()
    page.button(key="edit-client").click().run()
    act(store, ana, edit_client, nordbank, version=1, name="Nordbanken", owner_id=ben.id, note="")
    page.text_input(key=f"client-name-{nordbank}").set_value("Nord")
    page.button(key="save-client").click().run()
    assert "while you were writing" in page.error[0].value
    assert [text.value for text in page.text][:2] == ["Nord", "Nordbanken"]
    clock.forward(seconds=1)
    page.button(key="save-client").click().run()
    assert get(store, nordbank).name == "Nordbanken"
    labelled(page.button, "Save mine over it").click().run()
    assert get(store, nordbank).name == "Nord"


def test_a_dialog_that_was_closed_says_on_the_page_that_something_waits_in_it(
    page_of, store, ana, ben, nordbank, clock
):
    page = page_of("client.py", ben, id=str(nordbank)).run()
    page.button(key="edit-client").click().run()
    page.text_input(key=f"client-name-{nordbank}").set_value("Nord")
    closed(page)
    assert "What you wrote of the client is not saved yet." in plain(page)
    labelled(page.button, "Go on writing").click().run()
    assert page.text_input(key=f"client-name-{nordbank}").value == "Nord"
    act(store, ana, edit_client, nordbank, version=1, name="Nordbanken", owner_id=ben.id, note="")
    page.button(key="save-client").click().run()
    assert "Ana saved it today" in plain(page)
    closed(page)
    assert "Somebody saved it first" in plain(page)
    labelled(page.button, "Look at both").click().run()
    clock.forward(seconds=1)
    labelled(page.button, "Save mine over it").click().run()
    assert get(store, nordbank).name == "Nord"
    assert "not saved yet" not in plain(page)


def closed(page) -> None:
    """As Esc does."""
    del page.session_state[state.QUESTION]
    page.run()


def plain(page) -> str:
    return " ".join(one.value for one in page.markdown).replace("\\", "")


def test_another_time_to_answer_alone_is_a_clash_too_and_undone_like_all_else(
    page_of, store, ana, ben, nordbank, clock
):
    page = page_of("client.py", ben, id=str(nordbank)).run()
    page.button(key="edit-client").click().run()
    act(store, ana, edit_client, nordbank, version=1, name="Nordbank", owner_id=ben.id, note="", answer_time=7)
    page.number_input(key=f"client-answer-time-{nordbank}").set_value(9)
    page.button(key="save-client").click().run()
    assert [text.value for text in page.text][:2] == ["9", "7"]
    assert mirror(store, nordbank).profile.answer_time == 7


def test_of_two_colleagues_of_one_name_the_chosen_one_stays_chosen(page_of, store, ana, ben, nordbank):
    twin = viewer_of(store, a_member("Ana", Role.RECRUITER, username="ana-two"))
    page = page_of("client.py", ben, id=str(nordbank)).run()
    page.button(key="edit-client").click().run()
    act(store, ana, edit_client, nordbank, version=1, name="Nordbanken", owner_id=ben.id, note="")
    page.selectbox(key=f"client-owner-{nordbank}").set_value(twin.id)
    page.button(key="save-client").click().run()
    closed(page)
    page.button(key="edit-client").click().run()
    assert page.selectbox(key=f"client-owner-{nordbank}").value == twin.id


def test_what_was_chosen_is_saved_over_theirs_also_after_the_form_had_gone(page_of, store, ana, ben, nordbank, clock):
    page = page_of("client.py", ben, id=str(nordbank)).run()
    page.button(key="edit-client").click().run()
    act(store, ana, edit_client, nordbank, version=1, name="Nordbanken", owner_id=ben.id, note="")
    page.selectbox(key=f"client-owner-{nordbank}").set_value(ana.id)
    page.number_input(key=f"client-answer-time-{nordbank}").set_value(9)
    page.button(key="save-client").click().run()
    del page.session_state[state.QUESTION]
    page.run()
    clock.forward(seconds=1)
    page.button(key="edit-client").click().run()
    labelled(page.button, "Save mine over it").click().run()
    assert (get(store, nordbank).owner_id, mirror(store, nordbank).profile.answer_time) == (ana.id, 9)


def test_whom_we_write_to_is_not_overwritten_unseen(page_of, store, ana, ben, nordbank, clock):
    page = page_of("client.py", ben, id=str(nordbank)).run()
    act(store, ana, set_people, nordbank, [Person("Eva Lind", email="eva@nordbank.example")], version=1)
    key, added = f"people-{nordbank}", [{"name": "Max Berg"}]
    for pressed in ("Save the people", "Save the people", "Save mine over it"):
        page.session_state[key] = {"edited_rows": {}, "added_rows": added, "deleted_rows": []}
        labelled(page.button, pressed).click().run()
        if pressed == "Save the people":
            assert mirror(store, nordbank).profile.people == (("Eva Lind", "", "eva@nordbank.example", ""),)
            assert [text.value for text in page.text] == ["Max Berg", "Eva Lind, eva@nordbank.example"]
            clock.forward(seconds=1)
    assert mirror(store, nordbank).profile.people == (("Max Berg", "", "", ""),)


def test_whom_we_write_to_is_edited_in_the_grid_and_undone(page_of, store, ben, nordbank):
    act(store, ben, set_people, nordbank, [Person("Eva Lind")], version=1)
    page = page_of("client.py", ben, id=str(nordbank)).run()
    key = f"people-{nordbank}"
    added = {"name": "Max Berg", "email": "max@nordbank.example"}
    page.session_state[key] = {"edited_rows": {0: {"title": "CTO"}}, "added_rows": [added], "deleted_rows": []}
    page.button(key="save-people").click().run()
    assert not page.error
    assert mirror(store, nordbank).profile.people == (
        ("Eva Lind", "CTO", "", ""),
        ("Max Berg", "", "max@nordbank.example", ""),
    )
    next(button for button in page.button if button.label == "Undo").click().run()
    assert mirror(store, nordbank).profile.people == (("Eva Lind", "", "", ""),)


def test_vera_sees_the_mirror_and_changes_nothing(page_of, vera, nordbank):
    assert {button.key for button in page_of("clients.py", vera).run().button} == set()
    page = page_of("client.py", vera, id=str(nordbank)).run()
    assert {button.key for button in page.button} == {"for-paper"}


# on paper


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
def test_a_client_is_one_sheet_of_paper_black_on_white(app_server, signed_in_page, dark):
    store, ben = app_server.store, app_server.members[Role.RECRUITER]
    name = f"<b>Zenit</b> {dark}"
    client = act(store, ben, add_client, name)
    role = act(store, ben, add_opening, "Python developer", client_id=client)
    long_ago = store.now() - timedelta(days=30)
    for number in range(8):
        person = saved(store, a_candidate(f"Noor {number}"))
        act(store, ben, wait_on_client, act(store, ben, start_process, person, role, at=long_ago), at=long_ago)
    page = signed_in_page(Role.RECRUITER, f"/client?id={client}&print=1", dark=dark)
    page.locator(".paper h1").wait_for()
    page.emulate_media(media="print")
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 1
    seen = page.locator("[data-testid='stMain']").inner_text()
    for words in (name, "Silent now: 8 of 8 we wait to hear of", "Noor 0", "and 3 others", "Days to answer"):
        assert words in seen
    assert "Back" not in seen
    assert not page.locator("[data-testid='stSidebar']").is_visible()
    colours = "e => [getComputedStyle(e).color, getComputedStyle(document.querySelector('.stApp')).backgroundColor]"
    assert page.locator(".paper h1").evaluate(colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Back").click()
    page.get_by_role("heading", name="Whom we write to").wait_for()
    settled(page)
