"""A list from file to done: read, compared and laid out beforehand, then written as one action, whole or not at all."""

import json
import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from core.commands.duplicates import remember_not_same
from core.commands.imports import begin_batch
from core.commands.laying import MET_ON, PERSON_DUE, SOURCE, Laid, lay, stored_moment
from core.commands.locks import active_member
from core.domain.bases import ConsentBasis, Purpose
from core.domain.refusal import Refused, Stale
from core.importers.preview import Parsed, Preview, Progress, preview, read_file
from core.importers.ready import Choices
from core.importers.said import LENGTHS
from core.persistence import ledger, tallies
from core.persistence.bulk import feeding, strokes, unpaused
from core.persistence.lookalikes import note_lookalikes
from core.persistence.matching import Stored
from core.persistence.outages import Unavailable, beside
from core.persistence.stage import STRETCH, copy, ids_from, in_words, send
from core.persistence.store import Store
from core.persistence.tables import (
    Arrival,
    Candidate,
    CandidateSkill,
    Consent,
    Contact,
    Fact,
    FactKind,
    Handle,
    ImportBatch,
    ImportRow,
    MatchKey,
    Promise,
    SearchWord,
    Skill,
    Table,
)
from core.persistence.trail import Record
from core.persistence.viewer import Viewer
from core.persistence.work import Work
from core.queries.imports import FILLED

CHANGED = (
    "While you were looking at it, people who may be in this list were changed or taken back. Nothing was brought in;"
    " look again."
)
CANDIDATE = Candidate.__table__
AT_A_TIME = 200
"""People whose doubles are looked for in one turn of the writer's."""
SETTLED = 8
"""Rows that settling one person counts for, beside one row written, so that a bar moves evenly."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A file, and what would become of it given what was stored a moment ago."""

    preview: Preview
    sha256: str
    stored: Stored


def look_at(
    store: Store, data: bytes, filename: str = "", *, region: str = "PL", progress: Progress | None = None, **how: Any
) -> Looked:
    """Read a file, as `read_file` does, and compare it with everybody stored; raises Unreadable. Changes nothing."""
    parsed = read_file(data, filename, region=region, **how)
    return compared(store, parsed, data, filename, region=region, progress=progress)


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
    with beside(), store.reading() as session, unpaused():
        stored = Stored(session)
        found = preview(parsed, stored, filename=filename, region=region, progress=progress)
    return Looked(found, sha256(data).hexdigest(), stored)


def import_file(
    store: Store,
    viewer: Viewer,
    looked: Looked,
    choices: Choices,
    progress: Progress | None = None,
    operation: str | None = None,
) -> int:
    """Bring in what was looked at; the batch's id. Raises Stale where what it was compared with has changed since.

    Only the writing itself happens in the turn of SQLite's one writer: everything is laid out before.
    """
    # a file's name may be somebody's, and the trail holds no such thing: its fingerprint says which file it was
    asked = {"command": "lists.import_list", "file": f"SHA-256 {looked.sha256}"}
    with store.working(viewer, asked=asked) as work:  # before anything is laid out
        work.require_editor()
    bar = _Bar(progress, len(looked.preview.rows))
    with beside(), lay(store, viewer, looked.preview, choices) as laid:
        for done in laid.windows:
            bar.laid(done)
            if not store.is_sqlite:  # others write meanwhile: the rest is laid out while this is copied
                break
        try:
            with store.working(viewer, operation, beside=laid.stage.path, asked=asked) as work:
                batch_id = import_list(work, looked, laid, bar)
        except IntegrityError as taken:  # somebody else was given the same address, or has gone, in the same moment
            raise Stale(CHANGED, {}) from taken
        with suppress(Unavailable):  # at once, or whoever saves next does it, and waits for it
            store.put_away()
        _note_lookalikes(store, viewer, laid.renamed)
    return batch_id


def _note_lookalikes(store: Store, viewer: Viewer, renamed: list[int]) -> None:
    """Whose name or company has changed may look like somebody now; the queue learns of it a few people at a time.

    The list is in, whatever becomes of this: whoever is missed is found when they are next edited.
    """
    try:
        for some in strokes(renamed, AT_A_TIME):
            with store.working(viewer) as work:
                note_lookalikes(work.session, some, now=work.now)
    except (Unavailable, Refused):
        logging.getLogger(__name__).warning("not everybody was compared after an import", exc_info=True)


