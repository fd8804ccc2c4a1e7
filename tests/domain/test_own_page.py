"""The words of the candidate's own page, in both languages, and what their scores come to."""

import tomllib
from datetime import UTC, datetime
from string import Formatter

import pytest

from core.domain.calendar import Calendar
from core.domain.facts import MeetingKind
from core.domain.own_page import FOLDER, net_score, words
from core.domain.templates import LANGUAGES

CALENDAR = Calendar()
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
THURSDAY = datetime(2026, 3, 5, 16, tzinfo=UTC)


def fields(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_each_language_says_the_same_things_of_the_same_fields():
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(LANGUAGES)
    told = [tomllib.loads((FOLDER / f"{language}.toml").read_text())["said"] for language in LANGUAGES]
    asked = [{name: fields(text) for name, text in said.items()} for said in told]
    assert all(each == asked[0] for each in asked)


@pytest.mark.parametrize(
    ("language", "due", "said"),
    [
        ("en", THURSDAY, "You will hear from Anna by Thu 5 Mar"),
        ("pl", THURSDAY, "Anna odezwie się najpóźniej w czwartek 5 marca"),
        ("en", NOW.replace(hour=16), "You will hear from Anna today by 17:00"),
        ("pl", NOW.replace(hour=16), "Anna odezwie się dziś do godziny 17:00"),
        ("en", NOW, "You will hear from Anna today by 09:00"),
        ("en", datetime(2026, 2, 27, 16, tzinfo=UTC), "You were to hear from Anna by Fri 27 Feb. We are late"),
        ("en", datetime(2027, 1, 4, 16, tzinfo=UTC), "You will hear from Anna by Mon 4 Jan 2027"),
    ],
)
def test_when_they_hear_next_is_a_sentence(language, due, said):
    assert words(language).next_word("Anna", due, NOW, CALENDAR) == said


@pytest.mark.parametrize(
    ("language", "kind", "starts_at", "said"),
    [
        ("en", MeetingKind.INTERVIEW, THURSDAY, "You have an interview on Thu 5 Mar at 17:00"),
        ("pl", MeetingKind.INTERVIEW, THURSDAY, "Masz rozmowę rekrutacyjną w czwartek 5 marca o 17:00"),
        ("en", MeetingKind.INTERVIEW, NOW, "You have an interview today at 09:00"),
        ("pl", MeetingKind.TALK, NOW, "Rozmawiamy dziś o 09:00"),
        ("en", MeetingKind.TALK, datetime(2027, 1, 4, 9, tzinfo=UTC), "We talk on Mon 4 Jan 2027 at 10:00"),
    ],
)
def test_when_they_meet_is_a_sentence(language, kind, starts_at, said):
    assert words(language).meeting(kind, starts_at, NOW, CALENDAR) == said


def test_what_somebody_typed_is_no_field():
    assert words("en")("corrected", text="I led {who} of them") == "You corrected it: I led {who} of them"


@pytest.mark.parametrize(
    ("scores", "net"), [({9: 1, 10: 1}, 100), ({6: 2}, -100), ({7: 3, 8: 1}, 0), ({10: 3, 8: 1, 0: 1}, 40)]
)
def test_the_net_score_is_who_is_glad_less_who_is_sorry(scores, net):
    assert net_score(scores) == net
