"""The team: few enough to be read whole, and what each of them carries, counted from indexes and the tally."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, case, func, select
from sqlalchemy.orm import Session

from core.domain.calendar import Calendar
from core.domain.order import END
from core.persistence import settling
from core.persistence.tables import (
    TEAM,
    Candidate,
    Departure,
    Fact,
    Meeting,
    Member,
    PasswordLink,
    Process,
    Promise,
    PromiseTally,
    SilenceTally,
    WebSession,
)
from core.persistence.tables.ledger import OPEN_AND_SOME
from core.persistence.tables.people import IS_LISTED
from core.persistence.tables.team import Role
from core.persistence.team import team_of
from core.queries.late_today import LATE_TODAY, moments

PROCESS, MEETING, FACT = (table.__table__ for table in (Process, Meeting, Fact))
TALLY, SILENCE = PromiseTally.__table__, SilenceTally.__table__
SEVEN_DAYS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Load:
    """What is with one member."""

    people: int
    in_process: int
    open: int
    """Words owed, overdue ones too."""
    overdue: int
    meetings: int
    """This week, from today on, and the six days after."""


@dataclass(frozen=True, slots=True)
class Colleague:
    id: int
    name: str
    username: str
    role: Role
    is_active: bool
    can_sign_in: bool
    seen_at: datetime | None
    """When they last signed in, as far as it is known: a session that was ended tells nothing."""
    sessions: int
    """In how many browsers they are signed in."""
    link_until: datetime | None
    """How long the link is good by which they may choose a password; None where there is none."""
    cover_id: int | None
    cover: str
    """Who stands in for one who left."""
    load: Load
    departure_id: int | None
    """Of one who left: the fact, by which it is taken back."""
    waiting: int
    """Of one who left: people who wait with the cover until somebody takes them over."""


@dataclass(frozen=True, slots=True)
class Team:
    members: list[Colleague]
    """Whoever is there first, by name; then those who left."""
    with_nobody: int
    """People without an owner."""
    overdue: int
    """Words to anybody, whoever's they are."""


def colleagues(session: Session) -> list[tuple[int, str]]:
    """Everybody who may have candidates: ids and names, by name."""
    return [(id_, name) for id_, name in session.execute(_COLLEAGUES)]


def team(session: Session, *, now: datetime, calendar: Calendar) -> Team:
    """Everybody, and what is with each; the people and meetings of one who left are in the load of the cover."""
    today = calendar.day(now)
    asked = {"now": now, "today": today, "in_a_week": calendar.start_of(today) + SEVEN_DAYS, **moments(now, calendar)}
    counts = {name: _counted(session, query, asked) for name, query in _LOADS.items()}
    overdue = counts["overdue"] + counts["late_today"]
    waiting = _counted(session, _WAITING)
    seen = dict(session.execute(_SEEN).all())
    links = dict(session.execute(_LINKS, asked).all())
    signed_in = _counted(session, _SESSIONS, asked)
    departures = team_of(session)
    stand_ins = {departure.member: departures.stands_in(departure.member, END) for departure in departures.departures}
    meetings = Counter[int | None]()
    for host, number in counts["meetings"].items():
        meetings[departures.stands_in(host, END)] += number
    left_by = dict(session.execute(_LEFT_BY).all())
    members = session.scalars(_MEMBERS).all()
    names = {member.id: member.name for member in members}
    return Team(
        [
            Colleague(
                id=member.id,
                name=member.name,
                username=member.username,
                role=member.role,
                is_active=member.is_active,
                can_sign_in=member.password_hash is not None,
                seen_at=seen.get(member.id),
                sessions=signed_in[member.id],
                link_until=links.get(member.id),
                cover_id=stand_ins.get(member.id),
                cover=names.get(stand_ins.get(member.id) or 0, ""),
                load=Load(
                    people=counts["people"][member.id],
                    in_process=counts["in_process"][member.id],
                    open=counts["open"][member.id],
                    overdue=overdue[member.id],
                    meetings=meetings[member.id],
                ),
                departure_id=None if member.is_active else left_by.get(member.id),
                waiting=waiting[member.id],
            )
            for member in members
        ],
        counts["people"][None],
        overdue.total(),
    )


def sessions_of(session: Session, member_id: int, *, now: datetime) -> int:
    """In how many browsers this member is signed in."""
    return _counted(session, _SESSIONS.where(Member.id == member_id), {"now": now})[member_id]


