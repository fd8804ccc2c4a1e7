"""A list read in a process of its own: the same rows, in the same order, and no process is left."""

import sys
import tempfile
import time
from itertools import islice
from multiprocessing import active_children
from types import ModuleType

import pytest

from core.importers import apart
from core.importers.people import pack, unpack
from core.importers.preview import read_file

HEADER = "Name,E-mail,Phone,LinkedIn URL,Company,Skills,Added on,Pay"


def a_list(number):
    rows = [
        f"Noor Haddad{one},noor{one}@x.example,+48 601 222 {one % 1_000:03},https://www.linkedin.com/in/noor{one},"
        f"Allegro,Go; Rust,2024-05-{1 + one % 28:02},1"
        for one in range(number)
    ]
    rows[3] = rows[4] = ",,,,,,yesterday,"
    rows[5] = HEADER
    rows[6] = "Jan,jan@x.example,12,nothing,,,31/31/2024,,too,many"
    rows[7] = "Jan,no address,12,nothing,,,31/31/2024,"
    return "\n".join([HEADER, *rows]).encode()


@pytest.fixture
def file(monkeypatch):
    monkeypatch.setattr(apart, "LONG", 100)
    monkeypatch.setattr(apart, "AT_A_STROKE", 5)
    return read_file(a_list(1_000))


def read_slowly(rows, until):
    """As slowly as a process needs to start."""
    for row in rows:
        yield row
        if row.line == 20:
            time.sleep(until)


@pytest.mark.parametrize("seconds", [0, 3])
def test_the_rows_are_those_that_are_read_here(file, seconds):
    with apart.read(file, file.date_orders()) as rows:
        assert [row._replace(packed=b"") for row in read_slowly(rows, seconds)] == list(file.rows())


def test_a_reading_that_is_broken_off_leaves_no_process(file):
    with apart.read(file, file.date_orders()) as rows:
        next(rows)
    ends = time.monotonic() + 20
    while active_children() and time.monotonic() < ends:
        time.sleep(0.05)
    assert active_children() == []


def test_the_process_does_not_run_the_page_that_was_drawn_last(file, tmp_path, monkeypatch):
    """Streamlit puts it in the place of the program, with every run of a page."""
    (tmp_path / "page.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\nraise ValueError")
    page = ModuleType("__main__")
    page.__file__ = str(tmp_path / "page.py")
    monkeypatch.setitem(sys.modules, "__main__", page)
    with apart.read(file, file.date_orders()) as rows:
        assert any(row.packed for row in read_slowly(rows, 3))
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("taken", [100, 1_000])
def test_what_the_process_wrote_is_gone_with_it(file, taken, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(apart, "_is_there", lambda has_started: has_started.result() is None)  # however long it takes
    with apart.read(file, file.date_orders()) as rows:
        some = list(islice(rows, taken))
        assert any(row.packed for row in some)
        assert any(tmp_path.iterdir())
    assert list(tmp_path.iterdir()) == []


def test_a_row_that_was_packed_is_the_row(file):
    for row in file.rows():
        assert unpack(pack(row))._replace(packed=b"") == row
