"""The form in which a person's details are edited, as a whole.

Its version is the one it was drawn from: what somebody else saved meanwhile is not overwritten unseen.
"""

from datetime import date
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import settings
from core.commands.candidates import EARLIEST, CandidateEdit, as_shown, edit_candidates
from core.domain.handles import HandleKind
from core.domain.skills import all_names
from core.domain.templates import LANGUAGES
from core.queries.candidate import Profile
from pages.parts import actions, adding
from pages.parts.choosing import choose_one
from pages.parts.clashes import Form
from pages.parts.layout import quiet
from pages.parts.questions import DATES
from pages.parts.wording import COLUMNS, md

ADDRESSES: tuple[HandleKind, ...] = ("email", "phone", "linkedin", "github")
SIDE_BY_SIDE = (
    *("name", "title", "company", "location", *ADDRESSES),
    *("source", "known_since", "pronoun", "language"),
)
FIELDS = (*SIDE_BY_SIDE, "skills", "tags", "notes")
LABELS = {**COLUMNS, "tags": "Tags, with commas", "language": "Language we write in"}
SEVERAL = "One, or several with commas"


def draw(person: Profile, day: date, *, may_edit: bool) -> None:
    form = Form(f"details-{person.id}", {field: f"{field}-{person.id}" for field in FIELDS})
    drawn = form.drawn_from(values_of(person))
    columns = st.columns(2)
    wrote: dict[str, Any] = {}
    for number, field in enumerate(SIDE_BY_SIDE):
        label, place, begun = LABELS[field], columns[number % 2], drawn[field]
        kept = form.kept(field, begun, f"{label}: {person.called}")
        if field == "language":
            wrote[field] = draw_language(place, begun, kept, may_edit=may_edit)
        elif field == "known_since":
            wrote[field] = draw_known_since(place, begun, day, kept, may_edit=may_edit)
        else:
            hint = SEVERAL if field in ADDRESSES else None
            wrote[field] = place.text_input(label, begun, placeholder=hint, disabled=not may_edit, **kept) or ""
    wrote["skills"] = draw_skills(drawn["skills"], form.kept("skills", drawn["skills"]), may_edit=may_edit)
    kept = form.kept("tags", drawn["tags"], f"Tags: {person.called}")
    wrote["tags"] = st.text_input(LABELS["tags"], drawn["tags"], disabled=not may_edit, **kept) or ""
    kept = form.kept("notes", drawn["notes"], f"Notes: {person.called}")
    wrote["notes"] = st.text_area("Notes", drawn["notes"], disabled=not may_edit, **kept) or ""
    if not may_edit:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        is_pressed = st.button("Save details", key=f"save-details-{person.id}")
        form.draw_written()
    if form.is_to_save(is_pressed):
        save(person, form, drawn, wrote)


def draw_skills(drawn: list[str], kept: dict[str, Any], *, may_edit: bool) -> list[str]:
    stands = st.session_state.setdefault(kept["key"], list(drawn))
    return st.multiselect(
        LABELS["skills"],
        list(dict.fromkeys([*all_names(), *drawn, *stands])),
        accept_new_options=True,
        select_all=False,
        placeholder="However they are written",
        disabled=not may_edit,
        **kept,
    )


def draw_known_since(
    place: DeltaGenerator, drawn: date | None, day: date, kept: dict[str, Any], *, may_edit: bool
) -> date | None:
    """A list may have brought an earlier day, or one that begins here only tomorrow: it stands as it is."""
    known = (EARLIEST, day, drawn or day)
    return place.date_input(
        LABELS["known_since"],
        drawn,
        min_value=min(known),
        max_value=max(known),
        format=DATES,
        disabled=not may_edit,
        **kept,
    )


def draw_language(place: DeltaGenerator, drawn: str, kept: dict[str, Any], *, may_edit: bool) -> str:
    """The team's, or one of its own."""
    names = {"": f"The team’s ({LANGUAGES[settings.current().language]})", **LANGUAGES}
    begun = drawn if drawn in names else ""
    return choose_one(LABELS["language"], names, begun, place, disabled=not may_edit, **kept) or ""


def values_of(person: Profile) -> dict[str, Any]:
    values: dict[str, Any] = {field: getattr(person, field) for field in FIELDS if field not in (*ADDRESSES, "tags")}
    for kind in ADDRESSES:
        values[kind] = ", ".join(value for of, value in person.handles if of.value == kind)
    return {**values, "tags": ", ".join(person.tags), "version": person.version}


def save(person: Profile, form: Form, drawn: dict[str, Any], wrote: dict[str, Any]) -> None:
    mine = {field: as_shown(value) for field, value in wrote.items()}
    was = {field: as_shown(drawn[field]) for field in FIELDS}
    mine = {field: text for field, text in mine.items() if text.strip() != was[field].strip()}
    if not mine:
        st.markdown(quiet("Nothing was changed."))
        return
    changes: dict[str, Any] = {field: wrote[field] for field in mine}
    if "tags" in changes:
        changes["tags"] = [tag.strip() for tag in wrote["tags"].split(",") if tag.strip()]
    for kind in ADDRESSES:
        if kind in changes:
            wrong, handles = adding.addresses({kind: wrote[kind]})
            if wrong:
                st.error(md(wrong))
                return
            changes[kind] = [handle.value for handle in handles]
    edit = CandidateEdit(person.id, form.seen({person.id: drawn["version"]})[person.id], changes)
    done, operation = f"Saved: {person.called}", actions.operation(form.key)
    actions.act(edit_candidates, [edit], done=done, operation=operation, mine=mine, was=was, form=form)
