"""What stands in the same place on every page: the head, quiet text, badges."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.parts.wording import md, plural

Colour = Literal["red", "blue", "gray", "violet", "green", "yellow", "orange", "primary"]


@contextmanager
def head(title: str, line: str = "", *, more: str | None = None) -> Iterator[None]:
    """The title, which says the state, and below it one quiet line; the controls drawn inside stand at the right.

    The title is text. The line is Markdown: names in it have been through `md`. `more` is told of the line on hover.
    """
    words, controls = head_places()
    write_head(words, title, line, more=more)
    with controls:
        yield


def head_places() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Where the words and the controls of the head stand: for a page whose title follows from its controls."""
    with st.container(horizontal=True, vertical_alignment="center", key="head"):
        return (
            st.container(gap=None, width="stretch"),
            st.container(horizontal=True, vertical_alignment="center", width="content"),
        )


def write_head(words: DeltaGenerator, title: str, line: str = "", *, more: str | None = None) -> None:
    words.title(md(title), anchor=False)
    if line:
        words.markdown(quiet(line), help=more)


def quiet(markdown: str) -> str:
    """Small and gray, at 6.8:1; a caption would be 3.8:1."""
    return f":small[:gray[{markdown}]]"


def badge(text: str, colour: Colour = "gray") -> str:
    """A badge in a line of Markdown. Red is for one thing: a word is overdue."""
    return f":{colour}-badge[{md(text)}]"


def people_done(bar: DeltaGenerator) -> Callable[[int, int], None]:
    """What moves a bar while people are gone through, told how many are done and of how many."""

    def tell(done: int, of: int) -> None:
        bar.progress(min(done / max(of, 1), 1.0), text=f"{done:,} of {plural(of, 'person', 'people')}")

    return tell


OPEN_PERSON = "Open the person"


def open_person(candidate_id: int) -> None:
    """Go to the candidate's own page."""
    st.switch_page("candidate.py", query_params={"id": str(candidate_id)})


def open_opening(opening_id: int) -> None:
    """Go to the opening's own page."""
    st.switch_page("opening.py", query_params={"id": str(opening_id)})


def open_client(client_id: int) -> None:
    """Go to the client's own page."""
    st.switch_page("client.py", query_params={"id": str(client_id)})
