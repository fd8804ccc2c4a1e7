"""What people typed is shown as they typed it, on every page: never read as markup, as a link or as a picture."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from google.protobuf.message import Message
from sqlalchemy import String, select, update

from core.commands.own_page import give_own_page
from core.demo import load_demo
from core.persistence.tables import Candidate, Client, Member, Opening, Table
from core.persistence.work import Viewer
from pages.parts import runtime
from tests.pages.conftest import PAGES

MARK = "![x](https://evil.example) <b>"
TYPED = [
    column
    for table in Table.metadata.tables.values()
    for column in table.c
    if isinstance(column.type, String)
    and (column.info.get("personal") or str(column) in ("opening.title", "opening.note", "client.name", "stage.name"))
    and column.name not in ("password_hash", "pronoun", "language", "begins_as", "filename")
]
PLAIN = {
    "text": ("body",),
    "code": ("code_text",),
    "text_input": ("default", "value", "placeholder"),
    "text_area": ("default", "value", "placeholder"),
    "selectbox": ("options", "raw_value"),
    "multiselect": ("options", "raw_values"),
}
"""Where Streamlit reads no markup."""
APART = ("dataframe", "vega_lite_chart", "bidi_component")
"""What is drawn from data, which is not markup either."""
TABS = (
    *("Processes", "Meetings", "Questions", "Recommendations", "Placement", "Growth", "Referrals"),
    *("Privacy", "Details"),
)


@pytest.fixture
def marked(store):
    """A made-up team, all of whose words begin with markup; answers ids of the fullest."""
    load_demo(store, candidates=12, years=2)
    with store.engine.begin() as database:
        for column in TYPED:
            if column.name not in ("sort_name", "value", "word", "key"):
                database.execute(update(column.table).where(column != "").values({column.name: MARK + column}))
        database.execute(update(Candidate.__table__).values(tags=[MARK]))
    with store.reading() as session:
        return {
            "candidate": session.scalar(select(Candidate.id).order_by(Candidate.version.desc())),
            "client": session.scalar(select(Client.id)),
            "opening": session.scalar(select(Opening.id)),
            "admin": Viewer(*session.execute(select(Member.id, Member.name, Member.role)).first()),
        }


def read_as_markup(node: Any) -> Iterator[str]:
    """Where the mark stands that Streamlit would read as more than text."""
    proto = getattr(node, "proto", None)
    if isinstance(proto, Message) and node.type not in APART:
        yield from _found(node.type, proto)


def _found(kind: str, message: Message, path: str = "") -> Iterator[str]:
    for field, value in message.ListFields():
        if not path and field.name in PLAIN.get(kind, ()):
            continue
        for one in value if field.is_repeated else [value]:
            if isinstance(one, Message):
                yield from _found(kind, one, f"{path}.{field.name}")
            elif isinstance(one, str) and MARK in one:
                yield f"{kind}{path}.{field.name}: {one[:90]}"


def test_on_no_page_is_anything_that_was_typed_read_as_markup(page_of, store, marked, monkeypatch):
    with store.working(marked["admin"]) as work:
        give_own_page(work, marked["candidate"], "token", life=timedelta(days=1))
    ids = {**dict.fromkeys(("candidate", "recommendation"), marked["candidate"]), "client": marked["client"]}
    ids |= dict.fromkeys(("opening", "closing", "news"), marked["opening"])
    views = [(name, {}) for name in (path.name for path in sorted(PAGES.glob("[a-z]*.py"))) if name != "front_door.py"]
    views += [("opening.py", {"view": view}) for view in ("table", "owed", "think")]
    views += [("today.py", {"whose": "Team"}), ("handover.py", {"member": "2"}), ("candidate.py", {"all": "tabs"})]
    found, shown = [], 0
    for name, query in views:
        id_ = ids.get(name.removesuffix(".py"))
        page = page_of(name, marked["admin"], **query, **({"id": str(id_)} if id_ else {}))
        monkeypatch.setattr(runtime, "own_page_token", lambda: "token")
        page.run()
        for tab in TABS if query.get("all") else ("",):
            if tab:
                page.session_state[f"tabs-{id_}"] = tab
                page.run()
            assert not page.exception, (name, page.exception)
            marks = str([getattr(node, "proto", "") for node in page._tree]).count("evil")
            assert marks or name != "own_page.py"
            shown += marks
            found += [f"{name} {tab}: {place}" for node in page._tree for place in read_as_markup(node)]
    assert found == []
    assert shown > 100  # it was there to be read
