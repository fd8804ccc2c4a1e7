"""Bytes to text: which code page a file was written in, told by its content."""

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

# A few bytes that are no UTF-8 in a file that else is: damage, not another code page.
_DAMAGE = 0.02
_SAMPLE = 1 << 20

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "utf-8+bom"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
)


class Encoding(NamedTuple):
    """The codec to decode with, what to call it, and how many bytes of mark stand before the text."""

    codec: str
    name: str
    mark: int = 0


def encoding_of(data: bytes) -> Encoding:
    for mark, codec, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return Encoding(codec, name, len(mark))
    if wide := _without_mark(data):
        return Encoding(wide, wide)
    codec = "utf-8" if _is_utf_8(data) else code_page(data)
    return Encoding(codec, codec)


def code_page(data: bytes) -> str:
    """The code page that makes the most sensible words of these bytes; UTF-8 when only little of it is damaged."""
    sample = data[:_SAMPLE]
    if _nearly_utf_8(sample):
        return "utf-8"
    words = Counter(word[:40] for word in _WORD.findall(sample) if not word.isascii())
    usual, rare = ({page: _sense(words, page) for page in pages} for pages in (_CODE_PAGES, _RARE_PAGES))
    best, rarest = max(usual, key=usual.__getitem__), max(rare, key=rare.__getitem__)
    return rarest if rare[rarest] > max(usual[best], 0) + 3 else best


def _is_utf_8(data: bytes) -> bool:
    """Piece by piece, so that a large file never stands in memory twice."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(data)
    try:
        for start in range(0, len(data), _SAMPLE):
            decoder.decode(view[start : start + _SAMPLE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _without_mark(data: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of plain text is zero."""
    sample = data[: 1 << 12]
    pairs = len(sample) // 2
    if pairs < 4:
        return None
    even, odd = sample[0 : 2 * pairs : 2].count(0), sample[1 : 2 * pairs : 2].count(0)
    if odd > pairs * 0.6 and even < pairs * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > pairs * 0.6 and odd < pairs * 0.1 else None


def _nearly_utf_8(sample: bytes) -> bool:
    high = sum(byte > 127 for byte in sample) if len(sample) < 1 << 16 else len(re.findall(rb"[\x80-\xff]", sample))
    return sample.decode("utf-8", "replace").count("\ufffd") <= high * _DAMAGE + (1 if high > 20 else 0)


_WORD = re.compile(rb"[A-Za-z0-9\x80-\xff]+")

# The first is chosen when nothing speaks for any other.
_CODE_PAGES = ("cp1252", "cp1250", "iso8859-2", "iso8859-15")
# DOS, old Macs and Cyrillic: only where several words make more sense so, or one list in fifty would be misread.
_RARE_PAGES = ("cp852", "cp850", "mac_latin2", "mac_roman", "cp1251")
_FAMILIES = {
    "cp1252": "western",
    "iso8859-15": "western",
    "cp850": "western",
    "mac_roman": "western",
    "cp1251": "cyrillic",
}

# Letters beyond a-z of each language, the frequent before the bar. Names of one list come from several languages.
_LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "central": (
        "ąęłóśż|ćńź",  # Polish
        "áéíěčřšžýů|óúňťď",  # Czech
        "áéíčšžýľ|óúôňťďĺŕä",  # Slovak
        "áéöőóü|íúű",  # Hungarian
        "šžčćđ|",  # Croatian, Slovene
        "ăâîşţ|",  # Romanian
        "äöüß|é",
    ),
    "western": (
        "äöüß|é",  # German
        "éèàçê|âîôûùëïœüÿæ",  # French
        "áéíóúñ|ü",  # Spanish
        "ãáçéíóõ|âêôúà",  # Portuguese
        "àèéìòù|",  # Italian
        "åäö|é",  # Swedish
        "æøå|é",  # Danish, Norwegian
        "áéíóúýðþæö|",  # Icelandic
        "ëïéè|öü",  # Dutch
    ),
    "cyrillic": ("абвгдежзийклмнопрстуфхцчшщьюяіїє|ґыъэёў",),
}


def _sense(words: Mapping[bytes, int], page: str) -> float:
    alphabets = _alphabets(_FAMILIES.get(page, "central"))
    return sum(count * _word_sense(word.decode(page, "replace"), alphabets) for word, count in words.items())


def _word_sense(word: str, alphabets: Iterable[Mapping[str, float]]) -> float:
    """How well some language explains the word's letters, and a fine for what stands in no word."""
    letters = [letter for letter in word if not letter.isascii()]
    fine = sum(_fine(letter, word) for letter in letters)
    inside = [letter.lower() for letter in letters if letter.isalpha()]
    if not inside or len(word) == 1:
        return -fine
    fine += 1.5 * any(letter.isdigit() for letter in word)  # `£400`, not `Ł400`
    if any("а" <= letter <= "я" for letter in inside) and any(map(str.isascii, filter(str.isalpha, word))):
        return -2.0 * len(inside) - fine  # nobody writes one word in two scripts
    best = max(sum(alphabet.get(letter, -1.0) for letter in inside) for alphabet in alphabets)
    return best - fine - _unlikely_neighbours(word.lower()) - _capitals_within(word)


def _fine(letter: str, word: str) -> float:
    if letter == "\ufffd" or letter < "\xa0":
        return 4.0  # a control character: nobody types those
    if letter.isalpha() and letter not in "ºª":
        return 0.0
    joined = len(word) > 1 and any(other.isalpha() and other not in "ºª" for other in word if other != letter)
    return 2.0 if joined and letter not in "’‘“”„«»–—…·°§©®™ " else 0.0


# The same byte is ñ in the west and ń in the middle of Europe: their neighbours tell them apart.
_UNLIKELY = re.compile(
    r"ń[aeiouyáéíóú]|ñ(?![aeiouáéíóú])|č(?=re\b|ne\b|s\b|me\b|rie)|ő[ae]s?\b|õ(?!e)|ã(?![oe])|ď(?=[aeiou]s)"
)


def _unlikely_neighbours(word: str) -> float:
    return 1.5 * len(_UNLIKELY.findall(word))


def _capitals_within(word: str) -> float:
    """`GoŁębska` is no way to write a name: a capital among small letters comes from the wrong page."""
    return 1.5 * sum(after.isupper() and not after.isascii() for before, after in pairwise(word) if before.islower())


@lru_cache(maxsize=len(_LANGUAGES))
def _alphabets(family: str) -> tuple[Mapping[str, float], ...]:
    found = []
    for letters in _LANGUAGES[family]:
        frequent, _, rare = letters.partition("|")
        found.append(dict.fromkeys(frequent, 1.0) | dict.fromkeys(rare, 0.7))
    return tuple(found)
