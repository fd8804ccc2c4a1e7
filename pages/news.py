"""News of one opening: who in it waits to be told of a delay, one after the other, or all in one message."""

import streamlit as st

from core import settings
from core.commands.openings import tell_everybody
from core.commands.undo import undo_facts
from core.domain.drafts import Occasion, left_open
from core.domain.facts import OpeningStatus
from core.domain.promises import Kind
from core.domain.templates import LANGUAGES
from core.queries.promises import PromiseFilters
from pages.parts import actions, drafting, one_opening, questions, queue, reads, runtime, unsaved, wording
from pages.parts.keeping import EMAIL, MESSAGE
from pages.parts.layout import head, quiet
from pages.parts.wording import md

viewer = runtime.require_viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar

opening = one_opening.asked_for()

news = reads.waiting_for_news(opening.id, queue.page())
rows = news.rows


def line() -> str:
    place = one_opening.place(opening)
    return f"{place} · on hold" if opening.status is OpeningStatus.HELD else place


def title() -> str:
    waiting = len(news.processes)
    if not waiting:
        return "Nobody waits for news"
    return f"{wording.spelled(waiting, 'person waits', 'people wait').capitalize()} for the news"


def tell_all(processes: list[int], text: str, draft: str, channel: str, operation: str) -> None:
    if gaps := left_open(text, draft):
        st.error(md(f"Say it in your own words where it says {gaps[0]}."))
        return
    actions.act(
        tell_everybody,
        opening.id,
        processes,
        text,
        channel=channel.lower(),
        done=f"Logged for {wording.plural(len(processes), 'person', 'people')}",
        operation=operation,
        undo_by=undo_facts,
    )


def draw_to_all(language: str, processes: list[int], whom: str) -> None:
    """One message to all who are written to in this language. It counts as the news for each, and as nothing else."""
    first = next((row for row in rows if row.occasion.is_held), rows[0])
    of = Occasion(
        kind=Kind.DELAY,
        opening=opening.title,
        client=opening.client,
        is_held=first.occasion.is_held,
        hold=first.occasion.hold,
        by=reads.next_word_by("", is_on_hold=first.is_on_hold),
    )
    draft = drafting.draft(of, viewer, language)
    operation = actions.operation(f"news-{opening.id}-{language}")
    with st.expander(f"The same word to {whom}"):
        st.markdown(quiet("Send it so that nobody sees the others’ addresses. It counts as the news for each of them."))
        kept = unsaved.kept(f"all-{operation}", f"What everybody is told: {opening.title}", draft)
        text = st.text_area("What they are told", draft, height="content", **kept)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            channel = st.segmented_control(
                "How",
                (EMAIL, MESSAGE),
                default=EMAIL,
                required=True,
                label_visibility="collapsed",
                **unsaved.kept(f"all-by-{operation}", begun=EMAIL),
            )
            if st.button(f"Log it for {whom}", key=f"tell-all-{operation}"):
                tell_all(processes, text or "", draft, channel or EMAIL, operation)


def draw_to_several() -> None:
    by_language: dict[str, list[int]] = {}
    for process, language in news.processes.items():
        in_it = language if language in LANGUAGES else settings.current().language
        by_language.setdefault(in_it, []).append(process)
    for language, processes in sorted(by_language.items()):
        number = len(processes)
        in_it = f"{wording.plural(number, 'person', 'people')} in {LANGUAGES[language]}"
        draw_to_all(language, processes, f"all {number}" if len(by_language) == 1 else in_it)


with head(title(), line()):
    one_opening.draw_way_back(opening)
actions.show_notice()
look = queue.Look(viewer, PromiseFilters(mine=False), now, calendar, page="news")
places = st.columns((1.75, 1), gap="large")
with places[0]:
    queue.draw_unsent([row.promise_id for row in rows])
    if rows:
        if viewer.may_edit and len(news.processes) > 1:
            draw_to_several()
        queue.hold_the_place([row.promise_id for row in rows])
        sections = dict.fromkeys((row.promise_id for row in rows), "One by one")
        queue.draw_section("One by one", rows, len(news.processes), sections, look)
    else:
        st.markdown(
            quiet("Everybody has been told, or there is no news to tell. Holding an opening opens it for each.")
        )
questions.draw(questions.of_promises(rows, viewer, now, calendar) if viewer.may_edit else {})
