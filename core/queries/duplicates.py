"""Who may be one person, two and two: the pairs as they were found, the newest first, each side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.persistence.facts import merged_records
from core.persistence.tables import Candidate, Fact, FactKind, Handle, Lookalike, Member, Merge
from core.persistence.tables.people import IS_LISTED, HandleKind
from core.queries.called import called
from core.queries.page import Page

MOST = 1_000
"""So many pairs are counted at most."""
ADDRESSES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two who may be one person, as far as it helps to tell."""

    id: int
    version: int
    name: str
    title: str
    company: str
    location: str
    source: str
    pronoun: str
    tags: tuple[str, ...]
    owner: str
    met_on: date | None
    do_not_contact: bool
    words: int
    addresses: tuple[tuple[HandleKind, str], ...]

    @property
    def called(self) -> str:
        return called(self.name, next((value for _, value in self.addresses), ""))


@dataclass(frozen=True, slots=True)
class Pair:
    one: Side
    other: Side
    why: tuple[str, ...]
    found_at: datetime


@dataclass(frozen=True, slots=True)
class Merged:
    """Somebody who was merged into the one whose page it is."""

    name: str
    at: datetime
    by: str


def pairs(session: Session, page: Page) -> list[Pair]:
    newest = (Lookalike.found_at.desc(), Lookalike.one_id.desc(), Lookalike.other_id.desc())
    found = session.scalars(page.cut(select(Lookalike).order_by(*newest))).all()
    side_of = sides(session, list({id_ for row in found for id_ in (row.one_id, row.other_id)}))
    return [
        Pair(side_of[row.one_id], side_of[row.other_id], tuple(row.why.split(", ")), row.found_at)
        for row in found
        if row.one_id in side_of and row.other_id in side_of
    ]


def lookalikes_of(session: Session, candidate_id: int, *, most: int = 5) -> list[Side]:
    """Who may be one person with this one."""
    theirs = or_(Lookalike.one_id == candidate_id, Lookalike.other_id == candidate_id)
    query = select(Lookalike.one_id + Lookalike.other_id - candidate_id).where(theirs)
    ids = session.scalars(query.order_by(Lookalike.found_at.desc()).limit(most)).all()
    found = sides(session, ids)
    return [found[id_] for id_ in ids if id_ in found]


def number_of_pairs(session: Session) -> int:
    """Up to MOST."""
    return session.scalar(_NUMBER) or 0


_NUMBER = select(func.count()).select_from(select(Lookalike.__table__.c.one_id).limit(MOST).subquery())
"""Made once: the list of people asks it each time."""


def sides(session: Session, ids: Sequence[int]) -> dict[int, Side]:
    """Those of these who are somebody of their own: neither merged away nor erased."""
    query = (
        select(Candidate, Member.name.label("owner"))
        .outerjoin(Member, Member.id == Candidate.owner_id)
        .where(Candidate.id.in_(ids), IS_LISTED)
    )
    found = {candidate.id: (candidate, owner or "") for candidate, owner in session.execute(query)}
    record_of = merged_records(session, found)
    addresses, words = _addresses(session, record_of), _words(session, record_of)
    return {
        id_: Side(
            id=id_,
            version=one.version,
            name=one.name,
            title=one.title,
            company=one.company,
            location=one.location,
            source=one.source,
            pronoun=one.pronoun,
            tags=tuple(one.tags),
            owner=owner,
            met_on=one.met_on,
            do_not_contact=one.do_not_contact,
            words=words.get(id_, 0),
            addresses=tuple(addresses.get(id_, ())[:ADDRESSES]),
        )
        for id_, (one, owner) in found.items()
    }


def kept_first(one: Side, other: Side) -> tuple[Side, Side]:
    """Who is kept, if nobody says otherwise: the one with more words, then the longer known, then the first added."""

    def worth(side: Side) -> tuple[int, date, int]:
        return (-side.words, side.met_on or date.max, side.id)

    first, second = sorted((one, other), key=worth)
    return first, second


def merged_into(session: Session, records: Sequence[int]) -> dict[int, Merged]:
    """Merges that stand of the person of these records, by the id that parts them; the latest first."""
    if len(records) == 1:
        return {}
    query = (
        select(Merge.id, Candidate.name, Merge.merged_at, Member.name.label("by"))
        .join(Candidate, Candidate.id == Merge.gone_id)
        .outerjoin(Member, Member.id == Merge.merged_by_id)
        .where(Merge.kept_id.in_(records), Merge.undone_at.is_(None))
        .order_by(Merge.merged_at.desc(), Merge.id.desc())
    )
    return {row.id: Merged(row.name, row.merged_at, row.by or "") for row in session.execute(query)}


def _addresses(session: Session, record_of: dict[int, int]) -> dict[int, list[tuple[HandleKind, str]]]:
    found: dict[int, list[tuple[HandleKind, str]]] = {}
    query = select(Handle.candidate_id, Handle.kind, Handle.value).where(Handle.candidate_id.in_(record_of))
    for id_, kind, value in session.execute(query.order_by(Handle.id)):
        found.setdefault(record_of[id_], []).append((kind, value))
    return found


def _words(session: Session, record_of: dict[int, int]) -> dict[int, int]:
    query = (
        select(Fact.candidate_id, func.count())
        .where(Fact.candidate_id.in_(record_of), Fact.kind == FactKind.CONTACT, Fact.undone_at.is_(None))
        .group_by(Fact.candidate_id)
    )
    found: dict[int, int] = {}
    for id_, number in session.execute(query):
        if id_ is not None:
            found[record_of[id_]] = found.get(record_of[id_], 0) + number
    return found
