"""Processes, openings and meetings: no end in silence, no clash, no hold that nobody hears of."""

from datetime import date, timedelta

import pytest

from core.commands.clients import add_client
from core.commands.contacts import log_contact
from core.commands.meetings import move_meeting, note_outcome, plan_meeting
from core.commands.openings import add_opening, hold_opening, resume_opening
from core.commands.placements import record_placement
from core.commands.processes import close_process, move_to_stage, reopen_process, start_process
from core.commands.promises import snooze_promise, waive_promise
from core.commands.questions import note_question
from core.commands.undo import undo_fact
from core.domain.facts import Absent, Answer, MeetingKind, MeetingResult, OpeningStatus, Result, Way
from core.domain.promises import Kind, Status
from core.domain.refusal import Refused
from core.persistence.tables import Opening, Process
from tests.make import a_candidate, promise_of, promises_of, saved


@pytest.fixture
def process(store, ben):
    noor = saved(store, a_candidate(owner_id=ben.id))
    with store.working(ben) as work:
        opening = add_opening(work, "Developer", client_id=add_client(work, "Acme"))
        return noor, opening, start_process(work, noor, opening, stage="screening")


def test_a_process_does_not_end_as_told_before_somebody_was_told(store, ben, process):
    noor, _, id_ = process
    with pytest.raises(Refused, match="Nobody has been told"), store.working(ben) as work:
        close_process(work, id_, result=Result.REJECTED, answer=Answer.TOLD)
    with store.working(ben) as work:
        log_contact(work, noor, way=Way.TO, process_id=id_, is_feedback=True, text="They chose somebody else.")
        close_process(work, id_, result=Result.REJECTED, answer=Answer.TOLD)
    assert promises_of(store, noor, Kind.FEEDBACK) == []


def test_undoing_the_word_that_told_makes_the_feedback_owed(store, ben, process):
    noor, _, id_ = process
    with store.working(ben) as work:
        word = log_contact(work, noor, way=Way.TO, process_id=id_, is_feedback=True, text="A no.")
        close_process(work, id_, result=Result.REJECTED, answer=Answer.TOLD)
        undo_fact(work, word)
    assert promise_of(store, noor, Kind.FEEDBACK).status is Status.OPEN


def test_not_reachable_takes_three_tries_on_three_days(store, ben, clock, process):
    noor, _, id_ = process
    for _ in range(3):
        with pytest.raises(Refused, match="three tries"), store.working(ben) as work:
            close_process(work, id_, result=Result.WITHDRAWN, answer=Answer.UNREACHABLE)
        clock.forward(days=1)
        with store.working(ben) as work:
            log_contact(work, noor, way=Way.ATTEMPT)
    with store.working(ben) as work:
        close_process(work, id_, result=Result.WITHDRAWN, answer=Answer.UNREACHABLE)
    assert {p.status for p in promises_of(store, noor)} == {Status.VOID}


def test_do_not_contact_is_no_reason_before_it_is_set(store, ben, process):
    with pytest.raises(Refused, match="not set"), store.working(ben) as work:
        close_process(work, process[2], result=Result.WITHDRAWN, answer=Answer.DO_NOT_CONTACT)


def test_what_has_ended_is_reopened_before_it_moves(store, ben, process):
    with store.working(ben) as work:
        close_process(work, process[2], result=Result.NOT_NOW, answer=Answer.OWED)
    with pytest.raises(Refused, match="has ended"), store.working(ben) as work:
        move_to_stage(work, process[2], "interview")
    with store.working(ben) as work:
        reopen_process(work, process[2])
        move_to_stage(work, process[2], "interview")
    with store.reading() as session:
        row = session.get_one(Process, process[2])
    assert (row.stage, row.is_active, row.result) == ("interview", True, None)


def test_a_hold_owes_everybody_in_it_the_news_and_undoing_it_takes_that_back(store, ben, process):
    noor, opening, _ = process
    with store.working(ben) as work:
        hold = hold_opening(work, opening)
    assert promise_of(store, noor, Kind.DELAY).status is Status.OPEN
    with pytest.raises(Refused, match="already"), store.working(ben) as work:
        hold_opening(work, opening)
    with store.working(ben) as work:
        undo_fact(work, hold)
    assert promises_of(store, noor, Kind.DELAY) == []
    with store.reading() as session:
        assert session.get_one(Opening, opening).status is OpeningStatus.OPEN
    with pytest.raises(Refused, match="not on hold"), store.working(ben) as work:
        resume_opening(work, opening)


