"""What one row says of a person, and which rows are nobody."""

import pytest

from core.domain.handles import Handle
from core.importers.people import Incoming
from core.importers.preview import Preview, Row, preview, read_file


def previewed(text: str, **options) -> Preview:
    return preview(read_file(text.encode(), **options))


def only(text: str, **options) -> Row:
    (row,) = previewed(text, **options).rows
    return row


def person(text: str, **options) -> Incoming:
    found = only(text, **options).person
    assert found is not None
    return found


def warned(row: Row) -> list[tuple[str, str | None]]:
    return [(warning.code, warning.column) for warning in row.warnings]


@pytest.mark.parametrize("row", [",noor@x.example,,", "Noor,,,", ",,in/noor,", ",,https://github.com/noor,", "Ø,,,"])
def test_a_name_an_address_or_a_profile_makes_a_person(row):
    assert only(f"Name,E-mail,LinkedIn,Phone\n{row}\n").outcome == "new"


@pytest.mark.parametrize(
    "row",
    [
        ",,,601222333",
        "123,,,",
        "brak,n/a,-,?",
        ",noor@,,",
        ",,https://linkedin.com/company/acme,",
        "LinkedIn Member,,,",
    ],
)
def test_a_row_without_any_of_them_is_nobody(row):
    found = only(f"Name,E-mail,LinkedIn,Phone\n{row}\n")
    assert (found.outcome, found.reason) == ("rejected", "no_identity")


def test_linkedin_member_is_nobody_in_two_columns_either():
    assert only("First Name,Last Name,E-mail\nLinkedIn,Member,\n").reason == "no_identity"


def test_a_row_with_an_address_and_no_name_comes_in_with_a_warning():
    row = only("Name,E-mail\n???,noor@x.example\n")
    assert (row.outcome, warned(row)) == ("new", [("name_missing", None)])


def test_an_address_in_place_of_a_name_is_an_address():
    row = only("Name,E-mail\nnoor@x.example,\n")
    assert row.person
    assert (row.person.name, row.person.handles) == ("", (Handle("email", "noor@x.example"),))
    assert warned(row) == [("name_missing", None)]


def test_values_that_are_wrong_are_dropped_and_told_and_stay_in_the_raw_row():
    row = only("Name,E-mail,Phone,LinkedIn,Applied On\nNoor,noor@,4.8601E+10,twitter.com/noor,31.02.2025\n")
    assert warned(row) == [
        ("invalid_email", "E-mail"),
        ("damaged_phone", "Phone"),
        ("invalid_url", "LinkedIn"),
        ("invalid_date", "Applied On"),
    ]
    assert row.person
    assert row.person.handles == ()
    assert row.person.dates == {}
    assert row.cells == ("Noor", "noor@", "4.8601E+10", "twitter.com/noor", "31.02.2025")


def test_free_words_about_availability_are_no_error():
    row = only("Name,Dostępny od\nNoor,od zaraz\n")
    assert (row.warnings, row.person and row.person.text("available_from")) == ((), "od zaraz")


def test_control_characters_are_taken_out_and_told_of():
    row = only("Name,Notes\nNo\0or,fine\n")
    assert (row.cells, warned(row)) == (("Noor", "fine"), [("control_chars", "Name")])


def test_a_column_of_dates_that_could_be_either_is_asked_about_and_not_guessed():
    found = previewed("Name,Applied On\nNoor,03/04/2025\nBoris,05/06/2025\nCleo,2025-01-02\n")
    assert found.ambiguous_columns == ("Applied On",)
    assert [dict(row.person.dates) for row in found.rows if row.person][:2] == [{}, {}]
    assert found.rows[0].warnings == ()
    assert found.rows[0].person.text("applied_at") == "03/04/2025"
    assert found.rows[2].person.fields["applied_at"] == "2025-01-02"


def test_one_value_settles_the_whole_column():
    found = previewed("Name,Applied On\nNoor,03/04/2025\nBoris,13/04/2025\n")
    assert found.rows[0].person.fields["applied_at"] == "2025-04-03"
    assert found.to_expected_json()["date_order"] == "DMY"


def test_a_surplus_cell_rejects_the_row_and_an_empty_one_or_a_missing_one_does_not():
    found = previewed("Name,Company,E-mail\nNoor,Acme, Inc,n@x.example\nBoris,Beta,b@x.example,, \nCleo\n")
    assert [(row.outcome, row.reason) for row in found.rows] == [
        ("rejected", "column_mismatch"),
        ("new", ""),
        ("new", ""),
    ]


def test_the_header_pasted_again_is_no_person_however_it_is_typed():
    found = previewed("Name,E-mail,Phone\nNoor,,\nNAME,e-mail,\n")
    assert [row.reason for row in found.rows] == ["", "repeated_header"]


def test_what_the_source_itself_calls_no_person_is_none():
    found = previewed(
        "Login,Name,GitHub,Type\na,Acme,github.com/acme,Organization\nb,Dep,https://github.com/dep[bot],User\nc,Noor,noor,User\n"
    )
    assert [row.reason for row in found.rows] == ["not_a_person", "not_a_person", ""]
    connections = "First Name,Last Name,URL,Connected On\nAcme,,https://www.linkedin.com/company/acme,05 Mar 2023\n"
    assert only(connections).reason == "not_a_person"


def test_present_pay_is_dropped_from_the_raw_row_too_and_said():
    found = previewed("Name,E-mail,Current salary,Expected salary\nNoor,n@x.example,17000,20000\n")
    assert [column.header for column in found.dropped_columns] == ["Current salary"]
    assert found.rows[0].cells == ("Noor", "n@x.example", "", "20000")
    assert "17000" not in str(found.rows) + str(found.to_expected_json())


