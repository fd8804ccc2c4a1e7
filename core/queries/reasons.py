"""What is on record of the people in view that may be worth a word: a constant number of small questions."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from core.domain.calendar import Calendar
from core.domain.facts import OpeningStatus
from core.domain.reasons import Fitting, Grown, Job, Known, Reason, reasons
from core.persistence.facts import merged_records
from core.persistence.tables import (
    Candidate,
    CandidateSkill,
    Client,
    Fact,
    FactKind,
    GrowthNote,
    Opening,
    OpeningSkill,
    Placement,
    PlacementEnd,
    Process,
    Skill,
    SkillClosure,
)

MOST_OPENINGS = 50
"""So many of those that are open are looked at, the newest."""

FACT, PROCESS = Fact.__table__, Process.__table__
GROWTH, PLACEMENT = GrowthNote.__table__, Placement.__table__


def reasons_to_write(
    session: Session, candidate_ids: Sequence[int], *, now: datetime, calendar: Calendar
) -> dict[int, tuple[Reason, ...]]:
    """For each of these few the reasons there are. Whoever asked for no contact has none."""
    if not candidate_ids:
        return {}
    kept_of = merged_records(session, candidate_ids)
    people = session.execute(
        select(Candidate.id, Candidate.quiet_until, Candidate.last_word_to_at).where(
            Candidate.id.in_(candidate_ids), ~Candidate.do_not_contact
        )
    ).all()
    openings, jobs, growth = _openings(session, kept_of), _jobs(session, kept_of), _growth(session, kept_of, calendar)
    return {
        row.id: reasons(
            Known(
                openings=openings.get(row.id, ()),
                job=jobs.get(row.id),
                quiet_until=row.quiet_until,
                last_word_on=calendar.day(row.last_word_to_at) if row.last_word_to_at else None,
                growth=growth.get(row.id, ()),
            ),
            calendar.day(now),
        )
        for row in people
    }


_END, _ENDED = PlacementEnd.__table__.alias("end"), FACT.alias("ended")
_HAS_ENDED = exists().where(
    _END.c.placement_id == PLACEMENT.c.id, _ENDED.c.id == _END.c.id, _ENDED.c.undone_at.is_(None)
)


def _jobs(session: Session, kept_of: Mapping[int, int]) -> dict[int, Job]:
    """The latest that has not ended."""
    query = (
        select(FACT.c.candidate_id, PLACEMENT.c.starts_on, Opening.title, Client.name)
        .select_from(FACT)
        .join(PLACEMENT, PLACEMENT.c.id == FACT.c.id)
        .outerjoin(PROCESS, PROCESS.c.id == FACT.c.process_id)
        .outerjoin(Opening, Opening.id == PROCESS.c.opening_id)
        .outerjoin(Client, Client.id == Opening.client_id)
        .where(*_theirs(kept_of, FactKind.PLACEMENT), ~_HAS_ENDED)
        .order_by(PLACEMENT.c.starts_on, PLACEMENT.c.id)
    )
    return {kept_of[who]: Job(client or title or "", on) for who, on, title, client in session.execute(query)}


def _growth(session: Session, kept_of: Mapping[int, int], calendar: Calendar) -> dict[int, list[Grown]]:
    query = (
        select(FACT.c.candidate_id, FACT.c.happened_at, GROWTH.c.wants, GROWTH.c.advice, GROWTH.c.came_of_it_at)
        .join(GROWTH, GROWTH.c.id == FACT.c.id)
        .where(*_theirs(kept_of, FactKind.GROWTH_NOTE))
        .order_by(FACT.c.happened_at.desc(), FACT.c.id.desc())
    )
    notes: dict[int, list[Grown]] = defaultdict(list)
    for who, at, wants, advice, told_at in session.execute(query):
        notes[kept_of[who]].append(Grown(calendar.day(at), wants, advice, told_at is not None))
    return notes


def _openings(session: Session, kept_of: Mapping[int, int]) -> dict[int, list[Fitting]]:
    """Of the newest openings each with what they know of its needs.

    Those that they were in are none for them, and neither are those of which they know nothing.
    """
    newest = (
        select(Opening.id, Opening.title, Client.name.label("client"))
        .outerjoin(Client, Client.id == Opening.client_id)
        .where(Opening.status == OpeningStatus.OPEN)
        .order_by(Opening.added_at.desc(), Opening.id.desc())
        .limit(MOST_OPENINGS)
    )
    if not (openings := session.execute(newest).all()):
        return {}
    needs: dict[int, list[tuple[int, str]]] = defaultdict(list)
    needed = (
        select(OpeningSkill.opening_id, Skill.id, Skill.name)
        .join(Skill, Skill.id == OpeningSkill.skill_id)
        .where(OpeningSkill.opening_id.in_([row.id for row in openings]))
        .order_by(OpeningSkill.opening_id, OpeningSkill.position)
    )
    for opening_id, skill_id, name in session.execute(needed):
        needs[opening_id].append((skill_id, name))
    if not needs:
        return {}
    known = _known(session, kept_of, {skill_id for skills in needs.values() for skill_id, _ in skills})
    been = defaultdict(set)
    where = select(FACT.c.candidate_id, PROCESS.c.opening_id).join(PROCESS, PROCESS.c.id == FACT.c.id)
    for who, opening_id in session.execute(where.where(*_theirs(kept_of, FactKind.PROCESS))):
        been[kept_of[who]].add(opening_id)
    ids = {opening_id: {id_ for id_, _ in skills} for opening_id, skills in needs.items()}
    return {
        who: [
            Fitting(
                row.id,
                row.title,
                row.client or "",
                [name for id_, name in needs[row.id] if id_ in skills],
                [name for id_, name in needs[row.id] if id_ not in skills],
            )
            for row in openings
            if row.id in ids and not skills.isdisjoint(ids[row.id]) and row.id not in been[who]
        ]
        for who, skills in known.items()
    }


def _known(session: Session, kept_of: Mapping[int, int], needed: Iterable[int]) -> dict[int, set[int]]:
    """Of the skills that are needed those that each knows, or that follow from what they know."""
    held: dict[int, set[int]] = defaultdict(set)
    theirs = select(CandidateSkill.candidate_id, CandidateSkill.skill_id)
    for who, skill_id in session.execute(theirs.where(CandidateSkill.candidate_id.in_(list(kept_of)))):
        held[kept_of[who]].add(skill_id)
    all_held = {skill_id for skills in held.values() for skill_id in skills}
    follows = select(SkillClosure.skill_id, SkillClosure.implied_id).where(
        SkillClosure.implied_id.in_(list(needed)), SkillClosure.skill_id.in_(list(all_held))
    )
    implied: dict[int, set[int]] = defaultdict(set)
    for skill_id, implied_id in session.execute(follows):
        implied[skill_id].add(implied_id)
    return {who: skills.union(*(implied[skill_id] for skill_id in skills)) for who, skills in held.items()}


def _theirs(kept_of: Mapping[int, int], kind: FactKind) -> tuple[ColumnElement[bool], ...]:
    return FACT.c.candidate_id.in_(list(kept_of)), FACT.c.kind == kind, FACT.c.undone_at.is_(None)
