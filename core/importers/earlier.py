"""The people of the rows before: a long list's own, found by their keys as the stored ones are.

Which keys each has is kept in memory, as numbers; who they are, and what was said of them, in a file.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.domain.matching import MOST_NEAR, Key, Known, Person, Ref, key
from core.importers.people import Incoming
from core.importers.said import said_of
from core.persistence.bulk import strokes
from core.persistence.stage import put, scratch

APART = "\x1f"

MOST = 1_000
"""So many rows are looked at behind one address; behind a name that is merely alike as few as in a pool."""
LARGEST = 1 << 20
"""Keys of two stretches are put together up to so many: that takes little room, and few stretches are gone through."""
_NEAR = key("near", "")


class _Keys(NamedTuple):
    """Of people one after the other: the hashes of their keys, in order, and beside each the number of who has it."""

    hashes: NDArray[np.int64]
    numbers: NDArray[np.int32]


class Earlier:
    """Keys are kept as numbers (`hash`, sixty-four bits: of a million rows no two keys share one but by a miracle)."""

    def __init__(self, person_at: Callable[[int], Incoming | None]) -> None:
        """`person_at` tells whom the row at a place among all of them tells of."""
        self._person_at = person_at
        self._lines = array("q")
        """Of every row, by its place."""
        self._keys: list[_Keys] = []
        """The first people first."""
        self._number = 0
        self._db = scratch(of=self)
        for table in (
            "person (number INTEGER PRIMARY KEY, kind, of_whom, name_key, company_key)",
            "said (kind, of_whom, words, PRIMARY KEY (kind, of_whom)) WITHOUT ROWID",
        ):
            self._db.execute(f"CREATE TABLE {table}")

    def keep(self, lines: Iterable[int], people: Sequence[Known], said: Mapping[Ref, set[str]]) -> None:
        """A stretch: the lines of its rows, whom they tell of, and what was said of those whom several tell of."""
        self._lines.extend(lines)
        first, self._number = self._number, self._number + len(people)
        rows = [
            (number, *known.ref, known.person.name_key, known.person.company_key)
            for number, known in enumerate(people, first)
        ]
        put(self._db, "person", rows)
        hashes = np.fromiter(map(hash, chain.from_iterable([known.person.keys for known in people])), np.int64)
        numbers = np.arange(first, self._number, dtype=np.int32)
        self._keys.append(_in_order(hashes, np.repeat(numbers, [len(known.person.keys) for known in people])))
        while len(self._keys) > 1 and _belong_together(*self._keys[-2:]):
            later, before = self._keys.pop(), self._keys.pop()
            hashes = np.concatenate([before.hashes, later.hashes])
            self._keys.append(_in_order(hashes, np.concatenate([before.numbers, later.numbers])))
        words = [(*ref, APART.join(one)) for ref, one in said.items()]
        self._db.executemany("INSERT OR REPLACE INTO said VALUES (?, ?, ?)", words)

    def known_by(self, keys: Collection[Key]) -> Iterator[Known]:
        """The first of each key, in the order of their rows; somebody found by several keys is told of with each."""
        found = sorted((number, one) for one, numbers in self._first_under(list(keys)).items() for number in numbers)
        for some in strokes(found):
            people = self._people([number for number, _ in some])
            for number, one in some:
                ref, name_key, company_key = people[number]
                yield Known(ref, Person(name_key, (one,), company_key))

    def said_of(self, ref: Ref) -> set[str] | None:
        """All that was said of somebody so far; None of somebody stored of whom no row said anything."""
        with closing(self._db.execute("SELECT words FROM said WHERE kind = ? AND of_whom = ?", ref)) as rows:
            if row := rows.fetchone():
                return set(row[0].split(APART))
        if ref.kind == "candidate":
            return None
        first = self._person_at(bisect_left(self._lines, ref.number))
        return said_of(first) if first else None

    def _first_under(self, asked: list[Key]) -> dict[Key, list[int]]:
        """The numbers of the first few under each of these keys, of those that somebody has."""
        found: dict[Key, list[int]] = {}
        hashes, places = _in_order(np.fromiter(map(hash, asked), np.int64), np.arange(len(asked), dtype=np.int32))
        for some in self._keys:
            begins = np.searchsorted(some.hashes, hashes)
            ends = np.searchsorted(some.hashes, hashes, side="right")
            there = np.flatnonzero(ends > begins)
            for place, begin, end in zip(*(of[there].tolist() for of in (places, begins, ends)), strict=True):
                one = asked[place]
                numbers = found.setdefault(one, [])
                most = MOST_NEAR if one.startswith(_NEAR) else MOST
                numbers += some.numbers[begin : min(end, begin + most - len(numbers))].tolist()
        return found

    def _people(self, numbers: Sequence[int]) -> dict[int, tuple[Ref, str, str]]:
        query = f"SELECT * FROM person WHERE number IN ({', '.join('?' * len(numbers))})"  # noqa: S608 - question marks
        return {
            number: (Ref(kind, of_whom), name_key, company_key)
            for number, kind, of_whom, name_key, company_key in self._db.execute(query, numbers)
        }


def _in_order(hashes: NDArray[np.int64], numbers: NDArray[np.int32]) -> _Keys:
    """By their hashes; numbers of one stay in the order they are in, and each stands there once."""
    order = np.argsort(hashes, kind="stable")
    hashes, numbers = hashes[order], numbers[order]
    is_other = (hashes[1:] != hashes[:-1]) | (numbers[1:] != numbers[:-1])
    is_kept = np.concatenate([np.ones(min(len(hashes), 1), np.bool_), is_other])
    return _Keys(hashes[is_kept], numbers[is_kept])


def _belong_together(before: _Keys, later: _Keys) -> bool:
    """Of about one size: so each key is put in order few times, and few stretches are gone through."""
    return len(before.hashes) < 2 * len(later.hashes) and len(before.hashes) + len(later.hashes) <= LARGEST
