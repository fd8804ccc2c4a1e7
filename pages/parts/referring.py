"""Referrals on a person's page: who brought them, whom they brought and what became of each; and one more."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

import streamlit as st

from core.charts.referrals import CAME, called
from core.commands.referrals import refer, refer_somebody_new
from core.commands.undo import take_back_fact
from core.domain.calendar import Calendar
from core.domain.referrals import CameTo
from core.queries.candidate import Profile
from core.queries.candidates import Person
from core.queries.referrals import OfPerson, Recommended
from pages.parts import actions, adding, coming_in, questions, state, wording
from pages.parts.finding import search_people
from pages.parts.layout import Colour, badge, open_person, quiet
from pages.parts.questions import DATES, answer, asked_no_more
from pages.parts.wording import md

BROUGHT, BROUGHT_BY = "They recommended somebody…", "Somebody recommended them…"
FOUND = 5
COLOURS: dict[CameTo, Colour] = {CameTo.HIRED: "green", CameTo.INTERVIEW: "primary"}


def draw(person: Profile, of: OfPerson, day: date, *, may_edit: bool) -> None:
    for known in of.brought_by:
        draw_one(f"Came through **{md(called(known))}**", known, person, day, may_edit=may_edit)
    for known in of.brought:
        how = badge(CAME[known.came_to], COLOURS.get(known.came_to, "gray"))
        now = f" {badge('in process now', 'violet')}" if known.is_active else ""
        draw_one(f"Brought **{md(called(known))}** {how}{now}", known, person, day, may_edit=may_edit)
    if not of.brought and not of.brought_by:
        st.markdown(quiet("Nobody brought them, and they have brought nobody yet. People who trust us tell others."))
    if may_edit:
        with st.container(horizontal=True, gap="small"):
            for label in (BROUGHT, BROUGHT_BY) if not of.brought_by else (BROUGHT,):
                st.button(label, key=f"ask-{label}", on_click=ask, args=(label, person.id))
    if of.brought or of.brought_by:
        st.page_link("referrals.py", label="Their tree", query_params={"tree": str(person.id)})


def draw_one(said: str, known: Recommended, person: Profile, day: date, *, may_edit: bool) -> None:
    about = ", ".join(part for part in (known.title, known.company) if part)
    on = quiet(" · ".join(part for part in (md(about), wording.day(known.on, day)) if part))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"{said}  \n{on}", width="stretch")
        if not known.is_erased and st.button("Open", type="tertiary", key=f"open-{known.id}"):
            open_person(known.person_id)
        if may_edit and st.button("Take back", type="tertiary", key=f"back-{known.id}"):
            actions.act(take_back_fact, known.id, done=f"Taken back: {person.called} and {called(known)}")


def ask(label: str, person_id: int) -> None:
    st.session_state.pop(state.LOOKED_AT, None)
    questions.ask(label, person_id)


def dialogs(person: Profile, now: datetime, calendar: Calendar) -> dict[tuple[str, int], Callable[[], None]]:
    return {
        (BROUGHT, person.id): lambda: ask_whom(person, now, calendar, is_referrer=False),
        (BROUGHT_BY, person.id): lambda: ask_whom(person, now, calendar, is_referrer=True),
    }


@st.dialog("A referral", on_dismiss=asked_no_more)
def ask_whom(person: Profile, now: datetime, calendar: Calendar, *, is_referrer: bool) -> None:
    """`is_referrer`: whoever is looked for recommended this person; else this person recommended them."""
    said = (
        f"Who recommended **{md(person.called)}**?" if is_referrer else f"Whom did **{md(person.called)}** recommend?"
    )
    st.markdown(said)
    day = calendar.day(now)
    on = st.date_input("When", day, max_value=day, format=DATES, key="referred-on", width=150)
    at = calendar.opening_of(on) if on and on < day else None
    text, people = search_people("Who", FOUND, key="referred-who")
    for one in people:
        if one.id != person.id:
            draw_found(one, coming_in.about(one), person, at, is_referrer=is_referrer)
    if text:
        st.markdown(quiet("Or somebody new:") if people else quiet("Nobody is called that. Somebody new?"))
        draw_new(text, person, at, is_referrer=is_referrer)
    st.markdown(quiet("Thanks are owed within the days the team has promised itself, and once more at the outcome."))


def draw_found(
    one: Person, about: str, person: Profile, at: datetime | None, *, is_referrer: bool, key: str = "choose"
) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{md(coming_in.called(one))} {quiet(md(about))}", width="stretch")
        if st.button("Choose", key=f"{key}-{one.id}"):
            both = (one.id, person.id) if is_referrer else (person.id, one.id)
            answer(refer, *both, at=at, done=done(person, coming_in.called(one), is_referrer=is_referrer))


def draw_new(typed: str, person: Profile, at: datetime | None, *, is_referrer: bool) -> None:
    left, right = st.columns(2)
    name = left.text_input("Name", "" if "@" in typed else typed, key=f"referred-name-{typed}", max_chars=200) or ""
    mail = right.text_input("E-mail", typed if "@" in typed else "", key=f"referred-mail-{typed}") or ""
    page = left.text_input("LinkedIn", key="referred-page", placeholder="linkedin.com/in/…") or ""
    number = right.text_input("Phone", key="referred-phone") or ""
    wrong, handles = adding.addresses({"email": mail, "phone": number, "linkedin": page})
    is_pressed = st.button("Add and note it", type="primary", key="referred-add")
    draw_alike = partial(draw_found, person=person, at=at, is_referrer=is_referrer, key="choose-alike")
    others = adding.known_already(
        name, "", handles, wrong, draw_alike, is_pressed=is_pressed, none_of="add and note it"
    )
    if others is not None:
        called = name.strip() or (handles[0].value if handles else "")
        said = done(person, called, is_referrer=is_referrer)
        answer(
            refer_somebody_new,
            person.id,
            name=name,
            handles=handles,
            is_referrer=is_referrer,
            others=others,
            at=at,
            done=said,
        )


def done(person: Profile, other: str, *, is_referrer: bool) -> str:
    return f"{other} recommended {person.called}" if is_referrer else f"{person.called} recommended {other}"
