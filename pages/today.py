"""Today: who is waiting for a word from us, the longest overdue first."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import streamlit as st

from core.charts import promises as charts
from core.commands.promises import snooze_promise, waive_promise
from core.domain.drafts import NAMES, draft, what_is_owed
from core.domain.facts import Turn
from core.domain.promises import Kind, State
from core.domain.refusal import Refused
from core.queries.page import Page
from core.queries.promises import Said, Today, Waiting
from pages.parts import actions, filters, keeping, reads, runtime, wording
from pages.parts.charts import spec_of
from pages.parts.layout import badge, head_places, open_person, quiet, write_head
from pages.parts.wording import md

AT_FIRST, MORE = 8, 20
"""Rows of a section at first, and with each "Show more"."""
OPEN, PLACE, WORDS, WORDS_FOR, HOW, UNTIL = "open", "open-place", "words", "words-for", "how", "until"
ROWS, CLEARED, DRAFTS, QUESTION, KEPT = "rows", "times-cleared", "drafts", "question", "kept"
DATES = "YYYY-MM-DD"
SNOOZE, WAIVE = "Snooze…", "Waive…"

viewer = runtime.require_viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar
day = calendar.day(now)

words, controls = head_places()
with controls:
    chosen = filters.promise_filters(mine=filters.whose())
    narrowing = st.popover("Filter", type="tertiary")
seen = reads.today(viewer, chosen, Page(1, st.session_state.get(ROWS, AT_FIRST)))
rows = [*seen.queue.overdue, *seen.queue.due, *seen.queue.coming]


# what is done


def open_row(promise_id: int) -> None:
    st.session_state[OPEN] = promise_id


def move(step: int) -> None:
    ids = [row.promise_id for row in rows]
    st.session_state[OPEN] = ids[(ids.index(st.session_state[OPEN]) + step) % len(ids)]


def ask(question: str, promise_id: int) -> None:
    st.session_state[QUESTION] = (question, promise_id)


def asked_no_more() -> None:
    st.session_state.pop(QUESTION, None)


def keep(row: Waiting, written: str) -> None:
    """The open row's word is logged; the row that follows takes its place."""
    try:
        how = keeping.keeping(
            row,
            viewer,
            choice=st.session_state.get(HOW),
            text=st.session_state.get(WORDS, ""),
            draft=written,
            until=st.session_state.get(UNTIL),
        )
    except Refused as refused:
        actions.refuse(str(refused))
        return
    operation = actions.operation(f"keep-{row.promise_id}")
    if actions.do(how.command, *how.args, done=how.done, operation=operation, undoable=True, **how.plain):
        for key in (OPEN, WORDS_FOR):
            st.session_state.pop(key, None)
        st.session_state[KEPT] = row.promise_id
        st.session_state.get(DRAFTS, {}).pop(row.promise_id, None)


def choose_in_chart() -> None:
    """A piece of a bar, or a family in the legend, narrows the list; a second click widens it again."""
    selection = st.session_state[chart_key()].selection
    bars, families = selection.get(charts.BAR) or [], selection.get(charts.FAMILY) or []
    kinds = {str(bar.get("kind")) for bar in bars}
    kinds |= {kind.value for chosen in families for kind in charts.FAMILIES.get(chosen.get("family"), ())}
    filters.choose_promises(kinds, str(bars[0].get("day")) if bars else "")


def chart_key() -> str:
    """A chart keeps what was clicked in it as long as its key: another key, and nothing is."""
    return f"due-chart-{st.session_state.get(CLEARED, 0)}"


def show_all() -> None:
    filters.show_all()
    st.session_state[CLEARED] = st.session_state.get(CLEARED, 0) + 1


def show_more() -> None:
    st.session_state[ROWS] = st.session_state.get(ROWS, AT_FIRST) + MORE


# dialogs


def keyed(key: str) -> str | None:
    """A button's key on the keyboard; in front of a dialog the page behind it has none."""
    return None if QUESTION in st.session_state else key


