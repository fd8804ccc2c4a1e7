"""Whom to think of first for an opening, with what speaks for each and what is not known.

Nobody reads everybody: first come some thousands from three ranges of indexes (who was in openings like it, who has
the rarest skill it needs, of whom we heard last), of these the hundred and fifty who know most of what it needs, and
only of them all that is asked.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Select, func, select, text, union
from sqlalchemy.orm import Session

from core.domain.calendar import Calendar
from core.domain.runners_up import Acquaintance, Before, total
from core.persistence.facts import kept_records, merged_records
from core.persistence.skills import implying_each
from core.persistence.tables import (
    Candidate,
    CandidateSkill,
    Client,
    Closing,
    Consent,
    Fact,
    FactKind,
    Member,
    Opening,
    OpeningSkill,
    Process,
    Recommendation,
    Skill,
    Stage,
)
from core.persistence.tables.facts import OF_ACQUAINTANCE
from core.persistence.tables.people import IS_LISTED
from core.queries.called import addresses_of, called
from core.queries.page import Page
from core.queries.skills import Reason, reasons_each

ALIKE, THERE = 50, 500
"""So many openings like it are looked through, and so many processes that ended in them."""
LATELY, RAREST = 1_000, 1_000
"""So many people we heard of last, and so many who have the skill that the fewest have."""
AMONG = 75
"""So many of those who were in openings like it, and so many of the others, are compared with all that is known."""

FACT, PROCESS, CLOSING, CONSENT = (kind.__table__ for kind in (Fact, Process, Closing, Consent))
HELD = CandidateSkill.__table__


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerUp:
    """Somebody to think of."""

    candidate_id: int
    name: str
    """Where there is no name, an address."""
    title: str
    company: str
    owner: str
    active: int
    """In so many openings now."""
    spoke_at: datetime | None
    """The last word, either way."""
    known: Acquaintance
    points: float
    knows: tuple[Reason, ...] = ()
    """What of the needs they know, and by what."""
    lacks: tuple[str, ...] = ()
    """What of the needs is not known of them."""


@dataclass(frozen=True, slots=True)
class RunnersUp:
    rows: list[RunnerUp]
    number: int


@dataclass(frozen=True)
class _Needs:
    """The skills an opening needs, and by which each is known: itself, or what implies it."""

    ids: Sequence[int]
    known_by: Mapping[int, Sequence[int]]

    @cached_property
    def met_by(self) -> dict[int, int]:
        """By skill: a bit for each need it meets, and above these a bit for each need that it is itself."""
        bits: dict[int, int] = defaultdict(int)
        for place, id_ in enumerate(self.ids):
            for skill_id in self.known_by[id_]:
                bits[skill_id] |= 1 << place
            bits[id_] |= 1 << len(self.ids) + place
        return bits

    def met(self, bits: int) -> int:
        """How many somebody meets who has these."""
        return (bits & (1 << len(self.ids)) - 1).bit_count()

    def known(self, bits: int) -> int:
        """How many of them are skills they have themselves."""
        return (bits >> len(self.ids)).bit_count()


def runners_up(session: Session, opening_id: int, *, now: datetime, calendar: Calendar, page: Page) -> RunnersUp:
    """Those who are not, and were not, in this opening: the best first."""
    opening = session.get(Opening, opening_id)
    if opening is None:
        return RunnersUp([], 0)
    needs, today = _needs(session, opening_id), calendar.day(now)
    ids = _few(session, opening, needs)
    rows = _compared(session, ids, needs, calendar, today)
    return RunnersUp(_in_words(session, list(page.of(rows)), needs), len(rows))


def _needs(session: Session, opening_id: int) -> _Needs:
    needed = select(OpeningSkill.skill_id).where(OpeningSkill.opening_id == opening_id)
    ids = session.scalars(needed.order_by(OpeningSkill.position)).all()
    return _Needs(ids, implying_each(session, ids))


# the few who are compared


def _few(session: Session, opening: Opening, needs: _Needs) -> list[int]:
    """Records, with whoever they were merged into to be found yet; nobody of this opening."""
    alike = _alike(session, opening, needs)
    pools = [*([_heard_lately(), _with_the_rarest(session, needs)] if needs.ids else [])]
    there = select(FACT.c.candidate_id).where(
        FACT.c.id.in_(select(PROCESS.c.id).where(PROCESS.c.opening_id == opening.id))
    )
    here = set(session.scalars(there.where(FACT.c.undone_at.is_(None))))
    held = _held(session, pools, alike, needs)
    lately = {id_: place for place, id_ in enumerate(session.scalars(_heard_lately()) if held else ())}
    most = sorted(held, key=lambda id_: (-needs.met(held[id_]), lately.get(id_, LATELY), -id_))
    of_alike = sorted(alike, key=lambda id_: -needs.met(held.get(id_, 0)))
    chosen = [*[id_ for id_ in of_alike if id_ not in here][:AMONG], *[id_ for id_ in most if id_ not in here][:AMONG]]
    kept_of = kept_records(session, chosen)
    here_kept = set(kept_records(session, here).values()) if here else set()
    return [id_ for id_ in dict.fromkeys(kept_of.values()) if id_ not in here_kept]


def _alike(session: Session, opening: Opening, needs: _Needs) -> list[int]:
    """Who was in an opening that needed one of these skills, or that was the same client's, until it ended for them."""
    of_each = [
        select(OpeningSkill.opening_id)
        .where(OpeningSkill.skill_id == id_, OpeningSkill.opening_id != opening.id)
        .order_by(OpeningSkill.opening_id.desc())
        .limit(ALIKE * 4)
        for id_ in needs.ids
    ]
    shared = Counter(id_ for newest in of_each for id_ in session.scalars(newest))
    openings = sorted(shared, key=lambda id_: (-shared[id_], -id_))[:ALIKE]
    if opening.client_id is not None:
        same = select(Opening.id).where(Opening.client_id == opening.client_id, Opening.id != opening.id)
        openings += session.scalars(same.order_by(Opening.id.desc()).limit(ALIKE))
    ended = select(PROCESS.c.id).where(PROCESS.c.opening_id.in_(openings), PROCESS.c.closed_at.is_not(None))
    found = session.scalars(ended.order_by(PROCESS.c.closed_at.desc()).limit(THERE)).all()
    people = select(FACT.c.candidate_id).where(FACT.c.id.in_(found), FACT.c.undone_at.is_(None))
    return sorted({id_ for id_ in session.scalars(people) if id_ is not None})


