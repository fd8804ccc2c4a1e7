"""What an import would do, row by row, before anything is done."""

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any, Literal, NamedTuple, Protocol, get_args

from core.domain.handles import Handle
from core.domain.matching import NO_MATCH, Key, Known, Match, Pool, Ref, key, matches, matches_of_all
from core.domain.traces import Identity, addresses_in
from core.importers.apart import read
from core.importers.archives import read_table
from core.importers.columns import Column, columns_of, mapped
from core.importers.earlier import Earlier
from core.importers.messages import MessagesFile, Participant, Word, is_messages, read_messages
from core.importers.people import (
    CellWarning,
    Incoming,
    Orders,
    PeopleFile,
    ReadRow,
    Rejection,
    pack,
    unpack,
)
from core.importers.reading import DEFAULT_LIMITS, Limits, Sheet, Unreadable
from core.importers.said import Difference, differences, said_of
from core.importers.spool import Spool
from core.importers.values import DateOrder
from core.persistence.matching import Written

Outcome = Literal["new", "adds", "exact", "likely", "rejected"]
"""Adds: of somebody known, or of a row before, and with something new of them; exact: with nothing new."""
Parsed = PeopleFile | MessagesFile
Progress = Callable[[int, int], None]
"""Told how many rows are done, and of how many."""
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

ERASED = Rejection("erased", "somebody who had one of its addresses was erased")
NAMES_ERASED = CellWarning("names_erased")
AT_A_TIME = 10_000
"""Rows compared together: the store is asked about all of them at once, and they stand in memory."""


class Existing(Protocol):
    """What is already stored. Each question is asked for thousands at once."""

    def known_by(self, keys: Collection[Key]) -> Iterable[Known]:
        """Everybody who has one of these keys; a `row` key is the fingerprint of a row imported before."""

    def written(self, candidate_ids: Collection[int]) -> Mapping[int, Written]:
        """What is written of these."""

    def words_known(self, source_keys: Collection[str]) -> Collection[str]:
        """Those of these messages that were imported before."""

    def erased(self, handles: Iterable[Handle]) -> Collection[Handle]:
        """Those of these addresses that were of somebody who was erased; they are found only where anybody was."""


class Nothing:
    """An empty workspace."""

    def known_by(self, keys: Collection[Key]) -> Iterable[Known]:
        return ()

    def written(self, candidate_ids: Collection[int]) -> Mapping[int, Written]:
        return {}

    def words_known(self, source_keys: Collection[str]) -> Collection[str]:
        return ()

    def erased(self, handles: Iterable[Handle]) -> Collection[Handle]:
        return ()


class Row(NamedTuple):
    """One row and what would become of it.

    A duplicate is of somebody stored (`of_candidate`) or of the row that brought them first (`of_line`).
    """

    line: int
    record: int
    outcome: Outcome
    cells: tuple[str, ...]
    person: Incoming | None = None
    match: Match = NO_MATCH
    rejection: Rejection | None = None
    warnings: tuple[CellWarning, ...] = ()
    differences: tuple[Difference, ...] = ()
    """Where it says something else than what is written of somebody stored, whom it tells of or may tell of."""
    version: int = 0
    """Of somebody stored: their version when they were compared."""
    source_key: str = ""
    fields: Mapping[str, Any] | None = None
    packed: bytes = b""
    """As ReadRow has it."""

    @property
    def reason(self) -> str:
        return self.rejection.reason if self.rejection else ""

    @property
    def of_line(self) -> int | None:
        return self.match.of.number if self.match.of and self.match.of.kind == "row" else None

    @property
    def of_candidate(self) -> int | None:
        return self.match.of.number if self.match.of and self.match.of.kind == "candidate" else None

    @property
    def on(self) -> tuple[str, ...]:
        return self.match.on


@dataclass(frozen=True, slots=True)
class Counts:
    rows_read: int
    blank_rows: int
    new: int
    adds: int
    exact: int
    likely: int
    rejected: int

    @property
    def known(self) -> int:
        """All of somebody known, whether they add to them or not."""
        return self.adds + self.exact


