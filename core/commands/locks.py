"""What a command takes hold of before it changes it: the row is locked, and whoever may not change it is refused."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain.life import Facts
from core.domain.refusal import Refused, Saved
from core.persistence.facts import facts_of, kept_record, kept_records, merged_records
from core.persistence.handovers import gives_away
from core.persistence.tables import (
    AuditEntry,
    Candidate,
    Client,
    Fact,
    Meeting,
    Member,
    Merge,
    Opening,
    OwnPageLink,
    Process,
    Promise,
    Question,
    Recommendation,
)
from core.persistence.tables.base import Table
from core.persistence.work import NOBODY, Work

T = TypeVar("T", bound=Table)
Theirs = TypeVar("Theirs", bound=Fact | OwnPageLink | Promise | Question | Recommendation)

EDITED = ("candidate edited", "beginning noted")
"""What the trail calls a change of a candidate's own columns."""


def candidate_to_change(work: Work, candidate_id: int) -> Candidate:
    """The candidate, or whom they were merged into; refuses viewers, and the unknown and erased."""
    work.require_editor()
    if candidate_id in work.held:
        return _still_there(work.session.get(Candidate, candidate_id))
    kept_id = kept_record(work.session, candidate_id)
    candidate = _still_there(work.session.get(Candidate, kept_id, with_for_update=True))
    if candidate.merged_into_id is None:
        work.held.add(candidate.id)
    return candidate


def people_to_change(work: Work, candidate_ids: Sequence[int]) -> dict[int, Candidate]:
    """The same of many, by the ids they were asked for with; two of them may be one."""
    work.require_editor()
    locked = hold_people(work, candidate_ids)
    kept_of = kept_records(work.session, candidate_ids)  # once more: somebody may have merged them in the meantime
    query = select(Candidate).where(Candidate.id.in_(set(kept_of.values())))
    found = {one.id: one for one in work.session.scalars(query.execution_options(populate_existing=True))}
    work.held.update(one.id for one in found.values() if one.id in locked and one.merged_into_id is None)
    return {id_: _still_there(found.get(kept)) for id_, kept in kept_of.items()}


def _still_there(candidate: Candidate | None) -> Candidate:
    if candidate is None:
        raise Refused(NOBODY)
    if candidate.erased_at is not None:
        raise Refused("This person was erased. Nothing can be added any more.")
    return candidate


def hold_people(work: Work, candidate_ids: Iterable[int]) -> set[int]:
    """In the order of their ids, as settling does, so that two who hold many never wait for each other in a ring.

    With them those in whom the merged live on: they are who is changed. Returns whose rows are locked now.
    """
    kept_of = kept_records(work.session, candidate_ids)
    people = select(Candidate.id).where(Candidate.id.in_({*kept_of, *kept_of.values()}))
    return set(work.session.scalars(people.order_by(Candidate.id).with_for_update()))


def theirs_to_change(work: Work, table: type[Theirs], id_: int, gone: str) -> tuple[Theirs, Candidate]:
    """A row of a candidate's, as whoever held them before has left it; refused with `gone` where it does not stand."""
    work.require_editor()
    row = work.session.get(table, id_)
    if row is None or row.candidate_id is None:
        raise Refused(gone)
    candidate = candidate_to_change(work, row.candidate_id)
    row = work.session.scalar(select(table).where(table.id == id_).execution_options(populate_existing=True))
    if row is None or getattr(row, "undone_at", None) is not None:
        raise Refused(gone)
    return row, candidate


def process_to_change(work: Work, process_id: int) -> tuple[Process, Candidate]:
    return theirs_to_change(work, Process, process_id, "There is no such process.")


def process_of(work: Work, candidate: Candidate, process_id: int) -> Process:
    """The process, which must be this candidate's: what is said in somebody else's would settle that one's promises."""
    process, whose = process_to_change(work, process_id)
    if whose.id != candidate.id:
        raise Refused("That process is somebody else's. Choose one of this person's.")
    return process


def meeting_to_change(work: Work, meeting_id: int) -> tuple[Meeting, Candidate]:
    return theirs_to_change(work, Meeting, meeting_id, "There is no such meeting.")


def opening_to_change(work: Work, opening_id: int) -> Opening:
    return row_to_change(work, Opening, opening_id, "opening")


def client_to_change(work: Work, client_id: int) -> Client:
    return row_to_change(work, Client, client_id, "client")


def row_to_change(work: Work, table: type[T], id_: int, called: str) -> T:
    """Held until the unit of work is over; refuses who may not change anything, and where there is none."""
    work.require_editor()
    row = work.session.get(table, id_, with_for_update=True)
    if row is None:
        raise Refused(f"There is no such {called}.")
    return row


def active_member(work: Work, member_id: int) -> Member:
    member = work.session.get(Member, member_id)
    if member is None or not member.is_active:
        raise Refused("There is no such member, or they have left.")
    return member


def name_of(work: Work, table: type[Client] | type[Member], id_: int | None) -> str:
    """What stands there now, as it is shown to whoever wrote something else; empty where nobody does."""
    return (work.session.scalar(select(table.name).where(table.id == id_)) or "") if id_ is not None else ""


def last_saved(work: Work, row: Any, *actions: str) -> Saved | None:
    """By whom and when, from the trail; None where no member did.

    `actions` are those that count, where the trail has others of such a row: a word logged is no edit.
    """
    saved = (
        select(Member.name, AuditEntry.at)
        .join(Member, Member.id == AuditEntry.actor_id)
        .where(AuditEntry.subject_kind == row.__tablename__, AuditEntry.subject_id == row.id)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(1)
    )
    found = work.session.execute(saved.where(AuditEntry.action.in_(actions)) if actions else saved).first()
    return Saved(*found) if found else None


def last_edited(work: Work, candidate: Candidate) -> Saved | None:
    """By whom and when what stands in their columns was changed: by a merge, too, or by parting them again."""
    theirs = select(Merge).where((Merge.kept_id == candidate.id) | (Merge.gone_id == candidate.id))
    saved = [last_saved(work, candidate, *EDITED), *(last_saved(work, one) for one in work.session.scalars(theirs))]
    return max(filter(None, saved), key=lambda one: one.at, default=None)


def refuse_to_give_away(work: Work, people: Sequence[Candidate]) -> None:
    """Whoever has them gives them to a colleague, or an admin does; whoever has nobody is taken by any of us."""
    others = [one.name or "this person" for one in people if not gives_away(work.team, work.actor, one.owner_id)]
    if others:
        whom = others[0] if len(others) == 1 else f"{len(others)} of them"
        raise Refused(f"Somebody else has {whom}: only they give them to a colleague, or an admin does.")


def life_of(work: Work, candidate: Candidate) -> Facts:
    work.session.flush()
    return facts_of(work.session, candidate.id, work.team, work.calendar)


def records_of(session: Session, candidate: Candidate) -> list[int]:
    """The candidate and every record merged into them."""
    return list(merged_records(session, [candidate.id]))
