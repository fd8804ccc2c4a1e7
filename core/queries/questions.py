"""What we would know of somebody: noted, asked, and answered; of whoever was merged into them, too."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, union
from sqlalchemy.orm import Session

from core.domain.facts import MeetingKind, MeetingResult, Result, Way
from core.domain.questions import Known
from core.persistence.facts import merged_records
from core.persistence.tables import (
    Candidate,
    CandidateSkill,
    Client,
    Closing,
    Contact,
    Fact,
    GrowthNote,
    Meeting,
    Member,
    Opening,
    Process,
    Question,
)

MOST = 200
LAST_WORDS = 20
FACT, PROCESS, CLOSING, MEETING = (kind.__table__ for kind in (Fact, Process, Closing, Meeting))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, and how far it got."""

    id: int
    text: str
    opening: str
    client: str
    """Of the process in which it came up; empty where it came up in none."""
    process_id: int | None
    noted_at: datetime
    noted_by: str
    asked_at: datetime | None
    answer: str | None
    answered_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.answer is None


def questions(session: Session, candidate_id: int) -> list[Asked]:
    """Open ones first, the newest first of each."""
    query = (
        select(
            Question.id,
            Question.text,
            Question.process_id,
            Question.noted_at,
            Question.asked_at,
            Question.answer,
            Question.answered_at,
            Member.name.label("noted_by"),
            Opening.title.label("opening"),
            Client.name.label("client"),
        )
        .outerjoin(Member, Member.id == Question.noted_by_id)
        .outerjoin(Process.__table__, Process.__table__.c.id == Question.process_id)
        .outerjoin(Opening, Opening.id == Process.__table__.c.opening_id)
        .outerjoin(Client, Client.id == Opening.client_id)
        .where(Question.candidate_id.in_(list(merged_records(session, [candidate_id]))))
        .order_by(Question.answered_at.is_not(None), Question.id.desc())
        .limit(MOST)
    )
    return [
        Asked(
            id=row.id,
            text=row.text,
            opening=row.opening or "",
            client=row.client or "",
            process_id=row.process_id,
            noted_at=row.noted_at,
            noted_by=row.noted_by or "",
            asked_at=row.asked_at,
            answer=row.answer,
            answered_at=row.answered_at,
        )
        for row in session.execute(query)
    ]


def known(session: Session, candidate_id: int) -> Known:
    """What is known of somebody, as far as it tells which questions are still open."""
    records = list(merged_records(session, [candidate_id]))
    columns = (Candidate.location, Candidate.language, Candidate.notes, Candidate.tags)
    people = session.execute(select(*columns).where(Candidate.id.in_(records))).all()
    asked = session.execute(select(Question.text, Question.answer).where(Question.candidate_id.in_(records))).all()
    growth = session.scalars(
        select(GrowthNote.wants).where(GrowthNote.candidate_id.in_(records), GrowthNote.undone_at.is_(None))
    )
    theirs = (
        select(Contact.text)
        .where(Contact.candidate_id.in_(records), Contact.way == Way.FROM, Contact.undone_at.is_(None))
        .order_by(Contact.happened_at.desc())
        .limit(LAST_WORDS)
    )
    written = [part for person in people for part in (person.notes, *person.tags)]
    said = [*(row.answer or "" for row in asked), *growth, *session.scalars(theirs)]
    holds = select(CandidateSkill.skill_id).where(CandidateSkill.candidate_id.in_(records)).limit(1)
    return Known(
        has_skills=session.scalar(holds) is not None,
        has_place=any(person.location for person in people),
        has_language=any(person.language for person in people),
        words=" ".join((*written, *said)),
        asked=[row.text for row in asked],
    )


@dataclass(frozen=True, slots=True)
class AskedFirst:
    """Processes in which somebody was asked before it was decided, and how they went on.

    Asked is whose question was asked while they were in process, or who was asked before being turned down for their
    background. An interview counts if it was held after that.
    """

    asked: int
    interviewed: int
    hired: int
    without: int
    """Turned down for their background without being asked."""


def asked_first(session: Session, *, since: datetime, until: datetime) -> AskedFirst:
    """Of questions asked, and of ends, within that time."""
    in_time = Question.asked_at >= since, Question.asked_at < until
    before_its_end = PROCESS.c.closed_at.is_(None) | (Question.asked_at < PROCESS.c.closed_at)
    by_question = (
        select(Question.process_id.label("id"), func.min(Question.asked_at).label("at"))
        .join(PROCESS, PROCESS.c.id == Question.process_id)
        .where(*in_time, before_its_end)
        .group_by(Question.process_id)
    )
    closed = (
        select(FACT.c.process_id.label("id"), CLOSING.c.was_asked)
        .join(CLOSING, CLOSING.c.id == FACT.c.id)
        .where(CLOSING.c.was_asked.is_not(None), FACT.c.undone_at.is_(None))
        .where(FACT.c.happened_at >= since, FACT.c.happened_at < until)
    ).subquery()
    questions = by_question.subquery()
    asked = union(select(questions.c.id), select(closed.c.id).where(closed.c.was_asked)).subquery()
    stands = FACT.c.undone_at.is_(None)
    of_them = select(PROCESS.c.id, PROCESS.c.result, questions.c.at).select_from(
        asked.join(PROCESS, PROCESS.c.id == asked.c.id)
        .join(FACT, FACT.c.id == PROCESS.c.id)
        .outerjoin(questions, questions.c.id == asked.c.id)
    )
    them = of_them.where(stands).subquery().c
    number, interviewed, hired = session.execute(
        select(
            func.count(them.id),
            func.count(them.id).filter(_interviewed(them.id, after=them.at)),
            func.count(them.id).filter(them.result == Result.HIRED),
        )
    ).one()
    without = session.scalar(select(func.count(closed.c.id)).where(~closed.c.was_asked)) or 0
    return AskedFirst(number, interviewed, hired, without)


def _interviewed(process_id: ColumnElement[int], *, after: ColumnElement[datetime]) -> ColumnElement[bool]:
    """An interview was held for it, after that moment, if there is one."""
    fact = FACT.alias()
    held = MEETING.c.meeting_kind == MeetingKind.INTERVIEW, MEETING.c.result == MeetingResult.HELD
    in_time = after.is_(None) | (MEETING.c.starts_at >= after)
    return (
        select(MEETING.c.id)
        .join(fact, fact.c.id == MEETING.c.id)
        .where(fact.c.process_id == process_id, fact.c.undone_at.is_(None), *held, in_time)
        .exists()
    )
