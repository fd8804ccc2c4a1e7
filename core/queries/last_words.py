"""What was said last, to somebody or by them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from core.domain.facts import Way
from core.domain.own_page import ASKED, request_in
from core.persistence.tables import Contact, Fact, Meeting, MeetingOutcome


@dataclass(frozen=True, slots=True)
class LastWord:
    """A held talk has no text."""

    at: datetime
    text: str = ""
    channel: str = ""
    was_live: bool = False
    asked: str = ""
    """“asked to see their data”, on their own page; that has no other text."""
    is_from_them: bool = False
    """And from nobody else, as a talk is."""


_FACT, _CONTACT, _OUTCOME, _MEETING = (one.__table__ for one in (Fact, Contact, MeetingOutcome, Meeting))
_WORDS = (
    select(
        *(_FACT.c.id, _FACT.c.happened_at, _MEETING.c.ends_at),
        *(_CONTACT.c.way, _CONTACT.c.text, _CONTACT.c.about, _CONTACT.c.channel),
    )
    .select_from(_FACT)
    .outerjoin(_CONTACT, _CONTACT.c.id == _FACT.c.id)
    .outerjoin(_OUTCOME, _OUTCOME.c.id == _FACT.c.id)
    .outerjoin(_MEETING, _MEETING.c.id == _OUTCOME.c.meeting_id)
    .where(_FACT.c.id.in_(bindparam("ids", expanding=True)))
)


def last_words(session: Session, ids: Iterable[int | None]) -> dict[int | None, LastWord]:
    """By the fact: a contact, or the outcome of a talk that was held, which was said when the talk ended."""
    return {
        row.id: LastWord(
            at=row.ends_at or row.happened_at,
            text=row.text or "",
            channel=row.channel or "",
            was_live=row.way in (None, Way.TALKED),
            asked=ASKED.get(request_in(row.text, row.about), ""),
            is_from_them=row.way is Way.FROM,
        )
        for row in session.execute(_WORDS, {"ids": sorted({id_ for id_ in ids if id_ is not None})})
    }
