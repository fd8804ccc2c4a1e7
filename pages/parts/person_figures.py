"""How it stands between us and one person: four figures, and all the years in one line."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from core.charts import timeline
from core.domain.calendar import Calendar
from core.domain.promises import State
from core.queries.candidate import Kept, Life
from core.queries.last_words import LastWord
from core.queries.privacy import Request
from core.queries.promises import Waiting
from pages.parts import requests, wording
from pages.parts.charts import spec_of
from pages.parts.layout import quiet
from pages.parts.telling import Pronoun
from pages.parts.wording import md

PLAIN: dict[str, Any] = {"border": True, "delta_color": "off", "delta_arrow": "off"}


def draw_metrics(life: Life, now: datetime, calendar: Calendar) -> None:
    """Open requests about their data count among what is owed."""
    whom = md(Pronoun(life.profile).object)
    with st.grid(4, min_column_width=140):
        draw_last("Last word from us", life.last_to, now, calendar)
        draw_last(f"Last word from {whom}", life.last_from, now, calendar)
        draw_number_owed(f"Owed to {whom}", life.owed, life.requests, now, calendar)
        draw_kept(life.kept)


def draw_last(label: str, word: LastWord | None, now: datetime, calendar: Calendar) -> None:
    if word is None:
        st.metric(label, "none", "not yet", **PLAIN)
        return
    on, today = calendar.day(word.at), calendar.day(now)
    ago = wording.span(on, today) if on != today else "today"
    when = wording.day(on, today)
    channel = word.channel or ("spoke" if word.was_live else "")
    fits_below_a_figure = channel and len(when) + len(channel) < 19
    st.metric(label, ago, f"{when}, {channel}" if fits_below_a_figure else when, **PLAIN)


def draw_number_owed(
    label: str, owed: Sequence[Waiting], asked: Sequence[Request], now: datetime, calendar: Calendar
) -> None:
    late, delta = when_first(owed, asked, now, calendar)
    what = "word" if not asked else "thing" if owed else "request"
    number = wording.plural(len(owed) + len(asked), what)
    st.metric(label, number, delta, **PLAIN | {"delta_color": "red" if late else "off"})


def when_first(
    owed: Sequence[Waiting], asked: Sequence[Request], now: datetime, calendar: Calendar
) -> tuple[bool, str]:
    """Whether what is due first is late, and by when it is due, or how late it is."""
    today = calendar.day(now)
    if asked and (not owed or asked[0].due_on < calendar.day(owed[0].due_at)):
        return asked[0].due_on < today, requests.due(asked[0], today)
    if not owed:
        return False, "nothing"
    late = owed[0].state is State.OVERDUE
    return late, (wording.lateness if late else wording.due)(owed[0].due_at, now, calendar)


def draw_kept(kept: Kept) -> None:
    rest = [f"{kept.late:,} late"] if kept.late else []
    rest += [f"{kept.overdue:,} overdue"] if kept.overdue else []
    rest += [f"{kept.waived:,} waived"] if kept.waived else []
    st.metric(
        "Word kept on time",
        f"{kept.on_time:,} of {kept.number:,}" if kept.number else "none yet",
        ", ".join(rest) or ("all of them" if kept.number else "nothing fell due"),
        **PLAIN,
    )


def draw_timeline(life: Life, now: datetime, calendar: Calendar) -> None:
    whom = Pronoun(life.profile).object
    st.subheader(span_title(life, now, calendar), anchor=False)
    frame = timeline.timeline_frame(life, now, calendar)
    if not frame.num_rows:
        with st.container(height=timeline.HEIGHT, border=False):
            st.markdown(quiet(f"Nothing was said yet. The first word to {md(whom)} begins the line."))
        return
    st.vega_lite_chart(
        frame,
        timeline.cut(spec_of(timeline.timeline_chart, frame), frame, whom),
        theme=None,
        key=f"timeline-{life.profile.id}",
        alt=timeline.finding(life, whom, now, calendar),
    )
    said = ["Ticks are words that reached somebody.", timeline.milestones_in(frame)]
    said.append("A line behind a promise runs from the day it was due to the day it was kept.")
    st.markdown(quiet(" ".join(filter(None, said))))


def span_title(life: Life, now: datetime, calendar: Calendar) -> str:
    """“Four years in one line”."""
    days = [*life.from_us.days, *life.from_them.days, *(calendar.day(p.started_at) for p in life.processes)]
    today = calendar.day(now)
    number, unit = wording.length(min([*days, today]), today)
    return "The first weeks" if unit == "day" else f"{wording.spelled(number).capitalize()} {unit}s in one line"
