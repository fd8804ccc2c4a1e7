"""Countries however a list names them."""

import phonenumbers
import pytest

from core.domain.countries import _REGION_BY_NAME, region_of


@pytest.mark.parametrize(
    ("region", "names"),
    [
        ("PL", "Poland; POLSKA; Polen; PL; pl; POL"),
        ("DE", "Germany; Niemcy; Deutschland; DE; D.E."),
        ("AT", "Austria; Österreich"),
        ("GB", "United Kingdom; UK; U.K.; England; Wielka Brytania; Großbritannien; Vereinigtes Königreich"),
        ("US", "USA; U.S.A.; United States; Stany Zjednoczone; Vereinigte Staaten"),
        ("CZ", "Czechia; Czech Republic; Czechy; Tschechien"),
        ("CH", "Switzerland; Szwajcaria; Schweiz"),
        ("TR", "Türkiye; Turcja; Türkei"),
    ],
)
def test_a_country_is_known_in_three_languages_and_by_its_code(region, names):
    assert {name: region_of(name) for name in names.split("; ")} == dict.fromkeys(names.split("; "), region)


@pytest.mark.parametrize("text", ["", "remote", "Narnia", "x" * 100, "123"])
def test_what_is_no_country_is_none(text):
    assert region_of(text) is None


def test_every_country_is_one_that_phone_numbers_know():
    assert set(_REGION_BY_NAME.values()) <= phonenumbers.SUPPORTED_REGIONS
