"""Clients, what they are looking for, and by which stages people get there."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.facts import OpeningStatus
from core.persistence.tables.base import PERSONAL, Json, Moment, Sorted, Table, one_of


class Client(Table):
    __tablename__ = "client"
    __table_args__ = (Index("ix_client_sort_name", "sort_name", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    sort_name: Mapped[str] = mapped_column(Sorted, default="")
    """Folded for sorting and finding: no accents, lower case."""
    called_in_policy: Mapped[str] = mapped_column(String(200), unique=True)
    """The name under which the policy knows its answer time: the first it had, so that past policies go on applying."""
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    note: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ClientPerson(Table):
    """Somebody at a client: whom we write to."""

    __tablename__ = "client_person"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    name: Mapped[str] = mapped_column(String(200), info=PERSONAL)
    title: Mapped[str] = mapped_column(String(200), default="", info=PERSONAL)
    email: Mapped[str] = mapped_column(String(320), default="", info=PERSONAL)
    phone: Mapped[str] = mapped_column(String(40), default="", info=PERSONAL)


class Opening(Table):
    __tablename__ = "opening"
    __table_args__ = (
        Index("ix_opening_status", "status", "added_at", "id", "version"),
        Index("ix_opening_owner", "owner_id", "status"),
        Index("ix_opening_of_client", "client_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    note: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    """What they look for."""
    added_at: Mapped[datetime] = mapped_column(Moment)
    status: Mapped[OpeningStatus] = mapped_column(one_of(OpeningStatus, "opening_status"), default=OpeningStatus.OPEN)
    """Follows from the holds, resumptions and ends on record."""
    names_client: Mapped[bool] = mapped_column(default=False)
    """Whoever is in it may read, on their own page, who the client is."""
    names_stage: Mapped[bool] = mapped_column(default=True)
    """The same of the stage they are in."""
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Stage(Table):
    """A step of one opening's pipeline. Its cadence is the policy's, by its name."""

    __tablename__ = "stage"
    __table_args__ = (
        UniqueConstraint("opening_id", "name"),
        CheckConstraint("trim(name) <> ''", name="has_a_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(100))


class OpeningSkill(Table):
    """A skill that an opening needs."""

    __tablename__ = "opening_skill"
    __table_args__ = (Index("ix_opening_skill_skill_id", "skill_id", "opening_id"),)

    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id"), primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), primary_key=True)
    position: Mapped[int]


class StageTemplate(Table):
    """The stages a new opening begins with."""

    __tablename__ = "stage_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    stages: Mapped[list[str]] = mapped_column(Json)
    """Their names, in order."""
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
