"""The pool at a glance: sums kept by the writes, the same counted one by one, and the lists a choice stands for."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.commands.candidates import CandidateEdit, edit_candidates, erase_candidate
from core.commands.consents import forbid_contact
from core.commands.contacts import log_contact
from core.commands.merges import merge_candidates, undo_merge
from core.domain.document import as_html
from core.domain.facts import Way
from core.domain.pool import Now
from core.persistence.check import disagreements
from core.persistence.tables import Candidate
from core.persistence.work import THE_PROGRAM
from core.queries import duplicates, pool, referrals
from core.queries.own_data import own_data
from core.queries.page import Page
from core.queries.pool import BEFORE, NO_RHYTHM, NO_WORD, Alive, Choice, Figure, Health, PoolFilters, choice_of
from core.queries.warmth import ties_of
from tests.make import MONDAY, a_candidate, a_placement, a_process, a_word_from_her, a_word_to_her, an_opening, saved

ALL, ALL_OF_IT = PoolFilters(), Page(1, 50)
EVERYBODY = PoolFilters(tag="pool")
"""The same people, but counted one by one: no sums are kept of tags."""
AGO = (0, 20, 45, 100, 200, 330, 500, 800)
"""Days since the last word."""


def seen(store, filters=ALL):
    with store.reading() as session:
        return pool.seen(session, filters, now=store.now(), calendar=store.calendar)


def chosen(store, choice, filters=ALL):
    with store.reading() as session:
        return pool.chosen(session, seen(store, filters), choice)


def listed(store, choice=None, page=ALL_OF_IT, filters=ALL):
    with store.reading() as session:
        return pool.listed(session, seen(store, filters), choice, calendar=store.calendar, page=page)


def known(store, name="Noor Haddad", *facts, **columns):
    """Somebody with Ben, unless they are said to be another's, with a tag all have."""
    return saved(store, a_candidate(name, **{"tags": ["pool"], "source": "Fair", **columns}), *facts)


@pytest.fixture
def people(store, ben):
    """Some of every kind: known for a day or a decade, silent or not, with a rhythm or without, from here or there."""
    opening = saved(store, an_opening())
    for n in range(32):
        ago, years = AGO[n % len(AGO)], (0, 1, 2, 4, 6, 11)[n % 6]
        spoken = MONDAY - timedelta(days=ago)
        rhythm = ((3, "months"), (6, "weeks"), (None, None))[n % 3]
        facts = [] if n % 7 == 6 else [(a_word_to_her, a_word_from_her)[n % 2](happened_at=spoken)]
        if n % 11 == 5:
            facts.append(a_process(opening))
        if n % 13 == 4:
            facts.append(a_placement(date(2026, 1, 7)))
        known(
            store,
            f"Person {n}",
            *facts,
            owner_id=ben.id if n % 4 else None,
            known_since=date(2026 - years, 2, 20),
            source=("LinkedIn", "Fair", "")[n % 3],
            rhythm_count=rhythm[0],
            rhythm_unit=rhythm[1],
        )
    return store


def every_choice(seen):
    """Each cell of each chart, each row, each column."""
    for figure in Figure:
        pairs = set(seen.of(figure))
        for one, other in pairs | {(one, "") for one, _ in pairs} | {("", other) for _, other in pairs}:
            if (choice := choice_of(str(Choice(figure, one, other)))) is not None:
                yield choice


def test_what_the_sums_say_is_what_counting_says_and_each_choice_lists_as_many(people, clock, ben):
    for days in (0, 155):
        clock.forward(days=days)
        for whose, number in ((None, 32), (ben.id, 24)):
            added_up, counted = seen(people, PoolFilters(whose)), seen(people, replace(EVERYBODY, owner_id=whose))
            assert replace(added_up, people=[], filters=ALL) == replace(counted, people=[], filters=ALL)
            assert added_up.number == number
            choices = list(every_choice(added_up))
            assert len(choices) > 60
            for choice in (None, *choices):
                found = chosen(people, choice, PoolFilters(whose))
                assert len(found) == len(set(found)) == added_up.number_of(choice), (days, whose, choice)
                assert set(found) == set(chosen(people, choice, replace(EVERYBODY, owner_id=whose))), choice
    assert list(disagreements(people, workers=0)) == []


def test_alive_is_a_word_either_way_within_twelve_months_and_known_since_the_earliest_there_is(store):
    old = MONDAY - timedelta(days=800)
    known(store, "Wrote", a_word_from_her(happened_at=MONDAY - timedelta(days=200)), known_since=date(2020, 1, 1))
    known(store, "Silent", a_word_to_her(happened_at=old), known_since=date(2026, 1, 1))
    known(store, "Asked in a group", a_word_to_her(is_group=True))
    found = seen(store)
    assert (found.number, found.alive) == (3, 1)
    assert found.cohorts == {("2020", Alive.YES): 1, ("2023", Alive.NO): 1, ("2026", Alive.NO): 1}
    with store.reading() as session:
        assert pool.cohorts(session, None, found.today) == found.cohorts
    assert found.silences["0", NO_WORD] == 1
    assert found.coming == {}


def test_since_when_somebody_is_known_is_one_day_wherever_it_is_told(store):
    noor = known(store, "Noor", a_word_to_her(happened_at=MONDAY - timedelta(days=800)), known_since=date(2026, 1, 1))
    with store.reading() as session:
        met_on = duplicates.sides(session, [noor])[noor].met_on
        assert met_on == date(2023, 12, 23)
        assert referrals.people(session, [noor])[noor].met_on == met_on
        assert ties_of(session.get_one(Candidate, noor)).met_on == met_on
        data = own_data(session, noor, now=store.now(), calendar=store.calendar)
    assert "We have known you since 23 December 2023." in as_html(data.document)


