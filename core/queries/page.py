"""A piece of a list, cut in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Select

T = TypeVar("T")
S = TypeVar("S", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True, slots=True)
class Page:
    """The first page is 1."""

    number: int = 1
    size: int = 10

    def cut(self, query: S) -> S:
        return query.limit(self.size).offset((self.number - 1) * self.size)

    def of(self, items: Sequence[T]) -> Sequence[T]:
        """The same piece of a list that is short, and read already."""
        return items[(self.number - 1) * self.size : self.number * self.size]
