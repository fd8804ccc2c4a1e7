"""The candidate's own page: opened by its link alone, shut to everybody else; and the team's side of it."""

import io
import urllib.error
import urllib.request
import zipfile
from datetime import timedelta

import pytest

from core.commands.candidates import erase_candidate
from core.commands.meetings import plan_meeting
from core.commands.own_page import LONGEST, correct_claim, give_own_page, revoke_own_page, score
from core.commands.privacy import open_request, put_on_own_page
from core.commands.processes import close_process
from core.commands.recommendations import Said, recommend
from core.domain.facts import Answer, MeetingKind, Result
from core.domain.own_page import words
from core.domain.tokens import new_token
from core.persistence.tables import (
    AuditEntry,
    Candidate,
    Claim,
    Consent,
    Contact,
    Opening,
    OwnPageLink,
    PrivacyRequest,
    Process,
    RequestChannel,
    RequestKind,
    SurveyAnswer,
)
from core.persistence.tables.team import Role
from core.persistence.viewer import THE_PROGRAM
from pages.parts import runtime, state
from tests.make import PATIENCE, a_candidate, saved
from tests.pages.conftest import acted, session_of, settled, watch
from tests.pages.test_candidate import plain
from tests.pages.test_candidate import words as said
from tests.pages.test_doors import NoRedirect, answered
from tests.pages.wire import Wire
from tests.queries.test_own_page import SECRET, TOKEN, a_life_with_secrets, does

SHUT = [words(language)("shut") for language in ("en", "pl")]


@pytest.fixture
def noor(store, ben):
    return a_life_with_secrets(store, ben)[0]


@pytest.fixture
def hers(page_of, monkeypatch):
    """`hers()`: the page as she sees it who came by that link, in a browser where nobody is signed in."""

    def hers(token=TOKEN, viewer=None, **query):
        page = page_of("front_door.py", viewer, **query)
        monkeypatch.setattr(runtime, "own_page_token", lambda: token)
        page.run()
        return page.switch_page("own_page.py").run()

    return hers


def every(store, table):
    with store.reading() as session:
        return session.query(table).order_by(table.id).all()


def text_of(page):
    return "\n".join((page.title[0].value if page.title else "", said(page), str(page.main)))


def test_she_reads_when_she_hears_and_how_it_stands_and_no_word_that_is_not_for_her(hers, noor):
    page = hers()
    assert not page.exception
    assert plain(page.title[0].value) == "You will hear from Ben by Thu 5 Mar"
    assert "Stage" not in said(page)
    assert "You are at: Talk. It is our turn. You will hear from Ben by Thu 5 Mar." in said(page)
    assert "“Led a team of four”" in said(page)
    assert "We did not go on together this time." in said(page)
    assert SECRET not in text_of(page)
    assert TOKEN not in text_of(page)
    assert not page.sidebar.children


def test_what_she_has_today_is_said_first_and_when_she_hears_stays(hers, store, ben, noor):
    with store.working(ben) as work:
        begins = work.now + timedelta(hours=2)
        ends = begins + timedelta(hours=1)
        plan_meeting(work, noor, kind=MeetingKind.INTERVIEW, starts_at=begins, ends_at=ends)
    page = hers()
    today = f"You have an interview today at {begins.astimezone(store.calendar.zone):%H:%M}"
    assert plain(page.title[0].value) == f"{today}. You will hear from Ben by Thu 5 Mar"
    assert today in said(page)


def test_before_she_is_told_the_page_says_of_what_was_decided_only_that_we_owe_her_word(hers, store, ben, noor):
    begins = store.now() + timedelta(hours=2)
    (process,) = (one.id for one in every(store, Process) if one.is_active and one.candidate_id == noor)
    plain_ = {"kind": MeetingKind.INTERVIEW, "starts_at": begins, "ends_at": begins + timedelta(hours=1)}
    does(store, ben)(plan_meeting, noor, process_id=process, **plain_)
    does(store, ben)(close_process, process, result=Result.REJECTED, answer=Answer.OWED)
    page = hers()
    assert "You have an interview today" in said(page)
    assert "It is our turn: we owe you word. You will hear from Ben by Wed 4 Mar." in said(page)
    assert "decided" not in said(page)
    assert [expander.label for expander in page.expander] == []


