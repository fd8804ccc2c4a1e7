"""What a client's page says: each figure with how it is reckoned, of what time and how many, and the rows behind."""

from datetime import date, datetime, timedelta
from functools import cached_property
from statistics import median

import pyarrow as pa
import streamlit as st

from core.charts import bars
from core.charts import clients as charts
from core.domain.calendar import Calendar
from core.domain.drafts import NAMES
from core.domain.facts import Absent
from core.domain.percentiles import FEWEST
from core.queries.clients import Broken, Mirror, Upset, What
from pages.parts import filters, reads, table, telling, wording
from pages.parts.charts import spec_of
from pages.parts.layout import quiet
from pages.parts.piece import piece

WHO: dict[Absent | None, str] = {
    **{side: telling.SIDES[side] for side in (Absent.CLIENT, Absent.CANDIDATE, Absent.US)},
    None: "Nobody said who",
}
WHATS = {What.MISSED: "missed", What.MOVED: "moved", What.CANCELLED: "cancelled"}


class Told:
    """The same words for the page and for paper."""

    def __init__(self, seen: Mirror, now: datetime, calendar: Calendar) -> None:
        self.seen, self.now, self.calendar = seen, now, calendar
        self.today = calendar.day(now)

    @cached_property
    def upsets(self) -> list[Upset]:
        return reads.upsets(self.seen.profile.id, self.seen.since)

    @cached_property
    def broken(self) -> list[Broken]:
        return reads.broken(self.seen.profile.id, self.seen.since, self.seen.profile.answer_time)

    def day(self, at: datetime) -> str:
        return wording.day(self.calendar.day(at), self.today)

    @property
    def period(self) -> str:
        begin: date = self.calendar.day(self.seen.since)
        return f"since {begin.day} {begin:%b %Y}"

    def figures(self) -> list[tuple[str, str, str]]:
        """What it is called, the figure, and what it is a part of."""
        seen, answers = self.seen, self.seen.answers
        if answers.can_be_told:
            days, within = (
                f"{answers.median:g} days",
                f"90% within {answers.ninetieth}, of {answers.n:,}",
            )
        else:
            days, within = "too few", f"to say ({answers.n})"
        missed = seen.upset[What.MISSED, Absent.CLIENT]
        return [
            ("Days to answer", days, within),
            (
                "Silent now",
                wording.plural(seen.silent, "person", "people"),
                f"of {seen.waiting:,} we wait to hear of" if seen.waiting else "we wait to hear of nobody",
            ),
            ("Interviews missed", f"{missed:,}", f"by the client, of {seen.interviews:,}"),
            ("Promises broken", f"{seen.broken:,}", "because it kept silent"),
        ]

    @property
    def how_days(self) -> str:
        return (
            f"Working days from when we began to wait to the client’s word, of the answers given {self.period}: the"
            " median, and what nine in ten do not exceed."
        )

    @property
    def how_silent(self) -> str:
        days = wording.plural(self.seen.profile.answer_time, "working day")
        said = f"People of whom we have waited to hear for longer than the client’s answer time, {days}; as of now."
        in_time = self.seen.waiting - self.seen.silent
        if in_time:
            words = ("other", "others") if self.seen.silent else ("person", "people")
            others = wording.plural(in_time, *words)
            said += f" We wait to hear of {others}, not longer than that."
        return said

    @property
    def how_interviews(self) -> str:
        return (
            f"Interviews {self.period} that somebody did not come to, that were moved or cancelled, by whose doing;"
            " notice is from that word to when the interview was to begin, the median of those where it is known."
        )

    @property
    def how_they_went(self) -> str:
        """What there is to say of them beside what went wrong."""
        if not self.seen.interviews:
            return "" if self.seen.upset else "No interview was planned for that time."
        if self.seen.unnoted:
            return f"How {wording.plural(self.seen.unnoted, 'interview')} went is not noted yet."
        return "" if self.seen.upset else "Every interview took place as planned."

    @property
    def how_broken(self) -> str:
        return (
            "Updates and sentences about a delay that we owed people in its processes, that fell due while we waited"
            " on the client for longer than its answer time, and that were kept late or are not kept yet; due"
            f" {self.period}."
        )

    @property
    def how_closures(self) -> str:
        number = sum(number for *_, number in self.seen.closures)
        return f"Processes that ended {self.period}, by how and why: {number:,}."

    def by_whom(self) -> list[tuple[str, list[int], str]]:
        """For each side: who it is, how many interviews it missed, moved and cancelled, and at what notice."""
        rows = []
        for by, who in WHO.items():
            numbers = [self.seen.upset[what, by] for what in WHATS]
            if any(numbers) or by is Absent.CLIENT:
                rows.append((who, numbers, notice_of([upset for upset in self.upsets if upset.by == by])))
        return rows


