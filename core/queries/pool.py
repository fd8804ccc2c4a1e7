"""The pool at a glance, and whoever a choice in one of its charts means.

The charts are added up from sums that the writes keep (`core.persistence.tables.pool`), a few thousand short rows
whatever the team has known. Where a skill, a source or a tag narrows the pool there are no sums: then its people are
read, up to MANY, and counted the same way. A list is always a range of one index, and ends after MOST.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, func, select
from sqlalchemy.orm import Session

from core.domain.calendar import Calendar
from core.domain.facts import Rhythm, Unit, Way
from core.domain.pool import (
    AHEAD,
    ALIVE_FOR,
    KNOWN,
    NEVER,
    SILENT,
    Became,
    Now,
    first_of,
    is_alive,
    month_of,
    stands,
)
from core.domain.rhythms import rhythm_key, rhythm_of
from core.persistence.facts import kept_records, merged_records, rhythm_in
from core.persistence.search import tag_word
from core.persistence.skills import implying, implying_each
from core.persistence.tables import (
    TEAM,
    Candidate,
    CandidateSkill,
    Contact,
    Fact,
    Handle,
    Member,
    RhythmTally,
    SearchWord,
    SilenceTally,
    Skill,
    SourceTally,
)
from core.persistence.tables.people import HandleKind
from core.persistence.tallies import COUNTED_BY, Key, pool_keys
from core.queries.called import called
from core.queries.page import Page

MOST = 1_000
"""So many people a list shows at most."""
MANY = 2_000
"""So many people are counted one by one, where something narrows the pool that no sum is kept of."""
ALONG = 20_000
"""So many entries of an index are looked at to find them."""
FEW = 200
"""Up to so many are drawn as points, each a person."""
YEARS = 10
"""Cohorts told apart; whoever was met before them is one."""
SOON = timedelta(days=14)
WORD_YEARS = 5

NO_WORD, BEFORE, NO_RHYTHM, NOWHERE = "never", "before", "none", "not noted"
"""Keys of whoever has had no word, was met longer ago, has no rhythm, and whose source is not noted."""
WORDS = (Way.TO, Way.FROM, Way.TALKED)


class Figure(StrEnum):
    """What is chosen from."""

    SILENCE = "silence"
    MET = "met"
    RHYTHM = "rhythm"
    SOURCE = "source"
    COMING = "coming"


class Health(StrEnum):
    """How well a rhythm is kept."""

    ON_TIME = "on_time"
    SOON = "soon"
    """Due within two weeks."""
    PAST = "past"
    PAUSED = "paused"
    """Nothing is owed at present: in process, newly placed, or no contact."""
    NONE = "none"
    """There is none to keep."""


DATED = frozenset({Health.ON_TIME, Health.SOON, Health.PAST})


class Alive(StrEnum):
    YES = "alive"
    NO = "silent"


@dataclass(frozen=True, slots=True)
class Choice:
    """One or two things chosen in one chart. Either may be "": any."""

    figure: Figure
    one: str = ""
    """Years known, the year first met, a rhythm, a source (which is never any), in how many months."""
    other: str = ""
    """Months silent, alive or silent, how well it is kept, what became of them."""

    def __str__(self) -> str:
        """As it stands in the address."""
        return f"{self.figure.value}.{self.other}.{self.one}"


def choice_of(text: str) -> Choice | None:
    """What an address says; None where that is nothing that can be chosen."""
    figure, _, rest = text.partition(".")
    other, _, one = rest.partition(".")
    if figure not in set(Figure) or not (one or other):
        return None
    ones, others = _allowed(Figure(figure))
    is_one = not one or (one in ones if ones is not None else len(one) <= 200)
    if not is_one or (other and other not in others) or (figure == Figure.SOURCE and not one):
        return None
    if figure == Figure.RHYTHM and one and other and (one == NO_RHYTHM) != (other == Health.NONE):
        return None
    return Choice(Figure(figure), one, other)


@dataclass(frozen=True, slots=True)
class PoolFilters:
    """Who is meant; drawn by the page, kept in the address."""

    owner_id: int | None = None
    skill_id: int | None = None
    source: str | None = None
    tag: str = ""

    @property
    def narrows_people(self) -> bool:
        """By what no sums are kept of."""
        return self.skill_id is not None or self.source is not None or bool(self.tag)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody of the pool, as they count."""

    id: int
    name: str
    owner_id: int | None
    met_on: date
    last_word_on: date
    became: Became
    came_from: str
    rhythm_count: int | None
    rhythm_unit: Unit | None
    in_touch_on: date | None