def test_it_speaks_polish_to_whom_we_write_in_polish_and_english_at_a_touch(hers, store, noor):
    with store.working(THE_PROGRAM) as work:
        work.session.get_one(Candidate, noor).language = "pl"
        work.record("made", work.session.get_one(Candidate, noor))
    page = hers()
    assert plain(page.title[0].value) == "Ben odezwie się najpóźniej w czwartek 5 marca"
    page.button(key="language").click().run()
    assert plain(page.title[0].value) == "You will hear from Ben by Thu 5 Mar"


def test_made_up_revoked_and_erased_links_show_the_same_page(hers, store, ben, noor):
    does(store, ben)(revoke_own_page, every(store, OwnPageLink)[0].id)
    shown = [hers(token) for token in (TOKEN, "made-up", "", None)]
    assert {tuple(plain(element.value) for element in page.markdown) for page in shown} == {tuple(map(plain, SHUT))}
    assert all(not page.title and not page.button and not page.exception for page in shown)


def test_a_link_that_is_revoked_is_shut_at_the_next_touch(hers, store, ben, noor):
    page = hers()
    does(store, ben)(revoke_own_page, every(store, OwnPageLink)[0].id)
    next(area for area in page.text_area if area.label == "Your question").set_value("Are you there?")
    send(page)
    assert not page.title
    assert [word.text for word in every(store, Contact)].count("Are you there?") == 0
    assert [code.value for code in page.run().code] == ["Are you there?"]  # to be copied
    assert "What you wrote was not sent." in said(page)


def send(page):
    return next(button for button in page.button if button.label == "Send").click().run()


def test_she_asks_and_is_owed_an_answer(hers, store, noor):
    page = send(hers())
    assert plain(page.error[0].value) == "Write something first."
    page.selectbox[0].select_index(1)
    next(area for area in page.text_area if area.label == "Your question").set_value("When do I start?")
    send(page)
    assert "**We have it. You will hear from us.**" in said(page)
    assert every(store, Contact)[-1].text == "When do I start?"
    assert every(store, Contact)[-1].process_id is not None
    assert plain(page.title[0].value) == "You will hear from Ben by Tue 3 Mar"
    assert "We have it" not in said(page.run())
    assert "We owe you an answer. You will hear from Ben by Tue 3 Mar." in said(page)


def test_a_question_that_is_too_long_stays_and_it_is_said_how_much_fits(hers, store, noor):
    page = hers()
    area = next(area for area in page.text_area if area.label == "Your question")
    assert not area.max_chars  # beyond that the browser would drop a pasted text without a word
    before = len(every(store, Contact))
    area.set_value("x" * (LONGEST + 1))
    send(page)
    assert plain(page.error[0].value) == "That is too long: 5,001 characters, 5,000 fit."
    assert len(next(area for area in page.text_area if area.label == "Your question").value) == LONGEST + 1
    assert len(every(store, Contact)) == before


def test_she_confirms_and_corrects_what_is_said_of_her(hers, store, noor):
    page = hers()
    led, swedish = every(store, Claim)
    confirming(page, led).click().run()
    assert "You confirmed it." in said(page)
    area = [area for area in page.text_area if area.label == "How it really is"][1]
    assert area.value == "Speaks Swedish"
    area.set_value("I read Swedish")
    page.button(key=f"correct-{swedish.id}").click().run()
    assert "You corrected it: I read Swedish" in said(page)
    assert [claim.correction for claim in every(store, Claim)] == [None, "I read Swedish"]


def test_a_page_from_before_her_correction_does_not_confirm_over_it(hers, store, noor):
    page, phone = hers(), hers()
    _, swedish = every(store, Claim)
    [area for area in page.text_area if area.label == "How it really is"][1].set_value("I read Swedish")
    page.button(key=f"correct-{swedish.id}").click().run()
    confirming(phone, swedish).click().run()
    assert "You corrected it: I read Swedish" in said(phone)
    confirming(phone, swedish).click().run()
    assert [claim.correction for claim in every(store, Claim)] == [None, None]