def test_nobody_is_in_two_meetings_at_once_but_touching_ends_are_fine(store, ana, ben, clock, process):
    noor, rosa = process[0], saved(store, a_candidate("Rosa Diaz"))
    ten, hour = clock.now + timedelta(hours=1), timedelta(hours=1)
    with store.working(ben) as work:
        plan_meeting(work, noor, kind=MeetingKind.TALK, starts_at=ten, ends_at=ten + hour, host_id=ben.id)
    with pytest.raises(Refused, match="Noor Haddad has a meeting"), store.working(ana) as work:
        plan_meeting(work, noor, kind=MeetingKind.TALK, starts_at=ten + hour / 2, ends_at=ten + 2 * hour)
    with pytest.raises(Refused, match="Ben has a meeting"), store.working(ana) as work:
        plan_meeting(work, rosa, kind=MeetingKind.TALK, starts_at=ten, ends_at=ten + hour, host_id=ben.id)
    with store.working(ben) as work:
        later = plan_meeting(
            work, rosa, kind=MeetingKind.TALK, starts_at=ten + hour, ends_at=ten + 2 * hour, host_id=ben.id
        )
    with pytest.raises(Refused, match="Ben has"), store.working(ben) as work:
        move_meeting(work, later, starts_at=ten, ends_at=ten + hour)


def test_a_missed_meeting_names_who_was_absent_and_ours_is_made_good(store, ben, clock, process):
    noor = process[0]
    with store.working(ben) as work:
        start = work.now + timedelta(hours=2)
        talk = plan_meeting(work, noor, kind=MeetingKind.TALK, starts_at=start, ends_at=start + timedelta(hours=1))
    clock.forward(hours=4)
    with pytest.raises(Refused, match="is over"), store.working(ben) as work:
        move_meeting(work, talk, starts_at=work.now, ends_at=work.now + timedelta(hours=1))
    with pytest.raises(Refused, match="names who"), store.working(ben) as work:
        note_outcome(work, talk, MeetingResult.MISSED)
    with store.working(ben) as work:
        note_outcome(work, talk, MeetingResult.MISSED, absent=Absent.US, absent_member_id=ben.id)
    assert promise_of(store, noor, Kind.AMENDS).owner_id == ben.id
    with pytest.raises(Refused, match="on record already"), store.working(ben) as work:
        note_outcome(work, talk, MeetingResult.HELD)


@pytest.mark.parametrize("reason", ["", "   "])
def test_letting_go_takes_a_reason(store, ben, process, reason):
    update = promise_of(store, process[0], Kind.UPDATE).id
    with pytest.raises(Refused, match="Say why"), store.working(ben) as work:
        waive_promise(work, update, reason)
    with pytest.raises(Refused, match="Say why"), store.working(ben) as work:
        snooze_promise(work, update, work.now + timedelta(days=30), reason)


def test_a_snooze_moves_the_due_time_and_never_forward(store, ben, process):
    update = promise_of(store, process[0], Kind.UPDATE)
    with pytest.raises(Refused, match="later time"), store.working(ben) as work:
        snooze_promise(work, update.id, update.due_at, "sooner")
    with store.working(ben) as work:
        snooze_promise(work, update.id, update.due_at + timedelta(days=2), "on leave, and they know")
    snoozed = promise_of(store, process[0], Kind.UPDATE)
    assert (snoozed.due_at, snoozed.rule_due_at) == (update.due_at + timedelta(days=2), update.due_at)


def test_waiving_starts_the_clock_anew(store, ben, process):
    noor = process[0]
    with store.working(ben) as work:
        waive_promise(work, promise_of(store, noor, Kind.UPDATE).id, "spoke at the fair")
    assert sorted(p.status for p in promises_of(store, noor, Kind.UPDATE)) == [Status.OPEN, Status.WAIVED]


@pytest.mark.parametrize(
    "something",
    [
        lambda work, person, process: log_contact(work, person, way=Way.TO, process_id=process, text="Hello."),
        lambda work, person, process: note_question(work, person, "When could you start?", process_id=process),
        lambda work, person, process: record_placement(work, person, date(2026, 4, 1), process_id=process),
        lambda work, person, process: plan_meeting(
            work,
            person,
            kind=MeetingKind.TALK,
            process_id=process,
            starts_at=work.now + timedelta(days=1),
            ends_at=work.now + timedelta(days=1, hours=1),
        ),
    ],
    ids=["word", "question", "placement", "meeting"],
)
def test_nothing_of_one_person_goes_into_the_process_of_another(store, ben, process, something):
    noor, _, id_ = process
    piotr = saved(store, a_candidate("Piotr Lis"))
    with pytest.raises(Refused, match="somebody else's"), store.working(ben) as work:
        something(work, piotr, id_)
    with store.working(ben) as work:
        something(work, noor, id_)
