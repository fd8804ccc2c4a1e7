"""All that is told of a person one kind at a time, below how it stands: history, processes, meetings and so on."""

import streamlit as st

from core.persistence.viewer import Viewer
from core.queries.candidate import Life
from pages.parts import (
    actions,
    asking,
    consenting,
    details,
    filters,
    growing,
    history,
    in_openings,
    meeting,
    placement,
    questions,
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
def draw(life: Life) -> questions.Dialogs:
    """What is asked in the tab that is open, for the page to draw."""
    viewer, person = runtime.require_viewer(), life.profile
    opened, tab = filters.tabs({name.lower(): name for name in NAMES}, key=f"tabs-{person.id}")
    with tab:
        within, _ = st.columns((2.35, 1), gap="large")  # all tabs have room beside each other, and lines end as above
    with within:
        dialogs = draw_one(opened, life, viewer)
    if runtime.is_alone() and not reads.is_as_drawn(life):  # last: whatever was pressed has been done, or refused
        actions.say_on_the_whole_page()
        st.rerun()
    return dialogs


def draw_one(opened: str, life: Life, viewer: Viewer) -> questions.Dialogs:
    store = runtime.store()
    now, calendar, may_edit = store.now(), store.calendar, viewer.may_edit
    person, day = life.profile, calendar.day(now)
    match opened:
        case "history":
            entries = history.draw(person, now, calendar, may_edit=may_edit)
            return history.dialogs(entries, person, now, calendar)
        case "processes":
            in_openings.draw(life, now, calendar, may_edit=may_edit)
        case "meetings":
            meetings = reads.meetings_of(person.id)
            meeting.draw(meetings, now, calendar, may_edit=may_edit)
            return meeting.of_meetings(meetings, now, calendar)
        case "questions":
            asking.draw(life, viewer, now, calendar)
        case "recommendations":
            recommended.draw_list(reads.recommendations_of(person.id), now, calendar)
        case "placement":
            placement.draw(life, now, calendar, may_edit=may_edit)
            return placement.dialogs(life, day)
        case "growth":
            growing.draw(person, reads.growth_notes(person.id), now, calendar, may_edit=may_edit)
        case "referrals":
            referring.draw(person, reads.referrals_of(person.id), day, may_edit=may_edit)
            return referring.dialogs(person, now, calendar)
        case "privacy":
            ground = reads.ground_of(person.id)
            consenting.draw(person, ground, viewer, now, calendar)
            return consenting.dialogs(person, ground, viewer, now, calendar)
        case "details":
            details.draw(person, day, may_edit=may_edit)
    return {}
