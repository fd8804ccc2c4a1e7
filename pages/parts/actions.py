"""Doing things from a page: one unit of work, and what came of it said to the person who asked.

In a page's body, where what was typed must stand beside what went wrong:

    operation = actions.operation("add")
    with st.form(f"add-{operation}"):
        ...
        if st.form_submit_button("Add"):
            actions.act(add_candidate, name=name, operation=operation, done=f"Added: {name}")

In a callback, which runs before the page is drawn, so that one rerun is enough:

    st.button("Waive", on_click=actions.do, args=(waive_promise, promise_id, reason), kwargs={"done": "Waived."})

Nothing of Streamlit is called inside the unit of work: a rerun there would throw the work away.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.domain.refusal import Refused, Stale
from core.persistence.store import AlreadyDone, Unavailable
from pages.parts import keys, moment, runtime, state, unsaved
from pages.parts.clashes import Form
from pages.parts.wording import md

SIGNED_OUT = "You are signed out, and nothing was saved. Copy what you wrote, then load this page again to sign in."
MOST_UNDONE = 10
"""Of what was done one after the other, so much can be taken back, the last first."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What came of an action, said once. What can be undone stays until something is done that can't be."""

    text: str
    went_wrong: bool = False
    undo: Any = None
    """The fact that "Undo" takes back, or several; or what the command `undo_by` takes."""
    undo_by: Callable[..., Any] | None = None
    """The command that does."""
    is_done: bool = False
    is_asked: bool = False
    """Somebody else was faster: the form shows both texts, and asks which is to stand."""
    was_away: bool = False
    """The database could not do it: it can be tried again."""


def act(
    command: Callable[..., Any],
    *args: Any,
    done: str,
    before_rerun: Callable[[], None] | None = None,
    **how: Any,
) -> None:
    """Do it, keep the notice and draw the page afresh; a refusal is shown where this stands, and nothing is lost.

    `how`: as `_worked` takes it. `before_rerun`: what the page forgets once it is done.
    """
    notice = _worked(command, *args, done=done, **how)
    if notice.is_asked:
        st.rerun()  # the form asks in its place, and its other ways out are gone
    elif notice.went_wrong:
        st.session_state[state.WENT_WRONG] = notice.text
        st.error(md(notice.text))
    else:
        _keep(notice)
        if before_rerun is not None:
            before_rerun()
        st.rerun()


def do(command: Callable[..., Any], *args: Any, done: str, form: Form | None = None, **how: Any) -> bool:
    """The same in a callback: what came of it is said by `show_notice`. Answers whether it was done.

    What a form asks, the page draws; until that is answered nothing is done.
    """
    if form is not None and form.is_asked():
        form.say_first()
        return False
    notice = _worked(command, *args, done=done, form=form, **how)
    if notice.is_asked:
        st.toast(md(notice.text))
        return False
    _keep(notice)
    return not notice.went_wrong


def refuse(sentence: str) -> None:
    """Say in a callback that it can't be done as asked, before any command was tried."""
    st.session_state[state.NOTICE] = Notice(sentence, went_wrong=True)


def operation(form: str) -> str:
    """A key for what a form is about to do. It stays the same until that is done, so a second click does nothing.

    Make it part of the form's key: then a click on a form that is gone is no click on the new one.
    """
    return _operations().setdefault(form, fresh_key())


def forget_operation(operation: str | None) -> None:
    """It is done: the form begins anew."""
    if operation is not None:
        unsaved.drop_of(operation)
    for form in [form for form, key in _operations().items() if key == operation]:
        del _operations()[form]


def draw_start_anew(operation: str) -> None:
    """Beside the button that does it: a way to let go of what was written, also long ago."""
    if unsaved.is_written_in(operation):
        st.button("Start anew", type="tertiary", key=f"anew-{operation}", on_click=forget_operation, args=(operation,))


def begin_to_act() -> None:
    """Nothing has gone wrong in this run."""
    st.session_state.pop(state.WENT_WRONG, None)


def say_on_the_whole_page() -> None:
    """If `act` was refused in a piece that was drawn alone, the whole page is drawn next, and has to say so."""
    if sentence := st.session_state.pop(state.WENT_WRONG, ""):
        refuse(sentence)


def fresh_key() -> str:
    """Told apart from any other, and from itself at another time."""
    return uuid4().hex


def show_notice(undo_in: DeltaGenerator | None = None) -> None:
    """Say what came of the last action. Comes early on every page, and always draws exactly one container.

    "Undo" stands in it, or where the page wants it: for the last of what was done, and after that the one before.
    """
    with st.container():
        notice: Notice | None = st.session_state.get(state.NOTICE)
        if notice is not None:
            st.toast(md(notice.text))  # the row that was acted on may be far below
            show_trouble()
            st.session_state.pop(state.NOTICE, None)
        if undoable := _undoable():
            (undo_in or st).button(
                "Undo",
                type="tertiary",
                shortcut=keys.key("U"),
                key=f"undo-{undoable[-1].undo}",
                help=md(f"Take back: {undoable[-1].text}"),
                on_click=_undo,
                args=(undoable[-1],),
            )


