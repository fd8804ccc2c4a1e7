"""The audit trail as a chain: each entry is numbered after the one before it, and sealed upon it."""

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from core.domain.refusal import Refused
from core.domain.trail import seal
from core.persistence.bulk import strokes
from core.persistence.tables import AuditEntry, AuditHead, Member

log = logging.getLogger("perennial.trail")


class Record(NamedTuple):
    """What a command did, to be written when its unit of work is kept."""

    action: str
    subject_kind: str
    subject_id: int | None
    changes: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the audit trail: noted elsewhere, it says whether the trail up to there is still the same."""

    entry_id: int
    seal: bytes

    def __str__(self) -> str:
        return f"{self.entry_id}:{self.seal.hex()}"

    @classmethod
    def of(cls, noted: str) -> "Head":
        """As it was printed; raises Refused."""
        number, _, seal = noted.strip().partition(":")
        try:
            return cls(int(number), bytes.fromhex(seal))
        except ValueError:
            raise Refused("That is no seal: it is a number, a colon and 64 characters, as a check prints it.") from None


def trail_head(session: Session) -> Head:
    return Head(*session.execute(select(AuditHead.entry_id, AuditHead.seal)).one())


def hold_actor(session: Session, actor_id: int | None) -> None:
    """Lock the acting member's row before the end of the trail is locked.

    Else PostgreSQL would lock it to check the foreign key, while an entry is written: and whoever has that row, and
    waits for the end of the trail, would wait for us as we wait for them.
    """
    if actor_id is not None and session.get_bind().dialect.name == "postgresql":
        session.execute(select(Member.id).where(Member.id == actor_id).with_for_update(key_share=True, read=True))


_AT_END = AuditHead.__table__
_HEAD = select(_AT_END.c.entry_id, _AT_END.c.at, _AT_END.c.seal).with_for_update()
_ENTRY, _NEXT = insert(AuditEntry.__table__), update(_AT_END)
"""Made once: each unit of work runs them."""


def append(session: Session, records: Iterable[Record], *, at: datetime, actor_id: int | None) -> None:
    """The very last thing a unit of work does: on PostgreSQL everybody else waits here until it is kept."""
    head: Any = None
    for some in strokes(records):
        if head is None:
            head = session.execute(_HEAD).one()
            last, sealed = head.entry_id, head.seal
        rows = []
        for action, subject_kind, subject_id, changes in some:
            last += 1
            said: dict[str, Any] = {
                "id": last,
                "at": at,
                "actor_id": actor_id,
                "action": action,
                "subject_kind": subject_kind,
                "subject_id": subject_id,
                "changes": json.loads(json.dumps(changes)) or None,  # as the database will tell it
            }
            sealed = seal(sealed, **said)
            rows.append({**said, "seal": sealed})
        session.connection().execute(_ENTRY, rows)
    if head is not None:
        session.connection().execute(_NEXT, {"entry_id": last, "at": at, "seal": sealed})
        if head.at is not None and head.at.date() != at.date():
            log.info("Audit trail: entry %d of %s is sealed %s", head.entry_id, f"{head.at:%Y-%m-%d}", head.seal.hex())
