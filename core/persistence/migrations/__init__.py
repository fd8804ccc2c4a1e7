"""The schema's versions, and how a database is brought from one to the next; configured here, without an ini file."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from core import clock
from core.domain.refusal import Refused
from core.persistence.backup import back_up, folder_of, name_for
from core.persistence.store import open_engine

SCRIPTS = Path(__file__).parent
ONE_AT_A_TIME = 7_305_206_412
"""Any number that nothing else in the database locks by."""


class NewerSchema(Exception):
    """The database was made by a newer Perennial than this one."""


def upgrade(
    url: str, *, say: Callable[[str], None] = lambda _: None, scripts: Path = SCRIPTS, backs_up: bool = True
) -> bool:
    """Bring the database up to date in one transaction; whether there was anything to do.

    One that holds anything is backed up first. Raises NewerSchema, with nothing changed, for a database that a newer
    Perennial has written, and Refused where it can't be backed up.
    """
    engine = open_engine(url, makes_file=True)
    try:
        with engine.connect() as connection:
            found = found_version(connection)
        if found == newest_version(scripts):
            return False
        if found is not None and found not in known_versions(scripts):
            raise NewerSchema(
                f"This database is of a newer Perennial (version {found}). Update Perennial, then start it."
            )
        if found is not None and backs_up:
            say(f"The database was backed up to {_backed_up(url, newest_version(scripts))}.")
        _migrate(engine, scripts)
        return True
    finally:
        engine.dispose()


def found_version(connection: Connection) -> str | None:
    """The schema the database has; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_version(scripts: Path = SCRIPTS) -> str:
    return str(ScriptDirectory.from_config(config(scripts)).get_current_head())


def known_versions(scripts: Path = SCRIPTS) -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(config(scripts)).walk_revisions()}


def config(scripts: Path = SCRIPTS) -> Config:
    alembic = Config()
    alembic.set_main_option("script_location", str(scripts).replace("%", "%%"))
    alembic.set_main_option("path_separator", "os")
    alembic.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return alembic


def _backed_up(url: str, version: str) -> Path:
    folder = folder_of(url)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / name_for(f"before-{version}", clock.now())
    try:
        back_up(url, target)
    except Refused as refused:
        raise Refused(
            f"{refused} Perennial backs up before it brings a database up to date, and has changed nothing. If you have"
            " a backup of your own: perennial db upgrade --without-backup"
        ) from refused
    return target


def _migrate(engine: Engine, scripts: Path) -> None:
    """In one transaction, and one program at a time: another that waited finds everything done.

    On SQLite foreign keys rest while tables are rebuilt, or rebuilding a parent would delete its children; then all
    is checked.
    """
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.execution_options(intent="write").connect() as connection:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        if is_sqlite:
            driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                if not is_sqlite:
                    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
                alembic = config(scripts)
                alembic.attributes["connection"] = connection
                command.upgrade(alembic, "head")
                if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").fetchone():
                    raise RuntimeError("The migration would leave rows that refer to nothing; nothing was changed.")
        finally:
            if is_sqlite:
                driver.execute("PRAGMA foreign_keys=ON")
