"""Names that are written differently and mean the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain import names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Łukasz Żółw", "lukasz zolw"),
        ("Aleks Ciereszko", "Ciereszko Aleks"),
        ("FRANCISZEK POCHOPIEŃ", "Franciszek Pochopień"),
        ("Anna-Maria Geißler", "Anna Maria Geissler"),
        ("Luca D'Agostini", "Luca D’Agostini"),
        ("Đặng Thị Hà", "Dang Thi Ha"),
        ("Костянтин Гайда", "Костянтин Гаида"),
        ("Salkın Yıldırım", "Salkin Yildirim"),
        ("İrfan Yüksel", "irfan yuksel"),
        ("dr inż. Malwina Wasilewicz", "Malwina Wasilewicz"),
        ("Aurelia Ośko, MBA", "Aurelia Ośko"),
        ("Antoni Troka, Ph.D.", "Antoni Troka, PhD"),
        ("Herr Dipl.-Ing. Jörg Pieper", "Jörg Pieper"),
        ("Pani Ewa Góraj", "Ewa Góraj"),
        ("Odarka 🚀 Chumak", "Odarka Chumak"),
        ("J. Kowalski", "J.Kowalski"),
    ],
)
def test_two_ways_to_write_one_name_compare_equal(one, other):
    assert names.name_key(one) == names.name_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("Jan Kowalski", "Jan Nowak"), ("Jan Kowalski", "Jan Maria Kowalski"), ("Jack Ma", "Jack")]
)
def test_other_names_do_not(one, other):
    assert names.name_key(one) != names.name_key(other)


@pytest.mark.parametrize("name", ["Jack Ma", "Ing Lee", "Pan Wei", "Doktor"])
def test_a_name_that_is_also_a_title_stays_where_nothing_else_would(name):
    assert len(names.parts(names.name_key(name))) == len(name.split())


@pytest.mark.parametrize("text", ["", "123", "?", "jan@x.example", "LinkedIn Member", "linkedin MEMBER", "🚀"])
def test_what_is_no_name_is_none(text):
    assert not names.is_name(text)


@pytest.mark.parametrize("text", ["Wulandari", "Đ", "高橋", "محمد", "O", "Member Jan"])
def test_a_name_needs_only_a_letter(text):
    assert names.is_name(text)


@pytest.mark.parametrize(
    "company",
    [
        "Jodładock Sp. k.",
        "JODŁADOCK SP. K.",
        "Jodladock sp. z o.o.",
        "Jodładock S.A.",
        "Jodładock GmbH",
        "jodladock",
        "Jodładock GmbH & Co. KG",
        "Jodładock AG",
        "Jodładock Ltd",
        "Jodładock Ltd.",
        "Jodładock, Inc.",
        "Jodładock LLC",
        "Jodładock S.L.",
        "Jodładock sp. z o. o.",
        "Jodładock Sp.z o.o. sp.k.",
    ],
)
def test_a_company_is_the_same_whatever_its_legal_form(company):
    assert names.company_key(company) == "jodladock"


def test_a_company_named_like_a_legal_form_is_still_a_company():
    assert names.company_key("SE") == "se"
    assert names.company_key("-") == ""


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("FRANCISZEK POCHOPIEŃ", "Franciszek Pochopień"),
        ("friederike zu lohenfels", "Friederike Zu Lohenfels"),
        ("Pieter van der Velden", "Pieter van der Velden"),
        ("JP", "JP"),
        ("高橋", "高橋"),
    ],
)
def test_a_list_that_shouts_is_shown_in_a_speaking_voice(written, shown):
    assert names.shown(written) == shown


@given(st.text(max_size=60))
def test_comparing_never_fails_and_forgets_order_and_case(text):
    key = names.name_key(text)
    assert names.name_key(key) == key
    assert names.company_key(text) == names.company_key(f" {text} ")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Kowalski, Jan", "Jan Kowalski"),
        ("KOWALSKI, Jan Maria", "Jan Maria Kowalski"),
        ("van der Berg, Jan", "Jan van der Berg"),
        ("KOWALSKI Jan", "Jan Kowalski"),
        ("MRÓZ-KALINA Anna Maria", "Anna Maria Mróz-Kalina"),
        ("Jan KOWALSKI", "Jan Kowalski"),
        ("Jan Kowalski", "Jan Kowalski"),
        ("Noor Haddad, MBA", "Noor Haddad, MBA"),
        ("Haddad, PhD", "Haddad, PhD"),
        ("Jan Kowalski, Acme", "Jan Kowalski, Acme"),
        ("Noor Haddad MBA", "Noor Haddad MBA"),
        ("JAN KOWALSKI", "JAN KOWALSKI"),
        ("Ronald McDonald", "Ronald McDonald"),
        ("Ludwig van Beethoven", "Ludwig van Beethoven"),
        ("Suharto", "Suharto"),
        ("李小龍", "李小龍"),
        ("Олена ШЕВЧЕНКО", "Олена Шевченко"),
        ("Kowalski,", "Kowalski,"),
        ('=HYPERLINK("http://x.example","Click")', '=HYPERLINK("http://x.example","Click")'),
        ("Müller, Anna / HR", "Anna / HR Müller"),
        ("<b>Kowalski</b>, Jan", "<b>Kowalski</b>, Jan"),
        ("", ""),
    ],
)
def test_a_name_is_said_with_the_given_name_first(written, said):
    assert names.as_said(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Kowalski Jan", "Jan Kowalski"),
        ("KOWALSKI Jan", "Jan Kowalski"),
        ("Kowalski, Jan", "Jan Kowalski"),
        ("Nguyễn Văn An", "Nguyễn Văn An"),
        ("Suharto", "Suharto"),
    ],
)
def test_a_column_that_says_the_surname_comes_first_is_believed(written, said):
    assert names.as_said(written, surname_first=True) == said


@given(st.text(max_size=30))
def test_turning_a_name_neither_adds_nor_loses_a_part(text):
    for first in (False, True):
        assert names.name_key(names.as_said(text, surname_first=first)) == names.name_key(text)
