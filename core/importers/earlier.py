"""The people of the rows before: a long list's own, kept in a file and found by their keys as the stored ones are."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from itertools import islice

from core.domain.matching import Key, Known, Person, Ref
from core.persistence.stage import scratch

APART = "\x1f"
AT_A_STROKE = 5_000


class Earlier:
    """Keys are kept as numbers (`hash`); two that share one are told apart by the keys themselves."""

    def __init__(self) -> None:
        self._db = scratch()
        self._db.execute("CREATE TABLE person (number INTEGER PRIMARY KEY, kind, of_whom, name_key, keys)")
        self._db.execute(
            "CREATE TABLE known_by (hash INTEGER, number INTEGER, PRIMARY KEY (hash, number)) WITHOUT ROWID"
        )
        self._db.execute("CREATE TABLE said (kind, of_whom, words, PRIMARY KEY (kind, of_whom)) WITHOUT ROWID")
        self._db.execute("CREATE TABLE asked (hash INTEGER PRIMARY KEY)")
        self._number = 0
        self.found: list[Known] = []
        """Those of the last answer."""

    def keep(self, people: Iterable[Known], said: Mapping[Ref, set[str]]) -> None:
        hashes: list[tuple[int, int]] = []
        rows = []
        for number, known in enumerate(people, self._number + 1):
            self._number = number
            rows.append((number, *known.ref, known.person.name_key, APART.join(known.person.keys)))
            hashes += [(hash(one), number) for one in known.person.keys]
        hashes.sort()
        self._db.executemany("INSERT INTO person VALUES (?, ?, ?, ?, ?)", rows)
        self._db.executemany("INSERT OR IGNORE INTO known_by VALUES (?, ?)", hashes)
        words = [(*ref, APART.join(sorted(one))) for ref, one in said.items()]
        self._db.executemany("INSERT OR REPLACE INTO said VALUES (?, ?, ?)", words)

    def known_by(self, keys: Collection[Key]) -> Iterable[Known]:
        """In the order of their rows."""
        self._db.execute("DELETE FROM asked")
        self._db.executemany("INSERT OR IGNORE INTO asked VALUES (?)", sorted((hash(one),) for one in keys))
        query = (
            "SELECT kind, of_whom, name_key, keys FROM person WHERE number IN"
            " (SELECT number FROM asked CROSS JOIN known_by ON known_by.hash = asked.hash) ORDER BY number"
        )
        self.found = [
            Known(Ref(kind, of_whom), Person(name_key, tuple(Key(one) for one in kept.split(APART))))
            for kind, of_whom, name_key, kept in self._db.execute(query)
        ]
        return self.found

    def said_of(self, refs: Iterable[Ref]) -> dict[Ref, set[str]]:
        found: dict[Ref, set[str]] = {}
        for ref in refs:
            with closing(self._db.execute("SELECT words FROM said WHERE kind = ? AND of_whom = ?", ref)) as rows:
                for (words,) in islice(rows, 1):
                    found[ref] = set(words.split(APART))
        return found
