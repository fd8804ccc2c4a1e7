"""Whose touch is answered when many touch their pages at once: one after the other, in the order they came.

Python does one thing at a time: pages that are drawn together each take as long as all of them do.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

SLOW = 0.25
"""Seconds after which a page keeps nobody waiting any more: an import that is written, a database that is away."""


class Places:
    """So many pages are drawn at a time, the slow ones beside them."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._taken: dict[object, float] = {}
        """Until when each keeps others waiting."""
        self._queue: deque[threading.Event] = deque()
        """Of those who wait, in the order they came; who is first is told so, and alone waits for a place."""
        self._changed = threading.Condition()

    @contextmanager
    def one(self) -> Iterator[None]:
        me = threading.Event()
        with self._changed:
            self._queue.append(me)
            self._tell_first()
        me.wait()
        with self._changed:
            while (wait := self._full_for()) > 0:
                self._changed.wait(wait)
            self._taken[me] = time.monotonic() + SLOW
            self._queue.popleft()
            self._tell_first()
        try:
            yield
        finally:
            with self._changed:
                del self._taken[me]
                self._changed.notify()

    def _tell_first(self) -> None:
        if self._queue:
            self._queue[0].set()

    def _full_for(self) -> float:
        """Seconds, if nobody is done before."""
        now = time.monotonic()
        quick = sorted(until for until in self._taken.values() if until > now)
        return quick[-self._number] - now if len(quick) >= self._number else 0.0
