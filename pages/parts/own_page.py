"""What the candidate's own page stands on: one column, large text; and doing things there, by the link alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.commands.own_page import Enough, Shut
from core.domain.own_page import CONSENT_MONTHS, Words
from core.domain.refusal import Refused
from core.persistence.store import AlreadyDone, Unavailable
from core.persistence.viewer import THE_PROGRAM
from pages.parts import actions, browser, runtime, state, unsaved
from pages.parts.wording import md

_LARGE = """<style>
.st-key-own-page :is(p, li, label, textarea, input) { font-size: 1.1rem }
.st-key-own-page small p, .st-key-own-page p small { font-size: 1rem }
</style>"""
_NO_SIDEBAR = """<style>
[data-testid="stSidebar"], [data-testid="stExpandSidebarButton"] { display: none !important }
</style>"""


@contextmanager
def sheet(*, is_members: bool) -> Iterator[DeltaGenerator]:
    """One column, as wide as is good to read, and the place beside the logo; a member has no sidebar there either."""
    with st.container(horizontal_alignment="center"), st.container(width=640, gap="medium", key="own-page"):
        st.html(_LARGE + (_NO_SIDEBAR if is_members else ""))
        browser.amend()
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.image(runtime.LOGO, width=150)
            beside = st.container(width="content")
        yield beside


def act(command: Callable[..., Any], *args: Any, say: Words, done: str = "", operation: str | None = None) -> None:
    """Do it as whoever the link in this browser leads to, and draw the page afresh; else say here why not.

    A member signed in in this browser does nothing here: it is for the candidate to answer. `done` names a text.
    """
    if runtime.viewer() is not None:
        return
    trouble = ""
    try:
        with runtime.store().working(THE_PROGRAM, operation) as work:
            command(work, runtime.own_page_token() or "", *args)
    except (AlreadyDone, Shut):
        done = ""  # the first click counted; or the page says by itself that it is shut
    except Unavailable:
        trouble = "busy"
    except Enough:
        trouble = "enough"
    except Refused:
        trouble = "changed"
    if trouble:
        st.error(say(trouble))
        return
    actions.forget_operation(operation)
    st.session_state[state.OWN_PAGE_SAID] = done
    st.rerun()


def say_what_came(say: Words) -> None:
    """Of the last thing that was done. Always draws one container."""
    with st.container():
        if said := st.session_state.pop(state.OWN_PAGE_SAID, ""):
            note(say(said, months=CONSENT_MONTHS))


def unsent() -> list[str]:
    """What was written there when the link had run out, or was revoked: to be copied by whoever wrote it."""
    return [text for _, text in unsaved.left()]


def note(text: str) -> None:
    with st.container(border=True):
        st.markdown(f"**{md(text)}**")
