"""What people ask of us about their own data: to see it, or to be forgotten."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.persistence.tables.base import PERSONAL, Json, Moment, Table, one_of


class RequestKind(StrEnum):
    SEE = "see"
    FORGET = "forget"


class RequestChannel(StrEnum):
    """How it came."""

    EMAIL = "e-mail"
    MESSAGE = "message"
    PHONE = "phone"
    LETTER = "letter"
    IN_PERSON = "in person"
    OWN_PAGE = "own page"


class RequestState(StrEnum):
    OPEN = "open"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    """Taken back: by them, or because it was noted by mistake."""


OPEN, ANSWERED = text("state = 'open'"), text("state <> 'open'")


class PrivacyRequest(Table):
    """One request of one person. It stays when they are erased, and then shows that it was done."""

    __tablename__ = "privacy_request"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (done_at is null)", name="done_has_a_moment"),
        Index("uq_privacy_request_open", "candidate_id", "kind", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_privacy_request_due", "due_on", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_privacy_request_done", "done_at", "id", sqlite_where=ANSWERED, postgresql_where=ANSWERED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"), index=True)
    kind: Mapped[RequestKind] = mapped_column(one_of(RequestKind, "request_kind"))
    channel: Mapped[RequestChannel] = mapped_column(one_of(RequestChannel, "request_channel"))
    received_on: Mapped[date]
    due_on: Mapped[date]
    """A month after it came; two more where they were told why."""
    notice: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    """Why it takes longer, as they were told within the first month."""
    opened_at: Mapped[datetime] = mapped_column(Moment)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    """None: they did, on their own page."""
    state: Mapped[RequestState] = mapped_column(one_of(RequestState, "request_state"), default=RequestState.OPEN)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    fetch_until: Mapped[date | None]
    """The last day on which they can take the file with their data from their own page; None: it is not there."""
    fetched_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it was first taken from there."""
    proof: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """What was searched after they were erased, and that nothing was found; no personal data."""


class Tombstone(Table):
    """An address of somebody who was erased, as a keyed hash that nobody can read it from."""

    __tablename__ = "tombstone"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    erased_on: Mapped[date]
