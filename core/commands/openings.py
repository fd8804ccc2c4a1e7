"""What clients are looking for: opened with its stages, held, taken up again, filled or cancelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select

from core.commands.clients import add_client
from core.commands.contacts import log_contact
from core.commands.locks import active_member, client_to_change, hold_people, last_saved, name_of, opening_to_change
from core.commands.policy import set_cadence
from core.commands.processes import close_process, move_to_stage, refuse_ended
from core.commands.skills import skill_called
from core.domain.facts import Answer, ClosingReason, HoldReason, OpeningStatus, Result, Way
from core.domain.policy import NOTHING
from core.domain.refusal import Refused, Stale
from core.persistence.facts import kept_record
from core.persistence.ledger import settle, settled_together
from core.persistence.tables import (
    Candidate,
    Client,
    Closing,
    Fact,
    FactKind,
    Member,
    Opening,
    OpeningEnd,
    OpeningHold,
    OpeningResumption,
    OpeningSkill,
    Process,
    Skill,
    Stage,
    StageTemplate,
)
from core.persistence.work import Work

STATUS_AFTER = {FactKind.OPENING_HOLD: OpeningStatus.HELD, FactKind.OPENING_RESUMPTION: OpeningStatus.OPEN}
CHANGED = "Somebody changed this opening while you were writing. Nothing was overwritten."
MOST_STAGES = 12
LONGEST_STAGE = 100
MOST_NEEDS = 12

Needs = tuple[int, tuple[str, ...]]
"""An opening, and the skills it needs by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How one process ends when its opening does: with an answer that passes the gate, like every other."""

    result: Result
    answer: Answer
    reason: ClosingReason | None = None
    note: str = ""
    text: str = ""
    """What was told, with `Answer.TOLD`; empty where a word on record already told it."""
    channel: str = ""
    revisit_on: date | None = None
    was_asked: bool | None = None
    """False: closed without asking first, where that is owed; see `close_process`."""
    starts_on: date | None = None
    """The first day of whoever is hired."""


def add_opening(
    work: Work,
    title: str,
    *,
    client_id: int | None = None,
    owner_id: int | None = None,
    note: str = "",
    stages: Sequence[str] | None = None,
    new_client: str = "",
    cadences: Mapping[str, int] = NOTHING,
    needs: Sequence[str] = (),
) -> int:
    """With the stages of the first template where none are said. Without an owner it is whoever adds it.

    `new_client`: the name of one that may not be known yet. `cadences`, of stages by name, hold for every opening.
    `needs`: skills, however they are written.
    """
    work.require_editor()
    if new_client.strip():
        client_id = add_client(work, new_client, owner_id=owner_id or work.actor.id)
    elif client_id is not None:
        client_to_change(work, client_id)
    opening = Opening(
        title=_title(title),
        client_id=client_id,
        owner_id=active_member(work, owner_id).id if owner_id else work.actor.id,
        note=note.strip(),
        added_at=work.now,
    )
    work.session.add(opening)
    work.session.flush()
    _set_names(work, opening, _names(stages if stages is not None else _usual_stages(work)))
    _set_cadences(work, cadences)
    _set_needs(work, opening, needs)
    work.record("opening added", opening)
    return opening.id


def take_back_opening(work: Work, opening_id: int) -> None:
    """As if it had never been added; once something has happened in it, it ends like every other. Safe to repeat."""
    work.require_editor()
    opening = work.session.get(Opening, opening_id, with_for_update=True)
    if opening is None:
        return
    for kind in (Process, OpeningHold, OpeningEnd):
        if work.session.scalar(select(kind.id).where(kind.opening_id == opening_id).limit(1)) is not None:
            raise Refused("Something happened in this opening already. Fill or cancel it instead.")
    work.record("opening taken back", opening, title=opening.title)
    for of_it in (Stage, OpeningSkill):
        work.session.execute(delete(of_it).where(of_it.opening_id == opening_id))
    work.session.delete(opening)


def edit_opening(
    work: Work,
    opening_id: int,
    *,
    version: int,
    title: str,
    client_id: int | None,
    owner_id: int | None,
    note: str,
    needs: Sequence[str] | None = None,
) -> None:
    """Another client settles everybody in it: its answer time is another. A stale form is refused.

    `needs`: the skills it needs from now on; None leaves them.
    """
    opening = opening_to_change(work, opening_id)
    if opening.version != version:
        theirs = {
            "title": opening.title,
            "client": name_of(work, Client, opening.client_id),
            "with": name_of(work, Member, opening.owner_id),
            "skills it needs": ", ".join(_needs(work, opening)),
            "what they look for": opening.note,
        }
        raise Stale(CHANGED, theirs, opening.version, last_saved(work, opening))
    if owner_id is not None and owner_id != opening.owner_id:
        active_member(work, owner_id)
    moves = client_id != opening.client_id
    if moves and client_id is not None:
        client_to_change(work, client_id)
    opening.title, opening.client_id, opening.owner_id = _title(title), client_id, owner_id
    opening.note = note.strip()
    if moves:
        work.session.flush()
        settle(work, *everybody_ever_in(work, opening))
    changed: dict[str, list[list[str]]] = {}
    if needs is not None:
        before, after = _set_needs(work, opening, needs)
        if before != after:
            opening.version += 1
            changed = {"needs": [list(before), list(after)]}
    work.record("opening edited", opening, **changed)


def show_candidates(work: Work, opening_id: int, *, client: bool, stage: bool) -> None:
    """Whether those who are in it may read, on their own page, who the client is and in which stage they are."""
    opening = opening_to_change(work, opening_id)
    opening.names_client, opening.names_stage = client, stage
    work.record("shown to candidates", opening)


def add_needs(work: Work, opening_id: int, names: Sequence[str]) -> Needs | None:
    """Skills an opening needs beside those it needs already, however they are written. What a colleague has just said
    of it stays. A match never hides or rejects anyone: it says of whom to think first.

    Returns the opening with the skills that are new. Safe to repeat: then none is, and None.
    """
    opening = opening_to_change(work, opening_id)
    before, after = _set_needs(work, opening, [*_needs(work, opening), *names])
    _note_needs(work, opening, before, after)
    added = tuple(name for name in after if name not in before)
    return (opening.id, added) if added else None


def take_needs_back(work: Work, added: Needs) -> None:
    """What `add_needs` answered is needed no more; what else was said of it stays."""
    opening_id, names = added
    opening = opening_to_change(work, opening_id)
    left = [name for name in _needs(work, opening) if name not in names]
    _note_needs(work, opening, *_set_needs(work, opening, left))


def arrange_stages(
    work: Work,
    opening_id: int,
    names: Sequence[str],
    *,
    version: int,
    cadences: Mapping[str, int] = NOTHING,
    renamed: Mapping[str, str] | None = None,
) -> None:
    """The stages anew, in order. `renamed`, old name → new, moves whoever is there; a stage with people can't go.

    `cadences`: how often people in them hear from us, which holds for every stage of that name. `version`: of the
    opening they were drawn from; a stale form is refused.
    """
    opening = opening_to_change(work, opening_id)
    in_order = select(Stage.name).where(Stage.opening_id == opening.id).order_by(Stage.position)
    known = work.session.scalars(in_order).all()
    if opening.version != version:
        raise Stale(CHANGED, {"stages": ", ".join(known)}, opening.version, last_saved(work, opening))
    wanted, renamed = _names(names), renamed or {}
    in_stage = select(Process.id, Process.stage).where(Process.opening_id == opening.id, Process.is_active)
    people = [(id_, stage) for id_, stage in work.session.execute(in_stage) if stage is not None]
    for _, stage in people:
        if stage in known and renamed.get(stage, stage) not in wanted:
            raise Refused(f"Somebody is in “{stage}”. Move them first, then take the stage away.")
    opening.version += 1
    if list(known) != wanted:
        _set_names(work, opening, wanted)
    for process_id, stage in people:
        if stage in renamed and renamed[stage] != stage:
            move_to_stage(work, process_id, renamed[stage])
    work.record("stages set", opening, stages=[known, wanted])
    _set_cadences(work, cadences)


def hold_opening(
    work: Work,
    opening_id: int,
    *,
    reason: HoldReason = HoldReason.OTHER,
    note: str = "",
    at: datetime | None = None,
) -> int:
    """Every candidate active in it is owed the news at once. Returns the fact's id."""
    opening = opening_to_change(work, opening_id)
    if opening.status is OpeningStatus.HELD:
        raise Refused("This opening is on hold already.")
    _refuse_ended(opening)
    hold = work.enter(OpeningHold(opening_id=opening_id, reason=reason, note=note.strip()), happened_at=at)
    settle_opening(work, opening)
    work.record("opening held", opening, fact=hold.id, reason=reason.value)
    return hold.id


