"""Clients, the mirror: how soon they answer, whom they leave without an answer, and what that costs us in promises.

The period is twelve months. Answers and silences are settled with each waiting (`ix_turn_change_wait`), so that a
client's are one short range for each of its openings.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, Select, and_, case, func, null, or_, select
from sqlalchemy.orm import Session, aliased

from core.domain.calendar import Calendar
from core.domain.facts import Absent, ClosingReason, MeetingKind, MeetingResult, OpeningStatus, Result
from core.domain.names import folded
from core.domain.percentiles import FEWEST, median, ninetieth
from core.domain.policy import Policy
from core.domain.promises import Kind, Status, to_the_minute
from core.persistence.tables import (
    Candidate,
    Client,
    ClientPerson,
    Closing,
    Fact,
    FactKind,
    Meeting,
    MeetingMove,
    MeetingOutcome,
    Member,
    Opening,
    Process,
    Promise,
    TurnChange,
)
from core.persistence.team import team_of
from core.queries.page import Page

Query = Select[*tuple[Any, ...]]

MONTHS = 12
MOST_ROWS = 200
"""So many rows behind a figure are told at most; the figure counts all."""

P, F, T = Process.__table__, Fact.__table__, TurnChange.__table__
OUTCOME, MOVE, MEETING, CLOSING = (t.__table__ for t in (MeetingOutcome, MeetingMove, Meeting, Closing))
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
    """Somebody of whom we wait to hear."""

    candidate_id: int
    name: str
    opening_id: int
    opening: str
    stage: str
    since: datetime
    is_past: bool
    """Longer than the client's answer time."""


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
    """One client, whole."""

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
    upsets: list[Upset]
    closures: list[tuple[Result, ClosingReason | None, int]]
    broken: list[Broken]
    openings: list[OfClient]
    """The running ones first; at most MOST_ROWS."""


# the list


def listed(
    session: Session, *, text: str = "", order: Order = Order.ANSWER, now: datetime, calendar: Calendar, page: Page
) -> tuple[list[Row], int]:
    """The page of the list, and how long it is. Only what it is sorted by is reckoned for all of them."""
    policy, begin = team_of(session).policies.now, since(now, calendar)
    meant = [Client.sort_name.contains(word, autoescape=True) for word in folded(text).split()]
    query = select(Client, Member.name, func.count().over()).outerjoin(Member, Member.id == Client.owner_id)
    query = query.where(*meant)
    figures: Any = None
    key: list[Any] = []
    match order:
        case Order.ANSWER:
            figures = _answers(begin).subquery()
            tells = and_(figures.c.n.is_not(None), figures.c.n >= FEWEST)
            slowest = (case((tells, figures.c[name])) for name in ("median", "ninetieth"))
            key = [part for figure in slowest for part in (figure.is_(None), figure.desc())]
        case Order.SILENT:
            figures = _silent(policy, now, calendar).subquery()
            key = [func.coalesce(figures.c.number, 0).desc(), figures.c.earliest.is_(None), figures.c.earliest]
        case Order.PEOPLE:
            figures = _in_process().subquery()
            key = [func.coalesce(figures.c.number, 0).desc()]
    if figures is not None:
        query = query.outerjoin(figures, figures.c.client_id == Client.id)
    found = session.execute(page.cut(query.order_by(*key, Client.sort_name, Client.id))).all()
    clients = [client for client, _, _ in found]
    figures_of = _Figures(session, [client.id for client in clients], policy, begin, now, calendar)
    return [figures_of.row(client, owner or "", policy) for client, owner, _ in found], found[0][2] if found else 0


class _Figures:
    """All that the list says, of the clients on its page."""

    def __init__(
        self, session: Session, ids: list[int], policy: Policy, begin: datetime, now: datetime, calendar: Calendar
    ) -> None:
        def of(query: Any) -> dict[int, Any]:
            return {row.client_id: row for row in session.execute(query.where(Opening.client_id.in_(ids)))}

        self.answers = {
            row.client_id: Answers(int(row.n), float(row.median), int(row.ninetieth))
            for row in session.execute(_answers(begin, ids))
        }
        self.silent = of(_silent(policy, now, calendar))
        self.people = of(_in_process())
        self.openings = of(
            select(Opening.client_id, func.count().label("number"))
            .where(Opening.status.in_(RUNNING))
            .group_by(Opening.client_id)
        )
        self.upsets: Counter[tuple[int, What, Absent | None]] = Counter()
        for query in _number_of_upsets(begin):
            for client_id, what, by, number in session.execute(query.where(Opening.client_id.in_(ids))):
                self.upsets[client_id, What(what), by] += number

    def row(self, client: Client, owner: str, policy: Policy) -> Row:
        silent, people, openings = (found.get(client.id) for found in (self.silent, self.people, self.openings))
        return Row(
            id=client.id,
            name=client.name,
            owner=owner,
            answer_time=policy.answer_time(client.called_in_policy),
            openings=openings.number if openings else 0,
            people=people.number if people else 0,
            answers=self.answers.get(client.id, Answers()),
            silent=silent.number if silent else 0,
            silent_since=silent.earliest if silent else None,
            missed=self.upsets[client.id, What.MISSED, Absent.CLIENT],
            moved=sum(self.upsets[client.id, what, Absent.CLIENT] for what in (What.MOVED, What.CANCELLED)),
        )


