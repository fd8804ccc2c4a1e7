"""Backups: which there are, one more at a touch, and how one is put back. For admins."""

from typing import Any

import pandas as pd
import streamlit as st

from core.backing_up import address_of, make_backup
from core.domain.backups import KEPT, LATE
from core.domain.refusal import Refused
from core.persistence.backup import Backup, backups_in, folder_of, has_tools
from core.persistence.store import Unavailable
from pages.parts import actions, runtime, team_tabs, wording
from pages.parts.layout import head, quiet
from pages.parts.wording import md

WHY = {"daily": "every day", "asked": "asked for", "before-restore": "before another was put back"}
NO_TOOLS = (
    "PostgreSQL's client programs (pg_dump, pg_restore, psql) are not on the machine Perennial runs on, so that it"
    " can't back up by itself. Install them there, or see to backups where the database is."
)

viewer = runtime.require_viewer()
store = runtime.store()
url = address_of(store)
now, calendar = store.now(), store.calendar


def title_of(found: list[Backup]) -> str:
    if not found:
        return "There is no backup yet"
    return f"The last backup is of {wording.moment(found[0].made_at, now, calendar)}"


def size_of(number: int) -> str:
    return f"{number / 1_000_000:,.1f} MB" if number >= 100_000 else f"{number / 1_000:,.0f} kB"


def why_of(backup: Backup) -> str:
    return WHY.get(backup.why) or "before an upgrade"


def back_up_now() -> None:
    """With a bar that grows with the file; whoever leaves the page meanwhile gives it up."""
    bar = st.progress(0.0, text="Backing up")

    def tell(done: int, of: int) -> None:
        bar.progress(min(done / max(of, 1), 1.0), text=f"Backing up: {size_of(done)} of about {size_of(of)}")

    try:
        made = make_backup(store, viewer, progress=tell)
    except (Refused, Unavailable) as refused:
        bar.empty()
        st.error(md(refused))
        return
    actions.tell(f"Backed up: {size_of(made.size)}")
    st.rerun()


def draw(found: list[Backup]) -> None:
    if not found:
        st.markdown("The first is made within the day, or now. If none is here tomorrow, “Back up now” says why.")
        return
    if may and now - found[0].made_at > LATE:
        st.warning("There is none of today or yesterday, though one is made every day. “Back up now” says why.")
    rows: list[dict[str, Any]] = [
        {
            "When": wording.moment(one.made_at, now, calendar),
            "Size": size_of(one.size),
            "Why": why_of(one),
            "File": one.path.name,
        }
        for one in found
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt="Backups, the newest first")


def draw_how(found: list[Backup]) -> None:
    st.subheader("To put one back", anchor=False)
    file = found[0].path if found else folder_of(url) / "FILE"
    st.markdown(
        "Stop Perennial, and all its processes; then, in the terminal of its machine, from its folder, this line, and"
        " start Perennial again. All or nothing is put back, and what was there is kept as a backup."
    )
    st.code(f'.venv/bin/perennial db restore "{file}"', language=None)
    st.markdown(
        quiet("Whoever was erased since then is erased again. Everybody signs in again, with the password of then.")
    )


team_tabs.draw(viewer)
actions.show_notice()
found = backups_in(folder_of(url))
may = has_tools(url)
with head(title_of(found), f"In {md(folder_of(url))}, readable by the account that runs Perennial alone"):
    asked = st.button("Back up now", type="primary", key="back-up", disabled=not may)
if not may:
    st.warning(NO_TOOLS)
if asked and may:
    back_up_now()
draw(found)
st.markdown(
    quiet(f"Once a day Perennial backs up by itself. {KEPT} Each was opened and looked through when it was made.")
)
draw_how(found)
