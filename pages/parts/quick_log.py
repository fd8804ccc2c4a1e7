"""The form on a person's page in which the next word to them, or from them, is logged."""

from datetime import datetime

import streamlit as st

from core.commands.contacts import log_contact
from core.commands.undo import undo_fact
from core.domain.calendar import Calendar
from core.domain.drafts import Occasion, left_open
from core.domain.promises import Kind
from core.domain.refusal import Refused
from core.domain.templates import LANGUAGES
from core.persistence.outages import Unavailable
from core.queries.candidate import Life
from core.queries.promises import Waiting
from pages.parts import actions, drafting, keeping, moment, questions, reads, runtime, saying, state, unsaved
from pages.parts.keeping import CHANNELS, why_too_soon
from pages.parts.layout import quiet
from pages.parts.piece import piece
from pages.parts.questions import DATES, keyed
from pages.parts.saying import About, Direction
from pages.parts.telling import Pronoun
from pages.parts.wording import md


def draw(life: Life) -> None:
    form = form_of(life.profile.id)
    with st.container(border=True, key="logs"):  # `browser.js`
        draw_fields(life, form)
        st.button(
            "Log it",
            type="primary",
            width="stretch",
            shortcut=keyed("Ctrl+Enter"),
            key=f"log-{form}",
            on_click=log,
            args=(form, life),
        )


@piece
def draw_fields(life: Life, form: str) -> None:
    """All but the button: what is logged concerns the whole page, a choice among these nothing else."""
    store, who = runtime.store(), Pronoun(life.profile)
    now, calendar = store.now(), store.calendar
    if runtime.is_alone() and not reads.is_as_drawn(life):
        st.rerun()
    st.subheader("Log a word", anchor=False)
    way = st.segmented_control(
        "Direction",
        list(Direction),
        default=Direction.TO,
        required=True,
        format_func=lambda direction: md(saying.said(Direction(direction), who)),
        wrap=True,
        **unsaved.kept(f"way-{form}", begun=Direction.TO),
    )
    direction = Direction(way or Direction.TO)
    with st.container(horizontal=True, gap="small"):
        if direction is not Direction.NOTE:
            usual = saying.usual_channel(life.last_from.channel if life.last_from else "")
            st.selectbox("How", CHANNELS, index=CHANNELS.index(usual), **unsaved.kept(f"how-{form}", begun=usual))
        on = questions.ask_when(f"on-{form}", calendar.day(now))
    about = draw_about(life, form, now, calendar)
    said = unsaved.kept(f"text-{form}", f"What was said: {life.profile.called}")
    st.text_area("What was said", placeholder="One honest sentence is enough", **said)
    if direction.reaches and (of := occasion_of(about, life)) is not None:
        draw_draft(of, about.promise, form)
    if direction is Direction.FROM:
        st.checkbox("Needs no answer", **unsaved.kept(f"quits-{form}", begun=False))
    draw_next(life.profile.called, form, now, calendar)
    refused, wrong = st.session_state.get(state.NOT_LOGGED, ("", ""))
    if refused == form:
        st.error(md(wrong))
    said_at = keeping.said_at(on, now, calendar)
    st.markdown(quiet(saying.will_keep(direction, about, life.owed, who, now, calendar, said_at)))


def choose(person_id: int, row: Waiting) -> None:
    """A callback: it is about this."""
    st.session_state[f"about-{form_of(person_id)}"] = f"promise-{row.promise_id}"


def form_of(person_id: int) -> str:
    return actions.operation(f"say-{person_id}")


def subjects_of(life: Life) -> dict[str, About]:
    return {subject.key: subject for subject in saying.subjects(life.owed, life.processes)}


def about_of(life: Life, form: str, now: datetime, calendar: Calendar) -> About:
    """What was chosen; else the first that a word would fit."""
    subjects = subjects_of(life)
    if chosen := subjects.get(st.session_state.get(f"about-{form}", "")):
        return chosen
    return first_that_fits(subjects, now, calendar)


def first_that_fits(subjects: dict[str, About], now: datetime, calendar: Calendar) -> About:
    fitting = (one for one in subjects.values() if not (one.promise and why_too_soon(one.promise, now, calendar)))
    return next(fitting)  # nothing in particular always fits


