"""From bytes to a table, whatever wrote them; and what is no table, refused in a sentence."""

from contextlib import suppress
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.importers.columns import recognised
from core.importers.preview import preview, read_file
from core.importers.reading import Limits, Sheet, Unreadable, read_table, upload_limits
from core.settings import Settings

SAMPLES = Path(__file__).parents[1] / "samples"
TABLE = "Name,E-mail,Company\nNoor Haddad,noor@x.example,Acme\nZoë Müller,zoe@x.example,Beta\n"


def rows(sheet: Sheet) -> list[list[str]]:
    return [list(record.cells) for record in sheet.records()]


def repr_of_start(cell: str) -> str:
    return repr(cell[:4])


def lines(sheet: Sheet) -> list[tuple[int, int]]:
    return [(record.line, record.number) for record in sheet.records()]


@pytest.mark.parametrize(
    ("encoded", "name"),
    [
        (TABLE.encode(), "utf-8"),
        (TABLE.encode("utf-8-sig"), "utf-8+bom"),
        (TABLE.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TABLE.encode("utf-16-be"), "utf-16"),
        (TABLE.encode("utf-16-le"), "utf-16-le"),
        (TABLE.encode("utf-16-be"), "utf-16-be"),
        (TABLE.encode("utf-32"), "utf-32"),
        (TABLE.encode("cp1252"), "cp1252"),
    ],
)
def test_the_encoding_is_told_by_the_bytes(encoded, name):
    sheet = read_table(encoded)
    assert sheet.encoding == name
    assert rows(sheet)[1][0] == "Zoë Müller"


@pytest.mark.parametrize(
    ("names", "page"),
    [
        ("Łukasz Żółć, Grażyna Dąbrowska, Świętosława Ćwik, Agnieszka Źrebiec", "cp1250"),
        ("Łukasz Żółć, Grażyna Dąbrowska, Świętosława Ćwik, Agnieszka Źrebiec", "iso8859-2"),
        ("Jiří Dvořák, Květoslava Kratochvílová, Růžena Šťastná, Zdeněk Černý", "cp1250"),
        ("Jiří Dvořák, Květoslava Kratochvílová, Růžena Šťastná, Zdeněk Černý", "iso8859-2"),
        ("Győző Kovács, Erzsébet Szűcs, Gergő Kőszegi", "cp1250"),
        ("Jörg Müller, Anneliese Größer, Käthe Süßkind", "cp1252"),
        ("Hélène François, Zoë Lefèbvre, Benoît Prévôt, Gaëlle Château", "cp1252"),
        ("Begoña Muñoz, Íñigo Peñalver, José Ibáñez, María Núñez", "cp1252"),
        ("João Simões, Conceição Guimarães, Inês Magalhães", "cp1252"),
        ("Søren Kjær, Åse Bjørnstad, Jørgen Ødegård", "cp1252"),
        ("Niccolò D'Amicò, Cosimo Forlì, Libertà Perù", "cp1252"),
        ("Zuzana Kľúčiková, Ľubomír Hôrka, Tomáš Ďurica", "cp1250"),
        ("Marko Đorđević, Željko Čačić, Šime Kovačić", "cp1250"),
        ("Jan Kowalski “Johny” – umowa B2B, Łódź", "cp1250"),
        ("Rufus O’Hara – “rates” £400, café", "cp1252"),
        ("Łukasz Żółć, Grażyna Dąbrowska, Świętosława Ćwik, Agnieszka Źrebiec", "cp852"),
        ("Łukasz Żółć, Grażyna Dąbrowska, Świętosława Ćwik, Agnieszka Źrebiec", "mac_latin2"),
        ("Jiří Dvořák, Květoslava Kratochvílová, Růžena Šťastná, Zdeněk Černý", "cp852"),
        ("Jörg Müller, Anneliese Größer, Käthe Süßkind", "cp850"),
        ("Jörg Müller, Anneliese Größer, Käthe Süßkind", "mac_roman"),
        ("Hélène François, Zoë Lefèbvre, Benoît Prévôt, Gaëlle Château", "mac_roman"),
        ("Олена Шевченко, Тарас Бондаренко, Київ", "cp1251"),
    ],
)
def test_code_pages_are_told_apart_by_the_words_they_make(names, page):
    text = "".join(f"{name.strip()};{name.strip()} x@y.example\n" for name in names.split(","))
    sheet = read_table(("Name;Notes\n" + text).encode(page, "replace"))
    assert [row[0] for row in rows(sheet)] == [name.strip() for name in names.split(",")]


