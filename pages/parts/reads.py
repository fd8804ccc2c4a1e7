"""Reads that are kept for a minute because they were measured slow. Every action forgets them all."""

import streamlit as st


def forget() -> None:
    """Something changed: the next look is a fresh one."""
    st.cache_data.clear()