def draw_question() -> None:
    """A dialog stays until it is answered or dismissed, whatever else makes the page run."""
    question, promise_id = st.session_state.get(QUESTION, ("", 0))
    row = next((row for row in rows if row.promise_id == promise_id), None)
    if row is None or not viewer.may_edit:
        asked_no_more()
    elif question == SNOOZE:
        snooze(row)
    else:
        waive(row)


@st.dialog("Snooze", on_dismiss=asked_no_more)
def snooze(row: Waiting) -> None:
    st.markdown(f"**{md(row.name)}** · {md(what_is_owed(row.occasion))}")
    first = max(calendar.day(row.due_at), day) + timedelta(days=1)
    until = st.date_input(
        "Until", value=calendar.working_on_or_after(first), min_value=first, format=DATES, key="snooze-until"
    )
    reason = st.text_input("Why", key="snooze-reason", placeholder="The reason is kept with the promise")
    if st.button("Snooze it", type="primary", shortcut="Ctrl+Enter", key="snooze-it"):
        done = f"Snoozed until {wording.day(until, day)}: {row.name}"
        answer(snooze_promise, row, until, reason, done=done)


@st.dialog("Waive", on_dismiss=asked_no_more)
def waive(row: Waiting) -> None:
    st.markdown(f"**{md(row.name)}** · {md(what_is_owed(row.occasion))}  \n{quiet('Nobody will say this word.')}")
    reason = st.text_input("Why", key="waive-reason", placeholder="The reason is kept with the promise")
    if st.button("Waive it", type="primary", shortcut="Ctrl+Enter", key="waive-it"):
        answer(waive_promise, row, reason, done=f"Waived: {row.name}")


def answer(command: Callable[..., int], row: Waiting, *args: object, done: str) -> None:
    """A refusal is said in the dialog; done, it closes."""
    operation = actions.operation(f"{command.__name__}-{row.promise_id}")
    actions.act(
        command,
        row.promise_id,
        *args,
        done=done,
        operation=operation,
        undoable=True,
        before_rerun=asked_no_more,
    )


# what is said


def title(today: Today) -> str:
    overdue, due = sum(today.counts.overdue.values()), sum(today.counts.due.values())
    whom = "you" if chosen.mine else "the team"
    if overdue and overdue <= len(today.queue.overdue):
        people = len({row.candidate_id for row in today.queue.overdue})
        return (
            f"{wording.spelled(people).capitalize()} {'person is' if people == 1 else 'people are'} waiting for {whom}"
        )
    if overdue:
        return f"{overdue:,} words are overdue"
    if due:
        return f"{wording.spelled(due).capitalize()} {'word is' if due == 1 else 'words are'} due today"
    return f"Nobody is waiting for {whom}"


def line(today: Today) -> str:
    due, coming = sum(today.counts.due.values()), sum(today.counts.coming.values())
    if chosen.is_narrow:
        return f"{wording.day(day, day)} · only {what_is_chosen()}"
    if sum(today.counts.overdue.values()) + due == 0:
        if not today.queue.coming:
            return f"{wording.day(day, day)} · no word is due in the coming four weeks"
        first = today.queue.coming[0]
        return f"The next word is due {wording.day(calendar.day(first.due_at), day)}, to {md(first.name)}."
    parts = [wording.day(day, day)]
    if sum(today.counts.overdue.values()) and due:
        parts.append(f"{wording.spelled(due)} more today")
    parts.append(f"{wording.spelled(coming) if coming else 'none'} in the next days")
    return f"{parts[0]} · {', '.join(parts[1:])}"


def what_is_chosen() -> str:
    """“reply, feedback, due Thu 5 Mar, “kowal””."""
    parts = [NAMES[kind].lower() for kind in chosen.kinds]
    if chosen.due_from or chosen.due_to:
        parts.append(f"due {days_chosen()}")
    if chosen.person:
        parts.append(wording.quote(chosen.person))
    return ", ".join(parts)


