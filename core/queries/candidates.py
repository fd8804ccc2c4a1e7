"""The people we know: found, filtered, sorted and paged in the database, never more than the first thousand.

Every list begins with one range of one index, the narrowest there is for what was asked, and stops after so many
entries of it. Nothing here takes longer because the team has known more people.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from core.domain.facts import Rhythm
from core.domain.growth import Beginner
from core.domain.handles import Handle as Address
from core.domain.handles import phone, profile
from core.domain.matching import Pool, every_match, person
from core.domain.names import company_key, folded, name_key
from core.domain.promises import to_the_minute
from core.domain.warmth import Ties
from core.persistence.facts import merged_records, rhythm_in
from core.persistence.matching import Stored
from core.persistence.search import begins_with, typed_words
from core.persistence.skills import implying_each
from core.persistence.tables import Candidate, CandidateSkill, Handle, Member, SearchWord
from core.persistence.tables.people import IS_LISTED, HandleKind
from core.persistence.tombstones import erased_among
from core.queries.called import addresses_of
from core.queries.page import Page
from core.queries.skills import reasons
from core.queries.warmth import TIES, ties_of

MOST = 1_000
"""So many people a list shows at most; whoever looks for one among more types more."""
FAR = 2_000
"""So many people are looked at to find them, each a row somewhere in the file."""
NEAR = 1_500
"""The same for a first try along the chosen order."""
ALONG = 20_000
"""So many entries of an index are looked at, which lie side by side."""
COMMON = 10_000
"""The same of a skill that more people have than can be looked at anyway."""
FEW, FARTHER = 400, 12_000
"""The same along the chosen order, if a first few say that the list will be full there."""
SPARE = 100
"""So many more than a list shows, in case that some of those who were merged turn out not to be meant."""

PERSON, HELD = Candidate.__table__, CandidateSkill.__table__
Query = Select[*tuple[Any, ...]]
Found = dict[int, Any]
"""Ids, each with what it is sorted by."""


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
    """The latest added: the highest id."""


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
    """None: anybody's; 0: nobody's."""
    rhythm: HasRhythm | None = None
    due: Due | None = None
    silent_months: int | None = None
    """No word from us for longer than that; 0: never a word."""
    do_not_contact: bool = False
    skills: tuple[int, ...] = ()
    """All of these, each itself or by another that implies it."""
    order: Order = Order.NAME

    @property
    def narrows_people(self) -> bool:
        """Anything but a text."""
        return bool(self.skills) or self.narrows_by_columns or self.owner_id is not None

    @property
    def narrows_by_columns(self) -> bool:
        """By what stands in the candidates' own rows; the owner stands in the indexes too."""
        asked = (self.rhythm, self.due, self.silent_months)
        return self.do_not_contact or any(value is not None for value in asked)


@dataclass(frozen=True, slots=True)
class _Asked(CandidateFilters):
    """The same, with what a search needs to know of the skills."""

    known_by: Mapping[int, Sequence[int]] = field(default_factory=dict)
    """Each skill with itself and all that imply it: so written out, a list is compared faster than it is read."""


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
    begins_as: Beginner | None
    owner_id: int | None
    owner: str
    rhythm: Rhythm | None
    do_not_contact: bool
    last_word_to_at: datetime | None
    last_word_from_at: datetime | None
    next_due_at: datetime | None
    added_at: datetime
    ties: Ties
    """Of which their warmth is reckoned."""
    why: str = ""
    """Where skills were asked for: what they know of them, or what implies it."""


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
    rows = _rows(session, ids[start : start + page.size])
    if filters.skills:
        why = reasons(session, [person.id for person in rows], filters.skills)
        rows = [replace(person, why=why.get(person.id, "")) for person in rows]
    return People(rows, len(ids), is_cut)


