"""A database as large as a test or a benchmark asks for, made up by chance but the same each time."""

import random
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from core.domain.facts import Answer, MeetingKind, MeetingResult, Result, Turn, Unit, Way
from core.domain.names import folded
from core.persistence.search import index_words_of_new
from core.persistence.settling import settle_everyone
from core.persistence.store import Store
from core.persistence.tables import (
    Arrival,
    Candidate,
    Closing,
    Contact,
    Fact,
    FactKind,
    Handle,
    Meeting,
    MeetingOutcome,
    Member,
    Opening,
    Process,
    Stage,
    StageMove,
    Table,
    TurnChange,
)
from core.persistence.tables.people import HandleKind
from core.persistence.tables.team import Role
from core.persistence.work import THE_PROGRAM

AT_A_STROKE = 5_000
FIRST = "Noor Ola Jan Ewa Piotr Zofia Adam Maja Igor Hanna Tomasz Lena Oskar Julia Kacper Nina".split()
LAST = "Haddad Nowak Kowalska Zając Lis Wójcik Dąbrowski Sowa Kruk Mazur Król Wilk Bąk Pawlak Sikora Rak".split()
TITLES = "Python developer,Data engineer,Tester,Product owner,SRE,Java developer,UX designer".split(",")
CITIES = "Warszawa,Kraków,Gdańsk,Wrocław,Poznań,Łódź".split(",")

STAGES = ("Screening", "With client", "Interview", "Offer")

Rows = dict[type[Table], list[dict[str, Any]]]


def fill(
    store: Store,
    candidates: int,
    contacts_each: int,
    *,
    members: int = 8,
    openings: int = 40,
    years: int = 4,
    say: Callable[[str], None] = lambda _: None,
    workers: int | None = None,
) -> None:
    """Members, openings, candidates and what happened to them in these years up to now, settled.

    Three in five have a rhythm, one in eight a process, of which two thirds are over; one in ten has been interviewed.
    """
    maker = _Maker(store, contacts_each, years)
    maker.team(members, openings)
    for start in range(0, candidates, AT_A_STROKE):
        number = min(AT_A_STROKE, candidates - start)
        maker.people(number)
        say(f"{start + number:,} of {candidates:,} candidates made")
    maker.mend_sequences()
    settle_everyone(store, lambda done, of: say(f"{done:,} of {of:,} settled"), workers)


