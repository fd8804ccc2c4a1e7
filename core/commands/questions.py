"""What we would know of a candidate before we judge: noted, asked, and answered in their words."""

from datetime import datetime

from sqlalchemy import Select, select

from core.commands.contacts import log_contact
from core.commands.locks import (
    candidate_to_change,
    last_saved,
    process_of,
    process_to_change,
    records_of,
    theirs_to_change,
)
from core.commands.processes import in_the_same_stroke, set_turn
from core.domain.facts import Turn, Way
from core.domain.refusal import Refused, Stale
from core.persistence.ledger import settle
from core.persistence.tables import Candidate, Contact, Question, TurnChange
from core.persistence.work import Work

LONGEST = 2_000


def note_question(work: Work, candidate_id: int, text: str, *, process_id: int | None = None) -> int:
    """Kept until it is asked and answered. Returns its id."""
    candidate = candidate_to_change(work, candidate_id)
    if process_id is not None:
        process_of(work, candidate, process_id)
    question = Question(
        candidate_id=candidate.id,
        process_id=process_id,
        text=_words(text, "Write down what you would ask."),
        noted_at=work.now,
        noted_by_id=work.actor.id,
    )
    work.session.add(question)
    work.record("question noted", question, candidate=candidate.id)
    return question.id


def ask_question(
    work: Work, question_id: int, *, channel: str = "e-mail", text: str = "", at: datetime | None = None
) -> int:
    """Log that they were asked; it is the candidate's turn then. Returns the question's id."""
    question, candidate = _question_to_change(work, question_id)
    if question.answer is not None:
        raise Refused("This question has been answered.")
    question.asked_at = at or work.now
    asked = log_contact(
        work,
        candidate.id,
        way=Way.TO,
        channel=channel,
        text=text.strip() or question.text,
        process_id=question.process_id,
        at=at,
    )
    if question.process_id is not None and process_to_change(work, question.process_id)[0].is_active:
        set_turn(work, question.process_id, Turn.CANDIDATE, at=at)
    work.record("question asked", question, fact=asked)
    return question.id


def undo_asking(work: Work, question_id: int) -> None:
    """It was not asked after all: the word goes, and whose turn it was comes back. Safe to repeat."""
    question, candidate = _question_to_change(work, question_id)
    if question.asked_at is None:
        return
    if question.answer is not None:
        raise Refused("This question has been answered.")
    asked = work.session.scalar(_asking(work, question, candidate))
    if asked is not None:
        asked.undone_at = work.now
        for turn in work.session.scalars(in_the_same_stroke(TurnChange, asked)) if asked.process_id else ():
            turn.undone_at = work.now
    question.asked_at = None
    work.session.flush()
    settle(work, candidate.id)
    work.record("asking taken back", question)


def answer_question(work: Work, question_id: int, answer: str, *, seen: str | None = None) -> int:
    """What they said. Returns the question's id.

    `seen`: the answer that was on record when this one was written, None for none: people correct themselves. What
    somebody else wrote since is not overwritten.
    """
    question, _ = _question_to_change(work, question_id)
    if question.answer != seen:
        theirs = {"answer": question.answer or ""}
        raise Stale(
            "Somebody wrote down an answer while you were writing. Nothing was overwritten.",
            theirs,
            question.answer,
            last_saved(work, question),
        )
    question.answer = _words(answer, "Write down what they said.")
    question.answered_at = work.now
    question.asked_at = question.asked_at or question.answered_at
    work.record("question answered", question)
    return question.id


def undo_answer(work: Work, question_id: int) -> None:
    """Nothing was answered after all."""
    question, _ = _question_to_change(work, question_id)
    if question.asked_at == question.answered_at:
        question.asked_at = None
    question.answer = question.answered_at = None
    work.record("answer taken back", question)


def drop_question(work: Work, question_id: int) -> int:
    """It is not worth asking any more; what was answered stays. Returns whom it was about."""
    question, _ = _question_to_change(work, question_id)
    if question.answer is not None:
        raise Refused("It has been answered; the answer is part of what is known.")
    work.record("question dropped", question)
    candidate_id = question.candidate_id
    work.session.delete(question)
    return candidate_id


def _question_to_change(work: Work, question_id: int) -> tuple[Question, Candidate]:
    return theirs_to_change(work, Question, question_id, "There is no such question any more.")


def _asking(work: Work, question: Question, candidate: Candidate) -> Select[Contact]:
    """The word with which they were asked; of several at one moment the one that was entered last."""
    in_it = Contact.process_id.is_(None) if question.process_id is None else Contact.process_id == question.process_id
    words = select(Contact).where(
        Contact.candidate_id.in_(records_of(work.session, candidate)),
        Contact.happened_at == question.asked_at,
        Contact.way == Way.TO,
        Contact.undone_at.is_(None),
        in_it,
    )
    return words.order_by(Contact.entered_at.desc(), Contact.id.desc()).limit(1)


def _words(text: str, missing: str) -> str:
    text = text.strip()
    if not text:
        raise Refused(missing)
    if len(text) > LONGEST:
        raise Refused(f"That is too long: {len(text)} characters, {LONGEST:,} fit.")
    return text
