"""What is done on the board of an opening: somebody moved, several brought in, its stages arranged."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from core.commands.locks import last_saved, opening_to_change, process_to_change
from core.commands.openings import CHANGED, set_stages
from core.commands.policy import set_cadence
from core.commands.processes import move_to_stage, start_process
from core.domain.refusal import Refused, Stale
from core.persistence.ledger import settled_together
from core.persistence.tables import Stage
from core.persistence.work import Work


def arrange_stages(
    work: Work,
    opening_id: int,
    names: Sequence[str],
    *,
    version: int,
    cadences: Mapping[str, int],
    renamed: Mapping[str, str] | None = None,
) -> None:
    """The stages anew, and how often people in each hear from us, which holds for every stage of that name.

    `version`: of the opening they were drawn from; a stale form is refused.
    """
    opening = opening_to_change(work, opening_id)
    if opening.version != version:
        in_order = select(Stage.name).where(Stage.opening_id == opening.id).order_by(Stage.position)
        theirs = {"stages": ", ".join(work.session.scalars(in_order))}
        raise Stale(CHANGED, theirs, opening.version, last_saved(work, opening))
    set_stages(work, opening_id, names, renamed=renamed)
    if opening.version == version:  # the stages stay as they are, but perhaps not how often people in them hear
        opening.version += 1
    for name, working_days in cadences.items():
        set_cadence(work, name, working_days)


def move_on_board(work: Work, opening_id: int, process_id: int, to_stage: str, *, seen_in: str) -> int:
    """A card that was drawn in one column, put into another: one of this opening's, to one of its stages."""
    process, _ = process_to_change(work, process_id)
    if process.opening_id != opening_id:
        raise Refused("There is no such card on this board.")
    stages = select(Stage.name).where(Stage.opening_id == opening_id)
    if to_stage not in set(work.session.scalars(stages)):
        raise Refused(f"There is no stage “{to_stage}” in this opening any more.")
    return move_to_stage(work, process_id, to_stage, seen_in=seen_in)


def bring_in(work: Work, opening_id: int, candidate_ids: Sequence[int]) -> tuple[int, ...]:
    """Several at once, into the first stage: all of them, or nobody. Returns the facts, for `undo_facts`."""
    with settled_together(work):
        return tuple(start_process(work, id_, opening_id) for id_ in sorted(set(candidate_ids)))
