"""All that happened to one person, told a page at a time: whoever was merged into them is told with them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.orm import Session

from core.domain.facts import (
    Absent,
    Answer,
    ClosingReason,
    MeetingKind,
    MeetingResult,
    OpeningStatus,
    Result,
    Rhythm,
    Turn,
    Way,
)
from core.domain.promises import Kind, Status
from core.persistence.facts import rhythm_in
from core.persistence.tables import (
    Arrival,
    Candidate,
    Client,
    Closing,
    Consent,
    Contact,
    Fact,
    FactKind,
    GrowthNote,
    Handover,
    Meeting,
    MeetingMove,
    MeetingOutcome,
    Member,
    Opening,
    OpeningEnd,
    Placement,
    PlacementEnd,
    Process,
    Promise,
    QuietPeriod,
    Referral,
    RhythmChange,
    Snooze,
    StageMove,
    TurnChange,
    Waiver,
)
from core.persistence.tables.base import among
from core.queries.page import Page
from core.queries.records import records_meant, theirs

NOT_TOLD = (FactKind.POLICY, FactKind.DEPARTURE, FactKind.OPENING_HOLD, FactKind.OPENING_RESUMPTION)

FACT, CONTACT, PROCESS, MEETING, PROMISE = (t.__table__ for t in (Fact, Contact, Process, Meeting, Promise))
CANDIDATE, MEMBER, OPENING, CLIENT = (table.__table__ for table in (Candidate, Member, Opening, Client))
Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class KeptWord:
    """A promise that a fact settled."""

    kind: Kind
    status: Status
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that happened, as the timeline tells it. What does not apply is empty or None."""

    id: int
    kind: FactKind
    at: datetime
    by: str
    process: str
    """“Nordbank”; where there is no client, the opening."""
    opening: str
    is_imported: bool
    way: Way | None
    channel: str
    text: str
    """What was said; of a note or a reason, what was written."""
    about: str
    next_what: str
    next_due_at: datetime | None
    is_feedback: bool
    still_waiting: bool
    """The client told us that they need longer."""
    stage: str
    turn: Turn | None
    result: Result | None
    answer: Answer | None
    meeting: MeetingKind | None
    meeting_at: datetime | None
    meeting_result: MeetingResult | None
    absent: Absent | None
    absent_member: str
    asked_by: Absent | None
    """Who asked for a move, or cancelled."""
    moved_from: datetime | None
    """When a meeting that was moved was to begin."""
    reason: ClosingReason | None
    was_asked: bool | None
    """Whether they were asked before being rejected for their background."""
    ended_with: OpeningStatus | None
    """How the opening ended, whose end this was part of."""
    rhythm: Rhythm | None
    until: date | None
    """Of a quiet period or a consent; the day to come back to them; the first day of a job."""
    until_at: datetime | None
    who: str
    """Whom they recommended; to whom they, or a meeting, were handed over; with whom they began."""
    promise: Kind | None
    """What was snoozed or waived."""
    kept: tuple[KeptWord, ...] = ()
    """What this kept, or let go."""


@dataclass(frozen=True, slots=True)
class Entries:
    rows: list[Entry]
    """The newest first."""
    number: int


def entries(session: Session, candidate_id: int, *, page: Page) -> Entries:
    """What happened, in words: the page of it, the newest first."""
    alone, parameters, _ = records_meant(session, candidate_id)
    number = session.scalar(_number(alone=alone), parameters) or 0
    start = (page.number - 1) * page.size
    ids = session.scalars(_page(alone=alone), {**parameters, "size": page.size, "start": start}).all()
    kept = _kept_by(session, candidate_id, ids)
    told = {row.id: _entry(row, kept.get(row.id, ())) for row in session.execute(_telling(), {"ids": ids})}
    return Entries([told[id_] for id_ in ids if id_ in told], number)


@cache
def _number(*, alone: bool) -> Query:
    return select(func.count()).select_from(FACT).where(*theirs(alone=alone), ~among(FACT.c.kind, *NOT_TOLD))


@cache
def _page(*, alone: bool) -> Query:
    told = select(FACT.c.id).where(*theirs(alone=alone), ~among(FACT.c.kind, *NOT_TOLD))
    in_order = told.order_by(FACT.c.happened_at.desc(), FACT.c.entered_at.desc(), FACT.c.id.desc())
    return in_order.limit(bindparam("size")).offset(bindparam("start"))


