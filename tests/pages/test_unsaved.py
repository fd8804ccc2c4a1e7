"""A session that ended elsewhere takes nobody's text; and a page drawn in part never contradicts the rest of it."""

import gc
from collections import UserDict
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.runtime.scriptrunner import StopException

from core import auth
from core.commands.candidates import CandidateEdit, add_candidate, edit_candidates, erase_candidate, set_rhythm
from core.commands.clients import Person, set_people
from core.commands.contacts import log_contact
from core.commands.growth import note_growth, note_what_came_of_it
from core.commands.openings import add_opening, save_stage_template
from core.commands.processes import start_process
from core.commands.recommendations import Said, recommend
from core.commands.undo import undo_fact
from core.domain.facts import Rhythm, Unit, Way
from core.domain.handles import Handle
from core.persistence.tables import Candidate, ClientPerson, StageTemplate
from core.persistence.tables.team import Role
from core.persistence.work import THE_PROGRAM
from core.queries.candidates import Person as Row
from pages.parts import runtime, state, unsaved
from tests.make import a_candidate, a_client, a_word_from_her, act, saved
from tests.pages.conftest import acted, labelled, session_of, settled, starting
from tests.pages.test_candidate import contacts_of, form_of, menu, noor, plain, words
from tests.pages.test_candidates import edit, rows

__all__ = ["noor"]
TYPED = "She would rather begin in May."


def touch_direction(page: Any) -> None:
    page.segmented_control(key=f"way-{form_of(page)}").set_value("from").run()


def press_log(page: Any) -> None:
    page.button(key=f"log-{form_of(page)}").click().run()


