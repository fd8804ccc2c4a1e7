"""What we would know of somebody: noted, asked, and answered; of whoever was merged into them, too."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.persistence.facts import merged_records
from core.persistence.tables import Client, Member, Opening, Process, Question

MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, and how far it got."""

    id: int
    text: str
    opening: str
    client: str
    """Of the process in which it came up; empty where it came up in none."""
    process_id: int | None
    noted_at: datetime
    noted_by: str
    asked_at: datetime | None
    answer: str | None
    answered_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.answer is None


def questions(session: Session, candidate_id: int) -> list[Asked]:
    """Open ones first, the newest first of each."""
    query = (
        select(
            Question.id,
            Question.text,
            Question.process_id,
            Question.noted_at,
            Question.asked_at,
            Question.answer,
            Question.answered_at,
            Member.name.label("noted_by"),
            Opening.title.label("opening"),
            Client.name.label("client"),
        )
        .outerjoin(Member, Member.id == Question.noted_by_id)
        .outerjoin(Process.__table__, Process.__table__.c.id == Question.process_id)
        .outerjoin(Opening, Opening.id == Process.__table__.c.opening_id)
        .outerjoin(Client, Client.id == Opening.client_id)
        .where(Question.candidate_id.in_(list(merged_records(session, [candidate_id]))))
        .order_by(Question.answered_at.is_not(None), Question.id.desc())
        .limit(MOST)
    )
    return [
        Asked(
            id=row.id,
            text=row.text,
            opening=row.opening or "",
            client=row.client or "",
            process_id=row.process_id,
            noted_at=row.noted_at,
            noted_by=row.noted_by or "",
            asked_at=row.asked_at,
            answer=row.answer,
            answered_at=row.answered_at,
        )
        for row in session.execute(query)
    ]
