"""Who recommended whom, and what came of it, as it is settled beside the recommendation."""

import pytest
from sqlalchemy import func, select

from core.commands.candidates import erase_candidate
from core.commands.meetings import note_outcome, plan_meeting
from core.commands.merges import merge_candidates, undo_merge
from core.commands.placements import record_placement
from core.commands.processes import close_process, reopen_process, start_process
from core.commands.referrals import refer, refer_somebody_new
from core.commands.undo import undo_fact
from core.domain.facts import Answer, MeetingKind, MeetingResult, Result
from core.domain.handles import Handle
from core.domain.promises import Kind, Status
from core.domain.referrals import CameTo
from core.domain.refusal import Refused
from core.persistence.check import disagreements
from core.persistence.tables import Candidate, Referral
from core.persistence.work import THE_PROGRAM
from tests.make import a_candidate, act, an_opening, promises_of, saved


@pytest.fixture
def noor(store, ben):
    return saved(store, a_candidate(owner_id=ben.id))


@pytest.fixture
def ewa(store, ben):
    return saved(store, a_candidate("Ewa Lis", owner_id=ben.id))


def settled(store, referral):
    assert list(disagreements(store)) == []
    with store.reading() as session:
        kept = session.get_one(Referral, referral)
        return kept.referrer_id, kept.brought_id, kept.came_to


def test_whoever_recommends_somebody_is_thanked_at_once_and_at_the_outcome(store, ben, noor, ewa, clock):
    referral = act(store, ben, refer, noor, ewa)
    assert settled(store, referral) == (noor, ewa, CameTo.NOTHING)
    assert [p.key for p in promises_of(store, noor, Kind.THANKS)] == [f"thanks:{referral}:recorded"]
    clock.forward(days=1)
    process = act(store, ben, start_process, ewa, saved(store, an_opening()))
    clock.forward(days=1)
    act(store, ben, close_process, process, result=Result.HIRED, answer=Answer.OWED)
    keys = [p.key for p in promises_of(store, noor, Kind.THANKS)]
    assert keys == [f"thanks:{referral}:recorded", f"thanks:{referral}:outcome"]


def test_two_can_not_have_brought_each_other(store, ben, noor, ewa):
    referral = act(store, ben, refer, noor, ewa)
    with pytest.raises(Refused, match="Noor Haddad recommended Ewa Lis"):
        act(store, ben, refer, ewa, noor)
    act(store, ben, undo_fact, referral)
    act(store, ben, refer, ewa, noor)


def test_what_came_of_it_follows_what_happens_to_who_was_recommended(store, ben, noor, ewa, clock):
    referral = act(store, ben, refer, noor, ewa)
    process = act(store, ben, start_process, ewa, saved(store, an_opening()))
    assert settled(store, referral) == (noor, ewa, CameTo.CONSIDERED)
    starts = clock.forward(days=1)
    meeting = act(
        store,
        ben,
        plan_meeting,
        ewa,
        kind=MeetingKind.INTERVIEW,
        starts_at=starts,
        ends_at=clock.forward(hours=1),
        process_id=process,
    )
    clock.forward(hours=1)
    held = act(store, ben, note_outcome, meeting, MeetingResult.HELD)
    assert settled(store, referral)[2] is CameTo.INTERVIEW
    closing = act(store, ben, close_process, process, result=Result.HIRED, answer=Answer.OWED)
    assert settled(store, referral)[2] is CameTo.HIRED
    act(store, ben, reopen_process, process)
    assert settled(store, referral)[2] is CameTo.INTERVIEW
    act(store, ben, undo_fact, held)
    assert settled(store, referral)[2] is CameTo.CONSIDERED
    clock.forward(hours=1)
    act(store, ben, record_placement, ewa, clock().date())
    assert settled(store, referral)[2] is CameTo.HIRED
    assert closing


def test_what_ended_before_the_recommendation_did_not_come_of_it(store, ben, noor, ewa, clock):
    opening = saved(store, an_opening())
    process = act(store, ben, start_process, ewa, opening)
    running = act(store, ben, start_process, ewa, saved(store, an_opening("Tester")))
    clock.forward(hours=1)
    act(store, ben, close_process, process, result=Result.HIRED, answer=Answer.OWED)
    clock.forward(hours=1)
    referral = act(store, ben, refer, noor, ewa)
    assert settled(store, referral)[2] is CameTo.CONSIDERED
    clock.forward(hours=1)
    act(store, ben, close_process, running, result=Result.REJECTED, answer=Answer.OWED)
    assert settled(store, referral)[2] is CameTo.CONSIDERED


def test_saying_twice_who_recommended_whom_is_saying_it_once(store, ben, noor, ewa):
    first = act(store, ben, refer, noor, ewa)
    assert act(store, ben, refer, noor, ewa) == first
    act(store, ben, undo_fact, first)
    act(store, ben, undo_fact, first)
    assert settled(store, first) == (None, None, None)
    assert promises_of(store, noor, Kind.THANKS) == []
    assert act(store, ben, refer, noor, ewa) != first


def test_nobody_recommends_themselves(store, ben, noor):
    with pytest.raises(Refused, match="Nobody recommends themselves"):
        act(store, ben, refer, noor, noor)


def test_somebody_new_is_added_with_the_recommendation_or_neither_is(store, ben, noor):
    address = Handle("email", "ivo@example.org")
    referral = act(store, ben, refer_somebody_new, noor, name="Ivo Kos", handles=[address])
    with store.reading() as session:
        ivo = session.get_one(Candidate, session.get_one(Referral, referral).brought_id)
        assert (ivo.name, ivo.source, ivo.owner_id) == ("Ivo Kos", "Referral", ben.id)
    with pytest.raises(Refused, match="already"):
        act(store, ben, refer_somebody_new, noor, name="Ivo K.", handles=[address])
    other = act(store, ben, refer_somebody_new, noor, name="Ala Bem", is_referrer=True)
    assert settled(store, other)[1] == noor
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Candidate)) == 3


def test_a_merge_puts_the_recommendations_of_both_together_and_parting_parts_them(store, ben, noor, ewa):
    again, ala = saved(store, a_candidate("Noor H.")), saved(store, a_candidate("Ala Bem"))
    made, had = act(store, ben, refer, again, ewa), act(store, ben, refer, ala, again)
    merge = act(store, ben, merge_candidates, noor, again)
    assert settled(store, made)[:2] == (noor, ewa)
    assert settled(store, had)[:2] == (ala, noor)
    act(store, ben, undo_merge, merge)
    assert settled(store, made)[:2] == (again, ewa)
    assert settled(store, had)[:2] == (ala, again)


def test_what_came_of_somebody_who_was_erased_still_counts(store, ben, noor, ewa):
    referral = act(store, ben, refer, noor, ewa)
    act(store, ben, start_process, ewa, saved(store, an_opening()))
    act(store, THE_PROGRAM, erase_candidate, ewa)
    assert settled(store, referral) == (noor, ewa, CameTo.CONSIDERED)
    act(store, THE_PROGRAM, erase_candidate, noor)
    assert settled(store, referral) == (noor, ewa, CameTo.CONSIDERED)
    assert {promise.status for promise in promises_of(store, noor, Kind.THANKS)} == {Status.VOID}


def test_vera_recommends_nobody(store, vera, noor, ewa):
    with pytest.raises(Refused, match="You may look"):
        act(store, vera, refer, noor, ewa)
