"""Recommendations: one with its claims and their sources, a person's, and what can be cited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from core.domain.facts import Way
from core.persistence.facts import kept_record, merged_records
from core.persistence.tables import (
    Candidate,
    Claim,
    ClaimSource,
    Client,
    Contact,
    Fact,
    FactKind,
    Member,
    Opening,
    Process,
    Recommendation,
)

SOURCES = {
    ClaimSource.SAID: "Said to us",
    ClaimSource.CV: "Read in the CV",
    ClaimSource.TESTED: "Tested",
    ClaimSource.REFERENCE: "From a reference",
    ClaimSource.NONE: "No source",
}
"""How a thing that is said of somebody is known."""
MOST_OF_PERSON = 40
MOST_WORDS = 20

FACT, CONTACT, PROCESS = Fact.__table__, Contact.__table__, Process.__table__
Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Word:
    """Something said, which a claim can rest on, or with which a recommendation went out or was answered."""

    id: int
    at: datetime
    channel: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    text: str
    source: ClaimSource
    fact_id: int | None
    said_at: datetime | None
    note: str
    is_confirmed: bool
    own_word_at: datetime | None = None
    """When the candidate themselves last said so, or corrected it, on their own page."""
    correction: str = ""

    @property
    def has_source(self) -> bool:
        return self.source is not ClaimSource.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommended:
    id: int
    version: int
    candidate_id: int
    """The one kept, where they were merged."""
    name: str
    title: str
    process_id: int
    opening: str
    client: str
    summary: str
    made_at: datetime
    made_by: str
    number: int
    """Of claims, of those without a source, and of those the candidate corrected, not taken over."""
    unsourced: int
    corrected: int
    sent: Word | None
    answer: Word | None
    claims: tuple[Claimed, ...] = ()
    """Of one that is read by itself."""

    @property
    def place(self) -> str:
        return f"{self.opening}, {self.client}" if self.client else self.opening


def recommendation(session: Session, recommendation_id: int) -> Recommended | None:
    row = session.execute(_ROWS.where(Recommendation.id == recommendation_id)).first()
    if row is None:
        return None
    return _recommended(
        row, session.get_one(Candidate, kept_record(session, row.candidate_id)), _claims(session, row.id)
    )


def of_person(session: Session, candidate_id: int) -> list[Recommended]:
    """The latest first, without their claims."""
    person = session.get_one(Candidate, candidate_id)
    theirs = Recommendation.candidate_id.in_(list(merged_records(session, [candidate_id])))
    rows = session.execute(_ROWS.where(theirs).order_by(Recommendation.id.desc()).limit(MOST_OF_PERSON))
    return [_recommended(row, person) for row in rows]


def newest(session: Session, process_id: int) -> int | None:
    """The one written last for this process."""
    query = select(Recommendation.id).where(Recommendation.process_id == process_id)
    return session.scalar(query.order_by(Recommendation.id.desc()).limit(1))


def to_cite(session: Session, candidate_id: int) -> list[Word]:
    """The person's last words, live ones among them: in which a thing may have been said."""
    query = (
        select(FACT.c.id, FACT.c.happened_at, CONTACT.c.channel, CONTACT.c.text)
        .join(CONTACT, CONTACT.c.id == FACT.c.id)
        .where(FACT.c.candidate_id.in_(list(merged_records(session, [candidate_id]))), FACT.c.undone_at.is_(None))
        .where(FACT.c.kind == FactKind.CONTACT, CONTACT.c.way.in_((Way.FROM, Way.TALKED)))
        .order_by(FACT.c.happened_at.desc(), FACT.c.id.desc())
        .limit(MOST_WORDS)
    )
    return [Word(row.id, row.happened_at, row.channel, row.text) for row in session.execute(query)]


_SENT, _ANSWERED = FACT.alias("sent"), FACT.alias("answered")
_SENT_WORDS, _ANSWER_WORDS = CONTACT.alias("sent_words"), CONTACT.alias("answer_words")
_SAID_IN, _MADE_BY = FACT.alias("said_in"), aliased(Member)
_CLAIMS_OF = Claim.recommendation_id == Recommendation.id

