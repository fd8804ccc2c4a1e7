"""By what a list is known again: its headers, whatever their case, accents and spaces, each with its turn."""

from collections.abc import Iterator, Sequence
from hashlib import sha256

from core.domain.names import folded

OURS = frozenset({"why left out", "surplus cell"})
"""Columns that rows given back to be mended have besides: the list is known again with them as without."""

Named = tuple[str, int]
"""A header as it is compared, and which one of those that read alike it is."""


def named(header: Sequence[str]) -> Iterator[Named]:
    seen: dict[str, int] = {}
    for name in header:
        plain = " ".join(folded(name).split())
        seen[plain] = seen.get(plain, 0) + 1
        yield plain, seen[plain]


def header_key(header: Sequence[str]) -> str:
    """The same for lists with the same headers; "" where fewer than two columns have one, which says nothing."""
    plain = [name for name, _ in named(header) if name not in OURS]
    if sum(map(bool, plain)) < 2:
        return ""
    return sha256("\x1f".join(plain).encode("utf-8", "surrogatepass")).hexdigest()
