"""What somebody asks of their data: noted, given, put off with notice, and done; on their page and under Privacy."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from typing import Any

import streamlit as st

from core.commands.privacy import (
    TO_FETCH,
    note_given,
    open_request,
    put_on_own_page,
    reopen_request,
    take_longer,
    take_no_longer,
    take_off_own_page,
    withdraw_request,
)
from core.domain.calendar import Calendar
from core.domain.refusal import Refused
from core.erasing import Found, erase, find
from core.persistence.store import Unavailable
from core.persistence.tables.privacy import RequestChannel, RequestKind, RequestState
from core.persistence.viewer import Viewer
from core.queries.privacy import Request
from pages.parts import actions, questions, reads, runtime, state, unsaved, wording
from pages.parts.layout import badge, open_person, quiet
from pages.parts.questions import DATES, answer, asked_no_more, operation_of
from pages.parts.wording import md

SEE, BE_FORGOTTEN = "Asks to see their data…", "Asks to be forgotten…"
ON_THEIR_PAGE, THEY_HAVE_IT = "Put it on their page…", "They have it"
TAKE_OFF, LONGER, ERASE = "Take it off their page", "Takes longer…", "Erase them…"
KINDS = {RequestKind.SEE: "to see their data", RequestKind.FORGET: "to be forgotten"}
OWED = {RequestKind.SEE: "To see their data", RequestKind.FORGET: "To be forgotten"}
CHANNELS = [channel for channel in RequestChannel if channel is not RequestChannel.OWN_PAGE]
NO_LINK = "no link to their own page is in force any more"
OTHERS = {"member": "a colleague", "client": "a client", "client_person": "somebody at a client"}
SHOWN = 30
"""So many places that name them are shown before they are asked about."""


# told


def told(request: Request, today: date) -> str:
    """“Noor Haddad asks to be forgotten”, by when, and how it came. Markdown."""
    who = f"**{md(request.name)}**" if request.name else "**Somebody erased**"
    verb = "asks" if request.state is RequestState.OPEN else "asked"
    came = f"came {wording.day(request.received_on, today)}, {request.channel}"
    own = request.channel is RequestChannel.OWN_PAGE
    noted = "noted by themselves" if own else f"noted by {md(request.opened_by)}" if request.opened_by else ""
    line = quiet(" · ".join(filter(None, (came, noted))))
    lines = [f"{who} {verb} {KINDS[request.kind]} {by_when(request, today)}", line]
    if request.notice:
        lines.append(quiet(f"Takes longer, as they were told: {md(request.notice)}"))
    return "  \n".join(lines)


def by_when(request: Request, today: date) -> str:
    if request.state is not RequestState.OPEN:
        return badge("taken back") if request.state is RequestState.WITHDRAWN else badge("done", "green")
    late = (today - request.due_on).days
    return badge(due(request, today), "red" if late > 0 else "blue" if late == 0 else "gray")


def due(request: Request, today: date) -> str:
    late = (today - request.due_on).days
    if late > 0:
        return f"{wording.plural(late, 'day')} late"
    return "by today" if late == 0 else f"by {wording.day(request.due_on, today)}"


def outcome(request: Request, now: datetime, calendar: Calendar) -> str:
    """What was done of one that was answered, in one quiet line. Markdown."""
    if request.done_at is None:
        return ""
    by = f" by {md(request.done_by)}" if request.done_by else ""
    said = {RequestState.DONE: "Done", RequestState.WITHDRAWN: "Taken back"}[request.state]
    line = f"{said} {wording.moment(request.done_at, now, calendar)}{by}"
    if request.fetch_until is not None or request.fetched_at is not None:
        line += f" · {fetched(request, now, calendar)}"
    if request.proof is not None:
        line += f" · {summary(request.proof)}"
    elif request.kind is RequestKind.FORGET and request.state is RequestState.DONE:
        line += " · without a search of what others wrote"
    return quiet(line)


def fetched(request: Request, now: datetime, calendar: Calendar) -> str:
    """Whether they took the file from their own page, and whether they still can."""
    if request.fetched_at is not None:
        return f"fetched on their own page {wording.moment(request.fetched_at, now, calendar)}"
    assert request.fetch_until is not None
    today, until = calendar.day(now), request.fetch_until
    if until < today:
        return f"waited on their own page until {wording.day(until, today)}, not fetched"
    if request.link_until is None or not request.is_led_to(now):
        return f"not fetched: {NO_LINK}"
    until = min(until, calendar.day(request.link_until))
    return f"waits on their own page until {wording.day(until, today)}, not fetched"


def summary(proof: dict[str, Any]) -> str:
    places = wording.plural(len(proof["searched"]), "column")
    found = int(proof["found"])
    of_others = sum(proof.get("of_others", {}).values())
    said = f"{places} searched, {'nothing' if not found else wording.plural(found, 'place')} found"
    return f"{said}, {wording.plural(of_others, 'place')} of somebody else of that name" if of_others else said


def proof_as_text(request: Request, calendar: Calendar) -> str:
    """To be printed: what was searched, when, by whom, and what was found. Nobody is named in it but who did it."""
    proof: dict[str, Any] = request.proof or {}
    at = datetime.fromisoformat(proof["at"]).astimezone(calendar.zone)
    lines = [
        f"Proof of erasure, request no. {request.id}",
        "",
        f"Received: {request.received_on:%d.%m.%Y}, by {request.channel}",
        f"Erased and searched: {at:%d.%m.%Y, %H:%M}, by {proof['by']}",
        f"Searched for: {proof['searched_for']} names, addresses and profiles, held in memory for the search alone",
        f"Found: {proof['found']}",
        f"Taken out of what others wrote: {proof['taken_out']} places",
    ]
    lines += [f"Stays, as somebody else of that name: {place}, {n}" for place, n in proof.get("of_others", {}).items()]
    if not proof["log_is_empty"]:
        lines.append("The database’s log was being read just then; it is overwritten by what is written next.")
    lines += ["", "Searched, every row of each:", *(f"  {column}" for column in proof["searched"])]
    return "\n".join(lines) + "\n"


# rows


def draw_open(request: Request, viewer: Viewer, now: datetime, calendar: Calendar, *, with_person: bool) -> None:
    """One that waits. `with_person`: the row leads to the person."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(told(request, calendar.day(now)), width="stretch")
        if not viewer.may_edit:
            return
        if request.kind is RequestKind.SEE:
            draw_file(request.candidate_id, viewer)
            first = ways_to_give(request)[0]
            if st.button(first, key=f"give-{request.id}"):
                give(first, request)
        elif viewer.is_admin and st.button(ERASE, key=f"erase-{request.id}"):
            begin(request.id)
        draw_more(request, with_person=with_person)


