"""Today: who is waiting for a word from us, the longest overdue first."""

import streamlit as st

from core.domain.drafts import NAMES
from core.queries.promises import Today
from pages.parts import (
    actions,
    figures,
    filters,
    handed,
    meetings_today,
    process_menu,
    questions,
    queue,
    reads,
    requests,
    runtime,
    wording,
)
from pages.parts.layout import head_places, write_head
from pages.parts.questions import keyed
from pages.parts.wording import md

viewer = runtime.require_viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar
day = calendar.day(now)


def title(today: Today) -> str:
    overdue, due = today.counts.overdue.total(), today.counts.due.total()
    whom = "you" if chosen.mine else "the team"
    if overdue and overdue <= len(today.queue.overdue):
        people = len({row.candidate_id for row in today.queue.overdue})
        return f"{wording.spelled(people, 'person is', 'people are').capitalize()} waiting for {whom}"
    if overdue:
        return f"{overdue:,} words are overdue"
    if due:
        return f"{wording.spelled(due, 'word is', 'words are').capitalize()} due today"
    return f"Nobody is waiting for {whom}"


def line(today: Today) -> str:
    counts = today.counts
    if chosen.is_narrow:
        return f"{wording.day(day, day)} · only {what_is_chosen()}"
    if not counts.waiting:
        if not today.queue.coming:
            return f"{wording.day(day, day)} · no word is due in the coming four weeks"
        first = today.queue.coming[0]
        return f"The next word is due {wording.day(calendar.day(first.due_at), day)}, to {md(first.name)}."
    due, coming = counts.due.total(), counts.coming.total()
    more = f"{wording.spelled(due)} more today, " if counts.overdue and due else ""
    return f"{wording.day(day, day)} · {more}{wording.spelled(coming) if coming else 'none'} in the next days"


def what_is_chosen() -> str:
    """“reply, feedback, due Thu 5 Mar, “kowal””."""
    parts = [NAMES[kind].lower() for kind in chosen.kinds]
    if chosen.due_from or chosen.due_to:
        parts.append(f"due {wording.days(chosen.due_from or day, chosen.due_to or day, day)}")
    if chosen.person:
        parts.append(wording.quote(chosen.person))
    return ", ".join(parts)


words, controls = head_places()
with controls:
    chosen = filters.promise_filters(mine=filters.whose())
    narrowing = st.popover("Filter")
seen = reads.today(viewer, chosen, queue.page())
meetings = reads.meetings_of_day(viewer, mine=chosen.mine, page=meetings_today.page())
off_later = reads.meetings_off_later(viewer, mine=chosen.mine, page=meetings_today.page())
look = queue.Look(viewer, chosen, now, calendar)
write_head(words, title(seen), line(seen))
with narrowing:
    filters.person()
    filters.kinds(seen.counts.by_kind)
if chosen.is_narrow:
    controls.button(
        "Show all",
        type="tertiary",
        shortcut=keyed("A"),
        key="show-all",
        on_click=filters.show_all,
        args=filters.OF_PROMISES,
    )

left, right = st.columns((1.75, 1), gap="large")
with left:
    handed.draw(viewer)
    requests.draw_on_today(viewer)
    meetings_today.draw(meetings, look)
    meetings_today.draw_off(off_later, look)
    queue.draw(seen, look)
    if seen.history:
        queue.draw_history(seen.history, look)
with right:
    figures.draw_metrics(seen, now, calendar)
    figures.draw_coming(seen.counts, chosen, day, calendar)
dialogs = {
    **questions.of_promises(seen.queue.rows, viewer, now, calendar),
    **meetings_today.of_day(meetings, look),
    **process_menu.dialogs(),
}
questions.draw(dialogs if viewer.may_edit else {})
with words:
    actions.show_notice(undo_in=controls)
filters.to_address(*filters.OF_PROMISES)
