"""The gate before a process may end: no process ends in silence (shared/promises.md, "Refused at entry")."""

from datetime import datetime

from core.domain.facts import Answer, Way
from core.domain.life import Facts, Process
from core.domain.order import Order, just_after
from core.domain.rules import tells

TRIES = 3


def why_not_close(facts: Facts, process: Process, answer: Answer, at: datetime) -> str | None:
    """The sentence that keeps this process from ending with this answer; None when it may end."""
    then = just_after(at)
    started = process.last_started(then)
    if answer is Answer.TOLD:
        told = [word for word in facts.personal_words if tells(word, process) and started < word.order]
        return None if told else "Nobody has been told yet. Log what was said as feedback, or owe it from now on."
    if answer is Answer.UNREACHABLE and len(days := days_tried(facts, since=started, until=then)) < TRIES:
        return f"Not reachable takes three tries on three different days; so far {len(days)} since the last word."
    if answer is Answer.DO_NOT_CONTACT and not any(span.covers(then) for span in facts.forbidden):
        return "Do-not-contact is not set. Set it first, if that is what they asked for."
    return None


def days_tried(facts: Facts, *, since: Order, until: Order) -> set[object]:
    """The days on which we tried in vain since the candidate's last word and since the process (last) started."""
    heard = [w.order for w in facts.words_from if w.order <= until]
    heard += [w.order for w in facts.words_to if w.way is Way.TALKED and w.order <= until]
    since = max([since, *heard])
    return {facts.calendar.day(a.happened) for a in facts.attempts if since < a.order <= until}
