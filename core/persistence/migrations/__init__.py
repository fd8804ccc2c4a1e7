"""The schema's versions, and how a database is brought from one to the next; configured here, without an ini file."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from core.persistence.store import open_engine


class NewerSchema(Exception):
    """The database was made by a newer Perennial than this one."""


def upgrade(url: str) -> bool:
    """Bring the database up to date in one transaction; whether there was anything to do.

    Raises NewerSchema, with nothing changed, for a database that a newer Perennial has written.
    """
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            found = found_version(connection)
        if found == newest_version():
            return False
        if found is not None and found not in known_versions():
            raise NewerSchema(
                f"This database is of a newer Perennial (version {found}). Update Perennial, then start it."
            )
        _migrate(engine)
        return True
    finally:
        engine.dispose()


def found_version(connection: Connection) -> str | None:
    """The schema the database has; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_version() -> str:
    return str(ScriptDirectory.from_config(config()).get_current_head())


def known_versions() -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}


def config() -> Config:
    alembic = Config()
    alembic.set_main_option("script_location", str(Path(__file__).parent))
    alembic.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return alembic


def _migrate(engine: Engine) -> None:
    """Foreign keys rest while tables are rebuilt, or rebuilding a parent would delete its children; then all is checked."""
    is_sqlite = engine.dialect.name == "sqlite"
    writing = engine.execution_options(intent="write")
    with writing.connect() as connection:
        if is_sqlite:
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        try:
            with connection.begin():
                alembic = config()
                alembic.attributes["connection"] = connection
                command.upgrade(alembic, "head")
                if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").fetchone():
                    raise RuntimeError("The migration would leave rows that refer to nothing; nothing was changed.")
        finally:
            if is_sqlite:
                connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]
