"""What people asked of their data, who falls due to be erased, and on what ground one person is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, Select, bindparam, func, literal_column, or_, select
from sqlalchemy.orm import Session, aliased

from core.domain.bases import ConsentBasis, Purpose
from core.domain.calendar import Calendar
from core.domain.retention import LastAct, acted_before, falls_due_on, last_act
from core.persistence.facts import kept_records, lives, merged_records
from core.persistence.own_page import link_until
from core.persistence.tables import (
    Candidate,
    Consent,
    ConsentWithdrawal,
    Member,
    PrivacyRequest,
    RequestChannel,
    RequestKind,
    RequestState,
)
from core.persistence.tables.people import IS_LISTED
from core.persistence.team import team_of
from core.queries.called import FIRST_ADDRESS, addresses_of, called
from core.queries.page import Page

Query = Select[*tuple[Any, ...]]
MOST = 10_000
"""More than so many who fall due are not counted, and so many at the most are erased in one go."""
AHEAD = 3
"""Months looked ahead to whoever falls due."""


@dataclass(frozen=True, slots=True)
class Request:
    id: int
    candidate_id: int
    name: str
    """Empty of whoever was erased."""
    kind: RequestKind
    channel: RequestChannel
    received_on: date
    due_on: date
    notice: str
    opened_by: str
    state: RequestState
    done_at: datetime | None
    done_by: str
    fetch_until: date | None
    """Until when the file is on their own page."""
    link_until: datetime | None
    """Of a file that is there: until when a link leads to it. None: none does any more."""
    fetched_at: datetime | None
    proof: dict[str, Any] | None

    def waits_there(self, today: date) -> bool:
        """Their data are on their own page, and they have not fetched them."""
        return self.fetch_until is not None and self.fetch_until >= today and self.fetched_at is None

    def is_led_to(self, now: datetime) -> bool:
        """A link to their own page is in force."""
        return self.link_until is not None and self.link_until > now


@dataclass(frozen=True, slots=True)
class Falling:
    """Somebody who falls due, or will."""

    id: int
    name: str
    owner: str
    act: LastAct | None
    """Their own last act; None: they never did anything since they came on record."""
    acted_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class Due:
    """How many; MOST + 1 stands for any number above MOST."""

    now: int
    soon: int
    """Within the next months."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """A consent given or renewed, or withdrawn: then it has no last day."""

    id: int
    at: datetime
    until: date | None
    purpose: Purpose | None
    basis: ConsentBasis | None
    source: str
    evidence: str
    by: str


@dataclass(frozen=True, slots=True)
class Ground:
    """On what ground, and how long, one person is kept."""

    consents: list[Agreed]
    """The latest first."""
    requests: list[Request]
    act: LastAct | None
    acted_on: date | None
    due_on: date | None
    """None of whoever is in process."""
    kept_until: date | None
    kept_because: str

    def consent(self, today: date) -> Agreed | None:
        """The one that stands."""
        last = self.consents[0] if self.consents else None
        return last if last is not None and last.until is not None and last.until >= today else None


# requests


def waiting(session: Session, page: Page) -> list[Request]:
    """Those not answered yet, the one due first before the others."""
    query = _requests().where(PrivacyRequest.state == RequestState.OPEN)
    return _read(session, page.cut(query.order_by(PrivacyRequest.due_on, PrivacyRequest.id)))


def answered(session: Session, page: Page) -> list[Request]:
    query = _requests().where(PrivacyRequest.state != RequestState.OPEN)
    return _read(session, page.cut(query.order_by(PrivacyRequest.done_at.desc(), PrivacyRequest.id.desc())))


def waiting_of(session: Session, records: Sequence[int]) -> list[Request]:
    """What one person asked and was not answered yet, of the one kept with all that were merged into them."""
    return _read(session, _waiting_of(), {"records": records})


@cache
def _waiting_of() -> Query:
    theirs = PrivacyRequest.candidate_id.in_(bindparam("records", expanding=True))
    query = _requests().where(theirs, PrivacyRequest.state == RequestState.OPEN)
    return query.order_by(PrivacyRequest.due_on, PrivacyRequest.id)


def number_waiting(session: Session, today: date) -> tuple[int, int]:
    """How many wait for an answer, and how many of them for longer than the law allows."""
    row = session.execute(_WAITING, {"today": today}).one()
    return int(row[0]), int(row[1])


_WAITING = select(func.count(), func.count().filter(PrivacyRequest.due_on < bindparam("today"))).where(
    PrivacyRequest.state == RequestState.OPEN
)
"""Made once: Today asks it each time."""


def number_answered(session: Session) -> int:
    query = select(func.count()).select_from(PrivacyRequest).where(PrivacyRequest.state != RequestState.OPEN)
    return session.scalar(query) or 0


def request(session: Session, request_id: int) -> Request | None:
    return next(iter(_read(session, _requests().where(PrivacyRequest.id == request_id))), None)


def _requests() -> Query:
    opener, doer = aliased(Member), aliased(Member)
    name = func.coalesce(func.nullif(Candidate.name, ""), FIRST_ADDRESS, "")
    query: Query = (
        select(PrivacyRequest, Candidate.erased_at, name, opener.name, doer.name)
        .join(Candidate, Candidate.id == PrivacyRequest.candidate_id)
        .outerjoin(opener, opener.id == PrivacyRequest.opened_by_id)
        .outerjoin(doer, doer.id == PrivacyRequest.done_by_id)
    )
    return query


def _read(session: Session, query: Query, asked: Mapping[str, Any] | None = None) -> list[Request]:
    return [
        Request(
            id=request.id,
            candidate_id=request.candidate_id,
            name="" if erased_at else name,
            kind=request.kind,
            channel=request.channel,
            received_on=request.received_on,
            due_on=request.due_on,
            notice=request.notice or "",
            opened_by=opener or "",
            state=request.state,
            done_at=request.done_at,
            done_by=doer or "",
            fetch_until=request.fetch_until,
            link_until=link_until(session, request.candidate_id) if request.fetch_until and not erased_at else None,
            fetched_at=request.fetched_at,
            proof=request.proof,
        )
        for request, erased_at, name, opener, doer in session.execute(query, asked)
    ]


def is_to_see(session: Session, records: Sequence[int], today: date) -> bool:
    """Whether they asked to see their data, and have not got them yet."""
    theirs = select(PrivacyRequest.id).where(PrivacyRequest.candidate_id.in_(records), _to_see(today))
    return session.scalar(theirs.limit(1)) is not None


def _to_see(today: date) -> ColumnElement[bool]:
    """Nobody has given them the file, or it was put on their own page for them and they have not fetched it."""
    waits = (PrivacyRequest.fetch_until >= today) & PrivacyRequest.fetched_at.is_(None)
    return (PrivacyRequest.kind == RequestKind.SEE) & or_(PrivacyRequest.state == RequestState.OPEN, waits)


# who falls due


def number_falling_due(session: Session, today: date, months: int) -> Due:
    found = [select(Candidate.id).where(*_falling(session, today, months, soon=soon)) for soon in (False, True)]
    return Due(
        *(session.scalar(select(func.count()).select_from(one.limit(MOST + 1).subquery())) or 0 for one in found)
    )


def falling_due(session: Session, page: Page, *, now: datetime, calendar: Calendar, soon: bool) -> list[Falling]:
    """Who was kept long enough, or (`soon`) will have been within three months; the longest first."""
    team, today = team_of(session), calendar.day(now)
    months = team.policies.now.retention_months
    columns = (Candidate.id, Candidate.name, Candidate.last_act_on, Member.name)
    query = select(*columns).outerjoin(Member, Member.id == Candidate.owner_id)
    query = query.where(*_falling(session, today, months, soon=soon)).order_by(Candidate.last_act_on, Candidate.id)
    rows = session.execute(page.cut(query)).all()
    told = lives(session, [id_ for id_, *_ in rows], team, calendar)
    addresses = addresses_of(session, [id_ for id_, name, *_ in rows if not name])
    return [
        Falling(
            id=id_,
            name=called(name, addresses.get(id_)),
            owner=owner or "",
            act=last_act(told[id_]),
            acted_on=acted,
            due_on=falls_due_on(acted, months),
        )
        for id_, name, acted, owner in rows
        if acted is not None
    ]


def all_due(session: Session, today: date, months: int) -> list[int]:
    """Everybody who falls due now, the longest kept first; of very many the first."""
    query = select(Candidate.id).where(*_falling(session, today, months, soon=False))
    return list(session.scalars(query.order_by(Candidate.last_act_on, Candidate.id).limit(MOST)))


def _falling(session: Session, today: date, months: int, *, soon: bool) -> list[ColumnElement[bool]]:
    """Nobody in process, nobody whom a claim keeps, and nobody who is still to see their data."""
    now = acted_before(today, months)
    theirs = Candidate.last_act_on <= now
    if soon:
        later = acted_before(today + relativedelta(months=AHEAD), months)
        theirs = (Candidate.last_act_on > now) & (Candidate.last_act_on <= later)
    free = or_(Candidate.kept_until.is_(None), Candidate.kept_until < today)
    # as the index has it
    return [IS_LISTED, Candidate.active_processes == literal_column("0"), theirs, free, *_nobody_asking(session, today)]


def _nobody_asking(session: Session, today: date) -> list[ColumnElement[bool]]:
    asked = select(PrivacyRequest.candidate_id).where(_to_see(today))
    waiting = set(kept_records(session, session.scalars(asked)).values())
    return [Candidate.id.not_in(sorted(waiting))] if waiting else []


# one person


def ground_of(session: Session, candidate_id: int, *, calendar: Calendar) -> Ground:
    """Of this person, with what was entered for records that were merged into them."""
    records = list(merged_records(session, [candidate_id]))
    team = team_of(session)
    person = session.get_one(Candidate, candidate_id)
    months = team.policies.now.retention_months
    acted = person.last_act_on
    asked = _requests().where(PrivacyRequest.candidate_id.in_(records))
    return Ground(
        consents=_agreed(session, records),
        requests=_read(session, asked.order_by(PrivacyRequest.received_on.desc(), PrivacyRequest.id.desc())),
        act=last_act(lives(session, [candidate_id], team, calendar)[candidate_id]),
        acted_on=acted,
        due_on=None if acted is None or person.active_processes else falls_due_on(acted, months),
        kept_until=person.kept_until,
        kept_because=person.kept_because or "",
    )


def _agreed(session: Session, records: Sequence[int]) -> list[Agreed]:
    found: list[Agreed] = []
    for kind in (Consent, ConsentWithdrawal):
        query = select(kind, Member.name).outerjoin(Member, Member.id == kind.by_id)
        for fact, by in session.execute(query.where(kind.candidate_id.in_(records), kind.undone_at.is_(None))):
            given = fact if isinstance(fact, Consent) else None
            found.append(
                Agreed(
                    id=fact.id,
                    at=fact.happened_at,
                    until=given.until_on if given else None,
                    purpose=given.purpose if given else None,
                    basis=given.basis if given else None,
                    source=given.source if given else "",
                    evidence=given.evidence if given else "",
                    by=by or "",
                )
            )
    return sorted(found, key=lambda one: (one.at, one.id), reverse=True)
