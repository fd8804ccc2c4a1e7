"""The parts of a workbook on their way to the library that reads them, watched so that none fills the memory."""

import io
import zipfile
from typing import IO, Literal
from xml.parsers import expat

from core.importers.reading import Unreadable

Attributes = dict[str, str]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ROW, _TEXT, _ROWS = (f"{_MAIN} {name}" for name in ("row", "si", "sheetData"))
_LET_GO = frozenset({_ROW, _TEXT})
_STRICT = {
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": _MAIN.encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
}
"""How Excel names things in a workbook saved as Strict Open XML, and how in any other."""

_LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # Excel's own
_MOST_TEXTS = 3_000_000
_MOST_HELD, _MOST_IN_ROW = 1_000_000, 20 * LAST_COLUMN  # elements and attributes
_STRETCH, _LONGEST_TAG = 1 << 16, 1 << 20
TOO_LARGE = "The workbook is far larger than a list of people; save what matters as CSV."
DAMAGED = "The workbook is damaged and can't be read; save it anew, or as CSV."


class Parts(zipfile.ZipFile):
    """A workbook's zip. Names are found as Windows finds them, in any case and with either slash."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self.hidden: frozenset[str] = frozenset()
        self.watch = Watch()
        """Over the part that was opened last."""
        self._names = {name.replace("\\", "/").lower(): name for name in super().namelist()}

    def namelist(self) -> list[str]:
        return [name.replace("\\", "/") for name in super().namelist()]

    def getinfo(self, name: str) -> zipfile.ZipInfo:
        if name in self.hidden:
            raise KeyError(name)
        return super().getinfo(self._names.get(name.lower(), name))

    def open(  # type: ignore[override]  # only ever read
        self,
        name: str | zipfile.ZipInfo,
        mode: Literal["r"] = "r",
        pwd: bytes | None = None,
        *,
        force_zip64: bool = False,
    ) -> "_Watched":
        self.watch = Watch()
        return _Watched(super().open(name), self.watch)


class Watch:
    """Goes through a part as the library will, a piece ahead of it, and refuses what would make it hold too much.

    The library holds every element of a part, but for what is within a row or a text, which it lets go when that ends.
    """

    def __init__(self) -> None:
        self.last_row = 0
        self.is_past_rows = False
        self._seen = self._held = self._texts = 0
        self._before: list[int] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = _refuse_doctype
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end

    def look_at(self, piece: bytes) -> None:
        for start in range(0, len(piece), _STRETCH):
            stretch = piece[start : start + _STRETCH]
            self._parser.Parse(stretch, False)
            self._seen += len(stretch)
            self._refuse_too_large()
        if not piece:
            self._parser.Parse(b"", True)

    def _begin(self, name: str, attributes: Attributes) -> None:
        if name in _LET_GO:
            self._before.append(self._held)
            if name == _ROW:
                self._number(attributes)
        self._held += 1 + len(attributes)

    def _end(self, name: str) -> None:
        if name in _LET_GO:
            self._held = self._before.pop()
            self._texts += name == _TEXT
        elif name == _ROWS:
            self.is_past_rows = True

    def _number(self, attributes: Attributes) -> None:
        """The library passes over a row whose number is not after the last, without a word."""
        number = int(float(attributes.get("r", self.last_row + 1)))
        if number <= self.last_row:
            raise Unreadable(DAMAGED)
        if number > _LAST_ROW:
            raise Unreadable(TOO_LARGE)
        self.last_row = number

    def _refuse_too_large(self) -> None:
        in_row = self._held - self._before[-1] if self._before else 0
        tag = self._seen - self._parser.CurrentByteIndex  # one that does not end is read anew with every piece
        if self._held > _MOST_HELD or in_row > _MOST_IN_ROW or self._texts > _MOST_TEXTS or tag > _LONGEST_TAG:
            raise Unreadable(TOO_LARGE)


class _Watched(io.BufferedIOBase):
    def __init__(self, part: IO[bytes], watch: Watch) -> None:
        self._part, self._watch = part, watch
        self._is_first = True

    def read(self, size: int | None = -1, /) -> bytes:
        piece = self._part.read(-1 if size is None else size)
        if self._is_first:
            self._is_first = False
            for strict, usual in _STRICT.items():
                piece = piece.replace(strict, usual)
        self._watch.look_at(piece)
        return piece

    def close(self) -> None:
        self._part.close()
        super().close()


def _refuse_doctype(*_: object) -> None:
    """No workbook has one but those built to blow up when their entities are filled in."""
    raise Unreadable(DAMAGED)
