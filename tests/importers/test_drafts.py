"""A list that was uploaded is found again by whoever uploaded it, and by nobody else, for a day."""

import stat
from datetime import UTC, datetime, timedelta

import pytest

from core.importers.drafts import Drafts, drafts_of

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
BEN, ANA = 2, 1


@pytest.fixture
def drafts(tmp_path):
    return Drafts(tmp_path / "lists")


def test_a_draft_is_found_again_with_what_was_said_last(drafts):
    name = drafts.keep(BEN, "liść.csv", b"Name\nNoor\n", {"source": ""}, now=NOW)
    drafts.note(BEN, name, "liść.csv", {"source": "Fair"}, now=NOW + timedelta(hours=5))
    found = drafts.find(BEN, name, now=NOW + timedelta(hours=28))
    assert (found.filename, found.data, found.said) == ("liść.csv", b"Name\nNoor\n", {"source": "Fair"})


def test_a_name_opens_nothing_for_somebody_else(drafts):
    name = drafts.keep(BEN, "list.csv", b"x", {}, now=NOW)
    assert drafts.find(ANA, name, now=NOW) is None
    drafts.drop(ANA, name)
    assert drafts.find(BEN, name, now=NOW) is not None


def test_after_a_day_it_is_gone_from_the_disk_too(drafts):
    name = drafts.keep(BEN, "list.csv", b"x", {}, now=NOW)
    assert drafts.find(BEN, name, now=NOW + timedelta(hours=25)) is None
    drafts.keep(ANA, "other.csv", b"y", {}, now=NOW + timedelta(hours=25))
    assert [file.read_bytes() for file in drafts.folder.glob("*/*/list")] == [b"y"]


def test_one_that_was_dropped_leaves_nothing(drafts):
    name = drafts.keep(BEN, "list.csv", b"x", {}, now=NOW)
    drafts.drop(BEN, name)
    drafts.note(BEN, name, "list.csv", {}, now=NOW)
    assert [file for file in drafts.folder.rglob("*") if file.is_file()] == []


@pytest.mark.parametrize("name", ["", "x", "..", "../1/" + "a" * 17, "a" * 23, "a" * 21 + "/", "ł" * 22])
def test_a_name_of_another_shape_is_no_draft(drafts, name):
    drafts.keep(BEN, "list.csv", b"x", {}, now=NOW)
    assert drafts.find(BEN, name, now=NOW) is None
    drafts.drop(BEN, name)
    assert len(list(drafts.folder.glob("*/*/list"))) == 1


def test_only_the_account_that_runs_perennial_can_read_it(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    drafts = drafts_of("sqlite:///one.db")
    drafts.keep(BEN, "list.csv", b"x", {}, now=NOW)
    modes = {stat.S_IMODE(one.stat().st_mode) for one in [drafts.folder, *drafts.folder.glob("*/*")]}
    assert modes == {0o700}
    assert {stat.S_IMODE(one.stat().st_mode) for one in drafts.folder.glob("*/*/*")} == {0o600}
    assert drafts_of("sqlite:///two.db").folder != drafts.folder
    drafts.folder.chmod(0o755)  # as if somebody else had made it
    assert drafts_of("sqlite:///one.db").folder != drafts.folder
