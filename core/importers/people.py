"""A file of people, row by row: what each says of one person, normalised, or why it says nothing."""

import marshal
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from typing import Any, Literal, NamedTuple

from core.domain import handles, matching, names
from core.domain.countries import region_of
from core.domain.handles import Handle
from core.importers import values
from core.importers.cells import FIRST_OF_PLACEHOLDERS, cleaned, has_control_characters, is_placeholder, read_back
from core.importers.columns import DATES, IDENTITY, LEFT_OUT, PAY, SURPLUS, Column, is_surname_first
from core.importers.reading import DEFAULT_LIMITS, Limits, Record, Sheet
from core.importers.values import DateOrder

Reason = Literal[
    "no_identity",
    "repeated_header",
    "column_mismatch",
    "not_a_person",
    "draft",
    "value_too_long",
    "invalid_date",
    "erased",
]
Value = str | list[str]
Orders = Mapping[Any, DateOrder | None]
"""How columns of days are written, each by its header or its index."""


@dataclass(frozen=True, slots=True)
class CellWarning:
    """A value that was dropped while its row was kept; `text` is what the cell says. No column: the whole row."""

    code: str
    column: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Rejection:
    reason: Reason
    detail: str


class Incoming(NamedTuple):
    """A person as one row tells of them. `fields` has what was said in the words of the columns, `dates` the days."""

    name: str
    handles: tuple[Handle, ...]
    fields: Mapping[str, Value]
    dates: Mapping[str, date]
    compared: matching.Person
    fingerprint: str

    def text(self, field: str) -> str:
        value = self.fields.get(field, "")
        return value if isinstance(value, str) else ", ".join(value)

    def list(self, field: str) -> Sequence[str]:
        value = self.fields.get(field, [])
        return [value] if isinstance(value, str) else value


class ReadRow(NamedTuple):
    """One row of a file, not yet compared with anybody. `cells` are as they were, trimmed and safe to store."""

    line: int
    record: int
    cells: tuple[str, ...]
    person: Incoming | None
    rejection: Rejection | None = None
    warnings: tuple[CellWarning, ...] = ()
    packed: bytes = b""
    """All of it, as another process that read it has packed it: it is put away as it is."""


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """A table of people. Going through `rows` reads the file again, so that a large one never stands in memory."""

    sheet: Sheet
    columns: tuple[Column, ...]
    region: str
    limits: Limits = DEFAULT_LIMITS
    orders: Orders = field(default_factory=dict)
    """As somebody said who was asked."""

    @property
    def format(self) -> str:
        found = {column.header.strip().casefold() for column in self.columns}
        return next((name for name, headers in _FORMATS.items() if headers <= found), "table")

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables the file holds, this one and those that could be read in its place."""
        return self.sheet.tables

    @property
    def dropped_columns(self) -> tuple[Column, ...]:
        """Columns of present or past pay, which Perennial has no place for."""
        return tuple(column for column in self.columns if column.field == PAY)

    @property
    def columns_of_words(self) -> tuple[int, ...]:
        """Those that may name others: neither the person's own addresses nor days are in them."""
        return tuple(column.index for column in self.columns if column.kind not in DATES | OWN_ADDRESSES)

    def date_orders(self) -> dict[str, DateOrder | None]:
        """How each column of days is written: as it was said to be, or from all of its cells."""
        dated = [column for column in self.columns if column.field in DATES]
        if not dated:
            return {}
        texts: dict[str, set[str]] = {column.header: set() for column in dated}  # of one name, of one convention
        of_column = [(column.index, texts[column.header]) for column in dated]
        for record in self.sheet.records():
            for index, seen in of_column:
                if index < len(record.cells):
                    seen.add(record.cells[index].strip())
        found = {header: values.date_order(seen) for header, seen in texts.items()}
        said = {column.header: _of(column, self.orders) for column in dated}
        return found | {header: order for header, order in said.items() if order}

    def rows(self, orders: Orders | None = None) -> Iterator[ReadRow]:
        return map(self.reader(orders).read, self.sheet.records())

    def reader(self, orders: Orders | None = None) -> "Reader":
        return Reader(self, self.date_orders() if orders is None else orders)


def pack(row: Any) -> bytes:
    """All that a ReadRow says, of one or of what has the same columns."""
    rejection, person = row.rejection, row.person
    plain = (
        row.line,
        row.record,
        row.cells,
        person and _plain_person(person),
        rejection and (rejection.reason, rejection.detail),
        row.warnings and [(one.code, one.column, one.text) for one in row.warnings],
    )
    return marshal.dumps(plain)


