"""Who is waiting for a word, how many, and how well words are kept.

Lists walk an index of the open promises and stop at their limit; counts and charts read `promise_tally`. Nothing here
takes longer because the team has known more people.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import BindParameter, Select, bindparam, case, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from core.domain.calendar import ONE_DAY, Calendar
from core.domain.drafts import Occasion
from core.domain.facts import OpeningStatus, Turn
from core.domain.own_page import request_in
from core.domain.promises import Kind, State, Status, state, to_the_minute
from core.domain.reasons import Reason
from core.persistence.search import begins_with, typed_words
from core.persistence.tables import (
    Candidate,
    Client,
    ClientPerson,
    Closing,
    Consent,
    Contact,
    Fact,
    FactKind,
    Handle,
    Meeting,
    MeetingOutcome,
    Member,
    Opening,
    OpeningHold,
    Placement,
    Process,
    Promise,
    PromiseTally,
    Referral,
    SearchWord,
)
from core.persistence.tables.base import Moment, among
from core.persistence.tables.people import HandleKind
from core.persistence.team import policy_now
from core.persistence.work import Viewer
from core.queries.called import ADDRESS, called
from core.queries.last_words import LastWord, last_words
from core.queries.late_today import LATE_TODAY, moments
from core.queries.page import Page
from core.queries.reasons import reasons_to_write

AHEAD = timedelta(days=28)
"""How far the coming days reach."""
KEPT_WITHIN = timedelta(days=30)
MOST_PEOPLE = 100
"""So many people at most are meant by what was typed; who types more means fewer."""
MOST_HISTORY = 1_000
"""No figure, so it is counted no further."""
WEEKS = 8
"""Of the sparkline."""

SECTIONS = (State.OVERDUE, State.DUE, State.UPCOMING)

Query = Select[*tuple[Any, ...]]
PROMISE, TALLY = Promise.__table__, PromiseTally.__table__
_MAY_OPEN_LATER_TODAY = (Kind.OUTCOME, Kind.DELAY)
"""The others that may be asleep awake at the start of a day, which the tally knows."""


@dataclass(frozen=True, slots=True)
class PromiseFilters:
    """Which promises are meant. Drawn by `parts/filters.py`, kept in the address."""

    mine: bool = True
    kinds: tuple[Kind, ...] = ()
    """None chosen: all."""
    person: str = ""
    """Beginnings of words of a name or a company."""
    due_from: date | None = None
    due_to: date | None = None

    @property
    def is_narrow(self) -> bool:
        return bool(self.kinds or self.person.strip() or self.due_from or self.due_to)

    def means(self, kind: Kind, on: date | None = None) -> bool:
        """Is a promise of this kind meant, due on that day? None: on any."""
        if self.kinds and kind not in self.kinds:
            return False
        return on is None or (self.due_from or on) <= on <= (self.due_to or on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Somebody we owe a word: all that a row of Today says."""

    promise_id: int
    candidate_id: int
    name: str
    """Where there is no name, an address."""
    kind: Kind
    state: State
    due_at: datetime
    opened_at: datetime
    is_snoozed: bool
    rule_due_at: datetime
    """When it was due before it was snoozed; else, when it is."""
    owner_id: int | None
    owner: str
    process_id: int | None
    turn: Turn
    about_id: int
    """The fact that opened it."""
    meeting_id: int | None
    is_on_hold: bool
    """The opening of its process is."""
    keeps_from: date | None
    """The first day on which a word keeps it; None: any does."""
    occasion: Occasion
    from_them: LastWord | None
    from_us: LastWord | None


@dataclass(frozen=True, slots=True)
class Queue:
    """The open promises, most overdue first, each section up to its page's size."""

    overdue: list[Waiting]
    due: list[Waiting]
    coming: list[Waiting]

    @property
    def rows(self) -> list[Waiting]:
        """All of them, in order."""
        return [*self.overdue, *self.due, *self.coming]