def _heard_lately() -> Select[Any]:
    heard = select(Candidate.id.label("id")).where(IS_LISTED, Candidate.last_word_from_at.is_not(None))
    return heard.order_by(Candidate.last_word_from_at.desc(), Candidate.id.desc()).limit(LATELY)


def _with_the_rarest(session: Session, needs: _Needs) -> Select[Any]:
    """Of the first who have the skill that the fewest have; of skills that many have one is as good as another."""

    def holders(id_: int) -> Select[Any]:
        having = select(HELD.c.candidate_id.label("id")).where(HELD.c.skill_id.in_(needs.known_by[id_]))
        return having.order_by(HELD.c.skill_id, HELD.c.candidate_id).limit(RAREST)

    number = {id_: session.scalar(select(func.count()).select_from(holders(id_).subquery())) or 0 for id_ in needs.ids}
    return holders(min(needs.ids, key=lambda id_: number[id_] or RAREST))


def _held(session: Session, pools: Sequence[Select[Any]], alike: Sequence[int], needs: _Needs) -> dict[int, int]:
    """What of the needs each of them meets; whoever meets none is not there."""
    held: dict[int, int] = defaultdict(int)
    if needs.ids:
        them = union(
            *(select(pool.subquery().c.id) for pool in pools), select(Candidate.id).where(Candidate.id.in_(alike))
        )
        people = them.subquery().c
        that = (HELD.c.skill_id + 0).in_(
            needs.met_by
        )  # + 0: compare the few they have, do not look up each that would do
        for id_, skill_id in session.execute(
            select(HELD.c.candidate_id, HELD.c.skill_id).where(HELD.c.candidate_id == people.id, that)
        ):
            held[id_] |= needs.met_by[skill_id]
    return held


# all that is known of them


def _compared(session: Session, ids: Sequence[int], needs: _Needs, calendar: Calendar, today: date) -> list[RunnerUp]:
    kept_of = merged_records(session, ids)
    held: dict[int, int] = defaultdict(int)
    theirs = select(HELD.c.candidate_id, HELD.c.skill_id).where(HELD.c.candidate_id.in_(list(kept_of)))
    for id_, skill_id in session.execute(theirs.where((HELD.c.skill_id + 0).in_(needs.met_by))):
        held[kept_of[id_]] |= needs.met_by[skill_id]
    past = _past(session, kept_of, calendar)
    recommended = _recommended(session, kept_of)
    rows = []
    for person in _people(session, ids):
        before, consent = past.get(person.id, ((), None))
        itself = needs.known(held[person.id])
        heard = person.last_word_from_at
        known = Acquaintance(
            needs=len(needs.ids),
            known=itself,
            implied=needs.met(held[person.id]) - itself,
            before=before,
            was_recommended=person.id in recommended,
            meetings=person.meetings_held,
            heard_on=calendar.day(heard) if heard else None,
            consent_until=consent,
        )
        rows.append(
            RunnerUp(
                candidate_id=person.id,
                name=person.name,
                title=person.title,
                company=person.company,
                owner=person.owner or "",
                active=person.active_processes,
                spoke_at=max(filter(None, (heard, person.last_word_to_at)), default=None),
                known=known,
                points=total(known, today),
            )
        )
    return sorted(rows, key=lambda row: (-row.points, -_moment(row.spoke_at), row.candidate_id))


