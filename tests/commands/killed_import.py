"""Imports that are killed, one after the other, at any moment between the first row laid out and the last written.

`python -m tests.commands.killed_import URL KILLS ROWS` prints, for each, how many people there are after it.
"""

import os
import signal
import sys
import time

from sqlalchemy import func, select

from core.commands.lists import import_file, look_at
from core.importers.ready import Choices
from core.persistence.store import open_store
from core.persistence.tables import Candidate
from core.persistence.work import THE_PROGRAM


def a_list(kill: int, rows: int) -> bytes:
    people = "".join(f"Noor Haddad{kill}x{row},noor{kill}x{row}@x.example\n" for row in range(rows))
    return f"Name,E-mail\n{people}".encode()


def bring_in(url: str, kill: int, rows: int, ready: int) -> None:
    store = open_store(url)
    looked = look_at(store, a_list(kill, rows), "list.csv")
    os.write(ready, b"x")
    import_file(store, THE_PROGRAM, looked, Choices())
    os.write(ready, b"y")
    os._exit(0)


def main(url: str, kills: int, rows: int) -> None:
    seconds = 0.0
    for kill in range(kills):
        is_ready, ready = os.pipe()
        writer = os.fork()
        if not writer:
            bring_in(url, kill, rows, ready)
        os.read(is_ready, 1)
        begun = time.perf_counter()
        if kill == 0:  # the first is let be, and tells how long one takes
            os.read(is_ready, 1)
            seconds = time.perf_counter() - begun
        else:
            time.sleep(seconds * kill / kills)
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
        store = open_store(url)
        with store.reading() as session:
            print(session.scalar(select(func.count()).select_from(Candidate)), flush=True)
        store.engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
