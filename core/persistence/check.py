"""Whether what is stored still says what the facts say: everything derived afresh and compared, nothing written."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from core.domain.skills import How, edition
from core.domain.trail import NOTHING_BEFORE, seal
from core.persistence.ledger import (
    TALLIES,
    AnswerKey,
    DayKey,
    GhostKey,
    MeetingKey,
    MonthKey,
    Settling,
    ShareKey,
    Tally,
    TallyKey,
    ToldKey,
    counted_afresh,
    meeting_keys,
    prepare,
    take_time,
    told_keys,
)
from core.persistence.settling import Progress, prepared_for_everyone
from core.persistence.skills import derived_closure, stored_closure
from core.persistence.store import Store
from core.persistence.tables import (
    TEAM,
    Arrival,
    AuditEntry,
    Candidate,
    CandidateSkill,
    Fact,
    Handle,
    ImportBatch,
    ImportRow,
    MatchKey,
    Meeting,
    Process,
    Promise,
    Referral,
    SearchWord,
    Skill,
    SkillEdition,
    Table,
    TurnChange,
)
from core.persistence.tallies import COUNTED_BY, POOL, Pooled, pool_keys
from core.persistence.team import team_of
from core.persistence.trail import Head, trail_head

AT_A_TIME = 10_000


@dataclass(frozen=True, slots=True)
class Disagreement:
    candidate_id: int | None
    """None: it is a tally's, of skills, or of a row that tells of nobody."""
    what: str
    """A promise's key, or whose standing it is."""
    stored: str
    derived: str

    def __str__(self) -> str:
        whose = f"Candidate {self.candidate_id}, " if self.candidate_id is not None else ""
        return f"{whose}{self.what}: stored {self.stored}; the facts say {self.derived}."


def disagreements(store: Store, progress: Progress | None = None, workers: int | None = None) -> Iterator[Disagreement]:
    """Every difference between the store and the facts, as they are found; none, if all is well.

    Reads a few hundred candidates at a time. What a colleague saves between two of them disturbs nothing.
    """
    for _, settlings in prepared_for_everyone(store, progress, workers):
        for settling in settlings:
            if settling.is_needed:
                yield from _of_candidate(store, settling.candidate_id)
    yield from miscounted(store)
    yield from _of_pool(store)
    yield from _of_skills(store)
    yield from _of_nobody(store)


def followed_trail(
    store: Store, noted: Head | None = None, progress: Progress | None = None
) -> tuple[Head, str | None]:
    """Where the audit trail ends; and what is wrong with the first entry that does not fit the one before it, if any.

    `noted`: a head that was kept outside of the database. Whoever owns that can write another trail from its beginning,
    with seals that fit, but not one with the same.
    """
    table = AuditEntry.__table__
    query = select(table).order_by(table.c.id).execution_options(yield_per=AT_A_TIME)
    with store.reading() as session:
        if not store.is_sqlite:
            session.execute(text("SET LOCAL statement_timeout = 0"))
        head = trail_head(session)
        last, sealed, was_met = 0, NOTHING_BEFORE, noted is None
        with session.execute(query) as rows:
            for done, row in enumerate(rows, 1):
                *said, stored = row
                sealed = seal(sealed, **dict(zip(SEALED, said, strict=True)))
                if stored != sealed:
                    what = f"{row.action}, {row.at:%Y-%m-%d %H:%M}"
                    return head, (
                        f"The audit trail is broken at entry {row.id:,} ({what}): that entry was changed, or one before"
                        " it was changed, taken away or slipped in."
                    )
                last = row.id
                if noted is not None and last == noted.entry_id:
                    was_met = sealed == noted.seal
                if progress is not None and done % AT_A_TIME == 0:
                    progress(last, head.entry_id)
    if Head(last, sealed) != head:
        return head, f"The audit trail ends at entry {last:,}, but {head.entry_id:,} was written: its end is missing."
    if noted is not None and not was_met:
        return head, f"The audit trail holds no entry {noted.entry_id:,} with the seal you noted: it was written anew."
    return head, None


SEALED = tuple(column.name for column in AuditEntry.__table__.columns if column.name != "seal")


def _of_candidate(store: Store, id_: int) -> Iterator[Disagreement]:
    """Looked at again, in one transaction: a colleague may have saved something between the first reads."""
    with store.reading() as session:
        for settling in prepare(session, [id_], team_of(session), store.calendar):
            yield from _of_settling(session, settling)


