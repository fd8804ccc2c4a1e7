"""What to ask somebody, by what is not known of them: suggested, never asked by itself, and never about pay."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from core.domain.facts import ClosingReason
from core.domain.names import folded

FILE = Path(__file__).resolve().parents[2] / "data" / "questions.toml"
MOST = 3


class About(StrEnum):
    """In the order in which they are suggested."""

    SKILLS = "skills"
    WANTS = "wants"
    NOTICE = "notice"
    PLACE = "place"
    LANGUAGE = "language"
    DEGREE = "degree"
    GAP = "gap"
    THIN_CV = "thin_cv"
    BACKGROUND = "background"


BEFORE_TURNING_DOWN = {
    ClosingReason.DEGREE: About.DEGREE,
    ClosingReason.GAP: About.GAP,
    ClosingReason.THIN_CV: About.THIN_CV,
    ClosingReason.BACKGROUND: About.BACKGROUND,
}
SAYS = {
    About.WANTS: re.compile(r"\b(want|would like|wish|looking for|next step|chc|szuka|marz|chetnie)"),
    About.NOTICE: re.compile(r"\b(notice period|notice|could start|can start|wypowiedzen|od zaraz)"),
    About.LANGUAGE: re.compile(r"\b(english|polish|german|b1|b2|c1|c2|angielsk|polsk|niemieck)"),
    About.DEGREE: re.compile(r"\b(degree|studied|university|college|bootcamp|self taught|stud|dyplom|uczeln|samouk)"),
}
"""Words, folded, that tell of it: where they were said it is not asked again."""
ON_READING_A_CV = (About.THIN_CV, About.BACKGROUND)
"""Asked of whoever is about to be turned down for that alone."""
GAP = re.compile(r"\b(gap|career break|przerw)")
"""Not a leave for a child: nobody is asked about that."""


@dataclass(frozen=True, slots=True)
class Known:
    has_skills: bool
    has_place: bool
    has_language: bool
    words: str
    """Whatever is written of them, or was lately said by them."""
    asked: Sequence[str]
    """The questions that were noted already, answered or not."""


def suggested(known: Known, language: str, reason: ClosingReason | None = None) -> list[str]:
    """What to ask next. `reason`: for which they are about to be turned down; that comes first."""
    asked = {folded(text) for text in known.asked}
    first = [BEFORE_TURNING_DOWN[reason]] if reason in BEFORE_TURNING_DOWN else []
    texts = [
        in_words(about, language)
        for about in dict.fromkeys((*first, *missing(known)))
        if not asked & {folded(each[about]) for each in _texts().values()}
    ]
    return texts[:MOST]


def missing(known: Known) -> list[About]:
    """What is not known."""
    words = folded(known.words)
    said = {about for about, tells in SAYS.items() if tells.search(words)}
    said |= {about for about, is_known in _on_record(known).items() if is_known}
    if not GAP.search(words):
        said.add(About.GAP)
    return [about for about in About if about not in said and about not in ON_READING_A_CV]


def _on_record(known: Known) -> dict[About, bool]:
    return {About.SKILLS: known.has_skills, About.PLACE: known.has_place, About.LANGUAGE: known.has_language}


def in_words(about: About, language: str) -> str:
    return _texts().get(language, _texts()["en"])[about]


@cache
def _texts() -> Mapping[str, Mapping[About, str]]:
    return {
        language: {About(key): text for key, text in texts.items()}
        for language, texts in tomllib.loads(FILE.read_text("utf-8")).items()
    }
