"""Meetings: planned, moved and cancelled in dialogs, and how they went; never two at once.

Times are the team's. What another meeting stands in the way of is refused by the command, which names it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import streamlit as st

from core.commands.meetings import edit_meeting, move_meeting, note_outcome, plan_meeting, record_meeting
from core.domain.calendar import Calendar, NoSuchTime
from core.domain.facts import MeetingKind, MeetingResult
from core.domain.invitation import calendar_file
from core.queries.meetings import Appointment
from core.queries.processes import InProcess
from pages.parts import outcome, questions, reads, telling, unsaved, wording
from pages.parts.choosing import choose_one
from pages.parts.clashes import Form
from pages.parts.layout import quiet
from pages.parts.questions import DATES, answer, asked_no_more, operation_of
from pages.parts.wording import md

PLAN, PLAN_WITH = "Plan a meeting…", "Plan a meeting"
"""Of a process; and with a person, whatever it is about."""
MOVE, CHANGE, CANCEL, OUTCOME = "Move it…", "Where, who of us…", "Cancel it…", "How did it go?"
BEFORE_IT = [MOVE, CHANGE, CANCEL]
"""What can become of one that is to come."""

FIELDS = {"who of us": "who", "where": "where", "what to bring up": "what"}
"""Of what can be changed: as it is called, and its field."""
LENGTHS = (15, 30, 45, 60, 90, 120, 180)
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class With:
    """With whom a meeting is planned, and in which of their processes it can be."""

    id: int
    name: str
    processes: dict[int, str]
    """The active ones: where each is."""
    hosts: dict[int, int | None]
    """Whose each is."""
    process_id: int | None = None
    """The one it is about, where that was chosen already."""


def with_process(process: InProcess) -> With:
    return With(
        process.candidate_id, process.name, {process.id: process.place}, {process.id: process.owner_id}, process.id
    )


def of_meetings(rows: Sequence[Appointment], now: datetime, calendar: Calendar) -> questions.Dialogs:
    """What can be asked about these."""
    dialogs: dict[tuple[str, int], Callable[[], None]] = {}
    for row in rows:
        dialogs[MOVE, row.id] = partial(ask_new_time, row, now, calendar)
        dialogs[CHANGE, row.id] = partial(ask_what_changed, row)
        dialogs[CANCEL, row.id] = partial(ask_who_cancelled, row, now, calendar)
        dialogs[OUTCOME, row.id] = partial(ask_outcome, row, now, calendar)
    return dialogs


# planned


@st.dialog("Plan a meeting", on_dismiss=asked_no_more)
def ask_plan(whom: With, viewer_id: int | None, now: datetime, calendar: Calendar) -> None:
    unsaved.about(whom.id)
    st.markdown(f"With **{md(whom.name)}**")
    operation = operation_of(plan_meeting, whom.id)
    usual_kind = MeetingKind.INTERVIEW if whom.processes else MeetingKind.TALK
    kind = st.segmented_control(
        "What",
        list(MeetingKind),
        default=usual_kind,
        required=True,
        format_func=str.capitalize,
        label_visibility="collapsed",
        **unsaved.kept(f"meeting-kind-{operation}", begun=usual_kind),
    )
    process_id = choose_process(whom, operation)
    starts_at, ends_at = choose_time(_next_hour(now, calendar), 60, calendar, operation)
    usual = whom.hosts.get(process_id or 0) or viewer_id
    kept = unsaved.kept(f"meeting-host-{operation}", begun=usual)
    host_id = choose_one("Who of us", dict(reads.colleagues()), usual, **kept)
    place = draw_place(unsaved.kept(f"meeting-place-{operation}", f"Where you meet: {whom.name}"))
    note = draw_note(unsaved.kept(f"meeting-note-{operation}", f"What to bring up: {whom.name}"))
    if starts_at is None or ends_at is None:
        return
    draw_beside(host_id, whom.id, starts_at, now, calendar)
    plain: dict[str, Any] = {
        "kind": MeetingKind(kind or MeetingKind.TALK),
        "starts_at": starts_at,
        "ends_at": ends_at,
        "process_id": process_id,
        "host_id": host_id,
        "place": place,
        "note": note,
    }
    if ends_at <= now:
        record(whom, plain, operation)
    elif st.button("Plan it", type="primary", key="plan-it"):
        when = wording.moment(starts_at, now, calendar)
        answer(plan_meeting, whom.id, done=f"{plain['kind'].capitalize()} {when}: {whom.name}", **plain)


def draw_place(kept: dict[str, Any], begun: str = "") -> str:
    return st.text_input("Where", begun, placeholder="A room, an address, a link or a number", **kept) or ""


def draw_note(kept: dict[str, Any], begun: str = "") -> str:
    return st.text_input("What to bring up", begun, **kept) or ""


def record(whom: With, plain: dict[str, Any], operation: str) -> None:
    """For a time that has passed: the meeting is recorded with how it went, not planned."""
    st.markdown(quiet("That time has passed. If you met, say how it went, and it is on record."))
    how = outcome.draw(plain["process_id"], plain["host_id"])
    if st.button("Put it on record", type="primary", key="record-it") and (noted := how.noted()):
        answer(record_meeting, whom.id, done=f"On record: {whom.name}", operation=operation, **plain, **noted)


def choose_process(whom: With, operation: str) -> int | None:
    if whom.process_id is not None:
        st.markdown(quiet(f"About {md(whom.processes[whom.process_id])}"))
        return whom.process_id
    if not whom.processes:
        return None
    chosen: int | None = st.selectbox(
        "About",
        [*whom.processes, None],
        format_func=lambda id_: whom.processes.get(id_, "No opening"),
        **unsaved.kept(f"meeting-about-{operation}", begun=next(iter(whom.processes))),
    )
    return chosen


def choose_time(
    start: datetime, minutes: int, calendar: Calendar, operation: str
) -> tuple[datetime | None, datetime | None]:
    """From when to when; None where there is no such time on that day, which is said."""
    local = start.astimezone(calendar.zone)
    with st.container(horizontal=True, gap="small"):
        kept = unsaved.kept(f"meeting-day-{operation}", begun=local.date())
        day = st.date_input("Day", local.date(), format=DATES, width=140, **kept)
        kept = unsaved.kept(f"meeting-from-{operation}", begun=local.time())
        clock = st.time_input("From", local.time(), step=QUARTER, width=110, **kept)
        lengths = sorted({*LENGTHS, minutes})
        kept = unsaved.kept(f"meeting-length-{operation}", begun=minutes)
        length = st.selectbox("For", lengths, index=lengths.index(minutes), format_func=_length, width=120, **kept)
    try:
        starts_at = calendar.at(day, clock)
    except NoSuchTime as none:
        st.error(md(none))
        return None, None
    return starts_at, starts_at + timedelta(minutes=length)


def draw_beside(
    host_id: int | None, candidate_id: int, at: datetime, now: datetime, calendar: Calendar, but: int = 0
) -> None:
    """What they both have on that day."""
    others = reads.meetings_beside(host_id, candidate_id, calendar.day(at), but)
    if others:
        said = " · ".join(f"{_hours(other, calendar)} {md(other.name)}, with {md(other.host)}" for other in others)
        st.markdown(quiet(f"{wording.day(calendar.day(at), calendar.day(now))}: {said}"))


# moved, cancelled


@st.dialog("Move the meeting", on_dismiss=asked_no_more)
def ask_new_time(row: Appointment, now: datetime, calendar: Calendar) -> None:
    st.markdown(telling.appointment(row, now, calendar))
    length = int((row.ends_at - row.starts_at).total_seconds() // 60)
    starts_at, ends_at = choose_time(row.starts_at, length, calendar, operation_of(move_meeting, row.id))
    asked_by = outcome.choose_side("Who asked for it", row.process_id)
    if starts_at is None or ends_at is None:
        return
    draw_beside(row.host_id, row.candidate_id, starts_at, now, calendar, but=row.id)
    notice = telling.notice(min(row.starts_at, starts_at), now)
    st.markdown(quiet(f"It is moved with {notice}."))
    if st.button("Move it", type="primary", key="move-meeting"):
        if starts_at <= now:
            st.error("That time has passed. Move it to one that is to come.")
            return
        done = f"Moved to {wording.moment(starts_at, now, calendar)}, with {notice}: {row.name}"
        answer(move_meeting, row.id, starts_at=starts_at, ends_at=ends_at, asked_by=asked_by, done=done)


@st.dialog("Change the meeting", on_dismiss=asked_no_more)
def ask_what_changed(row: Appointment) -> None:
    """Another's save meanwhile is seen: the form keeps the version it was drawn from. A host chosen meanwhile stays."""
    unsaved.about(row.candidate_id)
    form = Form(f"meeting-{row.id}", {name: f"meeting-{of}-{row.id}" for name, of in FIELDS.items()}, asked_no_more)
    drawn: Appointment = form.drawn_from(row)
    st.markdown(f"With **{md(row.name)}**")
    colleagues = dict(reads.colleagues())
    host_id = choose_one("Who of us", colleagues, drawn.host_id, **form.kept("who of us", drawn.host_id))
    place = draw_place(form.kept("where", drawn.place, f"Where you meet: {row.name}"), drawn.place)
    note = draw_note(form.kept("what to bring up", drawn.note, f"What to bring up: {row.name}"), drawn.note)
    if form.is_to_save(st.button("Save", type="primary", key="save-meeting")):
        answer(
            edit_meeting,
            row.id,
            version=form.seen(drawn.version),
            place=place,
            note=note,
            host_id=host_id if host_id != drawn.host_id else None,
            mine={"who of us": colleagues.get(host_id or 0, ""), "where": place, "what to bring up": note},
            form=form,
            done=f"Saved: the meeting with {row.name}",
            undo_by=None,
        )


