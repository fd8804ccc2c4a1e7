"""Bytes to a table: encoding, delimiter, header line, and records with the line where each starts.

A sheet keeps the bytes and reads them anew each time it is gone through: a million rows cost the memory of their file.
"""

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from core.importers.cells import read_back
from core.importers.columns import IDENTITY, columns_of, recognised
from core.importers.encodings import Encoding, encoding_of
from core.settings import Settings

_DELIMITERS = (",", ";", "\t", "|")
_RARE_DELIMITERS = ("^", "~", "\x1f", ":")  # also parts of words: only where they alone make headers we know
_LOOKED_AT = 200  # records that the delimiter, the header and the columns are told from
_HEADER_WITHIN = 40
_UNPACKED = 8  # times the largest upload: what a packed list may unpack to; real ones pack to a fifth
_READ_TWICE = 3_000_000  # lines; a file with more is built to be slow, and read line by line from there
_SAMPLE = 1 << 17


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may have at most; beyond `cell` characters one row is rejected, beyond the others the file is."""

    bytes: int = 200 * 1024 * 1024
    rows: int = 1_000_000
    columns: int = 2_000
    cell: int = 100_000
    unpacked: int = 400 * 1024 * 1024
    """What a workbook, or the list in a zip, may unpack to."""

    @property
    def unpacked_mb(self) -> int:
        return self.unpacked // 1024 // 1024


DEFAULT_LIMITS = Limits()
"""For the command line: a million rows, 200 MB."""


def upload_limits(settings: Settings) -> Limits:
    """What the team lets an upload have, read while others work on the same machine."""
    size = settings.upload_mb * 1024 * 1024
    return Limits(
        bytes=size,
        rows=settings.import_rows,
        columns=settings.import_columns,
        cell=settings.import_cell,
        unpacked=_UNPACKED * size,
    )


class Unreadable(Exception):
    """The file as a whole is of no use; carries one sentence for the person who chose it."""


class Record(NamedTuple):
    """`line` is where it starts, as an editor counts; `number` counts what is not blank after the header."""

    line: int
    number: int
    cells: Sequence[str]


Rows = Iterable[tuple[int, list[str]]]
Likeness = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table whose header is known. `header_line` is 0 where the file begins with data at once."""

    encoding: str
    delimiter: str | None
    line_ending: str | None
    header_line: int
    header: tuple[str, ...]
    rows_read: int
    blank_rows: int
    opened: Callable[[], Rows]
    name: str | None = None
    tables: tuple[str, ...] = ()
    """Of a workbook or a zip: the names of all that could be read in place of this one, and its own."""

    @property
    def likeness(self) -> "Likeness":
        return likeness_of([(self.header_line, list(self.header)), *((0, list(cells)) for cells in self.first())])

    def records(self) -> Iterator[Record]:
        """Every record after the header that is not blank, in file order; may be gone through again."""
        number = 0
        for line, cells in self.opened():
            if line > self.header_line and not _is_blank(cells):
                number += 1
                yield Record(line, number, cells)

    def first(self, count: int = _LOOKED_AT) -> list[Sequence[str]]:
        return [record.cells for record in islice(self.records(), count)]


