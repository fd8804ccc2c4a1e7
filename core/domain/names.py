"""Names of people and companies, made comparable: what two people write differently and mean the same."""

import re
import unicodedata
from functools import lru_cache

# Letters that no accent is taken from: they are letters of their own.
_LETTERS = {
    ord(letter): plain
    for letter, plain in {
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ı": "i",
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ħ": "h",
        "ŧ": "t",
        "ŋ": "n",
    }.items()
}
_BETWEEN_PARTS = re.compile(r"""[\s,;:/()\[\]"'`´‘’‚‛“”„«»|&+_\-‐‑–—·•]+|(?<=\w)\.(?=\w{3})""")
_PART = re.compile(r"\d*[^\W\d_][^\W_]*")

# A form of address or a degree, however the name is written: nobody's first name or surname.
_NEVER_A_NAME = frozenset(
    "dr drhab hab mgr inz mba phd dphil msc bsc meng beng mphil llm llb dipl diplom diploming dipling prof "
    "professor doc herr frau mr mrs ms miss mister eng pmp cissp csm psm cfa acca cipd pani".split()
)
# Also somebody's name: taken for an address or a degree only where two other parts remain.
_SOMETIMES_A_NAME = frozenset(
    "pan ma ba bs md sir lic ing doktor dott mag mme mlle jr sr junior senior ii iii iv".split()
)

_NOBODY = frozenset({"linkedin member", "member linkedin", "uzytkownik linkedin", "linkedin mitglied"})

_LEGAL_FORMS = tuple(
    tuple(form.split())
    for form in (
        "sp z o o sp k",
        "spolka z ograniczona odpowiedzialnoscia",
        "spolka z o o",
        "spolka komandytowa",
        "spolka akcyjna",
        "spolka jawna",
        "sp z o o",
        "sp z oo",
        "sp zoo",
        "spzoo",
        "sp k",
        "spk",
        "sp j",
        "spj",
        "sp p",
        "p s a",
        "psa",
        "s a",
        "sa",
        "s c",
        "gmbh co kgaa",
        "gmbh co kg",
        "ag co kg",
        "gmbh",
        "mbh",
        "ug haftungsbeschrankt",
        "ug",
        "kgaa",
        "kg",
        "ohg",
        "gbr",
        "e v",
        "ag",
        "se",
        "ltd co",
        "pvt ltd",
        "ltd",
        "limited",
        "plc",
        "llp",
        "llc",
        "l l c",
        "inc",
        "incorporated",
        "corp",
        "corporation",
        "co",
        "s l u",
        "slu",
        "s l",
        "sl",
        "s r o",
        "sro",
        "a s",
        "spol s r o",
        "s r l",
        "srl",
        "s p a",
        "spa",
        "s a s",
        "sas",
        "sarl",
        "s a r l",
        "b v",
        "bv",
        "n v",
        "nv",
        "kft",
        "zrt",
        "d o o",
        "doo",
        "oyj",
        "oy",
        "ab",
        "aps",
        "lda",
    )
)
_LAST_WORDS_OF_FORMS = frozenset(form[-1] for form in _LEGAL_FORMS)


def is_name(text: str) -> bool:
    """A name has a letter in it, and is neither an e-mail address nor what LinkedIn calls a closed account."""
    if "@" in text or not any(map(str.isalpha, text)):
        return False
    return "linked" not in text.lower() or folded(text) not in _NOBODY


def name_key(name: str) -> str:
    """The parts of a name that compare, sorted and joined by a space; "" where there are none.

    Two names are equal when their keys are, and share a part when `parts` of their keys meet.
    """
    return " ".join(sorted(_compared(name)))


def parts(key: str) -> frozenset[str]:
    return frozenset(key.split())


@lru_cache(maxsize=65536)
def company_key(company: str) -> str:
    """The company's name without accents, case and legal form; "" where there is none."""
    words = re.findall(r"[^\W_]+", folded(company.replace("'", "").replace("’", "")))
    while words and words[-1] in _LAST_WORDS_OF_FORMS:
        form = next((form for form in _LEGAL_FORMS if tuple(words[-len(form) :]) == form), None)
        if form is None or len(form) == len(words):
            break
        del words[-len(form) :]
    return " ".join(words)


