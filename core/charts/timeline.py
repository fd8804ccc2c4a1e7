"""One relationship over the years, in lanes: processes and jobs, words both ways, what stands out, and promises."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise, product
from operator import itemgetter
from typing import Any

import altair as alt
from dateutil.relativedelta import relativedelta

from core.charts.dress import Palette, dress
from core.charts.frames import Frame, frame
from core.domain.calendar import Calendar
from core.domain.drafts import NAMES
from core.domain.facts import Result, Rhythm
from core.domain.promises import State
from core.domain.words import excerpt, span
from core.persistence.tables import FactKind
from core.queries.candidate import InOpening, Life, Milestone, Shape, Ticks
from core.queries.placements import Placed

HEIGHT, LANE = 244, 44
ABOVE = -15
"""A name stands above its bar, and within its lane: the first lane's ends where the chart does."""
PROCESSES, JOBS, FROM_US, FROM_THEM, MILESTONES, PROMISES = range(6)
LANES = ("processes", "jobs", "from us", "from {}", "milestones", "promises")
ONLY_WHERE_NEEDED = (JOBS, MILESTONES)
"""Lanes that are not drawn where they would be empty."""

ENDS = {
    Result.HIRED: "placed",
    Result.REJECTED: "rejected",
    Result.WITHDRAWN: "withdrew",
    Result.OPENING_CLOSED: "opening closed",
    Result.NOT_NOW: "not now",
}
STATES = {
    State.KEPT_ON_TIME: "kept",
    State.KEPT_LATE: "late",
    State.OVERDUE: "overdue",
    State.DUE: "due",
    State.UPCOMING: "upcoming",
    State.WAIVED: "waived",
}
"""In the order of the legend."""
IN_FRONT = (
    State.KEPT_ON_TIME,
    State.UPCOMING,
    State.WAIVED,
    State.DUE,
    State.KEPT_LATE,
    State.OVERDUE,
)
"""What is drawn later hides what lies below it: never a late word."""
SHAPES = ("circle", "triangle-up", "diamond", "square", "circle", "cross")
LEAF = "M0,1C-1.1,0.1,-0.7,-0.8,0,-1.1C0.7,-0.8,1.1,0.1,0,1Z"
STANDS_OUT = {
    FactKind.MEETING: ("square", "a square is a meeting"),
    FactKind.GROWTH_NOTE: (LEAF, "a leaf is what they want to become"),
    FactKind.REFERRAL: ("triangle-right", "an arrowhead is somebody they recommended"),
}
"""The shape of a milestone, and how that is said."""
LETTER, WIDE = 6.3, 600.0
"""A label's width is guessed from its letters, on a chart of this width."""

SILENT_WITHOUT_RHYTHM = relativedelta(months=12)
SHORT = timedelta(days=730)
"""A story shorter than that is told in months, a longer one in years."""
LEAST = timedelta(days=45)
YEARS: dict[str, Any] = {"format": "%Y", "tickCount": {"interval": "year", "step": 1}}
MONTHS: dict[str, Any] = {"format": "%b %Y", "tickCount": {"interval": "month", "step": 1}}
"""Of the axis."""

_MARKS: dict[str, type] = {
    "what": str,
    "row": int,
    "start": date,
    "end": date,
    "label": str,
    "state": str,
    "number": int,
    "tip": str,
}


@dataclass(frozen=True, slots=True)
class Silence:
    """A stretch without a word either way."""

    start: date
    end: date

    @property
    def length(self) -> str:
        return span(self.start, self.end)


def silences(days: Iterable[date], today: date, rhythm: Rhythm | None) -> list[Silence]:
    """Stretches longer than twice the rhythm; without one, longer than a year. The last may go on today."""
    words = sorted({*days})
    found = []
    for start, end in pairwise([*words, today]):
        limit = rhythm.after(rhythm.after(start)) if rhythm else start + SILENT_WITHOUT_RHYTHM
        if end > limit:
            found.append(Silence(start, end))
    return found


