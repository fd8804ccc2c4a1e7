"""A session that ended elsewhere takes nobody's text; and a page drawn in part never contradicts the rest of it."""

from typing import Any

import pytest

from core import auth
from core.commands.contacts import log_contact
from core.commands.undo import undo_fact
from core.domain.facts import Way
from pages.parts import runtime
from tests.make import act
from tests.pages.conftest import labelled, session_of
from tests.pages.test_candidate import contacts_of, form_of, menu, noor, plain, words

__all__ = ["noor"]
TYPED = "She would rather begin in May."


def touch_direction(page: Any) -> None:
    page.segmented_control(key=f"way-{form_of(page)}").set_value("from").run()


def press_log(page: Any) -> None:
    page.button(key=f"log-{form_of(page)}").click().run()


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
