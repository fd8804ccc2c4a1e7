"""Clients, the mirror: how soon they answer, whom they leave without an answer, and what that costs us in promises.

The period is twelve months. Answers are counted by month (`answer_month`); silences are settled with each waiting
(`ix_turn_change_wait`), how processes ended (`ix_process_of_client`) and which interviews were upset
(`ix_meeting_upset`) likewise, each with its client: so what a client did is a short range, however many openings it
has.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from itertools import islice
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from core.domain.calendar import Calendar
from core.domain.facts import Absent, ClosingReason, MeetingKind, MeetingResult, OpeningStatus, Result
from core.domain.names import folded
from core.domain.percentiles import FEWEST, median, ninetieth
from core.domain.policy import Policy
from core.domain.promises import Kind, Status, to_the_minute
from core.persistence.tables import (
    AnswerMonth,
    Candidate,
    Client,
    ClientPerson,
    Fact,
    Meeting,
    MeetingMove,
    MeetingOutcome,
    Member,
    Opening,
    Process,
    Promise,
    TurnChange,
)
from core.persistence.tables.base import among
from core.persistence.tables.ledger import OPEN_OR_LATE
from core.persistence.team import policy_now
from core.queries.page import Page

Query = Select[*tuple[Any, ...]]

MONTHS = 12
MOST_ROWS = 200
"""So many rows behind a figure are told at most; the figure counts all."""

P, F, T = Process.__table__, Fact.__table__, TurnChange.__table__
OUTCOME, MOVE, MEETING = (t.__table__ for t in (MeetingOutcome, MeetingMove, Meeting))
MONTH = AnswerMonth.__table__.c
RUNNING = (OpeningStatus.OPEN, OpeningStatus.HELD)
BROKEN = (Kind.UPDATE, Kind.DELAY)
"""What we owe a candidate while the client is silent."""


class Order(StrEnum):
    ANSWER = "answer"
    """The slowest first; of whom there is too little to say, come last."""
    SILENT = "silent"
    PEOPLE = "people"
    NAME = "name"


class What(StrEnum):
    MISSED = "missed"
    MOVED = "moved"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Answers:
    """Working days from when we began to wait to the client's word, of the answers it gave in the period."""

    n: int = 0
    median: float | None = None
    ninetieth: int | None = None

    @property
    def can_be_told(self) -> bool:
        return self.n >= FEWEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A client in the list."""

    id: int
    name: str
    owner: str
    answer_time: int
    openings: int
    """Open, or on hold."""
    people: int
    answers: Answers
    silent: int
    """People of whom it has said nothing for longer than its answer time."""
    silent_since: datetime | None
    missed: int
    """Interviews it missed in the period."""
    moved: int
    """Interviews that were moved or cancelled because it wanted so."""


@dataclass(frozen=True, slots=True)
class Listed:
    """All that the page Clients reads, in one look."""

    rows: list[Row]
    number: int
    """Of clients in the list."""
    silent: int
    """Clients, in the list or not, that are silent past their answer time."""
    without_answer: int
    """People of whom they say nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    id: int
    version: int
    name: str
    owner_id: int | None
    owner: str
    note: str
    answer_time: int
    people: tuple[tuple[str, str, str, str], ...]
    """Whom we write to there: name, title, e-mail, phone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Somebody of whom the client has said nothing for longer than its answer time."""

    candidate_id: int
    name: str
    opening_id: int
    opening: str
    stage: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Upset:
    """An interview that did not take place as planned."""

    what: What
    by: Absent | None
    """Whose doing; None where nobody said."""
    at: datetime
    notice: timedelta | None
    """From the word to the beginning of the interview; None for one that was missed, and where it is not known."""
    candidate_id: int
    name: str
    opening: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A word we owed while the client kept silent past its answer time, and kept late or have not kept yet."""

    candidate_id: int
    name: str
    opening: str
    kind: Kind
    due_at: datetime
    kept_at: datetime | None
    waited_since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfClient:
    id: int
    title: str
    status: OpeningStatus
    added_at: datetime
    people: int
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirror:
    """One client in numbers, and of whom it is silent; the rows behind the other figures are reads of their own."""

    profile: Profile
    since: datetime
    """Where the period begins."""
    answers: Answers
    months: list[tuple[datetime, Counter[int]]]
    """The beginning of each month, and how often each number of days to an answer fell in it."""
    waits: list[Wait]
    """The longest first; at most MOST_ROWS."""
    waiting: int
    silent: int
    interviews: int
    """Planned for a time in the period up to now."""
    unnoted: int
    """Of these, how many are over without anybody having noted how they went."""
    upset: Counter[tuple[What, Absent | None]]
    """How many did not take place as planned, by what happened and whose doing."""
    closures: list[tuple[Result, ClosingReason | None, int]]
    broken: int
    openings: int
    running: int
    """Of its openings, those that have not ended."""
    people: int
    """In process with it."""


# the list


def listed(
    session: Session, *, text: str = "", order: Order = Order.ANSWER, now: datetime, calendar: Calendar, page: Page
) -> Listed:
    """The page of the list. Only what it is sorted by, and who is silent, is reckoned for all of them."""
    policy = policy_now(session)
    past = _past(policy, now, calendar)
    meant = [Client.sort_name.contains(word, autoescape=True) for word in folded(text).split()]
    begin = since(now, calendar)
    asked: dict[str, Any] = {
        "begin": begin,
        "begin_on": calendar.day(begin),
        **past,
        "most": page.size,
        "before": (page.number - 1) * page.size,
    }
    query = _in_order(order, len(past))
    found = session.execute(query.where(*meant) if meant else query, asked).all()
    told = (
        {client.id: (client.n, client.median, client.ninetieth) for client in found} if order is Order.ANSWER else None
    )
    asked["ids"] = [client.id for client in found]
    figures = _Figures(session, told, asked, len(past))
    return Listed(
        rows=[figures.row(client, policy) for client in found],
        number=found[0].all_of_them if found else 0,
        silent=len(figures.silent),
        without_answer=sum(silent.number for silent in figures.silent.values()),
    )


@cache
def _in_order(order: Order, terms: int) -> Query:
    answers: Sequence[Any] = ()
    figures: Any = None
    key: list[Any] = []
    match order:
        case Order.ANSWER:
            figures = _answers().subquery()
            answers = [figures.c[name] for name in ("n", "median", "ninetieth")]
            tells = and_(figures.c.n.is_not(None), figures.c.n >= FEWEST)
            slowest = (case((tells, figures.c[name])) for name in ("median", "ninetieth"))
            key = [part for figure in slowest for part in (figure.is_(None), figure.desc())]
        case Order.SILENT:
            figures = _silent(terms).subquery()
            key = [func.coalesce(figures.c.number, 0).desc(), figures.c.earliest.is_(None), figures.c.earliest]
        case Order.PEOPLE:
            figures = _running().subquery()
            key = [func.coalesce(figures.c.people, 0).desc()]
    columns = (Client.id, Client.name, Client.called_in_policy, Member.name.label("owner"))
    query = select(*columns, func.count().over().label("all_of_them"), *answers)
    query = query.outerjoin(Member, Member.id == Client.owner_id)
    if figures is not None:
        query = query.outerjoin(figures, figures.c.client_id == Client.id)
    query = query.order_by(*key, Client.sort_name, Client.id)
    return query.limit(bindparam("most")).offset(bindparam("before"))


class _Figures:
    """All that the list says, of the clients on its page."""

    def __init__(self, session: Session, answers: dict[int, Any] | None, asked: dict[str, Any], terms: int) -> None:
        """`answers`: those of each, where they are known already."""

        def of(query: Query) -> dict[int, Any]:
            return {row.client_id: row for row in session.execute(query, asked)}

        if answers is None:
            answers = {client_id: told for client_id, *told in session.execute(_ANSWERS_OF, asked)}
        self.answers = {
            client_id: Answers(int(n), float(median), int(ninetieth))
            for client_id, (n, median, ninetieth) in answers.items()
            if n is not None
        }
        self.silent, self.running = of(_silent(terms)), of(_RUNNING_OF)
        self.upsets: Counter[tuple[int, What]] = Counter()
        for query in _UPSETS_BY_CLIENTS:
            for client_id, what, number in session.execute(query, asked):
                self.upsets[client_id, What(what)] = number

    def row(self, client: Any, policy: Policy) -> Row:
        silent, running = self.silent.get(client.id), self.running.get(client.id)
        return Row(
            id=client.id,
            name=client.name,
            owner=client.owner or "",
            answer_time=policy.answer_time(client.called_in_policy),
            openings=running.openings if running else 0,
            people=int(running.people) if running else 0,
            answers=self.answers.get(client.id, Answers()),
            silent=silent.number if silent else 0,
            silent_since=silent.earliest if silent else None,
            missed=self.upsets[client.id, What.MISSED],
            moved=self.upsets[client.id, What.MOVED] + self.upsets[client.id, What.CANCELLED],
        )


def since(now: datetime, calendar: Calendar) -> datetime:
    """Where the period begins: the first of the month, a year ago, so that it holds whole months and this one."""
    return calendar.start_of(calendar.day(now).replace(day=1) - relativedelta(months=MONTHS))


# one client


def mirror(session: Session, client_id: int, *, now: datetime, calendar: Calendar) -> Mirror | None:
    """None: there is no such client."""
    client = session.get(Client, client_id)
    if client is None:
        return None
    policy, begin = policy_now(session), since(now, calendar)
    days = policy.answer_time(client.called_in_policy)
    months = _months(session, client_id, begin, calendar)
    all_answers: Counter[int] = Counter()
    for _, answered in months:
        all_answers.update(answered)
    past = calendar.begun_before(to_the_minute(now), days)
    waiting, silent = _number_waiting(session, client_id, past)
    interviews, unnoted = _interviews(session, client_id, begin, now)
    openings, running, people = session.execute(_NUMBER_OF_OPENINGS, {"client_id": client_id}).one()
    return Mirror(
        profile=_profile(session, client, days),
        since=begin,
        answers=_told(all_answers),
        months=months,
        waits=_waits(session, client_id, past),
        waiting=waiting,
        silent=silent,
        interviews=interviews,
        unnoted=unnoted,
        upset=_upset_of(session, client_id, begin),
        closures=_closures(session, client_id, begin),
        broken=_number_broken(session, client_id, begin, days, now, calendar),
        openings=openings,
        running=running,
        people=people,
    )


def _told(answers: Counter[int]) -> Answers:
    n = answers.total()
    return Answers(n, median(answers), ninetieth(answers)) if n else Answers()


def _profile(session: Session, client: Client, answer_time: int) -> Profile:
    owner = session.get(Member, client.owner_id) if client.owner_id else None
    people = select(ClientPerson.name, ClientPerson.title, ClientPerson.email, ClientPerson.phone)
    people = people.where(ClientPerson.client_id == client.id).order_by(ClientPerson.id)
    return Profile(
        id=client.id,
        version=client.version,
        name=client.name,
        owner_id=client.owner_id,
        owner=owner.name if owner else "",
        note=client.note,
        answer_time=answer_time,
        people=tuple((name, title, email, phone) for name, title, email, phone in session.execute(people)),
    )


# answers and silences


OF_CLIENT = T.c.client_id == bindparam("client_id")
OF_ANY = T.c.client_id.in_(select(Client.id))
"""A range for each of them, and not all there is."""


def _answers(*whose: ColumnElement[bool]) -> Query:
    """Median and 90th percentile by client: the numbers of days, each with how often, added up in order."""
    one = (
        select(MONTH.client_id, MONTH.days, func.sum(MONTH.number).label("times"))
        .where(MONTH.answered_on >= bindparam("begin_on"), MONTH.number > 0)
        .where(*whose or [MONTH.client_id.in_(select(Client.id))])
        .group_by(MONTH.client_id, MONTH.days)
        .subquery()
    )
    summed = select(
        one.c.client_id,
        one.c.days,
        func.sum(one.c.times).over(partition_by=one.c.client_id, order_by=one.c.days).label("so_far"),
        func.sum(one.c.times).over(partition_by=one.c.client_id).label("n"),
    ).subquery()

    def first(enough: ColumnElement[bool]) -> ColumnElement[Any]:
        return func.min(case((enough, summed.c.days)))

    lower, upper = first(summed.c.so_far * 2 >= summed.c.n), first(summed.c.so_far * 2 > summed.c.n)
    return select(
        summed.c.client_id,
        func.max(summed.c.n).label("n"),
        ((lower + upper) / 2.0).label("median"),
        first(summed.c.so_far * 10 >= summed.c.n * 9).label("ninetieth"),
    ).group_by(summed.c.client_id)


_ANSWERS_OF = _answers(MONTH.client_id.in_(bindparam("ids", expanding=True)))


def _waitings() -> Any:
    return T.join(F, F.c.id == T.c.id)


STILL = and_(T.c.began_wait, T.c.ended_at.is_(None))


def _past(policy: Policy, now: datetime, calendar: Calendar) -> dict[str, Any]:
    """The parameters of `_silent`, numbered: for each answer time the clients that have it, and since when it is over.

    The last pair is for all other clients: its names are those of clients that have an answer time of their own.
    """
    by_days: dict[int, list[str]] = {}
    for called, days in policy.clients.items():
        by_days.setdefault(days, []).append(called)
    cuts = [calendar.begun_before(to_the_minute(now), days) for days in (*by_days, policy.client_answer)]
    called_of = enumerate([*by_days.values(), list(policy.clients)])
    return {f"called_{number}": called for number, called in called_of} | {
        f"cut_{number}": cut for number, cut in enumerate(cuts)
    }


@cache
def _silent(terms: int) -> Query:
    """Waitings that have lasted longer than the client's answer time, by client. `terms`: how many `_past` are."""
    others = terms // 2 - 1

    def past(number: int) -> ColumnElement[bool]:
        called: BindParameter[Any] = bindparam(f"called_{number}", expanding=True)
        are_meant = Client.called_in_policy.not_in(called) if number == others else Client.called_in_policy.in_(called)
        return and_(are_meant, F.c.happened_at < bindparam(f"cut_{number}"))

    return (
        select(T.c.client_id, func.count().label("number"), func.min(F.c.happened_at).label("earliest"))
        .select_from(_waitings().join(Client.__table__, Client.id == T.c.client_id))
        .where(STILL, OF_ANY, or_(*(past(number) for number in range(others + 1))))
        .group_by(T.c.client_id)
    )


