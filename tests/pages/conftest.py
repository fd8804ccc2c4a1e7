"""What tests of pages can ask for: a page without a browser, and a server with one.

def test_today_logs_a_contact(page_of, store, ben):          # quick, no browser, on a clock that stands still
    page = page_of("today.py", ben).run()

def test_today_by_keyboard(app_server, signed_in_page):      # Chromium on a server of its own, one per module
    page = signed_in_page(Role.RECRUITER, "/candidates")
"""

import contextlib
import logging
import os
import shutil
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.elements.lib import policies
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, app_test, local_script_runner

from core import auth
from core.commands.members import hashed
from core.commands.policy import ensure_first_policy
from core.importers.drafts import Drafts
from core.persistence.store import Store, open_store
from core.persistence.tables import Member
from core.persistence.tables.team import Role
from core.persistence.work import THE_PROGRAM, Viewer
from pages.parts import runtime
from tests.make import PATIENCE, a_member, free_port, viewer_of
from tests.pages.serving import ROOT, server_process

PAGES = ROOT / "pages"
PASSWORD = "four quiet green herons"
PASSWORD_HASH = hashed(PASSWORD)
CAST = {Role.ADMIN: "Ana", Role.RECRUITER: "Ben", Role.VIEWER: "Vera"}


# Without a browser


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """Pages know no SQL, so one database is enough to test them on."""
    return sqlite_store


@pytest.fixture(scope="session", autouse=True)
def _what_never_changes_is_read_once() -> Iterator[None]:
    """Each run of an `AppTest` searches what is installed for components, compiles what it shows, and asks
    a thousand times a second whether it is over: much of its time.
    """
    found, compiled = lru_cache(maxsize=1)(manifest_scanner.scan_component_manifests), ScriptCache()
    asks = local_script_runner.require_widgets_deltas

    def waits(runner: Any, timeout: float) -> None:
        runner._script_thread.join(timeout)
        if not runner.script_stopped():
            asks(runner, 0)  # which stops it, and says so

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", found)
        for place in (app_test, local_script_runner):
            patch.setattr(place, "ScriptCache", lambda: compiled)
        patch.setattr(local_script_runner, "require_widgets_deltas", waits)
        yield


