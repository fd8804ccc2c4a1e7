"""The people we know: found, filtered, sorted and paged in the database, never more than the first thousand.

Every list begins with one range of one index, the narrowest there is for what was asked, and stops after so many
entries of it. Nothing here takes longer because the team has known more people.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from core.domain.facts import Rhythm
from core.domain.handles import phone, profile
from core.domain.names import folded
from core.domain.promises import to_the_minute
from core.persistence.search import begins_with, typed_words
from core.persistence.tables import Candidate, Handle, Member, SearchWord
from core.persistence.tables.people import HandleKind
from core.queries.page import Page

MOST = 1_000
"""So many people a list shows at most; whoever looks for one among more types more."""
FAR = 10_000
"""So many entries of an index a list looks at to find them."""
NEAR = 4_000
"""The same for a first try along the chosen order."""

NOBODYS = 0
"""In place of an owner's id: people who are with nobody."""

Query = Select[*tuple[Any, ...]]
Key = tuple[Any, ...]


class Order(StrEnum):
    """What comes first; whoever has no such date comes last."""

    NAME = "name"
    SILENCE = "silence"
    """The longest without a word from us."""
    HEARD = "heard"
    """The latest word from them."""
    DUE = "due"
    """The next due."""
    ADDED = "added"
    """The latest added."""


class Due(StrEnum):
    OVERDUE = "overdue"
    WEEK = "week"
    """Overdue, or due within seven days."""


