"""What an Excel workbook says: its sheets, and the cells of each as people would type them.

Read piece by piece and straight from the XML, so that what a file claims of itself, its entities and its formulas are
never acted on: ten times as fast as a library that builds a model of every cell.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from posixpath import dirname, join, normpath
from typing import NamedTuple
from xml.parsers import expat

from core.importers.reading import Unreadable

Attributes = dict[str, str]

_CHUNK = 1 << 16
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384  # Excel's own
_MOST_STRINGS = 3_000_000
_DAY_ZERO, _DAY_ZERO_OF_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - days of no zone
_TOO_LARGE = "The sheet is far larger than a list of people; save what matters as CSV."


class Tab(NamedTuple):
    """A sheet: its name, the part of the zip it is in, and whether people see it."""

    name: str
    part: str
    is_visible: bool


class Workbook:
    """An opened workbook. `rows` reads a sheet each time it is gone through."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self._parts = {name.replace("\\", "/").lower().lstrip("/"): name for name in packed.namelist()}
        book = self._relations("")["officedocument"][0][1]
        related = self._relations(book)
        self.sheets: list[Tab] = []
        self._day_zero = _DAY_ZERO
        self._read_book(book, {id_: part for pairs in related.values() for id_, part in pairs})
        self._strings = self._read_strings([part for _, part in related.get("sharedstrings", [])])
        self._dated = self._read_styles([part for _, part in related.get("styles", [])])

    def rows(self, sheet: Tab, most_columns: int) -> Iterator[tuple[int, list[str]]]:
        """Rows that have anything in them, each with its number; cells beyond so many columns become one."""
        reading = _Cells(self, most_columns)
        for _ in self._parse(sheet.part, reading.begin, reading.end, reading.say):
            yield from reading.taken()

    def said(self, kind: str, style: str, text: str) -> str:
        """A cell's value as somebody would have typed it: whole numbers without a point, days as ISO."""
        if kind == "s":
            return self._strings[int(text)]
        if kind == "b":
            return "True" if text.strip() in {"1", "true"} else "False"
        if kind != "n":
            return _unescaped(text)
        if style in self._dated:
            return _moment(text, self._day_zero)
        if len(text) < 16 and text.isdigit() and text.isascii():
            return text
        number = float(text)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else str(number)

    def _read_book(self, part: str, part_of: dict[str, str]) -> None:
        def begin(name: str, attributes: Attributes) -> None:
            if name == "sheet":
                of = part_of.get(next((value for key, value in attributes.items() if key.endswith(":id")), ""), "")
                if "worksheet" in of or "/sheet" in of:
                    self.sheets.append(Tab(attributes["name"], of, attributes.get("state", "visible") == "visible"))
            elif name == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
                self._day_zero = _DAY_ZERO_OF_1904

        self._go_through(part, begin)

    def _read_strings(self, parts: list[str]) -> list[str]:
        """The texts that cells point to; of each its own words, without the reading that Japanese adds."""
        found: list[str] = []
        words: list[str] = []
        listens, reading = False, False

        def begin(name: str, _: Attributes) -> None:
            nonlocal listens, reading
            listens = name == "t" and not reading
            reading = reading or name == "rPh"

        def end(name: str) -> None:
            nonlocal listens, reading
            listens = False
            if name == "rPh":
                reading = False
            elif name == "si":
                found.append(_unescaped("".join(words)))
                words.clear()
                if len(found) > _MOST_STRINGS:
                    raise Unreadable("The workbook holds more texts than can be read; save the sheet as CSV.")

        def say(text: str) -> None:
            if listens:
                words.append(text)

        for part in parts:
            self._go_through(part, begin, end, say)
        return found

    def _read_styles(self, parts: list[str]) -> frozenset[str]:
        """The styles that show a number as a day."""
        codes: dict[str, str] = {}
        formats: list[str] = []
        within = ""

        def begin(name: str, attributes: Attributes) -> None:
            nonlocal within
            if name in {"cellXfs", "cellStyleXfs", "dxfs"}:
                within = name
            elif name == "numFmt" and within != "dxfs":
                codes[attributes["numFmtId"]] = attributes.get("formatCode", "")
            elif name == "xf" and within == "cellXfs":
                formats.append(attributes.get("numFmtId", "0"))

        for part in parts:
            self._go_through(part, begin)
        return frozenset(str(style) for style, id_ in enumerate(formats) if _shows_days(id_, codes.get(id_)))

    def _relations(self, part: str) -> dict[str, list[tuple[str, str]]]:
        """What a part refers to: ids and parts by kind."""
        found: dict[str, list[tuple[str, str]]] = {}

        def begin(name: str, attributes: Attributes) -> None:
            if name == "Relationship":
                kind = attributes["Type"].rpartition("/")[2].lower()
                target = normpath(join("/" + dirname(part), attributes["Target"].replace("\\", "/")))
                found.setdefault(kind, []).append((attributes["Id"], target.lstrip("/").lower()))

        folder, _, name = part.rpartition("/")
        self._go_through(f"{folder}/_rels/{name}.rels".lstrip("/"), begin)
        return found

    def _go_through(
        self,
        part: str,
        begin: Callable[[str, Attributes], None],
        end: Callable[[str], None] | None = None,
        say: Callable[[str], None] | None = None,
    ) -> None:
        for _ in self._parse(part, begin, end, say):
            pass

    def _parse(
        self,
        part: str,
        begin: Callable[[str, Attributes], None],
        end: Callable[[str], None] | None,
        say: Callable[[str], None] | None,
    ) -> Iterator[None]:
        """Feeds a part to the handlers and pauses after each piece."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: begin(name.rpartition(":")[2], attributes)
        if end:
            parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
        parser.CharacterDataHandler = say
        parser.StartDoctypeDeclHandler = _refuse_doctype
        with self._packed.open(self._parts[part]) as stream:
            while piece := stream.read(_CHUNK):
                parser.Parse(piece, False)
                yield
            parser.Parse(b"", True)
            yield


class _Cells:
    """Gathers rows while a sheet is parsed."""

    def __init__(self, book: Workbook, most_columns: int) -> None:
        self.book, self.most_columns = book, most_columns
        self.rows: list[tuple[int, list[str]]] = []
        self.number = 0
        self.row: list[str] = []
        self.kind = self.style = ""
        self.column = -1
        self.text = ""
        self.listens = self.is_reading = False

    def taken(self) -> list[tuple[int, list[str]]]:
        rows, self.rows = self.rows, []
        return rows

    def begin(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            get = attributes.get
            reference = get("r")
            self.column = _column_of(reference.rstrip("0123456789")) if reference else self.column + 1
            self.kind, self.style, self.text = get("t", "n"), get("s", "0"), ""
            if self.column >= _LAST_COLUMN:
                raise Unreadable(_TOO_LARGE)
        elif name == "v" or (name == "t" and not self.is_reading):
            self.listens = True
        elif name == "rPh":
            self.is_reading = True
        elif name == "row":
            self.number = max(int(attributes.get("r", 0)), self.number + 1)
            if self.number > _LAST_ROW:
                raise Unreadable(_TOO_LARGE)
            self.row, self.column = [], -1

    def end(self, name: str) -> None:
        if name in {"v", "t"}:
            self.listens = False
        elif name == "c":
            if self.text:
                self._place(self.book.said(self.kind, self.style, self.text))
        elif name == "rPh":
            self.is_reading = False
        elif name == "row" and self.row:
            self.rows.append((self.number, self.row))

    def say(self, text: str) -> None:
        if self.listens:
            self.text += text

    def _place(self, text: str) -> None:
        """Cells may be missing, and come in any order."""
        column = min(self.column, self.most_columns)
        blank = column - len(self.row)
        if blank >= 0:
            if text:
                self.row += [""] * blank
                self.row.append(text)
        else:
            self.row[column] = text


@lru_cache(maxsize=_LAST_COLUMN)
def _column_of(letters: str) -> int:
    """`A` is 0, `AA` is 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
        if not 0 < number <= _LAST_COLUMN:
            raise Unreadable(_TOO_LARGE)
    return number - 1


