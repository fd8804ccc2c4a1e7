"""What whoever imports chooses: which side is right where they differ, on what basis, and who is somebody else."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from core.commands.candidates import CandidateEdit, add_candidate, edit_candidates
from core.commands.consents import give_consent, withdraw_consent
from core.commands.imports import undo_import
from core.commands.lists import import_file, look_at
from core.domain.bases import Basis, Ground
from core.domain.facts import Rhythm, Unit
from core.domain.handles import Handle
from core.domain.promises import Kind
from core.domain.refusal import Refused, Stale
from core.importers.ready import Choices, Decision
from core.persistence import tables
from core.persistence.check import disagreements
from core.persistence.search import words_of
from core.persistence.tables import Candidate, ImportBatch, ImportRow, MatchKey, NotSame, Promise, SearchWord
from tests.commands.test_imports import LATER, everything, look, person
from tests.commands.test_imports import store as store  # noqa: PLC0414 - the fixture: on the samples' day
from tests.commands.test_long_lists import in_stretches as in_stretches  # noqa: PLC0414 - the fixture

HEADER = b"Name,E-mail,Title,Company\n"


@pytest.fixture
def noor(store, ben):
    with store.working(ben) as work:
        return add_candidate(
            work, name="Noor Haddad", title="CTO", company="Acme", handles=[Handle("email", "noor@x.example")]
        )


def brought(store, viewer, data, **chosen):
    return import_file(store, viewer, look(store, data), Choices(**chosen))


def words(store, id_):
    with store.reading() as session:
        return set(session.scalars(select(SearchWord.word).where(SearchWord.candidate_id == id_)))


def keys(store, id_):
    with store.reading() as session:
        return set(session.scalars(select(MatchKey.key).where(MatchKey.candidate_id == id_)))


# differences

OTHERWISE = HEADER + b"Haddad Noor,NOOR@x.example,Tester,acme ltd\n"


def test_a_difference_is_shown_and_what_is_written_otherwise_is_none(store, noor):
    (row,) = look(store, OTHERWISE).preview.rows
    assert [(one.column, one.stored, one.said) for one in row.differences] == [("title", "CTO", "Tester")]
    assert (row.outcome, row.of_candidate) == ("exact", noor)


@pytest.mark.parametrize(
    ("chosen", "title"),
    [
        ({}, "CTO"),
        ({"take_columns": frozenset({"title"})}, "Tester"),
        ({"take_columns": frozenset({"company"})}, "CTO"),
        ({"takes": {2: True}}, "Tester"),
        ({"take_columns": frozenset({"title"}), "takes": {2: False}}, "CTO"),
    ],
)
def test_what_is_stored_stays_unless_the_list_is_said_to_be_right(store, ben, noor, chosen, title):
    before = everything(store)
    batch = brought(store, ben, OTHERWISE, **chosen)
    found = person(store, "Noor Haddad")
    assert (found.title, found.company) == (title, "Acme")
    assert words(store, noor) == words_of("Noor Haddad", "Acme", title)
    with store.working(ben) as work:
        undo_import(work, batch)
    assert everything(store) == before


def test_a_name_and_company_put_right_are_matched_by_from_then_on(store, ben, noor):
    rows = HEADER + b"Nora Haddad,noor@x.example,,Beta\n"
    brought(store, ben, rows, takes={2: True})
    assert words(store, noor) == words_of("Nora Haddad", "Beta", "CTO")
    assert {key for key in keys(store, noor) if key.startswith("name+company")} == {"name+company:haddad nora|beta"}


def test_what_was_edited_after_it_was_put_right_stays_as_edited(store, ben, noor, clock):
    batch = brought(store, ben, OTHERWISE, takes={2: True})
    clock.forward(minutes=5)
    with store.working(ben) as work:
        edit_candidates(work, [CandidateEdit(noor, person(store, "Noor Haddad").version, {"title": "CEO"})])
    with store.working(ben) as work:
        assert undo_import(work, batch) == [noor]
    assert person(store, "Noor Haddad").title == "CEO"


def test_somebody_edited_since_the_preview_is_not_overwritten(store, ben, noor):
    looked = look(store, OTHERWISE)
    with store.working(ben) as work:
        edit_candidates(work, [CandidateEdit(noor, 1, {"company": "Beta"})])
    with pytest.raises(Stale, match="look again"):
        import_file(store, ben, looked, Choices(takes={2: True}))
    assert person(store, "Noor Haddad").title == "CTO"


def test_who_changes_is_told_in_the_trail_without_what_changed(store, ben, noor):
    brought(store, ben, OTHERWISE, takes={2: True})
    with store.reading() as session:
        entry = session.scalars(select(tables.AuditEntry).where(tables.AuditEntry.action == "filled from a list")).one()
    assert (entry.subject_id, entry.actor_id, entry.changes) == (noor, ben.id, {"title": "changed"})


def test_two_rows_of_one_person_are_taken_back_in_turn(store, ben, noor):
    before = everything(store)
    rows = HEADER + b"Noor Haddad,noor@x.example,Tester,\nNoor Haddad,noor@x.example,Dev,\n"
    batch = brought(store, ben, rows, takes={2: True, 3: True})
    assert person(store, "Noor Haddad").title == "Dev"
    with store.working(ben) as work:
        undo_import(work, batch)
    assert everything(store) == before


def test_another_tagged_address_of_one_mailbox_is_added(store, ben, noor):
    with store.working(ben) as work:
        id_ = add_candidate(work, name="Ida Sowa", handles=[Handle("email", "ida+a@x.example")])
    brought(store, ben, b"Name,E-mail\nIda Sowa,ida+a@x.example; ida+b@x.example\n")
    with store.reading() as session:
        theirs = session.scalars(select(tables.Handle.value).where(tables.Handle.candidate_id == id_))
        assert sorted(theirs) == ["ida+a@x.example", "ida+b@x.example"]


MAY_BE = HEADER + b"Haddad Noor,noor.haddad@y.example,Tester,acme ltd\n"


@pytest.mark.parametrize(
    ("chosen", "titles"),
    [
        ({}, ["CTO"]),
        ({"take_columns": frozenset({"title"})}, ["CTO"]),
        ({"decisions": {2: Decision.SAME}}, ["CTO"]),
        ({"decisions": {2: Decision.SAME}, "take_columns": frozenset({"title"})}, ["Tester"]),
        ({"decisions": {2: Decision.SAME}, "takes": {2: True}}, ["Tester"]),
        ({"decisions": {2: Decision.SAME}, "take_columns": frozenset({"title"}), "takes": {2: False}}, ["CTO"]),
        ({"decisions": {2: Decision.NEW}, "takes": {2: True}}, ["CTO", "Tester"]),
    ],
)
def test_of_who_may_be_known_the_list_can_be_right_once_they_are_the_same(store, ben, noor, chosen, titles):
    (row,) = look(store, MAY_BE).preview.rows
    assert (row.outcome, row.of_candidate) == ("likely", noor)
    assert [(one.column, one.stored, one.said) for one in row.differences] == [("title", "CTO", "Tester")]
    before = everything(store)
    batch = brought(store, ben, MAY_BE, **chosen)
    with store.reading() as session:
        assert session.scalars(select(Candidate.title).order_by(Candidate.id)).all() == titles
    assert list(disagreements(store)) == []
    if chosen.get("decisions") == {2: Decision.SAME}:
        with store.working(ben) as work:
            undo_import(work, batch)
        assert everything(store) == before


# somebody else


def test_who_was_said_to_be_somebody_else_is_not_asked_about_again(store, ben, noor):
    rows = HEADER + b"Boris Lis,noor@x.example,,\n"
    brought(store, ben, rows, decisions={2: Decision.NEW})
    boris = person(store, "Boris Lis").id
    with store.reading() as session:
        assert session.execute(select(NotSame.one_id, NotSame.other_id)).all() == [(noor, boris)]


# on what basis

UNTIL = date(2027, 11, 23)
TWO = b"Name,E-mail\nNoor Haddad,noor@x.example\nBoris Lis,boris@x.example\n"


def consents(store) -> dict[str, list[date]]:
    with store.reading() as session:
        found = select(Candidate.name, tables.Consent.until_on).join(
            tables.Consent, tables.Consent.candidate_id == Candidate.id
        )
        told: dict[str, list[date]] = {}
        for name, until in session.execute(found.order_by(tables.Consent.id)):
            told.setdefault(name, []).append(until)
        return told


def test_a_consent_is_everybodys_of_the_list_and_goes_with_it(store, ben, noor):
    before = everything(store)
    fair = 'Fair, "spring"'
    batch = brought(store, ben, TWO, source=fair, ground=Ground(Basis.CONSENT, UNTIL), rhythm=Rhythm(6, Unit.WEEKS))
    assert consents(store) == {"Noor Haddad": [UNTIL], "Boris Lis": [UNTIL]}
    with store.reading() as session:
        owed = session.scalars(select(Promise.kind).order_by(Promise.kind)).all()
        stored = session.get_one(ImportBatch, batch)
        sources = session.scalars(select(tables.Consent.source)).all()
    assert owed == [Kind.CONSENT, Kind.CONSENT, Kind.KEEP_IN_TOUCH]
    assert (stored.basis, stored.consent_until, stored.source) == ("consent", UNTIL, fair)
    assert sources == [fair, fair]
    assert list(disagreements(store)) == []
    with store.working(ben) as work:
        assert undo_import(work, batch) == []
    assert everything(store) == before


def test_a_longer_consent_stands_and_one_withdrawn_is_not_given_back(store, ben, noor):
    with store.working(ben) as work:
        give_consent(work, noor, UNTIL + timedelta(days=1))
        boris = add_candidate(work, name="Boris Lis", handles=[Handle("email", "boris@x.example")])
        give_consent(work, boris, LATER.date())
        withdraw_consent(work, boris)
    brought(store, ben, TWO, ground=Ground(Basis.CONSENT, UNTIL))
    assert consents(store) == {"Noor Haddad": [UNTIL + timedelta(days=1)], "Boris Lis": [LATER.date()]}


def test_a_basis_without_an_end_makes_no_consent(store, ben):
    batch = brought(store, ben, TWO, ground=Ground(Basis.PUBLIC))
    assert consents(store) == {}
    with store.reading() as session:
        assert session.get_one(ImportBatch, batch).basis == "public profile"


@pytest.mark.parametrize(
    "ground",
    [Ground(Basis.CONSENT), Ground(Basis.CONSENT, LATER.date()), Ground(Basis.APPLIED, UNTIL), Ground(None, UNTIL)],
)
def test_only_a_consent_has_a_last_day_and_it_is_to_come(store, ben, ground):
    with pytest.raises(Refused, match="consent"):
        brought(store, ben, TWO, ground=ground)
    assert consents(store) == {}


def test_whoever_a_row_says_gave_no_consent_is_given_none_by_the_list(store, ben, noor):
    rows = b"Name,E-mail,Zgoda RODO\nNoor Haddad,noor@x.example,NIE\nBoris Lis,boris@x.example,False\n"
    rows += b"Ida Sowa,ida@x.example,tak\nCleo Fox,cleo@x.example,\n"
    brought(store, ben, rows, ground=Ground(Basis.CONSENT, UNTIL), rhythm=Rhythm(6, Unit.WEEKS))
    assert sorted(consents(store)) == ["Cleo Fox", "Ida Sowa"]
    with store.reading() as session:
        owed = session.execute(
            select(Candidate.name, Promise.kind)
            .join(Promise, Promise.candidate_id == Candidate.id)
            .order_by(Candidate.name, Promise.kind)
        )
        told = [(name, kind) for name, kind in owed]
    touch, consent = Kind.KEEP_IN_TOUCH, Kind.CONSENT
    assert told == [
        ("Boris Lis", touch),
        ("Cleo Fox", consent),
        ("Cleo Fox", touch),
        ("Ida Sowa", consent),
        ("Ida Sowa", touch),
    ]
    assert list(disagreements(store)) == []


def test_a_later_row_that_denies_a_consent_counts_too(store, ben, in_stretches):
    rows = "".join(f"Person{n} Number{n},p{n}@x.example,tak\n" for n in range(12))
    data = f"Name,E-mail,Zgoda RODO\n{rows}Person0 Number0,p0@x.example,nie\n".encode()
    in_stretches()
    brought(store, ben, data, ground=Ground(Basis.CONSENT, UNTIL))
    assert "Person0 Number0" not in consents(store)
    assert len(consents(store)) == 11
    assert list(disagreements(store)) == []


# all of it there


@pytest.mark.parametrize("name", ["Connections.csv", "messages.csv", "messy_list.csv"])
def test_everything_that_is_written_refers_to_something(store, ben, name):
    if not store.is_sqlite:
        pytest.skip("PostgreSQL looks it up as it writes")
    import_file(store, ben, look(store, name), Choices(ground=Ground(Basis.CONSENT, UNTIL)))
    with store.engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        assert connection.execute(text("PRAGMA wal_autocheckpoint")).scalar() == 1000


def test_rows_tell_what_stood_before(store, ben, noor):
    brought(store, ben, HEADER + b"Noor Haddad,noor@x.example,Tester,Beta\n", take_columns=frozenset({"title"}))
    with store.reading() as session:
        (row,) = session.scalars(select(ImportRow))
    assert (row.candidate_id, row.filled) == (noor, {"title": ["CTO", "Tester"]})
    assert look_at(store, HEADER + b"Noor Haddad,noor@x.example,Tester,Beta\n").preview.rows[0].outcome == "exact"


def test_an_address_that_is_somebody_elses_adds_nothing(store, ben, noor):
    rows = b"Name,E-mail,Phone\nNoor Haddad,noor@x.example,601222333\nIda Sowa,ida@x.example,601222333\n"
    brought(store, ben, rows, decisions={3: Decision.NEW})
    assert [row.outcome for row in look(store, rows).preview.rows] == ["exact", "exact"]
