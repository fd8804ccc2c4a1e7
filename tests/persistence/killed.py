"""A program whose writers are killed, one after the other, in the middle of what they do.

`python -m tests.persistence.killed URL CANDIDATE KILLS` prints the id of every word that was acknowledged.
"""

import os
import signal
import sys
import time

from core.persistence.store import open_store
from tests.make import a_word_from_her, saved


def write(url: str, candidate_id: int, acknowledge: int) -> None:
    """Put words from her on record, and only then say which."""
    store = open_store(url)
    while True:
        os.write(acknowledge, b"%d\n" % saved(store, a_word_from_her(candidate_id=candidate_id)))


def main(url: str, candidate_id: int, kills: int) -> None:
    for kill in range(kills):
        acknowledged, acknowledge = os.pipe()
        writer = os.fork()
        if not writer:
            write(url, candidate_id, acknowledge)
        os.close(acknowledge)
        with os.fdopen(acknowledged) as said:
            for _ in range(1 + kill % 4):
                print(said.readline(), end="")
            time.sleep(0.001 * kill)
            os.kill(writer, signal.SIGKILL)
            os.waitpid(writer, 0)
            print(*said, sep="", end="", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