def _running() -> Query:
    """Openings that have not ended, and who is in them: in one that has ended nobody is in process."""
    people = select(func.count()).where(P.c.opening_id == Opening.id, P.c.is_active).scalar_subquery()
    return (
        select(Opening.client_id, func.count().label("openings"), func.sum(people).label("people"))
        .where(among(Opening.status, *RUNNING), Opening.client_id.is_not(None))
        .group_by(Opening.client_id)
    )


_RUNNING_OF = _running().where(Opening.client_id.in_(bindparam("ids", expanding=True)))


def _months(
    session: Session, client_id: int, begin: datetime, calendar: Calendar
) -> list[tuple[datetime, Counter[int]]]:
    first = calendar.day(begin)
    months = [first + relativedelta(months=number) for number in range(MONTHS + 1)]
    answered: dict[date, Counter[int]] = {month: Counter() for month in months}
    asked = {"client_id": client_id, "begin_on": first, "this": months[-1]}
    for month, days, times in session.execute(_ANSWERS_BY_MONTH, asked):
        answered[month][days] = times
    return [(calendar.start_of(month), times) for month, times in answered.items()]


_ANSWERS_BY_MONTH = select(MONTH.answered_on, MONTH.days, MONTH.number).where(
    MONTH.client_id == bindparam("client_id"),
    MONTH.answered_on.between(bindparam("begin_on"), bindparam("this")),
    MONTH.number > 0,
)
_WAITING = (
    select(func.count(), func.coalesce(func.sum(case((F.c.happened_at < bindparam("past"), 1), else_=0)), 0))
    .select_from(_waitings())
    .where(STILL, OF_CLIENT)
)
_WAITS = (
    select(Candidate.id, Candidate.name, Opening.id, Opening.title, P.c.stage, F.c.happened_at)
    .select_from(
        _waitings()
        .join(Opening.__table__, Opening.id == T.c.opening_id)
        .join(P, P.c.id == F.c.process_id)
        .join(Candidate.__table__, Candidate.id == F.c.candidate_id)
    )
    .where(STILL, OF_CLIENT, F.c.happened_at < bindparam("past"))
    .order_by(F.c.happened_at, T.c.id)
    .limit(MOST_ROWS)
)


