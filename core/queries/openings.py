"""All openings at a glance: who is in which stage and since when, whose turn it is, and whom we have left in silence.

What is counted is read along `ix_process_in_stage`, opening by opening, and added up in the database: as many queries
and as few rows with fifty thousand people in process as with fifty.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, case, func, literal, select
from sqlalchemy.orm import Session, aliased

from core.domain.calendar import Calendar
from core.domain.facts import OpeningStatus, Turn
from core.domain.policy import Policy
from core.domain.promises import to_the_minute
from core.persistence.tables import Client, Member, Opening, Process, Stage, StageTemplate
from core.persistence.tables.base import among
from core.persistence.team import policy_now
from core.queries.page import Page

P = Process.__table__
Query = Select[*tuple[Any, ...]]


class Shown(StrEnum):
    """Which openings; None is those that have not ended."""

    OPEN = "open"
    HELD = "held"
    ENDED = "ended"


class Age(StrEnum):
    """How long somebody has been in their stage."""

    UNDER_1 = "under-1-week"
    TO_2 = "1-2-weeks"
    TO_4 = "2-4-weeks"
    TO_8 = "4-8-weeks"
    OVER_8 = "over-8-weeks"


class Silence(StrEnum):
    """Our last word in the process against the cadence of the stage, in working days past it."""

    IN_TIME = "in-time"
    TO_2 = "1-2-days-over"
    TO_5 = "3-5-days-over"
    OVER_5 = "over-5-days-over"


class Order(StrEnum):
    OVERDUE = "overdue"
    """The most people who wait too long, then the longest silence."""
    SILENCE = "silence"
    PEOPLE = "people"
    NEWEST = "newest"
    TITLE = "title"
    CLIENT = "client"


STATUSES = {
    None: (OpeningStatus.OPEN, OpeningStatus.HELD),
    Shown.OPEN: (OpeningStatus.OPEN,),
    Shown.HELD: (OpeningStatus.HELD,),
    Shown.ENDED: (OpeningStatus.FILLED, OpeningStatus.CANCELLED),
}
WEEKS = {Age.UNDER_1: 1, Age.TO_2: 2, Age.TO_4: 4, Age.TO_8: 8}
DAYS_OVER = {Silence.IN_TIME: 0, Silence.TO_2: 2, Silence.TO_5: 5}
TURNS = (Turn.OURS, Turn.CLIENT, Turn.CANDIDATE)


@dataclass(frozen=True, slots=True)
class OpeningFilters:
    """Which openings are meant, and whom of the people in them. Drawn by the page, kept in the address."""

    owner_id: int | None = None
    """None: anybody's."""
    status: Shown | None = None
    client_id: int | None = None
    text: str = ""
    """Part of the title."""
    stage: str | None = None
    turn: Turn | None = None
    age: Age | None = None
    silence: Silence | None = None
    order: Order = Order.OVERDUE

    @property
    def of_openings(self) -> "OpeningFilters":
        """Which openings, whoever of their people is meant."""
        return OpeningFilters(self.owner_id, self.status, self.client_id, self.text)

    @property
    def narrows_people(self) -> bool:
        return any((self.stage, self.turn, self.age, self.silence))


@dataclass(frozen=True, slots=True)
class Cell:
    """So many people, alike in all four."""

    stage: str
    turn: Turn
    age: Age
    silence: Silence
    number: int
    overdue: int
    """To so many of them a word is overdue."""

    def is_meant(self, filters: OpeningFilters, *but: str) -> bool:
        """By what was chosen of people; `but` some of the four, so that their other values can be chosen."""
        wanted = {name: getattr(filters, name) for name in ("stage", "turn", "age", "silence") if name not in but}
        return all(value is None or getattr(self, name) == value for name, value in wanted.items())


