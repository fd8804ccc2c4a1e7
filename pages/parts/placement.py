"""The jobs somebody took through us: when they began, how they were asked after, and how they ended."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

import streamlit as st

from core.commands.placements import end_placement, move_first_day, record_placement
from core.domain.calendar import Calendar
from core.domain.facts import Result
from core.domain.promises import State
from core.queries.candidate import Life
from core.queries.placements import CheckIn, Placed
from pages.parts import questions, unsaved, wording
from pages.parts.layout import badge, quiet
from pages.parts.person_menu import RHYTHM
from pages.parts.questions import ANY_YEAR, DATES, answer, asked_no_more, operation_of
from pages.parts.wording import md

RECORD, MOVED, ENDED = "Record a placement…", "Another first day…", "It ended…"


def draw(life: Life, now: datetime, calendar: Calendar, *, may_edit: bool) -> None:
    person, rows, day = life.profile, life.placements, calendar.day(now)
    if not rows:
        hired = next((process for process in life.processes if process.result is Result.HIRED), None)
        at = f"Hired: {md(hired.in_words)}. " if hired else ""
        first = "When is the first day? " if hired else ""
        st.markdown(quiet(f"{at}{first}Whoever begins a job through us is asked how it is, from the first day on."))
    for row in rows:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(_placed(row, day, calendar), width="stretch")
            if may_edit and row.ended_at is None:
                with st.container(horizontal=True, width="content", gap="small"):
                    for key, question in (("moved", MOVED), ("end", ENDED)):
                        asked = (question, row.id)
                        st.button(question, type="tertiary", key=f"{key}-{row.id}", on_click=questions.ask, args=asked)
        if row.check_ins:
            st.markdown("\n\n".join(_check_in(check, now, calendar) for check in row.check_ins))
    if rows and person.rhythm is None and may_edit:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(quiet("No rhythm is set: after the last of these nobody owes a word."), width="stretch")
            st.button(RHYTHM, key="rhythm-after", on_click=questions.ask, args=(RHYTHM, person.id))
    if may_edit:
        st.button(RECORD, key="record-placement", on_click=questions.ask, args=(RECORD, person.id))


def dialogs(life: Life, day: date) -> questions.Dialogs:
    name = life.profile.called
    asked: dict[tuple[str, int], Callable[[], None]] = {(RECORD, life.profile.id): partial(ask_start, life, day)}
    for job in life.placements:
        asked[MOVED, job.id] = partial(ask_day, job, name, day)
        asked[ENDED, job.id] = partial(ask_why, job, name)
    return asked


@st.dialog("Record a placement", on_dismiss=asked_no_more)
def ask_start(life: Life, day: date) -> None:
    person = life.profile
    hired = sorted(life.processes, key=lambda process: process.result is not Result.HIRED)
    places = {process.id: process.in_words for process in hired}
    st.markdown(f"**{md(person.called)}** begins a job.")
    process_id = None
    if places:
        ids = [*places, None]
        index = 0 if hired[0].result is Result.HIRED else len(places)
        process_id = st.selectbox(
            "Which", ids, index=index, format_func=lambda id_: places.get(id_, "Another one"), key="placement-process"
        )
    starts_on = st.date_input("First day", day, format=DATES, key="placement-start", **ANY_YEAR)
    st.markdown(quiet("How it is going is asked on that day, and after it as often as the team has promised itself."))
    if st.button("Record it", type="primary", key="record-it"):
        done = f"Begins {wording.day(starts_on, day)}: {person.called}"
        answer(record_placement, person.id, starts_on, process_id=process_id, done=done)


@st.dialog("Another first day", on_dismiss=asked_no_more)
def ask_day(row: Placed, name: str, day: date) -> None:
    st.markdown(f"**{md(name)}** {f'· {md(row.place)}' if row.place else ''}")
    starts_on = st.date_input("First day", row.starts_on, format=DATES, key="placement-moved", **ANY_YEAR)
    st.markdown(quiet("What is asked after it moves along; a word said for a day that has not come is asked again."))
    if st.button("Move it", type="primary", key="move-first-day"):
        answer(
            move_first_day,
            row.id,
            starts_on,
            seen=row.starts_on,
            done=f"Begins {wording.day(starts_on, day)}: {name}",
            undo_by=partial(move_first_day, starts_on=row.starts_on, seen=starts_on),
        )


@st.dialog("It ended", on_dismiss=asked_no_more)
def ask_why(row: Placed, name: str) -> None:
    st.markdown(f"**{md(name)}** {f'· {md(row.place)}' if row.place else ''}")
    kept = unsaved.kept(f"end-reason-{operation_of(end_placement, row.id)}", f"Why the job ended: {name}")
    reason = st.text_area("Why", placeholder="What they said, and what the client did", height="content", **kept)
    st.markdown(quiet("Check-ins that are not overdue fall away; the rhythm goes on from here."))
    if st.button("It ended", type="primary", key="end-it"):
        if not (reason or "").strip():
            st.error("Say in a sentence why it ended: whoever writes to them next should know.")
            return
        answer(end_placement, row.id, reason=reason or "", done=f"Ended: {name}")


def _placed(row: Placed, day: date, calendar: Calendar) -> str:
    begins = "began" if row.starts_on <= day else "begins"
    if row.ended_at:
        state = badge(f"ended {wording.day(calendar.day(row.ended_at), day)}")
    elif row.starts_on > day:
        state = badge("to begin", "blue")
    else:
        state = badge("at work", "green")
    by = f" · recorded by {md(row.recorded_by)}" if row.recorded_by else ""
    reason = f"  \n{wording.quote(row.reason, 400)}" if row.reason else ""
    named = md(row.place) or "A job"
    return f"**{named}** {state}  \n{quiet(f'{begins} {wording.day(row.starts_on, day)}{by}')}{reason}"


def _check_in(check: CheckIn, now: datetime, calendar: Calendar) -> str:
    day = calendar.day(now)
    label = "First day" if check.days == 0 else f"Day {check.days}"
    match check.state:
        case State.KEPT_ON_TIME | State.KEPT_LATE:
            late = f" {badge('late', 'yellow')}" if check.state is State.KEPT_LATE else ""
            said_at = md(wording.moment(check.said_at, now, calendar)) if check.said_at else ""
            channel = f", {md(check.channel)}" if check.channel else ""
            said = wording.quote(check.text, 400) if check.text else quiet("No words were kept.")
            return f"{label} · {quiet(f'{said_at}{channel}')}{late}  \n{said}"
        case State.OVERDUE:
            return f"{label} {badge(wording.lateness(check.due_at, now, calendar), 'red')}"
        case State.DUE:
            return f"{label} {badge('today', 'blue')}"
        case State.WAIVED:
            return f"{label} · {quiet('let go')}"
        case State.UPCOMING:
            return f"{label} · {quiet(wording.due(check.due_at, now, calendar))}"
        case _:
            return f"{label} · {quiet(f'fell away, was due {wording.day(calendar.day(check.due_at), day)}')}"
