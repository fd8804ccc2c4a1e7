"""A client's own details: name, owner, note and answer time; and whom we write to there, in a grid.

Both carry the version they were drawn from: what somebody else saved meanwhile is not overwritten unseen.
"""

from dataclasses import asdict
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from core.commands.clients import Person, edit_client, in_lines, set_people
from core.queries.clients import Profile
from pages.parts import actions, questions, reads, unsaved
from pages.parts.choosing import choose_one
from pages.parts.clashes import Form, begin_in_others
from pages.parts.layout import quiet
from pages.parts.questions import asked_no_more

EDIT = "Edit the client"


def dialogs(client: Profile) -> questions.Dialogs:
    return {(EDIT, client.id): partial(ask_details, client)}


@st.dialog(EDIT, on_dismiss=asked_no_more)
def ask_details(client: Profile) -> None:
    form = form_of(client.id)
    drawn: Profile = form.drawn_from(client)
    name = st.text_input("Name", drawn.name, **form.kept("name", drawn.name, f"Name: {client.name}")) or ""
    left, right = st.columns(2)
    colleagues = dict(reads.colleagues())
    if drawn.owner_id is not None:
        colleagues.setdefault(drawn.owner_id, drawn.owner)
    owner = choose_one("With", colleagues, drawn.owner_id, left, **form.kept("with", drawn.owner_id))
    kept = form.kept("working days to answer", drawn.answer_time)
    days = right.number_input("Answers within … working days", 1, 60, drawn.answer_time, **kept)
    note = st.text_area("Note", drawn.note, **form.kept("note", drawn.note, f"Note: {client.name}")) or ""
    st.markdown(
        quiet("After the answer time the client is asked again, and the candidate is told that it takes longer.")
    )
    if form.is_to_save(st.button("Save", type="primary", key="save-client")):
        actions.act(
            edit_client,
            client.id,
            version=form.seen(drawn.version),
            name=name,
            owner_id=owner,
            note=note,
            answer_time=int(days),
            done=f"Saved: {name}",
            mine={
                "name": name,
                "with": colleagues.get(owner or 0, ""),
                "working days to answer": int(days),
                "note": note,
            },
            form=form,
            operation=actions.operation(f"client-{client.id}"),
            undo_by=partial(bring_back, client),
        )


def begin(client_id: int) -> None:
    """A callback."""
    questions.ask(EDIT, client_id)


def form_of(client_id: int) -> Form:
    fields = {
        "name": f"client-name-{client_id}",
        "with": f"client-owner-{client_id}",
        "working days to answer": f"client-answer-time-{client_id}",
        "note": f"client-note-{client_id}",
    }
    return Form(f"client-{client_id}", fields, forget=asked_no_more)


def bring_back(client: Profile, work: Any, version: int) -> None:
    edit_client(
        work,
        client.id,
        version=version,
        name=client.name,
        owner_id=client.owner_id,
        note=client.note,
        answer_time=client.answer_time,
    )


# whom we write to there


def draw_people(client: Profile, *, may_edit: bool) -> None:
    st.subheader("Whom we write to", anchor=False)
    if not may_edit and not client.people:
        st.markdown(quiet("Nobody is named yet."))
        return
    called = f"people-{client.id}"
    form = Form(called, {"people": called}, forget=partial(begin_in_others, called))
    key = form.field("people")
    drawn: Profile = form.drawn_from(client) if may_edit else client
    names = ("name", "title", "email", "phone")
    begun = [dict(zip(names, person, strict=False)) for person in drawn.people]
    rows = unsaved.grid(key, f"Whom we write to at {client.name}", begun, said=people_in_lines) if may_edit else begun
    frame = pd.DataFrame({name: pd.Series([row.get(name) for row in rows], dtype="str") for name in names})
    edited = st.data_editor(
        frame,
        key=key,
        on_change="ignore",
        hide_index=True,
        num_rows="dynamic" if may_edit else "fixed",
        disabled=not may_edit,
        row_height=36,
        alt="People at the client, a row each",
        column_config={
            "name": st.column_config.TextColumn("Name", max_chars=200),
            "title": st.column_config.TextColumn("Title", max_chars=200),
            "email": st.column_config.TextColumn("E-mail", max_chars=320),
            "phone": st.column_config.TextColumn("Phone", max_chars=40),
        },
    )
    if may_edit and form.is_to_save(st.button("Save the people", key="save-people")):
        people = people_in(edited)
        actions.act(
            set_people,
            client.id,
            people,
            version=form.seen(drawn.version),
            done="Saved: whom we write to",
            operation=actions.operation(form.key),
            mine={"people": in_lines(people)},
            form=form,
            undo_by=partial(people_as_before, client),
        )


def people_in_lines(rows: unsaved.Rows) -> str:
    return in_lines(people_in(pd.DataFrame(rows)))


def people_in(edited: pd.DataFrame) -> list[Person]:
    rows = edited.fillna("").to_dict("records")
    people = [Person(*(str(row[name]).strip() for name in ("name", "title", "email", "phone"))) for row in rows]
    return [person for person in people if any(asdict(person).values())]


def people_as_before(client: Profile, work: Any, version: int) -> None:
    set_people(work, client.id, [Person(*row) for row in client.people], version=version)
