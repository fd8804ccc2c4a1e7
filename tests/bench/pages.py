"""What a touch of each page costs, through the real server, as a multiple of an empty page and of the page's floor."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import click

from core import auth
from core.demo import load_demo
from core.persistence.migrations import upgrade
from core.persistence.store import open_store
from tests.bench import board
from tests.bench.reads import Measured
from tests.bench.tab import Tab
from tests.load.servers import await_answer
from tests.make import free_port

MEASURED = (
    *("today", "candidates", "candidate", "imports", "opening", "pipelines", "clients", "client", "pool", "insights"),
)
QUERIES = {"candidate": "id=20", "client": "id=1"}
PEOPLE = 1_000
SESSION = timedelta(hours=12)
WARM_UP, RERUNS, STARTS = 10, 80, 5
ROOT = Path(__file__).parents[2]
TOUCH, START = "a touch of", "second start to a served page"


def pages_and_starts(place: Path, wanted: Callable[[str], bool]) -> Iterator[Measured]:
    database = f"sqlite:///{place / 'pages.db'}"
    upgrade(database)
    store = open_store(database)
    account = next(a for a in load_demo(store, candidates=PEOPLE) if a.role.value == "recruiter")
    token = auth.redeem(store, auth.sign_in(store, account.username, account.password), SESSION)
    opening = board.fill(store)
    store.engine.dispose()
    cookie = f"{auth.cookie_name(secure=False)}={token}"
    click.echo(f"\nPages, {PEOPLE:,} candidates")
    if wanted(START):
        yield from _starts(database, cookie)
    if wanted(board.DRAG):
        with serving([sys.executable, "-m", "core.cli", "serve", "--port"], database) as port:
            one = Measured(board.DRAG, "sqlite", PEOPLE, board.dragged(f"http://127.0.0.1:{port}", cookie, opening))
            _tell(one)
            yield one
    if wanted(TOUCH):
        yield from reruns(database, cookie, QUERIES | {"opening": f"id={opening}"})


def _starts(database: str, cookie: str) -> Iterator[Measured]:
    """From the command to Today drawn for somebody signed in; the first start is not counted."""
    times = []
    for number in range(1 + STARTS):
        begun = time.perf_counter()
        with serving([sys.executable, "-m", "core.cli", "serve", "--port"], database) as port:
            tab = Tab(port, cookie)
            tab.run()
            if number:
                times.append((time.perf_counter() - begun) * 1000)
            tab.close()
    one = Measured(START, "sqlite", PEOPLE, times)
    _tell(one)
    yield one


def reruns(
    database: str, cookie: str, queries: dict[str, str], pages: Sequence[str] = MEASURED, people: int = PEOPLE
) -> Iterator[Measured]:
    """Each page in a tab of its own, touched in turn: whatever slows the machine slows all of them."""
    names = ["empty", *pages, *(f"floor-{name}" for name in pages)]
    with serving([sys.executable, str(Path(__file__).with_name("served.py"))], database) as port:
        tabs = {name: Tab(port, cookie, name, queries.get(name.removeprefix("floor-"), "")) for name in names}
        times: dict[str, list[float]] = {name: [] for name in names}
        for turn in range(WARM_UP + RERUNS):
            for name, tab in tabs.items():
                begun = time.perf_counter()
                tab.run()
                if turn >= WARM_UP:
                    times[name].append((time.perf_counter() - begun) * 1000)
        said = {
            name: f"{tab.elements} elements, {tab.first / 1024:.0f} KiB at first, {tab.bytes / 1024:.0f} again"
            for name, tab in tabs.items()
        }
        for tab in tabs.values():
            tab.close()
    kind = database.partition(":")[0].partition("+")[0]
    measured = {name: Measured(f"{TOUCH} {name}", kind, people, times[name]) for name in names}
    empty = measured["empty"].percentile(50)
    for name, one in measured.items():
        _tell(one, said[name])
        if f"floor-{name}" in measured:
            floor, p50 = measured[f"floor-{name}"].percentile(50), one.percentile(50)
            click.echo(f"    {p50 / empty:.1f} times an empty page, {p50 / floor:.2f} times its floor")
        yield one


def _tell(one: Measured, note: str = "") -> None:
    p50, p95 = one.percentile(50), one.percentile(95)
    click.echo(f"  {one.name:<34} p50 {p50:9.1f} ms   p95 {p95:9.1f} ms   of {len(one.milliseconds)}  {note}")


@contextmanager
def serving(command: list[str], database: str) -> Iterator[int]:
    """A server of ours on a free port, until it is no longer needed."""
    port = free_port()
    environment = {**os.environ, "PERENNIAL_DATABASE_URL": database, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what the first start compiles, the second uses
    server = subprocess.Popen([*command, str(port)], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        await_answer(f"127.0.0.1:{port}", server)
        yield port
    finally:
        server.terminate()
        server.wait(20)
