"""Meetings that stand although what they are about has ended, and the ways to cancel them: each, or all interviews.

Somebody may talk with a candidate after the end; an interview waits to be cancelled.
"""

from collections.abc import Sequence

import streamlit as st

from core.commands.meetings import cancel_meetings, note_outcome
from core.commands.undo import undo_fact, undo_facts
from core.domain.facts import MeetingResult
from core.persistence.work import Viewer
from core.queries.meetings import Appointment
from pages.parts import actions, runtime, telling, wording
from pages.parts.layout import OPEN_PERSON, open_person
from pages.parts.questions import asked_no_more

TELL_THEM = "Nobody is told by it: tell them."


def draw(rows: Sequence[Appointment], viewer: Viewer, key: str = "still-planned") -> None:
    """`key`: of its buttons; in a dialog another, as the page behind it may show the same meetings."""
    now, calendar = runtime.store().now(), runtime.store().calendar
    for row in rows:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(telling.appointment(row, now, calendar), width="stretch")
            if viewer.may_edit and st.button("Cancel it", key=f"cancel-{key}-{row.id}"):
                done = f"Cancelled: {row.name}. {TELL_THEM}"
                actions.act(note_outcome, row.id, MeetingResult.CANCELLED, done=done, undo_by=undo_fact)
            if st.button(OPEN_PERSON, type="tertiary", key=f"person-{key}-{row.id}"):
                asked_no_more()
                open_person(row.candidate_id)
    interviews = [row.id for row in rows if row.is_off]
    if viewer.may_edit and len(interviews) > 1:
        all_ = wording.plural(len(interviews), "interview")
        if st.button(f"Cancel all {all_}", key=f"cancel-all-{key}"):
            done = f"Cancelled: {all_}. {TELL_THEM}"
            actions.act(cancel_meetings, interviews, done=done, undo_by=undo_facts)
