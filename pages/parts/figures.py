"""Beside the queue of Today: how many wait, how well words are kept, and what falls due in the coming four weeks."""

from datetime import date, datetime

import streamlit as st

from core.charts import promises as charts
from core.domain.calendar import Calendar
from core.domain.drafts import NAMES
from core.domain.percentiles import FEWEST
from core.domain.promises import Kind
from core.queries.promises import Counts, PromiseFilters, Today
from pages.parts import filters, wording
from pages.parts.charts import key_of, spec_of
from pages.parts.layout import quiet


def draw_metrics(today: Today, now: datetime, calendar: Calendar) -> None:
    overdue = today.counts.overdue.total()
    grid = st.grid(2, min_column_width=140)
    grid.metric(
        "Waiting now",
        wording.plural(today.counts.waiting, "word"),
        f"{overdue:,} overdue" if overdue else "none overdue",
        delta_color="red" if overdue else "off",
        delta_arrow="off",
        border=True,
        height="stretch",
    )
    late = calendar.working_days_late(today.longest.due_at, now) if today.longest else 0
    grid.metric(
        "Longest wait",
        wording.plural(late, "day") if late else "today" if today.longest else "nobody",
        "working days late" if late else None,
        delta_color="red" if late else "off",
        delta_arrow="off",
        border=True,
        height="stretch",
    )
    enough = today.kept.number >= FEWEST
    weeks = [week.share for week in today.weeks if week.share is not None]
    with grid.cell(column_span="all"):
        st.metric(
            "Kept on time",
            wording.share(today.kept.on_time, today.kept.number),
            f"of {wording.plural(today.kept.number, 'word')} due in 30 days" if enough else None,
            delta_color="off",
            delta_arrow="off",
            chart_data=[round(100 * share) for share in weeks] if enough and len(weeks) > 2 else None,
            chart_type="area",
            border=True,
        )


def draw_coming(counts: Counts, chosen: PromiseFilters, day: date, calendar: Calendar) -> None:
    """The coming four weeks as a chart, as weeks to choose from, and as words."""
    by_day = {**counts.coming, **{(day, kind): n for kind, n in counts.due.items()}}
    frame = charts.due_frame(by_day, day, calendar)
    st.subheader("Words due, by working day", anchor=False)
    if not frame.num_rows:
        st.markdown(quiet("Nothing is due in the coming four weeks."))
        return
    st.vega_lite_chart(
        frame,
        spec_of(charts.due_chart, frame, charts.families_in(frame)),
        theme=None,
        key=key_of("due"),
        on_select=choose_in_chart,
        alt=charts.finding(by_day),
    )
    filters.due(weeks_to_choose(by_day, chosen, day))
    st.markdown(next_days(counts, day))


def choose_in_chart() -> None:
    """A piece of a bar, or a family in the legend, narrows the list; a second click widens it again."""
    selection = st.session_state[key_of("due")].selection
    bars, families = selection.get(charts.BAR) or [], selection.get(charts.FAMILY) or []
    kinds = {str(bar.get("kind")) for bar in bars}
    kinds |= {kind.value for chosen in families for kind in charts.FAMILIES.get(chosen.get("family"), ())}
    filters.choose_promises(kinds, str(bars[0].get("day")) if bars else "")


def weeks_to_choose(by_day: dict[tuple[date, Kind], int], chosen: PromiseFilters, day: date) -> dict[str, str]:
    """The weeks with a word due, each with its number, by their value in the address; and what is chosen."""
    weeks: dict[str, str] = {}
    for name, begin, end in charts.weeks_ahead(day):
        number = sum(n for (on, kind), n in by_day.items() if begin <= on <= end and chosen.means(kind))
        if number:
            weeks[filters.days(begin, end)] = f"{name} {number:,}"
    if chosen.due_from and chosen.due_to:
        picked = filters.days(chosen.due_from, chosen.due_to)
        weeks.setdefault(picked, wording.days(chosen.due_from, chosen.due_to, day))
    return weeks


def next_days(counts: Counts, day: date) -> str:
    """The next five days with a word due, a line each."""
    by_day: dict[date, dict[Kind, int]] = {}
    for (on, kind), number in counts.coming.items():
        by_day.setdefault(on, {})[kind] = number
    lines = []
    for on in sorted(by_day)[:5]:
        kinds = sorted(by_day[on].items(), key=lambda item: -item[1])
        words = ", ".join(f"{NAMES[kind].lower()} {number:,}" for kind, number in kinds[:4])
        lines.append(f"{wording.day(on, day)} · {wording.plural(sum(by_day[on].values()), 'word')}  \n{quiet(words)}")
    return "\n\n".join(lines)
