"""Two thousand openings with fifty thousand people in process, and how fast they are seen at a glance.

What is settled (stage, turn, our last word, waits, what is due) is set by chance, the same each time, as settling
would leave it: only reads are measured here.
"""

import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import func, insert, select, text

from core import auth
from core.commands.members import hashed
from core.commands.policy import ensure_first_policy
from core.domain.facts import (
    Absent,
    Answer,
    ClosingReason,
    MeetingKind,
    MeetingResult,
    OpeningStatus,
    Result,
    Turn,
)
from core.domain.names import folded
from core.domain.promises import Kind, Status
from core.persistence.ledger import count_days_afresh
from core.persistence.migrations import upgrade
from core.persistence.store import Store, open_store
from core.persistence.tables import (
    Candidate,
    Client,
    Closing,
    Fact,
    FactKind,
    Meeting,
    MeetingMove,
    MeetingOutcome,
    Member,
    Opening,
    Process,
    Promise,
    Stage,
    Table,
    TurnChange,
)
from core.persistence.tables.team import Role
from core.persistence.work import THE_PROGRAM, Viewer
from core.queries import clients, openings
from core.queries.openings import OpeningFilters, Shown
from core.queries.page import Page
from tests.bench.pages import reruns
from tests.bench.reads import Measured
from tests.bulk import FIRST, LAST, TITLES

OPENINGS, ACTIVE, ENDED, CLIENTS, MEMBERS = 2_000, 50_000, 100_000, 200, 40
STAGES = ("Screening", "With client", "Interview", "Offer")
WARM_UP, SAMPLES = 5, 60
NAMES = (
    "openings' reads, the team's",
    "openings' reads, one member's",
    "openings' reads, our turn, long silent",
    "openings' reads, clients",
    "openings' reads, one client",
)
TOUCHED = "openings touched"
"""A touch of the pages, with as many."""
AT_A_STROKE = 10_000
PASSWORD = "four quiet green herons"


def make(url: str, share: float = 1.0) -> Store:
    """The empty place at this address, filled with all of it, or a share."""
    upgrade(url)
    store = open_store(url)
    _Maker(store).make(share)
    return store


def reads(store: Store, wanted: Callable[[str], bool] = lambda _: True) -> Iterator[Measured]:
    """As the pages read."""
    chance = random.Random(7)
    with store.reading() as session:
        members = [
            Viewer(*row)
            for row in session.execute(Member.__table__.select().with_only_columns(Member.id, Member.name, Member.role))
        ]
        number = session.scalar(select(func.count()).select_from(Client)) or 0
    kind = "sqlite" if store.is_sqlite else "postgresql"
    page = Page(1, 20)

    def glance(filters: OpeningFilters) -> None:
        with store.reading() as session:
            gone = openings.gone(session, filters)
            openings.glance(session, filters, gone, now=store.now(), calendar=store.calendar, page=page)

    def listed(_: Any) -> None:
        with store.reading() as session:
            clients.listed(session, now=store.now(), calendar=store.calendar, page=Page(1, 30))

    def mirror(client_id: int) -> None:
        with store.reading() as session:
            clients.mirror(session, client_id, now=store.now(), calendar=store.calendar)

    silent = OpeningFilters(turn=Turn.OURS, silence=openings.Silence.OVER_5)
    asked: tuple[tuple[Callable[[Any], None], Callable[[], Any]], ...] = (
        (glance, lambda: OpeningFilters(status=chance.choice((None, Shown.OPEN)))),
        (glance, lambda: OpeningFilters(owner_id=chance.choice(members).id)),
        (glance, lambda: silent),
        (listed, lambda: None),
        (mirror, lambda: chance.randint(1, number)),
    )
    for name, (read, of) in zip(NAMES, asked, strict=True):
        if wanted(name):
            yield Measured(name, kind, ACTIVE, _timed(read, of))


def touched(store: Store) -> Iterator[Measured]:
    pages = ("pipelines", "clients", "client")
    yield from reruns(str(store.engine.url), member_cookie(store), {"client": "id=1"}, pages, ACTIVE)


def member_cookie(store: Store) -> str:
    """Of the first member, to open pages with."""
    with store.working(THE_PROGRAM) as work:
        member = work.session.get_one(Member, 1)
        member.password_hash = hashed(PASSWORD)
        work.record("made", member)
        username = member.username
    token = auth.redeem(store, auth.sign_in(store, username, PASSWORD), timedelta(hours=12))
    return f"{auth.cookie_name(secure=False)}={token}"


def _timed(read: Callable[[Any], None], of: Callable[[], Any]) -> list[float]:
    times = []
    for turn in range(WARM_UP + SAMPLES):
        argument = of()
        begun = time.perf_counter()
        read(argument)
        if turn >= WARM_UP:
            times.append((time.perf_counter() - begun) * 1000)
    return times


