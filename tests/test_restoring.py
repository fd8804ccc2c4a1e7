"""A backup put back: all of it or nothing, not under whoever is at work, and not with whoever was erased since."""

import os
import signal
import time
import warnings
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from core.backing_up import has_todays, keep_daily, make_backup
from core.commands.candidates import erase_candidate
from core.commands.own_page import give_own_page
from core.commands.privacy import note_given, open_request, put_on_own_page, take_longer
from core.domain.refusal import Refused
from core.erasing import erase, find, note_requests_again
from core.persistence.backup import back_up, what_is_wrong
from core.persistence.check import disagreements
from core.persistence.erasures import Journal
from core.persistence.migrations import NewerSchema
from core.persistence.store import open_store
from core.persistence.tables import (
    AuditEntry,
    Candidate,
    PrivacyRequest,
    RequestChannel,
    RequestKind,
    RequestState,
    WebSession,
)
from core.persistence.tables.team import Role
from core.persistence.work import THE_PROGRAM, Viewer
from core.restoring import restore
from tests.make import a_candidate, a_word_from_her, act, saved

ROOT = Path(__file__).parents[1]


@pytest.fixture
def postgresql_url(migrated_postgres):
    """Which nobody else has open: into no other is anything put back."""
    yield from migrated_postgres.its_own()


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    """Where the backups of this test lie, and what is on record beside its database."""
    monkeypatch.setattr("core.persistence.erasures.FOLDER", tmp_path)
    monkeypatch.setattr("core.backing_up.folder_of", lambda _: tmp_path / "backups")


@pytest.fixture
def friday(store, database_url, tmp_path):
    """A backup with Noor and Piotr; since then Noor was erased, and Ewa came."""
    noor = saved(store, a_candidate("Noor Haddad"), a_word_from_her(text="Is there any news?"))
    saved(store, a_candidate("Piotr Lis"))
    back_up(database_url, tmp_path / "friday.backup")
    with store.working(THE_PROGRAM) as work:
        erase_candidate(work, noor)
    saved(store, a_candidate("Ewa Sowa"))
    store.engine.dispose()
    return tmp_path / "friday.backup"


def names(store):
    with store.reading() as session:
        return list(session.scalars(select(Candidate.name).order_by(Candidate.id)))


def test_a_backup_is_put_back_without_whoever_was_erased_since(store, database_url, friday, clock):
    said = []
    assert restore(database_url, friday, now=clock.now, say=said.append) == 1
    assert names(store) == ["Erased person", "Piotr Lis"]
    assert list(disagreements(store, workers=0)) == []
    with store.reading() as session:
        assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()[-2:] == [
            "candidate erased",
            "database restored",
        ]
        assert session.scalars(select(WebSession.id)).all() == []
    kept = Path(said[0].removeprefix("What was there is kept in ").removesuffix("."))
    store.engine.dispose()
    restore(database_url, kept, now=clock.forward(seconds=1))
    assert names(store) == ["Erased person", "Piotr Lis", "Ewa Sowa"]


def requests(store):
    with store.reading() as session:
        rows = session.scalars(select(PrivacyRequest).order_by(PrivacyRequest.id))
        return [(one.candidate_id, one.kind.value, one.state.value, one.due_on.isoformat()) for one in rows]


def test_what_people_asked_since_the_backup_is_owed_still(store, ana, database_url, clock, tmp_path):
    noor, piotr, iga = (saved(store, a_candidate(name)) for name in ("Noor Haddad", "Piotr Lis", "Iga Sowa"))
    answered = act(store, ana, open_request, noor, RequestKind.SEE, RequestChannel.EMAIL)
    waiting = act(store, ana, open_request, iga, RequestKind.SEE, RequestChannel.LETTER)
    back_up(database_url, tmp_path / "friday.backup")
    clock.forward(days=2)
    act(store, ana, note_given, answered)
    with pytest.raises(Refused, match="No link"):
        act(store, ana, put_on_own_page, waiting)
    act(store, ana, give_own_page, iga, "a" * 43, life=timedelta(days=90))
    act(store, ana, put_on_own_page, waiting)
    long = act(store, ana, open_request, piotr, RequestKind.SEE, RequestChannel.PHONE)
    act(store, ana, take_longer, long, "Much of it")
    act(store, ana, open_request, noor, RequestKind.SEE, RequestChannel.EMAIL)
    ewa = saved(store, a_candidate("Ewa Lis"))
    act(store, ana, open_request, ewa, RequestKind.FORGET, RequestChannel.LETTER)
    gone = saved(store, a_candidate("Jan Lis"))
    act(store, ana, open_request, gone, RequestKind.FORGET, RequestChannel.LETTER)
    act(store, ana, erase_candidate, gone)
    with store.reading() as session:
        Journal(store.journal).catch_up(session)
    assert b"Much" not in store.journal.read_bytes()
    store.engine.dispose()

    said = []
    restore(database_url, tmp_path / "friday.backup", now=clock.now, say=said.append)
    assert requests(store) == [
        (noor, "see", "done", "2026-04-02"),
        (iga, "see", "open", "2026-04-02"),
        (piotr, "see", "open", "2026-06-04"),
        (noor, "see", "open", "2026-04-04"),
    ]
    assert said[1:] == [
        "3 requests about people's data stand as before: noted or answered since the backup was made.",
        "LOST: somebody whom the backup does not know asked to be forgotten. It came 4 March 2026 (letter), and is to"
        " be answered by 4 April 2026. Find out who it was and answer them, or add them and note it anew on their"
        " page. This is said once.",
    ]
    assert note_requests_again(store, Journal(store.journal)) == (0, [])
    assert list(disagreements(store, workers=0)) == []


