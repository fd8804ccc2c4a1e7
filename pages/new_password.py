"""Choosing a password: reached by a link that an admin made, without a sign-in."""

import streamlit as st

from core import auth
from core.domain.passwords import RULE
from core.domain.refusal import Refused
from core.persistence.store import Unavailable
from pages.parts import runtime, session
from pages.parts.layout import quiet
from pages.parts.wording import md

secret, address = runtime.link_secret(), st.context.ip_address
asked = auth.invited(runtime.store(), secret, address)
if asked is None:
    session.turn_away(f"{auth.NO_LINK} Any admin of your team can make you a new one.")

with session.door(width=460):
    with st.container(gap=None):
        st.title(f"Welcome, {md(asked.name)}", anchor=False)
        st.markdown(quiet("Choose the password you will sign in with. Nobody else knows it, the admins neither."))
    with st.form("new-password"):
        st.text_input("User name", asked.username, disabled=True, autocomplete="username")
        password = st.text_input("New password", type="password", autocomplete="new-password")
        st.markdown(quiet(md(RULE)))
        if st.form_submit_button("Choose it and sign in", type="primary"):
            try:
                ticket = auth.choose_password(runtime.store(), secret, password, address)
            except (Refused, Unavailable) as refused:
                st.error(md(refused))
            else:
                session.begin(ticket, then="/")