@dataclass(frozen=True, slots=True)
class Step:
    """A stage, by its name in all of these openings."""

    stage: str
    came: int
    """Came as far, whether they are in process or not."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Of the openings meant, what seldom changes: their stages, and how far those came who are in process no more."""

    stages: list[str]
    """In the order they have on the whole."""
    came: dict[str, int]
    """So many of them came as far as a stage."""
    orders: dict[int, tuple[str, ...]]
    """The stages of each opening that has not ended, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An opening in the list; whoever of its people is meant is counted."""

    id: int
    title: str
    client_id: int | None
    client: str
    owner: str
    status: OpeningStatus
    added_at: datetime
    number: int
    overdue: int
    silent_since: datetime | None
    """The earliest of our last words to them; None where nobody is in."""
    turns: tuple[int, int, int]
    """Ours, the client's, the candidate's."""
    stages: tuple[tuple[str, int], ...] = ()
    """In order, with everybody who is in each."""


@dataclass(frozen=True, slots=True)
class Glance:
    """All that the page Pipelines reads, in one look."""

    rows: list[Row]
    number: int
    """Of openings in the list."""
    cells: list[Cell]
    """Of all the openings meant, whatever was chosen of their people."""
    steps: list[Step]
    by_status: dict[Shown, int]


@dataclass(frozen=True, slots=True)
class Template:
    id: int
    name: str
    stages: tuple[str, ...]


def glance(
    session: Session, filters: OpeningFilters, gone: Gone, *, now: datetime, calendar: Calendar, page: Page
) -> Glance:
    policy = policy_now(session)
    ask = _asked(filters, _Cadences.of(policy))
    times = _times(policy, now, calendar)
    in_stages: dict[int, dict[str | None, int]] = defaultdict(dict)
    for opening, stage, people in session.execute(ask.in_stages):
        in_stages[opening][stage] = people
    rows, number = _listed(session, ask.listed, in_stages, times, page)
    found = session.execute(ask.cells, times)
    cells = [
        Cell(stage, turn, Age(age), Silence(silence), number, int(overdue))
        for stage, turn, age, silence, number, overdue in found
    ]
    came = Counter(gone.came)
    alike: dict[tuple[str, ...], Counter[str | None]] = defaultdict(Counter)
    for opening, people_in in in_stages.items():
        alike[gone.orders.get(opening, ())].update(people_in)
    for order, people_in in alike.items():
        _count_how_far(came, order, people_in)
    steps = [Step(stage, came[stage]) for stage in gone.stages]
    opened, held, ever = session.execute(ask.numbers).one()
    by_status = {Shown.OPEN: opened, Shown.HELD: held, Shown.ENDED: ever - opened - held}
    if not filters.narrows_people:
        number = by_status[filters.status] if filters.status else opened + held
    return Glance(rows, number, cells, steps, by_status)


def gone(session: Session, filters: OpeningFilters) -> Gone:
    ask = _asked_of_gone(filters.of_openings)
    came = {stage: int(number) for stage, number in session.execute(ask.came)}
    orders: dict[int, list[str]] = defaultdict(list)
    for opening, stage in session.execute(ask.orders):
        orders[opening].append(stage)
    alike: dict[tuple[str, ...], tuple[str, ...]] = {}  # most openings have the stages of one template
    in_order = {opening: alike.setdefault(tuple(stages), tuple(stages)) for opening, stages in orders.items()}
    return Gone(list(session.scalars(ask.stages)), came, in_order)


def mark_of_gone(session: Session, filters: OpeningFilters) -> tuple[int, ...]:
    """Numbers that differ once somebody has left a process, or an opening or its stages have changed: for caching."""
    return tuple(number or 0 for number in session.execute(_asked_of_gone(filters.of_openings).mark).one())


def _count_how_far(came: Counter[str], order: Sequence[str], people_in: Mapping[str | None, int]) -> None:
    """Add to `came` the people of openings with these stages: whoever is in a stage came to all before it."""
    further = 0
    for stage in reversed(order):
        further += people_in.get(stage, 0)
        came[stage] += further


