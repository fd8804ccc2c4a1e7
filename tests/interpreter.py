"""The Python that is measured, and how quick it is by itself: that tells figures of two builds or machines apart."""

import sys
import time
from platform import python_version

TURNS = 500_000


class _Small:
    def __init__(self, number: int) -> None:
        self.number = number

    def next(self) -> int:
        return self.number + 1


def interpreter() -> str:
    """“Python 3.11.2 of /usr: 500,000 small objects in 97 ms”; one built without optimizations took 145."""
    begun = time.process_time()
    for turn in range(TURNS):
        str(_Small(turn).next()).split(",")
    spent = time.process_time() - begun
    return f"Python {python_version()} of {sys.base_prefix}: {TURNS:,} small objects in {spent * 1000:.0f} ms"
