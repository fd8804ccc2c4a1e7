"""Who recommended whom, and what came of it: of one person, of everybody as a network, and year by year.

What is counted and drawn is settled beside each recommendation, so that nothing here looks at anybody's facts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, bindparam, case, cast, func, select
from sqlalchemy.orm import Session

from core.domain.network import Link, trees
from core.domain.referrals import MET, CameTo
from core.persistence.tables import Candidate, Referral
from core.queries.page import Page

REFERRAL: Any = Referral.__table__.c
PICTURED = 500
"""So many people the picture holds at most: beyond that, those of the trees of whoever brought the most."""
ENOUGH = 2_000
"""So many recommendations are read to choose those from."""
STANDS: ColumnElement[bool] = REFERRAL.referrer_id.is_not(None) & (REFERRAL.referrer_id != REFERRAL.brought_id)
"""Not taken back, and not of somebody by themselves, as a merge may make it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommended:
    """The other of the two: whom they brought, or who brought them."""

    id: int
    """The fact's."""
    person_id: int
    name: str
    title: str
    company: str
    is_erased: bool
    is_active: bool
    """In a process now."""
    on: date
    came_to: CameTo
    """Of whoever was brought, since then."""


@dataclass(frozen=True, slots=True)
class OfPerson:
    brought_by: list[Recommended]
    """The first who recommended them first."""
    brought: list[Recommended]
    """The latest first."""


class Order(StrEnum):
    BROUGHT = "brought"
    HIRED = "hired"
    LATEST = "latest"


class Referrer(NamedTuple):
    """A row of the list: whom one person brought, in numbers."""

    id: int
    brought: int
    met: int
    """Came to an interview, or farther."""
    hired: int
    latest_on: date


class Person(NamedTuple):
    """Somebody in the network, or on the list."""

    id: int
    name: str
    title: str
    met_on: date | None
    """None of whoever was erased."""
    is_erased: bool


@dataclass(frozen=True, slots=True)
class Linked:
    """Whose recommendations are drawn, each by their number alone: who they are is read at every look."""

    links: list[Link]
    came_to: dict[int, CameTo]
    """The farthest, of whoever was recommended by several."""
    is_cut: bool
    """There are more than these."""


@dataclass(frozen=True, slots=True)
class Network:
    """What is drawn: links, by whom and of whom, and how far each who was brought has come."""

    links: list[Link]
    came_to: dict[int, CameTo]
    """The farthest, of whoever was recommended by several."""
    people: dict[int, Person]
    is_cut: bool
    """There are more than these."""

    def __hash__(self) -> int:
        """By a part of it, so that what is drawn of it can be cached; whether two are equal is asked of all of it."""
        return hash(tuple(self.links))


@dataclass(frozen=True, slots=True)
class Numbers:
    referrers: int
    came_to: dict[CameTo, int]
    """Recommendations, by how far each has come."""
    mark: int = 0
    """Another one where somebody was recommended by another."""

    @property
    def brought(self) -> int:
        return sum(self.came_to.values())

    @property
    def met(self) -> int:
        return sum(self.came_to.get(one, 0) for one in MET)

    @property
    def hired(self) -> int:
        return self.came_to.get(CameTo.HIRED, 0)


@dataclass(frozen=True, slots=True)
class Year:
    """What came, up to now, of what was recommended in one year."""

    year: int
    brought: int
    met: int
    hired: int


_BROUGHT = func.count().label("brought")
_MET = func.sum(case((REFERRAL.came_to.in_(MET), 1), else_=0)).label("met")
_HIRED = func.sum(case((REFERRAL.came_to == CameTo.HIRED, 1), else_=0)).label("hired")
_LATEST = func.max(REFERRAL.referred_on).label("latest_on")
_ORDERS = {
    Order.BROUGHT: (_BROUGHT.desc(), _HIRED.desc()),
    Order.HIRED: (_HIRED.desc(), _MET.desc(), _BROUGHT.desc()),
    Order.LATEST: (_LATEST.desc(),),
}


def of_person(session: Session, candidate_id: int) -> OfPerson:
    brought_by = _others(session, REFERRAL.brought_id == candidate_id, REFERRAL.referrer_id)
    brought = _others(session, REFERRAL.referrer_id == candidate_id, REFERRAL.brought_id)
    return OfPerson(brought_by, brought[::-1])


def numbers(session: Session) -> Numbers:
    referrers, mark, *came = session.execute(_NUMBERS).one()
    return Numbers(referrers, dict(zip(CameTo, came, strict=True)), mark or 0)


_NUMBERS = select(
    func.count(REFERRAL.referrer_id.distinct()),
    func.sum(cast(REFERRAL.referrer_id, BigInteger) * REFERRAL.brought_id),
    *(func.count().filter(REFERRAL.came_to == one) for one in CameTo),
).where(STANDS)


def by_year(session: Session) -> list[Year]:
    """The earliest first, and none between left out. Each is a range of an index that holds all of the answer."""
    first, last = session.execute(_FIRST_AND_LAST).one()
    years = []
    for year in range(first.year, last.year + 1) if first else ():
        within = REFERRAL.referred_on.between(date(year, 1, 1), date(year, 12, 31))
        brought, met, hired = session.execute(select(_BROUGHT, _MET, _HIRED).where(STANDS, within)).one()
        years.append(Year(year, brought, met or 0, hired or 0))
    return years


