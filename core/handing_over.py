"""A long offer accepted, or taken back, in turns: others go on working, and whoever asked sees how far it is."""

from collections.abc import Callable

from core.commands.handovers import accept_people, take_back_people
from core.persistence.store import Store
from core.persistence.viewer import Viewer

Progress = Callable[[int], None]
"""Told how many people are done."""


def accept_all(store: Store, viewer: Viewer, offer_id: int, progress: Progress) -> tuple[int, list[str], list[int]]:
    """How many were accepted, why some stay offered, and the facts. Broken off, the rest is offered as before."""
    done, clashes, facts, last = 0, list[str](), list[int](), 0
    while True:
        with store.working(viewer) as work:
            step = accept_people(work, offer_id, after_id=last)
        done += step.people
        clashes += step.clashes
        facts += step.facts
        progress(done)
        if step.last_id is None:
            return done, clashes, facts
        last = step.last_id


def take_back_all(store: Store, viewer: Viewer, offer_id: int, progress: Progress) -> int:
    """How many are offered again."""
    done = 0
    while True:
        with store.working(viewer) as work:
            number = take_back_people(work, offer_id)
        if not number:
            return done
        done += number
        progress(done)
