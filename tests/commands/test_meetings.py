"""Meetings: what stands in the way, and what was before anybody planned it."""

from datetime import timedelta

import pytest

from core.commands.meetings import (
    cancel_meetings,
    edit_meeting,
    move_meeting,
    note_outcome,
    plan_meeting,
    record_meeting,
)
from core.commands.members import deactivate_member
from core.commands.undo import undo_fact, undo_facts
from core.domain.facts import Absent, MeetingKind, MeetingResult
from core.domain.promises import Kind, Status
from core.domain.refusal import NotAllowed, Refused, Stale
from core.persistence.check import disagreements
from core.persistence.tables import Meeting
from core.queries.meetings import of_person
from tests.make import MONDAY, a_candidate, a_member, act, promise_of, promises_of, saved

TUESDAY = MONDAY + timedelta(days=1)
HOUR = timedelta(hours=1)


def plan(store, who, person, start=TUESDAY, **plain):
    plain = {"kind": MeetingKind.INTERVIEW, "starts_at": start, "ends_at": start + HOUR, **plain}
    return act(store, who, plan_meeting, person, **plain)


@pytest.fixture
def noor(store, ben):
    return saved(store, a_candidate(owner_id=ben.id))


@pytest.fixture
def ewa(store, ben):
    return saved(store, a_candidate("Ewa Lis", owner_id=ben.id))


def test_a_clash_of_ours_is_refused_and_names_the_other_meeting(store, ben, ana, noor, ewa):
    plan(store, ben, noor)
    with pytest.raises(Refused, match=r"^Ben has a meeting then, with Noor Haddad: Tue 3 Mar, 09:00 to 10:00.$"):
        plan(store, ben, ewa, TUESDAY + HOUR / 2)
    plan(store, ben, ewa, TUESDAY + HOUR / 2, host_id=ana.id)


def test_a_clash_of_theirs_is_refused_and_names_the_other_meeting(store, ben, ana, noor):
    plan(store, ben, noor)
    with pytest.raises(Refused, match=r"^Noor Haddad has a meeting then, with Ben: "):
        plan(store, ana, noor, TUESDAY - HOUR / 2, host_id=ana.id)


def test_all_that_stands_in_the_way_is_named(store, ben, ana, noor, ewa):
    plan(store, ben, noor)
    plan(store, ben, ewa, host_id=ana.id)
    with pytest.raises(Refused, match=r"Noor Haddad has .* Ana has a meeting then, with Ewa Lis"):
        plan(store, ben, noor, host_id=ana.id)


def test_touching_ends_are_no_clash_and_a_move_is_held_to_the_same(store, ben, noor, ewa):
    plan(store, ben, noor)
    later = plan(store, ben, ewa, TUESDAY + HOUR)
    with pytest.raises(Refused, match="Ben has a meeting then"):
        act(store, ben, move_meeting, later, starts_at=TUESDAY + HOUR / 2, ends_at=TUESDAY + 2 * HOUR)


def test_one_that_was_cancelled_stands_in_nobodys_way(store, ben, noor, ewa):
    first = plan(store, ben, noor)
    act(store, ben, note_outcome, first, MeetingResult.CANCELLED, asked_by=Absent.CANDIDATE)
    plan(store, ben, ewa)


def test_what_is_taken_back_does_not_put_two_meetings_at_once(store, ben, noor, ewa):
    first = plan(store, ben, noor)
    moved = act(store, ben, move_meeting, first, starts_at=TUESDAY + 3 * HOUR, ends_at=TUESDAY + 4 * HOUR)
    second = plan(store, ben, ewa)
    with pytest.raises(Refused, match="Ben has a meeting then, with Ewa Lis"):
        act(store, ben, undo_fact, moved)
    cancelled = act(store, ben, note_outcome, second, MeetingResult.CANCELLED)
    act(store, ben, undo_fact, moved)
    with pytest.raises(Refused, match="Ben has a meeting then, with Noor Haddad"):
        act(store, ben, undo_fact, cancelled)


