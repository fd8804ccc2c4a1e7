"""The moment after something has appeared where somebody has just pressed: the second press of a double click.

A slow double click takes half a second; whoever reads what has appeared, and then presses, takes longer than this.
"""

from datetime import datetime, timedelta

import streamlit as st

from pages.parts import runtime, state

MOMENT = timedelta(milliseconds=500)


def is_too_quick(since: datetime | None) -> bool:
    """Whether what has appeared, or was done, has only just; None: it never has."""
    return since is not None and runtime.store().now() - since < MOMENT


def is_second_press(of: str) -> bool:
    """Whether this is the second press of a double click in a list whose rows go when they are pressed.

    The next row has then come under the pointer. `of`: what the button does.
    """
    name = state.PRESSED_AT.format(of)
    if is_too_quick(st.session_state.get(name)):
        return True
    st.session_state[name] = runtime.store().now()
    return False
