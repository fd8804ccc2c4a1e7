"""A growth note tells wish from advice and what came of it, people begin as something, and referrals stand alone.

What is settled of them is only begun here, so the policy is noted as not settled: the next start settles everybody.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BEGINNERS = ("career changer", "junior", "intern")
CAME_TO = ("nothing yet", "considered", "interview", "hired")
GROWING = "(begins_as IS NOT NULL OR growth_id IS NOT NULL) AND merged_into_id IS NULL AND erased_at IS NULL"


def one_of(name: str, *values: str) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)
    return sa.Column(name, kind, nullable=True)


def upgrade() -> None:
    with op.batch_alter_table("growth_note") as table:
        for column in ("wants", "advice"):
            table.add_column(sa.Column(column, sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("came_of_it", sa.Text(), nullable=True))
        table.add_column(sa.Column("came_of_it_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE growth_note SET wants = note")
    with op.batch_alter_table("growth_note") as table:
        table.drop_column("note")
        for column in ("wants", "advice"):
            table.alter_column(column, server_default=None, existing_type=sa.Text(), existing_nullable=False)
        table.create_check_constraint(
            op.f("ck_growth_note_came_of_it_is_both"), "(came_of_it_at is null) = (came_of_it is null)"
        )
    with op.batch_alter_table("referral") as table:
        table.add_column(sa.Column("referrer_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("referred_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("brought_id", sa.Integer(), nullable=True))
        table.add_column(one_of("came_to", *CAME_TO))
        for column in ("referrer_id", "brought_id"):
            table.create_foreign_key(op.f(f"fk_referral_{column}_candidate"), "candidate", [column], ["id"])
    op.create_index("ix_referral_referrer", "referral", ["referrer_id", "came_to", "referred_on", "brought_id"])
    op.create_index("ix_referral_brought", "referral", ["brought_id", "referrer_id"])
    op.create_index("ix_referral_referred_on", "referral", ["referred_on", "came_to", "referrer_id", "brought_id"])
    with op.batch_alter_table("candidate") as table:
        table.add_column(one_of("begins_as", *BEGINNERS))
        table.add_column(sa.Column("revisit_due_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("growth_id", sa.Integer(), nullable=True))
    growing = sa.text(GROWING)
    for column in ("revisit_due_at", "growth_id"):
        op.create_index(
            f"ix_candidate_growing_{column}",
            "candidate",
            [column, "id"],
            sqlite_where=growing,
            postgresql_where=growing,
        )
    op.execute("UPDATE policy SET settled_at = NULL WHERE id = (SELECT max(id) FROM policy)")
