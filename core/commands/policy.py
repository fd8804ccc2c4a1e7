"""What the team promises itself, changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.domain.calendar import Calendar
from core.domain.policy import Policy
from core.domain.refusal import Refused
from core.persistence.tables import PolicyChange
from core.persistence.work import Work


def change_policy(work: Work, values: Mapping[str, Any], *, at: datetime | None = None) -> int:
    """Put new terms in force from now on; `settling.settle_everyone` then brings every promise in line with them."""
    work.require_admin()
    try:
        terms = work.policy.now.changed(values)
    except ValueError as wrong:
        raise Refused(str(wrong)) from wrong
    change = work.enter(_change(terms, work.calendar), happened_at=at)
    work.record("policy changed", change, values=dict(values))
    return change.id


def undo_policy(work: Work, change: PolicyChange) -> None:
    """The terms before it are in force again, for everybody once `settle_everyone` has gone through."""
    work.require_admin()
    latest = _latest(work)
    if latest is None:
        raise Refused("The first policy can't be undone. Change it instead.")
    latest.settled_at = None


def ensure_first_policy(work: Work, values: Mapping[str, Any] | None = None) -> bool:
    """Put the first policy on record, and working time that differs from the last; whether there was anything to do."""
    latest = _latest(work)
    if latest is not None and latest.calendar == calendar_words(work.calendar):
        return False
    change = work.enter(_change(work.policy.now.changed(values or {}), work.calendar))
    change.settled_at = work.now if latest is None else None
    work.record("policy set", change, calendar=change.calendar)
    return True


def calendar_words(calendar: Calendar) -> str:
    """Working time in one line, to compare it with what the promises were reckoned by."""
    days = ",".join(str(day) for day in sorted(calendar.days))
    return f"{calendar.zone_name} {calendar.country} {days} {calendar.opens:%H:%M}-{calendar.closes:%H:%M}"


def _latest(work: Work) -> PolicyChange | None:
    stands = PolicyChange.undone_at.is_(None)
    return work.session.scalar(select(PolicyChange).where(stands).order_by(PolicyChange.id.desc()).limit(1))


def _change(terms: Policy, calendar: Calendar) -> PolicyChange:
    return PolicyChange(terms=terms.as_values(), calendar=calendar_words(calendar))
