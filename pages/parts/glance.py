"""Above the list of openings: four charts of whoever is in process, each of which narrows the list; the same as pills.

What is chosen stands in the address, not in the charts: after each click they are drawn anew and show what is chosen,
wherever it was chosen.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core.charts import bars, openings
from core.domain.facts import Turn
from core.queries.openings import TURNS, Age, Cell, Glance, OpeningFilters, Silence
from pages.parts import filters, wording
from pages.parts.charts import clear_charts, key_of, spec_of
from pages.parts.layout import quiet
from pages.parts.wording import md

STAGE, TURN, AGE, SILENCE = "stage", "turn", "age", "silence"
"""Names in the address, and of what they narrow by."""
PEOPLE = (STAGE, TURN, AGE, SILENCE)
SAID: dict[str, Mapping[Any, str]] = {
    TURN: wording.TURNS,
    AGE: {
        age: f"{weeks} {'week' if age is Age.UNDER_1 else 'weeks'} in the stage" for age, weeks in openings.AGES.items()
    },
    SILENCE: {
        Silence.IN_TIME: "heard within the cadence",
        Silence.TO_2: "1–2 days past it",
        Silence.TO_5: "3–5 days past it",
        Silence.OVER_5: "over 5 days past it",
    },
}


def chosen() -> dict[str, Any]:
    """What is chosen of people, by the address or before."""
    turn, age, silence = (
        filters.chosen(name, set(kind).__contains__) for name, kind in ((TURN, Turn), (AGE, Age), (SILENCE, Silence))
    )
    return {
        STAGE: filters.chosen(STAGE, lambda value: len(value) <= 100) or None,
        TURN: Turn(turn) if turn else None,
        AGE: Age(age) if age else None,
        SILENCE: Silence(silence) if silence else None,
    }


def draw(seen: Glance, asked: OpeningFilters) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        draw_steps(seen, asked)
        draw_turns(seen.cells, asked)
    with right:
        draw_ages(seen, asked)
        draw_silences(seen.cells, asked)


def draw_pills(seen: Glance, asked: OpeningFilters) -> None:
    """The same choices without a chart, each with its number."""
    stages = number_of(seen.cells, asked, STAGE)
    names = [step.stage for step in seen.steps]
    names += sorted({name for name in (*stages, asked.stage) if name and name not in names})
    pills(STAGE, "Stage", {name: f"{name} {stages[name]:,}" for name in names})
    for name, label, kind in (
        (TURN, "Whose turn", TURNS),
        (AGE, "How long in the stage", tuple(Age)),
        (SILENCE, "Our last word", tuple(Silence)),
    ):
        number = number_of(seen.cells, asked, name)
        pills(name, label, {one.value: f"{SAID[name][one].capitalize()} {number[one]:,}" for one in kind})


def pills(name: str, label: str, options: Mapping[str, str]) -> None:
    filters.draw_one_of(name, {value: md(words) for value, words in options.items()}, label, is_said=True)


def number_of(cells: Sequence[Cell], asked: OpeningFilters, *names: str) -> Counter[Any]:
    """How many people there are for each value of the first field, with what is chosen of these fields left open."""
    number: Counter[Any] = Counter()
    for cell in cells:
        if cell.is_meant(asked, *names):
            number[getattr(cell, names[0])] += cell.number
    return number


def said(asked: OpeningFilters) -> str:
    """“Interview, our turn, 2–4 weeks in the stage”. Markdown."""
    parts = [md(asked.stage)] if asked.stage else []
    parts += [SAID[name][getattr(asked, name)] for name in (TURN, AGE, SILENCE) if getattr(asked, name)]
    return ", ".join(parts)


# the charts


def draw_steps(seen: Glance, asked: OpeningFilters) -> None:
    st.subheader("How far people came", anchor=False)
    first, last = (seen.steps[0], seen.steps[-1]) if seen.steps else (None, None)
    if first is None or last is None or not any(step.came for step in seen.steps):
        st.markdown(quiet("Nobody has been in any of these openings yet."))
        return
    says = (
        f"Who is in a stage now, of all who came as far since each opened: {last.came:,} of the {first.came:,} in"
        f" {md(first.stage)} came to {md(last.stage)}."
    )
    st.markdown(quiet(says))
    rows = openings.steps(seen.steps, number_of(seen.cells, asked, STAGE))
    draw_bars("steps", list(rows), asked.stage or "", STAGE, says)


def draw_turns(cells: Sequence[Cell], asked: OpeningFilters) -> None:
    st.subheader("Whose turn it is", anchor=False)
    number = number_of(cells, asked, TURN)
    if not number.total():
        st.markdown(quiet("Nobody is in process."))
        return
    says = f"Ours for {number[Turn.OURS]:,} of {wording.plural(number.total(), 'person', 'people')} in process now."
    st.markdown(quiet(says))
    draw_bars("turns", list(openings.turns(number)), asked.turn or "", TURN, says)


def draw_silences(cells: Sequence[Cell], asked: OpeningFilters) -> None:
    st.subheader("Our last word, against the cadence", anchor=False)
    number = number_of(cells, asked, SILENCE)
    if not number.total():
        st.markdown(quiet("Nobody is in process."))
        return
    past = number.total() - number[Silence.IN_TIME]
    says = f"{past:,} of {number.total():,} have waited longer than their stage’s cadence, in working days."
    st.markdown(quiet(says))
    draw_bars("silences", list(openings.silences(number)), asked.silence or "", SILENCE, says)


def draw_bars(name: str, rows: list[bars.Bar], chosen: str, narrows: str, alt: str) -> None:
    frame = bars.bars_frame(rows, chosen)
    st.vega_lite_chart(
        frame,
        spec_of(bars.bars_chart, frame, len(frame)),
        theme=None,
        key=key_of(name),
        on_select=lambda: choose_in_chart(name, {narrows: "key"}),
        alt=alt,
    )


def draw_ages(seen: Glance, asked: OpeningFilters) -> None:
    st.subheader("How long they have been there", anchor=False)
    meant = [cell for cell in seen.cells if cell.is_meant(asked, STAGE, AGE)]
    if not meant:
        st.markdown(quiet("Nobody is in process."))
        return
    long = sum(cell.number for cell in meant if cell.age is Age.OVER_8)
    total = sum(cell.number for cell in meant)
    says = f"{long:,} of {total:,} have been over 8 weeks in the stage they are in."
    st.markdown(quiet(says))
    known = [step.stage for step in seen.steps]
    stages = known + sorted({cell.stage for cell in meant} - set(known))
    frame = openings.ages_frame(meant, stages, asked.stage, asked.age)
    st.vega_lite_chart(
        frame,
        spec_of(openings.ages_chart, frame, len(stages)),
        theme=None,
        key=key_of("ages"),
        on_select=lambda: choose_in_chart("ages", {STAGE: STAGE, AGE: AGE}),
        alt=says,
    )


def choose_in_chart(chart: str, narrows: Mapping[str, str]) -> None:
    """What was clicked narrows the list, by name in the address and field of the chart; a second click widens it."""
    marks = st.session_state[key_of(chart)].selection.get(bars.CHOSEN) or []
    if not marks:
        return
    clicked = {name: str(marks[0].get(field) or "") for name, field in narrows.items()}
    is_same = all(filters.value_of(name) == value for name, value in clicked.items())
    for name, value in clicked.items():
        filters.choose(name, "" if is_same else value)
    clear_charts()
