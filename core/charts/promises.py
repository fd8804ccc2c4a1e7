"""Charts of what is owed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import altair as alt

from core.charts.dress import Palette, dress
from core.charts.frames import Frame, frame
from core.domain.calendar import ONE_DAY, Calendar
from core.domain.drafts import NAMES
from core.domain.promises import Kind
from core.queries.promises import AHEAD

FAMILIES: dict[str, tuple[Kind, ...]] = {
    "answers": (Kind.REPLY, Kind.FEEDBACK, Kind.AMENDS, Kind.THANKS),
    "processes": (Kind.UPDATE, Kind.DELAY, Kind.DEBRIEF, Kind.INTRODUCE),
    "clients, meetings": (Kind.CHASE, Kind.OUTCOME),
    "relationships": (Kind.KEEP_IN_TOUCH, Kind.FOLLOW_UP, Kind.REVISIT, Kind.CHECK_IN),
    "consent": (Kind.CONSENT,),
}
"""Fifteen kinds have no fifteen colours: a kind is drawn in the colour of what it is for."""

FAMILY_OF = {kind: family for family, kinds in FAMILIES.items() for kind in kinds}
HEIGHT = 190
BAR, FAMILY = "bar", "family"
"""The chart's selections: one piece of a bar, by day and kind; one family, from the legend."""

_MONDAYS = "utcFormat(toDate(datum.value), '%u') == '1'"
# The index runs from 0 to 1; a Monday next to today goes without a label.
_LABEL = (
    f"datum.index == 0 ? 'today' : datum.index > 0.12 && {_MONDAYS} ? utcFormat(toDate(datum.value), '%-d %b') : ''"
)


def due_frame(coming: Mapping[tuple[date, Kind], int], today: date, calendar: Calendar) -> Frame:
    """One row per day and kind, and every working day there at least once; empty where nothing is due.

    Columns: day (ISO), kind, family, number, due ("Thu 5 Mar"), what ("Reply: 3").
    """
    rows = [(day, kind, number) for (day, kind), number in sorted(coming.items()) if number]
    if rows:
        open_days = [today + timedelta(days=n) for n in range(AHEAD.days + 1)]
        seen = {day for day, _, _ in rows}
        empty = [day for day in open_days if day not in seen and (day == today or calendar.is_working(day))]
        rows += [(day, rows[0][1], 0) for day in empty]
    rows.sort()
    due = {day: f"{day:%a} {day.day} {day:%b}" for day, _, _ in rows}
    return frame(
        _DUE,
        (
            (day.isoformat(), kind.value, FAMILY_OF[kind], number, due[day], f"{NAMES[kind]}: {number}")
            for day, kind, number in rows
        ),
    )


_DUE = {"day": str, "kind": str, "family": str, "number": int, "due": str, "what": str}


def due_chart(frame: Frame, c: Palette) -> alt.Chart:
    """Words due in the coming four weeks: a bar for each working day, a piece of it for each kind.

    Reads all columns of `due_frame`. A piece or a family can be chosen.
    """
    bar = alt.selection_point(name=BAR, fields=["day", "kind"], on="click", clear="dblclick")
    family = alt.selection_point(name=FAMILY, fields=["family"], bind="legend")
    colours = dict(zip(FAMILIES, (c.from_them, c.ours, c.clients, c.to, c.waived), strict=True))
    chosen = bar & family
    chart: alt.Chart = dress(
        alt.Chart(frame)
        .mark_bar(width={"band": 0.72}, stroke=c.page, strokeWidth=0.5)
        .encode(
            x=alt.X("day:O", title=None, axis=alt.Axis(labelExpr=_LABEL, labelAngle=0, labelOverlap=False)),
            y=alt.Y("sum(number):Q", title=None, axis=alt.Axis(tickMinStep=1, tickCount=4, format="d")),
            color=alt.Color(
                "family:N",
                scale=alt.Scale(domain=list(colours), range=list(colours.values())),
                legend=alt.Legend(values=list(families_in(frame)), columns=_COLUMNS),
            ),
            order=alt.Order("family:O"),
            detail="kind:N",
            opacity=alt.condition(chosen, alt.value(1), alt.value(0.35)),
            # As text: a day read as a time here would come back from a click as a number.
            tooltip=[alt.Tooltip("what:N", title="words"), alt.Tooltip("due:N", title="due")],
        )
        .add_params(bar, family),
        c,
        HEIGHT,
    )
    return chart


def finding(coming: Mapping[tuple[date, Kind], int]) -> str:
    """The chart in one sentence, for who can't see it and for who wants to know what to see."""
    by_day: Counter[date] = Counter()
    for (day, _), number in coming.items():
        by_day[day] += number
    if not by_day.total():
        return "Nothing is due in the coming four weeks."
    most, total = max(by_day, key=lambda day: (by_day[day], -day.toordinal())), by_day.total()
    words = "1 word is" if total == 1 else f"{total:,} words are"
    return f"{words} due in the coming four weeks, most on {most:%a} {most.day} {most:%b}: {by_day[most]:,}."


def weeks_ahead(today: date) -> Sequence[tuple[str, date, date]]:
    """The rest of this week, the next one, and the Mondays after it, as the chart's days can be chosen by name."""
    monday = today - timedelta(days=today.weekday())
    found = []
    for number in range(AHEAD.days // 7 + 1):
        begin = monday + timedelta(days=7 * number)
        name = ("this week", "next week")[number] if number < 2 else f"{begin.day} {begin:%b}"
        found.append((name, max(begin, today), begin + 6 * ONE_DAY))
    return found


_COLUMNS: Any = alt.ExprRef("width < 300 ? 2 : 3")
"""Of the legend, whose words would else be cut off beside a queue that leaves little room."""


def families_in(frame: Frame) -> tuple[str, ...]:
    """Those that are there, in the order of the legend."""
    there = set(frame["family"].to_pylist())
    return tuple(family for family in FAMILIES if family in there)
