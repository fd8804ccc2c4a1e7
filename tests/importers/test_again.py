"""What is known already: a second import of the same file adds nothing, another file adds only who is new."""

from pathlib import Path

import pytest

from core.importers.preview import Preview, preview, read_file
from tests.importers.known import Workspace

SAMPLES = Path(__file__).parents[1] / "samples"
LISTS = [
    "Connections.csv",
    "greenhouse_candidates.csv",
    "tracker_kandydaci.csv",
    "messy_list.csv",
    "google_contacts.csv",
]


def previewed(data: bytes, workspace: Workspace | None = None) -> Preview:
    return preview(read_file(data), workspace)


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


@pytest.mark.parametrize("name", LISTS)
def test_a_second_import_of_the_same_list_adds_nobody(name):
    workspace = Workspace(previewed(sample(name)))
    again = previewed(sample(name), workspace)
    assert {row.outcome for row in again.rows} <= {"adds", "exact", "rejected"}
    assert all(row.of_candidate for row in again.rows if row.outcome != "rejected")


def test_a_name_alone_is_known_again_by_its_row():
    twice = b"Name;Notes\r\nNoor Haddad;met in May\r\n"
    workspace = Workspace(previewed(twice))
    assert previewed(twice, workspace).rows[0].on == ("row",)
    assert previewed(b"Name;Notes\r\nNoor Haddad;another Noor\r\n", workspace).rows[0].outcome == "new"


def test_a_second_import_of_the_same_messages_adds_no_word():
    workspace = Workspace(previewed(sample("messages.csv")))
    again = previewed(sample("messages.csv"), workspace)
    assert again.counts.new == 0
    assert again.counts.exact == 197
    assert again.new_words == ()


def test_of_a_later_export_only_the_later_words_are_new():
    header, _, rest = sample("messages.csv").partition(b"\n")
    later = previewed(sample("messages.csv"), Workspace(previewed(header + b"\n" + rest[rest.index(b"2-k2zgIT") :])))
    assert 0 < len({word.source_key for word in later.new_words}) == later.counts.new < 20


def test_people_of_messages_are_found_among_the_connections():
    workspace = Workspace(previewed(sample("Connections.csv")))
    known = [match.how for _, match in previewed(sample("messages.csv"), workspace).counterparts]
    assert (known.count("exact"), known.count("none")) == (30, 15)


def test_the_store_is_asked_once_for_thousands_of_rows():
    rows = b"".join(b"Noor%d,noor%d@x.example\n" % (number, number) for number in range(4_000))
    workspace = Workspace()
    previewed(b"Name,E-mail\n" + rows, workspace)
    assert workspace.asked == 1


def test_a_row_of_somebody_stored_is_of_them_and_not_of_an_earlier_row():
    workspace = Workspace(previewed(b"Name,E-mail\nNoor Haddad,noor@x.example\n"))
    rows = previewed(
        b"Name,E-mail,Phone\nNoor Haddad,noor@x.example,601222333\nN. Haddad,noor@x.example,\n", workspace
    ).rows
    assert [(row.outcome, row.of_candidate, row.of_line) for row in rows] == [("adds", 1, None), ("exact", 1, None)]
