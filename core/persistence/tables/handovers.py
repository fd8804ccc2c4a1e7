"""People offered to a colleague. An offer is no fact: whoever accepts makes one, the handover, and that moves them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.persistence.tables.base import PERSONAL, Moment, Table, one_of


class OfferState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    """Taken back, or overtaken: they went to somebody else meanwhile, or nobody is there to accept."""


class HandoverOffer(Table):
    """Some of one member's people, offered in one stroke."""

    __tablename__ = "handover_offer"

    id: Mapped[int] = mapped_column(primary_key=True)
    of_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    """Whose people they are; None: nobody's."""
    offered_at: Mapped[datetime] = mapped_column(Moment)
    offered_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))


OPEN = text("state = 'open'")


class OfferedPerson(Table):
    """One of them, and to whom they are offered. Nobody is offered twice at a time."""

    __tablename__ = "offered_person"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (answered_at is null)", name="answered_has_a_moment"),
        Index("uq_offered_person_open", "candidate_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_offered_person_open_to", "to_id", "offer_id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_offered_person_state", "offer_id", "state", "to_id", "candidate_id"),
    )

    offer_id: Mapped[int] = mapped_column(ForeignKey("handover_offer.id"), primary_key=True)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    to_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    state: Mapped[OfferState] = mapped_column(one_of(OfferState, "offer_state"), default=OfferState.OPEN)
    note: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    """What the receiver should know of them."""
    reason: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    """Why they were declined."""
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    handover_id: Mapped[int | None] = mapped_column(ForeignKey("fact.id", ondelete="SET NULL"), index=True)
    """The handover that answered it: to whom they were offered, or to somebody else."""