def resume_opening(work: Work, opening_id: int, *, at: datetime | None = None) -> int:
    """After a hold, or after its end; the processes that its end closed stay closed until they are reopened."""
    opening = opening_to_change(work, opening_id)
    if opening.status is OpeningStatus.OPEN:
        raise Refused("This opening is not on hold.")
    resumption = work.enter(OpeningResumption(opening_id=opening_id), happened_at=at)
    settle_opening(work, opening)
    work.record("opening resumed", opening, fact=resumption.id)
    return resumption.id


def end_opening(
    work: Work,
    opening_id: int,
    how: OpeningStatus,
    endings: Mapping[int, Ending],
    *,
    note: str = "",
    at: datetime | None = None,
) -> int:
    """Fill or cancel it, and close every process in it, each answered for: nobody is skipped.

    `endings` by process. Returns the fact that undo takes back, the closings with it.
    """
    opening = opening_to_change(work, opening_id)
    _refuse_ended(opening)
    if not how.has_ended:
        raise Refused("An opening ends filled or cancelled.")
    hold_people(work, everybody_ever_in(work, opening))
    active = _active_in(work, opening)
    if left_out := len(active - set(endings)):
        people = "Somebody has" if left_out == 1 else f"{left_out} people have"
        raise Refused(f"{people} no answer yet. Nobody is skipped: say for each what was told, or owe it.")
    end = work.enter(OpeningEnd(opening_id=opening_id, how=how, note=note.strip()), happened_at=at)
    with settled_together(work):
        for process_id in sorted(active):
            closing = _end(work, process_id, endings[process_id], at)
            work.session.get_one(Closing, closing).opening_end_id = end.id
    settle_opening(work, opening)
    if opening.status is not how:
        raise Refused("More happened in this opening after that. Say a later time.")
    work.record(f"opening {how.value}", opening, fact=end.id, closed=len(active))
    return end.id