def confirming(page, claim):
    (button,) = [button for button in page.button if button.key and button.key.startswith(f"confirm-{claim.id}-")]
    return button


def test_she_scores_us_once(hers, store, noor):
    page = hers()
    (one,) = [button for button in page.button if button.key.startswith("score-")]
    assert one.disabled
    page.segmented_control[0].select(9).run()
    (words,) = [field for field in page.text_input if field.key.startswith("score-words-")]
    assert not words.max_chars
    words.set_value("x" * (LONGEST + 1))
    page.button(key=one.key).click().run()
    assert plain(page.error[0].value) == "That is too long: 5,001 characters, 5,000 fit."
    page.text_input(key=words.key).set_value("")
    page.button(key=one.key).click().run()
    assert "You gave us 9 of 10. Thank you." in said(page)
    assert [answer.score for answer in every(store, SurveyAnswer)] == [9]
    assert not page.segmented_control


def test_she_agrees_withdraws_and_asks_for_her_data(hers, store, noor):
    page = hers()
    page.button(key="renew-consent").click().run()
    assert "until Tue 2 Mar 2027" in said(page)
    assert [consent.source for consent in every(store, Consent)] == ["own page"]
    assert "renew-consent" not in {button.key for button in page.button}, "what can't be made longer is not offered"
    page.button(key="withdraw-consent").click().run()
    assert "You withdrew it: Mon 2 Mar" in said(page)
    page.button(key="see").click().run()
    assert "within a month at most" in said(page)
    page.button(key="forget").click().run()
    assert "within a month at most" not in said(page), "there is nothing left to ask for"
    assert "You asked to be forgotten: Mon 2 Mar. We answer you before; it is done by Thu 2 Apr" in said(page)
    assert [word.about for word in every(store, Contact)][-2:] == [
        "Request: see their data",
        "Request: be forgotten",
    ]


def test_a_member_sees_what_she_sees_and_answers_nothing_for_her(hers, store, ben, noor, monkeypatch):
    page = hers()
    assert not any(button.disabled for button in page.button if not button.key.startswith("score-"))
    token = session_of(store, ben)
    monkeypatch.setattr(runtime, "session_token", lambda: token)  # signed in meanwhile, in another tab
    before = len(every(store, AuditEntry))
    page.button(key="see").click().run()
    assert len(every(store, AuditEntry)) == before
    assert "You are signed in as Ben: this is what Noor Haddad sees." in said(page)
    assert all(button.disabled for button in page.button if button.key != "language")


# the team's side


def menu(page, label):
    """AppTest knows no menu: what choosing does."""
    page.session_state[state.QUESTION] = (label, int(page.query_params["id"][0]))
    return page.run()


def test_a_recruiter_makes_a_link_sees_it_once_and_revokes_it(page_of, hers, store, ben, noor):
    does(store, ben)(revoke_own_page, every(store, OwnPageLink)[0].id)
    page = menu(page_of("candidate.py", ben, id=str(noor)).run(), "Their own page…")
    page.button(key="make-own-link").click().run()
    token = page.code[0].value.rpartition("/own/")[2]
    link = every(store, OwnPageLink)[-1]
    assert "not opened yet" in said(page)
    assert hers(token).title
    page = menu(page_of("candidate.py", ben, id=str(noor)).run(), "Their own page…")
    assert not page.code
    page.button(key=f"revoke-own-{link.id}").click().run()
    assert not hers(token).title


def test_a_viewer_gives_nobody_a_page(page_of, vera, noor):
    page = menu(page_of("candidate.py", vera, id=str(noor)).run(), "Their own page…")
    assert "make-own-link" not in [button.key for button in page.button]


