"""The policy: what another would do is what it then does, and what was settled stays as it was."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.commands.contacts import log_contact
from core.commands.policy import change_policy, ensure_first_policy
from core.commands.undo import undo_fact
from core.domain.facts import Rhythm, Unit, Way
from core.domain.policy import Policy
from core.domain.promises import Kind, Status
from core.domain.refusal import Refused, Stale
from core.persistence.check import disagreements
from core.persistence.settling import settle_everyone
from core.persistence.tables import Promise
from core.persistence.viewer import THE_PROGRAM
from core.queries import policy as policies
from core.queries.policy import Change
from tests.make import a_candidate, a_placement, a_process, a_word_from_her, an_opening, promise_of, promises_of, saved


@pytest.fixture(autouse=True)
def first(store):
    with store.working(THE_PROGRAM) as work:
        ensure_first_policy(work)


def changed(store, who, values, **more):
    with store.working(who) as work:
        change = change_policy(work, values, **more)
    settle_everyone(store)
    return change


def previewed(store, values):
    with store.reading() as session:
        terms = policies.in_force(session).policy.changed(values)
        return policies.preview(session, terms, now=store.now(), calendar=store.calendar)


def hours(store, **other):
    return {"working_time": {**store.calendar.as_values(), **other}}


def open_ones(store):
    with store.reading() as session:
        return dict(session.execute(select(Promise.key, Promise.due_at).where(Promise.status == Status.OPEN)).all())


# a preview


@pytest.fixture
def people(store, clock):
    """One who wrote, one in process, one who starts a job."""
    opening = saved(store, an_opening())
    noor = saved(store, a_candidate("Noor"), a_word_from_her())
    saved(store, a_candidate("Piotr"), a_process(opening))
    saved(store, a_candidate("Rosa"), a_placement())
    clock.forward(days=1, hours=9)  # Noor's answer is late now
    return noor


@pytest.mark.parametrize(
    "values",
    [
        {"reply": 3},
        {"update": 1, "stages": {"Screening": 9}},
        {"check_in": [0, 7, 14, 365]},
        {"reply": 4, "update": 5, "check_in": []},
        {"working_time": {"opens": "08:00", "closes": "12:00"}},
        {"working_time": {"days_off": ["2026-03-05", "2026-03-16"]}},
    ],
)
def test_what_is_foreseen_is_what_happens(store, ana, people, values):
    if "working_time" in values:
        values = hours(store, **values["working_time"])
    foreseen, before = previewed(store, values), open_ones(store)
    changed(store, ana, values)
    after = open_ones(store)
    assert foreseen.is_exact
    assert foreseen.open == len(before)
    assert (
        foreseen.changed.total() == sum(before.get(key) != after.get(key) for key in before.keys() | after.keys()) > 0
    )
    assert sum(n for (_, change), n in foreseen.changed.items() if change is Change.GONE) == len(before.keys() - after)
    assert sum(n for (_, change), n in foreseen.changed.items() if change is Change.NEW) == len(after.keys() - before)
    assert list(disagreements(store)) == []


def test_it_names_kinds_and_people_and_writes_nothing(store, people):
    before = open_ones(store)
    seen = previewed(store, {"reply": 3, "update": 2})
    assert seen.changed == Counter({(Kind.REPLY, Change.LATE_NO_MORE): 1, (Kind.UPDATE, Change.EARLIER): 1})
    assert {(one.name, one.kind) for one in seen.most} == {("Noor", Kind.REPLY), ("Piotr", Kind.UPDATE)}
    assert seen.people == 2
    assert open_ones(store) == before


def test_nothing_changes_for_terms_that_concern_nobody(store, people):
    assert previewed(store, {"thanks": 9}).changed == Counter()


def test_of_many_people_some_are_looked_at_and_it_is_said(store, people, monkeypatch):
    monkeypatch.setattr(policies, "LOOKED_AT", 2)
    saved(store, a_candidate("Uma"))  # owed nothing
    for few_enough, values, of in ((20_000, {"update": 2}, 3), (0, {"update": 2}, 3), (0, {"check_in": []}, 4)):
        monkeypatch.setattr(policies, "FEW_ENOUGH", few_enough)
        seen = previewed(store, values)
        assert (seen.looked_at, seen.of) == (2, of)
        assert not seen.is_exact
        assert seen == previewed(store, values)


# working time


def test_what_was_kept_is_judged_by_the_hours_of_then(store, ana, clock):
    noor = saved(store, a_candidate(), a_word_from_her())
    clock.forward(days=1, hours=7, minutes=30)  # Tuesday, 16:30
    with store.working(ana) as work:
        log_contact(work, noor, way=Way.TO, text="Here is the news.")
    before = promise_of(store, noor)
    assert before.status is Status.KEPT_ON_TIME
    changed(store, ana, hours(store, closes="15:00"))
    after = promise_of(store, noor)
    assert (after.status, after.due_at) == (before.status, before.due_at)
    wrote = saved(store, a_candidate(), a_word_from_her())
    assert promise_of(store, wrote).due_at.astimezone(store.calendar.zone).hour == 15
    assert list(disagreements(store)) == []


def test_a_day_off_puts_off_what_is_open_and_makes_nobody_late_in_hindsight(store, ana, clock):
    late = saved(store, a_candidate(), a_word_from_her())
    clock.forward(days=2)
    with store.working(ana) as work:
        log_contact(work, late, way=Way.TO, text="Sorry.")
    noor = saved(store, a_candidate(), a_word_from_her())
    kept, due = promise_of(store, late), promise_of(store, noor).due_at
    changed(store, ana, hours(store, days_off=["2026-03-03", "2026-03-05"]))
    assert promise_of(store, noor).due_at == due + timedelta(days=1)
    assert (promise_of(store, late).status, promise_of(store, late).late) == (Status.KEPT_LATE, 1) == (kept.status, 1)


def test_another_zone_moves_every_day_and_every_sum_agrees_and_back(store, ana, people):
    before = {p.key: p.due_at for p in promises_of(store, people)}
    change = changed(store, ana, hours(store, zone="Asia/Tokyo", opens="15:00", closes="23:59"))
    assert store.calendar.zone_name == "Asia/Tokyo"
    assert list(disagreements(store)) == []
    with store.working(ana) as work:
        undo_fact(work, change)
    settle_everyone(store)
    assert {p.key: p.due_at for p in promises_of(store, people)} == before
    assert list(disagreements(store)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"opens": "17:00", "closes": "09:00"},
        {"days": []},
        {"days": [7]},
        {"zone": "Mars/Olympus"},
        {"zone": "../../etc/passwd"},
        {"country": "XX"},
        {"days_off": ["soon"]},
        {"opens": "nine"},
    ],
)
def test_working_time_that_is_none_is_refused_with_a_sentence(store, ana, wrong):
    with pytest.raises(Refused, match=r"\.$"), store.working(ana) as work:
        change_policy(work, hours(store, **wrong))


# what was


def test_the_history_says_who_changed_what_and_what_was_taken_back(store, ana, clock):
    clock.forward(minutes=1)
    first = changed(store, ana, {"reply": 2})
    clock.forward(minutes=1)
    second = changed(store, ana, {"rhythms": ["2-weeks", "3-months"]})
    with store.working(ana) as work:
        undo_fact(work, second)
    with store.reading() as session:
        rows = policies.history(session, 10)
        seen = policies.in_force(session)
    assert [(row.id, row.by, list(row.changes)) for row in rows[:2]] == [
        (second, "Ana", ["rhythms"]),
        (first, "Ana", ["reply"]),
    ]
    assert rows[0].undone_at is not None
    assert rows[1].changes["reply"] == (1, 2)
    assert rows[2].changes == {}
    assert seen.change_id == first
    assert seen.unsettled == 0


def test_a_change_by_who_has_not_seen_the_last_one_is_refused(store, ana, clock):
    with store.reading() as session:
        seen = policies.in_force(session).change_id
    clock.forward(minutes=1)
    changed(store, ana, {"reply": 2}, seen=seen)
    with pytest.raises(Stale, match="meanwhile"):
        changed(store, ana, {"reply": 3}, seen=seen)


def test_rhythms_are_a_list_to_choose_from():
    policy = Policy().changed({"rhythms": ["2-weeks", "2-weeks", "3-months"]})
    assert policy.rhythms == (Rhythm(2, Unit.WEEKS), Rhythm(3, Unit.MONTHS))
    assert Policy().changed(policy.as_values()) == policy
    for wrong in ([], ["often"], ["0-weeks"], [f"{n}-weeks" for n in range(1, 20)]):
        with pytest.raises(ValueError, match="rhythm"):
            Policy().changed({"rhythms": wrong})
