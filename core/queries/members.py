"""The team: few enough to be read whole."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.persistence.tables import Member
from core.persistence.tables.team import Role


def colleagues(session: Session) -> list[tuple[int, str]]:
    """Everybody who may have candidates: ids and names, by name."""
    query = select(Member.id, Member.name).where(Member.is_active, Member.role != Role.VIEWER).order_by(Member.name)
    return [(id_, name) for id_, name in session.execute(query)]
