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
    ORDER_WIDTH,
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
from pages.parts.people_grid import Cells, Drawn, as_drawn, note_save_pressed, remember, save_pressed
from pages.parts.piece import piece
from pages.parts.wording import md

SIZE = 30
BESIDE_SEARCH = 640
"""Pixels: where there are no more, what is searched has a line of its own, and can be read whole."""
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
    with st.container(horizontal=True, gap="small"):
        text = search("Name, company, title, place, e-mail or phone")
        with st.container(horizontal=True, gap="small", width=BESIDE_SEARCH):
            skills = skills_asked()
            draw_some_or_type(
                SKILLS, all_names(), "Skills", placeholder="Skills, all of them", label_visibility="collapsed"
            )
            in_order = order(ORDERS, width=ORDER_WIDTH)
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


def begin_another_grid() -> None:
    st.session_state[state.PEOPLE_SAVED] = st.session_state.get(state.PEOPLE_SAVED, 0) + 1


def note_cells(drawn: Drawn) -> None:
    """A callback, when a cell has been changed: all that are changed stay, also where the page is left.

    One that comes late was changed before "Save" was pressed, and is saved too. A run that was broken off may have read
    the list anew, or another: what is changed is changed in the one that was `drawn`, unless that was saved or dropped.
    """
    pressed, pressed_at, done = save_pressed()
    is_late = pressed == drawn.key and pressed_at is not None and store.now() - pressed_at <= LATE
    if is_late and done:
        save_late(drawn, done)
    elif not drawn.is_over:
        remember(drawn)
        if is_late:
            save(drawn.key)
        else:
            st.session_state[state.PEOPLE_CELLS] = drawn.edits()


def save_late(drawn: Drawn, done: Mapping[int, dict[str, Any]]) -> None:
    """Save cells that arrived after “Save” was pressed.

    `done`: the cells it has saved. Each of their rows has had one new version since.
    """
    cells = {id_: set(changes.items()) for id_, changes in drawn.edits().items()}
    late = {id_: dict(new) for id_, every in cells.items() if (new := every - set(done.get(id_, {}).items()))}
    people = {id_: drawn.people[id_] for id_ in late}
    mine = [edit_of(replace(one, version=one.version + (id_ in done)), late[id_]) for id_, one in people.items()]
    if mine:
        actions.do(edit_candidates, mine, done=f"Saved: {wording.plural(len(mine), 'person', 'people')}")


def form_of(drawn: Drawn) -> Form:
    keep = "Keep theirs, save the others" if len(drawn.edits()) > 1 else KEEP_THEIRS
    return Form("grid", save=partial(save_over, drawn), leave=partial(leave_theirs, drawn), keep_theirs=keep)


def save(key: str) -> None:
    """All that was changed, as one action. A row that somebody else saved meanwhile stops it, and nothing is lost.

    Of a double click the second finds the list drawn anew, or none: in that nothing was changed.
    """
    drawn = as_drawn()
    if drawn is None or drawn.key != key:
        return
    cells = drawn.edits()
    note_save_pressed(key, store.now(), {})
    edits = [
        edit_of(drawn.people[id_], changes)
        for id_, changes in cells.items()
        if set(changes) <= set(EDITABLE) and id_ not in drawn.theirs
    ]
    if not edits:
        return
    stored = reads.versions(edit.id for edit in edits)
    if gone := [edit.id for edit in edits if edit.id not in stored]:
        let_go(drawn, gone)
        return
    stale = min((edit for edit in edits if stored.get(edit.id) != edit.version), key=lambda e: e.id, default=None)
    mine: Mapping[str, object] = stale.changes if stale else {}
    was = {name: getattr(drawn.people[stale.id], name) for name in EDITABLE} if stale else {}
    done = f"Saved: {wording.plural(len(edits), 'person', 'people')}"
    form, operation = Form("grid", whom=stale.id if stale else None), actions.operation("grid")
    if actions.do(edit_candidates, edits, done=done, mine=mine, was=was, form=form, operation=operation):
        note_save_pressed(key, store.now(), cells)
        drop()


def let_go(drawn: Drawn, gone: list[int]) -> None:
    """Of these nothing can be saved any more, and it is said why; what was changed of the others stays in the grid."""
    said = [what_became_of(drawn.called(id_), id_, drawn.let_go(id_)) for id_ in gone]
    Form("grid").done()
    if others := drawn.edits():
        said.append(f"What you changed of {wording.plural(len(others), 'other person', 'others')} is not saved yet.")
    st.session_state[state.PEOPLE_CELLS] = others
    actions.refuse(" ".join(said))


def what_became_of(called: str, id_: int, changed: str) -> str:
    there = reads.whereabouts(id_)
    if there.is_erased:
        return f"{called} was erased meanwhile, and what you changed of them with them."
    if there.id is None:
        return f"{called} was taken back meanwhile with the list that brought them. You had changed: {changed}."
    kept = reads.life(there.id).profile.called
    return f"{called} was merged with {kept} meanwhile. You had changed: {changed}. Change it there, if it still holds."


