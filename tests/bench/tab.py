"""A browser's tab without the browser: speaks to a Streamlit server as its page does, and waits until a run is over."""

from websockets.sync.client import ClientConnection, connect

from tests.talk import PATIENCE, Talk


class Tab(Talk):
    """One page, opened by somebody signed in."""

    def __init__(self, port: int, cookie: str, page: str = "", query: str = "") -> None:
        super().__init__()
        self.page, self.query = page, query
        self.first = 0
        """Bytes of the first run; of those the browser keeps what does not change."""
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
        self.socket.send(self.asks())
        while not self.hears(bytes(self.socket.recv(timeout=PATIENCE, decode=False))):
            pass
        self.first = self.first or self.bytes

    def close(self) -> None:
        self.socket.close()