def _refuse_doctype(*_: object) -> None:
    """No workbook has one but those built to blow up when their entities are filled in."""
    raise Unreadable("The workbook is damaged and can't be read; save it anew, or as CSV.")


_DAYS_OF_EXCEL = frozenset(map(str, (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))))
_NO_LETTERS_OF_DAYS = re.compile(r'"[^"]*"|\\.|_.|\[(?!h|m|s|H|M|S)[^\]]*\]')


def _shows_days(id_: str, code: str | None) -> bool:
    """Whether a number's format is one of days; `[h]:mm` counts hours."""
    if code is None:
        return id_ in _DAYS_OF_EXCEL
    letters = _NO_LETTERS_OF_DAYS.sub("", code.split(";")[0])
    return bool(re.search(r"[dmyhsDMYHS]", letters)) and "[" not in letters


@lru_cache(maxsize=65536)
def _moment(text: str, day_zero: datetime) -> str:
    """The day a serial number says, with its time where it has one; as it stands where it says none."""
    serial = float(text)
    days = int(serial)
    try:
        moment = day_zero + timedelta(days=days, seconds=round((serial - days) * 86_400))
    except OverflowError:
        return text
    if days == 0:
        return moment.time().isoformat()
    if not (moment.hour or moment.minute or moment.second):
        return moment.date().isoformat()
    return moment.isoformat(" ", "seconds")


def _unescaped(text: str) -> str:
    """`_x000D_` is how Excel writes a character that XML has no place for."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
