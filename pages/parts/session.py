"""Signing in and out, as a page draws it: the form of streamlit-authenticator before our own members and cookie.

A script can't set a cookie that scripts can't read. So the right password makes a one-time ticket, the browser hands
it to `/auth/session` (in app.py), the answer carries the cookie, and the page is loaded again where it was.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st
from streamlit_authenticator import Authenticate

from core import auth
from core.commands.trail import note_page_refused
from core.domain.refusal import Refused
from core.persistence.store import Busy
from core.persistence.work import Viewer
from pages.parts import runtime, state
from pages.parts.wording import md

_SCRIPT = """
export default async function ({ data }) {
  if (!data || window.__perennialPost === data.nonce) return;
  window.__perennialPost = data.nonce;
  await fetch(data.url, {
    method: 'POST', credentials: 'same-origin',
    headers: { 'X-Requested-With': 'perennial', 'Content-Type': 'application/json' },
    body: JSON.stringify({ ticket: data.ticket }),
  });
  if (data.then) window.location.assign(data.then); else window.location.reload();
}
"""
_post = st.components.v2.component("perennial_post", js=_SCRIPT)


class SignInForm(Authenticate):  # type: ignore[misc]
    """The library draws the form; whoever knows the password, and what the browser then keeps, is ours to say."""

    def __init__(self) -> None:
        self.attrs = {"login_sleep_time": 0}
        self.authentication_controller = _Members()
        self.cookie_controller = _Cookie()
        self.path = None  # the library looks for it once somebody is in


class _Members:
    """Stands where the library would look into a file."""

    def login(self, username: str | None = None, password: str | None = None, *_: Any, **__: Any) -> bool:
        try:
            ticket = auth.sign_in(runtime.store(), username or "", password or "", st.context.ip_address)
        except (Refused, Busy) as refused:
            st.error(str(refused))
            return False
        st.session_state[state.GOING_TO] = ticket
        return True


class _Cookie:
    """Stands where the library would write a cookie by script."""

    def get_cookie(self) -> None:
        return None

    def set_cookie(self) -> None:
        begin(st.session_state.pop(state.GOING_TO))


@contextmanager
def door(width: int = 400) -> Iterator[None]:
    """Where somebody stands who is not in yet: the mark, and below it one narrow column."""
    with st.container(horizontal_alignment="center"), st.container(width=width, gap="medium", key="door"):
        st.image(runtime.LOGO, width=190)
        yield


def ask() -> None:
    """What a visitor sees, at whatever address: the sign-in form, or how to set Perennial up."""
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
        fields = {"Form name": "Sign in", "Username": "User name", "Password": "Password", "Login": "Sign in"}
        _wear_the_accent()
        SignInForm().login(fields=fields, key="sign-in")
        st.markdown(":small[:gray[Forgotten it? Any admin of your team can give you a new one.]]")


def _wear_the_accent() -> None:
    """The library's button is what there is to do here, and it can't be told to look like it."""
    accent = st.get_option(f"theme.{st.context.theme.type or 'light'}.primaryColor")
    look = f"background: {accent}; border-color: {accent}; color: white"
    st.html(f"<style>.st-key-FormSubmitter-sign-in-Sign-in button {{ {look} }}</style>")


def menu(name: str) -> None:
    """The member's name, and behind it the way out."""
    chosen = st.menu_button(md(name), ["Sign out"], type="tertiary", icon=":material/account_circle:", key="member")
    if chosen == "Sign out":
        end()


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
