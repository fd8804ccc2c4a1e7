"""Rounds of killing, each with what came of it."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import select

from core import clock as clocks
from core.persistence.store import open_store
from core.persistence.tables import Contact
from core.persistence.tables.team import Role
from tests.commands.test_conflicts import lay_out
from tests.faults import checker, writer
from tests.faults.forms import FORMS, at_once
from tests.faults.killing import OwnPostgres, killed, moments
from tests.faults.serving import AtWork, serving
from tests.make import a_member, viewer_of

THOROUGHLY = 50
"""After so many kills everything is derived afresh, and the file is looked through."""


@dataclass
class Came:
    """What came of it."""

    kills: int = 0
    acknowledged: int = 0
    silent: int = 0
    """Kills before anything was acknowledged."""
    lost: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        wrong = [*self.lost, *self.half, *self.damaged][:5]
        return (
            f"{self.kills} kills, {self.acknowledged} acknowledged, {self.silent} before the first, "
            f"{len(self.lost)} lost, {len(self.half)} half, {len(self.damaged)} damaged {wrong or ''}"
        ).rstrip()

    @property
    def is_well(self) -> bool:
        return not (self.lost or self.half or self.damaged)

    def look(self, url: str, acknowledged: list[str], since: datetime | None, *, rows: int, thoroughly: bool) -> None:
        store = open_store(url)
        self.kills += 1
        self.acknowledged += len(acknowledged)
        self.silent += not acknowledged
        self.lost += checker.lost(store, acknowledged)
        self.half += checker.half(store, rows=rows, since=since)
        if thoroughly:
            self.damaged += checker.damaged(store)
        store.engine.dispose()


Say = Callable[[str], None]


def in_edits(url: str, kills: int, *, seed: int = 1, say: Say = lambda _: None) -> Came:
    writer.begin(url, seed)
    came, chances = Came(), moments(seed)
    for kill in range(kills):
        after, wait = next(chances)
        since = clocks.now()
        acknowledged = killed(partial(writer.edit, url, f"{seed}.{kill}"), after=after, wait=wait)
        _look(came, url, acknowledged, since, kill, kills, say=say)
    return came


def in_imports(url: str, kills: int, *, rows: int = 300, seed: int = 1, say: Say = lambda _: None) -> Came:
    """Whoever is killed after none is killed at any time from the beginning of a list to a little after its end."""
    writer.begin(url, -seed)
    came, chance, begun, lasts = Came(), random.Random(seed), time.monotonic(), 0.0
    for kill in range(kills):
        since, first = clocks.now(), kill == 0
        bring_in = partial(writer.bring_in, url, f"{seed}.{kill}", rows)
        acknowledged = killed(bring_in, after=int(first), wait=0.0 if first else chance.uniform(0, 1.3 * lasts))
        if first:  # it is let be, and tells how long one takes
            lasts = time.monotonic() - begun
        _look(came, url, acknowledged, since, kill, kills, rows=rows, say=say)
    return came


def of_the_database(postgres: OwnPostgres, kills: int, *, seed: int = 1, say: Say = lambda _: None) -> Came:
    """Not who writes is killed, but the whole PostgreSQL; it is started again, and the writer goes on by itself."""
    writer.begin(postgres.url, seed)
    came, chances = Came(), moments(seed)
    for kill in range(kills):
        after, wait = next(chances)
        since = clocks.now()
        write = partial(writer.edit, postgres.url, f"{seed}.{kill}")
        acknowledged = killed(write, after=after, wait=wait, also=postgres.kill)
        postgres.start()
        _look(came, postgres.url, acknowledged, since, kill, kills, say=say)
    return came


def in_serving(url: str, kills: int, *, seed: int = 1, say: Say = lambda _: None) -> Came:
    """Who is killed is a Perennial that serves, while members save on its pages: what a page said was saved counts."""
    store, came, chance = open_store(url), Came(), random.Random(seed)
    at_work = AtWork(store)
    for kill in range(kills):
        end = threading.Event()
        with serving(url) as address:
            said = at_work.until_killed(address, chance, end)
        end.set()
        came.kills += 1
        came.acknowledged += len(said)
        came.silent += not said
        with store.reading() as session:
            kept = Counter(session.scalars(select(Contact.text)))
        came.lost += [token for token in said if not kept[token]]
        came.half += [f"{token} is there {number} times" for token, number in kept.items() if number > 1]
        if kill == kills - 1:
            came.damaged += checker.damaged(store)
    store.engine.dispose()
    return came


def of_two_at_once(url: str, saves: int, *, seed: int = 1, say: Say = lambda _: None) -> Came:
    """Nobody is killed: two save the same form at once, `saves` times. Counts those kept; lost is a text nobody saw."""
    store, came = open_store(url), Came()
    members = viewer_of(store, a_member("Ana", Role.ADMIN)), viewer_of(store, a_member("Ben", Role.RECRUITER))
    lay_out(store, *members)
    for number in range(saves):
        name = list(FORMS)[number % len(FORMS)]
        came.lost += [f"{name}: {wrong}" for wrong in at_once(store, FORMS[name], members, number)]
        came.acknowledged += 1
        if number % 100 == 99:
            say(str(came))
    came.damaged += checker.damaged(store)
    store.engine.dispose()
    return came


def _look(
    came: Came, url: str, acknowledged: list[str], since: datetime, kill: int, kills: int, *, rows: int = 0, say: Say
) -> None:
    is_last = kill == kills - 1
    thoroughly = is_last or kill % THOROUGHLY == THOROUGHLY - 1
    came.look(url, acknowledged, None if is_last else since, rows=rows, thoroughly=thoroughly)
    if thoroughly:
        say(str(came))
