"""The row of links atop each page about the team itself; a page is linked for whoever may open it."""

import streamlit as st

from core.persistence.work import Viewer

TABS = {"team": "Members", "policy": "Policy", "privacy": "Privacy", "audit": "Audit trail", "backups": "Backups"}
"""By the address."""


def draw(viewer: Viewer) -> None:
    """Comes first on the page, above its head."""
    with st.container(horizontal=True, gap="small", key="team-tabs"):
        for address, name in TABS.items():
            if viewer.may_open(address):
                st.page_link(f"{address}.py", label=name, width="content")
