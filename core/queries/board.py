"""One opening as its board shows it: its stages, who is in each, and what is owed to them.

A constant number of questions, each a range of one opening's own rows, whatever else the team is looking for.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, case, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from core.domain.facts import HoldReason, MeetingKind, OpeningStatus, Turn
from core.domain.promises import Kind, Status, to_the_minute
from core.persistence.facts import kept_records
from core.persistence.tables import (
    Candidate,
    Client,
    Fact,
    FactKind,
    Meeting,
    Member,
    Opening,
    OpeningEnd,
    OpeningHold,
    OpeningSkill,
    Process,
    Promise,
    Skill,
    Stage,
    StageMove,
)
from core.persistence.team import policy_now
from core.queries.called import ADDRESS, called

IN_NO_STAGE = ""
FACT, PROCESS, MEETING, MOVE = (table.__table__ for table in (Fact, Process, Meeting, StageMove))


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of the opening, and how often people in it hear from us."""

    name: str
    cadence: int
    """Working days."""
    came: int
    """So many people ever came as far, or further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Somebody in the opening."""

    process_id: int
    candidate_id: int
    """Of the one kept, where two were merged."""
    name: str
    """Where there is no name, an address."""
    stage: str
    turn: Turn
    since: datetime
    """When they came to the stage."""
    heard_at: datetime | None
    """Our last word that counts for this process; None where there was none since it began."""
    from_them_at: datetime | None
    """Their last word, about whatever."""
    owed: Kind | None
    """The first of what is owed about it now."""
    due_at: datetime | None
    is_late: bool
    meeting_at: datetime | None
    """The next one that is planned."""
    meeting: MeetingKind | None
    owner: str


