"""Privacy: what people ask of their data, who was kept long enough, and what is kept at all, and why."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.commands.policy import MOST_MONTHS, set_retention
from core.domain.refusal import Refused
from core.domain.register import register
from core.domain.retention import LastAct
from core.erasing import erase_due
from core.persistence.store import Unavailable
from core.persistence.tables.privacy import RequestKind
from core.queries.privacy import AHEAD, MOST, Due, Falling, Request
from pages.parts import (
    actions,
    coming_in,
    filters,
    questions,
    reads,
    requests,
    runtime,
    state,
    table,
    team_tabs,
    wording,
)
from pages.parts.consenting import ACTS, NEVER_ACTED
from pages.parts.finding import search_people
from pages.parts.layout import head_places, people_done, quiet, write_head
from pages.parts.questions import answer, asked_no_more
from pages.parts.wording import md

NOTE, MONTHS, ERASE = "Note a request", "Change how long…", "Erase"
SIZE, ANSWERED, FOUND = 20, 10, 6
WHICH, SOON = "which", "soon"
"""In the address: who falls due now, unless it says soon."""
NAMED = 10
"""So many who were left are named."""

viewer = runtime.require_viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar
day = calendar.day(now)


# what is said


def title_of(waiting: int, overdue: int, due: Due) -> str:
    if overdue:
        asked = ("request about somebody’s data is", "requests about people’s data are")
        return f"{wording.spelled(overdue, *asked).capitalize()} overdue"
    if waiting:
        return wording.spelled(waiting, "request waits", "requests wait").capitalize()
    if due.now:
        number = wording.spelled(due.now) if due.now <= MOST else count(due.now)
        return f"{number.capitalize()} {'person was' if due.now == 1 else 'people were'} kept long enough"
    return "Nobody waits for an answer about their data"


def line_of(due: Due, months: int) -> str:
    kept = f"people are kept for {wording.plural(months, 'month')} after their own last act"
    return f"{count(due.now)} fall due now, {count(due.soon)} within {AHEAD} months · {kept}"


def count(number: int) -> str:
    return f"{number:,}" if number <= MOST else f"over {MOST:,}"


def act_in_words(act: LastAct | None) -> str:
    return ACTS[act.what].capitalize() if act else NEVER_ACTED.capitalize()


# requests


def draw_requests(waiting: list[Request], number: int) -> None:
    st.subheader("Requests", anchor=False)
    if not waiting:
        said = "Nobody waits. Whoever asks to see their data, or to be forgotten, is noted here or on their page."
        st.markdown(quiet(said))
    for request in waiting:
        requests.draw_open(request, viewer, now, calendar, with_person=True)
    if number > SIZE:
        filters.page("requests", number, SIZE)


def draw_answered(number: int) -> None:
    with st.expander(f"Answered · {number:,}", key="answered-ones", on_change="rerun") as answered:
        if answered.open:
            for request in reads.requests_answered(filters.page_within("answered", number, ANSWERED)):
                requests.draw_answered(request, viewer, now, calendar)
            if number > ANSWERED:
                filters.page("answered", number, ANSWERED)


@st.dialog(NOTE, on_dismiss=asked_no_more)
def ask_who() -> None:
    kind = st.segmented_control(
        "Somebody asks",
        list(RequestKind),
        default=RequestKind.SEE,
        format_func=lambda one: requests.KINDS[one],
        required=True,
        key="request-kind",
    )
    text, people = search_people("Who", FOUND, key="request-who")
    label = {RequestKind.SEE: requests.SEE, RequestKind.FORGET: requests.BE_FORGOTTEN}[kind]
    for one in people:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{md(coming_in.called(one))} {quiet(md(coming_in.about(one)))}", width="stretch")
            if st.button("Choose", key=f"choose-{one.id}"):
                st.session_state[state.REQUEST_OF] = (one.id, coming_in.called(one), kind)
                questions.ask(label, one.id)
                st.rerun()
    if text and not people:
        st.markdown(quiet("Nobody is called that: we know nothing of them, and that is the answer."))


# who falls due


def draw_due(due: Due) -> None:
    st.subheader("Kept long enough", anchor=False)
    if not due.now and not due.soon:
        st.markdown(quiet(f"Nobody, and nobody will have been within {AHEAD} months."))
        return
    which = {"": f"Now {count(due.now)}", SOON: f"Within {AHEAD} months {count(due.soon)}"}
    soon = filters.one_of(WHICH, which, "Which", required=True) == SOON
    filters.to_address(WHICH)
    number = min(due.soon if soon else due.now, MOST)
    key = f"due-{SOON if soon else 'now'}"
    rows = reads.falling_due(filters.page_within(key, number, SIZE), soon=soon)
    ticked = draw_falling(rows, marks="ticked" if viewer.is_admin and not soon else None)
    if number > SIZE:
        filters.page(key, number, SIZE)
    if viewer.is_admin and due.now and not soon:
        draw_erase(due, ticked)


def draw_falling(rows: list[Falling], marks: str | None) -> list[int]:
    if not rows:
        st.markdown(quiet("Nobody."))
        return []
    columns = {
        "name": table.text("Name", 190, [row.name for row in rows]),
        "owner": table.text("With", 150, [row.owner for row in rows]),
        "act": table.text("Their own last act", 230, [act_in_words(row.act) for row in rows]),
        "acted": table.text("When", 120, [wording.day(row.acted_on, day) for row in rows]),
        "due": table.text("Kept until", 120, [wording.day(row.due_on, day) for row in rows]),
    }
    alt = "People who were kept long enough, a row each"
    return table.draw("due", table.PERSON, [row.id for row in rows], columns, alt=alt, marks=marks)


def draw_erase(due: Due, ticked: list[int]) -> None:
    number = len(ticked) or min(due.now, MOST)
    who = wording.plural(number, "person", "people")
    with st.container(horizontal=True, vertical_alignment="center"):
        everybody = "All who were kept long enough." if due.now <= MOST else "Those who were kept the longest."
        said = "Those ticked." if ticked else f"{everybody} Tick some to choose only those."
        st.markdown(quiet(said), width="stretch")
        if st.button(f"Erase {who}…", key="erase-due"):
            st.session_state[state.TO_ERASE] = ticked
            questions.ask(ERASE, 0)


@st.dialog("Erase those kept long enough", on_dismiss=asked_no_more)
def ask_erase() -> None:
    ids = st.session_state.get(state.TO_ERASE) or reads.all_due()
    who = wording.plural(len(ids), "person", "people")
    st.markdown(f"All that is known of **{who}** goes; counts stay. It can’t be undone.")
    st.markdown(
        quiet("Whoever acts meanwhile, asks to see it, comes into process or is kept for a claim is left, and named.")
    )
    typed = st.text_input(f"Type {len(ids)} to erase {who}", key="erase-number")
    if st.button("Erase for good", type="primary", disabled=(typed or "").strip() != str(len(ids)), key="erase-them"):
        erase(ids)


def erase(ids: list[int]) -> None:
    try:
        due = erase_due(store, viewer, ids, people_done(st.progress(0.0)))
    except (Refused, Unavailable) as refused:
        st.error(md(refused))
        return
    left = list(reads.names_of(due.left[:NAMED]).values())
    said = f"Erased: {wording.plural(due.done, 'person', 'people')}"
    if left:
        more = [f"{len(due.left) - NAMED:,} more"] if len(due.left) > NAMED else []
        said += f". Left, since they acted meanwhile or are kept: {wording.listed([*left, *more])}"
    asked_no_more()
    st.session_state.pop(state.TO_ERASE, None)
    actions.tell(said)
    st.rerun()


# what is kept, and why


@st.dialog("How long people are kept", on_dismiss=asked_no_more)
def ask_months(months: int) -> None:
    chosen = st.number_input("Months after their own last act", 1, MOST_MONTHS, months, key="months")
    st.markdown(quiet("Nobody is erased by this: whoever falls due is listed here, and an admin decides."))
    if st.button("Keep them so long", type="primary", key="set-months"):
        answer(set_retention, int(chosen), done=f"People are kept for {wording.plural(int(chosen), 'month')}")


def draw_register(months: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("What we keep, and why", anchor=False, width="stretch")
        if viewer.is_admin and st.button(MONTHS, type="tertiary", key="change-months"):
            questions.ask(MONTHS, 0)
    st.markdown(quiet("The register of processing, art. 30 GDPR, as this team has set it."))
    rows = register(reads.policy())
    st.table(
        {
            "What for": [one.purpose for one in rows],
            "Whose data, and which": [one.data for one in rows],
            "On what ground": [one.ground for one in rows],
            "Who receives it": [one.recipients for one in rows],
            "How long": [one.period for one in rows],
        },
        border="horizontal",
        hide_index=True,
        alt="What is done with people’s data: what for, on what ground, who receives it, and how long it is kept",
    )


# the page

table.follow()
team_tabs.draw(viewer)
words, controls = head_places()
waiting, overdue = reads.number_of_requests_waiting()
answered = reads.number_of_requests_answered()
due, months = reads.number_falling_due()
write_head(words, title_of(waiting, overdue, due), line_of(due, months))
with words:
    actions.show_notice(undo_in=controls)
if viewer.may_edit and controls.button(NOTE, key="note-a-request"):
    questions.ask(NOTE, 0)
asked = reads.requests_waiting(filters.page_within("requests", waiting, SIZE)) if waiting else []
draw_requests(asked, waiting)
if answered:
    draw_answered(answered)
draw_due(due)
draw_register(months)
dialogs: dict[tuple[str, int], Callable[[], None]] = {}
if viewer.may_edit:
    dialogs |= requests.dialogs(asked, viewer, now, calendar)
    dialogs[NOTE, 0] = ask_who
    if state.REQUEST_OF in st.session_state:
        id_, called, kind = st.session_state[state.REQUEST_OF]
        for label in (requests.SEE, requests.BE_FORGOTTEN):
            dialogs[label, id_] = partial(requests.ask_kind, id_, called, kind, day)
if viewer.is_admin:
    dialogs[ERASE, 0] = ask_erase
    dialogs[MONTHS, 0] = partial(ask_months, months)
questions.draw(dialogs)
