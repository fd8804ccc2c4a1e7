"""How fast a list comes in: from file to done into a database that is full already, and who has to wait meanwhile.

Beside it stand a bare read of the same file by Python's `csv`, and a plain insert of the same rows into a table
without any index: what nobody could do faster.
"""

import csv
import io
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from random import Random
from statistics import median
from uuid import uuid4

from sqlalchemy import select, text

from core.commands.contacts import log_contact
from core.commands.imports import undo_import
from core.commands.lists import import_file, look_at
from core.demo.words import people as words
from core.domain.facts import Rhythm, Unit, Way
from core.domain.names import folded
from core.importers.reading import Limits
from core.importers.ready import Choices
from core.persistence.store import Store, open_store
from core.persistence.tables import Candidate
from core.persistence.work import THE_PROGRAM

ROWS = {10_000: 3, 100_000: 1}
"""How many, and how often: of two seconds one may be the machine's, so the median is told."""
INTO = 100_000
"""People there already."""
WAITING = 50_000
"""Rows of a list that others wait for."""
MANY = 1_000_000
"""Rows of a list for the command line."""
HEADER = (
    *("First Name", "Last Name", "Email", "Phone", "Current Title", "Current Company", "Location", "Skills"),
    *("LinkedIn URL", "Source", "Added On", "Notes"),
)
LIMITS = Limits(bytes=1 << 30)
SYLLABLES = (
    "al bor cin dra ela fen gor hul iva jen kar lum mor nil ost per qua rus sol tam ulm ver wil xen yor zab".split()
)


def a_list(number: int, seed: int = 7) -> bytes:
    """So many made-up rows of twelve columns: of a hundred eight are somebody of the list again, two may be."""
    rng = Random(seed)
    out = io.StringIO(newline="")
    write = csv.writer(out).writerow
    write(HEADER)
    names, work = words()["names"], words()["work"]
    people: list[list[str]] = []
    for row in range(number):
        chance = rng.random() if people else 1.0
        if chance < 0.08:
            write(people[rng.randrange(len(people))])
        elif chance < 0.10:
            known = people[rng.randrange(len(people))]
            write([*known[:2], f"other{row}@list.example", "", "", known[5], *[""] * 6])
        else:
            written = _a_person(rng, names, work, row)
            if len(people) < 5_000:
                people.append(written)
            write(written)
    return out.getvalue().encode()


def _a_person(rng: Random, names: dict[str, dict[str, list[str]]], work: dict[str, list[str]], row: int) -> list[str]:
    told = names[rng.choice(("pl", "en"))]
    first, family = rng.choice(told["women"]), f"{rng.choice(told['family_f'])}{rng.choice('abcdefghij')}{row % 977}"
    handle = f"{folded(first)}.{folded(family)}.{row}".replace(" ", "")
    return [
        *(first, family, f"{handle}@list.example", f"+48 6{row % 10}{row % 7} {row % 1000:03} {row // 1000:03}"),
        *(rng.choice(work["titles"]), "".join(rng.choices(SYLLABLES, k=3)).capitalize(), rng.choice(work["cities"])),
        "; ".join(rng.sample(work["skills"], 3)),
        *(
            f"https://www.linkedin.com/in/{handle.replace('.', '-')}",
            "a fair",
            f"20{row % 26:02}-{1 + row % 12:02}-{1 + row % 28:02}",
            "",
        ),
    ]


def measured(store: Store) -> Iterator[tuple[str, float, str]]:
    """Name, figure and unit of each. What a process loads with its first list is loaded before."""
    import_file(store, THE_PROGRAM, look_at(store, a_list(100, seed=9), "list.csv", limits=LIMITS), Choices())
    seeds = count(10)  # never the same list: what was read before is remembered, and read faster
    for number, times in ROWS.items():
        data = a_list(number)
        yield f"{number:,} rows, a bare csv read", number / _seconds_to_read(data), "rows/s"
        yield f"{number:,} rows, a plain insert", number / _seconds_to_insert(store, data), "rows/s"
        for rhythm in (None, Rhythm(6, Unit.WEEKS)):
            seconds = [_seconds_in_and_out(store, a_list(number, seed), rhythm) for seed in islice(seeds, times)]
            in_, out = (number / median(some) for some in zip(*seconds, strict=True))
            yield f"{number:,} rows, file to done, {'with a' if rhythm else 'no'} rhythm", in_, "rows/s"
            yield f"{number:,} rows, taken back", out, "rows/s"
    yield f"{WAITING:,} rows, the longest wait of others", longest_wait(store), "s"


