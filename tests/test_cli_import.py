"""`perennial import`: what it says of the samples, and what it does with them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from core import settings
from core.cli import main
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
def store(run):
    assert CliRunner().invoke(main, ["db", "upgrade"]).exit_code == 0
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
