"""A made-up team with years of life behind it, to look round in: `load_demo`."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from core.commands.handovers import Share, note_for_receiver, offer_people
from core.commands.imports import begin_batch
from core.commands.members import add_member
from core.commands.policy import ensure_first_policy
from core.commands.privacy import open_request
from core.commands.skills import ensure_skills
from core.demo.clients import add_needs, policy_of_the_team, vacancies
from core.demo.days import Days
from core.demo.happenings import Happening, Person, store_all
from core.demo.lives import Life
from core.demo.people import arrivals, known_already, owners, person
from core.demo.scores import score
from core.demo.stories import MORNINGS, Story
from core.demo.words import people as lists
from core.demo.world import Colleague, World, day_later
from core.domain.facts import Rhythm, Unit, Way
from core.domain.names import folded
from core.domain.refusal import Refused
from core.domain.spread import Newcomer, first_dates
from core.persistence.handovers import Whom
from core.persistence.ledger import settle
from core.persistence.lookalikes import note_lookalikes
from core.persistence.settling import settle_everyone
from core.persistence.store import Store
from core.persistence.tables import (
    Candidate,
    Departure,
    FactKind,
    ImportBatch,
    Member,
    RequestChannel,
    RequestKind,
    Skill,
)
from core.persistence.tables.team import Role
from core.persistence.work import THE_PROGRAM, Viewer, Work

AT_ONCE = 4_000
"""People told and stored in one unit of work."""
EACH = 2_000
"""People to a recruiter, in a large team."""
IMPORTED, TWICE = 16, 3
"""So many came with a list, and of them so many were known already."""
OFFERED = 14
"""So many people of the one about to leave are offered to colleagues."""
NOTES = (
    "Call in the evening; at work they can’t talk.",
    "Was let down by us last year and came back all the same. Be on time.",
    "Asks straight questions and likes straight answers.",
)
ASKED = ((RequestKind.FORGET, RequestChannel.EMAIL, 9), (RequestKind.SEE, RequestChannel.PHONE, 6))
"""What is asked of us, how it came, and how many days ago."""
LEFT = timedelta(days=420)
"""How long ago somebody left the team."""
Progress = Callable[[int, int], None]
"""People done, of how many."""


@dataclass(frozen=True, slots=True)
class Account:
    username: str
    password: str
    name: str
    role: Role


def load_demo(
    store: Store,
    *,
    candidates: int = 400,
    years: int = 5,
    seed: int = 1,
    quiet: float = 0.1,
    progress: Progress | None = None,
) -> list[Account]:
    """Fill an empty database; the same seed and moment tell the same lives. Passwords are new each time.

    With a share of them, the quiet, it stays at the first words. A few thousand come in one unit of work; more than
    that in several, and are settled together at the end.
    """
    if candidates < 1 or years < 1:
        raise Refused("A made-up team knows at least one person, for at least a year.")
    rng = Random(seed)  # noqa: S311
    teller = _Teller(seed, candidates, years, quiet)
    with store.working(THE_PROGRAM) as work:
        _refuse_unless_empty(work)
        accounts = teller.set_up(work, rng)
        done = teller.tell_some(work, 0)
    if done < candidates:
        _tell_the_rest(store, teller, done, progress or _in_silence)
    _leaving(store)
    _asking(store)
    score(store, rng)
    if progress is not None:
        progress(candidates, candidates)
    return accounts


def _leaving(store: Store) -> None:
    """A colleague is about to leave: some of those with him are offered to two others, who have not answered yet."""
    with store.reading() as session:
        members = {member.username: member for member in session.scalars(select(Member))}
        leaves, *others = (members[username] for username in ("piotr", "anna", "tomek"))
        theirs = select(Candidate.id).where(Candidate.owner_id == leaves.id, Candidate.erased_at.is_(None))
        ids = session.scalars(theirs.order_by(Candidate.active_processes.desc(), Candidate.id).limit(OFFERED)).all()
    if not ids:
        return
    with store.working(Viewer(leaves.id, leaves.name, leaves.role)) as work:
        shares = [Share(Whom(leaves.id, ids=tuple(ids)), tuple(member.id for member in others))]
        offer_id = offer_people(work, leaves.id, shares)
        for id_, note in zip(ids, NOTES, strict=False):
            note_for_receiver(work, offer_id, id_, note)


def _asking(store: Store) -> None:
    """One asked last week to see their data, and one of long ago to be forgotten."""
    today = store.calendar.day(store.now())
    listed = select(Candidate.id).where(Candidate.erased_at.is_(None), Candidate.last_act_on.is_not(None))
    free = listed.where(Candidate.active_processes == 0).order_by(Candidate.last_act_on, Candidate.id).limit(2)
    with store.reading() as session:
        anna = session.scalars(select(Member).where(Member.username == "anna")).one()
        ids = list(session.scalars(free))
    with store.working(Viewer(anna.id, anna.name, anna.role)) as work:
        for id_, (kind, channel, ago) in zip(ids, ASKED, strict=False):
            open_request(work, id_, kind, channel, received_on=today - timedelta(days=ago))


def _tell_the_rest(store: Store, teller: "_Teller", done: int, progress: Progress) -> None:
    """The bar is half way when all are told, and full when all are settled."""
    number = teller.candidates
    while done < number:
        progress(done // 2, number)
        with store.working(THE_PROGRAM) as work:
            done = teller.tell_some(work, done)
    settle_everyone(store, lambda settled, of: progress((of + settled) // 2, of))


def _in_silence(done: int, of: int) -> None:
    pass


def _refuse_unless_empty(work: Work) -> None:
    for table in (Member, Candidate):
        if work.session.scalar(select(table.id).limit(1)) is not None:
            raise Refused("There is a team here already. A made-up one needs an empty database.")


class _Teller:
    """Tells the lives some thousands at a time, so that a hundred thousand fit in memory."""

    world: World
    arrivals: list[datetime]
    owners: list[int]
    cast: list[int]
    """Members with a morning of their own."""
    skills: list[int]
    """The ids of those that people have, in the order of the file."""
    batch: ImportBatch | None = None

    def __init__(self, seed: int, candidates: int, years: int, quiet: float) -> None:
        self.seed, self.candidates, self.years, self.quiet = seed, candidates, years, quiet
        self.emails: set[str] = set()

    def set_up(self, work: Work, rng: Random) -> list[Account]:
        """The team, its clients and openings."""
        ensure_first_policy(work, policy_of_the_team())
        work.refresh_team()
        colleagues, accounts = _members(work, self.candidates)
        today = work.calendar.day(work.now)
        first = day_later(today, -365 * self.years - 40)
        days = Days(work.calendar, first, day_later(today, 500))
        able = [m for m in colleagues.values() if m.id not in _viewers(work)]
        self.cast = [m.id for m in able if m.left_at is None][: len(MORNINGS)]
        # The one who runs the team meets fewer people.
        recruiters = [m.id for m in able for _ in range(1 if m.id == self.cast[0] else 3)]
        self.world = World(work.calendar, days, work.now, colleagues, recruiters, [], self.quiet, work.policy.now)
        number = max(14, min(self.candidates, 20_000) // 7)
        self.world.vacancies = vacancies(work, rng, self.world, number, self.cast)
        self.world.boards = [v for v in self.world.vacancies if v.is_board]
        self.skills = _skills(work)
        add_needs(work, self.world.vacancies)
        self.arrivals = arrivals(rng, self.world, self.candidates, self.years)
        self.owners = list(owners(rng, self.world, self.arrivals))
        anna = work.session.get_one(Member, self.cast[0])
        work.record("made-up team added", anna, candidates=self.candidates)
        work.refresh_team()
        return accounts

    def tell_some(self, work: Work, start: int) -> int:
        """The next people: told, stored and settled; returns how many there are now."""
        numbers = range(start, min(start + AT_ONCE, self.candidates))
        world = self.world
        people = [self._person(number) for number in numbers]
        scripts = self._scripts(people) if start == 0 else {}
        imported = self._imported(work, people, scripts) if start == 0 else []
        people.sort(key=lambda p: p.added_at)
        friends = self._friends(people, scripts)
        # Whoever was recommended first: what came of it is part of the other's life.
        for someone in sorted(people, key=lambda p: -p.number):
            life = Life(world, someone, self._rng(someone.number, "life"))
            if someone.number in scripts:
                self._script(life, scripts[someone.number], people)
            elif someone in imported:
                self._import(life, imported.index(someone), len(imported))
            else:
                life.begin()
                for friend in friends.get(someone.number, ()):
                    life.later(friend.added_at - timedelta(hours=3), life.refer, friend)
            life.tell(world.until if someone.number not in scripts else life.t)
        if imported and self.batch is not None:
            brought = [h for h in world.happenings if h.batch == self.batch.id and h.kind is FactKind.CONTACT]
            self.batch.counts = {**self.batch.counts, "rows_read": len(brought), "words": len(brought)}
        store_all(work.session, people, world.happenings, world.beside)
        if imported:
            note_lookalikes(work.session, [someone.id for someone in imported], now=imported[0].added_at)
        world.happenings.clear()
        world.beside.clear()
        world.closings.clear()
        if self.candidates <= AT_ONCE:
            settle(work, *(someone.id for someone in people))
        if start > 0:
            work.record("made-up people added", work.session.get_one(Member, self.cast[0]), candidates=len(people))
        return numbers.stop

    def _rng(self, number: int, what: str) -> Random:
        return Random(f"{self.seed} {number} {what}")  # noqa: S311

    def _person(self, number: int) -> Person:
        rng = self._rng(number, "person")
        someone = person(rng, self.world, number, self.arrivals[number], self.owners[number], self.emails)
        someone.skills = tuple(self.skills[place] for place in someone.skills)
        return someone

    def _scripts(self, people: list[Person]) -> dict[int, Story]:
        """The last of the people are given the stories of this morning, and come in when those begin."""
        stories = [
            (member, story, ago)
            for place in range(max(map(len, MORNINGS)))
            for member, morning in zip(self.cast, MORNINGS, strict=False)
            for story, ago in morning[place : place + 1]
        ]
        scripts: dict[int, Story] = {}
        room = len(people) // 3
        for someone, (member, story, ago) in zip(people[::-1], stories[:room], strict=False):
            came_in = self.world.today - min(ago, self.years * 240)
            someone.added_at = self.world.days.at(came_in, 40 + someone.number % 17 * 12)
            someone.known_since = self.world.calendar.day(someone.added_at)
            someone.owner = member
            scripts[someone.number] = story
        return scripts

    def _script(self, life: Life, story: Story, people: list[Person]) -> None:
        life.former = next(m for m in self.cast if m != life.owner) if len(self.cast) > 1 else life.owner
        life.friend = next((p for p in people[::-1] if p is not life.person and p.added_at > life.t), None)
        story(life)
        life.owed.clear()

    def _friends(self, people: list[Person], scripts: dict[int, Story]) -> dict[int, list[Person]]:
        """Who recommended whom: somebody met at least a month before, often one who came so or did so before."""
        friends: dict[int, list[Person]] = {}
        talkers: list[Person] = []
        known = [p for p in people if p.number not in scripts and p.batch is None]
        for place, someone in enumerate(known[20:], 20):
            rng = self._rng(someone.number, "friend")
            if rng.random() < 0.13:
                referrer = rng.choice(talkers if talkers and rng.random() < 0.6 else known[: place // 2])
                if referrer.number < someone.number and someone.added_at - referrer.added_at > timedelta(days=30):
                    someone.source = "Referral"
                    friends.setdefault(referrer.number, []).append(someone)
                    talkers += [referrer, someone]
        return friends

    # a list that was brought in

    def _imported(self, work: Work, people: list[Person], scripts: dict[int, Story]) -> list[Person]:
        """Some came with a list of old messages, four weeks ago: nobody of them is overdue, and old silences show."""
        at = self.world.days.at(self.world.today - 19, 200)
        chosen = [p for p in people if p.number not in scripts][3 :: max(len(people) // IMPORTED, 2)][:IMPORTED]
        if len(people) < 40:
            return []
        self.batch = begin_batch(
            work,
            filename="messages.csv",
            kind="messages",
            source="LinkedIn",
            sha256="0" * 64,
            counts={"people": len(chosen), "new": 0, "exact": 0, "likely": 0, "rejected": 0},
            at=at,
        )
        self.batch.imported_by_id = self.cast[0]
        work.session.flush()
        for place, someone in enumerate(chosen):
            someone.added_at, someone.batch, someone.source = at, self.batch.id, "LinkedIn"
            someone.owner = self.cast[place % len(self.cast)]
        known = [p for p in people if p.number not in scripts and p.batch is None and p.company and p.added_at < at]
        for someone, other in zip(chosen, known[:TWICE], strict=False):
            known_already(self._rng(someone.number, "again"), someone, other, self.emails)
        return chosen

    def _import(self, life: Life, place: int, number: int) -> None:
        assert self.batch is not None
        at = life.t
        life.rhythm = Rhythm(6, Unit.MONTHS)
        today = life.calendar.day(at)
        on = first_dates([Newcomer(life.rhythm, None)] * number, today)[place]
        words = life.rng.randint(2, 4)
        day = life.days.index(at) - life.rng.randint(260, 500)
        brought: list[Happening] = []
        for n in range(words):
            life.t = life.days.at(day + n * 3, 60 + 40 * n)
            style, way = (("outreach", Way.TO), ("answer_yes", Way.FROM))[n % 2]
            brought.append(life.record_contact(way, life.words(style), channel="LinkedIn"))
        life.t = at
        brought.append(
            life.record(
                FactKind.ARRIVAL,
                owner_id=life.owner,
                rhythm_count=life.rhythm.count,
                rhythm_unit=life.rhythm.unit,
                first_on=on,
            )
        )
        for order, happening in enumerate(brought):
            happening.entered = at + timedelta(microseconds=order + 1)
            happening.batch = self.batch.id
        life.ground = at
        assert on is not None
        life.owe("touch", life.calendar.on(on), lead=3)


def _members(work: Work, candidates: int) -> tuple[dict[int, Colleague], list[Account]]:
    colleagues: dict[int, Colleague] = {}
    accounts: list[Account] = []
    gone: list[int] = []
    for entry in lists()["members"]:
        left = entry.get("left", False)
        password = None if left else secrets.token_urlsafe(12)
        role = Role(entry["role"])
        id_ = add_member(work, username=entry["username"], name=entry["name"], role=role, password=password)
        colleagues[id_] = Colleague(id_, entry["name"])
        if password is not None:
            accounts.append(Account(entry["username"], password, entry["name"], role))
        else:
            gone.append(id_)
    rng = Random(0)  # noqa: S311
    for number in range(max(candidates // EACH - 3, 0)):
        names = lists()["names"]["pl"]
        name = f"{rng.choice(names['women'])} {rng.choice(names['family_f'])}"
        username = f"{folded(name).replace(' ', '.')}{number + 2}"
        id_ = add_member(work, username=username, name=name, role=Role.RECRUITER, password=None)
        colleagues[id_] = Colleague(id_, name)
    cover = next(c.id for c in colleagues.values() if c.name.startswith("Leila"))
    for id_ in gone:
        _left(work, colleagues[id_], cover)
    return colleagues, accounts


def _left(work: Work, colleague: Colleague, cover: int) -> None:
    """As `deactivate_member` does, with nobody to settle yet."""
    at = work.now - LEFT
    colleague.left_at, colleague.cover = at, cover
    work.enter(Departure(member_id=colleague.id, cover_id=cover), happened_at=at)
    member = work.session.get_one(Member, colleague.id)
    member.is_active = False
    work.record("member left", member, cover=cover)


def _viewers(work: Work) -> set[int]:
    return set(work.session.scalars(select(Member.id).where(Member.role == Role.VIEWER)))


def _skills(work: Work) -> list[int]:
    ensure_skills(work)
    keys = [folded(name) for name in lists()["work"]["skills"]]
    ids = dict(work.session.execute(select(Skill.key, Skill.id).where(Skill.key.in_(keys))).all())
    return [ids[key] for key in keys]
