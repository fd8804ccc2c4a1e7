"""Builders for tests: everything the test does not care about has a default, and `saved` puts it in the store.

    noor = saved(store, a_candidate(), a_word_from_her())

A fact belongs to the candidate before it, unless it names another: `a_word_to_her(candidate_id=noor)`.
"""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import count
from typing import Any

from sqlalchemy import Dialect, Engine, event, make_url, select

from core.domain.calendar import Calendar
from core.domain.facts import Answer, MeetingKind, MeetingResult, Result, Way
from core.domain.names import folded
from core.domain.promises import Kind
from core.persistence.ledger import settle
from core.persistence.search import index_words
from core.persistence.store import Store, open_engine
from core.persistence.tables import (
    Arrival,
    Candidate,
    Client,
    Closing,
    Contact,
    Fact,
    GrowthNote,
    Meeting,
    MeetingOutcome,
    Member,
    Opening,
    Placement,
    Process,
    Promise,
    Referral,
    RhythmChange,
    StageMove,
    Table,
)
from core.persistence.tables.team import Role
from core.persistence.work import THE_PROGRAM, Viewer

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
"""Monday 2 March 2026, 09:00 in Warsaw: where the clock of a test begins."""

_numbers = count(1)


class FixedClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **length: float) -> datetime:
        """`clock.forward(days=3, hours=2)`; answers what it shows then."""
        self.now += timedelta(**length)
        return self.now


@contextmanager
def a_store(url: str, clock: FixedClock) -> Iterator[Store]:
    """The store at that address, behind the one engine that all tests have of its kind; one at a time.

    SQLAlchemy keeps by engine what SQL it has made of a statement: with an engine for each test, a third of a test's
    time went into making it anew. PostgreSQL learns of the tables by connection: those stay for the next test.
    """
    address = make_url(url)
    shared = _engine(address.get_backend_name())
    if shared.url != address:
        shared.dispose()
        shared.url = address
    store = Store(shared.execution_options(), Calendar(), clock)  # its own in nothing but who listens to its engine
    try:
        yield store
    finally:
        if store.is_sqlite:
            shared.dispose()


def let_go() -> None:
    """Close what is still connected to PostgreSQL."""
    _engine("postgresql").dispose()


@lru_cache
def _engine(backend: str) -> Engine:
    """Connects to wherever its url says just then."""
    engine = open_engine(f"{backend}:///elsewhere")

    @event.listens_for(engine, "do_connect")
    def go_there(dialect: Dialect, _: Any, arguments: list[Any], named: dict[str, Any]) -> None:
        there, options = dialect.create_connect_args(engine.url)
        arguments[:] = there
        named.update(options)

    return engine


# the team, and whom it works for


def a_member(name: str = "Ben", role: Role = Role.RECRUITER, **columns: Any) -> Member:
    return Member(**{"username": name.lower(), "name": name, "role": role, "created_at": MONDAY, **columns})


def a_client(name: str = "", **columns: Any) -> Client:
    name = name or f"Client {next(_numbers)}"
    return Client(name=name, sort_name=folded(name), called_in_policy=name, **columns)


def an_opening(title: str = "Python developer", **columns: Any) -> Opening:
    return Opening(title=title, **{"added_at": MONDAY, **columns})


# a candidate, and what happened


def a_candidate(name: str = "Noor Haddad", **columns: Any) -> Candidate:
    """Owner and rhythm are those of the arrival that `saved` enters with her."""
    return Candidate(name=name, sort_name=folded(name), **columns)


def a_word_from_her(**columns: Any) -> Contact:
    return a_contact(way=Way.FROM, **{"text": "Is there any news?", **columns})


def a_word_to_her(**columns: Any) -> Contact:
    return a_contact(way=Way.TO, **{"text": "I will know on Friday.", **columns})


def a_talk_with_her(**columns: Any) -> Contact:
    return a_contact(way=Way.TALKED, **columns)


def a_contact(**columns: Any) -> Contact:
    return Contact(**{"way": Way.TO, "channel": "e-mail", "has_text": bool(columns.get("text")), **columns})


def a_process(opening_id: int, **columns: Any) -> Process:
    return Process(opening_id=opening_id, **{"first_stage": "Screening", "since": MONDAY, **columns})


