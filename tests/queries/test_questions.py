"""What came of asking first, and what is known that need not be asked."""

from datetime import timedelta

import pytest

from core.commands.candidates import add_candidate
from core.commands.contacts import log_contact
from core.commands.meetings import record_meeting
from core.commands.openings import add_opening
from core.commands.processes import close_process, start_process
from core.commands.questions import answer_question, ask_question, note_question
from core.commands.undo import undo_fact
from core.domain.facts import Answer, ClosingReason, MeetingKind, MeetingResult, Result, Way
from core.persistence.tables import Process
from core.queries.questions import AskedFirst, asked_first
from core.queries.questions import known as known_of


@pytest.fixture
def role(store, ben):
    with store.working(ben) as work:
        return add_opening(work, "Python developer")


def asked(store, since=timedelta(days=365)):
    with store.reading() as session:
        return asked_first(session, since=store.now() - since, until=store.now() + timedelta(seconds=1))


def came_in(store, ben, role, name, *, is_asked=True):
    with store.working(ben) as work:
        process = start_process(work, add_candidate(work, name=name), role)
        if is_asked:
            candidate = whose(work, process)
            ask_question(work, note_question(work, candidate, "What do you want?", process_id=process))
        return process


def whose(work, process):
    return work.session.get_one(Process, process).candidate_id


def interview(work, process, starts):
    return record_meeting(
        work,
        whose(work, process),
        kind=MeetingKind.INTERVIEW,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=30),
        result=MeetingResult.HELD,
        process_id=process,
    )


def close(store, ben, process, result, reason=None, **plain):
    with store.working(ben) as work:
        return close_process(work, process, result=result, answer=Answer.OWED, reason=reason, **plain)


def test_who_was_asked_before_it_was_decided_counts_with_how_they_went_on(store, ben, role, clock):
    hired, met, _, never = (came_in(store, ben, role, name) for name in ("Hired", "Met", "Open", "Never"))
    came_in(store, ben, role, "Not asked", is_asked=False)
    clock.forward(days=1)
    with store.working(ben) as work:
        interview(work, hired, work.now - timedelta(hours=2))
        interview(work, met, work.now - timedelta(hours=1))
    close(store, ben, hired, Result.HIRED)
    closing = close(store, ben, never, Result.REJECTED, ClosingReason.SKILLS)
    assert asked(store) == AskedFirst(asked=4, interviewed=2, hired=1, without=0)
    assert asked(store, since=timedelta(hours=2)) == AskedFirst(0, 0, 0, 0)
    with store.working(ben) as work:
        undo_fact(work, closing)
    assert asked(store).asked == 4


def test_what_was_asked_when_it_was_over_and_an_interview_before_do_not_count(store, ben, role, clock):
    early = came_in(store, ben, role, "Early", is_asked=False)
    with store.working(ben) as work:
        interview(work, early, work.now - timedelta(hours=2))
        candidate = whose(work, early)
        ask_question(work, note_question(work, candidate, "And now?", process_id=early))
    over = came_in(store, ben, role, "Over", is_asked=False)
    close(store, ben, over, Result.REJECTED, ClosingReason.SKILLS)
    clock.forward(days=1)
    with store.working(ben) as work:
        candidate = whose(work, over)
        ask_question(work, note_question(work, candidate, "Too late?", process_id=over))
    assert asked(store) == AskedFirst(asked=1, interviewed=0, hired=0, without=0)


def test_whoever_is_turned_down_for_their_background_counts_as_asked_or_as_not(store, ben, role):
    one, other = (came_in(store, ben, role, name, is_asked=False) for name in ("One", "Other"))
    with store.working(ben) as work:
        candidate = whose(work, one)
        answer_question(work, note_question(work, candidate, "Why?"), "Because.")
    close(store, ben, one, Result.REJECTED, ClosingReason.GAP)
    closing = close(store, ben, other, Result.REJECTED, ClosingReason.GAP, was_asked=False)
    assert asked(store) == AskedFirst(asked=1, interviewed=0, hired=0, without=1)
    with store.working(ben) as work:
        undo_fact(work, closing)
    assert asked(store) == AskedFirst(asked=1, interviewed=0, hired=0, without=0)


def test_what_is_written_and_said_of_somebody_is_known(store, ben):
    with store.working(ben) as work:
        noor = add_candidate(work, name="Noor", location="Kraków", skills=["Go"])
        log_contact(work, noor, way=Way.FROM, text="My notice period is a month.")
        answer_question(work, note_question(work, noor, "Would you move?"), "From May on.")
    with store.reading() as session:
        known = known_of(session, noor)
    assert (known.has_skills, known.has_place, known.asked) == (True, True, ["Would you move?"])
    assert "notice period" in known.words
    assert "From May on." in known.words