def _number_waiting(session: Session, client_id: int, past: datetime) -> tuple[int, int]:
    """Of how many we wait to hear, and of how many for longer than the answer time."""
    waiting, silent = session.execute(_WAITING, {"client_id": client_id, "past": past}).one()
    return waiting, int(silent)


def _waits(session: Session, client_id: int, past: datetime) -> list[Wait]:
    return [
        Wait(
            candidate_id=id_,
            name=name,
            opening_id=opening_id,
            opening=opening,
            stage=stage or "",
            since=at,
        )
        for id_, name, opening_id, opening, stage, at in session.execute(_WAITS, {"client_id": client_id, "past": past})
    ]


# interviews: few are upset, so these few are read


_IS_INTERVIEW = MEETING.c.meeting_kind == MeetingKind.INTERVIEW
"""A talk is between the candidate and us."""
UPSET = (MeetingResult.MISSED, MeetingResult.CANCELLED)
_BY = func.coalesce(OUTCOME.c.absent, OUTCOME.c.asked_by)
_MOVED = func.min(What.MOVED.value)


def _upset(by: Any, *columns: Any) -> Query:
    """Interviews that were upset in the period, by an outcome or by a move."""
    is_one = among(MEETING.c.result, *UPSET) if by is OUTCOME else MOVE.c.to_host_id.is_(None)
    return (
        select(*columns)
        .select_from(MEETING.join(by, by.c.meeting_id == MEETING.c.id).join(F, F.c.id == by.c.id))
        .where(MEETING.c.upset_at >= bindparam("begin"), _IS_INTERVIEW, is_one)
        .where(F.c.undone_at.is_(None), F.c.happened_at >= bindparam("begin"))
    )


