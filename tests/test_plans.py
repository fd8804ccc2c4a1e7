"""No action of a person reads a whole table: what is quick with a thousand candidates is quick with a million.

SQLite is asked how it would answer every question that a page or a command asks; without statistics, as here, its plan
does not depend on how much there is.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from core.commands.candidates import CandidateEdit, add_candidate, edit_candidates
from core.commands.contacts import log_contact
from core.commands.duplicates import say_not_the_same, undo_not_the_same
from core.commands.merges import merge_candidates, undo_merge
from core.commands.promises import waive_promise
from core.commands.skills import add_implication, bring_implication_back, take_implication_away
from core.demo import load_demo
from core.domain.facts import Turn, Way
from core.domain.promises import Kind, Status
from core.domain.skills import How
from core.persistence.facts import merged_records
from core.persistence.store import Store, open_store
from core.persistence.tables import Candidate, Fact, FactKind, Member, OpeningSkill, Process, Promise
from core.persistence.trail import trail_head
from core.persistence.work import Viewer
from core.queries import (
    board,
    candidate,
    candidates,
    clients,
    duplicates,
    growth,
    history,
    insights,
    meetings,
    openings,
    placements,
    pool,
    privacy,
    promises,
    questions,
    recommendations,
    referrals,
    runners_up,
    skills,
    trail,
)
from core.queries.candidates import CandidateFilters
from core.queries.insights import InsightFilters
from core.queries.openings import OpeningFilters
from core.queries.page import Page
from core.queries.promises import PromiseFilters
from core.queries.trail import About, TrailFilters
from tests.make import FixedClock

LARGE = {
    *("candidate", "fact", "contact", "promise", "promise_tally", "search_word", "handle", "process", "meeting"),
    *("match_key", "candidate_skill", "arrival", "closing", "stage_move", "meeting_outcome", "consent", "referral"),
    *("audit_entry", "operation", "import_row", "waiver", "snooze", "handover", "placement", "growth_note"),
    *("silence_tally", "source_tally", "rhythm_tally"),
    *("lookalike", "not_same", "merge", "merged_value", "turn_change"),
    *("promise_month", "ghost_tally", "share_month", "told_month", "meeting_month", "answer_month"),
    *("stands", "since", "any_outcome", "sent", "answered", "ended"),  # other names of theirs
}
"""Tables that grow with the people known, or with the years."""
OF_NOW = "ix_process_in_stage"
"""An index that holds only who is in process: read from end to end, it is as long as the work that goes on."""


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Any) -> Iterator[Store]:
    file = shutil.copy(sqlite_template, tmp_path_factory.mktemp("plans") / "perennial.db")
    store = open_store(f"sqlite:///{file}", clock=FixedClock())
    load_demo(store, candidates=60, years=2)
    yield store
    store.engine.dispose()


@contextmanager
def asked(store: Store) -> Iterator[list[tuple[str, Any]]]:
    """Every statement meanwhile, with its values."""
    statements: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, values: Any, ___: Any, many: bool) -> None:
        statements.append((statement, values[0] if many else values))

    event.listen(store.engine, "before_cursor_execute", note)
    yield statements
    event.remove(store.engine, "before_cursor_execute", note)


def read_whole(store: Store, statements: list[tuple[str, Any]]) -> list[str]:
    """The statements that would read a large table from end to end; along an index up to a limit is not that."""
    found = []
    with store.engine.connect() as connection:
        for statement, values in statements:
            if statement.split()[0] not in ("SELECT", "UPDATE", "DELETE", "WITH"):
                continue
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values):
                way, table, *how = f"{step[3]} ".split(" ")  # of a union a step is one word
                stops = ("INDEX" in how and "LIMIT" in statement) or OF_NOW in how
                if way == "SCAN" and table in LARGE and not stops:
                    found.append(f"{step[3]}: {statement}")
    return found


def steps_of(store: Store, statements: list[tuple[str, Any]]) -> list[str]:
    """What SQLite would do, step by step."""
    with store.engine.connect() as connection:
        return [
            step[3]
            for statement, values in statements
            if statement.startswith("SELECT")
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]


def member_of(store: Store) -> Viewer:
    with store.reading() as session:
        return Viewer(*session.execute(select(Member.id, Member.name, Member.role)).all()[1])


def test_a_word_is_logged_and_a_promise_waived(full: Store) -> None:
    with full.reading() as session:
        somebody = session.scalar(select(Candidate.id).limit(1))
        due = session.scalar(select(Promise.id).where(Promise.kind == Kind.UPDATE, Promise.status == Status.OPEN))
    assert somebody is not None
    assert due is not None
    with asked(full) as statements:
        with full.working(member_of(full), operation="once") as work:
            log_contact(work, somebody, way=Way.TO, text="No news yet.")
        with full.working(member_of(full)) as work:
            waive_promise(work, due, "Met by chance.")
    assert statements
    assert read_whole(full, statements) == []


@pytest.mark.parametrize(
    "filters",
    [
        PromiseFilters(),
        PromiseFilters(mine=False),
        PromiseFilters(kinds=(Kind.REPLY, Kind.UPDATE)),
        PromiseFilters(mine=False, kinds=(Kind.REPLY,)),
        PromiseFilters(person="Kow"),
    ],
    ids=str,
)
def test_today_is_read(full: Store, filters: PromiseFilters) -> None:
    with asked(full) as statements, full.reading() as session:
        promises.today(session, member_of(full), filters, now=full.now(), calendar=full.calendar, page=Page(1, 8))
    assert statements
    assert read_whole(full, statements) == []


def test_runners_up_of_an_opening_are_read(full: Store) -> None:
    with full.reading() as session:
        needing = session.scalar(select(OpeningSkill.opening_id).order_by(OpeningSkill.opening_id.desc()))
    assert needing is not None
    with asked(full) as statements, full.reading() as session:
        found = runners_up.runners_up(session, needing, now=full.now(), calendar=full.calendar, page=Page(1, 10))
    assert found.number
    assert any("ix_fact_of_acquaintance" in step for step in steps_of(full, statements))
    assert read_whole(full, statements) == []


def test_what_came_of_asking_first_is_read(full: Store) -> None:
    with asked(full) as statements, full.reading() as session:
        questions.known(session, 1)
        questions.asked_first(session, since=full.now() - timedelta(days=365), until=full.now())
    assert read_whole(full, statements) == []


@pytest.mark.parametrize("mine", [True, False])
def test_a_days_meetings_are_read(full: Store, mine: bool) -> None:
    ben, day = member_of(full), full.calendar.day(full.now())
    with asked(full) as statements, full.reading() as session:
        meetings.of_day(session, ben, mine=mine, day=day, calendar=full.calendar, page=Page(1, 8))
        meetings.off_after(session, ben, mine=mine, day=day, calendar=full.calendar, page=Page(1, 8))
        meetings.still_planned(session, opening_id=1, now=full.now())
        meetings.still_planned(session, process_id=1, now=full.now())
        meetings.beside(session, host_id=ben.id, candidate_id=1, day=day, calendar=full.calendar)
    assert statements
    assert read_whole(full, statements) == []


def test_a_person_is_read(full: Store) -> None:
    with full.reading() as session:
        somebody = session.scalar(select(Candidate.id).limit(1))
    assert somebody is not None
    with asked(full) as statements, full.reading() as session:
        candidate.whereabouts(session, somebody)
        candidate.life(session, somebody, now=full.now(), calendar=full.calendar)
        history.entries(session, somebody, page=Page(1, 20))
        meetings.of_person(session, somebody)
        recommendations.of_person(session, somebody)
        recommendations.to_cite(session, somebody)
        placements.of_person(session, somebody, [somebody], now=full.now(), calendar=full.calendar)
    assert statements
    assert read_whole(full, statements) == []


def test_how_somebody_placed_was_asked_after_is_found_among_their_own_promises(full: Store) -> None:
    with full.reading() as session:
        placed = session.scalar(select(Fact.candidate_id).where(Fact.kind == FactKind.PLACEMENT).limit(1))
    assert placed is not None
    with asked(full) as statements, full.reading() as session:
        assert placements.of_person(session, placed, [placed], now=full.now(), calendar=full.calendar)
    assert [step for step in steps_of(full, statements) if "ix_promise_due" in step] == []


def test_who_falls_due_and_what_is_asked_are_read(full: Store) -> None:
    today = full.calendar.day(full.now())
    with full.reading() as session:
        somebody = session.scalar(select(Candidate.id).limit(1)) or 0
    with asked(full) as statements, full.reading() as session:
        privacy.number_falling_due(session, today, 24)
        for soon in (False, True):
            privacy.falling_due(session, Page(1, 20), now=full.now(), calendar=full.calendar, soon=soon)
        privacy.number_waiting(session, today)
        privacy.waiting(session, Page(1, 20))
        privacy.answered(session, Page(1, 10))
        privacy.ground_of(session, somebody, calendar=full.calendar)
    assert any("ix_candidate_last_act_on" in step for step in steps_of(full, statements))
    assert read_whole(full, statements) == []


def test_a_board_is_read(full: Store) -> None:
    with full.reading() as session:
        opening = session.scalar(select(Process.opening_id).where(Process.is_active).limit(1))
    assert opening is not None
    with asked(full) as statements, full.reading() as session:
        found = board.board(session, opening, now=full.now())
        board.inside(session, opening, [1])
        promises.in_opening(session, opening, now=full.now(), calendar=full.calendar, page=Page(1, 8))
    assert found is not None
    assert found.cards
    assert len(statements) <= 15
    assert read_whole(full, statements) == []


@pytest.mark.parametrize(
    "filters",
    [
        *(CandidateFilters(order=order) for order in candidates.Order),
        CandidateFilters(text="ja now"),
        CandidateFilters(owner_id=2),
        CandidateFilters(due=candidates.Due.OVERDUE),
        CandidateFilters(silent_months=6),
        CandidateFilters(text="anna@"),
        CandidateFilters(skills=(1,)),
        CandidateFilters(skills=(1, 2), owner_id=2),
        CandidateFilters(skills=(1,), text="ja now"),
    ],
    ids=str,
)
def test_people_are_listed(full: Store, filters: CandidateFilters) -> None:
    with asked(full) as statements, full.reading() as session:
        candidates.people(session, filters, now=full.now(), region="PL", page=Page(1, 50))
    assert statements
    assert read_whole(full, statements) == []


@pytest.mark.parametrize("owner_id", [None, 2])
@pytest.mark.parametrize("order", candidates.Order)
def test_people_are_read_in_order_those_without_a_date_too(
    full: Store, order: candidates.Order, owner_id: int | None
) -> None:
    with asked(full) as statements, full.reading() as session:
        ids, _ = candidates.found(
            session, CandidateFilters(order=order, owner_id=owner_id), now=full.now(), region="PL"
        )
    assert ids
    assert not any("TEMP B-TREE" in step for step in steps_of(full, statements))


@pytest.mark.parametrize("owner_id", [None, 2])
@pytest.mark.parametrize(
    ("asked_for", "index"),
    [
        ({"rhythm": candidates.HasRhythm.YES}, "in_touch_on"),
        ({"rhythm": candidates.HasRhythm.NO}, "without_rhythm"),
        ({"silent_months": 0}, "last_word_to_at"),
        ({"silent_months": 6}, "last_word_to_at"),
        ({"due": candidates.Due.WEEK}, "next_due_at"),
        ({"do_not_contact": True}, "do_not_contact"),
    ],
    ids=str,
)
def test_whoever_is_meant_is_found_along_an_index_of_them_alone(
    full: Store, asked_for: dict[str, Any], index: str, owner_id: int | None
) -> None:
    """Along another's it would be found too, with a look at everybody else in it."""
    with asked(full) as statements, full.reading() as session:
        candidates.found(session, CandidateFilters(owner_id=owner_id, **asked_for), now=full.now(), region="PL")
    steps = [step for step in steps_of(full, statements) if " candidate USING " in step]
    assert steps
    assert [step for step in steps if index not in step] == []
    assert not any("TEMP B-TREE" in step for step in steps_of(full, statements))


