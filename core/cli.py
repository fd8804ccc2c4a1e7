"""The command line: `perennial serve` and what a terminal does better than a page. Thin, over what the pages use."""

import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from core.domain.refusal import Refused
from core.settings import ROOT, Settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Perennial keeps a recruiting team's word to its candidates."""


@main.command()
@click.option("--demo", is_flag=True, help="A made-up team, in a database thrown away at the end.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to answer on.")
@click.option("--address", help="The address to answer on.")
def serve(demo: bool, port: int | None, address: str | None) -> None:
    """Serve Perennial until it is stopped with Ctrl+C."""
    if port is not None:
        os.environ["PERENNIAL_PORT"] = str(port)
    if address is not None:
        os.environ["PERENNIAL_ADDRESS"] = address
    with refusing(), _throw_away_database() if demo else _no_preparation():
        _serve()


@contextmanager
def refusing() -> Iterator[None]:
    """What a person did wrong is one sentence and exit code 2."""
    try:
        yield
    except Refused as refused:
        click.echo(str(refused), err=True)
        sys.exit(2)


@contextmanager
def _no_preparation() -> Iterator[None]:
    yield


@contextmanager
def _throw_away_database() -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="perennial-demo-") as folder:
        os.environ["PERENNIAL_DATABASE_URL"] = f"sqlite:///{Path(folder) / 'demo.db'}"
        yield


def _serve() -> None:
    from core import auth, settings
    from core.commands.policy import ensure_first_policy
    from core.persistence.migrations import upgrade
    from core.persistence.store import open_store
    from core.persistence.work import THE_PROGRAM

    chosen = settings.current()
    _free(chosen)
    upgrade(chosen.database_url)
    store = open_store(chosen.database_url, chosen.calendar)
    with store.working(THE_PROGRAM) as work:
        ensure_first_policy(work)
    secret = auth.offer_setup(store)
    store.engine.dispose()
    click.echo(f"Perennial answers at {chosen.origin}")
    if secret:
        click.echo(f"Nobody has set it up yet. To do so, open {chosen.origin}/setup/{secret}")

    sys.path.insert(0, str(ROOT))
    import app

    app.serve(
        {
            "server.port": chosen.port,
            "server.address": chosen.address,
            "server.allowedHosts": list(chosen.allowed_hosts),
            "server.maxUploadSize": chosen.upload_mb,
        }
    )


def _free(chosen: Settings) -> None:
    family = socket.AF_INET6 if ":" in chosen.address else socket.AF_INET
    with socket.socket(family) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((chosen.address, chosen.port))
        except OSError as taken:
            raise Refused(
                f"Port {chosen.port} of {chosen.address} is not free: is Perennial running already? PERENNIAL_PORT"
                " sets another."
            ) from taken


if __name__ == "__main__":
    main()
