"""What Alembic runs: on the connection it is given, in the transaction that is open."""

from alembic import context

from core.persistence.migrations.writing import rewrite, write_item
from core.persistence.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
    render_item=write_item,
    process_revision_directives=rewrite,
    compare_type=True,
    transactional_ddl=True,
)
context.run_migrations()
