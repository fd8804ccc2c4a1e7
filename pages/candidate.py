"""Candidate: nothing here yet."""

import streamlit as st

from pages.parts import runtime

viewer = runtime.require_viewer()
st.title("Candidate", anchor=False)
