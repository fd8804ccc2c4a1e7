"""What all charts share: the theme's colours by their meaning, and one dress."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import altair as alt
import pandas  # noqa: F401 - Altair asks it of every value once it is being loaded, also by halves by another thread

Appearance = Literal["light", "dark"]
Chart = TypeVar("Chart", bound=alt.TopLevelMixin)

THEME = Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml"
MEANINGS = (
    "kept",
    "late",
    "overdue",
    "due",
    "upcoming",
    "waived",
    "ours",
    "clients",
    "candidates",
    "to",
    "from_them",
)
"""What the theme's chart colours mean, in their order there."""

FONT = "Source Sans"


@dataclass(frozen=True, slots=True)
class Palette:
    """One appearance's colours. A meaning has the same colour on every chart."""

    kept: str
    late: str
    overdue: str
    due: str
    upcoming: str
    waived: str
    ours: str
    clients: str
    candidates: str
    to: str
    from_them: str
    page: str
    ink: str
    quiet: str
    grid: str
    wash: str
    cells: tuple[str, ...]
    """For counts in cells, from few to many; no further, or the ink on them can't be read."""


@lru_cache(maxsize=2)
def palette(appearance: Appearance) -> Palette:
    theme = tomllib.loads(THEME.read_text("utf-8"))["theme"][appearance]
    is_light = appearance == "light"
    return Palette(
        **dict(zip(MEANINGS, theme["chartCategoricalColors"], strict=True)),
        page=theme["backgroundColor"],
        ink=theme["textColor"],
        quiet=theme["grayColor"],
        grid="#E9E5DA" if is_light else "#2A302D",
        wash="#EFEBE0" if is_light else "#252B28",
        cells=tuple(theme["chartSequentialColors"][: 6 if is_light else 5]),
    )


def dress(chart: Chart, c: Palette, height: int) -> Chart:
    """Bare on the page: no frame, no ticks, quiet words, the legend above."""
    dressed: Chart = (
        chart.properties(
            height=height,
            background="transparent",
            padding={"left": 0, "right": 6, "top": 4, "bottom": 8},  # 0 cuts descenders
        )
        .configure_view(stroke=None)
        .configure_axis(
            domain=False,
            ticks=False,
            labelPadding=6,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            labelFont=FONT,
            titleFont=FONT,
            gridColor=c.grid,
            labelColor=c.quiet,
            titleColor=c.quiet,
        )
        .configure_axisX(grid=False)
        .configure_legend(
            orient="top",
            direction="horizontal",
            title=None,
            symbolType="square",
            labelFont=FONT,
            labelFontSize=12,
            labelColor=c.quiet,
            offset=4,
        )
        .configure_text(font=FONT, fontSize=12, color=c.quiet)
        .configure_bar(cornerRadius=2)
    )
    return dressed


def spec(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """The chart as a value to be drawn with any data: without the frame it was made of."""
    made: dict[str, Any] = chart.to_dict(validate=False)  # which takes longer than all else; the tests look
    for key in ("data", "datasets"):
        made.pop(key, None)
    return made
