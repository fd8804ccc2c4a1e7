"""The front door: signs in, and shows the way to every page."""

from urllib.parse import unquote, urlsplit

import streamlit as st

from core.domain import access
from pages.parts import browser, filters, navigation, outage, runtime, session, unsaved

st.set_page_config(page_title="Perennial", page_icon=runtime.MARK, layout="wide")

TODAY = "today"
"""What Today is called in the rules of access. Its address is “/”; whoever asks for “/today” is sent there."""
PAGES = navigation.pages()


def address_of_none() -> str:
    """The address asked for, if no page has it. It is made a page: else Streamlit would show another in its place."""
    asked = unquote(urlsplit(st.context.url or "").path).rpartition("/")[2].strip()
    return asked if asked not in {page.url_path for pages in PAGES.values() for page in pages} else ""


def nowhere() -> None:
    st.markdown("There is no page at this address.")
    st.page_link("today.py", label="Today")


with runtime.store().one_look():
    viewer, trouble = outage.looking()
    # First, and with every page: else an address would be lost on the way through the sign-in, or an outage.
    asked = address_of_none()
    none = [st.Page(nowhere, title="Not here", url_path=asked, visibility="hidden")] if asked else []
    page = st.navigation(
        {**PAGES, "Nowhere": none}, position="sidebar" if viewer or trouble else "hidden", expanded=True
    )
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
        if viewer and address != navigation.OWN_PAGE:
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