def test_skills_are_asked_for_and_said(full: Store) -> None:
    with asked(full) as statements:
        with full.reading() as session:
            skills.skill(session, "JavaScript")
            skills.said(session, Page(1, 20))
            (javascript,) = skills.skill_ids(session, ["Java Script"])
            assert javascript != skills.NO_SKILL
            candidates.people(
                session, CandidateFilters(skills=(javascript,)), now=full.now(), region="PL", page=Page(1, 50)
            )
        with full.working(member_of(full)) as work:
            bring_implication_back(work, take_implication_away(work, add_implication(work, "A", How.NEEDS, "B")))
    assert statements
    assert read_whole(full, statements) == []
    assert not [statement for statement, _ in statements if "RECURSIVE" in statement.upper()]


def test_somebody_is_added_changed_merged_and_parted(full: Store) -> None:
    with asked(full) as statements:
        with full.working(member_of(full)) as work:
            one, other = (add_candidate(work, name=name, company="Allegro") for name in ("Tomek Nowak", "Tomasz Nowak"))
        with full.working(member_of(full)) as work:
            edit_candidates(work, [CandidateEdit(one, 1, {"title": "Developer"})])
            undo_not_the_same(work, say_not_the_same(work, one, other))
        with full.working(member_of(full)) as work:
            undo_merge(work, merge_candidates(work, one, other))
    assert statements
    assert read_whole(full, statements) == []


