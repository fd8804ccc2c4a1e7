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
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import auth, logs, settings
from core.auth import Cookie
from core.backing_up import keep_daily
from core.commands.own_page import fetch_own_data
from core.domain import access
from core.domain.refusal import Refused
from core.persistence.backup import damage
from core.persistence.outages import Unavailable
from core.persistence.work import THE_PROGRAM, Viewer
from core.queries.own_data import as_zip, own_data
from pages.parts import runtime, sending

HERE = Path(__file__).resolve().parent
log = logging.getLogger("perennial")

# Streamlit warns of imports that happen outside a page, as `_warm` does; nothing is missing there.
logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").addFilter(
    lambda record: "missing ScriptRunContext" not in record.getMessage()
)

# What goes wrong in a page is logged once, by `say_what_went_wrong`, with the number that the person was told.
logging.getLogger("streamlit.error_util").addFilter(lambda record: "Uncaught app execution" not in record.getMessage())

sending.send_all()
sending.read_theme_once()

MEMBER_HEADER = b"x-perennial-member"
SIGNED_IN_ONLY = tuple(path for path, least in access.ADDRESSES.items() if least is access.VIEWER)
SHUT = tuple(path for path, least in access.ADDRESSES.items() if least is access.NOBODY)
MOST_BROUGHT = 1_000
"""Bytes of a request that begins a session; a ticket is 43."""
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
    "x-robots-tag": "noindex, nofollow",
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
        try:
            await self.let_in(scope, receive, send)
        except Unavailable as away:
            if scope["type"] != "http":
                raise
            await self.answer(PlainTextResponse(str(away), 503, {"retry-after": "5"}), scope, receive, send)

    async def let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
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
            try:
                known_as = await anyio.to_thread.run_sync(_known_as, HTTPConnection(scope), is_http)
            except Unavailable:
                if is_http:
                    raise
                # The page itself says so and waits. Whose session it is nobody knows, so that nobody can take it up.
                headers.append((MEMBER_HEADER, secrets.token_hex(16).encode()))
                await self.app({**scope, "headers": headers}, receive, send)
                return
            if known_as:  # Streamlit binds its session to this: somebody else's session id opens a fresh one
                headers.append((MEMBER_HEADER, known_as.encode()))
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
                    message["headers"] = [_never_without_tls(*header) for header in message["headers"]]
            await send(message)

        await app(scope, receive, sent if scope["type"] == "http" else send)


def _never_without_tls(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """A cookie, Streamlit's own as well, is for https alone."""
    is_open = name == b"set-cookie" and b"secure" not in value.lower()
    return name, value + b"; Secure" if is_open else value


def _viewer_of(connection: HTTPConnection) -> Viewer | None:
    token = connection.cookies.get(auth.cookie_name(secure=settings.current().is_secure))
    return auth.lookup(runtime.store(), token)


def _known_as(connection: HTTPConnection, members_only: bool) -> str | None:
    """A member by their id, whoever came by a link to their own page by the link's; files are for members."""
    if viewer := _viewer_of(connection):
        return str(viewer.id)
    token = connection.cookies.get(auth.cookie_name(Cookie.OWN_PAGE, secure=settings.current().is_secure))
    link = auth.link_in_force(runtime.store(), token) if token and not members_only else None
    return f"own page {link}" if link else None


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
        ticket = json.loads(await _short(request))["ticket"]
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError):
        return JSONResponse({}, 400)
    life = settings.current().session_life
    token = await anyio.to_thread.run_sync(auth.redeem, runtime.store(), str(ticket), life)
    if token is None:
        return JSONResponse({}, 401)
    response = JSONResponse({})
    is_secure = settings.current().is_secure
    _set_cookie(response, auth.cookie_name(secure=is_secure), token, int(life.total_seconds()))
    for used in (Cookie.SETUP, Cookie.LINK):
        response.delete_cookie(auth.cookie_name(used, secure=is_secure), secure=is_secure, httponly=True)
    return response


async def _short(request: Request) -> bytes:
    """What a request brings, and nothing where it is long: whoever sends it need not be signed in."""
    brought = b""
    async for part in request.stream():
        brought += part
        if len(brought) > MOST_BROUGHT:
            return b""
    return brought


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
    response = RedirectResponse("/set-up", 303)
    if key:
        _set_cookie(response, auth.cookie_name(Cookie.SETUP, secure=settings.current().is_secure), key, 3600)
    return response


async def open_password_link(request: Request) -> Response:
    """Out of the address, where history and screens would show it, into a cookie; then to the page that asks for it."""
    secret = request.path_params["secret"]
    asked = await anyio.to_thread.run_sync(auth.invited, runtime.store(), secret, _address_of(request))
    response = RedirectResponse("/new-password", 303)
    if asked:
        _set_cookie(response, auth.cookie_name(Cookie.LINK, secure=settings.current().is_secure), secret, 3600)
    return response


