"""An offer: whoever it is made to accepts, or says why not; whoever makes it writes notes, and can withdraw it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import streamlit as st

from core.commands.handovers import (
    accept,
    decline_people,
    note_for_receiver,
    offer_again,
    undo_declining,
    withdraw_offer,
)
from core.commands.undo import undo_facts
from core.domain.calendar import Calendar
from core.domain.promises import State, Status
from core.domain.promises import state as state_at
from core.domain.refusal import Refused
from core.domain.rhythms import rhythm_words
from core.handing_over import accept_all, take_back_all
from core.persistence.store import Unavailable
from core.persistence.tables.handovers import OfferState
from core.persistence.viewer import Viewer
from core.queries.handovers import Offer, OfferedRow
from core.queries.page import Page
from pages.parts import actions, along, clashes, filters, moment, questions, reads, runtime, state, unsaved, wording
from pages.parts.clashes import Form
from pages.parts.giving import STATES
from pages.parts.layout import badge, head_places, open_person, people_done, quiet, write_head
from pages.parts.questions import answer, asked_no_more, operation_of
from pages.parts.wording import md

T = TypeVar("T")
NOTE_ON = "note-{}-"
SIZE = 10
STATE, ASKED = "state", "offered-asked"
DECLINE, DECLINE_ALL, TAKE_BACK, WITHOUT, OPEN = (
    "Decline…",
    "Decline all…",
    "Take back…",
    "Accept without the meeting",
    "Open the person",
)
UNDONE_AT_ONCE = 200
"""So many facts "Undo" takes back in one unit of work; more are taken back in turns, by a button of their own."""


def draw(viewer: Viewer, offer_id: int, now: datetime, calendar: Calendar) -> None:
    offer = reads.offer(viewer, offer_id)
    if offer is None:
        st.markdown("There is no such offer.")
        st.page_link("team.py", label="The team")
        return
    words, controls = head_places()
    mine = offer.number(OfferState.OPEN, to_id=viewer.id) if viewer.may_edit else 0
    write_head(words, title_of(offer, mine), line_of(offer, now, calendar))
    bar = st.container()
    with controls:
        draw_controls(offer, viewer, mine, bar)
    with words:
        actions.show_notice(undo_in=controls)
    for sentence in st.session_state.pop(state.STAY_OFFERED, []):
        st.markdown(md(sentence))
    left, right = st.columns((1.75, 1), gap="large")
    with left:
        rows = draw_people(offer, viewer, mine, now, calendar)
    with right:
        if offer.number(OfferState.OPEN):
            to_id = viewer.id if mine else None
            along.draw(reads.goes_along_offered(offer, to_id, Page(1, along.FIRST)), now, calendar)
        st.page_link("team.py", label="The team")
    questions.draw(dialogs(offer, rows, mine) if viewer.may_edit else {})


def title_of(offer: Offer, mine: int) -> str:
    whose = f"{offer.of}’s people" if offer.of else "people who are with nobody"
    if mine:
        number = wording.spelled(mine).capitalize()
        return f"{number} of {whose} {'is' if mine == 1 else 'are'} handed to you"
    if offer.number(OfferState.OPEN):
        return f"{whose[:1].upper()}{whose[1:]} are offered to {wording.listed(waiting(offer))}"
    if taken := offer.number(OfferState.ACCEPTED):
        return f"{wording.spelled(taken).capitalize()} of {whose} {'has' if taken == 1 else 'have'} gone over"
    return f"The offer of {whose} is over"


def waiting(offer: Offer) -> list[str]:
    return list(dict.fromkeys(a.to for a in offer.answers if a.state is OfferState.OPEN))


def line_of(offer: Offer, now: datetime, calendar: Calendar) -> str:
    by = f" by {md(offer.by)}" if offer.by else ""
    counts = [f"{offer.number(one):,} {label}" for one, label in STATES.items() if offer.number(one)]
    return " · ".join([f"offered{by} {md(wording.moment(offer.offered_at, now, calendar))}", *counts])


# what can be done with all of it


def draw_controls(offer: Offer, viewer: Viewer, mine: int, bar: st.delta_generator.DeltaGenerator) -> None:
    accepted = offer.number(OfferState.ACCEPTED, to_id=None if offer.may_give else viewer.id)
    if mine:
        label = "Accept" if mine == 1 else f"Accept all {mine:,}"
        if st.button(label, type="primary", key="accept-all"):
            with bar:
                accept_everybody(offer, mine)
        st.button(DECLINE_ALL, type="tertiary", key="decline-all", on_click=questions.ask, args=(DECLINE_ALL, offer.id))
    if offer.may_give and offer.number(OfferState.OPEN):
        st.button("Withdraw", type="tertiary", key="withdraw", on_click=withdraw, args=(offer.id,))
    if viewer.may_edit and accepted:
        st.button(TAKE_BACK, type="tertiary", key="take-back", on_click=questions.ask, args=(TAKE_BACK, offer.id))


def withdraw(offer_id: int) -> None:
    actions.do(withdraw_offer, offer_id, done="The offer is withdrawn", undo_by=offer_again)


def accept_everybody(offer: Offer, number: int) -> None:
    done, clashes, facts = in_turns(accept_all, offer, number) or (0, [], [])
    st.session_state[state.STAY_OFFERED] = clashes
    if done:
        undo = facts if len(facts) <= UNDONE_AT_ONCE else None
        actions.tell(f"Accepted: {wording.plural(done, 'person', 'people')}", undo=undo, undo_by=undo_facts)
    st.rerun()


def in_turns(work: Callable[..., T], offer: Offer, number: int) -> T | None:
    """With a bar; None where it was refused, and why is kept for the notice."""
    tell = people_done(st.progress(0.0))
    viewer = runtime.require_viewer()
    try:
        return work(runtime.store(), viewer, offer.id, lambda done: tell(done, number))
    except (Refused, Unavailable) as refused:
        actions.refuse(str(refused))
        return None


# one by one


def draw_people(offer: Offer, viewer: Viewer, mine: int, now: datetime, calendar: Calendar) -> list[OfferedRow]:
    clashes.draw_apart(NOTE_ON.format(offer.id))
    number = {one: offer.number(one) for one in STATES}
    number[OfferState.OPEN] = mine or number[OfferState.OPEN]
    states = {one.value: f"{label.capitalize()} {number[one]:,}" for one, label in STATES.items() if number[one]}
    if not states:
        st.markdown(quiet("None of these people is here any more."))
        return []
    chosen = OfferState(filters.one_of(STATE, states, "Which", default=next(iter(states)), required=True))
    to_id = viewer.id if chosen is OfferState.OPEN and mine else None
    place = st.container()
    filters.begin_anew(ASKED, (offer.id, chosen))
    page = filters.page(filters.own("page"), number[chosen], SIZE)
    rows = reads.offered(offer.id, chosen, to_id, page)
    with place:
        for row in rows:
            with st.container(border=True, gap="xsmall"):
                draw_person(offer, row, viewer, now, calendar)
    filters.to_address(STATE)
    return rows


def draw_person(offer: Offer, row: OfferedRow, viewer: Viewer, now: datetime, calendar: Calendar) -> None:
    person = row.person
    is_mine = row.to_id == viewer.id and row.state is OfferState.OPEN and viewer.may_edit
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        badges = [badge("in process", "violet")] if person.is_in_process else []
        badges += [badge("no contact wanted", "orange")] if person.do_not_contact else []
        due = person.next_due_at
        is_late = due is not None and state_at(Status.OPEN, due, now=now, calendar=calendar) is State.OVERDUE
        badges += [badge(wording.lateness(due, now, calendar), "red")] if due and is_late else []
        coming = f"next word {wording.due(due, now, calendar)}" if due and not is_late else ""
        parts = [person.about, rhythm_words(person.rhythm) if person.rhythm else "", coming]
        parts += [] if is_mine else [f"to {row.to}"]
        about = quiet(md(" · ".join(filter(None, parts))))
        st.markdown(f"**{md(person.name or 'no name')}** {' '.join(badges)}  \n{about}", width="stretch")
        with st.container(horizontal=True, width="content", wrap=False, gap="small"):
            draw_ways(offer, row, is_mine=is_mine)
    if row.note:
        st.markdown(f"{quiet('Note:')} {wording.quote(row.note, 600)}")
    if row.reason:
        st.markdown(f"{quiet('Declined:')} {wording.quote(row.reason, 600)}")


def draw_ways(offer: Offer, row: OfferedRow, *, is_mine: bool) -> None:
    person = row.person
    if is_mine:
        st.button("Accept", key=f"accept-{person.id}", on_click=accept_row, args=(offer.id, row))
        picked = st.menu_button("More", [WITHOUT, DECLINE, OPEN], type="tertiary", key=f"more-{person.id}")
        if picked == OPEN:
            open_person(person.id)
        elif picked == WITHOUT:
            accept_one(offer.id, row, with_meetings=False)
            st.rerun()
        elif picked:
            questions.ask(DECLINE, person.id)
        return
    if offer.may_give and row.state is OfferState.OPEN:
        with st.popover("Note", key=f"note-of-{person.id}"):
            draw_note(offer, row)
    if st.button("Open", type="tertiary", key=f"open-{person.id}"):
        open_person(person.id)


def accept_row(offer_id: int, row: OfferedRow) -> None:
    if not moment.is_second_press("accept"):
        accept_one(offer_id, row)


def accept_one(offer_id: int, row: OfferedRow, *, with_meetings: bool = True) -> None:
    actions.do(
        accept,
        offer_id,
        row.person.id,
        with_meetings=with_meetings,
        done=f"Accepted: {row.person.name}",
        undo_by=undo_facts,
    )


def draw_note(offer: Offer, row: OfferedRow) -> None:
    person, form = row.person, _note_form(offer.id, row)
    drawn: str = form.drawn_from(row.note)
    kept = form.kept("note", drawn, f"What {row.to} should know of {person.name}", whom=person.id)
    st.text_area(f"What {md(row.to)} should know", drawn, width=420, **kept)
    st.button("Keep the note", key=f"keep-note-{person.id}", on_click=_keep_note, args=(offer.id, row))


def _note_form(offer_id: int, row: OfferedRow) -> Form:
    key = f"{NOTE_ON.format(offer_id)}{row.person.id}"
    return Form(key, {"note": f"note-{row.person.id}"}, save=partial(_keep_note, offer_id, row))


def _keep_note(offer_id: int, row: OfferedRow) -> None:
    """A callback's: where they are offered no more the form is gone, and what was written is shown."""
    form = _note_form(offer_id, row)
    text = form.typed("note")
    actions.do(
        note_for_receiver,
        offer_id,
        row.person.id,
        text,
        seen=form.seen(form.drawn_from(row.note)),
        done=f"Noted for {row.to}: {row.person.name}",
        mine={"note": text},
        form=form,
    )


