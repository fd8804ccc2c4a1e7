"""The figures of Insights: each a question, its reading, a chart, a way to the rows behind it, and its formula."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import streamlit as st

from core.charts import insights as charts
from core.charts.bars import CHOSEN, Bar, bars_chart, bars_frame
from core.charts.frames import Frame
from core.charts.insights import Column, Piece
from core.charts.pool import cohorts
from core.domain.drafts import NAMES
from core.domain.facts import Answer
from core.domain.percentiles import FEWEST
from core.queries.insights import Insights, Meetings, Waited, Words, added
from core.queries.pool import Alive
from core.queries.referrals import Year
from pages.parts import filters, wording
from pages.parts.charts import clear_charts, key_of, spec_of, times_cleared
from pages.parts.choosing import choose_one
from pages.parts.layout import quiet
from pages.parts.wording import md

SEEN, HOW = "seen", "became"
"""Names in the address: what is looked at, as figure/bar; of its words those that were kept so; how far down."""

MONTH, KIND, OWNER, CLIENT, LATE = "month", "kind", "owner", "client", "late"
REPLY, TOLD, GHOSTED, MISSED = "reply", "told", "ghosted", "missed"
ALIVE, REFERRED = "alive", "referred"
OF_WORDS = (MONTH, KIND, OWNER, CLIENT, LATE, REPLY)
"""Figures behind which there are promises."""
ON_TIME, KEPT_LATE, OVERDUE, WAIVED = "on-time", "late", "overdue", "waived"
"""What became of a word, in the address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    key: str
    question: str
    reading: str
    """Markdown."""
    formula: str
    frame: Frame
    chart: Callable[..., Any]
    depends_on: tuple[Any, ...]
    rows: Mapping[str, str]
    """What can be looked at: its key, and what it is called."""
    empty: str
    """Said in the place of a chart that has nothing to show; "" where it has."""
    elsewhere: tuple[str, str] | None = None
    """The page that lists what is behind it, and what the way there is called."""


# what each says


def by_month(seen: Insights, chosen: str) -> Figure:
    total = added(seen.words.values())
    columns = []
    for bar, words in seen.words.items():
        name, when = charts.called(bar, by_year=seen.by_year), charts.when(bar, by_year=seen.by_year)
        if words.can_be_told:
            pieces = [
                Piece(ON_TIME, "kept", words.on_time),
                Piece(KEPT_LATE, "late", words.late.total()),
                Piece(OVERDUE, "overdue", words.overdue),
            ]
            says = f"{name}: {how_kept(words)}"
            columns.append(Column(f"{MONTH}/{when}", when, pieces, charts.percent(words), says))
        else:
            label = f"({words.n})" if words.n else ""
            columns.append(Column(f"{MONTH}/{when}", when, (), label, f"{name}: {charts.too_few(words.n)}"))
    frame = charts.columns_frame(columns, _lit(MONTH, chosen))
    reading = charts.too_few(total.n)
    if total.can_be_told:
        waived = f" {total.waived:,} more were waived." if total.waived else ""
        reading = f"{charts.percent(total)} of {wording.plural(total.n, 'word')}: {how_kept(total)}.{waived}"
    return Figure(
        key=MONTH,
        question="Are words kept on time?",
        reading=reading,
        formula="Kept on time, of all that fell due in the month: kept on time, kept late, or overdue now. What was"
        " kept ahead of its month counts in it; waived words are counted apart, void ones and those an import"
        " brought unanswered nowhere.",
        frame=frame,
        chart=charts.columns_chart,
        depends_on=charts.meanings_in(frame),
        rows=_bars(seen, MONTH, {bar: _short(words) for bar, words in seen.words.items() if words.number()}),
        empty="" if total.n else "Nothing fell due in this time.",
    )


def how_kept(words: Words) -> str:
    return f"{words.on_time:,} kept on time, {words.late.total():,} kept late, {words.overdue:,} overdue"


def by_kind(seen: Insights, chosen: str) -> Figure:
    found = [(f"{KIND}/{kind.value}", NAMES[kind], words) for kind, words in seen.kinds.items()]
    return _ranked(KIND, "Which words are kept?", "of each kind", found, chosen)


