"""A consent says what for and what shows it, people fall due by their own last act, and requests are tracked.

Who acted when is only begun here, so the policy is noted as not settled: the next start settles everybody.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
NOT_IN_PROCESS = "active_processes = 0 AND merged_into_id IS NULL AND erased_at IS NULL"


def one_of(name: str, column: str, *values: str, default: str | None = None) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)
    return sa.Column(column, kind, nullable=False, server_default=default)


def upgrade() -> None:
    purposes = ("future openings", "present opening", "shown to clients")
    bases = ("consent", "more data", "sensitive data")
    with op.batch_alter_table("consent") as table:
        table.add_column(one_of("purpose", "purpose", *purposes, default="future openings"))
        table.add_column(one_of("consent_basis", "basis", *bases, default="consent"))
        table.add_column(sa.Column("evidence", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("consent") as table:
        for column in ("purpose", "basis"):
            table.alter_column(column, server_default=None, existing_type=sa.String(20), existing_nullable=False)
        table.alter_column("evidence", server_default=None, existing_type=sa.Text(), existing_nullable=False)
    with op.batch_alter_table("candidate") as table:
        table.add_column(sa.Column("kept_until", sa.Date(), nullable=True))
        table.add_column(sa.Column("kept_because", sa.Text(), nullable=True))
        table.add_column(sa.Column("last_act_on", sa.Date(), nullable=True))
        table.create_check_constraint(
            op.f("ck_candidate_kept_has_a_reason"), "(kept_until is null) = (kept_because is null)"
        )
    waiting = sa.text(NOT_IN_PROCESS)
    op.create_index(
        "ix_candidate_last_act_on",
        "candidate",
        ["last_act_on", "id", "kept_until"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    erased = sa.text("erased_at IS NOT NULL")
    op.create_index("ix_candidate_erased_at", "candidate", ["erased_at"], sqlite_where=erased, postgresql_where=erased)
    op.create_table(
        "privacy_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        one_of("request_kind", "kind", "see", "forget"),
        one_of("request_channel", "channel", "e-mail", "message", "phone", "letter", "in person", "own page"),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        one_of("request_state", "state", "open", "done", "withdrawn"),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("proof", JSON, nullable=True),
        sa.CheckConstraint("(state = 'open') = (done_at is null)", name=op.f("ck_privacy_request_done_has_a_moment")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.id"], name=op.f("fk_privacy_request_candidate_id_candidate")
        ),
        *(
            sa.ForeignKeyConstraint([column], ["member.id"], name=op.f(f"fk_privacy_request_{column}_member"))
            for column in ("opened_by_id", "done_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_request")),
    )
    op.create_index("ix_privacy_request_candidate_id", "privacy_request", ["candidate_id"])
    for name, columns, where, unique in (
        ("uq_privacy_request_open", ["candidate_id", "kind"], "state = 'open'", True),
        ("ix_privacy_request_due", ["due_on", "id"], "state = 'open'", False),
        ("ix_privacy_request_done", ["done_at", "id"], "state <> 'open'", False),
    ):
        op.create_index(
            name,
            "privacy_request",
            columns,
            unique=unique,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
    op.execute("UPDATE policy SET settled_at = NULL WHERE id = (SELECT max(id) FROM policy)")
