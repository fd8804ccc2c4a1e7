"""Whether an opening has changed is seen in the index of those that have not ended, without a look at each."""

from alembic import op

revision = "0028"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_opening_status", "opening")
    op.create_index("ix_opening_status", "opening", ["status", "added_at", "id", "version"])
