"""The audit trail, only ever appended to (the database itself refuses anything else), and what was done once."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from core.persistence.tables.base import Json, Moment, Table


class AuditEntry(Table):
    """Written by `trail.append` alone, which numbers and seals it."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_at", "at", "id"),
        Index("ix_audit_entry_actor", "actor_id", "at", "id"),
        Index("ix_audit_entry_action", "action", "at", "id"),
        Index("ix_audit_entry_actor_action", "actor_id", "action", "at", "id"),
        Index("ix_audit_entry_subject", "subject_kind", "subject_id", "at", "id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """In the order in which units of work were kept, without a gap since entries are sealed."""
    at: Mapped[datetime] = mapped_column(Moment)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    """None: the program itself."""
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int | None]
    changes: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """Column → [before, after]; of a personal column only that it changed."""
    seal: Mapped[bytes] = mapped_column(LargeBinary(32))
    """`core.domain.trail.seal`: of this entry and of every one before it."""


class AuditHead(Table):
    """One row: the last entry of the trail. Whoever appends holds it until they are through."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="is_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int]
    """0: there is no entry yet."""
    at: Mapped[datetime | None] = mapped_column(Moment)
    seal: Mapped[bytes] = mapped_column(LargeBinary(32))


class Operation(Table):
    """An action that was done: the same form sent twice is one action."""

    __tablename__ = "operation"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
