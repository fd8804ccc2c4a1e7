"""What somebody wants to become: noted with advice, looked at again, and what came of it."""

from datetime import date

import pytest
from sqlalchemy import select

from core.commands.candidates import CandidateEdit, edit_candidates, erase_candidate
from core.commands.growth import mark_beginner, note_growth, note_what_came_of_it, undo_what_came_of_it
from core.commands.merges import merge_candidates, undo_merge
from core.commands.undo import undo_fact
from core.domain.growth import Beginner
from core.domain.promises import Kind, Status
from core.domain.refusal import Refused
from core.persistence.check import disagreements
from core.persistence.tables import AuditEntry, Candidate, GrowthNote
from core.persistence.work import THE_PROGRAM
from tests.make import a_candidate, act, promise_of, promises_of, saved

IN_MAY = date(2026, 5, 4)


@pytest.fixture
def noor(store, ben):
    return saved(store, a_candidate(owner_id=ben.id))


def candidate(store, id_) -> Candidate:
    with store.reading() as session:
        return session.get_one(Candidate, id_)


def test_a_wish_and_advice_are_kept_with_the_day_on_which_we_look_again(store, ben, noor):
    note = act(store, ben, note_growth, noor, " Wants to lead. ", advice="Lead one thing first.", revisit_on=IN_MAY)
    with store.reading() as session:
        kept = session.get_one(GrowthNote, note)
        assert (kept.wants, kept.advice, kept.came_of_it) == ("Wants to lead.", "Lead one thing first.", None)
    assert promise_of(store, noor, Kind.REVISIT).status is Status.OPEN
    assert candidate(store, noor).growth_id == note
    assert candidate(store, noor).revisit_due_at == promise_of(store, noor, Kind.REVISIT).due_at
    assert list(disagreements(store)) == []


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "what they want to become, or what you advised"),
        ({"wants": "x" * 2001}, "too long: 2,001 characters, 2,000 fit"),
        ({"wants": "To lead.", "revisit_on": date(2026, 3, 1)}, "lies ahead"),
    ],
)
def test_a_note_that_says_nothing_or_looks_back_is_refused(store, ben, noor, said, sentence):
    with pytest.raises(Refused, match=sentence):
        act(store, ben, note_growth, noor, **said)


def test_the_last_note_that_was_not_taken_back_is_the_one_that_counts(store, ben, noor, clock):
    first = act(store, ben, note_growth, noor, "Wants to test.")
    clock.forward(days=1)
    second = act(store, ben, note_growth, noor, advice="Read this book.", revisit_on=IN_MAY)
    assert candidate(store, noor).growth_id == second
    act(store, ben, undo_fact, second)
    assert (candidate(store, noor).growth_id, candidate(store, noor).revisit_due_at) == (first, None)


def test_what_came_of_advice_is_noted_later_and_can_be_taken_back(store, ben, noor, clock):
    note = act(store, ben, note_growth, noor, "Wants to lead.")
    clock.forward(days=90)
    act(store, ben, note_what_came_of_it, note, "She leads two people.")
    act(store, ben, note_what_came_of_it, note, "She leads four people.", seen="She leads two people.")
    with store.reading() as session:
        kept = session.get_one(GrowthNote, note)
        assert (kept.came_of_it, kept.came_of_it_at) == ("She leads four people.", clock())
    act(store, ben, undo_what_came_of_it, note)
    act(store, ben, undo_what_came_of_it, note)
    with store.reading() as session:
        assert session.get_one(GrowthNote, note).came_of_it is None
    with pytest.raises(Refused, match="Write down what came of it"):
        act(store, ben, note_what_came_of_it, note, " ")
    act(store, ben, undo_fact, note)
    with pytest.raises(Refused, match="no such note any more"):
        act(store, ben, note_what_came_of_it, note, "Too late.")


def test_a_person_begins_as_something_and_then_no_more(store, ben, noor):
    act(store, ben, mark_beginner, noor, Beginner.CAREER_CHANGER)
    act(store, ben, mark_beginner, noor, Beginner.CAREER_CHANGER)
    assert candidate(store, noor).begins_as is Beginner.CAREER_CHANGER
    with store.reading() as session:
        said = session.scalars(select(AuditEntry.changes).where(AuditEntry.action == "beginning noted")).all()
    assert said == [{"begins_as": "changed"}]
    version = candidate(store, noor).version
    act(store, ben, edit_candidates, [CandidateEdit(noor, version, {"begins_as": "junior"})])
    assert candidate(store, noor).begins_as is Beginner.JUNIOR
    act(store, ben, edit_candidates, [CandidateEdit(noor, version + 1, {"begins_as": ""})])
    assert candidate(store, noor).begins_as is None
    with pytest.raises(Refused, match="Nobody begins as “boss” here"):
        act(store, ben, edit_candidates, [CandidateEdit(noor, version + 2, {"begins_as": "boss"})])


def test_a_merge_brings_what_somebody_begins_as_and_parting_takes_it_back(store, ben, noor):
    other = saved(store, a_candidate("Noor H."))
    act(store, ben, mark_beginner, other, Beginner.INTERN)
    note = act(store, ben, note_growth, other, "Wants to stay.")
    merge = act(store, ben, merge_candidates, noor, other)
    assert (candidate(store, noor).begins_as, candidate(store, noor).growth_id) == (Beginner.INTERN, note)
    act(store, ben, undo_merge, merge)
    assert (candidate(store, noor).begins_as, candidate(store, noor).growth_id) == (None, None)
    assert candidate(store, other).growth_id == note
    assert list(disagreements(store)) == []


def test_an_erased_person_leaves_no_word_of_what_they_wanted(store, ben, noor):
    note = act(store, ben, note_growth, noor, "Wants to lead.", advice="Lead.", revisit_on=IN_MAY)
    act(store, ben, note_what_came_of_it, note, "She leads.")
    act(store, ben, mark_beginner, noor, Beginner.JUNIOR)
    act(store, THE_PROGRAM, erase_candidate, noor)
    with store.reading() as session:
        kept = session.get_one(GrowthNote, note)
        assert (kept.wants, kept.advice, kept.came_of_it) == ("", "", "")
    assert candidate(store, noor).begins_as is None
    assert [promise.status for promise in promises_of(store, noor, Kind.REVISIT)] == [Status.VOID]


def test_vera_notes_nothing(store, vera, noor):
    with pytest.raises(Refused, match="You may look"):
        act(store, vera, note_growth, noor, "Wants to lead.")
