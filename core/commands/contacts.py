"""Words said, to and from candidates and clients."""

from collections.abc import Sequence
from datetime import date, datetime

from core.commands.locks import candidate_to_change, process_of, process_to_change
from core.domain.facts import Turn, Way
from core.domain.refusal import Refused
from core.persistence.ledger import settle
from core.persistence.tables import Contact
from core.persistence.work import Work

LONGEST_NEXT = 200
TO_OR_FROM_CLIENT = frozenset({Way.CLIENT_TO, Way.CLIENT_FROM})


def log_contact(
    work: Work,
    candidate_id: int,
    *,
    way: Way,
    at: datetime | None = None,
    text: str = "",
    channel: str = "",
    about: str | None = None,
    process_id: int | None = None,
    is_feedback: bool = False,
    is_thanks: bool = False,
    is_check_in: bool = False,
    is_group: bool = False,
    needs_answer: bool = True,
    still_waiting: bool = False,
    keeps: Sequence[int] = (),
    next_what: str | None = None,
    next_due_at: datetime | date | None = None,
    by_id: int | None = None,
) -> int:
    """Record a word exchanged; what it keeps and what it opens follows from the rules. Returns the fact's id."""
    candidate = candidate_to_change(work, candidate_id)
    if way in TO_OR_FROM_CLIENT and process_id is None:
        raise Refused("Say which process the word with the client was about.")
    if process_id is not None:
        process_of(work, candidate, process_id)
    due = _next_due(work, next_what, next_due_at, said_at=at or work.now)
    contact = work.enter(
        Contact(
            candidate_id=candidate.id,
            process_id=process_id,
            by_id=by_id,
            way=way,
            channel=channel,
            about=about,
            text=text,
            has_text=bool(text.strip()),
            is_feedback=is_feedback,
            is_thanks=is_thanks,
            is_check_in=is_check_in,
            is_group=is_group,
            needs_answer=needs_answer,
            still_waiting=still_waiting,
            keeps=list(keeps) or None,
            next_what=(next_what or "").strip() if due is not None else None,
            next_due_at=due,
        ),
        happened_at=at,
    )
    id_ = contact.id  # settling forgets what was read of it
    settle(work, candidate.id)
    work.record("contact logged", candidate, fact=id_, way=way.value)
    return id_


def hear_client(
    work: Work,
    process_id: int,
    text: str,
    *,
    channel: str = "e-mail",
    still_waiting: bool = False,
    at: datetime | None = None,
) -> int:
    """What the client said of somebody; our turn again, unless it asks for more time. Returns the fact's id."""
    process, candidate = process_to_change(work, process_id)
    if not text.strip():
        raise Refused("Write down what the client said.")
    was_theirs = process.turn is Turn.CLIENT
    id_ = log_contact(
        work,
        candidate.id,
        way=Way.CLIENT_FROM,
        at=at,
        channel=channel,
        text=text,
        process_id=process.id,
        still_waiting=still_waiting,
    )
    if was_theirs and process.turn is Turn.CLIENT and not still_waiting:
        raise Refused("We have waited on the client only since after that. Say a later day.")
    return id_


def _next_due(work: Work, what: str | None, due: datetime | date | None, *, said_at: datetime) -> datetime | None:
    """As said, weekend or not; a date alone means closing time of it."""
    what = (what or "").strip()
    if due is None:
        if what:
            raise Refused("Say by when, too: “next” needs a date.")
        return None
    if len(what) > LONGEST_NEXT:
        raise Refused(f"What comes next is too long: {len(what)} characters, {LONGEST_NEXT} fit.")
    moment = due if isinstance(due, datetime) else work.calendar.closing_of(due)
    if moment < said_at:
        raise Refused("The next step can't be due before it was said.")
    return moment
