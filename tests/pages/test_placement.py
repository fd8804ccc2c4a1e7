"""A job that somebody took through us, on their page."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from core.commands.contacts import log_contact
from core.commands.placements import move_first_day
from core.domain.facts import Answer, Result, Unit, Way
from core.domain.promises import Kind, Status
from core.domain.refusal import Refused
from core.persistence.check import disagreements
from core.persistence.store import Store
from core.persistence.tables import Candidate, Placement
from core.persistence.work import Viewer
from pages.parts import state
from tests.make import FixedClock, a_candidate, a_client, a_closing, a_process, an_opening, promises_of, saved
from tests.pages.conftest import labelled, starting
from tests.pages.test_candidate import words

Open = Callable[..., Any]


@pytest.fixture
def noor(store: Store, ben: Viewer) -> int:
    return saved(store, a_candidate(owner_id=ben.id, pronoun="she"))


@pytest.fixture
def hired(store: Store, ben: Viewer, noor: int) -> int:
    opening = saved(store, an_opening(client_id=saved(store, a_client("Nordbank"))))
    process = saved(store, a_process(opening, candidate_id=noor, first_owner_id=ben.id))
    saved(store, a_closing(process, Result.HIRED, Answer.OWED, candidate_id=noor))
    return process


def jobs(page_of: Open, viewer: Viewer, person: int) -> Any:
    page = page_of("candidate.py", viewer, id=str(person)).run()
    page.session_state[f"tabs-{person}"] = "Placement"
    return page.run()


def record(page: Any, starts_on: date) -> Any:
    page.button(key="record-placement").click().run()
    page.date_input(key="placement-start").set_value(starts_on).run()
    return page.button(key="record-it").click().run()


def check_ins(store: Store, person: int) -> list[Status]:
    return [promise.status for promise in promises_of(store, person, Kind.CHECK_IN)]


def test_whoever_was_hired_is_asked_after_from_the_first_day_on(
    page_of: Open, store: Store, ben: Viewer, noor: int, hired: int
):
    page = jobs(page_of, ben, noor)
    assert "Hired: Python developer, Nordbank. When is the first day?" in words(page)
    record(page, date(2026, 3, 16))
    with store.reading() as session:
        assert session.query(Placement).one().process_id == hired
    assert len(check_ins(store, noor)) == 6
    assert "**Python developer, Nordbank** :blue-badge[to begin]" in words(page)
    assert "begins Mon 16 Mar · recorded by Ben" in words(page)
    assert "Day 7 · :small[:gray[by Mon 23 Mar]]" in words(page)
    labelled(page.button, "Undo").click().run()
    assert check_ins(store, noor) == []


def test_what_was_said_at_each_check_in_stands_beside_it(
    page_of: Open, store: Store, ben: Viewer, clock: FixedClock, noor: int
):
    page = record(jobs(page_of, ben, noor), date(2026, 3, 2))
    clock.forward(hours=2)
    with store.working(ben) as work:
        log_contact(work, noor, way=Way.TALKED, channel="phone", text="A friendly first day.", is_check_in=True)
    page.run()
    assert "First day · :small[:gray[today 11:00, phone]]  \n“A friendly first day.”" in words(page)
    assert ":green-badge[at work]" in words(page)


def test_a_check_in_says_from_when_on_a_word_keeps_it(
    page_of: Open, store: Store, ben: Viewer, clock: FixedClock, noor: int
):
    record(jobs(page_of, ben, noor), date(2026, 3, 16))
    page = page_of("candidate.py", ben, id=str(noor)).run()
    about = labelled(page.selectbox, "About")
    assert "first day" not in about.format_func(about.value)  # four days too early to be asked first
    about.select_index(next(n for n, words in enumerate(about.options) if "first day" in words)).run()
    assert "Too early: a word keeps it from Sat 14 Mar on; it still waits." in words(page)
    clock.forward(days=12)
    page = page_of("candidate.py", ben, id=str(noor)).run()
    assert "Keeps: check-in, first day" in words(page)


def test_a_first_day_that_moved_takes_along_what_is_asked_and_a_word_for_the_old_one_no_longer_counts(
    page_of: Open, store: Store, ben: Viewer, clock: FixedClock, noor: int
):
    page = record(jobs(page_of, ben, noor), date(2026, 3, 2))
    clock.forward(hours=2)
    with store.working(ben) as work:
        log_contact(work, noor, way=Way.TALKED, text="She begins a fortnight later.", is_check_in=True)
    assert check_ins(store, noor)[0] is Status.KEPT_ON_TIME
    with store.reading() as session:
        job = session.query(Placement).one().id
    page.button(key=f"moved-{job}").click().run()
    page.date_input(key="placement-moved").set_value(date(2026, 3, 16)).run()
    page.button(key="move-first-day").click().run()
    assert ":blue-badge[to begin]" in words(page)
    assert "Day 7 · :small[:gray[by Mon 23 Mar]]" in words(page)
    assert check_ins(store, noor) == [Status.OPEN] * 6
    assert list(disagreements(store, workers=0)) == []
    labelled(page.button, "Undo").click().run()
    assert check_ins(store, noor)[0] is Status.KEPT_ON_TIME
    with pytest.raises(Refused, match="moved the first day to 2 March 2026 meanwhile"), store.working(ben) as work:
        move_first_day(work, job, date(2026, 3, 30), seen=date(2026, 3, 16))


def test_a_first_day_that_is_a_slip_of_the_finger_is_refused(page_of: Open, store: Store, ben: Viewer, noor: int):
    page = record(jobs(page_of, ben, noor), date(1990, 1, 1))
    assert "A first day in 1990" in page.error[0].value
    assert check_ins(store, noor) == []


def test_a_job_that_ended_early_keeps_its_reason_and_owes_no_more(
    page_of: Open, store: Store, ben: Viewer, clock: FixedClock, noor: int
):
    record(jobs(page_of, ben, noor), date(2026, 3, 2))
    with store.reading() as session:
        job = session.query(Placement).one().id
    clock.forward(days=30)
    page = jobs(page_of, ben, noor)
    page.button(key=f"end-{job}").click().run()
    page.button(key="end-it").click().run()
    assert "why it ended" in page.error[0].value
    starting(page.text_area, "end-reason-").set_value("The role was another one than promised.")
    page.button(key="end-it").click().run()
    assert "ended Wed 1 Apr" in words(page)
    assert "“The role was another one than promised.”" in words(page)
    assert check_ins(store, noor).count(Status.OPEN) == 2  # overdue: what was not said stays owed
    assert check_ins(store, noor).count(Status.VOID) == 4
    page.session_state[f"tabs-{noor}"] = "History"
    assert "The job ended" in words(page.run())
    labelled(page.button, "Undo").click().run()
    assert check_ins(store, noor).count(Status.OPEN) == 6


def test_a_rhythm_is_offered_for_afterwards_where_none_is_set(page_of: Open, store: Store, ben: Viewer, noor: int):
    page = record(jobs(page_of, ben, noor), date(2026, 3, 16))
    page.button(key="rhythm-after").click().run()
    page.radio[0].set_value("Every 6 months").run()
    labelled(page.button, "Set the rhythm").click().run()
    with store.reading() as session:
        assert session.get_one(Candidate, noor).rhythm_unit is Unit.MONTHS
    assert all(button.key != "rhythm-after" for button in page.button)


def test_a_job_ends_once_and_why_stands_there_again_after_its_dialog(
    page_of: Open, store: Store, ben: Viewer, noor: int
):
    page = record(jobs(page_of, ben, noor), date(2026, 3, 2))
    with store.reading() as session:
        job = session.query(Placement).one().id
    page.button(key=f"end-{job}").click().run()
    starting(page.text_area, "end-reason-").set_value("They moved.").run()
    page.session_state[state.QUESTION] = None  # it is closed
    page.run()
    page.button(key=f"end-{job}").click().run()
    assert starting(page.text_area, "end-reason-").value == "They moved."
    page.button(key="end-it").click().run()
    assert all(button.key != f"end-{job}" for button in page.button)


def test_vera_records_nothing(page_of: Open, store: Store, vera: Viewer, noor: int):
    page = jobs(page_of, vera, noor)
    assert all(button.key != "record-placement" for button in page.button)
