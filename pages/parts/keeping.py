"""How a promise is kept from a page: which controls its kind needs, and which command, with which marks, follows.

Plain values in, plain values out: no Streamlit here, so that every kind is tested without a page.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from core.commands.consents import give_consent, withdraw_consent
from core.commands.contacts import log_contact
from core.commands.meetings import note_outcome
from core.domain.calendar import Calendar
from core.domain.drafts import left_open
from core.domain.facts import Absent, MeetingResult, Way
from core.domain.promises import Kind
from core.domain.refusal import Refused
from core.persistence.work import Viewer
from core.queries.promises import Waiting
from pages.parts import wording

EMAIL, MESSAGE, PHONE, IN_PERSON, NO_ANSWER = "E-mail", "Message", "Phone", "In person", "No answer"
CHANNELS = (EMAIL, MESSAGE, PHONE, IN_PERSON)
HOW = (*CHANNELS, NO_ANSWER)
LIVE = frozenset({PHONE, IN_PERSON})

ASKED, RENEWED, WITHDRAWN = "Asked", "Renewed", "Withdrawn"
CONSENT = (ASKED, RENEWED, WITHDRAWN)

HELD, CANCELLED = "Held", "Cancelled"
NOT_THEM, NOT_US, NOT_CLIENT = "They did not come", "We did not come", "The client did not come"
OUTCOMES = (HELD, CANCELLED, NOT_THEM, NOT_US, NOT_CLIENT)
ABSENT = {NOT_THEM: Absent.CANDIDATE, NOT_US: Absent.US, NOT_CLIENT: Absent.CLIENT}

CLOCKS = frozenset({Kind.UPDATE, Kind.CHASE, Kind.KEEP_IN_TOUCH})


@dataclass(frozen=True, slots=True)
class Keeping:
    """The command that keeps it, or tries to, and what to say once it is done."""

    command: Callable[..., Any]
    args: tuple[Any, ...]
    done: str
    plain: dict[str, Any] = field(default_factory=dict)


def choices(row: Waiting) -> tuple[str, ...]:
    """How it can be kept: over which channel, with which outcome."""
    match row.kind:
        case Kind.OUTCOME:
            return outcomes(row.process_id)
        case Kind.CONSENT:
            return CONSENT
        case Kind.CHASE:
            return CHANNELS
        case _:
            return HOW


def is_a_word(row: Waiting) -> bool:
    """Whether it is kept by what was said to somebody, and not by an outcome or a consent."""
    return row.kind not in (Kind.OUTCOME, Kind.CONSENT)


def outcomes(process_id: int | None) -> tuple[str, ...]:
    """How a meeting can have ended; a client comes only where there is one."""
    return OUTCOMES if process_id is not None else OUTCOMES[:-1]


def usual_choice(row: Waiting) -> str | None:
    """The way they last used themselves; an outcome is never guessed."""
    if row.kind is Kind.OUTCOME:
        return None
    if row.kind is Kind.CONSENT:
        return ASKED
    theirs = (row.from_them.channel if row.from_them else "").lower()
    if row.kind is Kind.CHASE or theirs in {"", "e-mail", "email", "mail"}:
        return EMAIL
    return PHONE if row.from_them and row.from_them.was_live else MESSAGE


def keeping(
    row: Waiting,
    viewer: Viewer,
    *,
    choice: str | None,
    text: str = "",
    draft: str = "",
    until: date | None = None,
    at: datetime | None = None,
    absent_member_id: int | None = None,
    asked_by: Absent | None = None,
) -> Keeping:
    """Raises Refused with what is missing yet. Of an outcome: who of us was absent, or who cancelled it."""
    done = f"Logged: {row.name}"
    if row.kind is Kind.OUTCOME:
        of_us = absent_member_id or row.owner_id or viewer.id
        how = outcome(choice, absent_member_id=of_us, asked_by=asked_by)
        return Keeping(note_outcome, (row.meeting_id, how.pop("result")), done, how)
    if row.kind is Kind.CONSENT and choice != ASKED:
        return _consent(row, choice, until, done)
    if choice is None:
        raise Refused("Say how: by e-mail, by phone…")
    if row.kind is Kind.INTRODUCE and row.owner_id != viewer.id:
        raise Refused(f"Only {row.owner or 'the new owner'} can introduce themselves.")
    if gaps := left_open(text, draft):
        raise Refused(f"Say it in your own words where it says {gaps[0]}, or empty the field.")
    if row.kind is Kind.FEEDBACK and not text.strip() and choice != NO_ANSWER:
        raise Refused("Feedback needs the words that were said.")
    plain: dict[str, Any] = {
        "way": _way(row, choice),
        "channel": _channel(choice),
        "text": text.strip(),
        "process_id": row.process_id,
        "at": at,
    }
    if choice == NO_ANSWER:
        return Keeping(log_contact, (row.candidate_id,), f"Noted: no answer. {row.name} is still waiting.", plain)
    return Keeping(log_contact, (row.candidate_id,), done, plain | marks(row))


def outcome(choice: str | None, *, absent_member_id: int | None, asked_by: Absent | None = None) -> dict[str, Any]:
    """What `note_outcome` is told, its result first among it."""
    if choice is None:
        raise Refused("Say how the meeting went: held, cancelled, or who did not come.")
    if choice == HELD:
        return {"result": MeetingResult.HELD}
    if choice == CANCELLED:
        return {"result": MeetingResult.CANCELLED, "asked_by": asked_by}
    absent = ABSENT[choice]
    who = absent_member_id if absent is Absent.US else None
    return {"result": MeetingResult.MISSED, "absent": absent, "absent_member_id": who}


def said_at(on: date | None, now: datetime, calendar: Calendar) -> datetime | None:
    """The moment of what was said on an earlier day: its closing time, after all that happened in its hours."""
    return calendar.closing_of(on) if on is not None and on < calendar.day(now) else None


def why_too_soon(row: Waiting, at: datetime, calendar: Calendar) -> str:
    """Why no word of that moment keeps it; empty where one does. Markdown."""
    if at < row.opened_at:
        opened = wording.day(calendar.day(row.opened_at), calendar.day(at))
        since = f"{opened}, {wording.time(row.opened_at, calendar)}"
        return f"Too early: it is owed since {since}, and no word from before keeps it; it still waits."
    day = calendar.day(at)
    counted_from = row.from_us.at if row.kind is Kind.KEEP_IN_TOUCH and row.from_us else row.opened_at
    if row.kind in CLOCKS and calendar.day(counted_from) == day:
        began, next_day = wording.day(day, day), wording.day(day + timedelta(days=1), day)
        return f"Too early: it is counted from {began}, and a word keeps it from {next_day} on; it still waits."
    if row.keeps_from is not None and day < row.keeps_from:
        return f"Too early: a word keeps it from {wording.day(row.keeps_from, day)} on; it still waits."
    return ""


def marks(row: Waiting) -> dict[str, Any]:
    """What is logged with a word so that it keeps this promise; nothing, if any word to them keeps it."""
    match row.kind:
        case Kind.FEEDBACK:
            return {"is_feedback": True}
        case Kind.THANKS:
            return {"is_thanks": True}
        case Kind.CHECK_IN:
            return {"is_check_in": True}
        case Kind.FOLLOW_UP | Kind.REVISIT:
            return {"keeps": [row.about_id]}
        case _:
            return {}


def _way(row: Waiting, choice: str) -> Way:
    if row.kind is Kind.CHASE:
        return Way.CLIENT_TO
    if choice == NO_ANSWER:
        return Way.ATTEMPT
    return Way.TALKED if choice in LIVE else Way.TO


def _channel(choice: str) -> str:
    return "phone" if choice == NO_ANSWER else choice.lower()


def _consent(row: Waiting, choice: str | None, until: date | None, done: str) -> Keeping:
    if choice == WITHDRAWN:
        return Keeping(withdraw_consent, (row.candidate_id,), f"Withdrawn: the consent of {row.name}")
    if choice != RENEWED:
        raise Refused("Say whether you asked, or whether it was renewed or withdrawn.")
    if until is None:
        raise Refused("Say until when it is valid.")
    return Keeping(give_consent, (row.candidate_id, until), done)
