"""What the team promises itself, changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from core.commands.locks import client_to_change
from core.domain.calendar import Calendar
from core.domain.policy import Policy
from core.domain.promises import Kind, Status
from core.domain.refusal import Refused
from core.persistence.ledger import settle
from core.persistence.tables import Opening, PolicyChange, Process, Promise
from core.persistence.work import Work

MOST_MONTHS = 120


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


def set_cadence(work: Work, stage: str, working_days: int) -> None:
    """How often people in a stage of this name hear from us, in whichever opening."""
    in_stage = select(Process.candidate_id).join(Promise, Promise.process_id == Process.id)
    concerned = in_stage.where(Process.stage == stage, Promise.kind == Kind.UPDATE, Promise.status == Status.OPEN)
    _set_one(work, "stages", stage, working_days, work.policy.now.update, concerned)


def set_answer_time(work: Work, client_id: int, working_days: int) -> None:
    """How long a client may take to answer."""
    client = client_to_change(work, client_id)
    of_client = select(Process.candidate_id).join(Opening, Opening.id == Process.opening_id)
    concerned = of_client.where(Opening.client_id == client.id, Process.is_active)
    usual = work.policy.now.client_answer
    _set_one(work, "clients", client.called_in_policy, working_days, usual, concerned)


def set_retention(work: Work, months: int) -> int:
    """How long people are kept after their own last act. Nothing that is settled follows from it."""
    work.require_admin()
    if not 1 <= months <= MOST_MONTHS:
        raise Refused(f"People are kept from 1 to {MOST_MONTHS} months.")
    before = work.policy.now.retention_months
    change = work.enter(_change(work.policy.now.changed({"retention_months": months}), work.calendar))
    change.settled_at = work.now
    work.refresh_team()
    work.record("policy changed", change, values={"retention_months": [before, months]})
    return change.id


def _set_one(work: Work, terms: str, name: str, working_days: int, usual: int, concerned: Select[int | None]) -> None:
    """One term of the policy that concerns few: they are settled at once, in this unit of work."""
    work.require_editor()
    before = getattr(work.policy.now, terms)
    if before.get(name, usual) == working_days:
        return
    after = {**before, name: working_days}
    if working_days == usual:
        after.pop(name)
    try:
        changed = work.policy.now.changed({terms: after})
    except ValueError as wrong:
        raise Refused(str(wrong)) from wrong
    change = work.enter(_change(changed, work.calendar))
    change.settled_at = work.now
    work.refresh_team()
    settle(work, *(id_ for id_ in work.session.scalars(concerned.distinct()) if id_ is not None))
    work.record("policy changed", change, values={terms: {name: [before.get(name, usual), working_days]}})


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
