"""Rows on their way to a spreadsheet: harmless there, and exactly as they were when they come back."""

import csv
import io
from collections.abc import Iterable, Sequence

from core.importers.cells import safe_cell
from core.importers.columns import SURPLUS, WHY_LEFT_OUT


def table_of(header: Sequence[str], rows: Iterable[Sequence[str]], reasons: Iterable[str]) -> bytes:
    """Rows that were left out as a file to be mended and uploaded again, each with why in a last column.

    Surplus cells stand under a header that says so: until somebody mends the row, the reader leaves it out again.
    """
    rows = [list(row) for row in rows]
    width = max([len(header), *map(len, rows)])
    return sheet(
        [*header, *[SURPLUS] * (width - len(header)), WHY_LEFT_OUT],
        ([*row, *[""] * (width - len(row)), reason] for row, reason in zip(rows, reasons, strict=True)),
    )


def sheet(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as a file for a spreadsheet, no cell of which it runs.

    Semicolons and a byte-order mark are what Excel opens well in Poland and Germany.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow([safe_cell(name) for name in header])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig", "replace")
