"""Whatever stands in the database as a code, in the words of whoever it is about. Their data file says no code."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from core.domain import own_page, words
from core.domain.bases import BASES, PURPOSES, ConsentBasis, Purpose
from core.domain.facts import Absent, Answer, ClosingReason, MeetingKind, MeetingResult, Result, Turn, Unit, Way
from core.domain.gate import reason_in_words
from core.domain.growth import Beginner
from core.domain.pool import Became
from core.persistence.tables import FactKind, RequestChannel, RequestKind, RequestState
from core.persistence.tables.handovers import OfferState
from core.persistence.tables.imports import RowOutcome
from core.persistence.tables.people import HandleKind
from core.persistence.tables.words import ClaimSource
from core.queries.recommendations import SOURCES

LANGUAGE = "en"
"""What the document is written in, and of their own page's words those that it takes."""
OWN_PAGE = own_page.words(LANGUAGE)
LANGUAGES = {"en": "English", "pl": "Polish"}

WORDS: Mapping[type[StrEnum], Mapping[Any, str]] = {
    HandleKind: {
        HandleKind.EMAIL: "E-mail",
        HandleKind.PHONE: "Phone",
        HandleKind.LINKEDIN: "LinkedIn",
        HandleKind.GITHUB: "GitHub",
    },
    Beginner: {kind: kind.value for kind in Beginner},
    Became: {
        Became.NO_CONTACT: "somebody who wants no contact",
        Became.IN_PROCESS: "somebody in an opening",
        Became.PLACED: "somebody who works through us",
        Became.KNOWN: "somebody we know",
    },
    Unit: {Unit.WEEKS: "weeks", Unit.MONTHS: "months"},
    Way: {
        Way.TO: "We wrote to you",
        Way.FROM: "You wrote to us",
        Way.TALKED: "We spoke",
        Way.ATTEMPT: "We tried to reach you",
        Way.NOTE: "We noted",
        Way.CLIENT_TO: "We told the client",
        Way.CLIENT_FROM: "The client told us",
    },
    Turn: {
        Turn.OURS: "It was our turn",
        Turn.CLIENT: "We waited for the company’s answer",
        Turn.CANDIDATE: "It was your turn",
    },
    Result: {result: OWN_PAGE(result.value) for result in Result},
    Answer: {
        Answer.TOLD: "you were told",
        Answer.OWED: "we still owed you the news",
        Answer.UNREACHABLE: "we could not reach you in three tries",
        Answer.DO_NOT_CONTACT: "you had asked for no contact",
    },
    ClosingReason: {reason: reason_in_words(reason) for reason in ClosingReason},
    MeetingKind: {MeetingKind.INTERVIEW: "Interview", MeetingKind.TALK: "Talk"},
    MeetingResult: {
        MeetingResult.HELD: "it took place",
        MeetingResult.CANCELLED: "cancelled",
        MeetingResult.MISSED: "missed",
    },
    Absent: {Absent.US: "by us", Absent.CANDIDATE: "by you", Absent.CLIENT: "by the client"},
    Purpose: PURPOSES,
    ConsentBasis: BASES,
    ClaimSource: SOURCES,
    OfferState: {
        OfferState.OPEN: "not answered yet",
        OfferState.ACCEPTED: "accepted",
        OfferState.DECLINED: "declined",
        OfferState.WITHDRAWN: "taken back",
    },
    RowOutcome: {
        RowOutcome.NEW: "It brought you on record.",
        RowOutcome.ADDS: "It added to what we had.",
        RowOutcome.EXACT: "It held nothing new.",
        RowOutcome.LIKELY: "It may be about you; nobody has decided.",
        RowOutcome.REJECTED: "It was left out.",
    },
    RequestKind: {RequestKind.SEE: "to see your data", RequestKind.FORGET: "to be forgotten"},
    RequestChannel: {
        RequestChannel.EMAIL: "by e-mail",
        RequestChannel.MESSAGE: "by a message",
        RequestChannel.PHONE: "by phone",
        RequestChannel.LETTER: "by letter",
        RequestChannel.IN_PERSON: "in person",
        RequestChannel.OWN_PAGE: "on your own page",
    },
    RequestState: {
        RequestState.OPEN: "not answered yet",
        RequestState.DONE: "done",
        RequestState.WITHDRAWN: "taken back",
    },
    FactKind: {
        FactKind.ARRIVAL: "that you came on record",
        FactKind.CONTACT: "a word or a note",
        FactKind.PROCESS: "that you were considered for an opening",
        FactKind.STAGE_MOVE: "a step in an opening",
        FactKind.TURN_CHANGE: "whose turn it was",
        FactKind.CLOSING: "that it ended for you",
        FactKind.REOPENING: "that it was opened again",
        FactKind.MEETING: "a meeting",
        FactKind.MEETING_MOVE: "that a meeting was moved",
        FactKind.MEETING_OUTCOME: "how a meeting went",
        FactKind.RHYTHM_CHANGE: "how often we keep in touch",
        FactKind.QUIET_PERIOD: "that you wanted quiet",
        FactKind.GROWTH_NOTE: "what you want to become",
        FactKind.PLACEMENT: "a job you took",
        FactKind.PLACEMENT_END: "that a job ended",
        FactKind.REFERRAL: "a recommendation of yours",
        FactKind.HANDOVER: "who looks after you",
        FactKind.CONSENT: "a consent",
        FactKind.CONSENT_WITHDRAWAL: "that you withdrew a consent",
        FactKind.CONTACT_BAN: "that you asked for no contact",
        FactKind.CONTACT_ALLOWANCE: "that contact was welcome again",
        FactKind.ERASURE: "an erasure",
        FactKind.WAIVER: "that a word was let go",
        FactKind.SNOOZE: "that a word was put off",
        FactKind.OPENING_HOLD: "that an opening was on hold",
        FactKind.OPENING_RESUMPTION: "that an opening went on",
        FactKind.OPENING_END: "that an opening ended",
        FactKind.DEPARTURE: "that a colleague left",
        FactKind.POLICY: "our rules",
    },
}
ASKED = {
    own_page.TO_SEE: "You asked to see your data",
    own_page.TO_BE_FORGOTTEN: "You asked to be forgotten",
}
"""A word from them that was a request on their own page, by its subject."""
MISSED = {
    Absent.CANDIDATE: "missed: you did not come",
    Absent.US: "missed: we did not come",
    Absent.CLIENT: "missed: the client did not come",
}

