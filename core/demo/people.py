"""Who the made-up candidates are: names, work and addresses, each a function of the seed and their number."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from core.demo.happenings import Person
from core.demo.words import people as lists
from core.demo.world import World
from core.domain.growth import Beginner
from core.domain.names import folded

RECENT = timedelta(days=45)
PHONES = 900
"""So many numbers are kept free for stories: +44 7700 900000 and on."""


def arrivals(rng: Random, world: World, number: int, years: int) -> list[datetime]:
    """Working moments over the years, more of them lately: the team has grown."""
    first = world.now - timedelta(days=365 * years)
    moments = []
    for _ in range(number):
        if rng.random() < 0.1:
            at = world.now - RECENT * rng.uniform(0.02, 1)
        else:
            at = first + (world.now - first) * rng.random() ** 0.75
        day = world.days.index(at)
        moments.append(
            min(world.days.at(day, rng.uniform(10, world.days.minutes - 30)), world.until - timedelta(hours=1))
        )
    return sorted(moments)


def person(rng: Random, world: World, number: int, added_at: datetime, owner: int, taken: set[str]) -> Person:
    language = "pl" if rng.random() < 0.65 else "en"
    is_woman = rng.random() < 0.5
    names = lists()["names"][language]
    first = rng.choice(names["women" if is_woman else "men"])
    family = rng.choice(names["family_f" if is_woman else "family_m"])
    if rng.random() < 0.08:
        family = f"{family}-{rng.choice(names['family_f' if is_woman else 'family_m'])}"
    work = lists()["work"]
    someone = Person(
        number=number,
        name=f"{first} {family}",
        first=first,
        pronoun=("she/her" if is_woman else "he/him") if rng.random() < 0.5 else "",
        language=language if rng.random() < 0.9 else "en",
        title=rng.choice(work["titles"]),
        company=_company(rng) if rng.random() < 0.9 else "",
        location=rng.choice(work["cities"]),
        source=rng.choice(work["sources"]),
        email=_email(rng, first, family, taken),
        phone=f"+44 7700 {900_000 + number}".replace(" ", "") if number < PHONES and rng.random() < 0.6 else "",
        skills=tuple(sorted(rng.sample(range(len(work["skills"])), rng.randint(2, 5)))),
        tags=[rng.choice(work["tags"])] if rng.random() < 0.15 else [],
        notes="",
        known_since=world.calendar.day(added_at),
        added_at=added_at,
        owner=owner,
    )
    if rng.random() < 0.1:
        someone.begins_as = rng.choices(list(Beginner), (5, 4, 2))[0]
        someone.title = rng.choice(lists()["beginners"][someone.begins_as])
    return someone


def known_already(rng: Random, someone: Person, known: Person, taken: set[str]) -> None:
    """Make them somebody known, as another list has it: without accents, or the first name in short."""
    first, _, family = known.name.partition(" ")
    someone.name = rng.choice((folded(known.name).title(), f"{first[0]}. {family}"))
    someone.first, someone.pronoun, someone.language = known.first, known.pronoun, known.language
    someone.title, someone.company, someone.location = known.title, known.company, known.location
    someone.email = _email(rng, first, family, taken)


def owners(rng: Random, world: World, added: Sequence[datetime]) -> Iterator[int]:
    """Whoever was there to meet them."""
    for at in added:
        there = [m for m in world.recruiters if world.acting(m, at + timedelta(days=40)) == m]
        yield rng.choice(there)


def _company(rng: Random) -> str:
    parts = lists()["companies"]
    return "".join(rng.choice(parts[part]) for part in ("front", "back", "form"))


def _email(rng: Random, first: str, family: str, taken: set[str]) -> str:
    local = f"{folded(first)}.{folded(family)}".replace("ß", "ss").replace("'", "")
    host = rng.choice(lists()["mail"]["hosts"])
    address, again = f"{local}@{host}", 2
    while address in taken:
        address, again = f"{local}{again}@{host}", again + 1
    taken.add(address)
    return address
