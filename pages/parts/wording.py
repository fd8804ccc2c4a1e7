"""How pages say things: text made safe, dates, counts and lateness in the words a person would use."""

import re
from datetime import date, datetime, timedelta

from core.domain import words
from core.domain.calendar import Calendar
from core.domain.facts import OpeningStatus, Turn
from core.domain.percentiles import FEWEST

plural, span, length, listed, COLUMNS = words.plural, words.span, words.length, words.listed, words.COLUMNS
_ADDRESS = re.compile(r"(https?:|www)(?=//|\.)", re.IGNORECASE)
"""Where an address begins that Markdown would make a link of, escaped or not; an unseen mark after it stops that."""
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~:$&/@\"'=])")
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

STATUSES = {
    OpeningStatus.OPEN: "open",
    OpeningStatus.HELD: "on hold",
    OpeningStatus.FILLED: "filled",
    OpeningStatus.CANCELLED: "cancelled",
}
"""How an opening stands."""
TURNS = {Turn.OURS: "our turn", Turn.CLIENT: "client’s turn", Turn.CANDIDATE: "candidate’s turn"}


def md(text: object) -> str:
    """Text that people typed, so that Markdown says it as it stands: no link, no picture, no colour comes of it."""
    words = " ".join(str(text).split())
    if "http" in (folded := words.lower()) or "www" in folded:
        words = _ADDRESS.sub("\\g<0>\u2060", words)
    return _MARKDOWN.sub(r"\\\1", words)


def as_text(text: object) -> str:
    """The same for what is only looked at: no e-mail address in it becomes a link either.

    An unseen mark does that, which whoever copies it would copy.
    """
    return md(text).replace("\\@", "\u2060\\@")


def aloud(text: object) -> str:
    """The same for a label that is only read aloud, where an escape would be read too: no sign of Markdown is in it."""
    return " ".join(_MARKDOWN.sub(" ", str(text)).split())


def quote(text: str, limit: int = 140) -> str:
    """In “ ”, on one line, cut between words where it is long. Safe in Markdown."""
    return f"“{md(words.excerpt(text, limit))}”"


def day(when: date, today: date) -> str:
    """“Tue 3 Mar”, with the year if it is not this one."""
    words = f"{_WEEKDAYS[when.weekday()]} {when.day} {_MONTHS[when.month - 1]}"
    return words if when.year == today.year else f"{words} {when.year}"


def days(begin: date, end: date, today: date) -> str:
    """“Tue 3 Mar”, “Tue 3 Mar to Sun 8 Mar”."""
    return day(begin, today) if begin == end else f"{day(begin, today)} to {day(end, today)}"


def time(moment: datetime, calendar: Calendar) -> str:
    """“17:00”, on the team's clock."""
    return f"{moment.astimezone(calendar.zone):%H:%M}"


def moment(at: datetime, now: datetime, calendar: Calendar) -> str:
    """“today 14:05”, “Tue 3 Mar, 14:05”."""
    when, today = calendar.day(at), calendar.day(now)
    return f"today {time(at, calendar)}" if when == today else f"{day(when, today)}, {time(at, calendar)}"


def since(at: datetime, now: datetime, calendar: Calendar) -> str:
    """“since Thu 26 Feb”, “since 09:12” if it began today."""
    if calendar.day(at) == calendar.day(now):
        return f"since {time(at, calendar)}"
    return f"since {day(calendar.day(at), calendar.day(now))}"


def due(at: datetime, now: datetime, calendar: Calendar) -> str:
    """“by 17:00” for today, “by Thu 5 Mar” for another day."""
    if calendar.day(at) == calendar.day(now):
        return f"by {time(at, calendar)}"
    return f"by {day(calendar.day(at), calendar.day(now))}"


def lateness(at: datetime, now: datetime, calendar: Calendar) -> str:
    """How late an overdue word is, in working days; on its own day, or before the next working one, since when."""
    late = calendar.working_days_late(at, now)
    if late:
        return f"{plural(late, 'working day')} late"
    if calendar.day(at) == calendar.day(now):
        return f"late since {time(at, calendar)}"
    return f"late since {day(calendar.day(at), calendar.day(now))}"


def lasting(time: timedelta) -> str:
    """“30 minutes”, “5 hours”, “3 days”: so much of it is over."""
    minutes = int(time.total_seconds() // 60)
    if minutes < 60:
        return plural(minutes, "minute")
    return plural(minutes // 60, "hour") if minutes < 48 * 60 else plural(minutes // 1440, "day")


HANDED_OVER = "To ask a colleague first, or to share out many, hand over from the page Team."
"""Where an owner is changed without a word."""


def spelled(number: int, one: str = "", many: str | None = None) -> str:
    """“three”, “1,336”, “one person is”: as words up to twelve. `spelled(3).capitalize()` begins a title."""
    word = _WORDS[number] if 0 <= number < len(_WORDS) else f"{number:,}"
    return f"{word} {one if number == 1 else many or one + 's'}" if one else word


def share(part: int, whole: int) -> str:
    """“94%”; “too few to say (3)” where the whole is under five."""
    return f"too few to say ({whole})" if whole < FEWEST else f"{round(100 * part / whole)}%"
