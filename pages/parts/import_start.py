"""Import, the first step: which list, and those brought in before."""

import streamlit as st

from core import settings
from core.importers.messages import UnknownAccount
from core.importers.reading import Unreadable
from core.persistence.outages import Unavailable
from core.persistence.viewer import Viewer
from core.queries.imports import Batch
from pages.parts import filters, import_draft, reads, runtime, state, wording
from pages.parts.layout import head, quiet
from pages.parts.wording import md

SIZE = 20
BATCH, PAST = "batch", "past"
"""Names in the address: which import is shown, and which page of those there are."""

GONE = "That list is not kept any more: it was brought in, given up, uploaded by somebody else, or a day has passed."


def draw(viewer: Viewer) -> None:
    with head("Bring in a list", "People as CSV or Excel, or what LinkedIn exports: contacts, messages, or all of it."):
        pass
    if st.session_state.pop(state.IMPORT_GONE, False):
        st.markdown(quiet(GONE))
    above, below = st.container(), st.empty()  # which it stays while a list is read: those of before are not seen then
    with above:
        if viewer.may_edit:
            draw_uploader(viewer)
        else:
            st.markdown("You may look, not change: a recruiter or an admin brings lists in.")
    with below.container():
        draw_past()


def draw_uploader(viewer: Viewer) -> None:
    file = st.file_uploader(
        "A list",
        key=f"file-{st.session_state.get(state.FILES_SEEN, 0)}",
        label_visibility="collapsed",
        max_upload_size=settings.current().upload_mb,
    )
    st.markdown(quiet("Before anything is kept you see what will become of each row."))
    if file is None:
        return
    account = None
    try:
        try:
            with st.spinner("Reading, and comparing with everybody known"):
                import_draft.begin(viewer, file.getvalue(), file.name)
        except UnknownAccount:
            account = st.text_input("Whose messages are these? The profile address of that account", key="account")
            if not account:
                return
            with st.spinner("Reading"):
                import_draft.begin(viewer, file.getvalue(), file.name, account)
    except (Unreadable, Unavailable) as unreadable:
        st.error(md(unreadable))
        return
    st.rerun()


def draw_past() -> None:
    number = reads.number_of_batches()
    if not number:
        st.markdown(quiet("No list has been brought in yet."))
        return
    st.subheader("Brought in before", anchor=False)
    place = st.container()
    page = filters.page(PAST, number, SIZE)
    with place:
        for one in reads.batches(page):
            with st.container(horizontal=True, border=True, vertical_alignment="center"):
                st.markdown(f"**{md(one.filename)}**  \n{quiet(of_past(one))}", width="stretch")
                st.button("Open", key=f"open-{one.id}", on_click=open_batch, args=(one.id,), type="tertiary")


def open_batch(batch_id: int) -> None:
    st.query_params[BATCH] = str(batch_id)


def of_past(one: Batch) -> str:
    store = runtime.store()
    what = ["taken back"] if one.undone_at is not None else what_came(one) or ["nothing new"]
    when = wording.moment(one.at, store.now(), store.calendar)
    return " · ".join(part for part in (md(one.source), when + by(one.by), *what) if part)


def what_came(one: Batch) -> list[str]:
    """The messages, where it is a list of those, and the people."""
    messages, people = one.count("new") if one.kind == "messages" else 0, one.count("people")
    said = [(messages, "message", "messages"), (people, "new person", "new people")]
    return [wording.plural(number, *words) for number, *words in said if number]


def by(name: str) -> str:
    """ "" is the command line."""
    return f" by {md(name)}" if name else ""
