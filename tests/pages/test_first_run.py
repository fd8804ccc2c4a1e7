"""The first start: who comes by the link becomes the first admin, or looks round with a made-up team."""

import pytest
from sqlalchemy import func, select

from core import auth
from core.persistence.tables import Candidate, Member
from pages.parts import runtime
from tests.pages.conftest import PASSWORD, settled, watch


@pytest.fixture
def first_page(page_of, store, monkeypatch):
    """The page, as the browser sees it that came by the link."""
    key = auth.open_setup(store, auth.offer_setup(store))
    monkeypatch.setattr(runtime, "setup_key", lambda: key)
    return page_of("first_run.py", None).run()


def filled(page, name="Ana Nowak", username="ana", password=PASSWORD):
    for field, value in zip(page.text_input, (name, username, password), strict=True):
        field.set_value(value)
    return page.button[0].click().run()


def test_it_offers_both_ways_to_begin(first_page):
    assert first_page.title[0].value == "Nobody is on the team yet"
    assert [heading.value for heading in first_page.subheader] == [
        "Start with our own team",
        "Look round with a made-up team",
    ]


def test_our_own_team_begins_with_an_admin(first_page, store):
    filled(first_page)
    with store.reading() as session:
        assert [(m.username, m.name, m.role.value) for m in session.scalars(select(Member))] == [
            ("ana", "Ana Nowak", "admin")
        ]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"password": "short"}, "too short"),
        ({"password": "ananowak1234"}, "one of the first"),
        ({"name": " "}, "name"),
        ({"username": ""}, "name"),
    ],
)
def test_what_will_not_do_is_said_beside_what_was_typed(first_page, store, typed, why):
    page = filled(first_page, **typed)
    assert why in page.error[0].value
    assert page.text_input[0].value == typed.get("name", "Ana Nowak")
    with store.reading() as session:
        assert not auth.has_members(session)


def test_a_made_up_team_is_told_and_its_accounts_are_shown_with_their_passwords(first_page, store, capsys):
    page = first_page.button(key="make-up").click().run()
    assert page.title[0].value == "The made-up team is here"
    accounts = [code.value.split() for code in page.code]
    assert len(accounts) >= 4
    console = capsys.readouterr().out
    for username, password in accounts:
        assert auth.sign_in(store, username, password)
        assert password in console
    with store.reading() as session:
        assert session.scalar(select(func.count(Candidate.id))) >= 400


@pytest.mark.browser
def test_from_the_link_to_the_first_page_and_never_again(start_server, browser):
    server = start_server(with_team=False)
    (link,) = [word for word in server.log.read_text().split() if "/setup/" in word]
    wrong = []
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    watch(page, server.address, wrong)
    page.goto(link)
    settled(page)
    assert link not in page.url
    page.get_by_label("Your name").fill("Ana Nowak")
    page.get_by_label("User name").fill("ana")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url(server.address + "/")
    settled(page)
    assert page.get_by_label("User name").count() == 0
    assert {cookie["name"] for cookie in context.cookies()} == {"perennial_session", "_streamlit_xsrf"}
    context.close()

    context = browser.new_context()
    page = context.new_page()
    watch(page, server.address, wrong)
    page.goto(link)
    page.get_by_role("button", name="Sign in").wait_for()
    context.close()
    assert wrong == []