@st.dialog("Cancel the meeting", on_dismiss=asked_no_more)
def ask_who_cancelled(row: Appointment, now: datetime, calendar: Calendar) -> None:
    st.markdown(telling.appointment(row, now, calendar))
    asked_by = outcome.choose_side("Who cancelled it", row.process_id)
    if st.button("Cancel it", type="primary", key="cancel-meeting"):
        result = MeetingResult.CANCELLED
        answer(note_outcome, row.id, result, asked_by=asked_by, done=f"Cancelled: {row.name}")


# how it went


@st.dialog("How did it go?", on_dismiss=asked_no_more)
def ask_outcome(row: Appointment, now: datetime, calendar: Calendar) -> None:
    st.markdown(telling.appointment(row, now, calendar))
    how = outcome.draw(row.process_id, row.host_id)
    if st.button("Note it", type="primary", key="note-outcome") and (noted := how.noted()):
        answer(note_outcome, row.id, noted.pop("result"), done=f"{how.choice}: {row.name}", **noted)


# a person's


def draw(rows: Sequence[Appointment], now: datetime, calendar: Calendar, *, may_edit: bool) -> None:
    """Those to come first, the next one on top; then those that were."""
    coming = [row for row in reversed(rows) if row.ends_at > now and row.result is None]
    past = [row for row in rows if row not in coming]
    if not rows:
        st.markdown(quiet("No meeting yet. “Plan a meeting” stands at the top of the page."))
    for row in (*coming, *past):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(telling.appointment(row, now, calendar, with_name=False), width="stretch")
            with st.container(horizontal=True, width="content", wrap=False, gap="small"):
                draw_ways(row, now, may_edit=may_edit)


