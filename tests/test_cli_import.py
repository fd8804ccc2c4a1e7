"""`perennial import`: what it says of the samples, and what it does with them."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from core import settings
from core.cli import BASES, TAKEN, main
from core.domain.bases import Basis
from core.importers.said import COMPARED
from core.persistence.store import open_store
from core.persistence.tables import Candidate, ImportBatch
from core.persistence.tables.team import Role
from tests.make import a_member, viewer_of

SAMPLES = Path(__file__).parent / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text("utf-8"))["files"]
FILES = ["Connections.csv", "messages.csv", "greenhouse_candidates.csv", "tracker_kandydaci.csv"]


@pytest.fixture
def run(tmp_path, monkeypatch):
    """`run("Connections.csv", "--preview")` on a database of this test's own, not there yet."""
    monkeypatch.setenv("PERENNIAL_DATABASE_URL", f"sqlite:///{tmp_path}/perennial.db")
    settings.current.cache_clear()

    def run(*arguments):
        return CliRunner().invoke(main, ["import", *map(str, arguments)])

    yield run
    settings.current.cache_clear()


@pytest.fixture
def store(run, sqlite_template, tmp_path):
    shutil.copy(sqlite_template, tmp_path / "perennial.db")
    store = open_store(settings.current().database_url)
    yield store
    store.engine.dispose()


def lines(rows, *names):
    return {tuple(row[name] for name in ("line", "record", *names)) for row in rows}


@pytest.mark.parametrize("name", FILES)
def test_the_preview_says_what_is_expected_of_the_sample_and_changes_nothing(run, tmp_path, name):
    found = run(SAMPLES / name, "--preview", "--json")
    assert (found.exit_code, found.stderr) == (0, "")
    whole = json.loads(found.stdout)
    said, expected = whole["files"][name], EXPECTED[name]
    assert whole["schema_version"] == 1
    assert said["counts"] == whole["counts"] == expected["counts"]
    assert lines(said["rejected"], "reason") == lines(expected["rejected"], "reason")
    assert lines(said["warnings"], "code") == lines(expected["warnings"], "code")
    for sure in ("exact_duplicates", "likely_duplicates"):
        assert lines(said[sure]) == lines(expected[sure])
    assert list(tmp_path.iterdir()) == []


def test_where_there_is_a_database_the_preview_knows_who_is_there(run, store):
    assert run(SAMPLES / "Connections.csv").exit_code == 0
    said = json.loads(run(SAMPLES / "Connections.csv", "--preview", "--json").stdout)
    assert (said["counts"]["new_candidates"], said["counts"]["exact_duplicates"]) == (0, 226)


def test_a_list_is_brought_in_for_a_member(run, store):
    viewer_of(store, a_member("Ana", Role.ADMIN))
    ben = viewer_of(store, a_member("Ben"))
    done = run(SAMPLES / "Connections.csv", "--as", "Ben", "--source", "LinkedIn", "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["counts"]["people"] == 222
    with store.reading() as session:
        people = session.scalars(select(Candidate)).all()
        assert session.scalars(select(ImportBatch.imported_by_id)).all() == [ben.id]
    assert {(one.owner_id, one.source) for one in people} == {(ben.id, "LinkedIn")}


def test_without_a_name_they_are_the_only_members_or_nobodys(run, store):
    ana = viewer_of(store, a_member("Ana", Role.ADMIN))
    assert "222 new people" in run(SAMPLES / "Connections.csv").stdout
    viewer_of(store, a_member("Ben"))
    assert "with nobody" in run(SAMPLES / "greenhouse_candidates.csv").stderr
    with store.reading() as session:
        assert set(session.scalars(select(Candidate.owner_id))) == {ana.id, None}


@pytest.mark.parametrize(
    ("content", "sentence"), [(b"", "empty"), (None, "can't be read"), (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "")]
)
def test_a_file_that_cannot_be_read_is_one_sentence_and_exit_code_2(run, tmp_path, content, sentence):
    file = tmp_path / "list.csv"
    if content is not None:
        file.write_bytes(content)
    for options in ((), ("--preview",), ("--preview", "--json")):
        refused = run(file, *options)
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert len(refused.stderr.splitlines()) == 1
        assert sentence in refused.stderr
    assert not (tmp_path / "perennial.db").exists()


def test_a_viewer_and_a_stranger_bring_in_nothing(run, store):
    viewer_of(store, a_member("Vera", Role.VIEWER))
    for name, sentence in (("vera", "look, not change"), ("nobody", "no member")):
        refused = run(SAMPLES / "Connections.csv", "--as", name)
        assert refused.exit_code == 2
        assert sentence in refused.stderr


def test_in_words_it_says_what_is_left_to_decide(run):
    told = run(SAMPLES / "tracker_kandydaci.csv", "--preview").stdout
    assert "116 rows: 105 new people, 5 known, 3 to decide, 3 left out." in told
    assert "Same name, same company as line 36" in told


# without a browser


def a_file(tmp_path, text: str, name: str = "list.csv") -> Path:
    file = tmp_path / name
    file.write_text(text, "utf-8")
    return file


def names(store, column=Candidate.name) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(column).order_by(Candidate.id)))


STRANGE = "Who,Since,Nick\nNoor Haddad,03/04/2025,noor@x.example\nBoris Lis,01/02/2025,boris@x.example\n"


