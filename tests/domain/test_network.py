"""Who brought whom, as trees: no person twice, nobody on top of another, and no circle without an end."""

from datetime import date, timedelta
from itertools import combinations
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from core.domain.network import APART, Link, parents, rows, trees

FIRST = date(2021, 1, 4)


def a_link(referrer: int, brought: int, day: int = 0) -> Link:
    return Link(referrer, brought, FIRST + timedelta(days=day))


def links() -> st.SearchStrategy[list[Link]]:
    people, days = st.integers(0, 12), st.integers(0, 900)
    some = st.builds(a_link, people, people, days)
    return st.lists(some.filter(lambda link: link.referrer != link.brought), max_size=25)


def test_the_first_who_recommended_somebody_brought_them():
    assert parents([a_link(1, 3, 20), a_link(2, 3, 10)]) == {3: 2}


def test_two_who_recommend_each_other_are_one_tree_that_begins_with_the_earlier():
    (tree,) = trees([a_link(1, 2, 10), a_link(2, 1, 50)], {})
    assert (tree.root, tree.parent) == (1, {2: 1})


def test_the_first_stays_in_the_row_and_each_further_one_begins_a_row_below():
    (tree,) = trees([a_link(1, 2, 10), a_link(1, 3, 20), a_link(2, 4, 30), a_link(2, 5, 40), a_link(3, 6, 50)], {})
    assert tree.row == {1: 0, 2: 0, 4: 0, 5: 1, 3: 2, 6: 2}
    assert tree.height == 3


def test_whoever_brings_somebody_was_known_by_then():
    (tree,) = trees([a_link(1, 2, 10)], {1: FIRST + timedelta(days=400)})
    assert tree.came[1] == FIRST + timedelta(days=10)


@given(links())
def test_everybody_has_one_place_and_nobody_came_before_who_brought_them(some):
    made = trees(some, {})
    everybody = [person for tree in made for person in tree.came]
    assert sorted(everybody) == sorted({person for link in some for person in (link.referrer, link.brought)})
    for tree in made:
        assert all(tree.came[by] <= tree.came[person] for person, by in tree.parent.items())


@given(links(), st.integers(0, 3))
def test_no_two_trees_meet_in_a_row(some, above):
    made = trees(some, {})
    named = {tree.root: above for tree in made}
    first = rows(made, {}, named)
    for one, other in combinations(made, 2):
        theirs = (range(first[tree.root] - above, first[tree.root] + tree.height) for tree in (one, other))
        share = set.intersection(*map(set, theirs))
        assert not share or one.ends + APART < other.begins or other.ends + APART < one.begins


def test_five_hundred_people_fit_into_a_picture():
    rng = Random(1)
    some = [a_link(rng.randrange(number), number, number * 4) for number in range(1, 500) if number % 3]
    made = trees(some, {})
    first = rows(made, {}, {})
    assert sum(len(tree.came) for tree in made) > 400
    assert max(first[tree.root] + tree.height for tree in made) < 260
