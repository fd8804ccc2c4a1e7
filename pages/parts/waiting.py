"""Somebody who waits for a word, as a row says it: how late, whose move it is, what was said last. Markdown."""

from collections.abc import Sequence
from datetime import datetime

from core.domain.calendar import Calendar
from core.domain.facts import Turn
from core.domain.promises import State
from core.domain.reasons import Reason
from core.queries.last_words import LastWord
from core.queries.promises import Waiting
from pages.parts import wording
from pages.parts.layout import badge
from pages.parts.wording import md


def badges(row: Waiting, now: datetime, calendar: Calendar) -> str:
    """How late, and whose move it is."""
    turn = {Turn.OURS: badge("our turn", "violet"), Turn.CLIENT: badge("client’s turn")}
    snoozed = f" {badge(snoozed_from(row, now, calendar))}" if row.is_snoozed else ""
    return f"{lateness(row, now, calendar)} {turn.get(row.turn, badge('candidate’s turn'))}{snoozed}"


def snoozed_from(row: Waiting, now: datetime, calendar: Calendar) -> str:
    """“snoozed from Tue 3 Mar”: when it was due."""
    return f"snoozed from {wording.day(calendar.day(row.rule_due_at), calendar.day(now))}"


def lateness(row: Waiting, now: datetime, calendar: Calendar) -> str:
    if row.state is State.OVERDUE:
        return badge(wording.lateness(row.due_at, now, calendar), "red")
    if row.state is State.DUE:
        return badge("today", "blue")
    return badge(wording.due(row.due_at, now, calendar))


def since(row: Waiting, now: datetime, calendar: Calendar) -> str:
    """“since Thu 26 Feb”; of what is due today also by when."""
    when = wording.since(row.opened_at, now, calendar)
    return f"{wording.due(row.due_at, now, calendar)}, {when}" if row.state is State.DUE else when


def worth_saying(reasons: Sequence[Reason]) -> list[str]:
    """Why to write, in one line; no line where nothing is known."""
    return [f"Worth saying: {' · '.join(md(reason.said) for reason in reasons)}"] if reasons else []


def last_words(row: Waiting, now: datetime, calendar: Calendar) -> list[str]:
    """The last word each way; what was spoken live is both."""
    if row.from_us is not None and row.from_us == row.from_them:
        return [said("We spoke", row.from_us, now, calendar)]
    return [said("They", row.from_them, now, calendar), said("We", row.from_us, now, calendar)]


def said(who: str, word: LastWord | None, now: datetime, calendar: Calendar) -> str:
    if word is None:
        return f"No word from {'them' if who == 'They' else 'us'} yet"
    on, today = calendar.day(word.at), calendar.day(now)
    when = wording.moment(word.at, now, calendar) if on == today else wording.day(on, today)
    how = f", {md(word.channel)}" if word.channel and not word.text else ""
    live = " · spoke live" if word.was_live and who != "We spoke" else ""
    what = f" · {wording.quote(word.text) if word.text else word.asked}" if word.text or word.asked else live
    return f"{who}, {md(when)}{how}{what}"
