"""What Streamlit can't be told of how a page behaves and looks: a script, some style, and the reason for each."""

import secrets
from pathlib import Path

import streamlit as st

from pages.parts import unsaved

_amended = st.components.v2.component(
    "perennial_browser",
    css=Path(__file__).with_name("browser.css").read_text("utf-8"),
    js=Path(__file__).with_name("browser.js").read_text("utf-8"),
    isolate_styles=False,
)


def amend() -> None:
    """On every page, once."""
    data = {"isWritten": unsaved.is_anything_written(), "run": secrets.token_hex(4)}
    _amended(key="browser", data=data, on_left_change=lambda: None)
