"""What people ask of their data, who falls due, and whom a claim keeps."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.commands.candidates import add_candidate, erase_candidate
from core.commands.consents import give_consent, withdraw_consent
from core.commands.contacts import log_contact
from core.commands.merges import merge_candidates, undo_merge
from core.commands.own_page import fetch_own_data, give_own_page, revoke_own_page
from core.commands.policy import ensure_first_policy, set_retention
from core.commands.privacy import (
    erase_if_due,
    keep_for_claim,
    keep_no_longer,
    note_given,
    open_request,
    put_on_own_page,
    reopen_request,
    take_longer,
    take_no_longer,
    take_off_own_page,
    take_out_data,
    withdraw_request,
)
from core.commands.undo import undo_fact
from core.domain.bases import ConsentBasis, Purpose
from core.domain.facts import Way
from core.domain.handles import Handle as Address
from core.domain.refusal import Refused
from core.domain.retention import Act
from core.domain.tokens import new_token
from core.erasing import erase, erase_due, find
from core.persistence.check import disagreements
from core.persistence.tables import AuditEntry, Candidate, Contact, PrivacyRequest, RequestChannel, RequestKind
from core.persistence.tables.privacy import RequestState
from core.persistence.work import THE_PROGRAM
from core.queries.page import Page
from core.queries.privacy import (
    all_due,
    answered,
    falling_due,
    ground_of,
    number_falling_due,
    number_waiting,
    request,
    waiting,
)
from tests.make import MONDAY, a_candidate, a_process, a_word_from_her, a_word_to_her, an_opening, saved

SEE, FORGET = RequestKind.SEE, RequestKind.FORGET
TODAY = date(2026, 3, 2)


def act(store, who, command, *args, **plain):
    with store.working(who) as work:
        return command(work, *args, **plain)


def ask(store, who, noor, kind=SEE, **plain):
    return act(store, who, open_request, noor, kind, RequestChannel.EMAIL, **plain)


def read(store, query, *args, **plain):
    with store.reading() as session:
        return query(session, *args, **plain)


@pytest.fixture
def noor(store, ben):
    return saved(store, a_candidate(owner_id=ben.id))


# consent


def test_a_consent_says_what_for_by_which_rule_and_what_shows_it(store, ben, noor, clock):
    first = act(store, ben, give_consent, noor, date(2026, 9, 1), source=" in a form ", evidence="“I agree.”")
    clock.forward(days=3)
    act(
        store,
        ben,
        give_consent,
        noor,
        date(2027, 3, 1),
        purpose=Purpose.CLIENTS,
        basis=ConsentBasis.MORE,
        source="by e-mail",
    )
    ground = read(store, ground_of, noor, calendar=store.calendar)
    last, before = ground.consents
    assert (before.id, before.purpose, before.basis) == (first, Purpose.FUTURE, ConsentBasis.CONSENT)
    assert (before.source, before.evidence, before.by) == ("in a form", "“I agree.”", "Ben")
    assert ground.consent(TODAY) == last
    assert (last.purpose, last.until) == (Purpose.CLIENTS, date(2027, 3, 1))
    assert ground.act.what is Act.CONSENT
    clock.forward(days=1)
    withdrawal = act(store, ben, withdraw_consent, noor)
    assert read(store, ground_of, noor, calendar=store.calendar).consent(TODAY) is None
    act(store, ben, undo_fact, withdrawal)
    assert read(store, ground_of, noor, calendar=store.calendar).consent(TODAY) == last
    assert ground.consent(date(2027, 3, 2)) is None  # lapsed


def test_one_renewed_without_a_word_is_for_what_the_last_was_for(store, ben, noor, clock):
    act(store, ben, give_consent, noor, date(2027, 1, 1), purpose=Purpose.CLIENTS, basis=ConsentBasis.MORE)
    clock.forward(days=1)
    act(store, ben, give_consent, noor, date(2028, 1, 1))
    last = read(store, ground_of, noor, calendar=store.calendar).consents[0]
    assert (last.until, last.purpose, last.basis) == (date(2028, 1, 1), Purpose.CLIENTS, ConsentBasis.MORE)


# requests


def test_a_request_is_due_in_a_month_and_noted_once(store, ben, ana, noor):
    asked = ask(store, ben, noor, received_on=date(2026, 1, 31))
    with pytest.raises(Refused, match="That is noted already, and to be answered by 28 February"):
        ask(store, ana, noor)
    other = ask(store, THE_PROGRAM, noor, FORGET)
    first, second = read(store, waiting, Page())
    assert (first.id, first.due_on, first.opened_by) == (asked, date(2026, 2, 28), "Ben")
    assert (second.id, second.due_on, second.opened_by) == (other, date(2026, 4, 2), "")
    assert read(store, number_waiting, TODAY) == (2, 1)
    with pytest.raises(Refused, match="yet to come"):
        ask(store, ben, noor, received_on=date(2026, 3, 3))


def test_it_is_answered_once_taken_back_and_open_again(store, ana, ben, noor):
    asked = ask(store, ben, noor)
    act(store, ben, take_out_data, noor)
    assert [act(store, who, note_given, asked) for who in (ben, ana)] == [asked, None], "only Ben can undo it"
    (done,) = read(store, answered, Page())
    assert (done.state, done.done_by) == (RequestState.DONE, "Ben")
    with pytest.raises(Refused, match="answered meanwhile"):
        act(store, ben, withdraw_request, asked)
    with pytest.raises(Refused, match="stays as they left it"):
        act(store, ana, reopen_request, asked)
    act(store, ben, reopen_request, asked)
    assert [one.id for one in read(store, waiting, Page())] == [asked]
    act(store, ben, withdraw_request, asked)
    again = ask(store, ben, noor)
    assert again != asked
    with pytest.raises(Refused, match="asked for the same again"):
        act(store, ben, reopen_request, asked)
    with store.reading() as session:
        assert "data taken out" in session.scalars(select(AuditEntry.action)).all()


def test_two_months_more_are_had_within_the_first_and_with_a_reason(store, ben, noor, clock):
    asked = ask(store, ben, noor)
    with pytest.raises(Refused, match="Write why"):
        act(store, ben, take_longer, asked, " ")
    act(store, ben, take_longer, asked, "Two lists to look through.")
    assert read(store, request, asked).due_on == date(2026, 6, 2)
    act(store, ben, take_no_longer, asked)
    assert read(store, request, asked).due_on == date(2026, 4, 2)
    clock.forward(days=40)
    with pytest.raises(Refused, match="The month is over"):
        act(store, ben, take_longer, asked, "Late.")


def test_erasing_takes_them_out_of_what_others_wrote_and_a_namesake_stays(store, ana, ben, tmp_path):
    with store.working(ben) as work:
        noor = add_candidate(work, name="Noor Haddad", handles=[Address("email", "noor@example.org")])
        namesake = add_candidate(work, name="Noor Haddad")
        ewa = add_candidate(work, name="Ewa Lis")
        word = log_contact(work, ewa, way=Way.FROM, text="Noor Haddad (noor@example.org) told me of you.")
    see, asked = ask(store, ben, noor), ask(store, ben, noor, FORGET)
    found = find(store, noor)
    assert [(trace.place, trace.excerpt) for trace in found.to_take_out] == [
        ("contact.text", "Noor Haddad (noor@example.org) told me of you.")
    ]
    assert {trace.place for trace in found.of_others} >= {"candidate.name", "candidate.sort_name"}
    with pytest.raises(Refused, match="Only an admin"):
        erase(store, ben, asked, found)
    proof = erase(store, ana, asked, found)
    assert (proof["found"], proof["taken_out"], proof["by"]) == (0, 1, "Ana")
    assert proof["of_others"]["candidate.name"] == 1
    assert "Noor" not in str(proof)
    with store.reading() as session:
        assert session.get_one(Contact, word).text == "[erased] ([erased]) told me of you."
        assert session.get_one(Candidate, namesake).name == "Noor Haddad"
        assert session.get_one(PrivacyRequest, see).state is RequestState.WITHDRAWN
    done = read(store, request, asked)
    assert (done.name, done.state, done.proof) == ("", RequestState.DONE, proof)
    with pytest.raises(Refused, match="answered meanwhile"):
        erase(store, ana, asked, found)
    assert list(disagreements(store, workers=0)) == []


# who falls due


@pytest.fixture
def people(store, ben, clock):
    """Of three years: one silent since, one who wrote lately, one in process, one only we wrote to, one kept."""
    with store.working(THE_PROGRAM) as work:
        ensure_first_policy(work)
    opening = saved(store, an_opening())
    then = MONDAY - timedelta(days=1100)
    at = {"happened_at": then}

    def one(name, *words):
        return saved(store, a_candidate(name, owner_id=ben.id, added_at=then), *words)

    return {
        "silent": one("Ada Silent", a_word_from_her(**at)),
        "lately": one("Bo Lately", a_word_from_her(**at), a_word_from_her(happened_at=MONDAY - timedelta(days=30))),
        "active": one("Cy Active", a_word_from_her(**at), a_process(opening, **at)),
        "ours": one("Di Ours", a_word_to_her(happened_at=MONDAY - timedelta(days=5))),
        "kept": one("Ed Kept", a_word_from_her(**at)),
        "soon": one("Fi Soon", a_word_from_her(happened_at=MONDAY - timedelta(days=680))),
    }


def due(store):
    rows = read(store, falling_due, Page(), now=store.now(), calendar=store.calendar, soon=False)
    return {row.name: row.act.what if row.act else None for row in rows}


def test_who_falls_due_is_told_by_their_own_last_act(store, ana, people):
    act(store, ana, keep_for_claim, people["kept"], date(2027, 1, 1), "A claim.")
    assert due(store) == {"Ada Silent": Act.WORD, "Di Ours": None}
    (soon,) = read(store, falling_due, Page(), now=store.now(), calendar=store.calendar, soon=True)
    assert (soon.name, soon.due_on) == ("Fi Soon", date(2026, 4, 21))
    assert read(store, all_due, TODAY, 24) == [people["silent"], people["ours"]]
    counted = read(store, number_falling_due, TODAY, 24)
    assert (counted.now, counted.soon) == (2, 1)
    act(store, ana, keep_no_longer, people["kept"])
    assert set(due(store)) == {"Ada Silent", "Di Ours", "Ed Kept"}
    change = act(store, ana, set_retention, 40)
    assert due(store) == {}
    act(store, ana, undo_fact, change)
    assert set(due(store)) == {"Ada Silent", "Di Ours", "Ed Kept"}
    assert list(disagreements(store, workers=0)) == []


def test_whoever_acted_meanwhile_is_left_and_the_others_are_erased(store, ana, ben, people, tmp_path):
    with pytest.raises(Refused, match="Only an admin"):
        erase_due(store, ben, [people["ours"]], lambda done, of: None)
    with store.reading() as session:
        (refused,) = session.scalars(select(AuditEntry.changes).where(AuditEntry.action == "refused"))
    assert refused == {"command": "privacy.erase_if_due"}
    ids = [*read(store, all_due, TODAY, 24), people["active"]]
    act(store, ana, log_contact, people["silent"], way=Way.FROM, text="I am back.")
    act(store, ana, keep_for_claim, people["kept"], TODAY, "A claim.")
    told = []
    came = erase_due(store, ana, ids, lambda done, of: told.append((done, of)))
    assert came.done == 1
    assert sorted(came.left) == sorted([people["silent"], people["kept"], people["active"]])
    assert told[-1] == (4, 4)
    with store.reading() as session:
        assert session.get_one(Candidate, people["ours"]).erased_at == MONDAY
    assert act(store, ana, erase_if_due, people["ours"]) is False
    assert list(disagreements(store, workers=0)) == []


def test_what_they_were_given_otherwise_is_not_said_to_be_on_their_page(store, ana, ben, noor):
    asked = ask(store, ana, noor)
    act(store, ana, give_own_page, noor, new_token(), life=timedelta(days=90))
    act(store, ana, note_given, asked)
    with pytest.raises(Refused, match="answered meanwhile"):
        act(store, ben, put_on_own_page, asked)
    act(store, ana, reopen_request, asked)
    assert act(store, ben, put_on_own_page, asked) == asked
    with pytest.raises(Refused, match="It is there already: Ben has put it on their own page"):
        act(store, ana, put_on_own_page, asked)
    with pytest.raises(Refused, match="stays as they left it"):
        act(store, ana, reopen_request, asked)
    for who in (ana, ben):
        act(store, who, take_off_own_page, asked)
    assert [one.id for one in read(store, waiting, Page())] == [asked], "they have not fetched it: it is owed again"
    assert act(store, ana, put_on_own_page, asked) == asked


def test_it_is_said_until_when_a_link_leads_to_what_is_on_their_page(store, ben, noor, clock):
    asked = ask(store, ben, noor)
    link = act(store, ben, give_own_page, noor, new_token(), life=timedelta(days=9))
    act(store, ben, put_on_own_page, asked)
    assert read(store, request, asked).link_until == clock.now + timedelta(days=9)
    act(store, ben, revoke_own_page, link)
    assert read(store, request, asked).link_until is None


def test_what_was_fetched_is_given_and_is_neither_undone_nor_owed_again(store, ben, noor):
    asked, token = ask(store, ben, noor), new_token()
    act(store, ben, give_own_page, noor, token, life=timedelta(days=90))
    act(store, ben, put_on_own_page, asked)
    act(store, THE_PROGRAM, fetch_own_data, token)
    with pytest.raises(Refused, match="fetched their data meanwhile"):
        act(store, ben, reopen_request, asked)
    act(store, ben, take_off_own_page, asked)
    with pytest.raises(Refused, match="nothing to fetch"):
        act(store, THE_PROGRAM, fetch_own_data, token)
    assert read(store, waiting, Page()) == []
    assert read(store, request, asked).fetched_at == MONDAY


def test_nobody_who_still_waits_to_see_their_data_falls_due(store, ana, people, tmp_path):
    asked = ask(store, ana, people["silent"])
    assert read(store, all_due, TODAY, 24) == [people["ours"], people["kept"]]
    assert read(store, number_falling_due, TODAY, 24).now == 2
    came = erase_due(store, ana, [people["silent"]], lambda done, of: None)
    assert (came.done, came.left) == (0, [people["silent"]])
    act(store, ana, give_own_page, people["silent"], new_token(), life=timedelta(days=90))
    act(store, ana, put_on_own_page, asked)
    assert read(store, all_due, TODAY, 24) == [people["ours"], people["kept"]]  # it waits to be fetched
    act(store, ana, reopen_request, asked)
    act(store, ana, note_given, asked)
    assert read(store, all_due, TODAY, 24) == [people["silent"], people["ours"], people["kept"]]


# kept for a claim


def test_whom_a_claim_keeps_is_not_erased_until_an_admin_ends_that(store, ana, ben, noor):
    with pytest.raises(Refused, match="Only an admin"):
        act(store, ben, keep_for_claim, noor, TODAY, "A claim.")
    for until, because in ((date(2029, 3, 3), "A claim."), (date(2026, 3, 1), "A claim."), (TODAY, " ")):
        with pytest.raises(Refused, match=r"next 36 months|Write which"):
            act(store, ana, keep_for_claim, noor, until, because)
    act(store, ana, keep_for_claim, noor, date(2029, 3, 2), "A claim.")
    with pytest.raises(Refused, match=r"A claim keeps this person until 02.03.2029"):
        act(store, ana, erase_candidate, noor)
    act(store, ana, keep_no_longer, noor)
    act(store, ana, keep_no_longer, noor)
    act(store, ana, erase_candidate, noor)
    with store.reading() as session:
        told = [str(entry.changes) for entry in session.scalars(select(AuditEntry))]
    assert not any("A claim." in changes for changes in told)


def test_a_claim_goes_along_when_two_are_merged_and_parted(store, ana, noor):
    twin = saved(store, a_candidate("Noor H."))
    act(store, ana, keep_for_claim, twin, date(2027, 1, 1), "A claim.")
    merge = act(store, ana, merge_candidates, noor, twin)
    ground = read(store, ground_of, noor, calendar=store.calendar)
    assert (ground.kept_until, ground.kept_because) == (date(2027, 1, 1), "A claim.")
    act(store, ana, undo_merge, merge)
    assert read(store, ground_of, noor, calendar=store.calendar).kept_until is None
    assert read(store, ground_of, twin, calendar=store.calendar).kept_until == date(2027, 1, 1)
