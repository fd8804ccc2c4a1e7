"""The skills an opening needs; indexes by which runners-up are found, and who was asked before it was decided."""

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
    known = sa.text("kind IN ('process', 'closing', 'meeting', 'consent', 'withdrawal')")
    asked, told = sa.text("asked_at IS NOT NULL"), sa.text("was_asked IS NOT NULL")
    op.create_index(
        "ix_question_asked_at", "question", ["asked_at", "process_id"], sqlite_where=asked, postgresql_where=asked
    )
    op.create_index("ix_closing_was_asked", "closing", ["id", "was_asked"], sqlite_where=told, postgresql_where=told)
    op.create_index("ix_fact_of_acquaintance", "fact", ["candidate_id"], sqlite_where=known, postgresql_where=known)
