"""Clients, the mirror: every figure on both databases, and the same as reckoned one by one."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.commands.clients import Person, add_client, set_people
from core.commands.contacts import log_contact
from core.commands.meetings import change_host, move_meeting, note_outcome, plan_meeting
from core.commands.openings import add_opening, edit_opening, hold_opening
from core.commands.policy import set_answer_time
from core.commands.processes import close_process, start_process, wait_on_client
from core.commands.undo import undo_fact
from core.domain.facts import Absent, Answer, ClosingReason, MeetingKind, MeetingResult, OpeningStatus, Result, Way
from core.domain.percentiles import median, ninetieth
from core.domain.promises import Kind
from core.persistence.check import miscounted
from core.persistence.tables import Fact, FactKind
from core.queries import clients
from core.queries.clients import Listed, Order, What
from core.queries.page import Page
from tests.make import a_candidate, act, saved

FIRST = Page(1, 20)


def listed(store, page=FIRST, **how):
    with store.reading() as session:
        return clients.listed(session, now=store.now(), calendar=store.calendar, page=page, **how)


def mirror(store, client_id):
    with store.reading() as session:
        return clients.mirror(session, client_id, now=store.now(), calendar=store.calendar)


def upsets(store, client_id):
    with store.reading() as session:
        found = clients.upsets(session, client_id, clients.since(store.now(), store.calendar))
    assert len(found) == mirror(store, client_id).upset.total()
    return found


def broken(store, client_id):
    with store.reading() as session:
        begin, now, calendar = clients.since(store.now(), store.calendar), store.now(), store.calendar
        found = clients.broken(session, client_id, begin, 3, now=now, calendar=calendar)
    assert len(found) == mirror(store, client_id).broken
    return found


@pytest.fixture
def nordbank(store, ben):
    return act(store, ben, add_client, "Nordbank", owner_id=ben.id)


@pytest.fixture
def role(store, ben, nordbank):
    return act(store, ben, add_opening, "Python developer", client_id=nordbank)


@pytest.fixture
def somebody(store, ben, role):
    """`somebody("Noor")`: who has just come into the opening; answers the person's id and the process's."""

    def start(name="Noor Haddad", opening=role):
        person = saved(store, a_candidate(name))
        return person, act(store, ben, start_process, person, opening)

    return start


def answered(store, ben, clock, somebody, days, **where):
    """One whom the client answers about after so many calendar days, from a Monday on."""
    person, process = somebody(**where)
    begun = clock.now
    act(store, ben, wait_on_client, process)
    clock.forward(days=days)
    act(store, ben, log_contact, person, way=Way.CLIENT_FROM, text="Yes.", process_id=process)
    clock.now = begun
    return process


def test_days_to_answer_are_told_from_five_answers_on(store, clock, ben, nordbank, somebody):
    for days in (1, 1, 2, 4):
        answered(store, ben, clock, somebody, days)
    clock.forward(days=30)
    (row,) = listed(store).rows
    assert (row.answers.n, row.answers.can_be_told) == (4, False)
    answered(store, ben, clock, somebody, 11)
    clock.forward(days=30)
    (row,) = listed(store).rows
    assert (row.answers.n, row.answers.median, row.answers.ninetieth) == (5, 2.0, 6)
    assert row.answers.can_be_told
    assert mirror(store, nordbank).answers == row.answers


@pytest.mark.parametrize("days", [[1], [1, 2], [1, 2, 3, 4], [0, 0, 1, 1, 2, 3, 7, 8, 9, 10], [2] * 7 + [9] * 3])
def test_the_list_reckons_in_sql_what_the_page_of_one_client_reckons_in_python(
    store, clock, ben, nordbank, somebody, days
):
    took = Counter()
    for number in days:
        answered(store, ben, clock, somebody, number)
        took[store.calendar.working_days_late(clock.now, clock.now + timedelta(days=number))] += 1
    clock.forward(days=20)
    (row,) = listed(store).rows
    assert (row.answers.median, row.answers.ninetieth) == (median(took), ninetieth(took))
    assert mirror(store, nordbank).answers == row.answers


def test_an_answer_counts_no_more_when_it_or_the_waiting_is_taken_back(store, clock, ben, nordbank, somebody):
    for taken_back in (FactKind.CONTACT, FactKind.TURN_CHANGE):
        process = answered(store, ben, clock, somebody, 2)
        clock.forward(days=7)
        assert listed(store).rows[0].answers.n == mirror(store, nordbank).answers.n == 1
        with store.reading() as session:
            facts = select(Fact.id).where(Fact.process_id == process, Fact.kind == taken_back).order_by(Fact.id)
            taken = session.scalars(facts).all()
        for fact in reversed(taken):
            act(store, ben, undo_fact, fact)
        assert listed(store).rows[0].answers.n == mirror(store, nordbank).answers.n == 0
        assert list(miscounted(store)) == []


def test_answers_are_told_by_month_for_a_year_and_no_longer(store, clock, ben, nordbank, somebody):
    answered(store, ben, clock, somebody, 1)
    clock.forward(days=31)
    answered(store, ben, clock, somebody, 2)
    clock.forward(days=7)
    months = mirror(store, nordbank).months
    assert len(months) == 13
    assert [dict(answers) for _, answers in months[-2:]] == [{1: 1}, {1: 1}], "a Saturday counts for nothing"
    clock.forward(days=360)
    assert mirror(store, nordbank).answers.n == 1


def test_whoever_is_waited_for_longer_than_the_answer_time_is_silent(store, clock, ben, nordbank, somebody):
    person, process = somebody()
    begun = clock.now
    act(store, ben, wait_on_client, process)
    clock.forward(days=2)
    act(store, ben, wait_on_client, somebody("Ida")[1])
    assert listed(store).rows[0].silent == 0
    clock.forward(days=2)
    seen = mirror(store, nordbank)
    assert [(wait.name, wait.since) for wait in seen.waits] == [("Noor Haddad", begun)], "Ida is waited for in time"
    assert (seen.waiting, seen.silent) == (2, 1)
    (row,) = listed(store).rows
    assert (row.silent, row.silent_since) == (1, begun)
    act(store, ben, set_answer_time, nordbank, 10)
    assert (listed(store).rows[0].silent, mirror(store, nordbank).silent) == (0, 0)
    act(store, ben, log_contact, person, way=Way.CLIENT_FROM, text="Yes.", process_id=process)
    assert mirror(store, nordbank).waiting == 1


def planned(store, ben, clock, person, process, days=1, hour=0):
    at = clock.now + timedelta(days=days, hours=hour)
    return act(
        store,
        ben,
        plan_meeting,
        person,
        kind=MeetingKind.INTERVIEW,
        starts_at=at,
        ends_at=at + timedelta(hours=1),
        process_id=process,
    )


def test_interviews_are_counted_by_who_missed_moved_or_cancelled_them_with_the_notice(
    store, clock, ben, nordbank, somebody
):
    (noor, hers), (ida, idas), (ole, oles) = somebody("Noor"), somebody("Ida"), somebody("Ole")
    missed, moved = planned(store, ben, clock, noor, hers), planned(store, ben, clock, ida, idas, hour=2)
    cancelled = planned(store, ben, clock, ole, oles, hour=4)
    later = clock.now + timedelta(days=3)
    act(store, ben, move_meeting, moved, starts_at=later, ends_at=later + timedelta(hours=1), asked_by=Absent.CLIENT)
    clock.forward(hours=20)
    act(store, ben, note_outcome, cancelled, MeetingResult.CANCELLED, asked_by=Absent.CANDIDATE)
    clock.forward(hours=8)
    mistake = act(store, ben, note_outcome, missed, MeetingResult.MISSED, absent=Absent.US)
    act(store, ben, undo_fact, mistake)
    assert mirror(store, nordbank).unnoted == 1
    act(store, ben, note_outcome, missed, MeetingResult.MISSED, absent=Absent.CLIENT)
    clock.forward(hours=3)
    seen = mirror(store, nordbank)
    assert {(upset.name, upset.what, upset.by, upset.notice) for upset in upsets(store, nordbank)} == {
        ("Noor", What.MISSED, Absent.CLIENT, None),
        ("Ida", What.MOVED, Absent.CLIENT, timedelta(hours=26)),
        ("Ole", What.CANCELLED, Absent.CANDIDATE, timedelta(hours=8)),
    }
    assert seen.interviews == 2, "the one that was moved is still to come"
    assert seen.unnoted == 0
    (row,) = listed(store).rows
    assert (row.missed, row.moved) == (1, 1)


def test_an_interview_that_somebody_else_hosts_or_that_was_taken_back_was_not_upset(
    store, clock, ana, ben, nordbank, somebody
):
    (noor, hers), (ida, idas) = somebody("Noor"), somebody("Ida")
    handed, taken_back = planned(store, ben, clock, noor, hers), planned(store, ben, clock, ida, idas, hour=2)
    act(store, ben, change_host, handed, ana.id)
    later = clock.now + timedelta(days=3)
    act(store, ben, move_meeting, taken_back, starts_at=later, ends_at=later + timedelta(hours=1))
    assert len(upsets(store, nordbank)) == 1
    act(store, ben, undo_fact, taken_back)
    clock.forward(days=4)
    seen = mirror(store, nordbank)
    assert (upsets(store, nordbank), seen.interviews) == ([], 1)


def test_what_a_client_did_goes_with_the_opening_to_another(store, clock, ben, nordbank, role, somebody):
    person, process = somebody()
    act(store, ben, wait_on_client, process)
    missed = planned(store, ben, clock, person, process)
    clock.forward(days=2)
    act(store, ben, note_outcome, missed, MeetingResult.MISSED, absent=Absent.CLIENT)
    act(store, ben, close_process, process, result=Result.REJECTED, answer=Answer.OWED, reason=ClosingReason.SKILLS)
    another = act(store, ben, add_client, "Lumo", owner_id=ben.id)
    told = {"title": "Python developer", "client_id": another, "owner_id": ben.id, "note": ""}
    act(store, ben, edit_opening, role, version=1, **told)
    seen, before = mirror(store, another), mirror(store, nordbank)
    assert (len(upsets(store, another)), seen.interviews, len(seen.closures)) == (1, 1, 1)
    assert (upsets(store, nordbank), before.interviews, before.closures, before.waiting) == ([], 0, [], 0)


def test_closures_are_counted_by_result_and_reason(store, ben, nordbank, somebody):
    for reason in (ClosingReason.SKILLS, ClosingReason.SKILLS, ClosingReason.LANGUAGE):
        _, process = somebody(reason.value + str(len(mirror(store, nordbank).closures)))
        act(store, ben, close_process, process, result=Result.REJECTED, answer=Answer.OWED, reason=reason)
    assert mirror(store, nordbank).closures == [
        (Result.REJECTED, ClosingReason.SKILLS, 2),
        (Result.REJECTED, ClosingReason.LANGUAGE, 1),
    ]


def test_a_word_kept_late_or_not_at_all_while_the_client_was_silent_is_because_of_it(
    store, clock, ben, nordbank, somebody
):
    """Its answer is due by Thursday; the candidate's update too, and the sentence that it takes longer by Friday."""
    noor, process = somebody()
    begun = clock.now
    act(store, ben, wait_on_client, process)
    clock.forward(days=4)  # Friday morning: our own update is late, but until yesterday the client had its time
    assert broken(store, nordbank) == []
    clock.forward(days=3)
    (one,) = broken(store, nordbank)
    assert (one.kind, one.name, one.kept_at, one.waited_since) == (Kind.DELAY, "Noor Haddad", None, begun)
    told = clock.now
    act(store, ben, log_contact, noor, way=Way.TO, text="It takes longer.", process_id=process)
    assert [one.kept_at for one in broken(store, nordbank)] == [told]
    act(store, ben, log_contact, noor, way=Way.CLIENT_FROM, text="Yes.", process_id=process)
    clock.forward(days=14)
    assert len(broken(store, nordbank)) == 1, "what is late after the answer is ours alone"


