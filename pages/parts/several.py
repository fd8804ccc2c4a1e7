"""What is done with several people at a stroke: a word, a rhythm, another owner, a tag; and the same list as a file."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from core.commands.several import (
    AT_ONCE,
    hand_over_each,
    say_to_each,
    set_rhythm_of_each,
    tag_each,
    untag_each,
)
from core.commands.trail import note_export
from core.commands.undo import undo_facts
from core.importers.exports import sheet
from core.persistence.work import Viewer
from core.queries.pool import PoolRow
from pages.parts import questions, reads, rhythms, runtime, unsaved, wording
from pages.parts.choosing import choose_one
from pages.parts.keeping import CHANNELS
from pages.parts.layout import quiet
from pages.parts.questions import answer, asked_no_more, operation_of
from pages.parts.wording import HANDED_OVER

SAY, RHYTHM, HAND_OVER, TAG = "Log a word…", "Rhythm…", "Change owner…", "Tag…"
SEVERAL = "several"
"""What a command for many is about."""
EACH, GROUP = "A word of its own to each", "The same message to all"
HEADER = (
    *("Name", "Title", "Company", "Place", "E-mail", "Where from", "With", "Known since", "Last word", "Rhythm"),
    *("Next word by", "No contact"),
)


def draw(number: int, *, is_main: bool = True) -> None:
    """The buttons: for so many people. `is_main`: nothing else on the page comes first."""
    people = wording.plural(number, "person", "people")
    st.button(
        f"Log a word to {people}",
        type="primary" if is_main else "secondary",
        key="say-to-each",
        disabled=number > AT_ONCE,
        help=None if number <= AT_ONCE else f"Up to {AT_ONCE} at a stroke: choose fewer.",
        on_click=questions.ask,
        args=(SAY, 0),
    )
    picked = st.menu_button(
        f"With {people}", [RHYTHM, HAND_OVER, TAG], key="with-each", disabled=number > AT_ONCE, type="secondary"
    )
    if picked:
        questions.ask(picked, 0)


def offer(viewer: Viewer, rows: Callable[[], Sequence[PoolRow]], name: str) -> None:
    """`rows` is asked for only when somebody wants the file, and that they took it stands in the audit trail."""

    def file() -> bytes:
        found = rows()
        with runtime.store().working(viewer) as work:
            note_export(work, name, len(found))
        return file_of(found)

    st.download_button(
        "Download",
        data=file,
        file_name=f"{name}.csv",
        mime="text/csv",
        key="download-people",
        type="tertiary",
        on_click="ignore",
        help="A file for a spreadsheet, up to 1,000 people.",
    )


def file_of(rows: Sequence[PoolRow]) -> bytes:
    return sheet(HEADER, map(_cells, rows))


def dialogs(ids: Callable[[], Sequence[int]], meant: object) -> questions.Dialogs:
    """`ids` is called when a dialog needs to know whom it is about.

    `meant`: how they were chosen, which stays the same while a colleague answers one of them.
    """
    return {
        (SAY, 0): partial(ask_say, ids, meant),
        (RHYTHM, 0): partial(ask_rhythm, ids),
        (HAND_OVER, 0): partial(ask_hand_over, ids),
        (TAG, 0): partial(ask_tag, ids, meant),
    }


@st.dialog("Log a word to each", on_dismiss=asked_no_more)
def ask_say(ids: Callable[[], Sequence[int]], meant: object) -> None:
    whom, left_out = those_to_hear(ids())
    st.markdown(f"What went out to {people_of(whom)}.{left_out}")
    operation = operation_of(say_to_each, meant)
    how = st.segmented_control(
        "How",
        [EACH, GROUP],
        default=EACH,
        required=True,
        label_visibility="collapsed",
        wrap=True,
        **unsaved.kept(f"say-how-{operation}", begun=EACH),
    )
    st.markdown(
        quiet(
            "One message to all is no personal word: it keeps no rhythm and nothing else that is owed to them."
            if how == GROUP
            else "Log it so only if each of them got a word that was meant for them: it keeps their rhythm."
        )
    )
    channel = st.selectbox("Channel", CHANNELS[:2], **unsaved.kept(f"say-channel-{operation}", begun=CHANNELS[0]))
    kept = unsaved.kept(f"say-text-{operation}", "What was said to several")
    text = st.text_area("What was said", placeholder="One honest sentence is enough", **kept)
    if st.button("Log it", type="primary", key="say-it"):
        done = f"Logged to {people_of(whom)}"
        plain = {"text": text or "", "channel": (channel or "").lower(), "is_group": how == GROUP}
        do(say_to_each, whom, about=meant, done=done, **plain)


@st.dialog("Rhythm", on_dismiss=asked_no_more)
def ask_rhythm(ids: Callable[[], Sequence[int]]) -> None:
    whom, left_out = those_to_hear(ids())
    st.markdown(f"How often do {people_of(whom)} hear from us?{left_out}")
    offered = rhythms.choices()
    label = st.radio("How often", list(offered), index=None)
    if st.button("Set the rhythm", type="primary", disabled=label is None, key="rhythm-it") and label:
        do(set_rhythm_of_each, whom, offered[label], done=f"{label}: {people_of(whom)}")


@st.dialog("Change owner", on_dismiss=asked_no_more)
def ask_hand_over(ids: Callable[[], Sequence[int]]) -> None:
    whom = ids()
    colleagues = dict(reads.colleagues())
    to = choose_one("To", colleagues, placeholder="A colleague")
    st.markdown(quiet(f"At once, and what is owed to {people_of(whom)} goes along. {HANDED_OVER}"))
    if st.button("Change owner", type="primary", disabled=to is None, key="hand-over-it") and to:
        do(hand_over_each, whom, to, done=f"With {colleagues[to]} from now on: {people_of(whom)}")


@st.dialog("Tag", on_dismiss=asked_no_more)
def ask_tag(ids: Callable[[], Sequence[int]], meant: object) -> None:
    whom = ids()
    st.markdown(f"A tag for {people_of(whom)}.")
    kept = unsaved.kept(f"tag-text-{operation_of(tag_each, meant)}", "A tag for several")
    tag = st.text_input("Tag", placeholder="contractor, open to work, met at a fair…", **kept)
    if st.button("Tag them", type="primary", key="tag-it"):
        do(tag_each, whom, tag or "", about=meant, done=f"Tagged “{tag}”: {people_of(whom)}", undo_by=untag_each)


def those_to_hear(chosen: Sequence[int]) -> tuple[list[int], str]:
    """Who may hear from us, and a sentence about the others."""
    whom = reads.may_hear(chosen)
    left = len(chosen) - len(whom)
    return whom, f" {left:,} asked for no contact and {'is' if left == 1 else 'are'} left out." if left else ""


def people_of(ids: Sequence[int]) -> str:
    return wording.plural(len(ids), "person", "people")


def do(
    command: Callable[..., Any],
    *args: Any,
    about: object = SEVERAL,
    undo_by: Callable[..., Any] = undo_facts,
    **plain: Any,
) -> None:
    answer(command, *args, operation=operation_of(command, about), undo_by=undo_by, **plain)


def _cells(row: PoolRow) -> list[str]:
    return [
        *(row.name, row.does, row.company, row.location, row.email, row.source, row.owner),
        row.met_on.isoformat(),
        row.last_word_on.isoformat() if row.last_word_on else "",
        f"{row.rhythm.count} {row.rhythm.unit.value}" if row.rhythm else "",
        row.in_touch_on.isoformat() if row.in_touch_on else "",
        "yes" if row.do_not_contact else "",
    ]
