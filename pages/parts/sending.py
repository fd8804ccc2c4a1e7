"""How what is drawn comes to the browser: all of a page at once, unless it takes long, and all of it.

As a piece is drawn alone, Streamlit takes out of what is to be sent all that the whole page drew there just before, and
still tells the browser that this page is whole. So the browser takes off the fields that it was not sent, with what is
written in them, and draws others, in which that is not. It happens where the machine is busy and a touch came while the
page was drawn: the second press of a double click on “Save”.
"""

import threading
from functools import cache
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session, websocket_session_manager
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner, ScriptRunnerEvent
from streamlit.signal_util import Signal

from pages.parts.drawing import Places

PLACES = Places(1)
"""Of this process, on both databases: in each statement a thread lets go of Python's one lock, and where another is at
work it has that back 5 ms later; a save is forty statements.
"""

SOON = 0.1
"""Seconds after which what is drawn is sent though the page is not done: a long import shows how far it is."""


class Drawn:
    """What a run has drawn and nobody has taken yet, in order."""

    def __init__(self, first: ForwardMsg) -> None:
        self._messages: list[ForwardMsg] | None = [first]
        self._lock = threading.Lock()

    def add(self, message: ForwardMsg) -> bool:
        """Whether it goes with the others; not once they are taken."""
        with self._lock:
            if self._messages is None:
                return False
            self._messages.append(message)
            return True

    def take(self) -> list[ForwardMsg]:
        with self._lock:
            messages, self._messages = self._messages or [], None
        return messages


class Told(Signal):
    """What a run tells its session. What it draws is told once, as it begins to draw, and before all that it does next:
    if the session heard of each piece, its thread would want Python's one lock while the page is still being drawn.
    """

    def __init__(self) -> None:
        super().__init__()
        self._drawn: Drawn | None = None

    def send(self, sender: Any = None, /, **told: Any) -> None:
        message = told.get("forward_msg")
        if message is None:
            if self._drawn is not None:
                super().send(sender, event=ScriptRunnerEvent.ENQUEUE_FORWARD_MSG, forward_msg=self._drawn)
                self._drawn = None
        elif self._drawn is not None and self._drawn.add(message):
            return
        else:
            self._drawn = told["forward_msg"] = Drawn(message)
        super().send(sender, **told)


class Run(ScriptRunner):
    """Of a page, and of what follows from it."""

    def __init__(self, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how)
        self.on_event = Told()

    def _run_script(self, rerun_data: RerunData) -> None:
        """With what is done before the page is drawn, and a piece that is drawn alone."""
        with PLACES.one():
            super()._run_script(rerun_data)


class Session(AppSession):
    """One tab."""

    _drawn: Drawn | None = None
    """What it has heard of, and takes soon."""

    def _enqueue_forward_msg(self, msg: ForwardMsg | Drawn) -> None:
        if not isinstance(msg, Drawn):
            super()._enqueue_forward_msg(msg)
        elif msg is self._drawn:
            self._take(msg)
        else:
            self._drawn = msg
            self._event_loop.call_later(SOON, self._take, msg)

    def _create_scriptrunner(self, initial_rerun_data: RerunData) -> None:
        """From here on nothing counts that the run before this one tells. What it has drawn does: a page of which only
        a piece is drawn next, and a toast, which is said once."""
        if self._drawn is not None:
            self._take(self._drawn)
        super()._create_scriptrunner(initial_rerun_data)

    def _take(self, drawn: Drawn) -> None:
        for message in drawn.take():
            super()._enqueue_forward_msg(message)


class ToSend(ForwardMsgQueue):
    """What one session is to send, in order."""

    def flush(self) -> list[ForwardMsg]:
        """Asked of every session whenever one has drawn."""
        return super().flush() if self._queue else []

    def clear(self, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None) -> None:
        if fragment_ids_this_run is None:
            super().clear(retain_lifecycle_msgs)
        else:
            self._delta_index_map = {}  # what the piece draws goes behind what the page drew, not in its place


def send_all() -> None:
    """In this process, for every session that begins."""
    vars(websocket_session_manager)["AppSession"] = Session
    vars(app_session).update(ScriptRunner=Run, ForwardMsgQueue=ToSend)


def read_theme_once() -> None:
    """In this process: at the beginning of every run, Streamlit reads the theme out of its settings six times.

    A theme that was changed is shown by the next server.
    """
    read = app_session._populate_theme_msg

    @cache
    def known(section: str) -> CustomThemeConfig:
        theme = CustomThemeConfig()
        read(theme, section)
        return theme

    def tell(theme: CustomThemeConfig, section: str = "theme") -> None:
        theme.MergeFrom(known(section))

    vars(app_session)["_populate_theme_msg"] = tell