class _Maker:
    def __init__(self, store: Store, contacts_each: int, years: int) -> None:
        self.store, self.contacts_each = store, contacts_each
        self.chance = random.Random(2026)
        self.now = store.now().replace(second=0, microsecond=0)
        self.length = timedelta(days=365 * years)
        with store.reading() as session:
            self.fact = session.scalar(select(func.max(Fact.id))) or 0
            self.candidate = session.scalar(select(func.max(Candidate.id))) or 0
        self.members: list[int] = []
        self.openings: list[int] = []

    def team(self, members: int, openings: int) -> None:
        with self.store.working(THE_PROGRAM) as work:
            team = [
                Member(
                    username=f"member{n}",
                    name=f"{FIRST[n % 16]} {LAST[n // 16]}",
                    role=Role.RECRUITER,
                    created_at=self.now,
                )
                for n in range(members)
            ]
            roles = [Opening(title=f"{TITLES[n % len(TITLES)]} {n}", added_at=self.now) for n in range(openings)]
            work.session.add_all([*team, *roles])
            for made in (*team, *roles):
                work.record("made", made)
            work.session.flush()
            self.members, self.openings = [m.id for m in team], [o.id for o in roles]
            work.session.add_all(
                Stage(opening_id=opening, position=place, name=name)
                for opening in self.openings
                for place, name in enumerate(STAGES)
            )

    def people(self, number: int) -> None:
        rows: Rows = defaultdict(list)
        for _ in range(number):
            self.person(rows)
        with self.store.working(THE_PROGRAM) as work:
            self.write(work.session, rows)

    def person(self, rows: Rows) -> None:
        chance = self.chance
        self.candidate += 1
        first, last = chance.choice(FIRST), chance.choice(LAST)
        added = self.now - self.length * chance.random()
        name, title, city = f"{first} {last}", chance.choice(TITLES), chance.choice(CITIES)
        rows[Candidate].append(
            {
                "id": self.candidate,
                "name": name,
                "sort_name": folded(name),
                "title": title,
                "company": f"{chance.choice(LAST)} & {chance.choice(LAST)}",
                "location": city,
                "tags": [],
                "added_at": added,
            }
        )
        address = f"{folded(first)}.{folded(last)}.{self.candidate}@example.org"
        rows[Handle].append({"candidate_id": self.candidate, "kind": HandleKind.EMAIL, "value": address})
        owner = chance.choice(self.members)
        rhythm = {"rhythm_count": chance.choice((3, 6)), "rhythm_unit": Unit.MONTHS} if chance.random() < 0.6 else {}
        none = {"rhythm_count": None, "rhythm_unit": None}
        self.happened(
            rows, Arrival, FactKind.ARRIVAL, added, owner, owner_id=owner, first_on=None, **{**none, **rhythm}
        )
        process = self.process(rows, added, owner) if chance.random() < 0.125 else None
        if chance.random() < 0.1:
            self.meeting(rows, added, owner)
        for at in sorted(added + (self.now - added) * chance.random() for _ in range(self.contacts_each)):
            self.word(rows, at, owner, process if chance.random() < 0.5 else None)

    def process(self, rows: Rows, added: datetime, owner: int) -> int:
        chance, began = self.chance, self.later(added)
        opening = chance.choice(self.openings)
        process = self.happened(
            rows,
            Process,
            FactKind.PROCESS,
            began,
            owner,
            opening_id=opening,
            first_stage="Screening",
            first_owner_id=owner,
            turn=Turn.OURS,
            is_active=True,
            since=began,
        )
        moved = self.later(began)
        self.waited(rows, began, moved, owner, process, opening)
        self.happened(rows, StageMove, FactKind.STAGE_MOVE, moved, owner, process, to_stage="Interview")
        if chance.random() < 0.66:
            ended = self.later(moved)
            outcome = chance.choice((Result.REJECTED, Result.WITHDRAWN, Result.HIRED))
            self.happened(
                rows,
                Closing,
                FactKind.CLOSING,
                ended,
                owner,
                process,
                outcome=outcome,
                answer=Answer.OWED,
                revisit_on=None,
            )
        return process

    def waited(self, rows: Rows, began: datetime, until: datetime, owner: int, process: int, opening: int) -> None:
        """On the client, who answered."""
        half = began + (until - began) / 2
        self.happened(
            rows, TurnChange, FactKind.TURN_CHANGE, began, owner, process, to_turn=Turn.CLIENT, opening_id=opening
        )
        self.word(rows, half, owner, process, Way.CLIENT_FROM)

    def meeting(self, rows: Rows, added: datetime, owner: int) -> None:
        planned = self.later(added)
        starts = planned + timedelta(days=3)
        ends = starts + timedelta(hours=1)
        meeting = self.happened(
            rows,
            Meeting,
            FactKind.MEETING,
            planned,
            owner,
            meeting_kind=MeetingKind.INTERVIEW,
            host_id=owner,
            planned_starts_at=starts,
            planned_ends_at=ends,
            starts_at=starts,
            ends_at=ends,
        )
        if ends < self.now:
            self.happened(
                rows,
                MeetingOutcome,
                FactKind.MEETING_OUTCOME,
                ends,
                owner,
                meeting_id=meeting,
                outcome=MeetingResult.HELD,
                absent=None,
                absent_member_id=None,
            )

    def word(self, rows: Rows, at: datetime, owner: int, process: int | None, way: Way | None = None) -> None:
        way = way or self.chance.choice((Way.TO, Way.TO, Way.FROM, Way.TALKED))
        said = "Is there any news?" if way is Way.FROM else "I will know more on Friday."
        self.happened(
            rows, Contact, FactKind.CONTACT, at, owner, process, way=way, channel="e-mail", text=said, has_text=True
        )

    def happened(
        self,
        rows: Rows,
        table: type[Table],
        kind: FactKind,
        at: datetime,
        by: int,
        process: int | None = None,
        **content: Any,
    ) -> int:
        self.fact += 1
        common = {"candidate_id": self.candidate, "process_id": process, "by_id": by}
        rows[Fact].append({"id": self.fact, "kind": kind, **common, "happened_at": at, "entered_at": at})
        rows[table].append({"id": self.fact, **content})
        return self.fact

    def later(self, moment: datetime) -> datetime:
        return moment + (self.now - moment) * self.chance.random() * 0.5

    def write(self, session: Session, rows: Rows) -> None:
        people, facts = rows[Candidate], rows.pop(Fact)
        beginnings = [fact for fact in facts if fact["kind"] is FactKind.PROCESS]
        others = [fact for fact in facts if fact["kind"] is not FactKind.PROCESS]
        ordered = (
            (Candidate, rows.pop(Candidate)),
            (Fact, beginnings),
            (Process, rows.pop(Process, [])),  # before the facts about them
            (Fact, others),
            *rows.items(),
        )
        for table, made in ordered:
            if made:
                session.connection().execute(insert(table.__table__), made)
        names = ("id", "name", "company", "title", "location", "tags")
        index_words_of_new(session, [tuple(p[name] for name in names) for p in people])

    def mend_sequences(self) -> None:
        """PostgreSQL counts on from what it has given out itself."""
        if self.store.is_sqlite:
            return
        with self.store.engine.begin() as connection:
            for table in ("fact", "candidate"):
                connection.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
                )
