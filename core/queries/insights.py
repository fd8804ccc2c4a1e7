"""How well words are kept, how soon people are answered and told, whom we have left waiting, and whether we came.

Figures are read from sums by month, which settling keeps: `promise_month` for words (`share_month` where all members
are compared), `told_month` for decisions, `meeting_month` for meetings. What is behind a figure is read a page at a
time. A word belongs to the month it fell due in.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from core.domain.calendar import Calendar
from core.domain.facts import Answer, MeetingKind, Result
from core.domain.figures import NOT_TOLD, Came
from core.domain.percentiles import FEWEST
from core.domain.promises import KEPT, Kind, Status
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
from core.queries.page import Page

Query = Select[*tuple[Any, ...]]

MONTHS_AT_MOST = 24
"""A longer stretch is shown year by year."""
IN_FIGURES = (Status.OPEN, Status.KEPT_ON_TIME, Status.KEPT_LATE, Status.WAIVED)

D, M, SHARE = PromiseTally, PromiseMonth, ShareMonth
P, F, MEETING, OUTCOME = Process.__table__, Fact.__table__, Meeting.__table__, MeetingOutcome.__table__
_STILL_OPEN = text("promise_tally.status = 'open' AND promise_tally.number > 0")
"""In so many words, as its index has them: SQLite takes a partial index for no bound value."""


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

    @property
    def n(self) -> int:
        """Waived ones are counted apart."""
        return self.on_time + self.late.total() + self.overdue

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
            case Status.KEPT_ON_TIME:
                self.on_time += number
            case Status.KEPT_LATE:
                self.late[late] += number
            case Status.OPEN:
                self.overdue += number
            case Status.WAIVED:
                self.waived += number

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
    words = {begin: Words() for begin in begins}
    kinds: dict[Kind, Words] = {}
    replies: dict[date, Counter[int]] = {begin: Counter() for begin in begins}
    for number, kind, status, late, hours, times in session.execute(_words(filters, spans, today)):
        kinds.setdefault(kind, Words()).add(status, late, times)
        if filters.kind in (None, kind):
            words[begins[number]].add(status, late, times)
        if kind is Kind.REPLY and status in KEPT:
            replies[begins[number]][hours] += times
    for number, kind, times in session.execute(_overdue(filters, spans, today)) if not filters.client_id else ():
        kinds.setdefault(kind, Words()).add(Status.OPEN, 0, times)
        if filters.kind in (None, kind):
            words[begins[number]].add(Status.OPEN, 0, times)
    told: dict[date, Counter[int]] = {begin: Counter() for begin in begins}
    untold: Counter[Answer] = Counter()
    untold_in: Counter[date] = Counter()
    for number, days, answer, times in session.execute(_told(filters, spans)):
        if days != NOT_TOLD:
            told[begins[number]][days] += times
        else:
            untold[answer] += times
            untold_in[begins[number]] += times
    return Insights(
        bars=begins,
        by_year=by_year,
        words=words,
        kinds=kinds,
        owners=_owners(session, filters, spans, today),
        clients=_clients(session, filters, spans, today),
        replies=replies,
        told=told,
        untold=untold,
        untold_in=untold_in,
        ghosted=_ghosted(session, filters, today),
        meetings=_meetings(session, filters, spans, now, calendar),
    )


def _bars(session: Session, filters: InsightFilters, today: date) -> tuple[list[date], bool]:
    """Where each begins. Of all there is: from the first year on in which anything fell due."""
    end = filters.end or today.replace(day=1) + relativedelta(months=1)
    begin = filters.begin
    if begin is None:
        of_team = (M.client_id == 0, M.owner_id == TEAM, M.number > 0)
        first = [select(func.min(M.due_on)).where(*of_team, M.status == status) for status in IN_FIGURES]
        first.append(select(func.min(D.due_on)).where(_STILL_OPEN))
        found = [day for day in session.scalars(union_all(*first)) if day is not None]
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


def _in_bars(column: Any, bounds: Sequence[Any]) -> tuple[ColumnElement[int], ColumnElement[bool]]:
    """The number of the bar that each is in, and that it is in any."""
    before = [(column < end, number) for number, end in enumerate(bounds[1:-1])]
    number = case(*before, else_=len(before)) if before else literal(0)
    return number.label("bar"), and_(column >= bounds[0], column < bounds[-1])


# words


def _words(filters: InsightFilters, spans: Sequence[date], today: date) -> Query:
    bar, within = _in_bars(M.due_on, spans)
    return (
        select(bar, M.kind, M.status, M.late, M.hours, func.sum(M.number))
        .where(M.client_id == (filters.client_id or 0), M.owner_id == _whose(filters), within, *_counts(today))
        .group_by(bar, M.kind, M.status, M.late, M.hours)
    )


def _whose(filters: InsightFilters) -> int:
    return TEAM if filters.owner_id is None else filters.owner_id


def _counts(today: date) -> tuple[ColumnElement[bool], ...]:
    """What is open counts from the day after it was due."""
    return M.status.in_(IN_FIGURES), M.number > 0, or_(M.status != Status.OPEN, M.due_on < today)


def _overdue(filters: InsightFilters, spans: Sequence[date], today: date) -> Query:
    """What is open and overdue, whichever client it is about, by bar and kind."""
    bar, within = _in_bars(D.due_on, spans)
    query = select(bar, D.kind, func.sum(D.number)).where(_STILL_OPEN, within, D.due_on < today).group_by(bar, D.kind)
    return query if filters.owner_id is None else query.where(D.owner_id == filters.owner_id)


def _owners(
    session: Session, filters: InsightFilters, spans: Sequence[date], today: date
) -> list[tuple[int, str, Words]]:
    """Of one client what is open stands with it; else the days know it."""
    if filters.owner_id is not None:
        return []
    if filters.client_id is not None:
        of_member = M.owner_id.in_(select(Member.id))
        return _by_name(session, Member, [_in_detail(of_member, M.owner_id, filters, spans, today)])
    overdue = (
        select(D.owner_id, literal(Status.OPEN.value), literal(0), func.sum(D.number))
        .where(_STILL_OPEN, D.due_on >= spans[0], D.due_on < min(today, spans[-1]))
        .group_by(D.owner_id)
    )
    shares = _shares(SHARE.owner_id, filters, spans).where(SHARE.client_id == 0)
    return _by_name(session, Member, [shares, _of_kind(overdue, D, filters)])


def _clients(
    session: Session, filters: InsightFilters, spans: Sequence[date], today: date
) -> list[tuple[int, str, Words]]:
    if filters.client_id is not None:
        return []
    of_client = select(Client.id)
    every = _in_detail(M.client_id.in_(of_client), M.client_id, filters, spans, today)
    if filters.owner_id is not None:
        return _by_name(session, Client, [every])
    shares = _shares(SHARE.client_id, filters, spans).where(SHARE.client_id.in_(of_client), SHARE.owner_id == TEAM)
    return _by_name(session, Client, [shares, every.where(M.status == Status.OPEN)])


def _shares(each: Any, filters: InsightFilters, spans: Sequence[date]) -> Query:
    return (
        select(each, SHARE.status, SHARE.late, func.sum(SHARE.number))
        .where(SHARE.kind == (filters.kind or ANY), SHARE.number > 0)
        .where(SHARE.due_on >= spans[0], SHARE.due_on < spans[-1])
        .group_by(each, SHARE.status, SHARE.late)
    )


def _in_detail(
    those: ColumnElement[bool], each: Any, filters: InsightFilters, spans: Sequence[date], today: date
) -> Query:
    """Of one member or one client, or what is open: few rows of the finer sums."""
    query = select(each, M.status, M.late, func.sum(M.number)).where(those)
    if each is M.owner_id:
        query = query.where(M.client_id == filters.client_id)
    else:
        query = query.where(M.owner_id == _whose(filters))
    query = query.where(M.due_on >= spans[0], M.due_on < spans[-1], *_counts(today))
    return _of_kind(query.group_by(each, M.status, M.late), M, filters)


def _of_kind(query: Query, of: Any, filters: InsightFilters) -> Query:
    return query if filters.kind is None else query.where(of.kind == filters.kind)


def _by_name(session: Session, of: type[Member | Client], queries: Iterable[Query]) -> list[tuple[int, str, Words]]:
    names = dict(session.execute(select(of.id, of.name)).all())
    found: dict[int, Words] = {}
    for query in queries:
        for id_, status, late, times in session.execute(query):
            found.setdefault(id_, Words()).add(Status(status), late, int(times))
    return [(id_, names[id_], words) for id_, words in found.items() if id_ in names]


# decisions told


def _told(filters: InsightFilters, spans: Sequence[date]) -> Query:
    """After how many working days, and how they were answered for when it was closed."""
    month = ToldMonth
    bar, within = _in_bars(month.ended_on, spans)
    return (
        select(bar, month.days, month.answer, func.sum(month.number))
        .where(month.client_id == (filters.client_id or 0), month.owner_id == _whose(filters), within)
        .where(month.number > 0)
        .group_by(bar, month.days, month.answer)
    )


# people left waiting


def _ghosted(session: Session, filters: InsightFilters, today: date) -> Counter[Waited]:
    query = (
        select(GhostTally.ghosted_on, func.sum(GhostTally.number))
        .where(GhostTally.ghosted_on <= today, GhostTally.number > 0)
        .group_by(GhostTally.ghosted_on)
    )
    if filters.owner_id is not None:
        query = query.where(GhostTally.owner_id == filters.owner_id)
    number: Counter[Waited] = Counter()
    for on, people in session.execute(query):
        number[_waited((today - on).days)] += int(people)
    return number


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
    session: Session, filters: InsightFilters, spans: Sequence[date], now: datetime, calendar: Calendar
) -> dict[date, Meetings]:
    """Whole months, without the few of them that are yet to begin."""
    met = {begin: Meetings() for begin in spans[:-1]}
    moments = [calendar.start_of(day) for day in spans]
    for query, sign in ((_in_months(filters, spans), 1), (_to_come(filters, moments, now), -1)):
        for number, came, times in session.execute(query):
            month = met[spans[number]]
            month.number += sign * times
            month.missed += sign * times * (came is Came.MISSED)
            month.unnoted += sign * times * (came is Came.UNNOTED)
    return met


def _in_months(filters: InsightFilters, spans: Sequence[date]) -> Query:
    month = MeetingMonth
    bar, within = _in_bars(month.begins_on, spans)
    return (
        select(bar, month.came, func.sum(month.number))
        .where(month.client_id == (filters.client_id or 0), month.owner_id == _whose(filters), within)
        .where(month.number > 0)
        .group_by(bar, month.came)
    )


def _to_come(filters: InsightFilters, moments: Sequence[datetime], now: datetime) -> Any:
    """One bound from below: of two SQLite would take the wrong one."""
    bar, _ = _in_bars(MEETING.c.starts_at, moments)
    coming = (MEETING.c.starts_at >= max(now, moments[0]), MEETING.c.starts_at < moments[-1])
    query = select(bar, MEETING.c.came, func.count()).where(*coming, MEETING.c.came.is_not(None))
    return _of(query.group_by(bar, MEETING.c.came), MEETING.c.host_id, MEETING.c.client_id, filters)


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
_NAME = case((Candidate.name == "", "No name"), else_=Candidate.name)


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
    today = calendar.day(now)
    filters = replace(filters, end=filters.end or today.replace(day=1) + relativedelta(months=1))
    kinds = [filters.kind] if filters.kind else list(Kind)
    needed = page.number * page.size
    each = [select(_behind(filters, kind, statuses, today, calendar).limit(needed).subquery()) for kind in kinds]
    found = (union_all(*each) if len(each) > 1 else each[0]).subquery()
    ids = session.scalars(page.cut(select(found.c.id).order_by(found.c.due_at.desc(), found.c.id.desc()))).all()
    rows = _words_of(session, ids)
    return [rows[id_] for id_ in ids]


def _behind(filters: InsightFilters, kind: Kind, statuses: Sequence[Status], today: date, calendar: Calendar) -> Query:
    """One kind's, along `ix_promise_due`: what is asked of each stands in the index."""
    query = select(Promise.id, Promise.due_at).where(Promise.kind == kind, Promise.status.in_(statuses))
    query = query.where(or_(Promise.status != Status.OPEN, Promise.due_at < calendar.start_of(today)))
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
