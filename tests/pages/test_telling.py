"""What happened, told in words."""

from datetime import date, timedelta

import pytest

from core.commands.meetings import move_meeting, plan_meeting
from core.commands.openings import Ending, add_opening, end_opening
from core.commands.processes import close_process, start_process
from core.domain.facts import Absent, Answer, ClosingReason, MeetingKind, OpeningStatus, Result
from core.persistence.store import Store
from core.persistence.work import Viewer
from core.queries.candidate import life
from core.queries.history import entries
from core.queries.page import Page
from pages.parts import telling
from tests.make import MONDAY, FixedClock, a_candidate, act, saved


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(days=3, hours=5), "3 days’ notice"),
        (timedelta(hours=47), "47 hours’ notice"),
        (timedelta(hours=1), "1 hour’s notice"),
        (timedelta(minutes=20), "20 minutes’ notice"),
        (timedelta(minutes=1), "1 minute’s notice"),
        (timedelta(0), "no notice"),
        (timedelta(minutes=-5), "no notice"),
    ],
)
def test_notice_is_what_lay_before_the_meeting(before: timedelta, words: str):
    assert telling.notice(MONDAY + before, MONDAY) == words


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (date(2026, 3, 2), "known since today"),
        (date(2026, 3, 1), "known for 1 day"),
        (date(2026, 1, 3), "known for 8 weeks"),
        (date(2025, 11, 2), "known for 4 months"),
        (date(2024, 3, 2), "known for 2 years"),
        (date(2022, 1, 1), "known for 4 years"),
    ],
)
def test_how_long_somebody_is_known(since: date, words: str):
    assert telling.known_for(since, MONDAY.date()) == words


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "https://a.b](https://c.d", "Room 3 https://a.b", "http://a.b"]
)
def test_a_place_is_a_link_only_where_it_is_nothing_else(text: str):
    assert "](<" not in telling.place(text)
    assert telling.place("https://meet.example/a-b?c=1") == "[meet\\.example](<https://meet.example/a-b?c=1>)"


def told(store: Store, person: int) -> list[str]:
    with store.reading() as session:
        who = telling.Pronoun(life(session, person, now=store.now(), calendar=store.calendar).profile)
        rows = entries(session, person, page=Page(1, 20)).rows
    return [telling.told(row, who, store.now(), store.calendar).replace("\\", "") for row in rows]


def test_an_end_says_why_whether_they_were_asked_and_what_more_there_is(store: Store, ben: Viewer):
    noor = saved(store, a_candidate(owner_id=ben.id))
    process = act(store, ben, start_process, noor, act(store, ben, add_opening, "Tester"))
    why = {"reason": ClosingReason.THIN_CV, "note": "They want five years.", "was_asked": False}
    act(store, ben, close_process, process, result=Result.REJECTED, answer=Answer.OWED, **why)
    end = told(store, noor)[0]
    assert "(thin CV), without asking, feedback owed from then on" in end
    assert "“They want five years.”" in end


def test_an_end_with_the_opening_says_so(store: Store, ben: Viewer):
    noor = saved(store, a_candidate(owner_id=ben.id))
    opening = act(store, ben, add_opening, "Tester")
    process = act(store, ben, start_process, noor, opening)
    ending = Ending(result=Result.OPENING_CLOSED, answer=Answer.OWED, reason=ClosingReason.BUDGET)
    act(store, ben, end_opening, opening, OpeningStatus.CANCELLED, {process: ending})
    assert "(no budget), as the opening was cancelled" in told(store, noor)[0]


def test_a_move_says_who_asked_for_it_and_with_how_much_notice(store: Store, ben: Viewer, clock: FixedClock):
    noor = saved(store, a_candidate(owner_id=ben.id))
    start = MONDAY + timedelta(days=3)
    plain = {"starts_at": start, "ends_at": start + timedelta(hours=1)}
    meeting = act(store, ben, plan_meeting, noor, kind=MeetingKind.TALK, **plain)
    clock.forward(days=1)
    later = {name: at + timedelta(days=1) for name, at in plain.items()}
    act(store, ben, move_meeting, meeting, asked_by=Absent.CANDIDATE, **later)
    assert "Talk moved to Fri 6 Mar, 09:00, asked for by them, with 2 days’ notice" in told(store, noor)[0]
