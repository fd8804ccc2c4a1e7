"""E-mails, phones and profiles, each in one form, however they were typed."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain import handles
from core.domain.handles import Handle


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Jan@X.Example", ["jan@x.example"]),
        (" mailto:jan@x.example ", ["jan@x.example"]),
        ("MAILTO:JAN@X.EXAMPLE?subject=CV", ["jan@x.example"]),
        ("Jan Nowak <jan@x.example>", ["jan@x.example"]),
        ('"Nowak, Jan" <jan@x.example>', ["jan@x.example"]),
        ("a@x.example; b@y.example", ["a@x.example", "b@y.example"]),
        ("a@x.example,b@y.example", ["a@x.example", "b@y.example"]),
        ("a@x.example ::: b@y.example", ["a@x.example", "b@y.example"]),
        ("a@x.example, Jan <b@y.example>", ["a@x.example", "b@y.example"]),
        ("a@x.example; A@X.EXAMPLE", ["a@x.example"]),
        ("jan+it2025@x.example", ["jan+it2025@x.example"]),
        ("żółw@poczta.example", ["żółw@poczta.example"]),
        ("o'hara@x.example", ["o'hara@x.example"]),
    ],
)
def test_addresses_are_unwrapped_split_and_lowered(text, values):
    assert handles.email(text) == handles.Found(tuple(values))


@pytest.mark.parametrize(
    "text",
    [
        "jan@",
        "jan (at) x.example",
        "jan at x.example",
        "www.x.example",
        "jan@@x.example",
        "jan@x",
        "jan.@x.example",
        "@x.example",
        "jan@-x.example",
        "not-an-email",
        "jan@x..example",
        "jan@webmail,example",
        "a" * 65 + "@x.example",
    ],
)
def test_an_address_that_is_none_is_never_repaired(text):
    assert handles.email(text) == handles.Found(reasons=("invalid_email",))


@pytest.mark.parametrize("text", ["12+jan@users.noreply.github.com", "no-reply@x.example", "noreply@x.example"])
def test_an_address_nobody_reads_is_no_contact(text):
    assert handles.email(text) == handles.Found(reasons=("noreply_email",))


def test_of_a_good_and_a_bad_address_the_good_one_stays_and_the_bad_one_is_said():
    assert handles.email("jan@x.example; jan@") == handles.Found(("jan@x.example",), ("invalid_email",))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("601222333", "+48601222333"),
        ("601 222 333", "+48601222333"),
        ("601-222-333", "+48601222333"),
        ("601.222.333", "+48601222333"),
        ("(+48) 601 222 333", "+48601222333"),
        ("0048 601-222-333", "+48601222333"),
        ("48601222333", "+48601222333"),
        ("48601222333.0", "+48601222333"),
        ("tel. 601 222 333", "+48601222333"),
        ("+48 22 555 01 40 ext. 12", "+48225550140"),
        ("+49 (0)221 4710716", "+492214710716"),
        ("0049 (0)221 4710716", "+492214710716"),
        ("493023125552", "+493023125552"),
        ("+90 541 660 32 80", "+905416603280"),
        ("+441 214 960153", "+441214960153"),
        ("٦٠١٢٢٢٣٣٣", "+48601222333"),
        ("\uff0b48 601 222 333", "+48601222333"),
    ],
)
def test_a_phone_is_one_however_it_is_written(text, value):
    assert handles.phone(text, "PL") == handles.Found((value,))


def test_a_national_number_is_read_in_the_region_of_the_file():
    assert handles.phone("030 23125552", "DE").value == "+493023125552"
    assert handles.phone("040/66969241", "DE").value == "+494066969241"


@pytest.mark.parametrize("text", ["601222333; 601222334", "601222333 ::: 601222334", "601 222 333 or 601 222 334"])
def test_several_phones_in_a_cell_are_several(text):
    assert handles.phone(text, "PL").values == ("+48601222333", "+48601222334")


@pytest.mark.parametrize("text", ["60132", "+48 22 000", "zapytać", "112", "+", "1" * 40, "601 222 333 444 555"])
def test_a_phone_that_is_none_is_said(text):
    assert handles.phone(text, "PL") == handles.Found(reasons=("invalid_phone",))


@pytest.mark.parametrize("text", ["4.8601E+10", "4,8601E+10", "4.86E10", "5e8"])
def test_a_phone_rounded_by_a_spreadsheet_is_never_turned_into_a_number(text):
    assert handles.phone(text, "PL") == handles.Found(reasons=("damaged_phone",))


def asked_of_phonenumbers(text: str, region: str | None = None) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    valid = phonenumbers.is_valid_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if valid else None


@given(st.text("0123456789", min_size=1, max_size=15), st.sampled_from(["PL", "DE", "GB", "US", "UA", "IT"]))
def test_the_quick_way_says_what_phonenumbers_says(digits, region):
    abroad = asked_of_phonenumbers("+" + digits.removeprefix("00"))
    at_home = None if digits.startswith("00") else asked_of_phonenumbers(digits, region)
    assert handles.phone(digits, region).value == (at_home or abroad)


@given(st.sampled_from(["48", "49", "44", "1", "380", "39", "7", "84", "34"]), st.integers(1_000_000, 9_999_999_999))
def test_the_quick_way_says_what_phonenumbers_says_of_numbers_with_a_country(country, number):
    assert handles.phone(f"+{country} {number}", "PL").value == asked_of_phonenumbers(f"+{country}{number}")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("https://www.linkedin.com/in/jan-nowak-x1", "jan-nowak-x1"),
        ("http://linkedin.com/in/jan-nowak-x1?originalSubdomain=pl", "jan-nowak-x1"),
        ("https://pl.linkedin.com/in/JAN-NOWAK-X1/", "jan-nowak-x1"),
        ("https://www.linkedin.com/in/jan-nowak-x1/pl", "jan-nowak-x1"),
        ("https://www.linkedin.com/in/jan-nowak-x1/details/skills/", "jan-nowak-x1"),
        ("linkedin.com/in/jan-nowak-x1", "jan-nowak-x1"),
        ("in/jan-nowak-x1", "jan-nowak-x1"),
        ("LinkedIn: linkedin.com/in/jan-nowak-x1", "jan-nowak-x1"),
        ("https://www.linkedin.com/in/j%C4%99drzej-x1", "jędrzej-x1"),
        ("https://www.linkedin.com/in/je\u0328drzej-x1", "jędrzej-x1"),
        ("https://www.linkedin.com/pub/jan-nowak/5/b0a/123", "jan-nowak-123b0a5"),
    ],
)
def test_of_a_linkedin_address_only_the_name_counts(text, name):
    assert handles.linkedin(text) == handles.Found((f"https://www.linkedin.com/in/{name}",))


@pytest.mark.parametrize(
    "text",
    [
        "https://www.linkedin.com/company/acme",
        "https://www.linkedin.com/in/",
        "https://x.example/in/jan",
        "yes",
        "in/",
        "https://www.linkedin.com/feed/",
        "https://notlinkedin.com/in/jan",
    ],
)
def test_no_personal_address_is_no_profile(text):
    assert handles.linkedin(text) == handles.Found(reasons=("invalid_url",))


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/Octo-Cat",
        "github.com/octo-cat/repository",
        "@octo-cat",
        "octo-cat",
        "octo-cat.github.io",
        "https://github.com/octo-cat?tab=repositories",
        "https://gist.github.com/octo-cat",
    ],
)
def test_a_github_user_is_one_however_the_address_is_written(text):
    assert handles.github(text) == handles.Found(("https://github.com/octo-cat",))


@pytest.mark.parametrize("text", ["https://github.com/orgs/acme", "https://github.com", "yes", "-octo", "octo cat"])
def test_what_names_no_github_user_is_none(text):
    assert handles.github(text).reason == "invalid_url"


def test_a_column_of_profiles_may_hold_either():
    found = handles.profile("https://github.com/octo-cat, https://www.linkedin.com/in/octo-cat https://x.example/me")
    assert found == (
        (Handle("github", "https://github.com/octo-cat"), Handle("linkedin", "https://www.linkedin.com/in/octo-cat")),
        ("invalid_url",),
    )


def test_a_tag_leads_to_the_same_mailbox():
    assert handles.mailbox("jan+praca@x.example") == handles.mailbox("jan@x.example") == "jan@x.example"
    assert handles.mailbox("+tag@x.example") == "+tag@x.example"


@given(st.text(max_size=80))
def test_no_text_is_too_strange_to_be_asked(text):
    for read in (handles.email, handles.linkedin, handles.github, lambda cell: handles.phone(cell, "PL")):
        found = read(text)
        assert found.values or found.reasons or not any(letter.isalnum() for letter in text)
    handles.profile(text)


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("jan@x.example / anna@y.example", ("jan@x.example", "anna@y.example")),
        ("jan@x.example lub anna@x.example", ("jan@x.example", "anna@x.example")),
        ("private: jan@x.example (old)", ("jan@x.example",)),
        ("jan kowalski@x.example", ()),
    ],
)
def test_words_beside_addresses_are_no_part_of_them_and_no_address_is_made_of_two(text, addresses):
    assert handles.email(text).values == addresses


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("+48 601 222 333 +48 602 333 444", ("+48601222333", "+48602333444")),
        ('="601222333"', ("+48601222333",)),
        ("’+48 601 222 333", ("+48601222333",)),
        ("601 222 333 602 333 444", ()),
    ],
)
def test_numbers_are_found_between_the_marks_a_spreadsheet_left(text, numbers):
    assert handles.phone(text, "PL").values == numbers


def test_brackets_around_a_profile_are_no_part_of_it():
    for text in ("<https://linkedin.com/in/jan-x>", "[Jan](https://www.linkedin.com/in/jan-x)"):
        assert handles.linkedin(text).value == "https://www.linkedin.com/in/jan-x"
    assert handles.github("git@github.com:noor/x.git").value == handles.github("<https://github.com/noor>").value
