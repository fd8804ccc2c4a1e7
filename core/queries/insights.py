"""How well words are kept, how soon people are answered and told, whom we have left waiting, and whether we came.

Figures are read from sums by month, which settling keeps: `promise_month` for words (`share_month` where all members
are compared), `told_month` for decisions, `meeting_month` for meetings. What is behind a figure is read a page at a
time. A word belongs to the month it fell due in.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from core.domain.calendar import Calendar
from core.domain.facts import Answer, MeetingKind, Result
from core.domain.figures import NOT_TOLD, Came
from core.domain.percentiles import FEWEST
from core.domain.promises import KEPT, Kind, Status, to_the_minute
from core.persistence.tables import (
    ANY,
    TEAM,
    Candidate,
    Client,
    Fact,
    GhostTally,
    Meeting,
    MeetingMonth,
    MeetingOutcome,
    Member,
    Opening,
    Process,
    Promise,
    PromiseMonth,
    PromiseTally,
    ShareMonth,
    ToldMonth,
)
from core.persistence.tables.base import among
from core.persistence.tables.ledger import OPEN_AND_SOME
from core.queries.called import NO_NAME
from core.queries.late_today import LATE_TODAY, moments
from core.queries.page import Page

Query = Select[*tuple[Any, ...]]

MONTHS_AT_MOST = 24
"""A longer stretch is shown year by year."""
IN_FIGURES = (Status.OPEN, Status.KEPT_ON_TIME, Status.KEPT_LATE, Status.WAIVED)

D: Any = PromiseTally.__table__.c
M: Any = PromiseMonth.__table__.c
SHARE: Any = ShareMonth.__table__.c
TOLD: Any = ToldMonth.__table__.c
MET: Any = MeetingMonth.__table__.c
P, F, MEETING, OUTCOME = Process.__table__, Fact.__table__, Meeting.__table__, MeetingOutcome.__table__


class Waited(StrEnum):
    """For how long somebody has been waiting since they had waited twice as long as they were to."""

    UNDER_1 = "under a month"
    TO_3 = "1–3 months"
    TO_12 = "3–12 months"
    OVER_12 = "over a year"


WAITED = {Waited.UNDER_1: 30, Waited.TO_3: 91, Waited.TO_12: 365}
"""Days up to which each reaches."""


@dataclass(frozen=True, slots=True)
class InsightFilters:
    """What the figures are of. Months are whole ones, and the one still running."""

    begin: date | None = None
    """The first of a month; None: as long as anything has been owed."""
    end: date | None = None
    """The first of the month after the last; None: up to today."""
    owner_id: int | None = None
    kind: Kind | None = None
    client_id: int | None = None


@dataclass(slots=True)
class Words:
    """Words that fell due, by what became of them."""

    on_time: int = 0
    late: Counter[int] = field(default_factory=Counter)
    """Kept late: by working days, as they are counted."""
    overdue: int = 0
    waived: int = 0
    n: int = field(init=False, compare=False)
    """All together. Waived ones are counted apart."""

    def __post_init__(self) -> None:
        self.n = self.on_time + self.late.total() + self.overdue

    @property
    def can_be_told(self) -> bool:
        return self.n >= FEWEST

    @property
    def share(self) -> float:
        return self.on_time / self.n

    def number(self, statuses: Iterable[Status] = IN_FIGURES) -> int:
        """How many of these became of."""
        of = {Status.KEPT_ON_TIME: self.on_time, Status.KEPT_LATE: self.late.total(), Status.OPEN: self.overdue}
        return sum({**of, Status.WAIVED: self.waived}[status] for status in statuses)

    def add(self, status: Status, late: int, number: int) -> None:
        match status:
            case Status.KEPT_LATE:
                self.late[late] += number
            case Status.KEPT_ON_TIME:
                self.on_time += number
            case Status.OPEN:
                self.overdue += number
            case Status.WAIVED:
                self.waived += number
                return
        self.n += number

    def __add__(self, other: "Words") -> "Words":
        return Words(
            self.on_time + other.on_time,
            self.late + other.late,
            self.overdue + other.overdue,
            self.waived + other.waived,
        )


@dataclass(slots=True)
class Meetings:
    """Meetings that were to be: begun by now, and not cancelled."""

    number: int = 0
    missed: int = 0
    """By us."""
    unnoted: int = 0

    def add(self, came: Came, number: int) -> None:
        self.number += number
        self.missed += number * (came is Came.MISSED)
        self.unnoted += number * (came is Came.UNNOTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Insights:
    """All figures of one look. Bars are months or years, by the day each begins, in order and without a gap."""

    bars: list[date]
    by_year: bool
    words: dict[date, Words]
    """Of the kind that is chosen, or all."""
    kinds: dict[Kind, Words]
    """Of every kind, whichever is chosen."""
    owners: list[tuple[int, str, Words]]
    clients: list[tuple[int, str, Words]]
    replies: dict[date, Counter[int]]
    """Working hours from their word to our answer, as they are counted, of the replies that were given."""
    told: dict[date, Counter[int]]
    """Working days from the end of a process to the word that told, by the month it ended in."""
    untold: Counter[Answer]
    """Processes that ended without one (yet), by what was answered when they were closed."""
    untold_in: Counter[date]
    ghosted: Counter[Waited]
    """People who have waited twice as long as they were to, now."""
    meetings: dict[date, Meetings]

    @property
    def is_empty(self) -> bool:
        counted = any(words.number() for words in self.kinds.values())
        met = any(met.number for met in self.meetings.values())
        return not (counted or met or self.ghosted.total() or any(self.told.values()) or self.untold.total())

    def reaches(self, bar: date) -> tuple[date, date]:
        """Where it begins, and where the next one does."""
        return bar, bar + relativedelta(years=1) if self.by_year else bar + relativedelta(months=1)


def insights(session: Session, filters: InsightFilters, *, now: datetime, calendar: Calendar) -> Insights:
    today = calendar.day(now)
    begins, by_year = _bars(session, filters, today)
    spans = [*begins, filters.end or today.replace(day=1) + relativedelta(months=1)]
    bars, of_owner, bar_of = len(begins), filters.owner_id is not None, _by_month(spans)
    meant = _meant(filters, spans, today)
    words = {begin: Words() for begin in begins}
    kinds: dict[Kind, Words] = defaultdict(Words)
    replies: dict[date, Counter[int]] = {begin: Counter() for begin in begins}
    for month, kind, status, late, hours, times in session.execute(_words(bars if by_year else 0), meant).all():
        bar = bar_of[month.replace(day=1)]
        kinds[kind].add(status, late, times)
        if filters.kind in (None, kind):
            words[bar].add(status, late, times)
        if kind is Kind.REPLY and status in KEPT:
            replies[bar][hours] += times
    for number, kind, times in session.execute(_overdue(bars, of_owner), meant) if not filters.client_id else ():
        kinds[kind].add(Status.OPEN, 0, times)
        if filters.kind in (None, kind):
            words[begins[number]].add(Status.OPEN, 0, times)
    late_today = _late_today(session, filters, now, calendar) if begins[0] <= today < spans[-1] else []
    for one in late_today:
        kinds[one.kind].add(Status.OPEN, 0, one.number)
    late_today = [one for one in late_today if filters.kind in (None, one.kind)]
    for one in late_today:
        words[bar_of[today.replace(day=1)]].add(Status.OPEN, 0, one.number)
    told: dict[date, Counter[int]] = {begin: Counter() for begin in begins}
    untold: Counter[Answer] = Counter()
    untold_in: Counter[date] = Counter()
    for month, days, answer, times in session.execute(_TOLD, meant).all():
        if days != NOT_TOLD:
            told[bar_of[month]][days] += times
        else:
            untold[answer] += times
            untold_in[bar_of[month]] += times
    return Insights(
        bars=begins,
        by_year=by_year,
        words=words,
        kinds=dict(kinds),
        owners=_owners(session, filters, meant, late_today),
        clients=_clients(session, filters, meant, late_today),
        replies=replies,
        told=told,
        untold=untold,
        untold_in=untold_in,
        ghosted=_ghosted(session, today, meant, of_owner=of_owner),
        meetings=_meetings(session, filters, bar_of, meant, now, calendar),
    )


def _meant(filters: InsightFilters, spans: Sequence[date], today: date) -> dict[str, Any]:
    """The parameters of the statements, by name."""
    return {
        "client": filters.client_id or 0,
        "owner": TEAM if filters.owner_id is None else filters.owner_id,
        "kind": filters.kind,
        "kind_or_any": filters.kind or ANY,
        "today": today,
        "until": min(today, spans[-1]),
        "last": spans[-1],
        **_ends(spans),
    }


def _ends(spans: Sequence[Any]) -> dict[str, Any]:
    """Where bars begin and end, by the names that `_in_bars` gives them."""
    return {f"end_{number}": end for number, end in enumerate(spans)}


def _bars(session: Session, filters: InsightFilters, today: date) -> tuple[list[date], bool]:
    """Where each begins. Of all there is: from the first year on in which anything fell due."""
    end = filters.end or today.replace(day=1) + relativedelta(months=1)
    begin = filters.begin
    if begin is None:
        found = [day for day in session.scalars(_first_days()) if day is not None]
        begin = min([*found, today]).replace(month=1, day=1)
        if begin.year == today.year:
            begin = min([*found, today]).replace(day=1)
    months = relativedelta(end, begin)
    by_year = months.years * 12 + months.months > MONTHS_AT_MOST
    step = relativedelta(years=1) if by_year else relativedelta(months=1)
    bars = [begin]
    while bars[-1] + step < end:
        bars.append(bars[-1] + step)
    return bars, by_year


@cache
def _first_days() -> CompoundSelect[date]:
    """On which something fell due, of each status."""
    of_team = (M.client_id == 0, M.owner_id == TEAM, M.number > 0)
    first = [select(func.min(M.due_on)).where(*of_team, M.status == status) for status in IN_FIGURES]
    return union_all(*first, select(func.min(D.due_on)).where(OPEN_AND_SOME))


def _by_month(spans: Sequence[date]) -> dict[date, date]:
    """Where the bar begins that a month falls into, by the first of the month."""
    bar_of, month = {}, spans[0]
    for begin, end in pairwise(spans):
        while month < end:
            bar_of[month] = begin
            month += relativedelta(months=1)
    return bar_of


def _in_bars(column: Any, bars: int) -> tuple[ColumnElement[int], ColumnElement[bool]]:
    """The number of the bar a day or moment falls into; and the condition that it falls into any."""
    before = [(column < bindparam(f"end_{number + 1}"), number) for number in range(bars - 1)]
    number = case(*before, else_=len(before)) if before else literal(0)
    return number.label("bar"), and_(column >= bindparam("end_0"), column < bindparam(f"end_{bars}"))


# words


_COUNTS = (
    among(M.status, *IN_FIGURES),
    M.number > 0,
    or_(M.status != Status.OPEN, M.due_on < bindparam("today")),
)
"""What is open and was due before today; `_late_today` has the others."""

_THEIRS = (
    M.client_id == bindparam("client"),
    M.owner_id == bindparam("owner"),
    M.due_on >= bindparam("end_0"),
    M.due_on < bindparam("last"),
)


@cache
def _words(years: int) -> Query:
    """Added up by year; without years as they stand: a month has few to add up, and they would be sorted for that."""
    each = (M.kind, M.status, M.late, M.hours)
    if not years:
        return select(M.due_on, *each, M.number).where(*_THEIRS, *_COUNTS)
    year, _ = _in_bars(M.due_on, years)
    return select(func.min(M.due_on), *each, func.sum(M.number)).where(*_THEIRS, *_COUNTS).group_by(year, *each)


@cache
def _overdue(bars: int, of_owner: bool) -> Query:
    """Open and due before today, by bar and kind. It does not know clients."""
    bar, within = _in_bars(D.due_on, bars)
    overdue = (OPEN_AND_SOME, within, D.due_on < bindparam("today"))
    query = select(bar, D.kind, func.sum(D.number)).where(*overdue).group_by(bar, D.kind)
    return query.where(D.owner_id == bindparam("owner")) if of_owner else query


class LateToday(NamedTuple):
    kind: Kind
    owner_id: int | None
    client_id: int | None
    number: int


def _late_today(session: Session, filters: InsightFilters, now: datetime, calendar: Calendar) -> list[LateToday]:
    query = _late_today_of(filters.owner_id is not None, filters.client_id is not None)
    asked = {"owner": filters.owner_id, "client": filters.client_id, **moments(now, calendar)}
    return [LateToday(*row) for row in session.execute(query, asked)]


@cache
def _late_today_of(of_owner: bool, of_client: bool) -> Query:
    each = (Promise.kind, Promise.owner_id, Promise.client_id)
    query = select(*each, func.count()).where(*LATE_TODAY).group_by(*each)
    if of_owner:
        query = query.where(Promise.owner_id == bindparam("owner"))
    return query.where(Promise.client_id == bindparam("client")) if of_client else query


def _owners(
    session: Session, filters: InsightFilters, meant: Mapping[str, Any], late_today: Iterable[LateToday]
) -> list[tuple[int, str, Words]]:
    """The same words by member. For one client the finer sums are read, which hold open words too."""
    of_kind = filters.kind is not None
    if filters.owner_id is not None:
        return []
    late = [(one.owner_id, one.number) for one in late_today]
    if filters.client_id is not None:
        return _by_name(session, Member, [_of_client(of_kind)], meant, late)
    return _by_name(session, Member, [_shares_of_owners(), _overdue_of_owners(of_kind)], meant, late)


def _clients(
    session: Session, filters: InsightFilters, meant: Mapping[str, Any], late_today: Iterable[LateToday]
) -> list[tuple[int, str, Words]]:
    of_kind = filters.kind is not None
    if filters.client_id is not None:
        return []
    late = [(one.client_id, one.number) for one in late_today]
    if filters.owner_id is not None:
        return _by_name(session, Client, [_of_clients(of_kind, is_open=False)], meant, late)
    return _by_name(session, Client, [_shares_of_clients(), _of_clients(of_kind, is_open=True)], meant, late)


@cache
def _overdue_of_owners(of_kind: bool) -> Query:
    query = (
        select(D.owner_id, literal(Status.OPEN, D.status.type), literal(0), func.sum(D.number))
        .where(OPEN_AND_SOME, D.due_on >= bindparam("end_0"), D.due_on < bindparam("until"))
        .group_by(D.owner_id)
    )
    return query.where(D.kind == bindparam("kind")) if of_kind else query


@cache
def _shares_of_owners() -> Query:
    return _shares(SHARE.owner_id).where(SHARE.client_id == 0)


@cache
def _shares_of_clients() -> Query:
    return _shares(SHARE.client_id).where(SHARE.client_id.in_(select(Client.id)), SHARE.owner_id == TEAM)


def _shares(each: Any) -> Query:
    return (
        select(each, SHARE.status, SHARE.late, func.sum(SHARE.number))
        .where(SHARE.kind == bindparam("kind_or_any"), SHARE.number > 0)
        .where(SHARE.due_on >= bindparam("end_0"), SHARE.due_on < bindparam("last"))
        .group_by(each, SHARE.status, SHARE.late)
    )


@cache
def _of_client(of_kind: bool) -> Query:
    """Words about one client, by member."""
    return _in_detail(M.owner_id, of_kind).where(M.owner_id.in_(select(Member.id)), M.client_id == bindparam("client"))


@cache
def _of_clients(of_kind: bool, *, is_open: bool) -> Query:
    """Words of one owner, by client; `owner` may be the team, which has sums of its own. `is_open`: only open ones."""
    query = _in_detail(M.client_id, of_kind)
    query = query.where(M.client_id.in_(select(Client.id)), M.owner_id == bindparam("owner"))
    return query.where(M.status == Status.OPEN) if is_open else query


def _in_detail(each: Any, of_kind: bool) -> Query:
    """From `promise_month`, the sums by owner and client: few rows, since one of these two is given."""
    query = (
        select(each, M.status, M.late, func.sum(M.number))
        .where(M.due_on >= bindparam("end_0"), M.due_on < bindparam("last"), *_COUNTS)
        .group_by(each, M.status, M.late)
    )
    return query.where(M.kind == bindparam("kind")) if of_kind else query


def _by_name(
    session: Session,
    of: type[Member | Client],
    queries: Iterable[Query],
    meant: Mapping[str, Any],
    late_today: Iterable[tuple[int | None, int]],
) -> list[tuple[int, str, Words]]:
    names: dict[int, str] = dict(session.execute(_named(of)).all())
    found: dict[int, Words] = defaultdict(Words)
    for one, times in late_today:
        found[one or 0].add(Status.OPEN, 0, times)
    for query in queries:
        for id_, status, late, times in session.execute(query, meant).all():
            found[id_].add(status, late, int(times))
    return [(id_, names[id_], words) for id_, words in found.items() if id_ in names]


@cache
def _named(of: type[Member | Client]) -> Query:
    return select(of.__table__.c.id, of.__table__.c.name)


# decisions told


_TOLD: Query = select(TOLD.ended_on, TOLD.days, TOLD.answer, TOLD.number).where(
    TOLD.client_id == bindparam("client"),
    TOLD.owner_id == bindparam("owner"),
    TOLD.ended_on >= bindparam("end_0"),
    TOLD.ended_on < bindparam("last"),
    TOLD.number > 0,
)
"""Decisions by month, working days until they were told, and the answer chosen when the process was closed."""


# people left waiting


def _ghosted(session: Session, today: date, meant: Mapping[str, Any], *, of_owner: bool) -> Counter[Waited]:
    number: Counter[Waited] = Counter()
    for on, people in session.execute(_ghosted_on(of_owner), meant):
        number[_waited((today - on).days)] += int(people)
    return number


@cache
def _ghosted_on(of_owner: bool) -> Query:
    ghost = GhostTally.__table__.c
    query = (
        select(ghost.ghosted_on, func.sum(ghost.number))
        .where(ghost.ghosted_on <= bindparam("today"), ghost.number > 0)
        .group_by(ghost.ghosted_on)
    )
    return query.where(ghost.owner_id == bindparam("owner")) if of_owner else query


def _waited(days: int) -> Waited:
    return next((waited for waited, upto in WAITED.items() if days < upto), Waited.OVER_12)


def _ghosted_between(waited: Waited | None, today: date) -> tuple[date | None, date]:
    """The days on which it began, the first (None: any before) and the last."""
    order = list(Waited)
    if waited is None:
        return None, today
    place = order.index(waited)
    last = today - timedelta(days=WAITED[order[place - 1]]) if place else today
    first = today - timedelta(days=WAITED[waited] - 1) if waited in WAITED else None
    return first, last


# meetings


def _meetings(
    session: Session,
    filters: InsightFilters,
    bar_of: Mapping[date, date],
    meant: Mapping[str, Any],
    now: datetime,
    calendar: Calendar,
) -> dict[date, Meetings]:
    """The sums of whole months up to this one, less those of its meetings that are yet to begin."""
    met = {begin: Meetings() for begin in bar_of.values()}
    for month, came, times in session.execute(_MET, meant):
        met[bar_of[month]].add(came, times)
    month = calendar.day(now).replace(day=1)
    if month in bar_of:
        to_come = _to_come(filters.owner_id is not None, filters.client_id is not None)
        until = {"now": now, "next_month": calendar.start_of(month + relativedelta(months=1))}
        for came, times in session.execute(to_come, {**meant, **until}):
            met[bar_of[month]].add(came, -times)
    return met


_MET: Query = select(MET.begins_on, MET.came, MET.number).where(
    MET.client_id == bindparam("client"),
    MET.owner_id == bindparam("owner"),
    MET.begins_on >= bindparam("end_0"),
    MET.begins_on < bindparam("last"),
    MET.begins_on <= bindparam("today"),
    MET.number > 0,
)


@cache
def _to_come(of_owner: bool, of_client: bool) -> Query:
    """Meetings that are yet to begin, for `_meetings`."""
    coming = (MEETING.c.starts_at >= bindparam("now"), MEETING.c.starts_at < bindparam("next_month"))
    query = select(MEETING.c.came, func.count()).where(*coming, MEETING.c.came.is_not(None))
    if of_owner:
        query = query.where(MEETING.c.host_id == bindparam("owner"))
    if of_client:
        query = query.where(MEETING.c.client_id == bindparam("client"))
    return query.group_by(MEETING.c.came)


def _of(query: Any, owner_id: Any, client_id: Any, filters: InsightFilters) -> Any:
    if filters.owner_id is not None:
        query = query.where(owner_id == filters.owner_id)
    if filters.client_id is not None:
        query = query.where(client_id == filters.client_id)
    return query


# what is behind a figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One promise behind a figure."""

    candidate_id: int
    name: str
    kind: Kind
    due_at: datetime
    status: Status
    settled_at: datetime | None
    late: int
    hours: int | None
    owner: str
    opening: str
    client: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """One process that ended."""

    candidate_id: int
    name: str
    opening: str
    client: str
    result: Result
    answer: Answer
    closed_at: datetime
    told_days: int | None
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ghosted:
    """Somebody who has waited twice as long as they were to."""

    candidate_id: int
    name: str
    ghosted_on: date
    last_word_to_at: datetime | None
    last_word_from_at: datetime | None
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A meeting that one of us did not come to."""

    candidate_id: int
    name: str
    at: datetime
    kind: MeetingKind
    opening: str
    client: str
    who: str


_OWNER = aliased(Member)
_NAME = case((Candidate.name == "", NO_NAME), else_=Candidate.name)


def words(
    session: Session,
    filters: InsightFilters,
    statuses: Sequence[Status] = IN_FIGURES,
    *,
    now: datetime,
    calendar: Calendar,
    page: Page,
) -> list[Word]:
    """The promises of these, the last due first, and what became of them."""
    next_month = calendar.day(now).replace(day=1) + relativedelta(months=1)
    filters = replace(filters, end=filters.end or next_month)
    kinds = [filters.kind] if filters.kind else list(Kind)
    needed = page.number * page.size
    each = [select(_behind(filters, kind, statuses, now, calendar).limit(needed).subquery()) for kind in kinds]
    found = (union_all(*each) if len(each) > 1 else each[0]).subquery()
    ids = session.scalars(page.cut(select(found.c.id).order_by(found.c.due_at.desc(), found.c.id.desc()))).all()
    rows = _words_of(session, ids)
    return [rows[id_] for id_ in ids]


def _behind(
    filters: InsightFilters, kind: Kind, statuses: Sequence[Status], now: datetime, calendar: Calendar
) -> Query:
    """One kind's, along `ix_promise_due`: what is asked of each stands in the index."""
    query = select(Promise.id, Promise.due_at).where(Promise.kind == kind, Promise.status.in_(statuses))
    query = query.where(or_(Promise.status != Status.OPEN, Promise.due_at < to_the_minute(now)))
    if filters.begin is not None:
        query = query.where(Promise.due_at >= calendar.start_of(filters.begin))
    if filters.end is not None:
        query = query.where(Promise.due_at < calendar.start_of(filters.end))
    if filters.owner_id is not None:
        query = query.where(Promise.owner_id == filters.owner_id)
    if filters.client_id is not None:
        query = query.where(Promise.client_id == filters.client_id)
    return query.order_by(Promise.due_at.desc(), Promise.id.desc())


