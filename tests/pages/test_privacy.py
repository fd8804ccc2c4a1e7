"""Privacy: requests answered, those kept long enough erased after asking, and what one person agreed to."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.commands.own_page import ask_for, give_own_page
from core.commands.policy import ensure_first_policy
from core.commands.privacy import note_given, open_request, put_on_own_page
from core.domain.tokens import new_token
from core.persistence.tables import Candidate, Consent, Contact, PrivacyRequest, RequestChannel, RequestKind
from core.persistence.tables.people import Handle, HandleKind
from core.persistence.tables.privacy import RequestState
from core.persistence.tables.team import Role
from core.persistence.viewer import THE_PROGRAM
from tests.make import MONDAY, a_candidate, a_word_from_her, a_word_to_her, saved
from tests.pages.conftest import acted, starting
from tests.pages.test_candidate import words

LONG_AGO = MONDAY - timedelta(days=1000)


@pytest.fixture
def noor(store, ben):
    noor = saved(store, a_candidate(owner_id=ben.id, added_at=LONG_AGO), a_word_from_her(happened_at=LONG_AGO))
    saved(store, Handle(candidate_id=noor, kind=HandleKind.EMAIL, value="noor@example.org"))
    return noor


def asked(store, who, noor, kind):
    with store.working(who) as work:
        return open_request(work, noor, kind, RequestChannel.EMAIL)


def labelled(elements, label):
    return next(element for element in elements if element.label == label)


def stored(store, table, id_):
    with store.reading() as session:
        return session.get_one(table, id_)


def test_a_request_is_noted_for_whoever_asks_and_taken_back(page_of, store, ben, noor):
    page = page_of("privacy.py", ben).run()
    assert page.title[0].value == "One person was kept long enough"
    page.button(key="note-a-request").click().run()
    page.text_input(key="request-who").set_value("haddad").run()
    page.button(key=f"choose-{noor}").click().run()
    starting(page.date_input, "request-received-").set_value(date(2026, 1, 20)).run()
    page.button(key="note-request").click().run()
    assert page.title[0].value == "One request about somebody’s data is overdue"
    assert "**Noor Haddad** asks to see their data :red-badge[10 days late]" in words(page)
    labelled(page.button, "Undo").click().run()
    assert "Nobody waits." in words(page)


def test_whoever_asked_to_see_their_data_has_it_and_the_answer_is_on_record(page_of, store, ben, noor):
    request = asked(store, ben, noor, RequestKind.SEE)
    page = page_of("privacy.py", ben).run()
    page.button(key=f"give-{request}").click().run()
    assert stored(store, PrivacyRequest, request).state is RequestState.DONE
    labelled(page.button, "Undo").click().run()
    assert stored(store, PrivacyRequest, request).state is RequestState.OPEN


def test_who_asked_on_their_own_page_finds_it_there(page_of, store, ben, noor):
    with store.working(THE_PROGRAM) as work:
        request = open_request(work, noor, RequestKind.SEE, RequestChannel.OWN_PAGE)
    page = page_of("privacy.py", ben).run()
    put_there(page, request)
    assert "No link to their own page is in force" in page.error[0].value
    with store.working(ben) as work:
        give_own_page(work, noor, new_token(), life=timedelta(days=90))
    page = page_of("privacy.py", ben).run()
    put_there(page, request)
    assert stored(store, PrivacyRequest, request).fetch_until == date(2026, 4, 1)
    page = page_of("candidate.py", ben, id=str(noor))
    page.session_state[f"tabs-{noor}"] = "Privacy"
    assert "waits on their own page until Wed 1 Apr, not fetched" in words(page.run())


def test_what_is_on_their_page_waits_no_longer_than_a_link_leads_there_and_is_taken_off(
    page_of, store, ana, ben, vera, noor, clock
):
    request = asked(store, ben, noor, RequestKind.SEE)
    with store.working(ben) as work:
        give_own_page(work, noor, new_token(), life=timedelta(days=7))
        put_on_own_page(work, request)
    page = page_of("candidate.py", ana, id=str(noor))
    page.session_state[f"tabs-{noor}"] = "Privacy"
    page.run()
    assert "waits on their own page until Mon 9 Mar, not fetched" in words(page)
    assert "to be erased once they have fetched their data from their own page, or after Wed 1 Apr." in words(page)
    seen = page_of("candidate.py", vera, id=str(noor))
    seen.session_state[f"tabs-{noor}"] = "Privacy"
    assert not [button for button in seen.run().button if button.key == f"take-off-{request}"]
    clock.forward(days=8)
    page = page_of("candidate.py", ana, id=str(noor))
    page.session_state[f"tabs-{noor}"] = "Privacy"
    page.run()
    assert "waits on their own page" not in words(page)
    assert "not fetched: no link to their own page is in force any more" in words(page)
    assert "or after Wed 1 Apr. Just now no link to their own page is in force any more." in words(page)
    next(one for one in page.get("menu_button") if one.key == "more-of-person").set_value("Their own page…").run()
    assert "Their data are there until Wed 1 Apr, not fetched, and no link leads there" in words(page)
    page.button(key=f"take-off-{request}").click().run()
    assert "**To see their data** :gray-badge[by Thu 2 Apr]" in words(page)
    assert stored(store, PrivacyRequest, request).fetch_until is None


def test_what_somebody_asked_of_their_data_is_owed_on_their_page_until_it_is_answered(
    page_of, store, ben, vera, noor, clock
):
    request = asked(store, ben, noor, RequestKind.SEE)
    page = page_of("candidate.py", ben, id=str(noor)).run()
    assert "**To see their data** :gray-badge[by Thu 2 Apr]" in words(page)
    assert "asked Mon 2 Mar, e-mail" in words(page)
    assert "Nothing is owed" not in words(page)
    assert [button.label for button in page.button if button.key == f"to-request-{request}"] == ["See the request"]
    seen = page_of("candidate.py", vera, id=str(noor)).run()
    assert "**To see their data**" in words(seen)
    assert not [button for button in seen.button if button.key == f"to-request-{request}"]
    clock.forward(days=32)
    page = page_of("candidate.py", ben, id=str(noor))
    assert "**To see their data** :red-badge[1 day late]" in words(page.run())
    with store.working(ben) as work:
        note_given(work, request)
    assert "To see their data" not in words(page.run())


def test_what_somebody_asked_of_their_data_is_counted_among_what_is_owed(page_of, store, ben, noor, clock):
    quiet, wrote = saved(store, a_candidate(owner_id=ben.id)), noor
    asked(store, ben, quiet, RequestKind.SEE)
    assert owed(page_of("candidate.py", ben, id=str(quiet)).run()) == ("1 request", "by Thu 2 Apr")
    asked(store, ben, wrote, RequestKind.SEE)
    number, late = owed(page_of("candidate.py", ben, id=str(wrote)).run())
    assert (number, late[-17:]) == ("2 things", "working days late")
    clock.forward(days=32)
    assert owed(page_of("candidate.py", ben, id=str(quiet)).run()) == ("1 request", "1 day late")


@pytest.mark.parametrize(
    ("kind", "said"),
    [(RequestKind.SEE, "asked to see their data"), (RequestKind.FORGET, "asked to be forgotten")],
)
def test_what_they_asked_on_their_own_page_reads_as_what_it_is_and_is_their_last_act(page_of, store, ben, kind, said):
    noor, token = saved(store, a_candidate(pronoun="she", owner_id=ben.id, added_at=LONG_AGO)), new_token()
    with store.working(ben) as work:
        give_own_page(work, noor, token, life=timedelta(days=7))
    with store.working(THE_PROGRAM) as work:
        ask_for(work, token, kind)
    page = page_of("candidate.py", ben, id=str(noor)).run()
    assert f"her, own page]]  \n{said}" in words(page)
    assert "no text kept" not in words(page)
    assert f"She {said}, own page" in words(page)
    assert "Reply to her request" in words(page)
    page.session_state[f"tabs-{noor}"] = "Privacy"
    last = {RequestKind.SEE: "they asked for their data", RequestKind.FORGET: "they asked to be forgotten"}[kind]
    assert f"Their own last act: {last}, Mon 2 Mar." in words(page.run())
    page = page_of("today.py", ben).run()
    assert f"They, today 09:00, own page · {said}" in words(page)


def owed(page):
    (figure,) = (metric for metric in page.metric if metric.label.startswith("Owed"))
    return figure.value, figure.delta


def put_there(page, request):
    page.button(key=f"give-{request}").click().run()
    assert page.button(key="put-there").disabled
    page.checkbox(key="put-sure").set_value(True).run()
    page.button(key="put-there").click().run()


def test_an_admin_sees_who_else_wrote_of_them_and_erases_them(page_of, store, ana, ben, noor):
    word = saved(store, a_candidate("Ewa Lis"), a_word_to_her(text="Noor Haddad told me of you."))
    with store.reading() as session:
        said = session.scalars(select(Contact.id).where(Contact.text.startswith("Noor"))).one()
    request = asked(store, ben, noor, RequestKind.FORGET)
    assert word
    assert not [one for one in page_of("privacy.py", ben).run().button if one.label == "Erase them…"]
    page = page_of("privacy.py", ana).run()
    page.button(key=f"erase-{request}").click().run()
    assert "Others wrote of them in 1 place." in words(page)
    assert page.button(key="erase-for-good").disabled
    page.checkbox(key="erase-sure").set_value(True).run()
    page.button(key="erase-for-good").click().run()
    assert page.toast[0].value.startswith("Erased")
    assert "nothing found" in page.toast[0].value
    assert stored(store, Candidate, noor).erased_at is not None
    assert stored(store, Contact, said).text == "[erased] told me of you."
    assert stored(store, PrivacyRequest, request).proof["found"] == 0
    assert f"[{noor}, " in store.journal.read_text()
    assert not page.exception


def test_before_one_of_two_of_a_name_is_erased_it_is_said_which(page_of, store, ana, ben):
    one, other = (saved(store, a_candidate("Ewa Lis", company=company)) for company in ("Kestrel", "Fjordmesh"))
    requests = [asked(store, ben, of, RequestKind.FORGET) for of in (one, other)]
    page = page_of("privacy.py", ana).run()
    page.button(key=f"erase-{requests[1]}").click().run()
    assert "Fjordmesh" in words(page)
    assert "Kestrel" not in words(page)


def test_after_somebody_was_erased_nothing_of_before_is_offered_to_be_undone(page_of, store, ana, ben, noor):
    request = asked(store, ben, noor, RequestKind.FORGET)
    other = asked(store, ben, saved(store, a_candidate("Ewa Lis")), RequestKind.SEE)
    page = page_of("privacy.py", ana).run()
    page.button(key=f"give-{other}").click().run()
    assert [one for one in page.button if one.label == "Undo"]
    page.button(key=f"erase-{request}").click().run()
    page.checkbox(key="erase-sure").set_value(True).run()
    page.button(key="erase-for-good").click().run()
    assert page.toast[0].value.startswith("Erased")
    assert not [one for one in page.button if one.label == "Undo"]


def test_those_kept_long_enough_are_erased_once_their_number_is_typed(page_of, store, ana, noor):
    ivo = saved(store, a_candidate("Ivo Kos", added_at=LONG_AGO))
    page = page_of("privacy.py", ana).run()
    assert page.title[0].value == "Two people were kept long enough"
    page.button(key="erase-due").click().run()
    page.text_input(key="erase-number").set_value("1").run()
    assert page.button(key="erase-them").disabled
    saved(store, a_word_from_her(candidate_id=noor))  # she writes while it is being asked
    page.session_state["to-erase"] = [noor, ivo]
    page.text_input(key="erase-number").set_value("2").run()
    page.button(key="erase-them").click().run()
    said = page.toast[0].value.replace("\\", "")
    assert said == "Erased: 1 person. Left, since they acted meanwhile or are kept: Noor Haddad"
    assert stored(store, Candidate, ivo).erased_at is not None
    assert stored(store, Candidate, noor).erased_at is None


def test_an_admin_changes_how_long_people_are_kept_and_back(page_of, store, ana, noor):
    with store.working(ana) as work:
        ensure_first_policy(work)
    page = page_of("privacy.py", ana).run()
    page.button(key="change-months").click().run()
    page.number_input(key="months").set_value(36).run()
    page.button(key="set-months").click().run()
    assert "people are kept for 36 months after their own last act" in words(page)
    assert "36 months after the candidate’s own last act" in page.table[0].value.to_string()
    labelled(page.button, "Undo").click().run()
    assert "people are kept for 24 months" in words(page)


def test_vera_sees_what_waits_and_changes_nothing(page_of, store, ben, vera, noor):
    asked(store, ben, noor, RequestKind.SEE)
    page = page_of("privacy.py", vera).run()
    assert "**Noor Haddad** asks to see their data" in words(page)
    assert [one.label for one in page.button] == []


def test_an_admin_is_told_on_today_and_a_recruiter_is_not(page_of, store, ana, ben, noor):
    asked(store, ben, noor, RequestKind.SEE)
    assert "1 request about somebody’s data waits" in words(page_of("today.py", ana).run())
    assert "somebody’s data" not in words(page_of("today.py", ben).run())


# on a person's page


def tab(page_of, viewer, person):
    page = page_of("candidate.py", viewer, id=str(person)).run()
    page.session_state[f"tabs-{person}"] = "Privacy"
    return page.run()


def test_how_a_consent_came_stays_where_that_is_too_long_and_it_is_said_how_much_fits(page_of, store, ben, noor):
    page = tab(page_of, ben, noor)
    page.button(key="consent").click().run()
    source = starting(page.text_input, "consent-source-")
    assert not source.max_chars  # beyond that the browser would drop a pasted text without a word
    source.set_value("x" * 201)
    page.button(key="note-consent").click().run()
    assert "200 characters fit for how it came" in page.error[0].value
    assert len(starting(page.text_input, "consent-source-").value) == 201
    with store.reading() as session:
        assert session.scalars(select(Consent)).all() == []


def test_a_consent_is_noted_with_what_shows_it_renewed_and_withdrawn(page_of, store, ben, noor):
    page = tab(page_of, ben, noor)
    assert "**No consent** is on record." in words(page)
    page.button(key="consent").click().run()
    starting(page.date_input, "consent-until-").set_value(date(2027, 1, 1))
    starting(page.text_input, "consent-source-").set_value("In a form")
    starting(page.text_area, "consent-evidence-").set_value("“I *agree*.”")
    page.button(key="note-consent").click().run()
    with store.reading() as session:
        consent = session.scalars(select(Consent)).one()
    assert (consent.until_on, consent.source, consent.evidence) == (date(2027, 1, 1), "In a form", "“I *agree*.”")
    assert "**Agreed** to be thought of for future openings, until Fri 1 Jan 2027." in words(page)
    assert "“I *agree*.”" in [text.value for text in page.text]
    page.button(key="withdraw-consent").click().run()
    assert "they withdrew it" in words(page)
    labelled(page.button, "Undo").click().run()
    assert labelled(page.button, "Renew it…")
    page.button(key=f"take-back-{consent.id}").click().run()
    page.button(key="take-consent-back").click().run()
    assert "**No consent** is on record." in words(page)


def test_a_claim_keeps_somebody_and_only_admins_see_why(page_of, store, ana, ben, noor):
    page = tab(page_of, ana, noor)
    assert "They were kept long enough: to be erased :blue-badge[now]" in words(page)
    page.button(key="keep-for-claim").click().run()
    starting(page.date_input, "claim-until-").set_value(date(2027, 1, 1))
    starting(page.text_area, "claim-because-").set_value("Case 7")
    page.button(key="keep-them").click().run()
    assert "A claim keeps them until Fri 1 Jan 2027: Case 7." in words(page)
    others = words(tab(page_of, ben, noor))
    assert "A claim keeps them until Fri 1 Jan 2027." in others
    assert "Case 7" not in others


# with a browser


def test_the_file_with_all_that_is_known_is_downloaded(app_server, signed_in_page, tmp_path):
    noor = saved(app_server.store, a_candidate("Noor Haddad"))
    asked(app_server.store, app_server.members[Role.RECRUITER], noor, RequestKind.SEE)
    page = signed_in_page(Role.RECRUITER, "/privacy")
    page.add_init_script("window.showSaveFilePicker=undefined")
    with page.expect_download() as download:
        page.get_by_role("button", name="Their data").click()
    assert download.value.suggested_filename == "your-data.zip"
    file = tmp_path / "your-data.zip"
    download.value.save_as(file)
    assert file.read_bytes().startswith(b"PK")
    acted(page, lambda: page.get_by_role("button", name="They have it").click())
    page.get_by_text("Nobody waits.", exact=False).wait_for()
