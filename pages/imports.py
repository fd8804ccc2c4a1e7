"""Import: a list is uploaded, looked at, decided on and brought in; and any that was can be taken back."""

import streamlit as st

from pages.parts import actions, filters, import_done, import_draft, import_preview, import_start, reads, runtime, state
from pages.parts.layout import open_person

WIDTH = 760

viewer = runtime.require_viewer()

if (person := st.session_state.pop(state.OPENING, None)) is not None:
    open_person(person)
actions.show_notice()
asked_for = filters.id_in_address(import_start.BATCH)
batch = reads.batch(asked_for) if asked_for is not None else None
bringing, is_reading = st.session_state.get(state.IMPORT_BRINGING), state.IMPORT_READING in st.session_state
if bringing is not None or is_reading:
    st.empty()  # where the page before stands: else that would be seen below the bar for as long as it moves
    place = st.container(width=WIDTH)
else:
    place = st.container(width=WIDTH)
    st.empty()  # where the bar stood: that it is gone is not told to the browser if the next run begins at once
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