def found(session: Session, filters: CandidateFilters, *, now: datetime, region: str) -> tuple[list[int], bool]:
    """Whoever is meant, in order, up to MOST; and whether there may be more."""
    filters = _asked(session, filters)
    if (addressed := _with_address(session, filters, now, region)) is not None:
        return _in_order(addressed, filters)
    words = typed_words(filters.text)
    if filters.text.strip() and not words:
        return [], False
    ways = list(_ways(filters, now))
    if not ways and not words and not filters.skills:
        return _first_of_all(session, filters)
    narrowest, number = _narrowest(session, ways)
    rarest, holders = _rarest(session, filters)
    in_the_index = number > FAR and (words or len(filters.skills) > 1)
    if rarest is not None and holders <= (ALONG if in_the_index else min(number, FAR)):
        matched, is_cut = _by_skills(session, rarest, holders, filters, now, words)
    elif words and (narrowest is None or number > FAR):
        matched, is_cut = _by_words(session, words, filters, now)
    elif narrowest is not None and (words or number <= NEAR):
        matched, is_cut = _collected(session, narrowest, filters, now, words)
    elif near := _first_along(session, filters, now):
        return near, True
    elif narrowest is not None:
        matched, is_cut = _collected(session, narrowest, filters, now, words)
    else:
        assert rarest is not None
        matched, is_cut = _by_skills(session, rarest, holders, filters, now, words)
    ids, more = _in_order(matched, filters)
    return ids, is_cut or more


def erased_on(session: Session, handles: Sequence[Address]) -> date | None:
    """When whoever had one of these addresses was erased; None where nobody was."""
    return max(erased_among(session, handles).values(), default=None)


def lookalikes(
    session: Session, name: str, company: str, handles: Sequence[Address], *, most: int = 5
) -> list[tuple[Person, tuple[str, ...]]]:
    """Perhaps the person who is about to be added: whom the matcher finds, then whoever has that very name; and why."""
    someone = person(name_key(name), company_key(company), handles)
    pool = Pool(Stored(session).known_by(someone.asks))
    found = {match.of.number: match.on for match in every_match(someone, pool) if match.of is not None}
    if name.strip():
        same = select(Candidate.id).where(IS_LISTED, Candidate.sort_name == folded(name.strip())).limit(most)
        for id_ in session.scalars(same):
            found.setdefault(id_, ("name",))
    return [(one, found[one.id]) for one in _rows(session, list(found)[:most])]


def versions(session: Session, ids: Iterable[int]) -> dict[int, int]:
    """Which version of each is stored now, of those who are neither erased nor merged into another."""
    query = select(Candidate.id, Candidate.version).where(
        Candidate.id.in_(list(ids)), Candidate.erased_at.is_(None), Candidate.merged_into_id.is_(None)
    )
    return {row.id: row.version for row in session.execute(query)}


# what is meant


def _asked(session: Session, filters: CandidateFilters) -> _Asked:
    plain = {one.name: getattr(filters, one.name) for one in fields(CandidateFilters)}
    return _Asked(**plain, known_by=implying_each(session, filters.skills))


def _narrowed(person: Any, filters: _Asked, now: datetime) -> Iterator[ColumnElement[bool]]:
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
    if filters.skills:
        known = [_holds(person.id, filters.known_by[skill_id]) for skill_id in filters.skills]
        yield or_(and_(*known), _has_merged(person.id))


def _has_merged(person_id: Any) -> ColumnElement[bool]:
    """What they know may be of a record that was merged into them: those few are looked at one by one."""
    gone = PERSON.alias().c
    return _is_one(select(literal(1)).where(gone.merged_into_id == person_id))


def _unknowing(session: Session, doubtful: Iterable[int], filters: _Asked) -> set[int]:
    """Those of them who lack one of the skills, even with what was merged into them."""
    ids = set(doubtful)
    if not ids or not filters.skills:
        return set()
    kept_of, held = merged_records(session, ids), dict[int, set[int]]()
    theirs = select(HELD.c.candidate_id, HELD.c.skill_id).where(HELD.c.candidate_id.in_(kept_of))
    for record_id, skill_id in session.execute(theirs):
        held.setdefault(kept_of[record_id], set()).add(skill_id)
    return {id_ for id_ in ids if any(held.get(id_, set()).isdisjoint(by) for by in filters.known_by.values())}


