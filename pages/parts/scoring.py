"""How candidates score us, on Insights: cNPS by the outcome they had been told, and what they wrote."""

from datetime import datetime

import streamlit as st

from core.charts.timeline import ENDS
from core.domain.calendar import Calendar
from core.domain.facts import Result
from core.queries.insights import InsightFilters
from core.queries.survey import NetScore, Scored
from pages.parts import filters, reads, wording
from pages.parts.layout import open_person, quiet
from pages.parts.wording import md

ROWS, PAGE = 5, "scored-page"
TOLD = ENDS | {Result.HIRED: "hired"}


def draw(asked: InsightFilters, now: datetime, calendar: Calendar) -> None:
    together, by_result = reads.net_scores(asked)
    st.subheader("How do candidates score us?", anchor=False)
    if not together.n:
        st.markdown(quiet("Nobody has scored us in this time. Candidates do, on their own page, once they were told."))
        return
    st.markdown(f"**{said(together)}** {quiet('all of them')}")
    st.markdown("\n".join(f"- {TOLD[result]}: **{said(net)}**" for result, net in by_result.items()))
    st.markdown(
        quiet(
            "cNPS: the share of those who gave 9 or 10 less that of those who gave 0 to 6, in points of a hundred, by"
            " the outcome they had been told when they scored us, and the day they did. Once for each process. A"
            " member’s are those of their processes; not by kind."
        )
    )
    with st.expander("What they wrote", key="what-they-wrote", on_change="rerun") as written:
        if not written.open:
            return
        for one in reads.scored(asked, filters.page_within(PAGE, together.n, ROWS)):
            draw_one(one, now, calendar)
        if together.n > ROWS:
            filters.page(PAGE, together.n, ROWS)


def said(net: NetScore) -> str:
    """“+45, of 22”; “−14, of 14”; “too few to say (3)”."""
    return f"too few to say ({net.n})" if net.net is None else f"{net.net:+d}, of {net.n:,}".replace("-", "−")


def draw_one(one: Scored, now: datetime, calendar: Calendar) -> None:
    when = wording.day(calendar.day(one.at), calendar.day(now))
    words = f"  \n{wording.quote(one.words, 500)}" if one.words else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        line = quiet(f"{md(one.opening)}, {TOLD[one.result]} · {when}")
        st.markdown(f"**{one.score}** {md(one.name)} {line}{words}", width="stretch")
        if st.button("Open", type="tertiary", key=f"scored-{one.process_id}"):
            open_person(one.candidate_id)
