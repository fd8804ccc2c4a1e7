"""How a rule says no to a person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple


class Refused(Exception):
    """What was asked for is not possible; the sentence says why, and what to do instead."""


class NotAllowed(Refused):
    """It is possible, but not for this member; that they asked is put on record (`Store.working`)."""


class Saved(NamedTuple):
    """The newer version: who saved it, and when."""

    by: str
    at: datetime


class Stale(Refused):
    """Somebody saved a newer version while this one was being written. Nothing was overwritten."""

    def __init__(
        self, sentence: str, theirs: Mapping[str, object], seen: Any = None, saved: Saved | None = None
    ) -> None:
        super().__init__(sentence)
        self.theirs = theirs
        """Column → what is stored now, to show beside what was written; empty where nothing can be saved over."""
        self.seen = seen
        """What the command is told by whoever was shown that, and saves over it all the same."""
        self.saved = saved
        """None where that is not known."""
