"""What figures over months are read from: how late and how soon words were kept, and who has been left waiting.

What is settled is only begun here, so the policy is noted as not settled: the next start settles everybody.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KINDS = (
    "reply update delay chase outcome debrief amends feedback follow_up keep_in_touch revisit check_in thanks introduce"
    " consent"
).split()
STATUSES = ("open", "kept on time", "kept late", "waived", "void", "history")
SETTLED: dict[str, dict[str, Any]] = {
    "promise": {"client_id": sa.Integer(), "late": sa.Integer(), "hours": sa.Integer()},
    "candidate": {"ghosted_on": sa.Date()},
    "process": {
        "told_days": sa.Integer(),
        "answer": sa.Enum(
            *("told", "owed", "unreachable", "do_not_contact"),
            name="answer",
            native_enum=False,
            create_constraint=True,
            length=20,
        ),
    },
}


def one_of(name: str, column: str, values: list[str] | tuple[str, ...]) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)
    return sa.Column(column, kind, nullable=False)


def upgrade() -> None:
    op.create_table(
        "promise_month",
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        one_of("promise_status", "status", STATUSES),
        sa.Column("due_on", sa.Date(), nullable=False),
        one_of("promise_kind", "kind", KINDS),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_promise_month_is_a_count")),
        sa.PrimaryKeyConstraint(
            *("client_id", "owner_id", "status", "due_on", "kind", "late", "hours"), name=op.f("pk_promise_month")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ghost_tally",
        sa.Column("ghosted_on", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_ghost_tally_is_a_count")),
        sa.PrimaryKeyConstraint("ghosted_on", "owner_id", name=op.f("pk_ghost_tally")),
        sqlite_with_rowid=False,
    )
    for table, columns in SETTLED.items():
        with op.batch_alter_table(table, recreate="always" if op.get_bind().dialect.name == "sqlite" else "auto") as it:
            for name, kind in columns.items():
                it.add_column(sa.Column(name, kind, nullable=True))
    op.create_index("ix_promise_due", "promise", ["kind", "due_at", "status", "owner_id", "client_id"])
    ghosted, closed = sa.text("ghosted_on IS NOT NULL"), sa.text("closed_at IS NOT NULL")
    op.create_index(
        "ix_candidate_ghosted",
        "candidate",
        ["ghosted_on", "id", "owner_id"],
        sqlite_where=ghosted,
        postgresql_where=ghosted,
    )
    op.create_index(
        "ix_process_told",
        "process",
        ["closed_at", "told_days", "answer", "owner_id", "opening_id"],
        sqlite_where=closed,
        postgresql_where=closed,
    )
    op.drop_index("ix_meeting_starts_at", "meeting")
    op.create_index("ix_meeting_starts_at", "meeting", ["starts_at", "result", "host_id"])
    undone = sa.text("kind = 'meeting' AND undone_at IS NOT NULL")
    op.create_index("ix_fact_meeting_undone", "fact", ["id"], sqlite_where=undone, postgresql_where=undone)
    op.get_bind().execute(sa.text("UPDATE policy SET settled_at = NULL WHERE id = (SELECT max(id) FROM policy)"))
