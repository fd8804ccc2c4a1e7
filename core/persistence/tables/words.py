"""What is written beside the facts: message templates, questions to candidates, recommendations to clients."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.persistence.tables.base import PERSONAL, Moment, Table, one_of


class MessageTemplate(Table):
    """The team's own wording of a draft, in place of the one that comes with Perennial."""

    __tablename__ = "message_template"
    __table_args__ = (UniqueConstraint("occasion", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    occasion: Mapped[str] = mapped_column(String(60))
    """A kind of promise with, where it matters, the reason: "delay/held/budget"; `core.domain.drafts` names them."""
    language: Mapped[str] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(Text, info=PERSONAL)
    """Jinja2, in a sandbox."""
    changed_at: Mapped[datetime] = mapped_column(Moment)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Question(Table):
    """Something we want to know of a candidate before we judge: asked, and answered."""

    __tablename__ = "question"
    __table_args__ = (
        Index("ix_question_candidate_id", "candidate_id", "id"),
        Index(
            "ix_question_asked_at",
            "asked_at",
            "process_id",
            sqlite_where=text("asked_at IS NOT NULL"),
            postgresql_where=text("asked_at IS NOT NULL"),
        ),
        CheckConstraint("(answered_at is null) = (answer is null)", name="answered_is_both"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"))
    process_id: Mapped[int | None] = mapped_column(ForeignKey("process.id"), index=True)
    """In which it came up."""
    text: Mapped[str] = mapped_column(Text, info=PERSONAL)
    noted_at: Mapped[datetime] = mapped_column(Moment)
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    asked_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the candidate was asked; None: it is open, and nobody has."""
    answer: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)


class ClaimSource(StrEnum):
    SAID = "said"
    CV = "cv"
    TESTED = "tested"
    REFERENCE = "reference"
    NONE = "none"


class Recommendation(Table):
    """What a client is told of a candidate: claims, each with its source."""

    __tablename__ = "recommendation"
    __table_args__ = (Index("ix_recommendation_candidate_id", "candidate_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"))
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    summary: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    sent_id: Mapped[int | None] = mapped_column(ForeignKey("fact.id"), index=True)
    """The word to the client with which it went out; None: it has not."""
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("fact.id"), index=True)
    """The client's word about it."""
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Claim(Table):
    """One thing said of a candidate, and how we know."""

    __tablename__ = "claim"
    __table_args__ = (
        Index("ix_claim_recommendation_id", "recommendation_id", "position"),
        CheckConstraint("correction is null or own_word_at is not null", name="corrected_at_a_moment"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id", ondelete="CASCADE"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text, info=PERSONAL)
    source: Mapped[ClaimSource] = mapped_column(one_of(ClaimSource, "claim_source"))
    source_fact_id: Mapped[int | None] = mapped_column(ForeignKey("fact.id"), index=True)
    """The contact in which it was said."""
    source_note: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the candidate said that it is so."""
    own_word_at: Mapped[datetime | None] = mapped_column(Moment)
    """When they last said so, or corrected it, on their own page; None: only a recruiter noted it, if anybody."""
    correction: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    """What they would have said in its place; it stands beside the claim until somebody takes it over."""
