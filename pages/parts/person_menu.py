"""The menu of a person's page: their rhythm, quiet times, contact, whose they are, and being forgotten."""

from datetime import date, timedelta
from functools import partial

import streamlit as st

from core.commands.candidates import hand_over, keep_quiet_until, set_rhythm
from core.commands.consents import allow_contact, forbid_contact
from core.commands.undo import undo_fact
from core.domain.facts import Rhythm, Unit
from core.domain.rhythms import Suggestion, rhythm_words
from core.persistence.work import Viewer
from core.queries.candidate import Profile
from pages.parts import actions, own_page_links, questions, reads, rhythms, wording
from pages.parts.choosing import choose_one
from pages.parts.layout import quiet
from pages.parts.questions import DATES, answer, asked_no_more
from pages.parts.requests import BE_FORGOTTEN
from pages.parts.telling import Pronoun
from pages.parts.wording import HANDED_OVER, md

RHYTHM, QUIET, FORBID, ALLOW, HAND_OVER, OWN_PAGE, MERGE, TRAIL = (
    "Rhythm…",
    "Quiet until…",
    "No more contact",
    "Contact is welcome again",
    "Change owner…",
    "Their own page…",
    "Merge…",
    "Who changed what",
)
ANOTHER = "Another length"


def draw(person: Profile, viewer: Viewer) -> None:
    forbid = ALLOW if person.do_not_contact else FORBID
    ways = [RHYTHM, QUIET, forbid, HAND_OVER, OWN_PAGE, MERGE, BE_FORGOTTEN]
    ways += [TRAIL] if viewer.may_open("audit") else []
    picked = st.menu_button("More", ways, type="tertiary", key="more-of-person")
    if picked == ALLOW:
        actions.act(allow_contact, person.id, done=f"Contact is welcome again: {person.called}", undo_by=undo_fact)
    elif picked == MERGE:
        st.switch_page("merge.py", query_params={"one": str(person.id)})
    elif picked == TRAIL:
        st.switch_page("audit.py", query_params={"about": f"candidate-{person.id}"})
    elif picked:
        questions.ask(picked, person.id)


def of_person(person: Profile, suggestion: Suggestion | None, day: date) -> questions.Dialogs:
    return {
        (RHYTHM, person.id): partial(ask_rhythm, person, suggestion),
        (QUIET, person.id): partial(ask_quiet, person, day),
        (FORBID, person.id): partial(ask_forbid, person),
        (HAND_OVER, person.id): partial(ask_hand_over, person),
        (OWN_PAGE, person.id): partial(own_page_links.ask, person),
    }


@st.dialog("Rhythm", on_dismiss=asked_no_more)
def ask_rhythm(person: Profile, suggestion: Suggestion | None) -> None:
    st.markdown(f"How often does {md(person.called)} hear from us?")
    offered = rhythms.choices()

    def label_of(rhythm: Rhythm | None) -> str:
        return next((label for label, one in offered.items() if one == rhythm), ANOTHER)

    suggested = label_of(suggestion.rhythm) if suggestion else None
    labels = [*offered, ANOTHER]
    captions = [f"Suggested: {md(suggestion.because)}" if suggestion and label == suggested else "" for label in labels]
    first = suggested if person.rhythm is None and suggested else label_of(person.rhythm)
    label = st.radio("How often", labels, index=labels.index(first), captions=captions)
    rhythm = _ask_length(person.rhythm) if label == ANOTHER else offered[label]
    if person.do_not_contact:
        st.markdown(quiet("No contact is wanted: until that is lifted, no word falls due, whatever the rhythm."))
    if st.button("Set the rhythm", type="primary", key="set-rhythm"):
        said = rhythm_words(rhythm).capitalize() if rhythm else rhythms.NONE
        answer(set_rhythm, person.id, rhythm, done=f"{said}: {person.called}")


def draw_suggestion(person: Profile, suggestion: Suggestion) -> None:
    """How often, and why, to be taken at one touch."""
    how_often = rhythm_words(suggestion.rhythm)
    said = f"No rhythm. Suggested: a word {how_often}. {md(Pronoun(person).subject)} {md(suggestion.because)}."
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(quiet(said), width="stretch")
        st.button("Take it", key="take-rhythm", on_click=_take, args=(person, suggestion.rhythm))


def _take(person: Profile, rhythm: Rhythm) -> None:
    done = f"{rhythm_words(rhythm).capitalize()}: {person.called}"
    actions.do(set_rhythm, person.id, rhythm, done=done, undo_by=undo_fact)


def _ask_length(now_set: Rhythm | None) -> Rhythm:
    left, right = st.columns(2)
    count = left.number_input("Every", 1, 120, now_set.count if now_set else 2, key="rhythm-count")
    was = now_set.unit if now_set else Unit.MONTHS
    unit = right.segmented_control("Weeks or months", list(Unit), default=was, required=True, key="rhythm-unit")
    return Rhythm(int(count), unit)


@st.dialog("Quiet until", on_dismiss=asked_no_more)
def ask_quiet(person: Profile, day: date) -> None:
    st.markdown(quiet("No word to keep in touch falls due before that day. Answers are owed as ever."))
    quiet_until = person.quiet_until if person.quiet_until and person.quiet_until > day else None
    first = quiet_until or day + timedelta(days=90)
    until = st.date_input("Until", value=first, min_value=day + timedelta(days=1), format=DATES, key="quiet-until")
    with st.container(horizontal=True, gap="small"):
        if st.button("Keep quiet", type="primary", key="keep-quiet"):
            answer(keep_quiet_until, person.id, until, done=f"Quiet until {wording.day(until, day)}: {person.called}")
        if quiet_until and st.button("Quiet no longer", key="quiet-no-longer"):
            answer(keep_quiet_until, person.id, day, done=f"Quiet no longer: {person.called}")


@st.dialog("No more contact", on_dismiss=asked_no_more)
def ask_forbid(person: Profile) -> None:
    st.markdown(f"{md(person.called)} asked not to be contacted? Nothing new falls due, and what we owe to start ends.")
    if st.button("They asked for it", type="primary"):
        answer(forbid_contact, person.id, done=f"No more contact: {person.called}")


@st.dialog("Change owner", on_dismiss=asked_no_more)
def ask_hand_over(person: Profile) -> None:
    others = {id_: name for id_, name in reads.colleagues() if id_ != person.owner_id}
    to = choose_one("To", others, placeholder="A colleague")
    whom = md(Pronoun(person).object)
    st.markdown(quiet(f"At once, and what is owed to {whom} goes along. {HANDED_OVER}"))
    if st.button("Change owner", type="primary", disabled=to is None) and to:
        answer(hand_over, person.id, to, done=f"With {others[to]} from now on: {person.called}")
