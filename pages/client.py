"""Client: one of them in the mirror: days to answer, silences, interviews, ends, and what its silence cost us."""

import streamlit as st

from core.queries.clients import Mirror
from pages.parts import (
    actions,
    client_details,
    client_paper,
    filters,
    mirror,
    paper,
    questions,
    reads,
    runtime,
    table,
    wording,
)
from pages.parts.layout import head
from pages.parts.wording import md

viewer = runtime.require_viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar

table.follow()
asked = filters.id_in_address("id")
seen = reads.mirror(asked) if asked is not None else None
if seen is None:
    st.markdown("There is no such client here. It may have been taken back.")
    st.page_link("clients.py", label="All clients")
    st.stop()
client, told = seen.profile, mirror.Told(seen, now, calendar)
if paper.is_asked():
    client_paper.draw(told)
    st.stop()


def line(seen: Mirror) -> str:
    parts = [
        f"with {md(client.owner)}" if client.owner else "with nobody",
        f"answers within {wording.plural(client.answer_time, 'working day')}, we say",
        wording.plural(seen.running, "running opening"),
        f"{wording.plural(seen.people, 'person', 'people')} in process",
    ]
    return " · ".join(parts)


with head(client.name, line(seen)):
    paper.button()
    if viewer.may_edit:
        st.button("Edit…", key="edit-client", on_click=client_details.begin, args=(client.id,))
    undo = st.container()
actions.show_notice(undo_in=undo)
client_details.form_of(client.id).draw_left("the client", client_details.begin, client.id)
if client.note:
    st.text(client.note)
mirror.draw_figures(told)
mirror.draw_answers(told)
mirror.draw_rows(told)
client_details.draw_people(client, may_edit=viewer.may_edit)
if viewer.may_edit:
    questions.draw(client_details.dialogs(client))
