"""Insights: how well words are kept, how soon people are answered and told, and whom we left waiting, over months."""

from datetime import date

import streamlit as st
from dateutil.relativedelta import relativedelta

from core.charts.insights import percent
from core.domain.drafts import NAMES
from core.domain.promises import Kind
from core.queries.insights import InsightFilters, Insights, added
from pages.parts import filters, insight_figures, insight_rows, reads, runtime, scoring, table
from pages.parts.insight_figures import HOW, SEEN, Figure
from pages.parts.layout import head_places, write_head
from pages.parts.wording import md

WHOSE, PERIOD, MEMBER, WORD, CLIENT = "figures", "period", "colleague", "word", "client"
"""Names in the address."""
NARROWING = (PERIOD, MEMBER, WORD, CLIENT)
THREE, TWELVE, ALL = "3", "12", "all"
ASKED = "insights-asked"

viewer = runtime.require_viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar
today = calendar.day(now)
periods = {
    THREE: "3 months",
    TWELVE: "12 months",
    str(today.year): str(today.year),
    str(today.year - 1): str(today.year - 1),
    ALL: "All",
}
members, clients = dict(reads.colleagues()), dict(reads.clients())


def begins_and_ends(period: str) -> tuple[date | None, date | None]:
    """The first of a month, and the first of the month after the last; None: as far as there is anything."""
    this_month = today.replace(day=1)
    if period in (THREE, TWELVE):
        return this_month - relativedelta(months=int(period) - 1), None
    if period == ALL:
        return None, None
    year = int(period)
    return date(year, 1, 1), date(year + 1, 1, 1) if year < today.year else None


def title_of(seen: Insights) -> str:
    total = added(seen.words.values())
    if not total.can_be_told:
        return f"Words kept on time: too few to say ({total.n})"
    return f"{percent(total)} of {total.n:,} words were kept on time"


def line_of(asked: InsightFilters) -> str:
    when = {THREE: "the last 3 months", TWELVE: "the last 12 months", ALL: "all there is"}
    parts = [
        said_of(asked.owner_id),
        when.get(period, period),
        NAMES[asked.kind] if asked.kind else "every kind of word",
        f"about {md(clients[asked.client_id])}" if asked.client_id else "every client",
    ]
    return " · ".join(parts)


def said_of(owner_id: int | None) -> str:
    if owner_id is None:
        return "the team’s"
    return "yours" if owner_id == viewer.id else f"{md(members[owner_id])}’s"


def draw_filter() -> None:
    if whose is None:
        filters.draw_select(MEMBER, {str(id_): name for id_, name in members.items()}, "Whose")
    filters.draw_select(WORD, {kind.value: NAMES[kind] for kind in Kind}, "Which words")
    filters.draw_select(CLIENT, {str(id_): name for id_, name in clients.items()}, "Which client")


def draw_side_by_side(*figures: Figure) -> None:
    """Two questions beside each other, and beneath them what is behind either, where somebody looks at it."""
    for column, figure in zip(st.columns(len(figures), gap="large"), figures, strict=True):
        with column:
            insight_figures.draw(figure, chosen)
    if one and one.figure in {figure.key for figure in figures}:
        insight_rows.draw(one, now, calendar)


table.follow()
words, controls = head_places()
period = filters.one_of(PERIOD, periods, "Period", default=TWELVE, required=True)
with controls:
    whose = filters.owner(WHOSE, viewer)
    member = filters.chosen(MEMBER, lambda value: value.isdigit() and int(value) in members)
    word = filters.chosen(WORD, set(Kind).__contains__)
    client = filters.chosen(CLIENT, lambda value: value.isdigit() and int(value) in clients)
    with st.popover("Filter", key="insights-filter", on_change="rerun") as narrowing:
        if narrowing.open:
            draw_filter()
begin, end = begins_and_ends(period)
owner = whose or (int(member) if member else None)
asked = InsightFilters(begin, end, owner, Kind(word) if word else None, int(client) if client else None)
seen = reads.insights(asked)
chosen = filters.chosen(SEEN, lambda value: len(value) < 100)
filters.chosen(HOW, lambda value: value in insight_rows.HOWS)
if (one := insight_rows.behind(seen, asked, chosen)) is None and chosen:
    filters.choose(SEEN, "")  # no such bar is here any more
narrowed = (asked, chosen, filters.value_of(HOW))
filters.begin_anew(ASKED, narrowed)

write_head(words, title_of(seen), line_of(asked))
if not seen.is_empty:
    figures = insight_figures
    draw_side_by_side(figures.by_month(seen, chosen), figures.by_kind(seen, chosen))
    compared = [*([figures.by_owner] if owner is None else []), *([figures.by_client] if not client else [])]
    if compared:
        draw_side_by_side(*(figure(seen, chosen) for figure in compared))
    draw_side_by_side(figures.how_late(seen, chosen), figures.how_soon_answered(seen, chosen))
    draw_side_by_side(figures.how_soon_told(seen, chosen), figures.missed(seen, chosen))
    draw_side_by_side(figures.ghosted(seen, chosen), figures.alive(reads.pool_cohorts(owner), today))
    draw_side_by_side(figures.referred(reads.recommended_by_year()))
    scoring.draw(asked, now, calendar)
else:
    st.markdown(
        "Nothing has fallen due in this time. What you log on a person’s page opens and keeps words; "
        "each is counted here from the day it was due."
    )
filters.to_address(*NARROWING, SEEN, HOW)
