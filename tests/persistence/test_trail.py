"""The audit trail is a chain: whatever becomes of its past is found, even where the database was made to allow it."""

import logging
import threading

import pytest
from alembic import command
from sqlalchemy import insert, select, text

from core.domain.trail import NOTHING_BEFORE, seal
from core.persistence.check import followed_trail
from core.persistence.migrations import config, upgrade
from core.persistence.store import open_engine, open_store
from core.persistence.tables import AuditEntry, Candidate, Member
from core.persistence.trail import Head, trail_head
from core.persistence.work import THE_PROGRAM
from tests.make import a_candidate, a_member, saved, viewer_of


@pytest.fixture
def five(store, ana):
    """Ana's own entry, and four that she left."""
    for name in ("Noor", "Rosa", "Ewa", "Iris"):
        saved(store, a_candidate(name), by=ana)
    return store


def tampered(store, *statements):
    """As whoever owns the database can."""
    with store.engine.begin() as connection:
        if store.is_sqlite:
            for change in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS audit_entry_no_{change}"))
        else:
            connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))
        for statement in statements:
            connection.execute(text(statement))


def entries(store):
    with store.reading() as session:
        return session.execute(select(AuditEntry.__table__).order_by(AuditEntry.id)).all()


def broken(store, noted=None):
    return followed_trail(store, noted)[1]


def test_entries_are_numbered_without_a_gap_and_sealed_upon_each_other(five):
    rows = entries(five)
    assert [row.id for row in rows] == [1, 2, 3, 4, 5]
    sealed = NOTHING_BEFORE
    for row in rows:
        *said, stored = row
        sealed = seal(sealed, **dict(zip(row._fields, said, strict=False)))
        assert stored == sealed
    head, wrong = followed_trail(five)
    assert (head, wrong) == (Head(5, sealed), None)


def test_what_the_database_makes_of_the_values_seals_the_same(store, ana):
    noor = saved(store, a_candidate())
    odd = {"b": {"2": [None, 0.5], "10": "Zażółć “gęślą” 🜁"}, "a": [True, 1e-7], "whole": 1.0, "list": (1, 2)}
    with store.working(ana) as work:
        work.record("candidate edited", work.session.get_one(Candidate, noor), **odd)
        work.note("backed up", "database", file="x.db")
    assert entries(store)[-1].changes == {"file": "x.db"}
    assert entries(store)[-1].subject_id is None
    assert broken(store) is None


@pytest.mark.parametrize(
    ("statement", "at"),
    [
        ("UPDATE audit_entry SET action = 'nothing' WHERE id = 3", 3),
        ("UPDATE audit_entry SET actor_id = NULL WHERE id = 2", 2),
        ("UPDATE audit_entry SET at = '2026-03-02 08:00:01+00:00' WHERE id = 4", 4),
        ("UPDATE audit_entry SET subject_id = 99 WHERE id = 1", 1),
        ("DELETE FROM audit_entry WHERE id = 3", 4),
        ("DELETE FROM audit_entry WHERE id < 3", 3),
        (
            "INSERT INTO audit_entry (id, at, action, subject_kind, subject_id, seal)"
            " SELECT 0, at, action, subject_kind, subject_id, seal FROM audit_entry WHERE id = 1",
            0,
        ),
    ],
)
def test_an_entry_that_was_changed_taken_away_or_slipped_in_is_found(five, statement, at):
    tampered(five, statement.replace("+00:00", "") if five.is_sqlite else statement)
    assert f"broken at entry {at} (" in broken(five)


def test_an_end_that_was_cut_off_is_found(five):
    tampered(five, "DELETE FROM audit_entry WHERE id > 3")
    assert broken(five) == "The audit trail ends at entry 3, but 5 was written: its end is missing."
    tampered(five, "DELETE FROM audit_entry")
    assert "ends at entry 0" in broken(five)


def test_a_trail_that_was_written_anew_from_its_beginning_is_told_by_a_seal_kept_elsewhere(five, ana):
    with five.reading() as session:
        noted = Head.of(str(trail_head(session)))
    saved(five, a_candidate("Ada"), by=ana)
    assert broken(five, noted) is None
    rows, sealed = [row._asdict() for row in entries(five)], NOTHING_BEFORE
    for row in rows:
        row["changes"], row["seal"] = {"forged": True}, b""
        sealed = row["seal"] = seal(sealed, **{name: value for name, value in row.items() if name != "seal"})
    tampered(five, "DELETE FROM audit_entry")
    with five.engine.begin() as connection:
        connection.execute(insert(AuditEntry), rows)
        connection.execute(text("UPDATE audit_head SET seal = :seal"), {"seal": sealed})
    assert broken(five) is None
    assert broken(five, noted) == "The audit trail holds no entry 5 with the seal you noted: it was written anew."


def test_a_unit_of_work_that_is_not_kept_leaves_no_gap(five, ana):
    def fails(work):
        work.note("tried", "nothing")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), five.working(ana) as work:
        fails(work)
    saved(five, a_candidate("Ada"), by=ana)
    assert [row.id for row in entries(five)] == [1, 2, 3, 4, 5, 6]
    assert broken(five) is None


def test_once_a_day_the_log_says_how_yesterday_ended(five, ana, clock, caplog):
    caplog.set_level(logging.INFO, "perennial.trail")
    with five.reading() as session:
        head = trail_head(session)
    clock.forward(days=1)
    for name in ("Ada", "Mia"):
        saved(five, a_candidate(name), by=ana)
    assert caplog.messages == [f"Audit trail: entry 5 of 2026-03-02 is sealed {head.seal.hex()}"]


def test_many_who_write_at_once_leave_one_chain(store):
    """Each of them holds the row of the member the next one is, as whoever plans a meeting for a colleague does."""
    members = [viewer_of(store, a_member(name)) for name in ("Ben", "Max", "Mia", "Ida")]
    failed = []

    def write(number):
        try:
            for turn in range(8):
                with store.working(members[number]) as work:
                    other = members[(number + 1) % 4].id
                    if turn % 2:
                        work.session.get(Member, other, with_for_update=True)
                    work.note("tried", "nothing", turn=turn)
        except Exception as problem:
            failed.append(problem)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(entries(store)) == 4 + 4 * 8
    assert broken(store) is None


def test_entries_from_before_they_were_sealed_are_sealed_by_the_upgrade(empty_database_url):
    engine = open_engine(empty_database_url, makes_file=True)
    with engine.execution_options(intent="write").begin() as connection:
        alembic = config()
        alembic.attributes["connection"] = connection
        command.upgrade(alembic, "0015")
        for number, at in (
            (1, "2026-03-02 08:00:00.000000"),
            (2, "2026-03-02 08:00:00.250000"),
            (7, "2026-03-03 08:00"),
        ):
            connection.execute(
                text(
                    "INSERT INTO audit_entry (id, at, action, subject_kind, subject_id, changes)"
                    " VALUES (:id, :at, 'made', 'candidate', 3, :changes)"
                ),
                {"id": number, "at": at if "." in at else f"{at}:00.000000", "changes": '{"b": [1.5, null], "a": "ż"}'},
            )
    engine.dispose()
    assert upgrade(empty_database_url)
    store = open_store(empty_database_url)
    assert broken(store) is None
    with store.working(THE_PROGRAM) as work:
        work.note("backed up", "database")
    assert [row.id for row in entries(store)] == [1, 2, 7, 8]
    assert broken(store) is None
    store.engine.dispose()
