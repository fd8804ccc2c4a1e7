"""What is behind a figure of Insights, row by row: which words, which decisions, which people, which meetings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import streamlit as st

from core.charts import insights as charts
from core.charts.timeline import ENDS
from core.domain.calendar import Calendar
from core.domain.drafts import NAMES
from core.domain.facts import Answer, MeetingKind
from core.domain.promises import KEPT, Kind, Status
from core.queries.insights import IN_FIGURES, InsightFilters, Insights, Waited, Words
from core.queries.page import Page
from pages.parts import filters, reads, table, wording
from pages.parts.insight_figures import (
    CLIENT,
    GHOSTED,
    HOW,
    KEPT_LATE,
    KIND,
    LATE,
    MISSED,
    MONTH,
    OF_WORDS,
    ON_TIME,
    OVERDUE,
    OWNER,
    REPLY,
    TOLD,
    WAIVED,
    see,
)
from pages.parts.layout import quiet
from pages.parts.wording import md

SIZE = 25
HOWS = {
    ON_TIME: ("Kept on time", Status.KEPT_ON_TIME),
    KEPT_LATE: ("Kept late", Status.KEPT_LATE),
    OVERDUE: ("Overdue", Status.OPEN),
    WAIVED: ("Waived", Status.WAIVED),
}
ANSWERS = {
    Answer.OWED: "not yet",
    Answer.TOLD: "taken back",
    Answer.UNREACHABLE: "not reachable",
    Answer.DO_NOT_CONTACT: "no contact wanted",
}


@dataclass(frozen=True, slots=True)
class Behind:
    """One bar of a figure, and the filters that leave what is in it."""

    figure: str
    name: str
    filters: InsightFilters
    words: Words
    """Of a figure over words."""
    waited: Waited | None = None
    number: int = 0
    """Of any other."""


def behind(seen: Insights, asked: InsightFilters, chosen: str) -> Behind | None:
    """None: there is no such bar, as the filters are now."""
    figure, _, bar = chosen.partition("/")
    match figure:
        case _ if figure in (MONTH, LATE, REPLY, TOLD, MISSED):
            return _of_month(seen, asked, figure, bar)
        case _ if figure == KIND:
            kind = next((kind for kind in seen.kinds if kind.value == bar), None)
            return Behind(figure, NAMES[kind], replace(asked, kind=kind), seen.kinds[kind]) if kind else None
        case _ if figure in (OWNER, CLIENT):
            found = seen.owners if figure == OWNER else seen.clients
            one = next(((id_, name, words) for id_, name, words in found if str(id_) == bar), None)
            if one is None:
                return None
            of_one = replace(asked, owner_id=one[0]) if figure == OWNER else replace(asked, client_id=one[0])
            return Behind(figure, one[1], of_one, one[2])
        case _ if figure == GHOSTED:
            waited = next((waited for waited in Waited if waited.name.lower() == bar), None)
            return Behind(figure, waited.value, asked, Words(), waited, seen.ghosted[waited]) if waited else None
    return None


def _of_month(seen: Insights, asked: InsightFilters, figure: str, bar: str) -> Behind | None:
    begin = next((day for day in seen.bars if charts.when(day, by_year=seen.by_year) == bar), None)
    if begin is None:
        return None
    _, end = seen.reaches(begin)
    within = replace(asked, begin=begin, end=min(end, asked.end or end))
    name = charts.called(begin, by_year=seen.by_year)
    if figure == REPLY:
        replies = replace(within, kind=Kind.REPLY)
        return Behind(figure, name, replies, Words(), number=seen.replies[begin].total())
    if figure == TOLD:
        number = seen.told[begin].total() + seen.untold_in[begin]
        return Behind(figure, name, within, Words(), number=number)
    if figure == MISSED:
        return Behind(figure, name, within, Words(), number=seen.meetings[begin].missed)
    return Behind(figure, name, within, seen.words[begin])


def draw(one: Behind, now: datetime, calendar: Calendar) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(md(_title(one)), anchor=False, width="stretch")
        st.button("Close the list", key="see-nothing", type="tertiary", on_click=see, args=("",))
    statuses = _statuses(one)
    total = one.number or one.words.number(statuses)
    if not total:
        st.markdown(quiet("Nothing is behind it."))
        return
    page = filters.page(filters.own("page"), total, SIZE)
    today = calendar.day(now)
    if one.figure in OF_WORDS:
        _draw_words(one, statuses, page, now, calendar)
    elif one.figure == TOLD:
        _draw_ended(one, page, today, calendar)
    elif one.figure == GHOSTED:
        _draw_ghosted(one, page, today, calendar)
    else:
        _draw_missed(one, page, now, calendar)


def _title(one: Behind) -> str:
    what = {
        REPLY: "answers given",
        TOLD: "processes that ended",
        MISSED: "meetings we missed",
        GHOSTED: "people left waiting",
        LATE: "words kept late",
    }.get(one.figure, "words that fell due")
    return f"{one.name}: {what}"


def _statuses(one: Behind) -> Sequence[Status]:
    """Which of its words are shown; where there are several ways it went, they are chosen among."""
    if one.figure == REPLY:
        return tuple(KEPT)
    if one.figure == LATE:
        return (Status.KEPT_LATE,)
    if one.figure not in OF_WORDS:
        return ()
    number = {how: one.words.number([status]) for how, (_, status) in HOWS.items()}
    options = {how: f"{said} {number[how]:,}" for how, (said, _) in HOWS.items() if number[how]}
    chosen = filters.one_of(HOW, options, "What became of them") if len(options) > 1 else ""
    return (HOWS[chosen][1],) if chosen in options else IN_FIGURES


def _draw_words(one: Behind, statuses: Sequence[Status], page: Page, now: datetime, calendar: Calendar) -> None:
    rows = reads.words_behind(one.filters, statuses, page)
    today = calendar.day(now)

    def became(row: Any) -> str:
        if row.status is Status.OPEN:
            return f"overdue, {wording.lateness(row.due_at, now, calendar)}"
        on = wording.day(calendar.day(row.settled_at), today)
        if row.status is Status.KEPT_LATE:
            late = f"{wording.plural(row.late, 'working day')} late" if row.late else "late on the day"
            return f"{on}, {late}"
        return f"{on}, waived" if row.status is Status.WAIVED else f"{on}, on time"

    values: dict[str, list[Any]] = {
        "name": [row.name for row in rows],
        "kind": [NAMES[row.kind] for row in rows],
        "due": [wording.day(calendar.day(row.due_at), today) for row in rows],
        "became": [became(row) for row in rows],
        "about": [_about(row) for row in rows],
        "owner": [row.owner for row in rows],
    }
    columns = {**_COLUMNS, "became": st.column_config.TextColumn("Kept", width=200)}
    if one.figure == REPLY:
        values["hours"] = [row.hours or 0 for row in rows]
        columns["hours"] = st.column_config.NumberColumn("Working hours", width=100)
    _table(one, [row.candidate_id for row in rows], values, columns)


def _draw_ended(one: Behind, page: Page, today: date, calendar: Calendar) -> None:
    rows = reads.ended_behind(one.filters, page)
    values: dict[str, list[Any]] = {
        "name": [row.name for row in rows],
        "about": [_about(row) for row in rows],
        "result": [ENDS[row.result] for row in rows],
        "due": [wording.day(calendar.day(row.closed_at), today) for row in rows],
        "became": [
            ANSWERS[row.answer] if row.told_days is None else wording.plural(row.told_days, "working day")
            for row in rows
        ],
        "owner": [row.owner for row in rows],
    }
    columns = {
        **_COLUMNS,
        "result": st.column_config.TextColumn("How", width=120),
        "due": st.column_config.TextColumn("Ended", width=105),
        "became": st.column_config.TextColumn("Told after", width=150),
    }
    _table(one, [row.candidate_id for row in rows], values, columns)


def _draw_ghosted(one: Behind, page: Page, today: date, calendar: Calendar) -> None:
    rows = reads.ghosted_behind(one.filters, one.waited, page)

    def on(at: datetime | None) -> str:
        return wording.day(calendar.day(at), today) if at else "never"

    values: dict[str, list[Any]] = {
        "name": [row.name for row in rows],
        "since": [wording.day(row.ghosted_on, today) for row in rows],
        "us": [on(row.last_word_to_at) for row in rows],
        "them": [on(row.last_word_from_at) for row in rows],
        "owner": [row.owner for row in rows],
    }
    columns = {
        **_COLUMNS,
        "since": st.column_config.TextColumn("Twice as long since", width=150),
        "us": st.column_config.TextColumn("Last word from us", width=150),
        "them": st.column_config.TextColumn("Last word from them", width=150),
    }
    _table(one, [row.candidate_id for row in rows], values, columns)


def _draw_missed(one: Behind, page: Page, now: datetime, calendar: Calendar) -> None:
    rows = reads.missed_behind(one.filters, page)
    values: dict[str, list[Any]] = {
        "name": [row.name for row in rows],
        "what": ["Interview" if row.kind is MeetingKind.INTERVIEW else "Talk" for row in rows],
        "due": [wording.moment(row.at, now, calendar) for row in rows],
        "about": [_about(row) for row in rows],
        "owner": [row.who for row in rows],
    }
    columns = {
        **_COLUMNS,
        "what": st.column_config.TextColumn("What", width=90),
        "due": st.column_config.TextColumn("When", width=170),
        "owner": st.column_config.TextColumn("Who was absent", width=150),
    }
    _table(one, [row.candidate_id for row in rows], values, columns)


_COLUMNS: dict[str, Any] = {
    "name": st.column_config.TextColumn("Person", width=150),
    "kind": st.column_config.TextColumn("Word", width=140),
    "due": st.column_config.TextColumn("Due", width=105),
    "about": st.column_config.TextColumn("About", width=200),
    "owner": st.column_config.TextColumn("With", width=120),
}


def _about(row: Any) -> str:
    return f"{row.opening} at {row.client}" if row.client else row.opening


def _table(one: Behind, ids: list[int], values: dict[str, list[Any]], columns: dict[str, Any]) -> None:
    shown = {name: table.Column(columns[name], column) for name, column in values.items()}
    table.draw("behind", table.PERSON, ids, shown, alt=_title(one))