# what is asked


def dialogs(offer: Offer, rows: list[OfferedRow], mine: int) -> questions.Dialogs:
    asked: dict[tuple[str, int], Callable[[], None]] = {
        (DECLINE, row.person.id): partial(ask_decline, offer, [row.person.id], row.person.name) for row in rows
    }
    asked[DECLINE_ALL, offer.id] = partial(ask_decline, offer, [], wording.plural(mine, "person", "people"))
    asked[TAKE_BACK, offer.id] = partial(ask_take_back, offer)
    return asked


@st.dialog("Decline", on_dismiss=asked_no_more)
def ask_decline(offer: Offer, ids: list[int], whom: str) -> None:
    who = md(offer.by or "Whoever offers them")
    st.markdown(f"**{md(whom)}**  \n{quiet(f'{who} reads why, and finds somebody else.')}")
    operation = operation_of(decline_people, (offer.id, *ids))
    alone = ids[0] if len(ids) == 1 else None
    kept = unsaved.kept(f"decline-why-{operation}", f"Why you decline: {whom}", whom=alone)
    reason = st.text_input("Why", **kept)
    if st.button("Decline", type="primary", key="decline-it"):
        plain: dict[str, Any] = {"done": f"Declined: {whom}", "undo_by": undo_declining, "operation": operation}
        answer(decline_people, offer.id, reason or "", ids, **plain)


@st.dialog("Take back", on_dismiss=asked_no_more)
def ask_take_back(offer: Offer) -> None:
    viewer = runtime.require_viewer()
    number = offer.number(OfferState.ACCEPTED, to_id=None if offer.may_give else viewer.id)
    people = wording.plural(number, "person goes", "people go")
    st.markdown(f"{people} back to {md(offer.of) or 'nobody'}, and stay offered. What was said since stays said.")
    if st.button("Take back", type="primary", key="take-back-them"):
        if done := in_turns(take_back_all, offer, number):
            actions.tell(f"Taken back: {wording.plural(done, 'person', 'people')}")
        asked_no_more()
        st.rerun()
