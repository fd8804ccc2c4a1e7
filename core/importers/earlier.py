"""The people of the rows before: a long list's own, kept in a file and found by their keys as the stored ones are."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from itertools import islice

from core.domain.matching import MOST_NEAR, Key, Known, Person, Ref, key
from core.persistence.stage import scratch

APART = "\x1f"

MOST = 1_000
"""So many rows are looked at behind one address; behind a name that is merely alike as few as in a pool."""
_NEAR = key("near", "")


class Earlier:
    """Keys are kept as numbers (`hash`); two that share one are told apart by the keys themselves."""

    def __init__(self) -> None:
        self._db = scratch()
        for table in (
            "person (number INTEGER PRIMARY KEY, kind, of_whom, name_key, company_key, keys)",
            "known_by (hash INTEGER, number INTEGER, PRIMARY KEY (hash, number)) WITHOUT ROWID",
            "said (kind, of_whom, words, PRIMARY KEY (kind, of_whom)) WITHOUT ROWID",
            "near (hash INTEGER PRIMARY KEY)",
            "same (hash INTEGER PRIMARY KEY)",
        ):
            self._db.execute(f"CREATE TABLE {table}")
        self._number = 0
        self.found: list[Known] = []
        """Those of the last answer."""

    def keep(self, people: Iterable[Known], said: Mapping[Ref, set[str]]) -> None:
        hashes: list[tuple[int, int]] = []
        rows = []
        for number, known in enumerate(people, self._number + 1):
            self._number = number
            person = known.person
            rows.append((number, *known.ref, person.name_key, person.company_key, APART.join(person.keys)))
            hashes += [(hash(one), number) for one in person.keys]
        hashes.sort()
        self._db.executemany("INSERT INTO person VALUES (?, ?, ?, ?, ?, ?)", rows)
        self._db.executemany("INSERT OR IGNORE INTO known_by VALUES (?, ?)", hashes)
        words = [(*ref, APART.join(sorted(one))) for ref, one in said.items()]
        self._db.executemany("INSERT OR REPLACE INTO said VALUES (?, ?, ?)", words)

    def known_by(self, keys: Collection[Key]) -> Iterable[Known]:
        """The first of each key, in the order of their rows."""
        near = [one for one in keys if one.startswith(_NEAR)]
        for table, asked in (("near", near), ("same", set(keys).difference(near))):
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - our own words
            self._db.executemany(f"INSERT OR IGNORE INTO {table} VALUES (?)", sorted((hash(one),) for one in asked))  # noqa: S608
        first = f"{_first_of('near', MOST_NEAR)} UNION {_first_of('same', MOST)}"
        query = (
            f"SELECT kind, of_whom, name_key, company_key, keys FROM person WHERE number IN ({first}) ORDER BY number"  # noqa: S608
        )
        self.found = [
            Known(Ref(kind, of_whom), Person(name_key, tuple(map(Key, filter(None, kept.split(APART)))), company_key))
            for kind, of_whom, name_key, company_key, kept in self._db.execute(query)
        ]
        return self.found

    def said_of(self, refs: Iterable[Ref]) -> dict[Ref, set[str]]:
        found: dict[Ref, set[str]] = {}
        for ref in refs:
            with closing(self._db.execute("SELECT words FROM said WHERE kind = ? AND of_whom = ?", ref)) as rows:
                for (words,) in islice(rows, 1):
                    found[ref] = set(words.split(APART))
        return found


def _first_of(table: str, most: int) -> str:
    """The numbers of the first few under each key of a table of keys asked about."""
    return f"""
        SELECT number FROM {table} AS asked CROSS JOIN known_by ON known_by.hash = asked.hash AND number <= coalesce(
            (SELECT number FROM known_by AS later WHERE later.hash = asked.hash
             ORDER BY number LIMIT 1 OFFSET {most - 1}), 9223372036854775807)
    """  # noqa: S608 - our own words
