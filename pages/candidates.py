"""Candidates: everybody we know, found as one types, edited in the grid, opened with one click."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from core.commands.candidates import CandidateEdit, edit_candidates
from core.commands.several import AT_ONCE
from core.domain.growth import Beginner
from core.domain.skills import all_names
from core.domain.warmth import FORMULA, warmth
from core.queries.candidates import MOST, CandidateFilters, Due, HasRhythm, Order, People, Person
from core.queries.page import Page
from core.queries.skills import NO_SKILL
from pages.parts import actions, adding, questions, reads, runtime, several, state, unsaved, wording
from pages.parts.clashes import KEEP_THEIRS, Form
from pages.parts.filters import (
    begin_anew,
    chosen,
    chosen_some,
    draw_one_of,
    draw_some_or_type,
    order,
    own,
    owner,
    page,
    page_asked,
    page_reached,
    search,
    to_address,
)
from pages.parts.layout import head_places, open_person, quiet, write_head
from pages.parts.piece import piece
from pages.parts.wording import md

SIZE = 30
EDITABLE = ("name", "title", "company", "location", "source", "begins_as")
ASKED = "people-asked"
OWED_THEM, HAS_RHYTHM, SILENT_FOR, NO_CONTACT, SKILLS = "owed", "rhythm", "silent", "no-contact", "skill"
"""Names in the address."""
YES = "true"
LATE = timedelta(seconds=2)
"""So long after “Save” was pressed a slow browser may still send a cell that was changed before."""
ORDERS = {
    "Name": Order.NAME,
    "Longest without a word from us": Order.SILENCE,
    "Latest word from them": Order.HEARD,
    "Next due": Order.DUE,
    "Latest added": Order.ADDED,
}
RHYTHM = {"Set": HasRhythm.YES, "Not set": HasRhythm.NO}
OWED = {"Overdue": Due.OVERDUE, "Within a week": Due.WEEK}
SILENT = {"3 months": 3, "6 months": 6, "12 months": 12, "24 months": 24, "Never a word": 0}

viewer = runtime.require_viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar
day = calendar.day(now)


# what is asked


def skills_asked() -> list[str]:
    """As they were typed or chosen."""
    return chosen_some(SKILLS, lambda value: bool(value.strip()))


def draw_filters() -> CandidateFilters:
    owed, rhythm = chosen(OWED_THEM, OWED.__contains__), chosen(HAS_RHYTHM, RHYTHM.__contains__)
    silent, asked = chosen(SILENT_FOR, SILENT.__contains__), chosen(NO_CONTACT, YES.__eq__)
    with controls:
        owner_id = owner("people", viewer)
        with st.popover("Filter"):
            draw_one_of(OWED_THEM, {one: one for one in OWED}, "Owed to them", is_said=True)
            draw_one_of(HAS_RHYTHM, {one: one for one in RHYTHM}, "Rhythm", is_said=True)
            draw_one_of(SILENT_FOR, {one: one for one in SILENT}, "No word from us for over", is_said=True)
            draw_one_of(NO_CONTACT, {YES: "Asked for no contact"}, "No contact")
        if viewer.may_edit:
            st.button("Add a person", type="primary", key="add", on_click=adding.begin)
    searched, having, ordered = st.columns((5, 4, 3))
    with searched:
        text = search("Name, company, title, place, e-mail or phone")
    with having:
        skills = skills_asked()
        draw_some_or_type(
            SKILLS, all_names(), "Skills", placeholder="Skills, all of them", label_visibility="collapsed"
        )
    with ordered:
        in_order = order(ORDERS)
    to_address(OWED_THEM, HAS_RHYTHM, SILENT_FOR, NO_CONTACT, SKILLS)
    return CandidateFilters(
        text=text,
        owner_id=owner_id,
        rhythm=RHYTHM.get(rhythm),
        due=OWED.get(owed),
        silent_months=SILENT.get(silent),
        do_not_contact=bool(asked),
        skills=tuple(reads.skill_ids(skills)),
        order=in_order,
    )


# what is edited: the frame that was drawn stays as long as there is something unsaved in it


def grid_key(filters: CandidateFilters, number: int) -> str:
    return f"grid-{hash((filters, number))}-{st.session_state.get(state.PEOPLE_SAVED, 0)}"


def as_drawn() -> dict[str, Any]:
    drawn = unsaved.beside().get(state.PEOPLE_DRAWN)
    return drawn.value if drawn else {}


def rows_drawn() -> list[Person]:
    return with_versions(as_drawn()["found"].rows, as_drawn()["versions"])


def remember(name: str, value: Any) -> None:
    """As long as something is changed in the grid, or this page is not left."""
    unsaved.beside()[name] = unsaved.Beside(value, lambda: [state.PEOPLE_CELLS])


def edits_of(key: str) -> dict[int, dict[str, Any]]:
    """By row: the changes not saved yet, those from before the page was left included."""
    before = as_drawn().get("cells", {})
    since = (st.session_state.get(key) or {}).get("edited_rows") or {}
    return {row: {**before.get(row, {}), **since.get(row, {})} for row in sorted({*before, *since})}


def note_cells(key: str, rows: list[Person], drawn: dict[str, Any]) -> None:
    """A callback, when a cell has been changed: all that are changed stay, also where the page is left.

    One that comes late was changed before "Save" was pressed, and is saved too. A run that was broken off may have read
    the list anew, or another: what is changed is changed in the one that was `drawn`, unless that was saved or dropped.
    """
    known = unsaved.beside().get(state.PEOPLE_SAVE_PRESSED)
    pressed, pressed_at, done = known.value if known else ("", None, {})
    is_late = pressed == key and pressed_at is not None and store.now() - pressed_at <= LATE
    if is_late and done:
        save_late(key, rows, done)
    elif drawn:
        remember(state.PEOPLE_DRAWN, drawn)
        if is_late:
            save(key)
        else:
            st.session_state[state.PEOPLE_CELLS] = edits_of(key)


def save_late(key: str, drawn: list[Person], done: dict[int, dict[str, Any]]) -> None:
    """Save cells that arrived after “Save” was pressed.

    `done`: the cells it has saved. Each of their rows has had one new version since.
    """
    cells = {row: set(changes.items()) for row, changes in edits_of(key).items()}
    late = {row: dict(new) for row, every in cells.items() if (new := every - set(done.get(row, {}).items()))}
    mine = [edit_of(replace(drawn[row], version=drawn[row].version + (row in done)), late[row]) for row in late]
    if mine:
        actions.do(edit_candidates, mine, done=f"Saved: {wording.plural(len(mine), 'person', 'people')}")


def without_erased(found: People, cells: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """What was drawn, and changed in it by row, without whoever was erased since."""
    erased = reads.erased(person.id for person in found.rows) if cells else ()
    stay = [row for row, person in enumerate(found.rows) if person.id not in erased]
    still = {place: cells[row] for place, row in enumerate(stay) if row in cells}
    return {"found": replace(found, rows=[found.rows[row] for row in stay]), "cells": still}


def in_lines(drawn: list[Person], cells: dict[int, dict[str, Any]]) -> str:
    """“Noor Haddad: Title → Lead”, a line each."""
    return "\n".join(
        f"{drawn[row].name or drawn[row].address}: {wording.COLUMNS.get(name, name)} → {value or '–'}"
        for row, changes in cells.items()
        if row < len(drawn)
        for name, value in changes.items()
    )


def form_of(key: str) -> Form:
    keep = "Keep theirs, save the others" if len(edits_of(key)) > 1 else KEEP_THEIRS
    return Form("grid", save=partial(save_over, key), leave=partial(leave_theirs, key), keep_theirs=keep)


def save(key: str) -> None:
    """All that was changed, as one action. A row that somebody else saved meanwhile stops it, and nothing is lost.

    Of a double click the second finds the list drawn anew, or none: in that nothing was changed.
    """
    if as_drawn().get("key") != key:
        return
    cells, drawn = edits_of(key), rows_drawn()
    remember(state.PEOPLE_SAVE_PRESSED, (key, store.now(), {}))
    edits = [
        edit_of(drawn[row], changes)
        for row, changes in cells.items()
        if row < len(drawn) and set(changes) <= set(EDITABLE) and drawn[row].id not in as_drawn()["theirs"]
    ]
    if not edits:
        return
    stored = reads.versions(edit.id for edit in edits)
    stale = min((edit for edit in edits if stored.get(edit.id) != edit.version), key=lambda e: e.id, default=None)
    mine: Mapping[str, object] = stale.changes if stale else {}
    was = next(({name: getattr(one, name) for name in EDITABLE} for one in drawn if stale and one.id == stale.id), {})
    done = f"Saved: {wording.plural(len(edits), 'person', 'people')}"
    form, operation = replace(form_of(key), whom=stale.id if stale else None), actions.operation("grid")
    if actions.do(edit_candidates, edits, done=done, mine=mine, was=was, form=form, operation=operation):
        remember(state.PEOPLE_SAVE_PRESSED, (key, store.now(), cells))
        drop()


def edit_of(person: Person, changes: dict[str, Any]) -> CandidateEdit:
    return CandidateEdit(person.id, person.version, {name: str(value or "") for name, value in changes.items()})


def save_over(key: str) -> None:
    """Both versions were shown, and mine is to stand."""
    as_drawn()["versions"] |= form_of(key).seen({})
    save(key)


def leave_theirs(key: str, seen: Mapping[int, int]) -> None:
    """All the others are saved."""
    theirs, drawn = as_drawn()["theirs"], rows_drawn()
    theirs |= set(seen)
    if {drawn[row].id for row in edits_of(key) if row < len(drawn)} <= theirs:
        drop()
    else:
        save(key)


def drop() -> None:
    Form("grid").done()
    st.session_state[state.PEOPLE_SAVED] = st.session_state.get(state.PEOPLE_SAVED, 0) + 1
    as_drawn().clear()  # also for a cell of it that comes late
    unsaved.beside().pop(state.PEOPLE_DRAWN, None)
    unsaved.drop([state.PEOPLE_CELLS])


def with_versions(rows: list[Person], versions: Mapping[int, int]) -> list[Person]:
    return [replace(person, version=versions.get(person.id, person.version)) for person in rows]


def draw_saving(key: str, *, is_changed: bool) -> None:
    """At the left: at the right, above the grid, its own toolbar lies over whatever is there."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button("Save", key="save", on_click=save, args=(key,))
        if is_changed and not form_of(key).is_asked():
            st.button("Drop the changes", type="tertiary", key="drop", on_click=drop)
        st.markdown(quiet("What is changed in the grid is kept with “Save”."))


