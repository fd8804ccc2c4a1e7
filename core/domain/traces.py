"""By what somebody is named in a text, and how they are taken out of it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from typing import Any

import phonenumbers
from phonenumbers import NumberParseException

from core.domain.handles import Handle, email, profile

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

    @classmethod
    def known_by(cls, handles: Iterable[Handle]) -> "Identity":
        """Whoever has one of these addresses, by these alone."""
        of: dict[str, list[str]] = {}
        for kind, value in sorted(handles):
            of.setdefault(kind, []).append(value)
        profiles = (*of.get("linkedin", ()), *of.get("github", ()))
        return cls((), tuple(of.get("email", ())), tuple(of.get("phone", ())), profiles)

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
            *(rf"{_profile(profile)}(?![\w-])" for profile in self.profiles),
        ]
        return re.compile("|".join(found), re.IGNORECASE) if found else None

    @cached_property
    def likes(self) -> list[str]:
        """Patterns of SQL's LIKE that find at least every such text, in lower case, with \\ before what is no sign."""
        words = [part for name in self.full_names for part in (name, [*name[-1:], *name[:-1]])]
        found = ["%".join(map(_like, part)) for part in words]
        found += [_like(text) for text in (*self.emails, *chain.from_iterable(map(_begins, self.profiles)))]
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


def addresses_in(text: str, region: str) -> Iterator[Handle]:
    """What among the words of a text may be an address, to be looked up; of a number each that its digits may mean.

    Without a country code it is one of `region`. Whether there is such a number would take longer to tell.
    """
    if "@" in text:
        for found in _EMAIL.findall(text):
            yield from (Handle("email", value) for value in email(found.strip(".")).values)
    if ".com/" in text:
        for found in _PROFILE.findall(text):
            yield from profile(found.rstrip(".:!?"))[0]
    numbers = _NUMBER.findall(text)
    if numbers and (without := _DATE.sub(";", text)) != text:
        numbers = [*numbers, *_NUMBER.findall(without)]
    for found in dict.fromkeys(numbers):
        yield from (Handle("phone", f"+{digits}") for digits in _numbers_meant(found, region))


# Each is bounded, so that a long cell without a space takes no longer than its length.
_EMAIL = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}")
_PROFILE = re.compile(r"""(?:linkedin\.com/(?:in|pub)|github\.com)/[^\s<>()\[\]"',;]{1,200}""", re.IGNORECASE)
_DAY = r"(?:(?:19|20)\d\d[-./]\d\d[-./]\d\d|\d\d[-./]\d\d[-./](?:19|20)\d\d)"
_DATE = re.compile(rf"{_DAY}|\b\d{{1,2}}[-./]\d{{1,2}}[-./](?:19|20)?\d\d\b|\b(?:19|20)\d\d\b|\b\d{{1,2}}:\d\d\b")
"""A number may stand right beside it: without it, the two would be read as one."""
_NUMBER = re.compile(r"(?<![\w+])(?:\+ ?)?\(?\d[\d ().-]{5,20}\d(?!\w)")
_LONGEST_NUMBER = 15


def _numbers_meant(text: str, region: str) -> Iterator[str]:
    digits = "".join(filter(str.isdigit, text.replace("(0)", "")))
    if len(digits) > _LONGEST_NUMBER:
        return
    if text.startswith("+"):
        yield digits
    elif digits.startswith("00"):
        yield digits[2:]
    else:
        yield f"{_country_code(region)}{digits.removeprefix('0')}"
        yield digits


@cache
def _country_code(region: str) -> int:
    return phonenumbers.country_code_for_region(region)


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
    begins, ends = rf"(?:(?<!\d)|(?<={_DAY}))", rf"(?:(?!\d)|(?={_DAY}))"
    return rf"{begins}(?:(?:\+|00)?{country}{_APART}|0)?{_APART.join(_digits(number))}{ends}"


def _digits(number: str) -> str:
    """Without the country's code, which people leave out."""
    try:
        return str(phonenumbers.parse(number).national_number)
    except NumberParseException:
        return number.removeprefix("+")


def _short(profile: str) -> str:
    """“linkedin.com/in/noor”, however it was begun."""
    return profile.removeprefix("https://").removeprefix("www.")


_LINKEDIN = re.compile(
    r"linkedin\.com/in/(?P<whole>(?P<name>.+?)(?:-(?P<third>[0-9a-f]{3})(?P<second>[0-9a-f]{3})(?P<first>[0-9a-f]{1,3}))?)"
)


def _profile(profile: str) -> str:
    """Also as LinkedIn wrote it before 2013, which `handles.linkedin` reads."""
    short = _short(profile)
    if (known := _LINKEDIN.fullmatch(short)) is None:
        return re.escape(short)
    whole, numbers = re.escape(known["whole"]), known.group("first", "second", "third")
    ways = [f"in/{whole}", rf"pub/{whole}(?!(?:/[0-9a-f]{{1,3}}){{3}})"]  # with numbers behind it is a namesake's
    if known["first"]:
        ways.append("/".join([f"pub/{re.escape(known['name'])}", *(f"0*{one.lstrip('0') or '0'}" for one in numbers)]))
    return rf"linkedin\.com/(?:{'|'.join(ways)})"


def _begins(profile: str) -> list[str]:
    """What all that `_profile` finds begins with."""
    short = _short(profile)
    known = _LINKEDIN.fullmatch(short)
    return [short, f"linkedin.com/pub/{known['name']}"] if known else [short]


def _like(text: str) -> str:
    """Letters that a database may not know in lower case, or writes otherwise, are any."""
    return "".join(f"\\{sign}" if sign in "%_\\" else sign if sign.isascii() else "%" for sign in text.lower())
