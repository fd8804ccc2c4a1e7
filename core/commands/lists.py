"""A list from file to done: looked at outside the writer's turn, then brought in as one action, whole or not at all."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.commands.imports import PERSONAL_WAYS, begin_batch
from core.commands.locks import active_member
from core.domain.names import folded
from core.domain.refusal import Refused, Stale
from core.domain.spread import Newcomer, first_dates
from core.importers.preview import Difference, Parsed, Preview, Row, preview, read_file
from core.importers.ready import LENGTHS, Choices, Ready, Somebody, ready, said_of
from core.persistence import ledger
from core.persistence.bulk import insert_rows, reserved_ids, strokes
from core.persistence.matching import Stored, index_match_keys
from core.persistence.search import index_words_of_many, words_of
from core.persistence.store import Store
from core.persistence.tables import (
    Arrival,
    Candidate,
    CandidateSkill,
    Contact,
    Fact,
    FactKind,
    Handle,
    ImportBatch,
    ImportRow,
    MatchKey,
    SearchWord,
    Skill,
    Table,
)
from core.persistence.tables.imports import RowOutcome
from core.persistence.tables.people import HandleKind
from core.persistence.viewer import Viewer
from core.persistence.work import Work
from core.queries.imports import FILLED

Progress = Callable[[int, int], None]
"""Told how much is done, and of how much."""

CHANGED = "Somebody changed people of this list while you were looking at it. Nothing was brought in; look again."
CANDIDATE = Candidate.__table__
COMPARED = ("name", "title", "company", "location", "notes")
PERSON = 8
"""Rows that settling one person counts for, beside one row written, so that a bar moves evenly."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A file, and what would become of it given what was stored a moment ago."""

    preview: Preview
    sha256: str
    stored: Stored


def look_at(store: Store, data: bytes, filename: str = "", *, region: str = "PL", **how: Any) -> Looked:
    """Read a file, as `read_file` does, and compare it with everybody stored; raises Unreadable. Changes nothing."""
    return compared(store, read_file(data, filename, region=region, **how), data, filename, region=region)


def compared(
    store: Store,
    parsed: Parsed,
    data: bytes,
    filename: str = "",
    *,
    region: str = "PL",
    progress: Progress | None = None,
) -> Looked:
    """What would become of a file that was read, given everybody stored."""
    with store.reading() as session:
        stored = Stored(session)
        found = _told_apart(session, preview(parsed, stored, filename=filename, region=region, progress=progress))
    return Looked(found, sha256(data).hexdigest(), stored)


def _told_apart(session: Session, found: Preview) -> Preview:
    """Of those known: who is added to, and where the list says something else than what is stored."""
    ids = sorted({row.of_candidate for row in found.rows if row.outcome == "exact" and row.of_candidate is not None})
    stored: dict[int, dict[str, str]] = {}
    for some in strokes(ids):
        query = select(*(CANDIDATE.c[name] for name in ("id", *COMPARED))).where(CANDIDATE.c.id.in_(some))
        stored.update({row.id: {name: getattr(row, name) or "" for name in COMPARED} for row in session.execute(query)})
    return replace(found, rows=tuple(_apart(row, stored.get(row.of_candidate or 0)) for row in found.rows))


def _apart(row: Row, stored: dict[str, str] | None) -> Row:
    if row.outcome != "exact" or stored is None or row.person is None:
        return row
    said = said_of(row.person)
    others = {name: said[name] for name in COMPARED if said.get(name) and said[name] != stored[name]}
    differences = tuple(Difference(name, stored[name], value) for name, value in others.items() if stored[name])
    adds = any(not stored[name] for name in others)
    return replace(row, outcome="adds" if adds else "exact", differences=differences)


def import_file(
    store: Store,
    viewer: Viewer,
    looked: Looked,
    choices: Choices,
    progress: Progress | None = None,
    operation: str | None = None,
) -> int:
    """Bring in what was looked at; the batch's id. Raises Stale where what it was compared with has changed since."""
    made_ready = ready(looked.preview, choices, looked.stored.keys, now=store.now())
    try:
        with store.working(viewer, operation) as work:
            return import_list(work, looked, made_ready, progress)
    except IntegrityError as taken:  # PostgreSQL, where somebody else was given the same address in the same moment
        raise Stale(CHANGED, {}) from taken