def draw_together(found: People) -> None:
    """What is done with all who were found, where somebody said who is meant."""
    if not (filters.text or filters.narrows_people):
        return
    with st.container(horizontal=True, horizontal_alignment="right", width="content", gap="small"):
        several.draw(found.number, is_main=False)


def everybody_found() -> list[int]:
    return [person.id for person in reads.people(filters, Page(1, AT_ONCE + 1)).rows]


@piece
def draw_grid(found: People, rows: list[Person], key: str) -> None:
    """With what can be done with what is changed in it, as soon as something is."""
    if viewer.may_edit:
        is_changed = bool(edits_of(key))
        with st.container(horizontal=True, vertical_alignment="center"):
            draw_saving(key, is_changed=is_changed)
            if not is_changed:
                draw_together(found)
        form_of(key).draw()
    cells: dict[int, dict[str, Any]] = as_drawn()["cells"]
    whom = {row: person.id for row, person in enumerate(rows)}
    said = partial(in_lines, rows)
    unsaved.watch(state.PEOPLE_CELLS, "What you changed in the list of people", {}, said, whom=whom)
    st.session_state[state.PEOPLE_CELLS] = edits_of(key)
    st.data_editor(
        frame_of(rows, cells),
        key=key,
        on_change=note_cells,
        args=(key, rows, as_drawn()),
        hide_index=True,
        num_rows="fixed",
        row_height=36,
        height="content",
        disabled=True if not viewer.may_edit else ["open", "why", "owner", "to", "from_them", "warmth", "due"],
        alt="People, a row each",
        column_config={
            "open": st.column_config.ButtonColumn(
                "", type="tertiary", width=60, key=f"open-{key}", on_click=open_clicked, args=(key, rows)
            ),
            "name": st.column_config.TextColumn("Name", width=155, max_chars=200),
            "why": st.column_config.TextColumn("Knows", width=330) if filters.skills else None,
            "title": st.column_config.TextColumn("Title", width=145, max_chars=200),
            "company": st.column_config.TextColumn("Company", width=110, max_chars=200),
            "location": st.column_config.TextColumn("Place", width=85, max_chars=200),
            "owner": st.column_config.TextColumn("With", width=110),
            "to": st.column_config.TextColumn("Last from us", width=115),
            "from_them": st.column_config.TextColumn("Last from them", width=115),
            "warmth": st.column_config.TextColumn("Warmth", width=80, help=FORMULA),
            "due": st.column_config.TextColumn("Next due", width=115),
            "source": st.column_config.TextColumn("Where from", width=100, max_chars=200),
            "begins_as": st.column_config.SelectboxColumn("Begins as", width=115, options=list(Beginner)),
        },
    )


