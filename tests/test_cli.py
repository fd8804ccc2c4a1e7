"""The command line: what each command does, and that a mistake is one sentence and exit code 2."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from core import auth, settings
from core.cli import main
from core.commands.candidates import erase_candidate
from core.commands.policy import change_policy
from core.domain.promises import Kind
from core.domain.refusal import Refused
from core.persistence.erasures import file_of
from core.persistence.store import open_store
from core.persistence.tables import Candidate, Member, Promise
from core.persistence.viewer import THE_PROGRAM
from tests.make import a_candidate, a_word_from_her, promise_of, saved

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "tests" / "samples"
PASSWORD = "four quiet green herons"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """`run("db", "upgrade")` on a database of this test's own, made by the first command that may."""
    monkeypatch.setenv("PERENNIAL_DATABASE_URL", f"sqlite:///{tmp_path}/new folder/perennial.db")
    settings.current.cache_clear()

    def run(*arguments, stdin=""):
        return CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)

    yield run
    settings.current.cache_clear()


@pytest.fixture
def database(run, sqlite_template, tmp_path):
    """That database, up to date."""
    (tmp_path / "new folder").mkdir()
    shutil.copy(sqlite_template, tmp_path / "new folder" / "perennial.db")
    store = open_store(settings.current().database_url)
    yield store
    store.engine.dispose()


def is_one_sentence(result, about):
    return result.exit_code == 2 and about in result.stderr and len(result.stderr.strip().splitlines()) == 1


def test_the_database_is_made_upgraded_and_left_alone(run):
    assert run("db", "upgrade").output == "The database is up to date now.\n"
    assert run("db", "upgrade").output == "The database was up to date.\n"


def test_a_restore_asks_first_and_says_what_came_of_it(run, database, tmp_path):
    noor = saved(database, a_candidate("Noor Haddad"))
    target = tmp_path / "backup.db"
    assert run("db", "backup", target).exit_code == 0
    with database.working(THE_PROGRAM) as work:
        erase_candidate(work, noor)
    assert is_one_sentence(run("db", "restore", target, "--yes"), "has the database open. Stop it first")
    database.engine.dispose()
    asked = run("db", "restore", target, stdin="n")
    assert asked.exit_code == 1
    assert "Everything will be as it was at" in asked.output
    done = run("db", "restore", target, "--yes")
    assert "Restored from" in done.output
    assert "1 person was erased again" in done.output


def test_a_file_that_is_no_database_is_one_sentence(run, tmp_path):
    (tmp_path / "new folder").mkdir()
    (tmp_path / "new folder" / "perennial.db").write_text("Dear diary, " * 1000)
    assert is_one_sentence(run("db", "upgrade"), "The database is damaged: file is not a database. Restore a backup")


def test_a_backup_without_a_name_is_kept_among_the_others(run, database):
    said = run("db", "backup").output
    assert "-asked.backup" in said


def test_a_backup_holds_everything_and_never_replaces_a_file(run, database, tmp_path):
    saved(database, a_candidate("Noor Haddad"), a_word_from_her())
    target = tmp_path / "backup.db"
    assert run("db", "backup", target).exit_code == 0
    copy = open_store(f"sqlite:///{target}")
    assert promise_of(copy, 1, Kind.REPLY)
    copy.engine.dispose()
    assert is_one_sentence(run("db", "backup", target), "there already")


def test_after_an_older_backup_came_back_whoever_was_erased_since_is_erased_again(run, database):
    noor = saved(database, a_candidate("Noor Haddad"))
    with database.reading() as session:
        added = session.get_one(Candidate, noor).added_at
    journal = file_of(settings.current().database_url)
    journal.write_text(f'[{noor}, "{added.isoformat()}", "{added.isoformat()}"]')
    assert "says: 1." in run("db", "erase-again").output
    with database.reading() as session:
        assert session.get_one(Candidate, noor).name == "Erased person"
    assert "says: 0." in run("db", "erase-again").output


@pytest.mark.parametrize("command", [("check",), ("db", "backup", "never.db"), ("member", "password", "ben")])
def test_what_only_looks_makes_no_database(run, command, tmp_path):
    assert is_one_sentence(run(*command), "no database yet")
    assert list(tmp_path.iterdir()) == []


def test_a_member_is_added_and_signs_in_and_gets_a_new_password(run, database):
    added = run("member", "add", "Ana", "--name", "Ana Nowak", "--role", "admin", stdin=PASSWORD + "\n")
    assert added.output == "Ana Nowak can sign in as ana.\n"
    assert auth.sign_in(database, "ana", PASSWORD)
    assert run("member", "password", "ana", stdin="another fine long one\n").exit_code == 0
    assert auth.sign_in(database, "ana", "another fine long one")
    assert is_one_sentence(run("member", "add", "ana", "--name", "Ana", stdin=PASSWORD), "already")
    assert is_one_sentence(run("member", "add", "ben", "--name", "Ben", stdin="short\n"), "too short")
    assert is_one_sentence(run("member", "password", "nobody", stdin=PASSWORD), "no member")