def badges(row: Waiting) -> str:
    turn = {Turn.OURS: badge("our turn", "violet"), Turn.CLIENT: badge("client’s turn")}
    late = {
        State.OVERDUE: lambda: badge(wording.lateness(row.due_at, now, calendar), "red"),
        State.DUE: lambda: badge("today", "blue"),
    }.get(row.state, lambda: badge(wording.due(row.due_at, now, calendar)))()
    snoozed = f" {badge('snoozed')}" if row.is_snoozed else ""
    return f"{late} {turn.get(row.turn, badge('candidate’s turn'))}{snoozed}"


def body(row: Waiting) -> str:
    owed = what_is_owed(row.occasion)
    when = wording.since(row.opened_at, now, calendar)
    if row.state is State.DUE:
        when = f"{wording.due(row.due_at, now, calendar)}, {when}"
    whose = "" if chosen.mine else f" · {md(row.owner) if row.owner else 'nobody’s'}"
    both_ways = row.from_us is not None and row.from_us == row.from_them
    last = [said("We spoke", row.from_us)] if both_ways else [said("They", row.from_them), said("We", row.from_us)]
    if st.session_state.get(KEPT) == row.promise_id and actions.can_undo():
        last.append("What was just logged does not keep this promise; it still waits.")
    return "  \n".join((f"{md(owed)} :gray[· {md(when)}{whose}]", *(quiet(word) for word in last)))


def said(who: str, word: Said | None) -> str:
    if word is None:
        return f"No word from {'them' if who == 'They' else 'us'} yet"
    when = (
        wording.moment(word.at, now, calendar)
        if calendar.day(word.at) == day
        else wording.day(calendar.day(word.at), day)
    )
    how = f", {md(word.channel)}" if word.channel and not word.text else ""
    live = " · spoke live" if word.was_live and who != "We spoke" else ""
    what = f" · {wording.quote(word.text)}" if word.text else live
    return f"{who}, {md(when)}{how}{what}"


# what is drawn


def draw_row(row: Waiting, *, is_open: bool) -> None:
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{md(row.name)}** {badges(row)}", width="stretch")
            if viewer.may_edit:
                with st.container(horizontal=True, width="content", wrap=False, gap="small"):
                    draw_actions(row, is_open=is_open)
        st.markdown(body(row))
        if is_open:
            draw_open(row)


def draw_actions(row: Waiting, *, is_open: bool) -> None:
    if is_open:
        st.button(
            "Log it",
            type="primary",
            icon=":material/check:",
            shortcut=keyed("Ctrl+Enter"),
            key=f"keep-{row.promise_id}",
            on_click=keep,
            args=(row, draft(row.occasion)),
        )
    else:
        st.button("Log it", key=f"open-{row.promise_id}", on_click=open_row, args=(row.promise_id,))
    options = ["Open the person"] if row.kind is Kind.CONSENT else [SNOOZE, WAIVE, "Open the person"]
    picked = st.menu_button("More", options, type="tertiary", key=f"more-{row.promise_id}")
    if picked == "Open the person":
        open_person(row.candidate_id)
    elif picked:
        ask(picked, row.promise_id)


def draw_open(row: Waiting) -> None:
    """The words, the way they went, and the keys to the rest."""
    written = draft(row.occasion)
    drafts = st.session_state.setdefault(DRAFTS, {})
    before = st.session_state.get(WORDS_FOR)
    if before != row.promise_id:
        if before is not None and WORDS in st.session_state:
            drafts[before] = st.session_state[WORDS]
        st.session_state[WORDS_FOR] = row.promise_id
        st.session_state[WORDS] = drafts.get(row.promise_id, written)
        st.session_state[HOW] = keeping.usual_choice(row)
    if written:
        st.text_area("What you say", key=WORDS, height="content", label_visibility="collapsed", on_change="ignore")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        choices = keeping.choices(row)
        st.segmented_control("How", choices, key=HOW, label_visibility="collapsed", on_change="ignore", wrap=True)
        if row.kind is Kind.CONSENT:
            a_year_on = date(day.year + 1, day.month, min(day.day, 28))
            st.date_input("Valid until", a_year_on, key=UNTIL, label_visibility="collapsed", format=DATES, width=150)
        else:
            for question, key in ((SNOOZE, "S"), (WAIVE, "W")):
                args = (question, row.promise_id)
                st.button(question, type="tertiary", shortcut=keyed(key), key=f"{key}-open", on_click=ask, args=args)
    actions.show_trouble()  # last: above the words it would take the cursor out of them


