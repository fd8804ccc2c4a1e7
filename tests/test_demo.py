"""The made-up team: credible, the same for a seed and a moment, and agreeing with the rules like any other."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import pytest
from sqlalchemy import func, select

from core.demo import load_demo
from core.demo.words import people
from core.domain.facts import Answer, OpeningStatus, Result, Way
from core.domain.matching import person
from core.domain.names import company_key, name_key
from core.domain.promises import Kind, State, Status, state
from core.domain.refusal import Refused
from core.persistence.check import disagreements
from core.persistence.matching import Stored
from core.persistence.store import Store, open_store
from core.persistence.tables import (
    Candidate,
    Claim,
    ClaimSource,
    Client,
    ClientPerson,
    Closing,
    Contact,
    Fact,
    Handle,
    Meeting,
    MeetingMove,
    Member,
    Opening,
    OpeningHold,
    Process,
    Promise,
    Question,
    Recommendation,
    Stage,
    TurnChange,
)
from core.persistence.tables.team import Role
from core.queries import duplicates
from core.queries.page import Page
from tests.make import FixedClock

MORNING = datetime(2026, 11, 23, 8, tzinfo=UTC)
"""Monday, 09:00 in Warsaw."""


@pytest.fixture(scope="module")
def demo(lasting_url: Callable[[], str]) -> Iterator[Store]:
    """To be looked at only: one for all tests here, on each engine."""
    yield from made_up(lasting_url(), candidates=90, years=3)


def made_up(url: str, *, candidates: int, years: int) -> Iterator[Store]:
    store = open_store(url, clock=FixedClock(MORNING))
    load_demo(store, candidates=candidates, years=years)
    yield store
    store.engine.dispose()


def open_promises(store: Store) -> list[Promise]:
    now = store.now()
    with store.reading() as session:
        there = select(Promise).where(Promise.status == Status.OPEN, Promise.opened_at <= now)
        return list(session.scalars(there))


def lives_of(store: Store) -> list[tuple[object, ...]]:
    with store.reading() as session:
        facts = session.execute(select(Fact.__table__).order_by("id")).all()
        said = session.execute(select(Contact.__table__).order_by("id")).all()
        who = session.execute(select(Candidate.__table__).order_by("id")).all()
        owed = session.execute(select(Promise.key, Promise.status, Promise.due_at).order_by(Promise.key)).all()
    return [*map(tuple, facts), *map(tuple, said), *map(tuple, who), *map(tuple, owed)]


def test_every_kind_of_promise_and_every_state_occurs(demo: Store) -> None:
    with demo.reading() as session:
        rows = session.execute(select(Promise.kind, Promise.status, Promise.due_at, Promise.opened_at)).all()
    there = [row for row in rows if row.opened_at <= MORNING]
    assert {row.kind for row in rows} == set(Kind)
    states = {state(row.status, row.due_at, now=MORNING, calendar=demo.calendar) for row in there}
    assert states == set(State)


def test_it_agrees_with_the_rules_and_nobody_is_without_an_owner(demo: Store) -> None:
    assert list(disagreements(demo)) == []
    with demo.reading() as session:
        assert session.scalars(select(Promise.id).where(Promise.owner_id.is_(None))).all() == []
        assert session.scalars(select(Candidate.id).where(Candidate.owner_id.is_(None))).all() == []


def test_the_morning_of_each_member_is_a_credible_one(demo: Store) -> None:
    promises = open_promises(demo)
    overdue = Counter(p.owner_id for p in promises if p.due_at < MORNING)
    today = Counter(p.owner_id for p in promises if demo.calendar.day(p.due_at) == MORNING.date())
    with demo.reading() as session:
        able = set(session.scalars(select(Member.id).where(Member.is_active, Member.role != Role.VIEWER)))
        by_status = Counter(session.scalars(select(Promise.status).where(Promise.settled_at.is_not(None))))
    assert set(overdue) == able
    assert all(3 <= number <= 8 for number in overdue.values())
    assert set(today) == able
    kept = by_status[Status.KEPT_ON_TIME] / (by_status[Status.KEPT_ON_TIME] + by_status[Status.KEPT_LATE])
    assert 0.85 < kept < 0.97


def test_the_same_seed_and_moment_tell_the_same_lives(sqlite_url: str, tmp_path: Path) -> None:
    told = []
    another = shutil.copy(tmp_path / "perennial.db", tmp_path / "another.db")
    for url in (sqlite_url, f"sqlite:///{another}"):
        store = open_store(url, clock=FixedClock(MORNING))
        load_demo(store, candidates=30, years=2, seed=7)
        told.append(lives_of(store))
        store.engine.dispose()
    assert told[0] == told[1]


def test_no_address_could_be_somebodys(demo: Store) -> None:
    with demo.reading() as session:
        addresses = session.scalars(select(Handle.value)).all()
    assert addresses
    assert all(value.endswith(".example") or value.startswith("+447700900") for value in addresses)
    assert all(host.endswith(".example") for host in people()["mail"]["hosts"])


def test_whoever_is_in_a_list_again_is_found(demo: Store) -> None:
    with demo.reading() as session:
        somebody = session.scalars(select(Candidate).where(Candidate.company != "").limit(1)).one()
        wanted = person(name_key(somebody.name), company_key(somebody.company), ())
        found = {known.ref.number for known in Stored(session).known_by(wanted.keys)}
    assert somebody.id in found


def test_some_of_a_list_may_be_people_known_already(demo: Store) -> None:
    with demo.reading() as session:
        found = duplicates.pairs(session, Page(1, 10))
    assert 2 <= len(found) <= 5
    assert all(pair.one.company == pair.other.company for pair in found)
    assert len({why for pair in found for why in pair.why}) > 1


def test_facts_are_numbered_as_they_were_entered_and_none_is_of_the_future(demo: Store) -> None:
    with demo.reading() as session:
        entered = session.scalars(select(Fact.entered_at).where(Fact.candidate_id.is_not(None)).order_by(Fact.id)).all()
    assert entered == sorted(entered)
    assert entered[-1] <= MORNING


def test_a_large_team_comes_in_parts_and_says_how_far_it_is(
    sqlite_store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = sqlite_store
    monkeypatch.setattr("core.demo.AT_ONCE", 20)
    clock.now = MORNING
    told: list[tuple[int, int]] = []
    load_demo(store, candidates=50, years=1, progress=lambda done, of: told.append((done, of)))
    assert told == [(10, 50), (20, 50), (50, 50), (50, 50)]
    assert list(disagreements(store)) == []
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Candidate)) == 50


def test_only_an_empty_database_takes_a_made_up_team(demo: Store) -> None:
    with pytest.raises(Refused, match="empty database"):
        load_demo(demo)


def test_accounts_sign_in_with_passwords_of_their_own(sqlite_store: Store) -> None:
    accounts = load_demo(sqlite_store, candidates=1, years=1)
    assert [account.role for account in accounts].count(Role.ADMIN) == 1
    assert {account.role for account in accounts} == set(Role)
    assert len({account.password for account in accounts}) == len(accounts)
    assert all(len(account.password.encode()) >= 12 for account in accounts)


# pipelines: both sides are seen


@pytest.fixture(scope="module")
def team(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Large enough that the boards of this morning are full. What is told has nothing to do with where it is stored."""
    file = shutil.copy(sqlite_template, tmp_path_factory.mktemp("team"))
    yield from made_up(f"sqlite:///{file}", candidates=260, years=4)