def silent_now(session: Session, *, now: datetime, calendar: Calendar) -> tuple[int, int]:
    """How many clients are silent past their answer time, and about how many people."""
    by_client = _silent(team_of(session).policies.now, now, calendar).subquery()
    query = select(func.count(), func.coalesce(func.sum(by_client.c.number), 0)).select_from(by_client)
    number, people = session.execute(query).one()
    return number, int(people)


def since(now: datetime, calendar: Calendar) -> datetime:
    """Where the period begins: the first of the month, a year ago, so that it holds whole months and this one."""
    return calendar.start_of(calendar.day(now).replace(day=1) - relativedelta(months=MONTHS))


# one client


def mirror(session: Session, client_id: int, *, now: datetime, calendar: Calendar) -> Mirror | None:
    """None: there is no such client."""
    client = session.get(Client, client_id)
    if client is None:
        return None
    policy, begin = team_of(session).policies.now, since(now, calendar)
    days = policy.answer_time(client.called_in_policy)
    months = _months(session, client_id, begin, now, calendar)
    all_answers: Counter[int] = Counter()
    for _, answered in months:
        all_answers.update(answered)
    past = calendar.begun_before(to_the_minute(now), days)
    waiting, silent = _number_waiting(session, client_id, past)
    interviews, unnoted = _interviews(session, client_id, begin, now)
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
        upsets=_upsets(session, client_id, begin),
        closures=_closures(session, client_id, begin),
        broken=_broken(session, client_id, begin, days, now, calendar),
        openings=_openings(session, client_id, now),
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


def _answers(begin: datetime, ids: Sequence[int] | None = None) -> Query:
    """Median and 90th percentile by client: the numbers of days, each with how often, added up in order."""
    each = (
        select(Opening.client_id, T.c.answer_days.label("days"), func.count().label("times"))
        .select_from(Opening.__table__.join(T, T.c.opening_id == Opening.id))
        .where(T.c.began_wait, T.c.ended_at >= begin, T.c.answer_days.is_not(None), Opening.client_id.is_not(None))
        .group_by(Opening.client_id, T.c.answer_days)
    )
    if ids is not None:
        each = each.where(Opening.client_id.in_(ids))
    one = each.subquery()
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


def _open_waits() -> Any:
    return Opening.__table__.join(T, T.c.opening_id == Opening.id).join(F, F.c.id == T.c.id)


STILL = and_(Opening.status.in_(RUNNING), T.c.began_wait, T.c.ended_at.is_(None))
"""With an opening everybody's waiting ends."""


def _silent(policy: Policy, now: datetime, calendar: Calendar) -> Query:
    """Waitings that have lasted longer than the client's answer time, by client."""
    by_days: dict[int, list[str]] = {}
    for called, days in policy.clients.items():
        by_days.setdefault(days, []).append(called)

    def cut(days: int) -> Any:
        return calendar.begun_before(to_the_minute(now), days)

    is_past = or_(
        *(and_(Client.called_in_policy.in_(called), F.c.happened_at < cut(days)) for days, called in by_days.items()),
        and_(Client.called_in_policy.not_in(list(policy.clients)), F.c.happened_at < cut(policy.client_answer)),
    )
    return (
        select(Opening.client_id, func.count().label("number"), func.min(F.c.happened_at).label("earliest"))
        .select_from(_open_waits().join(Client.__table__, Client.id == Opening.client_id))
        .where(STILL, is_past)
        .group_by(Opening.client_id)
    )


def _in_process() -> Query:
    return (
        select(Opening.client_id, func.count().label("number"))
        .select_from(Opening.__table__.join(P, P.c.opening_id == Opening.id))
        .where(P.c.is_active, Opening.client_id.is_not(None))
        .group_by(Opening.client_id)
    )


