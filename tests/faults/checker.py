"""Whether all that was acknowledged is there, and nothing is half there."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from core.persistence.check import disagreements
from core.persistence.store import Store
from core.persistence.tables import AuditEntry, Candidate, Closing, Contact, Fact, ImportBatch, ImportRow, Operation

LEFT_BY = {
    "begin": {"opening added"},
    "add": {"candidate added", "process started"},
    "word": {"contact logged"},
    "edit": {"candidate edited"},
    "move": {"stage moved"},
    "close": {"process closed"},
    "reopen": {"process reopened"},
    "rhythm": {"rhythm set"},
    "snooze": {"promise snoozed"},
    "undo": {"undone"},
}
"""What stands in the audit trail after each, and before none."""


def lost(store: Store, acknowledged: Iterable[str]) -> list[str]:
    """What was said to be kept, and is not."""
    with store.reading() as session:
        kept = set(session.scalars(select(Operation.key)))
    return sorted(set(acknowledged) - kept)


def half(store: Store, *, rows: int, since: datetime | None = None) -> list[str]:
    """What is there without all that belongs to it, by the moment they share."""
    with store.reading() as session:
        later = Operation.at >= since if since else Operation.key.is_not(None)
        by_moment = {at: key for key, at in session.execute(select(Operation.key, Operation.at).where(later))}
        return [*_unaccompanied(session, by_moment, since), *_without_their_words(session, by_moment, rows, since)]


def damaged(store: Store) -> list[str]:
    """What the database says of itself, and where what is stored and what the facts say differ."""
    found = []
    if store.is_sqlite:
        with store.reading() as session:
            found += [said for (said,) in session.execute(text("PRAGMA integrity_check")) if said != "ok"]
            found += [str(row) for row in session.execute(text("PRAGMA foreign_key_check"))]
    return [*found, *(str(one) for one in disagreements(store, workers=0))]


def _unaccompanied(session: Session, by_moment: dict[datetime, str], since: datetime | None) -> Iterable[str]:
    """Facts without their unit of work, and units of work without their entries in the audit trail."""
    later = AuditEntry.at >= since if since else AuditEntry.id.is_not(None)
    left: dict[datetime, set[str]] = {}
    for at, action in session.execute(select(AuditEntry.at, AuditEntry.action).where(later)):
        left.setdefault(at, set()).add(action)
    for at, key in by_moment.items():
        wanted = LEFT_BY.get(key.partition(":")[0])
        if wanted is not None and not wanted <= left.get(at, set()):
            yield f"{key}: the audit trail says {left.get(at)}"
    entered = Fact.entered_at >= since if since else Fact.id.is_not(None)
    undone = Fact.undone_at >= since if since else Fact.undone_at.is_not(None)
    for id_, at, undone_at in session.execute(
        select(Fact.id, Fact.entered_at, Fact.undone_at).where(or_(entered, undone))
    ):
        for moment in (at, undone_at):
            if moment is not None and (since is None or moment >= since) and moment not in by_moment:
                yield f"fact {id_} of {moment} belongs to nothing"
    for at in left.keys() - by_moment.keys():
        yield f"the audit trail knows of {left[at]} at {at}, and nothing was done then"


def _without_their_words(
    session: Session, by_moment: dict[datetime, str], rows: int, since: datetime | None
) -> Iterable[str]:
    """Words, names, notes and lists carry their token: each exactly as often as it is to be there."""
    keys = set(by_moment.values())
    since = since or datetime.min.replace(tzinfo=UTC)
    said = Counter(session.scalars(select(Contact.text).where(Contact.entered_at >= since)))
    closed = Counter(session.scalars(select(Closing.note).where(Closing.entered_at >= since)))
    named = set(session.scalars(select(Candidate.name).where(Candidate.added_at >= since)))
    for key in keys:
        kind = key.partition(":")[0]
        if kind in ("word", "close") and said[key] != 1:
            yield f"{key}: its words are there {said[key]} times"
        if kind == "close" and closed[key] != 1:
            yield f"{key}: closed {closed[key]} times"
        if kind == "add" and key not in named:
            yield f"{key}: nobody has that name"
    for words in (said, closed):
        yield from (f"{key} is there and was never kept" for key in words.keys() - keys - {""})
    for title, notes in session.execute(select(Candidate.title, Candidate.notes).where(Candidate.title != "")):
        if title != notes:
            yield f"{title}: the notes say {notes}"
    yield from _half_lists(session, keys, rows)


def _half_lists(session: Session, keys: set[str], rows: int) -> Iterable[str]:
    people = dict(session.execute(select(Candidate.batch_id, func.count()).group_by(Candidate.batch_id)).all())
    lines = dict(session.execute(select(ImportRow.batch_id, func.count()).group_by(ImportRow.batch_id)).all())
    batches = session.execute(select(ImportBatch.id, ImportBatch.filename)).all()
    for id_, filename in batches:
        if people.get(id_) != rows or lines.get(id_) != rows:
            yield f"{filename}: {people.get(id_)} people and {lines.get(id_)} rows of {rows}"
    for key in keys - {filename.removesuffix(".csv") for _, filename in batches}:
        if key.startswith("import:"):
            yield f"{key}: its list is not there"
