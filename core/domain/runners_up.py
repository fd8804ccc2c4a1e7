"""Whom to think of first for an opening: what speaks for somebody, in points and in words, and what is not known.

It is an order in which people are read, and nothing more: nobody is hidden or turned down by it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from core.domain.facts import ClosingReason, Result

SKILLS, AGAIN, FAR, MET, HEARD, CONSENT = 40, 20, 15, 10, 10, 5
"""The most points of each kind; a hundred together."""
IMPLIED = 0.75
"""A skill that follows from another they have, against one they have themselves."""
LATELY, LONG_AGO = relativedelta(years=1), relativedelta(years=3)
NOT_ABOUT_THEM = frozenset(
    {
        ClosingReason.SOMEBODY_ELSE,
        ClosingReason.BUDGET,
        ClosingReason.ROLE_CHANGED,
        ClosingReason.CLIENT_SILENT,
        ClosingReason.TOO_SLOW,
    }
)
"""Why somebody was turned down who would be presented again: a runner-up, or the client's doing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """How another opening ended for them."""

    place: str
    """“Python developer, Nordbank”."""
    stage: str
    reached: float
    """The share of that opening's stages they came to, this one included; 0 where it has no such stage any more."""
    closed_on: date
    result: Result | None
    reason: ClosingReason | None

    @property
    def would_again(self) -> bool:
        """It ended, and not because of them."""
        if self.result is Result.REJECTED:
            return self.reason in NOT_ABOUT_THEM
        return self.result in (Result.OPENING_CLOSED, Result.NOT_NOW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquaintance:
    """What is known of somebody who may be thought of."""

    needs: int
    """So many skills are looked for."""
    known: int
    """So many of them they have themselves."""
    implied: int
    """So many follow from others they have."""
    before: tuple[Before, ...] = ()
    was_recommended: bool = False
    """To a client, in writing."""
    meetings: int = 0
    """So many were held."""
    heard_on: date | None = None
    consent_until: date | None = None


def furthest(before: tuple[Before, ...]) -> Before | None:
    """Where they came farthest; of two as far, the later."""
    return max(before, key=lambda one: (one.reached, one.closed_on), default=None)


def ended_well(before: tuple[Before, ...]) -> Before | None:
    """The last that ended, and not because of them."""
    return max((one for one in before if one.would_again), key=lambda one: one.closed_on, default=None)


def total(known: Acquaintance, today: date) -> float:
    return sum(points for _, points in for_them(known, today))


def for_them(known: Acquaintance, today: date) -> Iterator[tuple[str, float]]:
    """What speaks for them, with its points: a plain sum."""
    if known.needs:
        yield "skills", SKILLS * (known.known + IMPLIED * known.implied) / known.needs
    if known.was_recommended or ended_well(known.before):
        yield "would present again", AGAIN
    if (far := furthest(known.before)) is not None:
        yield "came far before", FAR * far.reached
    if known.meetings:
        yield "met", MET
    if known.heard_on is not None:
        if known.heard_on >= today - LATELY:
            yield "heard from within a year", HEARD
        elif known.heard_on >= today - LONG_AGO:
            yield "heard from within three years", HEARD / 2
    if known.consent_until is not None and known.consent_until >= today:
        yield "consent is valid", CONSENT
