"""Team and Policy: a link is made and shown once, and what a policy would do is seen before it is in force."""

import re

import bcrypt
import pytest
from sqlalchemy import select

from core import auth
from core.commands.members import invite_member, rename_member
from core.commands.policy import change_policy, ensure_first_policy
from core.domain.promises import Kind
from core.persistence.tables import Member, PasswordLink, PolicyChange
from core.persistence.tables.team import Role
from core.persistence.viewer import THE_PROGRAM
from pages.parts import runtime, state
from tests.make import a_candidate, a_word_from_her, act, promise_of, saved
from tests.pages.conftest import PASSWORD, acted, labelled, settled, watch


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    salted = bcrypt.gensalt
    monkeypatch.setattr(bcrypt, "gensalt", lambda rounds=12: salted(4))


def words(page):
    return " ".join(str(element.value) for element in page.markdown).replace("\\", "")


def asked(page, question, about=0):
    page.session_state["question"] = (question, about)
    return page.run()


def link_shown(page):
    (code,) = [code.value for code in page.code if "/password/" in code.value]
    return code.rpartition("/")[2]


# members


def test_somebody_is_added_and_the_link_is_shown_once(page_of, store, ana):
    page = page_of("team.py", ana).run()
    page.button(key="add").click().run()
    name, username = (field for field in page.text_input if "new-" in field.key)
    name.set_value("Dan Nowak")
    username.set_value("Dan").run()
    page.session_state[state.QUESTION] = None  # it is closed
    page.run()
    page.button(key="add").click().run()
    assert [field.value for field in page.text_input if "new-" in field.key] == ["Dan Nowak", "Dan"]
    page.button(key="add-member").click().run()
    secret = link_shown(page)
    assert auth.invited(store, secret).name == "Dan Nowak"
    page.button(key="link-seen").click().run()
    assert secret not in str(page.main)
    assert "has a link to choose a password, good until" in words(page)


def test_a_password_is_reset_by_a_link(page_of, store, ana, ben):
    with store.working(ana) as work:
        work.session.get_one(Member, ben.id).password_hash = "x"
        work.record("made", work.session.get_one(Member, ben.id))
    page = asked(page_of("team.py", ana).run(), "Reset the password…", ben.id)
    assert "void at once" in words(page)
    page.button(key="make-link").click().run()
    assert auth.invited(store, link_shown(page)).member_id == ben.id


def test_a_link_that_got_lost_is_followed_by_another(page_of, store, ana, ben):
    page = page_of("team.py", ana).run()
    secrets = []
    for _ in range(2):
        asked(page, "Make a link to sign in…", ben.id)
        page.button(key="make-link").click().run()
        secrets.append(link_shown(page))
        page.button(key="link-seen").click().run()
    assert [auth.invited(store, secret) is not None for secret in secrets] == [False, True]


def test_what_will_not_do_is_said_and_nobody_is_added(page_of, store, ana, ben):
    page = page_of("team.py", ana).run()
    page.button(key="add").click().run()
    for field, value in zip([f for f in page.text_input if "new-" in f.key], ("Ben", "ben"), strict=True):
        field.set_value(value)
    page.button(key="add-member").click().run()
    assert "already" in page.error[0].value
    with store.reading() as session:
        assert session.scalars(select(PasswordLink)).all() == []


def test_a_member_is_renamed_and_called_as_before(page_of, store, ana, ben):
    page = asked(page_of("team.py", ana).run(), "Rename…", ben.id)
    labelled(page.text_input, "Name").set_value("Benedykt")
    page.button(key="rename").click().run()
    assert "Benedykt" in words(page)
    next(button for button in page.button if button.label == "Undo").click().run()
    assert "Benedykt" not in words(page)


def test_a_name_half_written_stands_there_again_for_the_same_member_alone(page_of, ana, ben, vera):
    page = asked(page_of("team.py", ana).run(), "Rename…", ben.id)
    labelled(page.text_input, "Name").set_value("Bened").run()
    del page.session_state["question"]
    page.run()
    asked(page, "Rename…", vera.id)
    assert labelled(page.text_input, "Name").value == "Vera"
    asked(page, "Rename…", ben.id)
    assert labelled(page.text_input, "Name").value == "Bened"


def test_only_an_admin_is_offered_any_of_it(page_of, ana, ben, vera):
    for viewer in (ben, vera):
        page = asked(page_of("team.py", viewer).run(), "Rename…", ana.id)
        assert "add" not in [button.key for button in page.button]
        assert not page.text_input


