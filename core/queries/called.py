"""By what somebody is shown: their name, else the first of their addresses, else that they have no name."""

from collections.abc import Sequence

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from core.persistence.tables import Candidate, Handle

NO_NAME = "No name"

_HANDLE = select(Handle.value).where(Handle.candidate_id == Candidate.id).order_by(Handle.id).limit(1)
FIRST_ADDRESS = _HANDLE.scalar_subquery()
ADDRESS = case((Candidate.name == "", FIRST_ADDRESS)).label("address")
"""A column: the first address of whoever has no name."""


def called(name: str, address: str | None) -> str:
    return name or address or NO_NAME


def addresses_of(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """An address for each of these, if they have one."""
    query = select(Handle.candidate_id, Handle.value).where(Handle.candidate_id.in_(ids)).order_by(Handle.id.desc())
    return {row.candidate_id: row.value for row in session.execute(query)} if ids else {}
