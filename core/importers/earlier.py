"""The people of the rows before, found by their keys as the stored ones are, however many rows a list has.

The rows themselves are read again where they were put away; here is only which keys each has, as numbers.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain, groupby
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.domain.matching import MOST_NEAR, Key, Known, Person, Ref, key
from core.importers.people import Incoming
from core.importers.said import said_of
from core.persistence.stage import scratch

APART = "\x1f"

MOST = 1_000
"""So many rows are looked at behind one address; behind a name that is merely alike as few as in a pool."""
LARGEST = 1 << 20
"""Keys of two stretches are put together up to so many: that takes little room, and few are gone through."""
_NEAR = key("near", "")


class _Keys(NamedTuple):
    """Of rows one after the other: hashes of keys, in their order, and for each the place of a row that has it."""

    hashes: NDArray[np.int64]
    places: NDArray[np.int32]


class Earlier:
    """Keys are kept as numbers (`hash`, sixty-four bits: of a million rows no two keys share one but by a miracle)."""

    def __init__(self, told_at: Callable[[int], tuple[Ref, Incoming]]) -> None:
        """`told_at` tells what the row at a place among all of them says, and of whom."""
        self._told_at = told_at
        self._lines = array("q")
        """Of every row, by its place."""
        self._keys: list[_Keys] = []
        """The first rows first."""
        self._db = scratch(of=self)
        self._db.execute("CREATE TABLE said (kind, of_whom, words, PRIMARY KEY (kind, of_whom)) WITHOUT ROWID")

    def keep(self, lines: Iterable[int], people: Sequence[Person | None], said: Mapping[Ref, set[str]]) -> None:
        """A stretch: the lines of its rows, whom each tells of, and what was said of those whom several tell of."""
        first = len(self._lines)
        self._lines.extend(lines)
        keys = [person.keys if person else () for person in people]
        hashes = np.fromiter(map(hash, chain.from_iterable(keys)), np.int64)
        places = np.arange(first, len(self._lines), dtype=np.int32)
        self._keys.append(_in_order(hashes, np.repeat(places, list(map(len, keys)))))
        while len(self._keys) > 1 and _belong_together(*self._keys[-2:]):
            later, before = self._keys.pop(), self._keys.pop()
            hashes = np.concatenate([before.hashes, later.hashes])
            self._keys.append(_in_order(hashes, np.concatenate([before.places, later.places])))
        words = [(*ref, APART.join(one)) for ref, one in said.items()]
        self._db.executemany("INSERT OR REPLACE INTO said VALUES (?, ?, ?)", words)

    def known_by(self, keys: Collection[Key]) -> Iterator[Known]:
        """The first of each key, in the order of their rows; somebody found by several keys is told of with each."""
        asked = list(keys)
        found: dict[int, list[int]] = {}
        """Of keys, by their number among those asked: places of rows."""
        hashes, numbers = _in_order(np.fromiter(map(hash, asked), np.int64), np.arange(len(asked), dtype=np.int32))
        for some in self._keys:
            begins = np.searchsorted(some.hashes, hashes)
            ends = np.searchsorted(some.hashes, hashes, side="right")
            there = np.flatnonzero(ends > begins)
            for number, begin, end in zip(*(of[there].tolist() for of in (numbers, begins, ends)), strict=True):
                before = found.setdefault(number, [])
                most = MOST_NEAR if asked[number].startswith(_NEAR) else MOST
                before += some.places[begin : min(end, begin + most - len(before))].tolist()
        pairs = sorted((place, number) for number, places in found.items() for place in places)
        for place, some_of_one in groupby(pairs, key=itemgetter(0)):
            ref, told = self._told_at(place)
            of = told.compared
            for _, number in some_of_one:
                yield Known(ref, Person(of.name_key, (asked[number],), of.company_key))

    def said_of(self, ref: Ref) -> set[str] | None:
        """All that was said of somebody so far; None of somebody stored of whom no row said anything."""
        with closing(self._db.execute("SELECT words FROM said WHERE kind = ? AND of_whom = ?", ref)) as rows:
            if row := rows.fetchone():
                return set(row[0].split(APART))
        if ref.kind == "candidate":
            return None
        _, first = self._told_at(bisect_left(self._lines, ref.number))
        return said_of(first)


def _in_order(hashes: NDArray[np.int64], places: NDArray[np.int32]) -> _Keys:
    """By their hashes; places of one stay in the order they are in."""
    order = np.argsort(hashes, kind="stable")
    return _Keys(hashes[order], places[order])


def _belong_together(before: _Keys, later: _Keys) -> bool:
    """Of about one size: so each key is put in order few times, and few stretches are gone through."""
    return len(before.hashes) < 2 * len(later.hashes) and len(before.hashes) + len(later.hashes) <= LARGEST
