"""Charts of all openings: how far people came, how long they have been where they are, whose turn, and our silence."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import altair as alt

from core.charts.bars import CHOSEN, ROW_HEIGHT, Bar
from core.charts.dress import Palette, dress
from core.charts.frames import Frame, frame
from core.domain.facts import Turn
from core.queries.openings import TURNS, Age, Cell, Silence, Step

AGES = {
    Age.UNDER_1: "under 1",
    Age.TO_2: "1–2",
    Age.TO_4: "2–4",
    Age.TO_8: "4–8",
    Age.OVER_8: "over 8",
}
SILENCES = {
    Silence.IN_TIME: "within the cadence",
    Silence.TO_2: "1–2 days past it",
    Silence.TO_5: "3–5 days past it",
    Silence.OVER_5: "over 5 days past it",
}
WHOSE = {Turn.OURS: "ours", Turn.CLIENT: "the client’s", Turn.CANDIDATE: "the candidate’s"}
_COLOUR = {Turn.OURS: "ours", Turn.CLIENT: "clients", Turn.CANDIDATE: "candidates"}


def steps(found: Sequence[Step], number_of: Counter[str]) -> Iterator[Bar]:
    """A bar for whom is in each stage and meant, on a track of all who came as far."""
    for step in found:
        here = number_of[step.stage]
        says = f"{here:,} of {step.came:,}"
        yield Bar(step.stage, step.stage, here, says, "to", whole=step.came)


def turns(number_of: Counter[Turn]) -> Iterator[Bar]:
    for turn in TURNS:
        yield Bar(turn.value, WHOSE[turn], number_of[turn], f"{number_of[turn]:,}", _COLOUR[turn])


def silences(number_of: Counter[Silence]) -> Iterator[Bar]:
    for silence, words in SILENCES.items():
        meaning = "kept" if silence is Silence.IN_TIME else "overdue"
        yield Bar(silence.value, words, number_of[silence], f"{number_of[silence]:,}", meaning)


def ages_frame(cells: Sequence[Cell], stages: Sequence[str], stage: str | None = None, age: Age | None = None) -> Frame:
    """A row for each stage and age, with nobody in it too, in order.

    Columns: stage, age, weeks, number, says, lit (it, or nothing, is chosen), is_chosen.
    """
    number_of: Counter[tuple[str, Age]] = Counter()
    for cell in cells:
        number_of[cell.stage, cell.age] += cell.number
    rows = []
    for name in stages:
        for each in Age:
            number = number_of[name, each]
            is_meant = stage in (None, name) and age in (None, each)
            says, is_chosen = f"{number:,}" if number else "", is_meant and age is not None
            rows.append((name, each.value, AGES[each], number, says, is_meant, is_chosen))
    return frame(_AGES, rows)


_AGES = {"stage": str, "age": str, "weeks": str, "number": int, "says": str, "lit": bool, "is_chosen": bool}


def ages_chart(frame: Frame, c: Palette) -> alt.LayerChart:
    """Reads all columns of `ages_frame`. A cell can be chosen: a stage and how long in it."""
    x = alt.X("weeks:N", sort=None, title="weeks in the stage", axis=alt.Axis(labelAngle=0))
    y = alt.Y("stage:N", sort=None, title=None, axis=alt.Axis(labelLimit=150))
    opacity = alt.condition("datum.lit", alt.value(1), alt.value(0.35))
    base = alt.Chart(frame).encode(x=x, y=y)
    cell = (
        base.mark_rect(stroke=c.page, strokeWidth=2, cornerRadius=2, cursor="pointer")
        .encode(
            color=alt.condition(
                "datum.number > 0",
                alt.Color("number:Q", scale=alt.Scale(range=list(c.cells), domainMin=0), legend=None),
                alt.value(c.wash),
            ),
            opacity=opacity,
            stroke=alt.condition("datum.is_chosen", alt.value(c.ink), alt.value(c.page)),
            tooltip=[
                alt.Tooltip("stage:N", title="stage"),
                alt.Tooltip("weeks:N", title="weeks"),
                alt.Tooltip("number:Q", title="people"),
            ],
        )
        .add_params(alt.selection_point(name=CHOSEN, fields=["stage", "age"], on="click"))
    )
    number = base.mark_text(color=c.ink).encode(text="says:N", opacity=opacity)
    rows = max(len(frame["stage"].unique()), 1)
    layers: Any = alt.layer(cell, number)
    chart: alt.LayerChart = dress(layers, c, rows * ROW_HEIGHT + 44)
    return chart
