"""A backup put back in the place of the database: all of it, or nothing, and never under a Perennial that runs.

Whoever was erased since the backup was made is erased again before anybody can look, and what people asked of their
data since then is noted again.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from time import sleep
from typing import Any

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from core import settings
from core.backing_up import made_folder
from core.commands.backups import note_restore
from core.domain.refusal import Refused
from core.erasing import erase_again, note_requests_again
from core.persistence.backup import back_up, name_for, run_tool, what_is_wrong
from core.persistence.erasures import Asked, Journal, file_of
from core.persistence.migrations import NewerSchema, known_versions, upgrade
from core.persistence.store import Store, open_engine, open_store, sqlite_module
from core.persistence.tables import RequestKind
from core.persistence.viewer import THE_PROGRAM

Say = Callable[[str], None]

IN_USE = (
    "Perennial, or another program, has the database open. Stop it first: whoever is at work would save into what is"
    " being replaced. Nothing was changed."
)
A_MOMENT = 1
"""So many seconds a connection may take to be closed, on PostgreSQL."""
NOT_OURS = "{} is no backup of a Perennial. Nothing was changed."


def restore(url: str, backup: Path, *, now: datetime, say: Say = lambda _: None) -> int:
    """Put the backup in the database's place; how many people were erased again. Raises Refused, or NewerSchema.

    What was there is kept among the backups. Stopped at any moment, the database is what it was before, or what it
    is to be.
    """
    if not backup.is_file():
        raise Refused(f"There is no file {backup}.")
    if make_url(url).get_backend_name() == "sqlite":
        return _restore_file(url, backup, now=now, say=say)
    return _restore_postgresql(url, backup, now=now, say=say)


def note_requests(store: Store, journal: Journal, *, say: Say) -> None:
    """What people asked of their data since the backup was made stands again, and what is lost is said once."""
    again, lost = note_requests_again(store, journal)
    for line in _about_requests(again, lost):
        say(line)
    journal.note_lost(lost)


def _make_ready(url: str, journal: Journal, file: str, *, now: datetime, say: Say) -> int:
    """Of this version, and without those who were erased since, or anybody's sign-in of then; what was asked stands."""
    upgrade(url, backs_up=False)
    store = open_store(url, settings.current().calendar, lambda: now, journal=journal.file)
    try:
        note_requests(store, journal, say=say)
        again = erase_again(store, journal)
        with store.working(THE_PROGRAM) as work:
            note_restore(work, file, erased_again=again)
        return again
    finally:
        store.engine.dispose()


def _about_requests(again: int, lost: list[Asked]) -> list[str]:
    """What is to be said of what people asked of their data."""
    said = []
    if again:
        stand = "request about somebody's data stands" if again == 1 else "requests about people's data stand"
        said.append(f"{again:,} {stand} as before: noted or answered since the backup was made.")
    for one in lost:
        what = "to be forgotten" if one.kind is RequestKind.FORGET else "to see their data"
        came, due = (f"{day:%-d %B %Y}" for day in (one.received_on, one.due_on))
        said.append(
            f"LOST: somebody whom the backup does not know asked {what}. It came {came} ({one.channel}), and is to be"
            f" answered by {due}. Find out who it was and answer them, or add them and note it anew on their page."
            " This is said once."
        )
    return said


def _catch_up(journal: Journal, engine: Engine) -> None:
    """With what the database knows that is to be replaced: it may be of any version."""
    try:
        with engine.connect() as connection:
            journal.catch_up(connection)
    except DBAPIError:  # an empty one, where nobody ever was, or one that knows no requests
        pass


def _refuse_version(version: str | None, backup: Path) -> None:
    if version is None:
        raise Refused(NOT_OURS.format(backup))
    if version not in known_versions():
        raise NewerSchema(f"{backup} is of a newer Perennial (version {version}). Update Perennial, then restore it.")


# SQLite: made ready beside the database, then written into it in one transaction


