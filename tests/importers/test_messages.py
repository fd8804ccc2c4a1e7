"""LinkedIn's messages: who said what to whom, and whose account it is."""

from datetime import UTC, datetime

import pytest

from core.domain.facts import Way
from core.importers.messages import MessagesFile
from core.importers.preview import preview, read_file
from core.importers.reading import Unreadable

HEADER = (
    "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER,"
    "ATTACHMENTS,IS MESSAGE DRAFT\n"
)
PEOPLE = {"Iga": "iga-x", "Noor": "noor-x", "Boris": "boris-x", "Cleo": "cleo-x", "LinkedIn Member": ""}


def message(talk, sender, *to, at="2026-03-05 14:22:11 UTC", text="Hello", draft="No", url=None, title="") -> str:
    def address(name):
        return f"https://www.linkedin.com/in/{PEOPLE[name]}" if PEOPLE.get(name) else ""

    url = address(sender) if url is None else url
    recipients, urls = ",".join(to), ",".join(filter(None, map(address, to)))
    return f'{talk},{title},{sender},{url},"{recipients}","{urls}",{at},,"{text}",INBOX,,{draft}\n'


def read(*messages: str, **options) -> MessagesFile:
    found = read_file((HEADER + "".join(messages)).encode(), **options)
    assert isinstance(found, MessagesFile)
    return found


TWO_TALKS = (message("1", "Iga", "Noor"), message("2", "Boris", "Iga"))


def test_the_owner_is_in_every_conversation():
    assert read(*TWO_TALKS).owner.name == "Iga"


def test_each_word_has_its_way_its_moment_and_its_person():
    talks = read(*TWO_TALKS).conversations
    found = [(word.counterpart.name, word.way, word.at, word.text) for talk in talks for word in talk.words]
    at = datetime(2026, 3, 5, 14, 22, 11, tzinfo=UTC)
    assert found == [("Noor", Way.TO, at, "Hello"), ("Boris", Way.FROM, at, "Hello")]


def test_words_stand_in_the_order_they_were_said():
    newest_first = [message("1", "Noor", "Iga", at=f"2026-03-0{day} 10:00:00 UTC") for day in (5, 3, 1)]
    (first, *_) = read(*newest_first, *TWO_TALKS).conversations
    assert [word.at.day for word in first.words] == [1, 3, 5, 5]


def test_a_word_to_a_group_reaches_each_and_a_word_from_one_is_theirs_alone():
    talk = read(
        message("g", "Iga", "Noor", "Boris"), message("g", "Noor", "Iga", "Boris", text="Hi"), *TWO_TALKS
    ).conversations[0]
    assert talk.is_group
    assert [(word.counterpart.name, word.way) for word in talk.words] == [
        ("Noor", Way.FROM),
        ("Noor", Way.TO),
        ("Boris", Way.TO),
    ]
    assert len({word.source_key for word in talk.words}) == 2
    assert all(word.is_group for word in talk.words)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (message("3", "Iga", "Noor", draft="Yes"), "draft"),
        (message("3", "Acme", "Iga", url="https://www.linkedin.com/company/acme"), "not_a_person"),
        (message("3", "Acme", "Iga", url="", title="Sponsored Conversation"), "not_a_person"),
        (message("3", "LinkedIn Member", "Iga"), "no_identity"),
        (message("3", "Iga", "LinkedIn Member"), "no_identity"),
        (message("3", "Iga", "Noor", at="once"), "invalid_date"),
        (HEADER, "repeated_header"),
        (message("3", "Iga", "Noor").strip() + ",surplus\n", "column_mismatch"),
    ],
)
def test_what_is_no_word_between_people_is_rejected(row, reason):
    found = preview(read(*TWO_TALKS, row)).rows[-1]
    assert (found.outcome, found.reason) == ("rejected", reason)


def test_a_message_that_comes_again_is_known_by_its_content():
    again = preview(read(*TWO_TALKS, TWO_TALKS[0], message("1", "Iga", "Noor", text="Hello?")))
    assert [(row.outcome, row.of_line) for row in again.rows[2:]] == [("exact", 2), ("new", None)]


def test_a_message_has_the_same_key_in_every_export():
    one, other = read(*TWO_TALKS), read(message("9", "Cleo", "Iga"), *TWO_TALKS)
    assert one.rows[0].source_key == other.rows[1].source_key != one.rows[1].source_key


def test_between_two_who_are_both_in_everything_a_draft_tells_the_owner_apart():
    talk = (message("1", "Iga", "Noor"), message("1", "Noor", "Iga"))
    with pytest.raises(Unreadable, match="whose account"):
        read(*talk)
    assert read(*talk, message("1", "Iga", "Noor", draft="Yes")).owner.name == "Iga"
    assert read(*talk, owner="https://www.linkedin.com/in/noor-x").owner.name == "Noor"


def test_a_name_with_a_comma_is_one_name():
    row = message("3", "Iga", "Noor").replace('"Noor"', '"Noor Haddad, MBA"')
    assert read(TWO_TALKS[1], row).conversations[1].counterparts[0].name == "Noor Haddad, MBA"


def test_somebody_without_an_address_is_known_by_name():
    row = message("3", "Zoe", "Iga")
    found = read(*TWO_TALKS, row, message("3", "Iga", "Zoe", text="Hi")).counterparts
    assert [person.name for person in found] == ["Noor", "Boris", "Zoe"]
