"""Skills: what implies one and what it implies; the team says more, and takes back what it said."""

import pandas as pd
import streamlit as st

from core.commands.skills import add_implication, bring_implication_back, take_implication_away
from core.domain.skills import SAID, How, all_names, implications
from core.queries.skills import Near, Said, SkillView
from pages.parts import actions, filters, reads, runtime, wording
from pages.parts.layout import head_places, quiet, write_head
from pages.parts.wording import md

SKILL, PAGE = "skill", "said"
WIDTH, SIZE = 1000, 20
KIND = {SAID[how]: how for how in How}

viewer = runtime.require_viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar


def draw_choice() -> str:
    chosen = filters.chosen(SKILL, lambda value: bool(value.strip()))
    placeholder = "A skill, however it is written"
    filters.draw_select_or_type(
        SKILL, all_names(), "Skill", placeholder=placeholder, label_visibility="collapsed", width=340
    )
    filters.to_address(SKILL)
    return " ".join(chosen.split())


def title_of(view: SkillView | None) -> str:
    return view.name if view else chosen or "What skills imply"


def line_of(view: SkillView | None) -> str:
    if view:
        known = f"Whoever knows one of {len(view.implied_by):,} other skills is found for {md(view.name)} too."
        return known if view.implied_by else f"Only who knows {md(view.name)} itself is found for it."
    if chosen:
        return "No skill is called that yet."
    added = wording.plural(number, "implication")
    return (
        f"{len(all_names()):,} skills and {len(implications()):,} implications come with Perennial;"
        f" the team has added {added}."
    )


def draw_skill(view: SkillView) -> None:
    if view.other_names:
        st.markdown(quiet(f"Also written: {md(', '.join(view.other_names))}"))
    below, above = st.columns(2, gap="large")
    with below:
        st.subheader(f"Implies {md(view.name)} · {len(view.implied_by):,}", anchor=False)
        draw_near(view.implied_by, empty=f"Nothing implies {md(view.name)} yet.")
    with above:
        st.subheader(f"{md(view.name)} implies · {len(view.implies):,}", anchor=False)
        draw_near(view.implies, empty=f"{md(view.name)} implies nothing yet.")
    st.page_link("candidates.py", label=f"Who is found for {md(view.name)}", query_params={"skill": view.name})


def draw_near(others: tuple[Near, ...], *, empty: str) -> None:
    if not others:
        st.markdown(quiet(empty))
        return
    st.dataframe(
        pd.DataFrame({"Skill": [near.name for near in others], "How": [near.how for near in others]}, dtype="str"),
        hide_index=True,
        row_height=36,
        height=min(38 + 36 * len(others), 434),
        column_config={"Skill": st.column_config.TextColumn(width=150), "How": st.column_config.TextColumn(width=320)},
        alt="Skills, a row each, with how one implies the other",
    )


def draw_adding() -> None:
    """A sentence to fill in: one skill, what it is to the other, the other."""
    st.subheader("Say more", anchor=False)
    operation = actions.operation("implication")
    with st.form(f"implication-{operation}"):
        options = filters.with_said(all_names(), [chosen])
        place = options.index(chosen) if chosen else None
        first, between, second, end = st.columns((4, 3, 4, 1), vertical_alignment="bottom")
        one = first.selectbox("Skill", options, index=place, accept_new_options=True, key=f"one-{operation}")
        said = between.selectbox("What it is to the other", list(KIND), key=f"how-{operation}")
        other = second.selectbox("Other skill", options, index=None, accept_new_options=True, key=f"other-{operation}")
        is_sent = end.form_submit_button("Add", type="primary")
        st.markdown(quiet("Say it where whoever knows the one can almost surely work with the other."))
    if is_sent:
        done = f"{one or ''} {said} {other or ''}"
        actions.act(
            add_implication,
            one or "",
            KIND[said],
            other or "",
            done=done,
            operation=operation,
            undo_by=take_implication_away,
        )


def draw_said(number: int) -> None:
    if not number:
        return
    st.subheader(f"Said by the team · {number:,}", anchor=False)
    place = st.container(gap="small")
    page = filters.page(PAGE, number, SIZE)
    with place:
        for row in reads.said_of_skills(page):
            draw_row(row)


def draw_row(row: Said) -> None:
    sentence = f"{row.skill} {SAID[row.how]} {row.implied}"
    when = wording.day(calendar.day(row.at), calendar.day(now))
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(f"{md(sentence)} {quiet(' · '.join(filter(None, (md(row.by), when))))}", width="stretch")
        if viewer.may_edit:
            st.button("Take away", type="tertiary", key=f"away-{row.id}", on_click=take_away, args=(row.id, sentence))


def take_away(id_: int, sentence: str) -> None:
    actions.do(take_implication_away, id_, done=f"Taken away: {sentence}", undo_by=bring_implication_back)


actions.show_notice()
number = reads.number_said_of_skills()
with st.container(width=WIDTH):
    words, controls = head_places()
    with controls:
        chosen = draw_choice()
    view = reads.skill(chosen) if chosen else None
    write_head(words, title_of(view), line_of(view))
    if view:
        draw_skill(view)
    if viewer.may_edit:
        draw_adding()
    draw_said(number)
