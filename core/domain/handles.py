"""What reaches or names one person: e-mail, phone, LinkedIn and GitHub, each in its one normalised form."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple
from urllib.parse import unquote

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumberDesc, PhoneNumberFormat

HandleKind = Literal["email", "phone", "linkedin", "github"]
Reason = Literal["invalid_email", "noreply_email", "invalid_phone", "damaged_phone", "invalid_url"]


class Handle(NamedTuple):
    """A tuple for its speed: an import hashes hundreds of thousands of them."""

    kind: HandleKind
    value: str


class Found(NamedTuple):
    """What a text holds of one kind: the normalised values in their order, and why the rest is none."""

    values: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()

    @property
    def value(self) -> str | None:
        return self.values[0] if self.values else None

    @property
    def reason(self) -> Reason | None:
        return self.reasons[0] if self.reasons else None


NOTHING = Found()
_SEPARATED = re.compile(r"[;,|\n]|\s:::\s|:::")


def email(text: str) -> Found:
    """The addresses of a text, lower case; `mailto:` and `Name <a@b>` unwrapped, nothing repaired."""
    address = text.strip().lower()
    if _PLAIN_ADDRESS.fullmatch(address) and "reply" not in address and len(address) <= 64:
        return Found((address,))
    return _gathered(_addresses(address), _one_email)


def phone(text: str, region: str) -> Found:
    """The numbers of a text as E.164; one without a country code is read as one of `region`.

    A number that a spreadsheet has rounded (`4.8601E+10`) is never made whole again.
    """
    if len(text) > _LONGEST_CELL:
        return Found(reasons=("invalid_phone",))
    if ("e" in text or "E" in text) and _ROUNDED.fullmatch(text):
        return Found(reasons=("damaged_phone",))
    whole = _one_phone(text, region)  # before splitting, since a German writes 040/66969241
    if whole is not None:
        return Found((whole,))
    return _gathered(_numbers(text), lambda piece: _one_phone(piece, region) or "invalid_phone")


def linkedin(text: str) -> Found:
    """The personal profiles of a text, as https://www.linkedin.com/in/name; a company's page is none."""
    return _gathered(_addresses_of_pages(text), _one_linkedin)


def github(text: str) -> Found:
    """The users of a text, as https://github.com/user; a name standing alone is one too."""
    return _gathered(_addresses_of_pages(text), lambda piece: _one_github(piece, alone=True))


def profile(text: str) -> tuple[tuple[Handle, ...], tuple[Reason, ...]]:
    """The LinkedIn and GitHub profiles of a text that may hold either, by their addresses alone."""
    if plain := _PLAIN_PROFILE.fullmatch(text):
        return (Handle("linkedin", f"https://www.linkedin.com/in/{plain[1]}"),), ()
    handles: list[Handle] = []
    reasons: list[Reason] = []
    for piece in _addresses_of_pages(text):
        if (found := _one_linkedin(piece)) != "invalid_url":
            handles.append(Handle("linkedin", found))
        elif (found := _one_github(piece, alone=False)) != "invalid_url":
            handles.append(Handle("github", found))
        else:
            reasons.append("invalid_url")
    return tuple(dict.fromkeys(handles)), tuple(dict.fromkeys(reasons))


def is_company_page(text: str) -> bool:
    return bool(_COMPANY_PAGE.search(text))


def mailbox(address: str) -> str:
    """The address without its `+tag`: what is sent to either lands in one mailbox."""
    local, _, domain = address.partition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def _gathered(pieces: Iterator[str], read: Callable[[str], str]) -> Found:
    """Each value once. What `read` answers may be a reason why there is none: those are kept apart."""
    values: dict[str, None] = {}
    reasons: dict[Reason, None] = {}
    for piece in pieces:
        found = read(piece)
        if found in _REASONS:
            reasons[_REASONS[found]] = None
        else:
            values[found] = None
    return Found(tuple(values), tuple(reasons))


_REASONS: dict[str, Reason] = {
    "invalid_email": "invalid_email",
    "noreply_email": "noreply_email",
    "invalid_phone": "invalid_phone",
    "invalid_url": "invalid_url",
}


def _pieces(text: str) -> Iterator[str]:
    for piece in _SEPARATED.split(text):
        if stripped := piece.strip():
            yield stripped


# E-mail

