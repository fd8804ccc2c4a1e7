"""An Excel workbook to a table: the sheet that looks most like a list, its cells as people would type them."""

import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, time
from itertools import islice
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook

from core.importers.reading import Likeness, Limits, Sheet, Unreadable, likeness_of, sheet_of
from core.importers.zips import chunks

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Row = tuple[int, list[str]]

_NO_SHEET = "The workbook has no sheet with a table."
_LOOKED_AT = 50  # rows that tell which sheet is the list
_LAST_ROW = 1_048_576  # Excel's own
_MOST_CELLS = 20_000_000  # blank ones between two counted: a cell far to the right costs all before it
_MOST_STRINGS = 3_000_000
_STRINGS = "xl/sharedStrings.xml"


def is_workbook(packed: zipfile.ZipFile) -> bool:
    names = packed.namelist()
    return any(name.startswith("xl/") for name in names) and "xl/workbook.bin" not in names


def read_workbook(data: bytes, limits: Limits, sheet: str | None = None) -> Sheet:
    """The sheet of that name, else the one that looks most like a list; hidden formatting below the list is no row."""
    try:
        _refuse_many_strings(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        with closing(book), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and drop-down lists, which we do not read
            return _table(book.worksheets, limits, sheet)
    except Unreadable:
        raise
    except Exception as damaged:  # a damaged workbook makes openpyxl raise whatever comes to hand
        raise Unreadable("The workbook is damaged and can't be read; save it anew, or as CSV.") from damaged


def _table(sheets: Sequence["Worksheet"], limits: Limits, wanted: str | None) -> Sheet:
    beginnings = {sheet.title: list(islice(_rows(sheet, limits), _LOOKED_AT)) for sheet in sheets}
    tables = [sheet for sheet in sheets if beginnings[sheet.title]]
    if not tables:
        raise Unreadable(_NO_SHEET)
    if wanted is None:
        chosen = max(tables, key=lambda sheet: (_likeness(beginnings[sheet.title]), sheet.sheet_state == "visible"))
    else:
        named = [sheet for sheet in tables if sheet.title == wanted]
        if not named:
            raise Unreadable(f"The workbook has no sheet {wanted!r} with anything in it.")
        chosen = named[0]
    rows = list(_rows(chosen, limits))
    table = sheet_of(lambda: _with_blanks(rows), limits, encoding="xlsx", name=chosen.title)
    return replace(table, tables=tuple(sheet.title for sheet in tables))


def _likeness(beginning: Sequence[Row]) -> Likeness:
    try:
        return likeness_of(beginning)
    except Unreadable:
        return ()


def _rows(sheet: "Worksheet", limits: Limits) -> Iterator[Row]:
    """Rows that have anything in them, each with its number."""
    sheet.reset_dimensions()  # type: ignore[attr-defined]  # what the file says of its size may be a lie
    found = cells = 0
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells += len(values)
        if number > _LAST_ROW or cells > _MOST_CELLS:
            raise Unreadable("The sheet is far larger than a list of people; save what matters as CSV.")
        texts = [_text(value) for value in values[: limits.columns + 1]]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            found += 1
            if found > limits.rows + 100:
                raise Unreadable(f"The workbook has more than the {limits.rows:,} rows that can be read at once.")
            yield number, texts


def _with_blanks(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows, and the blank ones between them."""
    before = 0
    for number, texts in rows:
        for blank in range(before + 1, number):
            yield blank, []
        yield number, texts
        before = number


def _refuse_many_strings(data: bytes) -> None:
    """Texts stand in a part of their own, all of which is kept in memory however few cells use them."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if _STRINGS in packed.namelist():
            with packed.open(_STRINGS) as stream:
                if sum(chunk.count(b"<si") for chunk in chunks(stream)) > _MOST_STRINGS:
                    raise Unreadable("The workbook holds more texts than can be read; save the sheet as CSV.")


def _text(value: Any) -> str:
    """What somebody would have typed: whole numbers without a point, days as ISO."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
