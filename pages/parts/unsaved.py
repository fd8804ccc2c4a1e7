"""What is written and not saved yet: it stands in its field again when another tab or page was looked at meanwhile.

    text = st.text_area("Note", drawn, **unsaved.kept(f"note-{id}", f"Note: {called}", drawn))

Whoever is signed out elsewhere finds it, to be copied, where they are asked to sign in. The session alone has it, which
no other member comes into, and signing in begins another. A browser sends what stands in a field on the way to another
page only where leaving the field is a touch: not in `st.form`, nor where that is ignored.

The next touch breaks a run off wherever it looks into the session: so what is written is put where it goes before it is
taken from where it was.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import streamlit as st

from pages.parts import reads, state
from pages.parts.layout import quiet
from pages.parts.wording import md

Rows = list[dict[str, Any]]
"""Of a grid, by column."""
_NOTHING = object()


class Field(NamedTuple):
    """What is known of a field, by its widget's key."""

    called: str
    """What is written there, and about whom: said where it is given back. Empty: it is a choice, and is not."""
    begun: Any
    """What it began with; whatever differs from it was written by somebody."""
    said: Callable[[Any], str]
    """How its value is put in words."""
    whom: int | Set[int] | None
    """The person it is about; of what has a part for each of several, by their ids, all of them; None: about nobody.
    Once they are erased it is forgotten."""
    is_work: bool = False
    """A choice, but one of many: the browser asks before it is lost too."""

    def people(self) -> Set[int]:
        if self.whom is None:
            return set()
        return {self.whom} if isinstance(self.whom, int) else self.whom


class Beside(NamedTuple):
    """What a page keeps beside its fields, such as the rows they were drawn from."""

    value: Any
    fields: Callable[[], Iterable[str]]
    """The keys of these. Where none of them is left, another page does not find the value."""
    people: tuple[dict[int, Any], ...] = ()
    """What of it is about somebody, by their id: it goes with them."""


@dataclass(slots=True)
class Written:
    """The fields that were drawn and may still hold something, the last drawn last."""

    fields: dict[str, Field] = field(default_factory=dict)
    drawn: set[str] = field(default_factory=set)
    """The keys of those drawn in this run."""
    place: str = ""
    """The page on which that is, and whom or what it is about."""
    whom: int | None = None
    """The person whom what is drawn now is about."""
    waiting: dict[str, Any] = field(default_factory=dict)
    """What is written in those that are not on the page. Kept as state of its own, each would be looked at by Streamlit
    with every field that it draws."""
    grids: dict[str, tuple[Rows, Mapping[str, Any]]] = field(default_factory=dict)
    """Of each grid on the page, the rows with which it was drawn, and what was changed in them when it was drawn last:
    for another page Streamlit forgets that before it is run."""
    beside: dict[str, Beside] = field(default_factory=dict)


def about(candidate_id: int) -> None:
    """All that this page, or the dialog at its end, draws from here on is about this person."""
    _written().whom = candidate_id


def kept(
    key: str, called: str = "", begun: Any = "", whom: int | None = None, *, is_work: bool = False
) -> dict[str, Any]:
    """The arguments by which a field keeps what is written in it; what they mean, see `Field`."""
    watch(key, called, begun, whom=whom, is_work=is_work)
    return {"key": key, "persist_state": "session"}


def watch(
    key: str,
    called: str,
    begun: Any = "",
    said: Callable[[Any], str] = str,
    *,
    whom: int | Set[int] | None = None,
    is_work: bool = False,
) -> None:
    """The same for a value of the session that is no field's."""
    written = _written()
    if key in written.waiting:
        st.session_state[key] = written.waiting[key]
        del written.waiting[key]
    _draw(written, key, Field(called, begun, said, whom or written.whom, is_work))


def grid(key: str, called: str, begun: Rows, said: Callable[[Rows], str]) -> Rows:
    """The rows with which a grid is drawn: no grid can be told later what stands in it, but it can begin with that."""
    written = _written()
    changes = st.session_state.get(key)
    rows: Rows = _stands(written, key, begun) if changes is None else written.grids.get(key, (begun, {}))[0]
    written.grids[key] = rows, changes or {}
    written.waiting.pop(key, None)
    _draw(written, key, Field(called, begun, said, written.whom))
    return rows


def beside() -> dict[str, Beside]:
    """By a name, what is kept beside fields."""
    return _written().beside


def value(key: str, otherwise: Any = None) -> Any:
    """What stands there, on the page or not."""
    return _stands(_written(), key, otherwise)


def put(
    key: str,
    text: Any,
    called: str = "",
    begun: Any = "",
    said: Callable[[Any], str] = str,
    *,
    whom: int | Set[int] | None = None,
    is_work: bool = False,
) -> None:
    """Write there, on the page or not."""
    written = _written()
    written.fields[key] = Field(called, begun, said, whom or written.whom, is_work)
    place: MutableMapping[Any, Any] = st.session_state if key in st.session_state else written.waiting
    place[key] = text


def put_by(text: Any, key: str, under: str) -> None:
    """What was written in a field waits under another key: the field is for something else."""
    if known := _written().fields.get(key):
        put(under, text, known.called, known.begun, whom=known.whom)


def is_written(key: str) -> bool:
    """Whether something stands there that it did not begin with; of what is not watched, whether it is there."""
    return _is_written(_written(), key)


def is_written_in(operation: str) -> bool:
    """Of a form whose fields' keys end with the key of what it will do."""
    written = _written()
    return any(key.endswith(operation) and _is_written(written, key) for key in written.fields)


def whom(keys: Iterable[str]) -> int | None:
    """The first person that any of these fields is about."""
    known = (one.whom for key in keys if (one := _written().fields.get(key)) is not None)
    return next((person for person in known if isinstance(person, int)), None)