def test_that_whoever_is_erased_again_had_their_answers_stays_on_record(store, ana, database_url, clock, tmp_path):
    noor = saved(store, a_candidate())
    to_see = act(store, ana, open_request, noor, RequestKind.SEE, RequestChannel.EMAIL)
    back_up(database_url, tmp_path / "friday.backup")
    act(store, ana, note_given, to_see)
    to_go = act(store, ana, open_request, noor, RequestKind.FORGET, RequestChannel.EMAIL)
    erase(store, ana, to_go, find(store, noor))
    before = requests(store)
    assert before == [(noor, "see", "done", "2026-04-02"), (noor, "forget", "done", "2026-04-02")]
    store.engine.dispose()
    assert restore(database_url, tmp_path / "friday.backup", now=clock.forward(days=1)) == 1
    assert requests(store) == before
    with store.reading() as session:
        assert {one.done_at for one in session.scalars(select(PrivacyRequest))} == {clock.now - timedelta(days=1)}


def test_a_lost_request_is_said_once_and_again_only_when_it_was_there_meanwhile(
    store, ana, database_url, clock, tmp_path
):
    back_up(database_url, tmp_path / "friday.backup")
    noor = saved(store, a_candidate())
    act(store, ana, open_request, noor, RequestKind.SEE, RequestChannel.EMAIL)
    store.engine.dispose()

    def said_of(backup):
        said = []
        restore(database_url, backup, now=clock.forward(minutes=1), say=said.append)
        return [line for line in said if "LOST" in line], Path(said[0].partition(" in ")[2].removesuffix("."))

    lost, with_noor = said_of(tmp_path / "friday.backup")
    assert len(lost) == 1
    assert said_of(tmp_path / "friday.backup")[0] == []
    assert said_of(with_noor)[0] == []
    assert requests(store) == [(noor, "see", "open", "2026-04-02")]
    store.engine.dispose()
    assert len(said_of(tmp_path / "friday.backup")[0]) == 1


def test_a_request_whose_line_was_lost_is_owed_after_a_restore_all_the_same(store, ana, database_url, clock, tmp_path):
    noor = saved(store, a_candidate())
    back_up(database_url, tmp_path / "friday.backup")
    act(store, ana, open_request, noor, RequestKind.SEE, RequestChannel.EMAIL)
    store.engine.dispose()
    store.journal.unlink()
    restore(database_url, tmp_path / "friday.backup", now=clock.now)
    assert requests(store) == [(noor, "see", "open", "2026-04-02")]


def test_what_is_answered_on_record_stays_so_under_an_older_database(store, ana, clock):
    noor = saved(store, a_candidate())
    request = act(store, ana, open_request, noor, RequestKind.SEE, RequestChannel.EMAIL)
    act(store, ana, note_given, request)
    with store.engine.begin() as connection:  # as a backup has it that was brought back by other means
        connection.execute(text("UPDATE privacy_request SET state = 'open', done_at = NULL"))
    with store.reading() as session:
        Journal(store.journal).catch_up(session)
    assert [one.state for one in Journal(store.journal).asked] == [RequestState.DONE]


def ask_twice(work, candidate_id):
    for _ in range(2):
        open_request(work, candidate_id, RequestKind.SEE, RequestChannel.EMAIL)


def test_what_was_not_kept_is_not_on_record_beside_the_database_either(store, ana):
    noor = saved(store, a_candidate())
    with pytest.raises(Refused, match="noted already"):
        act(store, ana, ask_twice, noor)
    assert Journal(store.journal).asked == []


