"""Lists brought in, whole or not at all, and taken back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, literal, or_, select, update

from core.domain.facts import Rhythm, Way
from core.domain.matching import key
from core.domain.names import folded
from core.domain.refusal import Refused
from core.domain.spread import Newcomer, first_dates
from core.importers.people import fingerprint
from core.persistence import tallies
from core.persistence.bulk import strokes, unpaused
from core.persistence.facts import FACT
from core.persistence.ledger import AT_A_STROKE, PROMISE, GhostKey, Tally, count, recount, settle, tally_keys
from core.persistence.lookalikes import note_lookalikes
from core.persistence.matching import MATCH_KEY, index_match_keys
from core.persistence.search import index_words, index_words_of_many
from core.persistence.skills import hold_skills
from core.persistence.tables import (
    Arrival,
    Candidate,
    CandidateSkill,
    Consent,
    Contact,
    FactKind,
    Handle,
    ImportBatch,
    ImportRow,
    MatchKey,
    OpeningSkill,
    SearchWord,
    Skill,
    SkillClosure,
    SkillImplication,
)
from core.persistence.tables.imports import RowOutcome
from core.persistence.work import Work
from core.queries import imports

CANDIDATE = Candidate.__table__
PERSONAL_WAYS = frozenset({Way.TO, Way.TALKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtWord:
    """A word as the file tells it."""

    said_at: datetime
    way: Way
    fields: dict[str, Any] = field(default_factory=dict)
    """Other columns of `contact`."""
    by_id: int | None = None
    process_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A person of the file: somebody new, or somebody known that the file adds to."""

    candidate_id: int | None = None
    """None: somebody new."""
    columns: dict[str, Any] = field(default_factory=dict)
    """Columns of `candidate`, for somebody new."""
    owner_id: int | None = None
    rhythm: Rhythm | None = None
    words: Sequence[BroughtWord] = ()