def a_stage_move(process_id: int, to_stage: str = "Interview", **columns: Any) -> StageMove:
    return StageMove(process_id=process_id, to_stage=to_stage, **columns)


def a_closing(
    process_id: int, outcome: Result = Result.REJECTED, answer: Answer = Answer.OWED, **columns: Any
) -> Closing:
    return Closing(process_id=process_id, outcome=outcome, answer=answer, **columns)


def a_meeting(starts_at: datetime = MONDAY + timedelta(days=1), **columns: Any) -> Meeting:
    """An interview of an hour."""
    ends_at = columns.pop("ends_at", starts_at + timedelta(hours=1))
    times = {"planned_starts_at": starts_at, "planned_ends_at": ends_at, "starts_at": starts_at, "ends_at": ends_at}
    return Meeting(**{"meeting_kind": MeetingKind.INTERVIEW, **times, **columns})


def an_outcome(meeting_id: int, outcome: MeetingResult = MeetingResult.HELD, **columns: Any) -> MeetingOutcome:
    return MeetingOutcome(meeting_id=meeting_id, outcome=outcome, **columns)


def a_rhythm(count: int = 3, unit: str = "months", **columns: Any) -> RhythmChange:
    return RhythmChange(rhythm_count=count, rhythm_unit=unit, **columns)


def a_growth_note(revisit_on: date | None = None, **columns: Any) -> GrowthNote:
    return GrowthNote(revisit_on=revisit_on, **{"wants": "Wants to lead a team.", **columns})


IN_TWO_WEEKS = date(2026, 3, 16)


def a_placement(starts_on: date = IN_TWO_WEEKS, **columns: Any) -> Placement:
    return Placement(starts_on=starts_on, **columns)


def a_referral(referred_id: int, **columns: Any) -> Referral:
    return Referral(referred_id=referred_id, **columns)


# into the store, and out of it


def saved(store: Store, *things: Table, by: Viewer = THE_PROGRAM) -> int:
    """Put these on record in one unit of work, in their order, and settle whom they concern; the first one's id."""
    with store.working(by) as work:
        concerned: list[int] = []
        for thing in things:
            if isinstance(thing, Fact):
                if thing.candidate_id is None and concerned:
                    thing.candidate_id = concerned[-1]
                work.enter(thing, happened_at=thing.happened_at)
                concerned += [thing.candidate_id] if thing.candidate_id else []
            elif isinstance(thing, Candidate):
                concerned.append(_arrived(work, thing))
            else:
                work.session.add(thing)
            work.record("made", thing)
        settle(work, *concerned, *(thing.referred_id for thing in things if isinstance(thing, Referral)))
        return things[0].id


def _arrived(work: Any, candidate: Candidate) -> int:
    candidate.added_at = candidate.added_at or work.now
    arrival = Arrival(
        owner_id=candidate.owner_id, rhythm_count=candidate.rhythm_count, rhythm_unit=candidate.rhythm_unit
    )
    work.session.add(candidate)
    work.session.flush()
    index_words(work.session, candidate)
    arrival.candidate_id = candidate.id
    work.enter(arrival, happened_at=candidate.added_at)
    return candidate.id


def act(store: Store, who: Viewer, command: Callable[..., Any], *args: Any, **plain: Any) -> Any:
    """What they do, in a unit of work of its own; what the command answers."""
    with store.working(who) as work:
        return command(work, *args, **plain)


def viewer_of(store: Store, member: Member) -> Viewer:
    """The member, saved, as one who looks and acts."""
    role, name = member.role, member.name
    return Viewer(saved(store, member), name, role)


def promises_of(store: Store, candidate_id: int, kind: Kind | None = None) -> list[Promise]:
    """Her stored promises, whatever their status, in the order they are due."""
    query = select(Promise).where(Promise.candidate_id == candidate_id).order_by(Promise.due_at, Promise.id)
    with store.reading() as session:
        return list(session.scalars(query if kind is None else query.where(Promise.kind == kind)))


def promise_of(store: Store, candidate_id: int, kind: Kind | None = None) -> Promise:
    """The only one there is."""
    (promise,) = promises_of(store, candidate_id, kind)
    return promise


# on this machine

PATIENCE = 120
"""Seconds that a test waits for what is sure to come, also where others use the machine."""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