def called(key: str) -> str:
    return _written().fields[key].called


def written_in(beginning: str) -> list[str]:
    """Of the fields whose keys begin so, those in which something is written."""
    written = _written()
    return [key for key in written.fields if key.startswith(beginning) and _is_written(written, key)]


def is_anything_written() -> bool:
    """Whether loading the page again would lose something that is not saved."""
    written = _written()
    counts = [key for key, one in written.fields.items() if one.called or one.is_work]
    return bool(st.session_state.get(state.LEFT_WRITTEN)) or any(_is_written(written, key) for key in counts)


def drop(keys: Iterable[str]) -> None:
    """What was written there is saved, or not wanted: the fields are emptied."""
    for key in keys:
        forget(key)
        for known in (_written().waiting, _written().grids):
            known.pop(key, None)
        st.session_state.pop(key, None)


def drop_of(operation: str) -> None:
    """Of a form that has done this operation: the keys of its fields end with it."""
    drop([key for key in _written().fields if key.endswith(operation)])


def drop_of_erased() -> bool:
    """What was written about whoever is erased goes with them. Whether anything was.

    Asked where somebody comes to another page, before what is written is told, and where a row of Today is gone.
    """
    written = _written()
    named = [one.people() for key, one in written.fields.items() if one.whom is not None and _is_written(written, key)]
    about = set[int]().union(*named)
    return bool(about) and drop_about(reads.erased(about))


def drop_about(people: Set[int]) -> bool:
    """The fields about them, with what is written there and what is kept beside it. Whether there were any."""
    written = _written()
    known = [(key, one) for key, one in written.fields.items() if one.people() & people]
    for key, one in known:
        others = one.people() - people
        stay = {id_: part for id_, part in value(key, {}).items() if id_ in others} if others else {}
        if stay:
            put(key, stay, one.called, one.begun, one.said, whom=others)
        else:
            drop([key])
    for kept in (part for one in written.beside.values() for part in one.people):
        for gone in people & kept.keys():
            del kept[gone]
    return bool(known)


def forget(key: str) -> None:
    """What was written there is saved, but the field itself goes on showing it."""
    _written().fields.pop(key, None)


@contextmanager
def remembered(place: str) -> Iterator[None]:
    """Round a page that is drawn whole: the fields not on it wait, and those nobody has written in are forgotten."""
    written = _written()
    written.drawn.clear()
    written.whom = None
    if is_another := written.place != place:
        drop_of_erased()
    yield
    for key in [key for key in written.fields if key not in written.drawn and key not in written.waiting]:
        if _is_written(written, key):
            written.waiting[key] = value(key)
            st.session_state.pop(key, None)
            written.grids.pop(key, None)
        else:
            drop([key])
    if is_another:
        stay = {name: one for name, one in written.beside.items() if not written.fields.keys().isdisjoint(one.fields())}
        written.beside = stay
        written.place = place  # only now: a run that is broken off has let nothing go


def let_go() -> None:
    """Somebody is signed in."""
    st.session_state.pop(state.LEFT_WRITTEN, None)


def offer() -> bool:
    """What was typed, to whoever has typed it and is signed out. Whether there is anything."""
    if not (written := left()):
        return False
    with st.container(border=True, gap="small"):
        st.markdown("You were signed out while you were writing, and this was not saved. Copy it before you sign in.")
        for called, text in written:
            st.markdown(quiet(md(called)))
            st.code(text, language=None, wrap_lines=True)
    return True


def left() -> list[tuple[str, str]]:
    """What was typed when its page was closed to whoever typed it, by what it is called. Their fields are emptied, and
    nothing is kept beside them."""
    kept: list[tuple[str, str]] = st.session_state.setdefault(state.LEFT_WRITTEN, [])
    kept += [one for one in texts() if one not in kept]
    drop(list(_written().fields))
    beside().clear()
    return kept


def texts() -> list[tuple[str, str]]:
    """What is typed, by what it is called."""
    drop_of_erased()
    fields = _written().fields
    typed = [(one.called, one.said(value(key))) for key, one in fields.items() if one.called and is_written(key)]
    return [(called, text) for called, text in typed if text.strip()]


def _draw(written: Written, key: str, known: Field) -> None:
    written.fields.pop(key, None)
    written.fields[key] = known
    written.drawn.add(key)


def _stands(written: Written, key: str, otherwise: Any) -> Any:
    if key in written.waiting:
        return written.waiting[key]
    if key in written.grids:
        rows, changes = written.grids[key]
        return _changed(rows, st.session_state.get(key, changes))
    return st.session_state.get(key, otherwise)


def _is_written(written: Written, key: str) -> bool:
    """Told what is written: each look into the session takes Streamlit a few microseconds."""
    known, stands = written.fields.get(key), _stands(written, key, _NOTHING)
    return stands is not _NOTHING and (known is None or _bare(stands) != _bare(known.begun))


def _bare(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value or ""


def _changed(rows: Rows, changes: Mapping[str, Any]) -> Rows:
    """As they stand in a grid by now."""
    edited, deleted = changes.get("edited_rows", {}), changes.get("deleted_rows", ())
    blank = dict.fromkeys(rows[0]) if rows else {}
    stand = [{**row, **edited.get(number, {})} for number, row in enumerate(rows) if number not in deleted]
    return [*stand, *({**blank, **added} for added in changes.get("added_rows", ()))]


def _written() -> Written:
    """Under one name: with each field that it draws Streamlit goes through all that a session keeps."""
    written: Written = st.session_state.setdefault(state.WRITTEN, Written())
    return written
