"""What ends a process beside its gate: reasons that fit, first days, words to all; and questions taken back."""

from datetime import date

import pytest
from sqlalchemy import select

from core.commands.contacts import log_contact
from core.commands.merges import merge_candidates, undo_merge
from core.commands.openings import Ending, add_opening, end_opening, hold_opening, tell_everybody
from core.commands.processes import close_process, reopen_process, start_process, undo_closing
from core.commands.questions import (
    answer_question,
    ask_question,
    drop_question,
    note_question,
    undo_answer,
    undo_asking,
)
from core.commands.undo import undo_fact, undo_facts
from core.domain.facts import Answer, ClosingReason, OpeningStatus, Result, Turn, Way
from core.domain.gate import REASON_NAMES, REASONS
from core.domain.promises import Kind, Status
from core.domain.refusal import Refused
from core.persistence.check import disagreements
from core.persistence.tables import Closing, Contact, Placement, Process, Question
from core.queries.closing import everybody_in, leaving
from core.queries.questions import questions
from tests.make import a_candidate, act, promises_of, saved


def rows(store, table):
    with store.reading() as session:
        return list(session.scalars(select(table).where(table.undone_at.is_(None)).order_by(table.id)))


@pytest.fixture
def opening(store, ben):
    return act(store, ben, add_opening, "Python developer")


@pytest.fixture
def noor(store):
    return saved(store, a_candidate())


@pytest.fixture
def process(store, ben, opening, noor):
    return act(store, ben, start_process, noor, opening)


def test_every_result_has_its_reasons_and_every_reason_a_name():
    assert REASONS.keys() == set(Result)
    assert REASON_NAMES.keys() == set(ClosingReason)
    assert {reason for fit in REASONS.values() for reason in fit} == set(ClosingReason)


def test_a_reason_that_does_not_fit_the_result_is_refused(store, ben, process):
    withdrew = {"result": Result.WITHDRAWN, "answer": Answer.OWED, "reason": ClosingReason.DEGREE}
    with pytest.raises(Refused, match="“No degree” is no reason for that"):
        act(store, ben, close_process, process, **withdrew)
    assert rows(store, Closing) == []


def test_who_is_hired_is_placed_in_the_same_stroke_and_undone_with_it(store, ben, clock, noor, process):
    clock.forward(hours=1)
    hired = {"result": Result.HIRED, "answer": Answer.OWED, "starts_on": date(2026, 3, 16)}
    closing = act(store, ben, close_process, process, **hired)
    assert [placement.starts_on for placement in rows(store, Placement)] == [date(2026, 3, 16)]
    clock.forward(hours=1)
    act(store, ben, undo_closing, closing)
    assert rows(store, Placement) == []
    assert promises_of(store, noor, Kind.UPDATE)[-1].status is Status.OPEN
    assert list(disagreements(store)) == []
    with pytest.raises(Refused, match="Only whoever is hired has a first day"):
        act(store, ben, close_process, process, result=Result.WITHDRAWN, answer=Answer.OWED, starts_on=date(2026, 4, 1))


def test_of_many_who_leave_the_one_who_can_not_is_named_and_nobody_leaves(store, ben, opening, process):
    jan = act(store, ben, start_process, saved(store, a_candidate("Jan Zieliński")), opening)
    endings = {
        process: Ending(result=Result.OPENING_CLOSED, answer=Answer.OWED),
        jan: Ending(result=Result.OPENING_CLOSED, answer=Answer.UNREACHABLE),
    }
    with pytest.raises(Refused, match="Jan Zieliński: Not reachable takes three tries"):
        act(store, ben, end_opening, opening, OpeningStatus.CANCELLED, endings)
    assert rows(store, Closing) == []


def test_the_hired_of_an_opening_are_placed_and_undoing_its_end_takes_that_back(store, ben, clock, opening, process):
    clock.forward(hours=1)
    hired = Ending(result=Result.HIRED, answer=Answer.OWED, starts_on=date(2026, 3, 16))
    end = act(store, ben, end_opening, opening, OpeningStatus.FILLED, {process: hired})
    assert len(rows(store, Placement)) == 1
    act(store, ben, undo_fact, end)
    assert rows(store, Placement) == rows(store, Closing) == []
    assert list(disagreements(store)) == []


def test_one_message_to_all_is_the_news_for_each_but_stands_in_for_no_reply(store, ben, clock, opening, noor, process):
    clock.forward(hours=1)
    act(store, ben, log_contact, noor, way=Way.FROM, text="Any news?")
    act(store, ben, hold_opening, opening)
    clock.forward(hours=1)
    told = act(store, ben, tell_everybody, opening, [process], "On hold.")
    assert [promise.status for promise in promises_of(store, noor, Kind.DELAY)] == [Status.KEPT_ON_TIME]
    assert [promise.status for promise in promises_of(store, noor, Kind.REPLY)] == [Status.OPEN]
    act(store, ben, undo_facts, told)
    assert [promise.status for promise in promises_of(store, noor, Kind.DELAY)] == [Status.OPEN]
    assert list(disagreements(store)) == []
    with pytest.raises(Refused, match="not in this opening any more"):
        act(store, ben, tell_everybody, opening, [process, 999], "On hold.")


