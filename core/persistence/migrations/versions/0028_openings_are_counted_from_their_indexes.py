"""Openings are counted, and whether one of them has changed is seen, in their indexes, without a look at each."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_opening_status", "opening")
    op.create_index("ix_opening_status", "opening", ["status", "added_at", "id", "version"])
    op.drop_index("ix_opening_client_id", "opening")
    op.create_index("ix_opening_of_client", "opening", ["client_id", "status"])
