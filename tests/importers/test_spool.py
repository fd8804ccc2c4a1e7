"""A long sequence: the same in memory and in its file."""

import pytest

from core.importers import spool
from core.importers.spool import Spool


@pytest.fixture
def numbers(monkeypatch):
    """A thousand of them, of which ten fit into memory."""
    monkeypatch.setattr(spool, "IN_MEMORY", 10)
    monkeypatch.setattr(spool, "AT_A_STROKE", 10)
    found = Spool(str, int)
    for number in range(1_004):
        found.append(number)
    return found


def test_it_is_gone_through_in_order_again_and_again(numbers):
    assert list(numbers) == list(numbers) == list(range(1_004))
    assert len(numbers) == 1_004


@pytest.mark.parametrize("place", [0, 9, 10, 555, 999, 1_000, 1_003, -1, -1_004])
def test_a_place_is_looked_into(numbers, place):
    assert numbers[place] == list(range(1_004))[place]


@pytest.mark.parametrize("place", [1_004, -1_005])
def test_there_is_nothing_beyond_its_ends(numbers, place):
    with pytest.raises(IndexError):
        numbers[place]


def test_a_slice_is_what_a_list_would_give(numbers):
    assert numbers[995:2_000] == list(range(995, 1_004))
    assert numbers[8:12] == [8, 9, 10, 11]
    assert numbers[::300] == [0, 300, 600, 900]
    assert numbers[5:5] == []


def test_two_who_go_through_it_at_once_do_not_disturb_each_other(numbers):
    assert [(one, other) for one, other in zip(numbers, numbers, strict=True)] == [(n, n) for n in range(1_004)]


def test_a_short_one_is_kept_as_it_is():
    things = [object(), object()]
    found = Spool(repr, lambda _: None)
    for thing in things:
        found.append(thing)
    assert list(found) == things
