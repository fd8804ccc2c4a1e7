"""What is true of the whole team, read from its own facts, and of the member acting."""

import json
from functools import lru_cache

from sqlalchemy import ColumnElement, Text, bindparam, cast, func, null, select, union_all
from sqlalchemy.orm import Session

from core.domain import team
from core.domain.order import Order
from core.domain.policy import Policies, Policy
from core.domain.refusal import NotAllowed, Refused
from core.domain.team import Team
from core.persistence.tables import Departure, Fact, FactKind, Member, PolicyChange
from core.persistence.viewer import Viewer

FACT, CHANGE, DEPARTURE = Fact.__table__, PolicyChange.__table__, Departure.__table__
ITS_LOCK = 7_305_206_411
"""Any number that nothing else in the database locks by."""


NO_MEMBER = "You are not a member of this team any more. Nothing was changed."


def hold_still(session: Session) -> None:
    """Let nobody change the policy, or leave, until this unit of work is over: it settles by what it has read.

    On SQLite nobody can: there is one writer at a time.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock_shared(ITS_LOCK)))


def claim(session: Session) -> None:
    """Wait until nobody settles by what this unit of work has changed of the team, and let nobody begin to."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(ITS_LOCK)))


def present(session: Session, actor: Viewer) -> Viewer:
    """The member as they are now, whatever the page took them for; refuses one who has left."""
    if actor.id is None:
        return actor
    member = session.execute(_MEMBER, {"id": actor.id}).first()
    if member is None:
        raise Refused(NO_MEMBER)
    if not member.is_active:
        raise NotAllowed(NO_MEMBER)
    return Viewer(member.id, member.name, member.role)


def team_of(session: Session) -> Team:
    """The team's policies and departures, in order."""
    policies: list[tuple[Order, Policy]] = []
    departures: list[team.Departure] = []
    for happened_at, id_, terms, member_id, cover_id in session.execute(_WHOLE_TEAM):
        if member_id is None:
            policies.append(((happened_at, id_), Policy().changed(terms)))
        else:
            departures.append(team.Departure((happened_at, id_), member_id, cover_id))
    policies.sort(key=lambda change: change[0])
    departures.sort(key=lambda departure: departure.order)
    first, changes = (policies[0][1], tuple(policies[1:])) if policies else (Policy(), ())
    return Team(Policies(first, changes), tuple(departures))


def policy_now(session: Session) -> Policy:
    """The policy in force, without all there were before it."""
    return policy_of(session.scalar(LATEST_TERMS))


@lru_cache(maxsize=64)
def policy_of(terms: str | None) -> Policy:
    """`terms`: as `LATEST_TERMS` reads them; None: no policy is on record yet. Cached."""
    return Policy().changed(json.loads(terms)) if terms else Policy()


def facts_of(kind: FactKind) -> tuple[ColumnElement[bool], ...]:
    """Facts of this kind about the whole team. SQLite uses their index only where all three conditions are said."""
    return FACT.c.kind == kind, FACT.c.candidate_id.is_(None), FACT.c.undone_at.is_(None)


_MEMBER = select(*(Member.__table__.c[name] for name in ("id", "name", "role", "is_active"))).where(
    Member.__table__.c.id == bindparam("id")
)
_POLICIES = (
    select(FACT.c.happened_at, FACT.c.id, CHANGE.c.terms, null().label("member_id"), null().label("cover_id"))
    .join(CHANGE, CHANGE.c.id == FACT.c.id)
    .where(*facts_of(FactKind.POLICY))
)
_DEPARTURES = (
    select(FACT.c.happened_at, FACT.c.id, null(), DEPARTURE.c.member_id, DEPARTURE.c.cover_id)
    .join(DEPARTURE, DEPARTURE.c.id == FACT.c.id)
    .where(*facts_of(FactKind.DEPARTURE))
)
_WHOLE_TEAM = union_all(_POLICIES, _DEPARTURES)

LATEST_TERMS = (
    select(cast(CHANGE.c.terms, Text))
    .join(FACT, FACT.c.id == CHANGE.c.id)
    .where(*facts_of(FactKind.POLICY))
    .order_by(FACT.c.happened_at.desc(), FACT.c.id.desc())
    .limit(1)
)
