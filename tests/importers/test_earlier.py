"""The rows before are found by their keys, however they were put together since."""

from itertools import chain
from random import Random

import pytest

from core.domain.matching import Key, Known, Person, Ref, key
from core.importers import earlier
from core.importers.earlier import Earlier


def keys(*names: str) -> tuple[Key, ...]:
    return tuple(Key(name) for name in names)


def kept(*stretches: list[tuple[Key, ...]]) -> Earlier:
    """People of whom each has these keys, from line 1 on."""
    there, line = Earlier(lambda place: None), 0
    for stretch in stretches:
        lines = range(line + 1, line + len(stretch) + 1)
        known = [Known(Ref("row", n), Person(f"name {n}", has, "acme")) for n, has in zip(lines, stretch, strict=True)]
        there.keep(lines, known, {})
        line += len(stretch)
    return there


def found(there: Earlier, *asked: str) -> list[tuple[int, tuple[Key, ...]]]:
    return [(known.ref.number, known.person.keys) for known in there.known_by(keys(*asked))]


def test_whoever_has_a_key_is_told_of_with_it_in_the_order_of_the_rows():
    there = kept([keys("a", "b"), (), keys("c")], [keys("b", "a")], [keys("d")])
    assert found(there, "c", "a", "nobody") == [(1, keys("a")), (3, keys("c")), (4, keys("a"))]
    assert list(there.known_by(keys("d"))) == [Known(Ref("row", 5), Person("name 5", keys("d"), "acme"))]


def test_stretches_without_anybody_are_no_trouble():
    assert found(kept([(), ()], [], [keys("a")], [()]), "a") == [(3, keys("a"))]
    assert found(kept([keys("a")])) == []


def test_only_the_first_few_are_told_of_behind_one_key(monkeypatch):
    monkeypatch.setattr(earlier, "MOST", 5)
    monkeypatch.setattr(earlier, "MOST_NEAR", 3)
    near = key("near", "acme|sa")
    there = kept(*[[(near, Key("phone:1"), near)] * 2] * 6)
    assert found(there, "phone:1") == [(line, keys("phone:1")) for line in (1, 2, 3, 4, 5)]
    assert found(there, near) == [(line, (near,)) for line in (1, 2, 3)]


@pytest.mark.parametrize("largest", [1, 40, 1 << 20])
def test_it_finds_what_a_look_at_every_row_finds(monkeypatch, largest):
    monkeypatch.setattr(earlier, "LARGEST", largest)
    rng = Random(largest)
    names = [f"phone:{number}" for number in range(60)]
    stretches = [[keys(*rng.choices(names, k=rng.randrange(4))) for _ in range(rng.randrange(1, 9))] for _ in range(40)]
    there = kept(*stretches)
    rows = list(chain.from_iterable(stretches))
    for _ in range(20):
        asked = rng.sample(names, 10)
        expected = {(line, (one,)) for line, has in enumerate(rows, 1) for one in has if one in asked}
        told = found(there, *asked)
        assert sorted(told) == sorted(expected)
        assert [line for line, _ in told] == sorted(line for line, _ in told)