@dataclass(frozen=True, slots=True)
class Rows:
    """Every row of a file in its order, with what is asked of all of them at once."""

    spool: Spool[Row]
    outcomes: "array[int]"
    """The outcome of each, by its place in `OUTCOMES`: what a page of one outcome is found by."""
    asked: list[tuple[int, str, Match]]
    """Who may be known already: the line, the name as the file says it, and who it may be."""
    told_again: set[int]
    """The lines of rows whose person a later row adds to, or may, once that is decided."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The whole of it. For messages, `counterparts` says who each person in them is, new or known; nobody erased."""

    filename: str
    parsed: Parsed
    region: str
    table: Rows
    date_orders: Mapping[str, DateOrder | None]
    counterparts: tuple[tuple[Participant, Match], ...] = ()
    erased: Identity = Identity()
    """Whoever was erased and is named in what others said: they are taken out of the words."""

    @property
    def rows(self) -> Sequence[Row]:
        return self.table.spool

    @property
    def kind(self) -> Literal["people", "messages"]:
        return "messages" if isinstance(self.parsed, MessagesFile) else "people"

    @property
    def sheet(self) -> Sheet:
        return self.parsed.sheet

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.parsed.columns

    @property
    def dropped_columns(self) -> tuple[Column, ...]:
        return self.parsed.dropped_columns if isinstance(self.parsed, PeopleFile) else ()

    @property
    def ambiguous_columns(self) -> tuple[str, ...]:
        """Columns of dates that could be read either way; they stay as they are until somebody says which."""
        return tuple(header for header, order in self.date_orders.items() if order == "ambiguous")

    @property
    def counts(self) -> Counts:
        number = [self.table.outcomes.count(place) for place in range(len(OUTCOMES))]
        return Counts(len(self.rows), self.sheet.blank_rows, *number)

    @property
    def new_words(self) -> tuple[Word, ...]:
        """The words of messages that are not stored yet, in the order they were said in each conversation."""
        if not isinstance(self.parsed, MessagesFile):
            return ()
        new = {row.source_key for row in self.rows if row.outcome == "new"}
        told_of = {person.id for person, _ in self.counterparts}
        words = (word for talk in self.parsed.conversations for word in talk.words)
        without = self.erased.taken_out_of
        return tuple(
            replace(word, subject=without(word.subject), text=without(word.text))
            for word in words
            if word.source_key in new and word.counterpart.id in told_of
        )

    def some(self, outcome: Outcome | None, start: int, size: int) -> list[Row]:
        """Rows of one outcome, or of any, from the `start`-th of them."""
        if outcome is None:
            return list(self.rows[start : start + size])
        wanted = OUTCOMES.index(outcome)
        places = (place for place, one in enumerate(self.table.outcomes) if one == wanted)
        return [self.rows[place] for place in islice(places, start, start + size)]

    def to_expected_json(self) -> dict[str, Any]:
        """The outcome in the schema of the samples' expected.json, for this one file."""
        return _as_expected(self)


def read_file(
    data: bytes,
    filename: str = "",
    *,
    region: str = "PL",
    limits: Limits = DEFAULT_LIMITS,
    mapping: Mapping[int, str | None] | None = None,
    owner: str | None = None,
    sheet: str | None = None,
    date_orders: Orders | None = None,
) -> Parsed:
    """The file as a table of people or of messages, or Unreadable; told by its content, never by its name.

    `mapping` gives some columns another field than their header says; `owner` is the profile address of the account a
    message export is from, needed only where the messages do not tell; `sheet` names the one of a workbook or zip;
    `date_orders` says of columns, by header or index, whether the day or the month comes first.
    """
    table = read_table(data, limits, sheet)
    columns = columns_of(table.header, table.first(), region)
    if mapping is not None:
        columns = mapped(table.header, mapping, columns)
    if is_messages(columns):
        return read_messages(table, columns, owner=owner, limits=limits)
    if not any(column.field for column in columns) and mapping is None:
        raise Unreadable("No column of this file is known: none holds names, e-mail addresses or profiles.")
    return PeopleFile(table, columns, region, limits, date_orders or {})


def preview(
    parsed: Parsed,
    existing: Existing | None = None,
    *,
    filename: str = "",
    region: str = "PL",
    progress: Progress | None = None,
) -> Preview:
    """What would become of each row, given what is stored."""
    there = existing or Nothing()
    if isinstance(parsed, MessagesFile):
        messages, counterparts, gone = _of_messages(parsed, there, region)
        return Preview(filename, parsed, region, _gathered(messages, _spool()), {}, counterparts, gone)
    orders = parsed.date_orders()
    with read(parsed, orders) as read_rows:
        spool = _spool()
        rows = _sorted_out(parsed, read_rows, there, spool)
        if progress is not None:
            rows = _told(rows, progress, parsed.sheet.rows_read)
        return Preview(filename, parsed, parsed.region, _gathered(rows, spool), orders)


