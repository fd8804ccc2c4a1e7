"""The floor of a page: the same elements, fed with constants. What it costs is Streamlit's, not ours.

The first run of a floor page runs the page itself and notes each call it makes of Streamlit; later runs make the same
calls with the same values, and do nothing else.
"""

import functools
import threading
from collections.abc import Callable
from pathlib import Path
from types import MethodType
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import StopException

_noted = threading.local()
_recorded: dict[str, list["Call"]] = {}


class Call:
    """Of which container (None: the page), what, with which values, and what came back."""

    __slots__ = ("arguments", "container", "made", "method", "named")

    def __init__(
        self, container: int | None, method: Callable[..., Any], arguments: Any, named: Any, made: Any
    ) -> None:
        self.container, self.method = container, method
        self.arguments, self.named, self.made = arguments, named, made


def watch() -> None:
    """Have every call of Streamlit noted while somebody is noting. Once for a process, before any page."""
    for name in dir(DeltaGenerator):
        function = getattr(DeltaGenerator, name)
        if callable(function) and (not name.startswith("_") or name in ("__enter__", "__exit__")):
            setattr(DeltaGenerator, name, _watched(function, is_method=True))
    for name, value in list(vars(st).items()):
        if isinstance(value, MethodType) and isinstance(value.__self__, DeltaGenerator):
            setattr(st, name, _watched(value, is_method=False))


def page(name: str, script: Path) -> Callable[[], None]:
    """A page that is the floor of the page in this file."""

    def draw() -> None:
        if name in _recorded:
            _replay(_recorded[name])
        else:
            _recorded[name] = _record(script)

    draw.__name__ = f"floor_{name}"
    return draw


def _watched(function: Callable[..., Any], *, is_method: bool) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        calls: list[Call] | None = getattr(_noted, "calls", None)
        if calls is None or _noted.depth:
            return function(*arguments, **named)
        _noted.depth += 1
        try:
            made = function(*arguments, **named)
        finally:
            _noted.depth -= 1
        container, rest = (arguments[0], arguments[1:]) if is_method else (None, arguments)
        calls.append(Call(_number(container), function, rest, named, _numbers(made)))
        return made

    return call


def _record(script: Path) -> list[Call]:
    _noted.calls, _noted.depth, _noted.containers = [], 0, {}
    try:
        exec(compile(script.read_text(), str(script), "exec"), {"__name__": "__main__", "__file__": str(script)})  # noqa: S102
    except StopException:
        pass
    finally:
        calls, _noted.calls = _noted.calls, None
    return calls


def _replay(calls: list[Call]) -> None:
    containers: dict[int, Any] = {}
    for call in calls:
        if call.container is None:
            made = call.method(*call.arguments, **call.named)
        elif call.container in containers:
            made = call.method(containers[call.container], *call.arguments, **call.named)
        else:
            continue  # of a container that was made before the page began, such as the sidebar
        _remember(containers, call.made, made)


def _number(container: Any) -> int | None:
    """Containers by the order in which they came."""
    if container is None:
        return None
    known: dict[int, tuple[int, Any]] = _noted.containers
    return known.setdefault(id(container), (len(known), container))[0]


def _numbers(made: Any) -> Any:
    if isinstance(made, DeltaGenerator):
        return _number(made)
    if isinstance(made, list | tuple):
        return [_numbers(one) for one in made]
    return None


def _remember(containers: dict[int, Any], numbers: Any, made: Any) -> None:
    if isinstance(numbers, int):
        containers[numbers] = made
    elif isinstance(numbers, list):
        for number, one in zip(numbers, made, strict=False):
            _remember(containers, number, one)