def _months(
    session: Session, client_id: int, begin: datetime, now: datetime, calendar: Calendar
) -> list[tuple[datetime, Counter[int]]]:
    first, starts = calendar.day(begin), [begin]
    while (start := calendar.start_of(first + relativedelta(months=len(starts)))) <= now:
        starts.append(start)
    month = case(*((T.c.ended_at < end, number) for number, end in enumerate(starts[1:])), else_=len(starts) - 1)
    query = (
        select(month, T.c.answer_days, func.count())
        .select_from(Opening.__table__.join(T, T.c.opening_id == Opening.id))
        .where(Opening.client_id == client_id)
        .where(T.c.began_wait, T.c.ended_at >= begin, T.c.answer_days.is_not(None))
        .group_by(month, T.c.answer_days)
    )
    answered: list[Counter[int]] = [Counter() for _ in starts]
    for number, days, times in session.execute(query):
        answered[number][days] += times
    return list(zip(starts, answered, strict=True))


def _number_waiting(session: Session, client_id: int, past: datetime) -> tuple[int, int]:
    """Of how many we wait to hear, and of how many for longer than the answer time."""
    is_past = func.coalesce(func.sum(case((F.c.happened_at < past, 1), else_=0)), 0)
    query = select(func.count(), is_past).select_from(_open_waits()).where(STILL, Opening.client_id == client_id)
    waiting, silent = session.execute(query).one()
    return waiting, int(silent)


def _waits(session: Session, client_id: int, past: datetime) -> list[Wait]:
    query = (
        select(Candidate.id, Candidate.name, Opening.id, Opening.title, P.c.stage, F.c.happened_at)
        .select_from(
            _open_waits().join(P, P.c.id == F.c.process_id).join(Candidate.__table__, Candidate.id == F.c.candidate_id)
        )
        .where(STILL, Opening.client_id == client_id)
        .order_by(F.c.happened_at, T.c.id)
        .limit(MOST_ROWS)
    )
    return [
        Wait(
            candidate_id=id_,
            name=name,
            opening_id=opening_id,
            opening=opening,
            stage=stage or "",
            since=at,
            is_past=at < past,
        )
        for id_, name, opening_id, opening, stage, at in session.execute(query)
    ]


# interviews: few are upset, so these few are read, and whose they were is looked up


_OF_MEETING = aliased(Fact.__table__)
_UPSET_OUTCOMES = OUTCOME.c.outcome.in_((MeetingResult.MISSED, MeetingResult.CANCELLED))


def _number_of_upsets(begin: datetime) -> Iterator[Query]:
    """By client, what happened, and whose doing."""
    by = func.coalesce(OUTCOME.c.absent, OUTCOME.c.asked_by)
    yield (
        select(Opening.client_id, OUTCOME.c.outcome, by, func.count())
        .select_from(_to_opening(OUTCOME, from_there=True))
        .where(_UPSET_OUTCOMES, *_stands(begin))
        .group_by(Opening.client_id, OUTCOME.c.outcome, by)
    )
    yield (
        select(Opening.client_id, func.min(What.MOVED.value), MOVE.c.asked_by, func.count())
        .select_from(_to_opening(MOVE, from_there=True))
        .where(*_stands(begin))
        .group_by(Opening.client_id, MOVE.c.asked_by)
    )


def _upsets(session: Session, client_id: int, begin: datetime) -> list[Upset]:
    """The latest first; at most MOST_ROWS of each sort."""
    common = (F.c.happened_at, MEETING.c.starts_at, Candidate.id, Candidate.name, Opening.title)
    queries = (
        select(OUTCOME.c.outcome, func.coalesce(OUTCOME.c.absent, OUTCOME.c.asked_by), *common, MEETING.c.starts_at)
        .select_from(_to_opening(OUTCOME).join(Candidate.__table__, Candidate.id == F.c.candidate_id))
        .where(_UPSET_OUTCOMES),
        select(null(), MOVE.c.asked_by, *common, MOVE.c.from_starts_at).select_from(
            _to_opening(MOVE).join(Candidate.__table__, Candidate.id == F.c.candidate_id)
        ),
    )
    found = []
    for query in queries:
        narrowed = query.where(Opening.client_id == client_id, *_stands(begin)).order_by(F.c.happened_at.desc())
        for outcome, by, at, starts_at, id_, name, opening, was_at in session.execute(narrowed.limit(MOST_ROWS)):
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


def _to_opening(upset: Any, *, from_there: bool = False) -> Any:
    """`from_there`: the database begins with what happened, which is rare; from a sum no index leads back."""

    def to(column: Any) -> Any:
        return column + 0 if from_there else column

    return (
        upset.join(F, F.c.id == to(upset.c.id))
        .join(MEETING, MEETING.c.id == to(upset.c.meeting_id))
        .join(_OF_MEETING, _OF_MEETING.c.id == MEETING.c.id)
        .join(P, P.c.id == to(_OF_MEETING.c.process_id))
        .join(Opening.__table__, Opening.id == to(P.c.opening_id))
    )


