"""An Excel workbook to a table: the sheet that looks most like a list, its cells as people would type them."""

import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import count, islice
from typing import TYPE_CHECKING, Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.escape import unescape
from openpyxl.xml.constants import ARC_STYLE

from core.importers.parts import DAMAGED, LAST_COLUMN, TOO_LARGE, Parts
from core.importers.reading import Likeness, Limits, Sheet, Unreadable, likeness_of, sheet_of

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

Row = tuple[int, list[str]]

_NO_SHEET = "The workbook has no sheet with a table."
_LOOKED_AT = 50  # rows that tell which sheet is the list
_MOST_CELLS = 20_000_000  # blank ones between two counted: a cell far to the right costs all before it


def is_workbook(packed: zipfile.ZipFile) -> bool:
    names = [name.replace("\\", "/").lower() for name in packed.namelist()]
    return any(name.startswith("xl/") for name in names) and "xl/workbook.bin" not in names


def read_workbook(packed: zipfile.ZipFile, limits: Limits, sheet: str | None = None) -> Sheet:
    """The sheet of that name, else the one that looks most like a list; hidden formatting below the list is no row."""
    assert packed.fp is not None
    try:
        with warnings.catch_warnings(), Parts(packed.fp) as parts:
            warnings.simplefilter("ignore")  # about styles and drop-down lists, which we do not read
            return _table(_opened(parts), parts, limits, sheet)
    except Unreadable:
        raise
    except Exception as damaged:  # a damaged workbook makes openpyxl raise whatever comes to hand
        raise Unreadable(DAMAGED) from damaged


class _Reader(ExcelReader):
    """openpyxl's own, which lets alone what says nothing of rows and cells."""

    def __init__(self, parts: Parts) -> None:
        assert parts.fp is not None
        super().__init__(parts.fp, read_only=True, data_only=True, keep_links=False)
        self.archive, self.valid_files = parts, parts.namelist()

    def read_properties(self) -> None: ...

    def read_custom(self) -> None: ...

    def read_theme(self) -> None: ...

    def read_chartsheet(self, sheet: Any, rel: Any) -> None: ...


def _opened(parts: Parts) -> Sequence["ReadOnlyWorksheet"]:
    """The sheets. Some programs write styles that openpyxl refuses: then without, and days are the numbers they are."""
    reader = _Reader(parts)
    try:
        reader.read()
    except Unreadable:
        raise
    except Exception:
        parts.hidden = frozenset({ARC_STYLE})
        reader = _Reader(parts)
        reader.read()
    return reader.wb.worksheets


def _table(sheets: Sequence["ReadOnlyWorksheet"], parts: Parts, limits: Limits, wanted: str | None) -> Sheet:
    beginnings = {sheet: list(islice(_rows(sheet, parts, limits), _LOOKED_AT)) for sheet in sheets}
    tables = [sheet for sheet in sheets if beginnings[sheet]]
    if not tables:
        raise Unreadable(_NO_SHEET)
    named = [sheet for sheet in tables if wanted in (None, sheet.title)]
    if not named:
        others = ", ".join(sheet.title for sheet in tables)
        raise Unreadable(f"The workbook has no sheet “{wanted}” with anything in it; it has {others}.")
    chosen = max(named, key=lambda sheet: (_likeness(beginnings[sheet]), sheet.sheet_state == "visible"))
    rows = list(_rows(chosen, parts, limits))
    table = sheet_of(lambda: _with_blanks(rows), limits, encoding="xlsx", name=chosen.title)
    return replace(table, tables=tuple(sheet.title for sheet in tables))


def _likeness(beginning: Sequence[Row]) -> Likeness:
    try:
        return likeness_of(beginning)
    except Unreadable:
        return ()


def _rows(sheet: "ReadOnlyWorksheet", parts: Parts, limits: Limits) -> Iterator[Row]:
    """Rows that have anything in them, each with its number; cells beyond so many columns become one."""
    sheet.reset_dimensions()  # what the file says of its size may be a lie
    found = cells = 0
    for number, values in enumerate(_values(sheet, parts), start=1):
        cells += len(values)
        if cells > _MOST_CELLS or len(values) > LAST_COLUMN:
            raise Unreadable(TOO_LARGE)
        texts = [_text(value) for value in values[: limits.columns]]
        texts.append(next(filter(None, map(_text, values[limits.columns :])), ""))
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            found += 1
            if found > limits.rows + 100:
                raise Unreadable(
                    f"The workbook has more than the {limits.rows:,} rows that can be read at once; split it first."
                )
            yield number, texts


def _values(sheet: "ReadOnlyWorksheet", parts: Parts) -> Iterator[Sequence[Any]]:
    """Every row. What stands behind the last, such as filters that openpyxl does not know, may break it."""
    rows = sheet.iter_rows(values_only=True)  # type: ignore[misc]  # declared for a sheet that is held whole
    for number in count():
        try:
            values = next(rows)
        except StopIteration:
            return
        except Exception:
            if parts.watch.is_past_rows and number == parts.watch.last_row:
                return
            raise
        yield values


def _with_blanks(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows, and the blank ones between them."""
    before = 0
    for number, texts in rows:
        for blank in range(before + 1, number):
            yield blank, []
        yield number, texts
        before = number


def _text(value: Any) -> str:
    """What somebody would have typed: whole numbers without a point, days as ISO."""
    if value is None:
        return ""
    if isinstance(value, str):
        return unescape(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, time):
        return value.isoformat("seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _hours(round(value.total_seconds()))
    return str(value)


def _hours(seconds: int) -> str:
    """As `[h]:mm:ss` shows them: 26:30:00, and no days."""
    minutes = abs(seconds) // 60
    return f"{'-' if seconds < 0 else ''}{minutes // 60}:{minutes % 60:02}:{abs(seconds) % 60:02}"
