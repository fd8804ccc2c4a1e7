"""By what somebody is named in a text, and how they are taken out of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import phonenumbers
from phonenumbers import NumberParseException

ERASED = "[erased]"
"""Stands where somebody was named who was erased."""
_APART = r"[\s().\-/]*"
"""What people write between the digits of a number."""
_EXCERPT = 50


@dataclass(frozen=True)
class Identity:
    """Somebody's full names, addresses and profiles. Held in memory alone, while they are being erased."""

    names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()

    @cached_property
    def full_names(self) -> list[list[str]]:
        """First and last: one word alone names too many."""
        parts = [name.split() for name in dict.fromkeys(self.names)]
        return [words for words in parts if len(words) > 1]

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """None: there is nothing by which a text could name them."""
        found = [
            *(_full_name(words) for words in self.full_names),
            *(_full_name([*words[-1:], *words[:-1]]) for words in self.full_names),
            *(rf"(?<![\w.+-]){re.escape(email)}(?![\w-])" for email in self.emails),
            *map(_phone, self.phones),
            *(rf"{re.escape(_short(profile))}(?![\w-])" for profile in self.profiles),
        ]
        return re.compile("|".join(found), re.IGNORECASE) if found else None

    @cached_property
    def likes(self) -> list[str]:
        """Patterns of SQL's LIKE that find at least every such text, in lower case, with \\ before what is no sign."""
        words = [part for name in self.full_names for part in (name, [*name[-1:], *name[:-1]])]
        found = ["%".join(map(_like, part)) for part in words]
        found += [_like(text) for text in (*self.emails, *map(_short, self.profiles))]
        found += ["%".join(_digits(phone)) for phone in self.phones]
        return [f"%{like}%" for like in dict.fromkeys(found)]

    @property
    def number(self) -> int:
        return len(self.full_names) + len(self.emails) + len(self.phones) + len(self.profiles)

    def named_in(self, value: Any) -> str:
        """A few words around the first place that names them; "" where none does."""
        if self.pattern is None:
            return ""
        for text in _texts(value):
            if found := self.pattern.search(text):
                begin, end = max(found.start() - _EXCERPT, 0), found.end() + _EXCERPT
                return f"{'…' * (begin > 0)}{text[begin:end].strip()}{'…' * (end < len(text))}"
        return ""

    def taken_out_of(self, value: Any) -> Any:
        """The same value without them; what else it says stays."""
        if self.pattern is None:
            return value
        if isinstance(value, str):
            return self.pattern.sub(ERASED, value)
        if isinstance(value, dict):
            return {self.taken_out_of(key): self.taken_out_of(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.taken_out_of(one) for one in value]
        return value


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from (*_texts(key), *_texts(one))
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _full_name(words: list[str]) -> str:
    return r"(?<!\w)" + r"[\s,]+".join(map(re.escape, words)) + r"(?!\w)"


def _phone(number: str) -> str:
    country = re.escape(number.removeprefix("+")[: -len(_digits(number)) or None])
    return rf"(?<!\d)(?:(?:\+|00)?{country}{_APART}|0)?" + _APART.join(_digits(number)) + r"(?!\d)"


def _digits(number: str) -> str:
    """Without the country's code, which people leave out."""
    try:
        return str(phonenumbers.parse(number).national_number)
    except NumberParseException:
        return number.removeprefix("+")


def _short(profile: str) -> str:
    """“linkedin.com/in/noor”, however it was begun."""
    return profile.removeprefix("https://").removeprefix("www.")


def _like(text: str) -> str:
    """Letters that a database may not know in lower case, or writes otherwise, are any."""
    return "".join(f"\\{sign}" if sign in "%_\\" else sign if sign.isascii() else "%" for sign in text.lower())
