"""The dialog in which one process ends: how, why, and with what answer to the candidate."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import streamlit as st

from core.commands.processes import close_process, undo_closing
from core.domain.calendar import Calendar, NoSuchTime
from core.domain.facts import ClosingReason, Result
from core.persistence.work import Viewer
from core.queries.closing import Leaving
from pages.parts import asking, drafting, gate, questions, reads, runtime, wording
from pages.parts.choosing import choose_language
from pages.parts.keeping import CHANNELS
from pages.parts.layout import quiet
from pages.parts.questions import ANY_YEAR, DATES, asked_no_more
from pages.parts.wording import md

CLOSE = "Close…"


@st.dialog("Close the process", width="large", on_dismiss=asked_no_more)
def close(process_id: int) -> None:
    """Nobody is left in silence: told now, told already, owed, or one of two exceptions that count."""
    viewer, store = runtime.require_viewer(), runtime.store()
    now, calendar = store.now(), store.calendar
    row = reads.leaving(process_id)
    if row is None or not viewer.may_edit:
        st.markdown("This process has ended already." if viewer.may_edit else "You may look, not change.")
        return
    of = row.occasion
    st.markdown(f"**{md(row.name)}** · {md(of.opening)}{f', {md(of.client)}' if of.client else ''}")
    choice = draw_why(row)
    if choice.must_ask:
        choice = replace(choice, is_unasked=draw_asking(row, viewer, now, calendar, choice.reason))
    if row.meeting_at is not None:
        st.markdown(f":orange-badge[{md(wording.moment(row.meeting_at, now, calendar))}] {quiet(gate.MEETING_STANDS)}")
    choice, when = draw_answer(row, choice, viewer, now, calendar)
    note = st.text_input("Note for the team", key=f"note-{process_id}", placeholder="What more there is to say of why")
    choice = replace(choice, note=note or "")
    if st.button("Close it", type="primary", shortcut="Ctrl+Enter", key=f"close-{process_id}"):
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
        questions.answer(close_process, process_id, done=done, undo_by=undo_closing, at=at, **plain)


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


def draw_why(row: Leaving) -> gate.Choice:
    id_ = row.process_id
    chosen = st.segmented_control(
        "How it ended",
        list(Result),
        required=True,
        format_func=lambda one: gate.RESULTS[Result(one)],
        key=f"result-{id_}",
        wrap=True,
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
                key=f"reason-{id_}-{result}",
                placeholder="Choose a reason",
            )
            reason = ClosingReason(picked) if picked else None
        if result is Result.NOT_NOW:
            revisit_on = st.date_input(
                "Look at it again on",
                value=None,
                format=DATES,
                **ANY_YEAR,
                key=f"revisit-{id_}",
                width=200,
            )
        if result is Result.HIRED:
            starts_on = st.date_input("First day", value=None, format=DATES, key=f"starts-{id_}", width=200, **ANY_YEAR)
    if result is Result.HIRED:
        st.markdown(quiet("With a first day the placement is recorded, too: they are asked how it goes from then on."))
    return gate.Choice(result=result, how=None, reason=reason, revisit_on=revisit_on, starts_on=starts_on)


def draw_asking(row: Leaving, viewer: Viewer, now: datetime, calendar: Calendar, reason: ClosingReason | None) -> bool:
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
        return st.checkbox("Close without asking; it is counted", key=f"unasked-{row.process_id}")


def draw_answer(
    row: Leaving, choice: gate.Choice, viewer: Viewer, now: datetime, calendar: Calendar
) -> tuple[gate.Choice, datetime | None]:
    """How it is answered for; what the gate does not allow says why. With it, when they were told, by the clock."""
    id_, ways = row.process_id, list(gate.ANSWERS)
    how = st.radio(
        "The answer to them",
        ways,
        index=ways.index(gate.usual_how(row)),
        captions=[gate.said_of(way, row, now, calendar) for way in ways],
        key=f"answer-{id_}",
    )
    if how != gate.TELL_NOW:
        return replace(choice, how=how), None
    language = choose_language(drafting.languages_of(row.occasion), key=f"language-{id_}")
    of = replace(row.occasion, result=choice.result, reason=choice.reason, revisit=choice.revisit_on)
    draft = drafting.draft(of, viewer, language)
    key = f"told-{id_}-{of.key}-{language}-{choice.revisit_on}"
    text = st.text_area("What they are told", draft, height="content", key=key, persist_state="page")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        channel = st.segmented_control("How", CHANNELS, default=CHANNELS[0], required=True, key=f"channel-{id_}")
        at = st.datetime_input(
            "When",
            value=None,
            max_value=now.astimezone(calendar.zone).replace(tzinfo=None),
            format="YYYY-MM-DD",
            key=f"when-{id_}",
            width=210,
            help="Empty: just now",
        )
        drafting.copy_and_mail(of, viewer, language, lambda: st.session_state.get(key, ""), key=f"mail-{id_}")
    drafting.hand_to_browser()
    return replace(choice, how=how, text=text or "", draft=draft, channel=channel or ""), at
