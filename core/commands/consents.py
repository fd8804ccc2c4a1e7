"""What the candidate allows: to be kept on record, and to be written to."""

from datetime import date, datetime

from sqlalchemy import select

from core.commands.locks import candidate_to_change, records_of
from core.domain.bases import ConsentBasis, Purpose
from core.domain.refusal import Refused
from core.persistence.ledger import settle
from core.persistence.tables import Candidate, Consent, ConsentWithdrawal, ContactAllowance, ContactBan, Fact
from core.persistence.work import Work

LONGEST_SOURCE, LONGEST_EVIDENCE = 200, 20_000


def give_consent(
    work: Work,
    candidate_id: int,
    until: date,
    *,
    purpose: Purpose | None = None,
    basis: ConsentBasis | None = None,
    source: str = "",
    evidence: str = "",
    at: datetime | None = None,
) -> int:
    """Given or renewed; `until` is the last day on which it is valid, `evidence` its wording and what shows it.

    Where nothing else is said it is for what the last one was for; the first is for future openings.
    """
    candidate = candidate_to_change(work, candidate_id)
    if until < work.calendar.day(at or work.now):
        raise Refused("A consent can't have lapsed before it was given.")
    if len(source) > LONGEST_SOURCE or len(evidence) > LONGEST_EVIDENCE:
        raise Refused(f"That is too long: {LONGEST_SOURCE} characters fit for how it came, {LONGEST_EVIDENCE} beside.")
    before = _last(work, candidate)
    consent = work.enter(
        Consent(
            candidate_id=candidate.id,
            until_on=until,
            purpose=Purpose(purpose or (before.purpose if before else Purpose.FUTURE)),
            basis=ConsentBasis(basis or (before.basis if before else ConsentBasis.CONSENT)),
            source=source.strip(),
            evidence=evidence.strip(),
        ),
        happened_at=at,
    )
    settle(work, candidate.id)
    work.record("consent given", candidate, fact=consent.id, until=until.isoformat(), purpose=consent.purpose.value)
    return consent.id


def withdraw_consent(work: Work, candidate_id: int, *, at: datetime | None = None) -> int:
    return _noted(work, candidate_id, ConsentWithdrawal, "consent withdrawn", at)


def forbid_contact(work: Work, candidate_id: int, *, at: datetime | None = None) -> int:
    """Do-not-contact beats every cadence; it does not stop the answer to someone who writes."""
    return _noted(work, candidate_id, ContactBan, "do-not-contact set", at)


def allow_contact(work: Work, candidate_id: int, *, at: datetime | None = None) -> int:
    """Lifting it revives nothing; the clocks begin anew from here."""
    return _noted(work, candidate_id, ContactAllowance, "do-not-contact lifted", at)


def _noted(work: Work, candidate_id: int, kind: type[Fact], action: str, at: datetime | None) -> int:
    """A fact that says no more than that it happened."""
    candidate = candidate_to_change(work, candidate_id)
    fact = work.enter(kind(candidate_id=candidate.id), happened_at=at)
    settle(work, candidate.id)
    work.record(action, candidate, fact=fact.id)
    return fact.id


def _last(work: Work, candidate: Candidate) -> Consent | None:
    theirs = Consent.candidate_id.in_(records_of(work.session, candidate))
    last = select(Consent).where(theirs, Consent.undone_at.is_(None)).order_by(Consent.happened_at.desc())
    return work.session.scalar(last.limit(1))
