"""Who was erased, on record beside the database: whoever restores an older backup has them erased once more.

No personal data: numbers and moments. A backup cannot hold what came after it, so this is no table of the database.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session

from core import settings
from core.persistence.tables import Candidate

JOURNAL = "journal"
"""Under which a session knows the file."""
FOLDER = settings.ROOT / "data"
"""Of a database that is no file."""


@dataclass(frozen=True, slots=True)
class Erased:
    """A record of somebody who was; the moment it came tells it from a later one of the same number."""

    candidate_id: int
    added_at: datetime
    erased_at: datetime


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
    """As the file knows it; a last line that was broken off counts for nothing."""
    found: list[Erased] = []
    for line in file.read_text().splitlines() if file.exists() else ():
        try:
            id_, added, at = json.loads(line)
        except ValueError:
            continue
        found.append(Erased(id_, datetime.fromisoformat(added), datetime.fromisoformat(at)))
    return found


def remember(gone: Iterable[Erased], file: Path) -> None:
    """Append whoever the file does not know yet. Safe to repeat: after each erasure, at a start, before a restore."""
    known = {(one.candidate_id, one.added_at) for one in remembered(file)}
    new = [one for one in gone if (one.candidate_id, one.added_at) not in known]
    if not new:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as written:
        for one in new:  # each on a line of its own, even after one that was broken off
            written.write("\n" + json.dumps([one.candidate_id, one.added_at.isoformat(), one.erased_at.isoformat()]))
        written.flush()
        os.fsync(written.fileno())
