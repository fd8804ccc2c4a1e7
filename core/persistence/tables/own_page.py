"""The candidate's own page: the links that open it, and how candidates scored us."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.facts import Result
from core.persistence.tables.base import PERSONAL, Moment, Table, one_of


class OwnPageLink(Table):
    """A link that opens somebody's own page without a login. Only its hash is stored."""

    __tablename__ = "own_page_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"), index=True)
    """As it was given; one merged away leads to the one kept."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    expires_at: Mapped[datetime] = mapped_column(Moment)
    last_used_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class SurveyAnswer(Table):
    """How somebody scored us, once for each process, when they had been told how it ended.

    No fact: nothing falls due by it, and nobody takes it back.
    """

    __tablename__ = "survey_answer"
    __table_args__ = (
        CheckConstraint("score between 0 and 10", name="is_a_score"),
        # All that the figure asks for, without a look at the rows.
        Index("ix_survey_answer_at", "at", "result", "score", "process_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id", ondelete="CASCADE"), unique=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"), index=True)
    """The record the process was started for."""
    at: Mapped[datetime] = mapped_column(Moment)
    result: Mapped[Result] = mapped_column(one_of(Result, "result"))
    """As they had been told."""
    score: Mapped[int]
    words: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
