"""A browser's tab without the browser: speaks to a Streamlit server as its page does, and waits until a run is over."""

from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

DONE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
PATIENCE = 60


class Tab:
    """One page, opened by somebody signed in."""

    def __init__(self, port: int, cookie: str, page: str = "", query: str = "") -> None:
        self.page, self.query = page, query
        self.page_hash = ""
        self.elements = 0
        self.bytes = self.first = 0
        """What the server sent: in the last run, and in the first, of which the browser keeps what does not change."""
        self.seen: dict[str, int] = {}
        """Large messages the server need not send again, and the run that last had them."""
        self.runs = 0
        self.socket: ClientConnection = connect(
            f"ws://127.0.0.1:{port}/_stcore/stream",
            subprotocols=["streamlit", "no-token"],  # type: ignore[list-item]
            additional_headers={"Cookie": cookie},
            origin=f"http://127.0.0.1:{port}",  # type: ignore[arg-type]
            max_size=None,
            compression=None,
            open_timeout=PATIENCE,
        )

    def run(self) -> None:
        """Run the page, as a touch of it would; raises what the page says went wrong."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_name, asked.page_script_hash = self.query, self.page, self.page_hash
        asked.context_info.timezone, asked.context_info.locale = "Europe/Warsaw", "en"
        asked.context_info.color_scheme = "light"
        asked.cached_message_hashes.extend(self.seen)
        self.runs, self.elements, self.bytes = self.runs + 1, 0, 0
        self.socket.send(message.SerializeToString())
        while not self._is_over(ForwardMsg.FromString(self._received())):
            pass
        self.first = self.first or self.bytes
        self.seen = {hash_: run for hash_, run in self.seen.items() if run >= self.runs - 1}

    def close(self) -> None:
        self.socket.close()

    def _received(self) -> bytes:
        message = self.socket.recv(timeout=PATIENCE, decode=False)
        self.bytes += len(message)
        return bytes(message)

    def _is_over(self, message: Any) -> bool:
        match message.WhichOneof("type"):
            case "new_session":
                self.page_hash = message.new_session.page_script_hash or self.page_hash
            case "navigation":
                self.page_hash = message.navigation.page_script_hash or self.page_hash
            case "ref_hash":
                self.seen[message.ref_hash] = self.runs
                self.elements += 1
            case "delta":
                if message.metadata.cacheable and message.hash:
                    self.seen[message.hash] = self.runs
                self.elements += 1
                element = message.delta.new_element
                if element.WhichOneof("type") == "exception":
                    raise RuntimeError(f"{element.exception.type}: {element.exception.message}")
            case "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    return False
                if message.script_finished not in DONE:
                    raise RuntimeError("The page does not compile.")
                return True
        return False
