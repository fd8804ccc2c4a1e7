"""Whether two names, or two companies, may well be one and the same, though they are written differently.

What two people type of one name differs by alphabet (Шевченко, Shevchenko, Szewczenko), by accents and umlauts (Müller,
Mueller), by short form (Kasia), by an initial, by a part left out, or by one slip of a finger. Anything beyond that
is another name. Every answer is a reason, in one word; "" is no.
"""

import re
from functools import lru_cache
from itertools import permutations
from typing import NamedTuple

from anyascii import anyascii
from rapidfuzz.distance import OSA

from core.domain.names import folded
from core.domain.short_forms import SAME_PERSON

LONG = 6
"""Letters from which on a slip leaves no doubt which word was meant."""
LONGEST = 100
"""What is longer is no name that anybody would look through."""
MOST_BLOCKS = 6

# As it sounds, roughly: one spelling for what Polish, German, English and Ukrainian write each in their way. х and ч
# are both written "ch" by somebody, г both "h" and "g".
_SOUNDS = {
    "tsch": "c", "tch": "c", "sch": "s", "ch": "c", "cz": "c", "kh": "c", "ts": "c", "tz": "c", "sh": "s", "sz": "s",
    "zh": "z", "ou": "u", "th": "t", "ph": "f", "ck": "k", "qu": "kv", "x": "ks", "ae": "a", "oe": "o", "ue": "u",
    "w": "v", "y": "i", "j": "i", "h": "g",
}  # fmt: skip
_SPELLED = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_DOUBLE = re.compile(r"(.)\1+")
_NO_LETTER = re.compile(r"[^a-z0-9]+")
_VOWELS = re.compile(r"[aeiou]")
_PARTICLES = frozenset(
    "van von vom de der den del della di da das do dos du la le el al zu zum zur ter ten bin ibn bint abu ben y i e o "
    "d mc mac san saint st".split()
)
# Words that many companies have in their names: alone they say nothing.
_ANY_COMPANY = frozenset(
    "the bank group grupa gruppe holding polska poland deutschland germany europe international global technologies "
    "technology tech software solutions services service systems studio consulting digital it labs lab media agency "
    "agencja firma company centrum center und i and of fur".split()
)


class Part(NamedTuple):
    """A part of a name: as it sounds, for which first names it may stand, and with what letter each begins."""

    text: str
    sound: str
    short_for: frozenset[int]
    letters: tuple[str, ...]

    @property
    def is_given(self) -> bool:
        return bool(self.short_for)


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """One folded word as it sounds, in Latin letters; "" where nothing of it can be said."""
    if not word.isascii():
        word = _NO_LETTER.sub("", folded(anyascii(word)))
    return _DOUBLE.sub(r"\1", _SPELLED.sub(lambda found: _SOUNDS[found[0]], word))


def blocks(name_key: str, company_key: str) -> list[str]:
    """What two people must share for their names to be compared at all: a company, about, one part and a letter.

    Few for anybody, and each shared by few: people whose names are alike have at least one part that sounds the same.
    """
    if not company_key or " " not in name_key or len(name_key) > LONGEST or len(company_key) > LONGEST:
        return []
    company = _block(company_key)
    if not company:
        return []
    parts = _parts(name_key)
    if len(parts) == 2:
        one, other = parts
        found = [f"{company}|{one.sound}.{letter}" for letter in other.letters] if len(one.sound) > 1 else []
        if len(other.sound) > 1:
            found += [f"{company}|{other.sound}.{letter}" for letter in one.letters]
        return found
    surnames = [part for part in parts if not part.is_given] or list(parts)
    found = []
    for one, other in permutations(parts, 2):
        if one in surnames and len(one.sound) > 1:
            found += [f"{company}|{one.sound}.{letter}" for letter in other.letters]
    return list(dict.fromkeys(found))[:MOST_BLOCKS]


def names_alike(one: str, other: str) -> str:
    """Why these keys of names (see `names.name_key`) may be one person's, by what differs most; "" if they are not."""
    if one == other:
        return "name"
    if max(len(one), len(other)) > LONGEST:
        return ""
    fewer, more = sorted((_parts(one), _parts(other)), key=len)
    if len(fewer) < 2 or len(more) - len(fewer) > 2:
        return ""
    same, fewer_left, more_left = _same_sounds(fewer, more)
    sure = [part for part in same if len(part.sound) > 1]
    if not sure:
        return ""
    reasons = {"other_spelling"}
    for part in fewer_left:
        reason, meant = next(((why, it) for it in more_left if (why := _part_alike(part, it, sure))), ("", part))
        if not reason or reason in reasons:
            return ""
        more_left.remove(meant)
        reasons.add(reason)
    if more_left:
        reasons.add("shorter_name")
    if "slip_in_name" in reasons and len(reasons) > 2:
        return ""
    return next(reason for reason in _WEAKEST_FIRST if reason in reasons)


