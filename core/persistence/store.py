"""The store: one database, opened with the settings that keep its word, read and written in units of work."""

import contextlib
import os
import threading
import time
import warnings
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from traceback import walk_tb
from typing import Any

from sqlalchemy import Engine, bindparam, create_engine, delete, event, insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError, IntegrityError, PendingRollbackError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from core import clock as clocks
from core.domain.access import COMMANDS
from core.domain.calendar import Calendar
from core.domain.policy import Policy
from core.domain.refusal import NotAllowed, Refused, Stale
from core.persistence.erasures import JOURNAL, file_of, remember_asked
from core.persistence.outages import TRY_AGAIN, Busy, Unavailable, in_our_words
from core.persistence.tables import Operation
from core.persistence.tallies import write_noted
from core.persistence.team import hold_still, policy_now, present, team_of
from core.persistence.trail import Record, append, hold_actor
from core.persistence.work import Viewer, Work, watch_changes

SAFE_SQLITE = (3, 51, 3)
"""Before it, two connections writing at one instant can corrupt the file (sqlite.org/wal.html#walresetbug)."""

WAIT = 15
"""Seconds a writer, or a reader in search of a connection, waits for the others."""

CACHE, MUCH = 16_384, 131_072
"""KiB of an SQLite database that a connection keeps in memory; and one that writes much at once."""

LOOK_LASTS = 5.0
"""Seconds: whoever works on something else for longer keeps no connection busy, and sees what others wrote since."""

KEPT_READY = 1_000
"""Statements that a connection keeps as the database has read and planned them, the latest used: all pages together
have some hundreds, and the drivers by themselves keep a hundred.
"""

READY_AFTER = 2
"""Times that PostgreSQL is asked before a statement is kept ready. Whatever is asked once may be of five thousand
parameters, and what is kept of it is the server's memory.
"""

FILE = "file"
"""What a connection to SQLite remembers: which file it has open."""

OPERATIONS_LAST = timedelta(days=7)
"""A form sent again later than that is a new action."""

FORGETS_EVERY = timedelta(hours=1)
"""Older ones are forgotten so often, by each process: not in every unit of work."""

PLANNED = {"jit": "off", "join_collapse_limit": 4, "random_page_cost": 1.1}
"""Of PostgreSQL, whose own settings are for reports, and for disks that turn. Ours are read a thousand times an hour,
say in which order they join, and go along indexes: to compile one, or to look for another order among nine tables,
takes longer than to carry it out (5 ms for 4), and it would read whole tables to save itself some look-ups.
"""

ANSWERS_WITHIN = {"connect_timeout": 5, "keepalives_idle": 20, "keepalives_interval": 5, "keepalives_count": 3}
"""A PostgreSQL that has vanished without a word is given up after some seconds, not after hours."""

_OPERATION = Operation.__table__
_OLD = select(_OPERATION.c.key).where(_OPERATION.c.at < bindparam("before")).with_for_update(skip_locked=True)
_FORGET = delete(_OPERATION).where(_OPERATION.c.key.in_(_OLD))
"""But for those that somebody is at already, in another process: a long list may have begun with it."""
_REMEMBER = insert(_OPERATION)

__all__ = ["AlreadyDone", "Busy", "Store", "Unavailable", "open_engine", "open_store", "sqlite_module"]


class AlreadyDone(Exception):
    """The same form was sent twice; the first time counted."""


class _Looks(threading.local):
    """How a thread reads: in `one_look`, all by one session; else each time by its own."""

    are_one = False
    session: Session | None = None
    begun = 0.0


