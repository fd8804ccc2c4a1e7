"""Folders for what is laid by for the time being: of one process alone, and gone with it, since it tells of people.

Python alone: the process that reads a long list imports it.
"""

import os
import shutil
import tempfile
from pathlib import Path

PREFIX = "perennial-stage-"


def own_folder() -> Path:
    """One of this process alone; what processes that were killed had there is gone."""
    _forget_broken_off()
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))


def put_away(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _forget_broken_off() -> None:
    """What a program that was killed had laid out is of nobody, and tells of people."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        number = folder.name.removeprefix(PREFIX).partition("-")[0]
        if number.isdigit() and not _is_running(int(number)):
            put_away(folder)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's, or Windows, where asking is not to be had so cheaply
        return True
    return True
