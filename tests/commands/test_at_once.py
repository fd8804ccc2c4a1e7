"""Two people at one pipeline at the same moment: one is first, the other is told, and nobody is lost between them."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from core.commands.candidates import add_candidate
from core.commands.clients import add_client
from core.commands.contacts import log_contact
from core.commands.imports import undo_import
from core.commands.lists import import_file, look_at
from core.commands.locks import people_to_change
from core.commands.meetings import move_meeting, note_outcome, plan_meeting
from core.commands.merges import merge_candidates
from core.commands.openings import Ending, add_opening, end_opening, hold_opening
from core.commands.processes import close_process, move_to_stage, reopen_process, start_process, undo_closing
from core.commands.questions import drop_question, note_question
from core.commands.several import say_to_each
from core.commands.undo import undo_fact, undo_facts
from core.domain.facts import Answer, HoldReason, MeetingKind, MeetingResult, OpeningStatus, Result, Way
from core.domain.promises import Kind, Status
from core.domain.refusal import Refused, Stale
from core.importers.ready import Choices
from core.persistence.check import disagreements
from core.persistence.ledger import settle
from core.persistence.tables import (
    Candidate,
    Closing,
    Contact,
    Meeting,
    MeetingMove,
    MeetingOutcome,
    Opening,
    Process,
    Skill,
    StageMove,
)
from core.persistence.trail import hold_actor
from tests.make import MONDAY, a_candidate, act, promises_of, saved

ROUNDS = 6
OWED = Ending(result=Result.OPENING_CLOSED, answer=Answer.OWED)


def at_once(store, *commands):
    """Each by a thread of its own, let go together; what each answered, or how it was refused.

    Who, what, with which arguments; a mapping at the end names the rest.
    """
    ready = threading.Barrier(len(commands))

    def run(command):
        who, what, *args = command
        plain = args.pop() if args and isinstance(args[-1], dict) else {}
        ready.wait()
        try:
            return act(store, who, what, *args, **plain)
        except Refused as refused:
            return refused

    with ThreadPoolExecutor(len(commands)) as threads:
        return list(threads.map(run, commands))


def refusals(answers):
    return [answer for answer in answers if isinstance(answer, Refused)]


def number(store, table, *conditions):
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(table).where(*conditions))


@pytest.fixture
def opening(store, ben):
    return act(store, ben, add_opening, "Developer", client_id=act(store, ben, add_client, "Nordbank"))


@pytest.fixture
def noor(store):
    return saved(store, a_candidate())


@pytest.fixture
def process(store, ben, opening, noor):
    return act(store, ben, start_process, noor, opening)


def test_two_move_one_card_and_one_is_told_who_was_first(store, ana, ben, process):
    seen = {"seen_in": "Screening"}
    answers = at_once(
        store, (ana, move_to_stage, process, "Interview", seen), (ben, move_to_stage, process, "Offer", seen)
    )
    (refused,) = refusals(answers)
    assert isinstance(refused, Stale)
    assert str(refused).startswith(("Ana has just moved", "Ben has just moved"))
    assert number(store, StageMove) == 1
    assert list(disagreements(store)) == []


def test_two_close_one_process_and_it_ends_once(store, ana, ben, process, noor):
    owed = {"result": Result.REJECTED, "answer": Answer.OWED}
    answers = at_once(store, (ana, close_process, process, owed), (ben, close_process, process, owed))
    assert [str(refused) for refused in refusals(answers)] == ["This process has ended. Reopen it first."]
    assert number(store, Closing) == 1
    assert len(promises_of(store, noor, Kind.FEEDBACK)) == 1


def test_whoever_comes_in_while_the_role_is_put_on_hold_hears_of_it_or_came_after(store, ana, ben, opening, noor):
    held, _ = at_once(
        store, (ana, hold_opening, opening, {"reason": HoldReason.BUDGET}), (ben, start_process, noor, opening)
    )
    with store.reading() as session:
        process = session.scalars(select(Process)).one()
        owed = process.id < held  # on record first, at the same moment
    assert [p.status for p in promises_of(store, noor, Kind.DELAY)] == [Status.OPEN] * owed
    assert list(disagreements(store)) == []


def left_active(store, opening):
    """Who is active where it has ended."""
    with store.reading() as session:
        ended = session.get_one(Opening, opening).status.has_ended
        active = session.scalars(select(Process.id).where(Process.opening_id == opening, Process.is_active)).all()
    return active if ended else []


def test_nobody_who_comes_in_while_the_opening_ends_is_left_in_it(store, ana, ben, opening, process):
    for _ in range(ROUNDS):
        somebody = saved(store, a_candidate("Piotr Lis"))
        answers = at_once(
            store,
            (ana, end_opening, opening, OpeningStatus.CANCELLED, {process: OWED}, {}),
            (ben, start_process, somebody, opening),
        )
        assert len(refusals(answers)) == 1, answers
        assert left_active(store, opening) == []
        end, started = answers
        act(store, ben, undo_fact, started if isinstance(end, Refused) else end)
    assert list(disagreements(store)) == []


@pytest.mark.parametrize("back", [reopen_process, undo_closing])
def test_nobody_comes_back_into_an_opening_that_ends_at_that_moment(store, ana, ben, opening, process, back):
    for _ in range(ROUNDS):
        closing = act(store, ben, close_process, process, result=Result.REJECTED, answer=Answer.OWED)
        answers = at_once(
            store,
            (ana, end_opening, opening, OpeningStatus.FILLED, {}, {}),
            (ben, back, process if back is reopen_process else closing),
        )
        assert len(refusals(answers)) == 1, answers
        assert left_active(store, opening) == []
        if isinstance(answers[1], Refused):
            act(store, ben, undo_fact, answers[0])
            act(store, ben, back, process if back is reopen_process else closing)
    assert list(disagreements(store)) == []


def test_two_end_two_openings_with_the_same_people_and_neither_waits_in_vain(store, ana, ben, opening):
    other = act(store, ben, add_opening, "Tester")
    people = [saved(store, a_candidate(f"Somebody {n}")) for n in range(5)]
    there = {one: {act(store, ben, start_process, who, one): OWED for who in people} for one in (opening, other)}
    answers = at_once(
        store,
        (ana, end_opening, opening, OpeningStatus.CANCELLED, there[opening], {}),
        (ben, end_opening, other, OpeningStatus.CANCELLED, there[other], {}),
    )
    assert refusals(answers) == []
    assert number(store, Closing) == 10
    assert list(disagreements(store)) == []


def test_two_move_one_meeting_and_it_is_where_the_last_put_it(store, ana, ben, process, noor):
    days = [MONDAY + timedelta(days=day) for day in (1, 2, 3)]
    hours = [{"starts_at": day, "ends_at": day + timedelta(hours=1)} for day in days]
    meeting = act(store, ben, plan_meeting, noor, kind=MeetingKind.INTERVIEW, process_id=process, **hours[0])
    answers = at_once(store, (ana, move_meeting, meeting, hours[1]), (ben, move_meeting, meeting, hours[2]))
    assert refusals(answers) == []
    with store.reading() as session:
        first, last = session.scalars(select(MeetingMove).order_by(MeetingMove.id)).all()
        assert (first.from_starts_at, last.from_starts_at) == (hours[0]["starts_at"], first.to_starts_at)
        assert session.get_one(Meeting, meeting).starts_at == last.to_starts_at
    assert list(disagreements(store)) == []


def test_a_meeting_is_planned_while_its_host_writes(store, ana, ben, noor):
    if store.is_sqlite:
        pytest.skip("One writes at a time.")
    hours = {"starts_at": MONDAY + timedelta(days=1), "ends_at": MONDAY + timedelta(days=1, hours=1)}
    with ThreadPoolExecutor(1) as beside, store.working(ben) as work:
        hold_actor(work.session, ben.id)  # as each row does that a list of his brings
        planning = beside.submit(act, store, ana, plan_meeting, noor, kind=MeetingKind.TALK, host_id=ben.id, **hours)
        assert planning.result(5)


def test_two_meetings_moved_to_one_hour_of_one_host_are_not_both_there(store, ana, ben, noor):
    piotr = saved(store, a_candidate("Piotr Lis"))
    free = {"starts_at": MONDAY + timedelta(days=2), "ends_at": MONDAY + timedelta(days=2, hours=1)}
    planned = [
        act(
            store,
            ben,
            plan_meeting,
            who,
            kind=MeetingKind.TALK,
            host_id=ben.id,
            starts_at=MONDAY + timedelta(days=1, hours=n),
            ends_at=MONDAY + timedelta(days=1, hours=n + 1),
        )
        for n, who in enumerate((noor, piotr))
    ]
    answers = at_once(store, (ana, move_meeting, planned[0], free), (ben, move_meeting, planned[1], free))
    (refused,) = refusals(answers)
    assert "Ben has a meeting then" in str(refused)


def test_no_outcome_outlives_a_meeting_that_is_taken_back_in_the_same_moment(store, ana, ben, noor):
    tomorrow = {"starts_at": MONDAY + timedelta(days=1), "ends_at": MONDAY + timedelta(days=1, hours=1)}
    for _ in range(ROUNDS):
        meeting = act(store, ben, plan_meeting, noor, kind=MeetingKind.TALK, **tomorrow)
        at_once(store, (ana, undo_fact, meeting), (ben, note_outcome, meeting, MeetingResult.CANCELLED))
        assert number(store, MeetingOutcome, MeetingOutcome.undone_at.is_(None)) == 0


def test_two_who_move_people_opposite_ways_through_the_teams_sums_never_wait_in_a_ring(store, ana, ben):
    """A word makes some silent no more, one taken back makes others silent: the same two sums, the other way round."""
    heard, silent = ([saved(store, a_candidate(f"Person {n}")) for n in some] for some in (range(4), range(4, 8)))
    said = act(store, ana, say_to_each, heard, text="Hello")
    for _ in range(ROUNDS):
        said, nothing = at_once(store, (ana, say_to_each, silent, {"text": "How are you?"}), (ben, undo_facts, said))
        assert nothing is None
        heard, silent = silent, heard
    assert list(disagreements(store, workers=0)) == []


def test_a_skill_that_somebody_is_given_does_not_go_with_the_list_that_brought_it(store, ana, ben):
    for number_ in range(ROUNDS):
        rows = f"Name,E-mail,Skills\nIda Sowa,ida@x.example,Falconry {number_}\n".encode()
        batch = import_file(store, ana, look_at(store, rows, "list.csv"), Choices())
        given = {"name": f"Noor Haddad {number_}", "skills": [f"Falconry {number_}"]}
        assert refusals(at_once(store, (ana, undo_import, batch), (ben, add_candidate, given))) == []
    assert list(disagreements(store)) == []
    assert number(store, Skill, Skill.name.startswith("Falconry")) == ROUNDS


def test_whoever_was_merged_while_they_were_waited_for_is_held_by_nobody_yet(store, ana, ben, noor):
    if store.is_sqlite:
        pytest.skip("One writes at a time.")
    noora, nora = saved(store, a_candidate("Noora Haddad")), saved(store, a_candidate("Nora Haddad"))
    with store.working(ben) as work:

        @event.listens_for(work.session.connection(), "before_cursor_execute")
        def merge(_connection, _cursor, statement, *_):
            if "FOR UPDATE" in statement and not merges:
                merges.append(act(store, ana, merge_candidates, noora, noor))

        merges = []
        (candidate,) = people_to_change(work, [noor]).values()
        assert (candidate.id, len(merges)) == (noora, 1)
        act(store, ana, merge_candidates, nora, noora)
        log_contact(work, noora, way=Way.TO, text="Hello.")
    with store.reading() as session:
        assert session.get_one(Candidate, nora).last_word_to_at == MONDAY
    assert list(disagreements(store)) == []


def enter_a_note(work, candidate_id):
    """As a command would that has forgotten to hold whom it is of."""
    note = work.enter(Contact(candidate_id=candidate_id, way=Way.NOTE, text="Met at a fair."))
    settle(work, candidate_id)
    work.record("note logged", work.session.get_one(Candidate, candidate_id), fact=note.id)


def test_no_fact_is_left_of_whoever_is_taken_back_in_the_same_moment(store, ana, ben):
    for number_ in range(ROUNDS):
        rows = f"Name,E-mail\n{'ABCDEFGH'[number_]}da Sowa,{number_}@x.example\n".encode()
        batch = import_file(store, ana, look_at(store, rows, "list.csv"), Choices())
        with store.reading() as session:
            ida = session.scalar(select(Candidate.id).where(Candidate.batch_id == batch))
        stayed, refused = at_once(store, (ana, undo_import, batch), (ben, enter_a_note, ida))
        gone = "There is no such person. They may have been taken back with the list that brought them."
        assert (stayed, str(refused)) in (([ida], "None"), ([], gone))
    with store.working(ana) as work, pytest.raises(Refused, match="There is no such person"):
        enter_a_note(work, 999)
    assert list(disagreements(store)) == []


def test_two_drop_one_question_and_the_second_is_told_that_it_has_gone(store, ana, ben, noor):
    for _ in range(ROUNDS):
        question = act(store, ben, note_question, noor, "Why did you leave?")
        answers = at_once(store, (ana, drop_question, question), (ben, drop_question, question))
        assert [str(refused) for refused in refusals(answers)] == ["There is no such question any more."]