def frame_of(rows: list[Person], cells: dict[int, dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "open": ["Open" for _ in rows],
            "name": [person.name or person.address for person in rows],
            "why": [person.why for person in rows],
            "title": [person.title for person in rows],
            "company": [person.company for person in rows],
            "location": [person.location for person in rows],
            "owner": [person.owner for person in rows],
            "to": [on(person.last_word_to_at) for person in rows],
            "from_them": [on(person.last_word_from_at) for person in rows],
            "warmth": [warm(person) for person in rows],
            "due": [on(person.next_due_at) for person in rows],
            "source": [person.source for person in rows],
            "begins_as": [person.begins_as for person in rows],
        },
        dtype="str",
    )
    for row, changes in cells.items():
        for name, value in changes.items():
            frame.loc[row, name] = value
    return frame


def on(moment: Any) -> str:
    return wording.day(calendar.day(moment), day) if moment else ""


def warm(person: Person) -> str:
    how = warmth(person.ties, now, calendar)
    return f"{how.points} {how.grade}" if how else ""


def open_clicked(key: str, rows: list[Person]) -> None:
    clicked = st.session_state[f"open-{key}"]
    if clicked is not None and clicked["row"] < len(rows):
        st.session_state[state.PERSON_OPENING] = rows[clicked["row"]].id
        st.rerun()