def test_a_client_that_answers_in_time_breaks_nothing(store, clock, ben, nordbank, somebody):
    answered(store, ben, clock, somebody, 2)
    clock.forward(days=10)
    assert broken(store, nordbank) == []


def test_the_slowest_comes_first_and_of_whom_too_little_is_known_last(store, clock, ben, nordbank, somebody):
    acme, zenit = (act(store, ben, add_client, name) for name in ("Acme", "Zenit"))
    theirs = act(store, ben, add_opening, "Tester", client_id=zenit)
    for _ in range(5):
        answered(store, ben, clock, somebody, 1)
        answered(store, ben, clock, somebody, 4, opening=theirs)
    clock.forward(days=7)
    seen = listed(store)
    assert ([row.id for row in seen.rows], seen.number) == ([zenit, nordbank, acme], 3)
    assert [row.id for row in listed(store, order=Order.NAME).rows] == [acme, nordbank, zenit]
    assert [row.id for row in listed(store, Page(2, 1), order=Order.NAME).rows] == [nordbank]
    assert [row.id for row in listed(store, text="NORD").rows] == [nordbank]
    assert listed(store, text="100%") == Listed([], number=0, silent=0, without_answer=0)


@pytest.mark.parametrize("order", Order)
def test_a_list_in_any_order_has_every_client_once(store, clock, ben, order, somebody):
    for name in ("Acme", "Zenit", "Ångström"):
        act(store, ben, add_client, name)
    act(store, ben, wait_on_client, somebody()[1])
    clock.forward(days=9)
    seen = listed(store, order=order)
    assert (sorted(row.name for row in seen.rows), seen.number) == (["Acme", "Nordbank", "Zenit", "Ångström"], 4)
    if order in (Order.SILENT, Order.PEOPLE):
        assert seen.rows[0].name == "Nordbank"
    second = listed(store, Page(2, 3), order=order)
    assert (second.silent, second.without_answer) == (1, 1), "whoever is silent counts, on this page or not"


def test_a_client_shows_its_openings_and_its_people(store, ben, nordbank, role, somebody):
    held = act(store, ben, add_opening, "Designer", client_id=nordbank)
    act(store, ben, hold_opening, held)
    somebody()
    act(store, ben, set_people, nordbank, [Person("Eva Lind", "Head of IT", "eva@nordbank.example", "")], version=1)
    seen = mirror(store, nordbank)
    assert (seen.openings, seen.running, seen.people) == (2, 2, 1)
    with store.reading() as session:
        openings = clients.of_client(session, nordbank, store.now())
    assert {(one.title, one.status, one.people) for one in openings} == {
        ("Python developer", OpeningStatus.OPEN, 1),
        ("Designer", OpeningStatus.HELD, 0),
    }
    assert seen.profile.people == (("Eva Lind", "Head of IT", "eva@nordbank.example", ""),)
    assert (seen.profile.owner, seen.profile.answer_time, seen.profile.version) == ("Ben", 3, 2)
    (row,) = listed(store).rows
    assert (row.openings, row.people, row.owner) == (2, 1, "Ben")


def test_of_a_client_there_is_none_there_is_no_mirror(store):
    assert mirror(store, 4711) is None
