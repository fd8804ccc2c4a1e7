"""The queue of Today: who waits, section by section, and one row open with the words at hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, cast

import streamlit as st

from core.commands.promises import keep_promise
from core.commands.undo import undo_fact
from core.domain.calendar import Calendar
from core.domain.drafts import what_is_owed
from core.domain.promises import Kind
from core.domain.refusal import Refused
from core.domain.templates import LANGUAGES
from core.persistence.outages import Unavailable
from core.persistence.work import Viewer
from core.queries.page import Page
from core.queries.promises import MOST_HISTORY, PromiseFilters, Today, Waiting
from pages.parts import (
    actions,
    drafting,
    keeping,
    moment,
    outcome,
    questions,
    reads,
    runtime,
    state,
    unsaved,
    waiting,
    wording,
)
from pages.parts.layout import OPEN_PERSON, open_person, quiet
from pages.parts.piece import piece
from pages.parts.questions import DATES, EARLIER, HEARD, SNOOZE, WAIVE, instead_of_a_word, keyed
from pages.parts.wording import md

AT_FIRST, MORE = 5, 20
"""Rows of a section at first, and with each "Show more"."""
FRESH = timedelta(minutes=1)
"""So long a piece of the page is drawn again from what was read; after that, whoever touches it reads all anew."""
WHOLE_LINE = 4_000
"""Pixels: more than there are beside anything, so that it stands below."""
WORDS, HOW, UNTIL = "words", "how", "until"
"""The widgets of the open row."""
KEYS = {HEARD: "H", SNOOZE: "S", WAIVE: "W"}
"""On the keyboard, of what can become of it but a word of ours."""


class InField(NamedTuple):
    """Whose words stand in the field."""

    whose: tuple[int, str] | None = None
    """The promise, and in which language."""
    page: str = ""
    brought: str = ""
    passing: frozenset[str] = frozenset()
    """Those of rows before that the browser may still send."""
    theirs: str = ""
    """As they stood there when they were drawn last."""

    def is_of(self, row: Waiting) -> bool:
        return self.whose is not None and self.whose[0] == row.promise_id

    def is_theirs(self, words: Any) -> bool:
        return words not in self.passing


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks at the queue, when, and what they chose to see of it."""

    viewer: Viewer
    chosen: PromiseFilters
    now: datetime
    calendar: Calendar
    page: str = "today"

    @property
    def day(self) -> date:
        return self.calendar.day(self.now)

    def hold(self) -> None:
        """Draw the whole page anew, unless the same member looks, and not much later."""
        if runtime.require_viewer() != self.viewer or runtime.store().now() - self.now >= FRESH:
            st.rerun()


def page() -> Page:
    """As many rows of each section as were asked for."""
    return Page(1, st.session_state.get(state.ROWS, AT_FIRST))


def draw(today: Today, look: Look) -> None:
    queue, counts, chosen = today.queue, today.counts, look.chosen
    rows = queue.rows
    draw_unsent([row.promise_id for row in rows])
    if not rows:
        draw_nobody(today, look)
        return
    hold_the_place([row.promise_id for row in rows])
    overdue = sum(n for kind, n in counts.overdue.items() if chosen.means(kind))
    due = sum(n for kind, n in counts.due.items() if chosen.means(kind, look.day))
    coming = sum(n for (on, kind), n in counts.coming.items() if chosen.means(kind, on))
    is_counted = not (chosen.due_from and chosen.due_from < look.day)
    sections = (
        ("Overdue", queue.overdue, overdue if is_counted else None),
        ("Due today", queue.due, due),
        ("Next days", queue.coming, coming),
    )
    places = {row.promise_id: name for name, section, _ in sections for row in section}
    for name, section, number in sections:
        if section:
            piece(draw_section, key=name)(name, section, number, places, look)


