"""The skills an opening needs, and an index by which somebody's processes and meetings are found."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "opening_skill",
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_opening_skill_opening_id_opening")),
        sa.ForeignKeyConstraint(["skill_id"], ["skill.id"], name=op.f("fk_opening_skill_skill_id_skill")),
        sa.PrimaryKeyConstraint("opening_id", "skill_id", name=op.f("pk_opening_skill")),
    )
    op.create_index("ix_opening_skill_skill_id", "opening_skill", ["skill_id", "opening_id"], unique=False)
