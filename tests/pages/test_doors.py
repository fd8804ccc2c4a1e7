"""The doors: what a visitor, a thief and somebody who left can reach. Nothing."""

import ast
import json
import re
import tomllib
import urllib.error
import urllib.request
from datetime import timedelta

import pytest
from sqlalchemy import text
from websockets.exceptions import ConnectionClosed, InvalidStatus

from core import auth
from core.commands.candidates import erase_candidate
from core.commands.members import change_role, deactivate_member
from core.domain.access import ADDRESSES as ACCESS
from core.domain.access import NOBODY, VISITOR
from core.domain.access import PAGES as PAGES_OPEN_TO
from core.persistence.tables.team import Role
from core.persistence.viewer import THE_PROGRAM
from tests.make import PATIENCE, a_candidate, a_member, a_word_from_her, saved, viewer_of
from tests.pages.conftest import PAGES, PASSWORD, PASSWORD_HASH, ROOT, acted, session_of, settled, watch
from tests.pages.wire import Wire

BEHIND_THE_DOOR = [page for page, least in PAGES_OPEN_TO.items() if least > VISITOR]
DEEP = ["/pages/candidates"]
ADDRESSES = ["/", *DEEP, *(f"/{page}?id=1&member=1&one=1" for page in BEHIND_THE_DOOR)]
"""Where a visitor gets no further than the sign-in."""
FILES = {"first_run": "set-up", "new_password": "new-password", "own_page": "own-page"}
"""Pages whose address is not their file's name."""
TAKES_ID = [
    path.name
    for path in sorted(PAGES.glob("[a-z]*.py"))
    if any(asks in path.read_text() for asks in ("id_in_address(", "one_opening"))
]
NAME = "Ottoline Quirke"