@dataclass(frozen=True, slots=True)
class News:
    """Who of one opening waits for news of a delay."""

    rows: list[Waiting]
    """The page of them, the longest overdue first."""
    processes: dict[int, str]
    """Of all of them, with the language they are written to in; empty: the team's."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many are open, by section and kind, and in the coming days by day and kind."""

    overdue: Counter[Kind]
    due: Counter[Kind]
    coming: Counter[tuple[date, Kind]]
    """From tomorrow on, as far as AHEAD."""

    @property
    def waiting(self) -> int:
        """Overdue, or due today."""
        return self.overdue.total() + self.due.total()

    @property
    def by_kind(self) -> Counter[Kind]:
        number_of = self.overdue + self.due
        for (_, kind), number in self.coming.items():
            number_of[kind] += number
        return number_of


@dataclass(frozen=True, slots=True)
class Kept:
    """Of the words that fell due, how many were kept on time."""

    on_time: int
    number: int

    @property
    def share(self) -> float | None:
        """None: none fell due."""
        return self.on_time / self.number if self.number else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """All that the page Today reads, in one look."""

    queue: Queue
    counts: Counts
    longest: Waiting | None
    """The word that has been overdue longest."""
    kept: Kept
    weeks: list[Kept]
    history: int
    """How many were unanswered before an import brought them, counted as far as MOST_HISTORY."""
    was_promised: bool
    """Anything, ever, to anybody."""
    next_due: datetime | None
    """Where nobody waits and nothing is coming: when the first word after that is due."""


def today(
    session: Session, viewer: Viewer, filters: PromiseFilters, *, now: datetime, calendar: Calendar, page: Page
) -> Today:
    """The queue, and the figures beside it; those are not narrowed but by whose they are."""
    mine, plain = filters.mine, PromiseFilters(filters.mine)
    queue = waiting_for(session, viewer, filters, now=now, calendar=calendar, page=page)
    if filters.is_narrow:
        found = longest_overdue(session, viewer, mine=mine, now=now)
        longest = waiting(session, found[0], now=now, calendar=calendar) if found else None
    else:
        longest = queue.overdue[0] if queue.overdue else None
    weeks, kept = words_kept(session, viewer, mine=mine, now=now, calendar=calendar)
    is_empty = not queue.rows and not filters.is_narrow
    return Today(
        queue=queue,
        counts=counts(session, viewer, filters if filters.person else plain, now=now, calendar=calendar),
        longest=longest,
        kept=kept,
        weeks=weeks,
        history=_number_of_history(session, viewer, mine, now),
        was_promised=not is_empty or _was_promised(session, viewer, mine),
        next_due=_next_due(session, viewer, mine, now) if is_empty else None,
    )


# lists


def waiting_for(
    session: Session, viewer: Viewer, filters: PromiseFilters, *, now: datetime, calendar: Calendar, page: Page
) -> Queue:
    """People we owe a word, the longest overdue first; of each section the page."""
    people = _people(session, filters)
    if people is not None:
        theirs = _open_of(session, viewer, filters, people, now, calendar)
        found = [page.of(ids) for ids in _sections(theirs, filters, now, calendar)]
    else:
        asked = _asked(viewer, filters, now, calendar, page)
        dates = filters.due_from is not None, filters.due_to is not None
        sections = [_section(of, filters.mine, len(filters.kinds), *dates) for of in SECTIONS]
        found = [session.scalars(section, asked).all() for section in sections]
    rows = _rows(session, [id_ for ids in found for id_ in ids], now=now, calendar=calendar)
    return Queue(*([rows[id_] for id_ in ids if id_ in rows] for ids in found))


def in_opening(session: Session, opening_id: int, *, now: datetime, calendar: Calendar, page: Page) -> Today:
    """What is owed about one opening, to whoever is in it or was: the queue and its counts, no figures."""
    query = (
        select(Promise.id, Promise.kind, Promise.due_at)
        .select_from(_PROCESS)
        .join(Promise, Promise.process_id == _PROCESS.c.id)
        .where(_PROCESS.c.opening_id == opening_id, Promise.status == Status.OPEN, Promise.opened_at <= now)
        .order_by(Promise.due_at, Promise.id)
    )
    owed = [(id_, kind, due_at) for id_, kind, due_at in session.execute(query)]
    found = [page.of(ids) for ids in _sections(owed, PromiseFilters(mine=False), now, calendar)]
    rows = _rows(session, [id_ for ids in found for id_ in ids], now=now, calendar=calendar)
    return Today(
        queue=Queue(*([rows[id_] for id_ in ids] for ids in found)),
        counts=_counted(owed, now, calendar),
        longest=None,
        kept=Kept(0, 0),
        weeks=[],
        history=0,
        was_promised=True,
        next_due=None,
    )


