"""What the team says of skills: that one implies another, or is another name for it."""

from sqlalchemy import select

from core.domain.names import folded
from core.domain.refusal import Refused
from core.domain.skills import How, edition, known_skill
from core.persistence.skills import bring_in_edition, settle_closure
from core.persistence.tables import Skill, SkillClosure, SkillEdition, SkillImplication
from core.persistence.work import Work

LONGEST = 100


def ensure_skills(work: Work) -> bool:
    """The skills that come with this Perennial, and what they imply; whether there was anything to do."""
    known = _hold(work)
    if known.sha256 == edition():
        return False
    bring_in_edition(work.session.connection())
    work.session.expire_all()
    known.sha256 = edition()
    work.record("skills brought in", known)
    return True


def add_implication(work: Work, skill: str, how: How, implied: str) -> int:
    """From now on whoever knows the one is found for the other. Returns the implication's id."""
    work.require_editor()
    ensure_skills(work)
    one, other = (skill_called(work, name) for name in (skill, implied))
    _refuse_if_said(work, one, other)
    implication = SkillImplication(
        skill_id=one.id, how=how, implied_id=other.id, said_at=work.now, said_by_id=work.actor.id
    )
    work.session.add(implication)
    work.session.flush()
    settle_closure(work.session.connection())
    work.record("skill implication added", implication)
    return implication.id


def take_implication_away(work: Work, implication_id: int) -> int:
    """What followed from it follows no more. Safe to repeat; returns its id, for `bring_implication_back`."""
    implication = _implication(work, implication_id)
    if implication.undone_at is None:
        implication.undone_at = work.now
        work.session.flush()
        settle_closure(work.session.connection())
        work.record("skill implication taken away", implication)
    return implication.id


def bring_implication_back(work: Work, implication_id: int) -> int:
    implication = _implication(work, implication_id)
    if implication.undone_at is not None:
        one, other = (work.session.get_one(Skill, id_) for id_ in (implication.skill_id, implication.implied_id))
        _refuse_if_said(work, one, other)
        implication.undone_at = None
        work.session.flush()
        settle_closure(work.session.connection())
        work.record("skill implication brought back", implication)
    return implication.id


def skill_called(work: Work, text: str) -> Skill:
    """The skill of that name, new where nobody has named it yet.

    Its row is locked: a list that brought it and is taken back meanwhile would delete it.
    """
    name = known_skill(text)
    if not name:
        raise Refused("A skill needs a name.")
    if len(name) > LONGEST:
        raise Refused(f"The name of a skill is too long: {len(name)} characters, {LONGEST} fit.")
    held = select(Skill).where(Skill.key == folded(name)).with_for_update(read=True, key_share=True)
    skill = work.session.scalar(held)
    if skill is None:
        skill = Skill(name=name, key=folded(name))
        work.session.add(skill)
        work.session.flush()
    return skill


def _hold(work: Work) -> SkillEdition:
    """One at a time: whoever looks whether something follows already must not be overtaken."""
    return work.session.get_one(SkillEdition, 1, with_for_update=True)


def _implication(work: Work, implication_id: int) -> SkillImplication:
    work.require_editor()
    ensure_skills(work)
    implication = work.session.get(SkillImplication, implication_id)
    if implication is None:
        raise Refused("Nobody has said so of these skills.")
    return implication


def _refuse_if_said(work: Work, one: Skill, other: Skill) -> None:
    if one.id == other.id:
        raise Refused(f"These are one skill already: {one.name}.")
    if work.session.get(SkillClosure, (other.id, one.id)):
        raise Refused(f"Whoever knows {one.name} is found for {other.name} already.")
    if work.session.get(SkillClosure, (one.id, other.id)):
        raise Refused(f"{other.name} implies {one.name} already. Both ways would make one skill of the two.")
