"""The server: Streamlit behind one gate, and the few addresses that are not pages.

`perennial serve` starts it; `streamlit run app.py` does as well, on a database that is up to date.
"""

import gc
import io
import json
import logging
import secrets
import sys
import threading
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio.to_thread
import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import auth, settings
from core.domain import access
from core.persistence.work import Viewer
from pages.parts import runtime

HERE = Path(__file__).resolve().parent
log = logging.getLogger("perennial")

# Streamlit warns of imports that happen outside a page, as `_warm` does; nothing is missing there.
logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").addFilter(
    lambda record: "missing ScriptRunContext" not in record.getMessage()
)

MEMBER_HEADER = b"x-perennial-member"
SIGNED_IN_ONLY = tuple(path for path, least in access.ADDRESSES.items() if least is access.VIEWER)
SHUT = tuple(path for path, least in access.ADDRESSES.items() if least is access.NOBODY)
HEADERS = {
    "content-security-policy": "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' blob:",  # blob: is how Streamlit loads a component's script
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'self'",
            "object-src 'none'",
            "form-action 'self'",
        )
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
}


class Gate:
    """Stands before everything: says who is asking, shuts what Streamlit leaves open, and sets the headers.

    Plain ASGI: Starlette's own base class would hold a whole upload in memory.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = [header for header in scope["headers"] if header[0] != MEMBER_HEADER]
        path, is_http = scope["path"], scope["type"] == "http"
        if is_http and path.startswith(SHUT):
            await self.answer(PlainTextResponse("Not found.", 404), scope, receive, send)
            return
        if not _is_answered(headers):
            if is_http:
                await self.answer(PlainTextResponse("This host name is not answered here.", 400), scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008})
            return
        if not is_http or path.startswith(SIGNED_IN_ONLY):
            viewer = await anyio.to_thread.run_sync(_viewer_of, HTTPConnection(scope))
            if viewer:  # Streamlit binds its session to this: somebody else's session id opens a fresh one
                headers.append((MEMBER_HEADER, str(viewer.id).encode()))
            elif is_http:
                await self.answer(PlainTextResponse("Sign in first.", 401), scope, receive, send)
                return
        await self.answer(self.app, {**scope, "headers": headers}, receive, send)

    async def answer(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
                if settings.current().is_secure:
                    headers["strict-transport-security"] = "max-age=31536000"
            await send(message)

        await app(scope, receive, sent if scope["type"] == "http" else send)


def _viewer_of(connection: HTTPConnection) -> Viewer | None:
    token = connection.cookies.get(auth.cookie_name(secure=settings.current().is_secure))
    return auth.lookup(runtime.store(), token)


def _is_answered(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether the host asked for is one of ours: else any page on the web could name us as its own (DNS rebinding)."""
    named = next((value.decode("latin-1") for name, value in headers if name == b"host"), "")
    host = named.rsplit(":", 1)[0] if not named.endswith("]") else named
    host = host.strip("[]").lower().rstrip(".")
    return any(
        known in ("*", host) or (known.startswith("*.") and host.endswith(known[1:]))
        for known in settings.current().allowed_hosts
    )


# addresses that are not pages


async def begin_session(request: Request) -> Response:
    """A ticket becomes a cookie that no script can read."""
    if request.headers.get("x-requested-with") != "perennial":
        return JSONResponse({}, 403)
    try:
        ticket = (await request.json())["ticket"]
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError):
        return JSONResponse({}, 400)
    life = settings.current().session_life
    token = await anyio.to_thread.run_sync(auth.redeem, runtime.store(), str(ticket), life)
    if token is None:
        return JSONResponse({}, 401)
    response = JSONResponse({})
    is_secure = settings.current().is_secure
    _set_cookie(response, auth.cookie_name(secure=is_secure), token, int(life.total_seconds()))
    response.delete_cookie(auth.setup_cookie_name(secure=is_secure), secure=is_secure, httponly=True)
    return response


async def end_session(request: Request) -> Response:
    if request.headers.get("x-requested-with") != "perennial":
        return JSONResponse({}, 403)
    is_secure = settings.current().is_secure
    name = auth.cookie_name(secure=is_secure)
    await anyio.to_thread.run_sync(auth.sign_out, runtime.store(), request.cookies.get(name))
    response = JSONResponse({})
    response.delete_cookie(name, secure=is_secure, httponly=True)
    return response


async def open_setup(request: Request) -> Response:
    """The link of the first start: good once, and then for this browser alone."""
    key = await anyio.to_thread.run_sync(auth.open_setup, runtime.store(), request.path_params["secret"])
    response = RedirectResponse("/set-up" if key else "/", 303)
    if key:
        _set_cookie(response, auth.setup_cookie_name(secure=settings.current().is_secure), key, 3600)
    return response


def _set_cookie(response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name, value, max_age=seconds, path="/", httponly=True, samesite="lax", secure=settings.current().is_secure
    )


async def health(_: Request) -> Response:
    """Whether Perennial and its database answer: for whatever watches over it."""

    def look() -> None:
        with runtime.store().reading() as session:
            auth.has_members(session)

    await anyio.to_thread.run_sync(look)
    return PlainTextResponse("ok")


# starting


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Serve at once, and meanwhile load what the first pages will need."""
    _tell_the_trail()
    _announce(await anyio.to_thread.run_sync(auth.offer_setup, runtime.store()))
    warming = threading.Thread(target=_warm, name="warming", daemon=True)
    warming.start()
    yield


def _tell_the_trail() -> None:
    """How each day of the audit trail ended stands in the log, where it is out of the database's reach."""
    told = logging.getLogger("perennial.trail")
    told.setLevel(logging.INFO)
    told.propagate = False
    told.addHandler(logging.StreamHandler())


def _announce(secret: str | None) -> None:
    sys.stdout = sys.__stdout__
    origin = settings.current().origin
    print(f"\n  Perennial answers at {origin}")
    if secret:
        print(f"\n  Nobody has set it up yet. To do so, open this link; it works once:\n\n  {origin}/setup/{secret}")
    print(flush=True)


def _warm() -> None:
    """The sign-in first, then what draws; what is loaded lives for ever, so the collector need not look at it again."""
    import pages.parts.session  # noqa: F401, I001
    import pandas  # noqa: F401
    import altair  # noqa: F401
    import pyarrow  # noqa: F401

    gc.collect()
    gc.freeze()


def say_what_went_wrong(_: Exception) -> bool:
    """A sentence and a number for the person, the rest for the log: an error can carry a candidate's words."""
    number = secrets.token_hex(4)
    log.error("The error above has the number %s.", number)  # Streamlit has logged it already
    st.error(f"Something went wrong, and nothing was changed. The log says what, under the number {number}.")
    return True


app = st.App(
    HERE / "pages" / "front_door.py",
    lifespan=lifespan,
    middleware=[Middleware(Gate)],
    routes=[
        Route("/auth/session", begin_session, methods=["POST"]),
        Route("/auth/logout", end_session, methods=["POST"]),
        Route("/setup/{secret}", open_setup),
        Route("/healthz", health),
    ],
    on_script_error=say_what_went_wrong,
)


def serve(options: dict[str, Any]) -> None:
    """Serve until stopped, in this process; `perennial serve` has checked everything before."""
    sys.argv = [__file__]  # Streamlit looks for its settings beside what it takes to have been started
    sys.stdout = io.StringIO()  # Streamlit's banner; `_announce` says ours
    app.run(config=options)
