"""From rows to facts: the life of a candidate, and of those merged into them, as the rules read it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, Select, bindparam, select, union_all
from sqlalchemy.orm import Session

from core.domain import facts as domain
from core.domain.calendar import Calendar
from core.domain.facts import Rhythm
from core.domain.life import Facts
from core.domain.order import Mark, Order
from core.domain.team import Team
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
    Opening,
    OpeningHold,
    OpeningResumption,
    Placement,
    PlacementEnd,
    Process,
    QuietPeriod,
    Referral,
    RhythmChange,
    Snooze,
    StageMove,
    TurnChange,
    Waiver,
)

Common = dict[str, Any]
FACT, CANDIDATE = Fact.__table__, Candidate.__table__


def facts_of(session: Session, candidate_id: int, team: Team, calendar: Calendar) -> Facts:
    return lives(session, [candidate_id], team, calendar)[candidate_id]


def lives(session: Session, candidate_ids: Sequence[int], team: Team, calendar: Calendar) -> dict[int, Facts]:
    """The facts of each candidate; whoever was merged into them lives on in theirs."""
    return lives_of(session, merged_records(session, candidate_ids), team, calendar)


def lives_of(session: Session, kept_of: dict[int, int], team: Team, calendar: Calendar) -> dict[int, Facts]:
    """The same, where it is known already who lives on in whom (`merged_records`)."""
    told: dict[int, list[domain.Fact]] = {kept: [] for kept in kept_of.values()}
    openings: dict[int, set[int]] = defaultdict(set)
    for fact in _with_outcomes(session, _facts(session, list(kept_of))):
        kept = kept_of[fact.candidate]
        told[kept].append(fact)
        if isinstance(fact, domain.Started):
            openings[fact.opening].add(kept)
    for opening_id, hold in _holds(session, list(openings)):
        for kept in openings[opening_id]:
            told[kept].append(hold)
    return {id_: Facts(id_, facts, team=team, calendar=calendar) for id_, facts in told.items()}


_INTO = select(CANDIDATE.c.id, CANDIDATE.c.merged_into_id)
_MERGED_INTO = _INTO.where(CANDIDATE.c.merged_into_id.in_(bindparam("ids", expanding=True)))
_MERGED_INTO_ONE = _INTO.where(CANDIDATE.c.merged_into_id == bindparam("id"))
_KEPT_IN = _INTO.where(CANDIDATE.c.id.in_(bindparam("ids", expanding=True)), CANDIDATE.c.merged_into_id.is_not(None))
"""Made once: most pages ask them several times."""


def merged_records(session: Session, kept_ids: Iterable[int]) -> dict[int, int]:
    """Every record that lives on in one of these, themselves included → the one it lives on in."""
    kept_of = {id_: id_ for id_ in kept_ids}
    latest = list(kept_of)
    while latest:
        one, *others = latest
        which, asked = (_MERGED_INTO, {"ids": latest}) if others else (_MERGED_INTO_ONE, {"id": one})
        rows = session.execute(which, asked).all()
        into = {gone: kept_of[kept] for gone, kept in rows if kept is not None and gone not in kept_of}
        kept_of.update(into)
        latest = list(into)
    return kept_of


def kept_record(session: Session, candidate_id: int) -> int:
    """Whom a record lives on in; itself, unless it was merged away."""
    return kept_records(session, [candidate_id])[candidate_id]


def kept_records(session: Session, candidate_ids: Iterable[int]) -> dict[int, int]:
    """Each record → whom it lives on in."""
    kept_of = {id_: id_ for id_ in candidate_ids}
    latest = set(kept_of)
    while latest:
        rows = session.execute(_KEPT_IN, {"ids": list(latest)})
        into = {gone: kept for gone, kept in rows if kept is not None}
        kept_of = {id_: into.get(kept, kept) for id_, kept in kept_of.items()}
        latest = set(into.values())
    return kept_of


def _facts(session: Session, records: list[int]) -> Iterator[domain.Fact]:
    for kind in session.scalars(_KINDS, {"ids": records}).all():
        build = READERS[kind][2]
        for row in session.execute(_of_kind(kind), {"ids": records}).all():
            yield build(_common(row), row)


_THEIRS = (FACT.c.candidate_id.in_(bindparam("ids", expanding=True)), FACT.c.undone_at.is_(None))
_KINDS = select(FACT.c.kind).where(*_THEIRS).distinct()


@cache
def _of_kind(kind: FactKind) -> Select[*tuple[Any, ...]]:
    source, columns, _ = READERS[kind]
    return select(*COMMON, *columns).select_from(source).where(*_THEIRS, FACT.c.kind == kind)


COMMON = (
    FACT.c.id,
    FACT.c.candidate_id,
    FACT.c.process_id,
    FACT.c.happened_at,
    FACT.c.entered_at,
    FACT.c.by_id,
    FACT.c.batch_id,
)


def _common(row: Row[Any]) -> Common:
    id_, candidate, process, happened, entered, by, batch = tuple(row)[:7]
    return {
        "id": id_,
        "candidate": candidate,
        "process": process,
        "happened": happened,
        "entered": entered,
        "by": by,
        "imported": batch is not None,
    }


def rhythm_in(row: Any) -> Rhythm | None:
    """How often somebody hears from us, as their row, or that of a fact, has it."""
    return Rhythm(row.rhythm_count, row.rhythm_unit) if row.rhythm_unit else None


def _contact(common: Common, row: Row[Any]) -> domain.Fact:
    (
        way,
        about,
        has_text,
        is_feedback,
        is_thanks,
        is_check_in,
        is_group,
        needs_answer,
        still_waiting,
        keeps,
        next_what,
        next_due_at,
    ) = tuple(row)[7:]
    return domain.Contact(
        **common,
        way=way,
        about=about,
        has_text=has_text,
        is_feedback=is_feedback,
        is_thanks=is_thanks,
        is_check_in=is_check_in,
        is_group=is_group,
        needs_answer=needs_answer,
        still_waiting=still_waiting,
        keeps=frozenset(keeps) if keeps else frozenset(),
        next_what=next_what,
        next_due=next_due_at,
    )


def _process(common: Common, row: Row[Any]) -> domain.Fact:
    return domain.Started(
        **common,
        opening=row.opening_id,
        client=row.called_in_policy,
        owner=row.first_owner_id,
        stage=row.first_stage,
        client_id=row.client_id,
    )


def _moved(common: Common, row: Row[Any]) -> domain.Fact:
    if row.to_host_id is not None:
        return domain.HostChanged(**common, meeting=row.meeting_id, host=row.to_host_id)
    return domain.Moved(**common, meeting=row.meeting_id, starts=row.to_starts_at, ends=row.to_ends_at)


def _with_outcomes(session: Session, facts: Iterable[domain.Fact]) -> Iterator[domain.Fact]:
    """A recommendation is told with what came of it: the first closing after it, of whoever was recommended."""
    referrals: list[domain.Referred] = []
    for fact in facts:
        if isinstance(fact, domain.Referred):
            referrals.append(fact)
        else:
            yield fact
    if not referrals:
        return
    kept_of = kept_records(session, {referral.referred for referral in referrals})
    closings: dict[int, list[Order]] = defaultdict(list)
    records = merged_records(session, set(kept_of.values()))
    for record, happened, id_ in session.execute(_CLOSINGS, {"ids": list(records)}):
        closings[records[record]].append((happened, id_))
    for referral in referrals:
        after = (order for order in closings[kept_of[referral.referred]] if order > referral.order)
        first = min(after, default=None)
        yield replace(referral, outcome=Mark(first, first[1])) if first else referral


_CLOSINGS = select(FACT.c.candidate_id, FACT.c.happened_at, FACT.c.id).where(*_THEIRS, FACT.c.kind == FactKind.CLOSING)


def _holds(session: Session, openings: list[int]) -> Iterator[tuple[int, domain.Fact]]:
    if not openings:
        return
    for kind, id_, happened, entered, by, opening in session.execute(_HELD_AND_RESUMED, {"openings": openings}):
        made = domain.Held if kind is FactKind.OPENING_HOLD else domain.Resumed
        yield opening, made(id=id_, candidate=0, happened=happened, entered=entered, by=by, opening=opening)


def _held(table: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(FACT.c.kind, FACT.c.id, FACT.c.happened_at, FACT.c.entered_at, FACT.c.by_id, table.c.opening_id)
        .select_from(FACT.join(table, FACT.c.id == table.c.id))
        .where(table.c.opening_id.in_(bindparam("openings", expanding=True)), FACT.c.undone_at.is_(None))
    )


_HELD_AND_RESUMED = union_all(_held(OpeningHold.__table__), _held(OpeningResumption.__table__))


Reader = tuple[Any, tuple[Any, ...], Callable[[Common, Row[Any]], domain.Fact]]


def _plain(kind: type[domain.Fact]) -> Reader:
    """A fact without content of its own."""
    return FACT, (), lambda common, row: kind(**common)


def _simple(table: Any, made: type[domain.Fact], /, **fields: str | Callable[[Row[Any]], Any]) -> Reader:
    """A fact whose fields are columns of its table, or made from the row."""
    columns = tuple(column for column in table.__table__.c if column.name != "id")
    makers = {name: attrgetter(field) if isinstance(field, str) else field for name, field in fields.items()}
    return (
        FACT.join(table.__table__, FACT.c.id == table.__table__.c.id),
        columns,
        lambda common, row: made(**common, **{name: make(row) for name, make in makers.items()}),
    )


CONTACT, PROCESS, MOVE = Contact.__table__, Process.__table__, MeetingMove.__table__
CONTACT_COLUMNS = tuple(
    CONTACT.c[name]
    for name in (
        "way",
        "about",
        "has_text",
        "is_feedback",
        "is_thanks",
        "is_check_in",
        "is_group",
        "needs_answer",
        "still_waiting",
        "keeps",
        "next_what",
        "next_due_at",
    )
)
OPENING_OF_PROCESS = (
    FACT.join(PROCESS, FACT.c.id == PROCESS.c.id)
    .join(Opening.__table__, Opening.__table__.c.id == PROCESS.c.opening_id)
    .outerjoin(Client.__table__, Client.__table__.c.id == Opening.__table__.c.client_id)
)

READERS: dict[FactKind, Reader] = {
    FactKind.ARRIVAL: _simple(Arrival, domain.Arrival, owner="owner_id", first_on="first_on", rhythm=rhythm_in),
    FactKind.CONTACT: (FACT.join(CONTACT, FACT.c.id == CONTACT.c.id), CONTACT_COLUMNS, _contact),
    FactKind.PROCESS: (
        OPENING_OF_PROCESS,
        (
            *(PROCESS.c.opening_id, PROCESS.c.first_owner_id, PROCESS.c.first_stage),
            *(Opening.__table__.c.client_id, Client.__table__.c.called_in_policy),
        ),
        _process,
    ),
    FactKind.STAGE_MOVE: _simple(StageMove, domain.StageMoved, stage="to_stage"),
    FactKind.TURN_CHANGE: _simple(TurnChange, domain.TurnSet, turn="to_turn"),
    FactKind.CLOSING: _simple(
        Closing, domain.Closed, result="outcome", answer="answer", revisit_on="revisit_on", reason="reason"
    ),
    FactKind.REOPENING: _plain(domain.Reopened),
    FactKind.MEETING: _simple(
        Meeting,
        domain.Planned,
        kind="meeting_kind",
        host="planned_host_id",
        starts="planned_starts_at",
        ends="planned_ends_at",
    ),
    FactKind.MEETING_MOVE: (
        FACT.join(MOVE, FACT.c.id == MOVE.c.id),
        (MOVE.c.meeting_id, MOVE.c.to_starts_at, MOVE.c.to_ends_at, MOVE.c.to_host_id),
        _moved,
    ),
    FactKind.MEETING_OUTCOME: _simple(
        MeetingOutcome,
        domain.OutcomeNoted,
        meeting="meeting_id",
        result="outcome",
        absent="absent",
        absent_member="absent_member_id",
    ),
    FactKind.RHYTHM_CHANGE: _simple(RhythmChange, domain.RhythmSet, rhythm=rhythm_in),
    FactKind.QUIET_PERIOD: _simple(QuietPeriod, domain.QuietSet, until="until_on"),
    FactKind.GROWTH_NOTE: _simple(GrowthNote, domain.GrowthNoted, revisit_on="revisit_on"),
    FactKind.PLACEMENT: _simple(Placement, domain.Placed, starts_on="starts_on"),
    FactKind.PLACEMENT_END: _simple(PlacementEnd, domain.PlacementEnded, placement="placement_id"),
    FactKind.REFERRAL: _simple(Referral, domain.Referred, referred="referred_id"),
    FactKind.HANDOVER: _simple(Handover, domain.HandedOver, to="to_id"),
    FactKind.CONSENT: _simple(Consent, domain.ConsentGiven, until="until_on"),
    FactKind.CONSENT_WITHDRAWAL: _plain(domain.ConsentWithdrawn),
    FactKind.CONTACT_BAN: _plain(domain.ContactForbidden),
    FactKind.CONTACT_ALLOWANCE: _plain(domain.ContactAllowed),
    FactKind.ERASURE: _plain(domain.Erased),
    FactKind.WAIVER: _simple(Waiver, domain.Waived, key="promise_key"),
    FactKind.SNOOZE: _simple(Snooze, domain.Snoozed, key="promise_key", until="until_at"),
}