def _moment(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


def _people(session: Session, ids: Sequence[int]) -> Sequence[Any]:
    """Whoever may be written to."""
    columns = (
        *(Candidate.id, Candidate.name, Candidate.title, Candidate.company, Candidate.active_processes),
        Candidate.meetings_held,
        *(Candidate.last_word_to_at, Candidate.last_word_from_at, Member.name.label("owner")),
    )
    query = select(*columns).outerjoin(Member, Member.id == Candidate.owner_id).where(Candidate.id.in_(ids))
    return session.execute(query.where(Candidate.erased_at.is_(None), ~Candidate.do_not_contact)).all()


Past = tuple[tuple[Before, ...], date | None]
"""How other openings ended for somebody, and until when consent is valid."""


def _past(session: Session, kept_of: Mapping[int, int], calendar: Calendar) -> dict[int, Past]:
    rows = session.execute(
        select(
            *(FACT.c.id, FACT.c.kind, FACT.c.candidate_id, FACT.c.process_id),
            *(PROCESS.c.opening_id, PROCESS.c.stage, PROCESS.c.closed_at, PROCESS.c.result),
            *(CLOSING.c.reason, CONSENT.c.until_on),
        )
        .outerjoin(PROCESS, PROCESS.c.id == FACT.c.id)
        .outerjoin(CLOSING, CLOSING.c.id == FACT.c.id)
        .outerjoin(CONSENT, CONSENT.c.id == FACT.c.id)
        .where(FACT.c.candidate_id.in_(list(kept_of)), text(f"fact.{OF_ACQUAINTANCE}"), FACT.c.undone_at.is_(None))
        .order_by(FACT.c.happened_at, FACT.c.id)
    ).all()
    reasons = {row.process_id: row.reason for row in rows if row.kind is FactKind.CLOSING}
    ended = [row for row in rows if row.kind is FactKind.PROCESS and row.closed_at is not None]
    called, place = _openings(session, {row.opening_id for row in ended})
    before: dict[int, list[Before]] = defaultdict(list)
    for row in ended:
        before[kept_of[row.candidate_id]].append(
            Before(
                place=called[row.opening_id],
                stage=row.stage or "",
                reached=place.get((row.opening_id, row.stage), 0.0),
                closed_on=calendar.day(row.closed_at),
                result=row.result,
                reason=reasons.get(row.id),
            )
        )
    consents: dict[int, date | None] = {}
    for row in rows:
        if row.kind in (FactKind.CONSENT, FactKind.CONSENT_WITHDRAWAL):
            consents[kept_of[row.candidate_id]] = row.until_on
    return {id_: (tuple(before[id_]), consents.get(id_)) for id_ in set(kept_of.values())}


def _openings(session: Session, ids: set[int]) -> tuple[dict[int, str], dict[tuple[int, str | None], float]]:
    """What each is called, and the share of its stages that somebody in one of them came through."""
    query = select(Opening.id, Opening.title, Client.name).outerjoin(Client, Client.id == Opening.client_id)
    called = {
        id_: f"{title}, {client}" if client else title
        for id_, title, client in session.execute(query.where(Opening.id.in_(ids)))
    }
    stages = session.execute(
        select(Stage.opening_id, Stage.name, Stage.position).where(Stage.opening_id.in_(ids))
    ).all()
    number: dict[int, int] = defaultdict(int)
    for opening_id, _, _ in stages:
        number[opening_id] += 1
    return called, {(id_, name): (position + 1) / number[id_] for id_, name, position in stages}


def _recommended(session: Session, kept_of: Mapping[int, int]) -> set[int]:
    sent = select(Recommendation.candidate_id).where(
        Recommendation.candidate_id.in_(list(kept_of)), Recommendation.sent_id.is_not(None)
    )
    return {kept_of[id_] for id_ in session.scalars(sent)}


# the page of them, in words


def _in_words(session: Session, rows: list[RunnerUp], needs: _Needs) -> list[RunnerUp]:
    names = dict(session.execute(select(Skill.id, Skill.name).where(Skill.id.in_(needs.ids))).all())
    why = reasons_each(session, [row.candidate_id for row in rows], needs.ids)
    addresses = addresses_of(session, [row.candidate_id for row in rows if not row.name])
    return [
        replace(
            row,
            name=called(row.name, addresses.get(row.candidate_id)),
            knows=tuple(why[row.candidate_id][id_] for id_ in needs.ids if id_ in why[row.candidate_id]),
            lacks=tuple(names[id_] for id_ in needs.ids if id_ not in why[row.candidate_id]),
        )
        for row in rows
    ]
