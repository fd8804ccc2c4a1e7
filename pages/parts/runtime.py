"""What every page stands on: the store, and who is looking."""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

import streamlit as st

from core import auth, settings
from core.auth import Cookie
from core.importers.drafts import Drafts, drafts_of
from core.persistence.store import Store, Unavailable, open_store
from core.persistence.work import Viewer


def _as_address(picture: str) -> str:
    """As Streamlit sends it; given a file, it would read it again for every run."""
    svg = (Path(__file__).parent / picture).read_bytes()
    return f"data:image/svg+xml;base64,{b64encode(svg).decode()}"


LOGO, MARK = _as_address("logo.svg"), _as_address("mark.svg")


@lru_cache(maxsize=1)
def store() -> Store:
    """The one store of this process, for its pages and for the gate in app.py, which is no page."""
    return open_store(settings.current().database_url, settings.current().calendar)


@lru_cache(maxsize=1)
def drafts() -> Drafts:
    """Lists that were uploaded and are not brought in yet."""
    return drafts_of(settings.current().database_url)


def session_token() -> str | None:
    """What this browser's cookie holds. A test that opens no browser puts a member's own here."""
    return _held(Cookie.SESSION)


def setup_key() -> str | None:
    return _held(Cookie.SETUP)


def link_secret() -> str | None:
    """What the link to choose a password by has left in this browser."""
    return _held(Cookie.LINK)


def own_page_token() -> str | None:
    """By which somebody came to their own page."""
    return _held(Cookie.OWN_PAGE)


def _held(cookie: Cookie) -> str | None:
    return st.context.cookies.get(auth.cookie_name(cookie, secure=settings.current().is_secure))


def is_reached() -> bool:
    """Whether the database answers."""
    try:
        with store().reading() as session:
            auth.has_members(session)
    except Unavailable:
        return False
    return True


_at_the_door: ContextVar[Viewer | None] = ContextVar("_at_the_door", default=None)
_is_alone: ContextVar[bool] = ContextVar("_is_alone", default=True)


@contextmanager
def let_in(asked: Viewer | None, *, alone: bool = False) -> Iterator[None]:
    """Run a page, or a piece of it alone, for whom was just asked about, so that it need not ask again."""
    door, is_alone = _at_the_door.set(asked), _is_alone.set(alone)
    try:
        yield
    finally:
        _at_the_door.reset(door)
        _is_alone.reset(is_alone)


def is_alone() -> bool:
    """A piece is run, and not the page around it: nobody has come through the front door just now."""
    return _is_alone.get()


def viewer() -> Viewer | None:
    """The member looking: as `let_in` was told in this run, else asked of the database. None for a visitor."""
    return _at_the_door.get() or auth.lookup(store(), session_token())


def require_viewer() -> Viewer:
    """The member looking; a visitor gets no further. First line of every page, and of every fragment that acts."""
    if (member := viewer()) is None:
        st.markdown("You are signed out. Load this page again to sign in.")
        st.stop()
    return member