_WAYS: tuple[tuple[Any, Any, list[Any], Any], ...] = (
    (OUTCOME, OUTCOME.c.outcome, [OUTCOME.c.outcome], _BY),
    (MOVE, _MOVED, [], MOVE.c.asked_by),
)
"""Where it is told, what happened, whether that may be several things, and whose doing."""
_UPSETS_BY_CLIENTS = tuple(
    _upset(by, MEETING.c.client_id, what, func.count())
    .where(MEETING.c.client_id.in_(bindparam("ids", expanding=True)), whose == Absent.CLIENT)
    .group_by(MEETING.c.client_id, *several)
    for by, what, several, whose in _WAYS
)
_NUMBER_OF_UPSETS = tuple(
    _upset(by, what, whose, func.count()).where(MEETING.c.client_id == bindparam("client_id")).group_by(whose, *several)
    for by, what, several, whose in _WAYS
)


def _upset_of(session: Session, client_id: int, begin: datetime) -> Counter[tuple[What, Absent | None]]:
    """By what happened, and whose doing."""
    numbers: Counter[tuple[What, Absent | None]] = Counter()
    for query in _NUMBER_OF_UPSETS:
        for what, by, number in session.execute(query, {"client_id": client_id, "begin": begin}):
            numbers[What(what), by] = number
    return numbers


