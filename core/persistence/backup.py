"""Backups: the whole database in one file, as it stood at one moment, while everybody goes on working."""

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import URL, make_url

from core import settings
from core.domain.backups import BEFORE, DAYS, OLDEST, WEEKS
from core.domain.refusal import Refused
from core.persistence.store import Store, Unavailable, open_engine, sqlite_module

SUFFIX, HALF = ".backup", ".half"
NAME = re.compile(r"perennial-(\d{8})(T\d{12}Z)?-(daily|asked|before-[\w-]+)\.backup")

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished one: it was opened and looked through when it was made."""

    path: Path
    made_at: datetime
    size: int
    why: str
    """`daily`, `asked`, or `before-` and what."""


def folder_of(url: str) -> Path:
    """Where this database's backups lie, under its own name: in what the team set, or beside its file."""
    address = make_url(url)
    file = Path(address.database or "perennial")
    is_file = address.get_backend_name() == "sqlite"
    beside = file.parent / "backups" if is_file else settings.ROOT / "data" / "backups"
    return (settings.current().backup_folder or beside) / file.stem


def name_for(why: str, now: datetime) -> str:
    """A daily one is named by its day alone: of several processes only the first can make it."""
    stamp = f"{now:%Y%m%d}" if why == "daily" else f"{now.astimezone(UTC):%Y%m%dT%H%M%S%fZ}"
    return f"perennial-{stamp}-{why}{SUFFIX}"


def backups_in(folder: Path) -> list[Backup]:
    """The newest first. Files that are not named as we name backups are left alone."""
    found = []
    for path in folder.glob(f"*{SUFFIX}"):
        if (named := NAME.fullmatch(path.name)) is not None:
            known = path.stat()
            found.append(Backup(path, datetime.fromtimestamp(known.st_mtime, UTC), known.st_size, named[3]))
    return sorted(found, key=lambda one: (one.made_at, one.path.name), reverse=True)


def forget_old(folder: Path, now: datetime) -> list[Backup]:
    """What is not kept any longer goes; answers with it. What was begun and broken off goes after a day."""
    found = backups_in(folder)
    kept = {*_newest_of_each(found, lambda one: one.made_at.date())[:DAYS]}
    kept |= {*_newest_of_each(found, lambda one: one.made_at.isocalendar()[:2])[:WEEKS]}
    kept |= {*[one for one in found if one.why.startswith("before")][:BEFORE]}
    gone = [one for one in found if now - one.made_at > OLDEST or (one.why != "asked" and one not in kept)]
    for one in gone:
        one.path.unlink(missing_ok=True)
    for half in folder.glob(f".*{SUFFIX}.*{HALF}"):
        if now.timestamp() - half.stat().st_mtime > timedelta(days=1).total_seconds():
            half.unlink(missing_ok=True)
    return gone


def _newest_of_each(found: list[Backup], stretch: Callable[[Backup], Any]) -> list[Backup]:
    newest: dict[Any, Backup] = {}
    for one in found:
        if one.why == "daily":
            newest.setdefault(stretch(one), one)
    return list(newest.values())


def back_up(url: str, target: Path, progress: Progress | None = None) -> None:
    """Write the database to a new file that nobody else may read, and prove that it opens.

    Never by copying an SQLite file: what is still in its log would be missing, and nothing would say so. `progress` is
    told how many bytes there are of about how many.
    """
    address = make_url(url)
    with _new_file(target) as half:
        if address.get_backend_name() == "sqlite":
            _vacuum_into(url, half, progress)
        else:
            _dump(address, half)


