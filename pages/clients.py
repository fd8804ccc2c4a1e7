"""Clients, the mirror: how soon each answers, whom it leaves without an answer, the slowest first."""

from functools import partial

import streamlit as st

from core.commands.clients import add_client, take_back_client
from core.persistence.work import Viewer
from core.queries.clients import Answers, Listed, Order, Row
from pages.parts import actions, filters, questions, reads, runtime, table, unsaved, wording
from pages.parts.choosing import choose_one
from pages.parts.layout import head_places, quiet, write_head
from pages.parts.questions import asked_no_more
from pages.parts.wording import md

SIZE = 30
ADD, ASKED = "Add a client", "clients-asked"
ORDERS = {
    "Slowest to answer": Order.ANSWER,
    "Most people without an answer": Order.SILENT,
    "Most people in process": Order.PEOPLE,
    "Name": Order.NAME,
}
FORMULA = (
    "Days to answer: working days from when we began to wait to the client’s word, of the answers given in the last "
    "twelve months; the median, then the 90th percentile, then of how many. Silent now: people we have waited to hear "
    "of for longer than the client’s answer time. Missed, moved: interviews in the last twelve months that the client "
    "did not come to, and those moved or cancelled because it wanted so."
)

viewer = runtime.require_viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar
day = calendar.day(now)


# what is said


def title_of(seen: Listed) -> str:
    clients, people = seen.silent, seen.without_answer
    if not clients:
        return "No client is silent" if seen.number or text else "No client yet"
    who = wording.spelled(clients, "client leaves", "clients leave").capitalize()
    return f"{who} {wording.spelled(people, 'person', 'people')} without an answer"


def answer_words(answers: Answers) -> str:
    if not answers.can_be_told:
        return f"too few to say ({answers.n})"
    return f"{answers.median:g} · {answers.ninetieth} · of {answers.n:,}"


def draw_list(rows: list[Row]) -> None:
    columns = {
        "name": table.text("Client", 165, [row.name for row in rows]),
        "answers": table.text(
            "Days to answer",
            130,
            [answer_words(row.answers) for row in rows],
            help="Median · 90th percentile · of how many answers, in working days",
        ),
        "silent": table.number("Silent now", 78, [row.silent for row in rows], help="People, past its answer time"),
        "longest": table.text(
            "Longest since",
            105,
            [wording.day(calendar.day(row.silent_since), day) if row.silent_since else "" for row in rows],
        ),
        "missed": table.number("Missed", 58, [row.missed for row in rows], help="Interviews in twelve months"),
        "moved": table.number("Moved", 58, [row.moved for row in rows], help="Or cancelled, because it wanted so"),
        "people": table.number("In process", 74, [row.people for row in rows]),
        "openings": table.number("Openings", 70, [row.openings for row in rows], help="Open, or on hold"),
        "time": table.text(
            "Answers within",
            100,
            [wording.plural(row.answer_time, "day") for row in rows],
            help="Its answer time, in working days",
        ),
        "owner": table.text("With", 105, [row.owner for row in rows]),
    }
    table.draw("clients", table.CLIENT, [row.id for row in rows], columns, alt="Clients, a row each")


@st.dialog(ADD, on_dismiss=asked_no_more)
def ask_new(viewer: Viewer) -> None:
    operation = actions.operation("add-client")
    name = st.text_input("Name", **unsaved.kept(f"client-name-{operation}", "Name of a new client"))
    kept = unsaved.kept(f"client-owner-{operation}", begun=viewer.id)
    owner = choose_one("With", dict(reads.colleagues()), viewer.id, **kept)
    note = st.text_area("Note", **unsaved.kept(f"client-note-{operation}", "Note on a new client"))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        is_pressed = st.button("Add the client", type="primary", key="add-it")
        actions.draw_start_anew(operation)
    if is_pressed:
        if (known := " ".join((name or "").split())) in {each for _, each in reads.clients()}:
            st.error(md(f"There is a client “{known}” already."))
            return
        actions.act(
            add_client,
            name or "",
            owner_id=owner,
            note=note or "",
            done=f"Added: {name}",
            operation=operation,
            undo_by=take_back_client,
            before_rerun=asked_no_more,
        )


# the page

table.follow()
words, controls = head_places()
if viewer.may_edit:
    controls.button(ADD, type="primary", key="add-client", on_click=questions.ask, args=(ADD, 0))
asked = (text, _) = filters.searched_in_order("Name of a client", ORDERS)
filters.begin_anew(ASKED, asked)
seen = filters.page_reached(partial(reads.clients_listed, *asked), lambda seen: seen.number, SIZE)

write_head(words, title_of(seen), wording.plural(seen.number, "client"))
with words:
    actions.show_notice(undo_in=controls)
if seen.rows:
    draw_list(seen.rows)
    st.markdown(quiet(FORMULA))
elif text:
    st.markdown(quiet("No client found. Fewer letters find more."))
else:
    st.markdown("No client is here yet. Add the first one, or name it with a new opening.")
filters.page(filters.own("page"), seen.number, SIZE)
if viewer.may_edit:
    questions.draw({(ADD, 0): partial(ask_new, viewer)})
