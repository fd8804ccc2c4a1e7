"""The figures of a small world, each worked out by hand; and that what is behind them is what they count."""

from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from core.commands.openings import edit_opening
from core.commands.promises import waive_promise
from core.commands.undo import undo_fact
from core.domain.facts import Absent, Answer, MeetingKind, MeetingResult, Way
from core.domain.promises import KEPT, Kind, Status
from core.persistence.check import disagreements
from core.queries import insights
from core.queries.insights import InsightFilters, Waited, Words
from core.queries.members import team
from core.queries.page import Page
from tests.make import (
    a_candidate,
    a_client,
    a_closing,
    a_contact,
    a_meeting,
    a_process,
    a_word_from_her,
    a_word_to_her,
    an_opening,
    an_outcome,
    promise_of,
    saved,
)

FIRST = Page(1, 50)
SPRING = InsightFilters(date(2026, 3, 1), date(2026, 5, 1))
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("Europe/Warsaw"))


def heard(*when: int) -> object:
    return a_word_from_her(happened_at=at(*when))


def told(*when: int, **columns: object) -> object:
    return a_word_to_her(happened_at=at(*when), **columns)


def seen(store, filters: InsightFilters = SPRING):
    with store.reading() as session:
        return insights.insights(session, filters, now=store.now(), calendar=store.calendar)


def behind(store, filters: InsightFilters, statuses=insights.IN_FIGURES, page: Page = FIRST):
    with store.reading() as session:
        return insights.words(session, filters, statuses, now=store.now(), calendar=store.calendar, page=page)


@pytest.fixture
def replies(store, clock, ana, ben):
    """Five answers of Ben's due in March, one of Ana's in April, and one that was waived. Looked at on 4 May."""
    clock.now = at(5, 4, 10)
    saved(
        store,
        a_candidate("Noor", owner_id=ben.id),
        *(heard(3, 2, 10), told(3, 2, 12)),  # 2 working hours
        *(heard(3, 4, 10), told(3, 5, 10)),  # 7 on the Wednesday, 1 on the Thursday
        *(heard(3, 9, 16), told(3, 12, 9, 30)),  # due on the 10th, 2 days late; 1 + 8 + 8 hours, and half of one
        *(heard(3, 16, 10), told(3, 18, 11)),  # due on the 17th, 1 day late; 7 + 8 + 2 hours
    )
    ola = saved(store, a_candidate("Ola", owner_id=ben.id), heard(3, 27, 10))  # due on Monday the 30th, and still owed
    saved(store, a_candidate("Piotr", owner_id=ana.id), heard(4, 1, 10), told(4, 1, 11))
    ewa = saved(store, a_candidate("Ewa", owner_id=ana.id), heard(4, 7, 10))
    with store.working(ben) as work:
        waive_promise(work, promise_of(store, ewa).id, "She called.")
    return ola


def test_words_are_counted_in_the_month_they_fell_due_by_what_became_of_them(store, ben, replies):
    found = seen(store)
    assert found.bars == [MARCH, APRIL]
    assert found.words == {
        MARCH: Words(on_time=2, late=Counter({2: 1, 1: 1}), overdue=1),
        APRIL: Words(on_time=1, waived=1),
    }
    assert found.words[MARCH].n == 5
    assert found.words[MARCH].share == 0.4
    assert found.words[APRIL].n == 1
    assert not found.words[APRIL].can_be_told
    assert found.kinds == {Kind.REPLY: Words(on_time=3, late=Counter({2: 1, 1: 1}), overdue=1, waived=1)}
    assert {name: words for _, name, words in found.owners} == {
        "Ana": Words(on_time=1, waived=1),
        "Ben": Words(on_time=2, late=Counter({2: 1, 1: 1}), overdue=1),
    }


def test_answers_are_measured_in_whole_working_hours(store, replies):
    assert seen(store).replies == {MARCH: Counter({2: 1, 8: 1, 17: 2}), APRIL: Counter({1: 1})}