def _sorted_out(file: PeopleFile, rows: Iterable[ReadRow], existing: Existing, before: Sequence[Row]) -> Iterator[Row]:
    """Each row compared with everybody stored and with the rows `before` it, of which whoever takes them makes one."""
    left = iter(rows)
    earlier: Earlier | None = None
    chunk = list(islice(left, AT_A_TIME))
    while chunk:
        comparing = _Comparing(file, chunk, existing, earlier)
        yield from comparing.rows()
        chunk = list(islice(left, 1))
        if chunk:
            earlier = earlier or Earlier(lambda place: before[place].person)
            earlier.keep([row.line for row in comparing.chunk], comparing.people, comparing.said)
            del comparing
            chunk += islice(left, AT_A_TIME - 1)


class _Comparing:
    """A stretch of the file, with everybody who could be in it: of the store, of the rows before, and its own."""

    def __init__(self, file: PeopleFile, chunk: Sequence[ReadRow], existing: Existing, earlier: Earlier | None) -> None:
        self.chunk, self.existing, self.earlier = chunk, existing, earlier
        self.region, self.words = file.region, file.columns_of_words
        self.people: list[Known] = []
        """Whom the rows tell of, as they are known after them."""
        self.said: dict[Ref, set[str]] = {}
        """What is said by now of whom a second row tells; of the others, see `_first`."""
        self._first: dict[int, Incoming] = {}
        people = [row.person for row in chunk if row.person]
        asked = set[Key]().union(*(person.compared.asks for person in people))
        asked.update([key("row", person.fingerprint) for person in people])
        own = chain.from_iterable(person.handles for person in people)
        beside = chain.from_iterable(map(self._beside, chunk))
        self.erased = set(existing.erased(chain(own, beside)))
        self.pool = Pool()
        for known in existing.known_by(asked):
            self.pool.add(known)
        if earlier is not None:
            for known in earlier.known_by(asked):
                self.pool.add(known)

    def rows(self) -> Iterator[Row]:
        found = [self._found(row) for row in self.chunk]
        known = {
            match.of.number for _, match in found if match.how != "none" and match.of and match.of.kind == "candidate"
        }
        written = self.existing.written(known)
        for row, match in found:
            yield self._row(row, match, written)

    def _found(self, row: ReadRow) -> tuple[ReadRow, Match]:
        """A row, and who it tells of. Of one that tells of somebody who was erased nothing is left but its line."""
        person = row.person
        named = self.erased.intersection(self._beside(row)) if self.erased else ()
        if person is None:
            return (_nothing_of(row) if named else row), NO_MATCH
        match = matches(person.compared, self.pool)
        if match.how != "exact" and (before := self.pool.first(key("row", person.fingerprint))):
            match = Match("exact", before.ref, ("row",))
        of = match.of if match.how == "exact" else None
        is_somebody_stored = of is not None and of.kind == "candidate"
        if not is_somebody_stored and not self.erased.isdisjoint(person.handles):
            return _nothing_of(row), NO_MATCH
        known = Known(of or Ref("row", row.line), person.compared)
        self.pool.add(known)
        self.people.append(known)
        return (self._without(row, person, named) if named else row), match

    def _beside(self, row: ReadRow) -> Iterable[Handle]:
        """Addresses that stand in a row and are not its person's. What a row left out says is nobody's."""
        if row.person is None:
            return addresses_in("\n".join(row.cells), self.region)
        words = "\n".join([row.cells[index] for index in self.words if index < len(row.cells)])
        return (handle for handle in addresses_in(words, self.region) if handle not in row.person.handles)

    def _without(self, row: ReadRow, person: Incoming, named: Iterable[Handle]) -> ReadRow:
        """It is somebody else's row: whoever was erased is taken out of its words, and all else stays."""
        without = Identity.known_by(named).taken_out_of
        cells = tuple(without(cell) if index in self.words else cell for index, cell in enumerate(row.cells))
        said = person._replace(fields=without(person.fields))
        return row._replace(cells=cells, person=said, warnings=(*row.warnings, NAMES_ERASED), packed=b"")

    def _row(self, row: ReadRow, match: Match, written: Mapping[int, Written]) -> Row:
        person = row.person
        if person is None:
            rejected = Row(row.line, row.record, "rejected", row.cells, None, NO_MATCH, row.rejection, row.warnings)
            return rejected._replace(packed=row.packed)
        outcome: Outcome = "new" if match.how == "none" else match.how
        differing: tuple[Difference, ...] = ()
        version = 0
        if match.of is not None and match.of.kind == "candidate" and (there := written.get(match.of.number)):
            version = there.version
            differing = differences(person, there)
        if match.how == "exact" and match.of is not None:
            outcome = "adds" if self._adds(person, match.of, written) else "exact"
        else:
            self._first[row.line] = person
        return Row(
            row.line,
            row.record,
            outcome,
            row.cells,
            person,
            match,
            None,
            row.warnings,
            differing,
            version,
            packed=row.packed,
        )

    def _adds(self, person: Incoming, of: Ref, written: Mapping[int, Written]) -> bool:
        """Whether the row says something new of them. What it says counts as said from then on."""
        if of not in self.said:
            self.said[of] = self._said_before(of, written)
        more = said_of(person) - self.said[of]
        self.said[of] |= more
        return not all(self._is_anothers(one, of) for one in more)

    def _said_before(self, of: Ref, written: Mapping[int, Written]) -> set[str]:
        if of.kind == "row" and (first := self._first.get(of.number)):
            return said_of(first)
        if self.earlier is not None and (said := self.earlier.said_of(of)) is not None:
            return said
        there = written.get(of.number) if of.kind == "candidate" else None
        return set(there.said) if there else set()

    def _is_anothers(self, one: str, of: Ref) -> bool:
        """An address that is somebody else's already stays theirs, and adds nothing."""
        theirs = self.pool.first(Key(one))
        return theirs is not None and theirs.ref != of


