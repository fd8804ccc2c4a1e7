"""Openings: their stages, what holds and ends them, and that nobody in them is skipped."""

import pytest
from sqlalchemy import select

from core.commands.clients import add_client, edit_client
from core.commands.contacts import log_contact
from core.commands.openings import (
    Ending,
    add_needs,
    add_opening,
    arrange_stages,
    edit_opening,
    end_opening,
    hold_opening,
    resume_opening,
    save_stage_template,
    take_back_opening,
    take_needs_back,
)
from core.commands.policy import set_answer_time, set_cadence
from core.commands.processes import (
    close_process,
    move_to_stage,
    reopen_process,
    set_turn,
    start_process,
    undo_closing,
    wait_on_client,
)
from core.commands.questions import answer_question, ask_question, note_question
from core.commands.undo import undo_fact
from core.domain.facts import Answer, ClosingReason, OpeningStatus, Result, Turn, Way
from core.domain.promises import Kind, Status
from core.domain.refusal import Refused, Stale
from core.persistence.check import disagreements
from core.persistence.tables import Client, Closing, Contact, Opening, OpeningSkill, Process, Stage, TurnChange
from core.queries.board import board
from tests.make import a_candidate, act, promise_of, promises_of, saved


def get(store, table, id_):
    with store.reading() as session:
        return session.get_one(table, id_)


def stages_of(store, opening):
    with store.reading() as session:
        return list(session.scalars(select(Stage.name).where(Stage.opening_id == opening).order_by(Stage.position)))


@pytest.fixture
def opening(store, ben):
    client = act(store, ben, add_client, "Nordbank")
    return act(store, ben, add_opening, "Python developer", client_id=client)


@pytest.fixture
def noor(store):
    return saved(store, a_candidate())


def test_a_template_whose_name_is_too_long_is_refused_and_not_cut(store, ben):
    with pytest.raises(Refused, match="101 characters, 100 fit"), store.working(ben) as work:
        save_stage_template(work, "x" * 101, ["Talk"])


def test_an_opening_begins_with_the_stages_of_the_template_and_people_in_the_first(store, ben, opening, noor):
    assert stages_of(store, opening) == ["Screening", "With client", "Interview", "Offer"]
    process = act(store, ben, start_process, noor, opening)
    assert get(store, Process, process).stage == "Screening"


def needs_of(store, opening):
    with store.reading() as session:
        return list(board(session, opening, now=store.now()).needs)


def test_what_an_opening_needs_goes_by_one_name_each_and_is_taken_back(store, ben, opening):
    added = act(store, ben, add_needs, opening, ["reactjs", "Kappa", " ", "React"])
    assert needs_of(store, opening) == ["React", "Kappa"]
    version = get(store, Opening, opening).version
    assert act(store, ben, add_needs, opening, ["React", "Kappa"]) is None
    assert get(store, Opening, opening).version == version
    act(store, ben, take_needs_back, added)
    assert needs_of(store, opening) == []


def test_two_who_say_at_once_what_it_needs_lose_nothing_of_each_other(store, ana, ben, opening):
    anas = act(store, ana, add_needs, opening, ["React"])
    bens = act(store, ben, add_needs, opening, ["Go", "React"])
    assert needs_of(store, opening) == ["React", "Go"]
    act(store, ana, take_needs_back, anas)
    assert needs_of(store, opening) == ["Go"]
    act(store, ben, take_needs_back, bens)
    assert needs_of(store, opening) == []


def test_an_opening_is_added_edited_and_taken_back_with_what_it_needs(store, ben):
    opening = act(store, ben, add_opening, "Web developer", needs=["TS", "React"])
    asked = {"title": "Web developer", "client_id": None, "owner_id": None, "note": ""}
    act(store, ben, edit_opening, opening, version=1, **asked)
    assert needs_of(store, opening) == ["TypeScript", "React"]
    act(store, ben, edit_opening, opening, version=get(store, Opening, opening).version, **asked, needs=["Go"])
    assert needs_of(store, opening) == ["Go"]
    with pytest.raises(Refused, match="12 are the most"):
        act(store, ben, add_needs, opening, [f"Skill {number}" for number in range(13)])
    act(store, ben, take_back_opening, opening)
    with store.reading() as session:
        assert session.scalars(select(OpeningSkill)).all() == []


def test_a_stage_with_people_is_not_taken_away_and_renaming_it_moves_them(store, ben, opening, noor):
    process = act(store, ben, start_process, noor, opening)
    with pytest.raises(Refused, match="Somebody is in “Screening”"):
        act(store, ben, arrange_stages, opening, ["Talk", "Offer"], version=1)
    act(store, ben, arrange_stages, opening, ["Talk", "Offer"], version=1, renamed={"Screening": "Talk"})
    assert (stages_of(store, opening), get(store, Process, process).stage) == (["Talk", "Offer"], "Talk")