def timeline_frame(life: Life, now: datetime, calendar: Calendar) -> Frame:
    """Every mark of the timeline, one a row; empty where nothing has happened yet.

    Columns: what (its kind of mark), row (its lane), start, end, label, state, number, tip (in words).
    """
    today = calendar.day(now)
    rows = list(_marks(life, today, calendar))
    if rows:
        begin, end = min(today - LEAST, *(row["start"] for row in rows)), max(today, *(row["end"] for row in rows))
        rows += _labels(rows, begin, end)
        rows.append(_mark("edge", PROCESSES, begin, end))
    return frame(_MARKS, map(itemgetter(*_MARKS), rows))


def is_short(frame: Frame) -> bool:
    starts, ends = frame["start"].to_pylist(), frame["end"].to_pylist()
    return not starts or max(ends) - min(starts) < SHORT


def states_in(frame: Frame) -> tuple[str, ...]:
    """The states of promises there are, for the legend."""
    there = _states_of(frame, "promise")
    return tuple(state for state in STATES.values() if state in there)


def milestones_in(frame: Frame) -> str:
    """What the shapes of the milestones there are mean, in one sentence; empty where there are none."""
    there = _states_of(frame, "milestone")
    said = ", ".join(words for kind, (_, words) in STANDS_OUT.items() if kind in there)
    return f"{said.capitalize()}." if said else ""


def _states_of(frame: Frame, mark: str) -> set[str]:
    whats, states = frame["what"].to_pylist(), frame["state"].to_pylist()
    return {state for what, state in zip(whats, states, strict=True) if what == mark}


def marks_in(frame: Frame) -> tuple[tuple[str, int], ...]:
    """The kinds of marks there are, with their lanes: what is not there is not drawn, nor measured."""
    return tuple(sorted(set(zip(frame["what"].to_pylist(), frame["row"].to_pylist(), strict=True))))


def lanes_in(marks: Iterable[tuple[str, int]]) -> tuple[int, ...]:
    """The lanes that are drawn."""
    needed = {row for _, row in marks}
    return tuple(row for row in range(len(LANES)) if row in needed or row not in ONLY_WHERE_NEEDED)


def timeline_chart(frame: Frame, c: Palette) -> alt.LayerChart:
    """The timeline with all there can be, of nobody in particular; reads all columns of a frame. `cut` comes after."""
    lanes = _Lanes(alt.Chart(frame), c)
    layers = [layer.properties(name=_layer(what)) for what, layer in lanes.layers()]
    layered = alt.layer(*layers).resolve_scale(color="independent", shape="independent", size="independent")
    dressed: alt.LayerChart = dress(layered, c, HEIGHT)
    return dressed


def cut(spec: dict[str, Any], frame: Frame, whom: str) -> dict[str, Any]:
    """The chart's spec, made to be of her, him or them: no lane that nothing is in, no state that nothing has.

    Altair takes a quarter of a second for what is the same for everybody, and there are thousands of ways to cut it.
    """
    marks, states = marks_in(frame), list(states_in(frame))
    lanes, drawn = list(lanes_in(marks)), {_layer(mark) for mark in marks}
    names, axis = json.dumps([lane.format(whom) for lane in LANES]), MONTHS if is_short(frame) else YEARS
    layers = [layer for layer in spec["layer"] if layer.pop("name") in drawn]  # two layers may not share a name
    for layer in layers:
        for name, channel in layer["encoding"].items():
            if name == "x":
                channel["axis"] |= axis
            elif name == "y":
                channel["scale"]["domain"], channel["axis"]["labelExpr"] = lanes, f"{names}[datum.value]"
            elif name in ("color", "shape") and channel.get("legend"):
                channel["legend"]["values"] = states
    height = HEIGHT + LANE * (len(lanes) - len(LANES) + len(ONLY_WHERE_NEEDED))
    return {**spec, "layer": layers, "height": height}


def _layer(mark: tuple[str, int]) -> str:
    return "{}-{}".format(*mark)


Layers = Iterator[tuple[tuple[str, int], alt.Chart]]
"""Each with the kind of mark and the lane it draws."""


