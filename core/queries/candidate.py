"""One person, as their page shows them: who they are, what is owed to them, and all that was said over the years.

A constant number of questions, each a range of one person's own rows. What was entered for somebody merged into them is
theirs too.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, case, extract, func, select
from sqlalchemy.orm import Session

from core.domain.calendar import Calendar
from core.domain.facts import (
    MeetingKind,
    MeetingResult,
    OpeningStatus,
    Result,
    Rhythm,
    Turn,
    Way,
)
from core.domain.growth import Beginner
from core.domain.promises import Kind, State, Status, state
from core.domain.reasons import Reason
from core.domain.rhythms import Ended, Signs
from core.domain.warmth import Ties
from core.persistence.facts import kept_record, rhythm_in
from core.persistence.tables import (
    Candidate,
    CandidateSkill,
    Client,
    Contact,
    Fact,
    FactKind,
    GrowthNote,
    Handle,
    Meeting,
    Member,
    Opening,
    Process,
    Promise,
    Referral,
    Skill,
    Stage,
)
from core.persistence.tables.base import Moment, among
from core.persistence.tables.people import HandleKind
from core.queries import placements
from core.queries.called import called
from core.queries.duplicates import Merged, merged_into
from core.queries.last_words import LastWord, last_words
from core.queries.placements import Placed
from core.queries.privacy import Request, waiting_of
from core.queries.promises import Waiting, open_to
from core.queries.reasons import reasons_to_write
from core.queries.records import Records, of, records_meant, theirs
from core.queries.warmth import TIES, ties_of

MOST_TICKS = 300
"""More words than that, one way, are counted by month."""
MOST_PROMISES = MOST_MILESTONES = 300
MOST_PROCESSES = 40
LAST_WORDS = 3

FROM_US = (Way.TO, Way.TALKED)
FROM_THEM = (Way.FROM, Way.TALKED)

FACT, CONTACT, PROCESS, MEETING, PROMISE = (t.__table__ for t in (Fact, Contact, Process, Meeting, Promise))
CANDIDATE, MEMBER, OPENING, CLIENT = (table.__table__ for table in (Candidate, Member, Opening, Client))
HANDLE, SKILL, HAS_SKILL = (table.__table__ for table in (Handle, Skill, CandidateSkill))
Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What became of a record: whose page shows it, if any."""

    id: int | None
    """The one kept; None where there is no such person."""
    is_merged: bool = False
    is_erased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    id: int
    version: int
    name: str
    pronoun: str
    begins_as: Beginner | None
    language: str
    """In which they are written to; empty: the team's."""
    title: str
    company: str
    location: str
    source: str
    tags: list[str]
    notes: str
    met_on: date | None
    """The earliest there is, as the pool counts it."""
    added_at: datetime
    owner_id: int | None
    owner: str
    rhythm: Rhythm | None
    quiet_until: date | None
    do_not_contact: bool
    ties: Ties
    handles: list[tuple[HandleKind, str]]
    skills: list[str]
    settlings: int = 0
    """How often they had been settled: whatever is said or done of them settles them once more."""
    known_since: date | None = None
    """As it is written of them."""

    @property
    def called(self) -> str:
        """The name; where there is none, an address."""
        return called(self.name, next((value for _, value in self.handles), ""))

    @property
    def email(self) -> str:
        return next((value for kind, value in self.handles if kind is HandleKind.EMAIL), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class InOpening:
    """A process: where they are, or were, in one opening."""

    id: int
    opening_id: int
    opening: str
    client: str
    stage: str
    turn: Turn
    is_held: bool
    """The opening is."""
    started_at: datetime
    since: datetime
    """When they came to the stage."""
    next_due_at: datetime | None
    """When the first word about it is due."""
    closed_at: datetime | None
    result: Result | None
    owner_id: int | None
    owner: str
    stage_place: int | None = None
    """Of the stage among those of the opening, from 0; None where it is among them no more."""
    stages: int = 0

    @property
    def is_active(self) -> bool:
        return self.closed_at is None

    @property
    def place(self) -> str:
        return self.client or self.opening

    @property
    def in_words(self) -> str:
        """“Python developer, Nordbank”."""
        return f"{self.opening}, {self.client}" if self.client else self.opening


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of all that was owed."""

    on_time: int
    late: int
    waived: int
    overdue: int

    @property
    def number(self) -> int:
        """All that fell due and was not waived."""
        return self.on_time + self.late + self.overdue


@dataclass(frozen=True, slots=True)
class Shape:
    """A promise on the timeline."""

    kind: Kind
    state: State
    due_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that stands out over the years: a meeting held, a growth note, somebody they recommended."""

    kind: FactKind
    at: datetime
    what: str
    """Of a meeting which, of a note what they want or were advised, of a recommendation whom."""


@dataclass(frozen=True, slots=True)
class Ticks:
    """Words one way, each on its day; or by month, where there are many."""

    days: Mapping[date, int]
    are_months: bool
    """The days are the first of months."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """All that the page shows of one person, but the timeline in words, which has pages of its own."""

    profile: Profile
    last_to: LastWord | None
    last_from: LastWord | None
    last_words: list[LastWord]
    """The latest of both, newest first."""
    owed: list[Waiting]
    kept: Kept
    processes: list[InOpening]
    """The newest first."""
    from_us: Ticks
    from_them: Ticks
    promises: list[Shape]
    """In the order they fall due."""
    milestones: list[Milestone]
    """In their order."""
    placements: list[Placed]
    """The latest first."""
    reasons: tuple[Reason, ...]
    """To write to them, whether a word is due or not."""
    requests: list[Request]
    """What they asked of their data and nobody has answered."""
    merges: dict[int, Merged]
    """Of others with them, as they stand, by the id that parts them."""


def whereabouts(session: Session, candidate_id: int) -> Whereabouts:
    found = session.execute(_STANDS, {"id": candidate_id}).first()
    if found is not None and found.merged_into_id is not None:
        found = session.execute(_STANDS, {"id": kept_record(session, candidate_id)}).first()
    if found is None:
        return Whereabouts(None)
    return Whereabouts(found.id, is_merged=found.id != candidate_id, is_erased=found.erased_at is not None)


def life(session: Session, candidate_id: int, *, now: datetime, calendar: Calendar) -> Life:
    """Of somebody who is listed: neither merged away nor erased."""
    records = records_meant(session, candidate_id)
    owed = open_to(session, candidate_id, now=now, calendar=calendar)
    candidate = session.execute(_CANDIDATE, {"id": candidate_id}).one()
    newest = {**records.parameters, "most": max(MOST_TICKS + 1, LAST_WORDS)}
    said = session.execute(_newest(alone=records.alone), newest).all()
    last = (candidate.last_word_to_id, candidate.last_word_from_id)
    words = last_words(session, (*(row.id for row in said[:LAST_WORDS]), *last))
    processes = _processes(session, records)
    milestones = _milestones(session, records)
    from_us, from_them = _ticks(session, records, said, _talks(session, records, milestones), calendar)
    return Life(
        profile=_profile(session, candidate, records),
        last_to=words.get(candidate.last_word_to_id),
        last_from=words.get(candidate.last_word_from_id),
        last_words=sorted(words.values(), key=lambda word: word.at, reverse=True)[:LAST_WORDS],
        owed=owed,
        kept=_kept(session, candidate_id, overdue=sum(row.state is State.OVERDUE for row in owed)),
        processes=processes,
        from_us=from_us,
        from_them=from_them,
        promises=_shapes(session, candidate_id, now=now, calendar=calendar),
        milestones=milestones,
        placements=placements.of_person(session, candidate_id, records.ids, now=now, calendar=calendar),
        reasons=_reasons(session, candidate_id, owed, now=now, calendar=calendar),
        requests=waiting_of(session, records.ids),
        merges=merged_into(session, records.ids),
    )


def erased(session: Session, ids: Iterable[int]) -> set[int]:
    """Who of these people is erased."""
    return set(session.scalars(_ERASED, {"ids": list(ids)}))


def is_still(session: Session, known: Life) -> bool:
    """Whether the person is still there, and nothing has been saved or settled of them since `known` was read."""
    person = known.profile
    found = session.execute(_EDITION, {"id": person.id}).first()
    if found is None or found.erased_at is not None or found.merged_into_id is not None:
        return False
    return bool((found.version, found.settlings) == (person.version, person.settlings))


def _reasons(
    session: Session, candidate_id: int, owed: Iterable[Waiting], *, now: datetime, calendar: Calendar
) -> tuple[Reason, ...]:
    """A word to keep in touch that is owed carries them already."""
    carried = next((row.occasion.reasons for row in owed if row.kind is Kind.KEEP_IN_TOUCH), None)
    if carried is not None:
        return carried
    return reasons_to_write(session, [candidate_id], now=now, calendar=calendar).get(candidate_id, ())


def signs(life: Life, calendar: Calendar) -> Signs:
    """What of a life suggests a rhythm."""
    person, jobs = life.profile, [job for job in life.placements if job.ended_at is None]
    return Signs(
        may_contact=not person.do_not_contact,
        is_in_process=any(process.is_active for process in life.processes),
        works_at=jobs[0].client or jobs[0].opening if jobs else None,
        ended=[
            Ended(
                at=process.place,
                on=calendar.day(process.closed_at),
                result=process.result,
                stage=process.stage,
                place=process.stage_place,
                stages=process.stages,
            )
            for process in life.processes
            if process.closed_at is not None
        ],
        begins_as=person.begins_as,
        title=person.title,
        has_said=life.last_from is not None,
    )


# who they are


_STANDS = select(CANDIDATE.c.id, CANDIDATE.c.erased_at, CANDIDATE.c.merged_into_id).where(
    CANDIDATE.c.id == bindparam("id")
)
_ERASED = select(CANDIDATE.c.id).where(
    CANDIDATE.c.id.in_(bindparam("ids", expanding=True)), CANDIDATE.c.erased_at.is_not(None)
)
_EDITION = select(*(CANDIDATE.c[name] for name in ("version", "settlings", "erased_at", "merged_into_id"))).where(
    CANDIDATE.c.id == bindparam("id")
)
_CANDIDATE = (
    select(
        CANDIDATE.c.id,
        CANDIDATE.c.version,
        CANDIDATE.c.settlings,
        CANDIDATE.c.name,
        CANDIDATE.c.pronoun,
        CANDIDATE.c.begins_as,
        CANDIDATE.c.language,
        CANDIDATE.c.title,
        CANDIDATE.c.company,
        CANDIDATE.c.location,
        CANDIDATE.c.source,
        CANDIDATE.c.tags,
        CANDIDATE.c.notes,
        CANDIDATE.c.known_since,
        CANDIDATE.c.added_at,
        *(CANDIDATE.c[tie.key] for tie in TIES),
        CANDIDATE.c.owner_id,
        CANDIDATE.c.rhythm_count,
        CANDIDATE.c.rhythm_unit,
        CANDIDATE.c.quiet_until,
        CANDIDATE.c.do_not_contact,
        CANDIDATE.c.last_word_to_id,
        CANDIDATE.c.last_word_from_id,
        MEMBER.c.name.label("owner"),
    )
    .select_from(CANDIDATE)
    .outerjoin(MEMBER, MEMBER.c.id == CANDIDATE.c.owner_id)
    .where(CANDIDATE.c.id == bindparam("id"))
)


@cache
def _handles(*, alone: bool) -> Query:
    return select(HANDLE.c.kind, HANDLE.c.value).where(of(HANDLE.c.candidate_id, alone=alone)).order_by(HANDLE.c.id)


@cache
def _skills(*, alone: bool) -> Query:
    return (
        select(SKILL.c.key, SKILL.c.name)
        .join(HAS_SKILL, HAS_SKILL.c.skill_id == SKILL.c.id)
        .where(of(HAS_SKILL.c.candidate_id, alone=alone))
        .order_by(SKILL.c.key)
        .distinct()
    )


def _profile(session: Session, candidate: Any, records: Records) -> Profile:
    alone, parameters, _ = records
    handles = session.execute(_handles(alone=alone), parameters).all()
    skills = session.execute(_skills(alone=alone), parameters).all()
    return Profile(
        id=candidate.id,
        version=candidate.version,
        name=candidate.name,
        pronoun=candidate.pronoun,
        begins_as=candidate.begins_as,
        language=candidate.language,
        title=candidate.title,
        company=candidate.company,
        location=candidate.location,
        source=candidate.source,
        tags=list(candidate.tags),
        notes=candidate.notes,
        met_on=candidate.met_on,
        added_at=candidate.added_at,
        owner_id=candidate.owner_id,
        owner=candidate.owner or "",
        rhythm=rhythm_in(candidate),
        quiet_until=candidate.quiet_until,
        do_not_contact=candidate.do_not_contact,
        ties=ties_of(candidate),
        handles=[(kind, value) for kind, value in handles],
        skills=[name for _, name in skills],
        settlings=candidate.settlings,
        known_since=candidate.known_since,
    )


# what was said


@cache
def _newest(*, alone: bool) -> Query:
    """The newest words, whichever way."""
    return _said(alone=alone).order_by(FACT.c.happened_at.desc(), FACT.c.id.desc()).limit(bindparam("most"))


def _talks(session: Session, records: Records, milestones: Sequence[Milestone]) -> Sequence[datetime]:
    """When each talk that was held ended: all of them are milestones, unless there are too many of those."""
    if len(milestones) == MOST_MILESTONES:
        return session.scalars(_all_talks(alone=records.alone), records.parameters).all()
    return [one.at for one in milestones if one.kind is FactKind.MEETING and one.what == MeetingKind.TALK]


@cache
def _all_talks(*, alone: bool) -> Query:
    return (
        select(MEETING.c.ends_at)
        .select_from(FACT)
        .join(MEETING, MEETING.c.id == FACT.c.id)
        .where(*theirs(alone=alone), FACT.c.kind == FactKind.MEETING)
        .where(MEETING.c.meeting_kind == MeetingKind.TALK, MEETING.c.result == MeetingResult.HELD)
    )


@cache
def _standing_out(*, alone: bool) -> Query:
    growth, referral, referred = GrowthNote.__table__, Referral.__table__, CANDIDATE.alias()
    held = MEETING.c.result == MeetingResult.HELD
    return (
        select(FACT.c.kind, FACT.c.happened_at, MEETING.c.ends_at, MEETING.c.meeting_kind)
        .add_columns(growth.c.wants, growth.c.advice, referred.c.name.label("referred"))
        .select_from(FACT)
        .outerjoin(MEETING, MEETING.c.id == FACT.c.id)
        .outerjoin(growth, growth.c.id == FACT.c.id)
        .outerjoin(referral, referral.c.id == FACT.c.id)
        .outerjoin(referred, referred.c.id == referral.c.referred_id)
        .where(*theirs(alone=alone), among(FACT.c.kind, FactKind.MEETING, FactKind.GROWTH_NOTE, FactKind.REFERRAL))
        .where((FACT.c.kind != FactKind.MEETING) | held)
        .order_by(FACT.c.happened_at.desc(), FACT.c.id.desc())
        .limit(MOST_MILESTONES)
    )


def _milestones(session: Session, records: Records) -> list[Milestone]:
    rows = session.execute(_standing_out(alone=records.alone), records.parameters)
    found = [
        Milestone(
            row.kind,
            row.ends_at or row.happened_at,
            row.meeting_kind or row.wants or row.advice or row.referred or "",
        )
        for row in rows
    ]
    return sorted(found, key=lambda milestone: milestone.at)


def _ticks(
    session: Session, records: Records, newest: Sequence[Any], talks: Sequence[datetime], calendar: Calendar
) -> tuple[Ticks, Ticks]:
    """Words from us, and from them. A talk is both."""
    if len(newest) + len(talks) > MOST_TICKS:
        return _many_ticks(session, records, talks, calendar)
    spoken = [calendar.day(at) for at in talks]
    by_way = [(calendar.day(row.happened_at), row.way) for row in newest]
    us, them = (
        Counter([*spoken, *(day for day, way in by_way if way in ways_of_it)]) for ways_of_it in (FROM_US, FROM_THEM)
    )
    return Ticks(dict(sorted(us.items())), are_months=False), Ticks(dict(sorted(them.items())), are_months=False)


def _many_ticks(
    session: Session, records: Records, talks: Sequence[datetime], calendar: Calendar
) -> tuple[Ticks, Ticks]:
    """Where there are too many of one way, these by month."""
    alone, parameters, _ = records
    by_month = session.execute(_by_month(alone=alone), parameters).all()
    ways = []
    for ways_of_it in (FROM_US, FROM_THEM):
        months = [(date(int(row.year), int(row.month), 1), row.number) for row in by_month if row.way in ways_of_it]
        are_many = sum(number for _, number in months) + len(talks) > MOST_TICKS
        days: dict[date, int] = {}
        for day, number in months if are_many else ():
            days[day] = days.get(day, 0) + number
        for at in talks:
            day = calendar.day(at).replace(day=1) if are_many else calendar.day(at)
            days[day] = days.get(day, 0) + 1
        ways.append((ways_of_it, days, are_many))
    few = {way for ways_of_it, _, are_many in ways if not are_many for way in ways_of_it}
    for _, at, way in session.execute(_each(alone=alone), {**parameters, "ways": sorted(few)}) if few else ():
        for ways_of_it, days, are_many in ways:
            if way in ways_of_it and not are_many:
                days[calendar.day(at)] = days.get(calendar.day(at), 0) + 1
    us, them = (Ticks(dict(sorted(days.items())), are_many) for _, days, are_many in ways)
    return us, them


def _said(*, alone: bool) -> Query:
    return (
        select(FACT.c.id, FACT.c.happened_at, CONTACT.c.way)
        .join(CONTACT, CONTACT.c.id == FACT.c.id)
        .where(*theirs(alone=alone), FACT.c.kind == FactKind.CONTACT)
        .where(among(CONTACT.c.way, *{*FROM_US, *FROM_THEM}))
    )


@cache
def _by_month(*, alone: bool) -> Query:
    """By the months of UTC: a word in the first hours of a month may count for the one before."""
    year, month = extract("year", FACT.c.happened_at), extract("month", FACT.c.happened_at)
    return (
        _said(alone=alone)
        .with_only_columns(CONTACT.c.way, year.label("year"), month.label("month"), func.count().label("number"))
        .group_by(CONTACT.c.way, year, month)
    )


@cache
def _each(*, alone: bool) -> Query:
    return _said(alone=alone).where(CONTACT.c.way.in_(bindparam("ways", expanding=True)))


# what they are in


@cache
def _in_openings(*, alone: bool) -> Query:
    stage, each = Stage.__table__.alias("now_in"), Stage.__table__.alias("each")
    of_opening = select(func.count()).where(each.c.opening_id == PROCESS.c.opening_id).correlate(PROCESS, stage)
    before = of_opening.where(each.c.position < stage.c.position).scalar_subquery()
    return (
        select(
            FACT.c.id,
            FACT.c.happened_at,
            OPENING.c.id.label("opening_id"),
            OPENING.c.title,
            OPENING.c.status,
            CLIENT.c.name.label("client"),
            PROCESS.c.stage,
            PROCESS.c.turn,
            PROCESS.c.since,
            PROCESS.c.next_due_at,
            PROCESS.c.is_active,
            PROCESS.c.closed_at,
            PROCESS.c.result,
            PROCESS.c.owner_id,
            MEMBER.c.name.label("owner"),
            case((stage.c.id.is_not(None), before)).label("stage_place"),
            of_opening.scalar_subquery().label("stages"),
        )
        .select_from(FACT)
        .join(PROCESS, PROCESS.c.id == FACT.c.id)
        .outerjoin(stage, (stage.c.opening_id == PROCESS.c.opening_id) & (stage.c.name == PROCESS.c.stage))
        .join(OPENING, OPENING.c.id == PROCESS.c.opening_id)
        .outerjoin(CLIENT, CLIENT.c.id == OPENING.c.client_id)
        .outerjoin(MEMBER, MEMBER.c.id == PROCESS.c.owner_id)
        .where(*theirs(alone=alone), FACT.c.kind == FactKind.PROCESS)
        .order_by(FACT.c.happened_at.desc(), FACT.c.id.desc())
        .limit(MOST_PROCESSES)
    )


def _processes(session: Session, records: Records) -> list[InOpening]:
    return [
        InOpening(
            id=row.id,
            opening_id=row.opening_id,
            opening=row.title,
            client=row.client or "",
            stage=row.stage or "",
            turn=row.turn,
            is_held=row.status is OpeningStatus.HELD,
            started_at=row.happened_at,
            since=row.since,
            next_due_at=row.next_due_at,
            closed_at=None if row.is_active else row.closed_at or row.happened_at,
            result=row.result,
            owner_id=row.owner_id,
            owner=row.owner or "",
            stage_place=row.stage_place,
            stages=row.stages,
        )
        for row in session.execute(_in_openings(alone=records.alone), records.parameters)
    ]


# what is owed, and was


_BY_STATUS = (
    select(PROMISE.c.status, func.count()).where(PROMISE.c.candidate_id == bindparam("id")).group_by(PROMISE.c.status)
)


def _kept(session: Session, candidate_id: int, *, overdue: int) -> Kept:
    number: dict[Status, int] = {row[0]: row[1] for row in session.execute(_BY_STATUS, {"id": candidate_id})}
    return Kept(
        on_time=number.get(Status.KEPT_ON_TIME, 0),
        late=number.get(Status.KEPT_LATE, 0),
        waived=number.get(Status.WAIVED, 0),
        overdue=overdue,
    )


_SHAPES = (
    select(PROMISE.c.kind, PROMISE.c.status, PROMISE.c.due_at, PROMISE.c.settled_at)
    .where(
        PROMISE.c.candidate_id == bindparam("id"),
        among(PROMISE.c.status, Status.OPEN, Status.KEPT_ON_TIME, Status.KEPT_LATE, Status.WAIVED),
        PROMISE.c.opened_at <= bindparam("now", type_=Moment),
    )
    .order_by(PROMISE.c.due_at.desc(), PROMISE.c.id)
    .limit(MOST_PROMISES)
)


def _shapes(session: Session, candidate_id: int, *, now: datetime, calendar: Calendar) -> list[Shape]:
    rows = session.execute(_SHAPES, {"id": candidate_id, "now": now}).all()
    return [
        Shape(row.kind, state(row.status, row.due_at, now=now, calendar=calendar), row.due_at, row.settled_at)
        for row in reversed(rows)
    ]