_WEAKEST_FIRST = ("slip_in_name", "initial", "shorter_name", "short_name", "other_spelling")


@lru_cache(maxsize=65536)
def companies_alike(one: str, other: str) -> str:
    """The same of two keys of companies (see `names.company_key`)."""
    if one == other:
        return "company" if one else ""
    if not one or not other or max(len(one), len(other)) > LONGEST:
        return ""
    words, others = [sound(word) for word in one.split()], [sound(word) for word in other.split()]
    if "".join(words) == "".join(others):
        return "company"
    fewer, more = sorted((set(words), set(others)), key=len)
    if fewer < more and not fewer <= _ANY_COMPANY_SOUNDS:
        return "shorter_company"
    return "slip_in_company" if _is_slip("".join(words), "".join(others)) else ""


def _same_sounds(fewer: tuple[Part, ...], more: tuple[Part, ...]) -> tuple[list[Part], list[Part], list[Part]]:
    same, left, there = [], [], list(more)
    for part in fewer:
        meant = next((it for it in there if it.sound == part.sound and not _are_two_names(it, part)), None)
        if meant is None:
            left.append(part)
        else:
            there.remove(meant)
            same.append(part)
    return same, left, there


def _are_two_names(one: Part, other: Part) -> bool:
    """First names that sound alike and yet are two: Jarosław and Yaroslav."""
    if one.text == other.text or not one.short_for or not other.short_for:
        return False
    return one.short_for.isdisjoint(other.short_for)


def _part_alike(one: Part, other: Part, sure: list[Part]) -> str:
    if len(one.sound) == 1 or len(other.sound) == 1:
        # "Jan K." could be anybody; "J. Kowalski" hardly.
        has_surname = len(sure) > 1 or not sure[0].is_given
        return "initial" if has_surname and not _letters(one).isdisjoint(_letters(other)) else ""
    if one.short_for or other.short_for:
        if not one.short_for.isdisjoint(other.short_for):
            return "short_name"
        if one.short_for and other.short_for:
            return ""
    return "slip_in_name" if _is_slip(one.text, other.text) and not _is_other_gender(one.text, other.text) else ""


def _letters(part: Part) -> set[str]:
    return {part.sound[0]} if len(part.sound) == 1 else set(part.letters)


def _is_slip(one: str, other: str) -> bool:
    """One letter more, less, other or swapped, in a long word, and not its first; a number is never a slip."""
    if min(len(one), len(other)) < LONG or one[0] != other[0] or abs(len(one) - len(other)) > 1:
        return False
    if _digits(one) != _digits(other):
        return False
    return OSA.distance(one, other, score_cutoff=1) <= 1


def _is_other_gender(one: str, other: str) -> bool:
    """Kowalski and Kowalska, Daniel and Daniela: two people, by their very endings."""
    return one.rstrip("aeiouy") == other.rstrip("aeiouy")


def _digits(text: str) -> list[str]:
    return [character for character in text if character.isdigit()]


@lru_cache(maxsize=65536)
def _block(company_key: str) -> str:
    """The first word that tells companies apart, as its first letter and its consonants: most slips leave it."""
    words = [word for word in map(sound, company_key.split()) if word]
    if not words:
        return ""
    word = next((word for word in words if word not in _ANY_COMPANY_SOUNDS), words[0])
    return word[0] + "".join(sorted(set(_VOWELS.sub("", word[1:]))))


def _parts(name_key: str) -> tuple[Part, ...]:
    """Particles only count where nothing else would be left."""
    parts = [part for part in map(_part, name_key.split()) if part.sound]
    kept = [part for part in parts if part.text not in _PARTICLES]
    return tuple(kept if len(kept) > 1 else parts)


@lru_cache(maxsize=65536)
def _part(text: str) -> Part:
    said = sound(text)
    lines = _LINES_OF.get(text) or _LINES_OF_SOUND.get(said, [])
    letters = dict.fromkeys([said[:1], *(_FIRST_OF_LINE[line][0] for line in lines)]) if said else ()
    return Part(text, said, frozenset(lines), tuple(letters))


_LINES = [line.split() for line in SAME_PERSON.strip().splitlines()]
_FIRST_OF_LINE = [sound(line[0]) for line in _LINES]
_LINES_OF: dict[str, list[int]] = {}
_LINES_OF_SOUND: dict[str, list[int]] = {}
for _number, _line in enumerate(_LINES):
    for _name in dict.fromkeys(_line):
        _LINES_OF.setdefault(_name, []).append(_number)
    for _name in dict.fromkeys(map(sound, _line)):
        _LINES_OF_SOUND.setdefault(_name, []).append(_number)
_ANY_COMPANY_SOUNDS = frozenset(map(sound, _ANY_COMPANY))
