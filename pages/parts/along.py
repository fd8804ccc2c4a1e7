"""What goes along with people who are handed over: words owed, meetings, consents about to lapse, what is delicate."""

from datetime import datetime

import streamlit as st

from core.domain.calendar import Calendar
from core.domain.drafts import NAMES
from core.domain.promises import State, Status, state
from core.queries.handovers import MOST_COUNTED, GoesAlong, Owed, Sensitive
from pages.parts import wording
from pages.parts.layout import badge, quiet
from pages.parts.wording import md

FIRST = 6
"""So many of each are shown."""


def draw(goes: GoesAlong, now: datetime, calendar: Calendar) -> None:
    st.subheader("What goes along", anchor=False)
    counted = [
        (goes.number_owed, "word owed", "words owed"),
        (len(goes.meetings), "meeting to come", "meetings to come"),
        (goes.number_of_consents, "consent about to lapse", "consents about to lapse"),
    ]
    lines = [how_many(number, one, many) for number, one, many in counted if number]
    st.markdown(quiet(" · ".join(lines) or "Nothing is owed, and no meeting is planned."))
    draw_delicate(goes)
    draw_owed("Words owed", goes.owed, goes.number_owed, now, calendar)
    if goes.meetings:
        st.markdown(f"**Meetings** {quiet('They get the new host, where nothing stands in the way.')}")
        for row in goes.meetings[:FIRST]:
            when = wording.moment(row.starts_at, now, calendar)
            st.markdown(f"{md(row.name)}  \n{quiet(md(f'{row.kind.capitalize()}, {when}'))}")
        draw_more(len(goes.meetings) - FIRST)
    draw_owed("Consents about to lapse", goes.consents, goes.number_of_consents, now, calendar)


def draw_delicate(goes: GoesAlong) -> None:
    if goes.sensitive:
        st.markdown("**Read these first**")
        for row in goes.sensitive:
            draw_sensitive(row)
        if goes.more_sensitive:
            st.markdown(quiet("There are more."))


def draw_owed(title: str, rows: list[Owed], number: int, now: datetime, calendar: Calendar) -> None:
    if not rows:
        return
    st.markdown(f"**{title}**")
    for row in rows:
        st.markdown(f"{md(row.name)} {when_due(row, now, calendar)}  \n{quiet(md(NAMES[row.kind]))}")
    draw_more(number - len(rows))


def when_due(row: Owed, now: datetime, calendar: Calendar) -> str:
    if state(Status.OPEN, row.due_at, now=now, calendar=calendar) is State.OVERDUE:
        return badge(wording.lateness(row.due_at, now, calendar), "red")
    return quiet(md(wording.due(row.due_at, now, calendar)))


def draw_sensitive(row: Sensitive) -> None:
    said = [badge("no contact wanted", "orange")] if row.do_not_contact else []
    quotes = [wording.quote(text) for text in (row.growth, row.notes) if text.strip()]
    st.markdown("  \n".join([" ".join([md(row.name), *said]), *(quiet(one) for one in quotes)]))


def how_many(number: int, one: str, many: str) -> str:
    return f"over {MOST_COUNTED:,} {many}" if number > MOST_COUNTED else wording.plural(number, one, many)


def draw_more(number: int) -> None:
    if number > 0:
        st.markdown(quiet(f"and {number:,} more" if number < MOST_COUNTED - FIRST else "and many more"))