class _Lanes:
    """The layers of the timeline, from the back to the front."""

    def __init__(self, base: alt.Chart, c: Palette) -> None:
        self.base, self.c = base, c
        years = alt.Axis(**YEARS, labelOverlap=True, grid=True)
        self.x = alt.X("start:T", title=None, axis=years, scale=alt.Scale(nice=False, padding=6))
        self.y = alt.Y(
            "row:O",
            title=None,
            scale=alt.Scale(domain=list(range(len(LANES)))),
            axis=alt.Axis(labelExpr="datum.value", grid=False),
        )
        self.tip = alt.Tooltip("tip:N")

    def layers(self) -> Layers:
        yield from self.stretches()
        yield from self.words()
        yield from self.milestones()
        yield from self.promises()
        yield from self.names()

    def some(self, what: str) -> alt.Chart:
        return self.base.transform_filter(alt.FieldOneOfPredicate("what", [what]))

    def stretches(self) -> Layers:
        silences = self.some("silence").mark_rect(color=self.c.wash)
        yield ("silence", PROCESSES), silences.encode(x=self.x, x2="end:T", tooltip=self.tip)
        yield ("edge", PROCESSES), self.some("edge").mark_rule(opacity=0).encode(x=self.x, x2="end:T", y=self.y)
        active = alt.condition("datum.state == 'active'", alt.value(self.c.to), alt.value(self.c.waived))
        for what, row in (("process", PROCESSES), ("job", JOBS)):
            bars = self.some(what).mark_bar(height=13, cornerRadius=3)
            yield (what, row), bars.encode(x=self.x, x2="end:T", y=self.y, color=active, tooltip=self.tip)
        checks = self.some("check").mark_point(filled=True, size=22, opacity=1, color=self.c.page)
        yield ("check", JOBS), checks.encode(x=self.x, y=self.y, tooltip=self.tip)

    def words(self) -> Layers:
        counts = alt.Size("number:Q", scale=alt.Scale(rangeMin=5, rangeMax=38), legend=None)
        for row, colour in ((FROM_US, self.c.to), (FROM_THEM, self.c.from_them)):
            for what, thickness, size in (("word", 1.6, alt.value(22)), ("month", 4.0, counts)):
                there = self.some(what).transform_filter(alt.datum.row == row)
                ticks = there.mark_tick(orient="vertical", thickness=thickness, color=colour, opacity=0.9)
                yield (what, row), ticks.encode(x=self.x, y=self.y, size=size, tooltip=self.tip)

    def milestones(self) -> Layers:
        shapes = alt.Scale(domain=list(STANDS_OUT), range=[shape for shape, _ in STANDS_OUT.values()])
        points = self.some("milestone").mark_point(filled=True, size=58, opacity=1, color=self.c.ours)
        shape = alt.Shape("state:N", scale=shapes, legend=None)
        yield ("milestone", MILESTONES), points.encode(x=self.x, y=self.y, shape=shape, tooltip=self.tip)

    def promises(self) -> Layers:
        c, names = self.c, list(STATES.values())
        colours = alt.Scale(domain=names, range=[c.kept, c.late, c.overdue, c.due, c.upcoming, c.waived])
        shapes = alt.Scale(domain=names, range=list(SHAPES))
        legend = alt.Legend(values=names, symbolType=alt.Undefined)
        waits = self.some("wait").mark_rule(strokeWidth=2)
        colour = alt.Color("state:N", scale=colours, legend=None)
        yield ("wait", PROMISES), waits.encode(x=self.x, x2="end:T", y=self.y, color=colour, tooltip=self.tip)
        yield (
            ("promise", PROMISES),
            self.some("promise")
            .mark_point(filled=True, size=62, opacity=1)
            .encode(
                x=self.x,
                y=self.y,
                color=alt.Color("state:N", scale=colours, legend=legend),
                shape=alt.Shape("state:N", scale=shapes, legend=legend),
                tooltip=self.tip,
            ),
        )

    def names(self) -> Layers:
        """Of processes and silences; a narrow chart leaves out the names of what has ended."""
        for (what, align), row in product((("name", "left"), ("name-right", "right")), (PROCESSES, JOBS)):
            for halo, colour in (({"stroke": self.c.page, "strokeWidth": 5}, self.c.page), ({}, self.c.ink)):
                style: dict[str, Any] = {"align": align, "dy": ABOVE, "clip": False, **halo}
                shown = alt.condition("width > 460 || datum.state == 'active'", alt.value(1), alt.value(0))
                there = self.some(what).transform_filter(alt.datum.row == row)
                texts = there.mark_text(**style, color=colour)
                yield (what, row), texts.encode(x=self.x, y=self.y, text="label:N", opacity=shown)
        silent = self.some("silent").mark_text(align="center", dy=ABOVE, fontStyle="italic")
        yield ("silent", PROCESSES), silent.encode(x=self.x, y=self.y, text="label:N")


