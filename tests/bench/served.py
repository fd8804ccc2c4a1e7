"""The server that is measured: Perennial's own gate and pages, and beside them an empty page and each page's floor."""

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import streamlit as st  # noqa: E402
from starlette.middleware import Middleware  # noqa: E402
from starlette.routing import Route  # noqa: E402

import app as perennial  # noqa: E402
from tests.bench import floor  # noqa: E402

page_link: Any = st.page_link
st.page_link = lambda page, **named: page_link(ROOT / "pages" / page, **named)  # pages name others from the front door
floor.watch()
app = st.App(
    Path(__file__).with_name("door.py"),
    lifespan=perennial.lifespan,
    middleware=[Middleware(perennial.Gate)],
    routes=[Route("/healthz", perennial.health)],
)

if __name__ == "__main__":
    port = int(sys.argv[1])
    sys.argv = [str(ROOT / "app.py")]  # where Streamlit looks for its settings
    app.run(config={"server.port": port, "server.address": "127.0.0.1"})
