"""What people want to become: on their page, and as a list of whom to look at again."""

from datetime import date

import pytest

from core.commands.growth import mark_beginner, note_growth
from core.domain.growth import Beginner
from core.persistence.tables import Candidate, GrowthNote
from core.persistence.tables.team import Role
from tests.make import a_candidate, act, saved
from tests.pages.conftest import acted, labelled
from tests.pages.test_candidate import words
from tests.pages.test_candidates import as_drawn


@pytest.fixture
def noor(store, ben):
    return saved(store, a_candidate(owner_id=ben.id))


def tab(page_of, viewer, person):
    page = page_of("candidate.py", viewer, id=str(person)).run()
    page.session_state[f"tabs-{person}"] = "Growth"
    return page.run()


def stored(store):
    with store.reading() as session:
        return session.query(GrowthNote).order_by(GrowthNote.id).all()


def test_a_wish_and_advice_are_noted_and_taken_back(page_of, store, ben, noor):
    page = tab(page_of, ben, noor)
    assert "Nothing is noted yet." in words(page)
    labelled(page.text_area, "What they want to become").set_value("Wants to *lead*.")
    labelled(page.text_area, "What you advised").set_value("Lead one thing first.")
    labelled(page.date_input, "Look again on").set_value(date(2026, 5, 4))
    labelled(page.button, "Note it").click().run()
    assert [(note.wants, note.advice, note.revisit_on) for note in stored(store)] == [
        ("Wants to *lead*.", "Lead one thing first.", date(2026, 5, 4))
    ]
    assert "Wants: Wants to *lead*." in words(page)
    assert ":gray-badge[look again Mon 4 May]" in words(page)
    labelled(page.button, "Undo").click().run()
    assert "Nothing is noted yet." in words(page)


def test_what_came_of_it_is_kept_beside_the_advice(page_of, store, ben, noor):
    note = act(store, ben, note_growth, noor, "Wants to lead.")
    page = tab(page_of, ben, noor)
    next(area for area in page.text_area if area.label == "What came of it").set_value("She leads two.").run()
    page.button(key=f"came-keep-{note}").click().run()
    assert stored(store)[0].came_of_it == "She leads two."
    assert "What came of it: She leads two" in words(page)
    labelled(page.button, "Undo").click().run()
    assert stored(store)[0].came_of_it is None


def test_a_person_is_marked_by_a_click_and_the_mark_is_undone(page_of, store, ben, noor):
    page = tab(page_of, ben, noor)
    labelled(page.button_group, "Begins as").set_value(Beginner.JUNIOR).run()
    with store.reading() as session:
        assert session.get_one(Candidate, noor).begins_as is Beginner.JUNIOR
    assert ":small[:gray[junior · known since today · with Ben · no rhythm · not a word yet]]" in words(page)
    labelled(page.button, "Undo").click().run()
    with store.reading() as session:
        assert session.get_one(Candidate, noor).begins_as is None


def test_many_are_marked_at_once_in_the_grid(page_of, store, ben, noor):
    saved(store, a_candidate("Ivo Kos"))
    page = page_of("candidates.py", ben).run()
    key = as_drawn(page).key
    edited = {0: {"begins_as": "intern"}, 1: {"begins_as": "career changer"}}
    page.session_state[key] = {"edited_rows": edited, "added_rows": [], "deleted_rows": []}
    page.button(key="save").click().run()
    with store.reading() as session:
        marks = {one.name: one.begins_as for one in session.query(Candidate)}
    assert marks == {"Ivo Kos": Beginner.INTERN, "Noor Haddad": Beginner.CAREER_CHANGER}


def test_vera_reads_it_and_has_nothing_to_press(page_of, store, ben, vera, noor):
    act(store, ben, note_growth, noor, "Wants to lead.")
    act(store, ben, mark_beginner, noor, Beginner.INTERN)
    page = tab(page_of, vera, noor)
    assert "Wants: Wants to lead" in words(page)
    assert "Intern" in words(page)
    assert not page.text_area
    assert not [button for button in page.button if button.label == "Note it"]


def test_the_list_says_whom_to_look_at_again_and_is_narrowed_in_the_address(page_of, store, ben, noor):
    ivo = saved(store, a_candidate("Ivo Kos"))
    act(store, ben, note_growth, noor, "Wants to lead.", advice="Lead one thing.", revisit_on=date(2026, 3, 4))
    act(store, ben, mark_beginner, ivo, Beginner.CAREER_CHANGER)
    page = page_of("growth.py", ben).run()
    assert page.title[0].value == "One person to look at again within seven days"
    assert "1 career changer, 0 juniors, 0 interns; 1 more who told us" in words(page)
    (table,) = page.dataframe
    assert list(table.value["name"]) == ["Noor Haddad", "Ivo Kos"]
    assert table.value.loc[0, ["again", "wants", "advice"]].tolist() == [
        "Wed 4 Mar",
        "Wants to lead.",
        "Mar 2026: Lead one thing.",
    ]
    page = page_of("growth.py", ben, **{"as": "career changer"}).run()
    assert list(page.dataframe[0].value["name"]) == ["Ivo Kos"]
    page = page_of("growth.py", ben, **{"growth-of": str(ben.id)}).run()
    assert list(page.dataframe[0].value["name"]) == ["Noor Haddad"]


def test_an_empty_list_says_what_to_do(page_of, vera):
    page = page_of("growth.py", vera).run()
    assert page.title[0].value == "Nobody has told us what they want to become"
    assert "On a person’s page, under “Growth”" in words(page)


@pytest.mark.browser
def test_career_changers_are_chosen_with_a_click_and_the_address_says_so(app_server, signed_in_page):
    ben = app_server.members[Role.RECRUITER]
    for name, begins_as in (("Noor", Beginner.CAREER_CHANGER), ("Ivo", Beginner.JUNIOR)):
        act(app_server.store, ben, mark_beginner, saved(app_server.store, a_candidate(name)), begins_as)
    page = signed_in_page(Role.RECRUITER, "/growth")
    page.get_by_role("heading", name="2 people on the way to something").wait_for()
    acted(page, page.get_by_text("Career changer 1").click)
    page.wait_for_url("**as=career+changer**")
    page.get_by_test_id("glide-cell-1-0").get_by_text("Noor").wait_for(state="attached")
    page.get_by_test_id("glide-cell-1-1").wait_for(state="detached")
