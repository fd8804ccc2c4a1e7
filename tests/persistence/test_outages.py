"""What the database can't do is said in a sentence, nothing is half kept, and it works again by itself."""

from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from core.persistence.outages import Away, Unavailable, beside
from core.persistence.stage import Stage
from core.persistence.store import open_store
from tests.make import a_candidate, saved


@pytest.fixture
def pragma(sqlite_url, clock):
    """`pragma("query_only=ON")`: the store, each connection of which is told that first."""
    opened = []

    def told(words):
        store = open_store(sqlite_url, clock=clock)
        event.listen(store.engine, "connect", lambda connection, _: connection.execute(f"PRAGMA {words}"))
        opened.append(store)
        return store

    yield told
    for store in opened:
        store.engine.dispose()


def people(store):
    with store.reading() as session:
        return session.scalar(text("SELECT count(*) FROM candidate"))


def filled(store):
    for number in range(200):
        saved(store, a_candidate(f"Person {number}", notes="x" * 20_000))


def test_a_full_disk_is_told_nothing_is_half_kept_and_once_there_is_room_it_goes_on(sqlite_url, pragma):
    pages = Path(sqlite_url.removeprefix("sqlite:///")).stat().st_size // 4096
    store = pragma(f"max_page_count={pages + 40}")
    with pytest.raises(Unavailable, match=r"The disk of the database is full\. Nothing was saved"):
        filled(store)
    kept = people(store)
    assert 0 < kept < 200
    with store.reading() as session:
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"
        assert session.scalar(text("SELECT count(*) FROM audit_entry")) == kept
    roomy = pragma("max_page_count=1000000")
    saved(roomy, a_candidate())
    assert people(roomy) == kept + 1


def test_a_database_that_can_only_be_read_is_told_and_read(pragma):
    store = pragma("query_only=ON")
    with pytest.raises(Unavailable, match="can only be read just now"):
        saved(store, a_candidate())
    assert people(store) == 0


def test_a_file_that_is_no_database_is_told_as_damage(tmp_path, clock):
    (tmp_path / "diary.db").write_text("Dear diary, " * 1000)
    store = open_store(f"sqlite:///{tmp_path / 'diary.db'}", clock=clock)
    with pytest.raises(Unavailable, match=r"The database is damaged\. Nothing was saved"):
        people(store)
    store.engine.dispose()


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.db", "postgresql://nobody@127.0.0.1:1/nothing"])
def test_where_nobody_answers_the_database_is_away(url, clock):
    store = open_store(url, clock=clock)
    with pytest.raises(Away, match=r"can't be reached just now\. Nothing was saved; try again in a moment\."):
        people(store)
    with pytest.raises(Away):
        saved(store, a_candidate())
    store.engine.dispose()


def test_a_fault_of_ours_stays_what_it_is(store):
    with pytest.raises(DBAPIError), store.reading() as session:
        session.scalar(text("SELECT nonsense"))


def test_a_full_folder_for_temporary_files_is_told():
    with Stage({"one": ["text"]}) as stage:
        stage.run("COMMIT")
        stage.run("PRAGMA max_page_count=2")
        with pytest.raises(Unavailable, match="The folder for temporary files is full"), beside():
            stage.add("one", [("x" * 100_000,)])
    with pytest.raises(Unavailable, match="The folder for temporary files is full"), beside():
        raise OSError(28, "No space left on device")