_UPSETS = tuple(
    _upset(by, what, whose, F.c.happened_at, MEETING.c.starts_at, Candidate.id, Candidate.name, Opening.title, was_at)
    .join(Candidate.__table__, Candidate.id == F.c.candidate_id)
    .join(P, P.c.id == F.c.process_id)
    .join(Opening.__table__, Opening.id == P.c.opening_id)
    .where(MEETING.c.client_id == bindparam("client_id"))
    .order_by(F.c.happened_at.desc())
    .limit(MOST_ROWS)
    for by, what, whose, was_at in (
        (OUTCOME, OUTCOME.c.outcome, _BY, MEETING.c.starts_at),
        (MOVE, null(), MOVE.c.asked_by, MOVE.c.from_starts_at),
    )
)


def upsets(session: Session, client_id: int, begin: datetime) -> list[Upset]:
    """The latest first; at most MOST_ROWS of each sort. `begin`: of the period, as in the mirror."""
    asked = {"client_id": client_id, "begin": begin}
    found = []
    for query in _UPSETS:
        for outcome, by, at, starts_at, id_, name, opening, was_at in session.execute(query, asked):
            what = What(outcome) if outcome else What.MOVED
            is_told = what is not What.MISSED and was_at is not None
            found.append(
                Upset(
                    what=what,
                    by=by,
                    at=at if what is What.MOVED else starts_at,
                    notice=max(was_at - at, timedelta()) if is_told else None,
                    candidate_id=id_,
                    name=name,
                    opening=opening,
                )
            )
    return sorted(found, key=lambda upset: upset.at, reverse=True)