def test_who_may_be_one_person_is_read(full: Store) -> None:
    with full.reading() as session:
        somebody = session.scalar(select(Candidate.id).limit(1))
    assert somebody is not None
    with asked(full) as statements, full.reading() as session:
        duplicates.pairs(session, Page(1, 10))
        duplicates.lookalikes_of(session, somebody)
        duplicates.sides(session, [somebody])
        duplicates.merged_into(session, list(merged_records(session, [somebody])))
        candidates.lookalikes(session, "Tomek Nowak", "Allegro", ())
    assert statements
    assert read_whole(full, statements) == []


@pytest.mark.parametrize(
    "filters",
    [
        *(OpeningFilters(order=order) for order in openings.Order),
        OpeningFilters(owner_id=2),
        OpeningFilters(turn=Turn.OURS, silence=openings.Silence.OVER_5),
        OpeningFilters(stage="Interview", age=openings.Age.OVER_8),
    ],
    ids=str,
)
def test_openings_are_seen_at_a_glance(full: Store, filters: OpeningFilters) -> None:
    """Whoever is in process is counted along an index that holds all that is asked of them."""
    with asked(full) as statements, full.reading() as session:
        gone = openings.gone(session, filters)
        openings.glance(session, filters, gone, now=full.now(), calendar=full.calendar, page=Page(1, 20))
    assert statements
    assert read_whole(full, statements) == []
    assert looked_up(full, statements, "process") == []