def test_nobody_is_left_where_an_opening_has_ended_and_every_end_has_its_answer(team: Store) -> None:
    ended = [status for status in OpeningStatus if status.has_ended]
    with team.reading() as session:
        by_status = Counter(session.scalars(select(Opening.status)))
        in_ended = select(Process.id).join(Opening, Opening.id == Process.opening_id)
        assert session.scalars(in_ended.where(Process.is_active, Opening.status.in_(ended))).all() == []
        over = session.scalars(select(Process.id).where(Process.is_active.is_(False))).all()
        closings = session.execute(select(Closing.process_id, Closing.answer, Closing.reason, Closing.outcome)).all()
        with_an_end = session.scalars(select(Closing.opening_end_id).where(Closing.opening_end_id.is_not(None))).all()
    assert set(over) <= {closing.process_id for closing in closings}
    assert all(c.reason or c.outcome is Result.HIRED or c.answer is Answer.UNREACHABLE for c in closings)
    assert set(by_status) == set(OpeningStatus)
    assert by_status[OpeningStatus.FILLED] > by_status[OpeningStatus.CANCELLED]
    assert with_an_end


def test_every_client_has_people_and_some_answer_much_sooner_than_others(team: Store) -> None:
    with team.reading() as session:
        without = select(Client.id).where(Client.id.not_in(select(ClientPerson.client_id)))
        assert session.scalars(without).all() == []
        rows = session.execute(
            select(Client.name, TurnChange.answer_days)
            .join(Opening, Opening.client_id == Client.id)
            .join(TurnChange, TurnChange.opening_id == Opening.id)
            .where(TurnChange.began_wait, TurnChange.answer_days.is_not(None))
        ).all()
    days: dict[str, list[int]] = {}
    for name, answer in rows:
        days.setdefault(name, []).append(answer)
    typical = sorted(median(answers) for answers in days.values() if len(answers) > 4)
    assert typical[-1] >= 2.5 * typical[0]


