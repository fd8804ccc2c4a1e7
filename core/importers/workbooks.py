"""An Excel workbook to a table: the sheet that looks most like a list, its cells as people would type them."""

import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from openpyxl import load_workbook

from core.importers.columns import recognised
from core.importers.reading import DEFAULT_LIMITS, Limits, Sheet, Unreadable, refuse_too_large, sheet_of

_UNPACKED = 8  # times the largest file that may be read: a workbook that unpacks to more is built to explode
_NO_SHEET = "The workbook has no sheet with a table."


def is_workbook(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04") and b"xl/" in data


def read_workbook(data: bytes, limits: Limits = DEFAULT_LIMITS, sheet: str | None = None) -> Sheet:
    """The sheet of that name, else the one whose header says most; hidden formatting below the list is no row."""
    refuse_too_large(data, limits)
    tables = {name: rows for name, rows in _tables(data, limits) if rows}
    if sheet is not None and sheet not in tables:
        raise Unreadable(f"The workbook has no sheet {sheet!r} with anything in it.")
    if not tables:
        raise Unreadable(_NO_SHEET)
    name = sheet or max(tables, key=lambda title: _known_headers(tables[title]))
    rows = tables[name]
    return replace(sheet_of(lambda: rows, limits, encoding="xlsx", name=name), others=tuple(tables))


def _tables(data: bytes, limits: Limits) -> Iterator[tuple[str, list[tuple[int, list[str]]]]]:
    try:
        _refuse_explosive(data, limits)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        with closing(book), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and drop-down lists, which we do not read
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # what the file says of its size may be a lie
                yield sheet.title, _rows(sheet.iter_rows(values_only=True), limits)
    except Unreadable:
        raise
    except Exception as damaged:  # a damaged workbook makes openpyxl raise whatever comes to hand
        raise Unreadable("The workbook is damaged and can't be read.") from damaged


def _refuse_explosive(data: bytes, limits: Limits) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        unpacked = sum(part.file_size for part in packed.infolist())
    if unpacked > limits.bytes * _UNPACKED or unpacked > max(len(data) * 200, 50_000_000):
        raise Unreadable("The workbook unpacks to more than can be read.")


def _rows(cells: Iterator[tuple[Any, ...]], limits: Limits) -> list[tuple[int, list[str]]]:
    """Rows with their number; blank ones only between others."""
    rows: list[tuple[int, list[str]]] = []
    last = 0
    for number, values in enumerate(cells, start=1):
        texts = [_text(value) for value in values[: limits.columns + 1]]
        while texts and not texts[-1]:
            texts.pop()
        rows.append((number, texts))
        if texts:
            last = len(rows)
        if last > limits.rows + 100 or len(rows) - last > limits.rows:
            raise Unreadable(f"The workbook has more than the {limits.rows:,} rows that can be read at once.")
    return rows[:last]


def _text(value: object) -> str:
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


def _known_headers(rows: Sequence[tuple[int, list[str]]]) -> int:
    return max((recognised(cells) for _, cells in islice(rows, 40)), default=0)
