"""A view for paper: one column, black on white whatever the appearance, without what is only there to be clicked."""

from html import escape

import streamlit as st

ASKED = "print"
"""In the address."""

_STYLE = """<style>
@page { size: A4; margin: 14mm 16mm }
[data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToolbar"],
[data-testid="stExpandSidebarButton"] { display: none !important }
html, body, .stApp, [data-testid="stAppViewContainer"], [data-testid="stMain"] { background: #fff !important }
.stApp { color-scheme: light; color: #000 }
[data-testid="stMainBlockContainer"] { max-width: 178mm; padding: 8mm 0 0 0 !important; margin: 0 auto }
[data-testid="stMainBlockContainer"] :is(h1, h2, h3, p, li, span, strong, em, small):not(.paper *) {
  color: #000 !important }
[data-testid="stMainBlockContainer"] .stMarkdownBadge { background: none !important; border: 1px solid #000 }
.paper { color: #000; font-size: 10.5pt; line-height: 1.35 }
.paper h1 { font-size: 20pt; margin: 0; padding: 0; color: #000 }
.paper h2 { font-size: 12pt; margin: 4mm 0 1mm; padding: 0; color: #000 }
.paper p { margin: 0 0 1mm; font-size: 9.5pt }
.paper .how { font-size: 8.5pt; color: #444 }
.paper table { border-collapse: collapse; width: 100%; font-size: 9.5pt }
.paper th, .paper td { text-align: left; padding: 0.6mm 3mm 0.6mm 0; border: none; border-bottom: 0.2mm solid #ccc;
  color: #000; vertical-align: top }
.paper td.number, .paper th.number { text-align: right }
.paper .figures { display: flex; gap: 4mm; margin: 3mm 0 1mm }
.paper .figures div { flex: 1; border: 0.2mm solid #999; border-radius: 1.5mm; padding: 2mm 2.5mm }
.paper .figures b { display: block; font-size: 15pt }
.paper .figures span { font-size: 8.5pt; color: #444 }
@media print {
  .st-key-not-on-paper, [data-testid="stToastContainer"] { display: none !important }
  html, body, #root, .stApp, [data-testid="stAppViewContainer"], [data-testid="stMain"] {
    position: static !important; display: block !important; height: auto !important; overflow: visible !important }
  html { font-size: 12px !important }
  ul:has(> li:nth-child(15)) { columns: 2 }
  li { break-inside: avoid }
  [data-testid="stMainBlockContainer"] { max-width: none !important; padding: 0 !important }
}
</style>"""


def is_asked() -> bool:
    """By the address, so that the view can be kept and sent."""
    return st.query_params.get(ASKED) == "1"


def button() -> None:
    """To this page for paper."""
    st.button("For paper", type="tertiary", key="for-paper", on_click=show)


def show() -> None:
    st.query_params[ASKED] = "1"


def hide() -> None:
    st.query_params.pop(ASKED, None)


def begin() -> None:
    """Whatever follows is paper; above it, on the screen alone, is the way back."""
    st.html(_STYLE)
    with st.container(horizontal=True, vertical_alignment="center", key="not-on-paper"):
        st.button("Back", type="tertiary", key="back", on_click=hide)
        st.markdown("Print it with Ctrl+P or ⌘P.")


def write(*pieces: str) -> None:
    """Pieces made below: what people typed is text in them."""
    st.html(f'<div class="paper">{"".join(pieces)}</div>')


def title(text: str, line: str) -> str:
    return f"<h1>{escape(text)}</h1><p class='how'>{escape(line)}</p>"


def section(text: str, how: str = "") -> str:
    return f"<h2>{escape(text)}</h2>" + (f"<p class='how'>{escape(how)}</p>" if how else "")


def paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def figures(found: list[tuple[str, str, str]]) -> str:
    cells = (f"<div><span>{escape(n)}</span><b>{escape(f)}</b><span>{escape(of)}</span></div>" for n, f, of in found)
    return f"<div class='figures'>{''.join(cells)}</div>"


def table(header: list[str], rows: list[list[str | int]]) -> str:
    """Numbers stand at the right."""

    def cells(tag: str, row: list[str | int]) -> str:
        numbers = [isinstance(value, int) for value in rows[0]] if rows else [False for _ in header]
        return "".join(
            f"<{tag}{' class=number' if is_number else ''}>{escape(str(value))}</{tag}>"
            for value, is_number in zip(row, numbers, strict=True)
        )

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f"<table><tr>{cells('th', list(header))}</tr>{body}</table>"