@pytest.fixture
def page_of(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> Iterator[Callable[..., AppTest]]:
    """`page_of("today.py", ben, person="7")`: the page as that member sees it, not run yet; None is a visitor.

    It is reached through the front door, with a session in the database: all is as in a browser but the cookie.
    What is named beside is the query in the address. No widget may be told its value in two ways, of which Streamlit
    warns once in a process.
    """
    monkeypatch.setattr(policies, "_shown_default_value_warning", False)
    warning = logging.getLogger(policies.__name__)
    warning.addHandler(caplog.handler)
    monkeypatch.setattr(runtime, "store", lambda: store)
    monkeypatch.setattr(runtime, "drafts", lambda: Drafts(tmp_path / "lists"))
    for cookie in ("link_secret", "own_page_token", "setup_key"):  # in an AppTest every cookie is a mock
        monkeypatch.setattr(runtime, cookie, lambda: None)

    def page_of(name: str, viewer: Viewer | None, **query: str) -> AppTest:
        token = session_of(store, viewer) if viewer else None
        monkeypatch.setattr(runtime, "session_token", lambda: token)
        page = AppTest.from_file(PAGES / "front_door.py", default_timeout=PATIENCE)
        if name in ("first_run.py", "new_password.py", "own_page.py"):
            page.run()  # only a run tells that its address is not its file's name
        if name not in ("today.py", "front_door.py"):
            page.switch_page(name)
        for key, value in query.items():
            page.query_params[key] = value
        return page

    yield page_of
    warning.removeHandler(caplog.handler)
    assert [record.getMessage() for record in caplog.get_records("call") if record.name == warning.name] == []


def labelled(elements: Any, label: str, number: int = 0) -> Any:
    """The widget with that label; with a number, the next ones that have it too."""
    return [element for element in elements if element.label == label][number]


def starting(elements: Any, key: str) -> Any:
    """The widget whose key begins so; it ends with that of what its form will do."""
    return next(element for element in elements if (element.key or "").startswith(key))


def session_of(store: Store, viewer: Viewer) -> str:
    """A session of this member's, as if they had signed in."""
    with store.working(THE_PROGRAM) as work:
        ticket = auth.issue_ticket(work, work.session.get_one(Member, viewer.id))
    token = auth.redeem(store, ticket, runtime.settings.current().session_life)
    assert token
    return token


# With one


@dataclass
class Server:
    """A Perennial of the test's own, in a process of its own."""

    address: str
    process: BaseProcess
    store: Store
    """The same database, seen from the test; its clock is the real one."""
    members: dict[Role, Viewer] = field(default_factory=dict)
    log: Path = Path()

    def stop(self) -> None:
        """Needed only where a module starts many: at the module's end all are stopped."""
        self.process.terminate()
        self.process.join(10)
        self.store.engine.dispose()

    def cookie(self, viewer: Viewer) -> dict[str, Any]:
        """What a browser of this member's would send; for Playwright's `add_cookies`."""
        return {"name": "perennial_session", "value": session_of(self.store, viewer), "url": self.address}


@pytest.fixture(scope="module")
def start_server(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """`start_server()` starts a fresh process on a fresh database with Ana, Ben and Vera (`with_team=False`: nobody).

    Other settings by name: `start_server(PERENNIAL_SESSION_HOURS="1")`.
    """
    running: list[Server] = []

    def start(*, with_team: bool = True, **environment: str) -> Server:
        folder = tmp_path_factory.mktemp("server")
        database = shutil.copy(sqlite_template, folder / "perennial.db")
        store = open_store(f"sqlite:///{database}")
        members = {}
        with store.working(THE_PROGRAM) as work:
            ensure_first_policy(work)
        if with_team:
            for role, name in CAST.items():
                members[role] = viewer_of(store, a_member(name, role, password_hash=PASSWORD_HASH))
        port, log = free_port(), folder / "log"
        process = server_process(
            port, log, {**os.environ, "PERENNIAL_DATABASE_URL": f"sqlite:///{database}", **environment}
        )
        with pytest.MonkeyPatch.context() as patch:
            # A page that another test ran may have left itself as the main script, and a new process would run it.
            patch.setitem(sys.modules, "__main__", ModuleType("__main__"))
            process.start()
        running.append(Server(f"http://127.0.0.1:{port}", process, store, members, log))
        wait_until_served(running[-1])
        return running[-1]

    yield start
    for server in running:
        server.stop()


@pytest.fixture(scope="module")
def app_server(start_server: Callable[..., Server]) -> Server:
    """One for the module, with Ana (admin), Ben (recruiter) and Vera (viewer), whose password is PASSWORD."""
    return start_server()


@pytest.fixture
def signed_in_page(app_server: Server, browser: Any) -> Iterator[Callable[..., Any]]:
    """`signed_in_page(Role.VIEWER, "/candidates")`: a Playwright page of that role, settled.

    `dark=True`, `width=390`: as on a phone at night. At the end no page may have raised an error or asked for
    anything from another host.
    """
    contexts, wrong = [], []

    def open_page(role: Role | Viewer, path: str = "/", *, width: int = 1440, dark: bool = False) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", locale="en-GB"
        )
        contexts.append(context)
        viewer = role if isinstance(role, Viewer) else app_server.members[role]
        context.add_cookies([app_server.cookie(viewer)])
        page = context.new_page()
        watch(page, app_server.address, wrong)
        page.goto(app_server.address + path)
        settled(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def watch(page: Any, address: str, wrong: list[str]) -> None:
    """Collect errors of scripts and requests to elsewhere, and be patient."""
    page.add_init_script(  # for `acted`: when the page last heard from the server
        """window.WebSocket = class extends WebSocket { constructor(...of) { super(...of);
        this.addEventListener('message', () => { window.__heard = performance.now() }) } }"""
    )
    page.set_default_timeout(PATIENCE * 1000)
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on("request", lambda request: None if _is_own(request.url, address) else wrong.append(request.url))


def _is_own(url: str, address: str) -> bool:
    return url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))


def settled(page: Any) -> None:
    """Wait until the run is finished, the page connected, and nothing stale."""
    page.wait_for_function(
        """() => { const a = document.querySelector('[data-testid="stApp"]');
        return a && a.dataset.testConnectionState === 'CONNECTED' && a.dataset.testScriptState === 'notRunning'
            && !document.querySelector('[data-stale="true"]')
            && document.querySelector('[data-testid="stMarkdown"], h1') }""",
        timeout=PATIENCE * 1000,
    )


def acted(page: Any, act: Callable[[], Any]) -> None:
    """Do what causes a rerun: see it start, then wait for its end."""
    page.evaluate(
        """() => { const a = document.querySelector('[data-testid="stApp"]'); window.__runs = window.__heard = 0;
        window.__watch && window.__watch.disconnect();
        window.__watch = new MutationObserver(() => { if (a.dataset.testScriptState === 'running') window.__runs++ });
        window.__watch.observe(a, {attributes: true, attributeFilter: ['data-test-script-state']}) }"""
    )
    act()
    from playwright.sync_api import TimeoutError as Missed

    with contextlib.suppress(Missed):  # what it did is looked at anyway
        page.wait_for_function(  # a run can be too short to be seen: then what came of it was heard a while ago
            "() => window.__runs > 0 || (window.__heard && performance.now() - window.__heard > 500)", timeout=5_000
        )
    settled(page)


def wait_until_served(server: Server, timeout: float = PATIENCE) -> None:
    until = time.perf_counter() + timeout
    while server.process.is_alive() and time.perf_counter() < until:
        try:
            with urllib.request.urlopen(f"{server.address}/healthz", timeout=5):  # noqa: S310
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"The server did not start:\n{server.log.read_text()}")
