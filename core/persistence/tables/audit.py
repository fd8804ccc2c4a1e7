"""The audit trail, only ever appended to (the database itself refuses anything else), and what was done once."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.persistence.tables.base import Json, Moment, Table


class AuditEntry(Table):
    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject_kind", "subject_id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    """None: the program itself."""
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int | None]
    changes: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """Column → [before, after]; of a personal column only that it changed."""


class Operation(Table):
    """An action that was done: the same form sent twice is one action."""

    __tablename__ = "operation"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
