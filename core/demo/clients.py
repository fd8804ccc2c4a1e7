"""The made-up team's clients, whom it writes to there, and what they have been looking for over the years."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from sqlalchemy import select

from core.demo.words import people as lists
from core.demo.words import said
from core.demo.world import Vacancy, World, is_held
from core.domain.facts import HoldReason, OpeningStatus
from core.domain.names import folded
from core.persistence.tables import (
    Client,
    ClientPerson,
    Fact,
    Opening,
    OpeningEnd,
    OpeningHold,
    OpeningResumption,
    OpeningSkill,
    Skill,
    Stage,
    StageTemplate,
)
from core.persistence.work import Work

PHONES = 900_900
"""From here on the numbers are theirs: +44 7700 900900."""
HELD, HELD_YESTERDAY, NEARLY_FILLED = 4, 5, 6
"""Openings of this morning, after one for each of the cast."""


def policy_of_the_team() -> dict[str, Any]:
    """How soon clients should answer and whoever is in a stage should hear from us, where it is not the usual."""
    usual = 3
    slow = {client["name"]: client["answer"] for client in lists()["clients"] if client["answer"] != usual}
    return {"clients": slow, "stages": dict(lists()["cadences"])}


def vacancies(work: Work, rng: Random, world: World, number: int, cast: Sequence[int]) -> list[Vacancy]:
    """Openings over the years, some of them held for a while; a few are open now and have long been."""
    templates = _stage_templates(work)
    clients = _clients(work, cast)
    openings: list[tuple[Opening, Vacancy]] = []
    for n in range(number):
        vacancy = _planned(rng, world, n, cast)
        entry, client_id = clients[n % len(clients)]
        vacancy.title, vacancy.client = rng.choice(lists()["work"]["openings"]), entry["name"]
        vacancy.pace, vacancy.answer = entry["pace"], entry["answer"]
        vacancy.stages = templates[rng.choices(list(templates), (6, 2, 2))[0] if n >= len(cast) else "Standard"]
        opening = Opening(
            title=vacancy.title,
            client_id=client_id,
            owner_id=vacancy.owner,
            note=said(rng, "looks_for") if rng.random() < 0.7 else "",
            added_at=world.days.at(vacancy.opens, 30),
            status=_status(world, vacancy),
        )
        openings.append((opening, vacancy))
    work.session.add_all(opening for opening, _ in openings)
    work.session.flush()
    facts: list[Fact] = []
    for opening, vacancy in openings:
        vacancy.id = opening.id
        facts += _facts(rng, world, vacancy)
        work.session.add_all(
            Stage(opening_id=opening.id, position=place, name=name) for place, name in enumerate(vacancy.stages)
        )
    facts.sort(key=lambda fact: fact.happened_at)
    work.session.add_all(facts)
    work.session.flush()
    ends = {fact.opening_id: fact.id for fact in facts if isinstance(fact, OpeningEnd)}
    for _, vacancy in openings:
        vacancy.end_id = ends.get(vacancy.id)
    return sorted((vacancy for _, vacancy in openings), key=lambda v: v.opens)


def add_needs(work: Work, openings: Sequence[Vacancy]) -> None:
    """The skills each needs, by its title; a few say nothing of that."""
    needs = lists()["needs"]
    keys = {folded(name) for names in needs.values() for name in names}
    ids = dict(work.session.execute(select(Skill.key, Skill.id).where(Skill.key.in_(keys))).all())
    work.session.add_all(
        OpeningSkill(opening_id=vacancy.id, skill_id=ids[folded(name)], position=place)
        for vacancy in openings
        for place, name in enumerate(needs.get(vacancy.title, ()))
    )
    work.session.flush()


def _stage_templates(work: Work) -> dict[str, tuple[str, ...]]:
    """The usual one is there already."""
    stages = {name: tuple(stages) for name, stages in lists()["stages"].items()}
    work.session.add_all(
        StageTemplate(name=name, stages=list(names)) for name, names in stages.items() if name != "Standard"
    )
    return stages


def _clients(work: Work, cast: Sequence[int]) -> list[tuple[dict[str, Any], int]]:
    entries, phone = lists()["clients"], PHONES
    rows = [
        Client(
            name=entry["name"],
            sort_name=folded(entry["name"]),
            called_in_policy=entry["name"],
            owner_id=cast[n % len(cast)],
            note=entry["note"],
        )
        for n, entry in enumerate(entries)
    ]
    work.session.add_all(rows)
    work.session.flush()
    for entry, client in zip(entries, rows, strict=True):
        for name, title in entry["people"]:
            local = folded(name).replace(" ", ".")
            email, phone = f"{local}@{entry['host']}", phone + 1
            there = ClientPerson(client_id=client.id, name=name, title=title, email=email, phone=f"+447700{phone}")
            work.session.add(there)
    return [(entry, client.id) for entry, client in zip(entries, rows, strict=True)]


def _planned(rng: Random, world: World, n: int, cast: Sequence[int]) -> Vacancy:
    """When it opens, is held and ends, and whose it is; its name comes later."""
    length, opens = rng.randint(60, 160), rng.randrange(1, world.today)
    held = opens + rng.randint(15, length - 20) if rng.random() < 0.22 else None
    how = OpeningStatus.FILLED if rng.random() < 0.7 else OpeningStatus.CANCELLED
    owner = rng.choice(world.recruiters)
    if n < len(cast):
        opens, length, held, owner = world.today - 110 - 5 * n, 220, None, cast[n]
    elif n == HELD:
        opens, length, held = world.today - 40, 120, world.today - 4
    elif n == HELD_YESTERDAY:
        opens, length, held, owner = world.today - 30, 120, world.today - 1, cast[2 % len(cast)]
    elif n == NEARLY_FILLED:
        opens, length, held, owner = world.today - 45, 90, None, cast[1 % len(cast)]
    closes = opens + length
    resumed = held + rng.randint(6, 25) if held is not None else None
    if resumed is not None and (resumed >= closes - 1 or rng.random() < 0.15):
        resumed = None  # it never came back
    ends_at = world.days.at(closes, world.days.minutes - 60)
    return Vacancy(
        is_board=n < len(cast),
        opens=opens,
        closes=closes,
        owner=world.acting(owner, world.now if ends_at >= world.until else ends_at),
        held=held,
        resumed=resumed,
        how=how,
        ends_at=ends_at if ends_at < world.until else None,
    )


def _status(world: World, vacancy: Vacancy) -> OpeningStatus:
    if vacancy.ends_at is not None:
        return vacancy.how
    return OpeningStatus.HELD if is_held(vacancy, world.today) and _came(world, vacancy.held) else OpeningStatus.OPEN


def _facts(rng: Random, world: World, vacancy: Vacancy) -> Iterator[Fact]:
    if _came(world, vacancy.held):
        reason = rng.choices(list(HoldReason), (4, 3, 3, 1))[0]
        hold = OpeningHold(opening_id=vacancy.id, reason=reason, note=said(rng, f"hold_{reason.value}"))
        yield _at(hold, world, vacancy, world.days.at(vacancy.held or 0, 60))
    if _came(world, vacancy.resumed):
        resumption = OpeningResumption(opening_id=vacancy.id)
        yield _at(resumption, world, vacancy, world.days.at(vacancy.resumed or 0, 60))
    if vacancy.ends_at is not None:
        end = OpeningEnd(opening_id=vacancy.id, how=vacancy.how, note=said(rng, f"end_{vacancy.how.value}"))
        yield _at(end, world, vacancy, vacancy.ends_at)


def _at(fact: Fact, world: World, vacancy: Vacancy, moment: Any) -> Fact:
    fact.happened_at = fact.entered_at = moment
    fact.by_id = world.acting(vacancy.owner, moment)
    return fact


def _came(world: World, day: int | None) -> bool:
    return day is not None and world.days.at(day, 60) < world.until