def draw_section(name: str, section: Sequence[Waiting], number: int | None) -> None:
    if not section:
        return
    title = name if number is None else f"{name} · {number:,}"
    if section[0] is rows[0] and len(rows) > 1 and viewer.may_edit:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.subheader(title, anchor=False, width="stretch")
            st.button("Next", type="tertiary", shortcut=keyed("J"), key="next-row", on_click=move, args=(1,))
            st.button("Back", type="tertiary", shortcut=keyed("K"), key="row-before", on_click=move, args=(-1,))
    else:
        st.subheader(title, anchor=False)
    for row in section:
        draw_row(row, is_open=viewer.may_edit and row.promise_id == st.session_state.get(OPEN))
    if len(section) < (number or 0):
        st.button(f"Show more of {number:,}", key=f"more-of-{name}", on_click=show_more)


def draw_queue(today: Today) -> None:
    queue, counts = today.queue, today.counts
    if not rows:
        if chosen.is_narrow:
            st.markdown(quiet("Nobody is waiting for that."))
        elif today.kept.number == 0 and not today.has_history:
            st.markdown("Nothing is promised to anybody yet.")
            st.page_link("imports.py", label="Bring in a list")
            st.page_link("candidates.py", label="Add somebody")
        return
    ids = [row.promise_id for row in rows]
    if st.session_state.get(OPEN) not in ids:
        st.session_state[OPEN] = ids[min(st.session_state.get(PLACE, 0), len(ids) - 1)]
    st.session_state[PLACE] = ids.index(st.session_state[OPEN])
    overdue = sum(n for kind, n in counts.overdue.items() if meant(kind))
    due = sum(n for kind, n in counts.due.items() if meant(kind, day))
    coming = sum(n for (on, kind), n in counts.coming.items() if meant(kind, on))
    draw_section("Overdue", queue.overdue, None if chosen.due_from and chosen.due_from < day else overdue)
    draw_section("Due today", queue.due, due)
    draw_section("Next days", queue.coming, coming)


def meant(kind: Kind, on: date | None = None) -> bool:
    """Is it among what is chosen?"""
    if chosen.kinds and kind not in chosen.kinds:
        return False
    return on is None or (chosen.due_from or on) <= on <= (chosen.due_to or on)


def draw_metrics(today: Today) -> None:
    overdue, due = sum(today.counts.overdue.values()), sum(today.counts.due.values())
    grid = st.grid(2, min_column_width=140)
    grid.metric(
        "Waiting now",
        wording.plural(overdue + due, "word"),
        f"{overdue:,} overdue" if overdue else "none overdue",
        delta_color="red" if overdue else "off",
        delta_arrow="off",
        border=True,
        height="stretch",
    )
    late = calendar.working_days_late(today.longest.due_at, now) if today.longest else 0
    grid.metric(
        "Longest wait",
        wording.plural(late, "day") if late else "today" if today.longest else "nobody",
        "working days late" if late else None,
        delta_color="red" if late else "off",
        delta_arrow="off",
        border=True,
        height="stretch",
    )
    enough = today.kept.number >= 5
    weeks = [week.share for week in today.weeks if week.share is not None]
    with grid.cell(column_span="all"):
        st.metric(
            "Kept on time",
            wording.share(today.kept.on_time, today.kept.number),
            f"of {wording.plural(today.kept.number, 'word')} due in 30 days" if enough else None,
            delta_color="off",
            delta_arrow="off",
            chart_data=[round(100 * share) for share in weeks] if enough and len(weeks) > 2 else None,
            chart_type="area",
            border=True,
        )


