"""A browser's tab without the browser, one of hundreds: opens pages, sees their widgets, and touches them by key."""

import asyncio
import json
import time
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tests.talk import PATIENCE, Talk, Widget, Wrong


class Tab(Talk):
    """One open page. What touches it answers the seconds from sending to the end of the last run that follows."""

    def __init__(self, address: str, cookies: dict[str, str]) -> None:
        super().__init__()
        self.address, self.cookies = address, cookies
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

    async def look_again(self) -> list[float]:
        """What does so by itself; of what is gone by then the server would say nothing."""
        async with self._turn:
            there = (fragment for fragment in list(self.looks_again) if fragment in self.looks_again)
            return [await self._answered({}, fragment, by_itself=True) for fragment in there]

    def options(self, key: str) -> tuple[str, ...]:
        return self._widget(key).options

    def beginning(self, with_: str) -> list[str]:
        """The keys of widgets that begin so, in the order they are drawn."""
        return [key for key in self.widgets if key.startswith(with_)]

    def _widget(self, key: str) -> Widget:
        if key not in self.widgets:
            raise Wrong(f"/{self.page} has no “{key}”. It said: {self.said}")
        return self.widgets[key]

    async def _run(self, *of: Any, **how: Any) -> float:
        """See `asks`."""
        async with self._turn:
            return await self._answered(*of, **how)

    async def _answered(self, *of: Any, **how: Any) -> float:
        begun = time.perf_counter()
        await self._socket.send(self.asks(*of, **how))
        async with asyncio.timeout(PATIENCE):
            while not self.hears(await self._socket.recv(decode=False)):
                pass
        return time.perf_counter() - begun
