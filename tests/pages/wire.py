"""Streamlit's own protocol, spoken without a browser: what somebody with a program of their own can ask and see."""

import socket
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from tests.make import PATIENCE


@dataclass
class Seen:
    """What one run sent."""

    raw: bytes = b""
    elements: list[Any] = field(default_factory=list)
    is_not_found: bool = False
    """Streamlit's own note says so."""

    @property
    def fields(self) -> list[str]:
        return [element.text_input.label for element in self.elements if element.WhichOneof("type") == "text_input"]

    @property
    def is_sign_in(self) -> bool:
        """The form, and nothing that belongs to any page."""
        kinds = {element.WhichOneof("type") for element in self.elements}
        return self.fields == ["User name", "Password"] and kinds <= {
            "imgs", "html", "heading", "text_input", "button", "markdown"
        }  # fmt: skip

    @property
    def is_inside(self) -> bool:
        """A page, with the member's own menu beside it."""
        return "Sign out" in self and not self.is_sign_in

    @property
    def toasts(self) -> list[str]:
        return [element.toast.body for element in self.elements if element.WhichOneof("type") == "toast"]

    def widget(self, key: str) -> str:
        """The id of the last one whose key begins so."""
        ids = [getattr(getattr(element, str(element.WhichOneof("type"))), "id", "") for element in self.elements]
        return [id_ for id_ in ids if isinstance(id_, str) and id_.split("-", 2)[-1].startswith(key)][-1]

    def __contains__(self, text: str) -> bool:
        return text.encode() in self.raw


class Wire:
    """One connection, as one tab has; `with Wire(address) as wire: wire.run("/candidates")`."""

    def __init__(
        self,
        address: str,
        *,
        cookie: str = "",
        session_id: str = "",
        host: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:
        where = urlsplit(address)
        sent = dict(headers or {})
        if cookie:
            sent["Cookie"] = f"perennial_session={cookie}"
        self.connecting = connect(
            f"ws://{host or where.netloc}/_stcore/stream",
            sock=socket.create_connection((where.hostname, where.port)),
            subprotocols=["streamlit", "x", session_id] if session_id else ["streamlit"],  # type: ignore[list-item]
            additional_headers=sent,
            max_size=None,
            max_queue=None,  # what nobody has looked at yet never keeps the server waiting
        )
        self.connection: ClientConnection
        self.session_id = ""
        self.address = address
        self.pages: dict[str, str] = {}
        self.asked = BackMsg()
        """What was asked for last."""

    def __enter__(self) -> "Wire":
        self.connection = self.connecting.__enter__()
        return self

    def __exit__(self, *how: Any) -> None:
        self.connecting.__exit__(*how)

    def run(self, path: str = "/", *, page_hash: str = "", until: str = "") -> Seen:
        """What a browser does on arriving at an address: run its page, or the page of this hash."""
        message = BackMsg()
        rerun = message.rerun_script
        rerun.page_name, _, rerun.query_string = path.removeprefix("/").partition("?")
        rerun.page_script_hash = page_hash
        rerun.context_info.timezone = "UTC"
        rerun.context_info.url = f"{self.address}/{rerun.page_name}"
        self.asked = message
        self.connection.send(message.SerializeToString())
        return self.seen(until)

    def press(self, seen: Seen, button: str, *, until: str = "", **filled: str) -> Seen:
        """Fill in texts and press a button of a page that was seen, each named by how its key begins."""
        message = BackMsg()
        message.CopyFrom(self.asked)
        for begins, text in filled.items():
            message.rerun_script.widget_states.widgets.add(id=seen.widget(f"{begins}-")).string_value = text
        message.rerun_script.widget_states.widgets.add(id=seen.widget(button)).trigger_value = True
        self.connection.send(message.SerializeToString())
        return self.seen(until)

    def seen(self, until: str = "", timeout: float = PATIENCE) -> Seen:
        """All that one run sends; or, of one that goes on and on, what it sends up to some words."""
        seen = Seen()
        while True:
            raw = self.connection.recv(timeout=timeout)
            assert isinstance(raw, bytes)
            seen.raw += raw
            if until and until.encode() in raw:
                return seen
            said = ForwardMsg.FromString(raw)
            kind = said.WhichOneof("type")
            if kind == "new_session":
                self.session_id = said.new_session.initialize.session_id or self.session_id
            elif kind == "page_not_found":
                seen.is_not_found = True
            elif kind == "navigation":
                self.pages = {page.url_pathname: page.page_script_hash for page in said.navigation.app_pages}
            elif kind == "delta" and said.delta.WhichOneof("type") == "new_element":
                seen.elements.append(said.delta.new_element)
            elif kind == "script_finished" and said.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return seen
