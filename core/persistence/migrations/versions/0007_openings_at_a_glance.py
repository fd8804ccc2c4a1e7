"""What the overviews of openings and clients count is read from indexes alone, however many people are in process."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

IN_STAGE = ["opening_id", "stage", "turn", "since", "next_due_at", "owner_id", "heard_at"]


def upgrade() -> None:
    op.drop_index("ix_process_in_stage", "process")
    op.create_index(
        "ix_process_in_stage",
        "process",
        IN_STAGE,
        sqlite_where=sa.text("is_active = 1"),
        postgresql_where=sa.text("is_active"),
    )
    ended = sa.text("closed_at IS NOT NULL")
    op.create_index(
        "ix_process_ended", "process", ["opening_id", "stage", "closed_at"], sqlite_where=ended, postgresql_where=ended
    )
    op.create_index("ix_meeting_outcome_outcome", "meeting_outcome", ["outcome", "absent", "asked_by"])
