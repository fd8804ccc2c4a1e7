"""Closing a whole opening: everybody in it on one screen, each with an answer; nobody is skipped."""

import streamlit as st

from core.commands.openings import end_opening
from core.commands.undo import undo_fact
from core.domain.facts import OpeningStatus
from pages.parts import (
    actions,
    closing_form,
    drafting,
    filters,
    one_opening,
    reads,
    runtime,
    still_planned,
    unsaved,
    wording,
)
from pages.parts.layout import head, quiet
from pages.parts.wording import md

HOW = {OpeningStatus.FILLED: "Filled", OpeningStatus.CANCELLED: "Cancelled"}
PEOPLE = 10

viewer = runtime.require_viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar

opening = one_opening.asked_for()
if opening.status.has_ended:
    planned = reads.meetings_still_planned(opening_id=opening.id)
    stands = f" {wording.plural(len(planned), 'meeting is', 'meetings are')} still planned." if planned else ""
    answered = f"Everybody in it has been answered, or is owed it.{stands}"
    with head(f"{opening.title} was {opening.status.value}", answered):
        one_opening.draw_way_back(opening)
    actions.show_notice()
    still_planned.draw(planned, viewer)
    st.stop()
if not viewer.may_edit:
    st.markdown("You may look, not change. Ask an admin for the role of a recruiter.")
    st.stop()

rows = reads.everybody_in(opening.id)
operation = actions.operation(f"close-{opening.id}")
with head(
    f"Close {opening.title}",
    " · ".join(filter(None, (md(opening.client or ""), f"{wording.plural(len(rows), 'person', 'people')} in it"))),
):
    one_opening.draw_way_back(opening)
actions.show_notice()

how = st.segmented_control(
    "How it ended",
    list(HOW),
    required=True,
    format_func=lambda one: HOW[OpeningStatus(one)],
    label_visibility="collapsed",
    **unsaved.kept(f"how-{operation}", begun=None),
)
status = OpeningStatus(how) if how else None
if status is None:
    st.markdown(quiet("Was it filled, or cancelled? Then each one gets an answer."))
    st.stop()

form = closing_form.Form(opening.title, status, operation, rows, viewer, now, calendar, reads.own_words())
if rows:
    if status is OpeningStatus.FILLED:
        closing_form.draw_hired(form)
    closing_form.draw_for_all(form)
    st.subheader(wording.plural(len(rows), "person", "people"), anchor=False)
    page = filters.page(filters.own("page"), len(rows), PEOPLE)
    for row in page.of(rows):
        closing_form.draw_person(form, row)

missing = closing_form.missing(form)
with st.container(border=True, gap="small"):
    kept = unsaved.kept(f"note-{operation}", f"Note on the end of {opening.title}")
    note = st.text_input("Note", placeholder="What more there is to say of why", **kept)
    st.markdown(closing_form.how_many_are_ready(form, missing))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        is_pressed = st.button(
            f"Close it, and {wording.plural(len(rows), 'process', 'processes')}" if rows else "Close it",
            type="primary",
            key="close-opening",
            disabled=bool(missing),
        )
        actions.draw_start_anew(operation)
    if is_pressed:
        actions.act(
            end_opening,
            opening.id,
            status,
            {row.process_id: closing_form.choice(form, row).ending for row in rows},
            note=note or "",
            done=f"{HOW[status]}: {opening.title}",
            operation=operation,
            undo_by=undo_fact,
        )
if rows:
    drafting.hand_to_browser()