def looked_up(store: Store, statements: list[tuple[str, Any]], table: str) -> list[str]:
    """The steps that look at rows of the table itself, where an index does not suffice."""
    with store.engine.connect() as connection:
        steps = [
            step[3]
            for statement, values in statements
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    return [step for step in steps if step.split()[1] == table and "COVERING INDEX" not in step]


@pytest.mark.parametrize("filters", [pool.PoolFilters(), pool.PoolFilters(owner_id=2)], ids=str)
def test_the_pool_is_seen_and_each_choice_listed(full: Store, filters: pool.PoolFilters) -> None:
    """A choice is a range of an index that holds all that is asked of it, however many people there are."""
    with full.reading() as session, asked(full) as statements:
        seen = pool.seen(session, filters, now=full.now(), calendar=full.calendar)
        pool.sources(session)
    choices = [pool.Choice(figure, *pair) for figure in pool.Figure for pair in seen.of(figure)]
    with asked(full) as listing, full.reading() as session:
        for choice in (None, *choices):
            pool.chosen(session, seen, choice)
    assert len(choices) > 20
    assert read_whole(full, [one for one in statements if "tally" in one[0]]) == []
    assert read_whole(full, listing) == []
    assert looked_up(full, listing, "candidate") == []
    assert [one for one in listing if "TEMP B-TREE FOR ORDER" in " ".join(steps_of(full, [one]))] == [], "read in order"


@pytest.mark.parametrize("filters", [pool.PoolFilters(skill_id=1), pool.PoolFilters(tag="x")], ids=str)
def test_the_pool_is_narrowed(full: Store, filters: pool.PoolFilters) -> None:
    with asked(full) as statements, full.reading() as session:
        seen = pool.seen(session, filters, now=full.now(), calendar=full.calendar)
        pool.listed(session, seen, None, calendar=full.calendar, page=Page(1, 20))
    assert statements
    assert read_whole(full, statements) == []


@pytest.mark.parametrize("order", clients.Order)
def test_clients_are_listed(full: Store, order: clients.Order) -> None:
    with asked(full) as statements, full.reading() as session:
        clients.listed(session, order=order, now=full.now(), calendar=full.calendar, page=Page(1, 30))
    assert statements
    assert read_whole(full, statements) == []


def test_a_client_is_read(full: Store) -> None:
    with asked(full) as statements, full.reading() as session:
        seen = clients.mirror(session, 1, now=full.now(), calendar=full.calendar)
        assert seen is not None
        clients.upsets(session, 1, seen.since)
        clients.broken(session, 1, seen.since, 3, now=full.now(), calendar=full.calendar)
        clients.of_client(session, 1, full.now())
    assert statements
    assert read_whole(full, statements) == []


@pytest.mark.parametrize("order", growth.Order)
def test_whoever_wants_to_become_something_is_listed_along_an_index_of_them_alone(
    full: Store, order: growth.Order
) -> None:
    with asked(full) as statements, full.reading() as session:
        for filters in (growth.GrowthFilters(order=order), growth.GrowthFilters(owner_id=2, is_due=True, order=order)):
            growth.growing(session, filters, now=full.now(), page=Page(1, 30))
        growth.numbers(session, 2, now=full.now())
    assert statements
    assert read_whole(full, statements) == []


def test_who_brought_whom_is_counted_along_an_index_of_recommendations(full: Store) -> None:
    with asked(full) as statements, full.reading() as session:
        referrals.by_year(session)
        referrals.numbers(session)
        referrals.network(session, referrals.linked(session))
        for order in referrals.Order:
            referrals.referrers(session, None, order, Page(1, 30))
    assert statements
    assert looked_up(full, statements, "referral") == []
    assert [step for step in read_whole(full, statements) if not step.startswith("SCAN referral")] == []
    with asked(full) as statements, full.reading() as session:
        referrals.of_person(session, 1)
        growth.notes(session, 1, now=full.now(), calendar=full.calendar)
    assert read_whole(full, statements) == []


@pytest.mark.parametrize(
    "filters",
    [
        InsightFilters(),
        InsightFilters(begin=date(2026, 1, 1)),
        InsightFilters(owner_id=1),
        InsightFilters(client_id=1),
        InsightFilters(begin=date(2026, 1, 1), owner_id=1, client_id=1, kind=Kind.UPDATE),
    ],
    ids=str,
)
def test_insights_and_what_is_behind_them_are_read(full: Store, filters: InsightFilters) -> None:
    when = {"now": full.now(), "calendar": full.calendar}
    with asked(full) as statements, full.reading() as session:
        insights.insights(session, filters, **when)
        insights.words(session, filters, page=Page(1, 25), **when)
        insights.ended(session, filters, calendar=full.calendar, page=Page(1, 25))
        insights.ghosted(session, filters, None, today=full.calendar.day(full.now()), page=Page(1, 25))
        insights.missed(session, filters, page=Page(1, 25), **when)
    assert len(statements) > 10
    assert read_whole(full, statements) == []


@pytest.mark.parametrize(
    "filters",
    [
        TrailFilters(),
        TrailFilters(actor_id=2),
        TrailFilters(actor_id=trail.PROGRAM, begin=date(2026, 3, 1), end=date(2026, 3, 2)),
        TrailFilters(action="contact logged"),
        TrailFilters(actor_id=2, action="contact logged"),
        TrailFilters(about=About("opening", 1)),
        TrailFilters(about=About("candidate", 1), actor_id=2),
    ],
)
def test_the_audit_trail_is_read_along_an_index_from_its_newest_end(full: Store, filters: TrailFilters) -> None:
    with asked(full) as statements, full.reading() as session:
        trail.piece(session, filters, full.calendar, before=5)
        trail.actions(session)
        trail.number_since(session, full.now(), 100)
        trail_head(session)
    assert read_whole(full, statements) == []
    if filters.about is None or filters.about.kind != "candidate":  # a person's entries are few, and sorted
        assert not any("TEMP B-TREE" in step for step in steps_of(full, statements))
