"""What the team promises itself, changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from core.commands.locks import client_to_change
from core.domain.policy import Policy
from core.domain.promises import Kind, Status
from core.domain.refusal import Refused, Stale
from core.persistence.ledger import count_days_afresh, settle
from core.persistence.tables import Opening, PolicyChange, Process, Promise
from core.persistence.team import claim
from core.persistence.work import Work

MOST_MONTHS = 120


def change_policy(work: Work, values: Mapping[str, Any], *, at: datetime | None = None, seen: int | None = None) -> int:
    """Put new terms in force from now on; `settling.settle_everyone` then brings every promise in line with them.

    `seen` is the change whose policy was looked at: where another is in force by now, nothing is changed.
    """
    work.require_admin()
    claim(work.session)
    if seen is not None and (latest := _latest(work)) is not None and latest.id != seen:
        raise Stale("Somebody changed the policy meanwhile. Look once more at what yours does, then save it.", {})
    try:
        terms = work.policy.now.changed(values)
    except ValueError as wrong:
        raise Refused(str(wrong)) from wrong
    change = _put_in_force(work, terms, at)
    work.record("policy changed", change, values={name: terms.as_values()[name] for name in values})
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
    change = _put_in_force(work, work.policy.now.changed({"retention_months": months}))
    change.settled_at = work.now
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
    change = _put_in_force(work, changed)
    change.settled_at = work.now
    settle(work, *(id_ for id_ in work.session.scalars(concerned.distinct()) if id_ is not None))
    work.record("policy changed", change, values={terms: {name: [before.get(name, usual), working_days]}})


def undo_policy(work: Work, change: PolicyChange) -> None:
    """The terms before it are in force again, for everybody once `settle_everyone` has gone through."""
    work.require_admin()
    latest = _latest(work)
    if latest is None:
        raise Refused("The first policy can't be undone. Change it instead.")
    latest.settled_at = None
    _take_in(work)


def ensure_first_policy(work: Work, values: Mapping[str, Any] | None = None) -> bool:
    """Put the first policy on record, with the working time of the settings; whether there was none."""
    if _latest(work) is not None:
        return False
    change = _put_in_force(work, work.policy.now.changed(values or {}))
    change.settled_at = work.now
    work.record("policy set", change, working_time=change.terms["working_time"])
    return True


def _latest(work: Work) -> PolicyChange | None:
    stands = PolicyChange.undone_at.is_(None)
    return work.session.scalar(select(PolicyChange).where(stands).order_by(PolicyChange.id.desc()).limit(1))


def _put_in_force(work: Work, terms: Policy, at: datetime | None = None) -> PolicyChange:
    terms = terms.changed({"working_time": terms.working_time or work.calendar})
    change = work.enter(PolicyChange(terms=terms.as_values()), happened_at=at)
    _take_in(work)
    return change


def _take_in(work: Work) -> None:
    """Go on in this unit of work by the policy as it is now; if the zone has changed, count all days anew."""
    before = work.calendar.zone_name
    work.refresh_team()
    if work.calendar.zone_name != before:
        count_days_afresh(work.session, work.calendar)
