"""What the figures over months have for rules: how late, how soon, whether we came, and from when on one is ghosted."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from core.domain.calendar import ONE_DAY, Calendar
from core.domain.facts import Absent, MeetingResult
from core.domain.life import Meeting
from core.domain.promises import NOT_TO_THE_CANDIDATE, Promise, Status

DAYS_EXACT, DAYS_STEP, DAYS_MOST = 20, 5, 60
HOURS_EXACT, HOURS_STEP, HOURS_MOST = 24, 8, 80
"""What is longer is counted by so many, and beyond the last together."""

NOT_TOLD = -1
"""In place of the working days, of a process that ended without a word that told."""


class Came(StrEnum):
    """What a meeting that was to be counts as."""

    UNNOTED = "unnoted"
    NOTED = "noted"
    MISSED = "missed"
    """By us."""


def came(meeting: Meeting) -> Came | None:
    """None, where it was cancelled: that counts nowhere."""
    outcome = meeting.outcome
    if outcome is None:
        return Came.UNNOTED
    if outcome.result is MeetingResult.CANCELLED:
        return None
    is_ours = outcome.result is MeetingResult.MISSED and outcome.absent is Absent.US
    return Came.MISSED if is_ours else Came.NOTED


def ghosted_on(promises: Iterable[Promise], calendar: Calendar) -> date | None:
    """The first day on which somebody has waited for one of our words twice as long as they were to; None: on no day.

    Counted from when the word was owed: due on the third day, it is twice that on the sixth. The day after is the one.
    """
    twice = (
        promise.due_at + (promise.due_at - promise.opened_at)
        for promise in promises
        if promise.status is Status.OPEN and promise.kind not in NOT_TO_THE_CANDIDATE
    )
    first = min(twice, default=None)
    return calendar.day(first) + ONE_DAY if first is not None else None


def counted_days(days: int) -> int:
    """Working days as they are counted: each up to twenty, by fives up to sixty."""
    return _counted(days, DAYS_EXACT, DAYS_STEP, DAYS_MOST)


def counted_hours(hours: int) -> int:
    """Working hours as they are counted: each up to twenty-four, by eights up to eighty."""
    return _counted(hours, HOURS_EXACT, HOURS_STEP, HOURS_MOST)


def _counted(number: int, exact: int, step: int, most: int) -> int:
    if number <= exact:
        return number
    return min(number // step * step, most)
