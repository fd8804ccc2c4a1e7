"""The store keeps its word: nothing acknowledged is lost, nothing is half kept, and nobody overwrites unseen."""

import contextlib
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, text, update
from sqlalchemy.exc import DBAPIError, StatementError

from core.domain.refusal import Refused, Stale
from core.persistence import store as stores
from core.persistence.outages import Away
from core.persistence.store import READY_AFTER, AlreadyDone, Busy, Store, open_store
from core.persistence.tables import AuditEntry, Candidate, Contact, Member, Opening
from core.persistence.work import THE_PROGRAM
from tests.make import a_candidate, a_client, a_word_from_her, an_opening, saved

ROOT = Path(__file__).parents[2]


def stored(store: Store, query):
    with store.reading() as session:
        return session.scalar(query)


def moved_on(store: Store, opening: int) -> None:
    """One increment: read, then write what follows from it."""
    with store.working(THE_PROGRAM) as work:
        row = work.session.get(Opening, opening, with_for_update=True)
        row.title = str(int(row.title) + 1)
        work.record("counted", row)


# everybody at once


def test_thirty_at_once_lose_nothing(store):
    opening = saved(store, an_opening("0"))
    with ThreadPoolExecutor(30) as threads:
        for done in [threads.submit(lambda: [moved_on(store, opening) for _ in range(20)]) for _ in range(30)]:
            done.result()
    assert stored(store, select(Opening.title)) == "600"


def test_two_processes_on_one_file_lose_nothing(sqlite_url, clock):
    store = open_store(sqlite_url, clock=clock)
    opening = saved(store, an_opening("0"))
    command = [sys.executable, "-c", COUNT, sqlite_url, str(opening)]
    others = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(2)]
    for other in others:
        assert other.wait() == 0, other.stderr.read()
        other.stderr.close()
    assert stored(store, select(Opening.title)) == "80"
    store.engine.dispose()


COUNT = """
import sys
from core.persistence.store import open_store
from tests.persistence.test_store import moved_on
store = open_store(sys.argv[1])
for _ in range(40):
    moved_on(store, int(sys.argv[2]))
"""


def test_a_second_click_is_not_a_second_action(store):
    noor = saved(store, a_candidate())

    def click() -> str:
        try:
            with store.working(THE_PROGRAM, operation="form-1") as work:
                work.record("logged", work.enter(Contact(candidate_id=noor, way="to")))
        except AlreadyDone:
            return "again"
        return "done"

    with ThreadPoolExecutor(5) as threads:
        assert sorted(threads.map(lambda _: click(), range(5))) == ["again"] * 4 + ["done"]
    assert stored(store, select(func.count(Contact.id))) == 1


def test_a_click_that_was_refused_may_be_tried_again(store):
    with pytest.raises(Refused), store.working(THE_PROGRAM, operation="form-1"):
        raise Refused("Not like this.")
    with store.working(THE_PROGRAM, operation="form-1"):
        pass


def test_a_form_is_forgotten_after_a_week(store, clock):
    with store.working(THE_PROGRAM, operation="form-1"):
        pass
    clock.forward(days=8)
    with store.working(THE_PROGRAM, operation="form-1"):
        pass


def test_a_stale_save_is_refused(store):
    opening = saved(store, an_opening("Python developer"))

    def save() -> None:
        with store.working(THE_PROGRAM) as work:
            row = work.session.get(Opening, opening)
            changed = update(Opening.__table__).where(Opening.id == opening).values(title="Tester", version=2)
            work.session.connection().execute(changed)  # as another would have
            row.title = "Data engineer"
            work.record("renamed", row)

    with pytest.raises(Stale, match="Somebody changed this at the same moment"):
        save()
    assert stored(store, select(Opening.title)) == "Python developer"


