"""A long sequence that costs little memory: up to so many things as they are, the rest in a file without a name."""

import marshal
import tempfile
import weakref
from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")
IN_MEMORY = 20_000
AT_A_STROKE = 500
"""Things written, and read again, together."""


class Spool(Sequence[T], Generic[T]):
    """Appended to, gone through and looked into; never changed.

    `plain` turns a thing into what `marshal` takes (numbers, text, bytes, tuples, lists and dicts of them), `made`
    turns it back. They are asked only where there are more things than fit into memory.
    """

    def __init__(
        self,
        plain: Callable[[T], Any],
        made: Callable[[Any], T],
    ) -> None:
        self._plain, self._made = plain, made
        self._latest: list[T] = []
        """What is not in the file: everything, until there is too much of it."""
        self._file: Any = None
        self._ends = array("q", [0])
        """Where each thing ends in the file, after where the first begins."""

    def append(self, thing: T) -> None:
        self._latest.append(thing)
        if len(self._latest) >= (IN_MEMORY if self._file is None else AT_A_STROKE):
            self._put_away()

    @property
    def _away(self) -> int:
        return len(self._ends) - 1

    def __len__(self) -> int:
        return self._away + len(self._latest)

    def __iter__(self) -> Iterator[T]:
        for start in range(0, self._away, AT_A_STROKE):
            yield from self._read(start, min(start + AT_A_STROKE, self._away))
        yield from self._latest

    @overload
    def __getitem__(self, place: int) -> T: ...

    @overload
    def __getitem__(self, place: slice) -> list[T]: ...

    def __getitem__(self, place: int | slice) -> T | list[T]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        if place < 0:
            place += len(self)
        if not 0 <= place < len(self):
            raise IndexError(place)
        if place < self._away:
            return next(self._read(place, place + 1))
        return self._latest[place - self._away]

    def _put_away(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="perennial-")  # noqa: SIM115 - it lives as long as the spool
            weakref.finalize(self, self._file.close)
        self._file.seek(0, 2)
        plain = [marshal.dumps(self._plain(thing)) for thing in self._latest]
        self._file.write(b"".join(plain))
        for one in plain:
            self._ends.append(self._ends[-1] + len(one))
        self._latest.clear()

    def _read(self, start: int, end: int) -> Iterator[T]:
        """Things that lie one after the other in the file."""
        begins = self._ends[start]
        self._file.seek(begins)
        some = memoryview(self._file.read(self._ends[end] - begins))
        for begin, after in pairwise(self._ends[start : end + 1]):
            yield self._made(marshal.loads(some[begin - begins : after - begins]))  # noqa: S302 - our own file
