"""Charts of one opening: how far people came, and how long those in it have been in their stage."""

from collections import Counter
from collections.abc import Iterable, Sequence

import altair as alt
import pandas as pd

from core.charts.dress import Palette, dress
from core.charts.openings import WHOSE
from core.domain.facts import Turn

CAME, HERE = "came", "here"
"""The charts' selections: a stage; a stage with whose turn it is there."""
ROW, LEAST = 34, 96
MOST_DAYS = 30
"""Whoever is longer in a stage stands with these."""


def height(stages: Sequence[str]) -> int:
    return max(LEAST, ROW * len(stages) + 30)


def came_frame(came: Sequence[tuple[str, int]]) -> pd.DataFrame:
    """One row for each stage, in order; empty where nobody was ever in the opening.

    Columns: stage, position, number, what ("15 came to Offer, or further").
    """
    rows = list(came) if any(number for _, number in came) else []
    return pd.DataFrame(
        {
            "stage": pd.Series([stage for stage, _ in rows], dtype="str"),
            "position": pd.Series(range(len(rows)), dtype="int64"),
            "number": pd.Series([number for _, number in rows], dtype="int64"),
            "what": pd.Series([f"{number:,} came to {stage}, or further" for stage, number in rows], dtype="str"),
        }
    )


def came_chart(frame: pd.DataFrame, c: Palette) -> alt.LayerChart:
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
    return dress(layers, c, height(list(frame["stage"])))


def here_frame(people: Iterable[tuple[str, Turn, int]], stages: Sequence[str]) -> pd.DataFrame:
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
    return pd.DataFrame(
        {
            "stage": pd.Series([stage for _, stage, *_ in rows], dtype="str"),
            "position": pd.Series([position for position, *_ in rows], dtype="int64"),
            "turn": pd.Series([WHOSE[turn] for _, _, turn, _, _ in rows], dtype="str"),
            "days": pd.Series([days for *_, days, _ in rows], dtype="int64"),
            "number": pd.Series([number for *_, number in rows], dtype="int64"),
            "what": pd.Series([_what(*row) for row in rows], dtype="str"),
        }
    )


def here_chart(frame: pd.DataFrame, c: Palette) -> alt.Chart:
    """Working days in the stage, and whose turn: a dot for whoever is there as long. Reads `here_frame`."""
    chosen = alt.selection_point(name=HERE, fields=["stage", "turn"], on="click", clear="dblclick")
    colours = dict(zip(WHOSE.values(), (c.ours, c.clients, c.candidates), strict=True))
    present = [turn for turn in colours if turn in set(frame["turn"][frame["number"] > 0])]
    stages = list(dict.fromkeys(frame["stage"]))
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