class BrokenOff(UserDict[Any, Any]):
    """A session in which the next touch ends a run at a look into it, as Streamlit does."""

    looks_left = -1

    def look(self) -> None:
        self.looks_left -= 1
        if self.looks_left == 0:
            raise StopException

    def __getitem__(self, key: Any) -> Any:
        self.look()
        return super().__getitem__(key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self.look()
        super().__setitem__(key, value)

    def __delitem__(self, key: Any) -> None:
        self.look()
        super().__delitem__(key)

    def __contains__(self, key: object) -> bool:
        self.look()
        return super().__contains__(key)


def a_field() -> Any:
    unsaved.kept("note", "A note")
    return drawn("note", "")


def cells() -> Any:
    unsaved.grid("cells", "Cells", [{"name": "Mentors"}], said=str)
    drawn("cells", {})
    return unsaved.value("cells")


def drawn(key: str, begun: Any) -> Any:
    """As Streamlit does a field: from there on the session has it."""
    return unsaved.st.session_state.setdefault(key, begun)


@pytest.mark.parametrize(
    ("draw", "key", "typed", "stands"),
    [
        (a_field, "note", TYPED, TYPED),
        (cells, "cells", {"edited_rows": {0: {"name": "Friends"}}}, [{"name": "Friends"}]),
    ],
)
def test_wherever_a_run_is_broken_off_what_is_written_stays(
    monkeypatch: pytest.MonkeyPatch, draw: Callable[[], Any], key: str, typed: Any, stands: Any
):
    def nothing() -> None:
        """Another page."""

    def run(page: Callable[[], Any]) -> Any:
        with unsaved.remembered("page"):
            return page()

    for page, looks in ((page, looks) for page in (nothing, draw) for looks in range(1, 20)):
        session = BrokenOff()
        monkeypatch.setattr(unsaved, "st", SimpleNamespace(session_state=session))
        run(draw)
        session[key] = typed
        if page is draw:
            run(nothing)
        session.looks_left = looks
        try:
            run(page)
        except StopException:
            run(page)
        session.looks_left = -1
        assert unsaved.is_anything_written(), (page, looks)
        assert unsaved.texts() == [(unsaved._written().fields[key].called, str(stands))]
        assert run(draw) == stands, (page, looks)


def test_what_a_page_kept_beside_its_fields_goes_also_where_the_first_run_of_the_next_is_broken_off(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(unsaved, "st", SimpleNamespace(session_state=BrokenOff()))
    with unsaved.remembered("list"):
        a_field()
        unsaved.beside()["rows"] = unsaved.Beside(["Noor"], lambda: ["note"])
    with suppress(StopException), unsaved.remembered("another"):
        raise StopException
    with unsaved.remembered("another"):
        assert unsaved.beside(), "its callbacks may still come"
    assert not unsaved.beside()


@pytest.mark.parametrize("looks", range(1, 20))
def test_wherever_the_page_for_signing_in_is_broken_off_it_has_what_was_written(
    monkeypatch: pytest.MonkeyPatch, looks: int
):
    session = BrokenOff(note=TYPED, other="Other")
    monkeypatch.setattr(unsaved, "st", SimpleNamespace(session_state=session))
    for key in ("note", "other"):
        unsaved.kept(key, f"Called {key}")
    session.looks_left = looks
    try:
        unsaved.left()
    except StopException:
        session.looks_left = -1
    assert unsaved.left() == [("Called note", TYPED), ("Called other", "Other")]


@pytest.mark.parametrize("touch", [touch_direction, press_log])
def test_what_was_being_logged_when_the_session_ended_is_shown_where_one_signs_in(page_of, store, ben, noor, touch):
    page = page_of("candidate.py", ben, id=str(noor)).run()
    page.text_area(key=f"text-{form_of(page)}").set_value(TYPED)
    auth.sign_out(store, runtime.session_token())
    touch(page)
    assert not page.exception
    assert [code.value for code in page.code] == [TYPED]
    assert "What was said: Noor Haddad" in words(page)
    assert labelled(page.text_input, "User name")
    assert [word.text for word in contacts_of(store, noor)] == ["Is there any news?"]
    page.run()
    assert [code.value for code in page.code] == [TYPED]


def test_who_signs_out_by_themselves_is_told_what_would_be_gone(page_of, store, ben, noor):
    page = page_of("candidate.py", ben, id=str(noor)).run()
    page.text_area(key=f"text-{form_of(page)}").set_value(TYPED)
    menu(page, "member", "Sign out")
    assert "What was said: Noor Haddad" in words(page)
    assert TYPED in words(page)
    assert labelled(page.button, "Sign out without it")
    assert auth.lookup(store, runtime.session_token())


def write_on_today(page_of, store, ben, noor):
    page = page_of("today.py", ben).run()
    page.button(key="W-open").click().run()
    starting(page.text_input, "waive-reason").set_value(TYPED).run()
    return page


def write_on_a_recommendation(page_of, store, ben, noor):
    process = act(store, ben, start_process, noor, act(store, ben, add_opening, "Python developer"))
    written = act(store, ben, recommend, process, [Said(text="Led a team")])
    page = page_of("recommendation.py", ben, id=str(written)).run()
    page.button(key="next-step").click().run()
    starting(page.text_area, "sent-text").set_value(TYPED).run()
    return page


@pytest.mark.parametrize("write", [write_on_today, write_on_a_recommendation])
def test_what_is_half_written_about_somebody_in_a_dialog_goes_when_they_are_erased(page_of, store, ben, noor, write):
    page = write(page_of, store, ben, noor)
    del page.session_state[state.QUESTION]  # it is closed
    page.run()
    assert TYPED in page.session_state[state.WRITTEN].waiting.values()
    act(store, THE_PROGRAM, erase_candidate, noor)
    page.switch_page("candidates.py").run()
    assert TYPED not in page.session_state[state.WRITTEN].waiting.values()


def log_on_today_too_late(page_of, store, ben, noor):
    page = page_of("today.py", ben).run()
    page.text_area(key="words").set_value(TYPED)
    act(store, THE_PROGRAM, log_contact, noor, way=Way.TO, text="They decide on Thursday.")
    starting(page.button, "keep-").click().run()
    assert "not logged" in words(page)
    return page


def save_what_came_of_advice_second(page_of, store, ben, noor):
    note = act(store, ben, note_growth, noor, "To lead", advice="Teach")
    page = page_of("candidate.py", ben, id=str(noor), tab="growth").run()
    labelled(page.text_area, "What came of it").set_value(TYPED).run()
    act(store, THE_PROGRAM, note_what_came_of_it, note, "Theirs")
    labelled(page.button, "Keep it").click().run()
    assert "What came of it, yours" in words(page)
    return page


def change_her_in_the_grid(page_of, store, ben, noor):
    act(store, ben, add_candidate, name="Piotr")
    page = page_of("candidates.py", ben).run()
    changes = {0: {"title": TYPED}, 1: {"title": "Tester"}}
    page = edit(page, changes).run()
    page.switch_page("pool.py").run()
    return page


def save_her_in_the_grid_second(page_of, store, ben, noor):
    act(store, ben, add_candidate, name="Piotr")
    page = page_of("candidates.py", ben).run()
    act(store, THE_PROGRAM, edit_candidates, [CandidateEdit(noor, 1, {"company": "Orbis"})])
    changes = {0: {"title": TYPED}, 1: {"title": "Tester"}}
    edit(page, changes).button(key="save").click().run()
    assert "Save mine over it" in [button.label for button in page.button]
    edit(page, changes).run()
    page.switch_page("pool.py").run()
    return page


def save_her_in_the_grid(page_of, store, ben, noor):
    page = page_of("candidates.py", ben).run()
    edit(page, {0: {"title": TYPED}}).button(key="save").click().run()
    return page


def write_in_her_details(page_of, store, ben, noor):
    """And save it: her fields are drawn with that."""
    page = page_of("candidate.py", ben, id=str(noor), tab="details").run()
    page.text_input(key=f"company-{noor}").set_value(TYPED).run()
    page.button(key=f"save-details-{noor}").click().run()
    assert page.text_input(key=f"company-{noor}").value == TYPED
    return page


@pytest.mark.parametrize(
    "write",
    [
        log_on_today_too_late,
        save_what_came_of_advice_second,
        change_her_in_the_grid,
        save_her_in_the_grid_second,
        save_her_in_the_grid,
        write_in_her_details,
    ],
    ids=lambda one: one.__name__,
)
def test_what_was_refused_or_stands_in_a_grid_goes_with_whoever_is_erased(page_of, store, ben, noor, write):
    page = write(page_of, store, ben, noor)
    assert TYPED in repr(page.session_state._state.filtered_state)
    act(store, THE_PROGRAM, erase_candidate, noor)
    page.switch_page("skills.py").run()
    assert TYPED not in repr(page.session_state._state.filtered_state)
    page.switch_page("candidates.py").run()
    assert not page.exception


@pytest.mark.parametrize("write", [change_her_in_the_grid, save_her_in_the_grid_second], ids=lambda one: one.__name__)
def test_what_was_changed_of_others_in_the_grid_stays_when_one_is_erased(page_of, store, ben, noor, write):
    page = write(page_of, store, ben, noor)
    act(store, THE_PROGRAM, erase_candidate, noor)
    page.query_params["id"] = str(noor)
    page.switch_page("candidate.py").run()
    assert "This person was erased" in words(page)
    page.switch_page("candidates.py").run()
    assert list(page.session_state[state.PEOPLE_CELLS].values()) == [{"title": "Tester"}]
    assert rows(page) == ["Piotr"]
    page.button(key="save").click().run()
    assert [plain(one.value) for one in page.toast] == ["Saved: 1 person"]


def change_another_in_the_grid(page_of, store, ben, noor):
    act(store, ben, add_candidate, name="Piotr")
    page = page_of("candidates.py", ben).run()
    return edit(page, {1: {"title": "Tester"}}).run()


@pytest.mark.parametrize(
    "write",
    [change_another_in_the_grid, change_her_in_the_grid, save_her_in_the_grid_second],
    ids=lambda one: one.__name__,
)
def test_of_whoever_is_erased_no_row_stays_in_the_session_while_others_wait_in_the_grid(
    page_of, store, ben, noor, write
):
    page = write(page_of, store, ben, noor)
    act(store, THE_PROGRAM, erase_candidate, noor)
    page.switch_page("skills.py").run()
    kept = repr(page.session_state._state.filtered_state)
    assert "Tester" in kept
    assert "Noor" not in kept
    gc.collect()
    assert noor not in {one.id for one in gc.get_objects() if isinstance(one, Row)}


def test_where_one_is_erased_before_the_grid_is_left_what_was_changed_is_changed_of_the_same_person(
    page_of, store, ben, noor
):
    page = change_another_in_the_grid(page_of, store, ben, noor)
    act(store, THE_PROGRAM, erase_candidate, noor)
    menu(page, "member", "Sign out")  # which asks who is erased, and says what is not saved
    page.run()
    assert rows(page) == ["Piotr"]
    page.button(key="save").click().run()
    with store.reading() as session:
        assert session.scalars(select(Candidate.title).where(Candidate.name == "Piotr")).one() == "Tester"


def test_where_one_signs_in_nothing_is_known_of_the_list_that_was_looked_at(page_of, store, ben, noor):
    page = change_another_in_the_grid(page_of, store, ben, noor)
    auth.sign_out(store, runtime.session_token())
    page.button(key="save").click().run()
    assert "Noor" not in repr(page.session_state._state.filtered_state)


def test_of_whoever_is_erased_nothing_is_named_to_who_signs_out(page_of, store, ben, noor):
    page = write_on_today(page_of, store, ben, noor)
    del page.session_state[state.QUESTION]  # it is closed
    page.run()
    act(store, THE_PROGRAM, erase_candidate, noor)
    menu(page, "member", "Sign out")
    assert "This is not saved yet" not in words(page)
    assert not [button for button in page.button if button.label == "Sign out without it"]


def test_who_signs_in_instead_never_sees_it(page_of, store, ben, ana, noor, monkeypatch):
    page = page_of("candidate.py", ben, id=str(noor)).run()
    page.text_area(key=f"text-{form_of(page)}").set_value(TYPED)
    auth.sign_out(store, runtime.session_token())
    touch_direction(page)
    token = session_of(store, ana)
    monkeypatch.setattr(runtime, "session_token", lambda: token)
    page.run()
    assert not page.code
    assert page.text_area(key=f"text-{form_of(page)}").value == ""
    auth.sign_out(store, token)
    page.run()
    assert not page.code


def test_the_open_row_of_today_and_the_details_are_shown_too(page_of, store, ben, noor):
    page = page_of("today.py", ben).run()
    page.text_area(key="words").set_value(TYPED)
    auth.sign_out(store, runtime.session_token())
    labelled(page.button, "Log it").click().run()
    assert [code.value for code in page.code] == [TYPED]
    page = page_of("candidate.py", ben, id=str(noor)).run()
    page.session_state[f"tabs-{noor}"] = "Details"
    page.run()
    page.text_area(key=f"notes-{noor}").set_value(TYPED)
    auth.sign_out(store, runtime.session_token())
    labelled(page.button, "Save details").click().run()
    assert [code.value for code in page.code] == [TYPED]


def test_a_draft_nobody_has_touched_is_not_offered(page_of, store, ben, noor):
    page = page_of("today.py", ben).run()
    auth.sign_out(store, runtime.session_token())
    labelled(page.button, "Log it").click().run()
    assert labelled(page.text_input, "User name")
    assert not page.code


def test_a_colleagues_word_shows_everywhere_at_the_next_touch(page_of, store, ben, ana, noor):
    page = page_of("candidate.py", ben, id=str(noor)).run()
    act(store, ana, log_contact, noor, way=Way.TO, text="They decide on Friday.")
    page.text_area(key=f"text-{form_of(page)}").set_value(TYPED)
    touch_direction(page)
    assert "They decide on Friday" in words(page)
    assert page.title[0].value == "Noor Haddad"  # the whole page
    assert page.text_area(key=f"text-{form_of(page)}").value == TYPED


def test_what_a_colleague_has_taken_back_already_is_said_to_be(page_of, store, ben, ana, noor):
    page = page_of("candidate.py", ben, id=str(noor)).run()
    word = contacts_of(store, noor)[0].id
    act(store, ana, undo_fact, word)
    menu(page, f"take-back-{noor}", word)
    assert [plain(error.value) for error in page.error] == ["It is taken back already."]


def test_what_a_colleague_takes_back_while_it_is_asked_is_said_to_be(page_of, store, ben, ana, noor):
    page = page_of("candidate.py", ben, id=str(noor)).run()
    word = contacts_of(store, noor)[0].id
    menu(page, f"take-back-{noor}", word)
    act(store, ana, undo_fact, word)
    labelled(page.button, "Take it back").click().run()
    assert "It is taken back already." in [plain(error.value) for error in page.error]


@pytest.mark.parametrize("way", ["to", "from"])
def test_a_word_without_words_is_refused_at_its_fields_and_a_call_is_not(page_of, store, ben, noor, way):
    page = page_of("candidate.py", ben, id=str(noor)).run()
    page.segmented_control(key=f"way-{form_of(page)}").set_value(way)
    press_log(page)
    assert "write what" in plain(page.error[0].value)
    assert len(contacts_of(store, noor)) == 1
    page.segmented_control(key=f"way-{form_of(page)}").set_value("talked")
    press_log(page)
    assert not page.error
    assert len(contacts_of(store, noor)) == 2


def test_a_double_click_logs_one_word_on_a_persons_page(page_of, store, ben, noor, clock):
    page = page_of("candidate.py", ben, id=str(noor)).run()
    for seconds, typed, number in ((0, TYPED, 2), (0.4, "", 2), (1, TYPED, 3)):
        clock.forward(seconds=seconds)
        page.text_area(key=f"text-{form_of(page)}").set_value(typed)
        press_log(page)
        assert not page.error
        assert len(contacts_of(store, noor)) == number


# what is written stands there again


def elsewhere_and_back(page: Any, name: str, **query: str) -> Any:
    page.switch_page("pipelines.py").run()
    page.switch_page(name)
    page.query_params.clear()
    for key, value in query.items():
        page.query_params[key] = value
    return page.run()


def tab(page: Any, noor: int, name: str) -> Any:
    page.session_state[f"tabs-{noor}"] = name
    return page.run()


def test_what_is_being_logged_stands_there_again_after_another_page_with_all_that_was_chosen(page_of, store, ben, noor):
    page = page_of("candidate.py", ben, id=str(noor)).run()
    form = form_of(page)
    page.text_area(key=f"text-{form}").set_value(TYPED)
    page.segmented_control(key=f"way-{form}").set_value("note")
    page.text_input(key=f"next-{form}").set_value("An offer")
    elsewhere_and_back(page, "candidate.py", id=str(noor))
    assert page.text_area(key=f"text-{form}").value == TYPED
    assert page.segmented_control(key=f"way-{form}").value == "note"
    assert page.text_input(key=f"next-{form}").value == "An offer"
    page.text_input(key=f"next-{form}").set_value("")
    press_log(page)
    assert [word.text for word in contacts_of(store, noor)] == ["Is there any news?", TYPED]
    elsewhere_and_back(page, "candidate.py", id=str(noor))
    assert page.text_area(key=f"text-{form_of(page)}").value == ""
    assert form_of(page) != form


@pytest.mark.parametrize(
    ("name", "label"), [("Growth", "What you advised"), ("Details", "Notes"), ("Questions", "Another question")]
)
def test_what_is_written_in_a_tab_stands_there_again_after_another_tab_and_another_page(
    page_of, store, ben, noor, name, label
):
    page = tab(page_of("candidate.py", ben, id=str(noor)).run(), noor, name)
    labelled([*page.text_area, *page.text_input], label).set_value(TYPED)
    tab(page, noor, "History")
    tab(page, noor, name)
    assert labelled([*page.text_area, *page.text_input], label).value == TYPED
    elsewhere_and_back(page, "candidate.py", id=str(noor))
    tab(page, noor, name)
    assert labelled([*page.text_area, *page.text_input], label).value == TYPED


def test_what_a_colleague_saved_while_it_stood_unsaved_is_asked_about(page_of, store, ben, ana, noor):
    page = tab(page_of("candidate.py", ben, id=str(noor)).run(), noor, "Details")
    labelled(page.text_area, "Notes").set_value(TYPED)
    elsewhere_and_back(page, "candidate.py", id=str(noor))
    act(store, ana, edit_candidates, [CandidateEdit(noor, 1, {"notes": "Theirs", "title": "Architect"})])
    tab(page, noor, "Details")
    assert labelled(page.text_area, "Notes").value == TYPED
    labelled(page.button, "Save details").click().run()
    assert [text.value for text in page.text][:2] == [TYPED, "Theirs"]


def test_a_form_in_which_nothing_is_written_shows_what_a_colleague_has_saved(page_of, store, ben, ana, noor):
    page = tab(page_of("candidate.py", ben, id=str(noor)).run(), noor, "Details")
    act(store, ana, edit_candidates, [CandidateEdit(noor, 1, {"notes": "Theirs"})])
    tab(page, noor, "Details")
    assert labelled(page.text_area, "Notes").value == "Theirs"
    labelled(page.text_area, "Notes").set_value(TYPED)
    labelled(page.button, "Save details").click().run()
    assert not page.error


def test_what_is_written_can_be_dropped_where_it_stands_again(page_of, store, ben, noor):
    page = tab(page_of("candidate.py", ben, id=str(noor)).run(), noor, "Details")
    assert not [button for button in page.button if button.label == "Drop the changes"]
    labelled(page.text_area, "Notes").set_value(TYPED)
    tab(elsewhere_and_back(page, "candidate.py", id=str(noor)), noor, "Details")
    labelled(page.button, "Drop the changes").click().run()
    assert labelled(page.text_area, "Notes").value == ""
    elsewhere_and_back(page, "candidate.py", id=str(noor))
    assert labelled(tab(page, noor, "Details").text_area, "Notes").value == ""


def test_a_draft_and_the_open_row_stand_there_again(page_of, store, ben, noor):
    page = page_of("drafts.py", ben).run()
    labelled(page.text_area, "The draft").set_value(TYPED)
    elsewhere_and_back(page, "today.py")
    page.text_area(key="words").set_value("Noor, a moment")
    elsewhere_and_back(page, "drafts.py")
    assert labelled(page.text_area, "The draft").value == TYPED
    elsewhere_and_back(page, "today.py")
    assert page.text_area(key="words").value == "Noor, a moment"


def test_what_was_logged_is_no_longer_offered_where_one_signs_in(page_of, store, ben, noor):
    page = page_of("today.py", ben).run()
    page.text_area(key="words").set_value(TYPED)
    labelled(page.button, "Log it").click().run()
    assert [word.text for word in contacts_of(store, noor)] == ["Is there any news?", TYPED]
    auth.sign_out(store, runtime.session_token())
    page.run()
    assert labelled(page.text_input, "User name")
    assert not page.code


def test_what_was_half_written_elsewhere_is_shown_too_where_one_signs_in(page_of, store, ben, noor):
    page = tab(page_of("candidate.py", ben, id=str(noor)).run(), noor, "Growth")
    labelled(page.text_area, "What you advised").set_value(TYPED)
    page.switch_page("pipelines.py").run()
    auth.sign_out(store, runtime.session_token())
    page.run()
    assert [code.value for code in page.code] == [TYPED]
    assert "Advice to Noor Haddad" in words(page)


def test_a_field_nobody_has_written_in_is_forgotten_and_the_others_wait_where_they_cost_no_page_anything(
    page_of, store, ben
):
    people = [saved(store, a_candidate(name, owner_id=ben.id)) for name in ("Noor", "Ivo", "Jan")]
    page, forms = page_of("candidate.py", ben, id=str(people[0])).run(), []
    for number, person in enumerate(people):
        if number:
            elsewhere_and_back(page, "candidate.py", id=str(person))
            page.text_area(key=f"text-{form_of(page)}").set_value(f"To {number}")
        forms.append(f"text-{form_of(page)}")
    page.switch_page("pipelines.py").run()
    page.run()
    assert page.session_state[state.WRITTEN].waiting == {forms[1]: "To 1", forms[2]: "To 2"}
    assert not any(key in page.session_state for key in forms)
    elsewhere_and_back(page, "candidate.py", id=str(people[2]))
    assert page.text_area(key=forms[2]).value == "To 2"


@pytest.mark.parametrize("is_asked", [True, False], ids=["signing out", "signed out"])
def test_what_was_half_written_to_whom_a_colleague_answered_meanwhile_is_not_lost(
    page_of, store, ben, ana, noor, is_asked
):
    saved(store, a_candidate("Jan Zieliński", owner_id=ben.id), a_word_from_her())
    page = page_of("today.py", ben).run()
    page.text_area(key="words").set_value(TYPED)
    page.button(key="next-row").click().run()
    act(store, ana, log_contact, noor, way=Way.TO, text="They decide on Friday.")
    page.run()
    if is_asked:
        menu(page, "member", "Sign out")
    else:
        auth.sign_out(store, runtime.session_token())
        page.run()
        assert [code.value for code in page.code] == [TYPED]
    assert "To Noor Haddad" in words(page)


@pytest.mark.parametrize(
    ("name", "button", "label"),
    [
        ("candidates.py", "Add a person", "Title"),
        ("pipelines.py", "New opening", "What they look for"),
        ("clients.py", "Add a client", "Note"),
    ],
)
def test_what_is_written_of_something_new_stands_there_again_after_its_dialog_and_can_be_begun_anew(
    page_of, ben, name, button, label
):
    def ask() -> Any:
        labelled(page.button, button).click().run()
        return labelled([*page.text_area, *page.text_input], label)

    page = page_of(name, ben).run()
    ask().set_value(TYPED).run()
    for asked in (state.QUESTION, state.ADDING):  # it is closed
        page.session_state[asked] = None
    elsewhere_and_back(page, name)
    assert ask().value == TYPED
    labelled(page.button, "Start anew").click().run()
    assert labelled([*page.text_area, *page.text_input], label).value == ""


def test_why_an_opening_is_put_on_hold_stands_there_again_after_its_dialog(page_of, ben, opening):
    page = page_of("opening.py", ben, id=str(opening)).run()

    def why() -> Any:
        return labelled(menu(page, "more-of-opening", "Hold…").text_input, "What is known")

    why().set_value(TYPED).run()
    del page.session_state[state.QUESTION]  # it is closed
    elsewhere_and_back(page, "opening.py", id=str(opening))
    assert why().value == TYPED
    page.radio[0].set_value(page.radio[0].options[0]).run()
    page.button(key="hold-it").click().run()
    assert TYPED in words(page)
    assert not page.session_state[state.WRITTEN].fields


@pytest.mark.parametrize(
    ("button", "label", "done"),
    [
        ("consent", "Its exact wording, and what shows it", "note-consent"),
        ("keep-for-claim", "Which claim", "keep-them"),
    ],
)
def test_what_is_written_in_a_dialog_of_their_privacy_stands_there_again(page_of, ana, noor, button, label, done):
    page = tab(page_of("candidate.py", ana, id=str(noor)).run(), noor, "Privacy")

    def written() -> Any:
        page.button(key=button).click().run()
        return labelled(page.text_area, label)

    written().set_value(TYPED).run()
    del page.session_state[state.QUESTION]  # it is closed
    elsewhere_and_back(page, "candidate.py", id=str(noor))
    tab(page, noor, "Privacy")
    assert written().value == TYPED
    page.button(key=done).click().run()
    assert TYPED in words(page) + " ".join(text.value for text in page.text)
    assert not [key for key in page.session_state[state.WRITTEN].fields if key.startswith(("consent-", "claim-"))]


def test_a_meeting_half_planned_stands_there_again_until_it_is_planned(page_of, store, ben, noor):
    page = page_of("candidate.py", ben, id=str(noor)).run()

    def ask() -> list[Any]:
        page.button(key="plan-meeting").click().run()
        return [labelled(page.text_input, "Where"), labelled(page.date_input, "Day")]

    place, day = ask()
    place.set_value("Room 3")
    day.set_value(date(2026, 3, 19)).run()
    del page.session_state[state.QUESTION]  # it is closed
    elsewhere_and_back(page, "candidate.py", id=str(noor))
    assert [field.value for field in ask()] == ["Room 3", date(2026, 3, 19)]
    page.button(key="plan-it").click().run()
    assert not page.exception
    assert ask()[0].value == ""


def test_why_somebody_is_put_off_stands_there_again_with_them_and_not_with_another(page_of, store, ben, noor):
    saved(store, a_candidate("Jan Zieliński", owner_id=ben.id), a_word_from_her())
    page = page_of("today.py", ben).run()

    def why() -> Any:
        page.button(key="S-open").click().run()
        return labelled(page.text_input, "Why")

    why().set_value(TYPED).run()
    del page.session_state[state.QUESTION]
    page.run()
    page.button(key="next-row").click().run()
    assert why().value == ""
    del page.session_state[state.QUESTION]
    page.run()
    page.button(key="row-before").click().run()
    assert why().value == TYPED


def test_stages_of_a_template_stand_there_again_after_another_template(page_of, store, ben):
    with store.working(ben) as work:
        first, other = (save_stage_template(work, name, ["Talk", "Offer"]) for name in ("Short", "Shorter"))
    page = page_of("pipelines.py", ben).run()
    page.button(key="templates").click().run()
    page.selectbox(key="template").set_value(first).run()
    page.session_state[f"template-{first}-stages"] = {"edited_rows": {0: {"name": TYPED}}}
    page.selectbox(key="template").set_value(other).run()
    page.selectbox(key="template").set_value(first).run()
    labelled(page.button, "Save the template").click().run()
    assert not page.error
    with store.reading() as session:
        assert session.get_one(StageTemplate, first).stages == [TYPED, "Offer"]


# in a browser, which sends of a page that is left only what was sent already


@pytest.mark.browser
def test_what_is_written_comes_back_with_its_tab_and_its_page_and_is_saved_then(app_server, signed_in_page):
    store, ben = app_server.store, app_server.members[Role.RECRUITER]
    noor = saved(store, a_candidate("Noor Haddad", owner_id=ben.id), a_word_from_her())
    page = signed_in_page(Role.RECRUITER, f"/candidate?id={noor}")
    page.get_by_role("textbox", name="What was said").fill(TYPED)
    acted(page, page.get_by_role("tab", name="Details").click)
    page.get_by_role("textbox", name="Notes").fill("Met at a fair.")
    acted(page, page.get_by_role("tab", name="Growth").click)
    page.get_by_role("textbox", name="What you advised").fill("A course.")
    acted(page, page.get_by_test_id("stSidebarNav").get_by_role("link", name="Pipelines").click)
    page.wait_for_function("() => document.querySelector('h1')?.innerText.includes('opening')")
    acted(page, page.go_back)
    assert page.get_by_role("textbox", name="What was said").input_value() == TYPED
    acted(page, page.get_by_role("tab", name="Growth").click)
    assert page.get_by_role("textbox", name="What you advised").input_value() == "A course."
    acted(page, page.get_by_role("tab", name="Details").click)
    assert page.get_by_role("textbox", name="Notes").input_value() == "Met at a fair."
    page.get_by_role("textbox", name="Notes").press("Control+Enter")  # what is to be logged stands half written
    page.get_by_role("button", name="Save details").click()
    page.get_by_text("Saved: Noor Haddad").wait_for()  # at once: it goes by itself
    settled(page)
    with store.reading() as session:
        assert session.get_one(Candidate, noor).notes == "Met at a fair."
    assert page.get_by_role("button", name="Drop the changes").count() == 0
    assert [word.text for word in contacts_of(store, noor)] == ["Is there any news?"]


@pytest.mark.browser
def test_escape_out_of_a_field_of_a_dialog_keeps_what_is_written_in_it(app_server, signed_in_page):
    client = saved(app_server.store, a_client("Sorrel Labs"))
    page = signed_in_page(Role.RECRUITER, f"/client?id={client}")
    acted(page, page.get_by_role("button", name="Edit").click)
    note = page.get_by_role("dialog").get_by_role("textbox", name="Note")
    note.fill(TYPED)
    note.press("Escape")
    page.get_by_text("What you wrote of the client is not saved yet.").wait_for()
    acted(page, page.get_by_role("button", name="Go on writing").click)
    assert note.input_value() == TYPED


@pytest.mark.browser
def test_the_browser_asks_before_what_is_written_is_lost_and_at_nothing_else(app_server, signed_in_page):
    from playwright.sync_api import Error as Gone

    store, ben = app_server.store, app_server.members[Role.RECRUITER]
    noor = act(store, ben, add_candidate, name="Noor Haddad", handles=[Handle("email", "noor@x.example")])
    act(store, ben, set_rhythm, noor, Rhythm(1, Unit.MONTHS))
    page, asked = signed_in_page(Role.RECRUITER, f"/candidate?id={noor}"), []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))

    def is_asked(leave: str = "location.reload()") -> bool:
        asked.clear()
        page.evaluate(f"() => {{ window.__stays = true; setTimeout(() => {leave}) }}")
        for _ in range(200):  # until it is asked, or another page is there
            page.wait_for_timeout(100)
            with suppress(Gone):
                if asked or not page.evaluate("() => window.__stays"):
                    break
        settled(page)
        return asked == ["beforeunload"]

    assert not is_asked()
    text = page.get_by_role("textbox", name="What was said")
    text.press_sequentially(TYPED)
    assert is_asked()
    page.get_by_role("heading", name="Noor Haddad").click()  # the field is left, and a piece of the page is drawn
    assert is_asked("history.back()")
    acted(page, page.get_by_test_id("stSidebarNav").get_by_role("link", name="Talent pool").click)
    assert is_asked()
    with page.expect_download():
        page.locator(".st-key-download-people button").first.click()
    assert asked == ["beforeunload"]
    acted(page, page.go_back)
    acted(page, page.get_by_test_id("stBaseButton-primary").click)
    page.get_by_text("Logged").first.wait_for()
    assert not is_asked()
    text.press_sequentially(TYPED)
    page.get_by_role("button", name="Ben").click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.get_by_role("button", name="Sign out without it").click()
    page.get_by_role("textbox", name="User name").wait_for()
    assert asked == []


@pytest.mark.browser
def test_what_is_changed_in_a_grid_stands_there_again_after_another_page(app_server, signed_in_page):
    store, ben = app_server.store, app_server.members[Role.RECRUITER]
    client = saved(store, a_client("Nordbank"))
    act(store, ben, set_people, client, [Person("Eva Lind")], version=1)
    page = signed_in_page(Role.RECRUITER, f"/client?id={client}")
    grid = page.locator(".dvn-scroller").last
    grid.scroll_into_view_if_needed()
    place = grid.bounding_box()
    page.mouse.click(place["x"] + 300, place["y"] + 50)
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    page.keyboard.type("CTO")
    page.wait_for_timeout(250)
    page.keyboard.press("Enter")
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Pipelines").click()
    page.wait_for_function("() => document.querySelector('h1')?.innerText.includes('opening')")
    settled(page)
    acted(page, page.go_back)
    page.get_by_role("button", name="Save the people").click()
    page.get_by_text("Saved: whom we write to").first.wait_for()
    with store.reading() as session:
        assert session.scalars(select(ClientPerson.title).where(ClientPerson.client_id == client)).all() == ["CTO"]
