"""Rows as a file that can be mended in a spreadsheet and uploaded again."""

import csv
import io
from collections.abc import Iterable, Sequence

from core.domain.headers import WHY


def table_of(header: Sequence[str], rows: Iterable[Sequence[str]], reasons: Iterable[str]) -> bytes:
    """CSV with the columns as they were and a last one that says why each row was left out."""
    told = io.StringIO(newline="")
    writer = csv.writer(told, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerow([*header, WHY])
    for cells, reason in zip(rows, reasons, strict=True):
        padded = [*cells, *[""] * (len(header) - len(cells))]
        writer.writerow([*padded, reason])
    return told.getvalue().encode("utf-8-sig")
