"""Only who has a rhythm stands in the indexes of rhythms, by when they came: a list brings many without one."""

from alembic import op
from sqlalchemy import text

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_candidate_rhythm": ["rhythm_unit", "rhythm_count", "id"],
    "ix_candidate_owner_rhythm": ["owner_id", "rhythm_unit", "rhythm_count", "id"],
}


def upgrade() -> None:
    whose = text("rhythm_unit IS NOT NULL AND merged_into_id IS NULL AND erased_at IS NULL")
    for name, columns in INDEXES.items():
        op.drop_index(name, "candidate")
        op.create_index(name, "candidate", columns, sqlite_where=whose, postgresql_where=whose)
