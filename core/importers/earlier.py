"""The people of the rows before: a long list's own, kept in a file and found by their keys as the stored ones are."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing

from core.domain.matching import MOST_NEAR, Key, Known, Person, Ref, key
from core.persistence.stage import scratch

APART = "\x1f"

MOST = 1_000
"""So many rows are looked at behind one address; behind a name that is merely alike as few as in a pool."""
_NEAR = key("near", "")


class Earlier:
    """Keys are kept as numbers (`hash`, sixty-four bits: of a million rows no two keys share one but by a miracle)."""

    def __init__(self) -> None:
        self._db = scratch(of=self)
        for table in (
            "person (number INTEGER PRIMARY KEY, kind, of_whom, name_key, company_key)",
            "known_by (hash INTEGER, number INTEGER, PRIMARY KEY (hash, number)) WITHOUT ROWID",
            "said (kind, of_whom, words, PRIMARY KEY (kind, of_whom)) WITHOUT ROWID",
            "near (hash INTEGER PRIMARY KEY)",
            "same (hash INTEGER PRIMARY KEY)",
        ):
            self._db.execute(f"CREATE TABLE {table}")
        self._number = 0

    def keep(self, people: Iterable[Known], said: Mapping[Ref, set[str]]) -> None:
        hashes: list[tuple[int, int]] = []
        rows = []
        for number, known in enumerate(people, self._number + 1):
            self._number = number
            rows.append((number, *known.ref, known.person.name_key, known.person.company_key))
            hashes += [(hash(one), number) for one in known.person.keys]
        hashes.sort()
        self._db.executemany("INSERT INTO person VALUES (?, ?, ?, ?, ?)", rows)
        self._db.executemany("INSERT OR IGNORE INTO known_by VALUES (?, ?)", hashes)
        words = [(*ref, APART.join(sorted(one))) for ref, one in said.items()]
        self._db.executemany("INSERT OR REPLACE INTO said VALUES (?, ?, ?)", words)

    def known_by(self, keys: Collection[Key]) -> Iterator[Known]:
        """The first of each key, in the order of their rows; somebody found by several keys is told of with each."""
        asked = {hash(one): one for one in keys}
        for table in ("near", "same"):
            hashes = sorted((number,) for number, one in asked.items() if one.startswith(_NEAR) == (table == "near"))
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - our own words
            self._db.executemany(f"INSERT INTO {table} VALUES (?)", hashes)  # noqa: S608 - our own words
        query = (
            f"SELECT hash, kind, of_whom, name_key, company_key FROM ({_first_of('near', MOST_NEAR)} UNION ALL"  # noqa: S608
            f" {_first_of('same', MOST)}) JOIN person USING (number) ORDER BY number"
        )
        for number, kind, of_whom, name_key, company_key in self._db.execute(query):
            yield Known(Ref(kind, of_whom), Person(name_key, (asked[number],), company_key))

    def said_of(self, ref: Ref) -> set[str] | None:
        """All that was said of somebody by the last row of a stretch; None of whom nothing was."""
        with closing(self._db.execute("SELECT words FROM said WHERE kind = ? AND of_whom = ?", ref)) as rows:
            row = rows.fetchone()
        return set(row[0].split(APART)) if row else None


def _first_of(table: str, most: int) -> str:
    """The first few under each key of a table of keys asked about."""
    return f"""
        SELECT asked.hash, known_by.number FROM {table} AS asked
        CROSS JOIN known_by ON known_by.hash = asked.hash AND number <= coalesce(
            (SELECT number FROM known_by AS later WHERE later.hash = asked.hash
             ORDER BY number LIMIT 1 OFFSET {most - 1}), 9223372036854775807)
    """  # noqa: S608 - our own words
