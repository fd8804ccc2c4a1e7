"""A recommendation as it is read: on the page, on paper, and in the list of a person's."""

from datetime import date, datetime

import streamlit as st

from core.domain.calendar import Calendar
from core.persistence.tables.words import ClaimSource
from core.queries.recommendations import SOURCES, Claimed, Recommended, Word
from pages.parts import wording
from pages.parts.layout import badge, quiet
from pages.parts.wording import md

NOT_ON_PAPER = frozenset({ClaimSource.REFERENCE})
"""Who was asked about them is another person: that stays with us."""


def draw(found: Recommended, now: datetime, calendar: Calendar, *, on_paper: bool = False) -> None:
    """The summary, and each claim with how we know."""
    for paragraph in found.summary.splitlines():
        if paragraph.strip():
            st.markdown(md(paragraph))
    today = date.min if on_paper else calendar.day(now)  # paper is read in other years too
    st.markdown("\n".join(_claim(claim, today, calendar, on_paper=on_paper) for claim in found.claims))


def draw_list(rows: list[Recommended], now: datetime, calendar: Calendar) -> None:
    """A person's: to whom, how well founded, when it went out and what came back."""
    if not rows:
        st.markdown(quiet("Recommended to nobody yet. “Recommend…” stands in the menu of each process."))
    for row in rows:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(_in_list(row, now, calendar), width="stretch")
            if st.button("Open", key=f"recommendation-{row.id}"):
                open_recommendation(row.id)


def open_recommendation(recommendation_id: int) -> None:
    st.switch_page("recommendation.py", query_params={"id": str(recommendation_id)})


def standing(row: Recommended) -> str:
    """A badge."""
    if row.answer:
        return badge("answered", "green")
    return badge("client’s turn") if row.sent else badge("not sent yet", "violet")


def corrected(row: Recommended) -> str:
    """A badge, where the candidate corrected something that still stands; else nothing."""
    return f" {badge(f'{row.corrected} corrected by the candidate', 'violet')}" if row.corrected else ""


def founded(row: Recommended) -> str:
    """“5 claims, 1 without a source”."""
    without = f", {row.unsourced} without a source" if row.unsourced else ""
    return f"{wording.plural(row.number, 'claim')}{without}"


def went(word: Word, what: str, now: datetime, calendar: Calendar) -> str:
    """“Sent Tue 3 Mar, 10:00, e-mail: “…””."""
    channel = f", {md(word.channel)}" if word.channel else ""
    said = f"  \n{wording.quote(word.text, 600)}" if word.text else ""
    return f"{quiet(f'{what} {md(wording.moment(word.at, now, calendar))}{channel}')}{said}"


def _in_list(row: Recommended, now: datetime, calendar: Calendar) -> str:
    made = wording.day(calendar.day(row.made_at), calendar.day(now))
    by = f" by {md(row.made_by)}" if row.made_by else ""
    lines = [f"**{md(row.place)}** {standing(row)}{corrected(row)}", quiet(f"written {made}{by} · {founded(row)}")]
    if row.sent:
        lines.append(went(Word(row.sent.id, row.sent.at, row.sent.channel, ""), "Sent", now, calendar))
    if row.answer:
        lines.append(went(row.answer, "They answered", now, calendar))
    return "  \n".join(lines)


def own_words(claim: Claimed) -> str:
    """What the candidate would have said in its place."""
    return f"{badge('corrected by the candidate', 'violet')} {wording.quote(claim.correction, 2_000)}"


def _claim(claim: Claimed, today: date, calendar: Calendar, *, on_paper: bool) -> str:
    said = _said_of(claim, today, calendar, on_paper=on_paper)
    return f"{said}  \n  {own_words(claim)}" if claim.correction and not on_paper else said


def _said_of(claim: Claimed, today: date, calendar: Calendar, *, on_paper: bool) -> str:
    if not claim.has_source:
        return f"- {md(claim.text)} {badge('no source', 'orange')}{_confirmed(claim)}"
    how = SOURCES[claim.source]
    if claim.said_at:
        how += f" on {wording.day(calendar.day(claim.said_at), today)}"
    if claim.note and not (on_paper and claim.source in NOT_ON_PAPER):
        how += f": {md(claim.note)}"
    return f"- {md(claim.text)}  \n  {quiet(how)}{_confirmed(claim)}"


def _confirmed(claim: Claimed) -> str:
    return quiet(" · confirmed by the candidate") if claim.is_confirmed else ""
