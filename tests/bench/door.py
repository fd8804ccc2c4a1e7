"""As the front door, with the pages that are only measured."""

from pathlib import Path

import streamlit as st

from pages.parts import runtime, session
from tests.bench import floor
from tests.bench.pages import MEASURED

PAGES = Path(runtime.__file__).resolve().parents[1]


def empty() -> None:
    """A page without anything on it."""


st.set_page_config(page_title="Perennial", page_icon=runtime.MARK, layout="wide")
viewer = runtime.viewer()
real = [st.Page(PAGES / f"{name}.py", url_path=name, default=name == "today") for name in MEASURED]
floors = [st.Page(floor.page(name, PAGES / f"{name}.py"), url_path=f"floor-{name}") for name in MEASURED]
linked = [st.Page(PAGES / "referrals.py", url_path="referrals")]
page = st.navigation([*real, *floors, *linked, st.Page(empty, url_path="empty")], position="sidebar", expanded=True)
assert viewer is not None
st.logo(runtime.LOGO, size="large", icon_image=runtime.MARK)
with st.sidebar:
    session.menu(viewer)
with runtime.let_in(viewer):
    page.run()
