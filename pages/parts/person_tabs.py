"""All that is told of a person one kind at a time, below how it stands: history, processes, meetings and so on."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.queries.candidate import Life
from pages.parts import (
    actions,
    asking,
    consenting,
    details,
    growing,
    history,
    in_openings,
    meeting,
    placement,
    reads,
    recommended,
    referring,
    runtime,
)
from pages.parts.piece import piece

NAMES = (
    *("History", "Processes", "Meetings", "Questions", "Recommendations", "Placement", "Growth", "Referrals"),
    *("Privacy", "Details"),
)


@piece
def draw(life: Life) -> dict[tuple[str, int], Callable[[], None]]:
    """What is asked in the tab that is open, for the page to draw."""
    viewer, store = runtime.require_viewer(), runtime.store()
    now, calendar, may_edit = store.now(), store.calendar, viewer.may_edit
    person, day = life.profile, calendar.day(now)
    dialogs: dict[tuple[str, int], Callable[[], None]] = {}
    told, processes, met, questioned, praised, placed, grown, referred, private, edited = st.tabs(
        NAMES, key=f"tabs-{person.id}", on_change="rerun"
    )
    if told.open:
        with told:
            entries = history.draw(person, now, calendar, may_edit=may_edit)
            dialogs |= history.dialogs(entries, person, now, calendar)
    if processes.open:
        with processes:
            in_openings.draw(life, now, calendar, may_edit=may_edit)
    if met.open:
        with met:
            meetings = reads.meetings_of(person.id)
            meeting.draw(meetings, now, calendar, may_edit=may_edit)
            dialogs |= meeting.of_meetings(meetings, now, calendar)
    if questioned.open:
        with questioned:
            asking.draw(life, viewer, now, calendar)
    if praised.open:
        with praised:
            recommended.draw_list(reads.recommendations_of(person.id), now, calendar)
    if placed.open:
        with placed:
            placement.draw(life, now, calendar, may_edit=may_edit)
            for job in life.placements:
                dialogs[placement.ENDED, job.id] = partial(placement.ask_why, job, person.called)
            dialogs[placement.RECORD, person.id] = partial(placement.ask_start, life, day)
    if grown.open:
        with grown:
            growing.draw(person, reads.growth_notes(person.id), now, calendar, may_edit=may_edit)
    if referred.open:
        with referred:
            referring.draw(person, reads.referrals_of(person.id), day, may_edit=may_edit)
            dialogs |= referring.dialogs(person, now, calendar)
    if private.open:
        with private:
            ground = reads.ground_of(person.id)
            consenting.draw(person, ground, viewer, now, calendar)
            dialogs |= consenting.dialogs(person, ground, viewer, now, calendar)
    if edited.open:
        with edited:
            details.draw(person, may_edit=may_edit)
    if runtime.is_alone() and not reads.is_as_drawn(life):  # last: whatever was pressed has been done, or refused
        actions.say_on_the_whole_page()
        st.rerun()
    return dialogs
