"""Names and companies that differ and mean the same, and those that only look alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.likeness import blocks, companies_alike, names_alike, sound
from core.domain.names import company_key, name_key

ALIKE = [
    ("Tomek Nowak", "Tomasz Nowak", "short_name"),
    ("Nowak Kasia", "Katarzyna Nowak", "short_name"),
    ("Bob Smith", "Robert Smith", "short_name"),
    ("Hans Geißler", "Johannes Geissler", "short_name"),
    ("Paco García", "Francisco Garcia", "short_name"),
    ("Alex Schmidt", "Alexandra Schmidt", "short_name"),
    ("Alex Schmidt", "Alexander Schmidt", "short_name"),
    ("Sasha Kovalenko", "Oleksandr Kovalenko", "short_name"),
    ("Тарас Шевченко", "Taras Shevchenko", "other_spelling"),
    ("Тарас Шевченко", "Taras Szewczenko", "other_spelling"),
    ("Taras Shevchenko", "Taras Schewtschenko", "other_spelling"),
    ("Олександр Ковальчук", "Oleksandr Kowalczuk", "other_spelling"),
    ("Олександр Ковальчук", "Alexander Kovalchuk", "short_name"),
    ("Юрій Григоренко", "Yuriy Hryhorenko", "other_spelling"),
    ("Jurij Grigorenko", "Yuriy Hryhorenko", "other_spelling"),
    ("Ярослав Коваль", "Jaroslaw Kowal", "other_spelling"),
    ("Ярослав Коваль", "Yaroslav Koval", "other_spelling"),
    ("Jörg Müller", "Joerg Mueller", "other_spelling"),
    ("Jorg Muller", "Joerg Mueller", "other_spelling"),
    ("Георгиос Пападопулос", "Georgios Papadopoulos", "other_spelling"),
    ("J. Kowalski", "Jan Kowalski", "initial"),
    ("B. Smith", "Bob Smith", "initial"),
    ("R. Smith", "Bob Smith", "initial"),
    ("Jan M. Kowalski", "Jan Maria Kowalski", "initial"),
    ("Jan Maria Kowalski", "Jan Kowalski", "shorter_name"),
    ("Anna Kowalska-Nowak", "Anna Nowak", "shorter_name"),
    ("María José García López", "Maria Garcia", "shorter_name"),
    ("Pieter van der Velden", "Pieter Velden", "other_spelling"),
    ("Jan Kowalski", "Jan Kowalksi", "slip_in_name"),
    ("Anna Lewandowska", "Anna Lewandwska", "slip_in_name"),
    ("Zbigniew Brzeziński", "Zbigneiw Brzeziński", "slip_in_name"),
]
OTHERS = [
    ("Jan Kowalski", "Jan Nowak"),
    ("Jan Kowalski", "Janina Kowalska"),
    ("Daniel Wiśniewski", "Daniela Wiśniewska"),
    ("Daniel Wagner", "Daniela Wagner"),
    ("Jan Kowalski", "Jan Kowalska"),
    ("Marek Nowak", "Mariusz Nowak"),
    ("Marcin Nowak", "Marek Nowak"),
    ("Anna Nowak", "Hanna Nowak"),
    ("Martin Weber", "Martina Weber"),
    ("Jarosław Nowak", "Yaroslav Nowak"),
    ("Jan K.", "Jan Kowalski"),
    ("J. K.", "Jan Kowalski"),
    ("Jan", "Jan Kowalski"),
    ("Piotr Maj", "Piotr May Smith Lee Ray"),
    ("A. Kowalski", "Jan Kowalski"),
    ("Jan Król", "Jan Kral"),
    ("Yusra al-Barazi", "Yusra al-Sawaf"),
    ("Yusra al-Barazi", "Dalia al-Barazi"),
    ("Jan Kowalksi Nowak", "Jan Kowalski"),
    ("An Nguyen", "Binh Nguyen"),
]


@pytest.mark.parametrize(("one", "other", "why"), ALIKE)
def test_one_name_written_in_two_ways_is_alike_and_says_why(one, other, why):
    assert names_alike(name_key(one), name_key(other)) == why
    assert names_alike(name_key(other), name_key(one)) == why


@pytest.mark.parametrize(("one", "other", "why"), ALIKE)
def test_whoever_is_alike_is_compared(one, other, why):
    found, there = blocks(name_key(one), "acme"), blocks(name_key(other), "acme")
    assert not set(found).isdisjoint(there)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_two_names_that_only_look_alike_are_not(one, other):
    assert names_alike(name_key(one), name_key(other)) == names_alike(name_key(other), name_key(one)) == ""


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("Allegro sp. z o.o.", "ALLEGRO", "company"),
        ("Allegro", "Allegro Pay", "shorter_company"),
        ("AllegroPay", "Allegro Pay", "company"),
        ("Яндекс", "Yandex", "company"),
        ("Müller Elektrik", "Mueller Elektrik", "company"),
        ("Microsoft", "Micorsoft", "slip_in_company"),
        ("Microsoft", "Microsift Polska", ""),
        ("Ambercraft", "Embercraft", ""),
        ("Studio 54", "Studio 55", ""),
        ("Studio Alfa", "Studio Beta", ""),
        ("Bank", "Bank Pekao", ""),
        ("Software Group", "Software", ""),
        ("Allegro", "", ""),
        ("", "", ""),
        ("Visa", "Vista", ""),
    ],
)
def test_companies_are_one_where_the_words_are(one, other, why):
    assert companies_alike(company_key(one), company_key(other)) == why
    assert companies_alike(company_key(other), company_key(one)) == why


@pytest.mark.parametrize(
    ("one", "other"), [("Allegro", "Allegro Pay"), ("Microsoft", "Micorsoft"), ("ING", "ING Bank")]
)
def test_people_of_companies_that_are_alike_are_compared(one, other):
    name = name_key("Jan Kowalski")
    assert not set(blocks(name, company_key(one))).isdisjoint(blocks(name, company_key(other)))


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_compare_alike_in_either_order_and_ask_for_little(one, other):
    name, another = name_key(one), name_key(other)
    assert names_alike(name, another) == names_alike(another, name)
    assert companies_alike(company_key(one), company_key(other)) == companies_alike(
        company_key(other), company_key(one)
    )
    assert len(blocks(name, company_key(other))) <= 12
    assert sound(name) == sound(name).strip()