def unpack(packed: bytes) -> ReadRow:
    line, record, cells, person, rejection, warnings = marshal.loads(packed)  # noqa: S302 - of a process of ours
    return ReadRow(
        line,
        record,
        cells,
        person and _person_of(person),
        Rejection(*rejection) if rejection else None,
        tuple(CellWarning(*one) for one in warnings) if warnings else (),
        packed,
    )


def _plain_person(person: Incoming) -> Any:
    days = {name: day.toordinal() for name, day in person.dates.items()}
    handles = [tuple(handle) for handle in person.handles]
    return person.name, handles, person.fields, days, tuple(person.compared), person.fingerprint


def _person_of(plain: Any) -> Incoming:
    name, handles, fields, days, compared, fingerprint = plain
    return Incoming(
        name,
        tuple([Handle(*handle) for handle in handles]),
        fields,
        {name: date.fromordinal(day) for name, day in days.items()},
        matching.Person(*compared),
        fingerprint,
    )


def _of(column: Column, orders: Mapping[str | int, Any]) -> Any:
    """What is said of a column, by its index or its header."""
    return orders.get(column.index, orders.get(column.header))


OWN_ADDRESSES = frozenset({"email", "phone", "linkedin_url", "github_url"})
_FORMATS: Mapping[str, frozenset[str]] = {
    "linkedin_connections": frozenset({"first name", "last name", "url", "connected on"}),
    "greenhouse_bulk_import": frozenset({"first name", "last name", "who gets credit", "milestone"}),
    "google_contacts": frozenset({"first name", "last name", "phonetic first name", "labels"}),
    "google_contacts_old": frozenset({"name", "given name", "family name", "given name yomi"}),
}
_ACCOUNTS_OF_NOBODY = frozenset(
    "organization organisation organizacja company firma unternehmen bot page company page mannequin".split()
) | {"company page"}
_LISTS = frozenset({"skills", "tags"})
_SPECIAL = DATES | _LISTS | IDENTITY | {"phone", "middle_name", "notes", "account_type", PAY, LEFT_OUT, "website"}


