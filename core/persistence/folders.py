"""Folders for what is laid by for the time being: of one process alone, and gone with it, since it tells of people.

Python alone: the process that reads a long list imports it.
"""

import os
import secrets
import shutil
import tempfile
from pathlib import Path

PREFIX = "perennial-stage-"
_STARTED = secrets.token_hex(4)
"""Tells this process from one that had its number before: started again, a container counts from one."""


def own_folder() -> Path:
    """One of this process alone; what processes that were killed had there is gone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if _is_left(folder.name):
            put_away(folder)
    return Path(tempfile.mkdtemp(prefix=_ours()))


def put_away(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _ours() -> str:
    return f"{PREFIX}{os.getpid()}-{_STARTED}-"


def _is_left(name: str) -> bool:
    number = name.removeprefix(PREFIX).partition("-")[0]
    if number == str(os.getpid()):
        return not name.startswith(_ours())
    return number.isdigit() and not _is_running(int(number))


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's, or Windows, where asking is not to be had so cheaply
        return True
    return True
