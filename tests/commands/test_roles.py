"""Who may act: every command asks for itself, as the table in `core/domain/access.py` says."""

import importlib
import inspect
import pkgutil
import typing
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Any

import pytest
from sqlalchemy import select

import core.commands
from core.cli import main
from core.commands.own_page import Shut, give_own_page
from core.domain.access import ADMIN, BY_LINK, COMMANDS, RECRUITER, TERMINAL, VIEWER, Least
from core.domain.refusal import NotAllowed
from core.persistence.tables import AuditEntry, Candidate, Fact, Member
from core.persistence.viewer import THE_PROGRAM
from tests.make import a_candidate, saved

Command = Callable[..., object]
NO_ID = 4_000_000
LATER = datetime(2026, 4, 1, 9, tzinfo=UTC)


def commands() -> dict[str, Command]:
    """Every public function of core.commands that takes a unit of work, but for the locks that they share."""
    found = {}
    for module in pkgutil.iter_modules(core.commands.__path__):
        if module.name == "locks":
            continue
        full = f"core.commands.{module.name}"
        for name, one in vars(importlib.import_module(full)).items():
            is_own = inspect.isfunction(one) and one.__module__ == full and not name.startswith("_")
            if is_own and next(iter(inspect.signature(one).parameters), None) == "work":
                found[f"{module.name}.{name}"] = one
    return found


def for_whom(*least: Least) -> dict[str, Command]:
    found = commands()
    return {name: found[name] for name, who in COMMANDS.items() if who in least}


def asked(command: Command, work: Any) -> object:
    """Called with any value of the right kind: whoever may not is refused before one of them is looked at."""
    hints = typing.get_type_hints(command)
    values = {
        name: any_value(hints.get(name))
        for name, one in list(inspect.signature(command).parameters.items())[1:]
        if one.default is one.empty and one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)
    }
    return command(work, **values)


def any_value(kind: Any) -> Any:
    origin = typing.get_origin(kind) or kind
    if origin in (typing.Union, UnionType):
        return None if NoneType in typing.get_args(kind) else any_value(typing.get_args(kind)[0])
    if origin in (int, float):
        return NO_ID
    if origin in (str, bool):
        return origin("1")
    if origin in (date, datetime):
        return LATER if origin is datetime else LATER.date()
    if inspect.isclass(origin) and issubclass(origin, Enum):
        return next(iter(origin))
    if origin is tuple:
        return tuple(any_value(one) for one in typing.get_args(kind) if one is not Ellipsis)
    if inspect.isclass(origin) and issubclass(origin, Collection):
        return {} if issubclass(origin, Mapping) else [any_value(one) for one in typing.get_args(kind)[:1]]
    return None


def test_every_command_is_placed():
    assert commands().keys() == COMMANDS.keys()


def test_every_command_of_the_terminal_is_placed():
    groups = {name: getattr(one, "commands", {}) for name, one in main.commands.items()}
    told = {f"{group} {name}" for group, own in groups.items() for name in own}
    assert told | {name for name, own in groups.items() if not own} == TERMINAL.keys()


def everything(store):
    """But for the trail."""
    with store.reading() as session:
        members = session.execute(select(Member.id, Member.role, Member.is_active, Member.token_version)).all()
        people = session.execute(select(Candidate.id, Candidate.name, Candidate.version)).all()
        return session.scalars(select(Fact.id)).all(), people, members


def refusals(store):
    """Who was refused what, as the trail has it."""
    query = select(AuditEntry.actor_id, AuditEntry.subject_id, AuditEntry.changes).where(AuditEntry.action == "refused")
    with store.reading() as session:
        return [(*ids, changes["command"]) for *ids, changes in session.execute(query.order_by(AuditEntry.id))]


def refused(store, viewer, names, match, error=NotAllowed):
    """Each is refused, and nothing is kept of any."""
    saved(store, a_candidate())
    before = everything(store)
    for command in names.values():
        with pytest.raises(error, match=match), store.working(viewer) as work:
            asked(command, work)
    assert everything(store) == before


def test_vera_may_look_and_change_nothing(store, vera):
    names = for_whom(RECRUITER, ADMIN)
    refused(store, vera, names, r"look, not change|Only an admin")
    assert refusals(store) == [(vera.id, vera.id, name) for name in names]


def test_ben_does_not_run_the_team(store, ben):
    names = for_whom(ADMIN)
    refused(store, ben, names, "Only an admin")
    assert refusals(store) == [(ben.id, ben.id, name) for name in names]


def test_cora_who_has_left_gets_nowhere(store, cora):
    names = for_whom(VIEWER, RECRUITER, ADMIN)
    refused(store, cora, names, "not a member of this team any more")
    assert refusals(store) == [(cora.id, cora.id, "") for _ in names]


@pytest.mark.parametrize(("who", "least"), [("vera", VIEWER), ("ben", RECRUITER), ("ana", ADMIN)])
def test_whoever_may_is_let_in_by_every_command(store, request, who, least):
    """What comes of it with any values is another matter, and is not kept."""
    viewer = request.getfixturevalue(who)

    def tried(command):
        with store.working(viewer) as work:
            asked(command, work)
            raise LetIn

    for name, command in for_whom(*(one for one in Least if one <= least)).items():
        try:
            tried(command)
        except NotAllowed:
            pytest.fail(f"{viewer.name} was refused {name}.")
        except Exception:  # noqa: S112 - it came as far as the values
            continue
    assert refusals(store) == []


class LetIn(Exception):
    """Nothing is to be kept."""


def test_nobody_of_the_team_answers_for_a_candidate_whose_link_they_know(store, ana, ben, vera):
    noor = saved(store, a_candidate())
    with store.working(ben) as work:
        give_own_page(work, noor, any_value(str), life=timedelta(days=1))
    for viewer in (ana, ben, vera):
        refused(store, viewer, by_link(), "Only they themselves")


def test_a_link_that_opens_nothing_does_nothing(store):
    refused(store, THE_PROGRAM, by_link(), "opens nothing any more", Shut)


def by_link() -> dict[str, Command]:
    found = commands()
    return {name: found[name] for name in BY_LINK}
