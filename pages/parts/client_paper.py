"""One client on one sheet: its figures, and the longest of what is behind them."""

import json

import streamlit as st

from core.charts import clients as charts
from core.charts.dress import palette, spec
from pages.parts import paper, wording
from pages.parts.mirror import WHATS, Told

WAITS, CLOSURES, BROKEN = 5, 5, 5
"""Rows that fit on the sheet beside all else."""
CHART_HEIGHT = 130


def draw(told: Told) -> None:
    profile = told.seen.profile
    whose = f"with {profile.owner} · " if profile.owner else ""
    paper.begin()
    paper.write(
        paper.title(profile.name, f"{whose}what we saw {told.period}, as of {told.day(told.now)}"),
        paper.figures(told.figures()),
        paper.section("Days to answer, by month", told.how_days),
    )
    draw_chart(told)
    paper.write(*silences(told), *interviews(told), *closures(told), *broken(told))


def draw_chart(told: Told) -> None:
    """In light colours, whatever the screen has."""
    seen = told.seen
    frame = charts.answers_frame(seen.months, seen.profile.answer_time, told.calendar)
    if not len(frame):
        paper.write(paper.paragraph("It has given no answer yet."))
        return
    made = json.loads(json.dumps(spec(charts.answers_chart(frame, palette("light")))))
    made["height"] = CHART_HEIGHT
    st.vega_lite_chart(frame, made, theme=None, key="paper-chart", alt=charts.finding(seen.months))


def silences(told: Told) -> list[str]:
    seen = told.seen
    pieces = [paper.section(f"Silent now: {seen.silent:,} of {seen.waiting:,} we wait to hear of", told.how_silent)]
    if not seen.waits:
        return pieces
    rows: list[list[str | int]] = [
        [wait.name, wait.opening, told.day(wait.since), told.calendar.working_days_late(wait.since, told.now)]
        for wait in seen.waits[:WAITS]
    ]
    return [
        *pieces,
        paper.table(["Person", "Opening", "Waiting since", "Working days"], rows),
        rest(seen.silent, WAITS),
    ]


def interviews(told: Told) -> list[str]:
    pieces = [paper.section(f"Interviews: {told.seen.interviews:,}", told.how_interviews)]
    if told.how_they_went:
        pieces.append(paper.paragraph(told.how_they_went))
    if not told.seen.upset:
        return pieces
    header = ["By whom", *(what.capitalize() for what in WHATS.values()), "Notice"]
    return [*pieces, paper.table(header, [[who, *numbers, notice] for who, numbers, notice in told.by_whom()])]


def closures(told: Told) -> list[str]:
    rows: list[list[str | int]] = [[bar.label, bar.number] for bar in charts.closures(told.seen.closures, CLOSURES)]
    table = paper.table(["How and why", "Processes"], rows) if rows else paper.paragraph("None has ended.")
    return [paper.section("Processes that ended", told.how_closures), table]


def broken(told: Told) -> list[str]:
    number = told.seen.broken
    pieces = [paper.section(f"Promises broken because it kept silent: {number:,}", told.how_broken)]
    if not number:
        return pieces
    rows: list[list[str | int]] = [
        [one.name, one.opening, told.day(one.due_at), told.day(one.kept_at) if one.kept_at else "not yet"]
        for one in told.broken[:BROKEN]
    ]
    return [*pieces, paper.table(["Person", "Opening", "Due", "Kept"], rows), rest(number, BROKEN)]


def rest(number: int, shown: int) -> str:
    return paper.paragraph(f"and {wording.plural(number - shown, 'other')}") if number > shown else ""