@pytest.mark.parametrize("page", ["cp1250", "iso8859-2"])
def test_a_list_of_many_nations_is_read_in_the_page_that_can_write_them_all(page):
    text = (SAMPLES / "tracker_kandydaci.csv").read_bytes().decode("cp1250")
    text = "".join(letter for letter in text if letter in "–„”" or letter.encode("iso8859-2", "ignore"))
    text = text.replace("–", "-").replace("„", '""').replace("”", '""')
    assert read_table(text.encode(page)).encoding == page


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_delimiter_and_line_ending_are_found(delimiter, ending):
    text = f'Name|E-mail|Skills\nNoor|noor@x.example|"Java; Go, C++ | Rust"\n"Boris{ending}Lem"|b@x.example|-\n'
    sheet = read_table(text.replace("|", delimiter).replace("\n", ending).encode())
    assert sheet.delimiter == delimiter
    assert sheet.line_ending == {"\n": "LF", "\r\n": "CRLF", "\r": "CR"}[ending]
    assert [len(row) for row in rows(sheet)] == [3, 3]


@pytest.mark.parametrize("delimiter", ["^", "~", "\x1f", ":"])
def test_a_rare_delimiter_is_found_where_it_alone_makes_a_header(delimiter):
    text = "Name|E-mail|Phone\nNoor, PhD|noor@x.example|601222333\n".replace("|", delimiter)
    sheet = read_table(text.encode())
    assert (sheet.delimiter, rows(sheet)) == (delimiter, [["Noor, PhD", "noor@x.example", "601222333"]])


def test_a_record_put_in_quotes_as_a_whole_is_taken_apart():
    text = '"Name,E-mail,Notes"\n"Noor,noor@x.example,""one, two"""\nBoris\n'
    sheet = read_table(text.encode())
    assert (sheet.delimiter, rows(sheet)) == (",", [["Noor", "noor@x.example", "one, two"], ["Boris"]])


def test_excel_may_say_the_delimiter_itself():
    sheet = read_table(b"sep=|\r\nName|E-mail\r\nNoor|noor@x.example\r\n")
    assert (sheet.delimiter, sheet.header_line, sheet.header) == ("|", 2, ("Name", "E-mail"))


def test_titles_above_the_header_are_passed_over():
    sheet = read_table(
        b"Kandydaci 2026\n\nStan na: 2026-11-20; lista robocza\nImi\xc4\x99;Nazwisko;E-mail\nNoor;Haddad;n@x.example\n"
    )
    assert (sheet.header_line, sheet.header) == (4, ("Imię", "Nazwisko", "E-mail"))
    assert lines(sheet) == [(5, 1)]


def test_a_file_of_data_alone_has_empty_headers():
    sheet = read_table(b"Noor Haddad;noor@x.example;601 222 333\nBoris Lem;b@x.example;\n")
    assert (sheet.header_line, sheet.header) == (0, ("", "", ""))
    assert lines(sheet) == [(1, 1), (2, 2)]


@pytest.mark.parametrize("word", ["not an email", "phone", "E-mail"])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_word_for_a_header_among_data_takes_no_row_away(word, at):
    cells = ["noor@x.example", "boris@x.example", "zoe@x.example"]
    cells.insert(at, word)
    sheet = read_table("\n".join(cells).encode())
    assert (sheet.header_line, sheet.header) == (0, ("",))
    assert rows(sheet) == [[cell] for cell in cells]


def test_rows_as_full_as_the_header_are_no_title_above_it():
    sheet = read_table(b"Noor Haddad;noor@x.example\nName;E-mail\nBoris Lem;b@x.example\n")
    assert lines(sheet) == [(1, 1), (2, 2), (3, 3)]
    titled = read_table(b"Ask hr@x.example;;\nTill 2026;hr@x.example;\nName;E-mail;Phone\nBoris Lem;b@x.example;1\n")
    assert (titled.header_line, lines(titled)) == (3, [(4, 1)])


