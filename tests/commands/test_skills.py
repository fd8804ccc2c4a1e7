"""Skills that imply skills: brought in at the start, added to by the team, taken away and brought back."""

import pytest
from sqlalchemy import delete, func, insert, select, update

from core.commands.candidates import add_candidate
from core.commands.openings import add_opening
from core.commands.skills import add_implication, bring_implication_back, ensure_skills, take_implication_away
from core.domain.refusal import Refused
from core.domain.skills import How, all_names, consequences, implications
from core.persistence.check import disagreements
from core.persistence.tables import (
    AuditEntry,
    CandidateSkill,
    OpeningSkill,
    Skill,
    SkillClosure,
    SkillEdition,
    SkillImplication,
)
from core.persistence.work import THE_PROGRAM
from core.queries.skills import NO_SKILL, skill, skill_ids


@pytest.fixture
def known(store):
    """A store that was started once."""
    with store.working(THE_PROGRAM) as work:
        assert ensure_skills(work)
    return store


def implying(store, name):
    with store.reading() as session:
        found = skill(session, name)
    return {near.name for near in found.implied_by} if found else None


def said(store, viewer, one, how, other):
    with store.working(viewer) as work:
        return add_implication(work, one, how, other)


def test_a_start_brings_in_every_skill_and_all_that_follows(known):
    follows = list(consequences((one.skill, one.how, one.implied) for one in implications()))
    with known.reading() as session:
        assert set(session.scalars(select(Skill.name))) == set(all_names())
        assert session.scalar(select(func.count()).select_from(SkillClosure)) == len(follows)
    assert {"React", "Next.js", "TypeScript", "Angular"} <= implying(known, "JavaScript")


def test_another_start_with_the_same_skills_changes_nothing(known):
    with known.working(THE_PROGRAM) as work:
        assert not ensure_skills(work)
    with known.reading() as session:
        assert session.scalars(select(AuditEntry.action)).all() == ["skills brought in"]


def test_a_start_that_knows_more_gathers_what_was_stored_and_keeps_what_the_team_said(known, ben):
    """As a team has it that wrote `Rect.js` before it was known, and said something of it."""
    with known.working(ben) as work:
        session = work.session
        (odd,) = session.execute(insert(Skill).values(name="Rect.js", key="rect.js").returning(Skill.id)).one()
        noor = add_candidate(work, name="Noor Haddad")
        session.execute(insert(CandidateSkill).values(candidate_id=noor, skill_id=odd))
        patience = session.execute(insert(Skill).values(name="Patience", key="patience").returning(Skill.id)).scalar()
        session.execute(
            insert(SkillImplication).values(skill_id=odd, how=How.NEEDS, implied_id=patience, said_at=work.now)
        )
        session.execute(delete(Skill).where(Skill.key == "zig"))
        both, one = (add_opening(work, title, needs=["React"]) for title in ("Both", "One"))
        session.execute(update(OpeningSkill).where(OpeningSkill.opening_id == one).values(skill_id=odd))
        session.execute(insert(OpeningSkill).values(opening_id=both, skill_id=odd, position=1))
        session.execute(update(SkillEdition).values(sha256="of another Perennial"))
    with known.working(THE_PROGRAM) as work:
        assert ensure_skills(work)
    with known.reading() as session:
        react, zig, gone = skill_ids(session, ["React", "Zig", "Rect.js"])
        assert zig != NO_SKILL
        assert gone == react
        assert session.scalars(select(CandidateSkill.skill_id)).all() == [react]
        assert session.get(Skill, odd) is None
        needed = select(OpeningSkill.opening_id, OpeningSkill.skill_id).order_by(OpeningSkill.opening_id)
        assert session.execute(needed).all() == [(both, react), (one, react)]
    assert "React" in implying(known, "Patience")
    assert "Next.js" in implying(known, "Patience")
    assert list(disagreements(known)) == []