def test_a_correction_stands_beside_its_claim_and_is_taken_over(page_of, store, ben, noor):
    with store.reading() as session:
        process = session.query(Process.id).filter(Process.is_active, Process.candidate_id == noor).scalar()
    draft = does(store, ben)(recommend, process, [Said(text="Led a team of four"), Said(text="Is calm")])
    led = every(store, Claim)[-2]
    does(store, THE_PROGRAM)(correct_claim, TOKEN, led.id, led.text, "I led three")
    person = page_of("candidate.py", ben, id=str(noor))
    person.session_state[f"tabs-{noor}"] = "Recommendations"
    assert "1 corrected by the candidate" in said(person.run())
    page = page_of("recommendation.py", ben, id=str(draft)).run()
    assert "corrected by the candidate" in said(page)
    assert "“I led three”" in said(page)
    next(button for button in page.button if button.label == "Take it over").click().run()
    page.button(key="save-recommendation").click().run()
    assert not page.exception
    taken = every(store, Claim)[-2]
    assert (taken.text, taken.correction, taken.confirmed_at is not None) == ("I led three", None, True)
    assert "Confirmed by the candidate, on their own page" in said(page)


def test_scores_stand_on_insights_by_outcome_and_with_the_process(page_of, store, ben, noor):
    with store.reading() as session:
        ended = session.query(Process.id).filter(Process.told_days.is_not(None)).scalar()
    does(store, THE_PROGRAM)(score, TOKEN, ended, 3, "You were slow.")
    page = page_of("insights.py", ben)
    page.session_state["what-they-wrote"] = True
    page.run()
    assert not page.exception
    assert "too few to say (1)" in said(page)
    assert "“You were slow.”" in said(page)
    person = page_of("candidate.py", ben, id=str(noor))
    person.session_state[f"tabs-{noor}"] = "Processes"
    assert "Scored us 3 of 10: “You were slow.”" in said(person.run())


def test_what_candidates_see_of_an_opening_is_chosen(page_of, store, ben):
    _, _, opening = a_life_with_secrets(store, ben)
    page = menu(page_of("opening.py", ben, id=str(opening)).run(), "What candidates see…")
    page.checkbox(key="shows-client").set_value(True)
    page.button(key="save-shown").click().run()
    one = every(store, Opening)[0]
    assert (one.names_client, one.names_stage) == (True, True)


# on a server


@pytest.fixture(scope="module")
def given(app_server):
    """A link to the page of somebody of whom the server's team knows much."""
    ben = app_server.members[Role.RECRUITER]
    noor = a_life_with_secrets(app_server.store, ben)[0]
    token = new_token()
    does(app_server.store, ben)(give_own_page, noor, token, life=timedelta(days=90))
    return token


def cookie_of(server, token):
    status, headers, _ = answered(f"{server.address}/own/{token}")
    assert (status, headers["location"]) == (303, "/own-page")
    return headers["set-cookie"]


def test_the_link_leaves_the_address_for_a_cookie_that_no_script_reads(app_server, given):
    cookie = cookie_of(app_server, given)
    assert cookie.startswith(f"perennial_own_page={given}; ")
    for attribute in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=3600"):
        assert attribute in cookie
    _, headers, _ = answered(f"{app_server.address}/own-page")
    assert headers["x-robots-tag"] == "noindex, nofollow"
    assert "Max-Age=0" in cookie_of(app_server, "made-up")
    assert given not in app_server.log.read_text()


def test_the_cookie_opens_her_page_and_no_other(app_server, given):
    sent = {"Cookie": f"perennial_own_page={given}"}
    with Wire(app_server.address, headers=sent) as wire:
        hers = wire.run("/own-page")
        assert "Led a team of four" in hers
        assert SECRET not in hers
        assert wire.run("/candidates").is_sign_in
        stolen = wire.session_id
    with Wire(app_server.address, session_id=stolen) as thief:
        assert "Led a team of four" not in thief.run("/own-page")
        assert thief.session_id != stolen
    for path in ("/media/x.csv", "/_stcore/upload_file/x/y"):
        assert answered(app_server.address + path, Cookie=sent["Cookie"])[0] == 401


def fetched(server, cookie, **headers):
    """What /own-data answers: its status, its headers, and what it sends."""
    request = urllib.request.Request(f"{server.address}/own-data", headers={"Cookie": cookie, **headers})  # noqa: S310
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=PATIENCE) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.headers, refusal.read()