def notice_of(upsets: list[Upset]) -> str:
    known = [upset.notice for upset in upsets if upset.notice is not None]
    if not known:
        return ""
    if len(known) < FEWEST:
        return f"too few to say ({len(known)})"
    return f"{wording.lasting(timedelta(seconds=median(notice.total_seconds() for notice in known)))}, of {len(known)}"


# the page


def draw_figures(told: Told) -> None:
    grid = st.grid(4, min_column_width=170)
    for name, figure, of_what in told.figures():
        grid.metric(name, figure, of_what, delta_color="off", delta_arrow="off", border=True, height="stretch")


def draw_answers(told: Told) -> None:
    seen = told.seen
    st.subheader("Days to answer, by month", anchor=False)
    frame = charts.answers_frame(seen.months, seen.profile.answer_time, told.calendar)
    if not len(frame):
        st.markdown(quiet(f"{told.how_days} It has given no answer yet."))
        return
    marks = (
        " A dot is a month’s median, the line above it reaches to what nine in ten do not exceed; a ring is a single"
        " answer, in months with fewer than five. Dashed: the answer time."
    )
    st.markdown(quiet(told.how_days + marks))
    st.vega_lite_chart(
        frame,
        spec_of(charts.answers_chart, frame),
        theme=None,
        key="answers-chart",
        alt=charts.finding(seen.months),
    )


@piece
def draw_rows(told: Told) -> None:
    """Only the rows of the tab that is open are read and drawn."""
    table.follow()
    seen = told.seen
    tabs = {
        "silences": (f"Silences {seen.silent:,}", draw_silences),
        "interviews": (f"Interviews {seen.upset.total():,}", draw_interviews),
        "broken": (f"Promises broken {seen.broken:,}", draw_broken),
        "closures": (f"Closures {sum(number for *_, number in seen.closures):,}", draw_closures),
        "openings": (f"Openings {seen.openings:,}", draw_openings),
    }
    names = {value: name for value, (name, _) in tabs.items()}
    opened, tab = filters.tabs(names, key=f"tabs-{seen.profile.id}")
    with tab:
        tabs[opened][1](told)


def draw_silences(told: Told) -> None:
    st.markdown(quiet(told.how_silent))
    waits = told.seen.waits
    if not waits:
        st.markdown("It is silent about nobody.")
        return
    days = [told.calendar.working_days_late(wait.since, told.now) for wait in waits]
    table.draw(
        "silences",
        table.PERSON,
        [wait.candidate_id for wait in waits],
        {
            "name": table.text("Person", 190, [wait.name for wait in waits]),
            "opening": table.text("Opening", 230, [wait.opening for wait in waits]),
            "stage": table.text("Stage", 140, [wait.stage for wait in waits]),
            "since": table.text("Waiting since", 120, [told.day(wait.since) for wait in waits]),
            "days": table.number("Working days", 100, days),
        },
        alt="People of whom we wait to hear for longer than the answer time",
    )
    say_if_cut(len(waits), told.seen.silent)


