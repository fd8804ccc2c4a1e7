"""What warmth is reckoned from, as it is settled of somebody: any read that has these columns can tell it."""

from typing import Any

from core.domain.warmth import Answers, Ties
from core.persistence.tables import Candidate

TIES = (
    Candidate.met_on,
    Candidate.last_word_to_at,
    Candidate.last_word_from_at,
    Candidate.words_to,
    Candidate.words_answered,
    Candidate.words_answered_soon,
    Candidate.meetings_held,
)
"""Columns of a candidate that `ties_of` reads."""


def ties_of(row: Any) -> Ties:
    return Ties(
        met_on=row.met_on,
        last_to_at=row.last_word_to_at,
        last_from_at=row.last_word_from_at,
        answers=Answers(row.words_to, row.words_answered, row.words_answered_soon),
        meetings=row.meetings_held,
    )
