"""A large database in minutes: some thousands of honest lives, told and settled, then multiplied by the database.

Every id of a copy, and whatever holds one (a promise's key, the facts a word keeps), moves by one distance for all its
rows: so each copy agrees with the rules as its original does. People of the copies have surnames, and words they are
found by, of their own; and every few copies belong to a team of their own.
"""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from sqlalchemy import Column, Table, func, select
from sqlalchemy.orm import Session

from core.demo import load_demo
from core.domain.names import folded
from core.persistence.bulk import strokes
from core.persistence.matching import index_match_keys
from core.persistence.migrations import upgrade
from core.persistence.search import tag_words, words_of
from core.persistence.store import Store, open_store, sqlite_module
from core.persistence.tables import TEAM, Candidate
from core.persistence.tables import Table as Base
from core.persistence.tables.base import UNCHECKED

HONEST = 10_000
"""Lives told one by one."""
QUIET = 0.55
"""So many with whom it stays at the first words that people have ten contacts each."""
TO_A_TEAM = 50_000
"""A team that knows more people than that is two teams."""
SURNAMES = 4_000

TABLES = Base.metadata.tables
FACTS = {"fact", *(name for name, table in TABLES.items() if "id" in table.c and table.c.id.foreign_keys)}
COPIED = [
    *("member", "opening", "opening_skill", "stage", "candidate", "handle", "candidate_skill"),
    *sorted(FACTS - {"policy"}, key=lambda name: name != "fact"),
    *("promise", "question", "recommendation", "claim"),
]
"""Not clients: the policy knows their answer times by name, so that copies of openings are the same clients'."""
TALLIES = (
    *("promise_tally", "promise_month", "ghost_tally", "share_month", "told_month", "meeting_month"),
    *("silence_tally", "source_tally", "rhythm_tally"),
)
TWO_FACTS = ("update", "chase", "delay", "feedback")
FACT_AND_MORE = ("check_in", "thanks")


