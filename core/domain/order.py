"""The order of facts: by when they happened, then by when they were entered."""

from datetime import UTC, datetime
from typing import NamedTuple

EVER = datetime.max.replace(tzinfo=UTC)
NEVER = datetime.min.replace(tzinfo=UTC)

Order = tuple[datetime, int]
"""When it happened, and the fact's id: ids are given in the order of entry."""

END: Order = (EVER, 2**63)
"""After every fact: as things are now."""


class Mark(NamedTuple):
    """A fact's place in the order, for what it settles or ends."""

    order: Order
    fact_id: int

    @property
    def at(self) -> datetime:
        return self.order[0]


def just_after(moment: datetime) -> Order:
    """A place after every fact of that moment."""
    return (moment, END[1])


def just_before(moment: datetime) -> Order:
    """A place before every fact of that moment: a moment that no fact marks, such as the end of an answer time."""
    return (moment, -1)