class Store:
    """One database, its clock and the team's calendar. Safe to share between threads."""

    def __init__(self, engine: Engine, calendar: Calendar, clock: clocks.Clock, journal: Path | None = None) -> None:
        self.engine = engine
        self.journal = journal or file_of(engine.url)
        """The file that says who was erased, for when an older backup is brought back."""
        self.calendar = calendar
        """The team's working time as it was looked at last; the settings' until then, and where none is on record."""
        self.clock = clock
        self._looks = _Looks()
        self._turn = threading.Lock()
        self._whose_turn: int | None = None
        self._forgets_at: datetime | None = None
        """When operations of long ago are forgotten next; None: with the next."""
        snapshot = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        reader = engine.execution_options(**snapshot)
        about: dict[Any, Any] = {JOURNAL: self.journal}
        self._read = sessionmaker(reader, autoflush=False, expire_on_commit=False, info=about)
        self._write = sessionmaker(engine.execution_options(intent="write"), expire_on_commit=False, info=about)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def now(self) -> datetime:
        return self.clock()

    def look_at_calendar(self, session: Session) -> None:
        """Take in what the team has made its working time, in whichever process."""
        self.take_in(policy_now(session))

    def take_in(self, policy: Policy) -> None:
        self.calendar = policy.working_time or self.calendar

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """One consistent look, however much others write meanwhile; nothing is written."""
        if not self._looks.are_one:
            with in_our_words(), self._read() as session:
                yield session
                self._end(session)
            return
        if self._looks.session is not None and time.monotonic() - self._looks.begun > LOOK_LASTS:
            self._look_away()
        if self._looks.session is None:
            self._looks.session, self._looks.begun = self._read(), time.monotonic()
        try:
            with in_our_words():
                yield self._looks.session
        except BaseException:
            self._look_away()
            raise

    @contextlib.contextmanager
    def one_look(self) -> Iterator[None]:
        """All that this thread reads inside is of one moment, by one connection: a page shows what fits together.

        A new look begins after a write, after an error, and after `LOOK_LASTS`.
        """
        self._looks.are_one = True
        try:
            yield
        finally:
            self._looks.are_one = False
            self._look_away()

    def _look_away(self) -> None:
        session, self._looks.session = self._looks.session, None
        if session is not None:
            with contextlib.suppress(Unavailable, PendingRollbackError), in_our_words(), session:
                self._end(session)  # of one that was cut off, at its end or amid it, there is nothing left to end

    def _end(self, reading: Session) -> None:
        """PostgreSQL's are read-only, and end as if they had written: psycopg forgets all that it keeps ready with
        one that is rolled back."""
        if not self.is_sqlite:
            reading.expunge_all()
            reading.commit()

    @contextlib.contextmanager
    def working(
        self,
        actor: Viewer,
        operation: str | None = None,
        *,
        beside: Path | None = None,
        asked: Mapping[str, str] | None = None,
    ) -> Iterator[Work]:
        """One user action: all of it is kept, or none of it.

        `operation` is made when a form is drawn: a second click on it raises AlreadyDone. Raises Refused for a member
        who has left, Busy when others write for too long, Unavailable when the database can't be had, and Stale when a
        row was changed underneath. `beside` is a file from which much is to be copied (see `stage`): an SQLite database
        sees its tables as `stage.…`, and does not look up for each of a million rows what it refers to, nor make a list
        of all kinds there are to find its kind in: whoever copies makes sure that it is there, and of our kinds.
        `asked` is what the record of whoever may not do it says of what was asked, where the command alone says too
        little; nothing personal.
        """
        self._look_away()
        with (
            self._noting_refusals(actor, asked or {}),
            self._one_at_a_time(),
            in_our_words() as ending,
            self._writing(beside) as session,
            session.begin(),
        ):
            if operation is not None:
                self._once(session, operation)
            hold_still(session)
            watch_changes(session)
            team = team_of(session)
            self.calendar = team.calendar(self.calendar)
            work = Work(session, present(session, actor), self.clock(), team, self.calendar)
            try:
                yield work
                records = work.recorded()
                hold_actor(session, work.actor.id)
                write_noted(session)
                append(session, records, at=work.now, actor_id=work.actor.id)
                session.flush()
                ending.has_begun = True
            except StaleDataError as stale:
                raise Stale("Somebody changed this at the same moment. Look again, then save again.", {}) from stale
        remember_asked(session)

    @contextlib.contextmanager
    def _noting_refusals(self, actor: Viewer, about: Mapping[str, str]) -> Iterator[None]:
        """Who asked for what they may not do stands in the trail, apart from the unit of work, of which nothing is."""
        try:
            yield
        except NotAllowed as refused:
            with self._one_at_a_time(), in_our_words(), self._writing(None) as session, session.begin():
                hold_actor(session, actor.id)
                asked = Record("refused", "member", actor.id, {"command": _command_of(refused), **about})
                append(session, [asked], at=self.clock(), actor_id=actor.id)
            raise

    @contextlib.contextmanager
    def _writing(self, beside: Path | None) -> Iterator[Session]:
        if beside is None or not self.is_sqlite:
            with self._write() as session:
                yield session
            return
        with self.engine.connect().execution_options(intent="write") as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("ATTACH DATABASE ? AS stage", (str(beside),))
            for pragma in (
                f"cache_size=-{MUCH}",
                "wal_autocheckpoint=0",
                "foreign_keys=OFF",
                "cell_size_check=OFF",
                "ignore_check_constraints=ON",
            ):
                driver.execute(f"PRAGMA {pragma}")
            try:
                with self._write(bind=connection) as session:
                    yield session
            finally:
                if not connection.invalidated:  # else it was broken off amid a statement, and SQLAlchemy has closed it
                    connection.rollback()
                    driver.execute("DETACH DATABASE stage")
                    for pragma in (
                        f"cache_size=-{CACHE}",
                        "wal_autocheckpoint=1000",
                        "foreign_keys=ON",
                        "cell_size_check=ON",
                        "ignore_check_constraints=OFF",
                    ):
                        driver.execute(f"PRAGMA {pragma}")

    def put_away(self, *, wholly: bool = False) -> bool:
        """After much was written: what stands in SQLite's log goes into its file, while others go on writing.

        `wholly`: and nothing is left of it in the log, where it would say what was erased. False: somebody read in it
        for so long that it is overwritten by what comes next.
        """
        if not self.is_sqlite:
            return True
        self._look_away()
        how = "TRUNCATE" if wholly else "PASSIVE"
        with in_our_words(), self.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            return bool(driver.execute(f"PRAGMA wal_checkpoint({how})").fetchone()[0] == 0)

    def _once(self, session: Session, operation: str) -> None:
        now = self.clock()
        if self._forgets_at is None or now >= self._forgets_at:
            session.execute(_FORGET, {"before": now - OPERATIONS_LAST})
            self._forgets_at = now + FORGETS_EVERY
        try:
            session.execute(_REMEMBER, {"key": operation, "at": now})
        except IntegrityError as twice:
            raise AlreadyDone from twice

    @contextlib.contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        """SQLite has one writer; a queue in the process makes nobody starve. PostgreSQL queues by itself."""
        if not self.is_sqlite:
            yield
            return
        if self._whose_turn == threading.get_ident():
            raise RuntimeError("A unit of work can't be opened inside another.")
        if not self._turn.acquire(timeout=WAIT):
            raise Busy(TRY_AGAIN)
        try:
            self._whose_turn = threading.get_ident()
            yield
        finally:
            self._whose_turn = None
            self._turn.release()


