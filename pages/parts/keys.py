"""The keys of buttons: each shows its own, but none on a phone, which has no keyboard."""

import streamlit as st


def key(name: str) -> str | None:
    return None if "Mobi" in (st.context.headers.get("User-Agent") or "") else name
