"""A backup is whole, although everybody goes on working, and nobody else may read it."""

import os
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from core.domain.refusal import Refused
from core.persistence.backup import back_up, backups_in, forget_old, name_for
from core.persistence.store import Store, open_store
from tests.make import a_candidate, a_word_from_her, saved


def test_a_backup_holds_what_was_kept_and_only_its_owner_reads_it(store, database_url, tmp_path):
    saved(store, a_candidate("Noor Haddad"))
    target = tmp_path / "friday.backup"
    back_up(database_url, target)
    assert target.stat().st_mode & 0o777 == 0o600
    assert b"Noor Haddad" in contents(store, target)


def test_a_backup_taken_while_others_write_is_of_one_moment(sqlite_url, clock, tmp_path):
    store = open_store(sqlite_url, clock=clock)
    people = [saved(store, a_candidate(f"Person {number}")) for number in range(4)]
    done = threading.Event()

    def write(person: int) -> None:
        while not done.is_set():
            saved(store, a_word_from_her(candidate_id=person))

    writers = [threading.Thread(target=write, args=(person,)) for person in people]
    for writer in writers:
        writer.start()
    try:
        for number in range(3):
            back_up(sqlite_url, tmp_path / f"{number}.db")
    finally:
        done.set()
        for writer in writers:
            writer.join()
        store.engine.dispose()
    for number in range(3):
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


def test_who_is_killed_amid_a_backup_leaves_no_file_of_its_name(sqlite_url, tmp_path, monkeypatch):
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        back_up(sqlite_url, tmp_path / "friday.backup")
    assert not (tmp_path / "friday.backup").exists()


def test_of_a_year_of_backups_seven_days_four_weeks_and_what_was_asked_for_lately_are_kept(tmp_path):
    now = datetime(2026, 11, 26, 12, tzinfo=UTC)
    for age in range(60):
        for why in ("daily", "asked", "before-0020"):
            file = tmp_path / name_for(why, now - timedelta(days=age))
            file.write_bytes(b"")
            os.utime(file, ((now - timedelta(days=age)).timestamp(),) * 2)
    (tmp_path / "mine.backup").write_bytes(b"")
    forget_old(tmp_path, now)
    kept = {why: [one for one in backups_in(tmp_path) if one.why == why] for why in ("daily", "asked", "before-0020")}
    ages = [(now - one.made_at).days for one in kept["daily"]]
    assert ages == [0, 1, 2, 3, 4, 5, 6, 11, 18]  # a week's days, and the last of each of two weeks before
    assert (len(kept["asked"]), len(kept["before-0020"])) == (36, 3)
    assert (tmp_path / "mine.backup").exists()


def contents(store: Store, backup: Path) -> bytes:
    if store.is_sqlite:
        return backup.read_bytes()
    restore = ["pg_restore", "--data-only", "--table=candidate", "--file=-", str(backup)]
    return subprocess.run(restore, capture_output=True, check=True).stdout


def test_of_a_file_that_is_away_there_is_no_backup_and_none_is_made_in_its_place(tmp_path):
    with pytest.raises(Refused, match="unable to open"):
        back_up(f"sqlite:///{tmp_path / 'away.db'}", tmp_path / "one.backup")
    assert list(tmp_path.iterdir()) == []