def _of_settling(session: Session, settling: Settling) -> Iterator[Disagreement]:
    id_ = settling.candidate_id
    for row in settling.new:
        yield Disagreement(id_, row["key"], "nothing", _words(row))
    for row in settling.gone:
        stored = session.get_one(Promise, row["row_id"])
        yield Disagreement(id_, stored.key, _words({"status": stored.status, "due_at": stored.due_at}), "nothing")
    for row in settling.changed:
        yield from _differences(session, id_, Promise, row)
    if settling.candidate:
        yield from _differences(session, id_, Candidate, settling.candidate)
    for row in settling.processes:
        yield from _differences(session, id_, Process, row)
    for row in settling.meetings:
        yield from _differences(session, id_, Meeting, row)
    for row in settling.turn_changes:
        yield from _differences(session, id_, TurnChange, row)
    for row in settling.referrals:
        yield from _differences(session, id_, Referral, row)


def _differences(session: Session, candidate_id: int, table: type[Any], row: dict[str, Any]) -> Iterator[Disagreement]:
    stored = session.get_one(table, row["row_id"])
    name = {Promise: getattr(stored, "key", ""), Candidate: "standing"}.get(table, f"{table.__tablename__} {stored.id}")
    values = {column: value for column, value in row.items() if column != "row_id"}
    before = {column: getattr(stored, column) for column in values}
    differing = [column for column in values if before[column] != values[column]]
    if differing:
        yield Disagreement(
            candidate_id,
            name,
            _words({column: before[column] for column in differing}),
            _words({column: values[column] for column in differing}),
        )


def miscounted(store: Store) -> Iterator[Disagreement]:
    """The stored tallies, compared with a fresh count of the promises, processes, meetings and answers they count."""
    ghosted = select(Candidate.ghosted_on, Candidate.owner_id, func.count()).where(Candidate.ghosted_on.is_not(None))
    derived: Tally = Counter()
    stored: Tally = Counter()
    with store.reading() as session:
        take_time(session)
        derived.update(counted_afresh(session, team_of(session).calendar(store.calendar)))
        for on, owner_id, number in session.execute(ghosted.group_by(Candidate.ghosted_on, Candidate.owner_id)):
            if on is not None:
                derived[GhostKey(on, owner_id or 0)] += number
        for query, keys in ((_ended(), told_keys), (_met(), meeting_keys)):
            for row in session.execute(query.execution_options(yield_per=AT_A_TIME)):
                derived.update(dict.fromkeys(keys(row), row.number))
        for kind, of in TALLIES.items():
            table = of.__table__
            query = select(*(table.c[name] for name in (*kind._fields, "number")))  # type: ignore[attr-defined]
            for *values, number in session.execute(query.execution_options(yield_per=AT_A_TIME)):
                stored[kind(*values)] = number  # type: ignore[index]
    for key in sorted((key for key in derived.keys() | stored.keys() if derived[key] != stored[key]), key=str):
        yield Disagreement(None, _called(key), str(stored[key]), str(derived[key]))


def _ended() -> Select[Any]:
    process = Process.__table__.c
    columns = (process.client_id, process.owner_id, process.ended_on, process.told_days, process.answer)
    return select(*columns, func.count().label("number")).where(process.ended_on.is_not(None)).group_by(*columns)


def _met() -> Select[Any]:
    meeting, fact = Meeting.__table__.c, Fact.__table__.c
    columns = (meeting.client_id, meeting.host_id, meeting.begins_on, meeting.came)
    stand = (meeting.came.is_not(None), fact.id == meeting.id, fact.undone_at.is_(None))
    return select(*columns, func.count().label("number")).where(*stand).group_by(*columns)


def _called(key: TallyKey) -> str:
    if isinstance(key, AnswerKey):
        return f"Tally of answers, client {key.client_id}, {key.answered_on:%B %Y}, {key.days} days"
    owner = "of the team" if key.owner_id == TEAM else f"of member {key.owner_id or 'nobody'}"
    match key:
        case DayKey():
            asleep = f", asleep until {key.opens_on}" if key.opens_on.year > 1 else ""
            return f"Tally {owner}, {key.kind}, {key.status}, due {key.due_on}{asleep}"
        case MonthKey():
            client = f", client {key.client_id}" if key.client_id else ""
            how = f"{key.late} days late, after {key.hours} hours"
            return f"Tally of months {owner}{client}, {key.kind}, {key.status}, due {key.due_on}, {how}"
        case ShareKey():
            about = f"client {key.client_id or 'any'}, {key.kind}, {key.due_on:%B %Y}"
            return f"Tally of shares {owner}, {about}, {key.status}, {key.late} days late"
        case GhostKey():
            return f"Tally of people {owner}, ghosted on {key.ghosted_on}"
        case ToldKey():
            told = f"{key.ended_on:%B %Y}, {key.answer}, {key.days} days"
            return f"Tally of decisions {owner}, client {key.client_id or 'any'}, {told}"
        case MeetingKey():
            return f"Tally of meetings {owner}, client {key.client_id or 'any'}, {key.begins_on:%B %Y}, {key.came}"


