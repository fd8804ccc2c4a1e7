"""What a list is narrowed to, drawn as widgets and kept in the address, so that a view can be sent to a colleague.

What is chosen stands in the session under the name it has in the address, all of it in one place: with each touch,
Streamlit goes through all that a session keeps. A widget is only a way to change it: one in a closed popover is not on
the page, would miss being told of another value, and would bring its old one back.

Whatever is chosen is a step of the browser's history, and so is what is searched, once for all its letters
(`browser.js`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Literal, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.domain.drafts import NAMES
from core.domain.promises import Kind
from core.persistence.work import Viewer
from core.queries.page import Page
from core.queries.promises import PromiseFilters
from pages.parts import reads, state
from pages.parts.charts import clear_charts
from pages.parts.choosing import choose_one

Shown = TypeVar("Shown")
Order = TypeVar("Order")

MINE, TEAM = "Mine", "Team"
WHOSE, KIND, PERSON, DUE, TAB = "whose", "kind", "person", "due", "tab"
"""Names in the address."""
OF_PROMISES = (KIND, PERSON, DUE)
OF_A_LIST = ("q", "order", "page")
ORDER_WIDTH = 270
"""In pixels: the longest name of an order can be read whole."""


@dataclass(slots=True)
class Choice:
    """What is chosen under one name: nothing, one or several."""

    values: list[str] = field(default_factory=list)
    in_address: list[str] | None = None
    """As written there or found there; None: whatever it says is news."""
    is_ahead: bool = False
    """Chosen just now, and on its way to the address, which says something older."""
    round: int = 0
    """How often it was chosen otherwise than by its widget, which each time is made anew to say so."""


# of promises


def promise_filters(*, mine: bool) -> PromiseFilters:
    """What is chosen, by the address or before; the widgets may be drawn later."""
    kinds = tuple(Kind(value) for value in chosen_some(KIND, set(Kind).__contains__))
    person = chosen(PERSON, lambda value: bool(value.strip()))
    begin, end = _days(chosen(DUE, lambda value: _days(value) != (None, None)))
    return PromiseFilters(mine, kinds, person, begin, end)


def whose() -> bool:
    """Mine or the team's; answers whether mine. Today is everybody's own: its address says no name."""
    said = one_of(WHOSE, {"": MINE, TEAM: TEAM}, "Whose", required=True)
    to_address(WHOSE)
    return not said


def kinds(number_of: Mapping[Kind, int]) -> None:
    """The kinds there are, each with its number."""
    chosen = _choice(KIND).values
    st.pills(
        "Kind",
        [kind.value for kind in Kind if number_of.get(kind) or kind.value in chosen],
        selection_mode="multi",
        default=chosen,
        format_func=lambda value: f"{NAMES[Kind(value)]} {number_of.get(Kind(value), 0):,}",
        key=_widget(KIND),
        on_change=_taken,
        args=(KIND,),
        wrap=True,
    )


def person() -> None:
    draw_text(PERSON, "Person", "Name or company")


def due(weeks: Mapping[str, str]) -> None:
    """Stretches of days, by their value in the address, each as it is called."""
    st.pills(
        "Due",
        list(weeks),
        default=value_of(DUE) or None,
        format_func=lambda value: weeks[value],
        key=_widget(DUE),
        label_visibility="collapsed",
        on_change=_taken,
        args=(DUE,),
        wrap=True,
    )


def days(begin: date, end: date) -> str:
    """“2026-03-05”, or “2026-03-09/2026-03-15”."""
    return begin.isoformat() if begin == end else f"{begin.isoformat()}/{end.isoformat()}"


def choose_promises(kinds: set[str], days: str = "") -> None:
    """A callback's: these kinds on these days, as a chart was clicked. What is no kind and no day is left out."""
    _choose(KIND, [kind.value for kind in Kind if kind.value in kinds])
    _choose(DUE, [days] if _days(days) != (None, None) else [])


# of any list


