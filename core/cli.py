"""The command line: `perennial serve`, and what a terminal does better than a page. Thin, over what the pages use.

What a person did wrong is one sentence on stderr and exit code 2. Imports come late: `perennial --help` is quick.
"""

import json
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext, redirect_stdout, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core import clock
from core.domain.backups import KEPT
from core.domain.refusal import Refused

if TYPE_CHECKING:
    from core.demo import Account
    from core.importers.preview import Preview
    from core.persistence.store import Store
    from core.persistence.viewer import Viewer
    from core.settings import Settings

SHOWN = 20
"""So many differences are said one by one."""

BASES = ["consent", "applied", "public profile", "referral", "relationship"]
TAKEN = ["name", "title", "company", "location", "notes"]
"""What `--basis` and `--take` can be; a test holds them to what the import knows."""

READABLE_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class _Sentences(click.Group):
    """Whatever is refused ends as a sentence, never as a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refused as refused:
            sentence = str(refused)
        except click.ClickException:
            raise
        except Exception as error:
            known = _sentence_for(error)
            if known is None:
                raise
            sentence = known
        click.echo(sentence, err=True)
        sys.exit(2)


@click.group(cls=_Sentences, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Perennial keeps a recruiting team's word to its candidates."""


# serving


@main.command()
@click.option("--demo", is_flag=True, help="With a made-up team, in a database thrown away at the end.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to answer on.")
@click.option("--address", help="The address to answer on.")
def serve(demo: bool, port: int | None, address: str | None) -> None:
    """Serve Perennial until it is stopped with Ctrl+C."""
    for name, value in (("PERENNIAL_PORT", port), ("PERENNIAL_ADDRESS", address)):
        if value is not None:
            os.environ[name] = str(value)
    with suppress(KeyboardInterrupt), _throw_away_database() if demo else nullcontext():
        settings = _settings()
        _refuse_taken(settings)
        with _store(prepared=True) as store:
            if demo:
                _make_up(store)
            _keep_on_record(store)
        _serve(settings)


def _keep_on_record(store: "Store") -> None:
    """Whoever was erased, and what people asked of their data, is on record beside the database too."""
    from core.persistence.erasures import Journal

    with store.reading() as session:
        Journal(store.journal).catch_up(session)


def _serve(settings: "Settings") -> None:
    from core.settings import ROOT

    sys.path.insert(0, str(ROOT))
    import app

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # an ordinary end: what was made for the while is put away
    app.serve(
        {
            "server.port": settings.port,
            "server.address": settings.address,
            "server.allowedHosts": list(settings.allowed_hosts),
            "server.maxUploadSize": settings.upload_mb,
        }
    )


@contextmanager
def _throw_away_database() -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="perennial-demo-", ignore_cleanup_errors=True) as folder:
        os.environ["PERENNIAL_DATABASE_URL"] = f"sqlite:///{folder}/demo.db"
        yield


def _refuse_taken(settings: "Settings") -> None:
    family = socket.AF_INET6 if ":" in settings.address else socket.AF_INET
    with socket.socket(family) as tried:
        if os.name != "nt":
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((settings.address, settings.port))
        except OSError as problem:
            raise Refused(
                f"Port {settings.port} of {settings.address} is not free ({problem.strerror})."
                " Is Perennial running already? Another port: perennial serve --port 8502, or PERENNIAL_PORT."
            ) from problem


# the database


@main.group()
def db() -> None:
    """The database: its schema, and backups."""


@db.command("upgrade")
@click.option("--without-backup", is_flag=True, help="Do not back it up before: you have a backup of your own.")
def db_upgrade(without_backup: bool) -> None:
    """Bring the database up to date; it is backed up before."""
    from core.persistence.migrations import upgrade

    is_newer = upgrade(_database(), say=click.echo, backs_up=not without_backup)
    click.echo("The database is up to date now." if is_newer else "The database was up to date.")


@db.command("backup", epilog=KEPT)
@click.argument("file", type=click.Path(path_type=Path), required=False)
def db_backup(file: Path | None) -> None:
    """Write the whole database to a new FILE, while everybody goes on working; without one, among the other backups."""
    from core.backing_up import make_backup
    from core.persistence.backup import back_up
    from core.persistence.viewer import THE_PROGRAM

    _there()
    with _bar("Backing up") as progress:
        if file is not None:
            back_up(_database(), file, progress)
        else:
            with _store() as store:
                file = make_backup(store, THE_PROGRAM, progress=progress).path
    click.echo(f"Backed up to {file} ({file.stat().st_size / 1_000_000:,.1f} MB).")


