"""Who may be one person: found when somebody is written, asked about once, and remembered."""

import pytest
from sqlalchemy import select

from core.commands.candidates import CandidateEdit, add_candidate, edit_candidates, erase_candidate
from core.commands.duplicates import remember_not_same, say_not_the_same, undo_not_the_same
from core.commands.imports import Brought, begin_batch, bring_in, undo_import
from core.commands.merges import merge_candidates, undo_merge
from core.domain.refusal import Refused
from core.persistence.tables import NotSame
from core.persistence.work import THE_PROGRAM
from core.queries.duplicates import number_of_pairs, pairs
from core.queries.page import Page
from tests.make import act


def asked(store) -> dict[tuple[int, int], tuple[str, ...]]:
    with store.reading() as session:
        return {(row.one.id, row.other.id): row.why for row in pairs(session, Page(1, 50))}


@pytest.fixture
def two(store, ben) -> tuple[int, int]:
    tomasz = act(store, ben, add_candidate, name="Tomasz Nowak", company="Allegro")
    tomek = act(store, ben, add_candidate, name="Tomek Nowak", company="Allegro sp. z o.o.")
    act(store, ben, add_candidate, name="Noor Haddad", company="Allegro")
    return tomasz, tomek


def test_two_who_may_be_one_are_asked_about_with_the_reason(store, two):
    assert asked(store) == {two: ("short_name", "company")}


def test_an_edit_finds_and_forgets_pairs(store, ben, two):
    tomasz, tomek = two
    act(store, ben, edit_candidates, [CandidateEdit(tomek, 1, {"company": "Orange"})])
    assert asked(store) == {}
    act(store, ben, edit_candidates, [CandidateEdit(tomasz, 1, {"company": "Orange Polska"})])
    assert asked(store) == {two: ("short_name", "shorter_company")}


def test_two_people_are_asked_about_no_more_until_it_is_taken_back(store, ben, two):
    tomasz, tomek = two
    said = act(store, ben, say_not_the_same, tomek, tomasz)
    assert act(store, ben, say_not_the_same, tomasz, tomek) == said
    assert asked(store) == {}
    act(store, ben, edit_candidates, [CandidateEdit(tomek, 1, {"title": "Lead"})])
    assert asked(store) == {}
    act(store, ben, undo_not_the_same, said)
    assert asked(store) == {two: ("short_name", "company")}
    with pytest.raises(Refused, match="nothing to undo"):
        act(store, ben, undo_not_the_same, said)


def test_many_pairs_are_remembered_at_once_and_again(store, ben, two):
    tomasz, tomek = two
    for _ in range(2):
        with store.working(ben) as work:
            remember_not_same(work, [(tomek, tomasz), (tomasz, tomek), (tomasz, tomek + 1), (tomek, tomek)])
            work.record("tried", work.session.get_one(NotSame, 1))
    with store.reading() as session:
        said = session.execute(select(NotSame.one_id, NotSame.other_id, NotSame.said_by_id)).all()
    assert sorted(said) == [(tomasz, tomek, ben.id), (tomasz, tomek + 1, ben.id)]


def test_a_merge_answers_the_question_and_parting_asks_it_again(store, ben, two):
    tomasz, tomek = two
    merge = act(store, ben, merge_candidates, tomasz, tomek)
    assert asked(store) == {}
    third = act(store, ben, add_candidate, name="T. Nowak", company="Allegro")
    assert asked(store) == {(tomasz, third): ("initial", "company")}
    act(store, ben, undo_merge, merge)
    assert asked(store).keys() == {(tomasz, tomek), (tomasz, third), (tomek, third)}


def test_what_was_said_of_one_who_was_merged_away_counts_for_the_one_kept(store, ben, two):
    tomasz, tomek = two
    third = act(store, ben, add_candidate, name="T. Nowak", company="Allegro")
    act(store, ben, say_not_the_same, tomek, third)
    act(store, ben, merge_candidates, tomasz, tomek)
    assert asked(store) == {}


def test_of_whoever_is_erased_nothing_is_asked(store, ben, two):
    tomasz, tomek = two
    third = act(store, ben, add_candidate, name="T. Nowak", company="Allegro")
    act(store, ben, say_not_the_same, tomek, third)
    act(store, THE_PROGRAM, erase_candidate, tomek)
    assert asked(store) == {(tomasz, third): ("initial", "company")}
    with store.reading() as session:
        assert session.scalars(select(NotSame)).all() == []


def test_the_newest_pair_comes_first_page_by_page(store, ben, clock, two):
    clock.forward(days=1)
    third = act(store, ben, add_candidate, name="Nour Haddad", company="Allegro")
    fourth = act(store, ben, add_candidate, name="N. Haddad", company="Allegro")
    with store.reading() as session:
        assert number_of_pairs(session) == 3
        first, second = pairs(session, Page(1, 2)), pairs(session, Page(2, 2))
    assert [row.other.id for row in (*first, *second)] == [fourth, fourth, two[1]]
    assert third not in {row.other.id for row in second}


def test_vera_and_cora_say_nothing(store, ben, vera, cora, two):
    for viewer in (vera, cora):
        with pytest.raises(Refused):
            act(store, viewer, say_not_the_same, *two)
        with pytest.raises(Refused):
            act(store, viewer, remember_not_same, [two])
    assert asked(store).keys() == {two}


def test_taking_a_list_back_takes_its_people_out_of_the_question(store, ben, two):
    with store.working(ben) as work:
        batch = begin_batch(work, filename="list.csv", kind="people")
        columns = [{"name": "T. Nowak", "company": "Allegro"}, {"name": "N. Haddad", "company": "Allegro"}]
        brought = bring_in(work, batch, [Brought(columns=said) for said in columns])
        remember_not_same(work, [(two[0], brought[0][0])])
        batch_id = batch.id
    assert len(asked(store)) == 3
    act(store, ben, undo_import, batch_id)
    assert asked(store).keys() == {two}
    with store.reading() as session:
        assert session.scalars(select(NotSame)).all() == []
