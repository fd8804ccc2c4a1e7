"""The stored twin of the rules: settling keeps what is stored equal to what the facts say.

Whatever changes a candidate's facts settles that candidate in the same unit of work. `disagreements` proves it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from operator import attrgetter, itemgetter
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Row,
    Select,
    Update,
    bindparam,
    case,
    delete,
    func,
    insert,
    null,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from core.domain import promises as domain
from core.domain.calendar import Calendar
from core.domain.facts import Answer, Referred, TurnSet
from core.domain.figures import NOT_TOLD, Came, came, counted_days, counted_hours, ghosted_on
from core.domain.life import Facts
from core.domain.order import Order
from core.domain.pool import acquaintance
from core.domain.promises import COUNTED, Kind, Status
from core.domain.referrals import came_to
from core.domain.retention import acted_on
from core.domain.rules import owed
from core.domain.standing import Standing, standing
from core.domain.team import Team
from core.persistence import tallies
from core.persistence.bulk import strokes
from core.persistence.facts import FACT, kept_record, kept_records, lives_of, merged_records
from core.persistence.tables import (
    ANY,
    TEAM,
    AnswerMonth,
    Candidate,
    GhostTally,
    Meeting,
    MeetingMonth,
    Process,
    Promise,
    PromiseMonth,
    PromiseTally,
    Referral,
    ShareMonth,
    Table,
    ToldMonth,
    TurnChange,
)
from core.persistence.work import Work

PROMISE = Promise.__table__
CANDIDATE, PROCESS, MEETING = Candidate.__table__, Process.__table__, Meeting.__table__
TURN_CHANGE, REFERRAL = TurnChange.__table__, Referral.__table__
FROM_THE_FIRST_DAY = date.min
MAY_SLEEP = frozenset({Kind.OUTCOME, Kind.DELAY, Kind.CONSENT, Kind.KEEP_IN_TOUCH})
"""Kinds that may open at a moment to come."""

AT_A_STROKE = 500
"""Candidates settled together: enough to make a query worth while, few enough for its parameters."""


class DayKey(NamedTuple):
    """A place in `promise_tally`."""

    owner_id: int
    due_on: date
    kind: Kind
    status: Status
    opens_on: date


class MonthKey(NamedTuple):
    """A place in `promise_month`."""

    client_id: int
    owner_id: int
    status: Status
    due_on: date
    kind: Kind
    late: int
    hours: int


class ShareKey(NamedTuple):
    """A place in `share_month`."""

    client_id: int
    kind: str
    owner_id: int
    status: Status
    late: int
    due_on: date


class GhostKey(NamedTuple):
    """A place in `ghost_tally`."""

    ghosted_on: date
    owner_id: int


class ToldKey(NamedTuple):
    """A place in `told_month`."""

    client_id: int
    owner_id: int
    ended_on: date
    days: int
    answer: Answer


class MeetingKey(NamedTuple):
    """A place in `meeting_month`."""

    client_id: int
    owner_id: int
    begins_on: date
    came: Came


class AnswerKey(NamedTuple):
    """A place in `answer_month`."""

    client_id: int
    answered_on: date
    days: int


TallyKey = DayKey | MonthKey | ShareKey | GhostKey | ToldKey | MeetingKey | AnswerKey
Tally = Counter[TallyKey]
TALLIES: dict[type[tuple[Any, ...]], type[Table]] = {
    DayKey: PromiseTally,
    MonthKey: PromiseMonth,
    ShareKey: ShareMonth,
    GhostKey: GhostTally,
    ToldKey: ToldMonth,
    MeetingKey: MeetingMonth,
    AnswerKey: AnswerMonth,
}
BY_THE_CALENDAR = (DayKey, MonthKey, ShareKey, AnswerKey)
"""Where the calendar alone says on which day, or in which month, a moment counts."""
PLACES = {kind: tallies.SUMS.index(of.__table__) for kind, of in TALLIES.items()}

DERIVED = {
    "kind": "kind",
    "about_id": "about",
    "process_id": "process",
    "client_id": "client",
    "owner_id": "owner",
    "opened_at": "opened_at",
    "due_at": "due_at",
    "rule_due_at": "rule_due_at",
    "is_snoozed": "is_snoozed",
    "status": "status",
    "settled_at": "settled_at",
    "settled_by_id": "settled_by",
    "late": "late",
    "hours": "hours",
}
"""Column of a stored promise → what it is called in the rules."""

STORED = (PROMISE.c.id, PROMISE.c.candidate_id, PROMISE.c.key, *(PROMISE.c[column] for column in DERIVED))
DERIVED_OF_ROW = slice(3, None)
derived_of: Callable[[domain.Promise], tuple[Any, ...]] = attrgetter(*DERIVED.values())
"""What is stored of a promise, in the order of the columns."""

OF_POOL = ("met_on", "last_word_on", "in_touch_on", "became", "came_from")
STANDING = (
    "owner_id",
    "covered_for_id",
    "rhythm_count",
    "rhythm_unit",
    "quiet_until",
    "do_not_contact",
    "last_word_to_id",
    "last_word_to_at",
    "last_word_from_id",
    "last_word_from_at",
    "active_processes",
    "words_to",
    "words_answered",
    "words_answered_soon",
    "meetings_held",
    "next_due_at",
    "revisit_due_at",
    "growth_id",
    "ghosted_on",
    "last_act_on",
    *OF_POOL,
)
OF_PROCESS = (
    *("owner_id", "stage", "turn", "is_active", "closed_at", "result", "since", "heard_at", "next_due_at"),
    *("reason", "answer", "told_days", "client_id", "ended_on"),
)
OF_MEETING = ("host_id", "starts_at", "ends_at", "result", "client_id", "begins_on", "came", "upset_at")
OF_TURN_CHANGE = ("began_wait", "client_id", "ended_at", "answer_days")
OF_REFERRAL = ("referrer_id", "referred_on", "brought_id", "came_to")

Values = dict[str, Any]


@dataclass(slots=True)
class Settling:
    """What must be written so that what is stored of one candidate agrees with the facts."""

    candidate_id: int
    settlings: int
    """How often they had been settled when this was prepared."""
    new: list[Values]
    changed: list[Values]
    gone: list[Values]
    tally: Tally
    pool: tallies.Pooled
    """How many more, or fewer, there are of them in each sum of the pool."""
    candidate: Values
    processes: list[Values]
    meetings: list[Values]
    turn_changes: list[Values]
    referrals: list[Values]

    @property
    def is_needed(self) -> bool:
        promises, beside = (self.new, self.changed, self.gone), (self.processes, self.meetings, self.turn_changes)
        return any((*promises, self.candidate, *beside, self.referrals))


def settle(work: Work, *candidate_ids: int) -> None:
    """Bring the stored promises and standing of these candidates in line with the facts, in this unit of work.

    Who was merged away owns nothing; the one kept is settled with them.
    """
    session = work.session
    session.flush()
    if work.unsettled is not None:
        work.unsettled.update(candidate_ids)
        return
    others = set(candidate_ids) - work.held  # whoever is held lives on in nobody else
    concerned = sorted({*candidate_ids, *kept_records(session, others).values()})
    for start in range(0, len(concerned), AT_A_STROKE):
        some = concerned[start : start + AT_A_STROKE]
        write(session, prepare(session, some, work.team, work.calendar, to_change=True))
    session.expire_all()


@contextmanager
def settled_together(work: Work) -> Iterator[None]:
    """Many people are changed in one action: each is settled once, at the end, and all in one go.

    Until then the settled columns are as they were before. Inside, ask the facts and the rules.
    """
    if work.unsettled is not None:
        yield
        return
    work.unsettled = set()
    try:
        yield
    finally:
        concerned, work.unsettled = work.unsettled, None
    settle(work, *concerned)


def settle_with_referrers(work: Work, candidate_id: int) -> None:
    """A closing concerns whoever recommended the candidate too: they are owed the outcome."""
    settle(work, candidate_id, *referrers(work, candidate_id))


def referrers(work: Work, candidate_id: int) -> list[int]:
    """Whoever recommended this candidate, or a record merged into them."""
    records = merged_records(work.session, [kept_record(work.session, candidate_id)])
    query = select(Referral.candidate_id).where(Referral.referred_id.in_(records), Referral.undone_at.is_(None))
    return [id_ for id_ in work.session.scalars(query) if id_ is not None]


def prepare(
    session: Session, candidate_ids: Iterable[int], team: Team, calendar: Calendar, *, to_change: bool = False
) -> list[Settling]:
    """What settling these candidates would change.

    `calendar` is used until the team has put a policy with working time on record. `to_change`: they are held, in the
    order of their ids.
    """
    calendar = team.calendar(calendar)
    standing_now = _STANDING_HELD if to_change else _STANDING
    rows = {row.id: row for row in session.execute(standing_now, {"ids": list(candidate_ids)})}
    kept_of = merged_records(session, [id_ for id_, row in rows.items() if row.merged_into_id is None])
    told = lives_of(session, kept_of, team, calendar)
    stored: dict[int, dict[str, Any]] = {id_: {} for id_ in rows}
    for row in session.execute(_STORED, {"ids": list(rows)}).all():
        stored[row.candidate_id][row.key] = row
    processes = _rows(session, PROCESS, OF_PROCESS, (p.id for life in told.values() for p in life.processes))
    meetings = _rows(session, MEETING, OF_MEETING, (m.planned.id for life in told.values() for m in life.meetings))
    turns = _rows(session, TURN_CHANGE, OF_TURN_CHANGE, (t.id for life in told.values() for t in life.of(TurnSet)))
    recommended = _recommended(session, kept_of)
    made = (f.id for life in told.values() for f in life.of(Referred))
    referrals = _rows(session, REFERRAL, OF_REFERRAL, {*made, *(id_ for of in recommended.values() for id_, _ in of)})
    settlings = []
    for id_, row in rows.items():
        life = told.get(id_)
        promises = owed(life, team.policies, calendar) if life is not None else []
        settling = _compared(id_, row.settlings, promises, stored[id_], calendar)
        if life is not None:
            now = standing(life)
            _stand(settling, now)
            _know(settling, life, row, promises)
            settling.processes = list(_otherwise(_of_processes(life, now, promises), processes))
            settling.meetings = list(_otherwise(_of_meetings(life), meetings))
            _tally_changed(settling, settling.processes, processes, told_keys)
            _tally_changed(settling, settling.meetings, meetings, meeting_keys)
            settling.turn_changes = list(_otherwise(_of_turn_changes(life, now), turns))
            _tally_changed(settling, settling.turn_changes, turns, partial(answer_keys, calendar=calendar))
            settling.referrals = list(_otherwise(_of_referrals(life, recommended[id_]), referrals))
        else:
            settling.candidate |= dict.fromkeys((*OF_POOL, "last_act_on"))
        _tally_ghosted(settling, row)
        if all(getattr(row, name) == value for name, value in settling.candidate.items() if name != "row_id"):
            settling.candidate = {}
        else:
            settling.pool.subtract(tallies.pool_keys(row))
            settling.pool.update(tallies.pool_keys(SimpleNamespace(**{**row._mapping, **settling.candidate})))
        settlings.append(settling)
    return settlings


def write(session: Session, settlings: Iterable[Settling]) -> None:
    """Write what was prepared, many candidates at a stroke, and count that they were settled once more."""
    run = session.connection().execute
    settled = list(settlings)
    needed = [settling for settling in settled if settling.is_needed]
    stand = list(_by_columns(settling.candidate for settling in needed))
    changed_in_it = {row["row_id"] for group in stand for row in group}
    if others := [settling.candidate_id for settling in settled if settling.candidate_id not in changed_in_it]:
        run(_ONCE_MORE, {"ids": others})
    for group in stand:
        run(_STAND, group)
    if gone := [row for settling in needed for row in settling.gone]:
        run(_GONE, gone)
    if changed := [row for settling in needed for row in settling.changed]:
        run(_change(PROMISE), changed)
    if new := [row for settling in needed for row in settling.new]:
        run(_NEW, new)
    for table, rows in (
        (PROCESS, [row for settling in needed for row in settling.processes]),
        (MEETING, [row for settling in needed for row in settling.meetings]),
        (TURN_CHANGE, [row for settling in needed for row in settling.turn_changes]),
        (REFERRAL, sorted((row for settling in needed for row in settling.referrals), key=itemgetter("row_id"))),
    ):
        for row in rows:
            run(_change(table), row)
    tally: Tally = Counter()
    for settling in needed:
        tally.update(settling.tally)
        tallies.note(session, settling.pool)
    count(session, tally)


# Statements are made once: each unit of work runs most of them.

_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_NOTED = ("merged_into_id", "settlings", "known_since", "added_at", "source")
_STANDING = select(*(CANDIDATE.c[name] for name in ("id", *_NOTED, *STANDING))).where(CANDIDATE.c.id.in_(_IDS))
_STANDING_HELD = _STANDING.order_by(CANDIDATE.c.id).with_for_update()
_STORED = select(*STORED).where(PROMISE.c.candidate_id.in_(_IDS))
_SETTLED = update(CANDIDATE).values(settlings=CANDIDATE.c.settlings + 1)
_ONCE_MORE, _STAND = _SETTLED.where(CANDIDATE.c.id.in_(_IDS)), _SETTLED.where(CANDIDATE.c.id == bindparam("row_id"))
_NEW, _GONE = insert(PROMISE), delete(PROMISE).where(PROMISE.c.id == bindparam("row_id"))
_RECOMMENDED = (
    select(REFERRAL.c.id, REFERRAL.c.referred_id, FACT.c.happened_at)
    .join(FACT, FACT.c.id == REFERRAL.c.id)
    .where(REFERRAL.c.referred_id.in_(_IDS), FACT.c.undone_at.is_(None))
)


@cache
def _change(table: Any) -> Update:
    """Of the row `row_id`, whichever columns are told."""
    return update(table).where(table.c.id == bindparam("row_id"))


@cache
def _settled(table: Any, names: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    return select(table.c.id, *(table.c[name] for name in names)).where(table.c.id.in_(_IDS))


def count(session: Session, tally: Tally) -> None:
    """Add to the tallies of promises, or take from them, when the unit of work is over."""
    tallies.note(session, Counter({(PLACES[type(key)], tuple(key)): number for key, number in tally.items()}))


def recount(session: Session, candidate_ids: Iterable[int]) -> None:
    """Count these under the source that is written of them now; nothing else of what is settled hangs on it."""
    wrong = CANDIDATE.c.met_on.is_not(None) & (CANDIDATE.c.came_from != CANDIDATE.c.source)
    counted = [CANDIDATE.c[name] for name in (*tallies.COUNTED_BY, "id", "source")]
    changes: tallies.Pooled = Counter()
    for some in strokes(candidate_ids, AT_A_STROKE):
        rows = session.execute(select(*counted).where(CANDIDATE.c.id.in_(some), wrong)).all()
        for row in rows:
            changes.subtract(tallies.pool_keys(row))
            changes.update(tallies.pool_keys(SimpleNamespace(**{**row._mapping, "came_from": row.source})))
        theirs = CANDIDATE.c.id.in_([row.id for row in rows])
        session.connection().execute(
            update(CANDIDATE).where(theirs).values(came_from=CANDIDATE.c.source, settlings=CANDIDATE.c.settlings + 1)
        )
    tallies.note(session, changes)


def tally_keys(promise: Any, calendar: Calendar) -> Iterator[TallyKey]:
    """Where a promise counts: nowhere, if it is void or history."""
    status, kind = promise.status, promise.kind
    if status not in COUNTED:
        return
    owner, day, is_open = promise.owner_id or 0, calendar.day(promise.due_at), status is Status.OPEN
    sleeps = is_open and kind in MAY_SLEEP
    yield DayKey(owner, day, kind, status, calendar.day(promise.opened_at) if sleeps else FROM_THE_FIRST_DAY)
    if promise.late is None:
        return  # settled last by a Perennial that knew no months
    on, late, hours = day if is_open else day.replace(day=1), counted_days(promise.late), promise.hours or 0
    for client in {0, promise.client_id or 0} - ({0} if is_open else set()):
        for whose in (owner, TEAM):
            yield MonthKey(client, whose, status, on, kind, late, counted_hours(hours))
    for name in (ANY, kind.value) if not is_open else ():
        yield ShareKey(0, name, owner, status, late, on)
        if promise.client_id:
            yield ShareKey(promise.client_id, name, TEAM, status, late, on)


def told_keys(process: Any) -> Iterator[ToldKey]:
    """Where a process counts that has ended, by what stands settled of it."""
    if process.ended_on is None or process.answer is None:
        return  # not ended, or settled last by a Perennial that knew no answers
    days = NOT_TOLD if process.told_days is None else counted_days(process.told_days)
    month, whose = process.ended_on.replace(day=1), (process.owner_id or 0, TEAM)
    for client in {0, process.client_id or 0}:
        yield from (ToldKey(client, owner, month, days, process.answer) for owner in whose)


def meeting_keys(meeting: Any) -> Iterator[MeetingKey]:
    """Where a meeting counts, by what stands settled of it."""
    if meeting.came is None:
        return
    month, whose = meeting.begins_on.replace(day=1), (meeting.host_id or 0, TEAM)
    for client in {0, meeting.client_id or 0}:
        yield from (MeetingKey(client, owner, month, meeting.came) for owner in whose)


def answer_keys(turn: Any, calendar: Calendar) -> Iterator[AnswerKey]:
    """Where a stretch of waiting counts that the client has answered."""
    if turn.client_id is not None and turn.answer_days is not None:
        yield AnswerKey(turn.client_id, calendar.day(turn.ended_at).replace(day=1), turn.answer_days)


def count_no_more(session: Session, fact: Meeting | TurnChange, calendar: Calendar) -> None:
    """It was taken back, so that nothing of it is settled any more."""
    keys = meeting_keys(fact) if isinstance(fact, Meeting) else answer_keys(fact, calendar)
    count(session, Counter(dict.fromkeys(keys, -1)))
    if isinstance(fact, Meeting):
        fact.came = fact.client_id = fact.upset_at = None
    else:
        fact.began_wait, fact.client_id, fact.ended_at, fact.answer_days = False, None, None, None


def counted_afresh(session: Session, calendar: Calendar) -> Tally:
    """Every open, kept or waived promise, and every answer of a client, counted by its places in the tallies.

    The database groups them by moment; which day a moment belongs to is for the calendar to say.
    """
    sleeps = PROMISE.c.kind.in_(MAY_SLEEP) & (PROMISE.c.status == Status.OPEN)
    opened_at = case((sleeps, PROMISE.c.opened_at), else_=null()).label("opened_at")
    names = ("owner_id", "client_id", "due_at", "kind", "status", "late", "hours")
    columns = (*(PROMISE.c[name] for name in names), opened_at)
    count = select(*columns, func.count().label("number")).where(PROMISE.c.status.in_(COUNTED)).group_by(*columns)
    tally: Tally = Counter()
    for row in session.execute(count.execution_options(yield_per=10_000)):
        for key in tally_keys(row, calendar):
            tally[key] += row.number
    for row in session.execute(_ANSWERED.execution_options(yield_per=10_000)):
        for answer in answer_keys(row, calendar):
            tally[answer] += row.number
    return tally


_ANSWERED = (
    select(TURN_CHANGE.c.client_id, TURN_CHANGE.c.ended_at, TURN_CHANGE.c.answer_days, func.count().label("number"))
    .where(TURN_CHANGE.c.began_wait, TURN_CHANGE.c.answer_days.is_not(None))
    .group_by(TURN_CHANGE.c.client_id, TURN_CHANGE.c.ended_at, TURN_CHANGE.c.answer_days)
)


def count_days_afresh(session: Session, calendar: Calendar) -> None:
    """The team's days begin at another moment: whatever hangs on them is counted anew, in this unit of work."""
    take_time(session)
    tally = counted_afresh(session, calendar)
    for kind in BY_THE_CALENDAR:
        table = TALLIES[kind].__table__
        session.connection().execute(delete(table))
        rows = [{**key._asdict(), "number": number} for key, number in tally.items() if isinstance(key, kind)]
        for some in strokes(rows, AT_A_STROKE):
            session.connection().execute(insert(table), list(some))