def _words_of(session: Session, ids: Sequence[int]) -> dict[int, Word]:
    query = (
        select(
            *(Promise.id, Promise.candidate_id, _NAME, Promise.kind, Promise.due_at, Promise.status),
            *(Promise.settled_at, Promise.late, Promise.hours, _OWNER.name, Opening.title, Client.name),
        )
        .join(Candidate, Candidate.id == Promise.candidate_id)
        .outerjoin(_OWNER, _OWNER.id == Promise.owner_id)
        .outerjoin(P, P.c.id == Promise.process_id)
        .outerjoin(Opening, Opening.id == P.c.opening_id)
        .outerjoin(Client, Client.id == Opening.client_id)
        .where(Promise.id.in_(ids))
    )
    return {
        id_: Word(
            candidate_id=candidate_id,
            name=name,
            kind=kind,
            due_at=due_at,
            status=status,
            settled_at=settled_at,
            late=late or 0,
            hours=hours,
            owner=owner or "",
            opening=opening or "",
            client=client or "",
        )
        for id_, candidate_id, name, kind, due_at, status, settled_at, late, hours, owner, opening, client in (
            session.execute(query)
        )
    }


def ended(session: Session, filters: InsightFilters, *, calendar: Calendar, page: Page) -> list[Ended]:
    """Processes that ended in this time, the last first."""
    ids = select(P.c.id).where(P.c.closed_at.is_not(None))
    ids = _within(ids, P.c.closed_at, filters, calendar)
    ids = _of(ids, P.c.owner_id, P.c.client_id, filters)
    found = session.scalars(page.cut(ids.order_by(P.c.closed_at.desc(), P.c.id.desc()))).all()
    query = (
        select(
            *(P.c.id, F.c.candidate_id, _NAME, Opening.title, Client.name, P.c.result, P.c.answer),
            *(P.c.closed_at, P.c.told_days, _OWNER.name),
        )
        .select_from(
            P.join(F, F.c.id == P.c.id)
            .join(Candidate, Candidate.id == F.c.candidate_id)
            .join(Opening, Opening.id == P.c.opening_id)
            .outerjoin(Client, Client.id == Opening.client_id)
            .outerjoin(_OWNER, _OWNER.id == P.c.owner_id)
        )
        .where(P.c.id.in_(found))
    )
    rows = {
        id_: Ended(
            candidate_id=candidate_id,
            name=name,
            opening=opening,
            client=client or "",
            result=result,
            answer=answer,
            closed_at=closed_at,
            told_days=told_days,
            owner=owner or "",
        )
        for id_, candidate_id, name, opening, client, result, answer, closed_at, told_days, owner in (
            session.execute(query)
        )
    }
    return [rows[id_] for id_ in found if id_ in rows]


