"""Import, the second step: what will become of each row, and what is still asked, one question in view at a time."""

from collections import Counter
from collections.abc import Container, Sequence
from datetime import datetime

import streamlit as st

from core.domain.row_reasons import why
from core.importers.exports import table_of
from core.importers.preview import Preview, Row
from core.importers.ready import Decision, goes_with, lines_out
from core.importers.reasons import OUTCOMES, WARNINGS
from core.importers.said import shown_name
from core.persistence.viewer import Viewer
from core.queries.imports import Remembered
from core.queries.page import Page
from pages.parts import (
    actions,
    filters,
    import_asking,
    import_columns,
    import_deciding,
    import_draft,
    reads,
    runtime,
    state,
    wording,
)
from pages.parts.bringing import Bringing
from pages.parts.import_draft import ASKED, OUTCOME, STEP, WARNING, Draft
from pages.parts.import_mending import STROKE, in_short, may_be, nobody, offer_left_out
from pages.parts.import_start import by
from pages.parts.layout import head, quiet
from pages.parts.wording import as_text, md

ROWS, COLUMNS, DECIDE, DIFFER, ASK = "rows", "columns", "decide", "differences", "about"
SIZE, NAMED = 25, 3
MEANS = {
    "new": "They are nobody known, and come in.",
    "adds": "They are known: blanks filled, or the list's value taken where you say so.",
    "exact": "They are known already. Whatever else a row says stays with it.",
    "likely": "They may be known already. Whoever is skipped is left out, and stays with the list.",
    "rejected": "They are left out, for the reason that stands with each.",
}
BECOME = {Decision.NEW: "new", Decision.SAME: "known", Decision.SKIP: "skipped"}
TO_SEVERAL = "A message to several, one of whom was erased"
LEFT_OUT = {
    "name_missing": "They come in under their address.",
    "control_chars": "Nothing that can be seen is left out.",
    "names_erased": "It is kept nowhere, not with the row either; all else comes in.",
}


def draw(viewer: Viewer, draft: Draft) -> None:
    comes = something_comes(draft.found)
    with head(title_of(draft), about(draft)):
        st.button("Another file", type="tertiary" if comes else "secondary", key="another", on_click=import_draft.drop)
        if comes:
            st.button(label_of(draft), type="primary", key="bring-in", on_click=bring_in)
    draw_trouble()
    if not comes:
        st.markdown(what_to_do(draft.found))
    draw_before(draft)
    draw_remembered(draft)
    step = filters.one_of(STEP, steps(draft), "Step", default=first_step(draft), required=True)
    if step == ROWS:
        draw_rows(draft)
    elif step == COLUMNS:
        import_columns.draw(draft)
    elif step == DECIDE:
        import_deciding.draw_likely(draft, without_them=bring_in_without_them)
    elif step == DIFFER:
        import_deciding.draw_differences(draft)
    else:
        import_asking.draw(viewer, draft)
    filters.to_address(STEP, *([OUTCOME, WARNING] if step == ROWS else []))


def steps(draft: Draft) -> dict[str, str]:
    questions = len(import_columns.open_questions(draft))
    found = {ROWS: "Rows", COLUMNS: f"Columns, {wording.plural(questions, 'question')}" if questions else "Columns"}
    if draft.overview.asked:
        found[DECIDE] = to_decide(len(draft.overview.asked), import_deciding.number_open(draft))
    if differing := len(draft.overview.differing) + len(draft.also_differing):
        found[DIFFER] = f"Said otherwise {differing:,}"
    return {**found, ASK: "Where from"}


def to_decide(asked: int, open_: int) -> str:
    if open_ == asked:
        return f"To decide {asked:,}"
    if open_:
        return f"To decide {open_:,} of {asked:,}"
    return f"To decide, all {asked:,} done" if asked > 1 else "To decide, done"


def of_outcome(draft: Draft, outcome: str, many: int) -> str:
    """“New 64”, “To decide 5 of 76: 53 new, 18 skipped”: with the title, which counts whoever was decided to be new."""
    if outcome != "likely":
        return f"{OUTCOMES[outcome]} {many:,}"  # type: ignore[index]
    decided = Counter(draft.decisions.values())
    became = [f"{decided[one]:,} {word}" for one, word in BECOME.items() if decided[one]]
    return ": ".join(filter(None, (to_decide(many, many - decided.total()), ", ".join(became))))


