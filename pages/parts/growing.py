"""Growth on a person's page: what they want to become, what we advised, when we look again, and what came of it."""

from datetime import date, datetime
from functools import partial

import streamlit as st

from core.commands.growth import mark_beginner, note_growth, note_what_came_of_it, undo_what_came_of_it
from core.commands.undo import undo_fact
from core.domain.calendar import Calendar
from core.domain.growth import Beginner
from core.domain.promises import State
from core.queries.candidate import Profile
from core.queries.growth import Note
from pages.parts import actions, unsaved, wording
from pages.parts.clashes import Form
from pages.parts.layout import badge, quiet
from pages.parts.questions import DATES
from pages.parts.wording import md

BEGINNERS = {Beginner.CAREER_CHANGER: "Career changer", Beginner.JUNIOR: "Junior", Beginner.INTERN: "Intern"}


def draw(person: Profile, notes: list[Note], now: datetime, calendar: Calendar, *, may_edit: bool) -> None:
    day = calendar.day(now)
    if may_edit:
        draw_mark(person)
    elif person.begins_as:
        st.markdown(BEGINNERS[person.begins_as])
    if not notes:
        st.markdown(quiet("Nothing is noted yet. What do they want to become, and what would you advise?"))
    for note in notes:
        with st.container(border=True, gap="xsmall"):
            st.markdown(told(note, day, calendar))
            if may_edit:
                draw_came_of_it(note, person.called)
    if may_edit:
        draw_new(person, day)


def draw_mark(person: Profile) -> None:
    key = f"begins-as-{person.id}-{person.begins_as or ''}"
    st.pills(
        "Begins as",
        list(BEGINNERS),
        default=person.begins_as,
        format_func=lambda one: BEGINNERS[one],
        key=key,
        on_change=mark,
        args=(person, key),
        wrap=True,
        help="Whoever has done little of the work yet is looked at again, not turned away.",
    )


def mark(person: Profile, key: str) -> None:
    """A callback; a second click takes the mark away."""
    chosen: Beginner | None = st.session_state[key]
    said = BEGINNERS[chosen] if chosen else "Begins as nothing any more"
    actions.do(
        mark_beginner,
        person.id,
        chosen,
        done=f"{said}: {person.called}",
        undo_by=partial(mark_beginner, begins_as=person.begins_as),
    )


def told(note: Note, day: date, calendar: Calendar) -> str:
    by = f" · {md(note.noted_by)}" if note.noted_by else ""
    lines = [quiet(f"{wording.day(calendar.day(note.noted_at), day)}{by}") + looks_again(note, day)]
    lines += [f"Wants: {md(note.wants)}"] if note.wants else []
    lines += [f"Advised: {md(note.advice)}"] if note.advice else []
    if note.came_of_it is not None and note.came_of_it_at is not None:
        on = quiet(f"noted {wording.day(calendar.day(note.came_of_it_at), day)}")
        lines.append(f"What came of it: {md(note.came_of_it)} {on}")
    return "  \n".join(lines)


def looks_again(note: Note, day: date) -> str:
    if note.revisit_on is None or note.revisit is None:
        return ""
    on = wording.day(note.revisit_on, day)
    match note.revisit:
        case State.OVERDUE:
            return f" {badge(f'to look at again since {on}', 'red')}"
        case State.DUE:
            return f" {badge('to look at again today', 'blue')}"
        case State.UPCOMING:
            return f" {badge(f'look again {on}')}"
        case State.KEPT_ON_TIME | State.KEPT_LATE:
            return f" {badge(f'looked again, as said for {on}', 'green')}"
        case _:
            return ""


def draw_came_of_it(note: Note, called: str) -> None:
    label = "What came of it" if note.came_of_it is None else "More came of it"
    with st.popover(label, key=f"came-{note.id}"):
        operation = actions.operation(f"came-{note.id}")
        form = Form(f"came-{note.id}", {"what came of it": f"came-text-{operation}"})
        before: str | None = form.drawn_from(note.came_of_it)
        kept = form.kept("what came of it", before or "", f"What came of advice to {called}")
        text = st.text_area("What came of it", before or "", height="content", width=420, **kept)
        if form.is_to_save(st.button("Keep it", type="primary", key=f"came-keep-{note.id}")):
            before, text = form.seen(before), (text or "").strip()
            undo = partial(note_what_came_of_it, text=before, seen=text) if before else undo_what_came_of_it
            actions.act(
                note_what_came_of_it,
                note.id,
                text,
                seen=before,
                done="What came of it is noted.",
                mine={"what came of it": text},
                form=form,
                operation=operation,
                undo_by=undo,
            )


def draw_new(person: Profile, day: date) -> None:
    operation = actions.operation(f"growth-{person.id}")
    with st.container(border=True):
        left, right = st.columns(2)
        wanted = unsaved.kept(f"wants-{operation}", f"What {person.called} wants to become")
        wants = left.text_area("What they want to become", placeholder="In their words", **wanted)
        advised = unsaved.kept(f"advice-{operation}", f"Advice to {person.called}")
        advice = right.text_area(
            "What you advised", placeholder="A course, a person to talk to, a first step", **advised
        )
        again = unsaved.kept(f"again-{operation}", begun=None)
        on = left.date_input("Look again on", None, min_value=day, format=DATES, **again)
        if st.button("Note it", key=f"note-growth-{operation}"):
            actions.act(
                note_growth,
                person.id,
                wants or "",
                advice=advice or "",
                revisit_on=on,
                done=f"Noted: {person.called}",
                operation=operation,
                undo_by=undo_fact,
            )
