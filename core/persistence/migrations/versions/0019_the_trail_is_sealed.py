"""Each entry of the audit trail is sealed upon the one before it, and found by who, what and whom, newest first."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.persistence.migrations.append_only import make_append_only

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ENTRY = sa.table(
    "audit_entry",
    sa.column("id", sa.Integer()),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("actor_id", sa.Integer()),
    sa.column("action", sa.String()),
    sa.column("subject_kind", sa.String()),
    sa.column("subject_id", sa.Integer()),
    sa.column("changes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
)
AT_A_STROKE = 20_000


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seal", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_is_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    for change in ("update", "delete") if is_sqlite else ():
        op.execute(f"DROP TRIGGER audit_entry_no_{change}")
    if not is_sqlite:
        op.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_no_change")
        op.execute("ALTER TABLE audit_entry ALTER COLUMN id DROP DEFAULT")
        op.execute("DROP SEQUENCE audit_entry_id_seq")
    op.drop_index("ix_audit_entry_at", "audit_entry")
    op.drop_index("ix_audit_entry_subject", "audit_entry")
    op.add_column("audit_entry", sa.Column("seal", sa.LargeBinary(32), nullable=True))
    op.bulk_insert(head, [{"id": 1, **_sealed()}])
    with op.batch_alter_table("audit_entry") as it:
        it.alter_column("seal", existing_type=sa.LargeBinary(32), nullable=False)
    op.create_index("ix_audit_entry_at", "audit_entry", ["at", "id"])
    op.create_index("ix_audit_entry_actor", "audit_entry", ["actor_id", "at", "id"])
    op.create_index("ix_audit_entry_action", "audit_entry", ["action", "at", "id"])
    op.create_index("ix_audit_entry_actor_action", "audit_entry", ["actor_id", "action", "at", "id"])
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject_kind", "subject_id", "at", "id"])
    if is_sqlite:
        make_append_only("audit_entry")
    else:
        op.execute("ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_no_change")


def _sealed() -> dict[str, Any]:
    """Seals what is there, stretch by stretch; where it ends."""
    connection, last, at, sealed = op.get_bind(), 0, None, bytes(32)
    first = sa.select(ENTRY).order_by(ENTRY.c.id).limit(AT_A_STROKE)
    while rows := connection.execute(first.where(ENTRY.c.id > last)).all():
        seals = []
        for row in rows:
            sealed = _seal(sealed, row)
            seals.append(sealed)
        ids = [row.id for row in rows]
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(
                "UPDATE audit_entry SET seal = ? WHERE id = ?", list(zip(seals, ids, strict=True))
            )
        else:
            connection.exec_driver_sql(
                "UPDATE audit_entry SET seal = one.seal FROM unnest(%s::integer[], %s::bytea[]) AS one (id, seal)"
                " WHERE audit_entry.id = one.id",
                (ids, seals),
            )
        last, at = ids[-1], rows[-1].at
    return {"entry_id": last, "at": at, "seal": sealed}


def _seal(before: bytes, row: Any) -> bytes:
    at: datetime = row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC)
    said = [row.id, at.astimezone(UTC).isoformat(), row.actor_id, row.action, row.subject_kind, row.subject_id]
    text = json.dumps([*said, row.changes], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(before + text.encode()).digest()
