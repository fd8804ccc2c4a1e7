"""What a database says when it can't, in our words: what happened, whether anything was kept, and what to do."""

import contextlib
import errno
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

log = logging.getLogger(__name__)

TRY_AGAIN = "Somebody else is saving just now. Nothing was changed; try again in a moment."
AWAY = "The database can't be reached just now. Nothing was saved; try again in a moment."
FULL = "The disk of the database is full. Nothing was saved; once there is room again, try again."
READ_ONLY = "The database can only be read just now. Nothing was saved; whoever runs Perennial has to look."
DAMAGED = "The database is damaged. Nothing was saved; whoever runs Perennial has to stop it and restore a backup."
NOT_KNOWN = "The database went away while it was saving. Look whether it was saved before you try again."
NO_ROOM_BESIDE = "The folder for temporary files is full. Nothing was saved; once there is room again, try again."

WAITED_IN_VAIN = ("55P03", "40P01", "40001", "57014", "53300", "25P03")
"""PostgreSQL's codes for a lock not had in time, a deadlock, a snapshot that can't be kept, a statement that took too
long, no connection left, and one that was given up."""

SQLITE_SAYS = {
    "SQLITE_BUSY": TRY_AGAIN,
    "SQLITE_LOCKED": TRY_AGAIN,
    "SQLITE_FULL": FULL,
    "SQLITE_READONLY": READ_ONLY,
    "SQLITE_CANTOPEN": AWAY,
    "SQLITE_IOERR": AWAY,
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_NOTADB": DAMAGED,
}
POSTGRESQL_SAYS = {"08": AWAY, "57P": AWAY, "53100": FULL, "25006": READ_ONLY, "58": AWAY, "XX001": DAMAGED}


class Unavailable(Exception):
    """The database can't do it just now. Nothing was changed, unless the sentence says that it is not known."""


class Busy(Unavailable):
    """Others have been writing for too long; nothing was changed, and trying again is safe."""


class Away(Unavailable):
    """Nobody answers where the database is to be; it may come back by itself."""


@dataclass(slots=True)
class Ending:
    """Whether a unit of work is being kept: if the database goes away then, nobody knows what it did last."""

    has_begun: bool = False


@contextlib.contextmanager
def in_our_words() -> Iterator[Ending]:
    """Whatever the database can't do is Unavailable or Busy; what is wrong with a statement stays what it is."""
    ending = Ending()
    try:
        yield ending
    except NoConnection as none_free:
        raise Busy(TRY_AGAIN) from none_free
    except Exception as problem:
        sentence = sentence_for(problem)
        if sentence is None:
            raise
        if sentence == TRY_AGAIN:
            raise Busy(TRY_AGAIN) from problem
        log.warning("The database could not be used: %s", reason_of(problem))
        if sentence != AWAY:
            raise Unavailable(sentence) from problem
        raise (Unavailable(NOT_KNOWN) if ending.has_begun else Away(AWAY)) from problem


@contextlib.contextmanager
def beside() -> Iterator[None]:
    """Round what is written to files for the while: a full disk there is told in our words too."""
    try:
        yield
    except Exception as problem:
        if getattr(problem, "errno", None) == errno.ENOSPC or sentence_for(problem) == FULL:
            raise Unavailable(NO_ROOM_BESIDE) from problem
        raise


def sentence_for(problem: Exception) -> str | None:
    """What the driver's complaint means, by itself or as SQLAlchemy hands it on; None for a fault of ours."""
    said: Any = problem.orig if isinstance(problem, DBAPIError) else problem
    if (name := getattr(said, "sqlite_errorname", None)) is not None:
        return next((sentence for code, sentence in SQLITE_SAYS.items() if name.startswith(code)), None)
    if not hasattr(said, "sqlstate"):
        return None
    if said.sqlstate is None:  # nobody was there to answer, or not any more
        is_gone = isinstance(problem, DBAPIError) and problem.connection_invalidated
        return AWAY if is_gone or type(said).__name__ == "OperationalError" else None
    if said.sqlstate in WAITED_IN_VAIN:
        return TRY_AGAIN
    return next((sentence for begins, sentence in POSTGRESQL_SAYS.items() if said.sqlstate.startswith(begins)), None)


def reason_of(problem: Exception) -> str:
    """What the driver said, never the statement: that carries a candidate's words."""
    said = str(problem.orig if isinstance(problem, DBAPIError) else problem).strip()
    return said.splitlines()[0] if said else type(problem).__name__
