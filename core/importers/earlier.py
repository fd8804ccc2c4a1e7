"""The people of the rows before: a long list's own, kept in a file and found by their keys as the stored ones are."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing
from operator import itemgetter

from core.domain.matching import MOST_NEAR, Key, Known, Person, Ref, key
from core.importers.people import Incoming
from core.importers.said import said_of
from core.persistence.stage import put, scratch

APART = "\x1f"

MOST = 1_000
"""So many rows are looked at behind one address; behind a name that is merely alike as few as in a pool."""
SIEVE = 1 << 25
_NEAR = key("near", "")


class Earlier:
    """Keys are kept as numbers (`hash`, sixty-four bits: of a million rows no two keys share one but by a miracle)."""

    def __init__(self, person_at: Callable[[int], Incoming | None]) -> None:
        """`person_at` tells whom the row at a place among all of them tells of."""
        self._person_at = person_at
        self._lines = array("q")
        """Of every row, by its place."""
        self._db = scratch(of=self)
        for table in (
            "person (number INTEGER PRIMARY KEY, kind, of_whom, name_key, company_key)",
            "known_by (hash INTEGER, number INTEGER, PRIMARY KEY (hash, number) ON CONFLICT IGNORE) WITHOUT ROWID",
            "said (kind, of_whom, words, PRIMARY KEY (kind, of_whom)) WITHOUT ROWID",
            "asked (hash INTEGER PRIMARY KEY, is_near INTEGER)",
        ):
            self._db.execute(f"CREATE TABLE {table}")
        self._number = 0
        self._sieve = bytearray(SIEVE)
        """Has a mark for every key there is, by its last bits: most keys are asked for in vain, and stop here."""

    def keep(self, lines: Iterable[int], people: Iterable[Known], said: Mapping[Ref, set[str]]) -> None:
        """A stretch: the lines of its rows, whom they tell of, and what was said of those whom several tell of."""
        self._lines.extend(lines)
        hashes: list[tuple[int, int]] = []
        rows = []
        for number, known in enumerate(people, self._number + 1):
            self._number = number
            rows.append((number, *known.ref, known.person.name_key, known.person.company_key))
            hashes += [(hash(one), number) for one in known.person.keys]
        hashes.sort(key=itemgetter(0))  # a third of the time it takes to compare pairs
        for number, _ in hashes:
            self._sieve[number % SIEVE] = 1
        put(self._db, "person", rows)
        put(self._db, "known_by", hashes)
        words = [(*ref, APART.join(one)) for ref, one in said.items()]
        self._db.executemany("INSERT OR REPLACE INTO said VALUES (?, ?, ?)", words)

    def known_by(self, keys: Collection[Key]) -> Iterator[Known]:
        """The first of each key, in the order of their rows; somebody found by several keys is told of with each."""
        asked = {hash(one): one for one in keys if self._sieve[hash(one) % SIEVE]}
        hashes = sorted((number, one.startswith(_NEAR)) for number, one in asked.items())
        self._db.execute("DELETE FROM asked")
        put(self._db, "asked", hashes)
        for number, kind, of_whom, name_key, company_key in self._db.execute(_FIRST_FEW):
            yield Known(Ref(kind, of_whom), Person(name_key, (asked[number],), company_key))

    def said_of(self, ref: Ref) -> set[str] | None:
        """All that was said of somebody so far; None of somebody stored of whom no row said anything."""
        with closing(self._db.execute("SELECT words FROM said WHERE kind = ? AND of_whom = ?", ref)) as rows:
            if row := rows.fetchone():
                return set(row[0].split(APART))
        if ref.kind == "candidate":
            return None
        first = self._person_at(bisect_left(self._lines, ref.number))
        return said_of(first) if first else None


def _last_of(most: int) -> str:
    return f"(SELECT number FROM known_by WHERE hash = asked.hash ORDER BY number LIMIT 1 OFFSET {most - 1})"  # noqa: S608


_FIRST_FEW = f"""
    SELECT asked.hash, person.kind, person.of_whom, person.name_key, person.company_key FROM asked
    CROSS JOIN known_by ON known_by.hash = asked.hash AND known_by.number <=
        coalesce(CASE WHEN asked.is_near THEN {_last_of(MOST_NEAR)} ELSE {_last_of(MOST)} END, 9223372036854775807)
    CROSS JOIN person ON person.number = known_by.number ORDER BY person.number
"""  # noqa: S608 - our own words