def test_her_data_are_hers_to_fetch_once_they_are_put_there_and_nobody_elses_way_in(start_server):
    server = start_server()
    ben = server.members[Role.RECRUITER]
    tokens = [new_token() for _ in range(4)]
    people = [saved(server.store, a_candidate(name)) for name in ("Noor Haddad", "Ewa Lis", "Ivo Kos")]
    links = [
        does(server.store, ben)(give_own_page, id_, token, life=timedelta(days=90))
        for id_, token in zip([*people, people[0]], tokens, strict=True)
    ]
    hers, _, his, revoked = (f"perennial_own_page={token}" for token in tokens)
    nothing_yet = fetched(server, hers)
    for id_ in (people[0], people[2]):
        request = does(server.store, ben)(open_request, id_, RequestKind.SEE, RequestChannel.EMAIL)
        does(server.store, ben)(put_on_own_page, request)
    does(server.store, ben)(revoke_own_page, links[3])
    with server.store.working(server.members[Role.ADMIN]) as work:
        erase_candidate(work, people[2])
    signed_in = f"{hers}; perennial_session={server.cookie(ben)['value']}"
    ewas = f"perennial_own_page={tokens[1]}"
    for cookie in ("", "perennial_own_page=made-up", ewas, his, revoked, signed_in):
        status, headers, body = fetched(server, cookie)
        assert (status, headers["location"], body) == (303, "/own-page", b"")
        assert sorted(headers.keys()) == sorted(nothing_yet[1].keys())
    with server.store.reading() as session:
        assert [asked.fetched_at for asked in session.query(PrivacyRequest)] == [None, None]
    status, headers, file = fetched(server, hers)
    assert (status, headers["content-type"], headers["cache-control"]) == (200, "application/zip", "no-store")
    assert headers["content-disposition"] == 'attachment; filename="your-data.zip"'
    with zipfile.ZipFile(io.BytesIO(file)) as packed:
        page = packed.read("your-data.html").decode()
    assert "What we know of Noor Haddad" in page
    assert "Ewa" not in page
    assert tokens[0] not in server.log.read_text()
    server.stop()


def test_tries_are_counted_by_address_and_a_link_that_is_right_opens_all_the_same(start_server):
    server, token = start_server(), new_token()
    noor = saved(server.store, a_candidate("Noor Haddad"))
    with server.store.working(server.members[Role.RECRUITER]) as work:
        give_own_page(work, noor, token, life=timedelta(days=1))
    statuses = [answered(f"{server.address}/own/made-up-{number}")[0] for number in range(22)]
    assert statuses == [303] * 20 + [429] * 2
    assert answered(f"{server.address}/own/{token}")[0] == 303
    server.stop()


@pytest.mark.browser
def test_she_opens_her_link_on_a_phone_and_asks_and_the_recruiter_owes_the_answer(app_server, browser, given):
    wrong = []
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    page = context.new_page()
    watch(page, app_server.address, wrong)
    page.goto(f"{app_server.address}/own/{given}")
    settled(page)
    assert page.url == f"{app_server.address}/own-page"
    assert page.get_by_test_id("stSidebar").count() == 0
    assert page.get_by_role("heading", level=1).inner_text().startswith("You will hear from Ben")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_label("Your question").press_sequentially("Is there a desk for me?")
    acted(page, lambda: page.get_by_role("heading", level=1).click())  # the field is left
    page.evaluate("() => setTimeout(() => location.reload())")
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    acted(page, lambda: page.get_by_role("button", name="Send", exact=True).click())
    page.get_by_text("We have it. You will hear from us.").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ben = does(app_server.store, app_server.members[Role.RECRUITER])
    her = every(app_server.store, OwnPageLink)[-1].candidate_id
    ben(put_on_own_page, ben(open_request, her, RequestKind.SEE, RequestChannel.LETTER))
    page.reload()
    settled(page)
    with page.expect_download() as file:
        page.get_by_role("link", name="Download my data").click()
    assert file.value.suggested_filename == "your-data.zip"
    context.add_cookies([app_server.cookie(app_server.members[Role.RECRUITER])])
    page.goto(f"{app_server.address}/today")
    settled(page)
    page.get_by_text("Is there a desk for me?").first.wait_for()
    page.goto(f"{app_server.address}/own-page")
    settled(page)
    assert not page.get_by_test_id("stSidebar").is_visible()
    context.close()
    assert wrong == []