def first_step(draft: Draft) -> str:
    """A list of which no column is understood has no row to look at yet."""
    return ROWS if import_columns.names_somebody(draft.found) else COLUMNS


def something_comes(found: Preview) -> bool:
    return found.counts.rejected < found.counts.rows_read


def what_to_do(found: Preview) -> str:
    if not import_columns.names_somebody(found):
        return "Nothing can come in yet: say in Columns which one holds names, e-mail addresses or profiles."
    return "Nothing can come in: each row says why. Mend the file, or say in Columns what its columns hold."


def title_of(draft: Draft) -> str:
    """It counts whom the button counts."""
    found = draft.found
    if found.kind == "messages":
        people = wording.plural(len(found.counterparts), "person", "people")
        return f"{wording.plural(found.counts.new, 'new message')} with {people}"
    if new := number_new(draft):
        return wording.plural(new, "new person", "new people")
    known = found.counts.known + sum(decision is Decision.SAME for decision in draft.decisions.values())
    return f"Nobody new, {known:,} known" if known else "Nobody new"


def number_new(draft: Draft) -> int:
    return draft.found.counts.new + sum(decision is Decision.NEW for decision in draft.decisions.values())


def about(draft: Draft) -> str:
    found = draft.found
    rows = f"{md(found.filename)}, {wording.plural(found.counts.rows_read, 'row')}"
    if found.sheet.name:
        rows += f" of {md(found.sheet.name)}"
    if others := draft.other_tables:
        rows += f"; {in_it_too(others)}"
    if found.kind == "messages":
        known = sum(match.how == "exact" for _, match in found.counterparts)
        return f"{rows} · {known:,} of these people are known already"
    return rows


def in_it_too(tables: Sequence[str]) -> str:
    """“messages.csv is in it too”; of many only the first are named."""
    named = [md(name) for name in tables[:NAMED]]
    if len(tables) > NAMED:
        named.append(f"{len(tables) - NAMED:,} more")
    if len(named) == 1:
        return f"{named[0]} is in it too"
    return f"{', '.join(named[:-1])} and {named[-1]} are in it too"


def label_of(draft: Draft) -> str:
    more = "…" if what_stops(draft) else ""
    if draft.found.kind == "messages":
        return f"Bring in {wording.plural(draft.found.counts.new, 'message')}{more}"
    number = number_new(draft)
    people = wording.plural(number, "person", "people")
    return f"Bring in {people}{more}" if number else f"Bring in what is new of them{more}"


def what_stops(draft: Draft) -> tuple[str, str] | None:
    """The step where something is to be said first, and what; None: it can come in."""
    if questions := import_columns.open_questions(draft):
        return COLUMNS, import_columns.what_is_asked(questions)
    if import_deciding.number_open(draft):
        return DECIDE, import_deciding.what_is_asked(draft)
    if missing := import_asking.what_is_missing(draft):
        return ASK, missing
    return None


def bring_in_without_them() -> None:
    """Whoever is not decided on is skipped."""
    runtime.require_viewer()
    import_deciding.skip_the_rest()
    bring_in()


def bring_in() -> None:
    """Begun in a callback, so that the page drawn next shows how far it is; first all is asked that must be said."""
    draft: Draft | None = st.session_state.get(state.IMPORT_DRAFT)
    viewer = runtime.require_viewer()
    if draft is None or draft.member_id != viewer.id or state.IMPORT_BRINGING in st.session_state:
        return
    if (stop := what_stops(draft)) is not None:
        step, st.session_state[state.IMPORT_TROUBLE] = stop
        filters.choose(STEP, step)
        return
    st.session_state[state.IMPORT_BRINGING] = Bringing(draft.filename, (viewer.id, draft.name)).begin(
        runtime.store(),
        viewer,
        draft.looked,
        draft.choices,
        actions.operation("import"),
        remember=draft.read_as,
        once_in=draft.forget,
    )


def draw_trouble() -> None:
    if trouble := st.session_state.pop(state.IMPORT_TROUBLE, ""):
        st.error(md(trouble))


