"""Clients and what they are looking for."""

from datetime import datetime

from sqlalchemy import select

from core.commands.locks import opening_to_change
from core.domain.refusal import Refused
from core.persistence.ledger import settle
from core.persistence.tables import Client, Fact, Opening, OpeningHold, OpeningResumption, Process
from core.persistence.work import Work


def add_client(work: Work, name: str) -> int:
    """Safe to repeat: a client of that name is the one there is."""
    work.require_editor()
    name = name.strip()
    if not name:
        raise Refused("A client needs a name.")
    client = work.session.scalar(select(Client).where(Client.name == name))
    if client is None:
        client = Client(name=name)
        work.session.add(client)
        work.record("client added", client)
    return client.id


def add_opening(work: Work, title: str, *, client_id: int | None = None) -> int:
    work.require_editor()
    if not title.strip():
        raise Refused("An opening needs a title.")
    opening = Opening(title=title.strip(), client_id=client_id)
    work.session.add(opening)
    work.record("opening added", opening)
    return opening.id


def hold_opening(work: Work, opening_id: int, *, at: datetime | None = None) -> int:
    """Every candidate active in it is owed the news at once. Returns the fact's id."""
    opening = opening_to_change(work, opening_id)
    if opening.is_held:
        raise Refused("This opening is on hold already.")
    hold = work.enter(OpeningHold(opening_id=opening_id), happened_at=at)
    settle_opening(work, opening)
    work.record("opening held", opening, fact=hold.id)
    return hold.id


def resume_opening(work: Work, opening_id: int, *, at: datetime | None = None) -> int:
    opening = opening_to_change(work, opening_id)
    if not opening.is_held:
        raise Refused("This opening is not on hold.")
    resumption = work.enter(OpeningResumption(opening_id=opening_id), happened_at=at)
    settle_opening(work, opening)
    work.record("opening resumed", opening, fact=resumption.id)
    return resumption.id


def settle_opening(work: Work, opening: Opening) -> None:
    """Whether it is on hold, and what that means to everybody in it, follows from the holds on record."""
    last = (
        select(Fact)
        .where(Fact.undone_at.is_(None))
        .where(
            Fact.id.in_(select(OpeningHold.__table__.c.id).where(OpeningHold.opening_id == opening.id))
            | Fact.id.in_(select(OpeningResumption.__table__.c.id).where(OpeningResumption.opening_id == opening.id))
        )
        .order_by(Fact.happened_at.desc(), Fact.entered_at.desc(), Fact.id.desc())
        .limit(1)
    )
    opening.is_held = isinstance(work.session.scalar(last), OpeningHold)
    work.session.flush()
    concerned = select(Process.candidate_id).where(Process.opening_id == opening.id, Process.undone_at.is_(None))
    settle(work, *(id_ for id_ in work.session.scalars(concerned) if id_ is not None))
