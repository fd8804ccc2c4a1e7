"""The quick log: which way a word went, what it was about, and what it will keep. Plain values, no Streamlit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from core.domain.calendar import Calendar
from core.domain.drafts import what_is_owed
from core.domain.facts import Way
from core.domain.promises import NOT_TO_THE_CANDIDATE, Kind
from core.domain.refusal import Refused
from core.queries.candidate import InOpening
from core.queries.promises import Waiting
from pages.parts import wording
from pages.parts.keeping import CHANNELS, marks, why_too_soon
from pages.parts.telling import Pronoun
from pages.parts.wording import md

KEPT_BY_ANY_WORD = frozenset({Kind.REPLY, Kind.KEEP_IN_TOUCH})


class Direction(StrEnum):
    TO = "to"
    FROM = "from"
    TALKED = "talked"
    TRIED = "tried"
    NOTE = "note"

    @property
    def way(self) -> Way:
        return {
            Direction.TO: Way.TO,
            Direction.FROM: Way.FROM,
            Direction.TALKED: Way.TALKED,
            Direction.TRIED: Way.ATTEMPT,
            Direction.NOTE: Way.NOTE,
        }[self]

    @property
    def reaches(self) -> bool:
        return self in (Direction.TO, Direction.TALKED)


NEEDS_WORDS = {
    Direction.TO: "Nothing is logged yet: write what you told them. “We talked” and “Tried” need no words.",
    Direction.FROM: "Nothing is logged yet: write what they told us.",
    Direction.NOTE: "A note needs words.",
}
"""What is said where the words are missing. That they talked, or that we tried, is worth a line without any."""


def said(direction: Direction, who: Pronoun) -> str:
    return {
        Direction.TO: f"We told {who.object}",
        Direction.FROM: f"{who.subject} told us",
        Direction.TALKED: "We talked",
        Direction.TRIED: "Tried",
        Direction.NOTE: "Note",
    }[direction]


@dataclass(frozen=True, slots=True)
class About:
    """What a word is about: something owed, a process, or nothing in particular."""

    key: str
    words: str
    promise: Waiting | None = None
    process_id: int | None = None


def subjects(owed: Sequence[Waiting], processes: Sequence[InOpening]) -> list[About]:
    """What is owed and a word keeps, the longest overdue first; then the active processes; then nothing."""
    choices = [
        About(f"promise-{row.promise_id}", what_is_owed(row.occasion), row, row.process_id)
        for row in owed
        if row.kind not in NOT_TO_THE_CANDIDATE
    ]
    choices += [
        About(
            f"process-{process.id}",
            process.in_words,
            None,
            process.id,
        )
        for process in processes
        if process.is_active
    ]
    return [*choices, About("nothing", "Nothing in particular")]


def usual_channel(last_channel: str) -> str:
    """The way they last used themselves."""
    theirs = last_channel.lower()
    return next((channel for channel in CHANNELS if channel.lower() == theirs), CHANNELS[0])


def logged(
    direction: Direction,
    about: About,
    *,
    channel: str,
    text: str,
    next_what: str = "",
    next_on: date | None = None,
    needs_answer: bool = True,
    at: datetime | None = None,
) -> dict[str, Any]:
    """What `log_contact` is told. Raises Refused with what is missing yet."""
    promise, text = about.promise, text.strip()
    if not text and promise is not None and promise.kind is Kind.FEEDBACK and direction.reaches:
        raise Refused("Feedback needs the words that were said.")
    if not text and direction in NEEDS_WORDS:
        raise Refused(NEEDS_WORDS[direction])
    if (next_on is None) != (not next_what.strip()):
        raise Refused("Say both what comes next and by when, or neither.")
    plain: dict[str, Any] = {"way": direction.way, "text": text, "process_id": about.process_id, "at": at}
    if direction is not Direction.NOTE:
        plain["channel"] = channel.lower()
    if direction is Direction.FROM:
        plain["needs_answer"] = needs_answer
    if next_on is not None:
        plain |= {"next_what": next_what.strip(), "next_due_at": next_on}
    if promise is not None and direction.reaches:
        plain |= marks(promise)
    return plain


def will_keep(
    direction: Direction,
    about: About,
    owed: Sequence[Waiting],
    who: Pronoun,
    now: datetime,
    calendar: Calendar,
    said_at: datetime | None = None,
) -> str:
    """One line, Markdown: what comes of logging it, as said then, or now."""
    if direction is Direction.NOTE:
        return "A note for the team. It keeps nothing and moves no clock."
    if direction is Direction.TRIED:
        return f"An attempt. {md(who.subject)} {_is(who)} still waiting."
    if direction is Direction.FROM:
        return "Opens a reply, unless it needs no answer."
    meant = [row for row in owed if _is_kept(row, about)]
    too_soon = {row.promise_id: why for row in meant if (why := why_too_soon(row, said_at or now, calendar))}
    kept = [row for row in meant if row.promise_id not in too_soon]
    about_it = too_soon.get(about.promise.promise_id, "") if about.promise else ""
    if not kept:
        return about_it or next(iter(too_soon.values())) if meant else "Keeps nothing that is owed; it moves the clock."
    first = next((row for row in kept if row is about.promise), kept[0])
    since = wording.since(first.opened_at, now, calendar)
    more = f", and {wording.plural(len(kept) - 1, 'other word')}" if len(kept) > 1 else ""
    what = what_is_owed(first.occasion)
    return f"Keeps: {md(what[0].lower() + what[1:])}, owed {since}{more}. {about_it}".rstrip()


def _is(who: Pronoun) -> str:
    return "are" if who.subject == "They" else "is"


def _is_kept(row: Waiting, about: About) -> bool:
    """Whether this word keeps it: as any word does, as it is about the same process, or as it was chosen."""
    if row is about.promise or row.kind in KEPT_BY_ANY_WORD:
        return True
    if row.kind is Kind.UPDATE:
        return about.process_id in (None, row.process_id)
    return row.kind in (Kind.DEBRIEF, Kind.DELAY, Kind.AMENDS) and about.process_id == row.process_id is not None