async def open_own_page(request: Request) -> Response:
    """The link of a candidate's own page: out of the address, and into a cookie that lasts for a visit.

    Whatever the link is worth the answer is the same; what it opens, the page asks of the database at every touch.
    """
    token, address = request.path_params["token"], _address_of(request)

    def opens() -> bool:
        by_member = _viewer_of(request) is not None
        return auth.open_own_page(runtime.store(), token, address, by_member=by_member)

    try:
        is_right = await anyio.to_thread.run_sync(opens)
    except Refused as refused:
        return PlainTextResponse(str(refused), 429)
    response = RedirectResponse("/own-page", 303)
    is_secure = settings.current().is_secure
    name = auth.cookie_name(Cookie.OWN_PAGE, secure=is_secure)
    if is_right:
        _set_cookie(response, name, token, 3600)
    else:
        response.delete_cookie(name, secure=is_secure, httponly=True)
    return response


async def own_data_file(request: Request) -> Response:
    """All that is known of whoever holds the link in this browser, once the team has put it on their page.

    It is made as it is asked for: so it is true today, masked as the team's own, and lies nowhere. Whatever is wrong,
    the link, the day or whoever is signed in, the answer is the same: their page, which says by itself what there is.
    """
    token = request.cookies.get(auth.cookie_name(Cookie.OWN_PAGE, secure=settings.current().is_secure))

    def made() -> bytes | None:
        if request.method != "GET" or not token or _viewer_of(request) is not None:
            return None
        store = runtime.store()
        if auth.link_in_force(store, token) is None:  # whoever makes links up keeps nobody from writing
            return None
        try:
            with store.working(THE_PROGRAM) as work:
                candidate_id = fetch_own_data(work, token)
        except Refused:
            return None
        with store.reading() as session:
            return as_zip(own_data(session, candidate_id, now=store.now(), calendar=store.calendar))

    file = await anyio.to_thread.run_sync(made)
    if file is None:
        return RedirectResponse("/own-page", 303)
    return Response(
        file, media_type="application/zip", headers={"content-disposition": 'attachment; filename="your-data.zip"'}
    )


def _address_of(request: Request) -> str | None:
    return request.client.host if request.client else None


def _set_cookie(response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name, value, max_age=seconds, path="/", httponly=True, samesite="lax", secure=settings.current().is_secure
    )


class Deep(PathConvertor):
    """An address with a slash within, where Streamlit serves nothing, and its script does not look for the server."""

    regex = "(?!(?:component|media|static)/|(?:.*/)?_stcore/)[^/]+/.+"


register_url_convertor("deep", Deep())


async def no_page_so_deep(request: Request) -> Response:
    """No page's address has a slash within: Streamlit would answer with one that looks for its scripts in the wrong
    place, and stays blank. At the first level it can say that there is none."""
    return RedirectResponse("/" + request.path_params["address"].strip("/").replace("/", "-"), 303)


async def health(_: Request) -> Response:
    """Whether Perennial and its database answer, for whatever watches over it: 503 while the database does not."""

    def look() -> None:
        with runtime.store().reading() as session:
            auth.has_members(session)

    await anyio.to_thread.run_sync(look)
    return PlainTextResponse("ok")


# starting


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Serve at once, and meanwhile load what the first pages will need."""
    logs.keep_to_the_code(as_json=settings.current().log == "json")
    _tell_the_trail()
    _announce(await anyio.to_thread.run_sync(auth.offer_setup, runtime.store()))
    warming = threading.Thread(target=_warm, name="warming", daemon=True)
    warming.start()
    looking = threading.Thread(target=_look_through, name="looking through", daemon=True)
    looking.start()
    over = keep_daily(runtime.store())
    yield
    over.set()


def _look_through() -> None:
    """Whether the file is whole: after a start in the background, since a large one takes a while."""
    if wrong := damage(runtime.store()):
        log.error("The database is damaged: %s. Stop Perennial and restore a backup: perennial db restore FILE.", wrong)


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
    # A look at all that a hundred sessions keep stops everybody for a tenth of a second. If it came much more seldom,
    # what sessions that have gone leave would not be picked up as fast as others come.
    gc.set_threshold(5_000, 10, 10)


def say_what_went_wrong(problem: Exception) -> bool:
    """A sentence and a number for the person, the rest for the log: an error can carry a candidate's words."""
    if isinstance(problem, Unavailable):
        st.error(str(problem))
        return True
    number = secrets.token_hex(4)
    log.error("something went wrong in a page, number %s", number, exc_info=problem)
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
        Route("/password/{secret}", open_password_link),
        Route("/own/{token}", open_own_page),
        Route("/own-data", own_data_file),
        Route("/healthz", health),
        Route("/{address:deep}", no_page_so_deep),
    ],
    on_script_error=say_what_went_wrong,
)


def serve(options: dict[str, Any]) -> None:
    """Serve until stopped, in this process; `perennial serve` has checked everything before."""
    sys.argv = [__file__]  # Streamlit looks for its settings beside what it takes to have been started
    sys.stdout = io.StringIO()  # Streamlit's banner; `_announce` says ours
    app.run(config=options)