def ghosted(
    session: Session, filters: InsightFilters, waited: Waited | None, *, today: date, page: Page
) -> list[Ghosted]:
    """Whoever has waited twice as long as they were to, the longest first."""
    first, last = _ghosted_between(waited, today)
    query = (
        select(
            *(Candidate.id, _NAME, Candidate.ghosted_on),
            *(Candidate.last_word_to_at, Candidate.last_word_from_at, _OWNER.name),
        )
        .outerjoin(_OWNER, _OWNER.id == Candidate.owner_id)
        .where(Candidate.ghosted_on <= last)
        .order_by(Candidate.ghosted_on, Candidate.id)
    )
    if first is not None:
        query = query.where(Candidate.ghosted_on >= first)
    if filters.owner_id is not None:
        query = query.where(Candidate.owner_id == filters.owner_id)
    return [
        Ghosted(
            candidate_id=id_,
            name=name,
            ghosted_on=on,
            last_word_to_at=to,
            last_word_from_at=from_,
            owner=owner or "",
        )
        for id_, name, on, to, from_, owner in session.execute(page.cut(query))
        if on is not None
    ]


def missed(session: Session, filters: InsightFilters, *, now: datetime, calendar: Calendar, page: Page) -> list[Missed]:
    """Meetings that one of us did not come to, the last first."""
    ids = select(MEETING.c.id).where(MEETING.c.came == literal_column(f"'{Came.MISSED}'"), MEETING.c.starts_at < now)
    ids = _of(_within(ids, MEETING.c.starts_at, filters, calendar), MEETING.c.host_id, MEETING.c.client_id, filters)
    last_first = (MEETING.c.starts_at.desc(), MEETING.c.id.desc())
    found = session.scalars(page.cut(ids.order_by(*last_first))).all()
    absent, noted = aliased(Member), aliased(F)
    outcome = OUTCOME.join(noted, and_(noted.c.id == OUTCOME.c.id, noted.c.undone_at.is_(None)))
    query = (
        select(
            *(F.c.candidate_id, _NAME, MEETING.c.starts_at, MEETING.c.meeting_kind, Opening.title, Client.name),
            func.coalesce(absent.name, _OWNER.name),
        )
        .select_from(
            MEETING.join(F, F.c.id == MEETING.c.id)
            .join(outcome, OUTCOME.c.meeting_id == MEETING.c.id)
            .join(Candidate, Candidate.id == F.c.candidate_id)
            .outerjoin(P, P.c.id == F.c.process_id)
            .outerjoin(Opening, Opening.id == P.c.opening_id)
            .outerjoin(Client, Client.id == Opening.client_id)
            .outerjoin(_OWNER, _OWNER.id == MEETING.c.host_id)
            .outerjoin(absent, absent.id == OUTCOME.c.absent_member_id)
        )
        .where(MEETING.c.id.in_(found))
        .order_by(*last_first)
    )
    return [
        Missed(
            candidate_id=id_,
            name=name,
            at=at,
            kind=kind,
            opening=opening or "",
            client=client or "",
            who=who or "",
        )
        for id_, name, at, kind, opening, client, who in session.execute(query)
    ]


def _within(query: Any, moment: Any, filters: InsightFilters, calendar: Calendar) -> Any:
    if filters.begin is not None:
        query = query.where(moment >= calendar.start_of(filters.begin))
    if filters.end is not None:
        query = query.where(moment < calendar.start_of(filters.end))
    return query


def added(words: Iterable[Words]) -> Words:
    total = Words()
    for one in words:
        total = total + one
    return total