def history(
    session: Session, viewer: Viewer, *, mine: bool, now: datetime, calendar: Calendar, page: Page
) -> list[Waiting]:
    """What an import brought that was never answered, the newest first: never overdue, in no figure."""
    query = select(Promise.id).where(Promise.status == Status.HISTORY, Promise.opened_at <= now)
    if mine:
        query = query.where(Promise.owner_id == viewer.id)
    ids = session.scalars(page.cut(query.order_by(Promise.opened_at.desc(), Promise.id.desc()))).all()
    rows = _rows(session, ids, now=now, calendar=calendar)
    return [rows[id_] for id_ in ids]


def waiting(session: Session, promise_id: int, *, now: datetime, calendar: Calendar) -> Waiting | None:
    """One of them, while it is open."""
    row = _rows(session, [promise_id], now=now, calendar=calendar).get(promise_id)
    return row if row is not None and row.state in (State.OVERDUE, State.DUE, State.UPCOMING) else None


def open_to(session: Session, candidate_id: int, *, now: datetime, calendar: Calendar) -> list[Waiting]:
    """All that is owed to one person, the longest overdue first."""
    ids = session.scalars(_OPEN_TO, {"id": candidate_id, "now": now}).all()
    rows = _rows(session, ids, now=now, calendar=calendar)
    return [rows[id_] for id_ in ids]


def news(session: Session, opening_id: int, *, now: datetime, calendar: Calendar, page: Page) -> News:
    """The open news of a delay about one opening: who waits for it, the longest overdue first.

    Of somebody who waits for two, that it is on hold comes before that the client is late: one word keeps both.
    """
    waits = (
        Promise.process_id == _PROCESS.c.id,
        Promise.kind == Kind.DELAY,
        Promise.status == Status.OPEN,
        Promise.opened_at <= now,
        _PROCESS.c.opening_id == opening_id,
        _PROCESS.c.is_active,
        Promise.about_id == _FACT.c.id,
    )
    is_of_hold = _FACT.c.kind == FactKind.OPENING_HOLD
    query = (
        select(Promise.id, _PROCESS.c.id, is_of_hold, Candidate.language)
        .join(Candidate, Candidate.id == Promise.candidate_id)
        .where(*waits)
        .order_by(Promise.due_at, Promise.id)
    )
    chosen: dict[int, int] = {}
    languages: dict[int, str] = {}
    for id_, process, is_the_hold, language in session.execute(query):
        if is_the_hold or process not in chosen:
            chosen[process], languages[process] = id_, language
    ids = page.of(list(chosen.values()))
    rows = _rows(session, ids, now=now, calendar=calendar)
    return News([rows[id_] for id_ in ids], languages)


def _people(session: Session, filters: PromiseFilters) -> list[int] | None:
    """Who is meant by what was typed; None: anybody."""
    words = typed_words(filters.person)
    if not words:
        return None
    # What few people have is read, and they are asked for the rest: a first name may be everybody's.
    first, *more = sorted(words, key=lambda word: _number_of(session, word)) if len(words) > 1 else words
    query = select(SearchWord.candidate_id).where(begins_with(SearchWord.word, first)).distinct()
    for word in more:
        other = aliased(SearchWord)
        query = query.where(
            select(literal(1))
            .where(other.candidate_id == SearchWord.candidate_id, begins_with(other.word, word))
            .exists()
        )
    return list(session.scalars(query.limit(MOST_PEOPLE)))


def _number_of(session: Session, word: str) -> int:
    """How many entries begin with it, counted as far as it matters."""
    entries = select(literal(1)).where(begins_with(SearchWord.word, word)).limit(10 * MOST_PEOPLE)
    return session.scalar(select(func.count()).select_from(entries.subquery())) or 0


# Statements are made once, for whatever is asked by name: making one takes longer than the database does.