@piece
def draw_history(number: int, look: Look) -> None:
    """What was never answered before Perennial came: apart, and no debt of today's."""
    look.hold()
    many = f"{number:,}{'+' if number == MOST_HISTORY else ''}"
    with st.expander(f"Unanswered before the import · {many}", on_change="rerun", key="history") as opened:
        if not opened.open:
            return
        st.markdown(
            quiet(
                "What an import brought and nobody answered, the newest first. In no figure; a word is still welcome."
            )
        )
        for row in reads.history(look.viewer, mine=look.chosen.mine, page=Page(1, 20)):
            with st.container(horizontal=True, vertical_alignment="center"):
                since = wording.since(row.opened_at, look.now, look.calendar)
                said = waiting.said("They", row.from_them, look.now, look.calendar)
                st.markdown(f"**{md(row.name)}** :gray[· {since}]  \n{quiet(said)}", width="stretch")
                if st.button(OPEN_PERSON, type="tertiary", key=f"history-{row.promise_id}"):
                    open_person(row.candidate_id)


def draw_nobody(today: Today, look: Look) -> None:
    if look.chosen.is_narrow:
        st.markdown(quiet("Nobody is waiting for that."))
    elif today.was_promised:
        due = today.next_due
        more = f" The next word is due {wording.day(look.calendar.day(due), look.day)}." if due else ""
        st.markdown(f"Nobody is waiting for {'you' if look.chosen.mine else 'the team'}.{more}")
    else:
        mine = look.chosen.mine  # of a team that may have promised much
        st.markdown(f"{'You have promised nothing' if mine else 'Nothing is promised'} to anybody yet.")
        if look.viewer.may_edit:
            st.page_link("imports.py", label="Bring in a list")
            st.page_link("candidates.py", label="Add somebody")


def hold_the_place(ids: list[int]) -> None:
    """The open row stays open; when it has gone, the one that took its place is."""
    if st.session_state.get(state.OPEN_ROW) not in ids:
        if state.OPEN_PLACE in st.session_state:
            st.session_state[state.TO_APPEAR] = True
        st.session_state[state.OPEN_ROW] = ids[min(st.session_state.get(state.OPEN_PLACE, 0), len(ids) - 1)]
    st.session_state[state.OPEN_PLACE] = ids.index(st.session_state[state.OPEN_ROW])


def draw_unsent(ids: list[int]) -> None:
    """Words that came too late, whose row has gone: why, and the words to copy, until they are let go."""
    if unsaved.is_written(state.UNSENT):
        unsaved.drop_of_erased()
    row, text = unsaved.value(state.UNSENT, (None, ""))
    if row is None or row.promise_id in ids:
        unsaved.drop([state.UNSENT])
        draw_half_written(ids)
        return
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{md(row.name)}** :gray[· not logged]")
        actions.show_trouble()
        if text:
            st.code(text, language=None, wrap_lines=True)
        with st.container(horizontal=True, gap="small"):
            if st.button(OPEN_PERSON, type="tertiary", key="unsent-person"):
                open_person(row.candidate_id)
            st.button("Let the text go", type="tertiary", key="let-go", on_click=let_go)


def let_go() -> None:
    row, _ = unsaved.value(state.UNSENT)
    unsaved.drop([state.UNSENT])
    forget_words(row)


def draw_half_written(ids: list[int]) -> None:
    """What nobody has tried to log for a row that has gone meanwhile: to be copied, until it is let go.

    It goes with whoever is erased.
    """
    before = in_field()
    if before.whose is not None and before.whose[0] not in ids:
        put_words_by(before)
        st.session_state[state.WORDS_FOR] = before._replace(whose=None)
        unsaved.forget(WORDS)
    gone = [
        key
        for key in unsaved.written_in(f"{WORDS}-")
        if (promise_id := whose_words(key)) not in ids and reads.promise(promise_id) is None
    ]
    if gone and unsaved.drop_of_erased():
        st.rerun()  # or the browser would ask about it before it leaves this page
    for key in gone:
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"**{md(unsaved.called(key))}** :gray[· not logged, and no longer owed]")
            st.code(unsaved.value(key), language=None, wrap_lines=True)
            st.button("Let the text go", type="tertiary", key=f"let-go-{key}", on_click=unsaved.drop, args=([key],))


# a section and its rows