class Reader:
    """Reads one file's rows; what is the same for all of them is worked out once. Of the rows it holds nothing."""

    def __init__(self, file: PeopleFile, orders: Orders) -> None:
        self.region = file.region
        self.longest = file.limits.cell
        self.width = len(file.sheet.header)
        self.header = [cleaned(name).casefold() for name in file.sheet.header]
        self.as_written = file.sheet.header
        self.is_linkedin = file.format == "linkedin_connections"
        kinds: dict[str, list[Column]] = {}
        for column in file.columns:
            if column.kind:
                kinds.setdefault(column.kind, []).append(column)
        self.names = [
            (kind, column.index, kind == "full_name" and is_surname_first(self.as_written[column.index]))
            for kind in ("full_name", "first_name", "middle_name", "last_name")
            for column in kinds.get(kind, ())
        ]
        """Of each column of names: its kind, where it is, and whether it says the surname first."""
        self.emails = kinds.get("email", [])
        self.phones = kinds.get("phone", [])
        self.countries = [column.index for column in kinds.get("country", ())]
        self.profiles = [column for column in file.columns if column.field in {"linkedin_url", "github_url"}]
        self.websites = kinds.get("website", [])
        self.notes = kinds.get("notes", [])
        self.account_types = kinds.get("account_type", [])
        self.lists = [column for column in file.columns if column.field in _LISTS]
        self.dated = [(column, _of(column, orders)) for column in file.columns if column.field in DATES]
        self.plain = [
            (column.field, column.index)
            for column in file.columns
            if column.field and column.kind not in _SPECIAL and column.field not in _SPECIAL
        ]
        self.unkept = [column.index for column in file.columns if column.field == PAY]
        self.ours = [column.index for column in file.columns if column.field == LEFT_OUT]
        self.surplus = [index for index in self.ours if self.as_written[index] == SURPLUS]

    def read(self, record: Record) -> ReadRow:
        raw = self._raw(record.cells)
        rejection = self._misshapen(record.cells, raw)
        for index in self.ours:
            raw[index : index + 1] = [""]  # also of a row that ends before
        if rejection is None and self._is_header_again(raw):
            rejection = Rejection("repeated_header", "the header pasted again")
        if rejection:
            return ReadRow(record.line, record.number, self._kept(raw), None, rejection)
        cells = ["" if cell[:1] in FIRST_OF_PLACEHOLDERS and is_placeholder(cell) else cell for cell in raw]
        cells += [""] * (self.width - len(cells))
        warnings: list[CellWarning] = []
        if not "".join(record.cells).isprintable():
            self._warn_of_control_characters(record.cells, warnings)
        kept = self._kept(raw)
        found = self._person(cells, kept, warnings)
        person, rejection = (found, None) if isinstance(found, Incoming) else (None, found)
        return ReadRow(record.line, record.number, kept, person, rejection, tuple(warnings))

    def _raw(self, cells: Sequence[str]) -> list[str]:
        together = "".join(cells)
        if "'" in together:
            cells = [read_back(cell) for cell in cells]
        if len(together) > self.longest and any(len(cell) > self.longest for cell in cells):
            cells = [cell[: self.longest] for cell in cells]
        if together.isprintable() and "  " not in together and _is_composed(together):
            return [cell.strip() for cell in cells]
        return [cleaned(cell) for cell in cells]

    def _kept(self, raw: list[str]) -> tuple[str, ...]:
        if not self.unkept:
            return tuple(raw)
        return tuple("" if index in self.unkept else cell for index, cell in enumerate(raw))

    def _misshapen(self, cells: Sequence[str], raw: list[str]) -> Rejection | None:
        if (len(raw) > self.width and any(raw[self.width :])) or (
            self.surplus and any(any(raw[at : at + 1]) for at in self.surplus)
        ):
            return Rejection(
                "column_mismatch", f"{len(raw)} cells under {self.width} columns: cells would land in wrong columns"
            )
        if max(map(len, cells)) > self.longest:
            index, cell = max(enumerate(cells), key=lambda one: len(one[1]))
            name = self.as_written[index] if index < self.width else ""
            return Rejection("value_too_long", f"{len(cell):,} characters in one cell ({name})")
        return None

    def _is_header_again(self, raw: list[str]) -> bool:
        same = 0
        for cell, header in zip(raw, self.header):  # noqa: B905 - short rows and surplus cells are fine here
            if cell:
                if cell.casefold() != header:
                    return False
                same += 1
        return same >= 2 or same == self.width

    def _warn_of_control_characters(self, cells: Sequence[str], warnings: list[CellWarning]) -> None:
        for index, cell in enumerate(cells[: self.width]):
            if has_control_characters(cell):
                warnings.append(CellWarning("control_chars", self.as_written[index], cleaned(cell)))

    def _person(self, cells: list[str], kept: tuple[str, ...], warnings: list[CellWarning]) -> Incoming | Rejection:
        fields: dict[str, Value] = {}
        name, addresses_as_names = self._name(cells, fields)
        found = self._handles(cells, fields, addresses_as_names, warnings)
        dates = self._values(cells, fields, warnings)
        if self._is_marked_as_nobody(cells, fields):
            return Rejection("not_a_person", "the source says that this is no person")
        if not name:
            if not any(handle.kind != "phone" for handle in found):
                return Rejection("no_identity", "no name, no e-mail, no profile address")
            warnings.append(CellWarning("name_missing"))
        company = fields.get("company", "")
        compared = matching.person(
            names.name_key(name), names.company_key(company) if isinstance(company, str) and company else "", found
        )
        return Incoming(name, found, fields, dates, compared, fingerprint(kept))

    def _name(self, cells: list[str], fields: dict[str, Value]) -> tuple[str, list[str]]:
        """The name, and addresses that stand where a name should."""
        addresses: list[str] = []
        said: dict[str, str] = {}
        surname_first = False
        for kind, index, is_other_way_round in self.names:
            if text := cells[index]:
                if "@" in text:
                    addresses.append(text)
                elif kind not in said:
                    said[kind] = " ".join(text.split())
                    surname_first |= is_other_way_round
        joined = names.full_name(said.get("first_name", ""), said.get("middle_name", ""), said.get("last_name", ""))
        if said.keys() == {"last_name"}:
            joined = names.as_said(joined)  # `Nachname, Vorname` with no quotes is two columns, the second one empty
        whole = said.get("full_name", "")
        for name in (names.as_said(whole, surname_first=surname_first) if whole else "", joined):
            if name and names.is_name(name):
                fields.update(said)
                return name, addresses
        return "", addresses

    def _handles(
        self, cells: list[str], fields: dict[str, Value], as_names: list[str], warnings: list[CellWarning]
    ) -> tuple[Handle, ...]:
        addresses: list[str] = []
        for column in self.emails:
            if text := cells[column.index]:
                read = handles.email(text)
                addresses += read.values
                for reason in read.reasons:
                    warnings.append(CellWarning(reason, column.header, text))
        for text in as_names:
            addresses += handles.email(text).values
        found = [Handle("email", address) for address in addresses]
        numbers: list[str] = []
        for column in self.phones:
            if text := cells[column.index]:
                read = self._phone(text, cells)
                numbers += read.values
                for reason in read.reasons:
                    warnings.append(CellWarning(reason, column.header, text))
        found += self._profiles(cells, warnings)
        found += [Handle("phone", number) for number in numbers]
        if len(found) > 1:
            found = list(dict.fromkeys(found))
        for handle in found:
            _put_numbered(fields, _FIELD_OF[handle.kind], handle.value)
        return tuple(found)

    def _phone(self, text: str, cells: list[str]) -> handles.Found:
        """Read in the country the row names; where that makes no number, in the file's."""
        for index in self.countries:
            region = region_of(cells[index])
            if region and region != self.region:
                read = handles.phone(text, region)
                if not read.reasons:
                    return read
        return handles.phone(text, self.region)

    def _profiles(self, cells: list[str], warnings: list[CellWarning]) -> list[Handle]:
        found: list[Handle] = []
        for column in self.profiles:
            if text := cells[column.index]:
                if column.field == "github_url" and "linkedin." not in text.lower():
                    read = handles.github(text)
                    users, reasons = tuple(Handle("github", user) for user in read.values), read.reasons
                else:
                    users, reasons = handles.profile(text)
                found += users
                for reason in reasons:
                    warnings.append(CellWarning(reason, column.header, text))
        for column in self.websites:
            text = cells[column.index]
            if "linkedin." in text.lower() or "github." in text.lower():
                found += handles.profile(text)[0]
        return found

    def _values(self, cells: list[str], fields: dict[str, Value], warnings: list[CellWarning]) -> dict[str, date]:
        for name, index in self.plain:
            if (text := cells[index]) and name not in fields:
                fields[name] = text
        for column in self.websites:
            if text := cells[column.index]:
                fields.setdefault("website", text)
        if self.notes:
            fields["notes"] = "\n".join(text for column in self.notes if (text := cells[column.index]))
        for column in self.lists:
            assert column.field
            read = values.labels(cells[column.index]) if column.field == "tags" else values.words(cells[column.index])
            before = fields.get(column.field)
            fields[column.field] = [*before, *(new for new in read if new not in before)] if before else read
        dates: dict[str, date] = {}
        for column, order in self.dated:
            if text := cells[column.index]:
                self._date(column, text, order, fields, dates, warnings)
        return dates

    def _date(
        self,
        column: Column,
        text: str,
        order: DateOrder | None,
        fields: dict[str, Value],
        dates: dict[str, date],
        warnings: list[CellWarning],
    ) -> None:
        """A day; as it stands where the column does not say which day it is, or where words are as good."""
        assert column.field
        said = values.day(text, order)
        if said:
            if column.field not in dates:
                fields[column.field] = said.isoformat()
                dates[column.field] = said
        elif column.field == "available_from" or (order == "ambiguous" and values.could_be_either(text)):
            fields.setdefault(column.field, text)
        else:
            warnings.append(CellWarning("invalid_date", column.header, text))

    def _is_marked_as_nobody(self, cells: list[str], fields: Mapping[str, Value]) -> bool:
        for column in self.account_types:
            if cells[column.index].casefold() in _ACCOUNTS_OF_NOBODY:
                return True
        for column in self.profiles:
            text = cells[column.index]
            if text.lower().endswith("[bot]"):
                return True
            if self.is_linkedin and "email" not in fields and handles.is_company_page(text):
                return True
        return False


_FIELD_OF: Mapping[str, str] = {
    "email": "email",
    "phone": "phone",
    "linkedin": "linkedin_url",
    "github": "github_url",
}


def _put_numbered(fields: dict[str, Value], field: str, value: str) -> None:
    name, number = field, 1
    while name in fields:
        number += 1
        name = f"{field}_{number}"
    fields[name] = value


def _is_composed(text: str) -> bool:
    return text.isascii() or unicodedata.is_normalized("NFC", text)


def fingerprint(cells: tuple[str, ...]) -> str:
    """The row itself, whatever its columns mean: the same row of a later upload is the same person."""
    return blake2b("\x1f".join(cells).rstrip("\x1f").encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