class _Cadences(NamedTuple):
    """What of a policy the questions hang on: how often people in a stage hear from us."""

    of_stages: tuple[tuple[int, tuple[str, ...]], ...]
    usual: int
    on_hold: int

    @classmethod
    def of(cls, policy: Policy) -> "_Cadences":
        names: dict[int, list[str]] = {}
        for stage, cadence in policy.stages.items():
            names.setdefault(cadence, []).append(stage)
        stages = tuple((cadence, tuple(stages)) for cadence, stages in names.items())
        return cls(stages, policy.update, policy.update_on_hold)

    @property
    def all(self) -> set[int]:
        return {self.usual, self.on_hold, *(cadence for cadence, _ in self.of_stages)}


class _Asked(NamedTuple):
    """The questions of one look, all but the time of it."""

    listed: Query
    cells: Query
    in_stages: Query
    numbers: Query
    """Of openings that are open, on hold, and of whatever status."""


@lru_cache(maxsize=500)
def _asked(filters: OpeningFilters, cadences: _Cadences) -> _Asked:
    each = select(func.count()).select_from(Opening).where(*_of_openings(filters, whatever_status=True))
    of_status = (each.where(Opening.status == status) for status in STATUSES[None])
    numbers = select(*(number.scalar_subquery() for number in (*of_status, each)))
    return _Asked(_list(filters, cadences), _cells(filters, cadences), _in_stages(filters), numbers)


class _AskedOfGone(NamedTuple):
    stages: Query
    came: Query
    orders: Query
    mark: Query


@lru_cache(maxsize=500)
def _asked_of_gone(filters: OpeningFilters) -> _AskedOfGone:
    meant = list(_of_openings(filters))
    is_gone = P.c.closed_at.is_not(None)
    number_gone = select(func.count()).select_from(_people_of_openings()).where(is_gone, *meant).scalar_subquery()
    return _AskedOfGone(
        select(Stage.name)
        .join(Opening, Opening.id == Stage.opening_id)
        .where(*meant)
        .group_by(Stage.name)
        .order_by(func.avg(Stage.position), Stage.name),
        _how_far(filters, is_gone),
        select(Stage.opening_id, Stage.name)
        .join(Opening, Opening.id == Stage.opening_id)
        .where(among(Opening.status, *STATUSES[None]), *meant)
        .order_by(Stage.opening_id, Stage.position),
        select(func.count(), func.sum(Opening.version), number_gone).where(*meant),
    )


def _times(policy: Policy, now: datetime, calendar: Calendar) -> dict[str, Any]:
    today, minute = calendar.day(now), to_the_minute(now)
    return {
        "minute": minute,
        **{age.name: calendar.start_of(today - timedelta(weeks=weeks)) for age, weeks in WEEKS.items()},
        **{
            _cut(cadence, word): calendar.begun_before(minute, cadence + over)
            for cadence in _Cadences.of(policy).all
            for word, over in DAYS_OVER.items()
        },
    }


def _cells(filters: OpeningFilters, cadences: _Cadences) -> Query:
    """Everybody in process in the openings meant, by stage, turn, age and silence."""
    each = (
        select(
            func.coalesce(P.c.stage, "").label("stage"),
            P.c.turn,
            _age().label("age"),
            _silence(cadences).label("silence"),
            IS_OVERDUE.label("overdue"),
        )
        .select_from(_people_of_openings())
        .where(P.c.is_active, *_of_openings(filters))
        .subquery()
    )
    alike = (each.c.stage, each.c.turn, each.c.age, each.c.silence)
    return select(*alike, func.count(), func.sum(each.c.overdue)).group_by(*alike)


def _in_stages(filters: OpeningFilters) -> Query:
    """How many are in process in each stage of each opening."""
    whose, are_meant = _in_process(filters)
    counted = select(P.c.opening_id, P.c.stage, func.count()).select_from(whose).where(*are_meant)
    return counted.group_by(P.c.opening_id, P.c.stage)