def draw_section(
    name: str, section: Sequence[Waiting], number: int | None, places: Mapping[int, str], look: Look
) -> None:
    """`number`: how many there are, drawn or not; None where nobody has counted. `places`: of each row its section."""
    look.hold()
    title = name if number is None else f"{name} · {number:,}"
    if section[0].promise_id == next(iter(places)) and len(places) > 1 and look.viewer.may_edit:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.subheader(title, anchor=False, width="stretch")
            for label, key, button, step in (("Next", "J", "next-row", 1), ("Back", "K", "row-before", -1)):
                args = (step, places, name)
                st.button(label, type="tertiary", shortcut=keyed(key), key=button, on_click=move, args=args)
    else:
        st.subheader(title, anchor=False)
    opened = st.session_state.get(state.OPEN_ROW) if look.viewer.may_edit else None
    logged, undo, _ = st.session_state.get(state.JUST_LOGGED, (None, None, None))
    logged = logged if undo is not None and undo == actions.undone_next() else None
    for row in section:
        draw_row(row, places, look, is_open=row.promise_id == opened, was_logged=row.promise_id == logged)
    if len(section) < (number or 0):
        st.button(f"Show more of {number:,}", key=f"more-of-{name}", on_click=show_more)


def draw_row(row: Waiting, places: Mapping[int, str], look: Look, *, is_open: bool, was_logged: bool) -> None:
    """`was_logged`: a word about it, just now, which can still be taken back."""
    key = "logs" if is_open else None  # `browser.js`
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="xsmall", key=key):
        st.markdown(f"**{md(row.name)}** {waiting.badges(row, look.now, look.calendar)}", width="stretch")
        if look.viewer.may_edit:
            with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="xsmall", width="content"):
                draw_actions(row, places, look, is_open=is_open)
        st.markdown(body(row, look, was_logged=was_logged), width=WHOLE_LINE)
        if is_open:
            with st.container(gap="xsmall", width=WHOLE_LINE):
                draw_open(row, look)


def body(row: Waiting, look: Look, *, was_logged: bool) -> str:
    whose = "" if look.chosen.mine else f" · {md(row.owner) if row.owner else 'nobody’s'}"
    last = [*waiting.worth_saying(row.occasion.reasons), *waiting.last_words(row, look.now, look.calendar)]
    if was_logged:
        too_soon = keeping.why_too_soon(row, look.now, look.calendar)
        last.append(too_soon or "What was just logged does not keep this promise; it still waits.")
    since = md(waiting.since(row, look.now, look.calendar))
    owed = f"{md(what_is_owed(row.occasion))} :gray[· {since}{whose}]"
    return "  \n".join((owed, *(quiet(word) for word in last)))


def draw_actions(row: Waiting, places: Mapping[int, str], look: Look, *, is_open: bool) -> None:
    if is_open:
        st.button(
            "Log it",
            type="primary",
            icon=":material/check:",
            shortcut=keyed("Ctrl+Enter"),
            key=f"keep-{row.promise_id}",
            on_click=keep,
            args=(row, look.viewer),
        )
    else:
        args = (row.promise_id, places, places[row.promise_id])
        st.button("Log it", key=f"open-{row.promise_id}", on_click=open_row, args=args)
    options = [*([EARLIER] if keeping.is_a_word(row) else []), *instead_of_a_word(row), OPEN_PERSON]
    key = f"more-{row.promise_id}"
    picked = st.menu_button("More", options, type="tertiary", key=key, on_click=pick, args=(key, row))
    if picked == OPEN_PERSON:
        open_person(row.candidate_id)


# Callbacks: each says what is to be drawn anew, where that is more than the section it stands in.


def pick(key: str, row: Waiting) -> None:
    if st.session_state[key] != OPEN_PERSON:
        ask(row, st.session_state[key])


def ask(row: Waiting, question: str) -> None:
    questions.ask_of(row, question)
    st.rerun()