@contextmanager
def _new_file(target: Path) -> Iterator[Path]:
    """A file that is ours alone before a byte of it is written, and has the target's name only once it is whole.

    So whoever is killed leaves no backup that is none.
    """
    taken = Refused(f"{target} is there already. A backup never replaces a file: give another name.")
    if target.exists():
        raise taken
    half = target.with_name(f".{target.name}.{secrets.token_hex(4)}{HALF}")
    try:
        os.close(os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as problem:
        raise Refused(f"{target} can't be written: {problem.strerror}.") from problem
    try:
        yield half
        with half.open("rb+") as file:
            os.fsync(file.fileno())
        os.link(half, target)
    except FileExistsError:
        raise taken from None
    except OSError as problem:
        raise Refused(f"{target} can't be written: {problem.strerror}.") from problem
    finally:
        half.unlink(missing_ok=True)


# SQLite


def _vacuum_into(url: str, target: Path, progress: Progress | None) -> None:
    sqlite = sqlite_module()
    engine = open_engine(url)
    try:
        connection = engine.raw_connection()
        try:
            driver: Any = connection.driver_connection
            of_its_size = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            (size,) = driver.execute(of_its_size).fetchone()
            _watched(lambda: driver.execute("VACUUM INTO ?", (str(target),)), target, size, progress)
        finally:
            connection.close()
    except sqlite.Error as problem:
        raise Refused(f"The backup failed: {problem}. No file was left.") from problem
    finally:
        engine.dispose()
    if wrong := what_is_wrong(target):
        raise Refused(f"The backup was written, but is not whole ({wrong}). No file was left.")


def _watched(copy: Callable[[], Any], target: Path, size: int, progress: Progress | None) -> None:
    """How much of the file is there, as it grows; SQLite itself does not say."""
    if progress is None:
        copy()
        return
    with ThreadPoolExecutor(1) as aside:
        copying = aside.submit(copy)
        while not copying.done():
            wait([copying], 0.2)
            progress(min(target.stat().st_size, size), size)
    copying.result()


def what_is_wrong(file: Path) -> str:
    """What SQLite finds wrong with a file that nobody writes; nothing, if it is whole."""
    sqlite = sqlite_module()
    try:
        copy = sqlite.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
        try:
            found = [str(copy.execute("PRAGMA integrity_check").fetchone()[0])]
            found += ["a row refers to nothing" for _ in copy.execute("PRAGMA foreign_key_check").fetchmany(1)]
        finally:
            copy.close()
    except sqlite.Error as problem:
        return str(problem)
    return "" if found == ["ok"] else found[-1]


def damage(store: Store) -> str:
    """What SQLite finds in a database that is in use, when it looks quickly; nothing, if it finds nothing."""
    if not store.is_sqlite:
        return ""
    try:
        with store.reading() as session:
            found = str(session.execute(text("PRAGMA quick_check(1)")).scalar())
    except Unavailable as unavailable:
        return str(unavailable)
    return "" if found == "ok" else found


# PostgreSQL


def _dump(address: URL, target: Path) -> None:
    """PostgreSQL's own tool, whose file `pg_restore` reads."""
    run_tool("pg_dump", address, "--format=custom", f"--file={target}", failed="The backup failed")
    run_tool("pg_restore", None, "--list", str(target), failed="The backup was written, but can't be read")


def has_tools(url: str) -> bool:
    """Whether this machine can back this database up at all."""
    return make_url(url).get_backend_name() == "sqlite" or all(map(shutil.which, ("pg_dump", "pg_restore", "psql")))


def run_tool(name: str, address: URL | None, *arguments: str, failed: str) -> bytes:
    """One of PostgreSQL's own programs, on a database if one is named; the password is never among the arguments."""
    tool = shutil.which(name)
    if tool is None:
        raise Refused(
            f"{name}, PostgreSQL's tool for backups, is not on this machine. Install PostgreSQL's client programs, or"
            " run it where the server is."
        )
    command: Sequence[str] = [tool, *arguments]
    environment = dict(os.environ)
    if address is not None:
        without_password = address.set(drivername="postgresql", password=None).render_as_string()
        command = [*command, "--no-password", f"--dbname={without_password}"]
        if address.password:
            environment["PGPASSWORD"] = str(address.password)
    done = subprocess.run(command, env=environment, capture_output=True, check=False)  # noqa: S603
    if done.returncode != 0:
        says = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["it did not say why"]
        raise Refused(f"{failed}: {says[0]}. Nothing was left half done.")
    return done.stdout
