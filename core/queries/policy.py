"""The policy as the team looks at it: what it was at each time, and what another would do to the open promises."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.domain.calendar import Calendar
from core.domain.life import Facts
from core.domain.policy import Policies, Policy
from core.domain.promises import Kind, Status, to_the_minute
from core.domain.rules import owed
from core.domain.team import Team
from core.persistence.bulk import strokes
from core.persistence.facts import lives
from core.persistence.tables import Candidate, Member, PolicyChange, Promise, Stage
from core.persistence.tables.people import IS_LISTED
from core.persistence.team import policy_now, team_of

LOOKED_AT = 400
"""Of more people than these, so many are looked at, chosen at random: a preview is there within a second or two."""
FEW_ENOUGH = 20_000
"""Up to so many are read to choose among; more are so many that a number chosen at random is soon one of them."""
SHOWN = 10
AFTER_ALL = 2**62
"""Where a policy that is only tried stands among the facts of this moment: after them."""


class Change(StrEnum):
    """What a policy does to an open promise."""

    LATE_NOW = "overdue at once"
    LATE_NO_MORE = "no longer overdue"
    EARLIER = "due earlier"
    LATER = "due later"
    NEW = "newly owed"
    GONE = "owed no more"


@dataclass(frozen=True, slots=True)
class Affected:
    """One person, and the promise that moves furthest."""

    id: int
    name: str
    kind: Kind
    change: Change
    before: datetime | None
    after: datetime | None
    number: int
    """How many promises to them change."""


@dataclass(frozen=True, slots=True)
class Preview:
    looked_at: int
    """People, to whom something is owed or may be."""
    of: int
    """Of so many; all of them where both are the same."""
    open: int
    """Promises open now, to those looked at."""
    changed: Counter[tuple[Kind, Change]]
    people: int
    """To whom any promise changes."""
    most: list[Affected]

    @property
    def is_exact(self) -> bool:
        return self.looked_at == self.of


@dataclass(frozen=True, slots=True)
class Past:
    """A policy the team put in force."""

    id: int
    at: datetime
    by: str
    """Empty: the program, at its first start or by the command line."""
    changes: dict[str, tuple[Any, Any]]
    """Term by term: before and after, as plain values; empty for the first."""
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class InForce:
    policy: Policy
    change_id: int | None
    """The fact by which it is in force; a form names it, so that nobody's change is lost."""
    at: datetime | None
    by: str
    unsettled: int
    """People to go through until every promise is reckoned by it; 0 where it is."""


def in_force(session: Session) -> InForce:
    policy = policy_now(session)
    query = select(PolicyChange, Member.name).outerjoin(Member, Member.id == PolicyChange.by_id)
    row = session.execute(query.where(_STANDS).order_by(*_LATEST_FIRST).limit(1)).one_or_none()
    unsettled = session.scalar(select(PolicyChange.id).where(PolicyChange.settled_at.is_(None), _STANDS).limit(1))
    people = (session.scalar(select(func.count(Candidate.id))) or 0) if unsettled is not None else 0
    if row is None:
        return InForce(policy, None, None, "", people)
    return InForce(policy, row[0].id, row[0].happened_at, row[1] or "", people)


def history(session: Session, most: int) -> list[Past]:
    """The latest first."""
    query = select(PolicyChange, Member.name).outerjoin(Member, Member.id == PolicyChange.by_id)
    rows = session.execute(query.where(PolicyChange.candidate_id.is_(None)).order_by(*_LATEST_FIRST)).all()
    found: list[Past] = []
    before: dict[str, Any] = {}
    for change, by in reversed(rows):
        terms = Policy().changed(change.terms).as_values()
        changes = {name: (before[name], value) for name, value in terms.items() if before and before[name] != value}
        found.append(Past(change.id, change.happened_at, by or "", changes, change.undone_at))
        if change.undone_at is None:
            before = terms
    return found[::-1][:most]


def stage_names(session: Session) -> list[str]:
    """Every name a stage has in any opening, the most usual first."""
    query = select(Stage.name).group_by(Stage.name).order_by(func.count().desc(), Stage.name)
    return list(session.scalars(query.limit(200)))