def owner(name: str, viewer: Viewer) -> int | None:
    """Whose people or figures: a member's, or the team's, which is None.

    The address says it by the member, so that a colleague who opens it is shown what its sender saw.
    """
    mine = str(viewer.id)
    colleagues = cache(lambda: {str(id_): called for id_, called in reads.colleagues()})
    said = chosen(name, lambda value: value == mine or value in colleagues())
    theirs = {said: colleagues()[said]} if said not in ("", mine) else {}
    draw_one_of(name, {mine: MINE, **theirs, "": TEAM}, "Whose", required=True)
    to_address(name)
    return int(said) if said else None


def own(name: str) -> str:
    """What is searched on this page, in which order, and how far: by a name that no other page has."""
    return f"{st.session_state[state.PLACE]}-{name}"


def search(placeholder: str) -> str:
    """What is searched, as it is typed."""
    name = own("q")
    text = chosen(name, bool)
    draw_search(name, "Search", placeholder, label_visibility="collapsed")
    to_address(name)
    return text


def searched_in_order(placeholder: str, orders: Mapping[str, Order]) -> tuple[str, Order]:
    """Both, beside each other; below each other on a phone."""
    with st.container(horizontal=True, gap="small"):
        return search(placeholder), order(orders, width=ORDER_WIDTH)


def order(orders: Mapping[str, Order], *, width: int | Literal["stretch"] = "stretch") -> Order:
    """The order chosen, of those by name; the first, where none is."""
    first, *others = orders
    said = chosen(own("order"), others.__contains__)
    called = {"": first, **{one: one for one in others}}
    draw_select(own("order"), called, "Order", label_visibility="collapsed", width=width)
    to_address(own("order"))
    return orders[said or first]


def forget_other_lists(place: str) -> None:
    """Before a page is run, by its path: of the page that is left, which begins anew unless its address says more.

    Whatever the address says there is news, also where another page has the same name for something else.
    """
    before = st.session_state.get(state.PLACE, place)
    if before != place:
        of_its_list = {f"{before}-{name}" for name in OF_A_LIST}
        for name, choice in st.session_state.get(state.CHOICES, {}).items():
            choice.in_address = None
            if name in of_its_list:
                choice.values = []
    st.session_state[state.PLACE] = place


def begin_anew(name: str, asked: object) -> None:
    """Whoever asks for something else begins with its first page, unless they go back to where they were further on.

    `name`: under which what was asked last is kept.
    """
    if st.session_state.get(name, asked) != asked and _brought(own("page"), _is_page) is None:
        choose(own("page"), "")
    st.session_state[name] = asked


def page_asked(name: str) -> int:
    """What the widget of `page` says, or the address before it is drawn."""
    return int(chosen(name, _is_page) or 1)


def page_within(name: str, total: int, size: int) -> Page:
    """The page asked for; the last there is, where the list has become shorter, or an address says more."""
    if page_asked(name) > (last := _last(total, size)):
        choose(name, str(last) if last > 1 else "")
    return Page(page_asked(name), size)


def page_reached(
    read: Callable[[Page], Shown], total: Callable[[Shown], int], size: int, name: str | None = None
) -> Shown:
    """The same of a list that says with what it shows how long it is: what that page shows.

    `name`: of one of several lists on a page.
    """
    name = name or own("page")
    page = Page(page_asked(name), size)
    shown = read(page)
    if page.number > _last(total(shown), size):
        first = read(Page(1, size))  # a page on which nobody stands may not say it
        shown = read(page) if (page := page_within(name, total(first), size)).number > 1 else first
    return shown


def page(name: str, total: int, size: int = 50) -> Page:
    """Which page of a long list, chosen below it and kept in the address; a list of one page has nothing to choose."""
    page = page_within(name, total, size)
    if (last := _last(total, size)) > 1:
        st.pagination(last, default=page.number, key=_widget(name), on_change=_taken, args=(name,))
    to_address(name)
    return page


