"""What skills imply: what the team says itself, and all that follows from that and from what comes with Perennial."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.skills import How
from core.persistence.tables.base import Moment, Table, one_of


class SkillImplication(Table):
    """The team's own; what comes with Perennial stands in `data/implications.toml`."""

    __tablename__ = "skill_implication"

    id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), index=True)
    how: Mapped[How] = mapped_column(one_of(How, "how"))
    implied_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), index=True)
    said_at: Mapped[datetime] = mapped_column(Moment)
    said_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    undone_at: Mapped[datetime | None] = mapped_column(Moment)


class SkillClosure(Table):
    """All that follows, a row for each two skills: a search reads a range of it, however many steps lie between.

    Derived: `persistence.skills.settle_closure` alone writes it.
    """

    __tablename__ = "skill_closure"
    __table_args__ = ({"sqlite_with_rowid": False},)

    implied_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), primary_key=True, index=True)
    through_id: Mapped[int] = mapped_column(ForeignKey("skill.id"))
    """The first step: what the skill implies by itself, on the shortest way to the implied."""
    how: Mapped[How] = mapped_column(one_of(How, "how"))
    """How it implies that."""
    steps: Mapped[int]


class SkillEdition(Table):
    """Which edition of the names and implications is in the store: one row, which whoever changes any of them locks."""

    __tablename__ = "skill_edition"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
