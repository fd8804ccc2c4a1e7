"""Import: how the columns were understood, each with examples, and changed where that is wrong."""

from datetime import date
from typing import Any

import streamlit as st

from core.importers.columns import IDENTITY, LEFT_OUT, PAY, Column
from core.importers.preview import Preview
from core.importers.reasons import WITH_THE_ROW, understood
from core.importers.values import DateOrder
from core.importers.values import day as day_of
from pages.parts import filters, import_draft, reads, runtime, state, wording
from pages.parts.import_draft import AS_TEXT, Draft
from pages.parts.layout import quiet
from pages.parts.wording import as_text, md

UNUSED = ""
FIELDS = {
    UNUSED: WITH_THE_ROW,
    "full_name": "Name",
    "first_name": "First name",
    "middle_name": "Middle name",
    "last_name": "Last name",
    "email": "E-mail",
    "phone": "Phone",
    "linkedin_url": "LinkedIn profile",
    "github_url": "GitHub profile",
    "website": "Website",
    "title": "Title",
    "company": "Company",
    "skills": "Skills",
    "location": "Place",
    "city": "Town",
    "country": "Country",
    "tags": "Tags",
    "notes": "Notes",
    "source": "Where from",
    "consent": "Consent: who says no gets none",
    "connected_at": "Day they were connected",
    "added_at": "Day they were added",
    "applied_at": "Day they applied",
    "contacted_at": "Day of the last word",
    "account_type": "Person or company",
}
"""What a column can be said to hold: who, how they are reached, what they do, where, the rest, and since when."""

ORDERS = {"DMY": "Day first", "MDY": "Month first", AS_TEXT: "Leave as text"}
FEW, SHOWN, COLUMNS_PAGE = 15, "columns", "columns-page"
KNOWN, KEPT = "known", "kept"


def open_questions(draft: Draft) -> list[str]:
    """Columns of days that could be read either way, and that nobody has answered for."""
    return [header for header in draft.found.ambiguous_columns if header not in draft.said.date_orders]


def what_is_asked(headers: list[str]) -> str:
    names = " and ".join(f"“{header}”" for header in headers)
    if len(headers) == 1:
        return f"Say how {names} writes its days, or leave it as text."
    return f"Say how {names} write their days, or leave them as text."


def names_somebody(found: Preview) -> bool:
    return found.kind == "messages" or any(column.kind in IDENTITY for column in found.columns)


def draw(draft: Draft) -> None:
    found = draft.found
    for header in asked_dates(draft):
        draw_date_question(draft, header)
    draw_tables(draft)
    if not names_somebody(found):
        st.markdown("**No column is known to hold names, e-mail addresses or profiles.** Say below which one does.")
    for column in found.dropped_columns:
        st.markdown(
            quiet(
                f"“{md(column.header)}” is not kept, not even with the row: present or past pay is nothing one may"
                " ask for."
            )
        )
    if found.kind == "messages":
        draw_as_they_are(draft)
        return
    columns = [column for column in found.columns if column.field not in (PAY, LEFT_OUT)]
    if (draft.said.fields or draft.said.date_orders) and not draft.said.is_as_remembered:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(quiet("You said how some of them are read."), width="stretch")
            st.button("Read it afresh", type="tertiary", key="reset", on_click=import_draft.read_afresh)
    draw_columns(draft, columns)


def draw_tables(draft: Draft) -> None:
    tables = draft.found.parsed.tables
    if len(tables) < 2:
        return
    name = draft.found.sheet.name
    wanted: str | None = st.session_state.get(state.IMPORT_ACCOUNT_OF)
    st.session_state["table"] = wanted or draft.said.table or (name if name in tables else tables[0])
    st.selectbox("The list in this file", tables, key="table", on_change=take_table)
    if wanted is not None:
        st.text_input(
            "Whose messages are these? The profile address of that account", key="account", on_change=take_table
        )


def take_table() -> None:
    """Another table is another list: what was said of the columns and the people of this one is not of that one."""
    table = st.session_state["table"]
    account = st.session_state.get("account") if st.session_state.get(state.IMPORT_ACCOUNT_OF) == table else None
    nothing: dict[str, Any] = {"fields": {}, "date_orders": {}, "decisions": {}, "takes": {}, "take_columns": []}
    st.session_state.pop(state.IMPORT_ACCOUNT_OF, None)
    import_draft.read_again(table=table, account=account, is_as_remembered=False, **nothing)


# days that could be read either way


