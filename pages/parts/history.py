"""The history of a person in words, a page at a time; what was noted wrongly is taken back, years later too."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial

import streamlit as st

from core.commands.undo import take_back_fact
from core.domain.calendar import Calendar
from core.persistence.tables import FactKind
from core.queries.candidate import Profile
from core.queries.history import Entry
from pages.parts import actions, filters, questions, reads, state, telling
from pages.parts.layout import quiet
from pages.parts.questions import answer, asked_no_more
from pages.parts.telling import Pronoun

ENTRIES = 20
TAKE_BACK = "Take back…"
TAKEN_BACK = frozenset(
    {
        FactKind.CONTACT,
        FactKind.PROCESS,
        FactKind.MEETING,
        FactKind.MEETING_OUTCOME,
        FactKind.GROWTH_NOTE,
        FactKind.PLACEMENT,
        FactKind.PLACEMENT_END,
        FactKind.CONTACT_BAN,
        FactKind.WAIVER,
        FactKind.SNOOZE,
    }
)
"""What may have been noted of the wrong person. What moves a process, an owner or a consent has its own way back, or
forward; a process begun by mistake has none, nor has what a ban has ended."""


def draw(person: Profile, now: datetime, calendar: Calendar, *, may_edit: bool) -> Sequence[Entry]:
    """Returns what was drawn, newest first."""
    key, who = f"page-{person.id}", Pronoun(person)
    told = filters.page_reached(partial(reads.entries, person.id), lambda told: told.number, ENTRIES, key)
    wrong = [entry for entry in told.rows if may_edit and can_be_taken_back(entry)]
    if names := names_of(wrong, who, now, calendar):
        with st.container(horizontal=True, horizontal_alignment="right"):
            st.menu_button(
                TAKE_BACK,
                list(names),
                format_func=lambda id_: names.get(id_, ""),
                type="tertiary",
                key=f"take-back-{person.id}",
                on_click=pick,
                args=(f"take-back-{person.id}",),
            )
    say_if_gone([entry.id for entry in wrong])
    if told.rows:
        st.markdown("\n\n".join(telling.told(entry, who, now, calendar) for entry in told.rows))
    if told.number > ENTRIES:
        filters.page(key, told.number, ENTRIES)
    return told.rows


def pick(key: str) -> None:
    """A callback. What was chosen may have been taken back by somebody else meanwhile."""
    questions.ask(TAKE_BACK, st.session_state[key])


def say_if_gone(ids: Sequence[int]) -> None:
    question, about = st.session_state.get(state.QUESTION, ("", 0))
    if question != TAKE_BACK or about in ids:
        return
    asked_no_more()
    is_gone = reads.is_taken_back(about)
    actions.refuse("It is taken back already." if is_gone else "More was noted meanwhile: choose it once more.")
    st.rerun()


def names_of(entries: Sequence[Entry], who: Pronoun, now: datetime, calendar: Calendar) -> dict[int, str]:
    """Each in short; of those that read the same, the second and the third say so."""
    seen: Counter[str] = Counter()
    names: dict[int, str] = {}
    for entry in entries:
        name = telling.in_short(entry, who, now, calendar)
        seen[name] += 1
        names[entry.id] = f"{name} ({seen[name]})" if seen[name] > 1 else name
    return names


def dialogs(entries: Sequence[Entry], person: Profile, now: datetime, calendar: Calendar) -> questions.Dialogs:
    return {
        (TAKE_BACK, entry.id): partial(ask, entry, person, now, calendar)
        for entry in entries
        if can_be_taken_back(entry)
    }


def can_be_taken_back(entry: Entry) -> bool:
    """What came with a list goes with the list."""
    return entry.kind in TAKEN_BACK and not entry.is_imported


@st.dialog("Take back", on_dismiss=asked_no_more)
def ask(entry: Entry, person: Profile, now: datetime, calendar: Calendar) -> None:
    st.markdown(telling.told(entry, Pronoun(person), now, calendar))
    what = "What it kept is owed again, and what it opened is gone." if entry.kept else "What it opened is gone."
    st.markdown(quiet(f"It counts as never noted. {what} The audit trail remembers that it was taken back."))
    if st.button("Take it back", type="primary", key="take-it-back"):
        answer(take_back_fact, entry.id, done=f"Taken back: {person.called}", undo_by=None)
