"""Whole files as they come beyond the samples, each with the people it should yield."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from core.importers.preview import preview, read_file


def a_sheet_with_a_merged_title() -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.append(["Lista kandydatów – Java, listopad 2026"])
    sheet.merge_cells("A1:E1")
    sheet.append([])
    sheet.append(["Nazwisko i imię", "Telefon", "Ocena", "Kontakt", "Status"])
    sheet.append(["Kowalski Jan", 601222333, 4.5, "#N/D!", True])
    sheet.append(["Lis Anna", "602 333 444", None, None, False])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def an_outlook_export() -> bytes:
    header = (
        '"Title","First Name","Middle Name","Last Name","Suffix","E-mail Address","E-mail 2 Address","Mobile Phone",'
    )
    header += '"Business Fax","Company","Job Title","Home Country/Region"'
    row = '"Mr.","Jörg","","Müller","","jm@x.example","j@y.example","0176 12345678","030 1","Acme GmbH",'
    row += '"Entwickler","Germany"'
    return f"{header}\r\n{row}\r\n".encode("cp1252")


def a_list_of_two_sections() -> bytes:
    return (
        "Seniorzy;;\r\nImię i nazwisko;E-mail;Telefon\r\nJan Kowalski;jk@x.example;601222333\r\n;;\r\n"
        "Juniorzy;;\r\nImię i nazwisko;E-mail;Telefon\r\nAnna Lis;al@x.example;602333444\r\n"
    ).encode("cp1250")


def a_zip_of_a_csv_from_a_mac() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        people = "Jörg;Müller Käthe;Süß Günther;Größer Jürgen;Schäfer Björn;Köhler Sören;Böhm".split()
        text = "\r".join(["Vorname;Name", *people])
        packed.writestr("Liste/Kandidaten.csv", text.encode("mac_roman"))
        packed.writestr("__MACOSX/Liste/._Kandidaten.csv", b"\0\5\x16\7")
    return stream.getvalue()


FILES = {
    "a sheet with a merged title, numbers and errors": (
        a_sheet_with_a_merged_title(),
        [("Jan Kowalski", ("+48601222333",)), ("Anna Lis", ("+48602333444",))],
    ),
    "Outlook's contacts": (
        an_outlook_export(),
        [("Jörg Müller", ("jm@x.example", "j@y.example", "+4917612345678"))],
    ),
    "two sections with a header each": (
        a_list_of_two_sections(),
        [
            ("Jan Kowalski", ("jk@x.example", "+48601222333")),
            ("Juniorzy", ()),
            "repeated_header",
            ("Anna Lis", ("al@x.example", "+48602333444")),
        ],
    ),
    "a zip from a Mac": (
        a_zip_of_a_csv_from_a_mac(),
        [
            (name, ())
            for name in "Jörg Müller,Käthe Süß,Günther Größer,Jürgen Schäfer,Björn Köhler,Sören Böhm".split(",")
        ],
    ),
    "Excel's text in two bytes, with tabs": (
        "Imię\tNazwisko\tLinkedIn\r\nŁucja\tŻółć\thttps://pl.linkedin.com/in/lucja-x?trk=1\r\n".encode("utf-16"),
        [("Łucja Żółć", ("https://www.linkedin.com/in/lucja-x",))],
    ),
    "every record in quotes as a whole": (
        b'"Name,E-mail,Phone"\r\n"Noor Haddad,noor@x.example,601222333"\r\n',
        [("Noor Haddad", ("noor@x.example", "+48601222333"))],
    ),
    "no header at all": (
        b"Noor Haddad;noor@x.example;+48 601 222 333\nBoris Lem;b@x.example;+48 602 333 444\n",
        [("", ("noor@x.example", "+48601222333")), ("", ("b@x.example", "+48602333444"))],
    ),
    "headers twice and without a name": (
        b"Name,,Email,Email,\nNoor,,a@x.example,b@x.example,x\n",
        [("Noor", ("a@x.example", "b@x.example"))],
    ),
    "a report with a preamble and a total": (
        b"Report,Candidates\nGenerated,2026-11-20\n\nCandidate Name,Candidate Email,Stage\n"
        b"Noor Haddad,n@x.example,Offer\n,,1\n",
        [("Noor Haddad", ("n@x.example",)), "no_identity"],
    ),
    "tables pasted out of a wiki": (
        b"| Name | E-mail | Phone |\n| Noor Haddad | noor@x.example | 601222333 |\n| Boris | | |\n",
        [("Noor Haddad", ("noor@x.example", "+48601222333")), ("Boris", ())],
    ),
    "phones as Excel keeps and spoils them": (
        b'Name;Phone\nNoor;="601222333"\nBoris;4,8601E+10\nCleo;\'+48 602 333 444\nDora;48603444555,00\n',
        [("Noor", ("+48601222333",)), ("Boris", ()), ("Cleo", ("+48602333444",)), ("Dora", ("+48603444555",))],
    ),
    "people of three countries": (
        "Name,Mobile,Country\nAna,601 222 333,Polska\nJörg,0176 12345678,DE\nIvo,601 222 333,Czechia\n".encode(),
        [("Ana", ("+48601222333",)), ("Jörg", ("+4917612345678",)), ("Ivo", ("+420601222333",))],
    ),
}


@pytest.mark.parametrize("what", FILES)
def test_the_people_of_a_file_are_who_somebody_would_read_out_of_it(what):
    data, people = FILES[what]
    found = [
        (row.person.name, tuple(handle.value for handle in row.person.handles)) if row.person else row.reason
        for row in preview(read_file(data)).rows
    ]
    assert found == people