def by_owner(seen: Insights, chosen: str) -> Figure:
    found = [(f"{OWNER}/{id_}", name, words) for id_, name, words in seen.owners]
    return _ranked(OWNER, "Who keeps them?", "by whose they were when they were kept, or are now", found, chosen)


def by_client(seen: Insights, chosen: str) -> Figure:
    found = [(f"{CLIENT}/{id_}", name, words) for id_, name, words in seen.clients]
    return _ranked(CLIENT, "About which client?", "about a process, by its opening’s client", found, chosen)


def _ranked(key: str, question: str, which: str, found: list[tuple[str, str, Words]], chosen: str) -> Figure:
    there = [one for one in found if one[2].n]
    bars = charts.shares(there)
    told = [one for one in there if one[2].can_be_told]
    reading = f"The fewest first, of {len(there):,} with words due."
    if told:
        _, name, words = min(told, key=lambda one: (one[2].share, -one[2].n, one[1]))
        reading = f"Least often: {md(name)}, {charts.percent(words)} of {words.n:,}."
    if len(there) > len(bars):
        reading += f" The first {len(bars)} of {len(there)} are shown."
    return Figure(
        key=key,
        question=question,
        reading=reading,
        formula=f"Kept on time, of all that fell due in this time, {which}; after “late by”, of those kept late, the"
        " working days: median · 90th percentile.",
        frame=bars_frame(bars, _lit(key, chosen)),
        chart=bars_chart,
        depends_on=(len(bars),),
        rows={
            one: f"{name}: {_short(words)}{charts.late_by(words)}"
            for one, name, words in sorted(there, key=lambda one: one[1])
        },
        empty="" if there else "Nothing fell due in this time.",
    )


def how_late(seen: Insights, chosen: str) -> Figure:
    return _spread(
        seen,
        LATE,
        "When late, by how much?",
        {bar: words.late for bar, words in seen.words.items()},
        ("working day", "working days"),
        "Working days from the day a word was due to the one it was given, of those kept late, by the month they fell"
        " due; the dot is the median, its line reaches to the 90th percentile. From 20 on counted by fives, from 60 on"
        " together. What is still overdue is not in it.",
        "No word was kept late in this time.",
        chosen,
    )


def how_soon_answered(seen: Insights, chosen: str) -> Figure:
    return _spread(
        seen,
        REPLY,
        "How soon do we answer?",
        seen.replies,
        ("working hour", "working hours"),
        "Whole working hours from a candidate’s word to our answer, of those answered, by the month the answer fell"
        " due; the dot is the median, its line reaches to the 90th percentile. From 24 on counted by eights, from 80 on"
        " together. Every kind of message that needs an answer, whatever kind is chosen above.",
        "No answer was given in this time.",
        chosen,
    )


def how_soon_told(seen: Insights, chosen: str) -> Figure:
    figure = _spread(
        seen,
        TOLD,
        "How soon is a decision told?",
        seen.told,
        ("working day", "working days"),
        "Working days from the end of a process to the word that told the candidate, by the month it ended; 0 where"
        " they were told before or on the day. The dot is the median, its line reaches to the 90th percentile."
        " Counted apart: who was not told yet, could not be reached, or asked for no contact.",
        "No process ended in this time.",
        chosen,
        more=seen.untold_in,
    )
    untold = _untold(seen.untold)
    return replace(figure, reading=f"{figure.reading} {untold}") if untold else figure


def _untold(number: Counter[Answer]) -> str:
    said = {
        Answer.OWED: "not told yet",
        Answer.TOLD: "told once, and that word was taken back",
        Answer.UNREACHABLE: "not reachable after three tries",
        Answer.DO_NOT_CONTACT: "asked for no contact",
    }
    parts = [f"{number[answer]:,} {words}" for answer, words in said.items() if number[answer]]
    return f"Apart from these: {', '.join(parts)}." if parts else ""


