"""Whether two are one person: what somebody said to the question, and taking that back."""

from collections.abc import Iterable

from sqlalchemy import select

from core.commands.locks import candidate_to_change
from core.domain.refusal import Refused
from core.persistence.bulk import strokes
from core.persistence.lookalikes import NOT_SAME, Pair, add_once, forget_pairs, note_lookalikes, pair
from core.persistence.tables import NotSame
from core.persistence.work import Work


def say_not_the_same(work: Work, one_id: int, other_id: int) -> int:
    """These are two people; they are not asked about again. Safe to repeat. Returns what undoing it takes."""
    one, other = (candidate_to_change(work, id_) for id_ in pair(one_id, other_id))
    if one.id == other.id:
        raise Refused("These two were merged. Part them instead.")
    lower, higher = pair(one.id, other.id)
    remember_not_same(work, [(lower, higher)])
    work.record("said to be two people", one, other=other.id)
    theirs = (NotSame.one_id == lower, NotSame.other_id == higher)
    return work.session.scalars(select(NotSame.id).where(*theirs)).one()


def undo_not_the_same(work: Work, not_same_id: int) -> None:
    """They may be one person after all."""
    work.require_editor()
    said = work.session.get(NotSame, not_same_id)
    if said is None:
        raise Refused("There is nothing to undo any more.")
    one, other = (candidate_to_change(work, id_) for id_ in (said.one_id, said.other_id))
    work.session.delete(said)
    work.session.flush()
    note_lookalikes(work.session, [one.id, other.id], now=work.now)
    work.record("no longer said to be two people", one, other=other.id)


def remember_not_same(work: Work, pairs: Iterable[Pair]) -> None:
    """Keep that these are two people each, many at once; in any order, known ones again change nothing.

    Part of another action, which locks whom it concerns and leaves the record of it.
    """
    work.require_editor()
    for some in strokes(sorted({pair(one, other) for one, other in pairs if one != other})):
        rows = [
            {"one_id": one, "other_id": other, "said_at": work.now, "said_by_id": work.actor.id} for one, other in some
        ]
        add_once(work.session, NOT_SAME, rows)
        forget_pairs(work.session, some)
