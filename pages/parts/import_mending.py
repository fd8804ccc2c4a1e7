"""Import: rows that were left out, or not decided on, given back as a file that can be mended and brought in."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.domain.row_reasons import why
from pages.parts import wording

STROKE = 2_000
"""Rows read together for it."""

LONGEST = 80


def in_short(cells: Sequence[str]) -> str:
    """A row of which no name is known, by what stands in it."""
    told = " · ".join(" ".join(cell.split()) for cell in cells if cell)
    return (told if len(told) <= LONGEST else told[: LONGEST - 1] + "…") or "An empty row"


def nobody(reason: str) -> str:
    """Of a row of which nothing is kept, since it tells of somebody who was erased."""
    return "Somebody who was erased" if reason == "erased" else ""


def may_be(reason: str, whom: str) -> str:
    """“May be known already: same e-mail as Noor Haddad”."""
    told = why(reason)
    same = told[:1].lower() + told[1:] if told else ""
    return f"May be known already: {' '.join(filter(None, (same, 'as', whom)))}"


def offer_left_out(filename: str, number: int, made: Callable[[], bytes]) -> None:
    """`made` is asked for the file only when somebody wants it."""
    st.download_button(
        f"Download the {wording.plural(number, 'row that stays', 'rows that stay')} out",
        data=made,
        file_name=f"{filename.rsplit('.', 1)[0]} left out.csv",
        mime="text/csv",
        key="download-left-out",
        on_click="ignore",
        help="Mend them in a spreadsheet and bring that file in.",
    )