def open_row(promise_id: int, places: Mapping[int, str], here: str) -> None:
    """`here`: the section in which that was asked for."""
    before = st.session_state.get(state.OPEN_ROW)
    st.session_state[state.OPEN_ROW], st.session_state[state.OPEN_PLACE] = promise_id, list(places).index(promise_id)
    st.session_state[state.TO_APPEAR] = True
    if before is None or before not in places:
        st.rerun()  # its word was logged, and the page has not been drawn since
    sections = {places[before], places[promise_id]}
    if sections != {here}:
        st.rerun(sorted(sections))


def move(step: int, places: Mapping[int, str], here: str) -> None:
    ids, opened = list(places), st.session_state.get(state.OPEN_ROW)
    if opened is None or opened not in places:
        st.rerun()  # the row that takes its place has not been seen yet, and is not passed over
    open_row(ids[(ids.index(opened) + step) % len(ids)], places, here)


def show_more() -> None:
    st.session_state[state.ROWS] = st.session_state.get(state.ROWS, AT_FIRST) + MORE
    st.rerun()


# the open row


def draw_open(row: Waiting, look: Look) -> None:
    """The words, the way they went, and the keys to the rest."""
    language = language_of(row)
    written = drafting.written(row, look.viewer, language)
    bring_words(row, language, written, look.page)
    if written:
        words = unsaved.kept(WORDS, f"To {row.name}", written, whom=row.candidate_id)
        st.text_area("What you say", height="content", label_visibility="collapsed", **words)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        choices, is_outcome = keeping.choices(row), row.kind is Kind.OUTCOME
        choice = st.segmented_control(
            "How",
            choices,
            required=True,
            key=HOW,
            label_visibility="collapsed",
            on_change="rerun" if is_outcome else "ignore",
            wrap=True,
        )
        if row.kind is Kind.CONSENT:
            a_year_on = date(look.day.year + 1, look.day.month, min(look.day.day, 28))
            st.date_input("Valid until", a_year_on, key=UNTIL, label_visibility="collapsed", format=DATES, width=150)
        if written:
            drafting.copy_and_mail(
                row.occasion, look.viewer, language, typed, key=f"mail-{row.promise_id}", shortcut=keyed("M")
            )
            other = next(code for code in drafting.languages_of(row.occasion) if code != language)
            st.button(
                drafting.TO_LANGUAGE[other],
                type="tertiary",
                key=f"language-{other}",
                on_click=choose_language,
                args=(row.candidate_id, other),
            )
        for question in instead_of_a_word(row):
            key, args = KEYS[question], (row, question)
            st.button(question, type="tertiary", shortcut=keyed(key), key=f"{key}-open", on_click=ask, args=args)
    if is_outcome:
        outcome.draw_who(choice, row.process_id, row.owner_id, key=HOW)
    drafting.hand_to_browser()
    actions.show_trouble()  # last: above the words it would take the cursor out of them
    if state.TO_APPEAR in st.session_state:
        st.session_state[state.APPEARED] = (row.promise_id, runtime.store().now())
        del st.session_state[state.TO_APPEAR]


def in_field() -> InField:
    return cast(InField, st.session_state.get(state.WORDS_FOR, InField()))


def typed() -> str:
    return str(unsaved.value(WORDS, ""))


def words_of(promise_id: int, language: str) -> str:
    """Under which what is half written waits while another row is open."""
    return f"{WORDS}-{promise_id}-{language}"


def whose_words(waiting_under: str) -> int:
    """The promise of which they are, as `words_of` has it."""
    return int(waiting_under.removeprefix(f"{WORDS}-").partition("-")[0])


def forget_words(row: Waiting) -> None:
    unsaved.drop(words_of(row.promise_id, language) for language in LANGUAGES)


def language_of(row: Waiting) -> str:
    chosen: dict[int, str] = st.session_state.get(state.LANGUAGE_OF, {})
    return chosen.get(row.candidate_id) or drafting.languages_of(row.occasion)[0]


def choose_language(candidate_id: int, language: str) -> None:
    st.session_state.setdefault(state.LANGUAGE_OF, {})[candidate_id] = language


