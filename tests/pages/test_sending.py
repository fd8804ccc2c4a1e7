"""What a run has drawn is sent before the browser is told that the page is whole: else it takes fields off."""

import inspect

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from pages.parts.sending import ToSend, read_theme_once, send_all

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


def test_every_session_sends_by_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(app_session, "ForwardMsgQueue", ForwardMsgQueue)
    send_all()
    assert app_session.ForwardMsgQueue is ToSend
    assert "_browser_queue = ForwardMsgQueue()" in inspect.getsource(app_session.AppSession.__init__)


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
