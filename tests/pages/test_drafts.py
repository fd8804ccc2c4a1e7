"""Drafts: the team's own wording, tried, saved, refused with its line, taken back; and on the way to the mail."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from core.commands.templates import save_template
from core.domain.facts import Way
from core.domain.questions import About, in_words
from core.domain.refusal import Refused, Stale
from core.domain.templates import default_of
from core.persistence.store import Store
from core.persistence.tables import Contact, Handle, MessageTemplate, Question
from core.persistence.tables.people import HandleKind
from core.persistence.tables.team import Role
from pages.parts import drafting, state
from tests.make import a_candidate, a_word_from_her, saved
from tests.pages.conftest import acted

Open = Callable[..., Any]


def own(store: Store) -> list[tuple[str, str, str]]:
    with store.reading() as session:
        rows = session.scalars(select(MessageTemplate).order_by(MessageTemplate.id))
        return [(row.occasion, row.language, row.text) for row in rows]


def field(page: Any) -> Any:
    return next(area for area in page.text_area if area.label == "The draft")


def test_a_draft_is_changed_read_as_it_will_be_saved_and_taken_back(page_of, store, ben):
    page = page_of("drafts.py", ben).run()
    assert not page.exception
    assert field(page).value == default_of("reply", "en")
    field(page).set_value("{{ greeting }} I read it. [answer]").run()
    assert [text.value for text in page.text] == ["Hi Noor, I read it. [answer]", "Hello, I read it. [answer]"]
    page.button(key="save-draft").click().run()
    assert own(store) == [("reply", "en", "{{ greeting }} I read it. [answer]")]
    next(button for button in page.button if button.label == "Undo").click().run()
    assert own(store) == []
    assert field(page).value == default_of("reply", "en")


def test_what_is_wrong_in_a_draft_is_said_with_its_line_and_nothing_is_saved(page_of, store, ben):
    page = page_of("drafts.py", ben).run()
    field(page).set_value("{{ greeting }}\n{{ nmae }}").run()
    page.button(key="save-draft").click().run()
    assert any("Line 2: there is no field “nmae”" in error.value.replace("\\", "") for error in page.error)
    assert own(store) == []


def test_a_draft_goes_back_to_the_one_it_came_with(page_of, store, ben):
    with store.working(ben) as work:
        save_template(work, "reply", "pl", "Dzień dobry!", version=0)
    page = page_of("drafts.py", ben, language="pl").run()
    assert field(page).value == "Dzień dobry!"
    page.button(key="reset-draft").click().run()
    assert own(store) == []
    next(button for button in page.button if button.label == "Undo").click().run()
    assert own(store) == [("reply", "pl", "Dzień dobry!")]


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(store, ana, ben):
    with store.working(ana) as work:
        save_template(work, "reply", "en", "Ana’s.", version=0)
    with pytest.raises(Stale, match="Somebody changed this draft"), store.working(ben) as work:
        save_template(work, "reply", "en", "Ben’s.", version=0)
    with pytest.raises(Refused, match="no such draft"), store.working(ben) as work:
        save_template(work, "reply", "de", "Hallo.", version=0)
    assert own(store) == [("reply", "en", "Ana’s.")]


def test_vera_reads_drafts_and_changes_none(page_of, store, vera):
    page = page_of("drafts.py", vera).run()
    assert field(page).disabled
    assert not any(button.key in ("save-draft", "reset-draft") for button in page.button)


def test_today_begins_with_the_teams_own_wording_and_in_the_language_that_was_chosen(page_of, store, ben):
    noor = saved(store, a_candidate("Noor Haddad", owner_id=ben.id), a_word_from_her())
    with store.working(ben) as work:
        save_template(work, "reply", "en", "{{ greeting }} Our own. [answer]", version=0)
    page = page_of("today.py", ben).run()
    assert page.text_area(key="words").value == "Hi Noor, Our own. [answer]"
    page.text_area(key="words").set_value("Hi Noor, half a sen")
    page.button(key="language-pl").click().run()
    assert page.text_area(key="words").value.startswith("Dzień dobry,\n\ndziękuję za wiadomość.")
    page.button(key="language-en").click().run()
    assert page.text_area(key="words").value == "Hi Noor, half a sen"
    assert page.session_state[state.LANGUAGE_OF] == {noor: "en"}


def test_a_candidates_language_is_chosen_among_their_details_and_drafts_follow(page_of, store, ben):
    noor = saved(store, a_candidate("Noor Haddad", owner_id=ben.id), a_word_from_her())
    page = page_of("candidate.py", ben, id=str(noor)).run()
    page.session_state[f"tabs-{noor}"] = "Details"
    page.run()
    page.selectbox(key=f"language-{noor}").set_value("pl")
    next(button for button in page.button if button.label == "Save details").click().run()
    page = page_of("today.py", ben).run()
    assert page.text_area(key="words").value.startswith("Dzień dobry,")


def test_the_quick_log_begins_with_a_draft_and_logs_none_with_gaps(page_of, store, ben):
    noor = saved(store, a_candidate("Noor Haddad", owner_id=ben.id), a_word_from_her())
    page = page_of("candidate.py", ben, id=str(noor)).run()
    next(button for button in page.button if button.label == "Begin with a draft").click().run()
    words = next(area for area in page.text_area if area.label == "What was said")
    assert words.value.startswith("Hi Noor,\n\nThank you for your message.")
    next(button for button in page.button if button.key.startswith("log-")).click().run()
    assert "Say it in your own words where it says" in page.error[0].value
    next(area for area in page.text_area if area.label == "What was said").set_value("Hi Noor, on Friday.")
    next(button for button in page.button if button.key.startswith("log-")).click().run()
    assert not page.error
    with store.reading() as session:
        assert session.scalars(select(Contact.text).where(Contact.way == Way.TO)).all() == ["Hi Noor, on Friday."]


def test_questions_of_a_person_are_noted_asked_answered_and_taken_back(page_of, store, ben, vera):
    noor = saved(store, a_candidate("Noor Haddad", owner_id=ben.id))

    def tab(viewer):
        page = page_of("candidate.py", viewer, id=str(noor)).run()
        page.session_state[f"tabs-{noor}"] = "Questions"
        return page.run()

    page = tab(ben)
    next(box for box in page.text_input if box.label == "Another question").set_value("Would you move?")
    next(button for button in page.button if button.label == "Add the question").click().run()
    with store.reading() as session:
        question = session.scalars(select(Question.id)).one()
    page.text_area(key=f"tab-said-{question}").set_value("From May on.")
    page.button(key=f"tab-keep-{question}").click().run()
    assert any("“From May on\\.”" in element.value for element in page.markdown)
    next(button for button in page.button if button.label == "Undo").click().run()
    page.button(key=f"tab-drop-{question}").click().run()
    with store.reading() as session:
        assert session.scalars(select(Question)).all() == []
    next(button for button in page.button if button.label == "Undo").click().run()
    with store.reading() as session:
        assert session.scalars(select(Question.text)).all() == ["Would you move?"]
    assert not any(button.label in ("Add the question", "Drop", "Note it") for button in tab(vera).button)


def test_what_is_not_known_of_somebody_is_noted_as_a_question_with_one_touch(page_of, store, ben):
    noor = saved(store, a_candidate("Noor Haddad", owner_id=ben.id, location="Kraków"))
    page = page_of("candidate.py", ben, id=str(noor)).run()
    page.session_state[f"tabs-{noor}"] = "Questions"
    page.run()
    page.button(key=f"tab-suggested-{noor}-0").click().run()
    with store.reading() as session:
        assert session.scalars(select(Question.text)).all() == [in_words(About.SKILLS, "en")]
    assert in_words(About.PLACE, "en") not in " ".join(element.value for element in page.markdown)
    next(button for button in page.button if button.label == "Undo").click().run()
    with store.reading() as session:
        assert session.scalars(select(Question.text)).all() == []


def test_a_link_for_the_mail_program_says_all_and_nothing_of_it_is_read_as_more():
    link = drafting.mailto("noor+jobs@example.org", "R&D: 100 %?", "Hi Noor,\n\nis it a&b=c? Zażółć\n")
    parts = urlsplit(link)
    assert (parts.scheme, parts.path) == ("mailto", "noor%2Bjobs@example.org")
    assert parse_qs(parts.query) == {"subject": ["R&D: 100 %?"], "body": ["Hi Noor,\r\n\r\nis it a&b=c? Zażółć\r\n"]}
    assert "+" not in parts.query
    long = drafting.mailto("noor@example.org", "x", "ż" * 2_000)
    assert long == "mailto:noor@example.org?subject=x"


@pytest.mark.browser
def test_the_words_as_they_stand_in_the_field_open_in_the_mail_program_and_nothing_is_logged(
    app_server, signed_in_page
):
    store, ben = app_server.store, app_server.members[Role.RECRUITER]
    noor = saved(store, a_candidate("Noor Haddad", owner_id=ben.id), a_word_from_her())
    saved(store, Handle(candidate_id=noor, kind=HandleKind.EMAIL, value="noor@example.org"))
    page = signed_in_page(Role.RECRUITER)
    page.evaluate(
        "() => { window.__opened = []; HTMLAnchorElement.prototype.click = function () { __opened.push(this.href) } }"
    )
    page.get_by_label("What you say").fill("Hi Noor, on Friday.")
    acted(page, lambda: page.get_by_role("button", name="Open in mail").click())
    page.wait_for_function("() => window.__opened.length > 0")
    (link,) = page.evaluate("() => window.__opened")
    assert link.startswith("mailto:noor@example.org?subject=")
    assert parse_qs(urlsplit(link).query)["body"] == ["Hi Noor, on Friday."]
    assert page.get_by_label("What you say").input_value() == "Hi Noor, on Friday."
    with store.reading() as session:
        assert session.execute(select(MessageTemplate.id)).all() == []


@pytest.mark.browser
def test_the_words_as_they_stand_in_the_field_are_copied_and_nothing_is_logged(app_server, signed_in_page):
    store, ben = app_server.store, app_server.members[Role.RECRUITER]
    rosa = saved(store, a_candidate("Rosa Lis", owner_id=ben.id), a_word_from_her())
    page = signed_in_page(Role.RECRUITER, "/?person=Rosa")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_label("What you say").fill("Hi Rosa, on Friday.")
    acted(page, page.get_by_role("button", name="Copy", exact=True).click)
    page.wait_for_function("async () => (await navigator.clipboard.readText()) === 'Hi Rosa, on Friday.'")
    with store.reading() as session:
        assert len(session.scalars(select(Contact.id).where(Contact.candidate_id == rosa)).all()) == 1