def draw_about(life: Life, form: str, now: datetime, calendar: Calendar) -> About:
    subjects, key = subjects_of(life), f"about-{form}"
    first = first_that_fits(subjects, now, calendar).key
    kept = unsaved.kept(key, begun=first)
    if st.session_state.get(key) not in subjects:
        st.session_state[key] = first
    chosen = st.selectbox("About", list(subjects), format_func=lambda one: subjects[one].words, **kept)
    return subjects[chosen]


def occasion_of(about: About, life: Life) -> Occasion | None:
    """What a draft says: what is owed; where it is about nothing in particular, why to write to them at all."""
    person = life.profile
    if about.promise is not None or about.process_id is not None or person.do_not_contact:
        return about.promise.occasion if about.promise else None
    return Occasion(
        kind=Kind.KEEP_IN_TOUCH,
        name=person.name,
        pronoun=person.pronoun,
        their_words=life.last_from.text if life.last_from else "",
        reasons=life.reasons,
        language=person.language,
        email=person.email,
    )


def draw_draft(of: Occasion, promise: Waiting | None, form: str) -> None:
    """The words to begin with."""
    viewer = runtime.require_viewer()
    language = drafting.languages_of(of)[0]
    field = f"text-{form}"
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Begin with a draft",
            type="tertiary",
            key=f"draft-{form}",
            on_click=begin_with,
            args=(field, of, promise, language),
        )
        drafting.copy_and_mail(of, viewer, language, lambda: st.session_state.get(field, ""), key=f"mail-{form}")
    drafting.hand_to_browser()


def written(of: Occasion, promise: Waiting | None, language: str) -> str:
    viewer = runtime.require_viewer()
    return drafting.written(promise, viewer, language) if promise else drafting.draft(of, viewer, language)


def begin_with(field: str, of: Occasion, promise: Waiting | None, language: str) -> None:
    """A callback. What was typed already stays, above it."""
    typed = st.session_state.get(field, "").strip()
    try:
        words = written(of, promise, language)
    except Unavailable as away:
        actions.refuse(str(away))
        return
    st.session_state[field] = f"{typed}\n\n{words}" if typed else words


def gaps_in(text: str, about: About, life: Life) -> list[str]:
    """What a draft asked to be filled in and still stands there, in whichever language it was begun."""
    if "[" not in text or (of := occasion_of(about, life)) is None:
        return []
    return [gap for code in LANGUAGES for gap in left_open(text, written(of, about.promise, code))]


def draw_next(called: str, form: str, now: datetime, calendar: Calendar) -> None:
    with st.container(horizontal=True, gap="small"):
        next_what = unsaved.kept(f"next-{form}", f"What comes next: {called}")
        st.text_input("Next", placeholder="What comes next", **next_what)
        first, by = calendar.day(now), unsaved.kept(f"by-{form}", begun=None)
        st.date_input("By", value=None, min_value=first, format=DATES, width=130, **by)


def log(form: str, life: Life) -> None:
    """What stands in the form, by its key."""
    person, store = life.profile, runtime.store()
    st.session_state.pop(state.NOT_LOGGED, None)
    about = about_of(life, form, store.now(), store.calendar)
    value = {
        part: st.session_state.get(f"{part}-{form}") for part in ("way", "how", "on", "text", "next", "by", "quits")
    }
    direction = Direction(value["way"] or Direction.TO)
    if not (value["text"] or value["next"]) and moment.is_too_quick(st.session_state.get(state.LOGGED_AT)):
        return  # the second press of a double click, on the form that has come since
    try:
        if gaps := gaps_in(value["text"] or "", about, life):
            raise Refused(f"Say it in your own words where it says {gaps[0]}, or empty the field.")
        plain = saying.logged(
            direction,
            about,
            channel=value["how"] or "",
            text=value["text"] or "",
            next_what=value["next"] or "",
            next_on=value["by"],
            needs_answer=not value["quits"],
            at=keeping.said_at(value["on"], store.now(), store.calendar),
        )
    except (Refused, Unavailable) as refused:
        st.session_state[state.NOT_LOGGED] = (form, str(refused))
        return
    done = f"Noted: {person.called}" if direction is Direction.NOTE else f"Logged: {person.called}"
    if actions.do(log_contact, person.id, done=done, operation=form, undo_by=undo_fact, **plain):
        st.session_state[state.LOGGED_AT] = store.now()
