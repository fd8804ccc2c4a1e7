"""Charts of the pool: years known against months silent, who is still alive, rhythms kept, what became of people."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt

from core.charts.bars import CHOSEN, ROW_HEIGHT, Bar
from core.charts.dress import Palette, dress
from core.charts.frames import Frame, frame
from core.domain.percentiles import FEWEST
from core.domain.pool import AHEAD, KNOWN, NEVER, SILENT, Now, first_of, month_of
from core.domain.words import span
from core.queries.called import NO_NAME
from core.queries.pool import (
    BEFORE,
    FEW,
    NO_WORD,
    NOWHERE,
    YEARS,
    Alive,
    Choice,
    Figure,
    Health,
    Known,
    known_key,
    silent_key,
)

SILENCES = {**{one.key: one.label for one in SILENT}, NO_WORD: "no word"}
YEARS_KNOWN = {one.key: one.label for one in KNOWN}
HEALTHS = {
    Health.ON_TIME: "in rhythm",
    Health.SOON: "due in two weeks",
    Health.PAST: "past its date",
    Health.PAUSED: "paused",
    Health.NONE: "no rhythm",
}
STATES = {
    Now.IN_PROCESS: "in process",
    Now.PLACED: "placed",
    Now.ALIVE: "alive",
    Now.SILENT: "silent",
    Now.NO_CONTACT: "no contact",
}
SOURCES = 8
"""Sources with a bar of their own."""
_HEALTH_COLOURS = {
    Health.ON_TIME: "kept",
    Health.SOON: "due",
    Health.PAST: "overdue",
    Health.PAUSED: "waived",
    Health.NONE: "grid",
}
_STATE_COLOURS = {
    Now.IN_PROCESS: "ours",
    Now.PLACED: "due",
    Now.ALIVE: "to",
    Now.SILENT: "waived",
    Now.NO_CONTACT: "ink",
}
CELL_HEIGHT = 38
AXES = 60
"""Room for the names of the axes, and their labels."""
LEGEND_LINE = 22
POINTS_HEIGHT = 270


# how long known, how long silent


def cells_frame(numbers: Mapping[tuple[str, str], int], choice: Choice | None = None) -> Frame:
    """A row for each stretch of years known and months silent, the longest known first, with nobody in it too.

    What nobody is in at its end is left out: years longer than the longest, and no word at all.

    Columns: one, other (their keys), known, silent, number, says, lit (it, or nothing, is chosen), is_chosen.
    """
    there = {pair for pair, number in numbers.items() if number}
    longest = max((list(YEARS_KNOWN).index(one) for one, _ in there), default=0)
    silences = [key for key in SILENCES if key != NO_WORD or any(other == NO_WORD for _, other in there)]
    pairs = [(one, other) for one in reversed(list(YEARS_KNOWN)[: longest + 1]) for other in silences]
    return frame(
        _CELLS,
        (
            (
                *(one, other, YEARS_KNOWN[one], SILENCES[other], numbers.get((one, other), 0)),
                *(f"{numbers[one, other]:,}" if numbers.get((one, other)) else "", lit, is_chosen),
            )
            for (one, other), (lit, is_chosen) in zip(pairs, _lit(pairs, Figure.SILENCE, choice), strict=True)
        ),
    )


def cells_chart(frame: Frame, c: Palette) -> alt.LayerChart:
    """Reads all columns of `cells_frame`. A cell can be chosen."""
    x = alt.X("silent:N", sort=None, title="calendar months since a word either way", axis=alt.Axis(labelAngle=0))
    y = alt.Y("known:N", sort=None, title="years known", axis=_FLAT)
    opacity = alt.condition("datum.lit", alt.value(1), alt.value(0.35))
    base = alt.Chart(frame).encode(x=x, y=y)
    cell = (
        base.mark_rect(strokeWidth=2, cornerRadius=2, cursor="pointer")
        .encode(
            color=alt.condition(
                "datum.number > 0",
                alt.Color("number:Q", scale=alt.Scale(range=list(c.cells), domainMin=0, type="sqrt"), legend=None),
                alt.value("transparent"),
            ),
            opacity=opacity,
            stroke=alt.condition("datum.is_chosen", alt.value(c.ink), alt.value(c.page)),
            tooltip=[
                alt.Tooltip("known:N", title="years known"),
                alt.Tooltip("silent:N", title="months silent"),
                alt.Tooltip("number:Q", title="people", format=","),
            ],
        )
        .add_params(alt.selection_point(name=CHOSEN, fields=["one", "other"], on="click"))
    )
    number = base.mark_text(color=c.ink).encode(text="says:N", opacity=opacity)
    layers: Any = alt.layer(cell, number)
    chart: alt.LayerChart = dress(layers, c, max(len(frame["known"].unique()), 1) * CELL_HEIGHT + AXES)
    return chart


def points_frame(people: Sequence[Known], today: date, choice: Choice | None = None) -> Frame:
    """A row for each, up to FEW. Who never had a word stands one month right of the longest silence.

    Columns: one, other (keys of the cell they are in), years, months, name, silence, lit, is_chosen.
    """
    some = people[:FEW]
    silent = [_months(one.last_word_on, today) for one in some]
    longest = max((months for months in silent if months is not None), default=0.0)
    month = month_of(today)
    keys = [(known_key(month - month_of(one.met_on)), silent_key(month_of(one.last_word_on), month)) for one in some]
    return frame(
        _POINTS,
        (
            (
                *(*key, (today - one.met_on).days / 365.25, longest + 1 if months is None else months),
                *(one.name or NO_NAME, _silent_for(one.last_word_on, today), lit, is_chosen),
            )
            for one, key, months, (lit, is_chosen) in zip(
                some, keys, silent, _lit(keys, Figure.SILENCE, choice), strict=True
            )
        ),
    )


def points_chart(frame: Frame, c: Palette) -> alt.Chart:
    """Reads all columns of `points_frame`. Choosing a person chooses whoever is in the same cell."""
    chart = (
        alt.Chart(frame)
        .mark_circle(size=70, cursor="pointer", strokeWidth=1, stroke=c.page)
        .encode(
            x=alt.X("months:Q", title="months since a word either way", scale=alt.Scale(domainMin=0)),
            y=alt.Y("years:Q", title="years known", axis=_FLAT, scale=alt.Scale(domainMin=0)),
            color=alt.condition("datum.silence == 'no word yet'", alt.value(c.quiet), alt.value(c.to)),
            opacity=alt.condition("datum.lit", alt.value(0.75), alt.value(0.2)),
            tooltip=[
                alt.Tooltip("name:N", title=" "),
                alt.Tooltip("years:Q", title="years known", format=".1f"),
                alt.Tooltip("silence:N", title="silent"),
            ],
        )
        .add_params(alt.selection_point(name=CHOSEN, fields=["one", "other"], on="click"))
    )
    dressed: alt.Chart = dress(chart, c, POINTS_HEIGHT)
    return dressed


# rows of bars


def cohorts(numbers: Mapping[tuple[str, Alive], int], today: date) -> Iterator[Bar]:
    """For each year first met, the latest first: of a hundred met then, so many are alive."""
    years = [str(year) for year in range(today.year, today.year - YEARS, -1)]
    for key in [*years, BEFORE]:
        alive, silent = (numbers.get((key, how), 0) for how in (Alive.YES, Alive.NO))
        if not (total := alive + silent):
            continue
        label = key if key != BEFORE else f"before {today.year - YEARS + 1}"
        if total < FEWEST:
            yield Bar(key, label, 0, f"too few to say ({total})", "to")
        else:
            share = round(100 * alive / total)
            yield Bar(key, label, share, f"{share}% of {total:,}", "to", whole=100)


def coming(numbers: Mapping[str, int], today: date) -> Iterator[Bar]:
    """Who goes silent from which month on, unless there is a word."""
    for ahead in range(1, AHEAD + 1):
        month = first_of(month_of(today) + ahead)
        number = numbers.get(str(ahead), 0)
        yield Bar(str(ahead), f"from {month:%B}", number, f"{number:,}", "due")


def rhythms_frame(numbers: Mapping[tuple[str, Health], int], choice: Choice | None = None) -> Frame:
    """A row for each rhythm and how well it is kept, the shortest rhythm first. Columns: those of `parts_frame`."""
    shares = {(one, str(other)): number for (one, other), number in numbers.items()}
    labels = {str(key): label for key, label in HEALTHS.items()}
    return parts_frame(shares, rhythms(numbers), labels, Figure.RHYTHM, choice, as_share=True)


def rhythms(numbers: Mapping[tuple[str, Health], int]) -> dict[str, str]:
    """Those there are, each as it is called."""
    return {name: rhythm_label(name) for name in sorted({one for one, _ in numbers}, key=_length)}


def sources_frame(numbers: Mapping[tuple[str, Now], int], choice: Choice | None = None) -> Frame:
    """A row for each of the sources that most came from, and what became of people. Columns: those of `parts_frame`."""
    counts = {(one, str(other)): number for (one, other), number in numbers.items()}
    labels = {str(key): label for key, label in STATES.items()}
    return parts_frame(counts, sources(numbers, choice), labels, Figure.SOURCE, choice, as_share=False)


def sources(numbers: Mapping[tuple[str, Now], int], choice: Choice | None = None) -> dict[str, str]:
    """Those that most came from, and the one that is chosen, each as it is called."""
    of_source: Counter[str] = Counter()
    for (source, _), number in numbers.items():
        of_source[source] += number
    names = [source for source, _ in of_source.most_common(SOURCES)]
    if choice is not None and choice.figure is Figure.SOURCE and choice.one in of_source and choice.one not in names:
        names.append(choice.one)
    return {name: name for name in names}


def parts_frame(
    numbers: Mapping[tuple[str, str], int],
    rows: Mapping[str, str],
    parts: Mapping[str, str],
    figure: Figure,
    choice: Choice | None,
    *,
    as_share: bool,
) -> Frame:
    """Columns: one, other (keys), row, part, number, begin, end (of the bar), says (at its end), lit, is_chosen."""
    made: list[tuple[Any, ...]] = []
    for one, row in rows.items():
        total = sum(numbers.get((one, other), 0) for other in parts)
        at = 0.0
        for other, part in parts.items():
            if not (number := numbers.get((one, other), 0)):
                continue
            wide = number / total if as_share else number
            is_last = at + wide >= (1 if as_share else total) - 1e-9
            made.append((one, other, row, part, number, at, at + wide, f"{total:,}" if is_last else ""))
            at += wide
    lit = _lit([values[:2] for values in made], figure, choice)
    return frame(_PARTS, ((*values, *more) for values, more in zip(made, lit, strict=True)))


def rhythms_chart(frame: Frame, c: Palette) -> alt.LayerChart:
    """Reads all columns of `parts_frame`."""
    return _parts_chart(frame, c, {HEALTHS[key]: getattr(c, name) for key, name in _HEALTH_COLOURS.items()})


def sources_chart(frame: Frame, c: Palette) -> alt.LayerChart:
    """Reads all columns of `parts_frame`."""
    return _parts_chart(frame, c, {STATES[key]: getattr(c, name) for key, name in _STATE_COLOURS.items()})


_LEGEND_COLUMNS, _TWO_COLUMNS = 2, 220
"""Beside another chart there is room for no more on a small screen, and what follows is cut off; and how many pixels
they take."""


def _parts_chart(frame: Frame, c: Palette, colours: Mapping[str, str]) -> alt.LayerChart:
    y = alt.Y("row:N", sort=None, title=None, axis=alt.Axis(labelLimit=130))
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    there = set(frame["part"].to_pylist())
    shown = [part for part in colours if part in there]
    columns = alt.ExprRef(f"width < {_TWO_COLUMNS} ? 1 : {_LEGEND_COLUMNS}")
    legend = alt.Legend(values=shown, columns=columns)
    base = alt.Chart(frame).encode(y=y)
    bar = (
        base.mark_bar(size=15, cursor="pointer", strokeWidth=2)
        .encode(
            x=alt.X("begin:Q", axis=None, scale=alt.Scale(nice=False)),
            x2="end:Q",
            color=alt.Color("part:N", scale=scale, legend=legend),
            opacity=alt.condition("datum.lit", alt.value(1), alt.value(0.35)),
            stroke=alt.condition("datum.is_chosen", alt.value(c.ink), alt.value("transparent")),
            tooltip=[
                alt.Tooltip("row:N", title=" "),
                alt.Tooltip("part:N", title="  "),
                alt.Tooltip("number:Q", title="people", format=","),
            ],
        )
        .add_params(alt.selection_point(name=CHOSEN, fields=["one", "other"], on="click"))
    )
    words = base.mark_text(align="left", dx=6).encode(x=alt.X("end:Q", axis=None), text="says:N")
    layers: Any = alt.layer(bar, words)
    lines = -(-len(shown) // _LEGEND_COLUMNS)
    chart: alt.LayerChart = dress(layers, c, max(len(frame["row"].unique()), 1) * ROW_HEIGHT + lines * LEGEND_LINE)
    return chart


# words


def rhythm_label(key: str) -> str:
    count, _, unit = key.partition("-")
    return f"{count} {unit[:-1] if count == '1' else unit}" if unit else HEALTHS[Health.NONE]


def said(choice: Choice, today: date) -> str:
    """“known 3–5 years, silent 12–23 months”."""
    one, other = choice.one, choice.other
    match choice.figure:
        case Figure.SILENCE:
            known = f"known {YEARS_KNOWN[one]} {'year' if one == '0' else 'years'}" if one else ""
            return ", ".join(filter(None, (known, _silence(other))))
        case Figure.MET:
            met = f"met before {today.year - YEARS + 1}" if one == BEFORE else f"met in {one}" if one else ""
            return ", ".join(filter(None, (met, other and {"alive": "still alive", "silent": "gone silent"}[other])))
        case Figure.RHYTHM:
            if Health.NONE in (one, other):
                return "without a rhythm"
            return ", ".join(
                filter(None, (f"every {rhythm_label(one)}" if one else "", other and HEALTHS[Health(other)]))
            )
        case Figure.SOURCE:
            source = f"from {one}" if one != NOWHERE else "whose source is not noted"
            return ", ".join(filter(None, (source, other and STATES[Now(other)])))
        case Figure.COMING:
            if not one:
                return "silent within three months unless there is a word"
            return f"silent from {first_of(month_of(today) + int(one)):%B} on, unless there is a word"


def _silence(key: str) -> str:
    if not key:
        return ""
    if key == NO_WORD:
        return "no word yet"
    if key == "0":
        return "a word this month"
    return "silent 24 months or longer" if key == "24" else f"silent {SILENCES[key]} months"


def _length(key: str) -> tuple[bool, float]:
    count, _, unit = key.partition("-")
    return (not unit, int(count) * (7 if unit == "weeks" else 30.44) if unit else 0)


def _months(last_word_on: date, today: date) -> float | None:
    return None if last_word_on == NEVER else (today - last_word_on).days / 30.44


def _silent_for(last_word_on: date, today: date) -> str:
    return "no word yet" if last_word_on == NEVER else span(last_word_on, today)


def _lit(pairs: Sequence[tuple[str, str]], figure: Figure, choice: Choice | None) -> list[tuple[bool, bool]]:
    """For each pair: whether it is drawn lit, as all are while nothing is chosen, and whether it is chosen."""
    if choice is None or choice.figure is not figure:
        return [(True, False) for _ in pairs]
    meant = [choice.one in ("", one) and choice.other in ("", other) for one, other in pairs]
    return [(is_meant, is_meant) for is_meant in meant]


_LIT = {"lit": bool, "is_chosen": bool}
_CELLS = {"one": str, "other": str, "known": str, "silent": str, "number": int, "says": str} | _LIT
_POINTS = {"one": str, "other": str, "years": float, "months": float, "name": str, "silence": str} | _LIT
_PART = {"one": str, "other": str, "row": str, "part": str, "number": int, "begin": float, "end": float, "says": str}
_PARTS = _PART | _LIT
_FLAT = alt.Axis(titleAngle=0, titleAlign="left", titleAnchor="end", titleX=-60, titleY=-12)