def _last(total: int, size: int) -> int:
    """The number of the last page."""
    return max(-(-total // size), 1)


def id_in_address(name: str) -> int | None:
    """None where the address has none, or something that is no id: it may have been typed, or cut in a message."""
    text = st.query_params.get(name, "")
    return int(text) if _is_number(text) else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _is_page(text: str) -> bool:
    """As `page` writes it: one page has one address."""
    return _is_number(text) and not text.startswith("0")


def one_of(name: str, options: Mapping[str, str], label: str, *, default: str = "", required: bool = False) -> str:
    """One of some, kept in the address under its own name, whatever it is called at the moment; "" is none of them.

    Where something must be chosen, `default` is. `to_address` comes after it.
    """
    _follow_address(name, options.__contains__)
    if value_of(name) not in options:
        choose(name, default)
    draw_one_of(name, options, label, required=required)
    return value_of(name)


def draw_one_of(
    name: str, options: Mapping[str, str], label: str, *, required: bool = False, is_said: bool = False
) -> None:
    """The widget of what was `chosen`. `is_said`: the label stands above it."""
    control = st.segmented_control if required else st.pills
    more: dict[str, Any] = {"required": True} if required else {"wrap": True}
    said = value_of(name)
    control(
        label,
        list(options),
        default=said if said in options else None,
        format_func=lambda value: options[value],
        key=_widget(name),
        label_visibility="visible" if is_said else "collapsed",
        on_change=_taken,
        args=(name,),
        **more,
    )


def draw_select(name: str, options: Mapping[str, str], label: str, **more: Any) -> None:
    """The same of many. `more`: what a select box may be told besides."""
    more = {"placeholder": "All", **more}
    choose_one(label, options, value_of(name), key=_widget(name), on_change=_taken, args=(name,), **more)


def draw_select_or_type(name: str, options: Sequence[str], label: str, **more: Any) -> None:
    """The same of many, or something else that is typed."""
    said = value_of(name)
    there = with_said(options, [said])
    more = {"index": there.index(said) if said else None, "accept_new_options": True, **more}
    st.selectbox(label, there, key=_widget(name), on_change=_taken, args=(name,), **more)


def draw_some_or_type(name: str, options: Sequence[str], label: str, **more: Any) -> None:
    """The same of several: what was `chosen_some`."""
    said = _choice(name).values
    more = {"default": said, "accept_new_options": True, "select_all": False, **more}
    st.multiselect(label, with_said(options, said), key=_widget(name), on_change=_taken, args=(name,), **more)


def with_said(options: Sequence[str], said: Iterable[str]) -> list[str]:
    """The options, and what was typed that is none of them."""
    return list(dict.fromkeys([*options, *filter(None, said)]))


def draw_day(name: str, label: str, **more: Any) -> None:
    """The same as a day."""
    st.date_input(label, _day(value_of(name)), key=_widget(name), on_change=_taken, args=(name,), **more)


def draw_text(name: str, label: str, placeholder: str, **more: Any) -> None:
    """The same as a text."""
    more = {"placeholder": placeholder, **more}
    st.text_input(label, value_of(name), key=_widget(name), on_change=_taken, args=(name,), **more)


def draw_search(name: str, label: str, placeholder: str, **more: Any) -> None:
    """The same as it is typed."""
    draw_text(name, label, placeholder, type="search", live="300ms", **more)


def tabs(labels: Mapping[str, str], *, key: str) -> tuple[str, DeltaGenerator]:
    """The tabs of a page. `labels`: by what the address calls each; a label may change, as where it counts something.

    Returns which one is open, by that name, and the tab itself. Where the address names none, the first is.
    """
    values, choice = list(labels), _choice(TAB)
    written = choice.in_address = choice.in_address or []
    if (said := _brought(TAB, labels.__contains__)) is not None:
        choice.in_address = st.query_params.get_all(TAB)
        st.session_state[key] = labels[(said or values)[0]]
    elif st.session_state.get(key) not in labels.values():  # it is called otherwise by now
        st.session_state[key] = labels[(written or values)[0]]
    drawn = st.tabs(list(labels.values()), key=key, on_change=_tab_opened)
    place = next(place for place, tab in enumerate(drawn) if tab.open)
    _write(TAB, [values[place]] if place else [])
    return values[place], drawn[place]


def chosen(name: str, allowed: Callable[[str], bool]) -> str:
    """What is chosen, whose widget is drawn later, if it has one; "" is nothing. `to_address` comes after it."""
    _follow_address(name, allowed)
    if (said := value_of(name)) and not allowed(said):
        choose(name, "")
    return value_of(name)


def chosen_some(name: str, allowed: Callable[[str], bool]) -> list[str]:
    """The same of what may be several."""
    _follow_address(name, allowed, several=True)
    return list(_choice(name).values)


def chosen_day(name: str, last: date) -> date | None:
    """The same of a day, of those until the last; None: none is chosen."""
    return _day(chosen(name, lambda value: (day := _day(value)) is not None and day <= last))


def value_of(name: str) -> str:
    """What is chosen by now, of what can be one alone; "" is nothing."""
    return "".join(_choice(name).values[:1])


def choose(name: str, value: str) -> None:
    """Chosen otherwise than by its widget: by a button elsewhere, in a callback. "" is nothing."""
    if _choice(name).values != (values := [value] if value else []):
        _choose(name, values)


def show_all(*names: str) -> None:
    """A callback: of these nothing is chosen any more, and nothing in any chart."""
    for name in names:
        choose(name, "")
    clear_charts()


def to_address(*names: str) -> None:
    """At the end of the page: what is chosen stands in the address, and whatever that says later is news."""
    for name in names:
        _write(name, _choice(name).values)


def _write(name: str, chosen: list[str]) -> None:
    choice = _choice(name)
    choice.is_ahead = False
    if chosen == choice.in_address:
        return
    choice.in_address = chosen
    if chosen:
        st.query_params[name] = chosen
    else:
        st.query_params.pop(name, None)


def _follow_address(name: str, allowed: Callable[[str], bool], *, several: bool = False) -> None:
    """What the address brings is chosen."""
    if (said := _brought(name, allowed)) is not None:
        # As it stands there: what is not allowed is then taken out of it, where what is chosen is written.
        choice = _choice(name)
        choice.in_address = st.query_params.get_all(name)
        _choose(name, said if several else said[:1])
        choice.is_ahead = False


def _brought(name: str, allowed: Callable[[str], bool]) -> list[str] | None:
    """What the address says, where that is news: not what was written there, nor older than what was chosen just now
    and is on its way there."""
    said = st.query_params.get_all(name)
    choice = _choice(name)
    return None if choice.is_ahead or said == choice.in_address else [value for value in said if allowed(value)]


def _choose(name: str, values: list[str]) -> None:
    choice = _choice(name)
    choice.values, choice.is_ahead = values, True
    choice.round += 1


def _taken(name: str) -> None:
    """A widget's callback: what it says is chosen."""
    if _widget(name) not in st.session_state:
        return  # another callback of this moment has chosen otherwise, and the widget is made anew
    choice, value = _choice(name), st.session_state[_widget(name)]
    choice.values = list(value) if isinstance(value, list | tuple) else [str(value)] if value else []
    choice.is_ahead = True


def _tab_opened() -> None:
    """A callback: what the address says is older."""
    _choice(TAB).is_ahead = True


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _days(value: str) -> tuple[date | None, date | None]:
    try:
        begin, _, end = value.partition("/")
        return date.fromisoformat(begin), date.fromisoformat(end or begin)
    except ValueError:
        return None, None


def _choice(name: str) -> Choice:
    choices: defaultdict[str, Choice] = st.session_state.setdefault(state.CHOICES, defaultdict(Choice))
    return choices[name]


def _widget(name: str) -> str:
    return f"{name}-chosen-{_choice(name).round}"