def test_a_made_up_team_fills_an_empty_database_and_no_other(run, database):
    made_up = run("demo", "--candidates", 20, "--years", 1)
    assert made_up.exit_code == 0
    with database.reading() as session:
        usernames = session.scalars(select(Member.username).where(Member.password_hash.is_not(None))).all()
    told = dict(re.findall(r"^  (\S+) +(\S{12,})", made_up.stdout, re.MULTILINE))
    assert set(told) == set(usernames)
    assert is_one_sentence(run("demo"), "There is a team here already.")
    assert run("check").exit_code == 0


def test_check_says_what_disagrees(run, database):
    noor = saved(database, a_candidate(), a_word_from_her())
    assert run("check").output.strip().endswith("agree.")
    with database.engine.begin() as connection:
        connection.execute(Promise.__table__.delete())
    found = run("check")
    assert found.exit_code == 1
    assert f"Candidate {noor}" in found.stderr
    assert "differences" in found.stdout


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no samples here")
def test_a_file_is_looked_at_without_a_database_and_nothing_is_changed(run, tmp_path):
    found = run("import", SAMPLES / "Connections.csv", "--preview", "--json")
    assert found.exit_code == 0
    expected = json.loads((SAMPLES / "expected.json").read_text("utf-8"))["files"]["Connections.csv"]
    assert json.loads(found.stdout)["counts"] == expected["counts"]
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_read_is_one_sentence(run, tmp_path):
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    result = run("import", picture, "--preview", "--json")
    assert is_one_sentence(result, "")
    assert result.stdout == ""
    assert run("import", tmp_path / "missing.csv", "--preview").exit_code == 2


@pytest.mark.parametrize(
    ("setting", "value"), [("PERENNIAL_TIME_ZONE", "Mars/Olympus"), ("PERENNIAL_DATABASE_URL", "nonsense")]
)
def test_a_wrong_setting_stops_every_command_with_one_sentence(run, monkeypatch, setting, value):
    monkeypatch.setenv(setting, value)
    settings.current.cache_clear()
    for command in (("db", "upgrade"), ("check",), ("serve",)):
        assert is_one_sentence(run(*command), setting)


def test_a_database_out_of_reach_is_one_sentence_without_the_password(run, monkeypatch):
    monkeypatch.setenv("PERENNIAL_DATABASE_URL", "postgresql://anna:hunter2@127.0.0.1:1/perennial")
    settings.current.cache_clear()
    result = run("db", "upgrade")
    assert is_one_sentence(result, "The database can't be used")
    assert "hunter2" not in result.stderr


def test_working_hours_of_the_settings_are_those_of_the_first_start(run, database, monkeypatch):
    monkeypatch.setenv("PERENNIAL_WORKING_HOURS", "09:00-16:00")
    settings.current.cache_clear()
    assert run("member", "add", "ben", "--name", "Ben", stdin=PASSWORD).exit_code == 0
    monkeypatch.setenv("PERENNIAL_WORKING_HOURS", "09:00-18:00")
    settings.current.cache_clear()
    assert run("member", "add", "vera", "--name", "Vera", stdin=PASSWORD).exit_code == 0
    noor = saved(database, a_candidate(), a_word_from_her())
    assert promise_of(database, noor, Kind.REPLY).due_at.astimezone(database.calendar.zone).hour == 16
    assert run("check").exit_code == 0


def test_a_policy_that_was_put_in_force_and_not_gone_through_is_at_the_next_start(run, database):
    assert run("member", "add", "ben", "--name", "Ben", stdin=PASSWORD).exit_code == 0
    noor = saved(database, a_candidate(), a_word_from_her())
    before = promise_of(database, noor, Kind.REPLY).due_at
    with database.working(THE_PROGRAM) as work:
        change_policy(work, {"reply": 9})
    assert run("member", "add", "vera", "--name", "Vera", stdin=PASSWORD).exit_code == 0
    assert promise_of(database, noor, Kind.REPLY).due_at > before
    assert run("check").exit_code == 0


def test_a_link_is_printed_for_somebody_new_and_for_one_who_is_locked_out(run, database):
    added = run("member", "add", "ana", "--name", "Ana", "--role", "admin", "--link")
    assert auth.invited(database, link_in(added.output)).username == "ana"
    auth.choose_password(database, link_in(added.output), PASSWORD)
    again = run("member", "link", "Ana")
    with pytest.raises(Refused):
        auth.sign_in(database, "ana", PASSWORD)
    auth.choose_password(database, link_in(again.output), "another fine long one")
    assert auth.sign_in(database, "ana", "another fine long one")
    assert is_one_sentence(run("member", "link", "nobody"), "no member")


def link_in(output):
    (secret,) = re.findall(r"/password/(\S+)", output)
    return secret


def test_help_is_quick_to_load_and_lists_the_commands(run):
    listed = run("--help").output
    for command in ("serve", "db", "demo", "member", "import", "check", "replay"):
        assert f"  {command}" in listed
    heavy = (
        "import sys, core.cli; print([m for m in ('sqlalchemy', 'pandas', 'streamlit', 'alembic') if m in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", heavy], cwd=ROOT, text=True) == "[]\n"
