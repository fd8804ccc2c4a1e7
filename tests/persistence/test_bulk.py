"""Many rows at a stroke."""

import gc

from core.persistence.bulk import unpaused


def test_what_an_import_leaves_is_old_at_once_and_nobody_is_stopped_to_find_that():
    gc.collect()
    with unpaused():
        left = [[number] for number in range(2_000)]
        assert not gc.isenabled()
    assert gc.isenabled()
    assert id(left[7]) not in set(map(id, gc.get_objects(generation=0)))
    assert id(left[7]) in set(map(id, gc.get_objects(generation=2)))
    assert gc.get_freeze_count() == 0


def test_what_was_left_is_still_looked_through_for_cycles():
    with unpaused():
        one: list[object] = []
        one.append(one)
        del one
    assert gc.collect() >= 1
