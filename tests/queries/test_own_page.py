"""What a candidate's own page shows: how it stands for them, and not a word that is not for them."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.commands import own_page as commands
from core.commands.clients import Person, add_client, set_people
from core.commands.consents import forbid_contact, give_consent, withdraw_consent
from core.commands.contacts import log_contact
from core.commands.growth import note_growth
from core.commands.meetings import note_outcome, plan_meeting
from core.commands.openings import add_opening, show_candidates
from core.commands.own_page import give_own_page
from core.commands.privacy import withdraw_request
from core.commands.processes import close_process, start_process, wait_on_client
from core.commands.questions import note_question
from core.commands.recommendations import Said, note_client_answer, recommend, send_recommendation
from core.commands.referrals import refer
from core.commands.undo import undo_fact
from core.domain.facts import Answer, ClosingReason, MeetingKind, MeetingResult, Result, Turn, Way
from core.persistence.tables import ClaimSource, PrivacyRequest, RequestKind, SurveyAnswer
from core.persistence.viewer import THE_PROGRAM
from core.queries import survey
from core.queries.insights import InsightFilters
from core.queries.own_page import Asked, How, own_page
from core.queries.page import Page
from tests.make import MONDAY, a_candidate, a_client, a_process, a_word_from_her, an_opening, saved

TOKEN = "a link to her own page"
SECRET = "zxq-secret"
"""Stands in all that is not for her."""


def does(store, who):
    def do(command, *args, **plain):
        with store.working(who) as work:
            return command(work, *args, **plain)

    return do


def a_life_with_secrets(store, ben):
    """Noor, active in one opening and told of another's end, with SECRET in whatever is somebody else's or ours."""
    do = does(store, ben)
    client = do(add_client, f"Bank {SECRET}")
    do(set_people, client, [Person(SECRET, SECRET, f"{SECRET}@example.org", "1")], version=1)
    opening = do(add_opening, "Python developer", client_id=client, note=SECRET, stages=["Talk", "Offer"])
    noor = saved(store, a_candidate("Noor Haddad", notes=SECRET, source=SECRET, tags=[SECRET], owner_id=ben.id))
    piotr = saved(store, a_candidate(f"Piotr {SECRET}", owner_id=ben.id), a_word_from_her(text=SECRET))
    do(start_process, piotr, do(add_opening, f"Tester {SECRET}"))
    do(start_process, piotr, opening)
    do(refer, piotr, noor)
    process = do(start_process, noor, opening)
    do(log_contact, noor, way=Way.NOTE, text=SECRET, about=SECRET)
    do(log_contact, noor, way=Way.CLIENT_FROM, text=SECRET, process_id=process)
    do(note_question, noor, SECRET, process_id=process)
    do(note_growth, noor, SECRET, advice=SECRET)
    said = [Said(text="Led a team of four", source=ClaimSource.REFERENCE, note=SECRET), Said(text="Speaks Swedish")]
    sent = do(recommend, process, said, summary=SECRET)
    do(send_recommendation, sent, text=SECRET)
    do(note_client_answer, sent, SECRET)
    ended = do(start_process, noor, do(add_opening, "Go developer", client_id=client))
    why = {"reason": ClosingReason.SOMEBODY_ELSE, "note": SECRET}
    do(close_process, ended, result=Result.REJECTED, answer=Answer.TOLD, told="They took somebody else.", **why)
    do(give_own_page, noor, TOKEN, life=timedelta(days=90))
    return noor, process, opening


def seen(store, token=TOKEN):
    with store.reading() as session:
        return own_page(session, token, now=store.now(), today=store.calendar.day(store.now()))


def test_it_shows_how_it_stands_and_nothing_that_is_not_for_her(store, ben):
    a_life_with_secrets(store, ben)
    page = seen(store)
    assert SECRET not in repr(page)
    ended, active = page.standing
    assert (active.opening, active.client, active.stage, active.how) == ("Python developer", "", "Talk", How.ACTIVE)
    assert (ended.opening, ended.how, ended.result, ended.score) == ("Go developer", How.TOLD, Result.REJECTED, None)
    assert [claim.text for said in page.said for claim in said.claims] == ["Led a team of four", "Speaks Swedish"]
    assert seen(store, "made-up") is None


def test_the_client_is_named_only_where_the_opening_says_so_and_the_stage_unless_it_says_not(store, ben):
    _, _, opening = a_life_with_secrets(store, ben)
    does(store, ben)(show_candidates, opening, client=True, stage=False)
    page = seen(store)
    assert (page.standing[1].client, page.standing[1].stage) == (f"Bank {SECRET}", "")
    assert page.standing[0].client == ""


def test_she_hears_next_by_the_first_word_due_to_her_and_from_whom(store, ben, clock):
    do = does(store, ben)
    noor = saved(store, a_candidate(owner_id=ben.id))
    do(give_own_page, noor, TOKEN, life=timedelta(days=90))
    assert (seen(store).next, seen(store).standing) == (None, [])
    process = do(start_process, noor, do(add_opening, "Developer", client_id=do(add_client, "Nordbank")))
    clock.forward(hours=1)
    do(wait_on_client, process)  # to chase the client is no word to her
    page = seen(store)
    assert page.standing[0].turn is Turn.CLIENT
    assert (page.next.by, page.next.due_at.date()) == ("Ben", date(2026, 3, 5))
    does(store, THE_PROGRAM)(commands.ask, TOKEN, "When?")
    assert seen(store).next.due_at.date() == date(2026, 3, 3)
    assert seen(store).answer == seen(store).next
    assert seen(store).standing[0].next.due_at.date() == date(2026, 3, 5)


def test_she_reads_of_meetings_that_are_not_over_called_off_or_taken_back_the_next_one_first(store, ben, clock):
    do = does(store, ben)
    noor, process, _ = a_life_with_secrets(store, ben)

    def plan(hours, kind, **more):
        begins = store.now() + timedelta(hours=hours)
        ends = begins + timedelta(hours=1)
        return do(plan_meeting, noor, kind=kind, starts_at=begins, ends_at=ends, place=SECRET, note=SECRET, **more)

    plan(30, MeetingKind.TALK)
    plan(3, MeetingKind.INTERVIEW, process_id=process)
    do(note_outcome, plan(50, MeetingKind.TALK), MeetingResult.CANCELLED)
    do(undo_fact, plan(60, MeetingKind.TALK))
    plan(1, MeetingKind.TALK)
    clock.forward(hours=2)
    first, second = seen(store).meetings
    assert (first.kind, first.starts_at) == (MeetingKind.INTERVIEW, store.now() + timedelta(hours=1))
    assert (first.opening, second.opening) == ("Python developer", "")
    assert SECRET not in repr(seen(store))


@pytest.mark.parametrize(
    ("how", "stand"),
    [
        ({"result": Result.REJECTED, "answer": Answer.TOLD, "told": "They took somebody else."}, [MeetingKind.TALK]),
        ({"result": Result.REJECTED, "answer": Answer.OWED}, list(MeetingKind)),
        ({"result": Result.REJECTED, "answer": Answer.DO_NOT_CONTACT}, [MeetingKind.TALK]),
        ({"result": Result.WITHDRAWN, "answer": Answer.OWED}, [MeetingKind.TALK]),
    ],
)
def test_an_interview_in_what_she_knows_is_over_is_none_that_is_before_her(store, ben, how, stand):
    do = does(store, ben)
    noor, process, _ = a_life_with_secrets(store, ben)
    for hours, kind in ((3, MeetingKind.INTERVIEW), (5, MeetingKind.TALK)):
        begins = store.now() + timedelta(hours=hours)
        plain = {"kind": kind, "starts_at": begins, "ends_at": begins + timedelta(hours=1), "process_id": process}
        do(plan_meeting, noor, **plain)
    if how["answer"] is Answer.DO_NOT_CONTACT:
        do(forbid_contact, noor)
    reason = ClosingReason.SOMEBODY_ELSE if how["result"] is Result.REJECTED else None
    do(close_process, process, reason=reason, **how)
    assert {meeting.kind for meeting in seen(store).meetings} == set(stand)


@pytest.mark.parametrize(("answer", "how"), [(Answer.OWED, How.OWED), (Answer.DO_NOT_CONTACT, How.UNTOLD)])
def test_what_was_decided_is_not_told_by_the_page_before_somebody_has_told_it(store, ben, answer, how):
    noor, process, _ = a_life_with_secrets(store, ben)
    if answer is Answer.DO_NOT_CONTACT:
        does(store, ben)(forbid_contact, noor)
    does(store, ben)(close_process, process, result=Result.REJECTED, answer=answer)
    standing = seen(store).standing[1]
    assert (standing.how, standing.result, standing.stage) == (how, None, "")
    assert (standing.next is None) == (how is How.UNTOLD)
    assert [said.is_current for said in seen(store).said] == [how is How.OWED]


def test_a_draft_is_shown_until_its_process_ends_and_what_went_out_stays(store, ben):
    _, process, _ = a_life_with_secrets(store, ben)
    do = does(store, ben)
    do(recommend, process, [Said(text="Not sent yet")])
    assert [said.sent_at is None for said in seen(store).said] == [True, False]
    do(close_process, process, result=Result.WITHDRAWN, answer=Answer.OWED)
    assert [(said.sent_at is None, said.is_current) for said in seen(store).said] == [(False, False)]


def test_her_consent_and_her_requests_are_shown_as_they_stand(store, ben, clock):
    noor, _, _ = a_life_with_secrets(store, ben)
    do = does(store, ben)
    assert seen(store).agreed is None
    do(give_consent, noor, date(2026, 9, 1))
    assert seen(store).agreed.until == date(2026, 9, 1)
    clock.forward(hours=1)
    do(withdraw_consent, noor)
    assert (seen(store).agreed.until, seen(store).agreed.withdrawn_at) == (None, clock.now)
    does(store, THE_PROGRAM)(commands.ask_for, TOKEN, RequestKind.FORGET)
    assert seen(store).asked == {RequestKind.FORGET: Asked(date(2026, 3, 2), date(2026, 4, 2))}
    with store.reading() as session:
        request = session.scalars(select(PrivacyRequest.id)).one()
    do(withdraw_request, request)
    assert seen(store).asked == {}


# how they score us


@pytest.fixture
def scored(store, ben):
    """Six who were rejected and one who was hired, for one client; one rejected in April, for nobody's."""
    client = saved(store, a_client("Nordbank"))
    opening, other = saved(store, an_opening(client_id=client)), saved(store, an_opening())
    answers = [(opening, Result.REJECTED, score, 3) for score in (10, 9, 9, 7, 6, 0)]
    answers += [(opening, Result.HIRED, 10, 3), (other, Result.REJECTED, 0, 4)]
    for number, (opening_id, result, score, month) in enumerate(answers):
        who = saved(store, a_candidate(f"Person {number}"))
        process = saved(store, a_process(opening_id, candidate_id=who, first_owner_id=ben.id if number else None))
        at = MONDAY.replace(month=month, hour=9 + number)
        saved(
            store,
            SurveyAnswer(
                process_id=process, candidate_id=who, at=at, result=result, score=score, words=f"Word {number}"
            ),
        )
    return client


def net(store, filters):
    with store.reading() as session:
        together, by_result = survey.net_scores(session, filters, calendar=store.calendar)
        rows = survey.scored(session, filters, calendar=store.calendar, page=Page(1, 50))
    assert len(rows) == together.n
    assert [row.at for row in rows] == sorted((row.at for row in rows), reverse=True)
    told = {result: (one.n, one.net) for result, one in by_result.items()}
    return (together.n, together.net), told


def test_scores_are_netted_by_the_outcome_that_was_told_and_too_few_are_not(store, ben, scored):
    everybody = net(store, InsightFilters())
    assert everybody == ((8, 12), {Result.HIRED: (1, None), Result.REJECTED: (7, 0)})
    march = net(store, InsightFilters(date(2026, 3, 1), date(2026, 4, 1)))
    assert march == ((7, 29), {Result.HIRED: (1, None), Result.REJECTED: (6, 17)})
    assert net(store, InsightFilters(client_id=scored)) == march
    assert net(store, InsightFilters(owner_id=ben.id))[0] == (7, 0)
    assert net(store, InsightFilters(date(2026, 5, 1))) == ((0, None), {})