def test_ones_own_password_is_changed_behind_ones_name(page_of, store, ben, monkeypatch):
    with store.working(THE_PROGRAM) as work:
        link = invite_member(work, username="dan", name="Dan", role=Role.VIEWER)
    token = auth.redeem(store, auth.choose_password(store, link, PASSWORD), runtime.settings.current().session_life)
    page = page_of("team.py", auth.lookup(store, token)).run()
    menu = next(element for element in page.get("menu_button") if element.key == "member")
    menu.set_value("Password and sessions…").run()
    assert "in 1 other browser" in words(page)
    page.text_input(key="old-password").set_value(PASSWORD)
    page.text_input(key="own-new-password").set_value("seven loud brown otters")
    page.button(key="change-password").click().run()
    assert not page.error
    assert auth.lookup(store, token) is None
    assert auth.sign_in(store, "dan", "seven loud brown otters")


# the page behind the link


@pytest.fixture
def invited(store, ana):
    with store.working(ana) as work:
        return invite_member(work, username="dan", name="Dan Nowak", role=Role.RECRUITER)


def test_whoever_comes_by_the_link_chooses_a_password(page_of, store, invited, monkeypatch):
    monkeypatch.setattr(runtime, "link_secret", lambda: invited)
    page = page_of("new_password.py", None).run()
    assert page.title[0].value == "Welcome, Dan Nowak"
    page.text_input[1].set_value("short")
    page.button[0].click().run()
    assert "too short" in page.error[0].value
    page.text_input[1].set_value(PASSWORD)
    page.button[0].click().run()
    assert auth.sign_in(store, "dan", PASSWORD)


@pytest.mark.parametrize("secret", [None, "made up"])
def test_whoever_comes_by_no_link_or_a_wrong_one_is_told_the_same(page_of, ana, secret, monkeypatch):
    monkeypatch.setattr(runtime, "link_secret", lambda: secret)
    page = page_of("new_password.py", None).run()
    assert "This link does not work" in words(page)
    assert [field.label for field in page.text_input] == ["User name", "Password"]


@pytest.mark.browser
def test_from_the_link_to_the_first_page_with_a_password_of_ones_own(app_server, browser):
    with app_server.store.working(app_server.members[Role.ADMIN]) as work:
        secret = invite_member(work, username="dan", name="Dan Nowak", role=Role.RECRUITER)
    wrong = []
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    watch(page, app_server.address, wrong)
    link = f"{app_server.address}/password/{secret}"
    page.goto(link)
    settled(page)
    assert page.url == f"{app_server.address}/new-password"
    assert next(c for c in context.cookies() if c["name"] == "perennial_password")["httpOnly"]
    page.get_by_role("textbox", name="New password").fill(PASSWORD)
    page.get_by_role("button", name="Choose it and sign in").click()
    page.wait_for_url(f"{app_server.address}/")
    settled(page)
    assert page.get_by_label("User name").count() == 0
    assert {cookie["name"] for cookie in context.cookies()} == {"perennial_session", "_streamlit_xsrf"}
    page.goto(link)
    settled(page)
    page.get_by_text("This link does not work").wait_for()
    context.close()
    assert wrong == []
    assert secret not in app_server.log.read_text()


# policy


@pytest.fixture
def noor(store):
    with store.working(THE_PROGRAM) as work:
        ensure_first_policy(work)
    return saved(store, a_candidate("Noor Haddad"), a_word_from_her())


def field(page, name):
    return next(w for w in page.number_input if re.fullmatch(rf"policy-{name}(-\d+)?", w.key))


def test_what_a_policy_does_is_seen_then_it_is_in_force_and_taken_back(page_of, store, ana, noor):
    due = promise_of(store, noor, Kind.REPLY).due_at
    page = page_of("policy.py", ana).run()
    assert page.title[0].value == "An answer within 1 working day, news every 3 working days"
    field(page, "reply").set_value(4)
    page.button(key="try").click().run()
    assert "An answer to a word of theirs: 4 working days, was 1 working day" in words(page)
    assert "Of the 1 person concerned: **1 open promise changes**" in words(page)
    assert any("Noor Haddad" in link.label for link in page.get("page_link"))
    assert promise_of(store, noor, Kind.REPLY).due_at == due
    page.button(key="put-in-force").click().run()
    assert page.title[0].value.startswith("An answer within 4 working days")
    assert promise_of(store, noor, Kind.REPLY).due_at > due
    next(button for button in page.button if button.label == "Undo").click().run()
    assert promise_of(store, noor, Kind.REPLY).due_at == due
    assert "taken back" in words(page)


def test_a_policy_that_concerns_nobody_yet_says_so(page_of, store, ana):
    page = page_of("policy.py", ana).run()
    field(page, "reply").set_value(4)
    page.button(key="try").click().run()
    assert "It concerns nobody yet." in words(page)


def test_another_policy_meanwhile_is_said_and_what_is_tried_looked_at_beside_it(page_of, store, ana, noor, clock):
    page = page_of("policy.py", ana).run()
    field(page, "reply").set_value(4)
    page.button(key="try").click().run()
    with store.working(ana) as work:
        change_policy(work, {"reply": 3})
    page.button(key="put-in-force").click().run()
    for _ in range(2):
        assert page.title[0].value.startswith("An answer within 3 working days")
        page.button(key="put-in-force").click().run()  # of a double click
    clock.forward(seconds=1)
    page.button(key="put-in-force").click().run()
    assert page.title[0].value.startswith("An answer within 4 working days")


