"""The front door: signs in, and shows the way to every page."""

from urllib.parse import unquote, urlsplit

import streamlit as st

from core.domain import access
from pages.parts import browser, filters, outage, runtime, session, unsaved

st.set_page_config(page_title="Perennial", page_icon=runtime.MARK, layout="wide")

OWN_PAGE = "own-page"
TODAY = "today"
"""What Today is called in the rules of access. Its address is “/”; whoever asks for “/today” is sent there."""
PAGES = {
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


def address_of_none() -> str:
    """The address asked for, if no page has it. It is made a page: else Streamlit would show another in its place."""
    asked = unquote(urlsplit(st.context.url or "").path).rpartition("/")[2].strip()
    return asked if asked not in {page.url_path for pages in PAGES.values() for page in pages} else ""


def nowhere() -> None:
    st.markdown("There is no page at this address.")
    st.page_link("today.py", label="Today")


with runtime.places().one(), runtime.store().one_look():
    viewer, trouble = outage.looking()
    # First, and with every page: else an address would be lost on the way through the sign-in, or an outage.
    asked = address_of_none()
    none = [st.Page(nowhere, title="Not here", url_path=asked, visibility="hidden")] if asked else []
    pages = {**PAGES, "Nowhere": none}
    page = st.navigation(pages, position="sidebar" if viewer or trouble else "hidden", expanded=True)
    is_nowhere = page in none

    address = page.url_path or TODAY
    with outage.waited_out(trouble):
        if is_nowhere and asked == TODAY:
            st.switch_page("today.py")
        if is_nowhere and viewer is None:
            with session.door():
                nowhere()
            st.stop()
        if viewer is None and access.PAGES.get(address, access.NOBODY) > access.VISITOR:
            session.ask()
            st.stop()

        if viewer:
            unsaved.let_go()
        if viewer and address != OWN_PAGE:
            st.logo(runtime.LOGO, size="large", icon_image=runtime.MARK)
            with st.sidebar:
                session.menu(viewer)
                browser.amend()
            if not is_nowhere and not viewer.may_open(address):
                session.refuse(viewer, address)
                st.stop()
        filters.forget_other_lists(page.url_path)
        with runtime.let_in(viewer), unsaved.remembered(f"{address}?{st.query_params.get('id', '')}"):
            page.run()
