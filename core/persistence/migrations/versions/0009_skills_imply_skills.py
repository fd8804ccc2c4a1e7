"""Skills imply skills: what the team says itself, all that follows, and an index that finds who has one.

What comes with Perennial is brought in at each start of a Perennial that knows other skills than the last.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

HOW = ("written in", "part of", "needs", "another name for")


def how() -> sa.Column[str]:
    return sa.Column(
        "how", sa.Enum(*HOW, name="how", native_enum=False, create_constraint=True, length=20), nullable=False
    )


def of_skill(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["skill.id"], name=op.f(f"fk_{table}_{column}_skill"))


def upgrade() -> None:
    op.create_table(
        "skill_implication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=False),
        how(),
        sa.Column("implied_id", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        of_skill("skill_implication", "skill_id"),
        of_skill("skill_implication", "implied_id"),
        sa.ForeignKeyConstraint(["said_by_id"], ["member.id"], name=op.f("fk_skill_implication_said_by_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill_implication")),
    )
    op.create_index(op.f("ix_skill_implication_skill_id"), "skill_implication", ["skill_id"], unique=False)
    op.create_index(op.f("ix_skill_implication_implied_id"), "skill_implication", ["implied_id"], unique=False)
    op.create_table(
        "skill_closure",
        sa.Column("implied_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=False),
        sa.Column("through_id", sa.Integer(), nullable=False),
        how(),
        sa.Column("steps", sa.Integer(), nullable=False),
        *(of_skill("skill_closure", column) for column in ("implied_id", "skill_id", "through_id")),
        sa.PrimaryKeyConstraint("implied_id", "skill_id", name=op.f("pk_skill_closure")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_skill_closure_skill_id"), "skill_closure", ["skill_id"], unique=False)
    op.create_table(
        "skill_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill_edition")),
    )
    op.execute("INSERT INTO skill_edition (id, sha256) VALUES (1, '')")
    op.drop_index("ix_candidate_skill_skill_id", table_name="candidate_skill")
    op.create_index("ix_candidate_skill_skill_id", "candidate_skill", ["skill_id", "candidate_id"], unique=False)
