"""How alive a relationship is follows from what is settled of each candidate: words to them, answers, and meetings.

Everybody is settled at the next start.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0013"
branch_labels = None
depends_on = None

SETTLED = ("words_to", "words_answered", "words_answered_soon", "meetings_held")


def upgrade() -> None:
    with op.batch_alter_table("candidate") as batch_op:
        for name in SETTLED:
            batch_op.add_column(sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("candidate") as batch_op:
        for name in SETTLED:
            batch_op.alter_column(name, server_default=None)
    op.get_bind().execute(sa.text("UPDATE policy SET settled_at = NULL WHERE id = (SELECT max(id) FROM policy)"))
