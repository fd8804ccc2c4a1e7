"""The gate before a process ends, as a page puts it: how it ends, why, and how it is answered for. Plain values."""

from dataclasses import dataclass
from datetime import date, datetime

from core.charts.timeline import ENDS
from core.commands.openings import Ending
from core.domain.calendar import Calendar
from core.domain.drafts import left_open
from core.domain.facts import ASKED_FIRST, Answer, ClosingReason, Result
from core.domain.gate import REASON_NAMES, REASONS
from core.queries.closing import Leaving, OnRecord
from pages.parts import wording
from pages.parts.wording import md

RESULTS = {result: ENDS[result].capitalize() for result in Result} | {Result.HIRED: "Hired"}

TELL_NOW, TOLD, OWE, UNREACHABLE, NO_CONTACT = (
    "Tell them now",
    "Told already",
    "Owe it from now on",
    "Not reachable",
    "Asked for no contact",
)
ANSWERS = {
    TELL_NOW: Answer.TOLD,
    TOLD: Answer.TOLD,
    OWE: Answer.OWED,
    UNREACHABLE: Answer.UNREACHABLE,
    NO_CONTACT: Answer.DO_NOT_CONTACT,
}
NOT_ON_RECORD = f"Nobody has been told yet. If they were, choose “{TELL_NOW}”, write what was said and set when."
MEETING_STANDS = "A meeting about it is planned then, and stays planned: once this is closed you are asked about it."
ASK_FIRST = "Ask first: it says little of what somebody can do. Ask them, or say that you close without asking."


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What somebody chose for one person, as it stands in the form."""

    result: Result | None
    how: str | None
    reason: ClosingReason | None = None
    text: str = ""
    draft: str = ""
    """With which the text began: its gaps must be filled."""
    channel: str = ""
    note: str = ""
    revisit_on: date | None = None
    starts_on: date | None = None
    is_unasked: bool = False
    """It is closed without asking first."""

    @property
    def must_ask(self) -> bool:
        return self.result is Result.REJECTED and self.reason in ASKED_FIRST

    @property
    def ending(self) -> Ending:
        """Of a choice that nothing is wrong with."""
        assert self.result is not None
        assert self.how is not None
        return Ending(
            result=self.result,
            answer=ANSWERS[self.how],
            reason=self.reason,
            note=self.note,
            text=self.text.strip() if self.how == TELL_NOW else "",
            channel=self.channel.lower(),
            revisit_on=self.revisit_on if self.result is Result.NOT_NOW else None,
            starts_on=self.starts_on if self.result is Result.HIRED else None,
            was_asked=False if self.must_ask and self.is_unasked else None,
        )


def what_is_missing(choice: Choice, row: Leaving, today: date) -> str:
    """One sentence; empty where nothing is."""
    if choice.result is None:
        return "Say how it ended."
    if choice.result is Result.REJECTED and choice.reason is None:
        return "Say why. Whoever is rejected for their background is asked first."
    if choice.result is Result.NOT_NOW and choice.revisit_on is not None and choice.revisit_on <= today:
        return "Choose a day to come to look at it again."
    if choice.result is Result.NOT_NOW and choice.revisit_on is None:
        return "Say when to look at it again."
    if choice.must_ask and not row.was_asked and not choice.is_unasked:
        return ASK_FIRST
    if choice.how is None:
        return "Say how they were told, or that it is owed."
    if choice.how == TELL_NOW:
        if not choice.text.strip():
            return "Write what they are told."
        if gaps := left_open(choice.text, choice.draft):
            return f"Say it in your own words where it says {gaps[0]}."
        return ""
    refusal = row.refusals.get(ANSWERS[choice.how], "")
    return NOT_ON_RECORD if refusal and choice.how == TOLD and not row.told else refusal


def reasons(result: Result | None) -> list[ClosingReason]:
    return list(REASONS[result]) if result is not None else []


def reason_name(reason: ClosingReason) -> str:
    return REASON_NAMES[reason]


def usual_how(row: Leaving) -> str:
    """What is on record counts; else they are told now."""
    if Answer.DO_NOT_CONTACT not in row.refusals:
        return NO_CONTACT
    return TOLD if Answer.TOLD not in row.refusals else TELL_NOW


def said_of(how: str, row: Leaving, now: datetime, calendar: Calendar) -> str:
    """What stands below each way to answer for it: what is on record for it, or why it can't be. Markdown."""
    if how == TELL_NOW:
        return "The words below are kept as feedback."
    if how == OWE:
        return "Feedback is owed from this moment on, and stays on Today until it is given."
    refusal = row.refusals.get(ANSWERS[how])
    if how == TOLD:
        return on_record(row.told[-1], now, calendar) if row.told else NOT_ON_RECORD
    if how == UNREACHABLE:
        tries = "; ".join(_on(attempt, now, calendar) for attempt in row.tries)
        return f"{md(refusal)} {tries}".strip() if refusal else f"Tried: {tries}"
    return md(refusal) if refusal else "On record."


def on_record(word: OnRecord, now: datetime, calendar: Calendar) -> str:
    return f"{_on(word, now, calendar)}: {wording.quote(word.text)}"


def _on(word: OnRecord, now: datetime, calendar: Calendar) -> str:
    when = wording.day(calendar.day(word.at), calendar.day(now))
    return f"{when}, {md(word.channel)}" if word.channel else when
