"""The form in which a person's details are edited, as a whole.

Its version is the one it was drawn from: what somebody else saved meanwhile is not overwritten unseen.
"""

from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import settings
from core.commands.candidates import CandidateEdit, edit_candidates
from core.domain.templates import LANGUAGES
from core.queries.candidate import Profile
from pages.parts import actions, state
from pages.parts.layout import quiet
from pages.parts.wording import COLUMNS

FIELDS = ("name", "title", "company", "location", "source", "pronoun", "tags", "language", "notes")
LABELS = {**COLUMNS, "tags": "Tags, with commas", "language": "Language we write in"}


def draw(person: Profile, *, may_edit: bool) -> None:
    drawn = st.session_state.setdefault(state.DETAILS_DRAWN.format(person.id), values_of(person))
    with st.form(f"details-form-{person.id}", border=False, enter_to_submit=False):
        columns = st.columns(2)
        wrote: dict[str, str] = {}
        for number, field in enumerate(FIELDS[:-1]):
            label = LABELS[field]
            key = f"{field}-{person.id}"
            if field == "language":
                wrote[field] = draw_language(columns[number % 2], drawn[field], key, may_edit=may_edit)
                continue
            wrote[field] = columns[number % 2].text_input(label, drawn[field], key=key, disabled=not may_edit) or ""
        wrote["notes"] = st.text_area("Notes", drawn["notes"], key=f"notes-{person.id}", disabled=not may_edit) or ""
        if may_edit and st.form_submit_button("Save details"):
            save(person, drawn, wrote)


def draw_language(place: DeltaGenerator, drawn: str, key: str, *, may_edit: bool) -> str:
    """The team's, or one of its own."""
    theirs = f"The team’s ({LANGUAGES[settings.current().language]})"
    options = ["", *LANGUAGES]
    index = options.index(drawn) if drawn in options else 0
    chosen = place.selectbox(
        LABELS["language"],
        options,
        index=index,
        format_func=lambda code: LANGUAGES.get(code, theirs),
        key=key,
        disabled=not may_edit,
    )
    return chosen or ""


def values_of(person: Profile) -> dict[str, Any]:
    values = {field: getattr(person, field) for field in FIELDS}
    return {**values, "tags": ", ".join(person.tags), "version": person.version}


def save(person: Profile, drawn: dict[str, Any], wrote: dict[str, str]) -> None:
    changes: dict[str, Any] = {field: value for field, value in wrote.items() if value.strip() != drawn[field].strip()}
    if not changes:
        st.markdown(quiet("Nothing was changed."))
        return
    mine = dict(changes)
    if "tags" in changes:
        changes["tags"] = [tag.strip() for tag in wrote["tags"].split(",") if tag.strip()]
    edit = CandidateEdit(person.id, drawn["version"], changes)
    done, forget = f"Saved: {person.called}", partial(forget_drawn, person.id)
    actions.act(edit_candidates, [edit], done=done, mine=mine, before_rerun=forget)
    if person.version != drawn["version"]:  # both versions were shown: saving again is a choice
        st.session_state[state.DETAILS_DRAWN.format(person.id)] = {**drawn, "version": person.version}


def forget_drawn(person_id: int) -> None:
    for key in (state.DETAILS_DRAWN.format(person_id), *(f"{field}-{person_id}" for field in FIELDS)):
        st.session_state.pop(key, None)