_OPEN = PROMISE.c.status == Status.OPEN
_THEIRS = PROMISE.c.owner_id == bindparam("viewer")
_HAS_OPENED = PROMISE.c.opened_at <= bindparam("now", type_=Moment)
_OPEN_TO = (
    select(PROMISE.c.id)
    .where(PROMISE.c.candidate_id == bindparam("id"), _OPEN, _HAS_OPENED)
    .order_by(PROMISE.c.due_at, PROMISE.c.id)
)
_MINUTE, _TOMORROW, _UNTIL, _DUE_FROM, _DUE_BEFORE = (
    bindparam(name, type_=Moment) for name in ("minute", "tomorrow", "until", "due_from", "due_before")
)
_OF_SECTION = {
    State.OVERDUE: (PROMISE.c.due_at < _MINUTE,),  # what is overdue is awake
    State.DUE: (PROMISE.c.due_at >= _MINUTE, PROMISE.c.due_at < _TOMORROW, _HAS_OPENED),
    State.UPCOMING: (PROMISE.c.due_at >= _TOMORROW, PROMISE.c.due_at < _UNTIL, _HAS_OPENED),
}


def _moments(viewer: Viewer, now: datetime, calendar: Calendar) -> dict[str, Any]:
    day = calendar.day(now)
    return {
        "viewer": viewer.id,
        "now": now,
        **moments(now, calendar),
        "tomorrow": calendar.start_of(day + ONE_DAY),
        "until": calendar.start_of(day + AHEAD + ONE_DAY),
    }


def _asked(viewer: Viewer, filters: PromiseFilters, now: datetime, calendar: Calendar, page: Page) -> dict[str, Any]:
    """Whose, which and when, as `_section` asks."""
    asked = _moments(viewer, now, calendar)
    asked |= {f"kind_{place}": kind for place, kind in enumerate(filters.kinds)}
    if filters.due_from is not None:
        asked["due_from"] = calendar.start_of(filters.due_from)
    if filters.due_to is not None:
        asked["due_before"] = calendar.start_of(filters.due_to + ONE_DAY)
    return asked | {"size": page.size, "start": (page.number - 1) * page.size, "needed": page.number * page.size}


@cache
def _section(of: State, mine: bool, kinds: int, begins: bool, ends: bool) -> Query:
    """The ids of a section's page, in order; of so many kinds, or of all."""
    base = select(PROMISE.c.id, PROMISE.c.due_at).where(_OPEN, *_OF_SECTION[of])
    base = _whose(base, mine)
    if begins:
        base = base.where(PROMISE.c.due_at >= _DUE_FROM)
    if ends:
        base = base.where(PROMISE.c.due_at < _DUE_BEFORE)
    in_order = (PROMISE.c.due_at, PROMISE.c.id)
    if not kinds:
        return _cut(base.order_by(*in_order)).with_only_columns(PROMISE.c.id)
    # Several kinds at once would be sorted whole. One by one, each is a range of its index that stops at the limit.
    each = [
        select(
            base.where(PROMISE.c.kind == bindparam(f"kind_{place}", type_=PROMISE.c.kind.type))
            .order_by(*in_order)
            .limit(bindparam("needed"))
            .subquery()
        )
        for place in range(kinds)
    ]
    together = (union_all(*each) if len(each) > 1 else each[0]).subquery()
    return _cut(select(together.c.id).order_by(together.c.due_at, together.c.id))


def _cut(query: Query) -> Query:
    return query.limit(bindparam("size")).offset(bindparam("start"))


# rows: a constant number of queries, each by primary keys

_PROCESS, _OWNER, _REFERRED = Process.__table__, aliased(Member), aliased(Candidate)
_FACT, _CONTACT, _OUTCOME = Fact.__table__, Contact.__table__, MeetingOutcome.__table__
_MEETING, _PLACEMENT, _CONSENT, _REFERRAL = (table.__table__ for table in (Meeting, Placement, Consent, Referral))
_HOLD, _CLOSING = OpeningHold.__table__, Closing.__table__
EMAIL_OF_CANDIDATE = (
    select(Handle.value)
    .where(Handle.candidate_id == Candidate.id, Handle.kind == HandleKind.EMAIL)
    .order_by(Handle.id)
    .limit(1)
)
_ASKED_AT_CLIENT = (
    select(ClientPerson.id).where(ClientPerson.client_id == Opening.client_id).order_by(ClientPerson.id).limit(1)
)
_IDS: BindParameter[int] = bindparam("ids", expanding=True)

