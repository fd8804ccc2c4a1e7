"""Lists that were uploaded and are not decided on yet: a reload, or a second tab, finds them again.

They lie in the machine's folder for temporary files, not in the database or beside it: what was not brought in is
nobody's record, belongs in no backup, and is gone after a day. Only the account that runs Perennial can open the
folder. Each member's lie in a folder of their own, under names that nobody can guess: a name alone opens nothing.
"""

import json
import os
import re
import secrets
import shutil
import stat
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

KEPT_FOR = timedelta(days=1)
_NAME = re.compile(r"[A-Za-z0-9_-]{22}")
_DATA, _ABOUT = "list", "about.json"


@dataclass(frozen=True, slots=True)
class Kept:
    filename: str
    data: bytes
    said: dict[str, Any]
    """What was chosen so far."""


@dataclass(frozen=True, slots=True)
class Drafts:
    folder: Path

    def keep(self, member_id: int, filename: str, data: bytes, said: dict[str, Any], *, now: datetime) -> str:
        """The name by which its member finds it again."""
        self.sweep(now)
        name = secrets.token_urlsafe(16)
        place = self._place(member_id, name)
        place.mkdir(mode=0o700, parents=True)
        _write(place / _DATA, data)
        _write(place / _ABOUT, _as_json(filename, said, now))
        return name

    def note(self, member_id: int, name: str, filename: str, said: dict[str, Any], *, now: datetime) -> None:
        """What was chosen since; nothing where the draft is gone."""
        if (place := self._there(member_id, name)) is not None:
            _write(place / _ABOUT, _as_json(filename, said, now))

    def find(self, member_id: int, name: str, *, now: datetime) -> Kept | None:
        """None for one that is gone, that is too old, or that somebody else uploaded."""
        place = self._there(member_id, name)
        if place is None:
            return None
        try:
            about = json.loads((place / _ABOUT).read_bytes())
            if now - datetime.fromisoformat(about["at"]) > KEPT_FOR:
                return None
            return Kept(about["filename"], (place / _DATA).read_bytes(), about["said"])
        except (OSError, ValueError, KeyError):
            return None

    def drop(self, member_id: int, name: str) -> None:
        if (place := self._there(member_id, name)) is not None:
            shutil.rmtree(place, ignore_errors=True)

    def drop_all(self) -> None:
        """Called when somebody is erased: any draft may name them."""
        for place in self.folder.glob("*/*"):
            shutil.rmtree(place, ignore_errors=True)

    def sweep(self, now: datetime) -> None:
        """Those nobody touched for a day are gone, whoever they belonged to."""
        for about in self.folder.glob(f"*/*/{_ABOUT}"):
            try:
                at = datetime.fromisoformat(json.loads(about.read_bytes())["at"])
            except (OSError, ValueError, KeyError):
                continue
            if now - at > KEPT_FOR:
                shutil.rmtree(about.parent, ignore_errors=True)

    def _place(self, member_id: int, name: str) -> Path:
        return self.folder / str(int(member_id)) / name

    def _there(self, member_id: int, name: str) -> Path | None:
        if not _NAME.fullmatch(name):
            return None
        place = self._place(member_id, name)
        return place if place.is_dir() else None


def drafts_of(database_url: str) -> Drafts:
    """Those of one Perennial: two on one machine know other members by the same numbers."""
    account = getattr(os, "getuid", lambda: 0)()
    of_this = sha256(database_url.encode()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"perennial-lists-{account}-{of_this}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if not _is_ours_alone(folder, account):  # somebody else made a folder of that name
        folder = Path(tempfile.mkdtemp(prefix="perennial-lists-"))
    return Drafts(folder)


def _is_ours_alone(folder: Path, account: int) -> bool:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        return False
    return os.name == "nt" or (found.st_uid == account and not found.st_mode & 0o077)


def _as_json(filename: str, said: dict[str, Any], now: datetime) -> bytes:
    return json.dumps({"filename": filename, "at": now.isoformat(), "said": said}).encode()


def _write(file: Path, data: bytes) -> None:
    """Whole or not at all, and readable by nobody else from the first byte."""
    half = file.with_suffix(f".{secrets.token_hex(4)}")
    with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
        written.write(data)
    half.replace(file)