def finding(life: Life, whom: str, now: datetime, calendar: Calendar) -> str:
    """The chart in one sentence, for who can't see it."""
    us, them = sum(life.from_us.days.values()), sum(life.from_them.days.values())
    days = [*life.from_us.days, *life.from_them.days]
    if not days and not life.promises:
        return "Nothing was said yet."
    since = f" since {min(days):%b %Y}" if days else ""
    parts = [f"{_words(us)} from us and {them:,} from {whom}{since}"]
    silent = silences(days, calendar.day(now), life.profile.rhythm)
    if silent:
        longest = max(silent, key=lambda silence: silence.end - silence.start)
        parts.append(f"silent for {longest.length} to {longest.end:%b %Y}")
    met = sum(milestone.kind is FactKind.MEETING for milestone in life.milestones)
    if met:
        parts.append(f"met {'once' if met == 1 else f'{met:,} times'}")
    if life.kept.number:
        parts.append(f"{life.kept.on_time:,} of {life.kept.number:,} promises kept on time")
    return f"{'; '.join(parts)}."


# the marks


def _marks(life: Life, today: date, calendar: Calendar) -> Iterator[dict[str, Any]]:
    for silence in silences([*life.from_us.days, *life.from_them.days], today, life.profile.rhythm):
        yield _mark("silence", PROCESSES, silence.start, silence.end, tip=_silent(silence))
    for process in life.processes:
        yield _process(process, today, calendar)
    for job in life.placements:
        yield from _job(job, today, calendar)
    for row, who, ticks in ((FROM_US, "from us", life.from_us), (FROM_THEM, "from them", life.from_them)):
        yield from _ticks(row, who, ticks)
    for milestone in life.milestones:
        yield _milestone(milestone, calendar)
    for shape in sorted(life.promises, key=lambda shape: IN_FRONT.index(shape.state)):
        yield from _promise(shape, today, calendar)


def _mark(
    what: str,
    row: int,
    start: date,
    end: date | None = None,
    *,
    label: str = "",
    state: str = "",
    number: int = 1,
    tip: str = "",
) -> dict[str, Any]:
    return {
        "what": what,
        "row": row,
        "start": start,
        "end": end or start,
        "label": label,
        "state": state,
        "number": number,
        "tip": tip,
    }


def _process(process: InOpening, today: date, calendar: Calendar) -> dict[str, Any]:
    start = calendar.day(process.started_at)
    end = calendar.day(process.closed_at) if process.closed_at else today
    outcome = ENDS[process.result] if process.result else "now" if process.is_active else "ended"
    at = f"{process.opening} at {process.client}" if process.client else process.opening
    until = "now" if process.is_active else _day(end)
    return _mark(
        "process",
        PROCESSES,
        start,
        max(end, start + timedelta(days=1)),
        label=f"{process.place}, {outcome}",
        state="active" if process.is_active else "ended",
        tip=f"{at}: {outcome}. From {_day(start)} to {until}.",
    )


def _job(job: Placed, today: date, calendar: Calendar) -> Iterator[dict[str, Any]]:
    """From the first day on; and the days on which they were asked how it goes."""
    end = calendar.day(job.ended_at) if job.ended_at else max(today, job.starts_on)
    until = f" to {_day(end)}" if job.ended_at else " on" if job.starts_on > today else " to now"
    named = job.place or "A job"
    yield _mark(
        "job",
        JOBS,
        job.starts_on,
        max(end, job.starts_on + timedelta(days=1)),
        label=job.client or job.opening or "a job",
        state="ended" if job.ended_at else "active",
        tip=f"{named}: from {_day(job.starts_on)}{until}.",
    )
    for check in job.check_ins:
        if check.said_at is not None:
            on = calendar.day(check.said_at)
            named = "the first day" if check.days == 0 else f"day {check.days}"
            yield _mark("check", JOBS, on, tip=f"Asked about {named}, {_day(on)}{_shortly(check.text)}")


