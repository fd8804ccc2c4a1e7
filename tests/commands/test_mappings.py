"""How a list was read is remembered, and offered for the next one like it."""

import pytest
from sqlalchemy import select

from core.commands.mappings import remember_mapping
from core.domain.refusal import Refused
from core.importers.exports import table_of
from core.importers.preview import read_file
from core.persistence.tables import ImportMapping
from core.queries.imports import remembered

HEADER = ["Kto", "Gdzie", "Kiedy"]


def remember(store, who, **said):
    with store.working(who) as work:
        return remember_mapping(work, **{"source": "Fair", "header": HEADER, "fields": {0: "full_name"}, **said})


def found(store, source="", header=HEADER):
    with store.reading() as session:
        return remembered(session, source, header)


def test_the_same_headers_are_read_as_the_last_time_whatever_their_order_of_case_and_accents(store, ben, clock):
    remember(store, ben, fields={0: "full_name", 2: None}, date_orders={"Kiedy": "DMY"})
    again = found(store, header=["KTO", " gdzie", "Kiedy"])
    assert again.mapping == {0: "full_name", 2: None}
    assert again.date_orders == {"Kiedy": "DMY"}
    assert (again.source, again.by, again.at) == ("Fair", "Ben", clock.now)


def test_other_headers_of_the_same_source_are_read_alike_by_their_names(store, ben):
    remember(store, ben)
    assert found(store, "fair", ["Nr", "Kto"]).mapping == {1: "full_name"}
    assert found(store, "another", ["Nr", "Kto"]) is None
    assert found(store, "fair", ["Nr", "Wer"]) is None


def test_the_same_source_comes_before_another_with_the_same_headers(store, ben, clock):
    remember(store, ben, source="Fair")
    clock.forward(hours=1)
    remember(store, ben, source="Agency", fields={1: "notes"})
    assert found(store, "fair").mapping == {0: "full_name"}
    assert found(store, "").mapping == {1: "notes"}


def test_rows_given_back_to_be_mended_are_read_as_their_list_was(store, ben):
    remember(store, ben)
    given_back = read_file(table_of(HEADER, [["Noor", "Acme", "", "surplus"]], ["Too wide"]), mapping={})
    assert len(given_back.sheet.header) == 5
    assert found(store, header=given_back.sheet.header).mapping == {0: "full_name"}


def test_headers_that_read_alike_are_told_apart_by_their_turn(store, ben):
    header = ["Kontakt", "Kontakt", "Nr"]
    remember(store, ben, header=header, fields={1: "email"})
    assert found(store, header=header).mapping == {1: "email"}


def test_a_list_without_headers_is_known_by_its_source_alone(store, ben):
    remember(store, ben, header=["", "", ""])
    assert found(store, header=["", "", ""]) is None
    assert found(store, "Fair", header=["", "", ""]).mapping == {0: "full_name"}
    assert remember(store, ben, source="", header=["", ""]) is None


def test_what_was_said_last_counts(store, ben, ana):
    first = remember(store, ben)
    assert remember(store, ana, fields={1: "notes"}) == first
    assert (found(store).mapping, found(store).by) == ({1: "notes"}, "Ana")
    remember(store, ana, fields={})
    assert found(store) is None


def test_vera_changes_nothing_and_cora_gets_nowhere(store, vera, cora):
    for one in (vera, cora):
        with pytest.raises(Refused):
            remember(store, one)
    with store.reading() as session:
        assert session.scalars(select(ImportMapping)).all() == []
