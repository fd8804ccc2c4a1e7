"""People to think of first for an opening: who they are, what speaks for them, what is not known; in with one touch."""

from collections.abc import Iterator
from functools import partial

import streamlit as st

from core.charts.timeline import ENDS
from core.commands.board import bring_in
from core.commands.openings import add_needs, take_needs_back
from core.commands.undo import undo_facts
from core.domain.facts import Result
from core.domain.gate import reason_in_words
from core.domain.runners_up import NOT_ABOUT_THEM, Before, ended_well, for_them, furthest
from core.domain.skills import skills_in
from core.persistence.work import Viewer
from core.queries.board import Board
from core.queries.runners_up import RunnerUp
from pages.parts import actions, filters, opening_menu, questions, reads, wording
from pages.parts.board import Days
from pages.parts.layout import open_person, quiet
from pages.parts.wording import md

SIZE, PAGE = 10, "think-page"
TIMES = {1: "once", 2: "twice"}


def draw(board: Board, viewer: Viewer, days: Days) -> None:
    draw_needs(board, viewer)
    found = filters.page_reached(partial(reads.runners_up, board.id), lambda found: found.number, SIZE, PAGE)
    if not found.number:
        st.markdown(quiet("Nobody comes to mind." if board.needs else "Say what it needs; then people come to mind."))
        return
    for row in found.rows:
        draw_row(board, row, viewer, days)
    if found.number > SIZE:
        filters.page(PAGE, found.number, SIZE)
    st.markdown(quiet("The order is only whom to read first. Nobody is turned down by it, and everybody can be added."))


def draw_needs(board: Board, viewer: Viewer) -> None:
    """What it needs, and what its title says that it needs."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if board.needs:
            st.markdown(f"**It needs** {md(', '.join(board.needs))}", width="content")
        else:
            st.markdown(quiet("Nobody has said yet which skills it needs."), width="content")
        if not viewer.may_edit:
            return
        named = [name for name in skills_in(board.title) if name not in board.needs]
        if named and not board.needs:
            st.button(f"It needs {md(' and '.join(named))}", key="need-named", on_click=need, args=(board, named))
        ask = (opening_menu.EDIT, board.id)
        st.button("Change…", type="tertiary", key="change-needs", on_click=questions.ask, args=ask)


def need(board: Board, names: list[str]) -> None:
    done = f"{board.title} needs {', '.join(names)}"
    actions.do(add_needs, board.id, names, done=done, undo_by=take_needs_back)


def draw_row(board: Board, row: RunnerUp, viewer: Viewer, days: Days) -> None:
    work = ", ".join(part for part in (row.title, row.company) if part)
    with_whom = f"with {row.owner}" if row.owner else "with nobody"
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            about = " · ".join(part for part in (work, with_whom) if part)
            st.markdown(f"**{md(row.name)}** {quiet(md(about))}", width="stretch")
            if viewer.may_edit and not board.status.has_ended:
                st.button("Add", key=f"think-add-{row.candidate_id}", on_click=add, args=(board, row))
            if st.button("Open", type="tertiary", key=f"think-open-{row.candidate_id}"):
                open_person(row.candidate_id)
        lines = [" · ".join(md(said) for said in said_of) for said_of in (skills_of(row), speaks_for(row, days))]
        st.markdown("  \n".join(filter(None, lines)), help=sum_of(row, days))
        if missing := " · ".join(not_known(row, days)):
            st.markdown(quiet(missing))


def add(board: Board, row: RunnerUp) -> None:
    done = f"In for {board.title}: {row.name}"
    actions.do(bring_in, board.id, [row.candidate_id], done=done, undo_by=undo_facts)


def skills_of(row: RunnerUp) -> Iterator[str]:
    """“knows React, so JavaScript”, what they have themselves first."""
    follows: dict[str, list[str]] = {}
    for reason in sorted(row.knows, key=lambda reason: reason.by != reason.skill):
        follows.setdefault(reason.by, []).extend([reason.skill] if reason.skill != reason.by else [])
    for by, skills in follows.items():
        yield f"knows {by}, so {' and '.join(skills)}" if skills else f"knows {by}"


def speaks_for(row: RunnerUp, days: Days) -> Iterator[str]:
    known = row.known
    if (well := ended_well(known.before)) is not None:
        yield ended(well)
    far = furthest(known.before)
    if far is not None and far.stage and far is not well:
        yield reached(far)
    if known.was_recommended:
        yield "recommended to a client before"
    if known.meetings:
        yield f"met {TIMES.get(known.meetings) or f'{known.meetings} times'}"
    if row.spoke_at is not None:
        yield last_word(row, days)
    if known.consent_until is not None and known.consent_until >= days.today:
        yield f"consent until {wording.day(known.consent_until, days.today)}"


def reached(before: Before) -> str:
    """“came to Interview for Python developer, Nordbank, Mar 2024”."""
    stage = f"the last stage, {before.stage}," if before.reached == 1 else before.stage
    return f"came to {stage} for {before.place}, {month(before)}"


def ended(before: Before) -> str:
    """“came to Offer for Python developer, Nordbank, Mar 2024: the budget fell away”."""
    far = reached(before) if before.stage else f"was in for {before.place}, {month(before)}"
    if before.result is Result.REJECTED and before.reason in NOT_ABOUT_THEM and before.reason is not None:
        return f"{far}: {reason_in_words(before.reason)}"
    return f"{far}: {ENDS[before.result] if before.result else 'ended'}"


def month(before: Before) -> str:
    return f"{before.closed_on:%b %Y}"


def last_word(row: RunnerUp, days: Days) -> str:
    assert row.spoke_at is not None
    on = days.calendar.day(row.spoke_at)
    return f"last word {wording.span(on, days.today)} ago" if on < days.today else "last word today"


def not_known(row: RunnerUp, days: Days) -> Iterator[str]:
    """What would have to be asked."""
    if row.lacks:
        yield f"not known: {md(', '.join(row.lacks))}"
    if row.spoke_at is None:
        yield "never a word yet"
    if row.known.consent_until is None:
        yield "no consent on record"
    elif row.known.consent_until < days.today:
        yield f"consent ended {wording.day(row.known.consent_until, days.today)}"
    if row.active:
        yield f"in {wording.plural(row.active, 'opening')} now"


def sum_of(row: RunnerUp, days: Days) -> str:
    """What the order is made of, of a hundred."""
    parts = [f"{md(what)} {points:.0f}" for what, points in for_them(row.known, days.today)]
    return f"{row.points:.0f} of 100: {', '.join(parts)}" if parts else "Nothing speaks for them yet."
