"""A list whose rows lead somewhere: a table with "Open" in front of each row."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.parts import state
from pages.parts.layout import open_client, open_opening, open_person

PERSON, OPENING, CLIENT = "person", "opening", "client"
PLACES = {PERSON: open_person, OPENING: open_opening, CLIENT: open_client}


def draw(
    key: str,
    place: str,
    ids: Sequence[int],
    values: Mapping[str, Sequence[str | int]],
    columns: Mapping[str, Any],
    *,
    alt: str,
    row_height: int = 36,
) -> None:
    """Ids, and the values of each column, row by row. `follow` comes first on the page."""
    frame = pd.DataFrame({"open": pd.Series(["Open" for _ in ids], dtype="str")})
    for name, column in values.items():
        frame[name] = pd.Series(list(column), dtype="int64" if column and isinstance(column[0], int) else "str")
    button = f"open-{key}"
    st.dataframe(
        frame,
        hide_index=True,
        row_height=row_height,
        height="content",
        alt=alt,
        column_config={
            "open": st.column_config.ButtonColumn(
                "", type="tertiary", width=60, key=button, on_click=_clicked, args=(button, place, list(ids))
            ),
            **columns,
        },
    )


def follow() -> None:
    """Go where "Open" was just clicked."""
    if opened := st.session_state.pop(state.ROW_OPENED, None):
        place, id_ = opened
        PLACES[place](id_)


def _clicked(button: str, place: str, ids: list[int]) -> None:
    clicked = st.session_state[button]
    if clicked is not None and clicked["row"] < len(ids):
        st.session_state[state.ROW_OPENED] = (place, ids[clicked["row"]])
