"""Whoever is searched for a skill is found by what implies it, and it is said why."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.commands.candidates import add_candidate, erase_candidate
from core.commands.merges import merge_candidates
from core.commands.skills import add_implication, ensure_skills
from core.domain.skills import How, consequences, implications, known_skill
from core.persistence.work import THE_PROGRAM
from core.queries import candidates
from core.queries.candidates import CandidateFilters, HasRhythm, Order, people
from core.queries.page import Page
from core.queries.skills import NO_SKILL, follows_from, number_said, said, skill, skill_ids


@pytest.fixture
def known(store):
    with store.working(THE_PROGRAM) as work:
        ensure_skills(work)
    return store


@pytest.fixture
def cast(known, ben):
    """By name, each with an id."""
    knows = {
        "Ana Lis": ["React", "Go"],
        "Ewa Żak": ["Next.js"],
        "Jan Kowal": ["JavaScript", "React"],
        "Noor Haddad": ["Spring Boot", "k8s"],
        "Ola Nowak": ["Java"],
        "Piotr Maj": [],
    }
    with known.working(ben) as work:
        return {name: add_candidate(work, name=name, company="Lumen", skills=has) for name, has in knows.items()}


def found(store, *names, text="", **filters):
    """Whoever is found for these skills, each with why."""
    with store.reading() as session:
        ids = tuple(skill_ids(session, names))
        assert NO_SKILL not in ids
        asked = CandidateFilters(text, skills=ids, **filters)
        return {
            one.name: one.why for one in people(session, asked, now=store.now(), region="PL", page=Page(1, 1000)).rows
        }


def test_who_knows_what_implies_it_is_found_and_it_is_said_why(known, cast):
    assert found(known, "JS") == {
        "Ana Lis": "React, which is written in JavaScript",
        "Ewa Żak": "Next.js, which needs Node.js, which is written in JavaScript",
        "Jan Kowal": "JavaScript",
    }
    assert found(known, "Java") == {
        "Noor Haddad": "Spring Boot, which is part of Spring, which is written in Java",
        "Ola Nowak": "Java",
    }


def test_never_the_other_way_round(known, cast):
    assert found(known, "React") == {
        "Ana Lis": "React",
        "Ewa Żak": "Next.js, which needs React",
        "Jan Kowal": "React",
    }
    assert found(known, "Spring") == {"Noor Haddad": "Spring Boot, which is part of Spring"}


def test_of_several_skills_all_are_asked_for(known, cast):
    assert found(known, "JavaScript", "golang") == {"Ana Lis": "React, which is written in JavaScript; Go"}
    assert found(known, "Java", "Docker") == {
        "Noor Haddad": "Spring Boot, which is part of Spring, which is written in Java; Kubernetes, which needs Docker"
    }
    assert found(known, "Java", "JavaScript") == {}


def test_skills_narrow_with_everything_else(known, cast, ben, ana):
    assert list(found(known, "JavaScript", text="lumen lis")) == ["Ana Lis"]
    assert list(found(known, "JavaScript", text="haddad")) == []
    assert len(found(known, "JavaScript", owner_id=ben.id)) == 3
    assert found(known, "JavaScript", owner_id=ana.id) == {}
    assert found(known, "JavaScript", rhythm=HasRhythm.YES) == {}
    assert len(found(known, "JavaScript", rhythm=HasRhythm.NO)) == 3


@pytest.mark.parametrize("order", Order)
def test_the_order_is_as_chosen(known, cast, order):
    with known.reading() as session:
        everybody = people(session, CandidateFilters(order=order), now=known.now(), region="PL", page=Page()).rows
    them = [one.name for one in everybody if one.name in {"Ana Lis", "Ewa Żak", "Jan Kowal"}]
    assert list(found(known, "JavaScript", order=order)) == them


def test_a_skill_that_nobody_has_finds_nobody_and_one_that_is_not_there_is_none(known, cast):
    assert found(known, "COBOL") == {}
    with known.reading() as session:
        assert skill_ids(session, ["Underwater basket weaving", "React"])[0] == NO_SKILL


def test_what_a_merged_record_knows_the_one_kept_knows(known, cast, ben):
    """Also one that was merged into one that was merged, and together with what the one kept knows itself."""
    with known.working(ben) as work:
        merge_candidates(work, cast["Ola Nowak"], cast["Ana Lis"])
    assert found(known, "Go") == {"Ola Nowak": "Go"}
    assert found(known, "Java", "JavaScript") == {"Ola Nowak": "Java; React, which is written in JavaScript"}
    with known.working(ben) as work:
        merge_candidates(work, cast["Piotr Maj"], cast["Ola Nowak"])
    assert found(known, "Go") == {"Piotr Maj": "Go"}
    assert found(known, "React", "Java")["Piotr Maj"] == "React; Java"


def test_who_was_erased_is_not_found(known, cast, ben):
    with known.working(THE_PROGRAM) as work:
        erase_candidate(work, cast["Ana Lis"])
    assert "Ana Lis" not in found(known, "JavaScript")


def test_what_the_team_says_finds_at_once(known, cast, ben):
    with known.working(ben) as work:
        add_implication(work, "Spring Boot", How.NEEDS, "Patience")
        add_implication(work, "House framework", How.NAME_OF, "React")
        add_candidate(work, name="Rosa Luz", skills=["House framework"])
    assert found(known, "Patience") == {"Noor Haddad": "Spring Boot, which needs Patience"}
    assert found(known, "React")["Rosa Luz"] == "House framework, which is another name for React"
    assert set(found(known, "house framework")) == set(found(known, "React"))
    assert "Rosa Luz" in found(known, "JavaScript")


@pytest.mark.parametrize(("order", "far"), [(Order.NAME, 0), (Order.ADDED, 0), (Order.SILENCE, 2), (Order.DUE, 2)])
def test_where_many_have_a_skill_the_first_of_them_are_listed(known, cast, monkeypatch, order, far):
    """As if three people were thousands: they are found along the order, or where it has no dates, among some."""
    everybody = found(known, "JavaScript")
    monkeypatch.setattr(candidates, "FAR", far)
    monkeypatch.setattr(candidates, "MOST", 2)
    with known.reading() as session:
        asked = CandidateFilters(skills=tuple(skill_ids(session, ["JavaScript"])), order=order)
        listed = people(session, asked, now=known.now(), region="PL", page=Page())
    assert (listed.is_cut, len(listed.rows)) == (True, 2)
    assert {one.name: one.why for one in listed.rows}.items() <= everybody.items()
    if order is Order.NAME:
        assert [one.name for one in listed.rows] == ["Ana Lis", "Ewa Żak"]


NAMES = sorted({name for one in implications()[:60] for name in (one.skill, one.implied)})
FOLLOWS = {(one.skill, one.implied) for one in consequences((x.skill, x.how, x.implied) for x in implications())}


@settings(max_examples=15)
@given(st.lists(st.lists(st.sampled_from(NAMES), max_size=3), min_size=1, max_size=4), st.data())
def test_the_search_finds_whom_the_rules_find(known, ben, lives, data):
    """Whoever it is, whatever is asked: one skill or two of those that somebody might have."""
    numbers = {}
    with known.working(ben) as work:
        for has in lives:
            name = f"Somebody {work.session.connection().exec_driver_sql('SELECT count(*) FROM candidate').scalar()}"
            add_candidate(work, name=name, skills=has)
            numbers[name] = {known_skill(skill) for skill in has}
    for asked in data.draw(st.lists(st.sampled_from(list(combinations(NAMES, 2))), max_size=3)):
        for one_or_two in (asked, asked[:1]):
            meant = {
                name
                for name, has in numbers.items()
                if all(any(one == wanted or (one, wanted) in FOLLOWS for one in has) for wanted in one_or_two)
            }
            assert found(known, *one_or_two).keys() & numbers.keys() == meant


def test_a_skill_is_shown_with_what_implies_it_and_what_it_implies_the_nearest_first(known):
    with known.reading() as session:
        react = skill(session, "reactjs")
    assert react.name == "React"
    assert "Rect.js" in react.other_names
    assert [near.name for near in react.implies if near.steps == 1] == ["CSS", "Frontend development", "JavaScript"]
    assert [(near.name, near.how) for near in react.implies if near.steps == 2] == [
        ("HTML", "needs CSS, which needs HTML")
    ]
    expo = next(near for near in react.implied_by if near.name == "Expo")
    assert (expo.steps, expo.how) == (2, "needs React Native, which needs React")
    assert [near.steps for near in react.implied_by] == sorted(near.steps for near in react.implied_by)


def test_what_the_team_said_is_listed_the_latest_first(known, ben):
    with known.working(ben) as work:
        add_implication(work, "Alpha", How.NEEDS, "Beta")
        add_implication(work, "Gamma", How.NAME_OF, "React")
    with known.reading() as session:
        listed = said(session, Page(1, 10))
        assert [(one.skill, one.how, one.implied, one.by) for one in listed] == [
            ("Gamma", How.NAME_OF, "React", "Ben"),
            ("Alpha", How.NEEDS, "Beta", "Ben"),
        ]
        assert number_said(session) == 2
        assert [one.skill for one in said(session, Page(2, 1))] == ["Alpha"]


def test_what_follows_from_the_skills_somebody_has_is_said_with_why(known, ben):
    with known.reading() as session:
        follows = {near.name: near.how for near in follows_from(session, ["Next.js", "React", "Go", "Nothing known"])}
        assert follows["JavaScript"] == "React, which is written in JavaScript"
        assert follows["Node.js"] == "Next.js, which needs Node.js"
        assert "React" not in follows
        assert follows_from(session, []) == []


def test_whoever_knows_one_skill_and_by_a_record_merged_with_theirs_the_other_is_found(known, cast, ben):
    with known.working(ben) as work:
        kept, gone = (
            add_candidate(work, name=name, skills=[has]) for name, has in (("Ida", "Rust"), ("Ida B", "Kafka"))
        )
        merge_candidates(work, kept, gone)
    assert list(found(known, "Rust", "Kafka")) == ["Ida"]
    assert list(found(known, "Kafka", "Rust", text="ida")) == ["Ida"]
    assert found(known, "Rust", "Go") == {}
