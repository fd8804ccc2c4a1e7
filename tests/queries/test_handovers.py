"""What a handover concerns, and what each of the team carries."""

from datetime import date, timedelta

import pytest

from core.commands.consents import forbid_contact, give_consent
from core.commands.handovers import Share, accept, offer_people
from core.commands.meetings import plan_meeting
from core.commands.members import deactivate_member
from core.commands.merges import merge_candidates
from core.commands.undo import undo_fact
from core.domain.facts import MeetingKind, Rhythm, Unit
from core.domain.promises import Kind
from core.persistence.handovers import Whom
from core.persistence.tables.handovers import OfferState
from core.queries import handovers, members
from core.queries.handovers import By
from core.queries.members import Load
from core.queries.page import Page
from tests.make import (
    MONDAY,
    a_candidate,
    a_growth_note,
    a_process,
    a_word_from_her,
    act,
    saved,
)

FIRST = Page(1, 5)
TUESDAY, HOUR = MONDAY + timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def noor(store, ben, opening):
    """In process; wrote on Friday, and was answered nothing."""
    return saved(
        store,
        a_candidate("Noor", owner_id=ben.id),
        a_process(opening, first_owner_id=ben.id),
        a_word_from_her(happened_at=MONDAY - timedelta(days=3)),
        a_growth_note(),
    )


@pytest.fixture
def offer(store, ben, cleo, noor, piotr):
    return act(store, ben, offer_people, ben.id, [Share(Whom(ben.id), (cleo.id,))])


def test_people_are_grouped_by_opening_and_by_rhythm(store, ben, noor, piotr, opening):
    with store.reading() as session:
        by_opening = handovers.groups(session, ben.id, By.OPENING)
        by_rhythm = handovers.groups(session, ben.id, By.RHYTHM)
        assert handovers.groups(session, ben.id, By.SKILL) == []
        assert handovers.people_meant(session, Whom(ben.id), FIRST)[0].is_in_process
    assert [(g.name, g.whom, g.number) for g in by_opening] == [("Backend", Whom(ben.id, opening_id=opening), 1)]
    assert {(g.name, g.whom, g.number) for g in by_rhythm} == {
        ("no rhythm", Whom(ben.id, without_rhythm=True), 1),
        ("every 6 weeks", Whom(ben.id, rhythm=Rhythm(6, Unit.WEEKS)), 1),
    }


def test_a_process_of_a_record_merged_away_is_the_kept_ones(store, ben, noor, opening):
    kept = saved(store, a_candidate("Noor Haddad", owner_id=ben.id))
    act(store, ben, merge_candidates, kept, noor)
    with store.reading() as session:
        people = handovers.people_meant(session, Whom(ben.id, opening_id=opening), FIRST)
        assert [group.number for group in handovers.groups(session, ben.id, By.OPENING)] == [1]
    assert [person.id for person in people] == [kept]


def test_what_goes_along_is_what_is_owed_to_be_met_about_to_lapse_and_delicate(store, clock, ben, cleo, noor, piotr):
    act(store, ben, give_consent, piotr, date(2026, 3, 20))
    act(store, ben, forbid_contact, piotr)
    plain = {"kind": MeetingKind.TALK, "starts_at": TUESDAY, "ends_at": TUESDAY + HOUR}
    talk = act(store, ben, plan_meeting, noor, **plain)
    saved(store, a_candidate("Zoe", owner_id=cleo.id), a_word_from_her())
    with store.reading() as session:
        ids = handovers.to_give(session, Whom(ben.id))
        goes = handovers.goes_along(session, ben.id, ids, now=clock.now, page=FIRST)
    assert {(owed.name, owed.kind) for owed in goes.owed} == {("Noor", Kind.REPLY), ("Noor", Kind.UPDATE)}
    assert goes.number_owed == 2
    assert [meeting.id for meeting in goes.meetings] == [talk]
    assert ([owed.name for owed in goes.consents], goes.number_of_consents) == (["Piotr"], 1)
    assert [(one.name, one.do_not_contact, one.growth) for one in goes.sensitive] == [
        ("Noor", False, "Wants to lead a team."),
        ("Piotr", True, ""),
    ]
    assert not goes.more_sensitive