def _how_far(filters: OpeningFilters, who: ColumnElement[bool]) -> Query:
    """How many of them came to each stage, or further in their opening."""
    there = (
        select(P.c.opening_id, P.c.stage, func.count().label("number"))
        .select_from(_people_of_openings())
        .where(who, *_of_openings(filters))
        .group_by(P.c.opening_id, P.c.stage)
        .subquery()
    )
    reached, passed = aliased(Stage), aliased(Stage)
    return (
        select(passed.name, func.sum(there.c.number))
        .select_from(there)
        .join(reached, and_(reached.opening_id == there.c.opening_id, reached.name == there.c.stage))
        .join(passed, and_(passed.opening_id == reached.opening_id, passed.position <= reached.position))
        .group_by(passed.name)
    )


def _list(filters: OpeningFilters, cadences: _Cadences) -> Query:
    """The page of the list. Where people were chosen, only openings with some of them, and how many these are."""
    chosen = list(_of_people(filters, cadences))
    whose, are_meant = _in_process(filters)
    people = (
        select(
            P.c.opening_id,
            func.count().label("number"),
            func.sum(IS_OVERDUE).label("overdue"),
            func.min(_last_word()).label("silent_since"),
            *(func.sum(case((P.c.turn == turn, 1), else_=0)).label(turn.value) for turn in TURNS),
        )
        .select_from(_people_of_openings() if filters.silence else whose)
        .where(*are_meant, *chosen)
        .group_by(P.c.opening_id)
        .subquery()
    )
    counted = [func.coalesce(people.c[name], 0) for name in ("number", "overdue", *TURNS)]
    query = (
        select(Opening.id, people.c.silent_since, *counted, func.count().over() if chosen else literal(0))
        .select_from(Opening)
        .join(people, people.c.opening_id == Opening.id, isouter=not chosen)
        .where(*_of_openings(filters))
        .order_by(*_in_order(filters.order, people), Opening.id)
    )
    if filters.order is Order.CLIENT:
        query = query.outerjoin(Client, Client.id == Opening.client_id)
    return query.limit(bindparam("most")).offset(bindparam("before"))


def _listed(
    session: Session,
    query: Query,
    in_stages: Mapping[int, Mapping[str | None, int]],
    times: dict[str, Any],
    page: Page,
) -> tuple[list[Row], int]:
    asked = {**times, "most": page.size, "before": (page.number - 1) * page.size}
    found = session.execute(query, asked).all()
    ids = [row[0] for row in found]
    called = {row[0]: row[1:] for row in session.execute(_CALLED, {"ids": ids})}
    stages = _stages_of(session, ids, in_stages)
    rows = []
    for id_, silent_since, number, overdue, *turns, _ in found:
        title, client_id, client, owner, status, added_at = called[id_]
        rows.append(
            Row(
                id=id_,
                title=title,
                client_id=client_id,
                client=client or "",
                owner=owner or "",
                status=status,
                added_at=added_at,
                number=number,
                overdue=overdue,
                silent_since=silent_since,
                turns=tuple(turns),
                stages=tuple(stages.get(id_, ())),
            )
        )
    return rows, found[0][-1] if found else 0


def templates(session: Session) -> list[Template]:
    """The first is what a new opening begins with, unless another is chosen."""
    query = select(StageTemplate).order_by(StageTemplate.id)
    return [Template(template.id, template.name, tuple(template.stages)) for template in session.scalars(query)]


# which openings, and which people


def _people_of_openings() -> Any:
    return Opening.__table__.join(P, P.c.opening_id == Opening.id)


def _in_process(filters: OpeningFilters) -> tuple[Any, list[ColumnElement[bool]]]:
    """Everybody in process in the openings meant: out of what, and which of it.

    In an opening that has ended nobody is: without a filter, no opening need be looked at.
    """
    if filters.of_openings == OpeningFilters():
        return P, [P.c.is_active]
    return _people_of_openings(), [P.c.is_active, *_of_openings(filters)]