@db.command("erase-again")
def db_erase_again() -> None:
    """Erase once more whoever was erased since a backup was made: after bringing it back, before serving it."""
    from core.erasing import erase_again
    from core.persistence.erasures import Journal
    from core.restoring import note_requests

    with _store() as store:
        journal = Journal(store.journal)
        note_requests(store, journal, say=click.echo)
        number = erase_again(store, journal)
        click.echo(f"Erased once more, as {store.journal} says: {number}.")


@db.command("restore")
@click.argument("file", type=READABLE_FILE)
@click.option("--yes", is_flag=True, help="Do not ask before.")
def db_restore(file: Path, yes: bool) -> None:
    """Put the backup FILE in the database's place, while Perennial is stopped. What was there is kept as a backup."""
    from core.restoring import restore

    made = datetime.fromtimestamp(file.stat().st_mtime, UTC).astimezone(_settings().calendar.zone)
    if not yes:
        click.confirm(f"Everything will be as it was at {made:%Y-%m-%d %H:%M}. Go on?", abort=True)
    again = restore(_database(), file, now=clock.now(), say=click.echo)
    click.echo(f"Restored from {file}. Everybody signs in again, with the password they had then.")
    if again:
        click.echo(
            f"{again:,} {'person was' if again == 1 else 'people were'} erased again: erased since the backup was made."
        )


# people


@main.command()
@click.option("--candidates", type=click.IntRange(1), default=400, show_default=True, help="People they know.")
@click.option("--years", type=click.IntRange(1, 40), default=5, show_default=True, help="How long they have worked.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another number, other lives.")
def demo(candidates: int, years: int, seed: int) -> None:
    """Fill an empty database with a made-up team and its candidates."""
    with _store(prepared=True) as store:
        _make_up(store, candidates=candidates, years=years, seed=seed)


def _make_up(store: "Store", **how: int) -> None:
    from core.demo import load_demo

    with _bar("Telling five years of a team" if not how else "Telling the lives") as progress:
        accounts = load_demo(store, progress=progress, **how)
    tell_accounts(accounts)


def tell_accounts(accounts: Iterable["Account"]) -> None:
    """The made-up team's passwords: they are new each time, and shown once."""
    click.echo("\nThe made-up team. Sign in as one of them:\n")
    for account in accounts:
        click.echo(f"  {account.username:<12} {account.password:<20} {account.name}, {account.role.value}")
    click.echo()


@main.group()
def member() -> None:
    """Who belongs to the team."""


@member.command("add")
@click.argument("username")
@click.option("--name", required=True, help="As colleagues call them.")
@click.option("--role", type=click.Choice(["admin", "recruiter", "viewer"]), default="recruiter", show_default=True)
@click.option("--link", "by_link", is_flag=True, help="Print a link by which they choose their own password.")
def member_add(username: str, name: str, role: str, by_link: bool) -> None:
    """Add USERNAME to the team. The password is asked for, or read from stdin."""
    from core.commands.members import add_member, invite_member
    from core.persistence.tables.team import Role
    from core.persistence.viewer import THE_PROGRAM

    with _store(prepared=True) as store:
        if by_link:
            with store.working(THE_PROGRAM) as work:
                secret = invite_member(work, username=username, name=name, role=Role(role))
            _tell_link(username, secret)
            return
        password = _password()
        with store.working(THE_PROGRAM) as work:
            add_member(work, username=username, name=name, role=Role(role), password=password)
    click.echo(f"{name} can sign in as {username.strip().lower()}.")


@member.command("password")
@click.argument("username")
def member_password(username: str) -> None:
    """Give USERNAME a new password; whoever is signed in with the old one is out."""
    from core.commands.members import set_password
    from core.persistence.viewer import THE_PROGRAM

    with _store() as store:
        member_id = _member(store, username)
        password = _password()
        with store.working(THE_PROGRAM) as work:
            set_password(work, member_id, password)
    click.echo("The new password is good from now on.")


@member.command("link")
@click.argument("username")
def member_link(username: str) -> None:
    """Print a link by which USERNAME, locked out, chooses a new password; the one they have is void at once."""
    from core.commands.members import reset_password
    from core.persistence.viewer import THE_PROGRAM

    with _store() as store:
        member_id = _member(store, username)
        with store.working(THE_PROGRAM) as work:
            secret = reset_password(work, member_id)
    _tell_link(username, secret)


def _member(store: "Store", username: str) -> int:
    from sqlalchemy import select

    from core.persistence.tables import Member

    with store.reading() as session:
        member_id = session.scalar(select(Member.id).where(Member.username == username.strip().lower()))
    if member_id is None:
        raise Refused(f"There is no member “{username}”.")
    return member_id


