"""What can be done with one process, from the person's page and from the card on a board."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.commands.contacts import hear_client
from core.commands.processes import move_to_stage, reopen_process, set_turn, start_process, undo_move, wait_on_client
from core.commands.undo import undo_fact
from core.domain.facts import Turn
from core.queries.processes import InProcess
from pages.parts import actions, keeping, keys, meeting, questions, reads, runtime, state, unsaved
from pages.parts.choosing import choose_one
from pages.parts.ending import CLOSE, STILL_PLANNED, ask_about_planned, close
from pages.parts.layout import quiet
from pages.parts.meeting import PLAN
from pages.parts.questions import HEARD, answer, asked_no_more, choose_channel, operation_of
from pages.parts.wording import md

MOVE, OURS, CLIENT, CANDIDATE, RECOMMEND, REOPEN = (
    "Move to…",
    "Our turn",
    "Waiting on the client",
    "Candidate’s turn",
    "Recommend…",
    "Reopen",
)
ADD = "Add to an opening…"
"""About a person, not a process."""


def options(is_active: bool) -> list[str]:
    return [MOVE, OURS, CLIENT, HEARD, CANDIDATE, PLAN, RECOMMEND, CLOSE] if is_active else [REOPEN]


def pick(option: str, process_id: int) -> None:
    """Do it, or ask what must be asked first; in a page's body, since it draws the page afresh."""
    if option == RECOMMEND:
        st.switch_page("recommendation.py", query_params={"process": str(process_id)})
    if option not in (OURS, CLIENT, CANDIDATE, REOPEN):
        questions.ask(option, process_id)
        return
    process = reads.process(process_id)
    name = process.name if process else ""
    turn = {OURS: Turn.OURS, CANDIDATE: Turn.CANDIDATE}.get(option)
    if turn is not None:
        actions.act(set_turn, process_id, turn, done=f"{option}: {name}", undo_by=undo_fact)
    elif option == CLIENT:
        actions.act(wait_on_client, process_id, done=f"{option}: {name}", undo_by=undo_fact)
    else:
        actions.act(reopen_process, process_id, done=f"Reopened: {name}", undo_by=undo_fact)


def dialogs() -> questions.Dialogs:
    """The dialog that is open, if it is about a process."""
    question, id_ = st.session_state.get(state.QUESTION, ("", 0))
    if question == CLOSE:
        return {(question, id_): partial(close, id_)}
    if question == STILL_PLANNED:
        planned = reads.meetings_still_planned(process_id=id_)
        return {(question, id_): partial(ask_about_planned, planned)} if planned else {}
    asking: dict[str, Callable[[InProcess], None]] = {MOVE: ask_where, HEARD: ask_what_was_said, PLAN: ask_plan}
    process = reads.process(id_) if question in asking else None
    return {(question, id_): partial(asking[question], process)} if process else {}


def ask_plan(process: InProcess) -> None:
    store = runtime.store()
    meeting.ask_plan(meeting.with_process(process), runtime.require_viewer().id, store.now(), store.calendar)


@st.dialog("Move", on_dismiss=asked_no_more)
def ask_where(process: InProcess) -> None:
    """If somebody else has moved it since the page was drawn, the command refuses."""
    st.markdown(f"**{md(process.name)}** · {md(process.place)}")
    others = [stage for stage in process.stages if stage != process.stage]
    if not others:
        st.markdown(quiet("This opening has no other stage. Its stages are edited on its own page."))
        return
    stage = st.radio(f"From “{md(process.stage)}” to", others, index=None, format_func=md, key="move-to")
    if st.button("Move", type="primary", disabled=stage is None, key="move-it"):
        answer(
            move_to_stage, process.id, stage, seen_in=process.stage, done=f"{stage}: {process.name}", undo_by=undo_move
        )


@st.dialog("The client answered", on_dismiss=asked_no_more)
def ask_what_was_said(process: InProcess) -> None:
    unsaved.about(process.candidate_id)
    st.markdown(f"**{md(process.name)}** · {md(process.place)}")
    operation = operation_of(hear_client, process.id)
    now, calendar = runtime.store().now(), runtime.store().calendar
    channel = choose_channel(f"heard-how-{operation}")
    when = questions.ask_when(f"heard-at-{operation}", calendar.day(now))
    kept = unsaved.kept(f"heard-text-{operation}", f"What the client said: {process.name}")
    text = st.text_area("What the client said", height="content", **kept)
    longer = st.checkbox("They need longer: we still wait", **unsaved.kept(f"heard-wait-{operation}", begun=False))
    if st.button("Log it", type="primary", shortcut=keys.key("Ctrl+Enter"), key="log-heard"):
        done = f"Answered: {process.client or process.opening} about {process.name}"
        at = keeping.said_at(when, now, calendar)
        answer(hear_client, process.id, text or "", channel=channel, still_waiting=longer, at=at, done=done)


@st.dialog("Add to an opening", on_dismiss=asked_no_more)
def ask_opening(person_id: int, name: str) -> None:
    typed = st.text_input(
        "Find", type="search", live="300ms", key="opening-typed", placeholder="Part of a title, or a client"
    )
    openings = reads.to_come_into(typed or "")
    if not openings:
        st.markdown(quiet("No open opening is called that." if typed else "No opening takes people just now."))
        return
    chosen = st.selectbox(
        "Opening", openings, index=None, format_func=lambda opening: opening.place, placeholder="One of them"
    )
    viewer = runtime.require_viewer()
    owner = choose_one("Who of us leads it", dict(reads.colleagues()), viewer.id, key="opening-led-by")
    if st.button("Add", type="primary", disabled=chosen is None, key="add-to-opening") and chosen:
        answer(start_process, person_id, chosen.id, owner_id=owner, done=f"In for {chosen.place}: {name}")
