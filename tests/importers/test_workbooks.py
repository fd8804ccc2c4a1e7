"""Workbooks: the right sheet, cells as people would type them, and nothing that explodes."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import process_time

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


def a_raw_workbook(
    rows: str, strings: str = "", styles: str = "", book: str = "", prefix: str = "", tail: str = ""
) -> bytes:
    """A workbook part by part, for what no library writes."""
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"

    def relations(**of: tuple[str, str]) -> str:
        each = (f'<Relationship Id="{i}" Type="{kinds}/{kind}" Target="{target}"/>' for i, (kind, target) in of.items())
        within = "http://schemas.openxmlformats.org/package/2006/relationships"
        return f'<Relationships xmlns="{within}">{"".join(each)}</Relationships>'

    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/xl/book.xml" ContentType="{types}.sheet.main+xml"/>'
        f'<Override PartName="/xl/strings.xml" ContentType="{types}.sharedStrings+xml"/></Types>',
        "_rels/.rels": relations(a=("officeDocument", "/xl/book.xml")),
        "xl/book.xml": f'<workbook {main} xmlns:r="{kinds}">{book}'
        '<sheets><sheet name="List" sheetId="1" r:id="b"/></sheets></workbook>',
        "xl/_rels/book.xml.rels": relations(
            b=("worksheet", "worksheets/a.xml"), c=("sharedStrings", "strings.xml"), d=("styles", "styles.xml")
        ),
        "xl/worksheets/a.xml": f"{prefix}<worksheet {main}><sheetData>{rows}</sheetData>{tail}</worksheet>",
        "xl/strings.xml": f"<sst {main}>{strings}</sst>",
        "xl/styles.xml": f"<styleSheet {main}>{styles}</styleSheet>",
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
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
    with pytest.raises(Unreadable, match=r"no sheet “Nothing” .* it has "):
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


HEADER = (
    '<row r="2"><c r="A2" t="inlineStr"><is><t>Name</t></is></c><c t="s"><v>0</v></c>'
    '<c r="D2" t="str"><v>Notes</v></c></row>'
)
STRINGS = (
    "<si><t>Data aplikacji</t></si>"
    '<si><r><t>Noor </t></r><r><t>Haddad</t></r><rPh sb="0" eb="5"><t>NUURU</t></rPh></si>'
)
STYLES = (
    '<numFmts><numFmt numFmtId="200" formatCode="[$-415]d mmm yyyy;@"/>'
    '<numFmt numFmtId="201" formatCode="#,##0 &quot;dni&quot;"/>'
    '</numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="200"/><xf numFmtId="201"/>'
    '<xf numFmtId="46"/></cellXfs>'
)


def cells_of(data: bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in preview(read_file(data)).rows]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<v>46086</v>", "46086"),
        ("<v>4.8601222333E10</v>", "48601222333"),
        ("<v>0.1</v>", "0.1"),
        (' s="1"><v>46086</v>', "2026-03-05"),
        (' s="2"><v>46086.5</v>', "2026-03-05 12:00:00"),
        (' s="1"><v>0.5</v>', "12:00:00"),
        (' s="1"><v>9e99</v>', "#VALUE!"),
        (' s="4"><v>1.1041667</v>', "26:30:00"),
        (' s="3"><v>46086</v>', "46086"),
        (' t="b"><v>1</v>', "True"),
        (' t="e"><v>#N/D!</v>', "#N/D!"),
        (' t="str"><f>A1&amp;B1</f><v>counted before</v>', "counted before"),
        ("<f>A1</f>", ""),
        (' t="d"><v>2026-03-05</v>', "2026-03-05"),
        (' t="s"><v>1</v>', "Noor Haddad"),
        (' t="inlineStr"><is><t>a_x000D_b_x005F_</t></is>', "a\nb_"),
    ],
)
def test_a_cell_says_what_somebody_would_have_typed(cell, text):
    cell = f"<c{cell}</c>" if cell.startswith(" ") else f"<c>{cell}</c>"
    row = f'<row><c t="inlineStr"><is><t>Noor</t></is></c>{cell}<c r="D3"><v>1</v></c></row>'
    assert cells_of(a_raw_workbook(HEADER + row, STRINGS, STYLES)) == [("Noor", text, "", "1")]


def test_a_workbook_of_an_old_mac_counts_days_from_1904():
    row = '<row><c t="inlineStr"><is><t>Noor</t></is></c><c s="1"><v>44624</v></c></row>'
    data = a_raw_workbook(HEADER + row, STRINGS, STYLES, book='<workbookPr date1904="1"/>')
    assert cells_of(data) == [("Noor", "2026-03-05")]


def test_every_sheet_is_offered_and_a_hidden_one_taken_only_when_it_is_the_better_list():
    book = Workbook()
    hidden, seen = book.active, book.create_sheet("Seen")
    hidden.title, hidden.sheet_state = "Hidden", "hidden"
    for sheet in (hidden, seen):
        for row in LIST:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    parsed = read_file(stream.getvalue())
    assert (parsed.sheet.name, parsed.tables) == ("Seen", ("Hidden", "Seen"))


NOOR = '<row><c t="inlineStr"><is><t>Noor</t></is></c><c s="1"><v>46086</v></c></row>'


def repacked(data: bytes, change: Callable[[str, bytes], tuple[str, bytes]]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as again:
        for name in packed.namelist():
            again.writestr(*change(name, packed.read(name)))
    return stream.getvalue()


def test_a_strict_workbook_is_read_like_any_other():
    def strict(name: str, part: bytes) -> tuple[str, bytes]:
        part = part.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006", b"http://purl.oclc.org/ooxml/spreadsheetml"
        )
        usual = b"http://schemas.openxmlformats.org/officeDocument/2006"
        return name, part.replace(usual, b"http://purl.oclc.org/ooxml/officeDocument")

    assert cells_of(repacked(a_raw_workbook(HEADER + NOOR, STRINGS, STYLES), strict)) == [("Noor", "2026-03-05")]


def test_parts_are_found_whatever_their_case_and_slashes():
    data = a_raw_workbook(HEADER + NOOR, STRINGS, STYLES)
    renamed = repacked(data, lambda name, part: (name.replace("/", "\\").replace("strings", "Strings"), part))
    assert cells_of(renamed) == [("Noor", "2026-03-05")]


def test_styles_that_openpyxl_refuses_leave_days_as_numbers_which_are_read_as_days():
    (row,) = preview(read_file(a_raw_workbook(HEADER + NOOR, STRINGS, STYLES + "<fills><fill/></fills>"))).rows
    assert row.cells == ("Noor", "46086")
    assert row.person.dates["applied_at"] == date(2026, 3, 5)


def test_a_filter_that_openpyxl_refuses_costs_no_row():
    odd = '<autoFilter ref="A1:B9"><filterColumn colId="x"/></autoFilter>'
    assert cells_of(a_raw_workbook(HEADER + NOOR, STRINGS, STYLES, tail=odd)) == [("Noor", "2026-03-05")]


def test_a_row_that_would_be_passed_over_refuses_the_workbook():
    with pytest.raises(Unreadable, match="damaged"):
        read_file(a_raw_workbook(HEADER + NOOR.replace("<row>", '<row r="2">'), STRINGS, STYLES))


def test_a_cell_far_to_the_right_is_kept_as_one_too_many():
    far = '<row><c t="inlineStr"><is><t>Noor</t></is></c><c r="XFD3"><v>7</v></c></row>'
    (row,) = preview(read_file(a_raw_workbook(HEADER + far, STRINGS))).rows
    assert (row.reason, row.cells[-1]) == ("column_mismatch", "7")


JUNK = "<x " + " ".join(f'{letter}=""' for letter in "abcdefghi") + "/>"
BOMB = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (a_raw_workbook('<row><c t="str"><v>&b;</v></c></row>', prefix=BOMB), "damaged"),
        (a_raw_workbook('<row><c r="XFE1"><v>1</v></c></row>'), "far larger"),
        (a_raw_workbook('<row r="999999999999"><c><v>1</v></c></row>'), "far larger"),
        (a_raw_workbook("<row>" + "<c><v>1</v></c>" * 20_000 + "</row>"), "far larger"),
        (a_raw_workbook('<row><c r="XFD1"><v>1</v></c></row>' * 15_000), "far larger"),
        (a_raw_workbook(HEADER, "<si><t/></si>" * 3_000_000), "unpacks to more"),
        (a_raw_workbook('<row><c t="s"><v>5</v></c></row>'), "damaged"),
        (a_raw_workbook("<row><c>"), "damaged"),
        (a_raw_workbook(HEADER, prefix="<!DOCTYPE l>"), "damaged"),
        (a_raw_workbook(f"<row/>{JUNK * 1_100}" * 100), "far larger"),
        (a_raw_workbook("<row>" + "<c/>" * 400_000 + "</row>"), "far larger"),
        (a_raw_workbook(HEADER, STRINGS, f"<cellXfs>{JUNK * 110_000}</cellXfs>"), "far larger"),
        (a_raw_workbook(HEADER, JUNK * 110_000), "far larger"),
        (a_raw_workbook(f"<row x='{'=' * 2_000_000}'/>"), "far larger"),
    ],
)
def test_a_workbook_that_claims_too_much_is_refused_at_once(data, sentence):
    begun = process_time()
    with pytest.raises(Unreadable, match=sentence):
        read_file(data)
    assert process_time() - begun < 5