def test_more_words_for_headers_among_data_do_not_hide_the_header():
    sheet = read_table(b"Ours;2026\nName;Kontakte\nNoor Haddad;noor@x.example\nPhone;E-mail\n")
    assert (sheet.header_line, sheet.header) == (2, ("Name", "Kontakte"))
    assert lines(sheet) == [(3, 1), (4, 2)]


def test_strange_headers_are_headers_still():
    sheet = read_table(b"Kto;Co;Gdzie\nNoor;noor@x.example;Berlin\n")
    assert (sheet.header_line, sheet.header) == (1, ("Kto", "Co", "Gdzie"))


def test_a_record_over_several_lines_is_where_it_starts():
    sheet = read_table(b'Name,Notes\nNoor,"one\ntwo\n\nthree"\n\n,\nBoris,x\n')
    assert lines(sheet) == [(2, 1), (8, 2)]
    assert (sheet.rows_read, sheet.blank_rows) == (2, 2)


def test_a_sheet_can_be_gone_through_again():
    sheet = read_table(TABLE.encode())
    assert rows(sheet) == rows(sheet)


def test_a_quote_that_never_closes_costs_its_own_line_only():
    sheet = read_table(b'Name,Notes\nNoor,"tall\nBoris,x\nCleo,"y, z"\nDana,w\n')
    assert lines(sheet) == [(2, 1), (3, 2), (4, 3), (5, 4)]
    assert rows(sheet)[0] == ["Noor", '"tall']
    assert rows(sheet)[2] == ["Cleo", "y, z"]


def test_quotes_that_make_one_cell_of_two_are_none_where_the_line_is_whole_without_them():
    head = "Name,Phone,Company,Skills\nNoor,1,Acme,Go\n"
    stray = 'Ida "I,"604 000 111,Firma "X",Java\n'
    assert rows(read_table((head + stray).encode()))[1] == ['Ida "I', '"604 000 111', 'Firma "X"', "Java"]
    meant = 'Ida,2,"Firma" X,"Java, Go"\n'
    assert rows(read_table((head + meant).encode()))[1] == ["Ida", "2", "Firma X", "Java, Go"]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_a_stray_quote_that_opens_the_file_leaves_the_delimiter_plain(delimiter):
    lines = ['"Name;E-mail;Telefon', "Noor Haddad;n@x.example;48601222333", 'Boris "Bob" Ek;b@x.example;']
    sheet = read_table("\n".join(lines).replace(";", delimiter).encode())
    assert (sheet.delimiter, sheet.header_line, sheet.header[1:]) == (delimiter, 1, ("E-mail", "Telefon"))
    assert [row[:2] for row in sheet.first()] == [["Noor Haddad", "n@x.example"], ['Boris "Bob" Ek', "b@x.example"]]
    assert recognised(sheet.header) == 3


def test_a_header_of_two_lines_in_quotes_opens_a_file_all_the_same():
    sheet = read_table(b'"Name\n(first, last)";E-mail\nNoor Haddad;n@x.example\n')
    assert (sheet.delimiter, sheet.header) == (";", ("Name\n(first, last)", "E-mail"))


def test_hundreds_of_stray_quotes_are_read_all_the_same():
    text = "Name,Notes\n" + "".join(f'Person {number},"{"x" * (number % 3)}\n' for number in range(501))
    assert read_table(text.encode()).rows_read >= 250