def tell(text: str, *, undo: Any = None, undo_by: Callable[..., Any] | None = None) -> None:
    """Say what was done in many units of work, of which the page ran each; `undo` is what takes all of it back."""
    _keep(Notice(text, undo=undo, undo_by=undo_by, is_done=True))


def say_it_was_away() -> None:
    """The database is back: whoever clicked meanwhile learns that it counted for nothing."""
    known: Notice | None = st.session_state.get(state.NOTICE)
    if known is None or not known.went_wrong:
        refuse("The database was away. Nothing was saved meanwhile: if you were saving something, do it again.")


def undone_next() -> Any:
    """What "Undo" would take back; None where it stands nowhere."""
    undoable = _undoable()
    return undoable[-1].undo if undoable else None


def has_news() -> bool:
    """Something was done or refused, and nothing has been said of it yet."""
    return state.NOTICE in st.session_state


def show_trouble() -> None:
    """Say here why the last action was not done, if it was not: beside what was typed, before `show_notice`."""
    notice: Notice | None = st.session_state.get(state.NOTICE)
    if notice is not None and notice.went_wrong:
        del st.session_state[state.NOTICE]
        st.error(md(notice.text))


def _undoable() -> list[Notice]:
    """What was done one after the other and can be taken back."""
    undoable: list[Notice] = st.session_state.get(state.UNDOABLE, [])
    return undoable


def _keep(notice: Notice) -> None:
    """Keep the notice. What was done can be undone after it; what can't be undone ends all that could be before."""
    st.session_state[state.NOTICE] = notice
    if notice.undo is not None:
        st.session_state[state.UNDOABLE] = [*_undoable(), notice][-MOST_UNDONE:]
        st.session_state.pop(state.UNDONE_AT, None)
    elif notice.is_done:
        st.session_state[state.UNDOABLE] = []


def _undo(notice: Notice) -> None:
    """A callback. Where the button stood is then the one for what was done before: the second press of a double click
    does not mean that."""
    undoable = _undoable()
    if notice.undo_by is None or not any(one is notice for one in undoable):
        return
    if moment.is_too_quick(st.session_state.get(state.UNDONE_AT)):
        return
    came = _worked(notice.undo_by, notice.undo, done=f"Taken back: {notice.text}")
    st.session_state[state.NOTICE] = came
    if not came.was_away:
        st.session_state[state.UNDOABLE] = [one for one in undoable if one is not notice]
        st.session_state[state.UNDONE_AT] = runtime.store().now()


def _worked(
    command: Callable[..., Any],
    *args: Any,
    done: str,
    operation: str | None = None,
    undo_by: Callable[..., Any] | None = None,
    form: Form | None = None,
    mine: Mapping[str, object] | None = None,
    was: Mapping[str, object] | None = None,
    **plain: Any,
) -> Notice:
    """What came of the command, which is told `args` and `plain`.

    `done` is text, not Markdown. `undo_by`: the command that "Undo" tells what this one returned: `undo_fact`, or
    another. `form` and `mine`: where it was written, and what was typed, by column, to show beside what somebody else
    saved; `was`: what all of it was drawn from, where `mine` is only what was changed.
    """
    try:
        if (viewer := runtime.viewer()) is None:
            return Notice(SIGNED_OUT, went_wrong=True)
        with runtime.store().working(viewer, operation) as work:
            result = command(work, *args, **plain)
    except Stale as stale:
        if form is not None and stale.theirs:
            form.ask(stale, mine or {}, was or {})
            return Notice(str(stale), went_wrong=True, is_asked=True)
        return Notice(str(stale), went_wrong=True)
    except Refused as refused:
        return Notice(str(refused), went_wrong=True)
    except Unavailable as away:
        return Notice(str(away), went_wrong=True, was_away=True)
    except AlreadyDone:
        _begin_anew(operation, form)
        return Notice("That was done already; the first click counted.")
    _begin_anew(operation, form)
    return Notice(done, undo=result if undo_by else None, undo_by=undo_by, is_done=True)


def _operations() -> dict[str, str]:
    """Under one name, by form: with each field that it draws Streamlit goes through all that a session keeps."""
    operations: dict[str, str] = st.session_state.setdefault(state.OPERATIONS, {})
    return operations


def _begin_anew(operation: str | None, form: Form | None) -> None:
    forget_operation(operation)
    if form is not None:
        form.done()
