"""The form in which a person's details are edited, as a whole.

Its version is the one it was drawn from: what somebody else saved meanwhile is not overwritten unseen.
"""

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import settings
from core.commands.candidates import CandidateEdit, edit_candidates
from core.domain.templates import LANGUAGES
from core.queries.candidate import Profile
from pages.parts import actions
from pages.parts.choosing import choose_one
from pages.parts.clashes import Form
from pages.parts.layout import quiet
from pages.parts.wording import COLUMNS

FIELDS = ("name", "title", "company", "location", "source", "pronoun", "tags", "language", "notes")
LABELS = {**COLUMNS, "tags": "Tags, with commas", "language": "Language we write in"}


def draw(person: Profile, *, may_edit: bool) -> None:
    form = Form(f"details-{person.id}", {field: f"{field}-{person.id}" for field in FIELDS})
    drawn = form.drawn_from(values_of(person))
    columns = st.columns(2)
    wrote: dict[str, str] = {}
    for number, field in enumerate(FIELDS[:-1]):
        label, place, begun = LABELS[field], columns[number % 2], drawn[field]
        kept = form.kept(field, begun, f"{label}: {person.called}")
        if field == "language":
            wrote[field] = draw_language(place, begun, kept, may_edit=may_edit)
        else:
            wrote[field] = place.text_input(label, begun, disabled=not may_edit, **kept) or ""
    kept = form.kept("notes", drawn["notes"], f"Notes: {person.called}")
    wrote["notes"] = st.text_area("Notes", drawn["notes"], disabled=not may_edit, **kept) or ""
    if not may_edit:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        is_pressed = st.button("Save details", key=f"save-details-{person.id}")
        form.draw_written()
    if form.is_to_save(is_pressed):
        save(person, form, drawn, wrote)


def draw_language(place: DeltaGenerator, drawn: str, kept: dict[str, Any], *, may_edit: bool) -> str:
    """The team's, or one of its own."""
    names = {"": f"The team’s ({LANGUAGES[settings.current().language]})", **LANGUAGES}
    begun = drawn if drawn in names else ""
    return choose_one(LABELS["language"], names, begun, place, disabled=not may_edit, **kept) or ""


def values_of(person: Profile) -> dict[str, Any]:
    values = {field: getattr(person, field) for field in FIELDS}
    return {**values, "tags": ", ".join(person.tags), "version": person.version}


def save(person: Profile, form: Form, drawn: dict[str, Any], wrote: dict[str, str]) -> None:
    changes: dict[str, Any] = {field: value for field, value in wrote.items() if value.strip() != drawn[field].strip()}
    if not changes:
        st.markdown(quiet("Nothing was changed."))
        return
    mine = dict(changes)
    if "tags" in changes:
        changes["tags"] = [tag.strip() for tag in wrote["tags"].split(",") if tag.strip()]
    edit = CandidateEdit(person.id, form.seen({person.id: drawn["version"]})[person.id], changes)
    done, operation = f"Saved: {person.called}", actions.operation(form.key)
    was = {field: drawn[field] for field in FIELDS}
    actions.act(edit_candidates, [edit], done=done, operation=operation, mine=mine, was=was, form=form)
