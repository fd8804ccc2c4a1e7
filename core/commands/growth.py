"""What somebody wants to become: noted, advised, looked at again; and what came of it."""

from datetime import date, datetime

from core.commands.locks import candidate_to_change, last_saved, theirs_to_change
from core.domain.growth import Beginner
from core.domain.refusal import Refused, Stale
from core.persistence.ledger import settle
from core.persistence.tables import GrowthNote
from core.persistence.work import Work

LONGEST = 2_000


def note_growth(
    work: Work,
    candidate_id: int,
    wants: str = "",
    *,
    advice: str = "",
    revisit_on: date | None = None,
    at: datetime | None = None,
) -> int:
    """What someone wants to become, what we advised, or both; with a date to come back to it. Returns the fact's id."""
    candidate = candidate_to_change(work, candidate_id)
    wants, advice = _words(wants), _words(advice)
    if not wants and not advice:
        raise Refused("Write down what they want to become, or what you advised.")
    if revisit_on is not None and revisit_on < work.calendar.day(at or work.now):
        raise Refused("A day to look again lies ahead.")
    growth = work.enter(
        GrowthNote(candidate_id=candidate.id, wants=wants, advice=advice, revisit_on=revisit_on), happened_at=at
    )
    settle(work, candidate.id)
    work.record("growth noted", candidate, fact=growth.id)
    return growth.id


def note_what_came_of_it(work: Work, growth_id: int, text: str, *, seen: str | None = None) -> int:
    """What is on record already is replaced: a story goes on. Returns the note's id.

    `seen`: what was on record when it was written, None for nothing; what somebody else wrote since is not overwritten.
    """
    growth = _note_to_change(work, growth_id)
    if growth.came_of_it != seen:
        theirs = {"what came of it": growth.came_of_it or ""}
        raise Stale(
            "Somebody wrote what came of it while you were writing. Nothing was overwritten.",
            theirs,
            growth.came_of_it,
            last_saved(work, growth),
        )
    if not (text := _words(text)):
        raise Refused("Write down what came of it.")
    growth.came_of_it, growth.came_of_it_at = text, work.now
    work.record("what came of it noted", growth, candidate=growth.candidate_id)
    return growth.id


def undo_what_came_of_it(work: Work, growth_id: int) -> None:
    """Nothing is known of what came of it. Safe to repeat."""
    growth = _note_to_change(work, growth_id)
    growth.came_of_it = growth.came_of_it_at = None
    work.record("what came of it taken back", growth, candidate=growth.candidate_id)


def mark_beginner(work: Work, candidate_id: int, begins_as: Beginner | None) -> int:
    """What they begin as; None, once they have done the work. Returns the candidate's id."""
    candidate = candidate_to_change(work, candidate_id)
    if candidate.begins_as != begins_as:
        candidate.begins_as = begins_as
        work.record("beginning noted", candidate)
    return candidate.id


def _note_to_change(work: Work, growth_id: int) -> GrowthNote:
    return theirs_to_change(work, GrowthNote, growth_id, "There is no such note any more.")[0]


def _words(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST:
        raise Refused(f"That is too long: {len(text):,} characters, {LONGEST:,} fit.")
    return text
