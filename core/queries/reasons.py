"""What is on record of the people in view that may be worth a word: a constant number of small questions."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, bindparam, exists, select
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

FACT, PROCESS, CANDIDATE, OPENING, CLIENT = (table.__table__ for table in (Fact, Process, Candidate, Opening, Client))
GROWTH, PLACEMENT, SKILL = GrowthNote.__table__, Placement.__table__, Skill.__table__
HELD, NEEDED, CLOSURE = CandidateSkill.__table__, OpeningSkill.__table__, SkillClosure.__table__


def reasons_to_write(
    session: Session, candidate_ids: Sequence[int], *, now: datetime, calendar: Calendar
) -> dict[int, tuple[Reason, ...]]:
    """For each of these few the reasons there are. Whoever asked for no contact has none."""
    if not candidate_ids:
        return {}
    kept_of = merged_records(session, candidate_ids)
    people = session.execute(_PEOPLE, {"ids": list(candidate_ids)}).all()
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


# Statements are made once: making one takes longer than the database does.

_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_PEOPLE = select(CANDIDATE.c.id, CANDIDATE.c.quiet_until, CANDIDATE.c.last_word_to_at).where(
    CANDIDATE.c.id.in_(_IDS), ~CANDIDATE.c.do_not_contact
)


def _theirs(kind: FactKind) -> tuple[ColumnElement[bool], ...]:
    return FACT.c.candidate_id.in_(_IDS), FACT.c.kind == kind, FACT.c.undone_at.is_(None)


_END, _ENDED = PlacementEnd.__table__.alias("end"), FACT.alias("ended")
_HAS_ENDED = exists().where(
    _END.c.placement_id == PLACEMENT.c.id, _ENDED.c.id == _END.c.id, _ENDED.c.undone_at.is_(None)
)
_JOBS = (
    select(FACT.c.candidate_id, PLACEMENT.c.starts_on, OPENING.c.title, CLIENT.c.name)
    .select_from(FACT)
    .join(PLACEMENT, PLACEMENT.c.id == FACT.c.id)
    .outerjoin(PROCESS, PROCESS.c.id == FACT.c.process_id)
    .outerjoin(OPENING, OPENING.c.id == PROCESS.c.opening_id)
    .outerjoin(CLIENT, CLIENT.c.id == OPENING.c.client_id)
    .where(*_theirs(FactKind.PLACEMENT), ~_HAS_ENDED)
    .order_by(PLACEMENT.c.starts_on, PLACEMENT.c.id)
)
_GROWTH = (
    select(FACT.c.candidate_id, FACT.c.happened_at, GROWTH.c.wants, GROWTH.c.advice, GROWTH.c.came_of_it_at)
    .join(GROWTH, GROWTH.c.id == FACT.c.id)
    .where(*_theirs(FactKind.GROWTH_NOTE))
    .order_by(FACT.c.happened_at.desc(), FACT.c.id.desc())
)
_BEEN = (
    select(FACT.c.candidate_id, PROCESS.c.opening_id)
    .join(PROCESS, PROCESS.c.id == FACT.c.id)
    .where(*_theirs(FactKind.PROCESS))
)
_NEWEST = (
    select(OPENING.c.id, OPENING.c.title, OPENING.c.client_id, OPENING.c.added_at)
    .where(OPENING.c.status == OpeningStatus.OPEN)
    .order_by(OPENING.c.added_at.desc(), OPENING.c.id.desc())
    .limit(MOST_OPENINGS)
    .subquery()
)
_NEEDS = (
    select(_NEWEST.c.id, _NEWEST.c.title, CLIENT.c.name.label("client"), SKILL.c.id.label("skill_id"), SKILL.c.name)
    .select_from(_NEWEST)
    .join(NEEDED, NEEDED.c.opening_id == _NEWEST.c.id)
    .join(SKILL, SKILL.c.id == NEEDED.c.skill_id)
    .outerjoin(CLIENT, CLIENT.c.id == _NEWEST.c.client_id)
    .order_by(_NEWEST.c.added_at.desc(), _NEWEST.c.id.desc(), NEEDED.c.position)
)
_KNOWN = (
    select(HELD.c.candidate_id, HELD.c.skill_id, CLOSURE.c.implied_id)
    .outerjoin(
        CLOSURE, (CLOSURE.c.skill_id == HELD.c.skill_id) & CLOSURE.c.implied_id.in_(bindparam("needed", expanding=True))
    )
    .where(HELD.c.candidate_id.in_(_IDS))
)


def _jobs(session: Session, kept_of: Mapping[int, int]) -> dict[int, Job]:
    """The latest that has not ended."""
    rows = session.execute(_JOBS, {"ids": list(kept_of)})
    return {kept_of[who]: Job(client or title or "", on) for who, on, title, client in rows}


def _growth(session: Session, kept_of: Mapping[int, int], calendar: Calendar) -> dict[int, list[Grown]]:
    notes: dict[int, list[Grown]] = defaultdict(list)
    for who, at, wants, advice, told_at in session.execute(_GROWTH, {"ids": list(kept_of)}):
        notes[kept_of[who]].append(Grown(calendar.day(at), wants, advice, told_at is not None))
    return notes


def _openings(session: Session, kept_of: Mapping[int, int]) -> dict[int, list[Fitting]]:
    """Of the newest openings each with what they know of its needs.

    Those that they were in are none for them, and neither are those of which they know nothing.
    """
    openings: dict[int, tuple[str, str, dict[int, str]]] = {}
    for id_, title, client, skill_id, name in session.execute(_NEEDS):
        openings.setdefault(id_, (title, client or "", {}))[2][skill_id] = name
    if not openings:
        return {}
    known = _known(session, kept_of, {skill_id for _, _, needs in openings.values() for skill_id in needs})
    been = defaultdict(set)
    for who, opening_id in session.execute(_BEEN, {"ids": list(kept_of)}):
        been[kept_of[who]].add(opening_id)
    return {
        who: [
            Fitting(
                id_,
                title,
                client,
                [name for skill_id, name in needs.items() if skill_id in skills],
                [name for skill_id, name in needs.items() if skill_id not in skills],
            )
            for id_, (title, client, needs) in openings.items()
            if not skills.isdisjoint(needs) and id_ not in been[who]
        ]
        for who, skills in known.items()
    }


def _known(session: Session, kept_of: Mapping[int, int], needed: Collection[int]) -> dict[int, set[int]]:
    """What each knows, with what of the skills that are needed follows from it."""
    known: dict[int, set[int]] = defaultdict(set)
    for who, skill_id, implied_id in session.execute(_KNOWN, {"ids": list(kept_of), "needed": list(needed)}):
        known[kept_of[who]].add(skill_id)
        if implied_id is not None:
            known[kept_of[who]].add(implied_id)
    return known
