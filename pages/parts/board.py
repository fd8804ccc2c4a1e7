"""The board of an opening: a component of our own, whose cards are dragged, or moved by keyboard or from a menu.

What it draws is put into words here. What comes back from the browser is trusted in nothing: `move_on_board` looks at
all of it afresh.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import streamlit as st

from core.commands.board import move_on_board
from core.commands.processes import undo_move
from core.domain.calendar import ONE_DAY, Calendar
from core.domain.drafts import NAMES
from core.domain.facts import OpeningStatus, Turn
from core.domain.promises import Kind
from core.persistence.outages import Unavailable
from core.queries.board import Board, Card
from pages.parts import actions, filters, questions, reads, runtime, state, wording
from pages.parts.layout import Colour

VIEW, BOARD, TABLE, OWED, THINK = "view", "board", "table", "owed", "think"
"""The views of an opening, and their name in the address."""
CARD = "card"
"""The question that opens the dialog of a card."""
SECONDS = 4
"""Between two looks at whether somebody else has moved something."""
IN_NO_STAGE = "In no stage"
NO_WORD_TO_THEM = frozenset({Kind.CHASE, Kind.OUTCOME})

_FOLDER = Path(__file__).parent
_HTML = """
<div class="board"></div>
<p id="how" hidden>Enter opens it. Arrows go from card to card; with Shift, left and right move it; M says where to.</p>
"""
_board = st.components.v2.component(
    "perennial_board",
    html=_HTML,
    css=(_FOLDER / "board.css").read_text("utf-8"),
    js=(_FOLDER / "board.js").read_text("utf-8"),
)


class Days:
    """Working days since a day, as many cards ask for them: each counted once."""

    def __init__(self, now: datetime, calendar: Calendar) -> None:
        self.calendar, self.now, self.today = calendar, now, calendar.day(now)
        self._since = {self.today: 0}
        self._reached = self.today

    def since(self, at: datetime) -> int:
        return self.since_day(self.calendar.day(at))

    def since_day(self, day: date) -> int:
        """Working days begun after that day; after today, none."""
        while self._reached > day:
            number = self._since[self._reached] + self.calendar.is_working(self._reached)
            self._reached -= ONE_DAY
            self._since[self._reached] = number
        return self._since.get(day, 0)


def draw(board: Board, cards: Sequence[Card], days: Days, *, may_edit: bool) -> None:
    """The cards, in the columns they stand in. Those of the board that are left out still count in its headings."""
    key = f"board-{board.id}"
    _board(
        key=key,
        data={
            "columns": list(_columns(board, cards, days)),
            "may": may_edit and not board.status.has_ended,
            "nobody": "Nobody here." if len(cards) == len(board.cards) else "Nobody of those chosen.",
            "answers": st.session_state.get(state.BOARD_ANSWERS, 0),
        },
        on_moved_change=lambda: _moved(board.id, key),
        on_opened_change=lambda: _opened(key),
    )


@st.fragment(run_every=SECONDS)
def watch(board: Board) -> None:
    """Draw the page anew once somebody else has changed what it shows; never under a dialog."""
    try:
        runtime.require_viewer()
        is_other = state.QUESTION not in st.session_state and reads.board_pulse(board.id) != board.pulse
    except Unavailable:  # whoever acts is told; who only looks, looks on
        return
    if is_other:
        st.rerun()


def write_to(promise_id: int | None = None) -> None:
    """For a callback, or before a rerun: go to what is owed here, with this promise open, or the longest overdue."""
    filters.choose(VIEW, OWED)
    if promise_id is None:
        st.session_state.pop(state.OPEN_ROW, None)
    else:
        st.session_state[state.OPEN_ROW] = promise_id


# what comes back


def _moved(opening_id: int, key: str) -> None:
    said = st.session_state[key].get("moved")
    match said:
        case {"id": int(id_), "from": str(seen_in), "to": str(to)}:
            st.session_state[state.BOARD_ANSWERS] = st.session_state.get(state.BOARD_ANSWERS, 0) + 1
            move(opening_id, id_, to, seen_in=seen_in)


def move(opening_id: int, process_id: int, to: str, *, seen_in: str) -> None:
    """A callback's: done, or the reason why not, is said by `show_notice`."""
    if to == seen_in:
        return
    try:
        process = reads.process(process_id)
    except Unavailable as away:
        actions.refuse(str(away))
        return
    actions.do(
        move_on_board,
        opening_id,
        process_id,
        to,
        seen_in=seen_in,
        done=f"{to}: {process.name if process else 'moved'}",
        undo_by=undo_move,
    )


