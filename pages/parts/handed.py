"""On Today: people whom a colleague hands to the viewer, until they say yes or no."""

import streamlit as st

from core.persistence.viewer import Viewer
from core.queries.handovers import Handed
from pages.parts import reads, wording
from pages.parts.layout import quiet
from pages.parts.wording import md


def draw(viewer: Viewer) -> None:
    """Nothing where nobody is."""
    for handed in reads.handed_to(viewer) if viewer.may_edit else []:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            what = quiet("They are yours once you accept, with what is owed to them.")
            st.markdown(f"**{md(words(handed))}**  \n{what}", width="stretch")
            if st.button("Look at them", key=f"handed-{handed.offer_id}"):
                st.switch_page("handover.py", query_params={"offer": str(handed.offer_id)})


def words(handed: Handed) -> str:
    """“3 people are handed to you by Ben”, or, if another offered them, “… by Ana, who are with Ben”."""
    people = wording.plural(handed.number, "person is", "people are")
    by = f" by {handed.by}" if handed.by else ""
    before = f", who {'is' if handed.number == 1 else 'are'} with {handed.of or 'nobody'}"
    return f"{people} handed to you{by}{before if handed.of != handed.by else ''}"