def edit_of(person: Person, changes: dict[str, Any]) -> CandidateEdit:
    said = {name: str(value or "") for name, value in changes.items()}
    return CandidateEdit(person.id, person.version, said, person.name or person.address)


def save_over(drawn: Drawn) -> None:
    """Both versions were shown, and mine is to stand."""
    for id_, version in form_of(drawn).seen({}).items():
        if id_ in drawn.people:
            drawn.people[id_] = replace(drawn.people[id_], version=version)
    save(drawn.key)


def leave_theirs(drawn: Drawn, seen: Mapping[int, int]) -> None:
    """All the others are saved."""
    drawn.theirs |= set(seen)
    if drawn.edits().keys() <= drawn.theirs:
        drop()
    else:
        save(drawn.key)


def drop() -> None:
    Form("grid").done()
    begin_another_grid()
    if drawn := as_drawn():
        drawn.is_over = True  # also for a cell of it that comes late
    unsaved.beside().pop(state.PEOPLE_DRAWN, None)
    unsaved.drop([state.PEOPLE_CELLS])


def draw_saving(drawn: Drawn, *, is_changed: bool) -> None:
    """At the left: at the right, above the grid, its own toolbar lies over whatever is there."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button("Save", key="save", on_click=save, args=(drawn.key,))
        if is_changed and not form_of(drawn).is_asked():
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
def draw_grid(drawn: Drawn) -> None:
    """With what can be done with what is changed in it, as soon as something is."""
    edits = drawn.edits()
    if viewer.may_edit:
        with st.container(horizontal=True, vertical_alignment="center"):
            draw_saving(drawn, is_changed=bool(edits))
            if not edits:
                draw_together(drawn.found)
        form_of(drawn).draw()
    whom = set(drawn.people)
    unsaved.watch(state.PEOPLE_CELLS, "What you changed in the list of people", {}, drawn.in_lines, whom=whom)
    st.session_state[state.PEOPLE_CELLS] = edits
    st.data_editor(
        frame_of(list(drawn.people.values()), drawn.cells),
        key=drawn.key,
        on_change=note_cells,
        args=(drawn,),
        hide_index=True,
        num_rows="fixed",
        row_height=36,
        height="content",
        disabled=True if not viewer.may_edit else ["open", "why", "owner", "to", "from_them", "warmth", "due"],
        alt="People, a row each",
        column_config={
            "open": st.column_config.ButtonColumn(
                "", type="tertiary", width=60, key=f"open-{drawn.key}", on_click=open_clicked, args=(drawn,)
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


def frame_of(rows: list[Person], cells: Cells) -> pd.DataFrame:
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
    for row, person in enumerate(rows):
        for name, value in cells.get(person.id, {}).items():
            frame.loc[row, name] = value
    return frame


def on(moment: Any) -> str:
    return wording.day(calendar.day(moment), day) if moment else ""


def warm(person: Person) -> str:
    how = warmth(person.ties, now, calendar)
    return f"{how.points} {how.grade}" if how else ""


def open_clicked(drawn: Drawn) -> None:
    clicked = st.session_state[f"open-{drawn.key}"]
    if clicked is not None and clicked["row"] < len(drawn.ids):
        st.session_state[state.PERSON_OPENING] = drawn.ids[clicked["row"]]
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

drawn, is_other = as_drawn(), False
if drawn and (drawn.key not in st.session_state or drawn.lacks_somebody):
    # The page was left, or somebody was erased: a new grid begins with what was changed.
    begin_another_grid()
    cells = unsaved.value(state.PEOPLE_CELLS) or {}
    drawn = replace(drawn, key=grid_key(*drawn.asked), ids=[*drawn.people], cells=cells)
    remember(drawn)
if drawn and drawn.edits():
    is_other = drawn.asked != (filters, page_asked(own("page")))
else:
    found = page_reached(partial(reads.people, filters), lambda found: found.number, SIZE)
    Form("grid").done()
    people = {person.id: person for person in found.rows}
    asked = (filters, page_asked(own("page")))
    drawn = Drawn(grid_key(*asked), asked, replace(found, rows=[]), [*people], people)
    remember(drawn)

write_head(words, title_of(drawn.found, filters), line_of(drawn.found))
with below:
    if is_other:
        st.markdown("These are the people you were changing. Save the changes or drop them; then the list follows.")
    if drawn.people:
        draw_grid(drawn)
    elif filters.text or filters.narrows_people:
        draw_nobody()
    else:
        st.markdown("Nobody is here yet. Add the first person, or import a list you have.")
        st.page_link("imports.py", label="Import a list")
page(own("page"), drawn.found.number, SIZE)
if alike := reads.number_of_pairs():
    st.page_link("duplicates.py", label=f"{wording.plural(alike, 'pair')} may be one person")
if viewer.may_edit:
    adding.draw(viewer)
    questions.draw(several.dialogs(everybody_found, filters))
