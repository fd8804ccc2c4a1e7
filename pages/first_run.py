"""The first start: our own team, or a look round with a made-up one. Reached by the one-time link in the console."""

import streamlit as st

from core import auth
from core.domain.passwords import RULE
from core.domain.refusal import Refused
from core.persistence.work import THE_PROGRAM
from pages.parts import runtime, session
from pages.parts.layout import quiet
from pages.parts.wording import md

key = runtime.setup_key()
with runtime.store().reading() as reading:
    may_set_up = auth.may_set_up(reading, key)
if not may_set_up:
    session.ask()
    st.stop()


def start(username: str, name: str, password: str) -> None:
    """The first admin, signed in at once."""
    try:
        with runtime.store().working(THE_PROGRAM) as work:
            ticket = auth.set_up_own_team(work, key, username=username, name=name, password=password)
    except Refused as refused:
        st.error(md(str(refused)))
    else:
        session.begin(ticket, then="/")


with st.container(horizontal_alignment="center"), st.container(width=760, key="door"):
    st.image(runtime.LOGO, width=190)
    st.title("Who will keep their word here?", anchor=False)
    with st.form("own-team"):
        st.subheader("Start with our own team", anchor=False)
        st.markdown(quiet("You become the first admin, and can add the others afterwards."))
        name = st.text_input("Your name", autocomplete="name", max_chars=120)
        username = st.text_input("User name", autocomplete="username", max_chars=80)
        password = st.text_input("Password", type="password", autocomplete="new-password", help=RULE)
        if st.form_submit_button("Start", type="primary"):
            start(username, name, password)