_PLAIN_ADDRESS = re.compile(r"[a-z0-9_-]+(?:[.+][a-z0-9_-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_ADDRESS = re.compile(
    r"""[^\s@<>()\[\]\\,;:".]+(?:\.[^\s@<>()\[\]\\,;:".]+)*"""  # any script, no dot first, last or twice
    r"@(?:[^\W_](?:[\w-]*[^\W_])?\.)+(?:xn--[a-z0-9-]+|[^\W\d_]{2,})"
)
# What stands beside an address and is no part of it; any other word might be: `jan kowalski@x.example` is no address.
_BESIDE_ADDRESSES = re.compile(r"[/–-]|lub|or|oder|i|and|und|[^\W\d_]{1,20}(?:-[^\W\d_]{1,20})?:|\([^()@]*\)")
_NOREPLY = re.compile(r"(?:no|do-?not|donot)[-_.]?reply(?:[+-].*)?")


def _one_email(text: str) -> str:
    address = text.removeprefix("mailto:").partition("?")[0].strip() if text.startswith("mailto:") else text
    if len(address) > 254 or len(address.partition("@")[0]) > 64 or not _ADDRESS.fullmatch(address):
        return "invalid_email"
    return "noreply_email" if _is_noreply(address) else address


def _is_noreply(address: str) -> bool:
    local, _, domain = address.partition("@")
    return domain == "users.noreply.github.com" or ("reply" in local and bool(_NOREPLY.fullmatch(local)))


def _addresses(text: str) -> Iterator[str]:
    position = 0
    for bracketed in re.finditer(r"<([^<>]*)>", text):
        before = text[position : bracketed.start()]
        yield from (piece for piece in _pieces(before) if "@" in piece)  # the others are the name before the bracket
        yield bracketed[1].strip()
        position = bracketed.end()
    for piece in _pieces(text[position:]):
        words = [word for word in piece.split() if not _BESIDE_ADDRESSES.fullmatch(word)]
        yield from words if words and all("@" in word for word in words) else [piece]


# Phone

_LONGEST_CELL = 500  # characters that may hold phones; a longer text is about something else
_ROUNDED = re.compile(r"\s*[+-]?\d+(?:[.,]\d+)?\s*[eE]\s*\+?\s*\d+\s*")
_EXTENSION = re.compile(
    r"(?:\b(?:ext|extn|wew|durchwahl|dw|int)\b\.?|#|\bx(?=\s*\d))\s*:?\s*\d{1,6}\s*$", re.IGNORECASE
)
_WHOLE_NUMBER = re.compile(r"(\d{6,})[.,]0+")
_PLAINLY_ABROAD = re.compile(r"\+[0-9][0-9 ]{7,20}")  # as most lists write it: nothing below would change it
_WRITTEN = re.compile(r"[(\s]*\+?[\d\s().\-/–‒‐‑]*")
_NUMBER_PARTS = re.compile(r"[;,|/\n]|:::|[^\W\d_]+[.:]?|(?<=\d)\s+(?=\+)")
_QUOTES = "='\"’`"  # Excel's own way to keep a number a text: ="601222333"


def _numbers(text: str) -> Iterator[str]:
    """Numbers in a list or among words: `tel. 502 031 431`, `601 222 333 or 601 222 334`."""
    any_digits = False
    for piece in _NUMBER_PARTS.split(_EXTENSION.sub("", text)):
        if any(character.isdigit() for character in piece):
            any_digits = True
            yield piece
    if not any_digits:
        yield text


def _one_phone(text: str, region: str) -> str | None:
    if _PLAINLY_ABROAD.fullmatch(text):
        return _valid_abroad(text[1:].replace(" ", ""))
    if not text.isascii():
        text = "".join(_plain_digit(character) for character in unicodedata.normalize("NFKC", text))
    text = text.strip().strip(_QUOTES)
    if whole := _WHOLE_NUMBER.fullmatch(text):
        text = whole[1]
    if not _WRITTEN.fullmatch(text):
        return None
    digits = "".join(filter(str.isdigit, text.replace("(0)", "") if text.startswith(("+", "00", "(")) else text))
    if text.lstrip("( ").startswith("+"):
        return _valid_abroad(digits)
    if digits.startswith("00"):
        return _valid_abroad(digits[2:])
    return _valid_at_home(digits, region) or _valid_abroad(digits)


def _plain_digit(character: str) -> str:
    return str(unicodedata.digit(character)) if character.isdigit() else character


def _valid_abroad(digits: str) -> str | None:
    """The number these digits make with a `+` before them."""
    if len(digits) > 15 or digits.startswith("0"):
        return None
    known = _plan_beginning(digits[:3])
    if known and known.is_plainly(digits[len(known.code) :]):
        return "+" + digits
    return _parsed("+" + digits, None)


@lru_cache(maxsize=1024)
def _plan_beginning(digits: str) -> "_Plan | None":
    """The plan of the country whose code these begin with."""
    for length in (1, 2, 3):
        if regions := phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:length] or "0")):
            return _plan(regions[0])
    return None


def _valid_at_home(digits: str, region: str) -> str | None:
    known = _plan(region)
    if known and known.is_plainly(digits) and not digits.startswith(known.code):
        return f"+{known.code}{digits}"
    return _parsed(digits, region)


