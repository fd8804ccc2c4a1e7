"""The candidate's own page: the link we give them; and what they themselves say and ask there, by the link alone.

What they do has no id from the browser that is believed: whose it is follows from the link, and whatever is named has
to be theirs. The trail says of each such action by which link it was done.
"""

from datetime import timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, func, select

from core.commands.consents import give_consent, withdraw_consent
from core.commands.contacts import log_contact
from core.commands.locks import candidate_to_change, process_of, records_of, theirs_to_change
from core.commands.privacy import open_request
from core.domain.bases import ConsentBasis, Purpose
from core.domain.facts import Way
from core.domain.own_page import CHANNEL, CONSENT_MONTHS, HIGHEST, TO_BE_FORGOTTEN, TO_SEE, words
from core.domain.refusal import NotAllowed, Refused
from core.domain.templates import LANGUAGES
from core.domain.tokens import hash_of
from core.domain.words import excerpt
from core.persistence.own_page import link_of
from core.persistence.tables import (
    AuditEntry,
    Candidate,
    Claim,
    Contact,
    OwnPageLink,
    PrivacyRequest,
    Recommendation,
    RequestChannel,
    RequestKind,
    SurveyAnswer,
)
from core.persistence.work import Work
from core.queries.own_page import asked, to_fetch

SUBJECTS = {RequestKind.SEE: TO_SEE, RequestKind.FORGET: TO_BE_FORGOTTEN}
CORRECTION = "Correction of “{}”"
"""Of the word that corrects a claim."""
LONGEST_ABOUT = 150
LONGEST = 5_000
LONGEST_CORRECTION = 2_000
FETCHED = "data fetched"
A_DAY = 20
"""So often somebody may write, and take the file with their data: more words are not answered one by one anyway."""


class Shut(Refused):
    """The link opens nothing (any more)."""


class Enough(Refused):
    """Too much for one day."""


# by the team


def give_own_page(work: Work, candidate_id: int, token: str, *, life: timedelta) -> int:
    """A link for them, good until it runs out or is revoked. Only its hash is kept. Returns its id."""
    candidate = candidate_to_change(work, candidate_id)
    link = OwnPageLink(
        candidate_id=candidate.id,
        token_hash=hash_of(token),
        made_at=work.now,
        made_by_id=work.actor.id,
        expires_at=work.now + life,
    )
    work.session.add(link)
    work.session.flush()
    work.record("own page given", candidate, link=link.id, until=link.expires_at.isoformat())
    return link.id


def revoke_own_page(work: Work, link_id: int) -> None:
    """It opens nothing from now on. Safe to repeat."""
    link, candidate = theirs_to_change(work, OwnPageLink, link_id, "There is no such link any more.")
    if link.revoked_at is None:
        link.revoked_at = work.now
        work.record("own page revoked", candidate, link=link.id)


# by the candidate


def open_own_page(work: Work, token: str) -> None:
    """Note that the link was used."""
    link, candidate = _led(work, token)
    link.last_used_at = work.now
    work.record("own page opened", candidate)


def ask(work: Work, token: str, text: str, process_id: int | None = None) -> int:
    """A word from them: it is owed an answer as any other. Returns the contact's id."""
    _, candidate = _led(work, token)
    if not text.strip():
        raise Refused("There is nothing in it yet.")
    return _say(work, candidate, text, process_id=process_id)


def ask_for(work: Work, token: str, kind: RequestKind) -> None:
    """A request, and a word from them that is owed an answer before the month is over. Asked twice, it is one."""
    _, candidate = _led(work, token)
    if kind not in asked(work.session, records_of(work.session, candidate)):
        open_request(work, candidate.id, kind, RequestChannel.OWN_PAGE)
        _say(work, candidate, "", about=SUBJECTS[kind])


def fetch_own_data(work: Work, token: str) -> int:
    """They take the file that the team has put on their page; whose data it holds. It is made when it is asked for."""
    _, candidate = _led(work, token)
    found = to_fetch(work.session, records_of(work.session, candidate), work.calendar.day(work.now))
    if found is None:
        raise Refused("There is nothing to fetch.")
    request = work.session.get_one(PrivacyRequest, found.request_id, with_for_update=True)
    of_it = (AuditEntry.subject_kind == PrivacyRequest.__tablename__, AuditEntry.subject_id == request.id)
    today = (AuditEntry.action == FETCHED, AuditEntry.at > work.now - timedelta(days=1))
    _refuse_enough(work, AuditEntry.id, *of_it, *today)
    request.fetched_at = request.fetched_at or work.now
    work.record(FETCHED, request, candidate=candidate.id)
    return candidate.id


def confirm_claim(work: Work, token: str, claim_id: int, text: str) -> None:
    """What we say of them is so. `text` is what they read; safe to repeat."""
    claim, recommendation, _ = _claim(work, token, claim_id, text)
    if claim.own_word_at is not None and claim.correction is None:
        return
    claim.confirmed_at = claim.own_word_at = work.now
    claim.correction = None
    recommendation.version += 1
    work.record("claim confirmed", recommendation, claim=claim.position)


