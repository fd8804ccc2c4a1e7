"""No entry of the audit trail takes the place of another.

SQLite fires no trigger for a row that `INSERT OR REPLACE` takes away.
"""

from alembic import op

from core.persistence.migrations.append_only import refuse_replacing

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        refuse_replacing("audit_entry")
