"""Who recommended whom: of one person, as a list, as a network that is never too large, and year by year."""

from datetime import UTC, date, datetime

import pytest

from core.commands.candidates import erase_candidate
from core.commands.processes import close_process, start_process
from core.commands.referrals import refer
from core.commands.undo import undo_fact
from core.domain.facts import Answer, Result
from core.domain.referrals import CameTo
from core.persistence.work import THE_PROGRAM
from core.queries import referrals as queries
from core.queries.page import Page
from core.queries.referrals import Order, Year, by_year, linked, network, numbers, of_person, referrers
from tests.make import a_candidate, a_referral, act, an_opening, saved

IN_2024 = datetime(2024, 5, 6, 8, tzinfo=UTC)


@pytest.fixture
def people(store, ben, clock):
    """Noor brought Ivo and Ewa, Ivo brought Jan; Ewa was hired, Jan is in a process."""
    names = ("Noor", "Ivo", "Ewa", "Jan")
    noor, ivo, ewa, jan = (saved(store, a_candidate(name, known_since=date(2023, 3, 1))) for name in names)
    act(store, ben, refer, noor, ivo, at=IN_2024)
    act(store, ben, refer, noor, ewa)
    act(store, ben, refer, ivo, jan)
    clock.forward(hours=1)
    process = act(store, ben, start_process, ewa, saved(store, an_opening()))
    act(store, ben, start_process, jan, saved(store, an_opening()))
    clock.forward(hours=1)
    act(store, ben, close_process, process, result=Result.HIRED, answer=Answer.OWED)
    return noor, ivo, ewa, jan


def read(store, query, *args):
    with store.reading() as session:
        return query(session, *args)


def pictured(session):
    return network(session, linked(session))


def test_of_one_person_it_is_told_who_brought_them_and_whom_they_brought(store, people):
    noor, ivo, *_ = people
    told = read(store, of_person, ivo)
    assert [(one.name, one.on) for one in told.brought_by] == [("Noor", date(2024, 5, 6))]
    assert [(one.name, one.came_to, one.is_active) for one in told.brought] == [("Jan", CameTo.CONSIDERED, True)]
    assert [one.name for one in read(store, of_person, noor).brought] == ["Ewa", "Ivo"]


def test_who_recommends_people_is_listed_with_what_came_of_them(store, people):
    rows, number = read(store, referrers, None, Order.BROUGHT, Page(1, 10))
    assert number == 2
    noor, ivo, *_ = people
    assert [(row.id, row.brought, row.met, row.hired) for row in rows] == [(noor, 2, 1, 1), (ivo, 1, 0, 0)]
    assert read(store, referrers, None, Order.BROUGHT, Page(2, 1))[0][0].id == ivo
    hired, number = read(store, referrers, CameTo.HIRED, Order.HIRED, Page(1, 10))
    assert [(row.id, row.brought, number) for row in hired] == [(noor, 2, 1)]
    assert read(store, referrers, CameTo.INTERVIEW, Order.LATEST, Page(1, 10)) == ([], 0)


def test_years_are_counted_by_when_somebody_was_recommended(store, people):
    assert read(store, by_year) == [Year(2024, 1, 0, 0), Year(2025, 0, 0, 0), Year(2026, 2, 1, 1)]
    seen = read(store, numbers)
    assert (seen.brought, seen.referrers, seen.met, seen.hired) == (3, 2, 1, 1)


def test_what_was_taken_back_is_in_no_number_and_no_picture(store, people, ben):
    noor, ivo, ewa, _ = people
    before = read(store, numbers).mark
    act(store, ben, undo_fact, read(store, of_person, ivo).brought[0].id)
    assert read(store, numbers).brought == 2
    assert read(store, numbers).mark != before
    assert read(store, pictured).people.keys() == {noor, ivo, ewa}


def test_whoever_was_erased_has_no_name_in_the_picture(store, people, ben):
    ivo = people[1]
    act(store, THE_PROGRAM, erase_candidate, ivo)
    seen = read(store, pictured)
    assert seen.people[ivo].is_erased
    assert len(seen.links) == 3


def test_of_too_many_the_largest_trees_are_pictured_whole(store, monkeypatch):
    monkeypatch.setattr(queries, "PICTURED", 10)
    ids = [saved(store, a_candidate(f"Person {number}")) for number in range(18)]
    pairs = [
        (0, 1),
        (0, 2),
        (1, 3),
        (3, 4),
        (4, 5),
        (6, 7),
        (6, 8),
        (9, 10),
        (11, 12),
        (13, 14),
        (15, 16),
        (9, 1),
        (6, 16),
    ]
    for referrer, brought in pairs:
        saved(store, a_referral(ids[brought], candidate_id=ids[referrer]))
    seen = read(store, pictured)
    assert seen.is_cut
    assert seen.people.keys() == {*ids[:9], ids[16]}
    assert {person for link in seen.links for person in (link.referrer, link.brought)} == seen.people.keys()
    assert read(store, numbers).brought == len(pairs)
