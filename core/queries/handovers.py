"""What a handover concerns: whom somebody could give away, what goes along, what was offered and what became of it.

Everything is cut in the database: a member may have a hundred thousand people.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from core.domain.facts import MeetingKind, Rhythm
from core.domain.order import END
from core.domain.promises import Kind, Status
from core.domain.rhythms import rhythm_words
from core.persistence.facts import rhythm_in
from core.persistence.handovers import Whom, gives_away, meant
from core.persistence.tables import (
    Candidate,
    CandidateSkill,
    Fact,
    FactKind,
    GrowthNote,
    HandoverOffer,
    Meeting,
    Member,
    OfferedPerson,
    OfferState,
    Opening,
    Process,
    Promise,
    Skill,
)
from core.persistence.team import team_of
from core.persistence.viewer import Viewer
from core.queries.page import Page

MOST_GROUPS = 12
MOST_OFFERS = 20
MOST_COUNTED = 1_000
"""Words owed are counted just over that: it is no figure."""
LAPSES_WITHIN = timedelta(days=30)
FACT, MEETING, PROCESS, NOTE = (table.__table__ for table in (Fact, Meeting, Process, GrowthNote))
Query = Select[*tuple[Any, ...]]
Ids = Select[int]


class By(StrEnum):
    """What people are grouped by, each group with a receiver of its own."""

    OPENING = "opening"
    RHYTHM = "rhythm"
    SKILL = "skill"


@dataclass(frozen=True, slots=True)
class Handed:
    """Somebody waits for the viewer to take over."""

    offer_id: int
    of: str
    """Whose people they are; "" for nobody's."""
    by: str
    number: int


@dataclass(frozen=True, slots=True)
class Giver:
    """Whose people may be given away."""

    id: int | None
    name: str
    is_active: bool
    cover: str
    """With whom the people of one who left wait."""
    is_allowed: bool
    """The viewer may do it."""


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str
    about: str
    """Their title and company."""
    is_in_process: bool
    rhythm: Rhythm | None
    next_due_at: datetime | None
    do_not_contact: bool


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    whom: Whom
    number: int


@dataclass(frozen=True, slots=True)
class Owed:
    candidate_id: int
    name: str
    kind: Kind
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ToMeet:
    id: int
    candidate_id: int
    name: str
    kind: MeetingKind
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Sensitive:
    """Somebody of whom whoever takes over should read first."""

    candidate_id: int
    name: str
    do_not_contact: bool
    notes: str
    growth: str
    """The latest of the growth notes."""


@dataclass(frozen=True, slots=True)
class GoesAlong:
    """What goes along with some people, the first of each."""

    owed: list[Owed]
    number_owed: int
    meetings: list[ToMeet]
    consents: list[Owed]
    number_of_consents: int
    sensitive: list[Sensitive]
    more_sensitive: bool
    """There are more than these."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Of those offered to one receiver, how many stand how."""

    to_id: int
    to: str
    state: OfferState
    number: int


@dataclass(frozen=True, slots=True)
class Offer:
    id: int
    of_id: int | None
    of: str
    by: str
    offered_at: datetime
    may_give: bool
    """The viewer may withdraw it, and write notes."""
    answers: tuple[Answered, ...]

    def number(self, *states: OfferState, to_id: int | None = None) -> int:
        """In any of these states; to one receiver, or to all of them."""
        return sum(a.number for a in self.answers if a.state in states and to_id in (None, a.to_id))


@dataclass(frozen=True, slots=True)
class OfferedRow:
    person: Person
    to_id: int
    to: str
    state: OfferState
    note: str
    reason: str


_OF, _BY = aliased(Member), aliased(Member)
"""Made once: a table's other name takes longer to make than to ask."""


def handed_to(session: Session, viewer: Viewer) -> list[Handed]:
    """What waits for the viewer's yes, the latest first."""
    rows = session.execute(_HANDED, {"to": viewer.id})
    return [Handed(id_, whose or "", giver or "", number) for id_, whose, giver, number in rows]