def draw_more(request: Request, *, with_person: bool) -> None:
    back, no_longer, person = "They took it back", "Takes no longer", "Open the person"
    other = ways_to_give(request)[1:]
    ways = [person] * with_person + other + [no_longer if request.notice else LONGER, back]
    picked = st.menu_button("More", ways, type="tertiary", key=f"more-of-request-{request.id}")
    if picked == person:
        open_person(request.candidate_id)
    elif picked in other:
        give(picked, request)
    elif picked == back:
        done = f"Taken back: {request.name} asked {KINDS[request.kind]}"
        actions.act(withdraw_request, request.id, done=done, undo_by=reopen_request)
    elif picked == no_longer:
        actions.act(take_no_longer, request.id, done=f"A month again: {request.name}")
    elif picked:
        questions.ask(picked, request.id)


def ways_to_give(request: Request) -> list[str]:
    """First the way by which they asked."""
    if request.kind is not RequestKind.SEE:
        return []
    ways = [THEY_HAVE_IT, ON_THEIR_PAGE]
    return ways[::-1] if request.channel is RequestChannel.OWN_PAGE else ways


def give(way: str, request: Request) -> None:
    if way == ON_THEIR_PAGE:
        questions.ask(ON_THEIR_PAGE, request.id)
        return
    done = f"{request.name} has what was asked for"
    actions.act(note_given, request.id, done=done, undo_by=reopen_request)