def _restore_file(url: str, backup: Path, *, now: datetime, say: Say) -> int:
    target = Path(make_url(url).database or "")
    if wrong := what_is_wrong(backup):
        raise Refused(f"{backup} is not whole, or no backup: {wrong}. Nothing was changed.")
    _refuse_version(_version_in(backup), backup)
    ready = target.with_name(f".{target.name}.restoring")
    with _put_away(ready), _alone(target) as old:
        journal = Journal(file_of(url))
        if old is not None:
            kept = made_folder(url) / name_for("before-restore", now)
            os.close(os.open(kept, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            old.execute("VACUUM INTO ?", (str(kept),))
            say(f"What was there is kept in {kept}.")
            _catch_up(journal, _engine_of(old))
        os.close(os.open(ready, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _copied(backup, ready)
        again = _make_ready(f"sqlite:///{ready}", journal, backup.name, now=now, say=say)
        _without_log(ready)
        if old is None:
            _set_aside_logs(target, now)
            ready.replace(target)
        else:
            _write_into(ready, old)
    if wrong := what_is_wrong(target):
        raise Refused(f"The database was restored, but is not whole ({wrong}). Restore another backup.")
    return again


@contextmanager
def _alone(target: Path) -> Iterator[Any]:
    """The database that is there, locked so that nobody else can open it; None where there is none that can be read.

    SQLite leaves its log mode only while nobody else has the file open. So a running Perennial is noticed, even idle.
    """
    sqlite = sqlite_module()
    if not target.exists():
        yield None
        return
    held = sqlite.connect(str(target), timeout=2, isolation_level=None)
    try:
        try:
            held.execute("PRAGMA locking_mode=EXCLUSIVE")
            held.execute("PRAGMA journal_mode=DELETE")
            held.execute("PRAGMA synchronous=FULL")
            held.execute("PRAGMA secure_delete=ON")
            held.execute("BEGIN EXCLUSIVE")
            held.execute("COMMIT")
        except sqlite.OperationalError as locked:
            if "locked" not in str(locked):
                raise
            raise Refused(IN_USE) from locked
        yield held
    except sqlite.DatabaseError as problem:
        if "not a database" not in str(problem) and "malformed" not in str(problem):
            raise Refused(f"The backup can't be put in place: {problem}. The database is what it was.") from problem
        raise Refused(
            f"The database {target} is damaged ({problem}). Move it away, with the files {target.name}-wal and"
            f" {target.name}-shm beside it, and restore once more."
        ) from problem
    finally:
        held.close()


def _set_aside_logs(target: Path, now: datetime) -> None:
    """Rename the log of a database file that is gone: SQLite would apply it to the restored one."""
    for end in ("-wal", "-shm", "-journal"):
        left = target.with_name(target.name + end)
        if left.exists():
            left.replace(left.with_name(f"{left.name}.{now:%Y%m%dT%H%M%SZ}"))


def _version_in(backup: Path) -> str | None:
    sqlite = sqlite_module()
    copy = sqlite.connect(f"{backup.absolute().as_uri()}?mode=ro", uri=True)
    try:
        found = copy.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(found[0]) if found else None
    except sqlite.Error:
        return None
    finally:
        copy.close()


def _engine_of(held: Any) -> Engine:
    """Through the connection that holds the file: no other gets in."""
    return create_engine("sqlite://", module=sqlite_module(), creator=lambda: held, poolclass=StaticPool)


def _copied(backup: Path, ready: Path) -> None:
    sqlite = sqlite_module()
    source = sqlite.connect(f"{backup.absolute().as_uri()}?mode=ro", uri=True)
    copy = sqlite.connect(str(ready), isolation_level=None)
    try:
        source.backup(copy)
    finally:
        copy.close()
        source.close()


def _without_log(ready: Path) -> None:
    """All of it in the file itself."""
    made = sqlite_module().connect(str(ready), isolation_level=None)
    try:
        made.execute("PRAGMA journal_mode=DELETE")
    finally:
        made.close()


def _write_into(ready: Path, held: Any) -> None:
    """Page by page, in one transaction: what is killed here is rolled back by whoever opens the database next."""
    source = sqlite_module().connect(str(ready), isolation_level=None)
    try:
        source.backup(held)
    finally:
        source.close()


@contextmanager
def _put_away(ready: Path) -> Iterator[None]:
    """What was begun once and broken off goes, and so does this one."""
    files = [ready.with_name(ready.name + end) for end in ("", "-wal", "-shm", "-journal")]
    for file in files:
        file.unlink(missing_ok=True)
    try:
        yield
    finally:
        for file in files:
            file.unlink(missing_ok=True)


# PostgreSQL: by its own tools, in one transaction


EMPTY = """DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT oid::regclass AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace
      AND relkind IN ('r', 'p') AND relowner = current_user::regrole
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e') LOOP
    EXECUTE 'DROP TABLE IF EXISTS ' || one.name || ' CASCADE';
  END LOOP;
  FOR one IN SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      AND proowner = current_user::regrole
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e') LOOP
    EXECUTE 'DROP FUNCTION IF EXISTS ' || one.name || ' CASCADE';
  END LOOP;
END $$;
"""


def _restore_postgresql(url: str, backup: Path, *, now: datetime, say: Say) -> int:
    address, engine = make_url(url), open_engine(url)
    failed = f"{backup} can't be restored"
    try:
        version = run_tool(
            "pg_restore", None, "--data-only", "--table=alembic_version", "--file=-", str(backup), failed=failed
        )
        found = [line for line in version.decode().splitlines() if line[:4].isdigit()]
        _refuse_version(found[0].strip() if found else None, backup)
        _refuse_use(engine)
        folder = made_folder(url)
        kept = folder / name_for("before-restore", now)
        back_up(url, kept)
        say(f"What was there is kept in {kept}.")
        journal = Journal(file_of(url))
        _catch_up(journal, engine)
        with _put_away(folder / ".restoring.sql"):
            _replace(address, backup, folder / ".restoring.sql", failed)
        return _make_ready(url, journal, backup.name, now=now, say=say)
    finally:
        engine.dispose()


def _refuse_use(engine: Engine) -> None:
    """A connection that was just closed is seen a moment longer: whoever is seen is looked for once more."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    others += " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        if connection.scalar(text(others)):
            sleep(A_MOMENT)
            if connection.scalar(text(others)):
                raise Refused(IN_USE)


def _replace(address: Any, backup: Path, script: Path, failed: str) -> None:
    """Everything of ours goes and everything of the backup comes, in one transaction."""
    os.close(os.open(script, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    run_tool("pg_restore", None, "--no-owner", "--no-privileges", f"--file={script}", str(backup), failed=failed)
    in_one = ("--single-transaction", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1")
    run_tool("psql", address, *in_one, f"--command={EMPTY}", f"--file={script}", failed=failed)
