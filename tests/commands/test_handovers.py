"""Handing over: people are offered, accepted one by one or all, declined, and all of it taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.commands.candidates import erase_candidate, hand_over
from core.commands.handovers import (
    Share,
    accept,
    accept_people,
    decline_people,
    note_for_receiver,
    offer_again,
    offer_people,
    undo_declining,
    withdraw_offer,
)
from core.commands.meetings import change_host, plan_meeting
from core.commands.members import change_role, deactivate_member
from core.commands.merges import merge_candidates
from core.commands.undo import undo_fact, undo_facts
from core.domain.facts import MeetingKind, Rhythm, Unit
from core.domain.promises import Kind
from core.domain.refusal import Refused
from core.handing_over import accept_all, take_back_all
from core.persistence.check import disagreements
from core.persistence.handovers import Whom
from core.persistence.settling import left_behind, settle_left_behind
from core.persistence.tables import Candidate, CandidateSkill, Meeting, OfferedPerson, OfferState, Skill
from core.persistence.tables.team import Role
from core.persistence.work import THE_PROGRAM
from tests.make import (
    MONDAY,
    a_candidate,
    a_member,
    a_process,
    act,
    promise_of,
    promises_of,
    saved,
    viewer_of,
)

TUESDAY, HOUR = MONDAY + timedelta(days=1), timedelta(hours=1)


def offer(store, who, to, whom=None, of=None):
    of_id = of.id if of else who.id
    return act(store, who, offer_people, of_id, [Share(whom or Whom(of_id), tuple(member.id for member in to))])


def people_of(store, member):
    with store.reading() as session:
        return list(
            session.scalars(select(Candidate.name).where(Candidate.owner_id == member.id).order_by(Candidate.name))
        )


def offered(store, state=OfferState.OPEN):
    """Of each whom that is true of, to whom they are offered."""
    with store.reading() as session:
        query = select(Candidate.name, OfferedPerson.to_id).join(Candidate, Candidate.id == OfferedPerson.candidate_id)
        return dict(session.execute(query.where(OfferedPerson.state == state)).all())


@pytest.fixture
def dan(store):
    return viewer_of(store, a_member("Dan"))


@pytest.fixture
def noor(store, ben, opening):
    """In process."""
    return saved(store, a_candidate("Noor", owner_id=ben.id), a_process(opening, first_owner_id=ben.id))


@pytest.fixture
def agrees(store):
    """At the end, what is stored is what the facts say."""
    yield
    assert list(disagreements(store)) == []


pytestmark = pytest.mark.usefixtures("agrees")


# offering


def test_an_offer_moves_nobody_until_it_is_accepted(store, ben, cleo, noor, piotr):
    offer_id = offer(store, ben, [cleo])
    assert people_of(store, ben) == ["Noor", "Piotr"]
    assert offered(store) == {"Noor": cleo.id, "Piotr": cleo.id}
    step = act(store, cleo, accept_people, offer_id)
    assert (step.people, step.clashes, step.last_id) == (2, (), None)
    assert people_of(store, cleo) == ["Noor", "Piotr"]
    assert promise_of(store, noor, Kind.INTRODUCE).owner_id == cleo.id
    assert promises_of(store, piotr, Kind.INTRODUCE) == []


def test_several_share_out_evenly_both_those_in_process_and_the_others(store, ben, cleo, dan, noor, opening):
    saved(store, a_candidate("Ola", owner_id=ben.id), a_process(opening, first_owner_id=ben.id))
    for name in ("Ada", "Bo", "Cy"):
        saved(store, a_candidate(name, owner_id=ben.id))
    offer(store, ben, [cleo, dan])
    assert offered(store) == {"Noor": cleo.id, "Ola": dan.id, "Ada": cleo.id, "Bo": dan.id, "Cy": cleo.id}


def test_each_group_goes_to_its_own_receiver_and_the_first_that_fits_counts(
    store, ben, cleo, dan, noor, piotr, opening
):
    saved(store, a_candidate("Zoe", owner_id=ben.id))
    whom = {"process": Whom(ben.id, opening_id=opening), "rest": Whom(ben.id)}
    shares = [Share(whom["process"], (cleo.id,)), Share(whom["rest"], (dan.id,))]
    act(store, ben, offer_people, ben.id, shares)
    assert offered(store) == {"Noor": cleo.id, "Piotr": dan.id, "Zoe": dan.id}


def test_people_are_chosen_by_opening_skill_rhythm_name_and_one_by_one(store, ben, cleo, noor, piotr, opening):
    with store.working(ben) as work:
        react = Skill(name="A skill", key="a skill")
        work.session.add(react)
        work.session.flush()
        work.session.add(CandidateSkill(candidate_id=piotr, skill_id=react.id))
        work.record("made", react)
        skill = react.id
    for whom, name in (
        (Whom(ben.id, opening_id=opening), "Noor"),
        (Whom(ben.id, skill_id=skill), "Piotr"),
        (Whom(ben.id, rhythm=Rhythm(6, Unit.WEEKS)), "Piotr"),
        (Whom(ben.id, without_rhythm=True), "Noor"),
        (Whom(ben.id, words="pio"), "Piotr"),
        (Whom(ben.id, ids=(noor,)), "Noor"),
    ):
        offer_id = offer(store, ben, [cleo], whom)
        assert offered(store) == {name: cleo.id}
        act(store, ben, withdraw_offer, offer_id)


def test_whoever_is_offered_already_is_passed_over_and_an_offer_of_nobody_is_refused(
    store, ben, cleo, dan, noor, piotr
):
    offer(store, ben, [cleo], Whom(ben.id, ids=(noor,)))
    offer(store, ben, [dan])
    assert offered(store) == {"Noor": cleo.id, "Piotr": dan.id}
    with pytest.raises(Refused, match="nobody to offer"):
        offer(store, ben, [dan])


def test_a_member_gives_away_their_own_people_and_an_admin_anybodys(store, ana, ben, cleo, noor):
    with pytest.raises(Refused, match="Only they themselves"):
        offer(store, cleo, [cleo], of=ben)
    offer(store, ana, [cleo], of=ben)
    assert offered(store) == {"Noor": cleo.id}


def test_nobody_takes_over_who_may_only_look_or_has_them_already_or_has_left(store, ben, vera, cora, noor):
    for to, why in ((vera, "may look"), (ben, "theirs already"), (cora, "have left")):
        with pytest.raises(Refused, match=why):
            offer(store, ben, [to])
    with pytest.raises(Refused, match="who is to take over"):
        offer(store, ben, [])


# answering


def test_people_are_accepted_one_by_one_and_that_is_taken_back(store, ben, cleo, noor, piotr):
    offer_id = offer(store, ben, [cleo])
    facts = act(store, cleo, accept, offer_id, noor)
    assert (people_of(store, cleo), people_of(store, ben)) == (["Noor"], ["Piotr"])
    assert offered(store, OfferState.ACCEPTED) == {"Noor": cleo.id}
    assert act(store, cleo, accept, offer_id, noor) == []  # yes said twice
    act(store, cleo, undo_facts, facts)
    assert people_of(store, ben) == ["Noor", "Piotr"]
    assert offered(store) == {"Noor": cleo.id, "Piotr": cleo.id}


def test_only_whom_it_is_offered_to_accepts_it(store, ana, ben, cleo, dan, noor):
    offer_id = offer(store, ben, [cleo])
    assert act(store, dan, accept_people, offer_id).people == 0
    assert act(store, ana, accept_people, offer_id).people == 0
    assert people_of(store, ben) == ["Noor"]


def test_declining_says_why_and_can_be_taken_back(store, ben, cleo, noor, piotr):
    offer_id = offer(store, ben, [cleo])
    with pytest.raises(Refused, match="Say in a sentence why"):
        act(store, cleo, decline_people, offer_id, " ", [noor])
    declined = act(store, cleo, decline_people, offer_id, "We are related.", [noor])
    assert offered(store, OfferState.DECLINED) == {"Noor": cleo.id}
    assert offered(store) == {"Piotr": cleo.id}
    act(store, cleo, undo_declining, declined)
    assert offered(store) == {"Noor": cleo.id, "Piotr": cleo.id}
    act(store, cleo, decline_people, offer_id, "I have too many.")
    assert offered(store) == {}
    offer(store, ben, [cleo])  # and they can be offered again
    assert len(offered(store)) == 2


def test_taking_back_that_all_were_declined_leaves_whoever_was_declined_before(store, clock, ben, cleo, noor, piotr):
    offer_id = offer(store, ben, [cleo])
    act(store, cleo, decline_people, offer_id, "We are related.", [noor])
    clock.forward(minutes=1)
    act(store, cleo, undo_declining, act(store, cleo, decline_people, offer_id, "I have too many."))
    assert offered(store, OfferState.DECLINED) == {"Noor": cleo.id}
    assert offered(store) == {"Piotr": cleo.id}


def test_an_offer_is_withdrawn_and_made_again(store, ben, cleo, noor, piotr):
    offer_id = offer(store, ben, [cleo])
    act(store, cleo, accept, offer_id, noor)
    withdrawn = act(store, ben, withdraw_offer, offer_id)
    assert offered(store, OfferState.WITHDRAWN) == {"Piotr": cleo.id}
    assert act(store, cleo, accept_people, offer_id).people == 0
    act(store, ben, offer_again, withdrawn)
    assert offered(store) == {"Piotr": cleo.id}
    with pytest.raises(Refused, match="Only they themselves"):
        act(store, cleo, withdraw_offer, offer_id)


def test_what_overtook_an_offer_stays_withdrawn_when_the_rest_is_offered_again(
    store, clock, ben, cleo, dan, noor, piotr
):
    offer_id = offer(store, ben, [cleo])
    act(store, ben, hand_over, noor, dan.id)
    clock.forward(minutes=1)
    act(store, dan, hand_over, noor, ben.id)
    act(store, ben, offer_again, act(store, ben, withdraw_offer, offer_id))
    assert offered(store) == {"Piotr": cleo.id}


def test_a_handover_is_taken_back_by_whoever_gave_or_has_them_and_by_nobody_else(store, ana, ben, cleo, dan, noor):
    handed = act(store, ben, hand_over, noor, cleo.id)
    with pytest.raises(Refused, match="Somebody else has Noor"):
        act(store, dan, undo_fact, handed)
    act(store, ben, undo_fact, handed)
    assert people_of(store, ben) == ["Noor"]
    for who in (cleo, ana):
        act(store, who, undo_fact, act(store, ben, hand_over, noor, cleo.id))
        assert people_of(store, ben) == ["Noor"]
    offer_id = offer(store, ben, [cleo])
    (accepted,) = act(store, cleo, accept, offer_id, noor)
    with pytest.raises(Refused, match="Somebody else has Noor"):
        act(store, dan, undo_fact, accepted)
    act(store, ben, undo_fact, accepted)
    assert people_of(store, ben) == ["Noor"]


def test_a_whole_offer_is_accepted_in_turns_and_taken_back_in_turns(store, ben, cleo, noor, piotr, monkeypatch):
    monkeypatch.setattr("core.commands.handovers.AT_A_TIME", 2)
    for name in ("Ada", "Bo", "Cy"):
        saved(store, a_candidate(name, owner_id=ben.id))
    offer_id, seen = offer(store, ben, [cleo]), []
    assert accept_all(store, cleo, offer_id, seen.append)[:2] == (5, [])
    assert seen == [2, 4, 5]
    assert len(people_of(store, cleo)) == 5
    assert list(disagreements(store)) == []
    assert take_back_all(store, ben, offer_id, seen.append) == 5
    assert (len(people_of(store, ben)), len(offered(store))) == (5, 5)


def test_who_went_elsewhere_meanwhile_is_not_taken_over(store, ben, cleo, dan, noor, piotr):
    offer_id = offer(store, ben, [cleo])
    handover = act(store, ben, hand_over, noor, dan.id)
    assert offered(store, OfferState.WITHDRAWN) == {"Noor": cleo.id}
    assert act(store, cleo, accept_people, offer_id).people == 1
    assert people_of(store, dan) == ["Noor"]
    act(store, ben, undo_fact, handover)
    assert offered(store) == {"Noor": cleo.id}


def test_handing_over_by_hand_to_whom_it_is_offered_accepts_it(store, ben, cleo, noor):
    offer(store, ben, [cleo])
    act(store, ben, hand_over, noor, cleo.id)
    assert offered(store, OfferState.ACCEPTED) == {"Noor": cleo.id}


def test_who_is_merged_into_somebody_elses_person_stays_with_them(store, ben, cleo, dan, noor):
    twin = saved(store, a_candidate("Noor H.", owner_id=dan.id))
    offer_id = offer(store, ben, [cleo])
    act(store, ben, merge_candidates, twin, noor)
    assert act(store, cleo, accept_people, offer_id).people == 0
    assert offered(store) == {}
    with store.reading() as session:
        assert session.get_one(Candidate, twin).owner_id == dan.id


def test_the_receiver_reads_a_note_and_erasure_empties_it(store, ben, cleo, noor):
    offer_id = offer(store, ben, [cleo])
    act(store, ben, note_for_receiver, offer_id, noor, "Call her in the evening.")
    with pytest.raises(Refused, match="Only they themselves"):
        act(store, cleo, note_for_receiver, offer_id, noor, "x")
    act(store, THE_PROGRAM, erase_candidate, noor)
    with store.reading() as session:
        person = session.scalars(select(OfferedPerson)).one()
        assert (person.note, person.reason, person.state) == ("", "", OfferState.WITHDRAWN)


# meetings


@pytest.fixture
def talk(store, ben, noor):
    plain = {"kind": MeetingKind.TALK, "starts_at": TUESDAY, "ends_at": TUESDAY + HOUR}
    return act(store, ben, plan_meeting, noor, **plain)


def host_of(store, meeting):
    with store.reading() as session:
        return session.get_one(Meeting, meeting).host_id


def test_a_meeting_to_come_goes_along_and_comes_back(store, clock, ben, cleo, noor, talk):
    offer_id = offer(store, ben, [cleo])
    facts = act(store, cleo, accept, offer_id, noor)
    assert host_of(store, talk) == cleo.id
    assert promise_of(store, noor, Kind.OUTCOME).owner_id == cleo.id
    act(store, cleo, undo_facts, facts)
    assert host_of(store, talk) == ben.id
    act(store, cleo, accept_people, offer_id)
    clock.forward(hours=1)
    take_back_all(store, cleo, offer_id, lambda done: None)
    assert host_of(store, talk) == ben.id


def test_a_meeting_that_clashes_is_refused_with_a_sentence_and_can_be_left_behind(store, ben, cleo, noor, piotr, talk):
    ewa = saved(store, a_candidate("Ewa", owner_id=cleo.id))
    plain = {"kind": MeetingKind.TALK, "starts_at": TUESDAY + HOUR / 2, "ends_at": TUESDAY + HOUR}
    act(store, cleo, plan_meeting, ewa, **plain)
    offer_id = offer(store, ben, [cleo])
    with pytest.raises(Refused, match=r"Noor stays offered. Cleo has a meeting then, with Ewa: Tue 3 Mar, 09:30"):
        act(store, cleo, accept, offer_id, noor)
    done, clashes, _ = accept_all(store, cleo, offer_id, lambda done: None)
    assert (done, len(clashes)) == (1, 1)
    assert offered(store) == {"Noor": cleo.id}
    act(store, cleo, accept, offer_id, noor, with_meetings=False)
    assert host_of(store, talk) == ben.id


def test_another_host_takes_nothing_of_a_move_that_is_undone(store, ben, cleo, noor, talk):
    change = act(store, ben, change_host, talk, cleo.id)
    assert act(store, ben, change_host, talk, cleo.id) is None
    assert (host_of(store, talk), promise_of(store, noor, Kind.OUTCOME).owner_id) == (cleo.id, cleo.id)
    act(store, ben, undo_fact, change)
    assert host_of(store, talk) == ben.id


# whoever leaves


def test_the_people_of_one_who_left_wait_with_the_cover_and_can_be_handed_over_still(
    store, ana, ben, cleo, noor, piotr
):
    act(store, ana, deactivate_member, ben.id, ana.id)
    assert people_of(store, ana) == ["Noor", "Piotr"]
    offer_id = offer(store, ana, [cleo], of=ben)
    assert act(store, cleo, accept_people, offer_id).people == 2
    assert people_of(store, cleo) == ["Noor", "Piotr"]
    assert promise_of(store, noor, Kind.INTRODUCE).owner_id == cleo.id


def test_the_cover_takes_over_or_hands_on_what_waits_with_them(store, ana, ben, cleo, dan, noor):
    act(store, ana, deactivate_member, ben.id, cleo.id)
    with pytest.raises(Refused, match="Only they themselves"):
        offer(store, dan, [dan], of=ben)
    offer_id = offer(store, cleo, [cleo], of=ben)
    assert act(store, cleo, accept_people, offer_id).people == 1
    with store.reading() as session:
        person = session.get_one(Candidate, noor)
        assert (person.owner_id, person.covered_for_id) == (cleo.id, None)


def test_an_offer_outlives_the_departure_of_who_gave_it_and_not_of_who_should_accept(store, ana, ben, cleo, dan, noor):
    offer_id = offer(store, ben, [cleo])
    act(store, ana, deactivate_member, ben.id, ana.id)
    act(store, ana, deactivate_member, cleo.id, dan.id)
    assert offered(store, OfferState.WITHDRAWN) == {"Noor": cleo.id}
    act(store, ana, offer_again, (offer_id, store.now()))
    assert offered(store) == {}
    offer_id = offer(store, ana, [dan], of=ben)
    assert act(store, dan, accept_people, offer_id).people == 1


def test_nobody_waits_for_one_who_may_only_look_by_now(store, ana, ben, cleo, noor):
    offer_id = offer(store, ben, [cleo])
    act(store, ana, change_role, cleo.id, Role.VIEWER)
    assert offered(store) == {}
    act(store, ben, offer_again, (offer_id, store.now()))
    assert offered(store) == {}


def test_a_departure_with_many_people_is_settled_in_turns_there_and_back(store, ana, ben, noor, piotr, monkeypatch):
    monkeypatch.setattr("core.commands.members.FEW", 1)
    departure = act(store, ana, deactivate_member, ben.id, ana.id)
    with store.reading() as session:
        assert len(left_behind(session)) == 1
    seen = []
    settle_left_behind(store, lambda done, of: seen.append((done, of)))
    assert seen == [(1, 1)]
    assert people_of(store, ana) == ["Noor", "Piotr"]
    assert list(disagreements(store)) == []
    act(store, ana, undo_fact, departure)
    settle_left_behind(store)
    assert people_of(store, ben) == ["Noor", "Piotr"]


def test_people_without_an_owner_are_offered_by_anybody(store, ben, cleo, vera):
    saved(store, a_candidate("Uma"))
    with pytest.raises(Refused, match="look, not change"):
        act(store, vera, offer_people, None, [Share(Whom(None), (cleo.id,))])
    offer_id = act(store, ben, offer_people, None, [Share(Whom(None), (cleo.id,))])
    assert act(store, cleo, accept_people, offer_id).people == 1
    assert people_of(store, cleo) == ["Uma"]


def test_what_is_somebody_elses_is_not_part_of_an_offer(store, ben, cleo, noor):
    with pytest.raises(Refused, match="somebody else"):
        act(store, ben, offer_people, ben.id, [Share(Whom(cleo.id), (cleo.id,))])


def test_a_note_or_reason_that_is_too_long_is_refused_with_its_length(store, ben, cleo, noor):
    offer_id = offer(store, ben, [cleo])
    with pytest.raises(Refused, match="2001 characters"):
        act(store, ben, note_for_receiver, offer_id, noor, "x" * 2001)
    with pytest.raises(Refused, match="2001 characters"):
        act(store, cleo, decline_people, offer_id, "x" * 2001)