Pulse = tuple[tuple[Any, ...], ...]
"""Another one after every move, arrival, end and change of turn, and whenever somebody comes to be late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    id: int
    version: int
    title: str
    client_id: int | None
    client: str
    owner_id: int | None
    owner: str
    note: str
    needs: tuple[str, ...]
    """The skills it needs, by name."""
    added_at: datetime
    names_client: bool
    """Whoever is in it may read who the client is, on their own page; the same of their stage."""
    names_stage: bool
    status: OpeningStatus
    changed_at: datetime | None
    """Since when it is on hold or has ended."""
    hold_reason: HoldReason | None
    why: str
    """What was noted with the hold, or the end."""
    steps: tuple[Step, ...]
    cadence_on_hold: int
    cards: tuple[Card, ...]
    """The first owed come first."""
    ever: int
    """So many people were ever in it."""
    pulse: Pulse

    @property
    def stages(self) -> list[str]:
        return [step.name for step in self.steps]

    @property
    def columns(self) -> list[str]:
        """The stages there are; before them those that people are in all the same."""
        known = set(self.stages)
        return [*sorted({card.stage for card in self.cards if card.stage not in known}), *self.stages]


def board(session: Session, opening_id: int, *, now: datetime) -> Board | None:
    """None: there is no such opening."""
    opening = session.execute(_OPENING, {"opening": opening_id}).first()
    if opening is None:
        return None
    policy = policy_now(session)
    names = session.scalars(_STAGES, {"opening": opening_id}).all()
    rows = session.execute(_CARDS, {"opening": opening_id}).all()
    came, ever = _came(session, opening_id)
    last = session.execute(_LAST, {"opening": opening_id}).first() if opening.status is not OpeningStatus.OPEN else None
    return Board(
        id=opening.id,
        version=opening.version,
        title=opening.title,
        client_id=opening.client_id,
        client=opening.client or "",
        owner_id=opening.owner_id,
        owner=opening.owner or "",
        note=opening.note,
        needs=tuple(session.scalars(_NEEDS, {"opening": opening_id})),
        added_at=opening.added_at,
        names_client=opening.names_client,
        names_stage=opening.names_stage,
        status=opening.status,
        changed_at=last.happened_at if last else None,
        hold_reason=last.reason if last else None,
        why=(last.held_why or last.ended_why or "") if last else "",
        steps=tuple(
            Step(name, policy.cadence(name), sum(number for reached, number in came.items() if reached >= position))
            for position, name in enumerate(names)
        ),
        cadence_on_hold=policy.update_on_hold,
        cards=tuple(_cards(session, opening_id, rows, now)),
        ever=ever,
        pulse=pulse(session, opening_id, now=now),
    )


def pulse(session: Session, opening_id: int, *, now: datetime) -> Pulse:
    """Cheap to ask: one range of an index that holds all of it."""
    rows = session.execute(_PULSE, {"opening": opening_id, "minute": to_the_minute(now)})
    return tuple(tuple(row) for row in rows)


def inside(session: Session, opening_id: int, candidate_ids: Iterable[int]) -> set[int]:
    """Who of these is in it now, under whichever record."""
    kept = session.execute(_IN_IT, {"opening": opening_id}).scalars().all()
    there = set(kept_records(session, kept).values())
    return there & set(candidate_ids)


def clients(session: Session) -> list[tuple[int, str]]:
    """Whom an opening may be for: ids and names, by name."""
    query = select(Client.id, Client.name).order_by(Client.sort_name, Client.id)
    return [(id_, name) for id_, name in session.execute(query)]


_OPENING = (
    select(
        Opening.id,
        Opening.version,
        Opening.title,
        Opening.client_id,
        Opening.owner_id,
        Opening.note,
        Opening.added_at,
        Opening.names_client,
        Opening.names_stage,
        Opening.status,
        Client.name.label("client"),
        Member.name.label("owner"),
    )
    .outerjoin(Client, Client.id == Opening.client_id)
    .outerjoin(Member, Member.id == Opening.owner_id)
    .where(Opening.id == bindparam("opening"))
)
_STAGES = select(Stage.name).where(Stage.opening_id == bindparam("opening")).order_by(Stage.position)
_NEEDS = (
    select(Skill.name)
    .join(OpeningSkill, OpeningSkill.skill_id == Skill.id)
    .where(OpeningSkill.opening_id == bindparam("opening"))
    .order_by(OpeningSkill.position)
)
_HOLD, _END = OpeningHold.__table__, OpeningEnd.__table__
_LAST = (
    select(FACT.c.happened_at, _HOLD.c.reason, _HOLD.c.note.label("held_why"), _END.c.note.label("ended_why"))
    .select_from(FACT)
    .outerjoin(_HOLD, _HOLD.c.id == FACT.c.id)
    .outerjoin(_END, _END.c.id == FACT.c.id)
    .where(
        FACT.c.undone_at.is_(None),
        or_(
            *(
                FACT.c.id.in_(select(table.c.id).where(table.c.opening_id == bindparam("opening")))
                for table in (_HOLD, _END)
            )
        ),
    )
    .order_by(FACT.c.happened_at.desc(), FACT.c.entered_at.desc(), FACT.c.id.desc())
    .limit(1)
)
"""Why it is not open."""

# who is in it

_ACTIVE = (PROCESS.c.opening_id == bindparam("opening"), Process.is_active)
_OWNER = aliased(Member)
_PERSON = (
    Candidate.name,
    ADDRESS,
    Candidate.last_word_from_at,
)
_CARDS = (
    select(
        PROCESS.c.id,
        PROCESS.c.stage,
        PROCESS.c.turn,
        PROCESS.c.since,
        PROCESS.c.heard_at,
        PROCESS.c.next_due_at,
        FACT.c.candidate_id,
        Candidate.merged_into_id,
        *_PERSON,
        _OWNER.name.label("owner"),
    )
    .select_from(PROCESS)
    .join(FACT, FACT.c.id == PROCESS.c.id)
    .join(Candidate, Candidate.id == FACT.c.candidate_id)
    .outerjoin(_OWNER, _OWNER.id == PROCESS.c.owner_id)
    .where(*_ACTIVE)
    .order_by(case((PROCESS.c.next_due_at.is_(None), 1), else_=0), PROCESS.c.next_due_at, PROCESS.c.id)
)
_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_PEOPLE = select(Candidate.id, *_PERSON).where(Candidate.id.in_(_IDS))
_OWED = (
    select(
        Promise.process_id,
        Promise.kind,
        Promise.due_at,
        Promise.opened_at,
        MEETING.c.starts_at,
        MEETING.c.meeting_kind,
    )
    .select_from(PROCESS)
    .join(Promise, Promise.process_id == PROCESS.c.id)
    .outerjoin(MEETING, (Promise.kind == Kind.OUTCOME) & (MEETING.c.id == Promise.about_id))
    .where(*_ACTIVE, Promise.status == Status.OPEN)
    .order_by(Promise.due_at, Promise.id)
)
_DUE, _MINUTE = PROCESS.c.next_due_at, bindparam("minute", type_=PROCESS.c.next_due_at.type)
_PULSE = (
    select(
        PROCESS.c.stage,
        PROCESS.c.turn,
        func.count(),
        func.max(PROCESS.c.since),
        func.min(_DUE),
        func.max(_DUE),
        func.sum(case((_DUE < _MINUTE, 1), else_=0)),
        select(Opening.version).where(Opening.id == bindparam("opening")).scalar_subquery(),
    )
    .where(*_ACTIVE)
    .group_by(PROCESS.c.stage, PROCESS.c.turn)
    .order_by(PROCESS.c.stage, PROCESS.c.turn)
)
_IN_IT = select(FACT.c.candidate_id).select_from(PROCESS).join(FACT, FACT.c.id == PROCESS.c.id).where(*_ACTIVE)


def _cards(session: Session, opening_id: int, rows: Iterable[Row[Any]], now: datetime) -> Iterable[Card]:
    owed: dict[int, tuple[Kind, datetime]] = {}
    meetings: dict[int, tuple[datetime, MeetingKind]] = {}
    for id_, kind, due_at, opened_at, starts_at, meeting in session.execute(_OWED, {"opening": opening_id}):
        if opened_at <= now:
            owed.setdefault(id_, (kind, due_at))
        elif starts_at is not None:  # a meeting that is still to come has its outcome asleep
            meetings.setdefault(id_, (starts_at, meeting))
    kept, people = _kept_of(session, rows)
    for row in rows:
        person = people.get(kept.get(row.candidate_id, 0), row)
        kind, due_at = owed.get(row.id, (None, None))
        meeting_at, meeting = meetings.get(row.id, (None, None))
        yield Card(
            process_id=row.id,
            candidate_id=kept.get(row.candidate_id, row.candidate_id),
            name=called(person.name, person.address),
            stage=row.stage or IN_NO_STAGE,
            turn=row.turn,
            since=row.since,
            heard_at=row.heard_at,
            from_them_at=person.last_word_from_at,
            owed=kind,
            due_at=due_at,
            is_late=_is_late(row.next_due_at, now),
            meeting_at=meeting_at,
            meeting=meeting,
            owner=row.owner or "",
        )


def _kept_of(session: Session, rows: Iterable[Row[Any]]) -> tuple[dict[int, int], dict[int, Row[Any]]]:
    """Of whoever was merged away: in whom they live on, and who that is."""
    gone = {row.candidate_id for row in rows if row.merged_into_id is not None}
    if not gone:
        return {}, {}
    kept = kept_records(session, gone)
    return kept, {row.id: row for row in session.execute(_PEOPLE, {"ids": list(set(kept.values()))})}


def _is_late(next_due_at: datetime | None, now: datetime) -> bool:
    return next_due_at is not None and next_due_at < to_the_minute(now)


# how far people came

_EVER = (
    select(PROCESS.c.id, PROCESS.c.first_stage.label("stage"))
    .select_from(PROCESS)
    .join(FACT, FACT.c.id == PROCESS.c.id)
    .where(PROCESS.c.opening_id == bindparam("opening"), FACT.c.undone_at.is_(None))
)
_MOVED = (
    select(PROCESS.c.id, MOVE.c.to_stage.label("stage"))
    .select_from(PROCESS)
    .join(FACT, (FACT.c.process_id == PROCESS.c.id) & (FACT.c.kind == FactKind.STAGE_MOVE))
    .join(MOVE, MOVE.c.id == FACT.c.id)
    .where(PROCESS.c.opening_id == bindparam("opening"), FACT.c.undone_at.is_(None))
)
_WERE = union_all(_EVER, _MOVED).subquery()
_REACHED = (
    select(_WERE.c.id, func.max(Stage.position).label("reached"))
    .select_from(_WERE)
    .outerjoin(Stage, (Stage.opening_id == bindparam("opening")) & (Stage.name == _WERE.c.stage))
    .group_by(_WERE.c.id)
    .subquery()
)
_CAME = select(_REACHED.c.reached, func.count()).group_by(_REACHED.c.reached)


def _came(session: Session, opening_id: int) -> tuple[Counter[int], int]:
    """How many came to each stage and no further, by its position; and how many there were in all."""
    came: Counter[int] = Counter()
    ever = 0
    for reached, number in session.execute(_CAME, {"opening": opening_id}):
        ever += number
        if reached is not None:
            came[reached] += number
    return came, ever
