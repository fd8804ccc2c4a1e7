"""People are offered to colleagues, whom a cover stands in for is known, and a meeting may get another host.

Whom covers stand in for is settled: where anybody has left, the next start settles everybody.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0011"
branch_labels = None
depends_on = None

STATES = ("open", "accepted", "declined", "withdrawn")
LISTED = "merged_into_id IS NULL AND erased_at IS NULL"


def upgrade() -> None:
    op.create_table(
        "handover_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("of_id", sa.Integer(), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["of_id"], ["member.id"], name=op.f("fk_handover_offer_of_id_member")),
        sa.ForeignKeyConstraint(["offered_by_id"], ["member.id"], name=op.f("fk_handover_offer_offered_by_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_offer")),
    )
    op.create_index(op.f("ix_handover_offer_of_id"), "handover_offer", ["of_id"])
    op.create_table(
        "offered_person",
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="offer_state", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handover_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (answered_at is null)", name=op.f("ck_offered_person_answered_has_a_moment")
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["handover_offer.id"], name=op.f("fk_offered_person_offer_id_handover_offer")
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_offered_person_candidate_id_candidate"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["to_id"], ["member.id"], name=op.f("fk_offered_person_to_id_member")),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["fact.id"], name=op.f("fk_offered_person_handover_id_fact"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("offer_id", "candidate_id", name=op.f("pk_offered_person")),
    )
    is_open = sa.text("state = 'open'")
    op.create_index(op.f("ix_offered_person_candidate_id"), "offered_person", ["candidate_id"])
    op.create_index(op.f("ix_offered_person_handover_id"), "offered_person", ["handover_id"])
    for name, columns, unique in (
        ("uq_offered_person_open", ["candidate_id"], True),
        ("ix_offered_person_open_to", ["to_id", "offer_id"], False),
    ):
        op.create_index(name, "offered_person", columns, unique=unique, sqlite_where=is_open, postgresql_where=is_open)
    op.create_index("ix_offered_person_state", "offered_person", ["offer_id", "state", "to_id", "candidate_id"])
    _add_member("candidate", "covered_for_id")
    covered = sa.text(f"covered_for_id IS NOT NULL AND {LISTED}")
    op.create_index(
        "ix_candidate_covered_for",
        "candidate",
        ["covered_for_id", "sort_name", "id"],
        sqlite_where=covered,
        postgresql_where=covered,
    )
    _add_member("meeting", "planned_host_id")
    op.execute("UPDATE meeting SET planned_host_id = host_id")
    _add_member("meeting_move", "to_host_id")
    op.execute(
        "UPDATE policy SET settled_at = NULL"
        " WHERE id = (SELECT max(id) FROM policy) AND EXISTS (SELECT 1 FROM departure)"
    )


def _add_member(table: str, column: str) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f(f"fk_{table}_{column}_member"), "member", [column], ["id"])