def test_nobody_else_is_erased_for_having_the_same_number(store, database_url, friday, clock):
    """What is there now is another team's: its number 1 is not the backup's."""
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE candidate SET added_at = '2020-01-01 00:00:00'"))
    store.engine.dispose()
    assert restore(database_url, friday, now=clock.now) == 0
    assert names(store) == ["Noor Haddad", "Piotr Lis"]


def test_nothing_is_put_back_under_whoever_is_at_work(store, database_url, friday, clock):
    names(store)  # and its connection stays open, as a server's does
    with pytest.raises(Refused, match=r"has the database open\. Stop it first"):
        restore(database_url, friday, now=clock.now)
    assert names(store) == ["Erased person", "Piotr Lis", "Ewa Sowa"]


def test_a_connection_that_is_just_being_closed_keeps_nobody_from_putting_a_backup_back(
    store, database_url, friday, clock, monkeypatch
):
    if store.engine.dialect.name == "sqlite":
        pytest.skip("it waits for the file's lock")
    names(store)

    def closed_meanwhile(seconds):
        store.engine.dispose()
        time.sleep(seconds)

    monkeypatch.setattr("core.restoring.sleep", closed_meanwhile)
    assert restore(database_url, friday, now=clock.now) == 1


def test_a_backup_of_a_newer_perennial_and_what_is_none_are_refused(store, database_url, friday, clock, tmp_path):
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    back_up(database_url, tmp_path / "newer.backup")
    store.engine.dispose()
    with pytest.raises(NewerSchema, match="is of a newer Perennial"):
        restore(database_url, tmp_path / "newer.backup", now=clock.now)
    (tmp_path / "none.backup").write_text("Dear diary")
    with pytest.raises(Refused, match=r"not whole, or no backup|can't be restored"):
        restore(database_url, tmp_path / "none.backup", now=clock.now)


def test_a_file_that_is_not_there_yet_is_made_of_a_backup(sqlite_url, clock, tmp_path):
    back_up(sqlite_url, tmp_path / "friday.backup")
    other = f"sqlite:///{tmp_path / 'other.db'}"
    (tmp_path / "other.db-wal").write_bytes(b"of the file that was moved away")
    restore(other, tmp_path / "friday.backup", now=clock.now)
    assert not (tmp_path / "other.db-wal").exists()
    assert what_is_wrong(tmp_path / "other.db") == ""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills what it forks")
def test_killed_at_any_moment_the_database_is_the_old_one_or_the_new_one(sqlite_url, clock, tmp_path):
    store = open_store(sqlite_url, clock=clock)
    saved(store, a_candidate("Noor Haddad"))
    back_up(sqlite_url, tmp_path / "friday.backup")
    saved(store, a_candidate("Piotr Lis"))
    store.engine.dispose()
    lasts, seen = 0.0, set()
    for kill in range(8):
        begun = time.monotonic()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of threads that are not there in the child
            child = os.fork()
        if not child:
            try:
                restore(sqlite_url, tmp_path / "friday.backup", now=clock.forward(seconds=kill))
            finally:
                os._exit(0)
        if kill:
            time.sleep(lasts * kill / 8)
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        lasts = lasts or time.monotonic() - begun
        seen.add(tuple(names(store)))
        assert what_is_wrong(Path(store.engine.url.database)) == ""
        if "Piotr Lis" not in names(store):
            saved(store, a_candidate("Piotr Lis"))
        store.engine.dispose()
    assert seen <= {("Noor Haddad",), ("Noor Haddad", "Piotr Lis")}


def test_the_days_backup_is_made_once_and_told(store, ana):
    assert not has_todays(store)
    made = make_backup(store, ana, "daily")
    assert has_todays(store)
    with pytest.raises(Refused, match="is there already"):
        make_backup(store, ana, "daily")
    with store.reading() as session:
        assert session.scalars(select(AuditEntry.changes)).all()[-1] == {"file": made.path.name, "bytes": made.size}
    with pytest.raises(Refused, match="Only an admin"):
        make_backup(store, Viewer(None, "Ben", Role.RECRUITER))


def test_the_log_says_where_it_is_told_why_there_is_no_backup_of_today(store, tmp_path, monkeypatch, caplog):
    (tmp_path / "backups").touch()  # where the folder is to be
    monkeypatch.setattr("core.backing_up.FIRST_LOOK", 0.0)
    over = keep_daily(store)
    while not caplog.messages:
        time.sleep(0.01)
    over.set()
    assert "“perennial db backup” says why" in caplog.messages[0]