def tell_everybody(
    work: Work, opening_id: int, process_ids: Sequence[int], text: str, *, channel: str = "e-mail"
) -> list[int]:
    """One message to several: it counts for each one's news of a delay or how it stands, and for nothing personal.

    Returns the facts, for `undo_facts`.
    """
    opening = opening_to_change(work, opening_id)
    if not text.strip():
        raise Refused("Write what they were told.")
    hold_people(work, everybody_ever_in(work, opening))
    told: list[int] = []
    owners = {
        row.id: row.candidate_id
        for row in work.session.execute(
            select(Process.id, Process.candidate_id).where(
                Process.id.in_(process_ids), Process.opening_id == opening.id, Process.is_active
            )
        )
    }
    if len(owners) < len(set(process_ids)):
        raise Refused("Somebody of them is not in this opening any more. Look again at who waits.")
    with settled_together(work):
        for process_id in sorted(owners):
            told.append(
                log_contact(
                    work,
                    owners[process_id],
                    way=Way.TO,
                    channel=channel,
                    text=text.strip(),
                    process_id=process_id,
                    is_group=True,
                )
            )
    work.record("everybody told", opening, told=len(told))
    return told


def _end(work: Work, process_id: int, ending: Ending, at: datetime | None) -> int:
    """Refused by name, as there may be sixty of them."""
    try:
        return close_process(
            work,
            process_id,
            result=ending.result,
            answer=ending.answer,
            reason=ending.reason,
            note=ending.note,
            told=ending.text,
            channel=ending.channel,
            revisit_on=ending.revisit_on,
            was_asked=ending.was_asked,
            starts_on=ending.starts_on,
            at=at,
        )
    except Refused as refused:
        process = work.session.get_one(Process, process_id)
        candidate = work.session.get(Candidate, kept_record(work.session, process.candidate_id or 0))
        name = candidate.name if candidate is not None else ""
        raise Refused(f"{name or 'Somebody'}: {refused}") from None


def settle_opening(work: Work, opening: Opening) -> None:
    """Whether it is open, and what that means to everybody in it, follows from what is on record.

    Refused where that would leave somebody active in an opening that has ended.
    """
    of_it = [
        Fact.id.in_(select(kind.__table__.c.id).where(kind.__table__.c.opening_id == opening.id))
        for kind in (OpeningHold, OpeningResumption, OpeningEnd)
    ]
    last = work.session.scalar(
        select(Fact)
        .where(Fact.undone_at.is_(None), of_it[0] | of_it[1] | of_it[2])
        .order_by(Fact.happened_at.desc(), Fact.entered_at.desc(), Fact.id.desc())
        .limit(1)
    )
    opening.status = last.how if isinstance(last, OpeningEnd) else _status_after(last)
    work.session.flush()
    settle(work, *everybody_ever_in(work, opening))
    if _active_in(work, opening):
        refuse_ended(opening)


def _status_after(last: Fact | None) -> OpeningStatus:
    return STATUS_AFTER[last.kind] if last is not None else OpeningStatus.OPEN


# stage templates