def _holds(record_id: Any, known_by: Sequence[int]) -> ColumnElement[bool]:
    held = HELD.alias().c
    that = (held.skill_id + 0).in_(known_by)  # + 0: compare the few they have, do not look up each that would do
    return _is_one(select(literal(1)).where(held.candidate_id == record_id, that))


def _is_one(entries: Query) -> ColumnElement[bool]:
    """EXISTS, asked of each row: for that word PostgreSQL reads the whole table first, to have all answers at hand."""
    return entries.limit(1).scalar_subquery().is_not(None)


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
            return person.id, True


# the ways into the list: each is one range of one index


@dataclass(frozen=True, slots=True)
class _Way:
    """A condition that an index answers, and the columns of that index. Everybody meant fits it, and others do too."""

    range: tuple[Any, ...]
    in_order: tuple[Any, ...]


def _ways(filters: _Asked, now: datetime) -> Iterator[_Way]:
    """One for each filter that has an index; the owner's people are a range of each of these."""
    listed: list[Any] = [IS_LISTED]
    if filters.do_not_contact:
        yield _Way((*listed, Candidate.do_not_contact), (Candidate.sort_name, Candidate.id))
    if filters.owner_id is not None:
        listed.append(Candidate.owner_id == (filters.owner_id or None))
    if filters.due is not None:
        yield _Way((*listed, _due(Candidate, filters.due, now)), (Candidate.next_due_at, Candidate.id))
    if filters.silent_months is not None:
        silent = _silent(Candidate, filters.silent_months, now)
        yield _Way((*listed, silent), (Candidate.last_word_to_at, Candidate.id))
    listed[0] = Candidate.met_on.is_not(None)  # so too is whoever is in a list, and it stands in the next two indexes
    unit = Candidate.rhythm_unit
    if filters.rhythm is HasRhythm.YES:
        by_rhythm = (Candidate.in_touch_on, unit, Candidate.rhythm_count, Candidate.id)
        yield _Way((*listed, unit.is_not(None)), by_rhythm)
    if filters.rhythm is HasRhythm.NO:
        yield _Way((*listed, unit.is_(None)), (unit, Candidate.owner_id, Candidate.id))


def _narrowest(session: Session, ways: Iterable[_Way]) -> tuple[_Way | None, int]:
    """The way with the fewest entries, and how many these are; more than FAR are not counted."""
    fewest, number = None, FAR + 1
    for way in ways:
        counted = _counted(session, select(literal(1)).select_from(Candidate).where(*way.range), number)
        if fewest is None or counted < number:
            fewest, number = way, counted
    return fewest, number


def _rarest(session: Session, filters: _Asked) -> tuple[int | None, int]:
    """The skill that the fewest people have, and how many entries it has; more than ALONG are not counted."""
    rarest, number = None, ALONG + 1
    for skill_id, known_by in filters.known_by.items():
        counted = _counted(session, _holders(known_by), number)
        if rarest is None or counted < number:
            rarest, number = skill_id, counted
    return rarest, number


def _counted(session: Session, entries: Query, most: int) -> int:
    return session.scalar(select(func.count()).select_from(entries.limit(most).subquery())) or 0


def _first_of_all(session: Session, filters: _Asked) -> tuple[list[int], bool]:
    """Nothing but a name or an owner narrows the list: the beginning of it, along the index of its order."""
    ids: list[int] = []
    for there in _ids_in_parts(filters.owner_id, filters.order):
        ids += session.execute(there, {"most": MOST + 1 - len(ids)}).scalars()
        if len(ids) > MOST:
            break
    return ids[:MOST], len(ids) > MOST