# what is said


def title_of(found: People, filters: CandidateFilters) -> str:
    if found.is_cut:
        return f"More than {MOST:,} people" if found.number >= MOST else f"{found.number:,} people, and more"
    if not found.number:
        return "Nobody found" if filters.text or filters.narrows_people else "Nobody is here yet"
    return wording.plural(found.number, "person", "people")


def line_of(found: People) -> str:
    said = []
    if filters.skills and found.number:
        said.append("Whoever knows what implies a skill is found for it too; the list says why.")
    if found.is_cut:
        said.append(f"The first {found.number:,} are listed. Type more to narrow.")
    return " ".join(said)


def draw_nobody() -> None:
    """What would find somebody: for each skill, how many there would be without it."""
    names = skills_asked()
    for name, id_ in zip(names, filters.skills, strict=True):
        if id_ == NO_SKILL:
            st.markdown(f"Nobody has a skill called “{md(name)}”, and nothing that implies it is known.")
            st.page_link("skills.py", label="Say what implies it", query_params={"skill": name})
            return
    without = [
        f"Without “{md(name)}” there would be {wording.plural(number, 'person', 'people')}."
        for place, name in enumerate(names)
        if (number := number_without(place))
    ]
    st.markdown(quiet(" ".join(["Nobody found.", *(without or ["Fewer words, or fewer filters, find more."])])))


def number_without(place: int) -> int:
    others = filters.skills[:place] + filters.skills[place + 1 :]
    if not others and not filters.text and not replace(filters, skills=()).narrows_people:
        return 0  # everybody: that says nothing
    return reads.people(replace(filters, skills=others), Page(1, 1)).number


# the page

if opening := st.session_state.pop(state.PERSON_OPENING, None):
    open_person(opening)
actions.show_notice()
words, controls = head_places()
filters = draw_filters()
below = st.container()
begin_anew(ASKED, filters)

kept = as_drawn()
if kept and kept["key"] not in st.session_state:  # the page was left: a new grid begins with what was changed
    cells = unsaved.value(state.PEOPLE_CELLS) or {}
    st.session_state[state.PEOPLE_SAVED] = st.session_state.get(state.PEOPLE_SAVED, 0) + bool(cells)
    kept |= {"key": grid_key(*kept["asked"]), **without_erased(kept["found"], cells)}
is_changed = bool(kept and edits_of(kept["key"]))
if is_changed and kept:
    number, found, key = page_asked(own("page")), kept["found"], kept["key"]
    rows = rows_drawn()
    is_other = kept["asked"] != (filters, number)
else:
    number, found = page_reached(lambda number: reads.people(filters, Page(number, SIZE)), lambda found: found.rows)
    rows, key, is_other = found.rows, grid_key(filters, number), False
    Form("grid").done()
    asked = (filters, number)
    drawn = {"key": key, "asked": asked, "found": found, "versions": {}, "theirs": set(), "cells": {}}
    remember(state.PEOPLE_DRAWN, drawn)

write_head(words, title_of(found, filters), line_of(found))
with below:
    if is_other:
        st.markdown("These are the people you were changing. Save the changes or drop them; then the list follows.")
    if rows:
        draw_grid(found, rows, key)
    elif filters.text or filters.narrows_people:
        draw_nobody()
    else:
        st.markdown("Nobody is here yet. Add the first person, or import a list you have.")
        st.page_link("imports.py", label="Import a list")
page(own("page"), found.number, SIZE)
if alike := reads.number_of_pairs():
    st.page_link("duplicates.py", label=f"{wording.plural(alike, 'pair')} may be one person")
if viewer.may_edit:
    adding.draw(viewer, calendar.country)
    questions.draw(several.dialogs(everybody_found, filters))
