"""A long sequence that costs little memory: up to so many things as they are, the rest in a file without a name."""

import marshal
import tempfile
import weakref
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")
IN_MEMORY = 20_000
AT_A_STROKE = 500
"""Things written, and read again, together."""


class Spool(Sequence[T], Generic[T]):
    """Appended to, gone through and looked into; never changed.

    `plain` turns a thing into what `marshal` takes (numbers, text, tuples, lists and dicts of them), `made` turns it
    back. They are asked only where there are more things than fit into memory.
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
        self._places: list[tuple[int, int]] = []
        """Where each stroke begins in the file, and how long it is."""

    def append(self, thing: T) -> None:
        self._latest.append(thing)
        if len(self._latest) >= (IN_MEMORY if self._file is None else AT_A_STROKE):
            self._put_away()

    def __len__(self) -> int:
        return len(self._places) * AT_A_STROKE + len(self._latest)

    def __iter__(self) -> Iterator[T]:
        for number in range(len(self._places)):
            yield from self._stroke(number)
        yield from self._latest

    @overload
    def __getitem__(self, place: int) -> T: ...

    @overload
    def __getitem__(self, place: slice) -> list[T]: ...

    def __getitem__(self, place: int | slice) -> T | list[T]:
        if isinstance(place, slice):
            return self._cut(range(*place.indices(len(self))))
        if place < 0:
            place += len(self)
        if not 0 <= place < len(self):
            raise IndexError(place)
        number, within = divmod(place, AT_A_STROKE)
        if number < len(self._places):
            return next(islice(self._stroke(number), within, None))
        return self._latest[place - len(self._places) * AT_A_STROKE]

    def _cut(self, places: range) -> list[T]:
        """Each stroke is read once."""
        found: list[T] = []
        for number, some in groupby(places, lambda place: min(place // AT_A_STROKE, len(self._places))):
            things = list(self._stroke(number)) if number < len(self._places) else self._latest
            found += [things[place - number * AT_A_STROKE] for place in some]
        return found

    def _put_away(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="perennial-")  # noqa: SIM115 - it lives as long as the spool
            weakref.finalize(self, self._file.close)
        whole = len(self._latest) // AT_A_STROKE * AT_A_STROKE
        self._file.seek(0, 2)
        for start in range(0, whole, AT_A_STROKE):
            plain = marshal.dumps([self._plain(thing) for thing in self._latest[start : start + AT_A_STROKE]])
            self._places.append((self._file.tell(), len(plain)))
            self._file.write(plain)
        del self._latest[:whole]

    def _stroke(self, number: int) -> Iterator[T]:
        place, length = self._places[number]
        self._file.seek(place)
        return map(self._made, marshal.loads(self._file.read(length)))  # noqa: S302 - our own file, which has no name
