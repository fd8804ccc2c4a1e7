"""Lists brought in, whole or not at all, and taken back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from core.domain.facts import Rhythm, Way
from core.domain.names import folded
from core.domain.refusal import Refused
from core.domain.spread import Newcomer, first_dates
from core.persistence.facts import FACT
from core.persistence.ledger import settle
from core.persistence.search import index_words
from core.persistence.tables import (
    Arrival,
    Candidate,
    CandidateSkill,
    Contact,
    Fact,
    Handle,
    ImportBatch,
    ImportRow,
    MatchKey,
    SearchWord,
)
from core.persistence.work import Work

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
    """Take back what the batch brought, but for people we have dealt with since; returns who stayed for that reason."""
    work.require_editor()
    batch = work.session.get(ImportBatch, batch_id, with_for_update=True)
    if batch is None or batch.undone_at is not None:
        raise Refused("This import was taken back already.")
    theirs = select(Fact.candidate_id).where(Fact.batch_id == batch_id).distinct()
    concerned = {id_ for id_ in work.session.scalars(theirs) if id_ is not None}
    dealt_with = set(dealt_with_since(work, batch_id))
    stays = set() if also_contacted else dealt_with
    goes = sorted(concerned - stays)
    run = work.session.execute
    run(update(FACT).where(FACT.c.batch_id == batch_id, FACT.c.candidate_id.in_(goes)).values(undone_at=work.now))
    settle(work, *goes)
    batch.undone_at = work.now
    _remove(work, batch_id, [id_ for id_ in goes if id_ not in dealt_with])
    work.record("import undone", batch, taken_back=len(goes), left=len(stays))
    return sorted(stays)


def dealt_with_since(work: Work, batch_id: int) -> Iterable[int]:
    """People of the batch of whom something else is on record since."""
    batch = work.session.get_one(ImportBatch, batch_id)
    theirs = select(Fact.candidate_id).where(Fact.batch_id == batch_id)
    since = select(Fact.candidate_id).where(
        Fact.entered_at > batch.imported_at, Fact.batch_id.is_distinct_from(batch_id)
    )
    return (
        id_
        for id_ in work.session.scalars(since.where(Fact.candidate_id.in_(theirs), Fact.undone_at.is_(None)).distinct())
        if id_ is not None
    )


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


def _remove(work: Work, batch_id: int, gone: list[int]) -> None:
    """Rows of people, and of words, that nobody has dealt with since: as if they had never come."""
    run = work.session.execute
    facts = select(FACT.c.id).where(FACT.c.batch_id == batch_id, FACT.c.candidate_id.in_(gone))
    ids = list(work.session.scalars(facts))
    run(update(ImportRow).where(ImportRow.batch_id == batch_id).values(candidate_id=None))
    for table in (Contact.__table__, Arrival.__table__, FACT):
        run(delete(table).where(table.c.id.in_(ids)))
    brought = list(
        work.session.scalars(select(Candidate.id).where(Candidate.batch_id == batch_id, Candidate.id.in_(gone)))
    )
    for of_theirs in (Handle, SearchWord, MatchKey, CandidateSkill):
        run(delete(of_theirs).where(of_theirs.candidate_id.in_(brought)))
    run(delete(Candidate.__table__).where(Candidate.__table__.c.id.in_(brought)))
    work.session.expire_all()
