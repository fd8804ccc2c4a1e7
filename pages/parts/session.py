"""Signing in and out, as a page draws it: the form of streamlit-authenticator before our own members and cookie.

A script can't set a cookie that scripts can't read. So the right password makes a one-time ticket, the browser hands
it to `/auth/session` (in app.py), the answer carries the cookie, and the page is loaded again where it was.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import streamlit as st
from streamlit_authenticator import Authenticate

from core import auth
from core.commands.trail import note_page_refused
from core.domain.passwords import RULE
from core.domain.refusal import Refused
from core.domain.words import excerpt
from core.persistence.store import Unavailable
from core.persistence.work import Viewer
from core.queries.members import sessions_of
from pages.parts import browser, runtime, state, unsaved
from pages.parts.layout import quiet
from pages.parts.wording import md, plural

SHOWN = 80
"""Of what is not saved yet, so many characters say which text it is."""
ACCOUNT, SIGN_OUT = "Password and sessions…", "Sign out"

_SCRIPT = """
export default async function ({ data }) {
  if (!data || window.__perennialPost === data.nonce) return;
  window.__perennialPost = data.nonce;
  await fetch(data.url, {
    method: 'POST', credentials: 'same-origin',
    headers: { 'X-Requested-With': 'perennial', 'Content-Type': 'application/json' },
    body: JSON.stringify({ ticket: data.ticket }),
  });
  if (window.__perennial) window.__perennial.isLeaving = true;
  if (data.then) window.location.assign(data.then); else window.location.reload();
}
"""
_post = st.components.v2.component("perennial_post", js=_SCRIPT)


class SignInForm(Authenticate):  # type: ignore[misc]
    """The library draws the form; whoever knows the password, and what the browser then keeps, is ours to say."""

    def __init__(self, then: str) -> None:
        self.attrs = {"login_sleep_time": 0}
        self.authentication_controller = _Members()
        self.cookie_controller = _Cookie(then)
        self.path = None  # the library looks for it once somebody is in


class _Members:
    """Stands where the library would look into a file."""

    def login(self, username: str | None = None, password: str | None = None, *_: Any, **__: Any) -> bool:
        try:
            ticket = auth.sign_in(runtime.store(), username or "", password or "", st.context.ip_address)
        except (Refused, Unavailable) as refused:
            st.error(str(refused))
            return False
        st.session_state[state.GOING_TO] = ticket
        return True


class _Cookie:
    """Stands where the library would write a cookie by script."""

    def __init__(self, then: str) -> None:
        self.then = then

    def get_cookie(self) -> None:
        return None

    def set_cookie(self) -> None:
        begin(st.session_state.pop(state.GOING_TO), then=self.then)


@contextmanager
def door(width: int = 400) -> Iterator[None]:
    """Where somebody stands who is not in yet: the mark, and below it one narrow column."""
    with st.container(horizontal_alignment="center"), st.container(width=width, gap="medium", key="door"):
        st.image(runtime.LOGO, width=190)
        yield


def turn_away(sentence: str) -> NoReturn:
    """Where a link leads that is good for nothing: what is said is the same, whatever is wrong with it."""
    if runtime.viewer():
        st.markdown(sentence)
        st.page_link("today.py", label="Today")
    else:
        ask(sentence, then="/")
    st.stop()


def ask(sentence: str = "", *, then: str = "") -> None:
    """What a visitor sees, at whatever address: the sign-in form, or how to set Perennial up.

    `then`: where they go once they are in; "" is where they are.
    """
    with door():
        with runtime.store().reading() as session:
            is_set_up, may_set_up = auth.has_members(session), auth.may_set_up(session, runtime.setup_key())
        if may_set_up:
            st.markdown("Nobody has set Perennial up yet. You have opened the link for it.")
            st.page_link("first_run.py", label="Go on setting it up")
            return
        if not is_set_up:
            st.markdown(
                "Nobody has set Perennial up yet. The link for that is in the console it was started from. It works"
                " once: if it has been used, start Perennial again, and it prints a new one."
            )
            return
        if sentence:
            st.markdown(sentence)
        if unsaved.offer():
            browser.amend()
        fields = {"Form name": "Sign in", "Username": "User name", "Password": "Password", "Login": "Sign in"}
        _wear_the_accent()
        SignInForm(then).login(fields=fields, key="sign-in")
        st.markdown(":small[:gray[Forgotten it? Any admin of your team can make you a link to choose a new one.]]")


def _wear_the_accent() -> None:
    """The library's button is what there is to do here, and it can't be told to look like it."""
    accent = st.get_option(f"theme.{st.context.theme.type or 'light'}.primaryColor")
    look = f"background: {accent}; border-color: {accent}; color: white"
    st.html(f"<style>.st-key-FormSubmitter-sign-in-Sign-in button {{ {look} }}</style>")


def menu(viewer: Viewer) -> None:
    """The member's name, and behind it what is theirs alone, and the way out."""
    ways = [ACCOUNT, SIGN_OUT]
    chosen = st.menu_button(md(viewer.name), ways, type="tertiary", icon=":material/account_circle:", key="member")
    if chosen == SIGN_OUT and not unsaved.texts():
        end()
    elif chosen == SIGN_OUT:
        st.session_state[state.SIGNING_OUT] = True
    elif chosen == ACCOUNT:
        st.session_state[state.ACCOUNT] = True
    if st.session_state.get(state.SIGNING_OUT):
        ask_sign_out()
    elif st.session_state.get(state.ACCOUNT):
        ask_account(viewer)


