"""The openings a person is or was in, each with what can be done; and the way into another one."""

from datetime import datetime

import streamlit as st

from core.domain.calendar import Calendar
from core.queries.candidate import Life
from core.queries.survey import Scored
from pages.parts import process_menu, questions, reads, telling, wording
from pages.parts.layout import quiet
from pages.parts.process_menu import ADD
from pages.parts.telling import Pronoun
from pages.parts.wording import md

BOARD = "Open the board"


def draw(life: Life, now: datetime, calendar: Calendar, *, may_edit: bool) -> None:
    if not life.processes:
        who = Pronoun(life.profile)
        st.markdown(quiet(f"{md(who.subject)} {'were' if who.subject == 'They' else 'was'} in no opening yet."))
    scores = reads.scores_of(life.profile.id)
    for process in life.processes:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            scored = f"  \n{how_scored(scores[process.id])}" if process.id in scores else ""
            st.markdown(telling.in_opening(process, now, calendar) + scored, width="stretch")
            if may_edit:
                options = [*process_menu.options(process.is_active), BOARD]
                picked = st.menu_button("More", options, type="tertiary", key=f"more-of-process-{process.id}")
                if picked == BOARD:
                    st.switch_page("opening.py", query_params={"id": str(process.opening_id)})
                elif picked:
                    process_menu.pick(picked, process.id)
    if may_edit:
        st.button(ADD, key="add-to-opening-of", on_click=questions.ask, args=(ADD, life.profile.id))


def how_scored(scored: Scored) -> str:
    """“Scored us 9 of 10: “…””."""
    said = f": {wording.quote(scored.words, 500)}" if scored.words else ""
    return quiet(f"Scored us {scored.score} of 10{said}")
