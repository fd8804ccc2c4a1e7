"""What is done on the board of an opening: somebody moved, several brought in."""

from collections.abc import Sequence

from sqlalchemy import select

from core.commands.locks import process_to_change
from core.commands.processes import move_to_stage, start_process
from core.domain.refusal import Refused
from core.persistence.ledger import settled_together
from core.persistence.tables import Stage
from core.persistence.work import Work


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
