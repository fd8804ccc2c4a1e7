"""One cell, cleaned. Text is data: nothing in it is evaluated, rendered or repaired."""

import re
import unicodedata

# Whatever fills a cell and says nothing, in the languages of our lists.
_PLACEHOLDERS = frozenset("n/a n/d n.d. nd brak none null nan nil k.a. ka. 0.0.00".split()) | {"k. a."}
# What a spreadsheet shows for a formula that failed, in English, Polish and German.
_ERRORS = frozenset(
    "#n/a #n/d! #n/d #nv #ref! #adr! #bezug! #value! #arg! #wert! #name? #nazwa? #div/0! #dziel/0! #num! #liczba! "
    "#zahl! #null! #zero! #spill! #calc!".split()
)
_LONGEST_PLACEHOLDER = 9
FIRST_OF_PLACEHOLDERS = frozenset("nNbBkK0#-‐‑–—.?")
_STROKES = re.compile(r"[-‐‑–—.?]+")
_BREAKS = re.compile(r"\r\n?|[\x85\u2028\u2029]")
_SPACES = re.compile(r" {2,}|[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000][ \xa0\u1680\u2000-\u200a\u202f\u205f\u3000]*")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_JOINER = "\u200d"
_INVISIBLE = re.compile(r"[\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_JOINED = re.compile(
    "(?<=[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])" + _JOINER + "(?=[\u2190-\u2bff\U0001f000-\U0001faff])"
)

_RUN_BY_SPREADSHEETS = frozenset("=+-@\t\r\n\0＝＋－＠")
_MARK = "'"


def cleaned(text: str) -> str:
    """Trimmed, runs of spaces made one, composed (NFC), without control and invisible characters; lines kept apart."""
    if text.isprintable():  # no control, no invisible mark, no space but the plain one
        text = text.strip()
        if "  " in text:
            text = _SPACES.sub(" ", text)
    else:
        text = _without_marks(text)
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text
    return unicodedata.normalize("NFC", text)


def has_control_characters(text: str) -> bool:
    """Whether `cleaned` takes something out that should never have been in a list."""
    return not text.isprintable() and bool(_CONTROL.search(_BREAKS.sub("\n", text)))


def is_placeholder(text: str) -> bool:
    """Whether a cleaned cell means "nothing here"."""
    if len(text) > _LONGEST_PLACEHOLDER or text[:1] not in FIRST_OF_PLACEHOLDERS:
        return False
    if text[0] == "#":
        return text.lower() in _ERRORS or not text.strip("#")  # ##### is a column too narrow for its number
    return text.lower() in _PLACEHOLDERS or bool(_STROKES.fullmatch(text))


def value(text: str) -> str:
    """The cell as data: cleaned, and "" for a placeholder."""
    text = cleaned(text)
    return "" if is_placeholder(text) else text


def safe_cell(text: str) -> str:
    """A cell no spreadsheet runs: what begins like a formula is marked as text, as OWASP advises.

    What begins like a marked cell is marked too, so that `read_back` returns every text exactly as it was.
    """
    return _MARK + text if _is_run(text.lstrip(_MARK)) else text


def read_back(text: str) -> str:
    """The cell without the mark that `safe_cell` or Excel gave it; `'s-Hertogenbosch` is a name and stays."""
    return text[1:] if text.startswith(_MARK) and _is_run(text.lstrip(_MARK)) else text


def _without_marks(text: str) -> str:
    text = _CONTROL.sub("", _BREAKS.sub("\n", text))
    if _JOINER in text:
        text = _JOINED.sub("\0", text)  # what is left of NUL after the line above is ours
    text = _INVISIBLE.sub("", text).replace("\0", _JOINER)
    return _SPACES.sub(" ", text).strip()


def _is_run(text: str) -> bool:
    return text[:1] in _RUN_BY_SPREADSHEETS if text else False
