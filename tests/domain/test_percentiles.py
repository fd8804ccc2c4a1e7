"""Percentiles of few and many."""

from collections import Counter

import pytest

from core.domain.percentiles import median, ninetieth


@pytest.mark.parametrize(
    ("numbers", "middle", "of_nine_in_ten"),
    [
        ([4], 4, 4),
        ([1, 4], 2.5, 4),
        ([3, 1, 2], 2, 3),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 5.5, 9),
        ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 30], 0, 0),
        ([2, 2, 2, 2, 9], 2, 9),
    ],
)
def test_the_median_and_what_nine_in_ten_do_not_exceed(numbers, middle, of_nine_in_ten):
    assert median(Counter(numbers)) == middle
    assert ninetieth(Counter(numbers)) == of_nine_in_ten


def test_of_nothing_there_is_no_percentile():
    with pytest.raises(ValueError):
        median({})
