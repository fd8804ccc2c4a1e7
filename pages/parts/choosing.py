"""One of several, which code knows by an id or a code, and people by a name."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.domain.templates import LANGUAGES

Id = TypeVar("Id")


def choose_one(
    label: str, names: Mapping[Id, str], begun: Id | None = None, place: DeltaGenerator | None = None, **more: Any
) -> Id | None:
    """The id of what is chosen: `begun` at first, or nothing where that is none of them.

    `more`: what a select box may be told besides.
    """
    ids = list(names)
    chosen: Id | None = (place or st).selectbox(
        label,
        ids,
        index=ids.index(begun) if begun is not None and begun in names else None,
        format_func=names.__getitem__,
        **more,
    )
    return chosen


def choose_language(codes: Sequence[str], *, key: str, **more: Any) -> str:
    """In which language something is written; the first of them at first."""
    chosen: str | None = st.segmented_control(
        "Language",
        codes,
        default=codes[0],
        required=True,
        format_func=lambda code: LANGUAGES[code],
        label_visibility="collapsed",
        key=key,
        **more,
    )
    return chosen or codes[0]
