"""The list of people as it was drawn, and what is changed in it and not saved: by person, and it goes with whoever is
erased."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import streamlit as st

from core.queries.candidates import CandidateFilters, People, Person
from pages.parts import state, unsaved, wording

Cells = dict[int, dict[str, Any]]
"""What is changed, by the person's id and the column."""


@dataclass(slots=True)
class Drawn:
    """The list with which a grid was drawn."""

    key: str
    """The grid's."""
    asked: tuple[CandidateFilters, int]
    """What was asked for, and which page of it."""
    found: People
    """Without its rows."""
    ids: list[int]
    """Whom the grid shows, row by row."""
    people: dict[int, Person]
    """The same, but for whoever was erased since."""
    cells: Cells = field(default_factory=dict)
    """What was changed of them before this grid was drawn, which began with that."""
    theirs: set[int] = field(default_factory=set)
    """Of whom stands what somebody else has saved."""
    is_over: bool = False
    """What was changed in it is saved or dropped."""

    @property
    def lacks_somebody(self) -> bool:
        return len(self.people) < len(self.ids)

    def edits(self) -> Cells:
        """The changes not saved yet, those from before the page was left included."""
        rows = (st.session_state.get(self.key) or {}).get("edited_rows") or {}
        since = {self.ids[row]: changes for row, changes in rows.items() if row < len(self.ids)}
        return {
            id_: {**self.cells.get(id_, {}), **since.get(id_, {})}
            for id_ in self.people
            if id_ in self.cells or id_ in since
        }

    def called(self, id_: int) -> str:
        """As their row was drawn."""
        return self.people[id_].name or self.people[id_].address

    def in_lines(self, cells: Cells) -> str:
        """“Noor Haddad: Title → Lead”, a line each."""
        return "\n".join(
            f"{self.called(id_)}: {change}"
            for id_, changes in cells.items()
            if id_ in self.people
            for change in _said(changes)
        )

    def let_go(self, id_: int) -> str:
        """Their row is not shown any more; what was changed in it, in a line."""
        changed = ", ".join(_said(self.edits().get(id_, {})))
        del self.people[id_]
        return changed


def _said(changes: Mapping[str, Any]) -> list[str]:
    return [f"{wording.COLUMNS.get(name, name)} → {value or '–'}" for name, value in changes.items()]


def as_drawn() -> Drawn | None:
    known = unsaved.beside().get(state.PEOPLE_DRAWN)
    return known.value if known else None


def remember(drawn: Drawn) -> None:
    """As long as something is changed in the grid, or this page is not left."""
    _keep(state.PEOPLE_DRAWN, drawn, drawn.people, drawn.cells)


def save_pressed() -> tuple[str, datetime | None, Mapping[int, dict[str, Any]]]:
    """In which grid last, when, and what was saved by it."""
    known = unsaved.beside().get(state.PEOPLE_SAVE_PRESSED)
    return known.value if known else ("", None, {})


def note_save_pressed(key: str, at: datetime, saved: Cells) -> None:
    _keep(state.PEOPLE_SAVE_PRESSED, (key, at, saved), saved)


def _keep(name: str, value: Any, *people: dict[int, Any]) -> None:
    unsaved.beside()[name] = unsaved.Beside(value, _fields, people)


def _fields() -> list[str]:
    """Of the module: one of the page's would keep all that a run of it has read."""
    return [state.PEOPLE_CELLS]