_HANDED = (  # made once: Today asks it each time
    select(HandoverOffer.id, _OF.name, _BY.name, func.count())
    .join(OfferedPerson, OfferedPerson.offer_id == HandoverOffer.id)
    .outerjoin(_OF, _OF.id == HandoverOffer.of_id)
    .outerjoin(_BY, _BY.id == HandoverOffer.offered_by_id)
    .where(OfferedPerson.to_id == bindparam("to"), OfferedPerson.state == OfferState.OPEN)
    .group_by(HandoverOffer.id, _OF.name, _BY.name)
    .order_by(HandoverOffer.id.desc())
)


def giver(session: Session, viewer: Viewer, of_id: int | None) -> Giver | None:
    """None: there is no such member."""
    if of_id is None:
        return Giver(None, "", True, "", viewer.may_edit)
    member = session.get(Member, of_id)
    if member is None:
        return None
    team = team_of(session)
    cover = session.get(Member, team.stands_in(of_id, END)) if not member.is_active else None
    allowed = viewer.may_edit and gives_away(team, viewer, of_id)
    return Giver(member.id, member.name, member.is_active, cover.name if cover else "", allowed)


def number_meant(session: Session, whom: Whom) -> int:
    return session.scalar(select(func.count()).select_from(to_give(session, whom).subquery())) or 0


def people_meant(session: Session, whom: Whom, page: Page) -> list[Person]:
    query = select(*_PERSON).where(*meant(session, whom), ~_is_offered()).order_by(Candidate.sort_name, Candidate.id)
    return [_person(row) for row in session.execute(page.cut(query))]


def to_give(session: Session, whom: Whom) -> Ids:
    """Ids of whoever is meant and not offered already."""
    return select(Candidate.id).where(*meant(session, whom), ~_is_offered())


def offered_to(offer_id: int, to_id: int | None) -> Ids:
    """Ids of whoever is offered to a receiver, or to any, and not answered for yet."""
    query = select(OfferedPerson.candidate_id).where(
        OfferedPerson.offer_id == offer_id, OfferedPerson.state == OfferState.OPEN
    )
    return query if to_id is None else query.where(OfferedPerson.to_id == to_id)


def groups(session: Session, of_id: int | None, by: By) -> list[Group]:
    """The largest first, at most MOST_GROUPS: whoever is in none of them is left for the rest."""
    whom = Whom(of_id)
    query = _GROUPED[by](select(Candidate.id).where(*meant(session, whom), ~_is_offered()))
    rows = session.execute(query.limit(MOST_GROUPS)).all()
    return [Group(name, one, number) for row in rows for name, one, number in _groups(of_id, by, row)]


def goes_along(session: Session, of_id: int | None, ids: Ids, *, now: datetime, page: Page) -> GoesAlong:
    """Of these people: what the member owes them, meetings they host, consents about to lapse, and what is delicate."""
    owner = team_of(session).stands_in(of_id, END)
    owed = and_(
        Promise.owner_id == owner,
        Promise.status == Status.OPEN,
        Promise.opened_at <= now,
        Promise.candidate_id.in_(ids),
    )
    consents = and_(owed, Promise.kind == Kind.CONSENT, Promise.due_at < now + LAPSES_WITHIN)
    delicate = list(session.execute(_sensitive(ids).limit(page.size + 1)))
    return GoesAlong(
        owed=_owed(session, and_(owed, Promise.kind != Kind.CONSENT), page),
        number_owed=_number(session, and_(owed, Promise.kind != Kind.CONSENT)),
        meetings=meetings_of(session, of_id, now=now, ids=ids),
        consents=_owed(session, consents, page),
        number_of_consents=_number(session, consents),
        sensitive=[Sensitive(*row) for row in delicate[: page.size]],
        more_sensitive=len(delicate) > page.size,
    )