@lru_cache(maxsize=200)
def _ids_in_parts(owner_id: int | None, order: Order) -> list[Select[int]]:
    """Made once: it is what whoever opens the list asks."""
    parts = _in_parts(_Asked(owner_id=owner_id, order=order))
    return [there.with_only_columns(Candidate.id).limit(bindparam("most")) for there in parts]


def _first_along(session: Session, filters: _Asked, now: datetime) -> list[int] | None:
    """A full list of what is common, found near the beginning of the chosen order; None where it is not so common."""
    columns, far = _needed(filters), [NEAR]
    if not filters.narrows_by_columns:  # all of it stands in indexes
        columns = [Candidate.id, *([Candidate.owner_id] if filters.owner_id is not None else [])]
        far = [FEW, FARTHER]
    for entries in far:
        some = next(_in_parts(filters)).with_only_columns(*columns).limit(entries).subquery().c
        query = select(some.id, _has_merged(some.id)).where(*_narrowed(some, filters, now))
        rows = session.execute(query.limit(MOST + SPARE)).all()
        lacking = _unknowing(session, (id_ for id_, has_merged in rows if has_merged), filters)
        ids = [id_ for id_, _ in rows if id_ not in lacking][:MOST]
        if len(ids) == MOST:
            return ids
        if len(ids) * FARTHER < MOST * entries * 1.1:  # farther on it would not be full either
            break
    return None


def _in_parts(filters: _Asked) -> Iterator[Select[Candidate]]:
    """Everybody of an owner, or of all, in the chosen order: those with a date, then those without."""
    key, is_backwards = _keys(Candidate, filters.order)
    there = select(Candidate).where(IS_LISTED)
    if filters.owner_id is not None:
        there = there.where(Candidate.owner_id == (filters.owner_id or None))
    in_order = (key.desc(), Candidate.id.desc()) if is_backwards else (key, Candidate.id)
    if filters.order in (Order.NAME, Order.ADDED):
        yield there.order_by(*in_order)
    else:
        yield there.where(key.is_not(None)).order_by(*in_order)
        yield there.where(key.is_(None)).order_by(Candidate.id)


def _collected(session: Session, way: _Way, filters: _Asked, now: datetime, words: Sequence[str]) -> tuple[Found, bool]:
    """Whoever is meant among the first of that way, and whether there may be more."""
    entries = select(*_needed(filters)).where(*way.range).order_by(*way.in_order)
    some = entries.limit(FAR).subquery().c
    wanted = (*_narrowed(some, filters, now), *_has_words(some.id, words))
    rows = session.execute(select(*_found(some, filters)).where(*wanted).limit(MOST + 1)).all()
    is_cut = (
        len(rows) > MOST or session.scalar(entries.with_only_columns(Candidate.id).offset(FAR).limit(1)) is not None
    )
    return _kept(session, rows, filters, now), is_cut


def _by_skills(
    session: Session, rarest: int, holders: int, filters: _Asked, now: datetime, words: Sequence[str]
) -> tuple[Found, bool]:
    """Whoever is meant among the first who have the rarest of the skills, and whether there may be more.

    The words and the other skills are asked of each in the index alone, so that few of them need be looked at. Whoever
    may know the others by a record merged with theirs is asked once more: these are few.
    """
    some = _holders(filters.known_by[rarest]).limit(ALONG if holders <= ALONG else COMMON).subquery().c
    others = [_holds(some.candidate_id, ids) for skill_id, ids in filters.known_by.items() if skill_id != rarest]
    there = select(some.candidate_id).where(*_has_words(some.candidate_id, words))
    rest = replace(filters, skills=())
    most = FAR if rest.narrows_people else MOST
    enough = most + most // 2  # who has two that would do is there twice; DISTINCT would look at all before the first
    entries = session.scalars(there.where(*others).limit(enough)).all()
    found = list(dict.fromkeys(entries))
    is_cut = len(found) > most or len(entries) == enough or holders > ALONG
    matched = _again(session, set(found[:most]), rest, now)
    if others:
        matched |= _again(session, _in_a_merge(session, filters.known_by[rarest], words), filters, now)
    return matched, is_cut


