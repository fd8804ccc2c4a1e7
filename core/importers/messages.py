"""LinkedIn's messages.csv: conversations, and in them each word with its way, its moment and the person it was with."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from core.domain import handles, matching, names
from core.domain.facts import Way
from core.domain.handles import Handle
from core.importers.cells import cleaned, is_placeholder, read_back
from core.importers.columns import SURPLUS, Column
from core.importers.people import CellWarning, Rejection
from core.importers.reading import DEFAULT_LIMITS, Limits, Record, Sheet, Unreadable
from core.importers.values import moment

NEEDED = frozenset({"conversation_id", "from_name", "sent_at", "content"})


class UnknownAccount(Unreadable):
    """The messages do not tell whose they are; with the profile address of the account they can be read."""


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody in a conversation; `linkedin` is "" where the export gives no address."""

    name: str
    linkedin: str

    @property
    def id(self) -> str:
        return self.linkedin or f"name:{names.name_key(self.name)}"

    @property
    def is_somebody(self) -> bool:
        return bool(self.linkedin) or names.is_name(self.name)

    @property
    def handles(self) -> tuple[Handle, ...]:
        return (Handle("linkedin", self.linkedin),) if self.linkedin else ()

    @property
    def compared(self) -> matching.Person:
        row = "" if self.linkedin else self.id  # a name alone is known again only as the same counterpart
        return matching.person(names.name_key(self.name), "", self.handles, row=row)


@dataclass(frozen=True, slots=True)
class Word:
    """One word with one counterpart; what was said to a group is one word with each of them, under one source key."""

    conversation_id: str
    counterpart: Participant
    way: Way
    at: datetime
    subject: str
    text: str
    is_group: bool
    source_key: str
    line: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """The words of one conversation in the order they were said, and with whom."""

    id: str
    title: str
    is_group: bool
    counterparts: tuple[Participant, ...]
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """One row; with words, a rejection, or the line of the same message further up."""

    line: int
    record: int
    cells: tuple[str, ...]
    fields: Mapping[str, str]
    source_key: str = ""
    words: tuple[Word, ...] = ()
    rejection: Rejection | None = None
    same_as_line: int | None = None
    warnings: tuple[CellWarning, ...] = ()

    @property
    def addresses(self) -> tuple[Handle, ...]:
        """Whoever it names by the address of their profile, who said it and who it was said to."""
        said = (self.fields.get("from_url", ""), *self.fields.get("to_urls", "").split(","))
        return tuple(Handle("linkedin", address) for url in said if (address := _address(url.strip())))