_FIRST_AND_LAST = select(*(select(end(REFERRAL.referred_on)).scalar_subquery() for end in (func.min, func.max)))
"""Asked for apart: both in one are found by reading all that lies between."""


def referrers(session: Session, came_to: CameTo | None, order: Order, page: Page) -> tuple[list[Referrer], int]:
    """Who recommended somebody, and how many such people there are. `came_to`: only those of whom one came so far.

    The numbers are of all whom they brought, whatever the list is narrowed to.
    """
    wanted = [STANDS]
    if came_to is not None:
        wanted.append(REFERRAL.referrer_id.in_(select(REFERRAL.referrer_id).where(STANDS, REFERRAL.came_to == came_to)))
    number = session.scalar(select(func.count(REFERRAL.referrer_id.distinct())).where(*wanted)) or 0
    query = (
        select(REFERRAL.referrer_id, _BROUGHT, _MET, _HIRED, _LATEST)
        .where(*wanted)
        .group_by(REFERRAL.referrer_id)
        .order_by(*_ORDERS[order], REFERRAL.referrer_id)
    )
    return [Referrer(*row) for row in session.execute(page.cut(query))], number


def linked(session: Session) -> Linked:
    """Whoever recommended or was recommended; of too many, whole trees, the largest there are."""
    rows = session.execute(_LINKS.where(STANDS).limit(PICTURED)).all()
    are_more = len(rows) == PICTURED
    if are_more:
        rows = _around_the_most(session)
    links = [Link(row.referrer_id, row.brought_id, row.referred_on) for row in rows]
    ids: set[int] = set()
    for tree in trees(links, {}):
        if len(ids) + len(tree.came) <= PICTURED:
            ids |= tree.came.keys()
        else:
            are_more = True
    links = [link for link in links if link.referrer in ids and link.brought in ids]
    came_to: dict[int, CameTo] = {}
    for row in rows:
        if row.brought_id in ids:
            came_to[row.brought_id] = max(row.came_to, came_to.get(row.brought_id, row.came_to), key=list(CameTo).index)
    return Linked(links, came_to, are_more)


def network(session: Session, drawn: Linked) -> Network:
    ids = {id_ for link in drawn.links for id_ in (link.referrer, link.brought)}
    return Network(drawn.links, drawn.came_to, people(session, sorted(ids)), drawn.is_cut)


_LINKS = select(REFERRAL.referrer_id, REFERRAL.brought_id, REFERRAL.referred_on, REFERRAL.came_to)


def _around_the_most(session: Session) -> Sequence[Any]:
    """Recommendations by the people who brought the most, by those above them, and by all below; up to ENOUGH."""
    in_order = (*_ORDERS[Order.BROUGHT], REFERRAL.referrer_id)
    most = select(REFERRAL.referrer_id).where(STANDS).group_by(REFERRAL.referrer_id).order_by(*in_order)
    reached = set(session.scalars(most.limit(PICTURED // 5)))
    above = reached
    while above:
        by = session.scalars(select(REFERRAL.referrer_id).where(STANDS, REFERRAL.brought_id.in_(above)))
        above = set(by) - reached
        reached = reached | above
    found: dict[tuple[int, int], Any] = {}
    below = reached
    while below and len(found) < ENOUGH:
        rows = session.execute(_LINKS.where(STANDS, REFERRAL.referrer_id.in_(below)).limit(ENOUGH)).all()
        found |= {(row.referrer_id, row.brought_id): row for row in rows}
        below = {row.brought_id for row in rows} - reached
        reached = reached | below
    return list(found.values())


def people(session: Session, ids: Sequence[int]) -> dict[int, Person]:
    found = session.execute(_PEOPLE, {"ids": ids}).all() if ids else ()
    return {
        id_: Person(id_, name, title, met_on, erased_at is not None) for id_, name, title, met_on, erased_at in found
    }


_C: Any = Candidate.__table__.c
_PEOPLE = select(_C.id, _C.name, _C.title, _C.met_on, _C.erased_at).where(_C.id.in_(bindparam("ids", expanding=True)))


def _others(session: Session, theirs: ColumnElement[bool], other: Any) -> list[Recommended]:
    query = (
        select(
            REFERRAL.id,
            REFERRAL.referred_on,
            REFERRAL.came_to,
            Candidate.id.label("person_id"),
            Candidate.name,
            Candidate.title,
            Candidate.company,
            Candidate.erased_at,
            Candidate.active_processes,
        )
        .join(Candidate, Candidate.id == other)
        .where(STANDS, theirs)
        .order_by(REFERRAL.referred_on, REFERRAL.id)
    )
    return [
        Recommended(
            id=row.id,
            person_id=row.person_id,
            name=row.name,
            title=row.title,
            company=row.company,
            is_erased=row.erased_at is not None,
            is_active=row.active_processes > 0,
            on=row.referred_on,
            came_to=row.came_to,
        )
        for row in session.execute(query)
    ]
