"""Skills: which one is meant, what implies it and what it implies, and why somebody was found by another."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from core.domain.names import folded
from core.domain.skills import How, because, how_it_implies, known_skill, other_names
from core.persistence.facts import merged_records
from core.persistence.tables import CandidateSkill, Member, Skill, SkillClosure, SkillImplication
from core.queries.page import Page

NO_SKILL = 0
"""In place of a skill's id: there is none of that name."""

NAMES_OF_NAMES = 5
"""So many names in a row are followed that are names for each other."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody of the team has said."""

    id: int
    skill: str
    how: How
    implied: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Near:
    """Another skill, and how the one implies the other."""

    name: str
    steps: int
    how: str
    """“needs React, which is written in JavaScript”."""


@dataclass(frozen=True, slots=True)
class Reason:
    """By which of their skills somebody is found for one: by itself, or by the nearest that implies it."""

    skill: str
    by: str
    why: str
    """“React, which is written in JavaScript”."""


@dataclass(frozen=True, slots=True)
class SkillView:
    name: str
    other_names: tuple[str, ...]
    implied_by: tuple[Near, ...]
    implies: tuple[Near, ...]


def skill_ids(session: Session, names: Sequence[str]) -> list[int]:
    """The skill each of these names, however it is written; NO_SKILL where there is none."""
    keys = [folded(known_skill(name)) for name in names]
    ids: dict[str, int] = dict(session.execute(_KEYED, {"keys": keys}).all())
    meant = _meant(session, ids.values())
    return [meant[ids[key]] if key in ids else NO_SKILL for key in keys]


def reasons(session: Session, candidate_ids: Sequence[int], skill_ids: Sequence[int]) -> dict[int, str]:
    """Why each was found for these skills: what they know by itself, or what implies it, the nearest first."""
    each = reasons_each(session, candidate_ids, skill_ids)
    return {id_: "; ".join(reason.why for reason in said.values()) for id_, said in each.items() if said}


def reasons_each(
    session: Session, candidate_ids: Sequence[int], skill_ids: Sequence[int]
) -> dict[int, dict[int, Reason]]:
    """The same for each skill separately. One that they don't know, and nothing they know implies, is left out."""
    said: dict[int, dict[int, Reason]] = {id_: {} for id_ in candidate_ids}
    if not candidate_ids or not skill_ids:
        return said
    kept_of = merged_records(session, candidate_ids)
    ways_to, held = _Ways.to(session, skill_ids), dict[int, set[int]]()
    that = {skill_id for ways in ways_to.values() for skill_id in ways.steps}
    query = select(CandidateSkill.candidate_id, CandidateSkill.skill_id).where(
        CandidateSkill.candidate_id.in_(list(kept_of)), (CandidateSkill.skill_id + 0).in_(that)
    )
    for candidate_id, skill_id in session.execute(query):
        held.setdefault(kept_of[candidate_id], set()).add(skill_id)
    for asked, ways in ways_to.items():
        for candidate_id, skills in held.items():
            nearest = min((skill_id for skill_id in skills if skill_id in ways.steps), key=ways.distance, default=None)
            if nearest is not None:
                said[candidate_id][asked] = Reason(ways.names[asked], ways.names[nearest], ways.why(nearest))
    return said


def skill(session: Session, name: str) -> SkillView | None:
    """A skill with all that implies it and all that it implies, the nearest first."""
    (id_,) = skill_ids(session, [name])
    if id_ == NO_SKILL:
        return None
    found = session.get_one(Skill, id_)
    to = _Ways.to(session, [id_])[id_]
    implied_by = [to.near(other) for other in to.steps if other != id_]
    implied = session.scalars(select(SkillClosure.implied_id).where(SkillClosure.skill_id == id_)).all()
    each = _Ways.to_each(session, implied, from_ids=[id_]).items()
    implies = [replace(ways.near(id_), name=ways.names[other]) for other, ways in each]
    return SkillView(found.name, other_names(found.name), _sorted(implied_by), _sorted(implies))


def follows_from(session: Session, names: Sequence[str]) -> list[Near]:
    """What follows from the skills somebody has, the nearest first, each with why: by the nearest of theirs."""
    held = [id_ for id_ in skill_ids(session, names) if id_ != NO_SKILL]
    implied = {id_ for (id_,) in session.execute(_IMPLIED, {"ids": held})} if held else set()
    each = _Ways.to_each(session, sorted(implied.difference(held)), from_ids=held)
    follows = []
    for id_, ways in each.items():
        nearest = min((one for one in held if one in ways.steps), key=ways.distance)
        follows.append(Near(ways.names[id_], ways.steps[nearest], ways.why(nearest)))
    return list(_sorted(follows))


