"""Everybody settled afresh: what a new policy asks for, or other working time. And how that is worked out in chunks."""

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import cache

from sqlalchemy import CompoundSelect, Select, func, select, union
from sqlalchemy.orm import Session

from core.domain.calendar import Calendar
from core.persistence.bulk import end_with_parent, processes
from core.persistence.ledger import Settling, prepare, settle, write
from core.persistence.store import Busy, Store, open_store
from core.persistence.tables import Candidate, Member, PolicyChange
from core.persistence.tables.people import IS_LISTED
from core.persistence.team import team_of
from core.persistence.work import THE_PROGRAM, Work

CHUNK = 400
"""Candidates looked at together, and written in one unit of work."""

FEW = 2_000
"""Up to so many candidates are done before other processes would have begun."""

TRIES = 5

Progress = Callable[[int, int], None]
"""Told how many candidates are done, and of how many."""

Prepared = tuple[str, list[Settling]]
"""The team's policy and departures as they were read, in words, and what settling by them would change."""


def settle_everyone(store: Store, progress: Progress | None = None, workers: int | None = None) -> None:
    """Bring everybody's stored promises in line with the policy in force, while others go on working.

    Broken off at any moment, it leaves everybody settled by the old terms or the new, and can be started again; only
    when all are done does the policy say so (`PolicyChange.settled_at`).
    """
    with store.reading() as session:
        unsettled = list(session.scalars(select(PolicyChange.id).where(PolicyChange.settled_at.is_(None))))
    for team, settlings in prepared_for_everyone(store, progress, workers):
        if needed := [settling for settling in settlings if settling.is_needed]:
            _keep(store, team, needed)
    _note_settled(store, unsettled)


def left_behind(session: Session) -> list[int]:
    """Whoever is still settled with a member who left, or with the cover of one who is back."""
    return sorted(session.scalars(_left_behind()))


def number_left_behind(session: Session) -> int:
    return session.scalar(_number_left_behind()) or 0


@cache
def _number_left_behind() -> Select[int]:
    return select(func.count()).select_from(_left_behind().subquery())


@cache
def _left_behind() -> CompoundSelect[int]:
    there = {is_active: select(Member.id).where(Member.is_active.is_(is_active)) for is_active in (True, False)}
    return union(
        select(Candidate.id).where(IS_LISTED, Candidate.owner_id.in_(there[False])),
        select(Candidate.id).where(IS_LISTED, Candidate.covered_for_id.in_(there[True])),
    )


def settle_left_behind(store: Store, progress: Progress | None = None) -> None:
    """Somebody with many people has left, or is back: their people are settled in turns, while others go on working.

    Broken off, it can be started again; the next start of Perennial does.
    """
    with store.reading() as session:
        ids = left_behind(session)
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        with store.reading() as session:
            team = team_of(session)
            prepared = prepare(session, some, team, store.calendar)
        _keep(store, repr(team), prepared)
        if progress is not None:
            progress(start + len(some), len(ids))


def prepared_for_everyone(
    store: Store, progress: Progress | None = None, workers: int | None = None
) -> Iterator[Prepared]:
    """What settling would change, chunk by chunk; worked out in other processes where there are many candidates."""
    with store.reading() as session:
        first, last, total = session.execute(
            select(func.min(Candidate.id), func.max(Candidate.id), func.count(Candidate.id))
        ).one()
    chunks = [range(start, min(start + CHUNK, last + 1)) for start in range(first, last + 1, CHUNK)] if total else []
    done = 0
    for prepared in _worked_out(store, chunks, workers if total > FEW else 0):
        yield prepared
        done += len(prepared[1])
        if progress is not None:
            progress(min(done, total), total)


def _worked_out(store: Store, chunks: list[range], workers: int | None) -> Iterator[Prepared]:
    workers = os.cpu_count() or 1 if workers is None else workers
    if workers == 0:
        yield from (_prepare(store, chunk) for chunk in chunks)
        return
    address = store.engine.url.render_as_string(hide_password=False)
    pool = processes(workers, _open, (address, store.calendar))
    waiting: deque[Future[Prepared]] = deque()
    try:
        for chunk in chunks:
            waiting.append(pool.submit(_prepare_elsewhere, chunk))
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


_elsewhere: list[Store] = []
"""In a process that prepares: its own store."""


def _open(address: str, calendar: Calendar) -> None:
    end_with_parent()
    _elsewhere.append(open_store(address, calendar))


def _prepare_elsewhere(chunk: range) -> Prepared:
    return _prepare(_elsewhere[0], chunk)


def _prepare(store: Store, chunk: range) -> Prepared:
    with store.reading() as session:
        ids = session.scalars(select(Candidate.id).where(Candidate.id.between(chunk.start, chunk.stop - 1))).all()
        team = team_of(session)
        return repr(team), prepare(session, ids, team, store.calendar)


def _keep(store: Store, team: str, prepared: list[Settling]) -> None:
    """Write what was prepared outside the writer's turn; who was settled since, or by other terms, is settled anew."""
    for tries_left in reversed(range(TRIES)):
        try:
            with store.working(THE_PROGRAM) as work:
                current = _settlings(work, prepared) if repr(work.team) == team else {}
                late = [s.candidate_id for s in prepared if current.get(s.candidate_id) != s.settlings]
                write(work.session, [s for s in prepared if current.get(s.candidate_id) == s.settlings])
                settle(work, *late)
            return
        except Busy:
            if not tries_left:
                raise


def _settlings(work: Work, prepared: list[Settling]) -> dict[int, int]:
    """How often each has been settled by now; nobody else settles them until this unit of work is over."""
    ids = [settling.candidate_id for settling in prepared]
    query = select(Candidate.id, Candidate.settlings).where(Candidate.id.in_(ids)).order_by(Candidate.id)
    return {row.id: row.settlings for row in work.session.execute(query.with_for_update())}


def _note_settled(store: Store, unsettled: list[int]) -> None:
    if not unsettled:
        return
    with store.working(THE_PROGRAM) as work:
        for change in work.session.scalars(select(PolicyChange).where(PolicyChange.id.in_(unsettled))):
            change.settled_at = work.now
            work.record("everybody settled", change)
