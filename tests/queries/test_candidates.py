"""The list of people: found by any beginning of a word, sorted and filtered by one range of one index."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from core.commands.candidates import CandidateEdit, add_candidate, edit_candidates, erase_candidate
from core.commands.consents import forbid_contact
from core.commands.merges import merge_candidates
from core.domain.facts import Rhythm, Unit
from core.domain.handles import Handle
from core.persistence.tables import Candidate
from core.persistence.work import THE_PROGRAM
from core.queries import candidates
from core.queries.candidates import CandidateFilters, Due, HasRhythm, Order, people
from core.queries.page import Page
from tests.make import a_candidate, a_word_from_her, a_word_to_her, saved

FIFTY = Page(1, 50)


def listed(store, text: str = "", *, page: Page = FIFTY, **filters) -> list[str]:
    with store.reading() as session:
        asked = CandidateFilters(text=text, **filters)
        return [row.name for row in people(session, asked, now=store.now(), region="PL", page=page).rows]


@pytest.fixture
def cast(store, ben, clock):
    """Five people, two of them Ben's."""
    clock.forward(days=-400)
    saved(store, a_candidate("Łukasz Żak", title="C++ developer", company="Nordbank", owner_id=ben.id), a_word_to_her())
    clock.forward(days=200)
    saved(store, a_candidate("Ewa Żak", title="Tester", company="O'Neil & Sons", location="Kraków"), a_word_to_her())
    clock.forward(days=195)
    saved(store, a_candidate("Ana Lis", owner_id=ben.id, rhythm_count=3, rhythm_unit=Unit.MONTHS), a_word_from_her())
    saved(store, a_candidate("Jan Kowal"))
    saved(store, a_candidate("Janina Kowalska"))
    clock.forward(days=5)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["Ana Lis", "Ewa Żak", "Jan Kowal", "Janina Kowalska", "Łukasz Żak"]),
        ("zak", ["Ewa Żak", "Łukasz Żak"]),
        ("ŻAK", ["Ewa Żak", "Łukasz Żak"]),
        ("zak luk", ["Łukasz Żak"]),
        ("jan", ["Jan Kowal", "Janina Kowalska"]),
        ("kowal jan", ["Jan Kowal", "Janina Kowalska"]),
        ("janina kow", ["Janina Kowalska"]),
        ("oneil", ["Ewa Żak"]),
        ("o'neil", ["Ewa Żak"]),
        ("krak test", ["Ewa Żak"]),
        ("c++", ["Łukasz Żak"]),
        ("nobody", []),
        ("%", []),
        ("zak %_", ["Ewa Żak", "Łukasz Żak"]),
    ],
)
def test_people_are_found_by_the_beginnings_of_their_words(store, cast, text, names):
    assert listed(store, text) == names


@pytest.mark.parametrize(
    ("order", "names"),
    [
        (Order.NAME, ["Ana Lis", "Ewa Żak", "Jan Kowal", "Janina Kowalska", "Łukasz Żak"]),
        (Order.SILENCE, ["Łukasz Żak", "Ewa Żak", "Ana Lis", "Jan Kowal", "Janina Kowalska"]),
        (Order.HEARD, ["Ana Lis", "Łukasz Żak", "Ewa Żak", "Jan Kowal", "Janina Kowalska"]),
        (Order.DUE, ["Ana Lis", "Łukasz Żak", "Ewa Żak", "Jan Kowal", "Janina Kowalska"]),
        (Order.ADDED, ["Janina Kowalska", "Jan Kowal", "Ana Lis", "Ewa Żak", "Łukasz Żak"]),
    ],
)
def test_each_order_puts_those_without_a_date_last(store, cast, order, names):
    assert listed(store, order=order) == names
    found_by_words = listed(store, "a", order=order)  # Ana alone begins with it
    assert found_by_words == ["Ana Lis"]
    with_a_filter = listed(store, order=order, rhythm=HasRhythm.NO)
    assert with_a_filter == [name for name in names if name != "Ana Lis"]