def _milestone(milestone: Milestone, calendar: Calendar) -> dict[str, Any]:
    on = calendar.day(milestone.at)
    match milestone.kind:
        case FactKind.MEETING:
            said = f"{milestone.what.capitalize()} held"
        case FactKind.GROWTH_NOTE:
            said = "Growth"
        case _:
            said = f"Recommended {milestone.what or 'somebody'}"
    text = _shortly(milestone.what) if milestone.kind is FactKind.GROWTH_NOTE else ""
    return _mark("milestone", MILESTONES, on, state=milestone.kind, tip=f"{said}, {_day(on)}{text}")


def _shortly(text: str) -> str:
    """After a colon, cut where it is long; nothing where nothing was said."""
    return f": {excerpt(text, 90)}" if text.strip() else ""


def _ticks(row: int, who: str, ticks: Ticks) -> Iterator[dict[str, Any]]:
    for day, number in ticks.days.items():
        if ticks.are_months:
            middle = day + timedelta(days=15)
            yield _mark("month", row, middle, number=number, tip=f"{_words(number)} {who} in {day:%B %Y}")
        else:
            yield _mark("word", row, day, number=number, tip=f"{_words(number)} {who}, {_day(day)}")


def _promise(shape: Shape, today: date, calendar: Calendar) -> Iterator[dict[str, Any]]:
    state, due = STATES[shape.state], calendar.day(shape.due_at)
    settled = calendar.day(shape.settled_at) if shape.settled_at else None
    tip = f"{NAMES[shape.kind]}: due {_day(due)}, "
    match shape.state:
        case State.KEPT_ON_TIME | State.KEPT_LATE:
            tip += f"kept {_day(settled or due)}"
        case State.WAIVED:
            tip += f"waived {_day(settled or due)}"
        case State.OVERDUE:
            tip += "not kept yet"
        case _:
            tip += "still in time"
    if shape.state in (State.KEPT_LATE, State.OVERDUE):
        yield _mark("wait", PROMISES, due, max(settled or today, due), state=state, tip=tip)
    yield _mark("promise", PROMISES, due, state=state, tip=tip)


def _silent(silence: Silence) -> str:
    return f"No word either way for {silence.length}: {_day(silence.start)} to {_day(silence.end)}"


def _labels(rows: list[dict[str, Any]], begin: date, until: date) -> Iterator[dict[str, Any]]:
    """Names of processes, the newest first, and of silences, wherever there is room for them."""
    whole = max((until - begin).days, 1)
    taken_in: dict[int, list[tuple[float, float]]] = {PROCESSES: [], JOBS: []}
    spans = sorted((row for row in rows if row["what"] in ("process", "job")), key=lambda r: r["start"], reverse=True)
    for row in spans:
        taken = taken_in[row["row"]]
        width = len(row["label"]) * LETTER
        start, end = ((row[edge] - begin).days / whole * WIDE for edge in ("start", "end"))
        is_right = start + width > WIDE
        room = (end - width, end) if is_right else (start, start + width)
        if _is_free(room, taken):
            at = row["end"] if is_right else row["start"]
            what = "name-right" if is_right else "name"
            yield _mark(what, row["row"], at, label=row["label"], state=row["state"])
    for row in (row for row in rows if row["what"] == "silence"):
        text = f"silent {Silence(row['start'], row['end']).length}"
        middle = row["start"] + (row["end"] - row["start"]) / 2
        width, centre = len(text) * LETTER, (middle - begin).days / whole * WIDE
        fits = (row["end"] - row["start"]).days / whole * WIDE > width
        if fits and _is_free((centre - width / 2, centre + width / 2), taken_in[PROCESSES]):
            yield _mark("silent", PROCESSES, middle, label=text)


def _is_free(room: tuple[float, float], taken: list[tuple[float, float]]) -> bool:
    if any(room[0] < end + LETTER and start - LETTER < room[1] for start, end in taken):
        return False
    taken.append(room)
    return True


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _words(number: int) -> str:
    return "1 word" if number == 1 else f"{number:,} words"
