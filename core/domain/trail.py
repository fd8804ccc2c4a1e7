"""The audit trail: how its entries are sealed."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

NOTHING_BEFORE = bytes(32)
"""What the first entry is sealed upon."""


def seal(
    before: bytes,
    *,
    id: int,
    at: datetime,
    actor_id: int | None,
    action: str,
    subject_kind: str,
    subject_id: int | None,
    changes: Mapping[str, Any] | None,
) -> bytes:
    """SHA-256 of all that an entry says and of the seal before it, which does the same: so of everything up to it.

    No secret goes into it. Whoever may write the database's files can read a secret on the same machine; but nobody can
    make up other entries that end in a seal that was noted elsewhere.
    """
    said = [id, at.astimezone(UTC).isoformat(), actor_id, action, subject_kind, subject_id, changes]
    return hashlib.sha256(before + json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).digest()