def save_stage_template(
    work: Work,
    name: str,
    stages: Sequence[str],
    *,
    template_id: int | None = None,
    seen: Sequence[str] | None = None,
    cadences: Mapping[str, int] = NOTHING,
) -> int:
    """A new one, or one anew. `cadences`, of stages by name, hold for every opening.

    `seen`: the stages it was drawn from; those that somebody else has set since are not overwritten.
    """
    work.require_editor()
    name = " ".join(name.split())
    if not name:
        raise Refused("A template needs a name.")
    if len(name) > LONGEST_STAGE:
        raise Refused(f"The name is too long: {len(name)} characters, {LONGEST_STAGE} fit.")
    same = work.session.scalar(select(StageTemplate.id).where(StageTemplate.name == name))
    if same is not None and same != template_id:
        raise Refused(f"There is a template “{name}” already.")
    known = select(StageTemplate).where(StageTemplate.id == template_id).with_for_update()
    template = work.session.scalar(known) if template_id else StageTemplate(name=name)
    if template is None:
        raise Refused("There is no such template any more.")
    if seen is not None and list(template.stages) != list(seen):
        theirs = {"name": template.name, "stages": ", ".join(template.stages)}
        sentence = "Somebody changed this template while you were writing. Nothing was overwritten."
        raise Stale(sentence, theirs, tuple(template.stages), last_saved(work, template))
    template.name, template.stages = name, _names(stages)
    work.session.add(template)
    _set_cadences(work, cadences)
    work.record("stage template saved", template)
    return template.id


def delete_stage_template(work: Work, template_id: int) -> None:
    """Openings that began with it keep their stages."""
    work.require_editor()
    template = work.session.get(StageTemplate, template_id)
    if template is None:
        return
    if len(work.session.scalars(select(StageTemplate.id).limit(2)).all()) < 2:
        raise Refused("It is the last template. Change it instead.")
    work.record("stage template deleted", template, name=template.name)
    work.session.delete(template)


def _usual_stages(work: Work) -> list[str]:
    first = work.session.scalar(select(StageTemplate).order_by(StageTemplate.id).limit(1))
    return first.stages if first is not None else []


def _set_names(work: Work, opening: Opening, names: Sequence[str]) -> None:
    work.session.execute(delete(Stage).where(Stage.opening_id == opening.id))
    work.session.add_all(
        Stage(opening_id=opening.id, position=position, name=name) for position, name in enumerate(names)
    )
    work.session.flush()


def _needs(work: Work, opening: Opening) -> tuple[str, ...]:
    needed = select(Skill.name).join(OpeningSkill, OpeningSkill.skill_id == Skill.id)
    in_order = needed.where(OpeningSkill.opening_id == opening.id).order_by(OpeningSkill.position)
    return tuple(work.session.scalars(in_order))


def _note_needs(work: Work, opening: Opening, before: Sequence[str], after: Sequence[str]) -> None:
    if before != after:
        opening.version += 1
        work.record("needs of an opening set", opening, needs=[list(before), list(after)])


def _set_needs(work: Work, opening: Opening, names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What it needed before, and what it needs now."""
    skills = list({skill.id: skill for skill in (skill_called(work, name) for name in names if name.strip())}.values())
    if len(skills) > MOST_NEEDS:
        raise Refused(f"{len(skills)} skills are more than anybody has looked for at once; {MOST_NEEDS} are the most.")
    before = _needs(work, opening)
    after = tuple(skill.name for skill in skills)
    if before != after:
        work.session.execute(delete(OpeningSkill).where(OpeningSkill.opening_id == opening.id))
        work.session.add_all(
            OpeningSkill(opening_id=opening.id, skill_id=skill.id, position=place) for place, skill in enumerate(skills)
        )
        work.session.flush()
    return before, after


def _set_cadences(work: Work, cadences: Mapping[str, int]) -> None:
    for stage, working_days in cadences.items():
        set_cadence(work, stage, working_days)


def _names(stages: Sequence[str]) -> list[str]:
    names = [" ".join(name.split()) for name in stages]
    names = [name for name in names if name]
    if len({name.casefold() for name in names}) < len(names):
        raise Refused("Two stages have the same name.")
    if len(names) > MOST_STAGES:
        raise Refused(f"{len(names)} stages are too many to see at a glance; {MOST_STAGES} are the most.")
    if any(len(name) > LONGEST_STAGE for name in names):
        raise Refused(f"The name of a stage has {LONGEST_STAGE} characters at most.")
    return names


def _title(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise Refused("An opening needs a title.")
    if len(title) > 200:
        raise Refused(f"The title is too long: {len(title)} characters, 200 fit.")
    return title


def _refuse_ended(opening: Opening) -> None:
    if opening.status.has_ended:
        raise Refused(f"This opening was {opening.status.value}. Reopen it first.")


def _active_in(work: Work, opening: Opening) -> set[int]:
    in_it = select(Process.id).where(Process.opening_id == opening.id, Process.is_active, Process.undone_at.is_(None))
    return set(work.session.scalars(in_it))


def everybody_ever_in(work: Work, opening: Opening) -> list[int]:
    """Who is in it or was: whom settling it settles."""
    concerned = select(Process.candidate_id).where(Process.opening_id == opening.id, Process.undone_at.is_(None))
    return [id_ for id_ in work.session.scalars(concerned) if id_ is not None]
