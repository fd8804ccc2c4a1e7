"""Charts of one opening: how far people came, and how long those in it have been in their stage."""

from collections import Counter
from collections.abc import Iterable, Sequence

import altair as alt

from core.charts.dress import Palette, dress
from core.charts.frames import Frame, frame
from core.charts.openings import WHOSE
from core.domain.facts import Turn

CAME, HERE = "came", "here"
"""The charts' selections: a stage; a stage with whose turn it is there."""
ROW, LEAST = 34, 96
MOST_DAYS = 30
"""Whoever is longer in a stage stands with these."""


def height(stages: Sequence[str]) -> int:
    return max(LEAST, ROW * len(stages) + 30)


def came_frame(came: Sequence[tuple[str, int]]) -> Frame:
    """One row for each stage, in order; empty where nobody was ever in the opening.

    Columns: stage, position, number, what ("15 came to Offer, or further").
    """
    rows = list(came) if any(number for _, number in came) else []
    kinds = {"stage": str, "position": int, "number": int, "what": str}
    what = "{:,} came to {}, or further"
    return frame(kinds, ((stage, at, number, what.format(number, stage)) for at, (stage, number) in enumerate(rows)))


def came_chart(frame: Frame, c: Palette) -> alt.LayerChart:
    """How far people came: a bar for each stage, its number at the end. Reads all columns of `came_frame`."""
    chosen = alt.selection_point(name=CAME, fields=["stage"], on="click", clear="dblclick")
    base = alt.Chart(frame).encode(
        y=alt.Y("stage:N", sort=alt.EncodingSortField("position", order="ascending"), title=None),
        x=alt.X("number:Q", axis=None),
        tooltip=alt.Tooltip("what:N", title="people"),
    )
    bars = base.mark_bar(color=c.to, size=15).encode(opacity=alt.condition(chosen, alt.value(1), alt.value(0.35)))
    numbers = base.mark_text(align="left", dx=6).encode(text=alt.Text("number:Q", format=","))
    layers: alt.LayerChart = alt.layer(bars.add_params(chosen), numbers)  # type: ignore[assignment]
    return dress(layers, c, height(frame["stage"].to_pylist()))


def here_frame(people: Iterable[tuple[str, Turn, int]], stages: Sequence[str]) -> Frame:
    """One row for each stage, turn and number of working days in the stage with somebody in it, or a stage with nobody.

    `people`: each with stage, turn and days. Columns: stage, position, turn, days, number, what.
    """
    counted = Counter((stage, turn, min(days, MOST_DAYS)) for stage, turn, days in people)
    filled = {stage for stage, _, _ in counted}
    if filled:  # a stage without a row would have no line
        counted.update({(stage, Turn.OURS, 0): 0 for stage in stages if stage not in filled})
    rows = sorted(
        ((stages.index(stage), stage, turn, days, number) for (stage, turn, days), number in counted.items()),
        key=lambda row: (row[0], list(WHOSE).index(row[2]), row[3]),
    )
    kinds = {"stage": str, "position": int, "turn": str, "days": int, "number": int, "what": str}
    return frame(
        kinds,
        (
            (stage, position, WHOSE[turn], days, number, _what(position, stage, turn, days, number))
            for position, stage, turn, days, number in rows
        ),
    )


def turns_in(frame: Frame) -> list[str]:
    """Whose it is with anybody, in order."""
    turns = zip(frame["turn"].to_pylist(), frame["number"].to_pylist(), strict=True)
    there = {turn for turn, number in turns if number}
    return [turn for turn in WHOSE.values() if turn in there]


def here_chart(frame: Frame, c: Palette) -> alt.Chart:
    """Working days in the stage, and whose turn: a dot for whoever is there as long. Reads `here_frame`."""
    chosen = alt.selection_point(name=HERE, fields=["stage", "turn"], on="click", clear="dblclick")
    colours = dict(zip(WHOSE.values(), (c.ours, c.clients, c.candidates), strict=True))
    present = turns_in(frame)
    stages = frame["stage"].unique().to_pylist()
    chart: alt.Chart = dress(
        alt.Chart(frame)
        .mark_circle(opacity=1)
        .encode(
            x=alt.X(
                "days:Q", title=None, axis=alt.Axis(tickMinStep=1, tickCount=8, format="d"), scale=alt.Scale(nice=False)
            ),
            y=alt.Y(
                "stage:N",
                sort=alt.EncodingSortField("position", order="ascending"),
                title=None,
                axis=alt.Axis(grid=True),
            ),
            yOffset=alt.YOffset("turn:N", scale=alt.Scale(domain=list(colours))),
            color=alt.Color(
                "turn:N",
                scale=alt.Scale(domain=list(colours), range=list(colours.values())),
                legend=alt.Legend(values=present, symbolType="circle"),
            ),
            size=alt.Size("number:Q", legend=None, scale=alt.Scale(domain=[1, 40], range=[90, 700], clamp=True)),
            opacity=alt.when(alt.datum.number == 0)
            .then(alt.value(0))
            .when(chosen)
            .then(alt.value(1))
            .otherwise(alt.value(0.35)),
            tooltip=alt.Tooltip("what:N", title="people"),
        )
        .add_params(chosen),
        c,
        height(stages),
    )
    return chart


def finding_of_came(came: Sequence[tuple[str, int]], ever: int) -> str:
    """The chart in one sentence."""
    if not any(number for _, number in came):
        return "Nobody was ever in it."
    stage, number = [row for row in came if row[1]][-1]
    people = "1 person was" if ever == 1 else f"{ever:,} people were"
    return f"{people} ever in it; {number:,} came to {stage}."


def finding_of_here(people: Sequence[tuple[str, Turn, int]]) -> str:
    if not people:
        return "Nobody is in it."
    stage, _, days = max(people, key=lambda person: person[2])
    longest = "1 working day" if days == 1 else f"{days:,} working days"
    ours = sum(turn is Turn.OURS for _, turn, _ in people)
    return f"Of {len(people):,}, it is our turn with {ours:,}; the longest in one stage is {longest}, in {stage}."


def _what(_: int, stage: str, turn: Turn, days: int, number: int) -> str:
    many = "1 person" if number == 1 else f"{number:,} people"
    long = (
        f"{days} or more working days"
        if days == MOST_DAYS
        else "1 working day"
        if days == 1
        else f"{days} working days"
    )
    return f"{many} in {stage} for {long}, turn: {WHOSE[turn]}"
