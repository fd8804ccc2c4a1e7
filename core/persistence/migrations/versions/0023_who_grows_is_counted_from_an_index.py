"""The indexes of whoever begins as something, or has told us what they want, hold all that narrows and counts them."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

GROWING = sa.text("(begins_as IS NOT NULL OR growth_id IS NOT NULL) AND merged_into_id IS NULL AND erased_at IS NULL")


def upgrade() -> None:
    for column in ("revisit_due_at", "growth_id"):
        name = f"ix_candidate_growing_{column}"
        op.drop_index(name, table_name="candidate")
        columns = [column, "id", "owner_id", "begins_as"]
        op.create_index(name, "candidate", columns, sqlite_where=GROWING, postgresql_where=GROWING)
