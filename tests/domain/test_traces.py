"""By what somebody is named in a text, and what is left of the text without them."""

import time
from fnmatch import fnmatch

import pytest

from core.domain.handles import Handle
from core.domain.traces import Identity, addresses_in

NOOR = Identity(
    names=("Noor Haddad", "Noor"),
    emails=("noor@example.org",),
    phones=("+48601234567",),
    profiles=("https://www.linkedin.com/in/noor-haddad", "https://www.linkedin.com/in/old-noor-123b0a5"),
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ask Noor Haddad.", "Ask [erased]."),
        ("HADDAD, Noor (old list)", "[erased] (old list)"),
        ("noor  haddad", "[erased]"),
        ("Mail NOOR@example.org today", "Mail [erased] today"),
        ("Call 601 234 567", "Call [erased]"),
        ("Call +48 601-234-567 or 0048601234567", "Call [erased] or [erased]"),
        ("See linkedin.com/in/noor-haddad", "See [erased]"),
        ("linkedin.com/pub/noor-haddad", "[erased]"),
        ("see pl.linkedin.com/pub/old-noor/5/B0a/123/pl", "see pl.[erased]/pl"),
        ("linkedin.com/pub/old-noor/5/b0a/124", "linkedin.com/pub/old-noor/5/b0a/124"),
        ("linkedin.com/pub/noor-haddad/5/b0a/123", "linkedin.com/pub/noor-haddad/5/b0a/123"),
        ("2026-03-02601234567, 60123456702.03.2026", "2026-03-02[erased], [erased]02.03.2026"),
        ("02.03.2026+48601234567", "02.03.2026[erased]"),
        ("Noor is a common name", "Noor is a common name"),
        ("Noor Haddadi", "Noor Haddadi"),
        ("xnoor@example.org and noor@example.organic", "xnoor@example.org and noor@example.organic"),
        ("Order 16012345670", "Order 16012345670"),
        ("linkedin.com/in/noor-haddad-2", "linkedin.com/in/noor-haddad-2"),
    ],
)
def test_full_names_addresses_numbers_and_profiles_are_taken_out_and_nothing_else(text, left):
    assert NOOR.taken_out_of(text) == left
    assert bool(NOOR.named_in(text)) == (text != left)


def test_the_database_is_asked_for_every_text_that_may_name_them():
    for text in ("linkedin.com/in/old-noor-123b0a5", "linkedin.com/pub/old-noor/5/b0a/123", "2026-03-02601234567"):
        assert any(fnmatch(text, like.replace("%", "*")) for like in NOOR.likes), text


def test_lists_and_what_is_written_by_name_are_looked_through_too():
    told = {"by Noor Haddad": ["yes", {"to": "noor@example.org"}], "n": 3}
    assert NOOR.taken_out_of(told) == {"by [erased]": ["yes", {"to": "[erased]"}], "n": 3}
    assert NOOR.named_in(told) == "by Noor Haddad"


def test_whoever_has_but_one_name_and_no_address_is_named_nowhere():
    assert Identity(names=("Noor",)).named_in("Noor") == ""
    assert Identity(names=("Noor",)).taken_out_of("Noor") == "Noor"


def test_letters_that_a_database_does_not_know_in_lower_case_are_any():
    assert Identity(names=("Żaneta Łuk_sik",)).likes[0] == "%%aneta%%uk\\_sik%"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Write to Noor.Haddad@Lumen.example.", [Handle("email", "noor.haddad@lumen.example")]),
        ("see https://pl.linkedin.com/in/Noor/, soon", [Handle("linkedin", "https://www.linkedin.com/in/noor")]),
        ("code on github.com/noor/tools", [Handle("github", "https://github.com/noor")]),
        ("+49 (0) 30 901820", [Handle("phone", "+4930901820")]),
        ("tel. 0048 601-222-333!", [Handle("phone", "+48601222333")]),
        ("601 222 333", [Handle("phone", "+48601222333"), Handle("phone", "+601222333")]),
        ("linkedin.com/pub/noor/5/b0a/123", [Handle("linkedin", "https://www.linkedin.com/in/noor-123b0a5")]),
        ("01.23.45.67.89", [Handle("phone", "+48123456789"), Handle("phone", "+0123456789")]),
        ("since 2011, 4 days; id 12345678901234567890", []),
    ],
)
def test_addresses_are_found_among_words(text, found):
    assert list(addresses_in(text, "PL")) == found


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02 601 222 333",
        "601 222 333 2.3.2026",
        "601222333-02.03.2026",
        "2026-03-02601222333",
        "601-222-33302.03.2026",
        "tel. 2024 601 222 333",
        "10:30 0048 601 222 333",
        "2.3.26 (601) 222-333",
    ],
)
def test_a_number_is_found_beside_a_date(text):
    assert Handle("phone", "+48601222333") in set(addresses_in(text, "PL"))


@pytest.mark.parametrize(
    "cell", ["2026-03-02" * 10_000, "a" * 100_000 + "@", "1" * 100_000, "a@" * 50_000, "linkedin.com/in/" * 6_000]
)
def test_a_long_cell_takes_no_longer_than_its_length(cell):
    begun = time.process_time()
    list(addresses_in(cell, "PL"))
    assert time.process_time() - begun < 2
