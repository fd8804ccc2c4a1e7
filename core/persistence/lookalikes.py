"""Who may be one person, kept as pairs: found when somebody is written, so that the queue is a range of an index.

Looking for pairs among everybody at each look would take longer the more people the team knows. So whoever is added or
changed is compared once, with the few who share a key with them, and what was found stands in `lookalike`.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.domain.matching import Key, Known, Person, Pool, matches
from core.persistence.bulk import strokes
from core.persistence.facts import kept_records, merged_records
from core.persistence.matching import known_by, people_asking
from core.persistence.tables import Lookalike, NotSame

LOOKALIKE, NOT_SAME = Lookalike.__table__, NotSame.__table__
Pair = tuple[int, int]
"""Two candidates, the lower id first."""


def pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def note_lookalikes(session: Session, candidate_ids: Iterable[int], *, now: datetime) -> None:
    """Bring the pairs of these, and of whoever they live on in, in line with what is written of them.

    Their match keys are in line already.
    """
    session.flush()
    for some in strokes(sorted(set(candidate_ids)), 500):
        kept = set(kept_records(session, some).values())
        record_of = merged_records(session, sorted(kept))
        before = _stored(session, [*record_of, *some])
        found = _found(session, record_of)
        forget_pairs(session, [two for two, (why, _) in before.items() if found.get(two) != why])
        new = [
            {"one_id": one, "other_id": other, "why": why, "found_at": before.get((one, other), ("", now))[1]}
            for (one, other), why in sorted(found.items())
            if before.get((one, other), ("",))[0] != why
        ]
        add_once(session, LOOKALIKE, new)


def others_than(session: Session, record_of: dict[int, int]) -> set[Pair]:
    """Pairs of which somebody said that they are two people; of whoever was merged, by the one kept."""
    said: list[Pair] = []
    for some in strokes(record_of):
        query = select(NOT_SAME.c.one_id, NOT_SAME.c.other_id)
        one_of = or_(NOT_SAME.c.one_id.in_(some), NOT_SAME.c.other_id.in_(some))
        said += [(one, other) for one, other in session.execute(query.where(one_of))]
    kept = kept_records(session, {id_ for two in said for id_ in two})
    return {pair(kept[one], kept[other]) for one, other in said}


def add_once(session: Session, table: Table, rows: list[dict[str, Any]]) -> None:
    """Those that are not there yet: a colleague may have written the same pair in the same moment."""
    new = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    if rows:
        session.connection().execute(new(table).on_conflict_do_nothing(), rows)


def forget_pairs(session: Session, pairs: Iterable[Pair]) -> None:
    theirs = (LOOKALIKE.c.one_id == bindparam("one"), LOOKALIKE.c.other_id == bindparam("other"))
    if gone := [{"one": min(two), "other": max(two)} for two in pairs]:
        session.connection().execute(delete(LOOKALIKE).where(*theirs), gone)


def forget_pairs_of(session: Session, records: list[int]) -> None:
    """Of whoever is erased nothing is asked, and nothing that was said of them stays."""
    for table in (LOOKALIKE, NOT_SAME):
        session.execute(delete(table).where(or_(table.c.one_id.in_(records), table.c.other_id.in_(records))))


def _stored(session: Session, ids: list[int]) -> dict[Pair, tuple[str, datetime]]:
    found: dict[Pair, tuple[str, datetime]] = {}
    columns = (LOOKALIKE.c.one_id, LOOKALIKE.c.other_id, LOOKALIKE.c.why, LOOKALIKE.c.found_at)
    for some in strokes(dict.fromkeys(ids)):
        for column in (LOOKALIKE.c.one_id, LOOKALIKE.c.other_id):
            for one, other, why, at in session.execute(select(*columns).where(column.in_(some))):
                found[one, other] = (why, at)
    return found


def _found(session: Session, record_of: dict[int, int]) -> dict[Pair, str]:
    asking = people_asking(session, list(record_of))
    under: dict[Key, list[Known]] = {}
    for known in known_by(session, {one for person in asking.values() for one in person.asks}):
        for one in known.person.keys:
            under.setdefault(one, []).append(known)
    ruled_out = others_than(session, record_of)
    found: dict[Pair, str] = {}
    for record, person in asking.items():
        for other, on in _alike(person, record_of[record], under):
            both = pair(record_of[record], other)
            if both not in ruled_out:
                found.setdefault(both, ", ".join(on))
    return found


def _alike(person: Person, own_id: int, under: dict[Key, list[Known]]) -> Iterable[tuple[int, tuple[str, ...]]]:
    """Everybody else who may be this person, one by one: each with reasons of their own."""
    others: dict[int, list[Known]] = {}
    for one in person.asks:
        for known in under.get(one, ()):
            if known.ref.number != own_id and known not in others.setdefault(known.ref.number, []):
                others[known.ref.number].append(known)
    for id_, told in others.items():
        match = matches(person, Pool(told))
        if match.of is not None:
            yield id_, match.on
