"""Files as recruiters really upload them, against what `expected.json` says a correct import yields."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from core.importers.preview import Preview, preview, read_file

SAMPLES = Path(__file__).parents[1] / "samples"
EXPECTED: dict[str, Any] = json.loads((SAMPLES / "expected.json").read_text("utf-8"))["files"]
FILES = sorted(EXPECTED)


@cache
def previewed(name: str) -> Preview:
    return preview(read_file((SAMPLES / name).read_bytes(), name), filename=name)


@cache
def said(name: str) -> dict[str, Any]:
    """What we say of the file, as somebody reads it who asked for JSON."""
    return json.loads(json.dumps(previewed(name).to_expected_json()))


def first_of_person(name: str) -> dict[int, int]:
    """For each line the first line of the same person: any row of a person is a right answer."""
    first: dict[int, int] = {}
    for row in previewed(name).rows:
        first[row.line] = first.get(row.of_line or 0, row.line) if row.outcome in {"adds", "exact"} else row.line
    return first


@pytest.mark.parametrize("name", FILES)
def test_the_file_itself_is_understood(name):
    told = ("kind", "sheet", "encoding", "delimiter", "line_ending", "header_line", "default_region", "date_order")
    assert {key: said(name).get(key) for key in told} == {key: EXPECTED[name].get(key) for key in told}


@pytest.mark.parametrize("name", FILES)
def test_every_column_is_mapped_as_a_recruiter_would(name):
    found = {column["index"]: (column["header"], column["field"]) for column in said(name)["columns"]}
    assert found == {column["index"]: (column["header"], column["field"]) for column in EXPECTED[name]["columns"]}


@pytest.mark.parametrize("name", FILES)
def test_every_row_is_counted_once(name):
    counts = said(name)["counts"]
    assert counts == EXPECTED[name]["counts"]
    outcomes = ("new_candidates", "exact_duplicates", "likely_duplicates", "rejected")
    assert counts["rows_read"] == sum(counts[outcome] for outcome in outcomes)


@pytest.mark.parametrize("sure", ["exact_duplicates", "likely_duplicates"])
@pytest.mark.parametrize("name", FILES)
def test_each_duplicate_belongs_to_the_right_person_for_the_right_reason(name, sure):
    person_of = first_of_person(name)
    found = {row["line"]: (row["record"], person_of[row["of_line"]], set(row["on"])) for row in said(name)[sure]}
    expected = {row["line"]: row for row in EXPECTED[name][sure]}
    assert found.keys() == expected.keys()
    for line, (record, person, on) in found.items():
        assert (record, person) == (expected[line]["record"], person_of[expected[line]["of_line"]]), line
        assert on >= set(expected[line]["on"]), line


@pytest.mark.parametrize("name", FILES)
def test_each_rejected_row_says_where_it_is_and_why(name):
    found = {(row["line"], row["record"], row["reason"]) for row in said(name)["rejected"]}
    assert found == {(row["line"], row["record"], row["reason"]) for row in EXPECTED[name]["rejected"]}
    assert all(row["detail"] for row in said(name)["rejected"])


@pytest.mark.parametrize("name", FILES)
def test_each_dropped_value_is_warned_of(name):
    found = {(row["line"], row["record"], row["code"], row["column"]) for row in said(name)["warnings"]}
    expected = {(row["line"], row["record"], row["code"], row["column"]) for row in EXPECTED[name]["warnings"]}
    assert found == expected


@pytest.mark.parametrize("name", FILES)
def test_the_values_of_the_samples_are_normalised(name):
    found = {row["line"]: (row["record"], row["fields"]) for row in said(name)["samples"]}
    for sample in EXPECTED[name]["samples"]:
        record, fields = found[sample["line"]]
        assert record == sample["record"]
        assert {field: fields.get(field) for field in sample["fields"]} == sample["fields"], sample["line"]


def test_the_messages_tell_whose_account_it_is_and_with_whom():
    expected, found = EXPECTED["messages.csv"]["messages"], said("messages.csv")["messages"]
    told = ("owner", "imported", "conversations", "people")
    assert {key: found[key] for key in told} == {key: expected[key] for key in told}
