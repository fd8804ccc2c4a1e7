"""Rows on their way to a spreadsheet: harmless there, and exactly as they were when they come back."""

import csv
import io
from collections.abc import Iterable, Sequence

from core.importers.cells import safe_cell
from core.importers.columns import SURPLUS, WHY_LEFT_OUT


def table_of(header: Sequence[str], rows: Iterable[Sequence[str]], reasons: Iterable[str]) -> bytes:
    """Rows that were left out as a file to be mended and uploaded again, each with why in a last column.

    Semicolons and a byte-order mark are what Excel opens well in Poland and Germany. Surplus cells stand under a header
    that says so: until somebody mends the row, the reader leaves it out again.
    """
    rows = [list(row) for row in rows]
    width = max([len(header), *map(len, rows)])
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow([*map(safe_cell, header), *[SURPLUS] * (width - len(header)), WHY_LEFT_OUT])
    for row, reason in zip(rows, reasons, strict=True):
        writer.writerow([*map(safe_cell, row), *[""] * (width - len(row)), safe_cell(reason)])
    return stream.getvalue().encode("utf-8-sig", "replace")
