"""Words logged: what is refused, what is kept, and what goes on record."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.commands.contacts import log_contact
from core.commands.undo import undo_fact
from core.domain.facts import Way
from core.domain.promises import Kind, Status
from core.domain.refusal import Refused
from core.persistence.tables import AuditEntry, Candidate, Contact
from tests.make import a_candidate, a_word_from_her, promise_of, promises_of, saved


def test_a_contact_from_the_future_is_refused_and_nothing_is_kept(store, ben):
    noor = saved(store, a_candidate())
    with pytest.raises(Refused, match="before it happened"), store.working(ben) as work:
        log_contact(work, noor, at=work.now + timedelta(days=1), way=Way.TO)
    with store.reading() as session:
        assert session.scalars(select(Contact)).all() == []


def test_the_word_that_answers_keeps_the_reply(store, ben, clock):
    noor = saved(store, a_candidate(), a_word_from_her())
    clock.forward(hours=2)
    with store.working(ben) as work:
        word = log_contact(work, noor, way=Way.TO, text="Yes, it is open.")
    kept = promise_of(store, noor, Kind.REPLY)
    assert (kept.status, kept.settled_by_id) == (Status.KEPT_ON_TIME, word)


def test_a_word_logged_late_keeps_when_it_was_said(store, ben, clock):
    noor = saved(store, a_candidate(), a_word_from_her())
    said = clock.forward(hours=3)
    clock.forward(days=5)
    with store.working(ben) as work:
        log_contact(work, noor, way=Way.TALKED, at=said)
    kept = promise_of(store, noor, Kind.REPLY)
    assert (kept.status, kept.settled_at) == (Status.KEPT_ON_TIME, said)


def test_undoing_the_word_opens_the_promise_again(store, ben, clock):
    noor = saved(store, a_candidate(), a_word_from_her())
    with store.working(ben) as work:
        word = log_contact(work, noor, way=Way.TO)
    with store.working(ben) as work:
        undo_fact(work, word)
        undo_fact(work, word)  # saying it twice is harmless
    assert promise_of(store, noor, Kind.REPLY).status is Status.OPEN


def test_a_next_step_that_is_too_long_is_refused_and_it_is_said_how_much_fits(store, ben):
    noor = saved(store, a_candidate())
    with pytest.raises(Refused, match="201 characters, 200 fit"), store.working(ben) as work:
        log_contact(work, noor, way=Way.TO, next_what="x" * 201, next_due_at=date(2026, 3, 9))
    assert promises_of(store, noor) == []


@pytest.mark.parametrize(("days", "sentence"), [(-1, "before it was said"), (None, "by when")])
def test_a_next_step_has_a_time_that_is_still_to_come(store, ben, days, sentence):
    noor = saved(store, a_candidate())
    due = store.now() + timedelta(days=days) if days else None
    with pytest.raises(Refused, match=sentence), store.working(ben) as work:
        log_contact(work, noor, way=Way.TO, next_what="The salary range", next_due_at=due)
    assert promises_of(store, noor) == []


def test_a_date_alone_is_due_at_closing_of_it_weekend_or_not(store, ben):
    noor = saved(store, a_candidate())
    with store.working(ben) as work:
        log_contact(work, noor, way=Way.TO, next_what="Ring her", next_due_at=date(2026, 3, 7))
    assert promise_of(store, noor).due_at == store.calendar.closing_of(date(2026, 3, 7))


def test_a_word_with_the_client_names_its_process(store, ben):
    noor = saved(store, a_candidate())
    with pytest.raises(Refused, match="which process"), store.working(ben) as work:
        log_contact(work, noor, way=Way.CLIENT_TO)


def test_attempts_and_notes_move_no_clock(store, ben):
    noor = saved(store, a_candidate(), a_word_from_her())
    with store.working(ben) as work:
        log_contact(work, noor, way=Way.ATTEMPT)
        log_contact(work, noor, way=Way.NOTE, text="will try later")
    with store.reading() as session:
        candidate = session.get_one(Candidate, noor)
    assert candidate.last_word_to_at is None
    assert candidate.last_word_from_at is not None


def test_what_was_said_is_not_in_the_audit_trail(store, ben):
    noor = saved(store, a_candidate("Marker Person"))
    with store.working(ben) as work:
        log_contact(work, noor, way=Way.TO, text="marker text", about="marker about")
    with store.reading() as session:
        entries = session.scalars(select(AuditEntry)).all()
    assert entries[-1].action == "contact logged"
    assert entries[-1].actor_id == ben.id
    assert "arker" not in str([entry.changes for entry in entries])
