"""Opening: the board, the table and what is owed; cards moved by hand and by keyboard, by two people at once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.commands.board import bring_in, move_on_board
from core.commands.candidates import add_candidate
from core.commands.contacts import log_contact
from core.commands.meetings import plan_meeting
from core.commands.openings import add_opening, end_opening
from core.commands.processes import wait_on_client
from core.commands.skills import ensure_skills
from core.domain.facts import MeetingKind, OpeningStatus, Turn, Way
from core.domain.promises import Kind, Status
from core.persistence.store import Store
from core.persistence.tables import Opening, Process
from core.persistence.tables.team import Role
from core.persistence.work import Viewer
from core.queries.board import board
from pages.parts import state
from pages.parts.board import CARD, SECONDS, Days, lines
from tests.make import a_candidate, a_client, promises_of, saved
from tests.pages.conftest import acted, settled, starting
from tests.pages.test_candidate import menu, words

Open = Callable[..., Any]
STAGES = ["First talk", "CV with client", "Offer"]


@pytest.fixture
def opening(store: Store, ben: Viewer) -> int:
    return an_opening_in(store, ben)


def an_opening_in(store: Store, ben: Viewer, *names: str, title: str = "Python developer") -> int:
    client = saved(store, a_client())
    with store.working(ben) as work:
        opening = add_opening(work, title, client_id=client, stages=STAGES)
    people = [saved(store, a_candidate(name, owner_id=ben.id)) for name in names]
    with store.working(ben) as work:
        bring_in(work, opening, people)
    return opening


def come_in(store: Store, ben: Viewer, opening: int, *names: str) -> dict[str, int]:
    people = [saved(store, a_candidate(name, owner_id=ben.id)) for name in names]
    with store.working(ben) as work:
        return dict(zip(names, bring_in(work, opening, people), strict=True))


def stage_of(store: Store, process: int) -> str | None:
    with store.reading() as session:
        return session.get_one(Process, process).stage


def active_in(store: Store, opening: int) -> int:
    with store.reading() as session:
        return session.query(Process).filter(Process.opening_id == opening, Process.is_active).count()


def press(page: Any, label: str) -> Any:
    return next(button for button in page.button if button.label == label).click().run()


def labels(page: Any) -> list[str]:
    return [button.label for button in page.button]


def test_the_page_says_whose_it_is_and_how_many_wait(page_of: Open, store: Store, ben: Viewer, opening: int, clock):
    process = come_in(store, ben, opening, "Noor Haddad", "Ivo Lang")
    with store.working(ben) as work:
        wait_on_client(work, process["Ivo Lang"])
    clock.forward(days=7)
    page = page_of("opening.py", ben, id=str(opening)).run()
    assert page.title[0].value == "Python developer"
    assert "with Ben · open since Mon 2 Mar, 5 working days · 2 people in it" in words(page)
    assert page.get("pills")[0].options == ["Overdue 2", "Our turn 1", "Client’s turn 1"]
    assert "Write to the 2 overdue" in labels(page)
    assert "2 people were ever in it; 2 came to First talk." in words(page)


def test_a_pill_filters_and_stands_in_the_address(page_of: Open, store: Store, ben: Viewer, opening: int):
    process = come_in(store, ben, opening, "Noor Haddad", "Ivo Lang")
    with store.working(ben) as work:
        wait_on_client(work, process["Ivo Lang"])
    page = page_of("opening.py", ben, id=str(opening), view="table", show="client").run()
    assert list(page.dataframe[0].value["Person"]) == ["Ivo Lang"]
    page.get("pills")[0].set_value("ours").run()
    assert list(page.dataframe[0].value["Person"]) == ["Noor Haddad"]
    assert page.query_params["show"] in ("ours", ["ours"])


def test_a_row_of_the_table_opens_the_person(page_of: Open, store: Store, ben: Viewer, opening: int):
    come_in(store, ben, opening, "Noor Haddad", "Ivo Lang")
    page = page_of("opening.py", ben, id=str(opening), view="table").run()
    second = page.dataframe[0].value["Person"][1]
    with store.reading() as session:
        rows = tuple(card.process_id for card in board(session, opening, now=store.now()).cards)
    chosen = {"selection": {"rows": [1], "columns": [], "cells": []}}
    page.session_state[f"table-{opening}-{hash(rows)}"] = chosen
    page.run()
    assert page.title[0].value == second


def test_a_row_that_was_chosen_among_others_opens_nobody(page_of: Open, store: Store, ben: Viewer, opening: int):
    process = come_in(store, ben, opening, "Noor Haddad", "Ivo Lang")
    page = page_of("opening.py", ben, id=str(opening), view="table").run()
    with store.working(ben) as work:
        wait_on_client(work, process["Ivo Lang"])
    page.query_params["show"] = "ours"
    page.session_state[f"table-{opening}-{hash(tuple(process.values()))}"] = {"selection": {"rows": [1]}}
    page.run()
    assert not page.exception
    assert page.title[0].value == "Python developer"


def test_what_is_owed_in_the_opening_is_said_from_here(page_of: Open, store: Store, ben: Viewer, opening: int, clock):
    noor = come_in(store, ben, opening, "Noor Haddad")["Noor Haddad"]
    clock.forward(days=7)
    page = press(page_of("opening.py", ben, id=str(opening)).run(), "Write to the one overdue")
    assert page.query_params["view"] in ("owed", ["owed"])
    page.text_area[0].set_value("They decide on Friday, and I write to you then.")
    press(page, "Log it")
    with store.reading() as session:
        person = session.get_one(Process, noor).candidate_id
    assert promises_of(store, person, Kind.UPDATE)[0].status is Status.KEPT_LATE
    assert "Write to the one overdue" not in labels(page)


def test_a_card_that_is_opened_says_how_it_stands_and_what_can_be_done(
    page_of: Open, store: Store, ben: Viewer, opening: int, clock
):
    noor = come_in(store, ben, opening, "Noor Haddad")["Noor Haddad"]
    clock.forward(days=7)
    page = page_of("opening.py", ben, id=str(opening)).run()
    page.session_state[state.QUESTION] = (CARD, noor)
    page.run()
    said = words(page)
    assert "2 days late" in said
    assert "First talk since Mon 2 Mar · with Ben" in said
    assert "Not a word yet, either way." in said
    page.selectbox(key=f"card-to-{noor}").set_value("Offer").run()
    page.button(key="card-move").click().run()
    assert stage_of(store, noor) == "Offer"
    page.session_state[state.QUESTION] = (CARD, noor)
    page.run()
    menu(page, f"card-more-{noor}", "Waiting on the client")
    with store.reading() as session:
        assert session.get_one(Process, noor).turn is Turn.CLIENT
    menu(page, f"card-more-{noor}", "Plan a meeting…")
    assert page.session_state[state.QUESTION] == ("Plan a meeting…", noor)


def test_ten_people_come_in_by_a_list_of_names_and_are_taken_back(
    page_of: Open, store: Store, ben: Viewer, opening: int
):
    names = [f"Person {letter}ski" for letter in "ABCDEFGHIJ"]
    for name in names:
        saved(store, a_candidate(name, owner_id=ben.id))
    come_in(store, ben, opening, "Noor Haddad")
    page = press(page_of("opening.py", ben, id=str(opening)).run(), "Add a person")
    page.session_state["how-they-come"] = "A list"
    page.run()
    page.text_area(key="coming-in-list").set_value("\n".join([*names, "Noor Haddad", "Nobody Known"])).run()
    assert "In it already: Noor Haddad" in words(page)
    assert "Nobody found: Nobody Known" in words(page)
    press(page, "Choose 10 people")
    press(page, "Bring in 10 people")
    assert active_in(store, opening) == 11
    press(page, "Undo")
    assert active_in(store, opening) == 1


def test_somebody_is_found_by_name_and_comes_in(page_of: Open, store: Store, ben: Viewer, opening: int):
    noor = saved(store, a_candidate("Noor Haddad", owner_id=ben.id))
    page = press(page_of("opening.py", ben, id=str(opening)).run(), "Add a person")
    page.text_input(key="coming-in-who").set_value("noor").run()
    page.button(key=f"choose-{noor}").click().run()
    press(page, "Bring in Noor Haddad")
    assert active_in(store, opening) == 1


def test_an_opening_is_held_with_the_reason_and_taken_up_again(page_of: Open, store: Store, ben: Viewer, opening: int):
    come_in(store, ben, opening, "Noor Haddad")
    with store.working(ben) as work:
        (process,) = work.session.scalars(select(Process))
        tomorrow = {"starts_at": store.now() + timedelta(days=1), "ends_at": store.now() + timedelta(days=1, hours=1)}
        plan_meeting(work, process.candidate_id, kind=MeetingKind.TALK, process_id=process.id, **tomorrow)
    page = menu(page_of("opening.py", ben, id=str(opening)).run(), "more-of-opening", "Hold…")
    assert "A meeting is planned with one of them" in words(page)
    starting(page.radio, "hold-reason-").set_value(starting(page.radio, "hold-reason-").options[0]).run()
    starting(page.text_input, "hold-note-").set_value("Until April").run()
    page.button(key="hold-it").click().run()
    assert "On hold since Mon 2 Mar: the budget, “Until April”" in words(page)
    assert "from us every 10 working days" in words(page)
    (link,) = page.get("page_link")
    assert (link.proto.label, link.proto.query_string) == ("Tell everybody", f"id={opening}")
    menu(page, "more-of-opening", "Resume")
    assert not page.get("page_link")
    with store.reading() as session:
        assert session.get_one(Opening, opening).status is OpeningStatus.OPEN


def test_stages_are_put_in_order_named_anew_and_taken_away(page_of: Open, store: Store, ben: Viewer, opening: int):
    page = menu(page_of("opening.py", ben, id=str(opening)).run(), "more-of-opening", "Stages…")
    page.button(key="stage-up-2").click().run()
    page.button(key="stage-away-0").click().run()
    page.text_input(key=f"stage-name-2-of-{opening}").set_value("Last offer").run()
    page.number_input(key=f"stage-days-2-of-{opening}").set_value(1).run()
    press(page, "Add a stage")
    page.text_input(key=f"stage-name-0-of-{opening}").set_value("Hired").run()
    page.button(key="save-stages").click().run()
    with store.reading() as session:
        stages = [(step.name, step.cadence) for step in board(session, opening, now=store.now()).steps]
    assert stages == [("Last offer", 1), ("CV with client", 3), ("Hired", 3)]


def test_what_was_written_in_a_stage_goes_with_it(page_of: Open, store: Store, ben: Viewer, opening: int):
    page = menu(page_of("opening.py", ben, id=str(opening)).run(), "more-of-opening", "Stages…")
    first = f"stage-name-0-of-{opening}"
    page.text_input(key=first).set_value("Coffee").run()
    after = page.text_input(key=f"stage-name-1-of-{opening}").value
    page.button(key="stage-away-0").click().run()
    page.button(key="save-stages").click().run()
    assert "not saved yet" not in " ".join(one.value for one in page.markdown)
    page = menu(page, "more-of-opening", "Stages…")
    assert page.text_input(key=first).value == after


def test_a_form_that_is_stale_overwrites_nothing(page_of: Open, store: Store, ana: Viewer, ben: Viewer, opening: int):
    page = menu(page_of("opening.py", ben, id=str(opening)).run(), "more-of-opening", "Edit…")
    with store.working(ana) as work:
        work.session.get_one(Opening, opening).note = "Remote only"
        work.record("changed", work.session.get_one(Opening, opening))
    page.text_input(key=f"opening-title-{opening}").set_value("Go developer").run()
    page.button(key="save-opening").click().run()
    with store.reading() as session:
        kept = session.get_one(Opening, opening)
        assert (kept.title, kept.note) == ("Python developer", "Remote only")


def test_an_opening_that_has_ended_says_so_and_nobody_comes_in(page_of: Open, store: Store, ben: Viewer, opening: int):
    with store.working(ben) as work:
        end_opening(work, opening, OpeningStatus.FILLED, {}, note="Ada took it")
    page = page_of("opening.py", ben, id=str(opening)).run()
    assert "Filled on Mon 2 Mar: “Ada took it”." in words(page)
    assert "Add a person" not in labels(page)


def test_an_empty_opening_says_what_to_do(page_of: Open, store: Store, ben: Viewer, opening: int):
    page = page_of("opening.py", ben, id=str(opening)).run()
    assert "Nobody is in yet. Add a person." in words(page)
    with store.working(ben) as work:
        bare = add_opening(work, "Tester", stages=[])
    assert "It has no stages yet." in words(page_of("opening.py", ben, id=str(bare)).run())
    assert "There is no such opening here." in words(page_of("opening.py", ben, id="4711").run())


def test_a_viewer_changes_nothing(page_of: Open, store: Store, ben: Viewer, vera: Viewer, opening: int, clock):
    come_in(store, ben, opening, "Noor Haddad")
    clock.forward(days=7)
    for view in ("board", "table", "owed"):
        page = page_of("opening.py", vera, id=str(opening), view=view).run()
        assert not page.exception
        assert set(labels(page)) <= {"Show all"}


@pytest.mark.parametrize(
    ("silent", "said"),
    [(0, "we spoke today"), (1, "we spoke yesterday"), (2, "silent 2 working days"), (4, "silent 4 working days")],
)
def test_our_silence_is_counted_in_working_days(store: Store, ben: Viewer, opening: int, clock, silent: int, said: str):
    noor = come_in(store, ben, opening, "Noor Haddad")["Noor Haddad"]
    with store.working(ben) as work:
        person = work.session.get_one(Process, noor).candidate_id
        log_contact(work, person, way=Way.TO, text="Soon.", process_id=noor)
    clock.forward(days=silent)
    with store.reading() as session:
        (card,) = board(session, opening, now=clock.now).cards
    assert next(lines(card, Days(clock.now, store.calendar))) == (said, int(card.is_late))
    assert card.is_late == (silent > 3)


# in a browser


@pytest.fixture
def busy(app_server) -> Callable[[str, int], dict[str, int]]:
    """An opening of its own with some people in its first stage; the name of the opening, and the cards by name."""

    def busy(title: str, number: int = 3) -> tuple[int, dict[str, int]]:
        ben = app_server.members[Role.RECRUITER]
        opening = an_opening_in(app_server.store, ben, title=title)
        names = ["Olena Shevchenko", "Lukas Brandt", "Elif Demir"][:number]
        return opening, come_in(app_server.store, ben, opening, *names)

    return busy


def card(page: Any, name: str) -> Any:
    return page.locator(".card", has_text=name)


def column(page: Any, stage: str) -> Any:
    return page.locator(f".column[data-column='{stage}']")


def in_column(page: Any, stage: str, name: str) -> None:
    column(page, stage).locator(".card:not(.moving)", has_text=name).wait_for()


def focused(page: Any) -> str:
    """The name on the card that the focus is on."""
    return page.evaluate(
        "() => { let at = document.activeElement;"
        " while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;"
        " return at?.querySelector?.('.name')?.textContent ?? '' }"
    )


@pytest.mark.browser
def test_a_card_is_dragged_saved_and_taken_back(app_server, signed_in_page, busy):
    opening, cards = busy("Dragged")
    page = signed_in_page(Role.RECRUITER, f"/opening?id={opening}")
    card(page, "Lukas Brandt").drag_to(column(page, "Offer").locator("h2"))
    in_column(page, "Offer", "Lukas Brandt")
    assert column(page, "Offer").locator(".number").inner_text() == "1"
    page.wait_for_timeout(300)
    assert stage_of(app_server.store, cards["Lukas Brandt"]) == "Offer"
    settled(page)
    acted(page, lambda: page.get_by_role("button", name="Undo").click())
    in_column(page, "First talk", "Lukas Brandt")
    assert stage_of(app_server.store, cards["Lukas Brandt"]) == "First talk"


@pytest.mark.browser
def test_cards_are_reached_moved_and_opened_by_keyboard_alone(app_server, signed_in_page, busy):
    opening, cards = busy("By keyboard")
    page = signed_in_page(Role.RECRUITER, f"/opening?id={opening}")
    card(page, "Olena Shevchenko").wait_for()  # the board is loaded by itself, after its page
    for _ in range(40):
        page.keyboard.press("Tab")
        if focused(page):
            break
    assert focused(page) == "Olena Shevchenko"
    page.keyboard.press("ArrowDown")
    assert focused(page) == "Lukas Brandt"
    page.keyboard.press("Shift+ArrowRight")
    in_column(page, "CV with client", "Lukas Brandt")
    settled(page)
    assert focused(page) == "Lukas Brandt"  # the focus goes with the card
    assert stage_of(app_server.store, cards["Lukas Brandt"]) == "CV with client"
    page.keyboard.press("ArrowLeft")
    assert focused(page) == "Olena Shevchenko"
    page.keyboard.press("m")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    in_column(page, "Offer", "Olena Shevchenko")
    settled(page)
    assert focused(page) == "Olena Shevchenko"
    acted(page, lambda: page.keyboard.press("Enter"))
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Not a word yet, either way.").wait_for()
    assert dialog.get_by_role("button", name="Open the person").is_visible()


@pytest.mark.browser
def test_of_two_who_move_one_card_the_second_is_told_and_sees_where_it_is(app_server, signed_in_page, busy):
    opening, cards = busy("Two at once")
    lukas = cards["Lukas Brandt"]
    page = signed_in_page(Role.RECRUITER, f"/opening?id={opening}")
    card(page, "Lukas Brandt").hover()
    page.mouse.down()
    for _ in range(2):  # a drag begins with the second move
        column(page, "CV with client").locator("h2").hover()
    with app_server.store.working(app_server.members[Role.ADMIN]) as work:
        move_on_board(work, opening, lukas, "Offer", seen_in="First talk")
    page.wait_for_timeout(SECONDS * 1500)  # long enough to hear of it; but nothing moves under the hand
    page.mouse.up()
    page.get_by_test_id("stAlertContentError").get_by_text("Ana has just moved Lukas Brandt to “Offer”.").wait_for()
    in_column(page, "Offer", "Lukas Brandt")
    assert stage_of(app_server.store, lukas) == "Offer"


@pytest.mark.browser
def test_what_others_move_is_seen_without_a_touch_and_the_focus_stays(app_server, signed_in_page, busy):
    opening, _ = busy("Watched")
    page = signed_in_page(Role.RECRUITER, f"/opening?id={opening}")
    other = signed_in_page(Role.ADMIN, f"/opening?id={opening}")
    card(page, "Elif Demir").focus()
    card(other, "Lukas Brandt").drag_to(column(other, "CV with client").locator("h2"))
    in_column(other, "CV with client", "Lukas Brandt")
    in_column(page, "CV with client", "Lukas Brandt")
    settled(page)
    assert focused(page) == "Elif Demir"


@pytest.mark.browser
def test_a_bar_filters_the_cards_and_all_are_shown_again(app_server, signed_in_page, busy):
    opening, cards = busy("Narrowed")
    with app_server.store.working(app_server.members[Role.ADMIN]) as work:
        move_on_board(work, opening, cards["Elif Demir"], "Offer", seen_in="First talk")
    page = signed_in_page(Role.RECRUITER, f"/opening?id={opening}")
    bars = page.locator("[class*=st-key-came] .mark-rect path")
    bars.last.wait_for()
    acted(page, bars.last.click)
    page.get_by_text("only in Offer, or further").wait_for()
    assert "reached=Offer" in page.url
    assert page.locator(".card .name").all_inner_texts() == ["Elif Demir"]
    acted(page, lambda: page.get_by_role("button", name="Show all").click())
    card(page, "Lukas Brandt").wait_for()
    assert "reached" not in page.url


@pytest.mark.browser
def test_on_a_phone_a_card_goes_by_its_menu(app_server, signed_in_page, busy):
    opening, cards = busy("On a phone", 1)
    page = signed_in_page(Role.RECRUITER, f"/opening?id={opening}", width=390)
    card(page, "Olena Shevchenko").get_by_role("button", name="Move to…").click()
    page.get_by_role("menuitem", name="Offer").click()
    in_column(page, "Offer", "Olena Shevchenko")
    settled(page)
    assert stage_of(app_server.store, cards["Olena Shevchenko"]) == "Offer"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.browser
def test_a_viewer_can_open_a_card_and_move_none(app_server, signed_in_page, busy):
    opening, cards = busy("Looked at", 1)
    page = signed_in_page(Role.VIEWER, f"/opening?id={opening}")
    card(page, "Olena Shevchenko").focus()
    page.keyboard.press("Shift+ArrowRight")
    assert page.get_by_role("button", name="Move to…").count() == 0
    acted(page, lambda: page.keyboard.press("Enter"))
    page.get_by_role("dialog").wait_for()
    assert stage_of(app_server.store, cards["Olena Shevchenko"]) == "First talk"


@pytest.mark.browser
def test_a_name_is_only_ever_text(app_server, signed_in_page):
    ben = app_server.members[Role.RECRUITER]
    name = "<img src=x onerror=alert(1)> **Bold**"
    opening = an_opening_in(app_server.store, ben, name, title="<b>Role</b>")
    page = signed_in_page(Role.RECRUITER, f"/opening?id={opening}")
    page.locator(".card .name", has_text="Bold").wait_for()
    assert page.locator(".card .name").inner_text() == name
    assert page.locator(".card img").count() == 0


def thinking(page_of: Open, viewer: Viewer, opening: int) -> Any:
    return page_of("opening.py", viewer, id=str(opening), view="think").run()


def test_whoever_comes_to_mind_is_added_with_one_touch_and_taken_back(page_of: Open, store: Store, ben: Viewer):
    opening = an_opening_in(store, ben, title="React developer")
    with store.working(ben) as work:
        ensure_skills(work)
        noor = add_candidate(work, name="Noor Haddad", title="Web developer", skills=["Next.js"])
        log_contact(work, noor, way=Way.FROM, text="Hello")
    page = thinking(page_of, ben, opening)
    assert "Say what it needs; then people come to mind." in words(page)
    page = press(page, "It needs React")
    assert "knows Next.js, so React" in words(page)
    assert "no consent on record" in words(page)
    page = press(page, "Add")
    assert active_in(store, opening) == 1
    assert "Nobody comes to mind." in words(page)
    page = press(page, "Undo")
    assert active_in(store, opening) == 0
    assert "Noor Haddad" in words(page)


def test_a_viewer_sees_who_comes_to_mind_and_adds_nobody(page_of: Open, store: Store, ben: Viewer, vera: Viewer):
    with store.working(ben) as work:
        opening = add_opening(work, "React developer", needs=["React"])
        log_contact(work, add_candidate(work, name="Noor Haddad", skills=["React"]), way=Way.FROM, text="Hello")
    page = thinking(page_of, vera, opening)
    assert "Noor Haddad" in words(page)
    assert not {"Add", "Change…", "Add a person"} & set(labels(page))


def test_what_an_opening_needs_is_edited_with_it(page_of: Open, store: Store, ben: Viewer, opening: int):
    page = page_of("opening.py", ben, id=str(opening)).run()
    page = menu(page, "more-of-opening", "Edit…")
    page = page.button(key="named").click().run()
    assert page.multiselect(key=f"opening-needs-{opening}").value == ["Python"]
    page.multiselect(key=f"opening-needs-{opening}").set_value(["Python", "Go"])
    page = page.button(key="save-opening").click().run()
    with store.reading() as session:
        found = board(session, opening, now=store.now())
    assert found is not None
    assert found.needs == ("Python", "Go")