def _in_a_merge(session: Session, known_by: Sequence[int], words: Sequence[str]) -> set[int]:
    """Records with that skill that were merged, or into which one was: the other skills may be the other record's."""
    gone = select(Candidate.id, Candidate.merged_into_id).where(Candidate.merged_into_id.is_not(None))
    merged, ids = gone.limit(ALONG).subquery().c, set[int]()
    for record_id in (merged.id, merged.merged_into_id):
        having = _holds(record_id, known_by), *_has_words(record_id, words)
        ids.update(session.scalars(select(record_id).where(*having).limit(FAR)))
    return ids


def _holders(known_by: Sequence[int]) -> Select[int]:
    """Whoever has a skill or one that implies it; who has two of them, twice."""
    return select(CandidateSkill.candidate_id).where(CandidateSkill.skill_id.in_(known_by))


def _by_words(session: Session, words: Sequence[str], filters: _Asked, now: datetime) -> tuple[Found, bool]:
    """Whoever has all the words, and whether there may be more.

    What few people have is read whole and compared in the index alone; what many have is asked of each found so far.
    """
    numbers = {word: _counted(session, _of(word), ALONG + 1) for word in words}
    rare = sorted((word for word in words if numbers[word] <= ALONG), key=lambda word: numbers[word])
    first, *others = rare or sorted(words, key=len)[-1:]
    ids = _of(first).distinct()
    if not rare:
        some = _of(first).limit(FAR).subquery()
        ids = select(some.c.candidate_id).distinct()
    for word in others:
        ids = ids.where((SearchWord.candidate_id + 0).in_(_of(word)))  # + 0: compare what was read, look nothing up
    common = [word for word in words if word != first and word not in others]
    ids = ids.where(*_has_words(ids.selected_columns[0], common))
    most = FAR if filters.narrows_people else MOST
    found = session.scalars(ids.limit(most + 1)).all()
    is_cut = len(found) > most or not rare
    matched = _again(session, set(found[:most]), filters, now)
    return (matched | _of_that_name(session, filters, now) if is_cut else matched), is_cut


def _of(word: str) -> Select[int]:
    return select(SearchWord.candidate_id).where(begins_with(SearchWord.word, word))


def _of_that_name(session: Session, filters: _Asked, now: datetime) -> Found:
    """Whose name begins with what was typed, or with all but its last word: found even where each word is everybody's.

    So typing more of a common name, or a place after it, always narrows.
    """
    typed = folded(filters.text).split()
    found: Found = {}
    for length in sorted({len(typed), max(len(typed) - 1, 1)}, reverse=True):
        there = IS_LISTED, begins_with(Candidate.sort_name, " ".join(typed[:length]))
        in_order = select(*_needed(filters)).where(*there).order_by(Candidate.sort_name, Candidate.id)
        some = in_order.limit(MOST + 1).subquery().c
        wanted = (*_narrowed(some, filters, now), *_has_words(some.id, typed_words(" ".join(typed[length:]))))
        rows = session.execute(select(*_found(some, filters)).where(*wanted)).all()
        found |= _kept(session, rows, filters, now)
        if len(found) >= MOST:
            break
    return found


# by address


def _with_address(session: Session, filters: _Asked, now: datetime, region: str) -> Found | None:
    """Whose address was typed, or its beginning; None where no address was typed."""
    addresses = list(_addresses(filters.text.strip(), region))
    if not addresses:
        return None
    ids: set[int] = set()
    for kind, value in addresses:
        query = select(Handle.candidate_id).where(Handle.kind == kind, begins_with(Handle.value, value))
        ids.update(session.scalars(query.order_by(Handle.value).limit(MOST + 1)))
    return _again(session, ids, filters, now)


