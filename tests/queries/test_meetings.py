"""Meetings as they are read: a day's, a person's, and what stands beside a new one."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from core.commands.candidates import erase_candidate
from core.commands.meetings import move_meeting, note_outcome, plan_meeting
from core.commands.members import deactivate_member
from core.commands.merges import merge_candidates
from core.commands.undo import undo_fact
from core.domain.facts import Absent, MeetingKind, MeetingResult
from core.persistence.work import THE_PROGRAM
from core.queries import meetings
from core.queries.page import Page
from tests.make import MONDAY, a_candidate, a_client, a_process, act, an_opening, saved

HOUR = timedelta(hours=1)
DAY = date(2026, 3, 2)


def plan(store, who, person, start, **plain):
    plain = {"kind": MeetingKind.TALK, "starts_at": start, "ends_at": start + HOUR, **plain}
    return act(store, who, plan_meeting, person, **plain)


def of_day(store, viewer, *, mine=True, day=DAY, page=Page(1, 8)):  # noqa: B008
    with store.reading() as session:
        return meetings.of_day(session, viewer, mine=mine, day=day, calendar=store.calendar, page=page)


def of_person(store, person):
    with store.reading() as session:
        return meetings.of_person(session, person)


@pytest.fixture
def noor(store, ben):
    return saved(store, a_candidate(owner_id=ben.id))


@pytest.fixture
def ewa(store, ana):
    return saved(store, a_candidate("Ewa Lis", owner_id=ana.id))


def test_a_days_meetings_are_mine_or_the_teams_in_order(store, ben, ana, noor, ewa):
    later = plan(store, ben, noor, MONDAY + 3 * HOUR, place="Room 3")
    hers = plan(store, ana, ewa, MONDAY + HOUR)
    plan(store, ben, noor, MONDAY + 25 * HOUR)
    mine, team = of_day(store, ben), of_day(store, ben, mine=False)
    assert ([row.id for row in mine.rows], mine.number) == ([later], 1)
    assert [row.id for row in team.rows] == [hers, later]
    assert (mine.rows[0].name, mine.rows[0].host, mine.rows[0].place) == ("Noor Haddad", "Ben", "Room 3")


def test_a_meeting_of_somebody_who_left_is_the_covers_and_of_whoever_covers_the_cover(store, ana, ben, cleo, noor):
    planned = plan(store, ben, noor, MONDAY + HOUR)
    left = act(store, ana, deactivate_member, ben.id, cleo.id)
    assert [row.id for row in of_day(store, cleo).rows] == [planned]
    assert of_day(store, ana).rows == []
    act(store, ana, deactivate_member, cleo.id, ana.id)
    assert [(row.id, row.host) for row in of_day(store, ana).rows] == [(planned, "Ben")]
    act(store, ana, undo_fact, left)
    assert of_day(store, ana).rows == []


def test_the_day_is_the_teams_own(store, ben, noor):
    last = plan(store, ben, noor, MONDAY.replace(hour=22, minute=30))  # 23:30 in Warsaw
    plan(store, ben, noor, MONDAY.replace(hour=23, minute=45))  # 00:45 of the next day
    assert [row.id for row in of_day(store, ben).rows] == [last]


def test_what_was_cancelled_taken_back_or_erased_is_none_of_the_day(store, ben, noor, ewa):
    cancelled = plan(store, ben, noor, MONDAY + HOUR)
    act(store, ben, note_outcome, cancelled, MeetingResult.CANCELLED)
    act(store, ben, undo_fact, plan(store, ben, noor, MONDAY + 2 * HOUR))
    plan(store, ben, ewa, MONDAY + 3 * HOUR, host_id=ben.id)
    act(store, THE_PROGRAM, erase_candidate, ewa)
    assert of_day(store, ben).rows == []


def test_a_day_is_cut_and_counted_in_the_database_in_as_many_questions_as_one_meeting(store, ben, noor):
    asked = []
    event.listen(store.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    plan(store, ben, noor, MONDAY + HOUR)
    asked.clear()
    of_day(store, ben)
    few = len(asked)
    for number in range(2, 6):
        plan(store, ben, noor, MONDAY + number * HOUR)
    asked.clear()
    seen = of_day(store, ben, page=Page(1, 3))
    assert (len(seen.rows), seen.number) == (3, 5)
    assert len(asked) == few


def test_a_meeting_says_what_it_is_about_how_often_it_moved_and_who_was_absent(store, ben, noor):
    opening = saved(store, an_opening(client_id=saved(store, a_client("Nordbank"))))
    process = saved(store, a_process(opening, candidate_id=noor, first_owner_id=ben.id))
    met = plan(store, ben, noor, MONDAY + HOUR, process_id=process, kind=MeetingKind.INTERVIEW)
    act(store, ben, move_meeting, met, starts_at=MONDAY + 2 * HOUR, ends_at=MONDAY + 3 * HOUR)
    act(store, ben, note_outcome, met, MeetingResult.MISSED, absent=Absent.US, absent_member_id=ben.id)
    (row,) = of_person(store, noor)
    assert row.what == "Interview: Noor Haddad, Python developer, Nordbank"
    assert (row.starts_at, row.moves, row.absent_member) == (MONDAY + 2 * HOUR, 1, "Ben")


def test_whatever_changes_a_meeting_raises_its_sequence_taking_back_too(store, ben, noor):
    met = plan(store, ben, noor, MONDAY + 5 * HOUR)

    def now():
        (row,) = of_person(store, noor)
        return row.starts_at - MONDAY, row.moves, row.invitation.is_cancelled

    sequences = [of_person(store, noor)[0].changes]

    def step(command, *args, **plain):
        fact = act(store, ben, command, *args, **plain)
        sequences.append(of_person(store, noor)[0].changes)
        return fact

    moved = step(move_meeting, met, starts_at=MONDAY + 6 * HOUR, ends_at=MONDAY + 7 * HOUR)
    assert now() == (6 * HOUR, 1, False)
    step(undo_fact, moved)
    assert now() == (5 * HOUR, 0, False)
    cancelled = step(note_outcome, met, MeetingResult.CANCELLED)
    assert now() == (5 * HOUR, 0, True)
    step(undo_fact, cancelled)
    assert now() == (5 * HOUR, 0, False)
    assert sequences == sorted(set(sequences))


def test_of_somebody_merged_the_meetings_are_the_kept_ones(store, ben, noor, ewa):
    plan(store, ben, ewa, MONDAY + HOUR, host_id=ben.id)
    act(store, ben, merge_candidates, noor, ewa)
    assert [(row.candidate_id, row.name) for row in of_person(store, noor)] == [(noor, "Noor Haddad")]
    assert of_day(store, ben).rows[0].name == "Noor Haddad"


def test_beside_a_new_one_stands_what_either_has_on_that_day(store, ben, ana, noor, ewa):
    theirs = plan(store, ana, noor, MONDAY + HOUR, host_id=ana.id)
    ours = plan(store, ben, ewa, MONDAY + 3 * HOUR, host_id=ben.id)
    plan(store, ana, ewa, MONDAY + 5 * HOUR, host_id=ana.id)
    with store.reading() as session:
        plain = {"host_id": ben.id, "candidate_id": noor, "day": DAY, "calendar": store.calendar}
        assert [row.id for row in meetings.beside(session, **plain)] == [theirs, ours]
        assert [row.id for row in meetings.beside(session, **plain, but=ours)] == [theirs]
