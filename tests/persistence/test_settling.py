"""Everybody settled afresh: the same as one by one, in one process or in several, while others go on working."""

import sys
from datetime import timedelta
from types import ModuleType

import pytest
from sqlalchemy import func, select, text

from core.commands.contacts import log_contact
from core.commands.policy import change_policy
from core.domain.facts import Way
from core.persistence import settling
from core.persistence.check import disagreements
from core.persistence.ledger import settled_together
from core.persistence.settling import prepared_for_everyone, settle_everyone
from core.persistence.tables import Candidate, PolicyChange, Promise
from tests.bulk import fill
from tests.make import a_candidate, a_word_from_her, promise_of, saved


def test_a_new_policy_moves_every_open_promise(store, ana):
    people = [saved(store, a_candidate(), a_word_from_her()) for _ in range(3)]
    before = [promise_of(store, someone).due_at for someone in people]
    with store.working(ana) as work:
        change_policy(work, {"reply": 2})
    settle_everyone(store)
    assert [promise_of(store, someone).due_at for someone in people] == [due + timedelta(days=1) for due in before]


def test_only_when_all_are_done_the_policy_counts_as_settled(store, ana, monkeypatch):
    monkeypatch.setattr(settling, "CHUNK", 1)
    for _ in range(3):
        saved(store, a_candidate(), a_word_from_her())
    with store.working(ana) as work:
        change_policy(work, {"reply": 2})

    def interrupted(done: int, total: int) -> None:
        assert total == 3
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        settle_everyone(store, interrupted)
    assert unsettled_policies(store) == 1
    settle_everyone(store)
    assert unsettled_policies(store) == 0
    assert list(disagreements(store)) == []


def test_progress_ends_with_everybody(store):
    for _ in range(3):
        saved(store, a_candidate())
    told = []
    settle_everyone(store, lambda done, total: told.append((done, total)))
    assert told == [(3, 3)]


def test_nobody_to_settle_is_no_trouble(store):
    settle_everyone(store)


def test_who_was_settled_meanwhile_is_settled_by_what_they_are_now(store, ana, clock):
    noor = saved(store, a_candidate(), a_word_from_her())
    with store.working(ana) as work:
        change_policy(work, {"reply": 2})
    clock.forward(hours=1)
    ((team, prepared),) = prepared_for_everyone(store)
    with store.working(ana) as work:
        log_contact(work, noor, way=Way.TO, text="Here is the news.")
    settling._keep(store, team, prepared)
    assert list(disagreements(store)) == []


def test_what_was_prepared_by_an_older_policy_is_not_kept(store, ana, clock):
    saved(store, a_candidate(), a_word_from_her())
    with store.working(ana) as work:
        change_policy(work, {"reply": 2})
    ((team, prepared),) = prepared_for_everyone(store)
    clock.forward(hours=1)
    with store.working(ana) as work:
        change_policy(work, {"reply": 3})
    settle_everyone(store)
    settling._keep(store, team, prepared)
    assert list(disagreements(store)) == []


def test_several_processes_do_the_same_as_one(store, monkeypatch):
    # A page that another test ran may have left itself as the main script, and a new process would run it again.
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    monkeypatch.setattr(settling, "CHUNK", 20)
    monkeypatch.setattr(settling, "FEW", 10)
    fill(store, candidates=60, contacts_each=6, workers=2)
    assert list(disagreements(store)) == []
    with store.reading() as session:
        assert session.scalar(select(func.count(Promise.id))) > 100
        assert session.scalar(select(func.count(Candidate.id)).where(Candidate.settlings == 1)) == 60


# perennial check


def test_an_honest_store_has_nothing_to_say(store):
    fill(store, candidates=40, contacts_each=6)
    saved(store, a_candidate(), a_word_from_her())
    assert list(disagreements(store)) == []


