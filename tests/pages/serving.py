"""A server in a process of its own, forked from one that has loaded what every server loads: that takes seconds."""

import multiprocessing
import os
from multiprocessing.process import BaseProcess
from pathlib import Path

from core.cli import main

ROOT = Path(__file__).parent.parent.parent
FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload([f"{__package__}.forked"])


def server_process(port: int, log: Path, environment: dict[str, str]) -> BaseProcess:
    """`perennial serve`, not started yet."""
    return FORKING.Process(target=_serve, args=(port, log, environment))


def _serve(port: int, log: Path, environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    with log.open("w") as written:
        for stream in (1, 2):
            os.dup2(written.fileno(), stream)
    main(["serve", "--port", str(port)])
