"""A page as a sheet of paper: black on white, without what is only for the screen, on the screen already."""

import streamlit as st

PRINT = "print"
"""In the address: 1 shows the sheet alone."""

_PAPER = """<style>
[data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToolbar"],
[data-testid="stExpandSidebarButton"] { display: none !important }
html, body, .stApp, [data-testid="stAppViewContainer"], [data-testid="stMain"] { background: #fff !important }
.stApp { color-scheme: light }
[data-testid="stMainBlockContainer"] { max-width: 46rem !important; padding: 2.5rem 1.5rem !important }
[data-testid="stMainBlockContainer"] :is(h1, h2, h3, p, li, span, strong, em, small) { color: #000 !important }
[data-testid="stMainBlockContainer"] .stMarkdownBadge { background: none !important; border: 1px solid #000 }
@media print {
  @page { size: A4; margin: 16mm }
  .not-on-paper, [class*="st-key-not-on-paper"], [data-testid="stToastContainer"] { display: none !important }
  html, body, #root, .stApp, [data-testid="stAppViewContainer"], [data-testid="stMain"] {
    position: static !important; display: block !important; height: auto !important; overflow: visible !important }
  html { font-size: 12px !important }
  ul:has(> li:nth-child(15)) { columns: 2 }
  li { break-inside: avoid }
  [data-testid="stMainBlockContainer"] { max-width: none !important; padding: 0 !important }
}
</style>"""


def is_asked_for() -> bool:
    return st.query_params.get(PRINT) == "1"


def as_paper() -> None:
    """What is drawn in a container whose key begins with `not-on-paper` stays on the screen."""
    st.html(_PAPER)
