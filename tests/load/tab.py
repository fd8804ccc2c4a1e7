"""A browser's tab without the browser, one of hundreds: opens pages, sees their widgets, and touches them by key."""

import asyncio
import json
import time
from typing import Any, NamedTuple

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

DONE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
PATIENCE = 60
FIELDS = {
    "button": "trigger_value",
    "button_group": "string_array_value",
    "checkbox": "bool_value",
    "dataframe": "string_value",
    "pagination": "int_value",
    "selectbox": "string_value",
    "tab_container": "string_value",
    "text_area": "string_value",
    "text_input": "string_value",
}
"""In which field of the protocol each kind of widget keeps its value."""


class Wrong(Exception):
    """What no user should see: an error on the page, a widget that is not there, a server that does not answer."""


class Widget(NamedTuple):
    """One that is drawn: where its value goes, the fragment it belongs to, and what can be chosen in it."""

    id: str
    field: str
    fragment: str
    options: tuple[str, ...]


class Tab:
    """One open page. What touches it answers the seconds from sending to the end of the last run that follows."""

    def __init__(self, address: str, cookies: dict[str, str]) -> None:
        self.address, self.cookies = address, cookies
        self.page = self.query = self.page_hash = ""
        self.pages: dict[str, str] = {}
        self.widgets: dict[str, Widget] = {}
        """By key."""
        self.state: dict[str, tuple[str, Any]] = {}
        """By id: the field and the value of what was touched."""
        self.said: list[str] = []
        """Notices and refusals of the last touch."""
        self.refused = False
        self.looks_again: dict[str, float] = {}
        """Fragments that look again by themselves, and after how many seconds."""
        self._seen: dict[str, tuple[int, Any]] = {}
        """Large messages the server need not send again: the run that last had them, and what they said."""
        self._runs = 0
        self._drawn: set[str] = set()
        self._turn = asyncio.Lock()
        self._socket: ClientConnection

    async def connect(self) -> None:
        sent = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self._socket = await connect(
            f"ws://{self.address}/_stcore/stream",
            subprotocols=["streamlit", "no-token"],  # type: ignore[list-item]
            additional_headers={"Cookie": sent},
            origin=f"http://{self.address}",  # type: ignore[arg-type]
            max_size=None,
            compression=None,
            open_timeout=PATIENCE,
            ping_interval=None,
        )

    async def close(self) -> None:
        await self._socket.close()

    # what a user does

    async def go(self, page: str, query: str = "") -> float:
        """By the navigation or a link; `page` is its path, "" for the first."""
        self.page, self.query = page, query
        return await self._run(page_hash=self.pages.get(page, ""))

    async def press(self, key: str) -> float:
        button = self._widget(key)
        return await self._run({button.id: (button.field, True)}, button.fragment)

    async def choose(self, key: str, value: Any) -> float:
        """Set a widget that answers at once."""
        self.fill(key, value)
        return await self._run({}, self._widget(key).fragment)

    def fill(self, key: str, value: Any) -> None:
        """Set a widget that waits for a button."""
        widget = self._widget(key)
        self.state[widget.id] = (widget.field, value)

    async def tell(self, key: str, event: str, value: Any) -> float:
        """What a component of ours says in the browser."""
        component = self._widget(key)
        said = json.dumps([{"event": event, "value": value}])
        trigger = f"$$STREAMLIT_INTERNAL_KEY_{component.id}__events"
        return await self._run({trigger: ("json_trigger_value", said)}, component.fragment)

    async def look_again(self, fragment: str) -> float:
        return await self._run({}, fragment, by_itself=True)

    def options(self, key: str) -> tuple[str, ...]:
        return self._widget(key).options

    def beginning(self, with_: str) -> list[str]:
        """The keys of widgets that begin so, in the order they are drawn."""
        return [key for key in self.widgets if key.startswith(with_)]

    def _widget(self, key: str) -> Widget:
        if key not in self.widgets:
            raise Wrong(f"/{self.page} has no “{key}”. It said: {self.said}")
        return self.widgets[key]

    # the protocol

    async def _run(
        self,
        triggers: dict[str, tuple[str, Any]] | None = None,
        fragment: str = "",
        *,
        page_hash: str | None = None,
        by_itself: bool = False,
    ) -> float:
        async with self._turn:
            message = BackMsg()
            asked = message.rerun_script
            asked.query_string, asked.page_name, asked.fragment_id = self.query, self.page, fragment
            asked.page_script_hash = self.page_hash if page_hash is None else page_hash
            asked.is_auto_rerun = by_itself
            asked.context_info.timezone, asked.context_info.locale = "Europe/Warsaw", "en"
            asked.context_info.color_scheme = "light"
            asked.cached_message_hashes.extend(self._seen)
            for id_, (field, value) in (self.state | (triggers or {})).items():
                widget = asked.widget_states.widgets.add(id=id_)
                if field == "string_array_value":
                    widget.string_array_value.data.extend(value)
                    widget.string_array_value.SetInParent()
                else:
                    setattr(widget, field, value)
            if not by_itself:
                self.said, self.refused = [], False
            if not fragment:
                self._runs, self._drawn, self.looks_again = self._runs + 1, set(), {}
            begun = time.perf_counter()
            await self._socket.send(message.SerializeToString())
            async with asyncio.timeout(PATIENCE):
                while not self._is_over(ForwardMsg.FromString(await self._socket.recv(decode=False))):
                    pass
            took = time.perf_counter() - begun
            if not fragment:
                self.widgets = {key: widget for key, widget in self.widgets.items() if widget.id in self._drawn}
                self.state = {id_: value for id_, value in self.state.items() if id_ in self._drawn}
                self._seen = {name: kept for name, kept in self._seen.items() if kept[0] >= self._runs - 1}
            return took

    def _is_over(self, message: Any) -> bool:
        match message.WhichOneof("type"):
            case "new_session":
                self.page_hash = message.new_session.page_script_hash or self.page_hash
            case "navigation":
                self.page_hash = message.navigation.page_script_hash or self.page_hash
                self.pages = {
                    "" if page.is_default else page.url_pathname: page.page_script_hash
                    for page in message.navigation.app_pages
                }
            case "page_info_changed":
                self.query = message.page_info_changed.query_string
            case "auto_rerun":
                self.looks_again[message.auto_rerun.fragment_id] = message.auto_rerun.interval
            case "ref_hash":
                if message.ref_hash not in self._seen:
                    raise Wrong("The server takes for known what it never sent.")
                delta = self._seen[message.ref_hash][1]
                self._seen[message.ref_hash] = (self._runs, delta)
                self._drew(delta)
            case "delta":
                if message.metadata.cacheable and message.hash:
                    self._seen[message.hash] = (self._runs, message.delta)
                self._drew(message.delta)
            case "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    return False
                if message.script_finished not in DONE:
                    raise Wrong("The page does not compile.")
                return True
        return False

    def _drew(self, delta: Any) -> None:
        if delta.WhichOneof("type") == "add_block":
            if delta.add_block.HasField("tab_container"):
                self._took("tab_container", delta.add_block.tab_container, delta.fragment_id)
            return
        if delta.WhichOneof("type") != "new_element":
            return
        kind = delta.new_element.WhichOneof("type")
        drawn = getattr(delta.new_element, kind)
        match kind:
            case "exception":
                raise Wrong(f"{drawn.type}: {drawn.message}")
            case "toast":
                self.said.append(drawn.body)
            case "alert" if drawn.format == drawn.ERROR:
                if drawn.body.startswith("Something went wrong"):
                    raise Wrong(drawn.body)
                self.said.append(drawn.body)
                self.refused = True
            case _:
                self._took(kind, drawn, delta.fragment_id)

    def _took(self, kind: str, drawn: Any, fragment: str) -> None:
        id_ = getattr(drawn, "id", "")
        if not isinstance(id_, str) or not id_.startswith("$$ID"):
            return
        self._drawn.add(id_)
        options = tuple(getattr(option, "content", option) for option in getattr(drawn, "options", ()))
        self.widgets[id_.split("-", 2)[-1]] = Widget(id_, FIELDS.get(kind, "string_value"), fragment, options)
        if getattr(drawn, "set_value", False):  # the server has set it: what was touched before no longer holds
            self.state.pop(id_, None)
