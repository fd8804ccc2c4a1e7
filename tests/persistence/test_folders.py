"""A folder of a process that was killed is gone with the next one that is made; those of whoever works are not."""

import os
import subprocess
import sys
import tempfile

import pytest

from core.persistence.folders import PREFIX, own_folder


@pytest.fixture(autouse=True)
def there(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_what_whoever_is_at_work_has_laid_by_stays(there):
    mine = own_folder()
    theirs = there / f"{PREFIX}{os.getppid()}-x"
    theirs.mkdir()
    assert {mine, theirs, own_folder()} == set(there.iterdir())


def test_what_a_process_that_is_gone_has_left_is_put_away(there):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = there / f"{PREFIX}{gone.pid}-x"
    left.mkdir()
    assert [own_folder()] == list(there.iterdir())


def test_what_a_process_of_the_same_number_has_left_is_put_away(there):
    """Started again, a container counts its processes from one."""
    left = there / f"{PREFIX}{os.getpid()}-x"
    left.mkdir()
    assert [own_folder()] == list(there.iterdir())