def _of_openings(filters: OpeningFilters, *, whatever_status: bool = False) -> Iterator[ColumnElement[bool]]:
    if not whatever_status:
        yield among(Opening.status, *STATUSES[filters.status])
    if filters.owner_id is not None:
        yield Opening.owner_id == filters.owner_id
    if filters.client_id is not None:
        yield Opening.client_id == filters.client_id
    if text := filters.text.strip():
        yield Opening.title.icontains(text, autoescape=True)


def _of_people(filters: OpeningFilters, cadences: _Cadences) -> Iterator[ColumnElement[bool]]:
    if filters.stage is not None:
        yield P.c.stage == filters.stage
    if filters.turn is not None:
        yield P.c.turn == filters.turn
    if filters.age is not None:
        yield _age() == filters.age.value
    if filters.silence is not None:
        yield _silence(cadences) == filters.silence.value


IS_OVERDUE = case((P.c.next_due_at < bindparam("minute"), 1), else_=0)


def _last_word() -> ColumnElement[datetime]:
    """Our last word in the process; before the first, they have waited since they came to their stage."""
    return func.coalesce(P.c.heard_at, P.c.since)


def _age() -> ColumnElement[str]:
    return case(*((P.c.since >= bindparam(age.name), age.value) for age in WEEKS), else_=Age.OVER_8.value)


def _silence(cadences: _Cadences) -> ColumnElement[str]:
    """By the cadence of the stage, or of openings on hold; as today's policy has it."""

    def against(cadence: int) -> ColumnElement[str]:
        begun: dict[Silence, BindParameter[Any]] = {word: bindparam(_cut(cadence, word)) for word in DAYS_OVER}
        return case(*((_last_word() >= at, word.value) for word, at in begun.items()), else_=Silence.OVER_5.value)

    return case(
        (Opening.status == OpeningStatus.HELD, against(cadences.on_hold)),
        *((among(P.c.stage, *stages), against(cadence)) for cadence, stages in cadences.of_stages),
        else_=against(cadences.usual),
    )


def _cut(cadence: int, word: Silence) -> str:
    return f"{word.name}_{cadence}"


def _in_order(order: Order, people: Any) -> Sequence[Any]:
    match order:
        case Order.OVERDUE:
            return (func.coalesce(people.c.overdue, 0).desc(), *_earliest(people.c.silent_since))
        case Order.SILENCE:
            return _earliest(people.c.silent_since)
        case Order.PEOPLE:
            return (func.coalesce(people.c.number, 0).desc(),)
        case Order.NEWEST:
            return (Opening.added_at.desc(),)
        case Order.TITLE:
            return (Opening.title,)
        case Order.CLIENT:
            return (Client.sort_name.is_(None), Client.sort_name, Opening.title)


def _earliest(moment: Any) -> tuple[Any, Any]:
    """The two databases put what is not there at different ends."""
    return moment.is_(None), moment


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_CALLED = (
    select(Opening.id, Opening.title, Opening.client_id, Client.name, Member.name, Opening.status, Opening.added_at)
    .outerjoin(Client, Client.id == Opening.client_id)
    .outerjoin(Member, Member.id == Opening.owner_id)
    .where(Opening.id.in_(_IDS))
)
_STAGES = (
    select(Stage.opening_id, Stage.name).where(Stage.opening_id.in_(_IDS)).order_by(Stage.opening_id, Stage.position)
)


def _stages_of(
    session: Session, opening_ids: list[int], in_stages: Mapping[int, Mapping[str | None, int]]
) -> dict[int, list[tuple[str, int]]]:
    stages: dict[int, list[tuple[str, int]]] = {id_: [] for id_ in opening_ids}
    for opening, name in session.execute(_STAGES, {"ids": opening_ids}):
        stages[opening].append((name, in_stages.get(opening, {}).get(name, 0)))
    for id_, told in stages.items():  # a stage that is among the opening's no more
        known = {name for name, _ in told}
        told[:0] = [(name or "no stage", n) for name, n in in_stages.get(id_, {}).items() if name not in known]
    return stages
