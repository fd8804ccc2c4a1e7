"""The board's commands: a move of a card is looked at afresh, several come in together."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from core.commands.board import bring_in, move_on_board
from core.commands.openings import add_opening, arrange_stages
from core.commands.processes import move_to_stage, undo_move
from core.commands.undo import undo_facts
from core.domain.refusal import Refused, Stale
from core.persistence.tables import Process
from tests.make import a_candidate, saved

STAGES = ["First talk", "CV with client", "Offer"]


@pytest.fixture
def opening(store, ben):
    with store.working(ben) as work:
        return add_opening(work, "Python developer", stages=STAGES)


@pytest.fixture
def noor(store, ben, opening):
    person = saved(store, a_candidate("Noor Haddad", owner_id=ben.id))
    with store.working(ben) as work:
        (process,) = bring_in(work, opening, [person])
    return process


def stage_of(store, process):
    with store.reading() as session:
        return session.get_one(Process, process).stage


def test_a_card_is_moved_and_taken_back(store, ben, opening, noor):
    with store.working(ben) as work:
        move = move_on_board(work, opening, noor, "Offer", seen_in="First talk")
    assert stage_of(store, noor) == "Offer"
    for _ in range(2):
        with store.working(ben) as work:
            undo_move(work, move)
    assert stage_of(store, noor) == "First talk"


@pytest.mark.parametrize("to", ["Hired", "", "offer"])
def test_a_card_goes_to_a_stage_of_its_own_opening_only(store, ben, opening, noor, to):
    with pytest.raises(Refused, match="There is no stage"), store.working(ben) as work:
        move_on_board(work, opening, noor, to, seen_in="First talk")


def test_a_card_of_another_board_is_not_moved_from_here(store, ben, opening, noor):
    with store.working(ben) as work:
        other = add_opening(work, "Tester", stages=STAGES)
    with pytest.raises(Refused, match="no such card"), store.working(ben) as work:
        move_on_board(work, other, noor, "Offer", seen_in="First talk")
    with pytest.raises(Refused, match="no such process"), store.working(ben) as work:
        move_on_board(work, opening, noor + 99, "Offer", seen_in="First talk")
    assert stage_of(store, noor) == "First talk"


def test_whoever_moves_a_card_that_somebody_else_has_just_moved_is_told_who_and_where_to(
    store, ana, ben, opening, noor
):
    with store.working(ana) as work:
        move_on_board(work, opening, noor, "Offer", seen_in="First talk")
    with pytest.raises(Stale, match="Ana has just moved Noor Haddad to “Offer”"), store.working(ben) as work:
        move_on_board(work, opening, noor, "CV with client", seen_in="First talk")
    assert stage_of(store, noor) == "Offer"


def test_of_two_moves_at_one_instant_one_counts_and_the_other_is_told(store, ana, ben, opening, noor):
    start, came = Barrier(2), []

    def move(who, to):
        start.wait()
        try:
            with store.working(who) as work:
                move_on_board(work, opening, noor, to, seen_in="First talk")
            came.append(to)
        except Stale:
            came.append("")

    movers = [Thread(target=move, args=args) for args in ((ana, "Offer"), (ben, "CV with client"))]
    for mover in movers:
        mover.start()
    for mover in movers:
        mover.join()
    assert sorted(came)[0] == ""
    assert stage_of(store, noor) == sorted(came)[1]


def test_a_move_is_not_taken_back_under_the_hand_of_whoever_moved_on(store, ana, ben, opening, noor):
    with store.working(ben) as work:
        first = move_on_board(work, opening, noor, "CV with client", seen_in="First talk")
    with store.working(ana) as work:
        move_on_board(work, opening, noor, "Offer", seen_in="CV with client")
    with pytest.raises(Refused, match="Ana has moved Noor Haddad on since, to “Offer”"), store.working(ben) as work:
        undo_move(work, first)
    assert stage_of(store, noor) == "Offer"


def test_whoever_is_in_no_stage_can_be_moved_into_one(store, ben):
    with store.working(ben) as work:
        opening = add_opening(work, "Tester", stages=[])
    person = saved(store, a_candidate("Ivo Lang"))
    with store.working(ben) as work:
        (process,) = bring_in(work, opening, [person])
        arrange_stages(work, opening, STAGES, version=1)
    assert stage_of(store, process) is None
    with store.working(ben) as work:
        move_on_board(work, opening, process, "First talk", seen_in="")
    assert stage_of(store, process) == "First talk"
    with pytest.raises(Stale), store.working(ben) as work:
        move_on_board(work, opening, process, "Offer", seen_in="")


def test_several_come_in_together_or_nobody_does(store, ben, opening, noor):
    people = [saved(store, a_candidate(f"Person {number}")) for number in range(10)]
    with store.working(ben) as work:
        came = bring_in(work, opening, people)
    assert len(came) == 10
    assert {stage_of(store, process) for process in came} == {"First talk"}
    with store.working(ben) as work:
        undo_facts(work, came)
    with store.reading() as session:
        assert session.scalars(select(Process.id).where(Process.is_active)).all() == [noor]
    inside = saved(store, a_candidate("Ada Berg"))
    with store.working(ben) as work:
        bring_in(work, opening, [inside])
    with pytest.raises(Refused, match="Ada Berg is in this opening already"), store.working(ben) as work:
        bring_in(work, opening, [*people, inside])
    with store.reading() as session:
        assert len(session.scalars(select(Process.id).where(Process.is_active)).all()) == 2


def test_coming_in_is_not_taken_back_once_more_happened(store, ben, opening, noor):
    with store.working(ben) as work:
        move_to_stage(work, noor, "Offer")
    with pytest.raises(Refused, match="More happened"), store.working(ben) as work:
        undo_facts(work, [noor])
