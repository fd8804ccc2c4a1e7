"""Whose page a link opens: asked afresh at every touch, so that one that is revoked opens nothing any more."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.domain.tokens import hash_of
from core.persistence.facts import kept_record, merged_records
from core.persistence.tables import Candidate, OwnPageLink


def link_of(session: Session, token: str | None, *, now: datetime) -> tuple[OwnPageLink, Candidate] | None:
    """The link, and whom it leads to: whoever lives on, where two were merged.

    None alike for one that was made up, has run out, was revoked, or is of somebody who was erased.
    """
    link = session.scalar(select(OwnPageLink).where(OwnPageLink.token_hash == hash_of(token or "")))
    if link is None or link.revoked_at is not None or link.expires_at <= now:
        return None
    candidate = session.get(Candidate, kept_record(session, link.candidate_id))
    return (link, candidate) if candidate is not None and candidate.erased_at is None else None


def link_until(session: Session, candidate_id: int) -> datetime | None:
    """Until when a link leads to their page, given to them or to a record merged into theirs; that may be over.

    None: there is none but what was revoked.
    """
    theirs = OwnPageLink.candidate_id.in_(merged_records(session, [kept_record(session, candidate_id)]))
    return session.scalar(select(func.max(OwnPageLink.expires_at)).where(theirs, OwnPageLink.revoked_at.is_(None)))
