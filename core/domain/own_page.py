"""The candidate's own page in words, in each language it speaks; and how what candidates score us by is reckoned.

All of its texts lie in `data/own_page`, a file a language.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from core.domain.calendar import Calendar
from core.domain.facts import MeetingKind
from core.domain.promises import to_the_minute

FOLDER = Path(__file__).resolve().parents[2] / "data" / "own_page"
CHANNEL = "own page"
"""How a word came that was written there, and where a consent was given that was given there."""
TO_SEE, TO_BE_FORGOTTEN = "Request: see their data", "Request: be forgotten"
"""The subject of the word that is logged when somebody asks for it there. The word has no text."""
ASKED = {TO_SEE: "asked to see their data", TO_BE_FORGOTTEN: "asked to be forgotten"}
CONSENT_MONTHS = 12
HIGHEST = 10


@dataclass(frozen=True, slots=True)
class Words:
    """What the page says, in one language."""

    language: str
    said: Mapping[str, str]
    weekdays: tuple[str, ...]
    months: tuple[str, ...]

    def __call__(self, text: str, /, **fields: object) -> str:
        return self.said[text].format(**fields)

    def day(self, at: datetime, now: datetime, calendar: Calendar) -> str:
        """“Thu 5 Mar”, “w czwartek 5 marca”; with the year where it is another one."""
        return self.date(calendar.day(at), calendar.day(now))

    def date(self, when: date, today: date) -> str:
        words = f"{self.weekdays[when.weekday()]} {when.day} {self.months[when.month - 1]}"
        return words if when.year == today.year else f"{words} {when.year}"

    def next_word(self, who: str, due_at: datetime, now: datetime, calendar: Calendar) -> str:
        """“You will hear from Anna by Thu 5 Mar”; where that is over, that we are late."""
        who = who or self("us")
        if to_the_minute(now) > due_at:
            return self("late", who=who, day=self.day(due_at, now, calendar))
        if calendar.day(due_at) == calendar.day(now):
            return self("next_today", who=who, time=f"{due_at.astimezone(calendar.zone):%H:%M}")
        return self("next", who=who, day=self.day(due_at, now, calendar))

    def meeting(self, kind: MeetingKind, starts_at: datetime, now: datetime, calendar: Calendar) -> str:
        """“You have an interview on Thu 5 Mar at 10:00”, “We talk today at 10:00”."""
        time = f"{starts_at.astimezone(calendar.zone):%H:%M}"
        if calendar.day(starts_at) == calendar.day(now):
            return self(f"{kind}_today", time=time)
        return self(f"{kind}_on", day=self.day(starts_at, now, calendar), time=time)


def request_in(text: object, about: str | None) -> str:
    """Its subject, where a word is such a request; "" for any other word."""
    return about if about in ASKED and not text else ""


@cache
def words(language: str) -> Words:
    told = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return Words(language, told["said"], tuple(told["weekdays"]), tuple(told["months"]))


def net_score(scores: Mapping[int, int]) -> int:
    """Of scores and how often each was given: the share of 9 and 10 less that of 0 to 6, in points of a hundred."""
    n = sum(scores.values())
    glad = sum(number for score, number in scores.items() if score >= 9)
    sorry = sum(number for score, number in scores.items() if score <= 6)
    return round(100 * (glad - sorry) / n)