def _command_of(refused: NotAllowed) -> str:
    """As `core.domain.access` has it; "" for one who has left, whatever it was."""
    for frame, _ in walk_tb(refused.__traceback__):
        command = f"{frame.f_globals.get('__name__', '')}.{frame.f_code.co_name}".removeprefix("core.commands.")
        if command in COMMANDS:
            return command
    return ""


def open_store(
    url: str, calendar: Calendar | None = None, clock: clocks.Clock = clocks.now, *, journal: Path | None = None
) -> Store:
    """The store at an address. The schema must be there already: `migrations.upgrade` makes it.

    `journal` is given where it is not the address's own: of a backup that is made ready to take its place.
    """
    return Store(open_engine(url), calendar or Calendar(), clock, journal)


def open_engine(url: str, *, makes_file: bool = False) -> Engine:
    """`makes_file`: where SQLite's is to be made; else one that is missing is away, and none is made in its place."""
    if make_url(url).get_backend_name() == "sqlite":
        return _open_sqlite(url, makes_file=makes_file)
    options = {
        **PLANNED,
        "lock_timeout": round(WAIT * 1000),
        "statement_timeout": 60_000,
        "idle_in_transaction_session_timeout": 60_000,
        "timezone": "UTC",
    }
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        hide_parameters=True,  # an error is read by whoever reads the terminal
        pool_size=10,
        max_overflow=10,
        pool_timeout=WAIT,
        pool_use_lifo=True,
        pool_pre_ping=True,
        connect_args={"options": " ".join(f"-c {name}={value}" for name, value in options.items()), **ANSWERS_WITHIN},
    )

    @event.listens_for(engine, "connect")
    def keep_ready(connection: Any, _: Any) -> None:
        connection.prepare_threshold, connection.prepared_max = READY_AFTER, KEPT_READY

    return engine