def test_figures_are_narrowed_by_whose_they_are_and_by_kind(store, ana, ben, replies):
    mine = seen(store, InsightFilters(MARCH, date(2026, 5, 1), owner_id=ana.id))
    assert [words.n for words in mine.words.values()] == [0, 1]
    assert mine.owners == []
    assert mine.ghosted == Counter()
    updates = seen(store, InsightFilters(MARCH, date(2026, 5, 1), kind=Kind.UPDATE))
    assert [words.number() for words in updates.words.values()] == [0, 0]
    assert updates.kinds[Kind.REPLY].n == 6  # every kind is shown beside the one that is chosen
    assert updates.replies[MARCH].total() == 4


def test_a_long_stretch_is_told_year_by_year(store, replies):
    found = seen(store, InsightFilters(date(2023, 1, 1)))
    assert found.by_year
    assert [bar.year for bar in found.bars] == [2023, 2024, 2025, 2026]
    assert [words.n for words in found.words.values()] == [0, 0, 0, 6]
    assert found.reaches(date(2026, 1, 1)) == (date(2026, 1, 1), date(2027, 1, 1))
    assert seen(store, InsightFilters()).bars == [MARCH, APRIL, date(2026, 5, 1)]  # all there is, begins in March


def test_a_word_is_overdue_from_the_minute_after_it_was_due_as_the_team_counts_it(store, clock, ben):
    clock.now = at(3, 2, 10)
    saved(store, a_candidate("Noor", owner_id=ben.id), heard(3, 2, 9))  # due on the 3rd at 17:00
    saved(store, a_candidate("Uma"), heard(3, 2, 9))  # nobody's
    for now, number in ((at(3, 3, 17), 0), (at(3, 3, 17, 1), 2), (at(3, 4, 0, 1), 2)):
        clock.now = now
        assert seen(store).words[MARCH].overdue == number
        assert seen(store).kinds.get(Kind.REPLY, Words()) == Words(overdue=number)
        assert len(behind(store, SPRING)) == number
        with store.reading() as session:
            assert team(session, now=now, calendar=store.calendar).overdue == number
    assert seen(store).owners == [(ben.id, "Ben", Words(overdue=1))]
    clock.now = at(3, 3, 18)
    assert seen(store).owners == [(ben.id, "Ben", Words(overdue=1))]
    assert seen(store, InsightFilters(MARCH, owner_id=ben.id)).words[MARCH].overdue == 1
    assert seen(store, InsightFilters(MARCH, kind=Kind.UPDATE)).words[MARCH].overdue == 0
    assert seen(store, InsightFilters(date(2025, 1, 1), date(2026, 1, 1))).is_empty


def test_somebody_is_ghosted_after_twice_the_time_a_word_had(store, clock, ben, replies):
    """Owed from Friday 27 March 10:00 to Monday 17:00, 78 hours as clocks change: twice that is 2 April 23:00."""
    for day, number in ((2, 0), (3, 1)):
        clock.now = at(4, day, 12)
        assert seen(store).ghosted.total() == number
    clock.now = at(5, 2, 12)
    assert seen(store).ghosted == Counter({Waited.UNDER_1: 1})
    clock.now = at(5, 4, 12)
    assert seen(store).ghosted == Counter({Waited.TO_3: 1})
    with store.reading() as session:
        rows = insights.ghosted(session, SPRING, Waited.TO_3, today=date(2026, 5, 4), page=Page(1, 5))
        none = insights.ghosted(session, SPRING, Waited.UNDER_1, today=date(2026, 5, 4), page=Page(1, 5))
    assert [(row.name, row.ghosted_on) for row in rows] == [("Ola", date(2026, 4, 3))]
    assert none == []
    saved(store, a_word_to_her(candidate_id=replies))
    assert seen(store).ghosted == Counter()


