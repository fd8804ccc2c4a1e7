"""By what whoever was erased is known again when a list brings them back: a keyed hash of each of their addresses.

The key stands beside the database and in no backup: whoever has the hashes alone can't try out whose they are.
"""

import contextlib
import hmac
import os
import secrets
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from core.domain.handles import Handle, mailbox
from core.persistence.bulk import AMONG, as_list, strokes
from core.persistence.erasures import JOURNAL
from core.persistence.tables import Tombstone

KEY_BYTES = 32
TOMBSTONE = Tombstone.__table__


def add_tombstones(session: Session, handles: Iterable[Handle], on: date) -> None:
    """For each address of somebody who is erased."""
    key = _key(session) or _new_key(_key_file(session))
    new = {_digest(handle, key) for handle in handles}
    there = set(session.scalars(select(TOMBSTONE.c.digest).where(TOMBSTONE.c.digest.in_(new))))
    if new - there:
        session.execute(insert(TOMBSTONE), [{"digest": one, "erased_on": on} for one in sorted(new - there)])


def erased_among(session: Session, handles: Iterable[Handle]) -> dict[Handle, date]:
    """Those of the addresses that were of somebody who was erased, and when that was.

    They are only gone through where anybody was, so that they may be something that takes time to find.
    """
    key = _key(session) if handles else None
    if key is None or session.scalar(select(TOMBSTONE.c.digest).limit(1)) is None:
        return {}
    of_digest: dict[str, list[Handle]] = {}
    for handle in set(handles):
        of_digest.setdefault(_digest(handle, key), []).append(handle)
    dialect = session.get_bind().dialect.name
    query = select(TOMBSTONE.c.digest, TOMBSTONE.c.erased_on).where(text(f"digest {AMONG[dialect]}"))
    rows = (row for some in strokes(of_digest) for row in session.execute(query, {"list": as_list(some)}))
    return {handle: on for digest, on in rows for handle in of_digest[digest]}


def remove_tombstones(session: Session, handles: Iterable[Handle]) -> None:
    """Of somebody who came back by themselves."""
    if key := _key(session):
        digests = [_digest(handle, key) for handle in handles]
        session.execute(delete(TOMBSTONE).where(TOMBSTONE.c.digest.in_(digests)))


def _digest(handle: Handle, key: bytes) -> str:
    value = mailbox(handle.value) if handle.kind == "email" else handle.value
    return hmac.digest(key, f"{handle.kind}:{value}".encode("utf-8", "surrogatepass"), "sha256").hex()


def _key_file(session: Session) -> Path:
    journal: Path = session.info[JOURNAL]
    return journal.with_suffix(".key")


def _key(session: Session) -> bytes | None:
    try:
        return bytes.fromhex(_key_file(session).read_text())
    except FileNotFoundError:
        return None


def _new_key(file: Path) -> bytes:
    """Made whole before it gets its name: of two processes that make one, both go by the first."""
    file.parent.mkdir(parents=True, exist_ok=True)
    making = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    try:
        with open(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
            written.write(secrets.token_hex(KEY_BYTES))
            written.flush()
            os.fsync(written.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(making, file)
    finally:
        making.unlink(missing_ok=True)
    return bytes.fromhex(file.read_text())
