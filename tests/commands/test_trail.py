"""The audit trail of a pipeline: every command leaves an entry that says what changed, and no personal word of it."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from core.commands import (
    clients,
    handovers,
    meetings,
    openings,
    placements,
    processes,
    questions,
    recommendations,
    undo,
)
from core.commands import policy as policies
from core.domain.access import RECRUITER
from core.domain.facts import Absent, Answer, ClosingReason, HoldReason, MeetingKind, MeetingResult, Result, Turn
from core.domain.facts import OpeningStatus as Status
from core.persistence.handovers import Whom
from core.persistence.tables import AuditEntry, ClaimSource, Client, Meeting, Opening, Recommendation
from tests.commands.test_roles import for_whom
from tests.make import MONDAY, a_candidate, a_member, saved

SECRET = "Kuchnia-7261"
"""Stands in every text that is somebody's own."""
ROOMS = (clients, handovers, meetings, openings, placements, processes, questions, recommendations, policies, undo)


class Trail:
    """Does one command after the other, and keeps what each left on record."""

    def __init__(self, store, who, clock):
        self.store, self.who, self.clock = store, who, clock
        self.left = {}

    def __call__(self, command, *args, **plain):
        self.clock.forward(minutes=7)
        before = self.entries()
        with self.store.working(self.who) as work:
            result = command(work, *args, **plain)
        new = [entry for entry in self.entries() if entry.id not in {old.id for old in before}]
        self.left.setdefault(command, []).extend(new)
        return result

    def entries(self):
        with self.store.reading() as session:
            return session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()

    def of(self, command):
        """What its last entry says that changed."""
        return self.left[command][-1].changes or {}


@pytest.fixture
def trail(store, ana, clock):
    return Trail(store, ana, clock)


def version(store, table, id_):
    with store.reading() as session:
        return session.get_one(table, id_).version


@pytest.fixture
def told(trail, store):
    """A pipeline from its first day to its last, with something personal said at every step."""
    noor, did = saved(store, a_candidate()), trail
    client = did(clients.add_client, "Nordbank")
    did(clients.edit_client, client, version=1, name="Nordbank SA", owner_id=None, note="Call them.")
    people = [clients.Person(SECRET, SECRET, f"{SECRET}@example.org", "123")]
    did(clients.set_people, client, people, version=version(store, Client, client))
    did(policies.set_answer_time, client, 5)
    template = did(openings.save_stage_template, "Short", ["Talk"])
    did(openings.delete_stage_template, template)
    did(clients.take_back_client, did(clients.add_client, "Sowa"))
    did(openings.take_back_opening, did(openings.add_opening, "Tester"))
    opening = did(openings.add_opening, "Developer", client_id=client)
    did(
        openings.edit_opening,
        opening,
        version=version(store, Opening, opening),
        title="Tester",
        client_id=client,
        owner_id=None,
        note="",
    )
    stages = ["Screening", "Interview", "Offer"]
    did(openings.arrange_stages, opening, stages, version=version(store, Opening, opening))
    did(openings.show_candidates, opening, client=True, stage=False)
    did(openings.take_needs_back, did(openings.add_needs, opening, ["React"]))
    did(policies.set_cadence, "Screening", 2)
    process = did(processes.start_process, noor, opening)
    did(processes.undo_move, did(processes.move_to_stage, process, "Offer"))
    did(processes.move_to_stage, process, "Interview", seen_in="Screening")
    question = did(questions.note_question, noor, SECRET, process_id=process)
    did(undo.undo_facts, did(openings.tell_everybody, opening, [process], SECRET))
    did(questions.ask_question, question, text=SECRET)
    did(questions.undo_asking, question)
    did(questions.ask_question, question, text=SECRET)
    did(questions.answer_question, question, SECRET)
    did(questions.undo_answer, question)
    did(questions.answer_question, question, SECRET)
    did(questions.drop_question, did(questions.note_question, noor, SECRET))
    claim = recommendations.Said(text=SECRET, source=ClaimSource.CV, note=SECRET)
    recommendation = did(recommendations.recommend, process, [claim], summary=SECRET)
    number = version(store, Recommendation, recommendation)
    did(recommendations.edit_recommendation, recommendation, [claim, claim], summary=f"{SECRET}, quite", version=number)
    did(recommendations.undo_sending, did(recommendations.send_recommendation, recommendation, text=SECRET))
    did(recommendations.send_recommendation, recommendation, text=SECRET)
    did(recommendations.note_client_answer, recommendation, SECRET)
    did(processes.wait_on_client, process)
    did(processes.set_turn, process, Turn.OURS)
    hour = datetime(2026, 3, 4, 9, tzinfo=UTC)
    meeting = did(
        meetings.plan_meeting,
        noor,
        kind=MeetingKind.INTERVIEW,
        starts_at=hour,
        ends_at=hour.replace(hour=10),
        process_id=process,
        place=SECRET,
        note=SECRET,
    )
    did(
        meetings.move_meeting,
        meeting,
        starts_at=hour.replace(hour=11),
        ends_at=hour.replace(hour=12),
        asked_by=Absent.CLIENT,
    )
    did(meetings.change_host, meeting, saved(store, a_member("Cleo")))
    number = version(store, Meeting, meeting)
    did(meetings.edit_meeting, meeting, version=number, place=f"{SECRET}, quite", note=f"{SECRET}, quite")
    did(undo.undo_facts, did(meetings.cancel_meetings, [meeting]))
    did(meetings.note_outcome, meeting, MeetingResult.CANCELLED, asked_by=Absent.CLIENT)
    talk = {"kind": MeetingKind.TALK, "starts_at": MONDAY - timedelta(hours=3), "ends_at": MONDAY - timedelta(hours=2)}
    did(meetings.record_meeting, noor, **talk, result=MeetingResult.HELD, place=SECRET, note=SECRET)
    did(openings.hold_opening, opening, reason=HoldReason.BUDGET, note="Next quarter.")
    did(openings.resume_opening, opening)
    rejected = {"result": Result.REJECTED, "answer": Answer.TOLD, "reason": ClosingReason.SKILLS}
    closing = did(processes.close_process, process, **rejected, note=SECRET, told=SECRET, channel="e-mail")
    did(processes.undo_closing, closing)
    did(processes.close_process, process, **rejected, note=SECRET, told=SECRET, channel="e-mail")
    did(processes.reopen_process, process)
    ending = openings.Ending(result=Result.HIRED, answer=Answer.TOLD, text=SECRET, note=SECRET, channel="e-mail")
    did(openings.end_opening, opening, Status.FILLED, {process: ending})
    placement = did(placements.record_placement, noor, date(2026, 4, 1), process_id=process)
    did(placements.move_first_day, placement, date(2026, 4, 2), seen=date(2026, 4, 1))
    did(undo.undo_fact, did(placements.end_placement, placement, reason=SECRET))
    did(undo.take_back_fact, did(placements.end_placement, placement, reason=SECRET))
    offer = did(handovers.offer_people, None, [handovers.Share(Whom(None), (trail.who.id,))])
    did(handovers.note_for_receiver, offer, noor, SECRET)
    did(handovers.offer_again, did(handovers.withdraw_offer, offer))
    did(handovers.undo_declining, did(handovers.decline_people, offer, SECRET))
    did(undo.undo_facts, did(handovers.accept, offer, noor))
    did(handovers.accept_people, offer)
    did(handovers.take_back_people, offer)
    return trail


