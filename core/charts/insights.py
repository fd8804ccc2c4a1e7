"""Charts of figures over months: counts that stand on each other, and a middle with how far nine in ten reach."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt

from core.charts.bars import CHOSEN, Bar
from core.charts.dress import MEANINGS, Palette, dress
from core.charts.frames import Frame, frame
from core.domain.percentiles import FEWEST, median, ninetieth
from core.queries.insights import Words

HEIGHT = 210
MOST_BARS = 15
A_LETTER, GAP = 6, 3
"""Pixels of a letter above a column, at most, and between two labels: where they have no room side by side, every
second or third stands, and the last."""
_WHEN = (
    "length(datum.value) == 4 ? datum.value : timeFormat(toDate(datum.value + '-15'), '%b')"
    " + (slice(datum.value, 5) == '01' || datum.index == 0 ? ' ' + slice(datum.value, 0, 4) : '')"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a column."""

    part: str
    meaning: str
    """Of the theme's colours."""
    number: int


@dataclass(frozen=True, slots=True)
class Column:
    """A month, or a year."""

    key: str
    when: str
    """“2026-03”, or “2026”."""
    pieces: Sequence[Piece]
    label: str
    """The words above it."""
    says: str


def when(bar: date, *, by_year: bool) -> str:
    return f"{bar:%Y}" if by_year else f"{bar:%Y-%m}"


def called(bar: date, *, by_year: bool) -> str:
    return f"{bar:%Y}" if by_year else f"{bar:%b %Y}"


def too_few(n: int) -> str:
    return f"too few to say ({n})"


def columns_frame(columns: Iterable[Column], chosen: str = "") -> Frame:
    """A row for each piece, the lowest first; a column without one is one row of nothing.

    Columns: when, key, part, meaning, number, place, top, label (on the first row of each), says, lit: it, or nothing,
    is chosen, behind: how many columns follow it, and wide: how many pixels the longest label takes.
    """
    rows: list[tuple[Any, ...]] = []
    columns = list(columns)
    wide = A_LETTER * max((len(column.label) for column in columns), default=0) + GAP
    for behind, column in zip(reversed(range(len(columns))), columns, strict=True):
        top, lit = sum(piece.number for piece in column.pieces), not chosen or column.key == chosen
        for place, piece in enumerate(column.pieces or (Piece("", MEANINGS[0], 0),)):
            label = "" if place else column.label
            rows.append(
                (
                    *(column.when, column.key, piece.part, piece.meaning, piece.number, place, top, label),
                    *(column.says, lit, behind, wide),
                )
            )
    return frame(_COLUMNS, rows)


def meanings_in(frame: Frame) -> tuple[str, ...]:
    """Those of pieces that are there, in the order of the legend."""
    pieces = zip(frame["meaning"].to_pylist(), frame["number"].to_pylist(), strict=True)
    there = {meaning for meaning, number in pieces if number}
    return tuple(meaning for meaning in MEANINGS if meaning in there)


def columns_chart(frame: Frame, c: Palette) -> alt.LayerChart:
    """Reads all columns of `columns_frame`. A piece can be chosen, and what is above and below it by its column."""
    colours = alt.Scale(domain=list(MEANINGS), range=[getattr(c, meaning) for meaning in MEANINGS])
    present = meanings_in(frame)
    legend = alt.Legend(values=list(present), labelExpr=_NAMES) if len(present) > 1 else None
    opacity = alt.condition("datum.lit", alt.value(1), alt.value(0.35))
    base = alt.Chart(frame).encode(x=_along(), tooltip=alt.Tooltip("says:N", title=" "))
    bars = (
        base.mark_bar(width={"band": 0.66}, stroke=c.page, strokeWidth=0.5, cursor="pointer")
        .encode(
            y=_up("number", stack="zero"),
            color=alt.Color("meaning:N", scale=colours, legend=legend),
            order=alt.Order("place:Q"),
            opacity=opacity,
        )
        .add_params(alt.selection_point(name=CHOSEN, fields=["key", "part"], on="click"))
    )
    every = "ceil(datum.wide * length(domain('x')) / width)"
    label = alt.ExprRef(f"datum.behind % {every} ? '' : datum.label")
    words = base.mark_text(dy=-7, fontSize=11, text=label).encode(y=_up("top"), opacity=opacity)
    layers: Any = alt.layer(bars, words)
    chart: alt.LayerChart = dress(layers, c, HEIGHT)
    return chart