def _tell_link(username: str, secret: str) -> None:
    click.echo(f"By this link {username.strip().lower()} chooses a password; it works once, for three days:\n")
    click.echo(f"  {_settings().origin}/password/{secret}\n")


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    from core.domain.passwords import RULE

    click.echo(RULE)
    return str(click.prompt("Password", hide_input=True, confirmation_prompt="Once more"))


@main.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--preview", "only_preview", is_flag=True, help="Say what would become of each row; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
@click.option("--sheet", help="The sheet of a workbook, or the file of a zip.")
@click.option(
    "--source", default="", help="Where these people are from; a list from there is read as the last one was."
)
@click.option("--basis", type=click.Choice(BASES), help="On what basis they are kept on record.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day of their consent.")
@click.option("--rhythm", help='How often to keep in touch with who is new: "6 weeks", "3 months".')
@click.option(
    "--column", "columns", multiple=True, metavar="HEADER=FIELD", help="A column is something else; no field: nothing."
)
@click.option(
    "--dates", multiple=True, metavar="HEADER=DMY|MDY", help="Whether a column of dates has the day or the month first."
)
@click.option("--afresh", is_flag=True, help="Read the columns as if no list like this had come before.")
@click.option(
    "--alike",
    type=click.Choice(["skip", "same", "new"]),
    default="skip",
    show_default=True,
    help="What becomes of who may be known already.",
)
@click.option(
    "--take",
    "take",
    multiple=True,
    type=click.Choice(TAKEN),
    help="Where list and store differ, the list is right about this.",
)
@click.option(
    "--left-out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the rows left out to this file, to be mended and brought in again.",
)
@click.option("--as", "username", help="The member who imports, and to whom new people belong.")
@click.option("--account", help="The profile address of the account, for messages that do not tell whose they are.")
def import_(
    file: Path, only_preview: bool, as_json: bool, left_out: Path | None, username: str | None, **how: Any
) -> None:
    """Bring in a list of people, or LinkedIn messages, from FILE."""
    from core.commands.lists import import_file
    from core.importers.preview import preview
    from core.importing import Asked, import_choices, look_at_file, read_as_asked, rows_left_out

    try:
        data = file.read_bytes()
    except OSError as problem:
        raise Refused(f"{file} can't be read: {problem.strerror}.") from problem
    asked, region = Asked.of(how), _settings().phone_region
    if wrong := asked.ground.what_is_wrong(_settings().calendar.day(clock.now())):
        raise Refused(f"{wrong} Write it as --basis consent --until 2027-11-30.")
    parsed = read_as_asked(data, file.name, asked, region=region)
    with ExitStack() as opened:
        if only_preview and not _has_database():
            found = preview(parsed, filename=file.name, region=region)
        else:
            with redirect_stdout(sys.stderr):  # what is said of the database is no part of the answer
                store = opened.enter_context(_store(prepared=not only_preview))
            with _bar(f"Reading {file.name}") as progress:
                looked = look_at_file(store, parsed, data, file.name, asked, region=region, progress=progress)
            found = looked.preview
        if left_out is not None:
            _write_left_out(left_out, rows_left_out(found, asked))
        if only_preview:
            _tell_preview(found, as_json=as_json)
            return
        viewer = _importer(store, username)
        with _bar(f"Bringing in {file.name}") as progress:
            batch_id = import_file(store, viewer, looked, import_choices(found, asked), progress)
        asked.remember(store, viewer, found)
        _tell_import(store, batch_id, as_json=as_json)


@main.command("undo-import")
@click.argument("batch", type=int)
@click.option("--also-contacted", is_flag=True, help="Of whoever stays, take back what the list said of them.")
@click.option("--as", "username", help="The member who takes it back.")
def undo_import_(batch: int, also_contacted: bool, username: str | None) -> None:
    """Take back what the import of this number brought; who was dealt with since, or is in a later list, stays."""
    from core.commands.imports import undo_import
    from core.queries.imports import who_stays

    with _store() as store, store.working(_importer(store, username)) as work:
        stays = undo_import(work, batch, also_contacted=also_contacted)
        reasons = Counter(one.why for one in who_stays(work.session, batch)) if stays else Counter()
    click.echo("Taken back.")
    for why, many in reasons.most_common():
        click.echo(f"{many:,} {'person stays' if many == 1 else 'people stay'}: {why}.")


def _write_left_out(file: Path, table: bytes) -> None:
    try:
        file.write_bytes(table)
    except OSError as problem:
        raise Refused(f"{file} can't be written: {problem.strerror}.") from problem


