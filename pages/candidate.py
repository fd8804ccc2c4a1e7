"""Candidate: one person on one page: how it stands, what is owed, what was said, and the next word at hand."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.domain.rhythms import rhythm_words, suggested
from core.domain.warmth import warmth
from core.persistence.tables.privacy import RequestKind
from core.queries.candidate import signs
from pages.parts import (
    actions,
    filters,
    growing,
    meeting,
    owed,
    parting,
    person_figures,
    person_menu,
    person_tabs,
    process_menu,
    questions,
    quick_log,
    reads,
    requests,
    runtime,
    telling,
    unsaved,
    wording,
)
from pages.parts.layout import badge, head, quiet
from pages.parts.wording import md

viewer = runtime.require_viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar
day = calendar.day(now)

asked = filters.id_in_address("id")
found = reads.whereabouts(asked) if asked is not None else None
if found is None or found.id is None:
    st.markdown("There is no such person here. They may have been taken back with the list that brought them.")
    st.page_link("candidates.py", label="All candidates")
    st.stop()
if found.is_erased:
    if unsaved.drop_about({found.id}):
        st.rerun()  # or the browser would ask about it before it leaves this page
    st.markdown("This person was erased. What was known of them is gone; only the counts stay.")
    st.page_link("candidates.py", label="All candidates")
    st.stop()
if found.is_merged:
    st.query_params["id"] = str(found.id)

unsaved.about(found.id)
actions.show_notice()
life = reads.life(found.id)
person, who = life.profile, telling.Pronoun(life.profile)
how_warm = warmth(person.ties, now, calendar)


def line() -> str:
    parts = [", ".join(md(part) for part in (person.title, person.company, person.location) if part)]
    if person.begins_as:
        parts.append(growing.BEGINNERS[person.begins_as].lower())
    if person.met_on:
        parts.append(telling.known_for(person.met_on, day))
    parts.append(f"with {md(person.owner)}" if person.owner else "with nobody")
    parts.append(f"rhythm {rhythm_words(person.rhythm)}" if person.rhythm else "no rhythm")
    parts.append(f"{how_warm.grade}, {how_warm.points} of 100" if how_warm else "not a word yet")
    if person.quiet_until and person.quiet_until > day:
        parts.append(f"quiet until {wording.day(person.quiet_until, day)}")
    said = " · ".join(part for part in parts if part)
    return f"{said} {badge('asked for no contact')}" if person.do_not_contact else said


def draw_last_words() -> None:
    st.subheader("Last words", anchor=False)
    if life.last_words:
        st.markdown("\n\n".join(telling.last_word(word, who, day, calendar) for word in life.last_words))
    else:
        st.markdown(quiet("Not a word yet, either way."))


def draw_what_follows() -> None:
    """What their skills imply; why, on hover."""
    if follows := reads.follows_from(person.skills):
        st.markdown(quiet(telling.follows(follows)), help="\n\n".join(md(near.how) for near in follows))


with head(person.called, line(), more=telling.warmth_in_parts(how_warm)):
    if viewer.may_edit:
        person_menu.draw(person, viewer)
        plan = (meeting.PLAN_WITH, person.id)
        st.button(meeting.PLAN_WITH, icon=":material/event:", key="plan-meeting", on_click=questions.ask, args=plan)
suggestion = suggested(signs(life, calendar), day)
active = [process for process in life.processes if process.is_active]
whom = meeting.With(
    person.id,
    person.called,
    {process.id: process.in_words for process in active},
    {process.id: process.owner_id for process in active},
)
dialogs: dict[tuple[str, int], Callable[[], None]] = {
    **questions.of_promises(life.owed, viewer, now, calendar),
    **person_menu.of_person(person, suggestion, day),
    **parting.of_merges(person, life.merges),
    (requests.BE_FORGOTTEN, person.id): partial(requests.ask_kind, person.id, person.called, RequestKind.FORGET, day),
    (process_menu.ADD, person.id): partial(process_menu.ask_opening, person.id, person.called),
    (meeting.PLAN_WITH, person.id): partial(meeting.ask_plan, whom, viewer.id, now, calendar),
}
parting.draw(life.merges, now, calendar, may_edit=viewer.may_edit)
left, right = st.columns((2.35, 1), gap="large")
with left:
    person_figures.draw_metrics(life, now, calendar)
    person_figures.draw_timeline(life, now, calendar)
    promises, words = st.columns(2, gap="large")
    with promises:
        owed.draw(life, now, calendar, may_edit=viewer.may_edit)
        if viewer.may_edit and person.rhythm is None and suggestion is not None:
            person_menu.draw_suggestion(person, suggestion)
        if life.reasons:
            st.subheader("Worth saying", anchor=False)
            st.markdown("\n".join(f"- {md(reason.said)}" for reason in life.reasons))
    with words:
        draw_last_words()
with right:
    if viewer.may_edit:
        quick_log.draw(life)
    st.markdown(telling.known(person))
    draw_what_follows()
dialogs |= person_tabs.draw(life)
dialogs |= process_menu.dialogs()
questions.draw(dialogs if viewer.may_edit else {})