def test_filters_narrow_the_list(store, cast, ben, ana):
    assert listed(store, owner_id=ben.id) == ["Ana Lis", "Łukasz Żak"]
    assert listed(store, owner_id=0) == ["Ewa Żak", "Jan Kowal", "Janina Kowalska"]
    assert listed(store, owner_id=ana.id) == []
    assert listed(store, rhythm=HasRhythm.YES) == ["Ana Lis"]
    assert listed(store, rhythm=HasRhythm.NO, owner_id=ben.id) == ["Łukasz Żak"]
    assert listed(store, due=Due.OVERDUE) == ["Ana Lis"]
    assert listed(store, silent_months=6) == ["Ewa Żak", "Łukasz Żak"]
    assert listed(store, silent_months=12) == ["Łukasz Żak"]
    assert listed(store, silent_months=0) == ["Ana Lis", "Jan Kowal", "Janina Kowalska"]
    assert listed(store, "zak", silent_months=12, owner_id=ben.id) == ["Łukasz Żak"]


def test_due_within_a_week_is_not_overdue_yet(store, clock, ben):
    saved(store, a_candidate("Noor Haddad"), a_word_from_her())
    assert (listed(store, due=Due.OVERDUE), listed(store, due=Due.WEEK)) == ([], ["Noor Haddad"])


def test_do_not_contact_is_a_filter(store, ben):
    noor = saved(store, a_candidate("Noor Haddad"))
    saved(store, a_candidate("Ewa Lis"))
    with store.working(ben) as work:
        forbid_contact(work, noor)
    assert listed(store, do_not_contact=True) == ["Noor Haddad"]


def test_an_address_finds_its_person_however_it_is_typed(store, ben):
    addresses = [
        Handle("email", "noor@lumen.example"),
        Handle("phone", "+48601222333"),
        Handle("linkedin", "https://www.linkedin.com/in/noor-haddad"),
    ]
    with store.working(ben) as work:
        add_candidate(work, name="Noor Haddad", handles=addresses)
        add_candidate(work, name="", handles=[Handle("email", "info@lumen.example")])
    for typed in (
        "noor@lumen.example",
        "Noor@LUMEN",
        "601 222 333",
        "+48 601 222",
        "https://linkedin.com/in/Noor-Haddad/?x=1",
    ):
        assert listed(store, typed) == ["Noor Haddad"], typed
    with store.reading() as session:
        asked = CandidateFilters(text="info@lumen.example")
        (row,) = people(session, asked, now=store.now(), region="PL", page=Page()).rows
    assert (row.name, row.address) == ("", "info@lumen.example")


def test_who_was_merged_away_is_found_as_the_one_kept_and_listed_once(store, ben):
    kept, gone = saved(store, a_candidate("Noor Haddad")), saved(store, a_candidate("N. El-Haddad"))
    with store.working(ben) as work:
        merge_candidates(work, kept, gone)
    assert listed(store) == ["Noor Haddad"]
    assert listed(store, "el") == ["Noor Haddad"]
    assert listed(store, "haddad") == ["Noor Haddad"]


def test_who_was_erased_is_in_no_list(store, ben):
    noor = saved(store, a_candidate("Noor Haddad"), a_word_from_her())
    with store.working(THE_PROGRAM) as work:
        erase_candidate(work, noor)
    assert listed(store) == listed(store, "noor") == listed(store, "erased") == []


def test_an_edit_changes_what_is_found(store, ben):
    noor = saved(store, a_candidate("Noor Haddad", company="Lumen"))
    with store.working(ben) as work:
        edit_candidates(work, [CandidateEdit(noor, 1, {"name": "Noor Aziz"})])
    assert (listed(store, "haddad"), listed(store, "aziz lumen")) == ([], ["Noor Aziz"])


def test_pages_follow_each_other_and_the_list_ends_at_its_limit(store, monkeypatch):
    monkeypatch.setattr(candidates, "MOST", 6)
    for number in range(9):
        saved(store, a_candidate(f"Noor {number}", rhythm_count=6, rhythm_unit=Unit.WEEKS))
    assert listed(store, page=Page(2, 4)) == ["Noor 4", "Noor 5"]
    for asked in (CandidateFilters(), CandidateFilters("noor"), CandidateFilters(rhythm=HasRhythm.YES)):
        with store.reading() as session:
            found = people(session, asked, now=store.now(), region="PL", page=Page(1, 3))
        assert (len(found.rows), found.number, found.is_cut) == (3, 6, True), asked
    assert listed(store, "noor 8") == ["Noor 8"]


def test_a_row_says_whose_it_is_and_how_often(store, ben):
    saved(store, a_candidate("Noor", owner_id=ben.id, rhythm_count=3, rhythm_unit=Unit.MONTHS), a_word_to_her())
    with store.reading() as session:
        (row,) = people(session, CandidateFilters(), now=store.now(), region="PL", page=Page()).rows
    assert (row.owner, row.rhythm, row.last_word_to_at) == ("Ben", Rhythm(3, Unit.MONTHS), store.now())


EVERY_WAY = [
    *(CandidateFilters(order=order) for order in Order),
    *(CandidateFilters(order=order, owner_id=1) for order in Order),
    *(CandidateFilters("jan kow", order=order, owner_id=1) for order in Order),
    CandidateFilters("jan"),
    CandidateFilters("jan kow", rhythm=HasRhythm.YES, due=Due.WEEK),
    CandidateFilters(rhythm=HasRhythm.YES),
    CandidateFilters(rhythm=HasRhythm.NO, owner_id=1),
    CandidateFilters(due=Due.OVERDUE),
    CandidateFilters(due=Due.OVERDUE, owner_id=1, order=Order.ADDED),
    CandidateFilters(silent_months=6),
    CandidateFilters(silent_months=0, owner_id=1),
    CandidateFilters(do_not_contact=True),
    CandidateFilters("noor@lumen.example"),
    CandidateFilters("+48 601 222 333"),
    *(CandidateFilters(skills=(1,), order=order) for order in Order),
    CandidateFilters(skills=(1, 2)),
    CandidateFilters("jan", skills=(1,)),
    CandidateFilters(skills=(1,), owner_id=1),
    CandidateFilters(skills=(1, 2), due=Due.WEEK),
]


@pytest.mark.parametrize("asked", EVERY_WAY)
@pytest.mark.parametrize("near", [4000, -1], ids=["few", "many"])
def test_nothing_reads_a_whole_table(sqlite_store, asked, near, monkeypatch):
    """As SQLite plans it: each table is searched by a key or walked along an index as far as a limit says."""
    store = sqlite_store
    monkeypatch.setattr(candidates, "NEAR", near)  # below every count: the first try along the order is made
    saved(store, a_candidate("Jan Kowal", company="Lumen"), a_word_from_her())
    said: list[tuple[str, tuple]] = []
    with store.reading() as session:
        connection = session.connection()

        @event.listens_for(store.engine, "before_cursor_execute")
        def note(conn, cursor, statement, parameters, context, executemany):
            if statement.startswith("SELECT"):
                said.append((statement, parameters))

        people(session, asked, now=store.now(), region="PL", page=Page())
        event.remove(store.engine, "before_cursor_execute", note)
        assert said
        for statement, parameters in said:
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            for step in plan:
                reads_all = step.startswith(("SCAN candidate", "SCAN search_word", "SCAN skill_closure"))
                walks = "USING" in step and "INDEX" in step and "LIMIT" in statement
                assert not reads_all or walks, (statement, plan)
                if "LIMIT" in statement and "candidate" in step and "ORDER BY" in statement:
                    assert "TEMP B-TREE" not in step, (statement, plan)
            if "ORDER BY" in statement:
                assert not any("TEMP B-TREE FOR ORDER BY" in step for step in plan), (statement, plan)
    store.engine.dispose()


def test_the_number_of_questions_is_the_same_for_one_and_for_many(store):
    def questions() -> int:
        asked = []

        def note(*args):
            asked.append(args[2])

        event.listen(store.engine, "before_cursor_execute", note)
        listed(store)
        event.remove(store.engine, "before_cursor_execute", note)
        return len(asked)

    saved(store, a_candidate("Noor 0"))
    few = questions()
    for number in range(1, 20):
        saved(store, a_candidate(f"Noor {number}"))
    assert questions() == few
    with store.reading() as session:
        assert session.query(Candidate).count() == 20


def test_a_look_keeps_to_the_clock_it_is_given(store, clock):
    saved(store, a_candidate("Noor"), a_word_to_her())
    clock.forward(days=100)
    assert listed(store, silent_months=3) == ["Noor"]
    with store.reading() as session:
        earlier = clock.now - timedelta(days=50)
        asked = CandidateFilters(silent_months=3)
        assert people(session, asked, now=earlier, region="PL", page=Page()).rows == []