@dataclass(frozen=True, slots=True)
class Seen:
    """What the charts show."""

    filters: PoolFilters
    today: date
    number: int
    silences: Counter[tuple[str, str]]
    """By years known and months silent, each by its key."""
    cohorts: Counter[tuple[str, Alive]]
    """By the year first met."""
    rhythms: Counter[tuple[str, Health]]
    """By rhythm; under NO_RHYTHM whoever has none."""
    sources: Counter[tuple[str, Now]]
    coming: Counter[str]
    """Who goes silent in one, two, three months, unless there is a word."""
    people: list[Known] = field(default_factory=list)
    """All of them, where they are few, or were counted one by one."""
    is_cut: bool = False
    """There are more than were counted."""

    @property
    def alive(self) -> int:
        return sum(number for (_, how), number in self.cohorts.items() if how is Alive.YES)

    def of(self, figure: Figure) -> Counter[tuple[str, str]]:
        """By the one and the other."""
        numbers: dict[Figure, Any] = {
            Figure.SILENCE: self.silences,
            Figure.MET: self.cohorts,
            Figure.RHYTHM: self.rhythms,
            Figure.SOURCE: self.sources,
            Figure.COMING: Counter({(key, ""): number for key, number in self.coming.items()}),
        }
        return Counter({(one, str(other)): number for (one, other), number in numbers[figure].items()})

    def number_of(self, choice: Choice | None) -> int:
        """How many a choice lists; without one, all whose rhythm has a date."""
        if choice is None:
            return sum(number for (_, how), number in self.rhythms.items() if how in DATED)
        return sum(
            number
            for (one, other), number in self.of(choice.figure).items()
            if choice.one in ("", one) and choice.other in ("", other)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolRow:
    """A row of the list."""

    id: int
    name: str
    does: str
    company: str
    location: str
    source: str
    owner: str
    email: str
    met_on: date
    last_word_on: date | None
    rhythm: Rhythm | None
    in_touch_on: date | None
    do_not_contact: bool
    words: tuple[int, ...]
    """Said either way in each of the last years, the earliest first."""


# the charts


def seen(session: Session, filters: PoolFilters, *, now: datetime, calendar: Calendar) -> Seen:
    today = calendar.day(now)
    if filters.narrows_people:
        people, is_cut = _people(session, filters)
        keys: Counter[tuple[int, Key]] = Counter()
        for person in people:
            keys.update(pool_keys(person))
        sums = [
            [(*key[1:], n) for (at, key), n in keys.items() if at == place and key[0] == TEAM] for place in range(3)
        ]
        return replace(_added_up(sums, filters, today), people=people, is_cut=is_cut)
    whose = {"whose": TEAM if filters.owner_id is None else filters.owner_id}
    found = _added_up([session.execute(query, whose).all() for query in _sums()], filters, today)
    if found.number > FEW:
        return found
    return replace(found, people=_people(session, filters)[0])


def cohorts(session: Session, owner_id: int | None, today: date) -> Counter[tuple[str, Alive]]:
    """The same as `Seen.cohorts`, of everybody or of an owner's, and nothing else."""
    asked = {"whose": TEAM if owner_id is None else owner_id, "alive_since": month_of(today) - ALIVE_FOR + 1}
    found: Counter[tuple[str, Alive]] = Counter()
    for year, is_so, number in session.execute(_COHORTS, asked):
        found[cohort_key(year, today), Alive.YES if is_so else Alive.NO] += number
    return found


_SILENCE: Any = SilenceTally.__table__.c
_YEAR, _IS_ALIVE = _SILENCE.met_month // 12, case((_SILENCE.last_month >= bindparam("alive_since"), 1), else_=0)
_COHORTS = (
    select(_YEAR.label("year"), _IS_ALIVE.label("is_alive"), func.sum(_SILENCE.number))
    .where(_SILENCE.owner_id == bindparam("whose"), _SILENCE.number > 0)
    .group_by("year", "is_alive")
)


def sources(session: Session) -> list[str]:
    """The keys of where people came from, most of them first."""
    return [source or NOWHERE for source in session.scalars(_SOURCES)]


_SOURCE: Any = SourceTally.__table__.c
_SOURCES = (
    select(_SOURCE.source)
    .where(_SOURCE.owner_id == TEAM, _SOURCE.number > 0)
    .group_by(_SOURCE.source)
    .order_by(func.sum(_SOURCE.number).desc(), _SOURCE.source)
    .limit(FEW)
)


@cache
def _sums() -> list[Select[Any]]:
    made = []
    for table in (SilenceTally.__table__, SourceTally.__table__, RhythmTally.__table__):
        columns = [column for column in table.c if column.name != "owner_id"]
        made.append(select(*columns).where(table.c.owner_id == bindparam("whose"), table.c.number > 0))
    return made


def _added_up(sums: Sequence[Sequence[Any]], filters: PoolFilters, today: date) -> Seen:
    """Of the sums by silence, source and rhythm: what they come to in the month of today."""
    month = month_of(today)
    silences: Counter[tuple[str, str]] = Counter()
    cohorts: Counter[tuple[str, Alive]] = Counter()
    coming: Counter[str] = Counter()
    for met, last, number in sums[0]:
        silences[known_key(month - met), silent_key(last, month)] += number
        cohorts[cohort_key(met // 12, today), Alive.YES if is_alive(last, month) else Alive.NO] += number
        ahead = ALIVE_FOR - (month - last)
        if 1 <= ahead <= AHEAD:
            coming[str(ahead)] += number
    whence: Counter[tuple[str, Now]] = Counter()
    for source, became, last, number in sums[1]:
        whence[source or NOWHERE, stands(became, last, month)] += number
    rhythms: Counter[tuple[str, Health]] = Counter()
    keys = {(unit, count): rhythm_key(Rhythm(count, unit)) for unit, count in {row[:2] for row in sums[2]}}
    for unit, count, due_on, number in sums[2]:
        rhythms[keys[unit, count], health(None if due_on == NEVER else due_on, today)] += number
    total = sum(silences.values())
    if without := total - sum(rhythms.values()):
        rhythms[NO_RHYTHM, Health.NONE] = without
    return Seen(filters, today, total, silences, cohorts, rhythms, whence, coming)


@lru_cache(maxsize=2_000)
def known_key(months: int) -> str:
    return next(one.key for one in KNOWN if one.holds(max(months, 0)))


@lru_cache(maxsize=2_000)
def silent_key(last_month: int, this_month: int) -> str:
    if last_month == month_of(NEVER):
        return NO_WORD
    return next(one.key for one in SILENT if one.holds(max(this_month - last_month, 0)))


def cohort_key(year: int, today: date) -> str:
    return str(year) if year > today.year - YEARS else BEFORE


def health(due_on: date | None, today: date) -> Health:
    if due_on is None:
        return Health.PAUSED
    if due_on < today:
        return Health.PAST
    return Health.SOON if due_on <= today + SOON else Health.ON_TIME


def source_of(key: str) -> str:
    return "" if key == NOWHERE else key


def _people(session: Session, filters: PoolFilters) -> tuple[list[Known], bool]:
    """Whoever is in the pool and meant, up to MANY, and whether there may be more."""
    ids, is_cut = _meant(session, filters)
    columns = [Candidate.id, Candidate.name, *(getattr(Candidate, name) for name in COUNTED_BY)]
    found = Candidate.met_on.is_not(None), Candidate.id.in_(ids[:MANY])
    return [Known(**row._mapping) for row in session.execute(select(*columns).where(*found))], is_cut


def _meant(session: Session, filters: PoolFilters) -> tuple[list[int], bool]:
    """Read along one index, ALONG entries of it at most: the owner's or the source's, else the tag's or the skill's."""
    knows = filters.skill_id
    if filters.owner_id is None and filters.source is None and (filters.tag or knows):
        records = _tagged(filters.tag) if filters.tag else _holders(session, knows or 0)
        entries = session.scalars(records.limit(MANY + 1)).all()
        ids, most = sorted(set(kept_records(session, entries).values())), MANY
        knows = knows if filters.tag else None
    else:
        query = select(Candidate.id).where(Candidate.met_on.is_not(None), *_narrowed(filters))
        if filters.tag:
            query = query.where(Candidate.id.in_(_tagged(filters.tag)))
        entries = ids = list(session.scalars(query.limit(ALONG + 1)))
        most = ALONG
    if knows is not None:
        ids = _knowing(session, ids, knows)
    return ids, len(entries) > most or len(ids) > MANY


def _narrowed(filters: PoolFilters) -> Iterator[ColumnElement[bool]]:
    """By what stands in the candidates' own rows."""
    if filters.owner_id is not None:
        yield Candidate.owner_id == (filters.owner_id or None)
    if filters.source is not None:
        yield Candidate.came_from == filters.source


def _holders(session: Session, skill_id: int) -> Select[Any]:
    """Whoever has a skill or one that implies it, by the record that has it: of the first ALONG entries, once each."""
    known_by = implying_each(session, [skill_id])[skill_id]
    entries = select(CandidateSkill.candidate_id).where(CandidateSkill.skill_id.in_(known_by)).limit(ALONG)
    return select(entries.subquery().c.candidate_id).distinct()


def _tagged(tag: str) -> Select[Any]:
    return select(SearchWord.candidate_id).where(SearchWord.word == tag_word(tag))


def _knowing(session: Session, ids: Sequence[int], skill_id: int) -> list[int]:
    """Those of them who know it, themselves or by a record merged into them."""
    records = merged_records(session, ids)
    skill = (CandidateSkill.skill_id + 0).in_(implying(skill_id))  # + 0: compare the few they have
    held = select(CandidateSkill.candidate_id).where(CandidateSkill.candidate_id.in_(list(records)), skill)
    return sorted({records[record] for record in session.scalars(held)})


# the list


def listed(session: Session, seen: Seen, choice: Choice | None, *, calendar: Calendar, page: Page) -> list[PoolRow]:
    """Whoever is chosen; where nothing is, those with a rhythm: the longest past their date first, then the nearest."""
    ids = chosen(session, seen, choice, most=page.number * page.size)
    return _rows(session, page.of(ids), seen.today, calendar)


def chosen(session: Session, seen: Seen, choice: Choice | None, *, most: int = MOST) -> list[int]:
    """The first of them, in the order of the list."""
    most = min(most, MOST)
    if seen.filters.narrows_people:
        people = [one for one in seen.people if _holds(one, choice, seen.today)]
        return [one.id for one in sorted(people, key=lambda one: _place(one, choice))][:most]
    ids: list[int] = []
    for conditions, order in _parts(choice, seen.today):
        query = select(Candidate.id).where(*_narrowed(seen.filters), *conditions).order_by(*order, Candidate.id)
        ids += session.scalars(query.limit(most - len(ids)))
        if len(ids) >= most:
            break
    return ids


def rows_of(session: Session, ids: Sequence[int], *, now: datetime, calendar: Calendar) -> list[PoolRow]:
    """These, in this order."""
    return _rows(session, ids, calendar.day(now), calendar)


def may_hear(session: Session, ids: Sequence[int]) -> list[int]:
    """Those of them who did not ask for no contact, in their order."""
    query = select(Candidate.id).where(Candidate.id.in_(ids), Candidate.do_not_contact.is_(False))
    may = set(session.scalars(query))
    return [id_ for id_ in ids if id_ in may]


Part = tuple[list[ColumnElement[bool]], tuple[Any, ...]]
"""Conditions that are a range of one index, and the order of that index."""


def _parts(choice: Choice | None, today: date) -> Iterator[Part]:
    month = month_of(today)
    last, met, due = Candidate.last_word_on, Candidate.met_on, Candidate.in_touch_on
    by_silence, by_rhythm = (last, met), (due, Candidate.rhythm_unit, Candidate.rhythm_count)
    in_rhythm: list[ColumnElement[bool]] = [met.is_not(None), Candidate.rhythm_unit.is_not(None)]
    if choice is None:
        yield [*in_rhythm, due.is_not(None)], by_rhythm
        return
    alive_since = first_of(month - ALIVE_FOR + 1)
    match choice.figure:
        case Figure.SILENCE:
            span = _days(KNOWN, choice.one, month)
            known = [met >= span[0], met < span[1]] if choice.one else []
            if choice.other in ("", NO_WORD):
                yield [last == NEVER, *known], by_silence
            if choice.other != NO_WORD:
                begin, end = _days(SILENT, choice.other, month)
                yield [last >= max(begin, span[0]), last < end, *known], by_silence
        case Figure.MET:
            first, after = _year(choice.one, today)
            met_then = [met >= first, met < after]
            if choice.other != Alive.YES:
                yield [last == NEVER, *met_then], by_silence
                yield [last >= first, last < alive_since, *met_then], by_silence
            if choice.other != Alive.NO:
                yield [last >= max(alive_since, first), *met_then], by_silence
        case Figure.RHYTHM if NO_RHYTHM in (choice.one, choice.other):
            yield [met.is_not(None), Candidate.rhythm_unit.is_(None)], (Candidate.rhythm_unit, Candidate.owner_id)
        case Figure.RHYTHM:
            if rhythm := rhythm_of(choice.one):
                in_rhythm += [Candidate.rhythm_unit == rhythm.unit, Candidate.rhythm_count == rhythm.count]
            if choice.other != Health.PAUSED:
                begin, end = _due(choice.other, today)
                yield [*in_rhythm, due >= begin, due < end], by_rhythm
            if choice.other in ("", Health.PAUSED):
                yield [*in_rhythm, due.is_(None)], by_rhythm[1:]
        case Figure.SOURCE:
            source = [Candidate.came_from == source_of(choice.one)]
            if choice.other == Now.ALIVE:
                yield [*source, Candidate.became == Became.KNOWN, last >= alive_since], (last,)
            elif choice.other == Now.SILENT:
                yield [*source, Candidate.became == Became.KNOWN, last < alive_since], (last,)
            elif choice.other:
                yield [*source, Candidate.became == Became(choice.other)], (last,)
            else:
                yield source, (Candidate.became, last)
        case Figure.COMING:
            months = [int(choice.one)] if choice.one else list(range(1, AHEAD + 1))
            begin, end = first_of(month - ALIVE_FOR + min(months)), first_of(month - ALIVE_FOR + max(months) + 1)
            yield [last >= begin, last < end], by_silence


def _holds(one: Known, choice: Choice | None, today: date) -> bool:
    """Whether somebody is chosen: what `_parts` asks of the database."""
    month, last = month_of(today), month_of(one.last_word_on)
    if choice is None:
        return one.in_touch_on is not None
    rhythm = rhythm_in(one)
    is_so: tuple[str, str]
    match choice.figure:
        case Figure.SILENCE:
            is_so = known_key(month - month_of(one.met_on)), silent_key(last, month)
        case Figure.MET:
            is_so = cohort_key(one.met_on.year, today), Alive.YES if is_alive(last, month) else Alive.NO
        case Figure.RHYTHM:
            is_so = (rhythm_key(rhythm), health(one.in_touch_on, today)) if rhythm else (NO_RHYTHM, Health.NONE)
        case Figure.SOURCE:
            is_so = one.came_from or NOWHERE, stands(one.became, last, month)
        case Figure.COMING:
            ahead = ALIVE_FOR - (month - last)
            return 1 <= ahead <= AHEAD and choice.one in ("", str(ahead))
    return choice.one in ("", is_so[0]) and choice.other in ("", is_so[1])


def _place(one: Known, choice: Choice | None) -> tuple[date, date, int]:
    if choice is None or choice.figure is Figure.RHYTHM:
        return one.in_touch_on or date.max, one.met_on, one.id
    return one.last_word_on, one.met_on, one.id


def _days(bins: Sequence[Any], key: str, month: int) -> tuple[date, date]:
    """The stretch of days of a bin; of none, all there are but NEVER."""
    return next((one.days(month) for one in bins if one.key == key), (date(1, 1, 2), date.max))


def _year(key: str, today: date) -> tuple[date, date]:
    if not key:
        return date(1, 1, 2), date.max
    if key == BEFORE:
        return date(1, 1, 2), date(today.year - YEARS + 1, 1, 1)
    return date(int(key), 1, 1), date(int(key) + 1, 1, 1)


def _due(key: str, today: date) -> tuple[date, date]:
    after_soon = today + SOON + timedelta(days=1)
    spans = {
        Health.PAST: (date.min, today),
        Health.SOON: (today, after_soon),
        Health.ON_TIME: (after_soon, date.max),
    }
    return spans[Health(key)] if key else (date.min, date.max)


@lru_cache(maxsize=len(Figure))
def _allowed(figure: Figure) -> tuple[set[str] | None, set[str]]:
    """What may stand in an address as the one (None: any text) and the other."""
    years = {str(year) for year in range(1950, 2200)}
    rhythms = {rhythm_key(Rhythm(count, unit)) for count in range(1, 121) for unit in Unit}
    return {
        Figure.SILENCE: ({one.key for one in KNOWN}, {NO_WORD, *(one.key for one in SILENT)}),
        Figure.MET: (years | {BEFORE}, set(map(str, Alive))),
        Figure.RHYTHM: (rhythms | {NO_RHYTHM}, set(map(str, Health))),
        Figure.SOURCE: (None, set(map(str, Now))),
        Figure.COMING: ({str(ahead) for ahead in range(1, AHEAD + 1)}, set()),
    }[figure]


def _rows(session: Session, ids: Sequence[int], today: date, calendar: Calendar) -> list[PoolRow]:
    if not ids:
        return []
    rows = {row.id: row for row in session.execute(_PEOPLE, {"ids": ids})}
    records = merged_records(session, ids)
    addresses = _addresses(session, records)
    skills = _skills(session, records, [id_ for id_, row in rows.items() if not row.title])
    words = _words(session, records, today, calendar)
    return [_row(rows[id_], addresses.get(id_, {}), skills.get(id_, []), words[id_]) for id_ in ids if id_ in rows]


_C: Any = Candidate.__table__.c
_PEOPLE = (
    select(
        *(_C.id, _C.name, _C.title, _C.company, _C.location, _C.source, Member.__table__.c.name.label("owner")),
        *(_C.met_on, _C.last_word_on, _C.rhythm_count, _C.rhythm_unit, _C.in_touch_on, _C.do_not_contact),
    )
    .select_from(Candidate.__table__.outerjoin(Member.__table__, Member.__table__.c.id == _C.owner_id))
    .where(_C.id.in_(bindparam("ids", expanding=True)))
)


def _row(one: Any, addresses: dict[HandleKind, str], skills: list[str], words: Counter[int]) -> PoolRow:
    return PoolRow(
        id=one.id,
        name=called(one.name, next(iter(addresses.values()), "")),
        does=one.title or ", ".join(skills[:3]),
        company=one.company,
        location=one.location,
        source=one.source,
        owner=one.owner or "",
        email=addresses.get(HandleKind.EMAIL, ""),
        met_on=one.met_on,
        last_word_on=None if one.last_word_on == NEVER else one.last_word_on,
        rhythm=Rhythm(one.rhythm_count, one.rhythm_unit) if one.rhythm_count and one.rhythm_unit else None,
        in_touch_on=one.in_touch_on,
        do_not_contact=one.do_not_contact,
        words=tuple(words[ago] for ago in reversed(range(WORD_YEARS))),
    )


def _addresses(session: Session, records: dict[int, int]) -> dict[int, dict[HandleKind, str]]:
    """The first of each kind."""
    found: dict[int, dict[HandleKind, str]] = {}
    for record, kind, value in session.execute(_ADDRESSES, {"records": list(records)}):
        found.setdefault(records[record], {}).setdefault(kind, value)
    return found


_H: Any = Handle.__table__.c
_ADDRESSES = (
    select(_H.candidate_id, _H.kind, _H.value)
    .where(_H.candidate_id.in_(bindparam("records", expanding=True)))
    .order_by(_H.id)
)


def _skills(session: Session, records: dict[int, int], ids: Iterable[int]) -> dict[int, list[str]]:
    wanted = set(ids)
    theirs = [record for record, id_ in records.items() if id_ in wanted]
    found: dict[int, list[str]] = {}
    if theirs:
        query = select(CandidateSkill.candidate_id, Skill.name).join(Skill, Skill.id == CandidateSkill.skill_id)
        for record, name in session.execute(query.where(CandidateSkill.candidate_id.in_(theirs)).order_by(Skill.name)):
            found.setdefault(records[record], []).append(name)
    return found


def _words(session: Session, records: dict[int, int], today: date, calendar: Calendar) -> dict[int, Counter[int]]:
    """By how many years ago."""
    since = calendar.start_of(today - timedelta(days=366 * WORD_YEARS))
    found: dict[int, Counter[int]] = {id_: Counter() for id_ in set(records.values())}
    for record, at in session.execute(_SAID, {"records": list(records), "since": since}):
        found[records[record]][(today - calendar.day(at)).days * 100 // 36525] += 1
    return found


_F: Any = Fact.__table__.c
_WORD: Any = Contact.__table__.c
_SAID = (
    select(_F.candidate_id, _F.happened_at)
    .select_from(Fact.__table__.join(Contact.__table__, _WORD.id == _F.id))
    .where(_F.candidate_id.in_(bindparam("records", expanding=True)), _F.undone_at.is_(None))
    .where(_WORD.way.in_(WORDS), _WORD.is_group.is_(False), _F.happened_at >= bindparam("since"))
)
