"""Opening: who is in which stage, whose turn it is and what is owed, as a board, as a table, and as words to say."""

from collections import Counter
from collections.abc import Hashable
from typing import Any, Literal

import pyarrow as pa
import streamlit as st

from core.charts import board as charts
from core.charts.frames import Frame
from core.charts.openings import WHOSE
from core.domain.drafts import NAMES
from core.domain.facts import OpeningStatus, Turn
from core.queries.board import Board, Card
from core.queries.promises import PromiseFilters, Today
from pages.parts import (
    actions,
    board_card,
    coming_in,
    filters,
    opening_menu,
    questions,
    queue,
    reads,
    runners,
    runtime,
    wording,
)
from pages.parts import board as boards
from pages.parts.board import BOARD, OWED, TABLE, THINK, VIEW, Days
from pages.parts.charts import spec_of, times_cleared
from pages.parts.layout import badge, head, open_person, quiet
from pages.parts.wording import md

OF_CARDS = SHOW, REACHED, STAGE = "show", "reached", "stage"
"""Names in the address: late or whose turn; a stage or any after it; a stage alone."""
LATE = "late"
VIEWS = {BOARD: "Board", TABLE: "Table", OWED: "Owed", THINK: "Think of"}

viewer = runtime.require_viewer()
store = runtime.store()
days = Days(store.now(), store.calendar)


# what it says above


def line(board: Board) -> str:
    parts = [md(board.client) if board.client else "our own"]
    parts.append(f"with {md(board.owner)}" if board.owner else "with nobody")
    open_for = wording.plural(days.since(board.added_at), "working day")
    parts.append(f"open since {wording.day(days.calendar.day(board.added_at), days.today)}, {open_for}")
    parts.append(f"{wording.plural(len(board.cards), 'person', 'people')} in it" if board.cards else "nobody in it")
    return f"{' · '.join(parts)} {standing(board)}"


def standing(board: Board) -> str:
    return "" if board.status is OpeningStatus.OPEN else badge(wording.STATUSES[board.status])


def what_it_means(board: Board) -> str:
    """Of an opening that is not open: why, and what is to be done."""
    if board.changed_at is None:
        return ""
    since = wording.day(days.calendar.day(board.changed_at), days.today)
    why = [opening_menu.REASONS[board.hold_reason].lower()] if board.hold_reason else []
    why += [wording.quote(board.why)] if board.why else []
    because = f": {', '.join(why)}" if why else ""
    if board.status is OpeningStatus.HELD:
        number = boards.every(board.cadence_on_hold)
        return (
            f"On hold since {since}{because}. Whoever is in it hears that once, and from us {number}"
            " until it is resumed."
        )
    return (
        f"{board.status.value.capitalize()} on {since}{because}. Nobody comes in any more, unless it is taken up again."
    )


def draw_controls(board: Board) -> None:
    filters.one_of(VIEW, VIEWS, "View", default=BOARD, required=True)
    late = sum(card.is_late for card in board.cards)
    if viewer.may_edit and not board.status.has_ended:
        first: Literal["secondary", "primary"] = "secondary" if board.cards else "primary"
        st.button("Add a person", type=first, key="add-person", on_click=coming_in.ask, args=(board.id,))
    if late and viewer.may_edit and filters.value_of(VIEW) != OWED:  # there each has its own
        st.button(
            f"Write to the {late if late > 1 else 'one'} overdue", type="primary", key="write", on_click=boards.write_to
        )
    opening_menu.draw(board, may_edit=viewer.may_edit)


# who is meant


def draw_pills(board: Board) -> None:
    number = Counter(card.turn for card in board.cards)
    late = sum(card.is_late for card in board.cards)
    shown = {LATE: ("Overdue", late), **{turn.value: (wording.TURNS[turn].capitalize(), number[turn]) for turn in Turn}}
    options = {value: f"{name} {many:,}" for value, (name, many) in shown.items() if many}
    with st.container(horizontal=True, vertical_alignment="center"):
        filters.one_of(SHOW, options, "Show")
        if chosen := what_is_chosen():
            st.markdown(quiet(chosen), width="content")
            st.button("Show all", type="tertiary", key="show-all", on_click=filters.show_all, args=OF_CARDS)


