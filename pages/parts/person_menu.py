"""The menu of a person's page: their rhythm, quiet times, contact, whose they are, and being forgotten."""

from datetime import date, timedelta
from functools import partial

import streamlit as st

from core.commands.candidates import erase_candidate, hand_over, keep_quiet_until, set_rhythm
from core.commands.consents import allow_contact, forbid_contact
from core.domain.facts import Rhythm, Unit
from core.queries.candidate import Profile
from pages.parts import actions, questions, reads, wording
from pages.parts.layout import quiet
from pages.parts.questions import answer, asked_no_more
from pages.parts.telling import Pronoun
from pages.parts.wording import md

RHYTHM, QUIET, FORBID, ALLOW, HAND_OVER, MERGE, ERASE = (
    "Rhythm…",
    "Quiet until…",
    "No more contact",
    "Contact is welcome again",
    "Hand over…",
    "Merge…",
    "Erase…",
)
RHYTHMS = {
    "Every 6 weeks": Rhythm(6, Unit.WEEKS),
    "Every 3 months": Rhythm(3, Unit.MONTHS),
    "Every 6 months": Rhythm(6, Unit.MONTHS),
    "Every 12 months": Rhythm(12, Unit.MONTHS),
    "No rhythm": None,
}


def draw(person: Profile) -> None:
    forbid = ALLOW if person.do_not_contact else FORBID
    picked = st.menu_button(
        "More", [RHYTHM, QUIET, forbid, HAND_OVER, MERGE, ERASE], type="tertiary", key="more-of-person"
    )
    if picked == ALLOW:
        actions.act(allow_contact, person.id, done=f"Contact is welcome again: {person.called}", undoable=True)
    elif picked == MERGE:
        st.switch_page("merge.py", query_params={"one": str(person.id)})
    elif picked:
        questions.ask(picked, person.id)


def of_person(person: Profile, day: date) -> questions.Dialogs:
    return {
        (RHYTHM, person.id): partial(ask_rhythm, person),
        (QUIET, person.id): partial(ask_quiet, person, day),
        (FORBID, person.id): partial(ask_forbid, person),
        (HAND_OVER, person.id): partial(ask_hand_over, person),
        (ERASE, person.id): partial(ask_erase, person),
    }


@st.dialog("Rhythm", on_dismiss=asked_no_more)
def ask_rhythm(person: Profile) -> None:
    st.markdown(f"How often does {md(person.called)} hear from us?")
    now_set = next((label for label, rhythm in RHYTHMS.items() if rhythm == person.rhythm), None)
    label = st.radio("How often", list(RHYTHMS), index=list(RHYTHMS).index(now_set) if now_set else None)
    if st.button("Set the rhythm", type="primary", disabled=label is None):
        answer(set_rhythm, person.id, RHYTHMS[label or "No rhythm"], done=f"{label}: {person.called}")


@st.dialog("Quiet until", on_dismiss=asked_no_more)
def ask_quiet(person: Profile, day: date) -> None:
    st.markdown(quiet("No word to keep in touch falls due before that day. Answers are owed as ever."))
    until = st.date_input("Until", value=day + timedelta(days=90), min_value=day + timedelta(days=1))
    if st.button("Keep quiet", type="primary"):
        answer(keep_quiet_until, person.id, until, done=f"Quiet until {wording.day(until, day)}: {person.called}")


@st.dialog("No more contact", on_dismiss=asked_no_more)
def ask_forbid(person: Profile) -> None:
    st.markdown(f"{md(person.called)} asked not to be contacted? Nothing new falls due, and what we owe to start ends.")
    if st.button("They asked for it", type="primary"):
        answer(forbid_contact, person.id, done=f"No more contact: {person.called}")


@st.dialog("Hand over", on_dismiss=asked_no_more)
def ask_hand_over(person: Profile) -> None:
    others = [(id_, colleague) for id_, colleague in reads.colleagues() if id_ != person.owner_id]
    to = st.selectbox("To", others, index=None, format_func=lambda other: other[1], placeholder="A colleague")
    whom = md(Pronoun(person).object)
    st.markdown(quiet(f"What is owed to {whom} goes with {whom}."))
    if st.button("Hand over", type="primary", disabled=to is None) and to:
        answer(hand_over, person.id, to[0], done=f"Handed over to {to[1]}: {person.called}")


@st.dialog("Erase", on_dismiss=asked_no_more)
def ask_erase(person: Profile) -> None:
    st.markdown(
        f"All that is known of **{md(person.called)}** goes: name, addresses, words and notes. Counts stay."
        " It can’t be undone."
    )
    sure = st.checkbox("They asked for it, or the law does")
    if st.button("Erase for good", type="primary", disabled=not sure):
        answer(erase_candidate, person.id, done="Erased. Nothing is known of them any more.", undoable=False)