def make(url: str, people: int, say: Any = print) -> None:
    """Fill the empty place at this address with so many people, ten contacts each."""
    upgrade(url)
    store = open_store(url)
    load_demo(store, candidates=min(people, HONEST), quiet=QUIET)
    say(f"  {min(people, HONEST):,} lives told and settled")
    if people > HONEST:
        multiply(store, people // HONEST)
        index_copies(store)
        say(f"  multiplied to {people:,}")
    store.engine.dispose()


def multiply(store: Store, times: int) -> None:
    people = _people(store)
    store.engine.dispose()
    teams = max(times * HONEST // TO_A_TEAM, 1)
    with (_sqlite if store.is_sqlite else _postgresql)(store) as database:
        _Copies(database, times, teams).make(people)


def index_copies(store: Store) -> None:
    """What the matcher compares them by: of their new names, and so by the matcher's own rule."""
    with Session(store.engine.execution_options(intent="write")) as session:
        for some in strokes(range(HONEST + 1, (session.scalar(select(func.max(Candidate.id))) or 0) + 1), 20_000):
            index_match_keys(session, *some)
            session.commit()


# the two databases


class _Database:
    def __init__(self, connection: Any, source: str) -> None:
        self.connection, self.source = connection, source
        self.is_sqlite = bool(source)

    def run(self, statement: str) -> None:
        self.connection.execute(statement)

    def many(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if self.is_sqlite:
            self.connection.executemany(statement, rows)
        else:
            self.connection.cursor().executemany(statement.replace("?", "%s"), rows)

    def one(self, query: str) -> Any:
        return self.connection.execute(query).fetchone()[0]

    def all(self, query: str) -> list[tuple[Any, ...]]:
        return list(self.connection.execute(query).fetchall())

    # dialects

    def until(self, text: str, mark: str) -> str:
        return (
            f"substr({text}, 1, instr({text}, '{mark}') - 1)" if self.is_sqlite else f"split_part({text}, '{mark}', 1)"
        )

    def part(self, text: str, number: int) -> str:
        """The second or third part of a key."""
        if not self.is_sqlite:
            return f"split_part({text}, ':', {number})"
        rest = f"substr({text}, instr({text}, ':') + 1)"
        return rest if number == 2 else f"substr({rest}, instr({rest}, ':') + 1)"

    def number(self, text: str) -> str:
        """SQLite reads the number in front, whatever follows."""
        return f"CAST({text} AS INTEGER)" if self.is_sqlite else f"({text})::bigint"

    def moved_list(self, column: str, distance: str) -> str:
        if self.is_sqlite:
            moved = f"(SELECT json_group_array(value + {distance}) FROM json_each({column}))"
        else:
            moved = f"(SELECT jsonb_agg(value::bigint + {distance}) FROM jsonb_array_elements_text({column}) value)"
        return f"CASE WHEN {column} IS NOT NULL THEN {moved} END"


@contextmanager
def _sqlite(store: Store) -> Iterator[_Database]:
    """The file itself, with nobody else about; the originals are read from a copy beside it."""
    path = Path(str(store.engine.url.database))
    originals = Path(shutil.copy(path, path.with_suffix(".originals")))
    connection = sqlite_module().connect(path, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-262144", "threads=2"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(f"ATTACH '{originals}' AS originals")
    indexes = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    with _without_indexes(database := _Database(connection, "originals."), indexes):
        yield database
    connection.close()
    originals.unlink()


@contextmanager
def _postgresql(store: Store) -> Iterator[_Database]:
    address = store.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    indexes = (
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
        " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
    )
    with psycopg.connect(address, autocommit=True) as connection:
        for setting in (
            "session_replication_role = replica",  # foreign keys hold in the originals, and so in the copies
            "synchronous_commit = off",
            "maintenance_work_mem = '512MB'",
            "work_mem = '128MB'",
        ):
            connection.execute(f"SET {setting}")
        with _without_indexes(database := _Database(connection, ""), indexes):
            yield database
        for name, table in TABLES.items():
            if "id" in table.c and not table.c.id.foreign_keys:
                connection.execute(
                    f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT coalesce(max(id), 1) FROM {name}))"
                )
        connection.execute("VACUUM ANALYZE")


@contextmanager
def _without_indexes(database: _Database, query: str) -> Iterator[None]:
    """Rebuilding an index at the end sorts once, and takes a fraction of keeping it."""
    indexes = database.all(query)
    for name, _ in indexes:
        database.run(f"DROP INDEX {name}")
    yield
    for _, statement in indexes:
        database.run(statement)


# the copies


class _Copies:
    def __init__(self, database: _Database, times: int, teams: int) -> None:
        self.database, self.times, self.teams = database, times, teams
        self.distance = {
            name: database.one(f"SELECT coalesce(max(id), 0) FROM {name}")
            for name in (
                *("member", "opening", "stage", "candidate", "handle", "fact", "promise"),
                *("question", "recommendation", "claim"),
            )
        }

    def make(self, people: list[tuple[int, str, str, str, str, list[str]]]) -> None:
        run, many = self.database.run, self.database.many
        run("CREATE TEMP TABLE copies (n INTEGER PRIMARY KEY)")
        many("INSERT INTO copies VALUES (?)", [(n,) for n in range(1, self.times)])
        run("CREATE TEMP TABLE surname (n INTEGER PRIMARY KEY, name TEXT, word TEXT)")
        many("INSERT INTO surname VALUES (?, ?, ?)", [(n, name, folded(name)) for n, name in enumerate(_surnames())])
        run("CREATE TEMP TABLE kept_word (word TEXT, candidate_id INTEGER)")
        many(
            "INSERT INTO kept_word VALUES (?, ?)",
            [
                (word, id_)
                for id_, name, *others, tags in people
                for word in sorted(words_of(name.split(" ")[0], *others) | tag_words(tags))
            ],
        )
        self.words()
        self.tally()
        for name in COPIED:
            self.table(TABLES[name])

    def table(self, table: Table) -> None:
        columns = ", ".join(column.name for column in table.c)
        values = ", ".join(self.moved(table, column) for column in table.c)
        surname = f"JOIN surname s ON s.n = {self.surname('t.id')}" if table.name == "candidate" else ""
        self.database.run(
            f"INSERT INTO {table.name} ({columns}) SELECT {values} FROM copies k"
            f" CROSS JOIN {self.database.source}{table.name} t {surname} WHERE {self.which(table.name)}"
        )

    def which(self, table: str) -> str:
        """A team and its departures come once, with the first copy of their people."""
        first = f"k.n < {self.teams}"
        if table in ("member", "departure"):
            return first
        return f"t.kind <> 'policy' AND (t.kind <> 'departure' OR {first})" if table == "fact" else "1 = 1"

    def moved(self, table: Table, column: Column[Any]) -> str:
        database, name = self.database, f"t.{column.name}"
        match table.name, column.name:
            case "candidate", "name":
                return f"{database.until(name, ' ')} || ' ' || s.name"
            case "candidate", "sort_name":
                return f"{database.until(name, ' ')} || ' ' || s.word"
            case "candidate", ("last_word_to_id" | "last_word_from_id" | "growth_id"):
                return self.far(name, "fact")
            case "member", "username":
                return f"{name} || ' ' || k.n"
            case "handle", "value":
                return f"CASE WHEN t.kind = 'phone' THEN {name} || k.n ELSE k.n || '.' || {name} END"
            case "promise", "key":
                return self.key(name)
            case _, "promise_key":
                return self.key(name)
            case "contact", "keeps":
                return database.moved_list(name, f"k.n * {self.distance['fact']}")
        of = table.name if column.name == "id" else next((fk.column.table.name for fk in column.foreign_keys), "")
        of = UNCHECKED.get(column.name, of)
        return self.far(name, "fact" if of in FACTS else of)

    def far(self, value: str, table: str) -> str:
        """An id as far away as its copy is; what is no id of a copied table stays."""
        if table == "member":
            return f"{value} + (k.n % {self.teams}) * {self.distance[table]}"
        return f"{value} + k.n * {self.distance[table]}" if table in self.distance else value

    def key(self, key: str) -> str:
        """A promise's key: its kind, then ids, and at times a number or word that stays."""
        part, number = self.database.part, self.database.number
        second, third = number(part(key, 2)), number(part(key, 3))
        kind, fact = self.database.until(key, ":"), lambda value: self.far(value, "fact")
        return (
            f"CASE WHEN {kind} IN {TWO_FACTS} THEN {kind} || ':' || ({fact(second)}) || ':' || ({fact(third)})"
            f" WHEN {kind} = 'keep_in_touch'"
            f" THEN {kind} || ':' || ({self.far(second, 'candidate')}) || ':' || ({fact(third)})"
            f" WHEN {kind} IN {FACT_AND_MORE} THEN {kind} || ':' || ({fact(second)}) || ':' || {part(key, 3)}"
            f" ELSE {kind} || ':' || ({fact(second)}) END"
        )

    def tally(self) -> None:
        """Each team's is its copies' together; what is everybody's, all copies' together."""
        of_team = [len(range(team, self.times, self.teams)) for team in range(self.teams)]
        for table in TALLIES:
            names = [column.name for column in TABLES[table].c]
            theirs = f"owner_id BETWEEN 0 AND {self.distance['member']}"
            for team in range(1, self.teams):
                owner, number = f"owner_id + {team * self.distance['member']}", f"number * {of_team[team]}"
                moved = {"owner_id": owner, "number": number}
                self.database.run(
                    f"INSERT INTO {table} ({', '.join(names)})"
                    f" SELECT {', '.join(moved.get(name, name) for name in names)}"
                    f" FROM {self.database.source}{table} WHERE {theirs}"
                )
            self.database.run(f"UPDATE {table} SET number = number * {of_team[0]} WHERE {theirs}")
            self.database.run(f"UPDATE {table} SET number = number * {self.times} WHERE owner_id = {TEAM}")
        self.database.run(f"UPDATE answer_month SET number = number * {self.times}")

    def words(self) -> None:
        """In the order of the key, which is the order of the table."""
        moved = self.far("w.candidate_id", "candidate")
        self.database.run(
            "INSERT INTO search_word (word, candidate_id)"
            f" SELECT w.word, {moved} FROM copies k CROSS JOIN kept_word w UNION"
            f" SELECT s.word, {self.far('t.id', 'candidate')} FROM copies k"
            f" CROSS JOIN {self.database.source}candidate t"
            f" JOIN surname s ON s.n = {self.surname('t.id')} ORDER BY 1, 2"
        )

    @staticmethod
    def surname(id_: str) -> str:
        return f"({id_} * 31 + k.n * 977) % {SURNAMES}"


def _people(store: Store) -> list[tuple[int, str, str, str, str, list[str]]]:
    with store.reading() as session:
        columns = (Candidate.id, Candidate.name, Candidate.company, Candidate.title, Candidate.location, Candidate.tags)
        return [tuple(row) for row in session.execute(select(*columns))]


def _surnames() -> Iterable[str]:
    """Names that nobody has, and that are found as one word."""
    rng = Random(4)
    front, middle, back = (
        "Bra Cor Dun Fel Gor Hal Kes Lum Mor Pel Ros Sul Tor Vin Wes Zar".split(),
        (
            "ba be bo da de di ga go ka ke ki la le li lo ma me mi na ne no ra re ri ro sa se so ta te ti to va ve vo"
        ).split(),
        "ck ld lski ndt nka nsen rczyk rdt rski sz tek vic wicz zak".split(),
    )
    names = {rng.choice(front) + rng.choice(middle) + rng.choice(back) for _ in range(SURNAMES * 40)}
    while len(names) < SURNAMES:
        names.add(rng.choice(front) + rng.choice(middle) + rng.choice(middle) + rng.choice(back))
    return sorted(names)[:SURNAMES]