def test_the_receiver_sees_what_waits_and_what_became_of_it(store, ben, vera, cleo, noor, piotr, offer):
    with store.reading() as session:
        (handed,) = handovers.handed_to(session, cleo)
        assert handovers.handed_to(session, ben) == []
    assert (handed.of, handed.by, handed.number) == ("Ben", "Ben", 2)
    act(store, cleo, accept, offer, noor)
    with store.reading() as session:
        seen = handovers.offer(session, cleo, offer)
        rows = handovers.offered(session, offer, OfferState.OPEN, cleo.id, FIRST)
        ids = handovers.offered_to(offer, cleo.id)
        goes = handovers.goes_along(session, ben.id, ids, now=store.now(), page=FIRST)
        assert handovers.offer(session, ben, offer).may_give
        assert not handovers.offer(session, vera, offer).may_give
        ((_, _, states),) = handovers.offers_of(session, ben.id)
    assert not seen.may_give
    assert (seen.number(OfferState.OPEN), seen.number(OfferState.ACCEPTED, to_id=cleo.id)) == (1, 1)
    assert [row.person.name for row in rows] == ["Piotr"]
    assert {owed.name for owed in goes.owed} == {"Piotr"}
    assert states == {OfferState.OPEN: 1, OfferState.ACCEPTED: 1}


def test_the_load_of_each_is_counted_and_overdue_by_the_hour(store, clock, ana, ben, vera, noor, piotr):
    act(store, ben, plan_meeting, noor, kind=MeetingKind.TALK, starts_at=TUESDAY, ends_at=TUESDAY + HOUR)
    saved(store, a_candidate("Uma"))
    clock.forward(hours=8)  # 17:00, at which the reply is due, is no lateness yet
    assert loads(store)["Ben"].overdue == 0
    clock.forward(minutes=1)
    assert loads(store)["Ben"] == Load(people=2, in_process=1, open=3, overdue=1, meetings=1)
    assert loads(store)["Vera"] == Load(0, 0, 0, 0, 0)
    clock.forward(days=1)
    assert loads(store)["Ben"].overdue == 2  # and how the talk went
    with store.reading() as session:
        assert members.team(session, now=clock.now, calendar=store.calendar).with_nobody == 1
        left = members.what_is_left(session, ben.id, now=MONDAY, calendar=store.calendar)
    assert left == (2, 1, 3, 1)


def test_of_one_who_left_the_team_says_who_stands_in_and_who_waits(store, clock, ana, ben, noor, piotr):
    act(store, ana, deactivate_member, ben.id, ana.id)
    with store.reading() as session:
        team = members.team(session, now=clock.now, calendar=store.calendar)
        assert members.number_left_behind(session) == 0
    gone = team.members[-1]
    assert (gone.name, gone.is_active, gone.cover, gone.cover_id, gone.waiting) == ("Ben", False, "Ana", ana.id, 2)
    assert loads(store)["Ana"].people == 2


def test_the_meetings_of_one_who_left_are_in_the_load_of_whoever_covers_the_cover(store, ana, ben, cleo, noor):
    act(store, ben, plan_meeting, noor, kind=MeetingKind.TALK, starts_at=TUESDAY, ends_at=TUESDAY + HOUR)
    act(store, ana, deactivate_member, ben.id, cleo.id)
    assert (loads(store)["Ben"].meetings, loads(store)["Cleo"].meetings) == (0, 1)
    with store.reading() as session:
        assert members.what_is_left(session, cleo.id, now=MONDAY, calendar=store.calendar)[-1] == 1
    left = act(store, ana, deactivate_member, cleo.id, ana.id)
    assert (loads(store)["Cleo"].meetings, loads(store)["Ana"].meetings) == (0, 1)
    act(store, ana, undo_fact, left)
    assert (loads(store)["Cleo"].meetings, loads(store)["Ana"].meetings) == (1, 0)


def loads(store):
    with store.reading() as session:
        team = members.team(session, now=store.now(), calendar=store.calendar)
    return {member.name: member.load for member in team.members}
