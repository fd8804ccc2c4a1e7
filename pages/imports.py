"""Import: a list is uploaded, looked at, decided on and brought in; and any that was can be taken back."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import settings
from core.commands.imports import undo_import
from core.commands.lists import Looked, look_at
from core.domain.matching import Match
from core.importers.messages import UnknownAccount
from core.importers.preview import Preview, Row
from core.importers.reading import Unreadable, upload_limits
from core.importers.ready import Choices, Decision, undecided
from core.importers.reasons import OUTCOMES, WARNINGS, WITH_THE_ROW, understood, why
from core.persistence.tables.imports import RowOutcome
from core.queries.imports import Batch, BatchRow
from core.queries.page import Page
from pages.parts import actions, reads, runtime, wording
from pages.parts.adding import RHYTHM_CHOICES
from pages.parts.bringing import Bringing
from pages.parts.layout import head, open_person, quiet, write_head
from pages.parts.wording import md

WIDTH, SIZE, FEW = 760, 50, 10
DRAFT, BRINGING, FILES, DECISIONS, ALL = "draft", "bringing", "files-seen", "decisions", "decide-all"
BATCH, UNDOING = "batch", "undoing-import"
CHOICES = {"Skip": Decision.SKIP, "Same person": Decision.SAME, "Somebody else": Decision.NEW}
MAY_BE_BLANK = frozenset({"Why", "Values left out"})

viewer = runtime.require_viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar
day = calendar.day(now)


# what is done


def look(data: bytes, filename: str, account: str | None = None) -> None:
    """The file as a draft, kept until it is brought in or another one chosen; raises Unreadable."""
    limits = upload_limits(settings.current())
    looked = look_at(store, data, filename, region=settings.current().phone_region, limits=limits, owner=account)
    st.session_state[DRAFT] = {"looked": looked, "data": data, "filename": filename, "account": account}


def choose_another() -> None:
    """Nothing of the file stays."""
    for key in (DRAFT, DECISIONS, ALL, BRINGING):
        st.session_state.pop(key, None)
    st.session_state[FILES] = st.session_state.get(FILES, 0) + 1


def decide_all() -> None:
    """One answer for everybody who may be known already; each can still be given another."""
    looked: Looked = st.session_state[DRAFT]["looked"]
    answer = st.session_state[ALL] or "Skip"
    st.session_state[DECISIONS] = {line: answer for line, _, _ in undecided(looked.preview)}


def decide(line: int) -> None:
    st.session_state.setdefault(DECISIONS, {})[line] = st.session_state[f"decide-{line}"] or "Skip"


def decisions() -> dict[int, Decision]:
    return {line: CHOICES[answer] for line, answer in st.session_state.get(DECISIONS, {}).items()}


def bring_in() -> None:
    """Begun in a callback, so that the page drawn next shows how far it is."""
    if BRINGING in st.session_state or DRAFT not in st.session_state:
        return
    draft = st.session_state[DRAFT]
    choices = Choices(
        source=st.session_state.get("source") or "",
        owner_id=st.session_state.get("owner"),
        rhythm=RHYTHM_CHOICES[st.session_state.get("rhythm") or "No rhythm"],
        decisions=decisions(),
    )
    st.session_state[BRINGING] = Bringing(draft["filename"]).begin(
        store, viewer, draft["looked"], choices, actions.operation("import")
    )


def open_batch(batch_id: int) -> None:
    st.query_params[BATCH] = str(batch_id)


def close_batch() -> None:
    st.query_params.pop(BATCH, None)


def ask_undo(batch_id: int) -> None:
    st.session_state[UNDOING] = batch_id


def ask_no_more() -> None:
    st.session_state.pop(UNDOING, None)


# one step: which file


def draw_start() -> None:
    with head(
        "Bring in a list", "People as CSV or Excel, or Connections.csv and messages.csv as LinkedIn exports them."
    ):
        pass
    if viewer.may_edit:
        draw_uploader()
    else:
        st.markdown("You may look, not change: a recruiter or an admin brings lists in.")
    draw_past()


def draw_uploader() -> None:
    number = st.session_state.get(FILES, 0)
    file = st.file_uploader(
        "A list", key=f"file-{number}", label_visibility="collapsed", max_upload_size=settings.current().upload_mb
    )
    st.markdown(quiet("Before anything is kept you see what will become of each row."))
    if file is None:
        return
    account = None
    try:
        try:
            with st.spinner("Reading"):
                look(file.getvalue(), file.name)
        except UnknownAccount:
            account = st.text_input("Whose messages are these? The profile address of that account", key="account")
            if not account:
                return
            look(file.getvalue(), file.name, account)
    except Unreadable as unreadable:
        st.error(md(unreadable))
        return
    st.rerun()


def draw_past() -> None:
    page = Page(1, SIZE)
    past, number = reads.batches(page)
    if not number:
        st.markdown(quiet("No list has been brought in yet."))
        return
    st.subheader("Brought in before", anchor=False)
    for one in past:
        with st.container(horizontal=True, border=True, vertical_alignment="center"):
            st.markdown(f"**{md(one.filename)}**  \n{quiet(of_past(one))}", width="stretch")
            st.button("Open", key=f"open-{one.id}", on_click=open_batch, args=(one.id,), type="tertiary")
    if number > len(past):
        st.markdown(quiet(f"The latest {len(past)} of {number:,}."))


# one step: what will become of it


def draw_preview(draft: dict[str, Any]) -> None:
    looked: Looked = draft["looked"]
    found = looked.preview
    asked = undecided(found)
    decided = decisions()
    number = new_people(found) + sum(decided.get(line) is Decision.NEW for line, _, _ in asked)
    with wide_head(title_of(found), about(found)):
        st.button("Another file", type="tertiary", key="another", on_click=choose_another)
        st.button(label_of(found, number), type="primary", key="bring-in", on_click=bring_in)
    draw_trouble()
    before = reads.imported_before(looked.sha256)
    if before is not None:
        when = wording.day(calendar.day(before.at), day)
        st.markdown(quiet(f"This very file was brought in on {when}{by(before)}."))
    draw_counts({one: getattr(found.counts, one) for one in OUTCOMES})
    draw_choices(found)
    if asked:
        draw_undecided(found, asked)
    draw_rows(found)
    draw_columns(found)


def draw_trouble() -> None:
    trouble = st.session_state.pop("import-trouble", "")
    if trouble:
        st.error(md(trouble))


def title_of(found: Preview) -> str:
    if found.kind == "messages":
        people = wording.plural(len(found.counterparts), "person", "people")
        return f"{wording.plural(found.counts.new, 'new message')} with {people}"
    return wording.plural(found.counts.new, "new person", "new people")


def about(found: Preview) -> str:
    rows = f"{md(found.filename)}, {found.counts.rows_read:,} rows"
    if found.sheet.name:
        rows += f" of the sheet {md(found.sheet.name)}"
    if found.kind == "messages":
        known = sum(match.how == "exact" for _, match in found.counterparts)
        return f"{rows} · {known:,} of these people are known already"
    return rows


def label_of(found: Preview, number: int) -> str:
    if found.kind == "messages":
        return f"Bring in {wording.plural(found.counts.new, 'message')}"
    return f"Bring in {wording.plural(number, 'person', 'people')}" if number else "Bring in what is new of them"


def new_people(found: Preview) -> int:
    if found.kind == "messages":
        return sum(match.how == "none" for _, match in found.counterparts)
    return found.counts.new


def draw_counts(number: dict[Any, int]) -> None:
    helps = {
        "new": None,
        "exact": "They are known already; what is blank of them is filled, and nothing is overwritten.",
        "likely": "They may be known already. Left out, unless you decide.",
        "rejected": "Left out, for the reason that stands in its row.",
    }
    with st.grid(4, min_column_width=150):
        for outcome, words in OUTCOMES.items():
            st.metric(words, f"{number.get(outcome, 0):,}", border=True, help=helps[outcome])


def draw_choices(found: Preview) -> None:
    colleagues = dict(reads.colleagues())
    with st.grid(3, min_column_width=220):
        if found.kind == "people":
            st.text_input("Where from", key="source", max_chars=200, placeholder="A fair, a colleague, LinkedIn")
        st.selectbox(
            "New people are with",
            list(colleagues),
            index=list(colleagues).index(viewer.id) if viewer.id in colleagues else None,
            format_func=lambda id_: colleagues[id_],
            key="owner",
        )
        st.selectbox("Keep in touch", list(RHYTHM_CHOICES), key="rhythm")
    if RHYTHM_CHOICES[st.session_state.get("rhythm") or "No rhythm"] is not None:
        st.markdown(quiet("Their first dates are spread over that time, so that nobody is overdue tomorrow."))


def draw_undecided(found: Preview, asked: Sequence[tuple[int, str, Match]]) -> None:
    st.subheader(f"{len(asked):,} to decide", anchor=False)
    st.markdown(quiet("They may be known already. Whoever you skip is left out and stays listed with this import."))
    page = asked_page(len(asked))
    if len(asked) > 3:
        st.segmented_control("All of them", list(CHOICES), key=ALL, on_change=decide_all)
    given = st.session_state.get(DECISIONS, {})
    some = asked[(page.number - 1) * page.size : page.number * page.size]
    names = reads.names_of([m.of.number for _, _, m in some if m.of and m.of.kind == "candidate"])
    rows = {row.line: row for row in found.rows} if any(m.of and m.of.kind == "row" for _, _, m in some) else {}
    for line, name, match in some:
        key = f"decide-{line}"
        st.session_state[key] = given.get(line, "Skip")
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            words = f"{why(', '.join(match.on))} as {whom(match, names, rows)}"
            st.markdown(f"**{md(name)}**  \n{quiet(f'Line {line:,} · {md(words)}')}", width="stretch")
            st.segmented_control(
                f"{md(name)}, line {line}",
                list(CHOICES),
                key=key,
                required=True,
                on_change=decide,
                args=(line,),
                label_visibility="collapsed",
            )


def asked_page(number: int) -> Page:
    if number <= FEW:
        return Page(1, FEW)
    return Page(st.pagination(-(-number // FEW), key="asked-page"), FEW)


def whom(match: Match, names: dict[int, str], rows: dict[int, Row]) -> str:
    if match.of is None:
        return "somebody"
    if match.of.kind == "candidate":
        return names.get(match.of.number) or "somebody known"
    row = rows.get(match.of.number)
    name = row.person.name if row is not None and row.person is not None else ""
    return f"{name} in line {match.of.number:,}".strip()


def draw_rows(found: Preview) -> None:
    st.subheader("Row by row", anchor=False)
    number = {one: getattr(found.counts, one) for one in OUTCOMES}
    chosen = outcome_chosen("preview-outcome", number)
    rows = [row for row in found.rows if chosen is None or row.outcome == chosen]
    place = st.container()
    page = page_of("preview-page", len(rows))
    some = rows[(page.number - 1) * page.size : page.number * page.size]
    names = reads.names_of([row.of_candidate for row in some if row.of_candidate is not None])
    draw_table(
        place,
        {
            "Line": [row.line for row in some],
            "": [OUTCOMES[row.outcome] for row in some],
            "Who": [who(row) for row in some],
            "Why": [because(row, names) for row in some],
            "Values left out": [", ".join(dict.fromkeys(warned(row))) for row in some],
        },
    )


def who(row: Row) -> str:
    if row.person is not None:
        return row.person.name or row.person.handles[0].value
    if row.fields and not row.rejection:
        return f"{row.fields.get('from_name', '')} to {row.fields.get('to_names', '')}"
    return " · ".join(cell for cell in row.cells if cell)[:80]


def because(row: Row, names: dict[int, str]) -> str:
    if row.rejection:
        return why(row.reason)
    if not row.on:
        return ""
    if row.of_candidate is not None:
        return f"{why(', '.join(row.on))} as {names.get(row.of_candidate) or 'somebody known'}"
    return f"{why(', '.join(row.on))} as line {row.of_line}" if row.of_line else why("row")


def warned(row: Row) -> list[str]:
    return [
        WARNINGS.get(one.code, one.code) + (f": {one.text}" if one.text and one.code != "control_chars" else "")
        for one in row.warnings
    ]


def draw_columns(found: Preview) -> None:
    dropped = {column.index for column in found.dropped_columns}
    st.subheader("How the columns were understood", anchor=False)
    for header in found.ambiguous_columns:
        st.markdown(
            quiet(f"“{md(header)}”: nothing says whether the day or the month comes first, so its dates stay as text.")
        )
    for column in found.dropped_columns:
        st.markdown(quiet(f"“{md(column.header)}” is not kept: present or past pay is nothing one may ask for."))
    draw_table(
        st.container(),
        {
            "Column": [column.header or f"({column.index + 1})" for column in found.columns],
            "Understood as": [understood(column.kind) or WITH_THE_ROW for column in found.columns],
            "For example": [
                "" if column.index in dropped else ",  ".join(examples(found, column.index)) for column in found.columns
            ],
        },
    )


def examples(found: Preview, index: int) -> list[str]:
    seen: dict[str, None] = {}
    for row in found.rows[:500]:
        if index < len(row.cells) and row.cells[index] and not row.rejection:
            seen[" ".join(row.cells[index].split())[:60]] = None
            if len(seen) == 3:
                break
    return list(seen)


# one step: it comes in


def draw_bringing(bringing: Bringing) -> None:
    with head(f"Bringing in {bringing.filename}", "It comes in whole or not at all. You may leave this page."):
        pass
    bar = st.progress(0.0)
    while not bringing.is_over:
        bar.progress(bringing.share)
        bringing.wait(0.1)
    del st.session_state[BRINGING]
    st.session_state.pop(actions.OPERATION.format("import"), None)
    if bringing.batch_id is not None:
        choose_another()
        open_batch(bringing.batch_id)
    else:
        st.session_state["import-trouble"] = bringing.trouble
        if bringing.is_stale and (draft := st.session_state.get(DRAFT)):
            look(draft["data"], draft["filename"], draft["account"])
    st.rerun()


# one step: what came of it


def draw_batch(batch: Batch) -> None:
    with wide_head(done_title(batch), line_of(batch)):
        st.button("All lists", type="tertiary", key="all-lists", on_click=close_batch)
        if viewer.may_edit and batch.undone_at is None:
            st.button("Undo…", key="undo-import", on_click=ask_undo, args=(batch.id,))
    if batch.undone_at is not None:
        when = wording.moment(batch.undone_at, now, calendar)
        st.markdown(f"It was taken back {when}. Whoever had been dealt with by then has stayed.")
        return
    draw_counts(batch.counts)
    draw_what_follows(batch)
    draw_batch_rows(batch)
    if st.session_state.get(UNDOING) == batch.id:
        confirm_undo(batch)


def done_title(batch: Batch) -> str:
    if batch.undone_at is not None:
        return f"{batch.filename} was taken back"
    people = wording.plural(batch.count("people"), "person", "people")
    if batch.kind == "messages":
        return f"{wording.plural(batch.count('words'), 'word')} came in, with {people} new"
    return f"{people} came in" if batch.count("people") else "Nobody new came in"


def draw_what_follows(batch: Batch) -> None:
    said = []
    if batch.count("added_to"):
        known = wording.plural(batch.count("added_to"), "person", "people")
        said.append(f"{known} of this list were known already; only what was blank of them was filled.")
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


def draw_batch_rows(batch: Batch) -> None:
    st.subheader("Row by row", anchor=False)
    number = {outcome.value: batch.count(outcome.value) for outcome in RowOutcome}
    chosen = outcome_chosen("batch-outcome", number)
    place = st.container()
    page = page_of("batch-page", number[chosen] if chosen else sum(number.values()))
    rows = reads.batch_rows(batch.id, RowOutcome(chosen) if chosen else None, page).rows
    key = f"rows-{batch.id}-{chosen}-{page.number}"
    draw_table(
        place,
        {
            "Line": [row.line for row in rows],
            "": [OUTCOMES[row.outcome.value] for row in rows],
            "Who": [row.name or " · ".join(cell for cell in row.cells if cell)[:80] for row in rows],
            "Why": [kept_because(row) for row in rows],
        },
        opens=(key, rows),
    )


def kept_because(row: BatchRow) -> str:
    reason = why(row.reason)
    return f"{reason}; filled: {', '.join(row.filled)}" if row.filled else reason


@st.dialog("Take this list back?", on_dismiss=ask_no_more)
def confirm_undo(batch: Batch) -> None:
    stays = reads.dealt_with_since(batch.id)
    st.markdown("People it brought go, blanks it filled are blank again, its words are gone.")
    also = False
    if stays:
        names = ", ".join(md(name or "somebody without a name") for _, name in stays[:FEW])
        more = f" and {len(stays) - FEW:,} more" if len(stays) > FEW else ""
        st.markdown(f"**{wording.plural(len(stays), 'person', 'people')} stay**, dealt with since: {names}{more}.")
        also = st.checkbox("Take back what the list said of them too; what you did since stays", key="also-contacted")
    if st.button("Take it back", type="primary", key="take-back"):
        done = f"Taken back: {batch.filename}"
        actions.act(undo_import, batch.id, also_contacted=also, done=done, before_rerun=ask_no_more)


# what is drawn alike


@contextmanager
def wide_head(title: str, line: str) -> Iterator[None]:
    """A head whose words keep their width: on a phone its controls stand below them."""
    with st.container(horizontal=True, vertical_alignment="center"):
        write_head(st.container(gap=None, width=440), title, line)
        with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
            yield


def line_of(batch: Batch) -> str:
    parts = [md(batch.filename), md(batch.source), wording.moment(batch.at, now, calendar) + by(batch)]
    return " · ".join(part for part in parts if part)


def of_past(batch: Batch) -> str:
    what = [wording.plural(batch.count("people"), "new person", "new people")]
    if batch.kind == "messages":
        what.insert(0, wording.plural(batch.count("words"), "word"))
    if batch.undone_at is not None:
        what = ["taken back"]
    parts = [md(batch.source), wording.moment(batch.at, now, calendar) + by(batch), *what]
    return " · ".join(part for part in parts if part)


def by(batch: Batch) -> str:
    return f" by {md(batch.by)}" if batch.by else ""


def outcome_chosen(key: str, number: dict[Any, int]) -> Any:
    return st.pills(
        "Rows",
        [outcome for outcome in OUTCOMES if number.get(outcome)],
        format_func=lambda outcome: f"{OUTCOMES[outcome]} {number[outcome]:,}",
        key=key,
        label_visibility="collapsed",
        wrap=True,
    )


def page_of(key: str, number: int) -> Page:
    if number <= SIZE:
        return Page(1, SIZE)
    return Page(st.pagination(-(-number // SIZE), key=key), SIZE)


def draw_table(
    place: DeltaGenerator, columns: dict[str, list[Any]], opens: tuple[str, list[BatchRow]] | None = None
) -> None:
    columns = {name: cells for name, cells in columns.items() if name not in MAY_BE_BLANK or any(cells)}
    widths = {"Line": 60, "": 90, "Who": 190, "Why": 300, "Column": 180, "Understood as": 190, "For example": 340}
    config: dict[str, Any] = {
        name: st.column_config.NumberColumn(width=60, format="%d")
        if name == "Line"
        else st.column_config.TextColumn(width=widths.get(name, 220))
        for name in columns
    }
    if opens is not None:
        key, rows = opens
        columns = {"open": ["Open" if row.candidate_id else "" for row in rows], **columns}
        config["open"] = st.column_config.ButtonColumn(
            "", type="tertiary", width=60, key=f"open-{key}", on_click=row_clicked, args=(key, rows)
        )
    place.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        row_height=36,
        height="content" if len(next(iter(columns.values()))) <= 12 else 470,
        column_config=config,
        alt="Rows of the list",
    )


def row_clicked(key: str, rows: list[BatchRow]) -> None:
    clicked = st.session_state[f"open-{key}"]
    if clicked is not None and clicked["row"] < len(rows):
        st.session_state["opening-from-import"] = rows[clicked["row"]].candidate_id


# the page

if (person := st.session_state.pop("opening-from-import", None)) is not None:
    open_person(person)
actions.show_notice()
asked_for = st.query_params.get(BATCH, "")
shown = reads.batch(int(asked_for)) if asked_for.isascii() and asked_for.isdigit() and len(asked_for) < 10 else None
with st.container(width=WIDTH):
    if BRINGING in st.session_state:
        draw_bringing(st.session_state[BRINGING])
    elif shown is not None:
        draw_batch(shown)
    elif DRAFT in st.session_state and viewer.may_edit:
        draw_preview(st.session_state[DRAFT])
    else:
        draw_start()
