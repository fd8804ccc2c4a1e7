"""What a page says of a whole preview, gathered in one pass."""

from core.importers.overview import AT_HAND, overview
from core.importers.preview import preview, read_file


def looked_at(data, **how):
    return preview(read_file(data.encode(), **how))


def test_rows_are_found_by_what_they_were_warned_of_and_what_becomes_of_them():
    found = looked_at("Name;E-mail\nNoor;x\nBoris;boris@x.example\n;y\n")
    told = overview(found)
    assert told.warned == {"invalid_email": {"new": [0], "rejected": [2]}}
    assert list(told.places("invalid_email", None)) == [0, 2]
    assert list(told.places("invalid_email", "new")) == [0]
    assert list(told.places("damaged_phone", None)) == []


def test_three_different_cells_of_each_column_are_examples_and_none_of_pay():
    told = overview(looked_at("Name;Salary\n" + "".join(f"Noor {n // 2};9000\n" for n in range(20))))
    assert told.examples == {0: ["Noor 0", "Noor 1", "Noor 2"], 1: []}


def test_a_list_of_which_every_row_is_left_out_has_examples_too():
    assert overview(looked_at("a;b\nNoor;Acme\n", mapping={})).examples == {0: ["Noor"], 1: ["Acme"]}


def test_cells_that_could_be_read_either_way_are_shown_as_long_as_it_is_asked():
    data = "Name;Date added\nNoor;03/04/2025\nBoris;2025-01-01\n"
    assert overview(looked_at(data)).either == {"Date added": ["03/04/2025"]}
    answered = looked_at(data, date_orders={"Date added": "DMY"})
    assert overview(answered).either == {}
    assert overview(answered, {"Date added"}).either == {"Date added": ["03/04/2025"]}


def test_both_rows_that_stand_side_by_side_are_found_by_line_however_many_there_are():
    many = AT_HAND + 10
    rows = "".join(f"Noor N{n};n{n}@x.example\nBoris B{n};n{n}@x.example\n" for n in range(many))
    found = looked_at("Name;E-mail\n" + rows)
    told = overview(found)
    assert len(told.asked) == many
    for line, name, match in (told.asked[0], told.asked[-1]):
        assert told.row(found, line).person.name == name
        assert told.row(found, match.of.number).person.name.startswith("Noor")
    assert told.row(found, 99_999) is None
