"""The database goes away under a Perennial that serves, and comes back: a sentence meanwhile, and no more than that."""

from collections.abc import Iterator

import pytest

from core.persistence.migrations import upgrade
from core.persistence.store import Unavailable, open_store
from core.persistence.tables.team import Role
from tests import postgresql
from tests.faults.killing import OwnPostgres
from tests.faults.serving import health, serving
from tests.make import a_candidate, a_member, saved, viewer_of
from tests.pages.conftest import session_of
from tests.pages.wire import Wire

AWAY = "reached just now"


@pytest.fixture(scope="module")
def own() -> Iterator[OwnPostgres]:
    tools = postgresql.tools()
    if tools is None:
        pytest.skip("no PostgreSQL wheel for this platform")
    postgres = OwnPostgres(tools)
    upgrade(postgres.url)
    yield postgres
    postgres.put_away()


def test_while_the_database_is_away_a_sentence_says_so_and_each_page_comes_back_by_itself(own):
    store = open_store(own.url)
    ben = viewer_of(store, a_member("Ben", Role.RECRUITER))
    noor = saved(store, a_candidate("Noor Haddad", owner_id=ben.id))
    cookie = session_of(store, ben)
    with serving(own.url) as address, Wire(address, cookie=cookie) as tab, Wire(address) as visitor:
        seen = tab.run(f"/candidate?id={noor}")
        assert seen.is_inside
        own.kill()
        with pytest.raises(Unavailable, match="Nothing was saved"):
            saved(store, a_candidate())
        assert health(address) == 503
        assert AWAY in tab.press(seen, "log-", text="She will know on Friday.", until=AWAY)
        assert AWAY in visitor.run(until=AWAY)
        with Wire(address, cookie=cookie) as newcomer:
            assert AWAY in newcomer.run(until=AWAY)
            own.start()
            assert "The database was away" in newcomer.seen()
        seen = tab.seen()
        assert seen.is_inside
        assert len(seen.toasts) == 1  # the word was not logged, and that is said once more
        assert visitor.seen().fields == ["User name", "Password"]
        assert health(address) == 200
        assert "Logged\\: Noor Haddad" in tab.press(seen, "log-", text="She will know on Friday.").toasts
    saved(store, a_candidate())
    store.engine.dispose()
