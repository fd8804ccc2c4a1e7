"""Import: a list is uploaded, looked at, decided on and brought in; and any that was can be taken back."""

import streamlit as st

from pages.parts import actions, filters, import_done, import_draft, import_preview, import_start, reads, runtime, state
from pages.parts.bringing import underway
from pages.parts.layout import open_person

WIDTH = 760

viewer = runtime.require_viewer()

if (person := st.session_state.pop(state.OPENING, None)) is not None:
    open_person(person)
actions.show_notice()
asked_for = filters.id_in_address(import_start.BATCH)
batch = reads.batch(asked_for) if asked_for is not None else None
if (begun := underway((viewer.id, st.query_params.get(import_draft.DRAFT, "")))) is not None:
    st.session_state.setdefault(state.IMPORT_BRINGING, begun)
bringing, is_reading = st.session_state.get(state.IMPORT_BRINGING), state.IMPORT_READING in st.session_state
drawn = "bringing" if bringing is not None else "reading" if is_reading else "page"
for one in ("page", "bringing", "reading"):  # each at a place of its own: what a run draws no more stands to its end
    if one == drawn:
        place = st.container(width=WIDTH)
    else:
        st.empty()
with place:
    if bringing is not None:
        import_done.draw_bringing(bringing)
    elif is_reading:
        import_draft.draw_reading()
    elif batch is not None:
        import_done.draw(viewer, batch)
    elif (draft := import_draft.current(viewer)) is not None:
        import_preview.draw(viewer, draft)
    else:
        import_start.draw(viewer)
