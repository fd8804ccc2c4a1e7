"""Whoever is killed: works on a real database with the real commands, and says of each only once it is kept.

Each unit of work has a token, stored with it as its operation, and a moment of its own, which every fact and audit
entry of it carries: so that `looked_at` can tell what belongs together.
"""

import os
import random
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from core import clock as clocks
from core.commands.candidates import CandidateEdit, add_candidate, edit_candidates, set_rhythm
from core.commands.contacts import log_contact
from core.commands.lists import import_file, look_at
from core.commands.openings import add_opening
from core.commands.processes import close_process, move_to_stage, reopen_process, start_process
from core.commands.promises import snooze_promise
from core.commands.undo import undo_fact
from core.domain.facts import Answer, Result, Rhythm, Unit, Way
from core.domain.refusal import Refused
from core.importers.ready import Choices
from core.persistence.store import Store, Unavailable, open_store
from core.persistence.tables import Candidate, Fact, FactKind, Opening, Process, Promise
from core.persistence.work import THE_PROGRAM, Work

STAGES = ("Screening", "Interview", "Offer")
AT_A_TIME = 8
"""People of whom each writer changes the newest: a life of thousands of facts would be all that is measured."""


class Clock:
    """Stands still while one unit of work goes on."""

    def __init__(self) -> None:
        self.moment = clocks.now()

    def __call__(self) -> datetime:
        return self.moment

    def move_on(self) -> None:
        self.moment = clocks.now()


def opened(url: str) -> tuple[Store, Clock]:
    clock = Clock()
    return open_store(url, clock=clock), clock


def begin(url: str, seed: int) -> None:
    """An opening to move people through; its token is like all others."""
    store, _ = opened(url)
    with store.working(THE_PROGRAM, f"begin:{seed}:0") as work:
        add_opening(work, "Developer", stages=STAGES)
    store.engine.dispose()


def edit(url: str, seed: str, acknowledge: int) -> None:
    """One command after the other until killed, chosen by the seed."""
    store, clock = opened(url)
    chance, number = random.Random(seed), 0
    while True:
        number += 1
        kind = chance.choice(list(COMMANDS))
        token = f"{kind}:{seed}:{number}"
        clock.move_on()
        try:
            with store.working(THE_PROGRAM, token) as work:
                COMMANDS[kind](work, chance, token)
        except (Refused, Unavailable, LookupError):
            continue
        os.write(acknowledge, f"ACK {token}\n".encode())


def bring_in(url: str, seed: str, rows: int, acknowledge: int) -> None:
    """One list after the other until killed."""
    store, clock = opened(url)
    number = 0
    while True:
        number += 1
        token = f"import:{seed}:{number}"
        clock.move_on()
        people = "".join(f"Noor {token} {row},noor{seed}x{number}x{row}@x.example\n" for row in range(rows))
        looked = look_at(store, f"Name,E-mail\n{people}".encode(), f"{token}.csv")
        import_file(store, THE_PROGRAM, looked, Choices(), operation=token)
        os.write(acknowledge, f"ACK {token}\n".encode())


# the commands, each with what is there to do it with; LookupError where nothing is


def _add(work: Work, chance: random.Random, token: str) -> None:
    person = add_candidate(work, name=token)
    start_process(work, person, work.session.scalars(select(Opening.id).limit(1)).one())


def _word(work: Work, chance: random.Random, token: str) -> None:
    log_contact(work, _somebody(work, chance).id, way=chance.choice([Way.TO, Way.FROM, Way.TALKED]), text=token)


def _edit(work: Work, chance: random.Random, token: str) -> None:
    person = _somebody(work, chance)
    edit_candidates(work, [CandidateEdit(person.id, person.version, {"title": token, "notes": token})])


def _move(work: Work, chance: random.Random, token: str) -> None:
    process = _in_process(work, chance)
    move_to_stage(work, process.id, chance.choice([stage for stage in STAGES if stage != process.stage]))


def _close(work: Work, chance: random.Random, token: str) -> None:
    how = {"result": Result.NOT_NOW, "answer": Answer.TOLD, "told": token, "channel": "e-mail", "note": token}
    close_process(work, _in_process(work, chance).id, **how)


def _reopen(work: Work, chance: random.Random, token: str) -> None:
    reopen_process(work, _in_process(work, chance, is_active=False).id)


def _rhythm(work: Work, chance: random.Random, token: str) -> None:
    set_rhythm(work, _somebody(work, chance).id, Rhythm(chance.randint(1, 12), Unit.MONTHS))


def _snooze(work: Work, chance: random.Random, token: str) -> None:
    theirs = Promise.candidate_id == _somebody(work, chance).id
    promise = work.session.scalars(select(Promise).where(theirs, Promise.due_at > work.now)).all()
    one = chance.choice(promise)
    snooze_promise(work, one.id, work.calendar.day(one.due_at).replace(year=one.due_at.year + 1), token)


def _undo(work: Work, chance: random.Random, token: str) -> None:
    undoable = Fact.kind.in_([FactKind.CONTACT, FactKind.STAGE_MOVE, FactKind.RHYTHM_CHANGE, FactKind.SNOOZE])
    theirs = Fact.candidate_id == _somebody(work, chance).id
    facts = work.session.scalars(select(Fact.id).where(theirs, undoable, Fact.undone_at.is_(None))).all()
    undo_fact(work, chance.choice(facts))


COMMANDS: dict[str, Callable[[Work, random.Random, str], None]] = {
    "add": _add,
    "word": _word,
    "edit": _edit,
    "move": _move,
    "close": _close,
    "reopen": _reopen,
    "rhythm": _rhythm,
    "snooze": _snooze,
    "undo": _undo,
}


def _somebody(work: Work, chance: random.Random) -> Candidate:
    return chance.choice(work.session.scalars(select(Candidate).order_by(Candidate.id.desc()).limit(AT_A_TIME)).all())


def _in_process(work: Work, chance: random.Random, *, is_active: bool = True) -> Process:
    query = select(Process).where(Process.is_active == is_active, Process.undone_at.is_(None))
    return chance.choice(work.session.scalars(query.order_by(Process.id.desc()).limit(AT_A_TIME)).all())