def import_list(work: Work, looked: Looked, made_ready: Ready, progress: Progress | None = None) -> int:
    """Write what was made ready; the batch's id."""
    work.require_editor()
    if not looked.stored.still_holds(work.session):
        raise Stale(CHANGED, {})
    choices, found = made_ready.choices, made_ready.preview
    owner = active_member(work, choices.owner_id).id if choices.owner_id is not None else work.actor.id
    if len(choices.source) > LENGTHS["source"]:
        raise Refused(f"The source is too long: {len(choices.source)} characters, {LENGTHS['source']} fit.")
    batch = begin_batch(
        work,
        filename=found.filename[-255:],
        kind=found.kind,
        source=choices.source.strip(),
        sha256=looked.sha256,
        counts=_counts(made_ready),
    )
    return _Bringing(work, batch, made_ready, owner, progress).bring()


def _counts(made_ready: Ready) -> dict[str, Any]:
    outcomes = dict.fromkeys((outcome.value for outcome in RowOutcome), 0)
    for row in made_ready.rows:
        outcomes[kept_as(row.outcome)] += 1
    return {
        "rows_read": len(made_ready.rows),
        "blank_rows": made_ready.preview.counts.blank_rows,
        **outcomes,
        "people": len(made_ready.newcomers),
        "added_to": len(made_ready.known),
        "words": sum(len(one.words) for one in made_ready.people),
        "columns": list(made_ready.preview.sheet.header),
    }


def kept_as(outcome: str) -> RowOutcome:
    return RowOutcome.EXACT if outcome == "adds" else RowOutcome(outcome)


@dataclass
class _Rows:
    """What is to be written to each table, in an order that every row it points to is there before."""

    columns: dict[type[Table], tuple[str, ...]]
    rows: dict[type[Table], list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, table: type[Table], *row: Any) -> None:
        self.rows[table].append(row)

    def __len__(self) -> int:
        return sum(map(len, self.rows.values()))


COLUMNS: dict[type[Table], tuple[str, ...]] = {
    Candidate: (
        *("id", "name", "sort_name", "title", "company", "location", "source", "pronoun", "tags", "notes"),
        *("known_since", "added_at", "batch_id", "version", "owner_id", "rhythm_count", "rhythm_unit"),
        *("do_not_contact", "active_processes", "settlings"),
    ),
    Handle: ("candidate_id", "kind", "value", "batch_id"),
    CandidateSkill: ("candidate_id", "skill_id", "batch_id"),
    SearchWord: ("word", "candidate_id"),
    MatchKey: ("key", "candidate_id"),
    Fact: ("id", "kind", "candidate_id", "happened_at", "entered_at", "by_id", "batch_id"),
    Arrival: ("id", "owner_id", "rhythm_count", "rhythm_unit", "first_on"),
    Contact: (
        *("id", "way", "channel", "about", "text", "has_text", "is_feedback", "is_thanks", "is_check_in"),
        *("is_group", "needs_answer", "still_waiting", "source_key"),
    ),
    ImportRow: ("batch_id", "line", "record", "outcome", "reason", "candidate_id", "cells", "filled"),
}


