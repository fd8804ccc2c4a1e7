"""The first start: our own team, or a look round with a made-up one. Reached by the one-time link in the console."""

import streamlit as st

from core import auth
from core.domain.passwords import RULE
from core.domain.refusal import Refused
from core.persistence.outages import Unavailable
from core.persistence.viewer import THE_PROGRAM
from pages.parts import runtime, session, state
from pages.parts.layout import quiet
from pages.parts.wording import md

NO_LINK = (
    "This link does not work, or does not any more: Perennial is set up. Any admin of your team can make you a link to"
    " choose a password."
)

key = runtime.setup_key()
accounts = st.session_state.get(state.DEMO_ACCOUNTS)
with runtime.store().reading() as reading:
    may_set_up = auth.may_set_up(reading, key)
if not (may_set_up or accounts):
    session.turn_away(NO_LINK)


def title(words: str, line: str) -> None:
    with st.container(gap=None):
        st.title(words, anchor=False)
        st.markdown(quiet(line))


def start(username: str, name: str, password: str) -> None:
    """The first admin, signed in at once."""
    try:
        with runtime.store().working(THE_PROGRAM) as work:
            ticket = auth.set_up_own_team(work, key, username=username, name=name, password=password)
    except (Refused, Unavailable) as refused:
        st.error(md(str(refused)))
    else:
        session.begin(ticket, then="/")


def make_up() -> None:
    """A made-up team in this database; its passwords are told once, here and in the console."""
    from core.cli import tell_accounts
    from core.demo import load_demo

    try:
        with st.spinner("Telling five years of a team…"):
            made_up = load_demo(runtime.store())
    except (Refused, Unavailable) as refused:
        st.error(md(str(refused)))
        return
    tell_accounts(made_up)
    st.session_state[state.DEMO_ACCOUNTS] = made_up
    st.rerun()


def look_round(username: str, password: str) -> None:
    session.begin(auth.sign_in(runtime.store(), username, password, st.context.ip_address), then="/")


with session.door(width=820):
    if accounts:
        title("The made-up team is here", "Write the passwords down: they are shown once, here and in the console.")
        for account in accounts:
            with st.container(border=True, horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{md(account.name)}** :gray-badge[{account.role.value}]", width="stretch")
                st.code(f"{account.username}  {account.password}", language=None, width="content")
                if st.button("Look round", key=f"as-{account.username}"):
                    look_round(account.username, account.password)
        st.stop()

    title("Nobody is on the team yet", "Begin with yourself, or look at what it is like after five years.")
    own, made_up = st.columns([1.3, 1], gap="large")
    with own, st.form("own-team"):
        st.subheader("Start with our own team", anchor=False)
        name = st.text_input("Your name", autocomplete="name", max_chars=120)
        username = st.text_input("User name", autocomplete="username", max_chars=80)
        password = st.text_input("Password", type="password", autocomplete="new-password")
        st.markdown(quiet(md(RULE)))
        if st.form_submit_button("Start", type="primary"):
            start(username, name, password)
        st.markdown(quiet("You will be the first admin. The others are added on the page Team."))
    with made_up, st.container(border=True):
        st.subheader("Look round with a made-up team", anchor=False)
        st.markdown(
            "A small team and 400 candidates, with five years of words between them. All of them are invented, and"
            " everything can be tried."
        )
        st.markdown(quiet("To begin in earnest later, start Perennial on an empty database."))
        if st.button("Make one up", key="make-up"):
            make_up()
