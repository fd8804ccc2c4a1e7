"""Real files damaged in every way we can think of, and what must hold of whatever is still read.

`python -m tests.importers.fuzz --examples 10000` goes on for minutes; the suite runs a few hundred.
"""

import argparse
import csv
import io
import zipfile
from collections import Counter
from itertools import pairwise
from pathlib import Path
from time import process_time

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.importers.encodings import encoding_of
from core.importers.messages import MessagesFile
from core.importers.preview import preview, read_file
from core.importers.reading import Limits, Sheet, Unreadable, _Unwrapped
from tests.importers.test_archives import an_export

FILES = {path.name: path.read_bytes() for path in sorted((Path(__file__).parents[1] / "samples").glob("*.*[vx]"))}
FILES |= {"linkedin_export.zip": an_export()}
PACKED = frozenset(name for name, data in FILES.items() if data.startswith(b"PK"))
SECONDS = 3.0
LIMITS = Limits(bytes=1 << 24, rows=20_000, unpacked=1 << 26)

_PIECES = [
    b'"',
    b"\0",
    b"\r",
    b"\n",
    b";",
    b",",
    b"\t",
    b"|",
    b'""',
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"'",
    b"=",
    b"&#0;",
    b"<",
]
_PAGES = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1250", "cp1252", "iso8859-2", "cp852"]


@st.composite
def damaged(draw: st.DrawFn, name: str | None = None) -> bytes:
    """One of the files, harmed one to six times."""
    name = name or draw(st.sampled_from(sorted(FILES)))
    data = FILES[name]
    if name in PACKED and draw(st.booleans()):
        return _repacked(draw, data)
    for _ in range(draw(st.integers(1, 6))):
        data = _harmed(draw, data)
    return data


def _harmed(draw: st.DrawFn, data: bytes) -> bytes:
    place = draw(st.integers(0, max(len(data), 1)))
    length = draw(st.sampled_from([0, 1, 1, 3, 50, 2_000]))
    match draw(st.sampled_from("flip insert cut begin double join pages delimiters quotes".split())):
        case "flip":
            return data[:place] + draw(st.binary(min_size=1, max_size=4)) + data[place + length :]
        case "insert":
            return data[:place] + draw(st.sampled_from(_PIECES)) * draw(st.integers(1, 4)) + data[place:]
        case "cut":
            return data[:place]
        case "begin":
            return data[place:]
        case "double":
            return data[: place + length] + data[place:]
        case "join":
            return data[:place] + FILES[draw(st.sampled_from(sorted(FILES)))][-20_000:]
        case "pages":
            page, other = draw(st.sampled_from(_PAGES)), draw(st.sampled_from(_PAGES))
            return data.decode(page, "replace").encode(other, "replace")
        case "delimiters":
            one, other = (
                draw(st.sampled_from([b",", b";", b"\t", b"|", b"^", b":", b"\n"])),
                draw(st.sampled_from(_PIECES)),
            )
            return data.replace(one, other, draw(st.sampled_from([-1, 3, 50])))
        case _:
            return data.replace(b'"', b"", draw(st.integers(1, 9)))


def _repacked(draw: st.DrawFn, data: bytes) -> bytes:
    """A part of the zip harmed, and the rest packed anew around it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as again:
        harmed = draw(st.sampled_from(packed.namelist()))
        for name in packed.namelist():
            part = packed.read(name)
            again.writestr(name, _harmed(draw, part) if name == harmed else part)
    return stream.getvalue()


def held(data: bytes) -> str:
    """Reads a file as an upload is read, holds it to what must be true, and says what became of it."""
    begun = process_time()
    sentence = ""
    try:
        parsed = read_file(data, limits=LIMITS)
        rows = list(parsed.rows) if isinstance(parsed, MessagesFile) else list(parsed.rows())
        found = preview(parsed)
    except Unreadable as refused:
        sentence = str(refused)
    assert process_time() - begun < SECONDS, f"{process_time() - begun:.1f} s"
    if sentence:
        assert sentence.endswith("."), sentence
        assert "\n" not in sentence
        return "refused"
    counts = found.counts
    assert len(rows) == parsed.sheet.rows_read == counts.rows_read
    assert counts.rows_read == counts.new + counts.known + counts.likely + counts.rejected
    assert [row.record for row in rows] == list(range(1, counts.rows_read + 1))
    assert all(before.line < after.line for before, after in pairwise(rows))
    assert all(row.reason for row in found.rows if row.outcome == "rejected")
    assert not any("\0" in cell for row in rows for cell in row.cells)
    if parsed.sheet.delimiter and not isinstance(parsed.sheet.opened, _Unwrapped) and not data.startswith(b"PK"):
        records = _counted_plainly(data, parsed.sheet)
        assert records in (None, parsed.sheet.rows_read), f"{records} records, {parsed.sheet.rows_read} rows"
    return "read"


def _counted_plainly(data: bytes, sheet: Sheet) -> int | None:
    """The records that are not blank below the header, as Python's own reader counts; None where it gives up."""
    encoding = encoding_of(data)
    text = io.StringIO(data[encoding.mark :].decode(encoding.codec, "replace"), newline="")
    for _ in range(sheet.header_line):
        text.readline()
    if sheet.header_line and any("\n" in cell or "\r" in cell for cell in sheet.header):
        return None  # the header itself goes on over several lines
    count = 0
    try:
        for cells in csv.reader(text, delimiter=str(sheet.delimiter), strict=True, skipinitialspace=True):
            count += bool("".join(cells).strip())
    except csv.Error:
        return None
    return count


def run(examples: int) -> Counter[str]:
    """Holds so many damaged files to it; raises at the first that fails, made as small as it can be."""
    told: Counter[str] = Counter()
    slowest = 0.0

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(damaged())
    def go(data: bytes) -> None:
        nonlocal slowest
        begun = process_time()
        told[held(data)] += 1
        slowest = max(slowest, process_time() - begun)

    go()
    print(f"{told['read']:,} read, {told['refused']:,} refused, the slowest in {slowest:.2f} s")
    return told


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=10_000)
    run(parser.parse_args().examples)