def ghosted(seen: Insights, chosen: str) -> Figure:
    number = seen.ghosted
    total = number.total()
    bars = charts.ranked({f"{GHOSTED}/{w.name.lower()}": (w.value, number[w]) for w in Waited if number[w]}, "overdue")
    who = "person has" if total == 1 else "people have"
    return Figure(
        key=GHOSTED,
        question="Whom have we left waiting?",
        reading=f"{total:,} {who} waited twice as long as they were to: ghosted so far.",
        formula="People, now, to whom a word is owed that is open for twice the time it had: due in three days, it is"
        " that after six. For how long that has been so. A member’s are the people who are theirs. Not by period,"
        " kind or client.",
        frame=bars_frame(bars, _lit(GHOSTED, chosen)),
        chart=bars_chart,
        depends_on=(len(bars),),
        rows={
            f"{GHOSTED}/{w.name.lower()}": f"{w.value}: {wording.plural(number[w], 'person', 'people')}"
            for w in Waited
            if number[w]
        },
        empty="" if total else "Nobody has waited twice as long as they were to.",
    )


def alive(numbers: Counter[tuple[str, Alive]], today: date) -> Figure:
    bars, number = list(cohorts(numbers, today)), numbers.total()
    are = sum(number for (_, how), number in numbers.items() if how is Alive.YES)
    return Figure(
        key=ALIVE,
        question="How many relationships are alive?",
        reading=f"{are:,} of {wording.plural(number, 'person', 'people')} the pool holds.",
        formula="Of everybody first met in a year, those with a word either way within the last twelve calendar months."
        " As it is today; not by period, kind or client.",
        frame=bars_frame(bars),
        chart=bars_chart,
        depends_on=(len(bars),),
        rows={},
        empty="" if number else "Nobody is known yet.",
        elsewhere=("pool.py", "See them in the Talent pool"),
    )


def referred(years: Sequence[Year]) -> Figure:
    brought, hired = sum(year.brought for year in years), sum(year.hired for year in years)
    bars = [
        Bar(
            str(year.year),
            str(year.year),
            year.hired,
            f"{year.hired:,} hired of {year.brought:,}",
            "kept",
            whole=year.brought,
            aside=f", {year.met:,} met",
        )
        for year in reversed(years)
        if year.brought
    ]
    return Figure(
        key=REFERRED,
        question="What came of recommendations?",
        reading=f"{wording.plural(brought, 'person', 'people')} brought by candidates, {hired:,} of them hired.",
        formula="People whom a candidate recommended, by the year of that; met are those who came to an interview or"
        " further. The whole team’s, up to now; not by period, kind or client.",
        frame=bars_frame(bars),
        chart=bars_chart,
        depends_on=(len(bars),),
        rows={},
        empty="" if brought else "Nobody has been recommended yet. Note it on a person’s page, under Referrals.",
        elsewhere=("referrals.py", "See who brought whom"),
    )


def missed(seen: Insights, chosen: str) -> Figure:
    columns = []
    for bar, met in seen.meetings.items():
        name, when = charts.called(bar, by_year=seen.by_year), charts.when(bar, by_year=seen.by_year)
        key = f"{MISSED}/{when}"
        if met.number >= FEWEST:
            pieces = [Piece("", "ours", met.missed)]
            columns.append(Column(key, when, pieces, f"{met.missed} of {met.number:,}", f"{name}: {_missed(met)}"))
        else:
            label = f"({met.number})" if met.number else ""
            columns.append(Column(key, when, (), label, f"{name}: {charts.too_few(met.number)}"))
    total = Meetings(
        *(sum(getattr(met, part) for met in seen.meetings.values()) for part in ("number", "missed", "unnoted"))
    )
    frame = charts.columns_frame(columns, _lit(MISSED, chosen))
    return Figure(
        key=MISSED,
        question="Do we come to our meetings?",
        reading=_missed(total).capitalize() + "." if total.number >= FEWEST else charts.too_few(total.number),
        formula="Meetings missed by us, of all that were to be: begun by now and not cancelled, interviews and talks,"
        " by the month they were to begin. A member’s are those they were to host. Not by kind.",
        frame=frame,
        chart=charts.columns_chart,
        depends_on=charts.meanings_in(frame),
        rows=_bars(seen, MISSED, {bar: f"{met.missed:,} missed" for bar, met in seen.meetings.items() if met.missed}),
        empty="" if total.number else "No meeting was to be in this time.",
    )


