"""Workbooks: the right sheet, cells as people would type them, and nothing that explodes."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from core.importers.preview import preview, read_file
from core.importers.reading import Limits, Unreadable

SAMPLE = (Path(__file__).parents[1] / "samples" / "lista_programistow.xlsx").read_bytes()


def a_workbook(**sheets) -> bytes:
    book = Workbook()
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


LIST = [
    ["Name", "Telefon", "Data aplikacji"],
    ["Noor", 48601222333, date(2026, 3, 5)],
    ["Boris", None, "05.03.2026"],
]


def test_numbers_and_days_are_read_as_they_were_meant():
    noor, boris = (row.person for row in preview(read_file(a_workbook(List=LIST))).rows)
    assert noor.handles[0].value == "+48601222333"
    assert noor.dates["applied_at"] == boris.dates["applied_at"] == date(2026, 3, 5)


def test_the_sheet_that_looks_like_a_list_is_taken_unless_another_is_named():
    data = a_workbook(Values=[["Status"], ["new"]], List=LIST, Other=[["Name", "E-mail"], ["Cleo", "c@x.example"]])
    assert read_file(data).sheet.name == "List"
    assert preview(read_file(data, sheet="Other")).rows[0].person.name == "Cleo"
    with pytest.raises(Unreadable, match="no sheet 'Nothing'"):
        read_file(data, sheet="Nothing")


def test_rows_keep_their_number_in_the_sheet_and_blank_ones_below_are_none():
    found = preview(read_file(a_workbook(List=[["Kandydaci"], [], *LIST[:2], [None, ""], LIST[2], ["", None], [" "]])))
    assert [(row.line, row.record) for row in found.rows] == [(4, 1), (6, 2)]


@pytest.mark.parametrize("data", [a_workbook(List=[]), a_workbook(List=[["", None]])])
def test_a_workbook_without_a_table_is_refused(data):
    with pytest.raises(Unreadable, match="no sheet"):
        read_file(data)


def test_a_workbook_built_to_explode_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * 80_000_000)
    with pytest.raises(Unreadable, match="unpacks to more"):
        read_file(stream.getvalue())


def test_a_workbook_of_too_many_rows_is_refused():
    with pytest.raises(Unreadable, match="rows"):
        read_file(SAMPLE, limits=Limits(rows=20))


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, len(SAMPLE)), st.binary(min_size=1, max_size=4)), min_size=1, max_size=6))
def test_a_damaged_workbook_is_read_or_refused(changes):
    data = bytearray(SAMPLE)
    for at, instead in changes:
        data[at : at + len(instead)] = instead
    try:
        found = preview(read_file(bytes(data)))
    except Unreadable:
        return
    assert found.counts.rows_read == len(found.rows)
