"""What a promise is: we owe this person this kind of word by this time, and this member owes it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.calendar import Calendar


class Kind(StrEnum):
    REPLY = "reply"
    UPDATE = "update"
    DELAY = "delay"
    CHASE = "chase"
    OUTCOME = "outcome"
    DEBRIEF = "debrief"
    AMENDS = "amends"
    FEEDBACK = "feedback"
    FOLLOW_UP = "follow_up"
    KEEP_IN_TOUCH = "keep_in_touch"
    REVISIT = "revisit"
    CHECK_IN = "check_in"
    THANKS = "thanks"
    INTRODUCE = "introduce"
    CONSENT = "consent"


NOT_TO_THE_CANDIDATE = frozenset({Kind.CHASE, Kind.OUTCOME, Kind.CONSENT})
"""Kinds that no word to the candidate keeps, so that do-not-contact does not end them."""

OPEN_DESPITE_SILENCE = NOT_TO_THE_CANDIDATE | {Kind.REPLY, Kind.FOLLOW_UP}
"""Kinds that open while do-not-contact stands: it stops what we start, not the answer to someone who writes."""


class Status(StrEnum):
    """What is stored; which of the open ones are overdue only the clock says."""

    OPEN = "open"
    KEPT_ON_TIME = "kept on time"
    KEPT_LATE = "kept late"
    WAIVED = "waived"
    VOID = "void"
    HISTORY = "history"


class State(StrEnum):
    UPCOMING = "upcoming"
    DUE = "due"
    OVERDUE = "overdue"
    KEPT_ON_TIME = "kept on time"
    KEPT_LATE = "kept late"
    WAIVED = "waived"
    VOID = "void"
    HISTORY = "history"


COUNTED = frozenset({Status.OPEN, Status.KEPT_ON_TIME, Status.KEPT_LATE, Status.WAIVED})
"""What is void or history is in no figure."""

KEPT = frozenset({Status.KEPT_ON_TIME, Status.KEPT_LATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    kind: Kind
    key: str
    """Kind, what it is about, and the opening fact where one thing opens several; no two share one."""
    about: int
    """The fact that opened it."""
    process: int | None
    client: int | None = None
    """The process's."""
    owner: int | None
    opened_at: datetime
    due_at: datetime
    rule_due_at: datetime
    """As the rule says; differs from `due_at` where a snooze stands."""
    is_snoozed: bool
    status: Status
    settled_at: datetime | None = None
    settled_by: int | None = None
    late: int | None = None
    """Working days late when it was kept, 0 unless it was kept late; None where it is in no figure."""
    hours: int | None = None
    """Of a reply that was given: whole working hours from their word to ours."""


def state(status: Status, due_at: datetime, *, now: datetime, calendar: Calendar) -> State:
    """Settled is settled; upcoming, due and overdue are only the clock's. At the minute of due it is not overdue."""
    if status is not Status.OPEN:
        return State(status.value)
    if to_the_minute(now) > due_at:
        return State.OVERDUE
    return State.DUE if calendar.day(due_at) == calendar.day(now) else State.UPCOMING


def to_the_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
