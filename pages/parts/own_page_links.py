"""The links to somebody's own page: given, shown once, and revoked."""

import streamlit as st

from core import settings
from core.commands.own_page import give_own_page, revoke_own_page
from core.domain.tokens import new_token
from core.queries.candidate import Profile
from core.queries.own_page import Link
from pages.parts import actions, reads, runtime, state, wording
from pages.parts.layout import quiet
from pages.parts.questions import asked_no_more
from pages.parts.wording import md


def asked_no_more_and_forget() -> None:
    """A link that was shown is shown no more."""
    st.session_state.pop(state.OWN_LINK, None)
    asked_no_more()


@st.dialog("Their own page", on_dismiss=asked_no_more_and_forget, width="medium")
def ask(person: Profile) -> None:
    st.markdown(
        f"Without signing in, {md(person.called)} sees there how it stands, when you write next and what you say to"
        " clients; and can ask, correct, and decide about the data."
    )
    whose, link = st.session_state.get(state.OWN_LINK, (0, ""))
    if whose == person.id:
        st.markdown("**Copy it now: it is shown once.** Whoever has it sees the page.")
        st.code(link, language=None, wrap_lines=True)
    actions.show_trouble()
    links = reads.own_page_links(person.id)
    for one in links:
        _draw_link(one)
    if not links:
        _draw_unfetched(person)
    days = wording.plural(settings.current().own_page_life.days, "day")
    if st.button(f"Make a link, good for {days}", type="primary", key="make-own-link"):
        _make(person)


def _draw_unfetched(person: Profile) -> None:
    """Data put on their page that they can't get, as no link leads there any more."""
    store = runtime.store()
    day = store.calendar.day(store.now())
    for request in reads.ground_of(person.id).requests:
        if request.waits_there(day) and request.fetch_until is not None:
            until = wording.day(request.fetch_until, day)
            st.markdown(
                f"Their data are there until {until}, not fetched, and no link leads there. Make one, or take the data"
                " off their page under “Privacy”: then the request is open again."
            )


def _draw_link(link: Link) -> None:
    store = runtime.store()
    now, calendar = store.now(), store.calendar
    day = calendar.day(now)
    made, until = (wording.day(calendar.day(at), day) for at in (link.made_at, link.expires_at))
    by = f" by {md(link.made_by)}" if link.made_by else ""
    used = f"last opened {wording.moment(link.last_used_at, now, calendar)}" if link.last_used_at else "not opened yet"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(quiet(f"Made {made}{by} · until {until} · {md(used)}"), width="stretch")
        st.button("Revoke", key=f"revoke-own-{link.id}", on_click=_revoke, args=(link.id,))


def _revoke(link_id: int) -> None:
    st.session_state.pop(state.OWN_LINK, None)
    actions.do(revoke_own_page, link_id, done="Revoked: the link opens nothing any more")


def _make(person: Profile) -> None:
    token = new_token()

    def show() -> None:
        st.session_state[state.OWN_LINK] = (person.id, f"{settings.current().origin}/own/{token}")

    actions.act(
        give_own_page,
        person.id,
        token,
        life=settings.current().own_page_life,
        done=f"A link for {person.called}",
        operation=actions.operation(f"own-page-{person.id}"),
        before_rerun=show,
    )
