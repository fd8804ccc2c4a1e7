"""Whoever was erased is not brought back by a list: known by a keyed hash of each of their addresses."""

import hashlib
import stat

import pytest
from sqlalchemy import select

from core.commands.candidates import add_candidate, erase_candidate
from core.commands.imports import undo_import
from core.commands.lists import import_file, look_at
from core.commands.policy import ensure_first_policy
from core.commands.referrals import refer_somebody_new
from core.domain.handles import Handle
from core.domain.refusal import Refused
from core.importers.ready import Choices
from core.persistence import tombstones
from core.persistence.tables import Candidate, Contact, ImportRow, Tombstone
from core.persistence.tables import Handle as Stored
from core.persistence.tombstones import erased_among
from core.persistence.work import THE_PROGRAM
from tests.make import act

MAIL, PHONE = Handle("email", "noor@lumen.example"), Handle("phone", "+48601222333")
PROFILE = Handle("linkedin", "https://www.linkedin.com/in/noor")
OTHERS = "Name,Email,Phone\nEwa Lis,ewa@lumen.example,\n"
THEIRS = "N. Haddad,,0048 601 222 333\n"
MESSAGES = """CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT
1,,Ben,https://www.linkedin.com/in/ben,Noor,https://www.linkedin.com/in/noor,2026-02-01 10:00:00 UTC,,Nothing of this
2,,Ewa,https://www.linkedin.com/in/ewa,Ben,https://www.linkedin.com/in/ben,2026-02-02 10:00:00 UTC,,This is kept
3,Us,Ben,https://www.linkedin.com/in/ben,"Ewa,Noor","https://www.linkedin.com/in/ewa,https://www.linkedin.com/in/noor",\
2026-02-03 10:00:00 UTC,,To both of you
"""


@pytest.fixture
def gone(store, ana):
    """Noor, whom we knew by three addresses, is erased."""
    with store.working(THE_PROGRAM) as work:
        ensure_first_policy(work)
    noor = act(store, ana, add_candidate, name="Noor Haddad", handles=[MAIL, PHONE, PROFILE])
    act(store, ana, erase_candidate, noor)
    return noor


def brought(store, viewer, text: str) -> list[tuple[int, str, list[str]]]:
    """The rows as they are kept: line, outcome, cells."""
    looked = look_at(store, text.encode(), "list.csv", region="PL")
    batch = import_file(store, viewer, looked, Choices())
    with store.reading() as session:
        rows = session.scalars(select(ImportRow).where(ImportRow.batch_id == batch).order_by(ImportRow.line))
        return [(row.line, row.outcome.value, row.cells) for row in rows]


def names(store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(Candidate.name).order_by(Candidate.id)))


def test_no_list_brings_them_back_and_nothing_of_their_row_is_kept(store, ben, gone):
    assert brought(store, ben, OTHERS + THEIRS) == [
        (2, "new", ["Ewa Lis", "ewa@lumen.example", ""]),
        (3, "rejected", []),
    ]
    assert names(store) == ["Erased person", "Ewa Lis"]
    assert look_at(store, (OTHERS + THEIRS).encode(), region="PL").preview.counts.rejected == 1


def test_their_mailbox_is_theirs_whatever_stands_behind_the_plus(store, ben, gone):
    rows = "Name,Email\nN. Haddad,Noor+jobs@lumen.example\nN. Haddad,noor+news@lumen.example\n"
    assert [outcome for _, outcome, _ in brought(store, ben, rows)] == ["rejected", "rejected"]


def test_a_row_after_theirs_is_not_taken_for_one_more_of_them(store, ben, gone):
    rows = "Noor Haddad,noor@lumen.example,\nNoor Haddad,,\n"
    assert [outcome for _, outcome, _ in brought(store, ben, "Name,Email,Phone\n" + rows)] == ["rejected", "new"]


def test_of_messages_theirs_are_left_out_and_they_are_named_in_nobody_elses(store, ben, gone):
    rows = brought(store, ben, MESSAGES)
    assert [(line, outcome) for line, outcome, _ in rows] == [(2, "rejected"), (3, "new"), (4, "new")]
    assert not rows[0][2]
    assert "This is kept" in rows[1][2]
    assert not rows[2][2]
    assert names(store) == ["Erased person", "Ewa"]


def test_the_preview_says_of_which_messages_a_name_is_left_out(store, gone):
    rows = look_at(store, MESSAGES.encode(), region="PL").preview.rows
    assert [[warning.code for warning in row.warnings] for row in rows] == [[], [], ["names_erased"]]


REFERRED = (
    "Name,Email,Phone,Notes,Tags\n"
    'Ewa Lis,ewa@lumen.example,,"Ask Noor+jobs@lumen.example, or see linkedin.com/in/noor.","old, 601-222-333"\n'
    "Jan Sowa,jan@lumen.example,601 222 334,Ask noora@lumen.example,\n"
)


