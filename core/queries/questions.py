"""What we would know of somebody: noted, asked, and answered; of whoever was merged into them, too."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
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
MOST_ASKED = 500
"""So many questions, and so many ends, a share is reckoned of at most."""
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
    """Of questions asked, and of ends, within that time: of so many that they are more than MOST_ASKED, the latest."""
    in_time = Question.asked_at >= since, Question.asked_at < until, Question.process_id.is_not(None)
    questions = select(Question.process_id, Question.asked_at).where(*in_time).order_by(Question.asked_at.desc())
    asked = {id_: at for id_, at in session.execute(questions.limit(MOST_ASKED)) if id_ is not None and at is not None}
    closings = (
        select(FACT.c.process_id, CLOSING.c.was_asked)
        .join(CLOSING, CLOSING.c.id == FACT.c.id)
        .where(CLOSING.c.was_asked.is_not(None), FACT.c.undone_at.is_(None))
        .where(FACT.c.happened_at >= since, FACT.c.happened_at < until)
        .order_by(CLOSING.c.id.desc())
        .limit(MOST_ASKED)
    )
    ended = {row.process_id: row.was_asked for row in session.execute(closings)}
    those = {*asked, *(id_ for id_, was_asked in ended.items() if was_asked)}
    processes = (
        select(PROCESS.c.id, PROCESS.c.closed_at, PROCESS.c.result)
        .join(FACT, FACT.c.id == PROCESS.c.id)
        .where(PROCESS.c.id.in_(those), FACT.c.undone_at.is_(None))
    )
    results = {
        row.id: row.result
        for row in session.execute(processes)
        if ended.get(row.id) or row.closed_at is None or asked[row.id] < row.closed_at
    }
    interviews = (
        select(FACT.c.process_id, func.max(MEETING.c.starts_at).label("at"))
        .join(MEETING, MEETING.c.id == FACT.c.id)
        .where(FACT.c.process_id.in_(results), FACT.c.undone_at.is_(None))
        .where(MEETING.c.meeting_kind == MeetingKind.INTERVIEW, MEETING.c.result == MeetingResult.HELD)
        .group_by(FACT.c.process_id)
    )
    return AskedFirst(
        asked=len(results),
        interviewed=sum(
            row.process_id not in asked or row.at >= asked[row.process_id] for row in session.execute(interviews)
        ),
        hired=sum(result is Result.HIRED for result in results.values()),
        without=sum(not was_asked for was_asked in ended.values()),
    )