def folded(text: str) -> str:
    """The text in small letters without accents, its punctuation left."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKD", text).casefold().translate(_FOLDED)


class _Folded(dict[int, str | None]):
    """What is left of a letter, looked up once: of a mark nothing."""

    def __missing__(self, code: int) -> str | None:
        letter = chr(code)
        self[code] = None if unicodedata.category(letter)[0] == "M" else _LETTERS.get(code, letter)
        return self[code]


_FOLDED = _Folded()


def full_name(first: str = "", middle: str = "", last: str = "") -> str:
    """The name as it is said, of the parts that there are."""
    return " ".join([part for part in (first, middle, last) if part])


_NAME_ONLY = re.compile(r"[^\W\d_]+(?:[\s.,'’`´‐‑–-]+[^\W\d_]+)*[\s.,]*")


def shown(name: str) -> str:
    """The name as a person would sign it: a list that shouts or whispers is brought to capitals.

    A name with capitals of its own (McDonald, van der Velden) stays as it was written.
    """
    letters = [letter for letter in name if letter.isalpha()]
    if not _NAME_ONLY.fullmatch(name):  # `<b>` and `http:` are data, and stay as they are
        return name
    shouted = len(letters) > 3 and all(letter.isupper() for letter in letters)
    whispered = bool(letters) and all(letter.islower() for letter in letters)
    return re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), name.lower()) if shouted or whispered else name


_HOLDS_MARKUP = re.compile(r"[=<>]|://")  # such as `=HYPERLINK("http:…","x")`: data, and stays as it is


def as_said(name: str, *, surname_first: bool = False) -> str:
    """A whole name with the given name first: `Kowalski, Jan` and `KOWALSKI Jan` are Jan Kowalski.

    `surname_first` is what its column says; it turns names of two words, since of three nobody can tell. A degree after
    a comma stays there.
    """
    if "," in name:
        return name if _HOLDS_MARKUP.search(name) else _turned_at_comma(name)
    words = name.split()
    if surname_first and len(words) == 2:
        words.reverse()
    if name.istitle():
        return " ".join(words) if surname_first else name
    shouted = [_is_shouted_surname(word) for word in words]
    if not any(shouted) or not any(word[1:].islower() for word in words):
        return " ".join(words)
    spoken = [shown(word) if loud else word for word, loud in zip(words, shouted, strict=True)]
    loud = shouted.index(False)  # all before it are shouted
    return " ".join(spoken if surname_first else spoken[loud:] + spoken[:loud])


_PARTICLES = frozenset("van von de der den del della di da dos du la le el al bin ibn ben ter ten zu zum".split())


def _turned_at_comma(name: str) -> str:
    surname, _, given = (part.strip() for part in name.partition(","))
    last, first = surname.split(), given.split()
    if not last or not 1 <= len(first) <= 3 or "," in given:
        return name
    if all(folded(word).replace(".", "") in _NEVER_A_NAME | _SOMETIMES_A_NAME for word in first):
        return name
    if len(last) > 1 and folded(last[0]) not in _PARTICLES:
        return name  # Jan Kowalski, Acme
    return " ".join(shown(word) if _is_shouted_surname(word) else word for word in (*first, *last))


def _is_shouted_surname(word: str) -> bool:
    letters = [letter for letter in word if letter.isalpha()]
    return len(letters) > 2 and all(map(str.isupper, letters)) and folded(word).strip(".") not in _NEVER_A_NAME


def _compared(name: str) -> list[str]:
    found: list[str] = []
    between = name.split() if name.replace(" ", "").isalnum() else filter(None, _BETWEEN_PARTS.split(name))
    for word in between:
        found += _folded_parts(word)
    kept = [part for part in found if part not in _NEVER_A_NAME] or found
    if len(kept) > 2 and not _SOMETIMES_A_NAME.isdisjoint(kept):
        certain = [part for part in kept if part not in _SOMETIMES_A_NAME]
        kept = certain if len(certain) >= 2 else kept
    return kept


@lru_cache(maxsize=65536)
def _folded_parts(word: str) -> tuple[str, ...]:
    """One word's parts: an abbreviated degree (`Ph.D.`, `M.Sc.`) is one, initials (`J.R.`) are several."""
    plain = folded(word)
    if "." in plain:
        joined = plain.replace(".", "")
        if joined in _NEVER_A_NAME or joined in _SOMETIMES_A_NAME:
            return (joined,)
    return tuple(_PART.findall(plain))
