"""Two records of one person, brought together and parted again."""

from datetime import datetime

from core.commands.locks import candidate_to_change
from core.domain.refusal import Refused
from core.persistence.facts import kept_record
from core.persistence.ledger import referrers, settle
from core.persistence.tables import Candidate, Merge
from core.persistence.work import Work


def merge_candidates(work: Work, kept_id: int, gone_id: int) -> int:
    """All that happened to the one is the other's, as if always so. Nothing moves: undoing it parts them again."""
    kept, gone = candidate_to_change(work, kept_id), candidate_to_change(work, gone_id)
    if kept.id == gone.id:
        raise Refused("These two are one person already.")
    gone.merged_into_id = kept.id
    merge = Merge(kept_id=kept.id, gone_id=gone.id, merged_at=work.now, merged_by_id=work.actor.id)
    work.session.add(merge)
    work.session.flush()
    settle(work, gone.id, kept.id, *referrers(work, kept.id))
    work.record("candidates merged", merge, kept=kept.id, gone=gone.id)
    return merge.id


def undo_merge(work: Work, merge_id: int, *, at: datetime | None = None) -> None:
    work.require_editor()
    merge = work.session.get(Merge, merge_id)
    if merge is None or merge.undone_at is not None:
        raise Refused("There is no such merge any more.")
    gone = work.session.get_one(Candidate, merge.gone_id, with_for_update=True)
    kept_id = kept_record(work.session, merge.kept_id)
    gone.merged_into_id = None
    merge.undone_at = at or work.now
    work.session.flush()
    settle(work, gone.id, kept_id, *referrers(work, gone.id), *referrers(work, kept_id))
    work.record("merge undone", merge, kept=merge.kept_id, gone=merge.gone_id)
