"""Rows on their way to a spreadsheet and back: harmless there, the same data when they return."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.importers.cells import cleaned, read_back, safe_cell
from core.importers.exports import table_of
from core.importers.preview import preview, read_file

CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["=1+1", "'=1+1", "''+48", "+48 601 222 333", "@noor", "-", "'", "a;b", 'a"b', "a\nb", "'s"]),
)


@pytest.mark.parametrize("text", ["=1+1", "+48 601", "-2", "@noor", "\tx", "\rx", "\0x", "'=x", "''+x", "＝1"])
def test_what_a_spreadsheet_would_run_is_marked_as_text_and_comes_back_as_it_was(text):
    assert safe_cell(text) == f"'{text}"
    assert read_back(safe_cell(text)) == text


@pytest.mark.parametrize("text", ["'s-Hertogenbosch", "Noor", "", "'", "'''", "1=1", "O'Hara"])
def test_what_no_spreadsheet_runs_is_left_alone_both_ways(text):
    assert safe_cell(text) == read_back(text) == text


@given(st.text())
def test_every_text_comes_back_and_none_goes_out_to_be_run(text):
    assert read_back(safe_cell(text)) == text
    assert safe_cell(text)[:1] not in set("=+-@\t\r\n\0")


def test_a_marked_cell_of_any_file_is_read_without_its_mark():
    row = preview(read_file(b"Name,Phone,City\nNoor,'+48 601 222 333,'s-Hertogenbosch\n")).rows[0]
    assert row.cells == ("Noor", "+48 601 222 333", "'s-Hertogenbosch")
    assert row.person.handles[0].value == "+48601222333"


LEFT_OUT = (
    "Name;E-mail;Phone\nNoor Haddad;noor@x.example;=1+1\n;;601222333\n"
    "Name;E-mail;Phone\nBoris; b@x.example;601;222;333\n"
)


def left_out(text: str) -> bytes:
    found = preview(read_file(text.encode()))
    rows = [row for row in found.rows if row.rejection]
    return table_of(found.sheet.header, [row.cells for row in rows], [row.rejection.detail for row in rows])


def test_rows_left_out_are_left_out_again_until_they_are_mended():
    file = left_out(LEFT_OUT)
    again = preview(read_file(file))
    assert [row.reason for row in again.rows] == ["no_identity", "repeated_header", "column_mismatch"]
    assert [column.field for column in again.columns] == [
        "full_name",
        "email",
        "phone",
        "left_out",
        "left_out",
        "left_out",
    ]
    mended = file.decode("utf-8-sig").replace('"";"";"601222333"', '"Cleo";"";"601222333"')
    mended = mended.replace('"601";"222";"333"', '"601222334";"";""')
    assert [row.outcome for row in preview(read_file(mended.encode("cp1250"))).rows] == ["new", "rejected", "new"]


def test_a_mended_row_is_the_row_it_would_have_been():
    whole = preview(read_file(b"Name;E-mail;Skills\nNoor;noor@x.example;Go\n")).rows[0].person
    file = table_of(["Name", "E-mail", "Skills"], [["Noor", "noor@x.example", "Go"]], ["a name was missing"])
    assert preview(read_file(file)).rows[0].person == whole


def test_excel_opens_the_file_as_columns_with_its_letters_right():
    file = table_of(["Imię", "Telefon"], [["Łucja", "+48 601 222 333"]], ["brak"])
    assert file.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows == [["Imię", "Telefon", "Why left out"], ["Łucja", "'+48 601 222 333", "brak"]]


@given(st.lists(st.lists(CELLS.map(cleaned), min_size=3, max_size=5), min_size=1, max_size=6), st.text(max_size=20))
def test_a_file_of_rows_left_out_is_read_back_cell_for_cell(rows, reason):
    rows = [[f"Noor {number}", *row] for number, row in enumerate(rows)]
    parsed = read_file(table_of(["Name", "E-mail", "Notes", "Phone"], rows, [reason] * len(rows)))
    found = [list(row.cells[:4]) for row in parsed.rows({})]
    assert found == [row[:4] for row in rows]
    assert [bool(row.rejection) for row in parsed.rows({})] == [any(row[4:]) for row in rows]
