"""The charts of the pool; a choice in any of them becomes the list below, and stands in the address."""

from collections.abc import Callable, Mapping
from datetime import date

import streamlit as st

from core.charts import bars
from core.charts import pool as charts
from core.charts.frames import Frame
from core.domain.pool import KNOWN, Now
from core.queries.pool import FEW, NO_WORD, Alive, Choice, Figure, Health, Seen, choice_of
from pages.parts import filters, wording
from pages.parts.charts import clear_charts, key_of, spec_of, times_cleared
from pages.parts.layout import quiet
from pages.parts.wording import md

CHOSEN = "chosen"
"""The name in the address."""
LONG_KNOWN = frozenset(one.key for one in KNOWN if one.least >= 36)
LONG_SILENT = frozenset({"12", "24", NO_WORD})


def chosen() -> Choice | None:
    return choice_of(filters.chosen(CHOSEN, lambda value: choice_of(value) is not None))


def choose(choice: Choice | None) -> None:
    """A callback."""
    filters.choose(CHOSEN, str(choice) if choice else "")


def draw(seen: Seen, choice: Choice | None) -> None:
    left, right = st.columns([1.55, 1], gap="large")
    with left:
        draw_silences(seen, choice)
        draw_sources(seen, choice)
    with right:
        draw_coming(seen, choice)
        draw_cohorts(seen, choice)
        draw_rhythms(seen, choice)


def draw_silences(seen: Seen, choice: Choice | None) -> None:
    long = sum(n for (one, other), n in seen.silences.items() if one in LONG_KNOWN and other in LONG_SILENT)
    has = "has" if long == 1 else "have"
    says = f"{wording.plural(long, 'person', 'people')} known over 3 years {has} been silent for 12 months or longer."
    st.subheader("How long known, how long silent", anchor=False)
    are_few = seen.number <= FEW
    lists = "a dot to list everybody known and silent about as long" if are_few else "a cell to list whom it counts"
    st.markdown(quiet(f"{says} Choose {lists}."))
    if are_few:
        frame = charts.points_frame(seen.people, seen.today, choice)
        draw_chart("silences", charts.points_chart, frame, Figure.SILENCE, says)
    else:
        frame = charts.cells_frame(seen.silences, choice)
        draw_chart("silences", charts.cells_chart, frame, Figure.SILENCE, says)


def draw_sources(seen: Seen, choice: Choice | None) -> None:
    placed = sum(number for (_, now), number in seen.sources.items() if now is Now.PLACED)
    at_work = wording.plural(placed, "person is", "people are")
    sources = len({source for source, _ in seen.sources})
    more = f" The {charts.SOURCES} most frequent of {sources:,} sources." if sources > charts.SOURCES else ""
    says = f"{at_work} at work where we placed them.{more}"
    st.subheader("Where they came from, and what became of them", anchor=False)
    st.markdown(quiet(says))
    frame = charts.sources_frame(seen.sources, choice)
    draw_chart("sources", charts.sources_chart, frame, Figure.SOURCE, says)


def draw_cohorts(seen: Seen, choice: Choice | None) -> None:
    says = f"{seen.alive:,} of {wording.plural(seen.number, 'person', 'people')}, by the year they were first met."
    st.subheader("Still alive, by year first met", anchor=False)
    st.markdown(quiet(says))
    lit = choice.one if choice and choice.figure is Figure.MET else ""
    frame = bars.bars_frame(charts.cohorts(seen.cohorts, seen.today), lit)
    draw_chart("cohorts", bars.bars_chart, frame, Figure.MET, says)


def draw_rhythms(seen: Seen, choice: Choice | None) -> None:
    past = sum(number for (_, how), number in seen.rhythms.items() if how is Health.PAST)
    says = f"{wording.plural(past, 'person is', 'people are')} past the date of their rhythm."
    st.subheader("Rhythm health", anchor=False)
    st.markdown(quiet(says))
    frame = charts.rhythms_frame(seen.rhythms, choice)
    draw_chart("rhythms", charts.rhythms_chart, frame, Figure.RHYTHM, says)