def _opened(key: str) -> None:
    said = st.session_state[key].get("opened")
    match said:
        case {"id": int(id_)}:
            questions.ask(CARD, id_)


# in words


def _columns(board: Board, cards: Sequence[Card], days: Days) -> Iterator[dict[str, Any]]:
    there: dict[str, list[dict[str, Any]]] = {}
    for card in cards:
        there.setdefault(card.stage, []).append(_card(card, days))
    numbers: dict[str, int] = {}
    for card in board.cards:
        numbers[card.stage] = numbers.get(card.stage, 0) + 1
    cadences = {step.name: step.cadence for step in board.steps}
    for stage in board.columns:
        here = there.get(stage, [])
        yield {
            "id": stage,
            "title": stage or IN_NO_STAGE,
            "number": numbers.get(stage, 0),
            "below": _cadence(board, cadences.get(stage)),
            "takes": stage in cadences,
            "cards": here,
        }


def _cadence(board: Board, working_days: int | None) -> str:
    if board.status.has_ended:
        return ""
    if board.status is OpeningStatus.HELD:
        return f"on hold: a word {every(board.cadence_on_hold)}"
    if working_days is None:
        return "no stage of this opening; move them on"
    return f"a word {every(working_days)}"


def every(working_days: int) -> str:
    """“every working day”, “every 3 working days”."""
    return "every working day" if working_days == 1 else f"every {working_days} working days"


def _card(card: Card, days: Days) -> dict[str, Any]:
    return {"i": card.process_id, "n": card.name, "b": badges(card, days), "l": list(lines(card, days))}


def badges(card: Card, days: Days) -> list[tuple[str, Colour]]:
    """How late, and whose turn: the words, and their colour."""
    found: list[tuple[str, Colour]] = []
    if card.is_late and card.due_at is not None:
        found.append((lateness(card.due_at, days), "red"))
    elif card.due_at is not None and days.calendar.day(card.due_at) == days.today:
        found.append(("today", "blue"))
    return [*found, (wording.TURNS[card.turn], "violet" if card.turn is Turn.OURS else "gray")]


def lateness(due_at: datetime, days: Days) -> str:
    late = days.since(due_at)
    return f"{wording.plural(late, 'day')} late" if late else wording.lateness(due_at, days.now, days.calendar)


def lines(card: Card, days: Days) -> Iterator[tuple[str, int]]:
    """Our clock, theirs, what comes next, and how long they have been there; 1 says that it is late."""
    breaks_silence = card.is_late and card.owed not in NO_WORD_TO_THEM
    yield our_clock(card, days), int(breaks_silence)
    yield their_clock(card, days), 0
    if card.meeting_at is not None and card.meeting is not None:
        yield f"{card.meeting.value} {wording.moment(card.meeting_at, days.now, days.calendar)}", 0
    if card.owed is not None and card.due_at is not None and not (breaks_silence and card.owed is Kind.UPDATE):
        yield owed(card.owed, card.due_at, days, is_late=card.is_late), int(card.is_late and not breaks_silence)
    here = days.since(card.since)
    yield f"here {wording.plural(here, 'working day')}" if here else "came today", 0


def our_clock(card: Card, days: Days) -> str:
    if card.heard_at is None:
        return "no word from us yet"
    on, silent = days.calendar.day(card.heard_at), days.since(card.heard_at)
    if on == days.today:
        return "we spoke today"
    if on == days.today - timedelta(days=1):
        return "we spoke yesterday"
    return f"silent {wording.plural(silent, 'working day')}" if silent else f"we spoke {wording.day(on, days.today)}"


def their_clock(card: Card, days: Days) -> str:
    if card.from_them_at is None:
        return "no word from them yet"
    on = days.calendar.day(card.from_them_at)
    return f"they spoke {'today' if on == days.today else wording.day(on, days.today)}"


def owed(kind: Kind, due_at: datetime, days: Days, *, is_late: bool) -> str:
    """“update by Wed 4 Mar”, “update was due Fri 27 Feb”."""
    if is_late:
        return f"{NAMES[kind].lower()} was due {wording.day(days.calendar.day(due_at), days.today)}"
    return f"{NAMES[kind].lower()} {wording.due(due_at, days.now, days.calendar)}"
