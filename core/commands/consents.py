"""What the candidate allows: to be kept on record, and to be written to."""

from datetime import date, datetime

from core.commands.locks import candidate_to_change
from core.domain.bases import ConsentBasis, Purpose
from core.domain.refusal import Refused
from core.persistence.ledger import settle
from core.persistence.tables import Consent, ConsentWithdrawal, ContactAllowance, ContactBan
from core.persistence.work import Work

LONGEST_SOURCE, LONGEST_EVIDENCE = 200, 20_000


def give_consent(
    work: Work,
    candidate_id: int,
    until: date,
    *,
    purpose: Purpose = Purpose.FUTURE,
    basis: ConsentBasis = ConsentBasis.CONSENT,
    source: str = "",
    evidence: str = "",
    at: datetime | None = None,
) -> int:
    """Given or renewed; `until` is the last day on which it is valid, `evidence` its wording and what shows it."""
    candidate = candidate_to_change(work, candidate_id)
    if until < work.calendar.day(at or work.now):
        raise Refused("A consent can't have lapsed before it was given.")
    if len(source) > LONGEST_SOURCE or len(evidence) > LONGEST_EVIDENCE:
        raise Refused(f"That is too long: {LONGEST_SOURCE} characters fit for how it came, {LONGEST_EVIDENCE} beside.")
    consent = work.enter(
        Consent(
            candidate_id=candidate.id,
            until_on=until,
            purpose=Purpose(purpose),
            basis=ConsentBasis(basis),
            source=source.strip(),
            evidence=evidence.strip(),
        ),
        happened_at=at,
    )
    settle(work, candidate.id)
    work.record("consent given", candidate, fact=consent.id, until=until.isoformat(), purpose=consent.purpose.value)
    return consent.id


def withdraw_consent(work: Work, candidate_id: int, *, at: datetime | None = None) -> int:
    candidate = candidate_to_change(work, candidate_id)
    withdrawal = work.enter(ConsentWithdrawal(candidate_id=candidate.id), happened_at=at)
    settle(work, candidate.id)
    work.record("consent withdrawn", candidate, fact=withdrawal.id)
    return withdrawal.id


def forbid_contact(work: Work, candidate_id: int, *, at: datetime | None = None) -> int:
    """Do-not-contact beats every cadence; it does not stop the answer to someone who writes."""
    candidate = candidate_to_change(work, candidate_id)
    ban = work.enter(ContactBan(candidate_id=candidate.id), happened_at=at)
    settle(work, candidate.id)
    work.record("do-not-contact set", candidate, fact=ban.id)
    return ban.id


def allow_contact(work: Work, candidate_id: int, *, at: datetime | None = None) -> int:
    """Lifting it revives nothing; the clocks begin anew from here."""
    candidate = candidate_to_change(work, candidate_id)
    allowance = work.enter(ContactAllowance(candidate_id=candidate.id), happened_at=at)
    settle(work, candidate.id)
    work.record("do-not-contact lifted", candidate, fact=allowance.id)
    return allowance.id
