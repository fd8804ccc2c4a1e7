"""Bringing people into an opening: found by name one after the other, or a whole list of names at once."""

from collections.abc import Iterable

import streamlit as st

from core.commands.board import bring_in
from core.commands.undo import undo_facts
from core.queries.board import Board
from core.queries.candidates import CandidateFilters, Person
from core.queries.page import Page
from pages.parts import questions, reads, state, wording
from pages.parts.finding import search_people
from pages.parts.layout import quiet
from pages.parts.questions import answer, asked_no_more
from pages.parts.wording import md

ADD = "Add a person"
FOUND, MOST = 6, 60


def ask(opening_id: int) -> None:
    st.session_state.pop(state.COMING_IN, None)
    questions.ask(ADD, opening_id)


@st.dialog(ADD, on_dismiss=asked_no_more, width="medium")
def draw(board: Board) -> None:
    """Who is chosen stands below and comes in together: all of them, or nobody."""
    chosen: dict[int, str] = st.session_state.setdefault(state.COMING_IN, {})
    one, several = st.tabs(["By name", "A list"], on_change="rerun", key="how-they-come")
    if one.open:
        with one:
            draw_search(board, chosen)
    if several.open:
        with several:
            draw_list(board, chosen)
    draw_chosen(board, chosen)


def draw_search(board: Board, chosen: dict[int, str]) -> None:
    text, people = search_people("Who", FOUND, key="coming-in-who", label_visibility="collapsed")
    if not text:
        return
    there = reads.people_inside(board.id, [person.id for person in people])
    if not people:
        st.markdown(quiet("Nobody is called that. Fewer words find more; somebody new is added under Candidates."))
    for person in people:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{md(called(person))} {quiet(md(about(person)))}", width="stretch")
            if person.id in there:
                st.markdown(quiet("in it already"), width="content")
            elif person.id in chosen:
                st.markdown(quiet("chosen"), width="content")
            else:
                st.button("Choose", key=f"choose-{person.id}", on_click=choose, args=(chosen, [person]))


def draw_list(board: Board, chosen: dict[int, str]) -> None:
    """A name or an address a line; where several go by it, which of them is asked."""
    text = st.text_area("One a line", key="coming-in-list", placeholder="Noor Haddad\nivo@example.org", height=150)
    lines = list(dict.fromkeys(line.strip() for line in (text or "").splitlines() if line.strip()))
    if len(lines) > MOST:
        st.markdown(quiet(f"The first {MOST} lines are looked for; bring these in, then the others."))
    sure: list[Person] = []
    for number, line in enumerate(lines[:MOST]):
        people = reads.people(CandidateFilters(text=line), Page(1, FOUND)).rows
        exact = [person for person in people if person.name.casefold() == line.casefold()]
        if len(exact or people) == 1:
            sure += exact or people
        elif people:
            picked = st.selectbox(
                md(line),
                exact or people,
                index=None,
                format_func=lambda person: f"{called(person)}, {about(person)}" if about(person) else called(person),
                placeholder=f"{wording.plural(len(exact or people), 'person', 'people')} it may be",
                key=f"which-{number}-{line}",
            )
            sure += [picked] if picked else []
        else:
            st.markdown(quiet(f"Nobody found: {md(line)}"))
    there = reads.people_inside(board.id, [person.id for person in sure])
    for person in sure:
        if person.id in there:
            st.markdown(quiet(f"In it already: {md(called(person))}"))
    coming = [person for person in sure if person.id not in there and person.id not in chosen]
    if lines:
        many = wording.plural(len(coming), "person", "people")
        st.button(f"Choose {many}", disabled=not coming, key="choose-all", on_click=choose, args=(chosen, coming))


def draw_chosen(board: Board, chosen: dict[int, str]) -> None:
    if chosen:
        left = st.pills(
            "Chosen",
            list(chosen),
            selection_mode="multi",
            default=list(chosen),
            format_func=lambda id_: md(chosen[id_]),
            key=f"chosen-{'-'.join(map(str, chosen))}",
            wrap=True,
        )
        for id_ in set(chosen) - set(left):
            del chosen[id_]
    whom = next(iter(chosen.values())) if len(chosen) == 1 else wording.plural(len(chosen), "person", "people")
    label = f"Bring in {whom}" if chosen else "Bring in"
    if st.button(md(label), type="primary", disabled=not chosen, key="bring-in"):
        answer(bring_in, board.id, list(chosen), done=f"In for {board.title}: {whom}", undo_by=undo_facts)


def choose(chosen: dict[int, str], people: Iterable[Person]) -> None:
    for person in people:
        chosen[person.id] = called(person)
    st.session_state["coming-in-who"] = ""


def called(person: Person) -> str:
    return person.name or person.address


def about(person: Person) -> str:
    return ", ".join(part for part in (person.title, person.company) if part)
