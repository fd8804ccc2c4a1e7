"""What cells say: days in the file's own convention, moments, and lists of words."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from core.domain.names import folded

DateOrder = Literal["DMY", "MDY", "ambiguous"]

_EXCEL_DAY_ZERO = date(1899, 12, 30)
_TIME = r"(?:[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?(?: ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})){0,2})?"
_ISO = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}})\.?{_TIME}")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_PARTS = re.compile(rf"(\d{{1,2}}) ?([./-]) ?(\d{{1,2}}) ?\2 ?(\d{{4}}|\d{{2}}) ?r?\.?{_TIME}")
_DAY_MONTH = re.compile(
    rf"(?:[^\W\d_]+\.?,? )?(\d{{1,2}})(?:st|nd|rd|th)?[. /-]+([^\W\d_]+)\.?,?[ /-]*(\d{{4}})(?: r\.?)?{_TIME}"
)
_MONTH_DAY = re.compile(rf"(?:[^\W\d_]+\.?, )?([^\W\d_]+)\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}}){_TIME}")
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")

# English, Polish (also "of May"), German; by their first letters where that is enough.
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janner stycznia styczen sty",
            "feb february februar luty lutego lut",
            "mar march marz maerz mrz marca marzec",
            "apr april kwietnia kwiecien kwi",
            "may mai maja maj",
            "jun june juni czerwca czerwiec cze",
            "jul july juli lipca lipiec lip",
            "aug august sierpnia sierpien sie",
            "sep sept september wrzesnia wrzesien wrz",
            "oct october okt oktober pazdziernika pazdziernik paz",
            "nov november listopada listopad lis",
            "dec december dez dezember grudnia grudzien gru",
        ),
        start=1,
    )
    for name in names.split()
}
_ROMAN = {name: number for number, name in enumerate("i ii iii iv v vi vii viii ix x xi xii".split(), start=1)}


def date_order(texts: Iterable[str]) -> DateOrder | None:
    """Whether a column writes the day or the month first; None where nothing in it could be either.

    One first part over 12 decides, or one second part; contradictions and silence are both ambiguous. With dots the day
    comes first everywhere.
    """
    day_first = month_first = dotted = open_ = False
    for text in texts:
        found = _PARTS.fullmatch(text)
        if found is None:
            continue
        if found[2] == ".":
            dotted = True
            continue
        open_ = True
        day_first |= int(found[1]) > 12
        month_first |= int(found[3]) > 12
    if not open_:
        return "DMY" if dotted else None
    if day_first == month_first:
        return "ambiguous"
    return "DMY" if day_first else "MDY"


@lru_cache(maxsize=16384)
def day(text: str, order: DateOrder | None) -> date | None:
    """The day a text says, or None; `a/b/yyyy` says none while its column's order is ambiguous."""
    if len(text) > 60:
        return None
    if found := _ISO.fullmatch(text):
        return _date(found[1], found[3], found[4])
    if found := _PARTS.fullmatch(text):
        first, dot, second, year = found.groups()[:4]
        if dot == "." or order == "DMY":
            return _date(year, second, first)
        return _date(year, first, second) if order == "MDY" else None
    if found := _DAY_MONTH.fullmatch(text):
        return _date(found[3], _month(found[2]), found[1])
    if found := _MONTH_DAY.fullmatch(text):
        return _date(found[3], _month(found[1]), found[2])
    if (found := _SERIAL.fullmatch(text)) and 20_000 <= int(found[1]) <= 60_000:
        return _EXCEL_DAY_ZERO + timedelta(days=int(found[1]))
    if found := _COMPACT.fullmatch(text):
        return _date(*found.groups())
    return None


def could_be_either(text: str) -> bool:
    """`03/04/2025`: a day, once its column says in which order."""
    found = _PARTS.fullmatch(text)
    return found is not None and found[2] != "." and 1 <= int(found[1]) <= 31 and 1 <= int(found[3]) <= 31


def moment(text: str) -> datetime | None:
    """A time of LinkedIn's export, `2026-03-05 14:22:11 UTC`."""
    found = re.fullmatch(
        r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(?: ?(?:UTC|Z|GMT|\+00:?00))?", text
    )
    if found is None:
        return None
    try:
        return datetime.fromisoformat(f"{found[1]}T{found[2]}").replace(tzinfo=UTC)
    except ValueError:
        return None


def words(text: str) -> list[str]:
    """Skills or tags of one cell, each once, in the order they stand."""
    found: dict[str, str] = {}
    for piece in _BETWEEN_WORDS.split(text):
        if word := " ".join(piece.split()):
            found.setdefault(word.casefold(), word)
    return list(found.values())


def labels(text: str) -> list[str]:
    """The tags of a cell, without those that Google sets itself (`* myContacts`)."""
    return [word for word in words(text) if not word.startswith("* ")]


_BETWEEN_WORDS = re.compile(r"\n[ \t]*[-*–] |^\s*[-–] |[;,|\n•●▪◦‣·]| ?::: ?")


def _date(year: str, month: str | int, day_of_month: str) -> date | None:
    number = int(year)
    if len(year) == 2:
        number += 1900 if number >= 70 else 2000
    try:
        return date(number, int(month), int(day_of_month)) if 1900 <= number <= 2100 else None
    except ValueError:
        return None


def _month(name: str) -> int:
    plain = folded(name)
    return _MONTHS.get(plain) or _ROMAN.get(plain) or _MONTHS.get(plain[:3], 0)