def stay() -> None:
    st.session_state.pop(state.SIGNING_OUT, None)


@st.dialog(SIGN_OUT, on_dismiss=stay)
def ask_sign_out() -> None:
    """What is written and not saved would be gone."""
    st.markdown("This is not saved yet, and is gone once you are signed out.")
    st.markdown("\n".join(f"- {md(called)}  \n{quiet(md(excerpt(text, SHOWN)))}" for called, text in unsaved.texts()))
    if st.button("Sign out without it", key="sign-out-without"):
        end()


def account_closed() -> None:
    st.session_state.pop(state.ACCOUNT, None)


@st.dialog("Password and sessions", on_dismiss=account_closed)
def ask_account(viewer: Viewer) -> None:
    """Their own password, for which the old one is asked; and where else they are signed in."""
    with st.form("own-password", border=False):
        old = st.text_input("Your password now", type="password", autocomplete="current-password", key="old-password")
        new = st.text_input("New password", type="password", autocomplete="new-password", key="own-new-password")
        st.markdown(quiet(f"{md(RULE)} Wherever else you are signed in, you are signed out."))
        if st.form_submit_button("Change the password", type="primary", key="change-password"):
            try:
                ticket = auth.change_password(runtime.store(), viewer, old, new, st.context.ip_address)
            except (Refused, Unavailable) as refused:
                st.error(md(refused))
            else:
                account_closed()
                begin(ticket)
    draw_sessions(viewer)


def draw_sessions(viewer: Viewer) -> None:
    store = runtime.store()
    with store.reading() as reading:
        others = sessions_of(reading, viewer.id or 0, now=store.now()) - 1
    if others < 1:
        st.markdown(quiet("You are signed in here, and nowhere else."))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        elsewhere = plural(others, "other browser", "other browsers")
        st.markdown(f"You are signed in here, and in {elsewhere}.", width="stretch")
        if st.button("Sign out there", key="sign-out-there"):
            auth.end_other_sessions(runtime.store(), runtime.session_token())
            st.rerun(scope="fragment")


def refuse(viewer: Viewer, address: str) -> None:
    """Instead of a page that is not for them; that they asked for it is put on record, once a session."""
    asked: set[str] = st.session_state.setdefault(state.REFUSED, set())
    if address not in asked:
        asked.add(address)
        with runtime.store().working(viewer) as work:
            note_page_refused(work, address)
    st.markdown("This page is for admins. If you need it, ask one of them for their role.")
    st.page_link("today.py", label="Today")


def begin(ticket: str, *, then: str = "") -> None:
    """Begin the session of a ticket, and load the page again, or another address."""
    _send("/auth/session", ticket, then)


def end() -> None:
    """End this session in every window."""
    _send("/auth/logout", "", "/")


def _send(url: str, ticket: str, then: str) -> None:
    nonce = secrets.token_hex(8)
    _post(key=f"post-{nonce}", data={"url": url, "ticket": ticket, "then": then, "nonce": nonce})
