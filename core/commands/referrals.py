"""Who recommended whom."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from core.commands.candidates import add_candidate
from core.commands.duplicates import say_not_the_same
from core.commands.locks import candidate_to_change, hold_people, records_of
from core.domain.handles import Handle as Address
from core.domain.refusal import Refused
from core.persistence.ledger import settle
from core.persistence.tables import Candidate, Referral
from core.persistence.work import Work

SOURCE = "Referral"
"""Where somebody is from who was added because they were recommended."""


def refer(work: Work, referrer_id: int, candidate_id: int, *, at: datetime | None = None) -> int:
    """One person recommended another: thanks are owed at once, and the outcome when there is one.

    Who did so already did: their thanks are owed once. Returns the fact's id.
    """
    work.require_editor()
    hold_people(work, (referrer_id, candidate_id))
    referrer = candidate_to_change(work, referrer_id)
    referred = candidate_to_change(work, candidate_id)
    if referrer.id == referred.id:
        raise Refused("Nobody recommends themselves.")
    if (known := _recommended_already(work, referrer, referred)) is not None:
        return known
    if _recommended_already(work, referred, referrer) is not None:
        first, then = referred.name or "this person", referrer.name or "the other"
        raise Refused(f"It is on record that {first} recommended {then}. Take that back, if it is wrong.")
    referral = work.enter(Referral(candidate_id=referrer.id, referred_id=referred.id), happened_at=at)
    settle(work, referrer.id, referred.id)
    work.record("referral recorded", referrer, fact=referral.id, referred=referred.id)
    return referral.id


def refer_somebody_new(
    work: Work,
    known_id: int,
    *,
    name: str,
    handles: Sequence[Address] = (),
    is_referrer: bool = False,
    others: Sequence[int] = (),
    at: datetime | None = None,
) -> int:
    """Add a person and say who recommended whom: the one who is known the new one, or the other way about.

    `others` are alike, and somebody else. Returns the referral's fact; taking it back leaves the person.
    """
    new = add_candidate(work, name=name, handles=handles, source="" if is_referrer else SOURCE)
    for other in others:
        say_not_the_same(work, new, other)
    return refer(work, *((new, known_id) if is_referrer else (known_id, new)), at=at)


def _recommended_already(work: Work, referrer: Candidate, referred: Candidate) -> int | None:
    made = select(Referral.id).where(
        Referral.candidate_id.in_(records_of(work.session, referrer)),
        Referral.referred_id.in_(records_of(work.session, referred)),
        Referral.undone_at.is_(None),
    )
    return work.session.scalar(made.limit(1))
