"""Who brought whom, as trees that can be drawn: each person at the day they came, in a row of their own.

A tree takes as many rows as it has people who brought nobody: the first whom somebody brought stays in that
somebody's row, each further one begins a row below. Trees that do not meet in time share rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple


class Link(NamedTuple):
    """Somebody recommended somebody."""

    referrer: int
    brought: int
    on: date


@dataclass(frozen=True, slots=True)
class Tree:
    """Of one who was brought by nobody, with everybody who came through them.

    Whoever only recommended people others had brought already is a tree of one.
    """

    root: int
    came: Mapping[int, date]
    """Everybody in it, from the root down."""
    row: Mapping[int, int]
    """Within the tree, from 0."""
    parent: Mapping[int, int]
    """Who brought each, but the root."""

    @property
    def height(self) -> int:
        return max(self.row.values()) + 1

    @property
    def begins(self) -> date:
        return self.came[self.root]

    @property
    def ends(self) -> date:
        return max(self.came.values())


def parents(links: Iterable[Link]) -> dict[int, int]:
    """Who brought each: the first who recommended them, but none who came by way of them."""
    found: dict[int, int] = {}
    for link in sorted(links, key=lambda link: (link.on, link.brought, link.referrer)):
        if link.brought not in found and link.brought not in _upwards(link.referrer, found):
            found[link.brought] = link.referrer
    return found


def trees(links: Iterable[Link], met: Mapping[int, date]) -> list[Tree]:
    """The largest first. `met`: since when each is known; whoever brings somebody was known by then."""
    all_links = list(links)
    brought_by = parents(all_links)
    on = {(link.referrer, link.brought): link.on for link in sorted(all_links, key=lambda link: link.on, reverse=True)}
    came = {brought: on[referrer, brought] for brought, referrer in brought_by.items()}
    children: dict[int, list[int]] = defaultdict(list)
    for brought in sorted(brought_by, key=lambda person: (came[person], person)):
        children[brought_by[brought]].append(brought)
    began = {link.referrer: link.on for link in sorted(all_links, key=lambda link: link.on, reverse=True)}
    known = {person: min(day, met.get(person, day)) for person, day in began.items()}
    made = [_tree(root, known[root], children, came) for root in sorted(set(known) - set(brought_by))]
    return sorted(made, key=lambda tree: (-len(tree.came), tree.begins, tree.root))


def rows(made: Iterable[Tree], room: Mapping[int, timedelta], named: Mapping[int, int]) -> dict[int, int]:
    """The row in which each tree begins. `room`: so much longer than the tree is what is written of it, by its root.

    `named`: so many rows a tree needs above it for its name.
    """
    taken: dict[int, list[tuple[date, date]]] = defaultdict(list)
    first: dict[int, int] = {}
    for tree in made:
        above = named.get(tree.root, 0)
        until = max(tree.ends, tree.begins + room.get(tree.root, timedelta())) + APART
        span, height, number = (tree.begins - APART, until), above + tree.height, 0
        while (taken_row := _last_taken(range(number, number + height), span, taken)) is not None:
            number = taken_row + 1
        for row in range(number, number + height):
            taken[row].append(span)
        first[tree.root] = number + above
    return first


APART = timedelta(days=20)
"""At least so far from each other are two trees in one row."""


def _tree(root: int, known: date, children: Mapping[int, list[int]], came: Mapping[int, date]) -> Tree:
    row, days, parent = {root: 0}, {root: known}, dict[int, int]()
    height = 0
    waiting = [(child, root) for child in reversed(children.get(root, []))]
    while waiting:
        person, by = waiting.pop()
        is_first = children[by][0] == person
        height += not is_first
        row[person] = height
        parent[person], days[person] = by, max(came[person], days[by])
        waiting += [(child, person) for child in reversed(children.get(person, []))]
    return Tree(root, days, row, parent)


def _upwards(person: int, brought_by: Mapping[int, int]) -> Iterator[int]:
    """Themselves, and whoever brought them, up to the first."""
    yield person
    while (above := brought_by.get(person)) is not None:
        yield above
        person = above


def _last_taken(wanted: range, span: tuple[date, date], taken: Mapping[int, list[tuple[date, date]]]) -> int | None:
    """The lowest of these rows in which something stands meanwhile."""
    for row in reversed(wanted):
        for begins, ends in taken.get(row, ()):
            if begins <= span[1] and span[0] <= ends:
                return row
    return None