def test_a_profile_in_a_column_of_websites_is_found():
    assert person("Name,Website\nNoor,https://www.linkedin.com/in/noor-x\n").handles == (
        Handle("linkedin", "https://www.linkedin.com/in/noor-x"),
    )


def test_all_values_of_a_person_are_kept_in_their_order():
    noor = person(
        "Name,Email,Email,Phone,Skills,Skills,Notes,Notes\nNoor,a@x.example;b@x.example,c@x.example,601222333,Java,Go,one,two\n"
    )
    assert [handle.value for handle in noor.handles] == ["a@x.example", "b@x.example", "c@x.example", "+48601222333"]
    assert (noor.fields["email_2"], noor.fields["email_3"]) == ("b@x.example", "c@x.example")
    assert (noor.list("skills"), noor.text("notes")) == (["Java", "Go"], "one\ntwo")


def test_a_first_and_a_last_name_make_the_name_and_a_full_name_beside_them_wins():
    assert person("Imię,Nazwisko\nAnna Maria,Feluś\n").name == "Anna Maria Feluś"
    assert person("Name,Given Name,Family Name\nVõ Khánh Linh,Linh,Võ Khánh\n").name == "Võ Khánh Linh"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('"Kowalska, Ada"', "Ada Kowalska"),
        ('"van den Berg, Joost"', "Joost van den Berg"),
        ('"Haddad, MBA"', "Haddad, MBA"),
        ("Pelé", "Pelé"),
        ('"Haddad, Noor",Zoë', "Zoë Haddad, Noor"),
    ],
)
def test_a_column_of_last_names_alone_may_hold_whole_ones(written, said):
    assert person(f"Nachname, Vorname\n{written}\n").name == said


def test_a_whole_name_is_said_given_name_first_and_kept_as_it_was_written():
    for text in ("Nazwisko i imię\nKowalski Jan\n", 'Name,City\n"Kowalski, Jan",\n', "Name\nKOWALSKI Jan\n"):
        assert person(text).name == "Jan Kowalski"
    assert person("Nazwisko i imię\nKowalski Jan\n").text("full_name") == "Kowalski Jan"


def test_phones_are_read_in_the_region_of_the_file():
    assert person("Name,Telefon\nJörg,030 23125552\n", region="DE").handles == (Handle("phone", "+493023125552"),)


def test_a_phone_is_read_in_the_country_its_row_names():
    text = "Name,Telefon,Kraj\n{}\n"
    for row, number in (
        ("Jörg,030 23125552,Niemcy", "+493023125552"),
        ("Ana,601 222 333,Polska", "+48601222333"),
        ("Ana,601 222 333,", "+48601222333"),
        ("Ana,+48 601 222 333,Germany", "+48601222333"),
        ("Ivo,601 222 333,Czechia", "+420601222333"),
        ("Ana,601 222 333,USA", "+48601222333"),
        ("Ana,601 222 333,remote", "+48601222333"),
    ):
        assert person(text.format(row)).handles == (Handle("phone", number),), row


def test_whoever_is_asked_may_say_how_a_column_of_dates_is_written():
    text = "Name,Applied On\nNoor,03/04/2025\n"
    for said, date in (({"Applied On": "DMY"}, "2025-04-03"), ({1: "MDY"}, "2025-03-04")):
        found = previewed(text, date_orders=said)
        assert (found.ambiguous_columns, found.rows[0].person.fields["applied_at"]) == ((), date)


def test_two_columns_of_one_name_are_of_one_convention():
    found = previewed("Name,Date,Date\nNoor,03/04/2025,\nBoris,,13/04/2025\n")
    assert [row.person.fields["added_at"] for row in found.rows] == ["2025-04-03", "2025-04-13"]


def test_the_person_who_imports_may_say_what_a_column_is():
    text = "Kto,Gdzie,Uwagi\nNoor Haddad,Acme,x\n"
    chosen = person(text, mapping={0: "full_name", 1: "company", 2: None})
    assert (chosen.name, chosen.text("company"), chosen.text("notes")) == ("Noor Haddad", "Acme", "")


def test_text_stays_data():
    row = only('Name,Notes\n"=HYPERLINK(""http://x"")","<script>alert(1)</script>"\n')
    assert row.person
    assert (row.person.name, row.person.text("notes")) == ('=HYPERLINK("http://x")', "<script>alert(1)</script>")


def test_each_row_is_compared_with_all_before_it_and_not_with_rejected_ones():
    found = previewed(
        "Name,E-mail,Phone,Company\n"
        "Noor Haddad,noor@x.example,,Acme\n"
        ",,601222333,\n"
        "Haddad Noor,NOOR@X.EXAMPLE,601222333,\n"
        "Noor Haddad,,+48 601 222 333,\n"
        "Boris Lem,,601222333,\n"
        "Noor Haddad,,,ACME sp. z o.o.\n"
    )
    told = [(row.outcome, row.of_line, row.on) for row in found.rows]
    assert told == [
        ("new", None, ()),
        ("rejected", None, ()),
        ("adds", 2, ("email",)),
        ("exact", 2, ("phone+name",)),
        ("likely", 2, ("phone",)),
        ("likely", 2, ("name", "company")),
    ]


def test_five_thousand_people_behind_one_reception_are_read_in_seconds():
    rows = "".join(f"Person{number} Number{number},info@x.example,601222333\n" for number in range(5_000))
    assert previewed("Name,E-mail,Phone\n" + rows).counts.likely == 4_999
