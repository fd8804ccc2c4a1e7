"""The board of an opening: who is in which stage, what is owed first, and how far people came."""

from datetime import timedelta

import pytest

from core.commands.board import bring_in
from core.commands.candidates import erase_candidate
from core.commands.contacts import log_contact
from core.commands.meetings import plan_meeting
from core.commands.merges import merge_candidates
from core.commands.openings import add_opening, hold_opening
from core.commands.policy import set_cadence
from core.commands.processes import close_process, move_to_stage, wait_on_client
from core.domain.facts import Answer, HoldReason, MeetingKind, OpeningStatus, Result, Turn, Way
from core.domain.promises import Kind
from core.queries.board import board, inside, pulse
from core.queries.page import Page
from core.queries.promises import in_opening
from tests.make import a_candidate, a_client, saved

STAGES = ["First talk", "CV with client", "Offer"]


@pytest.fixture
def opening(store, ben):
    client = saved(store, a_client("Nordbank"))
    with store.working(ben) as work:
        return add_opening(work, "Python developer", client_id=client, stages=STAGES, note="Two years of Python")


def brought_in(store, ben, opening, *names):
    people = [saved(store, a_candidate(name, owner_id=ben.id)) for name in names]
    with store.working(ben) as work:
        return dict(zip(names, bring_in(work, opening, people), strict=True))


def read(store, opening):
    with store.reading() as session:
        found = board(session, opening, now=store.now())
        assert found is None or pulse(session, opening, now=store.now()) == found.pulse
        return found


def card(store, opening, name):
    return next(card for card in read(store, opening).cards if card.name == name)


def test_an_opening_says_whose_it_is_and_what_its_stages_are(store, ben, opening):
    with store.working(ben) as work:
        set_cadence(work, "Offer", 1)
    found = read(store, opening)
    assert (found.title, found.client, found.owner, found.note) == (
        "Python developer",
        "Nordbank",
        "Ben",
        "Two years of Python",
    )
    assert [(step.name, step.cadence, step.came) for step in found.steps] == [
        ("First talk", 3, 0),
        ("CV with client", 3, 0),
        ("Offer", 1, 0),
    ]
    assert (found.cards, found.ever, found.status, found.changed_at) == ((), 0, OpeningStatus.OPEN, None)
    assert read(store, opening + 99) is None


def test_a_card_says_whose_turn_it_is_both_clocks_and_what_is_owed_first(store, ben, opening, clock):
    process = brought_in(store, ben, opening, "Noor Haddad", "Ivo Lang")
    noor = process["Noor Haddad"]
    with store.working(ben) as work:
        log_contact(work, card(store, opening, "Noor Haddad").candidate_id, way=Way.FROM, text="Hello")
        wait_on_client(work, noor)
    said = clock.forward(hours=1)
    with store.working(ben) as work:
        log_contact(work, card(store, opening, "Ivo Lang").candidate_id, way=Way.TO, text="Soon.")
    clock.forward(days=4)
    found = card(store, opening, "Noor Haddad")
    assert (found.turn, found.stage, found.owed, found.is_late) == (Turn.CLIENT, "First talk", Kind.UPDATE, True)
    assert found.heard_at is None
    assert found.from_them_at == said - timedelta(hours=1)
    assert found.owner == "Ben"
    other = card(store, opening, "Ivo Lang")
    assert (other.turn, other.heard_at, other.owed) == (Turn.OURS, said, Kind.UPDATE)
    assert other.from_them_at is None


def test_who_is_owed_first_comes_first(store, ben, opening, clock):
    first = brought_in(store, ben, opening, "First")
    clock.forward(days=1)
    brought_in(store, ben, opening, "Second")
    assert [card.name for card in read(store, opening).cards] == ["First", "Second"]
    with store.working(ben) as work:
        log_contact(
            work, card(store, opening, "First").candidate_id, way=Way.TO, text="Soon.", process_id=first["First"]
        )
    clock.forward(days=1)
    with store.working(ben) as work:
        log_contact(
            work, card(store, opening, "First").candidate_id, way=Way.TO, text="Soon.", process_id=first["First"]
        )
    assert [card.name for card in read(store, opening).cards] == ["Second", "First"]


