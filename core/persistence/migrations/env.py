"""What Alembic runs: on the connection it is given, in the transaction that is open."""

from alembic import context

from core.persistence.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,
)
context.run_migrations()
