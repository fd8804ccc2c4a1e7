"""What somebody was writing when their session ended elsewhere: on the page that asks them to sign in, to be copied.

It is kept in Streamlit's own session alone, which no other member comes into, and signing in begins another.
"""

import streamlit as st

from pages.parts import state
from pages.parts.layout import quiet
from pages.parts.wording import md


def watch(field: str, called: str, but: str = "") -> None:
    """A field of this page. `called`: what is written there, to whom; `but`: what it began with, which is not lost."""
    known: dict[str, tuple[str, str]] = st.session_state.get(state.WRITING, {})
    still = {one: about for one, about in known.items() if one in st.session_state}
    st.session_state[state.WRITING] = {**still, field: (called, but)}


def let_go() -> None:
    """Somebody is signed in."""
    st.session_state.pop(state.LEFT_WRITTEN, None)


def offer() -> None:
    """What was typed, to whoever has typed it and is signed out."""
    fields: dict[str, tuple[str, str]] = st.session_state.get(state.WRITING, {})
    typed = [(called, str(st.session_state.get(field) or ""), but) for field, (called, but) in fields.items()]
    if left := [(called, text) for called, text, but in typed if text.strip() and text.strip() != but.strip()]:
        st.session_state[state.LEFT_WRITTEN] = left
    for kept in (*fields, state.WRITING):  # whoever comes in next begins with empty fields
        st.session_state.pop(kept, None)
    if not (left := st.session_state.get(state.LEFT_WRITTEN, [])):
        return
    with st.container(border=True, gap="small"):
        st.markdown("You were signed out while you were writing, and this was not saved. Copy it before you sign in.")
        for called, text in left:
            st.markdown(quiet(md(called)))
            st.code(text, language=None, wrap_lines=True)