def test_what_the_gate_says_of_each_answer_is_read_with_what_is_on_record(store, ben, clock, opening, noor, process):
    for _ in range(3):
        clock.forward(days=1)
        act(store, ben, log_contact, noor, way=Way.ATTEMPT, channel="phone")
    with store.reading() as session:
        row = leaving(session, process, now=store.now(), calendar=store.calendar)
        assert everybody_in(session, opening, now=store.now(), calendar=store.calendar) == [row]
    assert row is not None
    assert row.refusals.keys() == {Answer.TOLD, Answer.DO_NOT_CONTACT}
    assert [attempt.channel for attempt in row.tries] == ["phone"] * 3
    assert (row.told, row.was_asked) == ((), False)
    act(store, ben, close_process, process, result=Result.WITHDRAWN, answer=Answer.UNREACHABLE)
    with store.reading() as session:
        assert leaving(session, process, now=store.now(), calendar=store.calendar) is None


def test_asking_is_taken_back_with_the_word_and_the_turn(store, ben, clock, noor, process):
    clock.forward(hours=1)
    question = act(store, ben, note_question, noor, "Since when?", process_id=process)
    act(store, ben, ask_question, question)
    with store.reading() as session:
        assert session.get_one(Process, process).turn is Turn.CANDIDATE
    clock.forward(hours=1)
    act(store, ben, undo_asking, question)
    act(store, ben, undo_asking, question)
    assert rows(store, Contact) == []
    with store.reading() as session:
        assert session.get_one(Process, process).turn is Turn.OURS
        assert session.get_one(Question, question).asked_at is None
    assert list(disagreements(store)) == []


def test_an_answer_is_taken_back_and_what_was_dropped_is_noted_again(store, ben, noor):
    question = act(store, ben, note_question, noor, "Since when?")
    assert act(store, ben, answer_question, question, "Since May.") == question
    with pytest.raises(Refused, match="has been answered"):
        act(store, ben, drop_question, question)
    act(store, ben, undo_answer, question)
    assert act(store, ben, drop_question, question) == noor
    with store.reading() as session:
        assert questions(session, noor) == []


def test_questions_of_two_who_are_merged_are_one_persons_and_parted_again(store, ben, noor):
    jan = saved(store, a_candidate("Noor H."))
    act(store, ben, note_question, noor, "First?")
    act(store, ben, answer_question, act(store, ben, note_question, jan, "Second?"), "Yes.")
    merge = act(store, ben, merge_candidates, noor, jan)
    with store.reading() as session:
        assert [(asked.text, asked.is_open) for asked in questions(session, noor)] == [
            ("First?", True),
            ("Second?", False),
        ]
    act(store, ben, undo_merge, merge)
    with store.reading() as session:
        assert [asked.text for asked in questions(session, noor)] == ["First?"]
        assert [asked.text for asked in questions(session, jan)] == ["Second?"]


def test_an_end_is_not_undone_once_they_came_in_again_but_is_once_it_was_opened_again(
    store, ben, clock, opening, noor, process
):
    ended = {"result": Result.WITHDRAWN, "answer": Answer.OWED}
    clock.forward(hours=1)
    closing = act(store, ben, close_process, process, **ended)
    clock.forward(hours=1)
    again = act(store, ben, start_process, noor, opening)
    for back in (undo_fact, undo_closing):
        with pytest.raises(Refused, match="is in this opening already"):
            act(store, ben, back, closing)
    clock.forward(hours=1)
    act(store, ben, close_process, again, **ended)
    act(store, ben, reopen_process, process)
    clock.forward(hours=1)
    act(store, ben, undo_fact, closing)
    with store.reading() as session:
        assert list(session.scalars(select(Process.id).where(Process.is_active))) == [process]
    assert list(disagreements(store)) == []


def test_of_two_questions_asked_at_one_moment_one_is_taken_back(store, ben, clock, noor, process):
    clock.forward(hours=1)
    first, second = (act(store, ben, note_question, noor, text, process_id=process) for text in ("When?", "Where?"))
    act(store, ben, ask_question, first)
    act(store, ben, ask_question, second)
    act(store, ben, undo_asking, second)
    assert [word.text for word in rows(store, Contact)] == ["When?"]


def test_whoever_was_merged_is_told_with_all_and_it_is_taken_back_with_all(store, ben, clock, opening, noor, process):
    people = [noor, *(saved(store, a_candidate(f"Somebody {n}")) for n in range(3))]
    there = [process, *(act(store, ben, start_process, who, opening) for who in people[1:])]
    act(store, ben, merge_candidates, saved(store, a_candidate("Noor H.")), noor)
    clock.forward(hours=1)
    act(store, ben, hold_opening, opening)
    told = act(store, ben, tell_everybody, opening, there, "On hold.")
    assert len(rows(store, Contact)) == 4
    for _ in range(2):
        act(store, ben, undo_facts, told)
    assert rows(store, Contact) == []
    assert list(disagreements(store)) == []
