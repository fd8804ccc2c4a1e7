"""The form on a person's page in which the next word to them, or from them, is logged."""

from datetime import datetime

import streamlit as st

from core.commands.contacts import log_contact
from core.domain.calendar import Calendar
from core.domain.refusal import Refused
from core.queries.candidate import Life, Profile
from core.queries.promises import Waiting
from pages.parts import actions, saying
from pages.parts.keeping import CHANNELS
from pages.parts.layout import quiet
from pages.parts.questions import DATES, keyed
from pages.parts.saying import About, Direction
from pages.parts.telling import Pronoun
from pages.parts.wording import md


def draw(life: Life, now: datetime, calendar: Calendar) -> None:
    form, who = form_of(life.profile.id), Pronoun(life.profile)
    with st.container(border=True):
        st.subheader("Log a word", anchor=False)
        way = st.segmented_control(
            "Direction",
            list(Direction),
            default=Direction.TO,
            required=True,
            format_func=lambda direction: md(saying.said(Direction(direction), who)),
            key=f"way-{form}",
            wrap=True,
        )
        direction = Direction(way or Direction.TO)
        if direction is not Direction.NOTE:
            usual = saying.usual_channel(life.last_from.channel if life.last_from else "")
            st.selectbox("How", CHANNELS, index=CHANNELS.index(usual), key=f"how-{form}", on_change="ignore")
        about = draw_about(life, form)
        st.text_area(
            "What was said", key=f"text-{form}", placeholder="One honest sentence is enough", on_change="ignore"
        )
        if direction is Direction.FROM:
            st.checkbox("Needs no answer", key=f"quits-{form}", on_change="ignore")
        draw_next(form, now, calendar)
        st.markdown(quiet(saying.will_keep(direction, about, life.owed, who, now, calendar)))
        st.button(
            "Log it",
            type="primary",
            width="stretch",
            shortcut=keyed("Ctrl+Enter"),
            key=f"log-{form}",
            on_click=log,
            args=(form, life.profile, about),
        )


def choose(person_id: int, row: Waiting) -> None:
    """A callback: it is about this."""
    st.session_state[f"about-{form_of(person_id)}"] = f"promise-{row.promise_id}"


def form_of(person_id: int) -> str:
    return actions.operation(f"say-{person_id}")


def draw_about(life: Life, form: str) -> About:
    subjects = {subject.key: subject for subject in saying.subjects(life.owed, life.processes)}
    if st.session_state.get(f"about-{form}") not in subjects:
        st.session_state[f"about-{form}"] = next(iter(subjects))
    chosen = st.selectbox("About", list(subjects), format_func=lambda key: subjects[key].words, key=f"about-{form}")
    return subjects[chosen]


def draw_next(form: str, now: datetime, calendar: Calendar) -> None:
    with st.container(horizontal=True, gap="small"):
        st.text_input("Next", key=f"next-{form}", placeholder="What comes next", on_change="ignore")
        st.date_input(
            "By",
            value=None,
            min_value=calendar.day(now),
            key=f"by-{form}",
            format=DATES,
            width=130,
            on_change="ignore",
        )


def log(form: str, person: Profile, about: About) -> None:
    """What stands in the form, by its key."""
    value = {part: st.session_state.get(f"{part}-{form}") for part in ("way", "how", "text", "next", "by", "quits")}
    direction = Direction(value["way"] or Direction.TO)
    try:
        plain = saying.logged(
            direction,
            about,
            channel=value["how"] or "",
            text=value["text"] or "",
            next_what=value["next"] or "",
            next_on=value["by"],
            needs_answer=not value["quits"],
        )
    except Refused as refused:
        actions.refuse(str(refused))
        return
    done = f"Noted: {person.called}" if direction is Direction.NOTE else f"Logged: {person.called}"
    actions.do(log_contact, person.id, done=done, operation=form, undoable=True, **plain)
