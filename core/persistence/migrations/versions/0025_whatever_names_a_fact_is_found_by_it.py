"""Whatever names a fact is found by it: a list taken back deletes facts by the thousand, and each is looked for."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

NAMES_A_FACT = (
    ("recommendation", "sent_id"),
    ("recommendation", "answer_id"),
    ("claim", "source_fact_id"),
    ("merge", "ban_id"),
)


def upgrade() -> None:
    for table, column in NAMES_A_FACT:
        op.create_index(f"ix_{table}_{column}", table, [column])