def test_a_meeting_that_is_planned_is_said_and_its_outcome_is_not_owed_yet(store, ben, opening, clock):
    noor = brought_in(store, ben, opening, "Noor Haddad")["Noor Haddad"]
    starts = store.now() + timedelta(days=1)
    with store.working(ben) as work:
        plan_meeting(
            work,
            card(store, opening, "Noor Haddad").candidate_id,
            kind=MeetingKind.INTERVIEW,
            starts_at=starts,
            ends_at=starts + timedelta(hours=1),
            host_id=ben.id,
            process_id=noor,
        )
    found = card(store, opening, "Noor Haddad")
    assert (found.meeting_at, found.meeting, found.owed) == (starts, MeetingKind.INTERVIEW, Kind.UPDATE)
    clock.forward(days=1, hours=2)
    found = card(store, opening, "Noor Haddad")
    assert (found.meeting_at, found.owed) == (None, Kind.OUTCOME)


def test_whoever_is_in_a_stage_that_is_none_of_the_openings_has_a_column_at_the_left(store, ben, opening):
    noor = brought_in(store, ben, opening, "Noor Haddad")["Noor Haddad"]
    with store.working(ben) as work:
        move_to_stage(work, noor, "Somewhere else")
    assert read(store, opening).columns == ["Somewhere else", *STAGES]


def test_how_far_people_came_counts_everybody_ever_and_goes_by_the_furthest(store, ben, opening):
    process = brought_in(store, ben, opening, "Noor Haddad", "Ivo Lang", "Ada Berg")
    with store.working(ben) as work:
        move_to_stage(work, process["Noor Haddad"], "Offer")
        move_to_stage(work, process["Noor Haddad"], "First talk")
        move_to_stage(work, process["Ivo Lang"], "CV with client")
        close_process(work, process["Ivo Lang"], result=Result.WITHDRAWN, answer=Answer.OWED)
    found = read(store, opening)
    assert [step.came for step in found.steps] == [3, 2, 1]
    assert (found.ever, len(found.cards)) == (3, 2)


def test_a_hold_says_why_and_since_when_and_how_often_people_hear_meanwhile(store, ben, opening, clock):
    clock.forward(hours=1)
    with store.working(ben) as work:
        hold_opening(work, opening, reason=HoldReason.BUDGET, note="Until April")
    found = read(store, opening)
    assert (found.status, found.changed_at, found.hold_reason, found.why, found.cadence_on_hold) == (
        OpeningStatus.HELD,
        clock.now,
        HoldReason.BUDGET,
        "Until April",
        10,
    )


def test_the_pulse_differs_after_every_move_and_whenever_somebody_comes_to_be_late(store, ben, opening, clock):
    noor = brought_in(store, ben, opening, "Noor Haddad")["Noor Haddad"]
    before = read(store, opening).pulse
    assert read(store, opening).pulse == before
    with store.working(ben) as work:
        move_to_stage(work, noor, "Offer")
    moved = read(store, opening).pulse
    clock.forward(days=7)
    late = read(store, opening).pulse
    assert len({before, moved, late}) == 3


def test_one_who_was_merged_has_the_name_of_the_one_kept_and_one_erased_is_gone(store, ana, ben, opening):
    brought_in(store, ben, opening, "Tomek Nowak", "Ivo Lang")
    kept = saved(store, a_candidate("Tomasz Nowak", owner_id=ben.id))
    gone, ivo = (card(store, opening, name).candidate_id for name in ("Tomek Nowak", "Ivo Lang"))
    with store.working(ana) as work:
        merge_candidates(work, kept, gone)
        erase_candidate(work, ivo)
    (found,) = read(store, opening).cards
    assert (found.name, found.candidate_id) == ("Tomasz Nowak", kept)
    with store.reading() as session:
        assert inside(session, opening, [kept, ivo]) == {kept}


def test_what_is_owed_about_an_opening_is_listed_with_those_no_longer_in_it(store, ben, opening, clock):
    process = brought_in(store, ben, opening, "Noor Haddad", "Ivo Lang")
    with store.working(ben) as work:
        close_process(work, process["Ivo Lang"], result=Result.REJECTED, answer=Answer.OWED)
    clock.forward(days=4)
    with store.reading() as session:
        owed = in_opening(session, opening, now=clock.now, calendar=store.calendar, page=Page(1, 8))
    assert [(row.name, row.kind) for row in owed.queue.overdue] == [
        ("Ivo Lang", Kind.FEEDBACK),
        ("Noor Haddad", Kind.UPDATE),
    ]
    assert owed.counts.overdue.total() == 2
