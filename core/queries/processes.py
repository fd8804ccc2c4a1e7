"""One process as what is done with it needs to know it, and the openings somebody can come into."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.domain.facts import OpeningStatus, Turn
from core.domain.names import folded
from core.persistence.facts import kept_record
from core.persistence.tables import Candidate, Client, Member, Opening, Process, Stage

MOST_OPENINGS = 30
"""So many openings are offered at once; who types more of a title is offered others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InProcess:
    id: int
    candidate_id: int
    """The one kept, where they were merged."""
    name: str
    opening_id: int
    opening: str
    client: str
    stage: str
    stages: list[str]
    """Those of the opening, in order."""
    turn: Turn
    is_active: bool
    owner_id: int | None
    owner: str

    @property
    def place(self) -> str:
        """“Python developer, Nordbank”."""
        return f"{self.opening}, {self.client}" if self.client else self.opening


@dataclass(frozen=True, slots=True)
class ToComeInto:
    """An opening that takes people."""

    id: int
    title: str
    client: str

    @property
    def place(self) -> str:
        return f"{self.title}, {self.client}" if self.client else self.title


def process(session: Session, process_id: int) -> InProcess | None:
    """None where there is no such process, or it was taken back."""
    table: Any = Process.__table__
    query = (
        select(
            Process.id,
            Process.candidate_id,
            Process.stage,
            Process.turn,
            Process.is_active,
            Process.opening_id,
            Process.owner_id,
            Opening.title,
            Client.name.label("client"),
            Member.name.label("owner"),
        )
        .join(Opening, Opening.id == table.c.opening_id)
        .outerjoin(Client, Client.id == Opening.client_id)
        .outerjoin(Member, Member.id == table.c.owner_id)
        .where(Process.id == process_id, Process.undone_at.is_(None))
    )
    row = session.execute(query).first()
    if row is None or row.candidate_id is None:
        return None
    person = session.get_one(Candidate, kept_record(session, row.candidate_id))
    stages = select(Stage.name).where(Stage.opening_id == row.opening_id).order_by(Stage.position)
    return InProcess(
        id=row.id,
        candidate_id=person.id,
        name=person.name,
        opening_id=row.opening_id,
        opening=row.title,
        client=row.client or "",
        stage=row.stage or "",
        stages=list(session.scalars(stages)),
        turn=row.turn,
        is_active=row.is_active,
        owner_id=row.owner_id,
        owner=row.owner or "",
    )


def to_come_into(session: Session, typed: str = "") -> list[ToComeInto]:
    """Openings that take people, the newest first; what was typed stands in the title or the client's name."""
    query = (
        select(Opening.id, Opening.title, Client.name)
        .outerjoin(Client, Client.id == Opening.client_id)
        .where(Opening.status.in_((OpeningStatus.OPEN, OpeningStatus.HELD)))
        .order_by(Opening.added_at.desc(), Opening.id.desc())
        .limit(MOST_OPENINGS)
    )
    if typed := typed.strip():
        query = query.where(
            or_(
                Opening.title.icontains(typed, autoescape=True),
                Client.sort_name.contains(folded(typed), autoescape=True),
            )
        )
    return [ToComeInto(id_, title, client or "") for id_, title, client in session.execute(query)]
