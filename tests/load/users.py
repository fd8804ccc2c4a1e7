"""What users do all day, each in a tab of their own: every page, and saves of every kind, a touch every few seconds."""

import asyncio
import json
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session
from websockets.exceptions import ConnectionClosed, WebSocketException

from core import auth
from core.domain.facts import OpeningStatus
from core.persistence.store import Store
from core.persistence.tables import Candidate, Client, Contact, Handle, Member, Opening, Process, Stage
from core.persistence.tables.people import IS_LISTED, HandleKind
from core.persistence.tables.team import Role
from core.persistence.viewer import THE_PROGRAM
from tests.load.tab import Tab
from tests.talk import PATIENCE, Wrong

ARRIVES, LOOKS = "arrives", "board looks whether others moved"
PAGES = (
    *("today", "candidates", "pool", "growth", "referrals", "duplicates", "pipelines", "clients"),
    *("team", "drafts", "imports", "insights", "skills"),
)
"""Those without an id, as the navigation has them; Today is the first."""
PEOPLE, CARDS = 5, 2
"""Of each user's own."""


@dataclass(slots=True)
class Place:
    """A card, and the columns of its board."""

    process: int
    opening: int
    stage: str
    columns: list[str]


@dataclass(frozen=True, slots=True)
class Own:
    """What one user works on and nobody else does: so that what was acknowledged is what must be stored."""

    number: int
    token: str
    people: list[tuple[int, str]]
    """Each with an e-mail address."""
    cards: list["Place"]
    clients: list[int]
    share: tuple[int, int]
    """Which of how many users of the same member: they share its promises out among them."""