_INTERVIEWS = select(
    func.count(), func.count().filter(MEETING.c.result.is_(None), MEETING.c.ends_at <= bindparam("now"))
).where(
    MEETING.c.client_id == bindparam("client_id"),
    _IS_INTERVIEW,
    MEETING.c.starts_at >= bindparam("begin"),
    MEETING.c.starts_at <= bindparam("now"),
)


def _interviews(session: Session, client_id: int, begin: datetime, now: datetime) -> tuple[int, int]:
    """How many there were in the period, and of how many nobody has noted how they went."""
    asked = {"client_id": client_id, "begin": begin, "now": now}
    number, unnoted = session.execute(_INTERVIEWS, asked).one()
    return number, unnoted


# ends, and promises


_TIMES = func.count()
_CLOSURES = (
    select(P.c.result, P.c.reason, _TIMES)
    .where(P.c.client_id == bindparam("client_id"), P.c.closed_at >= bindparam("begin"))
    .group_by(P.c.result, P.c.reason)
    .order_by(_TIMES.desc(), P.c.result, P.c.reason)
)


def _closures(session: Session, client_id: int, begin: datetime) -> list[tuple[Result, ClosingReason | None, int]]:
    """How processes ended in the period, and why; the most frequent first. Of one closed twice, the last."""
    found = session.execute(_CLOSURES, {"client_id": client_id, "begin": begin})
    return [(result, reason, times) for result, reason, times in found]


_WAITED_LONG = union_all(
    *(
        select(T.c.id).where(
            OF_CLIENT, T.c.began_wait, ended, T.c.answer_days.is_(None) | (T.c.answer_days > bindparam("days"))
        )
        for ended in (T.c.ended_at.is_(None), T.c.ended_at >= bindparam("begin"))
    )
)
"""In the period, or to this day: two ranges, one after the other. They are asked for by their ids: joined as they are,
PostgreSQL takes them for so many that it reads everybody's promises of the period instead."""