def read_table(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Sheet:
    """The table that a text file is, or Unreadable."""
    refuse_too_large(data, limits)
    _refuse_other_files(data)
    encoding = encoding_of(data)
    sample = data[encoding.mark : encoding.mark + _SAMPLE].decode(encoding.codec, "replace")
    _refuse_binary(sample)
    delimiter, skipped = _delimiter_of(sample)
    opened: Callable[[], Rows] = _Text(data, encoding, delimiter, skipped, _has_space_before_quotes(sample, delimiter))
    if within := _delimiter_within(sample, delimiter):
        opened, delimiter = _Unwrapped(opened, within), within
    return sheet_of(
        opened, limits, encoding=encoding.name, delimiter=delimiter, line_ending=_line_ending(sample), skipped=skipped
    )


def sheet_of(
    opened: Callable[[], Rows],
    limits: Limits,
    *,
    encoding: str,
    delimiter: str | None = None,
    line_ending: str | None = None,
    skipped: int = 0,
    name: str | None = None,
) -> Sheet:
    """The sheet that rows make, wherever they come from: finds the header, counts, and refuses what is no table."""
    beginning = list(islice(((line, cells) for line, cells in opened() if not _is_blank(cells)), _LOOKED_AT))
    if not beginning:
        raise Unreadable("The file is empty; choose another.")
    header_line, header = _header_of(beginning, above=skipped)
    if len(header) > limits.columns:
        raise Unreadable(
            f"The table has {len(header):,} columns, more than the {limits.columns:,} that can be read;"
            " save those that matter as a list of their own."
        )
    rows_read, blank_rows = _counted(opened(), header_line, limits)
    if not rows_read:
        raise Unreadable("The file has a header and no rows under it; choose another.")
    return Sheet(encoding, delimiter, line_ending, header_line, header, rows_read, blank_rows, opened, name)


def likeness_of(beginning: Sequence[tuple[int, list[str]]]) -> Likeness:
    """How much rows look like a list of people, to be compared: more is more, () is not at all.

    Messages come after people, then what has one column alone, as a list of skills under `Name` has. A list of one,
    such as somebody's own profile, comes after a list of several.
    """
    _, header = _header_of(beginning, above=0)
    columns = columns_of(header, [cells for _, cells in beginning])
    fields = {column.kind for column in columns if column.kind}
    if "conversation_id" in fields:
        return 1, 0, len(fields)
    return (2 if len(fields) > 1 else 0, int(len(beginning) > 2), len(fields)) if fields & IDENTITY else ()


def refuse_too_large(data: bytes, limits: Limits) -> None:
    if len(data) > limits.bytes:
        size = limits.bytes / 1024 / 1024
        raise Unreadable(f"The file is larger than the {size:,.0f} MB that can be read; split it first.")


@dataclass(frozen=True, slots=True)
class _Text:
    """The rows of a delimited text, each with the line where it starts."""

    data: bytes
    encoding: Encoding
    delimiter: str
    skipped: int
    space_before_quotes: bool

    def __call__(self) -> Iterator[tuple[int, list[str]]]:
        """A quote that never closes would swallow the rows after it: its line is read alone, the rest anew."""
        csv.field_size_limit(2**31 - 1)  # an absurd cell costs its row, not the file
        lines = _Lines(self._lines())
        reader = self._reader(lines)
        line = self.skipped + 1
        read_twice = width = 0
        while read_twice < _READ_TWICE:
            lines.of_record.clear()
            try:
                cells = next(reader)
                width = len(cells) or width
            except StopIteration:
                return
            except csv.Error:
                read_twice += len(lines.of_record)
                cells = self._alone(lines.give_back_all_but_one(), width)
                reader = self._reader(lines)
            yield line, cells
            line += len(lines.of_record)
        for line, text in enumerate(lines, line):  # noqa: B020 - goes on from where the reader gave up
            yield line, self._alone(text, width)

    def _reader(self, lines: Iterable[str]) -> Iterator[list[str]]:
        return csv.reader(lines, delimiter=self.delimiter, skipinitialspace=self.space_before_quotes, strict=True)

    def _alone(self, text: str, width: int) -> list[str]:
        """One line whose quotes are wrong: read as far as they make sense, else as it stands.

        They make none where by them the line has not as many cells as the one before, and without them it has.
        """
        as_it_stands = text.rstrip("\r\n").split(self.delimiter)
        if text.count('"') % 2:
            return as_it_stands
        cells = next(csv.reader([text], delimiter=self.delimiter), [])
        return as_it_stands if len(cells) != width == len(as_it_stands) else cells

    def _lines(self) -> Iterator[str]:
        stream = io.BytesIO(self.data)
        stream.seek(self.encoding.mark)
        lines = io.TextIOWrapper(stream, encoding=self.encoding.codec, errors="replace", newline="")
        return islice(lines, self.skipped, None)


@dataclass(frozen=True, slots=True)
class _Unwrapped:
    """The rows of a text whose every record was put in quotes as a whole: `"Noor,noor@x.example"`."""

    wrapped: Callable[[], Rows]
    delimiter: str

    def __call__(self) -> Iterator[tuple[int, list[str]]]:
        for line, cells in self.wrapped():
            yield line, self._apart(cells[0]) if len(cells) == 1 else cells

    def _apart(self, record: str) -> list[str]:
        return next(csv.reader(io.StringIO(record, newline=""), delimiter=self.delimiter), [])


class _Lines:
    """Lines that can be given back when the record they were taken for turns out to be none."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self.of_record: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.of_record.append(line)
        return line

    def give_back_all_but_one(self) -> str:
        first, *others = self.of_record
        self._again.extendleft(reversed(others))
        self.of_record = [first]
        return first


def _is_blank(cells: Sequence[str]) -> bool:
    return not "".join(cells).strip()


def _counted(rows: Rows, header_line: int, limits: Limits) -> tuple[int, int]:
    read = blank = 0
    for line, cells in rows:
        if line > header_line:
            if _is_blank(cells):
                blank += 1
            else:
                read += 1
                if read > limits.rows:
                    raise Unreadable(
                        f"The file has more than the {limits.rows:,} rows that can be read at once; split it first."
                    )
    return read, blank


# What kind of file

_OTHER_FILES = (
    (b"PK\x05\x06", "an empty zip"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old or a locked Excel workbook; save it as .xlsx without a password, or as CSV",
    ),
    (b"%PDF", "a PDF; ask for the list as .xlsx or CSV"),
    (b"\x89PNG", "a picture; ask for the list as .xlsx or CSV"),
    (b"\xff\xd8\xff", "a picture; ask for the list as .xlsx or CSV"),
    (b"GIF8", "a picture; ask for the list as .xlsx or CSV"),
    (b"\x1f\x8b", "a compressed file; unpack it first"),
    (b"7z\xbc\xaf", "a compressed file; unpack it first"),
    (b"Rar!", "a compressed file; unpack it first"),
    (b"SQLite format 3", "a database; export the table as CSV"),
    (b"BEGIN:VCARD", "a vCard; export the contacts as CSV instead"),
    (b"{\\rtf", "a text document; copy its table into a sheet and save that as .xlsx or CSV"),
)


_MARKUP = re.compile(rb"\s*<(?:!doctype|html|head|body|table|\?xml|\?mso)", re.IGNORECASE)
_JSON = re.compile(rb"\s*(?:\[\s*)?\{\s*\"")


def _refuse_other_files(data: bytes) -> None:
    blank = b"\0 \t\r\n,;|\xef\xbb\xbf\xff\xfe"
    if not data[:_SAMPLE].strip(blank) and not data.strip(blank):  # stripping copies: not all of a large file
        raise Unreadable("The file is empty; choose another.")
    for first, what in _OTHER_FILES:
        if data.startswith(first):
            raise Unreadable(f"This is not a table but {what}.")
    beginning = data[:2_000].removeprefix(b"\xef\xbb\xbf")
    if _MARKUP.match(beginning):
        raise Unreadable(
            "This is a web page or XML, whatever its name says; open it in Excel and save it as .xlsx or CSV."
        )
    if _JSON.match(beginning):
        raise Unreadable("This is not a table but JSON; ask for the list as .xlsx or CSV.")


def _refuse_binary(sample: str) -> None:
    odd = len(re.findall(r"[\x00-\x08\x0e-\x1f\x7f\ufffd]", sample))
    if odd > len(sample) * 0.1 + 8:
        raise Unreadable("This is not a table of text; save the list as .xlsx or CSV.")


def _line_ending(sample: str) -> str | None:
    endings = Counter(re.findall(r"\r\n|\r|\n", sample))
    named = {"\r\n": "CRLF", "\n": "LF", "\r": "CR"}
    return named[endings.most_common(1)[0][0]] if endings else None


# Delimiter and header


def _delimiter_of(sample: str) -> tuple[str, int]:
    """The delimiter, and how many lines stand before the table begins: Excel's own `sep=;` says both."""
    if said := re.match(r'"?sep=(.)"?\r?(?:\n|$)', sample):
        return said[1], 1
    usual = {delimiter: _order_made_by(sample, delimiter) for delimiter in _DELIMITERS}
    best = max(usual, key=usual.__getitem__)
    if usual[best][0] <= 1:
        if (bare := _without_stray_quote(sample)) != sample:
            return _delimiter_of(bare)
        for rare in _RARE_DELIMITERS:
            if _order_made_by(sample, rare)[0] > 1:
                return rare, 0
    return best, 0


def _without_stray_quote(sample: str) -> str:
    """One that opens the file and does not close on its line makes all that follows one cell."""
    first = sample.split("\n", 1)[0].split("\r", 1)[0]
    return sample[1:] if first.startswith('"') and first.count('"') % 2 else sample


def _delimiter_within(sample: str, delimiter: str) -> str | None:
    """What parts the cells where each record is one quoted cell, as a spreadsheet of the wrong country saves them."""
    if not _without_stray_quote(sample).startswith('"') or _order_made_by(sample, delimiter)[0] > 1:
        return None
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    records = [cells for cells in islice(reader, _LOOKED_AT) if not _is_blank(cells)]
    alone = [cells[0] for cells in records if len(cells) == 1]
    if len(alone) < len(records) * 0.9:
        return None
    inside = "\n".join(alone)
    return next((within for within in _DELIMITERS if _order_made_by(inside, within)[0] > 1), None)


def _order_made_by(sample: str, delimiter: str) -> tuple[int, float, int]:
    """How many headers are known, how many rows are as wide as the header, and how wide that is."""
    csv.field_size_limit(2**31 - 1)
    rows = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    beginning = [cells for cells in islice(rows, _LOOKED_AT) if not _is_blank(cells)]
    known, header = max(
        ((recognised(cells), cells) for cells in beginning[:_HEADER_WITHIN]),
        key=lambda found: found[0],
        default=(0, []),
    )
    width = len(header) if known else Counter(map(len, beginning)).most_common(1)[0][0] if beginning else 0
    alike = sum(len(cells) == width for cells in beginning) / len(beginning) if width > 1 else 0.0
    return known, alike, width


def _header_of(beginning: Sequence[tuple[int, list[str]]], above: int) -> tuple[int, tuple[str, ...]]:
    """The row with the most headers we know, the first of such; a file of data alone has empty headers.

    What stands above it are titles: a row of data as full as it is none, and then it is a word among data. A table
    whose headers are all strange still has one: its first row of full width that holds no data.
    """
    width = Counter(len(cells) for _, cells in beginning).most_common(1)[0][0]
    candidates = [(line, cells) for line, cells in beginning[:_HEADER_WITHIN] if not _holds_data(cells)]
    heads = [row for row in candidates if not _is_among_data(row, beginning)]
    known = max(heads, key=lambda row: recognised(row[1]), default=None)
    if known and recognised(known[1]):
        return known[0], tuple(map(read_back, known[1]))
    if any(_holds_data(cells) for _, cells in beginning[:1]):
        return above, ("",) * max(len(cells) for _, cells in beginning)
    strange = next(((line, cells) for line, cells in candidates if len(cells) >= width > 1), None)
    if strange is None:
        raise Unreadable("This is not a table: no line of it looks like a header. Name its columns in the first row.")
    return strange[0], tuple(map(read_back, strange[1]))


_DATA = re.compile(r"\S@\S+\.\S|://|(?:\d[\s().-]*){7}|linkedin\.com/", re.IGNORECASE)


def _holds_data(cells: Sequence[str]) -> bool:
    return any(_DATA.search(cell[:300]) for cell in cells)


def _is_among_data(header: tuple[int, list[str]], beginning: Sequence[tuple[int, list[str]]]) -> bool:
    line, words = header
    above = [cells for at, cells in beginning if at < line]
    return any(_holds_data(cells) and sum(map(bool, cells)) >= sum(map(bool, words)) for cells in above)


def _has_space_before_quotes(sample: str, delimiter: str) -> bool:
    """A list typed by hand, `Jan, "Kowalski, PhD", x`, where the space would make the quote a letter."""
    mark = re.escape(delimiter)
    return delimiter != "\t" and bool(re.search(rf'{mark} +"[^"\n]*"\s*(?:{mark}|$)', sample, re.MULTILINE))
