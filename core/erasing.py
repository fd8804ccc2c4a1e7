"""Erasing people: searched for beforehand, done in one unit of work each, proven afterwards, and done again after
an older backup was brought back."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from core.commands.candidates import erase_candidate
from core.commands.privacy import erase_as_asked, erase_if_due, note_again, note_proof
from core.domain.refusal import NotAllowed, Refused
from core.domain.traces import Identity
from core.importers.drafts import Drafts
from core.persistence.bulk import strokes
from core.persistence.erasures import Asked, Journal
from core.persistence.facts import kept_record, merged_records
from core.persistence.store import Store
from core.persistence.tables import Candidate, PrivacyRequest, RequestState
from core.persistence.traces import Looked, Trace, identity_of, searched, take_out, traces
from core.persistence.work import THE_PROGRAM, Viewer

Progress = Callable[[int, int], None]
"""Told how many people are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Found:
    """By what somebody is named, and where others wrote of them."""

    identity: Identity
    elsewhere: tuple[Trace, ...]

    @property
    def to_take_out(self) -> list[Trace]:
        return [trace for trace in self.elsewhere if trace.is_to_take_out]

    @property
    def of_others(self) -> list[Trace]:
        """A namesake, or whom we write to at a client: they stay."""
        return [trace for trace in self.elsewhere if trace.is_of_somebody_else]


@dataclass(slots=True)
class Due:
    """What came of erasing those who fell due."""

    done: int = 0
    left: list[int] = field(default_factory=list)
    """Who acted meanwhile, is in process again, or is kept for a claim."""


def find(store: Store, candidate_id: int, looked: Looked | None = None) -> Found:
    """Where they are named, but for their own record."""
    with store.reading() as session:
        records = list(merged_records(session, [kept_record(session, candidate_id)]))
        identity = identity_of(session, records)
        return Found(identity, tuple(traces(session, identity, beside=records, looked=looked)))


def erase(
    store: Store,
    viewer: Viewer,
    request_id: int,
    found: Found,
    *,
    drafts: Drafts | None = None,
) -> dict[str, Any]:
    """As they asked; the proof, which is kept with the request. What stood in lists not yet brought in goes too.

    What somebody wrote of them between the search and now is found by the proof, and taken out in turn.
    """
    with store.working(viewer) as work:
        number = erase_as_asked(work, request_id, found.identity, found.to_take_out)
    log_is_empty = _sweep(store, drafts)
    left = _left(store, found.identity)
    if late := [trace for trace in left if trace.is_to_take_out]:
        with store.working(viewer) as work:
            number += take_out(work.session, found.identity, late)
            work.record("taken out of what others wrote", work.session.get_one(PrivacyRequest, request_id))
        log_is_empty = _sweep(store, drafts)
        left = _left(store, found.identity)
    proof = {
        "at": store.now().isoformat(),
        "by": viewer.name,
        "searched": searched(),
        "searched_for": found.identity.number,
        "found": sum(not trace.is_of_somebody_else for trace in left),
        "of_others": dict(Counter(trace.place for trace in left if trace.is_of_somebody_else)),
        "taken_out": number,
        "log_is_empty": log_is_empty,
    }
    with store.working(viewer) as work:
        note_proof(work, request_id, proof)
    return proof


def erase_due(store: Store, viewer: Viewer, ids: Sequence[int], progress: Progress) -> Due:
    """Whoever was kept long enough, each by themselves, while others go on working.

    Broken off, the rest falls due as before. Only their own record is emptied: of whom others wrote nobody asked.
    """
    due = Due()
    try:
        for number, id_ in enumerate(ids, 1):
            if _erased(store, viewer, id_):
                due.done += 1
            else:
                due.left.append(id_)
            progress(number, len(ids))
    finally:
        if due.done:
            _sweep(store, None)
    return due


def _erased(store: Store, viewer: Viewer, candidate_id: int) -> bool:
    try:
        with store.working(viewer) as work:
            return erase_if_due(work, candidate_id)
    except NotAllowed:
        raise
    except Refused:
        return False


def note_requests_again(store: Store, journal: Journal) -> tuple[int, list[Asked]]:
    """After an older backup was brought back: what people asked since it was made stands as it stood.

    Also of whoever is erased again next: that they had their answer stays on record. Returns how many requests it was,
    and those still to be answered to people whom the backup does not know, unless that was said at an earlier restore:
    whether they were answered otherwise since, or noted anew, nobody can tell.
    """
    number, lost = 0, []
    for one in sorted(journal.asked, key=lambda one: one.state is RequestState.OPEN):
        with store.working(THE_PROGRAM) as work:
            candidate = work.session.get(Candidate, one.candidate_id)
            if candidate is None or candidate.added_at != one.added_at:
                is_owed = one.state is RequestState.OPEN and one.person not in journal.erased
                lost += [one] if is_owed and not one.is_lost else []
            elif candidate.erased_at is None:
                number += note_again(work, one)
    return number, lost


def erase_again(store: Store, journal: Journal) -> int:
    """And then: whoever was erased since it was made is erased once more.

    What others wrote of them goes too. Returns how many people it were; none, where all were erased in the backup
    already.
    """
    with store.reading() as session:
        known = select(Candidate.id, Candidate.added_at).where(Candidate.erased_at.is_(None))
        rows = [
            row
            for some in strokes(sorted({id_ for id_, _ in journal.erased}))
            for row in session.execute(known.where(Candidate.id.in_(some)))
        ]
    there = [id_ for id_, added in rows if (id_, added) in journal.erased]
    number = 0
    for id_ in there:
        found = find(store, id_)
        with store.working(THE_PROGRAM) as work:
            candidate = work.session.get_one(Candidate, kept_record(work.session, id_))
            if candidate.erased_at is not None:
                continue
            candidate.kept_until = candidate.kept_because = None
            work.session.flush()
            erase_candidate(work, candidate.id)
            take_out(work.session, found.identity, found.to_take_out)
        number += 1
    store.put_away(wholly=True)
    return number


def _left(store: Store, identity: Identity) -> list[Trace]:
    with store.reading() as session:
        return traces(session, identity)


def _sweep(store: Store, drafts: Drafts | None) -> bool:
    """What the database no longer says is in no file either; whether SQLite's log could be emptied."""
    if drafts is not None:
        drafts.drop_all()
    with store.reading() as session:
        Journal(store.journal).catch_up(session)
    return store.put_away(wholly=True)