def _nothing_of(row: ReadRow) -> ReadRow:
    return ReadRow(row.line, row.record, (), None, ERASED)


def _told(rows: Iterator[Row], progress: Progress, of: int) -> Iterator[Row]:
    for number, row in enumerate(rows, start=1):
        if number % 1_000 == 0 or number == of:
            progress(number, of)
        yield row


def _consent(row: Row) -> bool:
    return row.person is not None and "consent" in row.person.fields


def _spool() -> Spool[Row]:
    return Spool(_plain, _row_of)


def _gathered(rows: Iterable[Row], spool: Spool[Row]) -> Rows:
    found = Rows(spool, array("B"), [], set())
    for row in rows:
        spool.append(row)
        found.outcomes.append(_PLACE[row.outcome])
        if row.outcome == "likely":
            found.asked.append((row.line, _called(row.person), row.match))
        if (of_line := row.of_line) is not None and (row.outcome != "exact" or _consent(row)):
            found.told_again.add(of_line)
    return found


_PLACE: dict[str, int] = {outcome: place for place, outcome in enumerate(OUTCOMES)}


def _called(person: Incoming | None) -> str:
    return (person.name or next((handle.value for handle in person.handles), "")) if person else ""


def _plain(row: Row) -> Any:
    """A row as plain values, for the file of a long preview."""
    match = row.match
    return (
        row.packed or pack(row),
        row.outcome,
        match.of and (match.how, tuple(match.of), match.on, [tuple(ref) for ref in match.also]),
        row.differences and [(one.column, one.stored, one.said) for one in row.differences],
        row.version,
        row.source_key,
        dict(row.fields) if row.fields is not None else None,
    )


def _row_of(plain: Any) -> Row:
    packed, outcome, match, differing, version, source_key, fields = plain
    line, record, cells, person, rejection, warnings, _ = unpack(packed)
    return Row(
        line,
        record,
        outcome,
        cells,
        person,
        Match(match[0], Ref(*match[1]), match[2], tuple(Ref(*ref) for ref in match[3])) if match else NO_MATCH,
        rejection,
        warnings,
        tuple(Difference(*one) for one in differing) if differing else (),
        version,
        source_key,
        fields,
    )


