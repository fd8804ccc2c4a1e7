"""One person's page: who they are, what is owed to them, and all that was said, in a constant number of questions."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from core.commands.candidates import erase_candidate, hand_over, keep_quiet_until, set_rhythm
from core.commands.clients import add_client
from core.commands.consents import forbid_contact, give_consent
from core.commands.contacts import log_contact
from core.commands.growth import note_growth
from core.commands.meetings import note_outcome, plan_meeting
from core.commands.merges import merge_candidates
from core.commands.openings import add_opening
from core.commands.placements import record_placement
from core.commands.processes import close_process, move_to_stage, start_process, wait_on_client
from core.commands.promises import snooze_promise, waive_promise
from core.commands.referrals import refer
from core.commands.undo import undo_fact
from core.domain.facts import Answer, MeetingKind, MeetingResult, Result, Rhythm, Turn, Unit, Way
from core.domain.promises import Kind, State, Status
from core.persistence.tables import FactKind
from core.persistence.work import THE_PROGRAM
from core.queries import candidate as queries
from core.queries.candidate import Life, life, whereabouts
from core.queries.history import Entries, entries
from core.queries.page import Page
from tests.make import a_candidate, a_talk_with_her, a_word_from_her, a_word_to_her, act, promise_of, saved


def seen(store, candidate_id: int) -> Life:
    with store.reading() as session:
        return life(session, candidate_id, now=store.now(), calendar=store.calendar)


def told(store, candidate_id: int, number: int = 1, size: int = 50) -> Entries:
    with store.reading() as session:
        return entries(session, candidate_id, page=Page(number, size))


@pytest.fixture
def lived(store, ben, ana, clock) -> int:
    """Noor, with a fact of every kind that her page tells."""
    noor = saved(store, a_candidate("Noor Haddad", owner_id=ben.id, company="Lumen"))
    ewa = saved(store, a_candidate("Ewa Lis"))
    nordbank = act(store, ben, add_client, "Nordbank")
    opening = act(store, ben, add_opening, "Python developer", client_id=nordbank)
    act(store, ben, set_rhythm, noor, Rhythm(3, Unit.MONTHS))
    process = act(store, ben, start_process, noor, opening, stage="Screening")
    act(store, ben, log_contact, noor, way=Way.FROM, text="Any news?", channel="e-mail")
    clock.forward(hours=1)
    act(
        store, ben, log_contact, noor, way=Way.TO, text="On Friday.", next_what="Ring her", next_due_at=date(2026, 3, 6)
    )
    act(store, ben, move_to_stage, process, "Interview")
    act(store, ben, wait_on_client, process)
    talk = act(
        store,
        ben,
        plan_meeting,
        noor,
        kind=MeetingKind.INTERVIEW,
        starts_at=clock.now + timedelta(hours=1),
        ends_at=clock.now + timedelta(hours=2),
        process_id=process,
    )
    clock.forward(hours=3)
    act(store, ben, note_outcome, talk, MeetingResult.HELD)
    act(store, ben, close_process, process, result=Result.NOT_NOW, answer=Answer.OWED, revisit_on=date(2026, 9, 1))
    act(store, ben, note_growth, noor, "Wants to lead.")
    act(store, ben, refer, noor, ewa)
    act(store, ben, give_consent, noor, date(2027, 1, 1), source="e-mail")
    act(store, ben, record_placement, noor, date(2026, 4, 1))
    act(store, ben, keep_quiet_until, noor, date(2026, 5, 1))
    act(store, ben, hand_over, noor, ana.id)
    return noor


def test_the_page_says_who_they_are_and_how_it_stands(store, lived, ana):
    noor = seen(store, lived)
    assert (noor.profile.name, noor.profile.owner, noor.profile.rhythm) == (
        "Noor Haddad",
        "Ana",
        Rhythm(3, Unit.MONTHS),
    )
    assert noor.last_to is not None
    assert noor.last_to.text == "On Friday."
    assert noor.last_from is not None
    assert (noor.last_from.text, noor.last_from.channel) == ("Any news?", "e-mail")
    assert [word.text for word in noor.last_words] == ["On Friday.", "Any news?"]
    (process,) = noor.processes
    assert (process.place, process.opening, process.stage) == ("Nordbank", "Python developer", "Interview")
    assert (process.is_active, process.result) == (False, Result.NOT_NOW)
    kinds = {row.kind for row in noor.owed}
    assert {Kind.FEEDBACK, Kind.FOLLOW_UP, Kind.REVISIT, Kind.CHECK_IN, Kind.THANKS} <= kinds
    assert noor.kept.on_time == 2  # the reply, and the outcome of the interview
    assert [row.due_at for row in noor.owed] == sorted(row.due_at for row in noor.owed)


def test_everything_that_happened_is_told_newest_first(store, lived):
    rows = told(store, lived).rows
    assert {row.kind for row in rows} >= {
        FactKind.ARRIVAL,
        FactKind.CONTACT,
        FactKind.PROCESS,
        FactKind.STAGE_MOVE,
        FactKind.TURN_CHANGE,
        FactKind.MEETING,
        FactKind.MEETING_OUTCOME,
        FactKind.CLOSING,
        FactKind.RHYTHM_CHANGE,
        FactKind.GROWTH_NOTE,
        FactKind.REFERRAL,
        FactKind.CONSENT,
        FactKind.PLACEMENT,
        FactKind.QUIET_PERIOD,
        FactKind.HANDOVER,
    }
    by_kind = {row.kind: row for row in rows}
    assert by_kind[FactKind.HANDOVER].who == "Ana"
    assert by_kind[FactKind.REFERRAL].who == "Ewa Lis"
    assert by_kind[FactKind.STAGE_MOVE].stage == "Interview"
    assert by_kind[FactKind.TURN_CHANGE].turn is Turn.CLIENT
    assert (by_kind[FactKind.CLOSING].result, by_kind[FactKind.CLOSING].until) == (Result.NOT_NOW, date(2026, 9, 1))
    assert by_kind[FactKind.CLOSING].process == "Nordbank"
    assert by_kind[FactKind.PROCESS].stage == "Screening"
    assert by_kind[FactKind.MEETING_OUTCOME].meeting_result is MeetingResult.HELD
    assert by_kind[FactKind.MEETING].meeting is MeetingKind.INTERVIEW
    assert by_kind[FactKind.CONSENT].until == date(2027, 1, 1)
    assert by_kind[FactKind.PLACEMENT].until == date(2026, 4, 1)
    assert by_kind[FactKind.QUIET_PERIOD].until == date(2026, 5, 1)
    assert by_kind[FactKind.GROWTH_NOTE].text == "Wants to lead."
    assert [row.at for row in rows] == sorted((row.at for row in rows), reverse=True)


def test_the_word_that_kept_a_promise_says_so(store, clock, ben):
    noor = saved(store, a_candidate(owner_id=ben.id), a_word_from_her())
    clock.forward(hours=2)
    saved(store, a_word_to_her(candidate_id=noor))
    answer, question = told(store, noor).rows[:2]
    assert [(word.kind, word.status) for word in answer.kept] == [(Kind.REPLY, Status.KEPT_ON_TIME)]
    assert question.kept == ()


def test_what_was_snoozed_and_waived_stands_with_its_reason(store, clock, ben):
    noor = saved(store, a_candidate(owner_id=ben.id), a_word_from_her())
    clock.forward(hours=1)
    promise = promise_of(store, noor)
    act(store, ben, snooze_promise, promise.id, date(2026, 3, 9), "She is on holiday")
    clock.forward(hours=1)
    act(store, ben, waive_promise, promise.id, "She wrote by mistake")
    waived, snoozed = told(store, noor).rows[:2]
    assert (snoozed.promise, snoozed.text) == (Kind.REPLY, "She is on holiday")
    assert (waived.promise, waived.text) == (Kind.REPLY, "She wrote by mistake")
    assert [word.status for word in waived.kept] == [Status.WAIVED]
    assert seen(store, noor).kept.waived == 1


def test_what_was_undone_is_told_no_more(store, ben):
    noor = saved(store, a_candidate(owner_id=ben.id))
    word = act(store, ben, log_contact, noor, way=Way.TO, text="By mistake")
    act(store, ben, undo_fact, word)
    assert [row.kind for row in told(store, noor).rows] == [FactKind.ARRIVAL]
    assert (seen(store, noor).last_to, seen(store, noor).last_words) == (None, [])


def test_pages_of_the_timeline_follow_each_other(store, clock):
    noor = saved(store, a_candidate())
    for number in range(5):
        clock.forward(hours=1)
        saved(store, a_word_to_her(candidate_id=noor, text=f"Word {number}"))
    assert [row.text for row in told(store, noor, 2, 2).rows] == ["Word 2", "Word 1"]
    assert told(store, noor, 2, 2).number == 6


def test_who_was_merged_brings_their_history_and_their_addresses(store, ben, clock):
    kept = saved(store, a_candidate("Noor Haddad"), a_word_to_her(text="To the one"))
    gone = saved(store, a_candidate("N. Haddad"), a_word_from_her(text="From the other"))
    act(store, ben, merge_candidates, kept, gone)
    assert {row.text for row in told(store, kept).rows} >= {"To the one", "From the other"}
    noor = seen(store, kept)
    assert noor.last_from is not None
    assert noor.last_from.text == "From the other"
    with store.reading() as session:
        found = whereabouts(session, gone)
    assert (found.id, found.is_merged) == (kept, True)


def test_where_somebody_is_not_any_more(store, ben):
    noor = saved(store, a_candidate())
    act(store, THE_PROGRAM, erase_candidate, noor)
    with store.reading() as session:
        assert whereabouts(session, noor).is_erased
        assert whereabouts(session, 4711).id is None


def test_a_word_that_is_still_asleep_is_not_owed_yet(store, ben, clock):
    noor = saved(store, a_candidate(owner_id=ben.id))
    act(store, ben, give_consent, noor, date(2026, 12, 31))
    assert (seen(store, noor).owed, seen(store, noor).promises) == ([], [])
    clock.now = datetime(2026, 12, 10, 9, tzinfo=UTC)
    assert [row.kind for row in seen(store, noor).owed] == [Kind.CONSENT]


def test_words_are_ticks_by_day_and_a_talk_counts_both_ways(store):
    noor = saved(store, a_candidate(), a_word_from_her(), a_word_to_her(), a_talk_with_her())
    day = store.calendar.day(store.now())
    assert dict(seen(store, noor).from_us.days) == {day: 2}
    assert dict(seen(store, noor).from_them.days) == {day: 2}


def test_many_words_are_counted_by_month(store, clock, monkeypatch):
    monkeypatch.setattr(queries, "MOST_TICKS", 4)
    noor = saved(store, a_candidate(), a_word_from_her())
    for _ in range(5):
        clock.forward(days=10)
        saved(store, a_word_to_her(candidate_id=noor))
    life = seen(store, noor)
    assert (life.from_us.are_months, life.from_them.are_months) == (True, False)
    assert dict(life.from_us.days) == {date(2026, 3, 1): 2, date(2026, 4, 1): 3}


def test_promises_have_shapes_in_the_order_they_fall_due(store, clock, ben):
    noor = saved(store, a_candidate(owner_id=ben.id), a_word_from_her())
    clock.forward(days=1)
    saved(store, a_word_to_her(candidate_id=noor), a_word_from_her(candidate_id=noor))
    clock.forward(days=4)
    assert [shape.state for shape in seen(store, noor).promises] == [State.KEPT_ON_TIME, State.OVERDUE]
    assert seen(store, noor).kept.overdue == 1


def test_do_not_contact_is_said(store, ben):
    noor = saved(store, a_candidate())
    act(store, ben, forbid_contact, noor)
    assert seen(store, noor).profile.do_not_contact
    assert told(store, noor).rows[0].kind is FactKind.CONTACT_BAN


def questions(store, candidate_id: int) -> list[tuple[str, tuple]]:
    asked = []

    def note(conn, cursor, statement, parameters, context, executemany):
        asked.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", note)
    seen(store, candidate_id)
    told(store, candidate_id)
    event.remove(store.engine, "before_cursor_execute", note)
    return [(statement, parameters) for statement, parameters in asked if statement.startswith("SELECT")]


def test_the_number_of_questions_does_not_grow(store, lived, clock):
    few = len(questions(store, lived))
    for _ in range(12):
        clock.forward(days=3)
        saved(store, a_word_from_her(candidate_id=lived), a_word_to_her(candidate_id=lived))
    assert len(questions(store, lived)) == few <= 36


def test_nothing_reads_a_whole_table(sqlite_store):
    noor = saved(sqlite_store, a_candidate(), a_word_from_her(), a_word_to_her())
    asked = questions(sqlite_store, noor)
    with sqlite_store.engine.connect() as connection:
        for statement, parameters in asked:
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            scans = [step for step in plan if step.startswith("SCAN") and "anon" not in step and "ROW" not in step]
            assert scans == [], (statement, plan)