def longest_wait(store: Store) -> float:
    """Seconds that the slowest of others' saves took while a list came in."""
    looked = look_at(store, a_list(WAITING, seed=8), "list.csv", limits=LIMITS)
    with store.reading() as session:
        somebody = session.scalar(select(Candidate.id).limit(1))
    assert somebody is not None
    waits: list[float] = []
    over = threading.Event()

    def save() -> None:
        while not over.is_set():
            begun = time.perf_counter()
            with store.working(THE_PROGRAM, operation=uuid4().hex) as work:
                log_contact(work, somebody, way=Way.NOTE, text="A note.")
            waits.append(time.perf_counter() - begun)
            time.sleep(0.05)

    saving = threading.Thread(target=save)
    saving.start()
    import_file(store, THE_PROGRAM, looked, Choices())
    over.set()
    saving.join()
    return max(waits)


def largest_memory(folder: Path, rows: int = MANY) -> tuple[float, float]:
    """Rows per second, and MB that `perennial import` takes at most for so many rows, in a process of its own."""
    file = folder / "many.csv"
    file.write_bytes(a_list(rows))
    url = f"sqlite:///{folder / 'many.db'}"
    begun = time.perf_counter()
    command = [sys.executable, "-m", "tests.bench.lists", url, str(file)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return rows / (time.perf_counter() - begun), float(told.split()[-1])


def _seconds_in_and_out(store: Store, data: bytes, rhythm: Rhythm | None) -> tuple[float, float]:
    _let_rest(store)
    begun = time.perf_counter()
    looked = look_at(store, data, "list.csv", limits=LIMITS)
    batch = import_file(store, THE_PROGRAM, looked, Choices(rhythm=rhythm))
    done = time.perf_counter()
    with store.working(THE_PROGRAM) as work:
        undo_import(work, batch)
    return done - begun, time.perf_counter() - done


def _let_rest(store: Store) -> None:
    """What was taken back a moment ago is cleared away first; PostgreSQL would do it meanwhile, on a processor."""
    if not store.is_sqlite:
        with store.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("VACUUM")


def _seconds_to_read(data: bytes) -> float:
    begun = time.perf_counter()
    for _ in csv.reader(io.StringIO(data.decode(), newline="")):
        pass
    return time.perf_counter() - begun


def _seconds_to_insert(store: Store, data: bytes) -> float:
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))[1:]
    columns = ", ".join(f"c{number}" for number in range(len(HEADER)))
    with store.engine.execution_options(intent="write").connect() as connection:
        begun = time.perf_counter()
        with connection.begin():
            connection.execute(text(f"CREATE TABLE plain ({columns.replace(',', ' text,')} text)"))
            if store.is_sqlite:
                marks = ", ".join("?" * len(HEADER))
                connection.exec_driver_sql(f"INSERT INTO plain VALUES ({marks})", [tuple(row) for row in rows])
            else:
                driver = connection.connection
                with driver.cursor() as cursor, cursor.copy("COPY plain FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
        seconds = time.perf_counter() - begun
        with connection.begin():
            connection.execute(text("DROP TABLE plain"))
    return seconds


if __name__ == "__main__":
    from core.commands.policy import ensure_first_policy
    from core.persistence.migrations import upgrade

    upgrade(sys.argv[1])
    into = open_store(sys.argv[1])
    with into.working(THE_PROGRAM) as first:
        ensure_first_policy(first)
    seen = look_at(into, Path(sys.argv[2]).read_bytes(), "many.csv", limits=LIMITS)
    import_file(into, THE_PROGRAM, seen, Choices())
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
