"""Keeping in touch with one person: the rhythm that is suggested, another, none; quiet; how warm it is, and why."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from core.commands.candidates import keep_quiet_until, set_rhythm
from core.commands.consents import forbid_contact
from core.commands.growth import note_growth
from core.commands.openings import arrange_stages
from core.domain.facts import Rhythm, Unit
from core.domain.promises import Kind
from core.persistence.store import Store
from core.persistence.tables import Candidate
from core.persistence.work import Viewer
from tests.make import (
    MONDAY,
    a_candidate,
    a_client,
    a_closing,
    a_process,
    a_stage_move,
    a_word_from_her,
    a_word_to_her,
    an_opening,
    promise_of,
    saved,
)

Open = Callable[..., Any]
EARLIER = MONDAY - timedelta(days=100)


@pytest.fixture
def noor(store: Store, ben: Viewer) -> int:
    """She came as far as the interview at Zenit, a hundred days ago."""
    zenit = saved(store, a_client("Zenit"))
    opening = saved(store, an_opening(client_id=zenit))
    with store.working(ben) as work:
        arrange_stages(work, opening, ["Screening", "With client", "Interview", "Offer"], version=1)
    noor = saved(store, a_candidate(owner_id=ben.id, pronoun="she", added_at=EARLIER, known_since=EARLIER.date()))
    process = saved(store, a_process(opening, candidate_id=noor, happened_at=EARLIER, first_owner_id=ben.id))
    saved(
        store,
        a_stage_move(process, candidate_id=noor, happened_at=EARLIER + timedelta(days=5)),
        a_word_to_her(candidate_id=noor, happened_at=EARLIER + timedelta(days=6)),
        a_word_from_her(candidate_id=noor, happened_at=EARLIER + timedelta(days=7), needs_answer=False),
        a_closing(process, candidate_id=noor, happened_at=EARLIER + timedelta(days=9)),
    )
    return noor


def words(page: Any) -> str:
    return "\n".join(element.value for element in page.markdown).replace("\\", "")


def rhythm_of(store: Store, candidate_id: int) -> Rhythm | None:
    with store.reading() as session:
        noor = session.get_one(Candidate, candidate_id)
        return Rhythm(noor.rhythm_count, noor.rhythm_unit) if noor.rhythm_count and noor.rhythm_unit else None


def ask(page: Any, option: str) -> Any:
    menu = next(element for element in page.get("menu_button") if element.key == "more-of-person")
    return menu.set_value(option).run()


def test_the_rhythm_that_is_suggested_is_taken_at_one_touch_and_taken_back(
    page_of: Open, store: Store, ben: Viewer, noor: int
):
    page = page_of("candidate.py", ben, id=str(noor)).run()
    assert "Suggested: a word every 3 months. She reached Interview for Zenit, Dec 2025." in words(page)
    page.button(key="take-rhythm").click().run()
    assert rhythm_of(store, noor) == Rhythm(3, Unit.MONTHS)
    assert promise_of(store, noor, Kind.KEEP_IN_TOUCH)
    assert all(button.key != "take-rhythm" for button in page.button)
    next(button for button in page.button if button.label == "Undo").click().run()
    assert rhythm_of(store, noor) is None


def test_the_dialog_says_what_is_suggested_and_takes_any_length_or_none(
    page_of: Open, store: Store, ben: Viewer, noor: int
):
    page = ask(page_of("candidate.py", ben, id=str(noor)).run(), "Rhythm…")
    assert page.radio[0].value == "Every 3 months"
    assert "Suggested: reached Interview for Zenit" in str(page.radio[0].proto.captions)
    page.radio[0].set_value("Another length").run()
    page.number_input(key="rhythm-count").set_value(8).run()
    page.segmented_control(key="rhythm-unit").set_value(Unit.WEEKS).run()
    page.button(key="set-rhythm").click().run()
    assert rhythm_of(store, noor) == Rhythm(8, Unit.WEEKS)
    assert "rhythm every 8 weeks" in words(page)
    ask(page, "Rhythm…")
    assert (page.radio[0].value, page.number_input(key="rhythm-count").value) == ("Another length", 8)
    page.radio[0].set_value("No rhythm").run()
    page.button(key="set-rhythm").click().run()
    assert rhythm_of(store, noor) is None
    assert "Suggested: a word every 3 months" in words(page)


def test_nothing_is_suggested_to_who_asked_for_no_contact_nor_to_who_may_only_look(
    page_of: Open, store: Store, ben: Viewer, vera: Viewer, noor: int
):
    assert "Suggested" not in words(page_of("candidate.py", vera, id=str(noor)).run())
    with store.working(ben) as work:
        forbid_contact(work, noor)
    page = page_of("candidate.py", ben, id=str(noor)).run()
    assert "Suggested" not in words(page)
    ask(page, "Rhythm…")
    assert "until that is lifted, no word falls due" in words(page)


def test_a_quiet_time_is_set_and_ended_early(page_of: Open, store: Store, ben: Viewer, noor: int):
    with store.working(ben) as work:
        set_rhythm(work, noor, Rhythm(3, Unit.MONTHS))
        keep_quiet_until(work, noor, date(2026, 6, 1))
    assert store.calendar.day(promise_of(store, noor, Kind.KEEP_IN_TOUCH).due_at) == date(2026, 6, 1)
    page = page_of("candidate.py", ben, id=str(noor)).run()
    assert "quiet until Mon 1 Jun" in words(page)
    ask(page, "Quiet until…")
    assert page.date_input(key="quiet-until").value == date(2026, 6, 1)
    page.button(key="quiet-no-longer").click().run()
    assert "quiet until" not in words(page).splitlines()[0]
    assert store.calendar.day(promise_of(store, noor, Kind.KEEP_IN_TOUCH).due_at) < date(2026, 4, 1)


def test_how_warm_it_is_is_said_with_its_parts(page_of: Open, vera: Viewer, noor: int):
    page = page_of("candidate.py", vera, id=str(noor)).run()
    line = next(element for element in page.markdown if "warm, 65 of 100" in element.value.replace("\\", ""))
    assert "- 30 of 40: their last word, 93 days ago" in line.help
    assert "- 15 of 20: our last word, 94 days ago" in line.help
    assert "Warmth is a sum." in line.help


def test_today_says_why_to_write_and_the_draft_says_it_too(page_of: Open, store: Store, ben: Viewer, noor: int):
    with store.working(ben) as work:
        set_rhythm(work, noor, Rhythm(3, Unit.MONTHS))
        note_growth(work, noor, "lead a team", advice="take on a trainee")
    page = page_of("today.py", ben, kind="keep_in_touch").run()
    assert "Worth saying: Advised in Mar 2026, “take on a trainee”: what came of it? ·" in words(page)
    assert "what I advised you: “take on a trainee”?" in page.text_area[0].value
    assert "[" not in page.text_area[0].value
    page = page_of("candidate.py", ben, id=str(noor)).run()
    assert "- What they want, as of Mar 2026: “lead a team”" in words(page)
