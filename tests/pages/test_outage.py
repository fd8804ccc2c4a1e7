"""While the database is away, full or read-only the page says so; what was typed is still there afterwards."""

from collections.abc import Callable
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from sqlalchemy import event, select, text

from core.persistence.store import Store, open_store
from core.persistence.tables import Contact
from core.persistence.work import Viewer
from pages.parts import outage, runtime
from tests.make import a_candidate, a_word_from_her, saved

Open = Callable[..., Any]
WORDS = "I will know on Friday."
WAS_AWAY = "The database was away. Nothing was saved meanwhile: if you were saving something, do it again."


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch, store: Store) -> Callable[[], None]:
    """From here on nobody answers where the database was, the first few times that it is asked for anything."""

    def go() -> None:
        nowhere = open_store("sqlite:////nowhere/at/all.db", clock=store.clock)
        asked = count(1)
        monkeypatch.setattr(runtime, "store", lambda: nowhere if next(asked) <= 4 else store)
        monkeypatch.setattr(outage, "PAUSE", 0.01)

    return go


def field(page: Any) -> Any:
    return next(area for area in page.text_area if area.label == "What was said")


def log_it(page: Any) -> Any:
    return next(button for button in page.button if button.label == "Log it")


def plain(elements: Any) -> list[str]:
    return [element.value.replace("\\", "") for element in elements]


def words(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(Contact.text)))


def undone(store: Store) -> list[bool]:
    with store.reading() as session:
        return [word.undone_at is not None for word in session.scalars(select(Contact))]


def test_what_is_saved_while_the_database_is_away_is_not_and_the_words_stay(page_of: Open, store, ben: Viewer, away):
    noor = saved(store, a_candidate(owner_id=ben.id))
    page = page_of("candidate.py", ben, id=str(noor)).run()
    field(page).set_value(WORDS)
    away()
    log_it(page).click().run()  # and waits until it is back
    assert any("can't be reached just now. Nothing was saved" in said for said in plain(page.error))
    assert field(page).value == WORDS
    assert words(store) == []
    log_it(page).click().run()
    assert words(store) == [WORDS]


def test_what_could_not_be_taken_back_while_the_database_is_away_still_can_be(page_of: Open, store, ben: Viewer, away):
    noor = saved(store, a_candidate(owner_id=ben.id))
    page = page_of("candidate.py", ben, id=str(noor)).run()
    field(page).set_value(WORDS)
    log_it(page).click().run()
    for is_undone in (False, True):
        if not is_undone:
            away()
        next(button for button in page.button if button.label == "Undo").click().run()
        assert undone(store) == [is_undone]
    assert not [button for button in page.button if button.label == "Undo"]


def test_wherever_in_a_run_the_database_goes_away_the_page_comes_back_by_itself(
    page_of: Open, store, ben: Viewer, monkeypatch
):
    noor = saved(store, a_candidate(owner_id=ben.id), a_word_from_her())
    nowhere = open_store("sqlite:////nowhere/at/all.db", clock=store.clock)
    page, asked = page_of("candidate.py", ben, id=str(noor)), count(1)
    monkeypatch.setattr(outage, "PAUSE", 0.01)
    monkeypatch.setattr(runtime, "store", lambda: (next(asked), store)[1])
    page.run()
    for number in range(1, next(asked)):  # within its pieces too
        again = count(1)
        monkeypatch.setattr(runtime, "store", lambda a=again, n=number: nowhere if next(a) in (n, n + 1) else store)
        page.run()
        assert not page.exception
        assert plain(page.error) == [WAS_AWAY]


def test_whoever_only_looks_is_told_once_it_is_back(page_of: Open, ben: Viewer, away):
    page = page_of("candidates.py", ben).run()
    away()
    page.run()
    assert plain(page.error) == [WAS_AWAY]
    assert page.title


@pytest.mark.parametrize("who", ["ben", None])
def test_whoever_waits_for_too_long_is_told_to_load_the_page_again(
    page_of: Open, monkeypatch, away, who, request: pytest.FixtureRequest
):
    page = page_of("candidates.py", request.getfixturevalue(who) if who else None)
    monkeypatch.setattr(outage, "PATIENCE", 0)
    away()
    page.run()
    (said,) = plain(page.error)
    assert said.startswith("The database can't be reached just now.")
    assert said.endswith("load it again.")


@contextmanager
def told_of_each_connection(engine, pragma):
    """The pool is that of every test: whoever listens to it stops again."""

    def told(driver, _):
        driver.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", told)
    yield
    event.remove(engine, "connect", told)
    engine.dispose()


@pytest.mark.parametrize(
    ("pragma", "said"),
    [("max_page_count=1", "The disk of the database is full."), ("query_only=ON", "The database can only be read")],
)
def test_a_full_disk_is_told_beside_what_was_typed(page_of: Open, store, ben: Viewer, pragma, said):
    noor = saved(store, a_candidate(owner_id=ben.id))
    page = page_of("candidate.py", ben, id=str(noor)).run()
    field(page).set_value(WORDS * 1000)
    store.engine.dispose()
    with told_of_each_connection(store.engine, pragma):
        log_it(page).click().run()
    assert any(one.startswith(said) for one in plain(page.error))
    assert field(page).value == WORDS * 1000
    assert words(store) == []
    with store.reading() as session:
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"
