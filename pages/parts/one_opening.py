"""The opening a page is about, where the page is not its board: found by the address, named, and the way back to it."""

import streamlit as st

from core.queries.closing import OpeningToClose
from pages.parts import filters, reads
from pages.parts.wording import md


def asked_for() -> OpeningToClose:
    """As the address says; where there is none, the page ends with the way to all of them."""
    asked = filters.id_in_address("id")
    found = reads.opening_to_close(asked) if asked is not None else None
    if found is None:
        st.markdown("There is no such opening.")
        st.page_link("pipelines.py", label="All openings")
        st.stop()
    return found


def place(opening: OpeningToClose) -> str:
    """“Python developer, Nordbank”, safe in Markdown."""
    return f"{md(opening.title)}{f', {md(opening.client)}' if opening.client else ''}"


def draw_way_back(opening: OpeningToClose) -> None:
    if st.button("Back to the opening", type="tertiary", key="to-opening"):
        st.switch_page("opening.py", query_params={"id": str(opening.id)})
