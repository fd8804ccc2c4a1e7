"""A list whose rows lead somewhere: a table with "Open" in front of each row."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import pyarrow as pa
import streamlit as st

from pages.parts import state
from pages.parts.layout import open_client, open_opening, open_person

PERSON, OPENING, CLIENT = "candidate", "opening", "client"
KINDS = {str: pa.string(), int: pa.int64(), tuple: pa.list_(pa.int64())}
PLACES = {PERSON: open_person, OPENING: open_opening, CLIENT: open_client}


class Column(NamedTuple):
    look: Any
    """What `st.column_config` makes."""
    values: Sequence[str | int | tuple[int, ...]]
    """Row by row."""


def text(label: str, width: int | Literal["large"], values: Sequence[str], *, help: str | None = None) -> Column:
    return Column(st.column_config.TextColumn(label, width=width, help=help), values)


def number(label: str, width: int, values: Sequence[int], *, help: str | None = None) -> Column:
    return Column(st.column_config.NumberColumn(label, width=width, help=help), values)


def draw(
    key: str,
    place: str | Sequence[str],
    ids: Sequence[int],
    columns: Mapping[str, Column],
    *,
    alt: str,
    row_height: int = 36,
    marks: str | None = None,
) -> list[int]:
    """`follow` comes first on the page. `ids`: of what each row is about.

    `place`: where every row leads, or each of them; "" leads nowhere.
    `marks`: rows can be marked, under this key; answers the ids of those that are.
    """
    places = [place] * len(ids) if isinstance(place, str) else list(place)
    drawn = {"open": pa.array(["Open" if where else None for where in places], KINDS[str])}
    for name, (_, values) in columns.items():
        drawn[name] = pa.array(values, KINDS.get(type(values[0]) if values else str, KINDS[str]))
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
            **{name: column.look for name, column in columns.items()},
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