_ROWS = (
    select(
        Promise.id,
        Promise.candidate_id,
        Promise.kind,
        Promise.key,
        Promise.status,
        Promise.due_at,
        Promise.opened_at,
        Promise.is_snoozed,
        Promise.rule_due_at,
        Promise.owner_id,
        Promise.process_id,
        Promise.about_id,
        Candidate.name,
        ADDRESS,
        Candidate.pronoun,
        Candidate.language,
        case(
            (Promise.kind == Kind.CHASE, _ASKED_AT_CLIENT.with_only_columns(ClientPerson.email).scalar_subquery()),
            else_=EMAIL_OF_CANDIDATE.scalar_subquery(),
        ).label("email"),
        case(
            (Promise.kind == Kind.CHASE, _ASKED_AT_CLIENT.with_only_columns(ClientPerson.name).scalar_subquery())
        ).label("client_person"),
        Candidate.last_word_to_id,
        Candidate.last_word_from_id,
        _OWNER.name.label("owner"),
        _PROCESS.c.turn,
        _PROCESS.c.stage,
        Opening.status.label("opening_status"),
        Opening.title.label("opening"),
        Client.name.label("client"),
    )
    .join(Candidate, Candidate.id == Promise.candidate_id)
    .outerjoin(_OWNER, _OWNER.id == Promise.owner_id)
    .outerjoin(_PROCESS, _PROCESS.c.id == Promise.process_id)
    .outerjoin(Opening, Opening.id == _PROCESS.c.opening_id)
    .outerjoin(Client, Client.id == Opening.client_id)
    .where(Promise.id.in_(_IDS))
)
_ABOUT = (
    select(
        _FACT.c.id,
        _FACT.c.kind,
        _CONTACT.c.next_what,
        _CONTACT.c.about,
        _CONTACT.c.has_text,
        _MEETING.c.id.label("meeting_id"),
        _MEETING.c.meeting_kind,
        _MEETING.c.starts_at,
        _MEETING.c.place,
        _OUTCOME.c.absent,
        _HOLD.c.reason.label("hold"),
        _CLOSING.c.outcome,
        _CLOSING.c.reason,
        _CLOSING.c.revisit_on,
        _PLACEMENT.c.starts_on,
        _CONSENT.c.until_on,
        _REFERRED.name.label("referred"),
    )
    .select_from(_FACT)
    .outerjoin(_CONTACT, _CONTACT.c.id == _FACT.c.id)
    .outerjoin(_OUTCOME, _OUTCOME.c.id == _FACT.c.id)
    .outerjoin(_MEETING, _MEETING.c.id == func.coalesce(_OUTCOME.c.meeting_id, _FACT.c.id))
    .outerjoin(_PLACEMENT, _PLACEMENT.c.id == _FACT.c.id)
    .outerjoin(_CONSENT, _CONSENT.c.id == _FACT.c.id)
    .outerjoin(_HOLD, _HOLD.c.id == _FACT.c.id)
    .outerjoin(_CLOSING, _CLOSING.c.id == _FACT.c.id)
    .outerjoin(_REFERRAL, _REFERRAL.c.id == _FACT.c.id)
    .outerjoin(_REFERRED, _REFERRED.id == _REFERRAL.c.referred_id)
    .where(_FACT.c.id.in_(_IDS))
)