def what_is_chosen() -> str:
    """“only in Offer”, of what no pill says."""
    if stage := filters.value_of(STAGE):
        return f"only in {md(stage)}"
    if stage := filters.value_of(REACHED):
        return f"only in {md(stage)}, or further"
    return ""


def chosen_of(board: Board) -> list[Card]:
    show, reached, stage = (filters.value_of(name) for name in OF_CARDS)
    further = board.stages[board.stages.index(reached) :] if reached else []
    return [
        card
        for card in board.cards
        if (not show or (card.is_late if show == LATE else card.turn == show))
        and (not stage or card.stage == stage)
        and (not further or card.stage in further)
    ]


# the views


def draw_board(board: Board) -> None:
    if not board.columns:
        st.markdown("It has no stages yet. Add them under “More”, “Stages…”; then people can come in.")
        return
    if not board.cards:
        st.markdown(quiet("Nobody is in it now." if board.ever else "Nobody is in yet. Add a person."))
    boards.draw(board, chosen_of(board), days, may_edit=viewer.may_edit)


def draw_table(board: Board) -> None:
    cards = chosen_of(board)
    if not cards:
        st.markdown(quiet("Nobody is in yet. Add a person." if not board.ever else "Nobody here."))
        return
    table = st.dataframe(
        table_of(cards),
        hide_index=True,
        row_height=36,
        placeholder="",
        on_select="rerun",
        selection_mode="single-row",
        key=f"table-{board.id}-{hash(tuple(card.process_id for card in cards))}",  # other rows: nothing is chosen
        alt=f"Who is in {board.title}",
        column_config={
            "Person": st.column_config.TextColumn(pinned=True),
            "Owed": st.column_config.TextColumn(width=140),
            "Due": st.column_config.DatetimeColumn(width=120, format="ddd D MMM, HH:mm"),
            "Our last word": st.column_config.DateColumn(width=115, format="ddd D MMM YYYY"),
            "Their last word": st.column_config.DateColumn(width=115, format="ddd D MMM YYYY"),
            "Days late": st.column_config.NumberColumn(width=70, help="Working days"),
            "Days here": st.column_config.NumberColumn(width=70, help="Working days in the stage"),
        },
    )
    if rows := table.selection.rows:
        open_person(cards[rows[0]].candidate_id)


def table_of(cards: list[Card]) -> pa.Table:
    zone = days.calendar.zone
    local = [card.due_at.astimezone(zone).replace(tzinfo=None) if card.due_at else None for card in cards]
    return pa.table(
        {
            "Person": [card.name for card in cards],
            "Stage": [card.stage or boards.IN_NO_STAGE for card in cards],
            "Turn": [wording.TURNS[card.turn] for card in cards],
            "Days late": [days.since(card.due_at) if card.is_late and card.due_at else None for card in cards],
            "Owed": [NAMES[card.owed] if card.owed else "" for card in cards],
            "Due": pa.array(local, pa.timestamp("s")),
            "Our last word": [days.calendar.day(card.heard_at) if card.heard_at else None for card in cards],
            "Their last word": [days.calendar.day(card.from_them_at) if card.from_them_at else None for card in cards],
            "Days here": [days.since(card.since) for card in cards],
            "With": [card.owner for card in cards],
        }
    )


def draw_owed(owed: Today) -> None:
    """As on Today, of this opening alone."""
    if not owed.queue.rows:
        queue.draw_unsent([])
        st.markdown("Nothing is owed to anybody here just now.")
        return
    queue.draw(owed, queue.Look(viewer, PromiseFilters(mine=False), days.now, days.calendar))


