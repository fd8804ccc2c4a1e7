"""Backups of a database that is in use: asked for, or once a day by whichever Perennial comes first."""

import logging
import threading
from pathlib import Path

from core.commands.backups import note_backup
from core.domain.refusal import Refused
from core.persistence.backup import Backup, Progress, back_up, backups_in, folder_of, forget_old, has_tools, name_for
from core.persistence.store import Store, Unavailable
from core.persistence.viewer import THE_PROGRAM, Viewer

log = logging.getLogger(__name__)

FIRST_LOOK, LOOKS_EVERY = 60.0, 900.0
"""Seconds: a minute after the start, then every quarter of an hour, it is looked whether today's is there."""


def address_of(store: Store) -> str:
    return store.engine.url.render_as_string(hide_password=False)


def make_backup(store: Store, viewer: Viewer, why: str = "asked", progress: Progress | None = None) -> Backup:
    """A new one, where this database's lie; what is not kept any longer goes. Raises Refused."""
    if not viewer.is_admin:
        raise Refused("Only an admin may do that.")
    url, now = address_of(store), store.now()
    folder = made_folder(url)
    day = now if why != "daily" else now.astimezone(store.calendar.zone)
    target = folder / name_for(why, day)
    back_up(url, target, progress)
    forget_old(folder, now)
    made = next(one for one in backups_in(folder) if one.path == target)
    with store.working(viewer) as work:
        note_backup(work, target.name, made.size)
    return made


def made_folder(url: str) -> Path:
    folder = folder_of(url)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise Refused(f"The folder {folder} can't be made: {problem.strerror}.") from problem
    return folder


def has_todays(store: Store) -> bool:
    name = name_for("daily", store.now().astimezone(store.calendar.zone))
    return (folder_of(address_of(store)) / name).exists()


def keep_daily(store: Store) -> threading.Event:
    """Back up daily, in a thread, until the event that is returned is set."""
    over = threading.Event()
    threading.Thread(target=_daily, args=(store, over), name="daily backup", daemon=True).start()
    return over


def _daily(store: Store, over: threading.Event) -> None:
    if not has_tools(address_of(store)):
        log.warning("There are no daily backups: PostgreSQL's client programs are not on this machine.")
        return
    wait = FIRST_LOOK
    while not over.wait(wait):
        wait = LOOKS_EVERY
        try:
            if not has_todays(store):
                made = make_backup(store, THE_PROGRAM, "daily")
                log.info("Backed up to %s.", made.path)
        except (Refused, Unavailable) as refused:
            log.warning("There is no backup of today: %s. “perennial db backup” says why.", refused)
        except Exception:
            log.exception("There is no backup of today.")
