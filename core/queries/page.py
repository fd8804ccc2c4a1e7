"""A piece of a list, cut in the database."""

from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Select

S = TypeVar("S", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True, slots=True)
class Page:
    """The first page is 1."""

    number: int = 1
    size: int = 10

    def cut(self, query: S) -> S:
        return query.limit(self.size).offset((self.number - 1) * self.size)
