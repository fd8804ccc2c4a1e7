"""A piece of a page: after a touch in it, it is drawn again alone, and all around it stays as it is."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import streamlit as st

from pages.parts import actions, outage, runtime, state

P = ParamSpec("P")
R = TypeVar("R")


def piece(draw: Callable[P, R], *, key: str | None = None) -> Callable[P, R]:
    """Make a piece of a page of what draws it.

    Drawn alone, it still has the arguments of the last whole page, which may be old: `runtime.is_alone` tells it. If
    something is done or asked in it, the whole page is drawn next. What it returns is for the page only. `key`: lets a
    callback have it drawn.
    """

    @st.fragment(key=key)
    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        with outage.waited_out(None):  # of the page around it too: what a fragment raises never reaches the front door
            if not runtime.is_alone():
                return draw(*args, **kwargs)
            with runtime.store().one_look():
                if (viewer := runtime.viewer()) is None:
                    st.rerun()  # the front door asks who it is, and has what was typed
                with runtime.let_in(viewer, alone=True):
                    actions.begin_to_act()
                    _draw_all_if_told()  # by a callback
                    result = draw(*args, **kwargs)
                    _draw_all_if_told()
                    return result

    return drawn


def _draw_all_if_told() -> None:
    if state.QUESTION in st.session_state or actions.has_news():
        st.rerun()
