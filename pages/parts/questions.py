"""What is asked in a dialog before something is done; and about a promise: to put it off, let it go, or keep it.

A page asks, and at its end draws whichever dialog was asked for among those it has.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import streamlit as st

from core.commands.promises import keep_promise, snooze_promise, waive_promise
from core.commands.undo import undo_fact
from core.domain.calendar import Calendar
from core.domain.drafts import what_is_owed
from core.domain.promises import Kind
from core.domain.refusal import Refused
from core.persistence.work import Viewer
from core.queries.promises import Waiting
from pages.parts import actions, keeping, keys, outcome, state, unsaved, wording
from pages.parts.layout import quiet
from pages.parts.outcome import How
from pages.parts.wording import md

SNOOZE, WAIVE, KEEP, HEARD = "Snooze…", "Waive…", "Log it", "The client answered…"
EARLIER = "Said earlier…"
DATES = "YYYY-MM-DD"
ANY_YEAR: dict[str, Any] = {"min_value": date(1950, 1, 1), "max_value": date(2099, 12, 31)}
"""A field drops without a word what is out of its range; the command can say what is wrong with it."""

Dialogs = Mapping[tuple[str, int], Callable[[], None]]
"""By the question, and the id of what it is about."""


def ask(question: str, about_id: int) -> None:
    st.session_state[state.QUESTION] = (question, about_id)


def asked_no_more() -> None:
    st.session_state.pop(state.QUESTION, None)


def keyed(key: str) -> str | None:
    """A button's key on the keyboard; in front of a dialog the page behind it has none."""
    return None if state.QUESTION in st.session_state else keys.key(key)


def draw(dialogs: Dialogs) -> None:
    """A dialog stays until it is answered or dismissed, whatever else makes the page run."""
    if dialog := dialogs.get(st.session_state.get(state.QUESTION, ("", 0))):
        dialog()
    else:
        asked_no_more()


def operation_of(command: Callable[..., Any], about: Any) -> str:
    """What a dialog will do, by a key with which those of its fields end."""
    return actions.operation(f"{command.__name__}-{about}")


def answer(
    command: Callable[..., Any],
    *args: Any,
    done: str,
    undo_by: Callable[..., Any] | None = undo_fact,
    operation: str | None = None,
    then: Callable[[], None] = asked_no_more,
    **plain: Any,
) -> None:
    """Run the command of a dialog: a refusal is shown in it, success closes it, or asks what comes next.

    `operation`: of its fields, where they were drawn for another command, or for more than what comes first.
    """
    operation = operation or operation_of(command, args[0])
    actions.act(command, *args, done=done, operation=operation, undo_by=undo_by, before_rerun=then, **plain)


def choose_channel(key: str) -> str:
    kept = unsaved.kept(key, begun=keeping.CHANNELS[0])
    chosen = st.segmented_control(
        "How", keeping.CHANNELS, default=keeping.CHANNELS[0], required=True, wrap=True, **kept
    )
    return (chosen or keeping.CHANNELS[0]).lower()


def ask_when(key: str, day: date) -> date | None:
    """On which day something happened that is put down only now; none: it just did."""
    return st.date_input(
        "On, if earlier", None, max_value=day, format=DATES, width=150, **unsaved.kept(key, begun=None)
    )


# about a promise


def instead_of_a_word(row: Waiting) -> list[str]:
    """What can become of it but a word of ours."""
    if row.kind is Kind.CONSENT:
        return []
    return [HEARD, SNOOZE, WAIVE] if row.kind is Kind.CHASE else [SNOOZE, WAIVE]


def ask_of(row: Waiting, question: str) -> None:
    """What the client said is of the process, whatever promise it keeps."""
    if question == EARLIER:
        question = KEEP
    about = row.process_id if question == HEARD else row.promise_id
    assert about is not None
    ask(question, about)