def _rows(session: Session, ids: Sequence[int], *, now: datetime, calendar: Calendar) -> dict[int, Waiting]:
    if not ids:
        return {}
    promises = session.execute(_ROWS, {"ids": ids}).all()
    said = last_words(session, (id_ for row in promises for id_ in (row.last_word_to_id, row.last_word_from_id)))
    in_touch = list({row.candidate_id for row in promises if row.kind is Kind.KEEP_IN_TOUCH})
    reasons = reasons_to_write(session, in_touch, now=now, calendar=calendar)
    about = {row.id: row for row in session.execute(_ABOUT, {"ids": list({row.about_id for row in promises})})}
    asks_on = any(row.kind is Kind.CHECK_IN for row in promises)
    early = timedelta(days=policy_now(session).check_in_early if asks_on else 0)
    return {
        row.id: Waiting(
            promise_id=row.id,
            candidate_id=row.candidate_id,
            name=called(row.name, row.address),
            kind=row.kind,
            state=state(row.status, row.due_at, now=now, calendar=calendar),
            due_at=row.due_at,
            opened_at=row.opened_at,
            is_snoozed=row.is_snoozed,
            rule_due_at=row.rule_due_at,
            owner_id=row.owner_id,
            owner=row.owner or "",
            process_id=row.process_id,
            turn=row.turn or Turn.OURS,
            about_id=row.about_id,
            meeting_id=about[row.about_id].meeting_id,
            is_on_hold=row.opening_status is OpeningStatus.HELD,
            keeps_from=_asked_on(row, about[row.about_id]) - early if row.kind is Kind.CHECK_IN else None,
            occasion=_occasion(
                row,
                about[row.about_id],
                said.get(row.last_word_from_id),
                reasons.get(row.candidate_id, ()) if row.kind is Kind.KEEP_IN_TOUCH else (),
                calendar,
            ),
            from_them=said.get(row.last_word_from_id),
            from_us=said.get(row.last_word_to_id),
        )
        for row in promises
    }


def _asked_on(row: Any, about: Any) -> date:
    """The day of a check-in, which may be none that we work on."""
    return cast(date, about.starts_on) + timedelta(days=_days(row))


def _days(row: Any) -> int:
    return int(row.key.rsplit(":", 1)[-1])


def _occasion(
    row: Any, about: Any, from_them: LastWord | None, reasons: tuple[Reason, ...], calendar: Calendar
) -> Occasion:
    tail = row.key.rsplit(":", 1)[-1]
    return Occasion(
        kind=row.kind,
        name=row.name,
        pronoun=row.pronoun,
        opening=row.opening or "",
        client=row.client or "",
        what=about.next_what or "",
        is_request=row.kind is Kind.REPLY and bool(request_in(about.has_text, about.about)),
        referred=about.referred or "",
        is_outcome=row.kind is Kind.THANKS and tail == "outcome",
        is_held=about.kind is FactKind.OPENING_HOLD,
        days=_days(row) if row.kind is Kind.CHECK_IN else None,
        until=about.until_on,
        meeting=about.meeting_kind,
        absent=about.absent,
        meeting_at=about.starts_at.astimezone(calendar.zone) if about.starts_at else None,
        place=about.place or "",
        stage=row.stage or "",
        hold=about.hold,
        result=about.outcome,
        reason=about.reason,
        revisit=about.revisit_on,
        client_person=row.client_person or "",
        their_words=from_them.text if from_them else "",
        language="" if row.kind is Kind.CHASE else row.language,
        email=row.email or "",
        reasons=reasons,
    )


# counts


def counts(session: Session, viewer: Viewer, filters: PromiseFilters, *, now: datetime, calendar: Calendar) -> Counts:
    """How many of them are open, without reading them; kinds and days are not narrowed, so that each can be chosen."""
    people = _people(session, filters)
    if people is not None:
        return _counted(_open_of(session, viewer, filters, people, now, calendar), now, calendar)
    today = calendar.day(now)
    overdue: Counter[Kind] = Counter()
    due: Counter[Kind] = Counter()
    coming: Counter[tuple[date, Kind]] = Counter()
    asked = _moments(viewer, now, calendar)
    oldest = longest_overdue(session, viewer, mine=filters.mine, now=now)
    days = {"first": calendar.day(oldest[1]) if oldest else today, "today": today, "last": today + AHEAD}
    for due_on, kind, number in session.execute(_tallied_open(filters.mine), {**asked, **days}):
        if due_on is None:
            overdue[kind] += number
        elif due_on == today:
            due[kind] += number
        else:
            coming[due_on, kind] += number
    for kind, number in session.execute(_late_today(filters.mine), asked):
        overdue[kind] += number
        due[kind] -= number
    for due_at, kind, number in session.execute(_asleep_today(filters.mine), asked):
        day = calendar.day(due_at)
        if day == today:
            due[kind] -= number
        elif day <= today + AHEAD:
            coming[day, kind] -= number
    return Counts(+overdue, +due, +coming)