def _addresses(text: str, region: str) -> Iterator[tuple[HandleKind, str]]:
    if "/" in text and (handles := profile(text)[0]):
        yield from ((HandleKind(handle.kind), handle.value) for handle in handles)
    elif "@" in text.strip("@") and " " not in text:
        yield HandleKind.EMAIL, text.lower().removeprefix("mailto:")
    elif sum(map(str.isdigit, text)) >= 4 and not any(map(str.isalpha, text)):
        whole = phone(text, region).value
        yield HandleKind.PHONE, whole or "+" + "".join(filter(str.isdigit, text)).removeprefix("00")


# into order, and whole


def _needed(filters: _Asked) -> list[Any]:
    """The columns that are filtered and sorted by."""
    needed = (
        Candidate.id,
        Candidate.merged_into_id,
        Candidate.owner_id,
        Candidate.rhythm_unit,
        Candidate.do_not_contact,
        Candidate.last_word_to_at,
        Candidate.next_due_at,
    )
    return [*needed, *({_keys(Candidate, filters.order)[0]} - set(needed))]


def _found(person: Any, filters: _Asked) -> tuple[Any, ...]:
    doubtful = _has_merged(person.id) if filters.skills else literal(False)
    return person.id, person.merged_into_id, _keys(person, filters.order)[0], doubtful


def _kept(session: Session, rows: Sequence[Any], filters: _Asked, now: datetime) -> Found:
    """Whoever was merged away is found as the one kept."""
    kept = {id_: key for id_, merged_into, key, _ in rows if merged_into is None}
    into = {merged_into for _, merged_into, *_ in rows if merged_into is not None} - kept.keys()
    for id_ in _unknowing(session, (id_ for id_, *_, doubtful in rows if doubtful and id_ in kept), filters):
        del kept[id_]
    return kept | _again(session, into, filters, now) if into else kept


def _again(session: Session, ids: set[int], filters: _Asked, now: datetime) -> Found:
    """Those of these ids that fit the filters."""
    if not ids:
        return {}
    wanted = or_(Candidate.merged_into_id.is_not(None), and_(literal(True), *_narrowed(Candidate, filters, now)))
    query = select(*_found(Candidate, filters)).where(Candidate.id.in_(ids), Candidate.erased_at.is_(None), wanted)
    return _kept(session, session.execute(query).all(), filters, now)


def _in_order(found: Found, filters: _Asked) -> tuple[list[int], bool]:
    """The first of them, and whether there are more."""
    _, is_backwards = _keys(Candidate, filters.order)
    dated = sorted(((key, id_) for id_, key in found.items() if key is not None), reverse=is_backwards)
    ordered = [id_ for _, id_ in dated] + sorted(id_ for id_, key in found.items() if key is None)
    return ordered[:MOST], len(ordered) > MOST


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_ROWS = (
    select(
        Candidate.id,
        Candidate.version,
        Candidate.name,
        Candidate.title,
        Candidate.company,
        Candidate.location,
        Candidate.source,
        Candidate.begins_as,
        Candidate.owner_id,
        Member.name.label("owner"),
        Candidate.rhythm_count,
        Candidate.rhythm_unit,
        Candidate.do_not_contact,
        Candidate.next_due_at,
        Candidate.added_at,
        *TIES,
    )
    .outerjoin(Member, Member.id == Candidate.owner_id)
    .where(Candidate.id.in_(_IDS))
)


def _rows(session: Session, ids: Sequence[int]) -> list[Person]:
    if not ids:
        return []
    rows = {row.id: row for row in session.execute(_ROWS, {"ids": list(ids)})}
    addresses = addresses_of(session, [row.id for row in rows.values() if not row.name])
    return [_person(rows[id_], addresses.get(id_, "")) for id_ in ids if id_ in rows]


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
        begins_as=row.begins_as,
        owner_id=row.owner_id,
        owner=row.owner or "",
        rhythm=rhythm_in(row),
        do_not_contact=row.do_not_contact,
        last_word_to_at=row.last_word_to_at,
        last_word_from_at=row.last_word_from_at,
        next_due_at=row.next_due_at,
        added_at=row.added_at,
        ties=ties_of(row),
    )
