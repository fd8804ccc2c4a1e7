"""Message templates: what comes with Perennial is whole in each language, and what a team writes can do no harm."""

import tomllib

import pytest

from core.domain.templates import (
    FIELDS,
    FOLDER,
    LANGUAGES,
    LONGEST,
    OCCASIONS,
    PARTS,
    NoTemplate,
    check,
    default_of,
    filled,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_draft_is_there_in_every_language_and_every_field_has_a_name_for_its_gap(language: str):
    said = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    assert said["drafts"].keys() == OCCASIONS.keys()
    assert said["gaps"].keys() == set(FIELDS) - {"is_talk"}
    for occasion in OCCASIONS:
        check(occasion, default_of(occasion, language))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Hello\n{{ nmae }}", "Line 2: there is no field “nmae”"),
        ("Hello\n\n{% if name %}x", "Line 3"),
        ("{{ 'a' * 1000000000 }}", "fields and “if”, and nothing more"),
        ("{{ name.__class__ }}", "fields and “if”, and nothing more"),
        ("{{ range(10) }}", "fields and “if”, and nothing more"),
        ("{{ name ~ name }}", "fields and “if”, and nothing more"),
        ("{% set x = 1 %}", "fields and “if”, and nothing more"),
        ("{% macro x() %}{% endmacro %}", "fields and “if”, and nothing more"),
        ("{% include 'x' %}", "fields and “if”, and nothing more"),
        ("{{ name|center(1000000) }}", "there is no “center” here"),
        ("{% for letter in name %}{{ letter }}{% endfor %}", "goes through questions alone, once"),
        (
            "{% for q in questions %}{% for r in questions %}{{ r }}{% endfor %}{% endfor %}",
            "goes through questions alone, once",
        ),
        ("Hello\n{% if days > 3 %}x{% endif %}", "Line 2: things are compared by == or != alone"),
        ("{% if name and name > 3 %}x{% endif %}", "compared by == or != alone"),
        ("{% if 'a' in days %}x{% endif %}", "compared by == or != alone"),
        ("{% if name %}" * 150 + "x" + "{% endif %}" * 150, "too many things stand in one another"),
        ("{{ " + "not " * 1200 + "name }}", "oo many things stand in one another"),
        ("{{ " + "(" * 900 + "name" + ")" * 900 + " }}", "oo many things stand in one another"),
        ("   ", "needs words"),
        ("x" * (LONGEST + 1), "too long"),
    ],
)
def test_what_is_no_letter_is_refused_with_the_line(text: str, sentence: str):
    with pytest.raises(NoTemplate, match=sentence):
        check("reply", text)


def test_a_part_is_made_of_fields_alone():
    check("reply", "{{ greeting }} x")
    with pytest.raises(NoTemplate, match="“greeting” is made of fields alone"):
        check("greeting", "{{ greeting }} x")


def test_the_teams_own_wording_stands_in_place_of_the_one_that_came_and_its_greeting_everywhere():
    own = {("reply", "en"): "{{ greeting }} [answer]", ("greeting", "en"): "Dear {{ first_name }}!"}
    assert filled("reply", {"first_name": "Noor"}, "en", own) == "Dear Noor! [answer]"
    assert filled("reply", {}, "en", own) == "Dear [name]! [answer]"
    assert "thank you" not in filled("reply", {}, "en", own)
    assert filled("reply", {}, "pl", own).startswith("Dzień dobry,")
    assert filled("update", {"first_name": "Noor"}, "en", own).startswith("Dear Noor!")


def test_a_template_in_a_name_is_only_a_name():
    assert "{{ me }}" in filled("reply", {"first_name": "{{ me }}", "me": "Ben"}, "en")


def test_what_is_filled_is_no_longer_than_a_letter():
    with pytest.raises(NoTemplate, match="longer than"):
        filled("reply", {"first_name": "x" * 30_000}, "en")


def test_parts_are_drafts_too():
    assert set(PARTS) < set(OCCASIONS)