def _has_database() -> bool:
    url = _settings().database_url
    return not url.startswith("sqlite:///") or Path(url.removeprefix("sqlite:///")).is_file()


def _tell_preview(found: "Preview", *, as_json: bool) -> None:
    """As JSON in the schema of the samples' expected.json: the file under its name, and what it says also by itself."""
    from core.domain.row_reasons import why
    from core.importers.reasons import summary

    if as_json:
        told = found.to_expected_json()
        whole = {"schema_version": 1, **told, "files": {found.filename: told}}
        click.echo(json.dumps(whole, ensure_ascii=False, indent=1))
        return
    rows = f"{found.counts.rows_read:,} {'row' if found.counts.rows_read == 1 else 'rows'}"
    click.echo(f"{rows}: {summary(found.counts, found.kind)}.")
    for header in found.ambiguous_columns:
        click.echo(
            f"  “{header}” may have the day or the month first, and stays text: --dates '{header}=DMY' (or MDY)."
        )
    others = [name for name in found.parsed.tables if name != found.sheet.name]
    if others:
        click.echo(f"  It holds more: {', '.join(others[:SHOWN])}; --sheet NAME reads another.")
    said = [row for row in found.rows if row.outcome in {"likely", "rejected"}]
    for row in said[:SHOWN]:
        reason = why(row.reason or ", ".join(row.on))
        of = f" as line {row.of_line}" if row.of_line else ""
        click.echo(f"  line {row.line}: {reason}{of}")
    if len(said) > SHOWN:
        click.echo(f"  and {len(said) - SHOWN:,} more; --json tells all")


def _tell_import(store: "Store", batch_id: int, *, as_json: bool) -> None:
    from core.domain.words import plural
    from core.queries.imports import batch

    with store.reading() as session:
        done = batch(session, batch_id)
    assert done is not None
    counts = {name: number for name, number in done.counts.items() if isinstance(number, int)}
    if as_json:
        click.echo(json.dumps({"batch": batch_id, "file": done.filename, "kind": done.kind, "counts": counts}))
        return
    messages = f", {plural(counts['new'], 'message')}" if done.kind == "messages" else ""
    people = plural(counts["people"], "new person", "new people")
    click.echo(f"{done.filename}: {people}, {counts['added_to']:,} known{messages}. Its number is {batch_id}.")
    left = [(counts["rejected"], "left out"), (counts["likely"], "of people who may be known already, not decided on")]
    for number, what in left:
        if number:
            rows = plural(number, "row was", "rows were")
            click.echo(f"  {rows} {what}; --left-out FILE writes them down, the Import page shows them.")


def _importer(store: "Store", username: str | None) -> "Viewer":
    """The member named; else the only one there is who may; else nobody, and new people are with nobody."""
    from sqlalchemy import select

    from core.persistence.tables import Member
    from core.persistence.tables.team import Role
    from core.persistence.viewer import THE_PROGRAM, Viewer

    query = select(Member).where(Member.is_active)
    if username is not None:
        query = query.where(Member.username == username.strip().lower())
    else:
        query = query.where(Member.role != Role.VIEWER)
    with store.reading() as session:
        found = session.scalars(query.limit(2)).all()
    if username is not None and not found:
        raise Refused(f"There is no member “{username}”.")
    if len(found) == 1:
        return Viewer(found[0].id, found[0].name, found[0].role)
    click.echo("New people are with nobody; --as USERNAME gives them to a member.", err=True)
    return THE_PROGRAM


# promises


@main.command()
@click.option("--sealed", metavar="ENTRY:SEAL", help="The end of the audit trail as an earlier check printed it.")
def check(sealed: str | None) -> None:
    """Derive afresh what is stored of promises and skills, and follow the audit trail; exit code 1 if either fails."""
    from core.persistence.check import disagreements, followed_trail
    from core.persistence.trail import Head

    number = 0
    noted = Head.of(sealed) if sealed else None
    with _store() as store:
        with _bar("Checking") as progress:
            for number, one in enumerate(disagreements(store, progress), 1):
                if number <= SHOWN:
                    click.echo(f"\n{one}", err=True, nl=False)
        with _bar("Following the audit trail") as progress:
            head, broken = followed_trail(store, noted, progress)
    click.echo(err=True)
    click.echo(broken or f"The audit trail is whole. It ends with {head}")
    if number:
        more = f" The first {SHOWN} are above." if number > SHOWN else ""
        click.echo(f"{number} differences between what is stored and what the facts say.{more}")
    else:
        click.echo("What is stored and what the facts say agree.")
    if number or broken:
        sys.exit(1)