def import_list(work: Work, looked: Looked, laid: Laid, bar: "_Bar | None" = None) -> int:
    """Write what is laid out, and lay out what is not yet; the batch's id."""
    work.require_editor()
    choices, found = laid.choices, looked.preview
    if choices.owner_id is not None:
        active_member(work, choices.owner_id)
    if wrong := choices.ground.what_is_wrong(work.calendar.day(laid.at)):
        raise Refused(wrong)
    if len(choices.source) > LENGTHS["source"]:
        raise Refused(f"The source is too long: {len(choices.source)} characters, {LENGTHS['source']} fit.")
    batch = begin_batch(
        work,
        filename=found.filename[-255:],
        kind=found.kind,
        source=choices.source.strip(),
        sha256=looked.sha256,
        at=laid.at,
    )
    batch.basis, batch.consent_until = choices.ground.basis or "", choices.ground.until_on
    work.session.flush()
    return _Writing(work, looked, batch, laid, bar or _Bar(None, 0)).write()


class _Bar:
    """One bar for all of it: the first half is laying out, the second the writing."""

    def __init__(self, progress: Progress | None, rows: int) -> None:
        self.progress, self.of = progress, 2 * max(rows, 1)
        self._at = self._from = 0
        self._done, self._more = 0, 1

    def laid(self, done: int) -> None:
        self._say(done)

    def copied(self, done: int) -> None:
        """So many rows are laid out and, but for what is copied at last, written."""
        self._say(done + done // 2)

    def begin(self, more: int) -> None:
        """What is still to be written, which takes the bar from where it stands to its end."""
        self._from, self._more = self._at, max(more, 1)

    def written(self, number: int) -> None:
        self._done += number
        self._say(self._from + (self.of - self._from) * min(self._done, self._more) // self._more)

    def end(self) -> None:
        self._say(self.of)

    def _say(self, at: int) -> None:
        self._at = at
        if self.progress is not None:
            self.progress(at, self.of)


PERSON = "CASE WHEN candidate < 0 THEN :people - candidate ELSE candidate END"

Columns = dict[str, str]
"""Of a table: each column, and what of the stage it is copied from."""


@dataclass(frozen=True, slots=True, eq=False)
class Copied:
    """What a table gets of one of the stage's, each row once."""

    table: type[Table]
    name: str
    columns: Columns
    rest: str
    """The statement from its FROM on."""


def _every(name: str) -> str:
    return f"FROM {{stage}}{name} WHERE {STRETCH.format('rowid')}"


def _fact(kind: FactKind, number: str, who: str, happened_at: str = ":at", by: str = ":actor") -> Columns:
    return {
        "id": number,
        "kind": f"'{kind.value}'",
        "candidate_id": who,
        "happened_at": happened_at,
        "entered_at": ":at",
        "by_id": by,
        "batch_id": ":batch",
    }


NEWCOMER = {
    **{name: name for name in ("name", "sort_name", "title", "company", "location", "tags", "notes")},
    **{name: name for name in ("known_since", "ghosted_on", "in_touch_on")},
    **dict.fromkeys(("source", "came_from"), SOURCE),
    "next_due_at": "due_at",
    "id": ":people + id",
    "pronoun": "''",
    "language": "''",
    "added_at": ":at",
    "batch_id": ":batch",
    "version": "1",
    "owner_id": ":owner",
    "rhythm_count": ":rhythm_count",
    "rhythm_unit": ":rhythm_unit",
    "do_not_contact": "0",
    **dict.fromkeys(("words_to", "words_answered", "words_answered_soon", "meetings_held"), "0"),
    "active_processes": "0",
    "met_on": MET_ON,
    "last_word_on": "'0001-01-01'",
    "became": "'known'",
    "last_act_on": ":today",
    "settlings": "0",
}
ARRIVED = {
    "id": ":facts + id",
    "owner_id": ":owner",
    "rhythm_count": ":rhythm_count",
    "rhythm_unit": ":rhythm_unit",
    "first_on": "nullif(first_on, '')",
}
ABOUT = {"arrival": ":facts + p.id", "consent": ":more + :words + p.id"}


def _newcomers(which: str) -> tuple[Copied, ...]:
    some = f"WHERE {which} AND {STRETCH.format('id')}"
    return (
        Copied(Candidate, "person", NEWCOMER, f"FROM {PERSON_DUE} {some}"),
        Copied(Fact, "person", _fact(FactKind.ARRIVAL, ":facts + id", ":people + id"), f"FROM {{stage}}person {some}"),
        Copied(Arrival, "person", ARRIVED, f"FROM {{stage}}person {some}"),
    )


def _owed(about: str, which: str) -> Copied:
    """What newcomers are owed, and what of them it is about."""
    columns = {
        **{name: name for name in ("kind", "opened_at", "due_at", "rule_due_at", "is_snoozed", "status", "late")},
        "candidate_id": ":people + p.id",
        "key": f"replace(replace(o.key, '{{person}}', :people + p.id), '{{{about}}}', {ABOUT[about]})",
        "about_id": ABOUT[about],
        "owner_id": ":owner",
    }
    alike = f"o.first_on = p.first_on AND o.consents = p.consents AND o.about = '{about}'"
    some = f"WHERE {which} AND {STRETCH.format('p.id')}"
    return Copied(Promise, "person", columns, f"FROM {{stage}}person p JOIN {{stage}}owed o ON {alike} {some}")


AS_LAID: tuple[Copied, ...] = (
    *_newcomers("NOT is_told_again"),
    _owed("arrival", "NOT p.is_told_again"),
    Copied(
        Handle,
        "handle",
        {"candidate_id": PERSON, "kind": "kind", "value": "value", "batch_id": ":batch"},
        _every("handle"),
    ),
    Copied(SearchWord, "search_word", {"word": "word", "candidate_id": ":people - candidate"}, _every("search_word")),
    Copied(MatchKey, "match_key", {"key": "key", "candidate_id": ":people - candidate"}, _every("match_key")),
    Copied(
        ImportRow,
        "import_row",
        {
            **{name: name for name in ("line", "record", "outcome", "reason", "cells", "filled")},
            "batch_id": ":batch",
            "candidate_id": PERSON,
        },
        _every("import_row"),
    ),
)
"""What stays as it was laid: it may be copied while more is laid."""
AT_LAST: tuple[Copied, ...] = (
    Copied(Skill, "skill", {"id": ":skills + id", "key": "key", "name": "name"}, _every("skill")),
    *_newcomers("is_told_again"),
    Copied(
        CandidateSkill,
        "candidate_skill",
        {
            "candidate_id": PERSON,
            "skill_id": "CASE WHEN skill < 0 THEN :skills - skill ELSE skill END",
            "batch_id": ":batch",
        },
        _every("candidate_skill"),
    ),
    Copied(Fact, "word", _fact(FactKind.CONTACT, ":more + id", PERSON, "at", ":owner"), _every("word")),
    Copied(Fact, "consenting", _fact(FactKind.CONSENT, ":more + :words + id", PERSON), _every("consenting")),
    Copied(
        Contact,
        "word",
        {
            **{name: name for name in ("way", "about", "text", "has_text", "is_group", "source_key")},
            "id": ":more + id",
            "channel": "'LinkedIn'",
            "is_feedback": "0",
            "is_thanks": "0",
            "is_check_in": "0",
            "needs_answer": "1 - is_group",
            "still_waiting": "0",
        },
        _every("word"),
    ),
    Copied(
        Consent,
        "consenting",
        {
            "id": ":more + :words + id",
            "until_on": ":until_on",
            "purpose": f"'{Purpose.FUTURE.value}'",
            "basis": f"'{ConsentBasis.CONSENT.value}'",
            "source": ":source",
            "evidence": "''",
        },
        _every("consenting"),
    ),
    _owed("arrival", "p.is_told_again"),
    _owed("consent", "p.consents"),
)
"""What later rows may still change or be named in. Every row that either points to is there before it."""


LEARNED = (
    "SELECT candidate, NULL FROM ("
    "SELECT candidate FROM handle WHERE candidate > 0 UNION SELECT candidate FROM candidate_skill WHERE candidate > 0"
    ") WHERE candidate NOT IN (SELECT candidate FROM change)"
)
"""People known of whom nothing comes but an address or a skill. Their version is no matter: nothing is overwritten."""

CONCERNED = (
    "SELECT candidate, max(version) FROM ("  # noqa: S608 - our names
    f"SELECT candidate, version FROM change UNION ALL {LEARNED} UNION ALL SELECT candidate, NULL FROM word"
    " UNION ALL SELECT candidate, NULL FROM consenting) WHERE candidate > 0 GROUP BY 1 ORDER BY 1"
)
"""All of them, with those who are settled: what is saved of them meanwhile would be settled as if it were not."""


class _Writing:
    """One list on its way from the stage into the store, in the writer's turn."""

    def __init__(self, work: Work, looked: Looked, batch: ImportBatch, laid: Laid, bar: _Bar) -> None:
        self.work, self.looked, self.batch, self.laid, self.bar = work, looked, batch, laid, bar
        self.session, self.stage = work.session, laid.stage
        self.is_sqlite = self.session.get_bind().dialect.name == "sqlite"
        self.seen: Counter[Copied] = Counter()
        """How many rows of the stage's table each of these has been given by now."""
        rhythm, until_on = laid.choices.rhythm, laid.choices.ground.until_on
        self.values: dict[str, Any] = {
            "people": ids_from(self.session, Candidate, laid.newcomers) - 1,
            "facts": ids_from(self.session, Fact, laid.newcomers) - 1,
            "batch": batch.id,
            "owner": laid.owner_id,
            "actor": work.actor.id,
            "at": stored_moment(laid.at),
            "today": work.calendar.day(laid.at).isoformat(),
            "rhythm_count": rhythm.count if rhythm else None,
            "rhythm_unit": rhythm.unit.value if rhythm else None,
            "until_on": until_on.isoformat() if until_on else None,
            "source": laid.choices.source.strip(),
        }

    def write(self) -> int:
        batch_id = self.batch.id
        self._refuse_stale()
        if not self.is_sqlite:
            ledger.take_time(self.session)
            self._copy_while_the_rest_is_laid()
            self._refuse_stale()
        self._hold_known()
        left = self._more((*AS_LAID, *AT_LAST))
        rows = self.stage.number["change"] + sum(upto - after for _, after, upto in left)
        self.bar.begin(rows + len(self.laid.to_settle) * SETTLED)
        people = int(self.values["people"])
        self._change()
        self._number()
        for one, after, upto in left:
            self._copy(one, after, upto)
        self._find_anew()
        ledger.count(self.session, self.laid.tally)
        tallies.note(self.session, self.laid.pool)
        self._settle(self.laid.concerned(people))
        self.work.more_records = self._filled()
        remember_not_same(self.work, [(people - number, other) for number, other in self.laid.not_same])
        self.session.expire_all()
        self.bar.end()
        return batch_id

    def _copy_while_the_rest_is_laid(self) -> None:
        """PostgreSQL writes some while a thread lays out the next and puts them in words."""
        with feeding(), ThreadPoolExecutor(1) as beside:
            words = beside.submit(self._in_words)
            while True:
                laying, coming = beside.submit(next, self.laid.windows, None), beside.submit(self._in_words)
                for one, lines in words.result():
                    send(self.session, one.table, one.columns, lines)
                words = coming
                if (done := laying.result()) is None:
                    break
                self.bar.copied(done)
            assert not words.result(), "what is laid at last is copied at last"

    def _in_words(self) -> list[tuple[Copied, list[str]]]:
        """What has been laid since it was last asked."""
        found = []
        for one, after, upto in self._more(AS_LAID):
            values = {**self.values, "after": after, "upto": upto}
            found.append(
                (one, list(in_words(self.stage, one.table, one.columns, one.rest.replace("{stage}", ""), values)))
            )
            self.seen[one] = upto
        return found

    def _copy(self, one: Copied, after: int, upto: int) -> None:
        rest = one.rest.replace("{stage}", "stage." if self.is_sqlite else "")
        copy(self.session, self.stage, one.table, one.columns, rest, {**self.values, "after": after, "upto": upto})
        self.bar.written(upto - after)

    def _more(self, some: tuple[Copied, ...]) -> list[tuple[Copied, int, int]]:
        """What the stage has more of by now: after which row, and up to which."""
        last = {name: self.stage.last(name) for name in {one.name for one in some}}
        return [(one, self.seen[one], last[one.name]) for one in some if last[one.name] > self.seen[one]]

    def _refuse_stale(self) -> None:
        if repr(self.work.team) != self.laid.team or not self.looked.stored.still_holds(self.session):
            raise Stale(CHANGED, {})

    def _number(self) -> None:
        """What the list came to, once all of it is laid out, and the numbers that its facts and its skills get."""
        laid, skills, more = self.laid, self.stage.number["skill"], self.laid.words + self.laid.consents
        first_skill = ids_from(self.session, Skill, skills) if skills else 0
        new_skills = {"new_skills": list(range(first_skill, first_skill + skills))} if skills else {}
        self.batch.counts = {**laid.counts, **new_skills}
        self.session.flush()
        self.values |= {
            "more": max(ids_from(self.session, Fact, more) - 1, self.values["facts"] + laid.newcomers),
            "skills": first_skill - 1,
            "words": laid.words,
        }

    def _hold_known(self) -> None:
        """Whom it tells of are there; whom it changes are as they were when they were compared, and stay so."""
        told_of = (
            "SELECT candidate FROM import_row WHERE candidate > 0"
            " UNION SELECT candidate FROM word WHERE candidate > 0 ORDER BY 1"
        )
        self._refuse_gone(CANDIDATE, (id_ for (id_,) in self.stage.run(told_of)))
        for some in strokes(self.stage.run(CONCERNED)):
            versions = dict(some)
            query = select(CANDIDATE.c.id, CANDIDATE.c.version).where(
                CANDIDATE.c.id.in_(versions), CANDIDATE.c.merged_into_id.is_(None), CANDIDATE.c.erased_at.is_(None)
            )
            held = {row.id: row.version for row in self.session.execute(query.order_by("id").with_for_update())}
            if held.keys() != versions.keys() or any(v not in (None, held[id_]) for id_, v in versions.items()):
                raise Stale(CHANGED, {})
        self._refuse_gone(Skill.__table__, self.laid.skills, stays=True)

    def _refuse_gone(self, table: Any, told_of: Iterable[int], *, stays: bool = False) -> None:
        """All of these must be in the table; `stays`: and be locked."""
        for ids in strokes(told_of):
            there = select(table.c.id).where(table.c.id.in_(ids)).order_by(table.c.id)
            there = there.with_for_update(read=True, key_share=True) if stays else there
            if len(self.session.execute(there).all()) != len(ids):
                raise Stale(CHANGED, {})

    def _change(self) -> None:
        """Those who look at them now will be told, when they save, that somebody changed them."""
        names = ("name", "sort_name", "title", "company", "location", "source", "notes", "tags")
        query = f"SELECT candidate, {', '.join(names)} FROM change ORDER BY candidate"  # noqa: S608 - our names
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        changing = (
            update(CANDIDATE)
            .where(CANDIDATE.c.id == bindparam("row_id"))
            .values(version=CANDIDATE.c.version + 1, **values)
        )
        for some in strokes(self.stage.run(query)):
            rows = [
                {
                    "row_id": id_,
                    **{f"new_{name}": value for name, value in zip(names, row, strict=True)},
                    "new_tags": json.loads(row[-1]),
                }
                for id_, *row in some
            ]
            self.session.connection().execute(changing, rows)
            ledger.recount(self.session, [row["row_id"] for row in rows])
            self.bar.written(len(rows))
        for some in strokes(id_ for id_, _ in self.stage.run(LEARNED)):
            learning = update(CANDIDATE).where(CANDIDATE.c.id.in_(some)).values(version=CANDIDATE.c.version + 1)
            self.session.connection().execute(learning)

    def _filled(self) -> Iterator[Record]:
        """What it changed of people known, one by one."""
        for candidate_id, changed in self.stage.rows("SELECT candidate, changed FROM change ORDER BY candidate", {}):
            yield Record(FILLED, "candidate", candidate_id, json.loads(changed))

    def _find_anew(self) -> None:
        """The words and keys by which people known are not found any more, and those by which they are from now on.

        The latter also of newcomers whom later rows told of: after their own.
        """
        run = self.session.connection().execute
        new = sqlite.insert if self.is_sqlite else postgresql.insert
        for table, name in ((SearchWord.__table__, "word"), (MatchKey.__table__, "key")):
            gone = delete(table).where(table.c[name] == bindparam("gone"), table.c.candidate_id == bindparam("of"))
            for some in strokes(self.stage.run(f"SELECT * FROM gone_{name}")):  # noqa: S608 - our names
                run(gone, [{"gone": one, "of": id_} for one, id_ in some])
            who = "CASE WHEN candidate < 0 THEN ? - candidate ELSE candidate END"
            more = f"SELECT {name}, {who} FROM more_{name} ORDER BY 1, 2"  # noqa: S608 - our names
            for some in strokes(self.stage.run(more, (self.values["people"],))):
                run(new(table).on_conflict_do_nothing(), [{name: one, "candidate_id": id_} for one, id_ in some])

    def _settle(self, concerned: list[int]) -> None:
        for some in strokes(concerned, ledger.AT_A_STROKE):
            ledger.write(self.session, ledger.prepare(self.session, some, self.work.team, self.work.calendar))
            self.bar.written(len(some) * SETTLED)
