"""Candidates: found, edited in the grid as one action, added; nothing somebody else saved is overwritten unseen."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.runtime.scriptrunner import StopException

from core import auth
from core.commands.candidates import CandidateEdit, add_candidate, edit_candidates, erase_candidate
from core.commands.consents import forbid_contact
from core.commands.merges import merge_candidates
from core.commands.skills import ensure_skills
from core.domain.facts import Unit
from core.domain.handles import Handle as Address
from core.persistence.store import Store
from core.persistence.tables import AuditEntry, Candidate, CandidateSkill, Contact, Handle, Lookalike, NotSame, Skill
from core.persistence.tables.team import Role
from core.persistence.work import Viewer
from pages.parts import runtime, state
from tests.make import FixedClock, a_candidate, a_word_from_her, act, saved
from tests.pages.conftest import acted, labelled, settled, starting

Open = Callable[..., Any]


@pytest.fixture
def people(store: Store, ben: Viewer) -> list[int]:
    return [
        saved(store, a_candidate("Ana Lis", title="Tester", company="Lumen", owner_id=ben.id), a_word_from_her()),
        saved(store, a_candidate("Jan Kowal", company="Lumen")),
        saved(store, a_candidate("Łukasz Żak", title="C++ developer")),
    ]


def plain(markdown: str) -> str:
    return markdown.replace("\\", "")


def as_drawn(page: Any) -> Any:
    return page.session_state[state.WRITTEN].beside[state.PEOPLE_DRAWN].value


def rows(page: Any) -> list[str]:
    return [person.name for person in as_drawn(page).people.values()]


def edit(page: Any, changes: dict[int, dict[str, str]]) -> Any:
    """What the grid would send."""
    key = as_drawn(page).key
    page.session_state[key] = {"edited_rows": changes, "added_rows": [], "deleted_rows": []}
    return page


def saved_as(store: Store, candidate_id: int) -> Candidate:
    with store.reading() as session:
        return session.get_one(Candidate, candidate_id)


def words(page: Any) -> str:
    return "\n".join(element.value for element in page.markdown)


def test_an_empty_list_says_what_to_do(page_of: Open, ben: Viewer):
    page = page_of("candidates.py", ben).run()
    assert page.title[0].value == "Nobody is here yet"
    assert "import a list" in words(page)


def test_the_title_says_how_many_and_the_list_who(page_of: Open, ben: Viewer, people: list[int]):
    page = page_of("candidates.py", ben).run()
    assert page.title[0].value == "3 people"
    assert rows(page) == ["Ana Lis", "Jan Kowal", "Łukasz Żak"]


def test_typing_finds_and_filters_narrow(page_of: Open, ben: Viewer, people: list[int]):
    page = page_of("candidates.py", ben).run()
    labelled(page.text_input, "Search").set_value("lumen").run()
    assert rows(page) == ["Ana Lis", "Jan Kowal"]
    labelled(page.segmented_control, "Whose").set_value("Mine").run()
    assert rows(page) == ["Ana Lis"]
    labelled(page.text_input, "Search").set_value("nobody like this").run()
    assert page.title[0].value == "Nobody found"
    labelled(page.text_input, "Search").set_value("").run()
    labelled(page.segmented_control, "Whose").set_value("Team").run()
    labelled(page.pills, "Rhythm").set_value("Set").run()
    assert page.title[0].value == "Nobody found"


def test_back_leads_to_the_page_of_the_list_that_was_left_and_a_new_question_to_its_first(page_of, store, ben, ana):
    for place in range(31):
        saved(store, a_candidate(f"Person {place:02}", owner_id=ben.id))
    page = page_of("candidates.py", ben, **{"candidates-page": "2"}).run()
    assert rows(page) == ["Person 30"]
    labelled(page.segmented_control, "Whose").set_value("Mine").run()
    assert len(rows(page)) == 30
    assert page.query_params["people"] == str(ben.id)
    assert "candidates-page" not in page.query_params
    del page.query_params["people"]
    page.query_params["candidates-page"] = "2"
    page.run()
    assert rows(page) == ["Person 30"]
    labelled(page.text_input, "Search").set_value("person 07").run()
    assert set(page.query_params) == {"candidates-q"}
    assert page.query_params["candidates-q"] == "person 07"


def test_a_colleague_who_opens_the_address_is_shown_what_its_sender_saw(page_of: Open, ben, ana, people: list[int]):
    page = page_of("candidates.py", ben).run()
    labelled(page.segmented_control, "Whose").set_value("Mine").run()
    sent = {name: values[0] for name, values in page.query_params.items()}
    page = page_of("candidates.py", ana, **sent).run()
    assert rows(page) == ["Ana Lis"]
    assert labelled(page.segmented_control, "Whose").options == ["Mine", "Ben", "Team"]
    labelled(page.segmented_control, "Whose").set_value("Team").run()
    assert len(rows(page)) == 3
    assert not set(page.query_params)
    page = page_of("candidates.py", ben, people="9999").run()
    assert len(rows(page)) == 3


def test_the_address_brings_the_view(page_of: Open, ben: Viewer, people: list[int]):
    page = page_of("candidates.py", ben, **{"candidates-q": "lumen", "candidates-order": "Latest added"}).run()
    assert rows(page) == ["Jan Kowal", "Ana Lis"]


@pytest.mark.parametrize(
    "said",
    [
        {"candidates-page": "999"},
        {"candidates-page": "x"},
        {"candidates-page": "0"},
        {"candidates-page": "02"},
        {"owed": "x", "skill": " "},
    ],
)
def test_what_an_address_can_not_mean_is_taken_out_of_it(page_of: Open, ben: Viewer, people: list[int], said):
    page = page_of("candidates.py", ben, **said).run()
    assert rows(page) == ["Ana Lis", "Jan Kowal", "Łukasz Żak"]
    assert not set(page.query_params)


@pytest.fixture
def skilled(store: Store, ben: Viewer) -> None:
    with store.working(ben) as work:
        ensure_skills(work)
        for name, skills in {"Ewa Maj": ["React"], "Jan Kowal": ["JavaScript", "Go"], "Ola Lis": ["Java"]}.items():
            add_candidate(work, name=name, skills=skills)


def why(page: Any) -> dict[str, str]:
    return {person.name: person.why for person in as_drawn(page).people.values()}


@pytest.mark.usefixtures("skilled")
def test_a_skill_finds_who_knows_what_implies_it_and_says_why(page_of: Open, ben: Viewer):
    page = page_of("candidates.py", ben).run()
    labelled(page.multiselect, "Skills").set_value(["JavaScript"]).run()
    assert why(page) == {"Ewa Maj": "React, which is written in JavaScript", "Jan Kowal": "JavaScript"}
    assert "says why" in plain(words(page))
    labelled(page.multiselect, "Skills").set_value(["JavaScript", "Go"]).run()
    assert why(page) == {"Jan Kowal": "JavaScript; Go"}
    labelled(page.multiselect, "Skills").set_value([]).run()
    assert page.title[0].value == "3 people"


@pytest.mark.usefixtures("skilled")
def test_the_address_brings_the_skills(page_of: Open, ben: Viewer):
    page = page_of("candidates.py", ben, skill="JavaScript").run()
    assert rows(page) == ["Ewa Maj", "Jan Kowal"]


@pytest.mark.usefixtures("skilled")
def test_where_nobody_has_all_the_skills_it_says_how_many_have_the_others(page_of: Open, ben: Viewer):
    page = page_of("candidates.py", ben).run()
    labelled(page.multiselect, "Skills").set_value(["JavaScript", "Java"]).run()
    assert page.title[0].value == "Nobody found"
    assert "Without “JavaScript” there would be 1 person. Without “Java” there would be 2 people." in plain(words(page))
    labelled(page.text_input, "Search").set_value("maj").run()
    labelled(page.multiselect, "Skills").set_value(["Go"]).run()
    assert "Without “Go” there would be 1 person." in plain(words(page))


@pytest.mark.usefixtures("skilled")
def test_a_skill_that_is_not_there_says_so(page_of: Open, ben: Viewer):
    page = page_of("candidates.py", ben, skill="Basket weaving").run()
    assert page.title[0].value == "Nobody found"
    assert "Nobody has a skill called “Basket weaving”" in plain(words(page))


def test_what_is_changed_in_the_grid_is_saved_as_one_action(
    page_of: Open, store: Store, ben: Viewer, people: list[int]
):
    page = page_of("candidates.py", ben).run()
    edit(page, {0: {"title": "Lead"}, 2: {"name": "Łukasz Żak-Nowak", "company": "Orbis"}})
    page.button(key="save").click().run()
    assert plain(page.toast[0].value) == "Saved: 2 people"
    assert saved_as(store, people[0]).title == "Lead"
    assert (saved_as(store, people[2]).name, saved_as(store, people[2]).company) == ("Łukasz Żak-Nowak", "Orbis")
    with store.reading() as session:
        moments = {entry.at for entry in session.query(AuditEntry).filter_by(action="candidate edited")}
    assert len(moments) == 1
    labelled(page.text_input, "Search").set_value("orbis").run()
    assert rows(page) == ["Łukasz Żak-Nowak"]


def test_a_column_that_is_not_for_editing_is_not_saved(page_of: Open, store: Store, ben: Viewer, people: list[int]):
    page = page_of("candidates.py", ben).run()
    edit(page, {0: {"owner": "Ana", "title": "Lead"}})
    page.button(key="save").click().run()
    assert saved_as(store, people[0]).title == "Tester"


@pytest.mark.parametrize("answer", ["Save mine over it", "Keep theirs, save the others"])
def test_a_stale_save_shows_both_and_loses_nothing(
    page_of: Open, store: Store, ben: Viewer, ana: Viewer, people: list[int], clock: FixedClock, answer: str
):
    page = page_of("candidates.py", ben).run()
    with store.working(ana) as work:
        edit_candidates(work, [CandidateEdit(people[0], 1, {"title": "Head of tests"})])
    edit(page, {0: {"title": "Lead"}, 1: {"title": "Developer"}})
    page.button(key="save").click().run()
    assert "somebody else" in plain(page.error[0].value)
    assert [text.value for text in page.text] == ["Lead", "Head of tests"]
    assert "Drop the changes" not in [button.label for button in page.button]
    for button in ("Save", answer):  # of a double click
        edit(page, {0: {"title": "Lead"}, 1: {"title": "Developer"}})  # still in the grid
        labelled(page.button, button).click().run()
        assert saved_as(store, people[0]).title == "Head of tests"
        assert saved_as(store, people[1]).title == ""
    clock.forward(seconds=1)
    edit(page, {0: {"title": "Lead"}, 1: {"title": "Developer"}})
    labelled(page.button, answer).click().run()
    mine = "Head of tests" if answer.startswith("Keep theirs") else "Lead"
    assert (saved_as(store, people[0]).title, saved_as(store, people[1]).title) == (mine, "Developer")
    assert not page.text


def broken_off(page: Any, monkeypatch: pytest.MonkeyPatch, at: str = "pages.parts.layout.write_head") -> None:
    """The browser has what was there before."""

    def stop(*_: Any, **__: Any) -> None:
        raise StopException

    before = page._tree
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(at, stop)
        page.run()
    page._tree = before


@pytest.mark.parametrize("at", ["pages.parts.reads.people", "pages.parts.layout.write_head"])
def test_save_pressed_twice_before_the_list_follows_changes_nobody_else(
    page_of: Open, ben: Viewer, people: list[int], monkeypatch: pytest.MonkeyPatch, at: str
):
    page = edit(page_of("candidates.py", ben).run(), {0: {"name": "Zoe Lis"}})
    page.button(key="save").click()
    broken_off(page, monkeypatch, at)
    page.button(key="save").click().run()
    assert not page.exception
    assert rows(page) == ["Jan Kowal", "Łukasz Żak", "Zoe Lis"]


def test_a_cell_that_comes_before_another_list_follows_is_changed_in_the_list_it_was_in(
    page_of: Open, ben: Viewer, people: list[int], monkeypatch: pytest.MonkeyPatch
):
    page = page_of("candidates.py", ben).run()
    labelled(page.text_input, "Search").set_value("jan")
    broken_off(page, monkeypatch)
    sent = page._tree.get_widget_states()
    cell = sent.widgets.add(id=page.dataframe[0].proto.id)
    cell.string_value = '{"edited_rows": {"0": {"title": "Lead"}}, "added_rows": [], "deleted_rows": []}'
    monkeypatch.setattr(page._tree, "get_widget_states", lambda: sent)
    page.run()
    assert rows(page)[0] == "Ana Lis"
    assert page.session_state[state.PEOPLE_CELLS] == {people[0]: {"title": "Lead"}}


def test_looking_for_others_keeps_what_is_not_saved_yet(page_of: Open, store: Store, ben: Viewer, people: list[int]):
    page = page_of("candidates.py", ben).run()
    edit(page, {0: {"title": "Lead"}})
    labelled(page.text_input, "Search").set_value("jan").run()
    assert rows(page) == ["Ana Lis", "Jan Kowal", "Łukasz Żak"]
    assert "Save the changes or drop them" in words(page)
    edit(page, {0: {"title": "Lead"}})
    page.button(key="drop").click().run()
    assert rows(page) == ["Jan Kowal"]
    assert saved_as(store, people[0]).title == "Tester"


def erase(store: Store, ana: Viewer, id_: int, _: int) -> None:
    act(store, ana, erase_candidate, id_)


def merge(store: Store, ana: Viewer, id_: int, kept: int) -> None:
    act(store, ana, merge_candidates, kept, id_)


@pytest.mark.parametrize(
    ("meanwhile", "sentence"),
    [
        (erase, "Jan *Kowal* was erased meanwhile, and what you changed of them with them."),
        (
            merge,
            "Jan *Kowal* was merged with Ana Lis meanwhile. You had changed: Company → Orbis. "
            "Change it there, if it still holds.",
        ),
    ],
)
def test_whoever_is_gone_while_their_row_is_changed_is_named_and_what_is_changed_of_others_stays(
    page_of: Open, store: Store, ben: Viewer, ana: Viewer, people: list[int], meanwhile: Callable[..., None], sentence
):
    act(store, ana, edit_candidates, [CandidateEdit(people[1], 1, {"name": "Jan *Kowal*"})])
    page = page_of("candidates.py", ben).run()
    changes = {1: {"company": "Orbis"}, 2: {"title": "Lead"}}
    edit(page, changes)
    meanwhile(store, ana, people[1], people[0])
    page.button(key="save").click().run()
    assert plain(page.error[0].value) == f"{sentence} What you changed of 1 other person is not saved yet."
    assert "Jan \\*Kowal\\*" in page.error[0].value
    assert rows(page) == ["Ana Lis", "Łukasz Żak"]
    assert page.session_state[state.PEOPLE_CELLS] == {people[2]: {"title": "Lead"}}
    assert [saved_as(store, id_).company for id_ in people[::2]] == ["Lumen", ""]
    page.button(key="save").click().run()
    assert plain(page.toast[0].value) == "Saved: 1 person"
    assert saved_as(store, people[2]).title == "Lead"


def test_a_row_that_can_not_be_saved_is_named_as_the_grid_names_it(
    page_of: Open, store: Store, ben: Viewer, ana: Viewer, people: list[int]
):
    page = page_of("candidates.py", ben).run()
    act(store, ana, edit_candidates, [CandidateEdit(people[2], 1, {"name": "Lucas Zak"})])
    edit(page, {1: {"name": " "}, 2: {"title": "Lead"}})
    page.button(key="save").click().run()
    assert plain(page.error[0].value).startswith("Jan Kowal: A person needs a name")
    edit(page, {2: {"title": "Lead"}})
    page.button(key="save").click().run()
    assert plain(page.error[0].value).startswith("Łukasz Żak was changed by somebody else")


def elsewhere_and_back(page: Any) -> Any:
    page.switch_page("pipelines.py").run()
    return page.switch_page("candidates.py").run()


def test_what_is_changed_stays_and_is_still_asked_about_after_another_page(
    page_of: Open, store: Store, ben: Viewer, ana: Viewer, people: list[int], clock: FixedClock
):
    page = edit(page_of("candidates.py", ben).run(), {0: {"title": "Lead"}, 1: {"title": "Developer"}}).run()
    elsewhere_and_back(page)
    shown = page.dataframe[0].value if page.dataframe else page.get("arrow_data_frame")[0].value
    assert list(shown["title"])[:2] == ["Lead", "Developer"]
    with store.working(ana) as work:
        edit_candidates(work, [CandidateEdit(people[0], 1, {"company": "Orbis"})])
    edit(page, {1: {"company": "Acme"}})
    page.button(key="save").click().run()
    assert "Ana saved it today" in plain(" ".join(one.value for one in page.markdown))
    elsewhere_and_back(page)
    assert [text.value for text in page.text] == ["Lead", "Tester", "Lumen", "Orbis"]
    clock.forward(seconds=1)
    labelled(page.button, "Save mine over it").click().run()
    one, other = (saved_as(store, id_) for id_ in people[:2])
    assert (one.title, one.company, other.title, other.company) == ("Lead", "Orbis", "Developer", "Acme")
    assert not page.text


def test_what_is_changed_is_told_to_whoever_is_signed_out_meanwhile(page_of: Open, store: Store, ben: Viewer, people):
    page = edit(page_of("candidates.py", ben).run(), {0: {"title": "Lead"}}).run()
    auth.sign_out(store, runtime.session_token())
    page.button(key="save").click().run()
    assert [code.value for code in page.code] == ["Ana Lis: Title → Lead"]


def test_a_list_without_names_is_refused_in_a_sentence(page_of: Open, store: Store, ben: Viewer, people: list[int]):
    page = page_of("candidates.py", ben).run()
    edit(page, {1: {"name": "  "}})
    page.button(key="save").click().run()
    assert "needs a name" in plain(page.error[0].value)
    assert saved_as(store, people[1]).name == "Jan Kowal"


def test_vera_changes_nothing(page_of: Open, store: Store, vera: Viewer, people: list[int]):
    page = page_of("candidates.py", vera).run()
    assert rows(page) == ["Ana Lis", "Jan Kowal", "Łukasz Żak"]
    assert not [button for button in page.button if button.key in ("save", "add")]
    assert saved_as(store, people[0]).version == 1


def add(page: Any, **typed: str) -> Any:
    page.button(key="add").click().run()
    for field, value in typed.items():
        starting(page.text_input, f"new-{field}").set_value(value)
    return page.button(key="add-it").click().run()


def test_whoever_was_erased_is_added_only_when_they_came_back(page_of: Open, store: Store, ana: Viewer, ben: Viewer):
    mail = Address("email", "noor@lumen.example")
    act(store, ana, erase_candidate, act(store, ana, add_candidate, name="Noor", handles=[mail]))
    page = add(page_of("candidates.py", ben).run(), name="Noor Haddad", mail=mail.value)
    assert "was erased on" in " ".join(one.value for one in page.markdown)
    assert page.button(key="add-it").disabled
    starting(page.checkbox, "new-came-back").check().run()
    page.button(key="add-it").click().run()
    assert page.title[0].value == "Noor Haddad"


def test_a_person_is_added_with_addresses_and_a_rhythm(page_of: Open, store: Store, ben: Viewer):
    page = page_of("candidates.py", ben).run()
    page.button(key="add").click().run()
    starting(page.text_input, "new-name").set_value("Noor Haddad")
    starting(page.text_input, "new-mail").set_value("Noor@Lumen.example")
    starting(page.text_input, "new-phone").set_value("601 222 333")
    starting(page.text_input, "new-linkedin").set_value("linkedin.com/in/noor")
    starting(page.selectbox, "new-rhythm").set_value("Every 3 months")
    starting(page.multiselect, "new-skills").set_value(["React", "Go"])
    page.button(key="add-it").click().run()
    assert plain(page.toast[0].value) == "Added: Noor Haddad"
    with store.reading() as session:
        noor = session.query(Candidate).one()
        handles = {handle.value for handle in session.query(Handle)}
        skills = {
            skill.name for skill in session.query(Skill).join(CandidateSkill, CandidateSkill.skill_id == Skill.id)
        }
    assert skills == {"React", "Go"}
    assert (noor.name, noor.owner_id, noor.rhythm_count, noor.rhythm_unit) == ("Noor Haddad", ben.id, 3, Unit.MONTHS)
    assert handles == {"noor@lumen.example", "+48601222333", "https://www.linkedin.com/in/noor"}
    assert page.title[0].value == "Noor Haddad"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("mail", "noor at lumen", "no e-mail address"),
        ("phone", "12", "no phone number"),
        ("linkedin", "lumen.example", "no LinkedIn profile"),
    ],
)
def test_an_address_that_can_not_be_right_is_said(
    page_of: Open, store: Store, ben: Viewer, field: str, value: str, sentence: str
):
    page = add(page_of("candidates.py", ben).run(), name="Noor", **{field: value})
    assert sentence in plain(page.error[0].value)
    with store.reading() as session:
        assert session.query(Candidate).all() == []


def test_who_may_be_the_same_is_shown_first(page_of: Open, store: Store, ben: Viewer, people: list[int]):
    page = add(page_of("candidates.py", ben).run(), name="lukasz zak")
    assert "Is it one of these?" in words(page)
    with store.reading() as session:
        assert session.query(Candidate).count() == 3
    page.button(key="none-of-these").click().run()
    with store.reading() as session:
        assert session.query(Candidate).count() == 4


def test_who_has_the_same_mailbox_is_shown_too(page_of: Open, store: Store, ben: Viewer):
    with store.working(ben) as work:
        add_candidate(work, name="Noor Haddad", handles=[Address("email", "noor@lumen.example")])
    page = add(page_of("candidates.py", ben).run(), name="N. H.", mail="noor+jobs@lumen.example")
    assert "Is it one of these?" in words(page)


def test_who_is_alike_is_shown_with_the_reason_and_that_they_are_two_is_said_by_a_button_of_its_own(
    page_of: Open, store: Store, ben: Viewer
):
    with store.working(ben) as work:
        add_candidate(work, name="Tomasz Nowak", company="Allegro")
    page = page_of("candidates.py", ben).run()
    page.button(key="add").click().run()
    starting(page.text_input, "new-name").set_value("Tomek Nowak")
    starting(page.text_input, "new-company").set_value("Allegro Pay")
    page.button(key="add-it").click().run()
    assert "Short form of the name, part of the company's name" in plain(words(page))
    page.button(key="add-it").click().run()  # of a double click
    with store.reading() as session:
        assert session.query(Candidate).count() == 1
    page.button(key="none-of-these").click().run()
    assert not page.exception
    with store.reading() as session:
        assert session.query(Candidate).count() == 2
        assert session.query(Lookalike).all() == []
        assert session.query(NotSame).count() == 1


def test_an_address_of_somebody_else_is_refused_with_their_name(page_of: Open, store: Store, ben: Viewer):
    with store.working(ben) as work:
        add_candidate(work, name="Noor Haddad", handles=[Address("email", "noor@lumen.example")])
    page = add(page_of("candidates.py", ben).run(), name="Ewa", mail="noor@lumen.example")
    assert "Is it one of these?" in words(page)
    page.button(key="none-of-these").click().run()
    assert "Noor Haddad" in plain(page.error[0].value)


# in a browser


def first_row(page: Any, x: int) -> tuple[float, float]:
    """A point in the grid's first row: it is drawn on a canvas."""
    settled(page)
    page.locator("[data-testid=stDataFrame] canvas").first.wait_for()
    grid = page.locator("[data-testid=stDataFrame]").bounding_box()
    return grid["x"] + x, grid["y"] + 52