@dataclass(slots=True)
class Figures:
    """What came of it, of all users together."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    words: set[str] = field(default_factory=set)
    """Texts of contacts that were acknowledged."""
    titles: dict[int, str] = field(default_factory=dict)
    """By person, the last one acknowledged."""
    stages: dict[int, str] = field(default_factory=dict)
    """By process, the last one acknowledged."""
    saves: int = 0
    away: list[float] = field(default_factory=list)
    """Seconds until those whose process had gone were back at work."""
    is_measured: bool = False
    """Not before everybody is there."""


class User:
    """Somebody signed in, at work until told otherwise."""

    def __init__(self, own: Own, figures: Figures, address: str, pace: float) -> None:
        self.own, self.figures, self.pace = own, figures, pace
        self.rng = Random(own.number)
        self.cookies = {auth.cookie_name(secure=False): own.token}
        self.tab = Tab(address, self.cookies)
        self.texts = 0

    async def arrive(self) -> None:
        await self.tab.connect()
        self.figures.times[ARRIVES].append(await self.tab.go(""))

    async def work(self, until: asyncio.Event) -> None:
        """Until then, or until something goes wrong that a user would not get over by loading the page again."""
        looking = asyncio.create_task(self._look_again())
        doings = (self.keep_a_word, self.log_a_word, self.note, self.edit, self.edit_in_grid, self.move, self.look)
        await asyncio.sleep(self.rng.uniform(0, self.pace))
        try:
            while not until.is_set():
                doing = self.rng.choices(doings, (5, 3, 2, 2, 2, 4, 12))[0]
                try:
                    await doing()
                except ConnectionClosed:
                    await self._come_back()
                except (Wrong, TimeoutError) as wrong:
                    self.figures.wrong[f"{doing.__name__}: {type(wrong).__name__} {wrong}"[:300]] += 1
                    await asyncio.sleep(self.pace)
        finally:
            looking.cancel()

    async def _come_back(self) -> None:
        """The process has gone: the page is loaded again, from whichever process answers, with the same cookie."""
        begun = time.perf_counter()
        self.tab = Tab(self.tab.address, self.tab.cookies)
        while time.perf_counter() - begun < PATIENCE:
            try:
                await self.arrive()
            except (OSError, WebSocketException):
                await asyncio.sleep(0.5)
            else:
                self.figures.away.append(time.perf_counter() - begun)
                return
        self.figures.wrong["nobody answers any more"] += 1

    # what they do

    async def keep_a_word(self) -> None:
        """On Today: another row is opened, the words are changed and logged."""
        await self._touch("today", self.tab.go(""))
        place, of = self.own.share
        rows = [key for key in self.tab.beginning("open-") if int(key.removeprefix("open-")) % of == place]
        if not rows:
            return
        row = self.rng.choice(rows)
        await self._touch("today, open a row", self.tab.press(row))
        if "words" in self.tab.widgets:
            text = self._text()
            self.tab.fill("words", text)
            if await self._save("today, log it", self.tab.press(row.replace("open-", "keep-")), "Logged"):
                self.figures.words.add(text)

    async def log_a_word(self) -> None:
        await self._open_person()
        await self._log("log a word", "Logged")

    async def note(self) -> None:
        await self._open_person()
        (way,) = self.tab.beginning("way-")
        await self._touch("candidate, a choice", self.tab.choose(way, [self.tab.options(way)[-1]]))
        await self._log("note", "Noted")

    async def edit(self) -> None:
        """Somebody's title, among their details."""
        person = await self._open_person()
        await self._touch("candidate, details", self.tab.choose(f"tabs-{person}", "Details"))
        title = self._text()
        (field_,) = self.tab.beginning(f"title-{person}")  # another one each time somebody else has saved
        self.tab.fill(field_, title)
        if await self._save("save details", self.tab.press(f"save-details-{person}"), "Saved"):
            self.figures.titles[person] = title

    async def edit_in_grid(self) -> None:
        """Somebody is found as one types, and their title changed in the grid."""
        person, address = self.rng.choice(self.own.people)
        await self._touch("candidates", self.tab.go("candidates"))
        (search,) = self.tab.beginning("candidates-q-chosen-")
        await self._touch("candidates, search", self.tab.choose(search, address[:5]))
        await self._touch("candidates, search", self.tab.choose(search, address))
        (grid,) = self.tab.beginning("grid-")
        title = self._text()
        edits = {"edited_rows": {"0": {"title": title}}, "added_rows": [], "deleted_rows": []}
        self.tab.fill(grid, json.dumps(edits))
        if await self._save("save the grid", self.tab.press("save"), "Saved"):
            self.figures.titles[person] = title

    async def move(self) -> None:
        """A card is dragged to another column."""
        if not self.own.cards:
            return
        card = self.rng.choice(self.own.cards)
        await self._touch("pipelines", self.tab.go("pipelines"))
        await self._touch("opening", self.tab.go("opening", f"id={card.opening}"))
        to = self.rng.choice([stage for stage in card.columns if stage != card.stage])
        said = {"id": card.process, "from": card.stage, "to": to}
        try:
            is_done = await self._save("move a card", self.tab.tell(f"board-{card.opening}", "moved", said), to)
        except ConnectionClosed:  # moved or not: nobody knows
            self.own.cards.remove(card)
            self.figures.stages.pop(card.process, None)
            raise
        if is_done:
            card.stage = self.figures.stages[card.process] = to

    async def look(self) -> None:
        """Three pages, whichever."""
        for page in self.rng.sample((*PAGES, "client", "candidates, next page"), 3):
            if page == "client":
                await self._touch(page, self.tab.go(page, f"id={self.rng.choice(self.own.clients)}"))
            elif page == "candidates, next page":
                await self._touch("candidates", self.tab.go("candidates"))
                (pages,) = self.tab.beginning("candidates-page-chosen-")
                await self._touch(page, self.tab.choose(pages, self.rng.randint(2, 9)))
            else:
                await self._touch(page, self.tab.go("" if page == "today" else page))

    async def _open_person(self) -> int:
        person, _ = self.rng.choice(self.own.people)
        await self._touch("candidate", self.tab.go("candidate", f"id={person}"))
        return person

    async def _log(self, name: str, done: str) -> None:
        (field_,) = self.tab.beginning("text-")
        text = self._text()
        self.tab.fill(field_, text)
        if await self._save(name, self.tab.press(field_.replace("text-", "log-")), done):
            self.figures.words.add(text)

    def _text(self) -> str:
        self.texts += 1
        return f"load {self.own.number}-{self.texts}"

    # how they do it

    async def _touch(self, name: str, touch: Awaitable[float]) -> None:
        await asyncio.sleep(self.pace * self.rng.uniform(0.5, 1.5))
        took = await touch
        if self.figures.is_measured:
            self.figures.times[name].append(took)

    async def _save(self, name: str, touch: Awaitable[float], done: str) -> bool:
        """Whether the page said that it was done."""
        await self._touch(name, touch)
        said = " ".join(self.tab.said).replace("\\", "")
        if self.tab.refused:
            self.figures.refused[f"{name}: {said}"] += 1
            return False
        if not said.startswith(done):
            raise Wrong(f"{name} was not acknowledged; the page said: {said}")
        self.figures.saves += 1
        return True

    async def _look_again(self) -> None:
        """As an open board does by itself, every few seconds."""
        while True:
            await asyncio.sleep(min(self.tab.looks_again.values(), default=self.pace))
            try:
                took = await self.tab.look_again()
            except ConnectionClosed:
                continue  # the user finds out
            except (Wrong, TimeoutError) as wrong:
                self.figures.wrong[f"{LOOKS}: {type(wrong).__name__} {wrong}"[:300]] += 1
                continue
            if self.figures.is_measured:
                self.figures.times[LOOKS] += took


