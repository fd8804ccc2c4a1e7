"""What stands in the same place on every page: the head, quiet text, badges."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import streamlit as st

from pages.parts.wording import md

Colour = Literal["red", "blue", "gray", "violet", "green", "yellow", "orange", "primary"]


@contextmanager
def head(title: str, line: str = "") -> Iterator[None]:
    """The title, which says the state, and below it one quiet line; the controls drawn inside stand at the right.

    The title is text. The line is Markdown: names in it have been through `md`.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(gap=None, width="stretch"):
            st.title(md(title), anchor=False)
            if line:
                st.markdown(quiet(line))
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            yield


def quiet(markdown: str) -> str:
    """Small and gray, at 6.8:1; a caption would be 3.8:1."""
    return f":small[:gray[{markdown}]]"


def badge(text: str, colour: Colour = "gray") -> str:
    """A badge in a line of Markdown. Red is for one thing: a word is overdue."""
    return f":{colour}-badge[{md(text)}]"
