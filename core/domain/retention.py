"""How long people are kept: some months from their own last act, unless they are in process or a claim needs them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from core.domain.facts import Absent, ConsentGiven, Contact, MeetingResult, Placed, Referred, Way
from core.domain.life import Facts, Meeting
from core.domain.own_page import TO_BE_FORGOTTEN, TO_SEE, request_in

LONGEST_CLAIM = 36
"""Months for which a claim may keep somebody."""


class Act(StrEnum):
    """What somebody did last, of their own accord."""

    WORD = "word"
    """Wrote to us, or spoke with us."""
    SEE = "see"
    """Asked for their data, on their own page."""
    FORGET = "forget"
    """Asked there to be forgotten."""
    MEETING = "meeting"
    """Came to a meeting, even to one that we or the client missed."""
    CONSENT = "consent"
    """Gave or renewed a consent."""
    REFERRAL = "referral"
    """Recommended somebody."""
    PLACEMENT = "placement"
    """Took a job of ours."""


@dataclass(frozen=True, slots=True)
class LastAct:
    what: Act
    at: datetime


def last_act(facts: Facts) -> LastAct | None:
    """The candidate's own last act: a word from them, or spoken with them; a meeting they came to; a consent given or
    renewed; a recommendation they made; a job they took; a request they made. What they do on their own page is one of
    these.

    Nothing that we do counts: no word of ours, no note, no stage move, no import. Nor does what asks us to keep them
    less: a consent withdrawn, contact forbidden. None: they never did anything that we know of.
    """
    return max(_acts(facts), key=lambda act: act.at, default=None)


def acted_on(facts: Facts, added_at: datetime) -> date:
    """The day from which they are kept so long; for whoever never acted the day on which they came on record."""
    act = last_act(facts)
    return facts.calendar.day(act.at if act else added_at)


def falls_due_on(acted: date, months: int) -> date:
    return acted + relativedelta(months=months)


def acted_before(day: date, months: int) -> date:
    """The last day of an act by which somebody is due to be erased on `day`: who acted later is not due yet."""
    last = day - relativedelta(months=months)
    while falls_due_on(last + timedelta(days=1), months) <= day:  # several last days of a month fall due on one
        last += timedelta(days=1)
    return last


def claim_until(kept_until: date | None, today: date) -> date | None:
    """Until when a claim keeps somebody, that day included; None: none does, or not any more."""
    return kept_until if kept_until is not None and kept_until >= today else None


def longest_claim(today: date) -> date:
    return today + relativedelta(months=LONGEST_CLAIM)


def _acts(facts: Facts) -> Iterator[LastAct]:
    yield from (LastAct(_said(c), c.happened) for c in facts.of(Contact) if c.way in (Way.FROM, Way.TALKED))
    yield from (LastAct(Act.MEETING, m.ends) for m in facts.meetings if _came(m))
    yield from (LastAct(Act.CONSENT, f.happened) for f in facts.of(ConsentGiven))
    yield from (LastAct(Act.REFERRAL, f.happened) for f in facts.of(Referred))
    yield from (LastAct(Act.PLACEMENT, f.happened) for f in facts.of(Placed))


def _said(word: Contact) -> Act:
    return {TO_SEE: Act.SEE, TO_BE_FORGOTTEN: Act.FORGET}.get(request_in(word.has_text, word.about), Act.WORD)


def _came(meeting: Meeting) -> bool:
    outcome = meeting.outcome
    if outcome is None or outcome.result is MeetingResult.CANCELLED:
        return False
    return outcome.absent is not Absent.CANDIDATE
