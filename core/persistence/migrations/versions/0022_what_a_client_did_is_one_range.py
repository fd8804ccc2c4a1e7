"""What a client did is one range: its waitings, how its processes ended and why, and its interviews that were upset.

What it broke is found by the processes that waited on it.

All of it follows from what is on record, so nobody needs to be settled for it.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

REASONS = (
    *("degree", "thin_cv", "gap", "background", "skills", "experience", "language", "location", "terms"),
    *("somebody_else", "other_offer", "too_slow", "private", "budget", "role_changed", "client_silent", "other"),
)


def upgrade() -> None:
    reason = sa.Enum(*REASONS, name="closing_reason", native_enum=False, create_constraint=True, length=20)
    op.drop_index("ix_turn_change_wait", "turn_change")
    settled: dict[str, tuple[str, Any]] = {
        "process": ("reason", reason),
        "turn_change": ("client_id", sa.Integer()),
        "meeting": ("upset_at", sa.DateTime(timezone=True)),
    }
    for table, (name, kind) in settled.items():
        with op.batch_alter_table(table, recreate="always" if op.get_bind().dialect.name == "sqlite" else "auto") as it:
            it.add_column(sa.Column(name, kind, nullable=True))
    _settle(op.get_bind().exec_driver_sql)
    closed, upset = sa.text("closed_at IS NOT NULL"), sa.text("upset_at IS NOT NULL")
    broken = sa.text("status IN ('open', 'kept late') AND process_id IS NOT NULL")
    op.create_index(
        "ix_promise_broken",
        "promise",
        ["process_id", "due_at", "kind"],
        sqlite_where=broken,
        postgresql_where=broken,
    )
    op.create_index(
        "ix_process_of_client",
        "process",
        ["client_id", "closed_at", "result", "reason"],
        sqlite_where=closed,
        postgresql_where=closed,
    )
    op.create_index(
        "ix_turn_change_wait",
        "turn_change",
        ["client_id", "ended_at", "answer_days"],
        sqlite_where=sa.text("began_wait = 1"),
        postgresql_where=sa.text("began_wait"),
    )
    op.create_index("ix_meeting_of_client", "meeting", ["client_id", "starts_at", "meeting_kind", "result", "ends_at"])
    op.create_index(
        "ix_meeting_upset",
        "meeting",
        ["client_id", "upset_at", "meeting_kind", "result"],
        sqlite_where=upset,
        postgresql_where=upset,
    )


def _settle(run: Any) -> None:
    last = (
        "SELECT c.reason FROM fact f JOIN closing c ON c.id = f.id WHERE f.process_id = process.id"
        " AND f.kind = 'closing' AND f.undone_at IS NULL ORDER BY f.happened_at DESC, f.id DESC LIMIT 1"
    )
    run(f"UPDATE process SET reason = ({last}) WHERE closed_at IS NOT NULL")  # noqa: S608 - our names
    client = "SELECT o.client_id FROM opening o WHERE o.id = turn_change.opening_id"
    run(f"UPDATE turn_change SET client_id = ({client}) WHERE began_wait")  # noqa: S608
    what = (
        "SELECT o.id FROM meeting_outcome o WHERE o.meeting_id = meeting.id AND o.outcome IN ('missed', 'cancelled')"
        " UNION ALL SELECT m.id FROM meeting_move m WHERE m.meeting_id = meeting.id AND m.to_host_id IS NULL"
    )
    last = f"SELECT max(f.happened_at) FROM fact f WHERE f.undone_at IS NULL AND f.id IN ({what})"  # noqa: S608
    was_taken_back = "EXISTS (SELECT 1 FROM fact f WHERE f.id = meeting.id AND f.undone_at IS NOT NULL)"
    run(f"UPDATE meeting SET upset_at = ({last}) WHERE NOT {was_taken_back}")  # noqa: S608
    run(f"UPDATE meeting SET client_id = NULL WHERE {was_taken_back}")  # noqa: S608
