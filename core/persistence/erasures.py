"""Who was erased, and what people asked of their data, on record beside the database.

Whoever restores an older backup has them erased once more, and owes the answers still. No personal data: numbers,
days and moments. A backup cannot hold what came after it, so this is no table of the database.
"""

import contextlib
import json
import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, case, event, inspect, select
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


Person = tuple[int, datetime]
"""A record of somebody: its number, and the moment it came, which tells it from a later one of the same number."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of somebody's, as it stood at last."""

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
    is_lost: bool = False
    """A restore has said so: the backup did not know who asked."""

    @property
    def person(self) -> Person:
        return self.candidate_id, self.added_at

    @property
    def key(self) -> tuple[Person, RequestKind, datetime]:
        """It is told from others by when it was noted."""
        return self.person, self.kind, self.opened_at


class Journal:
    """What the file says, read once, and what is added to it from then on."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.erased: dict[Person, datetime] = {}
        self._asked: dict[tuple[Person, RequestKind, datetime], Asked] = {}
        for told in _told(file):
            if isinstance(told, list):
                number, added, at = told
                self.erased[number, datetime.fromisoformat(added)] = datetime.fromisoformat(at)
            else:
                self._take([_asked(told)])

    @property
    def asked(self) -> list[Asked]:
        """Every request, as it stood at last."""
        return list(self._asked.values())

    def catch_up(self, database: Session | Connection) -> None:
        """With what the database knows: after each erasure, at a start, before a restore. Safe to repeat.

        A request is missing here if it was noted by a version that kept no such file, or if Perennial was killed
        between the commit and the line. What is answered here stays so: the database may be an older one that was
        brought back by other means. One that is older than requests raises DBAPIError, once the erased are written.
        """
        query = select(Candidate.id, Candidate.added_at, Candidate.erased_at).where(Candidate.erased_at.is_not(None))
        gone = {(id_, added): at for id_, added, at in database.execute(query.order_by(Candidate.id)) if at}
        new = {person: at for person, at in gone.items() if person not in self.erased}
        _append([[number, added.isoformat(), at.isoformat()] for (number, added), at in new.items()], self.file)
        self.erased |= new
        stored = [Asked(*row) for row in database.execute(_REQUESTS.order_by(PrivacyRequest.id))]
        answered = {one.key for one in self.asked if one.state is not RequestState.OPEN}
        self._add([one for one in stored if one.key not in answered])

    def note_lost(self, lost: Iterable[Asked]) -> None:
        """It was said that they are: once is enough, unless a database knows them again."""
        self._add([replace(one, is_lost=True) for one in lost])

    def _add(self, asked: list[Asked]) -> None:
        known = set(self._asked.values())
        new = [one for one in asked if one not in known]
        _append([asdict(one) for one in new], self.file)
        self._take(new)

    def _take(self, asked: list[Asked]) -> None:
        self._asked |= {one.key: one for one in asked}


def file_of(url: str | URL) -> Path:
    """Beside an SQLite file; of another database in the folder for data, by its name."""
    address = make_url(url)
    name = Path(address.database or "perennial")
    folder = name.parent if address.get_backend_name() == "sqlite" else FOLDER
    before = folder / f"{name.stem}.forgotten"  # as it was called at first
    return before if before.exists() else folder / f"{name.stem}.erased"


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
    row = database.execute(_REQUESTS.where(PrivacyRequest.id == request.id)).one()
    session.info.setdefault(ASKED, {})[request.id] = Asked(*row)


event.listen(PrivacyRequest, "after_insert", _note_asked)
event.listen(PrivacyRequest, "after_update", _note_asked)


_REQUESTS = select(
    PrivacyRequest.candidate_id,
    Candidate.added_at,
    PrivacyRequest.kind,
    PrivacyRequest.channel,
    PrivacyRequest.received_on,
    PrivacyRequest.opened_at,
    PrivacyRequest.due_on,
    PrivacyRequest.state,
    PrivacyRequest.done_at,
    case((PrivacyRequest.fetched_at.is_(None), PrivacyRequest.fetch_until)),
).join(Candidate, Candidate.id == PrivacyRequest.candidate_id)


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
