"""A zip to what is in it, without trusting a word of what it says about itself."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from core.importers.reading import Limits, Unreadable

_MOST_ENTRIES = 1_000
_ENTRY = b"PK\x01\x02"
_CHUNK = 1 << 20
_RATIO = 100  # a real workbook of thousands of rows unpacks to 15 times its size
_ALWAYS_FINE = 20_000_000


def is_zip(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04")


@contextmanager
def unpacked(data: bytes) -> Iterator[zipfile.ZipFile]:
    """The zip, opened; one with absurdly many entries is refused before any of them is looked at."""
    if data.count(_ENTRY) > _MOST_ENTRIES:
        raise Unreadable(
            f"The zip holds more than {_MOST_ENTRIES:,} files; pack the list alone, or upload it unpacked."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            yield packed
    except Unreadable:
        raise
    except Exception as damaged:  # a damaged zip makes zipfile and zlib raise whatever comes to hand
        raise Unreadable("The zip is damaged and can't be unpacked; save or download it anew.") from damaged


def refuse_explosive(packed: zipfile.ZipFile, size: int, limits: Limits) -> None:
    """Of a zip that is read as a whole; zipfile itself never unpacks more of an entry than the entry says."""
    said = sum(part.file_size for part in packed.infolist())
    if said > limits.unpacked or said > max(size * _RATIO, _ALWAYS_FINE):
        raise Unreadable("The workbook unpacks to more than can be read; save the sheet alone as CSV.")


def unpack(packed: zipfile.ZipFile, name: str, limits: Limits) -> bytes:
    """One file of the zip whole, counted while it is unpacked."""
    if packed.getinfo(name).flag_bits & 1:
        raise Unreadable("The zip is protected by a password; unpack it and upload the list itself.")
    parts: list[bytes] = []
    size = 0
    with packed.open(name) as stream:
        for chunk in chunks(stream):
            size += len(chunk)
            if size > limits.unpacked:
                raise Unreadable(
                    f"{name} unpacks to more than the {limits.unpacked_mb} MB that can be read; split it first."
                )
            parts.append(chunk)
    return b"".join(parts)


def chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk
