"""Lists from file to done, again, and back: on both databases."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError

from core.commands.candidates import CandidateEdit, add_candidate, edit_candidates
from core.commands.clients import add_client
from core.commands.contacts import log_contact
from core.commands.imports import undo_import
from core.commands.lists import Looked, import_file, look_at
from core.commands.meetings import plan_meeting
from core.commands.openings import add_opening
from core.commands.policy import ensure_first_policy
from core.commands.processes import start_process
from core.commands.questions import note_question
from core.commands.undo import undo_fact
from core.domain.facts import MeetingKind, Rhythm, Unit, Way
from core.domain.handles import Handle
from core.domain.promises import Kind, Status
from core.domain.refusal import Refused, Stale
from core.importers import ready
from core.importers.reading import Unreadable
from core.importers.ready import Arranging, Choices, Decision, undecided
from core.persistence.check import disagreements
from core.persistence.store import AlreadyDone
from core.persistence.tables import Arrival, AuditEntry, Candidate, Contact, ImportBatch, ImportRow, Promise, Table
from core.persistence.work import THE_PROGRAM
from core.queries import imports
from core.queries.page import Page
from tests.make import act

SAMPLES = Path(__file__).parents[1] / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text("utf-8"))["files"]
FILES = ["Connections.csv", "messages.csv", "greenhouse_candidates.csv", "tracker_kandydaci.csv"]
LATER = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def store(store, clock):
    """The samples tell of days after the day on which other tests begin."""
    clock.now = LATER
    with store.working(THE_PROGRAM) as work:
        ensure_first_policy(work)
    return store


def look(store, name: str | bytes) -> Looked:
    data = name if isinstance(name, bytes) else (SAMPLES / name).read_bytes()
    return look_at(store, data, "list.csv" if isinstance(name, bytes) else name)


def brought(store, viewer, name: str | bytes, **chosen) -> imports.Batch:
    id_ = import_file(store, viewer, look(store, name), Choices(**chosen))
    with store.reading() as session:
        found = imports.batch(session, id_)
    assert found
    return found


def taken_back(store, viewer, batch, **how) -> list[int]:
    with store.working(viewer) as work:
        return undo_import(work, batch.id, **how)


def people(store) -> list[Candidate]:
    with store.reading() as session:
        return list(session.scalars(select(Candidate).order_by(Candidate.id)))


def person(store, name: str) -> Candidate:
    (found,) = [one for one in people(store) if one.name == name]
    return found


APART = {"audit_entry", "audit_head", "import_batch", "alembic_version", "operation"}


def everything(store) -> dict[str, list[str]]:
    """All that is stored, but the trail, the batches, and what only counts how often something was touched."""
    found = {}
    with store.reading() as session:
        for table in Table.metadata.sorted_tables:
            if table.name in APART:
                continue
            columns = [c for c in table.c if c.name not in {"version", "settlings"}]
            rows = session.execute(select(*columns)).all()
            found[table.name] = sorted(map(repr, (r for r in rows if "number" not in r._fields or r.number)))
    return found


def agrees(store) -> bool:
    return not list(disagreements(store))


# every sample


@pytest.mark.parametrize("name", FILES)
def test_a_sample_comes_in_as_its_preview_said(store, ben, name):
    said = EXPECTED[name]["counts"]
    batch = brought(store, ben, name)
    outcomes = {"new": "new_candidates", "exact": "exact_duplicates", "likely": "likely_duplicates"}
    outcomes |= {count: count for count in ("rows_read", "blank_rows", "rejected")}
    assert {ours: batch.count(ours) for ours in outcomes} == {ours: said[theirs] for ours, theirs in outcomes.items()}
    expected = EXPECTED[name]["messages"]["people"] if name == "messages.csv" else said["new_candidates"]
    assert len(people(store)) == batch.count("people") == expected
    assert {one.owner_id for one in people(store)} == {ben.id}
    assert agrees(store)


@pytest.mark.parametrize("name", FILES)
def test_whatever_came_in_is_of_our_kinds_and_whatever_is_written_after_it_must_be(store, ben, name):
    brought(store, ben, name)
    if store.is_sqlite:  # which looked at no kind while the list came in
        with store.reading() as session:
            assert session.scalar(text("PRAGMA quick_check")) == "ok"
    with pytest.raises(IntegrityError), store.working(ben) as work:
        work.session.execute(text("UPDATE candidate SET became = 'a friend'"))


@pytest.mark.parametrize("name", FILES)
def test_a_second_import_of_the_same_file_adds_nothing(store, ben, name):
    brought(store, ben, name)
    before = everything(store)
    again = brought(store, ben, name)
    assert (again.count("new"), again.count("people"), again.count("words")) == (0, 0, 0)
    after = everything(store)
    assert {table for table in after if after[table] != before[table]} == {"import_row"}


@pytest.mark.parametrize("name", FILES)
def test_undone_it_is_as_if_it_had_never_come(store, ben, name):
    brought(store, ben, "Connections.csv" if name == "messages.csv" else "messages.csv")
    before = everything(store)
    batch = brought(store, ben, name, rhythm=Rhythm(3, Unit.MONTHS))
    assert everything(store) != before
    assert taken_back(store, ben, batch) == []
    assert everything(store) == before
    assert agrees(store)


def test_after_an_undo_the_same_file_comes_in_again(store, ben):
    taken_back(store, ben, brought(store, ben, "messages.csv"))
    assert brought(store, ben, "messages.csv").count("words") == 195


# people


def test_rows_of_one_person_make_one_person(store, ben):
    header = b"Name;E-mail;Phone;Company;Skills\n"
    rows = b"Noor Haddad;noor@x.example;;Acme;Go\nNoor Haddad;NOOR@x.example;601222333;Beta;Rust\n"
    batch = brought(store, ben, header + rows)
    (noor,) = people(store)
    assert (noor.name, noor.company, batch.count("people"), batch.count("adds")) == ("Noor Haddad", "Acme", 1, 1)
    with store.reading() as session:
        assert len(everything(store)["candidate_skill"]) == len(everything(store)["handle"]) == 2
        assert [row.candidate_id for row in session.scalars(select(ImportRow))] == [noor.id, noor.id]


def test_blanks_of_somebody_known_are_filled_and_nothing_is_overwritten(store, ben):
    with store.working(ben) as work:
        add_candidate(work, name="Noor Haddad", title="CTO", handles=[Handle("email", "noor@x.example")])
    before = everything(store)
    batch = brought(store, ben, b"Name,E-mail,Title,Company,Phone\nNoor Haddad,noor@x.example,Tester,Acme,601222333\n")
    noor = person(store, "Noor Haddad")
    assert (noor.title, noor.company, noor.version) == ("CTO", "Acme", 2)
    assert "+48601222333" in str(everything(store)["handle"])
    taken_back(store, ben, batch)
    assert everything(store) == before


def test_a_blank_filled_and_then_edited_stays_as_edited(store, ben, clock):
    with store.working(ben) as work:
        add_candidate(work, name="Noor Haddad", handles=[Handle("email", "noor@x.example")])
    batch = brought(store, ben, b"Name,E-mail,Company\nNoor Haddad,noor@x.example,Acme\n")
    clock.forward(minutes=5)
    noor = person(store, "Noor Haddad")
    with store.working(ben) as work:
        edit_candidates(work, [CandidateEdit(noor.id, noor.version, {"company": "Beta"})])
    assert taken_back(store, ben, batch) == [noor.id]
    assert person(store, "Noor Haddad").company == "Beta"


@pytest.mark.parametrize(
    "more", ["Phone\nNoor Haddad,noor@x.example,601222333\n", "Skills\nNoor Haddad,noor@x.example,Go\n"]
)
def test_an_address_or_a_skill_that_a_list_adds_is_seen_by_who_was_still_writing(store, ben, more):
    with store.working(ben) as work:
        add_candidate(work, name="Noor Haddad", handles=[Handle("email", "noor@x.example")])
    drawn, rows = person(store, "Noor Haddad"), f"Name,E-mail,{more}".encode()
    brought(store, ben, rows)
    with pytest.raises(Stale), store.working(ben) as work:
        edit_candidates(work, [CandidateEdit(drawn.id, drawn.version, {"phone": ["+48601222334"], "skills": ["Java"]})])
    before = person(store, "Noor Haddad").version
    brought(store, ben, rows)
    assert person(store, "Noor Haddad").version == before  # it adds nothing


LIKELY = b"Name,E-mail\nNoor Haddad,noor@x.example\nBoris Lis,noor@x.example\nBoris Lis,boris@x.example\n"


@pytest.mark.parametrize(
    ("decision", "names", "outcomes"),
    [
        (None, ["Noor Haddad", "Boris Lis"], ["new", "likely", "new"]),
        (Decision.SKIP, ["Noor Haddad", "Boris Lis"], ["new", "likely", "new"]),
        (Decision.SAME, ["Noor Haddad", "Boris Lis"], ["new", "adds", "new"]),
        (Decision.NEW, ["Noor Haddad", "Boris Lis", "Boris Lis"], ["new", "new", "new"]),
    ],
)
def test_a_likely_duplicate_is_decided_by_a_human(store, ben, decision, names, outcomes):
    (who,) = undecided(look(store, LIKELY).preview)
    assert who[:2] == (3, "Boris Lis")
    brought(store, ben, LIKELY, decisions={3: decision} if decision else {})
    assert [one.name for one in people(store)] == names
    with store.reading() as session:
        assert session.scalars(select(ImportRow.outcome).order_by(ImportRow.line)).all() == outcomes
    again = look(store, LIKELY).preview.counts
    assert (again.new, again.likely) == (0, 0 if decision in (Decision.SAME, Decision.NEW) else 1)


def test_a_name_alone_is_not_added_twice(store, ben):
    brought(store, ben, b"Name,Notes\nNoor Haddad,met in May\n")
    assert brought(store, ben, b"Name,Notes\nNoor Haddad,met in May\n").count("people") == 0
    assert brought(store, ben, b"Name,Notes\nNoor Haddad,another one\n").count("people") == 1


def test_somebody_added_or_edited_by_hand_is_known_by_name_and_company(store, ben):
    with store.working(ben) as work:
        id_ = add_candidate(work, name="Noor Haddad", company="Acme Ltd")
    assert look(store, b"Name,Company\nHaddad Noor,ACME\n").preview.counts.likely == 1
    with store.working(ben) as work:
        edit_candidates(work, [CandidateEdit(id_, 1, {"company": "Beta"})])
    assert look(store, b"Name,Company\nHaddad Noor,ACME\n").preview.counts.likely == 0
    assert look(store, b"Name,Company\nHaddad Noor,Beta\n").preview.counts.likely == 1


def test_first_dates_are_spread_over_the_rhythm(store, ben, ana):
    rows = "Name,E-mail\n" + "".join(f"Noor {n},noor{n}@x.example\n" for n in "abcdefg")
    brought(store, ben, rows.encode(), rhythm=Rhythm(6, Unit.WEEKS), owner_id=ana.id, source="Meetup")
    with store.reading() as session:
        dates = session.scalars(select(Arrival.first_on).order_by(Arrival.id)).all()
        kept = session.scalars(select(Promise).order_by(Promise.due_at)).all()
    assert [(day - LATER.date()).days for day in dates] == [6, 12, 18, 24, 30, 36, 42]
    assert {(p.kind, p.status, p.owner_id) for p in kept} == {(Kind.KEEP_IN_TOUCH, Status.OPEN, ana.id)}
    assert {one.source for one in people(store)} == {"Meetup"}
    assert agrees(store)


# words


def test_messages_become_words_and_nobody_is_overdue_on_day_one(store, ben, clock):
    brought(store, ben, "messages.csv")
    with store.reading() as session:
        replies = session.scalars(select(Promise).where(Promise.kind == Kind.REPLY)).all()
        words = session.scalars(select(Contact)).all()
    open_ones = [p for p in replies if p.status is Status.OPEN]
    assert [p for p in open_ones if p.due_at < clock.now] == []
    assert len([p for p in replies if p.status is Status.HISTORY]) == 16
    assert {w.way for w in words} == {Way.TO, Way.FROM}
    assert {w.entered_at for w in words} == {clock.now}
    assert {w.needs_answer for w in words if w.is_group} == {False}


def test_a_word_of_yesterday_is_owed_an_answer(store, ben):
    store.clock.now = datetime(2026, 3, 6, 9, tzinfo=UTC)
    brought(store, ben, "messages.csv")
    with store.reading() as session:
        owed = session.scalars(select(Promise).where(Promise.status == Status.OPEN, Promise.kind == Kind.REPLY)).all()
    assert owed
    assert all(p.due_at > store.now() for p in owed)


def test_people_of_messages_are_found_among_the_connections(store, ben):
    brought(store, ben, "Connections.csv")
    batch = brought(store, ben, "messages.csv")
    assert (batch.count("added_to"), batch.count("people")) == (30, 15)


def test_a_word_from_the_future_is_left_out_and_the_others_come(store, ben):
    store.clock.now = datetime(2026, 3, 1, tzinfo=UTC)
    batch = brought(store, ben, "messages.csv")
    assert batch.count("words") > 100
    assert batch.count("rejected") > EXPECTED["messages.csv"]["counts"]["rejected"]


# since then


def test_whoever_was_contacted_since_stays_and_is_named(store, ben, clock):
    batch = brought(store, ben, "Connections.csv")
    noor = people(store)[7]
    clock.forward(hours=1)
    with store.working(ben) as work:
        log_contact(work, noor.id, way=Way.TO, text="Good to have you here.")
    with store.reading() as session:
        (staying,) = imports.who_stays(session, batch.id)
        assert (staying.id, staying.name, staying.why) == (noor.id, noor.name, "dealt with since")
        assert imports.number_that_goes(session, batch.id, [noor.id]) == batch.count("people") - 1
    assert taken_back(store, ben, batch) == [noor.id]
    (left,) = people(store)
    assert (left.id, left.owner_id, left.last_word_to_at) == (noor.id, ben.id, clock.now)
    assert agrees(store)
    with pytest.raises(Refused, match="taken back already"):
        taken_back(store, ben, batch)


def a_meeting_taken_back(store, who, noor):
    begins = store.now() + timedelta(days=1)
    when = {"kind": MeetingKind.TALK, "starts_at": begins, "ends_at": begins + timedelta(hours=1)}
    act(store, who, undo_fact, act(store, who, plan_meeting, noor, **when, note="She earns too little."))


def a_process_taken_back(store, who, noor):
    opening = act(store, who, add_opening, "Developer", client_id=act(store, who, add_client, "Nordbank"))
    act(store, who, undo_fact, act(store, who, start_process, noor, opening))


def a_question(store, who, noor):
    act(store, who, note_question, noor, "Why did you leave?")


@pytest.mark.parametrize("done", [a_meeting_taken_back, a_process_taken_back, a_question])
@pytest.mark.parametrize("hours", [1, -1])
def test_whoever_something_is_written_of_stays_though_it_was_taken_back(store, ben, clock, done, hours):
    """Or the next one of their number would have it: a stranger whose own data would tell what was noted of Noor."""
    batch = brought(store, ben, NOOR)
    (noor,) = people(store)
    clock.forward(hours=hours)
    done(store, ben, noor.id)
    assert taken_back(store, ben, batch) == [noor.id]
    assert agrees(store)


NOOR = b"Name,E-mail,Title\nNoor Haddad,noor@x.example,CTO\n"


@pytest.mark.parametrize(
    ("later", "chosen", "outcome"),
    [
        (b"Name,E-mail\nNoor Haddad,noor@x.example\n", {}, "exact"),
        (b"Name,E-mail,Phone\nNoor Haddad,noor@x.example,601222333\n", {}, "adds"),
        (b"Name,E-mail,Skills\nNoor Haddad,noor@x.example,Go\n", {}, "adds"),
        (b"Name,E-mail,Title\nNoor Haddad,noor@x.example,CEO\n", {"takes": {2: True}}, "adds"),
        (b"Name,E-mail\nBoris Lis,noor@x.example\n", {"decisions": {2: Decision.SAME}}, "adds"),
    ],
)
def test_whoever_a_later_list_tells_of_stays_and_why_is_said(store, ben, later, chosen, outcome):
    first = brought(store, ben, NOOR)
    (noor,) = people(store)
    second = brought(store, ben, later, **chosen)
    before = everything(store)
    with store.reading() as session:
        (staying,) = imports.who_stays(session, first.id)
        assert (staying.id, staying.why) == (noor.id, "a later list, list.csv, tells of them too")
    assert taken_back(store, ben, first) == [noor.id]
    assert everything(store) == before
    with store.reading() as session:
        (row,) = imports.rows(session, second.id, None, Page())
        assert (row.outcome, row.candidate_id) == (outcome, noor.id)
    assert agrees(store)
    assert taken_back(store, ben, second) == []


def test_a_later_list_that_was_taken_back_or_left_open_who_it_is_keeps_nobody(store, ben):
    first = brought(store, ben, NOOR)
    assert taken_back(store, ben, brought(store, ben, b"Name,E-mail,Skills\nNoor Haddad,noor@x.example,Go\n")) == []
    brought(store, ben, b"Name,E-mail\nBoris Lis,noor@x.example\n")
    with store.reading() as session:
        assert session.scalars(select(ImportRow.outcome)).all() == ["new", "likely"]
    assert taken_back(store, ben, first) == []
    assert people(store) == []


def test_of_somebody_known_before_each_list_takes_back_its_own(store, ben):
    with store.working(ben) as work:
        noor = add_candidate(work, name="Noor Haddad", handles=[Handle("email", "noor@x.example")])
    first = brought(store, ben, NOOR)
    brought(store, ben, b"Name,E-mail,Company\nNoor Haddad,noor@x.example,Acme\n")
    assert taken_back(store, ben, first) == []
    (left,) = people(store)
    assert (left.id, left.title, left.company) == (noor, "", "Acme")
    assert agrees(store)


def test_whoever_a_later_list_tells_of_and_was_dealt_with_stays_for_both(store, ben, clock):
    first = brought(store, ben, NOOR)
    brought(store, ben, NOOR)
    clock.forward(hours=1)
    with store.working(ben) as work:
        log_contact(work, people(store)[0].id, way=Way.TO, text="Good to have you here.")
    with store.reading() as session:
        (staying,) = imports.who_stays(session, first.id)
    assert staying.why == "dealt with since; a later list, list.csv, tells of them too"


# all or nothing


def test_a_fault_midway_leaves_nothing(store, ben):
    before, looked = everything(store), look(store, "Connections.csv")

    @event.listens_for(store.engine, "before_cursor_execute")
    def fail(connection, cursor, statement, *_):
        if "INSERT INTO promise" in statement:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_file(store, ben, looked, Choices(rhythm=Rhythm(6, Unit.WEEKS)))
    event.remove(store.engine, "before_cursor_execute", fail)
    assert everything(store) == before
    with store.reading() as session:
        assert session.scalars(select(ImportBatch)).all() == []


def test_what_changed_since_the_preview_stops_the_import(store, ben):
    looked = look(store, b"Name,E-mail\nNoor Haddad,noor@x.example\n")
    with store.working(ben) as work:
        add_candidate(work, name="Boris Lis")
    import_file(store, ben, looked, Choices())  # nobody of the list
    looked = look(store, b"Name,E-mail\nIda Sowa,ida@x.example\n")
    with store.working(ben) as work:
        add_candidate(work, name="Ida", handles=[Handle("email", "ida@x.example")])
    with pytest.raises(Stale, match="were changed or taken back"):
        import_file(store, ben, looked, Choices())
    assert len(people(store)) == 3


def test_the_same_click_twice_brings_it_in_once(store, ben):
    looked = look(store, "Connections.csv")
    import_file(store, ben, looked, Choices(), operation="one")
    with pytest.raises(AlreadyDone):
        import_file(store, ben, looked, Choices(), operation="one")
    assert len(people(store)) == 222


def test_progress_ends_where_it_said_it_would(store, ben):
    told: list[tuple[int, int]] = []
    import_file(store, ben, look(store, "messages.csv"), Choices(), lambda done, of: told.append((done, of)))
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]


def test_vera_brings_in_nothing_and_cora_neither(store, vera, cora):
    looked = look(store, "Connections.csv")
    for viewer in (vera, cora):
        with pytest.raises(Refused):
            import_file(store, viewer, looked, Choices())
    assert people(store) == []
    with store.reading() as session:
        asked = session.execute(select(AuditEntry.actor_id, AuditEntry.changes).where(AuditEntry.action == "refused"))
        file = {"command": "lists.import_list", "file": f"SHA-256 {looked.sha256}"}
        assert asked.all() == [(viewer.id, file) for viewer in (vera, cora)], "by whom and with which file"


def test_an_owner_who_has_left_is_refused(store, ben, cora):
    with pytest.raises(Refused, match="have left"):
        brought(store, ben, "Connections.csv", owner_id=cora.id)


def test_what_is_no_list_is_refused_in_a_sentence(store):
    with pytest.raises(Unreadable, match="empty"):
        look(store, b"")


# what is seen of it


def test_the_rows_of_an_import_are_paged_and_filtered(store, ben):
    batch = brought(store, ben, "tracker_kandydaci.csv", source="Old tracker")
    with store.reading() as session:
        found = imports.rows(session, batch.id, None, Page(1, 50))
        rejected = imports.rows(session, batch.id, imports.RowOutcome.REJECTED, Page(1, 50))
        (listed,) = imports.batches(session, Page(1, 10))
    assert len(found) == 50
    numbers = {"new": 105, "exact": 5, "likely": 3, "rejected": 3}
    assert {how: listed.count(how) for how in numbers} == numbers
    assert {row.reason for row in rejected} == {r["reason"] for r in EXPECTED["tracker_kandydaci.csv"]["rejected"]}
    assert (listed.by, listed.source, listed.kind) == ("Ben", "Old tracker", "people")


def test_rows_are_arranged_a_few_at_first_and_ever_more_together(store, monkeypatch):
    monkeypatch.setattr(ready, "FIRST", 4)
    monkeypatch.setattr(ready, "WINDOW", 11)
    looked = look_at(store, b"Name\n" + b"".join(b"Noor %d\n" % number for number in range(40)))
    windows = Arranging(looked.preview, Choices(), now=LATER).windows()
    assert [len(window.rows) for window in windows] == [4, 6, 9, 11, 10]


def test_arranging_is_plain_and_asks_nobody(store):
    looked = look(store, LIKELY)
    (window,) = Arranging(looked.preview, Choices(), now=LATER + timedelta(days=1)).windows()
    assert [row.outcome for row in window.rows] == ["new", "likely", "new"]
    assert [one.number for one in window.newcomers] == [-1, -2]
