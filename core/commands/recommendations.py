"""What a client is told of a candidate: claims with their sources, sent with a word to the client, and answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import delete, select

from core.commands.contacts import hear_client, log_contact
from core.commands.locks import last_saved, process_to_change, theirs_to_change
from core.commands.processes import in_the_same_stroke, wait_on_client
from core.commands.undo import undo_fact
from core.domain.facts import Turn, Way
from core.domain.refusal import Refused, Stale
from core.persistence.tables import Claim, ClaimSource, Contact, Process, Recommendation, TurnChange
from core.persistence.work import Work

MOST_CLAIMS = 30
LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class OwnWord:
    """What is known of a claim in these words: when it was confirmed, and what the candidate says on their own page."""

    confirmed_at: datetime | None
    said_at: datetime | None
    correction: str | None


NOTHING: Mapping[str, OwnWord] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One claim, as a form says it."""

    text: str
    source: ClaimSource = ClaimSource.NONE
    fact_id: int | None = None
    """The contact in which it was said."""
    note: str = ""
    is_confirmed: bool = False
    """The candidate says that it is so."""


def recommend(work: Work, process_id: int, claims: Sequence[Said], *, summary: str = "") -> int:
    """Write it down; it goes out by `send_recommendation`. Returns its id."""
    process, candidate = process_to_change(work, process_id)
    if not process.is_active:
        raise Refused("This process has ended. Reopen it before you recommend anybody in it.")
    recommendation = Recommendation(
        candidate_id=candidate.id,
        process_id=process.id,
        summary=_summary(summary),
        made_at=work.now,
        made_by_id=work.actor.id,
    )
    work.session.add(recommendation)
    work.session.flush()
    _set_claims(work, recommendation, claims)
    work.record("recommendation written", recommendation, candidate=candidate.id, claims=len(claims))
    return recommendation.id


def edit_recommendation(
    work: Work, recommendation_id: int, claims: Sequence[Said], *, summary: str, version: int
) -> None:
    """Before it goes out; what was sent stays as it was sent."""
    recommendation, _ = _recommendation_to_change(work, recommendation_id)
    if recommendation.version != version:
        theirs = {"summary": recommendation.summary, "what we say": _said(work, recommendation)}
        raise Stale(
            "Somebody changed this recommendation meanwhile. Nothing was overwritten.",
            theirs,
            recommendation.version,
            last_saved(work, recommendation),
        )
    _refuse_sent(work, recommendation)
    recommendation.summary = _summary(summary)
    recommendation.version += 1
    known = _known(work, recommendation)
    work.session.execute(delete(Claim).where(Claim.recommendation_id == recommendation.id))
    _set_claims(work, recommendation, claims, known)
    work.record("recommendation edited", recommendation, claims=len(claims))


def send_recommendation(
    work: Work, recommendation_id: int, *, channel: str = "e-mail", text: str = "", at: datetime | None = None
) -> int:
    """Log that it went out: it is the client's turn from then on. Returns the contact's id."""
    recommendation, process = _recommendation_to_change(work, recommendation_id)
    _refuse_sent(work, recommendation)
    sent = log_contact(
        work,
        recommendation.candidate_id,
        way=Way.CLIENT_TO,
        channel=channel,
        text=text.strip() or recommendation.summary,
        process_id=process.id,
        at=at,
    )
    recommendation.sent_id, recommendation.answer_id = sent, None
    work.session.flush()
    if process.is_active and process.turn is not Turn.CLIENT:
        wait_on_client(work, process.id, at=at)
    work.record("recommendation sent", recommendation, fact=sent)
    return sent


def undo_sending(work: Work, contact_id: int) -> None:
    """Take back that it was sent, and the turn that came with it. Safe to repeat."""
    undo_fact(work, contact_id)
    sent = work.session.get_one(Contact, contact_id)
    for turn in work.session.scalars(in_the_same_stroke(TurnChange, sent)).all():
        undo_fact(work, turn.id)


def note_client_answer(
    work: Work, recommendation_id: int, text: str, *, channel: str = "e-mail", at: datetime | None = None
) -> int:
    """What the client said of it; our turn again. Returns the contact's id."""
    recommendation, process = _recommendation_to_change(work, recommendation_id)
    if not stands(work, recommendation.sent_id):
        raise Refused("It has not gone out yet. Log that first.")
    answer = hear_client(work, process.id, text, channel=channel, at=at)
    recommendation.answer_id = answer
    work.record("recommendation answered", recommendation, fact=answer)
    return answer


def stands(work: Work, contact_id: int | None) -> bool:
    """Whether there is such a word on record, not taken back."""
    contact = work.session.get(Contact, contact_id) if contact_id is not None else None
    return contact is not None and contact.undone_at is None


def _said(work: Work, recommendation: Recommendation) -> str:
    claims = select(Claim.text).where(Claim.recommendation_id == recommendation.id).order_by(Claim.id)
    return "; ".join(work.session.scalars(claims))


def _summary(summary: str) -> str:
    summary = summary.strip()
    if len(summary) > LONGEST:
        raise Refused(f"The summary is too long: {len(summary):,} characters, {LONGEST:,} fit.")
    return summary


def _refuse_sent(work: Work, recommendation: Recommendation) -> None:
    if stands(work, recommendation.sent_id):
        raise Refused("It has gone out already. Write another one.")


def _recommendation_to_change(work: Work, recommendation_id: int) -> tuple[Recommendation, Process]:
    gone = "There is no such recommendation any more."
    recommendation, _ = theirs_to_change(work, Recommendation, recommendation_id, gone)
    return recommendation, process_to_change(work, recommendation.process_id)[0]


def _known(work: Work, recommendation: Recommendation) -> dict[str, OwnWord]:
    """What is known of each claim, by its text. A correction that replaces its claim counts as the candidate's word."""
    stored = select(Claim.text, Claim.confirmed_at, Claim.own_word_at, Claim.correction)
    known: dict[str, OwnWord] = {}
    for text, confirmed_at, said_at, correction in work.session.execute(
        stored.where(Claim.recommendation_id == recommendation.id)
    ):
        known[text] = OwnWord(confirmed_at, said_at, correction)
        if correction:
            known.setdefault(correction, OwnWord(said_at, said_at, None))
    return known


def _set_claims(
    work: Work, recommendation: Recommendation, claims: Sequence[Said], known: Mapping[str, OwnWord] = NOTHING
) -> None:
    claims = [claim for claim in claims if claim.text.strip()]
    if not claims:
        raise Refused("Say at least one thing of them.")
    if len(claims) > MOST_CLAIMS:
        raise Refused(f"Nobody reads {len(claims)} claims; {MOST_CLAIMS} are the most.")
    for claim in claims:
        if len(claim.text) > LONGEST or len(claim.note) > LONGEST:
            raise Refused(f"A claim has {LONGEST:,} characters at most.")
    for position, claim in enumerate(claims):
        text = claim.text.strip()
        own = known.get(text, OwnWord(None, None, None))
        work.session.add(
            Claim(
                recommendation_id=recommendation.id,
                position=position,
                text=text,
                source=claim.source,
                source_fact_id=claim.fact_id,
                source_note=claim.note.strip(),
                confirmed_at=_confirmed_at(claim, own, work.now),
                own_word_at=own.said_at,
                correction=own.correction,
            )
        )
    work.session.flush()


def _confirmed_at(claim: Said, own: OwnWord, now: datetime) -> datetime | None:
    """What the candidate said of it on their own page stands, whatever a recruiter has heard."""
    if own.said_at is not None:
        return None if own.correction else own.said_at
    return (own.confirmed_at or now) if claim.is_confirmed else None