def is_taken_back(session: Session, fact_id: int) -> bool:
    return session.scalar(select(Fact.undone_at).where(Fact.id == fact_id)) is not None


_SETTLED = (
    select(PROMISE.c.settled_by_id, PROMISE.c.kind, PROMISE.c.status, PROMISE.c.due_at)
    .where(
        PROMISE.c.candidate_id == bindparam("id"),
        PROMISE.c.settled_by_id.in_(bindparam("ids", expanding=True)),
        among(PROMISE.c.status, Status.KEPT_ON_TIME, Status.KEPT_LATE, Status.WAIVED),
    )
    .order_by(PROMISE.c.due_at)
)


def _kept_by(session: Session, candidate_id: int, fact_ids: Sequence[int]) -> dict[int, tuple[KeptWord, ...]]:
    """What these facts settled, for good or by being let go."""
    kept: dict[int, list[KeptWord]] = {}
    for fact_id, kind, status, due_at in session.execute(_SETTLED, {"id": candidate_id, "ids": fact_ids}):
        kept.setdefault(fact_id or 0, []).append(KeptWord(kind, status, due_at))
    return {fact_id: tuple(words) for fact_id, words in kept.items()}


_TO, _BEGAN_WITH, _ABSENT, _HOST = (MEMBER.alias() for _ in range(4))
_REFERRED = CANDIDATE.alias()


@cache
def _telling() -> Query:
    """Whatever these facts say, each of its own table, by primary keys."""
    move, outcome, closing = MeetingMove.__table__, MeetingOutcome.__table__, Closing.__table__
    stage, turn, rhythm = StageMove.__table__, TurnChange.__table__, RhythmChange.__table__
    quiet, growth, consent = QuietPeriod.__table__, GrowthNote.__table__, Consent.__table__
    placement, ended, referral = Placement.__table__, PlacementEnd.__table__, Referral.__table__
    handover, arrival = Handover.__table__, Arrival.__table__
    end = OpeningEnd.__table__
    waiver, snooze = Waiver.__table__, Snooze.__table__
    process_id = func.coalesce(FACT.c.process_id, PROCESS.c.id)
    about = PROCESS.alias("about")
    return (
        select(
            FACT.c.id,
            FACT.c.kind,
            FACT.c.happened_at,
            FACT.c.batch_id,
            MEMBER.c.name.label("by"),
            OPENING.c.title.label("opening"),
            CLIENT.c.name.label("client"),
            CONTACT.c.way,
            CONTACT.c.channel,
            CONTACT.c.text,
            CONTACT.c.about,
            CONTACT.c.next_what,
            CONTACT.c.next_due_at,
            CONTACT.c.is_feedback,
            CONTACT.c.still_waiting,
            func.coalesce(stage.c.to_stage, PROCESS.c.first_stage).label("stage"),
            turn.c.to_turn,
            closing.c.outcome.label("result"),
            closing.c.answer,
            closing.c.revisit_on,
            closing.c.reason.label("closing_reason"),
            closing.c.note.label("closing_note"),
            closing.c.was_asked,
            end.c.how.label("ended_with"),
            MEETING.c.meeting_kind,
            MEETING.c.starts_at,
            MEETING.c.planned_starts_at,
            move.c.to_starts_at,
            outcome.c.outcome.label("meeting_result"),
            outcome.c.absent,
            _ABSENT.c.name.label("absent_member"),
            func.coalesce(move.c.asked_by, outcome.c.asked_by).label("asked_by"),
            move.c.from_starts_at,
            _HOST.c.name.label("to_host"),
            ended.c.reason.label("end_reason"),
            rhythm.c.rhythm_count,
            rhythm.c.rhythm_unit,
            quiet.c.until_on.label("quiet_until"),
            growth.c.wants,
            growth.c.advice,
            growth.c.came_of_it,
            growth.c.revisit_on.label("growth_on"),
            consent.c.until_on.label("consent_until"),
            placement.c.starts_on,
            _REFERRED.c.name.label("referred"),
            _TO.c.name.label("to"),
            _BEGAN_WITH.c.name.label("began_with"),
            snooze.c.until_at,
            func.coalesce(snooze.c.promise_key, waiver.c.promise_key).label("promise_key"),
            func.coalesce(snooze.c.reason, waiver.c.reason).label("reason"),
        )
        .select_from(FACT)
        .outerjoin(MEMBER, MEMBER.c.id == FACT.c.by_id)
        .outerjoin(CONTACT, CONTACT.c.id == FACT.c.id)
        .outerjoin(PROCESS, PROCESS.c.id == FACT.c.id)
        .outerjoin(about, about.c.id == process_id)
        .outerjoin(OPENING, OPENING.c.id == about.c.opening_id)
        .outerjoin(CLIENT, CLIENT.c.id == OPENING.c.client_id)
        .outerjoin(stage, stage.c.id == FACT.c.id)
        .outerjoin(turn, turn.c.id == FACT.c.id)
        .outerjoin(closing, closing.c.id == FACT.c.id)
        .outerjoin(end, end.c.id == closing.c.opening_end_id)
        .outerjoin(move, move.c.id == FACT.c.id)
        .outerjoin(_HOST, _HOST.c.id == move.c.to_host_id)
        .outerjoin(outcome, outcome.c.id == FACT.c.id)
        .outerjoin(_ABSENT, _ABSENT.c.id == outcome.c.absent_member_id)
        .outerjoin(MEETING, MEETING.c.id == func.coalesce(move.c.meeting_id, outcome.c.meeting_id, FACT.c.id))
        .outerjoin(rhythm, rhythm.c.id == FACT.c.id)
        .outerjoin(quiet, quiet.c.id == FACT.c.id)
        .outerjoin(growth, growth.c.id == FACT.c.id)
        .outerjoin(consent, consent.c.id == FACT.c.id)
        .outerjoin(ended, ended.c.id == FACT.c.id)
        .outerjoin(placement, placement.c.id == func.coalesce(ended.c.placement_id, FACT.c.id))
        .outerjoin(referral, referral.c.id == FACT.c.id)
        .outerjoin(_REFERRED, _REFERRED.c.id == referral.c.referred_id)
        .outerjoin(handover, handover.c.id == FACT.c.id)
        .outerjoin(_TO, _TO.c.id == handover.c.to_id)
        .outerjoin(arrival, arrival.c.id == FACT.c.id)
        .outerjoin(_BEGAN_WITH, _BEGAN_WITH.c.id == arrival.c.owner_id)
        .outerjoin(waiver, waiver.c.id == FACT.c.id)
        .outerjoin(snooze, snooze.c.id == FACT.c.id)
        .where(FACT.c.id.in_(bindparam("ids", expanding=True)))
    )