def asked_dates(draft: Draft) -> list[str]:
    """Those answered for stay, so that the answer can be changed."""
    headers = [*draft.found.ambiguous_columns, *draft.said.date_orders]
    return [name for name in dict.fromkeys(headers) if name in draft.found.date_orders]


def draw_date_question(draft: Draft, header: str) -> None:
    place = next(column.index for column in draft.found.columns if column.header == header)
    key = f"dates-{place}"
    st.session_state[key] = draft.said.date_orders.get(header)
    with st.container(border=True):
        st.markdown(f"**{md(header)}**: does the day or the month come first?")
        st.markdown(quiet("  \n".join(map(both_ways, draft.overview.either.get(header, [])))))
        st.segmented_control(
            f"{wording.aloud(header)}: which comes first",
            list(ORDERS),
            format_func=ORDERS.__getitem__,
            key=key,
            on_change=take_order,
            args=(header, key),
            label_visibility="collapsed",
        )


def both_ways(text: str) -> str:
    return f"“{md(text)}” is {as_day(text, 'DMY')} with the day first, {as_day(text, 'MDY')} with the month first"


def as_day(text: str, order: DateOrder) -> str:
    found = day_of(text, order)
    return wording.day(found, date(1, 1, 1)) if found else "no day"


def take_order(header: str, key: str) -> None:
    draft = import_draft.shown()
    orders = {name: order for name, order in draft.said.date_orders.items() if name != header}
    if st.session_state[key]:
        orders[header] = st.session_state[key]
    import_draft.read_again(date_orders=orders)


# the columns


def draw_columns(draft: Draft, columns: list[Column]) -> None:
    if len(columns) > FEW:
        known = [column for column in columns if field_of(column)]
        kept = [column for column in columns if column not in known]
        words = {KNOWN: f"Understood {len(known):,}", KEPT: f"{WITH_THE_ROW} {len(kept):,}"}
        shown = filters.one_of(SHOWN, words, "Columns", default=KNOWN if known else KEPT, required=True)
        filters.to_address(SHOWN)
        columns = known if shown == KNOWN else kept
    place = st.container(gap="small")
    total = len(columns)
    page = filters.page(COLUMNS_PAGE, total, FEW)
    with place:
        for column in page.of(columns):
            draw_column(draft, column)


def draw_column(draft: Draft, column: Column) -> None:
    key = f"column-{column.index}"
    st.session_state[key] = field_of(column)
    with st.container(horizontal=True, vertical_alignment="center"):
        name = column.header.strip() or f"Column {column.index + 1}, without a header"
        st.markdown(f"**{md(name)}**  \n{quiet(examples(draft, column))}", width=484)
        st.selectbox(
            f"{wording.aloud(name)} holds",
            list(FIELDS),
            format_func=FIELDS.__getitem__,
            key=key,
            on_change=take_field,
            args=(column.index, key),
            label_visibility="collapsed",
            width=260,
        )


def field_of(column: Column) -> str:
    return column.kind if column.kind in FIELDS else UNUSED


def examples(draft: Draft, column: Column) -> str:
    seen = draft.overview.examples.get(column.index, [])
    return ", ".join(f"“{as_text(text)}”" for text in seen) or "Empty in the rows looked at"


def take_field(index: int, key: str) -> None:
    draft = import_draft.shown()
    chosen = st.session_state[key]
    fields = {other: kind for other, kind in draft.said.fields.items() if other != index}
    if chosen != field_of(draft.own_columns[index]):
        fields[index] = chosen or None
    import_draft.read_again(fields=fields)


def draw_as_they_are(draft: Draft) -> None:
    """Messages are read as LinkedIn writes them: nothing to choose."""
    st.markdown(
        "\n\n".join(
            f"**{md(column.header)}** · {understood(column.kind)}  \n{quiet(examples(draft, column))}"
            for column in draft.found.columns
        )
    )


def offer_of_source(draft: Draft) -> None:
    """Lists from the source just typed were read otherwise: that is offered, and changes nothing by itself."""
    told = reads.remembered_mapping(draft.said.source, draft.found.sheet.header) if draft.said.source else None
    if told is None or draft.found.kind == "messages" or dict(told.mapping) == draft.said.fields:
        return
    store = runtime.store()
    when = wording.day(store.calendar.day(told.at), store.calendar.day(store.now()))
    with st.container(horizontal=True, vertical_alignment="center"):
        words = f"Lists from “{md(told.source)}” were read otherwise on {when}."
        st.markdown(quiet(words), width="stretch")
        st.button(
            "Read it that way",
            type="tertiary",
            key="as-source",
            on_click=import_draft.read_as_remembered,
            args=(told,),
        )
