"""Ranked counts: a bar for each, the number at its end, and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import altair as alt

from core.charts.dress import MEANINGS, Palette, dress
from core.charts.frames import Frame, frame

CHOSEN = "chosen"
"""The chart's selection: one row, by its key."""
ROW_HEIGHT = 27
ROOM = 1.65
"""So much wider than the longest bar is the chart, so that the words at its end fit, but at least by WORDS."""
WORDS = 68
"""Pixels of the words at the end of a bar, such as “100% of 1,234”."""
A_LETTER, GAP = 5, 4
"""Pixels of a letter, a little more than they have in the mean, and before the first: what has no room is left out."""


@dataclass(frozen=True, slots=True)
class Bar:
    key: str
    label: str
    number: int
    says: str
    """The words at its end."""
    meaning: str
    """Of the theme's colours."""
    whole: int = 0
    """What the number is a part of: a pale track behind; 0 is none."""
    aside: str = ""
    """More words at its end, where there is room for them."""


def bars_frame(bars: Iterable[Bar], chosen: str | None = None) -> Frame:
    """One row for each, in order. Columns: those of `Bar`, told, reach, and lit: it, or nothing, is chosen."""
    return frame(
        _KINDS,
        (
            (
                *(bar.key, bar.label, bar.number, bar.says, bar.meaning, bar.whole, bar.aside),
                *(bar.says + bar.aside, max(bar.number, bar.whole), not chosen or bar.key == chosen),
            )
            for bar in bars
        ),
    )


def bars_chart(frame: Frame, c: Palette) -> alt.LayerChart:
    """Reads all columns of `bars_frame`. A row can be chosen, anywhere along it."""
    y = alt.Y("label:N", title=None, sort=None, axis=alt.Axis(labelLimit=260))
    opacity = alt.condition("datum.lit", alt.value(1), alt.value(0.35))
    colours = alt.Scale(domain=list(MEANINGS), range=[getattr(c, meaning) for meaning in MEANINGS])

    longest = alt.ExprRef(f"min(width / {ROOM}, max(width - {WORDS}, 0))")
    lengths = alt.Scale(nice=False, range=[0, longest], domain=alt.DomainUnionWith(unionWith=[0, 1]))

    def along(field: str) -> alt.X:
        return alt.X(f"{field}:Q", title=None, axis=None, scale=lengths)

    base = alt.Chart(frame)
    track = base.mark_bar(size=15, color=c.cells[2]).encode(x=along("whole"), y=y, opacity=opacity)
    bar = base.mark_bar(size=15).encode(
        x=along("number"), y=y, opacity=opacity, color=alt.Color("meaning:N", scale=colours, legend=None)
    )
    room = "width - scale('x', datum.reach)"
    says = alt.ExprRef(f"datum.says + ({GAP} + length(datum.told) * {A_LETTER} < {room} ? datum.aside : '')")
    words = base.mark_text(align="left", dx=6, text=says).encode(x=along("reach"), y=y, opacity=opacity)
    whole_row = (
        base.mark_bar(size=ROW_HEIGHT, color="transparent", cursor="pointer", orient="horizontal")
        .encode(
            x=alt.value(0),
            x2=alt.value("width"),
            y=y,
            tooltip=[alt.Tooltip("label:N", title=" "), alt.Tooltip("told:N", title="  ")],
        )
        .add_params(alt.selection_point(name=CHOSEN, fields=["key"], on="click"))
    )
    layers: Any = alt.layer(track, bar, words, whole_row)
    chart: alt.LayerChart = dress(layers, c, max(len(frame), 1) * ROW_HEIGHT)
    return chart


_BAR = {"key": str, "label": str, "number": int, "says": str, "meaning": str, "whole": int, "aside": str}
_KINDS = _BAR | {"told": str, "reach": int, "lit": bool}
