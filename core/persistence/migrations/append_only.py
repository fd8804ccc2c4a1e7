"""Tables that are only ever added to: the database itself refuses to change or delete a row."""

from alembic import op


def make_append_only(table: str) -> None:
    """Keeps the app from it, and whoever acts through the app; not those who own the database's files."""
    if op.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change} BEFORE {change.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
            )
        refuse_replacing(table)
        return
    op.execute(
        f"CREATE FUNCTION {table}_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is only added to'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_only_added_to()"
    )


def refuse_replacing(table: str) -> None:
    """On SQLite, `INSERT OR REPLACE` takes a row away without a word to the trigger before a delete."""
    op.execute(
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608 - our own name
        f"WHEN NEW.id IN (SELECT id FROM {table}) "
        f"BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
    )