def draw_before(draft: Draft) -> None:
    before = reads.imported_before(draft.looked.sha256, draft.found.kind)
    if before is not None:
        what = "A list of this very file" if len(draft.found.parsed.tables) > 1 else "This very file"
        st.markdown(quiet(f"{what} was brought in on {on(before.at)}{by(before.by)}."))


def draw_remembered(draft: Draft) -> None:
    """How lists like it were read before is used, and said, and can be put aside."""
    told = draft.remembered
    if told is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if draft.said.is_as_remembered:
            st.markdown(quiet(f"Its columns are read as they were on {of_whom(told)}."), width="stretch")
            st.button("Read it afresh", type="tertiary", key="afresh", on_click=import_draft.read_afresh)
        else:
            st.markdown(quiet(f"Its columns were read otherwise on {of_whom(told)}."), width="stretch")
            st.button(
                "Read it that way",
                type="tertiary",
                key="as-remembered",
                on_click=import_draft.read_as_remembered,
                args=(told,),
            )


def of_whom(told: Remembered) -> str:
    return on(told.at) + by(told.by) + (f", for “{md(told.source)}”" if told.source else "")


def on(at: datetime) -> str:
    store = runtime.store()
    return wording.day(store.calendar.day(at), store.calendar.day(store.now()))


# row by row


def draw_rows(draft: Draft) -> None:
    found = draft.found
    number = {outcome: getattr(found.counts, outcome) for outcome in OUTCOMES}
    outcome = filters.one_of(
        OUTCOME, {one: of_outcome(draft, one, many) for one, many in number.items() if many}, "Rows"
    )
    warned = {code: len(draft.overview.places(code, outcome or None)) for code in draft.overview.warned}  # type: ignore[arg-type]
    warning = filters.one_of(
        WARNING,
        {code: f"{WARNINGS.get(code, code).capitalize()} {many:,}" for code, many in warned.items() if many},
        "Values left out",
    )
    draw_meaning(draft, outcome, warning)
    total = warned[warning] if warning else number[outcome] if outcome else found.counts.rows_read  # type: ignore[index]
    place = st.container()
    filters.begin_anew(ASKED, (draft.name, outcome, warning))
    page = filters.page(filters.own("page"), total, SIZE)
    with place:
        draw_some(shown(draft, outcome, warning, page), draft)


