"""What is written and not saved yet: it stands in its field again when another tab or page was looked at meanwhile.

    text = st.text_area("Note", drawn, **unsaved.kept(f"note-{id}", f"Note: {called}", drawn))

Whoever is signed out elsewhere finds it, to be copied, where they are asked to sign in. It is kept in Streamlit's own
session alone, which no other member comes into, and signing in begins another. A browser sends what stands in a field
on the way to another page only where leaving the field is a touch: not in `st.form`, nor where that is ignored.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from pages.parts import state
from pages.parts.layout import quiet
from pages.parts.wording import md

MOST = 20
"""So many fields that are not on the page keep what is written in them, those drawn last: Streamlit looks at each of
them with every field that it draws."""


_SCRIPT = """
export default function () {
  if (window.__perennialLeaving) return;
  window.__perennialLeaving = true;
  let isWriting = false;
  document.addEventListener('pointerdown', () => {
    isWriting = Boolean(document.activeElement?.matches('textarea, input'));
  }, true);
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[href]');
    if (!link || !isWriting || event.ctrlKey || event.metaKey || event.shiftKey) return;
    isWriting = false;
    event.preventDefault();
    event.stopImmediatePropagation();
    setTimeout(() => link.click(), 100);
  }, true);
}
"""
_leave = st.components.v2.component("perennial_leave", js=_SCRIPT)


def send_first() -> None:
    """On every page, once: whoever taps a link out of a field they write in leaves a moment later, when what they wrote
    is sent. Both at once, and Streamlit would lose that, or show the new page empty."""
    _leave(key="on-leaving")


@dataclass(slots=True)
class Written:
    """The fields that were drawn and may still hold something, the last drawn last."""

    fields: dict[str, tuple[str, Any, Callable[[Any], str]]] = field(default_factory=dict)
    """By the widget's key: what is written there, to whom, or nothing where it is only chosen; what it began with; and
    how it is said."""
    drawn: set[str] = field(default_factory=set)
    """In this run."""


def kept(key: str, called: str = "", but: Any = "") -> dict[str, Any]:
    """What a field is told of itself. `called`: what is written there, to whom; `but`: what it begins with."""
    watch(key, called, but)
    return {"key": key, "persist_state": "session"}


def watch(key: str, called: str, but: Any = "", said: Callable[[Any], str] = str) -> None:
    """The same of what is kept otherwise."""
    written = _written()
    written.fields.pop(key, None)
    written.fields[key] = (called, but, said)
    written.drawn.add(key)


def is_written(key: str) -> bool:
    """Whether something stands there that it did not begin with; of what is not watched, whether it is there."""
    known = _written().fields.get(key)
    if known is None:
        return key in st.session_state
    return key in st.session_state and _bare(st.session_state[key]) != _bare(known[1])


def drop(keys: Iterable[str]) -> None:
    """It is saved, or let go."""
    for key in keys:
        is_saved(key)
        st.session_state.pop(key, None)


def is_saved(key: str) -> None:
    """What stands there is no longer to be kept; the field may have it still."""
    _written().fields.pop(key, None)


def drop_of(operation: str) -> None:
    """The same of a form whose fields are called by what it has done."""
    drop([key for key in _written().fields if key.endswith(operation)])


@contextmanager
def remembered() -> Iterator[None]:
    """Round a page that is drawn whole: of fields that have gone, what nobody has written in is forgotten."""
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
    fields = _written().fields
    written = [(called, said(st.session_state[key])) for key, (called, _, said) in fields.items() if is_written(key)]
    if left := [(called, text) for called, text in written if called and text.strip()]:
        st.session_state[state.LEFT_WRITTEN] = left
    drop(list(fields))  # whoever comes in next begins with empty fields
    if not (left := st.session_state.get(state.LEFT_WRITTEN, [])):
        return
    with st.container(border=True, gap="small"):
        st.markdown("You were signed out while you were writing, and this was not saved. Copy it before you sign in.")
        for called, text in left:
            st.markdown(quiet(md(called)))
            st.code(text, language=None, wrap_lines=True)


def _bare(value: Any) -> Any:
    """Of a grid, what was changed."""
    if isinstance(value, dict):
        return {what: changes for what, changes in value.items() if changes}
    return value.strip() if isinstance(value, str) else value or ""


def _written() -> Written:
    """Under one name: with each field that it draws Streamlit goes through all that a session keeps."""
    written: Written = st.session_state.setdefault(state.WRITTEN, Written())
    return written