def _open_sqlite(url: str, *, makes_file: bool) -> Engine:
    engine = create_engine(
        make_url(url).set(drivername="sqlite"),
        hide_parameters=True,
        module=sqlite_module(),
        pool_size=10,
        max_overflow=10,
        pool_timeout=WAIT,
        pool_use_lifo=True,  # the one used last has in memory what is read most
        connect_args={"timeout": WAIT, "cached_statements": KEPT_READY},
    )

    @event.listens_for(engine, "connect")
    def settings(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy begins, not the driver
        if connection.execute("PRAGMA journal_mode=WAL").fetchone()[0] not in ("wal", "memory"):
            raise Refused("The database needs a local disk: SQLite can't keep its write-ahead log there.")
        for pragma in (
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            "trusted_schema=OFF",
            "cell_size_check=ON",
            "journal_size_limit=67108864",
            f"cache_size=-{CACHE}",
        ):
            connection.execute(f"PRAGMA {pragma}")
        record.info[FILE] = _file_at(engine.url.database)  # which is there by now

    @event.listens_for(engine, "checkout")
    def still_there(_: Any, record: Any, __: Any) -> None:
        if record.info[FILE] != _file_at(engine.url.database):
            raise DisconnectionError

    if not makes_file:

        @event.listens_for(engine, "do_connect")
        def where_it_is(_: Any, __: Any, where: list[Any], how: dict[str, Any]) -> None:
            if engine.url.database:
                where[0], how["uri"] = f"{Path(engine.url.database).absolute().as_uri()}?mode=rw", True

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("intent") == "write"
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    version = sqlite_module().sqlite_version_info
    if version < SAFE_SQLITE:
        warnings.warn(
            f"SQLite {'.'.join(map(str, version))} is older than 3.51.3, which mends a rare fault of several writers:"
            " let only one Perennial use this file.",
            RuntimeWarning,
            stacklevel=2,
        )
    return engine


def _file_at(path: str | None) -> tuple[int, int] | None:
    """Which one it is, whatever it is called: one that was moved goes on being written by whoever has it open."""
    try:
        found = os.stat(path) if path else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found else None


def sqlite_module() -> Any:
    """SQLite as the pysqlite3 wheel brings it, newer than most systems'; else Python's own."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        import sqlite3 as dbapi2
    dbapi2.register_adapter(type(None), _nothing)
    return dbapi2


def _nothing(none: None) -> None:
    """As it is. Unless told so, the driver looks, in vain, for a way to adapt each None, ten times as long."""