def _entry(row: Row[*tuple[Any, ...]], kept: tuple[KeptWord, ...]) -> Entry:
    return Entry(
        id=row.id,
        kind=row.kind,
        at=row.happened_at,
        by=row.by or "",
        process=row.client or row.opening or "",
        opening=row.opening or "",
        is_imported=row.batch_id is not None,
        way=row.way,
        channel=row.channel or "",
        text=row.text or _of_growth(row) or row.closing_note or row.end_reason or row.reason or "",
        about=row.about or "",
        next_what=row.next_what or "",
        next_due_at=row.next_due_at,
        is_feedback=bool(row.is_feedback),
        still_waiting=bool(row.still_waiting),
        stage=row.stage or "",
        turn=row.to_turn,
        result=row.result,
        answer=row.answer,
        meeting=row.meeting_kind,
        meeting_at=row.to_starts_at or (row.planned_starts_at if row.kind is FactKind.MEETING else row.starts_at),
        meeting_result=row.meeting_result,
        absent=row.absent,
        absent_member=row.absent_member or "",
        asked_by=row.asked_by,
        moved_from=row.from_starts_at,
        reason=row.closing_reason,
        was_asked=row.was_asked,
        ended_with=row.ended_with,
        rhythm=rhythm_in(row),
        until=next(_dates(row), None),
        until_at=row.until_at,
        who=row.referred or row.to or row.to_host or row.began_with or "",
        promise=Kind(row.promise_key.partition(":")[0]) if row.promise_key else None,
        kept=kept,
    )


def _of_growth(row: Row[*tuple[Any, ...]]) -> str:
    advice = f"Advice: {row.advice}" if row.advice else ""
    came = f"What came of it: {row.came_of_it}" if row.came_of_it else ""
    return "\n".join(part for part in (row.wants, advice, came) if part)


def _dates(row: Row[*tuple[Any, ...]]) -> Iterator[date]:
    dates = (row.quiet_until, row.consent_until, row.revisit_on, row.growth_on, row.starts_on)
    return (day for day in dates if day is not None)
