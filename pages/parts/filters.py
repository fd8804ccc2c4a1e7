"""What a list is narrowed to, drawn as widgets and kept in the address, so that a view can be sent to a colleague."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from core.domain.drafts import NAMES
from core.domain.promises import Kind
from core.queries.page import Page
from core.queries.promises import PromiseFilters

MINE, TEAM = "Mine", "Team"
WHOSE, KIND, PERSON, DUE = "whose", "kind", "person", "due"
"""Names in the address, and of the widgets' values."""


def whose() -> bool:
    """Mine or the team's; answers whether mine."""
    chosen = st.segmented_control(
        "Whose",
        [MINE, TEAM],
        default=MINE,
        required=True,
        key=WHOSE,
        bind="query-params",
        label_visibility="collapsed",
    )
    return chosen != TEAM


def kinds(number_of: Mapping[Kind, int]) -> None:
    """The kinds there are, each with its number; `from_address(KIND, is_kind, several=True)` comes before."""
    chosen = st.session_state.get(KIND) or ()
    st.pills(
        "Kind",
        [kind.value for kind in Kind if number_of.get(kind) or kind.value in chosen],
        selection_mode="multi",
        format_func=lambda value: f"{NAMES[Kind(value)]} {number_of.get(Kind(value), 0):,}",
        key=KIND,
        on_change=picked,
        args=(KIND,),
        wrap=True,
    )


def person() -> str:
    return st.text_input("Person", key=PERSON, bind="query-params", placeholder="Name or company") or ""


def promise_filters(*, mine: bool, person: str) -> PromiseFilters:
    """What is chosen; kinds and days may be drawn later than they are needed."""
    begin, end = _days(st.session_state.get(DUE))
    chosen = tuple(Kind(value) for value in st.session_state.get(KIND) or ())
    return PromiseFilters(mine=mine, kinds=chosen, person=person, due_from=begin, due_to=end)


def show_all() -> None:
    """A callback: nothing is chosen any more."""
    st.session_state[KIND], st.session_state[DUE], st.session_state[PERSON] = [], "", ""
    picked(KIND)
    picked(DUE)


def page(key: str, total: int, size: int = 50) -> Page:
    """Which page of a long list, chosen below it and kept in the address."""
    pages = max(1, -(-total // size))
    return Page(st.pagination(pages, key=key, bind="query-params"), size)


# in the address what Streamlit's own binding can't keep, because the widget's labels carry numbers


def from_address(key: str, allowed: Callable[[str], bool], *, several: bool = False) -> None:
    """Before the widget: a value that the address brings is the widget's, unless the person has just picked another."""
    said = [value for value in st.query_params.get_all(key) if allowed(value)]
    if st.session_state.pop(_picked(key), False) or st.session_state.get(_written(key)) == said:
        return
    st.session_state[_written(key)] = said
    st.session_state[key] = said if several else "".join(said[:1])


def to_address(key: str) -> None:
    """After the widget: what was picked stands in the address."""
    value: Any = st.session_state.get(key)
    chosen: Sequence[str] = [value] if isinstance(value, str) and value else value or []
    if list(chosen) == st.session_state.get(_written(key)):
        return
    st.session_state[_written(key)] = list(chosen)
    if chosen:
        st.query_params[key] = list(chosen)
    else:
        st.query_params.pop(key, None)


def picked(key: str) -> None:
    """A callback of the widget: the person chose; the address follows."""
    st.session_state[_picked(key)] = True


def is_kind(value: str) -> bool:
    return value in set(Kind)


def is_days(value: str) -> bool:
    return _days(value) != (None, None)


def days(begin: date, end: date) -> str:
    """“2026-03-05”, or “2026-03-09/2026-03-15”."""
    return begin.isoformat() if begin == end else f"{begin.isoformat()}/{end.isoformat()}"


def _days(value: str | None) -> tuple[date | None, date | None]:
    try:
        begin, _, end = (value or "").partition("/")
        return date.fromisoformat(begin), date.fromisoformat(end or begin)
    except ValueError:
        return None, None


def _picked(key: str) -> str:
    return f"{key}-picked"


def _written(key: str) -> str:
    return f"{key}-in-the-address"
