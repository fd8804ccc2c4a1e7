"""One cell, cleaned of what nobody meant to type, and of nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.importers.cells import cleaned, has_control_characters, is_placeholder, value


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  Leon   Kosznik ", "Leon Kosznik"),
        ("\xa0Leon\xa0\xa0Kosznik\u2009", "Leon Kosznik"),
        ("Zoe\u0308", "Zoë"),
        ("\u200bireva@webmail.example\ufeff", "ireva@webmail.example"),
        ("\u202eNoor\u202c", "Noor"),
        ("No\x00or\x07", "Noor"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("a\tb", "a\tb"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("<b>Noor</b> &amp; Co", "<b>Noor</b> &amp; Co"),
        ("hiring 👩\u200d💻 now", "hiring 👩\u200d💻 now"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("No\u200dor", "Noor"),
        ("", ""),
    ],
)
def test_spaces_marks_and_control_characters_go_and_text_stays(cell, text):
    assert cleaned(cell) == text


@pytest.mark.parametrize(
    "cell",
    [
        "-",
        "—",
        "–",
        ".",
        "?",
        "???",
        "n/a",
        "N/A",
        "n/d",
        "nd",
        "brak",
        "BRAK",
        "none",
        "null",
        "NaN",
        "nil",
        "k.A.",
        "k. A.",
        "0.0.00",
        "--",
    ],
)
def test_a_placeholder_means_nothing(cell):
    assert is_placeholder(cell)
    assert value(f" {cell} ") == ""


@pytest.mark.parametrize("cell", ["Nil Armstrong", "Brak-Nowak", "0", "-1", "no", "C", ".NET", "C#", "no-name", "Nd."])
def test_what_only_looks_like_one_is_data(cell):
    assert value(cell) == cell


def test_control_characters_are_told_of_and_other_invisible_ones_are_not():
    assert has_control_characters("a\0b")
    assert has_control_characters("\x1b[0m")
    assert not has_control_characters("a\tb\r\nc\u200b\xa0")


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text):
    once = cleaned(text)
    assert cleaned(once) == once
    assert "\0" not in once
    assert not has_control_characters(once)