def type_title(page: Any, title: str) -> None:
    page.mouse.click(*first_row(page, 60 + 165 + 80))
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    page.keyboard.press("Control+A")
    page.keyboard.type(title)
    page.wait_for_timeout(250)
    page.keyboard.press("Enter")


@pytest.mark.browser
def test_a_person_is_added_in_a_browser(app_server: Any, signed_in_page: Open):
    page = signed_in_page(Role.RECRUITER, "/candidates", width=390, dark=True)
    page.get_by_role("button", name="Add a person").click()
    page.get_by_role("textbox", name="Name").fill("Zofia Nowa")
    page.get_by_role("textbox", name="E-mail").fill("zofia@lumen.example")
    page.keyboard.press("Tab")
    page.wait_for_timeout(400)
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_function("() => document.querySelector('h1')?.innerText === 'Zofia Nowa'")
    settled(page)
    assert "/candidate?id=" in page.url
    with app_server.store.reading() as session:
        assert session.query(Handle).one().value == "zofia@lumen.example"


@pytest.mark.browser
@pytest.mark.parametrize("width", [1024, 390])
def test_what_is_searched_and_the_order_can_be_read_whole(signed_in_page: Open, width: int):
    order = "Longest without a word from us"
    page = signed_in_page(Role.RECRUITER, f"/candidates?candidates-order={order.replace(' ', '+')}", width=width)
    said = page.get_by_test_id("stSelectbox").filter(has=page.get_by_role("combobox", name="Order"))
    said.wait_for()
    assert said.bounding_box()["width"] >= 270
    assert page.get_by_test_id("stTextInput").first.bounding_box()["width"] >= 350