# what they have, and what is stored in the end


def owners(store: Store, number: int) -> list[Own]:
    """So many users signed in, of the members there are."""
    with store.reading() as session:
        may = Member.is_active, Member.role.in_((Role.ADMIN, Role.RECRUITER))
        members = list(session.scalars(select(Member.id).where(*may).order_by(Member.id)))
        clients = list(session.scalars(select(Client.id).limit(50)))
        people = _people(session, number * PEOPLE)
        cards = _cards(session, number * CARDS)
    tokens = []
    for place in range(number):
        with store.working(THE_PROGRAM) as work:
            ticket = auth.issue_ticket(work, work.session.get_one(Member, members[place % len(members)]))
        tokens.append(auth.redeem(store, ticket, timedelta(hours=12)) or "")
    share = -(-number // len(members))
    return [
        Own(place, token, people[place::number], cards[place::number], clients, (place // len(members), share))
        for place, token in enumerate(tokens)
    ]


def _people(session: Session, number: int) -> list[tuple[int, str]]:
    """In no process: whose card is moved by one, nobody else edits."""
    alone = IS_LISTED, Candidate.active_processes == 0
    found = (
        select(Candidate.id, Handle.value)
        .join(Handle, Handle.candidate_id == Candidate.id)
        .where(Handle.kind == HandleKind.EMAIL, *alone)
        .order_by(Candidate.id)
        .limit(number * 4)
    )
    return list({id_: (id_, value) for id_, value in session.execute(found)}.values())[:number]


def _cards(session: Session, number: int) -> list[Place]:
    found = (
        select(Process.id, Process.opening_id, Process.stage)
        .join(Opening, Opening.id == Process.opening_id)
        .where(Process.is_active, Opening.status == OpeningStatus.OPEN)
        .order_by(Process.id)
        .limit(number)
    )
    columns: dict[int, list[str]] = defaultdict(list)
    for opening, stage in session.execute(select(Stage.opening_id, Stage.name).order_by(Stage.position)):
        columns[opening].append(stage)
    cards = [Place(process, opening, stage, columns[opening]) for process, opening, stage in session.execute(found)]
    return [card for card in cards if len(card.columns) > 1]


def lost(store: Store, figures: Figures) -> list[str]:
    """What was acknowledged and is not stored."""
    with store.reading() as session:
        words = set(session.scalars(select(Contact.text).where(Contact.text.startswith("load "))))
        titles = dict(
            session.execute(select(Candidate.id, Candidate.title).where(Candidate.id.in_(figures.titles))).all()
        )
        stages = dict(session.execute(select(Process.id, Process.stage).where(Process.id.in_(figures.stages))).all())
    return [
        *sorted(figures.words - words),
        *(title for id_, title in figures.titles.items() if not _is_as_late(titles.get(id_, ""), title)),
        *(f"process {id_} in {stage}" for id_, stage in figures.stages.items() if stages.get(id_) != stage),
    ]


def _is_as_late(stored: str, acknowledged: str) -> bool:
    """It is the same, or what the same user wrote later, and was not told of when its process was killed."""
    (user, _, number), (same, _, least) = stored.rpartition("-"), acknowledged.rpartition("-")
    return user == same and int(number) >= int(least)