def test_terms_half_written_stand_there_again_and_take_nothing_back_that_somebody_else_put_in_force(
    page_of, store, ana, noor
):
    page = page_of("policy.py", ana).run()
    field(page, "reply").set_value(4).run()
    page.switch_page("team.py").run()
    with store.working(ana) as work:
        change_policy(work, {"update": 7})
    page.switch_page("policy.py").run()
    assert field(page, "reply").value == 4
    page.button(key="try").click().run()
    assert "An answer to a word of theirs: 4 working days, was 1 working day" in words(page)
    page.button(key="put-in-force").click().run()
    assert page.title[0].value == "An answer within 4 working days, news every 7 working days"
    field(page, "reply").set_value(9).run()
    labelled(page.button, "Drop the changes").click().run()
    assert (field(page, "reply").value, field(page, "update").value) == (4, 7)


def test_working_time_and_rhythms_are_terms_too(page_of, store, ana, noor):
    page = page_of("policy.py", ana).run()
    next(area for area in page.text_area if "days-off" in area.key).set_value("2026-03-03")
    page.multiselect[0].set_value(["2-weeks", "12-months"])
    page.button(key="try").click().run()
    assert "Extra days off: 2026-03-03, was none" in words(page)
    page.button(key="put-in-force").click().run()
    assert [f"{store.calendar.day(promise_of(store, noor, Kind.REPLY).due_at)}"] == ["2026-03-04"]
    page = asked(page_of("candidate.py", ana, id=str(noor)).run(), "Rhythm…", noor)
    assert page.radio[-1].options == ["Every 2 weeks", "Every 12 months", "No rhythm", "Another length"]


@pytest.mark.parametrize(("field_of", "typed"), [("days-off", "soon"), ("check_in", "7, later")])
def test_what_is_no_term_is_said_and_nothing_is_kept(page_of, store, ana, noor, field_of, typed):
    page = page_of("policy.py", ana).run()
    next(w for w in (*page.text_area, *page.text_input) if field_of in w.key).set_value(typed)
    page.button(key="try").click().run()
    assert "Write" in page.error[0].value
    assert "put-in-force" not in [button.key for button in page.button]


def test_a_change_that_was_broken_off_is_gone_through(page_of, store, ana, noor):
    due = promise_of(store, noor, Kind.REPLY).due_at
    with store.working(ana) as work:
        change_policy(work, {"reply": 4})
    page_of("policy.py", ana).run()
    assert promise_of(store, noor, Kind.REPLY).due_at > due
    with store.reading() as session:
        assert session.scalars(select(PolicyChange.id).where(PolicyChange.settled_at.is_(None))).all() == []


def test_everybody_may_look_and_only_admins_change(page_of, ben, vera, noor):
    for viewer in (ben, vera):
        page = page_of("policy.py", viewer).run()
        assert "admins change it" in words(page)
        assert all(one.disabled for one in (*page.number_input, *page.text_input, *page.text_area, *page.multiselect))
        assert [button.key for button in page.button if button.key and "member" not in button.key] == []


def test_the_links_atop_lead_from_one_to_the_other(page_of, ben):
    assert [link.label for link in page_of("team.py", ben).run().get("page_link")][:2] == ["Members", "Policy"]


@pytest.mark.browser
def test_in_a_browser_a_number_is_changed_and_seen_before_it_is_in_force(app_server, signed_in_page):
    saved(app_server.store, a_candidate("Noor Haddad"), a_word_from_her())
    page = signed_in_page(Role.ADMIN, "/policy")
    page.get_by_label("An answer to a word of theirs").fill("4")
    acted(page, lambda: page.get_by_role("button", name="See what it changes").click())
    page.get_by_text("Not in force yet").wait_for()
    acted(page, lambda: page.get_by_role("button", name="Put it in force").click())
    page.get_by_role("heading", name="An answer within 4 working days").wait_for()


@pytest.mark.browser
def test_in_a_browser_what_can_be_done_with_a_member_stands_beside_them_however_much_is_said(
    app_server, signed_in_page
):
    admin, ben = (app_server.members[role] for role in (Role.ADMIN, Role.RECRUITER))
    was, long = ben.name, "Benedykt Maksymilian Wierzchosławski z Przedmieścia pod Konstantynopolem"
    act(app_server.store, admin, rename_member, ben.id, long)
    page = signed_in_page(Role.ADMIN, "/team", width=1280)
    name, more = page.locator("strong", has_text=long), page.locator(f".st-key-more-{ben.id} button")
    more.wait_for()
    place, said = more.bounding_box(), name.bounding_box()
    assert place["x"] >= said["x"] + said["width"] - 1
    act(app_server.store, admin, rename_member, ben.id, was)