def test_who_goes_silent_within_three_months_is_told_month_by_month(store, clock):
    for days in (260, 290, 320, 350):
        known(store, f"{days}", a_word_to_her(happened_at=MONDAY - timedelta(days=days)))
    assert seen(store).coming == {"3": 1, "2": 1, "1": 1}  # in June, May, April: the fourth was in March a year ago
    assert [row.name for row in listed(store, Choice(Figure.COMING, "1"))] == ["320"]
    clock.forward(days=31)
    assert seen(store).coming == {"2": 1, "1": 1}


def test_a_rhythm_is_on_time_due_past_or_has_nothing_due(store, clock):
    known(store, "Kept", a_word_to_her(happened_at=MONDAY), rhythm_count=3, rhythm_unit="months")
    known(store, "None")
    assert seen(store).rhythms == {("3-months", Health.ON_TIME): 1, (NO_RHYTHM, Health.NONE): 1}
    clock.forward(days=84)
    assert seen(store).rhythms["3-months", Health.SOON] == 1
    clock.forward(days=30)
    assert seen(store).rhythms["3-months", Health.PAST] == 1
    (row,) = listed(store)
    assert (row.name, row.in_touch_on) == ("Kept", date(2026, 6, 2))


def test_without_a_choice_the_longest_past_its_date_comes_first(store):
    for name, ago in (("Middle", 100), ("First", 200), ("Last", 50)):
        said = a_word_to_her(happened_at=MONDAY - timedelta(days=ago))
        known(store, name, said, rhythm_count=3, rhythm_unit="months", added_at=MONDAY - timedelta(days=300))
    assert [row.name for row in listed(store)] == ["First", "Middle", "Last"]
    assert [row.name for row in listed(store, page=Page(2, 2))] == ["Last"]


def test_a_row_says_how_many_words_there_were_in_each_of_five_years(store):
    said = [a_word_to_her(happened_at=MONDAY - timedelta(days=days)) for days in (0, 10, 400, 1500, 4000)]
    known(store, "Noor", *said, title="Developer", added_at=MONDAY - timedelta(days=4000))
    (row,) = listed(store, Choice(Figure.SILENCE, "", "0"))
    assert row.words == (1, 0, 0, 1, 2)
    assert row.does == "Developer"


def test_who_is_merged_away_or_erased_is_counted_nowhere_and_parted_is_counted_again(store, ben):
    noor, twin = known(store), known(store, "Noor H.", known_since=date(2019, 5, 1), source="Meetup")
    with store.working(ben) as work:
        merge = merge_candidates(work, noor, twin)
    assert seen(store).number == 1
    assert seen(store).cohorts == {("2019", Alive.NO): 1}
    assert [row.name for row in listed(store, Choice(Figure.MET, "2019"), filters=EVERYBODY)] == ["Noor Haddad"]
    with store.working(ben) as work:
        undo_merge(work, merge)
    assert seen(store).cohorts == {("2019", Alive.NO): 1, ("2026", Alive.NO): 1}
    assert {source for source, _ in seen(store).sources} == {"Fair", "Meetup"}
    with store.working(THE_PROGRAM) as work:
        erase_candidate(work, twin)
    assert seen(store).number == 1
    assert list(disagreements(store, workers=0)) == []


def test_another_source_is_counted_at_once(store, ben):
    noor = known(store)
    with store.working(ben) as work:
        edit_candidates(work, [CandidateEdit(noor, 1, {"source": "Meetup"})])
    assert seen(store).sources == {("Meetup", Now.SILENT): 1}
    assert list(disagreements(store, workers=0)) == []


def test_who_asked_for_no_contact_is_that_before_all_else(store, ben):
    noor = known(store, "Noor", a_word_from_her())
    with store.working(ben) as work:
        forbid_contact(work, noor)
    assert seen(store).sources == {("Fair", Now.NO_CONTACT): 1}


def test_a_word_moves_somebody_out_of_silence(store, ben):
    noor = known(store, "Noor", a_word_to_her(happened_at=MONDAY - timedelta(days=500)))
    assert (seen(store).alive, chosen(store, Choice(Figure.MET, "", Alive.NO))) == (0, [noor])
    with store.working(ben) as work:
        log_contact(work, noor, way=Way.TO, text="How are you?")
    assert (seen(store).alive, chosen(store, Choice(Figure.MET, "", Alive.NO))) == (1, [])


def test_more_people_than_are_counted_one_by_one_is_said(store, monkeypatch):
    monkeypatch.setattr(pool, "MANY", 1)
    known(store), known(store, "Another")
    assert (seen(store, EVERYBODY).number, seen(store, EVERYBODY).is_cut) == (1, True)
    assert (seen(store).number, seen(store).is_cut) == (2, False)


def test_sources_come_with_the_most_people_first(store):
    for source in ("Fair", "Meetup", "Meetup"):
        known(store, source=source)
    with store.reading() as session:
        assert pool.sources(session) == ["Meetup", "Fair"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "silence",
        "silence..",
        "silence.7.",
        "silence..9",
        "met.alive.20x6",
        "rhythm.past.none",
        "what.1.2",
        "met.dead.",
    ],
)
def test_an_address_that_says_nothing_that_can_be_chosen_chooses_nothing(text):
    assert choice_of(text) is None


def test_an_address_says_what_was_chosen_whatever_the_source_is_called():
    for choice in (
        Choice(Figure.SOURCE, "a.b.c", Now.SILENT),
        Choice(Figure.SILENCE, "3", NO_WORD),
        Choice(Figure.MET, BEFORE),
        Choice(Figure.RHYTHM, NO_RHYTHM),
    ):
        assert choice_of(str(choice)) == choice
