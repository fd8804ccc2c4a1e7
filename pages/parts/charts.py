"""Charts on a page: made by Altair once per appearance, then drawn with any data in a tenth of the time.

A chart keeps what was clicked in it as long as its key: another key, and nothing is.
"""

import json
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

import altair as alt
import streamlit as st

from core.charts.dress import Appearance, Palette, palette, spec
from pages.parts import state

MOST_KEPT = 200
_made: dict[tuple[Hashable, ...], str] = {}
_making = Lock()


def appearance() -> Appearance:
    """Light where it is not known yet, as on a session's first run."""
    return "dark" if st.context.theme.type == "dark" else "light"


def spec_of(chart: Callable[[Any, Palette], alt.TopLevelMixin], frame: Any, *depends_on: Hashable) -> dict[str, Any]:
    """The chart's spec, for `st.vega_lite_chart(frame, spec_of(...), theme=None)`.

    `depends_on` is what of the frame the spec itself says, such as the names in its legend; nothing else of the frame
    may get into it, since the first frame's spec serves them all.
    """
    look = appearance()
    key = (chart, look, *depends_on)
    text = _made.get(key) or _make(key, lambda: spec(chart(frame, palette(look))))
    made: dict[str, Any] = json.loads(text)
    return made


def _make(key: tuple[Hashable, ...], made: Callable[[], dict[str, Any]]) -> str:
    """One at a time: a hundred people who come at once wait for one chart, and do not each make it."""
    with _making:
        if key not in _made:
            if len(_made) >= MOST_KEPT:
                _made.clear()
            _made[key] = json.dumps(made())
        return _made[key]


def key_of(chart: str) -> str:
    return f"{chart}-chart-{times_cleared()}"


def times_cleared() -> int:
    """For the key of another widget that forgets what was chosen when the charts do."""
    return int(st.session_state.get(state.CHARTS_CLEARED, 0))


def clear_charts() -> None:
    """In a callback: nothing is clicked in any chart any more."""
    st.session_state[state.CHARTS_CLEARED] = times_cleared() + 1