def test_whoever_waits_too_long_is_told_so(store, monkeypatch):
    monkeypatch.setattr(stores, "WAIT", 0.1)
    opening = saved(store, an_opening("0"))
    if not store.is_sqlite:
        store = open_store(store.engine.url.render_as_string(hide_password=False), clock=store.clock)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with store.working(THE_PROGRAM) as work:
            work.session.get(Opening, opening, with_for_update=True)
            held.set()
            done.wait(10)

    with ThreadPoolExecutor(1) as threads:
        other = threads.submit(hold)
        held.wait(10)
        try:
            with pytest.raises(Busy, match="Nothing was changed; try again"):
                moved_on(store, opening)
        finally:
            done.set()
            other.result()
    moved_on(store, opening)
    store.engine.dispose()


def test_a_file_locked_by_another_program_is_busy_too(sqlite_url, clock, monkeypatch):
    monkeypatch.setattr(stores, "WAIT", 0.1)
    store, other = open_store(sqlite_url, clock=clock), open_store(sqlite_url, clock=clock)
    with other.working(THE_PROGRAM) as work:
        work.session.get(Opening, 1)
        with pytest.raises(Busy):
            saved(store, an_opening())
    saved(store, an_opening())
    store.engine.dispose()
    other.engine.dispose()


def test_a_unit_of_work_inside_another_is_a_mistake(sqlite_url, clock):
    store = open_store(sqlite_url, clock=clock)
    with store.working(THE_PROGRAM), pytest.raises(RuntimeError, match="inside another"), store.working(THE_PROGRAM):
        pass
    store.engine.dispose()


# all of it, or none of it


def test_an_exception_keeps_nothing(store):
    def fail() -> None:
        with store.working(THE_PROGRAM, operation="form-1") as work:
            work.session.add(an_opening())
            work.session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert stored(store, select(func.count(Opening.id))) == 0


def test_a_reader_sees_one_moment(store):
    opening = saved(store, an_opening("0"))
    with store.reading() as session:
        assert session.scalar(select(Opening.title)) == "0"
        with ThreadPoolExecutor(1) as threads:
            threads.submit(moved_on, store, opening).result()
        assert session.scalar(select(Opening.title)) == "0"
        assert session.scalar(select(func.count(AuditEntry.id))) == 1
    assert stored(store, select(Opening.title)) == "1"


def test_what_a_page_reads_is_of_one_moment_until_it_writes_itself(store):
    opening = saved(store, an_opening("0"))
    title = select(Opening.title).where(Opening.id == opening)
    with ThreadPoolExecutor(1) as colleague, store.one_look():
        assert stored(store, title) == "0"
        colleague.submit(moved_on, store, opening).result()
        assert stored(store, title) == "0"
        moved_on(store, opening)
        assert stored(store, title) == "2"
    assert stored(store, title) == "2"


def test_a_page_that_has_taken_long_looks_anew(store, monkeypatch):
    opening = saved(store, an_opening("0"))
    title = select(Opening.title).where(Opening.id == opening)
    monkeypatch.setattr(stores, "LOOK_LASTS", 0.0)
    with ThreadPoolExecutor(1) as colleague, store.one_look():
        assert stored(store, title) == "0"
        colleague.submit(moved_on, store, opening).result()
        assert stored(store, title) == "1"


def test_a_page_reads_on_after_a_statement_that_failed(store):
    with store.one_look():
        assert stored(store, select(func.count(Member.id))) == 0
        with pytest.raises(DBAPIError):
            stored(store, text("SELECT nothing FROM nowhere"))
        assert stored(store, select(func.count(Member.id))) == 0


def test_a_page_keeps_one_connection_and_gives_it_back(store):
    busy = []
    with store.one_look():
        for _ in range(3):
            with store.reading() as session:
                session.scalar(select(func.count(Member.id)))
            busy.append(store.engine.pool.checkedout())
    assert busy == [1, 1, 1]
    assert store.engine.pool.checkedout() == 0


CUT = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def test_a_page_whose_connection_is_cut_at_its_end_is_none_the_worse(postgresql_url):
    store, other = open_store(postgresql_url), open_store(postgresql_url)
    with store.one_look():
        assert stored(store, select(func.count(Member.id))) == 0
        stored(other, CUT)
    assert store.engine.pool.checkedout() == 0
    assert stored(store, select(func.count(Member.id))) == 0
    store.engine.dispose()
    other.engine.dispose()


