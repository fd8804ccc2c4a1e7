"""The schema: what migrations make is what the tables say, on either database, and no upgrade loses anything."""

import importlib
import re
import shutil
from datetime import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, Engine, ForeignKeyConstraint, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core.demo import load_demo
from core.domain.calendar import Calendar
from core.domain.refusal import Refused
from core.persistence.backup import backups_in, folder_of
from core.persistence.check import miscounted
from core.persistence.ledger import prepare
from core.persistence.migrations import SCRIPTS, NewerSchema, found_version, newest_version, upgrade
from core.persistence.store import open_engine, open_store
from core.persistence.tables import Table
from core.persistence.tables.base import is_in_database
from core.persistence.team import policy_now, team_of
from tests.make import a_candidate, saved

ANSWERS = importlib.import_module("core.persistence.migrations.versions.0031_months_of_answers")
CLIENTS = importlib.import_module("core.persistence.migrations.versions.0022_what_a_client_did_is_one_range")
MONTHS = importlib.import_module("core.persistence.migrations.versions.0020_months_of_decisions_and_meetings")

OF_POSTGRESQL = [
    "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT concat_ws(' ', table_name, column_name, data_type, character_maximum_length, is_nullable, collation_name,"
    " column_default) FROM information_schema.columns WHERE table_schema = 'public'",
]


