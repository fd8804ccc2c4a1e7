"""Who is about to leave a process, and what the gate says of each way to answer for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain.calendar import Calendar
from core.domain.drafts import Occasion
from core.domain.facts import Answer, OpeningStatus
from core.domain.gate import tries, why_not_close, words_that_told
from core.domain.order import just_after
from core.domain.promises import Kind
from core.persistence.facts import kept_records, lives, merged_records
from core.persistence.tables import Candidate, Client, Contact, Member, Opening, Process, Question
from core.persistence.team import team_of
from core.queries.called import called
from core.queries.meetings import first_to_come
from core.queries.promises import EMAIL_OF_CANDIDATE

PROCESS, CONTACT = Process.__table__, Contact.__table__


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A word, or an attempt, as it was logged."""

    at: datetime
    channel: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """Somebody in a process that is to end."""

    process_id: int
    candidate_id: int
    name: str
    """Where there is no name, an address."""
    owner: str
    occasion: Occasion
    """Of the words that tell them."""
    told: tuple[OnRecord, ...]
    """Words on record that told them already."""
    tries: tuple[OnRecord, ...]
    """Attempts to reach them that count."""
    refusals: dict[Answer, str]
    """The answers with which it can't end, each with the sentence that says why."""
    was_asked: bool
    """They answered a question since the process began."""
    opening_id: int
    meeting_at: datetime | None
    """When the first meeting to come about it begins."""


@dataclass(frozen=True, slots=True)
class OpeningToClose:
    id: int
    title: str
    client: str
    status: OpeningStatus
    version: int


def opening_to_close(session: Session, opening_id: int) -> OpeningToClose | None:
    row = session.execute(
        select(Opening.id, Opening.title, Opening.status, Opening.version, Client.name)
        .outerjoin(Client, Client.id == Opening.client_id)
        .where(Opening.id == opening_id)
    ).first()
    return OpeningToClose(row.id, row.title, row.name or "", row.status, row.version) if row else None


def leaving(session: Session, process_id: int, *, now: datetime, calendar: Calendar) -> Leaving | None:
    """None where there is no such process, or it has ended."""
    found = _read(session, [process_id], now, calendar)
    return found[0] if found else None


def everybody_in(session: Session, opening_id: int, *, now: datetime, calendar: Calendar) -> list[Leaving]:
    """All who are active in an opening, by name."""
    ids = session.scalars(select(PROCESS.c.id).where(PROCESS.c.opening_id == opening_id, PROCESS.c.is_active))
    return _read(session, list(ids), now, calendar)


def _read(session: Session, process_ids: Sequence[int], now: datetime, calendar: Calendar) -> list[Leaving]:
    processes = session.execute(
        select(Process).where(Process.id.in_(process_ids), Process.is_active, Process.undone_at.is_(None))
    ).scalars()
    found = {process.id: process for process in processes}
    kept_of = kept_records(session, {process.candidate_id for process in found.values() if process.candidate_id})
    people = _people(session, list(kept_of.values()))
    facts = lives(session, list(people), team_of(session), calendar)
    then = just_after(now)
    told: dict[int, list[int]] = {}
    tried: dict[int, list[int]] = {}
    refusals: dict[int, dict[Answer, str]] = {}
    for id_, process in found.items():
        life = facts[kept_of[process.candidate_id or 0]]
        of_it = life.process_by_id[id_]
        told[id_] = [word.id for word in words_that_told(life, of_it, then)]
        tried[id_] = [word.id for word in tries(life, since=of_it.last_started(then), until=then)]
        said = {answer: why_not_close(life, of_it, answer, now) for answer in Answer}
        refusals[id_] = {answer: sentence for answer, sentence in said.items() if sentence}
    words = _words(session, [word for ids in (*told.values(), *tried.values()) for word in ids])
    openings = _openings(session, {process.opening_id for process in found.values()})
    owners = {row.id: row.name for row in session.execute(select(Member.id, Member.name))}
    answered = _answered(session, list(people))
    to_come = first_to_come(session, list(found), now)
    rows = []
    for id_, process in found.items():
        person = people[kept_of[process.candidate_id or 0]]
        opening = openings[process.opening_id]
        rows.append(
            Leaving(
                process_id=id_,
                candidate_id=person.id,
                name=called(person.name, person.email),
                owner=owners.get(process.owner_id or 0, ""),
                occasion=Occasion(
                    kind=Kind.FEEDBACK,
                    name=person.name,
                    pronoun=person.pronoun,
                    opening=opening.title,
                    client=opening.client or "",
                    stage=process.stage or "",
                    language=person.language,
                    email=person.email or "",
                ),
                told=tuple(words[word] for word in told[id_]),
                tries=tuple(words[word] for word in tried[id_]),
                refusals=refusals[id_],
                was_asked=any(at >= process.happened_at for at in answered.get(person.id, ())),
                opening_id=process.opening_id,
                meeting_at=to_come.get(id_),
            )
        )
    return sorted(rows, key=lambda row: (row.name.casefold(), row.process_id))


def _people(session: Session, ids: Sequence[int]) -> dict[int, Any]:
    email = EMAIL_OF_CANDIDATE.scalar_subquery()
    rows = session.execute(
        select(Candidate.id, Candidate.name, Candidate.pronoun, Candidate.language, email.label("email")).where(
            Candidate.id.in_(ids)
        )
    )
    return {row.id: row for row in rows}


def _words(session: Session, ids: Sequence[int]) -> dict[int, OnRecord]:
    rows = session.execute(
        select(Contact.id, Contact.happened_at, Contact.channel, Contact.text).where(Contact.id.in_(ids))
    )
    return {row.id: OnRecord(row.happened_at, row.channel, row.text) for row in rows}


def _openings(session: Session, ids: set[int]) -> dict[int, Any]:
    rows = session.execute(
        select(Opening.id, Opening.title, Client.name.label("client"))
        .outerjoin(Client, Client.id == Opening.client_id)
        .where(Opening.id.in_(ids))
    )
    return {row.id: row for row in rows}


def _answered(session: Session, ids: Sequence[int]) -> dict[int, list[datetime]]:
    """When each answered a question, by the record kept."""
    kept_of = merged_records(session, ids)
    rows = session.execute(
        select(Question.candidate_id, Question.answered_at).where(
            Question.candidate_id.in_(list(kept_of)), Question.answered_at.is_not(None)
        )
    )
    answered: dict[int, list[datetime]] = {}
    for candidate_id, at in rows:
        if at is not None:
            answered.setdefault(kept_of[candidate_id], []).append(at)
    return answered