def test_every_command_leaves_an_entry_and_no_personal_word_of_it(told):
    rooms = {room.__name__ for room in ROOMS}
    wanted = {command for command in for_whom(RECRUITER).values() if command.__module__ in rooms}
    assert set(told.left) == wanted
    assert [command.__name__ for command, entries in told.left.items() if not entries] == []
    everything = json.dumps([[e.action, e.subject_kind, e.changes] for e in told.entries()], ensure_ascii=False)
    assert SECRET not in everything


def test_the_entries_say_what_stood_there_before_and_what_stands_there_now(told):
    assert told.of(clients.edit_client)["name"] == ["Nordbank", "Nordbank SA"]
    assert told.of(clients.edit_client)["note"] == "changed"  # whoever it may name
    assert told.of(openings.edit_opening)["title"] == ["Developer", "Tester"]
    before, after = told.of(openings.arrange_stages)["stages"]
    assert (before[1], after) == ("With client", ["Screening", "Interview", "Offer"])
    assert told.of(policies.set_answer_time)["values"] == {"clients": {"Nordbank": [3, 5]}}
    assert told.of(policies.set_cadence)["values"] == {"stages": {"Screening": [3, 2]}}
    assert told.of(processes.move_to_stage)["stage"] == ["Screening", "Interview"]
    assert told.of(processes.set_turn)["turn"] == ["client", "ours"]
    assert told.of(questions.answer_question)["answer"] == "changed"
    assert told.of(recommendations.edit_recommendation)["summary"] == "changed"
    assert told.of(openings.hold_opening)["reason"] == "budget"
    assert told.of(openings.hold_opening)["status"] == ["open", "held"]
    assert told.of(openings.resume_opening)["status"] == ["held", "open"]
    assert told.of(openings.end_opening)["status"] == ["open", "filled"]
    assert told.of(processes.close_process)["reason"] == "skills"
    was, becomes = told.of(meetings.move_meeting)["starts_at"]
    assert was < becomes
