"""How `alembic revision --autogenerate` writes a change of the tables down, so that nothing is left to do by hand."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrateOperation
from alembic.operations.ops import CreateIndexOp, CreateTableOp, MigrationScript, ModifyTableOps
from sqlalchemy import JSON, ForeignKeyConstraint

from core.persistence.tables.base import Moment


class Lines(MigrateOperation):
    """Lines of Python, written as they are."""

    def __init__(self, *lines: str, imports: str | None = None) -> None:
        self.lines, self.imports = lines, imports


@renderers.dispatch_for(Lines)
def _write(context: AutogenContext, operation: Lines) -> list[str]:
    if operation.imports:
        context.imports.add(operation.imports)
    return ["\n".join(operation.lines)]


def write_item(kind: str, item: Any, context: AutogenContext) -> str | Literal[False]:
    """Our own types as the plain ones they are stored in: a migration outlives the code that asked for it."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JSON):
        context.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def rewrite(context: Any, revision: Any, scripts: Iterable[MigrationScript]) -> None:
    """Alembic's hook before a migration is written."""
    for script in scripts:
        if script.upgrade_ops is not None:
            script.upgrade_ops.ops = list(_rewritten(script.upgrade_ops.ops))


def _rewritten(operations: Iterable[Any]) -> Iterator[MigrateOperation]:
    late: list[MigrateOperation] = []
    for operation in operations:
        if isinstance(operation, ModifyTableOps) and all(isinstance(op, CreateIndexOp) for op in operation.ops):
            yield from operation.ops  # an index needs no table rebuilt on SQLite
            continue
        yield operation
        if isinstance(operation, CreateTableOp):
            late += _circular_keys(operation)
            notes, operation.info = operation.info, {}
            if notes.get("append_only"):
                late.append(
                    Lines(
                        f'make_append_only("{operation.table_name}")',
                        imports="from core.persistence.migrations.append_only import make_append_only",
                    )
                )
    yield from late


def _circular_keys(made: CreateTableOp) -> Iterator[Lines]:
    """Keys to a table made later: SQLite takes them with the table and never after, PostgreSQL only after."""
    for key in made.columns:
        if isinstance(key, ForeignKeyConstraint) and key.use_alter:
            to, here, there = key.elements[0].target_fullname.split(".")[0], list(key.column_keys), key.elements
            columns = [element.target_fullname.split(".")[1] for element in there]
            yield Lines(
                'if op.get_bind().dialect.name != "sqlite":',
                f"    op.create_foreign_key({str(key.name)!r}, {made.table_name!r}, {to!r}, {here!r}, {columns!r})",
            )