def test_stages_are_arranged_with_how_often_people_hear(store, ben, opening):
    act(store, ben, arrange_stages, opening, ["Talk", "Offer"], version=1, cadences={"Talk": 1, "Offer": 2})
    assert stages_of(store, opening) == ["Talk", "Offer"]
    with store.working(ben) as work:
        assert dict(work.policy.now.stages) == {"Talk": 1, "Offer": 2}


def test_stages_that_somebody_else_has_arranged_meanwhile_are_not_overwritten(store, ana, ben, opening):
    act(store, ana, arrange_stages, opening, ["Talk", "Talk to the team"], version=1)
    with pytest.raises(Stale, match="Somebody changed this opening"):
        act(store, ben, arrange_stages, opening, ["Call"], version=1)
    assert stages_of(store, opening) == ["Talk", "Talk to the team"]


def test_a_card_that_somebody_has_just_moved_is_not_moved_unseen(store, ana, ben, opening, noor):
    process = act(store, ben, start_process, noor, opening)
    act(store, ana, move_to_stage, process, "Interview", seen_in="Screening")
    with pytest.raises(Stale, match="Ana has just moved Noor Haddad to “Interview”"):
        act(store, ben, move_to_stage, process, "With client", seen_in="Screening")
    assert get(store, Process, process).stage == "Interview"


def test_nobody_is_in_the_same_opening_twice(store, ben, opening, noor):
    act(store, ben, start_process, noor, opening)
    with pytest.raises(Refused, match="is in this opening already"):
        act(store, ben, start_process, noor, opening)


def test_days_in_stage_begin_with_the_stage_and_moving_to_the_same_changes_nothing(store, ben, clock, opening, noor):
    process = act(store, ben, start_process, noor, opening)
    moved = clock.forward(days=1)
    act(store, ben, move_to_stage, process, "Interview")
    clock.forward(days=1)
    act(store, ben, move_to_stage, process, "Interview")
    assert get(store, Process, process).since == moved


def test_the_turn_follows_what_was_asked_and_answered(store, ben, clock, opening, noor):
    process = act(store, ben, start_process, noor, opening)
    clock.forward(hours=1)
    question = act(store, ben, note_question, noor, "Would you move to Gdynia?", process_id=process)
    act(store, ben, ask_question, question)
    assert get(store, Process, process).turn is Turn.CANDIDATE
    clock.forward(hours=1)
    act(store, ben, log_contact, noor, way=Way.FROM, text="Yes.")
    assert get(store, Process, process).turn is Turn.OURS
    clock.forward(hours=1)
    act(store, ben, set_turn, process, Turn.CANDIDATE)
    assert get(store, Process, process).turn is Turn.CANDIDATE


def test_how_long_a_client_took_is_on_record_in_working_days_and_undone_it_is_not(store, ben, clock, opening, noor):
    process = act(store, ben, start_process, noor, opening)
    waiting = act(store, ben, wait_on_client, process)
    assert get(store, TurnChange, waiting).began_wait
    clock.forward(days=7)
    answered = act(store, ben, log_contact, noor, way=Way.CLIENT_FROM, process_id=process, text="We like her.")
    wait = get(store, TurnChange, waiting)
    assert (wait.answer_days, wait.ended_at) == (5, clock.now)
    act(store, ben, undo_fact, answered)
    assert get(store, TurnChange, waiting).answer_days is None
    act(store, ben, undo_fact, waiting)
    assert not get(store, TurnChange, waiting).began_wait
    assert list(disagreements(store)) == []


def test_the_next_due_of_a_process_is_that_of_its_promises(store, ben, clock, opening, noor):
    process = act(store, ben, start_process, noor, opening)
    assert get(store, Process, process).next_due_at == promise_of(store, noor, Kind.UPDATE).due_at
    clock.forward(days=1)
    act(store, ben, log_contact, noor, way=Way.TO, text="Nothing new yet.")
    now = get(store, Process, process)
    assert now.heard_at == clock.now
    assert now.next_due_at == promises_of(store, noor, Kind.UPDATE)[-1].due_at


def test_a_cadence_holds_for_every_stage_of_its_name_at_once(store, ben, opening, noor):
    act(store, ben, start_process, noor, opening)
    before = promise_of(store, noor, Kind.UPDATE).due_at
    act(store, ben, set_cadence, "Screening", 1)
    assert promise_of(store, noor, Kind.UPDATE).due_at < before
    act(store, ben, set_cadence, "Screening", 3)
    assert promise_of(store, noor, Kind.UPDATE).due_at == before
    with pytest.raises(Refused, match="less than 1"):
        act(store, ben, set_cadence, "Screening", 0)


