"""What is worth saying to somebody: at most three things, the most timely first, nothing that is not known."""

from datetime import date

import pytest

from core.domain.drafts import Occasion, draft, left_open
from core.domain.promises import Kind
from core.domain.reasons import About, Fitting, Grown, Job, Known, reasons

TODAY = date(2026, 3, 2)
ROLE = Fitting(7, "Python developer", "Nordbank", ["Python", "Docker"])
NOTE = Grown(date(2025, 5, 4), "lead a team", "take on a trainee", is_told=False)


def said(**known) -> list[str]:
    return [reason.said for reason in reasons(Known(**known), TODAY)]


def test_nothing_known_is_nothing_to_say():
    assert said() == []
    assert said(last_word_on=date(2024, 1, 1)) == []


def test_the_first_three_are_said_in_their_order():
    job = Job("Orbis", date(2024, 3, 9))
    quiet = date(2026, 2, 20)
    found = reasons(Known([ROLE], job, quiet, date(2025, 6, 1), [NOTE]), TODAY)
    assert [reason.about for reason in found] == [About.OPENING, About.ANNIVERSARY, About.QUIET_OVER]
    assert found[0].opening_id == 7
    assert said(growth=[NOTE]) == [
        "Advised in May 2025, “take on a trainee”: what came of it?",
        "What they want, as of May 2025: “lead a team”",
    ]


@pytest.mark.parametrize(
    ("knows", "lacks", "fits"),
    [
        (["Python"], [], True),
        (["Python"], ["Go"], False),
        (["Python", "Docker"], ["Go"], True),
        (["Python", "Docker"], ["Go", "C"], False),
        ([], ["Go"], False),
        ([], [], False),
    ],
)
def test_an_opening_fits_where_two_thirds_of_its_needs_are_known(knows, lacks, fits):
    assert bool(said(openings=[Fitting(1, "Developer", "", knows, lacks)])) is fits


def test_what_they_do_not_know_of_an_opening_is_said_too():
    some = Fitting(1, "Developer", "", ["Python", "Docker"], ["Go"])
    assert said(openings=[some]) == [
        "An opening that fits: Developer (knows Python and Docker, not Go as far as we know)"
    ]


def test_of_several_openings_the_one_whose_needs_they_know_best_is_named():
    less = Fitting(1, "Developer", "", ["Python", "Docker"], ["Go"])
    assert said(openings=[less, ROLE]) == ["An opening that fits: Python developer, Nordbank (knows Python and Docker)"]


@pytest.mark.parametrize(
    ("starts_on", "expected"),
    [
        (date(2025, 3, 20), ["A year at Orbis, on 20 Mar 2026"]),
        (date(2023, 2, 1), ["3 years at Orbis, on 1 Feb 2026"]),
        (date(2024, 2, 29), ["2 years at Orbis, on 28 Feb 2026"]),
        (date(2026, 2, 20), []),
        (date(2025, 6, 1), []),
        (date(2025, 1, 30), []),
    ],
)
def test_an_anniversary_is_worth_a_word_when_it_is_near(starts_on, expected):
    assert said(job=Job("Orbis", starts_on)) == expected


@pytest.mark.parametrize(
    ("until", "last", "expected"),
    [
        (date(2026, 2, 20), None, ["The quiet until 20 Feb 2026 is over"]),
        (date(2026, 3, 2), date(2026, 1, 1), ["The quiet until 2 Mar 2026 is over"]),
        (date(2026, 3, 3), None, []),
        (date(2026, 2, 20), date(2026, 2, 21), []),
    ],
)
def test_a_quiet_time_that_ran_out_is_a_reason_until_we_have_written(until, last, expected):
    assert said(quiet_until=until, last_word_on=last) == expected


def test_advice_is_asked_after_until_what_came_of_it_is_on_record():
    told = Grown(date(2025, 5, 4), "", "take on a trainee", is_told=True)
    assert said(growth=[told]) == []
    assert len(said(growth=[told, NOTE])) == 1


# the letter says it


def letter(language: str = "en", **known) -> str:
    of = Occasion(kind=Kind.KEEP_IN_TOUCH, name="Noor Haddad", reasons=reasons(Known(**known), TODAY))
    return draft(of, me="Ben", language=language)


@pytest.mark.parametrize("language", ["en", "pl"])
def test_with_no_reason_the_letter_leaves_a_gap_for_its_writer(language):
    text = letter(language)
    assert len(left_open(text, text)) == 1
    assert text.count("\n\n") == 2


def test_the_letter_says_each_reason_and_leaves_no_gap():
    text = letter(openings=[ROLE], job=Job("Orbis", date(2024, 3, 9)), quiet_until=date(2026, 2, 20))
    assert text == (
        "Hi Noor,\n\n"
        "How are you, and how is work? I have left you in peace until 20 February 2026, and now I would like to know."
        "\n\n"
        "9 March 2026 makes it 2 years that you have been at Orbis. Is it still what was promised to you?\n\n"
        "I am looking for somebody for a role, and thought of you: Python developer. May I tell you more?\n\n"
        "Best wishes,\nBen"
    )
    text = letter(growth=[NOTE])
    assert "Is it still so, what I noted of your plans: “lead a team”?" in text
    assert "And what came of what I advised you: “take on a trainee”?" in text
    assert left_open(text, text) == []


def test_the_client_of_an_opening_is_not_named_before_they_said_they_want_to_hear_more():
    assert "Nordbank" not in letter(openings=[ROLE])


@pytest.mark.parametrize(("started", "years"), [(2025, "mija rok"), (2023, "mijają 3 lata"), (2020, "mija 6 lat")])
def test_polish_counts_the_years_as_polish_does(started, years):
    text = letter("pl", job=Job("Orbis", date(started, 3, 9)))
    assert f"9 marca 2026 {years} w nowej pracy (Orbis)." in text


def test_brackets_in_a_note_are_no_gap():
    text = letter(growth=[Grown(date(2025, 5, 4), "lead [a team]", "", is_told=False)])
    assert "“lead (a team)”" in text