def said(session: Session, page: Page) -> list[Said]:
    """What the team has said itself, the latest first."""
    one, other = aliased(Skill), aliased(Skill)
    query = (
        select(SkillImplication.id, one.name, SkillImplication.how, other.name, Member.name, SkillImplication.said_at)
        .join(one, one.id == SkillImplication.skill_id)
        .join(other, other.id == SkillImplication.implied_id)
        .outerjoin(Member, Member.id == SkillImplication.said_by_id)
        .where(SkillImplication.undone_at.is_(None))
        .order_by(SkillImplication.id.desc())
    )
    return [
        Said(id_, skill, how, implied, by or "", at)
        for id_, skill, how, implied, by, at in session.execute(page.cut(query))
    ]


def number_said(session: Session) -> int:
    stands = SkillImplication.undone_at.is_(None)
    return session.scalar(select(func.count()).select_from(SkillImplication).where(stands)) or 0


# Statements are made once.

_SKILL, _CLOSURE, _SAID = Skill.__table__, SkillClosure.__table__, SkillImplication.__table__
_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_KEYED = select(_SKILL.c.key, _SKILL.c.id).where(_SKILL.c.key.in_(bindparam("keys", expanding=True)))
_CALLED = select(_SKILL.c.id, _SKILL.c.name).where(_SKILL.c.id.in_(_IDS))
_IMPLIED = select(_CLOSURE.c.implied_id).where(_CLOSURE.c.skill_id.in_(_IDS))
_BETWEEN = select(
    _CLOSURE.c.implied_id, _CLOSURE.c.skill_id, _CLOSURE.c.through_id, _CLOSURE.c.how, _CLOSURE.c.steps
).where(_CLOSURE.c.implied_id.in_(_IDS), _CLOSURE.c.skill_id.in_(bindparam("between", expanding=True)))
_NAMES_OF = select(_SAID.c.skill_id, _SAID.c.implied_id).where(
    _SAID.c.skill_id.in_(_IDS), _SAID.c.how == How.NAME_OF, _SAID.c.undone_at.is_(None)
)


def _meant(session: Session, ids: Iterable[int]) -> dict[int, int]:
    """Each of these; where the team calls it another name for one, that one."""
    meant = {id_: id_ for id_ in ids}
    for _ in range(NAMES_OF_NAMES if meant else 0):
        of: dict[int, int] = dict(session.execute(_NAMES_OF, {"ids": list({*meant.values()})}).all())
        if all(of.get(id_, id_) == id_ for id_ in meant.values()):
            break
        meant = {id_: of.get(now, now) for id_, now in meant.items()}
    return meant


def _sorted(others: Iterable[Near]) -> tuple[Near, ...]:
    return tuple(sorted(others, key=lambda near: (near.steps, folded(near.name))))


@dataclass(frozen=True, slots=True)
class _Ways:
    """All ways that lead to one skill: of each skill the next step."""

    to_id: int
    names: dict[int, str]
    next: dict[int, tuple[int, How]]
    steps: dict[int, int]

    @staticmethod
    def to(session: Session, ids: Sequence[int]) -> "dict[int, _Ways]":
        """All ways to each of these."""
        closure = (SkillClosure.implied_id, SkillClosure.through_id, SkillClosure.how, SkillClosure.steps)
        rows = session.execute(
            select(Skill.id, Skill.name, *closure)
            .join(SkillClosure, SkillClosure.skill_id == Skill.id)
            .where(SkillClosure.implied_id.in_(ids))
        ).all()
        names = dict(session.execute(select(Skill.id, Skill.name).where(Skill.id.in_(ids))).all())
        each = {id_: _Ways(id_, {id_: names[id_]}, {}, {id_: 0}) for id_ in ids}
        for id_, name, implied_id, through_id, how, steps in rows:
            ways = each[implied_id]
            ways.names[id_], ways.next[id_], ways.steps[id_] = name, (through_id, how), steps
        return each

    @staticmethod
    def to_each(session: Session, ids: Sequence[int], *, from_ids: Sequence[int]) -> "dict[int, _Ways]":
        """The ways from some skills to each of those that they imply: all they pass is implied by them too."""
        if not ids:
            return {}
        between = [*ids, *from_ids]
        names: dict[int, str] = dict(session.execute(_CALLED, {"ids": between}).all())
        rows = session.execute(_BETWEEN, {"ids": ids, "between": between}).all()
        return {
            id_: _Ways(
                id_,
                names,
                {row.skill_id: (row.through_id, row.how) for row in rows if row.implied_id == id_},
                {row.skill_id: row.steps for row in rows if row.implied_id == id_},
            )
            for id_ in ids
        }

    def distance(self, skill_id: int) -> tuple[int, str]:
        return self.steps[skill_id], folded(self.names[skill_id])

    def why(self, skill_id: int) -> str:
        return because(self._named(skill_id), self.names[self.to_id])

    def near(self, skill_id: int) -> Near:
        how = how_it_implies(self._named(skill_id), self.names[self.to_id])
        return Near(self.names[skill_id], self.steps[skill_id], how)

    def _named(self, skill_id: int) -> list[tuple[str, How]]:
        return [(self.names[id_], how) for id_, how in self._way(skill_id)]

    def _way(self, skill_id: int) -> Iterator[tuple[int, How]]:
        while skill_id != self.to_id:
            through, how = self.next[skill_id]
            yield skill_id, how
            skill_id = through
