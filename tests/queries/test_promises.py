"""Who is waiting, how many, and that no answer takes longer because the team knows more people."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from core.commands.candidates import set_rhythm
from core.commands.contacts import log_contact
from core.commands.meetings import note_outcome, plan_meeting
from core.commands.promises import snooze_promise, waive_promise
from core.domain.drafts import what_is_owed
from core.domain.facts import MeetingKind, MeetingResult, Rhythm, Turn, Unit, Way
from core.domain.promises import Kind, State
from core.persistence.search import index_words
from core.persistence.store import Store
from core.persistence.tables import Candidate, ImportBatch
from core.persistence.work import Viewer
from core.queries.page import Page
from core.queries.promises import (
    PromiseFilters,
    Queue,
    counts,
    history,
    longest_overdue,
    waiting,
    waiting_for,
    words_kept,
)
from tests.make import (
    MONDAY,
    FixedClock,
    a_candidate,
    a_client,
    a_closing,
    a_growth_note,
    a_meeting,
    a_placement,
    a_process,
    a_referral,
    a_rhythm,
    a_word_from_her,
    a_word_to_her,
    act,
    an_opening,
    an_outcome,
    promise_of,
    saved,
)

TEAM = PromiseFilters(mine=False)


def look(store: Store, viewer: Viewer, filters: PromiseFilters = TEAM, *, size: int = 10) -> Queue:
    with store.reading() as session:
        page = Page(1, size)
        return waiting_for(session, viewer, filters, now=store.now(), calendar=store.calendar, page=page)


def how_many(store: Store, viewer: Viewer, filters: PromiseFilters = TEAM):
    with store.reading() as session:
        return counts(session, viewer, filters, now=store.now(), calendar=store.calendar)


def names(rows) -> list[str]:
    return [row.name for row in rows]


# the queue


def test_the_queue_is_overdue_due_today_and_coming_the_most_overdue_first(store: Store, ben: Viewer, clock: FixedClock):
    friday, monday = MONDAY - timedelta(days=3), MONDAY
    saved(store, a_candidate("Piotr Lis", owner_id=ben.id, added_at=friday), a_word_from_her(happened_at=friday))
    saved(store, a_candidate("Olga Mazur", owner_id=ben.id, added_at=monday), a_word_from_her())
    saved(
        store,
        a_candidate("Marta Kowalczyk", owner_id=ben.id, added_at=friday - timedelta(days=1)),
        a_word_from_her(happened_at=friday - timedelta(days=1)),
    )

    queue = look(store, ben)
    assert names(queue.overdue) == ["Marta Kowalczyk"]
    assert names(queue.due) == ["Piotr Lis"]
    assert names(queue.coming) == ["Olga Mazur"]
    assert [row.state for row in (*queue.overdue, *queue.due, *queue.coming)] == [
        State.OVERDUE,
        State.DUE,
        State.UPCOMING,
    ]

    clock.forward(days=1)
    assert names(look(store, ben).overdue) == ["Marta Kowalczyk", "Piotr Lis"]


@pytest.mark.parametrize(
    ("local", "section"), [("16:59", "due"), ("17:00", "due"), ("17:00:59", "due"), ("17:01", "overdue")]
)
def test_at_the_very_minute_of_due_it_is_not_overdue(
    store: Store, ben: Viewer, clock: FixedClock, local: str, section: str
):
    friday = MONDAY - timedelta(days=3)
    saved(store, a_candidate(owner_id=ben.id, added_at=friday), a_word_from_her(happened_at=friday))
    clock.now = datetime.fromisoformat(f"2026-03-02T{local}+01:00").astimezone(UTC)
    queue, counted = look(store, ben), how_many(store, ben)
    assert names(getattr(queue, section)) == ["Noor Haddad"]
    assert sum(getattr(counted, section).values()) == counted.waiting == 1


def test_a_row_says_who_what_since_when_whose_turn_and_the_last_words_both_ways(store: Store, ben: Viewer):
    opening = saved(store, an_opening(client_id=saved(store, a_client("Nordbank"))))
    earlier = MONDAY - timedelta(days=4)
    noor = saved(store, a_candidate(owner_id=ben.id, pronoun="she/her", added_at=earlier))
    process = saved(store, a_process(opening, candidate_id=noor, first_owner_id=ben.id, happened_at=earlier))
    said = {"candidate_id": noor, "process_id": process}
    saved(store, a_word_to_her(text="Good luck on Thursday.", happened_at=earlier + timedelta(hours=1), **said))
    saved(store, a_word_from_her(text="Any news from them?", happened_at=earlier + timedelta(hours=3), **said))

    (row,) = [row for row in look(store, ben).overdue + look(store, ben).due if row.kind is Kind.REPLY] or [None]
    assert row is not None
    assert (row.candidate_id, row.name, row.owner, row.turn) == (noor, "Noor Haddad", "Ben", Turn.OURS)
    assert what_is_owed(row.occasion) == "Reply to her message"
    assert row.occasion.client == "Nordbank"
    assert row.from_them is not None
    assert row.from_them.text == "Any news from them?"
    assert row.from_us is not None
    assert (row.from_us.text, row.from_us.channel) == ("Good luck on Thursday.", "e-mail")
    assert row.opened_at == earlier + timedelta(hours=3)


def test_a_talk_was_said_when_it_ended_not_when_it_was_planned(store: Store, ben: Viewer, clock: FixedClock):
    noor = saved(store, a_candidate(owner_id=ben.id))
    act(store, ben, set_rhythm, noor, Rhythm(3, Unit.WEEKS))
    hour = MONDAY + timedelta(days=3)
    times = {"starts_at": hour, "ends_at": hour + timedelta(hours=1)}
    talk = act(store, ben, plan_meeting, noor, kind=MeetingKind.TALK, **times)
    clock.forward(days=4)
    act(store, ben, note_outcome, talk, MeetingResult.HELD)
    (row,) = look(store, ben).rows
    assert row.from_us is not None
    assert (row.from_us.at, row.from_us.was_live, row.from_us) == (times["ends_at"], True, row.from_them)


def test_mine_is_mine_and_team_is_everybodys(store: Store, ana: Viewer, ben: Viewer):
    for name, owner in (("Hers", ana), ("His", ben), ("Nobody's", None)):
        saved(store, a_candidate(name, owner_id=owner and owner.id), a_word_from_her())
    assert names(look(store, ben, PromiseFilters()).coming) == ["His"]
    assert sorted(names(look(store, ben).coming)) == ["Hers", "His", "Nobody's"]
    assert sum(how_many(store, ana, PromiseFilters()).coming.values()) == 1
    assert sum(how_many(store, ana).coming.values()) == 3


def test_kinds_person_and_day_narrow_it(store: Store, ben: Viewer):
    with store.working(ben) as work:
        for name in ("Noor Haddad", "Jan Zieliński"):
            candidate = a_candidate(name, owner_id=ben.id, added_at=work.now)
            work.session.add(candidate)
            work.session.flush()
            index_words(work.session, candidate)
            work.record("made", candidate)
    with store.reading() as session:
        noor, jan = session.query(Candidate.id).order_by(Candidate.id).all()
    saved(store, a_word_from_her(candidate_id=noor.id))
    saved(store, a_word_from_her(candidate_id=jan.id))
    saved(store, a_growth_note(candidate_id=jan.id, revisit_on=date(2026, 3, 12)))

    def found(**narrowed) -> list[tuple[str, str]]:
        filters = PromiseFilters(mine=False, **narrowed)
        return [(row.name, row.kind.value) for row in look(store, ben, filters).coming]

    assert found(kinds=(Kind.REVISIT,)) == [("Jan Zieliński", "revisit")]
    assert found(kinds=(Kind.REVISIT, Kind.REPLY)) == [
        ("Noor Haddad", "reply"),
        ("Jan Zieliński", "reply"),
        ("Jan Zieliński", "revisit"),
    ]
    assert found(person="ziel") == [("Jan Zieliński", "reply"), ("Jan Zieliński", "revisit")]
    assert found(person="ziel jan", kinds=(Kind.REPLY,)) == [("Jan Zieliński", "reply")]
    assert found(person="nobody of that name") == []
    assert found(due_from=date(2026, 3, 12), due_to=date(2026, 3, 12)) == [("Jan Zieliński", "revisit")]
    counted = how_many(store, ben, PromiseFilters(mine=False, person="ziel"))
    assert counted.by_kind == {Kind.REPLY: 1, Kind.REVISIT: 1}


def test_a_page_of_each_section_and_more_on_demand(store: Store, ben: Viewer):
    for number in range(5):
        saved(store, a_candidate(f"Person {number}", owner_id=ben.id), a_word_from_her())
    assert names(look(store, ben, size=2).coming) == ["Person 0", "Person 1"]
    assert len(look(store, ben, PromiseFilters(kinds=(Kind.REPLY, Kind.UPDATE)), size=3).coming) == 3
    assert sum(how_many(store, ben).coming.values()) == 5


def test_what_is_asleep_is_neither_listed_nor_counted(store: Store, ben: Viewer, clock: FixedClock):
    noor = saved(store, a_candidate(owner_id=ben.id))
    saved(store, a_meeting(MONDAY + timedelta(hours=4), candidate_id=noor, host_id=ben.id))  # 13:00 to 14:00
    assert look(store, ben) == Queue([], [], [])
    assert (how_many(store, ben).waiting, how_many(store, ben).by_kind) == (0, {})

    clock.forward(hours=6)
    assert [row.kind for row in look(store, ben).due] == [Kind.OUTCOME]
    assert how_many(store, ben).due == {Kind.OUTCOME: 1}


def test_settled_waived_and_snoozed_words_are_counted_where_they_stand(store: Store, ben: Viewer, clock: FixedClock):
    people = [
        saved(store, a_candidate(f"P{n}", owner_id=ben.id, added_at=MONDAY), a_word_from_her(happened_at=MONDAY))
        for n in range(4)
    ]
    clock.forward(minutes=1)
    with store.working(ben) as work:
        log_contact(work, people[0], way=Way.TO, text="Yes.")
        waive_promise(work, promise_of(store, people[1]).id, "Answered at the fair")
        snooze_promise(work, promise_of(store, people[2]).id, date(2026, 3, 12), "On leave until then")
    counted = how_many(store, ben)
    assert counted.coming == {(date(2026, 3, 3), Kind.REPLY): 1, (date(2026, 3, 12), Kind.REPLY): 1}
    queue = look(store, ben)
    assert names(queue.coming) == ["P3", "P2"]
    assert [row.is_snoozed for row in queue.coming] == [False, True]
    clock.forward(days=2)
    assert how_many(store, ben).overdue == {Kind.REPLY: 1}


def test_counts_agree_with_the_lists_over_days(store: Store, ben: Viewer, clock: FixedClock):
    opening = saved(store, an_opening(client_id=saved(store, a_client())))
    for number in range(3):
        noor = saved(store, a_candidate(f"P{number}", owner_id=ben.id), a_rhythm(2, "weeks"), a_word_from_her())
        process = saved(store, a_process(opening, candidate_id=noor, first_owner_id=ben.id))
        saved(store, a_meeting(MONDAY + timedelta(days=number, hours=3), candidate_id=noor, process_id=process))
    for _ in range(40):
        queue, counted = look(store, ben, size=100), how_many(store, ben)
        assert len(queue.overdue) == sum(counted.overdue.values())
        assert len(queue.due) == sum(counted.due.values())
        assert len(queue.coming) == sum(counted.coming.values())
        clock.forward(hours=11)


def test_unanswered_imported_words_stand_apart(store: Store, ben: Viewer):
    batch = ImportBatch(filename="messages.csv", kind="messages", sha256="", imported_at=MONDAY, counts={})
    batch_id = saved(store, batch)
    long_ago = MONDAY - timedelta(days=1000)
    saved(
        store,
        a_candidate(owner_id=ben.id, added_at=MONDAY),
        a_word_from_her(happened_at=long_ago, batch_id=batch_id, text="Are you still hiring?"),
    )
    assert look(store, ben) == Queue([], [], [])
    with store.reading() as session:
        (row,) = history(session, ben, mine=True, now=store.now(), calendar=store.calendar, page=Page())
    assert (row.name, row.state, row.opened_at) == ("Noor Haddad", State.HISTORY, long_ago)
    assert row.from_them is not None
    assert row.from_them.text == "Are you still hiring?"


# what a row is about


def test_each_kind_says_what_it_is_about(store: Store, ben: Viewer, clock: FixedClock):
    opening = saved(store, an_opening(client_id=saved(store, a_client("Fintree"))))
    noor = saved(store, a_candidate(owner_id=ben.id, pronoun="she"))
    jan = saved(store, a_candidate("Jan Zieliński", owner_id=ben.id))
    process = saved(store, a_process(opening, candidate_id=noor, first_owner_id=ben.id))
    meeting = saved(
        store, a_meeting(MONDAY + timedelta(hours=2), candidate_id=noor, process_id=process, host_id=ben.id)
    )
    saved(store, a_referral(jan, candidate_id=noor))
    saved(store, a_word_to_her(candidate_id=noor, next_what="send the job ad", next_due_at=MONDAY + timedelta(days=3)))
    saved(store, a_placement(date(2026, 3, 4), candidate_id=jan))
    clock.forward(hours=5)
    sentences = {what_is_owed(row.occasion) for row in look(store, ben, size=50).due + look(store, ben).coming}
    assert sentences >= {
        "Note how the interview at Fintree went",
        "How it stands at Fintree",
        "Thanks for recommending Jan Zieliński",
        "As we said: send the job ad",
        "Check-in, first day",
        "Check-in, day 7",
    }
    saved(store, an_outcome(meeting, candidate_id=noor, process_id=process))
    closing = a_closing(process, candidate_id=noor)
    closing.process_id = process
    saved(store, closing)
    sentences = {what_is_owed(row.occasion) for row in look(store, ben, size=50).coming}
    assert sentences >= {"A word after the interview at Fintree", "Feedback after the process at Fintree"}
    (row,) = [row for row in look(store, ben).coming if row.kind is Kind.DEBRIEF]
    assert row.occasion.meeting is MeetingKind.INTERVIEW


def test_one_promise_while_it_is_open(store: Store, ben: Viewer, clock: FixedClock):
    noor = saved(store, a_candidate(owner_id=ben.id), a_word_from_her())
    id_ = promise_of(store, noor).id
    with store.reading() as session:
        row = waiting(session, id_, now=store.now(), calendar=store.calendar)
    assert row is not None
    assert row.name == "Noor Haddad"
    clock.forward(minutes=1)
    saved(store, a_word_to_her(candidate_id=noor))
    with store.reading() as session:
        assert waiting(session, id_, now=store.now(), calendar=store.calendar) is None
        assert waiting(session, 0, now=store.now(), calendar=store.calendar) is None


# figures


def test_kept_on_time_counts_what_fell_due_in_thirty_days(store: Store, ben: Viewer, clock: FixedClock):
    said = MONDAY
    for number in range(6):
        noor = saved(
            store, a_candidate(f"P{number}", owner_id=ben.id, added_at=said), a_word_from_her(happened_at=said)
        )
        clock.forward(minutes=1)
        if number < 3:
            saved(store, a_word_to_her(candidate_id=noor))
        elif number == 3:
            with store.working(ben) as work:
                waive_promise(work, promise_of(store, noor).id, "Met at the fair")
    clock.forward(days=4)
    late = saved(store, a_candidate("Late", owner_id=ben.id, added_at=said), a_word_from_her(happened_at=said))
    saved(store, a_word_to_her(candidate_id=late))

    with store.reading() as session:
        weeks, kept = words_kept(session, ben, mine=True, now=store.now(), calendar=store.calendar)
        assert (kept.on_time, kept.number, kept.share) == (3, 6, 0.5)  # the waived one is in neither
        assert [week.number for week in weeks] == [0] * 7 + [6]
        assert weeks[0].share is None

    clock.forward(days=40)
    with store.reading() as session:
        assert words_kept(session, ben, mine=True, now=store.now(), calendar=store.calendar)[1].number == 0


def test_the_longest_overdue_is_found(store: Store, ben: Viewer, ana: Viewer, clock: FixedClock):
    noor = saved(store, a_candidate(owner_id=ben.id), a_word_from_her())
    with store.reading() as session:
        assert longest_overdue(session, ben, mine=True, now=store.now()) is None
    clock.forward(days=2)
    with store.reading() as session:
        promise = promise_of(store, noor)
        assert longest_overdue(session, ben, mine=True, now=store.now()) == (promise.id, promise.due_at)
        assert longest_overdue(session, ana, mine=True, now=store.now()) is None


# how it is read


@pytest.fixture
def plans(sqlite_store: Store) -> tuple[Store, list[str]]:
    """A store on SQLite, and how each statement that it runs reads the tables."""
    seen: list[str] = []

    @event.listens_for(sqlite_store.engine, "before_cursor_execute")
    def explain(connection, cursor, statement, parameters, context, executemany):
        if statement.lstrip().upper().startswith("SELECT"):
            with connection.connection.driver_connection as raw:
                rows = raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
            seen.extend(row[3] for row in rows)

    return sqlite_store, seen


@pytest.mark.parametrize("mine", [True, False])
@pytest.mark.parametrize("kinds", [(), (Kind.REPLY,), (Kind.REPLY, Kind.FEEDBACK)])
@pytest.mark.parametrize("person", ["", "noor had"])
def test_nothing_is_read_whole(plans, mine: bool, kinds: tuple[Kind, ...], person: str):
    store, seen = plans
    filters = PromiseFilters(mine, kinds, person, date(2026, 3, 1) if kinds else None)
    viewer = Viewer(1, "Ben", "recruiter")
    with store.reading() as session:
        now, calendar = store.now(), store.calendar
        waiting_for(session, viewer, filters, now=now, calendar=calendar, page=Page())
        waiting(session, 1, now=now, calendar=calendar)
        history(session, viewer, mine=mine, now=now, calendar=calendar, page=Page())
        counts(session, viewer, filters, now=now, calendar=calendar)
        longest_overdue(session, viewer, mine=mine, now=now)
        words_kept(session, viewer, mine=mine, now=now, calendar=calendar)
    assert seen
    tables = "promise|promise_tally|fact|contact|candidate|search_word|process|member|handle|opening|client"
    assert [line for line in seen if re.match(rf"SCAN ({tables})\b", line)] == []


def test_a_page_of_rows_takes_the_same_few_statements_however_many_rows(store: Store, ben: Viewer):
    statements: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    def taken() -> int:
        statements.clear()
        look(store, ben, size=50)
        return len([s for s in statements if s.lstrip().upper().startswith("SELECT")])

    saved(store, a_candidate(owner_id=ben.id), a_word_from_her())
    one = taken()
    for number in range(20):
        saved(store, a_candidate(f"P{number}", owner_id=ben.id), a_word_from_her())
    assert taken() == one <= 7
