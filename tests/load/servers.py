"""What is loaded: Perennial in processes of its own, HAProxy before two of them, and what they take of the machine."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import click

from tests.make import free_port

ROOT = Path(__file__).parents[2]
HAPROXY = Path(__file__).with_name("haproxy.cfg")
LOOK, RESTS = 2.0, 0.1
"""Seconds between two looks at a server, and the share of a processor that one with nothing to do still takes."""
TICK = os.sysconf("SC_CLK_TCK")


class Server:
    """One process that serves a database, on a free port."""

    def __init__(self, database: str, log: Path) -> None:
        self.port, self.log = free_port(), log
        self.address = f"127.0.0.1:{self.port}"
        environment = {**os.environ, "PERENNIAL_DATABASE_URL": database}
        with log.open("w") as written:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "core.cli", "serve", "--port", str(self.port)],
                cwd=ROOT,
                env=environment,
                stdout=written,
                stderr=subprocess.STDOUT,
            )

    def await_answer(self) -> None:
        await_answer(self.address, self.process)

    def await_rest(self) -> None:
        """Until it has loaded what it will need and has looked through its file, as after each start."""
        before, spent = -1.0, self.seconds()
        while spent - before > RESTS * LOOK:
            time.sleep(LOOK)
            before, spent = spent, self.seconds()

    def kill(self) -> None:
        """As if the machine had gone: nothing is put away."""
        self.process.kill()
        self.process.wait(20)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)

    def memory(self) -> float:
        """MiB that it holds just now."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        return 0.0

    def seconds(self) -> float:
        """Of processor time, so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def errors(self) -> int:
        """What its log says went wrong."""
        return self.log.read_text().count(" ERROR ")


@contextmanager
def serving(database: str, folder: Path, number: int) -> Iterator[list[Server]]:
    """So many processes over one database."""
    servers = [Server(database, folder / f"server-{place}.log") for place in range(number)]
    try:
        for server in servers:
            server.await_answer()
        yield servers
    finally:
        for server in servers:
            server.stop()


@contextmanager
def before(servers: list[Server]) -> Iterator[str]:
    """HAProxy before two of them, with the configuration that the README shows; answers its address."""
    program = shutil.which("haproxy") or shutil.which("/usr/sbin/haproxy")
    if program is None:
        raise click.ClickException("HAProxy is not here; on Debian: apt-get install haproxy.")
    address = f"127.0.0.1:{free_port()}"
    one, two = (server.address for server in servers)
    told = {"PROXY_ADDRESS": address, "PROCESS_ONE": one, "PROCESS_TWO": two}
    proxy = subprocess.Popen([program, "-db", "-f", str(HAPROXY)], env={**os.environ, **told})
    try:
        await_answer(address, proxy)
        yield address
    finally:
        proxy.terminate()
        proxy.wait(20)


def cookie_of(address: str) -> dict[str, str]:
    """By which the proxy knows which process has a browser's page."""
    with urlopen(f"http://{address}/healthz", timeout=20) as answer:
        said = answer.headers.get("set-cookie", "")
    name, _, value = said.partition(";")[0].partition("=")
    return {name: value} if name else {}


def busy() -> float:
    """Seconds that all processors together have worked, whoever for."""
    fields = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICK


def await_answer(address: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(1200):
        if process.poll() is not None:
            raise click.ClickException("The server did not start.")
        try:
            with urlopen(f"http://{address}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            pass
        time.sleep(0.05)
    raise click.ClickException("The server does not answer.")
