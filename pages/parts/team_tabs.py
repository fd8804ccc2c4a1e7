"""The row of links atop each page about the team itself; a page is linked for whoever may open it."""

import streamlit as st

from core.persistence.work import Viewer

EVERYBODY, ADMINS = False, True
TABS = (
    ("team.py", "Members", EVERYBODY),
    ("policy.py", "Policy", EVERYBODY),
    ("privacy.py", "Privacy", EVERYBODY),
    ("audit.py", "Audit trail", ADMINS),
    ("backups.py", "Backups", ADMINS),
)
"""Page, name, and for whom."""


def draw(viewer: Viewer) -> None:
    """Comes first on the page, above its head."""
    shown = [(page, name) for page, name, for_whom in TABS if for_whom is EVERYBODY or viewer.is_admin]
    with st.container(horizontal=True, gap="small", key="team-tabs"):
        for page, name in shown:
            st.page_link(page, label=name, width="content")
