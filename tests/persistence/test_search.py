"""People are found by the beginnings of their words, however they are written."""

import pytest
from sqlalchemy import select

from core.persistence.search import index_words, index_words_of_new, typed_words, words_of
from core.persistence.tables import Candidate, SearchWord
from core.persistence.work import THE_PROGRAM
from tests.make import a_candidate, saved


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Łukasz Żółć", {"lukasz", "zolc"}),
        ("Kowalska-Nowak", {"kowalska", "nowak"}),
        ("O'Neil", {"o", "neil", "oneil"}),
        ("C++ and C# developer", {"c++", "c#", "and", "developer"}),
        (".NET", {"net"}),
        ("  – ", set()),
        ("x" * 90, {"x" * 40}),
    ],
)
def test_what_is_written_is_found_by_its_folded_words(written, words):
    assert words_of(written) == words


def test_a_typed_word_that_another_begins_with_says_nothing():
    assert typed_words("ja Jan  KOWAL") == ("jan", "kowal")


def stored(store, candidate_id: int) -> set[str]:
    with store.reading() as session:
        return set(session.scalars(select(SearchWord.word).where(SearchWord.candidate_id == candidate_id)))


def test_an_edit_changes_the_words(store):
    noor = saved(store, a_candidate("Noor Haddad", title="Tester"))
    with store.working(THE_PROGRAM) as work:
        candidate = work.session.get_one(Candidate, noor)
        index_words(work.session, candidate)
        candidate.title, candidate.company = "Developer", "Lumen"
        index_words(work.session, candidate)
        index_words(work.session, candidate)
        work.record("words", candidate)
    assert stored(store, noor) == {"noor", "haddad", "developer", "lumen"}


def test_an_import_brings_words_in_bulk(store):
    noor, ewa = saved(store, a_candidate("")), saved(store, a_candidate(""))
    with store.working(THE_PROGRAM) as work:
        people = [
            (noor, "Noor Haddad", "Lumen", "", "", ["Open to work"]),
            (ewa, "Ewa Lis", "Lumen", "Tester", "Łódź", []),
        ]
        index_words_of_new(work.session, people)
        work.record("words", work.session.get_one(Candidate, noor))
    assert stored(store, noor) == {"noor", "haddad", "lumen", "#open to work"}
    assert stored(store, ewa) == {"ewa", "lis", "lumen", "tester", "lodz"}