def longest_overdue(session: Session, viewer: Viewer, *, mine: bool, now: datetime) -> tuple[int, datetime] | None:
    """The promise that has been overdue longest, and since when; None: nothing is."""
    row = session.execute(_longest_overdue(mine), {"viewer": viewer.id, "minute": to_the_minute(now)}).first()
    return (row.id, row.due_at) if row else None


@cache
def _longest_overdue(mine: bool) -> Query:
    query = select(PROMISE.c.id, PROMISE.c.due_at).where(_OPEN, *_OF_SECTION[State.OVERDUE])
    return _whose(query, mine).order_by(PROMISE.c.due_at, PROMISE.c.id).limit(1)


def _whose(query: Query, mine: bool) -> Query:
    return query.where(_THEIRS) if mine else query


def words_kept(
    session: Session, viewer: Viewer, *, mine: bool, now: datetime, calendar: Calendar
) -> tuple[list[Kept], Kept]:
    """By week, and in the last thirty days: kept on time, of all that fell due and were not waived.

    Weeks are whole ones of seven days, the oldest first; today, still running, is in none.
    """
    today = calendar.day(now)
    weeks, month = [[0, 0] for _ in range(WEEKS)], [0, 0]
    for due_on, on_time, number in _settled_by_day(session, viewer, mine, today - timedelta(days=7 * WEEKS), today):
        counted = [weeks[WEEKS - 1 - ((today - due_on).days - 1) // 7]]
        if due_on >= today - KEPT_WITHIN:
            counted.append(month)
        for sums in counted:
            sums[0] += on_time
            sums[1] += number
    return [Kept(on_time, number) for on_time, number in weeks], Kept(*month)


def _number_of_history(session: Session, viewer: Viewer, mine: bool, now: datetime) -> int:
    return session.scalar(_history_counted(mine), {"viewer": viewer.id, "now": now}) or 0


@cache
def _history_counted(mine: bool) -> Query:
    entries = _whose(select(PROMISE.c.id).where(PROMISE.c.status == Status.HISTORY, _HAS_OPENED), mine)
    return select(func.count()).select_from(entries.limit(MOST_HISTORY).subquery())


def _was_promised(session: Session, viewer: Viewer, mine: bool) -> bool:
    """Whether there ever was a promise. Of a member's, void ones don't count: no index finds them."""
    if not mine:
        return session.scalar(select(Promise.id).limit(1)) is not None
    tallied = select(PromiseTally.number).where(PromiseTally.owner_id == (viewer.id or 0), PromiseTally.number > 0)
    history = select(Promise.id).where(Promise.status == Status.HISTORY, Promise.owner_id == viewer.id).limit(1)
    return session.scalar(tallied.limit(1)) is not None or session.scalar(history) is not None


def _next_due(session: Session, viewer: Viewer, mine: bool, now: datetime) -> datetime | None:
    query = select(Promise.due_at).where(Promise.status == Status.OPEN, Promise.opened_at <= now)
    if mine:
        query = query.where(Promise.owner_id == viewer.id)
    return session.scalar(query.order_by(Promise.due_at, Promise.id).limit(1))


def _settled_by_day(
    session: Session, viewer: Viewer, mine: bool, begin: date, end: date
) -> Iterator[tuple[date, int, int]]:
    """For each day: how many were kept on time, and how many fell due."""
    asked = {"viewer": viewer.id or 0, "begin": begin, "end": end}
    for due_on, kept, number in session.execute(_settled_tallied(mine), asked):
        yield due_on, int(kept or 0), int(number or 0)


@cache
def _settled_tallied(mine: bool) -> Query:
    on_time = func.sum(case((TALLY.c.status == Status.KEPT_ON_TIME, TALLY.c.number), else_=0))
    query = (
        select(TALLY.c.due_on, on_time, func.sum(TALLY.c.number))
        .where(TALLY.c.due_on >= bindparam("begin"), TALLY.c.due_on < bindparam("end"))
        .where(among(TALLY.c.status, Status.KEPT_ON_TIME, Status.KEPT_LATE, Status.OPEN))
        .group_by(TALLY.c.due_on)
    )
    return query.where(TALLY.c.owner_id == bindparam("viewer")) if mine else query


@cache
def _tallied_open(mine: bool) -> Query:
    """By day and kind; all that fell due before today under None. Who opens on a later day does not count yet.

    From the first day on which anything is overdue: else all the days there ever were would be looked through.
    """
    today = bindparam("today", type_=TALLY.c.due_on.type)
    day = case((TALLY.c.due_on < today, None), else_=TALLY.c.due_on)
    query = (
        select(day, TALLY.c.kind, func.sum(TALLY.c.number))
        .where(TALLY.c.status == Status.OPEN, TALLY.c.number > 0, TALLY.c.opens_on <= today)
        .where(TALLY.c.due_on >= bindparam("first"), TALLY.c.due_on <= bindparam("last"))
        .group_by(day, TALLY.c.kind)
    )
    return query.where(TALLY.c.owner_id == bindparam("viewer")) if mine else query


@cache
def _late_today(mine: bool) -> Query:
    query = select(PROMISE.c.kind, func.count()).where(*LATE_TODAY, among(PROMISE.c.kind, *Kind))
    return _whose(query.group_by(PROMISE.c.kind), mine)


@cache
def _asleep_today(mine: bool) -> Query:
    """What opens later today, and is counted by the tally already.

    By when it is due is no condition: SQLite would take that range, which is all that is open, for the narrower one.
    """
    opened = PROMISE.c.opened_at
    query = (
        select(PROMISE.c.due_at, PROMISE.c.kind, func.count())
        .where(_OPEN, among(PROMISE.c.kind, *_MAY_OPEN_LATER_TODAY))
        .where(opened > bindparam("now", type_=Moment), opened < _TOMORROW)
        .group_by(PROMISE.c.due_at, PROMISE.c.kind)
    )
    return _whose(query, mine)


def _open_of(
    session: Session, viewer: Viewer, filters: PromiseFilters, people: list[int], now: datetime, calendar: Calendar
) -> list[tuple[int, Kind, datetime]]:
    """All that is owed to these few people, in order: read along theirs, whoever owes it."""
    query = (
        select(Promise.id, Promise.kind, Promise.due_at, Promise.owner_id)
        .where(Promise.candidate_id.in_(people), Promise.status == Status.OPEN, Promise.opened_at <= now)
        .where(Promise.due_at < calendar.start_of(calendar.day(now) + AHEAD + ONE_DAY))
        .order_by(Promise.due_at, Promise.id)
    )
    rows = session.execute(query.with_hint(Promise, "INDEXED BY uq_promise_candidate_id_key", "sqlite"))
    return [(id_, kind, at) for id_, kind, at, owner_id in rows if not filters.mine or owner_id == viewer.id]


def _sections(
    promises: Iterable[tuple[int, Kind, datetime]], filters: PromiseFilters, now: datetime, calendar: Calendar
) -> tuple[list[int], list[int], list[int]]:
    """Overdue, due today and coming, of the kinds and days that are chosen."""
    sections: dict[State, list[int]] = {State.OVERDUE: [], State.DUE: [], State.UPCOMING: []}
    for id_, kind, due_at in promises:
        if filters.means(kind, calendar.day(due_at)):
            sections[state(Status.OPEN, due_at, now=now, calendar=calendar)].append(id_)
    return sections[State.OVERDUE], sections[State.DUE], sections[State.UPCOMING]


def _counted(promises: Iterable[tuple[int, Kind, datetime]], now: datetime, calendar: Calendar) -> Counts:
    overdue: Counter[Kind] = Counter()
    due: Counter[Kind] = Counter()
    coming: Counter[tuple[date, Kind]] = Counter()
    for _, kind, due_at in promises:
        match state(Status.OPEN, due_at, now=now, calendar=calendar):
            case State.OVERDUE:
                overdue[kind] += 1
            case State.DUE:
                due[kind] += 1
            case _:
                coming[calendar.day(due_at), kind] += 1
    return Counts(overdue, due, coming)