def draw_coming(today: Today) -> None:
    """The coming four weeks as a chart, as weeks to choose from, and as words."""
    by_day = {**today.counts.coming, **{(day, kind): n for kind, n in today.counts.due.items()}}
    frame = charts.due_frame(by_day, day, calendar)
    st.subheader("Words due, by working day", anchor=False)
    if frame.empty:
        st.markdown(quiet("Nothing is due in the coming four weeks."))
        return
    families = tuple(family for family in charts.FAMILIES if family in set(frame["family"]))
    st.vega_lite_chart(
        frame,
        spec_of(charts.due_chart, frame, families),
        theme=None,
        key=chart_key(),
        on_select=choose_in_chart,
        alt=charts.finding(by_day),
    )
    weeks = {filters.days(begin, end): (name, begin, end) for name, begin, end in charts.weeks_ahead(day)}
    numbers = {
        value: sum(n for (on, kind), n in by_day.items() if begin <= on <= end and meant(kind))
        for value, (_, begin, end) in weeks.items()
    }
    picked = filters.days(chosen.due_from, chosen.due_to) if chosen.due_from and chosen.due_to else ""
    names = {value: f"{name} {numbers[value]:,}" for value, (name, _, _) in weeks.items() if numbers[value]}
    if picked:
        names.setdefault(picked, days_chosen())
    filters.due(names)
    st.markdown(next_days(today))


def days_chosen() -> str:
    begin, end = chosen.due_from or day, chosen.due_to or day
    return wording.day(begin, day) if begin == end else f"{wording.day(begin, day)} to {wording.day(end, day)}"


def next_days(today: Today) -> str:
    """The next five days with a word due, a line each."""
    by_day: dict[date, dict[Kind, int]] = {}
    for (on, kind), number in today.counts.coming.items():
        by_day.setdefault(on, {})[kind] = number
    lines = []
    for on in sorted(by_day)[:5]:
        kinds = sorted(by_day[on].items(), key=lambda item: -item[1])
        words = ", ".join(f"{NAMES[kind].lower()} {number:,}" for kind, number in kinds[:4])
        lines.append(f"{wording.day(on, day)} · {wording.plural(sum(by_day[on].values()), 'word')}  \n{quiet(words)}")
    return "\n\n".join(lines)


def draw_history() -> None:
    """What was never answered before Perennial came: apart, and no debt of today's."""
    with st.expander("Unanswered before the import", on_change="rerun", key="history") as opened:
        if not opened.open:
            return
        rows = reads.history(viewer, mine=chosen.mine, page=Page(1, 20))
        st.markdown(
            quiet(
                "What an import brought and nobody answered, the newest first. In no figure; a word is still welcome."
            )
        )
        for row in rows:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(
                    f"**{md(row.name)}** :gray[· {wording.since(row.opened_at, now, calendar)}]  \n"
                    f"{quiet(said('They', row.from_them))}",
                    width="stretch",
                )
                if st.button("Open the person", type="tertiary", key=f"history-{row.promise_id}"):
                    open_person(row.candidate_id)


# the page

write_head(words, title(seen), line(seen))
with narrowing:
    filters.person()
    filters.kinds(seen.counts.by_kind)
if chosen.is_narrow:
    controls.button("Show all", type="tertiary", shortcut=keyed("A"), key="show-all", on_click=show_all)

left, right = st.columns((1.75, 1), gap="large")
with left:
    draw_queue(seen)
    if seen.has_history:
        draw_history()
with right:
    draw_metrics(seen)
    draw_coming(seen)
draw_question()
with words:
    actions.show_notice(undo_in=controls)
filters.to_address(filters.KIND, filters.PERSON, filters.DUE)
