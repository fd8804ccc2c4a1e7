"""The audit trail: how its entries are sealed, and how they are told in words."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from core.domain.calendar import Calendar

NOTHING_BEFORE = bytes(32)
"""What the first entry is sealed upon."""

MEMBERS = {"owner", "owner_id", "host", "host_id", "cover", "of", "first_owner_id", "planned_host_id"}
PEOPLE = {"kept", "gone", "other", "referred"}
"""Columns that hold the id of a member, and of a candidate."""
UNSAID = {
    *("fact", "candidate", "opening", "token_version", "sort_name", "promise", "is_history", "handover_id"),
    *("offer_id", "client_id", "sha256", "batch_id", "opening_id", "process_id"),
}
"""Numbers that say nothing to a person, and what only follows from the rest."""
NOTHING = "nothing"

SUBJECTS = {
    "handover_offer": "an offer of people",
    "import_batch": "a list of people",
    "import_mapping": "how a list is read",
    "policy": "the policy",
    "skill_edition": "the skills",
    "skill_implication": "what a skill implies",
    "not_same": "two people who are alike",
    "page": "",
    "list": "",
    "login_attempt": "",
    "member": "",
}
"""What an entry is about, where that has no name of its own; else as its table is called."""

Names = Mapping[tuple[str, int], str]
"""By kind and id, of members and candidates."""


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


def in_words(changes: Mapping[str, Any] | None, names: Names, calendar: Calendar) -> Iterator[str]:
    """“Title: Developer → Tester”, “Owner: Ben → Ana”, “Name: changed”; of what is personal no more is known."""
    for column, change in (changes or {}).items():
        if column in UNSAID:
            continue
        yield from _told(_called(column), column, change, names, calendar)


def _told(label: str, column: str, change: Any, names: Names, calendar: Calendar) -> Iterator[str]:
    if isinstance(change, Mapping):
        for name, one in change.items():
            within = (
                f"{label}, {_called(name) if name == name.lower() else name}" if label != "Values" else _called(name)
            )
            yield from _told(within, name, one, names, calendar)
    elif isinstance(change, list) and len(change) == 2:
        was, becomes = (_said(column, value, names, calendar) for value in change)
        if was != becomes:
            yield f"{label}: {was} → {becomes}"
    elif change is not None and change != "":
        yield f"{label}: {_said(column, change, names, calendar)}"


def _called(column: str) -> str:
    return re.sub(r"_(id|at|on)$", "", column).replace("_", " ").capitalize()


def _said(column: str, value: Any, names: Names, calendar: Calendar) -> str:
    if (kind := _kind(column)) and isinstance(value, int):
        return names.get((kind, value), "somebody")
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_said(column, one, names, calendar) for one in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_said(name, one, names, calendar)}" for name, one in value.items())
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d", value):
        return f"{datetime.fromisoformat(value).astimezone(calendar.zone):%Y-%m-%d %H:%M}"
    return str(value)


def _kind(column: str) -> str:
    """Whose id stands in this column, of members and candidates."""
    if column in MEMBERS or column.endswith("by_id"):
        return "member"
    return "candidate" if column in PEOPLE else ""


def numbers_in(changes: Mapping[str, Any] | None) -> Iterator[tuple[str, int]]:
    """Members and candidates it speaks of by their id."""
    for column, change in (changes or {}).items():
        kind = _kind(column)
        values = change if isinstance(change, list) else [change]
        yield from ((kind, value) for value in values if kind and isinstance(value, int))
