"""What a promise is about, in words; and drafts that never say what nobody knows."""

from datetime import date

import pytest

from core.domain.drafts import NAMES, Occasion, draft, left_open, what_is_owed
from core.domain.facts import Absent, MeetingKind
from core.domain.promises import Kind


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


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_name_and_a_line_and_nothing_unknown_is_papered_over(kind: Kind):
    bare = Occasion(kind=kind)
    assert NAMES[kind]
    assert what_is_owed(bare)
    for text in (what_is_owed(bare), draft(bare)):
        assert "None" not in text
        assert "  " not in text
    if kind is Kind.OUTCOME:
        assert draft(bare) == ""
    else:
        assert draft(bare).startswith(("Hello,", "Hello [name],"))


def test_a_draft_begins_with_the_first_name_and_names_what_to_fill_in():
    text = draft(Occasion(kind=Kind.FEEDBACK, name="Noor Haddad", client="Nordbank"))
    assert text.startswith("Hi Noor, thank you for your time with Nordbank.")
    assert left_open(text, text) == ["[decision]", "[reason]", "[what]"]
    assert left_open(text.replace("[decision]", "for somebody else"), text) == ["[reason]", "[what]"]
    assert left_open("They chose somebody who knows list[int] better.", text) == []


def test_a_consent_says_when_it_ends():
    text = draft(Occasion(kind=Kind.CONSENT, name="Noor", until=date(2026, 3, 5)))
    assert "ends on 5 March 2026." in text
