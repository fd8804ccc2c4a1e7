"""What is said in the audit trail of backups, which are made outside of any unit of work."""

from sqlalchemy import delete

from core.persistence.tables import SetupLink, WebSession
from core.persistence.work import Work


def note_backup(work: Work, file: str, size: int) -> None:
    """One was made; by the name of its file."""
    work.require_admin()
    work.note("backup made", "database", file=file, bytes=size)


def note_restore(work: Work, file: str, *, erased_again: int) -> None:
    """The database is as it was then. Nobody is signed in with what was a sign-in then."""
    work.require_admin()
    for past in (WebSession, SetupLink):
        work.session.execute(delete(past))
    work.note("database restored", "database", file=file, erased_again=erased_again)