def _of_messages(
    parsed: MessagesFile, existing: Existing, region: str
) -> tuple[list[Row], tuple[tuple[Participant, Match], ...], Identity]:
    """Nothing is kept of what was said to somebody who was erased, nor the cells of a row that names them to others.

    Out of what is said of them to others their addresses are taken.
    """
    known_words = set(existing.words_known({row.source_key for row in parsed.rows if row.source_key}))
    named = [row.addresses for row in parsed.rows]
    in_words = (address for row in parsed.rows for address in addresses_in("\n".join(row.cells), region))
    erased = set(existing.erased(chain(chain.from_iterable(named), in_words)))
    gone = Identity.known_by(erased)
    people = tuple(
        (person, match)
        for person, match in _who(parsed.counterparts, existing)
        if match.how == "exact" or erased.isdisjoint(person.handles)
    )
    told_of = {person.id for person, _ in people}
    rows = []
    for row, addresses in zip(parsed.rows, named, strict=True):
        match = NO_MATCH
        is_kept = erased.isdisjoint(addresses)
        rejection = row.rejection
        if row.words and all(word.counterpart.id not in told_of for word in row.words):
            rejection = ERASED
        if rejection is None and (row.same_as_line or row.source_key in known_words):
            of = Ref("row", row.same_as_line) if row.same_as_line else None
            match = Match("exact", of, _SAME_MESSAGE)
        outcome: Outcome = "rejected" if rejection else "exact" if match.how == "exact" else "new"
        is_named = rejection is not ERASED and bool(gone.named_in(list(row.cells)))
        rows.append(
            Row(
                row.line,
                row.record,
                outcome,
                tuple(map(gone.taken_out_of, row.cells)) if is_kept else (),
                match=match,
                rejection=rejection,
                warnings=(*row.warnings, NAMES_ERASED) if is_named else row.warnings,
                source_key=row.source_key,
                fields=gone.taken_out_of(dict(row.fields)) if is_kept else None,
            )
        )
    return rows, people, gone


_SAME_MESSAGE = ("conversation_id", "sent_at", "from_url", "content")


def _who(people: Sequence[Participant], existing: Existing) -> tuple[tuple[Participant, Match], ...]:
    return tuple(zip(people, matches_of_all([person.compared for person in people], existing), strict=True))


def _as_expected(preview: Preview) -> dict[str, Any]:
    counts, sheet = preview.counts, preview.sheet
    orders = {order for order in preview.date_orders.values() if order}
    document: dict[str, Any] = {
        "file": preview.filename,
        "format": preview.parsed.format,
        "kind": preview.kind,
        "encoding": sheet.encoding,
        "delimiter": sheet.delimiter,
        "line_ending": sheet.line_ending,
        "header_line": sheet.header_line,
        "default_region": preview.region,
        "counts": {
            "rows_read": counts.rows_read,
            "blank_rows": counts.blank_rows,
            "new_candidates": counts.new,
            "exact_duplicates": counts.known,
            "likely_duplicates": counts.likely,
            "rejected": counts.rejected,
        },
        "columns": [
            {"index": column.index, "header": column.header, "field": column.field} for column in preview.columns
        ],
        "exact_duplicates": [_duplicate(row) for row in preview.rows if row.outcome in {"adds", "exact"}],
        "likely_duplicates": [_duplicate(row) for row in preview.rows if row.outcome == "likely"],
        "rejected": [_rejected(row) for row in preview.rows if row.rejection],
        "warnings": [_warned(row, warning) for row in preview.rows for warning in row.warnings],
        "samples": [_sample(row) for row in preview.rows if not row.rejection],
    }
    if sheet.name:
        document["sheet"] = sheet.name
    if orders:
        document["date_order"] = orders.pop() if len(orders) == 1 else "ambiguous"
    if preview.ambiguous_columns:
        document["ambiguous_dates"] = list(preview.ambiguous_columns)
    if preview.dropped_columns:
        document["dropped_columns"] = [column.header for column in preview.dropped_columns]
    if isinstance(preview.parsed, MessagesFile):
        document["messages"] = _conversed(preview, preview.parsed)
    return document


def _duplicate(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = {"line": row.line, "record": row.record, "of_line": row.of_line, "on": list(row.on)}
    if row.of_candidate is not None:
        found["of_candidate"] = row.of_candidate
    return found


def _rejected(row: Row) -> dict[str, Any]:
    detail = row.rejection.detail if row.rejection else ""
    return {"line": row.line, "record": row.record, "reason": row.reason, "detail": detail}


def _warned(row: Row, warning: CellWarning) -> dict[str, Any]:
    return {"line": row.line, "record": row.record, "code": warning.code, "column": warning.column}


def _sample(row: Row) -> dict[str, Any]:
    fields: dict[str, Any] = dict(row.person.fields if row.person else row.fields or {})
    if "sent_at" in fields:
        fields["sent_at"] = fields["sent_at"].replace(" UTC", "Z").replace(" ", "T")
    return {"line": row.line, "record": row.record, "fields": fields}


def _conversed(preview: Preview, parsed: MessagesFile) -> dict[str, Any]:
    known = sum(match.how == "exact" for _, match in preview.counterparts)
    return {
        "owner": {"name": parsed.owner.name, "linkedin_url": parsed.owner.linkedin},
        "imported": preview.counts.new,
        "conversations": len(parsed.conversations),
        "people": len(preview.counterparts),
        "people_already_known": known,
        "people_new": len(preview.counterparts) - known,
    }
