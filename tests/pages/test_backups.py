"""Backups: an admin sees which there are, makes one more, and reads how one is put back; nobody else does."""

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.domain.backups import KEPT
from core.persistence.backup import backups_in
from core.persistence.store import Store
from core.persistence.tables import AuditEntry
from core.persistence.work import Viewer

Open = Callable[..., Any]


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    for where in ("core.backing_up", "core.persistence.backup"):
        monkeypatch.setattr(f"{where}.folder_of", lambda _: tmp_path / "backups")
    return tmp_path / "backups"


def test_an_admin_makes_one_more(page_of: Open, store: Store, ana: Viewer, folder):
    page = page_of("backups.py", ana).run()
    assert page.title[0].value == "There is no backup yet"
    assert any(KEPT in text.value for text in page.markdown)
    page.button(key="back-up").click().run()
    assert page.toast[0].value.startswith("Backed up")
    (made,) = backups_in(folder)
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert page.title[0].value.startswith("The last backup is of ")
    (table,) = page.dataframe
    assert list(table.value["File"]) == [made.path.name]
    assert list(table.value["Why"]) == ["asked for"]
    assert page.code[0].value == f'.venv/bin/perennial db restore "{made.path}"'
    with store.reading() as session:
        assert session.scalars(select(AuditEntry.action)).all()[-1] == "backup made"


def test_where_the_daily_ones_are_missing_it_is_said(page_of: Open, ana: Viewer, store: Store, folder):
    page = page_of("backups.py", ana).run()
    page.button(key="back-up").click().run()
    assert not page.warning
    (made,) = backups_in(folder)
    made_at = (store.now() - timedelta(days=2, minutes=1)).timestamp()
    os.utime(made.path, (made_at, made_at))
    assert "none of today or yesterday" in page.run().warning[0].value


def test_a_folder_that_can_not_be_written_is_told(page_of: Open, ana: Viewer, folder):
    folder.write_text("not a folder")
    page = page_of("backups.py", ana).run()
    page.button(key="back-up").click().run()
    assert "can't be made" in page.error[0].value.replace("\\", "")


@pytest.mark.parametrize("who", ["ben", "vera"])
def test_whoever_does_not_run_the_team_sees_none(page_of: Open, who: str, request: pytest.FixtureRequest):
    page = page_of("backups.py", request.getfixturevalue(who)).run()
    assert "This page is for admins." in page.markdown[0].value
    assert not page.title
    assert not page.button
    assert not page.dataframe
