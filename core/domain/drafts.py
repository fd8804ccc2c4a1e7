"""What a promise is about, in words, and the beginning of the word that keeps it.

A draft is honest: it says what is known, and names in [brackets] what only the writer can know. It never papers over an
unknown, and it is plain text, to be changed and sent by a person. The words themselves are `core.domain.templates`.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.domain.facts import ASKED_FIRST, Absent, ClosingReason, HoldReason, MeetingKind, Result
from core.domain.promises import Kind
from core.domain.reasons import Reason
from core.domain.templates import NONE_OF_ITS_OWN, Own, filled

NAMES: dict[Kind, str] = {
    Kind.REPLY: "Reply",
    Kind.UPDATE: "Update",
    Kind.DELAY: "News of a delay",
    Kind.CHASE: "Ask the client",
    Kind.OUTCOME: "Outcome of a meeting",
    Kind.DEBRIEF: "Word after an interview",
    Kind.AMENDS: "Amends",
    Kind.FEEDBACK: "Feedback",
    Kind.FOLLOW_UP: "Follow-up",
    Kind.KEEP_IN_TOUCH: "Keep in touch",
    Kind.REVISIT: "New look",
    Kind.CHECK_IN: "Check-in",
    Kind.THANKS: "Thanks",
    Kind.INTRODUCE: "Introduction",
    Kind.CONSENT: "Consent",
}
"""A kind, as a filter, a legend or a badge says it."""

_GAP = re.compile(r"\[[^\]]+\]")

POSSESSIVES = {"he": "his", "she": "her", "they": "their", "it": "its"}
OBJECTS = {"he": "him", "she": "her", "they": "them", "it": "it"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What is known of what a promise is about. Empty, or None, is not known, or does not apply."""

    kind: Kind
    name: str = ""
    pronoun: str = ""
    """As the candidate gave it: “she”, “she/her”."""
    opening: str = ""
    client: str = ""
    what: str = ""
    """What a follow-up was to be about, as said then."""
    is_request: bool = False
    """What is to be answered is no message: they asked for their data, or to be forgotten."""
    referred: str = ""
    """Whom the candidate recommended."""
    is_outcome: bool = False
    """Thanks for what came of a recommendation, not for the recommendation."""
    is_held: bool = False
    """The delay is the opening's being on hold, not the client's silence."""
    days: int | None = None
    """Which check-in of a placement: so many days after its start."""
    until: date | None = None
    """The last day on which a consent is valid."""
    meeting: MeetingKind | None = None
    absent: Absent | None = None
    meeting_at: datetime | None = None
    """When it was to begin, by the team's clock."""
    place: str = ""
    stage: str = ""
    hold: HoldReason | None = None
    result: Result | None = None
    """Of the process that ended, with its reason, and when to look at it again."""
    reason: ClosingReason | None = None
    revisit: date | None = None
    by: date | None = None
    """When the next word about the process will be due, if this one is said today."""
    client_person: str = ""
    their_words: str = ""
    """What they said last."""
    questions: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    """Why to write today, of a word to keep in touch."""
    language: str = ""
    """In which they are written to; empty: the team's."""
    email: str = ""
    """To which a letter goes: the candidate's, or that of whoever is asked at the client."""

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.strip() else ""

    @property
    def key(self) -> str:
        """Which template it takes: the kind and, where it matters, the reason."""
        match self.kind:
            case Kind.DELAY:
                return f"delay/held/{self.hold or HoldReason.OTHER}" if self.is_held else "delay/client"
            case Kind.AMENDS:
                return "amends/client" if self.absent is Absent.CLIENT else "amends/us"
            case Kind.FEEDBACK if self.result is not None:
                reason = "background" if self.reason in ASKED_FIRST else self.reason or ""
                return f"feedback/{self.result}/{reason}"
            case Kind.CHECK_IN if self.days == 0:
                return "check_in/first_day"
            case Kind.THANKS if self.is_outcome:
                return "thanks/outcome"
            case _:
                return self.kind.value

    def known(self, me: str) -> dict[str, Any]:
        """What a template may say of it, by field."""
        return {
            "name": self.name,
            "first_name": self.first_name,
            "client_person": self.client_person,
            "opening": self.opening,
            "client": self.client,
            "stage": self.stage,
            "me": me,
            "by": self.by,
            "revisit": self.revisit,
            "until": self.until,
            "meeting_at": self.meeting_at,
            "place": self.place,
            "is_talk": self.meeting is MeetingKind.TALK,
            "what": self.what,
            "their_words": self.their_words,
            "referred": self.referred,
            "days": self.days,
            "questions": self.questions,
            **{field: value for reason in self.reasons for field, value in reason.fields},
        }

    @property
    def possessive(self) -> str:
        """“her”; without a pronoun “Noor’s”, and where there is no name “their”."""
        return POSSESSIVES.get(self._pronoun) or (f"{self.first_name}’s" if self.first_name else "their")

    @property
    def object(self) -> str:
        return OBJECTS.get(self._pronoun) or self.first_name or "them"

    @property
    def _pronoun(self) -> str:
        return self.pronoun.lower().split("/")[0].strip()

    @property
    def at_place(self) -> str:
        """“ at Nordbank”, “ for Python developer”, or nothing."""
        return f" at {self.client}" if self.client else f" for {self.opening}" if self.opening else ""