def draw_ways(row: Appointment, now: datetime, *, may_edit: bool) -> None:
    is_open = row.result is None
    if may_edit and is_open and row.starts_at <= now:
        st.button(OUTCOME, key=f"outcome-{row.id}", on_click=questions.ask, args=(OUTCOME, row.id))
    if row.ends_at > now and row.result in (None, MeetingResult.CANCELLED):
        st.download_button(
            "Calendar file",
            calendar_file(row.invitation),
            file_name=f"meeting-{row.id}.ics",
            mime="text/calendar",
            type="tertiary",
            key=f"ics-{row.id}",
            on_click="ignore",
        )
    if may_edit and is_open and row.ends_at > now:
        picked = st.menu_button("More", BEFORE_IT, type="tertiary", key=f"more-of-meeting-{row.id}")
        if picked:
            questions.ask(picked, row.id)


def _next_hour(now: datetime, calendar: Calendar) -> datetime:
    """A full hour of working time that is to come."""
    day = calendar.working_on_or_after(calendar.day(now))
    hour = calendar.opening_of(day)
    while hour <= now:
        hour += timedelta(hours=1)
    if hour < calendar.closing_of(day):
        return hour
    return calendar.opening_of(calendar.working_on_or_after(day + timedelta(days=1)))


def _length(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [wording.plural(hours, "hour")] if hours else []
    return " ".join([*parts, f"{rest} minutes"] if rest else parts)


def _hours(row: Appointment, calendar: Calendar) -> str:
    return f"{wording.time(row.starts_at, calendar)} to {wording.time(row.ends_at, calendar)}"
