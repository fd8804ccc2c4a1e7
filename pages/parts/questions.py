"""What is asked before a promise is put off or let go. A dialog stays until it is answered or dismissed."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import streamlit as st

from core.commands.promises import snooze_promise, waive_promise
from core.domain.calendar import Calendar
from core.domain.drafts import what_is_owed
from core.queries.promises import Waiting
from pages.parts import actions, state, wording
from pages.parts.layout import quiet
from pages.parts.wording import md

SNOOZE, WAIVE = "Snooze…", "Waive…"
DATES = "YYYY-MM-DD"


def ask(question: str, promise_id: int) -> None:
    st.session_state[state.QUESTION] = (question, promise_id)


def asked_no_more() -> None:
    st.session_state.pop(state.QUESTION, None)


def keyed(key: str) -> str | None:
    """A button's key on the keyboard; in front of a dialog the page behind it has none."""
    return None if state.QUESTION in st.session_state else key


def draw(rows: Sequence[Waiting], now: datetime, calendar: Calendar) -> None:
    """The dialog that was asked for, about one of these rows, whatever else made the page run."""
    question, promise_id = st.session_state.get(state.QUESTION, ("", 0))
    row = next((row for row in rows if row.promise_id == promise_id), None)
    if row is None:
        asked_no_more()
    elif question == SNOOZE:
        snooze(row, now, calendar)
    else:
        waive(row)


@st.dialog("Snooze", on_dismiss=asked_no_more)
def snooze(row: Waiting, now: datetime, calendar: Calendar) -> None:
    st.markdown(f"**{md(row.name)}** · {md(what_is_owed(row.occasion))}")
    day = calendar.day(now)
    first = max(calendar.day(row.due_at), day) + timedelta(days=1)
    until = st.date_input(
        "Until", value=calendar.working_on_or_after(first), min_value=first, format=DATES, key="snooze-until"
    )
    reason = st.text_input("Why", key="snooze-reason", placeholder="The reason is kept with the promise")
    if st.button("Snooze it", type="primary", shortcut="Ctrl+Enter", key="snooze-it"):
        done = f"Snoozed until {wording.day(until, day)}: {row.name}"
        answer(snooze_promise, row, until, reason, done=done)


@st.dialog("Waive", on_dismiss=asked_no_more)
def waive(row: Waiting) -> None:
    st.markdown(f"**{md(row.name)}** · {md(what_is_owed(row.occasion))}  \n{quiet('Nobody will say this word.')}")
    reason = st.text_input("Why", key="waive-reason", placeholder="The reason is kept with the promise")
    if st.button("Waive it", type="primary", shortcut="Ctrl+Enter", key="waive-it"):
        answer(waive_promise, row, reason, done=f"Waived: {row.name}")


def answer(command: Callable[..., int], row: Waiting, *args: object, done: str) -> None:
    """A refusal is said in the dialog; done, it closes."""
    actions.act(
        command,
        row.promise_id,
        *args,
        done=done,
        operation=actions.operation(f"{command.__name__}-{row.promise_id}"),
        undoable=True,
        before_rerun=asked_no_more,
    )
