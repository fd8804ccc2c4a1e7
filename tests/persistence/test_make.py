"""The builders put in the store what the commands would."""

from core.domain.promises import Kind, Status
from core.persistence.tables import Candidate
from tests.make import (
    a_candidate,
    a_process,
    a_word_from_her,
    a_word_to_her,
    an_opening,
    promise_of,
    promises_of,
    saved,
)


def test_a_word_from_her_is_a_promise(store, ben):
    noor = saved(store, a_candidate(owner_id=ben.id), a_word_from_her())
    promise = promise_of(store, noor)
    assert (promise.kind, promise.owner_id, promise.status) == (Kind.REPLY, ben.id, Status.OPEN)


def test_what_is_saved_later_is_settled_too(store, clock):
    noor = saved(store, a_candidate(), a_word_from_her())
    clock.forward(days=1)
    saved(store, a_word_to_her(candidate_id=noor))
    assert promise_of(store, noor).status is Status.KEPT_ON_TIME
    with store.reading() as session:
        assert session.get(Candidate, noor).last_word_to_at == clock.now


def test_a_process_is_of_an_opening(store):
    opening = saved(store, an_opening())
    noor = saved(store, a_candidate(), a_process(opening))
    assert [promise.kind for promise in promises_of(store, noor)] == [Kind.UPDATE]
