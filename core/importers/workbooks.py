"""An Excel workbook to a table: the sheet that looks most like a list."""

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from core.importers.excel import Tab, Workbook
from core.importers.reading import Likeness, Limits, Sheet, Unreadable, likeness_of, sheet_of

Row = tuple[int, list[str]]

_NO_SHEET = "The workbook has no sheet with a table."
_LOOKED_AT = 50  # rows that tell which sheet is the list
_MOST_CELLS = 20_000_000  # blank ones between two counted


def is_workbook(packed: zipfile.ZipFile) -> bool:
    names = [name.replace("\\", "/").lower() for name in packed.namelist()]
    return any(name.startswith("xl/") for name in names) and "xl/workbook.bin" not in names


def read_workbook(packed: zipfile.ZipFile, limits: Limits, sheet: str | None = None) -> Sheet:
    """The sheet of that name, else the one that looks most like a list; hidden formatting below the list is no row."""
    try:
        return _table(Workbook(packed), limits, sheet)
    except Unreadable:
        raise
    except Exception as damaged:  # a damaged workbook breaks wherever it is damaged
        raise Unreadable("The workbook is damaged and can't be read; save it anew, or as CSV.") from damaged


def _table(book: Workbook, limits: Limits, wanted: str | None) -> Sheet:
    beginnings = {sheet: list(islice(_rows(book, sheet, limits), _LOOKED_AT)) for sheet in book.sheets}
    tables = [sheet for sheet in book.sheets if beginnings[sheet]]
    if not tables:
        raise Unreadable(_NO_SHEET)
    named = [sheet for sheet in tables if wanted in (None, sheet.name)]
    if not named:
        raise Unreadable(f"The workbook has no sheet {wanted!r} with anything in it.")
    chosen = max(named, key=lambda sheet: (_likeness(beginnings[sheet]), sheet.is_visible))
    rows = list(_rows(book, chosen, limits))
    table = sheet_of(lambda: _with_blanks(rows), limits, encoding="xlsx", name=chosen.name)
    return replace(table, tables=tuple(sheet.name for sheet in tables))


def _likeness(beginning: Sequence[Row]) -> Likeness:
    try:
        return likeness_of(beginning)
    except Unreadable:
        return ()


def _rows(book: Workbook, sheet: Tab, limits: Limits) -> Iterator[Row]:
    cells = 0
    for found, (number, texts) in enumerate(book.rows(sheet, limits.columns)):
        cells += len(texts)
        if cells > _MOST_CELLS:
            raise Unreadable("The sheet is far larger than a list of people; save what matters as CSV.")
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
