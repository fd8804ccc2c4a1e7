"""kill -9: a writer in a process of its own, ended at a random moment; and a PostgreSQL that can be ended like that."""

import contextlib
import getpass
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.make import free_port


def killed(
    write: Callable[[int], None],
    *,
    after: int,
    wait: float,
    also: Callable[[], None] = lambda: None,
    patience: float = 60,
) -> list[str]:
    """Let it write in a process of its own, and kill that `wait` seconds after so many acknowledgements.

    `also` is killed first. What was acknowledged: a token counts once its whole line has come through the pipe.
    """
    heard, said = os.pipe()
    writer = os.fork()
    if not writer:
        try:
            os.close(heard)
            write(said)
        except BaseException:
            traceback.print_exc()
        finally:  # the child must never run what the parent has to clean up
            os._exit(1)
    os.close(said)
    os.set_blocking(heard, False)
    text, until, deadline = b"", time.monotonic() + patience, None
    while time.monotonic() < (deadline or until):
        with contextlib.suppress(BlockingIOError):
            if (piece := os.read(heard, 65_536)) == b"":
                break
            text += piece
        if deadline is None and text.count(b"\n") >= after:
            deadline = time.monotonic() + wait
        time.sleep(0.0005)
    also()
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)
    with contextlib.suppress(BlockingIOError):
        while piece := os.read(heard, 65_536):
            text += piece
    os.close(heard)
    if deadline is None:
        raise AssertionError(f"the writer said only {text.decode()!r}")
    return [line.removeprefix("ACK ") for line in text.decode().split("\n")[:-1]]


def moments(seed: int) -> Iterator[tuple[int, float]]:
    """After how many acknowledgements, and how many seconds later."""
    chance = random.Random(seed)
    while True:
        yield chance.randint(0, 6), chance.uniform(0, 0.1)


class OwnPostgres:
    """A PostgreSQL that keeps every promise (fsync and all), can be killed as a whole, and started again."""

    def __init__(self, tools: Path) -> None:
        self.tools, self.port = tools, free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="perennial-faults-"))
        self.url = f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"
        self._user = "pgserver" if getpass.getuser() == "root" else None
        if self._user:
            shutil.chown(self.folder, self._user)
        self._run(
            "initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", f"--pgdata={self.folder}"
        )
        self.start()

    def start(self) -> None:
        settings = (
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "shared_buffers=32MB",
        )
        command = [str(self.tools / "postgres"), "-D", str(self.folder), *(f"--{setting}" for setting in settings)]
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(command, user=self._user, stdout=log, stderr=log, cwd="/")
        ready = [str(self.tools / "pg_isready"), "--host=127.0.0.1", f"--port={self.port}"]
        until = time.monotonic() + 60
        while subprocess.run(ready, check=False, stdout=subprocess.DEVNULL).returncode:
            if time.monotonic() > until or self._server.poll() is not None:
                raise AssertionError((self.folder / "log").read_text())
            time.sleep(0.05)

    def stop(self) -> None:
        """As a machine goes down that is shut down: no new work, what is begun is broken off."""
        self._server.send_signal(signal.SIGINT)
        self._server.wait(30)

    def kill(self) -> None:
        """The whole of it, at once."""
        children = Path(f"/proc/{self._server.pid}/task/{self._server.pid}/children").read_text().split()
        self._server.kill()
        for process in map(int, children):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._server.wait(30)
        while any(_is_alive(int(process)) for process in children):
            time.sleep(0.01)

    def put_away(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, tool: str, *arguments: str) -> None:
        command = [str(self.tools / tool), *arguments]
        subprocess.run(command, user=self._user, check=True, stdout=subprocess.DEVNULL, cwd="/")


def _is_alive(process: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False