def test_behind_a_figure_are_the_words_it_counts_page_by_page(store, ana, ben, replies):
    march = InsightFilters(MARCH, APRIL)
    rows = behind(store, march)
    assert [(row.name, row.status, row.late, row.hours) for row in rows] == [
        ("Ola", Status.OPEN, 0, None),
        ("Noor", Status.KEPT_LATE, 1, 17),
        ("Noor", Status.KEPT_LATE, 2, 17),
        ("Noor", Status.KEPT_ON_TIME, 0, 8),
        ("Noor", Status.KEPT_ON_TIME, 0, 2),
    ]
    assert behind(store, march, page=Page(2, 2)) == rows[2:4]
    assert behind(store, march, tuple(KEPT)) == rows[1:]
    assert behind(store, InsightFilters(owner_id=ana.id), (Status.WAIVED,))[0].name == "Ewa"
    assert behind(store, InsightFilters(MARCH, APRIL, kind=Kind.UPDATE)) == []


@pytest.fixture
def ended(store, clock, ben):
    """Five processes at Nordbank that ended on Tuesday 3 March: told that day, after 1, 3 and 4 days, and not yet."""
    clock.now = at(5, 4, 10)
    client = saved(store, a_client("Nordbank"))
    role = saved(store, an_opening(client_id=client))
    for name, day in (("A", 3), ("B", 4), ("C", 6), ("D", 9), ("E", 0)):
        person = saved(store, a_candidate(name, owner_id=ben.id))
        columns = {"first_owner_id": ben.id, "candidate_id": person}
        process = saved(store, a_process(role, happened_at=at(3, 2, 9), since=at(3, 2, 9), **columns))
        saved(store, a_closing(process, happened_at=at(3, 3, 10), candidate_id=person))
        if day:
            said = {"process_id": process, "candidate_id": person, "is_feedback": True}
            saved(store, a_contact(way=Way.TO, text="They chose another.", happened_at=at(3, day, 11), **said))
    return client, role


def test_what_fell_due_earlier_today_is_counted_of_its_client_too(store, clock, ben, ended):
    client, _ = ended
    of_client = InsightFilters(MARCH, client_id=client, kind=Kind.FEEDBACK)
    for hour, number in ((17, 0), (18, 1)):  # E is owed feedback by the 5th, 17:00; what was said to C and D is later
        clock.now = at(3, 5, hour)
        told = seen(store, of_client)
        assert told.words[MARCH].overdue == number
        assert [name for _, name, words in told.owners if words.overdue] == ["Ben"][:number]
        others = seen(store, InsightFilters(MARCH, kind=Kind.FEEDBACK)).clients
        assert [(name, words.overdue) for _, name, words in others] == [("Nordbank", number)]
        assert len(behind(store, of_client, (Status.OPEN,))) == number


def test_a_decision_is_told_after_so_many_working_days(store, ben, ended):
    client, _ = ended
    found = seen(store)
    assert found.told == {MARCH: Counter({0: 1, 1: 1, 3: 1, 4: 1}), APRIL: Counter()}
    assert found.untold == Counter({Answer.OWED: 1})
    assert found.kinds[Kind.FEEDBACK] == Words(on_time=2, late=Counter({1: 1, 2: 1}), overdue=1)  # due on the 5th
    with store.reading() as session:
        rows = insights.ended(session, SPRING, calendar=store.calendar, page=Page(1, 9))
        other = insights.ended(session, InsightFilters(client_id=client + 1), calendar=store.calendar, page=Page(1, 9))
    assert [(row.name, row.told_days, row.client) for row in rows] == [
        ("E", None, "Nordbank"),
        ("D", 4, "Nordbank"),
        ("C", 3, "Nordbank"),
        ("B", 1, "Nordbank"),
        ("A", 0, "Nordbank"),
    ]
    assert other == []


def test_figures_of_a_client_are_of_words_about_its_openings_and_move_with_them(store, ben, ended):
    client, role = ended
    feedback = InsightFilters(MARCH, APRIL, kind=Kind.FEEDBACK)
    assert [(name, words.n) for _, name, words in seen(store, feedback).clients] == [("Nordbank", 5)]
    of_client = InsightFilters(MARCH, APRIL, kind=Kind.FEEDBACK, client_id=client, owner_id=ben.id)
    assert seen(store, of_client).words[MARCH].share == 0.4
    assert seen(store, of_client).told[MARCH].total() == 4
    assert [row.name for row in behind(store, of_client)] == ["E", "D", "C", "B", "A"]
    acme = saved(store, a_client("Acme"))
    with store.working(ben) as work:
        edit_opening(work, role, version=1, title="Tester", client_id=acme, owner_id=ben.id, note="")
    assert [(name, words.n) for _, name, words in seen(store, feedback).clients] == [("Acme", 5)]
    assert not seen(store, of_client).told[MARCH]
    assert seen(store, InsightFilters(MARCH, APRIL, client_id=acme)).told[MARCH].total() == 4
    assert behind(store, of_client) == []
    assert list(disagreements(store)) == []