def test_named_in_somebody_elses_row_they_are_taken_out_of_it_and_the_preview_says_so(store, ben, gone):
    looked = look_at(store, REFERRED.encode(), region="PL").preview
    assert [[warning.code for warning in row.warnings] for row in looked.rows] == [["names_erased"], []]
    assert brought(store, ben, REFERRED) == [
        (2, "new", ["Ewa Lis", "ewa@lumen.example", "", "Ask [erased], or see [erased].", "old, [erased]"]),
        (3, "new", ["Jan Sowa", "jan@lumen.example", "601 222 334", "Ask noora@lumen.example", ""]),
    ]
    with store.reading() as session:
        ewa = session.scalars(select(Candidate).where(Candidate.name == "Ewa Lis")).one()
        assert (ewa.notes, ewa.tags) == ("Ask [erased], or see [erased].", ["old", "[erased]"])
    assert [outcome for _, outcome, _ in brought(store, ben, REFERRED)] == ["exact", "exact"]


@pytest.mark.parametrize("header", ["Referred by", "Polecający", "Empfohlen von"])
def test_whoever_they_recommended_is_brought_without_their_address(store, ben, gone, header):
    rows = f"Name,Email,{header}\nEwa Lis,ewa@lumen.example,https://www.linkedin.com/in/noor/\n"
    assert brought(store, ben, rows) == [(2, "new", ["Ewa Lis", "ewa@lumen.example", "https://www.[erased]/"])]
    with store.reading() as session:
        assert session.scalars(select(Stored.value)).all() == ["ewa@lumen.example"]


def test_of_a_row_that_is_left_out_for_another_reason_nothing_is_kept_either(store, ben, gone):
    rows = "Name,Email\nNoor Haddad,noor@lumen.example,one cell too many\nEwa,ewa@lumen.example,and here\n"
    assert brought(store, ben, rows) == [
        (2, "rejected", []),
        (3, "rejected", ["Ewa", "ewa@lumen.example", "and here"]),
    ]


def test_of_messages_to_others_their_addresses_are_taken_out(store, ben, gone):
    told = MESSAGES.replace("This is kept", "Write to noor@lumen.example or +48 601 222 333 today")
    rows = brought(store, ben, told)
    assert "Write to [erased] or [erased] today" in rows[1][2]
    with store.reading() as session:
        said = session.scalars(select(Contact.text).order_by(Contact.id)).all()
    assert said == ["Write to [erased] or [erased] today", "To both of you"]


def test_they_come_back_only_by_themselves(store, ben, gone):
    with pytest.raises(Refused, match="erased on 2 March 2026"):
        act(store, ben, add_candidate, name="Noor", handles=[MAIL])
    ewa = act(store, ben, add_candidate, name="Ewa Lis")
    with pytest.raises(Refused, match="no recommendation"):
        act(store, ben, refer_somebody_new, ewa, name="Noor", handles=[PROFILE])
    noor = act(store, ben, add_candidate, name="Noor", handles=[MAIL], came_back=True)
    again = "Name,Email,Phone\nNoor Haddad,noor@lumen.example,0048 601 222 333\n"
    assert [outcome for _, outcome, _ in brought(store, ben, again)] == ["adds"]
    assert names(store) == ["Erased person", "Ewa Lis", "Noor"]
    with store.reading() as session:
        assert erased_among(session, [MAIL, PROFILE]) == {PROFILE: store.calendar.day(store.now())}
        assert session.get_one(Candidate, noor).erased_at is None


def test_a_list_with_them_in_it_is_taken_back_like_any_other(store, ben, gone):
    looked = look_at(store, (OTHERS + THEIRS).encode(), "list.csv", region="PL")
    batch = import_file(store, ben, looked, Choices())
    act(store, ben, undo_import, batch)
    assert names(store) == ["Erased person"]


def test_whoever_has_the_hashes_alone_cannot_try_out_whose_they_are(store, gone):
    file = store.journal.with_suffix(".key")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with store.reading() as session:
        kept = set(session.scalars(select(Tombstone.digest)))
        assert len(kept) == 3
        assert set(erased_among(session, [MAIL, PHONE, PROFILE])) == {MAIL, PHONE, PROFILE}
        guessed = {hashlib.sha256(f"{one.kind}:{one.value}".encode()).hexdigest() for one in (MAIL, PHONE, PROFILE)}
        assert kept.isdisjoint(guessed)
        file.unlink()
        assert erased_among(session, [MAIL]) == {}


def test_two_processes_that_make_a_key_go_by_the_first(tmp_path):
    file = tmp_path / "perennial.key"
    first = tombstones._new_key(file)
    assert tombstones._new_key(file) == first
    assert [one.name for one in tmp_path.iterdir()] == ["perennial.key"]