def schema(engine: Engine) -> set[str]:
    """Every table, column, constraint and index, in the database's own words."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            found = {row for query in OF_POSTGRESQL for row in connection.scalars(text(query))}
        else:
            made = connection.execute(text("SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
            found = {f"{table}: {line.strip().strip(',')}" for table, sql in made for line in sql.splitlines()}
            found = {re.sub(r"\s+", " ", line).replace('"', "") for line in found}  # one rebuilt is named in quotes
    return {line for line in found if "alembic_version" not in line and "audit_entry_no_" not in line}


@pytest.fixture
def engine(database_url):
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def later(tmp_path) -> Path:
    """The migrations of a Perennial to come."""
    scripts = shutil.copytree(SCRIPTS, tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "9002_nicknames.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision, down_revision, branch_labels, depends_on = '9002', '{newest_version()}', None, None\n"
        "def upgrade():\n"
        "    rebuilt = 'always' if op.get_bind().dialect.name == 'sqlite' else 'auto'\n"
        "    with op.batch_alter_table('candidate', recreate=rebuilt) as batch:\n"
        "        batch.add_column(sa.Column('nickname', sa.String(50)))\n"
    )
    return scripts


def test_an_upgraded_database_is_what_the_tables_say(engine):
    with engine.connect() as connection:
        opts = {"compare_type": True, "include_object": is_in_database}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, Table.metadata) == []


def test_every_constraint_is_there_too(engine):
    migrated = schema(engine)
    Table.metadata.drop_all(engine)
    Table.metadata.create_all(engine)
    assert migrated == schema(engine)
    assert len(migrated) > 200


def test_a_process_that_is_not_there_is_refused(store):
    noor = saved(store, a_candidate())
    with store.engine.begin() as connection, pytest.raises(DBAPIError, match=r"(?i)foreign key"):
        connection.execute(text("UPDATE fact SET process_id = 99 WHERE candidate_id = :noor"), {"noor": noor})


def test_whoever_deletes_a_fact_or_a_person_finds_what_names_them():
    """A foreign key without an index is looked for through the whole table, for each one deleted."""
    by = {
        (table.name, columns[0].name)
        for table in Table.metadata.tables.values()
        for columns in (
            list(of.columns)
            for of in (*table.indexes, *table.constraints)
            if not isinstance(of, CheckConstraint | ForeignKeyConstraint)
        )
        if columns
    }
    named = {
        (table.name, key.parent.name)
        for table in Table.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in ("fact", "candidate")
    }
    assert len(named) > 20
    assert named - by == set()


def test_an_upgrade_is_done_once(database_url):
    assert not upgrade(database_url)


def test_a_newer_database_is_left_alone(database_url, engine):
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerSchema, match=r"newer Perennial \(version 9999\). Update Perennial, then start it."):
        upgrade(database_url)


@pytest.mark.parametrize("change", ["UPDATE audit_entry SET action = 'nothing'", "DELETE FROM audit_entry"])
def test_the_audit_trail_is_only_added_to(store, change):
    saved(store, a_candidate())
    with store.engine.connect() as connection, pytest.raises(DBAPIError, match="audit_entry is only added to"):
        connection.execute(text(change))


def test_no_entry_of_the_audit_trail_takes_the_place_of_another(store):
    if store.engine.dialect.name != "sqlite":
        pytest.skip("REPLACE is SQLite's own")
    saved(store, a_candidate())
    with store.engine.connect() as connection, pytest.raises(DBAPIError, match="audit_entry is only added to"):
        connection.execute(text("REPLACE INTO audit_entry SELECT * FROM audit_entry"))


def test_the_audit_trail_is_not_emptied_at_a_stroke(postgresql_url):
    engine = open_engine(postgresql_url)
    with engine.connect() as connection, pytest.raises(DBAPIError, match="audit_entry is only added to"):
        connection.execute(text("TRUNCATE audit_entry"))
    engine.dispose()


def test_an_older_database_is_upgraded_and_keeps_every_row(store, database_url, later):
    noor = saved(store, a_candidate("Noor Haddad"))
    store.engine.dispose()
    assert upgrade(database_url, scripts=later)
    with store.engine.connect() as connection:
        assert found_version(connection) == newest_version(later) == "9002"
        assert connection.scalar(text("SELECT nickname FROM candidate WHERE id = :id"), {"id": noor}) is None
        assert connection.scalar(text("SELECT count(*) FROM fact")) == 1


def test_an_older_database_is_backed_up_first(database_url, later):
    said = []
    upgrade(database_url, say=said.append, scripts=later)
    backup = next(one for one in backups_in(folder_of(database_url)) if one.why == "before-9002")
    assert said == [f"The database was backed up to {backup.path}."]
    assert backup.path.stat().st_mode & 0o777 == 0o600
    if database_url.startswith("sqlite"):
        older = open_engine(f"sqlite:///{backup.path}")
        with older.connect() as connection:
            assert found_version(connection) == newest_version()
        older.dispose()


def test_postgresql_knows_how_few_waitings_go_on(postgresql_url):
    """Else it reads every fact there is to find when they began."""
    store = open_store(postgresql_url)
    load_demo(store, candidates=60, years=2)
    still = "FROM turn_change WHERE began_wait AND ended_at IS NULL"
    with store.engine.begin() as connection:
        connection.execute(text("ANALYZE turn_change"))
        number = connection.scalar(text(f"SELECT count(*) {still}"))
        first = connection.scalars(text(f"EXPLAIN SELECT * {still}")).first()
    assert f" rows={number} " in first
    store.engine.dispose()


def test_without_a_backup_nothing_is_brought_up_to_date(postgresql_url, later, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Refused, match=r"pg_dump.* is not on this machine.*has changed nothing.*--without-backup"):
        upgrade(postgresql_url, scripts=later)
    assert upgrade(postgresql_url, scripts=later, backs_up=False)


def test_an_upgrade_that_fails_changes_nothing(database_url, engine, later):
    (migration,) = (later / "versions").glob("9002*")
    migration.write_text(migration.read_text() + "    op.execute('SELECT nonsense')\n")
    before = schema(engine)
    engine.dispose()
    with pytest.raises(DBAPIError, match="nonsense"):
        upgrade(database_url, scripts=later)
    assert schema(engine) == before


COLUMNS = "name, sort_name, company, title, location, source, pronoun, tags, notes, added_at, version, "
COLUMNS += "do_not_contact, active_processes, settlings"
VALUES = "'', '', '', '', '[]', '', '2026-03-02 08:00:00', 1, FALSE, 0, 0"


def schema_up_to(version: str, tmp_path: Path) -> Path:
    scripts = shutil.copytree(SCRIPTS, tmp_path / version, ignore=shutil.ignore_patterns("__pycache__"))
    for script in (scripts / "versions").glob("*.py"):
        if script.name[:4] > version:
            script.unlink()
    return scripts


def test_who_was_stored_before_the_keys_changed_is_found_by_the_new_ones(empty_database_url, tmp_path):
    upgrade(empty_database_url, scripts=schema_up_to("0001", tmp_path))
    engine = open_engine(empty_database_url)
    with engine.begin() as connection:
        for name in ("Tomasz Nowak", "Tomek Nowak", "Noor Haddad"):
            row = f"INSERT INTO candidate ({COLUMNS}) VALUES ('{name}', '{name.lower()}', 'Allegro', {VALUES})"
            connection.execute(text(row))
        noor = connection.scalar(text("SELECT id FROM candidate WHERE name = 'Noor Haddad'"))
        outdated = text("INSERT INTO match_key (key, candidate_id) VALUES ('mailbox:noor@x.example', :noor)")
        connection.execute(outdated, {"noor": noor})
        connection.execute(text("INSERT INTO match_key (key, candidate_id) VALUES ('row:abc', :noor)"), {"noor": noor})
    engine.dispose()
    assert upgrade(empty_database_url)
    with engine.connect() as connection:
        keys = set(connection.scalars(text("SELECT key FROM match_key")))
        assert {"row:abc", "name+company:nowak tomek|allegro", "near:aglr|novak.t"} <= keys
        assert "mailbox:noor@x.example" not in keys
        pairs = connection.execute(text("SELECT why FROM lookalike")).scalars().all()
        assert pairs == ["short_name, company"]
    engine.dispose()


def test_skills_stored_before_their_other_names_were_known_are_put_together(empty_database_url, tmp_path):
    upgrade(empty_database_url, scripts=schema_up_to("0004", tmp_path))
    engine = open_engine(empty_database_url)
    with engine.begin() as connection:
        for number, name in enumerate(["k8s", "Kubernetes", "golang", "Go lang", "Sourdough", "react"], start=1):
            connection.execute(text(f"INSERT INTO skill VALUES ({number}, '{name}', '{name.lower()}')"))
        for number in (1, 2, 3):
            row = f"INSERT INTO candidate (id, {COLUMNS}) VALUES ({number}, 'Noor', 'noor', '', {VALUES})"
            connection.execute(text(row))
        columns = "id, filename, kind, source, basis, sha256, imported_at, counts"
        values = "9, 'list.csv', 'people', '', '', '', '2026-03-02 08:00:00', '{}'"
        connection.execute(text(f"INSERT INTO import_batch ({columns}) VALUES ({values})"))
        held = "(1, 1, NULL), (1, 2, 9), (2, 1, 9), (2, 4, NULL), (3, 3, NULL), (3, 6, NULL)"
        connection.execute(text(f"INSERT INTO candidate_skill (candidate_id, skill_id, batch_id) VALUES {held}"))
    engine.dispose()
    assert upgrade(empty_database_url)
    with engine.connect() as connection:
        stored = connection.execute(text("SELECT name, key FROM skill ORDER BY name")).all()
        assert stored == [(name, name.lower()) for name in ("Go", "Kubernetes", "React", "Sourdough")]
        query = "SELECT candidate_id, name, batch_id FROM candidate_skill JOIN skill ON id = skill_id ORDER BY 1, 2"
        by_hand = [(1, "Kubernetes", None), (2, "Go", None), (3, "Go", None), (3, "React", None)]
        assert connection.execute(text(query)).all() == sorted(
            [*by_hand, (2, "Kubernetes", 9)], key=lambda one: one[:2]
        )
    engine.dispose()


def test_openings_that_were_there_have_stages_and_everybody_is_settled_at_the_next_start(empty_database_url, tmp_path):
    upgrade(empty_database_url, scripts=schema_up_to("0005", tmp_path))
    engine = open_engine(empty_database_url)
    monday, tuesday = "'2026-03-02 08:00:00'", "'2026-03-03 08:00:00'"
    with engine.begin() as connection:
        for row in (
            "INSERT INTO client (id, name, version) VALUES (1, 'Łódzki Bank', 1)",
            "INSERT INTO opening (id, title, client_id, is_held, version) VALUES (1, 'Tester', 1, TRUE, 1)",
            f"INSERT INTO candidate (id, {COLUMNS}) VALUES (1, 'Noor', 'noor', '', {VALUES})",
            "INSERT INTO fact (id, kind, candidate_id, happened_at, entered_at) VALUES"
            f" (1, 'process', 1, {monday}, {monday})",
            "INSERT INTO process (id, opening_id, first_stage, version, stage, turn, is_active) VALUES"
            " (1, 1, 'Screening', 1, 'Coding task', 'client', TRUE)",
            "INSERT INTO fact (id, kind, candidate_id, process_id, happened_at, entered_at) VALUES"
            f" (2, 'stage_move', 1, 1, {tuesday}, {tuesday}), (3, 'turn_change', 1, 1, {tuesday}, {tuesday})",
            "INSERT INTO stage_move (id, to_stage) VALUES (2, 'Coding task')",
            "INSERT INTO turn_change (id, to_turn) VALUES (3, 'client')",
            f"INSERT INTO fact (id, kind, happened_at, entered_at) VALUES (4, 'policy', {monday}, {monday})",
            f"INSERT INTO policy (id, terms, calendar, settled_at) VALUES (4, '{{}}', '', {monday})",
        ):
            connection.execute(text(row))
    engine.dispose()
    assert upgrade(empty_database_url)
    with engine.connect() as connection:
        stages = connection.scalars(text("SELECT name FROM stage WHERE opening_id = 1 ORDER BY position")).all()
        assert stages == ["Screening", "Coding task", "With client", "Interview", "Offer"]
        assert connection.scalar(text("SELECT status FROM opening")) == "held"
        assert connection.execute(text("SELECT sort_name, called_in_policy FROM client")).one() == (
            "lodzki bank",
            "Łódzki Bank",
        )
        assert connection.scalar(text("SELECT opening_id FROM turn_change")) == 1
        assert connection.scalar(text("SELECT settled_at FROM policy")) is None
        assert str(connection.scalar(text("SELECT since FROM process"))).startswith("2026-03-02 0")
    engine.dispose()


def test_a_growth_note_that_was_there_is_what_they_want_and_everybody_is_settled_at_the_next_start(
    empty_database_url, tmp_path
):
    upgrade(empty_database_url, scripts=schema_up_to("0009", tmp_path))
    engine = open_engine(empty_database_url)
    monday = "'2026-03-02 08:00:00'"
    with engine.begin() as connection:
        for row in (
            f"INSERT INTO candidate (id, {COLUMNS}, language) VALUES (1, 'Noor', 'noor', '', {VALUES}, '')",
            "INSERT INTO fact (id, kind, candidate_id, happened_at, entered_at) VALUES"
            f" (1, 'growth_note', 1, {monday}, {monday}), (2, 'referral', 1, {monday}, {monday})",
            "INSERT INTO growth_note (id, note) VALUES (1, 'Wants to lead.')",
            "INSERT INTO referral (id, referred_id) VALUES (2, 1)",
            f"INSERT INTO fact (id, kind, happened_at, entered_at) VALUES (4, 'policy', {monday}, {monday})",
            "INSERT INTO policy (id, terms, calendar, settled_at) VALUES"
            f" (4, '{{}}', 'Asia/Tokyo JP 0,1 10:00-16:00', {monday})",
        ):
            connection.execute(text(row))
    engine.dispose()
    assert upgrade(empty_database_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT wants, advice, came_of_it FROM growth_note")).one() == (
            "Wants to lead.",
            "",
            None,
        )
        assert connection.scalar(text("SELECT referred_id FROM referral")) == 1
        assert connection.scalar(text("SELECT settled_at FROM policy")) is None
    with Session(engine) as session:
        assert policy_now(session).working_time == Calendar("Asia/Tokyo", "JP", frozenset({0, 1}), time(10), time(16))
    engine.dispose()


def test_what_an_older_perennial_settled_is_counted_as_settling_would(store):
    load_demo(store, candidates=60, years=2)
    with store.engine.begin() as connection:
        for table in ("share_month", "told_month", "meeting_month", "answer_month"):
            assert connection.scalar(text(f"SELECT count(*) FROM {table}"))
            connection.execute(text(f"DELETE FROM {table}"))
        connection.execute(text("UPDATE process SET client_id = NULL, ended_on = NULL"))
        connection.execute(text("UPDATE meeting SET client_id = NULL, begins_on = NULL, came = NULL"))
        MONTHS._settle_and_count(connection)
        connection.execute(text("UPDATE process SET reason = NULL"))
        connection.execute(text("UPDATE turn_change SET client_id = NULL"))
        connection.execute(text("UPDATE meeting SET upset_at = NULL"))
        CLIENTS._settle(connection.exec_driver_sql)
        ANSWERS._count(connection)
    assert list(miscounted(store)) == []
    with store.reading() as session:
        everybody = prepare(session, range(1, 61), team_of(session), store.calendar)
        assert [settling for settling in everybody if settling.is_needed] == []