def answered(url, *, method="GET", body=None, cookie="", **headers):
    """The answer to one request: its status, headers and text."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, body, named, method=method)  # noqa: S310
    if cookie:
        request.add_header("Cookie", f"perennial_session={cookie}")
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=PATIENCE) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.headers, refusal.read().decode()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def posted(server, path, value=None, **headers):
    body = json.dumps(value or {}).encode()
    return answered(server.address + path, method="POST", body=body, X_Requested_With="perennial", **headers)


@pytest.fixture(scope="module")
def team(app_server):
    """A server whose team knows one person, whose name must not come out."""
    saved(app_server.store, a_candidate(NAME, owner_id=app_server.members[Role.RECRUITER].id), a_word_from_her())
    return app_server


# a visitor


@pytest.mark.parametrize("path", ["/", "/candidates", "/pages/candidates"])
def test_on_a_fresh_server_the_first_visitor_sees_the_sign_in_and_nothing_else(start_server, path):
    server = start_server()
    saved(server.store, a_candidate(NAME), a_word_from_her())
    assert_shut(server, path)
    server.stop()


@pytest.mark.parametrize("path", ADDRESSES)
def test_at_every_address_a_visitor_sees_the_sign_in_and_nothing_else(team, path):
    assert_shut(team, path)


def assert_shut(server, path):
    status, _, html = answered(server.address + path)
    assert status == (303 if path in DEEP else 200)
    assert NAME not in html
    with Wire(server.address) as wire:
        seen = wire.run(path)
        assert seen.is_sign_in
        assert NAME not in seen


@pytest.mark.parametrize("is_member", [True, False])
def test_an_address_of_no_page_is_a_sentence_and_todays_name_leads_to_it(team, is_member):
    cookie = session_of(team.store, team.members[Role.RECRUITER]) if is_member else ""
    for path in ("/nothing-here", "/steam"):  # the address of a page may be the end of it
        with Wire(team.address, cookie=cookie) as wire:
            seen = wire.run(path)
            assert "There is no page at this address." in seen
            assert "Today" in seen
            assert seen.is_inside is is_member
            assert not seen.is_not_found
            assert "no page at this address" in wire.run(path, page_hash=wire.pages[path[1:]])
            assert "no page at this address" not in wire.run(path, page_hash=wire.pages[""])
    with Wire(team.address, cookie=cookie) as wire:
        seen = wire.run("/today")
        assert seen.is_inside if is_member else seen.is_sign_in
        assert not seen.is_not_found
        assert "no page at this address" not in seen


@pytest.mark.parametrize(
    ("asked", "shown"), [("/a/b", "/a-b"), ("/candidates/7/words/", "/candidates-7-words"), ("/own/a/b", "/own-a-b")]
)
def test_an_address_of_several_levels_leads_to_one_at_which_something_is_said(team, asked, shown):
    status, headers, _ = answered(team.address + asked)
    assert (status, headers["location"]) == (303, shown)
    with Wire(team.address) as wire:
        assert "There is no page at this address." in wire.run(shown)


@pytest.mark.parametrize(("path", "status"), [("/_stcore/host-config", 200), ("/candidates/_stcore/health", 404)])
def test_streamlits_own_addresses_answer_as_its_script_expects(team, path, status):
    """It looks for the server below the page it is on, and goes up a level where that is not found."""
    assert answered(team.address + path)[0] == status


def test_naming_a_page_by_its_hash_in_the_very_first_message_shows_the_sign_in(start_server, team):
    with Wire(team.address) as wire:
        wire.run()
        hashes = wire.pages
    assert len(hashes) == len(list(PAGES.glob("[a-z]*.py"))) - 1  # the front door is no page
    server = start_server()
    own_page = hashes.pop("own-page")
    for page_hash in (*hashes.values(), "0" * 32):
        with Wire(server.address) as wire:
            assert wire.run(page_hash=page_hash).is_sign_in
    with Wire(server.address) as wire:
        assert "This page does not open" in wire.run(page_hash=own_page)
    server.stop()


def pages():
    """Every page there is, by its address."""
    return {FILES.get(path.stem, path.stem) for path in PAGES.glob("[a-z]*.py")} - {"front_door"}


def test_every_page_and_every_address_is_placed():
    assert pages() == PAGES_OPEN_TO.keys()
    called = [node for node in ast.walk(ast.parse((ROOT / "app.py").read_text())) if isinstance(node, ast.Call)]
    routes = {ast.literal_eval(call.args[0]) for call in called if getattr(call.func, "id", "") in ("Route", "Mount")}
    assert routes == {path for path, least in ACCESS.items() if least is VISITOR}


@pytest.mark.parametrize("address", PAGES_OPEN_TO)
def test_every_page_is_open_to_whom_the_table_says(page_of, store, ana, ben, vera, cora, address):
    """As a visitor, a viewer, a recruiter, an admin, and one who has left since they signed in."""
    saved(store, a_candidate(NAME, owner_id=ben.id), a_word_from_her())
    file = {page: stem for stem, page in FILES.items()}.get(address, address) + ".py"
    for viewer in (None, vera, ben, ana, cora):
        page = page_of(file, viewer, **({"id": "1"} if address in BEHIND_THE_DOOR else {})).run()
        assert not page.exception
        said = [text.value for text in page.markdown]
        is_in = viewer is not None and viewer is not cora
        if address in BEHIND_THE_DOOR:
            assert ([field.label for field in page.text_input][:2] == ["User name", "Password"]) is not is_in
        if not is_in:
            assert NAME not in str(page.main)
            assert not page.title or address not in BEHIND_THE_DOOR
        else:
            assert ("This page is for admins" in " ".join(said)) is not viewer.may_open(address)
            assert viewer.may_open(address) or not page.title


@pytest.mark.parametrize("name", TAKES_ID)
def test_an_id_of_nobody_or_none_at_all_is_a_sentence_and_a_way_on(page_of, store, ana, ben, name):
    gone = saved(store, a_candidate(NAME), a_word_from_her())
    with store.working(ana) as work:
        erase_candidate(work, gone)
    for odd in ("999999", "1 OR 1=1", "9" * 40, str(gone)):
        page = page_of(name, ben, **dict.fromkeys(("id", "one", "two", "member", "offer"), odd)).run()
        assert not page.exception, odd
        assert NAME not in str(page.main)
        assert page.markdown


@pytest.mark.parametrize("name", [path.name for path in sorted(PAGES.glob("[a-z]*.py"))])
def test_a_page_that_is_run_without_the_front_door_still_asks_who_is_looking(name, page_of, store):
    from streamlit.testing.v1 import AppTest

    saved(store, a_candidate(NAME), a_word_from_her())
    page_of("today.py", None)
    page = AppTest.from_file(PAGES / name, default_timeout=PATIENCE).run()
    assert not page.exception
    assert NAME not in str(page.main)
    assert not page.title


@pytest.mark.parametrize("path", ["/media/x.csv", "/media/", "/_stcore/upload_file/x/y"])
def test_files_are_for_members(team, path):
    assert answered(team.address + path)[0] == 401
    assert answered(team.address + path, method="PUT", body=b"x" * 100)[0] == 401
    assert answered(team.address + path, cookie="made-up")[0] == 401
    cookie = session_of(team.store, team.members[Role.VIEWER])
    assert answered(team.address + path, cookie=cookie)[0] != 401


@pytest.mark.parametrize("path", [path for path, least in ACCESS.items() if least is NOBODY])
def test_doors_that_nobody_needs_are_shut(team, path):
    for door in (path, f"{path}/openapi.json"):
        assert answered(team.address + door)[0] == 404
        assert answered(team.address + door, cookie=session_of(team.store, team.members[Role.ADMIN]))[0] == 404


def test_no_file_of_ours_is_served(team):
    page = answered(team.address + "/")[2]
    for path in ("/app/static/logo.svg", "/app.py", "/data/perennial.db", "/pages/today.py", "/.streamlit/config.toml"):
        assert answered(team.address + path)[2] == (page if path.count("/") == 1 else "")  # the sign-in, or on to it


def test_static_files_and_the_agents_door_are_off():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert not config["server"]["enableStaticServing"]
    assert not config["server"]["enableAgentApi"]


def test_what_goes_wrong_is_told_by_a_number_and_neither_browser_nor_log_says_what_was_typed(team):
    cookie = session_of(team.store, team.members[Role.RECRUITER])
    with team.store.engine.begin() as broken:
        broken.execute(text("ALTER TABLE search_word RENAME TO lost_word"))
    try:
        with Wire(team.address, cookie=cookie) as wire:
            seen = wire.run("/candidates?candidates-q=Ottoline")
    finally:
        with team.store.engine.begin() as mended:
            mended.execute(text("ALTER TABLE lost_word RENAME TO search_word"))
    (told,) = [element.alert.body for element in seen.elements if element.WhichOneof("type") == "alert"]
    number = re.search(r"under the number ([0-9a-f]{8})", told)
    assert "search_word" not in seen
    log = team.log.read_text()
    assert f"something went wrong in a page, number {number[1]}\n    sqlalchemy.exc.OperationalError" in log
    assert "pages/candidates.py:" in log
    assert "ottoline" not in log.lower()


def test_the_log_says_nothing_of_what_was_asked_for(team):
    for path in ("/setup/a-secret-of-a-link", "/candidates?candidates-q=a-secret-name", "/_stcore/health"):
        answered(team.address + path, cookie="a-secret-cookie")
    assert "a-secret" not in team.log.read_text()


@pytest.mark.parametrize("path", ["/", "/healthz", "/media/x", "/_stcore/health", "/nowhere"])
def test_every_answer_carries_the_headers(team, path):
    _, headers, _ = answered(team.address + path)
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'self' blob:;" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"


def test_another_host_name_and_another_site_are_not_answered(team):
    assert answered(team.address + "/", Host="evil.example")[0] == 400
    assert answered(team.address + "/auth/session", method="POST", body=b"{}")[0] == 403
    for other in ({"host": "evil.example"}, {"headers": {"Origin": "https://evil.example"}}):
        with pytest.raises(InvalidStatus), Wire(team.address, **other):
            pass


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b"{", b"\xff", b'{"ticket": 7}', b'{"ticket": null}'])
def test_a_broken_request_for_a_session_gets_none(team, body):
    status, headers, _ = answered(
        team.address + "/auth/session", method="POST", body=body, X_Requested_With="perennial"
    )
    assert status in (400, 401)
    assert "set-cookie" not in headers


def test_what_is_longer_than_a_ticket_is_not_read(team):
    body = b'{"ticket": "%s"}' % (b"x" * 50_000)
    asked = {"method": "POST", "X_Requested_With": "perennial"}
    assert answered(team.address + "/auth/session", body=body, **asked)[0] == 400
    assert answered(team.address + "/auth/session", body=body.replace(b"x" * 49_990, b""), **asked)[0] == 401


def test_a_visitor_cannot_fill_the_memory_with_one_message(team):
    def said(wire, message):
        wire.connection.send(message)
        return wire.connection.recv(timeout=PATIENCE)

    with Wire(team.address) as wire, pytest.raises(ConnectionClosed):
        said(wire, bytes(21 << 20))


# a member, and whoever would like to be one


def test_a_member_sees_the_pages_and_the_header_of_a_stranger_changes_nothing(team):
    cookie = session_of(team.store, team.members[Role.RECRUITER])
    with Wire(team.address, cookie=cookie) as wire:
        assert wire.run("/candidates").is_inside
    for header in ({"X-Perennial-Member": "1"}, {"x-perennial-member": "Ana"}):
        with Wire(team.address, headers=header) as wire:
            assert wire.run("/candidates").is_sign_in


def test_knowing_the_id_of_somebodys_session_opens_an_empty_one(team):
    cookie = session_of(team.store, team.members[Role.RECRUITER])
    with Wire(team.address, cookie=cookie) as wire:
        wire.run("/candidates")
        stolen = wire.session_id
    for thief in ("", session_of(team.store, team.members[Role.VIEWER]), "made-up"):
        with Wire(team.address, cookie=thief, session_id=stolen) as taken:
            seen = taken.run("/candidates")
            assert taken.session_id != stolen
            assert seen.is_sign_in or thief not in ("", "made-up")


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(team, start_server):
    status, headers, _ = posted(team, "/auth/session", {"ticket": a_ticket(team)})
    assert status == 200
    cookie = headers["set-cookie"]
    assert cookie.startswith("perennial_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Max-Age=43200" in cookie
    assert "Secure" not in cookie  # plain http, on this machine

    server = start_server(PERENNIAL_PUBLIC_URL="https://perennial.example.org")
    _, headers, _ = posted(server, "/auth/session", {"ticket": a_ticket(server)})
    assert headers["set-cookie"].startswith("__Host-perennial_session=")
    assert "Secure" in headers["set-cookie"]
    assert "max-age" in headers["strict-transport-security"]
    _, headers, _ = answered(server.address + "/_stcore/health")
    assert headers["set-cookie"].startswith("_streamlit_xsrf=")
    assert headers["set-cookie"].endswith("; Secure")
    server.stop()


def test_a_ticket_is_taken_once_and_signing_out_ends_the_session_for_good(team):
    ticket = a_ticket(team)
    _, headers, _ = posted(team, "/auth/session", {"ticket": ticket})
    cookie = headers["set-cookie"].partition("=")[2].partition(";")[0]
    assert posted(team, "/auth/session", {"ticket": ticket})[0] == 401
    with Wire(team.address, cookie=cookie) as wire:
        assert wire.run("/candidates").is_inside
        _, headers, _ = posted(team, "/auth/logout", cookie=cookie)
        assert "Max-Age=0" in headers["set-cookie"]
        assert wire.run("/candidates").is_sign_in  # the window that was open
    with Wire(team.address, cookie=cookie) as replayed:
        assert replayed.run("/candidates").is_sign_in


def a_ticket(server):
    return auth.sign_in(server.store, "ben", PASSWORD)


@pytest.mark.parametrize("change", ["leaves", "role"])
def test_who_leaves_or_gets_another_role_is_out_at_the_next_touch(team, change):
    member = viewer_of(team.store, a_member(f"Cora {change}", username=f"cora-{change}", password_hash=PASSWORD_HASH))
    with Wire(team.address, cookie=session_of(team.store, member)) as wire:
        assert wire.run("/candidates").is_inside
        with team.store.working(THE_PROGRAM) as work:
            if change == "leaves":
                deactivate_member(work, member.id, team.members[Role.RECRUITER].id)
            else:
                change_role(work, member.id, Role.VIEWER)
        assert wire.run("/candidates").is_sign_in


def test_a_session_that_has_run_out_is_over_in_an_open_window_too(team):
    with team.store.working(THE_PROGRAM) as work:
        from core.persistence.tables import Member

        ticket = auth.issue_ticket(work, work.session.get_one(Member, team.members[Role.VIEWER].id))
    cookie = auth.redeem(team.store, ticket, timedelta(seconds=3))
    with Wire(team.address, cookie=cookie) as wire:
        assert wire.run("/candidates").is_inside
        while auth.lookup(team.store, cookie):
            pass
        assert wire.run("/candidates").is_sign_in


# the first start


def test_the_first_start_is_open_to_the_link_in_the_console_once(start_server):
    server = start_server(with_team=False)
    with Wire(server.address) as wire:
        seen = wire.run("/set-up")
        assert "Nobody has set Perennial up yet." in seen
        assert seen.fields == []
    (link,) = [word for word in server.log.read_text().split() if "/setup/" in word]
    made_up = answered(f"{server.address}/setup/made-up")
    assert (made_up[1]["location"], "set-cookie" in made_up[1]) == ("/set-up", False)
    status, headers, _ = answered(link)
    assert (status, headers["location"]) == (303, "/set-up")
    cookie = headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert answered(link)[0] == made_up[0]  # used once: as if it had never been one
    assert {**answered(link)[1], "date": ""} == {**made_up[1], "date": ""}
    with Wire(server.address, headers={"Cookie": cookie.partition(";")[0]}) as wire:
        assert wire.run("/set-up").fields == ["Your name", "User name", "Password"]
        with server.store.working(THE_PROGRAM) as work:
            from core.commands.members import add_member

            add_member(work, username="ana", name="Ana", role=Role.ADMIN, password=PASSWORD)
        seen = wire.run("/set-up")
        assert seen.is_sign_in
        assert "This link does not work, or does not any more: Perennial is set up." in seen
    server.stop()


# with a browser


@pytest.fixture
def visitor(team, browser):
    """A browser that nobody has signed in with, on a page of the server."""
    wrong = []
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    watch(page, team.address, wrong)
    yield page
    context.close()
    assert wrong == []


def sign_in(page, username="ben", password=PASSWORD):
    page.get_by_label("User name").fill(username)
    page.get_by_role("textbox", name="Password").fill(password)
    acted(page, lambda: page.keyboard.press("Enter"))


@pytest.mark.browser
def test_a_deep_link_survives_the_sign_in_and_signing_out_closes_every_window(team, visitor):
    visitor.goto(f"{team.address}/candidates?candidates-q=Ottoline")
    settled(visitor)
    sign_in(visitor)
    visitor.get_by_test_id("stSidebarNav").wait_for()
    settled(visitor)
    assert "/candidates" in visitor.url
    assert "candidates-q=Ottoline" in visitor.url
    assert "Traceback" not in team.log.read_text()
    (cookie,) = [c for c in visitor.context.cookies() if c["name"] == "perennial_session"]
    assert cookie["httpOnly"]
    assert visitor.evaluate("document.cookie.includes('perennial_session')") is False

    visitor.reload()
    settled(visitor)
    assert visitor.get_by_test_id("stSidebarNav").is_visible()
    other = visitor.context.new_page()
    other.goto(f"{team.address}/candidates")
    settled(other)

    visitor.get_by_role("button", name="Ben").click()
    visitor.get_by_text("Sign out").click()
    visitor.get_by_label("User name").wait_for()
    other.reload()
    other.get_by_label("User name").wait_for()
    visitor.context.add_cookies([cookie])
    visitor.reload()
    visitor.get_by_label("User name").wait_for()


@pytest.mark.browser
def test_what_is_wrong_is_not_told_and_many_tries_have_to_wait(team, visitor):
    visitor.goto(team.address)
    settled(visitor)
    said = []
    for username in ("vera", "nobody"):
        for _ in range(5):
            sign_in(visitor, username, "some wrong password")
            said.append(visitor.get_by_test_id("stAlert").inner_text())
    assert said[:4] == said[5:9] == [auth.WRONG] * 4
    assert said[4].startswith("Too many attempts. Try again in ")
    assert said[9].startswith("Too many attempts. Try again in ")
