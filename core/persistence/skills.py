"""Stored skills, each under the one name it is known by."""

from sqlalchemy import Connection, delete, select, update

from core.domain.names import folded
from core.domain.skills import known_skill
from core.persistence.tables import CandidateSkill, Skill

SKILL, HELD = Skill.__table__, CandidateSkill.__table__
_LONGEST = 100


def gather_skills(connection: Connection) -> None:
    """What is stored as `k8s` becomes Kubernetes: renamed, or put together with the one of that name.

    For migrations: whoever gives a skill of `data/skills.toml` another name writes one that calls this.
    """
    stored = connection.execute(select(SKILL.c.id, SKILL.c.name, SKILL.c.key).order_by(SKILL.c.id)).all()
    id_of = {key: id_ for id_, _, key in stored}
    for id_, name, _ in stored:
        known = known_skill(name)[:_LONGEST]
        kept_id = id_of.setdefault(folded(known), id_)
        if kept_id != id_:
            _put_together(connection, kept_id, id_)
        elif name != known:
            connection.execute(update(SKILL).where(SKILL.c.id == id_).values(name=known, key=folded(known)))


def _put_together(connection: Connection, kept_id: int, gone_id: int) -> None:
    """Who has both has one: what was said by hand stays when a list is taken back."""
    have = select(HELD.c.candidate_id).where(HELD.c.skill_id == kept_id)
    by_hand = select(HELD.c.candidate_id).where(HELD.c.skill_id == gone_id, HELD.c.batch_id.is_(None))
    gone, kept = HELD.c.skill_id == gone_id, HELD.c.skill_id == kept_id
    connection.execute(update(HELD).where(kept, HELD.c.candidate_id.in_(by_hand)).values(batch_id=None))
    connection.execute(update(HELD).where(gone, HELD.c.candidate_id.not_in(have)).values(skill_id=kept_id))
    connection.execute(delete(HELD).where(gone))
    connection.execute(delete(SKILL).where(SKILL.c.id == gone_id))
