"""What people ask of their own data, answered within a month; and whoever was kept long enough is erased."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import select

from core.commands.candidates import erase_candidate
from core.commands.locks import candidate_to_change, row_to_change
from core.domain.refusal import Refused
from core.domain.retention import LONGEST_CLAIM, acted_before, claim_until, longest_claim
from core.domain.traces import Identity
from core.persistence.erasures import Asked
from core.persistence.facts import kept_record, merged_records
from core.persistence.own_page import link_until
from core.persistence.tables import Candidate, Member, PrivacyRequest, RequestChannel, RequestKind, RequestState
from core.persistence.traces import Trace, take_out
from core.persistence.work import Work
from core.queries.privacy import is_to_see

TO_FETCH = timedelta(days=30)
"""So long the file with their data waits on their own page."""
A_MONTH, LONGER = relativedelta(months=1), relativedelta(months=3)
"""In which a request is answered; and where they were told within the first why it takes longer."""
LONGEST_REASON = 2_000


# requests


def open_request(
    work: Work,
    candidate_id: int,
    kind: RequestKind,
    channel: RequestChannel,
    *,
    received_on: date | None = None,
) -> int:
    """They asked to see what we know of them, or to be forgotten; the request's id. Who notes it twice is told so.

    THE_PROGRAM opens it for whoever asks on their own page.
    """
    candidate = candidate_to_change(work, candidate_id)
    today = work.calendar.day(work.now)
    received = received_on or today
    if received > today:
        raise Refused("A request can't have come on a day that is yet to come.")
    of_theirs = PrivacyRequest.candidate_id.in_(merged_records(work.session, [candidate.id]))
    same = (PrivacyRequest.kind == kind, PrivacyRequest.state == RequestState.OPEN)
    if (found := work.session.scalar(select(PrivacyRequest).where(of_theirs, *same))) is not None:
        raise Refused(f"That is noted already, and to be answered by {found.due_on:%-d %B}. Find it under Privacy.")
    request = PrivacyRequest(
        candidate_id=candidate.id,
        kind=RequestKind(kind),
        channel=RequestChannel(channel),
        received_on=received,
        due_on=received + A_MONTH,
        opened_at=work.now,
        opened_by_id=work.actor.id,
        state=RequestState.OPEN,
    )
    work.session.add(request)
    work.session.flush()
    work.record("privacy request opened", candidate, request=request.id, kind=request.kind.value)
    return request.id


def withdraw_request(work: Work, request_id: int) -> int | None:
    """They took it back, or it was noted by mistake. Safe to repeat: then there is nothing to undo, and None."""
    request = _request(work, request_id)
    return _answered(work, request, RequestState.WITHDRAWN, "privacy request withdrawn")


def note_given(work: Work, request_id: int) -> int | None:
    """They were given the file with all that is known of them, some other way. Safe to repeat, as above."""
    request = _request(work, request_id)
    if request.kind is not RequestKind.SEE:
        raise Refused("They asked to be forgotten, not to see their data.")
    return _answered(work, request, RequestState.DONE, "data given")


def put_on_own_page(work: Work, request_id: int) -> int | None:
    """From now on they can take the file themselves from their own page, by the link to it."""
    request = _request(work, request_id)
    if request.kind is not RequestKind.SEE:
        raise Refused("They asked to be forgotten, not to see their data.")
    if request.fetch_until is not None and request.fetch_until >= work.calendar.day(work.now):
        by = work.session.get_one(Member, request.done_by_id)
        raise Refused(f"It is there already: {by.name} has put it on their own page.")
    until = link_until(work.session, request.candidate_id)
    if until is None or until <= work.now:
        raise Refused("No link to their own page is in force. Make one in the menu of their page, then put it there.")
    if request.state is not RequestState.OPEN:
        raise Refused("This request has been answered meanwhile.")
    request.fetch_until = work.calendar.day(work.now) + TO_FETCH
    return _answered(work, request, RequestState.DONE, "data put on their own page")


def take_off_own_page(work: Work, request_id: int) -> None:
    """It can't be fetched there any more; whoever has not fetched it still asks for it. Safe to repeat."""
    request = _request(work, request_id)
    candidate_to_change(work, request.candidate_id)
    if request.fetch_until is None:
        return
    request.fetch_until = None
    work.record("data taken off their own page", request, candidate=request.candidate_id)
    if request.fetched_at is None and not _asked_again(work, request):
        _open_again(work, request)