def test_a_client_that_is_renamed_keeps_its_answer_time(store, ben, opening, noor):
    process = act(store, ben, start_process, noor, opening)
    act(store, ben, wait_on_client, process)
    client = get(store, Opening, opening).client_id
    usual = promise_of(store, noor, Kind.CHASE).due_at
    act(store, ben, set_answer_time, client, 6)
    longer = promise_of(store, noor, Kind.CHASE).due_at
    assert longer > usual
    version = get(store, Client, client).version
    act(store, ben, edit_client, client, version=version, name="Nordbank AB", owner_id=None, note="")
    act(store, ben, log_contact, noor, way=Way.NOTE, text="They take their time.")
    assert promise_of(store, noor, Kind.CHASE).due_at == longer
    assert list(disagreements(store)) == []


def test_another_client_of_an_opening_brings_its_answer_time(store, ben, opening, noor):
    process = act(store, ben, start_process, noor, opening)
    act(store, ben, wait_on_client, process)
    slow = act(store, ben, add_client, "Slow Ltd")
    act(store, ben, set_answer_time, slow, 9)
    before = promise_of(store, noor, Kind.CHASE).due_at
    plain = {"title": "Python developer", "client_id": slow, "owner_id": None, "note": ""}
    act(store, ben, edit_opening, opening, version=1, **plain)
    assert promise_of(store, noor, Kind.CHASE).due_at > before
    with pytest.raises(Stale, match="while you were writing"):
        act(store, ben, edit_opening, opening, version=1, **plain)


def test_a_role_ends_with_everybody_answered_and_nobody_skipped(store, ben, opening, noor):
    piotr = saved(store, a_candidate("Piotr Maj"))
    first, second = (act(store, ben, start_process, who, opening) for who in (noor, piotr))
    told = Ending(result=Result.OPENING_CLOSED, answer=Answer.TOLD, text="They filled it within.", channel="phone")
    with pytest.raises(Refused, match="Somebody has no answer yet"):
        act(store, ben, end_opening, opening, OpeningStatus.CANCELLED, {first: told})
    owed = Ending(result=Result.REJECTED, answer=Answer.OWED)
    end = act(store, ben, end_opening, opening, OpeningStatus.CANCELLED, {first: told, second: owed})
    assert get(store, Opening, opening).status is OpeningStatus.CANCELLED
    assert promises_of(store, noor, Kind.FEEDBACK) == []
    assert promise_of(store, piotr, Kind.FEEDBACK).status is Status.OPEN
    with pytest.raises(Refused, match="was cancelled"):
        act(store, ben, hold_opening, opening)
    with pytest.raises(Refused, match="Reopen it before"):
        act(store, ben, start_process, noor, opening)
    act(store, ben, undo_fact, end)
    assert get(store, Opening, opening).status is OpeningStatus.OPEN
    assert all(get(store, Process, process).is_active for process in (first, second))
    with store.reading() as session:
        assert session.scalars(select(Contact.id).where(Contact.undone_at.is_(None))).all() == []
    assert list(disagreements(store)) == []


def test_one_answer_that_does_not_pass_the_gate_ends_nothing(store, ben, opening, noor):
    process = act(store, ben, start_process, noor, opening)
    unreachable = Ending(result=Result.WITHDRAWN, answer=Answer.UNREACHABLE)
    with pytest.raises(Refused, match="three tries"):
        act(store, ben, end_opening, opening, OpeningStatus.FILLED, {process: unreachable})
    assert get(store, Opening, opening).status is OpeningStatus.OPEN
    assert get(store, Process, process).is_active


def test_an_opening_that_ended_can_be_taken_up_again(store, ben, clock, opening, noor):
    process = act(store, ben, start_process, noor, opening)
    owed = Ending(result=Result.OPENING_CLOSED, answer=Answer.OWED)
    act(store, ben, end_opening, opening, OpeningStatus.FILLED, {process: owed})
    clock.forward(days=1)
    act(store, ben, resume_opening, opening)
    assert get(store, Opening, opening).status is OpeningStatus.OPEN
    assert not get(store, Process, process).is_active
    act(store, ben, reopen_process, process)
    assert get(store, Process, process).is_active