def bring_words(row: Waiting, language: str, written: str, page: str) -> None:
    """One field serves the row that is open, so that the cursor stays in it: what was half written waits its turn.

    Who presses "Next" twice sends, with the second, what the field held before the first: the letter to one is no draft
    to another. Such words are `passing`: they belong to none of the rows drawn since.
    """
    before = in_field()
    is_theirs = before.is_theirs(unsaved.value(WORDS))
    wanted = (row.promise_id, language)
    is_drawn = before.page == page and HOW in st.session_state  # another page forgets what its widgets do not show
    if is_drawn and before.whose == wanted and is_theirs:
        st.session_state[state.WORDS_FOR] = before._replace(theirs=typed())
        return
    put_words_by(before)
    if not is_drawn or before.whose is None or before.whose[0] != row.promise_id or not is_theirs:
        st.session_state[HOW] = keeping.usual_choice(row)
    words = unsaved.value(words_of(*wanted), written)
    gone = frozenset({typed()}) if is_theirs else before.passing | {before.brought}
    # In this order: a run that is broken off in between leaves each row its own words.
    unsaved.put(WORDS, words, f"To {row.name}", written, whom=row.candidate_id)
    st.session_state[state.WORDS_FOR] = InField(wanted, page, words, gone - {words}, words)
    unsaved.drop([words_of(*wanted)])


def put_words_by(before: InField) -> None:
    if before.whose is not None:
        words = typed() if before.is_theirs(unsaved.value(WORDS)) else before.theirs
        unsaved.put_by(words, WORDS, words_of(*before.whose))


def has_just_appeared(row: Waiting) -> bool:
    """Its button has come under the pointer that logged the one before, or opened this one; and is not let go yet.

    Whoever has written into its words has seen it.
    """
    drawn, at = st.session_state.get(state.APPEARED, (None, None))
    now = in_field()
    is_written = now.is_of(row) and typed() not in now.passing | {now.brought}
    is_new = state.TO_APPEAR in st.session_state or (drawn == row.promise_id and moment.is_too_quick(at))
    if is_so := is_new and not is_written:
        st.session_state[state.APPEARED] = (row.promise_id, runtime.store().now())
    return is_so


def was_just_logged(row: Waiting) -> bool:
    """By the first press of a double click, whose page is not drawn yet."""
    logged, _, at = st.session_state.get(state.JUST_LOGGED, (None, None, None))
    return bool(logged == row.promise_id and moment.is_too_quick(at))


def keep(row: Waiting, viewer: Viewer) -> None:
    """The open row's word is logged; the row that follows takes its place."""
    if was_just_logged(row):
        st.rerun()
    if has_just_appeared(row):
        st.toast(md(f"Nothing is logged for {row.name} yet: press again once you have read it."))
        return
    if in_field().is_of(row):  # whoever logs it has seen its words
        st.session_state[state.WORDS_FOR] = in_field()._replace(passing=frozenset())
    try:
        how = keeping.keeping(
            row,
            viewer,
            choice=st.session_state.get(HOW),
            text=st.session_state.get(WORDS, ""),
            draft=drafting.written(row, viewer, language_of(row)),
            until=st.session_state.get(UNTIL),
            absent_member_id=st.session_state.get(f"{HOW}-absent"),
            asked_by=st.session_state.get(f"{HOW}-cancelled-by"),
        )
    except (Refused, Unavailable) as refused:
        actions.refuse(str(refused))
        return
    operation = actions.operation(f"keep-{row.promise_id}")
    args = (keep_promise, row.promise_id, how.command, *how.args)
    if actions.do(*args, done=how.done, operation=operation, undo_by=undo_fact, **how.plain):
        for key in (state.OPEN_ROW, state.WORDS_FOR):
            st.session_state.pop(key, None)
        unsaved.forget(WORDS)
        st.session_state[state.JUST_LOGGED] = (row.promise_id, actions.undone_next(), runtime.store().now())
        forget_words(row)
    else:
        unsaved.put(state.UNSENT, (row, st.session_state.get(WORDS, "").strip()), whom=row.candidate_id)
    st.rerun()
