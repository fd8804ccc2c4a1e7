"""Who may be one person: pairs that look alike, side by side; each is merged, or said to be two people."""

import streamlit as st

from core.domain.row_reasons import why
from core.queries.duplicates import MOST, Pair, Side
from pages.parts import actions, filters, moment, reads, runtime, side_by_side, wording
from pages.parts.layout import head, open_person, quiet
from pages.parts.wording import md

SIZE = 10
PAGE = "pairs"
WIDTH = 860

viewer = runtime.require_viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar


def title_of(number: int) -> str:
    if not number:
        return "Everybody is somebody of their own"
    if number >= MOST:
        return f"Over {MOST:,} pairs may be one person each"
    return f"{wording.plural(number, 'pair')} may be one person{' each' if number > 1 else ''}"


def line_of(number: int) -> str:
    if not number:
        return "Nobody looks like somebody else. Whoever is added or changed is compared with all the others."
    return "Merging keeps everything of both and can be undone. Who is said to be two people is not asked about again."


def draw_pair(pair: Pair, *, first: bool) -> None:
    one, other = pair.one, pair.other
    with st.container(border=True, gap="small"):
        st.markdown(f"{md(why(', '.join(pair.why)))} {quiet('found ' + wording.moment(pair.found_at, now, calendar))}")
        side_by_side.draw(one, other, now, calendar)
        with st.container(horizontal=True, vertical_alignment="center"):
            key = f"{one.id}-{other.id}"
            if viewer.may_edit:
                if st.button("Merge…", type="primary" if first else "secondary", key=f"merge-{key}"):
                    st.switch_page("merge.py", query_params={"one": str(one.id), "other": str(other.id)})
                st.button("Not the same person", key=f"two-{key}", on_click=say_two, args=(one, other))
            for side in (one, other):
                if st.button(f"Open {md(side.called)}", type="tertiary", key=f"open-{key}-{side.id}"):
                    open_person(side.id)


def say_two(one: Side, other: Side) -> None:
    if not moment.is_second_press("not-the-same"):
        side_by_side.say_two(one, other)


actions.show_notice()
number = reads.number_of_pairs()
with st.container(width=WIDTH):
    with head(title_of(number), line_of(number)):
        pass
    place = st.container()
    page = filters.page(PAGE, number, SIZE)
    with place:
        for place_in_list, pair in enumerate(reads.pairs(page)):
            draw_pair(pair, first=place_in_list == 0)
        if not number:
            st.page_link("candidates.py", label="All candidates")
