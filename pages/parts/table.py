"""A list whose rows lead somewhere: a table with "Open" in front of each row."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from pages.parts import state
from pages.parts.layout import open_client, open_opening, open_person

PERSON, OPENING, CLIENT = "candidate", "opening", "client"
KINDS = {str: pa.string(), int: pa.int64(), tuple: pa.list_(pa.int64())}
PLACES = {PERSON: open_person, OPENING: open_opening, CLIENT: open_client}


def draw(
    key: str,
    place: str | Sequence[str],
    ids: Sequence[int],
    values: Mapping[str, Sequence[str | int | tuple[int, ...]]],
    columns: Mapping[str, Any],
    *,
    alt: str,
    row_height: int = 36,
    marks: str | None = None,
) -> list[int]:
    """Ids, and the values of each column, row by row. `follow` comes first on the page.

    `place`: where every row leads, or each of them; "" leads nowhere.
    `marks`: rows can be marked, under this key; answers the ids of those that are.
    """
    places = [place] * len(ids) if isinstance(place, str) else list(place)
    drawn = {"open": pa.array(["Open" if where else None for where in places], KINDS[str])}
    for name, column in values.items():
        drawn[name] = pa.array(column, KINDS.get(type(column[0]) if column else str, KINDS[str]))
    button = f"open-{key}"
    marking: dict[str, Any] = {"key": marks, "on_select": "rerun", "selection_mode": "multi-row"} if marks else {}
    shown: Any = st.dataframe(
        pa.table(drawn),
        hide_index=True,
        row_height=row_height,
        height="content",
        alt=alt,
        column_config={
            "open": st.column_config.ButtonColumn(
                "", type="tertiary", width=60, key=button, on_click=_clicked, args=(button, places, list(ids))
            ),
            **columns,
        },
        **marking,
    )
    return [ids[row] for row in shown.selection.rows if row < len(ids)] if marks else []


def follow() -> None:
    """Go where "Open" was just clicked."""
    if opened := st.session_state.pop(state.ROW_OPENED, None):
        place, id_ = opened
        PLACES[place](id_)


def _clicked(button: str, places: list[str], ids: list[int]) -> None:
    clicked = st.session_state[button]
    if clicked is not None and clicked["row"] < len(ids) and places[clicked["row"]]:
        st.session_state[state.ROW_OPENED] = (places[clicked["row"]], ids[clicked["row"]])
