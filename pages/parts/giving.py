"""What somebody hands over: whom, to whom, and what goes along. Nobody moves before the colleague accepts."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from core.commands.handovers import Share, offer_people, withdraw_offer
from core.commands.meetings import change_host
from core.commands.undo import undo_fact
from core.domain.calendar import Calendar
from core.domain.facts import Rhythm
from core.domain.rhythms import rhythm_key, rhythm_of, rhythm_words
from core.domain.skills import all_names
from core.persistence.handovers import Whom
from core.persistence.tables.handovers import OfferState
from core.persistence.viewer import Viewer
from core.queries.handovers import By, Giver, Person
from core.queries.page import Page
from core.queries.skills import NO_SKILL
from pages.parts import actions, along, filters, reads, wording
from pages.parts.choosing import choose_one
from pages.parts.layout import head_places, quiet, write_head
from pages.parts.wording import md

SIZE = 12
PAGE, OPENING, RHYTHM, SKILL, NAMED, HOW = "giving-page", "in", "rhythm-of", "skill-of", "named", "by"
EVENLY, NO_RHYTHM = "evenly", "none"
WAYS = {EVENLY: "One by one, or all", By.OPENING: "By opening", By.RHYTHM: "By rhythm", By.SKILL: "By skill"}
REST = "Everybody else"


def draw(viewer: Viewer, of_id: int | None, now: datetime, calendar: Calendar) -> None:
    giver = reads.giver(viewer, of_id)
    if giver is None:
        st.markdown("There is no such member.")
        st.page_link("team.py", label="The team")
        return
    words, controls = head_places()
    number = reads.number_to_give(Whom(of_id))
    write_head(words, title_of(giver, viewer), line_of(giver, number))
    with words:
        actions.show_notice(undo_in=controls)
    if not giver.is_allowed:
        st.markdown(f"Only {md(giver.name)} hands over these people, or an admin for them.")
    elif not number:
        st.markdown("Everybody is offered already, or there is nobody to hand over.")
    else:
        draw_choice(giver, now, calendar)
    draw_offers(of_id, now, calendar)
    if giver.is_allowed and giver.id is not None:
        draw_meetings(giver, now, calendar)
    st.page_link("team.py", label="The team")


def title_of(giver: Giver, viewer: Viewer) -> str:
    if giver.id is None:
        return "People who are with nobody"
    return "Hand over your people" if giver.id == viewer.id else f"Hand over {giver.name}’s people"


def line_of(giver: Giver, number: int) -> str:
    left = f"{md(giver.name)} has left, {md(giver.cover)} stands in · " if not giver.is_active and giver.cover else ""
    waiting = f"{wording.plural(number, 'person is', 'people are')} not offered yet"
    people = waiting if number else "nobody is left to offer"
    return f"{left}{people} · nobody moves before a colleague accepts"


# whom, and to whom


def draw_choice(giver: Giver, now: datetime, calendar: Calendar) -> None:
    how = filters.one_of(HOW, {str(key): label for key, label in WAYS.items()}, "How", default=EVENLY, required=True)
    left, right = st.columns((1.75, 1), gap="large")
    with left:
        whom = draw_some(giver, now, calendar) if how == EVENLY else draw_groups(giver, By(how))
    with right:
        along.draw(reads.goes_along_with(whom, Page(1, along.FIRST)), now, calendar)
    filters.to_address(HOW, *((OPENING, RHYTHM, SKILL, NAMED) if how == EVENLY else ()))


def draw_some(giver: Giver, now: datetime, calendar: Calendar) -> Whom:
    whom = draw_filters(giver)
    number = reads.number_to_give(whom)
    button, place = st.container(horizontal=True, vertical_alignment="bottom"), st.container()
    page = filters.page(PAGE, number, SIZE)
    with place:  # the words first: what a grid shows above itself, under the pointer, would lie over the button
        st.markdown(quiet("Tick rows to hand over those alone." if number else "Nobody fits: ask for less."))
        chosen = draw_people(reads.people_to_give(whom, page), now, calendar)
    if chosen:
        whom, number = Whom(giver.id, ids=tuple(chosen)), len(chosen)
    if number:
        colleagues = to_choose_from(giver)
        with button:
            to = st.multiselect(
                "To whom",
                list(colleagues),
                format_func=lambda id_: colleagues[id_],
                key="give-to",
                placeholder="Colleagues: several share them out evenly",
                select_all=False,
            )
            draw_button(giver, number, [Share(whom, tuple(to))] if to else [])
    return whom


def draw_filters(giver: Giver) -> Whom:
    openings = {
        str(group.whom.opening_id): f"{group.name} · {group.number:,}"
        for group in reads.groups_to_give(giver.id, By.OPENING)
    }
    rhythms = {
        _rhythm_key(group.whom.rhythm): f"{group.name.capitalize()} · {group.number:,}"
        for group in reads.groups_to_give(giver.id, By.RHYTHM)
    }
    opening = filters.chosen(OPENING, lambda value: value.isascii() and value.isdigit() and len(value) < 10)
    rhythm = filters.chosen(RHYTHM, lambda value: value == NO_RHYTHM or rhythm_of(value) is not None)
    skill = filters.chosen(SKILL, lambda value: bool(value.strip()))
    named = filters.chosen(NAMED, bool)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        filters.draw_select(OPENING, openings, "In process for")
        filters.draw_select(RHYTHM, rhythms, "Rhythm")
        filters.draw_select_or_type(SKILL, all_names(), "Skill", placeholder="Any")
        filters.draw_search(NAMED, "Person", "Name or company")
    return Whom(
        giver.id,
        opening_id=int(opening) if opening else None,
        skill_id=next(iter(reads.skill_ids([skill])), NO_SKILL) if skill else None,
        rhythm=rhythm_of(rhythm),
        without_rhythm=rhythm == NO_RHYTHM,
        words=named,
    )


def _rhythm_key(rhythm: Rhythm | None) -> str:
    return rhythm_key(rhythm) if rhythm else NO_RHYTHM


def draw_people(rows: list[Person], now: datetime, calendar: Calendar) -> list[int]:
    """Answers who is ticked. Ticks are rows to Streamlit, so other rows are another table, with none."""
    if not rows:
        return []
    day = calendar.day(now)
    frame = pd.DataFrame(
        {
            "name": [row.name or "no name" for row in rows],
            "about": [row.about for row in rows],
            "process": ["in process" if row.is_in_process else "" for row in rows],
            "rhythm": [rhythm_words(row.rhythm) if row.rhythm else "" for row in rows],
            "due": [wording.day(calendar.day(row.next_due_at), day) if row.next_due_at else "" for row in rows],
        },
        dtype="str",
    )
    picked = st.dataframe(
        frame,
        hide_index=True,
        row_height=36,
        height="content",
        key=f"give-{hash(tuple(row.id for row in rows))}",
        on_select="rerun",
        selection_mode="multi-row",
        alt="People to hand over, a row each",
        column_config={
            "name": st.column_config.TextColumn("Person", width=145),
            "about": st.column_config.TextColumn("Title, company", width=130),
            "process": st.column_config.TextColumn("Process", width=76),
            "rhythm": st.column_config.TextColumn("Rhythm", width=102),
            "due": st.column_config.TextColumn("Next due", width=114),
        },
    )
    return [rows[row].id for row in picked["selection"]["rows"] if row < len(rows)]


def draw_groups(giver: Giver, by: By) -> Whom:
    """A receiver for each group; who is in two goes with the first that has one."""
    colleagues = to_choose_from(giver)
    shares: list[Share] = []
    groups = reads.groups_to_give(giver.id, by)
    st.markdown(quiet("A group without a receiver stays. Who is in two groups goes with the first of them."))
    for place, group in enumerate(groups):
        shares += draw_group(group.name, group.number, group.whom, colleagues, key=f"group-{by}-{place}")
    shares += draw_group(REST, None, Whom(giver.id), colleagues, key=f"group-{by}-rest")
    if not groups:
        st.markdown(quiet("Nobody is in any group of this kind."))
    draw_button(giver, None, shares)
    return Whom(giver.id)


def draw_group(name: str, number: int | None, whom: Whom, colleagues: dict[int, str], *, key: str) -> list[Share]:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        count = quiet(wording.plural(number, "person", "people")) if number is not None else ""
        st.markdown(f"{md(name[:1].upper() + name[1:])} {count}", width="stretch")
        look: dict[str, Any] = {"placeholder": "Stays", "label_visibility": "collapsed", "width": 200}
        to = choose_one(md(name), colleagues, key=key, **look)
    return [Share(whom, (to,))] if to is not None else []


def draw_button(giver: Giver, number: int | None, shares: Sequence[Share]) -> None:
    people = wording.plural(number, "person", "people") if number is not None else "them"
    if st.button(f"Offer {people}", type="primary", key="offer-them", disabled=not shares):
        colleagues = dict(reads.colleagues())
        names = list(dict.fromkeys(colleagues[id_] for share in shares for id_ in share.to if id_ in colleagues))
        actions.act(
            offer_people,
            giver.id,
            shares,
            done=f"Offered to {wording.listed(names)}",
            operation=actions.operation(f"offer-{giver.id}"),
            undo_by=withdraw_offer,
        )


def to_choose_from(giver: Giver) -> dict[int, str]:
    return {id_: name for id_, name in reads.colleagues() if id_ != giver.id}


# what was offered, and what stays


def draw_offers(of_id: int | None, now: datetime, calendar: Calendar) -> None:
    offers = reads.offers_of(of_id)
    if not offers:
        return
    st.subheader("Offered so far", anchor=False)
    for id_, at, states in offers:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            said = ", ".join(f"{states[state]:,} {label}" for state, label in STATES.items() if states.get(state))
            st.markdown(f"{md(wording.moment(at, now, calendar))} {quiet(said)}", width="stretch")
            if st.button("Look at it", type="tertiary", key=f"offer-{id_}"):
                st.switch_page("handover.py", query_params={"offer": str(id_)})


STATES = {
    OfferState.OPEN: "not answered",
    OfferState.ACCEPTED: "accepted",
    OfferState.DECLINED: "declined",
    OfferState.WITHDRAWN: "withdrawn",
}


def draw_meetings(giver: Giver, now: datetime, calendar: Calendar) -> None:
    """Each goes along with its person; or gets another host by itself."""
    assert giver.id is not None
    meetings = reads.meetings_hosted_by(giver.id)
    if not meetings:
        return
    st.subheader(f"Meetings {md(giver.name)} is to host · {len(meetings)}", anchor=False)
    colleagues = to_choose_from(giver)
    for row in meetings:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            when = wording.moment(row.starts_at, now, calendar)
            st.markdown(f"{md(row.name)} {quiet(md(f'{row.kind.capitalize()}, {when}'))}", width="stretch")
            choose_one(
                f"Host of the meeting with {wording.aloud(row.name)}",
                colleagues,
                key=f"host-{row.id}",
                placeholder="Another host",
                label_visibility="collapsed",
                width=200,
                on_change=partial(take_host, row.id, row.name, colleagues),
            )


def take_host(meeting_id: int, name: str, colleagues: dict[int, str]) -> None:
    host = st.session_state.get(f"host-{meeting_id}")
    if host is not None:
        actions.do(
            change_host, meeting_id, host, done=f"{colleagues[host]} hosts the meeting with {name}", undo_by=undo_fact
        )
