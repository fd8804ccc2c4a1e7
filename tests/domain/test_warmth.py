"""Warmth is a sum that can be reckoned by hand: two clocks, answers, meetings, years."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.domain.calendar import Calendar
from core.domain.facts import Contact, MeetingKind, MeetingResult, OutcomeNoted, Planned, Way
from core.domain.life import Facts
from core.domain.policy import Policies
from core.domain.team import Team
from core.domain.warmth import FORMULA, Answers, Grade, Ties, answers_of, meetings_of, warmth

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def ties(**known) -> Ties:
    nothing = {"met_on": NOW.date(), "last_to_at": None, "last_from_at": None}
    return Ties(**{**nothing, "answers": Answers(), "meetings": 0, **known})


def points(**known) -> list[int]:
    how = warmth(ties(**known), NOW, Calendar())
    assert how is not None
    return [part.points for part in how.parts]


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def test_without_a_word_there_is_no_warmth_however_long_somebody_is_known():
    assert warmth(ties(met_on=date(2016, 1, 1), meetings=2), NOW, Calendar()) is None


@pytest.mark.parametrize(("days", "theirs"), [(0, 40), (1, 40), (73, 32), (182, 20), (364, 0), (365, 0), (4000, 0)])
def test_their_last_word_counts_less_every_day_and_nothing_after_a_year(days, theirs):
    assert points(last_from_at=ago(days))[0] == theirs


def test_our_last_word_counts_half_as_much():
    assert points(last_to_at=ago(0))[:2] == [0, 20]
    assert points(last_to_at=ago(73))[:2] == [0, 16]


@pytest.mark.parametrize(
    ("words", "answered", "soon", "expected"),
    [
        (0, 0, 0, 0),
        (10, 0, 0, 0),
        (10, 5, 5, 20),
        (10, 5, 0, 10),
        (10, 2, 1, 6),
        (10, 10, 10, 20),
    ],
)
def test_answers_count_whole_where_half_of_our_words_were_answered_soon(words, answered, soon, expected):
    assert points(last_to_at=NOW, answers=Answers(words, answered, soon))[2] == expected


@pytest.mark.parametrize(("held", "expected"), [(0, 0), (1, 4), (3, 12), (9, 12)])
def test_each_meeting_counts_up_to_three(held, expected):
    assert points(last_to_at=NOW, meetings=held)[3] == expected


@pytest.mark.parametrize(
    ("since", "expected"),
    [(date(2025, 3, 3), 0), (date(2025, 3, 2), 2), (date(2023, 3, 2), 6), (date(2011, 1, 1), 8), (None, 0)],
)
def test_each_whole_year_counts_up_to_four(since, expected):
    assert points(last_to_at=NOW, met_on=since)[4] == expected


def test_the_best_there_is_makes_a_hundred_and_a_year_of_silence_makes_it_cold():
    best = {"met_on": date(2020, 1, 1), "answers": Answers(4, 4, 4), "meetings": 3}
    how = warmth(ties(last_to_at=NOW, last_from_at=NOW, **best), NOW, Calendar())
    assert how is not None
    assert (how.points, how.grade) == (100, Grade.WARM)
    assert sum(part.most for part in how.parts) == 100
    silent = warmth(ties(last_to_at=ago(365), last_from_at=ago(400), **best), NOW, Calendar())
    assert silent is not None
    assert (silent.points, silent.grade) == (40, Grade.COLD)


def test_each_part_says_why():
    how = warmth(
        ties(
            last_to_at=ago(1),
            last_from_at=ago(12),
            answers=Answers(3, 2, 1),
            meetings=1,
            met_on=date(2023, 1, 1),
        ),
        NOW,
        Calendar(),
    )
    assert how is not None
    assert [part.why for part in how.parts] == [
        "their last word, 12 days ago",
        "our last word, 1 day ago",
        "2 of 3 words of ours answered, 1 of them within 3 days",
        "1 meeting held",
        "known for 3 years",
    ]


def test_the_formula_names_the_numbers_that_are_used():
    assert "Up to 40 for their last word and up to 20 for ours" in FORMULA
    assert "From 60 on it is warm, from 41 on cooling" in FORMULA


# what is settled of a life


def said(number: int, way: Way, days: float, **columns) -> Contact:
    at = ago(100) + timedelta(days=days)
    return Contact(id=number, candidate=1, happened=at, entered=at, way=way, **columns)


def a_life(*facts) -> Facts:
    return Facts(1, facts, team=Team(Policies()), calendar=Calendar())


def test_a_word_is_answered_by_the_next_of_theirs_within_thirty_days_and_soon_within_three():
    life = a_life(
        said(1, Way.TO, 0),
        said(2, Way.TO, 1),
        said(3, Way.FROM, 4),
        said(4, Way.TO, 10),
        said(5, Way.FROM, 41),
        said(6, Way.TO, 50),
    )
    assert answers_of(life) == Answers(words=4, answered=2, soon=1)


def test_what_was_talked_answers_itself_and_what_reached_nobody_counts_for_nothing():
    life = a_life(
        said(1, Way.TALKED, 0),
        said(2, Way.ATTEMPT, 1),
        said(3, Way.NOTE, 2),
        said(4, Way.TO, 3, is_group=True),
        said(5, Way.CLIENT_FROM, 4),
    )
    assert answers_of(life) == Answers(words=1, answered=1, soon=1)


def test_meetings_count_once_they_were_held():
    def planned(number: int) -> Planned:
        return Planned(
            id=number,
            candidate=1,
            happened=ago(20),
            entered=ago(20),
            kind=MeetingKind.INTERVIEW,
            starts=ago(10),
            ends=ago(10) + timedelta(hours=1),
            host=1,
        )

    def went(number: int, meeting: int, result: MeetingResult) -> OutcomeNoted:
        return OutcomeNoted(id=number, candidate=1, happened=ago(9), entered=ago(9), meeting=meeting, result=result)

    life = a_life(
        planned(1), planned(2), planned(3), went(4, 1, MeetingResult.HELD), went(5, 2, MeetingResult.CANCELLED)
    )
    assert meetings_of(life) == 1
