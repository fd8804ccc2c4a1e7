"""Who may act: every command asks for itself, and one that is not placed here fails."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

import core.commands
from core.commands import (
    board,
    candidates,
    clients,
    consents,
    contacts,
    duplicates,
    growth,
    handovers,
    imports,
    lists,
    mappings,
    meetings,
    members,
    merges,
    openings,
    placements,
    processes,
    promises,
    questions,
    recommendations,
    referrals,
    several,
    skills,
    templates,
    undo,
)
from core.commands import policy as policies
from core.domain.facts import Answer, MeetingKind, MeetingResult, OpeningStatus, Result, Turn, Way
from core.domain.growth import Beginner
from core.domain.refusal import Refused
from core.domain.skills import How
from core.persistence.tables import AuditEntry, Candidate, Fact
from core.persistence.tables.team import Role
from tests.make import a_candidate, saved

DAY, HOUR, LATER = date(2026, 4, 1), datetime(2026, 4, 1, 8, tzinfo=UTC), datetime(2026, 4, 1, 9, tzinfo=UTC)

Call = Callable[[Any, int], object]

BY_EDITORS: dict[Callable[..., object], Call] = {
    candidates.add_candidate: lambda work, noor: candidates.add_candidate(work, name="Rosa"),
    candidates.edit_candidates: lambda work, noor: candidates.edit_candidates(
        work, [candidates.CandidateEdit(noor, 1, {"title": "x"})]
    ),
    candidates.set_rhythm: lambda work, noor: candidates.set_rhythm(work, noor, None),
    candidates.keep_quiet_until: lambda work, noor: candidates.keep_quiet_until(work, noor, DAY),
    growth.note_growth: lambda work, noor: growth.note_growth(work, noor, "x"),
    growth.note_what_came_of_it: lambda work, noor: growth.note_what_came_of_it(work, 1, "x"),
    growth.undo_what_came_of_it: lambda work, noor: growth.undo_what_came_of_it(work, 1),
    growth.mark_beginner: lambda work, noor: growth.mark_beginner(work, noor, Beginner.JUNIOR),
    referrals.refer: lambda work, noor: referrals.refer(work, noor, noor + 1),
    referrals.refer_somebody_new: lambda work, noor: referrals.refer_somebody_new(work, noor, name="Ewa"),
    candidates.hand_over: lambda work, noor: candidates.hand_over(work, noor, 1),
    candidates.hand_over_people: lambda work, noor: candidates.hand_over_people(work, [noor], 1),
    candidates.erase_candidate: candidates.erase_candidate,
    several.say_to_each: lambda work, noor: several.say_to_each(work, [noor], text="x"),
    several.set_rhythm_of_each: lambda work, noor: several.set_rhythm_of_each(work, [noor], None),
    several.hand_over_each: lambda work, noor: several.hand_over_each(work, [noor], 1),
    several.tag_each: lambda work, noor: several.tag_each(work, [noor], "x"),
    several.untag_each: lambda work, noor: several.untag_each(work, ("x", [noor])),
    consents.give_consent: lambda work, noor: consents.give_consent(work, noor, DAY),
    consents.withdraw_consent: consents.withdraw_consent,
    consents.forbid_contact: consents.forbid_contact,
    consents.allow_contact: consents.allow_contact,
    contacts.log_contact: lambda work, noor: contacts.log_contact(work, noor, way=Way.TO),
    duplicates.say_not_the_same: lambda work, noor: duplicates.say_not_the_same(work, noor, noor + 1),
    duplicates.undo_not_the_same: lambda work, noor: duplicates.undo_not_the_same(work, 1),
    duplicates.remember_not_same: lambda work, noor: duplicates.remember_not_same(work, [(noor, noor + 1)]),
    handovers.offer_people: lambda work, noor: handovers.offer_people(work, None, []),
    handovers.note_for_receiver: lambda work, noor: handovers.note_for_receiver(work, 1, noor, "x"),
    handovers.withdraw_offer: lambda work, noor: handovers.withdraw_offer(work, 1),
    handovers.offer_again: lambda work, noor: handovers.offer_again(work, (1, HOUR)),
    handovers.accept_people: lambda work, noor: handovers.accept_people(work, 1),
    handovers.accept: lambda work, noor: handovers.accept(work, 1, noor),
    handovers.decline_people: lambda work, noor: handovers.decline_people(work, 1, "why"),
    handovers.undo_declining: lambda work, noor: handovers.undo_declining(work, (1, [])),
    handovers.take_back_people: lambda work, noor: handovers.take_back_people(work, 1),
    meetings.change_host: lambda work, noor: meetings.change_host(work, 1, 1),
    meetings.plan_meeting: lambda work, noor: meetings.plan_meeting(
        work, noor, kind=MeetingKind.TALK, starts_at=HOUR, ends_at=LATER
    ),
    meetings.record_meeting: lambda work, noor: meetings.record_meeting(
        work, noor, kind=MeetingKind.TALK, starts_at=HOUR, ends_at=LATER, result=MeetingResult.HELD
    ),
    meetings.move_meeting: lambda work, noor: meetings.move_meeting(work, 1, starts_at=HOUR, ends_at=LATER),
    meetings.note_outcome: lambda work, noor: meetings.note_outcome(work, 1, MeetingResult.HELD),
    merges.merge_candidates: lambda work, noor: merges.merge_candidates(work, noor, noor + 1),
    merges.undo_merge: lambda work, noor: merges.undo_merge(work, 1),
    clients.add_client: lambda work, noor: clients.add_client(work, "Acme"),
    clients.take_back_client: lambda work, noor: clients.take_back_client(work, 1),
    clients.edit_client: lambda work, noor: clients.edit_client(work, 1, version=1, name="A", owner_id=None, note=""),
    clients.set_people: lambda work, noor: clients.set_people(work, 1, [], version=1),
    openings.add_opening: lambda work, noor: openings.add_opening(work, "Developer"),
    openings.take_back_opening: lambda work, noor: openings.take_back_opening(work, 1),
    openings.set_needs: lambda work, noor: openings.set_needs(work, 1, ["Go"]),
    openings.need_as_before: lambda work, noor: openings.need_as_before(work, (1, ("Go",))),
    openings.edit_opening: lambda work, noor: openings.edit_opening(
        work, 1, version=1, title="Tester", client_id=None, owner_id=None, note=""
    ),
    openings.set_stages: lambda work, noor: openings.set_stages(work, 1, ["Talk"]),
    openings.end_opening: lambda work, noor: openings.end_opening(work, 1, OpeningStatus.FILLED, {}),
    openings.save_stage_template: lambda work, noor: openings.save_stage_template(work, "Short", ["Talk"]),
    openings.delete_stage_template: lambda work, noor: openings.delete_stage_template(work, 1),
    openings.hold_opening: lambda work, noor: openings.hold_opening(work, 1),
    openings.resume_opening: lambda work, noor: openings.resume_opening(work, 1),
    board.move_on_board: lambda work, noor: board.move_on_board(work, 1, 1, "x", seen_in=""),
    board.bring_in: lambda work, noor: board.bring_in(work, 1, [noor]),
    board.arrange_stages: lambda work, noor: board.arrange_stages(work, 1, ["Talk"], version=1, cadences={}),
    processes.undo_move: lambda work, noor: processes.undo_move(work, 1),
    placements.record_placement: lambda work, noor: placements.record_placement(work, noor, DAY),
    placements.end_placement: lambda work, noor: placements.end_placement(work, 1),
    processes.start_process: lambda work, noor: processes.start_process(work, noor, 1),
    processes.move_to_stage: lambda work, noor: processes.move_to_stage(work, 1, "x"),
    processes.wait_on_client: lambda work, noor: processes.wait_on_client(work, 1),
    processes.set_turn: lambda work, noor: processes.set_turn(work, 1, Turn.OURS),
    processes.close_process: lambda work, noor: processes.close_process(
        work, 1, result=Result.HIRED, answer=Answer.OWED
    ),
    processes.reopen_process: lambda work, noor: processes.reopen_process(work, 1),
    processes.undo_closing: lambda work, noor: processes.undo_closing(work, 1),
    policies.set_cadence: lambda work, noor: policies.set_cadence(work, "Screening", 1),
    policies.set_answer_time: lambda work, noor: policies.set_answer_time(work, 1, 1),
    questions.note_question: lambda work, noor: questions.note_question(work, noor, "Why?"),
    questions.ask_question: lambda work, noor: questions.ask_question(work, 1),
    questions.undo_asking: lambda work, noor: questions.undo_asking(work, 1),
    questions.undo_answer: lambda work, noor: questions.undo_answer(work, 1),
    templates.save_template: lambda work, noor: templates.save_template(work, "reply", "en", "Hi.", version=0),
    templates.reset_template: lambda work, noor: templates.reset_template(work, "reply", "en", version=0),
    templates.undo_template: lambda work, noor: templates.undo_template(
        work, 0, occasion="reply", language="en", was=None
    ),
    openings.tell_everybody: lambda work, noor: openings.tell_everybody(work, 1, [], "On hold."),
    questions.answer_question: lambda work, noor: questions.answer_question(work, 1, "So."),
    questions.drop_question: lambda work, noor: questions.drop_question(work, 1),
    recommendations.recommend: lambda work, noor: recommendations.recommend(work, 1, []),
    recommendations.edit_recommendation: lambda work, noor: recommendations.edit_recommendation(
        work, 1, [], summary="", version=1
    ),
    recommendations.send_recommendation: lambda work, noor: recommendations.send_recommendation(work, 1),
    recommendations.undo_sending: lambda work, noor: recommendations.undo_sending(work, 1),
    recommendations.note_client_answer: lambda work, noor: recommendations.note_client_answer(work, 1, "Yes."),
    skills.add_implication: lambda work, noor: skills.add_implication(work, "Vue", How.NEEDS, "Patience"),
    skills.take_implication_away: lambda work, noor: skills.take_implication_away(work, 1),
    skills.bring_implication_back: lambda work, noor: skills.bring_implication_back(work, 1),
    promises.keep_promise: lambda work, noor: promises.keep_promise(work, 1, contacts.log_contact, noor, way=Way.TO),
    promises.waive_promise: lambda work, noor: promises.waive_promise(work, 1, "why"),
    promises.snooze_promise: lambda work, noor: promises.snooze_promise(work, 1, DAY, "why"),
    undo.undo_fact: lambda work, noor: undo.undo_fact(work, 1),
    undo.undo_facts: lambda work, noor: undo.undo_facts(work, [1]),
    imports.begin_batch: lambda work, noor: imports.begin_batch(work, filename="x", kind="people"),
    imports.bring_in: lambda work, noor: imports.bring_in(work, None, []),  # type: ignore[arg-type]
    imports.undo_import: lambda work, noor: imports.undo_import(work, 1),
    mappings.remember_mapping: lambda work, noor: mappings.remember_mapping(
        work, source="x", header=["a", "b"], fields={0: "notes"}
    ),
    lists.import_list: lambda work, noor: lists.import_list(work, None, None),  # type: ignore[arg-type]
}
BY_ADMINS: dict[Callable[..., object], Call] = {
    members.add_member: lambda work, noor: members.add_member(
        work, username="x", name="X", role=Role.VIEWER, password=None
    ),
    members.set_password: lambda work, noor: members.set_password(work, 99, "a long password"),
    members.change_role: lambda work, noor: members.change_role(work, 1, Role.ADMIN),
    members.deactivate_member: lambda work, noor: members.deactivate_member(work, 1, 2),
    policies.change_policy: lambda work, noor: policies.change_policy(work, {"reply": 2}),
}
NOT_ASKED_FOR_BY_A_MEMBER = {
    policies.ensure_first_policy,  # the program's own, at its start
    skills.ensure_skills,
    policies.undo_policy,  # parts of undo_fact, each asking for an admin
    members.undo_departure,
    meetings.refuse_clash_again,
    meetings.clash_of,
    candidates.add_handles,  # parts of commands
    candidates.add_skills,
    skills.skill_called,
    openings.settle_opening,
    openings.everybody_ever_in,
    processes.opening_of,
    processes.refuse_twice,
    processes.take_back,
    recommendations.stands,
}


def commands() -> set[Callable[..., object]]:
    """Every public function of core.commands that takes a unit of work."""
    found = set()
    for module in pkgutil.iter_modules(core.commands.__path__):
        full = f"core.commands.{module.name}"
        own = [f for f in vars(importlib.import_module(full)).values() if getattr(f, "__module__", "") == full]
        found |= {f for f in own if inspect.isfunction(f) and not f.__name__.startswith("_") and takes_work(f)}
    return {function for function in found if function.__module__ != "core.commands.locks"}


def takes_work(function: Callable[..., object]) -> bool:
    return next(iter(inspect.signature(function).parameters), None) == "work"


def test_every_command_is_placed():
    assert commands() == BY_EDITORS.keys() | BY_ADMINS.keys() | NOT_ASKED_FOR_BY_A_MEMBER


def everything(store):
    with store.reading() as session:
        facts = session.scalars(select(Fact.id)).all()
        people = session.execute(select(Candidate.id, Candidate.name, Candidate.version)).all()
        return facts, people, session.scalars(select(AuditEntry.id)).all()


@pytest.fixture
def noor(store):
    return saved(store, a_candidate())


def refused(store, viewer, noor, calls, match):
    """Each call is refused, and nothing is kept of any."""
    before = everything(store)
    for call in calls.values():
        with pytest.raises(Refused, match=match), store.working(viewer) as work:
            call(work, noor)
    assert everything(store) == before


def test_vera_may_look_and_change_nothing(store, vera, noor):
    refused(store, vera, noor, BY_EDITORS | BY_ADMINS, r"look, not change|Only an admin")


def test_ben_does_not_run_the_team(store, ben, ana, noor):
    refused(store, ben, noor, BY_ADMINS, "Only an admin")


def test_cora_who_has_left_gets_nowhere(store, cora, noor):
    refused(store, cora, noor, BY_EDITORS | BY_ADMINS, "not a member of this team any more")
