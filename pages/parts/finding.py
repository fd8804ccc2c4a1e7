"""Somebody found by what is typed of them, while it is typed."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.queries.candidates import CandidateFilters, Person
from core.queries.page import Page
from pages.parts import reads


def search_people(label: str, most: int, *, key: str, **more: Any) -> tuple[str, Sequence[Person]]:
    """What is typed, and who may be meant, nobody before anything is. `more`: what a text field may be told besides."""
    placeholder = "Name, company, title, place, e-mail or phone"
    typed = st.text_input(label, type="search", live="300ms", key=key, placeholder=placeholder, **more)
    text = (typed or "").strip()
    return text, reads.people(CandidateFilters(text=text), Page(1, most)).rows if text else ()
