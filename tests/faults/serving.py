"""A Perennial that serves, in a process of its own, and people at work on its pages until it is killed."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from websockets.exceptions import WebSocketException

from core.persistence.store import Store
from core.persistence.tables.team import Role
from tests.make import a_candidate, a_member, free_port, saved, viewer_of
from tests.pages.conftest import session_of
from tests.pages.wire import Wire

ROOT = Path(__file__).parents[2]
AT_WORK = 3


@contextmanager
def serving(url: str, port: int | None = None) -> Iterator[str]:
    """Its address, once it answers; killed at the end, if it still lives."""
    port = port or free_port()
    environment = {**os.environ, "PERENNIAL_DATABASE_URL": url}
    command = [sys.executable, "-m", "core.cli", "serve", "--port", str(port)]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)
    try:
        address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + 60
        while health(address) != 200:
            if time.monotonic() > until or server.poll() is not None:
                raise AssertionError("The server did not start.")
            time.sleep(0.05)
        yield address
    finally:
        server.send_signal(signal.SIGKILL)
        server.wait(10)


def health(address: str) -> int:
    """The status /healthz answers with; 0 where nobody does."""
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=30) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as said:
        with said:
            return said.code
    except OSError:
        return 0


class AtWork:
    """Members who log words to people, each in a tab; what a page said was logged is acknowledged."""

    def __init__(self, store: Store) -> None:
        self.store, self.numbers = store, count(1)
        members = [viewer_of(store, a_member(f"Member {number}", Role.RECRUITER)) for number in range(AT_WORK)]
        self.cookies = [session_of(store, member) for member in members]

    def until_killed(self, address: str, chance: random.Random, end: threading.Event) -> list[str]:
        acknowledged: list[str] = []
        people = [saved(self.store, a_candidate(f"Person {next(self.numbers)}")) for _ in self.cookies]
        tabs = [
            threading.Thread(target=self._log, args=(address, cookie, person, acknowledged, end))
            for cookie, person in zip(self.cookies, people, strict=True)
        ]
        for tab in tabs:
            tab.start()
        until = time.monotonic() + 60
        while not acknowledged and time.monotonic() < until and any(tab.is_alive() for tab in tabs):
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 1.5))
        return acknowledged

    def _log(self, address: str, cookie: str, person: int, acknowledged: list[str], end: threading.Event) -> None:
        with suppress(OSError, WebSocketException, TimeoutError), Wire(address, cookie=cookie) as tab:
            seen = tab.run(f"/candidate?id={person}")
            while not end.is_set():
                token = f"word:{person}:{next(self.numbers)}"
                seen = tab.press(seen, "log-", text=token)
                if any(said.startswith("Logged") for said in seen.toasts):
                    acknowledged.append(token)
