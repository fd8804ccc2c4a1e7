"""What is owed to one person, each with the ways to keep it."""

from datetime import date, datetime
from operator import itemgetter

import streamlit as st

from core.domain.calendar import Calendar
from core.domain.drafts import what_is_owed
from core.domain.promises import Kind
from core.queries.candidate import Life
from core.queries.privacy import Request
from core.queries.promises import Waiting
from pages.parts import questions, quick_log, requests, waiting, wording
from pages.parts.layout import quiet
from pages.parts.questions import KEEP, instead_of_a_word
from pages.parts.telling import Pronoun
from pages.parts.wording import md

KEPT_BY_NO_WORD_TO_THEM = (Kind.OUTCOME, Kind.CONSENT, Kind.CHASE)


def draw(life: Life, now: datetime, calendar: Calendar, *, may_edit: bool) -> None:
    """By the day it is due; requests about their data stand among the words."""
    st.subheader(f"Owed to {md(Pronoun(life.profile).object)}", anchor=False)
    if not life.owed and not life.requests:
        st.markdown(quiet("Nothing is owed just now."))
    in_order: list[tuple[date, Waiting | Request]] = [
        *((calendar.day(row.due_at), row) for row in life.owed),
        *((request.due_on, request) for request in life.requests),
    ]
    for _, owed in sorted(in_order, key=itemgetter(0)):
        with st.container(border=True, gap="xsmall"):
            if isinstance(owed, Request):
                draw_request(owed, calendar.day(now), may_edit=may_edit)
            else:
                draw_word(owed, life.profile.id, now, calendar, may_edit=may_edit)


def draw_word(row: Waiting, person_id: int, now: datetime, calendar: Calendar, *, may_edit: bool) -> None:
    st.markdown(f"**{md(what_is_owed(row.occasion))}** {waiting.lateness(row, now, calendar)}")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        owner = f"{md(row.owner)} owes it" if row.owner else "nobody’s"
        snoozed = f" · {waiting.snoozed_from(row, now, calendar)}" if row.is_snoozed else ""
        since = wording.since(row.opened_at, now, calendar)
        st.markdown(quiet(f"{since} · {owner}{snoozed}"), width="stretch")
        if may_edit:
            with st.container(horizontal=True, width="content", wrap=False, gap="small"):
                draw_ways_to_keep(row, person_id)


def draw_request(request: Request, today: date, *, may_edit: bool) -> None:
    """Due by the law; it is answered where all requests are."""
    st.markdown(f"**{requests.OWED[request.kind]}** {requests.by_when(request, today)}")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        came = f"asked {wording.day(request.received_on, today)}, {request.channel}"
        st.markdown(quiet(came), width="stretch")
        if may_edit and st.button("See the request", type="tertiary", key=f"to-request-{request.id}"):
            st.switch_page("privacy.py")


def draw_ways_to_keep(row: Waiting, person_id: int) -> None:
    """What a word to them keeps is logged in the form at the right; the rest is asked for."""
    key = f"keep-{row.promise_id}"
    if row.kind in KEPT_BY_NO_WORD_TO_THEM:
        st.button(KEEP, type="tertiary", key=key, on_click=questions.ask, args=(KEEP, row.promise_id))
    else:
        st.button(KEEP, type="tertiary", key=key, on_click=quick_log.choose, args=(person_id, row))
    if instead := instead_of_a_word(row):
        picked = st.menu_button("More", instead, type="tertiary", key=f"more-{row.promise_id}")
        if picked:
            questions.ask_of(row, picked)
