"""A board of five hundred cards: what reading it takes, what others' moves cost to see, and a drag in the browser."""

import shutil
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from core.commands.board import move_on_board
from core.commands.contacts import log_contact
from core.commands.openings import add_opening
from core.commands.processes import move_to_stage, start_process, wait_on_client
from core.domain.facts import Way
from core.persistence.store import Store
from core.persistence.tables import Candidate, Member
from core.persistence.tables.team import Role
from core.persistence.work import Viewer
from core.queries import board
from tests.bench.reads import SAMPLES, WARM_UP, WRITES

CARDS, DRAGS, AT_ONCE = 500, 30, 50
STAGES = ("First talk", "CV with client", "Technical interview", "Final talk", "Offer")
READS, LOOK, MOVE, DRAG = "board's reads", "board, whether others moved", "board, one move", "board, drag to redrawn"


def fill(store: Store) -> int:
    """An opening with so many people in it, at all stages."""
    rng, now = Random(5), store.now()
    with store.reading() as session:
        acting = select(Member.id, Member.name, Member.role).where(Member.is_active, Member.role == Role.RECRUITER)
        ben = Viewer(*session.execute(acting.limit(1)).one())
        people = list(session.scalars(select(Candidate.id).where(Candidate.merged_into_id.is_(None)).limit(CARDS)))
    with store.working(ben) as work:
        opening = add_opening(work, "Five hundred", stages=STAGES)
    for start in range(0, len(people), AT_ONCE):
        with store.working(ben) as work:
            for person in people[start : start + AT_ONCE]:
                began = now - timedelta(days=rng.randrange(1, 20))
                process = start_process(work, person, opening, at=began)
                if stage := rng.randrange(len(STAGES)):
                    move_to_stage(work, process, STAGES[stage], at=began + timedelta(hours=2))
                if rng.random() < 0.6:
                    said = began + timedelta(hours=rng.randrange(3, 20))
                    log_contact(work, person, way=Way.TO, text="Soon.", process_id=process, at=said)
                if rng.random() < 0.4:
                    wait_on_client(work, process)
    return opening


def measured(store: Store) -> Iterator[tuple[str, list[float]]]:
    opening = fill(store)
    with store.reading() as session:
        found = board.board(session, opening, now=store.now())
        acting = select(Member.id, Member.name, Member.role).where(Member.role == Role.RECRUITER, Member.is_active)
        ben = Viewer(*session.execute(acting.limit(1)).one())
    assert found is not None
    assert len(found.cards) == CARDS
    rng, at = Random(7), {card.process_id: card.stage for card in found.cards}

    def move() -> None:
        process = rng.choice(list(at))
        to = rng.choice([stage for stage in STAGES if stage != at[process]])
        with store.working(ben) as work:
            move_on_board(work, opening, process, to, seen_in=at[process])
        at[process] = to

    def read(query: Callable[..., Any]) -> None:
        with store.reading() as session:
            query(session, opening, now=store.now())

    yield READS, _times(lambda: read(board.board), SAMPLES)
    yield LOOK, _times(lambda: read(board.pulse), SAMPLES)
    yield MOVE, _times(move, WRITES)


def dragged(address: str, cookie: str, opening: int) -> list[float]:
    """From letting go of a card to its being saved and drawn where it belongs, as the browser sees it."""
    from playwright.sync_api import sync_playwright

    name, _, value = cookie.partition("=")
    times = []
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or playwright.chromium.executable_path
        with playwright.chromium.launch(executable_path=found, args=["--no-sandbox"]) as browser:
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            context.add_cookies([{"name": name, "value": value, "url": address}])
            page = context.new_page()
            page.goto(f"{address}/opening?id={opening}")
            page.locator(".card").first.wait_for()
            for number in range(3 + DRAGS):
                here, there = STAGES[number % 2], STAGES[1 - number % 2]
                card = page.locator(f".column[data-column='{here}'] .card").first
                id_ = card.get_attribute("data-id")
                card.hover()
                page.mouse.down()
                page.locator(f".column[data-column='{there}'] h2").hover()
                page.locator(f".column[data-column='{there}'] h2").hover()  # a drag begins with the second move
                begun = time.perf_counter()
                page.mouse.up()
                page.locator(f".column[data-column='{there}'] .card[data-id='{id_}']:not(.moving)").wait_for()
                if number >= 3:
                    times.append((time.perf_counter() - begun) * 1000)
                page.wait_for_timeout(600)
    return times


def _times(action: Callable[[], Any], number: int) -> list[float]:
    for _ in range(WARM_UP):
        action()
    times = []
    for _ in range(number):
        begun = time.perf_counter()
        action()
        times.append((time.perf_counter() - begun) * 1000)
    return times
