"""The short form of what `python -m tests.faults` does by the thousand, and that it would notice."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import delete

from core.commands.contacts import log_contact
from core.domain.facts import Way
from core.persistence import folders, stage
from core.persistence.tables import Operation
from core.persistence.work import THE_PROGRAM
from tests.faults import checker
from tests.make import a_candidate, saved

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks its writers")
def test_whoever_is_killed_leaves_all_of_what_was_acknowledged_and_nothing_half_done(database_url):
    command = [sys.executable, "-m", "tests.faults", "--url", database_url, "--edits", "8", "--imports", "4"]
    came = subprocess.run([*command, "--rows", "150"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert came.returncode == 0, came.stdout + came.stderr
    assert "In edits: 8 kills" in came.stdout
    assert "In imports: 4 kills" in came.stdout
    with stage.Stage({}):  # whoever lays something out puts away what the killed had laid out
        by = {folder.name.split("-")[2] for folder in Path(tempfile.gettempdir()).glob(f"{folders.PREFIX}*-*")}
    assert {process for process in by if process.isdigit() and not Path("/proc", process).exists()} == set()


def test_what_was_acknowledged_and_is_not_there_is_noticed(store):
    noor = saved(store, a_candidate())
    token = "word:1:1"
    with store.working(THE_PROGRAM, token) as work:
        log_contact(work, noor, way=Way.TO, text=token)
    assert checker.lost(store, [token, "word:1:2"]) == ["word:1:2"]


def test_what_is_there_by_half_is_noticed(store, clock):
    noor = saved(store, a_candidate())
    clock.forward(hours=1)
    with store.working(THE_PROGRAM, "word:1:1") as work:
        log_contact(work, noor, way=Way.TO, text="word:1:1")
    assert checker.half(store, rows=0, since=clock.now) == []
    with store.engine.begin() as connection:
        connection.execute(delete(Operation))
    half = checker.half(store, rows=0, since=clock.now)
    assert any("belongs to nothing" in one for one in half)
    assert "word:1:1 is there and was never kept" in half


def test_a_unit_of_work_of_which_only_the_token_is_there_is_noticed(store):
    with store.working(THE_PROGRAM, "close:1:1"):
        pass
    assert len(checker.half(store, rows=0)) == 3
