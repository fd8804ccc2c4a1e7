"""How long people are kept: what counts as their own act, and the day on which they fall due."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.domain import facts
from core.domain.calendar import Calendar
from core.domain.facts import Absent, MeetingKind, MeetingResult, Way
from core.domain.life import Facts
from core.domain.own_page import TO_BE_FORGOTTEN, TO_SEE
from core.domain.retention import Act, LastAct, acted_before, acted_on, claim_until, falls_due_on, last_act
from core.domain.team import Team

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
COMMON = {"id": 2, "candidate": 1, "happened": AT, "entered": AT}


def life(*told):
    return Facts(1, told, team=Team(), calendar=Calendar())


def met(result, absent=None):
    plan = facts.Planned(**COMMON, kind=MeetingKind.INTERVIEW, host=None, starts=AT, ends=AT + timedelta(hours=1))
    later = {**COMMON, "id": 3, "happened": AT + timedelta(hours=2), "entered": AT + timedelta(hours=2)}
    return plan, facts.OutcomeNoted(**later, meeting=2, result=result, absent=absent)


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ([facts.Contact(**COMMON, way=Way.FROM)], Act.WORD),
        ([facts.Contact(**COMMON, way=Way.TALKED)], Act.WORD),
        ([facts.Contact(**COMMON, way=Way.FROM, about=TO_SEE)], Act.SEE),
        ([facts.Contact(**COMMON, way=Way.FROM, about=TO_BE_FORGOTTEN)], Act.FORGET),
        ([facts.Contact(**COMMON, way=Way.FROM, about=TO_SEE, has_text=True)], Act.WORD),
        ([facts.ConsentGiven(**COMMON, until=date(2027, 3, 2))], Act.CONSENT),
        ([facts.Referred(**COMMON, referred=7)], Act.REFERRAL),
        ([facts.Placed(**COMMON, starts_on=date(2026, 4, 1))], Act.PLACEMENT),
        (met(MeetingResult.HELD), Act.MEETING),
        (met(MeetingResult.MISSED, Absent.US), Act.MEETING),
        (met(MeetingResult.MISSED, Absent.CANDIDATE), None),
        (met(MeetingResult.CANCELLED), None),
        ([facts.Contact(**COMMON, way=Way.TO)], None),
        ([facts.Contact(**COMMON, way=Way.ATTEMPT)], None),
        ([facts.ConsentWithdrawn(**COMMON)], None),
        ([facts.ContactForbidden(**COMMON)], None),
        ([facts.Arrival(**COMMON, owner=None)], None),
    ],
)
def test_what_they_do_of_their_own_accord_keeps_them_and_nothing_that_we_do(told, what):
    act = last_act(life(*told))
    assert (act.what if act else None) is what


def test_the_latest_act_counts_and_without_one_the_day_they_came():
    earlier = {**COMMON, "id": 1, "happened": AT - timedelta(days=40)}
    consented = facts.ConsentGiven(**earlier, until=date(2027, 1, 1))
    wrote = facts.Contact(**COMMON, way=Way.FROM)
    assert last_act(life(wrote, consented)) == LastAct(Act.WORD, AT)
    assert acted_on(life(wrote, consented), AT + timedelta(days=9)) == date(2026, 3, 2)
    assert acted_on(life(), datetime(2026, 3, 1, 23, 30, tzinfo=UTC)) == date(2026, 3, 2)  # the team's day


@pytest.mark.parametrize("months", [1, 6, 24, 36])
def test_whoever_acted_up_to_that_day_has_fallen_due_and_nobody_else(months):
    for number in range(800):
        today = date(2024, 1, 1) + timedelta(days=number)
        last = acted_before(today, months)
        assert falls_due_on(last, months) <= today < falls_due_on(last + timedelta(days=1), months)


@pytest.mark.parametrize(("until", "keeps"), [(None, False), (date(2026, 3, 1), False), (date(2026, 3, 2), True)])
def test_a_claim_keeps_somebody_up_to_its_last_day(until, keeps):
    assert claim_until(until, date(2026, 3, 2)) == (until if keeps else None)