def draw_meaning(draft: Draft, outcome: str, warning: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if warning:
            words = LEFT_OUT.get(warning, "The value is left out; what the cell says stays with the row.")
        else:
            comes = something_comes(draft.found)
            nothing_yet = (
                "Nothing is kept yet. Choose what to look at, or bring them in." if comes else "Nothing is kept."
            )
            words = MEANS.get(outcome, nothing_yet)
        st.markdown(quiet(words), width="stretch")
        if (number := number_left_out(draft)) and outcome in ("", "rejected", "likely") and not warning:
            offer_left_out(draft.found.filename, number, lambda: left_out(draft))


def number_left_out(draft: Draft) -> int:
    """Rows that do not come in as it is decided by now: those rejected, skipped or not decided on, and who goes with
    them."""
    counts = draft.found.counts
    out = lines_out(draft.found, draft.decisions) if counts.likely else ()
    return counts.rejected + sum(1 + len(draft.overview.told_again.get(line, ())) for line in out)


def left_out(draft: Draft) -> bytes:
    found, out = draft.found, lines_out(draft.found, draft.decisions)
    rows: list[Row] = [found.rows[place] for line in out for place in draft.overview.told_again.get(line, ())]
    for outcome, number in (("rejected", found.counts.rejected), ("likely", found.counts.likely)):
        for start in range(0, number, STROKE):
            some = found.some(outcome, start, STROKE)  # type: ignore[arg-type]
            rows += [row for row in some if row.rejection or row.line in out]
    rows.sort(key=lambda row: (row.line, row.record))
    names = reads.names_of([row.of_candidate for row in rows if row.of_candidate is not None])
    return table_of(found.sheet.header, [row.cells for row in rows], [left_out_because(row, names) for row in rows])


def left_out_because(row: Row, names: dict[int, str]) -> str:
    if row.rejection:
        return rejected_because(row)
    if (line := goes_with(row)) is not None:
        return stays_out_with(line)
    return may_be(", ".join(row.on), known_as(row, names))


def stays_out_with(line: int) -> str:
    return f"Stays out with line {line:,}"


def shown(draft: Draft, outcome: str, warning: str, page: Page) -> list[Row]:
    if not warning:
        return draft.found.some(outcome or None, (page.number - 1) * page.size, page.size)  # type: ignore[arg-type]
    places = draft.overview.places(warning, outcome or None)  # type: ignore[arg-type]
    return [draft.found.rows[place] for place in page.of(places)]


def draw_some(rows: Sequence[Row], draft: Draft) -> None:
    """One text for all: it wraps on a phone, and costs no more than one line would."""
    names = reads.names_of([row.of_candidate for row in rows if row.of_candidate is not None])
    decisions = draft.decisions
    out = lines_out(draft.found, decisions)
    said = [(who(row), said_of(row, names, decisions.get(row.line), out)) for row in rows]
    st.markdown("\n\n".join(f"**{as_text(whom)}**  \n{quiet(words)}" for whom, words in said))


def said_of(row: Row, names: dict[int, str], decision: Decision | None, out: Container[int] = ()) -> str:
    """`out`: the lines that stay out as it is decided by now."""
    parts = [f"Line {row.line:,}"]
    if row.outcome == "likely" and decision is not None:
        parts.append(import_deciding.CHOICES[decision])
    elif (line := goes_with(row)) is not None and line in out:
        parts.append(stays_out_with(line))
    else:
        parts.append(OUTCOMES[row.outcome])
    if row.rejection:
        parts.append(as_text(rejected_because(row)))
    else:
        differing = otherwise(row) if row.outcome != "likely" or decision is Decision.SAME else []
        parts += [as_text(part) for part in (because(row, names), *known_by(row), *warned(row), *differing) if part]
    return " · ".join(parts)


def who(row: Row) -> str:
    """By the name they will be kept under."""
    if row.person is not None:
        return shown_name(row.person.name) or row.person.handles[0].value
    if row.fields and not row.rejection:
        to = shown_name(row.fields.get("to_names", "")).replace(",", ", ")
        return f"{shown_name(row.fields.get('from_name', ''))} to {to}"
    return nobody(row.reason) or (TO_SEVERAL if is_without_names(row) else in_short(row.cells))


def is_without_names(row: Row) -> bool:
    """What was said to several, one of whom was erased: of the row that names them all nothing is kept."""
    return bool(row.source_key) and not row.cells


def known_by(row: Row) -> list[str]:
    """Of somebody new: enough to see that the columns are right."""
    if row.outcome != "new" or row.person is None:
        return []
    work = " at ".join(filter(None, (row.person.text("title"), row.person.text("company"))))
    return [work[:80], *(handle.value for handle in row.person.handles[:1] if row.person.name)]


def because(row: Row, names: dict[int, str]) -> str:
    if not row.on:
        return ""
    return f"{why(', '.join(row.on))} as {known_as(row, names)}" if row.match.of else why("row")


def known_as(row: Row, names: dict[int, str]) -> str:
    if row.of_candidate is not None:
        return names.get(row.of_candidate) or "somebody known"
    return f"line {row.of_line:,}" if row.of_line else "somebody known"


def rejected_because(row: Row) -> str:
    """The reason, and the cells that make it one."""
    parts = [why(row.reason)]
    if row.rejection and row.reason in ("column_mismatch", "value_too_long"):
        parts.append(row.rejection.detail)
    return "; ".join([*parts, *warned(row)])


def warned(row: Row) -> list[str]:
    """“Phone “4.8E+10”: a phone number a spreadsheet has rounded”."""
    said = []
    for one in row.warnings:
        words = WARNINGS.get(one.code, one.code)
        text = f" “{one.text[:60]}”" if one.text and one.code != "control_chars" else ""
        said.append(f"{one.column.strip()}{text}: {words}" if one.column else words)
    return list(dict.fromkeys(said))


def otherwise(row: Row) -> list[str]:
    words = {one: wording.COLUMNS[one.column].lower() for one in row.differences}
    return [f"{word} “{one.said[:60]}”, stored is “{one.stored[:60]}”" for one, word in words.items()]
