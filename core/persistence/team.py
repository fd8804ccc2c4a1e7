"""What is true of the whole team, read from its own facts, and of the member acting."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core.domain import team
from core.domain.order import Order
from core.domain.policy import Policies, Policy
from core.domain.refusal import NotAllowed, Refused
from core.domain.team import Team
from core.persistence.tables import Departure, Fact, FactKind, Member, PolicyChange
from core.persistence.viewer import Viewer

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
    member = session.get(Member, actor.id)
    if member is None:
        raise Refused(NO_MEMBER)
    if not member.is_active:
        raise NotAllowed(NO_MEMBER)
    return Viewer(member.id, member.name, member.role)


def team_of(session: Session) -> Team:
    """The team's policies and departures, in order."""
    policies: list[tuple[Order, Policy]] = []
    departures: list[team.Departure] = []
    for change in session.scalars(select(PolicyChange).where(*facts_of(FactKind.POLICY))):
        policies.append(((change.happened_at, change.id), Policy().changed(change.terms)))
    for left in session.scalars(select(Departure).where(*facts_of(FactKind.DEPARTURE))):
        order = (left.happened_at, left.id)
        departures.append(team.Departure(order, left.member_id, left.cover_id))
    policies.sort(key=lambda change: change[0])
    departures.sort(key=lambda departure: departure.order)
    first, changes = (policies[0][1], tuple(policies[1:])) if policies else (Policy(), ())
    return Team(Policies(first, changes), tuple(departures))


def policy_now(session: Session) -> Policy:
    """The policy in force, without all there were before it."""
    terms = session.scalar(_LATEST)
    return Policy().changed(terms) if terms else Policy()


def facts_of(kind: FactKind) -> tuple[ColumnElement[bool], ...]:
    """The conditions of the index of these facts: without them SQLite reads every fact there is."""
    return Fact.kind == kind, Fact.candidate_id.is_(None), Fact.undone_at.is_(None)


_LATEST = (
    select(PolicyChange.terms)
    .where(*facts_of(FactKind.POLICY))
    .order_by(PolicyChange.happened_at.desc(), PolicyChange.id.desc())
    .limit(1)
)