def test_what_the_team_adds_follows_on_at_once(known, ben):
    said(known, ben, "Kappa Engine", How.WRITTEN_IN, "TypeScript")
    with known.reading() as session:
        found = skill(session, "JavaScript")
        (near,) = [near for near in found.implied_by if near.name == "Kappa Engine"]
        assert (near.steps, near.how) == (2, "is written in TypeScript, which is written in JavaScript")
        (implied,) = [near for near in skill(session, "kappa engine").implies if near.steps == 1]
        assert (implied.name, implied.how) == ("TypeScript", "is written in TypeScript")
    assert list(disagreements(known)) == []


def test_it_is_taken_away_and_brought_back(known, ben):
    id_ = said(known, ben, "Kappa Engine", How.WRITTEN_IN, "TypeScript")
    for _ in range(2):  # saying it twice changes nothing
        with known.working(ben) as work:
            assert take_implication_away(work, id_) == id_
    assert "Kappa Engine" not in implying(known, "JavaScript") | implying(known, "TypeScript")
    assert list(disagreements(known)) == []
    for _ in range(2):
        with known.working(ben) as work:
            assert bring_implication_back(work, id_) == id_
    assert "Kappa Engine" in implying(known, "JavaScript")
    assert list(disagreements(known)) == []


def test_another_name_finds_the_skill_and_whoever_was_written_down_by_it(known, ben):
    said(known, ben, "House framework", How.NAME_OF, "React.js")
    with known.reading() as session:
        ours, react = skill_ids(session, ["house FRAMEWORK", "React"])
    assert ours == react
    assert "House framework" in implying(known, "React")
    assert "House framework" in implying(known, "JavaScript")


def test_what_is_said_of_a_skill_is_said_of_its_one_name(known, ben):
    said(known, ben, "reactjs", How.NEEDS, "Patience")
    assert "React" in implying(known, "Patience")


@pytest.mark.parametrize(
    ("one", "other", "sentence"),
    [
        ("React", "Rect.js", "one skill already: React"),
        ("Next.js", "JavaScript", "knows Next.js is found for JavaScript already"),
        ("JavaScript", "Next.js", "Next.js implies JavaScript already"),
        ("", "React", "needs a name"),
        ("React", "x" * 101, "too long"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence_and_nothing_is_kept(known, ben, one, other, sentence):
    with pytest.raises(Refused, match=sentence):
        said(known, ben, one, How.NEEDS, other)
    with known.reading() as session:
        assert session.scalars(select(SkillImplication)).all() == []


def test_what_was_taken_away_is_not_brought_back_against_what_was_said_since(known, ben):
    id_ = said(known, ben, "Alpha", How.NEEDS, "Beta")
    with known.working(ben) as work:
        take_implication_away(work, id_)
    said(known, ben, "Beta", How.NEEDS, "Alpha")
    with pytest.raises(Refused, match="Both ways"), known.working(ben) as work:
        bring_implication_back(work, id_)


def test_one_that_was_never_said_can_not_be_taken_away(known, ben):
    with pytest.raises(Refused, match="Nobody has said so"), known.working(ben) as work:
        take_implication_away(work, 1)


def test_a_store_that_was_not_started_yet_learns_the_skills_with_the_first_word_on_them(store, ben):
    said(store, ben, "Kappa Engine", How.NEEDS, "React")
    assert "Kappa Engine" in implying(store, "JavaScript")


def test_the_check_finds_what_does_not_follow_and_what_is_missing(known):
    with known.working(THE_PROGRAM) as work:
        react, javascript, cobol = skill_ids(work.session, ["React", "JavaScript", "COBOL"])
        closure = SkillClosure
        work.session.execute(delete(closure).where(closure.skill_id == react, closure.implied_id == javascript))
        wrong = {"skill_id": cobol, "implied_id": react, "through_id": react, "how": How.NEEDS, "steps": 1}
        work.session.execute(insert(closure).values(**wrong))
        work.record("spoilt", work.session.get_one(Skill, react))
    found = sorted(str(one).split(":")[0] for one in disagreements(known))
    assert found == ["COBOL implies React", "React implies JavaScript"]