COLUMNS = {
    **words.COLUMNS,
    "language": "Language",
    "known_since": "Known since",
    "owner": "Looked after by",
    "owner_id": "Looked after by",
    "do_not_contact": "No contact wanted",
    "rhythm_count": "How many weeks or months between our words",
    "rhythm_unit": "Counted in",
    "became": "Counted as",
    "way": "How",
    "kind": "What",
    "turn": "Whose turn",
    "to_turn": "Whose turn",
    "result": "How it ended",
    "outcome": "How it ended",
    "answer": "The answer to you",
    "reason": "Why",
    "absent": "Missed",
    "asked_by": "Asked for",
    "purpose": "To what you agreed",
    "basis": "By which rule",
    "state": "How it stands",
    "status": "How it stands",
    "channel": "How it came",
    "meeting_kind": "What",
    "starts_at": "Begins",
    "ends_at": "Ends",
    "starts_on": "Begins",
    "due_on": "To be answered by",
    "fetch_until": "On your own page until",
    "fetched_at": "First fetched",
    "done_at": "Answered",
    "kept_until": "Kept for a claim until",
    "kept_because": "Which claim",
}
"""Columns, in the trail and where one value took another's place. Any other is called as it is named."""

CODES: Mapping[str, tuple[type[StrEnum], ...]] = {
    "rhythm_unit": (Unit,),
    "became": (Became,),
    "way": (Way,),
    "kind": (RequestKind, FactKind, HandleKind),
    "turn": (Turn,),
    "to_turn": (Turn,),
    "result": (Result, MeetingResult),
    "outcome": (Result, MeetingResult, RowOutcome),
    "answer": (Answer,),
    "reason": (ClosingReason,),
    "absent": (Absent,),
    "asked_by": (Absent,),
    "purpose": (Purpose,),
    "basis": (ConsentBasis,),
    "state": (RequestState, OfferState),
    "channel": (RequestChannel,),
    "meeting_kind": (MeetingKind,),
}
"""What a column's codes may be of, where the trail holds them as plain text: the first that has such a one."""


def say(code: StrEnum) -> str:
    return WORDS[type(code)][code]


def column(name: str) -> str:
    return COLUMNS.get(name) or name.replace("_", " ").capitalize()


def value(name: str, stored: Any) -> Any:
    """What stood in that column, a code of it in words; or what stood there before and after."""
    if isinstance(stored, list):
        return [value(name, one) for one in stored]
    if name == "language":
        return LANGUAGES.get(stored, stored)
    for kind in CODES.get(name, ()):
        if stored in set(kind):
            return say(kind(stored))
    return stored


def changed(changes: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of the trail. Columns that hold somebody's id keep their names, by which they are told apart."""
    return {
        COLUMNS[name] if name in COLUMNS and not name.startswith("owner") else name: value(name, change)
        for name, change in changes.items()
    }