def test_columns_said_on_the_command_line_are_remembered_for_the_next_list(run, store, tmp_path):
    first = a_file(tmp_path, STRANGE)
    said = ["--column", "who=full_name", "--column", "Since=added_at", "--dates", "Since=DMY"]
    done = run(first, *said, "--source", "The fair")
    assert done.exit_code == 0, done.output
    second = a_file(tmp_path, "Who,Since,Nick\nIda Sowa,05/06/2025,ida@x.example\n", "second.csv")
    assert run(second).exit_code == 0
    assert names(store) == ["Noor Haddad", "Boris Lis", "Ida Sowa"]
    assert [f"{day:%d.%m}" for day in names(store, Candidate.known_since)] == ["03.04", "01.02", "05.06"]
    afresh = json.loads(run(second, "--preview", "--json", "--afresh").stdout)
    assert {column["field"] for column in afresh["columns"]} == {None, "email"}


def test_a_consent_a_rhythm_and_a_source_are_everybodys(run, store, tmp_path):
    options = ["--basis", "consent", "--until", "2099-01-31", "--rhythm", "6 weeks", "--source", "Fair"]
    assert run(a_file(tmp_path, "Name,E-mail\nNoor Haddad,noor@x.example\n"), *options).exit_code == 0
    with store.reading() as session:
        (batch,) = session.scalars(select(ImportBatch))
        (noor,) = session.scalars(select(Candidate))
    assert (batch.basis, str(batch.consent_until), noor.source) == ("consent", "2099-01-31", "Fair")
    assert (noor.rhythm_count, noor.next_due_at is not None) == (6, True)


def test_rows_left_out_are_there_with_all_that_tell_of_the_same(run, store, tmp_path):
    left_out = tmp_path / "left out.csv"
    rows = "Name,Phone,Notes\nNoor Haddad,601222333,\nIda Sowa,601222333,\nIda Sowa,601222333,a note\n"
    assert run(a_file(tmp_path, rows), "--left-out", left_out).exit_code == 0
    assert names(store) == ["Noor Haddad"]
    assert left_out.read_text("utf-8-sig").count("Ida Sowa") == 2


def test_rows_left_out_are_written_to_a_file_that_can_be_mended(run, store, tmp_path):
    left_out = tmp_path / "left out.csv"
    rows = "Name,E-mail,Notes\nNoor Haddad,noor@x.example,\n,,a note of nobody\n"
    assert run(a_file(tmp_path, rows), "--left-out", left_out).exit_code == 0
    assert names(store) == ["Noor Haddad"]
    left_out.write_bytes(left_out.read_bytes().replace(b'"";"";"a note of nobody"', b'"Ida Sowa";"";"a note"'))
    assert run(left_out).exit_code == 0
    assert names(store) == ["Noor Haddad", "Ida Sowa"]


@pytest.mark.parametrize(
    ("alike", "people"), [("skip", ["Noor Haddad"]), ("same", ["Noor Haddad"]), ("new", ["Noor Haddad", "Boris Lis"])]
)
def test_who_may_be_known_is_decided_for_all_at_once(run, store, tmp_path, alike, people):
    rows = "Name,E-mail\nNoor Haddad,noor@x.example\nBoris Lis,noor@x.example\n"
    assert run(a_file(tmp_path, rows), "--alike", alike).exit_code == 0
    assert names(store) == people


def test_the_list_can_be_right(run, store, tmp_path):
    run(a_file(tmp_path, "Name,E-mail,Title\nNoor Haddad,noor@x.example,CTO\n"))
    run(a_file(tmp_path, "Name,E-mail,Title\nNoor Haddad,noor@x.example,CEO\n"), "--take", "title")
    assert names(store, Candidate.title) == ["CEO"]


def test_an_import_is_taken_back_by_its_number(run, store, tmp_path):
    done = json.loads(run(a_file(tmp_path, "Name\nNoor Haddad\n"), "--json").stdout)
    found = CliRunner().invoke(main, ["undo-import", str(done["batch"])])
    assert (found.exit_code, found.stdout) == (0, "Taken back.\n")
    assert names(store) == []


def test_whoever_a_later_list_tells_of_stays_when_an_import_is_taken_back(run, store, tmp_path):
    rows = "Name,E-mail\nNoor Haddad,noor@x.example\n"
    done = json.loads(run(a_file(tmp_path, rows), "--json").stdout)
    later = run(a_file(tmp_path, rows + "Boris Lis,boris@x.example\n"))
    assert later.exit_code == 0
    found = CliRunner().invoke(main, ["undo-import", str(done["batch"])])
    said = "Taken back.\n1 person stays: a later list, list.csv, tells of them too.\n"
    assert (found.exit_code, found.stdout) == (0, said)
    assert names(store) == ["Noor Haddad", "Boris Lis"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--column", "Nobody=email"], "The list has no column “Nobody”."),
        (["--column", "Name"], "--column “Name” is not understood. Write it as Header=field."),
        (["--column", "Name=nonsense"], "“nonsense” is no field. They are:"),
        (["--dates", "Name=YMD"], "the order is DMY or MDY"),
        (["--dates", "Nobody=DMY"], "The list has no column “Nobody”."),
        (["--rhythm", "often"], "Write it as “6 weeks” or “3 months”."),
        (["--basis", "consent"], "Say until when the consent holds"),
        (["--basis", "applied", "--until", "2099-01-01"], "Only a consent has a last day."),
        (["--basis", "consent", "--until", "2020-01-01"], "still to come"),
    ],
)
def test_what_is_not_understood_is_one_sentence_and_nothing_is_brought_in(run, store, tmp_path, options, sentence):
    found = run(a_file(tmp_path, "Name\nNoor Haddad\n"), *options)
    assert found.exit_code == 2
    assert sentence in found.stderr
    assert "Traceback" not in found.output
    assert names(store) == []


def test_what_can_be_said_is_what_the_import_knows():
    assert {basis.value for basis in Basis} == set(BASES)
    assert set(COMPARED) == set(TAKEN)