def test_several_are_cancelled_in_one_stroke_or_none_of_them(store, ben, vera, noor, ewa):
    first, second, third = (
        plan(store, ben, who, TUESDAY + hours * HOUR) for hours, who in enumerate((noor, ewa, noor))
    )
    with pytest.raises(NotAllowed):
        act(store, vera, cancel_meetings, [first, second])
    cancelled = act(store, ben, cancel_meetings, [first, second])
    with pytest.raises(Refused, match="on record already"):
        act(store, ben, cancel_meetings, [third, second])
    with store.reading() as session:
        assert [session.get(Meeting, id_).result for id_ in (first, second, third)] == 2 * [MeetingResult.CANCELLED] + [
            None
        ]
    act(store, ben, undo_facts, cancelled)
    assert list(disagreements(store)) == []
    with pytest.raises(Refused, match="has a meeting then"):
        plan(store, ben, ewa)


def test_whoever_has_left_hosts_no_meeting(store, ben, ana, vera, noor):
    act(store, ana, deactivate_member, ben.id, ana.id)
    with pytest.raises(Refused, match="have left"):
        plan(store, ana, noor, host_id=ben.id)


def test_a_meeting_that_nobody_planned_is_on_record_with_how_it_went(store, ben, noor):
    start = MONDAY - timedelta(hours=20)
    plain = {"kind": MeetingKind.INTERVIEW, "starts_at": start, "ends_at": start + HOUR}
    meeting = act(store, ben, record_meeting, noor, result=MeetingResult.HELD, **plain)
    assert promise_of(store, noor, Kind.DEBRIEF).status is Status.OPEN
    with store.reading() as session:
        assert session.get_one(Meeting, meeting).result is MeetingResult.HELD
    act(store, ben, undo_fact, meeting)
    assert promises_of(store, noor) == []


def test_one_that_is_not_over_is_planned_and_not_recorded(store, ben, noor):
    with pytest.raises(Refused, match="not over yet"):
        act(
            store,
            ben,
            record_meeting,
            noor,
            kind=MeetingKind.TALK,
            starts_at=TUESDAY,
            ends_at=TUESDAY + HOUR,
            result=MeetingResult.HELD,
        )
    with store.reading() as session:
        assert session.query(Meeting).all() == []


def test_of_two_who_give_it_another_host_the_second_is_told(store, ben, ana, noor):
    meeting, cleo = plan(store, ben, noor), saved(store, a_member("Cleo"))
    act(store, ben, edit_meeting, meeting, version=1, place="", note="", host_id=ana.id)
    with pytest.raises(Stale) as refusal:
        act(store, ana, edit_meeting, meeting, version=1, place="", note="", host_id=cleo)
    assert refusal.value.theirs["who of us"] == "Ana"


def test_a_place_that_is_too_long_is_refused_and_never_cut(store, ben, noor):
    with pytest.raises(Refused, match="301 characters"):
        plan(store, ben, noor, place="x" * 301)


def test_where_it_is_and_who_hosts_it_come_later_and_nobody_is_overwritten(store, ben, ana, noor, ewa):
    meeting = plan(store, ben, noor)
    plan(store, ana, ewa, host_id=ana.id)
    act(store, ben, edit_meeting, meeting, version=1, place=" meet.example/abc ", note="Her notice")
    with pytest.raises(Stale) as refusal:
        act(store, ana, edit_meeting, meeting, version=1, place="Room 3", note="")
    assert refusal.value.theirs == {"who of us": "Ben", "where": "meet.example/abc", "what to bring up": "Her notice"}
    assert refusal.value.saved == (ben.name, store.now())
    with pytest.raises(Refused, match="Ana has a meeting then"):  # and nothing of it is kept
        act(store, ben, edit_meeting, meeting, version=2, place="Room 3", note="", host_id=ana.id)
    act(store, ben, move_meeting, meeting, starts_at=TUESDAY + HOUR, ends_at=TUESDAY + 2 * HOUR)
    act(store, ben, edit_meeting, meeting, version=2, place="meet.example/abc", note="", host_id=ana.id)
    with store.reading() as session:
        now = session.get_one(Meeting, meeting)
        assert (now.host_id, now.place, now.note) == (ana.id, "meet.example/abc", "")
        (told,) = of_person(session, noor)
        assert (told.moves, told.changes) == (1, 3)  # each edit is one for calendars too
    act(store, ben, note_outcome, meeting, MeetingResult.CANCELLED)
    with pytest.raises(Refused, match="is over"):
        act(store, ben, edit_meeting, meeting, version=3, place="Room 3", note="")