def draw_answered(request: Request, viewer: Viewer, now: datetime, calendar: Calendar) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        line = f"{told(request, calendar.day(now))}  \n{outcome(request, now, calendar)}"
        st.markdown(line, width="stretch")
        is_there = request.fetch_until is not None and request.fetch_until >= calendar.day(now)
        if is_there and request.name and viewer.may_edit and st.button(TAKE_OFF, key=f"take-off-{request.id}"):
            actions.act(take_off_own_page, request.id, done=f"Not on their own page any more: {request.name}")
        if request.proof is not None:
            st.download_button(
                "Proof",
                partial(proof_as_text, request, calendar),
                file_name=f"erasure-{request.id}.txt",
                mime="text/plain",
                on_click="ignore",
                key=f"proof-{request.id}",
            )


def draw_on_today(viewer: Viewer) -> None:
    """To whoever runs the team: that somebody waits to hear of their data."""
    if not viewer.is_admin:
        return
    waiting, overdue = reads.number_of_requests_waiting()
    if not waiting:
        return
    many = wording.plural(waiting, "request about somebody’s data waits", "requests about people’s data wait")
    late = f" {badge(f'{overdue} overdue', 'red')}" if overdue else ""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f"{many}{late}", width="stretch")
        if st.button("See them", key="to-privacy"):
            st.switch_page("privacy.py")


def draw_file(candidate_id: int, viewer: Viewer) -> None:
    """Made when it is asked for, and noted in the trail: who took out whose data."""
    st.download_button(
        "Their data",
        partial(reads.own_data_as_zip, candidate_id, viewer),
        file_name="your-data.zip",
        mime="application/zip",
        on_click="ignore",
        key=f"own-data-{candidate_id}",
        help="All that is known of them in one file: to read in a browser, and as JSON. Nobody else is named in it.",
    )


# asked


def dialogs(requests: list[Request], viewer: Viewer, now: datetime, calendar: Calendar) -> questions.Dialogs:
    found: dict[tuple[str, int], Callable[[], None]] = {}
    if st.session_state.get(state.QUESTION, ("", 0))[0] != ERASE:  # left by another way than the dialog's own
        st.session_state.pop(state.NAMED_IN, None)
    for request in requests:
        if request.state is RequestState.OPEN:
            found[LONGER, request.id] = partial(ask_longer, request)
            if request.kind is RequestKind.SEE:
                found[ON_THEIR_PAGE, request.id] = partial(ask_to_put, request)
            if viewer.is_admin and request.kind is RequestKind.FORGET:
                found[ERASE, request.id] = partial(ask_erase, request, viewer)
    return found


@st.dialog("A request", on_dismiss=asked_no_more)
def ask_kind(person_id: int, called: str, kind: RequestKind, day: date) -> None:
    st.markdown(f"**{md(called)}** asks {KINDS[kind]}. {quiet('It is to be answered within a month.')}")
    operation = operation_of(open_request, person_id)
    kept = unsaved.kept(f"request-how-{operation}", begun=CHANNELS[0])
    channel = st.segmented_control("How it came", CHANNELS, default=CHANNELS[0], required=True, wrap=True, **kept)
    kept = unsaved.kept(f"request-received-{operation}", begun=day)
    received = st.date_input("When it came", day, max_value=day, format=DATES, **kept)
    if kind is RequestKind.FORGET:
        st.markdown(quiet("An admin erases them under Privacy, and sees first who else wrote of them."))
    if st.button("Note the request", type="primary", key="note-request"):
        answer(
            open_request,
            person_id,
            kind,
            channel,
            received_on=received,
            done=f"Noted: {called} asks {KINDS[kind]}",
            undo_by=withdraw_request,
        )


@st.dialog("On their own page", on_dismiss=asked_no_more)
def ask_to_put(request: Request) -> None:
    st.markdown(
        f"For {TO_FETCH.days} days, whoever has the link to the page of **{md(request.name)}** can take the file there:"
        " all that is known of them, notes included. It is made when they take it."
    )
    sure = st.checkbox("The link went to them, and they are who they say they are", key="put-sure")
    if st.button("Put it there", type="primary", disabled=not sure, key="put-there"):
        done = f"On their own page: the data of {request.name}"
        answer(put_on_own_page, request.id, done=done, undo_by=reopen_request)


