"""The talent pool: seen at a glance, chosen from by address, pill and chart, and acted on."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.commands.consents import forbid_contact
from core.persistence.tables import Candidate, Contact
from core.persistence.tables.team import Role
from pages.parts import several, state
from tests.make import MONDAY, a_candidate, a_word_from_her, a_word_to_her, saved
from tests.pages.conftest import acted, labelled, starting


@pytest.fixture
def people(store, ben, ana):
    """Noor, silent for over a year, and Ida, who wrote today, are with Ben; Ewa is with Ana."""
    year = MONDAY - timedelta(days=400)
    noor = saved(
        store,
        a_candidate("Noor Haddad", owner_id=ben.id, known_since=date(2022, 1, 1), source="Fair", tags=["senior"]),
        a_word_to_her(happened_at=year),
    )
    rhythm = {"rhythm_count": 3, "rhythm_unit": "months"}
    ida = saved(store, a_candidate("Ida Lis", owner_id=ben.id, source="=Meetup", **rhythm), a_word_from_her())
    ewa = saved(store, a_candidate("Ewa Maj", owner_id=ana.id), a_word_to_her())
    return {"noor": noor, "ida": ida, "ewa": ewa}


def names(page):
    return list(page.dataframe[0].value["name"]) if page.dataframe else []


def heading(page):
    return page.subheader[-1].value


def test_the_title_says_how_many_relationships_are_alive_and_the_list_whom_to_write_to(page_of, ben, people):
    page = page_of("pool.py", ben).run()
    assert page.title[0].value == "Two relationships are alive"
    assert "of 3 people: a word either way within the last twelve months" in page.markdown[0].value
    assert heading(page) == "Longest past the date of their rhythm, then the next"
    assert names(page) == ["Ida Lis"]
    assert not page.exception


def test_mine_are_those_with_me(page_of, ben, people):
    page = page_of("pool.py", ben).run()
    labelled(page.segmented_control, "Whose").set_value("Mine").run()
    assert page.title[0].value == "One relationship is alive"


def test_what_an_address_chooses_is_listed_and_show_all_takes_it_back(page_of, ben, people):
    page = page_of("pool.py", ben).run()
    assert list(page.dataframe[0].value["known"]) == ["since today"], "Ida was added today"
    page = page_of("pool.py", ben, chosen="silence.12.3").run()
    assert heading(page) == "1 person: known 3–5 years, silent 12–23 months"
    assert names(page) == ["Noor Haddad"]
    row = page.dataframe[0].value.iloc[0]
    assert (row["known"], row["silent"], tuple(row["words"])) == ("4 years", "13 months", (0, 0, 0, 1, 0))
    page.button(key="show-all").click().run()
    assert names(page) == ["Ida Lis"]
    assert "chosen" not in page.query_params


def test_an_address_that_chooses_nothing_shows_the_page_as_it_is(page_of, ben, people):
    page = page_of("pool.py", ben, chosen="silence.nothing.like.it", **{"pool-page": "7"}).run()
    assert names(page) == ["Ida Lis"]
    assert not page.exception


def test_a_page_that_the_list_does_not_have_is_the_last_there_is(page_of, store, ben, people):
    for number in range(20):
        saved(store, a_candidate(f"Ida {number:02}", owner_id=ben.id, rhythm_count=3, rhythm_unit="months"))
    page = page_of("pool.py", ben, **{"pool-page": "99"}).run()
    assert len(names(page)) == 1
    assert page.query_params["pool-page"] == "2"


def test_an_address_that_chooses_nobody_says_so(page_of, ben, people):
    page = page_of("pool.py", ben, chosen="met.alive.1999").run()
    assert heading(page) == "0 people: met in 1999, still alive"
    assert names(page) == []
    assert not page.exception


def test_pills_choose_without_a_chart(page_of, ben, people):
    page = page_of("pool.py", ben)
    page.session_state["pool-filter"] = True
    page.run()
    (silent,) = (pills for pills in page.pills if pills.label == "Months silent")
    assert silent.options == ["0 2", "12–23 1"]
    silent.set_value("12").run()
    assert page.query_params["chosen"] in ("silence.12.", ["silence.12."])
    assert heading(page) == "1 person: silent 12–23 months"
    (known,) = (pills for pills in page.pills if pills.label == "Years known")
    known.set_value("3").run()
    assert heading(page) == "1 person: known 3–5 years, silent 12–23 months"


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ({"tag": "Senior"}, "No relationship is alive"),
        ({"source": "=Meetup"}, "One relationship is alive"),
        ({"source": "not noted"}, "One relationship is alive"),
        ({"skill": "Cobol"}, "Nobody found"),
    ],
)
def test_the_pool_is_narrowed_by_tag_source_and_skill(page_of, ben, people, query, title):
    page = page_of("pool.py", ben, **query).run()
    assert page.title[0].value == title
    assert not page.exception


def test_filters_that_find_nobody_can_be_taken_away(page_of, ben, people):
    page = page_of("pool.py", ben, tag="nobody has it").run()
    page.button(key="no-filters").click().run()
    assert page.title[0].value == "Two relationships are alive"


def test_a_word_is_logged_to_all_who_are_chosen_and_taken_back(page_of, store, ben, people):
    page = page_of("pool.py", ben, chosen="met..2026").run()
    assert names(page) == ["Ida Lis", "Ewa Maj"]
    page.button(key="say-to-each").click().run()
    starting(page.text_area, "say-text-").set_value("How was your summer?").run()
    page.session_state[state.QUESTION] = None  # it is closed
    page.run()
    page.button(key="say-to-each").click().run()
    assert starting(page.text_area, "say-text-").value == "How was your summer?"
    page.button(key="say-it").click().run()
    assert said(store) == [people["ida"], people["ewa"]]
    assert [toast.value for toast in page.toast] == ["Logged to 2 people"]
    next(button for button in page.button if button.label == "Undo").click().run()
    assert said(store) == []


def test_a_word_half_written_to_several_stands_there_again_for_them_alone(page_of, ben, people):
    page = page_of("pool.py", ben, chosen="met..2026").run()
    page.button(key="say-to-each").click().run()
    starting(page.text_area, "say-text-").set_value("How was your summer?").run()
    page.session_state[state.QUESTION] = None  # it is closed
    key = f"marked-{hash((people['ida'], people['ewa']))}"
    for marked, written in (([0], ""), ([], "How was your summer?")):
        page.session_state[key] = {"selection": {"rows": marked, "columns": [], "cells": []}}
        page.run()
        page.button(key="say-to-each").click().run()
        assert starting(page.text_area, "say-text-").value == written
        page.session_state[state.QUESTION] = None


def test_only_those_who_are_marked_are_tagged(page_of, store, ben, people):
    page = page_of("pool.py", ben, chosen="met..2026").run()
    key = f"marked-{hash((people['ida'], people['ewa']))}"
    page.session_state[key] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    page.run()
    assert page.button(key="say-to-each").label == "Log a word to 1 person"
    ask_tag(page)
    starting(page.text_input, "tag-text-").set_value("contractor").run()
    page.session_state[state.QUESTION] = None  # it is closed
    page.run()
    ask_tag(page)
    assert starting(page.text_input, "tag-text-").value == "contractor"
    page.button(key="tag-it").click().run()
    with store.reading() as session:
        tagged = [one.name for one in session.scalars(select(Candidate)) if "contractor" in one.tags]
    assert tagged == ["Ida Lis"]


def ask_tag(page):
    next(menu for menu in page.get("menu_button") if menu.key == "with-each").set_value(several.TAG).run()


def test_who_asked_for_no_contact_is_left_out_of_a_word_to_all(page_of, store, ben, people):
    with store.working(ben) as work:
        forbid_contact(work, people["ewa"])
    page = page_of("pool.py", ben, chosen="met..2026").run()
    page.button(key="say-to-each").click().run()
    assert "What went out to 1 person. 1 asked for no contact and is left out." in [m.value for m in page.markdown]
    starting(page.text_area, "say-text-").set_value("How was your summer?")
    page.button(key="say-it").click().run()
    assert said(store) == [people["ida"]]


def said(store):
    with store.reading() as session:
        query = select(Contact.candidate_id).where(Contact.text == "How was your summer?", Contact.undone_at.is_(None))
        return list(session.scalars(query.order_by(Contact.candidate_id)))


def test_vera_looks_and_can_change_nothing(page_of, vera, people):
    page = page_of("pool.py", vera, chosen="met..2026").run()
    assert names(page) == ["Ida Lis", "Ewa Maj"]
    assert [button.key for button in page.button if button.key in ("say-to-each", "with-each")] == []
    assert not page.get("download_button")


def test_the_file_has_no_cell_that_a_spreadsheet_runs(store, ben, people):
    from core.queries import pool

    with store.reading() as session:
        ids = [people["ida"]]
        rows = pool.rows_of(session, ids, now=store.now(), calendar=store.calendar)
    written = several.file_of(rows).decode("utf-8-sig")
    assert '"\'=Meetup"' in written
    assert '"3 months"' in written


def test_a_team_that_knows_nobody_is_told_where_people_come_from(page_of, ana):
    page = page_of("pool.py", ana).run()
    assert page.title[0].value == "Nobody is in the pool yet"
    assert not page.exception


@pytest.mark.browser
def test_a_cell_that_is_clicked_becomes_the_list(app_server, signed_in_page):
    saved(app_server.store, *(a_candidate(f"Person {n}") for n in range(201)))
    page = signed_in_page(Role.RECRUITER, "/pool")
    chart = page.locator("[class*='st-key-silences-chart'] svg.marks")
    chart.wait_for()
    page.wait_for_timeout(500)
    box = chart.bounding_box()
    acted(page, lambda: page.mouse.click(box["x"] + box["width"] - 30, box["y"] + 40))
    page.get_by_text("201 people: known under 1 year, no word yet").wait_for()
    assert "chosen=silence.never.0" in page.url
