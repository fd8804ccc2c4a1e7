"""Skills under one name each (k8s is Kubernetes, JS is JavaScript), and which of them implies which."""

import re
import tomllib
from collections import deque
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Generic, TypeVar

from core.domain.names import folded

FILE = Path(__file__).resolve().parents[2] / "data" / "skills.toml"
IMPLICATIONS = FILE.with_name("implications.toml")
_LONGEST = 100

T = TypeVar("T", bound=Hashable)


class How(StrEnum):
    """What a skill is to the one it implies: React is written in JavaScript."""

    WRITTEN_IN = "written in"
    PART_OF = "part of"
    NEEDS = "needs"
    NAME_OF = "another name for"
    """The team's own; other names that everybody uses stand in `skills.toml`."""


SAID = {
    How.WRITTEN_IN: "is written in",
    How.PART_OF: "is part of",
    How.NEEDS: "needs",
    How.NAME_OF: "is another name for",
}


@dataclass(frozen=True, slots=True)
class Implication:
    """Whoever works with `skill` can almost surely work with `implied`."""

    skill: str
    how: How
    implied: str


@dataclass(frozen=True, slots=True)
class Consequence(Generic[T]):
    """A skill implies another, perhaps through others; the first step of the shortest way there is why."""

    skill: T
    implied: T
    through: T
    """What it implies by itself: the other, or what leads on to it."""
    how: How
    """How it implies that."""
    steps: int


_JOINTS = re.compile(r"[\s.\-‐‑–_/]+")
_IN_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]$")
_WORDS = re.compile(r"[\s,;/|()\[\]–—]+|(?<=\w)[:.]+(?=\s|$)")
LONGEST_NAME, SHORT = 4, 2
"""So many words a name has at most that is looked for in a title; so short, it must be written as we write it."""
_VERSION = re.compile(r"(?<=[^\s\d])(?:\s+v?|\s*v)\d+(?:\.(?:\d+|x))*\+?$", re.IGNORECASE)


@lru_cache(maxsize=65536)
def known_skill(text: str) -> str:
    """The name a skill goes by; of one we don't know, the text itself, trimmed.

    A version or a bracket after the name makes no other skill: `Java 17`, `AWS (certified)`.
    """
    text = " ".join(text.split())
    if len(text) > _LONGEST:
        return text
    bare = _IN_BRACKETS.sub("", text)
    for written in (text, bare, _VERSION.sub("", bare)):
        if known := _names().get(_key(written)):
            return known
    return text


def skills_in(text: str) -> list[str]:
    """The skills a title names, each once: Python of “Senior Python developer”.

    A name of a letter or two counts as it is written alone: Go, not “ready to go”.
    """
    words = [word for word in _WORDS.split(text) if word]
    found: dict[str, None] = {}
    place = 0
    while place < len(words):
        for length in range(min(LONGEST_NAME, len(words) - place), 0, -1):
            written = " ".join(words[place : place + length])
            known = _names().get(_key(written))
            if known and (len(written) > SHORT or written in (known, *other_names(known))):
                found[known] = None
                place += length
                break
        else:
            place += 1
    return list(found)


def all_names() -> tuple[str, ...]:
    """The name of each skill that we know, in the order of the file."""
    return tuple(_other_names())


def other_names(name: str) -> tuple[str, ...]:
    """What else a skill is called; how it is misspelt is among it."""
    return _other_names().get(name, ())


@cache
def implications() -> tuple[Implication, ...]:
    """Those that come with Perennial, each said once: what follows from others is not among them."""
    kinds = tomllib.loads(IMPLICATIONS.read_text("utf-8"))
    return tuple(
        Implication(skill, how, implied)
        for how in How
        for implied, skills in kinds.get(how, {}).items()
        for skill in skills
    )


@cache
def edition() -> str:
    """Tells the names and implications of one Perennial from those of another."""
    return sha256(FILE.read_bytes() + IMPLICATIONS.read_bytes()).hexdigest()


def consequences(implications: Iterable[tuple[T, How, T]]) -> Iterator[Consequence[T]]:
    """All that follows, each once, the shortest way; of two as short, the one that was said first.

    No skill follows from itself, even where somebody's own implications lead round in a circle.
    """
    said: dict[T, dict[T, How]] = {}
    for skill, how, implied in implications:
        said.setdefault(skill, {}).setdefault(implied, how)
    for skill, direct in said.items():
        reached = {skill}
        queue = deque((implied, implied, 1) for implied in direct)
        while queue:
            implied, through, steps = queue.popleft()
            if implied not in reached:
                reached.add(implied)
                yield Consequence(skill, implied, through, direct[through], steps)
                queue.extend((further, through, steps + 1) for further in said.get(implied, ()))


def because(way: Sequence[tuple[str, How]], implied: str) -> str:
    """“Next.js, which needs React, which is written in JavaScript”; of no way, the skill itself."""
    return f"{way[0][0]}, which {how_it_implies(way, implied)}" if way else implied


def how_it_implies(way: Sequence[tuple[str, How]], implied: str) -> str:
    """“needs React, which is written in JavaScript”."""
    passed = [*(skill for skill, _ in way[1:]), implied]
    return ", which ".join(f"{SAID[how]} {to}" for (_, how), to in zip(way, passed, strict=True))


@cache
def _other_names() -> Mapping[str, tuple[str, ...]]:
    groups = tomllib.loads(FILE.read_text("utf-8"))
    return {name: tuple(others) for skills in groups.values() for name, others in skills.items()}


@cache
def _names() -> Mapping[str, str]:
    """Every way to write each skill that we know, by its key."""
    return {_key(written): name for name, others in _other_names().items() for written in (name, *others)}


def _key(text: str) -> str:
    """`Vue.js`, `vue js` and `VueJS` are one; `C`, `C++` and `C#` are three."""
    return _JOINTS.sub("", folded(text))
