"""What a promise is about, in words, and the beginning of the word that keeps it.

A draft is honest: it says what is known, and names in [brackets] what only the writer can know. It never papers over an
unknown, and it is plain text, to be changed and sent by a person.
"""

import re
from dataclasses import dataclass
from datetime import date

from core.domain.facts import Absent, MeetingKind
from core.domain.promises import Kind

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

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.strip() else ""

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
    def place(self) -> str:
        """“Nordbank”; where there is no client, the opening."""
        return self.client or self.opening

    @property
    def at_place(self) -> str:
        """“ at Nordbank”, “ for Python developer”, or nothing."""
        return f" at {self.client}" if self.client else f" for {self.opening}" if self.opening else ""


def what_is_owed(of: Occasion) -> str:
    """One line: “Reply to her message”, “Feedback after the process at Nordbank”."""
    meeting = "talk" if of.meeting is MeetingKind.TALK else "interview"
    match of.kind:
        case Kind.REPLY:
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


def draft(of: Occasion) -> str:
    """The beginning of the word that keeps it; empty where no word to anybody does."""
    text = _draft(of)
    return f"{_greeting(of)} {text}" if text else ""


def _greeting(of: Occasion) -> str:
    if of.kind is Kind.CHASE:
        return "Hello [name],"
    return f"Hi {of.first_name}," if of.first_name else "Hello,"


def _draft(of: Occasion) -> str:
    at, client = of.at_place, of.client or "the client"
    match of.kind:
        case Kind.REPLY:
            return "thank you for your message. [your answer; that we cannot help is one too]"
        case Kind.UPDATE:
            news = "[what is new, or that nothing is]"
            return (
                f"a short word on how it stands{at or ' with your process'}: {news}. You hear from me again by [day]."
            )
        case Kind.DELAY if of.is_held:
            why = "[why, and for how long, as far as we know]"
            return f"the opening{at} is on hold: {why}. You hear from me by [day] in any case."
        case Kind.DELAY:
            return f"{client} has not decided yet. You hear from me by [day], with news or without."
        case Kind.CHASE:
            about = f" about {of.opening}" if of.opening else ""
            return (
                f"{of.name or 'our candidate'} is waiting for your answer{about}. By when will you decide? [your word]"
            )
        case Kind.DEBRIEF:
            theirs = "[what we know so far, or that we know nothing yet]"
            return f"how was the interview{at} for you? From their side: {theirs}. You hear from me again by [day]."
        case Kind.AMENDS:
            who = client if of.absent is Absent.CLIENT else "we"
            return (
                f"I am sorry that {who} did not come{_met(of)}. [what happened] Would [day and time] suit you instead?"
            )
        case Kind.FEEDBACK:
            place = f" with {of.place}" if of.place else ""
            return f"thank you for your time{place}. They decided [decision], because [reason]. They liked [what]."
        case Kind.FOLLOW_UP:
            return f"as I said I would, about “{of.what}”: [your word]" if of.what else "as I said I would: [your word]"
        case Kind.KEEP_IN_TOUCH:
            return "how are you, and how is work? [what made you think of them today]"
        case Kind.REVISIT:
            return (
                "we said we would look again about now. [what there is, or that there is nothing] What changed for you?"
            )
        case Kind.CHECK_IN if of.days == 0:
            return f"a good first day{at}. If anything is not as it was promised to you, tell me."
        case Kind.CHECK_IN:
            return f"you have been there for {of.days or '[number of]'} days now. Is the work what was promised to you?"
        case Kind.THANKS if of.is_outcome:
            return f"you recommended {of.referred or '[name]'}. [what came of it, if they agree] Thank you once more."
        case Kind.THANKS:
            return f"thank you for recommending {of.referred or '[name]'}. You hear from me what comes of it."
        case Kind.INTRODUCE:
            return "I am [your name], and from now on I am the one to turn to here. [what you know of their process]"
        case Kind.CONSENT:
            until = f"on {of.until.day} {of.until:%B %Y}" if of.until else "soon"
            return f"your consent to our keeping your data ends {until}. May we keep it for [how long] more?"
        case _:
            return ""


def _met(of: Occasion) -> str:
    what = "talk" if of.meeting is MeetingKind.TALK else "interview"
    return f" to the {what}{of.at_place}"


def _nth_day(of: Occasion) -> str:
    if of.days is None:
        return "as promised"
    return "first day" if of.days == 0 else f"day {of.days}"


def left_open(text: str, draft: str) -> list[str]:
    """What the draft asked to be filled in and still stands in the text, brackets and all."""
    return [gap for gap in _GAP.findall(draft) if gap in text]