@st.dialog("Takes longer", on_dismiss=asked_no_more)
def ask_longer(request: Request) -> None:
    unsaved.about(request.candidate_id)
    said = "Two months more, if they are told why within the first."
    st.markdown(f"**{md(request.name)}** asks {KINDS[request.kind]}. {quiet(said)}")
    kept = unsaved.kept(f"longer-{operation_of(take_longer, request.id)}", f"Why it takes longer: {request.name}")
    because = st.text_area("Why, as you told them", **kept)
    if st.button("They were told", type="primary", key="they-were-told"):
        done = f"Two months more: {request.name}"
        answer(take_longer, request.id, because or "", done=done, undo_by=take_no_longer)


def begin(request_id: int) -> None:
    st.session_state.pop(state.NAMED_IN, None)
    questions.ask(ERASE, request_id)


def closed() -> None:
    """What was found names them, and is kept no longer than the dialog is."""
    st.session_state.pop(state.NAMED_IN, None)
    asked_no_more()


@st.dialog("Erase them", on_dismiss=closed, width="medium")
def ask_erase(request: Request, viewer: Viewer) -> None:
    st.markdown(
        f"All that is known of **{md(request.name)}** goes: name, addresses, words, notes, rows of lists. Counts stay."
        " It can’t be undone."
    )
    st.markdown(quiet(who_it_is(request)))
    found = looked_for(request)
    draw_found(found)
    sure = st.checkbox("They asked for it, and are who they say they are", key="erase-sure")
    if st.button("Erase for good", type="primary", disabled=not sure, key="erase-for-good"):
        do_erase(request, found, viewer)


def who_it_is(request: Request) -> str:
    """What tells them from others of the same name."""
    person = reads.life(request.candidate_id).profile
    place = ", ".join(md(part) for part in (person.title, person.company, person.location) if part)
    parts = (place, f"with {md(person.owner)}" if person.owner else "with nobody", md(person.email))
    return " · ".join(part for part in parts if part)


def looked_for(request: Request) -> Found:
    """Where others wrote of them; looked for once, while the dialog is open."""
    kept: tuple[int, Found] | None = st.session_state.get(state.NAMED_IN)
    if kept is None or kept[0] != request.id:
        with bar_of_tables("Looking for what others wrote of them") as looked:
            kept = (request.id, find(runtime.store(), request.candidate_id, looked))
        st.session_state[state.NAMED_IN] = kept
    return kept[1]


@contextmanager
def bar_of_tables(text: str) -> Iterator[Callable[[int, int], None]]:
    """A bar while every table is looked through."""
    bar = st.progress(0.0, text=text)

    def looked(done: int, of: int) -> None:
        bar.progress(done / of, text=text)

    yield looked
    bar.empty()


def draw_found(found: Found) -> None:
    others = found.to_take_out
    if not others:
        st.markdown(quiet("Nobody else’s notes, words or lists name them."))
    else:
        places = wording.plural(len(others), "place")
        st.markdown(f"Others wrote of them in {places}. The name is taken out there; what else it says stays.")
        st.dataframe(
            {
                "Where": [in_words(trace.table, trace.column) for trace in others[:SHOWN]],
                "What it says": [trace.excerpt for trace in others[:SHOWN]],
            },
            hide_index=True,
            alt="Places where others wrote of them",
        )
        if len(others) > SHOWN:
            st.markdown(quiet(f"And {len(others) - SHOWN:,} more."))
    if found.of_others:
        who = sorted({OTHERS.get(trace.table, "another candidate") for trace in found.of_others})
        st.markdown(quiet(f"The same name or address stays where it is somebody else’s: {wording.listed(who)}."))


def in_words(table: str, column: str) -> str:
    return f"{table.replace('_', ' ').capitalize()}, {column.replace('_', ' ')}"


def do_erase(request: Request, found: Found, viewer: Viewer) -> None:
    """No bar here: whoever touches something else would break it off where it moves, before anything is proven."""
    try:
        with st.spinner("Erasing them, and making sure that nothing is left"):
            proof = erase(runtime.store(), viewer, request.id, found, drafts=runtime.drafts())
    except (Refused, Unavailable) as refused:
        st.error(md(refused))
        return
    closed()
    actions.tell(f"Erased. {summary(proof)}.")
    st.rerun()
