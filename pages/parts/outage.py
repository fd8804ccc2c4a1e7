"""While the database is away: a sentence in place of the page, and the page again as soon as it is back."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.persistence.outages import Away, Unavailable
from core.persistence.viewer import Viewer
from pages.parts import actions, runtime
from pages.parts.wording import md

PAUSE, PATIENCE = 1.0, 600.0
"""Seconds between two looks, and after which a page looks no more: whoever is still there loads it again."""


def looking() -> tuple[Viewer | None, Unavailable | None]:
    """The member looking, or why the database can't say."""
    try:
        return runtime.viewer(), None
    except Unavailable as trouble:
        return None, trouble


@contextmanager
def waited_out(trouble: Unavailable | None) -> Iterator[None]:
    """Round all that a page does. What was typed stays: a run that ends in a rerun forgets no field.

    Until then the browser keeps what it has of the page, below the sentence. `trouble`: what there is already.
    """
    try:
        if trouble is not None:
            raise trouble
        yield
    except Away as away:
        _wait(str(away))
    except Unavailable as other:
        st.error(md(str(other)))
        st.stop()


def _wait(sentence: str) -> None:
    place = st.empty()
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        place.error(md(sentence))  # said again each time: whoever does something else meanwhile ends this run here
        time.sleep(PAUSE)
        if runtime.is_reached():
            actions.say_it_was_away()
            st.rerun()
    place.error(md(f"{sentence} This page has stopped waiting: load it again."))
    st.stop()