def of_promises(rows: Sequence[Waiting], viewer: Viewer, now: datetime, calendar: Calendar) -> Dialogs:
    dialogs: dict[tuple[str, int], Callable[[], None]] = {}
    for row in rows:
        dialogs[SNOOZE, row.promise_id] = partial(snooze, row, now, calendar)
        dialogs[WAIVE, row.promise_id] = partial(waive, row)
        dialogs[KEEP, row.promise_id] = partial(keep, row, viewer, now, calendar)
    return dialogs


@st.dialog("Snooze", on_dismiss=asked_no_more)
def snooze(row: Waiting, now: datetime, calendar: Calendar) -> None:
    unsaved.about(row.candidate_id)
    st.markdown(whose(row))
    day = calendar.day(now)
    first = max(calendar.day(row.due_at), day) + timedelta(days=1)
    usual, operation = calendar.working_on_or_after(first), operation_of(snooze_promise, row.promise_id)
    until = st.date_input(
        "Until", usual, min_value=first, format=DATES, **unsaved.kept(f"snooze-until-{operation}", begun=usual)
    )
    kept = unsaved.kept(f"snooze-reason-{operation}", f"Why you snooze: {row.name}")
    reason = st.text_input("Why", placeholder="The reason is kept with the promise", **kept)
    if st.button("Snooze it", type="primary", shortcut=keys.key("Ctrl+Enter"), key="snooze-it"):
        done = f"Snoozed until {wording.day(until, day)}: {row.name}"
        answer(snooze_promise, row.promise_id, until, reason, done=done)


@st.dialog("Waive", on_dismiss=asked_no_more)
def waive(row: Waiting) -> None:
    unsaved.about(row.candidate_id)
    st.markdown(f"{whose(row)}  \n{quiet('Nobody will say this word.')}")
    operation = operation_of(waive_promise, row.promise_id)
    kept = unsaved.kept(f"waive-reason-{operation}", f"Why you waive: {row.name}")
    reason = st.text_input("Why", placeholder="The reason is kept with the promise", **kept)
    if st.button("Waive it", type="primary", shortcut=keys.key("Ctrl+Enter"), key="waive-it"):
        answer(waive_promise, row.promise_id, reason, done=f"Waived: {row.name}")


@st.dialog("Log it", on_dismiss=asked_no_more)
def keep(row: Waiting, viewer: Viewer, now: datetime, calendar: Calendar) -> None:
    """What no word to them keeps: an outcome, a consent, a question to the client; and what was said earlier."""
    day = calendar.day(now)
    unsaved.about(row.candidate_id)
    st.markdown(whose(row))
    choice = st.segmented_control(
        "How",
        keeping.choices(row),
        default=keeping.usual_choice(row),
        required=True,
        label_visibility="collapsed",
        wrap=True,
    )
    until = text = when = None
    who = outcome.draw_who(choice, row.process_id, row.owner_id) if row.kind is Kind.OUTCOME else How(choice)
    if row.kind is Kind.CONSENT and choice == keeping.RENEWED:
        until = st.date_input("Valid until", day + timedelta(days=365), min_value=day, format=DATES)
    if keeping.is_a_word(row):
        operation = operation_of(keep_promise, row.promise_id)
        when = ask_when(f"earlier-{operation}", day)
        text = st.text_area("What you said", **unsaved.kept(f"said-{operation}", f"What you said: {row.name}"))
    at = keeping.said_at(when, now, calendar)
    if at is not None and (too_soon := keeping.why_too_soon(row, at, calendar)):
        st.markdown(quiet(too_soon))
    if st.button("Log it", type="primary", shortcut=keys.key("Ctrl+Enter"), key="keep-it"):
        try:
            how = keeping.keeping(
                row,
                viewer,
                choice=choice,
                text=text or "",
                until=until,
                at=at,
                absent_member_id=who.absent_member_id,
                asked_by=who.asked_by,
            )
        except Refused as refused:
            st.error(md(refused))
            return
        answer(keep_promise, row.promise_id, how.command, *how.args, done=how.done, **how.plain)


def whose(row: Waiting) -> str:
    return f"**{md(row.name)}** · {md(what_is_owed(row.occasion))}"
