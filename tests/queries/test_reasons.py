"""Reasons to write are read for the people in view from what is on record of each, in a few questions."""

from datetime import date

import pytest
from sqlalchemy import event

from core.commands.candidates import add_skills, keep_quiet_until, set_rhythm
from core.commands.clients import add_client
from core.commands.consents import forbid_contact
from core.commands.contacts import log_contact
from core.commands.growth import note_growth, note_what_came_of_it
from core.commands.merges import merge_candidates
from core.commands.openings import add_opening, hold_opening
from core.commands.placements import end_placement, record_placement
from core.commands.processes import close_process, start_process
from core.commands.skills import ensure_skills
from core.domain.facts import Answer, Result, Rhythm, Unit, Way
from core.domain.promises import Kind
from core.persistence.tables import Candidate
from core.queries.candidate import life
from core.queries.promises import open_to
from core.queries.reasons import reasons_to_write
from tests.make import a_candidate, act, saved


def said(store, *candidate_ids: int) -> list[str]:
    with store.reading() as session:
        found = reasons_to_write(session, candidate_ids, now=store.now(), calendar=store.calendar)
    return [reason.said for id_ in candidate_ids for reason in found.get(id_, ())]


@pytest.fixture
def noor(store, ben) -> int:
    """She knows Django."""
    noor = saved(store, a_candidate(owner_id=ben.id))
    with store.working(ben) as work:
        ensure_skills(work)
        add_skills(work, work.session.get_one(Candidate, noor), ["Django"])
        work.record("skills added", work.session.get_one(Candidate, noor))
    return noor


def test_an_opening_fits_by_what_their_skills_imply_until_it_is_held_or_they_were_in_it(store, ben, noor):
    nordbank = act(store, ben, add_client, "Nordbank")
    act(store, ben, add_opening, "Go developer", needs=["Go"])
    assert said(store, noor) == []
    opening = act(store, ben, add_opening, "Backend developer", client_id=nordbank, needs=["Python"])
    fits = "An opening that fits: Backend developer, Nordbank (knows Python)"
    assert said(store, noor) == [fits]
    twin = saved(store, a_candidate("N. Haddad"))
    process = act(store, ben, start_process, twin, opening)
    act(store, ben, close_process, process, result=Result.REJECTED, answer=Answer.OWED)
    assert said(store, noor) == [fits]
    act(store, ben, merge_candidates, noor, twin)
    assert said(store, noor) == []
    other = act(store, ben, add_opening, "Django developer", needs=["Django"])
    assert len(said(store, noor)) == 1
    act(store, ben, hold_opening, other)
    assert said(store, noor) == []


def test_a_job_has_anniversaries_until_it_ends(store, ben, noor):
    job = act(store, ben, record_placement, noor, date(2025, 3, 10))
    assert said(store, noor) == ["A year in the job we found, on 10 Mar 2026"]
    act(store, ben, end_placement, job, reason="They moved.")
    assert said(store, noor) == []


def test_growth_and_quiet_are_read_of_everybody_in_view_apart(store, ben, clock, noor):
    ewa = saved(store, a_candidate("Ewa Lis"))
    note = act(store, ben, note_growth, noor, "lead a team", advice="take on a trainee")
    act(store, ben, keep_quiet_until, ewa, date(2026, 3, 20))
    assert said(store, ewa) == []
    clock.forward(days=20)
    assert said(store, noor, ewa) == [
        "Advised in Mar 2026, “take on a trainee”: what came of it?",
        "What they want, as of Mar 2026: “lead a team”",
        "The quiet until 20 Mar 2026 is over",
    ]
    act(store, ben, note_what_came_of_it, note, "She did.")
    act(store, ben, log_contact, ewa, way=Way.TO, text="How are you?")
    assert said(store, noor, ewa) == ["What they want, as of Mar 2026: “lead a team”"]


def test_whoever_asked_for_no_contact_has_no_reason(store, ben, noor):
    act(store, ben, note_growth, noor, "lead a team")
    act(store, ben, forbid_contact, noor)
    assert said(store, noor) == []


def test_a_word_to_keep_in_touch_carries_them_and_so_does_the_page(store, ben, noor):
    act(store, ben, set_rhythm, noor, Rhythm(3, Unit.MONTHS))
    act(store, ben, note_growth, noor, "lead a team", revisit_on=date(2026, 9, 1))
    with store.reading() as session:
        owed = open_to(session, noor, now=store.now(), calendar=store.calendar)
        shown = life(session, noor, now=store.now(), calendar=store.calendar)
    carried = {row.kind: [reason.said for reason in row.occasion.reasons] for row in owed}
    wish = "What they want, as of Mar 2026: “lead a team”"
    assert carried == {Kind.KEEP_IN_TOUCH: [wish], Kind.REVISIT: []}
    assert [reason.said for reason in shown.reasons] == [wish]


def test_more_people_ask_no_more_questions(store, ben, noor):
    act(store, ben, add_opening, "Backend developer", needs=["Python"])
    others = [saved(store, a_candidate(f"Person {n}")) for n in range(4)]

    def questions(*ids: int) -> int:
        number = 0

        def count(*_) -> None:
            nonlocal number
            number += 1

        event.listen(store.engine, "before_cursor_execute", count)
        try:
            said(store, *ids)
        finally:
            event.remove(store.engine, "before_cursor_execute", count)
        return number

    assert questions(noor) == questions(noor, *others) < 16
