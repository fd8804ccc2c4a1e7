"""A long list is worked off a stretch at a time: what comes of it is what would come of it in one piece."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, text

from core.commands import laying
from core.commands.candidates import CandidateEdit, add_candidate, edit_candidates
from core.commands.imports import undo_import
from core.commands.laying import as_json_list
from core.commands.lists import import_file, look_at
from core.domain.bases import Basis, Ground
from core.domain.facts import Rhythm, Unit
from core.domain.handles import Handle as Address
from core.domain.refusal import Stale
from core.importers import preview, ready, spool
from core.importers.ready import Choices, Decision, undecided
from core.persistence import ledger
from core.persistence.check import disagreements
from core.persistence.outages import Unavailable
from core.persistence.store import Store
from core.persistence.tables import (
    Arrival,
    Candidate,
    CandidateSkill,
    Handle,
    ImportBatch,
    ImportRow,
    MatchKey,
    Promise,
    SearchWord,
    Skill,
)
from tests.commands.test_imports import FILES, SAMPLES
from tests.commands.test_imports import store as store  # noqa: PLC0414 - the fixture: on the samples' day

ROOT = Path(__file__).parents[2]
LISTS = [name for name in FILES if name != "messages.csv"] + ["messy_list.csv", "google_contacts.csv"]


@pytest.fixture
def in_stretches(monkeypatch):
    """Whatever goes on in stretches of thousands goes on in stretches of seven rows, and nothing stays in memory."""

    def shorten():
        monkeypatch.setattr(preview, "AT_A_TIME", 7)
        monkeypatch.setattr(ready, "WINDOW", 5)
        monkeypatch.setattr(spool, "IN_MEMORY", 8)
        monkeypatch.setattr(spool, "AT_A_STROKE", 4)

    return shorten


def told(found):
    return [
        (row.line, row.outcome, row.of_line, row.of_candidate, row.on, row.warnings, row.cells) for row in found.rows
    ]


@pytest.mark.parametrize("name", LISTS)
def test_a_preview_in_stretches_says_the_same(store, name, in_stretches):
    data = (SAMPLES / name).read_bytes()
    whole = look_at(store, data, name).preview
    in_stretches()
    parts = look_at(store, data, name).preview
    assert told(parts) == told(whole)
    assert parts.counts == whole.counts
    assert [row.person for row in parts.rows] == [row.person for row in whole.rows]


@pytest.mark.parametrize("name", LISTS)
def test_what_is_stored_in_stretches_is_the_same(store, ben, name, in_stretches):
    data = (SAMPLES / name).read_bytes()
    looked = look_at(store, data, name)
    decisions = {
        line: (Decision.SAME, Decision.NEW, Decision.SKIP)[place % 3]
        for place, (line, _, _) in enumerate(undecided(looked.preview))
    }
    choices = Choices(decisions=decisions, rhythm=Rhythm(6, Unit.WEEKS), source="Fair")
    batch = import_file(store, ben, looked, choices)
    whole = without_ids(store)
    with store.working(ben) as work:
        undo_import(work, batch)
    in_stretches()
    import_file(store, ben, look_at(store, data, name), choices)
    assert without_ids(store) == whole
    assert list(disagreements(store)) == []


def without_ids(store):
    """All that is stored of people, row by row, but which number each row has."""
    found = {}
    with store.reading() as session:
        for table in (Candidate, Handle, Skill, SearchWord, MatchKey, Arrival, Promise, ImportRow):
            columns = [c for c in table.__table__.c if not f"_{c.name}".endswith("_id")]
            columns = [c for c in columns if (table, c.name) != (Promise, "key")]  # it holds ids
            found[table.__tablename__] = sorted(map(repr, session.execute(select(*columns)).all()))
        skilled = select(Candidate.name, Skill.key).join(CandidateSkill, CandidateSkill.candidate_id == Candidate.id)
        found["skilled"] = sorted(map(repr, session.execute(skilled.join(Skill, Skill.id == CandidateSkill.skill_id))))
        told = select(ImportRow.line, Candidate.name).outerjoin(Candidate, Candidate.id == ImportRow.candidate_id)
        found["told"] = sorted(map(repr, session.execute(told)))
    return found


def test_who_is_merely_alike_is_found_in_a_stretch_before(store, in_stretches):
    rows = "".join(f"Person{n} Number{n},Works {n}\n" for n in range(20))
    data = f"Name,Company\nTomasz Nowak,Allegro\n{rows}Tomek Nowak,Allegro\n".encode()
    in_stretches()
    *_, last = look_at(store, data, "list.csv").preview.rows
    assert (last.outcome, last.of_line, last.on) == ("likely", 2, ("short_name", "company"))


def test_of_many_behind_one_address_whoever_has_the_name_is_found(store, in_stretches):
    rows = "".join(f"Person{n} Number{n},info@x.example,{n}\n" for n in range(40))
    data = f"Name,E-mail,Notes\n{rows}Number39 Person39,info@x.example,again\n".encode()
    in_stretches()
    *_, last = look_at(store, data, "list.csv").preview.rows
    assert (last.outcome, last.of_line) == ("exact", 41)


def test_others_save_while_a_long_list_comes_in(store, ben):
    """Who saves meanwhile waits for the writing alone, not for what is read, compared and laid out."""
    looked = look_at(store, (SAMPLES / "Connections.csv").read_bytes(), "Connections.csv")
    saved = []

    def save(done: int, of: int) -> None:
        if 2 * done <= of:  # laid out, not yet written
            with store.working(ben) as work:
                saved.append(add_candidate(work, name=f"Somebody Else{len(saved)}"))

    import_file(store, ben, looked, Choices(), save)
    assert saved
    assert len(imports_of(store)) == 1


def a_long_list(number=40):
    return ("Name,E-mail\n" + "".join(f"Person Number{n},n{n}@x.example\n" for n in range(number))).encode()


@pytest.fixture
def amid_laying(monkeypatch, in_stretches):
    """Has something happen before the fifth stretch is laid: on PostgreSQL the first are being copied by then."""
    in_stretches()
    laid = []
    lay_window = laying._Laying._window

    def let(happen):
        def lay(self, window, dates):
            laid.append(window)
            if len(laid) == 5:
                happen()
            lay_window(self, window, dates)

        monkeypatch.setattr(laying._Laying, "_window", lay)

    return let


def test_whoever_is_changed_while_a_list_is_copied_keeps_it_out(store, ben, amid_laying):
    with store.working(ben) as work:
        known = add_candidate(work, name="Person Number7", handles=[Address("email", "n7@x.example")])
    looked = look_at(store, a_long_list(), "list.csv")

    def change():
        with store.working(ben) as work:
            edit_candidates(work, [CandidateEdit(known, 1, {"company": "Elsewhere"})])

    amid_laying(change)
    with pytest.raises(Stale):
        import_file(store, ben, looked, Choices())
    assert [name for name, *_ in everybody(store)] == ["Person Number7"]
    assert imports_of(store) == []


def test_what_goes_wrong_while_a_list_is_copied_leaves_nothing_of_it(store, ben, amid_laying):
    def fill():
        raise Unavailable("No room.")

    looked = look_at(store, a_long_list(), "list.csv")
    amid_laying(fill)
    with pytest.raises(Unavailable, match=r"No room\."):
        import_file(store, ben, looked, Choices())
    assert everybody(store) == imports_of(store) == []
    with store.reading() as session:
        left = [session.scalar(select(func.count()).select_from(table)) for table in (Handle, SearchWord, MatchKey)]
    assert left == [0, 0, 0]


def test_a_list_comes_in_though_nothing_is_asked_of_the_database_for_long(store, ben, amid_laying):
    if store.is_sqlite:  # which gives no connection up
        return

    def be_quick(connection, *_):
        connection.execute("SET idle_in_transaction_session_timeout = 200")
        connection.commit()

    looked = look_at(store, a_long_list(), "list.csv")
    store.engine.dispose()
    event.listen(store.engine, "connect", be_quick)
    try:
        amid_laying(lambda: time.sleep(0.6))
        import_file(store, ben, looked, Choices())
    finally:
        event.remove(store.engine, "connect", be_quick)
        store.engine.dispose()
    assert len(everybody(store)) == 40


def test_of_two_who_bring_in_the_same_list_at_once_one_is_told_to_look_again(store, ben, amid_laying):
    first, second = (look_at(store, a_long_list(), "list.csv") for _ in range(2))
    with ThreadPoolExecutor(1) as beside:
        later = []
        amid_laying(lambda: later.append(beside.submit(import_file, store, ben, second, Choices())))
        import_file(store, ben, first, Choices())
        with pytest.raises(Stale):
            later[0].result()
    assert len(everybody(store)) == 40


def test_others_save_in_another_process_while_a_list_comes_in_with_which_old_forms_are_forgotten(
    store, ben, clock, amid_laying
):
    if store.is_sqlite:  # where whoever writes waits for all of it
        return
    with store.working(ben, "form-1") as work:
        add_candidate(work, name="Noor Haddad")
    clock.forward(days=8)
    here, elsewhere = (Store(store.engine, store.calendar, clock) for _ in range(2))

    def save():
        with elsewhere.working(ben, "form-2") as work:
            work.session.execute(text("SET LOCAL lock_timeout = 500"))
            add_candidate(work, name="Maya Silva")

    looked = look_at(here, a_long_list(), "list.csv")
    amid_laying(save)
    import_file(here, ben, looked, Choices(), operation="form-3")
    assert len(everybody(store)) == 42


def test_two_lists_at_once_settle_whom_both_tell_of_one_after_the_other(store, ben, monkeypatch):
    with store.working(ben) as work:
        add_candidate(work, name="Noor Haddad", handles=[Address("email", "noor@haddad.example")])
    looked = look_at(store, b"Name,E-mail\nNoor Haddad,noor@haddad.example\n", "list.csv")
    prepare = ledger.prepare

    def at_leisure(*of, **how):
        prepared = prepare(*of, **how)
        time.sleep(0.3)
        return prepared

    monkeypatch.setattr(ledger, "prepare", at_leisure)
    grounds = [Ground(Basis.CONSENT, date(2027, month, 1)) for month in (5, 6)]
    with ThreadPoolExecutor(2) as both:
        coming = [both.submit(import_file, store, ben, looked, Choices(ground=ground)) for ground in grounds]
        for one in coming:
            one.result()
    assert list(disagreements(store)) == []


@pytest.mark.parametrize("between", ["", "".join(f"Person Number{n},n{n}@x.example,,,\n" for n in range(9))])
def test_what_a_later_row_says_counts_however_far_below_it_stands(store, ben, in_stretches, between):
    """A newcomer, and somebody known: tags come together; the source of a row goes before that of the list."""
    with store.working(ben) as work:
        add_candidate(work, name="Noor Haddad", handles=[Address("email", "noor@haddad.example")])
    first = "Ada Berg,ada@x.example,vip,,\nNoor Haddad,noor@haddad.example,vip,,\n"
    again = "Ada Berg,ada@x.example,hot,Fair,Lead\nNoor Haddad,noor@haddad.example,hot,,Lead\n"
    in_stretches()
    looked = look_at(store, f"Name,E-mail,Tags,Source,Title\n{first}{between}{again}".encode(), "list.csv")
    batch = import_file(store, ben, looked, Choices(source="Meetup"))
    with store.reading() as session:
        rows = session.execute(select(Candidate.name, Candidate.tags, Candidate.source))
        found = {name: (tags, source) for name, tags, source in rows if tags}
    assert found == {"Ada Berg": (["vip", "hot"], "Fair"), "Noor Haddad": (["vip", "hot"], "")}
    assert list(disagreements(store)) == []
    with store.working(ben) as work:
        undo_import(work, batch)
    with store.reading() as session:
        assert session.execute(select(Candidate.name, Candidate.tags)).all() == [("Noor Haddad", [])]


def test_the_bar_of_a_long_list_never_goes_back(store, ben, in_stretches):
    in_stretches()
    looked = look_at(store, a_long_list(), "list.csv")
    told = []
    import_file(store, ben, looked, Choices(), lambda done, of: told.append(done / of))
    assert told == sorted(told)
    assert len(set(told)) > 8
    assert told[-1] == 1


def everybody(store):
    with store.reading() as session:
        return session.execute(select(Candidate.name, Candidate.company)).all()


def test_a_list_is_in_even_if_it_can_not_be_put_away_from_the_log(store, ben, monkeypatch):
    def full(**_):
        raise Unavailable("The disk is full.")

    monkeypatch.setattr(store, "put_away", full)
    looked = look_at(store, b"Name,E-mail\nNoor Haddad,noor@haddad.example\n", "list.csv")
    assert import_file(store, ben, looked, Choices()) in imports_of(store)


def test_somebody_new_of_whom_little_is_known_stands_in_few_indexes(store, ben):
    """Each that they stand in is written while everybody else waits."""
    looked = look_at(store, b"Name,E-mail\nNoor Haddad,noor@haddad.example\n", "list.csv")
    import_file(store, ben, looked, Choices())
    stands_in = set()
    with store.reading() as session:
        for index in Candidate.__table__.indexes:
            where = index.dialect_options[session.get_bind().dialect.name]["where"]
            who = select(Candidate.id).where(Candidate.name == "Noor Haddad", *([] if where is None else [where]))
            if session.scalar(who) is not None:
                stands_in.add(index.name.removeprefix("ix_candidate_"))
    both = {"listed", "sort_name", "last_word_to_at", "last_word_on", "came_from"}
    assert stands_in == {
        *both,
        *(f"owner_{name}" for name in both),
        *("without_rhythm", "last_act_on"),
    }


def imports_of(store):
    with store.reading() as session:
        return session.scalars(select(ImportBatch.id)).all()


@pytest.mark.parametrize(
    "cells", [(), ("",), ("", ""), ("a", "b"), ('say "a"', "b"), ("a\\", "b"), ("ż", "b"), ("a\nb",)]
)
def test_the_cells_of_a_row_are_kept_as_json(cells):
    assert json.loads(as_json_list(cells)) == list(cells)
