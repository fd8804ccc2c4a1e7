"""What can be done with a whole opening: edited, its stages arranged, held, taken up again, filled or cancelled."""

from functools import partial
from typing import Any, Literal

import streamlit as st

from core.commands.openings import (
    LONGEST_STAGE,
    MOST_STAGES,
    arrange_stages,
    edit_opening,
    hold_opening,
    resume_opening,
    show_candidates,
)
from core.commands.undo import undo_fact
from core.domain.facts import HoldReason, OpeningStatus
from core.queries.board import Board
from pages.parts import actions, questions, reads, unsaved
from pages.parts.choosing import choose_one
from pages.parts.clashes import Form
from pages.parts.layout import quiet
from pages.parts.questions import answer, asked_no_more, operation_of
from pages.parts.stages import MOST_DAYS, draw_needs
from pages.parts.wording import md

EDIT, STAGES, SHOWN, HOLD, RESUME, END, CLIENT = (
    "Edit…",
    "Stages…",
    "What candidates see…",
    "Hold…",
    "Resume",
    "Fill or cancel…",
    "The client",
)
REASONS = {
    HoldReason.BUDGET: "The budget",
    HoldReason.FREEZE: "A hiring freeze",
    HoldReason.WAITING: "Waiting for a decision",
    HoldReason.OTHER: "Something else",
}
TAKE_UP = "Take up again"
ROWS, NAME, DAYS = "rows", "name-{}", "days-{}"
"""The fields of the stages: their order, and what stands in each row, by its number."""
FIELDS = {
    "title": "title",
    "client": "client",
    "with": "owner",
    "skills it needs": "needs",
    "what they look for": "note",
}


def draw(board: Board, *, may_edit: bool) -> None:
    options = _options(board, may_edit=may_edit)
    picked = st.menu_button("More", options, type="tertiary", key="more-of-opening") if options else None
    if picked in (RESUME, TAKE_UP):
        actions.act(resume_opening, board.id, done=f"Open again: {board.title}", undo_by=undo_fact)
    elif picked == END:
        st.switch_page("closing.py", query_params={"id": str(board.id)})
    elif picked == CLIENT:
        st.switch_page("client.py", query_params={"id": str(board.client_id)})
    elif picked:
        questions.ask(picked, board.id)


def _options(board: Board, *, may_edit: bool) -> list[str]:
    client = [CLIENT] if board.client_id is not None else []
    if not may_edit:
        return client
    match board.status:
        case OpeningStatus.OPEN:
            return [EDIT, STAGES, SHOWN, HOLD, END, *client]
        case OpeningStatus.HELD:
            return [RESUME, EDIT, STAGES, SHOWN, END, *client]
        case _:
            return [TAKE_UP, EDIT, SHOWN, *client]


def dialogs(board: Board) -> questions.Dialogs:
    return {
        (EDIT, board.id): partial(ask_what, board),
        (STAGES, board.id): partial(ask_stages, board),
        (SHOWN, board.id): partial(ask_shown, board),
        (HOLD, board.id): partial(ask_why, board),
    }


@st.dialog("Edit", on_dismiss=asked_no_more)
def ask_what(board: Board) -> None:
    """Another's save meanwhile is seen: the form keeps the version it was drawn from."""
    form = _form_of(board)
    drawn: Board = form.drawn_from(board)
    clients, colleagues = dict(reads.clients()), dict(reads.colleagues())
    title = st.text_input("Title", drawn.title, **form.kept("title", drawn.title, f"Title: {board.title}"))
    kept = form.kept("client", drawn.client_id)
    client = choose_one("Client", clients, drawn.client_id, placeholder="None: it is our own", **kept)
    kept = form.kept("with", drawn.owner_id)
    owner = choose_one("With", colleagues, drawn.owner_id, placeholder="Nobody", **kept)
    needs = draw_needs(drawn.needs, title or "", form.kept("skills it needs", list(drawn.needs)))
    kept = form.kept("what they look for", drawn.note, f"What they look for: {board.title}")
    note = st.text_area("What they look for", drawn.note, **kept)
    if form.is_to_save(st.button("Save", type="primary", key="save-opening")):
        answer(
            edit_opening,
            board.id,
            version=form.seen(drawn.version),
            title=title,
            client_id=client,
            owner_id=owner,
            note=note,
            needs=needs,
            mine={
                "title": title,
                "client": clients.get(client or 0, ""),
                "with": colleagues.get(owner or 0, ""),
                "skills it needs": ", ".join(needs),
                "what they look for": note,
            },
            form=form,
            done=f"Saved: {title}",
            undo_by=None,
        )


def _form_of(board: Board) -> Form:
    fields = {name: f"opening-{field}-{board.id}" for name, field in FIELDS.items()}
    return Form(f"opening-{board.id}", fields, asked_no_more)


def draw_left(board: Board) -> None:
    """What was written in a dialog that was closed since."""
    _form_of(board).draw_left("the opening", questions.ask, EDIT, board.id)
    _stages_form(board).draw_left("the stages", questions.ask, STAGES, board.id)


