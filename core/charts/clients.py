"""How soon a client answers, month by month."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import altair as alt

from core.charts.bars import Bar
from core.charts.dress import Palette, dress
from core.charts.frames import Frame, frame
from core.charts.timeline import ENDS
from core.domain.calendar import Calendar
from core.domain.facts import ClosingReason, Result
from core.domain.gate import reason_in_words
from core.domain.percentiles import FEWEST, median, ninetieth

HEIGHT = 200
MEDIAN, SINGLE = "median", "single"
_MONTH = (
    "timeFormat(toDate(datum.value + '-15'), '%b') + (slice(datum.value, 5) == '01' || datum.index == 0 ?"
    " ' ' + slice(datum.value, 0, 4) : '')"
)


def answers_frame(months: Sequence[tuple[datetime, Counter[int]]], answer_time: int, calendar: Calendar) -> Frame:
    """A row for each month with enough answers, and for those of fewer each number of days; empty without any.

    Columns: month (ISO), what (median, single, or "" for a month without), days, upto (the 90th percentile), times,
    limit (the answer time), says.
    """
    rows: list[tuple[str, str, float, int, int, str]] = []
    for begin, answers in months:
        day = calendar.day(begin)
        month, name, n = f"{day:%Y-%m}", f"{day:%b %Y}", answers.total()
        if n >= FEWEST:
            middle, upto = median(answers), ninetieth(answers)
            says = f"{name}: median {middle:g}, 90th percentile {upto}, of {n} answers"
            rows.append((month, MEDIAN, middle, upto, n, says))
        for days, times in sorted(answers.items()) if n < FEWEST else ():
            answered = "answer" if times == 1 else "answers"
            rows.append((month, SINGLE, days, days, times, f"{name}: {times} {answered} after {days} working days"))
        if not n:
            rows.append((month, "", 0, 0, 0, f"{name}: no answer"))
    if not any(times for *_, times, _ in rows):
        rows = []
    return frame(_ANSWERS, ((*row, answer_time) for row in rows))


_ANSWERS = {"month": str, "what": str, "days": float, "upto": int, "times": int, "says": str, "limit": int}


def answers_chart(frame: Frame, c: Palette) -> alt.LayerChart:
    """Reads all columns of `answers_frame`. A dot is a month's median, the line on it reaches to the 90th percentile.

    A ring is a single answer, in a month with too few of them for a median.
    """
    x = alt.X("month:N", sort=None, title=None, axis=alt.Axis(labelExpr=_MONTH, labelAngle=0, labelOverlap=True))
    base = alt.Chart(frame).encode(x=x, tooltip=alt.Tooltip("says:N", title=" "))

    def up(field: str) -> alt.Y:
        axis = alt.Axis(tickMinStep=1, tickCount=4, format="d")
        return alt.Y(f"{field}:Q", title=None, axis=axis, scale=alt.Scale(zero=True, nice=True))

    limit = alt.Chart(frame).mark_rule(strokeDash=[4, 4], color=c.quiet).encode(y=up("limit"))
    reach = base.transform_filter(f"datum.what == '{MEDIAN}'").mark_rule(strokeWidth=2, color=c.clients)
    dot = base.transform_filter(f"datum.what == '{MEDIAN}'").mark_point(
        filled=True, size=80, opacity=1, color=c.clients
    )
    ring = base.transform_filter(f"datum.what == '{SINGLE}'").mark_point(size=40, color=c.clients)
    layers: Any = alt.layer(
        limit,
        base.mark_point(opacity=0).encode(y=up("days")),  # months without an answer keep their place
        reach.encode(y=up("days"), y2="upto:Q"),
        dot.encode(y=up("days")),
        ring.encode(y=up("days")),
    )
    chart: alt.LayerChart = dress(layers, c, HEIGHT)
    return chart


def finding(months: Sequence[tuple[datetime, Counter[int]]]) -> str:
    """The chart in one sentence, for who can't see it."""
    answers: Counter[int] = Counter()
    for _, of_month in months:
        answers.update(of_month)
    n = answers.total()
    if n < FEWEST:
        return f"Too few answers to say ({n})."
    return (
        f"Half of {n:,} answers came within {median(answers):g} working days, nine in ten within {ninetieth(answers)}."
    )


def closures(found: Sequence[tuple[Result, ClosingReason | None, int]], most: int = 12) -> list[Bar]:
    """A bar for each result and reason, the most frequent first; the rest of them together."""
    bars = []
    for result, reason, number in found[:most]:
        label = ENDS[result] if reason is None else f"{ENDS[result]}: {reason_in_words(reason)}"
        bars.append(Bar(f"{result.value}/{reason.value if reason else ''}", label, number, f"{number:,}", "to"))
    if rest := sum(number for _, _, number in found[most:]):
        bars.append(Bar("rest", "others", rest, f"{rest:,}", "waived"))
    return bars
