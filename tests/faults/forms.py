"""Every form that is saved over what was there: two who save it at once, and what became of both texts."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from core.commands.candidates import CandidateEdit, edit_candidates
from core.commands.clients import Person, edit_client, set_people
from core.commands.growth import note_what_came_of_it
from core.commands.handovers import note_for_receiver
from core.commands.meetings import edit_meeting
from core.commands.openings import arrange_stages, edit_opening, save_stage_template
from core.commands.processes import move_to_stage
from core.commands.questions import answer_question
from core.commands.recommendations import Said, edit_recommendation
from core.commands.templates import save_template
from core.domain.refusal import Stale
from core.persistence.store import Store
from core.persistence.tables import (
    Candidate,
    Client,
    ClientPerson,
    GrowthNote,
    Meeting,
    MessageTemplate,
    OfferedPerson,
    Opening,
    Process,
    Question,
    Recommendation,
    Stage,
    StageTemplate,
)
from core.persistence.work import Viewer, Work


@dataclass(frozen=True, slots=True)
class Form:
    """What it is drawn from (`seen`), how it is saved, and what is there then; each of the newest row there is."""

    seen: Callable[[Work], Any]
    save: Callable[[Work, str, Any], object]
    kept: Callable[[Work], str]


def newest(work: Work, table: type[Any]) -> Any:
    """The newest: some tables have rows from the beginning."""
    last = [column.desc() for column in table.__mapper__.primary_key]
    return work.session.scalars(select(table).order_by(*last).limit(1)).one()


def _version(table: type[Any]) -> Callable[[Work], Any]:
    return lambda work: (newest(work, table).id, newest(work, table).version)


def _names(work: Work, column: Any) -> str:
    return ", ".join(work.session.scalars(select(column)))


FORMS: dict[str, Form] = {
    "a candidate": Form(
        _version(Candidate),
        lambda work, text, seen: edit_candidates(work, [CandidateEdit(*seen, {"notes": text})]),
        lambda work: newest(work, Candidate).notes,
    ),
    "a client": Form(
        _version(Client),
        lambda work, text, seen: edit_client(work, seen[0], version=seen[1], name="Nordbank", owner_id=None, note=text),
        lambda work: newest(work, Client).note,
    ),
    "people of a client": Form(
        _version(Client),
        lambda work, text, seen: set_people(work, seen[0], [Person(text)], version=seen[1]),
        lambda work: _names(work, ClientPerson.name),
    ),
    "an opening": Form(
        _version(Opening),
        lambda work, text, seen: edit_opening(
            work, seen[0], version=seen[1], title="Tester", client_id=None, owner_id=None, note=text
        ),
        lambda work: newest(work, Opening).note,
    ),
    "stages of an opening": Form(
        _version(Opening),
        lambda work, text, seen: arrange_stages(
            work, seen[0], ["Screening", "Interview", "Offer", text], version=seen[1], cadences={}
        ),
        lambda work: _names(work, Stage.name),
    ),
    "a stage of somebody": Form(
        lambda work: (newest(work, Process).id, newest(work, Process).stage),
        lambda work, text, seen: move_to_stage(work, seen[0], text, seen_in=seen[1]),
        lambda work: newest(work, Process).stage,
    ),
    "a meeting": Form(
        _version(Meeting),
        lambda work, text, seen: edit_meeting(work, seen[0], version=seen[1], place="", note=text),
        lambda work: newest(work, Meeting).note,
    ),
    "a stage template": Form(
        lambda work: (newest(work, StageTemplate).id, newest(work, StageTemplate).stages),
        lambda work, text, seen: save_stage_template(work, "Short", [text], template_id=seen[0], seen=seen[1]),
        lambda work: ", ".join(newest(work, StageTemplate).stages),
    ),
    "a draft": Form(
        lambda work: work.session.scalar(select(MessageTemplate.version)) or 0,
        lambda work, text, seen: save_template(work, "reply", "en", text, version=seen),
        lambda work: newest(work, MessageTemplate).text,
    ),
    "a recommendation": Form(
        _version(Recommendation),
        lambda work, text, seen: edit_recommendation(
            work, seen[0], [Said(text="She builds")], summary=text, version=seen[1]
        ),
        lambda work: newest(work, Recommendation).summary,
    ),
    "what came of advice": Form(
        lambda work: (newest(work, GrowthNote).id, newest(work, GrowthNote).came_of_it),
        lambda work, text, seen: note_what_came_of_it(work, seen[0], text, seen=seen[1]),
        lambda work: newest(work, GrowthNote).came_of_it,
    ),
    "an answer": Form(
        lambda work: (newest(work, Question).id, newest(work, Question).answer),
        lambda work, text, seen: answer_question(work, seen[0], text, seen=seen[1]),
        lambda work: newest(work, Question).answer,
    ),
    "a note for who takes over": Form(
        lambda work: (
            newest(work, OfferedPerson).offer_id,
            newest(work, OfferedPerson).candidate_id,
            newest(work, OfferedPerson).note,
        ),
        lambda work, text, seen: note_for_receiver(work, *seen[:2], text, seen=seen[2]),
        lambda work: newest(work, OfferedPerson).note,
    ),
}


def at_once(store: Store, form: Form, members: tuple[Viewer, Viewer], number: int) -> list[str]:
    """Two draw it, and both save; what is wrong then, which is nothing where one was kept and the other was told."""
    texts = [f"{member.name} {number}" for member in members]
    with store.working(members[0]) as work:
        seen = form.seen(work)
    ready = threading.Barrier(2)

    def save(which: int) -> Stale | None:
        ready.wait(30)
        try:
            with store.working(members[which]) as work:
                form.save(work, texts[which], seen)
        except Stale as stale:
            return stale
        return None

    with ThreadPoolExecutor(2) as threads:
        came = list(threads.map(save, range(2)))
    with store.working(members[0]) as work:
        kept = form.kept(work)
    if came.count(None) != 1:
        return [f"{2 - came.count(None)} of 2 were told, and {kept!r} is there"]
    first_one = came.index(None)
    told = came[1 - first_one]
    wrong = [] if texts[first_one] in kept else [f"{texts[first_one]} was kept, and {kept!r} is there"]
    shown = " ".join(map(str, told.theirs.values())) + str(told) if told else ""
    return wrong if texts[first_one] in shown else [*wrong, f"{texts[first_one]} was not shown: {shown!r}"]