_ROWS: Query = (
    select(
        Recommendation.id,
        Recommendation.version,
        Recommendation.candidate_id,
        Recommendation.process_id,
        Recommendation.summary,
        Recommendation.made_at,
        _MADE_BY.name.label("made_by"),
        Opening.title.label("opening"),
        Client.name.label("client"),
        _SENT.c.id.label("sent_id"),
        _SENT.c.happened_at.label("sent_at"),
        _SENT_WORDS.c.channel.label("sent_channel"),
        _SENT_WORDS.c.text.label("sent_text"),
        _ANSWERED.c.id.label("answer_id"),
        _ANSWERED.c.happened_at.label("answered_at"),
        _ANSWER_WORDS.c.channel.label("answer_channel"),
        _ANSWER_WORDS.c.text.label("answer_text"),
        select(func.count()).select_from(Claim).where(_CLAIMS_OF).scalar_subquery().label("number"),
        select(func.count())
        .select_from(Claim)
        .where(_CLAIMS_OF, Claim.source == ClaimSource.NONE)
        .scalar_subquery()
        .label("unsourced"),
        select(func.count())
        .select_from(Claim)
        .where(_CLAIMS_OF, Claim.correction.is_not(None), Claim.correction != "")
        .scalar_subquery()
        .label("corrected"),
    )
    .join(PROCESS, PROCESS.c.id == Recommendation.process_id)
    .join(Opening, Opening.id == PROCESS.c.opening_id)
    .outerjoin(Client, Client.id == Opening.client_id)
    .outerjoin(_MADE_BY, _MADE_BY.id == Recommendation.made_by_id)
    .outerjoin(_SENT, and_(_SENT.c.id == Recommendation.sent_id, _SENT.c.undone_at.is_(None)))
    .outerjoin(_SENT_WORDS, _SENT_WORDS.c.id == _SENT.c.id)
    .outerjoin(_ANSWERED, and_(_ANSWERED.c.id == Recommendation.answer_id, _ANSWERED.c.undone_at.is_(None)))
    .outerjoin(_ANSWER_WORDS, _ANSWER_WORDS.c.id == _ANSWERED.c.id)
)


def _claims(session: Session, recommendation_id: int) -> Sequence[Claimed]:
    query = (
        select(
            Claim.text,
            Claim.source,
            Claim.source_fact_id,
            Claim.source_note,
            Claim.confirmed_at,
            Claim.own_word_at,
            Claim.correction,
            _SAID_IN.c.happened_at,
        )
        .outerjoin(_SAID_IN, _SAID_IN.c.id == Claim.source_fact_id)
        .where(Claim.recommendation_id == recommendation_id)
        .order_by(Claim.position, Claim.id)
    )
    return [
        Claimed(
            text=row.text,
            source=row.source,
            fact_id=row.source_fact_id,
            said_at=row.happened_at,
            note=row.source_note,
            is_confirmed=row.confirmed_at is not None,
            own_word_at=row.own_word_at,
            correction=row.correction or "",
        )
        for row in session.execute(query)
    ]


def _recommended(row: Any, person: Candidate, claims: Sequence[Claimed] = ()) -> Recommended:
    return Recommended(
        id=row.id,
        version=row.version,
        candidate_id=person.id,
        name=person.name,
        title=person.title,
        process_id=row.process_id,
        opening=row.opening,
        client=row.client or "",
        summary=row.summary,
        made_at=row.made_at,
        made_by=row.made_by or "",
        number=row.number,
        unsourced=row.unsourced,
        corrected=row.corrected,
        sent=Word(row.sent_id, row.sent_at, row.sent_channel, row.sent_text) if row.sent_id else None,
        answer=Word(row.answer_id, row.answered_at, row.answer_channel, row.answer_text) if row.answer_id else None,
        claims=tuple(claims),
    )
