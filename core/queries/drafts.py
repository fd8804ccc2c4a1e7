"""What a draft is made of beside its occasion: the team's own wording, and when the next word will be due."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain.calendar import Calendar
from core.persistence.tables import Member, MessageTemplate
from core.persistence.team import policy_now


@dataclass(frozen=True, slots=True)
class OwnWording:
    """A draft as the team has it, and who wrote it."""

    text: str
    version: int
    changed_at: datetime
    by: str


def own_words(session: Session) -> dict[tuple[str, str], str]:
    """By occasion and language; a few dozen at most."""
    return {(occasion, language): text for occasion, language, text in session.execute(_OWN_WORDS)}


_OWN_WORDS = select(MessageTemplate.occasion, MessageTemplate.language, MessageTemplate.text)


def own_wording(session: Session, occasion: str, language: str) -> OwnWording | None:
    """None: it is the one that came with Perennial."""
    row = session.execute(
        select(MessageTemplate.text, MessageTemplate.version, MessageTemplate.changed_at, Member.name)
        .outerjoin(Member, Member.id == MessageTemplate.changed_by_id)
        .where(MessageTemplate.occasion == occasion, MessageTemplate.language == language)
    ).first()
    return OwnWording(row.text, row.version, row.changed_at, row.name or "") if row else None


def next_word_by(session: Session, stage: str, *, is_on_hold: bool, now: datetime, calendar: Calendar) -> date:
    """The day on which the next word about a process is due, if one is said now."""
    policy = policy_now(session)
    days = policy.update_on_hold if is_on_hold else policy.cadence(stage or None)
    return calendar.day(calendar.after(now, days))
