"""Whoever was merged into a person, told quietly on their page, and parted again."""

from datetime import datetime
from functools import partial

import streamlit as st

from core.commands.merges import undo_merge
from core.domain.calendar import Calendar
from core.queries.candidate import Profile
from core.queries.duplicates import Merged
from pages.parts import questions, wording
from pages.parts.layout import quiet
from pages.parts.questions import answer, asked_no_more
from pages.parts.wording import md

PART = "Part them again…"


def draw(merged: dict[int, Merged], now: datetime, calendar: Calendar, *, may_edit: bool) -> None:
    for merge_id, one in merged.items():
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(quiet(told(one, now, calendar)), width="content")
            if may_edit:
                st.button(PART, type="tertiary", key=f"part-{merge_id}", on_click=questions.ask, args=(PART, merge_id))


def told(one: Merged, now: datetime, calendar: Calendar) -> str:
    when = wording.day(calendar.day(one.at), calendar.day(now))
    by = f" by {md(one.by)}" if one.by else ""
    return f"Merged with {md(one.name or 'somebody without a name')} on {when}{by}."


def of_merges(person: Profile, merged: dict[int, Merged]) -> questions.Dialogs:
    return {(PART, merge_id): partial(ask_part, person, merge_id, one) for merge_id, one in merged.items()}


@st.dialog("Part them again?", on_dismiss=asked_no_more)
def ask_part(person: Profile, merge_id: int, one: Merged) -> None:
    name = md(one.name or "the other")
    st.markdown(
        f"{name} is a person of their own again, with all that was theirs before. What was said or changed since"
        f" stays with {md(person.called)}."
    )
    if st.button("Part them", type="primary", key="part-them"):
        answer(undo_merge, merge_id, done=f"Parted again: {one.name or 'two people'}", undo_by=None)
