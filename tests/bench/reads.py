"""What is measured of a database: what each page reads, and one word logged and settled."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import uuid4

from dateutil.relativedelta import relativedelta
from sqlalchemy import func, select

from core.commands.contacts import log_contact
from core.commands.policy import change_policy
from core.domain.facts import Way
from core.domain.promises import Kind
from core.persistence.settling import settle_everyone
from core.persistence.store import Store
from core.persistence.tables import Candidate, CandidateSkill, Client, Member, Opening, SkillClosure
from core.persistence.tables.team import Role
from core.persistence.work import THE_PROGRAM, Viewer
from core.queries import candidate, candidates, history, insights, pool, promises, questions, runners_up
from core.queries.candidates import CandidateFilters
from core.queries.insights import IN_FIGURES, InsightFilters
from core.queries.page import Page
from core.queries.pool import Choice, PoolFilters
from core.queries.promises import PromiseFilters

WARM_UP, SAMPLES, WRITES = 40, 300, 200
QUEUE, LIST, ENTRIES = Page(1, 8), Page(1, 50), Page(1, 20)
"""The pieces that the pages read at first."""


NAMES = (
    "Today's reads",
    "Today's reads, the team's",
    "Today's reads, one kind",
    "Today's reads, one person",
    "candidate page's reads",
    "Candidates' reads",
    "Candidates' reads, one owner's",
    "search by name",
    "search by skill",
    "search by two skills",
    "search by three skills",
    "runners-up of an opening",
    "what came of asking first",
    "one log-and-settle",
    "pool's reads, the team's",
    "pool's reads, one member's",
    "pool's reads, a choice",
    "pool's reads, one skill",
    "insights' reads, the team's year",
    "insights' reads, one member's year",
    "insights' reads, all there is",
    "insights' reads, one client",
    "insights' rows behind a month",
    POOL_TOUCHED := "pool touched",
    INSIGHTS_TOUCHED := "insights touched",
    EVERYBODY := "everybody settled afresh",
)


@dataclass(frozen=True, slots=True)
class Measured:
    name: str
    database: str
    people: int
    milliseconds: list[float]
    unit: str = ""
    """Of a single figure that is something else."""

    def percentile(self, of_hundred: int) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) * of_hundred // 100, len(ordered) - 1)]


class Bench:
    """Random members, people and words of one database, never the same one twice where there are enough."""

    def __init__(self, store: Store, people: int) -> None:
        self.store, self.people, self.rng = store, people, Random(people)
        with store.reading() as session:
            last = session.scalar(select(func.max(Candidate.id))) or 0
            ids = self.rng.sample(range(1, last + 1), min(last, 4 * (WARM_UP + SAMPLES)))
            query = select(Candidate.id, Candidate.name).where(Candidate.id.in_(ids)).order_by(Candidate.id)
            self.known = [(id_, name) for id_, name in session.execute(query) if " " in name]
            acting = select(Member.id, Member.name, Member.role).where(Member.is_active, Member.role != Role.VIEWER)
            self.members = [Viewer(*row) for row in session.execute(acting)]
            self.clients = list(session.scalars(select(Client.id)))
            self.skills = list(session.scalars(select(SkillClosure.implied_id).distinct()))
            self.held = list(session.scalars(select(CandidateSkill.skill_id).distinct()))
            self.openings = list(session.scalars(select(Opening.id)))
        self.rng.shuffle(self.known)
        self.whose = [PoolFilters(), *(PoolFilters(member.id) for member in self.members[:1])]
        with store.reading() as session:
            seen = pool.seen(session, PoolFilters(), now=store.now(), calendar=store.calendar)
        pairs = [(figure, pair) for figure in pool.Figure for pair in seen.of(figure)]
        self.choices = [Choice(figure, *pair) for figure, pair in pairs]

    def samples(self, action: Callable[[Any], object], of: Callable[[], Any], number: int = SAMPLES) -> list[float]:
        """Milliseconds of each, after a few that are not counted."""
        for _ in range(WARM_UP):
            action(of())
        times = []
        for _ in range(number):
            argument = of()
            begun = time.perf_counter()
            action(argument)
            times.append((time.perf_counter() - begun) * 1000)
        return times

    def all(self, wanted: Callable[[str], bool]) -> Iterator[tuple[str, list[float]]]:
        asked: tuple[tuple[Callable[[Any], object], Callable[[], Any], int], ...] = (
            (self.today, lambda: (self.member(), PromiseFilters()), SAMPLES),
            (self.today, lambda: (self.member(), PromiseFilters(mine=False)), SAMPLES),
            (self.today, self.one_kind, SAMPLES),
            (self.today, self.one_person, SAMPLES),
            (self.candidate, self.person, SAMPLES),
            (self.list, CandidateFilters, SAMPLES),
            (self.list, lambda: CandidateFilters(owner_id=self.member().id), SAMPLES),
            (self.list, lambda: CandidateFilters(text=self.typed()), SAMPLES),
            (self.list, lambda: CandidateFilters(skills=(self.rng.choice(self.skills),)), SAMPLES),
            (self.list, lambda: CandidateFilters(skills=self.common(2)), SAMPLES),
            (self.list, lambda: CandidateFilters(skills=self.common(3)), SAMPLES),
            (self.runners_up, lambda: self.rng.choice(self.openings), SAMPLES),
            (self.asked_first, lambda: None, SAMPLES),
            (self.log, self.person, WRITES),
            (self.pool, lambda: (PoolFilters(), None), SAMPLES),
            (self.pool, lambda: (PoolFilters(self.member().id), None), SAMPLES),
            (self.pool, lambda: (self.rng.choice(self.whose), self.rng.choice(self.choices)), SAMPLES),
            (self.pool, lambda: (PoolFilters(skill_id=self.rng.choice(self.skills)), None), SAMPLES // 5),
            (self.insights, lambda: InsightFilters(self.month(11)), SAMPLES // 5),
            (self.insights, lambda: InsightFilters(self.month(11), owner_id=self.member().id), SAMPLES // 5),
            (self.insights, InsightFilters, SAMPLES // 5),
            (
                self.insights,
                lambda: InsightFilters(self.month(11), client_id=self.rng.choice(self.clients)),
                SAMPLES // 5,
            ),
            (self.behind, self.some_month, SAMPLES // 5),
        )
        for name, (action, of, number) in zip(NAMES, asked, strict=False):
            if wanted(name):
                yield name, self.samples(action, of, number)

    # what is asked

    def member(self) -> Viewer:
        return self.rng.choice(self.members)

    def person(self) -> int:
        return self.known[self.rng.randrange(len(self.known))][0]

    def typed(self) -> str:
        """The beginning of a surname, a whole one, or the whole name."""
        first, _, family = self.known[self.rng.randrange(len(self.known))][1].partition(" ")
        return self.rng.choice((family[:4], family, f"{first} {family}"))

    def common(self, number: int) -> tuple[int, ...]:
        """So many of the skills that people have: of the made-up team each is had by every sixth."""
        return tuple(self.rng.sample(self.held, number))

    def one_kind(self) -> tuple[Viewer, PromiseFilters]:
        return self.member(), PromiseFilters(kinds=(self.rng.choice(list(Kind)),))

    def one_person(self) -> tuple[Viewer, PromiseFilters]:
        return self.member(), PromiseFilters(mine=False, person=self.typed())

    def month(self, ago: int) -> date:
        """The first day of one so many months ago."""
        return self.store.calendar.day(self.store.now()).replace(day=1) - relativedelta(months=ago)

    def some_month(self) -> InsightFilters:
        ago, owner, kind = self.rng.randrange(12), self.member().id, self.rng.choice(list(Kind))
        owner_id, one_kind = self.rng.choice(((None, None), (owner, None), (None, kind), (owner, kind)))
        return InsightFilters(self.month(ago), self.month(ago - 1), owner_id, one_kind)

    # what is done

    def today(self, asked: tuple[Viewer, PromiseFilters]) -> object:
        viewer, filters = asked
        now, calendar = self.store.now(), self.store.calendar
        with self.store.reading() as session:
            return promises.today(session, viewer, filters, now=now, calendar=calendar, page=QUEUE)

    def candidate(self, id_: int) -> object:
        now, calendar = self.store.now(), self.store.calendar
        with self.store.reading() as session:
            there = candidate.whereabouts(session, id_)
            life = candidate.life(session, id_, now=now, calendar=calendar)
            return there, life, history.entries(session, id_, page=ENTRIES)

    def list(self, filters: CandidateFilters) -> object:
        with self.store.reading() as session:
            return candidates.people(session, filters, now=self.store.now(), region="PL", page=LIST)

    def pool(self, asked: tuple[PoolFilters, Choice | None]) -> object:
        """As the page reads: the charts, the list, and what the filter offers."""
        filters, choice = asked
        now, calendar = self.store.now(), self.store.calendar
        with self.store.reading() as session:
            seen = pool.seen(session, filters, now=now, calendar=calendar)
            rows = pool.listed(session, seen, choice, calendar=calendar, page=Page(1, 20))
            return seen, rows, pool.sources(session)

    def runners_up(self, id_: int) -> object:
        now, calendar = self.store.now(), self.store.calendar
        with self.store.reading() as session:
            return runners_up.runners_up(session, id_, now=now, calendar=calendar, page=QUEUE)

    def asked_first(self, _: None) -> object:
        now = self.store.now()
        with self.store.reading() as session:
            return questions.asked_first(session, since=now - timedelta(days=365), until=now)

    def insights(self, filters: InsightFilters) -> object:
        with self.store.reading() as session:
            return insights.insights(session, filters, now=self.store.now(), calendar=self.store.calendar)

    def behind(self, filters: InsightFilters) -> object:
        now, calendar = self.store.now(), self.store.calendar
        with self.store.reading() as session:
            return insights.words(session, filters, IN_FIGURES, now=now, calendar=calendar, page=LIST)

    def log(self, id_: int) -> object:
        with self.store.working(self.member(), operation=uuid4().hex) as work:
            return log_contact(work, id_, way=Way.TO, text="No news yet; I will write again on Friday.")


def everybody_settled(store: Store, say: Callable[[int, int], None]) -> float:
    """Seconds to settle all afresh by a new policy."""
    with store.working(THE_PROGRAM) as work:
        days = work.policy.now.update + 1
        change_policy(work, {"update": days, "reply": work.policy.now.reply + 1})
    begun = time.perf_counter()
    settle_everyone(store, say)
    return time.perf_counter() - begun
