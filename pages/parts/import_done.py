"""Import, the last step: it comes in, what came of it, and how it is taken back."""

from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.commands.imports import undo_import
from core.importers.exports import table_of
from core.importers.reasons import OUTCOMES, why
from core.persistence.tables.imports import RowOutcome
from core.persistence.viewer import Viewer
from core.queries.imports import Batch, BatchRow
from core.queries.page import Page
from pages.parts import actions, filters, import_draft, reads, runtime, state, wording
from pages.parts.bringing import Bringing
from pages.parts.import_mending import STROKE, offer_left_out
from pages.parts.import_start import BATCH, by, open_batch
from pages.parts.layout import head, quiet, wide_head
from pages.parts.wording import md

SIZE, FEW = 50, 10
OUTCOME, PAGE, STAYS = "rows", "batch-page", "stays-page"
MAY_BE_BLANK = frozenset({"Why"})


# it comes in


def draw_bringing(bringing: Bringing) -> None:
    with head(f"Bringing in {bringing.filename}", "It comes in whole or not at all. You may leave this page."):
        pass
    bar = st.progress(0.0, text=quiet("Making ready"))
    while not bringing.is_over:
        words = f"{bringing.share:.0%} written" if bringing.share else "Making ready"
        bar.progress(bringing.share, text=quiet(md(words)))
        bringing.wait(0.1)
    del st.session_state[state.IMPORT_BRINGING]
    st.session_state.pop(actions.OPERATION.format("import"), None)
    if bringing.batch_id is not None:
        import_draft.drop()
        filters.choose(OUTCOME, "")
        open_batch(bringing.batch_id)
    else:
        st.session_state[state.IMPORT_TROUBLE] = bringing.trouble
        if bringing.is_stale:
            import_draft.read_again()
    st.rerun()


# what came of it


def draw(viewer: Viewer, batch: Batch) -> None:
    with wide_head(title_of(batch), line_of(batch)):
        st.button("All lists", type="tertiary", key="all-lists", on_click=close_batch)
        if viewer.may_edit and batch.undone_at is None:
            st.button("Undo…", key="undo-import", on_click=ask_undo, args=(batch.id,))
    if batch.undone_at is not None:
        store = runtime.store()
        when = wording.moment(batch.undone_at, store.now(), store.calendar)
        st.markdown(f"It was taken back {when}. Whoever had been dealt with by then has stayed.")
        return
    draw_what_follows(batch)
    draw_rows(batch)
    if st.session_state.get(state.UNDOING) == batch.id:
        confirm_undo(batch)


def close_batch() -> None:
    st.query_params.pop(BATCH, None)


def title_of(batch: Batch) -> str:
    if batch.undone_at is not None:
        return f"{batch.filename} was taken back"
    people = wording.plural(batch.count("people"), "person", "people")
    if batch.kind == "messages":
        return f"{wording.plural(batch.count('words'), 'word')} came in, with {people} new"
    return f"{people} came in" if batch.count("people") else "Nobody new came in"


def line_of(batch: Batch) -> str:
    store = runtime.store()
    when = wording.moment(batch.at, store.now(), store.calendar) + by(batch.by)
    return " · ".join(part for part in (md(batch.filename), md(batch.source), when) if part)


def draw_what_follows(batch: Batch) -> None:
    said = []
    if batch.count("added_to"):
        known = wording.plural(batch.count("added_to"), "person", "people")
        said.append(f"{known} of this list were known already.")
    if batch.kind == "messages":
        waiting, history = reads.answers_owed(batch.id)
        if waiting:
            said.append(f"{wording.plural(waiting, 'message')} wait for an answer: they are on Today.")
        if history:
            said.append(
                f"{wording.plural(history, 'old message')} never got an answer; Today lists them apart, as history."
            )
    if said:
        st.markdown(" ".join(said))
    with st.container(horizontal=True):
        st.page_link("today.py", label="Who is waiting today")
        st.page_link("candidates.py", label="All candidates")