def test_a_page_whose_connection_is_cut_amid_it_finds_the_database_away_and_reads_on(postgresql_url):
    store, other = open_store(postgresql_url), open_store(postgresql_url)
    with store.one_look():
        assert stored(store, select(func.count(Member.id))) == 0
        stored(other, CUT)
        with pytest.raises(Away):
            stored(store, select(func.count(Member.id)))
        assert stored(store, select(func.count(Member.id))) == 0
    assert store.engine.pool.checkedout() == 0
    store.engine.dispose()
    other.engine.dispose()


def test_a_statement_stays_ready_from_one_look_to_the_next(postgresql_url):
    store = open_store(postgresql_url)
    ready = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT count(member%'")
    for look in (store.one_look, contextlib.nullcontext):
        assert stored(store, ready) == 0
        for _ in range(READY_AFTER + 1):
            with look():
                stored(store, select(func.count(Member.id)))
        assert stored(store, ready) == 1
        store.engine.dispose()


def test_a_file_that_was_moved_away_is_away_and_back_when_it_is(sqlite_url, tmp_path):
    store = open_store(sqlite_url)
    opening = saved(store, an_opening("0"))
    file = Path(store.engine.url.database)
    file.rename(tmp_path / "elsewhere.db")
    for _ in range(2):
        with pytest.raises(Away):
            stored(store, select(Opening.title))
        with pytest.raises(Away):
            moved_on(store, opening)
        with pytest.raises(Away):
            store.put_away()
    assert not file.exists()
    (tmp_path / "elsewhere.db").rename(file)
    moved_on(store, opening)
    assert stored(store, select(Opening.title)) == "1"
    store.engine.dispose()


def test_another_file_in_its_place_is_read_from_then_on(sqlite_url, tmp_path):
    store, other = open_store(sqlite_url), tmp_path / "other.db"
    opening = saved(store, an_opening("0"))
    with store.engine.connect() as connection:
        connection.connection.driver_connection.execute("VACUUM INTO ?", (str(other),))
    moved_on(store, opening)
    store.put_away(wholly=True)
    other.replace(store.engine.url.database)
    assert stored(store, select(Opening.title)) == "0"
    store.engine.dispose()


def test_a_reader_writes_nothing(store):
    opening = saved(store, an_opening("0"))
    with store.reading() as session:
        session.get(Opening, opening).title = "1"
        if store.is_sqlite:
            session.flush()
    assert stored(store, select(Opening.title)) == "0"


# moments


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 2, 8, 0, 0, 1, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=1))),  # the hour that exists twice, in Warsaw
        datetime(2026, 3, 2, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=-8))),
    ],
)
def test_a_moment_comes_back_as_it_was_in_utc(store, moment):
    member = saved(store, Member(username="ola", name="Ola", role="recruiter", created_at=moment))
    found = stored(store, select(Member.created_at).where(Member.id == member))
    assert found == moment
    assert found.tzinfo is UTC
    assert stored(store, select(func.count(Member.id)).where(Member.created_at == moment)) == 1
    assert stored(store, select(func.count(Member.id)).where(Member.created_at > moment)) == 0


def test_a_moment_without_a_zone_is_refused(store):
    with pytest.raises(StatementError, match="A moment needs a time zone"):
        saved(store, Member(username="ola", name="Ola", role="recruiter", created_at=datetime(2026, 3, 2)))  # noqa: DTZ001


# the audit trail


def entries(store: Store) -> list[AuditEntry]:
    with store.reading() as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


def test_a_change_that_leaves_no_record_is_a_mistake(store):
    for change in (
        lambda session: session.add(an_opening()),
        lambda session: session.execute(update(Opening).values(title="Tester")),
    ):
        with pytest.raises(RuntimeError, match="left no record"), store.working(THE_PROGRAM) as work:
            change(work.session)
    assert stored(store, select(func.count(Opening.id))) == 0