def take_time(session: Session) -> None:
    """What looks at everything may take longer than any page may, and wait for what is done beside it."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL statement_timeout = 0"))
        session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))


def _compared(
    candidate_id: int,
    settlings: int,
    promises: list[domain.Promise],
    stored: dict[str, Any],
    calendar: Calendar,
) -> Settling:
    settling = Settling(
        candidate_id, settlings, [], [], [], Counter(), Counter(), {"row_id": candidate_id}, [], [], [], []
    )
    for promise in promises:
        row, derived = stored.pop(promise.key, None), derived_of(promise)
        if row is not None and row[DERIVED_OF_ROW] == derived:
            continue
        values = dict(zip(DERIVED, derived, strict=True))
        if row is None:
            settling.new.append({"candidate_id": candidate_id, "key": promise.key, **values})
        else:
            settling.changed.append({"row_id": row.id, **values})
            _tally(settling, row, -1, calendar)
        _tally(settling, SimpleNamespace(**values), 1, calendar)
    for row in stored.values():
        settling.gone.append({"row_id": row.id})
        _tally(settling, row, -1, calendar)
    open_ = [promise for promise in promises if promise.status is Status.OPEN]
    settling.candidate["next_due_at"] = min((p.due_at for p in open_), default=None)
    settling.candidate["revisit_due_at"] = min((p.due_at for p in open_ if p.kind is Kind.REVISIT), default=None)
    settling.candidate["ghosted_on"] = ghosted_on(promises, calendar)
    return settling


def _tally(settling: Settling, promise: Any, number: int, calendar: Calendar) -> None:
    for key in tally_keys(promise, calendar):
        settling.tally[key] += number


def _tally_changed(
    settling: Settling, rows: Iterable[Values], stored: dict[int, Row[Any]], keys: Callable[[Any], Iterator[TallyKey]]
) -> None:
    for row in rows:
        settling.tally.subtract(keys(stored[row["row_id"]]))
        settling.tally.update(keys(SimpleNamespace(**row)))


def _tally_ghosted(settling: Settling, row: Any) -> None:
    now = settling.candidate
    if row.ghosted_on is not None:
        settling.tally[GhostKey(row.ghosted_on, row.owner_id or 0)] -= 1
    if now["ghosted_on"] is not None:
        settling.tally[GhostKey(now["ghosted_on"], now.get("owner_id", row.owner_id) or 0)] += 1


def _stand(settling: Settling, now: Standing) -> None:
    settling.candidate |= {
        "owner_id": now.owner,
        "covered_for_id": now.covered_for,
        "rhythm_count": now.rhythm.count if now.rhythm else None,
        "rhythm_unit": now.rhythm.unit if now.rhythm else None,
        "quiet_until": now.quiet_until,
        "do_not_contact": now.do_not_contact,
        "last_word_to_id": now.last_word_to,
        "last_word_to_at": now.last_word_to_at,
        "last_word_from_id": now.last_word_from,
        "last_word_from_at": now.last_word_from_at,
        "active_processes": now.active_processes,
        "words_to": now.answers.words,
        "words_answered": now.answers.answered,
        "words_answered_soon": now.answers.soon,
        "meetings_held": now.meetings_held,
        "growth_id": now.growth,
    }


def _know(settling: Settling, life: Facts, row: Row[Any], promises: Iterable[domain.Promise]) -> None:
    """Settle since when we know them, and what the pool counts them by; all of it empty for somebody erased."""
    known = acquaintance(
        life,
        known_since=row.known_since,
        added_on=life.calendar.day(row.added_at),
        is_active=bool(settling.candidate["active_processes"]),
        no_contact=settling.candidate["do_not_contact"],
    )
    settling.candidate |= dict.fromkeys((*OF_POOL, "last_act_on"))
    if known is None:
        return
    due = [p.due_at for p in promises if p.kind is Kind.KEEP_IN_TOUCH and p.status is Status.OPEN]
    settling.candidate |= {
        "met_on": known.met_on,
        "last_word_on": known.last_word_on,
        "in_touch_on": life.calendar.day(min(due)) if due else None,
        "became": known.became,
        "came_from": row.source,
        "last_act_on": acted_on(life, row.added_at),
    }


def _of_processes(life: Facts, now: Standing, promises: Iterable[domain.Promise]) -> Iterator[tuple[int, Values]]:
    due: dict[int, datetime] = {}
    for promise in promises:
        if promise.status is Status.OPEN and promise.process is not None:
            due[promise.process] = min(promise.due_at, due.get(promise.process, promise.due_at))
    for p in now.processes:
        stands = (p.owner, p.stage, p.turn, p.is_active, p.closed_at, p.result, p.since, p.heard_at)
        ended_on = life.calendar.day(p.closed_at) if p.closed_at else None
        told = (p.reason, p.answer, p.told_days, life.process_by_id[p.id].started.client_id, ended_on)
        yield p.id, dict(zip(OF_PROCESS, (*stands, due.get(p.id), *told), strict=True))


def _of_meetings(life: Facts) -> Iterator[tuple[int, Values]]:
    for m in life.meetings:
        process = life.process_by_id.get(m.planned.process) if m.planned.process else None
        client = process.started.client_id if process else None
        settled = (m.host, m.starts, m.ends, m.outcome and m.outcome.result, client, life.calendar.day(m.starts))
        yield m.planned.id, dict(zip(OF_MEETING, (*settled, came(m), m.upset), strict=True))


def _of_turn_changes(life: Facts, now: Standing) -> Iterator[tuple[int, Values]]:
    waits = {wait.id: (True, wait.client, wait.ended_at, wait.days) for wait in now.waits}
    for turn in life.of(TurnSet):
        yield turn.id, dict(zip(OF_TURN_CHANGE, waits.get(turn.id, (False, None, None, None)), strict=True))


def _recommended(session: Session, kept_of: dict[int, int]) -> dict[int, list[tuple[int, Order]]]:
    """Of each candidate: who recommended them, or whoever was merged into them, as the fact and its place."""
    found: dict[int, list[tuple[int, Order]]] = {kept: [] for kept in kept_of.values()}
    for id_, record, happened in session.execute(_RECOMMENDED, {"ids": list(kept_of)}) if found else ():
        found[kept_of[record]].append((id_, (happened, id_)))
    return found


def _of_referrals(life: Facts, recommended: Iterable[tuple[int, Order]]) -> Iterator[tuple[int, Values]]:
    """Those they made, and those of which they are who was recommended: of each, the half that follows from them."""
    for referred in life.of(Referred):
        yield referred.id, {"referrer_id": life.candidate, "referred_on": life.calendar.day(referred.happened)}
    for id_, since in recommended:
        yield id_, {"brought_id": life.candidate, "came_to": came_to(life, since)}


def _otherwise(derived: Iterable[tuple[int, Values]], stored: dict[int, Row[Any]]) -> Iterator[Values]:
    for id_, values in derived:
        if any(getattr(stored[id_], name) != value for name, value in values.items()):
            yield {"row_id": id_, **values}


def _rows(session: Session, table: Any, names: tuple[str, ...], ids: Iterable[int]) -> dict[int, Row[Any]]:
    if not (wanted := list(ids)):
        return {}
    return {row.id: row for row in session.execute(_settled(table, names), {"ids": wanted})}


def _by_columns(rows: Iterable[Values]) -> Iterator[list[Values]]:
    """Rows that set the same columns, together."""
    groups: dict[tuple[str, ...], list[Values]] = {}
    for row in rows:
        if columns := tuple(sorted(name for name in row if name != "row_id")):
            groups.setdefault(columns, []).append(row)
    yield from groups.values()
