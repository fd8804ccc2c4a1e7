"""The gate before a process may end: no process ends in silence (shared/promises.md, "Refused at entry")."""

from datetime import date, datetime

from core.domain.facts import Answer, ClosingReason, Contact, Result, Way
from core.domain.life import Facts, Process
from core.domain.order import Order, just_after
from core.domain.rules import tells

TRIES = 3

REASONS: dict[Result, tuple[ClosingReason, ...]] = {
    Result.HIRED: (),
    Result.REJECTED: (
        ClosingReason.SOMEBODY_ELSE,
        ClosingReason.SKILLS,
        ClosingReason.EXPERIENCE,
        ClosingReason.LANGUAGE,
        ClosingReason.LOCATION,
        ClosingReason.TERMS,
        ClosingReason.DEGREE,
        ClosingReason.THIN_CV,
        ClosingReason.GAP,
        ClosingReason.BACKGROUND,
        ClosingReason.OTHER,
    ),
    Result.WITHDRAWN: (
        ClosingReason.OTHER_OFFER,
        ClosingReason.TOO_SLOW,
        ClosingReason.TERMS,
        ClosingReason.LOCATION,
        ClosingReason.ROLE_CHANGED,
        ClosingReason.PRIVATE,
        ClosingReason.OTHER,
    ),
    Result.OPENING_CLOSED: (
        ClosingReason.SOMEBODY_ELSE,
        ClosingReason.BUDGET,
        ClosingReason.ROLE_CHANGED,
        ClosingReason.CLIENT_SILENT,
        ClosingReason.OTHER,
    ),
    Result.NOT_NOW: (
        ClosingReason.SKILLS,
        ClosingReason.EXPERIENCE,
        ClosingReason.LANGUAGE,
        ClosingReason.PRIVATE,
        ClosingReason.BUDGET,
        ClosingReason.OTHER,
    ),
}
"""Why a process may have ended, by how it ended. Nobody is asked for a reason to hire somebody."""

REASON_NAMES: dict[ClosingReason, str] = {
    ClosingReason.DEGREE: "No degree",
    ClosingReason.THIN_CV: "Thin CV",
    ClosingReason.GAP: "Gap in the CV",
    ClosingReason.BACKGROUND: "Other background",
    ClosingReason.SKILLS: "Skills",
    ClosingReason.EXPERIENCE: "Experience",
    ClosingReason.LANGUAGE: "Language",
    ClosingReason.LOCATION: "Place of work",
    ClosingReason.TERMS: "Terms",
    ClosingReason.SOMEBODY_ELSE: "Somebody else was chosen",
    ClosingReason.OTHER_OFFER: "Another offer",
    ClosingReason.TOO_SLOW: "It took too long",
    ClosingReason.PRIVATE: "Private reasons",
    ClosingReason.BUDGET: "No budget",
    ClosingReason.ROLE_CHANGED: "The role changed",
    ClosingReason.CLIENT_SILENT: "The client was silent",
    ClosingReason.OTHER: "Something else",
}


def why_not_close(facts: Facts, process: Process, answer: Answer, at: datetime) -> str | None:
    """The sentence that keeps this process from ending with this answer; None when it may end."""
    then = just_after(at)
    started = process.last_started(then)
    if answer is Answer.TOLD:
        told = words_that_told(facts, process, then)
        return None if told else "Nobody has been told yet. Log what was said as feedback, or owe it from now on."
    if answer is Answer.UNREACHABLE and len(days := days_tried(facts, since=started, until=then)) < TRIES:
        return f"Not reachable takes three tries on three different days; so far {len(days)} since the last word."
    if answer is Answer.DO_NOT_CONTACT and not any(span.covers(then) for span in facts.forbidden):
        return "Do-not-contact is not set. Set it first, if that is what they asked for."
    return None


def why_not_for(result: Result, reason: ClosingReason | None) -> str | None:
    """The sentence that keeps this reason from going with this result; None when it may."""
    if reason is None or reason in REASONS[result]:
        return None
    return f"“{REASON_NAMES[reason]}” is no reason for that. Choose another."


def reason_in_words(reason: ClosingReason) -> str:
    """Within a sentence: “thin CV”."""
    name = REASON_NAMES[reason]
    return f"{name[0].lower()}{name[1:]}"


def words_that_told(facts: Facts, process: Process, then: Order) -> list[Contact]:
    """Feedback with text about the process, since it (last) started."""
    started = process.last_started(then)
    return [word for word in facts.personal_words if tells(word, process) and started < word.order]


def days_tried(facts: Facts, *, since: Order, until: Order) -> set[date]:
    """The days on which we tried in vain since the candidate's last word and since the process (last) started."""
    return {facts.calendar.day(attempt.happened) for attempt in tries(facts, since=since, until=until)}


def tries(facts: Facts, *, since: Order, until: Order) -> list[Contact]:
    """The attempts that count towards not being reachable."""
    heard = [w.order for w in facts.words_from if w.order <= until]
    heard += [w.order for w in facts.words_to if w.way is Way.TALKED and w.order <= until]
    since = max([since, *heard])
    return [a for a in facts.attempts if since < a.order <= until]