def test_quotes_after_a_space_are_quotes():
    sheet = read_table(b'Name, Skills, Notes\nNoor, "Java, Go", tall\nBoris, "C, Rust", short\n')
    assert rows(sheet)[0] == ["Noor", "Java, Go", "tall"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"\n\n  \r\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b",,,\n,,\n", "empty"),
        (b"\0" * 500, "empty"),
        (b"Name,E-mail\n", "no rows"),
        (b"Name,E-mail\n,\n \n", "no rows"),
        (b"Dear team,\nplease find the list attached.\n", "known"),
        (b"Dear team\nplease find it attached\n", "not a table"),
        (b'{"name": "Noor",\n "age": 3,\n "e": [] }', "JSON"),
        (b"a,b,c\n1,2,3\n4,5,6\n", "known"),
        (bytes(range(256)) * 40, "not a table"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"PK\x03\x04....", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...", "Excel"),
        (b"\x1f\x8b\x08\x00", "compressed"),
        (b"<html><table><tr><td>Name</td></tr></table></html>", "web page"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "XML"),
        (b'[{"name": "Noor"}]', "JSON"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(data, sentence):
    with pytest.raises(Unreadable, match=sentence) as refused:
        read_file(data)
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


def test_what_is_too_large_is_refused_and_one_huge_cell_costs_one_row():
    data = TABLE.encode()
    for limits, sentence in ((Limits(bytes=10), "larger"), (Limits(rows=1), "rows"), (Limits(columns=2), "columns")):
        with pytest.raises(Unreadable, match=sentence):
            read_file(data, limits=limits)
    huge = b"Name,Notes\nNoor," + b"x" * 200_000 + b"\nBoris,y\n"
    outcomes = [(row.outcome, row.reason) for row in preview(read_file(huge)).rows]
    assert outcomes == [("rejected", "value_too_long"), ("new", "")]


def test_what_an_upload_may_have_is_a_setting():
    limits = upload_limits(Settings.read({"PERENNIAL_UPLOAD_MB": "1", "PERENNIAL_IMPORT_ROWS": "1"}))
    assert (limits.bytes, limits.rows, limits.columns, limits.cell) == (1 << 20, 1, 2_000, 100_000)
    with pytest.raises(Unreadable, match="more than the 1 rows"):
        read_file(TABLE.encode(), limits=limits)


def test_hundreds_of_columns_are_read():
    header = ",".join(["Name", "E-mail", *(f"Question {number}" for number in range(700))])
    row = ",".join(["Noor", "noor@x.example", *("yes" for _ in range(700))])
    found = preview(read_file(f"{header}\n{row}\n".encode())).rows[0]
    assert (found.outcome, len(found.cells)) == ("new", 702)


@pytest.mark.parametrize(
    "cell",
    [
        "@" * 30_000,
        "a@" * 15_000,
        "#" + "\n" * 30_000,
        "\n" * 30_000 + "x",
        "a" * 30_000,
        "<" * 30_000,
        "1-" * 15_000,
        "a." * 15_000,
        "in/" * 10_000,
        " \t" * 15_000 + "x",
        "Ł" * 30_000,
        "\u200d" * 30_000,
        "/" * 30_000,
    ],
    ids=repr_of_start,
)
def test_a_cell_built_to_be_slow_is_not(cell):
    header = "Name,E-mail,Phone,LinkedIn,GitHub,Skills,Applied On,Company,Notes"
    row = ",".join([f'"{cell}"'] * 9)
    for data in (
        f"{header}\n{row}\n".encode(),
        f"{row}\n{row}\n".encode(),
        f"{header}\n{row}\n".encode("cp1250", "replace"),
    ):
        begun = process_time()
        with suppress(Unreadable):
            preview(read_file(data))
        assert process_time() - begun < 5


def _mutated(data: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    changed = bytearray(data)
    for place, length, instead in changes:
        at = place % (len(changed) + 1)
        changed[at : at + length] = instead
    return bytes(changed)


MUTATIONS = st.lists(
    st.tuples(
        st.integers(0, 70_000),
        st.sampled_from([0, 0, 1, 1, 3, 50]),
        st.one_of(
            st.binary(max_size=3), st.sampled_from([b'"', b"\0", b"\r", b"\n", b";", b",", b"\t", b'""', b"\xff\xfe"])
        ),
    ),
    max_size=12,
)


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.csv")))
@settings(max_examples=30)
@given(changes=MUTATIONS)
def test_a_damaged_file_is_read_or_refused_and_no_row_is_lost(name, changes):
    try:
        parsed = read_file(_mutated((SAMPLES / name).read_bytes(), changes))
        found = preview(parsed)
    except Unreadable:
        return
    counts = found.counts
    assert counts.rows_read == parsed.sheet.rows_read == len(found.rows)
    assert counts.rows_read == counts.new + counts.known + counts.likely + counts.rejected
    assert [row.record for row in found.rows] == list(range(1, counts.rows_read + 1))
    assert all(row.reason for row in found.rows if row.outcome == "rejected")
    assert not any("\0" in cell for row in found.rows for cell in row.cells)
    found.to_expected_json()


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data):
    try:
        preview(read_file(b"Name,E-mail\n" + data))
        preview(read_file(data))
    except Unreadable:
        pass