@pytest.mark.parametrize(
    ("lie", "found"),
    [
        (
            "UPDATE promise SET due_at = '2026-03-09 16:00:00.000000' WHERE candidate_id = :noor",
            ["Candidate 1, reply:2: stored due 2026-03-09 16:00; the facts say due 2026-03-03 16:00."],
        ),
        (
            "DELETE FROM promise WHERE candidate_id = :noor",
            ["Candidate 1, reply:2: stored nothing; the facts say status open, due 2026-03-03 16:00."],
        ),
        (
            "UPDATE fact SET undone_at = '2026-03-02 09:00:00.000000' WHERE id = 2",
            [
                "Candidate 1, reply:2: stored status open, due 2026-03-03 16:00; the facts say nothing.",
                "Candidate 1, standing: stored next due 2026-03-03 16:00, ghosted on 2026-03-06, last word from id 2,"
                " last word from 2026-03-02 08:00, last word on 2026-03-02; the facts say next due none, ghosted on"
                " none, last word from id none, last word from none, last word on 0001-01-01.",
            ],
        ),
        (
            "UPDATE promise_tally SET number = 5",
            ["Tally of member nobody, reply, open, due 2026-03-03: stored 5; the facts say 1."],
        ),
        (
            "UPDATE silence_tally SET number = 5 WHERE owner_id = -1 AND last_month = 24314",
            ["Silence tally of the team, 24314, 24314: stored 5; the facts say 1."],
        ),
        (
            "INSERT INTO promise_month VALUES (0, -1, 'kept late', '2026-03-01', 'reply', 3, 8, 5)",
            [
                "Tally of months of the team, reply, kept late, due 2026-03-01, 3 days late, after 8 hours:"
                " stored 5; the facts say 0."
            ],
        ),
        (
            "UPDATE ghost_tally SET number = 5",
            ["Tally of people of member nobody, ghosted on 2026-03-06: stored 5; the facts say 1."],
        ),
        (
            "UPDATE candidate SET active_processes = 3 WHERE id = :noor",
            ["Candidate 1, standing: stored active processes 3; the facts say active processes 0."],
        ),
        (
            "INSERT INTO search_word VALUES ('noor', 99), ('haddad', 99)",
            ["Candidate 99, rows in search_word: stored 2; the facts say none, there being nobody of that number."],
        ),
        (
            "INSERT INTO handle (candidate_id, kind, value) VALUES (99, 'phone', '+48600100200')",
            ["Candidate 99, rows in handle: stored 1; the facts say none, there being nobody of that number."],
        ),
        (
            "UPDATE fact SET candidate_id = 99 WHERE id = 2",
            [
                "Candidate 1, reply:2: stored status open, due 2026-03-03 16:00; the facts say nothing.",
                "Candidate 1, standing: stored next due 2026-03-03 16:00, ghosted on 2026-03-06, last word from id 2,"
                " last word from 2026-03-02 08:00, last word on 2026-03-02; the facts say next due none, ghosted on"
                " none, last word from id none, last word from none, last word on 0001-01-01.",
                "Candidate 99, rows in fact: stored 1; the facts say none, there being nobody of that number.",
            ],
        ),
        (
            "UPDATE promise SET candidate_id = 99 WHERE key = 'reply:2'",
            [
                "Candidate 1, reply:2: stored nothing; the facts say status open, due 2026-03-03 16:00.",
                "Candidate 99, rows in promise: stored 1; the facts say none, there being nobody of that number.",
            ],
        ),
        (
            "INSERT INTO arrival (id) VALUES (98), (99)",
            ["Rows in arrival: stored 2; the facts say none, there being no such fact."],
        ),
        (
            "UPDATE promise SET about_id = 99 WHERE key = 'reply:2'",
            ["Candidate 1, reply:2: stored about id 99; the facts say about id 2."],
        ),
        (
            "INSERT INTO handle (candidate_id, kind, value, batch_id) VALUES (:noor, 'phone', '+48600100200', 7)",
            [
                "Candidate 1, rows in handle that a list brought: stored 1; the facts say none,"
                " there being no such list."
            ],
        ),
        (
            "INSERT INTO import_row (batch_id, line, record, outcome, reason, candidate_id, cells)"
            " VALUES (7, 2, 1, 'new', '', 99, '[]')",
            [
                "Candidate 99, rows in import_row: stored 1; the facts say none, there being nobody of that number.",
                "Candidate 99, rows in import_row that a list brought: stored 1; the facts say none,"
                " there being no such list.",
            ],
        ),
        (
            "UPDATE candidate SET batch_id = 7 WHERE id = :noor",
            [
                "Candidate 1, rows in candidate that a list brought: stored 1; the facts say none,"
                " there being no such list."
            ],
        ),
        (
            "UPDATE fact SET batch_id = 7 WHERE candidate_id = :noor",
            ["Candidate 1, rows in fact that a list brought: stored 2; the facts say none, there being no such list."],
        ),
        (
            "INSERT INTO candidate_skill (candidate_id, skill_id) VALUES (:noor, 9999)",
            [
                "Candidate 1, rows in candidate_skill of a skill: stored 1; the facts say none,"
                " there being no such skill."
            ],
        ),
    ],
)
def test_what_is_stored_wrongly_is_found(store, lie, found):
    noor = saved(store, a_candidate(), a_word_from_her())
    saved(store, a_candidate("Somebody else"))
    with store.engine.begin() as connection:
        connection.execute(text(lie), {"noor": noor} if ":noor" in lie else {})
    said = [str(disagreement) for disagreement in disagreements(store)]
    assert said[: len(found)] == found
    assert all(line.startswith("Tally") for line in said[len(found) :])


def unsettled_policies(store) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count(PolicyChange.id)).where(PolicyChange.settled_at.is_(None)))


def test_what_concerns_many_is_settled_once_at_its_end(store, ben):
    noor, piotr = saved(store, a_candidate()), saved(store, a_candidate("Piotr Maj"))
    with store.working(ben) as work:
        with settled_together(work):
            for id_ in (noor, piotr, noor):
                log_contact(work, id_, way=Way.FROM, text="Is there any news?")
            assert work.session.scalars(select(Promise.id)).all() == []
        assert len(work.session.scalars(select(Promise.id)).all()) == 3
    assert list(disagreements(store)) == []
