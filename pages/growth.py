"""Growth: career changers, juniors, interns, and whoever told us what they want to become; whom to look at again."""

from functools import partial

import streamlit as st

from core.domain.growth import Beginner
from core.queries.growth import MOST, Growing, GrowthFilters, Numbers, Order
from pages.parts import actions, filters, reads, runtime, table, wording
from pages.parts.growing import BEGINNERS
from pages.parts.layout import head_places, quiet, write_head

SIZE, TALL = 30, 62
"""People on a page, and a row's height: what they said is read, not guessed from its beginning."""
ASKED = "growth-asked"
AS, AGAIN = "as", "again"
"""Names in the address: what they begin as; whether to be looked at again soon."""
SOON = "soon"
ORDERS = {"Look again soonest": Order.AGAIN, "Latest note": Order.NOTED}

viewer = runtime.require_viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar
day = calendar.day(now)


def title_of(seen: Numbers) -> str:
    if not seen.people:
        return "Nobody has told us what they want to become"
    if not seen.due:
        return f"{wording.plural(seen.people, 'person', 'people')} on the way to something"
    return f"{wording.spelled(seen.due, 'person', 'people').capitalize()} to look at again within seven days"


def line_of(seen: Numbers) -> str:
    others = seen.begin.get(None, 0)
    parts = [wording.plural(seen.begin.get(one, 0), BEGINNERS[one].lower()) for one in Beginner]
    said = f"{', '.join(parts)}; {others:,} more who told us what they want to become"
    return said if seen.people else ""


def draw_list(rows: list[Growing]) -> None:
    columns = {
        "name": table.text("Name", 125, [row.name for row in rows]),
        "begins": table.text("Begins as", 105, [BEGINNERS[row.begins_as] if row.begins_as else "" for row in rows]),
        "again": table.text(
            "Look again",
            85,
            [wording.day(calendar.day(row.revisit_due_at), day) if row.revisit_due_at else "" for row in rows],
        ),
        "wants": table.text("Wants", 195, [row.wants for row in rows]),
        "advice": table.text("Last advice", 230, [advice_of(row) for row in rows]),
        "came": table.text("What came of it", 205, [row.came_of_it for row in rows]),
    }
    alt = "People who want to become something, a row each"
    table.draw("growth", table.PERSON, [row.id for row in rows], columns, alt=alt, row_height=TALL)


def advice_of(row: Growing) -> str:
    return f"{calendar.day(row.advised_at):%b %Y}: {row.advice}" if row.advised_at else ""


def draw_nobody(asked: GrowthFilters, seen: Numbers) -> None:
    if seen.people:
        st.markdown(quiet("Nobody is meant by this choice. Fewer filters find more."))
        return
    whose = "" if asked.owner_id is None else "of yours " if asked.owner_id == viewer.id else "of theirs "
    st.markdown(
        f"Nobody {whose}begins as something, and no wish is noted yet. On a person’s page, under “Growth”, note what "
        "they want to become and what you advise; in the grid of Candidates, mark who is a career changer, a junior "
        "or an intern."
    )
    st.page_link("candidates.py", label="All candidates")


# the page

table.follow()
words, controls = head_places()
with controls:
    owner_id = filters.owner("growth-of", viewer)
with st.container(horizontal=True, vertical_alignment="center"):
    chips = st.container()
    order = filters.order(ORDERS, width=230)
begins_as = filters.chosen(AS, set(Beginner).__contains__)
again = filters.chosen(AGAIN, SOON.__eq__)
asked = GrowthFilters(
    owner_id=owner_id,
    begins_as=Beginner(begins_as) if begins_as else None,
    is_due=bool(again),
    order=order,
)
filters.begin_anew(ASKED, asked)
seen, found = filters.page_reached(partial(reads.growing, asked), lambda shown: shown[1].number, SIZE)

write_head(words, title_of(seen), line_of(seen))
with words:
    actions.show_notice(undo_in=controls)
if seen.people:
    with chips.container(horizontal=True):
        kinds = {one.value: f"{label} {seen.begin.get(one, 0):,}" for one, label in BEGINNERS.items()}
        filters.draw_one_of(AS, kinds, "Begins as")
        filters.draw_one_of(AGAIN, {SOON: f"To look at again within seven days {seen.due:,}"}, "Look again")
if found.rows:
    draw_list(found.rows)
else:
    draw_nobody(asked, seen)
if found.is_cut:
    st.markdown(quiet(f"The first {MOST:,} are listed. Choose fewer above to see others."))
filters.page(filters.own("page"), found.number, SIZE)
filters.to_address(AS, AGAIN)