@main.command()
@click.argument("story", type=READABLE_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print what was derived, as JSON.")
def replay(story: Path, as_json: bool) -> None:
    """Replay a STORY and compare what it says with what the rules derive."""
    from core.replay import main as replay_story

    sys.exit(replay_story(story, as_json=as_json))


# what the commands share


def _settings() -> "Settings":
    from core.settings import current

    return current()


def _database() -> str:
    """The database's address; the folder of a file is made."""
    url = _settings().database_url
    if url.startswith("sqlite:///"):
        folder = Path(url.removeprefix("sqlite:///")).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise Refused(f"The folder {folder} can't be made: {problem.strerror}.") from problem
    return url


def _there() -> None:
    url = _settings().database_url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).is_file():
        raise Refused(f"There is no database yet at {url.removeprefix('sqlite:///')}. perennial serve makes one.")


@contextmanager
def _store(*, prepared: bool = False) -> Iterator["Store"]:
    """The store; `prepared` makes the database or brings it up to date first."""
    from core.persistence.store import open_store

    if prepared:
        _prepare()
    else:
        _refuse_old()
    store = open_store(_settings().database_url, _settings().calendar)
    try:
        with store.reading() as session:
            store.look_at_calendar(session)
        yield store
    finally:
        store.engine.dispose()


def _prepare() -> None:
    """Everything a start needs: the schema, the first policy, the skills, and promises by the policy in force."""
    from sqlalchemy import select

    from core.commands.policy import ensure_first_policy
    from core.commands.skills import ensure_skills
    from core.persistence.migrations import upgrade
    from core.persistence.settling import settle_left_behind
    from core.persistence.store import open_store
    from core.persistence.tables import PolicyChange
    from core.persistence.viewer import THE_PROGRAM

    _warn_of_little_room()
    upgrade(_database(), say=click.echo)
    store = open_store(_settings().database_url, _settings().calendar)
    try:
        with store.working(THE_PROGRAM) as work:
            ensure_first_policy(work)
            ensure_skills(work)
        settle_left_behind(store)
        with store.reading() as session:
            is_new = session.scalar(select(PolicyChange.id).where(PolicyChange.settled_at.is_(None)).limit(1))
        if is_new:
            from core.persistence.settling import settle_everyone

            with _bar("Reckoning every promise by the policy in force") as progress:
                settle_everyone(store, progress)
    finally:
        store.engine.dispose()


def _warn_of_little_room() -> None:
    url = _database()
    if not url.startswith("sqlite:///"):
        return
    file = Path(url.removeprefix("sqlite:///"))
    size = file.stat().st_size if file.is_file() else 0
    if (free := shutil.disk_usage(file.parent).free) < 2 * size:
        said = f"{free / 1_000_000:,.0f} MB are free on the disk of the database, which has {size / 1_000_000:,.0f} MB."
        click.echo(f"{said} Make room: an upgrade or a backup needs as much again.", err=True)


def _refuse_old() -> None:
    """A command that only looks neither makes a database nor changes one."""
    from core.persistence.migrations import found_version, newest_version
    from core.persistence.store import open_engine

    _there()
    engine = open_engine(_settings().database_url)
    try:
        with engine.connect() as connection:
            if found_version(connection) != newest_version():
                raise Refused("The database is not of this version of Perennial. First run: perennial db upgrade")
    finally:
        engine.dispose()


@contextmanager
def _bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr, drawn by the first call of what it yields: with how many are done, and of how many."""
    with ExitStack() as drawn:
        bars: list[Any] = []

        def progress(done: int, of: int) -> None:
            if not bars:
                bars.append(drawn.enter_context(click.progressbar(length=max(of, 1), label=label, file=sys.stderr)))
            bars[0].update(done - bars[0].pos)

        yield progress


def _sentence_for(error: Exception) -> str | None:
    """What the world around refused; None for a bug."""
    from sqlalchemy.exc import OperationalError

    from core.importers.reading import Unreadable
    from core.persistence.migrations import NewerSchema
    from core.persistence.outages import DAMAGED, Unavailable, reason_of, sentence_for

    if isinstance(error, NewerSchema | Unavailable | Unreadable):
        return str(error)
    if (known := sentence_for(error)) == DAMAGED:
        return f"The database is damaged: {reason_of(error)}. Restore a backup: perennial db restore FILE"
    if known is not None or isinstance(error, OperationalError):
        return f"The database can't be used: {reason_of(error)}"
    return None


if __name__ == "__main__":
    main()