_WAITED = _waitings().join(Promise.__table__, Promise.process_id == F.c.process_id + 0)
"""+ 0: else SQLite begins with everybody's."""
_IS_BROKEN: tuple[ColumnElement[bool], ...] = (
    T.c.id.in_(_WAITED_LONG),
    among(Promise.kind, *BROKEN),
    literal_column(f"promise.{OPEN_OR_LATE}"),
    Promise.due_at >= bindparam("begin"),
    Promise.due_at < bindparam("now"),
    Promise.due_at > F.c.happened_at,
    or_(T.c.ended_at.is_(None), Promise.due_at <= T.c.ended_at),
)
_WHEN_BROKEN = select(F.c.happened_at, Promise.due_at).select_from(_WAITED).where(*_IS_BROKEN)
_BROKEN = (
    select(
        F.c.happened_at,
        Promise.candidate_id,
        Candidate.name,
        Opening.title,
        Promise.kind,
        Promise.due_at,
        Promise.status,
        Promise.settled_at,
    )
    .select_from(
        _WAITED.join(Candidate.__table__, Candidate.id == Promise.candidate_id).join(
            Opening.__table__, Opening.id == T.c.opening_id
        )
    )
    .where(*_IS_BROKEN)
    .order_by(Promise.due_at.desc(), Promise.id)
)


def _number_broken(
    session: Session, client_id: int, begin: datetime, days: int, now: datetime, calendar: Calendar
) -> int:
    asked = {"client_id": client_id, "begin": begin, "days": days, "now": to_the_minute(now)}
    return sum(due_at > calendar.after(since, days) for since, due_at in session.execute(_WHEN_BROKEN, asked))


def broken(
    session: Session, client_id: int, begin: datetime, days: int, *, now: datetime, calendar: Calendar
) -> list[Broken]:
    """Because of them: an update or a delay that fell due while we waited on the client past its answer time, and that
    we kept late or have not kept yet. The answer time is the present one. The latest due first, at most MOST_ROWS.
    """
    asked = {"client_id": client_id, "begin": begin, "days": days, "now": to_the_minute(now)}
    meant = (row for row in session.execute(_BROKEN, asked) if row.due_at > calendar.after(row.happened_at, days))
    return [
        Broken(
            candidate_id=id_,
            name=name,
            opening=opening,
            kind=kind,
            due_at=due_at,
            kept_at=settled_at if status is Status.KEPT_LATE else None,
            waited_since=waited_since,
        )
        for waited_since, id_, name, opening, kind, due_at, status, settled_at in islice(meant, MOST_ROWS)
    ]


_IS_RUNNING = among(Opening.status, *RUNNING)
_OF_IT = Opening.client_id == bindparam("client_id")
_NUMBER_OF_OPENINGS = select(
    func.count(),
    func.count().filter(_IS_RUNNING),
    select(func.count())
    .select_from(Opening.__table__.join(P, P.c.opening_id == Opening.id))
    .where(_OF_IT, _IS_RUNNING, P.c.is_active)
    .scalar_subquery(),
).where(_OF_IT)
_IN_ORDER = (case((_IS_RUNNING, 0), else_=1), Opening.added_at.desc(), Opening.id)
_NEWEST = select(Opening.id).where(_OF_IT).order_by(*_IN_ORDER).limit(MOST_ROWS)
_OPENINGS = (
    select(
        Opening.id,
        Opening.title,
        Opening.status,
        Opening.added_at,
        func.count(P.c.id),
        func.coalesce(func.sum(case((P.c.next_due_at < bindparam("now"), 1), else_=0)), 0),
    )
    .select_from(Opening.__table__.outerjoin(P, and_(P.c.opening_id == Opening.id, P.c.is_active)))
    .where(Opening.id.in_(_NEWEST))
    .group_by(Opening.id)
    .order_by(*_IN_ORDER)
)


def of_client(session: Session, client_id: int, now: datetime) -> list[OfClient]:
    """Its openings, the running ones first; at most MOST_ROWS."""
    found = session.execute(_OPENINGS, {"client_id": client_id, "now": to_the_minute(now)})
    return [
        OfClient(id=id_, title=title, status=status, added_at=at, people=people, overdue=int(late))
        for id_, title, status, at, people, late in found
    ]
