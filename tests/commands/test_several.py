"""One thing done with several people: all of them or none, and taken back in one stroke."""

import pytest

from core.commands.candidates import add_candidate
from core.commands.consents import forbid_contact
from core.commands.several import AT_ONCE, hand_over_each, say_to_each, set_rhythm_of_each, tag_each, untag_each
from core.commands.undo import undo_facts
from core.domain.facts import Rhythm, Unit
from core.domain.promises import Kind, Status
from core.domain.refusal import Refused
from core.persistence.check import disagreements
from core.persistence.tables import Candidate
from tests.make import a_candidate, act, promises_of, saved

QUARTER = Rhythm(3, Unit.MONTHS)


@pytest.fixture
def both(store, ben):
    return [saved(store, a_candidate(name, owner_id=ben.id)) for name in ("Noor", "Ida")]


def each(store, ids, column):
    with store.reading() as session:
        return [getattr(session.get_one(Candidate, id_), column) for id_ in ids]


def open_kinds(store, id_):
    return [promise.kind for promise in promises_of(store, id_) if promise.status is Status.OPEN]


def test_a_word_to_each_keeps_their_rhythm_and_a_message_to_all_does_not(store, ben, both, clock):
    act(store, ben, set_rhythm_of_each, both, QUARTER)
    clock.forward(days=100)
    act(store, ben, say_to_each, both, text="Dear all", is_group=True)
    assert each(store, both, "last_word_to_at") == [None, None]
    said = act(store, ben, say_to_each, both, text="How are you?")
    assert each(store, both, "last_word_to_at") == [clock.now, clock.now]
    assert [len(promises_of(store, id_, Kind.KEEP_IN_TOUCH)) for id_ in both] == [2, 2], "one kept, and the next"
    act(store, ben, undo_facts, said)
    assert each(store, both, "last_word_to_at") == [None, None]
    assert list(disagreements(store, workers=0)) == []


def test_nobody_hears_anything_where_one_asked_for_no_contact(store, ben, both):
    act(store, ben, forbid_contact, both[1])
    with pytest.raises(Refused, match="1 of them asked for no contact"):
        act(store, ben, say_to_each, both, text="How are you?")
    assert each(store, both, "last_word_to_at") == [None, None]


def test_a_rhythm_is_set_where_it_is_another_and_taken_back(store, ben, both):
    act(store, ben, set_rhythm_of_each, both[:1], QUARTER)
    changed = act(store, ben, set_rhythm_of_each, both, QUARTER)
    assert len(changed) == 1
    assert [open_kinds(store, id_) for id_ in both] == [[Kind.KEEP_IN_TOUCH], [Kind.KEEP_IN_TOUCH]]
    act(store, ben, undo_facts, changed)
    assert each(store, both, "rhythm_count") == [3, None]
    assert act(store, ben, set_rhythm_of_each, both, None)
    assert each(store, both, "rhythm_count") == [None, None]


def test_all_are_handed_over_and_come_back(store, ana, ben, both):
    handed = act(store, ben, hand_over_each, both, ana.id)
    assert each(store, both, "owner_id") == [ana.id, ana.id]
    assert act(store, ben, hand_over_each, both, ana.id) == []
    act(store, ben, undo_facts, handed)
    assert each(store, both, "owner_id") == [ben.id, ben.id]


def test_a_tag_is_given_once_and_taken_from_those_who_got_it(store, ben, both):
    act(store, ben, tag_each, both[:1], "contractor")
    given = act(store, ben, tag_each, both, "  contractor ")
    assert given == ("contractor", both[1:])
    assert each(store, both, "tags") == [["contractor"], ["contractor"]]
    act(store, ben, untag_each, given)
    assert each(store, both, "tags") == [["contractor"], []]


@pytest.mark.parametrize(
    ("command", "args", "sentence"),
    [
        (say_to_each, {"text": "  "}, "Write what was said"),
        (tag_each, {"tag": " "}, "A tag needs a word"),
        (tag_each, {"tag": "x" * 51}, "too long: 51 characters, 50 fit"),
        (hand_over_each, {"to_id": 99}, "no such member"),
        (set_rhythm_of_each, {"rhythm": Rhythm(200, Unit.WEEKS)}, "from 1 to 120"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(store, ben, both, command, args, sentence):
    with pytest.raises(Refused, match=sentence):
        act(store, ben, command, both, **args)


def test_nobody_and_too_many_are_refused(store, ben):
    with pytest.raises(Refused, match="Nobody is chosen"):
        act(store, ben, tag_each, [], "x")
    with pytest.raises(Refused, match="501 people are too many for one stroke"):
        act(store, ben, tag_each, range(1, AT_ONCE + 2), "x")


def test_who_was_merged_away_is_reached_as_the_one_kept(store, ben):
    from core.commands.merges import merge_candidates

    noor = act(store, ben, add_candidate, name="Noor")
    twin = act(store, ben, add_candidate, name="Noor H.")
    act(store, ben, merge_candidates, noor, twin)
    assert len(act(store, ben, say_to_each, [noor, twin], text="Hello")) == 1
