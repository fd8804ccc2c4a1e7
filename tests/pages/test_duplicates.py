"""Who may be one person: shown side by side, merged by choice, parted again, or said to be two."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from core.commands.candidates import CandidateEdit, add_candidate, edit_candidates
from core.commands.merges import merge_candidates
from core.domain.handles import Handle
from core.persistence.store import Store
from core.persistence.tables import Candidate, Merge, NotSame
from core.persistence.tables.team import Role
from core.persistence.work import Viewer
from tests.make import FixedClock, act
from tests.pages.conftest import acted, settled

Open = Callable[..., Any]


def plain(markdown: str) -> str:
    return markdown.replace("\\", "")


def words(page: Any) -> str:
    return plain("\n".join(element.value for element in page.markdown))


def saved_as(store: Store, candidate_id: int) -> Candidate:
    with store.reading() as session:
        return session.get_one(Candidate, candidate_id)


@pytest.fixture
def two(store: Store, ben: Viewer) -> tuple[int, int]:
    tomasz = act(
        store,
        ben,
        add_candidate,
        name="Tomasz Nowak",
        company="Allegro",
        title="Developer",
        handles=[Handle("email", "tomasz@x.example")],
    )
    return tomasz, act(store, ben, add_candidate, name="Tomek Nowak", company="Allegro Pay", location="Kraków")


def test_nobody_looks_like_somebody_else(page_of: Open, ben: Viewer):
    page = page_of("duplicates.py", ben).run()
    assert page.title[0].value == "Everybody is somebody of their own"
    assert not page.exception


def test_a_pair_says_what_is_alike_and_shows_both(page_of: Open, store: Store, ben: Viewer, two: tuple[int, int]):
    page = page_of("duplicates.py", ben).run()
    assert page.title[0].value == "1 pair may be one person"
    said = words(page)
    assert "Short form of the name, part of the company's name" in said
    for word in ("Tomasz Nowak", "tomasz@x.example", "Kraków"):
        assert word in said


def test_two_people_are_said_to_be_two_and_it_is_taken_back(page_of: Open, store: Store, ben: Viewer, two):
    page = page_of("duplicates.py", ben).run()
    page.button(key=f"two-{two[0]}-{two[1]}").click().run()
    assert page.title[0].value == "Everybody is somebody of their own"
    with store.reading() as session:
        said = session.scalars(select(NotSame)).one()
    page.button(key=f"undo-{said.id}").click().run()
    assert page.title[0].value == "1 pair may be one person"
    assert not page.exception


def test_a_double_click_decides_one_pair(page_of: Open, store: Store, ben: Viewer, two, clock: FixedClock):
    act(store, ben, add_candidate, name="Ida Sowa", company="Nordbank", handles=[Handle("email", "ida@x.example")])
    act(store, ben, add_candidate, name="Ida Sowa", company="Nordbank SA")
    page = page_of("duplicates.py", ben).run()

    def press_first() -> None:
        next(button for button in page.button if (button.key or "").startswith("two-")).click().run()

    press_first()
    clock.forward(seconds=0.4)
    press_first()
    assert page.title[0].value == "1 pair may be one person"
    clock.forward(seconds=0.6)
    press_first()
    assert page.title[0].value == "Everybody is somebody of their own"


def test_a_merge_puts_together_what_was_chosen_and_is_undone_from_the_notice(page_of: Open, store: Store, ben, two):
    tomasz, tomek = two
    page = page_of("merge.py", ben, one=str(tomasz), other=str(tomek)).run()
    assert page.title[0].value == "Are Tomasz Nowak and Tomek Nowak one person?"
    page.radio(key=f"choose-company-{tomasz}-{tomek}").set_value(tomek)
    page.button(key="merge").click().run()
    assert not page.exception
    assert (saved_as(store, tomasz).company, saved_as(store, tomasz).location) == ("Allegro Pay", "Kraków")
    assert saved_as(store, tomek).merged_into_id == tomasz
    assert page.title[0].value == "Tomasz Nowak"
    assert "Merged with Tomek Nowak on Mon 2 Mar by Ben." in words(page)
    with store.reading() as session:
        merge = session.scalars(select(Merge)).one().id
    page.button(key=f"undo-{merge}").click().run()
    assert (saved_as(store, tomasz).company, saved_as(store, tomek).merged_into_id) == ("Allegro", None)


def test_the_other_may_be_the_one_kept(page_of: Open, store: Store, ben: Viewer, two):
    tomasz, tomek = two
    page = page_of("merge.py", ben, one=str(tomasz), other=str(tomek)).run()
    page.segmented_control(key=f"kept-{tomasz}-{tomek}").set_value(tomek).run()
    page.button(key="merge").click().run()
    assert saved_as(store, tomasz).merged_into_id == tomek
    assert saved_as(store, tomek).name == "Tomek Nowak"


def test_somebody_changed_meanwhile_is_shown_and_merging_all_the_same_is_a_choice(
    page_of: Open, store: Store, ben: Viewer, two, clock: FixedClock
):
    tomasz, tomek = two
    page = page_of("merge.py", ben, one=str(tomasz), other=str(tomek)).run()
    act(store, ben, edit_candidates, [CandidateEdit(tomek, saved_as(store, tomek).version, {"title": "Architect"})])
    page.button(key="merge").click().run()
    assert "Nothing was merged" in page.error[0].value
    assert saved_as(store, tomek).merged_into_id is None
    clock.forward(seconds=1)
    page.button(key="merge").click().run()
    assert saved_as(store, tomek).merged_into_id is None
    next(button for button in page.button if button.label == "Merge them all the same").click().run()
    assert saved_as(store, tomek).merged_into_id == tomasz


def test_the_other_is_found_among_those_alike_or_by_search(page_of: Open, store: Store, ben: Viewer, two):
    tomasz, tomek = two
    noor = act(store, ben, add_candidate, name="Noor Haddad")
    page = page_of("merge.py", ben, one=str(tomasz)).run()
    assert page.title[0].value == "Who else is Tomasz Nowak?"
    assert page.button(key=f"other-{tomek}")
    page.text_input(key=f"other-of-{tomasz}").set_value("noor").run()
    page.button(key=f"other-{noor}").click().run()
    assert page.title[0].value == "Are Tomasz Nowak and Noor Haddad one person?"


def test_two_are_parted_on_the_persons_page(page_of: Open, store: Store, ben: Viewer, two):
    tomasz, tomek = two
    merge = act(store, ben, merge_candidates, tomasz, tomek)
    page = page_of("candidate.py", ben, id=str(tomek)).run()
    page.button(key=f"part-{merge}").click().run()
    page.button(key="part-them").click().run()
    assert saved_as(store, tomek).merged_into_id is None
    assert "Merged with" not in words(page)


def test_vera_sees_pairs_and_decides_nothing(page_of: Open, store: Store, ben: Viewer, vera: Viewer, two):
    page = page_of("duplicates.py", vera).run()
    assert page.title[0].value == "1 pair may be one person"
    assert not [button for button in page.button if (button.key or "").startswith(("merge-", "two-"))]
    page = page_of("merge.py", vera, one=str(two[0]), other=str(two[1])).run()
    assert not [button for button in page.button if button.key == "merge"]


@pytest.mark.parametrize("address", [{}, {"one": "x"}, {"one": "999999"}, {"one": "1", "other": "1"}])
def test_an_address_that_names_nobody_breaks_nothing(page_of: Open, ben: Viewer, address: dict[str, str]):
    page = page_of("merge.py", ben, **address).run()
    assert not page.exception


def test_candidates_lead_to_the_pairs_when_there_are_any(page_of: Open, ben: Viewer, two):
    page = page_of("candidates.py", ben).run()
    assert "1 pair may be one person" in [link.proto.label for link in page.get("page_link")]


# in a browser


def test_two_are_merged_edited_and_parted_in_a_browser(app_server: Any, signed_in_page: Open):
    store, ben = app_server.store, app_server.members[Role.RECRUITER]
    tomasz = act(store, ben, add_candidate, name="Tomasz Nowak", company="Allegro")
    tomek = act(store, ben, add_candidate, name="Tomek Nowak", company="Allegro Pay", location="Kraków")
    page = signed_in_page(Role.RECRUITER, "/duplicates")
    assert page.get_by_role("heading", name="1 pair may be one person").is_visible()
    page.get_by_role("button", name="Merge…").click()
    page.get_by_role("heading", name="Are Tomasz Nowak and Tomek Nowak one person?").wait_for()
    settled(page)
    acted(page, page.get_by_text("Allegro Pay", exact=True).last.click)
    page.get_by_role("button", name="Merge", exact=True).click()
    page.get_by_text("Merged with Tomek Nowak").wait_for()
    settled(page)
    kept = saved_as(store, tomasz)
    assert (kept.company, kept.location) == ("Allegro Pay", "Kraków")
    act(store, ben, edit_candidates, [CandidateEdit(tomasz, kept.version, {"company": "Orange"})])
    page.get_by_role("button", name="Part them again…").click()
    page.get_by_role("button", name="Part them", exact=True).click()
    page.get_by_text("Parted again: Tomek Nowak").wait_for()
    assert (saved_as(store, tomasz).company, saved_as(store, tomasz).location) == ("Orange", "")
    assert saved_as(store, tomek).merged_into_id is None
