"""What people want to become, as the notes of one and as a list of all."""

from datetime import date, timedelta

import pytest

from core.commands.candidates import erase_candidate
from core.commands.growth import mark_beginner, note_growth, note_what_came_of_it
from core.commands.merges import merge_candidates
from core.domain.growth import Beginner
from core.domain.promises import State
from core.persistence.work import THE_PROGRAM
from core.queries.growth import GrowthFilters, Order, growing, notes, numbers
from core.queries.page import Page
from tests.make import a_candidate, act, saved

MARCH, APRIL = date(2026, 3, 4), date(2026, 4, 1)


@pytest.fixture
def people(store, ana, ben, clock):
    """Noor wants to lead, and we look again in April; Ivo, a junior, on Wednesday; Ewa is an intern, Jan nothing."""
    noor, ivo, ewa, _ = (
        saved(store, a_candidate(name, owner_id=owner.id))
        for name, owner in (("Noor", ben), ("Ivo", ben), ("Ewa", ana), ("Jan", ana))
    )
    act(store, ben, mark_beginner, ivo, Beginner.JUNIOR)
    act(store, ben, mark_beginner, ewa, Beginner.INTERN)
    advice = act(store, ben, note_growth, noor, "Wants to lead.", advice="Lead one thing.", revisit_on=APRIL)
    act(store, ben, note_what_came_of_it, advice, "She led two.")
    act(store, ben, note_growth, ivo, "Wants to test.", revisit_on=MARCH)
    clock.forward(hours=1)
    act(store, ben, note_growth, noor, "Wants to lead many.")
    return noor, ivo, ewa


def listed(store, **filters):
    with store.reading() as session:
        found = growing(session, GrowthFilters(**filters), now=store.now(), page=Page(1, 10))
    assert found.number == len(found.rows)
    return [row.name for row in found.rows]


def test_whoever_is_to_be_looked_at_again_first_comes_first(store, people):
    assert listed(store) == ["Ivo", "Noor", "Ewa"]
    assert listed(store, order=Order.NOTED) == ["Noor", "Ivo", "Ewa"]


def test_the_list_is_narrowed_by_owner_by_what_they_begin_as_and_by_the_coming_week(store, people, ana):
    assert listed(store, owner_id=ana.id) == ["Ewa"]
    assert listed(store, begins_as=Beginner.JUNIOR) == ["Ivo"]
    assert listed(store, is_due=True) == ["Ivo"]
    with store.reading() as session:
        of_all = numbers(session, None, now=store.now())
        of_ana = numbers(session, ana.id, now=store.now())
    assert (of_all.begin, of_all.due) == ({Beginner.JUNIOR: 1, Beginner.INTERN: 1, None: 1}, 1)
    assert (of_ana.people, of_ana.due) == (1, 0)


def test_a_row_says_the_last_wish_the_last_advice_and_what_came_of_that(store, people):
    with store.reading() as session:
        rows = growing(session, GrowthFilters(order=Order.NOTED), now=store.now(), page=Page(1, 2)).rows
    noor, ivo = rows
    assert (noor.wants, noor.advice, noor.came_of_it) == ("Wants to lead many.", "Lead one thing.", "She led two.")
    assert (ivo.wants, ivo.advice, ivo.advised_at, ivo.begins_as) == ("Wants to test.", "", None, Beginner.JUNIOR)


def test_whoever_was_merged_or_erased_is_listed_no_more(store, people, ben):
    noor, ivo, ewa = people
    act(store, ben, merge_candidates, noor, ivo)
    act(store, THE_PROGRAM, erase_candidate, ewa)
    assert listed(store) == ["Noor"]


def test_the_notes_of_one_person_and_of_whoever_was_merged_into_them_come_latest_first(store, people, ben, clock):
    noor, ivo, _ = people
    act(store, ben, merge_candidates, noor, ivo)
    clock.now += timedelta(days=10)
    with store.reading() as session:
        told = notes(session, noor, now=store.now(), calendar=store.calendar)
    assert [note.wants for note in told] == ["Wants to lead many.", "Wants to test.", "Wants to lead."]
    assert [note.revisit for note in told] == [None, State.OVERDUE, State.UPCOMING]
    assert (told[2].came_of_it, told[2].noted_by) == ("She led two.", "Ben")
