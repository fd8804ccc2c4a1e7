"""What a member may do to a promise itself: keep it once, put it off, or let it go, each with a reason that is kept."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from core.commands.locks import theirs_to_change
from core.domain.facts import Way
from core.domain.promises import Kind, Status
from core.domain.refusal import Refused
from core.domain.words import excerpt
from core.persistence.ledger import settle
from core.persistence.tables import Candidate, Contact, Fact, Member, Promise, Snooze, Waiver
from core.persistence.work import Work

GONE = "There is no such promise any more."


def keep_promise(work: Work, promise_id: int, command: Callable[..., Any], *args: Any, **plain: Any) -> Any:
    """Do what keeps it, or tries to, unless it was settled since the form was drawn. Answers what that does."""
    promise, candidate = theirs_to_change(work, Promise, promise_id, f"{GONE} Your text is still here.")
    if promise.status is not Status.OPEN:
        raise Refused(f"{_what_settled(work, promise, candidate)} Your text is still here.")
    return command(work, *args, **plain)


def _what_settled(work: Work, promise: Promise, candidate: Candidate) -> str:
    fact = work.session.get(Fact, promise.settled_by_id) if promise.settled_by_id else None
    member = work.session.get(Member, fact.by_id) if fact and fact.by_id else None
    who, whom = member.name if member else "Somebody", candidate.name or "them"
    if not isinstance(fact, Contact):
        return f"What {whom} waited for is settled meanwhile: {promise.status}."
    said = excerpt(fact.text, 140)
    said_in_full = f"“{said}”{'' if said.endswith(('.', '!', '?', '…')) else '.'}"
    did = "noted the client’s answer" if fact.way is Way.CLIENT_FROM else f"answered {whom}"
    return f"{who} {did} a moment ago{f': {said_in_full}' if said else '.'}"


def waive_promise(work: Work, promise_id: int, reason: str, *, at: datetime | None = None) -> int:
    """Let one promise go; it is counted, and a clock goes on from here. Returns the fact's id."""
    promise, candidate = _open_promise(work, promise_id, reason)
    waiver = work.enter(
        Waiver(candidate_id=candidate.id, promise_key=promise.key, reason=reason.strip()), happened_at=at
    )
    settle(work, candidate.id)
    work.record("promise waived", candidate, promise=promise.key, fact=waiver.id)
    return waiver.id


def snooze_promise(
    work: Work, promise_id: int, until: date | datetime, reason: str, *, at: datetime | None = None
) -> int:
    """Put one promise off; the due time of before is kept beside the new one. Returns the fact's id."""
    promise, candidate = _open_promise(work, promise_id, reason)
    moment = until if isinstance(until, datetime) else work.calendar.on(until)
    if moment <= work.now or moment <= promise.due_at:
        raise Refused("Snooze it to a later time than it is due now.")
    snooze = work.enter(
        Snooze(candidate_id=candidate.id, promise_key=promise.key, until_at=moment, reason=reason.strip()),
        happened_at=at,
    )
    settle(work, candidate.id)
    work.record("promise snoozed", candidate, promise=promise.key, until=moment.isoformat(), fact=snooze.id)
    return snooze.id


def _open_promise(work: Work, promise_id: int, reason: str) -> tuple[Promise, Candidate]:
    promise, candidate = theirs_to_change(work, Promise, promise_id, GONE)
    if promise.opened_at > work.now:
        raise Refused(GONE)
    if promise.status is not Status.OPEN:
        raise Refused(f"This promise is settled already: {promise.status}.")
    if promise.kind is Kind.CONSENT:
        raise Refused("A consent can't be put off or let go. Ask for it again, or note that it was withdrawn.")
    if not reason.strip():
        raise Refused("Say why. The reason is kept with the promise.")
    return promise, candidate