def test_meetings_that_were_to_be_are_those_begun_and_not_cancelled_or_taken_back(store, clock, ana, ben):
    """Nine planned: three held, one missed by us, one by the candidate, one not noted; the others do not count."""
    clock.now = at(5, 4, 10)
    person = saved(store, a_candidate("Noor", owner_id=ben.id))
    outcomes = [
        *[(MeetingResult.HELD, None)] * 3,
        *((MeetingResult.MISSED, Absent.US), (MeetingResult.MISSED, Absent.CANDIDATE)),
        *((MeetingResult.CANCELLED, None), (None, None), (None, None)),
    ]
    for day, (outcome, absent) in enumerate(outcomes, start=2):
        columns = {"host_id": ben.id, "candidate_id": person, "meeting_kind": MeetingKind.TALK}
        meeting = saved(store, a_meeting(at(3, day, 10), happened_at=at(3, 1, 9), **columns))
        if outcome:
            saved(store, an_outcome(meeting, outcome, absent=absent, happened_at=at(3, day, 12), candidate_id=person))
    with store.working(ben) as work:
        undo_fact(work, meeting)  # the last
    saved(store, a_meeting(at(5, 20, 10), host_id=ben.id, candidate_id=person))
    found = seen(store).meetings
    assert (found[MARCH].number, found[MARCH].missed, found[MARCH].unnoted) == (6, 1, 1)
    assert seen(store, InsightFilters(MARCH, owner_id=ana.id)).meetings[MARCH].number == 0
    assert seen(store, InsightFilters(MARCH)).meetings[date(2026, 5, 1)].number == 0
    with store.reading() as session:
        rows = insights.missed(session, SPRING, now=store.now(), calendar=store.calendar, page=Page(1, 5))
    assert [(row.name, row.at, row.who) for row in rows] == [("Noor", at(3, 5, 10), "Ben")]
    assert list(disagreements(store)) == []


def test_meetings_are_a_clients_as_long_as_its_opening_is(store, clock, ben):
    clock.now = at(5, 4, 10)
    nordbank, acme = saved(store, a_client("Nordbank")), saved(store, a_client("Acme"))
    role = saved(store, an_opening(client_id=nordbank))
    person = saved(store, a_candidate("Noor", owner_id=ben.id))
    process = saved(store, a_process(role, happened_at=at(3, 2, 9), since=at(3, 2, 9), candidate_id=person))
    saved(store, a_meeting(at(3, 5, 10), host_id=ben.id, candidate_id=person, process_id=process))
    for client, number in ((nordbank, 1), (acme, 0)):
        assert seen(store, InsightFilters(MARCH, APRIL, client_id=client)).meetings[MARCH].number == number
    with store.working(ben) as work:
        edit_opening(work, role, version=1, title="Tester", client_id=acme, owner_id=ben.id, note="")
    for client, number in ((nordbank, 0), (acme, 1)):
        assert seen(store, InsightFilters(MARCH, APRIL, client_id=client)).meetings[MARCH].number == number
    assert list(disagreements(store)) == []


@pytest.mark.parametrize("table", ["share_month", "told_month"])
def test_a_sum_that_is_wrong_is_found(store, ended, table):
    with store.engine.begin() as connection:
        connection.execute(text(f"UPDATE {table} SET number = number + 1 WHERE client_id = 0 AND owner_id > 0"))
    assert [d.what for d in disagreements(store)]
    assert all("Tally of" in d.what for d in disagreements(store))