@lru_cache(maxsize=65536)
def _parsed(text: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


class _Plan(NamedTuple):
    """How one country writes its numbers. It answers only where phonenumbers surely agrees, four times as fast."""

    code: str
    dialled_first: re.Pattern[str]
    any_number: re.Pattern[str]
    shapes: tuple[tuple[frozenset[int], re.Pattern[str]], ...]

    def is_plainly(self, digits: str) -> bool:
        if digits.startswith("0") or self.dialled_first.match(digits):
            return False
        for lengths, shape in self.shapes:
            if len(digits) in lengths and shape.fullmatch(digits):
                return self.any_number.fullmatch(digits) is not None
        return False


@lru_cache(maxsize=512)
def _plan(region: str) -> _Plan | None:
    country = PhoneMetadata.metadata_for_region(region, None)
    any_number = country.general_desc if country else None
    if country is None or country.leading_digits or any_number is None or not any_number.national_number_pattern:
        return None
    kinds: list[PhoneNumberDesc | None] = [country.mobile, country.fixed_line]
    first = [prefix for prefix in (country.national_prefix_for_parsing, country.international_prefix) if prefix]
    return _Plan(
        str(country.country_code),
        re.compile("|".join(f"(?:{prefix})" for prefix in first) or "(?!)"),
        re.compile(any_number.national_number_pattern),
        tuple(
            (frozenset(kind.possible_length), re.compile(kind.national_number_pattern))
            for kind in kinds
            if kind is not None and kind.national_number_pattern
        ),
    )


# Profiles

_PLAIN_PROFILE = re.compile(r"https?://(?:www\.)?linkedin\.com/in/([a-z0-9]+(?:-[a-z0-9]+)*)/?")
_LINKEDIN = re.compile(
    r"(?:(?:^|[\s:(/.@])linkedin\.com(?:/mwlite)?|^)/?(?P<kind>in|pub)/(?P<name>[^/?#\s<>()\[\]]+)(?P<rest>[^?#\s]*)",
    re.IGNORECASE,
)
_COMPANY_PAGE = re.compile(r"linkedin\.com/(?:company|school|showcase)/", re.IGNORECASE)
_GITHUB = re.compile(r"(?:^|[\s:(</.@])(?:gist\.)?github\.com[/:]@?(?P<name>[a-z\d-]+)(?:[/?#)>\]].*)?$", re.IGNORECASE)
_GITHUB_PAGES = re.compile(r"(?:https?://)?(?P<name>[a-z\d-]+)\.github\.io(?:[/?#].*)?", re.IGNORECASE)
_GITHUB_NAME = re.compile(r"@?(?P<name>[a-z\d](?:-?[a-z\d]){0,38})", re.IGNORECASE)
_NO_USER = frozenset(
    "about apps collections contact customer-stories enterprise events explore features issues join login marketplace "
    "new notifications orgs organizations pricing pulls search security settings signup site sponsors team topics "
    "trending users www yes no tak nie ja nein true false private public none unknown github".split()
)


def _addresses_of_pages(text: str) -> Iterator[str]:
    for piece in _pieces(text):
        words = piece.split()
        yield from words if len(words) > 1 and all("/" in word for word in words) else [piece]


def _one_linkedin(text: str) -> str:
    found = _LINKEDIN.search(text)
    if found is None:
        return "invalid_url"
    name = found["name"]
    if "%" in name or not name.isascii():
        name = unicodedata.normalize("NFC", unquote(name))
    if found["kind"].lower() == "pub":
        name = _newer_name(name, found["rest"])
    name = name.strip().lower()
    if not any(character.isalnum() for character in name) or any(c in "/?#" or c.isspace() for c in name):
        return "invalid_url"
    return f"https://www.linkedin.com/in/{name}"


def _newer_name(name: str, rest: str) -> str:
    """An old address, /pub/jan-kowalski/5/b0a/123, became /in/jan-kowalski-123b0a5."""
    numbers = [part for part in rest.split("/") if part]
    if len(numbers) < 3 or not all(re.fullmatch(r"[0-9a-f]{1,3}", part, re.IGNORECASE) for part in numbers[:3]):
        return name
    first, second, third = numbers[:3]
    return f"{name}-{third:0>3}{second:0>3}{first}"


def _one_github(text: str, *, alone: bool) -> str:
    found = _GITHUB.search(text) or _GITHUB_PAGES.fullmatch(text)
    if found is None and alone:
        found = _GITHUB_NAME.fullmatch(text)
    name = found["name"].lower() if found else ""
    if name in _NO_USER or not _GITHUB_NAME.fullmatch(name):
        return "invalid_url"
    return f"https://github.com/{name}"
