"""Two records of one person, brought together and parted again."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from core.commands.candidates import as_shown
from core.commands.locks import candidate_to_change, last_edited
from core.domain.names import folded
from core.domain.refusal import Refused, Stale
from core.persistence.facts import kept_record
from core.persistence.ledger import referrers, settle
from core.persistence.lookalikes import note_lookalikes
from core.persistence.matching import index_match_keys
from core.persistence.search import index_words
from core.persistence.tables import Candidate, ContactBan, Fact, Merge, MergedValue
from core.persistence.work import Work

CHOSEN = ("name", "title", "company", "location", "source", "pronoun")
"""Columns of which one of the two is chosen; a blank is filled from the other unless it is chosen."""
DAYS = ("known_since", "kept_until")
LONGEST_NOTES = 20_000


def merge_candidates(
    work: Work,
    kept_id: int,
    gone_id: int,
    *,
    choices: Mapping[str, int] | None = None,
    versions: Mapping[int, int] | None = None,
) -> int:
    """All that happened to the one is the other's, as if always so. No fact moves: undoing it parts them again.

    `choices`: of which of the two the kept one has a column's value. `versions`: of each, the one that was looked at.
    Tags and notes of both stay. Returns what parting them takes.
    """
    held = {id_: candidate_to_change(work, id_) for id_ in sorted((kept_id, gone_id))}
    kept, gone = held[kept_id], held[gone_id]
    if kept.id == gone.id:
        raise Refused("These two are one person already.")
    _refuse_stale(work, kept, gone, versions or {})
    no_contact = kept.do_not_contact or gone.do_not_contact
    merge = Merge(kept_id=kept.id, gone_id=gone.id, merged_at=work.now, merged_by_id=work.actor.id)
    work.session.add(merge)
    work.session.flush()
    chosen = {name: {kept_id: kept.id, gone_id: gone.id}.get(of, of) for name, of in (choices or {}).items()}
    _put_together(work, merge, kept, gone, chosen)
    gone.merged_into_id = kept.id
    work.held.discard(gone.id)
    kept.version += 1  # addresses and skills may be all that came, and whoever has this form open must see it
    work.session.flush()
    settle(work, gone.id, kept.id, *referrers(work, kept.id))
    if no_contact and not kept.do_not_contact:
        merge.ban_id = work.enter(ContactBan(candidate_id=kept.id)).id
        settle(work, kept.id)
    _find_as_written(work, kept)
    note_lookalikes(work.session, [kept.id, gone.id], now=work.now)
    work.record("candidates merged", merge, kept=kept.id, gone=gone.id)
    return merge.id


def undo_merge(work: Work, merge_id: int) -> None:
    """Part them: what was written or said since stays with the one kept, and what the merge put there goes."""
    work.require_editor()
    merge = work.session.get(Merge, merge_id, with_for_update=True)
    if merge is None or merge.undone_at is not None:
        raise Refused("There is no such merge any more.")
    ids = sorted({merge.kept_id, merge.gone_id, kept_record(work.session, merge.kept_id)})
    held = {id_: work.session.get_one(Candidate, id_, with_for_update=True) for id_ in ids}
    kept, gone = held[merge.kept_id], held[merge.gone_id]
    if gone.erased_at is not None:
        raise Refused("This person was erased. Nothing is left to part.")
    lives_on = kept_record(work.session, merge.kept_id)
    _take_apart(work, merge, kept)
    if merge.ban_id is not None:
        work.session.get_one(Fact, merge.ban_id).undone_at = work.now
    gone.merged_into_id = None
    held[lives_on].version += 1
    merge.undone_at = work.now
    work.session.flush()
    settle(work, gone.id, lives_on, *referrers(work, gone.id), *referrers(work, lives_on))
    _find_as_written(work, kept)
    note_lookalikes(work.session, [lives_on, gone.id], now=work.now)
    work.record("merge undone", merge, kept=merge.kept_id, gone=merge.gone_id)


def _refuse_stale(work: Work, kept: Candidate, gone: Candidate, versions: Mapping[int, int]) -> None:
    for one in (kept, gone):
        if one.id in versions and versions[one.id] != one.version:
            raise Stale(
                f"{one.name or 'This person'} was changed by somebody else while you were looking. "
                "Nothing was merged; what is saved now is below.",
                {name: as_shown(getattr(one, name)) for name in (*CHOSEN, "notes")},
                {side.id: side.version for side in (kept, gone)},
                last_edited(work, one),
            )


def _put_together(work: Work, merge: Merge, kept: Candidate, gone: Candidate, choices: Mapping[str, int]) -> None:
    if unknown := set(choices) - set(CHOSEN):
        raise Refused(f"“{sorted(unknown)[0]}” can't be chosen here.")
    if set(choices.values()) - {kept.id, gone.id}:
        raise Refused("A value is chosen of one of the two.")
    after: dict[str, Any] = {}
    for name in (*CHOSEN, "language", "begins_as"):
        theirs, ours = getattr(gone, name), getattr(kept, name)
        after[name] = theirs if choices.get(name, gone.id if not ours else kept.id) == gone.id else ours
    after["tags"] = [*kept.tags, *(tag for tag in gone.tags if tag not in kept.tags)]
    after["notes"] = _joined(kept.notes, gone.notes)
    if gone.kept_until is not None and (kept.kept_until is None or gone.kept_until > kept.kept_until):
        after["kept_until"], after["kept_because"] = gone.kept_until, gone.kept_because
    after["known_since"] = min((day for day in (kept.known_since, gone.known_since) if day), default=None)
    if len(after["notes"]) > LONGEST_NOTES:
        raise Refused("The notes of the two together are too long. Shorten those of one of them first.")
    for name, value in after.items():
        before = getattr(kept, name)
        if value != before:
            row = MergedValue(merge_id=merge.id, name=name, before=_plain(before), after=_plain(value))
            work.session.add(row)
            setattr(kept, name, value)


def _take_apart(work: Work, merge: Merge, kept: Candidate) -> None:
    """Each column that still holds what the merge put there holds again what it did; of a list, what was added goes."""
    for put in work.session.scalars(select(MergedValue).where(MergedValue.merge_id == merge.id)):
        now = getattr(kept, put.name)
        if put.name == "tags":
            added = set(put.after or ()) - set(put.before or ())
            kept.tags = [tag for tag in now if tag not in added]
        elif put.name == "notes" and put.after and put.after in now:
            kept.notes = now.replace(put.after, put.before or "", 1)
        elif put.name in DAYS:
            if _plain(now) == put.after:
                setattr(kept, put.name, date.fromisoformat(put.before) if put.before else None)
        elif now == put.after:
            setattr(kept, put.name, put.before)
    work.session.execute(delete(MergedValue).where(MergedValue.merge_id == merge.id))


def _joined(ours: str, theirs: str) -> str:
    if not theirs.strip() or theirs.strip() in ours:
        return ours
    return f"{ours}\n\n{theirs}" if ours.strip() else theirs


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _find_as_written(work: Work, candidate: Candidate) -> None:
    candidate.sort_name = folded(candidate.name)
    work.session.flush()
    index_words(work.session, candidate)
    index_match_keys(work.session, candidate.id)
