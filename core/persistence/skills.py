"""Stored skills, each under the one name it is known by, and all that follows from which implies which."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Select, delete, insert, literal, select, union_all, update
from sqlalchemy.orm import Session

from core.domain.names import folded
from core.domain.skills import How, all_names, consequences, implications, known_skill
from core.persistence.tables import CandidateSkill, OpeningSkill, Skill, SkillClosure, SkillImplication

SKILL, HELD = Skill.__table__, CandidateSkill.__table__
IMPLIES, CLOSURE = SkillImplication.__table__, SkillClosure.__table__
NEEDED = OpeningSkill.__table__
_LONGEST = 100
_PAIR = (CLOSURE.c.implied_id, CLOSURE.c.skill_id)

Followed = dict[tuple[int, int], tuple[int, How, int]]
"""By the implied and the skill that implies it: the first step, how, and how many steps."""


def implying(skill_id: int) -> Select[Any]:
    """The ids of a skill and of all that imply it: a range of the closure."""
    itself: Select[Any] = select(literal(skill_id).label("skill_id"))
    others = select(SkillClosure.skill_id).where(SkillClosure.implied_id == skill_id)
    return select(union_all(itself, others).subquery().c.skill_id)


def implying_each(session: Session, ids: Iterable[int]) -> dict[int, list[int]]:
    """Each of these skills, in their order, with itself and all that imply it: the same, written out."""
    known = {id_: [id_] for id_ in ids}
    if known:
        others = select(SkillClosure.implied_id, SkillClosure.skill_id).where(SkillClosure.implied_id.in_(known))
        for implied_id, skill_id in session.execute(others):
            known[implied_id].append(skill_id)
    return known


def settle_closure(connection: Connection) -> None:
    """Bring what is stored in line with what follows: from the edition in the store, and from what the team says."""
    stored, derived = stored_closure(connection), derived_closure(connection)
    gone = [pair for pair, value in stored.items() if derived.get(pair) != value]
    for implied_id, skill_id in gone:
        connection.execute(delete(CLOSURE).where(CLOSURE.c.implied_id == implied_id, CLOSURE.c.skill_id == skill_id))
    new = [
        {"implied_id": pair[0], "skill_id": pair[1], "through_id": value[0], "how": value[1], "steps": value[2]}
        for pair, value in derived.items()
        if stored.get(pair) != value
    ]
    if new:
        connection.execute(insert(CLOSURE), new)


def stored_closure(connection: Connection) -> Followed:
    rows = connection.execute(select(*_PAIR, CLOSURE.c.through_id, CLOSURE.c.how, CLOSURE.c.steps))
    return {(row.implied_id, row.skill_id): (row.through_id, row.how, row.steps) for row in rows}


def derived_closure(connection: Connection) -> Followed:
    """What comes with Perennial before what the team says, each in its order."""
    return {(one.implied, one.skill): (one.through, one.how, one.steps) for one in consequences(_said(connection))}


def _said(connection: Connection) -> Iterator[tuple[int, How, int]]:
    ids = _ids(connection, {name for one in implications() for name in (one.skill, one.implied)})
    for one in implications():
        if one.skill in ids and one.implied in ids:
            yield ids[one.skill], one.how, ids[one.implied]
    stands = IMPLIES.c.undone_at.is_(None)
    for row in connection.execute(select(IMPLIES).where(stands).order_by(IMPLIES.c.id)):
        yield row.skill_id, row.how, row.implied_id


def _ids(connection: Connection, names: set[str]) -> dict[str, int]:
    by_key = {folded(name): name for name in names}
    rows = connection.execute(select(SKILL.c.key, SKILL.c.id).where(SKILL.c.key.in_(sorted(by_key))))
    return {by_key[key]: id_ for key, id_ in rows}


def bring_in_edition(connection: Connection) -> None:
    """Every skill that comes with Perennial is there, under its name, with all that follows."""
    connection.execute(delete(CLOSURE))
    gather_skills(connection, also=(IMPLIES.c.skill_id, IMPLIES.c.implied_id, NEEDED.c.skill_id))
    there = _ids(connection, set(all_names()))
    new = [{"name": name, "key": folded(name)} for name in all_names() if name not in there]
    if new:
        connection.execute(insert(SKILL), new)
    settle_closure(connection)


def hold_skills(connection: Connection, ids: Sequence[int]) -> None:
    """Nobody can be given one of them until this is kept: comes before one looks who has them, and deletes them."""
    connection.execute(select(SKILL.c.id).where(SKILL.c.id.in_(ids)).order_by(SKILL.c.id).with_for_update())


def gather_skills(connection: Connection, *, also: Sequence[Column[Any]] = ()) -> None:
    """What is stored as `k8s` becomes Kubernetes: renamed, or put together with the one of that name.

    `also`: more columns that name skills, where there are such tables already (a migration is older than they are).
    """
    stored = connection.execute(select(SKILL.c.id, SKILL.c.name, SKILL.c.key).order_by(SKILL.c.id)).all()
    id_of = {key: id_ for id_, _, key in stored}
    for id_, name, _ in stored:
        known = known_skill(name)[:_LONGEST]
        kept_id = id_of.setdefault(folded(known), id_)
        if kept_id != id_:
            for column in also:
                _leave_one(connection, column, kept_id, id_)
                connection.execute(update(column.table).where(column == id_).values({column.name: kept_id}))
            _put_together(connection, kept_id, id_)
        elif name != known:
            connection.execute(update(SKILL).where(SKILL.c.id == id_).values(name=known, key=folded(known)))


def _leave_one(connection: Connection, column: Column[Any], kept_id: int, gone_id: int) -> None:
    """Where a row has a skill once, whoever names both loses the one that goes."""
    for other in column.table.primary_key if column.primary_key else ():
        if other is not column:
            both = select(other).where(column == kept_id)
            connection.execute(delete(column.table).where(column == gone_id, other.in_(both)))


def _put_together(connection: Connection, kept_id: int, gone_id: int) -> None:
    """Who has both has one: what was said by hand stays when a list is taken back."""
    hold_skills(connection, [gone_id])
    have = select(HELD.c.candidate_id).where(HELD.c.skill_id == kept_id)
    by_hand = select(HELD.c.candidate_id).where(HELD.c.skill_id == gone_id, HELD.c.batch_id.is_(None))
    gone, kept = HELD.c.skill_id == gone_id, HELD.c.skill_id == kept_id
    connection.execute(update(HELD).where(kept, HELD.c.candidate_id.in_(by_hand)).values(batch_id=None))
    connection.execute(update(HELD).where(gone, HELD.c.candidate_id.not_in(have)).values(skill_id=kept_id))
    connection.execute(delete(HELD).where(gone))
    connection.execute(delete(SKILL).where(SKILL.c.id == gone_id))
