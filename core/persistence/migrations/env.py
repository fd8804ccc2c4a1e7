"""What Alembic runs: on the connection it is given, in the transaction that is open."""

from functools import partial

from alembic import context
from alembic.operations import Operations

from core.persistence.migrations.writing import rewrite, write_item
from core.persistence.tables import Table
from core.persistence.tables.base import is_in_database

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
    render_item=write_item,
    process_revision_directives=rewrite,
    compare_type=True,
    include_object=is_in_database,
    transactional_ddl=True,
)
with Operations.context(context.get_context()) as operations:
    # A table that SQLite has to rebuild is read, but not all those that it refers to: half the time of a first start.
    alone = partial(operations.batch_alter_table, reflect_kwargs={"resolve_fks": False})
    operations.batch_alter_table = alone  # type: ignore[method-assign]
    context.get_context().run_migrations()
