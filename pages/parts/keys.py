"""Keys of buttons: a button names its own, so on a phone, which has none, it has none either."""

import streamlit as st


def key(name: str) -> str | None:
    return None if "Mobi" in (st.context.headers.get("User-Agent") or "") else name
