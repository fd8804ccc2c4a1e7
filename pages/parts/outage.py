"""While the database is away: a sentence in place of the page, and the page again as soon as it is back."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.persistence.outages import Away, Unavailable
from pages.parts import actions, runtime
from pages.parts.wording import md

PATIENCE = 600
"""Seconds after which a page waits no longer by itself: whoever is still there loads it again."""


@contextmanager
def waited_out() -> Iterator[None]:
    """Round all that a page does. What was typed stays: a run that ends in a rerun forgets no field.

    Until then the browser keeps what it has of the page, below the sentence.
    """
    try:
        yield
    except Away as away:
        _wait(str(away))
    except Unavailable as trouble:
        st.error(md(str(trouble)))
        st.stop()


def _wait(sentence: str) -> None:
    place = st.empty()
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        place.error(md(sentence))  # said again each time: whoever does something else meanwhile ends this run here
        time.sleep(1)
        if runtime.is_reached():
            actions.say_it_was_away()
            st.rerun()
    place.error(md(f"{sentence} This page has stopped waiting: load it again."))
    st.stop()
