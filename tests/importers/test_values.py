"""Days in the file's own convention, amounts, and lists of words."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.importers.values import date_order, day, labels, moment, words


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-05",
        "2026/03/05",
        "2026.3.5",
        "2026-03-05 14:22:11",
        "2026-03-05T14:22:11Z",
        "05.03.2026",
        "5.3.2026",
        "5.3.26",
        "05.03.2026 r.",
        "05 Mar 2026",
        "5 March 2026",
        "March 5, 2026",
        "Mar 5 2026",
        "5 marca 2026",
        "5. März 2026",
        "5 mrz 2026",
        "Thu, 5 Mar 2026",
        "5-Mar-2026",
        "5th March 2026",
        "20260305",
        "46086",
        "46086.0",
        "46086.75",
        "5.III.2026",
        "05/Mar/2026",
        "2026.03.05.",
        "2026-03-05 14:22:11.000 +0000 UTC",
    ],
)
def test_a_day_is_read_however_it_is_written(text):
    assert day(text, None) == date(2026, 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        "31.02.2025",
        "po świętach",
        "0.0.00",
        "19999",
        "60001",
        "2026-13-01",
        "5",
        "",
        "2026",
        "32/01/2026",
        "03/05/2026",
    ],
)
def test_what_says_no_day_is_none(text):
    assert day(text, None) is None


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["03/04/2025", "13/04/2025"], "DMY"),
        (["03/04/2025", "04/13/2025"], "MDY"),
        (["03/04/2025", "05/06/2025"], "ambiguous"),
        (["13/04/2025", "04/13/2025"], "ambiguous"),
        (["03-04-2025", "13-04-2025"], "DMY"),
        (["03.04.2025"], "DMY"),
        (["2025-04-03", "", "od zaraz"], None),
        (["03/04/2025", "2025-04-03", "40000"], "ambiguous"),
    ],
)
def test_a_column_is_settled_by_all_of_its_values(texts, order):
    assert date_order(texts) == order


def test_the_column_decides_which_day_it_is():
    assert day("03/04/2025", "DMY") == date(2025, 4, 3)
    assert day("03/04/2025", "MDY") == date(2025, 3, 4)
    assert day("03/04/2025", "ambiguous") is None
    assert day("13/04/2025", "MDY") is None


def test_a_message_has_a_moment_in_utc():
    assert moment("2026-03-05 14:22:11 UTC") == datetime(2026, 3, 5, 14, 22, 11, tzinfo=UTC)
    assert moment("2026-02-30 14:22:11 UTC") is None
    assert moment("yesterday") is None


@pytest.mark.parametrize(
    "text",
    [
        "Java; Spring, k8s",
        "Java | Spring | k8s",
        "• Java\n• Spring\n• k8s",
        "Java,Spring,k8s,",
        "Java\nSpring\njava\nk8s",
        "- Java\n- Spring\n- k8s",
    ],
)
def test_skills_are_split_wherever_people_split_them(text):
    assert words(text) == ["Java", "Spring", "k8s"]


def test_skills_of_several_words_and_signs_stay_whole():
    assert words("C++, C#; .NET | GitLab CI, CI/CD, Node.js") == ["C++", "C#", ".NET", "GitLab CI", "CI/CD", "Node.js"]


def test_labels_that_google_sets_itself_are_no_tags():
    assert labels("Kandydaci ::: * myContacts") == ["Kandydaci"]


@given(st.text(max_size=40))
def test_no_text_is_too_strange(text):
    for order in (None, "DMY", "MDY", "ambiguous"):
        day(text, order)
    moment(text), words(text), date_order([text])
