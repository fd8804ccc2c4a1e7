"""Today, as its members see it: what waits is logged, put off, let go or taken back, and a viewer changes nothing."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from streamlit.testing.v1 import AppTest

from core.commands.candidates import erase_candidate
from core.commands.contacts import log_contact
from core.commands.members import deactivate_member
from core.commands.templates import reset_template, save_template
from core.domain.facts import MeetingResult, Way
from core.domain.promises import Kind, Status
from core.persistence.store import Store
from core.persistence.tables import Contact, ImportBatch, Meeting, Promise
from core.persistence.tables.team import Role
from core.persistence.work import THE_PROGRAM, Viewer
from pages.parts import state
from tests.make import (
    MONDAY,
    PATIENCE,
    FixedClock,
    a_candidate,
    a_client,
    a_closing,
    a_growth_note,
    a_meeting,
    a_process,
    a_word_from_her,
    an_opening,
    promise_of,
    promises_of,
    saved,
)
from tests.pages.conftest import acted, labelled, settled, starting
from tests.pages.test_candidate import menu

PAGES = Path(__file__).parents[2] / "pages"
EARLIER = MONDAY - timedelta(days=6)  # Tuesday


@pytest.fixture
def noor(store: Store, ben: Viewer) -> int:
    """She wrote last Tuesday and is overdue."""
    return saved(
        store,
        a_candidate(owner_id=ben.id, added_at=EARLIER),
        a_word_from_her(happened_at=EARLIER, text="Is there any news?"),
    )


@pytest.fixture
def jan(store: Store, ben: Viewer) -> int:
    """He wrote a day later."""
    later = EARLIER + timedelta(days=1)
    return saved(
        store, a_candidate("Jan Zieliński", owner_id=ben.id, added_at=later), a_word_from_her(happened_at=later)
    )


@pytest.fixture
def at_address(page_of: Callable[..., Any]) -> Callable[..., Any]:
    """`at_address(ben, whose="Team")`: Today opened by its address, in a session of its own."""

    def at_address(viewer: Viewer, **query: str) -> Any:
        page_of("today.py", viewer)  # signs the member in
        page = AppTest.from_file(PAGES / "front_door.py", default_timeout=PATIENCE)
        for key, value in query.items():
            page.query_params[key] = value
        return page.run()

    return at_address


def last_contact(store: Store, candidate_id: int) -> Contact:
    with store.reading() as session:
        contacts = session.query(Contact).filter(Contact.candidate_id == candidate_id).order_by(Contact.id).all()
    return contacts[-1]


def words(page: Any) -> str:
    return "\n".join(element.value for element in page.markdown)


def test_an_empty_day_says_when_the_next_word_is_due(page_of: Callable[..., Any], store: Store, ben: Viewer):
    page = page_of("today.py", ben).run()
    assert page.title[0].value == "Nobody is waiting for you"
    assert not page.exception
    assert "You have promised nothing to anybody yet." in words(page)
    labelled(page.segmented_control, "Whose").set_value("Team").run()
    assert "Nothing is promised to anybody yet." in words(page)
    labelled(page.segmented_control, "Whose").set_value("Mine").run()
    saved(store, a_candidate("Elif Demir", owner_id=ben.id), a_word_from_her())
    page.run()
    assert page.title[0].value == "Nobody is waiting for you"
    assert "The next word is due Tue 3 Mar, to Elif Demir." in words(page).replace("\\", "")


def test_once_all_is_kept_nobody_is_waiting(page_of, store, ben, vera):
    for viewer, ways in ((ben, ["Bring in a list", "Add somebody"]), (vera, [])):
        page = page_of("today.py", viewer).run()
        assert "You have promised nothing to anybody yet." in words(page)
        assert [link.proto.label for link in page.get("page_link")] == ways
    person = saved(store, a_candidate(owner_id=ben.id, added_at=EARLIER), a_word_from_her(happened_at=EARLIER))
    with store.working(ben) as work:
        log_contact(work, person, way=Way.TO, text="Yes.")
    page = page_of("today.py", ben).run()
    assert "Nobody is waiting for you." in words(page)
    assert "yet" not in words(page)
    saved(store, a_candidate("Jan", owner_id=ben.id), a_growth_note(revisit_on=date(2026, 9, 3)))
    page.run()
    assert "Nobody is waiting for you. The next word is due Thu 3 Sep." in words(page).replace("\\", "")


def test_the_title_and_the_first_row_say_who_waits(page_of, store, ben, noor, jan):
    page = page_of("today.py", ben).run()
    assert not page.exception
    assert page.title[0].value == "Two people are waiting for you"
    assert [section.value for section in page.subheader][:1] == ["Overdue · 2"]
    assert "3 working days late" in words(page)
    assert "“Is there any news?”" in words(page).replace("\\", "")
    assert page.text_area(key="words").value.startswith("Hi Noor,\n\nThank you for your message.")
    assert page.metric[0].value == "2 words"
    assert (page.metric[1].value, page.metric[1].delta) == ("3 days", "working days late")


def test_a_draft_with_gaps_is_not_what_was_said(page_of, store, ben, noor):
    page = page_of("today.py", ben).run()
    page.button(key=f"keep-{promise_of(store, noor).id}").click().run()
    assert "your answer" in page.error[0].value
    assert promise_of(store, noor).status is Status.OPEN


def test_logging_keeps_the_promise_and_the_next_row_takes_its_place(page_of, store, ben, noor, jan):
    page = page_of("today.py", ben).run()
    page.text_area(key="words").set_value("Hi Noor, they decide on Friday.")
    page.button(key=f"keep-{promise_of(store, noor).id}").click().run()
    assert not page.exception
    assert page.toast[0].value == "Logged\\: Noor Haddad"
    assert promise_of(store, noor).status is Status.KEPT_LATE
    said = last_contact(store, noor)
    assert (said.way, said.channel, said.text, said.by_id) == (
        Way.TO,
        "e-mail",
        "Hi Noor, they decide on Friday.",
        ben.id,
    )
    assert page.title[0].value == "One person is waiting for you"
    assert page.text_area(key="words").value.startswith("Hi Jan,")


def test_a_call_counts_as_talked_and_no_answer_keeps_nothing(page_of, store, ben, noor, jan, clock):
    page = page_of("today.py", ben).run()
    page.text_area(key="words").set_value("")
    page.button_group(key="how").set_value("No answer")
    page.button(key=f"keep-{promise_of(store, noor).id}").click().run()
    assert last_contact(store, noor).way is Way.ATTEMPT
    assert promise_of(store, noor).status is Status.OPEN

    clock.forward(seconds=1)
    page.text_area(key="words").set_value("")
    page.button_group(key="how").set_value("Phone")
    page.button(key=f"keep-{promise_of(store, noor).id}").click().run()
    assert last_contact(store, noor).way is Way.TALKED
    assert promise_of(store, noor).status is Status.KEPT_LATE


def test_a_second_click_counts_for_nothing_and_undo_takes_it_back(page_of, store, ben, noor):
    page = page_of("today.py", ben).run()
    page.text_area(key="words").set_value("They decide on Friday.")
    page.button(key=f"keep-{promise_of(store, noor).id}").click().run()
    assert page.title[0].value == "Nobody is waiting for you"
    (undo,) = [button for button in page.button if button.label == "Undo"]
    undo.click().run()
    assert promise_of(store, noor).status is Status.OPEN
    assert page.title[0].value == "One person is waiting for you"
    assert [button for button in page.button if button.label == "Undo"] == []


def test_a_double_click_logs_one_and_the_next_once_there_was_time_to_read_it(page_of, store, ben, noor, jan, clock):
    with store.working(ben) as work:
        save_template(work, "reply", "en", "Dear {{ first_name }}, by Friday.", version=0)
    page = page_of("today.py", ben).run()
    page.button(key=f"keep-{promise_of(store, noor).id}").click().run()
    for _ in range(3):  # a key that is held down
        clock.forward(seconds=0.4)
        page.button(key=f"keep-{promise_of(store, jan).id}").click().run()
        assert page.toast[0].value.replace("\\", "").startswith("Nothing is logged for Jan Zieliński yet")
    assert promise_of(store, jan).status is Status.OPEN
    clock.forward(seconds=1)
    page.button(key=f"keep-{promise_of(store, jan).id}").click().run()
    assert promise_of(store, jan).status is Status.KEPT_LATE


def test_a_row_that_was_just_opened_is_not_logged_by_the_click_that_opened_it(page_of, store, ben, noor, jan, clock):
    page = page_of("today.py", ben).run()
    page.button(key=f"open-{promise_of(store, jan).id}").click().run()
    clock.forward(seconds=0.4)
    page.button(key=f"keep-{promise_of(store, jan).id}").click().run()
    assert "Nothing is logged for Jan" in page.toast[0].value
    assert not page.error
    page.text_area(key="words").set_value("Hi Jan, on Friday.")  # whoever has written it has seen whom it is to
    page.button(key=f"keep-{promise_of(store, jan).id}").click().run()
    assert promise_of(store, jan).status is Status.KEPT_LATE


def test_all_that_was_logged_one_after_the_other_is_taken_back_the_last_first(page_of, store, ben, noor, jan, clock):
    page = page_of("today.py", ben).run()
    for person in (noor, jan):
        page.text_area(key="words").set_value(f"On Friday, number {person}.")
        page.button(key=f"keep-{promise_of(store, person).id}").click().run()
    labelled(page.button, "Undo").click().run()
    assert (promise_of(store, noor).status, promise_of(store, jan).status) == (Status.KEPT_LATE, Status.OPEN)
    clock.forward(seconds=0.4)
    labelled(page.button, "Undo").click().run()  # of the same double click
    assert promise_of(store, noor).status is Status.KEPT_LATE
    clock.forward(seconds=1)
    labelled(page.button, "Undo").click().run()
    assert promise_of(store, noor).status is Status.OPEN
    assert [button for button in page.button if button.label == "Undo"] == []


def test_a_refusal_takes_nobodys_way_back(page_of, store, ben, noor, jan):
    page = page_of("today.py", ben).run()
    page.text_area(key="words").set_value("On Friday.")
    page.button(key=f"keep-{promise_of(store, noor).id}").click().run()
    page.text_area(key="words").set_value("On [a day].")
    page.button_group(key="how").set_value(None)
    page.button(key=f"keep-{promise_of(store, jan).id}").click().run()
    assert page.error
    labelled(page.button, "Undo").click().run()
    assert promise_of(store, noor).status is Status.OPEN


def test_what_is_half_written_to_somebody_answered_meanwhile_can_be_copied_and_let_go(
    page_of, store, ben, ana, noor, jan
):
    page = page_of("today.py", ben).run()
    page.text_area(key="words").set_value("Hi Noor, on Friday.").run()
    with store.working(ana) as work:
        log_contact(work, noor, way=Way.TO, text="They decide on Thursday.")
    page.run()
    assert "**To Noor Haddad** :gray[· not logged, and no longer owed]" in [one.value for one in page.markdown]
    assert [code.value for code in page.code] == ["Hi Noor, on Friday."]
    assert page.text_area(key="words").value.startswith("Hi Jan,")
    with store.working(ana) as work:
        log_contact(work, jan, way=Way.TALKED)
    page.run()
    assert [code.value for code in page.code] == ["Hi Noor, on Friday."]  # and nothing that nobody wrote
    labelled(page.button, "Let the text go").click().run()
    assert not page.code
    assert not page.run().code


def log_too_late(page, store, noor):
    with store.working(THE_PROGRAM) as work:
        log_contact(work, noor, way=Way.TO, text="They decide on Thursday.")
    page.button(key=f"keep-{promises_of(store, noor)[0].id}").click().run()
    assert "Hi Noor, on Friday." in [code.value for code in page.code]


@pytest.mark.parametrize("before", [lambda *_: None, log_too_late])
def test_what_is_half_written_to_somebody_goes_when_they_are_erased(page_of, store, ben, noor, jan, before):
    page = page_of("today.py", ben).run()
    page.text_area(key="words").set_value("Hi Noor, on Friday.").run()
    before(page, store, noor)
    with store.working(THE_PROGRAM) as work:
        erase_candidate(work, noor)
    page.run()
    assert not page.code
    assert not [text for text in page.session_state[state.WRITTEN].waiting.values() if "Noor" in str(text)]


def test_what_is_half_written_waits_unseen_while_its_row_is_only_not_shown(page_of, ben, noor, jan):
    page = page_of("today.py", ben).run()
    page.text_area(key="words").set_value("Hi Noor, on Friday.").run()
    page.query_params["kind"] = "update"
    assert not page.run().code
    del page.query_params["kind"]
    assert page.run().text_area(key="words").value == "Hi Noor, on Friday."


def test_who_was_answered_meanwhile_is_not_answered_twice(page_of, store, ben, ana, noor, jan):
    page = page_of("today.py", ben).run()
    page.text_area(key="words").set_value("Hi Noor, on Friday.")
    with store.working(ana) as work:
        log_contact(work, noor, way=Way.TO, text="They decide on Thursday.")
    page.button(key=f"keep-{promise_of(store, noor).id}").click().run()
    assert not page.exception
    said = page.error[0].value.replace("\\", "")
    assert said == "Ana answered Noor Haddad a moment ago: “They decide on Thursday.” Your text is still here."
    assert page.code[0].value == "Hi Noor, on Friday."
    assert last_contact(store, noor).by_id == ana.id
    assert page.text_area(key="words").value.startswith("Hi Jan,")
    page.button(key="let-go").click().run()
    assert not page.code
    page.text_area(key="words").set_value("Hi Jan.")
    with store.working(ana) as work:
        log_contact(work, jan, way=Way.TALKED)
    page.button(key=f"keep-{promise_of(store, jan).id}").click().run()
    assert "Ana answered Jan" in page.error[0].value
    assert page.code[0].value == "Hi Jan."


def test_snoozing_asks_why_and_moves_it(page_of, store, ben, noor):
    page = page_of("today.py", ben).run()
    page.button(key="S-open").click().run()
    starting(page.date_input, "snooze-until").set_value(date(2026, 3, 12))
    press(page, "Snooze it")
    assert "Say why" in page.error[0].value
    starting(page.text_input, "snooze-reason").set_value("She is on leave until then")
    press(page, "Snooze it")
    promise = promise_of(store, noor)
    assert (promise.is_snoozed, store.calendar.day(promise.due_at)) == (True, date(2026, 3, 12))
    page.run()
    assert page.title[0].value == "Nobody is waiting for you"


def test_waiving_is_kept_with_its_reason(page_of, store, ben, noor):
    page = page_of("today.py", ben).run()
    page.button(key="W-open").click().run()
    starting(page.text_input, "waive-reason").set_value("Answered at the fair")
    press(page, "Waive it")
    assert promise_of(store, noor).status is Status.WAIVED


def press(page: Any, label: str) -> None:
    (button,) = [button for button in page.button if button.label == label]
    button.click().run()


def test_another_row_is_opened_and_the_keys_walk_the_rows(page_of, store, ben, noor, jan):
    page = page_of("today.py", ben).run()
    page.button(key=f"open-{promise_of(store, jan).id}").click().run()
    assert page.text_area(key="words").value.startswith("Hi Jan,")
    page.button(key="next-row").click().run()
    assert page.text_area(key="words").value.startswith("Hi Noor,")
    page.button(key="row-before").click().run()
    assert page.text_area(key="words").value.startswith("Hi Jan,")


@pytest.fixture
def elif_(store: Store, ben: Viewer) -> int:
    """She wrote today, and is to be answered tomorrow."""
    return saved(store, a_candidate("Elif Demir", owner_id=ben.id), a_word_from_her())


def test_opening_a_row_draws_its_section_and_that_of_the_row_which_closes(page_of, store, ben, noor, elif_):
    page = page_of("today.py", ben).run()
    statements: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    page.button(key=f"open-{promise_of(store, elif_).id}").click()
    statements.clear()
    page.run()
    assert [statement for statement in statements if " promise" in statement] == []
    assert page.text_area(key="words").value.startswith("Hi Elif,")
    assert page.button(key=f"open-{promise_of(store, noor).id}").label == "Log it"
    assert not page.title  # which stands as it was drawn before


@pytest.mark.parametrize("pressed", ["next-row", "open"])
def test_who_presses_on_before_the_page_shows_what_was_logged_sees_all_of_it_anew(
    page_of, store, ben, noor, jan, elif_, pressed
):
    page = page_of("today.py", ben).run()
    with store.working(ben) as work:
        log_contact(work, noor, way=Way.TO, text="On Friday.")
    for key in (state.OPEN_ROW, state.WORDS_FOR):  # as logging it left them, when the drawing was broken off
        del page.session_state[key]
    page.button(key="next-row" if pressed == "next-row" else f"open-{promise_of(store, elif_).id}").click().run()
    assert not page.exception
    assert page.title[0].value == "One person is waiting for you"
    assert page.text_area(key="words").value.startswith("Hi Jan," if pressed == "next-row" else "Hi Elif,")


def test_what_was_read_a_minute_ago_is_read_anew_when_a_row_is_opened(page_of, store, ben, noor, elif_, clock):
    page = page_of("today.py", ben).run()
    clock.forward(minutes=1)
    with store.working(ben) as work:
        log_contact(work, noor, way=Way.TO, text="On Friday.")
    page.button(key=f"open-{promise_of(store, elif_).id}").click().run()
    assert page.title[0].value == "Nobody is waiting for you"
    assert page.text_area(key="words").value.startswith("Hi Elif,")
    assert [button.key for button in page.button if button.label == "Log it"] == [f"keep-{promise_of(store, elif_).id}"]


def test_who_has_left_opens_no_row(page_of, store, ana, ben, noor, elif_):
    page = page_of("today.py", ben).run()
    with store.working(ana) as work:
        deactivate_member(work, ben.id, ana.id)
    page.button(key=f"open-{promise_of(store, elif_).id}").click().run()
    assert not page.text_area
    assert not page.title


def test_more_of_a_row_asks_or_leads_to_the_person(page_of, store, ben, noor, elif_):
    page = page_of("today.py", ben).run()
    for promise, way in ((promise_of(store, noor), "Waive…"), (promise_of(store, elif_), "Open the person")):
        (more,) = [menu for menu in page.get("menu_button") if menu.key == f"more-{promise.id}"]
        more.set_value(way).run()
        assert not page.exception
        if way == "Waive…":
            starting(page.text_input, "waive-reason").set_value("Answered at the fair")
            press(page, "Waive it")
            assert promise_of(store, noor).status is Status.WAIVED
    assert page.title[0].value == "Elif Demir"


def test_words_half_written_are_not_lost_on_another_row(page_of, store, ben, noor, jan):
    page = page_of("today.py", ben).run()
    page.text_area(key="words").set_value("Hi Noor, half a sen")
    page.button(key="next-row").click().run()
    page.button(key="row-before").click().run()
    assert page.text_area(key="words").value == "Hi Noor, half a sen"


def test_who_presses_next_twice_before_they_have_seen_the_row_takes_no_letter_along(
    page_of, store, ben, noor, jan, elif_
):
    page = page_of("today.py", ben).run()
    to_noor = page.text_area(key="words").value
    page.button(key="next-row").click().run()
    page.text_area(key="words").set_value(to_noor)  # as the browser still has it
    page.button(key="next-row").click().run()
    to_elif = page.text_area(key="words").value
    assert to_elif.startswith("Hi Elif,")
    page.text_area(key="words").set_value(to_noor)  # and still
    page.button(key="row-before").click().run()
    assert page.text_area(key="words").value.startswith("Hi Jan,")
    page.text_area(key="words").set_value(to_noor).run()
    assert page.text_area(key="words").value.startswith("Hi Jan,")
    page.text_area(key="words").set_value("Hi Jan, half a sen")
    page.button(key="next-row").click().run()
    page.text_area(key="words").set_value("Hi Jan, half a sen")
    page.button(key="row-before").click().run()
    assert page.text_area(key="words").value == "Hi Jan, half a sen"
    page.text_area(key="words").set_value(to_elif)  # which was brought, and came too late to be seen
    page.button(key="row-before").click().run()
    page.button(key="next-row").click().run()
    assert page.text_area(key="words").value == "Hi Jan, half a sen"


def test_the_same_words_to_two_people_stay_when_they_are_refused(page_of, store, ben, noor, jan, clock):
    page = page_of("today.py", ben).run()
    gap = "[" + page.text_area(key="words").value.partition("[")[2]
    page.text_area(key="words").set_value(gap)
    page.button(key="next-row").click().run()
    clock.forward(seconds=1)
    page.text_area(key="words").set_value(gap)
    page.button(key=f"keep-{promise_of(store, jan).id}").click().run()
    assert promise_of(store, jan).status is Status.OPEN
    assert page.text_area(key="words").value == gap


def test_words_half_written_are_not_lost_on_another_page(page_of, store, ben, noor, jan):
    page = page_of("today.py", ben).run()
    page.switch_page("candidates.py").run()
    page.switch_page("today.py").run()
    assert page.text_area(key="words").value.startswith("Hi Noor,")
    assert page.button_group(key="how").value == "E-mail"
    page.text_area(key="words").set_value("Hi Noor, half a sen").run()
    page.switch_page("candidates.py").run()
    page.switch_page("today.py").run()
    assert page.text_area(key="words").value == "Hi Noor, half a sen"
    assert page.button_group(key="how").value == "E-mail"


def test_an_outcome_names_who_was_absent(page_of, store, ben, clock: FixedClock):
    person = saved(store, a_candidate(owner_id=ben.id))
    opening = saved(store, an_opening(client_id=saved(store, a_client("Nordbank"))))
    process = saved(store, a_process(opening, candidate_id=person, first_owner_id=ben.id))
    meeting = a_meeting(MONDAY + timedelta(hours=1), candidate_id=person, host_id=ben.id)
    meeting.process_id = process
    meeting_id = saved(store, meeting)
    clock.forward(days=1)
    page = page_of("today.py", ben).run()
    (promise,) = promises_of(store, person, Kind.OUTCOME)
    page.button(key=f"keep-{promise.id}").click().run()
    assert "Say how the meeting went" in page.error[0].value
    page.button_group(key="how").set_value("We did not come")
    page.button(key=f"keep-{promise.id}").click().run()
    with store.reading() as session:
        assert session.get_one(Meeting, meeting_id).result is MeetingResult.MISSED
    (amends,) = promises_of(store, person, Kind.AMENDS)
    assert amends.owner_id == ben.id


def test_what_was_said_earlier_is_put_down_as_of_then(page_of, store, ben, noor):
    reply = promise_of(store, noor).id
    page = menu(page_of("today.py", ben).run(), f"more-{reply}", "Said earlier…")
    labelled(page.segmented_control, "How", -1).set_value("Phone")
    labelled(page.date_input, "On, if earlier").set_value(date(2026, 2, 23)).run()
    assert "Too early: it is owed since Tue 24 Feb" in words(page)
    labelled(page.date_input, "On, if earlier").set_value(date(2026, 2, 25)).run()
    assert "Too early: it is owed since" not in words(page)
    page.button(key="keep-it").click().run()
    assert not page.exception
    said = last_contact(store, noor)
    assert (said.way, said.happened_at) == (Way.TALKED, datetime(2026, 2, 25, 16, tzinfo=UTC))
    with store.reading() as session:
        assert session.get_one(Promise, reply).status is Status.KEPT_ON_TIME


def test_a_word_on_the_day_it_began_keeps_no_clock_when_it_is_put_down_later_either(page_of, store, ben, clock):
    opening = saved(store, an_opening(client_id=saved(store, a_client("Nordbank"))))
    person = saved(store, a_candidate(owner_id=ben.id, added_at=EARLIER))
    saved(store, a_process(opening, candidate_id=person, first_owner_id=ben.id))
    clock.forward(days=3)
    page = page_of("candidate.py", ben, id=str(person)).run()
    labelled(page.date_input, "On, if earlier").set_value(date(2026, 3, 2)).run()
    assert "Too early: it is counted from Mon 2 Mar, and a word keeps it from Tue 3 Mar on" in words(page)


def test_a_word_on_the_day_it_began_keeps_no_clock(page_of, store, ben):
    opening = saved(store, an_opening(client_id=saved(store, a_client("Nordbank"))))
    person = saved(store, a_candidate(owner_id=ben.id, added_at=EARLIER))
    saved(store, a_process(opening, candidate_id=person, first_owner_id=ben.id))
    (update,) = promises_of(store, person, Kind.UPDATE)
    page = page_of("candidate.py", ben, id=str(person)).run()
    assert not page.exception
    assert "Too early: it is counted from Mon 2 Mar, and a word keeps it from Tue 3 Mar on" in words(page)
    assert "Keeps:" not in words(page)
    page = page_of("today.py", ben).run()
    page.text_area(key="words").set_value("Nordbank has your papers.")
    page.button(key=f"keep-{update.id}").click().run()
    assert not page.error
    assert "a word keeps it from Tue 3 Mar on; it still waits." in words(page)
    assert promises_of(store, person, Kind.UPDATE)[0].status is Status.OPEN


def test_feedback_is_marked_and_names_its_process(page_of, store, ben, clock: FixedClock):
    opening = saved(store, an_opening(client_id=saved(store, a_client("Nordbank"))))
    person = saved(store, a_candidate(owner_id=ben.id))
    process = saved(store, a_process(opening, candidate_id=person, first_owner_id=ben.id))
    clock.forward(minutes=1)
    closing = a_closing(process, candidate_id=person)
    closing.process_id = process
    saved(store, closing)
    clock.forward(days=7)
    page = page_of("today.py", ben).run()
    (feedback,) = promises_of(store, person, Kind.FEEDBACK)
    assert "Feedback after the process at Nordbank" in words(page)
    page.text_area(key="words").set_value("They chose somebody with payments behind them.")
    page.button(key=f"keep-{feedback.id}").click().run()
    assert not page.error
    said = last_contact(store, person)
    assert (said.is_feedback, said.process_id) == (True, process)
    (feedback,) = promises_of(store, person, Kind.FEEDBACK)
    assert feedback.status is Status.KEPT_LATE


def test_filters_come_from_the_address_and_go_back_into_it(at_address, store, ben, ana, noor):
    saved(store, a_candidate("Hers", owner_id=ana.id, added_at=EARLIER), a_word_from_her(happened_at=EARLIER))
    page = at_address(ben, whose="Team")
    assert page.title[0].value == "Two people are waiting for the team"
    (kinds,) = [group for group in page.button_group if group.label == "Kind"]
    kinds.set_value(["reply"]).run()
    assert page.query_params["kind"] == "reply"
    assert "only reply" in words(page)
    (show_all,) = [button for button in page.button if button.label == "Show all"]
    show_all.click().run()
    assert "kind" not in page.query_params

    page = at_address(ben, kind="update")
    assert "Nobody is waiting for that." in words(page).replace("\\", "")
    page = at_address(ben, kind="nonsense", due="2026-99-99")
    assert page.title[0].value == "One person is waiting for you"


def test_a_person_is_found(at_address, store, ben, noor, jan):
    from core.persistence.search import index_words
    from core.persistence.tables import Candidate

    with store.working(ben) as work:
        for id_ in (noor, jan):
            index_words(work.session, work.session.get_one(Candidate, id_))
        work.record("made", work.session.get_one(Candidate, noor))
    page = at_address(ben, person="ziel")
    assert page.text_area(key="words").value.startswith("Hi Jan,")
    assert page.title[0].value == "One person is waiting for you"


def test_unanswered_imported_words_stand_apart(page_of, store, ben):
    batch = ImportBatch(filename="messages.csv", kind="messages", sha256="", imported_at=MONDAY, counts={})
    old = MONDAY - timedelta(days=1000)
    saved(
        store,
        a_candidate(owner_id=ben.id, added_at=MONDAY),
        a_word_from_her(happened_at=old, batch_id=saved(store, batch), text="Are you still hiring?"),
    )
    page = page_of("today.py", ben).run()
    assert page.title[0].value == "Nobody is waiting for you"
    assert [expander.label for expander in page.expander] == ["Unanswered before the import · 1"]


def test_vera_looks_and_changes_nothing(at_address, store, ben, vera, noor):
    page = at_address(vera, whose="Team")
    assert page.title[0].value == "One person is waiting for the team"
    assert not page.exception
    assert [button.label for button in page.button if button.label in ("Log it", "Snooze…", "Waive…", "Undo")] == []
    assert not page.text_area


def test_a_visitor_sees_nothing(page_of, noor):
    page = page_of("today.py", None).run()
    assert "Noor" not in words(page)
    assert not page.title


def test_names_and_quotes_are_text_not_markdown(page_of, store, ben):
    name = "![x](https://evil.example/pixel.png) :red-badge[overdue]"
    saved(
        store,
        a_candidate(name, owner_id=ben.id, added_at=EARLIER),
        a_word_from_her(happened_at=EARLIER, text="[click](https://evil.example)"),
    )
    page = page_of("today.py", ben).run()
    assert "](http" not in words(page)
    assert ":red-badge[overdue]" not in words(page)


def test_more_rows_are_shown_on_demand(page_of, store, ben):
    for number in range(12):
        saved(
            store,
            a_candidate(f"Person {number}", owner_id=ben.id, added_at=EARLIER),
            a_word_from_her(happened_at=EARLIER),
        )
    page = page_of("today.py", ben).run()
    assert page.title[0].value == "12 words are overdue"
    assert len([button for button in page.button if button.label == "Log it"]) == 5
    (more,) = [button for button in page.button if button.label.startswith("Show more")]
    more.click().run()
    assert len([button for button in page.button if button.label == "Log it"]) == 12
    assert page.title[0].value == "Twelve people are waiting for you"
    with store.reading() as session:
        assert session.query(Promise).count() == 12


# in a browser


def focused(page: Any) -> str:
    return page.evaluate("document.activeElement.tagName + ' ' + (document.activeElement.value || '')")


@pytest.mark.browser
@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_four_rows_are_cleared_by_keyboard_alone(app_server, signed_in_page, tmp_path, width: int, dark: bool):
    ben, now = app_server.members[Role.RECRUITER], app_server.store.now()
    names = ["Marta Kowalczyk", "Jan Zieliński", "Olena Shevchenko", "Piotr Lis", "Elif Demir"]
    people = [
        saved(
            app_server.store,
            a_candidate(name, owner_id=ben.id, added_at=now - timedelta(days=20)),
            a_word_from_her(happened_at=now - timedelta(days=20 - number)),
        )
        for number, name in enumerate(names)
    ]
    page = signed_in_page(Role.RECRUITER, width=width, dark=dark)
    page.screenshot(path=tmp_path / "before.png")
    assert page.get_by_role("heading", level=1).inner_text() == "Five people are waiting for you"
    for _ in range(30):
        if focused(page).startswith("TEXTAREA Hi Marta"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # to how it goes out: pressed once more, it is chosen still
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.ariaChecked === 'true'")
    page.keyboard.press("Shift+Tab")
    for name, left in zip(names[:4], ("Four", "Three", "Two", "One"), strict=True):
        page.wait_for_function(  # the cursor is in the next one's words
            "(words) => document.activeElement.value?.startsWith(words)", arg=f"Hi {name.split()[0]}"
        )
        page.keyboard.press("Control+A")
        page.keyboard.type(f"They decide on Friday, {name}, and I write to you then.")
        acted(page, lambda: page.keyboard.press("Control+Enter"))
        page.get_by_role("heading", level=1, name=f"{left} ").wait_for()  # once kept, the whole page is drawn anew
        settled(page)
    page.screenshot(path=tmp_path / "after.png")
    assert page.get_by_role("heading", level=1).bounding_box()["width"] > 340
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("u")
    said = page.get_by_test_id("stToast").filter(has_text="Taken back").bounding_box()
    assert said["y"] > 450  # it covers no button at the top
    page.get_by_role("heading", level=1, name="Two ").wait_for()
    settled(page)
    page.locator('[class*="st-key-open-"] button').first.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.tagName === 'TEXTAREA'")  # in what was opened
    settled(page)
    kept = [promise_of(app_server.store, person).status for person in people]
    assert kept == [Status.KEPT_LATE] * 3 + [Status.OPEN] * 2
    with app_server.store.working(ben) as work:
        for person in people[3:]:
            log_contact(work, person, way=Way.TO, text="Yes.")


@pytest.mark.browser
def test_a_double_click_on_log_it_logs_one(app_server, signed_in_page):
    ben, store = app_server.members[Role.RECRUITER], app_server.store
    with store.working(ben) as work:
        save_template(work, "reply", "en", "Dear {{ first_name }}, by Friday.", version=0)
    before = store.now() - timedelta(days=20)
    people = [
        saved(
            store,
            a_candidate(name, owner_id=ben.id, added_at=before),
            a_word_from_her(happened_at=before + timedelta(minutes=number)),
        )
        for number, name in enumerate(("Marta Kowalczyk", "Jan Zieliński", "Olena Shevchenko"))
    ]
    page = signed_in_page(Role.RECRUITER)
    page.get_by_label("What you say").fill("Dear Marta, by Friday.")
    acted(page, lambda: page.get_by_role("button", name="Log it").first.dblclick(delay=20))
    page.get_by_role("heading", level=1, name="Two ").wait_for()
    settled(page)
    assert not page.get_by_text("not logged").count()
    kept = [promise_of(store, person).status for person in people]
    assert kept == [Status.KEPT_LATE, Status.OPEN, Status.OPEN]
    with store.working(ben) as work:
        reset_template(work, "reply", "en", version=1)
        for person in people[1:]:
            log_contact(work, person, way=Way.TO, text="Yes.")


@pytest.mark.browser
def test_what_opens_a_menu_can_be_read_in_the_dark_while_it_is_open(app_server, signed_in_page):
    ben, now = app_server.members[Role.RECRUITER], app_server.store.now()
    long_ago = now - timedelta(days=20)
    saved(app_server.store, a_candidate(owner_id=ben.id, added_at=long_ago), a_word_from_her(happened_at=long_ago))
    page = signed_in_page(Role.RECRUITER, dark=True)
    for name in ("More", ben.name):
        button = page.get_by_role("button", name=name).first
        colour = button.evaluate("one => getComputedStyle(one).color")
        button.click()
        page.get_by_role("menu").wait_for()
        assert button.get_attribute("aria-expanded") == "true"
        assert button.evaluate("one => getComputedStyle(one).color") == colour
        page.keyboard.press("Escape")


@pytest.mark.browser
def test_a_filter_chosen_in_a_closed_popover_does_not_come_back(app_server, signed_in_page):
    ben, now = app_server.members[Role.RECRUITER], app_server.store.now()
    saved(
        app_server.store,
        a_candidate("Noor Haddad", owner_id=ben.id, added_at=now - timedelta(days=20)),
        a_word_from_her(happened_at=now - timedelta(days=20)),
        a_growth_note(revisit_on=now.date() + timedelta(days=7)),
    )
    page = signed_in_page(Role.RECRUITER)
    rows = page.get_by_text("Noor Haddad")
    page.get_by_role("button", name="Filter").click()
    acted(page, lambda: page.get_by_test_id("stPopoverBody").get_by_text("New look 1").click())
    assert "kind=revisit" in page.url
    page.keyboard.press("Escape")
    page.get_by_role("heading", level=1).click()
    acted(page, lambda: page.keyboard.press("a"))
    acted(page, lambda: page.keyboard.press("j"))
    assert "kind" not in page.url
    assert rows.count() >= 2