def _missed(met: Meetings) -> str:
    share = round(100 * met.missed / met.number, 1)
    unnoted = f"; of {met.unnoted:,} nobody has noted yet how they went" if met.unnoted else ""
    return f"we missed {met.missed:,} of {wording.plural(met.number, 'meeting')}, {share:g}%{unnoted}"


def _spread(
    seen: Insights,
    key: str,
    question: str,
    numbers: Mapping[Any, Counter[int]],
    unit: tuple[str, str],
    formula: str,
    empty: str,
    chosen: str,
    more: Mapping[Any, int] | None = None,
) -> Figure:
    total: Counter[int] = Counter()
    for counted in numbers.values():
        total.update(counted)
    marks = [
        (
            f"{key}/{charts.when(bar, by_year=seen.by_year)}",
            charts.when(bar, by_year=seen.by_year),
            charts.called(bar, by_year=seen.by_year),
            counted,
        )
        for bar, counted in numbers.items()
    ]
    said = charts.spread(total, unit[1])
    also = more or {}
    return Figure(
        key=key,
        question=question,
        reading=said[0].upper() + said[1:] + ".",
        formula=formula,
        frame=charts.spread_frame(marks, unit[1], _lit(key, chosen)),
        chart=charts.spread_chart,
        depends_on=(),
        rows=_bars(
            seen,
            key,
            {
                bar: charts.spread(counted, unit[1])
                for bar, counted in numbers.items()
                if counted.total() + also.get(bar, 0)
            },
        ),
        empty="" if total or any(also.values()) else empty,
    )


def _lit(figure: str, chosen: str) -> str:
    """What is chosen in this figure; what is in another dims none here."""
    return chosen if chosen.startswith(f"{figure}/") else ""


def _bars(seen: Insights, key: str, said: Mapping[Any, str]) -> dict[str, str]:
    """The latest first."""
    return {
        f"{key}/{charts.when(bar, by_year=seen.by_year)}": f"{charts.called(bar, by_year=seen.by_year)}: {words}"
        for bar, words in sorted(said.items(), reverse=True)
    }


def _short(words: Words) -> str:
    return f"{charts.percent(words)} of {words.n:,}" if words.can_be_told else charts.too_few(words.n)


# how each is drawn


def draw(figure: Figure, chosen: str) -> None:
    st.subheader(figure.question, anchor=False)
    if figure.empty:
        st.markdown(quiet(figure.empty))
        return
    st.markdown(quiet(figure.reading))
    st.vega_lite_chart(
        figure.frame,
        spec_of(figure.chart, figure.frame, *figure.depends_on),
        theme=None,
        key=key_of(figure.key),
        on_select=(lambda: _clicked(figure.key)) if figure.rows else "ignore",
        alt=f"{figure.question} {figure.reading}",
    )
    if figure.elsewhere:
        page, label = figure.elsewhere
        st.page_link(page, label=label)
    if figure.rows:
        widget = f"see-{figure.key}-{times_cleared()}"
        choose_one(
            f"Show what is behind: {figure.question}",
            figure.rows,
            chosen,
            placeholder="Show what is behind…",
            key=widget,
            label_visibility="collapsed",
            on_change=lambda: see(st.session_state[widget] or ""),
        )
    st.markdown(quiet(figure.formula))


def see(key: str, how: str = "") -> None:
    """A callback: look at what is behind this bar; "" is none."""
    filters.choose(SEEN, key)
    filters.choose(HOW, how)
    filters.choose(filters.own("page"), "")
    clear_charts()


def _clicked(chart: str) -> None:
    marks = st.session_state[key_of(chart)].selection.get(CHOSEN) or []
    if not marks:
        return
    key, how = str(marks[0].get("key") or ""), str(marks[0].get("part") or "")
    is_same = (key, how) == (filters.value_of(SEEN), filters.value_of(HOW))
    see("" if is_same else key, "" if is_same else how)