def test_boards_are_full_and_everybody_stands_in_a_stage_of_the_opening(team: Store) -> None:
    with team.reading() as session:
        active = select(Opening.owner_id, func.count()).join(Process, Process.opening_id == Opening.id)
        of_opening = active.where(Process.is_active, Opening.status == OpeningStatus.OPEN).group_by(Opening.id)
        largest: Counter[int | None] = Counter()
        for owner, number in session.execute(of_opening):
            largest[owner] = max(largest[owner], number)
        able = session.scalars(select(Member.id).where(Member.is_active, Member.role != Role.VIEWER)).all()
        stages = {tuple(row) for row in session.execute(select(Stage.opening_id, Stage.name))}
        in_stage = select(Process.opening_id, Process.stage).where(Process.is_active)
        where = {tuple(row) for row in session.execute(in_stage)}
    assert all(12 <= largest[member] <= 22 for member in able)
    assert where <= stages


def test_this_morning_has_meetings_news_of_a_hold_and_a_role_nearly_filled(team: Store) -> None:
    today = team.calendar.day(MORNING)
    with team.reading() as session:
        able = set(session.scalars(select(Member.id).where(Member.is_active, Member.role != Role.VIEWER)))
        meetings = session.execute(select(Meeting.host_id, Meeting.starts_at).where(Meeting.result.is_(None))).all()
        held = select(OpeningHold.opening_id).where(OpeningHold.happened_at > MORNING - timedelta(days=4))
        owed_news = select(func.count()).select_from(Promise).join(Process, Process.id == Promise.process_id)
        of_hold = Promise.kind == Kind.DELAY, Promise.status == Status.OPEN, Process.opening_id.in_(held)
        assert (session.scalar(owed_news.where(*of_hold)) or 0) >= 3
        offered = select(Process.id).where(Process.is_active, Process.stage == "Offer")
        assert session.scalars(offered).all()
        asked = select(func.count()).where(Closing.was_asked)
        assert session.scalar(asked)
    days = {(meeting.host_id, team.calendar.day(meeting.starts_at)) for meeting in meetings}
    assert {(member, today + timedelta(days=ahead)) for member in able for ahead in (0, 1)} <= days


def test_what_clients_are_told_has_sources_and_what_candidates_were_asked_has_answers(team: Store) -> None:
    with team.reading() as session:
        sources = set(session.scalars(select(Claim.source)))
        said = select(Contact.way).join(Claim, Claim.source_fact_id == Contact.id)
        assert set(session.scalars(said)) <= {Way.FROM, Way.TALKED}
        sent = select(Contact.way).join(Recommendation, Recommendation.sent_id == Contact.id)
        assert set(session.scalars(sent)) == {Way.CLIENT_TO}
        answered = select(Contact.way).join(Recommendation, Recommendation.answer_id == Contact.id)
        assert set(session.scalars(answered)) == {Way.CLIENT_FROM}
        questions = session.scalars(select(Question)).all()
        languages = Counter(session.scalars(select(Candidate.language)))
        moves = session.scalars(select(MeetingMove)).all()
        assert all(move.from_starts_at and move.from_starts_at > move.happened_at for move in moves)
    assert sources == set(ClaimSource)
    assert all(q.asked_at and q.asked_at >= q.noted_at for q in questions)
    assert sum(q.answer is not None for q in questions) > len(questions) / 2
    assert languages["pl"] > languages["en"] > 0
    assert moves
