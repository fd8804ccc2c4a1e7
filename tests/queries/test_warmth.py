"""What warmth is reckoned from is settled with everything else: by words, meetings, undoing, merging and a list."""

from datetime import timedelta

import pytest

from core.commands.contacts import log_contact
from core.commands.lists import import_file, look_at
from core.commands.meetings import note_outcome, plan_meeting
from core.commands.merges import merge_candidates, undo_merge
from core.commands.undo import undo_fact
from core.domain.facts import MeetingKind, MeetingResult, Way
from core.domain.warmth import Answers, Grade, warmth
from core.importers.ready import Choices
from core.persistence.check import disagreements
from core.persistence.tables import Candidate
from core.queries.candidates import CandidateFilters, people
from core.queries.page import Page
from core.queries.warmth import ties_of
from tests.make import a_candidate, a_talk_with_her, a_word_from_her, a_word_to_her, act, saved


def counted(store, candidate_id: int) -> tuple[Answers, int]:
    with store.reading() as session:
        ties = ties_of(session.get_one(Candidate, candidate_id))
    return ties.answers, ties.meetings


def test_words_and_answers_are_counted_as_they_are_said_and_taken_back(store, ben, clock):
    noor = saved(store, a_candidate(), a_word_to_her())
    assert counted(store, noor) == (Answers(1, 0, 0), 0)
    clock.forward(days=2)
    answer = act(store, ben, log_contact, noor, way=Way.FROM, text="Gladly.")
    assert counted(store, noor) == (Answers(1, 1, 1), 0)
    act(store, ben, undo_fact, answer)
    assert counted(store, noor) == (Answers(1, 0, 0), 0)


def test_a_meeting_counts_once_it_was_held(store, ben, clock):
    noor = saved(store, a_candidate())
    starts = clock.now + timedelta(hours=1)
    ends = starts + timedelta(hours=1)
    talk = act(store, ben, plan_meeting, noor, kind=MeetingKind.TALK, starts_at=starts, ends_at=ends)
    assert counted(store, noor) == (Answers(), 0)
    clock.forward(hours=3)
    act(store, ben, note_outcome, talk, MeetingResult.HELD)
    assert counted(store, noor) == (Answers(1, 1, 1), 1)


def test_what_was_said_to_somebody_merged_away_counts_for_the_one_kept_until_they_part(store, ben):
    noor = saved(store, a_candidate(), a_word_to_her())
    twin = saved(store, a_candidate("Noor H."), a_talk_with_her())
    merge = act(store, ben, merge_candidates, noor, twin)
    assert counted(store, noor) == (Answers(2, 2, 2), 0)
    act(store, ben, undo_merge, merge)
    assert counted(store, noor) == (Answers(1, 0, 0), 0)
    assert counted(store, twin) == (Answers(1, 1, 1), 0)


def test_newcomers_of_a_list_have_said_nothing_yet(store, ben):
    looked = look_at(store, b"Name,E-mail\nRosa Lis,rosa@lis.example\n", "people.csv")
    import_file(store, ben, looked, Choices())
    with store.reading() as session:
        (rosa,) = people(session, CandidateFilters(), now=store.now(), region="PL", page=Page(1, 5)).rows
    assert (rosa.ties.answers, rosa.ties.meetings) == (Answers(), 0)
    assert warmth(rosa.ties, store.now(), store.calendar) is None
    assert list(disagreements(store, workers=0)) == []


def test_the_list_of_people_has_what_it_takes(store, ben, clock):
    clock.forward(days=-400)
    saved(store, a_candidate(), a_word_to_her(), a_word_from_her())
    clock.forward(days=400)
    with store.reading() as session:
        (noor,) = people(session, CandidateFilters(), now=store.now(), region="PL", page=Page(1, 5)).rows
    how = warmth(noor.ties, store.now(), store.calendar)
    assert how is not None
    assert [part.points for part in how.parts] == [0, 0, 20, 0, 2]
    assert how.grade is Grade.COLD


@pytest.mark.parametrize("column", ["words_to", "words_answered", "words_answered_soon", "meetings_held"])
def test_a_count_that_is_wrong_is_found_by_the_check(store, column):
    noor = saved(store, a_candidate(), a_word_to_her())
    with store.engine.execution_options(intent="write").begin() as connection:
        connection.exec_driver_sql(f"UPDATE candidate SET {column} = 7 WHERE id = {noor}")
    (found,) = disagreements(store, workers=0)
    assert f"{column.replace('_', ' ')} 7" in found.stored