def spread_frame(numbers: Iterable[tuple[str, str, str, Counter[int]]], unit: str, chosen: str = "") -> Frame:
    """A row for each month, given as key, when, name and its numbers; of too few there is only their number.

    Columns: when, key, n, middle, upto (the 90th percentile), label, says, lit.
    """
    rows: list[tuple[Any, ...]] = []
    for key, month, name, counted in numbers:
        n, lit = counted.total(), not chosen or key == chosen
        if n >= FEWEST:
            middle, upto = median(counted), ninetieth(counted)
            rows.append((month, key, n, middle, upto, "", f"{name}: {spread(counted, unit)}", lit))
        else:
            rows.append((month, key, n, 0.0, 0, f"({n})" if n else "", f"{name}: {too_few(n)}", lit))
    return frame(_SPREAD, rows)


def spread_chart(frame: Frame, c: Palette) -> alt.LayerChart:
    """Reads all columns of `spread_frame`. A dot is the median, the line on it reaches to the 90th percentile."""
    opacity = alt.condition("datum.lit", alt.value(1), alt.value(0.35))
    base = alt.Chart(frame).encode(x=_along(), tooltip=alt.Tooltip("says:N", title=" "), opacity=opacity)
    told = base.transform_filter(f"datum.n >= {FEWEST}")
    layers: Any = alt.layer(
        base.mark_point(opacity=0).encode(y=_up("middle")),  # first, so that months without a dot keep their place
        told.mark_rule(strokeWidth=2, color=c.ours).encode(y=_up("middle"), y2="upto:Q"),
        told.mark_point(filled=True, size=80, opacity=1, color=c.ours).encode(y=_up("middle")),
        base.mark_text(dy=-7, fontSize=11).encode(y=_up("middle"), text="label:N"),
        base.mark_bar(width={"band": 0.9}, color="transparent", cursor="pointer")
        .encode(y=alt.value(0), y2=alt.value(HEIGHT))
        .add_params(alt.selection_point(name=CHOSEN, fields=["key"], on="click")),
    )
    chart: alt.LayerChart = dress(layers, c, HEIGHT)
    return chart


def spread(counted: Counter[int], unit: str) -> str:
    """“median 2, 90th percentile 6 working days, of 64”."""
    n = counted.total()
    if n < FEWEST:
        return too_few(n)
    return f"median {median(counted):g}, 90th percentile {ninetieth(counted)} {unit}, of {n:,}"


def shares(found: Iterable[tuple[str, str, Words]], most: int = MOST_BARS) -> list[Bar]:
    """How many in a hundred were kept on time, by key and name, the fewest first; those of too few come last."""

    def worst_first(one: tuple[str, str, Words]) -> tuple[bool, float, int, str]:
        _, name, words = one
        return not words.can_be_told, words.share if words.can_be_told else 0, -words.n, name

    rows = sorted((one for one in found if one[2].n), key=worst_first)
    return [_share(*one) for one in rows[:most]]


def _share(key: str, name: str, words: Words) -> Bar:
    if not words.can_be_told:
        return Bar(key, name, 0, too_few(words.n), "kept")
    return Bar(key, name, round(100 * words.share), f"{percent(words)} of {words.n:,}", "kept", 100, late_by(words))


def late_by(words: Words) -> str:
    """“, late by 2 · 6”: of those kept late, the median and the 90th percentile; "" of too few."""
    if words.late.total() < FEWEST:
        return ""
    return f", late by {median(words.late):g} · {ninetieth(words.late)}"


def percent(words: Words) -> str:
    """Never a hundred where one was not kept, nor none where one was."""
    rounded = round(100 * words.share)
    if rounded == 100 and words.on_time < words.n:
        return "over 99%"
    return "under 1%" if rounded == 0 and words.on_time else f"{rounded}%"


def ranked(numbers: Mapping[str, tuple[str, int]], meaning: str) -> list[Bar]:
    return [Bar(key, name, number, f"{number:,}", meaning) for key, (name, number) in numbers.items()]


def _along() -> alt.X:
    axis = alt.Axis(labelExpr=_WHEN, labelAngle=0, labelOverlap=True)
    return alt.X("when:N", sort=None, title=None, axis=axis)


def _up(field: str, **more: Any) -> alt.Y:
    axis = alt.Axis(tickMinStep=1, tickCount=4, format="d")
    return alt.Y(f"{field}:Q", title=None, axis=axis, scale=alt.Scale(zero=True, nice=True), **more)


_NAMES = "{'kept': 'kept on time', 'late': 'kept late', 'overdue': 'overdue', 'ours': 'we missed it'}[datum.value]"

_PIECE = {"when": str, "key": str, "part": str, "meaning": str, "number": int, "place": int, "top": int}
_COLUMNS = _PIECE | {"label": str, "says": str, "lit": bool, "behind": int, "wide": int}
_SPREAD = {"when": str, "key": str, "n": int, "middle": float, "upto": int, "label": str, "says": str, "lit": bool}