@dataclass(frozen=True, slots=True)
class MessagesFile:
    sheet: Sheet
    columns: tuple[Column, ...]
    owner: Participant
    rows: tuple[ReadMessage, ...]
    conversations: tuple[Conversation, ...]

    format = "linkedin_messages"

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables the file holds, this one and those that could be read in its place."""
        return self.sheet.tables

    @property
    def counterparts(self) -> tuple[Participant, ...]:
        """Everybody the owner exchanged a word with, once each."""
        found = {person.id: person for talk in self.conversations for person in talk.counterparts}
        return tuple(found.values())


def is_messages(columns: Sequence[Column]) -> bool:
    return {column.field for column in columns} >= NEEDED


def read_messages(
    sheet: Sheet, columns: tuple[Column, ...], *, owner: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> MessagesFile:
    """`owner` is the profile address of the account, needed only where the conversations do not tell."""
    messages = [_message(record, sheet, columns, limits) for record in sheet.records()]
    known = _names_by_address(messages)
    account = _owner(messages, known, owner)
    groups = _groups(messages)
    rows = tuple(_read(messages, account, known, groups))
    return MessagesFile(sheet, columns, account, rows, tuple(_conversations(rows, groups)))


@dataclass(frozen=True, slots=True)
class _Message:
    line: int
    record: int
    cells: tuple[str, ...]
    fields: Mapping[str, str]
    sender: Participant
    to: tuple[Participant, ...]
    rejection: Rejection | None

    @property
    def conversation(self) -> str:
        return self.fields.get("conversation_id", "")


def _message(record: Record, sheet: Sheet, columns: Sequence[Column], limits: Limits) -> _Message:
    cells = tuple(cleaned(read_back(cell[: limits.cell])) for cell in record.cells)
    fields = {
        column.field: cells[column.index]
        for column in columns
        if column.field and column.index < len(cells) and not is_placeholder(cells[column.index])
    }
    sender = Participant(" ".join(fields.get("from_name", "").split()), _address(fields.get("from_url", "")))
    to = _recipients(fields.get("to_names", ""), fields.get("to_urls", ""))
    return _Message(
        record.line, record.number, cells, fields, sender, to, _misshapen(record, cells, sheet, fields, limits)
    )


def _misshapen(
    record: Record, cells: tuple[str, ...], sheet: Sheet, fields: Mapping[str, str], limits: Limits
) -> Rejection | None:
    width = len(sheet.header)
    if any(cells[width:]) or any(cell for cell, name in zip(cells, sheet.header, strict=False) if name == SURPLUS):
        return Rejection(
            "column_mismatch", f"{len(cells)} cells under {width} columns: cells would land in wrong columns"
        )
    if list(cells[:width]) == [cleaned(name) for name in sheet.header]:
        return Rejection("repeated_header", "the header pasted again")
    if any(len(cell) > limits.cell for cell in record.cells):
        return Rejection("value_too_long", "a cell of absurd length")
    if _is_sponsored(fields):
        return Rejection("not_a_person", "a sponsored message, or the page of a company")
    if fields.get("is_draft", "").lower() in {"yes", "true", "1", "tak", "ja"}:
        return Rejection("draft", "an unsent draft")
    if moment(fields.get("sent_at", "")) is None:
        return Rejection("invalid_date", f"no moment can be read from {fields.get('sent_at', '')!r}")
    return None


def _is_sponsored(fields: Mapping[str, str]) -> bool:
    if (
        handles.is_company_page(fields.get("from_url", ""))
        or fields.get("conversation_title") == "Sponsored Conversation"
    ):
        return True
    to = fields.get("to_urls", "")
    return handles.is_company_page(to) and not handles.linkedin(to).values


def _address(text: str) -> str:
    return handles.linkedin(text).value or ""


def _recipients(said: str, addresses: str) -> tuple[Participant, ...]:
    """Names are parted by commas and hold commas ("Ośko, MBA"), so they are trusted only as far as they fit."""
    urls = [url.strip() for url in addresses.split(",")] if addresses else []
    people = [name.strip() for name in said.split(",")] if len(urls) != 1 else [said]
    if len(people) == len(urls):
        return tuple(Participant(name, _address(url)) for name, url in zip(people, urls, strict=True))
    if urls:
        return tuple(Participant("", _address(url)) for url in urls)
    return tuple(Participant(name, "") for name in people if name)


def _names_by_address(messages: Sequence[_Message]) -> dict[str, str]:
    """Names as the people write their own, else as they were written to."""
    found = {message.sender.linkedin: message.sender.name for message in messages if message.sender.linkedin}
    for message in messages:
        for person in message.to:
            if person.linkedin and person.name:
                found.setdefault(person.linkedin, person.name)
    return found


def _owner(messages: Sequence[_Message], known: Mapping[str, str], said: str | None) -> Participant:
    """Whoever is in every conversation; where that is two people, whoever left a draft."""
    if said and (address := _address(said)):
        return Participant(known.get(address, ""), address)
    present: dict[str, set[str]] = {}
    people: dict[str, Participant] = {}
    for message in messages:
        for person in (message.sender, *message.to):
            if person.is_somebody:
                present.setdefault(person.id, set()).add(message.conversation)
                people[person.id] = person
    most = max((len(talks) for talks in present.values()), default=0)
    candidates = [who for who, talks in present.items() if len(talks) == most]
    if len(candidates) > 1:
        drafts = Counter(message.sender.id for message in messages if _is_draft(message))
        candidates = [who for who in candidates if drafts[who]]
    if len(candidates) != 1:
        raise UnknownAccount(
            "It can't be told whose account these messages are from: give its owner's profile address."
        )
    owner = people[candidates[0]]
    return Participant(known.get(owner.linkedin) or owner.name, owner.linkedin)


def _is_draft(message: _Message) -> bool:
    return message.rejection is not None and message.rejection.reason == "draft"


def _groups(messages: Sequence[_Message]) -> set[str]:
    """The conversations of more than two."""
    present: dict[str, set[str]] = {}
    for message in messages:
        present.setdefault(message.conversation, set()).update(
            person.id for person in (message.sender, *message.to) if person.is_somebody
        )
    return {conversation for conversation, people in present.items() if len(people) > 2}


def _read(
    messages: Sequence[_Message], owner: Participant, known: Mapping[str, str], groups: set[str]
) -> Iterator[ReadMessage]:
    first_lines: dict[str, int] = {}
    for message in messages:
        rejection = message.rejection
        if rejection:
            yield ReadMessage(message.line, message.record, message.cells, message.fields, rejection=rejection)
            continue
        with_whom = _counterparts(message, owner, known)
        if not with_whom:
            rejection = Rejection("no_identity", "a closed account: no name and no profile address")
            yield ReadMessage(message.line, message.record, message.cells, message.fields, rejection=rejection)
            continue
        key = _source_key(message)
        first = first_lines.setdefault(key, message.line)
        if first != message.line:
            yield ReadMessage(message.line, message.record, message.cells, message.fields, key, same_as_line=first)
            continue
        words = tuple(_words(message, owner, with_whom, key, is_group=message.conversation in groups))
        yield ReadMessage(message.line, message.record, message.cells, message.fields, key, words)


def _counterparts(message: _Message, owner: Participant, known: Mapping[str, str]) -> list[Participant]:
    others = message.to if _is(message.sender, owner) else (message.sender,)
    named = [Participant(known.get(one.linkedin) or one.name, one.linkedin) for one in others if not _is(one, owner)]
    return list({one.id: one for one in named if one.is_somebody}.values())


def _is(person: Participant, owner: Participant) -> bool:
    if person.linkedin and owner.linkedin:
        return person.linkedin == owner.linkedin
    return bool(person.name) and names.name_key(person.name) == names.name_key(owner.name)


def _words(
    message: _Message, owner: Participant, with_whom: Sequence[Participant], key: str, *, is_group: bool
) -> Iterator[Word]:
    at = moment(message.fields["sent_at"])
    assert at is not None, "a message without a moment was rejected before"
    way = Way.TO if _is(message.sender, owner) else Way.FROM
    subject, text = message.fields.get("subject", ""), message.fields.get("content", "")
    for person in with_whom:
        yield Word(message.conversation, person, way, at, subject, text, is_group, key, message.line)


def _source_key(message: _Message) -> str:
    """The same message in any later export, whoever's."""
    said_at = re.sub(r"\D", "", message.fields["sent_at"])
    parts = (message.conversation, said_at, message.sender.id, message.fields.get("content", ""))
    return sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _conversations(rows: Sequence[ReadMessage], groups: set[str]) -> Iterator[Conversation]:
    words: dict[str, list[Word]] = {}
    titles: dict[str, str] = {}
    for row in rows:
        for word in row.words:
            words.setdefault(word.conversation_id, []).append(word)
            titles.setdefault(word.conversation_id, row.fields.get("conversation_title", ""))
    for conversation, said in words.items():
        people = {word.counterpart.id: word.counterpart for word in said}
        in_order = tuple(sorted(said, key=lambda word: (word.at, -word.line)))
        yield Conversation(conversation, titles[conversation], conversation in groups, tuple(people.values()), in_order)
