"""Audit trail: who did what, when, to whom, and what stood there before; narrowed, and as a file."""

from collections.abc import Iterator

import streamlit as st

from core.commands.trail import note_export
from core.importers.exports import sheet
from core.queries import trail
from core.queries.trail import About, Entry, TrailFilters
from pages.parts import actions, filters, reads, runtime, state, table, team_tabs, wording
from pages.parts.layout import head_places, quiet, write_head
from pages.parts.questions import DATES
from pages.parts.wording import md

WHO, WHAT, ABOUT, SINCE, UNTIL, BEFORE, AFTER = "who", "what", "about", "since", "until", "before", "after"
COUNTED = 10_000
"""More entries of today than that are not counted."""

viewer = runtime.require_viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar
day = calendar.day(now)


# what is asked


def draw_filters(members: dict[str, str], done: dict[str, str]) -> TrailFilters:
    who = filters.chosen(WHO, members.__contains__)
    what = filters.chosen(WHAT, done.__contains__)
    begin, end = filters.chosen_day(SINCE, day), filters.chosen_day(UNTIL, day)
    about = About.of(filters.chosen(ABOUT, lambda value: About.of(value) is not None))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=220):
            filters.draw_select(WHO, members, "Who")
        with st.container(width=260):
            filters.draw_select(WHAT, done, "What")
        filters.draw_day(SINCE, "From", max_value=day, format=DATES, width=150)
        filters.draw_day(UNTIL, "Until", max_value=day, format=DATES, width=150)
    if about is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            whom = md(reads.trail_called(about) or "somebody erased")
            st.markdown(f"What was done to **{whom}**, and to what is theirs.", width="content")
            st.button("Show everything", type="tertiary", key="everything", on_click=filters.choose, args=(ABOUT, ""))
    return TrailFilters(int(who) if who else None, what, about, begin, end)


def turn(to: str, entry_id: int | None) -> None:
    """A callback: to the entries before this one, or after it; None: to the newest."""
    for name in (BEFORE, AFTER):
        st.query_params.pop(name, None)
    if entry_id is not None:
        st.query_params[to] = str(entry_id)


# what is shown


def title_of(number: int) -> str:
    if number >= COUNTED:
        return f"Over {COUNTED:,} things were done today"
    return f"{wording.spelled(number, 'thing was', 'things were').capitalize()} done today"


def draw_entries(entries: list[Entry]) -> None:
    columns = {
        "when": table.text("When", 135, [wording.moment(entry.at, now, calendar) for entry in entries]),
        "who": table.text("Who", 130, [entry.who for entry in entries]),
        "what": table.text("What", 190, [entry.action.capitalize() for entry in entries]),
        "about": table.text("About", 190, [entry.about for entry in entries]),
        "changes": table.text("Before and after", "large", [" · ".join(entry.changes) for entry in entries]),
    }
    places, ids = [entry.place for entry in entries], [entry.place_id for entry in entries]
    table.draw("trail", places, ids, columns, alt="What was done, a row each, the newest first")


def draw_ways(shown: trail.Piece) -> None:
    with st.container(horizontal=True, horizontal_alignment="center"):
        if shown.newer:
            st.button("Newest", type="tertiary", key="newest", on_click=turn, args=(AFTER, None))
            st.button("Newer", key="newer", on_click=turn, args=(AFTER, shown.entries[0].id))
        if shown.older:
            st.button("Older", key="older", on_click=turn, args=(BEFORE, shown.entries[-1].id))


# as a file


def make_file(chosen: TrailFilters) -> None:
    """That it was made stands in the trail before anybody has it."""
    bar, number = st.progress(0.0, text="Writing the file"), 0

    def rows() -> Iterator[list[str]]:
        nonlocal number
        with store.reading() as session:
            for number, row in enumerate(trail.exported(session, chosen, calendar), 1):
                if number % 1_000 == 0:
                    bar.progress(number / trail.MOST, text=f"{number:,} entries")
                yield row

    file = sheet(trail.HEADER, rows())
    with store.working(viewer) as work:
        note_export(work, "audit trail", number)
    bar.empty()
    st.download_button(
        f"Download {wording.plural(number, 'entry', 'entries')}",
        data=file,
        file_name=f"audit-trail-{day}.csv",
        mime="text/csv",
        key="download-trail",
        on_click="ignore",
    )


# the page

table.follow()
team_tabs.draw(viewer)
people, actions_done = reads.trail_choices()
words, controls = head_places()
wants_file = controls.button(
    "Make a file", key="make-file", help=f"For a spreadsheet: the newest {trail.MOST:,} entries."
)
number, head = reads.trail_today(calendar.start_of(day), COUNTED)
write_head(
    words,
    title_of(number),
    f"Nothing here can be changed · entry {head.entry_id:,} is sealed {head.seal.hex()[:12]}…",
    more=f"`{head}`  \nKept elsewhere, this tells whether the trail up to here is still the same:"
    " `perennial check --sealed`",
)
actions.show_notice()
chosen = draw_filters(
    {str(id_): name for id_, name in [*people, (trail.PROGRAM, "Perennial itself")]},
    {action: action.capitalize() for action in actions_done},
)
if st.session_state.setdefault(state.TRAIL_ASKED, chosen) != chosen:  # whoever asks for something else begins anew
    st.session_state[state.TRAIL_ASKED] = chosen
    turn(BEFORE, None)
if wants_file:
    make_file(chosen)
shown = reads.trail_piece(chosen, filters.id_in_address(BEFORE), filters.id_in_address(AFTER))
if shown.entries:
    draw_entries(shown.entries)
    draw_ways(shown)
else:
    st.markdown(quiet("Nothing like that was done. Take a filter away, or choose other days."))
filters.to_address(WHO, WHAT, ABOUT, SINCE, UNTIL)
