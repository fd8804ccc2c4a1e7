"""A zip to a table: an export of LinkedIn, or one list packed; its files are offered like the sheets of a workbook."""

import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import PurePosixPath

from core.importers.reading import Likeness, Limits, Sheet, Unreadable, refuse_too_large
from core.importers.reading import read_table as read_text
from core.importers.workbooks import is_workbook, read_workbook
from core.importers.zips import is_zip, refuse_explosive, unpack, unpacked

_TABLES = frozenset({".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm"})
_LOOKED_FOR = (
    "What is looked for is a CSV file or an Excel workbook with a person in each row, under headers such as Name or"
    " E-mail; or the zip that LinkedIn gives."
)
_MOST_TABLES = 100
_BEGINNING = 1 << 15


def read_table(data: bytes, limits: Limits, sheet: str | None = None) -> Sheet:
    """The table that a file is or holds, or Unreadable; `sheet` names the one of a workbook or zip of several."""
    refuse_too_large(data, limits)
    if not is_zip(data):
        return read_text(data, limits)
    with unpacked(data) as packed:
        if is_workbook(packed):
            refuse_explosive(packed, len(data), limits)
            return read_workbook(packed, limits, sheet)
        _refuse_other_documents(packed)
        return _of_zip(packed, limits, sheet)


def _of_zip(packed: zipfile.ZipFile, limits: Limits, sheet: str | None) -> Sheet:
    members = {_shown(name, packed): name for name in _tables(packed)}
    if len(members) > _MOST_TABLES:
        raise Unreadable(f"The zip holds more than {_MOST_TABLES} tables; pack the list alone, or upload it unpacked.")
    if not members:
        raise Unreadable(f"The zip holds no table: none of its files is a CSV or an Excel workbook. {_LOOKED_FOR}")
    if len(members) == 1 and (sheet is None or sheet not in members):
        (name,) = members.values()
        return _read(unpack(packed, name, limits), limits, sheet)
    likeness = {shown: _likeness(packed, name, limits) for shown, name in members.items()}
    offered = tuple(shown for shown, like in sorted(likeness.items(), key=lambda one: one[1], reverse=True) if like)
    chosen = sheet if sheet is not None else next(iter(offered), None)
    if chosen is None:
        raise Unreadable(f"The zip holds no list of people and no messages that can be read. {_LOOKED_FOR}")
    if chosen not in members:
        raise Unreadable(f"The zip holds no table “{chosen}”; it holds {', '.join(members)}.")
    table = _read(unpack(packed, members[chosen], limits), limits)
    return replace(table, name=chosen, tables=offered)


def _tables(packed: zipfile.ZipFile) -> Iterator[str]:
    """Files that may be tables, in whatever folders; not what a Mac adds beside each."""
    for part in packed.infolist():
        path = PurePosixPath(part.filename)
        if path.suffix.lower() in _TABLES and not path.name.startswith(".") and "__MACOSX" not in path.parts:
            yield part.filename


def _shown(name: str, packed: zipfile.ZipFile) -> str:
    """A file's own name, unless two folders hold one of that name."""
    last = PurePosixPath(name).name
    return last if sum(PurePosixPath(other).name == last for other in _tables(packed)) == 1 else name


def _read(data: bytes, limits: Limits, sheet: str | None = None) -> Sheet:
    if not is_zip(data):
        return read_text(data, replace(limits, bytes=limits.unpacked))
    with unpacked(data) as packed:
        if not is_workbook(packed):
            raise Unreadable("There is a zip within the zip; unpack it first.")
        refuse_explosive(packed, len(data), limits)
        return read_workbook(packed, limits, sheet)


def _likeness(packed: zipfile.ZipFile, name: str, limits: Limits) -> Likeness:
    """How much a file looks like a list of people, told by its beginning; a workbook by its best sheet."""
    with suppress(Unreadable):
        if name.lower().endswith((".xlsx", ".xlsm")):
            return _read(unpack(packed, name, limits), limits).likeness
        with packed.open(name) as stream:
            beginning = stream.read(_BEGINNING)
        cut = beginning.rfind(b"\n") + 1 if len(beginning) == _BEGINNING else 0
        return read_text(beginning[:cut] if cut else beginning).likeness
    return ()


def _refuse_other_documents(packed: zipfile.ZipFile) -> None:
    names = packed.namelist()
    for part, what in _DOCUMENTS.items():
        if any(name.startswith(part) for name in names):
            raise Unreadable(f"This is {what}.")


_DOCUMENTS = {
    "xl/workbook.bin": "a binary Excel workbook; save it as .xlsx or CSV first",
    "word/": "a Word document; copy its table into a sheet and save that as .xlsx or CSV",
    "ppt/": "a presentation, not a table",
    "Index/": "a Numbers sheet; export it as .xlsx or CSV first",
    "content.xml": "an OpenDocument file; save it as .xlsx or CSV first",
}
