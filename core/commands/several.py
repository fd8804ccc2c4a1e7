"""One thing done with several people at a stroke: each of them as if alone, all of them or none."""

from collections.abc import Sequence

from core.commands.candidates import hand_over_people, set_rhythm
from core.commands.contacts import log_contact
from core.commands.locks import active_member, candidate_to_change, hold_people, refuse_to_give_away
from core.domain.facts import Rhythm, Way
from core.domain.refusal import Refused
from core.persistence.ledger import settled_together
from core.persistence.search import index_words
from core.persistence.work import Work

AT_ONCE = 500
"""People of one stroke: so many are settled in a breath, and can still be looked through."""
LONGEST_TAG = 50


def say_to_each(
    work: Work, candidate_ids: Sequence[int], *, text: str, channel: str = "e-mail", is_group: bool = False
) -> list[int]:
    """Words that went out: one to each, or the same message to all, which is no personal word and keeps no rhythm.

    Nobody who asked for no contact may be among them. Returns the facts.
    """
    ids = _held(work, candidate_ids)
    if not text.strip():
        raise Refused("Write what was said, in a sentence.")
    if banned := [id_ for id_ in ids if candidate_to_change(work, id_).do_not_contact]:
        raise Refused(f"{len(banned)} of them asked for no contact. Choose without them.")
    with settled_together(work):
        return [log_contact(work, id_, way=Way.TO, text=text, channel=channel, is_group=is_group) for id_ in ids]


def set_rhythm_of_each(work: Work, candidate_ids: Sequence[int], rhythm: Rhythm | None) -> list[int]:
    """Who has it already keeps it as it is. Returns the facts."""
    ids = _held(work, candidate_ids)
    with settled_together(work):
        return [set_rhythm(work, id_, rhythm) for id_ in ids if _rhythm_of(work, id_) != rhythm]


def hand_over_each(work: Work, candidate_ids: Sequence[int], to_id: int) -> list[int]:
    """Who is with that member already stays. Returns the facts."""
    ids = _held(work, candidate_ids)
    member = active_member(work, to_id)
    people = [candidate_to_change(work, id_) for id_ in ids]
    others = [one for one in people if one.owner_id != member.id]
    refuse_to_give_away(work, others)
    return hand_over_people(work, [one.id for one in others], member.id) if others else []


def tag_each(work: Work, candidate_ids: Sequence[int], tag: str) -> tuple[str, list[int]]:
    """Returns the tag, and who had it not before: what `untag_each` takes."""
    ids, tag = _held(work, candidate_ids), " ".join(tag.split())
    if not tag:
        raise Refused("A tag needs a word.")
    if len(tag) > LONGEST_TAG:
        raise Refused(f"The tag is too long: {len(tag)} characters, {LONGEST_TAG} fit.")
    new = [id_ for id_ in ids if tag not in candidate_to_change(work, id_).tags]
    for id_ in new:
        _write_tags(work, id_, [*candidate_to_change(work, id_).tags, tag])
    return tag, new


def untag_each(work: Work, given: tuple[str, Sequence[int]]) -> None:
    """Take a tag away that `tag_each` gave. Safe to repeat."""
    tag, ids = given
    for id_ in _held(work, ids) if ids else []:
        _write_tags(work, id_, [one for one in candidate_to_change(work, id_).tags if one != tag])


def _write_tags(work: Work, candidate_id: int, tags: list[str]) -> None:
    candidate = candidate_to_change(work, candidate_id)
    candidate.tags = tags
    work.session.flush()
    index_words(work.session, candidate)
    work.record("candidate edited", candidate)


def _held(work: Work, candidate_ids: Sequence[int]) -> list[int]:
    """Each once, locked in the order of their ids."""
    work.require_editor()
    ids = sorted(set(candidate_ids))
    if not ids:
        raise Refused("Nobody is chosen.")
    if len(ids) > AT_ONCE:
        raise Refused(f"{len(ids):,} people are too many for one stroke. Choose up to {AT_ONCE}.")
    hold_people(work, ids)
    return sorted({candidate_to_change(work, id_).id for id_ in ids})


def _rhythm_of(work: Work, candidate_id: int) -> Rhythm | None:
    candidate = candidate_to_change(work, candidate_id)
    if candidate.rhythm_count is None or candidate.rhythm_unit is None:
        return None
    return Rhythm(candidate.rhythm_count, candidate.rhythm_unit)
