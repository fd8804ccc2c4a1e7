"""One process, and the openings that take people."""

import pytest

from core.commands.clients import add_client
from core.commands.merges import merge_candidates
from core.commands.openings import add_opening, arrange_stages, end_opening, hold_opening
from core.commands.processes import start_process
from core.commands.undo import undo_fact
from core.domain.facts import OpeningStatus, Turn
from core.queries.processes import process, to_come_into
from tests.make import a_candidate, act, saved


@pytest.fixture
def opening(store, ben):
    client = act(store, ben, add_client, "Żabka Łódź")
    opening = act(store, ben, add_opening, "Python developer", client_id=client)
    act(store, ben, arrange_stages, opening, ["Screening", "Interview", "Offer"], version=1)
    return opening


def test_a_process_knows_who_is_where_and_where_it_can_go(store, ben, opening):
    noor = saved(store, a_candidate())
    started = act(store, ben, start_process, noor, opening)
    with store.reading() as session:
        found = process(session, started)
    assert (found.name, found.place, found.stage) == ("Noor Haddad", "Python developer, Żabka Łódź", "Screening")
    assert (found.stages, found.turn, found.owner) == (["Screening", "Interview", "Offer"], Turn.OURS, "Ben")


def test_it_is_of_the_one_kept_and_gone_when_taken_back(store, ben, opening):
    noor, other = saved(store, a_candidate()), saved(store, a_candidate("N. Haddad"))
    started = act(store, ben, start_process, other, opening)
    act(store, ben, merge_candidates, noor, other)
    with store.reading() as session:
        assert process(session, started).candidate_id == noor
    act(store, ben, undo_fact, started)
    with store.reading() as session:
        assert process(session, started) is None


def test_only_openings_that_take_people_are_offered_by_title_or_client(store, ben, opening):
    held, gone = act(store, ben, add_opening, "Tester"), act(store, ben, add_opening, "Architect")
    act(store, ben, hold_opening, held)
    act(store, ben, end_opening, gone, OpeningStatus.CANCELLED, {})
    with store.reading() as session:
        assert {found.title for found in to_come_into(session)} == {"Tester", "Python developer"}
        assert [found.id for found in to_come_into(session, "zabka")] == [opening]
        assert [found.id for found in to_come_into(session, "TEST")] == [held]
        assert to_come_into(session, "100%") == []
