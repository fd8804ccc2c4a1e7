"""Headers in three languages, and columns that say what they are only by their cells."""

import pytest

from core.importers.columns import PAY, columns_of, field_of


def fields(*header, rows=()):
    return [column.field for column in columns_of(header, rows)]


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        ("Full Name; Imię i nazwisko; Nazwisko i imię; Vor- und Nachname; candidate_name; CandidateName*", "full_name"),
        ("First Name; firstName; FIRST_NAME; Imię; Vorname; Given Name", "first_name"),
        ("Last name; Nazwisko; Nachname; Surname; Familienname", "last_name"),
        ("E-mail; Email Address; Adres e-mail; E-Mail-Adresse; e_mail; Work email; Email (private)", "email"),
        ("Phone; Nr telefonu; Telefon komórkowy; Handynummer; Tel.; Mobile Phone; Telefon (1)", "phone"),
        ("LinkedIn; LinkedIn URL; Profil LinkedIn; Linked-In; Link do profilu", "linkedin_url"),
        ("GitHub; Github profile; Login GitHub", "github_url"),
        ("Company; Obecna firma; Arbeitgeber; Current Employer; Pracodawca", "company"),
        ("Job Title; Stanowisko; Position; Obecne stanowisko; Berufsbezeichnung", "title"),
        ("Skills; Technologie; Kenntnisse; Tech stack; Umiejętności", "skills"),
        ("Tags; Labels; Schlagwörter; Tagi", "tags"),
        ("Notes; Uwagi; Bemerkungen; Komentarz; Kommentar", "notes"),
        ("Source; Źródło; Quelle", "source"),
        ("Applied On; Data aplikacji; Bewerbungsdatum; beworben am", "applied_at"),
        ("Last contact; Data kontaktu; Letzter Kontakt", "contacted_at"),
        ("Dostępny/a od; Available from; Verfügbar ab", "available_from"),
        ("Zgoda RODO; GDPR consent; DSGVO", "consent"),
        (
            "Oczekiwania finansowe; Salary expectation; Gehaltsvorstellung; Expected rate; Desired salary",
            "salary_expectation",
        ),
        ("Current salary; Obecne wynagrodzenie; Aktuelles Gehalt; Present pay; Last salary; Salary; Gehalt", PAY),
    ],
)
def test_a_header_is_read_by_its_meaning_in_three_languages(headers, field):
    assert {header: field_of(header) for header in headers.split("; ")} == dict.fromkeys(headers.split("; "), field)


@pytest.mark.parametrize(
    "header",
    [
        "E-mail 1 - Label",
        "Phone 1 - Type",
        "Given Name Yomi",
        "Phonetic First Name",
        "Nickname",
        "Birthday",
        "",
        "Foo",
        "Organization 1 - Department",
        "Email Opt Out",
        "Name Prefix",
        "Email status",
    ],
)
def test_what_we_keep_no_field_for_stays_with_the_raw_row(header):
    assert field_of(header) is None


def test_several_addresses_are_numbered_in_their_order():
    assert fields("Email", "Email 2", "E-mail 3 - Value", "Phone", "Mobile") == [
        "email",
        "email_2",
        "email_3",
        "phone",
        "phone_2",
    ]


def test_a_german_list_has_the_surname_under_name():
    assert fields("Vorname", "Name", "E-Mail") == ["first_name", "last_name", "email"]
    assert fields("Name", "Given Name", "Family Name") == ["full_name", "first_name", "last_name"]


def test_a_strange_header_is_known_by_its_cells():
    rows = [["Noor", "noor@x.example", "https://www.linkedin.com/in/noor-x", "github.com/noor", "+48 601 222 333"]] * 2
    assert fields("Kto", "Adr", "Gdzie", "Kod", "Numer kontaktowy", rows=rows)[1:] == [
        "email",
        "linkedin_url",
        "github_url",
        "phone",
    ]


@pytest.mark.parametrize(
    "header",
    "Referred by; referredBy; Referrer LinkedIn; Recommended by (URL); Added by email; Recruiter email; Hiring manager "
    "phone; References; Emergency contact phone; Company LinkedIn; Client e-mail; Polecający; Polecająca; "
    "Polecony przez; Osoba polecająca; LinkedIn polecającego; E-mail rekrutera; Telefon przełożonego; Dodane przez; "
    "Empfohlen von; Empfehlung durch; E-Mail Betreuer; Notfallkontakt; Referenzen; Vorgesetzter".split("; "),
)
@pytest.mark.parametrize(
    "cell", ["https://www.linkedin.com/in/piotr-lis", "piotr@x.example", "github.com/piotr", "+48 601 222 333"]
)
def test_what_is_of_somebody_else_is_nobodys_of_the_list_whatever_it_looks_like(header, cell):
    assert fields("Name", header, rows=[["Noor Haddad", cell]] * 3) == ["full_name", None]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Recruiter", "owner"),
        ("Sourced by", "owner"),
        ("Uwagi rekrutera o rozmowie", "notes"),
        ("How did you hear about us", "source"),
        ("Ansprechpartner", "owner"),
        ("Osoba kontaktowa", "full_name"),
    ],
)
def test_other_things_said_of_somebody_else_are_what_they_were(header, field):
    assert fields("Name", header, rows=[["Noor Haddad", "https://www.linkedin.com/in/piotr-lis"]])[1] == field


@pytest.mark.parametrize("header", ["GDPR consent until", "GDPR expiry date", "Zgoda RODO ważna do", "DSGVO bis"])
def test_until_when_somebody_agreed_is_not_whether_they_did(header):
    for days in (["2027-01-31", "2028-05-01"], ["03/04/2027", ""], ["31.01.2027", "1.05.2028"]):
        assert fields("Name", header, rows=[["Noor Haddad", day] for day in days]) == ["full_name", None]
    for said in (["2027-01-31", "nie"], ["yes", "no"], [""]):
        assert fields("Name", header, rows=[["Noor Haddad", word] for word in said]) == ["full_name", "consent"]
    assert fields("Name", "Zgoda", rows=[["Noor Haddad", "2027-01-31"]]) == ["full_name", "consent"]


def test_a_second_column_of_profiles_is_theirs_only_if_it_says_so():
    rows = [["https://www.linkedin.com/in/noor", "https://www.linkedin.com/in/piotr-lis"]]
    assert fields("LinkedIn", "Znajomy", rows=rows) == ["linkedin_url", None]
    assert fields("Kto", "Znajomy", rows=rows) == ["linkedin_url", None]
    assert fields("LinkedIn", "LinkedIn 2", rows=rows) == ["linkedin_url", "linkedin_url"]


def test_an_address_column_is_a_profile_only_where_it_holds_profiles():
    assert fields("Name", "URL", rows=[["Noor", "https://noor.example"]]) == ["full_name", "website"]
    assert fields("Name", "URL", rows=[["Noor", "https://linkedin.com/in/noor"]]) == ["full_name", "linkedin_url"]
    assert fields("First Name", "Last Name", "URL", "Connected On") == [
        "first_name",
        "last_name",
        "linkedin_url",
        "connected_at",
    ]


def test_words_of_a_message_export_mean_nothing_in_a_list_of_people():
    assert fields("Name", "From", "Subject", "Date") == ["full_name", None, None, "added_at"]
