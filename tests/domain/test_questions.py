"""What to ask somebody: only what is not known, what was not asked yet, and never about pay."""

import re
from dataclasses import replace

import pytest

from core.domain.facts import ClosingReason
from core.domain.questions import MOST, About, Known, in_words, missing, suggested
from core.domain.templates import LANGUAGES

NOTHING_KNOWN = Known(has_skills=False, has_place=False, has_language=False, words="", asked=())
PAY = re.compile(r"\b(pay|salary|earn|rate|money|wynagr|zarab|stawk|pensj|pieni)", re.IGNORECASE)


def test_what_is_not_known_is_suggested_a_few_at_a_time():
    assert suggested(NOTHING_KNOWN, "en") == [
        in_words(about, "en") for about in (About.SKILLS, About.WANTS, About.NOTICE)
    ]
    assert len(suggested(NOTHING_KNOWN, "pl")) == MOST


@pytest.mark.parametrize(
    ("words", "about"),
    [
        ("I would like to lead a team one day.", About.WANTS),
        ("Chciałabym pracować przy danych.", About.WANTS),
        ("My notice period is a month.", About.NOTICE),
        ("Okres wypowiedzenia: 3 miesiące", About.NOTICE),
        ("English C1", About.LANGUAGE),
        ("studied physics", About.DEGREE),
    ],
)
def test_what_somebody_said_is_not_asked_again(words, about):
    assert about in missing(NOTHING_KNOWN)
    assert about not in missing(replace(NOTHING_KNOWN, words=words))


def test_a_gap_is_asked_about_where_there_is_one():
    assert About.GAP not in missing(NOTHING_KNOWN)
    assert About.GAP in missing(replace(NOTHING_KNOWN, words="A gap in 2024"))
    assert About.GAP not in missing(replace(NOTHING_KNOWN, words="Parental leave in 2024"))


def test_what_was_noted_in_either_language_is_not_suggested_again():
    noted = replace(NOTHING_KNOWN, asked=[in_words(About.SKILLS, "pl").upper()])
    assert in_words(About.SKILLS, "en") not in suggested(noted, "en")


@pytest.mark.parametrize("reason", [ClosingReason.DEGREE, ClosingReason.GAP, ClosingReason.THIN_CV])
def test_for_what_they_are_about_to_be_turned_down_is_asked_first(reason):
    assert suggested(NOTHING_KNOWN, "en", reason)[0] == in_words(About(reason.value), "en")
    assert suggested(NOTHING_KNOWN, "en", ClosingReason.SKILLS) == suggested(NOTHING_KNOWN, "en")


def test_every_question_is_there_in_every_language_and_none_is_about_pay():
    for language in LANGUAGES:
        for about in About:
            assert in_words(about, language).endswith("?") or about in (About.THIN_CV, About.GAP)
            assert not PAY.search(in_words(about, language))
