"""The front door: signs in, and shows the way to every page."""

import streamlit as st

from pages.parts import filters, runtime, session

st.set_page_config(page_title="Perennial", page_icon=runtime.MARK, layout="wide")

SET_UP = st.Page("first_run.py", title="Set up", url_path="set-up", visibility="hidden")
PAGES = {
    "": [st.Page("today.py", title="Today", icon=":material/wb_sunny:", default=True)],
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
        st.Page("handover.py", title="Hand over", visibility="hidden"),
        st.Page("drafts.py", title="Drafts", icon=":material/drafts:"),
        st.Page("imports.py", title="Import", icon=":material/upload_file:"),
        st.Page("insights.py", title="Insights", icon=":material/insights:"),
        st.Page("skills.py", title="Skills", icon=":material/account_tree:"),
        SET_UP,
    ],
}

viewer = runtime.viewer()
# First, and with every page: else an address would be lost on the way through the sign-in.
page = st.navigation(PAGES, position="sidebar" if viewer else "hidden", expanded=True)

if viewer is None and page != SET_UP:
    session.ask()
    st.stop()

if viewer:
    st.logo(runtime.LOGO, size="large", icon_image=runtime.MARK)
    with st.sidebar:
        session.menu(viewer.name)
filters.forget_other_lists(page.url_path)
with runtime.let_in(viewer):
    page.run()
