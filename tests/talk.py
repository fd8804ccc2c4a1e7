"""What a browser's tab says to a Streamlit server and hears from it, without the browser: no sending and no waiting."""

from typing import Any, NamedTuple

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

DONE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
PATIENCE = 60
"""Seconds."""
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


class Talk:
    """One open page: what its next run is asked by, and what is to be seen on it."""

    def __init__(self) -> None:
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
        self.elements = self.bytes = 0
        """What the last run sent."""
        self._seen: dict[str, tuple[int, Any]] = {}
        """Large messages the server need not send again: the run that last had them, and what they said."""
        self._runs = 0
        self._drawn: set[str] = set()
        self._is_whole = True

    def asks(
        self,
        triggers: dict[str, tuple[str, Any]] | None = None,
        fragment: str = "",
        *,
        page_hash: str | None = None,
        by_itself: bool = False,
    ) -> bytes:
        """The message that begins a run: of the page, or of a fragment."""
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
        self.elements = self.bytes = 0
        return message.SerializeToString()

    def hears(self, sent: bytes) -> bool:
        """One message of the server's; whether it was the last of the run."""
        self.bytes += len(sent)
        message: Any = ForwardMsg.FromString(sent)
        match message.WhichOneof("type"):
            case "new_session":
                self.page_hash = message.new_session.page_script_hash or self.page_hash
                self._begins(is_whole=not message.metadata.run.fragment_ids)
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
                self.elements += 1
                if message.ref_hash not in self._seen:
                    raise Wrong("The server takes for known what it never sent.")
                delta = self._seen[message.ref_hash][1]
                self._seen[message.ref_hash] = (self._runs, delta)
                self._drew(delta)
            case "delta":
                self.elements += 1
                if message.metadata.cacheable and message.hash:
                    self._seen[message.hash] = (self._runs, message.delta)
                self._drew(message.delta)
            case "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    return False
                if message.script_finished not in DONE:
                    raise Wrong("The page does not compile.")
                self._is_drawn()
                return True
        return False

    def _begins(self, *, is_whole: bool) -> None:
        """A run: after one of a fragment, the whole page may follow by itself."""
        self._is_whole = is_whole
        if is_whole:
            self._drawn, self.looks_again = set(), {}

    def _is_drawn(self) -> None:
        """What a whole run has not drawn is gone."""
        if self._is_whole:
            self.widgets = {key: widget for key, widget in self.widgets.items() if widget.id in self._drawn}
            self.state = {id_: value for id_, value in self.state.items() if id_ in self._drawn}
            self._seen = {name: kept for name, kept in self._seen.items() if kept[0] >= self._runs - 1}
            self._runs += 1

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
