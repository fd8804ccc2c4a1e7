"""The card of a board, opened: how it stands with one person in this opening, and what can be done about it."""

from functools import partial

import streamlit as st

from core.commands.board import move_on_board
from core.commands.processes import undo_move
from core.domain.drafts import what_is_owed
from core.persistence.work import Viewer
from core.queries.board import Board, Card
from core.queries.candidate import Life
from core.queries.promises import Waiting
from pages.parts import board as boards
from pages.parts import process_menu, questions, reads, state, telling, waiting, wording
from pages.parts.board import CARD, IN_NO_STAGE, Days
from pages.parts.layout import badge, open_person, quiet
from pages.parts.owed import KEPT_BY_NO_WORD_TO_THEM
from pages.parts.questions import KEEP, SNOOZE, WAIVE, answer, asked_no_more, instead_of_a_word
from pages.parts.wording import md

HERE = "Move to…"
"""Of the menu; the card has a field of its own for it."""


def dialogs(board: Board, viewer: Viewer, days: Days) -> questions.Dialogs:
    """That of the card that is asked about, and of what is owed there."""
    question, id_ = st.session_state.get(state.QUESTION, ("", 0))
    card = next((card for card in board.cards if card.process_id == id_), None)
    if question == CARD and card is not None:
        return {(CARD, id_): partial(draw, board, card, viewer, days)}
    if question in (KEEP, SNOOZE, WAIVE):
        row = reads.promise(id_)
        return questions.of_promises([row] if row else [], viewer, days.now, days.calendar)
    return process_menu.dialogs() if viewer.may_edit else {}


def draw(board: Board, card: Card, viewer: Viewer, days: Days) -> None:
    st.dialog(md(card.name), on_dismiss=asked_no_more, width="medium")(_draw)(board, card, viewer, days)


def _draw(board: Board, card: Card, viewer: Viewer, days: Days) -> None:
    life = reads.life(card.candidate_id)
    marks = " ".join(badge(text, colour) for text, colour in boards.badges(card, days))
    since = wording.since(card.since, days.now, days.calendar)
    with_whom = f" · with {md(card.owner)}" if card.owner else ""
    st.markdown(f"{marks}  \n{quiet(f'{md(card.stage or IN_NO_STAGE)} {since}{with_whom}')}")
    draw_words(life, days)
    draw_owed(life, card, days, may_edit=viewer.may_edit)
    if viewer.may_edit and not board.status.has_ended:
        draw_move(board, card)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Open the person", key="card-person"):
            asked_no_more()
            open_person(card.candidate_id)
        if viewer.may_edit:
            options = [option for option in process_menu.options(is_active=True) if option != HERE]
            picked = st.menu_button("More", options, type="tertiary", key=f"card-more-{card.process_id}")
            if picked:
                process_menu.pick(picked, card.process_id)
                if st.session_state.get(state.QUESTION) != (CARD, card.process_id):
                    st.rerun()


def draw_words(life: Life, days: Days) -> None:
    who = telling.Pronoun(life.profile)
    if life.last_words:
        said = [telling.last_word(word, who, days.today, days.calendar) for word in life.last_words]
        st.markdown("\n\n".join(said))
    else:
        st.markdown(quiet("Not a word yet, either way."))


def draw_owed(life: Life, card: Card, days: Days, *, may_edit: bool) -> None:
    """Of this process, and of none in particular. What words keep is written among all that is owed here."""
    for row in life.owed:
        if row.process_id not in (None, card.process_id):
            continue
        with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
            late = waiting.lateness(row, days.now, days.calendar)
            st.markdown(f"{md(what_is_owed(row.occasion))} {late}", width="stretch")
            if may_edit and row.process_id is not None:
                with st.container(horizontal=True, width="content", wrap=False, gap="small"):
                    draw_ways_to_keep(row)


def draw_ways_to_keep(row: Waiting) -> None:
    if st.button(KEEP, key=f"card-keep-{row.promise_id}"):
        keep(row)
    picked = st.menu_button("More", instead_of_a_word(row), type="tertiary", key=f"card-owed-{row.promise_id}")
    if picked:
        questions.ask_of(row, picked)
        st.rerun()


def keep(row: Waiting) -> None:
    if row.kind in KEPT_BY_NO_WORD_TO_THEM:
        questions.ask(KEEP, row.promise_id)
    else:
        asked_no_more()
        boards.write_to(row.promise_id)
    st.rerun()


def draw_move(board: Board, card: Card) -> None:
    others = [stage for stage in board.stages if stage != card.stage]
    if not others:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        to = st.selectbox("Move to", others, index=None, placeholder="Another stage", key=f"card-to-{card.process_id}")
        if st.button("Move", type="primary", disabled=to is None, key="card-move") and to:
            answer(
                move_on_board,
                board.id,
                card.process_id,
                to,
                seen_in=card.stage,
                done=f"{to}: {card.name}",
                undo_by=undo_move,
            )
