"""Import: rows that were left out, given back as a file that can be mended and brought in."""

from collections.abc import Callable

import streamlit as st

from pages.parts import wording

STROKE = 2_000
"""Rows read together for it."""


def offer_left_out(filename: str, number: int, made: Callable[[], bytes]) -> None:
    """`made` is asked for the file only when somebody wants it."""
    st.download_button(
        f"Download the {wording.plural(number, 'row')} left out",
        data=made,
        file_name=f"{filename.rsplit('.', 1)[0]} left out.csv",
        mime="text/csv",
        key="download-left-out",
        on_click="ignore",
        help="Mend them in a spreadsheet and bring that file in.",
    )
