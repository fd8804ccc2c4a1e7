"""What a candidate's own page shows: how it stands for them, and nothing of anybody else's; and the links to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from core.domain.facts import MeetingKind, OpeningStatus, Result, Turn
from core.domain.promises import NOT_TO_THE_CANDIDATE, Kind, Status
from core.persistence.facts import merged_records
from core.persistence.own_page import link_of
from core.persistence.tables import (
    Claim,
    Client,
    Consent,
    Contact,
    Fact,
    FactKind,
    Meeting,
    Member,
    Opening,
    OwnPageLink,
    PrivacyRequest,
    Process,
    Promise,
    Recommendation,
    RequestKind,
    RequestState,
    SurveyAnswer,
)

MOST = 40
"""Openings, recommendations, and meetings to come, of one person."""

FACT, PROCESS, MEETING, CONTACT, CONSENT = (table.__table__ for table in (Fact, Process, Meeting, Contact, Consent))
_IS_OWED = (
    select(Promise.id)
    .where(Promise.process_id == PROCESS.c.id, Promise.kind == Kind.FEEDBACK, Promise.status == Status.OPEN)
    .exists()
)
_GOES_ON = or_(PROCESS.c.is_active, and_(_IS_OWED, PROCESS.c.result.is_distinct_from(Result.WITHDRAWN)))
"""As far as they know: nobody has told them otherwise, and it was not they who ended it."""


class How(Enum):
    """How it stands with them in an opening."""

    ACTIVE = auto()
    OWED = auto()
    """It has ended, and nobody has told them so yet: the page does not either, whatever was decided."""
    TOLD = auto()
    UNTOLD = auto()
    """It has ended, nobody told them how, and nobody owes it: they could not be reached, or wished for no word."""


@dataclass(frozen=True, slots=True)
class NextWord:
    """By when they hear next, and from whom: a first name."""

    by: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Meets:
    """A meeting of theirs that is not over yet."""

    kind: MeetingKind
    starts_at: datetime
    opening: str
    """Empty: it is about none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A process, as whoever is in it may see it."""

    process_id: int
    opening: str
    client: str
    """Empty unless the opening says that it may be read."""
    stage: str
    """The same."""
    how: How
    turn: Turn
    is_held: bool
    next: NextWord | None
    ended_at: datetime | None
    result: Result | None
    """None until they were told."""
    score: int | None
    """What they gave us; None: nothing yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing that a client is told of them."""

    claim_id: int
    text: str
    correction: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidFor:
    """What is said of them for an opening."""

    opening: str
    client: str
    sent_at: datetime | None
    is_current: bool
    """The process goes on, as far as they know."""
    claims: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Agreed:
    """Their consent as it stands: the last valid day, or when they withdrew it."""

    until: date | None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """For what, under the law, and until when they have it."""

    received_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class ToFetch:
    """The file with their data, waiting on their page."""

    request_id: int
    until: date
    fetched_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPage:
    name: str
    language: str
    expires_at: datetime
    next: NextWord | None
    answer: NextWord | None
    """The first that is owed to what they wrote."""
    meetings: list[Meets]
    """The next one first."""
    standing: list[Standing]
    """The newest first."""
    said: list[SaidFor]
    agreed: Agreed | None
    asked: dict[RequestKind, Asked]
    to_fetch: ToFetch | None


@dataclass(frozen=True, slots=True)
class Link:
    """A link in force."""

    id: int
    made_at: datetime
    made_by: str
    expires_at: datetime
    last_used_at: datetime | None


def own_page(session: Session, token: str | None, *, now: datetime, today: date) -> OwnPage | None:
    """None for every link that opens nothing, whatever the reason."""
    found = link_of(session, token, now=now)
    if found is None:
        return None
    link, candidate = found
    records = list(merged_records(session, [candidate.id]))
    words, answer = _next_words(session, candidate.id, now=now)
    return OwnPage(
        name=candidate.name,
        language=candidate.language,
        expires_at=link.expires_at,
        next=next(iter(words.values()), None),
        answer=answer,
        meetings=_meetings(session, records, now),
        standing=_standing(session, records, words),
        said=_said(session, records),
        agreed=_agreed(session, records),
        asked=asked(session, records),
        to_fetch=to_fetch(session, records, today),
    )


def _next_words(
    session: Session, candidate_id: int, *, now: datetime
) -> tuple[dict[int | None, NextWord], NextWord | None]:
    """The first word due in each process (None: in none), the earliest first; and the first answer due to a message."""
    query = (
        select(Promise.process_id, Promise.due_at, Member.name, Promise.kind)
        .outerjoin(Member, Member.id == Promise.owner_id)
        .where(Promise.candidate_id == candidate_id, Promise.status == Status.OPEN, Promise.opened_at <= now)
        .where(Promise.kind.not_in(NOT_TO_THE_CANDIDATE))
        .order_by(Promise.due_at, Promise.id)
    )
    first: dict[int | None, NextWord] = {}
    answer = None
    for process_id, due_at, name, kind in session.execute(query):
        word = NextWord(_first_name(name), due_at)
        first.setdefault(process_id, word)
        if kind is Kind.REPLY:
            answer = answer or word
    return first, answer


def _first_name(name: str | None) -> str:
    return (name or "").partition(" ")[0]


def _meetings(session: Session, records: list[int], now: datetime) -> list[Meets]:
    """Those to come; no interview in what they know is over, though it stands until somebody cancels it."""
    query = (
        select(MEETING.c.meeting_kind, MEETING.c.starts_at, Opening.title)
        .select_from(FACT)
        .join(MEETING, MEETING.c.id == FACT.c.id)
        .outerjoin(PROCESS, PROCESS.c.id == FACT.c.process_id)
        .outerjoin(Opening, Opening.id == PROCESS.c.opening_id)
        .where(FACT.c.candidate_id.in_(records), FACT.c.kind == FactKind.MEETING, FACT.c.undone_at.is_(None))
        .where(MEETING.c.ends_at > now, MEETING.c.result.is_(None))
        .where(or_(MEETING.c.meeting_kind != MeetingKind.INTERVIEW, PROCESS.c.id.is_(None), _GOES_ON))
        .order_by(MEETING.c.starts_at, MEETING.c.id)
        .limit(MOST)
    )
    return [Meets(kind, starts_at, title or "") for kind, starts_at, title in session.execute(query)]


def _standing(session: Session, records: list[int], words: dict[int | None, NextWord]) -> list[Standing]:
    query = (
        select(
            FACT.c.id,
            Opening.title,
            Opening.status,
            Opening.names_client,
            Opening.names_stage,
            Client.name.label("client"),
            PROCESS.c.stage,
            PROCESS.c.turn,
            PROCESS.c.is_active,
            PROCESS.c.closed_at,
            PROCESS.c.result,
            PROCESS.c.told_days,
            SurveyAnswer.score,
            _IS_OWED.label("is_owed"),
        )
        .select_from(FACT)
        .join(PROCESS, PROCESS.c.id == FACT.c.id)
        .join(Opening, Opening.id == PROCESS.c.opening_id)
        .outerjoin(Client, Client.id == Opening.client_id)
        .outerjoin(SurveyAnswer, SurveyAnswer.process_id == PROCESS.c.id)
        .where(FACT.c.candidate_id.in_(records), FACT.c.kind == FactKind.PROCESS, FACT.c.undone_at.is_(None))
        .order_by(FACT.c.happened_at.desc(), FACT.c.id.desc())
        .limit(MOST)
    )
    return [_stands(row, words.get(row.id)) for row in session.execute(query)]


def _stands(row: Any, word: NextWord | None) -> Standing:
    how = How.ACTIVE
    if not row.is_active:
        how = How.TOLD if row.told_days is not None else How.OWED if row.is_owed else How.UNTOLD
    return Standing(
        process_id=row.id,
        opening=row.title,
        client=(row.client or "") if row.names_client else "",
        stage=(row.stage or "") if row.names_stage and how is How.ACTIVE else "",
        how=how,
        turn=row.turn,
        is_held=row.status is OpeningStatus.HELD,
        next=word,
        ended_at=None if row.is_active else row.closed_at,
        result=row.result if how is How.TOLD else None,
        score=row.score,
    )


def _said(session: Session, records: list[int]) -> list[SaidFor]:
    """What clients were told of them, and drafts that may still go out: those whose process is active."""
    sent = FACT.alias("sent")
    begun = FACT.alias("begun")
    query = (
        select(
            Recommendation.id,
            Opening.title,
            Opening.names_client,
            Client.name.label("client"),
            sent.c.happened_at.label("sent_at"),
            _GOES_ON.label("goes_on"),
        )
        .join(PROCESS, PROCESS.c.id == Recommendation.process_id)
        .join(begun, begun.c.id == PROCESS.c.id)
        .join(Opening, Opening.id == PROCESS.c.opening_id)
        .outerjoin(Client, Client.id == Opening.client_id)
        .outerjoin(sent, (sent.c.id == Recommendation.sent_id) & sent.c.undone_at.is_(None))
        .where(Recommendation.candidate_id.in_(records), begun.c.undone_at.is_(None))
        .where(sent.c.id.is_not(None) | PROCESS.c.is_active)
        .order_by(Recommendation.id.desc())
        .limit(MOST)
    )
    rows = session.execute(query).all()
    claims: dict[int, list[Said]] = {row.id: [] for row in rows}
    of_these = Claim.recommendation_id.in_(claims)
    for claim in session.scalars(select(Claim).where(of_these).order_by(Claim.position, Claim.id)):
        said = Said(
            claim_id=claim.id,
            text=claim.text,
            correction=claim.correction or "",
            is_confirmed=claim.confirmed_at is not None,
        )
        claims[claim.recommendation_id].append(said)
    return [
        SaidFor(
            opening=row.title,
            client=(row.client or "") if row.names_client else "",
            sent_at=row.sent_at,
            is_current=row.goes_on,
            claims=tuple(claims[row.id]),
        )
        for row in rows
        if claims[row.id]
    ]


def _agreed(session: Session, records: list[int]) -> Agreed | None:
    query = (
        select(FACT.c.happened_at, CONSENT.c.until_on)
        .select_from(FACT)
        .outerjoin(CONSENT, CONSENT.c.id == FACT.c.id)
        .where(FACT.c.candidate_id.in_(records), FACT.c.undone_at.is_(None))
        .where(FACT.c.kind.in_((FactKind.CONSENT, FactKind.CONSENT_WITHDRAWAL)))
        .order_by(FACT.c.happened_at.desc(), FACT.c.id.desc())
        .limit(1)
    )
    row = session.execute(query).first()
    if row is None:
        return None
    return Agreed(row.until_on, None if row.until_on else row.happened_at)


def asked(session: Session, records: Sequence[int]) -> dict[RequestKind, Asked]:
    """What they asked for and have not been given."""
    theirs = (PrivacyRequest.candidate_id.in_(records), PrivacyRequest.state == RequestState.OPEN)
    query = select(PrivacyRequest.kind, PrivacyRequest.received_on, PrivacyRequest.due_on).where(*theirs)
    return {kind: Asked(received_on, due_on) for kind, received_on, due_on in session.execute(query)}


def to_fetch(session: Session, records: Sequence[int], today: date) -> ToFetch | None:
    """What was put there last, for as long as it is to be had."""
    theirs = (PrivacyRequest.candidate_id.in_(records), PrivacyRequest.fetch_until >= today)
    query = select(PrivacyRequest.id, PrivacyRequest.fetch_until, PrivacyRequest.fetched_at).where(*theirs)
    found = session.execute(query.order_by(PrivacyRequest.done_at.desc(), PrivacyRequest.id.desc()).limit(1)).first()
    if found is None or found.fetch_until is None:
        return None
    return ToFetch(found.id, found.fetch_until, found.fetched_at)


# what the team sees


def links(session: Session, candidate_id: int, *, now: datetime) -> list[Link]:
    """Those in force that lead to somebody, the newest first."""
    records = list(merged_records(session, [candidate_id]))
    query = (
        select(OwnPageLink.id, OwnPageLink.made_at, Member.name, OwnPageLink.expires_at, OwnPageLink.last_used_at)
        .outerjoin(Member, Member.id == OwnPageLink.made_by_id)
        .where(OwnPageLink.candidate_id.in_(records), OwnPageLink.revoked_at.is_(None))
        .where(OwnPageLink.expires_at > now)
        .order_by(OwnPageLink.id.desc())
    )
    return [Link(row.id, row.made_at, row.name or "", *row[3:]) for row in session.execute(query)]
