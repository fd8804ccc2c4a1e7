"""Pipelines: all openings at a glance, and of the people in them who waits too long."""

from datetime import datetime
from functools import partial

import streamlit as st

from core.queries.openings import Glance, OpeningFilters, Order, Row, Shown
from pages.parts import actions, filters, glance, questions, reads, runtime, stages, table, wording
from pages.parts.layout import head_places, quiet, write_head
from pages.parts.wording import md

SIZE = 20
STATUS, CLIENT, WHOSE, ASKED = "status", "client", "openings", "openings-asked"
ORDERS = {
    "Most people waiting too long": Order.OVERDUE,
    "Longest silence": Order.SILENCE,
    "Most people": Order.PEOPLE,
    "Newest": Order.NEWEST,
    "Title": Order.TITLE,
    "Client": Order.CLIENT,
}
SHOWN = {Shown.OPEN: "Open", Shown.HELD: "On hold", Shown.ENDED: "Ended"}

viewer = runtime.require_viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar
day = calendar.day(now)
clients = dict(reads.clients())


# what is asked


# what is said


def title_of(seen: Glance) -> str:
    number = number_of_openings(seen)
    late = sum(cell.overdue for cell in seen.cells)
    called = {Shown.HELD: " on hold", Shown.ENDED: " that have ended" if number != 1 else " that has ended"}
    what = wording.spelled(number, "opening").capitalize()
    what += called.get(asked.status, "") if asked.status else ""
    if not number:
        return (
            "No opening found" if asked.text or asked.client_id or asked.owner_id or asked.status else "No opening yet"
        )
    if not late:
        return what if asked.status is Shown.ENDED else f"{what}, nobody is waiting too long"
    return f"{what}, {wording.spelled(late, 'person is', 'people are')} waiting too long"


def number_of_openings(seen: Glance) -> int:
    shown = [asked.status] if asked.status else [Shown.OPEN, Shown.HELD]
    return sum(seen.by_status[one] for one in shown)


def line_of(seen: Glance) -> str:
    people = sum(cell.number for cell in seen.cells)
    if not people:
        return "Nobody is in process."
    said = f"{wording.plural(people, 'person', 'people')} in process; too long is past the time of a word we owe"
    return f"{said} · {md(clients[asked.client_id])}" if asked.client_id in clients else said


def heading_of(seen: Glance) -> str:
    openings = wording.plural(seen.number, "opening")
    if not asked.narrows_people:
        return openings.capitalize()
    people = sum(cell.number for cell in seen.cells if cell.is_meant(asked))
    return f"{wording.plural(people, 'person', 'people')} in {openings}: {glance.said(asked)}"


# the list


def draw_list(rows: list[Row]) -> None:
    columns = {
        "title": table.text("Opening", 180, [row.title for row in rows]),
        "client": table.text("Client", 120, [row.client for row in rows]),
        "overdue": table.number(
            "Too long", 66, [row.overdue for row in rows], help="To so many of them a word is overdue"
        ),
        "number": table.number("People", 60, [row.number for row in rows]),
        "silent": table.text(
            "Silent for", 110, [silent(row.silent_since) for row in rows], help="The longest since our last word"
        ),
        "turn": table.text("Whose turn", 205, [turns(row) for row in rows]),
        "owner": table.text("With", 105, [row.owner for row in rows]),
        "since": table.text("Open since", 95, [wording.day(calendar.day(row.added_at), day) for row in rows]),
        "status": table.text("Status", 70, [wording.STATUSES[row.status] for row in rows]),
        "stages": table.text(
            "In each stage",
            250,
            [" · ".join(f"{name} {number}" for name, number in row.stages if number) for row in rows],
        ),
    }
    table.draw("openings", table.OPENING, [row.id for row in rows], columns, alt="Openings, a row each")


def silent(since: datetime | None) -> str:
    if since is None:
        return ""
    days = calendar.working_days_late(since, now)
    return wording.plural(days, "working day") if days else "today"


def turns(row: Row) -> str:
    names = ("ours", "client’s", "candidate’s")
    return ", ".join(f"{name} {number:,}" for name, number in zip(names, row.turns, strict=True) if number)


def draw_nothing() -> None:
    if asked.narrows_people or asked.text or asked.client_id or asked.owner_id or asked.status:
        st.markdown(quiet("No opening found. Fewer words, or fewer filters, find more."))
    else:
        st.markdown(
            "No opening yet. Add the first one; its stages come from a template, and people come in after that."
        )


# the page

table.follow()
words, controls = head_places()
with controls:
    owner_id = filters.owner(WHOSE, viewer)
    narrowing = st.popover("Filter", key="openings-filter", on_change="rerun")
    if viewer.may_edit:
        st.button("Templates", type="tertiary", key="templates", on_click=questions.ask, args=(stages.TEMPLATES, 0))
        st.button("New opening", type="primary", key="new-opening", on_click=questions.ask, args=(stages.NEW, 0))
places = [st.container() for _ in range(3)]
with places[0]:
    text, order = filters.searched_in_order("Title of an opening", ORDERS)
status = filters.chosen(STATUS, set(Shown).__contains__)
client = filters.chosen(CLIENT, {str(id_) for id_ in clients}.__contains__)
asked = OpeningFilters(
    owner_id=owner_id,
    status=Shown(status) if status else None,
    client_id=int(client) if client else None,
    text=text,
    order=order,
    **glance.chosen(),
)
filters.begin_anew(ASKED, asked)
seen = filters.page_reached(partial(reads.glance, asked), lambda seen: seen.number, SIZE)

write_head(words, title_of(seen), line_of(seen))
with words:
    actions.show_notice(undo_in=controls)
with places[0]:
    filters.draw_one_of(STATUS, {shown.value: f"{SHOWN[shown]} {seen.by_status[shown]:,}" for shown in Shown}, "Status")
if narrowing.open:
    with narrowing:
        filters.draw_select(CLIENT, {str(id_): name for id_, name in clients.items()}, "Client")
        glance.draw_pills(seen, asked)
with places[1]:
    if number_of_openings(seen):
        glance.draw(seen, asked)
with places[2]:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(heading_of(seen), anchor=False)
        if asked.narrows_people:
            st.button("Show all", type="tertiary", key="show-all", on_click=filters.show_all, args=glance.PEOPLE)
    if seen.rows:
        draw_list(seen.rows)
    else:
        draw_nothing()
filters.page(filters.own("page"), seen.number, SIZE)
if viewer.may_edit:
    questions.draw(stages.dialogs(viewer))
filters.to_address(STATUS, CLIENT, *glance.PEOPLE)
