"""Pages are drawn one after the other, and a slow one keeps nobody waiting for long."""

import threading

import pytest
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner

from pages.parts import drawing, sending
from pages.parts.drawing import Places

PATIENCE = 20


class Page:
    """Drawn in a thread of its own, until it is let go."""

    def __init__(self, places: Places) -> None:
        self.places, self.begun, self.may_end = places, threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self.draw, daemon=True)
        self.thread.start()

    def draw(self) -> None:
        with self.places.one():
            self.begun.set()
            self.may_end.wait(PATIENCE)

    def end(self) -> None:
        self.may_end.set()
        self.thread.join(PATIENCE)


def test_the_next_page_is_begun_when_the_one_before_is_done(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drawing, "SLOW", PATIENCE)
    places = Places(1)
    first = Page(places)
    assert first.begun.wait(PATIENCE)
    second = Page(places)
    assert not second.begun.wait(0.1)
    first.end()
    assert second.begun.wait(PATIENCE)
    second.end()


def test_pages_are_drawn_in_the_order_they_came(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drawing, "SLOW", PATIENCE)
    places = Places(1)
    first = Page(places)
    assert first.begun.wait(PATIENCE)
    waiting = []
    for number in range(1, 6):
        waiting.append(Page(places))
        while len(places._queue) < number:
            pass
    first.end()
    for page in waiting:
        assert page.begun.wait(PATIENCE)
        assert sum(other.begun.is_set() for other in waiting) == waiting.index(page) + 1
        page.end()


def test_as_many_are_drawn_at_a_time_as_there_are_places(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drawing, "SLOW", PATIENCE)
    places = Places(2)
    pages = [Page(places), Page(places)]
    assert all(page.begun.wait(PATIENCE) for page in pages)
    third = Page(places)
    assert not third.begun.wait(0.1)
    pages[0].end()
    assert third.begun.wait(PATIENCE)
    for page in (pages[1], third):
        page.end()


def test_a_slow_page_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drawing, "SLOW", 0.01)
    places = Places(1)
    slow = Page(places)
    assert slow.begun.wait(PATIENCE)
    pages = [Page(places), Page(places)]
    assert all(page.begun.wait(PATIENCE) for page in pages)
    for page in (*pages, slow):
        page.end()


def test_a_page_that_breaks_off_gives_its_place_away(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drawing, "SLOW", PATIENCE)
    places = Places(1)
    with pytest.raises(ValueError, match="broken off"), places.one():
        raise ValueError("broken off")
    after = Page(places)
    assert after.begun.wait(PATIENCE)
    after.end()


def test_whatever_a_touch_asks_for_takes_a_place_and_gives_it_back(monkeypatch):
    busy = []
    monkeypatch.setattr(ScriptRunner, "_run_script", lambda *_: busy.append(len(sending.PLACES._taken)))
    sending.Run._run_script(object.__new__(sending.Run), RerunData())
    assert busy == [1]
    assert not sending.PLACES._taken
