"""Import, the last step: it comes in, what came of it, and how it is taken back."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.commands.imports import undo_import
from core.commands.trail import note_export
from core.domain.row_reasons import why
from core.importers.exports import table_of
from core.importers.reasons import OUTCOMES
from core.persistence.tables.imports import RowOutcome
from core.persistence.viewer import Viewer
from core.queries.imports import Batch, BatchRow, Staying, Told
from core.queries.page import Page
from pages.parts import actions, filters, import_draft, reads, runtime, state, wording
from pages.parts.bringing import Bringing
from pages.parts.import_mending import STROKE, in_short, may_be, nobody, offer_left_out
from pages.parts.import_start import BATCH, by, open_batch, what_came
from pages.parts.layout import head, quiet
from pages.parts.wording import as_text, md

SIZE, FEW = 25, 10
OUTCOME, STAYS = "rows", "stays-page"
LEFT_OUT = (RowOutcome.REJECTED, RowOutcome.LIKELY)
"""Rows that brought nobody: those that could not, and those skipped or not decided on."""


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
    actions.forget_operation(actions.operation("import"))
    if bringing.batch_id is not None:
        import_draft.keep_the_rest(bringing.batch_id)
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
    with head(title_of(batch), line_of(batch)):
        st.button("All lists", type="tertiary", key="all-lists", on_click=close_batch)
        if viewer.may_edit and batch.undone_at is None:
            st.button("Undo…", key="undo-import", on_click=ask_undo, args=(batch.id,))
    if batch.undone_at is not None:
        draw_taken_back(batch)
        return
    draw_the_rest(viewer, batch)
    draw_what_follows(batch)
    draw_rows(viewer, batch)
    if st.session_state.get(state.UNDOING) == batch.id:
        confirm_undo(batch)


def close_batch() -> None:
    st.query_params.pop(BATCH, None)


def title_of(batch: Batch) -> str:
    if batch.undone_at is not None:
        return f"{batch.filename} was taken back"
    if batch.kind == "messages":
        return f"{' and '.join(what_came(batch)) or 'Nothing new'} came in"
    people = batch.count("people")
    return f"{wording.plural(people, 'person', 'people')} came in" if people else "Nobody new came in"


def line_of(batch: Batch) -> str:
    store = runtime.store()
    when = wording.moment(batch.at, store.now(), store.calendar) + by(batch.by)
    return " · ".join(part for part in (md(batch.filename), md(batch.source), when) if part)


def draw_the_rest(viewer: Viewer, batch: Batch) -> None:
    """Another table of the file just brought in, as long as the file is at hand."""
    if (rest := import_draft.rest_of(viewer, batch.id)) is None:
        return
    name = md(rest.tables[0])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{name} is in the same file: look at it next.", width="stretch")
        st.button(f"Look at {name}", key="look-next", on_click=look_next, args=(batch.id,))


def look_next(batch_id: int) -> None:
    import_draft.begin_with_rest(batch_id, once_read=close_batch)


def draw_what_follows(batch: Batch) -> None:
    said = []
    if batch.count("added_to"):
        known = wording.plural(batch.count("added_to"), "person of this list was", "people of this list were")
        said.append(f"{known} known already.")
    if batch.kind == "messages":
        waiting, history = reads.answers_owed(batch.id)
        if waiting:
            wait = "waits for an answer: it is" if waiting == 1 else "wait for an answer: they are"
            said.append(f"{wording.plural(waiting, 'message')} {wait} on Today.")
        if history:
            said.append(
                f"{wording.plural(history, 'old message')} never got an answer; Today lists them apart, as history."
            )
    if said:
        st.markdown(" ".join(said))
    with st.container(horizontal=True):
        st.page_link("today.py", label="Who is waiting today")
        st.page_link("candidates.py", label="All candidates")


def draw_rows(viewer: Viewer, batch: Batch) -> None:
    number = {outcome.value: batch.count(outcome.value) for outcome in RowOutcome}
    words = {one: f"{OUTCOMES[one]} {many:,}" for one, many in number.items() if many}  # type: ignore[index]
    chosen = filters.one_of(OUTCOME, words, "Rows")
    filters.to_address(OUTCOME)
    out = sum(number[outcome.value] for outcome in LEFT_OUT)
    if out and chosen in ("", *LEFT_OUT):
        offer_left_out(batch.filename, out, lambda: left_out(viewer, batch))
    place = st.container()
    total = number[chosen] if chosen else sum(number.values())
    filters.begin_anew(import_draft.ASKED, (batch.id, chosen))
    page = filters.page(filters.own("page"), total, SIZE)
    rows = reads.batch_rows(batch.id, RowOutcome(chosen) if chosen else None, page)
    with place:
        draw_some(rows)


def left_out(viewer: Viewer, batch: Batch) -> bytes:
    """From the rows as they were kept, in the file's order; that they were taken stands in the audit trail."""
    rows: list[BatchRow] = []
    for outcome in LEFT_OUT:
        for number in range(1, -(-batch.count(outcome.value) // STROKE) + 1):
            rows += reads.batch_rows(batch.id, outcome, Page(number, STROKE))
    rows.sort(key=lambda row: row.line)
    with runtime.store().working(viewer) as work:
        note_export(work, "rows left out of a list", len(rows))
    header = [str(name) for name in batch.counts.get("columns", [])]
    return table_of(header, [row.cells for row in rows], [because(row) for row in rows])


def draw_some(rows: list[BatchRow]) -> None:
    nameless = [row.candidate_id for row in rows if row.candidate_id is not None and not row.name]
    told = reads.told_of(nameless)
    for place, row in enumerate(rows):
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            address = address_of(told.get(row.candidate_id or 0))
            st.markdown(f"**{as_text(who(row, address))}**  \n{quiet(said_of(row, address))}", width="stretch")
            if row.candidate_id is not None:
                st.button("Open", type="tertiary", key=f"open-row-{place}", on_click=open_row, args=(row.candidate_id,))


def address_of(told: Told | None) -> str:
    """What somebody without a name is shown by."""
    return next(iter((*told.emails, *told.phones, *told.profiles)), "") if told is not None else ""


def who(row: BatchRow, address: str) -> str:
    """Who the row is about. Undecided rows are shown by their cells: their name is that of the person they may be."""
    known = row.name or address
    return (
        in_short(row.cells)
        if row.outcome in LEFT_OUT and any(row.cells)
        else known or nobody(row.reason) or in_short(row.cells)
    )


def said_of(row: BatchRow, address: str) -> str:
    reason = because(row, address)
    parts = [
        f"Line {row.line:,}",
        OUTCOMES[row.outcome.value],
        as_text(reason),
        listed("filled", row.filled),
        listed("put right", row.put_right),
    ]
    return " · ".join(part for part in parts if part)


def listed(words: str, columns: list[str]) -> str:
    """“put right: title, company”."""
    return f"{words}: {', '.join(wording.COLUMNS.get(name, name).lower() for name in columns)}" if columns else ""


def because(row: BatchRow, address: str = "") -> str:
    if row.outcome is not RowOutcome.LIKELY:
        return why(row.reason)
    stored = row.name or address or "somebody without a name"
    return may_be(row.reason, stored if row.candidate_id is not None else "another row of the list")


def open_row(candidate_id: int) -> None:
    st.session_state[state.OPENING] = candidate_id


# taken back


def ask_undo(batch_id: int) -> None:
    st.session_state[state.UNDOING] = batch_id


def ask_no_more() -> None:
    st.session_state.pop(state.UNDOING, None)


@st.dialog("Take this list back?", on_dismiss=ask_no_more)
def confirm_undo(batch: Batch) -> None:
    stays = reads.who_stays(batch.id)
    goes = reads.number_that_goes(batch.id, [one.id for one in stays])
    people = "Nobody goes" if not goes else "1 person goes" if goes == 1 else f"{goes:,} people go"
    st.markdown(f"**{people}.** Blanks it filled are blank again, its words are gone.")
    also = False
    if stays:
        st.markdown(f"**{who_stays(stays, 'stays', 'stay')}:**")
        draw_who_stays(st.container(), stays)
        also = st.checkbox("Take back what the list said of them too; what came since stays", key="also-contacted")
    with st.container(horizontal=True):
        cancelled = st.button("Cancel", key="keep-import")
        agreed = st.button("Take it back", type="primary", key="take-back")
    if cancelled:
        ask_no_more()
        st.rerun()
    if agreed:
        done = f"Taken back: {batch.filename}"
        with st.spinner("Taking it back"):
            actions.act(undo_import, batch.id, also_contacted=also, done=done, before_rerun=ask_no_more)


def draw_taken_back(batch: Batch) -> None:
    assert batch.undone_at is not None
    store = runtime.store()
    st.markdown(f"It was taken back {wording.moment(batch.undone_at, store.now(), store.calendar)}.")
    if stayed := reads.who_stays(batch.id):
        st.markdown(f"**{who_stays(stayed, 'has stayed', 'have stayed')}:**")
        draw_who_stays(st.container(), stayed)


def who_stays(stays: list[Staying], one: str, many: str) -> str:
    return f"{wording.plural(len(stays), 'person', 'people')} {one if len(stays) == 1 else many}"


def draw_who_stays(place: DeltaGenerator, stays: list[Staying]) -> None:
    page = Page(st.pagination(-(-len(stays) // FEW), key=STAYS) if len(stays) > FEW else 1, FEW)
    told = [(one.name or "Somebody without a name", one.why) for one in page.of(stays)]
    place.markdown("\n".join(f"- {md(name)} {quiet(as_text(why))}" for name, why in told))