def test_nobody_is_rejected_for_their_background_without_being_asked(store, ben, clock, opening, noor):
    process = act(store, ben, start_process, noor, opening)
    clock.forward(hours=1)
    thin = {"result": Result.REJECTED, "answer": Answer.OWED, "reason": ClosingReason.THIN_CV}
    with pytest.raises(Refused, match="Ask first"):
        act(store, ben, close_process, process, **thin)
    question = act(store, ben, note_question, noor, "What did you build?", process_id=process)
    with pytest.raises(Refused, match="Ask first"):
        act(store, ben, close_process, process, **thin)
    clock.forward(hours=1)
    act(store, ben, answer_question, question, "A library catalogue.")
    closing = act(store, ben, close_process, process, **thin)
    assert get(store, Closing, closing).was_asked is True


def test_it_is_counted_when_nobody_asks(store, ben, opening, noor):
    process = act(store, ben, start_process, noor, opening)
    gap = {"result": Result.REJECTED, "answer": Answer.OWED, "reason": ClosingReason.GAP, "was_asked": False}
    closing = act(store, ben, close_process, process, **gap)
    assert get(store, Closing, closing).was_asked is False


def test_told_and_closed_in_one_stroke_is_taken_back_in_one(store, ben, opening, noor):
    process = act(store, ben, start_process, noor, opening)
    told = {"result": Result.REJECTED, "answer": Answer.TOLD, "told": "They chose somebody with more Go."}
    closing = act(store, ben, close_process, process, **told)
    assert promises_of(store, noor, Kind.FEEDBACK) == []
    act(store, ben, undo_closing, closing)
    assert get(store, Process, process).is_active
    with store.reading() as session:
        assert session.scalars(select(Contact.id).where(Contact.undone_at.is_(None))).all() == []


# nobody is active where an opening has ended


OWED = Ending(result=Result.OPENING_CLOSED, answer=Answer.OWED)


def test_nobody_comes_back_into_an_opening_that_has_ended(store, ben, opening, noor):
    process = act(store, ben, start_process, noor, opening)
    closing = act(store, ben, close_process, process, result=Result.REJECTED, answer=Answer.OWED)
    act(store, ben, end_opening, opening, OpeningStatus.FILLED, {})
    for back in (reopen_process, undo_closing, undo_fact):
        with pytest.raises(Refused, match="This opening was filled"):
            act(store, ben, back, process if back is reopen_process else closing)
    act(store, ben, resume_opening, opening)
    act(store, ben, undo_closing, closing)
    assert get(store, Process, process).is_active


def test_taking_an_opening_up_again_is_not_undone_once_somebody_is_in_it(store, ben, opening, noor):
    act(store, ben, end_opening, opening, OpeningStatus.FILLED, {})
    resumed = act(store, ben, resume_opening, opening)
    act(store, ben, start_process, noor, opening)
    with pytest.raises(Refused, match="This opening was filled"):
        act(store, ben, undo_fact, resumed)
    assert get(store, Opening, opening).status is OpeningStatus.OPEN


def test_an_end_is_not_undone_once_somebody_of_it_has_come_in_a_second_time(store, ben, opening, noor):
    process = act(store, ben, start_process, noor, opening)
    end = act(store, ben, end_opening, opening, OpeningStatus.CANCELLED, {process: OWED})
    act(store, ben, resume_opening, opening)
    again = act(store, ben, start_process, noor, opening)
    for back, what in ((undo_fact, end), (reopen_process, process)):
        with pytest.raises(Refused, match="Noor Haddad is in this opening already"):
            act(store, ben, back, what)
    assert not get(store, Process, process).is_active
    assert get(store, Process, again).is_active


def test_what_is_said_to_have_ended_before_more_happened_is_refused(store, ben, clock, opening, noor):
    before = clock.now
    clock.forward(hours=2)
    act(store, ben, hold_opening, opening)
    with pytest.raises(Refused, match="More happened in this opening after that"):
        act(store, ben, end_opening, opening, OpeningStatus.FILLED, {}, at=before)
    process = act(store, ben, start_process, noor, opening)
    with pytest.raises(Refused, match="It was started after that"):
        act(store, ben, close_process, process, result=Result.REJECTED, answer=Answer.OWED, at=before)
    clock.forward(hours=2)
    act(store, ben, close_process, process, result=Result.REJECTED, answer=Answer.OWED)
    with pytest.raises(Refused, match="It ended after that"):
        act(store, ben, reopen_process, process, at=before)
    assert list(disagreements(store)) == []


def test_an_opening_for_a_client_that_was_taken_back_is_refused(store, ben):
    with pytest.raises(Refused, match="no such client"):
        act(store, ben, add_opening, "Tester", client_id=4711)
    opening = act(store, ben, add_opening, "Tester")
    with pytest.raises(Refused, match="no such client"):
        act(store, ben, edit_opening, opening, version=1, title="Tester", client_id=4711, owner_id=ben.id, note="")