def draw_coming(seen: Seen, choice: Choice | None) -> None:
    number = sum(seen.coming.values())
    going = wording.plural(number, "relationship goes", "relationships go")
    says = f"{going} silent in the coming three months, unless there is a word."
    st.subheader("Who goes silent next", anchor=False)
    st.markdown(quiet(says))
    lit = choice.one if choice and choice.figure is Figure.COMING else ""
    frame = bars.bars_frame(charts.coming(seen.coming, seen.today), lit)
    draw_chart("coming", bars.bars_chart, frame, Figure.COMING, says)


def draw_chart(name: str, chart: Callable[..., object], frame: Frame, figure: Figure, says: str) -> None:
    parts = sorted(frame["part"].unique().to_pylist()) if "part" in frame.column_names else []
    rows = len(frame["row"].unique()) if "row" in frame.column_names else 0
    st.vega_lite_chart(
        frame,
        spec_of(chart, frame, len(frame), *parts, rows),  # type: ignore[arg-type]
        theme=None,
        key=key_of(name),
        on_select=lambda: _taken(name, figure),
        alt=says,
    )


def _taken(name: str, figure: Figure) -> None:
    """What was clicked is chosen; a second click on it, and nothing is."""
    marks = st.session_state[key_of(name)].selection.get(bars.CHOSEN) or []
    if not marks:
        return
    mark = marks[0]
    one = str(mark.get("one", mark.get("key", "")) or "")
    picked = choice_of(str(Choice(figure, one, str(mark.get("other") or ""))))
    choose(None if picked == choice_of(filters.value_of(CHOSEN)) else picked)
    clear_charts()


# the same choices without a chart


def draw_pills(seen: Seen, choice: Choice | None) -> None:
    """For each chart what can be chosen in it, with its number."""
    for figure, label, ones, others in _offered(seen, choice):
        _draw_pills(figure, "one", label[0], ones, seen, choice)
        if others and (figure is not Figure.SOURCE or (choice and choice.figure is figure)):
            _draw_pills(figure, "other", label[1], others, seen, choice)


def _offered(
    seen: Seen, choice: Choice | None
) -> list[tuple[Figure, tuple[str, str], Mapping[str, str], Mapping[str, str]]]:
    today: date = seen.today
    cohorts = {bar.key: bar.label for bar in charts.cohorts(seen.cohorts, today)}
    coming = {bar.key: bar.label for bar in charts.coming(seen.coming, today)}
    alive = {Alive.YES.value: "still alive", Alive.NO.value: "gone silent"}
    healths = {key.value: label for key, label in charts.HEALTHS.items() if key is not Health.NONE}
    states = {key.value: label for key, label in charts.STATES.items()}
    return [
        (Figure.SILENCE, ("Years known", "Months silent"), charts.YEARS_KNOWN, charts.SILENCES),
        (Figure.COMING, ("Going silent", ""), coming, {}),
        (Figure.MET, ("First met", "And since"), cohorts, alive),
        (Figure.RHYTHM, ("Rhythm", "How it is kept"), charts.rhythms(seen.rhythms), healths),
        (Figure.SOURCE, ("Where from", "What became of them"), charts.sources(seen.sources, choice), states),
    ]


def _draw_pills(
    figure: Figure, part: str, label: str, options: Mapping[str, str], seen: Seen, choice: Choice | None
) -> None:
    mine = choice if choice and choice.figure is figure else Choice(figure)
    numbers = {
        key: seen.number_of(Choice(figure, key, mine.other) if part == "one" else Choice(figure, mine.one, key))
        for key in options
    }
    now = getattr(mine, part)
    shown = [key for key in options if numbers[key] or key == now]
    key = f"{figure.value}-{part}-{times_cleared()}-{mine}"
    st.pills(
        label,
        shown,
        default=now if now in shown else None,
        format_func=lambda value: f"{md(options[value])} {numbers[value]:,}",
        key=key,
        on_change=_pilled,
        args=(key, figure, part, mine),
        wrap=True,
    )


def _pilled(key: str, figure: Figure, part: str, before: Choice) -> None:
    value = str(st.session_state[key] or "")
    one, other = (value, before.other) if part == "one" else (before.one, value)
    choose(choice_of(str(Choice(figure, one, other))))