def test_saying_yes_to_what_is_so_needs_no_record(store):
    opening = saved(store, an_opening("Tester"))
    with store.working(THE_PROGRAM) as work:
        work.session.get(Opening, opening).title = "Tester"
    assert len(entries(store)) == 1


def test_the_trail_says_who_when_and_what(store, ana, clock):
    opening = saved(store, an_opening("Tester"))
    clock.forward(hours=1)
    with store.working(ana) as work:
        row = work.session.get(Opening, opening)
        row.title = "Test engineer"
        work.session.flush()
        row.title = "Quality engineer"
        work.record("renamed", row)
    last = entries(store)[-1]
    assert (last.actor_id, last.at, last.action, last.subject_kind) == (ana.id, clock.now, "renamed", "opening")
    assert last.changes == {"title": ["Tester", "Quality engineer"]}


def test_the_trail_knows_the_value_before_even_when_it_was_never_read(store):
    opening = saved(store, an_opening("Tester"))
    with store.working(THE_PROGRAM) as work:
        row = work.session.get(Opening, opening)
        work.session.expire_all()
        row.title = "Test engineer"
        work.record("renamed", row)
    assert entries(store)[-1].changes == {"title": ["Tester", "Test engineer"]}


def test_no_personal_value_is_in_the_trail(store):
    marker = "Xyzzy"
    noor = saved(
        store, a_candidate(f"{marker} Haddad", notes=marker), a_word_from_her(text=marker, about=marker), a_client()
    )
    with store.working(THE_PROGRAM) as work:
        person = work.session.get(Candidate, noor)
        person.name, person.notes, person.company = f"{marker} Nowak", f"{marker}!", marker
        work.record("edited", person)
    assert entries(store)[-1].changes == {"name": "changed", "notes": "changed", "company": "changed"}
    with store.engine.connect() as connection:
        assert marker not in str(connection.execute(text("SELECT * FROM audit_entry")).all())


# the settings it is opened with


def test_sqlite_is_opened_to_keep_its_word(sqlite_url):
    store = open_store(sqlite_url)
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "trusted_schema": 0}
    with store.reading() as session:
        assert {name: session.scalar(text(f"PRAGMA {name}")) for name in wanted} == wanted
    store.engine.dispose()


def test_a_writer_on_sqlite_is_the_writer_from_its_first_word(sqlite_url):
    store = open_store(sqlite_url)
    said: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *arguments: said.append(arguments[2]))
    with store.working(THE_PROGRAM) as work:
        work.session.get(Opening, 1)
    with store.reading() as session:
        session.get(Opening, 1)
    assert [word for word in said if word.startswith("BEGIN")] == ["BEGIN IMMEDIATE", "BEGIN"]
    store.engine.dispose()


def test_postgresql_gives_up_waiting_and_thinks_in_utc(postgresql_url):
    store = open_store(postgresql_url)
    wanted = {"lock_timeout": "15s", "statement_timeout": "1min", "idle_in_transaction_session_timeout": "1min"}
    with store.reading() as session:
        assert {name: session.scalar(text(f"SHOW {name}")) for name in wanted} == wanted
        assert session.scalar(text("SHOW timezone")) == "UTC"
        assert session.scalar(text("SHOW transaction_read_only")) == "on"
    store.engine.dispose()


def test_postgresql_keeps_as_many_statements_planned_as_pages_ask(postgresql_url):
    store = open_store(postgresql_url)
    with store.reading() as session:
        for number in range(150):
            for _ in range(6):
                session.scalar(text(f"SELECT {number}"))
        assert session.scalar(text("SELECT count(*) FROM pg_prepared_statements")) >= 150
    store.engine.dispose()


def test_an_error_of_the_database_does_not_say_what_was_asked(store):
    with pytest.raises(StatementError) as refused, store.working(THE_PROGRAM) as work:
        work.session.execute(text("SELECT :name FROM nowhere"), {"name": "Ottoline Quirke"})
    assert "Ottoline" not in str(refused.value)