def what_is_owed(of: Occasion) -> str:
    """One line: “Reply to her message”, “Feedback after the process at Nordbank”."""
    meeting = "talk" if of.meeting is MeetingKind.TALK else "interview"
    match of.kind:
        case Kind.REPLY:
            if of.is_request:
                return f"Reply to {of.possessive} request"
            return f"Reply to {of.possessive} message"
        case Kind.UPDATE:
            return f"How it stands{of.at_place or ' with the process'}"
        case Kind.DELAY if of.is_held:
            return f"Word that the opening{of.at_place} is on hold"
        case Kind.DELAY:
            return f"Word that {of.client or 'the client'} is still deciding"
        case Kind.CHASE:
            return f"Ask {of.client or 'the client'} for an answer about {of.object}"
        case Kind.OUTCOME:
            return f"Note how the {meeting}{of.at_place} went"
        case Kind.DEBRIEF:
            return f"A word after the interview{of.at_place}"
        case Kind.AMENDS if of.absent is Absent.CLIENT:
            return f"Amends: {of.client or 'the client'} did not come to the {meeting}"
        case Kind.AMENDS:
            return f"Amends: we did not come to the {meeting}"
        case Kind.FEEDBACK:
            return f"Feedback after the process{of.at_place}"
        case Kind.FOLLOW_UP:
            return f"As we said: {of.what}" if of.what else "What we said we would come back with"
        case Kind.KEEP_IN_TOUCH:
            return "A word to keep in touch"
        case Kind.REVISIT:
            return f"Come back to {of.object}, as we said"
        case Kind.CHECK_IN:
            return f"Check-in, {_nth_day(of)}{of.at_place}"
        case Kind.THANKS if of.is_outcome:
            return f"What came of recommending {of.referred or 'somebody'}, with thanks"
        case Kind.THANKS:
            return f"Thanks for recommending {of.referred or 'somebody'}"
        case Kind.INTRODUCE:
            return "Introduce yourself, after the handover"
        case Kind.CONSENT:
            return f"Ask {of.object} for consent again"


def _nth_day(of: Occasion) -> str:
    if of.days is None:
        return "as promised"
    return "first day" if of.days == 0 else f"day {of.days}"


def draft(of: Occasion, *, me: str, language: str, own: Own = NONE_OF_ITS_OWN) -> str:
    """The beginning of the word that keeps it, from `me`; empty where no word to anybody does."""
    return filled(of.key, of.known(me), language, own)


def question_to(of: Occasion, *, me: str, language: str, own: Own = NONE_OF_ITS_OWN) -> str:
    """The letter in which they are asked the occasion's questions."""
    return filled("question", of.known(me), language, own)


def subject(of: Occasion, *, me: str, language: str, own: Own = NONE_OF_ITS_OWN) -> str:
    """Of the letter, in one line."""
    return " ".join(filled("subject", of.known(me), language, own).split())


def left_open(text: str, draft: str) -> list[str]:
    """What the draft asked to be filled in and still stands in the text, brackets and all."""
    return [gap for gap in _GAP.findall(draft) if gap in text]