def draw_rows(batch: Batch) -> None:
    number = {outcome.value: batch.count(outcome.value) for outcome in RowOutcome}
    words = {one: f"{OUTCOMES[one]} {many:,}" for one, many in number.items() if many}  # type: ignore[index]
    chosen = filters.one_of(OUTCOME, words, "Rows")
    filters.to_address(OUTCOME)
    if number["rejected"] and chosen in ("", "rejected"):
        offer_left_out(batch.filename, batch.count("rejected"), lambda: left_out(batch))
    place = st.container()
    total = number[chosen] if chosen else sum(number.values())
    page = filters.page(f"{PAGE}-{chosen}" if chosen else PAGE, total, SIZE)
    rows = reads.batch_rows(batch.id, RowOutcome(chosen) if chosen else None, page)
    with place:
        draw_table(f"rows-{batch.id}-{chosen}-{page.number}", rows)


def left_out(batch: Batch) -> bytes:
    """From the rows as they were kept."""
    rows: list[BatchRow] = []
    for number in range(1, -(-batch.count("rejected") // STROKE) + 1):
        rows += reads.batch_rows(batch.id, RowOutcome.REJECTED, Page(number, STROKE))
    header = [str(name) for name in batch.counts.get("columns", [])]
    return table_of(header, [row.cells for row in rows], [why(row.reason) for row in rows])


def draw_table(key: str, rows: list[BatchRow]) -> None:
    columns: dict[str, list[Any]] = {
        "open": ["Open" if row.candidate_id else "" for row in rows],
        "Line": [row.line for row in rows],
        "Who": [row.name or " · ".join(cell for cell in row.cells if cell)[:80] for row in rows],
        "": [OUTCOMES[row.outcome.value] for row in rows],
        "Why": [because(row) for row in rows],
    }
    columns = {name: cells for name, cells in columns.items() if name not in MAY_BE_BLANK or any(cells)}
    config: dict[str, Any] = {
        "open": st.column_config.ButtonColumn(
            "", type="tertiary", width=60, key=f"open-{key}", on_click=row_clicked, args=(key, rows)
        ),
        "Line": st.column_config.NumberColumn(width=60, format="%d"),
        "Who": st.column_config.TextColumn(width=190),
        "": st.column_config.TextColumn(width=120),
        "Why": st.column_config.TextColumn(width=300),
    }
    st.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        row_height=36,
        height="content" if len(rows) <= 12 else 470,
        column_config={name: how for name, how in config.items() if name in columns},
        alt="Rows of the list",
    )


def because(row: BatchRow) -> str:
    reason = why(row.reason)
    return f"{reason}; filled: {', '.join(row.filled)}" if row.filled else reason


def row_clicked(key: str, rows: list[BatchRow]) -> None:
    clicked = st.session_state[f"open-{key}"]
    if clicked is not None and clicked["row"] < len(rows):
        st.session_state[state.OPENING] = rows[clicked["row"]].candidate_id


# taken back


def ask_undo(batch_id: int) -> None:
    st.session_state[state.UNDOING] = batch_id


def ask_no_more() -> None:
    st.session_state.pop(state.UNDOING, None)


@st.dialog("Take this list back?", on_dismiss=ask_no_more)
def confirm_undo(batch: Batch) -> None:
    stays = reads.dealt_with_since(batch.id)
    st.markdown("People it brought go, blanks it filled are blank again, its words are gone.")
    also = False
    if stays:
        st.markdown(f"**{wording.plural(len(stays), 'person', 'people')} stay**, dealt with since:")
        draw_who_stays(st.container(), stays)
        also = st.checkbox("Take back what the list said of them too; what you did since stays", key="also-contacted")
    if st.button("Take it back", type="primary", key="take-back"):
        done = f"Taken back: {batch.filename}"
        actions.act(undo_import, batch.id, also_contacted=also, done=done, before_rerun=ask_no_more)


def draw_who_stays(place: DeltaGenerator, stays: list[tuple[int, str]]) -> None:
    page = Page(st.pagination(-(-len(stays) // FEW), key=STAYS) if len(stays) > FEW else 1, FEW)
    names = [md(name or "Somebody without a name") for _, name in page.of(stays)]
    place.markdown("\n".join(f"- {name}" for name in names))
