"""What is stored and what the rules say agree, always: after any sequence of commands, on both databases."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from hypothesis import Phase, given, settings
from sqlalchemy import select

from core.domain.facts import OpeningStatus
from core.persistence.check import miscounted
from core.persistence.ledger import prepare
from core.persistence.store import Store
from core.persistence.tables import Candidate, Meeting, Opening, Process, Promise, TurnChange
from core.persistence.team import team_of
from tests.agreement.lives import Life, Step, lives
from tests.make import FixedClock

NewStore = Callable[[], AbstractContextManager[tuple[Store, FixedClock]]]


def unsettled(store: Store) -> list[object]:
    """What settling everybody afresh would change: nothing, if the ledger is right."""
    with store.reading() as session:
        ids = session.scalars(select(Candidate.id)).all()
        return [s for s in prepare(session, ids, team_of(session), store.calendar) if s.is_needed]


def left_in_an_ended_opening(store: Store) -> list[int]:
    """Processes still active where the opening was filled or cancelled: nobody may be."""
    ended = [status for status in OpeningStatus if status.has_ended]
    query = select(Process.id).join(Opening, Opening.id == Process.opening_id)
    with store.reading() as session:
        return list(session.scalars(query.where(Process.is_active, Opening.status.in_(ended))))


def settled_though_undone(store: Store) -> list[int]:
    """Undone processes, turns and meetings on which something still stands: lists and figures would count them."""
    undone = Process.undone_at.is_not(None) & (Process.is_active | Process.next_due_at.is_not(None))
    waits = TurnChange.undone_at.is_not(None) & (TurnChange.began_wait | TurnChange.client_id.is_not(None))
    planned = Meeting.undone_at.is_not(None) & (Meeting.client_id.is_not(None) | Meeting.upset_at.is_not(None))
    with store.reading() as session:
        return [
            *session.scalars(select(Process.id).where(undone)),
            *session.scalars(select(TurnChange.id).where(waits)),
            *session.scalars(select(Meeting.id).where(planned)),
        ]


@settings(max_examples=25, phases=[Phase.explicit, Phase.reuse, Phase.generate])  # shrinking a life takes minutes
@given(life=lives())
def test_the_ledger_says_what_the_rules_say(new_store: NewStore, life: list[Step]) -> None:
    with new_store() as (store, clock):
        team = Life(store, clock).begin()
        for step in life:
            step.run(team)
            assert unsettled(store) == []
            assert left_in_an_ended_opening(store) == []
        assert settled_though_undone(store) == []
        assert list(miscounted(store)) == []


def test_random_lives_are_not_refused_away(store: Store, clock: FixedClock) -> None:
    """The property above would hold of an empty book: most steps of a plain life must be accepted."""
    team = Life(store, clock).begin()
    names = [
        "hear",
        "tell",
        "wait",
        "hear the client",
        "plan",
        "outcome",
        "rhythm",
        "close",
        "consent",
        "undo",
    ]
    accepted = [Step(600, name, (0, 1, 1)).run(team) for name in names]
    assert sum(accepted) >= len(names) - 2, list(zip(names, accepted, strict=True))
    with store.reading() as session:
        assert session.scalars(select(Promise)).first() is not None
