"""The candidate's own page: what the link lets them do, and what it does not."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core import auth
from core.commands import own_page
from core.commands.candidates import erase_candidate
from core.commands.consents import give_consent
from core.commands.merges import merge_candidates, undo_merge
from core.commands.own_page import give_own_page, revoke_own_page
from core.commands.privacy import open_request, put_on_own_page, reopen_request
from core.commands.processes import close_process, start_process
from core.commands.recommendations import Said, edit_recommendation, recommend
from core.domain.bases import ConsentBasis, Purpose
from core.domain.facts import Answer, Result, Way
from core.domain.own_page import CHANNEL, CONSENT_MONTHS, words
from core.domain.promises import Kind, Status
from core.domain.refusal import Refused
from core.domain.tokens import hash_of, new_token
from core.persistence.check import disagreements
from core.persistence.own_page import link_of
from core.persistence.tables import (
    AuditEntry,
    Claim,
    Consent,
    Contact,
    OwnPageLink,
    PrivacyRequest,
    RequestChannel,
    RequestKind,
    SurveyAnswer,
)
from core.persistence.viewer import THE_PROGRAM
from core.queries.own_page import links
from tests.make import a_candidate, a_client, an_opening, promises_of, saved

DAYS = timedelta(days=90)


@pytest.fixture
def did(store, ben):
    def did(command, *args, by=ben, **plain):
        with store.working(by) as work:
            return command(work, *args, **plain)

    return did


@pytest.fixture
def noor(store, ben):
    return saved(store, a_candidate(owner_id=ben.id))


@pytest.fixture
def token(did, noor):
    token = new_token()
    did(give_own_page, noor, token, life=DAYS)
    return token


@pytest.fixture
def she(did, token):
    """What she does herself, by her link."""
    return lambda command, *args: did(command, token, *args, by=THE_PROGRAM)


@pytest.fixture
def process(store, did, noor):
    return did(start_process, noor, saved(store, an_opening(client_id=saved(store, a_client()))))


def every(store, table):
    with store.reading() as session:
        return session.scalars(select(table).order_by(table.id)).all()


def leads(store, token):
    with store.reading() as session:
        found = link_of(session, token, now=store.now())
        return found[1].id if found else None


# the link


def test_a_link_is_long_and_only_its_hash_is_kept(store, token):
    assert len(token) >= 43  # 256 bits, six to a letter
    (link,) = every(store, OwnPageLink)
    assert link.token_hash == hash_of(token)
    assert token not in str(vars(link))


def test_a_link_opens_nothing_once_it_is_revoked_has_run_out_or_they_are_erased(store, did, noor, clock, token):
    assert leads(store, token) == noor
    assert leads(store, new_token()) is None
    assert leads(store, None) is None
    revoked, run_out, erased = new_token(), new_token(), new_token()
    for each, life in ((revoked, DAYS), (run_out, timedelta(hours=1)), (erased, DAYS)):
        did(give_own_page, noor, each, life=life)
    ids = {link.token_hash: link.id for link in every(store, OwnPageLink)}
    for _ in range(2):  # twice is harmless
        did(revoke_own_page, ids[hash_of(revoked)])
    clock.forward(hours=1)
    assert [leads(store, each) for each in (token, revoked, run_out, erased)] == [noor, None, None, noor]
    with store.reading() as session:
        assert [link.id for link in links(session, noor, now=store.now())] == [
            ids[hash_of(erased)],
            ids[hash_of(token)],
        ]
    did(erase_candidate, noor, by=THE_PROGRAM)
    assert leads(store, erased) is None
    assert all(link.revoked_at for link in every(store, OwnPageLink) if link.id != ids[hash_of(run_out)])


def test_a_link_of_one_merged_away_leads_to_the_one_kept_until_they_are_parted(store, did, noor, token):
    kept = saved(store, a_candidate("Noor H."))
    merge = did(merge_candidates, kept, noor)
    assert leads(store, token) == kept
    did(undo_merge, merge)
    assert leads(store, token) == noor


def test_every_link_that_opens_nothing_is_answered_alike_and_tries_are_counted_by_address(store, did, noor, token):
    ran_out = new_token()
    did(give_own_page, noor, ran_out, life=timedelta(0))
    for number in range(auth.ADDRESS_TRIES):
        assert not auth.open_own_page(store, (new_token(), ran_out)[number % 2], "203.0.113.7")
    with pytest.raises(Refused, match="Too many attempts"):
        auth.open_own_page(store, new_token(), "203.0.113.7")
    for _ in range(auth.ADDRESS_TRIES + 1):  # one that opens a page counts for nothing, and is never shut out
        assert auth.open_own_page(store, token, "203.0.113.7")
    assert every(store, OwnPageLink)[0].last_used_at == store.now()


def test_a_member_who_looks_at_it_leaves_it_as_not_used(store, token):
    assert auth.open_own_page(store, token, None, by_member=True)
    assert not auth.open_own_page(store, new_token(), None, by_member=True)
    assert every(store, OwnPageLink)[0].last_used_at is None


# what she says there


def test_what_she_asks_is_a_word_from_her_and_owed_an_answer(store, she, noor, ben, process):
    said = she(own_page.ask, "  When do I hear?\0 ", process)
    (word,) = every(store, Contact)
    assert (word.id, word.way, word.channel, word.text) == (said, Way.FROM, CHANNEL, "When do I hear?")
    assert (word.by_id, word.process_id) == (None, process)
    (reply,) = promises_of(store, noor, Kind.REPLY)
    assert (reply.status, reply.owner_id) == (Status.OPEN, ben.id)
    assert not list(disagreements(store))


def test_the_trail_says_that_it_was_she_and_by_which_link(store, she, did):
    she(own_page.ask, "When?")
    (link,) = every(store, OwnPageLink)
    hers = [entry for entry in every(store, AuditEntry) if (entry.changes or {}).get("own_page") == link.id]
    assert [(entry.action, entry.actor_id) for entry in hers] == [("contact logged", None)]


def test_nobody_writes_in_the_process_of_somebody_else(store, did, she):
    other = did(start_process, saved(store, a_candidate("Piotr")), saved(store, an_opening()))
    with pytest.raises(Refused, match="somebody else"):
        she(own_page.ask, "When?", other)
    with pytest.raises(Refused, match="somebody else"):
        she(own_page.score, other, 10)
    assert every(store, Contact) == []


def test_nothing_too_much_and_too_many_are_refused(store, she, clock):
    for text, why in (("  ", "nothing in it"), ("x" * (own_page.LONGEST + 1), "too long")):
        with pytest.raises(Refused, match=why):
            she(own_page.ask, text)
    for _ in range(own_page.A_DAY):
        she(own_page.ask, "When?")
    with pytest.raises(Refused, match="tomorrow"):
        she(own_page.ask, "When?")
    clock.forward(days=1)
    she(own_page.ask, "When?")


def test_a_request_is_a_word_owed_an_answer_and_asked_twice_it_is_one(store, she, noor, clock):
    for _ in range(2):
        for kind in RequestKind:
            she(own_page.ask_for, kind)
    assert [word.about for word in every(store, Contact)] == list(own_page.SUBJECTS.values())
    assert len(promises_of(store, noor, Kind.REPLY)) == 2
    assert [(one.kind, one.channel, one.opened_by_id) for one in every(store, PrivacyRequest)] == [
        (kind, RequestChannel.OWN_PAGE, None) for kind in RequestKind
    ]


@pytest.fixture
def waiting(did, she):
    """The request by which the file with her data is on her page."""
    she(own_page.ask_for, RequestKind.SEE)
    return lambda store: did(put_on_own_page, every(store, PrivacyRequest)[-1].id)


def test_what_the_team_has_put_there_she_fetches_and_the_request_and_the_trail_say_so(store, she, noor, waiting, clock):
    with pytest.raises(Refused, match="nothing to fetch"):
        she(own_page.fetch_own_data)
    request = waiting(store)
    clock.forward(days=2)
    assert [she(own_page.fetch_own_data) for _ in range(2)] == [noor, noor]
    (asked,) = every(store, PrivacyRequest)
    assert (asked.fetch_until, asked.fetched_at) == (date(2026, 4, 1), clock.now)
    fetched = [entry for entry in every(store, AuditEntry) if entry.action == "data fetched"]
    assert [(entry.actor_id, entry.subject_id, entry.changes["own_page"]) for entry in fetched] == [
        (None, request, every(store, OwnPageLink)[0].id)
    ] * 2


@pytest.mark.parametrize(("days", "is_there"), [(30, True), (31, False)])
def test_it_is_there_for_thirty_days(store, she, waiting, clock, days, is_there):
    waiting(store)
    clock.forward(days=days)
    if is_there:
        she(own_page.fetch_own_data)
    else:
        with pytest.raises(Refused, match="nothing to fetch"):
            she(own_page.fetch_own_data)


def test_it_is_there_for_her_alone_and_not_once_it_is_open_again(store, did, she, waiting, ben):
    request = waiting(store)
    ewa, hers = saved(store, a_candidate("Ewa Lis", owner_id=ben.id)), new_token()
    did(give_own_page, ewa, hers, life=DAYS)
    with pytest.raises(Refused, match="nothing to fetch"):
        did(own_page.fetch_own_data, hers, by=THE_PROGRAM)
    did(reopen_request, request)
    with pytest.raises(Refused, match="nothing to fetch"):
        she(own_page.fetch_own_data)


def test_it_is_put_only_where_somebody_can_fetch_it(store, did, she, noor, waiting):
    did(revoke_own_page, every(store, OwnPageLink)[0].id)
    with pytest.raises(Refused, match="No link to their own page"):
        waiting(store)
    forget = did(open_request, noor, RequestKind.FORGET, RequestChannel.EMAIL)
    with pytest.raises(Refused, match="to be forgotten"):
        did(put_on_own_page, forget)


def test_it_is_not_fetched_without_end(store, she, waiting, clock):
    waiting(store)
    for _ in range(own_page.A_DAY):
        she(own_page.fetch_own_data)
    with pytest.raises(own_page.Enough):
        she(own_page.fetch_own_data)
    clock.forward(days=1)
    she(own_page.fetch_own_data)


def test_what_was_asked_of_a_record_merged_into_hers_is_hers_to_fetch(store, did, she, noor, waiting):
    waiting(store)
    kept = saved(store, a_candidate("Noor H."))
    did(merge_candidates, kept, noor)
    assert she(own_page.fetch_own_data) == kept


def test_she_agrees_and_withdraws(store, she):
    she(own_page.renew_consent, "en")
    (consent,) = every(store, Consent)
    assert (consent.until_on, consent.source) == (date(2027, 3, 2), CHANNEL)
    assert consent.evidence.startswith("I agree that my data are kept and used for future openings, for 12 months.")
    she(own_page.withdraw_own_consent)
    assert not list(disagreements(store))


def test_she_agrees_to_what_she_reads_whatever_was_agreed_before(store, did, she, noor):
    did(give_consent, noor, date(2026, 4, 1), purpose=Purpose.CLIENTS, basis=ConsentBasis.SENSITIVE, evidence="By mail")
    she(own_page.renew_consent, "pl")
    agreed = every(store, Consent)[-1]
    assert (agreed.purpose, agreed.basis) == (Purpose.FUTURE, ConsentBasis.CONSENT)
    assert agreed.evidence == words("pl")("consent_words", months=CONSENT_MONTHS)
    with pytest.raises(Refused):
        she(own_page.renew_consent, "../en")


# what is said of her


@pytest.fixture
def written(did, process):
    claims = [Said(text="Led a team of four", is_confirmed=True), Said(text="Speaks Swedish"), Said(text="Is calm")]
    return did(recommend, process, claims)


def claims(store):
    return {claim.text: (claim.confirmed_at, claim.own_word_at, claim.correction) for claim in every(store, Claim)}


def test_she_confirms_a_claim_and_corrects_another_and_can_think_again(store, she, written, clock):
    led, swedish, _ = every(store, Claim)
    for _ in range(2):
        she(own_page.confirm_claim, swedish.id, swedish.text)
        she(own_page.correct_claim, led.id, led.text, " I led three. ")
        clock.forward(minutes=5)
    at = store.now() - timedelta(minutes=10)
    stands = {"Led a team of four": (None, at, "I led three."), "Speaks Swedish": (at, at, None)}
    assert claims(store) == {**stands, "Is calm": (None, None, None)}
    she(own_page.confirm_claim, led.id, led.text)
    assert claims(store)[led.text] == (store.now(), store.now(), None)


def test_a_correction_is_a_word_owed_an_answer_and_the_same_one_twice_is_one(store, she, noor, process, written):
    led = every(store, Claim)[0]
    for _ in range(2):
        she(own_page.correct_claim, led.id, led.text, "I led three.")
    (word,) = every(store, Contact)
    assert (word.way, word.channel, word.about, word.text, word.process_id) == (
        *(Way.FROM, CHANNEL, f"Correction of “{led.text}”", "I led three."),
        process,
    )
    (reply,) = promises_of(store, noor, Kind.REPLY)
    assert (reply.status, reply.about_id) == (Status.OPEN, word.id)
    assert not list(disagreements(store))


def test_what_she_said_stands_whatever_a_recruiter_ticks_and_a_correction_taken_over_is_hers(
    store, did, she, written, clock
):
    led, swedish, _ = every(store, Claim)
    she(own_page.confirm_claim, swedish.id, swedish.text)
    she(own_page.correct_claim, led.id, led.text, "I led three.")
    at = store.now()
    clock.forward(days=1)
    unseen = [Said(text="Led a team of four", is_confirmed=True), Said(text="Speaks Swedish")]
    with pytest.raises(Refused, match="changed this recommendation meanwhile"):
        did(edit_recommendation, written, unseen, summary="", version=1)
    did(edit_recommendation, written, unseen, summary="", version=3)
    assert claims(store) == {"Led a team of four": (None, at, "I led three."), "Speaks Swedish": (at, at, None)}
    did(edit_recommendation, written, [Said(text="I led three.")], summary="", version=4)
    assert claims(store) == {"I led three.": (at, at, None)}


def test_only_what_she_read_and_only_what_is_said_of_her_is_confirmed(store, did, she, written):
    led = every(store, Claim)[0]
    other = did(start_process, saved(store, a_candidate("Piotr")), saved(store, an_opening()))
    did(recommend, other, [Said(text="Led a team of four")])
    theirs = every(store, Claim)[-1]
    for id_, text in ((led.id, "Something else"), (theirs.id, theirs.text), (99, "x")):
        with pytest.raises(Refused, match="changed meanwhile"):
            she(own_page.confirm_claim, id_, text)
        with pytest.raises(Refused, match="changed meanwhile"):
            she(own_page.correct_claim, id_, text, "y")


# how she scores us


def test_she_scores_us_once_and_only_when_she_was_told(store, did, she, noor, process):
    with pytest.raises(Refused, match="not ended yet"):
        she(own_page.score, process, 9)
    did(close_process, process, result=Result.REJECTED, answer=Answer.TOLD, told="They took somebody else.")
    with pytest.raises(Refused, match="From 0 to 10"):
        she(own_page.score, process, 11)
    for points in (9, 2):
        she(own_page.score, process, points, " Thank you. ")
    (answer,) = every(store, SurveyAnswer)
    assert (answer.score, answer.words, answer.result, answer.candidate_id) == (9, "Thank you.", Result.REJECTED, noor)
    did(erase_candidate, noor, by=THE_PROGRAM)
    assert [(answer.score, answer.words) for answer in every(store, SurveyAnswer)] == [(9, "")]


def test_whoever_was_not_told_yet_is_not_asked(did, she, process):
    did(close_process, process, result=Result.REJECTED, answer=Answer.OWED)
    with pytest.raises(Refused, match="nobody has told"):
        she(own_page.score, process, 9)