class HasRhythm(StrEnum):
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class CandidateFilters:
    """Who is meant, and in which order. Drawn by the page, kept in the address."""

    text: str = ""
    owner_id: int | None = None
    """None: anybody's; NOBODYS: nobody's."""
    rhythm: HasRhythm | None = None
    due: Due | None = None
    silent_months: int | None = None
    """No word from us for longer than that; 0: never a word."""
    do_not_contact: bool = False
    order: Order = Order.NAME

    @property
    def is_narrow(self) -> bool:
        return bool(self.text.strip() or self.rhythm or self.due or self.do_not_contact) or (
            self.silent_months is not None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A row of the list."""

    id: int
    version: int
    name: str
    address: str
    """An e-mail address, phone or profile, where there is no name."""
    title: str
    company: str
    location: str
    source: str
    owner_id: int | None
    owner: str
    rhythm: Rhythm | None
    do_not_contact: bool
    last_word_to_at: datetime | None
    last_word_from_at: datetime | None
    next_due_at: datetime | None
    added_at: datetime


@dataclass(frozen=True, slots=True)
class People:
    rows: list[Person]
    number: int
    """How many the list has, up to MOST."""
    is_cut: bool
    """There are more, or may be: the list holds the first of them."""


def people(session: Session, filters: CandidateFilters, *, now: datetime, region: str, page: Page) -> People:
    """The page of the list. `region` reads a phone number without a country code."""
    ids, is_cut = found(session, filters, now=now, region=region)
    start = (page.number - 1) * page.size
    return People(_rows(session, ids[start : start + page.size]), len(ids), is_cut)


def found(session: Session, filters: CandidateFilters, *, now: datetime, region: str) -> tuple[list[int], bool]:
    """Whoever is meant, in order, up to MOST; and whether there may be more."""
    if (addressed := _with_address(session, filters.text, region)) is not None:
        return _in_order(session, addressed, filters, now)
    words = typed_words(filters.text)
    if filters.text.strip() and not words:
        return [], False
    ways = [*_ways(filters, now), *_ways_by_words(words)]
    if not ways:
        return _first_of_all(session, filters)
    narrowest, number = _narrowest(session, ways)
    if number > NEAR and (near := _first_along(session, filters, now, words)) is not None:
        return near, True
    matched, is_cut = _collected(session, narrowest, filters, now, words)
    if words:
        named, more = _of_that_name(session, filters, now)
        matched, is_cut = matched | named, is_cut or more
    ids, more = _in_order(session, matched, filters, now)
    return ids, is_cut or more


# what is meant


def _listed(person: Any) -> ColumnElement[bool]:
    return and_(person.merged_into_id.is_(None), person.erased_at.is_(None))


def _narrowed(person: Any, filters: CandidateFilters, now: datetime) -> Iterator[ColumnElement[bool]]:
    if filters.owner_id is not None:
        yield person.owner_id == (filters.owner_id or None)
    if filters.rhythm is not None:
        yield _has_rhythm(person, filters.rhythm)
    if filters.due is not None:
        yield _due(person, filters.due, now)
    if filters.silent_months is not None:
        yield _silent(person, filters.silent_months, now)
    if filters.do_not_contact:
        yield person.do_not_contact


def _has_rhythm(person: Any, wanted: HasRhythm) -> ColumnElement[bool]:
    column = person.rhythm_unit
    has: ColumnElement[bool] = column.is_not(None) if wanted is HasRhythm.YES else column.is_(None)
    return has


def _due(person: Any, due: Due, now: datetime) -> ColumnElement[bool]:
    until = to_the_minute(now) if due is Due.OVERDUE else now + timedelta(days=7)
    before: ColumnElement[bool] = person.next_due_at < until
    return before


def _silent(person: Any, months: int, now: datetime) -> ColumnElement[bool]:
    spoken: ColumnElement[Any] = person.last_word_to_at
    return spoken < now - relativedelta(months=months) if months else spoken.is_(None)


def _has_words(person_id: Any, words: Iterable[str]) -> Iterator[ColumnElement[bool]]:
    for word in words:
        other = aliased(SearchWord)
        yield select(literal(1)).where(other.candidate_id == person_id, begins_with(other.word, word)).exists()


def _keys(person: Any, order: Order) -> tuple[ColumnElement[Any], bool]:
    """What is sorted by, and whether backwards."""
    match order:
        case Order.NAME:
            return person.sort_name, False
        case Order.SILENCE:
            return person.last_word_to_at, False
        case Order.HEARD:
            return person.last_word_from_at, True
        case Order.DUE:
            return person.next_due_at, False
        case Order.ADDED:
            return person.added_at, True


# the ways into the list: each is one range of one index


@dataclass(frozen=True, slots=True)
class _Way:
    """A range of an index that holds whoever is meant, and others."""

    range: tuple[Any, ...]
    in_order: tuple[Any, ...]
    is_of_words: bool = False


def _ways(filters: CandidateFilters, now: datetime) -> Iterator[_Way]:
    """One for each filter that has an index; the owner's people are a range of each of these."""
    listed: list[ColumnElement[bool]] = [_listed(Candidate)]
    if filters.do_not_contact:
        yield _Way((*listed, Candidate.do_not_contact), (Candidate.sort_name, Candidate.id))
    if filters.owner_id is not None:
        listed.append(Candidate.owner_id == (filters.owner_id or None))
    if filters.due is not None:
        yield _Way((*listed, _due(Candidate, filters.due, now)), (Candidate.next_due_at, Candidate.id))
    if filters.silent_months is not None:
        silent = _silent(Candidate, filters.silent_months, now)
        yield _Way((*listed, silent), (Candidate.last_word_to_at, Candidate.id))
    if filters.rhythm is not None:
        in_order = (Candidate.rhythm_unit, Candidate.rhythm_count, Candidate.sort_name, Candidate.id)
        yield _Way((*listed, _has_rhythm(Candidate, filters.rhythm)), in_order)


def _ways_by_words(words: Sequence[str]) -> Iterator[_Way]:
    for word in sorted(words, key=len, reverse=True):
        in_order = (SearchWord.word, SearchWord.candidate_id)
        yield _Way((begins_with(SearchWord.word, word),), in_order, is_of_words=True)


def _narrowest(session: Session, ways: Sequence[_Way]) -> tuple[_Way, int]:
    """The way with the fewest entries, and how many, counted as far as FAR."""
    fewest, number = ways[0], FAR + 1
    for way in ways:
        table = SearchWord if way.is_of_words else Candidate
        entries = select(literal(1)).select_from(table).where(*way.range).limit(number).subquery()
        counted = session.scalar(select(func.count()).select_from(entries)) or 0
        if counted < number:
            fewest, number = way, counted
    return fewest, number


def _first_of_all(session: Session, filters: CandidateFilters) -> tuple[list[int], bool]:
    """Nothing but a name or an owner narrows the list: the beginning of it, along the index of its order."""
    ids: list[int] = []
    for there in _in_parts(filters):
        ids += session.scalars(there.with_only_columns(Candidate.id).limit(MOST + 1 - len(ids)))
        if len(ids) > MOST:
            break
    return ids[:MOST], len(ids) > MOST


def _first_along(session: Session, filters: CandidateFilters, now: datetime, words: Sequence[str]) -> list[int] | None:
    """A full list of what is common, found near the beginning of the chosen order; None where it is not so common."""
    some = aliased(Candidate, next(_in_parts(filters)).limit(NEAR).subquery())
    wanted = [*_narrowed(some, filters, now), *_has_words(some.id, words)]
    ids = session.scalars(select(some.id).where(*wanted).limit(MOST)).all()
    return list(ids) if len(ids) == MOST else None


def _in_parts(filters: CandidateFilters) -> Iterator[Select[Candidate]]:
    """Everybody of an owner, or of all, in the chosen order: those with a date, then those without."""
    key, is_backwards = _keys(Candidate, filters.order)
    there = select(Candidate).where(_listed(Candidate))
    if filters.owner_id is not None:
        there = there.where(Candidate.owner_id == (filters.owner_id or None))
    in_order = (key.desc(), Candidate.id.desc()) if is_backwards else (key, Candidate.id)
    if filters.order in (Order.NAME, Order.ADDED):
        yield there.order_by(*in_order)
    else:
        yield there.where(key.is_not(None)).order_by(*in_order)
        yield there.where(key.is_(None)).order_by(Candidate.id)


def _collected(
    session: Session, way: _Way, filters: CandidateFilters, now: datetime, words: Sequence[str]
) -> tuple[set[int], bool]:
    """Whoever is meant among the first entries of that way, and whether there may be more."""
    if way.is_of_words:
        entries = select(SearchWord.candidate_id).where(*way.range).limit(FAR).subquery()
        some: Any = Candidate
        query = select(Candidate.id, Candidate.merged_into_id).join(entries, entries.c.candidate_id == Candidate.id)
    else:
        some = aliased(Candidate, select(Candidate).where(*way.range).order_by(*way.in_order).limit(FAR).subquery())
        query = select(some.id, some.merged_into_id)
    wanted = or_(some.merged_into_id.is_not(None), and_(literal(True), *_narrowed(some, filters, now)))
    query = query.where(some.erased_at.is_(None), wanted, *_has_words(some.id, words)).limit(MOST * 2)
    rows = session.execute(query).all()
    return _kept(session, rows), len(rows) == MOST * 2 or _is_longer(session, way)


def _is_longer(session: Session, way: _Way) -> bool:
    table = SearchWord if way.is_of_words else Candidate
    beyond = select(literal(1)).select_from(table).where(*way.range).order_by(*way.in_order).offset(FAR).limit(1)
    return session.scalar(beyond) is not None


def _of_that_name(session: Session, filters: CandidateFilters, now: datetime) -> tuple[set[int], bool]:
    """Whose name begins with all that was typed: found even where each of its words is everybody's."""
    beginning = folded(" ".join(filters.text.split()))
    there = select(Candidate).where(_listed(Candidate), begins_with(Candidate.sort_name, beginning))
    some = aliased(Candidate, there.order_by(Candidate.sort_name, Candidate.id).limit(MOST + 1).subquery())
    ids = session.scalars(select(some.id).where(*_narrowed(some, filters, now))).all()
    return set(ids[:MOST]), len(ids) > MOST


# by address


def _with_address(session: Session, text: str, region: str) -> set[int] | None:
    """Whose address was typed, or its beginning; None where no address was typed."""
    addresses = [
        select(Handle.candidate_id, Candidate.merged_into_id)
        .join(Candidate, Candidate.id == Handle.candidate_id)
        .where(Handle.kind == kind, begins_with(Handle.value, value))
        .order_by(Handle.value)
        .limit(MOST + 1)
        for kind, value in _addresses(text.strip(), region)
    ]
    if not addresses:
        return None
    return _kept(session, [row for query in addresses for row in session.execute(query)])


def _addresses(text: str, region: str) -> Iterator[tuple[HandleKind, str]]:
    if "/" in text and (handles := profile(text)[0]):
        yield from ((HandleKind(handle.kind), handle.value) for handle in handles)
    elif "@" in text.strip("@") and " " not in text:
        yield HandleKind.EMAIL, text.lower().removeprefix("mailto:")
    elif sum(map(str.isdigit, text)) >= 4 and not any(map(str.isalpha, text)):
        whole = phone(text, region).value
        yield HandleKind.PHONE, whole or "+" + "".join(filter(str.isdigit, text)).removeprefix("00")


# into order, and whole


def _kept(session: Session, rows: Iterable[Any]) -> set[int]:
    """Whoever was merged away is found as the one kept."""
    kept: set[int] = set()
    into: set[int] = set()
    for id_, merged_into in rows:
        (kept if merged_into is None else into).add(merged_into or id_)
    if into:
        query = select(Candidate.id, Candidate.merged_into_id).where(Candidate.id.in_(into))
        kept |= _kept(session, session.execute(query).all())
    return kept


def _in_order(session: Session, ids: Iterable[int], filters: CandidateFilters, now: datetime) -> tuple[list[int], bool]:
    key, is_backwards = _keys(Candidate, filters.order)
    query = select(Candidate.id, key).where(
        Candidate.id.in_(sorted(ids)), _listed(Candidate), *_narrowed(Candidate, filters, now)
    )
    dated: list[Key] = []
    undated: list[Key] = []
    for id_, value in session.execute(query):
        (undated if value is None else dated).append((value, id_))
    ordered = [id_ for _, id_ in sorted(dated, reverse=is_backwards)] + sorted(id_ for _, id_ in undated)
    return ordered[:MOST], len(ordered) > MOST


def _rows(session: Session, ids: Sequence[int]) -> list[Person]:
    if not ids:
        return []
    query = (
        select(
            Candidate.id,
            Candidate.version,
            Candidate.name,
            Candidate.title,
            Candidate.company,
            Candidate.location,
            Candidate.source,
            Candidate.owner_id,
            Member.name.label("owner"),
            Candidate.rhythm_count,
            Candidate.rhythm_unit,
            Candidate.do_not_contact,
            Candidate.last_word_to_at,
            Candidate.last_word_from_at,
            Candidate.next_due_at,
            Candidate.added_at,
        )
        .outerjoin(Member, Member.id == Candidate.owner_id)
        .where(Candidate.id.in_(ids))
    )
    rows = {row.id: row for row in session.execute(query)}
    addresses = _addresses_of(session, [row.id for row in rows.values() if not row.name])
    return [_person(rows[id_], addresses.get(id_, "")) for id_ in ids if id_ in rows]


def _addresses_of(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """One for each who has no name to be called by."""
    if not ids:
        return {}
    query = select(Handle.candidate_id, Handle.value).where(Handle.candidate_id.in_(ids)).order_by(Handle.id.desc())
    return {row.candidate_id: row.value for row in session.execute(query)}


def _person(row: Any, address: str) -> Person:
    return Person(
        id=row.id,
        version=row.version,
        name=row.name,
        address=address,
        title=row.title,
        company=row.company,
        location=row.location,
        source=row.source,
        owner_id=row.owner_id,
        owner=row.owner or "",
        rhythm=Rhythm(row.rhythm_count, row.rhythm_unit) if row.rhythm_unit else None,
        do_not_contact=row.do_not_contact,
        last_word_to_at=row.last_word_to_at,
        last_word_from_at=row.last_word_from_at,
        next_due_at=row.next_due_at,
        added_at=row.added_at,
    )