def draw_interviews(told: Told) -> None:
    st.markdown(quiet(f"{told.how_interviews} {told.seen.interviews:,} were planned for that time."))
    upsets = told.upsets
    if told.how_they_went:
        st.markdown(told.how_they_went)
    if not upsets:
        return
    rows = told.by_whom()
    st.dataframe(
        pa.table(
            {
                "": [who for who, _, _ in rows],
                **{name.capitalize(): [numbers[n] for _, numbers, _ in rows] for n, name in enumerate(WHATS.values())},
                "Notice": [notice for *_, notice in rows],
            }
        ),
        hide_index=True,
        width=620,
        alt="Who missed, moved and cancelled interviews",
    )
    table.draw(
        "upsets",
        table.PERSON,
        [upset.candidate_id for upset in upsets],
        {
            "at": table.text("When", 120, [told.day(upset.at) for upset in upsets]),
            "name": table.text("Person", 190, [upset.name for upset in upsets]),
            "opening": table.text("Opening", 230, [upset.opening for upset in upsets]),
            "what": table.text("What", 95, [WHATS[upset.what] for upset in upsets]),
            "by": table.text("By", 130, [WHO[upset.by].lower() for upset in upsets]),
            "notice": table.text(
                "Notice",
                100,
                [wording.lasting(upset.notice) if upset.notice is not None else "" for upset in upsets],
            ),
        },
        alt="Interviews that did not take place as planned",
    )
    say_if_cut(len(upsets), told.seen.upset.total())


def draw_broken(told: Told) -> None:
    st.markdown(quiet(told.how_broken))
    shown = told.broken
    if not shown:
        st.markdown("None was broken because of it.")
        return
    table.draw(
        "broken",
        table.PERSON,
        [one.candidate_id for one in shown],
        {
            "name": table.text("Person", 180, [one.name for one in shown]),
            "opening": table.text("Opening", 210, [one.opening for one in shown]),
            "kind": table.text("What we owed", 115, [NAMES[one.kind] for one in shown]),
            "due": table.text("Due", 115, [told.day(one.due_at) for one in shown]),
            "kept": table.text("Kept", 115, [told.day(one.kept_at) if one.kept_at else "not yet" for one in shown]),
            "late": table.number(
                "Days late", 80, [told.calendar.working_days_late(one.due_at, one.kept_at or told.now) for one in shown]
            ),
            "since": table.text("Client silent since", 130, [told.day(one.waited_since) for one in shown]),
        },
        alt="Words kept late, or not yet, while the client kept silent",
    )
    say_if_cut(len(shown), told.seen.broken)


def draw_closures(told: Told) -> None:
    st.markdown(quiet(told.how_closures))
    rows = charts.closures(told.seen.closures)
    if not rows:
        st.markdown("No process has ended in that time.")
        return
    frame = bars.bars_frame(rows)
    st.vega_lite_chart(
        frame,
        spec_of(bars.bars_chart, frame, len(frame)),
        theme=None,
        key="closures-chart",
        alt="; ".join(f"{row.label} {row.says}" for row in rows),
    )


def draw_openings(told: Told) -> None:
    openings = reads.openings_of(told.seen.profile.id)
    if not openings:
        st.markdown("There is no opening of this client yet. Add one on Pipelines.")
        return
    table.draw(
        "its-openings",
        table.OPENING,
        [one.id for one in openings],
        {
            "title": table.text("Opening", 280, [one.title for one in openings]),
            "status": table.text("Status", 100, [wording.STATUSES[one.status] for one in openings]),
            "people": table.number("People", 80, [one.people for one in openings]),
            "overdue": table.number(
                "Too long", 80, [one.overdue for one in openings], help="To so many a word is overdue"
            ),
            "since": table.text("Open since", 130, [told.day(one.added_at) for one in openings]),
        },
        alt="Openings of this client",
    )
    say_if_cut(len(openings), told.seen.openings)


def say_if_cut(shown: int, number: int) -> None:
    if number > shown:
        st.markdown(quiet(f"The first {shown:,} of {number:,} are listed."))
