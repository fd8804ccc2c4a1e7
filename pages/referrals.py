"""Referrals: who brought whom over the years, as a picture and as a list, and what became of them."""

from collections import Counter
from collections.abc import Mapping
from functools import partial

import streamlit as st

from core.charts import bars
from core.charts import referrals as charts
from core.charts.referrals import CAME
from core.domain.network import Tree
from core.domain.referrals import CameTo
from core.queries.page import Page
from core.queries.referrals import PICTURED, Network, Numbers, Order, Person, Referrer
from pages.parts import actions, filters, reads, runtime, table, wording
from pages.parts.charts import clear_charts, key_of, spec_of
from pages.parts.layout import head_places, quiet, write_head

SIZE = 30
ASKED, PICTURE = "referrals-asked", "network"
CHOICES = TREE, SO_FAR = "tree", "came"
"""Names in the address: whose tree is chosen; how far those came who are meant."""
ORDERS = {"Brought the most": Order.BROUGHT, "Most hired": Order.HIRED, "Latest": Order.LATEST}
FORMULA = (
    "Of each: whom they recommended, how many of those came to an interview since, and how many were hired. Whoever "
    "was hired counts as met."
)

viewer = runtime.require_viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar
day = calendar.day(now)


def title_of(seen: Numbers) -> str:
    if not seen.brought:
        return "Nobody has recommended anybody yet"
    return f"{wording.plural(seen.brought, 'recommendation')} so far"


def line_of(seen: Numbers) -> str:
    by = f"By {wording.plural(seen.referrers, 'person', 'people')}"
    hired = f"{seen.hired:,} {'was' if seen.hired == 1 else 'were'} hired"
    return (
        f"{by}; {seen.met:,} led to an interview, {hired}; who was recommended twice counts twice"
        if seen.brought
        else ""
    )


def choose_in_picture() -> None:
    """Whoever was clicked: their tree is the list; a second click shows all again."""
    marks = st.session_state[key_of(PICTURE)].selection.get(bars.CHOSEN) or []
    if marks:
        clicked = str(marks[0].get("person") or "")
        filters.choose(TREE, "" if filters.value_of(TREE) == clicked else clicked)
        clear_charts()


def draw_picture(network: Network) -> None:
    st.subheader("Who brought whom", anchor=False)
    says = "From the left, where we met the first of each tree, along to whoever came through them."
    cut = f" Here are the largest trees, {PICTURED} people at most; the list has everybody." if network.is_cut else ""
    st.markdown(quiet(says + cut))
    chart = charts.network_chart(charts.height(frame), charts.states_in(frame), is_dense=charts.is_dense(frame))
    st.vega_lite_chart(
        frame,
        spec_of(chart, frame),
        theme=None,
        key=key_of(PICTURE),
        on_select=choose_in_picture,
        alt=charts.finding(network, trees),
    )


def draw_tree(network: Network, chosen: int, page: Page) -> None:
    """Everybody in it, in the order in which they came."""
    tree = tree_of(chosen)
    ids = list(page.of(sorted(tree.came, key=lambda id_: (tree.came[id_], id_))))
    by, brought = [tree.parent.get(id_) for id_ in ids], Counter(tree.parent.values())
    columns = {
        "name": table.text("Name", 200, [charts.called(network.people[id_]) for id_ in ids]),
        "title": table.text("Title", 220, [network.people[id_].title for id_ in ids]),
        "through": table.text(
            "Came through", 200, [charts.called(network.people[one]) if one is not None else charts.FIRST for one in by]
        ),
        "on": table.text("Since", 130, [wording.day(tree.came[id_], day) for id_ in ids]),
        "came": table.text(
            "What became of it",
            180,
            [CAME[network.came_to[id_]] if one is not None else "" for id_, one in zip(ids, by, strict=True)],
        ),
        "brought": table.number("Brought", 80, [brought[id_] for id_ in ids]),
    }
    table.draw("tree", table.PERSON, ids, columns, alt="Everybody in the tree, a row each")


def draw_list(rows: list[Referrer], people: Mapping[int, Person]) -> None:
    columns = {
        "name": table.text("Name", 230, [charts.called(people[row.id]) for row in rows]),
        "title": table.text("Title", 260, [people[row.id].title for row in rows]),
        "brought": table.number("Brought", 90, [row.brought for row in rows]),
        "met": table.number("Came to an interview", 150, [row.met for row in rows]),
        "hired": table.number("Hired", 80, [row.hired for row in rows]),
        "latest": table.text("Last recommended", 140, [wording.day(row.latest_on, day) for row in rows]),
    }
    table.draw("referrers", table.PERSON, [row.id for row in rows], columns, alt="Who recommends people")


def tree_of(chosen: int) -> Tree:
    return next(tree for tree in trees if chosen in tree.came)


# the page

table.follow()
words, controls = head_places()
network, seen = reads.network()
tree = filters.chosen(TREE, lambda value: value.isascii() and value.isdigit() and int(value) in network.people)
so_far = filters.chosen(SO_FAR, set(CameTo).__contains__)
chosen, came_to = int(tree) if tree else None, CameTo(so_far) if so_far else None
trees, frame = charts.drawn(network, day, chosen, came_to)

write_head(words, title_of(seen), line_of(seen))
with words:
    actions.show_notice(undo_in=controls)
if not seen.brought:
    st.markdown(
        "Whoever brings somebody is thanked, and hears what came of it. On a person’s page, under “Referrals”, note "
        "whom they recommended."
    )
    st.page_link("candidates.py", label="All candidates")
    filters.to_address(*CHOICES)
    st.stop()
with st.container(horizontal=True, vertical_alignment="bottom"):
    kinds = {one.value: f"{label.capitalize()} {seen.came_to.get(one, 0):,}" for one, label in CAME.items()}
    filters.draw_one_of(SO_FAR, kinds, "What became of it")
    names = {str(id_): charts.called(person) for id_, person in network.people.items()}
    with st.container(width=260):
        filters.draw_select(TREE, dict(sorted(names.items(), key=lambda one: one[1])), "Whose tree")
draw_picture(network)
heading, below = st.container(horizontal=True, vertical_alignment="center"), st.container()
if chosen is None:
    with heading:
        st.subheader("Who recommends people", anchor=False)
        if came_to is not None:
            st.button("Show all", type="tertiary", key="show-all", on_click=filters.show_all, args=CHOICES)
        st.space("stretch")
        asked = (came_to, filters.order(ORDERS, width=200))
    filters.begin_anew(ASKED, asked)
    read = partial(reads.referrers, seen, *asked)
    rows, total, people = filters.page_reached(read, lambda shown: shown[1], SIZE)
    with below:
        if rows:
            draw_list(rows, people)
            st.markdown(quiet(FORMULA))
        else:
            st.markdown(quiet("Nobody whom somebody recommended has come just so far."))
    filters.page(filters.own("page"), total, SIZE)
else:
    number = len(tree_of(chosen).came)
    with heading:
        whose = f"The tree of {charts.called(network.people[chosen])}: {wording.plural(number, 'person', 'people')}"
        st.subheader(wording.md(whose), anchor=False)
        st.button("Show all", type="tertiary", key="show-all", on_click=filters.show_all, args=CHOICES)
    page = filters.page("tree-page", number, SIZE)
    with below:
        draw_tree(network, chosen, page)
filters.to_address(*CHOICES)
