"""What a promise is about, in words; and drafts that never say what nobody knows."""

from datetime import date

import pytest

from core.domain.drafts import NAMES, Occasion, draft, left_open, question_to, what_is_owed
from core.domain.facts import Absent, ClosingReason, HoldReason, MeetingKind, Result
from core.domain.promises import Kind
from core.domain.templates import LANGUAGES, known_occasion


@pytest.mark.parametrize(
    ("pronoun", "whose"), [("she/her", "her"), ("he", "his"), ("They", "their"), ("", "Noor’s"), ("xe/xem", "Noor’s")]
)
def test_a_pronoun_if_it_was_given_else_the_first_name(pronoun: str, whose: str):
    assert what_is_owed(Occasion(kind=Kind.REPLY, name="Noor Haddad", pronoun=pronoun)) == f"Reply to {whose} message"


@pytest.mark.parametrize(
    ("occasion", "sentence"),
    [
        (Occasion(kind=Kind.REPLY), "Reply to their message"),
        (Occasion(kind=Kind.FEEDBACK, client="Nordbank"), "Feedback after the process at Nordbank"),
        (Occasion(kind=Kind.FEEDBACK, opening="Python developer"), "Feedback after the process for Python developer"),
        (Occasion(kind=Kind.FEEDBACK), "Feedback after the process"),
        (Occasion(kind=Kind.UPDATE), "How it stands with the process"),
        (Occasion(kind=Kind.DELAY, client="Fintree"), "Word that Fintree is still deciding"),
        (Occasion(kind=Kind.DELAY, client="Fintree", is_held=True), "Word that the opening at Fintree is on hold"),
        (Occasion(kind=Kind.CHASE, name="Jan Zieliński", pronoun="he"), "Ask the client for an answer about him"),
        (Occasion(kind=Kind.OUTCOME, meeting=MeetingKind.TALK), "Note how the talk went"),
        (
            Occasion(kind=Kind.AMENDS, absent=Absent.CLIENT, client="Fintree"),
            "Amends: Fintree did not come to the interview",
        ),
        (Occasion(kind=Kind.AMENDS, absent=Absent.US), "Amends: we did not come to the interview"),
        (Occasion(kind=Kind.FOLLOW_UP, what="send the ad"), "As we said: send the ad"),
        (Occasion(kind=Kind.CHECK_IN, days=0), "Check-in, first day"),
        (Occasion(kind=Kind.CHECK_IN, days=30, client="Fintree"), "Check-in, day 30 at Fintree"),
        (Occasion(kind=Kind.THANKS, referred="Jan"), "Thanks for recommending Jan"),
        (Occasion(kind=Kind.THANKS, is_outcome=True), "What came of recommending somebody, with thanks"),
        (Occasion(kind=Kind.CONSENT, name="Noor Haddad"), "Ask Noor for consent again"),
    ],
)
def test_what_is_owed_is_one_line(occasion: Occasion, sentence: str):
    assert what_is_owed(occasion) == sentence


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_name_and_a_line_and_nothing_unknown_is_papered_over(kind: Kind, language: str):
    bare = Occasion(kind=kind)
    assert NAMES[kind]
    assert what_is_owed(bare)
    written = draft(bare, me="Ben", language=language)
    for text in (what_is_owed(bare), written):
        assert "None" not in text
        assert "  " not in text
    if kind is Kind.OUTCOME:
        assert written == ""
    else:
        assert written.startswith(("Hello,", "Dzień dobry,"))
        assert written.endswith("\nBen")


def test_a_draft_begins_with_the_first_name_and_names_what_to_fill_in():
    text = draft(Occasion(kind=Kind.FEEDBACK, name="Noor Haddad", client="Nordbank"), me="Ben", language="en")
    assert text.startswith("Hi Noor,\n\nThank you for the time you gave to the process at Nordbank.")
    gaps = ["[the decision]", "[why, in one honest sentence]", "[what they liked]"]
    assert left_open(text, text) == gaps
    assert left_open(text.replace(gaps[0], "for somebody else"), text) == gaps[1:]
    assert left_open("They chose somebody who knows list[int] better.", text) == []


def test_what_is_not_known_is_a_gap_in_the_language_of_the_letter():
    news = Occasion(kind=Kind.UPDATE, client="Nordbank")
    assert "by [by when], with" in draft(news, me="Ben", language="en")
    assert "najpóźniej [kiedy]," in draft(news, me="Ben", language="pl")
    known = Occasion(kind=Kind.UPDATE, client="Nordbank", by=date(2026, 3, 5))
    assert "by 5 March 2026, with" in draft(known, me="Ben", language="en")
    assert "najpóźniej 5 marca 2026," in draft(known, me="Ben", language="pl")


def test_brackets_in_what_is_known_are_no_gap():
    text = draft(Occasion(kind=Kind.CHASE, name="Noor", opening="Developer [remote]"), me="Ben", language="en")
    assert "Developer (remote)" in text
    assert left_open(text, text) == []


@pytest.mark.parametrize(
    ("occasion", "key"),
    [
        (Occasion(kind=Kind.DELAY), "delay/client"),
        (Occasion(kind=Kind.DELAY, is_held=True, hold=HoldReason.BUDGET), "delay/held/budget"),
        (Occasion(kind=Kind.DELAY, is_held=True, hold=HoldReason.OTHER), "delay/held"),
        (Occasion(kind=Kind.AMENDS, absent=Absent.CLIENT), "amends/client"),
        (Occasion(kind=Kind.AMENDS, absent=Absent.US), "amends/us"),
        (Occasion(kind=Kind.FEEDBACK), "feedback"),
        (
            Occasion(kind=Kind.FEEDBACK, result=Result.REJECTED, reason=ClosingReason.GAP),
            "feedback/rejected/background",
        ),
        (Occasion(kind=Kind.FEEDBACK, result=Result.REJECTED, reason=ClosingReason.OTHER), "feedback/rejected"),
        (Occasion(kind=Kind.FEEDBACK, result=Result.HIRED), "feedback/hired"),
        (Occasion(kind=Kind.CHECK_IN, days=0), "check_in/first_day"),
        (Occasion(kind=Kind.CHECK_IN, days=30), "check_in"),
        (Occasion(kind=Kind.THANKS, is_outcome=True), "thanks/outcome"),
        (Occasion(kind=Kind.OUTCOME), None),
    ],
)
def test_a_draft_is_that_of_the_kind_and_where_it_matters_of_the_reason(occasion: Occasion, key: str | None):
    assert known_occasion(occasion.key) == key


def test_a_consent_says_when_it_ends():
    text = draft(Occasion(kind=Kind.CONSENT, name="Noor", until=date(2026, 3, 5)), me="Ben", language="en")
    assert "ends on 5 March 2026." in text


def test_each_question_stands_on_a_line_of_its_own():
    asked = Occasion(kind=Kind.FEEDBACK, name="Noor", questions=("Why?", "Since when?"))
    assert "\n– Why?\n– Since when?\n" in question_to(asked, me="Ben", language="en")