def preview(session: Session, terms: Policy, *, now: datetime, calendar: Calendar) -> Preview:
    """What this policy would do to the open promises, by the rules themselves; nothing is written."""
    team = team_of(session)
    tried = _with(team, terms, now)
    calendar = tried.calendar(calendar)
    ids, of = _whom(session, may_owe_anew=terms.check_in != team.policies.now.check_in)
    changed: Counter[tuple[Kind, Change]] = Counter()
    worst: list[tuple[tuple[bool, timedelta], Affected]] = []
    number = people = 0
    for some in strokes(ids, 250):
        stored = _stored(session, some, now)
        for id_, life in lives(session, some, tried, calendar).items():
            before, after = stored.get(id_, {}), _derived(life, tried, calendar, now)
            number += len(before)
            moves = list(_moves(before, after, now))
            changed.update((move.kind, move.change) for move in moves)
            if moves:
                people += 1
                furthest = max(moves, key=_weight)
                worst.append((_weight(furthest), replace(furthest, id=id_, number=len(moves))))
    most = [affected for _, affected in sorted(worst, key=lambda one: one[0], reverse=True)[:SHOWN]]
    return Preview(len(ids), of, number, changed, people, _named(session, most))


Owed = dict[str, tuple[datetime, Kind]]
"""What is open and awake to one person: by its key, when it is due and of what kind."""
_STANDS = PolicyChange.undone_at.is_(None) & PolicyChange.candidate_id.is_(None)
_LATEST_FIRST = (PolicyChange.happened_at.desc(), PolicyChange.id.desc())


def _with(team: Team, terms: Policy, now: datetime) -> Team:
    policies = Policies(team.policies.first, (*team.policies.changes, ((now, AFTER_ALL), terms)))
    return replace(team, policies=policies)


def _whom(session: Session, *, may_owe_anew: bool) -> tuple[Sequence[int], int]:
    """The people looked at, and among how many they were chosen: everybody, or LOOKED_AT at random.

    The same team gives the same sample. `may_owe_anew`: the policy may owe something to people to whom nothing is owed
    now, so all are drawn from.
    """
    whom = IS_LISTED if may_owe_anew else IS_LISTED & Candidate.next_due_at.is_not(None)
    first, last, total = session.execute(
        select(func.min(Candidate.id), func.max(Candidate.id), func.count(Candidate.id)).where(whom)
    ).one()
    chance = Random(total)  # noqa: S311 - a sample, no secret
    if total <= FEW_ENOUGH:
        ids = session.scalars(select(Candidate.id).where(whom).order_by(Candidate.id)).all()
        return chance.sample(ids, min(LOOKED_AT, total)), total
    found: dict[int, None] = {}
    while len(found) < LOOKED_AT:
        tried = [chance.randint(first, last) for _ in range(500)]
        found.update(dict.fromkeys(session.scalars(select(Candidate.id).where(whom, Candidate.id.in_(tried)))))
    return list(found)[:LOOKED_AT], total


def _stored(session: Session, ids: Sequence[int], now: datetime) -> dict[int, Owed]:
    query = select(Promise.candidate_id, Promise.key, Promise.due_at, Promise.kind)
    are_open = (Promise.status == Status.OPEN, Promise.opened_at <= now)
    found: dict[int, Owed] = {}
    for id_, key, due_at, kind in session.execute(query.where(Promise.candidate_id.in_(ids), *are_open)):
        found.setdefault(id_, {})[key] = (due_at, kind)
    return found


def _derived(life: Facts, team: Team, calendar: Calendar, now: datetime) -> Owed:
    promises = owed(life, team.policies, calendar)
    return {p.key: (p.due_at, p.kind) for p in promises if p.status is Status.OPEN and p.opened_at <= now}


def _moves(before: Owed, after: Owed, now: datetime) -> Iterator[Affected]:
    minute = to_the_minute(now)
    for key in before.keys() | after.keys():
        (was, kind), (will, _) = (one.get(key, (None, (before.get(key) or after[key])[1])) for one in (before, after))
        change = _change(was, will, minute)
        if change is not None:
            yield Affected(0, "", kind, change, was, will, 1)


def _change(was: datetime | None, will: datetime | None, now: datetime) -> Change | None:
    """One change for each promise. That it becomes overdue, or no longer is, counts more than that it moves."""
    if was == will:
        return None
    if was is None or will is None:
        return Change.NEW if was is None else Change.GONE
    if (will < now) != (was < now):
        return Change.LATE_NOW if will < now else Change.LATE_NO_MORE
    return Change.EARLIER if will < was else Change.LATER


def _weight(move: Affected) -> tuple[bool, timedelta]:
    """What becomes overdue comes first; then what moves furthest."""
    by = abs(move.after - move.before) if move.after and move.before else timedelta()
    return move.change is Change.LATE_NOW, by


def _named(session: Session, most: list[Affected]) -> list[Affected]:
    query = select(Candidate.id, Candidate.name).where(Candidate.id.in_([one.id for one in most]))
    names = dict(session.execute(query).all())
    return [replace(one, name=names.get(one.id, "")) for one in most]
