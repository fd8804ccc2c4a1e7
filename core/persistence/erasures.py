"""Who was erased, and what people asked of their data, on record beside the database.

Whoever restores an older backup has them erased once more, and owes the answers still. No personal data: numbers,
days and moments. A backup cannot hold what came after it, so this is no table of the database.
"""

import contextlib
import json
import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, inspect, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Mapper, Session

from core import settings
from core.persistence.tables import Candidate, PrivacyRequest, RequestChannel, RequestKind, RequestState

log = logging.getLogger(__name__)

JOURNAL = "journal"
"""Under which a session knows the file."""
ASKED = "asked"
"""Under which it has the requests that were written, until they are kept."""
FOLDER = settings.ROOT / "data"
"""Of a database that is no file."""


@dataclass(frozen=True, slots=True)
class Erased:
    """A record of somebody who was; the moment it came tells it from a later one of the same number."""

    candidate_id: int
    added_at: datetime
    erased_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of somebody's, as it stood at last. They are told as above, and the request by when it was noted."""

    candidate_id: int
    added_at: datetime
    kind: RequestKind
    channel: RequestChannel
    received_on: date
    opened_at: datetime
    due_on: date
    state: RequestState
    done_at: datetime | None
    fetch_until: date | None
    """Of a file with their data that waits on their own page."""


def file_of(url: str | URL) -> Path:
    """Beside an SQLite file; of another database in the folder for data, by its name."""
    address = make_url(url)
    name = Path(address.database or "perennial")
    folder = name.parent if address.get_backend_name() == "sqlite" else FOLDER
    before = folder / f"{name.stem}.forgotten"  # as it was called at first
    return before if before.exists() else folder / f"{name.stem}.erased"


def erased(database: Session | Connection) -> list[Erased]:
    """As the database knows it, each record by itself; by columns that every version has had."""
    query = select(Candidate.id, Candidate.added_at, Candidate.erased_at).where(Candidate.erased_at.is_not(None))
    return [Erased(id_, added, at) for id_, added, at in database.execute(query.order_by(Candidate.id)) if at]


def remembered(file: Path) -> list[Erased]:
    """As the file knows it."""
    gone = [told for told in _told(file) if isinstance(told, list)]
    return [Erased(id_, datetime.fromisoformat(added), datetime.fromisoformat(at)) for id_, added, at in gone]


def remember(gone: Iterable[Erased], file: Path) -> None:
    """Append whoever the file does not know yet. Safe to repeat: after each erasure, at a start, before a restore."""
    known = {(one.candidate_id, one.added_at) for one in remembered(file)}
    new = [one for one in gone if (one.candidate_id, one.added_at) not in known]
    _append([[one.candidate_id, one.added_at.isoformat(), one.erased_at.isoformat()] for one in new], file)


def asked(file: Path) -> list[Asked]:
    """Every request that the file knows, as it stood at last."""
    every = [_asked(told) for told in _told(file) if isinstance(told, dict)]
    return list({(one.candidate_id, one.added_at, one.kind, one.opened_at): one for one in every}.values())


def remember_asked(session: Session) -> None:
    """Append the requests that its unit of work wrote, once it is kept: then nothing is wrong with what was asked."""
    if ASKED in session.info:
        told = [asdict(one) for one in session.info.pop(ASKED).values()]
        try:
            _append(told, session.info[JOURNAL])
        except OSError:
            log.exception("What was asked could not be written beside the database.")


def _note_asked(_: Mapper[PrivacyRequest], database: Connection, request: PrivacyRequest) -> None:
    session = inspect(request).session
    assert session is not None
    session.info.setdefault(ASKED, {})[request.id] = Asked(
        request.candidate_id,
        database.execute(select(Candidate.added_at).where(Candidate.id == request.candidate_id)).scalar_one(),
        request.kind,
        request.channel,
        request.received_on,
        request.opened_at,
        request.due_on,
        request.state,
        request.done_at,
        None if request.fetched_at else request.fetch_until,
    )


event.listen(PrivacyRequest, "after_insert", _note_asked)
event.listen(PrivacyRequest, "after_update", _note_asked)


def _asked(told: dict[str, Any]) -> Asked:
    days = {name: told[name] and date.fromisoformat(told[name]) for name in ("received_on", "due_on", "fetch_until")}
    moments = {name: told[name] and datetime.fromisoformat(told[name]) for name in ("added_at", "opened_at", "done_at")}
    words = {
        "kind": RequestKind(told["kind"]),
        "channel": RequestChannel(told["channel"]),
        "state": RequestState(told["state"]),
    }
    return Asked(**{**told, **days, **moments, **words})


def _told(file: Path) -> Iterator[Any]:
    """Line by line; one that was broken off counts for nothing."""
    for line in file.read_text().splitlines() if file.exists() else ():
        with contextlib.suppress(ValueError):
            yield json.loads(line)


def _append(told: list[Any], file: Path) -> None:
    if not told:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as written:
        for one in told:  # each on a line of its own, even after one that was broken off
            written.write("\n" + json.dumps(one, default=lambda at: at.isoformat()))
        written.flush()
        os.fsync(written.fileno())