class _Maker:
    def __init__(self, store: Store) -> None:
        self.store, self.chance = store, random.Random(2026)
        self.now = store.now().replace(second=0, microsecond=0)
        self.fact = 0
        self.rows: dict[type[Table], list[dict[str, Any]]] = defaultdict(list)
        self.client_of: dict[int, int] = {}

    def make(self, share: float) -> None:
        number = {name: max(int(n * share), 4) for name, n in (("openings", OPENINGS), ("clients", CLIENTS))}
        active, ended, members = int(ACTIVE * share), int(ENDED * share), max(int(MEMBERS * share), 4)
        with self.store.working(THE_PROGRAM) as work:
            ensure_first_policy(work, {"stages": {"Interview": 2, "Offer": 1}})
            self.fact = 10
            run = work.session.connection().execute
            run(insert(Member.__table__), [self.member(n) for n in range(members)])
            run(insert(Client.__table__), [self.client(n, members) for n in range(number["clients"])])
            made = [self.opening(n, members, number["clients"]) for n in range(number["openings"])]
            run(insert(Opening.__table__), made)
            self.client_of = {opening["id"]: opening["client_id"] for opening in made}
            stages = [
                {"opening_id": n + 1, "position": position, "name": name}
                for n in range(number["openings"])
                for position, name in enumerate(STAGES)
            ]
            run(insert(Stage.__table__), stages)
        running = [one["id"] for one in made if not one["status"].has_ended]
        for n in range(active + ended):
            opening = self.chance.choice(running) if n < active else self.chance.randint(1, number["openings"])
            self.person(n + 1, opening, members, is_active=n < active)
            if len(self.rows[Candidate]) == AT_A_STROKE:
                self.write()
        self.write()
        with self.store.working(THE_PROGRAM) as work:
            count_days_afresh(work.session, work.calendar)
        with self.store.engine.begin() as connection:
            if not self.store.is_sqlite:
                for table in ("fact", "candidate", "member", "client", "opening"):
                    last = f"(SELECT max(id) FROM {table})"
                    connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})"))
            connection.execute(text("ANALYZE"))

    def member(self, n: int) -> dict[str, Any]:
        return {
            "id": n + 1,
            "username": f"member{n}",
            "name": f"{FIRST[n % 16]} {LAST[n // 16]}",
            "role": Role.RECRUITER,
            "created_at": self.now,
        }

    def client(self, n: int, members: int) -> dict[str, Any]:
        name = f"{LAST[n % 16]} {FIRST[n // 16 % 16]} {n}"
        common = {"name": name, "sort_name": folded(name), "called_in_policy": name}
        return {"id": n + 1, **common, "owner_id": n % members + 1}

    def opening(self, n: int, members: int, number: int) -> dict[str, Any]:
        chances = ((OpeningStatus.OPEN, 0.6), (OpeningStatus.HELD, 0.1), (OpeningStatus.FILLED, 0.2))
        drawn = self.chance.random()
        status = OpeningStatus.CANCELLED
        for one, share in chances:
            if drawn < share:
                status = one
                break
            drawn -= share
        return {
            "id": n + 1,
            "title": f"{TITLES[n % len(TITLES)]} {n}",
            "client_id": self.chance.randint(1, number),
            "owner_id": n % members + 1,
            "added_at": self.before(400),
            "status": status,
        }

    def person(self, id_: int, opening: int, members: int, *, is_active: bool) -> None:
        chance = self.chance
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        self.rows[Candidate].append(
            {"id": id_, "name": name, "sort_name": folded(name), "tags": [], "added_at": self.before(600)}
        )
        begun = self.before(90 if is_active else 700)
        process = self.happened(FactKind.PROCESS, begun, id_)
        since = begun + (self.now - begun) * chance.random()
        stage = chance.choices(STAGES, (5, 3, 2, 1))[0]
        owner = chance.randint(1, members)
        waits = is_active and chance.random() < 0.35
        turn = Turn.CLIENT if waits else chance.choice((Turn.OURS, Turn.CANDIDATE))
        closed = None if is_active else since
        reason = None if is_active else chance.choice((*ClosingReason, None))
        due = self.now + timedelta(days=chance.uniform(-4, 6)) if is_active else None
        self.rows[Process].append(
            {
                "id": process,
                "opening_id": opening,
                "first_stage": "Screening",
                "first_owner_id": owner,
                "owner_id": owner,
                "stage": stage,
                "turn": turn,
                "is_active": is_active,
                "closed_at": closed,
                "result": None if is_active else Result.REJECTED,
                "reason": reason,
                "client_id": self.client_of[opening],
                "since": since,
                "heard_at": self.before(14) if is_active and chance.random() < 0.9 else None,
                "next_due_at": due,
            }
        )
        answers = [chance.choices((0, 1, 2, 3, 4, 6, 9, 15), (2, 5, 5, 4, 3, 2, 1, 1))[0]] * (chance.random() < 0.8)
        for days in [*answers, *([None] if waits else [])]:
            self.wait(process, id_, opening, since, days)
        if due is not None:
            self.promise(process, id_, owner, Kind.UPDATE, since, due, None)
        if chance.random() < 0.3:
            late = since + timedelta(days=chance.uniform(1, 8))
            self.promise(process, id_, owner, Kind.DELAY, since, late, late + timedelta(days=2))
        if chance.random() < 0.35:
            self.meeting(process, id_, owner, since, self.client_of[opening])
        if closed is not None:
            closing = self.happened(FactKind.CLOSING, closed, id_, process)
            self.rows[Closing].append(
                {"id": closing, "outcome": Result.REJECTED, "answer": Answer.OWED, "reason": reason}
            )

    def wait(self, process: int, person: int, opening: int, begun: datetime, days: int | None) -> None:
        at = self.before(12) if days is None else begun
        fact = self.happened(FactKind.TURN_CHANGE, at, person, process)
        ended = None if days is None else at + timedelta(days=days * 1.4)
        settled = {"began_wait": True, "ended_at": ended, "answer_days": days, "client_id": self.client_of[opening]}
        self.rows[TurnChange].append({"id": fact, "to_turn": Turn.CLIENT, "opening_id": opening, **settled})

    def promise(
        self, process: int, person: int, owner: int, kind: Kind, at: datetime, due: datetime, kept: datetime | None
    ) -> None:
        self.rows[Promise].append(
            {
                "candidate_id": person,
                "key": f"{kind.value}:{process}:{process}",
                "kind": kind,
                "about_id": process,
                "process_id": process,
                "owner_id": owner,
                "opened_at": at,
                "due_at": due,
                "rule_due_at": due,
                "status": Status.OPEN if kept is None else Status.KEPT_LATE,
                "settled_at": kept,
                "settled_by_id": None if kept is None else process,
            }
        )

    def meeting(self, process: int, person: int, host: int, at: datetime, client: int) -> None:
        starts = at + timedelta(days=self.chance.uniform(1, 6))
        meeting = self.happened(FactKind.MEETING, at, person, process)
        ends, is_over = starts + timedelta(hours=1), starts + timedelta(hours=1) < self.now
        drawn = self.chance.random()
        result = (
            MeetingResult.MISSED if drawn < 0.05 else MeetingResult.CANCELLED if drawn < 0.12 else MeetingResult.HELD
        )
        times = {"planned_starts_at": starts, "planned_ends_at": ends, "starts_at": starts, "ends_at": ends}
        kind = {"meeting_kind": MeetingKind.INTERVIEW, "host_id": host, "result": result if is_over else None}
        is_moved = self.chance.random() < 0.1
        is_upset = is_over and result is not MeetingResult.HELD
        upset = {"client_id": client, "upset_at": ends if is_upset else at if is_moved else None}
        self.rows[Meeting].append({"id": meeting, **kind, **times, **upset})
        who = self.chance.choice(tuple(Absent))
        if is_moved:
            move = self.happened(FactKind.MEETING_MOVE, at, person, process)
            moved = {"meeting_id": meeting, "to_starts_at": starts, "to_ends_at": ends, "from_starts_at": starts}
            self.rows[MeetingMove].append({"id": move, **moved, "asked_by": who})
        if is_over:
            outcome = self.happened(FactKind.MEETING_OUTCOME, ends, person, process)
            self.rows[MeetingOutcome].append(
                {
                    "id": outcome,
                    "meeting_id": meeting,
                    "outcome": result,
                    "absent": who if result is MeetingResult.MISSED else None,
                    "asked_by": who if result is MeetingResult.CANCELLED else None,
                }
            )

    def happened(self, kind: FactKind, at: datetime, person: int, process: int | None = None) -> int:
        self.fact += 1
        moments = {"happened_at": at, "entered_at": max(at, self.now)}
        self.rows[Fact].append(
            {"id": self.fact, "kind": kind, "candidate_id": person, "process_id": process, **moments}
        )
        return self.fact

    def before(self, days: float) -> datetime:
        return self.now - timedelta(days=days * self.chance.random())

    def write(self) -> None:
        facts = self.rows[Fact]
        beginnings = [fact for fact in facts if fact["kind"] is FactKind.PROCESS]
        ordered: tuple[tuple[type[Table], Sequence[dict[str, Any]]], ...] = (
            (Candidate, self.rows[Candidate]),
            (Fact, beginnings),
            (Process, self.rows[Process]),  # before the facts about them
            (Fact, [fact for fact in facts if fact["kind"] is not FactKind.PROCESS]),
            *((table, rows) for table, rows in self.rows.items() if table not in (Candidate, Fact, Process)),
        )
        with self.store.working(THE_PROGRAM, operation=uuid4().hex) as work:
            for table, rows in ordered:
                if rows:
                    work.session.connection().execute(insert(table.__table__), rows)
        self.rows.clear()
