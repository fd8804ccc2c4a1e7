"""What a run has drawn is sent, together, and before the browser is told that the page is whole."""

import asyncio
import inspect
from typing import Any

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session, websocket_session_manager
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner, ScriptRunnerEvent

from pages.parts import sending
from pages.parts.sending import Drawn, Run, Session, Told, ToSend, read_theme_once, send_all

PIECE = "a piece"


def begun() -> ForwardMsg:
    message = ForwardMsg()
    message.new_session.name = "a run"
    return message


def drawn(text: str) -> ForwardMsg:
    """In the piece."""
    message = ForwardMsg()
    message.delta.fragment_id = PIECE
    message.delta.new_element.text.body = text
    message.metadata.delta_path.extend((0, 1))
    return message


def is_whole() -> ForwardMsg:
    message = ForwardMsg()
    message.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY
    return message


def test_a_touch_in_a_piece_keeps_back_nothing_of_a_page_that_was_not_sent_yet():
    queue = ToSend()
    for message in (begun(), drawn("before"), is_whole()):
        queue.enqueue(message)
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=[PIECE])
    for message in (begun(), drawn("after")):
        queue.enqueue(message)
    assert queue.flush() == [begun(), drawn("before"), is_whole(), begun(), drawn("after")]


def test_what_another_page_drew_is_not_sent_any_more():
    queue = ToSend()
    for message in (begun(), drawn("before"), is_whole()):
        queue.enqueue(message)
    queue.clear(retain_lifecycle_msgs=True)
    assert [message.WhichOneof("type") for message in queue.flush()] == ["new_session", "script_finished"]


def heard(events: Told) -> list[dict[str, Any]]:
    """What a session would hear, from here on."""
    told: list[dict[str, Any]] = []
    events.connect(lambda run, **what: told.append(what), weak=False)
    return told


def draw(events: Told, *texts: str) -> None:
    for text in texts:
        events.send(None, event=ScriptRunnerEvent.ENQUEUE_FORWARD_MSG, forward_msg=drawn(text))


def test_what_is_drawn_is_told_once_and_before_what_is_told_next():
    events = Told()
    told = heard(events)
    draw(events, "one", "two")
    assert len(told) == 1
    events.send(None, event=ScriptRunnerEvent.SCRIPT_STOPPED_FOR_RERUN)
    draw(events, "three")
    first, again, stopped, next_ = told
    assert first == again
    assert stopped["event"] is ScriptRunnerEvent.SCRIPT_STOPPED_FOR_RERUN
    assert first["forward_msg"].take() == [drawn("one"), drawn("two")]
    assert next_["forward_msg"].take() == [drawn("three")]


def test_what_is_drawn_after_the_others_were_taken_is_told_anew():
    events = Told()
    told = heard(events)
    for text in ("one", "two"):
        draw(events, text)
        assert told.pop()["forward_msg"].take() == [drawn(text)]


class Tab(Session):
    """With nothing around it but a loop."""

    def __init__(self) -> None:
        self._event_loop = asyncio.get_running_loop()
        self._browser_queue = ToSend()
        self._message_enqueued_callback = None

    def __del__(self) -> None:
        """There is nothing to shut."""

    def sent(self) -> list[str]:
        return [message.delta.new_element.text.body for message in self._browser_queue.flush()]


def test_a_page_that_takes_long_is_shown_as_far_as_it_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sending, "SOON", 0.01)

    async def go_on() -> None:
        tab, page = Tab(), Drawn(drawn("one"))
        tab._enqueue_forward_msg(page)
        assert page.add(drawn("two"))
        assert not tab.sent()
        await asyncio.sleep(0.1)
        assert tab.sent() == ["two"]  # in the place of the first
        assert not page.add(drawn("three"))

    asyncio.run(go_on())


def test_what_was_drawn_until_the_next_run_begins_is_sent_once(monkeypatch: pytest.MonkeyPatch):
    """That run may be of a piece; and a toast is said once, also to whoever clicks twice."""
    monkeypatch.setattr(sending, "SOON", 0.01)
    monkeypatch.setattr(AppSession, "_create_scriptrunner", lambda tab, rerun_data: None)

    async def go_on() -> None:
        tab, page = Tab(), Drawn(drawn("before"))
        tab._enqueue_forward_msg(page)
        tab._create_scriptrunner(RerunData())
        assert tab.sent() == ["before"]
        assert not page.add(drawn("after"))
        await asyncio.sleep(0.1)
        assert not tab.sent()

    asyncio.run(go_on())


def test_every_session_sends_by_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(app_session, "ForwardMsgQueue", ForwardMsgQueue)
    monkeypatch.setattr(app_session, "ScriptRunner", ScriptRunner)
    monkeypatch.setattr(websocket_session_manager, "AppSession", AppSession)
    send_all()
    assert (app_session.ForwardMsgQueue, app_session.ScriptRunner) == (ToSend, Run)
    assert websocket_session_manager.AppSession is Session
    assert "_browser_queue = ForwardMsgQueue()" in inspect.getsource(AppSession.__init__)
    assert "self._scriptrunner = ScriptRunner(" in inspect.getsource(AppSession)
    assert "self._enqueue_forward_msg(forward_msg)" in inspect.getsource(AppSession)
    assert "self._create_scriptrunner(rerun_data)" in inspect.getsource(AppSession.request_rerun)
    assert "self.on_event = Signal()" in inspect.getsource(ScriptRunner.__init__)
    assert "session = AppSession(" in inspect.getsource(websocket_session_manager.WebsocketSessionManager)


def test_the_theme_is_read_once_and_is_the_same(monkeypatch: pytest.MonkeyPatch):
    populate, read = app_session._populate_theme_msg, []
    monkeypatch.setattr(app_session, "_populate_theme_msg", lambda *what: (read.append(what[1]), populate(*what)))
    read_theme_once()
    plain, told, again = CustomThemeConfig(), CustomThemeConfig(), CustomThemeConfig()
    populate(plain, "theme.dark")
    for theme in (told, again):
        app_session._populate_theme_msg(theme, "theme.dark")
    assert told == again == plain
    assert plain.ByteSize()
    assert read == ["theme.dark"]
    assert "_populate_theme_msg(msg.new_session.custom_theme)" in inspect.getsource(app_session.AppSession)