def _of_pool(store: Store) -> Iterator[Disagreement]:
    """The sums of the pool against a count of the people themselves."""
    columns = [Candidate.__table__.c[name] for name in COUNTED_BY]
    count = select(*columns, func.count().label("number")).where(Candidate.met_on.is_not(None)).group_by(*columns)
    derived: Pooled = Counter()
    stored: Pooled = Counter()
    with store.reading() as session:
        take_time(session)
        for row in session.execute(count.execution_options(yield_per=AT_A_TIME)):
            derived.update(dict.fromkeys(pool_keys(row), row.number))
        for place, table in enumerate(POOL):
            for row in session.execute(select(table).execution_options(yield_per=AT_A_TIME)):
                stored[place, tuple(row[:-1])] = row.number
    for place, key in sorted(derived.keys() | stored.keys()):
        if derived[place, key] != stored[place, key]:
            owner, *rest = key
            whose = {TEAM: "the team", 0: "nobody"}.get(owner, f"member {owner}")
            name = f"{POOL[place].name} of {whose}, {', '.join(map(str, rest))}".replace("_", " ").capitalize()
            yield Disagreement(None, name, str(stored[place, key]), str(derived[place, key]))


def _of_skills(store: Store) -> Iterator[Disagreement]:
    """What is stored of skills that imply others, against what follows from each implication.

    Of another edition than this Perennial's nothing can be said: the next start brings this one in.
    """
    with store.reading() as session:
        if session.scalar(select(SkillEdition.sha256)) != edition():
            return
        connection = session.connection()
        stored, derived = stored_closure(connection), derived_closure(connection)
        differing = sorted(pair for pair in stored.keys() | derived.keys() if stored.get(pair) != derived.get(pair))
        concerned = {id_ for pair in differing for id_ in pair}
        query = select(Skill.id, Skill.name).where(Skill.id.in_(concerned))
        names = dict(session.execute(query).all()) if concerned else {}
    for implied, skill in differing:
        what = f"{names.get(skill, skill)} implies {names.get(implied, implied)}"
        yield Disagreement(None, what, *(_step(followed.get((implied, skill))) for followed in (stored, derived)))


def _of_nobody(store: Store) -> Iterator[Disagreement]:
    """Rows whose person, list, skill or fact is missing: imports are quick since no foreign key is checked."""
    with store.reading() as session:
        take_time(session)
        for table in (Handle, CandidateSkill, SearchWord, MatchKey, ImportRow, Fact, Promise):
            for id_, number in _astray(session, table, "candidate_id", Candidate):
                what = f"rows in {table.__tablename__}"
                yield Disagreement(id_, what, f"{number:,}", "none, there being nobody of that number")
        for brought in (Candidate, Fact, Handle, CandidateSkill, ImportRow):
            for id_, number in _astray(session, brought, "batch_id", ImportBatch):
                what = f"rows in {brought.__tablename__} that a list brought"
                yield Disagreement(id_, what, f"{number:,}", "none, there being no such list")
        for id_, number in _astray(session, CandidateSkill, "skill_id", Skill):
            what = "rows in candidate_skill of a skill"
            yield Disagreement(id_, what, f"{number:,}", "none, there being no such skill")
        arrival, fact = Arrival.__table__, Fact.__table__
        of_none = ~select(fact.c.id).where(fact.c.id == arrival.c.id).exists()
        if number := session.scalar(select(func.count()).select_from(arrival).where(of_none)):
            yield Disagreement(None, "Rows in arrival", f"{number:,}", "none, there being no such fact")


def _astray(session: Session, table: type[Table], name: str, of: type[Table]) -> Iterable[Any]:
    """How many rows of the table name a row of the other that is missing, for each candidate they belong to."""
    row, named = table.__table__.c, of.__table__.c.id
    whose = row.id if table is Candidate else row.candidate_id
    is_astray = row[name].is_not(None) & ~select(named).where(named == row[name]).exists()
    return session.execute(select(whose, func.count()).where(is_astray).group_by(whose).order_by(whose))


def _step(followed: tuple[int, How, int] | None) -> str:
    return f"{followed[1]} {followed[0]}, {followed[2]} steps" if followed else "nothing"


def _words(values: dict[str, Any]) -> str:
    shown = ("status", "due_at") if "candidate_id" in values else tuple(values)
    return ", ".join(f"{name.removesuffix('_at').replace('_', ' ')} {_word(values[name])}" for name in shown)


def _word(value: Any) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return "none" if value is None else str(value)