def take_out_data(work: Work, candidate_id: int) -> None:
    """All that is known of them is made into a file for them: who did that, and when, is on record."""
    candidate = candidate_to_change(work, candidate_id)
    work.record("data taken out", candidate)


def reopen_request(work: Work, request_id: int) -> None:
    """It was not answered after all. Whoever answered it takes that back, as long as nothing came of it."""
    request = _request(work, request_id)
    candidate_to_change(work, request.candidate_id)
    if request.state is RequestState.OPEN:
        return
    if request.done_by_id != work.actor.id:
        raise Refused("A colleague has answered this meanwhile: it stays as they left it.")
    if request.fetched_at is not None:
        raise Refused("They have fetched their data meanwhile: the request stays answered.")
    if _asked_again(work, request):
        raise Refused("They asked for the same again since.")
    request.fetch_until = None
    _open_again(work, request)


def take_longer(work: Work, request_id: int, because: str) -> int:
    """Two months more, as they were told, with the reason, before the first was over (art. 12(3) GDPR)."""
    request = _open_request(work, request_id)
    because = because.strip()
    if not because or len(because) > LONGEST_REASON:
        raise Refused(f"Write why it takes longer, as you told them, in up to {LONGEST_REASON:,} characters.")
    if work.calendar.day(work.now) > request.received_on + A_MONTH:
        raise Refused("The month is over: it can't be made longer any more. Answer it now.")
    request.due_on, request.notice = request.received_on + LONGER, because
    work.record("privacy request takes longer", request, due_on=request.due_on.isoformat())
    return request.id


def take_no_longer(work: Work, request_id: int) -> None:
    request = _open_request(work, request_id)
    request.due_on, request.notice = request.received_on + A_MONTH, None
    work.record("privacy request takes no longer", request, due_on=request.due_on.isoformat())


def note_again(work: Work, asked: Asked) -> bool:
    """After an older backup was brought back: the request stands as it stood. False: it does so already.

    A file that was put on their own page since is there no longer, and maybe the link neither: it is owed anew.
    """
    work.require_admin()
    candidate = candidate_to_change(work, asked.candidate_id)
    theirs = select(PrivacyRequest).where(
        PrivacyRequest.candidate_id == asked.candidate_id, PrivacyRequest.kind == asked.kind
    )
    request = work.session.scalar(theirs.where(PrivacyRequest.opened_at == asked.opened_at))
    waited = asked.fetch_until is not None and asked.fetch_until >= work.calendar.day(work.now)
    is_owed_anew = waited and (request is None or request.fetch_until != asked.fetch_until)
    state = RequestState.OPEN if is_owed_anew else asked.state
    if request is not None and (request.state, request.due_on) == (state, asked.due_on):
        return False
    if state is RequestState.OPEN:
        other = work.session.scalar(theirs.where(PrivacyRequest.state == RequestState.OPEN))
        if other not in (None, request):
            return False
    if request is None:
        request = PrivacyRequest(candidate_id=asked.candidate_id, kind=asked.kind, opened_at=asked.opened_at)
        work.session.add(request)
    request.channel, request.received_on, request.due_on = asked.channel, asked.received_on, asked.due_on
    request.state, request.done_at, request.fetch_until = state, None if is_owed_anew else asked.done_at, None
    work.record("privacy request noted again", candidate, kind=asked.kind.value)
    return True


# erasing