def correct_claim(work: Work, token: str, claim_id: int, text: str, correction: str) -> None:
    """What they would have said in its place stands beside it, for us to take over; and is a word owed an answer."""
    claim, recommendation, candidate = _claim(work, token, claim_id, text)
    correction = _plain(correction, LONGEST_CORRECTION)
    if not correction:
        raise Refused("There is nothing in it yet.")
    if correction == claim.correction:
        return
    about = CORRECTION.format(excerpt(claim.text, LONGEST_ABOUT))
    _say(work, candidate, correction, about=about, process_id=recommendation.process_id)
    claim.correction, claim.own_word_at, claim.confirmed_at = correction, work.now, None
    recommendation.version += 1
    work.record("claim corrected", recommendation, claim=claim.position)


def score(work: Work, token: str, process_id: int, points: int, words: str = "") -> None:
    """Once for a process, when they have been told how it ended. Safe to repeat: the first counts."""
    _, candidate = _led(work, token)
    process = process_of(work, candidate, process_id)
    if process.is_active or process.told_days is None or process.result is None or process.candidate_id is None:
        raise Refused("This has not ended yet, or nobody has told how.")
    if not 0 <= points <= HIGHEST:
        raise Refused(f"From 0 to {HIGHEST}.")
    if work.session.scalar(select(SurveyAnswer.id).where(SurveyAnswer.process_id == process.id)) is not None:
        return
    answer = SurveyAnswer(
        process_id=process.id,
        candidate_id=process.candidate_id,
        at=work.now,
        result=process.result,
        score=points,
        words=_plain(words, LONGEST),
    )
    work.session.add(answer)
    work.session.flush()
    work.record("scored us", candidate, process=process.id)


def renew_consent(work: Work, token: str, language: str) -> int:
    """To what the page says in that language, word for word, whatever was agreed before. Returns the fact's id."""
    _, candidate = _led(work, token)
    if language not in LANGUAGES:
        raise Refused("The page does not speak that language.")
    until = work.calendar.day(work.now) + relativedelta(months=CONSENT_MONTHS)
    return give_consent(
        work,
        candidate.id,
        until,
        purpose=Purpose.FUTURE,
        basis=ConsentBasis.CONSENT,
        source=CHANNEL,
        evidence=words(language)("consent_words", months=CONSENT_MONTHS),
    )


def withdraw_own_consent(work: Work, token: str) -> int:
    _, candidate = _led(work, token)
    return withdraw_consent(work, candidate.id)


def _led(work: Work, token: str) -> tuple[OwnPageLink, Candidate]:
    """Whom the link leads to, held; from here on the trail says that it was they who acted."""
    if work.actor.id is not None:
        raise NotAllowed("Only they themselves do that, on their own page.")
    found = link_of(work.session, token, now=work.now)
    if found is None:
        raise Shut("This link opens nothing any more.")
    link, candidate = found[0], candidate_to_change(work, found[1].id)
    work.session.refresh(link)  # as whoever held the candidate before has left it
    if link.revoked_at is not None:
        raise Shut("This link opens nothing any more.")
    work.own_page_id = link.id
    return link, candidate


def _claim(work: Work, token: str, claim_id: int, text: str) -> tuple[Claim, Recommendation, Candidate]:
    """One of theirs, as they read it, and they themselves: a number may be another claim's by now."""
    _, candidate = _led(work, token)
    claim = work.session.get(Claim, claim_id)
    recommendation = work.session.get(Recommendation, claim.recommendation_id) if claim is not None else None
    is_theirs = recommendation is not None and recommendation.candidate_id in records_of(work.session, candidate)
    if claim is None or recommendation is None or not is_theirs or claim.text != text:
        raise Refused("That was changed meanwhile. Load the page again.")
    return claim, recommendation, candidate


def _say(
    work: Work, candidate: Candidate, text: str, *, about: str | None = None, process_id: int | None = None
) -> int:
    theirs = Contact.candidate_id.in_(records_of(work.session, candidate))
    today = (theirs, Contact.channel == CHANNEL, Contact.happened_at > work.now - timedelta(days=1))
    _refuse_enough(work, Contact.id, *today)
    return log_contact(
        work,
        candidate.id,
        way=Way.FROM,
        channel=CHANNEL,
        about=about,
        text=_plain(text, LONGEST),
        process_id=process_id,
    )


def _refuse_enough(work: Work, id_: Any, *today: ColumnElement[bool]) -> None:
    """`id_`: of what is counted; `today`: which of it, of the last day."""
    if (work.session.scalar(select(func.count(id_)).where(*today)) or 0) >= A_DAY:
        raise Enough("That is enough for one day. Come again tomorrow.")


def _plain(text: str, longest: int) -> str:
    """PostgreSQL takes no NUL."""
    text = text.replace("\0", "").strip()
    if len(text) > longest:
        raise Refused(f"That is too long: {len(text):,} characters, {longest:,} fit.")
    return text