def begin_batch(
    work: Work,
    *,
    filename: str,
    kind: str,
    source: str = "",
    sha256: str = "",
    counts: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> ImportBatch:
    """What everything of one file hangs on, so that it can be taken back whole."""
    work.require_editor()
    batch = ImportBatch(
        filename=filename,
        kind=kind,
        source=source,
        sha256=sha256,
        imported_at=at or work.now,
        imported_by_id=work.actor.id,
        counts=counts or {},
    )
    work.session.add(batch)
    work.record("list imported", batch, kind=kind)
    return batch


def bring_in(work: Work, batch: ImportBatch, people: Sequence[Brought]) -> list[tuple[int, list[int]]]:
    """Put people and what was said with them on record, in the file's order, as of the import.

    Returns, for each, the candidate's id and the ids of the words, in their order.
    """
    work.require_editor()
    today = work.calendar.day(work.now)
    dates = first_dates([Newcomer(p.rhythm, _last_word_on(work, p)) for p in people], today)
    brought = []
    for person, first_on in zip(people, dates, strict=True):
        candidate_id = person.candidate_id or _add(work, batch, person)
        if person.candidate_id is None or person.rhythm is not None:
            work.enter(
                Arrival(
                    candidate_id=candidate_id,
                    batch_id=batch.id,
                    owner_id=person.owner_id or work.actor.id,
                    rhythm_count=person.rhythm.count if person.rhythm else None,
                    rhythm_unit=person.rhythm.unit if person.rhythm else None,
                    first_on=first_on,
                ),
                happened_at=batch.imported_at,
            )
        words = [_say(work, batch, candidate_id, word) for word in person.words]
        brought.append((candidate_id, words))
    settle(work, *(candidate_id for candidate_id, _ in brought))
    return brought


def undo_import(work: Work, batch_id: int, *, also_contacted: bool = False) -> list[int]:
    """Take back what the batch brought, but for people dealt with since, or told of by a later list; returns those.

    Of them, `also_contacted` takes back what the list said of them; they themselves stay.
    """
    work.require_editor()
    batch = work.session.get(ImportBatch, batch_id, with_for_update=True)
    if batch is None or batch.undone_at is not None:
        raise Refused("This import was taken back already.")
    everybody = imports.concerned(work.session, batch_id)
    for some in strokes(everybody):
        work.session.execute(select(CANDIDATE.c.id).where(CANDIDATE.c.id.in_(some)).order_by("id").with_for_update())
    since = {one.id for one in imports.who_stays(work.session, batch_id)}
    with unpaused():
        _TakingBack(work, batch).take_back([id_ for id_ in everybody if id_ not in since])
    if also_contacted:
        _take_words_back(work, batch_id, sorted(since))
    batch.undone_at = work.now
    stays = set() if also_contacted else since
    work.record("import undone", batch, taken_back=len(everybody) - len(stays), left=len(stays))
    return sorted(stays)


def _last_word_on(work: Work, person: Brought) -> Any:
    said = [w.said_at for w in person.words if w.way in PERSONAL_WAYS and not w.fields.get("is_group")]
    if person.candidate_id is not None:
        known = work.session.get_one(Candidate, person.candidate_id).last_word_to_at
        said += [known] if known is not None else []
    return work.calendar.day(max(said)) if said else None


def _add(work: Work, batch: ImportBatch, person: Brought) -> int:
    candidate = Candidate(
        **{"sort_name": folded(person.columns.get("name", "")), **person.columns},
        added_at=work.now,
        batch_id=batch.id,
        owner_id=person.owner_id or work.actor.id,
    )
    work.session.add(candidate)
    work.session.flush()
    index_words(work.session, candidate)
    index_match_keys(work.session, candidate.id)
    note_lookalikes(work.session, [candidate.id], now=work.now)
    return candidate.id


def _say(work: Work, batch: ImportBatch, candidate_id: int, word: BroughtWord) -> int:
    if word.said_at > work.now:
        raise Refused("The file tells of a word from the future. Check its dates and the clock of this machine.")
    contact = Contact(
        candidate_id=candidate_id,
        batch_id=batch.id,
        by_id=word.by_id,
        process_id=word.process_id,
        way=word.way,
        **word.fields,
    )
    contact.has_text = bool((contact.text or "").strip())
    return work.enter(contact, happened_at=word.said_at).id


def _take_words_back(work: Work, batch_id: int, people: list[int]) -> None:
    """Whoever is to stay does, with their owner; what the list told of them counts as never entered."""
    for some in strokes(people):
        theirs = (FACT.c.batch_id == batch_id, FACT.c.candidate_id.in_(some))
        told = theirs[0] & theirs[1] & (FACT.c.kind != FactKind.ARRIVAL)
        work.session.execute(update(FACT).where(told).values(undone_at=work.now))
        arrival, ids = Arrival.__table__, select(FACT.c.id).where(*theirs)
        nothing = {"rhythm_count": None, "rhythm_unit": None, "first_on": None}
        work.session.execute(update(arrival).where(arrival.c.id.in_(ids)).values(**nothing))
    settle(work, *people)


class _TakingBack:
    """An import as if it had never been, for people of whom nothing else is on record since."""

    def __init__(self, work: Work, batch: ImportBatch) -> None:
        self.work, self.batch_id, self.session = work, batch.id, work.session
        self.new_skills: list[int] = batch.counts.get("new_skills", [])

    def take_back(self, people: list[int]) -> None:
        brought = set[int]()
        for some in strokes(people):
            query = select(Candidate.id).where(Candidate.batch_id == self.batch_id, Candidate.id.in_(some))
            brought.update(self.session.scalars(query))
        known = [id_ for id_ in people if id_ not in brought]
        self._unfill(known)
        self._forget_rows(known)
        for some in strokes(sorted(brought), AT_A_STROKE):
            self._remove_promises(some)
            self._remove_facts(some)
            self._remove_people(some)
        with_words = [id_ for some in strokes(known, AT_A_STROKE) for id_ in self._take_facts_back(some)]
        settle(self.work, *with_words)
        for some in strokes(with_words, AT_A_STROKE):
            self._remove_facts(some)
        index_words_of_many(self.session, known)
        index_match_keys(self.session, *known)
        note_lookalikes(self.session, known, now=self.work.now)
        self._remove_skills()
        self.session.expire_all()

    def _unfill(self, known: list[int]) -> None:
        """What was filled or put right is as before, unless somebody has written something else there since."""
        for some in strokes(known, AT_A_STROKE):
            query = select(ImportRow.candidate_id, ImportRow.filled).where(
                ImportRow.batch_id == self.batch_id, ImportRow.candidate_id.in_(some), ImportRow.filled.is_not(None)
            )
            last_first = (ImportRow.line.desc(), ImportRow.id.desc())
            for id_, filled in self.session.execute(query.order_by(*last_first)).all():
                candidate = self.session.get_one(Candidate, id_)
                for name, (before, after) in filled.items():
                    if getattr(candidate, name) == after:
                        setattr(candidate, name, before)
                candidate.sort_name = folded(candidate.name)
        self.session.flush()
        recount(self.session, known)

    def _forget_rows(self, known: list[int]) -> None:
        """The rows themselves, with the keys, addresses and skills they gave to somebody known."""
        run = self.session.connection().execute
        row, of_batch = ImportRow.__table__.c, ImportRow.__table__.c.batch_id == self.batch_id
        for some in strokes(known, AT_A_STROKE):
            cells = self.session.execute(
                select(row.candidate_id, row.cells).where(of_batch, row.candidate_id.in_(some))
            )
            keys = [{"of": id_, "known_by": key("row", fingerprint(tuple(told)))} for id_, told in cells if told]
            if keys:
                run(
                    delete(MATCH_KEY).where(
                        MATCH_KEY.c.candidate_id == bindparam("of"), MATCH_KEY.c.key == bindparam("known_by")
                    ),
                    keys,
                )
            for table in (Handle.__table__, CandidateSkill.__table__):
                run(delete(table).where(table.c.batch_id == self.batch_id, table.c.candidate_id.in_(some)))
            run(delete(ImportRow.__table__).where(of_batch, row.candidate_id.in_(some)))
        undecided = row.outcome.in_((RowOutcome.LIKELY, RowOutcome.REJECTED))
        run(delete(ImportRow.__table__).where(of_batch, or_(row.candidate_id.is_(None), undecided)))

    def _remove_promises(self, people: list[int]) -> None:
        tally: Tally = Counter()
        for promise in self.session.execute(select(PROMISE).where(PROMISE.c.candidate_id.in_(people))):
            tally.subtract(tally_keys(promise, self.work.calendar))
        ghosted = select(CANDIDATE.c.ghosted_on, CANDIDATE.c.owner_id).where(
            CANDIDATE.c.id.in_(people), CANDIDATE.c.ghosted_on.is_not(None)
        )
        tally.subtract(GhostKey(on, owner_id or 0) for on, owner_id in self.session.execute(ghosted))
        self.session.connection().execute(delete(PROMISE).where(PROMISE.c.candidate_id.in_(people)))
        count(self.session, tally)

    def _take_facts_back(self, people: list[int]) -> list[int]:
        theirs = (FACT.c.batch_id == self.batch_id, FACT.c.candidate_id.in_(people))
        found = self.session.scalars(select(FACT.c.candidate_id).where(*theirs).distinct()).all()
        self.session.execute(update(FACT).where(*theirs).values(undone_at=self.work.now))
        return [id_ for id_ in found if id_ is not None]

    def _remove_facts(self, people: list[int]) -> None:
        run = self.session.connection().execute
        theirs = select(FACT.c.id).where(FACT.c.batch_id == self.batch_id, FACT.c.candidate_id.in_(people))
        for table in (Contact.__table__, Arrival.__table__, Consent.__table__):
            run(delete(table).where(table.c.id.in_(theirs)))
        run(delete(FACT).where(FACT.c.batch_id == self.batch_id, FACT.c.candidate_id.in_(people)))

    def _remove_people(self, people: list[int]) -> None:
        """A row of another list that only may be them stays, and then is of nobody."""
        run = self.session.connection().execute
        rows = ImportRow.__table__
        run(delete(rows).where(rows.c.batch_id == self.batch_id, rows.c.candidate_id.in_(people)))
        run(update(rows).where(rows.c.candidate_id.in_(people)).values(candidate_id=None, filled=None))
        counted = select(*(CANDIDATE.c[name] for name in tallies.COUNTED_BY)).where(CANDIDATE.c.id.in_(people))
        pool: tallies.Pooled = Counter()
        for row in self.session.execute(counted):
            pool.subtract(tallies.pool_keys(row))
        tallies.note(self.session, pool)
        for of_theirs in (Handle, SearchWord, MatchKey, CandidateSkill):
            table = of_theirs.__table__
            run(delete(table).where(table.c.candidate_id.in_(people)))
        run(delete(CANDIDATE).where(CANDIDATE.c.id.in_(people)))

    def _remove_skills(self) -> None:
        """Those the list brought, and nobody has, or has said anything of."""
        named = [
            *(SkillImplication.skill_id, SkillImplication.implied_id, SkillClosure.skill_id, SkillClosure.implied_id),
            *(CandidateSkill.skill_id, OpeningSkill.skill_id),
        ]
        unused = [~select(literal(1)).where(column == Skill.id).exists() for column in named]
        for some in strokes(sorted(self.new_skills), AT_A_STROKE):
            hold_skills(self.session.connection(), some)
            self.session.execute(delete(Skill).where(Skill.id.in_(some), *unused))
