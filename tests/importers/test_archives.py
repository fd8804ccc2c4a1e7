"""Zips: an export of LinkedIn, one list packed, and those that are built to do harm."""

import io
import time
import zipfile
from pathlib import Path

import pytest

from core.importers.preview import preview, read_file
from core.importers.reading import Limits, Unreadable
from tests.importers.test_workbooks import LIST, a_workbook

SAMPLES = Path(__file__).parents[1] / "samples"
CONNECTIONS, MESSAGES = ((SAMPLES / name).read_bytes() for name in ("Connections.csv", "messages.csv"))
PROFILE = b"First Name,Last Name,Maiden Name,Address,Birth Date,Headline,Geo Location\nAna,Lis,,,,Recruiter,Warszawa\n"
SKILLS = b"Name\nJava\nSourcing\n"


def a_zip(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return stream.getvalue()


def an_export() -> bytes:
    folder = "Complete_LinkedInDataExport_11-20-2026/"
    return a_zip(
        {
            f"{folder}Profile.csv": PROFILE,
            f"{folder}messages.csv": MESSAGES,
            f"{folder}Skills.csv": SKILLS,
            f"{folder}Jobs/Saved Jobs.csv": b"Saved Date,Job Url,Job Title\n1/2/25,https://x.example,Tester\n",
            f"{folder}Connections.csv": CONNECTIONS,
            f"__MACOSX/{folder}._Connections.csv": b"\0\5\x16\7",
            f"{folder}photo.jpg": b"\xff\xd8\xff",
        }
    )


def test_the_connections_of_a_linkedin_export_are_taken_and_its_messages_offered():
    parsed = read_file(an_export(), "Basic_LinkedInDataExport.zip")
    assert parsed.sheet.name == "Connections.csv"
    assert parsed.tables[:2] == ("Connections.csv", "Profile.csv")
    assert "messages.csv" in parsed.tables
    alone = preview(read_file(CONNECTIONS))
    assert [(row.line, row.outcome) for row in preview(parsed).rows] == [(row.line, row.outcome) for row in alone.rows]


def test_another_file_of_the_zip_is_read_when_it_is_named():
    messages = read_file(an_export(), sheet="messages.csv")
    assert (messages.format, len(messages.rows)) == ("linkedin_messages", len(read_file(MESSAGES).rows))
    assert messages.tables == read_file(an_export()).tables
    with pytest.raises(Unreadable, match=r"no table “Nobody.csv”; it holds .*\.csv"):
        read_file(an_export(), sheet="Nobody.csv")


def test_messages_alone_in_a_zip_are_messages():
    assert read_file(a_zip({"messages.csv": MESSAGES, "photo.jpg": b""})).format == "linkedin_messages"


def test_one_list_in_a_zip_is_that_list():
    text = b"Name;E-mail\nNoor;noor@x.example\n"
    assert preview(read_file(a_zip({"a/b/list.csv": text}))).rows[0].person.name == "Noor"
    book = a_zip({"list.xlsx": a_workbook(List=LIST, Other=[["Name", "E-mail"], ["Cleo", "c@x.example"]])})
    assert read_file(book).tables == ("List", "Other")
    assert preview(read_file(book, sheet="Other")).rows[0].person.name == "Cleo"


def test_two_files_of_one_name_are_told_apart_by_their_folders():
    text = b"Name;E-mail\nNoor;noor@x.example\nBoris;b@x.example\n"
    parsed = read_file(a_zip({"a/list.csv": text, "b/list.csv": text}))
    assert parsed.tables == ("a/list.csv", "b/list.csv")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (a_zip({}), "empty zip"),
        (a_zip({"cv.pdf": b"%PDF"}), "no table.* What is looked for is a CSV file"),
        (a_zip({"cv.txt": b"Dear all,\nhello\n", "b.txt": b"A letter\n"}), "no list of people.* a person in each row"),
        (a_zip({"a.csv": b"x,y\n1,2\n", "b.csv": b"x,y\n1,2\n"}), "no list of people"),
        (a_zip({"inner.csv": a_zip({"list.csv": b"Name\nNoor\n"})}), "zip within"),
        (a_zip({f"{number}.pdf": b"" for number in range(1_500)}), "more than 1,000 files"),
        (a_zip({f"{number}.csv": b"Name\nNoor\n" for number in range(150)}), "more than 100 tables"),
        (a_zip({"word/document.xml": b"<w/>", "[Content_Types].xml": b""}), "Word"),
        (a_zip({"mimetype": b"", "content.xml": b""}), "OpenDocument"),
        (a_zip({"Index/Document.iwa": b""}), "Numbers"),
        (a_zip({"xl/workbook.bin": b""}), "binary Excel"),
        (an_export()[:-2_000], "damaged"),
    ],
)
def test_a_zip_of_no_use_is_refused_in_one_sentence(data, sentence):
    with pytest.raises(Unreadable, match=sentence) as refused:
        read_file(data)
    assert str(refused.value).endswith(".")


def test_a_zip_built_to_explode_is_refused_while_it_unpacks():
    bomb = a_zip({"list.csv": b"Name,E-mail\n" + b"Noor,noor@x.example\n" * 1_000_000})
    begun = time.process_time()
    with pytest.raises(Unreadable, match="unpacks to more than the 8 MB"):
        read_file(bomb, limits=Limits(unpacked=8 << 20))
    assert time.process_time() - begun < 2


def test_what_a_zip_says_of_its_sizes_is_not_believed():
    honest = a_zip({"list.csv": b"Name,E-mail\n" + b"Noor,noor@x.example\n" * 1_000})
    size = (12 + 20 * 1_000).to_bytes(4, "little")
    with pytest.raises(Unreadable, match="damaged"):
        read_file(honest.replace(size, (10).to_bytes(4, "little")))
    assert read_file(honest.replace(size, (2**31).to_bytes(4, "little"))).sheet.rows_read == 1_000


def test_a_zip_with_a_password_is_refused():
    data = bytearray(a_zip({"list.csv": b"Name\nNoor\n"}))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Unreadable, match="password"):
        read_file(bytes(data))