# the figures below


def draw_figures(board: Board) -> None:
    came = [(step.name, step.came) for step in board.steps]
    there = set(board.stages)
    people = [(card.stage, card.turn, days.since(card.since)) for card in board.cards if card.stage in there]
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("How far people came", anchor=False)
        st.markdown(quiet(charts.finding_of_came(came, board.ever)))
        if any(number for _, number in came):
            frame = charts.came_frame(came)
            draw_chart(charts.came_chart, frame, charts.CAME, charts.finding_of_came(came, board.ever), len(frame))
    with right:
        st.subheader("Working days in the stage, whose turn", anchor=False)
        st.markdown(quiet(charts.finding_of_here(people)))
        if people:
            frame = charts.here_frame(people, board.stages)
            stages, turns = tuple(board.stages), tuple(charts.turns_in(frame))
            draw_chart(charts.here_chart, frame, charts.HERE, charts.finding_of_here(people), stages, turns)


def draw_chart(chart: Any, frame: Frame, name: str, finding: str, *depends_on: Hashable) -> None:
    key = f"{name}-{times_cleared()}"
    st.vega_lite_chart(
        frame,
        spec_of(chart, frame, *depends_on),
        theme=None,
        key=key,
        on_select=lambda: choose_in_chart(name, key),
        alt=finding,
    )


def choose_in_chart(name: str, key: str) -> None:
    """A bar chooses everybody who came to that stage; a dot those who are in it, and whose turn it is."""
    picked: dict[str, Any] = next(iter(st.session_state[key].selection.get(name) or []), {})
    stage = str(picked.get("stage", ""))
    if name == charts.CAME:
        filters.choose(REACHED, stage)
        filters.choose(STAGE, "")
    else:
        turns = {said: turn.value for turn, said in WHOSE.items()}
        filters.choose(STAGE, stage)
        filters.choose(REACHED, "")
        filters.choose(SHOW, turns.get(str(picked.get("turn", "")), ""))


# the page


def draw(board: Board) -> None:
    with head(board.title, line(board)):
        draw_controls(board)
    actions.show_notice()
    opening_menu.draw_left(board)
    if means := what_it_means(board):
        st.markdown(quiet(means))
    if board.status is OpeningStatus.HELD and board.cards and viewer.may_edit:
        st.page_link("news.py", label="Tell everybody", query_params={"id": str(board.id)})
    filters.chosen(REACHED, board.stages.__contains__)
    filters.chosen(STAGE, board.columns.__contains__)
    dialogs = {**board_card.dialogs(board, viewer, days), **opening_menu.dialogs(board)}
    dialogs[coming_in.ADD, board.id] = lambda: coming_in.draw(board)
    if filters.value_of(VIEW) == OWED:
        filters.chosen(SHOW, {LATE, *Turn}.__contains__)
        owed = reads.owed_in_opening(board.id, queue.page())
        draw_owed(owed)
        dialogs |= questions.of_promises(owed.queue.rows, viewer, days.now, days.calendar)
    elif filters.value_of(VIEW) == THINK:
        filters.chosen(SHOW, {LATE, *Turn}.__contains__)
        runners.draw(board, viewer, days)
    else:
        draw_pills(board)
        if filters.value_of(VIEW) == BOARD:
            draw_board(board)
        else:
            draw_table(board)
        draw_figures(board)
    questions.draw(dialogs if viewer.may_edit else board_card.dialogs(board, viewer, days))
    if filters.value_of(VIEW) != OWED:  # where somebody is writing nothing is drawn anew by itself
        boards.watch(board)
    filters.to_address(VIEW, *OF_CARDS)


asked = filters.id_in_address("id")
found = reads.board(asked) if asked is not None else None
if found is None:
    st.markdown("There is no such opening here.")
    st.page_link("pipelines.py", label="All openings")
else:
    draw(found)