@pytest.mark.browser
def test_a_search_is_one_step_from_wherever_one_was_in_the_list(app_server: Any, signed_in_page: Open):
    for number in range(60):
        saved(app_server.store, a_candidate(f"Zuzanna Krol {number}"))
    page = signed_in_page(Role.RECRUITER, "/candidates")
    acted(page, page.get_by_test_id("stPagination").get_by_role("button", name="Page 2", exact=True).click)
    assert page.url.endswith("/candidates?candidates-page=2")
    search = page.get_by_placeholder("Name, company")
    search.press_sequentially("krol 5", delay=350)  # each letter is a run of the page
    page.wait_for_function("() => document.querySelector('h1')?.innerText === '11 people'")
    settled(page)
    assert search.input_value() == "krol 5"
    assert page.url.endswith("/candidates?candidates-q=krol+5")
    acted(page, page.go_back)
    assert page.url.endswith("/candidates?candidates-page=2")
    assert search.input_value() == ""
    acted(page, page.go_back)
    assert page.url.endswith("/candidates")


@pytest.mark.browser
def test_found_edited_and_opened_in_a_browser(app_server: Any, signed_in_page: Open):
    """Through the grid as it is: typed into a cell, saved, and opened from its row."""
    store = app_server.store
    noor = saved(store, a_candidate("Noor Haddad", title="Tester"))
    saved(store, a_candidate("Ewa Lis", title="Analyst"))
    page = signed_in_page(Role.RECRUITER, "/candidates")
    page.get_by_placeholder("Name, company").press_sequentially("haddad", delay=20)
    page.wait_for_function("() => document.querySelector('h1')?.innerText === '1 person'")
    assert "candidates-q=haddad" in page.url
    type_title(page, "Head of tests")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved: 1 person").wait_for()
    assert saved_as(store, noor).title == "Head of tests"
    page.wait_for_timeout(500)
    type_title(page, "Head of quality")
    page.get_by_role("button", name="Drop the changes").wait_for()
    for name in ("Pipelines", "Candidates"):
        acted(page, page.get_by_test_id("stSidebarNav").get_by_role("link", name=name).click)
        page.wait_for_url(f"**/{name.lower()}*")  # the cell is sent first, in a run of its own
        settled(page)
    acted(page, page.get_by_role("button", name="Save").click)
    assert saved_as(store, noor).title == "Head of quality"
    page.get_by_placeholder("Name, company").press_sequentially("haddad", delay=20)
    page.wait_for_function("() => document.querySelector('h1')?.innerText === '1 person'")
    page.wait_for_timeout(500)
    page.mouse.click(*first_row(page, 30))  # Open
    page.wait_for_function("() => document.querySelector('h1')?.innerText === 'Noor Haddad'")
    settled(page)
    assert page.url.endswith(f"/candidate?id={noor}")
    page.go_back()
    page.wait_for_function("() => document.querySelector('h1')?.innerText === '1 person'")
    acted(page, page.get_by_role("radio", name="Mine").click)
    assert "people=" in page.url
    acted(page, page.go_back)
    assert page.url.endswith("/candidates?candidates-q=haddad")
    page.get_by_role("button", name="Filter").click()
    acted(page, page.get_by_role("radio", name="Not set").click)
    assert "rhythm=Not+set" in page.url
    acted(page, page.go_back)  # whatever is chosen is a step, as whose it is
    assert page.url.endswith("/candidates?candidates-q=haddad")
    page.get_by_role("link", name="Clients").click()  # where one can search, too
    page.get_by_placeholder("Name of a client").wait_for()
    settled(page)
    page.go_back()
    page.wait_for_function("() => document.querySelector('h1')?.innerText === '1 person'")
    settled(page)
    assert page.url.endswith("/candidates?candidates-q=haddad")
    assert page.get_by_placeholder("Name, company").input_value() == "haddad"
    page.go_forward()
    page.get_by_placeholder("Name of a client").wait_for()


def test_what_was_found_can_be_done_with_together_and_nobody_who_asked_for_no_contact_is_in_it(
    page_of: Open, store: Store, ben: Viewer, people: list[int]
):
    page = page_of("candidates.py", ben).run()
    assert not [button for button in page.button if button.key == "say-to-each"]  # nobody said who is meant
    with store.working(ben) as work:
        forbid_contact(work, people[1])
    labelled(page.text_input, "Search").set_value("lumen").run()
    page.button(key="say-to-each").click().run()
    starting(page.text_area, "say-text-").set_value("The fair is on Friday.").run()
    assert "What went out to 1 person. 1 asked for no contact and is left out." in words(page)
    page.button(key="say-it").click().run()
    with store.reading() as session:
        said = select(Contact.candidate_id).where(Contact.text == "The fair is on Friday.")
        assert session.scalars(said).all() == [people[0]]
