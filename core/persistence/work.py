"""One action of one member: what a command works with."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any, TypeVar

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Mapper, ORMExecuteState, Session

from core.domain.calendar import Calendar
from core.domain.policy import Policies
from core.domain.refusal import NotAllowed, Refused
from core.domain.team import Team
from core.persistence.tables import Candidate, Departure, Fact, PolicyChange, Table
from core.persistence.team import claim, team_of
from core.persistence.trail import Record
from core.persistence.viewer import THE_PROGRAM, Viewer

F = TypeVar("F", bound=Fact)
NOBODY = "There is no such person. They may have been taken back with the list that brought them."
__all__ = ["THE_PROGRAM", "Viewer", "Work", "watch_changes"]


@dataclass(slots=True)
class Work:
    """One unit of work: all of it is kept, or none of it. Commands take it first, and never commit."""

    session: Session
    actor: Viewer
    now: datetime
    team: Team
    calendar: Calendar
    records: list[Record] = field(default_factory=list)
    more_records: Iterable[Record] = ()
    """So many that they are only read when they are written."""
    own_page_id: int | None = None
    """The link by which a candidate acts, on their own page; the trail says so of all that is recorded."""
    held: set[int] = field(default_factory=set)
    """Candidates whose row this unit of work has locked and read since, and who live on in nobody else."""
    unsettled: set[int] | None = None
    """Whom `ledger.settled_together` will settle at its end; None outside of it."""

    @property
    def policy(self) -> Policies:
        return self.team.policies

    def require_editor(self) -> None:
        if not self.actor.may_edit:
            raise NotAllowed("You may look, not change. Ask an admin for the role of a recruiter.")

    def require_admin(self) -> None:
        if not self.actor.is_admin:
            raise NotAllowed("Only an admin may do that.")

    def enter(self, fact: F, *, happened_at: datetime | None = None) -> F:
        """Put a fact on record, as of now unless it happened before; refuses one from the future."""
        return self.enter_all([fact], happened_at=happened_at)[0]

    def enter_all(self, facts: Sequence[F], *, happened_at: datetime | None = None) -> Sequence[F]:
        """The same of many, at a stroke."""
        if happened_at is not None and happened_at > self.now:
            raise Refused("It can't be logged before it happened.")
        self._keep_there({fact.candidate_id for fact in facts if fact.candidate_id is not None})
        for fact in facts:
            fact.happened_at = happened_at or self.now
            fact.entered_at = self.now
            if fact.by_id is None:
                fact.by_id = self.actor.id
            if isinstance(fact, PolicyChange | Departure):
                claim(self.session)
        self.session.add_all(facts)
        self.session.flush()
        return facts

    def _keep_there(self, people: set[int]) -> None:
        """Nobody takes them away before the unit of work is over: no foreign key looks whether they are there."""
        if others := people - self.held:
            there = select(Candidate.id).where(Candidate.id.in_(others)).order_by(Candidate.id)
            if len(self.session.execute(there.with_for_update(read=True, key_share=True)).all()) < len(others):
                raise Refused(NOBODY)

    def record(self, action: str, subject: Table, **changes: Any) -> None:
        """Leave who, when and what in the audit trail; changed columns are added by themselves.

        `changes` holds plain values only: what is personal is never copied into the trail.
        """
        self.session.flush()
        self.records.append(Record(action, subject.__tablename__, _id(subject), changes))

    def refresh_team(self) -> None:
        """Take in what this unit of work has changed of the whole team: its policy, who has left."""
        self.session.flush()
        claim(self.session)
        self.team = team_of(self.session)
        self.calendar = self.team.calendar(self.calendar)

    def note(self, action: str, about: str, **changes: Any) -> None:
        """The same for something that is no row of the database: a file that was written, a page that was asked for."""
        self.records.append(Record(action, about, None, changes))

    def recorded(self) -> Iterable[Record]:
        """What was recorded, with the columns that changed: to be written when the unit of work is kept."""
        self.session.flush()
        changed: dict[tuple[str, int], dict[str, Any]] = self.session.info.get("changed", {})
        if self.session.info.get("wrote") and not self.records:
            raise RuntimeError("A command changed something and left no record of it.")
        by_link = {"own_page": self.own_page_id} if self.own_page_id is not None else {}
        own = [
            Record(action, kind, subject_id, {**changed.get((kind, subject_id or 0), {}), **(changes or {}), **by_link})
            for action, kind, subject_id, changes in self.records
        ]
        return chain(self.more_records, own)


def watch_changes(session: Session) -> None:
    """Note, at each flush, which columns change: plain ones with both values, personal ones by name alone."""

    @event.listens_for(session, "before_flush")
    def note(session: Session, *_: Any) -> None:
        changed = [row for row in session.dirty if session.is_modified(row)]
        if session.new or changed or session.deleted:
            session.info["wrote"] = True
        for row in changed:
            known = session.info.setdefault("changed", {}).setdefault((row.__tablename__, _id(row)), {})
            for name, change in _changes(session, row):
                known[name] = [known[name][0], change[1]] if isinstance(known.get(name), list) else change

    @event.listens_for(session, "do_orm_execute")
    def note_statement(state: ORMExecuteState) -> None:
        if state.is_insert or state.is_update or state.is_delete:
            session.info["wrote"] = True


def _changes(session: Session, row: Table) -> Iterator[tuple[str, Any]]:
    state = inspect(row)
    mapper: Mapper[Any] = state.mapper
    for name, attribute in state.attrs.items():
        history, column = attribute.history, mapper.columns.get(name)
        if name == "version" or column is None or not history.has_changes():
            continue
        if column.info.get("personal"):
            yield name, "changed"
            continue
        if history.deleted:
            was = history.deleted[0]
        else:  # set before it was loaded: the database still has it
            was = session.connection().scalar(select(column).where(column.table.c.id == _id(row)))
        yield name, [_plain(was), _plain(*history.added[:1])]


def _id(row: Table) -> int | None:
    identity = inspect(row).identity
    assert identity is not None
    return identity[0] if isinstance(identity[0], int) else None


def _plain(value: Any = None) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