def _stands(begin: datetime) -> tuple[ColumnElement[bool], ...]:
    """Interviews only: a talk is between the candidate and us."""
    return (
        F.c.undone_at.is_(None),
        _OF_MEETING.c.undone_at.is_(None),
        F.c.happened_at >= begin,
        MEETING.c.meeting_kind == MeetingKind.INTERVIEW,
    )


def _interviews(session: Session, client_id: int, begin: datetime, now: datetime) -> tuple[int, int]:
    """How many there were in the period, and of how many nobody has noted how they went."""
    query = (
        select(func.count(), func.count().filter(MEETING.c.result.is_(None), MEETING.c.ends_at <= now))
        .select_from(_facts_of_processes().join(MEETING, MEETING.c.id == F.c.id))
        .where(Opening.client_id == client_id, F.c.kind == FactKind.MEETING, F.c.undone_at.is_(None))
        .where(MEETING.c.meeting_kind == MeetingKind.INTERVIEW)
        .where(MEETING.c.starts_at >= begin, MEETING.c.starts_at <= now)
    )
    number, unnoted = session.execute(query).one()
    return number, unnoted


# ends, and promises


def _facts_of_processes() -> Any:
    return Opening.__table__.join(P, P.c.opening_id == Opening.id).join(F, F.c.process_id == P.c.id)


def _closures(session: Session, client_id: int, begin: datetime) -> list[tuple[Result, ClosingReason | None, int]]:
    """How processes ended in the period, and why; the most frequent first. Of one closed twice, the last."""
    number = func.count()
    query = (
        select(P.c.result, CLOSING.c.reason, number)
        .select_from(_facts_of_processes().join(CLOSING, CLOSING.c.id == F.c.id))
        .where(Opening.client_id == client_id, P.c.closed_at >= begin, F.c.happened_at == P.c.closed_at)
        .where(F.c.kind == FactKind.CLOSING, F.c.undone_at.is_(None))
        .group_by(P.c.result, CLOSING.c.reason)
        .order_by(number.desc(), P.c.result, CLOSING.c.reason)
    )
    return [(result, reason, times) for result, reason, times in session.execute(query)]


def _broken(
    session: Session, client_id: int, begin: datetime, days: int, now: datetime, calendar: Calendar
) -> list[Broken]:
    """Because of them: an update or a delay that fell due while we waited on the client past its answer time, and that
    we kept late or have not kept yet. The answer time is the present one. The latest due first.
    """
    person = func.coalesce(Candidate.merged_into_id, Candidate.id)
    query = (
        select(
            F.c.happened_at,
            T.c.ended_at,
            Promise.candidate_id,
            Candidate.name,
            Opening.title,
            Promise.kind,
            Promise.due_at,
            Promise.status,
            Promise.settled_at,
        )
        .select_from(
            _open_waits()
            .join(Candidate.__table__, Candidate.id == F.c.candidate_id)
            .join(Promise.__table__, and_(Promise.candidate_id == person, Promise.process_id == F.c.process_id))
        )
        .where(Opening.client_id == client_id, T.c.began_wait)
        .where(or_(T.c.ended_at.is_(None), T.c.ended_at >= begin))
        .where(or_(T.c.answer_days.is_(None), T.c.answer_days > days))
        .where(case((Promise.kind.in_(BROKEN), 1), else_=0) == 1)  # else SQLite begins with everybody's of a year
        .where(Promise.due_at >= begin)
        .where(Promise.status.in_((Status.KEPT_LATE, Status.OPEN)), Promise.due_at < to_the_minute(now))
        .where(Promise.due_at > F.c.happened_at, or_(T.c.ended_at.is_(None), Promise.due_at <= T.c.ended_at))
        .order_by(Promise.due_at.desc(), Promise.id)
    )
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
        for waited_since, _, id_, name, opening, kind, due_at, status, settled_at in session.execute(query)
        if due_at > calendar.after(waited_since, days)
    ]


def _openings(session: Session, client_id: int, now: datetime) -> list[OfClient]:
    overdue = func.coalesce(func.sum(case((P.c.next_due_at < to_the_minute(now), 1), else_=0)), 0)
    query = (
        select(Opening.id, Opening.title, Opening.status, Opening.added_at, func.count(P.c.id), overdue)
        .select_from(Opening.__table__.outerjoin(P, and_(P.c.opening_id == Opening.id, P.c.is_active)))
        .where(Opening.client_id == client_id)
        .group_by(Opening.id)
        .order_by(case((Opening.status.in_(RUNNING), 0), else_=1), Opening.added_at.desc(), Opening.id)
        .limit(MOST_ROWS)
    )
    return [
        OfClient(id=id_, title=title, status=status, added_at=at, people=people, overdue=int(late))
        for id_, title, status, at, people, late in session.execute(query)
    ]