def meetings_of(session: Session, host_id: int | None, *, now: datetime, ids: Ids | None = None) -> list[ToMeet]:
    """Meetings to come of this host, with these people or with anybody."""
    kept = func.coalesce(Candidate.merged_into_id, Candidate.id)
    query = (
        select(MEETING.c.id, kept, Candidate.name, MEETING.c.meeting_kind, MEETING.c.starts_at, MEETING.c.ends_at)
        .select_from(MEETING)
        .join(FACT, FACT.c.id == MEETING.c.id)
        .join(Candidate, Candidate.id == FACT.c.candidate_id)
        .where(MEETING.c.host_id == host_id, MEETING.c.starts_at > now, MEETING.c.result.is_(None))
        .where(FACT.c.undone_at.is_(None), *([kept.in_(ids)] if ids is not None else []))
        .order_by(MEETING.c.starts_at, MEETING.c.id)
        .limit(100)
    )
    return [ToMeet(*row) for row in session.execute(query)]


def offer(session: Session, viewer: Viewer, offer_id: int) -> Offer | None:
    found = session.get(HandoverOffer, offer_id)
    if found is None:
        return None
    query = (
        select(OfferedPerson.to_id, Member.name, OfferedPerson.state, func.count())
        .join(Member, Member.id == OfferedPerson.to_id)
        .where(OfferedPerson.offer_id == offer_id)
        .group_by(OfferedPerson.to_id, Member.name, OfferedPerson.state)
        .order_by(Member.name, OfferedPerson.state)
    )
    names = dict(
        session.execute(
            select(Member.id, Member.name).where(Member.id.in_([found.of_id or 0, found.offered_by_id or 0]))
        ).all()
    )
    return Offer(
        id=found.id,
        of_id=found.of_id,
        of=names.get(found.of_id or 0, ""),
        by=names.get(found.offered_by_id or 0, ""),
        offered_at=found.offered_at,
        may_give=viewer.may_edit and gives_away(team_of(session), viewer, found.of_id),
        answers=tuple(Answered(*row) for row in session.execute(query)),
    )


def offered(session: Session, offer_id: int, state: OfferState, to_id: int | None, page: Page) -> list[OfferedRow]:
    """In one state, to one receiver or to all of them, those in process first."""
    query = (
        select(*_PERSON, OfferedPerson.to_id, Member.name.label("to"), OfferedPerson.note, OfferedPerson.reason)
        .join(OfferedPerson, OfferedPerson.candidate_id == Candidate.id)
        .join(Member, Member.id == OfferedPerson.to_id)
        .where(OfferedPerson.offer_id == offer_id, OfferedPerson.state == state)
        .order_by(Candidate.active_processes.desc(), Candidate.sort_name, Candidate.id)
    )
    if to_id is not None:
        query = query.where(OfferedPerson.to_id == to_id)
    rows = session.execute(page.cut(query))
    return [OfferedRow(_person(row), row.to_id, row.to, state, row.note, row.reason) for row in rows]


def offers_of(session: Session, of_id: int | None) -> list[tuple[int, datetime, dict[OfferState, int]]]:
    """The latest offers of one member's people: when, and how many of each state."""
    latest = select(HandoverOffer.id, HandoverOffer.offered_at).where(HandoverOffer.of_id == of_id)
    offers = session.execute(latest.order_by(HandoverOffer.id.desc()).limit(MOST_OFFERS)).all()
    states: dict[int, dict[OfferState, int]] = {offer.id: {} for offer in offers}
    count = select(OfferedPerson.offer_id, OfferedPerson.state, func.count())
    for id_, state, number in session.execute(
        count.where(OfferedPerson.offer_id.in_(states)).group_by(OfferedPerson.offer_id, OfferedPerson.state)
    ):
        states[id_][state] = number
    return [(offer.id, offer.offered_at, states[offer.id]) for offer in offers]


# people

_PERSON = (
    Candidate.id,
    Candidate.name,
    Candidate.title,
    Candidate.company,
    Candidate.active_processes,
    Candidate.rhythm_count,
    Candidate.rhythm_unit,
    Candidate.next_due_at,
    Candidate.do_not_contact,
)


def _person(row: Any) -> Person:
    return Person(
        id=row.id,
        name=row.name,
        about=", ".join(filter(None, (row.title, row.company))),
        is_in_process=row.active_processes > 0,
        rhythm=rhythm_in(row),
        next_due_at=row.next_due_at,
        do_not_contact=row.do_not_contact,
    )


