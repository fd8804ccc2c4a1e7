"""The dialog in which one process ends: how, why, and with what answer to the candidate."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import streamlit as st

from core.commands.processes import close_process, undo_closing
from core.domain.calendar import Calendar, NoSuchTime
from core.domain.facts import ClosingReason, Result
from core.persistence.work import Viewer
from core.queries.closing import Leaving
from core.queries.meetings import Appointment
from pages.parts import (
    actions,
    asking,
    drafting,
    gate,
    keys,
    questions,
    reads,
    runtime,
    still_planned,
    unsaved,
    wording,
)
from pages.parts.choosing import choose_language
from pages.parts.keeping import CHANNELS
from pages.parts.layout import quiet
from pages.parts.questions import ANY_YEAR, DATES, asked_no_more
from pages.parts.wording import md

CLOSE, STILL_PLANNED = "Close…", "Still planned"


@st.dialog("Close the process", width="large", on_dismiss=asked_no_more)
def close(process_id: int) -> None:
    """Nobody is left in silence: told now, told already, owed, or one of two exceptions that count."""
    viewer, store = runtime.require_viewer(), runtime.store()
    now, calendar = store.now(), store.calendar
    row = reads.leaving(process_id)
    if row is None or not viewer.may_edit:
        st.markdown("This process has ended already." if viewer.may_edit else "You may look, not change.")
        return
    unsaved.about(row.candidate_id)
    of = row.occasion
    st.markdown(f"**{md(row.name)}** · {md(of.opening)}{f', {md(of.client)}' if of.client else ''}")
    operation = questions.operation_of(close_process, process_id)
    choice = draw_why(row, operation)
    if choice.must_ask:
        choice = replace(choice, is_unasked=draw_asking(row, operation, viewer, now, calendar, choice.reason))
    if row.meeting_at is not None:
        st.markdown(f":orange-badge[{md(wording.moment(row.meeting_at, now, calendar))}] {quiet(gate.MEETING_STANDS)}")
    choice, when = draw_answer(row, operation, choice, viewer, now, calendar)
    kept = unsaved.kept(f"note-{operation}", f"Note on the end of a process: {row.name}")
    note = st.text_input("Note for the team", placeholder="What more there is to say of why", **kept)
    choice = replace(choice, note=note or "")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        is_pressed = st.button("Close it", type="primary", shortcut=keys.key("Ctrl+Enter"), key=f"close-{process_id}")
        actions.draw_start_anew(operation)
    if is_pressed:
        if missing := gate.what_is_missing(choice, row, calendar.day(now)):
            st.error(md(missing))
            return
        try:
            at = calendar.at(when.date(), when.time()) if when else None
        except NoSuchTime as none:
            st.error(md(none))
            return
        plain = gate_values(choice)
        done = f"Closed, {gate.RESULTS[choice.ending.result].lower()}: {row.name}"
        then = partial(questions.ask, STILL_PLANNED, process_id)
        questions.answer(close_process, process_id, done=done, undo_by=undo_closing, then=then, at=at, **plain)


@st.dialog("Still planned", width="medium", on_dismiss=asked_no_more)
def ask_about_planned(rows: Sequence[Appointment]) -> None:
    """Whoever ended a process is asked what is to become of what was planned in it."""
    st.markdown("The process has ended. This stands in everybody’s calendar until somebody cancels it.")
    still_planned.draw(rows, runtime.require_viewer(), key="asked")


def gate_values(choice: gate.Choice) -> dict[str, Any]:
    """What `close_process` is told."""
    ending = choice.ending
    return {
        "result": ending.result,
        "answer": ending.answer,
        "reason": ending.reason,
        "note": ending.note,
        "told": ending.text,
        "channel": ending.channel,
        "revisit_on": ending.revisit_on,
        "starts_on": ending.starts_on,
        "was_asked": ending.was_asked,
    }


def draw_why(row: Leaving, operation: str) -> gate.Choice:
    chosen = st.segmented_control(
        "How it ended",
        list(Result),
        required=True,
        format_func=lambda one: gate.RESULTS[Result(one)],
        wrap=True,
        **unsaved.kept(f"result-{operation}", begun=None),
    )
    result = Result(chosen) if chosen else None
    reason = revisit_on = starts_on = None
    with st.container(horizontal=True, gap="small"):
        if of_it := gate.reasons(result):
            picked = st.selectbox(
                "Why",
                of_it,
                index=None,
                format_func=lambda one: gate.reason_name(ClosingReason(one)),
                placeholder="Choose a reason",
                **unsaved.kept(f"reason-{result}-{operation}", begun=None),
            )
            reason = ClosingReason(picked) if picked else None
        if result is Result.NOT_NOW:
            revisit_on = st.date_input(
                "Look at it again on",
                value=None,
                format=DATES,
                **ANY_YEAR,
                width=200,
                **unsaved.kept(f"revisit-{operation}", begun=None),
            )
        if result is Result.HIRED:
            kept = unsaved.kept(f"starts-{operation}", begun=None)
            starts_on = st.date_input("First day", value=None, format=DATES, width=200, **ANY_YEAR, **kept)
    if result is Result.HIRED:
        st.markdown(quiet("With a first day the placement is recorded, too: they are asked how it goes from then on."))
    return gate.Choice(result=result, how=None, reason=reason, revisit_on=revisit_on, starts_on=starts_on)


def draw_asking(
    row: Leaving, operation: str, viewer: Viewer, now: datetime, calendar: Calendar, reason: ClosingReason | None
) -> bool:
    """What we would know first. Answers whether it is closed without asking."""
    with st.container(border=True, gap="small"):
        if row.was_asked:
            st.markdown("**They were asked, and answered.**")
            asking.draw_answers(row.candidate_id, now, calendar)
            return False
        st.markdown(
            f"**Ask first.** {quiet('A degree, a CV, a gap or a past job says little of what somebody can do.')}"
        )
        asking.draw_open(
            row.candidate_id, row.occasion, viewer, now, calendar, process_id=row.process_id, reason=reason
        )
        kept = unsaved.kept(f"unasked-{operation}", begun=False)
        return st.checkbox("Close without asking; it is counted", **kept)


def draw_answer(
    row: Leaving, operation: str, choice: gate.Choice, viewer: Viewer, now: datetime, calendar: Calendar
) -> tuple[gate.Choice, datetime | None]:
    """How it is answered for; what the gate does not allow says why. With it, when they were told, by the clock."""
    ways, usual = list(gate.ANSWERS), gate.usual_how(row)
    how = st.radio(
        "The answer to them",
        ways,
        index=ways.index(usual),
        captions=[gate.said_of(way, row, now, calendar) for way in ways],
        **unsaved.kept(f"answer-{operation}", begun=usual),
    )
    if how != gate.TELL_NOW:
        return replace(choice, how=how), None
    languages = drafting.languages_of(row.occasion)
    language = choose_language(languages, **unsaved.kept(f"language-{operation}", begun=languages[0]))
    of = replace(row.occasion, result=choice.result, reason=choice.reason, revisit=choice.revisit_on)
    draft = drafting.draft(of, viewer, language)
    key = f"told-{of.key}-{language}-{choice.revisit_on}-{operation}"
    kept = unsaved.kept(key, f"What {row.name} is told", draft)
    text = st.text_area("What they are told", draft, height="content", **kept)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        kept = unsaved.kept(f"channel-{operation}", begun=CHANNELS[0])
        channel = st.segmented_control("How", CHANNELS, default=CHANNELS[0], required=True, **kept)
        at = st.datetime_input(
            "When",
            value=None,
            max_value=now.astimezone(calendar.zone).replace(tzinfo=None),
            format="YYYY-MM-DD",
            width=210,
            help="Empty: just now",
            **unsaved.kept(f"when-{operation}", begun=None),
        )
        drafting.copy_and_mail(
            of, viewer, language, lambda: st.session_state.get(key, ""), key=f"mail-{row.process_id}"
        )
    drafting.hand_to_browser()
    return replace(choice, how=how, text=text or "", draft=draft, channel=channel or ""), at
