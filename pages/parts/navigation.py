"""The pages there are, as the navigation shows them."""

from copy import copy
from functools import cache

import streamlit as st
from streamlit.navigation.page import Page

OWN_PAGE = "own-page"


def pages() -> dict[str, list[Page]]:
    """By section, for one run: Streamlit notes in a page whether it may be run."""
    return {section: [copy(page) for page in made] for section, made in _made().items()}


@cache
def _made() -> dict[str, list[Page]]:
    """Once, in a run: each time a page is made, Streamlit looks for its file."""
    return {
        "": [st.Page("today.py", title="Today", icon=":material/wb_sunny:", url_path="", default=True)],
        "People": [
            st.Page("candidates.py", title="Candidates", icon=":material/group:"),
            st.Page("pool.py", title="Talent pool", icon=":material/forest:"),
            st.Page("candidate.py", title="Candidate", visibility="hidden"),
            st.Page("growth.py", title="Growth", icon=":material/potted_plant:"),
            st.Page("referrals.py", title="Referrals", icon=":material/diversity_3:"),
            st.Page("duplicates.py", title="Who may be one person", icon=":material/merge:"),
            st.Page("merge.py", title="Merge", visibility="hidden"),
            st.Page("recommendation.py", title="Recommendation", visibility="hidden"),
        ],
        "Work": [
            st.Page("pipelines.py", title="Pipelines", icon=":material/view_kanban:"),
            st.Page("clients.py", title="Clients", icon=":material/handshake:"),
            st.Page("opening.py", title="Opening", visibility="hidden"),
            st.Page("client.py", title="Client", visibility="hidden"),
            st.Page("closing.py", title="Close an opening", visibility="hidden"),
            st.Page("news.py", title="News", visibility="hidden"),
        ],
        "Team": [
            st.Page("team.py", title="Team", icon=":material/groups:"),
            st.Page("policy.py", title="Policy", visibility="hidden"),
            st.Page("backups.py", title="Backups", visibility="hidden"),
            st.Page("handover.py", title="Hand over", visibility="hidden"),
            st.Page("privacy.py", title="Privacy", visibility="hidden"),
            st.Page("audit.py", title="Audit trail", visibility="hidden"),
            st.Page("drafts.py", title="Drafts", icon=":material/drafts:"),
            st.Page("imports.py", title="Import", icon=":material/upload_file:"),
            st.Page("insights.py", title="Insights", icon=":material/insights:"),
            st.Page("skills.py", title="Skills", icon=":material/account_tree:"),
            st.Page("first_run.py", title="Set up", url_path="set-up", visibility="hidden"),
            st.Page("new_password.py", title="Choose a password", url_path="new-password", visibility="hidden"),
            st.Page("own_page.py", title="Your page", url_path=OWN_PAGE, visibility="hidden"),
        ],
    }
