"""Backups: the whole database in one file, as it stood at one moment, while everybody goes on working."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from core.domain.refusal import Refused
from core.persistence.store import open_engine, sqlite_module


def back_up(url: str, target: Path) -> None:
    """Write the database to a new file that nobody else may read, and prove that it opens.

    Never by copying an SQLite file: what is still in its log would be missing, and nothing would say so.
    """
    address = make_url(url)
    with _new_file(target):
        if address.get_backend_name() == "sqlite":
            _vacuum_into(url, target)
        else:
            _dump(address, target)


@contextmanager
def _new_file(target: Path) -> Iterator[None]:
    """The file, empty and ours alone before a byte of it is written; gone again if it can't be finished."""
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise Refused(f"{target} is there already. A backup never replaces a file: give another name.") from None
    except OSError as problem:
        raise Refused(f"{target} can't be written: {problem.strerror}.") from problem
    try:
        yield
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    with target.open("rb") as file:
        os.fsync(file.fileno())


def _vacuum_into(url: str, target: Path) -> None:
    sqlite = sqlite_module()
    engine = open_engine(url)
    try:
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("VACUUM INTO ?", (str(target),))
        finally:
            connection.close()
    except sqlite.Error as problem:
        raise Refused(f"The backup failed: {problem}. No file was left.") from problem
    finally:
        engine.dispose()
    copy = sqlite.connect(f"{target.absolute().as_uri()}?mode=ro", uri=True)
    try:
        found = [copy.execute("PRAGMA integrity_check").fetchone()[0]]
        found += ["a row refers to nothing" for _ in copy.execute("PRAGMA foreign_key_check")]
    finally:
        copy.close()
    if found != ["ok"]:
        raise Refused(f"The backup was written, but is not whole ({found[-1]}). No file was left.")


def _dump(address: URL, target: Path) -> None:
    """PostgreSQL's own tool, whose file `pg_restore` reads."""
    tool = shutil.which("pg_dump")
    if tool is None:
        raise Refused("pg_dump, PostgreSQL's tool for backups, is not on this machine. Run it where the server is.")
    without_password = address.set(drivername="postgresql", password=None).render_as_string()
    done = subprocess.run(  # noqa: S603
        [tool, "--format=custom", "--no-password", f"--file={target}", f"--dbname={without_password}"],
        env={**os.environ, **({"PGPASSWORD": str(address.password)} if address.password else {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        says = done.stderr.strip().splitlines()[-1:] or ["it did not say why"]
        raise Refused(f"The backup failed: {says[0]}. No file was left.")
