"""People who took a job through us."""

from datetime import date, datetime

from sqlalchemy import select

from core.commands.locks import candidate_to_change, process_of, theirs_to_change
from core.domain.refusal import Refused
from core.persistence.ledger import settle
from core.persistence.tables import Placement, PlacementEnd
from core.persistence.work import Work

FAR = 10
"""Years within which somebody began, or will begin: an older or a later first day is a slip of the finger."""


def record_placement(
    work: Work, candidate_id: int, starts_on: date, *, process_id: int | None = None, at: datetime | None = None
) -> int:
    """`process_id`: the one that led to it."""
    _refuse_far(work, starts_on)
    candidate = candidate_to_change(work, candidate_id)
    if process_id is not None:
        process_of(work, candidate, process_id)
    placement = work.enter(
        Placement(candidate_id=candidate.id, process_id=process_id, starts_on=starts_on), happened_at=at
    )
    settle(work, candidate.id)
    work.record("placement recorded", candidate, fact=placement.id, starts_on=starts_on.isoformat())
    return placement.id


def move_first_day(work: Work, placement_id: int, starts_on: date, *, seen: date) -> int:
    """They begin on another day; what they are asked moves along. `seen`: the day that was shown. Returns the id."""
    _refuse_far(work, starts_on)
    placement, candidate = theirs_to_change(work, Placement, placement_id, "There is no such placement.")
    if placement.starts_on == starts_on:
        return placement_id
    if placement.starts_on != seen:
        raise Refused(f"Somebody has moved the first day to {placement.starts_on:%-d %B %Y} meanwhile. Look again.")
    placement.starts_on = starts_on
    work.record("first day moved", placement, candidate=candidate.id)
    settle(work, candidate.id)
    return placement_id


def end_placement(work: Work, placement_id: int, *, reason: str = "", at: datetime | None = None) -> int:
    """Before its time, or after; the reason is kept."""
    placement, candidate = theirs_to_change(work, Placement, placement_id, "There is no such placement.")
    ended = select(PlacementEnd.id).where(PlacementEnd.placement_id == placement_id, PlacementEnd.undone_at.is_(None))
    if work.session.scalar(ended.limit(1)) is not None:
        raise Refused("It has ended already. Undo that first, if it is wrong.")
    end = work.enter(
        PlacementEnd(
            candidate_id=placement.candidate_id,
            process_id=placement.process_id,
            placement_id=placement_id,
            reason=reason.strip(),
        ),
        happened_at=at,
    )
    settle(work, candidate.id)
    work.record("placement ended", candidate, fact=end.id)
    return end.id


def _refuse_far(work: Work, starts_on: date) -> None:
    if abs(starts_on.year - work.now.year) > FAR:
        raise Refused(f"A first day in {starts_on.year} can't be right. Look at the year.")