class _Bringing:
    """One list on its way into the store."""

    def __init__(
        self, work: Work, batch: ImportBatch, made_ready: Ready, owner: int | None, progress: Progress | None
    ) -> None:
        self.work, self.batch, self.ready, self.owner, self.progress = work, batch, made_ready, owner, progress
        self.session: Session = work.session
        self.today = work.calendar.day(work.now)
        self.to_write = _Rows(COLUMNS)
        self.filled: dict[int, dict[str, str]] = {}
        """What each row filled of somebody known, by the row's place."""

    def bring(self) -> int:
        self.session.flush()
        self.batch_id = self.batch.id
        newcomers, known = self.ready.newcomers, self.ready.known
        ids = iter(reserved_ids(self.session, Candidate, len(newcomers)))
        self.id_of = {id(one): one.candidate_id or next(ids) for one in self.ready.people}
        self._lock(known)
        self.skills = self._skills()
        self._newcomers(newcomers)
        self._known(known)
        self._words()
        self._rows()
        concerned = sorted(
            self.id_of[id(one)] for one in self.ready.people if one.words or (self._rhythm and not one.candidate_id)
        )
        self._write(len(concerned) * PERSON)
        self._reindex(known)
        self._settle(concerned)
        self.session.expire_all()
        return self.batch_id

    @property
    def _rhythm(self) -> Any:
        return self.ready.choices.rhythm

    def _lock(self, known: list[Somebody]) -> None:
        for some in strokes(sorted(one.candidate_id for one in known if one.candidate_id)):
            self.session.execute(
                select(CANDIDATE.c.id).where(CANDIDATE.c.id.in_(some)).order_by("id").with_for_update()
            )

    def _newcomers(self, newcomers: list[Somebody]) -> None:
        """Everybody new, and that they arrived: in the file's order, their first dates spread over the rhythm."""
        add, batch_id, now = self.to_write.add, self.batch_id, self.work.now
        rhythm, source = self._rhythm, self.ready.choices.source.strip()
        count, unit = (rhythm.count, rhythm.unit) if rhythm else (None, None)
        dates = first_dates([Newcomer(rhythm, self._last_word_on(one)) for one in newcomers], self.today)
        facts = reserved_ids(self.session, Fact, len(newcomers) + sum(len(one.words) for one in self.ready.people))
        self.fact_ids = iter(facts)
        words: list[tuple[str, int]] = []
        keys: list[tuple[str, int]] = []
        for one, first_on in zip(newcomers, dates, strict=True):
            id_, said = self.id_of[id(one)], one.columns
            name, title, company, location = (said.get(c, "") for c in ("name", "title", "company", "location"))
            add(
                Candidate,
                *(id_, name, folded(name), title, company, location, said.get("source") or source, ""),
                *(one.tags, said.get("notes", ""), one.known_since, now, batch_id, 1, self.owner, count, unit),
                *(False, 0, 0),
            )
            self._handles(one, id_)
            for skill in dict.fromkeys(self.skills[folded(name)] for name in one.skills):
                add(CandidateSkill, id_, skill, batch_id)
            words += [(word, id_) for word in words_of(name, company, title, location)]
            keys += [(one_key, id_) for one_key in one.keys]
            fact = next(self.fact_ids)
            add(Fact, fact, FactKind.ARRIVAL, id_, now, now, self.work.actor.id, batch_id)
            add(Arrival, fact, self.owner, count, unit, first_on)
        self.to_write.rows[SearchWord] = sorted(words)
        self.to_write.rows[MatchKey] = sorted(keys)

    def _known(self, known: list[Somebody]) -> None:
        """Blanks are filled, by the first row that has something to say; what is written stays as it is."""
        changes: dict[int, dict[str, Any]] = {}
        ids = [one.candidate_id for one in known if one.candidate_id]
        written = {row["id"]: row for row in self._written(ids)}
        skilled, keyed = set[tuple[int, int]](), set[tuple[str, int]]()
        for some in strokes(ids):
            query = select(CandidateSkill.candidate_id, CandidateSkill.skill_id)
            rows = self.session.execute(query.where(CandidateSkill.candidate_id.in_(some)))
            skilled |= {(row.candidate_id, row.skill_id) for row in rows}
            of_rows = select(MatchKey.key, MatchKey.candidate_id).where(MatchKey.candidate_id.in_(some))
            keyed |= {(row.key, row.candidate_id) for row in self.session.execute(of_rows)}
        for one in known:
            id_ = one.candidate_id
            assert id_ is not None
            change = changes.setdefault(id_, {})
            for place, said in one.added:
                row, choices = self.ready.preview.rows[place], self.ready.choices
                taken = {
                    one.column: one.said
                    for one in row.differences
                    if choices.takes.get(row.line, one.column in choices.take_columns)
                }
                fills = {name: value for name, value in said.items() if not written[id_][name]}
                written[id_].update(taken)
                change.update(taken)
                if fills:
                    written[id_].update(fills)
                    change.update(fills)
                    self.filled[place] = fills
            if one.tags and not written[id_]["tags"] and one.added:
                change["tags"] = one.tags
                self.filled.setdefault(one.added[0][0], {})["tags"] = one.tags  # type: ignore[assignment]
            if "name" in change:
                change["sort_name"] = folded(change["name"])
            self._handles(one, id_)
            for skill in dict.fromkeys(self.skills[folded(name)] for name in one.skills):
                if (id_, skill) not in skilled:
                    self.to_write.add(CandidateSkill, id_, skill, self.batch_id)
            new_keys = [(one_key, id_) for one_key in one.keys if (one_key, id_) not in keyed]
            self.to_write.rows[MatchKey] += new_keys
        self._change({id_: change for id_, change in changes.items() if change})

    def _written(self, ids: list[int]) -> Iterable[dict[str, Any]]:
        names = ("id", "name", "title", "company", "location", "source", "notes", "tags")
        for some in strokes(ids):
            query = select(*(CANDIDATE.c[name] for name in names)).where(CANDIDATE.c.id.in_(some))
            yield from (dict(zip(names, row, strict=True)) for row in self.session.execute(query))

    def _change(self, changes: dict[int, dict[str, Any]]) -> None:
        """Those who look at them now will be told, when they save, that somebody changed them."""
        groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for id_, change in changes.items():
            groups.setdefault(tuple(sorted(change)), []).append({"row_id": id_, **change})
            self.work.records.append((FILLED, "candidate", id_, dict.fromkeys(sorted(change), "changed")))
        for names, rows in groups.items():
            values: dict[str, Any] = {name: bindparam(name) for name in names}
            self.session.connection().execute(
                update(CANDIDATE)
                .where(CANDIDATE.c.id == bindparam("row_id"))
                .values(version=CANDIDATE.c.version + 1, **values),
                rows,
            )

    def _handles(self, one: Somebody, id_: int) -> None:
        for handle in one.handles:
            self.to_write.add(Handle, id_, HandleKind(handle.kind), handle.value, self.batch_id)

    def _words(self) -> None:
        add, now = self.to_write.add, self.work.now
        by = self.owner if self.owner is not None else self.work.actor.id
        for one in self.ready.people:
            id_ = self.id_of[id(one)]
            for word in one.words:
                fact = next(self.fact_ids)
                add(Fact, fact, FactKind.CONTACT, id_, word.at, now, by, self.batch_id)
                add(
                    Contact,
                    *(fact, word.way, "LinkedIn", word.subject[:200] or None, word.text, bool(word.text.strip())),
                    *(False, False, False, word.is_group, not word.is_group, False, word.source_key),
                )

    def _rows(self) -> None:
        for place, row in enumerate(self.ready.rows):
            self.to_write.add(
                ImportRow,
                *(self.batch_id, row.line, row.record, kept_as(row.outcome), row.reason),
                self.id_of[id(row.who)] if row.who is not None else row.may_be,
                list(row.cells),
                self.filled.get(place),
            )

    def _last_word_on(self, one: Somebody) -> date | None:
        said = [word.at for word in one.words if word.way in PERSONAL_WAYS and not word.is_group]
        return self.work.calendar.day(max(said)) if said else None

    def _skills(self) -> dict[str, int]:
        """Every skill of the file, by its folded name; those nobody had yet are added, and noted for undo."""
        wanted = {folded(name): name for one in self.ready.people for name in reversed(one.skills)}
        found = self._skills_by_key(wanted)
        new = [key for key in wanted if key not in found]
        if new:
            rows = [{"key": key, "name": wanted[key]} for key in new]
            ids = reserved_ids(self.session, Skill, len(new))
            self.session.connection().execute(
                insert(Skill.__table__), [{"id": id_, **row} for id_, row in zip(ids, rows, strict=True)]
            )
            self.batch.counts = {**self.batch.counts, "new_skills": ids}
            found.update(zip(new, ids, strict=True))
        return found

    def _skills_by_key(self, keys: Iterable[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for some in strokes(keys):
            for key, id_ in self.session.execute(select(Skill.key, Skill.id).where(Skill.key.in_(some))):
                found[key] = id_
        return found

    def _write(self, more: int) -> None:
        self.done, self.of = 0, len(self.to_write) + more
        for table, columns in COLUMNS.items():
            if rows := self.to_write.rows.get(table):
                insert_rows(self.session, table, columns, rows, self._step)

    def _reindex(self, known: list[Somebody]) -> None:
        """Words and keys of those who were added to."""
        ids = [one.candidate_id for one in known if one.candidate_id and (one.added or one.handles)]
        index_words_of_many(self.session, ids)
        index_match_keys(self.session, *ids)

    def _settle(self, concerned: list[int]) -> None:
        for some in strokes(concerned, ledger.AT_A_STROKE):
            ledger.write(self.session, ledger.prepare(self.session, some, self.work.team, self.work.calendar))
            self._step(len(some) * PERSON)

    def _step(self, rows: int) -> None:
        self.done += rows
        if self.progress is not None:
            self.progress(self.done, self.of)
