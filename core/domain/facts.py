"""What happened to one candidate, in order: the only thing the promises follow from.

The kinds of fact and their fields are those of shared/promises.md, section 2.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from core.domain.order import Mark, Order


class Way(StrEnum):
    """Which way a contact went, and whether it reached anybody."""

    TO = "to"
    FROM = "from"
    TALKED = "talked"
    ATTEMPT = "attempt"
    NOTE = "note"
    CLIENT_TO = "client_to"
    CLIENT_FROM = "client_from"


class Turn(StrEnum):
    OURS = "ours"
    CLIENT = "client"
    CANDIDATE = "candidate"


class Result(StrEnum):
    HIRED = "hired"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    OPENING_CLOSED = "opening_closed"
    NOT_NOW = "not_now"


class Answer(StrEnum):
    """How a process that ended was answered for."""

    TOLD = "told"
    OWED = "owed"
    UNREACHABLE = "unreachable"
    DO_NOT_CONTACT = "do_not_contact"


class ClosingReason(StrEnum):
    """Why a process ended, in one word; what more there is to say stands in the note beside it."""

    DEGREE = "degree"
    THIN_CV = "thin_cv"
    GAP = "gap"
    BACKGROUND = "background"
    SKILLS = "skills"
    EXPERIENCE = "experience"
    LANGUAGE = "language"
    LOCATION = "location"
    TERMS = "terms"
    SOMEBODY_ELSE = "somebody_else"
    OTHER_OFFER = "other_offer"
    TOO_SLOW = "too_slow"
    PRIVATE = "private"
    BUDGET = "budget"
    ROLE_CHANGED = "role_changed"
    CLIENT_SILENT = "client_silent"
    OTHER = "other"


ASKED_FIRST = frozenset({ClosingReason.DEGREE, ClosingReason.THIN_CV, ClosingReason.GAP, ClosingReason.BACKGROUND})
"""Whoever is rejected for these is asked first: be open, design.md."""


class HoldReason(StrEnum):
    BUDGET = "budget"
    FREEZE = "freeze"
    WAITING = "waiting"
    OTHER = "other"


class OpeningStatus(StrEnum):
    OPEN = "open"
    HELD = "held"
    FILLED = "filled"
    CANCELLED = "cancelled"

    @property
    def has_ended(self) -> bool:
        return self in (OpeningStatus.FILLED, OpeningStatus.CANCELLED)


class MeetingKind(StrEnum):
    INTERVIEW = "interview"
    TALK = "talk"


class MeetingResult(StrEnum):
    HELD = "held"
    CANCELLED = "cancelled"
    MISSED = "missed"


class Absent(StrEnum):
    CANDIDATE = "candidate"
    US = "us"
    CLIENT = "client"


class Unit(StrEnum):
    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often we keep in touch."""

    count: int
    unit: Unit

    def after(self, day: date) -> date:
        """A month later is the same day of the month, or the month's last."""
        return _one_rhythm_after(self, day)


@lru_cache(maxsize=65536)
def _one_rhythm_after(rhythm: Rhythm, day: date) -> date:
    step = {"weeks": relativedelta(weeks=rhythm.count), "months": relativedelta(months=rhythm.count)}
    return day + step[rhythm.unit.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    id: int
    candidate: int
    """The record it was entered for; one merged away keeps its own."""
    happened: datetime
    entered: datetime
    by: int | None = None
    process: int | None = None
    imported: bool = False
    """Brought by an import, which then is the moment it was entered."""

    @property
    def order(self) -> Order:
        return (self.happened, self.id)

    @property
    def mark(self) -> Mark:
        return Mark(self.order, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival(Fact):
    """The candidate was added; an import may bring a rhythm and a first date to keep it."""

    owner: int | None
    rhythm: Rhythm | None = None
    first_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Fact):
    way: Way
    about: str | None = None
    has_text: bool = False
    is_feedback: bool = False
    is_thanks: bool = False
    is_check_in: bool = False
    is_group: bool = False
    needs_answer: bool = True
    still_waiting: bool = False
    keeps: frozenset[int] = frozenset()
    """Facts whose follow-up or revisit this word says it keeps."""
    next_what: str | None = None
    next_due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(Fact):
    """A process began; its id is the process's."""

    opening: int
    client: str | None
    owner: int | None
    stage: str | None = None
    client_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageMoved(Fact):
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnSet(Fact):
    """Whose move it is; the client's means that we wait on the client."""

    turn: Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Fact):
    result: Result
    answer: Answer
    revisit_on: date | None = None
    reason: ClosingReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Fact):
    opening: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Fact):
    opening: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned(Fact):
    """A meeting was planned; its id is the meeting's."""

    kind: MeetingKind
    starts: datetime
    ends: datetime
    host: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(Fact):
    meeting: int
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HostChanged(Fact):
    """Somebody else hosts the meeting, whenever it is."""

    meeting: int
    host: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeNoted(Fact):
    meeting: int
    result: MeetingResult
    absent: Absent | None = None
    absent_member: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RhythmSet(Fact):
    rhythm: Rhythm | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietSet(Fact):
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthNoted(Fact):
    revisit_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed(Fact):
    starts_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementEnded(Fact):
    placement: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Referred(Fact):
    """This candidate recommended somebody."""

    referred: int
    outcome: Mark | None = None
    """The first closing of a process of the person recommended, after the recommendation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver(Fact):
    to: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven(Fact):
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactForbidden(Fact):
    """Do-not-contact was set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAllowed(Fact):
    """Do-not-contact was lifted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived(Fact):
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Snoozed(Fact):
    key: str
    until: datetime
