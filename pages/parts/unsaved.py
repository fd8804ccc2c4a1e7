"""What is written and not saved yet: it stands in its field again when another tab or page was looked at meanwhile.

    text = st.text_area("Note", drawn, **unsaved.kept(f"note-{id}", f"Note: {called}", drawn))

Whoever is signed out elsewhere finds it, to be copied, where they are asked to sign in. It is kept in Streamlit's own
session alone, which no other member comes into, and signing in begins another. A browser sends what stands in a field
on the way to another page only where leaving the field is a touch: not in `st.form`, nor where that is ignored.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import streamlit as st

from pages.parts import state
from pages.parts.layout import quiet
from pages.parts.wording import md

MOST = 20
"""So many fields that are not on the page keep what is written in them, those drawn last: Streamlit looks at each of
them with every field that it draws."""


class Field(NamedTuple):
    """What is known of a field, by its widget's key."""

    called: str
    """What is written there, and about whom: said where it is given back. Empty: it is a choice, and is not."""
    begun: Any
    """What it began with; whatever differs from it was written by somebody."""
    said: Callable[[Any], str]
    """How its value is put in words."""


@dataclass(slots=True)
class Written:
    """The fields that were drawn and may still hold something, the last drawn last."""

    fields: dict[str, Field] = field(default_factory=dict)
    drawn: set[str] = field(default_factory=set)
    """The keys of those drawn in this run."""


def kept(key: str, called: str = "", begun: Any = "") -> dict[str, Any]:
    """The arguments by which a field keeps what is written in it; what they mean, see `Field`."""
    watch(key, called, begun)
    return {"key": key, "persist_state": "session"}


def watch(key: str, called: str, begun: Any = "", said: Callable[[Any], str] = str) -> None:
    """The same for a value of the session that Streamlit need not be told to keep."""
    written = _written()
    written.fields.pop(key, None)
    written.fields[key] = Field(called, begun, said)
    written.drawn.add(key)


def is_written(key: str) -> bool:
    """Whether something stands there that it did not begin with; of what is not watched, whether it is there."""
    known = _written().fields.get(key)
    if known is None:
        return key in st.session_state
    return key in st.session_state and _bare(st.session_state[key]) != _bare(known.begun)


def drop(keys: Iterable[str]) -> None:
    """What was written there is saved, or not wanted: the fields are emptied."""
    for key in keys:
        forget(key)
        st.session_state.pop(key, None)


def drop_of(operation: str) -> None:
    """Of a form that has done this operation: the keys of its fields end with it."""
    drop([key for key in _written().fields if key.endswith(operation)])


def forget(key: str) -> None:
    """What was written there is saved, but the field itself goes on showing it."""
    _written().fields.pop(key, None)


@contextmanager
def remembered() -> Iterator[None]:
    """Round a page that is drawn whole: of the fields not on it, those nobody has written in are forgotten."""
    written = _written()
    written.drawn.clear()
    yield
    gone = [key for key in written.fields if key not in written.drawn]
    if gone:
        still = [key for key in gone if is_written(key)][-MOST:]
        drop(set(gone) - set(still))


def let_go() -> None:
    """Somebody is signed in."""
    st.session_state.pop(state.LEFT_WRITTEN, None)


def offer() -> None:
    """What was typed, to whoever has typed it and is signed out."""
    if left := take():
        st.session_state[state.LEFT_WRITTEN] = left
    if not (left := st.session_state.get(state.LEFT_WRITTEN, [])):
        return
    with st.container(border=True, gap="small"):
        st.markdown("You were signed out while you were writing, and this was not saved. Copy it before you sign in.")
        for called, text in left:
            st.markdown(quiet(md(called)))
            st.code(text, language=None, wrap_lines=True)


def take() -> list[tuple[str, str]]:
    """What was typed, by what it is called. Whoever comes next begins with empty fields."""
    typed = texts()
    drop(list(_written().fields))
    return typed


def texts() -> list[tuple[str, str]]:
    """What is typed, by what it is called."""
    fields = _written().fields
    typed = [(one.called, one.said(st.session_state[key])) for key, one in fields.items() if is_written(key)]
    return [(called, text) for called, text in typed if called and text.strip()]


def _bare(value: Any) -> Any:
    """Of a grid, what was changed."""
    if isinstance(value, dict):
        return {what: changes for what, changes in value.items() if changes}
    return value.strip() if isinstance(value, str) else value or ""


def _written() -> Written:
    """Under one name: with each field that it draws Streamlit goes through all that a session keeps."""
    written: Written = st.session_state.setdefault(state.WRITTEN, Written())
    return written