def erase_as_asked(work: Work, request_id: int, identity: Identity, elsewhere: Iterable[Trace] = ()) -> int:
    """As they asked: their own record is emptied, and they are taken out of what others wrote; in how many places.

    `core.erasing.erase` looks for those places beforehand, and afterwards proves that none is left.
    """
    work.require_admin()
    request = _open_request(work, request_id)
    if request.kind is not RequestKind.FORGET:
        raise Refused("They asked to see their data, not to be forgotten.")
    erase_candidate(work, request.candidate_id)
    return take_out(work.session, identity, elsewhere)


def note_proof(work: Work, request_id: int, proof: dict[str, Any]) -> None:
    """What was searched after they were erased, and what was found; without personal data."""
    work.require_admin()
    request = _request(work, request_id)
    request.proof = proof
    work.record("proof of erasure kept", request, found=proof.get("found"))


def erase_if_due(work: Work, candidate_id: int) -> bool:
    """Whoever was kept long enough is erased; False, and nothing done, for one who acted meanwhile, is kept, or
    asked to see what would be gone and has not got it.
    """
    work.require_admin()
    candidate = work.session.get(Candidate, kept_record(work.session, candidate_id), with_for_update=True)
    if candidate is None or candidate.erased_at is not None:
        return False
    today = work.calendar.day(work.now)
    last = acted_before(today, work.policy.now.retention_months)
    if (
        claim_until(candidate.kept_until, today)
        or candidate.active_processes
        or candidate.last_act_on is None
        or candidate.last_act_on > last
    ):
        return False
    if is_to_see(work.session, list(merged_records(work.session, [candidate.id])), today):
        return False
    erase_candidate(work, candidate.id)
    return True


# kept for a claim


def keep_for_claim(work: Work, candidate_id: int, until: date, because: str) -> int:
    """A claim needs what is known of them: they don't fall due before that day, and are not erased. Only an admin."""
    work.require_admin()
    candidate = candidate_to_change(work, candidate_id)
    today = work.calendar.day(work.now)
    if not today <= until <= longest_claim(today):
        raise Refused(f"Choose a day from today on, within the next {LONGEST_CLAIM} months.")
    because = because.strip()
    if not because or len(because) > LONGEST_REASON:
        raise Refused(f"Write which claim it is, in up to {LONGEST_REASON:,} characters.")
    candidate.kept_until, candidate.kept_because = until, because
    work.record("kept for a claim", candidate)
    return candidate.id


def keep_no_longer(work: Work, candidate_id: int) -> None:
    """The claim is over. Safe to repeat."""
    work.require_admin()
    candidate = candidate_to_change(work, candidate_id)
    if candidate.kept_until is None:
        return
    candidate.kept_until = candidate.kept_because = None
    work.record("kept for a claim no longer", candidate)


def _request(work: Work, request_id: int) -> PrivacyRequest:
    return row_to_change(work, PrivacyRequest, request_id, "request")


def _open_request(work: Work, request_id: int) -> PrivacyRequest:
    request = _request(work, request_id)
    if request.state is not RequestState.OPEN:
        raise Refused("This request has been answered meanwhile.")
    return request


def _asked_again(work: Work, request: PrivacyRequest) -> bool:
    """For the same, and that is still open."""
    theirs = PrivacyRequest.candidate_id.in_(merged_records(work.session, [request.candidate_id]))
    same = (PrivacyRequest.kind == request.kind, PrivacyRequest.state == RequestState.OPEN)
    return work.session.scalar(select(PrivacyRequest.id).where(theirs, *same).limit(1)) is not None


def _open_again(work: Work, request: PrivacyRequest) -> None:
    request.state, request.done_at, request.done_by_id = RequestState.OPEN, None, None
    work.record("privacy request open again", request, candidate=request.candidate_id)


def _answered(work: Work, request: PrivacyRequest, state: RequestState, action: str) -> int | None:
    if request.state is state:
        return None
    if request.state is not RequestState.OPEN:
        raise Refused("This request has been answered meanwhile.")
    request.state, request.done_at, request.done_by_id = state, work.now, work.actor.id
    work.record(action, request, candidate=request.candidate_id)
    return request.id
