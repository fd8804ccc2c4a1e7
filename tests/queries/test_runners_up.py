"""Runners-up: who is thought of first for an opening, and why; who is in it, or asked for no contact, is not."""

from datetime import date, timedelta

import pytest

from core.commands.candidates import add_candidate, erase_candidate
from core.commands.consents import forbid_contact, give_consent
from core.commands.contacts import log_contact
from core.commands.meetings import record_meeting
from core.commands.merges import merge_candidates
from core.commands.openings import add_opening
from core.commands.processes import close_process, move_to_stage, start_process
from core.commands.skills import ensure_skills
from core.domain.facts import Answer, ClosingReason, MeetingKind, MeetingResult, Result, Way
from core.persistence.work import THE_PROGRAM
from core.queries.page import Page
from core.queries.runners_up import runners_up
from tests.make import act


@pytest.fixture
def known(store):
    with store.working(THE_PROGRAM) as work:
        ensure_skills(work)
    return store


@pytest.fixture
def role(known, ben):
    with known.working(ben) as work:
        return add_opening(work, "JavaScript developer", needs=["JavaScript", "Go"], new_client="Nordbank")


def spoke(store, viewer, name, *skills, **plain):
    """Somebody of whom we heard."""
    with store.working(viewer) as work:
        noor = add_candidate(work, name=name, skills=skills, **plain)
        log_contact(work, noor, way=Way.FROM, text="Hello")
        return noor


def rejected(work, process, reason=ClosingReason.SOMEBODY_ELSE):
    close_process(work, process, result=Result.REJECTED, answer=Answer.OWED, reason=reason)


def thought_of(store, opening, page=Page(1, 10)):  # noqa: B008
    with store.reading() as session:
        return runners_up(session, opening, now=store.now(), calendar=store.calendar, page=page)


def by(row):
    return [reason.why for reason in row.knows]


def names(store, opening):
    return [row.name for row in thought_of(store, opening).rows]


def test_whoever_knows_what_implies_a_need_is_thought_of_and_it_is_said_why_and_what_is_not_known(known, ben, role):
    spoke(known, ben, "Ana Lis", "React", title="Web developer", company="Lumen")
    spoke(known, ben, "Jan Kowal", "JavaScript", "Go")
    spoke(known, ben, "Piotr Maj", "Rust")
    both, one = thought_of(known, role).rows
    assert (both.name, by(both), both.lacks) == ("Jan Kowal", ["JavaScript", "Go"], ())
    assert (one.name, by(one), one.lacks) == ("Ana Lis", ["React, which is written in JavaScript"], ("Go",))
    assert both.points > one.points
    assert (one.title, one.company, one.owner) == ("Web developer", "Lumen", "Ben")


def test_who_is_in_it_or_was_asked_for_no_contact_or_is_gone_is_not(known, ben, role):
    people = {
        name: spoke(known, ben, name, "JavaScript") for name in ("In", "Was in", "Leave me", "Gone", "Kept", "Me")
    }
    act(known, ben, start_process, people["In"], role)
    with known.working(ben) as work:
        rejected(work, start_process(work, people["Was in"], role))
    act(known, ben, forbid_contact, people["Leave me"])
    act(known, THE_PROGRAM, erase_candidate, people["Gone"])
    act(known, ben, merge_candidates, people["Kept"], people["Me"])
    assert names(known, role) == ["Kept"]


def test_who_came_far_in_an_opening_like_it_comes_first_though_we_never_heard_of_them(known, ben, role):
    with known.working(ben) as work:
        like = add_opening(work, "React developer", needs=["Go"], new_client="Zenit")
        far = add_candidate(work, name="Far", skills=["JavaScript"])
        process = start_process(work, far, like)
        move_to_stage(work, process, "Offer")
        rejected(work, process)
        record_meeting(
            work,
            far,
            kind=MeetingKind.INTERVIEW,
            starts_at=work.now - timedelta(hours=3),
            ends_at=work.now - timedelta(hours=2),
            result=MeetingResult.HELD,
            process_id=process,
        )
        give_consent(work, far, date(2027, 1, 1))
    spoke(known, ben, "Lately", "JavaScript")
    first, second = thought_of(known, role).rows
    assert (first.name, second.name) == ("Far", "Lately")
    (before,) = first.known.before
    assert (before.place, before.stage, before.reached) == ("React developer, Zenit", "Offer", 1.0)
    assert before.reason is ClosingReason.SOMEBODY_ELSE
    assert (first.known.meetings, first.known.consent_until, first.spoke_at) == (1, date(2027, 1, 1), None)


def test_without_needs_those_of_the_clients_other_openings_are_thought_of(known, ben):
    with known.working(ben) as work:
        bare = add_opening(work, "Office manager", new_client="Nordbank")
        other = add_opening(work, "Receptionist", new_client="Nordbank")
        rejected(work, start_process(work, add_candidate(work, name="Ida Berg"), other))
    spoke(known, ben, "Nobody of them", "Go")
    assert names(known, bare) == ["Ida Berg"]


def test_what_a_merged_record_knew_and_did_is_the_kept_ones(known, ben, role):
    with known.working(ben) as work:
        like = add_opening(work, "Go developer", needs=["Go"])
        gone = add_candidate(work, name="Noor", skills=["Go"])
        rejected(work, start_process(work, gone, like))
        kept = add_candidate(work, name="Noor Haddad", skills=["React"])
    act(known, ben, merge_candidates, kept, gone)
    (row,) = thought_of(known, role).rows
    assert row.candidate_id == kept
    assert by(row) == ["React, which is written in JavaScript", "Go"]
    assert [before.place for before in row.known.before] == ["Go developer"]


def test_they_come_page_by_page(known, ben, role):
    for number in range(12):
        spoke(known, ben, f"Person {number}", "Go")
    first, second = (thought_of(known, role, Page(number, 10)) for number in (1, 2))
    assert (len(first.rows), len(second.rows), first.number) == (10, 2, 12)
    assert not {row.candidate_id for row in first.rows} & {row.candidate_id for row in second.rows}