def _is_offered() -> ColumnElement[bool]:
    standing = OfferedPerson.state == OfferState.OPEN
    return select(literal(1)).where(OfferedPerson.candidate_id == Candidate.id, standing).exists()


# groups


def _by_opening(ids: Ids) -> Query:
    record = aliased(Candidate)
    kept = func.coalesce(record.merged_into_id, record.id)
    number = func.count(kept.distinct())
    return (
        select(Opening.id, Opening.title, number)
        .select_from(PROCESS)
        .join(FACT, FACT.c.id == PROCESS.c.id)
        .join(record, record.id == FACT.c.candidate_id)
        .join(Opening, Opening.id == PROCESS.c.opening_id)
        .where(PROCESS.c.is_active, kept.in_(ids))
        .group_by(Opening.id, Opening.title)
        .order_by(number.desc(), Opening.id)
    )


def _by_rhythm(ids: Ids) -> Query:
    rhythm = (Candidate.rhythm_count, Candidate.rhythm_unit)
    number = func.count()
    return select(*rhythm, number).where(Candidate.id.in_(ids)).group_by(*rhythm).order_by(number.desc(), *rhythm)


def _by_skill(ids: Ids) -> Query:
    number = func.count()
    return (
        select(Skill.id, Skill.name, number)
        .join(CandidateSkill, CandidateSkill.skill_id == Skill.id)
        .where(CandidateSkill.candidate_id.in_(ids))
        .group_by(Skill.id, Skill.name)
        .order_by(number.desc(), Skill.id)
    )


_GROUPED = {By.OPENING: _by_opening, By.RHYTHM: _by_rhythm, By.SKILL: _by_skill}


def _groups(of_id: int | None, by: By, row: Any) -> Iterator[tuple[str, Whom, int]]:
    first, second, number = row
    match by:
        case By.OPENING:
            yield second, Whom(of_id, opening_id=first), number
        case By.SKILL:
            yield second, Whom(of_id, skill_id=first), number
        case By.RHYTHM if second is None:
            yield "no rhythm", Whom(of_id, without_rhythm=True), number
        case By.RHYTHM:
            rhythm = Rhythm(first, second)
            yield rhythm_words(rhythm), Whom(of_id, rhythm=rhythm), number


# what goes along


def _owed(session: Session, which: ColumnElement[bool], page: Page) -> list[Owed]:
    query = (
        select(Candidate.id, Candidate.name, Promise.kind, Promise.due_at)
        .join(Candidate, Candidate.id == Promise.candidate_id)
        .where(which)
        .order_by(Promise.due_at, Promise.id)
    )
    return [Owed(*row) for row in session.execute(page.cut(query))]


def _number(session: Session, which: ColumnElement[bool]) -> int:
    counted = select(Promise.id).where(which).limit(MOST_COUNTED + 1).subquery()
    return session.scalar(select(func.count()).select_from(counted)) or 0


def _sensitive(ids: Ids) -> Query:
    wants, advice = NOTE.c.wants, NOTE.c.advice
    latest = (
        select(case((advice == "", wants), (wants == "", advice), else_=wants + " · " + advice))
        .join(FACT, FACT.c.id == NOTE.c.id)
        .where(FACT.c.candidate_id == Candidate.id, FACT.c.undone_at.is_(None))
        .order_by(FACT.c.happened_at.desc(), FACT.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    noted = (
        select(literal(1))
        .where(FACT.c.candidate_id == Candidate.id, FACT.c.kind == FactKind.GROWTH_NOTE, FACT.c.undone_at.is_(None))
        .exists()
    )
    return (
        select(Candidate.id, Candidate.name, Candidate.do_not_contact, Candidate.notes, func.coalesce(latest, ""))
        .where(Candidate.id.in_(ids), or_(Candidate.do_not_contact, Candidate.notes != "", noted))
        .order_by(Candidate.sort_name, Candidate.id)
    )
