"""The median and the 90th percentile of whole numbers, given as how often each occurs.

The median of an even number is the mean of the two in the middle. The 90th percentile is the smallest of the numbers
that nine in ten do not exceed.
"""

from collections.abc import Mapping

FEWEST = 5
"""Of fewer than that no percentile is told, and no share."""


def median(numbers: Mapping[int, int]) -> float:
    n = sum(numbers.values())
    return (_ranked(numbers, (n + 1) // 2) + _ranked(numbers, n // 2 + 1)) / 2


def ninetieth(numbers: Mapping[int, int]) -> int:
    return _ranked(numbers, -(-9 * sum(numbers.values()) // 10))


def _ranked(numbers: Mapping[int, int], rank: int) -> int:
    """The number in this place of all of them in order; the first is 1."""
    for number in sorted(numbers):
        rank -= numbers[number]
        if rank <= 0:
            return number
    raise ValueError("There are not so many.")