def what_is_left(session: Session, member_id: int, *, now: datetime, calendar: Calendar) -> tuple[int, int, int, int]:
    """If this member left now: people, those of them in process, open words, and meetings to come, as in their load."""
    theirs = IS_LISTED & (Candidate.owner_id == member_id)
    owed = (OPEN_AND_SOME, PromiseTally.opens_on <= calendar.day(now), PromiseTally.owner_id == member_id)
    departures = team_of(session)
    hosts = {
        member_id,
        *(one.member for one in departures.departures if departures.stands_in(one.member, END) == member_id),
    }
    to_come = (MEETING.c.host_id.in_(hosts), MEETING.c.starts_at > now, MEETING.c.result.is_(None))
    queries = (
        select(func.count(Candidate.id)).where(theirs),
        select(func.count()).where(PROCESS.c.is_active, PROCESS.c.owner_id == member_id),
        select(func.coalesce(func.sum(PromiseTally.number), 0)).where(*owed),
        select(func.count())
        .select_from(MEETING.join(FACT, FACT.c.id == MEETING.c.id))
        .where(*to_come, FACT.c.undone_at.is_(None)),
    )
    people, in_process, words, meetings = (int(session.scalar(query) or 0) for query in queries)
    return people, in_process, words, meetings


def number_left_behind(session: Session) -> int:
    """People still to be settled after somebody left, or came back."""
    return settling.number_left_behind(session)


Counting = Select[Any, int]
_COLLEAGUES = select(Member.id, Member.name).where(Member.is_active, Member.role != Role.VIEWER).order_by(Member.name)
_MEMBERS = select(Member).order_by(Member.is_active.desc(), Member.name, Member.id)
_LEFT_BY = select(Departure.member_id, Departure.id).where(Departure.undone_at.is_(None)).order_by(Departure.id)
_LINKS = select(PasswordLink.member_id, PasswordLink.expires_at).where(PasswordLink.expires_at > bindparam("now"))
_SEEN = select(WebSession.member_id, func.max(WebSession.created_at)).group_by(WebSession.member_id)
_SESSIONS: Counting = (
    select(WebSession.member_id, func.count())
    .join(Member, Member.id == WebSession.member_id)
    .where(
        WebSession.session_hash.is_not(None),
        WebSession.expires_at > bindparam("now"),
        WebSession.token_version == Member.token_version,
        Member.is_active,
    )
    .group_by(WebSession.member_id)
)
"""Those that stand: begun since the last new password or role, and not over."""
_COVER = Candidate.covered_for_id
_WAITING: Counting = select(_COVER, func.count()).where(IS_LISTED, _COVER.is_not(None)).group_by(_COVER)

_OWNER = case((TALLY.c.owner_id == 0, None), else_=TALLY.c.owner_id)
"""No column, or SQLite reads each owner's whole past in its order instead of the days on which something is open."""
_TALLIED: Counting = (
    select(_OWNER, func.sum(TALLY.c.number))
    .where(OPEN_AND_SOME, TALLY.c.opens_on <= bindparam("today"))
    .group_by(_OWNER)
)
_LOADS: dict[str, Counting] = {
    "people": select(SILENCE.c.owner_id, func.sum(SILENCE.c.number))
    .where(SILENCE.c.owner_id != TEAM)
    .group_by(SILENCE.c.owner_id),
    "in_process": select(PROCESS.c.owner_id, func.count()).where(PROCESS.c.is_active).group_by(PROCESS.c.owner_id),
    "open": _TALLIED,
    "overdue": _TALLIED.where(TALLY.c.due_on < bindparam("today")),
    "late_today": select(Promise.owner_id, func.count()).where(*LATE_TODAY).group_by(Promise.owner_id),
    "meetings": select(MEETING.c.host_id, func.count())
    .where(
        MEETING.c.starts_at >= bindparam("morning"),
        MEETING.c.starts_at < bindparam("in_a_week"),
        MEETING.c.came.is_not(None),
    )
    .group_by(MEETING.c.host_id),
}
"""By member."""


def _counted(session: Session, query: Counting, asked: dict[str, Any] | None = None) -> Counter[int | None]:
    """By member; None: nobody's."""
    return Counter({member or None: int(number) for member, number in session.execute(query, asked)})