@st.dialog("What candidates see", on_dismiss=asked_no_more)
def ask_shown(board: Board) -> None:
    st.markdown(quiet("On their own page, whoever is in this opening reads its title, whose turn it is, and this:"))
    client = st.checkbox("Who the client is", board.names_client, key="shows-client", disabled=board.client_id is None)
    stage = st.checkbox("In which stage they are, as we call it", board.names_stage, key="shows-stage")
    if st.button("Save", type="primary", key="save-shown"):
        answer(show_candidates, board.id, client=client, stage=stage, done=f"Saved: {board.title}", undo_by=None)


@st.dialog("Hold", on_dismiss=asked_no_more)
def ask_why(board: Board) -> None:
    number = len(board.cards)
    whom = "Nobody is in it." if not number else "Whoever is in it is owed that news at once, in a sentence of yours."
    st.markdown(f"**{md(board.title)}**  \n{quiet(whom)}")
    if met := len(reads.meetings_to_come([card.process_id for card in board.cards])):
        planned = (
            "A meeting is planned with one of them, and stays"
            if met == 1
            else f"{met} of them have a meeting to come, which stays"
        )
        st.markdown(quiet(f"{planned} planned: move it or cancel it on the person’s page if it is off."))
    operation = operation_of(hold_opening, board.id)
    kept = unsaved.kept(f"hold-reason-{operation}", begun=None)
    reason = st.radio("Why", list(REASONS), format_func=lambda reason: REASONS[reason], index=None, **kept)
    kept = unsaved.kept(f"hold-note-{operation}", f"Why it is on hold: {board.title}")
    note = st.text_input("What is known", placeholder="Until when, who decides", **kept)
    if st.button("Put on hold", type="primary", disabled=reason is None, key="hold-it") and reason:
        answer(hold_opening, board.id, reason=reason, note=note, done=f"On hold: {board.title}")


# its stages


@st.dialog("Stages", on_dismiss=asked_no_more, width="medium")
def ask_stages(board: Board) -> None:
    """In order, each with its cadence. What is half done stays in the session until it is saved or let go."""
    form = _stages_form(board)
    version, steps = form.drawn_from((board.version, tuple(board.steps)))
    drawn = [{"key": number, "was": step.name, "days": step.cadence} for number, step in enumerate(steps)]
    unsaved.watch(form.field(ROWS), "", drawn)
    rows: list[dict[str, Any]] = st.session_state.setdefault(form.field(ROWS), list(drawn))
    st.markdown(quiet("How often people hear from us holds for every stage of that name, in every opening."))
    for place, row in enumerate(rows):
        draw_stage(form, rows, place, row)
    if len(rows) < MOST_STAGES:
        st.button("Add a stage", key="add-stage", on_click=add_stage, args=(rows,))
    if form.is_to_save(st.button("Save", type="primary", key="save-stages")):
        save_stages(board, rows, form.seen(version), form)


def _stages_form(board: Board) -> Form:
    """Its fields: the rows in their order, and what stands in each of as many as there may be."""
    parts = [part.format(number) for number in range(MOST_STAGES) for part in (NAME, DAYS)]
    fields = {ROWS: f"stages-{board.id}", **{part: f"stage-{part}-of-{board.id}" for part in parts}}
    return Form(f"stages-{board.id}", fields, forget=asked_no_more)


def draw_stage(form: Form, rows: list[dict[str, Any]], place: int, row: dict[str, Any]) -> None:
    label: Literal["visible", "collapsed"] = "visible" if place == 0 else "collapsed"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", wrap=False):
        kept = form.kept(NAME.format(row["key"]), row["was"], "A stage of an opening")
        st.text_input("Stage", row["was"], max_chars=LONGEST_STAGE, label_visibility=label, **kept)
        st.number_input(
            "Days between words",
            1,
            MOST_DAYS,
            row["days"],
            label_visibility=label,
            width=120,
            **form.kept(DAYS.format(row["key"]), row["days"]),
        )
        up, away = f"stage-up-{row['key']}", f"stage-away-{row['key']}"
        st.button("Up", type="tertiary", key=up, disabled=place == 0, on_click=stage_up, args=(rows, place))
        st.button("Take away", type="tertiary", key=away, on_click=take_away, args=(form, rows, place))


def take_away(form: Form, rows: list[dict[str, Any]], place: int) -> None:
    row = rows.pop(place)
    unsaved.drop(form.field(part.format(row["key"])) for part in (NAME, DAYS))  # the next row gets its number


def stage_up(rows: list[dict[str, Any]], place: int) -> None:
    rows[place - 1], rows[place] = rows[place], rows[place - 1]


def add_stage(rows: list[dict[str, Any]]) -> None:
    free = next(number for number in range(MOST_STAGES) if all(row["key"] != number for row in rows))
    rows.append({"key": free, "was": "", "days": 3})


def save_stages(board: Board, rows: list[dict[str, Any]], version: int, form: Form) -> None:
    typed = [
        (
            row["was"],
            " ".join(st.session_state[form.field(NAME.format(row["key"]))].split()),
            st.session_state[form.field(DAYS.format(row["key"]))],
        )
        for row in rows
    ]
    named = [(was, name, days) for was, name, days in typed if name]
    answer(
        arrange_stages,
        board.id,
        [name for _, name, _ in named],
        version=version,
        cadences={name: days for _, name, days in named},
        renamed={was: name for was, name, _ in named if was and was != name},
        done=f"The stages of {board.title} are arranged",
        mine={"stages": ", ".join(name for _, name, _ in named)},
        form=form,
        undo_by=None,
    )
