"""Whose people are meant when somebody hands over, and what becomes of an offer when one of them is handed over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, literal, select, update
from sqlalchemy.orm import Session, aliased

from core.domain.facts import Rhythm
from core.domain.order import END
from core.domain.team import Team
from core.persistence.facts import merged_records
from core.persistence.search import begins_with, typed_words
from core.persistence.skills import implying
from core.persistence.tables import (
    Candidate,
    CandidateSkill,
    Fact,
    Handover,
    Member,
    OfferedPerson,
    OfferState,
    Process,
    SearchWord,
)
from core.persistence.tables.people import IS_LISTED
from core.persistence.tables.team import Role
from core.persistence.viewer import Viewer

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Whom:
    """Which of one member's people are meant: all, or those that fit everything that is said."""

    of_id: int | None
    """None: people who are with nobody."""
    opening_id: int | None = None
    """In process there."""
    skill_id: int | None = None
    """Who have it, or one that implies it."""
    rhythm: Rhythm | None = None
    without_rhythm: bool = False
    words: str = ""
    """Beginnings of words of a name or a company."""
    ids: tuple[int, ...] = ()


def meant(session: Session, whom: Whom) -> list[Condition]:
    """The conditions on `Candidate`; the first is a range of an index that holds all of that member's people."""
    return [_with(session, whom.of_id), *_narrowed(whom)]


def gives_away(team: Team, actor: Viewer, of_id: int | None) -> bool:
    """The member, an admin for them, the cover of one who left; people who are nobody's, any of us."""
    return of_id is None or actor.is_admin or actor.id in (of_id, team.stands_in(of_id, END))


def is_still_with(candidate: Candidate, of_id: int | None) -> bool:
    """Whether they are that member's, or wait with the cover of one who left; None: whether they are nobody's."""
    return candidate.owner_id == of_id or (of_id is not None and candidate.covered_for_id == of_id)


def answer_offers(session: Session, handovers: Sequence[Handover], *, now: datetime) -> None:
    """These were handed over: an offer to that member is accepted by it, one to another is overtaken."""
    by_person = {handover.candidate_id: handover for handover in handovers if handover.candidate_id is not None}
    records = merged_records(session, by_person)
    offered = OfferedPerson.__table__
    standing = select(offered.c.offer_id, offered.c.candidate_id, offered.c.to_id).where(
        offered.c.candidate_id.in_(records), offered.c.state == OfferState.OPEN
    )
    answers = []
    for offer_id, record, to_id in session.execute(standing):
        handover = by_person[records[record]]
        state = OfferState.ACCEPTED if to_id == handover.to_id else OfferState.WITHDRAWN
        answers.append({"of_offer": offer_id, "who": record, "becomes": state, "fact": handover.id})
    if not answers:
        return
    session.connection().execute(
        update(offered)
        .where(offered.c.offer_id == bindparam("of_offer"), offered.c.candidate_id == bindparam("who"))
        .values(state=bindparam("becomes"), answered_at=now, handover_id=bindparam("fact")),
        answers,
    )


def open_again(session: Session, *which: Condition) -> None:
    """Offer again what was answered, except people who are offered otherwise by now, or to who can't accept now."""
    other = aliased(OfferedPerson)
    is_offered = select(literal(1)).where(
        other.candidate_id == OfferedPerson.candidate_id, other.state == OfferState.OPEN
    )
    there = select(Member.id).where(Member.is_active, Member.role != Role.VIEWER)
    session.execute(
        update(OfferedPerson)
        .where(*which, OfferedPerson.state != OfferState.OPEN, ~is_offered.exists(), OfferedPerson.to_id.in_(there))
        .values(state=OfferState.OPEN, answered_at=None, handover_id=None, reason="")
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def _with(session: Session, of_id: int | None) -> Condition:
    """Of a member who left: those who wait with the cover. Of one who is there: also those they cover for."""
    member = session.get(Member, of_id) if of_id is not None else None
    column = Candidate.owner_id if member is None or member.is_active else Candidate.covered_for_id
    return (column == of_id) & IS_LISTED


def _narrowed(whom: Whom) -> Iterator[Condition]:
    if whom.opening_id is not None:
        yield Candidate.id.in_(_in_process(whom.opening_id))
    if whom.skill_id is not None:
        yield _knows(whom.skill_id)
    if whom.rhythm is not None:
        yield (Candidate.rhythm_unit == whom.rhythm.unit) & (Candidate.rhythm_count == whom.rhythm.count)
    if whom.without_rhythm:
        yield Candidate.rhythm_unit.is_(None)
    for word in typed_words(whom.words):
        found = aliased(SearchWord)
        yield select(literal(1)).where(found.candidate_id == Candidate.id, begins_with(found.word, word)).exists()
    if whom.ids:
        yield Candidate.id.in_(whom.ids)


def _in_process(opening_id: int) -> Any:
    """Of a record that was merged away, the one it is part of."""
    record, kept = aliased(Candidate), aliased(Candidate)
    return (
        select(func.coalesce(kept.merged_into_id, record.merged_into_id, record.id))
        .select_from(Process.__table__)
        .join(Fact.__table__, Fact.__table__.c.id == Process.__table__.c.id)
        .join(record, record.id == Fact.__table__.c.candidate_id)
        .outerjoin(kept, kept.id == record.merged_into_id)
        .where(Process.__table__.c.opening_id == opening_id, Process.__table__.c.is_active)
    )


def _knows(skill_id: int) -> Condition:
    """Themselves, or by a record that was merged into them."""
    held, theirs, gone = aliased(CandidateSkill), aliased(CandidateSkill), aliased(Candidate)
    merged = (
        select(literal(1))
        .select_from(gone)
        .join(theirs, theirs.candidate_id == gone.id)
        .where(gone.merged_into_id == Candidate.id, theirs.skill_id.in_(implying(skill_id)))
    )
    own = select(literal(1)).where(held.candidate_id == Candidate.id, held.skill_id.in_(implying(skill_id)))
    return own.exists() | merged.exists()
