"""The day's meetings on Today: when, with whom, what for and where; and of those that are over, how they went.

Below them what is planned for later days and waits to be cancelled.
"""

import streamlit as st

from core.commands.meetings import note_outcome
from core.commands.undo import undo_fact
from core.queries.meetings import Appointment, Meetings
from core.queries.page import Page
from pages.parts import actions, keeping, meeting, questions, state, still_planned, telling, wording
from pages.parts.keeping import CANCELLED, NOT_US
from pages.parts.layout import OPEN_PERSON, open_person, quiet
from pages.parts.meeting import BEFORE_IT, OUTCOME
from pages.parts.queue import Look
from pages.parts.wording import md

AT_FIRST, MORE = 6, 20


def page() -> Page:
    return Page(1, st.session_state.get(state.MEETINGS_SHOWN, AT_FIRST))


def draw(day: Meetings, look: Look) -> None:
    """Nothing where there are none."""
    if not day.rows:
        return
    st.subheader(f"Meetings today · {day.number:,}", anchor=False)
    with st.container(border=True, gap="xsmall"):
        for row in day.rows:
            draw_row(row, look)
        draw_more(day, "more-meetings")


def draw_off(later: Meetings, look: Look) -> None:
    """Nothing where there are none."""
    if not later.rows:
        return
    st.subheader(f"Interviews to cancel · {later.number:,}", anchor=False)
    with st.container(border=True, gap="xsmall"):
        still_planned.draw(later.rows, look.viewer)
        draw_more(later, "more-to-cancel")


def draw_more(some: Meetings, key: str) -> None:
    if len(some.rows) < some.number:
        st.button(f"Show more of {some.number:,}", type="tertiary", key=key, on_click=show_more)


def of_day(day: Meetings, look: Look) -> questions.Dialogs:
    return meeting.of_meetings(day.rows, look.now, look.calendar)


def draw_row(row: Appointment, look: Look) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(words(row, look), width="stretch")
        if look.viewer.may_edit and row.result is None:
            draw_ways(row, look)
        elif st.button(OPEN_PERSON, type="tertiary", key=f"person-of-meeting-{row.id}"):
            open_person(row.candidate_id)


def words(row: Appointment, look: Look) -> str:
    """“10:00 Noor Haddad”, and below it what for, where, and of the team's, with whom of us."""
    hours = f"{wording.time(row.starts_at, look.calendar)} to {wording.time(row.ends_at, look.calendar)}"
    parts = [f"{row.kind.capitalize()}{f', {md(row.at)}' if row.at else ''}"]
    parts += [telling.place(row.place)] if row.place else []
    if row.host and not look.chosen.mine:
        parts.append(f"with {md(row.host)}")
    elif row.host_id != look.viewer.id:
        parts.append(f"in place of {md(row.host)}, who has left")
    parts += [md(row.note)] if row.note else []
    badge = telling.how_it_went(row, look.now)
    return f"**{md(hours)}** · **{md(row.name)}** {badge}  \n{quiet(' · '.join(parts))}"


def draw_ways(row: Appointment, look: Look) -> None:
    """Once it has begun, how it went; what needs no name is done at once."""
    if row.starts_at <= look.now:
        label, options = OUTCOME, [*keeping.outcomes(row.process_id), OPEN_PERSON]
    else:
        label, options = "More", [*BEFORE_IT, OPEN_PERSON]
    picked = st.menu_button(
        label, options, type="secondary" if label == OUTCOME else "tertiary", key=f"meeting-{row.id}"
    )
    if picked == OPEN_PERSON:
        open_person(row.candidate_id)
    elif picked in BEFORE_IT:
        questions.ask(picked, row.id)
    elif picked in (CANCELLED, NOT_US):
        st.session_state["meeting-outcome"] = picked
        questions.ask(OUTCOME, row.id)
    elif picked:
        noted = keeping.outcome(picked, absent_member_id=None)
        actions.act(note_outcome, row.id, noted.pop("result"), done=f"{picked}: {row.name}", undo_by=undo_fact, **noted)


def show_more() -> None:
    st.session_state[state.MEETINGS_SHOWN] = st.session_state.get(state.MEETINGS_SHOWN, AT_FIRST) + MORE
